/*
 * Niches: words in a type's memory that never take on certain values.
 *
 * A pointer is never in the first page.  A String's last byte is its length, or marks a buffer
 * (librt/str/str.h): the values from 0xC0 on are left free by the runtime for this.  What an enum does not
 * need for its own variants, another around it may use.
 */
#include "gos-lower/niche.h"

#include "lib/fatal.h"
#include "lib/mir.h"

enum {
	PAGE = 4096,
	STRING_LAST = 15, STRING_FIRST = 0xC0,	/* GOS_STRING_NICHE in librt/gos_rt.h */
	CHARS = 0x110000,
};

static void niche_of(const Lower *lo, MirTypeId type, Niche *n);

/* Takes a part's niche if it is larger. */
static void
keep_larger(Niche *n, Niche part, uint64_t offset)
{
	part.offset += offset;
	if (part.count > n->count)
		*n = part;
}

void
niche_of_fields(const Lower *lo, const MirFieldList *fields, Niche *n)
{
	for (uint32_t i = 0; i < fields->len; i++) {
		Niche part = {0};
		niche_of(lo, fields->at[i]->type, &part);
		keep_larger(n, part, fields->at[i]->offset);
	}
}

static uint64_t
values_of(const Lower *lo, MirTypeId word)
{
	uint64_t size = mir_type_at(lo, word)->size;

	return mir_type_at(lo, word)->repr->kind == MIR_REPR_RAW ? PAGE
	    : size == 8 ? UINT64_MAX : (uint64_t)1 << size * 8;
}

/* What an enum leaves of its tag, or of the niche that it uses itself. */
static Niche
rest_of_enum(const Lower *lo, const MirRepr *r)
{
	const MirNiche *used = r->enum_.niche;
	MirTypeId word = mir_enum_word(r);
	uint64_t first = used ? used->first + r->enum_.variants.len - 1 : r->enum_.variants.len;
	uint64_t values = values_of(lo, word);

	if (first >= values)
		return (Niche){0};
	return (Niche){word, r->enum_.tag_offset, first, values - first};
}

static void
niche_of(const Lower *lo, MirTypeId type, Niche *n)
{
	const CommonTypes *c = &lo->common;
	const MirRepr *r = mir_type_at(lo, type)->repr;

	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_UNIT: case MIR_REPR_NEVER:
	case MIR_REPR_RAW: case MIR_REPR_OPAQUE:
		return;
	case MIR_REPR_BOOL:
		*n = (Niche){c->u8, 0, 2, 254};
		return;
	case MIR_REPR_CHAR:
		*n = (Niche){c->u32, 0, CHARS, ((uint64_t)1 << 32) - CHARS};
		return;
	case MIR_REPR_STRING:
		*n = (Niche){c->u8, STRING_LAST, STRING_FIRST, 256 - STRING_FIRST};
		return;
	case MIR_REPR_REF: case MIR_REPR_BOX: case MIR_REPR_VEC: case MIR_REPR_CLOSURE:
	case MIR_REPR_DYN: case MIR_REPR_HANDLE:
		*n = (Niche){c->raw, 0, 0, PAGE};
		return;
	case MIR_REPR_STRUCT:
		niche_of_fields(lo, &r->struct_.fields, n);
		return;
	case MIR_REPR_ARRAY:
		if (r->array.len > 0)
			niche_of(lo, r->array.elem, n);
		return;
	case MIR_REPR_ENUM:
		if (r->enum_.variants.len > 0)
			*n = rest_of_enum(lo, r);
		return;
	}
	bug("representation %d", (int)r->kind);
}
