/*
 * The output: tables and functions as a `tast` stream.
 */
#ifndef GOS_CHECK_WRITE_H
#define GOS_CHECK_WRITE_H

#include "gos-check/check.h"
#include "gos-check/load.h"

/* Writes the whole program, which has no errors.  Type ids in the tables are renumbered. */
void write_program(Check *c, const Unit *user, const Unit *std, IrWriter *out);

#endif
