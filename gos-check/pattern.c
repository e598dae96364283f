/*
 * Patterns.  Matching through `&mut` looks at the target and binds places; otherwise a name
 * binds the value.  All alternatives of an or-pattern bind the same names.
 */
#include "gos-check/expr.h"

#include "gos-check/const.h"
#include "gos-check/fix.h"
#include "gos-check/konst.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <stdlib.h>
#include <string.h>

typedef struct Bound {
	Sym name;
	uint32_t local;
	Span span;
} Bound;

typedef struct PatCx {
	Fx *fx;
	VEC(Bound) bound;
	uint32_t reuse_from, reuse_to;	/* names of the first alternative, when in a later one */
	bool reuse;
	uint32_t seen;
} PatCx;

static TastPat *check(PatCx *cx, const AstPat *p, TypeId t, bool by_ref);

static TastPat *
wild(PatCx *cx, const AstPat *p, TypeId t)
{
	return fx_pat(cx->fx, TAST_PAT_WILD, p->span, t);
}

static void
report_no_pattern(Check *c, Span span, const char *what, const char *why)
{
	Diag *d = diag_error(c->diags, G0406, span, what);

	diag_primary(d, "%s", why);
	diag_help(d, "compare it in a guard: `x if x == …`");
}

static void
report_kind(PatCx *cx, const AstPat *p, const char *what, TypeId t)
{
	Check *c = cx->fx->c;
	Diag *d;

	t = infer_deep(c, t);
	if (types_flags(c, t) & TYPE_HAS_ERROR)
		return;
	d = diag_error(c->diags, G0334, p->span, what, report_a_type(c, t));
	diag_primary(d, "this does not match a `%s`", types_show(c, t));
	if (p->kind == AST_PAT_RANGE && types_is_float(t))
		diag_help(d, "ask in a guard: `x if (1.0..=2.0).contains(x)`");
	if (types_is_lang(c, t, "Option") && (p->kind == AST_PAT_LIT || p->kind == AST_PAT_TUPLE)) {
		Text text = source_span_text(c->sources, p->span);

		diag_help(d, "a value that is there is `Some(…)`");
		diag_fix(d, DIAG_REVIEW, p->span, "match what is there", arena_printf(c->arena, "Some(%.*s)",
		    (int)text.n, text.s));
	}
}

/* ---- Names ---- */

static TastPat *
bind_again(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	Fx *fx = cx->fx;
	TastPat *r = fx_pat(fx, TAST_PAT_BIND, p->span, t);

	for (uint32_t i = cx->reuse_from; i < cx->reuse_to; i++) {
		uint32_t local = cx->bound.at[i].local;
		TypeId have = by_ref ? types_ref_mut(fx->c, t) : t;

		if (cx->bound.at[i].name != p->bind.name->name)
			continue;
		cx->seen++;
		r->bind.local = local;
		r->bind.by_ref = by_ref;
		if (!infer_try(fx->c, fx->fn->locals.at[local]->type, have)) {
			Diag *d = diag_error(fx->c->diags, G0335, p->span, check_str(fx->c, p->bind.name->name));

			diag_primary(d, "this is %s", report_quoted(fx->c, have));
			diag_label(d, cx->bound.at[i].span, "here it is a `%s`",
			    types_show(fx->c, fx->fn->locals.at[local]->type));
		}
		return r;
	}
	diag_primary(diag_error(fx->c->diags, G0347, p->span, check_str(fx->c, p->bind.name->name)),
	    "not bound in the first alternative");
	return wild(cx, p, t);
}

static void
check_twice(PatCx *cx, const AstPat *p)
{
	for (uint32_t i = 0; i < cx->bound.len; i++)
		if (cx->bound.at[i].name == p->bind.name->name) {
			Diag *d = diag_error(cx->fx->c->diags, G0302, p->span,
			    check_str(cx->fx->c, p->bind.name->name));

			diag_primary(d, "bound a second time in the same pattern");
			diag_label(d, cx->bound.at[i].span, "the first time");
			return;
		}
}

/* `Red => …` with a variant of that name binds everything: surely not meant. */
static void
check_variant_name(PatCx *cx, const AstPat *p, TypeId t)
{
	Check *c = cx->fx->c;
	TastAdtId adt = types_adt_of(c, t);
	const char *name = check_str(c, p->bind.name->name), *full;
	Diag *d;

	if (adt == IR_NONE || c->adts.at[adt]->kind != TAST_ADT_KIND_ENUM ||
	    names_variant(c, adt, p->bind.name->name) == IR_NONE)
		return;
	full = arena_printf(c->arena, "%s::%s", check_str(c, c->adts.at[adt]->name), name);
	d = diag_error(c->diags, G0348, p->span, name, full);
	diag_primary(d, "as it stands, this is a new variable that matches everything");
	diag_fix(d, DIAG_SAFE, p->span, "name the variant", full);
}

static TastPat *
bind(PatCx *cx, const AstPat *p, TypeId t, TypeId whole, bool by_ref)
{
	Fx *fx = cx->fx;
	TastPat *r;
	TypeId local_type = by_ref ? types_ref_mut(fx->c, t) : whole;

	if (cx->reuse) {
		r = bind_again(cx, p, by_ref ? t : whole, by_ref);
		if (p->bind.sub && r->kind == TAST_PAT_BIND)
			r->bind.sub = check(cx, p->bind.sub, t, by_ref);
		return r;
	}
	check_variant_name(cx, p, t);
	check_twice(cx, p);
	r = fx_pat(fx, TAST_PAT_BIND, p->span, by_ref ? t : whole);
	r->bind.local = fx_local(fx, p->bind.name->name, p->bind.name->span, local_type, p->bind.mut);
	r->bind.by_ref = by_ref;
	vec_push(fx->c->arena, &cx->bound, (Bound){p->bind.name->name, r->bind.local, p->span});
	if (p->bind.sub)
		r->bind.sub = check(cx, p->bind.sub, t, by_ref);
	return r;
}

/* ---- Literals and constants ---- */

static TastPat *
int_pat(PatCx *cx, const AstPat *p, TypeId t, KonstInt value)
{
	Fx *fx = cx->fx;
	TastPat *r;
	TastExpr *literal;

	if (type_is_var(t) && infer_kind(fx->c, t) == VAR_ANY)
		infer_unify(fx->c, t, infer_var(fx->c, VAR_INT, p->span));
	t = infer_shallow(fx->c, t);
	if (!types_is_int(t) && !(type_is_var(t) && infer_kind(fx->c, t) == VAR_INT)) {
		report_kind(cx, p, "an integer", t);
		return wild(cx, p, t);
	}
	r = fx_pat(fx, TAST_PAT_INT, p->span, t);
	r->int_.value = (IrU128)value;
	literal = fx_int(fx, p->span, t, (IrU128)value);
	vec_push(fx->c->arena, &fx->literals, (Literal){literal, p->span, value < 0});
	vec_push(fx->c->arena, &fx->int_pats, r);
	return r;
}

static TastPat *
float_pat(PatCx *cx, const AstPat *p, TypeId t, double value)
{
	TastPat *r;

	if (!infer_try(cx->fx->c, t, infer_var(cx->fx->c, VAR_FLOAT, p->span))) {
		report_kind(cx, p, "a float", t);
		return wild(cx, p, t);
	}
	r = fx_pat(cx->fx, TAST_PAT_FLOAT, p->span, t);
	r->float_.value = value;
	return r;
}

static TastPat *
fixed_pat(PatCx *cx, const AstPat *p, TypeId t, TypeId want, const char *what, TastPatKind kind)
{
	if (!infer_try(cx->fx->c, t, want)) {
		report_kind(cx, p, what, t);
		return wild(cx, p, t);
	}
	return fx_pat(cx->fx, kind, p->span, want);
}

/* `b"GET"` is a sequence of bytes. */
static TastPat *
bytes_pat(PatCx *cx, const AstPat *p, const AstExpr *e, TypeId t)
{
	TypeId byte = TY_U8, vec = fx_lang(cx->fx, LANG_VEC, &byte, 1, p->span);
	TastExpr bytes = {.kind = TAST_EXPR_BYTE_STR, .span = p->span, .type = infer_shallow(cx->fx->c, t)};
	TastPat *r;

	bytes.byte_str.value = e->byte_str.value;
	if (types_array_elem(cx->fx->c, bytes.type) == IR_NONE && !infer_try(cx->fx->c, t, vec)) {
		report_kind(cx, p, "a sequence of bytes", t);
		return wild(cx, p, t);
	}
	bytes.type = infer_shallow(cx->fx->c, t);
	if (types_is(cx->fx->c, bytes.type, TAST_TY_ARRAY) &&
	    !infer_try(cx->fx->c, t, types_array(cx->fx->c, byte, bytes.byte_str.value.n))) {
		report_kind(cx, p, arena_printf(cx->fx->c->arena, "%u bytes", bytes.byte_str.value.n), t);
		return wild(cx, p, t);
	}
	r = const_tree_pat(cx->fx->c, &bytes, p->span);
	if (!r)
		report_no_pattern(cx->fx->c, p->span, "this value", "it is too long to be compared element by element");
	return r ? r : wild(cx, p, t);
}

static TastPat *
literal_pat(PatCx *cx, const AstPat *p, const AstExpr *e, TypeId t, bool negative)
{
	TastPat *r;

	e = expr_bare(e);
	if (e->kind == AST_EXPR_INT)
		return int_pat(cx, p, t, negative ? -(KonstInt)e->int_.value : (KonstInt)e->int_.value);
	if (e->kind == AST_EXPR_FLOAT)
		return float_pat(cx, p, t, strtod(check_str(cx->fx->c, e->float_.text), NULL) * (negative ? -1 : 1));
	if (e->kind == AST_EXPR_UNARY && e->unary.op == AST_UNARY_OP_NEG)
		return literal_pat(cx, p, e->unary.operand, t, !negative);
	if (e->kind == AST_EXPR_BOOL) {
		r = fixed_pat(cx, p, t, TY_BOOL, "a bool", TAST_PAT_BOOL);
		if (r->kind == TAST_PAT_BOOL)
			r->bool_.value = e->bool_.value;
		return r;
	}
	if (e->kind == AST_EXPR_CHAR || e->kind == AST_EXPR_BYTE) {
		bool byte = e->kind == AST_EXPR_BYTE;

		r = fixed_pat(cx, p, t, byte ? TY_U8 : TY_CHAR, byte ? "a byte" : "a char", TAST_PAT_INT);
		if (r->kind == TAST_PAT_INT)
			r->int_.value = byte ? e->byte.value : e->char_.value;
		return r;
	}
	if (e->kind == AST_EXPR_STR) {
		r = fixed_pat(cx, p, t, TY_STRING, "a String", TAST_PAT_STR);
		if (r->kind == TAST_PAT_STR)
			r->str.value = e->str.value;
		return r;
	}
	if (e->kind == AST_EXPR_BYTE_STR)
		return bytes_pat(cx, p, e, t);
	if (e->kind != AST_EXPR_ERROR)
		report_no_pattern(cx->fx->c, p->span, "this value", "it is not known before the program runs");
	return wild(cx, p, t);
}

static TastPat *
const_pat(PatCx *cx, const AstPat *p, const PathValue *v, TypeId t)
{
	Check *c = cx->fx->c;
	const ConstInfo *info = c->consts.at[v->index];
	const TastExpr *value;
	TastPat *r;
	Diag *d;

	if (info->type == TY_ERROR || !info->value)
		return wild(cx, p, t);
	if (!infer_try(c, t, types_subst(c, info->type, v->args, v->n_args))) {
		d = diag_error(c->diags, G0334, p->span, report_a_type(c, info->type), report_a_type(c, t));
		diag_primary(d, "the constant is a `%s`", types_show(c, info->type));
		return wild(cx, p, t);
	}
	if (info->checking) {
		diag_primary(diag_error(c->diags, G0704, p->span, check_str(c, info->name)),
		    "its value depends on itself");
		return wild(cx, p, t);
	}
	const_check(c, v->index);
	if (info->type == TY_ERROR)
		return wild(cx, p, t);
	value = c->fn_info.at[info->fn]->konst;
	r = value ? const_tree_pat(c, value, p->span) : NULL;
	if (!r)
		report_no_pattern(c, p->span, "this constant",
		    "it is no plain data, or too long to be compared element by element");
	return r ? r : wild(cx, p, t);
}

/* ---- Ranges ---- */

static bool
range_end(PatCx *cx, AstExpr *e, TypeId t, KonstInt *v)
{
	Check *c = cx->fx->c;

	return konst_int(c, fx_scope(cx->fx), e, v) || konst_value(c, fx_scope(cx->fx), e, t, v);
}

/* Is it a literal of the other kind? */
static bool
may_bound(const AstExpr *e, TypeId t)
{
	if (!e)
		return true;
	e = expr_bare(e);
	return e->kind != (t == TY_CHAR ? AST_EXPR_INT : AST_EXPR_CHAR) && (e->kind != AST_EXPR_BYTE || t != TY_CHAR);
}

static TypeId
range_type(PatCx *cx, const AstPat *p, TypeId t)
{
	const AstExpr *e = expr_bare(p->range.low ? p->range.low : p->range.high);
	Check *c = cx->fx->c;

	t = infer_shallow(c, t);
	if (e->kind == AST_EXPR_CHAR)
		infer_try(c, t, TY_CHAR);
	else if (e->kind == AST_EXPR_BYTE)
		infer_try(c, t, TY_U8);
	else if (type_is_var(t) && infer_kind(c, t) == VAR_ANY)
		infer_unify(c, t, TY_I64);
	else
		infer_default(c, t);
	t = infer_shallow(c, t);
	return (types_is_int(t) || t == TY_CHAR) && may_bound(p->range.low, t) && may_bound(p->range.high, t) ? t :
	    TY_ERROR;
}

static void
limits(TypeId t, KonstInt *low, KonstInt *high)
{
	uint32_t bits = types_bits(t);

	*low = 0;
	*high = t == TY_CHAR ? 0x10FFFF : (KonstInt)(((IrU128)-1 >> (129 - bits)) * 2 + 1);
	if (t != TY_CHAR && bits == 128)
		*high = (KonstInt)((IrU128)-1 >> 1);
	if (t != TY_CHAR && types_is_signed(t)) {
		*high = (KonstInt)((IrU128)-1 >> (129 - bits));
		*low = -*high - 1;
	}
}

static TastPat *
range_pat(PatCx *cx, const AstPat *p, TypeId t)
{
	Check *c = cx->fx->c;
	TypeId rt = range_type(cx, p, t);
	KonstInt low, high, lo, hi;
	IrU128 mask;
	TastPat *r;

	if (rt == TY_ERROR) {
		report_kind(cx, p, "a range", t);
		return wild(cx, p, t);
	}
	limits(rt, &lo, &hi);
	low = lo;
	high = hi;
	if ((p->range.low && !range_end(cx, p->range.low, rt, &low)) ||
	    (p->range.high && !range_end(cx, p->range.high, rt, &high)))
		return wild(cx, p, t);
	if (p->range.high && !p->range.inclusive)
		high--;
	if (low < lo || high > hi) {
		Diag *d = diag_error(c->diags, G0349, p->span);

		diag_primary(d, "the range goes beyond `%s`", types_show(c, rt));
		return wild(cx, p, t);
	}
	r = fx_pat(cx->fx, TAST_PAT_RANGE, p->span, rt);
	mask = rt == TY_CHAR || types_bits(rt) == 128 ? ~(IrU128)0 : ((IrU128)1 << types_bits(rt)) - 1;
	r->range.low = (IrU128)low & mask;
	r->range.high = (IrU128)high & mask;
	return r;
}

/* ---- Aggregates ---- */

static bool
matches_adt(PatCx *cx, const AstPat *p, TypeId t, TypeId adt, uint32_t variant)
{
	Check *c = cx->fx->c;
	TypeId shown;
	Diag *d;

	if (infer_try(c, t, adt))
		return true;
	shown = infer_deep(c, t);
	if (types_flags(c, shown) & TYPE_HAS_ERROR)
		return false;
	d = diag_error(c->diags, G0334, p->span, arena_printf(c->arena, "`%s`", check_str(c,
	    c->adts.at[types_get(c, adt)->adt.adt]->variants.at[variant]->name)), report_a_type(c, shown));
	diag_primary(d, "this is a pattern of `%s`", types_show(c, infer_deep(c, adt)));
	return false;
}

static TastPat *
variant_pat(PatCx *cx, const AstPat *p, TypeId t, TypeId adt, uint32_t variant)
{
	TastPat *r = fx_pat(cx->fx, TAST_PAT_VARIANT, p->span, t);

	(void)adt;
	r->variant.variant = variant;
	return r;
}

static TypeId
field_type(PatCx *cx, TypeId adt, uint32_t variant, uint32_t i, Span span)
{
	return trait_normalize(cx->fx->c, types_field(cx->fx->c, adt, variant, i), span);
}

/* Still checks what is inside, so that its names are known. */
static TastPat *
poison(PatCx *cx, const AstPatList *l, const AstPat *p)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->kind != AST_PAT_REST)
			check(cx, l->at[i], TY_ERROR, false);
	return wild(cx, p, TY_ERROR);
}

static void
report_rest(Check *c, Span span, const char *why)
{
	Diag *d = diag_error(c->diags, G0361, span);

	diag_primary(d, "%s", why);
	fix_remove_element(c, d, span, "remove it");
}

static uint32_t
rest_at(const AstPatList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->kind == AST_PAT_REST)
			return i;
	return IR_NONE;
}

static bool
check_count(PatCx *cx, const AstPat *p, uint32_t given, uint32_t want, bool has_rest, const char *what)
{
	Check *c = cx->fx->c;
	Diag *d;

	if (has_rest ? given - 1 <= want : given == want)
		return true;
	d = diag_error(c->diags, G0360, p->span, what, report_count(c, want, "part"));
	diag_primary(d, "the pattern has %u", has_rest ? given - 1 : given);
	if (given < want && !has_rest) {
		diag_help(d, "`..` stands for the parts that do not matter");
		fix_append(c, d, p->span, "leave the rest out", "..");
	}
	return false;
}

static TastPat *
tuple_variant(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	const AstPatList *l = &p->tuple_variant.elems;
	Check *c = cx->fx->c;
	uint32_t variant, rest = rest_at(l), n;
	const TastVariant *v;
	TypeId adt;
	TastPat *r;

	if (!path_variant(cx->fx, p->tuple_variant.path, &adt, &variant) ||
	    !matches_adt(cx, p, t, adt, variant))
		return poison(cx, l, p);
	v = c->adts.at[types_get(c, adt)->adt.adt]->variants.at[variant];
	n = v->fields.len;
	if (v->named) {
		diag_help(diag_error(c->diags, G0355, p->span, check_str(c, v->name)),
		    "write `%s { … }`", check_str(c, v->name));
		return poison(cx, l, p);
	}
	if (!check_count(cx, p, l->len, n, rest != IR_NONE, check_str(c, v->name)))
		return poison(cx, l, p);
	r = variant_pat(cx, p, t, adt, variant);
	for (uint32_t i = 0; i < l->len; i++) {
		uint32_t field = rest != IR_NONE && i > rest ? n - (l->len - i) : i;

		if (i != rest)
			vec_push(c->arena, &r->variant.fields, tast_mk_field_pat(c->arena, field,
			    check(cx, l->at[i], field_type(cx, adt, variant, field, p->span), by_ref)));
	}
	return r;
}

static void
unknown_field(PatCx *cx, const TastVariant *v, TypeId t, const AstFieldPat *f)
{
	Check *c = cx->fx->c;
	Text text = intern_text(c->names, f->name->name);
	Suggest best = suggest_for(text.s, text.n);
	Diag *d = diag_error(c->diags, G0315, f->name->span, types_show(c, t), text.s);

	for (uint32_t i = 0; i < v->fields.len; i++) {
		Text name = intern_text(c->names, v->fields.at[i]->name);

		suggest_offer(&best, name.s, name.n, i);
	}
	diag_primary(d, "`%s` has no such field", check_str(c, v->name));
	if (best.found)
		diag_help(d, "there is a field `%s`", best.name);
}

static void
missing_fields(PatCx *cx, const AstPat *p, const TastVariant *v, const bool *given)
{
	Check *c = cx->fx->c;
	const char *list = "";
	uint32_t n = 0;
	Diag *d;

	for (uint32_t i = 0; i < v->fields.len; i++)
		if (!given[i])
			list = arena_printf(c->arena, "%s%s`%s`", list, n++ ? ", " : "",
			    check_str(c, v->fields.at[i]->name));
	if (!n || p->struct_.rest)
		return;
	d = diag_error(c->diags, G0316, p->struct_.path->span, check_str(c, v->name),
	    n > 1 ? "fields" : "field", list);
	diag_primary(d, "the pattern does not mention %s", list);
	diag_help(d, "`..` stands for the fields that do not matter");
	fix_append(c, d, p->span, "leave the rest out", "..");
}

static TastPat *
struct_pat(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	Check *c = cx->fx->c;
	uint32_t variant;
	const TastVariant *v;
	TypeId adt;
	TastPat *r;
	bool *given;

	if (!path_variant(cx->fx, p->struct_.path, &adt, &variant) || !matches_adt(cx, p, t, adt, variant)) {
		for (uint32_t i = 0; i < p->struct_.fields.len; i++)
			check(cx, p->struct_.fields.at[i]->pat, TY_ERROR, false);
		return wild(cx, p, TY_ERROR);
	}
	v = c->adts.at[types_get(c, adt)->adt.adt]->variants.at[variant];
	given = arena_array(c->arena, bool, v->fields.len + 1);
	r = variant_pat(cx, p, t, adt, variant);
	for (uint32_t i = 0; i < p->struct_.fields.len; i++) {
		const AstFieldPat *f = p->struct_.fields.at[i];
		uint32_t k = variant_field(v, f->name->name);
		TastPat *sub;

		if (k == IR_NONE) {
			unknown_field(cx, v, adt, f);
			check(cx, f->pat, TY_ERROR, false);
			continue;
		}
		if (given[k]) {
			Diag *d = diag_error(c->diags, G0317, f->span, check_str(c, f->name->name));

			diag_primary(d, "a second pattern for it");
			fix_remove_element(c, d, f->span, "remove it");
		}
		given[k] = true;
		sub = check(cx, f->pat, field_type(cx, adt, variant, k, f->span), by_ref);
		vec_push(c->arena, &r->variant.fields, tast_mk_field_pat(c->arena, k, sub));
	}
	missing_fields(cx, p, v, given);
	return r;
}

static TastPat *
tuple_pat(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	const AstPatList *l = &p->tuple.elems;
	Check *c = cx->fx->c;
	uint32_t rest = rest_at(l), n;
	TastPat *r;
	IrU32List types;

	if (type_is_var(t) && rest == IR_NONE)
		infer_unify(c, t, types_tuple(c, trait_fresh(c, l->len, p->span), l->len));
	t = infer_shallow(c, t);
	if (!types_is(c, t, TAST_TY_TUPLE)) {
		report_kind(cx, p, "a tuple", t);
		return poison(cx, l, p);
	}
	types = types_get(c, t)->tuple.elems;
	n = types.len;
	if (!check_count(cx, p, l->len, n, rest != IR_NONE, "the tuple"))
		return poison(cx, l, p);
	r = fx_pat(cx->fx, TAST_PAT_TUPLE, p->span, t);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t from = i;

		if (rest != IR_NONE && i >= rest)
			from = i >= n - (l->len - rest - 1) ? l->len - (n - i) : IR_NONE;
		vec_push(c->arena, &r->tuple.elems, from == IR_NONE ? wild(cx, p, types.at[i]) :
		    check(cx, l->at[from], types.at[i], by_ref));
	}
	return r;
}

/* `rest @ ..` or `..` */
static bool
is_rest(const AstPat *p)
{
	return p->kind == AST_PAT_REST ||
	    (p->kind == AST_PAT_BIND && p->bind.sub && p->bind.sub->kind == AST_PAT_REST);
}

/* Of an array an array, of a Vec or behind a `&mut` a slice, whose length stays. */
static TastPat *
rest_pat(PatCx *cx, const AstPat *p, TypeId t, TypeId elem, uint32_t others, bool by_ref)
{
	Check *c = cx->fx->c;
	AstPat name = *p;
	uint64_t len = types_is(c, t, TAST_TY_ARRAY) ? types_get(c, t)->array.len : 0;
	TypeId type;
	TastPat *r;

	if (p->kind == AST_PAT_REST)
		return NULL;
	name.bind.sub = NULL;
	type = types_is(c, t, TAST_TY_ARRAY) && !by_ref ? types_array(c, elem, len > others ? len - others : 0) :
	    fx_lang(cx->fx, LANG_VEC, &elem, 1, p->span);
	r = bind(cx, &name, type, type, by_ref);
	if (by_ref && r->kind == TAST_PAT_BIND)
		part_note(cx->fx, r->bind.local);
	return r;
}

static TastPat *
slice_pat(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	const AstPatList *l = &p->slice.elems;
	Check *c = cx->fx->c;
	TypeId elem;
	TastPat *r;

	if (type_is_var(t)) {
		elem = fx_var(cx->fx, p->span);
		infer_unify(c, t, fx_lang(cx->fx, LANG_VEC, &elem, 1, p->span));
		t = infer_shallow(c, t);
	}
	if (types_is_lang(c, t, "Vec")) {
		elem = types_arg(c, t, 0);
	} else if (types_is(c, t, TAST_TY_ARRAY)) {
		elem = types_get(c, t)->array.elem;
	} else if (types_is(c, t, TAST_TY_ARRAY_N)) {
		Diag *d = diag_error(c->diags, G0714, p->span, types_show(c, t));

		diag_primary(d, "how many elements there are depends on the parameter");
		diag_help(d, "take a view, which may have any length: `match a[..] { … }`");
		return poison(cx, l, p);
	} else {
		report_kind(cx, p, "a sequence", t);
		return poison(cx, l, p);
	}
	r = fx_pat(cx->fx, TAST_PAT_SLICE, p->span, t);
	for (uint32_t i = 0; i < l->len; i++) {
		if (!is_rest(l->at[i])) {
			vec_push(c->arena, r->slice.has_rest ? &r->slice.after : &r->slice.before,
			    check(cx, l->at[i], elem, by_ref));
			continue;
		}
		if (r->slice.has_rest)
			report_rest(c, l->at[i]->span, "a second `..`");
		r->slice.has_rest = true;
		r->slice.rest = rest_pat(cx, l->at[i], t, elem, l->len - 1, by_ref);
	}
	return r;
}

/* ---- Paths, alternatives ---- */

static TastPat *
path_pat(PatCx *cx, const AstPat *p, const AstPath *path, TypeId t)
{
	PathValue v = path_value(cx->fx, path);
	Check *c = cx->fx->c;
	const TastVariant *var;
	Diag *d;

	if (v.kind == PATH_ERROR)
		return wild(cx, p, TY_ERROR);
	if (v.kind == PATH_CONST)
		return const_pat(cx, p, &v, t);
	if (v.kind != PATH_CTOR) {
		d = diag_error(c->diags, G0305, p->span, check_str(c, vec_last(&path->segments)->name),
		    v.kind == PATH_PARAM ? "a constant parameter" : "a value", "a pattern");
		diag_primary(d, "a variant or a constant is needed here");
		return wild(cx, p, TY_ERROR);
	}
	if (!matches_adt(cx, p, t, v.type, v.variant))
		return wild(cx, p, TY_ERROR);
	var = c->adts.at[types_get(c, v.type)->adt.adt]->variants.at[v.variant];
	if (var->fields.len) {
		d = diag_error(c->diags, G0362, p->span, check_str(c, var->name));
		diag_primary(d, "its payload is missing");
		diag_help(d, var->named ? "write `%s { .. }`" : "write `%s(..)`", check_str(c, var->name));
		fix_after(d, DIAG_SAFE, p->span, "match any payload", var->named ? " { .. }" : "(..)");
	}
	return variant_pat(cx, p, t, v.type, v.variant);
}

/* A single name may also be a unit variant, a constant or a unit struct. */
static bool
names_item(PatCx *cx, const AstPat *p)
{
	Def d;

	if (p->bind.mut || p->bind.sub)
		return false;
	d = names_lookup(cx->fx->c, fx_scope(cx->fx), p->bind.name->name, NS_VALUE);
	return d.kind == DEF_VARIANT || d.kind == DEF_CONST || d.kind == DEF_CONST_PARAM ||
	    (d.kind == DEF_ADT && cx->fx->c->adt_info.at[d.index]->is_unit);
}

static TastPat *
name_pat(PatCx *cx, const AstPat *p, TypeId t, TypeId whole, bool by_ref)
{
	AstSegment seg = {p->bind.name->span, p->bind.name->name, false, {0}, {0}};
	AstSegment *segs = &seg;
	AstPath path = {p->bind.name->span, {&segs, 1, 1}};
	uint32_t local;

	if (names_item(cx, p) && !fx_find(cx->fx, p->bind.name->name, &local))
		return path_pat(cx, p, &path, t);
	return bind(cx, p, t, whole, by_ref);
}

static TastPat *
or_pat(PatCx *cx, const AstPat *p, TypeId t, bool by_ref)
{
	TastPat *r = fx_pat(cx->fx, TAST_PAT_OR, p->span, t);
	bool outer = cx->reuse;
	uint32_t from = cx->reuse_from, to = cx->reuse_to, seen = cx->seen, start = cx->bound.len;

	for (uint32_t i = 0; i < p->or.alts.len; i++) {
		if (i && !outer) {
			cx->reuse = true;
			cx->reuse_from = start;
			cx->reuse_to = cx->bound.len;
			cx->seen = 0;
		}
		vec_push(cx->fx->c->arena, &r->or.alts, check(cx, p->or.alts.at[i], t, by_ref));
		if (i && !outer && cx->seen < cx->reuse_to - cx->reuse_from)
			diag_primary(diag_error(cx->fx->c->diags, G0347, p->or.alts.at[i]->span,
			    check_str(cx->fx->c, cx->bound.at[start].name)),
			    "this alternative does not bind all names of the first");
		cx->reuse = outer;
	}
	cx->reuse_from = from;
	cx->reuse_to = to;
	cx->seen = outer ? cx->seen : seen;
	return r;
}

static TastPat *
check(PatCx *cx, const AstPat *p, TypeId whole, bool by_ref)
{
	Check *c = cx->fx->c;
	TypeId t = fx_known(cx->fx, whole);

	while (types_is(c, t, TAST_TY_REF_MUT)) {
		t = infer_shallow(c, types_strip_ref(c, t));
		by_ref = true;
	}
	switch (p->kind) {
	case AST_PAT_WILD:
	case AST_PAT_ERROR:
		return wild(cx, p, t);
	case AST_PAT_REST:
		report_rest(c, p->span, "not possible here");
		return wild(cx, p, t);
	case AST_PAT_BIND:
		return name_pat(cx, p, t, whole, by_ref);
	case AST_PAT_LIT:
		return literal_pat(cx, p, p->lit.value, t, false);
	case AST_PAT_RANGE:
		return range_pat(cx, p, t);
	case AST_PAT_PATH:
		return path_pat(cx, p, p->path.path, t);
	case AST_PAT_TUPLE_VARIANT:
		return tuple_variant(cx, p, t, by_ref);
	case AST_PAT_STRUCT:
		return struct_pat(cx, p, t, by_ref);
	case AST_PAT_TUPLE:
		return tuple_pat(cx, p, t, by_ref);
	case AST_PAT_SLICE:
		return slice_pat(cx, p, t, by_ref);
	case AST_PAT_REF:
		return check(cx, p->ref.inner, t, false);
	case AST_PAT_OR:
		return or_pat(cx, p, t, by_ref);
	}
	return wild(cx, p, t);
}

TastPat *
pattern_check(Fx *fx, const AstPat *p, TypeId type)
{
	PatCx cx = {.fx = fx};
	TastPat *r = check(&cx, p, type, false);

	for (uint32_t i = 0; i < cx.bound.len; i++)
		fx_bind(fx, cx.bound.at[i].name, cx.bound.at[i].local);
	return r;
}
