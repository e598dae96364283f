/* The life of a program, for whoever has the C main: start/main.c or gos-vm. */
#include "librt/alloc/raw.h"
#include "librt/coll/map.h"
#include "librt/io/output.h"
#include "librt/rc/builtin.h"
#include "librt/sched/sched.h"
#include "librt/sched/spawn.h"
#include "librt/sched/stack.h"
#include "librt/start/census.h"
#include "librt/start/statics.h"

int
gos_rt_run(GosBool (*entry)(G *g, int32_t *status))
{
	gos_in_raw_init();
	gos_in_hash_init();
	gos_in_stack_init();
	Worker *w = gos_in_workers_init();
	int status = gos_in_main_run(w, entry);
	if (gos_in_goroutines_alive() > 0) {
		/* They are blocked for good and keep what they hold: which objects that are nobody can tell. */
		if (gos_in_leaks_wanted())
			gos_in_report_parked(&w->self, "leak: goroutines that can never go on:\n");
	} else {
		gos_in_statics_end(&w->self);
		status = gos_in_census_at_exit(&w->self, status);
	}
	gos_in_output_flush();
	return status;
}

void
gos_rt_exit(G *g, int64_t status)
{
	(void)g;
	gos_in_output_die((int)(status & 0xff));
}

void **
gos_rt_user(G *g)
{
	return &g->user;
}

void
gos_rt_block_begin(G *g)
{
	gos_in_block_begin(g);
}

void
gos_rt_block_end(G *g)
{
	gos_in_block_end(g);
}
