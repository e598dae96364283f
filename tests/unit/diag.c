/* lib/diag.c and its renderers, each against the whole text it must print. */
#include "lib/diag.h"
#include "lib/diag_render.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Arena arena;
static Sources sources;
static Diags diags;
static const char *source;

static void
setup(void)
{
	sources_init(&sources, &arena);
	diag_init(&diags, &arena, &sources);
	diag_color = DIAG_COLOR_NEVER;
	diag_format = DIAG_FORMAT_TEXT;
}

static void
teardown(void)
{
	arena_free(&arena);
}

static void
use(const char *text)
{
	source = text;
	source_add(&sources, "a.gos", text, strlen(text));
}

/* The first place of `text` in the source. */
static Span
at(const char *text)
{
	const char *s = strstr(source, text);

	ck_assert_ptr_nonnull(s);
	return (Span){(uint32_t)(s - source), (uint32_t)strlen(text)};
}

static Diag *
mistake(const char *text)
{
	Span span = at(text);

	return diag_error(&diags, G0201, span, "this", "that");
}

typedef void Render(const Diags *, const Diag *, FILE *);

static void
check_render(Render *render, const Diag *d, const char *want)
{
	char *out;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	render(&diags, d, f);
	fclose(f);
	ck_assert_str_eq(out, want);
	free(out);
}

START_TEST(labels_on_one_line)
{
	use("fn f() {\n\tlet n: i64 = \"five\"\n}\n");
	Diag *d = mistake("\"five\"");
	diag_primary(d, "this is a `%s`", "String");
	diag_label(d, at("i64"), "the annotation");
	diag_fix(d, DIAG_REVIEW, at("\"five\""), "write a number", "5");
	check_render(diag_render_text, d,
	    "error[G0201 parse.expected]: expected this, found that\n"
	    " --> a.gos:2:15\n"
	    "  |\n"
	    "2 |     let n: i64 = \"five\"\n"
	    "  |            ---   ^^^^^^ this is a `String`\n"
	    "  |            |\n"
	    "  |            the annotation\n"
	    "fix (review): let n: i64 = 5\n"
	    "learn: gos explain G0201\n\n");
}
END_TEST

START_TEST(wide_characters_keep_the_columns)
{
	use("日本 é\tx\n");
	Diag *d = mistake("x");
	check_render(diag_render_text, d,
	    "error[G0201 parse.expected]: expected this, found that\n"
	    " --> a.gos:1:6\n"
	    "  |\n"
	    "1 | 日本 é  x\n"
	    "  |         ^\n"
	    "learn: gos explain G0201\n\n");
}
END_TEST

START_TEST(a_span_over_lines_shows_its_ends)
{
	use("f(\n\ta,\n\tb,\n\tc\n)\n");
	Diag *d = mistake("f(\n\ta,\n\tb,\n\tc\n)");
	diag_primary(d, "all of it");
	diag_note(d, "a note");
	diag_help(d, "some help");
	check_render(diag_render_text, d,
	    "error[G0201 parse.expected]: expected this, found that\n"
	    " --> a.gos:1:1\n"
	    "  |\n"
	    "1 | f(\n"
	    "  | ^^\n"
	    "...\n"
	    "5 | )\n"
	    "  | ^ all of it\n"
	    "note: a note\n"
	    "help: some help\n"
	    "learn: gos explain G0201\n\n");
}
END_TEST

START_TEST(labels_in_two_files)
{
	use("one\n");
	source_add(&sources, "b.gos", "two\n", 4);
	Diag *d = mistake("one");
	diag_primary(d, "here");
	diag_label(d, (Span){5, 3}, "and there");
	check_render(diag_render_text, d,
	    "error[G0201 parse.expected]: expected this, found that\n"
	    " --> a.gos:1:1\n"
	    "  |\n"
	    "1 | one\n"
	    "  | ^^^ here\n"
	    " ::: b.gos:1:1\n"
	    "  |\n"
	    "1 | two\n"
	    "  | --- and there\n"
	    "learn: gos explain G0201\n\n");
}
END_TEST

/* A terminal must not be given what moves its cursor. */
START_TEST(control_characters_are_replaced)
{
	use("a\033[2Jb x\n");
	char *out;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	diag_render_text(&diags, mistake("x"), f);
	fclose(f);
	ck_assert_ptr_null(strchr(out, '\033'));
	ck_assert_ptr_nonnull(strstr(out, "a\xef\xbf\xbd[2Jb x"));
	free(out);
}
END_TEST

START_TEST(long_lines_are_cut)
{
	char *text = malloc(20001);
	memset(text, 'a', 20000);
	memcpy(text + 10000, "x", 1);
	text[20000] = 0;
	use(text);
	char *out;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	diag_render_text(&diags, mistake("x"), f);
	fclose(f);
	ck_assert_uint_lt(n, 1000);
	ck_assert_ptr_nonnull(strstr(out, "x"));
	free(out);
	free(text);
}
END_TEST

START_TEST(short_form)
{
	use("one\ntwo\n");
	check_render(diag_render_short, mistake("two"),
	    "a.gos:2:1: error[G0201]: expected this, found that\n");
	Diag *nowhere = diag_error(&diags, G0002, DIAG_NOWHERE, "dir");
	check_render(diag_render_short, nowhere,
	    "error[G0002]: `dir` is a directory, not a source file\n");
}
END_TEST

START_TEST(json_form)
{
	use("é two\n");
	Diag *d = mistake("two");
	diag_primary(d, "say \"hi\"\n");
	diag_fix(d, DIAG_SAFE, at("two"), "remove it", "");
	check_render(diag_render_json, d,
	    "{\"code\":\"G0201\",\"slug\":\"parse.expected\",\"level\":\"error\","
	    "\"title\":\"expected this, found that\",\"primary\":{\"file\":\"a.gos\","
	    "\"start\":{\"line\":1,\"column\":3,\"byte\":3},\"end\":{\"line\":1,\"column\":6,\"byte\":6},"
	    "\"text\":\"say \\\"hi\\\"\\n\"},\"labels\":[],\"fixes\":[{\"safety\":\"safe\","
	    "\"title\":\"remove it\",\"edits\":[{\"file\":\"a.gos\","
	    "\"start\":{\"line\":1,\"column\":3,\"byte\":3},\"end\":{\"line\":1,\"column\":6,\"byte\":6},"
	    "\"text\":\"\"}]}]}\n");
}
END_TEST

/* What diag_flush prints to stderr. */
static char *
flushed(uint32_t *errors)
{
	FILE *tmp = tmpfile();
	int saved = dup(STDERR_FILENO);

	fflush(stderr);
	dup2(fileno(tmp), STDERR_FILENO);
	*errors = diag_flush(&diags);
	dup2(saved, STDERR_FILENO);
	close(saved);
	off_t n = lseek(fileno(tmp), 0, SEEK_END);
	char *out = calloc(1, (size_t)n + 1);
	rewind(tmp);
	ck_assert_uint_eq(fread(out, 1, (size_t)n, tmp), (size_t)n);
	fclose(tmp);
	return out;
}

START_TEST(printed_in_order_and_once)
{
	uint32_t errors;

	use("a b c\n");
	diag_format = DIAG_FORMAT_SHORT;
	mistake("c");
	mistake("a");
	mistake("b");
	mistake("b");
	char *out = flushed(&errors);
	ck_assert_uint_eq(errors, 4);
	ck_assert_str_eq(out,
	    "a.gos:1:1: error[G0201]: expected this, found that\n"
	    "a.gos:1:3: error[G0201]: expected this, found that\n"
	    "a.gos:1:5: error[G0201]: expected this, found that\n");
	free(out);
	out = flushed(&errors);		/* the list is empty, the count stays */
	ck_assert_str_eq(out, "");
	ck_assert_uint_eq(errors, 4);
	free(out);
}
END_TEST

START_TEST(twenty_errors_are_enough)
{
	uint32_t errors, lines = 0;

	use("0123456789012345678901234567890123456789");
	diag_format = DIAG_FORMAT_SHORT;
	for (uint32_t i = 0; i < 40; i++) {
		Span span = {i, 1};
		diag_error(&diags, G0201, span, "this", "that");
	}
	char *out = flushed(&errors);
	for (char *s = out; (s = strchr(s, '\n')); s++)
		lines++;
	ck_assert_uint_eq(errors, 40);
	ck_assert_uint_eq(lines, 21);
	ck_assert_ptr_nonnull(strstr(out, "too many errors in a.gos"));
	free(out);
}
END_TEST

START_TEST(a_flood_is_counted_but_not_kept)
{
	use("x");
	for (uint32_t i = 0; i < 100000; i++) {
		Diag *d = mistake("x");
		diag_primary(d, "number %u", i);
		diag_label(d, at("x"), "again");
		diag_fix(d, DIAG_SAFE, at("x"), "no", "y");
		diag_edit(d, at("x"), "z");
	}
	ck_assert_uint_eq(diag_error_count(&diags), 100000);
	ck_assert_uint_lt(arena.total, 8 << 20);
}
END_TEST

START_TEST(nothing_may_be_added_to_nothing)
{
	diag_primary(NULL, "x");
	diag_label(NULL, DIAG_NOWHERE, "x");
	diag_note(NULL, "x");
	diag_help(NULL, "x");
	diag_fix(NULL, DIAG_SAFE, DIAG_NOWHERE, "x", "x");
	diag_edit(NULL, DIAG_NOWHERE, "x");
}
END_TEST

START_TEST(the_table_is_sound)
{
	for (int i = 0; i < DIAG_CODE_COUNT; i++) {
		const DiagInfo *info = diag_info((DiagCode)i);
		ck_assert_ptr_eq(diag_info_find(info->code), info);
		ck_assert_ptr_eq(diag_info_find(info->slug), info);
		ck_assert_uint_eq(strlen(info->code), 5);
		ck_assert_msg(strlen(info->text) > 20, "%s has no explanation", info->code);
		ck_assert_msg(strchr(info->slug, '.') != NULL, "%s", info->slug);
	}
	ck_assert_ptr_eq(diag_info_find("201"), diag_info(G0201));
	ck_assert_ptr_eq(diag_info_find("g0201"), diag_info(G0201));
	ck_assert_ptr_null(diag_info_find("G9999"));
	ck_assert_ptr_null(diag_info_find(""));
	ck_assert_ptr_null(diag_info_find("nonsense"));
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("diag");
	TCase *t = tcase_create("diag");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, labels_on_one_line);
	tcase_add_test(t, wide_characters_keep_the_columns);
	tcase_add_test(t, a_span_over_lines_shows_its_ends);
	tcase_add_test(t, labels_in_two_files);
	tcase_add_test(t, control_characters_are_replaced);
	tcase_add_test(t, long_lines_are_cut);
	tcase_add_test(t, short_form);
	tcase_add_test(t, json_form);
	tcase_add_test(t, printed_in_order_and_once);
	tcase_add_test(t, twenty_errors_are_enough);
	tcase_add_test(t, a_flood_is_counted_but_not_kept);
	tcase_add_test(t, nothing_may_be_added_to_nothing);
	tcase_add_test(t, the_table_is_sound);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
