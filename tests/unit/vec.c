/* lib/vec.h: growth, popping, many vectors in one arena. */
#include "lib/vec.h"

#include <check.h>
#include <stdlib.h>

typedef struct Pair {
	char small;
	double large;
} Pair;

START_TEST(pushed_entries_stay)
{
	Arena a = {0};
	VEC(int) v = {0};

	for (int i = 0; i < 10000; i++)
		vec_push(&a, &v, i * 3);
	ck_assert_uint_eq(v.len, 10000);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(v.at[i], i * 3);
	arena_free(&a);
}
END_TEST

START_TEST(vectors_grow_side_by_side)
{
	Arena a = {0};
	VEC(int) v = {0};
	VEC(Pair) w = {0};

	for (int i = 0; i < 1000; i++) {
		vec_push(&a, &v, i);
		vec_push(&a, &w, (Pair){(char)i, i / 2.0});
	}
	for (int i = 0; i < 1000; i++) {
		ck_assert_int_eq(v.at[i], i);
		ck_assert_double_eq(w.at[i].large, i / 2.0);
		ck_assert_uint_eq((uintptr_t)&w.at[i] % _Alignof(Pair), 0);
	}
	arena_free(&a);
}
END_TEST

START_TEST(pop_and_last)
{
	Arena a = {0};
	VEC(int) v = {0};

	vec_push(&a, &v, 1);
	vec_push(&a, &v, 2);
	ck_assert_int_eq(vec_last(&v), 2);
	ck_assert_int_eq(vec_pop(&v), 2);
	ck_assert_int_eq(vec_last(&v), 1);
	ck_assert_uint_eq(v.len, 1);
	arena_free(&a);
}
END_TEST

START_TEST(reserve_keeps_the_length)
{
	Arena a = {0};
	VEC(int) v = {0};

	vec_reserve(&a, &v, 100);
	ck_assert_uint_eq(v.len, 0);
	ck_assert_uint_ge(v.cap, 100);
	int *at = v.at;
	for (int i = 0; i < 100; i++)
		vec_push(&a, &v, i);
	ck_assert_ptr_eq(v.at, at);
	arena_free(&a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("vec");
	TCase *t = tcase_create("vec");

	tcase_add_test(t, pushed_entries_stay);
	tcase_add_test(t, vectors_grow_side_by_side);
	tcase_add_test(t, pop_and_last);
	tcase_add_test(t, reserve_keeps_the_length);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
