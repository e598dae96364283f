/*
 * Exhaustiveness without a type checker: patterns built by hand, and the sizes that a naive
 * matrix algorithm does not survive.
 */
#include "gos-check/exhaust.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>

/* The types of these tests by number: primitives as in TastPrim, then these. */
enum { T_OPTION = 100, T_WIDE, T_PAIR, T_TRIPLE, T_VEC, T_ARRAY3, T_OPTION_BOOL };
enum { ADT_OPTION, ADT_WIDE, ADT_VEC };
enum { WIDE = 500 };

static Arena arena;
static Interner names;
static TastAdt adts[3];
static TastTy tys[T_OPTION_BOOL + 1];
static PatTypes types;

static const TastTy *
type_of(void *ctx, TastTypeId id)
{
	(void)ctx;
	return &tys[id];
}

static const TastAdt *
adt_of(void *ctx, TastAdtId id)
{
	(void)ctx;
	return &adts[id];
}

static TastTypeId
field_of(void *ctx, TastTypeId type, uint32_t variant, uint32_t field)
{
	(void)ctx;
	(void)variant;
	(void)field;
	return tys[type].adt.args.at[0];
}

static void
add_variant(TastAdt *adt, const char *name, uint32_t fields)
{
	TastVariant *v = arena_new(&arena, TastVariant);

	v->name = intern_cstr(&names, name);
	for (uint32_t i = 0; i < fields; i++)
		vec_push(&arena, &v->fields, arena_new(&arena, TastField));
	vec_push(&arena, &adt->variants, v);
}

static IrU32List
ids(uint32_t a, uint32_t n)
{
	IrU32List l = {0};

	for (uint32_t i = 0; i < n; i++)
		vec_push(&arena, &l, a);
	return l;
}

static void
setup(void)
{
	intern_init(&names, &arena);
	for (uint32_t i = 0; i <= TAST_PRIM_NEVER; i++)
		tys[i] = *tast_mk_ty_prim(&arena, (TastPrim)i);
	tys[T_OPTION] = *tast_mk_ty_adt(&arena, ADT_OPTION, ids(TAST_PRIM_I64, 1));
	tys[T_OPTION_BOOL] = *tast_mk_ty_adt(&arena, ADT_OPTION, ids(TAST_PRIM_BOOL, 1));
	tys[T_WIDE] = *tast_mk_ty_adt(&arena, ADT_WIDE, ids(0, 0));
	tys[T_PAIR] = *tast_mk_ty_tuple(&arena, ids(T_OPTION_BOOL, 2));
	tys[T_TRIPLE] = *tast_mk_ty_tuple(&arena, ids(T_WIDE, 3));
	tys[T_VEC] = *tast_mk_ty_adt(&arena, ADT_VEC, ids(TAST_PRIM_BOOL, 1));
	tys[T_ARRAY3] = *tast_mk_ty_array(&arena, TAST_PRIM_BOOL, 3);
	adts[ADT_OPTION] = (TastAdt){.lang = intern_cstr(&names, "Option"),
	    .kind = TAST_ADT_KIND_ENUM};
	add_variant(&adts[ADT_OPTION], "None", 0);
	add_variant(&adts[ADT_OPTION], "Some", 1);
	adts[ADT_WIDE] = (TastAdt){.name = intern_cstr(&names, "Wide"), .kind = TAST_ADT_KIND_ENUM};
	for (uint32_t i = 0; i < WIDE; i++)
		add_variant(&adts[ADT_WIDE], arena_printf(&arena, "V%u", i), 0);
	adts[ADT_VEC] = (TastAdt){.lang = intern_cstr(&names, "Vec"), .kind = TAST_ADT_KIND_STRUCT};
	types = (PatTypes){NULL, &names, type_of, adt_of, field_of};
}

/* ---- patterns ---- */

static TastPat *
mk(TastPatKind kind, TastTypeId type)
{
	TastPat *p = arena_new(&arena, TastPat);

	p->kind = kind;
	p->type = type;
	return p;
}

static TastPat *
wild(TastTypeId type)
{
	return mk(TAST_PAT_WILD, type);
}

static TastPat *
variant(TastTypeId type, uint32_t v, TastPat *arg)
{
	TastPat *p = mk(TAST_PAT_VARIANT, type);

	p->variant.variant = v;
	if (arg) {
		TastFieldPat *f = arena_new(&arena, TastFieldPat);
		f->pat = arg;
		vec_push(&arena, &p->variant.fields, f);
	}
	return p;
}

static TastPat *
boolean(bool value)
{
	TastPat *p = mk(TAST_PAT_BOOL, TAST_PRIM_BOOL);

	p->bool_.value = value;
	return p;
}

static TastPat *
range(TastTypeId type, IrU128 low, IrU128 high)
{
	TastPat *p = mk(TAST_PAT_RANGE, type);

	p->range.low = low;
	p->range.high = high;
	return p;
}

static TastPat *
tuple(TastTypeId type, TastPat *a, TastPat *b, TastPat *c)
{
	TastPat *p = mk(TAST_PAT_TUPLE, type);

	vec_push(&arena, &p->tuple.elems, a);
	vec_push(&arena, &p->tuple.elems, b);
	if (c)
		vec_push(&arena, &p->tuple.elems, c);
	return p;
}

static TastPat *
slice(TastTypeId type, uint32_t before, bool rest, TastPat *elem)
{
	TastPat *p = mk(TAST_PAT_SLICE, type);

	for (uint32_t i = 0; i < before; i++)
		vec_push(&arena, &p->slice.before, elem);
	p->slice.has_rest = rest;
	return p;
}

static TastPat *
either(TastPat *a, TastPat *b)
{
	TastPat *p = mk(TAST_PAT_OR, a->type);

	vec_push(&arena, &p->or.alts, a);
	vec_push(&arena, &p->or.alts, b);
	return p;
}

/* ---- checks ---- */

static ExhaustArm arms[4 * WIDE];
static uint32_t n_arms;

static void
arm(TastPat *pat)
{
	arms[n_arms++] = (ExhaustArm){.pat = pat};
}

static ExhaustResult
check_arms(TastTypeId type)
{
	ExhaustResult r = exhaust_check(&arena, &types, type, arms, n_arms);

	n_arms = 0;
	ck_assert(!r.gave_up);
	return r;
}

static void
expect_missing(TastTypeId type, const char *text)
{
	ExhaustResult r = check_arms(type);
	const char *all = "";

	for (uint32_t i = 0; i < r.missing.len; i++)
		all = arena_printf(&arena, "%s%s%s", all, i ? " | " : "", r.missing.at[i]);
	ck_assert_str_eq(all, text);
}

START_TEST(missing_patterns_are_named)
{
	arm(variant(T_OPTION, 1, wild(TAST_PRIM_I64)));
	expect_missing(T_OPTION, "None");
	arm(variant(T_OPTION, 0, NULL));
	arm(variant(T_OPTION, 1, range(TAST_PRIM_I64, 0, 10)));
	expect_missing(T_OPTION, "Some(..=-1) | Some(11..)");
	arm(tuple(T_PAIR, variant(T_OPTION_BOOL, 1, boolean(true)), wild(T_OPTION_BOOL), NULL));
	arm(tuple(T_PAIR, wild(T_OPTION_BOOL), variant(T_OPTION_BOOL, 0, NULL), NULL));
	expect_missing(T_PAIR, "(None, Some(_)) | (Some(false), Some(_))");
	arm(boolean(true));
	expect_missing(TAST_PRIM_BOOL, "false");
	expect_missing(TAST_PRIM_BOOL, "_");
}
END_TEST

START_TEST(ranges_cover_whole_types)
{
	arm(range(TAST_PRIM_U8, 0, 3));
	expect_missing(TAST_PRIM_U8, "4_u8..=255");
	arm(range(TAST_PRIM_I8, (IrU128)-128, (IrU128)-1));
	arm(range(TAST_PRIM_I8, 0, 127));
	expect_missing(TAST_PRIM_I8, "");
	arm(range(TAST_PRIM_U128, 0, ~(IrU128)0 - 1));
	expect_missing(TAST_PRIM_U128, "340282366920938463463374607431768211455_u128");
	arm(range(TAST_PRIM_I128, (IrU128)1 << 127, ((IrU128)1 << 127) - 1));
	expect_missing(TAST_PRIM_I128, "");
	arm(range(TAST_PRIM_CHAR, 0, 0xD7FF));
	arm(range(TAST_PRIM_CHAR, 0xE000, 0x10FFFF));
	expect_missing(TAST_PRIM_CHAR, "");
	arm(range(TAST_PRIM_CHAR, 'a', 0x10FFFF));
	expect_missing(TAST_PRIM_CHAR, "'\\u{0}'..='`'");
}
END_TEST

START_TEST(sequences_by_length)
{
	arm(slice(T_VEC, 1, false, wild(TAST_PRIM_BOOL)));
	arm(slice(T_VEC, 2, true, wild(TAST_PRIM_BOOL)));
	expect_missing(T_VEC, "[]");
	arm(slice(T_VEC, 0, false, NULL));
	arm(slice(T_VEC, 1, true, boolean(true)));
	expect_missing(T_VEC, "[false, ..]");
	arm(slice(T_ARRAY3, 3, false, boolean(true)));
	arm(slice(T_ARRAY3, 1, true, boolean(false)));
	expect_missing(T_ARRAY3, "[true, false, _] | [true, true, false]");
}
END_TEST

START_TEST(guards_cover_nothing)
{
	arm(wild(TAST_PRIM_BOOL));
	arms[0].guarded = true;
	arm(boolean(true));
	expect_missing(TAST_PRIM_BOOL, "false");
	ck_assert(arms[0].useful && arms[1].useful);
}
END_TEST

START_TEST(useless_arms_and_alternatives)
{
	arm(either(boolean(true), boolean(true)));
	arm(boolean(true));
	arm(wild(TAST_PRIM_BOOL));
	arm(wild(TAST_PRIM_BOOL));
	ExhaustResult r = check_arms(TAST_PRIM_BOOL);
	ck_assert(arms[0].useful && !arms[1].useful && arms[2].useful && !arms[3].useful);
	ck_assert_uint_eq(r.useless.len, 1);
	ck_assert_ptr_eq(r.useless.at[0], arms[0].pat->or.alts.at[1]);
}
END_TEST

/* For each variant: it in the first column, in the second, in the third, and on the diagonal. */
START_TEST(wide_enums_stay_cheap)
{
	clock_t start = clock();

	for (uint32_t i = 0; i + 1 < WIDE; i++)
		arm(tuple(T_TRIPLE, variant(T_WIDE, i, NULL), variant(T_WIDE, i, NULL),
		    variant(T_WIDE, i, NULL)));
	for (uint32_t i = 0; i + 1 < WIDE; i++)
		arm(tuple(T_TRIPLE, wild(T_WIDE), wild(T_WIDE), variant(T_WIDE, i, NULL)));
	for (uint32_t i = 0; i + 1 < WIDE; i++)
		arm(tuple(T_TRIPLE, wild(T_WIDE), variant(T_WIDE, i, NULL), wild(T_WIDE)));
	for (uint32_t i = 0; i + 1 < WIDE; i++)
		arm(tuple(T_TRIPLE, variant(T_WIDE, i, NULL), wild(T_WIDE), wild(T_WIDE)));
	uint32_t n = n_arms;
	expect_missing(T_TRIPLE, "(Wide::V499, Wide::V499, Wide::V499)");
	for (uint32_t i = 0; i < n; i++)
		ck_assert(arms[i].useful);
	ck_assert_msg(clock() - start < CLOCKS_PER_SEC, "over a second of processor time");
}
END_TEST

int
main(void)
{
	TCase *t = tcase_create("exhaust");
	Suite *s = suite_create("exhaust");

	setup();
	tcase_add_test(t, missing_patterns_are_named);
	tcase_add_test(t, ranges_cover_whole_types);
	tcase_add_test(t, sequences_by_length);
	tcase_add_test(t, guards_cover_nothing);
	tcase_add_test(t, useless_arms_and_alternatives);
	tcase_add_test(t, wide_enums_stay_cheap);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_set_fork_status(r, CK_NOFORK);
	srunner_run_all(r, CK_NORMAL);
	return srunner_ntests_failed(r) != 0;
}
