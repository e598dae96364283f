/*
 * Where a type is insisted on: what may be adjusted in silence, and what is said otherwise.
 *
 * Adjustments: `!` becomes anything, `&mut T` is read where a T is needed, a value becomes a `dyn`,
 * an array a slice.
 */
#include "gos-check/expr.h"

#include "gos-check/dyn.h"
#include "gos-check/foreign.h"
#include "gos-check/report.h"

#include <string.h>

/* ---- Messages ---- */

static const char *
subject(Fx *fx, Why why)
{
	const char *name = why.name ? check_str(fx->c, why.name) : "";
	Arena *a = fx->c->arena;

	switch (why.kind) {
	case WHY_NONE:
		return "this place";
	case WHY_LET:
		return why.name ? arena_printf(a, "`%s`", name) : "the pattern";
	case WHY_PARAM:
		return why.name ? arena_printf(a, "the parameter `%s`", name) : "the parameter";
	case WHY_RETURN:
		return why.name ? arena_printf(a, "the result of `%s`", name) : "the result";
	case WHY_FIELD:
		return arena_printf(a, "the field `%s`", name);
	case WHY_CONDITION:
		return "a condition";
	case WHY_BRANCH:
		return "this branch";
	case WHY_ELEMENT:
		return "each element";
	case WHY_ASSIGN:
		return "the place on the left";
	case WHY_OPERAND:
		return why.name ? arena_printf(a, "the right side of `%s`", name) : "this operand";
	case WHY_CONST:
		return arena_printf(a, "`%s`", name);
	case WHY_BREAK:
		return "the value of the loop";
	case WHY_LOOP:
		return "the body of a loop";
	case WHY_CAST:
		return "the cast";
	}
	return "this place";
}

static void
label_reason(Fx *fx, Diag *d, Why why, TypeId want)
{
	const char *t = types_show(fx->c, want), *a = report_quoted(fx->c, want);

	if (!why.span.len)
		return;
	switch (why.kind) {
	case WHY_LET:
	case WHY_CONST:
		diag_label(d, why.span, "the annotation asks for `%s`", t);
		break;
	case WHY_PARAM:
		diag_label(d, why.span, "the parameter is declared here");
		break;
	case WHY_RETURN:
		diag_label(d, why.span, "the result is declared as `%s`", t);
		break;
	case WHY_BRANCH:
		diag_label(d, why.span, "the other branch is %s", a);
		break;
	case WHY_ELEMENT:
		diag_label(d, why.span, "an earlier element is %s", a);
		break;
	case WHY_ASSIGN:
		diag_label(d, why.span, "this is %s", a);
		break;
	case WHY_OPERAND:
		diag_label(d, why.span, "the left side is %s", a);
		break;
	case WHY_NONE:
	case WHY_FIELD:
	case WHY_CONDITION:
	case WHY_BREAK:
	case WHY_LOOP:
	case WHY_CAST:
		diag_label(d, why.span, "this needs %s", a);
		break;
	}
}

static const char *
source_text(Fx *fx, Span s)
{
	Text t = source_span_text(fx->c->sources, s);

	return t.n && t.n < 60 ? arena_strndup(fx->c->arena, t.s, t.n) : NULL;
}

static bool
is_number(Fx *fx, TypeId t)
{
	if (type_is_var(t))
		return infer_kind(fx->c, t) != VAR_ANY;
	return types_is_int(t) || types_is_float(t);
}

static void
fix_number(Fx *fx, Diag *d, const TastExpr *e, TypeId want, TypeId have)
{
	const char *text = source_text(fx, e->span);
	bool float_wanted = type_is_var(want) ? infer_kind(fx->c, want) == VAR_FLOAT : types_is_float(want);

	if (!text || type_is_var(want))
		return;
	if (e->kind == TAST_EXPR_INT && float_wanted) {
		diag_help(d, "an integer literal never becomes a float");
		diag_fix(d, DIAG_SAFE, e->span, "write a float literal", arena_printf(fx->c->arena, "%s.0", text));
		return;
	}
	diag_help(d, "there are no implicit conversions between numbers; `as` converts");
	if (e->kind == TAST_EXPR_BINARY || e->kind == TAST_EXPR_UNARY)
		text = arena_printf(fx->c->arena, "(%s)", text);
	diag_fix(d, DIAG_REVIEW, e->span, "convert the number",
	    arena_printf(fx->c->arena, "%s as %s", text, types_show(fx->c, want)));
	(void)have;
}

static void
fix_option(Fx *fx, Diag *d, const TastExpr *e, TypeId want, TypeId have)
{
	const char *text = source_text(fx, e->span);
	const char *wrap = types_is_lang(fx->c, want, "Option") ? "Some" : "Ok";

	if ((types_is_lang(fx->c, want, "Option") || types_is_lang(fx->c, want, "Result")) &&
	    infer_try(fx->c, types_arg(fx->c, want, 0), have)) {
		diag_help(d, "wrap the value: `%s(…)`", wrap);
		if (text)
			diag_fix(d, DIAG_REVIEW, e->span, "wrap the value",
			    arena_printf(fx->c->arena, "%s(%s)", wrap, text));
	} else if ((types_is_lang(fx->c, have, "Option") || types_is_lang(fx->c, have, "Result")) &&
	    infer_try(fx->c, types_arg(fx->c, have, 0), want)) {
		diag_help(d, "take the value out with `match`, `?`, `unwrap_or(…)` or `unwrap()`");
	}
}

static bool
is_behind_and(Fx *fx, Span s)
{
	const char *before = s.start ? source_text(fx, (Span){s.start - 1, 1}) : NULL;

	return before && *before == '&';
}

/* `let a = […]` makes a Vec: where an array is wanted of the variable later, its type belongs there. */
static void
fix_array(Fx *fx, Diag *d, const TastExpr *e, TypeId want)
{
	const TastVariable *v;
	Text after;

	diag_help(d, "`[…]` makes an array only where one is expected: "
	    "write its type where it is made, as in `let a: [T; N] = […]`");
	while (e->kind == TAST_EXPR_BLOCK && e->block.value)
		e = e->block.value;
	if (e->kind != TAST_EXPR_LOCAL || e->local.local < fx->fn->n_params)
		return;
	v = fx->fn->locals.at[e->local.local];
	after = source_span_text(fx->c->sources, (Span){span_end(v->span), 4});
	if (after.n == 4 && !memcmp(after.s, " = [", 4))
		diag_fix(d, DIAG_REVIEW, (Span){span_end(v->span), 0}, "write its type",
		    arena_printf(fx->c->arena, ": %s", types_show(fx->c, want)));
}

static void
suggest(Fx *fx, Diag *d, const TastExpr *e, TypeId want, TypeId have)
{
	const char *text = source_text(fx, e->span);

	if (is_number(fx, want) && is_number(fx, have)) {
		fix_number(fx, d, e, want, have);
	} else if (types_is(fx->c, want, TAST_TY_REF_MUT) &&
	    (infer_try(fx->c, types_strip_ref(fx->c, want), have) ||
	    types_is(fx->c, types_strip_ref(fx->c, want), TAST_TY_DYN))) {
		diag_help(d, "exclusive access is written at the call: `&mut`");
		if (text && expr_is_place(e) && is_behind_and(fx, e->span))
			diag_fix(d, DIAG_SAFE, (Span){e->span.start, 0}, "give exclusive access", "mut ");
		else if (text && expr_is_place(e))
			diag_fix(d, DIAG_SAFE, e->span, "give exclusive access",
			    arena_printf(fx->c->arena, "&mut %s", text));
	} else if (types_is_lang(fx->c, want, "Rc") && infer_try(fx->c, types_arg(fx->c, want, 0), have)) {
		diag_help(d, "`Rc::new(…)` makes a shared value of it");
		if (text)
			diag_fix(d, DIAG_REVIEW, e->span, "share the value",
			    arena_printf(fx->c->arena, "Rc::new(%s)", text));
	} else if (want == TY_STRING && have == TY_CHAR) {
		diag_help(d, "make a String of it: `.to_string()`, or write it between double quotes");
	} else if (want == TY_STRING && (is_number(fx, have) || have == TY_BOOL)) {
		diag_help(d, "make a String of it");
		if (text)
			diag_fix(d, DIAG_REVIEW, (Span){span_end(e->span), 0}, "make a String", ".to_string()");
	} else if (is_number(fx, want) && have == TY_STRING && !type_is_var(want)) {
		if (text && e->kind != TAST_EXPR_STR)
			diag_fix(d, DIAG_REVIEW, (Span){span_end(e->span), 0}, "read the number", ".parse()?");
	} else if (want == TY_BOOL && is_number(fx, have)) {
		diag_help(d, "a number is not a condition; compare it: `… != 0`");
	} else if (have == TY_UNIT && e->kind == TAST_EXPR_BLOCK && e->block.stmts.len) {
		diag_help(d, "the block's value is its last expression; a `;` after it discards the value");
	} else if (types_array_elem(fx->c, want) != IR_NONE && types_is_lang(fx->c, have, "Vec")) {
		fix_array(fx, d, e, want);
	} else {
		fix_option(fx, d, e, want, have);
	}
}

static void
report_missing_value(Fx *fx, const TastExpr *e, TypeId want, Why why)
{
	Diag *d = diag_error(fx->c->diags, G0310, why.span.len ? why.span : e->span, subject(fx, why),
	    report_a_type(fx->c, want));
	const TastStmt *last = e->block.stmts.len ? vec_last(&e->block.stmts) : NULL;

	diag_primary(d, "a value of `%s` is promised here", types_show(fx->c, want));
	if (last && last->kind == TAST_STMT_EXPR &&
	    infer_try(fx->c, last->expr.expr->type, want)) {
		diag_label(d, last->span, "this value is discarded");
		diag_help(d, "remove the `;` after it: the last expression is the value");
		Span semi = {span_end(last->expr.expr->span), 1};
		Text t = source_span_text(fx->c->sources, semi);
		if (t.n && t.s[0] == ';')
			diag_fix(d, DIAG_SAFE, semi, "remove the `;`", "");
	} else {
		diag_label(d, (Span){span_end(e->span) ? span_end(e->span) - 1 : 0, 1},
		    "the end is reached without a value");
	}
}

void
coerce_mismatch(Fx *fx, const TastExpr *e, TypeId want, Why why)
{
	Check *c = fx->c;
	TypeId have = infer_deep(c, e->type);
	Diag *d;

	want = infer_deep(c, want);
	if ((types_flags(c, want) | types_flags(c, have)) & TYPE_HAS_ERROR)
		return;
	if (why.kind == WHY_RETURN && have == TY_UNIT && e->kind == TAST_EXPR_BLOCK && !e->block.value) {
		report_missing_value(fx, e, want, why);
		return;
	}
	d = diag_error(c->diags, G0308, e->span, subject(fx, why), report_a_type(c, want),
	    report_a_type(c, have));
	diag_primary(d, "this is %s", report_quoted(c, have));
	label_reason(fx, d, why, want);
	suggest(fx, d, e, want, have);
}

/* ---- Coercion ---- */

/* A plain name of a `&mut`, which a generic parameter reads. */
static bool
reads_through(const TastExpr *e)
{
	return e->kind == TAST_EXPR_LOCAL || e->kind == TAST_EXPR_FIELD || e->kind == TAST_EXPR_INDEX;
}

/* An array where a slice is wanted, which is a Vec here. */
bool
coerce_is_view(Fx *fx, TypeId have, TypeId want)
{
	Check *c = fx->c;
	TypeId elem = types_array_elem(c, infer_shallow(c, have));

	want = infer_shallow(c, want);
	return elem != IR_NONE && types_is_lang(c, want, "Vec") && infer_try(c, elem, types_arg(c, want, 0));
}

/* An Rc or a guard where what it leads to is wanted. */
static TastExpr *
follow(Fx *fx, TastExpr *e, TypeId want)
{
	TastExpr *at = e;

	while (at && !type_is_var(want) && types_adt_of(fx->c, want) != types_adt_of(fx->c, fx_value_type(fx, at))) {
		at = fx_follow(fx, at);
		if (at && infer_try(fx->c, want, at->type))
			return at;
	}
	return e;
}

TastExpr *
coerce(Fx *fx, TastExpr *e, TypeId want, Why why)
{
	Check *c = fx->c;
	TypeId have = fx_known(fx, e->type);
	TastExpr *made;

	want = infer_shallow(c, want);
	if (want == TY_ERROR || have == TY_ERROR)
		infer_poison(c, want == TY_ERROR ? have : want);
	if (have == TY_NEVER || have == TY_ERROR || want == TY_ERROR)
		return e;
	if (types_is(c, have, TAST_TY_REF_MUT) && !types_is(c, want, TAST_TY_REF_MUT) &&
	    !types_is(c, want, TAST_TY_PTR) && (!type_is_var(want) || (reads_through(e) && why.kind != WHY_LET))) {
		e = fx_deref(fx, e);
		have = infer_shallow(c, e->type);
	}
	made = dyn_coerce(fx, e, want, why);
	if (!made)
		made = foreign_coerce(fx, e, want);
	if (made)
		return made;
	e = follow(fx, e, want);
	have = infer_shallow(c, e->type);
	if (coerce_is_view(fx, have, want))
		return place_view(fx, e, want);
	if (types_is(c, have, TAST_TY_REF_MUT) && types_is(c, want, TAST_TY_REF_MUT) &&
	    coerce_is_view(fx, types_strip_ref(c, have), types_strip_ref(c, want)))
		return fx_ref_mut(fx, place_view(fx, fx_deref(fx, e), types_strip_ref(c, want)), e->span);
	if (!infer_try(c, want, have)) {
		fx_solve(fx);
		if (!infer_try(c, want, have)) {
			coerce_mismatch(fx, e, want, why);
			infer_poison(c, have);
			infer_poison(c, want);
		}
	}
	return e;
}

TastExpr *
coerce_join(Fx *fx, TastExpr *e, TypeId *join, Why why)
{
	TypeId have = fx_known(fx, e->type);

	if (have == TY_NEVER)
		return e;
	if (*join == IR_NONE) {
		*join = have;
		return e;
	}
	return coerce(fx, e, *join, why);
}
