/*
 * Constants.  The value is checked as the body of a function of its own, and evaluated.  If it is a
 * literal, uses are that literal; otherwise they call the function, so that constants built from
 * constants do not grow with each step.  Where the value depends on a type parameter, each instance of
 * the function computes it.
 */
#include "gos-check/const.h"

#include "gos-check/eval.h"
#include "gos-check/expr.h"
#include "gos-check/flow_graph.h"
#include "gos-check/report.h"
#include "gos-check/type.h"

#include <string.h>

enum { CONST_NESTING = 200 };	/* constants whose values are checked inside one another */

/* A function without parameters for a value that is written somewhere. */
static TastFnId
value_fn(Check *c, const AstIdent *name, AstExpr *value, Scope scope, TypeId type, bool is_std)
{
	TastFn *fn = arena_new(c->arena, TastFn);
	FnInfo *info = arena_new(c->arena, FnInfo);
	AstFn *ast = arena_new(c->arena, AstFn);

	ast->name = arena_new(c->arena, AstIdent);
	*ast->name = *name;
	ast->generics = arena_new(c->arena, AstGenerics);
	ast->body = value;
	info->ast = ast;
	info->module = scope.module;
	info->impl = info->type = IR_NONE;
	info->trait = IR_NONE;
	info->generics = generics_new(c, NULL, scope.module);
	if (scope.generics)
		*info->generics = *scope.generics;
	info->is_std = is_std;
	info->is_konst = info->resolved = true;
	fn->name = name->name;
	fn->path = names_path(c, names_real(c, scope.module), name->name);
	fn->span = name->span;
	fn->generics = info->generics->tast;
	fn->bounds = info->generics->declared;
	fn->ret = type;
	fn->is_std = is_std;
	vec_push(c->arena, &c->fns, fn);
	vec_push(c->arena, &c->fn_info, info);
	return c->fns.len - 1;
}

static TastFnId
const_fn(Check *c, ConstInfo *k)
{
	return value_fn(c, k->is_static ? k->ast->static_.name : k->ast->const_.name, k->value,
	    (Scope){k->module, k->generics}, k->type, k->is_std);
}

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

static void
report_nesting(Check *c, Span span)
{
	Diag *d = diag_error(c->diags, G0708, span, "this constant");

	diag_primary(d, "it is defined through %d others that come later", CONST_NESTING);
	diag_help(d, "put constants behind those that they are made of");
}

/* ---- Statics ---- */

typedef struct Shape {
	bool lists, cells;	/* it has lists in it; cells, which are new in each copy */
} Shape;

static void
look_at_shape(void *ctx, const TastExpr *e)
{
	Shape *s = ctx;

	s->lists |= e->kind == TAST_EXPR_ARRAY || e->kind == TAST_EXPR_REPEAT || e->kind == TAST_EXPR_BYTE_STR;
	s->cells |= e->kind == TAST_EXPR_CALL;
	expr_each_child(e, look_at_shape, s);
}

/* Is there one place for the value?  A constant with a list in it would be put together at each use. */
static bool
has_place(Check *c, const ConstInfo *k, uint32_t n_args)
{
	const TastExpr *value = c->fn_info.at[k->fn]->konst;
	Shape s = {false, false};

	if (!value || n_args)
		return false;
	look_at_shape(&s, value);
	return k->is_static || (s.lists && !s.cells);
}

static TastFnId
place_fn(Check *c)
{
	Def d = c->std == IR_NONE ? (Def){DEF_NONE, 0, 0} :
	    names_lookup(c, (Scope){c->std, NULL}, intern_cstr(c->names, "static_place"), NS_VALUE);

	return d.kind == DEF_FN ? d.index : IR_NONE;
}

/* `*static_place(f)`: gos-lower makes a place of it that lasts. */
static TastExpr *
use_of_place(Fx *fx, const ConstInfo *k, TastFnId place, Span span)
{
	Check *c = fx->c;
	TastExpr *f = fx_expr(fx, TAST_EXPR_FN, span, types_fn(c, NULL, 0, k->type)), *call, *e;
	TypeId type = k->type;
	TastExprList args = {0};

	f->fn.fn = fx_ref_item(fx, k->fn, NULL, 0);
	vec_push(c->arena, &args, f);
	call = fx_call(fx, span, types_ref_mut(c, type), fx_ref_item(fx, place, &type, 1), args);
	e = fx_expr(fx, TAST_EXPR_DEREF, span, type);
	e->deref.operand = call;
	return e;
}

bool
const_is_place(const Check *c, const TastExpr *e)
{
	const TastFnRef *r = e->kind == TAST_EXPR_DEREF && e->deref.operand->kind == TAST_EXPR_CALL ?
	    e->deref.operand->call.fn : NULL;
	Sym name = r && r->kind == TAST_FN_REF_ITEM ? c->fns.at[r->item.fn]->intrinsic : 0;

	return name && !strcmp(check_str(c, name), "static.place");
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
		report_nesting(c, span);
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
	if (has_place(c, k, n) && place_fn(c) != IR_NONE)
		return use_of_place(fx, k, place_fn(c), span);
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

/* ---- Values without a name ---- */

static void
report_generic(Check *c, const AstExpr *e)
{
	Diag *d = diag_error(c->diags, G0710, e->span);

	diag_primary(d, "it depends on a type or constant parameter");
	diag_help(d, "a parameter `const N: usize`, or a constant `T::N` of a trait, may stand here by itself");
}

TastExpr *
const_value(Check *c, Scope s, AstExpr *e, TypeId t)
{
	AstIdent name = {e->span, intern_cstr(c->names, "{const}")};
	uint32_t errors = c->diags->errors;
	TastExpr *value = NULL;
	bool generic = false;
	TastFnId f;

	if (c->const_nesting >= CONST_NESTING) {
		report_nesting(c, e->span);
		return NULL;
	}
	f = value_fn(c, &name, e, s, t == IR_NONE ? TY_I64 : t, c->modules.at[s.module]->is_std);
	c->fn_info.at[f]->opaque_ret = t == IR_NONE;
	c->const_nesting++;
	fx_reach(c, f);
	body_check(c, f);
	c->const_nesting--;
	if (!c->fn_info.at[f]->has_errors && c->fns.at[f]->body)
		value = eval_expr(c, f, c->fns.at[f]->body, 0, &generic);
	if (value && !generic) {
		c->fn_info.at[f]->konst = value;
		return value;
	}
	if (generic)
		report_generic(c, e);
	else if (c->diags->errors == errors)
		diag_primary(diag_error(c->diags, G0701, e->span), "not known when the program is compiled");
	return NULL;
}
