/* librt/fmt against what Rust prints. */
#include "tests/unit/rt_harness.h"

#include <math.h>

typedef struct FloatFact {
	const char *format;
	double value;
	const char *expected;
} FloatFact;

typedef struct IntFact {
	const char *format;
	int bits, is_signed;
	uint64_t high, low;
	const char *expected;
} IntFact;

typedef struct TextFact {
	const char *format, *value, *expected;
} TextFact;

typedef struct CharFact {
	const char *format;
	uint32_t value;
	const char *expected;
} CharFact;

#include "tests/unit/rt_fmt_facts.h"
#include "tests/unit/rt_fmt_floats.h"

#define N(a) (sizeof(a) / sizeof *(a))

const Child children[] = {{NULL, NULL}};

static uint64_t
parse_align(char c)
{
	return c == '<' ? GOS_ALIGN_LEFT : c == '^' ? GOS_ALIGN_CENTER : c == '>' ? GOS_ALIGN_RIGHT : 0;
}

static int64_t
parse_number(const char **p)
{
	int64_t n = -1;

	for (; **p >= '0' && **p <= '9'; ++*p)
		n = (n < 0 ? 0 : n) * 10 + (**p - '0');
	return n;
}

/* `{:fill align sign # 0 width .precision radix}` and text after it, which is returned. */
static const char *
apply(GosFormatter *f, const char *format)
{
	const char *p = format + 1;
	uint64_t flags = ' ';
	int64_t width, precision = -1;
	uint32_t fill, radix = GOS_RADIX_DISPLAY;

	if (*p == ':')
		p++;
	GosString text = mk(p);
	int64_t n = gos_rt_str_next_char(g, &text, 0, &fill);
	gos_rt_str_release(g, &text);
	if (n > 0 && *p && parse_align(p[n])) {
		flags = fill | parse_align(p[n]) << GOS_SPEC_ALIGN;
		p += n + 1;
	} else if (parse_align(*p)) {
		flags |= parse_align(*p++) << GOS_SPEC_ALIGN;
	}
	if (*p == '+')
		flags |= 1ull << GOS_SPEC_PLUS, p++;
	if (*p == '#')
		flags |= 1ull << GOS_SPEC_ALTERNATE, p++;
	if (*p == '0')
		flags |= 1ull << GOS_SPEC_ZERO, p++;
	width = parse_number(&p);
	if (*p == '.') {
		p++;
		precision = parse_number(&p);
	}
	if (*p != '}')
		radix = (uint32_t)(strchr("?xXobeE", *p++) - "?xXobeE") + GOS_RADIX_DEBUG;
	gos_rt_fmt_spec(g, f, (int64_t)(flags | (uint64_t)radix << GOS_SPEC_RADIX), width, precision);
	ck_assert_int_eq(*p, '}');
	return p + 1;
}

/* Checks the text and what follows the placeholder in the format. */
static void
check_fact(GosString *out, GosFormatter *f, const char *rest, const char *format,
	const char *expected)
{
	GosString tail = mk(rest);

	gos_rt_fmt_lit(g, f, &tail);
	gos_rt_str_release(g, &tail);
	ck_assert_msg(is_text(out, expected), "%s: got \"%.*s\", Rust prints \"%s\"", format,
		(int)text_len(out), text_at(out), expected);
	gos_rt_str_release(g, out);
}

static void
check_floats(const FloatFact *facts, size_t n, bool is_f32)
{
	for (size_t i = 0; i < n; i++) {
		GosString out = mk("");
		GosFormatter f;
		gos_rt_fmt_init(g, &f, &out);
		const char *rest = apply(&f, facts[i].format);
		gos_rt_fmt_float(g, &f, facts[i].value, is_f32);
		check_fact(&out, &f, rest, facts[i].format, facts[i].expected);
	}
}

START_TEST(floats)
{
	check_floats(f64_facts, N(f64_facts), false);
	check_floats(f32_facts, N(f32_facts), true);
}
END_TEST

START_TEST(integers)
{
	for (size_t i = 0; i < N(int_facts); i++) {
		const IntFact *t = &int_facts[i];
		uint64_t value[2] = {t->low, t->high};
		GosString out = mk("");
		GosFormatter f;
		gos_rt_fmt_init(g, &f, &out);
		const char *rest = apply(&f, t->format);
		gos_rt_fmt_int(g, &f, value, t->bits, t->is_signed);
		check_fact(&out, &f, rest, t->format, t->expected);
		if (t->bits != 64 || !t->is_signed)
			continue;
		out = mk("");
		gos_rt_fmt_init(g, &f, &out);
		rest = apply(&f, t->format);
		gos_rt_fmt_i64(g, &f, (int64_t)t->low);
		check_fact(&out, &f, rest, t->format, t->expected);
	}
}
END_TEST

START_TEST(text_and_chars)
{
	for (size_t i = 0; i < N(str_facts); i++) {
		GosString out = mk(""), value = mk(str_facts[i].value);
		GosFormatter f;
		gos_rt_fmt_init(g, &f, &out);
		const char *rest = apply(&f, str_facts[i].format);
		gos_rt_fmt_str(g, &f, &value);
		check_fact(&out, &f, rest, str_facts[i].format, str_facts[i].expected);
		gos_rt_str_release(g, &value);
	}
	for (size_t i = 0; i < N(char_facts); i++) {
		GosString out = mk("");
		GosFormatter f;
		gos_rt_fmt_init(g, &f, &out);
		const char *rest = apply(&f, char_facts[i].format);
		gos_rt_fmt_char(g, &f, char_facts[i].value);
		check_fact(&out, &f, rest, char_facts[i].format, char_facts[i].expected);
	}
}
END_TEST

START_TEST(escapes_nul_in_text)
{
	GosString out = mk(""), value = mk_n("a\0b", 3);
	GosFormatter f;

	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:?}");
	gos_rt_fmt_str(g, &f, &value);
	expect(out, "\"a\\0b\"");
}
END_TEST

/* Every f64 with few or many digits must read back; the digits are the fewest: one less does not. */
START_TEST(shortest_floats_read_back)
{
	uint64_t x = 88172645463325252u;

	for (int i = 0; i < 20000; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		double v;
		char text[64], less[64];
		memcpy(&v, &x, sizeof v);
		if (!isfinite(v))
			continue;
		GosString out = mk("");
		GosFormatter f;
		gos_rt_fmt_init(g, &f, &out);
		apply(&f, "{:e}");
		gos_rt_fmt_float(g, &f, v, 0);
		snprintf(text, sizeof text, "%.*s", (int)text_len(&out), text_at(&out));
		ck_assert_msg(strtod(text, NULL) == v, "%s is not %a", text, v);
		int digits = (int)strcspn(text + (text[0] == '-'), "e") - 1;
		if (digits > 1) {
			snprintf(less, sizeof less, "%.*e", digits - 2, v);
			ck_assert_msg(strtod(less, NULL) != v, "%s is shorter than %s", less, text);
		}
		gos_rt_str_release(g, &out);
	}
}
END_TEST

/* --- aggregates ------------------------------------------------------------------------------------ */

static void
field(GosFormatter *f, int64_t *state, const char *name)
{
	GosString s = mk(name);

	*state = gos_rt_fmt_field(g, f, *state, &s);
	gos_rt_str_release(g, &s);
}

static int64_t
open_with(GosFormatter *f, const char *name, int64_t kind)
{
	GosString s = mk(name);
	int64_t state = gos_rt_fmt_open(g, f, &s, kind);

	gos_rt_str_release(g, &s);
	return state;
}

/* N { a: P { x: 1, y: 2.0 }, v: [T(1, "a\nb")], u: (), t: (7,), e: [], m: {1: true}, U } */
static void
print_sample(GosFormatter *f)
{
	int64_t n = open_with(f, "N", GOS_OPEN_STRUCT), p, v, t;
	GosString s;

	field(f, &n, "a");
	p = open_with(f, "P", GOS_OPEN_STRUCT);
	field(f, &p, "x");
	gos_rt_fmt_i64(g, f, 1);
	field(f, &p, "y");
	gos_rt_fmt_float(g, f, 2, 0);
	gos_rt_fmt_close(g, f, p);
	field(f, &n, "v");
	v = open_with(f, "", GOS_OPEN_LIST);
	field(f, &v, "");
	t = open_with(f, "T", GOS_OPEN_TUPLE);
	field(f, &t, "");
	gos_rt_fmt_i64(g, f, 1);
	field(f, &t, "");
	s = mk("a\nb");
	gos_rt_fmt_str(g, f, &s);
	gos_rt_fmt_close(g, f, t);
	gos_rt_fmt_close(g, f, v);
	field(f, &n, "u");
	gos_rt_fmt_close(g, f, open_with(f, "", GOS_OPEN_TUPLE));
	field(f, &n, "t");
	t = open_with(f, "", GOS_OPEN_TUPLE);
	field(f, &t, "");
	gos_rt_fmt_i64(g, f, 7);
	gos_rt_fmt_close(g, f, t);
	field(f, &n, "e");
	gos_rt_fmt_close(g, f, open_with(f, "", GOS_OPEN_LIST));
	field(f, &n, "m");
	t = open_with(f, "", GOS_OPEN_MAP);
	field(f, &t, "");
	gos_rt_fmt_i64(g, f, 1);
	s = mk(": ");
	gos_rt_fmt_lit(g, f, &s);
	gos_rt_fmt_bool(g, f, 1);
	gos_rt_fmt_close(g, f, t);
	field(f, &n, "o");
	gos_rt_fmt_close(g, f, open_with(f, "U", GOS_OPEN_STRUCT));
	gos_rt_fmt_close(g, f, n);
}

START_TEST(aggregates)
{
	GosString out = mk("");
	GosFormatter f;

	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:?}");
	print_sample(&f);
	expect(out, "N { a: P { x: 1, y: 2.0 }, v: [T(1, \"a\\nb\")], u: (), t: (7,), e: [], "
		"m: {1: true}, o: U }");
	out = mk("");
	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:#?}");
	print_sample(&f);
	expect(out, "N {\n    a: P {\n        x: 1,\n        y: 2.0,\n    },\n    v: [\n        T(\n"
		"            1,\n            \"a\\nb\",\n        ),\n    ],\n    u: (),\n    t: (\n        7,\n"
		"    ),\n    e: [],\n    m: {\n        1: true,\n    },\n    o: U,\n}");
}
END_TEST

/* A user's Display inside {:#?}: its lines are indented too, and a nested spec does not leak out. */
START_TEST(nested_formatters)
{
	GosString out = mk(""), lines = mk("one\ntwo"), name = mk("S"), x = mk("x");
	GosFormatter f, inner;

	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:#?}");
	int64_t state = gos_rt_fmt_open(g, &f, &name, GOS_OPEN_STRUCT);
	state = gos_rt_fmt_field(g, &f, state, &x);
	gos_rt_fmt_nested(g, &f, &inner);
	apply(&inner, "{:>9}");
	gos_rt_fmt_str(g, &inner, &lines);
	gos_rt_fmt_close(g, &f, state);
	expect(out, "S {\n    x:   one\n    two,\n}");
}
END_TEST

START_TEST(sub_formatters)
{
	GosString out = mk(""), part = mk("");
	GosFormatter f, sub;

	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:*^9.1}");
	gos_rt_fmt_sub(g, &f, &sub, &part);
	ck_assert_int_eq(gos_rt_fmt_width(g, &sub), -1);
	ck_assert_int_eq(gos_rt_fmt_precision(g, &sub), 1);
	ck_assert_int_eq(gos_rt_fmt_width(g, &f), 9);
	gos_rt_fmt_float(g, &sub, 1.25, 0);
	gos_rt_fmt_pad(g, &f, &part);
	expect(out, "***1.2***");
}
END_TEST

START_TEST(huge_precision)
{
	GosString out = mk("");
	GosFormatter f;

	gos_rt_fmt_init(g, &f, &out);
	apply(&f, "{:.5000}");
	gos_rt_fmt_float(g, &f, 0.5, 0);
	ck_assert_uint_eq(text_len(&out), 5002);
	gos_rt_str_release(g, &out);
}
END_TEST

static Suite *
suite(void)
{
	Suite *s = suite_create("rt_fmt");
	TCase *t = tcase_create("fmt");

	tcase_set_timeout(t, 60);
	tcase_add_test(t, floats);
	tcase_add_test(t, integers);
	tcase_add_test(t, text_and_chars);
	tcase_add_test(t, escapes_nul_in_text);
	tcase_add_test(t, shortest_floats_read_back);
	tcase_add_test(t, aggregates);
	tcase_add_test(t, nested_formatters);
	tcase_add_test(t, sub_formatters);
	tcase_add_test(t, huge_precision);
	suite_add_tcase(s, t);
	return s;
}
