/* Reclaiming cycles of Rcs that nothing refers to any more. */
#ifndef GOS_RT_RC_CYCLES_H
#define GOS_RT_RC_CYCLES_H

#include "librt/sched/g.h"

/* How many cells were reclaimed, by all goroutines. */
extern uint64_t gos_in_cycles_reclaimed;

/* A cell of a type with GOS_CYCLIC was made, and is not filled yet: it is remembered until it dies.  May
 * work off a slice of a search before.  Nothing in an arena, which takes its cycles with it. */
void gos_in_cycles_track(G *g, GosHeader *cell);
/* The cell has GOS_TRACKED, and dies or goes to other goroutines. */
void gos_in_cycles_forget(G *g, GosHeader *cell);
/* While a search looks through a cell: it holds one reference to the object. */
void gos_in_cycles_edge(G *g, GosHeader *o);
/* The goroutine ends, and with it every cycle that is left. */
void gos_in_cycles_end(G *g);
/* Of main, whose cycles the report of leaks is to tell: forgets what is known of them. */
void gos_in_cycles_free(G *g);

#endif
