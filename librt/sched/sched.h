/*
 * Running, parking and waking goroutines.
 *
 * Invariants
 *   - A goroutine is in exactly one place: current on a worker, in a queue, or parked, when only
 *     what it waits for refers to it.
 *   - Its stack is left before anybody else may run it: what makes it findable (unlocking what it
 *     waits for, queueing it, freeing it) is done by `after`, on the stack that is entered next.
 *   - After a call that may suspend, g->worker and g->heap are others than before.  Nothing here is
 *     thread-local, and errno is not used across such a call.
 */
#ifndef GOS_RT_SCHED_SCHED_H
#define GOS_RT_SCHED_SCHED_H

#include "librt/sched/g.h"

typedef void AfterSwitch(G *now, void *arg);

/* Works off what g has put off (rc/drop.c), others running in between: before whatever may take long to come back. */
void gos_in_tidy_up(G *g);
/* Suspends g until gos_in_ready; `why` and `at` are for the deadlock report.  gos_in_tidy_up comes before. */
void gos_in_park(G *g, const char *why, const GosPlace *at, AfterSwitch *after, void *arg);
/* Makes a parked or new goroutine run soon, on the worker of g unless another one is free. */
void gos_in_ready(G *g, G *other);
/* Leaves g for good and frees its slot. */
_Noreturn void gos_in_leave(G *g);
/* Continues a goroutine on the worker whose own g calls this; returns when nothing is left to run. */
void gos_in_run(G *self, G *g);
/* First thing on a goroutine's stack. */
void gos_in_entered(G *g);

/* Around a system call that may wait: others may take the worker's queue. */
void gos_in_block_begin(G *g);
void gos_in_block_end(G *g);

#endif
