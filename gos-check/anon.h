/*
 * `impl Trait` in the result of a trait's method: an associated type of the trait without a name.  What it is
 * follows for each impl from the method that the impl gives, or from the body that the trait has for it.
 */
#ifndef GOS_CHECK_ANON_H
#define GOS_CHECK_ANON_H

#include "gos-check/type.h"

/* Does the type mention one that only a body tells? */
bool anon_in(const AstType *t);
/* After the associated types that are written: declares those of the methods. */
void anon_declare(Check *c, TastTraitId trait);
/* The first associated type of the trait that the method stands for. */
uint32_t anon_first(const Check *c, TastTraitId trait, TastFnId method);
/* The result type of a trait's method that has one. */
TypeId anon_result(Check *c, TastFnId method);
/* For `impl Trait` in there. */
TypeId anon_next(Check *c, const TypeCx *cx, const AstType *t);
/*
 * Associated type `index` of an impl; TY_ERROR after reporting.  Checks the body that tells it.  IR_NONE: a constant
 * that can be computed only once all signatures are known.
 */
TypeId anon_value(Check *c, uint32_t impl, uint32_t index);
/* Finds all of the program's own impls, and whether they are what the trait promises. */
void anon_finish(Check *c);

#endif
