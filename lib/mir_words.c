/* Where the counted words of a value are; see `mir_counted_words` in lib/mir.h. */
#include "lib/mir.h"

enum { MAP_WORDS = 16, WORD = 8, STRING_TAG = 15 };

/* `known` becomes false where a map cannot tell. */
typedef struct WordMap {
	const MirModule *m;
	uint32_t words;
	bool known;
} WordMap;

static void map_type(WordMap *w, MirTypeId type, uint64_t offset);

static void
map_word(WordMap *w, uint64_t offset, uint32_t shift)
{
	if (offset % WORD != 0 || offset / WORD >= MAP_WORDS)
		w->known = false;
	else
		w->words |= (uint32_t)1 << (offset / WORD + shift);
}

static void
map_fields(WordMap *w, const MirFieldList *fields, uint64_t offset)
{
	for (uint32_t i = 0; i < fields->len; i++)
		map_type(w, fields->at[i]->type, offset + fields->at[i]->offset);
}

/* Is the one counted word also the word that tells the variants apart? */
static bool
is_told_by(const MirRepr *r, const WordMap *part)
{
	return part->words == (uint32_t)1 << r->enum_.tag_offset / WORD
	    || (r->enum_.tag_offset % WORD == STRING_TAG - WORD && r->enum_.tag_offset >= STRING_TAG
		&& part->words == (uint32_t)1 << (r->enum_.tag_offset / WORD - 1 + MAP_WORDS));
}

static void
map_enum(WordMap *w, const MirRepr *r, uint64_t offset)
{
	const MirNiche *n = r->enum_.niche;
	WordMap part = {w->m, 0, n && r->enum_.tag_offset / WORD < MAP_WORDS};

	for (uint32_t i = 0; part.known && i < r->enum_.variants.len; i++)
		if (i != n->untagged) {
			map_fields(&part, &r->enum_.variants.at[i]->fields, 0);
			part.known &= part.words == 0;
		}
	if (part.known)
		map_fields(&part, &r->enum_.variants.at[n->untagged]->fields, 0);
	if (!part.known || !is_told_by(r, &part) || offset % WORD != 0
	    || offset / WORD + r->enum_.tag_offset / WORD >= MAP_WORDS)
		w->known = false;
	else
		w->words |= part.words << offset / WORD;
}

static void
map_array(WordMap *w, const MirRepr *r, uint64_t offset)
{
	for (uint64_t i = 0; w->known && i < r->array.len; i++)
		map_type(w, r->array.elem, offset + i * mir_type(w->m, r->array.elem)->size);
}

static void
map_type(WordMap *w, MirTypeId type, uint64_t offset)
{
	const MirType *t = mir_type(w->m, type);

	if (!t->counted || !w->known)
		return;
	switch (t->repr->kind) {
	case MIR_REPR_STRING:
		map_word(w, offset, MAP_WORDS);
		return;
	case MIR_REPR_BOX: case MIR_REPR_VEC: case MIR_REPR_CLOSURE: case MIR_REPR_DYN: case MIR_REPR_HANDLE:
		map_word(w, offset, 0);
		return;
	case MIR_REPR_STRUCT:
		map_fields(w, &t->repr->struct_.fields, offset);
		return;
	case MIR_REPR_ENUM:
		map_enum(w, t->repr, offset);
		return;
	case MIR_REPR_ARRAY:
		map_array(w, t->repr, offset);
		return;
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR: case MIR_REPR_UNIT:
	case MIR_REPR_NEVER: case MIR_REPR_REF: case MIR_REPR_RAW: case MIR_REPR_OPAQUE:
		return;
	}
}

uint32_t
mir_counted_words(const MirModule *m, MirTypeId type)
{
	WordMap w = {m, 0, true};

	map_type(&w, type, 0);
	return w.known ? w.words : 0;
}
