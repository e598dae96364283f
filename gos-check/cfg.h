/*
 * What `#[cfg(…)]` leaves out.
 */
#ifndef GOS_CHECK_CFG_H
#define GOS_CHECK_CFG_H

#include "gos-check/load.h"

/* Does a condition among the attributes fail? */
bool cfg_left_out(Check *c, const AstAttrList *attrs);
/* Removes statements, arms, fields, variants and members that are left out. */
void cfg_filter(Check *c, Unit *u);

#endif
