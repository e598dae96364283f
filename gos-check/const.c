/*
 * Constants.  The value is checked as the body of a function of its own, and evaluated.  If it is a
 * literal, uses are that literal; otherwise they call the function, so that constants built from
 * constants do not grow with each step.  Where the value depends on a type parameter, each instance of
 * the function computes it.
 */
#include "gos-check/const.h"

#include "gos-check/eval.h"
#include "gos-check/expr.h"
#include "gos-check/report.h"
#include "gos-check/type.h"

enum { CONST_NESTING = 200 };	/* constants whose values are checked inside one another */

static TastFnId
const_fn(Check *c, ConstInfo *k)
{
	TastFn *fn = arena_new(c->arena, TastFn);
	FnInfo *info = arena_new(c->arena, FnInfo);
	AstFn *ast = arena_new(c->arena, AstFn);

	ast->name = k->is_static ? k->ast->static_.name : k->ast->const_.name;
	ast->generics = arena_new(c->arena, AstGenerics);
	ast->body = k->value;
	info->ast = ast;
	info->module = k->module;
	info->impl = info->type = IR_NONE;
	info->trait = IR_NONE;
	info->generics = k->generics ? k->generics : generics_new(c, NULL, k->module);
	info->is_std = k->is_std;
	info->is_konst = info->resolved = true;
	fn->name = k->name;
	fn->path = names_path(c, names_real(c, k->module), k->name);
	fn->span = ast->name->span;
	fn->generics = info->generics->tast;
	fn->bounds = info->generics->declared;
	fn->ret = k->type;
	fn->is_std = k->is_std;
	vec_push(c->arena, &c->fns, fn);
	vec_push(c->arena, &c->fn_info, info);
	return c->fns.len - 1;
}

/* ---- Checking and using ---- */

static bool
is_literal(const TastExpr *e)
{
	return e->kind == TAST_EXPR_INT || e->kind == TAST_EXPR_FLOAT || e->kind == TAST_EXPR_BOOL ||
	    e->kind == TAST_EXPR_CHAR || e->kind == TAST_EXPR_STR;
}

/* The value of a checked body; an error makes the constant poison. */
static void
evaluate(Check *c, ConstInfo *k)
{
	FnInfo *info = c->fn_info.at[k->fn];
	uint32_t errors = c->diags->errors;
	bool generic;

	info->konst = eval_expr(c, k->fn, c->fns.at[k->fn]->body, k->name, &generic);
	if (c->diags->errors != errors)
		k->type = TY_ERROR;
	else if (info->konst && is_literal(info->konst))
		k->literal = info->konst;
}

void
const_check(Check *c, uint32_t id)
{
	ConstInfo *k = c->consts.at[id];

	if (k->checked || k->type == TY_ERROR || !k->value)
		return;
	k->checked = true;
	k->checking = true;
	k->fn = const_fn(c, k);
	c->const_nesting++;
	body_check(c, k->fn);
	c->const_nesting--;
	if (c->fn_info.at[k->fn]->has_errors)
		k->type = TY_ERROR;
	else if (c->fns.at[k->fn]->body)
		evaluate(c, k);
	k->checking = false;
}

static TastExpr *
report_cycle(Fx *fx, ConstInfo *k, Span span)
{
	diag_primary(diag_error(fx->c->diags, G0704, span, check_str(fx->c, k->name)),
	    "its value depends on itself");
	return fx_error(fx, span);
}

TastExpr *
const_use(Fx *fx, uint32_t id, const TypeId *args, uint32_t n, Span span)
{
	Check *c = fx->c;
	ConstInfo *k = c->consts.at[id];
	TastExpr *e;

	if (k->checking)
		return report_cycle(fx, k, span);
	if (!k->checked && c->const_nesting >= CONST_NESTING) {
		report_unsupported(c, span, "a constant that is defined through this many others below it");
		return fx_error(fx, span);
	}
	const_check(c, id);
	if (k->type == TY_ERROR || !k->value)
		return fx_error(fx, span);
	if (k->literal) {
		e = fx_expr(fx, k->literal->kind, span, k->literal->type);
		*e = *k->literal;
		e->span = span;
		return e;
	}
	return fx_call(fx, span, types_subst(c, k->type, args, n), fx_ref_item(fx, k->fn, args, n),
	    (TastExprList){0});
}

void
const_put_values(Check *c)
{
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (c->fn_info.at[f]->konst && c->fns.at[f]->body)
			c->fns.at[f]->body = c->fn_info.at[f]->konst;
	for (uint32_t i = 0; i < c->comptimes.len; i++)
		*c->comptimes.at[i].block = *c->comptimes.at[i].value;
}
