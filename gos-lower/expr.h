/* The files that lower expressions, one function per kind, called by expr.c only unless noted. */
#ifndef GOS_LOWER_EXPR_H
#define GOS_LOWER_EXPR_H

#include "gos-lower/lower.h"

/* place.c: an integer value as 64-bit constant or temporary; also for lengths. */
MirOperand *lower_index(Build *b, const TastExpr *e);

/* expr.c: what a Copy or Borrow operand reads now, kept in a temporary. */
MirOperand *operand_snapshot(Build *b, MirOperand *op, bool borrow);

/* change.c */
/* Local at the root of a place expression; IR_NONE if it is none. */
TastLocalId expr_root(const TastExpr *e);
/* The expression that names it, or NULL. */
const TastExpr *expr_root_expr(const TastExpr *e);
/* Can evaluating `later` change what the place expression reads? */
bool expr_may_change(Build *b, const TastExpr *later, const TastExpr *place);
/* Is there nothing in the program that can change it once it is initialised? */
bool expr_is_constant_place(Build *b, const TastExpr *place);

/* data.c: literals of aggregates */
void lower_tuple(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_array(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_byte_str(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_repeat(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_struct(Build *b, const TastExpr *e, const MirPlace *dest);
/* The elements of an Array as a Vec. */
MirPlace *array_to_vec(Build *b, const MirPlace *array, MirTypeId vec_type);
/* The element type of the Vec in a place. */
MirTypeId vec_elem(Build *b, const MirPlace *vec);
void lower_str_index(Build *b, const TastExpr *e, const MirPlace *dest);
/* The variant index of a lang enum by name; broken if there is none. */
uint32_t variant_named(Lower *lo, Ty t, const char *name);

/* slice.c */
void lower_slice(Build *b, const TastExpr *e, const MirPlace *dest);
/*
 * `&mut v[a..b]`: a vector of its own whose elements are those of v, a Vec or an array.  Made with its operands
 * evaluated, opened when the reference is used: v is unique from then on.
 */
typedef struct Window {
	const TastExpr *e;
	MirPlace *seq, *range;
} Window;
bool is_window(Build *b, const TastExpr *e);
Window window_make(Build *b, const TastExpr *e);
MirPlace *window_open(Build *b, const Window *w);

/* arena.c */
void lower_arena(Build *b, const TastExpr *e, const MirPlace *dest);
/* Copies what the value refers to out of all arenas that the function is in here; nothing outside of them. */
void lower_promote(Build *b, const MirPlace *value, MirTypeId type);

/* The place as a value of its own, if that is more than a copy of what stands there; or NULL. */
MirOperand *lower_own(Build *b, const TastExpr *e);

/* arith.c */
void lower_unary(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_binary(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_addr_of(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_code(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_cast(Build *b, const TastExpr *e, const MirPlace *dest);
/* Arithmetic of two operands of a primitive type, checked where the language says so. */
void lower_arith(Build *b, TastBinaryOp op, Ty type, MirOperand *left, MirOperand *right,
    const MirPlace *dest);

/* assign.c */
void lower_assign(Build *b, const TastExpr *e);
void lower_assign_op(Build *b, const TastExpr *e);
void lower_assign_par(Build *b, const TastExpr *e);

/* call.c */
/* Concrete type of the result. */
Ty resolved_ret(Lower *lo, const Resolved *r);
void lower_call(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_call_value(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_ref_mut(Build *b, const TastExpr *e, const MirPlace *dest);

/* statics.c: a call of std::static_place, which is the address of a static. */
bool is_static_place(Build *b, const TastExpr *e);
void lower_static_place(Build *b, const TastExpr *e, const MirPlace *dest);

/* closure.c */
void lower_closure(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_fn_expr(Build *b, const TastExpr *e, const MirPlace *dest);
/* Struct type of a closure's environment: code pointer, then captures. */
MirTypeId closure_env_type(Build *b, const TastExpr *e);

/* dyn.c */
void lower_dyn(Build *b, const TastExpr *e, const MirPlace *dest);
/* The `&mut dyn` of this expression from the `&mut` that its operand is. */
MirOperand *dyn_lent(Build *b, const TastExpr *e, MirOperand *ref);

/* control.c */
void lower_block(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_if(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_let_value(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_break(Build *b, const TastExpr *e);
void lower_continue(Build *b, const TastExpr *e);
void lower_return(Build *b, const TastExpr *e);
/* Leaves the function with `_0` filled: errdefers run when it failed (known, or found out by its tag). */
typedef enum Leaving { LEAVING_FINE, LEAVING_FAILED, LEAVING_ASK } Leaving;
void lower_leave(Build *b, Leaving how);
/* In a scope of its own: temporaries go at the end. */
void lower_scoped(Build *b, const TastExpr *e, const MirPlace *dest);
/* session.c: statements about the variables of a session; false: it is none. */
bool session_let(Build *b, const TastStmt *s);
bool session_keep(Build *b, const TastExpr *e);

/* loop.c, for.c */
void lower_loop(Build *b, const TastExpr *e, const MirPlace *dest);
void lower_while(Build *b, const TastExpr *e);
void lower_for(Build *b, const TastExpr *e);
/* The body of a loop with its label; scopes above `mark` end at break and continue. */
void loop_target(Build *b, TastLabelId label, MirBbId on_break, MirBbId on_continue, ScopeMark mark,
    MirPlace *dest);

/* try.c */
void lower_try(Build *b, const TastExpr *e, const MirPlace *dest);

#endif
