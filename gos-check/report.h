/*
 * Messages that several passes share: what is not supported yet, habits from other languages.
 */
#ifndef GOS_CHECK_REPORT_H
#define GOS_CHECK_REPORT_H

#include "gos-check/check.h"
#include "lib/suggest.h"

/* Help, and where the item at `name` begins its line a fix: write `pub`. */
void report_add_pub(Check *c, Diag *d, Span name);
/* "… is not supported yet". */
void report_unsupported(Check *c, Span span, const char *what);
/* True, after reporting, if the name belongs to the language but not to this toolchain yet. */
bool report_unsupported_name(Check *c, Sym name, Span span);
/* The same for a name inside a module of std. */
bool report_unsupported_std(Check *c, Sym name, Span span);
/* True, after reporting, if the name is a habit from another language (`nil`, `string`). */
bool report_habit(Check *c, Sym name, Span span, NameSpace ns);
/* Offers the local variables in scope of the function being checked. */
void report_offer_locals(const Check *c, Suggest *best);
/* "a", "an" and the type: "an i64". */
const char *report_a_type(Check *c, TypeId t);
/* The same for labels: "an `i64`". */
const char *report_quoted(Check *c, TypeId t);
/* "1 argument", "3 arguments". */
const char *report_count(Check *c, uint32_t n, const char *noun);

#endif
