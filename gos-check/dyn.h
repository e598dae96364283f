/*
 * `dyn Trait`: which traits can be one, what each has, and how values become one.
 */
#ifndef GOS_CHECK_DYN_H
#define GOS_CHECK_DYN_H

#include "gos-check/fx.h"

/* The written type; TY_ERROR after reporting. */
TypeId dyn_lower(Check *c, const TypeCx *cx, const AstType *t);
/* The same for `Error`, the trait of errors where a type is wanted. */
TypeId dyn_of_trait(Check *c, const TypeCx *cx, const AstPath *path);
/* `dyn Error`; TY_ERROR where the library has none. */
TypeId dyn_error(Check *c);
/* Is it `dyn Error`? */
bool dyn_is_error(const Check *c, TypeId t);
/* Reports the traits of `dyn` types written so far that cannot be one.  Needs all signatures. */
void dyn_check_uses(Check *c);
/* What a `dyn` type has: bounds on it, its own trait first.  Valid as long as the program is. */
const TastBoundList *dyn_bounds(Check *c, TypeId dyn);
/* The list of associated types as ir-spec/tast.md wants it, for a type without variables. */
const IrU32List *dyn_assocs(Check *c, TypeId dyn);
/* A method that can be called through a table: see ir-spec/tast.md. */
bool dyn_has_slot(const Check *c, TastFnId f);
/* Reports a call of a method that a `dyn` receiver cannot have. */
bool dyn_can_call(Fx *fx, TypeId self, TastTraitId trait, uint32_t method, Span span);

/*
 * The value as the `dyn` (or the `&mut` as the `&mut dyn`) that is wanted; NULL if none is wanted
 * or the value is that already.
 */
TastExpr *dyn_coerce(Fx *fx, TastExpr *e, TypeId want, Why why);

#endif
