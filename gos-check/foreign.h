/*
 * Foreign code: what C defines and what C calls, which values go between, `unsafe`, raw pointers.
 */
#ifndef GOS_CHECK_FOREIGN_H
#define GOS_CHECK_FOREIGN_H

#include "gos-check/fx.h"

/* The functions of an `extern` block. */
void foreign_declare(Check *c, ModuleId m, const AstItem *item);
/* A declared function: if it is `extern "C"`, C may call it. */
void foreign_export(Check *c, TastFnId f);
/* A method: C cannot call it. */
void foreign_refuse_method(Check *c, TastFnId f);
/* After the types of its signature are known: can they cross? */
void foreign_check_signature(Check *c, TastFnId f);
/* Reports that `what` stands outside of `unsafe`, if it does. */
void foreign_need_unsafe(Fx *fx, Span span, const char *what);
/* The same for a call of f. */
void foreign_check_call(Fx *fx, TastFnId f, Span span);
/* Can functions of its kind be values?  Reports if not. */
bool foreign_check_value(Fx *fx, TastFnId f, Span span);
/* `*p` of a raw pointer. */
TastExpr *foreign_deref(Fx *fx, TastExpr *p, Span span);
/* Reports a place behind a `*const` that is about to be written. */
void foreign_check_write(Fx *fx, const TastExpr *place);
/* `&x as *const T`: the address of what is a place, or becomes one. */
TastExpr *foreign_address(Fx *fx, TastExpr *place, TypeId to, Span span);
/* A `&mut`, another pointer or an `extern "C" fn` where a raw pointer is wanted; NULL if it does not fit. */
TastExpr *foreign_coerce(Fx *fx, TastExpr *e, TypeId want);
/* Does `as` convert between them?  At least one is a raw pointer. */
bool foreign_cast_allowed(const Check *c, TypeId from, TypeId to);

#endif
