/* lib/map.c: against a plain array as the model. */
#include "lib/map.h"

#include <check.h>
#include <stdlib.h>

START_TEST(an_empty_map_has_nothing)
{
	Map m = {0};

	ck_assert_ptr_null(map_find(&m, 0));
	ck_assert_uint_eq(map_get(&m, 7, 99), 99);
}
END_TEST

START_TEST(values_are_found_and_overwritten)
{
	Arena a = {0};
	Map m = {0};

	map_set(&a, &m, 0, 10);
	map_set(&a, &m, UINT64_MAX, 20);
	map_set(&a, &m, 0, 11);
	ck_assert_uint_eq(m.len, 2);
	ck_assert_uint_eq(map_get(&m, 0, 99), 11);
	ck_assert_uint_eq(map_get(&m, UINT64_MAX, 99), 20);
	ck_assert_uint_eq(map_get(&m, 1, 99), 99);
	*map_find(&m, 0) = 12;
	ck_assert_uint_eq(map_get(&m, 0, 99), 12);
	arena_free(&a);
}
END_TEST

/* Keys that differ in high bits only must not pile up. */
START_TEST(many_keys_of_several_shapes)
{
	Arena a = {0};
	Map m = {0};

	for (uint32_t i = 0; i < 20000; i++) {
		map_set(&a, &m, i, i);
		map_set(&a, &m, (uint64_t)i << 40 | 1u << 30, i + 1);
	}
	ck_assert_uint_eq(m.len, 40000);
	ck_assert_uint_gt(m.cap, m.len);
	for (uint32_t i = 0; i < 20000; i++) {
		ck_assert_uint_eq(map_get(&m, i, UINT32_MAX), i);
		ck_assert_uint_eq(map_get(&m, (uint64_t)i << 40 | 1u << 30, 0), i + 1);
		ck_assert_ptr_null(map_find(&m, i + 20000));
	}
	arena_free(&a);
}
END_TEST

START_TEST(random_operations_agree_with_an_array)
{
	enum { KEYS = 257 };
	Arena a = {0};
	Map m = {0};
	uint32_t model[KEYS], seed = 12345;
	bool known[KEYS] = {0};

	for (int i = 0; i < 20000; i++) {
		seed = seed * 1103515245u + 12345u;
		uint32_t key = (seed >> 8) % KEYS;
		if (seed & 0x40) {
			map_set(&a, &m, key * 4096u, seed);
			model[key] = seed;
			known[key] = true;
		}
		uint32_t *found = map_find(&m, key * 4096u);
		ck_assert_int_eq(found != NULL, known[key]);
		if (found)
			ck_assert_uint_eq(*found, model[key]);
	}
	arena_free(&a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("map");
	TCase *t = tcase_create("map");

	tcase_add_test(t, an_empty_map_has_nothing);
	tcase_add_test(t, values_are_found_and_overwritten);
	tcase_add_test(t, many_keys_of_several_shapes);
	tcase_add_test(t, random_operations_agree_with_an_array);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
