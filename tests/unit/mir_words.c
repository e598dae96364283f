/* lib/mir_words.c: which words of a type are counted, where words can tell. */
#include "tests/fuzz/mir_program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define BASICS \
	"(Type (\"i64\" 8 8 false false (Int 64 true)))"		/* t0 */ \
	"(Type (\"u8\" 1 1 false false (Int 8 false)))"			/* t1 */ \
	"(Type (\"bool\" 1 1 false false Bool))"			/* t2 */ \
	"(Type (\"raw\" 8 8 false false Raw))"			/* t3 */ \
	"(Type (\"String\" 16 8 true false String))"			/* t4 */ \
	"(Type (\"Box\" 8 8 true false (Box t0)))"			/* t5 */ \
	"(Type (\"Option<Box>\" 8 8 true false (Enum t1 0 [(\"None\" 0 []) (\"Some\" 1 [(\"0\" t5 0)])] (t3 0 1))))" \
	"(Type (\"Option<String>\" 16 8 true false (Enum t1 15 [(\"Some\" 0 [(\"0\" t4 0)]) (\"None\" 1 [])] (t1 192 0))))"

#define STRING(i) (1u << (16 + (i)))

static Arena arena;

/* What is asked for is t8. */
static const struct { const char *type; uint32_t words; } cases[] = {
	{"\"Vec\" 8 8 true false (Vec t0)", 1},
	{"\"S\" 8 8 false false (Struct [(\"a\" t0 0)])", 0},
	{"\"S\" 40 8 true false (Struct [(\"a\" t0 0) (\"b\" t5 8) (\"s\" t4 16) (\"c\" t6 32)])", 2 | 16 | STRING(2)},
	{"\"S\" 32 8 true false (Struct [(\"a\" t7 8) (\"b\" t0 0) (\"c\" t5 24)])", 8 | STRING(1)},
	{"\"A\" 32 8 true false (Array t4 2)", STRING(0) | STRING(2)},
	{"\"A\" 128 8 true false (Array t5 16)", 0xffff},
	{"\"A\" 136 8 true false (Array t5 17)", 0},
	{"\"A\" 256 8 true false (Array t4 16)", 0},
	/* A tag of its own, and a niche that is not the counted word. */
	{"\"E\" 16 8 true false (Enum t1 8 [(\"A\" 0 [(\"0\" t0 0)]) (\"B\" 1 [(\"0\" t5 0)])] -)", 0},
	{"\"E\" 16 8 true false (Enum t1 8 [(\"A\" 0 []) (\"B\" 1 [(\"0\" t5 0) (\"1\" t2 8)])] (t1 2 1))", 0},
	/* The niche tells about one of two. */
	{"\"E\" 16 8 true false (Enum t1 0 [(\"A\" 0 []) (\"B\" 1 [(\"0\" t5 0) (\"1\" t5 8)])] (t3 0 1))", 0},
	/* Others have payloads beside it: fine if nothing there is counted. */
	{"\"E\" 16 8 true false (Enum t1 0 [(\"A\" 0 [(\"0\" t0 8)]) (\"B\" 1 [(\"0\" t5 0) (\"1\" t0 8)])] (t3 0 1))", 1},
	{"\"E\" 16 8 true false (Enum t1 0 [(\"A\" 0 [(\"0\" t5 8)]) (\"B\" 1 [(\"0\" t5 0) (\"1\" t0 8)])] (t3 0 1))", 0},
	{"\"E\" 24 8 true false (Enum t1 8 [(\"A\" 0 []) (\"B\" 1 [(\"0\" t0 0) (\"1\" t5 8) (\"2\" t0 16)])] (t3 0 1))", 2},
	{"\"E\" 24 8 true false (Enum t1 23 [(\"A\" 0 []) (\"B\" 1 [(\"0\" t0 0) (\"1\" t4 8)])] (t1 192 1))", STRING(1)},
};

START_TEST(words_of_types)
{
	Interner names;
	MirModule m;
	char text[4096];

	intern_init(&names, &arena);
	snprintf(text, sizeof text, "ir mir 1\noption \"ownership\" \"scheduled\"\n" BASICS "(Type (%s))end 0 0\n",
	    cases[_i].type);
	const char *wrong = read_program(&m, &arena, &names, (Text){text, (uint32_t)strlen(text)}, MIR_SCHEDULED);
	ck_assert_msg(!wrong, "%s", wrong);
	ck_assert_uint_eq(mir_counted_words(&m, 8), cases[_i].words);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mir_words");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, words_of_types, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	arena_free(&arena);
	return failed != 0;
}
