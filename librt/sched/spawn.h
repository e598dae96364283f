/* Starting goroutines. */
#ifndef GOS_RT_SCHED_SPAWN_H
#define GOS_RT_SCHED_SPAWN_H

#include "librt/sched/worker.h"

typedef GosBool GosEntry(G *g, int32_t *status);

/* Makes the main goroutine, runs it and all others on this worker, and returns what main left in
 * its status when the program is at rest. */
int gos_in_main_run(Worker *w, GosEntry *entry);

#endif
