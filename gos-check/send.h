/*
 * Which values may go to another goroutine.
 */
#ifndef GOS_CHECK_SEND_H
#define GOS_CHECK_SEND_H

#include "gos-check/fx.h"

/* Notes what calls, closures and `dyn`s of the function at hand have to do with it; types are solved. */
void send_note(Fx *fx);
/* The same of a call of `callee` with these type arguments. */
void send_note_call(Fx *fx, TastFnId callee, const IrU32List *args, Span span);
/* Reports what must not cross, after all bodies. */
void send_check(Check *c);

#endif
