/*
 * The handle of a goroutine: its result or its panic, and who waits for it.
 *
 * The goroutine holds one reference until just before it tells that it has ended, the program the others.
 * `state` changes once, under the lock, from RUNNING; from then on result and panic do not change.  A panic
 * whose handle goes without a join, or that is detached, ends the program.
 */
#ifndef GOS_RT_SCHED_JOIN_H
#define GOS_RT_SCHED_JOIN_H

#include "librt/panic/panic.h"
#include "librt/rc/handle.h"
#include "librt/sched/spin.h"
#include "librt/sched/wait.h"

typedef enum JoinState { JOIN_RUNNING, JOIN_RETURNED, JOIN_PANICKED } JoinState;

struct Join {
	Handle handle;
	SpinLock lock;  /* protects state until it is not RUNNING, detached and waits */
	uint8_t state;  /* JoinState */
	bool detached;
	bool joined;    /* somebody has seen how it ended */
	Wait *waits;
	Panic *panic;
	const GosPlace *spawned_at;
	const GosDesc *desc; /* of the result */
	uint64_t result[];
};

GOS_OWN Join *gos_in_join_new(G *g, const GosDesc *result, const GosPlace *at);
/* The goroutine has ended; its panic, if any, is in g->panic.  Releases the goroutine's reference. */
void gos_in_join_finish(G *g, GOS_OWN Join *j, bool panicked);

#endif
