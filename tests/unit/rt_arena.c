/* Arenas: where things lie, what promotion copies, what an end leaves behind. */
#include "librt/alloc/arena.h"
#include "librt/alloc/heap.h"

#include "tests/unit/rt_harness.h"

const Child children[] = {{NULL, NULL}};

static const char LONG[] = "a text that is too long to stand inline";

static void *
mk_list(int64_t value, void *next)
{
	void *c = gos_rt_alloc(g, &d_list);

	*(List *)payload(c) = (List){value, next};
	return c;
}

static uint32_t
depth(void *object)
{
	return gos_in_arena_depth(object);
}

static List *
list_at(void *cell)
{
	return payload(cell);
}

START_TEST(an_arena_takes_all_with_it)
{
	uint64_t before = gos_in_census_count();

	for (int round = 0; round < 3; round++) {
		void *outside = mk_list(1, NULL), *arena = gos_rt_arena_begin(g);
		void *list = NULL;
		for (int64_t i = 0; i < 100000; i++)
			list = mk_list(i, list);
		ck_assert_uint_eq(depth(list), 1);
		ck_assert_uint_eq(depth(outside), 0);
		ck_assert_int_eq(gos_rt_arena_stat(g, 0), 1);
		ck_assert_int_eq(gos_rt_arena_stat(g, 2), 100000);
		ck_assert_int_ge(gos_rt_arena_stat(g, 1), 100000 * 24);
		gos_rt_arena_leave(g, arena);
		void *late = mk_list(2, NULL);
		gos_rt_arena_enter(g, arena);
		ck_assert_uint_eq(depth(late), 0);
		gos_rt_arena_end(g, arena);
		ck_assert_int_eq(gos_rt_arena_stat(g, 0), 0);
		gos_rt_release(g, late);
		gos_rt_release(g, outside);
		ck_assert_uint_eq(gos_in_census_count(), before);
	}
}
END_TEST

START_TEST(large_objects_lie_in_arenas_too)
{
	uint64_t before = gos_in_census_count();
	void *arena = gos_rt_arena_begin(g);
	void *v = gos_rt_vec_new(g, &d_i64, 1000000);

	ck_assert_uint_eq(depth(v), 1);
	ck_assert_int_ge(gos_rt_arena_stat(g, 1), 8000000);
	void *inner = gos_rt_arena_begin(g);
	void *w = gos_rt_vec_new(g, &d_i64, 1000000);
	ck_assert_uint_eq(depth(w), 2);
	ck_assert_uint_eq(depth(v), 1);
	gos_rt_arena_end(g, inner);
	gos_rt_arena_end(g, arena);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(promotion_keeps_what_is_shared)
{
	uint64_t before = gos_in_census_count();
	void *outside = mk_list(7, NULL), *arena = gos_rt_arena_begin(g);
	gos_rt_retain(g, outside);
	void *end = mk_list(1, outside), *tree = gos_rt_alloc(g, &d_tree);
	gos_rt_retain(g, end);
	*(Tree *)payload(tree) = (Tree){mk_list(2, end), end};

	gos_rt_promote_value(g, &tree, &d_box, arena);
	ck_assert_uint_eq(depth(tree), 0);
	Tree *t = payload(tree);
	ck_assert_ptr_eq(list_at(t->left)->next, t->right);
	ck_assert_ptr_ne(t->right, end);
	ck_assert_ptr_eq(list_at(t->right)->next, outside);
	ck_assert_int_eq(list_at(t->left)->value, 2);
	ck_assert_int_eq(((GosHeader *)t->right)->rc, 2);
	gos_rt_arena_end(g, arena);
	gos_rt_release(g, tree);
	ck_assert_int_eq(((GosHeader *)outside)->rc, 1);
	gos_rt_release(g, outside);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(promotion_of_texts_and_vectors)
{
	uint64_t before = gos_in_census_count();
	void *arena = gos_rt_arena_begin(g), *v = gos_rt_vec_new(g, &d_string, 10);
	GosString *at = (GosString *)(void *)((GosVec *)v)->data;

	at[0] = mk(LONG);
	at[1] = at[0];
	gos_rt_str_retain(g, &at[1]);
	at[2] = mk("short");
	((GosVec *)v)->len = 3;
	gos_rt_promote_value(g, &v, &d_box, arena);
	gos_rt_arena_end(g, arena);
	at = (GosString *)(void *)((GosVec *)v)->data;
	ck_assert_int_eq(((GosVec *)v)->len, 3);
	ck_assert(is_text(&at[0], LONG));
	ck_assert(is_text(&at[2], "short"));
	ck_assert_ptr_eq(at[0].text, at[1].text);
	gos_rt_release(g, v);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(a_long_list_is_promoted_without_recursion)
{
	uint64_t before = gos_in_census_count();
	void *arena = gos_rt_arena_begin(g), *list = NULL;

	for (int64_t i = 0; i < 1000000; i++)
		list = mk_list(i, list);
	gos_rt_promote_value(g, &list, &d_box, arena);
	gos_rt_arena_end(g, arena);
	int64_t n = 0;
	for (void *at = list; at; at = list_at(at)->next)
		n++;
	ck_assert_int_eq(n, 1000000);
	gos_rt_release(g, list);
	gos_in_tidy_up(g);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(adoption_copies_inwards)
{
	uint64_t before = gos_in_census_count();
	void *outside = mk_list(1, NULL), *arena = gos_rt_arena_begin(g);
	void *list = mk_list(2, outside), *inside = mk_list(3, NULL), *value = list;

	gos_rt_retain(g, outside);
	gos_rt_adopt_value(g, &value, &d_box);
	ck_assert_ptr_eq(value, list);
	value = outside;
	gos_rt_adopt_value(g, &value, &d_box);
	ck_assert_uint_eq(depth(value), 1);
	ck_assert_int_eq(list_at(value)->value, 1);
	ck_assert_int_eq(((GosHeader *)outside)->rc, 1);
	value = inside;
	gos_rt_adopt_value(g, &value, &d_box);
	ck_assert_ptr_eq(value, inside);
	gos_rt_release(g, list); /* refers to what is outside */
	gos_rt_arena_end(g, arena);
	gos_rt_adopt_value(g, &value, &d_box);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

/* More than a worker keeps. */
START_TEST(many_nested_arenas)
{
	enum { N = 40 };
	uint64_t before = gos_in_census_count();
	void *arena[N], *list = NULL;

	for (int i = 0; i < N; i++) {
		arena[i] = gos_rt_arena_begin(g);
		list = mk_list(i, list);
		ck_assert_uint_eq(depth(list), (uint32_t)i + 1);
	}
	/* To the middle, then out of all. */
	gos_rt_promote_value(g, &list, &d_box, arena[N / 2]);
	ck_assert_uint_eq(depth(list), N / 2);
	gos_rt_promote_value(g, &list, &d_box, arena[0]);
	ck_assert_uint_eq(depth(list), 0);
	for (int i = N; i-- > 0;)
		gos_rt_arena_end(g, arena[i]);
	int64_t n = N;
	for (void *at = list; at; at = list_at(at)->next)
		ck_assert_int_eq(list_at(at)->value, --n);
	ck_assert_int_eq(n, 0);
	gos_rt_release(g, list);
	ck_assert_uint_le(g->worker->n_spare_arenas, N);
	gos_in_arena_trim(g->worker);
	ck_assert_uint_eq(g->worker->n_spare_arenas, 0);
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_arena");
	TCase *t = tcase_create("arena");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, an_arena_takes_all_with_it);
	tcase_add_test(t, large_objects_lie_in_arenas_too);
	tcase_add_test(t, promotion_keeps_what_is_shared);
	tcase_add_test(t, promotion_of_texts_and_vectors);
	tcase_add_test(t, a_long_list_is_promoted_without_recursion);
	tcase_add_test(t, adoption_copies_inwards);
	tcase_add_test(t, many_nested_arenas);
	suite_add_tcase(s, t);
	return s;
}
