/* The type table, substitution, and unification with snapshots. */
#include "gos-check/check.h"
#include "gos-check/infer.h"

#include <check.h>
#include <stdlib.h>

static Arena arena;
static Interner names;
static Check c;
static Infer infer;
static const Span nowhere;

static void
setup(void)
{
	static const char *const adts[] = {"Option", "Pair"};

	c = (Check){.arena = &arena, .names = &names, .infer = &infer};
	infer = (Infer){0};
	intern_init(&names, &arena);
	types_init(&c);
	for (uint32_t i = 0; i < 2; i++) {
		TastAdt *adt = arena_new(&arena, TastAdt);
		TastVariant *v = arena_new(&arena, TastVariant);

		adt->name = intern_cstr(&names, adts[i]);
		for (uint32_t k = 0; k <= i; k++)
			vec_push(&arena, &v->fields, tast_mk_field(&arena, 0, types_param(&c, k, 0)));
		vec_push(&arena, &adt->variants, v);
		vec_push(&arena, &c.adts, adt);
		vec_push(&arena, &c.adt_info, arena_new(&arena, AdtInfo));
	}
}

static TypeId
option(TypeId t)
{
	return types_adt(&c, 0, &t, 1);
}

static TypeId
pair(TypeId a, TypeId b)
{
	return types_adt(&c, 1, (TypeId[]){a, b}, 2);
}

static TypeId
var(VarKind kind)
{
	return infer_var(&c, kind, nowhere);
}

START_TEST(equal_types_have_equal_ids)
{
	TypeId list[2] = {TY_I64, TY_BOOL};

	ck_assert_uint_eq(types_tuple(&c, NULL, 0), TY_UNIT);
	ck_assert_uint_eq(types_tuple(&c, list, 2), types_tuple(&c, list, 2));
	ck_assert_uint_ne(types_tuple(&c, list, 2), types_tuple(&c, list, 1));
	ck_assert_uint_eq(option(option(TY_I64)), option(option(TY_I64)));
	ck_assert_uint_ne(types_array(&c, TY_I64, 3), types_array(&c, TY_I64, 4));
	/* lists are copied, not kept */
	TypeId t = types_fn(&c, list, 2, TY_UNIT);
	list[0] = TY_F64;
	ck_assert_uint_eq(types_get(&c, t)->fn.params.at[0], TY_I64);
}
END_TEST

START_TEST(flags_tell_what_is_inside)
{
	TypeId v = var(VAR_ANY), p = types_param(&c, 0, 0);

	ck_assert_uint_eq(types_flags(&c, option(TY_I64)), 0);
	ck_assert_uint_eq(types_flags(&c, option(v)), TYPE_HAS_VAR);
	ck_assert_uint_eq(types_flags(&c, pair(p, types_ref_mut(&c, TY_I64))), TYPE_HAS_PARAM | TYPE_HAS_REF);
	ck_assert_uint_eq(types_flags(&c, option(TY_ERROR)), TYPE_HAS_ERROR);
	/* a reference to nothing known is nothing known */
	ck_assert_uint_eq(types_ref_mut(&c, TY_ERROR), TY_ERROR);
}
END_TEST

START_TEST(substitution_reaches_everywhere)
{
	TypeId p = types_param(&c, 0, 0), q = types_param(&c, 1, 0);
	TypeId args[2] = {TY_BOOL, TY_CHAR};
	TypeId f = types_fn(&c, (TypeId[]){p, option(q)}, 2, types_array(&c, p, 2));

	ck_assert_uint_eq(types_subst(&c, f, args, 2), types_fn(&c,
	    (TypeId[]){TY_BOOL, option(TY_CHAR)}, 2, types_array(&c, TY_BOOL, 2)));
	/* parameters beyond the arguments stay */
	ck_assert_uint_eq(types_subst(&c, pair(p, q), args, 1), pair(TY_BOOL, q));
	ck_assert_uint_eq(types_field(&c, pair(TY_BOOL, TY_CHAR), 0, 1), TY_CHAR);
}
END_TEST

START_TEST(unification_solves_both_sides)
{
	TypeId a = var(VAR_ANY), b = var(VAR_ANY);

	ck_assert(infer_unify(&c, pair(a, TY_BOOL), pair(TY_I64, b)));
	ck_assert_uint_eq(infer_shallow(&c, a), TY_I64);
	ck_assert_uint_eq(infer_deep(&c, pair(b, a)), pair(TY_BOOL, TY_I64));
	ck_assert(!infer_unify(&c, a, TY_BOOL));
	ck_assert(!infer_unify(&c, option(TY_I64), TY_I64));
}
END_TEST

START_TEST(number_variables_keep_their_kind)
{
	TypeId i = var(VAR_INT), f = var(VAR_FLOAT), any = var(VAR_ANY);

	ck_assert(!infer_unify(&c, i, TY_F64));
	ck_assert(!infer_unify(&c, i, f));
	ck_assert(!infer_unify(&c, f, TY_STRING));
	ck_assert(infer_unify(&c, any, i));
	ck_assert(!infer_unify(&c, any, TY_BOOL));
	ck_assert(infer_unify(&c, any, TY_U8));
	ck_assert_uint_eq(infer_shallow(&c, i), TY_U8);
	ck_assert_uint_eq(infer_default(&c, f), TY_F64);
	ck_assert_uint_eq(infer_default(&c, var(VAR_INT)), TY_I64);
	ck_assert(type_is_var(infer_default(&c, var(VAR_ANY))));
}
END_TEST

START_TEST(no_type_contains_itself)
{
	TypeId a = var(VAR_ANY), b = var(VAR_ANY);

	ck_assert(!infer_unify(&c, a, option(a)));
	ck_assert(infer_unify(&c, a, option(b)));
	ck_assert(!infer_unify(&c, b, option(a)));
	ck_assert(infer_unify(&c, a, a));
}
END_TEST

START_TEST(attempts_leave_no_trace)
{
	TypeId a = var(VAR_ANY), b = var(VAR_ANY);
	uint64_t version = infer.version;
	uint32_t vars = infer.vars.len;
	Snapshot s = infer_snapshot(&c);

	ck_assert(infer_unify(&c, a, option(var(VAR_INT))));
	ck_assert(!infer_try(&c, pair(b, TY_BOOL), pair(TY_I64, TY_CHAR)));
	ck_assert(type_is_var(infer_shallow(&c, b)));
	infer_rollback(&c, s);
	ck_assert(type_is_var(infer_shallow(&c, a)));
	ck_assert_uint_eq(infer.vars.len, vars);
	ck_assert_uint_eq(infer.version, version);
	ck_assert_uint_eq(infer.snapshots, 0);
}
END_TEST

START_TEST(poison_fits_everywhere)
{
	TypeId a = var(VAR_ANY), i = var(VAR_INT);

	ck_assert(infer_unify(&c, TY_ERROR, TY_STRING));
	ck_assert(infer_unify(&c, a, TY_ERROR));
	ck_assert(infer_unify(&c, i, TY_ERROR));
	ck_assert_uint_eq(infer_shallow(&c, a), TY_ERROR);
	ck_assert_uint_eq(infer_shallow(&c, i), TY_ERROR);
}
END_TEST

START_TEST(types_are_shown_as_written)
{
	TypeId tuple = types_tuple(&c, (TypeId[]){TY_I64}, 1);

	ck_assert_str_eq(types_show(&c, option(pair(TY_STRING, TY_UNIT))), "Option<Pair<String, ()>>");
	ck_assert_str_eq(types_show(&c, tuple), "(i64,)");
	ck_assert_str_eq(types_show(&c, types_fn(&c, &tuple, 1, TY_UNIT)), "fn((i64,))");
	ck_assert_str_eq(types_show(&c, types_ref_mut(&c, types_array(&c, TY_U8, 4))), "&mut [u8; 4]");
	ck_assert_str_eq(types_show(&c, option(var(VAR_INT))), "Option<{integer}>");
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("check_types");
	TCase *t = tcase_create("all");
	SRunner *r;
	int failed;

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_test(t, equal_types_have_equal_ids);
	tcase_add_test(t, flags_tell_what_is_inside);
	tcase_add_test(t, substitution_reaches_everywhere);
	tcase_add_test(t, unification_solves_both_sides);
	tcase_add_test(t, number_variables_keep_their_kind);
	tcase_add_test(t, no_type_contains_itself);
	tcase_add_test(t, attempts_leave_no_trace);
	tcase_add_test(t, poison_fits_everywhere);
	tcase_add_test(t, types_are_shown_as_written);
	suite_add_tcase(s, t);
	r = srunner_create(s);
	srunner_run_all(r, CK_NORMAL);
	failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
