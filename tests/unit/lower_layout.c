/*
 * Layout of types: offsets, where recursion is boxed, and that neither depends on who asks first.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include <check.h>
#include <stdlib.h>

static Arena arena;
static Interner names;
static Lower lower;

static IrU32List
ids(uint32_t n, const uint32_t *at)
{
	IrU32List l = {0};

	for (uint32_t i = 0; i < n; i++)
		vec_push(&arena, &l, at[i]);
	return l;
}

#define IDS(...) ids(sizeof (uint32_t[]){__VA_ARGS__} / sizeof(uint32_t), (uint32_t[]){__VA_ARGS__})

/* The types of these tests, in the order of the table. */
enum { T_U8, T_I64, T_STRING, T_UNIT, T_I128, T_LIST, T_EXPR, T_PAIR, T_TREE, T_VEC_TREE, T_MIXED, T_SHAPE,
	T_NODE, T_PARAM, T_OPTION_T, T_OPTION_NODE, T_ARRAY, T_COUNT };
enum { ADT_LIST, ADT_EXPR, ADT_PAIR, ADT_TREE, ADT_VEC, ADT_MIXED, ADT_SHAPE, ADT_OPTION, ADT_NODE };

static void
add_prim(TastPrim prim)
{
	vec_push(&arena, &lower.types, tast_mk_ty_prim(&arena, prim));
}

static void
add_adt_type(TastAdtId adt, IrU32List args)
{
	vec_push(&arena, &lower.types, tast_mk_ty_adt(&arena, adt, args));
}

static TastAdt *
add_adt(const char *name, TastAdtKind kind)
{
	TastAdt *adt = arena_new(&arena, TastAdt);

	adt->name = adt->path = intern_cstr(&names, name);
	adt->kind = kind;
	vec_push(&arena, &lower.adts, adt);
	return adt;
}

static void
add_variant(TastAdt *adt, const char *name, IrU32List fields)
{
	TastVariant *v = arena_new(&arena, TastVariant);

	v->name = intern_cstr(&names, name);
	for (uint32_t i = 0; i < fields.len; i++) {
		TastField *f = arena_new(&arena, TastField);
		f->type = fields.at[i];
		vec_push(&arena, &v->fields, f);
	}
	vec_push(&arena, &adt->variants, v);
}

static void
add_types(void)
{
	IrU32List none = {0};

	add_prim(TAST_PRIM_U8);
	add_prim(TAST_PRIM_I64);
	add_prim(TAST_PRIM_STRING);
	vec_push(&arena, &lower.types, tast_mk_ty_tuple(&arena, none));
	add_prim(TAST_PRIM_I128);
	add_adt_type(ADT_LIST, none);
	add_adt_type(ADT_EXPR, none);
	add_adt_type(ADT_PAIR, none);
	add_adt_type(ADT_TREE, none);
	add_adt_type(ADT_VEC, IDS(T_TREE));
	add_adt_type(ADT_MIXED, none);
	add_adt_type(ADT_SHAPE, none);
	add_adt_type(ADT_NODE, none);
	vec_push(&arena, &lower.types, tast_mk_ty_param(&arena, 0, 0));
	add_adt_type(ADT_OPTION, IDS(T_PARAM));
	add_adt_type(ADT_OPTION, IDS(T_NODE));
	vec_push(&arena, &lower.types, tast_mk_ty_array(&arena, T_MIXED, 3));
	ck_assert_uint_eq(lower.types.len, T_COUNT);
}

/*
 * enum List { Nil, Cons(i64, List) }	enum Expr { Num(i64), Neg(Pair) }	struct Pair { a: Expr, b: u8 }
 * struct Tree { kids: Vec<Tree>, n: u8 }	struct Mixed { u8, i64, u8, String }
 * enum Shape { Dot, Line(i64, u8), Wide(i128) }	struct Node { next: Option<Node> }
 */
static void
add_adts(void)
{
	IrU32List none = {0};
	TastAdt *adt = add_adt("List", TAST_ADT_KIND_ENUM);

	add_variant(adt, "Nil", none);
	add_variant(adt, "Cons", IDS(T_I64, T_LIST));
	adt = add_adt("Expr", TAST_ADT_KIND_ENUM);
	add_variant(adt, "Num", IDS(T_I64));
	add_variant(adt, "Neg", IDS(T_PAIR));
	add_variant(add_adt("Pair", TAST_ADT_KIND_STRUCT), "Pair", IDS(T_EXPR, T_U8));
	add_variant(add_adt("Tree", TAST_ADT_KIND_STRUCT), "Tree", IDS(T_VEC_TREE, T_U8));
	adt = add_adt("Vec", TAST_ADT_KIND_STRUCT);
	adt->lang = adt->name;
	vec_push(&arena, &adt->generics, arena_new(&arena, TastGeneric));
	add_variant(adt, "Vec", none);
	add_variant(add_adt("Mixed", TAST_ADT_KIND_STRUCT), "Mixed", IDS(T_U8, T_I64, T_U8, T_STRING));
	adt = add_adt("Shape", TAST_ADT_KIND_ENUM);
	add_variant(adt, "Dot", none);
	add_variant(adt, "Line", IDS(T_I64, T_U8));
	add_variant(adt, "Wide", IDS(T_I128));
	adt = add_adt("Option", TAST_ADT_KIND_ENUM);
	vec_push(&arena, &adt->generics, arena_new(&arena, TastGeneric));
	add_variant(adt, "None", none);
	add_variant(adt, "Some", IDS(T_PARAM));
	add_variant(add_adt("Node", TAST_ADT_KIND_STRUCT), "Node", IDS(T_OPTION_NODE));
}

static void
setup(void)
{
	arena = (Arena){0};
	names = (Interner){0};
	lower = (Lower){0};
	intern_init(&names, &arena);
	lower.arena = &arena;
	lower.names = &names;
	sources_init(&lower.sources, &arena);
	diag_init(&lower.diags, &arena, &lower.sources);
	add_types();
	add_adts();
	mono_init(&lower);
	ending_init(&lower);
	layout_init(&lower);
}

static void
teardown(void)
{
	arena_free(&arena);
}

static const MirType *
laid_out(Ty t)
{
	return mir_type_at(&lower, mir_type_of(&lower, t));
}

static const MirFieldList *
payload(Ty t, uint32_t variant)
{
	return &laid_out(t)->repr->enum_.variants.at[variant]->fields;
}

static MirReprKind
repr_of(MirTypeId t)
{
	return mir_type_at(&lower, t)->repr->kind;
}

START_TEST(structs_are_sorted_by_alignment)
{
	const MirType *t = laid_out(T_MIXED);
	const MirFieldList *f = &t->repr->struct_.fields;

	ck_assert_uint_eq(t->size, 32);
	ck_assert_uint_eq(t->align, 8);
	ck_assert(t->counted);
	ck_assert_uint_eq(f->at[1]->offset, 0);
	ck_assert_uint_eq(f->at[3]->offset, 8);
	ck_assert_uint_eq(f->at[0]->offset, 24);
	ck_assert_uint_eq(f->at[2]->offset, 25);
	ck_assert_uint_eq(laid_out(T_ARRAY)->size, 96);
}
END_TEST

START_TEST(enums_put_small_fields_behind_the_tag)
{
	const MirType *t = laid_out(T_SHAPE);

	ck_assert_uint_eq(t->size, 24);
	ck_assert_uint_eq(t->align, 8);
	ck_assert(!t->counted);
	ck_assert_uint_eq(payload(T_SHAPE, 1)->at[0]->offset, 8);
	ck_assert_uint_eq(payload(T_SHAPE, 1)->at[1]->offset, 1);
	ck_assert_uint_eq(payload(T_SHAPE, 2)->at[0]->offset, 8);
}
END_TEST

START_TEST(recursive_payloads_are_boxed)
{
	/* The whole payload is one cell, and the empty list a null pointer. */
	ck_assert_uint_eq(payload(T_LIST, 1)->len, 1);
	ck_assert_int_eq(repr_of(payload(T_LIST, 1)->at[0]->type), MIR_REPR_BOX);
	ck_assert_uint_eq(laid_out(T_LIST)->size, 8);
	/* Through a generic enum of the library too. */
	ck_assert_int_eq(repr_of(payload(T_OPTION_NODE, 1)->at[0]->type), MIR_REPR_BOX);
	ck_assert_uint_eq(laid_out(T_NODE)->size, 8);
}
END_TEST

START_TEST(vectors_break_the_recursion)
{
	const MirType *t = laid_out(T_TREE);

	ck_assert_uint_eq(t->size, 16);
	ck_assert_int_eq(repr_of(t->repr->struct_.fields.at[0]->type), MIR_REPR_VEC);
}
END_TEST

/* _i: which of the two is asked for first. */
START_TEST(order_of_requests_does_not_matter)
{
	if (_i == 0)
		laid_out(T_EXPR);
	else
		laid_out(T_PAIR);
	ck_assert_uint_eq(laid_out(T_EXPR)->size, 16);
	ck_assert_uint_eq(laid_out(T_PAIR)->size, 24);
	MirTypeId box = payload(T_EXPR, 1)->at[0]->type;
	ck_assert_int_eq(repr_of(box), MIR_REPR_BOX);
	ck_assert_uint_eq(mir_type_at(&lower, box)->repr->box.payload, mir_type_of(&lower, T_PAIR));
	ck_assert(laid_out(T_PAIR)->counted);
}
END_TEST

START_TEST(only_recursive_types_are_marked)
{
	laid_out(T_EXPR);
	laid_out(T_TREE);
	laid_out(T_MIXED);
	layout_finish(&lower);
	ck_assert(laid_out(T_EXPR)->recursive);
	ck_assert(laid_out(T_PAIR)->recursive);
	ck_assert(laid_out(T_TREE)->recursive);
	ck_assert(!laid_out(T_MIXED)->recursive);
	ck_assert(!laid_out(T_STRING)->recursive);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("lower_layout");
	TCase *t = tcase_create("layout");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, structs_are_sorted_by_alignment);
	tcase_add_test(t, enums_put_small_fields_behind_the_tag);
	tcase_add_test(t, recursive_payloads_are_boxed);
	tcase_add_test(t, vectors_break_the_recursion);
	tcase_add_loop_test(t, order_of_requests_does_not_matter, 0, 2);
	tcase_add_test(t, only_recursive_types_are_marked);
	suite_add_tcase(s, t);
	SRunner *r = srunner_create(s);
	srunner_run_all(r, CK_ENV);
	int failed = srunner_ntests_failed(r);
	srunner_free(r);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
