/* gos-rc/linear.c: mir that gives a value away twice, or never, is refused. */
#include "tests/fuzz/mir_program.h"

#include "gos-rc/linear.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define TYPES \
	"(Type (\"i64\" 8 8 false false (Int 64 true)))" \
	"(Type (\"bool\" 1 1 false false Bool))" \
	"(Type (\"String\" 16 8 true false String))" \
	"(Type (\"()\" 0 1 false false Unit))" \
	"(Type (\"P\" 32 8 true false (Struct [(\"a\" t2 0) (\"b\" t2 16)])))" \
	"(Type (\"Box\" 8 8 true false (Box t4)))"
/* _0 unit, _1 String (owned), _2 String (borrowed), _3 bool, _4 String, _5 P, _6 Box<P>, _7 i64 */
#define LOCALS "[(\"\" t3 @0+0) (\"own\" t2 @0+0) (\"look\" t2 @0+0) (\"c\" t1 @0+0)" \
	"(\"s\" t2 @0+0) (\"p\" t4 @0+0) (\"b\" t5 @0+0) (\"n\" t0 @0+0)]"
#define FN(blocks) "(Fn (\"m::f\" \"f\" @0+0 false false true false " LOCALS \
	" [Own Borrow Borrow] [" blocks "]))"
/* f1 takes its argument, f2 looks at it. */
#define OTHERS "(Fn (\"m::take\" \"take\" @0+0 false false true false " \
	"[(\"\" t3 @0+0) (\"s\" t2 @0+0)] [Own] [([] (Unreachable @0+0) false)]))" \
	"(Fn (\"m::look\" \"look\" @0+0 false false true false " \
	"[(\"\" t3 @0+0) (\"s\" t2 @0+0)] [Borrow] [([] (Return @0+0) false)]))"
#define PROGRAM(ownership, blocks) \
	"ir mir 1\noption \"ownership\" \"" ownership "\"\n" TYPES FN(blocks) OTHERS "end 0 0\n"
#define RETURN " (Return @0+0) false)"

#define DROP(l) "(Drop @0+0 (" l " []) -)"
#define RELEASE(l) "(Release @0+0 (" l ") -)"
#define RETAIN(l) "(Retain @0+0 (" l "))"
#define ASSIGN(l, how) "(Assign @0+0 (" l " []) (" how "))"
#define TAKE(how, unwind) "(Call @0+0 (_0 []) (Fn f1) [(" how ")] " unwind ")"
#define IF(then, otherwise) "(If @0+0 (Copy (_3 [])) " then " " otherwise ")"

static Arena arena;

static const struct { bool counted; const char *blocks, *wrong; } cases[] = {
	/* One block. */
	{false, "([" DROP("_1") "]" RETURN, NULL},
	{false, "([]" RETURN, "m::f, bb0, end: _1 owns a reference when the function is left"},
	{false, "([" DROP("_1") TAKE("Move (_1 [])", "-") "]" RETURN, "instruction 1: _1 gives a reference away"},
	{false, "([" TAKE("Move (_1 [])", "-") "]" RETURN, NULL},
	{false, "([" TAKE("Move (_2 [])", "-") DROP("_1") "]" RETURN, "_2 gives a reference away"},
	{false, "([" ASSIGN("_4", "Copy (_1 [])") DROP("_1") "]" RETURN, "_4 owns a reference when"},
	{false, "([" ASSIGN("_4", "Copy (_1 [])") ASSIGN("_4", "Copy (_1 [])") DROP("_1") DROP("_4") "]"
	    RETURN, "instruction 1: _4 is stored to while it owns"},
	{false, "([" ASSIGN("_4", "Copy (_1 [])") "(Live @0+0 _4)" DROP("_1") "]" RETURN, "_4 begins while"},
	/* Paths. */
	{false, "([] " IF("bb1", "bb2") " false) ([" TAKE("Move (_1 [])", "-") "] (Goto @0+0 bb2) false) (["
	    DROP("_1") "]" RETURN, NULL},
	{false, "([] " IF("bb1", "bb2") " false) ([" TAKE("Move (_1 [])", "-") "] (Goto @0+0 bb2) false) ([]"
	    RETURN, "m::f, bb2, end: _1 owns a reference"},
	{false, "([] " IF("bb1", "bb2") " false) ([" TAKE("Move (_1 [])", "-") "] (Goto @0+0 bb2) false) (["
	    TAKE("Move (_1 [])", "-") "]" RETURN, "on some paths only"},
	{false, "([] " IF("bb0", "bb1") " false) ([" DROP("_1") "]" RETURN, NULL},
	{false, "([" TAKE("Move (_1 [])", "-") "] " IF("bb0", "bb1") " false) ([" DROP("_1") "]" RETURN,
	    "on some paths only"},
	/* Panics. */
	{false, "([" ASSIGN("_4", "Copy (_1 [])") TAKE("Move (_4 [])", "-") DROP("_1") "]" RETURN,
	    "m::f, bb0, instruction 1: _1 owns a reference when the function is left"},
	{false, "([" ASSIGN("_4", "Copy (_1 [])") TAKE("Move (_4 [])", "bb1") DROP("_1") "]" RETURN
	    "([" DROP("_1") "] (Resume @0+0) true)", NULL},
	{false, "([" TAKE("Move (_1 [])", "bb1") "]" RETURN "([] (Resume @0+0) true)", NULL},
	{false, "([" TAKE("Copy (_1 [])", "bb1") DROP("_1") "]" RETURN "([] (Resume @0+0) true)",
	    "m::f, bb1, end: _1 owns"},
	/* Counts. */
	{true, "([" RELEASE("_1 []") "]" RETURN, NULL},
	{true, "([" RELEASE("_1 []") RELEASE("_1 []") "]" RETURN, "instruction 1: _1 gives"},
	{true, "([" RETAIN("_1 []") RELEASE("_1 []") "]" RETURN, "_1 owns a reference when"},
	{true, "([" RETAIN("_2 []") ASSIGN("_4", "Copy (_2 [])") RELEASE("_4 []") RELEASE("_1 []") "]"
	    RETURN, NULL},
	{true, "([" ASSIGN("_4", "Copy (_2 [])") RELEASE("_4 []") RELEASE("_1 []") "]" RETURN, "_2 gives"},
	{true, "([" ASSIGN("_4", "Borrow (_2 [])") RELEASE("_4 []") RELEASE("_1 []") "]" RETURN, "_4 gives"},
	{true, "([" RELEASE("_1 []") "] " IF("bb0", "bb1") " false) ([]" RETURN,
	    "_1 owns a reference on one path to here"},
	/* Parts: two Strings in a struct, alone and behind a Box. */
	{true, "([(Aggregate @0+0 (_5 []) 0 [(Str \"a\") (Move (_1 []))])"
	    ASSIGN("_4", "Move (_5 [(Field 0)])") RELEASE("_5 [(Field 1)]") RELEASE("_4 []") "]" RETURN, NULL},
	{true, "([(Aggregate @0+0 (_5 []) 0 [(Str \"a\") (Move (_1 []))])"
	    ASSIGN("_4", "Move (_5 [(Field 0)])") RELEASE("_4 []") "]" RETURN, "a part of _5 owns a reference"},
	{true, "([(Aggregate @0+0 (_5 []) 0 [(Str \"a\") (Move (_1 []))])"
	    ASSIGN("_4", "Move (_5 [(Field 0)])") RELEASE("_4 []") RELEASE("_5 []") "]" RETURN, "_5 gives"},
	{true, "([(Aggregate @0+0 (_5 []) 0 [(Str \"a\") (Move (_1 []))]) (Box @0+0 (_6 []) (Move (_5 [])))"
	    ASSIGN("_4", "Move (_6 [Deref (Field 0)])") RELEASE("_6 [Deref (Field 1)]") RELEASE("_4 []")
	    "]" RETURN, "_6 owns a reference when"},
	{true, "([" RETAIN("_5 [(Field 0)]") ASSIGN("_4", "Copy (_5 [(Field 0)])") RELEASE("_4 []")
	    RELEASE("_1 []") "]" RETURN, NULL},
	{true, "([" ASSIGN("_4", "Copy (_5 [(Field 0)])") RELEASE("_4 []") RELEASE("_1 []") "]" RETURN,
	    "a part of _5 gives"},
};

START_TEST(finds)
{
	Interner names;
	MirModule m;
	bool counted = cases[_i].counted;
	const char *source = arena_printf(&arena, counted ? PROGRAM("counted", "%s")
	    : PROGRAM("scheduled", "%s"), cases[_i].blocks);
	Text text = {source, (uint32_t)strlen(source)};

	intern_init(&names, &arena);
	const char *wrong = read_program(&m, &arena, &names, text, counted ? MIR_COUNTED : MIR_SCHEDULED);
	ck_assert_msg(!wrong, "the program is no mir: %s", wrong);
	m.end_of = mir_ends(&m, &arena);
	Pass p = {.m = &m, .arena = &arena, .scratch = &arena, .fn = m.fns.at[0],
	    .dropped = counted};
	wrong = linear_check(&p, counted);
	if (!cases[_i].wrong)
		ck_assert_msg(!wrong, "%s: %s", cases[_i].blocks, wrong);
	else
		ck_assert_msg(wrong && strstr(wrong, cases[_i].wrong), "%s: `%s` instead of `%s`",
		    cases[_i].blocks, wrong ? wrong : "nothing", cases[_i].wrong);
}
END_TEST

/* All passes over what is balanced leave it balanced, drop flags included. */
START_TEST(follows_flags)
{
	static const char source[] = PROGRAM("scheduled", "([] " IF("bb1", "bb2") " false) (["
	    TAKE("Move (_1 [])", "bb3") "] (Goto @0+0 bb2) false) ([" TAKE("Copy (_2 [])", "bb3") DROP("_1")
	    "]" RETURN "([" DROP("_1") "] (Resume @0+0) true)");
	Interner names;
	MirModule m;
	Arena scratch = {0};

	intern_init(&names, &arena);
	ck_assert_ptr_null(read_program(&m, &arena, &names, (Text){source, sizeof source - 1},
	    MIR_SCHEDULED));
	ck_assert_ptr_null(rc_rewrite(&m, &scratch, false, ""));
	ck_assert_uint_gt(m.fns.at[0]->locals.len, 8);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("rc_linear");
	TCase *c = tcase_create("all");

	tcase_add_loop_test(c, finds, 0, sizeof cases / sizeof *cases);
	tcase_add_test(c, follows_flags);
	suite_add_tcase(s, c);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
