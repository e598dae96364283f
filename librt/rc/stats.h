/*
 * Counts of what memory management does, in the library that `--stats` links: librt-stats.a is compiled
 * with GOS_COUNT, and rt-hot.bc is not inlined then.  In librt.a this is nothing at all.
 */
#ifndef GOS_RT_RC_STATS_H
#define GOS_RT_RC_STATS_H

#include <stdint.h>

#ifdef GOS_COUNT
typedef struct Stats {
	uint64_t retains, releases;	/* of objects, immortal ones too */
	uint64_t ends;			/* releases of the last reference */
	uint64_t atomics;		/* of these, on shared objects */
	uint64_t copies;		/* on write */
	uint64_t reused;		/* cells that became another */
} Stats;

extern Stats gos_in_stats;

#define COUNT(what) ((void)__atomic_fetch_add(&gos_in_stats.what, 1, __ATOMIC_RELAXED))
#else
#define COUNT(what) ((void)0)
#endif

#endif
