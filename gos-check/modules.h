/*
 * Packages, and the modules that their files are.
 */
#ifndef GOS_CHECK_MODULES_H
#define GOS_CHECK_MODULES_H

#include "gos-check/load.h"

/* A package with an empty root; the modules made next under no parent belong to it. */
uint32_t modules_package(Check *c, Sym id, Sym name, bool is_own);
/* Declares every item of the program's packages; sets c->root. */
void modules_declare(Check *c, const Unit *u);
/* The statements at the top of the program's file, in order. */
void modules_statements(const Check *c, const Unit *u, AstStmt *const **stmts, uint32_t *n);
/* `mod a` without a body, in module m. */
void modules_attach(Check *c, ModuleId m, const AstItem *item);
/* The module that an inline `mod a { … }` adds to, if it is there already and may be added to; else IR_NONE. */
ModuleId modules_reopen(Check *c, ModuleId m, const AstItem *item);

#endif
