/*
 * Constant parameters of generic items: the types of their values, what is given for them, and lengths of
 * arrays, which may be such parameters.  A known value is a Const type, in two's complement and
 * sign-extended from the parameter's type to 64 bits.
 */
#ifndef GOS_CHECK_CONST_ARG_H
#define GOS_CHECK_CONST_ARG_H

#include "gos-check/type.h"

/* Can values of the type be those of a constant parameter? */
bool const_may_be_parameter(TypeId t);
/* Is it one of the type's values? */
bool const_fits(TypeId t, __int128 v);
/* The type of the values of parameter i; TY_ERROR after reporting, once. */
TypeId const_param_type(Check *c, Generics *g, uint32_t i);
/* That of the parameter with this index among the arguments, if it is known; IR_NONE if not. */
TypeId generics_value_type(const Generics *g, uint32_t index);
/* What is written for the constant parameter i of `g`: a Const, a Param or a variable; TY_ERROR after reporting. */
TypeId const_arg(Check *c, const TypeCx *cx, const Generics *g, uint32_t i, const AstGenericArg *a);
/* Its default for the arguments before it; IR_NONE: it has none. */
TypeId const_default(Check *c, const Generics *g, const GenericDecl *d, const TypeId *args, uint32_t n);
/* The length of an array as a type; TY_ERROR after reporting. */
TypeId const_length(Check *c, const TypeCx *cx, AstExpr *len);

#endif
