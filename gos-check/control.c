/*
 * if, match, conditions, return and `?`.
 */
#include "gos-check/expr.h"

#include "gos-check/collect.h"
#include "gos-check/dyn.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* ---- Conditions ---- */

static bool
is_assignment(const AstExpr *e)
{
	return expr_bare(e)->kind == AST_EXPR_ASSIGN;
}

TastExpr *
control_condition(Fx *fx, const AstExpr *e)
{
	const AstExpr *bare = expr_bare(e);
	TastExpr *l, *r, *node;
	Diag *d;

	if (bare->kind == AST_EXPR_BINARY && bare->binary.op == AST_BINARY_OP_AND) {
		l = control_condition(fx, bare->binary.left);
		r = control_condition(fx, bare->binary.right);
		node = fx_expr(fx, TAST_EXPR_BINARY, e->span, TY_BOOL);
		node->binary.op = TAST_BINARY_OP_AND;
		node->binary.left = l;
		node->binary.right = r;
		return node;
	}
	if (bare->kind == AST_EXPR_LET)
		return control_let(fx, bare);
	if (is_assignment(e)) {
		d = diag_error(fx->c->diags, G0358, e->span);
		diag_primary(d, "this assigns");
		diag_fix(d, DIAG_REVIEW, (Span){span_end(bare->assign.place->span),
		    bare->assign.value->span.start - span_end(bare->assign.place->span)}, "compare", " == ");
		expr_infer(fx, bare->assign.value, IR_NONE);
		return fx_error(fx, e->span);
	}
	return expr_check(fx, e, TY_BOOL, (Why){WHY_CONDITION, 0, {0, 0}, IR_NONE});
}

TastExpr *
control_let(Fx *fx, const AstExpr *e)
{
	AstPat *written = e->let.pat;
	TastExpr *value = halves_value(fx, e->let.value, &written), *r;
	TastPat *pat = pattern_check(fx, written, fx_known(fx, value->type));

	part_bind(fx, pat, value);
	r = fx_expr(fx, TAST_EXPR_LET, e->span, TY_BOOL);
	r->let.pat = pat;
	r->let.value = value;
	return r;
}

/* A block of its own: what the pattern binds goes before the answer is used, however the answer is combined. */
TastExpr *
control_matches(Fx *fx, const AstExpr *e)
{
	uint32_t mark = fx_scope_enter(fx);
	TastExpr *value = expr_infer(fx, e->macro_matches.value, IR_NONE), *r, *both;
	TastPat *pat = pattern_check(fx, e->macro_matches.pat, fx_known(fx, value->type));

	r = fx_expr(fx, TAST_EXPR_LET, e->span, TY_BOOL);
	r->let.pat = pat;
	r->let.value = value;
	if (e->macro_matches.guard) {
		both = fx_expr(fx, TAST_EXPR_BINARY, e->span, TY_BOOL);
		both->binary.op = TAST_BINARY_OP_AND;
		both->binary.left = r;
		both->binary.right = control_condition(fx, e->macro_matches.guard);
		r = both;
	}
	fx_scope_leave(fx, mark);
	return fx_block(fx, e->span, (TastStmtList){0}, r);
}

/* ---- if ---- */

/* A branch whose value is not wanted: `()` whatever it was. */
static TastExpr *
discarded(Fx *fx, TastExpr *e)
{
	TypeId t = fx_known(fx, e->type);
	TastStmtList stmts = {0};

	if (t == TY_UNIT || t == TY_NEVER || t == TY_ERROR)
		return e;
	vec_push(fx->c->arena, &stmts, fx_stmt(fx, e));
	return fx_block(fx, e->span, stmts, NULL);
}

static Span
value_span(const TastExpr *e)
{
	return e->kind == TAST_EXPR_BLOCK && e->block.value ? value_span(e->block.value) : e->span;
}

static TastExpr *
branch(Fx *fx, const AstExpr *ast, TypeId hint, TypeId *join, Span other)
{
	Why why = {WHY_BRANCH, 0, other, IR_NONE};
	TypeId want = hint != IR_NONE ? hint : *join;
	TastExpr *e = expr_infer(fx, ast, want);

	if (hint != IR_NONE && infer_shallow(fx->c, hint) == TY_UNIT)
		return discarded(fx, e);
	if (e->kind == TAST_EXPR_BLOCK && e->block.value && e->block.label == IR_NONE &&
	    infer_shallow(fx->c, e->type) != TY_NEVER) {
		e->block.value = coerce_join(fx, e->block.value, join, why);
		e->type = e->block.value->type;
		return e;
	}
	return coerce_join(fx, e, join, why);
}

static TastExpr *
if_without_else(Fx *fx, TastExpr *r, const AstExpr *e, TypeId hint)
{
	TastExpr *then = r->if_.then;
	TypeId t = fx_known(fx, then->type);
	Diag *d;

	r->type = TY_UNIT;
	if (t == TY_UNIT || t == TY_NEVER || t == TY_ERROR)
		return r;
	if (hint == IR_NONE || type_is_var(infer_shallow(fx->c, hint))) {
		r->if_.then = discarded(fx, then);
		return r;
	}
	d = diag_error(fx->c->diags, G0359, e->span);
	diag_primary(d, "there is no `else` to give a value otherwise");
	diag_label(d, value_span(then), "this is %s", report_quoted(fx->c, t));
	fix_after(d, DIAG_REVIEW, e->span, "say what it is otherwise", arena_printf(fx->c->arena,
	    " else { %s }", fix_value_of(fx->c, t)));
	r->type = TY_ERROR;
	return r;
}

TastExpr *
control_if(Fx *fx, const AstExpr *e, TypeId hint)
{
	uint32_t mark = fx_scope_enter(fx);
	TastExpr *cond = control_condition(fx, e->if_.cond);
	TastExpr *r = fx_expr(fx, TAST_EXPR_IF, e->span, TY_NEVER);
	TypeId join = hint == IR_NONE || type_is_var(infer_shallow(fx->c, hint)) ? IR_NONE : hint;
	bool unit = hint != IR_NONE && infer_shallow(fx->c, hint) == TY_UNIT;

	r->if_.cond = cond;
	if (!e->if_.otherwise && hint == IR_NONE)
		r->if_.then = expr_infer(fx, e->if_.then, TY_UNIT);
	else
		r->if_.then = branch(fx, e->if_.then, e->if_.otherwise ? hint : unit ? hint : IR_NONE, &join,
		    (Span){0, 0});
	fx_scope_leave(fx, mark);
	if (!e->if_.otherwise)
		return if_without_else(fx, r, e, hint);
	r->if_.otherwise = branch(fx, e->if_.otherwise, hint, &join, value_span(r->if_.then));
	if (unit)
		r->type = infer_shallow(fx->c, r->if_.then->type) == TY_NEVER &&
		    infer_shallow(fx->c, r->if_.otherwise->type) == TY_NEVER ? TY_NEVER : TY_UNIT;
	else if (infer_shallow(fx->c, r->if_.then->type) != TY_NEVER)
		r->type = r->if_.then->type;
	else
		r->type = r->if_.otherwise->type;
	return r;
}

/* ---- match ---- */

static TastArm *
check_arm(Fx *fx, const AstArm *a, const TastExpr *value, TypeId hint, TypeId *join, Span *other)
{
	uint32_t mark = fx_scope_enter(fx);
	TastPat *pat = pattern_check(fx, a->pat, fx_known(fx, value->type));
	TastExpr *guard, *body;

	part_bind(fx, pat, value);
	guard = a->guard ? control_condition(fx, a->guard) : NULL;
	if (hint != IR_NONE && infer_shallow(fx->c, hint) == TY_UNIT)
		body = discarded(fx, expr_discard(fx, a->body));
	else
		body = branch(fx, a->body, hint, join, *other);
	fx_scope_leave(fx, mark);
	collect_inner_attrs(fx->c, a->span, &a->attrs);
	if (!other->len && infer_shallow(fx->c, body->type) != TY_NEVER)
		*other = value_span(body);
	return tast_mk_arm(fx->c->arena, a->span, pat, guard, body);
}

TastExpr *
control_match(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *value = expr_infer(fx, e->match.value, IR_NONE);
	TastExpr *r = fx_expr(fx, TAST_EXPR_MATCH, e->span, TY_NEVER);
	TypeId join = hint == IR_NONE || type_is_var(infer_shallow(fx->c, hint)) ? IR_NONE : hint;
	Span other = {0, 0};
	bool all_never = true, error = false;

	r->match.value = value;
	for (uint32_t i = 0; i < e->match.arms.len; i++) {
		TastArm *a = check_arm(fx, e->match.arms.at[i], value, hint, &join, &other);
		TypeId bt = infer_shallow(fx->c, a->body->type);

		error |= bt == TY_ERROR;
		if (bt != TY_NEVER && all_never) {
			all_never = false;
			r->type = bt;
		}
		vec_push(fx->c->arena, &r->match.arms, a);
	}
	if (r->type == TY_ERROR && join != IR_NONE)
		r->type = join;
	if (!e->match.arms.len && fx_known(fx, value->type) != TY_NEVER)
		r->type = TY_NEVER;
	(void)error;
	return r;
}

/* ---- return ---- */

static TypeId *
return_type(Fx *fx, Why *why)
{
	if (fx->closures.len) {
		*why = vec_last(&fx->closures).why;
		return &vec_last(&fx->closures).ret;
	}
	*why = fx->ret_why;
	return &fx->ret;
}

TastExpr *
control_return(Fx *fx, const AstExpr *e)
{
	Why why;
	TypeId want = *return_type(fx, &why);
	TastExpr *r = fx_expr(fx, TAST_EXPR_RETURN, e->span, TY_NEVER);
	TastExpr *unit;

	if (e->return_.value) {
		r->return_.value = expr_check(fx, e->return_.value, want, why);
		length_check_result(fx, r->return_.value);
		return r;
	}
	unit = fx_unit(fx, e->span);
	if (infer_shallow(fx->c, want) != TY_UNIT) {
		if (!infer_try(fx->c, want, TY_UNIT))
			coerce_mismatch(fx, unit, want, why);
	}
	return r;
}

/* ---- ? ---- */

static Span
span_last(Span s)
{
	return (Span){span_end(s) - 1, 1};
}

static TastExpr *
report_try(Fx *fx, const TastExpr *operand, TypeId t, Span span)
{
	Diag *d = diag_error(fx->c->diags, G0326, span_last(span), report_a_type(fx->c, t));

	diag_primary(d, "`?` needs a Result or an Option");
	diag_fix(d, DIAG_REVIEW, span_last(span), "remove the `?`", "");
	diag_label(d, operand->span, "this is %s", report_quoted(fx->c, t));
	return fx_error(fx, span);
}

static TastExpr *
report_try_place(Fx *fx, TypeId t, TypeId ret, Span span, Why why)
{
	Check *c = fx->c;
	bool option = types_is_lang(c, t, "Option");
	Diag *d = diag_error(c->diags, G0327, span_last(span), option ? "an Option" : "a Result",
	    report_a_type(c, ret));

	diag_primary(d, "on failure this would return %s", option ? "`None`" : "the `Err`");
	if (why.span.len)
		diag_label(d, why.span, "the result is declared here");
	if (option && types_is_lang(c, ret, "Result")) {
		diag_help(d, "make a Result of it first: `.ok_or(…)?`");
		fix_before(d, DIAG_REVIEW, span_last(span), "make a Result of it", ".ok_or(todo!())");
	} else if (!option && types_is_lang(c, ret, "Option")) {
		diag_help(d, "make an Option of it first: `.ok()?`");
		fix_before(d, DIAG_REVIEW, span_last(span), "make an Option of it", ".ok()");
	} else
		diag_help(d, "declare the result of the function as `-> %s`, and end it with `%s`",
		    option ? "Option<…>" : "Result<(), …>", option ? "Some(…)" : "Ok(())");
	return fx_error(fx, span);
}

/* The function's result takes the failure; a result that is open yet becomes an Option or Result. */
static bool
try_result(Fx *fx, LangAdt which, TypeId *ret, Span span)
{
	TypeId args[2];

	*ret = fx_known(fx, *ret);
	if (type_is_var(*ret)) {
		args[0] = fx_var(fx, span);
		args[1] = fx_var(fx, span);
		infer_unify(fx->c, *ret, fx_lang(fx, which, args, which == LANG_OPTION ? 1 : 2, span));
		*ret = infer_shallow(fx->c, *ret);
	}
	return types_adt_of(fx->c, *ret) == lang_adt(fx->c, which) && types_adt_of(fx->c, *ret) != IR_NONE;
}

static TastFnRef *
conversion(Fx *fx, TypeId from, TypeId to, Span span)
{
	TastTraitId t = lang_trait(fx->c, LANG_FROM);
	TypeId args[2] = {to, from};

	from = fx_known(fx, from);
	to = infer_shallow(fx->c, to);
	if (type_is_var(to) || t == IR_NONE || infer_try(fx->c, from, to)) {
		infer_unify(fx->c, from, to);
		return NULL;
	}
	if (dyn_is_error(fx->c, to)) {
		t = lang_trait(fx->c, LANG_ERROR);
		fx_require(fx, t, &from, 1, span, IR_NONE);
		return fx_ref_method(fx, t, ERROR_INTO, &from, 1);
	}
	fx_require(fx, t, args, 2, span, IR_NONE);
	return fx_ref_method(fx, t, 0, args, 2);
}

/* Will the type be found as an associated type of something? */
static bool
is_projected(Fx *fx, TypeId t)
{
	for (uint32_t i = 0; i < fx->obligations.len; i++) {
		TypeId value = fx->obligations.at[i].value;

		if (value != IR_NONE && infer_shallow(fx->c, value) == t)
			return true;
	}
	return false;
}

static void
convert_error(Fx *fx, TastExpr *r, TypeId from, TypeId to)
{
	from = fx_known(fx, from);
	if (type_is_var(from) && is_projected(fx, from) && !type_is_var(infer_shallow(fx->c, to)))
		vec_push(fx->c->arena, &fx->tries, (OpenTry){r, from, to});
	else
		r->try.convert = conversion(fx, from, to, r->span);
}

void
control_retry_tries(Fx *fx, bool last)
{
	__typeof__(fx->tries) open = fx->tries;

	if (fx->infer.snapshots || !open.len)
		return;
	fx->tries = (__typeof__(open)){0};	/* a conversion may ask for what is known, and come back here */
	for (uint32_t i = 0; i < open.len; i++) {
		OpenTry t = open.at[i];

		if (last || !type_is_var(infer_shallow(fx->c, t.from)))
			t.node->try.convert = conversion(fx, t.from, t.to, t.node->span);
		else
			vec_push(fx->c->arena, &fx->tries, t);
	}
}

TastExpr *
control_try_value(Fx *fx, TastExpr *operand, Span span)
{
	Check *c = fx->c;
	TypeId t = fx_known(fx, operand->type), ret;
	LangAdt which;
	TastExpr *r;
	Why why;

	if (t == TY_ERROR || t == TY_NEVER)
		return operand;
	operand = fx_deref(fx, operand);
	t = infer_shallow(c, operand->type);
	if (!types_is_lang(c, t, "Option") && !types_is_lang(c, t, "Result"))
		return report_try(fx, operand, infer_deep(c, t), span);
	which = types_is_lang(c, t, "Option") ? LANG_OPTION : LANG_RESULT;
	ret = *return_type(fx, &why);
	if (infer_shallow(c, ret) == TY_ERROR)
		return fx_error(fx, span);
	if (!try_result(fx, which, &ret, span))
		return report_try_place(fx, t, infer_deep(c, ret), span, why);
	r = fx_expr(fx, TAST_EXPR_TRY, span, types_arg(c, t, 0));
	r->try.operand = operand;
	if (operand->kind == TAST_EXPR_STRUCT)
		vec_push(c->arena, &fx->or_unit, r->type);
	if (which == LANG_RESULT)
		convert_error(fx, r, types_arg(c, t, 1), types_arg(c, ret, 1));
	return r;
}

TastExpr *
control_try(Fx *fx, const AstExpr *e, TypeId hint)
{
	const AstExpr *inner = expr_bare(e->try.operand);

	(void)hint;
	return control_try_value(fx, expr_infer(fx, inner, IR_NONE), e->span);
}
