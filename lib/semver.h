/* Versions of projects: 1.20.3, then -beta.1 and +build.7 if wanted (Semantic Versioning 2.0). */
#ifndef GOS_LIB_SEMVER_H
#define GOS_LIB_SEMVER_H

#include "lib/intern.h"

#include <stdbool.h>
#include <stdint.h>

bool semver_valid(Text version);

/* The rest is for valid ones. */

/* Below, equal to or above 0, as `a` comes before `b`; what follows a `+` does not count. */
int semver_compare(const char *a, const char *b);
uint32_t semver_major(const char *version);
/* Comes it before the release of its three numbers? */
bool semver_is_early(const char *version);

#endif
