/* lib/utf8.c and lib/escape.c. */
#include "lib/escape.h"
#include "lib/utf8.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static uint32_t
decode(const char *s, uint32_t *scalar)
{
	return utf8_decode(s, strlen(s), scalar);
}

START_TEST(each_length_decodes)
{
	uint32_t c;

	ck_assert_uint_eq(decode("A", &c), 1);
	ck_assert_uint_eq(c, 'A');
	ck_assert_uint_eq(decode("é", &c), 2);
	ck_assert_uint_eq(c, 0xe9);
	ck_assert_uint_eq(decode("日", &c), 3);
	ck_assert_uint_eq(c, 0x65e5);
	ck_assert_uint_eq(decode("😀", &c), 4);
	ck_assert_uint_eq(c, 0x1f600);
	ck_assert_uint_eq(utf8_decode("", 0, &c), 0);
}
END_TEST

START_TEST(what_is_not_utf8_is_refused)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf",	/* overlong */
		"\xed\xa0\x80", "\xed\xbf\xbf",						/* surrogates */
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
		"\xc3", "\xe6\x97", "\xf0\x9f\x98", "\xc3(", "\xe6\x97(",
	};
	uint32_t c;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		ck_assert_msg(decode(bad[i], &c) == 0, "case %zu", i);
	ck_assert_uint_eq(utf8_decode("é", 1, &c), 0);	/* cut */
}
END_TEST

START_TEST(encoding_is_the_inverse)
{
	for (uint32_t c = 0; c <= 0x10ffff; c += c < 0x3000 ? 1 : 97) {
		char out[4];
		uint32_t back;
		if (!utf8_is_scalar(c))
			continue;
		uint32_t n = utf8_encode(c, out);
		ck_assert_uint_eq(utf8_decode(out, n, &back), n);
		ck_assert_uint_eq(back, c);
	}
	ck_assert(!utf8_is_scalar(0xd800));
	ck_assert(!utf8_is_scalar(0x110000));
}
END_TEST

START_TEST(valid_prefix)
{
	const char *s = "plain ascii and then é and \xff bad";

	ck_assert_uint_eq(utf8_valid_prefix(s, strlen(s)), strchr(s, '\xff') - s);
	ck_assert_uint_eq(utf8_valid_prefix("aé日😀", 10), 10);
	ck_assert_uint_eq(utf8_valid_prefix("", 0), 0);
	for (size_t n = 0; n < 20; n++)		/* the bad byte at each place of a word */ {
		char buf[20];
		memset(buf, 'a', sizeof buf);
		buf[n] = '\x80';
		ck_assert_uint_eq(utf8_valid_prefix(buf, sizeof buf), n);
	}
}
END_TEST

START_TEST(counting)
{
	ck_assert_uint_eq(utf8_count("aé日😀", 10), 4);
	ck_assert_uint_eq(utf8_count("a\xff\xfe" "b", 4), 4);
}
END_TEST

START_TEST(classes_and_width)
{
	ck_assert(utf8_is_letter('z') && utf8_is_letter(0xe9) && utf8_is_letter(0x65e5));
	ck_assert(!utf8_is_letter('_') && !utf8_is_letter('1') && !utf8_is_letter(0x1f600));
	ck_assert(utf8_is_digit('7') && utf8_is_digit(0x0665) && !utf8_is_digit(0xb2));
	ck_assert_uint_eq(utf8_width('a'), 1);
	ck_assert_uint_eq(utf8_width(0x65e5), 2);
	ck_assert_uint_eq(utf8_width(0x301), 0);
}
END_TEST

static Escape
escape(const char *s, EscapeMode mode)
{
	return escape_decode(s, strlen(s), mode);
}

START_TEST(escapes_that_are_fine)
{
	static const struct { const char *s; uint32_t value, len; } good[] = {
		{"\\n", '\n', 2}, {"\\r", '\r', 2}, {"\\t", '\t', 2}, {"\\\\", '\\', 2}, {"\\0", 0, 2},
		{"\\'", '\'', 2}, {"\\\"", '"', 2}, {"\\x7F", 0x7f, 4}, {"\\x4ax", 0x4a, 4},
		{"\\u{1F600}", 0x1f600, 9}, {"\\u{a}", 10, 5}, {"\\u{10FFFF}", 0x10ffff, 10},
	};

	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		Escape e = escape(good[i].s, ESCAPE_TEXT);
		ck_assert_msg(e.status == ESCAPE_OK, "case %zu", i);
		ck_assert_uint_eq(e.value, good[i].value);
		ck_assert_uint_eq(e.len, good[i].len);
	}
	Escape e = escape("\\xFF", ESCAPE_BYTES);
	ck_assert(e.status == ESCAPE_OK && e.value == 0xff);
	e = escape("\\\n \t x", ESCAPE_TEXT);
	ck_assert(e.status == ESCAPE_SKIP && e.len == 5);
	e = escape("\\\r\n  x", ESCAPE_TEXT);
	ck_assert(e.status == ESCAPE_SKIP && e.len == 5);
}
END_TEST

START_TEST(escapes_that_are_not)
{
	ck_assert_int_eq(escape("\\q", ESCAPE_TEXT).status, ESCAPE_UNKNOWN);
	ck_assert_int_eq(escape("\\", ESCAPE_TEXT).status, ESCAPE_UNKNOWN);
	ck_assert_int_eq(escape("\\\rx", ESCAPE_TEXT).status, ESCAPE_UNKNOWN);
	ck_assert_int_eq(escape("\\x", ESCAPE_TEXT).status, ESCAPE_HEX);
	ck_assert_int_eq(escape("\\x4", ESCAPE_TEXT).status, ESCAPE_HEX);
	ck_assert_int_eq(escape("\\x4g", ESCAPE_TEXT).status, ESCAPE_HEX);
	ck_assert_int_eq(escape("\\x80", ESCAPE_TEXT).status, ESCAPE_HEX_RANGE);
	ck_assert_int_eq(escape("\\u41", ESCAPE_TEXT).status, ESCAPE_UNICODE);
	ck_assert_int_eq(escape("\\u{}", ESCAPE_TEXT).status, ESCAPE_UNICODE);
	ck_assert_int_eq(escape("\\u{41", ESCAPE_TEXT).status, ESCAPE_UNICODE);
	ck_assert_int_eq(escape("\\u{1234567}", ESCAPE_TEXT).status, ESCAPE_UNICODE);
	ck_assert_int_eq(escape("\\u{D800}", ESCAPE_TEXT).status, ESCAPE_SCALAR);
	ck_assert_int_eq(escape("\\u{110000}", ESCAPE_TEXT).status, ESCAPE_SCALAR);
	ck_assert_int_eq(escape("\\u{41}", ESCAPE_BYTES).status, ESCAPE_UNICODE_IN_BYTES);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("utf8");
	TCase *t = tcase_create("utf8");

	tcase_add_test(t, each_length_decodes);
	tcase_add_test(t, what_is_not_utf8_is_refused);
	tcase_add_test(t, encoding_is_the_inverse);
	tcase_add_test(t, valid_prefix);
	tcase_add_test(t, counting);
	tcase_add_test(t, classes_and_width);
	tcase_add_test(t, escapes_that_are_fine);
	tcase_add_test(t, escapes_that_are_not);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
