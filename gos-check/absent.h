/* Names of other languages' libraries that have no counterpart here. */
#ifndef GOS_CHECK_ABSENT_H
#define GOS_CHECK_ABSENT_H

#include "gos-check/check.h"

/* Says what there is instead of `name`; false if the name is none of those.  `inside_std`: it stands after `std::`. */
bool absent_report(Check *c, Sym name, Span span, bool inside_std);

#endif
