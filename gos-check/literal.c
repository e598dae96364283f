/*
 * Literals: numbers, sequences, tuples, structs, ranges.
 */
#include "gos-check/expr.h"

#include "gos-check/const_arg.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <stdlib.h>
#include <string.h>

/* ---- Numbers ---- */

TypeId
literal_suffix(Fx *fx, Sym suffix)
{
	static const char *const names[] = {"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
	    "u64", "u128", "usize", "f32", "f64"};

	for (TypeId t = 0; t < sizeof names / sizeof *names; t++)
		if (!strcmp(check_str(fx->c, suffix), names[t]))
			return t;
	return IR_NONE;
}

static TypeId
int_type(Fx *fx, const AstExpr *e, TypeId hint)
{
	if (e->int_.suffix && literal_suffix(fx, e->int_.suffix) != IR_NONE)
		return literal_suffix(fx, e->int_.suffix);
	if (hint != IR_NONE) {
		hint = types_strip_ref(fx->c, infer_shallow(fx->c, hint));
		if (types_is_int(hint) || (type_is_var(hint) && infer_kind(fx->c, hint) == VAR_INT))
			return hint;
	}
	return infer_var(fx->c, VAR_INT, e->span);
}

static TastExpr *
number(Fx *fx, const AstExpr *e, Span span, bool negative, TypeId hint)
{
	TypeId t = int_type(fx, e, hint);
	TastExpr *r;

	if (types_is_float(t)) {	/* 1f64 */
		r = fx_expr(fx, TAST_EXPR_FLOAT, span, t);
		r->float_.value = negative ? -(double)e->int_.value : (double)e->int_.value;
		return r;
	}
	r = fx_int(fx, span, t, negative ? -e->int_.value : e->int_.value);
	vec_push(fx->c->arena, &fx->literals, (Literal){r, span, negative});
	return r;
}

TastExpr *
literal_int(Fx *fx, const AstExpr *e, TypeId hint)
{
	return number(fx, e, e->span, false, hint);
}

TastExpr *
literal_float(Fx *fx, const AstExpr *e, TypeId hint)
{
	TypeId t = e->float_.suffix ? literal_suffix(fx, e->float_.suffix) : IR_NONE;
	TastExpr *r;

	if (t == IR_NONE && hint != IR_NONE) {
		hint = infer_shallow(fx->c, hint);
		if (types_is_float(hint) || (type_is_var(hint) && infer_kind(fx->c, hint) == VAR_FLOAT))
			t = hint;
	}
	if (t == IR_NONE)
		t = infer_var(fx->c, VAR_FLOAT, e->span);
	r = fx_expr(fx, TAST_EXPR_FLOAT, e->span, t);
	r->float_.value = strtod(check_str(fx->c, e->float_.text), NULL);
	return r;
}

TastExpr *
literal_negative(Fx *fx, const AstExpr *e, const AstExpr *n, TypeId hint)
{
	TastExpr *r;

	if (n->kind == AST_EXPR_INT)
		return number(fx, n, e->span, true, hint);
	r = literal_float(fx, n, hint);
	r->span = e->span;
	r->float_.value = -r->float_.value;
	return r;
}

/* Two's complement in the width of the type; `value` was negated if it is negative. */
static bool
fits(TypeId t, IrU128 value, bool negative)
{
	uint32_t bits = types_bits(t);
	IrU128 top = (IrU128)1 << (bits - 1);
	IrU128 magnitude = negative ? -value : value;

	if (types_is_signed(t))
		return negative ? magnitude <= top : magnitude < top;
	if (negative)
		return magnitude == 0;
	return bits == 128 || value >> bits == 0;
}

static const char *
range_text(Fx *fx, TypeId t)
{
	uint32_t bits = types_bits(t);

	if (bits > 64)
		return types_is_signed(t) ? "-2^127 to 2^127 - 1" : "0 to 2^128 - 1";
	if (types_is_signed(t))
		return arena_printf(fx->c->arena, "%lld to %lld", -(long long)(UINT64_MAX >> (65 - bits)) - 1,
		    (long long)(UINT64_MAX >> (65 - bits)));
	return arena_printf(fx->c->arena, "0 to %llu", (unsigned long long)(UINT64_MAX >> (64 - bits)));
}

void
literal_check_ranges(Fx *fx)
{
	for (uint32_t i = 0; i < fx->literals.len; i++) {
		const Literal *l = &fx->literals.at[i];
		TypeId t = infer_shallow(fx->c, l->node->type);
		Text text;
		Diag *d;

		if (!types_is_int(t))
			continue;
		if (fits(t, l->node->int_.value, l->negative)) {
			if (types_bits(t) < 128)
				l->node->int_.value &= ((IrU128)1 << types_bits(t)) - 1;
			continue;
		}
		text = source_span_text(fx->c->sources, l->span);
		d = diag_error(fx->c->diags, G0318, l->span, (int)text.n, text.s, report_a_type(fx->c, t));
		diag_primary(d, "`%s` holds %s", types_show(fx->c, t), range_text(fx, t));
		if (l->negative && !types_is_signed(t))
			diag_help(d, "`%s` has no negative values", types_show(fx->c, t));
	}
}

/* ---- Sequences ---- */

static TypeId
element_hint(Fx *fx, TypeId hint, bool *is_array)
{
	*is_array = false;
	if (hint == IR_NONE)
		return IR_NONE;
	hint = infer_shallow(fx->c, hint);
	*is_array = types_array_elem(fx->c, hint) != IR_NONE;
	if (*is_array)
		return types_array_elem(fx->c, hint);
	return types_adt_of(fx->c, hint) == lang_adt(fx->c, LANG_VEC) && !type_is_var(hint) &&
	    types_adt_of(fx->c, hint) != IR_NONE ? types_arg(fx->c, hint, 0) : IR_NONE;
}

/* `len` is IR_NONE for a Vec. */
static TypeId
sequence_type(Fx *fx, TypeId elem, TypeId len, Span span)
{
	if (elem == TY_NEVER)
		elem = TY_UNIT;
	return len != IR_NONE ? types_array_n(fx->c, elem, len) : fx_lang(fx, LANG_VEC, &elem, 1, span);
}

TastExpr *
literal_sequence(Fx *fx, const AstExpr *e, TypeId hint)
{
	bool is_array;
	TypeId elem = element_hint(fx, hint, &is_array);
	Why why = NO_WHY;
	TastExprList elems = {0};
	TastExpr *r;

	if (elem == IR_NONE)
		elem = fx_var(fx, e->span);
	for (uint32_t i = 0; i < e->array.elems.len; i++) {
		TastExpr *x = expr_check(fx, e->array.elems.at[i], elem, why);

		if (!i)
			why = (Why){WHY_ELEMENT, 0, x->span, IR_NONE};
		vec_push(fx->c->arena, &elems, x);
	}
	r = fx_expr(fx, TAST_EXPR_ARRAY, e->span, sequence_type(fx, elem,
	    is_array ? types_const(fx->c, elems.len) : IR_NONE, e->span));
	r->array.elems = elems;
	return r;
}

/* `[v; n]` where an array is expected: its type has the length. */
static TastExpr *
repeat_array(Fx *fx, const AstExpr *e, TypeId elem, TastExpr *value)
{
	TypeCx cx = {fx_scope(fx), NULL, false, NULL, NULL};
	TypeId len = const_length(fx->c, &cx, e->repeat.count);
	uint64_t n;
	TastExpr *r;

	len = trait_normalize(fx->c, len, e->repeat.count->span);
	if (len == TY_ERROR)
		return fx_error(fx, e->span);
	r = fx_expr(fx, TAST_EXPR_REPEAT, e->span, sequence_type(fx, elem, len, e->span));
	r->repeat.value = value;
	n = types_is(fx->c, len, TAST_TY_CONST) ? types_get(fx->c, len)->const_.value : 0;
	r->repeat.count = types_is(fx->c, len, TAST_TY_CONST) ? fx_int(fx, e->repeat.count->span, TY_I64, n) :
	    expr_value(fx, e->repeat.count, IR_NONE);
	return r;
}

TastExpr *
literal_repeat(Fx *fx, const AstExpr *e, TypeId hint)
{
	bool is_array;
	TypeId elem = element_hint(fx, hint, &is_array), t;
	TastExpr *value, *count, *r;

	if (elem == IR_NONE)
		elem = fx_var(fx, e->span);
	value = expr_check(fx, e->repeat.value, elem, NO_WHY);
	if (is_array)
		return repeat_array(fx, e, elem, value);
	count = expr_value(fx, e->repeat.count, IR_NONE);
	t = fx_known(fx, count->type);
	if (type_is_var(t) && infer_kind(fx->c, t) != VAR_FLOAT)
		infer_unify(fx->c, t, TY_I64);
	else if (!types_is_int(t))
		coerce_mismatch(fx, count, TY_I64, (Why){WHY_PARAM, intern_cstr(fx->c->names, "count"),
		    {0, 0}, IR_NONE});
	r = fx_expr(fx, TAST_EXPR_REPEAT, e->span, sequence_type(fx, elem, IR_NONE, e->span));
	r->repeat.value = value;
	r->repeat.count = count;
	return r;
}

TastExpr *
literal_tuple(Fx *fx, const AstExpr *e, TypeId hint)
{
	uint32_t n = e->tuple.elems.len;
	TypeId *types = arena_array(fx->c->arena, TypeId, n ? n : 1);
	IrU32List hints = {0};
	TastExprList elems = {0};
	TastExpr *r;

	if (hint != IR_NONE && types_is(fx->c, infer_shallow(fx->c, hint), TAST_TY_TUPLE))
		hints = types_get(fx->c, infer_shallow(fx->c, hint))->tuple.elems;
	for (uint32_t i = 0; i < n; i++) {
		TastExpr *x = i < hints.len && hints.len == n ?
		    expr_check(fx, e->tuple.elems.at[i], hints.at[i], NO_WHY) :
		    expr_infer(fx, e->tuple.elems.at[i], IR_NONE);

		types[i] = fx_known(fx, x->type) == TY_NEVER && hints.len == n ? hints.at[i] : x->type;
		vec_push(fx->c->arena, &elems, x);
	}
	r = fx_expr(fx, TAST_EXPR_TUPLE, e->span, types_tuple(fx->c, types, n));
	r->tuple.elems = elems;
	return r;
}

/* ---- Structs ---- */

static void
unknown_field(Fx *fx, TypeId t, const TastVariant *v, const AstIdent *name)
{
	Text text = intern_text(fx->c->names, name->name);
	Suggest best = suggest_for(text.s, text.n);
	Diag *d = diag_error(fx->c->diags, G0315, name->span, types_show(fx->c, t), text.s);

	for (uint32_t i = 0; i < v->fields.len; i++) {
		Text f = intern_text(fx->c->names, v->fields.at[i]->name);

		suggest_offer(&best, f.s, f.n, i);
	}
	diag_primary(d, "`%s` has no such field", check_str(fx->c, v->name));
	if (best.found) {
		diag_help(d, "there is a field `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, name->span, "write the similar name", best.name);
	}
}

/* `x: 0, name: ""` for the fields that have no value. */
static const char *
missing_values(Fx *fx, TypeId t, uint32_t variant, const bool *given)
{
	Check *c = fx->c;
	const TastVariant *v = c->adts.at[types_get(c, t)->adt.adt]->variants.at[variant];
	const char *text = "";

	for (uint32_t i = 0; i < v->fields.len; i++)
		if (!given[i])
			text = arena_printf(c->arena, "%s%s%s: %s", text, *text ? ", " : "",
			    check_str(c, v->fields.at[i]->name), fix_value_of(c, types_field(c, t, variant, i)));
	return text;
}

static void
missing_fields(Fx *fx, const AstExpr *e, TypeId t, uint32_t variant, const bool *given)
{
	const TastVariant *v = fx->c->adts.at[types_get(fx->c, t)->adt.adt]->variants.at[variant];
	const char *list = "";
	uint32_t n = 0;
	Diag *d;

	for (uint32_t i = 0; i < v->fields.len; i++)
		if (!given[i])
			list = arena_printf(fx->c->arena, "%s%s`%s`", list, n++ ? ", " : "",
			    check_str(fx->c, v->fields.at[i]->name));
	if (!n)
		return;
	d = diag_error(fx->c->diags, G0316, e->struct_.path->span, check_str(fx->c, v->name),
	    n > 1 ? "fields" : "field", list);
	diag_primary(d, "without %s", list);
	diag_help(d, "give every field a value, or take the rest from another value with `..other`");
	fix_append(fx->c, d, e->span, "add what is missing", missing_values(fx, t, variant, given));
}

static TastExpr *
field_value(Fx *fx, const AstFieldInit *f, TypeId want)
{
	Why why = {WHY_FIELD, f->name->name, {0, 0}, IR_NONE};
	AstSegment seg = {f->name->span, f->name->name, false, {0}, {0}};
	AstSegment *segs = &seg;
	AstPath path = {f->name->span, {&segs, 1, 1}};

	if (f->value)
		return expr_check(fx, f->value, want, why);
	return coerce(fx, path_expr(fx, &path, f->name->span), want, why);
}

static bool
field_visible(Fx *fx, TastAdtId adt, uint32_t variant, uint32_t field, Span span)
{
	const AdtInfo *info = fx->c->adt_info.at[adt];
	const AstVariantBody *body;
	AstField *ast;
	Diag *d;

	if (info->ast->kind != AST_ITEM_STRUCT || variant)
		return true;
	body = info->ast->struct_.body;
	ast = body->kind == AST_VARIANT_BODY_NAMED ? body->named.fields.at[field] :
	    body->tuple.fields.at[field];
	if (names_visible(fx->c, ast->vis, names_real(fx->c, info->module), fx->module))
		return true;
	d = diag_error(fx->c->diags, G0303, span, "the field",
	    check_str(fx->c, fx->c->adts.at[adt]->variants.at[0]->fields.at[field]->name));
	diag_primary(d, "private to the module of `%s`", check_str(fx->c, fx->c->adts.at[adt]->name));
	if (!info->is_std)
		fix_before(d, DIAG_REVIEW, ast->span, "make it public", "pub ");
	return false;
}

/* False if there is no such field: then the missing one is not reported too. */
static bool
struct_field(Fx *fx, TastExpr *r, TypeId t, uint32_t variant, const AstFieldInit *f, bool *given)
{
	Check *c = fx->c;
	TastAdtId adt = types_get(c, t)->adt.adt;
	const TastVariant *v = c->adts.at[adt]->variants.at[variant];
	uint32_t i = variant_field(v, f->name->name);
	TypeId want;

	if (i == IR_NONE) {
		unknown_field(fx, t, v, f->name);
		if (f->value)
			expr_infer(fx, f->value, IR_NONE);
		return false;
	}
	if (given[i]) {
		Diag *d = diag_error(c->diags, G0317, f->name->span, check_str(c, f->name->name));

		diag_primary(d, "a second value for it");
		fix_remove_element(c, d, f->span, "remove it");
	}
	given[i] = true;
	field_visible(fx, adt, variant, i, f->name->span);
	want = trait_normalize(c, types_field(c, t, variant, i), f->span);
	vec_push(c->arena, &r->struct_.fields,
	    tast_mk_field_value(c->arena, i, field_value(fx, f, want)));
	return true;
}

TastExpr *
literal_struct(Fx *fx, const AstExpr *e, TypeId hint)
{
	Check *c = fx->c;
	TypeId t;
	uint32_t variant;
	const TastVariant *v;
	TastExpr *r;
	bool *given, known = true;

	if (!path_variant(fx, e->struct_.path, &t, &variant)) {
		for (uint32_t i = 0; i < e->struct_.fields.len; i++)
			if (e->struct_.fields.at[i]->value)
				expr_infer(fx, e->struct_.fields.at[i]->value, IR_NONE);
		return fx_error(fx, e->span);
	}
	if (hint != IR_NONE && types_adt_of(c, infer_shallow(c, hint)) == types_get(c, t)->adt.adt)
		infer_try(c, t, hint);
	v = c->adts.at[types_get(c, t)->adt.adt]->variants.at[variant];
	given = arena_array(c->arena, bool, v->fields.len + 1);
	r = fx_expr(fx, TAST_EXPR_STRUCT, e->span, t);
	r->struct_.variant = variant;
	for (uint32_t i = 0; i < e->struct_.fields.len; i++)
		known &= struct_field(fx, r, t, variant, e->struct_.fields.at[i], given);
	if (e->struct_.base)
		r->struct_.base = expr_check(fx, e->struct_.base, t, NO_WHY);
	else if (known)
		missing_fields(fx, e, t, variant, given);
	return r;
}

/* ---- Ranges ---- */

static LangAdt
range_kind(const AstExpr *e)
{
	if (e->range.low && e->range.high)
		return e->range.inclusive ? LANG_RANGE_INCLUSIVE : LANG_RANGE;
	if (e->range.low)
		return LANG_RANGE_FROM;
	if (e->range.high)
		return e->range.inclusive ? LANG_RANGE_TO_INCLUSIVE : LANG_RANGE_TO;
	return LANG_RANGE_FULL;
}

TastExpr *
literal_range(Fx *fx, const AstExpr *e, TypeId hint)
{
	LangAdt kind = range_kind(e);
	TypeId elem = IR_NONE, t;
	TastExpr *low = NULL, *high = NULL, *r;

	if (hint != IR_NONE && types_adt_of(fx->c, infer_shallow(fx->c, hint)) != IR_NONE &&
	    types_adt_of(fx->c, infer_shallow(fx->c, hint)) == lang_adt(fx->c, kind) && kind != LANG_RANGE_FULL)
		elem = types_arg(fx->c, infer_shallow(fx->c, hint), 0);
	if (e->range.low) {
		low = expr_value(fx, e->range.low, elem);
		elem = low->type;
	}
	if (e->range.high && low)
		high = expr_check(fx, e->range.high, elem, (Why){WHY_OPERAND,
		    intern_cstr(fx->c->names, ".."), e->range.low->span, IR_NONE});
	else if (e->range.high)
		high = expr_value(fx, e->range.high, elem);
	if (!low && high)
		elem = high->type;
	t = fx_lang(fx, kind, &elem, kind == LANG_RANGE_FULL ? 0 : 1, e->span);
	r = fx_expr(fx, TAST_EXPR_STRUCT, e->span, t);
	if (low)
		vec_push(fx->c->arena, &r->struct_.fields, tast_mk_field_value(fx->c->arena, 0, low));
	if (high)
		vec_push(fx->c->arena, &r->struct_.fields,
		    tast_mk_field_value(fx->c->arena, low ? 1 : 0, high));
	return r;
}
