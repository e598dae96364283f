/* lib/intern.c: equal texts, equal ids. */
#include "lib/intern.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static Arena arena;
static Interner names;

static void
setup(void)
{
	intern_init(&names, &arena);
}

static void
teardown(void)
{
	arena_free(&arena);
}

START_TEST(the_empty_string_is_zero)
{
	ck_assert_uint_eq(intern(&names, "", 0), 0);
	ck_assert_uint_eq(intern_cstr(&names, ""), 0);
	ck_assert_str_eq(intern_str(&names, 0), "");
}
END_TEST

START_TEST(equal_texts_have_equal_ids)
{
	char copy[] = "hello";
	Sym a = intern_cstr(&names, "hello"), b = intern(&names, copy, 5);

	ck_assert_uint_eq(a, b);
	ck_assert_uint_ne(a, intern_cstr(&names, "hellp"));
	ck_assert_uint_ne(a, intern(&names, "hello", 4));
	copy[0] = 'j';	/* the table has a copy of its own */
	ck_assert_str_eq(intern_str(&names, a), "hello");
}
END_TEST

START_TEST(zero_bytes_count)
{
	Sym a = intern(&names, "a\0b", 3), b = intern(&names, "a\0c", 3), c = intern(&names, "a", 1);

	ck_assert_uint_ne(a, b);
	ck_assert_uint_ne(a, c);
	ck_assert_uint_eq(intern_text(&names, a).n, 3);
	ck_assert_mem_eq(intern_text(&names, a).s, "a\0b", 4);
}
END_TEST

START_TEST(find_does_not_add)
{
	uint32_t n = names.texts.len;

	ck_assert_uint_eq(intern_find(&names, "absent", 6), 0);
	ck_assert_uint_eq(names.texts.len, n);
	Sym a = intern_cstr(&names, "absent");
	ck_assert_uint_eq(intern_find(&names, "absent", 6), a);
}
END_TEST

START_TEST(ids_count_up_and_stay)
{
	char buf[32];
	Sym first = intern_cstr(&names, "n0");

	for (uint32_t i = 0; i < 50000; i++) {
		int n = snprintf(buf, sizeof buf, "n%u", i);
		ck_assert_uint_eq(intern(&names, buf, (size_t)n), first + i);
	}
	for (uint32_t i = 0; i < 50000; i += 977) {
		snprintf(buf, sizeof buf, "n%u", i);
		ck_assert_str_eq(intern_str(&names, first + i), buf);
	}
}
END_TEST

/* Every length, so that the hash's tail is seen too. */
START_TEST(all_lengths)
{
	char buf[80];
	Sym ids[80];

	memset(buf, 'x', sizeof buf);
	for (uint32_t n = 1; n < 80; n++)
		ids[n] = intern(&names, buf, n);
	for (uint32_t n = 1; n < 80; n++) {
		ck_assert_uint_eq(intern(&names, buf, n), ids[n]);
		ck_assert_uint_eq(intern_text(&names, ids[n]).n, n);
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("intern");
	TCase *t = tcase_create("intern");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, the_empty_string_is_zero);
	tcase_add_test(t, equal_texts_have_equal_ids);
	tcase_add_test(t, zero_bytes_count);
	tcase_add_test(t, find_does_not_add);
	tcase_add_test(t, ids_count_up_and_stay);
	tcase_add_test(t, all_lengths);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
