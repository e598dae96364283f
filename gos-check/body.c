/*
 * Function bodies, and what else becomes a function: defaults, constants of traits, the
 * implicit main.
 *
 * requires: all signatures.  ensures: fn->body is typed without variables, or errors were
 * reported.
 */
#include "gos-check/body.h"

#include "gos-check/collect.h"
#include "gos-check/dyn.h"
#include "gos-check/eval.h"
#include "gos-check/expr.h"
#include "gos-check/op.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

void
fx_reach(Check *c, TastFnId f)
{
	FnInfo *info = c->fn_info.at[f];

	if (info->reached)
		return;
	info->reached = true;
	vec_push(c->arena, &c->work, f);
}

/* ---- Entering and leaving ---- */

typedef struct Outer {
	Fx *fx;
	Infer *infer;
	const Generics *env;
} Outer;

static Outer
enter(Check *c, Fx *fx, TastFnId f)
{
	Outer o = {c->fx, c->infer, c->env};

	fx->c = c;
	fx->id = f;
	fx->fn = c->fns.at[f];
	fx->info = c->fn_info.at[f];
	fx->generics = fx->info->generics;
	fx->module = fx->info->module;
	fx->tried = UINT64_MAX;
	fx->errors = c->diags->errors;
	fx->unsafes = fx->info->ast->is_unsafe;
	c->fx = fx;
	c->infer = &fx->infer;
	c->env = fx->generics;
	return o;
}

static void
leave(Check *c, Outer o)
{
	c->fx = o.fx;
	c->infer = o.infer;
	c->env = o.env;
}

/* ---- Parameters ---- */

/* `&mut [T]`: may change elements, not the length. */
static void
bind_params(Fx *fx, TastStmtList *before)
{
	TastFn *fn = fx->fn;
	const AstParamList *ast = &fx->info->ast->params;
	uint32_t skip = fx->info->self != AST_SELF_KIND_NONE;

	for (uint32_t i = 0; i < fn->n_params; i++) {
		vec_push(fx->c->arena, &fx->depth, 0);
		fx_bind(fx, fn->locals.at[i]->name, i);
	}
	if (fx->info->self == AST_SELF_KIND_REF_MUT && length_is_impl_of_slice(fx->c, fx->info->impl))
		part_note(fx, 0);
	for (uint32_t i = 0; i < ast->len && i + skip < fn->n_params; i++) {
		const AstPat *p = ast->at[i]->pat;

		if (ast->at[i]->type && part_is_spelled(ast->at[i]->type))
			part_note(fx, i + skip);
		callable_note(fx, i + skip, (Callable){NULL, callable_spelled(fx->info->ast, i)});
		if ((p->kind == AST_PAT_BIND && !p->bind.sub) || p->kind == AST_PAT_WILD)
			continue;
		vec_push(fx->c->arena, before, tast_mk_stmt_let(fx->c->arena, p->span,
		    pattern_check(fx, p, fn->locals.at[i + skip]->type), fx_use(fx, p->span, i + skip), NULL));
	}
}

/* ---- impl Trait as the result ---- */

static TypeCx
opaque_cx(Fx *fx)
{
	return (TypeCx){fx_scope(fx), NULL, true, fx, NULL};
}

/* What the body gives has the bounds that were promised; they may promise more of their own. */
static void
require_opaque(Fx *fx)
{
	TypeCx cx = opaque_cx(fx);

	for (uint32_t i = 0; i < fx->opaques.len; i++) {
		Opaque o = fx->opaques.at[i];

		for (uint32_t k = 0; k < o.bounds->len; k++) {
			TastBound *b = o.bounds->at[k]->kind == AST_BOUND_TRAIT ?
			    type_bound(fx->c, &cx, o.type, o.bounds->at[k]->trait.path) : NULL;
			TastBoundList one = {&b, 1, 1};

			if (b)
				fx_require_bounds(fx, &one, NULL, 0, o.span, IR_NONE);
		}
	}
}

/* The type that the result must have, as far as the signature tells. */
static TypeId
wanted_result(Fx *fx)
{
	TypeCx cx = opaque_cx(fx);

	if (!fx->info->opaque_ret && !fx->info->anon_ret)
		return fx->fn->ret;
	if (fx->info->ast->ret)
		return trait_normalize(fx->c, type_lower(fx->c, &cx, fx->info->ast->ret), fx->info->ast->ret->span);
	return infer_var(fx->c, fx->info->is_konst ? VAR_INT : VAR_ANY, fx->fn->span);
}

void
body_opaque(Check *c, TastFnId f)
{
	FnInfo *info = c->fn_info.at[f];
	Diag *d;

	if (!info->opaque_ret || info->state == FN_DONE)
		return;
	if (info->state == FN_CHECKING) {
		d = diag_error(c->diags, G0367, info->ast->ret->span, check_str(c, c->fns.at[f]->name));
		diag_primary(d, "the function calls itself before its result is known");
		diag_help(d, "name the type of the result");
		info->opaque_ret = false;
		return;
	}
	fx_reach(c, f);
	body_check(c, f);
}

void
body_opaque_own(Check *c, TastFnId f)
{
	FnInfo *info = c->fn_info.at[f];

	info->opaque_ret = info->anon_ret;
	body_opaque(c, f);
	info->opaque_ret = false;
}

/* ---- The body ---- */

static TastExpr *
with_params(Fx *fx, TastStmtList before, TastExpr *body)
{
	TastExpr *e;

	if (!before.len)
		return body;
	e = fx_block(fx, body->span, before, body);
	e->type = body->type;
	return e;
}

static void
solve(Fx *fx)
{
	fx_solve_all(fx);
	op_check_casts(fx);
	literal_check_ranges(fx);
	fx_finish(fx);
}

static void
check_fn(Fx *fx)
{
	const AstExpr *ast = fx->info->ast->body;
	TastStmtList before = {0};
	TastExpr *body;

	bind_params(fx, &before);
	if (ast->kind == AST_EXPR_BLOCK)
		body = block_check(fx, ast->block.block, fx->ret, fx->ret_why);
	else
		body = expr_check(fx, ast, fx->ret, fx->ret_why);
	length_check_result(fx, body);
	fx->fn->body = with_params(fx, before, body);
	require_opaque(fx);
	solve(fx);
}

static Why
ret_why(const FnInfo *info)
{
	Why w = {info->is_konst ? WHY_CONST : WHY_RETURN, info->ast->name->name, {0, 0}, IR_NONE};

	if (info->ast->ret)
		w.span = info->ast->ret->span;
	return w;
}

/* The `comptime` blocks of a finished body. */
static void
run_comptimes(Check *c, const Fx *fx)
{
	for (uint32_t i = 0; i < fx->comptimes.len; i++) {
		Comptime k = {fx->comptimes.at[i], NULL};
		bool generic;

		k.value = eval_expr(c, fx->id, k.block, 0, &generic);
		if (k.value)
			vec_push(c->arena, &c->comptimes, k);
	}
}

/* Was something wrong with the types of its parameters or its result? */
static bool
is_broken(const Check *c, TastFnId f)
{
	const FnInfo *info = c->fn_info.at[f];

	for (uint32_t i = 0; i < info->params.len; i++)
		if (types_flags(c, info->params.at[i]) & TYPE_HAS_ERROR)
			return true;
	return types_flags(c, c->fns.at[f]->ret) & TYPE_HAS_ERROR;
}

void
body_check(Check *c, TastFnId f)
{
	FnInfo *info = c->fn_info.at[f];
	Fx *fx;
	Outer o;
	uint32_t errors = c->diags->errors;

	if (info->state != FN_DECLARED || info->broken || !info->ast->body)
		return;
	info->state = FN_CHECKING;
	fx = arena_new(c->arena, Fx);
	o = enter(c, fx, f);
	fx->ret_why = ret_why(info);
	fx->ret = wanted_result(fx);
	fx_open(fx, &fx->ret);
	check_fn(fx);
	if (info->anon_ret)
		info->own_ret = fx->ret;
	else if (info->opaque_ret)
		c->fns.at[f]->ret = fx->ret;
	info->state = FN_DONE;
	leave(c, o);
	if (c->diags->errors == errors)
		run_comptimes(c, fx);
	info->has_errors = c->diags->errors != errors || is_broken(c, f) || (fx->poisoned && c->diags->errors);
}

/* ---- Defaults of parameters ---- */

typedef struct NameSearch {
	const FnInfo *info;
	bool found;
} NameSearch;

static bool
visit_name(void *ctx, const IrType *type, void *node)
{
	NameSearch *s = ctx;
	const AstPath *p = node;

	if (s->found)
		return false;
	if (strcmp(type->name, "path"))
		return true;
	for (uint32_t i = 0; i < s->info->param_names.len; i++)
		if (names_single(p) && names_single(p) == s->info->param_names.at[i])
			s->found = true;
	return false;
}

static bool
uses_params(const FnInfo *info, AstExpr *e)
{
	NameSearch s = {info, false};

	ir_walk(ir_type(&ast_schema, "expr"), e, visit_name, &s);
	return s.found;
}

static TastFnId
default_new(Check *c, TastFnId f, uint32_t i, AstParam *p)
{
	const FnInfo *of = c->fn_info.at[f];
	uint32_t skip = of->self != AST_SELF_KIND_NONE;
	TastFn *fn = arena_new(c->arena, TastFn);
	FnInfo *info = arena_new(c->arena, FnInfo);
	AstFn *ast = arena_new(c->arena, AstFn);

	*info = *of;
	ast->name = of->ast->name;
	ast->generics = of->ast->generics;
	ast->body = p->default_;
	info->ast = ast;
	info->state = FN_DECLARED;
	info->reached = info->opaque_ret = false;
	info->params.len = info->param_names.len = 0;
	info->params.cap = info->param_names.cap = 0;
	info->self = AST_SELF_KIND_NONE;
	*fn = *c->fns.at[f];
	fn->name = intern_cstr(c->names, "{default}");
	fn->path = intern_cstr(c->names, arena_printf(c->arena, "%s::{default}", check_str(c, fn->path)));
	fn->locals = (TastVariableList){0};
	fn->body = NULL;
	fn->intrinsic = 0;
	fn->n_params = uses_params(of, p->default_) ? i + skip : 0;
	for (uint32_t k = 0; k < fn->n_params; k++) {
		TastVariable *v = arena_new(c->arena, TastVariable);

		*v = *c->fns.at[f]->locals.at[k];
		vec_push(c->arena, &fn->locals, v);
		vec_push(c->arena, &info->params, v->type);
		vec_push(c->arena, &info->param_names, v->name);
	}
	fn->ret = of->params.at[i + skip];
	vec_push(c->arena, &c->fns, fn);
	vec_push(c->arena, &c->fn_info, info);
	return c->fns.len - 1;
}

TastFnId
body_default(Check *c, TastFnId f, uint32_t i)
{
	FnInfo *info = c->fn_info.at[f];
	uint32_t at = i + (info->self != AST_SELF_KIND_NONE);

	if (info->defaults.at[at] == IR_NONE) {
		TastFnId d = default_new(c, f, i, info->ast->params.at[i]);

		c->fn_info.at[f]->defaults.at[at] = d;
		fx_reach(c, d);
	}
	return c->fn_info.at[f]->defaults.at[at];
}

/* ---- The implicit main ---- */

static bool
visit_try(void *ctx, const IrType *type, void *node)
{
	bool *found = ctx;
	const AstExpr *e = node;

	if (!strcmp(type->name, "item"))
		return false;
	if (strcmp(type->name, "expr"))
		return true;
	if (e->kind == AST_EXPR_CLOSURE || e->kind == AST_EXPR_GO)
		return false;
	*found |= e->kind == AST_EXPR_TRY;
	return true;
}

static bool
has_try(AstBlock *b)
{
	bool found = false;

	ir_walk(ir_type(&ast_schema, "block"), b, visit_try, &found);
	return found;
}

/* `Ok(())` */
static AstStmt *
ok_unit(Check *c, Span span)
{
	AstSegment *seg = arena_new(c->arena, AstSegment);
	AstPath *path = arena_new(c->arena, AstPath);
	AstArgList args = {0};
	AstExpr *call;

	seg->span = path->span = span;
	seg->name = intern_cstr(c->names, "Ok");
	vec_push(c->arena, &path->segments, seg);
	vec_push(c->arena, &args, ast_mk_arg(c->arena, span, NULL,
	    ast_mk_expr_tuple(c->arena, span, (AstExprList){0})));
	call = ast_mk_expr_call(c->arena, span, ast_mk_expr_path(c->arena, span, path), args);
	return ast_mk_stmt_expr(c->arena, span, (AstAttrList){0}, call, false);
}

/* `Result<(), errors::Error>`; (), where the library has no errors. */
static TypeId
result_of_main(Check *c)
{
	TypeId args[2] = {TY_UNIT, dyn_error(c)};

	return args[1] == TY_ERROR ? TY_UNIT : types_adt(c, lang_adt(c, LANG_RESULT), args, 2);
}

TastFnId
body_implicit_main(Check *c, AstStmt *const *stmts, uint32_t n)
{
	AstBlock *block = arena_new(c->arena, AstBlock);
	AstFn *ast = arena_new(c->arena, AstFn);
	Span whole = span_join(stmts[0]->span, stmts[n - 1]->span);
	TastFnId f;
	bool tries;

	block->span = whole;
	for (uint32_t i = 0; i < n; i++)
		vec_push(c->arena, &block->stmts, stmts[i]);
	tries = has_try(block);
	if (tries)
		vec_push(c->arena, &block->stmts, ok_unit(c, (Span){span_end(whole), 0}));
	ast->name = ast_mk_ident(c->arena, (Span){whole.start, 0}, intern_cstr(c->names, "main"));
	ast->generics = arena_new(c->arena, AstGenerics);
	ast->body = ast_mk_expr_block(c->arena, whole, 0, block);
	f = collect_fn(c, c->root, NULL, ast, NULL, 0);
	c->fns.at[f]->path = c->modules.at[c->root]->path;
	c->fns.at[f]->ret = tries ? result_of_main(c) : TY_UNIT;
	c->fn_info.at[f]->opaque_ret = tries && c->fns.at[f]->ret == TY_UNIT;
	c->fn_info.at[f]->resolved = true;
	return f;
}
