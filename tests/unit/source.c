/* lib/source.c: positions to files, lines and columns; lib/file.c; lib/suggest.c. */
#include "lib/file.h"
#include "lib/source.h"
#include "lib/suggest.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Arena arena;
static Sources sources;

static void
setup(void)
{
	sources_init(&sources, &arena);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static SourceFile *
add(const char *path, const char *text)
{
	uint32_t i = source_add(&sources, path, text, strlen(text));

	return &sources.files.at[i];
}

static void
check_place(uint32_t pos, const char *path, uint32_t line, uint32_t column)
{
	SourcePlace p = source_place(&sources, pos);

	ck_assert_ptr_nonnull(p.file);
	ck_assert_str_eq(p.file->path, path);
	ck_assert_uint_eq(p.line, line);
	ck_assert_uint_eq(p.column, column);
}

START_TEST(files_share_one_space_of_positions)
{
	add("a", "one\ntwo\n");		/* 0 .. 8 */
	add("b", "");			/* 9 .. 9 */
	add("c", "three");		/* 10 .. 15 */
	check_place(0, "a", 1, 1);
	check_place(3, "a", 1, 4);
	check_place(4, "a", 2, 1);
	check_place(8, "a", 3, 1);
	check_place(9, "b", 1, 1);
	check_place(10, "c", 1, 1);
	check_place(15, "c", 1, 6);
	ck_assert_ptr_null(source_place(&sources, 16).file);
	ck_assert_ptr_null(source_place(&sources, UINT32_MAX).file);
}
END_TEST

START_TEST(columns_count_scalar_values)
{
	add("a", "é日😀x\n\tx");
	check_place(2, "a", 1, 2);
	check_place(5, "a", 1, 3);
	check_place(9, "a", 1, 4);
	check_place(12, "a", 2, 2);
}
END_TEST

START_TEST(lines_come_without_their_end)
{
	SourceFile *f = add("a", "one\r\ntwo\n\nlast");
	static const char *const lines[] = {"one", "two", "", "last"};

	ck_assert_uint_eq(source_line_count(&sources, f), 4);
	for (uint32_t i = 0; i < 4; i++) {
		Text t = source_line_text(&sources, f, i + 1);
		ck_assert_uint_eq(t.n, strlen(lines[i]));
		ck_assert_mem_eq(t.s, lines[i], t.n);
	}
	ck_assert_uint_eq(source_line_start(&sources, f, 2), 5);
}
END_TEST

START_TEST(a_final_newline_begins_an_empty_line)
{
	SourceFile *f = add("a", "x\n");

	ck_assert_uint_eq(source_line_count(&sources, f), 2);
	ck_assert_uint_eq(source_line_text(&sources, f, 2).n, 0);
}
END_TEST

START_TEST(bases_of_a_stream_must_ascend)
{
	ck_assert(source_add_at(&sources, "a", 100, "abc", 3));
	ck_assert(!source_add_at(&sources, "b", 103, "x", 1));
	ck_assert(source_add_at(&sources, "b", 104, "x", 1));
	ck_assert(!source_add_at(&sources, "c", UINT32_MAX - 1, "xyz", 3));
	ck_assert_ptr_null(source_find(&sources, 99));
	check_place(101, "a", 1, 2);
}
END_TEST

START_TEST(text_of_spans)
{
	add("a", "hello");
	add("b", "world");
	ck_assert_uint_eq(source_span_text(&sources, (Span){1, 3}).n, 3);
	ck_assert_mem_eq(source_span_text(&sources, (Span){1, 3}).s, "ell", 3);
	ck_assert_mem_eq(source_span_text(&sources, (Span){6, 5}).s, "world", 5);
	ck_assert_uint_eq(source_span_text(&sources, (Span){3, 5}).n, 0);	/* over the end */
	Span joined = span_join((Span){4, 2}, (Span){10, 3});
	ck_assert_uint_eq(joined.start, 4);
	ck_assert_uint_eq(joined.len, 9);
}
END_TEST

START_TEST(whole_files)
{
	char path[] = "/tmp/gos-unit-XXXXXX";
	int fd = mkstemp(path);
	Text text;

	ck_assert_int_eq(write(fd, "a\0b", 3), 3);
	close(fd);
	ck_assert_int_eq(file_read(&arena, path, &text), FILE_OK);
	ck_assert_uint_eq(text.n, 3);
	ck_assert_mem_eq(text.s, "a\0b", 4);
	unlink(path);
	ck_assert_int_eq(file_read(&arena, path, &text), FILE_FAILED);
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(file_read(&arena, "/", &text), FILE_IS_DIRECTORY);
}
END_TEST

START_TEST(a_pipe_is_read_to_its_end)
{
	FILE *p = popen("yes 0123456789 | head -c 300000", "r");
	Text text;

	ck_assert_int_eq(file_read_fd(&arena, fileno(p), &text), FILE_OK);
	pclose(p);
	ck_assert_uint_eq(text.n, 300000);
	ck_assert_mem_eq(text.s, "0123456789\n0", 12);
	ck_assert_int_eq(text.s[300000], 0);
}
END_TEST

static const char *
nearest(const char *word)
{
	static const char *const names[] = {"length", "push", "println", "x", "to_string", "Some", "catch_unwind", "catch_all"};
	Suggest s = suggest_for(word, strlen(word));

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		suggest_offer(&s, names[i], strlen(names[i]), (uint32_t)i);
	return s.found ? s.name : "";
}

START_TEST(suggestions)
{
	ck_assert_str_eq(nearest("lenght"), "length");
	ck_assert_str_eq(nearest("prinln"), "println");
	ck_assert_str_eq(nearest("toString"), "to_string");
	ck_assert_str_eq(nearest("some"), "Some");
	ck_assert_str_eq(nearest("psuh"), "push");
	ck_assert_str_eq(nearest("catch"), "catch_unwind");
	ck_assert_str_eq(nearest("catchall"), "catch_all");
	ck_assert_str_eq(nearest("to"), "");
	ck_assert_str_eq(nearest("y"), "");
	ck_assert_str_eq(nearest("frobnicate"), "");
}
END_TEST

START_TEST(distances)
{
	ck_assert_uint_eq(suggest_distance("abc", 3, "abc", 3, 100), 0);
	ck_assert_uint_eq(suggest_distance("abc", 3, "Abc", 3, 100), 1);
	ck_assert_uint_eq(suggest_distance("abc", 3, "abd", 3, 100), 2);
	ck_assert_uint_eq(suggest_distance("abc", 3, "acb", 3, 100), 2);
	ck_assert_uint_eq(suggest_distance("abc", 3, "ab", 2, 100), 2);
	ck_assert_uint_eq(suggest_distance("", 0, "abc", 3, 100), 6);
	ck_assert_uint_eq(suggest_distance("abc", 3, "xyz", 3, 4), 4);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("source");
	TCase *t = tcase_create("source");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, files_share_one_space_of_positions);
	tcase_add_test(t, columns_count_scalar_values);
	tcase_add_test(t, lines_come_without_their_end);
	tcase_add_test(t, a_final_newline_begins_an_empty_line);
	tcase_add_test(t, bases_of_a_stream_must_ascend);
	tcase_add_test(t, text_of_spans);
	tcase_add_test(t, whole_files);
	tcase_add_test(t, a_pipe_is_read_to_its_end);
	tcase_add_test(t, suggestions);
	tcase_add_test(t, distances);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
