/* What keeps leaked objects alive.  See leaks.c. */
#ifndef GOS_RT_START_LEAKS_H
#define GOS_RT_START_LEAKS_H

#include "librt/sched/g.h"

/* Prints a line for each place where leaked Rcs were made.  `objects` are all that are alive, in any order;
 * they are sorted, and their counts are gone afterwards. */
void gos_in_leaks_explain(G *g, GosHeader **objects, uint64_t n);
/* The object dies. */
void gos_in_born_forget(const void *object);

#endif
