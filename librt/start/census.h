/*
 * What is still alive at exit.  GOS_RT_LEAKS=1, or a program marked GOS_PROGRAM_DEBUG, lists the
 * objects by type; GOS_RT_LEAKS=1 also makes the exit status STATUS_LEAK.  GOS_RT_STATS=1 prints
 * counts.  Exact when nothing else runs.
 */
#ifndef GOS_RT_START_CENSUS_H
#define GOS_RT_START_CENSUS_H

#include "librt/sched/g.h"

/* Shall leaks be reported? */
bool gos_in_leaks_wanted(void);

/* Reports what is asked for; the exit status, `status` unless leaks change it. */
int gos_in_census_at_exit(G *g, int status);

/* Objects alive, in all heaps; for tests. */
uint64_t gos_in_census_count(void);

#endif
