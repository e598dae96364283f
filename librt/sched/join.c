/* See join.h. */
#include "librt/sched/join.h"
#include "librt/alloc/heap.h"
#include "librt/io/output.h"
#include "librt/rc/builtin.h"
#include "librt/sched/sched.h"
#include "librt/str/str.h"

#include <string.h>

/* Nobody will learn of the panic. */
static void
lose_panic(G *g, const Join *j)
{
	gos_in_panic_report(g, j->panic, j->spawned_at);
	if (!(gos_in_program_flags() & GOS_PROGRAM_SESSION))
		gos_in_output_die(STATUS_PANIC);
}

static void
finalize(G *g, Handle *h)
{
	Join *j = (Join *)h;

	/* The goroutine has let go, but may not have left the lock yet. */
	spin_lock(&j->lock);
	spin_unlock(&j->lock);
	if (j->state == JOIN_PANICKED && !__atomic_load_n(&j->joined, __ATOMIC_RELAXED))
		lose_panic(g, j);
	if (j->state == JOIN_RETURNED && (j->desc->flags & GOS_COUNTED))
		j->desc->visit(g, j->result, j->desc, GOS_RELEASE);
	gos_in_panic_free(g, j->panic);
	block_free(g, &h->header);
}

static const HandleOps ops = {"JoinHandle", finalize};

Join *
gos_in_join_new(G *g, const GosDesc *result, const GosPlace *at)
{
	Join *j = object_alloc(g, sizeof *j + result->size, GOS_HANDLE);

	memset((char *)j + sizeof(GosHeader), 0, sizeof *j - sizeof(GosHeader));
	j->handle.header.rc = -2; /* the program's and the goroutine's */
	j->handle.ops = &ops;
	j->spawned_at = at;
	j->desc = result;
	return j;
}

static void
wake_all(G *g, Wait *w)
{
	while (w) {
		Wait *next = w->next;
		G *other = w->waiter->g;
		if (wait_win(w))
			gos_in_ready(g, other);
		w = next;
	}
}

/*
 * Under the lock, before the state changes.  Whoever learns that the goroutine has ended finds its reference gone: the result ends where
 * the program lets go of the handle, not whenever the goroutine comes to it.  False: it is the only one.
 */
static bool
let_go(Join *j)
{
	int32_t r = rc_load(&j->handle.header);

	while (r != -1)
		if (__atomic_compare_exchange_n(&j->handle.header.rc, &r, r + 1, false, __ATOMIC_ACQ_REL,
			__ATOMIC_RELAXED))
			return true;
	return false;
}

void
gos_in_join_finish(G *g, Join *j, bool panicked)
{
	if (panicked) {
		j->panic = gos_in_panic_take(g);
		if (string_is_heap(&j->panic->message))
			gos_rt_str_share(g, &j->panic->message);
	} else if (j->desc->flags & GOS_COUNTED) {
		j->desc->visit(g, j->result, j->desc, GOS_SHARE);
	}
	spin_lock(&j->lock);
	bool lost = panicked && j->detached;
	bool gone = !lost && let_go(j);
	__atomic_store_n(&j->state, panicked ? JOIN_PANICKED : JOIN_RETURNED, __ATOMIC_RELEASE);
	Wait *waits = j->waits;
	j->waits = NULL;
	spin_unlock(&j->lock);
	if (lost)
		lose_panic(g, j);
	wake_all(g, waits);
	if (!gone)
		object_release(g, j);
}

static void
after_join(G *now, void *arg)
{
	(void)now;
	spin_unlock(arg);
}

static JoinState
state_of(Join *j)
{
	return (JoinState)__atomic_load_n(&j->state, __ATOMIC_ACQUIRE);
}

GosBool
gos_rt_join(G *g, void *handle, const GosPlace *at)
{
	Join *j = handle;

	if (state_of(j) == JOIN_RUNNING)
		gos_in_tidy_up(g);
	if (state_of(j) == JOIN_RUNNING) {
		spin_lock(&j->lock);
		if (j->state == JOIN_RUNNING) {
			Waiter waiter = {g, NULL};
			Wait wait = {.waiter = &waiter};
			wait_link(&j->waits, &wait);
			gos_in_park(g, "join", at, after_join, &j->lock);
		} else {
			spin_unlock(&j->lock);
		}
	}
	__atomic_store_n(&j->joined, true, __ATOMIC_RELAXED);
	return state_of(j) == JOIN_RETURNED;
}

void *
gos_rt_join_result(G *g, void *handle)
{
	(void)g;
	return ((Join *)handle)->result;
}

void
gos_rt_join_text(G *g, GosString *out, void *handle, int64_t what)
{
	gos_in_panic_text(g, out, ((Join *)handle)->panic, (PanicText)what);
}

void
gos_rt_detach(G *g, void *handle, const GosPlace *at)
{
	Join *j = handle;

	(void)at;
	spin_lock(&j->lock);
	j->detached = true;
	bool panicked = j->state == JOIN_PANICKED;
	spin_unlock(&j->lock);
	if (panicked && !__atomic_load_n(&j->joined, __ATOMIC_RELAXED))
		lose_panic(g, j);
}
