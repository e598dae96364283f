/*
 * What a parked goroutine keeps on its stack: one Waiter, and a Wait for each thing that may wake
 * it, linked into that thing and protected by its lock.  Who wakes it must first win it; so of
 * several events that come at once (select, a deadline) exactly one does.  A Wait that is taken out
 * of its list is not touched again by the list's owner once the goroutine has been made ready.
 */
#ifndef GOS_RT_SCHED_WAIT_H
#define GOS_RT_SCHED_WAIT_H

#include "librt/sched/g.h"

typedef struct Wait Wait;

typedef struct Waiter {
	G *g;
	Wait *winner; /* NULL while parked */
} Waiter;

struct Wait {
	Waiter *waiter;
	Wait *next, **prev;
	int64_t index; /* which of several; a timer's place in the heap */
};

static inline bool
wait_win(Wait *w)
{
	Wait *none = NULL;

	return __atomic_compare_exchange_n(&w->waiter->winner, &none, w, false, __ATOMIC_ACQ_REL,
		__ATOMIC_RELAXED);
}

static inline void
wait_link(Wait **list, Wait *w)
{
	w->next = *list;
	w->prev = list;
	if (w->next)
		w->next->prev = &w->next;
	*list = w;
}

static inline void
wait_unlink(Wait *w)
{
	*w->prev = w->next;
	if (w->next)
		w->next->prev = w->prev;
}

#endif
