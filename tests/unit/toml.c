/*
 * lib/toml.c on the rules of TOML 1.0.  A valid document is compared by a short form of its values:
 * {a=1,b="x"}; an invalid one by code and place of its first error.
 */
#include "lib/toml.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static Arena arena;
static Sources sources;
static Diags diags;
static Toml doc;

static void
setup(void)
{
	sources_init(&sources, &arena);
	diag_init(&diags, &arena, &sources);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static bool
parse(const char *text, size_t n)
{
	uint32_t i = source_add(&sources, "t.toml", text, n);

	return toml_parse(&doc, &arena, &diags, &sources.files.at[i]);
}

/* --- the short form ----------------------------------------------------------------------- */

static void
put_text(FILE *f, Text t)
{
	for (uint32_t i = 0; i < t.n; i++) {
		unsigned char c = (unsigned char)t.s[i];
		if (c < 0x20 || c == 0x7f)
			fprintf(f, "<%02x>", c);
		else
			fputc(c, f);
	}
}

static void put_value(FILE *f, const TomlValue *v);

static void
put_table(FILE *f, const TomlValue *v)
{
	fputc('{', f);
	for (uint32_t i = 0; i < v->as.table.entries.len; i++) {
		const TomlEntry *e = &v->as.table.entries.at[i];
		fputs(i ? "," : "", f);
		put_text(f, e->key);
		fputc('=', f);
		put_value(f, e->value);
	}
	fputc('}', f);
}

static void
put_array(FILE *f, const TomlValue *v)
{
	fputc('[', f);
	for (uint32_t i = 0; i < v->as.array.items.len; i++) {
		fputs(i ? "," : "", f);
		put_value(f, v->as.array.items.at[i]);
	}
	fputc(']', f);
}

static void
put_value(FILE *f, const TomlValue *v)
{
	static const char *const moments[] = {
		[TOML_OFFSET_DATE_TIME] = "offset:", [TOML_LOCAL_DATE_TIME] = "local:",
		[TOML_LOCAL_DATE] = "date:", [TOML_LOCAL_TIME] = "time:",
	};

	switch (v->kind) {
	case TOML_STRING:
		fputc('"', f);
		put_text(f, v->as.text);
		fputc('"', f);
		break;
	case TOML_INTEGER:
		fprintf(f, "%lld", (long long)v->as.integer);
		break;
	case TOML_FLOAT:
		fprintf(f, isnan(v->as.number) ? "nan" : "f%.15g", v->as.number);
		break;
	case TOML_BOOL:
		fputs(v->as.truth ? "true" : "false", f);
		break;
	case TOML_OFFSET_DATE_TIME:
	case TOML_LOCAL_DATE_TIME:
	case TOML_LOCAL_DATE:
	case TOML_LOCAL_TIME:
		fputs(moments[v->kind], f);
		put_text(f, v->as.text);
		break;
	case TOML_ARRAY:
		put_array(f, v);
		break;
	case TOML_TABLE:
		put_table(f, v);
		break;
	}
}

/* --- valid documents ---------------------------------------------------------------------- */

typedef struct Valid {
	const char *text, *form;
} Valid;

static const Valid valid[] = {
	/* documents */
	{"", "{}"},
	{"\n\n", "{}"},
	{"# only a comment", "{}"},
	{"# tab\there\n", "{}"},
	{"  \t \n", "{}"},
	{"\xef\xbb\xbf" "a = 1", "{a=1}"},
	{"a = 1", "{a=1}"},
	{"a=1\r\nb=2\r\n", "{a=1,b=2}"},
	{"\t a\t=\t1\t# text", "{a=1}"},
	{"a = \"# no comment\" # one", "{a=\"# no comment\"}"},
	{"# caf\xc3\xa9 \xf0\x9f\x98\x80\na = 1", "{a=1}"},
	/* keys */
	{"bare-key_1 = 1", "{bare-key_1=1}"},
	{"1234 = 1", "{1234=1}"},
	{"- = 1\n_ = 2", "{-=1,_=2}"},
	{"\"127.0.0.1\" = 1", "{127.0.0.1=1}"},
	{"'quoted \"value\"' = 1", "{quoted \"value\"=1}"},
	{"\"\" = 1", "{=1}"},
	{"'' = 1", "{=1}"},
	{"\"\\u00e9\" = 1", "{\xc3\xa9=1}"},
	{"a.b.c = 1", "{a={b={c=1}}}"},
	{"a . b\t.\tc = 1", "{a={b={c=1}}}"},
	{"a.\"b.c\".d = 1", "{a={b.c={d=1}}}"},
	{"3.14159 = \"pi\"", "{3={14159=\"pi\"}}"},
	{"a.b = 1\na.c = 2", "{a={b=1,c=2}}"},
	{"a.x = 1\nb.x = 2\na.y = 3", "{a={x=1,y=3},b={x=2}}"},
	{"true = 1\ninf = 2", "{true=1,inf=2}"},
	{"1979-05-27 = 1", "{1979-05-27=1}"},
	{"a = 1\nA = 2", "{a=1,A=2}"},
	{"\"a\".'b' = 1\n[a.c]\nd = 2", "{a={b=1,c={d=2}}}"},
	/* basic strings */
	{"a = \"\"", "{a=\"\"}"},
	{"a = \"x\\\"y\\\\z\"", "{a=\"x\"y\\z\"}"},
	{"a = \"\\b\\t\\n\\f\\r\"", "{a=\"<08><09><0a><0c><0d>\"}"},
	{"a = \"\\u0000\"", "{a=\"<00>\"}"},
	{"a = \"\\u00E9\\U0001F600\"", "{a=\"\xc3\xa9\xf0\x9f\x98\x80\"}"},
	{"a = \"\\uD7FF\\uE000\"", "{a=\"\xed\x9f\xbf\xee\x80\x80\"}"},
	{"a = \"tab\there\"", "{a=\"tab<09>here\"}"},
	{"a = \"it's\"", "{a=\"it's\"}"},
	{"a = \"\\\\u0041\"", "{a=\"\\u0041\"}"},
	/* literal strings */
	{"a = ''", "{a=\"\"}"},
	{"a = 'C:\\Users\\n'", "{a=\"C:\\Users\\n\"}"},
	{"a = 'say \"hi\"'", "{a=\"say \"hi\"\"}"},
	/* multi-line basic strings */
	{"a = \"\"\"\"\"\"", "{a=\"\"}"},
	{"a = \"\"\"\none\ntwo\"\"\"", "{a=\"one<0a>two\"}"},
	{"a = \"\"\"\r\none\r\ntwo\"\"\"", "{a=\"one<0a>two\"}"},
	{"a = \"\"\"\n\none\"\"\"", "{a=\"<0a>one\"}"},
	{"a = \"\"\"one \\\n   two\"\"\"", "{a=\"one two\"}"},
	{"a = \"\"\"one \\  \t\n\n\t two\"\"\"", "{a=\"one two\"}"},
	{"a = \"\"\"one\\\r\n  two\"\"\"", "{a=\"onetwo\"}"},
	{"a = \"\"\"\\\n  \"\"\"", "{a=\"\"}"},
	{"a = \"\"\"x\"y\"\"z\"\"\"", "{a=\"x\"y\"\"z\"}"},
	{"a = \"\"\"x\"\"\"\"", "{a=\"x\"\"}"},
	{"a = \"\"\"x\"\"\"\"\"", "{a=\"x\"\"\"}"},
	{"a = \"\"\"\"x\"\"\"\"", "{a=\"\"x\"\"}"},
	{"a = \"\"\"\"\"x\"\"\"", "{a=\"\"\"x\"}"},
	{"a = \"\"\"\\\"\"\"\\\"\"\"\"", "{a=\"\"\"\"\"\"}"},
	{"a = \"\"\"x\\\\\"\"\"", "{a=\"x\\\"}"},
	/* multi-line literal strings */
	{"a = ''''''", "{a=\"\"}"},
	{"a = '''\none\\\ntwo'''", "{a=\"one\\<0a>two\"}"},
	{"a = '''it''s'''", "{a=\"it''s\"}"},
	{"a = ''''x'''''", "{a=\"'x''\"}"},
	{"a = '''# \"\"\" '''", "{a=\"# \"\"\" \"}"},
	/* integers */
	{"a = 0", "{a=0}"},
	{"a = +99", "{a=99}"},
	{"a = -17", "{a=-17}"},
	{"a = +0\nb = -0", "{a=0,b=0}"},
	{"a = 1_000_000", "{a=1000000}"},
	{"a = 1_2_3_4", "{a=1234}"},
	{"a = 9223372036854775807", "{a=9223372036854775807}"},
	{"a = -9223372036854775808", "{a=-9223372036854775808}"},
	{"a = 0xDEADBEEF", "{a=3735928559}"},
	{"a = 0xdead_beef", "{a=3735928559}"},
	{"a = 0x00ff", "{a=255}"},
	{"a = 0o755", "{a=493}"},
	{"a = 0b1101_0110", "{a=214}"},
	{"a = 0x7fffffffffffffff", "{a=9223372036854775807}"},
	{"a = 0xe1", "{a=225}"},
	/* floats */
	{"a = 1.0", "{a=f1}"},
	{"a = +1.5", "{a=f1.5}"},
	{"a = -0.25", "{a=f-0.25}"},
	{"a = -0.0", "{a=f-0}"},
	{"a = 5e+22", "{a=f5e+22}"},
	{"a = 1e06", "{a=f1000000}"},
	{"a = -2E-2", "{a=f-0.02}"},
	{"a = 6.5e3", "{a=f6500}"},
	{"a = 224_617.5", "{a=f224617.5}"},
	{"a = 1_0e1_0", "{a=f100000000000}"},
	{"a = 0e0", "{a=f0}"},
	{"a = inf\nb = +inf\nc = -inf", "{a=finf,b=finf,c=f-inf}"},
	{"a = nan\nb = +nan\nc = -nan", "{a=nan,b=nan,c=nan}"},
	/* booleans */
	{"a = true\nb = false", "{a=true,b=false}"},
	/* dates and times */
	{"a = 1979-05-27T07:32:00Z", "{a=offset:1979-05-27T07:32:00Z}"},
	{"a = 1979-05-27t07:32:00z", "{a=offset:1979-05-27t07:32:00z}"},
	{"a = 1979-05-27T00:32:00-07:00", "{a=offset:1979-05-27T00:32:00-07:00}"},
	{"a = 1979-05-27 07:32:00.5+23:59", "{a=offset:1979-05-27 07:32:00.5+23:59}"},
	{"a = 1979-05-27T07:32:00", "{a=local:1979-05-27T07:32:00}"},
	{"a = 1979-05-27T00:32:00.999999", "{a=local:1979-05-27T00:32:00.999999}"},
	{"a = 1979-05-27 07:32:00 # x", "{a=local:1979-05-27 07:32:00}"},
	{"a = 1979-05-27", "{a=date:1979-05-27}"},
	{"a = 1979-05-27 # x", "{a=date:1979-05-27}"},
	{"a = 0001-01-01", "{a=date:0001-01-01}"},
	{"a = 2000-02-29", "{a=date:2000-02-29}"},
	{"a = 2024-02-29", "{a=date:2024-02-29}"},
	{"a = 1990-12-31T23:59:60Z", "{a=offset:1990-12-31T23:59:60Z}"},
	{"a = 07:32:00", "{a=time:07:32:00}"},
	{"a = 00:32:00.25", "{a=time:00:32:00.25}"},
	{"a = [2024-01-01,07:32:00]", "{a=[date:2024-01-01,time:07:32:00]}"},
	/* arrays */
	{"a = []", "{a=[]}"},
	{"a = [ ]", "{a=[]}"},
	{"a = [1,2,3]", "{a=[1,2,3]}"},
	{"a = [ 1, 2, ]", "{a=[1,2]}"},
	{"a = [\n1, # one\n\n# two\n2\n, 3,\n]", "{a=[1,2,3]}"},
	{"a = [\r\n1\r\n]", "{a=[1]}"},
	{"a = [ # c\n]", "{a=[]}"},
	{"a = [[1, 2], ['x'], []]", "{a=[[1,2],[\"x\"],[]]}"},
	{"a = [1, 'x', 1.5, true, {b = 1}]", "{a=[1,\"x\",f1.5,true,{b=1}]}"},
	{"a = [\"\"\"x\ny\"\"\", '''z''']", "{a=[\"x<0a>y\",\"z\"]}"},
	{"a = [{b=1},{b=2}]", "{a=[{b=1},{b=2}]}"},
	/* inline tables */
	{"a = {}", "{a={}}"},
	{"a = {  }", "{a={}}"},
	{"a = { b = 1, c = 'x' }", "{a={b=1,c=\"x\"}}"},
	{"a = { b.c = 1, b.d = 2 }", "{a={b={c=1,d=2}}}"},
	{"a = { b = { c = { d = 1 } } }", "{a={b={c={d=1}}}}"},
	{"a = { b = [\n1,\n2\n] }", "{a={b=[1,2]}}"},
	{"a = { \"b c\" = 1 }", "{a={b c=1}}"},
	{"a.b = {c = 1}\na.d = 2", "{a={b={c=1},d=2}}"},
	/* tables */
	{"[a]", "{a={}}"},
	{"[a]\nb = 1\n[c]\nb = 2", "{a={b=1},c={b=2}}"},
	{"[a.b.c]\nd = 1", "{a={b={c={d=1}}}}"},
	{"[ a . 'b' . \"c\" ] # x\nd = 1", "{a={b={c={d=1}}}}"},
	{"[a.b]\nx = 1\n[a]\ny = 2", "{a={b={x=1},y=2}}"},
	{"[a]\n[a.b]\n[a.c]", "{a={b={},c={}}}"},
	{"[fruit.apple]\n[animal]\n[fruit.orange]", "{fruit={apple={},orange={}},animal={}}"},
	{"[fruit]\napple.color = 1\n[fruit.apple.taste]\nsweet = true",
		"{fruit={apple={color=1,taste={sweet=true}}}}"},
	{"[a.b.c]\nx = 1\n[a]\nb.d = 2", "{a={b={c={x=1},d=2}}}"},
	{"x = 1\n[a]\nx = 2", "{x=1,a={x=2}}"},
	{"[\"\"]\nx = 1", "{={x=1}}"},
	/* arrays of tables */
	{"[[a]]", "{a=[{}]}"},
	{"[[a]]\nx = 1\n[[a]]\n[[a]]\nx = 3", "{a=[{x=1},{},{x=3}]}"},
	{"[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\n[a.b]\ny = 3", "{a=[{x=1,b={y=2}},{b={y=3}}]}"},
	{"[[a]]\n[[a.b]]\nx = 1\n[[a.b]]\nx = 2\n[[a]]\n[[a.b]]\nx = 3",
		"{a=[{b=[{x=1},{x=2}]},{b=[{x=3}]}]}"},
	{"[a]\n[[a.b]]\nx = 1\n[[a.b]]\nx = 2", "{a={b=[{x=1},{x=2}]}}"},
	{"[[ a . b ]]\nx = 1", "{a={b=[{x=1}]}}"},
	{"[[a.b]]\n[a]\nx = 1", "{a={b=[{}],x=1}}"},
	{"[[a]]\nb.c = 1\n[[a]]\nb.c = 2", "{a=[{b={c=1}},{b={c=2}}]}"},
};

START_TEST(valid_documents)
{
	const Valid *c = &valid[_i];
	char *form = NULL;
	size_t n;
	FILE *f = open_memstream(&form, &n);

	bool fine = parse(c->text, strlen(c->text));
	put_value(f, &doc.root);
	fclose(f);
	ck_assert_msg(fine, "`%s` is refused: %s", c->text, fine ? "" : diags.list.at[0]->title);
	ck_assert_msg(strcmp(form, c->form) == 0, "`%s` gives %s, not %s", c->text, form, c->form);
	free(form);
}
END_TEST

/* --- invalid documents -------------------------------------------------------------------- */

typedef struct Invalid {
	DiagCode code;
	uint32_t line, column;
	const char *text;
} Invalid;

static const Invalid invalid[] = {
	/* lines */
	{G0010, 1, 1, "= 1"},
	{G0010, 1, 2, "a"},
	{G0010, 1, 3, "a b = 1"},
	{G0010, 1, 4, "a ="},
	{G0010, 1, 5, "a = \nb = 1"},
	{G0010, 1, 2, "a\n= 1"},
	{G0010, 1, 7, "a = 1 b = 2"},
	{G0010, 1, 5, "a = # 1"},
	{G0010, 1, 6, "a = 1, 2"},
	{G0010, 2, 1, "a = 1\n, b = 2"},
	{G0010, 1, 3, "a : 1"},
	{G0010, 1, 5, "a = @"},
	{G0010, 1, 1, "{a = 1}"},
	{G0010, 1, 1, "\xc3\xa9 = 1"},
	{G0016, 1, 6, "a = 1\rb = 2"},
	{G0016, 1, 3, "# \x01"},
	{G0016, 1, 3, "# \x7f"},
	{G0016, 1, 4, "# x\rb = 1"},
	{G0020, 1, 6, "# caf\xe9"},
	{G0020, 1, 6, "a = \"\xed\xa0\x80\""},
	{G0020, 1, 6, "a = \"\xc0\x80\""},
	/* keys */
	{G0010, 1, 4, "a. = 1"},
	{G0010, 1, 1, ".a = 1"},
	{G0010, 1, 3, "a..b = 1"},
	{G0010, 1, 2, "a\"b\" = 1"},
	{G0010, 1, 4, "\"a\"b = 1"},
	{G0010, 1, 1, "\"\"\"a\"\"\" = 1"},
	{G0010, 1, 1, "'''a''' = 1"},
	{G0010, 1, 2, "a+b = 1"},
	{G0010, 1, 2, "a# = 1"},
	{G0015, 1, 1, "\"a\nb\" = 1"},
	{G0011, 2, 1, "a = 1\na = 2"},
	{G0011, 2, 1, "a = 1\n\"a\" = 2"},
	{G0011, 2, 1, "\"\" = 1\n'' = 2"},
	{G0011, 2, 3, "a.b = 1\na.b = 2"},
	{G0011, 2, 1, "a.b = 1\na = 2"},
	{G0013, 2, 1, "a = 1\na.b = 2"},
	{G0013, 2, 3, "a.b = 1\na.b.c = 2"},
	{G0013, 2, 1, "a = []\na.b = 2"},
	{G0013, 2, 1, "a = {}\na.b = 2"},
	{G0013, 2, 1, "a = 1979-05-27\na.b = 2"},
	/* strings */
	{G0015, 1, 5, "a = \"x"},
	{G0015, 1, 5, "a = 'x"},
	{G0015, 1, 5, "a = \"x\ny\""},
	{G0015, 1, 5, "a = 'x\ny'"},
	{G0015, 1, 5, "a = \"\"\"x"},
	{G0015, 1, 5, "a = \"\"\"x\"\""},
	{G0015, 1, 5, "a = '''x''"},
	{G0015, 1, 5, "a = \""},
	{G0015, 1, 5, "a = \"x\\"},
	{G0015, 1, 5, "a = \"x\\\""},
	{G0015, 1, 5, "a = '''"},
	{G0010, 1, 8, "a = 'x''y'"},
	{G0010, 1, 14, "a = \"\"\"x\"\"\"\"\"y"},
	{G0014, 1, 6, "a = \"\\a\""},
	{G0014, 1, 6, "a = \"\\e\""},
	{G0014, 1, 6, "a = \"\\x41\""},
	{G0014, 1, 6, "a = \"\\/\""},
	{G0014, 1, 6, "a = \"\\ \""},
	{G0014, 1, 7, "a = \"C\\Users\""},
	{G0014, 1, 6, "a = \"\\u12\""},
	{G0014, 1, 6, "a = \"\\U0001F60\""},
	{G0014, 1, 6, "a = \"\\uD800\""},
	{G0014, 1, 6, "a = \"\\U00110000\""},
	{G0014, 1, 6, "a = \"\\UFFFFFFFF\""},
	{G0014, 1, 6, "a = \"\\\xc3\xa9\""},
	{G0014, 1, 9, "a = \"\"\"x\\ y\"\"\""},
	{G0014, 1, 6, "a = \"\\\nb\""},
	{G0014, 1, 3, "[\"\\q\"]"},
	{G0016, 1, 6, "a = \"\x01\""},
	{G0016, 1, 6, "a = '\x1f'"},
	{G0016, 1, 6, "a = \"\x7f\""},
	{G0016, 1, 8, "a = \"\"\"\x0b\"\"\""},
	{G0016, 1, 9, "a = '''x\r'''"},
	/* words */
	{G0010, 1, 5, "a = hello"},
	{G0010, 1, 5, "a = True"},
	{G0010, 1, 5, "a = FALSE"},
	{G0010, 1, 5, "a = truer"},
	{G0010, 1, 5, "a = Inf"},
	{G0010, 1, 5, "a = NaN"},
	{G0010, 1, 5, "a = null"},
	/* numbers */
	{G0017, 1, 5, "a = 01"},
	{G0017, 1, 5, "a = -01"},
	{G0017, 1, 5, "a = +01.5"},
	{G0017, 1, 5, "a = 00"},
	{G0017, 1, 5, "a = 1__0"},
	{G0017, 1, 5, "a = 1_"},
	{G0010, 1, 5, "a = _1"},
	{G0017, 1, 5, "a = ++1"},
	{G0017, 1, 5, "a = 9223372036854775808"},
	{G0017, 1, 5, "a = -9223372036854775809"},
	{G0017, 1, 5, "a = 0x8000000000000000"},
	{G0017, 1, 5, "a = 99999999999999999999999"},
	{G0017, 1, 5, "a = 0x"},
	{G0017, 1, 5, "a = 0xg"},
	{G0017, 1, 5, "a = 0x_1"},
	{G0017, 1, 5, "a = 0x1_"},
	{G0017, 1, 5, "a = 0X1"},
	{G0017, 1, 5, "a = -0x1"},
	{G0017, 1, 5, "a = +0b1"},
	{G0017, 1, 5, "a = 0b2"},
	{G0017, 1, 5, "a = 0o8"},
	{G0017, 1, 5, "a = 0x1.5"},
	{G0017, 1, 5, "a = 1."},
	{G0017, 1, 5, "a = .5"},
	{G0017, 1, 5, "a = 1.e5"},
	{G0017, 1, 5, "a = 1e"},
	{G0017, 1, 5, "a = 1e5.5"},
	{G0017, 1, 5, "a = 1_.5"},
	{G0017, 1, 5, "a = 1._5"},
	{G0017, 1, 5, "a = 1e_5"},
	{G0017, 1, 5, "a = 1.2.3"},
	{G0017, 1, 5, "a = +infinity"},
	{G0017, 1, 5, "a = 1kg"},
	{G0010, 1, 5, "a = -"},
	/* dates and times */
	{G0018, 1, 5, "a = 2023-02-29"},
	{G0018, 1, 5, "a = 1900-02-29"},
	{G0018, 1, 5, "a = 2024-13-01"},
	{G0018, 1, 5, "a = 2024-00-01"},
	{G0018, 1, 5, "a = 2024-01-00"},
	{G0018, 1, 5, "a = 2024-04-31"},
	{G0018, 1, 5, "a = 2024-1-01"},
	{G0018, 1, 5, "a = 2024-01-1"},
	{G0018, 1, 5, "a = 2024-01-01T"},
	{G0018, 1, 5, "a = 2024-01-01T07:32"},
	{G0018, 1, 5, "a = 2024-01-01T24:00:00"},
	{G0018, 1, 5, "a = 2024-01-01T00:60:00"},
	{G0018, 1, 5, "a = 2024-01-01T00:00:61"},
	{G0018, 1, 5, "a = 2024-01-01T00:00:00."},
	{G0018, 1, 5, "a = 2024-01-01T00:00:00+24:00"},
	{G0018, 1, 5, "a = 2024-01-01T00:00:00+1:00"},
	{G0018, 1, 5, "a = 2024-01-01T00:00:00ZZ"},
	{G0018, 1, 5, "a = 2024-01-01x"},
	{G0018, 1, 5, "a = 07:32"},
	{G0018, 1, 5, "a = 07:32:0"},
	{G0018, 1, 5, "a = 07:32:00Z"},
	{G0010, 1, 17, "a = 2024-01-01  07:32:00"},
	{G0017, 1, 5, "a = 7:32:00"},
	{G0017, 1, 5, "a = 24-01-01"},
	/* arrays */
	{G0010, 1, 6, "a = ["},
	{G0010, 1, 7, "a = [1"},
	{G0010, 1, 8, "a = [1,"},
	{G0010, 1, 8, "a = [1 2]"},
	{G0010, 1, 6, "a = [,]"},
	{G0010, 1, 8, "a = [1,,2]"},
	{G0010, 2, 1, "a = [1\nb = 2"},
	{G0010, 1, 7, "a = [1}"},
	{G0010, 1, 8, "a = [1]]"},
	{G0010, 1, 8, "a = [] 1"},
	/* inline tables */
	{G0010, 1, 6, "a = {"},
	{G0010, 1, 12, "a = {b = 1,}"},
	{G0010, 1, 6, "a = {,}"},
	{G0010, 1, 11, "a = {b = 1\n}"},
	{G0010, 1, 6, "a = {\nb = 1}"},
	{G0010, 1, 12, "a = {b = 1 c = 2}"},
	{G0010, 1, 7, "a = {b}"},
	{G0010, 1, 11, "a = {b = 1]"},
	{G0010, 1, 12, "a = {b = 1 # x\n}"},
	{G0011, 1, 13, "a = {b = 1, b = 2}"},
	{G0011, 1, 15, "a = {b.c = 1, b = 2}"},
	{G0013, 1, 13, "a = {b = 1, b.c = 2}"},
	{G0013, 1, 14, "a = {b = {}, b.c = 2}"},
	{G0013, 2, 2, "a = {}\n[a.b]"},
	{G0011, 2, 2, "a = {}\n[a]"},
	{G0013, 2, 1, "a = {b = {c = 1}}\na.b.d = 2"},
	/* tables */
	{G0010, 1, 2, "[]"},
	{G0010, 1, 3, "[ ]"},
	{G0010, 1, 3, "[a"},
	{G0010, 1, 4, "[a.]"},
	{G0010, 1, 2, "[.a]"},
	{G0010, 1, 4, "[a..b]"},
	{G0010, 1, 4, "[a b]"},
	{G0010, 1, 4, "[a]]"},
	{G0010, 1, 5, "[a] b = 1"},
	{G0010, 1, 3, "[a\n]"},
	{G0010, 1, 2, "[\na]"},
	{G0010, 1, 3, "[a=1]"},
	{G0011, 2, 2, "[a]\n[a]"},
	{G0011, 2, 2, "a = 1\n[a]"},
	{G0013, 2, 2, "a = 1\n[a.b]"},
	{G0011, 4, 2, "[a]\nb = 1\n[c]\n[a]"},
	{G0011, 3, 4, "[a]\nb = 1\n[a.b]"},
	{G0011, 3, 4, "[a]\nb.c = 1\n[a.b]"},
	{G0011, 2, 2, "a.b = 1\n[a]"},
	{G0013, 4, 3, "[a.b.c]\nz = 9\n[a]\nb.c.t = 1"},
	{G0013, 3, 1, "[a.b]\n[a]\nb.c = 1"},
	{G0013, 4, 5, "[a.b.c.d]\nz = 9\n[a]\nb.c.d.k.t = 1"},
	{G0011, 3, 1, "[a.b]\n[a]\nb = 1"},
	/* arrays of tables */
	{G0010, 1, 3, "[[]]"},
	{G0010, 1, 5, "[[a]"},
	{G0010, 1, 3, "[ [a]]"},
	{G0010, 1, 5, "[[a] ]"},
	{G0011, 2, 3, "[a]\n[[a]]"},
	{G0011, 2, 2, "[[a]]\n[a]"},
	{G0011, 2, 3, "a = []\n[[a]]"},
	{G0011, 2, 3, "a = [{}]\n[[a]]"},
	{G0013, 2, 2, "a = [{}]\n[a.b]"},
	{G0011, 2, 3, "[a.b]\n[[a]]"},
	{G0011, 3, 4, "[[a]]\n[a.b]\n[a.b]"},
	{G0011, 3, 5, "[[a]]\nb = []\n[[a.b]]"},
	{G0013, 3, 1, "[[a.b]]\n[a]\nb.c = 1"},
	{G0011, 3, 1, "[[a.b]]\n[a]\nb = 1"},
};

START_TEST(invalid_documents)
{
	const Invalid *c = &invalid[_i];

	ck_assert_msg(!parse(c->text, strlen(c->text)), "`%s` is accepted", c->text);
	const Diag *d = diags.list.at[0];
	SourcePlace at = source_place(&sources, d->primary.span.start);
	ck_assert_msg(d->code == c->code && at.line == c->line && at.column == c->column,
	    "`%s` gives %s at %u:%u, not %s at %u:%u: %s", c->text, diag_info(d->code)->code, at.line,
	    at.column, diag_info(c->code)->code, c->line, c->column, d->title);
}
END_TEST

/* --- the rest ----------------------------------------------------------------------------- */

START_TEST(a_zero_byte_is_a_control_character)
{
	ck_assert(!parse("a = \"\0\"", 7));
	ck_assert_int_eq(diags.list.at[0]->code, G0016);
}
END_TEST

START_TEST(entries_are_found_with_their_places)
{
	static const char text[] = "[project]\nid = \"x\"\n[deps]\n\"a/b\" = { path = \"..\" }\n";

	ck_assert(parse(text, strlen(text)));
	const TomlEntry *project = toml_find(&doc, &doc.root, "project");
	ck_assert_ptr_nonnull(project);
	const TomlEntry *id = toml_find(&doc, project->value, "id");
	ck_assert_ptr_nonnull(id);
	ck_assert_uint_eq(source_place(&sources, id->value->span.start).line, 2);
	ck_assert_uint_eq(source_place(&sources, id->value->span.start).column, 6);
	ck_assert_uint_eq(id->value->span.len, 3);
	ck_assert_ptr_null(toml_find(&doc, project->value, "path"));
	ck_assert_ptr_null(toml_find(&doc, project->value, ""));
	ck_assert_ptr_null(toml_find(&doc, id->value, "id"));
	ck_assert_ptr_null(toml_find(&doc, NULL, "id"));
	const TomlValue *deps = toml_find(&doc, &doc.root, "deps")->value;
	const TomlValue *dep = toml_find(&doc, deps, "a/b")->value;
	ck_assert_str_eq(toml_find(&doc, dep, "path")->value->as.text.s, "..");
}
END_TEST

START_TEST(what_is_defined_twice_does_not_end_the_reading)
{
	static const char text[] = "a = 1\na = 2\nb = \"\\q\"\n[c]\n[c]\nx = 1\n[d]\nx = 1_\n";

	ck_assert(!parse(text, strlen(text)));
	ck_assert_uint_eq(diag_error_count(&diags), 4);
	ck_assert_ptr_nonnull(toml_find(&doc, &doc.root, "d"));
}
END_TEST

/* `n` times `before`, then `middle`, then `n` times `after`. */
static char *
repeat(uint32_t n, const char *before, const char *middle, const char *after)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	for (uint32_t i = 0; i < n; i++)
		fputs(before, f);
	fputs(middle, f);
	for (uint32_t i = 0; i < n; i++)
		fputs(after, f);
	fclose(f);
	return text;
}

static void
check_depth(uint32_t n, const char *before, const char *middle, const char *after, bool fine)
{
	char *text = repeat(n, before, middle, after);
	char *line = arena_printf(&arena, "%s%s", *before == '[' || *before == '{' ? "a = " : "", text);

	diags.list.len = 0;
	ck_assert_int_eq(parse(line, strlen(line)), fine);
	if (!fine)
		ck_assert_int_eq(diags.list.at[0]->code, G0019);
	free(text);
}

START_TEST(nesting_is_bounded)
{
	check_depth(TOML_DEPTH_MAX - 1, "[", "1", "]", true);
	check_depth(TOML_DEPTH_MAX, "[", "1", "]", false);
	check_depth(300000, "[", "", "", false);
	check_depth(300000, "{a=", "", "", false);
	check_depth(300000, "[{a=", "", "", false);
	check_depth(TOML_DEPTH_MAX - 1, "a.", "a = 1", "", true);
	check_depth(300000, "a.", "a = 1", "", false);
}
END_TEST

static double
seconds_for(const char *text)
{
	clock_t begin = clock();

	ck_assert(parse(text, strlen(text)));
	return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/* Tens of thousands of keys, headers and items: quadratic time would be minutes. */
START_TEST(large_documents_take_linear_time)
{
	enum { N = 50000 };
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	for (int i = 0; i < N; i++)
		fprintf(f, "key%d = %d\n", i, i);
	for (int i = 0; i < N; i++)
		fprintf(f, "[a.b.c.t%d]\n[[list]]\nx.y = 1\n", i);
	fclose(f);
	ck_assert(seconds_for(text) < 10);
	free(text);
	text = repeat(1000000, "x\\n", "", "");
	char *string = arena_printf(&arena, "a = \"%s\"", text);
	ck_assert(seconds_for(string) < 10);
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("toml");
	TCase *t = tcase_create("toml");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, valid_documents, 0, sizeof valid / sizeof *valid);
	tcase_add_loop_test(t, invalid_documents, 0, sizeof invalid / sizeof *invalid);
	tcase_add_test(t, a_zero_byte_is_a_control_character);
	tcase_add_test(t, entries_are_found_with_their_places);
	tcase_add_test(t, what_is_defined_twice_does_not_end_the_reading);
	tcase_add_test(t, nesting_is_bounded);
	tcase_add_test(t, large_documents_take_linear_time);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
