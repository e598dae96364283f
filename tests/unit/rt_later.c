/* Large values are freed in slices: while the program allocates, yields, waits. */
#include "librt/alloc/heap.h"

#include "tests/unit/rt_harness.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { DEPTH = 14 };
#else
enum { DEPTH = 20 };
#endif
enum { SLICE_MAX = 2000 };

static void *
mk_tree(G *at, int depth)
{
	if (depth == 0)
		return NULL;
	void *left = mk_tree(at, depth - 1), *c = gos_rt_alloc(at, &d_tree);
	*(Tree *)payload(c) = (Tree){left, mk_tree(at, depth - 1)};
	return c;
}

START_TEST(a_drop_takes_a_slice)
{
	uint64_t before = gos_in_census_count(), nodes = (1u << DEPTH) - 1;

	gos_rt_release(g, mk_tree(g, DEPTH));
	uint64_t left = gos_in_census_count() - before;
	ck_assert_uint_gt(left, nodes - SLICE_MAX);
	/* Another drop is another slice; a value that is small ends with it. */
	gos_rt_release(g, mk_tree(g, 1));
	ck_assert_uint_lt(gos_in_census_count() - before, left);
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
	gos_rt_release(g, mk_tree(g, 6));
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* A program that drops and builds in turns needs no more memory than one that frees at once. */
START_TEST(allocation_works_it_off)
{
	uint64_t before = gos_in_census_count();

	for (int i = 0; i < 8; i++)
		gos_rt_release(g, mk_tree(g, DEPTH));
	ck_assert_uint_lt(gos_in_census_count() - before, (1u << DEPTH));
	uint64_t pages = g->heap->peak_pages;
	for (int i = 0; i < 8; i++)
		gos_rt_release(g, mk_tree(g, DEPTH));
	ck_assert_uint_le(g->heap->peak_pages, pages + pages / 4 + 4);
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(long_vectors)
{
	uint64_t before = gos_in_census_count();
	int64_t n = 20000;
	void *v = gos_rt_vec_with_capacity(g, &d_tree, n);

	for (int64_t i = 0; i < n; i++) {
		Tree *t = gos_rt_vec_push_slot(g, &v, &d_tree);
		*t = (Tree){mk_tree(g, 1), mk_tree(g, 2)};
	}
	void *again = v;
	gos_rt_retain(g, again);
	gos_rt_release(g, v);
	ck_assert_uint_eq(gos_in_census_count(), before + 1 + 4 * (uint64_t)n);
	gos_rt_release(g, again);
	ck_assert_uint_gt(gos_in_census_count(), before + 3 * (uint64_t)n);
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* A part that somebody else holds stays as it is, whenever the rest goes. */
START_TEST(parts_live_on)
{
	uint64_t before = gos_in_census_count();
	void *tree = mk_tree(g, DEPTH), *part = ((Tree *)payload(tree))->left;

	gos_rt_retain(g, part);
	gos_rt_release(g, tree);
	gos_in_tidy_up(g);
	ck_assert_int_eq(((GosHeader *)part)->rc, RC_ONE);
	ck_assert_uint_eq(gos_in_census_count() - before, (1u << (DEPTH - 1)) - 1);
	gos_rt_release(g, part);
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* --- others run meanwhile ------------------------------------------------------------------------ */

static int stop;
static int64_t longest, ticks;

static GosBool
ticks_on(G *at, void *result, void *closure)
{
	int64_t last = gos_rt_now(at);

	(void)result;
	gos_rt_release(at, closure);
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		gos_rt_yield(at);
		int64_t now = gos_rt_now(at);
		if (now - last > longest)
			longest = now - last;
		last = now;
		ticks++;
	}
	return 0;
}

static GosBool
drops_beside_a_ticker(G *at, int32_t *status)
{
	void *tree = mk_tree(at, DEPTH + 3), *h = spawn(at, ticks_on, 0, &d_i64);

	gos_rt_yield(at);
	longest = ticks = 0;
	int64_t start = gos_rt_now(at);
	gos_rt_release(at, tree);
	gos_in_tidy_up(at);
	int64_t taken = gos_rt_now(at) - start;
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	bool returned = gos_rt_join(at, h, &here);
	gos_rt_release(at, h);
	printf("%lld us to free %d nodes, %lld ticks meanwhile, longest gap %lld us\n",
		(long long)taken / 1000, (1 << (DEPTH + 3)) - 1, (long long)ticks, (long long)longest / 1000);
	fflush(stdout);
	/* A machine with other things to do may stop the process for some milliseconds. */
	*status = !returned || ticks < 100 || longest > taken / 2;
	return 0;
}

START_TEST(others_run_between_slices)
{
	Outcome *o = run_child("drops_beside_a_ticker", "GOS_MAXPROCS=1");

	ck_assert_msg(o->status == 0, "status %d: %s%s", o->status, o->out, o->err);
	if (getenv("RT_VERBOSE"))
		fprintf(stderr, "%s", o->out);
}
END_TEST

const Child children[] = {{"drops_beside_a_ticker", drops_beside_a_ticker}, {NULL, NULL}};

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_later");
	TCase *t = tcase_create("later");

	tcase_set_timeout(t, 120);
	tcase_add_test(t, a_drop_takes_a_slice);
	tcase_add_test(t, allocation_works_it_off);
	tcase_add_test(t, long_vectors);
	tcase_add_test(t, parts_live_on);
	tcase_add_test(t, others_run_between_slices);
	suite_add_tcase(s, t);
	return s;
}
