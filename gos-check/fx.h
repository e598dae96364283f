/*
 * The function being checked: its scopes, its open questions, and the tree it becomes.
 *
 * Nodes are built at once with types that may hold variables; they are noted, and `fx_finish`
 * (finish.c) puts the solved types in.  What cannot be decided yet is kept as an obligation (a
 * trait must hold), a projection (a variable is an associated type) or a delayed operation.
 */
#ifndef GOS_CHECK_FX_H
#define GOS_CHECK_FX_H

#include "gos-check/check.h"
#include "gos-check/infer.h"
#include "gos-check/names.h"
#include "gos-check/type.h"

/* Why a value must have a type, for the message if it does not. */
typedef enum WhyKind {
	WHY_NONE,
	WHY_LET,	/* name: the variable; span: its annotation */
	WHY_PARAM,	/* name: the parameter; span: of it; fn: what is called */
	WHY_RETURN,	/* span: the written result type; name: the function */
	WHY_FIELD,	/* name: the field */
	WHY_CONDITION,
	WHY_BRANCH,	/* span: the other branch */
	WHY_ELEMENT,	/* span: an earlier element */
	WHY_ASSIGN,	/* span: the place */
	WHY_OPERAND,	/* span: the other operand; name: the operator */
	WHY_CONST,	/* name: the constant; span: its type */
	WHY_BREAK,
	WHY_LOOP,
	WHY_CAST,
} WhyKind;

typedef struct Why {
	WhyKind kind;
	Sym name;
	Span span;
	TastFnId fn;
} Why;

#define NO_WHY ((Why){WHY_NONE, 0, {0, 0}, IR_NONE})

typedef struct Obligation {
	TastTraitId trait;
	IrU32List args;
	TypeId value;		/* IR_NONE, or: associated type `index` of it is this */
	uint32_t index;
	Span span;
	TastFnId fn;		/* whose bound it is, or IR_NONE */
	bool done;
} Obligation;

/* An expression whose meaning waits for a type: `a + b` with unknown a. */
typedef struct Delayed {
	TastExpr *node;
	const AstExpr *ast;
	bool done;
} Delayed;

/* A `?` whose error is an associated type that is not known yet. */
typedef struct OpenTry {
	TastExpr *node;
	TypeId from, to;
} OpenTry;

/* A binding in scope. */
typedef struct Binding {
	Sym name;
	uint32_t local;		/* IR_NONE: poison */
	uint32_t hidden;	/* what it hides: index + 1 of a binding, or 0 */
} Binding;

typedef struct LoopCx {
	Sym label;
	uint32_t id;
	bool is_loop;		/* `loop`, or a labelled block: break may have a value */
	bool is_block;		/* a labelled block: `continue` and plain `break` pass it by */
	bool used;
	TypeId type;		/* of the values of `break` */
	bool any_break;
	uint32_t closure;	/* depth of closures around it */
	Span first_break;
} LoopCx;

typedef struct ClosureCx {
	IrU32List captures;
	TypeId ret;
	Why why;
	bool spawned;		/* crosses into a goroutine */
	uint32_t first_local;
} ClosureCx;

typedef struct Literal {
	TastExpr *node;
	Span span;
	bool negative;
} Literal;

/* What the stages after this one can do. */
enum { MAX_DEFERS = 4 };

/* An `impl Trait` in the result: what the body gives has these bounds. */
typedef struct Opaque {
	TypeId type;
	const AstBoundList *bounds;
	Span span;
} Opaque;

/* What spells the types of a function's parameters, as far as that is known; NULL: unknown. */
typedef struct Callable {
	const AstClosureParamList *closure;	/* its own, or */
	const AstType *fn;			/* of the `Fn(…)` that it is declared as */
} Callable;

typedef struct Fx Fx;
struct Fx {
	Check *c;
	Infer infer;
	TastFn *fn;
	TastFnId id;
	FnInfo *info;
	Generics *generics;
	ModuleId module;
	TypeId ret;
	Why ret_why;
	VEC(Opaque) opaques;

	VEC(Binding) bindings;
	Map heads;			/* name to index + 1 of its innermost binding */
	VEC(uint32_t) depth;		/* by local: closures around its declaration */
	VEC(LoopCx) loops;
	VEC(ClosureCx) closures;
	uint32_t labels;
	uint32_t defers;		/* around this place */
	uint32_t unsafes;		/* the same */
	uint32_t errors;		/* reported before this body */
	bool poisoned;			/* something in it is wrong, here or where it was declared */
	Map parts;			/* locals that are or hold a `&mut` to a part of a sequence: its type */
	Map callables;			/* locals that are functions: index + 1 of what spells their parameters */
	VEC(Callable) spellings;
	bool spawning;			/* the next closure is the argument of spawn or go */
	const AstType *closure_spelled;	/* `Fn(…)` as the parameter that the next closure is for spells it, or NULL */
	TastExpr *piped;		/* stands for `_` in a piped call */

	VEC(TypeId *) open_types;	/* places of types that may hold variables */
	VEC(IrU32List *) open_lists;
	VEC(TastExpr *) calls;		/* closures and `dyn`s too */
	VEC(Obligation) obligations;
	VEC(Delayed) delayed;
	VEC(Delayed) casts;
	VEC(OpenTry) tries;
	VEC(Literal) literals;
	VEC(TastExpr *) comptimes;
	VEC(TypeId) or_unit;		/* what nothing may ask for: the value of `Err(e)?` */
	VEC(TastPat *) patterns;
	VEC(TastPat *) int_pats;	/* to be cut to the width of their types */
	uint64_t tried;			/* infer.version when obligations were last tried */
};

/* ---- Nodes (fx.c) ---- */

TastExpr *fx_expr(Fx *fx, TastExprKind kind, Span span, TypeId type);
TastPat *fx_pat(Fx *fx, TastPatKind kind, Span span, TypeId type);
TastExpr *fx_error(Fx *fx, Span span);
TastExpr *fx_unit(Fx *fx, Span span);
TastExpr *fx_int(Fx *fx, Span span, TypeId type, IrU128 value);
TastExpr *fx_str(Fx *fx, Span span, const char *text);
TastExpr *fx_use(Fx *fx, Span span, uint32_t local);	/* notes captures */
TastExpr *fx_deref(Fx *fx, TastExpr *e);
/* What `*` leads to from an Rc, a guard or a cell of std, as a place; NULL for other types. */
TastExpr *fx_follow(Fx *fx, TastExpr *e);
TastExpr *fx_ref_mut(Fx *fx, TastExpr *place, Span span);
TastExpr *fx_block(Fx *fx, Span span, TastStmtList stmts, TastExpr *value);
/* Its lets and their temporaries are part of the statement around it. */
TastExpr *fx_open_block(Fx *fx, Span span, TastStmtList stmts, TastExpr *value);
TastStmt *fx_let(Fx *fx, uint32_t local, TastExpr *value);
TastStmt *fx_stmt(Fx *fx, TastExpr *e);
TastFnRef *fx_ref_item(Fx *fx, TastFnId f, const TypeId *args, uint32_t n);
TastFnRef *fx_ref_method(Fx *fx, TastTraitId t, uint32_t method, const TypeId *args, uint32_t n);
TastExpr *fx_call(Fx *fx, Span span, TypeId type, TastFnRef *f, TastExprList args);
/* `lang` adt with type arguments. */
TypeId fx_lang(Fx *fx, LangAdt which, const TypeId *args, uint32_t n, Span span);

/* ---- Types ---- */

TypeId fx_var(Fx *fx, Span span);
/* Arguments `from` and on: fresh, or with `defaults` those that the declaration gives for lack of others. */
void fx_fresh_args(Fx *fx, const Generics *g, uint32_t from, TypeId *args, Span span, bool defaults);
/* Those that are open get what the declaration gives for lack of others. */
void fx_default_args(Fx *fx, const Generics *g, TypeId *args, Span span);
/* Nothing is wrong in this body so far: then what stays open is worth a report. */
bool fx_is_sound(const Fx *fx);
/* The type as far as it is known, after trying what is open if it is not. */
TypeId fx_known(Fx *fx, TypeId t);
/* Type of an expression with an outer `&mut` left out. */
TypeId fx_value_type(Fx *fx, const TastExpr *e);
TypeCx fx_cx(Fx *fx);
Scope fx_scope(const Fx *fx);
TypeId fx_lower(Fx *fx, const AstType *t);
/* Note a place whose type may hold variables. */
void fx_open(Fx *fx, TypeId *at);

/* ---- Scopes ---- */

uint32_t fx_local(Fx *fx, Sym name, Span span, TypeId type, bool mutable);
void fx_bind(Fx *fx, Sym name, uint32_t local);
uint32_t fx_scope_enter(Fx *fx);
void fx_scope_leave(Fx *fx, uint32_t mark);
/* False if there is no such variable; *local is IR_NONE for a poisoned one. */
bool fx_find(const Fx *fx, Sym name, uint32_t *local);
/* A call of Index::index that `x[i]` stands for. */
bool fx_is_overloaded_index(const Fx *fx, const TastExpr *e);
/* A place will be changed: makes captured variables shared, overloaded indexing IndexMut. */
void fx_mutate(Fx *fx, TastExpr *place);

/* ---- Obligations (oblige.c) ---- */

/* `args[0]: trait<…>` must hold. */
void fx_require(Fx *fx, TastTraitId trait, const TypeId *args, uint32_t n, Span span, TastFnId fn);
/* Associated type `index` of it must be `value`. */
void fx_require_assoc(Fx *fx, TastTraitId trait, const TypeId *args, uint32_t n, uint32_t index,
    TypeId value, Span span);
/* All declared bounds of `g` with `args` put in. */
void fx_require_bounds(Fx *fx, const TastBoundList *bounds, const TypeId *args, uint32_t n, Span span,
    TastFnId fn);
/* Tries what is open; true if something was solved. */
bool fx_solve(Fx *fx);
/* After the body: defaults, the rest of the obligations, messages for what stays open. */
void fx_solve_all(Fx *fx);

/* ---- Bodies ---- */

/* body.c: checks the body of a function, puts it into its TastFn. */
void body_check(Check *c, TastFnId f);
/* The type of a function's result, after checking its body if it is `impl Trait`. */
void body_opaque(Check *c, TastFnId f);
/* The type of what the body gives that a trait has for a method with `impl Trait`: FnInfo.own_ret. */
void body_opaque_own(Check *c, TastFnId f);
/* The function that computes the default of parameter i (of the written ones). */
TastFnId body_default(Check *c, TastFnId f, uint32_t i);
/* finish.c */
void fx_finish(Fx *fx);

/* Makes `f` a function to be checked and written. */
void fx_reach(Check *c, TastFnId f);

#endif
