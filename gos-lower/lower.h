/*
 * gos-lower: from the typed tree (tast) to control-flow graphs (mir).
 *
 * `Lower` is the whole program: the tables of the input, the type tables, the work list of
 * function instances.  `Build` is the one function that is being built; everything that emits
 * code takes it.  Nothing here is ever freed.
 *
 * Three kinds of type ids, all uint32_t:
 *
 *	TastTypeId	as written in the input; may mention type parameters
 *	Ty		a TastTypeId without parameters ("concrete"); equal types have equal ids.
 *			The table of the input is extended, so each Ty is a TastTypeId, not conversely.
 *	MirTypeId	laid out
 *
 * Rules that keep ownership right (gos-rc elaborates drops by a maybe-full analysis of whole locals):
 *
 *	- every counted local and temporary has a scheduled Drop (build_temp, build_declare do it);
 *	- Move only whole locals and temporaries, never out of a field, element or cell;
 *	- a destination (`dest`) is empty storage: it is written without releasing anything;
 *	- a destination that is not a local is written by one last instruction, so that no panic
 *	  finds it half done: functions that build in steps do so in a temporary.
 *
 * Places are values that never change once made: place_field(b, p, 1) makes a new one.
 */
#ifndef GOS_LOWER_LOWER_H
#define GOS_LOWER_LOWER_H

#include "gen/mir.h"
#include "gen/tast.h"

#include "lib/diag.h"
#include "lib/map.h"

#include <stdnoreturn.h>

typedef TastTypeId Ty;

typedef struct Lower Lower;
typedef struct Build Build;

/* ---- The program: tables.c ---- */

/* What lowering knows about a MIR type beyond the record. */
typedef struct TypeInfo {
	MirType *mir;
	Ty ty;			/* what it came from; IR_NONE for tags, environments, cells, boxes */
	Ty payload_of;		/* struct of a variant's fields: the enum, else IR_NONE */
	uint32_t variant;	/* … and which variant */
	MirTypeId held;		/* Handle: what it may hold, else IR_NONE */
	bool cell;		/* Box with identity: holds a variable shared with closures; never Unique */
	bool open;		/* being laid out, or done */
	bool resource;		/* Box of a type with Drop: copies share it, writing needs the only reference */
	MirFnId drop;		/* of what is in such a Box: its Drop, else IR_NONE */
	bool boxed_payload;	/* Box that layout put around a recursive variant's payload */
} TypeInfo;

/* MIR types needed everywhere. */
typedef struct CommonTypes {
	MirTypeId unit, never, boolean, character, string, raw, closure;
	MirTypeId i8, i16, i32, i64, i128, u8, u16, u32, u64, u128, f32, f64;	/* isize = i64, usize = u64 */
} CommonTypes;

/* Builds the body of a synthesised function; `x` and `y` are what synth_fn was given. */
typedef void SynthBuild(Build *b, uint32_t x, uint32_t y);

typedef enum InstanceKind {
	INSTANCE_FN,		/* an item with type arguments */
	INSTANCE_CLOSURE,	/* the code of a closure expression in an instance of its function */
	INSTANCE_SYNTH,		/* made by a SynthBuild */
} InstanceKind;

typedef struct Instance {
	InstanceKind kind;
	TastFnId fn;			/* FN, CLOSURE: the item whose locals are meant */
	IrU32List args;			/* FN, CLOSURE: concrete type arguments */
	const TastExpr *closure;	/* CLOSURE */
	Sym path;			/* CLOSURE, SYNTH: of the code, for people */
	SynthBuild *build;		/* SYNTH */
	Sym symbol;
	uint32_t x, y;
	MirFn *mir;			/* NULL until lowered */
} Instance;

struct Lower {
	Arena *arena;
	Interner *names;
	Sources sources;
	Diags diags;
	IrWriter *out;
	bool wraps;			/* header option `overflow` is `wrap`: integers wrap around silently */
	Span here;			/* what is being lowered, for errors found far from it */

	/* input, by id */
	VEC(TastTy *) types;		/* extended by concrete types */
	VEC(TastAdt *) adts;
	VEC(TastTrait *) traits;
	VEC(TastImpl *) impls;
	VEC(TastFn *) fns;
	VEC(TastSource *) source_records;
	VEC(Sym) libraries;		/* of foreign code */
	TastFnId entry;			/* or IR_NONE */
	uint32_t n_input_types;

	/* monomorphic types */
	VEC(TypeInfo) mir_types;
	CommonTypes common;
	struct Mono *mono;		/* mono.c: type interning and caches */
	struct Resolve *resolve;	/* resolve.c: impls found before */
	struct Ending *ending;	/* ending.c: what is known of the end of types */
	struct Layout *layout;		/* layout.c: components of the containment graph */

	/* `dyn`: dyn.c */
	VEC(MirTable *) tables;		/* by MirTableId */
	VEC(MirStatic *) statics;	/* by MirStaticId */
	VEC(MirFnId) static_inits;	/* parallel: what gives their values */
	Map static_of;			/* MirFnId that gives the value -> MirStaticId */
	VEC(MirTypeId) dyn_cells;	/* what is behind a Dyn */
	struct Dyns *dyns;

	/* functions; index = MirFnId, lowered in this order */
	VEC(Instance) instances;
	uint32_t lowered;		/* how many instances have been */
	Map instance_of;		/* key Sym -> MirFnId */
	Map symbols;			/* Sym of a linker symbol in use -> 1 */
	Map trait_impls;		/* trait id -> head of impl_next */
	VEC(uint32_t) impl_next;
	Map deep_copies;		/* Ty << 1 | CopyHow -> bool: see structural_copy.c */
	Map lang_adts, lang_traits;	/* Sym -> id */
	Map late_of;		/* TastFn -> index of: */
	VEC(bool *) late;	/* by local: it is declared without a value (cell.c) */
	Map closure_numbers, synth_numbers;	/* address -> number, in order of first use */
};

/* Ids of items by their `lang` name; IR_NONE if the program has none. */
TastAdtId lang_adt(const Lower *lo, const char *lang);
TastTraitId lang_trait(const Lower *lo, const char *lang);
/* Index of a method of the trait by name, IR_NONE if there is none. */
uint32_t trait_method(const Lower *lo, TastTraitId trait, const char *name);
bool sym_is(const Lower *lo, Sym s, const char *text);

/* The stream contradicts itself: one line, exit 3. */
noreturn void lower_broken(const Lower *lo, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Ends the tool because of errors that were reported. */
noreturn void lower_stop(Lower *lo);

/* ---- Concrete types: mono.c ---- */

TastTy *ty_at(const Lower *lo, Ty t);
/* `t` with parameters replaced and associated types resolved. */
Ty ty_subst(Lower *lo, TastTypeId t, const IrU32List *args);
Ty ty_prim(Lower *lo, TastPrim prim);
Ty ty_tuple(Lower *lo, const IrU32List *elems);
Ty ty_unit(Lower *lo);
Ty ty_adt(Lower *lo, TastAdtId adt, const IrU32List *args);
Ty ty_ref_mut(Lower *lo, Ty target);
Ty ty_const(Lower *lo, uint64_t value);
Ty ty_fn(Lower *lo, const IrU32List *params, Ty ret);
bool ty_is_prim(const Lower *lo, Ty t, TastPrim prim);
/* Integer, float, bool, char: compared and calculated by MIR instructions. */
bool ty_is_scalar(const Lower *lo, Ty t);
bool ty_is_integer(const Lower *lo, Ty t);
/* The adt is that lang item; `*args` (may be NULL) gets its type arguments. */
bool ty_is_lang(const Lower *lo, Ty t, const char *lang, const IrU32List **args);
/* Type of a field (concrete) of a struct (variant 0), tuple or enum variant, as the language sees it. */
Ty ty_field(Lower *lo, Ty t, uint32_t variant, uint32_t field);
uint32_t ty_field_count(Lower *lo, Ty t, uint32_t variant);
/* As written in Gossamer: `Vec<(i64, String)>`. */
const char *ty_name(Lower *lo, Ty t);

/* ---- Traits and instances: resolve.c, instance.c ---- */

typedef enum ResolvedKind {
	RESOLVED_FN,		/* item `fn` with `args`; it may be an intrinsic */
	RESOLVED_STRUCTURAL,	/* structural_fn(lang name, method, type) */
	RESOLVED_DYN,		/* `method` of `trait` through the table of the `dyn` in `self` */
	RESOLVED_NONE,
} ResolvedKind;

typedef struct Resolved {
	ResolvedKind kind;
	TastFnId fn;
	IrU32List args;		/* FN, DYN */
	TastTraitId trait;	/* STRUCTURAL, DYN */
	uint32_t method;
} Resolved;

/* Method of a trait for args[0] = Self, all concrete: the impl's, the trait's default, or structural. */
Resolved resolve_method(Lower *lo, TastTraitId trait, uint32_t method, const IrU32List *args);
/* The same by names, for trait arguments equal to Self: resolve_lang(lo, "PartialEq", "eq", t). */
Resolved resolve_lang(Lower *lo, const char *trait_lang, const char *method, Ty self);
/* True if the user or std wrote an impl of this lang trait for the type. */
bool has_explicit_impl(Lower *lo, const char *trait_lang, Ty self);
/* The Fn that a FnRef means under the current substitution. */
Resolved resolve_ref(Build *b, const TastFnRef *ref);

/* Id of the instance, lowered later.  Not for intrinsics (those have no body): see resolved_fn. */
MirFnId instance_fn(Lower *lo, TastFnId fn, const IrU32List *args);
/* Id of whatever was resolved; intrinsics get a function that wraps them. */
MirFnId resolved_fn(Lower *lo, const Resolved *r);
/*
 * A function made by `build`, once for equal (build, x, y).  `path` is what traces show,
 * `symbol` a readable link name that is made unique.  `build` calls build_ret and build_param
 * first, in order, then emits code; the block it leaves open gets a Return.
 */
MirFnId synth_fn(Lower *lo, SynthBuild *build, uint32_t x, uint32_t y, const char *path,
    const char *symbol);

/* Parameter modes and types of an instance are functions of the item: see call.c. */

/* ---- `dyn`: dyn.c ---- */

/* Does the type args[0], a `dyn`, have the trait by itself or as a supertrait of its own? */
bool dyn_has(Lower *lo, TastTraitId trait, const IrU32List *args);
/* The method of a trait that it has; args beyond the trait's are those of the method. */
Resolved dyn_method(Lower *lo, TastTraitId trait, uint32_t method, const IrU32List *args);
/* An associated type of a trait that it has; IR_NONE if it has not. */
Ty dyn_assoc(Lower *lo, TastTraitId trait, const IrU32List *args, uint32_t index);
/* Call of a RESOLVED_DYN; args as for lower_call_resolved. */
void dyn_call(Build *b, const Resolved *r, MirOperandList args, const MirPlace *dest);
/* A function that does nothing but that call. */
MirFnId dyn_dispatcher(Lower *lo, const Resolved *r);
/*
 * A place of a Dyn behind a Ref may stand for a value elsewhere (`&mut circle` as `&mut dyn Shape`).
 * Such a place cannot just be copied or stored to.
 */
bool dyn_may_stand_for(Build *b, const MirPlace *p);
/* An owned Dyn with the value that is there. */
MirOperand *dyn_own(Build *b, const MirPlace *p);
/* Stores an owned Dyn to where the place stands. */
void dyn_store(Build *b, const MirPlace *p, MirOperand *value);

/* ---- Layout: layout.c ---- */

/* Laid out; stable ids. */
MirTypeId mir_type_of(Lower *lo, Ty t);
/* Under the substitution of the function being built. */
MirTypeId build_mir_type(Build *b, TastTypeId t);
/* The concrete type, under the same. */
Ty build_ty(Build *b, TastTypeId t);
MirTypeId mir_type_box(Lower *lo, MirTypeId payload);
MirTypeId mir_type_cell(Lower *lo, MirTypeId payload);
MirTypeId mir_type_vec(Lower *lo, MirTypeId elem);
MirTypeId mir_type_ref(Lower *lo, MirTypeId target);
MirTypeId mir_type_array(Lower *lo, MirTypeId elem, uint64_t len);
/* A struct of these field types in this order; equal lists give equal ids. */
MirTypeId mir_type_struct(Lower *lo, const char *name, const IrU32List *fields);
const MirType *mir_type_at(const Lower *lo, MirTypeId t);
const TypeInfo *mir_type_info(const Lower *lo, MirTypeId t);
bool mir_type_is_counted(const Lower *lo, MirTypeId t);
/* What is in the Box of a resource; any other type itself. */
MirTypeId mir_type_content(const Lower *lo, MirTypeId t);
bool mir_type_is_enum(const Lower *lo, MirTypeId t);
/* A closure may be inside: who gets such a value may change shared variables. */
bool mir_type_has_fn(Lower *lo, MirTypeId t);
/* Index of the tag value's MIR type of an Enum, and the tag stored for a variant. */
MirTypeId mir_enum_tag_type(const Lower *lo, MirTypeId t);
uint64_t mir_enum_tag(const Lower *lo, MirTypeId t, uint32_t variant);
/* The type of the Box around the payload of an enum's variant, or IR_NONE. */
MirTypeId mir_variant_box(const Lower *lo, MirTypeId t, uint32_t variant);
/* Does that Box hold a struct of all fields?  Else it holds the only field. */
bool mir_variant_has_struct(const Lower *lo, MirTypeId box);

/* ---- Ends of values: ending.c ---- */

typedef enum Notice { UNNOTICED, NOTICED, RUNS } Notice;

/* What can be noticed of the end of a value: nothing, when it comes, or code of the program that runs. */
Notice mir_type_notice(Lower *lo, MirTypeId t);
/* Is there an `impl Drop` for the type itself?  Then it is a resource. */
bool ty_has_drop(Lower *lo, Ty t);
/* Is it a `&mut`, or does it hold one? */
bool ty_has_ref(Lower *lo, Ty t);

/* ---- One function: build.c ---- */

typedef enum ScopeKind {
	SCOPE_DROP,		/* drop of `local` on every way out */
	SCOPE_UNWIND_DROP,	/* only when a panic unwinds: the return slot */
	SCOPE_WINDOW,		/* the end of the access through the window in `local`, on every way out */
	SCOPE_ARENA,		/* the end of the arena in `local`, on every way out */
	SCOPE_DEFER,		/* `defer`: `expr` on every way out */
	SCOPE_ERRDEFER,		/* `errdefer`: on failure and panic */
} ScopeKind;

typedef struct ScopeEntry {
	ScopeKind kind;
	MirLocalId local;
	const TastExpr *expr;
	Span span;
	TastLocalId root;	/* of a window: the variable that it lies in, IR_NONE: it may be any */
	MirBbId unwind;		/* cleanup block of this entry and all below, or IR_NONE: not made yet */
} ScopeEntry;

/* Where a variable of the tast function lives: a local, a field of the environment, or a cell's payload. */
typedef struct Slot {
	MirPlace *place;	/* NULL: not declared */
	bool cell;		/* shared: the place ends in the Deref of a cell */
} Slot;

typedef struct Target {
	MirBbId on_break, on_continue;
	uint32_t scopes;	/* depth of the scope stack outside */
	MirPlace *dest;		/* of the value, NULL if it is () or discarded */
} Target;

struct Build {
	Lower *lo;
	Arena *arena;
	const TastFn *tast;	/* NULL for synthesised functions */
	IrU32List args;		/* substitution */
	Map ty_cache;		/* generic type id -> Ty */
	const TastExpr *closure;	/* when this is a closure's code */
	MirFnId id;
	MirFn *fn;
	MirBbId cur;		/* block that gets the code; IR_NONE where nothing is reachable */
	Span span;		/* of what is being lowered: emit_* takes it */
	bool in_cleanup;	/* new blocks are cleanup blocks */
	VEC(Slot) slots;	/* by tast local */
	VEC(ScopeEntry) scopes;
	bool windows;		/* some scope may have a window */
	Map rests;		/* tast local of `rest @ ..` -> mir local of its window */
	Map labels;		/* label -> index into targets */
	VEC(Target) targets;
	MirPlace *unit;		/* temporary of type (), NULL before the first use */
	Ty ret;			/* concrete return type, IR_NONE for synthesised functions */
	uint32_t depth;		/* nesting of expressions */
	uint32_t defers;	/* nesting of defers that are being run */
};

/* For SynthBuild: the type of `_0`, then the parameters in order.  Plain types are always Borrow. */
void build_ret(Build *b, MirTypeId type);
/* A local that is dropped only if a panic unwinds: whoever builds moves it out at the end. */
MirPlace *build_outcome(Build *b, MirTypeId type);
MirPlace *build_param(Build *b, const char *name, MirTypeId type, MirMode mode);
/* Ends the function: Return in the open block. */
void build_return(Build *b);

MirBbId build_block(Build *b);			/* new, empty, not current */
void build_start(Build *b, MirBbId bb);		/* makes it current */
bool build_is_dead(const Build *b);		/* nothing can get here; emitting does nothing */

/* A new local that holds nothing; `schedule`: dropped when the current scope ends, if counted. */
MirLocalId build_local(Build *b, Sym name, MirTypeId type, bool schedule);
/* A new temporary, dropped with the current scope if counted. */
MirPlace *build_temp(Build *b, MirTypeId type);
/* The variable of the tast function begins: Live, Drop scheduled in the current scope. */
void build_declare(Build *b, TastLocalId local);
/*
 * Gives a declared variable its first value: the operand is owned.  A shared variable gets its
 * cell here.
 */
void build_init_local(Build *b, TastLocalId local, MirOperand *value);
/* Place of a declared variable, behind its cell if it is shared. */
/* cell.c: variables that closures change.  Is it declared without a value?  Then its cell holds an Option. */
bool cell_is_late(Build *b, TastLocalId local);
MirTypeId cell_var_type(Build *b, TastLocalId local);
/* The place of the variable in its cell. */
MirPlace *cell_value(Build *b, const MirPlace *cell, TastLocalId local);
/* The code of `let x` without a value, behind build_declare. */
void cell_start_empty(Build *b, TastLocalId local);
/* Stores to the place of a variable that may have no value yet. */
void cell_store(Build *b, const MirPlace *p, MirOperand *value);
/* The place without what follows the first n projections. */
MirPlace *place_prefix(Build *b, const MirPlace *p, uint32_t n);
/* slice.c: makes `window`, which is empty, one into a sequence that is matched by `&mut`. */
void window_of_rest(Build *b, const MirPlace *window, const MirPlace *seq, MirOperand *from, MirOperand *to);
/* The code of SCOPE_WINDOW; and all of them that are open in case `root` is where one lies. */
void window_end(Build *b, MirLocalId window);
void windows_end_at(Build *b, TastLocalId root);
MirPlace *build_local_place(Build *b, TastLocalId local);
/* The cell itself of a shared variable. */
MirPlace *build_cell_place(Build *b, TastLocalId local);

/* Places */
MirPlace *place_local(Build *b, MirLocalId local);
/* Behind the Box of a resource; any other place itself. */
const MirPlace *place_content(Build *b, const MirPlace *p);
MirPlace *place_field(Build *b, const MirPlace *p, uint32_t field);
/* Field of an enum's variant; goes through the box that layout may have put there. */
MirPlace *place_variant(Build *b, const MirPlace *p, uint32_t variant, uint32_t field);
MirPlace *place_deref(Build *b, const MirPlace *p);
/* `index`: Int constant, or Copy of a local of 64-bit integer type. */
MirPlace *place_index(Build *b, const MirPlace *p, MirOperand *index);
MirTypeId place_type(Build *b, const MirPlace *p);
bool place_is_local(const MirPlace *p);

/* Operands */
MirOperand *op_copy(Build *b, const MirPlace *p);
MirOperand *op_move(Build *b, const MirPlace *p);	/* whole locals only */
MirOperand *op_borrow(Build *b, const MirPlace *p);
MirOperand *op_addr(Build *b, const MirPlace *p);	/* after place_open(…, ACCESS_WRITE) */
MirOperand *op_take(Build *b, const MirPlace *p);	/* of a temporary: Move if counted, else Copy */
MirOperand *op_int(Build *b, MirTypeId type, IrU128 value);
MirOperand *op_i64(Build *b, int64_t value);
MirOperand *op_bool(Build *b, bool value);
MirOperand *op_float(Build *b, MirTypeId type, double value);
MirOperand *op_str(Build *b, Sym value);
MirOperand *op_text(Build *b, const char *text);
MirOperand *op_unit(Build *b);
MirOperand *op_fn(Build *b, MirFnId fn);
/* The closure without captures whose code this is. */
MirOperand *op_closure(Build *b, MirFnId code);
MirOperand *op_shim(Build *b, MirFnId fn);
MirOperand *op_desc(Build *b, MirTypeId type);
MirTypeId op_type(Build *b, const MirOperand *op);

/* Instructions at b->span; those that can panic get their unwind edge from the scopes, a Drop if it
 * runs code of the program. */
void emit_assign(Build *b, const MirPlace *dest, MirOperand *value);
void emit_unary(Build *b, const MirPlace *dest, MirUnop op, MirOperand *value, MirCheck check);
void emit_binary(Build *b, const MirPlace *dest, MirBinop op, MirOperand *left, MirOperand *right,
    MirCheck check);
void emit_cast(Build *b, const MirPlace *dest, MirOperand *value);
void emit_aggregate(Build *b, const MirPlace *dest, uint32_t variant, MirOperandList fields);
/* The same from a variant's values: boxes those that layout boxes. */
void emit_variant(Build *b, const MirPlace *dest, uint32_t variant, MirOperandList values);
void emit_box(Build *b, const MirPlace *dest, MirOperand *value);
void emit_tag(Build *b, const MirPlace *dest, const MirPlace *value);
void emit_bounds(Build *b, MirOperand *index, MirOperand *len);
void emit_unique(Build *b, const MirPlace *p);
/* The same of a resource: panics unless it is the only reference. */
void emit_resource_unique(Build *b, const MirPlace *p);
void emit_drop(Build *b, const MirPlace *p);
void emit_live(Build *b, MirLocalId local);
void emit_call(Build *b, const MirPlace *dest, MirFnId fn, MirOperandList args);
void emit_call_value(Build *b, const MirPlace *dest, MirOperand *closure, MirOperandList args);
void emit_call_slot(Build *b, const MirPlace *dest, MirOperand *object, uint32_t slot,
    MirOperandList args);
/* Runtime function of librt/abi.def with `n` operands; dest NULL for a result of v.  L is left out. */
void emit_rt(Build *b, const MirPlace *dest, const char *name, uint32_t n, ...);
void emit_rt_list(Build *b, const MirPlace *dest, const char *name, MirOperandList args);
MirOperandList op_list(Build *b, uint32_t n, ...);

/* Binary into a new temporary: Copy of the result. */
MirOperand *value_binary(Build *b, MirBinop op, MirTypeId type, MirOperand *left, MirOperand *right,
    MirCheck check);
/* Tag of an enum's value in a new temporary. */
MirOperand *value_tag(Build *b, const MirPlace *p);
/* vec_len, or the constant length of an Array. */
MirOperand *value_len(Build *b, const MirPlace *p);

/* Terminators: afterwards nothing is current. */
void term_goto(Build *b, MirBbId bb);
void term_if(Build *b, MirOperand *cond, MirBbId then, MirBbId otherwise);
void term_switch(Build *b, MirOperand *value, MirCaseList cases, MirBbId otherwise);
void term_panic(Build *b, MirPanic kind, MirOperandList args);
void term_unreachable(Build *b);

/* ---- Scopes: scope.c ---- */

typedef uint32_t ScopeMark;

ScopeMark scope_push(Build *b);
/* Runs what was scheduled since, last first, and forgets it. */
void scope_pop(Build *b, ScopeMark mark);
/* Drop of a counted local when the current scope ends; nothing for plain types. */
void scope_schedule(Build *b, MirLocalId local);
void scope_defer(Build *b, const TastExpr *body, bool on_error);
/* The end of an arena, when the current scope ends. */
void scope_arena(Build *b, MirLocalId arena);
/* The end of the access through the window in a local (see ScopeEntry.root), the same. */
void scope_window(Build *b, MirLocalId window, TastLocalId root);
/* Code of leaving the scopes above the mark, which stay open for the other paths. */
void scope_exit_to(Build *b, ScopeMark mark, bool on_error);
/* Forgets them without code: their exit code has been emitted on each path. */
void scope_forget(Build *b, ScopeMark mark);
/* Exchanges the two newest entries: the older one's end may panic and unwind to the newer. */
void scope_sink(Build *b);
/* Cleanup block for a panic here, IR_NONE if there is nothing to clean up. */
MirBbId scope_unwind(Build *b);

/* ---- Places of expressions: place.c ---- */

typedef enum Access { ACCESS_READ, ACCESS_WRITE } Access;

bool expr_is_place(const TastExpr *e);
/*
 * The place of an expression, its operands evaluated; a value goes to a temporary.  Nothing has been
 * checked yet: place_open must come before the use.
 */
MirPlace *lower_place(Build *b, const TastExpr *e);
/*
 * Bounds of every Index on the way; for writing also Unique of every Box and Vec on the way, outermost
 * first.  What lies before a Ref or a cell needs none.
 */
void place_open(Build *b, const MirPlace *p, Access access);
/* The same with panics at `span`, which is that of the place's expression. */
void place_open_at(Build *b, const MirPlace *p, Access access, Span span);
/* The same where bounds are known to hold: patterns. */
void place_unique(Build *b, const MirPlace *p);
/* Whether the place is behind a Ref or a cell, where a callee might change it. */
bool place_is_indirect(Build *b, const MirPlace *p);

/* ---- Values of expressions: expr.c ---- */

/* Evaluates; the value (owned) goes to `dest`, or is dropped if `dest` is NULL. */
void lower_into(Build *b, const TastExpr *e, const MirPlace *dest);
/*
 * Evaluates; the operand gives an owned value to the next instruction: a constant, Copy of a place,
 * Move of a temporary.  With more than one expression use lower_operands, which sees to it that a
 * later one does not change what an earlier one read.
 */
MirOperand *lower_operand(Build *b, const TastExpr *e);
/* Evaluates; the operand looks at the value: constant, Copy of a plain type, or Borrow. */
MirOperand *lower_borrow(Build *b, const TastExpr *e);
/* Evaluates to a readable place: the expression's own (opened for reading) or a temporary. */
MirPlace *lower_readable(Build *b, const TastExpr *e);
/*
 * The same for a value that is taken apart with parts handed over: a temporary, or a variable's value,
 * which goes with its last use.  `*rest` is to be dropped when the parts have their new owners; NULL: not.
 */
MirPlace *lower_apart(Build *b, const TastExpr *e, MirPlace **rest);
/* Several, left to right, each as it was when its turn came; borrow[i] as lower_borrow (NULL: all). */
MirOperandList lower_operands(Build *b, const TastExprList *es, const bool *borrow);
/* Branches on a bool with && || ! and `let` in it; bindings go to the current scope. */
void lower_cond(Build *b, const TastExpr *e, MirBbId then, MirBbId otherwise);
/* `place = value` for an owned operand: drops the old value first.  The place is open for writing. */
void lower_store(Build *b, const MirPlace *p, MirOperand *value);
/* The closure value that stands for a function. */
void lower_fn_value(Build *b, const Resolved *r, Ty fn_type, const MirPlace *dest);
/* Call of a resolved function with operands already evaluated: owned ones for Own parameters,
 * borrowed or plain ones for the others (see param_mode); intrinsics too. */
void lower_call_resolved(Build *b, const Resolved *r, MirOperandList args, const MirPlace *dest);
/* How an item takes parameter i: Own for `mutable` counted ones, and for those taken by value whose
 * end can be noticed: they are handed over.  Structural functions borrow all. */
MirMode param_mode(Lower *lo, const Resolved *r, uint32_t i);

/* ---- match.c, pattern.c ---- */

/* The match expression; the value goes to `dest` (NULL: discarded). */
void lower_match(Build *b, const TastExpr *e, const MirPlace *dest);
/* Declares all variables of the pattern in the current scope. */
void pattern_declare(Build *b, const TastPat *pat);
/* What the pattern is about: the place, or behind the references in it. */
const MirPlace *pattern_target(Build *b, const TastPat *pat, const MirPlace *place);
/* Tests the value at the (readable) place; goes on in the current block if it matches, else to `fail`. */
void pattern_test(Build *b, const TastPat *pat, const MirPlace *place, MirBbId fail);
/*
 * Gives the (declared) variables their values; the pattern is known to match.  An Or tests again to
 * find the alternative.  by_ref: place_unique first, then Addr.
 */
void pattern_bind(Build *b, const TastPat *pat, const MirPlace *place);
/*
 * Does it bind, by value, something whose end can be noticed?  Then a value that nobody else has is
 * taken apart: its parts are handed over to the variables.
 */
bool pattern_hands_over(Build *b, const TastPat *pat);
/* Whether every value of the type matches. */
bool pattern_is_irrefutable(Lower *lo, const TastPat *pat);
/* Whether some variable of the pattern is by_ref: the scrutinee must be a place open for writing. */
bool pattern_binds_by_ref(const TastPat *pat);

/* ---- structural.c ---- */

/*
 * The required methods of the structural traits, synthesised for a type without impl:
 * PartialEq::eq, PartialOrd::partial_cmp, Ord::cmp, Hash::hash, Clone::clone, Debug::fmt,
 * Display::fmt, Default::default.  Parameters are borrowed; results as in the trait.
 * `args` are those of the method: the type first, for Hash::hash then the hasher's.
 * The operators Add … Shr, Neg, Not of primitive types too, should std have no impl for them.
 */
MirFnId structural_fn(Lower *lo, const char *trait_lang, const char *method, const IrU32List *args);
/* Comparison of two borrowed values of a type that is not scalar (String included) into a bool. */
void lower_compare(Build *b, TastBinaryOp op, Ty type, MirOperand *left, MirOperand *right,
    const MirPlace *dest);

/* ---- structural_copy.c ---- */

/* As a value of its own, or what `clone()` gives of a type without an impl. */
typedef enum CopyHow { COPY_OWN, COPY_CLONE } CopyHow;
/* Is there something in such a value that another reference to it would share, and must not? */
bool copy_is_deep(Lower *lo, Ty t, CopyHow how);
/* The copy of the (readable) place into dest, of a type for which it is deep. */
void emit_own(Build *b, Ty t, CopyHow how, const MirPlace *from, const MirPlace *dest);

/* ---- format.c ---- */

void lower_format(Build *b, const TastExpr *e, const MirPlace *dest);
/* A String that shows the value (borrowed) by Display, into dest. */
void lower_display(Build *b, Ty type, MirOperand *value, const MirPlace *dest);

/* ---- intrinsic.c ---- */

/*
 * Code of the primitive `fn->intrinsic` with its type arguments.  The operands are in parameter order:
 * `&mut` ones as Ref operands, the rest as param_mode says.  dest NULL: the result is discarded.
 */
void lower_intrinsic(Build *b, const TastFn *fn, const IrU32List *args, MirOperandList operands,
    const MirPlace *dest);

#endif
