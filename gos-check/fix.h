/*
 * Edits that several messages offer.  Each function adds one fix to a diagnostic, or nothing where
 * the source does not look as it must; a NULL diagnostic is allowed.
 */
#ifndef GOS_CHECK_FIX_H
#define GOS_CHECK_FIX_H

#include "gos-check/check.h"
#include "gos-check/fix.h"

/* Insertions around a span. */
void fix_before(Diag *d, DiagSafety safety, Span at, const char *title, const char *text);
void fix_after(Diag *d, DiagSafety safety, Span at, const char *title, const char *text);
/* Removes an element of a list with one comma that separates it. */
void fix_remove_element(Check *c, Diag *d, Span element, const char *title);
/* Removes whole lines, when nothing else stands on them; otherwise the span alone. */
void fix_remove_lines(Check *c, Diag *d, Span at, const char *title);
/* Inserts before the bracket that closes `list`, `text` behind a comma if the list has entries. */
/* One more generic parameter. */
void fix_add_parameter(Check *c, Diag *d, const AstGenerics *generics, const char *name);
/* `Some(value)`, or another constructor around it. */
void fix_wrap(Check *c, Diag *d, Span value, const char *wrap);
void fix_append(Check *c, Diag *d, Span list, const char *title, const char *text);
/* Inserts behind the bracket that opens next after `name`. */
void fix_first(Check *c, Diag *d, Span name, const char *title, const char *text);
/* Removes the `&mut` that a type begins with. */
void fix_remove_ref(Check *c, Diag *d, Span type, const char *title);
/* The associated type with a similar name, of the bounds' traits. */
void fix_assoc(Check *c, Diag *d, Span span, Sym name, TastBound *const *bounds, uint32_t n);
/* Another name: the same with a 2. */
void fix_rename(Diag *d, Span name);
/* `: bound` at a type parameter of the item being checked; `+ bound` where there are bounds. */
void fix_add_bound(Check *c, Diag *d, TypeId param, const char *bound);
/* An expression of the type, to begin with: `0`, `""`, `None`; `todo!()` where nothing is usual. */
const char *fix_value_of(Check *c, TypeId t);
/* The span between the brackets that follow `callee` within `whole`: "(a, b)" with the brackets. */
Span fix_brackets(Check *c, Span whole, Span callee);

#endif
