/*
 * What the runtime's basic operations cost, in nanoseconds, called from C and not inlined.  Nothing
 * is asserted.  From the top of the tree, after `make librt`:
 *
 *	cc -I. -O2 -no-pie -o /tmp/basics tests/bench/rt/basics.c \
 *		build/dev/lib/gossamer/x86_64-linux-gnu/librt.a -lm -lpthread && /tmp/basics
 */
#include "librt/gos_rt.h"

#include <stdio.h>
#include <string.h>

enum { N = 1000000, BATCH = 1000, PARKED = 100000 };

static void
visit_none(G *g, void *place, const GosDesc *desc, int32_t op)
{
	(void)g, (void)place, (void)desc, (void)op;
}

static const GosDesc d_i64 = {8, 8, 0, visit_none, "i64", 0};
static const GosDesc d_env = {16, 8, 0, visit_none, "env", 1};
static const GosDesc *const descs[] = {&d_i64, &d_env};
static const GosPlace here = {"basics.c", "main", 1, 1};
static void *handles[PARKED];

static GosBool
returns(G *g, void *result, void *closure)
{
	*(int64_t *)result = 1;
	gos_rt_release(g, closure);
	return 0;
}

static GosBool
yields(G *g, void *result, void *closure)
{
	for (int i = 0; i < N; i++)
		gos_rt_yield(g);
	return returns(g, result, closure);
}

static GosBool
parks(G *g, void *result, void *closure)
{
	gos_rt_sleep(g, 1000000000);
	return returns(g, result, closure);
}

static void *
spawn(G *g, GosShim2 *shim)
{
	return gos_rt_spawn(g, (void *)shim, gos_rt_alloc(g, &d_env), &d_i64, &here);
}

static void
join(G *g, void *handle)
{
	gos_rt_join(g, handle, &here);
	gos_rt_release(g, handle);
}

/* --- what is measured ---------------------------------------------------------------------------- */

static void
alloc_free(G *g)
{
	for (int i = 0; i < N; i++)
		gos_rt_release(g, gos_rt_alloc(g, &d_env));
}

static void
alloc_free_batch(G *g)
{
	for (int k = 0; k < N / BATCH; k++) {
		for (int i = 0; i < BATCH; i++)
			handles[i] = gos_rt_alloc(g, &d_env);
		for (int i = 0; i < BATCH; i++)
			gos_rt_release(g, handles[i]);
	}
}

static void
count(G *g, void *object)
{
	for (int i = 0; i < N; i++) {
		gos_rt_retain(g, object);
		gos_rt_release(g, object);
	}
}

static void
count_local(G *g)
{
	void *object = gos_rt_alloc(g, &d_env);

	count(g, object);
	gos_rt_release(g, object);
}

static void
count_shared(G *g)
{
	void *object = gos_rt_alloc(g, &d_env);

	gos_rt_share(g, object);
	count(g, object);
	gos_rt_release(g, object);
}

static void
spawn_join(G *g)
{
	for (int i = 0; i < N; i++)
		join(g, spawn(g, returns));
}

static void
spawn_join_batch(G *g)
{
	for (int k = 0; k < N / BATCH; k++) {
		for (int i = 0; i < BATCH; i++)
			handles[i] = spawn(g, returns);
		for (int i = 0; i < BATCH; i++)
			join(g, handles[i]);
	}
}

static void
yield(G *g)
{
	void *h = spawn(g, yields);

	for (int i = 0; i < N; i++)
		gos_rt_yield(g);
	join(g, h);
}

static void
park(G *g)
{
	for (int i = 0; i < PARKED; i++)
		handles[i] = spawn(g, parks);
	for (int i = 0; i < PARKED; i++)
		join(g, handles[i]);
}

static void
measure(G *g, const char *name, void (*f)(G *g), int64_t n)
{
	int64_t start = gos_rt_now(g);

	f(g);
	printf("%-36s %8.1f\n", name, (double)(gos_rt_now(g) - start) / (double)n);
}

static void
print_peak(void)
{
	char line[256];
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "VmHWM", 5))
			fputs(line, stdout);
	if (f)
		fclose(f);
}

static GosBool
entry(G *g, int32_t *status)
{
	measure(g, "allocate and free", alloc_free, N);
	measure(g, "allocate 1000, free 1000", alloc_free_batch, N);
	measure(g, "retain and release, local", count_local, N);
	measure(g, "retain and release, shared", count_shared, N);
	measure(g, "spawn and join, one at a time", spawn_join, N);
	measure(g, "spawn and join, 1000 at a time", spawn_join_batch, N);
	measure(g, "yield, two goroutines", yield, 2 * N);
	measure(g, "100000 that sleep for 1 s, each", park, PARKED);
	print_peak();
	fflush(stdout);
	*status = 0;
	return 0;
}

int
main(void)
{
	gos_rt_set_program(descs, 2, 0);
	return gos_rt_run(entry);
}
