/*
 * Values of the evaluator as typed trees: literals, and aggregates of them.
 */
#include "gos-check/eval.h"
#include "gos-check/fx.h"

#include <string.h>

enum { REPEAT_FROM = 4 };	/* a list of equal elements from this length on is written once */

static TastExprList
parts(Ev *ev, TypeId elem, const TypeId *types, const Cv *v, Span span)
{
	TastExprList l = {0};

	for (uint32_t i = 0; i < v->agg->len; i++) {
		TastExpr *e = tree_expr(ev, types ? types[i] : elem, &v->agg->at[i], span);

		if (!e)
			return (TastExprList){0};
		vec_push(ev->c->arena, &l, e);
	}
	return l;
}

static bool
is_uniform(const Cv *v)
{
	for (uint32_t i = 1; i < v->agg->len; i++)
		if (!cv_identical(&v->agg->at[0], &v->agg->at[i]))
			return false;
	return v->agg->len >= REPEAT_FROM;
}

static TastExpr *
byte_tree(Ev *ev, TypeId t, const Cv *v, Span span)
{
	uint32_t n = v->agg->len;
	char *bytes = arena_array(ev->c->arena, char, n + 1);

	for (uint32_t i = 0; i < n; i++)
		bytes[i] = (char)v->agg->at[i].i;
	return tast_mk_expr_byte_str(ev->c->arena, span, t, (Text){bytes, n});
}

static TastExpr *
list_tree(Ev *ev, TypeId t, TypeId elem, const Cv *v, Span span)
{
	Arena *a = ev->c->arena;
	TastExprList l;

	if (elem == TY_U8 && types_is(ev->c, t, TAST_TY_ADT))
		return byte_tree(ev, t, v, span);
	if (is_uniform(v)) {
		TastExpr *e = tree_expr(ev, elem, &v->agg->at[0], span);

		return e ? tast_mk_expr_repeat(a, span, t, e,
		    tast_mk_expr_int(a, span, TY_I64, v->agg->len)) : NULL;
	}
	l = parts(ev, elem, NULL, v, span);
	return l.len == v->agg->len ? tast_mk_expr_array(a, span, t, l) : NULL;
}

static TastExpr *
struct_tree(Ev *ev, TypeId t, const Cv *v, Span span)
{
	Arena *a = ev->c->arena;
	const TastAdt *adt = ev->c->adts.at[types_adt_of(ev->c, t)];
	TastFieldValueList l = {0};

	if (v->variant >= adt->variants.len || adt->variants.at[v->variant]->fields.len != v->agg->len)
		return NULL;
	for (uint32_t i = 0; i < v->agg->len; i++) {
		TypeId field = ev_type(ev, types_field(ev->c, t, v->variant, i));
		TastExpr *e = field == IR_NONE ? NULL : tree_expr(ev, field, &v->agg->at[i], span);

		if (!e)
			return NULL;
		vec_push(a, &l, tast_mk_field_value(a, i, e));
	}
	return tast_mk_expr_struct(a, span, t, v->variant, l, NULL);
}

static TastFnId
fn_with_intrinsic(const Check *c, const char *name)
{
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (c->fns.at[f]->intrinsic && !strcmp(check_str(c, c->fns.at[f]->intrinsic), name))
			return f;
	return IR_NONE;
}

/* A cell has its identity at run time: it is made where the value is put. */
static TastExpr *
shared_tree(Ev *ev, TypeId t, const Cv *v, Span span)
{
	Arena *a = ev->c->arena;
	TypeId arg = types_arg(ev->c, t, 0);
	TastFnId f = fn_with_intrinsic(ev->c, "shared.new");
	TastExpr *value = v->agg->len == 1 ? tree_expr(ev, arg, &v->agg->at[0], span) : NULL;
	IrU32List targs = {0};
	TastExprList args = {0};

	if (!value || f == IR_NONE)
		return NULL;
	vec_push(a, &targs, arg);
	vec_push(a, &args, value);
	fx_reach(ev->c, f);
	return tast_mk_expr_call(a, span, t, tast_mk_fn_ref_item(a, f, targs), args);
}

static TastExpr *
agg_tree(Ev *ev, TypeId t, const Cv *v, Span span)
{
	TastTy ty = *types_get(ev->c, t);
	TastExprList l;

	if (ty.kind == TAST_TY_TUPLE) {
		if (ty.tuple.elems.len != v->agg->len)
			return NULL;
		l = parts(ev, IR_NONE, ty.tuple.elems.at, v, span);
		return l.len == v->agg->len ? tast_mk_expr_tuple(ev->c->arena, span, t, l) : NULL;
	}
	if (ty.kind == TAST_TY_ARRAY)
		return list_tree(ev, t, ty.array.elem, v, span);
	if (ty.kind != TAST_TY_ADT)
		return NULL;
	if (types_is_lang(ev->c, t, "Shared"))
		return shared_tree(ev, t, v, span);
	if (types_is_lang(ev->c, t, "Vec"))
		return list_tree(ev, t, types_arg(ev->c, t, 0), v, span);
	return struct_tree(ev, t, v, span);
}

/* The reference in memory that stays. */
static TastExpr *
fn_tree(Ev *ev, TypeId t, const CvFn *f, Span span)
{
	Arena *a = ev->c->arena;
	TastFnRef *r;
	IrU32List *l, copy = {0};

	if (!f->ref)
		return NULL;
	r = arena_new(a, TastFnRef);
	*r = *f->ref;
	l = r->kind == TAST_FN_REF_ITEM ? &r->item.args : &r->method.args;
	for (uint32_t i = 0; i < l->len; i++)
		vec_push(a, &copy, l->at[i]);
	*l = copy;
	return tast_mk_expr_fn(a, span, t, r);
}

TastExpr *
tree_expr(Ev *ev, TypeId t, const Cv *v, Span span)
{
	Arena *a = ev->c->arena;

	if (!ev_step(ev, span, 1))
		return NULL;
	switch (v->kind) {
	case CV_INT:
		if (t == TY_BOOL)
			return tast_mk_expr_bool(a, span, t, v->i != 0);
		if (t == TY_CHAR)
			return tast_mk_expr_char(a, span, t, (uint32_t)v->i);
		return types_is_int(t) ? tast_mk_expr_int(a, span, t, v->i) : NULL;
	case CV_FLOAT:
		return types_is_float(t) ? tast_mk_expr_float(a, span, t, v->f) : NULL;
	case CV_TEXT:
		return tast_mk_expr_str(a, span, t, intern(ev->c->names, v->text.at, v->text.len));
	case CV_AGG:
		return agg_tree(ev, t, v, span);
	case CV_FN:
		return fn_tree(ev, t, v->fn, span);
	case CV_UNSET:
	case CV_REF:
		return NULL;
	}
	return NULL;
}
