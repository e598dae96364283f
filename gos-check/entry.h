/*
 * Where the program starts.
 */
#ifndef GOS_CHECK_ENTRY_H
#define GOS_CHECK_ENTRY_H

#include "gos-check/check.h"

/* Finds `main`, or makes one of the top-level statements. */
void entry_find(Check *c, AstStmt *const *stmts, uint32_t n);
/* Its signature, once bodies are checked. */
void entry_check(Check *c);

#endif
