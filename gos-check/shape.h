/* What a reader of `ast` may rely on (ir-spec/ast.md), checked: anybody can write a stream. */
#ifndef GOS_CHECK_SHAPE_H
#define GOS_CHECK_SHAPE_H

#include "gos-check/load.h"

/* Exits with EXIT_BROKEN_INPUT and one line if a tree of the unit is none that gos-parse writes. */
void shape_verify(const Check *c, const Unit *u);

#endif
