/* The goroutine.  Everything here belongs to the goroutine itself while it runs, and to whoever
 * holds it (a queue, a wait list under its lock) while it does not. */
#ifndef GOS_RT_SCHED_G_H
#define GOS_RT_SCHED_G_H

#include "librt/gos_rt.h"

#include <stdbool.h>

typedef struct Heap Heap;
typedef struct Worker Worker;
typedef struct Arena Arena;
typedef struct Promotion Promotion;
typedef struct Cycles Cycles;
typedef struct Panic Panic;
typedef struct Join Join;

/* Objects whose turn comes later: what replaces recursion in drop and share. */
typedef struct Worklist {
	GosHeader **at;
	uint32_t depth; /* how many visits are on the C stack */
	bool in_order;  /* drop: one of a type with GOS_RUNS is on its way */
	uint64_t base;  /* drop: entries below are an outer drop's */
	uint64_t len, cap;
} Worklist;

typedef enum GState {
	G_FREE,    /* the slot is in a free list */
	G_RUNNABLE, /* in a queue */
	G_RUNNING, /* a worker's current goroutine */
	G_PARKED,  /* somebody will make it runnable, or nobody */
} GState;

struct G {
	uint64_t limit;   /* first: generated code compares the stack pointer with it */
	Heap *heap;       /* of the innermost arena, or of the worker that runs it; second: hot/ */
	Worker *worker;   /* likewise; read again after whatever may suspend */
	void *sp;         /* where it stands, while it does not run */
	G *next;          /* in a queue or free list */
	uint8_t state;    /* GState; others read it only when nothing runs */
	Arena *arena;     /* the innermost one that allocations go to, or NULL */
	Panic *panic;     /* the panic that is unwinding */
	Panic *caught;    /* the last one that catch stopped */
	bool drop_panicked; /* `panic` was raised by a Drop that the runtime called: drop_check goes on with it */
	Worklist drop, share;
	Promotion *promotion; /* the one that runs */
	Cycles *cycles;   /* cells that could be part of a cycle: rc/cycles.c */
	bool tells_edges; /* share tells a search for cycles what it meets, and changes nothing */
	Worklist later;   /* dead objects whose end nobody can notice: worked off in slices (rc/drop.c) */
	uint64_t base;    /* lowest address of the stack */
	uint64_t full_limit; /* limit before a stack overflow lowered it */

	/* What it runs: the handle outlives the goroutine. */
	Join *join;
	GosShim2 *shim;
	void *closure;
	const GosPlace *spawned_at;
	const char *waits_for; /* for reports, while parked */
	const GosPlace *waits_at;
	void *user;       /* of gos_rt_user */

	void *fiber;      /* the sanitizer's idea of this stack */
	const void *thread_stack; /* of a worker's own g, for ASan */
	size_t thread_stack_size;
};

_Static_assert(offsetof(G, limit) == 0 && offsetof(G, heap) == 8, "known to generated code");

#endif
