/* Starting and ending goroutines, main among them. */
#include "librt/sched/spawn.h"
#include "librt/alloc/arena.h"
#include "librt/rc/cycles.h"
#include "librt/rc/promote.h"
#include "librt/panic/panic.h"
#include "librt/rc/rc.h"
#include "librt/rc/worklist.h"
#include "librt/io/output.h"
#include "librt/sched/context.h"
#include "librt/sched/join.h"
#include "librt/sched/sched.h"
#include "librt/sched/stack.h"
#include "librt/start/census.h"

#include <unistd.h>

static struct {
	GosEntry *entry;
	int32_t status;
} main_program;

static void
clear(G *g)
{
	gos_in_panic_free(g, g->caught);
	g->caught = NULL;
	gos_in_tidy_up(g);
	gos_in_cycles_free(g);
	if (g->later.cap)
		gos_in_worklist_free(&g->later);
	if (g->drop.cap)
		gos_in_worklist_free(&g->drop);
	if (g->share.cap)
		gos_in_worklist_free(&g->share);
}

static void
goroutine(G *g)
{
	gos_in_entered(g);
	bool panicked = g->shim(g, g->join->result, g->closure);
	gos_in_cycles_end(g);
	clear(g);
	/* Before others learn of it: who has joined all goroutines finds none alive. */
	Worker *w = g->worker;
	__atomic_store_n(&w->n_finished, w->n_finished + 1, __ATOMIC_RELEASE);
	gos_in_join_finish(g, g->join, panicked);
	clear(g);
	gos_in_leave(g);
}

/* What moves into the goroutine is shared, unless it is one object that only the spawner had. */
static void
hand_over(G *g, void *closure)
{
	GosHeader *o = closure;

	if (rc_load(o) == 1 && (o->meta & GOS_PLAIN))
		return;
	gos_rt_share(g, closure);
}

void *
gos_rt_spawn(G *g, void *shim, void *closure, const void *result, const GosPlace *at)
{
	Worker *w = g->worker;
	G *n = gos_in_stack_new(w);
	Arena *arena = g->arena;

	/* Nothing of a goroutine lies in the arena of the one that starts it. */
	gos_in_arena_set(g, NULL);
	if (arena)
		closure = gos_in_promote_object(g, closure, 0);
	hand_over(g, closure);
	n->panic = n->caught = NULL;
	n->drop_panicked = false;
	n->limit = n->full_limit;
	n->join = gos_in_join_new(g, result, at);
	n->shim = (GosShim2 *)shim;
	n->closure = closure;
	n->spawned_at = at;
	n->drop = n->share = n->later = (Worklist){0};
	n->cycles = NULL;
	n->tells_edges = false;
	n->arena = NULL;
	n->sp = gos_in_context_make(n, n, goroutine);
	gos_in_context_open(n);
	__atomic_store_n(&w->n_spawned, w->n_spawned + 1, __ATOMIC_RELAXED);
	gos_in_arena_set(g, arena);
	void *handle = n->join; /* n may end, and its slot be used again, as soon as it is ready */
	gos_in_ready(g, n);
	return handle;
}

/* --- main ------------------------------------------------------------------------------------------ */

/* No goroutine is left, and the workers that ran them are going to sleep: nothing else runs from now on. */
static bool
alone_at_last(void)
{
	for (int tries = 0; gos_in_goroutines_alive() == 0 && tries < 5000; tries++) {
		if (gos_in_workers_alone())
			return true;
		usleep(100);
	}
	return false;
}

static _Noreturn void
main_panicked(G *g)
{
	Panic *p = gos_in_panic_take(g);

	gos_in_panic_report(g, p, NULL);
	gos_in_panic_free(g, p);
	gos_in_drop_rest(g);
	clear(g);
	int status = STATUS_PANIC;
	/* Others may be in the middle of anything: only the objects of a lone main can be counted. */
	if (alone_at_last())
		status = gos_in_census_at_exit(g, status);
	gos_in_output_die(status);
}

static void
main_goroutine(G *g)
{
	gos_in_entered(g);
	if (main_program.entry(g, &main_program.status))
		main_panicked(g);
	clear(g);
	gos_in_workers_main_done();
	gos_in_park(g, NULL, NULL, NULL, NULL);
	__builtin_unreachable();
}

int
gos_in_main_run(Worker *w, GosEntry *entry)
{
	G *g = gos_in_stack_new_main();

	main_program.entry = entry;
	g->sp = gos_in_context_make(g, g, main_goroutine);
	gos_in_context_open(g);
	gos_in_queue_put(w, g);
	gos_in_worker_run(w);
	return main_program.status;
}
