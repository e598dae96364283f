/* librt/str: Strings in both forms, searching, splitting, numbers, characters. */
#include "tests/unit/rt_harness.h"

const Child children[] = {{NULL, NULL}};

#define LONG "0123456789abcdefghij"

/* Checks a Vec<String> against texts ending in NULL, and releases it. */
static void
expect_list(GosVec *v, const char *const *texts)
{
	int64_t n = 0;

	while (texts[n])
		n++;
	ck_assert_int_eq(v->len, n);
	for (int64_t i = 0; i < n; i++)
		ck_assert_msg(is_text((GosString *)v->data + i, texts[i]), "item %d is not \"%s\"", (int)i,
			texts[i]);
	gos_rt_release(g, v);
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})
#define EMPTY_LIST ((const char *const[]){NULL})

START_TEST(forms)
{
	for (size_t n = 0; n <= 40; n++) {
		GosString s = mk_n(LONG LONG, n);
		ck_assert_int_eq(gos_rt_str_len(g, &s), (int64_t)n);
		ck_assert_int_eq((uint8_t)s.bytes[15] == GOS_HEAP_TAG, n > 15);
		if (n > 0)
			ck_assert_int_eq(gos_rt_str_byte(g, &s, (int64_t)n - 1), (LONG LONG)[n - 1]);
		gos_rt_str_release(g, &s);
	}
}
END_TEST

START_TEST(appending)
{
	uint64_t before = gos_in_census_count();
	GosString s = mk(""), a = mk("a");
	char reference[3001];

	for (int i = 0; i < 3000; i++) {
		gos_rt_str_push_str(g, &s, &a);
		reference[i] = 'a';
	}
	reference[3000] = 0;
	expect(s, reference);
	/* A String appended to itself, across the change of form and in it. */
	s = mk("0123456789");
	gos_rt_str_push_str(g, &s, &s);
	gos_rt_str_push_str(g, &s, &s);
	expect(s, "0123456789012345678901234567890123456789");
	/* A shared text is copied before it is written. */
	s = mk(LONG);
	GosString t = s;
	gos_rt_str_retain(g, &t);
	gos_rt_str_push_char(g, &t, 0x20ac);
	expect(s, LONG);
	expect(t, LONG "€");
	ck_assert_uint_eq(gos_in_census_count(), before);
}
END_TEST

START_TEST(immortal_texts_are_copied_before_writing)
{
	static struct {
		GosHeader header;
		int64_t cap;
		char bytes[24];
	} literal = {{0, GOS_TEXT}, 20, LONG};
	GosString s = {.text = (GosText *)&literal, .len = 20 | (uint64_t)GOS_HEAP_TAG << 56}, t = s;

	gos_rt_str_retain(g, &t);
	gos_rt_str_push_char(g, &t, '!');
	expect(t, LONG "!");
	expect(s, LONG);
	ck_assert_int_eq(literal.header.rc, 0);
}
END_TEST

START_TEST(comparing)
{
	GosString a = mk("abc"), b = mk("abd"), c = mk(LONG), d = mk(LONG), e = mk("");

	ck_assert(gos_rt_str_eq(g, &c, &d));
	ck_assert(!gos_rt_str_eq(g, &a, &b));
	ck_assert(!gos_rt_str_eq(g, &a, &c));
	ck_assert_int_eq(gos_rt_str_cmp(g, &a, &b), -1);
	ck_assert_int_eq(gos_rt_str_cmp(g, &b, &a), 1);
	ck_assert_int_eq(gos_rt_str_cmp(g, &c, &d), 0);
	ck_assert_int_eq(gos_rt_str_cmp(g, &e, &a), -1);
	gos_rt_str_release(g, &c);
	gos_rt_str_release(g, &d);
}
END_TEST

START_TEST(building)
{
	GosString a = mk("héllo "), b = mk("wörld, and more"), out, sep = mk(", ");

	gos_rt_str_concat(g, &out, &a, &b);
	expect(out, "héllo wörld, and more");
	gos_rt_str_repeat(g, &out, &sep, 0);
	expect(out, "");
	gos_rt_str_repeat(g, &out, &sep, 3);
	expect(out, ", , , ");
	GosVec *parts = gos_rt_str_split(g, &b, &sep);
	gos_rt_str_join(g, &out, parts, &a);
	expect(out, "wörldhéllo and more");
	gos_rt_release(g, parts);
	gos_rt_str_from_char(g, &out, 0x1f600);
	expect(out, "😀");
	gos_rt_str_release(g, &b);
}
END_TEST

START_TEST(finding)
{
	GosString s = mk("one two one two"), one = mk("one"), x = mk("x"), none = mk("");

	ck_assert_int_eq(gos_rt_str_find(g, &s, &one, 0), 0);
	ck_assert_int_eq(gos_rt_str_find(g, &s, &one, 1), 8);
	ck_assert_int_eq(gos_rt_str_find(g, &s, &x, 0), -1);
	ck_assert_int_eq(gos_rt_str_find(g, &s, &none, 15), 15);
	ck_assert_int_eq(gos_rt_str_find(g, &s, &one, 16), -1);
	ck_assert_int_eq(gos_rt_str_rfind(g, &s, &one), 8);
	ck_assert_int_eq(gos_rt_str_rfind(g, &s, &none), 15);
	ck_assert_int_eq(gos_rt_str_rfind(g, &one, &s), -1);
	ck_assert(gos_rt_str_starts_with(g, &s, &one));
	ck_assert(!gos_rt_str_ends_with(g, &s, &one));
	ck_assert(gos_rt_str_ends_with(g, &s, &none));
}
END_TEST

START_TEST(slicing)
{
	GosString s = mk("a€bcdefghijklmnopqrstuvw"), out;
	static const GosPlace at = {"f.gos", "main", 1, 1};

	ck_assert(!gos_rt_str_slice(g, &out, &s, 1, 4, &at));
	expect(out, "€");
	ck_assert(!gos_rt_str_slice(g, &out, &s, 4, 26, &at));
	expect(out, "bcdefghijklmnopqrstuvw");
	ck_assert(!gos_rt_str_slice(g, &out, &s, 26, 26, &at));
	expect(out, "");
	gos_rt_str_release(g, &s);
}
END_TEST

START_TEST(trimming)
{
	GosString s = mk(" \t\u3000x y\u00a0\r\n"), out;

	gos_rt_str_trim(g, &out, &s, 3);
	expect(out, "x y");
	gos_rt_str_trim(g, &out, &s, 1);
	expect(out, "x y\u00a0\r\n");
	gos_rt_str_trim(g, &out, &s, 2);
	expect(out, " \t\u3000x y");
	s = mk(" \n ");
	gos_rt_str_trim(g, &out, &s, 3);
	expect(out, "");
}
END_TEST

START_TEST(replacing)
{
	GosString s = mk("aXbXX"), x = mk("X"), by = mk("--"), none = mk(""), out;

	gos_rt_str_replace(g, &out, &s, &x, &by);
	expect(out, "a--b----");
	gos_rt_str_replace(g, &out, &s, &x, &none);
	expect(out, "ab");
	gos_rt_str_replace(g, &out, &s, &none, &by);
	expect(out, "--a--X--b--X--X--");
}
END_TEST

START_TEST(splitting)
{
	GosString s = mk("a,b,,c,"), comma = mk(","), none = mk(""), e = mk("é1"), out;
	GosString words = mk("  one\t two\u2003three\n"), lines = mk("a\nb\r\n\nc\rd");

	expect_list(gos_rt_str_split(g, &s, &comma), LIST("a", "b", "", "c", ""));
	expect_list(gos_rt_str_split(g, &none, &comma), LIST(""));
	expect_list(gos_rt_str_split(g, &e, &none), LIST("", "é", "1", ""));
	expect_list(gos_rt_str_split_whitespace(g, &words), LIST("one", "two", "three"));
	expect_list(gos_rt_str_split_whitespace(g, &none), EMPTY_LIST);
	expect_list(gos_rt_str_lines(g, &lines), LIST("a", "b", "", "c\rd"));
	expect_list(gos_rt_str_lines(g, &none), EMPTY_LIST);
	GosVec *chars = gos_rt_str_chars(g, &e);
	ck_assert_int_eq(chars->len, 2);
	ck_assert_uint_eq(((uint32_t *)chars->data)[0], 0xe9);
	gos_rt_release(g, chars);
	GosVec *bytes = gos_rt_str_bytes(g, &e);
	ck_assert_int_eq(bytes->len, 3);
	ck_assert(gos_rt_str_from_utf8(g, &out, bytes));
	expect(out, "é1");
	gos_rt_release(g, bytes);
	gos_rt_str_release(g, &words);
}
END_TEST

START_TEST(utf8)
{
	static const char *const invalid[] = {
		"\x80", "\xc3", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x82", "\xe2\x28\xa1", NULL,
	};
	GosString out, all = mk("a¢€😀\U0010ffff\u07ff\ud7ff");
	uint32_t c;

	for (int i = 0; invalid[i]; i++) {
		GosVec *v = gos_rt_vec_new(g, &(GosDesc){1, 1, 0, visit_none, "u8", ID_I64, 0, NULL},
			(int64_t)strlen(invalid[i]));
		memcpy(v->data, invalid[i], strlen(invalid[i]));
		ck_assert_msg(!gos_rt_str_from_utf8(g, &out, v), "number %d is valid", i);
		gos_rt_release(g, v);
	}
	static const uint32_t chars[] = {'a', 0xa2, 0x20ac, 0x1f600, 0x10ffff, 0x7ff, 0xd7ff};
	int64_t at = 0;
	for (size_t i = 0; i < sizeof chars / sizeof *chars; i++) {
		at = gos_rt_str_next_char(g, &all, at, &c);
		ck_assert_uint_eq(c, chars[i]);
	}
	ck_assert_int_eq(gos_rt_str_next_char(g, &all, at, &c), -1);
	gos_rt_str_release(g, &all);
}
END_TEST

START_TEST(parsing_integers)
{
	static const struct {
		const char *text;
		int bits, is_signed, error;
		uint64_t high, low;
	} t[] = {
		{"0", 64, 1, 0, 0, 0},
		{"+7", 64, 1, 0, 0, 7},
		{"-7", 64, 1, 0, ~0ull, (uint64_t)-7},
		{"0000000000000000000000000000000000000000000012", 8, 0, 0, 0, 12},
		{"127", 8, 1, 0, 0, 127},
		{"128", 8, 1, 3, 0, 0},
		{"-128", 8, 1, 0, ~0ull, (uint64_t)-128},
		{"-129", 8, 1, 3, 0, 0},
		{"255", 8, 0, 0, 0, 255},
		{"256", 8, 0, 3, 0, 0},
		{"-1", 8, 0, 2, 0, 0},
		{"+255", 8, 0, 0, 0, 255},
		{"18446744073709551615", 64, 0, 0, 0, ~0ull},
		{"18446744073709551616", 64, 0, 3, 0, 0},
		{"-9223372036854775808", 64, 1, 0, ~0ull, 1ull << 63},
		{"340282366920938463463374607431768211455", 128, 0, 0, ~0ull, ~0ull},
		{"340282366920938463463374607431768211456", 128, 0, 3, 0, 0},
		{"-170141183460469231731687303715884105728", 128, 1, 0, 1ull << 63, 0},
		{"170141183460469231731687303715884105728", 128, 1, 3, 0, 0},
		{"", 64, 1, 1, 0, 0},
		{"-", 64, 1, 2, 0, 0},
		{"+", 64, 1, 2, 0, 0},
		{"--1", 64, 1, 2, 0, 0},
		{" 1", 64, 1, 2, 0, 0},
		{"1_000", 64, 1, 2, 0, 0},
		{"0x10", 64, 1, 2, 0, 0},
		{"99999999999999999999x", 64, 1, 2, 0, 0},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		GosString s = mk(t[i].text);
		uint64_t value[2];
		int64_t error = 0;
		bool ok = gos_rt_str_parse_int(g, &s, t[i].bits, (GosBool)t[i].is_signed, value, &error);
		ck_assert_msg(ok == (t[i].error == 0) && error == t[i].error, "%s: error %d", t[i].text,
			(int)error);
		if (ok)
			ck_assert_msg(value[0] == t[i].low && value[1] == t[i].high, "%s", t[i].text);
		gos_rt_str_release(g, &s);
	}
}
END_TEST

START_TEST(parsing_floats)
{
	static const char *const good[] = {
		"1", "-1.5", "+.5", "5.", "1e10", "1.5E-3", "inf", "-Infinity", "1e400",
		"0.1000000000000000055511151231257827021181583404541015625000000000000000000000001", NULL,
	};
	static const char *const bad[] = {
		"", "-", ".", "e5", "1e", "1e+", "0x10", "1 ", " 1", "1_0", "nan(1)", "infi", "1.5.2", NULL,
	};
	double v;

	for (int i = 0; good[i]; i++) {
		GosString s = mk(good[i]);
		ck_assert_msg(gos_rt_str_parse_float(g, &s, &v), "%s", good[i]);
		ck_assert_msg(v == strtod(good[i], NULL), "%s", good[i]);
		gos_rt_str_release(g, &s);
	}
	for (int i = 0; bad[i]; i++) {
		GosString s = mk(bad[i]);
		ck_assert_msg(!gos_rt_str_parse_float(g, &s, &v), "\"%s\" is accepted", bad[i]);
	}
	GosString nan = mk("NaN");
	ck_assert(gos_rt_str_parse_float(g, &nan, &v) && v != v);
}
END_TEST

START_TEST(letter_case)
{
	static const struct {
		const char *text, *upper, *lower;
	} t[] = {
		{"abc XYZ 1", "ABC XYZ 1", "abc xyz 1"},
		{"straße", "STRASSE", "straße"},
		{"ΌΣΟΣ ΣΑΣ Σ", "ΌΣΟΣ ΣΑΣ Σ", "όσος σας σ"},
		{"ŉﬁ", "ʼNFI", "ŉﬁ"},
		{"İI", "İI", "i̇i"},
		{"éÿǆ", "ÉŸǄ", "éÿǆ"},
		{"жЖ", "ЖЖ", "жж"},
	};
	GosString out;

	for (size_t i = 0; i < sizeof t / sizeof *t; i++) {
		GosString s = mk(t[i].text);
		gos_rt_str_case(g, &out, &s, 1);
		expect(out, t[i].upper);
		gos_rt_str_case(g, &out, &s, 0);
		expect(out, t[i].lower);
		gos_rt_str_release(g, &s);
	}
	ck_assert_uint_eq(gos_rt_char_case(g, 0xe9, 1), 0xc9);
	ck_assert_uint_eq(gos_rt_char_case(g, 0xdf, 1), 0xdf);
	ck_assert_uint_eq(gos_rt_char_case(g, '1', 1), '1');
}
END_TEST

START_TEST(char_classes)
{
	/* alphabetic, numeric, alphanumeric, space, upper, lower, control, punctuation */
	static const struct {
		uint32_t c;
		const char *classes;
	} t[] = {
		{'a', "10100100"}, {'Z', "10101000"}, {'5', "01100000"}, {' ', "00010000"},
		{'\n', "00010010"}, {'!', "00000001"}, {'_', "00000001"}, {0xe9, "10100100"},
		{0x4e2d, "10100000"}, {0x0664, "01100000"}, {0x2164, "11101000"}, {0x93e, "10100000"},
		{0x3000, "00010000"}, {0x85, "00010010"}, {0x20ac, "00000000"}, {0x10ffff, "00000000"},
		{0x1f600, "00000000"}, {0xaa, "10100100"},
	};

	for (size_t i = 0; i < sizeof t / sizeof *t; i++)
		for (int k = 0; k < 8; k++)
			ck_assert_msg(gos_rt_char_class(g, t[i].c, k) == t[i].classes[k] - '0',
				"U+%04X, class %d", t[i].c, k);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_str");
	TCase *t = tcase_create("str");

	tcase_add_test(t, forms);
	tcase_add_test(t, appending);
	tcase_add_test(t, immortal_texts_are_copied_before_writing);
	tcase_add_test(t, comparing);
	tcase_add_test(t, building);
	tcase_add_test(t, finding);
	tcase_add_test(t, slicing);
	tcase_add_test(t, trimming);
	tcase_add_test(t, replacing);
	tcase_add_test(t, splitting);
	tcase_add_test(t, utf8);
	tcase_add_test(t, parsing_integers);
	tcase_add_test(t, parsing_floats);
	tcase_add_test(t, letter_case);
	tcase_add_test(t, char_classes);
	suite_add_tcase(s, t);
	return s;
}
