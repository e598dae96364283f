/*
 * Expressions: what each kind of syntax means.  Every function returns a node, a poisoned one
 * after an error, never NULL.  `hint` is the type that would be welcome, or IR_NONE; only
 * `expr_check` insists.
 */
#ifndef GOS_CHECK_EXPR_H
#define GOS_CHECK_EXPR_H

#include "gos-check/fx.h"

TastExpr *expr_infer(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *expr_check(Fx *fx, const AstExpr *e, TypeId want, Why why);
/* As a statement: the value does not matter, so branches may differ. */
TastExpr *expr_discard(Fx *fx, const AstExpr *e);
/* The value of `e` where `&mut` follows itself. */
TastExpr *expr_value(Fx *fx, const AstExpr *e, TypeId hint);
/* Does the node stand for a place in memory? */
bool expr_is_place(const TastExpr *e);
/* The expression without parentheses. */
const AstExpr *expr_bare(const AstExpr *e);

/* coerce.c */
TastExpr *coerce(Fx *fx, TastExpr *e, TypeId want, Why why);
/* Is it an array where a slice is wanted, which is a Vec here? */
bool coerce_is_view(Fx *fx, TypeId have, TypeId want);
void coerce_mismatch(Fx *fx, const TastExpr *e, TypeId want, Why why);
/* The common type of branches; `*join` starts as the hint or IR_NONE. */
TastExpr *coerce_join(Fx *fx, TastExpr *e, TypeId *join, Why why);

/* block.c */
TastExpr *block_infer(Fx *fx, const AstBlock *b, TypeId hint);
TastExpr *block_check(Fx *fx, const AstBlock *b, TypeId want, Why why);
/* Statements and value into an expression, as the body of a labelled block or the like. */
TastExpr *block_labelled(Fx *fx, const AstExpr *e, TypeId hint);

/* literal.c */
TastExpr *literal_int(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_float(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_negative(Fx *fx, const AstExpr *e, const AstExpr *number, TypeId hint);
TastExpr *literal_set(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_map(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_sequence(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_repeat(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_tuple(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_struct(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *literal_range(Fx *fx, const AstExpr *e, TypeId hint);
void literal_check_ranges(Fx *fx);
TypeId literal_suffix(Fx *fx, Sym suffix);

/* path.c */
typedef enum PathKind {
	PATH_ERROR, PATH_LOCAL, PATH_FN, PATH_METHOD, PATH_CTOR, PATH_CONST, PATH_PARAM, PATH_BOX,
} PathKind;
typedef struct PathValue {
	PathKind kind;
	uint32_t index;		/* local, function, constant */
	TastTraitId trait;	/* PATH_METHOD */
	uint32_t method;
	TypeId *args;		/* of the function's generics */
	uint32_t n_args;
	bool defaults;		/* of a method: where nothing settles an argument, its default does */
	TypeId type;		/* PATH_CTOR: the adt type; its fields may be open; PATH_PARAM: itself */
	uint32_t variant;
} PathValue;
PathValue path_value(Fx *fx, const AstPath *path);
PathValue path_qualified(Fx *fx, const AstExpr *e);
TastExpr *path_use(Fx *fx, PathValue v, Span span);
TastExpr *path_expr(Fx *fx, const AstPath *path, Span span);
/* The adt type and variant of a struct literal or a pattern; false after reporting. */
bool path_variant(Fx *fx, const AstPath *path, TypeId *type, uint32_t *variant);
/* The Fn of a function path. */
TastFnId path_fn(const Fx *fx, const PathValue *v);
TastFnRef *path_ref(Fx *fx, const PathValue *v);

/* call.c */
typedef struct Target {
	TastFnId fn;		/* IR_NONE: a value or a constructor */
	const TypeId *params;	/* types, receiver excluded */
	const Sym *names;	/* or NULL */
	uint32_t n;
	TypeId ret;
	const char *what;	/* for messages: the name of the called */
	uint32_t skip;		/* parameters of fn before params: the receiver */
	const TypeId *args;	/* of fn's generics */
	uint32_t n_args;
} Target;
TastExpr *call_check(Fx *fx, const AstExpr *e, TypeId hint);
/* What a call gives is likely to be what is wanted, which may settle open type arguments. */
void call_expect(Fx *fx, TypeId ret, TypeId hint);
/*
 * Checks written arguments against a target; `piped` (or NULL) is one more, the last, or where `_`
 * is.  Fills `out` in parameter order (target.n entries).  Statements that keep the written
 * order go to `before`.  False after reporting.
 */
bool call_args(Fx *fx, const Target *t, const AstArgList *args, TastExpr *piped, Span span,
    TypeId hint, TastExprList *receiver, TastExprList *out, TastStmtList *before);
TastExpr *call_path(Fx *fx, const AstPath *path, const AstArgList *args, TastExpr *piped, Span span,
    TypeId hint);
TastExpr *call_resolved(Fx *fx, PathValue v, Span name, const AstArgList *args, TastExpr *piped,
    Span span, TypeId hint);
TastExpr *call_value(Fx *fx, TastExpr *callee, const AstArgList *args, TastExpr *piped, Span span,
    TypeId hint);
/* Signature of a function with arguments put in. */
TypeId call_param_type(Fx *fx, TastFnId f, uint32_t i, const TypeId *args, uint32_t n, Span span);
TypeId call_ret_type(Fx *fx, TastFnId f, const TypeId *args, uint32_t n, Span span);

/* part.c */
/* The type of the sequence that `e` is, or holds a `&mut` to, if that is a part, whose length stays; IR_NONE. */
TypeId part_in(Fx *fx, const TastExpr *e);
/* Is it such a part itself, or a `&mut` to one? */
bool part_is(Fx *fx, const TastExpr *e);
/* Is it `&mut [T]`? */
bool part_is_spelled(const AstType *t);
/* A `&mut` to a path: what a Vec is spelled as, and a type parameter? */
bool part_whole_is_spelled(const AstType *t);
/* What of the type as it is written is such a type; NULL. */
const AstType *part_find_spelled(const AstType *t, bool is(const AstType *));
/* The variable is a `&mut [T]`. */
void part_note(Fx *fx, uint32_t local);
/* So are those of the pattern that get a part from `value` (or NULL). */
void part_bind(Fx *fx, const TastPat *p, const TastExpr *value);

/* length.c */
/* "an array" or "a slice". */
const char *length_kind(const Fx *fx, const TastExpr *part);
/* Is it an `impl … for [T]`, whose methods keep the length? */
bool length_is_impl_of_slice(const Check *c, uint32_t impl);
/* Reports a place that cannot be assigned: all of a part, or a `&mut Vec<T>` that would become a part. */
void length_check_assigned(Fx *fx, const TastExpr *place, const TastExpr *value);
/* Reports a method that may change the length of a part, its receiver; `v` tells which. */
void length_check_receiver(Fx *fx, const PathValue *v, const TastExpr *receiver, Span method);
/* Reports a part given as parameter `i` (self excluded) of a function that may change its length. */
void length_check_arg(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg);
/* Reports a part as the result of a function that gives a `&mut Vec<T>`. */
void length_check_result(Fx *fx, const TastExpr *value);
/* Reports a part that becomes a `dyn`. */
void length_check_dyn(Fx *fx, const TastExpr *value, TypeId dyn);

/* halves.c */
/* `let (a, b) = v.split_at_mut(i)`, as statements; or false, with *value if that is checked already. */
bool halves_let(Fx *fx, const AstStmt *s, TastStmtList *out, TastExpr **value);
/* The value of a `let` that may fail, with *pat for it if it is split_first_mut or split_last_mut. */
TastExpr *halves_value(Fx *fx, const AstExpr *e, AstPat **pat);

/* callable.c */
/* The `Fn(…)` that parameter `i` of a function (self excluded) is declared as; NULL: it is something else. */
const AstType *callable_spelled(const AstFn *fn, uint32_t i);
void callable_note(Fx *fx, uint32_t local, Callable known);
/* Reports a function given as parameter `i` that may change the length of what it gets there as a `&mut [T]`. */
void callable_check_arg(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg);
/* Reports a closure's parameter spelled `&mut Vec<T>` that gets a `&mut [T]`, as `wanted` says. */
void callable_check_param(Fx *fx, const AstType *given, const AstType *wanted);
/* The call, which fails if what is called changes the length of a part; or what is known to do so is reported. */
TastExpr *callable_guard(Fx *fx, TastExpr *call);

/* method.c */
TastExpr *method_check(Fx *fx, const AstExpr *e, TastExpr *piped, TypeId hint);
/* The same with the receiver checked already. */
TastExpr *method_on(Fx *fx, TastExpr *receiver, const AstExpr *e, TastExpr *piped, TypeId hint);
/* method_report.c: the receiver, of type `self`, has no such method. */
void method_report_unknown(Fx *fx, TastExpr *receiver, TypeId self, const AstExpr *e);
/* `receiver.name()` of a known trait, as in desugaring: `into_iter`.  `arg` may be NULL. */
TastExpr *method_call_lang(Fx *fx, TastExpr *receiver, LangTrait trait, uint32_t method, TastExpr *arg,
    Span span);
/*
 * What goes on with the iterator behind a `&mut`, for what takes one by value: `it.take(2)` is `it.by_ref().take(2)`.
 * `e` itself if it is no `&mut` of an iterator.
 */
TastExpr *method_by_ref(Fx *fx, TastExpr *e);
/* The receiver of a `&mut self` method. */
TastExpr *method_ref_mut(Fx *fx, TastExpr *receiver, TastStmtList *before);

/* place.c */
TastExpr *place_field(Fx *fx, const AstExpr *e);
TastExpr *place_index(Fx *fx, const AstExpr *e);
TastExpr *place_assign(Fx *fx, const AstExpr *e);
TastExpr *place_assign_par(Fx *fx, const AstExpr *e);
TastExpr *place_ref(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *place_deref(Fx *fx, const AstExpr *e, TypeId hint);
/* All of an array as a `vec`, a Vec of its elements. */
TastExpr *place_view(Fx *fx, TastExpr *array, TypeId vec);
/* A field of a value by name; NULL, in silence, if it has none. */
TastExpr *place_field_named(Fx *fx, TastExpr *operand, Sym name, Span span);

/* control.c */
TastExpr *control_if(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *control_let(Fx *fx, const AstExpr *e);
TastExpr *control_match(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *control_matches(Fx *fx, const AstExpr *e);
TastExpr *control_condition(Fx *fx, const AstExpr *e);
TastExpr *control_return(Fx *fx, const AstExpr *e);
TastExpr *control_try(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *control_try_value(Fx *fx, TastExpr *operand, Span span);
/* Converts the errors of `?` that have become known; with `last` the others are the function's own. */
void control_retry_tries(Fx *fx, bool last);

/* loop.c */
TastExpr *loop_loop(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *loop_while(Fx *fx, const AstExpr *e);
TastExpr *loop_for(Fx *fx, const AstExpr *e);
/* The loop over what `chunks_mut` and the like give; NULL if it is another, with *iter if that was checked. */
TastExpr *loop_chunks(Fx *fx, const AstExpr *e, TastExpr **iter);
TastExpr *loop_break(Fx *fx, const AstExpr *e);
TastExpr *loop_continue(Fx *fx, const AstExpr *e);

/* closure.c */
TastExpr *closure_check(Fx *fx, const AstExpr *e, TypeId hint);
TastExpr *closure_go(Fx *fx, const AstExpr *e);

/* format.c */
TastExpr *format_template(Fx *fx, const AstExpr *e, TastExpr *piped);
TastExpr *format_macro(Fx *fx, const AstExpr *e, TastExpr *piped, TypeId hint);
/* include_str!, include_bytes! and env!: include.c. */
TastExpr *include_macro(Fx *fx, const AstExpr *e, const TastExpr *piped, TypeId hint);
TastExpr *format_interp(Fx *fx, const AstExpr *e);
/* A panic with a fixed text. */
TastExpr *format_panic(Fx *fx, Span span, const char *text);

/* pipe.c */
TastExpr *pipe_check(Fx *fx, const AstExpr *e, TypeId hint);

/* pattern.c */
/* Checks a pattern against a type and brings its bindings into scope. */
TastPat *pattern_check(Fx *fx, const AstPat *p, TypeId type);

#endif
