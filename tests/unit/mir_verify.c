/* lib/mir_verify.c: what is refused, and in which words. */
#include "tests/fuzz/mir_program.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAD(ownership) "ir mir 1\noption \"ownership\" \"" ownership "\"\n"
#define TYPES \
	"(Type (\"i64\" 8 8 false false (Int 64 true)))" \
	"(Type (\"bool\" 1 1 false false Bool))" \
	"(Type (\"String\" 16 8 true false String))" \
	"(Type (\"P\" 24 8 true false (Struct [(\"n\" t0 0) (\"s\" t2 8)])))" \
	"(Type (\"E\" 16 8 false false (Enum t0 0 [(\"A\" 0 []) (\"B\" 1 [(\"0\" t0 8)])] -)))" \
	"(Type (\"()\" 0 1 false false Unit))"
/* _0 i64, _1 i64, _2 bool, _3 String, _4 P, _5 E */
#define LOCALS "[(\"\" t0 @0+0) (\"n\" t0 @0+0) (\"b\" t1 @0+0) (\"s\" t2 @0+0) (\"p\" t3 @0+0) (\"e\" t4 @0+0)]"
#define FN(blocks) "(Fn (\"m::f\" \"f\" @0+0 false false true false " LOCALS " [Borrow] [" blocks "]))"
#define RETURN " (Return @0+0) false)"
#define BODY(insts) HEAD("scheduled") TYPES FN("([" insts "]" RETURN) "end 0 0\n"
#define BLOCKS(blocks) HEAD("scheduled") TYPES FN(blocks) "end 0 0\n"
#define ONE_TYPE(type) HEAD("scheduled") TYPES "(Type " type ")end 0 0\n"

static Arena arena;

static const char *
verdict(const char *source)
{
	Interner names;
	MirModule m;

	intern_init(&names, &arena);
	return read_program(&m, &arena, &names, (Text){source, (uint32_t)strlen(source)}, MIR_SCHEDULED);
}

static const struct { const char *source, *wrong; } cases[] = {
	{BODY("(Assign @0+0 (_0 []) (Copy (_1 [])))"), NULL},
	{BODY("(Assign @0+0 (_0 []) (Copy (_4 [(Field 0)])))"), NULL},
	{BODY("(Assign @0+0 (_0 []) (Copy (_2 [])))"), "m::f, bb0, instruction 0: the value does not fit"},
	{BODY("(Assign @0+0 (_9 []) (Copy (_1 [])))"), "no such local"},
	{BODY("(Assign @0+0 (_0 []) (Copy (_4 [(Field 2)])))"), "no such field"},
	{BODY("(Assign @0+0 (_0 []) (Copy (_5 [(Variant 0 0)])))"), "no such field of a variant"},
	{BODY("(Assign @0+0 (_0 []) (Copy (_1 [Deref])))"), "only a Ref or a Box can be followed"},
	{BODY("(Assign @0+0 (_0 []) (Copy (_1 [(Index (Int t0 0))])))"), "only a Vec or an Array"},
	{BODY("(Assign @0+0 (_3 []) (Move (_4 [(Field 1)])))"), "a part is moved out"},
	{BODY("(Binary @0+0 (_2 []) Lt (Copy (_1 [])) (Int t0 1) Checked -)"), NULL},
	{BODY("(Binary @0+0 (_0 []) Lt (Copy (_1 [])) (Int t0 1) Checked -)"), "gives a Bool"},
	{BODY("(Binary @0+0 (_0 []) Add (Copy (_1 [])) (Copy (_2 [])) Checked -)"), "different types"},
	{BODY("(Binary @0+0 (_3 []) Add (Copy (_3 [])) (Copy (_3 [])) Checked -)"), "does not apply"},
	{BODY("(Unary @0+0 (_2 []) Neg (Copy (_2 [])) Checked -)"), "does not apply"},
	{BODY("(Cast @0+0 (_2 []) (Copy (_1 [])))"), "no such cast"},
	{BODY("(Aggregate @0+0 (_4 []) 0 [(Copy (_1 []))])"), "wrong number of fields"},
	{BODY("(Aggregate @0+0 (_5 []) 2 [])"), "no such variant"},
	{BODY("(Aggregate @0+0 (_1 []) 0 [])"), "makes a Struct"},
	{BODY("(Box @0+0 (_1 []) (Copy (_1 [])))"), "makes a Box, a Closure or a Dyn"},
	{BODY("(Tag @0+0 (_0 []) (_4 []))"), "only an Enum has a tag"},
	{BODY("(Bounds @0+0 (Copy (_2 [])) (Int t0 1) -)"), "64-bit"},
	{BODY("(Unique @0+0 (_3 []))"), "made unique"},
	{BODY("(Call @0+0 (_0 []) (Fn f0) [] -)"), "wrong number of arguments"},
	{BODY("(Call @0+0 (_0 []) (Runtime \"nothing\") [] -)"), "the runtime has no `nothing`"},
	{BODY("(Call @0+0 (_0 []) (Runtime \"str_len\") [(Borrow (_1 []))] -)"), "argument 0 of `str_len`"},
	{BODY("(Call @0+0 (_2 []) (Runtime \"str_len\") [(Borrow (_3 []))] -)"), NULL},
	{BODY("(Call @0+0 (_3 []) (Runtime \"str_len\") [(Borrow (_3 []))] -)"), "result of `str_len`"},
	{BODY("(Call @0+0 (_0 []) (Value (Copy (_1 []))) [] -)"), "only a Closure can be called"},
	{BODY("(Retain @0+0 (_3 []))"), "belong to counted mir"},
	{BODY("(Drop @0+0 (_3 []) bb0)"), "must go to a cleanup block"},
	{BODY("(Drop @0+0 (_3 []) bb7)"), "no such block"},
	{BLOCKS("([] (Goto @0+0 bb1) false) ([] (Resume @0+0) true)"), "only a panic goes to a cleanup"},
	{BLOCKS("([] (Resume @0+0) false)"), "m::f, bb0, end: Resume outside"},
	{BLOCKS("([] (Return @0+0) true)"), "the entry is a cleanup block"},
	{BLOCKS("([] (If @0+0 (Copy (_1 [])) bb0 bb0) false)"), "an If is on a Bool"},
	{BLOCKS("([] (Switch @0+0 (Copy (_1 [])) [(1 bb0) (1 bb0)] bb0) false)"), "two cases are equal"},
	{BLOCKS("([] (Switch @0+0 (Copy (_2 [])) [(2 bb0)] bb0) false)"), "a case is out of range"},
	{BLOCKS("([] (Panic @0+0 Message [(Copy (_1 []))] -) false)"), "a panic's argument is a String"},
	{ONE_TYPE("(\"X\" 8 8 false false (Struct [(\"x\" t6 0)]))"), "contains itself"},
	{ONE_TYPE("(\"X\" 8 8 true false (Box t6))"), NULL},
	{ONE_TYPE("(\"X\" 8 8 false false (Box t6))"), "`counted` is wrong"},
	{ONE_TYPE("(\"X\" 16 8 false false (Struct [(\"x\" t2 0)]))"), "not counted"},
	{ONE_TYPE("(\"X\" 8 8 false false (Struct [(\"x\" t0 4)]))"), "outside"},
	{ONE_TYPE("(\"X\" 16 8 false false (Struct [(\"x\" t0 4)]))"), "not aligned"},
	{ONE_TYPE("(\"X\" 8 16 false false (Struct []))"), "bad size or alignment"},
	{ONE_TYPE("(\"X\" 3 1 false false (Int 24 true))"), "8, 16, 32, 64 or 128 bits"},
	{ONE_TYPE("(\"X\" 16 8 false false (Array t0 3))"), "wrong size for an Array"},
	{ONE_TYPE("(\"X\" 8 8 false false (Array t0 9223372036854775809))"), "too large"},
	{ONE_TYPE("(\"X\" 8 8 false false (Enum t1 0 [] -))"), "the tag must be an Int"},
	{ONE_TYPE("(\"X\" 8 8 false false (Enum t0 0 [(\"A\" 0 []) (\"B\" 1 [])] (t0 0 2)))"), "the untagged variant does not exist"},
	{ONE_TYPE("(\"X\" 8 8 false false (Enum t0 0 [(\"A\" 0 []) (\"B\" 0 [])] (t0 0 1)))"), "tags are the numbers"},
	{ONE_TYPE("(\"X\" 8 8 false false (Enum t0 0 [(\"A\" 0 []) (\"B\" 1 [])] (t0 18446744073709551615 1)))"), "the niche is too small"},
	{ONE_TYPE("(\"X\" 8 8 false false (Enum t0 8 [(\"A\" 0 []) (\"B\" 1 [])] (t0 0 1)))"), "a part lies outside"},
	{HEAD("scheduled") TYPES FN("([]" RETURN) FN("([]" RETURN) "end 0 0\n", "not unique"},
	{HEAD("scheduled") TYPES FN("([]" RETURN) "(Entry f0 Unit)end 0 0\n", "has parameters"},
	{HEAD("counted") TYPES "end 0 0\n", "counted already"},
	{HEAD("other") TYPES "end 0 0\n", "must have the option"},
};

START_TEST(case_is_judged)
{
	const char *wrong = verdict(cases[_i].source), *wanted = cases[_i].wrong;

	ck_assert_msg(!wrong == !wanted, "case %d: %s", _i, wrong ? wrong : "accepted");
	if (wanted)
		ck_assert_msg(strstr(wrong, wanted) && !strchr(wrong, '\n'), "case %d: %s", _i, wrong);
}
END_TEST

/* Each type holds the one before twice: sizes stay 0, the number of parts doubles. */
START_TEST(types_cannot_explode)
{
	char *text, *at;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	fprintf(f, HEAD("scheduled") "(Type (\"t\" 0 1 false false Unit))");
	for (int i = 0; i < 150; i++)
		fprintf(f, "(Type (\"t\" 0 1 false false (Struct [(\"a\" t%d 0) (\"b\" t%d 0)])))", i, i);
	fprintf(f, "end 0 0\n");
	fclose(f);
	at = strdup(verdict(text));
	ck_assert_msg(strstr(at, "too many parts"), "%s", at);
	free(at);
	free(text);
}
END_TEST

START_TEST(types_cannot_nest_for_ever)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	fprintf(f, HEAD("scheduled"));
	for (int i = 0; i < 100000; i++)
		fprintf(f, "(Type (\"t\" 0 1 false false (Struct [(\"a\" t%d 0)])))", i + 1);
	fprintf(f, "(Type (\"t\" 0 1 false false Unit))end 0 0\n");
	fclose(f);
	ck_assert(strstr(verdict(text), "too deeply"));
	free(text);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("mir_verify");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, case_is_judged, 0, sizeof cases / sizeof *cases);
	tcase_add_test(t, types_cannot_explode);
	tcase_add_test(t, types_cannot_nest_for_ever);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	arena_free(&arena);
	return failed != 0;
}
