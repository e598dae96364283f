/* librt/rc, librt/alloc and librt/coll: counts, sharing, dropping without recursion, the allocator. */
#include "librt/alloc/heap.h"
#include "librt/alloc/raw.h"
#include "librt/coll/vec.h"

#include "tests/unit/rt_harness.h"

const Child children[];

/* --- counts ------------------------------------------------------------------------------------ */

static void *
mk_i64(int64_t n)
{
	void *c = gos_rt_alloc(g, &d_i64);

	*(int64_t *)payload(c) = n;
	return c;
}

static int32_t
rc(void *object)
{
	return ((GosHeader *)object)->rc;
}

START_TEST(local_counts)
{
	uint64_t before = gos_in_census_count();
	void *c = mk_i64(5);

	ck_assert_int_eq(rc(c), 1);
	gos_rt_retain(g, c);
	ck_assert_int_eq(rc(c), 2);
	gos_rt_release(g, c);
	ck_assert_int_eq(rc(c), 1);
	ck_assert_uint_eq(gos_in_census_count(), before + 1);
	gos_rt_release(g, c);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(shared_counts)
{
	uint64_t before = gos_in_census_count();
	void *c = mk_i64(5);

	gos_rt_retain(g, c);
	gos_rt_share(g, c);
	ck_assert_int_eq(rc(c), -2);
	gos_rt_share(g, c);
	ck_assert_int_eq(rc(c), -2);
	gos_rt_retain(g, c);
	ck_assert_int_eq(rc(c), -3);
	gos_rt_release(g, c);
	gos_rt_release(g, c);
	ck_assert_int_eq(rc(c), -1);
	/* The last reference may take it back for itself. */
	gos_rt_box_unique(g, &c, &d_i64);
	ck_assert_int_eq(rc(c), 1);
	gos_rt_share(g, c);
	gos_rt_release(g, c);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(immortal_and_sticky_counts)
{
	static GosCell immortal = {{0, GOS_CELL}};
	void *c = mk_i64(1);

	gos_rt_retain(g, &immortal);
	gos_rt_release(g, &immortal);
	gos_rt_share(g, &immortal);
	ck_assert_int_eq(rc(&immortal), 0);
	/* Into the band from below, and then for good. */
	((GosHeader *)c)->rc = GOS_STICKY - 1;
	gos_rt_retain(g, c);
	gos_rt_retain(g, c);
	ck_assert_int_eq(rc(c), GOS_STICKY);
	gos_rt_release(g, c);
	ck_assert_int_eq(rc(c), GOS_STICKY);
	((GosHeader *)c)->rc = -GOS_STICKY + 1;
	gos_rt_retain(g, c);
	gos_rt_retain(g, c);
	gos_rt_release(g, c);
	ck_assert_int_eq(rc(c), -GOS_STICKY);
	((GosHeader *)c)->rc = 1;
	gos_rt_release(g, c);
}
END_TEST

START_TEST(unique_copies_shared_cells)
{
	uint64_t before = gos_in_census_count();
	void *inner = mk_i64(1), *a = gos_rt_alloc(g, &d_box), *b;

	*(void **)payload(a) = inner;
	b = a;
	gos_rt_retain(g, a);
	gos_rt_box_unique(g, &b, &d_box);
	ck_assert_ptr_ne(a, b);
	ck_assert_int_eq(rc(a), 1);
	ck_assert_int_eq(rc(inner), 2);
	void *same = b;
	gos_rt_box_unique(g, &b, &d_box);
	ck_assert_ptr_eq(b, same);
	gos_rt_release(g, a);
	gos_rt_release(g, b);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* --- dropping ---------------------------------------------------------------------------------- */

static void *
mk_list(int64_t n)
{
	void *list = NULL;

	while (n-- > 0) {
		void *c = gos_rt_alloc(g, &d_list);
		*(List *)payload(c) = (List){n, list};
		list = c;
	}
	return list;
}

/* Runs on a goroutine of the default stack: recursion would overflow it at once. */
static GosBool
drop_long(G *at, void *result, void *closure)
{
	Env *e = payload(closure);

	(void)result;
	gos_rt_release(at, e->object);
	e->object = NULL;
	gos_rt_release(at, closure);
	return 0;
}

static void
drop_on_goroutine(void *object)
{
	void *closure = mk_closure(g, 0, (GosString){0}, object);
	void *h = gos_rt_spawn(g, (void *)drop_long, closure, &d_i64, &here);

	ck_assert(gos_rt_join(g, h, &here));
	gos_rt_release(g, h);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { LONG = 300 * 1000 };
#else
enum { LONG = 10 * 1000 * 1000 };
#endif

START_TEST(long_lists)
{
	uint64_t before = gos_in_census_count();

	gos_rt_release(g, mk_list(LONG));
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
	drop_on_goroutine(mk_list(LONG / 10));
	settle(g, before);
}
END_TEST

/* A tree that has degenerated to either side, with leaves on the other. */
static void *
mk_comb(int64_t n, bool left)
{
	void *tree = NULL;

	for (int64_t i = 0; i < n; i++) {
		void *leaf = gos_rt_alloc(g, &d_tree), *c = gos_rt_alloc(g, &d_tree);
		*(Tree *)payload(leaf) = (Tree){NULL, NULL};
		*(Tree *)payload(c) = left ? (Tree){tree, leaf} : (Tree){leaf, tree};
		tree = c;
	}
	return tree;
}

START_TEST(degenerate_trees)
{
	uint64_t before = gos_in_census_count();

	drop_on_goroutine(mk_comb(LONG / 20, true));
	drop_on_goroutine(mk_comb(LONG / 20, false));
	settle(g, before);
}
END_TEST

/* Types that are not marked recursive may still nest without bound. */
START_TEST(chains_of_unmarked_types)
{
	uint64_t before = gos_in_census_count();
	void *chain = mk_i64(0);

	for (int i = 0; i < LONG / 10; i++) {
		void *c = gos_rt_alloc(g, &d_chain);
		*(void **)payload(c) = chain;
		chain = c;
	}
	drop_on_goroutine(chain);
	settle(g, before);
}
END_TEST

START_TEST(sharing_reaches_everything)
{
	void *list = mk_list(LONG / 10), *shared_tail;

	shared_tail = ((List *)payload(list))->next;
	gos_rt_retain(g, shared_tail);
	gos_rt_share(g, list);
	int64_t n = 0;
	for (void *c = list; c; c = ((List *)payload(c))->next, n++)
		ck_assert_int_eq(rc(c), c == shared_tail ? -2 : -1);
	ck_assert_int_eq(n, LONG / 10);
	gos_rt_release(g, list);
	ck_assert_int_eq(rc(shared_tail), -1);
	gos_rt_release(g, shared_tail);
	gos_in_tidy_up(g);
}
END_TEST

START_TEST(texts_are_counted)
{
	uint64_t before = gos_in_census_count();
	GosString s = mk("longer than fifteen bytes"), t = s;

	gos_rt_str_retain(g, &t);
	ck_assert_int_eq(rc(s.text), 2);
	gos_rt_str_share(g, &s);
	ck_assert_int_eq(rc(s.text), -2);
	gos_rt_str_release(g, &s);
	gos_rt_str_release(g, &t);
	s = mk("inline");
	gos_rt_str_retain(g, &s);
	gos_rt_str_release(g, &s);
	gos_rt_str_release(g, &s);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* Cells with `words`: each kind of text, no object, one that others have, one of a kind that is visited. */
START_TEST(words_tell_what_a_cell_holds)
{
	uint64_t before = gos_in_census_count();
	GosString text = mk("longer than fifteen bytes"), niche = {.bytes = {1, [15] = (char)GOS_STRING_NICHE}};
	void *c = mk_closure(g, 1, mk("inline"), NULL), *tail = mk_closure(g, 2, text, c);

	ck_assert(((GosHeader *)c)->meta & GOS_WORDED);
	void *shared = mk_closure(g, 3, (GosString){0}, tail);
	gos_rt_retain(g, shared);
	gos_rt_str_retain(g, &text);
	void *list = gos_rt_alloc(g, &d_list);
	*(List *)payload(list) = (List){4, mk_closure(g, 5, text, shared)};
	gos_rt_release(g, mk_closure(g, 6, (GosString){0}, list));
	ck_assert_int_eq(rc(shared), 1);
	ck_assert_int_eq(rc(text.text), 1);
	gos_rt_share(g, shared);
	((Env *)payload(shared))->text = niche;
	((Env *)payload(shared))->object = (void *)(uintptr_t)GOS_NO_OBJECT;
	gos_rt_release(g, shared);
	ck_assert_uint_eq(gos_in_census_count(), before + 3);
	gos_rt_release(g, tail);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* --- the allocator ----------------------------------------------------------------------------- */

START_TEST(size_classes)
{
	uint32_t last = 0;

	for (uint64_t n = 9; n <= SMALL_MAX; n++) {
		uint32_t class = size_to_class(n);
		ck_assert_uint_lt(class, N_CLASSES);
		ck_assert_uint_ge(class, last);
		ck_assert_uint_ge(gos_in_good_size(n), n);
		ck_assert_uint_eq(size_to_class(gos_in_good_size(n)), class);
		ck_assert(n < 64 || gos_in_good_size(n) - n <= n / 4);
		last = class;
	}
	ck_assert_uint_eq(last, N_CLASSES - 1);
}
END_TEST

/* Random sizes live at random times; each object keeps its own bytes. */
START_TEST(objects_do_not_overlap)
{
	enum { N = 2000, ROUNDS = 60000 };
	static void *at[N];
	static uint64_t sizes[N];
	uint64_t before = gos_in_census_count(), x = 12345;

	for (int i = 0; i < ROUNDS; i++) {
		x = x * 6364136223846793005u + 1442695040888963407u;
		uint64_t k = (x >> 33) % N, size = (x >> 13) % ((x >> 60) ? 200 : 70000);
		if (at[k]) {
			uint8_t *p = payload(at[k]);
			for (uint64_t j = 0; j < sizes[k]; j += 97)
				ck_assert_uint_eq(p[j], k & 0xff);
			gos_rt_release(g, at[k]);
		}
		GosDesc d = {size, 1, 0, visit_none, "bytes", ID_I64, 0, NULL};
		at[k] = gos_rt_alloc(g, &d);
		ck_assert_uint_eq((uintptr_t)at[k] % 8, 0);
		sizes[k] = size;
		memset(payload(at[k]), (int)(k & 0xff), size);
	}
	for (int k = 0; k < N; k++)
		if (at[k])
			gos_rt_release(g, at[k]);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* Memory that one size has given back serves another. */
START_TEST(pages_change_class)
{
	enum { BYTES = 8 << 20 };
	static void *at[BYTES / 64];

	if (gos_in_raw_system)
		return;
	uint32_t segments = 0;
	for (uint64_t size = 64; size <= 4096; size *= 2) {
		GosDesc d = {size - sizeof(GosHeader), 8, 0, visit_none, "bytes", ID_I64, 0, NULL};
		for (uint64_t i = 0; i < BYTES / size; i++)
			at[i] = gos_rt_alloc(g, &d);
		for (uint64_t i = 0; i < BYTES / size; i++)
			gos_rt_release(g, at[i]);
		if (size == 64)
			segments = g->heap->n_segments;
	}
	ck_assert_uint_le(g->heap->n_segments, segments + 1);
}
END_TEST

/* --- vectors ----------------------------------------------------------------------------------- */

static GosVec *
mk_vec(int64_t n)
{
	GosVec *v = gos_rt_vec_new(g, &d_i64, 0);

	for (int64_t i = 0; i < n; i++)
		*(int64_t *)gos_rt_vec_push_slot(g, &v, &d_i64) = i;
	return v;
}

static int64_t
at_index(const GosVec *v, int64_t i)
{
	ck_assert_int_lt(i, v->len);
	return ((const int64_t *)v->data)[i];
}

START_TEST(vec_push_pop)
{
	uint64_t before = gos_in_census_count();
	GosVec *v = mk_vec(10000);
	int64_t x;

	ck_assert_int_eq(gos_rt_vec_len(g, v), 10000);
	for (int64_t i = 9999; i >= 0; i--) {
		ck_assert(gos_rt_vec_pop(g, &v, &d_i64, &x));
		ck_assert_int_eq(x, i);
	}
	ck_assert(!gos_rt_vec_pop(g, &v, &d_i64, &x));
	gos_rt_release(g, v);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(vec_is_a_value)
{
	uint64_t before = gos_in_census_count();
	GosVec *a = mk_vec(5), *b = a;

	gos_rt_retain(g, b);
	*(int64_t *)gos_rt_vec_push_slot(g, &b, &d_i64) = 99;
	ck_assert_int_eq(a->len, 5);
	ck_assert_int_eq(b->len, 6);
	gos_rt_release(g, b);
	b = a;
	gos_rt_retain(g, b);
	gos_rt_vec_unique(g, &b, &d_i64);
	((int64_t *)b->data)[0] = 42;
	ck_assert_int_eq(at_index(a, 0), 0);
	gos_rt_release(g, b);
	b = a;
	gos_rt_retain(g, b);
	gos_rt_vec_set_len(g, &b, &d_i64, 2);
	ck_assert_int_eq(a->len, 5);
	ck_assert_int_eq(b->len, 2);
	gos_rt_release(g, a);
	gos_rt_release(g, b);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(vec_insert_remove_swap_slice)
{
	GosVec *v = mk_vec(4), *w;
	int64_t x;

	*(int64_t *)gos_rt_vec_insert_slot(g, &v, &d_i64, 1) = 10;
	*(int64_t *)gos_rt_vec_insert_slot(g, &v, &d_i64, 5) = 11; /* 0 10 1 2 3 11 */
	ck_assert_int_eq(at_index(v, 1), 10);
	ck_assert_int_eq(at_index(v, 5), 11);
	gos_rt_vec_remove(g, &v, &d_i64, 0, &x); /* 10 1 2 3 11 */
	ck_assert_int_eq(x, 0);
	gos_rt_vec_swap(g, &v, &d_i64, 0, 4);
	gos_rt_vec_swap(g, &v, &d_i64, 2, 2);
	ck_assert_int_eq(at_index(v, 0), 11);
	ck_assert_int_eq(at_index(v, 2), 2);
	w = gos_rt_vec_slice(g, v, &d_i64, 1, 3);
	ck_assert_int_eq(w->len, 2);
	ck_assert_int_eq(at_index(w, 0), 1);
	gos_rt_vec_append(g, &w, &d_i64, v);
	ck_assert_int_eq(w->len, 7);
	ck_assert_int_eq(at_index(w, 6), 10);
	gos_rt_vec_append(g, &w, &d_i64, w);
	ck_assert_int_eq(w->len, 14);
	ck_assert_int_eq(at_index(w, 13), 10);
	gos_rt_release(g, v);
	gos_rt_release(g, w);
	v = gos_rt_vec_slice(g, gos_rt_vec_new(g, &d_i64, 0), &d_i64, 0, 0);
	ck_assert_ptr_eq(v, &gos_in_empty_vec);
}
END_TEST

START_TEST(vec_of_strings)
{
	uint64_t before = gos_in_census_count();
	GosString s = mk("a text that is on the heap"), out;
	GosVec *v = gos_rt_vec_fill(g, &d_string, &s, 4), *w = v;

	ck_assert_int_eq(rc(s.text), 5);
	gos_rt_retain(g, w);
	gos_rt_vec_unique(g, &w, &d_string);
	ck_assert_int_eq(rc(s.text), 9);
	gos_rt_vec_set_len(g, &w, &d_string, 1);
	ck_assert_int_eq(rc(s.text), 6);
	gos_rt_vec_remove(g, &w, &d_string, 0, &out);
	expect(out, "a text that is on the heap");
	gos_rt_release(g, w);
	gos_rt_release(g, v);
	ck_assert_int_eq(rc(s.text), 1);
	gos_rt_str_release(g, &s);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(vec_grows_large)
{
	GosVec *v = gos_rt_vec_with_capacity(g, &d_i64, 3), *w;

	ck_assert_int_ge(gos_rt_vec_capacity(g, v), 3);
	for (int64_t i = 0; i < 1000000; i++)
		*(int64_t *)gos_rt_vec_push_slot(g, &v, &d_i64) = i;
	for (int64_t i = 0; i < 1000000; i += 999)
		ck_assert_int_eq(at_index(v, i), i);
	w = v;
	gos_rt_retain(g, w);
	gos_rt_vec_reserve(g, &w, &d_i64, 5);
	ck_assert_ptr_ne(v, w);
	ck_assert_int_ge(w->cap, 1000005);
	gos_rt_release(g, v);
	gos_rt_release(g, w);
}
END_TEST

START_TEST(vec_of_nothing)
{
	static const GosDesc unit = {0, 1, 0, visit_none, "()", ID_I64, 0, NULL};
	GosVec *v = gos_rt_vec_new(g, &unit, 0);
	int64_t none;

	for (int i = 0; i < 100; i++)
		gos_rt_vec_push_slot(g, &v, &unit);
	ck_assert_int_eq(v->len, 100);
	ck_assert(gos_rt_vec_pop(g, &v, &unit, &none));
	gos_rt_release(g, v);
}
END_TEST

/* --- the census -------------------------------------------------------------------------------- */

static GosBool
leak(G *at, int32_t *status)
{
	GosString s = mk("a text that nobody releases");

	(void)status;
	gos_rt_alloc(at, &d_i64);
	gos_rt_alloc(at, &d_i64);
	gos_rt_vec_with_capacity(at, &d_string, 10);
	(void)s;
	return 0;
}

static GosBool
no_leak(G *at, int32_t *status)
{
	*status = 7;
	gos_rt_release(at, mk_list(100000));
	return 0;
}

START_TEST(leaks_are_reported)
{
	Outcome *o = run_child("leak", "GOS_RT_LEAKS=1");

	ck_assert_str_eq(o->err,
		"leak: 4 objects alive: i64 ×2, Vec<String> ×1, text of a String ×1\n");
	ck_assert_int_eq(o->status, 99);
	o = run_child("leak", "GOS_RT_LEAKS=0");
	ck_assert_str_eq(o->err, "");
	ck_assert_int_eq(o->status, 0);
	o = run_child("no_leak", "GOS_RT_LEAKS=1");
	ck_assert_str_eq(o->err, "");
	ck_assert_int_eq(o->status, 7);
}
END_TEST

START_TEST(system_allocator)
{
	Outcome *o = run_child("leak", "GOS_ALLOC=system");

	ck_assert_int_eq(o->status, 0);
	setenv("GOS_RT_LEAKS", "1", 1);
	o = run_child("no_leak", "GOS_ALLOC=system");
	ck_assert_int_eq(o->status, 7);
	o = run_child("leak", "GOS_ALLOC=system");
	ck_assert_int_eq(o->status, 99);
	unsetenv("GOS_RT_LEAKS");
}
END_TEST

START_TEST(statistics)
{
	Outcome *o = run_child("no_leak", "GOS_RT_STATS=1");

	ck_assert_msg(strstr(o->err, "allocations 100000, frees 100000, alive 0, peak ") == o->err,
		"%s", o->err);
}
END_TEST

const Child children[] = {{"leak", leak}, {"no_leak", no_leak}, {NULL, NULL}};

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_mem");
	TCase *t = tcase_create("mem");

	tcase_set_timeout(t, 120);
	/* What counts are, where they are not all atomic. */
	if (RC_ONE > 0) {
		tcase_add_test(t, local_counts);
		tcase_add_test(t, shared_counts);
		tcase_add_test(t, unique_copies_shared_cells);
		tcase_add_test(t, texts_are_counted);
		tcase_add_test(t, words_tell_what_a_cell_holds);
		tcase_add_test(t, vec_of_strings);
	}
	tcase_add_test(t, immortal_and_sticky_counts);
	tcase_add_test(t, long_lists);
	tcase_add_test(t, degenerate_trees);
	tcase_add_test(t, chains_of_unmarked_types);
	tcase_add_test(t, sharing_reaches_everything);
	tcase_add_test(t, size_classes);
	tcase_add_test(t, objects_do_not_overlap);
	tcase_add_test(t, pages_change_class);
	tcase_add_test(t, vec_push_pop);
	tcase_add_test(t, vec_is_a_value);
	tcase_add_test(t, vec_insert_remove_swap_slice);
	tcase_add_test(t, vec_grows_large);
	tcase_add_test(t, vec_of_nothing);
	tcase_add_test(t, leaks_are_reported);
	tcase_add_test(t, system_allocator);
	tcase_add_test(t, statistics);
	suite_add_tcase(s, t);
	return s;
}
