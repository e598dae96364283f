/*
 * The reserve below a goroutine's stack limit is enough for the C functions that run on it, and what deep stacks took
 * is given back.
 */
#include "librt/sched/stack.h"

#include "tests/unit/rt_harness.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

enum { DEEP = 128 << 10, N_DEEP = 800 };

/* Pages of the process in memory. */
static int64_t
resident(void)
{
	long long size = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%lld %lld", &size, &pages) != 2)
		pages = 0;
	if (f)
		fclose(f);
	return pages;
}

static int64_t n_deep, deep_peak;

static GosBool
goes_deep(G *at, void *result, void *closure)
{
	volatile char frame[DEEP];

	for (int i = 0; i < DEEP; i += 4096)
		frame[i] = 1;
	for (n_deep++; n_deep < N_DEEP;)
		gos_rt_yield(at);
	if (deep_peak == 0)
		deep_peak = resident();
	*(int64_t *)result = frame[0];
	gos_rt_release(at, closure);
	return 0;
}

/* All are deep at once; afterwards only what a worker keeps at hand has its pages. */
static GosBool
deep_stacks(G *at, int32_t *status)
{
	void *h[N_DEEP];
	int64_t sum = 0;

	for (int i = 0; i < N_DEEP; i++)
		h[i] = spawn(at, goes_deep, 0, &d_i64);
	for (int i = 0; i < N_DEEP; i++) {
		gos_rt_join(at, h[i], &here);
		sum += *(int64_t *)gos_rt_join_result(at, h[i]);
		gos_rt_release(at, h[i]);
	}
	int64_t left = resident();
	printf("%lld pages, then %lld\n", (long long)deep_peak, (long long)left);
	fflush(stdout);
	*status = sum != N_DEEP || deep_peak < N_DEEP * (DEEP / 4096) || left > deep_peak / 2;
	return 0;
}

START_TEST(deep_stacks_are_given_back)
{
	Outcome *o = run_child("deep_stacks", "GOS_MAXPROCS=1");

	ck_assert_msg(o->status == 0, "status %d: %s%s", o->status, o->out, o->err);
}
END_TEST

enum { PATTERN = 0x5a, MARGIN = 3 << 10 };

/* What the runtime does that takes most stack. */
static void
format_floats(G *at)
{
	GosString out = {0};
	GosFormatter f;
	static const double values[] = {1e308, 5e-324, 1.0 / 3, 123456.789};

	gos_rt_fmt_init(at, &f, &out);
	for (int precision = -1; precision <= 1100; precision += 367)
		for (int i = 0; i < 4; i++) {
			gos_rt_fmt_spec(at, &f, ' ' | 1ll << GOS_SPEC_ALTERNATE, 2000, precision);
			gos_rt_fmt_float(at, &f, values[i], 0);
			gos_rt_fmt_spec(at, &f, ' ' | (int64_t)GOS_RADIX_EXP << GOS_SPEC_RADIX, -1, precision);
			gos_rt_fmt_float(at, &f, values[i], 0);
		}
	gos_rt_str_release(at, &out);
}

static void
parse_floats(G *at)
{
	char digits[1200];
	double v;

	memset(digits, '7', sizeof digits);
	memcpy(digits, "0.", 2);
	memcpy(digits + 1195, "e-300", 5);
	GosString s = mk_bytes(at, digits, sizeof digits);
	gos_rt_str_parse_float(at, &s, &v);
	gos_rt_str_release(at, &s);
}

static void
search_and_print(G *at)
{
	char hay[5000], needle[600];

	memset(hay, 'a', sizeof hay);
	memset(needle, 'a', sizeof needle);
	needle[300] = 'b';
	GosString h = mk_bytes(at, hay, sizeof hay), n = mk_bytes(at, needle, sizeof needle);
	gos_rt_str_find(at, &h, &n, 0);
	gos_rt_str_release(at, &h);
	gos_rt_str_release(at, &n);
}

static GosBool
panics(G *at, void *a, void *b)
{
	static const GosPlace place = {"file.gos", "function", 1, 2};

	(void)a, (void)b;
	gos_rt_panic_bounds(at, 1, 1, &place);
	return 1;
}

static void
panic_and_spawn(G *at)
{
	GosString s;

	gos_rt_catch(at, (void *)panics, NULL, NULL);
	gos_rt_catch_text(at, &s, 2);
	gos_rt_str_release(at, &s);
	gos_rt_sleep(at, 1000);
}

static void
drop_nested(G *at)
{
	void *chain = gos_rt_alloc(at, &d_i64);

	for (int i = 0; i < 1000; i++) {
		void *c = gos_rt_alloc(at, &d_chain);
		*(void **)payload(c) = chain;
		chain = c;
	}
	gos_rt_share(at, chain);
	gos_rt_release(at, chain);
}

static void (*const operations[])(G *at) = {
	format_floats, parse_floats, search_and_print, panic_and_spawn, drop_nested,
};
enum { N_OPERATIONS = sizeof operations / sizeof *operations };

/* Fills the stack below with a pattern, calls, and looks how deep the pattern was overwritten. */
static __attribute__((noinline)) int64_t
depth_of(G *at, void (*f)(G *at))
{
	char *base = (char *)at->base, *here_ = __builtin_frame_address(0);
	volatile char *p;

	for (p = base; p < (volatile char *)here_ - 512; p++)
		*p = PATTERN;
	f(at);
	for (p = base; p < (volatile char *)here_ && *p == PATTERN; p++)
		;
	return here_ - (char *)p;
}

static GosBool
measures(G *at, void *result, void *closure)
{
	int64_t n = ((Env *)payload(closure))->n;

	*(int64_t *)result = depth_of(at, operations[n]);
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(reserve)
{
	for (int i = 0; i < N_OPERATIONS; i++) {
		void *h = spawn(g, measures, i, &d_i64);
		ck_assert(gos_rt_join(g, h, &here));
		int64_t depth = *(int64_t *)gos_rt_join_result(g, h);
		if (getenv("RT_VERBOSE"))
			printf("operation %d: %d bytes\n", i, (int)depth);
		ck_assert_int_gt(depth, 100);
		/* The frames of the test itself are in it: search_and_print has 5.6 KiB of them. */
		ck_assert_int_lt(depth, STACK_RESERVE - MARGIN + (i == 2 ? 5700 : 0));
		gos_rt_release(g, h);
	}
}
END_TEST

const Child children[] = {{"deep_stacks", deep_stacks}, {NULL, NULL}};

#else

const Child children[] = {{NULL, NULL}};

#endif

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_stack");
	TCase *t = tcase_create("stack");

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	tcase_add_test(t, reserve);
	tcase_add_test(t, deep_stacks_are_given_back);
#endif
	suite_add_tcase(s, t);
	return s;
}
