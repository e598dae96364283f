/* Switching between goroutines.  See sched.h. */
#include "librt/sched/sched.h"
#include "librt/alloc/arena.h"
#include "librt/rc/rc.h"
#include "librt/sched/context.h"
#include "librt/sched/stack.h"
#include "librt/sched/worker.h"

/* On the new stack: g has just been continued, or begun. */
static void
landed(G *g)
{
	Worker *w = g->worker;
	AfterSwitch *after = w->after;

	w->after = NULL;
	if (after)
		after(g, w->after_arg);
	/* Not while the next goroutine is chosen: then the one that leaves may hold a lock. */
	if (__builtin_expect(w->tick % FAIR_TICKS == 0, 0))
		gos_in_timers_run(w, false);
}

static void
switch_to(G *from, G *to, bool last)
{
	Worker *w = from->worker;

	to->worker = w;
	gos_in_arena_set(to, to->arena);
	to->state = G_RUNNING;
	gos_in_context_switch(from, to, last);
	landed(from);
}

void
gos_in_entered(G *g)
{
	gos_in_context_entered(g);
	landed(g);
}

void
gos_in_run(G *self, G *g)
{
	switch_to(self, g, false);
}

/* Leaves g for the next goroutine, or for the worker's own stack, which finds one. */
static void
leave(G *g, AfterSwitch *after, void *arg, bool last)
{
	Worker *w = g->worker;
	G *to = gos_in_queue_take(w);

	w->after = after;
	w->after_arg = arg;
	switch_to(g, to ? to : &w->self, last);
}

void
gos_in_park(G *g, const char *why, const GosPlace *at, AfterSwitch *after, void *arg)
{
	g->state = G_PARKED;
	g->waits_for = why;
	g->waits_at = at;
	leave(g, after, arg, false);
}

void
gos_in_tidy_up(G *g)
{
	while (g->later.len > 0)
		gos_rt_yield(g);
}

void
gos_in_ready(G *g, G *other)
{
	Worker *w = g->worker;

	other->state = G_RUNNABLE;
	gos_in_queue_put_next(w, other);
	gos_in_wake_one(w);
}

static void
after_leave(G *now, void *arg)
{
	G *dead = arg;

	gos_in_context_close(dead);
	gos_in_stack_free(now->worker, dead);
}

void
gos_in_leave(G *g)
{
	leave(g, after_leave, g, true);
	__builtin_unreachable();
}

static void
after_yield(G *now, void *arg)
{
	G *g = arg;

	gos_in_queue_put(now->worker, g);
}

void
gos_rt_yield(G *g)
{
	if (g->later.len > 0)
		gos_in_drop_some(g);
	Worker *w = g->worker;
	G *to = gos_in_queue_take(w);

	if (!to)
		to = gos_in_queue_take_overflow(w);
	if (!to) {
		gos_in_timers_run(w, true);
		to = gos_in_queue_take(w);
	}
	if (!to)
		return;
	g->state = G_RUNNABLE;
	w->after = after_yield;
	w->after_arg = g;
	switch_to(g, to, false);
}
