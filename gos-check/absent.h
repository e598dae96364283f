/* Names of other languages' libraries that have no counterpart here. */
#ifndef GOS_CHECK_ABSENT_H
#define GOS_CHECK_ABSENT_H

#include "gos-check/check.h"

/*
 * Says what there is instead of `name`; false if the name is none of those.  `module`: it was looked for in this one
 * of std; NULL: it stands alone.
 */
bool absent_report(Check *c, Sym name, Span span, const char *module);
/* The same for the first name of an import. */
bool absent_report_root(Check *c, Sym name, Span span);

#endif
