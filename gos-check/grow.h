/*
 * Generic functions that would need infinitely many instances.
 */
#ifndef GOS_CHECK_GROW_H
#define GOS_CHECK_GROW_H

#include "gos-check/check.h"

/* Notes that `from` uses `callee` with these type arguments; they are solved. */
void grow_note(Check *c, TastFnId from, TastFnId callee, const IrU32List *args, Span span);
/* Reports functions that call themselves, perhaps through others, with ever larger types. */
void grow_check(Check *c);

#endif
