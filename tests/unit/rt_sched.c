/* librt/sched: spawn, join, yield, sleep, deadlock, the end of main. */
#include "tests/unit/rt_harness.h"

static int64_t
env_n(void *closure)
{
	return ((Env *)payload(closure))->n;
}

static GosBool
doubles(G *at, void *result, void *closure)
{
	*(int64_t *)result = 2 * env_n(closure);
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(join_gives_the_result_again_and_again)
{
	uint64_t before = gos_in_census_count();
	void *h = spawn(g, doubles, 21, &d_i64);

	for (int i = 0; i < 3; i++) {
		ck_assert(gos_rt_join(g, h, &here));
		ck_assert_int_eq(*(int64_t *)gos_rt_join_result(g, h), 42);
	}
	gos_rt_release(g, h);
	settle(g, before);
}
END_TEST

static GosBool
greets(G *at, void *result, void *closure)
{
	Env *e = payload(closure);
	GosString *out = result;

	*out = e->text;
	gos_rt_str_retain(at, out);
	gos_rt_str_push_char(at, out, '!');
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(texts_cross_goroutines)
{
	uint64_t before = gos_in_census_count();
	GosString text = mk("a text that lives on the heap"), copy;

	gos_rt_str_retain(g, &text);
	void *closure = mk_closure(g, 0, text, NULL);
	void *h = gos_rt_spawn(g, (void *)greets, closure, &d_string, &here);
	ck_assert_int_lt(__atomic_load_n(&text.text->header.rc, __ATOMIC_RELAXED), 0);
	ck_assert(gos_rt_join(g, h, &here));
	for (int i = 0; i < 2; i++) {
		copy = *(GosString *)gos_rt_join_result(g, h);
		gos_rt_str_retain(g, &copy);
		expect(copy, "a text that lives on the heap!");
	}
	gos_rt_release(g, h);
	expect(text, "a text that lives on the heap");
	settle(g, before);
}
END_TEST

START_TEST(many_at_once)
{
	enum { N = 1000 };
	uint64_t before = gos_in_census_count();
	static void *h[N];

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N; i++)
			h[i] = spawn(g, doubles, i, &d_i64);
		for (int i = 0; i < N; i++) {
			ck_assert(gos_rt_join(g, h[i], &here));
			ck_assert_int_eq(*(int64_t *)gos_rt_join_result(g, h[i]), 2 * i);
			gos_rt_release(g, h[i]);
		}
	}
	settle(g, before);
}
END_TEST

/* fib with a goroutine for each call: joins inside goroutines, on all workers. */
static GosBool
fib(G *at, void *result, void *closure)
{
	int64_t n = env_n(closure), sum = 0;

	gos_rt_release(at, closure);
	if (n >= 2) {
		void *a = spawn(at, fib, n - 1, &d_i64), *b = spawn(at, fib, n - 2, &d_i64);
		gos_rt_join(at, b, &here);
		gos_rt_join(at, a, &here);
		sum = *(int64_t *)gos_rt_join_result(at, a) + *(int64_t *)gos_rt_join_result(at, b);
		gos_rt_release(at, a);
		gos_rt_release(at, b);
	} else {
		sum = n;
	}
	*(int64_t *)result = sum;
	return 0;
}

START_TEST(fork_join)
{
	uint64_t before = gos_in_census_count();
	void *h = spawn(g, fib, 16, &d_i64);

	ck_assert(gos_rt_join(g, h, &here));
	ck_assert_int_eq(*(int64_t *)gos_rt_join_result(g, h), 987);
	gos_rt_release(g, h);
	settle(g, before);
}
END_TEST

/* Each of several goroutines joins the same one. */
static GosBool
joins_captured(G *at, void *result, void *closure)
{
	void *h = ((Env *)payload(closure))->object;

	*(int64_t *)result = gos_rt_join(at, h, &here) ? *(int64_t *)gos_rt_join_result(at, h) : -1;
	gos_rt_release(at, closure);
	return 0;
}

static GosBool
sleeps(G *at, void *result, void *closure)
{
	int64_t start = gos_rt_now(at);

	gos_rt_sleep(at, env_n(closure));
	*(int64_t *)result = gos_rt_now(at) - start;
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(several_join_one)
{
	enum { N = 20 };
	uint64_t before = gos_in_census_count();
	void *slow = spawn(g, sleeps, 5000000, &d_i64), *h[N];

	for (int i = 0; i < N; i++) {
		gos_rt_retain(g, slow);
		h[i] = gos_rt_spawn(g, (void *)joins_captured,
			mk_closure(g, 0, (GosString){0}, slow), &d_i64, &here);
	}
	for (int i = 0; i < N; i++) {
		ck_assert(gos_rt_join(g, h[i], &here));
		ck_assert_int_ge(*(int64_t *)gos_rt_join_result(g, h[i]), 5000000);
		gos_rt_release(g, h[i]);
	}
	gos_rt_release(g, slow);
	settle(g, before);
}
END_TEST

START_TEST(sleeping)
{
	enum { N = 50 };
	void *h[N];
	int64_t start = gos_rt_now(g);

	gos_rt_sleep(g, 0);
	gos_rt_sleep(g, -5);
	for (int i = 0; i < N; i++)
		h[i] = spawn(g, sleeps, (int64_t)(N - i) * 1000000, &d_i64);
	for (int i = 0; i < N; i++) {
		ck_assert(gos_rt_join(g, h[i], &here));
		ck_assert_int_ge(*(int64_t *)gos_rt_join_result(g, h[i]), (int64_t)(N - i) * 1000000);
		gos_rt_release(g, h[i]);
	}
	ck_assert_int_lt(gos_rt_now(g) - start, 2000000000);
}
END_TEST

static int turns;

static GosBool
takes_turns(G *at, void *result, void *closure)
{
	for (int i = 0; i < 100; i++) {
		__atomic_fetch_add(&turns, 1, __ATOMIC_RELAXED);
		gos_rt_yield(at);
	}
	*(int64_t *)result = 0;
	gos_rt_release(at, closure);
	return 0;
}

START_TEST(yielding)
{
	void *h[10];

	for (int i = 0; i < 10; i++)
		h[i] = spawn(g, takes_turns, 0, &d_i64);
	while (__atomic_load_n(&turns, __ATOMIC_RELAXED) < 1000)
		gos_rt_yield(g);
	for (int i = 0; i < 10; i++) {
		ck_assert(gos_rt_join(g, h[i], &here));
		gos_rt_release(g, h[i]);
	}
}
END_TEST

/* One that never yields must not keep what it spawned from running, when there is a second worker. */
static int flag;

static GosBool
sets_flag(G *at, void *result, void *closure)
{
	(void)result;
	gos_rt_release(at, closure);
	__atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
	return 0;
}

START_TEST(spawned_runs_beside_a_busy_spawner)
{
	int64_t start = gos_rt_now(g);

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return;
	gos_rt_release(g, spawn(g, sets_flag, 0, &d_i64));
	while (!__atomic_load_n(&flag, __ATOMIC_ACQUIRE))
		ck_assert_int_lt(gos_rt_now(g) - start, 10000000000);
}
END_TEST

/* --- the end of programs ----------------------------------------------------------------------- */

static void *own_handle;

static GosBool
joins_own_handle(G *at, void *result, void *closure)
{
	static const GosPlace place = {"src/a.gos", "worker", 3, 4};

	gos_rt_sleep(at, 1000000);
	*(int64_t *)result = gos_rt_join(at, __atomic_load_n(&own_handle, __ATOMIC_ACQUIRE), &place);
	gos_rt_release(at, closure);
	return 0;
}

static GosBool
deadlocks(G *at, int32_t *status)
{
	static const GosPlace place = {"src/a.gos", "main", 9, 2};

	(void)status;
	__atomic_store_n(&own_handle, spawn(at, joins_own_handle, 0, &d_i64), __ATOMIC_RELEASE);
	gos_rt_join(at, own_handle, &place);
	return 0;
}

START_TEST(deadlock)
{
	for (int i = 0; i < 2; i++) {
		Outcome *o = run_child("deadlocks", i ? "GOS_MAXPROCS=1" : "GOS_MAXPROCS=4");
		ck_assert_int_eq(o->status, 2);
		ck_assert_str_eq(o->err, "fatal: all goroutines are asleep - deadlock!\n"
			"  main: waits in join at src/a.gos:9:2 in main\n"
			"  goroutine started at test.gos:7:9 in main: waits in join at src/a.gos:3:4 in worker\n");
	}
}
END_TEST

static GosBool
blocked_when_main_returns(G *at, int32_t *status)
{
	__atomic_store_n(&own_handle, spawn(at, joins_own_handle, 0, &d_i64), __ATOMIC_RELEASE);
	*status = 5;
	return 0;
}

static GosBool
same_in_debug(G *at, int32_t *status)
{
	gos_rt_set_program(descs, N_IDS, GOS_PROGRAM_DEBUG);
	return blocked_when_main_returns(at, status);
}

static GosBool
prints_late(G *at, void *result, void *closure)
{
	GosString s = mk_on(at, "late\n");

	(void)result;
	gos_rt_sleep(at, 20000000);
	gos_rt_print(at, 1, &s);
	gos_rt_release(at, closure);
	return 0;
}

static GosBool
main_returns_first(G *at, int32_t *status)
{
	for (int i = 0; i < 3; i++)
		gos_rt_release(at, spawn(at, prints_late, 0, &d_i64));
	*status = 4;
	return 0;
}

START_TEST(the_end_of_main)
{
	for (int i = 0; i < 2; i++) {
		setenv("GOS_MAXPROCS", i ? "1" : "3", 1);
		Outcome *o = run_child("main_returns_first", "GOS_RT_LEAKS=1");
		ck_assert_int_eq(o->status, 4);
		ck_assert_str_eq(o->out, "late\nlate\nlate\n");
		ck_assert_str_eq(o->err, "");
		o = run_child("blocked_when_main_returns", NULL);
		ck_assert_int_eq(o->status, 5);
		ck_assert_str_eq(o->err, "");
		for (int k = 0; k < 2; k++) {
			o = k ? run_child("same_in_debug", NULL)
			    : run_child("blocked_when_main_returns", "GOS_RT_LEAKS=1");
			ck_assert_int_eq(o->status, 5);
			ck_assert_str_eq(o->err, "leak: goroutines that can never go on:\n"
				"  goroutine started at test.gos:7:9 in main: waits in join at src/a.gos:3:4 in worker\n");
		}
	}
	unsetenv("GOS_MAXPROCS");
}
END_TEST

/* Others go on while one waits for input, with one worker allowed too. */
static GosBool
waits_for_input(G *at, int32_t *status)
{
	GosString line;
	int ends[2];

	if (pipe(ends) != 0 || dup2(ends[0], 0) != 0)
		return 0;
	static int write_end;
	write_end = ends[1];
	void *h = spawn(at, sleeps, 20000000, &d_i64);
	(void)h;
	gos_rt_release(at, spawn(at, prints_late, 0, &d_i64));
	pid_t pid = fork();
	if (pid == 0) {
		usleep(100000);
		_exit(write(write_end, "x\n", 2) != 2);
	}
	gos_rt_read_line(at, &line);
	GosString s = mk("read\n");
	gos_rt_print(at, 1, &s);
	*status = text_len(&line) == 2 ? 6 : 0;
	gos_rt_release(at, h);
	return 0;
}

START_TEST(input_does_not_hold_up_others)
{
	Outcome *o = run_child("waits_for_input", "GOS_MAXPROCS=1");

	ck_assert_int_eq(o->status, 6);
	ck_assert_str_eq(o->out, "late\nread\n");
}
END_TEST

const Child children[] = {
	{"deadlocks", deadlocks},
	{"blocked_when_main_returns", blocked_when_main_returns},
	{"same_in_debug", same_in_debug},
	{"main_returns_first", main_returns_first},
	{"waits_for_input", waits_for_input},
	{NULL, NULL},
};

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_sched");
	TCase *t = tcase_create("sched");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, join_gives_the_result_again_and_again);
	tcase_add_test(t, texts_cross_goroutines);
	tcase_add_test(t, many_at_once);
	tcase_add_test(t, fork_join);
	tcase_add_test(t, several_join_one);
	tcase_add_test(t, sleeping);
	tcase_add_test(t, yielding);
	tcase_add_test(t, spawned_runs_beside_a_busy_spawner);
	tcase_add_test(t, deadlock);
	tcase_add_test(t, the_end_of_main);
	tcase_add_test(t, input_does_not_hold_up_others);
	suite_add_tcase(s, t);
	return s;
}
