/*
 * Which bodies are checked: all of the user's, and of the standard library what they need.
 */
#ifndef GOS_CHECK_REACH_H
#define GOS_CHECK_REACH_H

#include "gos-check/check.h"

/* Checks bodies until no new one is needed; `all`: also what nobody needs. */
void reach_bodies(Check *c, bool all);

#endif
