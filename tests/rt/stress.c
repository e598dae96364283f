/*
 * librt under load: random programs of goroutines that spawn, join, sleep, yield, hand objects over
 * and free each other's memory.  Each run ends with a census.  RT_ROUNDS changes the load;
 * meant to be run under TSan and ASan as well.
 */
#include "tests/unit/rt_harness.h"

static uint64_t
next_random(uint64_t *x)
{
	*x ^= *x << 13, *x ^= *x >> 7, *x ^= *x << 17;
	return *x * 2685821657736338717u;
}

static void *
mk_shared_list(G *at, int64_t n)
{
	void *list = NULL;

	while (n-- > 0) {
		void *c = gos_rt_alloc(at, &d_list);
		*(List *)payload(c) = (List){n, list};
		list = c;
	}
	return list;
}

static int64_t
sum_list(void *list)
{
	int64_t sum = 0;

	for (; list; list = ((List *)payload(list))->next)
		sum += ((List *)payload(list))->value;
	return sum;
}

/* A goroutine of depth n: some work on what it was given, then children of depth n - 1. */
static GosBool work(G *at, void *result, void *closure);

static int64_t
children_of(G *at, Env *e, uint64_t *x)
{
	int64_t sum = 0, n = 1 + (int64_t)(next_random(x) % 4);
	void *h[4];

	for (int64_t i = 0; i < n; i++) {
		void *object = e->object;
		GosString text = e->text;
		if (next_random(x) & 1)
			object = mk_shared_list(at, (int64_t)(next_random(x) % 20));
		else if (object)
			gos_rt_retain(at, object);
		gos_rt_str_retain(at, &text);
		if (next_random(x) & 1)
			gos_rt_str_push_char(at, &text, 'a' + (uint32_t)(next_random(x) % 26));
		h[i] = gos_rt_spawn(at, (void *)work, mk_closure(at, e->n - 1, text, object), &d_string,
			&here);
	}
	for (int64_t i = 0; i < n; i++) {
		if (next_random(x) % 8 && gos_rt_join(at, h[i], &here))
			sum += (int64_t)text_len(gos_rt_join_result(at, h[i]));
		gos_rt_release(at, h[i]);
	}
	return sum;
}

static GosBool
work(G *at, void *result, void *closure)
{
	Env *e = payload(closure);
	uint64_t x = (uint64_t)gos_rt_now(at) | 1;
	GosString text = e->text;
	int64_t sum = sum_list(e->object);

	switch (next_random(&x) % 8) {
	case 0:
		gos_rt_sleep(at, (int64_t)(next_random(&x) % 100000));
		break;
	case 1:
	case 2:
		gos_rt_yield(at);
		break;
	}
	if (e->n > 0)
		sum += children_of(at, e, &x);
	gos_rt_str_retain(at, &text);
	for (int i = (int)(sum & 31); i > 0; i--)
		gos_rt_str_push_char(at, &text, 0xe9);
	*(GosString *)result = text;
	gos_rt_release(at, closure);
	return 0;
}

static int64_t
number(const char *variable, int64_t otherwise)
{
	const char *s = getenv(variable);

	return s ? strtoll(s, NULL, 0) : otherwise;
}

START_TEST(random_trees)
{
	for (int64_t i = 0; i < number("RT_ROUNDS", 30); i++) {
		uint64_t before = gos_in_census_count();
		void *closure = mk_closure(g, 4, mk("a text long enough for the heap"),
			mk_shared_list(g, 10));
		void *h = gos_rt_spawn(g, (void *)work, closure, &d_string, &here);
		ck_assert(gos_rt_join(g, h, &here));
		gos_rt_release(g, h);
		settle(g, before);
	}
}
END_TEST

/* One allocates, all free: the remote lists. */
static GosBool
frees(G *at, void *result, void *closure)
{
	*(int64_t *)result = sum_list(((Env *)payload(closure))->object);
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(memory_moves_between_workers)
{
	enum { N = 64 };
	uint64_t before = gos_in_census_count();
	void *h[N];

	for (int64_t round = 0; round < number("RT_ROUNDS", 30); round++) {
		for (int i = 0; i < N; i++) {
			void *closure = mk_closure(g, 0, (GosString){0}, mk_shared_list(g, 200));
			h[i] = gos_rt_spawn(g, (void *)frees, closure, &d_i64, &here);
		}
		for (int i = 0; i < N; i++) {
			ck_assert(gos_rt_join(g, h[i], &here));
			ck_assert_int_eq(*(int64_t *)gos_rt_join_result(g, h[i]), 199 * 100);
			gos_rt_release(g, h[i]);
		}
	}
	settle(g, before);
}
END_TEST

/* Counts of one object from everywhere. */
static GosBool
counts(G *at, void *result, void *closure)
{
	void *object = ((Env *)payload(closure))->object;

	for (int i = 0; i < 1000; i++) {
		gos_rt_retain(at, object);
		if (i % 100 == 0)
			gos_rt_yield(at);
		gos_rt_release(at, object);
	}
	*(int64_t *)result = 0;
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(shared_counts_are_exact)
{
	enum { N = 16 };
	uint64_t before = gos_in_census_count();
	void *object = mk_shared_list(g, 3), *h[N];

	for (int i = 0; i < N; i++) {
		gos_rt_retain(g, object);
		h[i] = gos_rt_spawn(g, (void *)counts, mk_closure(g, 0, (GosString){0}, object), &d_i64,
			&here);
	}
	for (int i = 0; i < N; i++) {
		gos_rt_join(g, h[i], &here);
		gos_rt_release(g, h[i]);
	}
	settle(g, before + 3);
	ck_assert_int_eq(((GosHeader *)object)->rc, -1);
	gos_rt_release(g, object);
	settle(g, before);
}
END_TEST

/* Sleepers with random deadlines, on all workers. */
static GosBool
naps(G *at, void *result, void *closure)
{
	uint64_t x = (uint64_t)((Env *)payload(closure))->n * 7919 + 1;

	for (int i = 0; i < 10; i++)
		gos_rt_sleep(at, (int64_t)(next_random(&x) % 300000));
	*(int64_t *)result = 1;
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(many_sleepers)
{
	enum { N = 500 };
	static void *h[N];
	int64_t sum = 0;

	for (int i = 0; i < N; i++)
		h[i] = spawn(g, naps, i, &d_i64);
	for (int i = 0; i < N; i++) {
		gos_rt_join(g, h[i], &here);
		sum += *(int64_t *)gos_rt_join_result(g, h[i]);
		gos_rt_release(g, h[i]);
	}
	ck_assert_int_eq(sum, N);
}
END_TEST

/* Lines of one print call stay whole. */
static GosBool
prints(G *at, void *result, void *closure)
{
	char line[64];
	int64_t n = ((Env *)payload(closure))->n;

	(void)result;
	memset(line, 'a' + (int)n, 50);
	strcpy(line + 50, "\n");
	GosString s = mk_on(at, line);
	for (int i = 0; i < 50; i++) {
		gos_rt_print(at, 1, &s);
		if (i % 7 == 0)
			gos_rt_yield(at);
	}
	gos_rt_str_release(at, &s);
	gos_rt_release(at, closure);
	return 0;
}

static GosBool
prints_at_once(G *at, int32_t *status)
{
	*status = 0;
	for (int i = 0; i < 20; i++)
		gos_rt_release(at, spawn(at, prints, i, &d_i64));
	return 0;
}

START_TEST(prints_are_whole)
{
	setenv("GOS_RT_LEAKS", "1", 1);
	Outcome *o = run_child("prints_at_once", "GOS_MAXPROCS=4");
	unsetenv("GOS_RT_LEAKS");
	int lines = 0;

	ck_assert_int_eq(o->status, 0);
	for (const char *p = o->out; *p; p += 51, lines++) {
		for (int i = 1; i < 50; i++)
			ck_assert_int_eq(p[i], p[0]);
		ck_assert_int_eq(p[50], '\n');
	}
	ck_assert_int_eq(lines, 1000);
}
END_TEST

/* The same tests with another number of workers than the machine has. */
static GosBool
run_again(G *at, int32_t *status)
{
	return run_suite(at, status);
}

START_TEST(other_numbers_of_workers)
{
	static const char *const n[] = {"GOS_MAXPROCS=1", "GOS_MAXPROCS=5"};

	if (getenv("RT_AGAIN"))
		return;
	setenv("RT_AGAIN", "1", 1);
	setenv("GOS_RT_LEAKS", "1", 1);
	for (int i = 0; i < 2; i++) {
		Outcome *o = run_child("again", n[i]);
		ck_assert_msg(o->status == 0, "%s: status %d\n%s%s", n[i], o->status, o->out, o->err);
	}
	unsetenv("RT_AGAIN");
	unsetenv("GOS_RT_LEAKS");
}
END_TEST

const Child children[] = {{"prints_at_once", prints_at_once}, {"again", run_again}, {NULL, NULL}};

static Suite *
suite(void)
{
	Suite *s = suite_create("stress");
	TCase *t = tcase_create("stress");

	tcase_set_timeout(t, 300);
	tcase_add_test(t, random_trees);
	tcase_add_test(t, memory_moves_between_workers);
	tcase_add_test(t, shared_counts_are_exact);
	tcase_add_test(t, many_sleepers);
	tcase_add_test(t, prints_are_whole);
	tcase_add_test(t, other_numbers_of_workers);
	suite_add_tcase(s, t);
	return s;
}
