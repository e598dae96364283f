/*
 * Constants.  The value is checked as the body of a function of its own.  If it folds to a
 * literal, uses are that literal; otherwise they call the function, so that constants built from
 * constants do not grow with each step.
 */
#include "gos-check/const.h"

#include "gos-check/expr.h"
#include "gos-check/konst.h"
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

/* ---- Folding ---- */

static bool
fits(TypeId t, KonstInt v)
{
	uint32_t bits = types_bits(t);

	if (bits == 128)
		return types_is_signed(t) || v >= 0;
	if (types_is_signed(t))
		return v >= -((KonstInt)1 << (bits - 1)) && v < (KonstInt)1 << (bits - 1);
	return v >= 0 && v < (KonstInt)1 << bits;
}

/* The value of an integer literal with its sign. */
static KonstInt
value_of(const TastExpr *e)
{
	uint32_t bits = types_bits(e->type);
	KonstInt v = (KonstInt)e->int_.value;

	if (types_is_signed(e->type) && bits < 128 && v >> (bits - 1) & 1)
		v -= (KonstInt)1 << bits;
	return v;
}

static TastExpr *
int_literal(Check *c, const TastExpr *at, KonstInt v)
{
	uint32_t bits = types_bits(at->type);
	IrU128 mask = bits == 128 ? ~(IrU128)0 : ((IrU128)1 << bits) - 1;

	return tast_mk_expr_int(c->arena, at->span, at->type, (IrU128)v & mask);
}

static bool
arithmetic(TastBinaryOp op, KonstInt a, KonstInt b, KonstInt *v)
{
	if (op == TAST_BINARY_OP_ADD)
		return !__builtin_add_overflow(a, b, v);
	if (op == TAST_BINARY_OP_SUB)
		return !__builtin_sub_overflow(a, b, v);
	if (op == TAST_BINARY_OP_MUL)
		return !__builtin_mul_overflow(a, b, v);
	if (op == TAST_BINARY_OP_DIV || op == TAST_BINARY_OP_REM) {
		if (b == 0 || (b == -1 && __builtin_sub_overflow(0, a, v)))
			return false;
		*v = op == TAST_BINARY_OP_DIV ? a / b : a % b;
		return true;
	}
	return false;
}

static TastExpr *fold(Check *c, TastExpr *e);

static TastExpr *
fold_binary(Check *c, TastExpr *e)
{
	TastExpr *l = fold(c, e->binary.left), *r = l ? fold(c, e->binary.right) : NULL;
	KonstInt v;

	if (!r || l->kind != TAST_EXPR_INT || r->kind != TAST_EXPR_INT || l->type != r->type ||
	    types_bits(l->type) == 128)
		return NULL;
	if (e->binary.op > TAST_BINARY_OP_REM)
		return NULL;
	if (arithmetic(e->binary.op, value_of(l), value_of(r), &v) && fits(e->type, v))
		return int_literal(c, e, v);
	diag_primary(diag_error(c->diags, G0705, e->span, types_show(c, e->type)),
	    "computing this value would panic");
	return NULL;
}

/* A literal of the same value, or NULL.  What would panic stays as it is. */
static TastExpr *
fold(Check *c, TastExpr *e)
{
	TastExpr *x;

	if (e->kind == TAST_EXPR_BINARY)
		return types_is_int(e->type) ? fold_binary(c, e) : NULL;
	if (e->kind == TAST_EXPR_CAST) {
		x = types_is_int(e->type) ? fold(c, e->cast.operand) : NULL;
		return x && x->kind == TAST_EXPR_INT && fits(e->type, value_of(x)) ?
		    int_literal(c, e, value_of(x)) : NULL;
	}
	if (e->kind == TAST_EXPR_UNARY && e->unary.op == TAST_UNARY_OP_NEG) {
		x = types_is_int(e->type) ? fold(c, e->unary.operand) : NULL;
		return x && x->kind == TAST_EXPR_INT && fits(e->type, -value_of(x)) ?
		    int_literal(c, e, -value_of(x)) : NULL;
	}
	if (e->kind == TAST_EXPR_INT || e->kind == TAST_EXPR_FLOAT || e->kind == TAST_EXPR_BOOL ||
	    e->kind == TAST_EXPR_CHAR || e->kind == TAST_EXPR_STR)
		return e;
	return NULL;
}

/* ---- Checking and using ---- */

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
	k->checking = false;
	if (c->fn_info.at[k->fn]->has_errors)
		k->type = TY_ERROR;
	else if (c->fns.at[k->fn]->body)
		k->literal = fold(c, c->fns.at[k->fn]->body);
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
