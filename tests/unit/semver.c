/* lib/semver.c. */
#include "lib/semver.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static bool
valid(const char *s)
{
	return semver_valid((Text){s, (uint32_t)strlen(s)});
}

START_TEST(what_is_a_version)
{
	static const char *const good[] = {"0.0.0", "1.20.300", "1.0.0-beta.1", "1.0.0+b7", "1.0.0--", "1.0.0-0.a+b.c",
	    "999999999.0.0"};
	static const char *const bad[] = {"", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-a..b", "1.0.0+", "v1.0.0",
	    "1.0.0 ", "-1.0.0", "1.0.0-ä", "1234567890.0.0", "1..0"};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		ck_assert_msg(valid(good[i]), "%s", good[i]);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(!valid(bad[i]), "%s", bad[i]);
	ck_assert(!semver_valid((Text){"1.0.0\0", 6}));
}
END_TEST

static int
sign(int x)
{
	return (x > 0) - (x < 0);
}

START_TEST(their_order)
{
	static const char *const sorted[] = {"0.0.9", "0.1.0", "0.10.0", "1.0.0-alpha", "1.0.0-alpha.1",
	    "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1-a", "1.2.0",
	    "1.10.0", "2.0.0", "10.0.0"};
	int n = sizeof sorted / sizeof *sorted;

	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			ck_assert_msg(semver_compare(sorted[i], sorted[j]) == 0 ? i == j
			    : sign(semver_compare(sorted[i], sorted[j])) == sign(i - j), "%s %s", sorted[i], sorted[j]);
	ck_assert_int_eq(semver_compare("1.0.0+a", "1.0.0+b"), 0);
	ck_assert_int_eq(semver_compare("1.0.0-a+b", "1.0.0-a"), 0);
	ck_assert_uint_eq(semver_major("12.3.4"), 12);
	ck_assert(semver_is_early("1.0.0-a"));
	ck_assert(!semver_is_early("1.0.0+a-b"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("semver");
	TCase *t = tcase_create("semver");

	tcase_add_test(t, what_is_a_version);
	tcase_add_test(t, their_order);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
