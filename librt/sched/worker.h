/*
 * Workers: threads that run goroutines.
 *
 * Each has a queue: `next`, which a goroutine that was just woken or spawned takes, and a ring.  Only
 * the worker itself puts into them; others steal from the ring's head, and `next` when it has waited
 * for a while.  What does not fit goes to the overflow list.
 *
 * Sleeping and waking.  A worker without work spins for a short time (at most one does), then
 * sleeps.  Whoever makes a goroutine runnable wakes a worker if one sleeps and none spins.  No wake
 * is lost: the maker first queues, then looks for spinners and sleepers; a worker first says that it
 * does not spin but sleeps, then looks at all queues once more.  All four are sequentially consistent.
 *
 * When all workers sleep, no queue holds anything (only running workers fill them), so without a
 * timer the program has come to rest: the end, or a deadlock.
 */
#ifndef GOS_RT_SCHED_WORKER_H
#define GOS_RT_SCHED_WORKER_H

#include "librt/alloc/heap.h"
#include "librt/sched/sched.h"

/* Every so many switches a worker looks at the overflow list and the timers first. */
enum { RING_SIZE = 256, MAX_WORKERS = 256, FAIR_TICKS = 61 };

struct Worker {
	G self; /* the thread's own stack */
	Heap heap;

	G *next;
	uint32_t head; /* stealers and the worker advance it */
	uint32_t tail; /* the worker alone */
	G *ring[RING_SIZE];

	AfterSwitch *after;
	void *after_arg;

	Arena *spare_arenas; /* without objects, linked by `parent` */
	uint32_t n_spare_arenas;
	G *slots; /* free stacks */
	uint32_t n_slots;
	uint32_t tick, random, id;
	uint64_t n_spawned, n_finished;

	uint32_t woken; /* futex: 1 when somebody took it from the idle list */
	bool idle;      /* in that list */
	Worker *next_idle;
};

/* --- queue.c --------------------------------------------------------------------------------- */

/* Puts a goroutine first; what was first goes to the ring. */
void gos_in_queue_put_next(Worker *w, G *g);
void gos_in_queue_put(Worker *w, G *g);
/* The worker's own next, or NULL. */
G *gos_in_queue_take(Worker *w);
G *gos_in_queue_take_overflow(Worker *w);
/* Half of the victim's ring moves to w, one is the result. */
G *gos_in_queue_steal(Worker *w, Worker *victim);
/* Takes `g` if it is still the victim's next. */
bool gos_in_queue_steal_next(Worker *victim, G *g);
bool gos_in_queue_is_empty(const Worker *w);
bool gos_in_overflow_is_empty(void);

/* --- worker.c -------------------------------------------------------------------------------- */

/* The calling thread becomes worker 0.  Reads GOS_MAXPROCS. */
Worker *gos_in_workers_init(void);
/* Runs goroutines until the program is at rest and main has ended. */
void gos_in_worker_run(Worker *w);
void gos_in_wake_one(Worker *w);
/* A timer was set that is due before all others. */
void gos_in_wake_timekeeper(Worker *w);
/* main has returned: rest is the end, not a deadlock. */
void gos_in_workers_main_done(void);
uint32_t gos_in_workers_n(void);
Worker *gos_in_workers_get(uint32_t i);
/* All workers but one sleep, and have left their heaps alone since. */
bool gos_in_workers_alone(void);
/* Goroutines that have not ended; exact at rest, or when there is one worker. */
uint64_t gos_in_goroutines_alive(void);

/* --- timer.c --------------------------------------------------------------------------------- */

/* Makes ready whose time has come.  `takes_one`: the worker looks at its queue right after, so that
 * nobody else needs to be woken for the first. */
void gos_in_timers_run(Worker *w, bool takes_one);
/* Nanoseconds until the first is due (at least 0), or -1 without timers. */
int64_t gos_in_timers_wait(void);

/* --- report.c -------------------------------------------------------------------------------- */

/* Lists the goroutines that are parked, on standard error, after the headline. */
void gos_in_report_parked(G *g, const char *headline);

#endif
