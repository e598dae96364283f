/* MIR types as LLVM sees them: scalars, words for passing, alias metadata.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

const char *
llvm_scalar(MirClass c)
{
	switch (c.kind) {
	case MIR_CLASS_BOOL:
		return "i1";
	case MIR_CLASS_INT:
		return c.bits == 8 ? "i8" : c.bits == 16 ? "i16" : c.bits == 32 ? "i32"
		    : c.bits == 64 ? "i64" : "i128";
	case MIR_CLASS_FLOAT:
		return c.bits == 32 ? "float" : "double";
	case MIR_CLASS_PTR:
		return "ptr";
	case MIR_CLASS_NONE:
	case MIR_CLASS_MEM:
		break;
	}
	bug("no scalar: class %d", (int)c.kind);
}

const char *
llvm_stored(MirClass c)
{
	return c.kind == MIR_CLASS_BOOL ? "i8" : llvm_scalar(c);
}

uint32_t
llvm_align(const MirModule *m, MirTypeId type)
{
	return mir_type(m, type)->align;
}

/* ---- Alias metadata ---- */

/* Leaves below one root, numbered from META_TBAA_ROOT + 1; an access tag follows each. */
enum {
	TBAA_LEN, TBAA_PTR, TBAA_COUNT_WORD, TBAA_I8, TBAA_I16, TBAA_I32, TBAA_I64, TBAA_I128, TBAA_F32, TBAA_F64,
	TBAA_BOOL, TBAA_DATA, TBAA_COUNT,
};
static const char *const tbaa_names[TBAA_COUNT] = {
	"len", "ptr", "count", "i8", "i16", "i32", "i64", "i128", "f32", "f64", "bool", "data",
};
/* Node of leaf i is root + 1 + 2i, its tag root + 2 + 2i. */
static const char *const tbaa_tags[TBAA_COUNT] = {
	", !tbaa !3", ", !tbaa !5", ", !tbaa !7", ", !tbaa !9", ", !tbaa !11", ", !tbaa !13",
	", !tbaa !15", ", !tbaa !17", ", !tbaa !19", ", !tbaa !21", ", !tbaa !23", ", !tbaa !25",
};
const char *const llvm_tbaa_len = ", !tbaa !3", *const llvm_tbaa_ptr = ", !tbaa !5";
const char *const llvm_tbaa_count = ", !tbaa !7", *const llvm_tbaa_data = ", !tbaa !25";

static int
int_leaf(uint32_t bits)
{
	return bits == 8 ? TBAA_I8 : bits == 16 ? TBAA_I16 : bits == 32 ? TBAA_I32
	    : bits == 64 ? TBAA_I64 : TBAA_I128;
}

const char *
llvm_tbaa(const MirModule *m, MirTypeId type)
{
	MirClass c = mir_class(m, type);

	switch (c.kind) {
	case MIR_CLASS_BOOL:
		return tbaa_tags[TBAA_BOOL];
	case MIR_CLASS_INT:
		return tbaa_tags[int_leaf(c.bits)];
	case MIR_CLASS_FLOAT:
		return tbaa_tags[c.bits == 32 ? TBAA_F32 : TBAA_F64];
	case MIR_CLASS_PTR:
		return tbaa_tags[TBAA_PTR];
	case MIR_CLASS_NONE:
	case MIR_CLASS_MEM:
		return "";
	}
	return "";
}

void
llvm_write_fixed_metadata(Out *o)
{
	out_printf(o, "!%d = !{!\"branch_weights\", i32 1, i32 1000000}\n", META_WEIGHTS);
	out_printf(o, "!%d = !{!\"gossamer\"}\n!%d = !{}\n", META_TBAA_ROOT, META_EMPTY);
	for (int i = 0; i < TBAA_COUNT; i++) {
		int node = META_TBAA_ROOT + 1 + 2 * i;
		out_printf(o, "!%d = !{!\"%s\", !%d, i64 0}\n!%d = !{!%d, !%d, i64 0}\n", node,
		    tbaa_names[i], META_TBAA_ROOT, node + 1, node, node);
	}
	out_printf(o, "!%d = !{i64 0, i64 140737488355328}\n", META_LEN_RANGE);
	out_printf(o, "!%d = !{i64 %d}\n", META_VEC_SIZE, VEC_HEADER);
}

/* ---- Words ---- */

typedef enum WordKind { WORD_EMPTY, WORD_PTR, WORD_F64, WORD_INT } WordKind;

static WordKind
word_join(WordKind a, WordKind b)
{
	if (a == WORD_EMPTY || a == b)
		return b;
	return b == WORD_EMPTY ? a : WORD_INT;
}

static WordKind word_kind(const MirModule *m, MirTypeId type, uint64_t at, uint64_t word);

static WordKind
fields_kind(const MirModule *m, const MirFieldList *fields, uint64_t at, uint64_t word)
{
	WordKind k = WORD_EMPTY;

	for (uint32_t i = 0; i < fields->len; i++)
		k = word_join(k, word_kind(m, fields->at[i]->type, at + fields->at[i]->offset, word));
	return k;
}

static WordKind
enum_kind(const MirModule *m, const MirRepr *r, uint64_t at, uint64_t word)
{
	WordKind k = r->enum_.niche ? WORD_EMPTY
	    : word_kind(m, r->enum_.tag, at + r->enum_.tag_offset, word);

	for (uint32_t i = 0; i < r->enum_.variants.len; i++)
		k = word_join(k, fields_kind(m, &r->enum_.variants.at[i]->fields, at, word));
	return k;
}

/* What the 8 bytes at `word` hold of a value of this type that lies at `at`. */
static WordKind
word_kind(const MirModule *m, MirTypeId type, uint64_t at, uint64_t word)
{
	const MirType *t = mir_type(m, type);
	MirClass c = mir_class(m, type);
	WordKind k = WORD_EMPTY;

	if (at >= word + 8 || at + t->size <= word || c.kind == MIR_CLASS_NONE)
		return WORD_EMPTY;
	if (c.kind == MIR_CLASS_PTR)
		return at == word ? WORD_PTR : WORD_INT;
	if (c.kind == MIR_CLASS_FLOAT && c.bits == 64)
		return at == word ? WORD_F64 : WORD_INT;
	if (t->repr->kind == MIR_REPR_STRUCT)
		return fields_kind(m, &t->repr->struct_.fields, at, word);
	if (t->repr->kind == MIR_REPR_ENUM)
		return enum_kind(m, t->repr, at, word);
	if (t->repr->kind != MIR_REPR_ARRAY)
		return WORD_INT;
	uint64_t step = mir_type(m, t->repr->array.elem)->size;
	for (uint64_t i = 0; i < t->repr->array.len && at + i * step < word + 8; i++)
		k = word_join(k, word_kind(m, t->repr->array.elem, at + i * step, word));
	return k;
}

bool
llvm_by_pointer(const MirModule *m, MirTypeId type)
{
	MirClass c = mir_class(m, type);

	return c.kind == MIR_CLASS_MEM && c.size > 16;
}

uint32_t
llvm_words(const MirModule *m, MirTypeId type, const char *words[2])
{
	static const char *const ints[9] = {
		NULL, "i8", "i16", "i24", "i32", "i40", "i48", "i56", "i64",
	};
	uint64_t size = mir_type(m, type)->size;
	uint32_t n = 0;

	for (uint64_t word = 0; word < size; word += 8) {
		uint64_t left = size - word < 8 ? size - word : 8;
		WordKind k = left == 8 ? word_kind(m, type, 0, word) : WORD_INT;
		words[n++] = k == WORD_PTR ? "ptr" : k == WORD_F64 ? "double" : ints[left];
	}
	return n;
}

uint32_t
llvm_result_words(const MirModule *m, MirTypeId type, const char *words[2])
{
	MirClass c = mir_class(m, type);

	if (c.kind == MIR_CLASS_NONE || llvm_by_pointer(m, type))
		return 0;
	if (c.kind == MIR_CLASS_MEM)
		return llvm_words(m, type, words);
	words[0] = llvm_scalar(c);
	return 1;
}

const char *
llvm_result(Gen *g, MirTypeId type, bool flagged)
{
	const char *words[3];
	uint32_t n = llvm_result_words(g->m, type, words);

	if (flagged)
		words[n++] = "i1";
	switch (n) {
	case 0:
		return "void";
	case 1:
		return words[0];
	case 2:
		return arena_printf(g->scratch, "{ %s, %s }", words[0], words[1]);
	default:
		return arena_printf(g->scratch, "{ %s, %s, %s }", words[0], words[1], words[2]);
	}
}
