/*
 * A whole mir program in memory, and the questions that every reader of mir asks about it.
 *
 * What a MirModule holds comes from a stream and is only trustworthy after `mir_verify`
 * (lib/mir_verify.h).  All functions here but `mir_load` require a verified module, and answer
 * without checking ids again.
 */
#ifndef GOS_LIB_MIR_H
#define GOS_LIB_MIR_H

#include "gen/mir.h"
#include "lib/source.h"

/* The records of a stream; lists in stream order, so that ids index them. */
typedef struct MirModule {
	Arena *arena;
	Interner *names;
	VEC(MirType *) types;
	VEC(MirFn *) fns;
	VEC(MirTable *) tables;
	VEC(MirStatic *) statics;
	VEC(MirRecord) records;		/* everything again, in order, for passes that write mir */
	VEC(MirEnd *) ends;
	VEC(Sym) libraries;	/* of foreign code */
	const MirEnd **end_of;		/* by type, NULL for most; whoever asks fills it with `mir_ends` */
	MirEntry *entry;		/* NULL in a library */
	Sources sources;
	bool debug;		/* header option `build` is `debug`: report leaks at exit */
	bool wraps;		/* header option `overflow` is `wrap`: integers wrap around silently */
	const char *target;
	bool counted;			/* header option `ownership`; meaningful after `mir_load` */
} MirModule;

typedef enum MirOwnership {
	MIR_SCHEDULED,
	MIR_COUNTED,
} MirOwnership;

/*
 * Reads the whole stream.  NULL, or one line about what makes it no mir of this ownership:
 * header options, overlapping sources, two entries.
 */
const char *mir_load(MirModule *m, Arena *arena, Interner *names, IrReader *in,
    MirOwnership wanted);
/* The same in steps, for readers that must not exit: the header, then each record. */
const char *mir_begin(MirModule *m, Arena *arena, Interner *names, const IrReader *in,
    MirOwnership wanted);
const char *mir_add(MirModule *m, MirRecord rec);

/* ---- Classes: how a value travels, independent of what it means ---- */

typedef enum MirClassKind {
	MIR_CLASS_NONE,		/* no bytes: Unit, Never, empty structs */
	MIR_CLASS_BOOL,
	MIR_CLASS_INT,		/* Int and Char */
	MIR_CLASS_FLOAT,
	MIR_CLASS_PTR,		/* Ref, Raw, Box, Vec, Closure, Dyn, Handle */
	MIR_CLASS_MEM,		/* String, Struct, Array, Enum, Opaque: lives in memory */
} MirClassKind;

typedef struct MirClass {
	MirClassKind kind;
	uint32_t bits;		/* of INT and FLOAT */
	uint64_t size;		/* bytes of MEM */
} MirClass;

MirClass mir_class(const MirModule *m, MirTypeId type);
/* May a value of one class be stored where the other is expected? */
bool mir_class_fits(MirClass value, MirClass place);
MirClass mir_operand_class(const MirModule *m, const MirFn *fn, const MirOperand *op);

/* ---- Types of things ---- */

static inline const MirType *
mir_type(const MirModule *m, MirTypeId id)
{
	return m->types.at[id];
}

static inline MirReprKind
mir_repr(const MirModule *m, MirTypeId id)
{
	return m->types.at[id]->repr->kind;
}

/* Is a value of it one counted pointer? */
static inline bool
mir_is_object(MirReprKind k)
{
	return k == MIR_REPR_BOX || k == MIR_REPR_VEC || k == MIR_REPR_CLOSURE || k == MIR_REPR_DYN
	    || k == MIR_REPR_HANDLE;
}

/* References in a value that consists of structs and references only; else, or if there are, more than `most`. */
uint32_t mir_simple_leaves(const MirModule *m, MirTypeId type, uint32_t most);

static inline MirTypeId
mir_local_type(const MirFn *fn, MirLocalId local)
{
	return fn->locals.at[local]->type;
}

/* ---- Enums: what tells the variants apart ---- */

/* The type of the word at `tag_offset`. */
MirTypeId mir_enum_word(const MirRepr *r);
/* The word that stands for a variant; false: it is told by the absence of the others'. */
bool mir_enum_stored(const MirRepr *r, uint32_t variant, uint64_t *word);
/* The variant that a value at `place` in memory has, IR_NONE if none has that tag. */
uint32_t mir_enum_variant(const MirModule *m, const MirRepr *r, const char *place);

MirTypeId mir_place_type(const MirModule *m, const MirFn *fn, const MirPlace *place);
/* The type after one more projection. */
MirTypeId mir_proj_type(const MirModule *m, MirTypeId base, const MirProj *proj);
/* The place of Copy, Move, Borrow and Addr; NULL for constants. */
MirPlace *mir_operand_place(const MirOperand *op);
/* Is it an integer type that is signed? */
bool mir_is_signed(const MirModule *m, MirTypeId type);
/* A foreign function has no blocks. */
static inline bool
mir_is_foreign(const MirFn *fn)
{
	return fn->blocks.len == 0;
}

/* What can be noticed of the end of a value. */
typedef enum MirNotice {
	MIR_UNNOTICED,
	MIR_NOTICED,		/* when it happens: MIR_ENDING_SEEN */
	MIR_RUNS,		/* code of the program runs */
} MirNotice;

/*
 * Where a value keeps what it counts, if words tell it: bit i for a word that is an object's address or, below
 * one page, nothing; bit 16 + i for one where a String begins or its niche is.  0: only `repr` tells.
 */
uint32_t mir_counted_words(const MirModule *m, MirTypeId type);
/* The records about each type, NULL for most: an array as long as `types`. */
const MirEnd **mir_ends(const MirModule *m, Arena *arena);
static inline MirNotice
mir_notice(const MirEnd *end)
{
	return !end ? MIR_UNNOTICED : end->ending == MIR_ENDING_SEEN ? MIR_NOTICED : MIR_RUNS;
}

/* ---- Shape of instructions ---- */

/* Where the instruction or terminator goes when it panics: NULL where it cannot name a block. */
MirBbId *mir_inst_unwind(MirInst *inst);
MirBbId *mir_term_unwind(MirTerm *term);
/* The place the instruction stores to, or NULL. */
MirPlace *mir_inst_dest(const MirInst *inst);
/* Calls `visit` with the address of each operand read; those inside places before theirs. */
typedef void MirOperandVisit(void *ctx, MirOperand **op);
void mir_inst_operands(MirInst *inst, MirOperandVisit *visit, void *ctx);
void mir_term_operands(MirTerm *term, MirOperandVisit *visit, void *ctx);
/* Calls `visit` with every place the instruction mentions as itself: dest, tag, drop, unique. */
typedef void MirPlaceVisit(void *ctx, MirPlace *place, bool is_dest);
void mir_inst_places(MirInst *inst, MirPlaceVisit *visit, void *ctx);
/* Calls `visit` with the address of each normal successor. */
typedef void MirBbVisit(void *ctx, MirBbId *bb);
void mir_term_targets(MirTerm *term, MirBbVisit *visit, void *ctx);
/* The same for every edge that leaves the block, unwinding ones too. */
void mir_block_edges(MirBlock *block, MirBbVisit *visit, void *ctx);

/* ---- The runtime's functions: librt/abi.def ---- */

enum {
	MIR_RT_PANICS = 1, MIR_RT_PARKS = 2, MIR_RT_COLD = 4, MIR_RT_HOT = 8, MIR_RT_NORETURN = 16,
};

typedef struct MirRuntime {
	const char *name;	/* without `gos_rt_` */
	char result;		/* letters as abi.def explains them */
	const char *args;
	uint32_t flags;		/* MIR_RT_… */
} MirRuntime;

/* NULL if there is none. */
const MirRuntime *mir_runtime(const char *name);
/* The i-th, NULL past the last. */
const MirRuntime *mir_runtime_at(uint32_t i);
/* Arguments that mir passes: all letters but L, which the code generator adds. */
uint32_t mir_runtime_arity(const MirRuntime *rt);
/* The letter of the i-th of them. */
char mir_runtime_letter(const MirRuntime *rt, uint32_t i);

/* Does the callee take over the i-th argument (if that is counted)? */
bool mir_callee_owns(const MirModule *m, const MirCallee *callee, uint32_t i);

#endif
