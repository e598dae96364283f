/*
 * Constants: each is a function without parameters, and a literal where its value folds to one.
 */
#ifndef GOS_CHECK_CONST_H
#define GOS_CHECK_CONST_H

#include "gos-check/fx.h"

/* Checks the value of a constant, once; a broken one becomes poison. */
void const_check(Check *c, uint32_t k);
/* A use of it; `args` are for the generics of the impl it stands in. */
TastExpr *const_use(Fx *fx, uint32_t k, const TypeId *args, uint32_t n, Span span);
/* Is it the place that a static, or a constant with a list in it, has? */
bool const_is_place(const Check *c, const TastExpr *e);
/* The value of an expression that needs to be a constant of type t; NULL after reporting. */
TastExpr *const_value(Check *c, Scope s, AstExpr *e, TypeId t);
/* The pattern that exactly an evaluated value matches; NULL if there is none. */
TastPat *const_tree_pat(Check *c, const TastExpr *e, Span span);
/* After all checks: values take the place of what computes them. */
void const_put_values(Check *c);

#endif
