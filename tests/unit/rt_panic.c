/* librt/panic, librt/io and the ends of programs. */
#include "tests/unit/rt_harness.h"

static const GosPlace inner = {"src/main.gos", "main::pick", 12, 9};
static const GosPlace outer = {"src/main.gos", "main", 20, 5};
static const GosPlace nameless = {"std/core.gos", NULL, 1, 1};

/* --- panics of main ---------------------------------------------------------------------------- */

static GosBool
panic_bounds(G *at, int32_t *status)
{
	GosString s = mk("buffered\n");

	(void)status;
	gos_rt_print(at, 1, &s);
	gos_rt_panic_bounds(at, 7, 3, &inner);
	gos_rt_trace(at, &nameless);
	gos_rt_trace(at, NULL);
	gos_rt_trace(at, &outer);
	return 1;
}

static GosBool
panic_message(G *at, int32_t *status)
{
	GosString s = mk("a message that is longer than fifteen bytes");

	(void)status;
	gos_rt_panic_message(at, &s, &inner);
	return 1;
}

static GosBool
recurse(G *at, int64_t depth)
{
	GosBool panicked;

	if (depth == 0) {
		gos_rt_stack_overflow(at, &inner);
		return 1;
	}
	panicked = recurse(at, depth - 1);
	if (panicked)
		gos_rt_trace(at, &outer);
	return panicked;
}

static GosBool
panic_deep(G *at, int32_t *status)
{
	(void)status;
	return recurse(at, 1000);
}

static GosBool
panic_twice(G *at, int32_t *status)
{
	(void)status;
	gos_rt_panic_overflow(at, 0, &inner);
	gos_rt_panic_div_zero(at, 0, &outer);
	return 1;
}

START_TEST(reports)
{
	Outcome *o = run_child("panic_bounds", "GOS_RT_LEAKS=1");

	ck_assert_int_eq(o->status, 101);
	ck_assert_str_eq(o->out, "buffered\n");
	ck_assert_str_eq(o->err, "panic: index out of bounds: the len is 3 but the index is 7\n"
		"  at src/main.gos:12:9 in main::pick\n  at src/main.gos:20:5 in main\n");
	o = run_child("panic_message", "GOS_RT_LEAKS=1");
	ck_assert_int_eq(o->status, 101);
	ck_assert_str_eq(o->err, "panic: a message that is longer than fifteen bytes\n"
		"  at src/main.gos:12:9 in main::pick\n");
}
END_TEST

START_TEST(long_backtraces_are_cut)
{
	Outcome *o = run_child("panic_deep", NULL);
	int lines = 0;

	for (const char *p = o->err; (p = strchr(p, '\n')); p++)
		lines++;
	ck_assert_int_eq(o->status, 101);
	ck_assert_int_eq(lines, 1 + 20 + 1 + 5);
	ck_assert(strstr(o->err, "\n  … 976 more …\n"));
}
END_TEST

START_TEST(a_panic_while_unwinding_ends_the_program)
{
	Outcome *o = run_child("panic_twice", NULL);

	ck_assert_int_eq(o->status, 101);
	ck_assert(strstr(o->err, "panic: attempt to add with overflow\n"));
	ck_assert(strstr(o->err, "while it unwound: panic: attempt to divide by zero\n"));
}
END_TEST

/* --- catching ---------------------------------------------------------------------------------- */

static GosBool
raises(G *at, void *a, void *b)
{
	GosString s = mk("caught and kept, on the heap");

	(void)a, (void)b;
	gos_rt_panic_message(at, &s, &inner);
	gos_rt_trace(at, &outer);
	return 1;
}

static GosBool
returns(G *at, void *a, void *b)
{
	(void)at;
	*(int *)a += *(int *)b;
	return 0;
}

START_TEST(catching)
{
	uint64_t before = gos_in_census_count();
	int x = 1, y = 2;
	GosString s;

	ck_assert(!gos_rt_catch(g, (void *)returns, &x, &y));
	ck_assert_int_eq(x, 3);
	ck_assert(gos_rt_catch(g, (void *)raises, NULL, NULL));
	gos_rt_catch_text(g, &s, 0);
	expect(s, "caught and kept, on the heap");
	gos_rt_catch_text(g, &s, 1);
	expect(s, "src/main.gos:12:9");
	gos_rt_catch_text(g, &s, 2);
	expect(s, "  at src/main.gos:12:9 in main::pick\n  at src/main.gos:20:5 in main\n");
	/* The last one only is kept. */
	ck_assert(gos_rt_catch(g, (void *)raises, NULL, NULL));
	ck_assert_uint_eq(gos_in_census_count(), before + 1);
}
END_TEST

static GosBool
overflows(G *at, void *a, void *b)
{
	(void)b;
	gos_rt_stack_overflow(at, &inner);
	*(uint64_t *)a = ((struct GosGHead *)at)->limit;
	return 1;
}

START_TEST(stack_overflow_lends_some_stack)
{
	uint64_t whole = ((struct GosGHead *)g)->limit, lent = 0;

	ck_assert(gos_rt_catch(g, (void *)overflows, &lent, NULL));
	ck_assert_uint_lt(lent, whole);
	ck_assert_uint_eq(((struct GosGHead *)g)->limit, whole);
}
END_TEST

static GosBool
slices(G *at, void *a, void *b)
{
	GosString s = mk("a€b"), out;
	const int64_t *range = a;

	(void)b;
	return gos_rt_str_slice(at, &out, &s, range[0], range[1], &inner);
}

START_TEST(bad_slices_panic)
{
	static int64_t bad[][2] = {{0, 2}, {2, 4}, {3, 5}, {-1, 2}, {4, 1}, {0, 6}};
	GosString s;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(gos_rt_catch(g, (void *)slices, bad[i], NULL), "number %d", (int)i);
	gos_rt_catch_text(g, &s, 0);
	expect(s, "string slice 0..6 is out of range: the len is 5");
}
END_TEST

/* --- goroutines -------------------------------------------------------------------------------- */

static GosBool
goroutine_panics(G *at, void *result, void *closure)
{
	GosString s = mk_on(at, "in a goroutine, on the heap");

	(void)result;
	gos_rt_panic_message(at, &s, &inner);
	gos_rt_release(at, closure);
	return 1;
}

START_TEST(joining_a_panic)
{
	uint64_t before = gos_in_census_count();
	void *h = spawn(g, goroutine_panics, 0, &d_string);
	GosString s;

	for (int i = 0; i < 2; i++)
		ck_assert(!gos_rt_join(g, h, &here));
	gos_rt_join_text(g, &s, h, 0);
	expect(s, "in a goroutine, on the heap");
	gos_rt_join_text(g, &s, h, 1);
	expect(s, "src/main.gos:12:9");
	gos_rt_release(g, h);
	settle(g, before);
}
END_TEST

static GosBool
drop_handle_first(G *at, int32_t *status)
{
	*status = 3;
	gos_rt_release(at, spawn(at, goroutine_panics, 0, &d_i64));
	gos_rt_sleep(at, 10000000000);
	return 0;
}

static GosBool
drop_handle_later(G *at, int32_t *status)
{
	void *h = spawn(at, goroutine_panics, 0, &d_i64);

	gos_rt_sleep(at, 20000000);
	GosString s = mk("still here\n");
	gos_rt_print(at, 2, &s);
	gos_rt_release(at, h);
	*status = 3;
	return 0;
}

static GosBool
detach_handle(G *at, int32_t *status)
{
	void *h = spawn(at, goroutine_panics, 0, &d_i64);

	gos_rt_detach(at, h, &here);
	gos_rt_sleep(at, 10000000000);
	*status = 3;
	return 0;
}

START_TEST(panics_that_nobody_joins)
{
	const char *report = "panic: in a goroutine, on the heap\n  at src/main.gos:12:9 in main::pick\n"
		"  in a goroutine started at test.gos:7:9\n";
	Outcome *o = run_child("drop_handle_first", NULL);

	ck_assert_int_eq(o->status, 101);
	ck_assert_str_eq(o->err, report);
	o = run_child("drop_handle_later", NULL);
	ck_assert_int_eq(o->status, 101);
	ck_assert_ptr_eq(strstr(o->err, "still here\n"), o->err);
	ck_assert_str_eq(o->err + strlen("still here\n"), report);
	o = run_child("detach_handle", NULL);
	ck_assert_int_eq(o->status, 101);
	ck_assert_str_eq(o->err, report);
}
END_TEST

/* --- ways out ---------------------------------------------------------------------------------- */

static GosBool
exits(G *at, int32_t *status)
{
	GosString s = mk("text without a newline");

	*status = 1;
	gos_rt_print(at, 1, &s);
	gos_rt_exit(at, 42);
}

static GosBool
returns_error(G *at, int32_t *status)
{
	GosString s = mk("no such file, or so it seems");

	gos_rt_show_error(at, &s);
	gos_rt_str_release(at, &s);
	*status = 1;
	return 0;
}

static GosBool
writes_much(G *at, int32_t *status)
{
	GosString s = mk("0123456789012345678901234567890123456789\n");

	for (int i = 0; i < 20000; i++)
		gos_rt_print(at, 1, &s);
	gos_rt_str_release(at, &s);
	*status = 0;
	return 0;
}

/* To a device that is full, and to a pipe whose reader has gone. */
static GosBool
writes_to_full(G *at, int32_t *status)
{
	freopen("/dev/full", "w", stdout);
	return writes_much(at, status);
}

static GosBool
writes_to_closed(G *at, int32_t *status)
{
	int ends[2];

	if (pipe(ends) != 0 || close(ends[0]) != 0)
		return 0;
	dup2(ends[1], 1);
	return writes_much(at, status);
}

START_TEST(ways_out)
{
	Outcome *o = run_child("exits", NULL);

	ck_assert_int_eq(o->status, 42);
	ck_assert_str_eq(o->out, "text without a newline");
	o = run_child("returns_error", "GOS_RT_LEAKS=1");
	ck_assert_int_eq(o->status, 1);
	ck_assert_str_eq(o->err, "error: no such file, or so it seems\n");
}
END_TEST

START_TEST(output_failures)
{
	Outcome *o = run_child("writes_to_full", NULL);

	ck_assert_int_eq(o->status, 74);
	ck_assert_str_eq(o->err,
		"fatal: cannot write to standard output: No space left on device\n");
	o = run_child("writes_to_closed", NULL);
	ck_assert_int_eq(o->status, 1000 + 13); /* SIGPIPE */
	ck_assert_str_eq(o->err, "");
}
END_TEST

/* --- input ------------------------------------------------------------------------------------- */

static GosBool
reads_lines(G *at, int32_t *status)
{
	GosString prompt = mk("? "), line;
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], "one\nbad \xff\xc3(\nlast", 16) != 16)
		return 0;
	dup2(ends[0], 0);
	close(ends[1]);
	gos_rt_print(at, 1, &prompt);
	while (gos_rt_read_line(at, &line)) {
		GosString bar = mk("|");
		gos_rt_print(at, 1, &line);
		gos_rt_print(at, 1, &bar);
		gos_rt_str_release(at, &line);
		++*status;
	}
	return 0;
}

START_TEST(input)
{
	Outcome *o = run_child("reads_lines", "GOS_RT_LEAKS=1");

	ck_assert_int_eq(o->status, 3);
	ck_assert_str_eq(o->out, "? one\n|bad \ufffd\ufffd(\n|last|");
}
END_TEST

const Child children[] = {
	{"panic_bounds", panic_bounds},
	{"panic_message", panic_message},
	{"panic_deep", panic_deep},
	{"panic_twice", panic_twice},
	{"drop_handle_first", drop_handle_first},
	{"drop_handle_later", drop_handle_later},
	{"detach_handle", detach_handle},
	{"exits", exits},
	{"returns_error", returns_error},
	{"writes_to_full", writes_to_full},
	{"writes_to_closed", writes_to_closed},
	{"reads_lines", reads_lines},
	{NULL, NULL},
};

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_panic");
	TCase *t = tcase_create("panic");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, reports);
	tcase_add_test(t, long_backtraces_are_cut);
	tcase_add_test(t, a_panic_while_unwinding_ends_the_program);
	tcase_add_test(t, catching);
	tcase_add_test(t, stack_overflow_lends_some_stack);
	tcase_add_test(t, bad_slices_panic);
	tcase_add_test(t, joining_a_panic);
	tcase_add_test(t, panics_that_nobody_joins);
	tcase_add_test(t, ways_out);
	tcase_add_test(t, output_failures);
	tcase_add_test(t, input);
	suite_add_tcase(s, t);
	return s;
}
