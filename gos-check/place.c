/*
 * Places: fields, elements, references, assignment.
 */
#include "gos-check/expr.h"

#include "gos-check/foreign.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <stdlib.h>
#include <string.h>

/* ---- Fields ---- */

static TastExpr *
field_expr(Fx *fx, TastExpr *operand, uint32_t index, TypeId t, Span span)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_FIELD, span, t);

	e->field.operand = operand;
	e->field.index = index;
	return e;
}

static TastExpr *
tuple_field(Fx *fx, TastExpr *operand, TypeId t, Sym name, Span span)
{
	const IrU32List *l = &types_get(fx->c, t)->tuple.elems;
	char *end;
	unsigned long i = strtoul(check_str(fx->c, name), &end, 10);

	if (*end || end == check_str(fx->c, name) || i >= l->len)
		return NULL;
	return field_expr(fx, operand, (uint32_t)i, l->at[i], span);
}

static bool
field_visible(Fx *fx, TastAdtId adt, uint32_t i, Span span)
{
	const AdtInfo *info = fx->c->adt_info.at[adt];
	const AstVariantBody *body = info->ast->struct_.body;
	const AstField *f = body->kind == AST_VARIANT_BODY_NAMED ? body->named.fields.at[i] :
	    body->tuple.fields.at[i];
	Diag *d;

	if (names_visible(fx->c, f->vis, names_real(fx->c, info->module), fx->module))
		return true;
	d = diag_error(fx->c->diags, G0303, span, "the field",
	    check_str(fx->c, fx->c->adts.at[adt]->variants.at[0]->fields.at[i]->name));
	diag_primary(d, "private to the module of `%s`", check_str(fx->c, fx->c->adts.at[adt]->name));
	if (!info->is_std) {
		diag_help(d, "write `pub` before the field, or add a method that gives it");
		fix_before(d, DIAG_REVIEW, f->span, "make it public", "pub ");
	}
	return false;
}

TastExpr *
place_field_named(Fx *fx, TastExpr *operand, Sym name, Span span)
{
	TypeId t = fx_value_type(fx, operand);
	const TastVariant *v = types_struct(fx->c, t);
	uint32_t i = v ? variant_field(v, name) : IR_NONE;

	if (types_is(fx->c, t, TAST_TY_TUPLE))
		return tuple_field(fx, fx_deref(fx, operand), t, name, span);
	if (i == IR_NONE)
		return NULL;
	return field_expr(fx, fx_deref(fx, operand), i, trait_normalize(fx->c, types_field(fx->c, t, 0, i), span),
	    span);
}

/* The field of the value, or of what the value leads to. */
static TastExpr *
field_behind(Fx *fx, TastExpr *operand, Sym name, Span span)
{
	TastExpr *r = place_field_named(fx, operand, name, span);

	while (!r && (operand = fx_follow(fx, operand)))
		r = place_field_named(fx, operand, name, span);
	return r;
}

/* Of what an Option or a Result holds. */
static bool
is_field_inside(Check *c, TypeId t, Sym name)
{
	const TastVariant *v;

	if (!types_is_lang(c, t, "Option") && !types_is_lang(c, t, "Result"))
		return false;
	v = types_struct(c, infer_shallow(c, types_arg(c, t, 0)));
	return v && variant_field(v, name) != IR_NONE;
}

static void
unknown_field(Fx *fx, TypeId t, const AstIdent *name)
{
	Check *c = fx->c;
	Text text = intern_text(c->names, name->name);
	Suggest best = suggest_for(text.s, text.n);
	TastAdtId adt = types_adt_of(c, t);
	const TastVariant *v = adt != IR_NONE && c->adts.at[adt]->kind == TAST_ADT_KIND_STRUCT ?
	    c->adts.at[adt]->variants.at[0] : NULL;
	Diag *d = diag_error(c->diags, G0315, name->span, types_show(c, t), text.s);

	for (uint32_t i = 0; v && i < v->fields.len; i++) {
		Text f = intern_text(c->names, v->fields.at[i]->name);

		suggest_offer(&best, f.s, f.n, i);
	}
	diag_primary(d, v && v->fields.len ? "`%s` has no such field" : "`%s` has no fields", types_show(c, t));
	if (best.found) {
		diag_help(d, "there is a field `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, name->span, "write the similar name", best.name);
	} else if (is_field_inside(c, t, name->name)) {
		diag_help(d, "take the value out first, with `match`, `?` or `if let`");
	} else if (trait_inherent(c, t, name->name) != IR_NONE ||
	    map_get(&c->methods, name->name, IR_NONE) != IR_NONE) {
		diag_help(d, "there is a method of this name; a call has parentheses");
		diag_fix(d, DIAG_REVIEW, (Span){span_end(name->span), 0}, "call it", "()");
	} else if (!strcmp(text.s, "length") || !strcmp(text.s, "size")) {
		diag_help(d, "the number of elements is `len()`");
		diag_fix(d, DIAG_REVIEW, name->span, "write its name here", "len()");
	} else if (types_is_lang(c, t, "Option") || types_is_lang(c, t, "Result")) {
		diag_help(d, "take the value out first, with `match`, `?` or `if let`");
	}
}

TastExpr *
place_field(Fx *fx, const AstExpr *e)
{
	TastExpr *operand = expr_infer(fx, e->field.operand, IR_NONE), *r;
	TypeId t = fx_value_type(fx, operand);
	TastAdtId adt;

	if (t == TY_ERROR)
		return fx_error(fx, e->span);
	if (type_is_var(t) && infer_kind(fx->c, t) == VAR_ANY) {
		diag_primary(diag_error(fx->c->diags, G0309, operand->span, "this value"),
		    "its type must be known before `.%s`", check_str(fx->c, e->field.name->name));
		infer_unify(fx->c, t, TY_ERROR);
		return fx_error(fx, e->span);
	}
	r = field_behind(fx, operand, e->field.name->name, e->span);
	if (!r) {
		unknown_field(fx, infer_deep(fx->c, t), e->field.name);
		return fx_error(fx, e->span);
	}
	adt = types_adt_of(fx->c, fx_value_type(fx, r->field.operand));
	if (adt != IR_NONE && !field_visible(fx, adt, r->field.index, e->field.name->span))
		return fx_error(fx, e->span);
	return r;
}

/* ---- Elements ---- */

static bool
is_range(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt != IR_NONE && c->adt_info.at[adt]->lang >= LANG_RANGE &&
	    c->adt_info.at[adt]->lang <= LANG_RANGE_FULL;
}

static TypeId
element_type(const Check *c, TypeId t)
{
	if (t == TY_STRING)
		return TY_U8;
	if (types_is_lang(c, t, "Vec"))
		return types_arg(c, t, 0);
	return types_array_elem(c, t);
}

static void
report_bounds(Fx *fx, Span span, TypeId t)
{
	Diag *d = diag_error(fx->c->diags, G0369, span, report_a_type(fx->c, t));

	diag_primary(d, "the bounds of a slice are integers");
	if (types_is_float(t))
		fix_after(d, DIAG_REVIEW, span, "cut the upper one to an integer", " as i64");
}

/* The bounds of a range must be integers too. */
static void
default_range(Fx *fx, TypeId range, Span span)
{
	TypeId t;

	if (types_is_lang(fx->c, range, "RangeFull"))
		return;
	t = infer_shallow(fx->c, types_arg(fx->c, range, 0));
	if (type_is_var(t) && infer_try(fx->c, t, TY_I64))
		return;
	if (!types_is_int(t) && t != TY_ERROR)
		report_bounds(fx, span, t);
}

static TastExpr *
slice(Fx *fx, const AstExpr *e, TastExpr *operand, TypeId t, TastExpr *range)
{
	TypeId elem = element_type(fx->c, t);
	TastExpr *r = fx_expr(fx, TAST_EXPR_SLICE, e->span,
	    t == TY_STRING ? t : fx_lang(fx, LANG_VEC, &elem, 1, e->span));

	default_range(fx, infer_shallow(fx->c, range->type), range->span);
	r->slice.operand = operand;
	r->slice.range = range;
	return r;
}

TastExpr *
place_view(Fx *fx, TastExpr *array, TypeId vec)
{
	TastExpr *view = fx_expr(fx, TAST_EXPR_SLICE, array->span, vec);

	view->slice.operand = array;
	view->slice.range = fx_expr(fx, TAST_EXPR_STRUCT, array->span,
	    fx_lang(fx, LANG_RANGE_FULL, NULL, 0, array->span));
	return view;
}

static TastExpr *
overloaded(Fx *fx, const AstExpr *e, TastExpr *operand, TypeId t, TastExpr *index)
{
	Check *c = fx->c;
	TastTraitId trait = lang_trait(c, LANG_INDEX);
	TypeId args[2] = {t, infer_shallow(c, index->type)};
	TastExprList list = {0};
	Selection s;
	TypeId out;
	Diag *d;

	if (trait != IR_NONE && type_is_var(args[1]) && infer_kind(c, args[1]) == VAR_INT) {
		s = trait_select(c, trait, args, 2);
		if (s.kind == SELECT_AMBIGUOUS)
			args[1] = infer_default(c, args[1]);
	}
	s.kind = trait == IR_NONE ? SELECT_NONE : trait_select(c, trait, args, 2).kind;
	if (s.kind == SELECT_NONE) {
		d = diag_error(c->diags, G0325, e->span, report_a_type(c, t), report_a_type(c, args[1]));
		diag_primary(d, "`%s` has no elements by `%s`", types_show(c, t), types_show(c, args[1]));
		if (types_is(c, t, TAST_TY_TUPLE))
			diag_help(d, "the parts of a tuple are `.0`, `.1`, …");
		return fx_error(fx, e->span);
	}
	fx_require(fx, trait, args, 2, e->span, IR_NONE);
	out = trait_normalize(c, types_assoc(c, trait, args, 2, 0), e->span);
	vec_push(c->arena, &list, operand);
	vec_push(c->arena, &list, index);
	return fx_call(fx, e->span, out, fx_ref_method(fx, trait, 0, args, 2), list);
}

static TastExpr *
element(Fx *fx, const AstExpr *e, TastExpr *operand, TypeId t, TastExpr *index)
{
	TypeId it = fx_known(fx, index->type);
	TastExpr *r;
	Diag *d;

	if (type_is_var(it) && infer_kind(fx->c, it) == VAR_ANY)
		infer_unify(fx->c, it, TY_I64);
	it = infer_shallow(fx->c, it);
	if (!types_is_int(it) && !(type_is_var(it) && infer_kind(fx->c, it) == VAR_INT) && it != TY_ERROR &&
	    it != TY_NEVER) {
		d = diag_error(fx->c->diags, G0325, index->span, report_a_type(fx->c, t),
		    report_a_type(fx->c, it));
		diag_primary(d, "an index is an integer");
		if (types_is_float(it))
			diag_help(d, "convert it: `… as i64`");
		return fx_error(fx, e->span);
	}
	r = fx_expr(fx, TAST_EXPR_INDEX, e->span, element_type(fx->c, t));
	r->index.operand = operand;
	r->index.index = index;
	return r;
}

TastExpr *
place_index(Fx *fx, const AstExpr *e)
{
	TastExpr *operand = expr_value(fx, e->index.operand, IR_NONE);
	TastExpr *index = expr_value(fx, e->index.index, IR_NONE);
	TypeId t = fx_known(fx, operand->type), it = fx_known(fx, index->type);
	TastExpr *behind;

	if (t == TY_ERROR || it == TY_ERROR)
		return fx_error(fx, e->span);
	if (type_is_var(t)) {
		diag_primary(diag_error(fx->c->diags, G0309, operand->span, "this value"),
		    "its type must be known before `[…]`");
		infer_unify(fx->c, t, TY_ERROR);
		return fx_error(fx, e->span);
	}
	while (element_type(fx->c, t) == IR_NONE && (behind = fx_follow(fx, operand))) {
		operand = behind;
		t = fx_known(fx, operand->type);
	}
	if (element_type(fx->c, t) == IR_NONE)
		return overloaded(fx, e, operand, t, index);
	if (is_range(fx->c, it))
		return slice(fx, e, operand, t, index);
	return element(fx, e, operand, t, index);
}

/* ---- References ---- */

/* `&x.y[i]` only looks: x keeps its value, and a Cell in it is the one that is there. */
static void
mark_view(TastExpr *x)
{
	for (;;) {
		if (x->kind == TAST_EXPR_FIELD)
			x = x->field.operand;
		else if (x->kind == TAST_EXPR_INDEX)
			x = x->index.operand;
		else if (x->kind == TAST_EXPR_DEREF)
			x = x->deref.operand;
		else
			break;
	}
	if (x->kind == TAST_EXPR_LOCAL)
		x->local.view = true;
}

TastExpr *
place_ref(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *x;
	TypeId t;
	uint32_t local;
	TastStmtList before = {0};

	if (!e->ref.mut && hint != IR_NONE && types_is(fx->c, infer_shallow(fx->c, hint), TAST_TY_PTR)) {
		x = expr_infer(fx, e->ref.operand, IR_NONE);
		t = fx_known(fx, x->type);
		return t == TY_ERROR || types_is(fx->c, t, TAST_TY_PTR) ? x :
		    foreign_address(fx, x, infer_shallow(fx->c, hint), e->span);
	}
	if (!e->ref.mut) {
		x = expr_infer(fx, e->ref.operand, hint);
		mark_view(x);
		return x;
	}
	if (hint != IR_NONE)
		hint = types_strip_ref(fx->c, infer_shallow(fx->c, hint));
	if (hint != IR_NONE && types_is(fx->c, hint, TAST_TY_PTR))
		hint = types_get(fx->c, hint)->ptr.target;
	x = expr_infer(fx, e->ref.operand, hint);
	t = fx_known(fx, x->type);
	if (t == TY_ERROR || t == TY_NEVER)
		return x;
	if (types_is(fx->c, t, TAST_TY_REF_MUT))
		return fx_ref_mut(fx, fx_deref(fx, x), e->span);
	x = fx_deref(fx, x);
	if (hint != IR_NONE && expr_is_place(x) && coerce_is_view(fx, t, hint))
		x = place_view(fx, x, infer_shallow(fx->c, hint));
	if (!expr_is_place(x) && x->kind != TAST_EXPR_CALL) {
		local = fx_local(fx, 0, x->span, x->type, true);
		vec_push(fx->c->arena, &before, fx_let(fx, local, x));
		return fx_block(fx, e->span, before, fx_ref_mut(fx, fx_use(fx, x->span, local), e->span));
	}
	fx_mutate(fx, x);
	if (expr_is_place(x))
		return fx_ref_mut(fx, x, e->span);
	local = fx_local(fx, 0, x->span, x->type, true);
	vec_push(fx->c->arena, &before, fx_let(fx, local, x));
	return fx_block(fx, e->span, before, fx_ref_mut(fx, fx_use(fx, x->span, local), e->span));
}

TastExpr *
place_deref(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *x = expr_infer(fx, e->unary.operand, hint), *target = NULL;
	TypeId t = fx_known(fx, x->type);

	if (types_is(fx->c, t, TAST_TY_PTR))
		return foreign_deref(fx, x, e->span);
	if (!types_is(fx->c, t, TAST_TY_REF_MUT))
		target = fx_follow(fx, x);
	return target ? target : fx_deref(fx, x);
}

/* ---- Assignment ---- */

static bool
check_place(Fx *fx, TastExpr *place)
{
	Diag *d;

	if (place->type == TY_ERROR)
		return false;
	fx_mutate(fx, place);
	if (expr_is_place(place))
		return true;
	d = diag_error(fx->c->diags, G0336, place->span);
	diag_primary(d, "this is a value, not a place");
	diag_help(d, "a variable, a field, an element or `*r` can be assigned to");
	return false;
}

/* The left side; a `&mut` variable is written through only with `*`. */
static TastExpr *
left_side(Fx *fx, const AstExpr *ast, TypeId value)
{
	TastExpr *place = expr_infer(fx, ast, IR_NONE);
	TypeId t = fx_known(fx, place->type);

	if (types_is(fx->c, t, TAST_TY_REF_MUT) && value != IR_NONE &&
	    !types_is(fx->c, infer_shallow(fx->c, value), TAST_TY_REF_MUT)) {
		Diag *d = diag_error(fx->c->diags, G0337, place->span);

		diag_primary(d, "this is %s", report_quoted(fx->c, t));
		diag_help(d, "the value behind it is written `*`");
		diag_fix(d, DIAG_SAFE, (Span){place->span.start, 0}, "write through it", "*");
		return fx_error(fx, ast->span);
	}
	return place;
}

static bool
is_wild(const Fx *fx, const AstExpr *e)
{
	const AstExpr *p = expr_bare(e);

	return p->kind == AST_EXPR_PLACEHOLDER || (p->kind == AST_EXPR_PATH && names_single(p->path.path) &&
	    !strcmp(check_str(fx->c, names_single(p->path.path)), "_"));
}

/* `m[k] = value` where the type says what that does: a map inserts.  The value comes first. */
static TastExpr *
assign_element(Fx *fx, TastExpr *place, TastExpr *value, Span span)
{
	TastTraitId t = lang_trait(fx->c, LANG_INDEX_ASSIGN);
	IrU32List args = place->call.fn->method.args;
	TastExpr *map = place->call.args.at[0];
	TastExprList list = {0};
	TastStmtList before = {0};
	uint32_t local;

	fx_require(fx, t, args.at, args.len, span, IR_NONE);
	value = coerce(fx, value, place->type, (Why){WHY_ASSIGN, 0, place->span, IR_NONE});
	local = fx_local(fx, 0, value->span, place->type, false);
	vec_push(fx->c->arena, &before, fx_let(fx, local, value));
	fx_mutate(fx, map);
	vec_push(fx->c->arena, &list, fx_ref_mut(fx, map, map->span));
	vec_push(fx->c->arena, &list, place->call.args.at[1]);
	vec_push(fx->c->arena, &list, fx_use(fx, value->span, local));
	return fx_block(fx, span, before,
	    fx_call(fx, span, TY_UNIT, fx_ref_method(fx, t, 0, args.at, args.len), list));
}

static bool
is_assigned_element(Fx *fx, const TastExpr *place)
{
	TastTraitId t = lang_trait(fx->c, LANG_INDEX_ASSIGN);
	IrU32List args;

	if (t == IR_NONE || !fx_is_overloaded_index(fx, place))
		return false;
	args = place->call.fn->method.args;
	return trait_may_hold(fx->c, t, args.at, args.len);
}

/* `r = if c { a } else { b }`: one `&mut` or the other. */
static bool
chooses(const AstExpr *e)
{
	e = expr_bare(e);
	return e->kind == AST_EXPR_IF || e->kind == AST_EXPR_MATCH || e->kind == AST_EXPR_BLOCK;
}

TastExpr *
place_assign(Fx *fx, const AstExpr *e)
{
	TastExpr *place, *value, *r;
	TypeId t;

	if (is_wild(fx, e->assign.place)) {
		r = fx_block(fx, e->span, (TastStmtList){0}, NULL);
		vec_push(fx->c->arena, &r->block.stmts, fx_stmt(fx, expr_infer(fx, e->assign.value, IR_NONE)));
		return r;
	}
	place = expr_infer(fx, e->assign.place, IR_NONE);
	t = fx_known(fx, place->type);
	value = expr_infer(fx, e->assign.value, chooses(e->assign.value) ? t : types_strip_ref(fx->c, t));
	if (is_assigned_element(fx, place))
		return assign_element(fx, place, value, e->span);
	if (types_is(fx->c, t, TAST_TY_REF_MUT) && place->kind == TAST_EXPR_LOCAL)
		place = left_side(fx, e->assign.place, fx_known(fx, value->type));
	else
		place = types_is(fx->c, t, TAST_TY_REF_MUT) ? fx_deref(fx, place) : place;
	if (!check_place(fx, place))
		return fx_error(fx, e->span);
	length_check_assigned(fx, place, value);
	r = fx_expr(fx, TAST_EXPR_ASSIGN, e->span, TY_UNIT);
	r->assign.place = place;
	r->assign.value = coerce(fx, value, place->type, (Why){WHY_ASSIGN, 0, place->span, IR_NONE});
	return r;
}

/* `a, b = f()`: the parts of one tuple. */
static bool
spread(Fx *fx, const AstExpr *e, TastExprList *values, TastStmtList *before)
{
	TastExpr *v = expr_value(fx, e->assign_par.values.at[0], IR_NONE);
	TypeId t = fx_known(fx, v->type);
	uint32_t n = e->assign_par.places.len, local;
	Diag *d;

	if (t == TY_ERROR)
		return false;
	if (!types_is(fx->c, t, TAST_TY_TUPLE) || types_get(fx->c, t)->tuple.elems.len != n) {
		d = diag_error(fx->c->diags, G0338, v->span, n);
		diag_primary(d, "this is %s", report_quoted(fx->c, t));
		return false;
	}
	local = fx_local(fx, 0, v->span, t, false);
	vec_push(fx->c->arena, before, fx_let(fx, local, v));
	for (uint32_t i = 0; i < n; i++)
		vec_push(fx->c->arena, values, field_expr(fx, fx_use(fx, v->span, local), i,
		    types_get(fx->c, t)->tuple.elems.at[i], v->span));
	return true;
}

TastExpr *
place_assign_par(Fx *fx, const AstExpr *e)
{
	uint32_t n = e->assign_par.places.len, nv = e->assign_par.values.len;
	TastExprList places = {0}, values = {0};
	TastStmtList before = {0};
	TastExpr *r;

	for (uint32_t i = 0; i < n; i++)
		vec_push(fx->c->arena, &places, expr_value(fx, e->assign_par.places.at[i], IR_NONE));
	if (nv == 1 && n > 1) {
		if (!spread(fx, e, &values, &before))
			return fx_error(fx, e->span);
	} else if (nv != n) {
		diag_primary(diag_error(fx->c->diags, G0338, e->span, n), "%u values on the right", nv);
		return fx_error(fx, e->span);
	}
	for (uint32_t i = 0; i < n; i++) {
		Why why = {WHY_ASSIGN, 0, places.at[i]->span, IR_NONE};

		if (values.len == i)
			vec_push(fx->c->arena, &values,
			    expr_infer(fx, e->assign_par.values.at[i], places.at[i]->type));
		values.at[i] = coerce(fx, values.at[i], places.at[i]->type, why);
		if (!check_place(fx, places.at[i]))
			return fx_error(fx, e->span);
		length_check_assigned(fx, places.at[i], values.at[i]);
	}
	r = fx_expr(fx, TAST_EXPR_ASSIGN_PAR, e->span, TY_UNIT);
	r->assign_par.places = places;
	r->assign_par.values = values;
	return before.len ? fx_block(fx, e->span, before, r) : r;
}
