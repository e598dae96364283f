/*
 * Constants of traits as lengths and as constant arguments: `[i64; T::N]`, `Ring<T::N>`.
 *
 * Such a constant is an associated type of its trait without a name, beside those of anon.h: for each impl it is a
 * Const, or what the impl's parameters say.  Impls are asked only if something names the constant in a type.
 */
#ifndef GOS_CHECK_CONST_ASSOC_H
#define GOS_CHECK_CONST_ASSOC_H

#include "gos-check/type.h"

/* Is the trait's constant one that may stand in types? */
bool const_assoc_possible(Check *c, TastFnId method);
/*
 * `T::N` where T is a type parameter or has some in it: a projection, and the type that the trait declares for its
 * values; IR_NONE, in silence, for anything else.
 */
TypeId const_assoc(Check *c, Scope s, const AstExpr *e, TypeId *value_type);
/* The trait's constant, whose values have the type: where its type is written. */
const AstType *const_assoc_written(const Check *c, TypeId projection);
/* What the constant `of` is in the impl; TY_ERROR after reporting, IR_NONE before functions can be run. */
TypeId const_assoc_value(Check *c, ImplInfo *im, TastFnId of);
/* Finds those of the impl that something names; true if there were any. */
bool const_assoc_settle(Check *c, uint32_t impl);
/* The others are nothing. */
void const_assoc_close(Check *c);

#endif
