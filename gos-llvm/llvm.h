/*
 * gos-llvm: counted mir to LLVM IR text (opaque pointers, the vocabulary of LLVM 16).
 *
 * `Gen` is the whole output: the program, what was decided about its functions before any text
 * (analyse.c), and tables of constants that text refers to.  `Fn` is the function being written.
 * Functions are written one by one in the order of the stream; constants and metadata follow
 * when the text that mentions them is complete.
 *
 * How values travel between functions (abi.c).  By class: scalars as they are; memory of up to 16
 * bytes as one or two words; anything larger by address, where the callee makes a copy if it
 * may write.  A result that is larger comes back through a first pointer.  A function that can
 * panic returns its result and then an i1, true if it panicked.
 */
#ifndef GOS_LLVM_LLVM_H
#define GOS_LLVM_LLVM_H

#include "gos-llvm/out.h"

#include "lib/mir.h"

/* A block that dominates all deep calls and gets the stack check; see analyse.c. */
typedef struct FnFacts {
	bool can_panic;
	bool flagged;		/* returns the i1: can_panic, or its address is taken */
	bool checks_stack;
	MirBbId check_at;	/* block at whose start the check stands */
	uint64_t frame;		/* estimate of its frame in bytes */
	uint32_t insts, self_calls;
	uint32_t levels;	/* of its own calls that are written out: see function.c */
} FnFacts;

typedef struct Gen {
	Arena *arena;		/* for the whole run */
	Arena *scratch;		/* for one function */
	const MirModule *m;
	FnFacts *facts;		/* by function */
	Out out;
	VEC(Sym) literals;	/* @gos.str.N by N */
	Map literal_of;		/* Sym -> N */
	VEC(char *) places;	/* initialisers of @gos.place.N */
	Interner place_names;	/* an initialiser -> its number, through place_of */
	Map place_of;
	VEC(Sym) names;		/* @gos.name.N: zero-terminated texts for C */
	Map name_of;
	Map shims;		/* function -> 1 where a Shim is wanted */
	VEC(MirFnId) shim_list;
	Map closures;		/* MirFnId -> 1, of the immortal cells that are used */
	VEC(MirFnId) closure_list;
	bool *is_data;		/* by function: see constant.c */
	Map constants;		/* MirFnId -> 1, of those that are used */
	VEC(MirFnId) constant_list;
	Map foreign_used;
	bool *visited_descs;	/* by type: mentioned */
	uint32_t next_meta;
	IrU32List file_meta;	/* by source, 0: not written */
	bool debug_info;
} Gen;

typedef struct Fn {
	Gen *g;
	const MirModule *m;
	MirFn *fn;
	MirFnId id;
	const FnFacts *facts;
	Out entry, body, cold;	/* `body` is what instructions go to, or `cold` */
	Out *to;
	uint32_t next;		/* %vN and labels */
	uint32_t subprogram;	/* metadata ids; 0: no debug information */
	uint32_t location;	/* of the instruction being written */
	Map locations;		/* line << 32 | column -> id */
	Out meta;		/* nodes of this function */
	bool *by_pointer;	/* by local: a parameter that is read where the caller has it */
	bool *ssa;		/* by local: a scalar parameter that is never written or addressed */
	bool *exposed;		/* by local: its address is taken */
	MirFnId *data_of;	/* by local: it is the constant of that function; else IR_NONE */
	bool *proven;		/* by running number of instruction: cannot panic; see range.c */
	uint32_t next_inst;	/* running number of the next instruction */
	uint64_t slot_bytes;	/* of all slots in the entry block */
	uint32_t level;		/* 0: the function; else which copy of it */
	bool one_exit;		/* all ways out meet in a block `exit`: see function.c */
	bool leave_used;
	Span span;		/* of the instruction being written */
} Fn;

/* ---- names.c: how things are called ---- */

/* `@"…"` of a symbol, quoted where needed; `prefix` comes before it. */
const char *llvm_symbol(Gen *g, const char *prefix, Sym symbol);
const char *llvm_fn_name(Gen *g, MirFnId id);
/* @gos.str.N: a constant GosString. */
const char *llvm_literal(Gen *g, Sym text);
/* The same as an initialiser, and its type. */
const char *llvm_literal_value(Gen *g, Sym text, const char **type);
/* @gos.place.N of a span in a function. */
const char *llvm_place(Gen *g, const MirFn *fn, Span span);
/* @gos.desc.N. */
const char *llvm_desc(Gen *g, MirTypeId type);
/* The immortal cell of a closure without captures. */
const char *llvm_closure(Gen *g, MirFnId code);
const char *llvm_table(Gen *g, MirTableId table);
const char *llvm_shim(Gen *g, MirFnId id);
/* The constants collected so far; called once, at the end. */
void llvm_write_constants(Gen *g);
/* `c"…"` contents: printable ASCII as it is, the rest as \XX. */
void llvm_escape(Out *o, const char *s, size_t n);
/* Decimal digits. */
const char *llvm_u128(Arena *a, IrU128 value);

/* ---- types.c ---- */

/* LLVM type of a scalar class in registers: i1 for bool. */
const char *llvm_scalar(MirClass c);
/* The same in memory: i8 for bool. */
const char *llvm_stored(MirClass c);
uint32_t llvm_align(const MirModule *m, MirTypeId type);
/* `, !tbaa !N` for a scalar type, "" where none is right. */
const char *llvm_tbaa(const MirModule *m, MirTypeId type);
/* The metadata that llvm_tbaa and branch weights refer to: fixed numbers. */
void llvm_write_fixed_metadata(Out *o);
enum {
	META_WEIGHTS = 0, META_TBAA_ROOT = 1, META_LEN_RANGE = 30, META_STACK_POINTER = 31,
	META_EMPTY = 33, META_VEC_SIZE = 39,
	META_FIRST_FREE = 40,
};
enum { VEC_HEADER = 32 };	/* bytes of a vector before its elements */
extern const char *const llvm_tbaa_len, *const llvm_tbaa_ptr, *const llvm_tbaa_count;
/* Of the address of a vector's elements. */
extern const char *const llvm_tbaa_data;
/* Words that memory of at most 16 bytes travels in: their types.  0, 1 or 2. */
uint32_t llvm_words(const MirModule *m, MirTypeId type, const char *words[2]);
bool llvm_by_pointer(const MirModule *m, MirTypeId type);
/* ` , i1`-aware type of the result, "void" if none. */
const char *llvm_result(Gen *g, MirTypeId type, bool flagged);
/* Registers of the result without the flag. */
uint32_t llvm_result_words(const MirModule *m, MirTypeId type, const char *words[2]);

/* ---- emit.c: text of instructions ---- */

/* One instruction with the current location. */
void emit(Fn *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same with a result: its name. */
const char *emit_value(Fn *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A new label, without the colon and without `%`. */
const char *emit_label_new(Fn *f, const char *hint);
void emit_label(Fn *f, const char *label);
/* A slot in the entry block. */
const char *emit_slot(Fn *f, uint64_t size, uint32_t align);
/* br with weights: `cold` is hardly ever taken. */
void emit_branch_cold(Fn *f, const char *cond, const char *cold, const char *hot);
/* Where a panic here goes: label of the cleanup block, or of the exit with the flag. */
const char *emit_unwind_label(Fn *f, MirBbId unwind);
/* Writes to the cold part from here on; returns what to give back to emit_warm. */
Out *emit_go_cold(Fn *f);
void emit_warm(Fn *f, Out *before);
const char *emit_format(Fn *f, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* ---- place.c ---- */

/* Address of a place: an operand of type ptr. */
const char *place_address(Fn *f, const MirPlace *p);
/* A scalar operand's value in registers. */
const char *operand_scalar(Fn *f, const MirOperand *op);
/* Address of an operand of class MEM; constants too. */
const char *operand_address(Fn *f, const MirOperand *op);
/* Type of an operand, IR_NONE if it has none of its own. */
MirTypeId operand_type(Fn *f, const MirOperand *op);
const char *llvm_int(Gen *g, const MirOperand *op);
const char *llvm_float(Gen *g, const MirOperand *op);
MirClass operand_class(Fn *f, const MirOperand *op);
const char *load_scalar(Fn *f, MirTypeId type, const char *address, const char *tbaa);
void store_scalar(Fn *f, MirTypeId type, const char *value, const char *address, const char *tbaa);
/* `, !tbaa` of an access through this place: none inside an enum's variants. */
const char *place_tbaa(Fn *f, const MirPlace *p);
bool place_in_variant(const MirPlace *p);
/* Stores a scalar in registers. */
void place_store(Fn *f, const MirPlace *p, const char *value);
void copy_memory(Fn *f, const char *to, const char *from, uint64_t size, uint32_t align);
/* May writing to `dest` change what `op` reads? */
bool may_overlap(Fn *f, const MirPlace *dest, const MirOperand *op);
bool place_is_whole(const MirPlace *p);

/* ---- inst.c, arith.c, call.c, term.c ---- */

void gen_inst(Fn *f, MirInst *inst, bool proven);
/* The address `offset` bytes behind `base`. */
const char *offset_address(Fn *f, const char *base, uint64_t offset);
void gen_term(Fn *f, MirTerm *term);
/* ret with the result of the function's `_0`, and the flag. */
void emit_return(Fn *f, const char *flag);
void gen_unary(Fn *f, const MirInst *inst, bool proven);
void gen_binary(Fn *f, const MirInst *inst, bool proven);
void gen_cast(Fn *f, const MirInst *inst);
void gen_bounds(Fn *f, const MirInst *inst, bool proven);
void gen_call(Fn *f, const MirInst *inst);
/* Cold block that calls a panic function with `args` and leaves; returns its label. */
const char *gen_panic_block(Fn *f, const char *function, const char *args, MirBbId unwind);

/*
 * The local whose address argument `arg` of a call is, where the runtime can be given a copy's
 * address instead: it does not keep it, and the local is a scalar.  Else IR_NONE.
 */
MirLocalId lent_local(const MirModule *m, const MirFn *fn, const MirInst *inst, uint32_t arg);

/* The fields of what an Aggregate makes; NULL: an array. */
const MirFieldList *llvm_aggregate_fields(const MirRepr *r, const MirInst *i);

/* ---- constant.c ---- */

void constants_find(Gen *g);
/* Fills `data_of`. */
void constants_find_locals(Fn *f);
/* @gos.const.N, and its definition. */
const char *llvm_constant(Gen *g, MirFnId id);
void constant_write(Gen *g, MirFnId id);

/* ---- glue.c: counts and descriptors ---- */

void gen_retain(Fn *f, const MirPlace *p);
void gen_release(Fn *f, const MirPlace *p);
/* Visit functions, descriptors, the table. */
void glue_write(Gen *g);

/* Attribute groups. */
enum { ATTR_PLAIN, ATTR_INLINE, ATTR_NOINLINE, ATTR_ALWAYS_INLINE, ATTR_C };
/*
 * Writes the whole module; `scratch` is for one function at a time.
 * NULL, or why this target has no code.
 */
const char *module_write(const MirModule *m, FILE *to, Arena *arena, Arena *scratch);

/* Name of a function, or of its copy for a call of itself at that level. */
const char *function_name(Gen *g, MirFnId id, uint32_t level);

/* ---- function.c, shim.c, foreign.c, analyse.c, range.c, debug.c, runtime.c ---- */

void function_write(Gen *g, MirFnId id);
void shims_write(Gen *g);
void entry_write(Gen *g);
void foreign_write(Gen *g);
/* In a C function: calls one of the program into %r, and `%flag` tells whether it panicked. */
void shim_call(Gen *g, MirFnId id, const char *pass);
/* The type as an argument, or as the result, of a C function; NULL: it is not passed. */
const char *llvm_c_type(Gen *g, MirTypeId type);
const char *llvm_c_result(Gen *g, MirTypeId type);
/* Fills Gen.facts. */
void analyse(Gen *g);
/* Instructions that provably cannot panic, by running number. */
bool *range_analyse(const MirModule *m, MirFn *fn, Arena *arena);
void debug_begin(Gen *g);
void debug_function(Fn *f);
/* Makes `f->location` that of the span. */
void debug_location(Fn *f, Span span);
/* declare lines for all of abi.def, and for intrinsics. */
void runtime_declare(Out *o);
/* LLVM type and attributes of a letter of abi.def as an argument. */
const char *runtime_arg_type(char letter);
const char *runtime_result_type(const MirRuntime *rt);

#endif
