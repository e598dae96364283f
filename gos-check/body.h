/*
 * Function bodies: see also fx.h, which has what expression checking needs of them.
 */
#ifndef GOS_CHECK_BODY_H
#define GOS_CHECK_BODY_H

#include "gos-check/fx.h"

/* The function that top-level statements become; n > 0. */
TastFnId body_implicit_main(Check *c, AstStmt *const *stmts, uint32_t n);

#endif
