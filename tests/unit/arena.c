/* lib/arena.c: alignment, zeroing, growth in place, marks. */
#include "lib/arena.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool
is_zero(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

START_TEST(memory_is_zeroed_and_aligned)
{
	Arena a = {0};

	for (size_t align = 1; align <= 16; align *= 2)
		for (size_t n = 0; n < 100; n += 7) {
			char *p = arena_alloc(&a, n, align);
			ck_assert_uint_eq((uintptr_t)p % align, 0);
			ck_assert(is_zero(p, n));
			memset(p, 0xff, n);
		}
	arena_free(&a);
}
END_TEST

START_TEST(large_allocations_get_chunks_of_their_own)
{
	Arena a = {0};
	char *small = arena_alloc(&a, 10, 1);
	char *large = arena_alloc(&a, 10 << 20, 16);

	memset(large, 1, 10 << 20);
	ck_assert(is_zero(small, 10));
	ck_assert_uint_ge(a.total, 10 << 20);
	arena_free(&a);
	ck_assert_ptr_null(a.chunk);
	ck_assert_uint_eq(a.total, 0);
}
END_TEST

START_TEST(the_newest_allocation_grows_in_place)
{
	Arena a = {0};
	char *p = arena_alloc(&a, 8, 8);

	strcpy(p, "abcdefg");
	ck_assert_ptr_eq(arena_grow(&a, p, 8, 64, 8), p);
	ck_assert_str_eq(p, "abcdefg");
	ck_assert(is_zero(p + 8, 56));
	char *other = arena_alloc(&a, 1, 1);
	char *moved = arena_grow(&a, p, 64, 128, 8);
	ck_assert_ptr_ne(moved, p);
	ck_assert_ptr_ne(moved, other);
	ck_assert_str_eq(moved, "abcdefg");
	ck_assert(is_zero(moved + 64, 64));
	arena_free(&a);
}
END_TEST

START_TEST(growing_nothing_allocates)
{
	Arena a = {0};
	char *p = arena_grow(&a, NULL, 0, 16, 8);

	ck_assert_ptr_nonnull(p);
	ck_assert(is_zero(p, 16));
	arena_free(&a);
}
END_TEST

START_TEST(reset_goes_back_to_the_mark_and_zeroes_again)
{
	Arena a = {0};
	char *keep = arena_strndup(&a, "keep", 4);
	ArenaMark m = arena_mark(&a);
	char *gone = arena_alloc(&a, 32, 8);

	memset(gone, 0xff, 32);
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&a, 100000, 8), 0xff, 100000);
	arena_reset(&a, m);
	ck_assert_str_eq(keep, "keep");
	char *again = arena_alloc(&a, 32, 8);
	ck_assert_ptr_eq(again, gone);
	ck_assert(is_zero(again, 32));
	arena_free(&a);
}
END_TEST

START_TEST(reset_of_an_empty_mark_keeps_memory_bounded)
{
	Arena a = {0};
	ArenaMark m = arena_mark(&a);
	size_t most = 0;

	for (int round = 0; round < 50; round++) {
		for (int i = 0; i < 20; i++)
			arena_alloc(&a, 50000, 8);
		if (round == 1)
			most = a.total;
		if (round > 1)
			ck_assert_uint_le(a.total, most);
		arena_reset(&a, m);
	}
	arena_free(&a);
}
END_TEST

START_TEST(strings)
{
	Arena a = {0};
	char *s = arena_strndup(&a, "abcdef", 3);

	ck_assert_str_eq(s, "abc");
	ck_assert_str_eq(arena_strndup(&a, NULL, 0), "");
	ck_assert_str_eq(arena_printf(&a, "%s-%d-%s", s, 42, "x"), "abc-42-x");
	arena_free(&a);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("arena");
	TCase *t = tcase_create("arena");

	tcase_add_test(t, memory_is_zeroed_and_aligned);
	tcase_add_test(t, large_allocations_get_chunks_of_their_own);
	tcase_add_test(t, the_newest_allocation_grows_in_place);
	tcase_add_test(t, growing_nothing_allocates);
	tcase_add_test(t, reset_goes_back_to_the_mark_and_zeroes_again);
	tcase_add_test(t, reset_of_an_empty_mark_keeps_memory_bounded);
	tcase_add_test(t, strings);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
