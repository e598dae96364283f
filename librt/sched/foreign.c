/*
 * Foreign functions, and what they call back.  A goroutine stays on its worker while C runs; what it
 * runs there is known to its thread, so that C can call the program without knowing of goroutines.
 */
#include "librt/panic/fatal.h"
#include "librt/panic/panic.h"
#include "librt/sched/sched.h"

static _Thread_local G *calling;

void
gos_rt_foreign_enter(G *g)
{
	calling = g;
	gos_in_block_begin(g);
}

void
gos_rt_foreign_leave(G *g)
{
	gos_in_block_end(g);
}

G *
gos_rt_foreign_goroutine(void)
{
	G *g = calling;

	if (!g)
		gos_in_fatal("C called a function of the program from a thread that is not the program's");
	gos_in_block_end(g);
	return g;
}

void
gos_rt_foreign_panicked(G *g)
{
	gos_in_panic_report(g, gos_in_panic_take(g), NULL);
	gos_in_fatal("a panic cannot go through C");
}
