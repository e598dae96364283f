/*
 * Closures.  What they capture comes out as names are used (fx_use); a variable that they change
 * becomes shared (fx_mutate), unless they cross into a goroutine, where that is an error.
 */
#include "gos-check/expr.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"

typedef struct Expected {
	IrU32List params;
	TypeId ret;		/* IR_NONE: nothing is expected */
	bool known;
	bool wrong;		/* another number of parameters is needed: reported */
} Expected;

/* As many parameters as are given to it: without the last ones, or with some that it ignores. */
static void
fix_params(Check *c, Diag *d, const AstExpr *e, uint32_t want)
{
	const char *more = "";
	uint32_t n = e->closure.params.len;

	if (n == want + 1) {
		fix_remove_element(c, d, e->closure.params.at[n - 1]->span, "leave the last one out");
	} else if (n && n < want) {
		for (uint32_t i = n; i < want; i++)
			more = arena_printf(c->arena, "%s, _", more);
		fix_after(d, DIAG_REVIEW, e->closure.params.at[n - 1]->span, "ignore the others", more);
	}
}

static Expected
expected(Fx *fx, const AstExpr *e, TypeId hint)
{
	Expected x = {{0}, IR_NONE, false, false};
	const TastTy *t;

	if (hint == IR_NONE)
		return x;
	hint = fx_known(fx, hint);
	if (!types_is(fx->c, hint, TAST_TY_FN))
		return x;
	t = types_get(fx->c, hint);
	x.ret = t->fn.ret;
	if (t->fn.params.len != e->closure.params.len) {
		Diag *d = diag_error(fx->c->diags, G0332, e->span, report_count(fx->c, t->fn.params.len,
		    "parameter"), e->closure.params.len);

		diag_primary(d, "a `%s` is needed here", types_show(fx->c, hint));
		fix_params(fx->c, d, e, t->fn.params.len);
		x.wrong = true;
		return x;
	}
	x.params = t->fn.params;
	x.known = true;
	return x;
}

static TypeId
param_type(Fx *fx, const AstClosureParam *p, const Expected *x, uint32_t i)
{
	TypeId t = p->type ? fx_lower(fx, p->type) : IR_NONE;
	TypeId want = x->known ? x->params.at[i] : IR_NONE;
	Diag *d;

	if (t == IR_NONE && x->wrong)
		return TY_ERROR;
	if (t == IR_NONE)
		return want == IR_NONE ? fx_var(fx, p->span) : fx_known(fx, want);
	if (want != IR_NONE && !infer_try(fx->c, want, t)) {
		d = diag_error(fx->c->diags, G0308, p->span, "the parameter of this closure",
		    report_a_type(fx->c, want), report_a_type(fx->c, t));
		diag_primary(d, "a `%s` comes here", types_show(fx->c, want));
	}
	return t;
}

/* A plain name is the parameter itself; a pattern takes it apart in the body. */
static uint32_t
param_local(Fx *fx, const AstClosureParam *p, TypeId t, TastStmtList *before)
{
	bool named = p->pat->kind == AST_PAT_BIND && !p->pat->bind.sub;
	uint32_t local = fx_local(fx, named ? p->pat->bind.name->name : 0, p->pat->span, t,
	    named && p->pat->bind.mut);
	TastPat *pat;

	if (named) {
		fx_bind(fx, p->pat->bind.name->name, local);
		return local;
	}
	if (p->pat->kind == AST_PAT_WILD)
		return local;
	pat = pattern_check(fx, p->pat, t);
	vec_push(fx->c->arena, before, tast_mk_stmt_let(fx->c->arena, p->span, pat,
	    fx_use(fx, p->pat->span, local), NULL));
	return local;
}

static TastExpr *
check_body(Fx *fx, const AstExpr *e, const Expected *x, TypeId ret)
{
	Why why = {WHY_RETURN, 0, e->closure.ret ? e->closure.ret->span : (Span){0, 0}, IR_NONE};
	const AstExpr *b = e->closure.body;
	TypeId want = infer_shallow(fx->c, ret);
	TastExpr *r;
	TastStmtList stmts = {0};

	if (want == TY_UNIT && (e->closure.ret || x->ret != IR_NONE)) {
		r = expr_discard(fx, b);
		if (fx_known(fx, r->type) == TY_UNIT || r->type == TY_NEVER || r->type == TY_ERROR)
			return r;
		vec_push(fx->c->arena, &stmts, fx_stmt(fx, r));
		return fx_block(fx, r->span, stmts, NULL);
	}
	if (b->kind == AST_EXPR_BLOCK && !b->block.label && !type_is_var(want))
		return block_check(fx, b->block.block, want, why);
	return expr_check(fx, b, ret, why);
}

/* A closure that always leaves by panic has the result that is wanted, or none; an error passes on. */
static void
close_result(Fx *fx, const TastExpr *body, TypeId ret)
{
	TypeId given = infer_shallow(fx->c, body->type);

	ret = infer_shallow(fx->c, ret);
	if (!type_is_var(ret) || infer_kind(fx->c, ret) != VAR_ANY)
		return;
	if (given == TY_ERROR)
		infer_unify(fx->c, ret, TY_ERROR);
	else if (given == TY_NEVER)
		infer_unify(fx->c, ret, TY_UNIT);
}

TastExpr *
closure_check(Fx *fx, const AstExpr *e, TypeId hint)
{
	Check *c = fx->c;
	Expected x = expected(fx, e, hint);
	uint32_t n = e->closure.params.len, mark;
	TypeId *params = arena_array(c->arena, TypeId, n ? n : 1);
	ClosureCx cx = {{0}, IR_NONE, {WHY_RETURN, 0, {0, 0}, IR_NONE}, fx->spawning, fx->fn->locals.len};
	const AstType *spelled = fx->closure_spelled, *given;
	TastExpr *r = fx_expr(fx, TAST_EXPR_CLOSURE, e->span, IR_NONE), *body;
	TastStmtList before = {0};

	fx->spawning = false;
	fx->closure_spelled = NULL;
	cx.ret = e->closure.ret ? fx_lower(fx, e->closure.ret) : x.ret != IR_NONE ? x.ret : fx_var(fx, e->span);
	if (e->closure.ret && x.ret != IR_NONE)
		infer_try(c, x.ret, cx.ret);
	r->type = TY_ERROR;
	mark = fx_scope_enter(fx);
	vec_push(c->arena, &fx->closures, cx);
	for (uint32_t i = 0; i < n; i++) {
		params[i] = param_type(fx, e->closure.params.at[i], &x, i);
		vec_push(c->arena, &r->closure.params,
		    param_local(fx, e->closure.params.at[i], params[i], &before));
		given = e->closure.params.at[i]->type;
		if (given && spelled && i < spelled->fn.params.len)
			callable_check_param(fx, given, spelled->fn.params.at[i]);
		else if (spelled && i < spelled->fn.params.len)
			given = spelled->fn.params.at[i];
		if (given && part_is_spelled(given))
			part_note(fx, vec_last(&r->closure.params));
	}
	body = check_body(fx, e, &x, cx.ret);
	if (x.ret == IR_NONE || type_is_var(infer_shallow(c, x.ret)))
		close_result(fx, body, cx.ret);
	fx_scope_leave(fx, mark);
	r->closure.captures = vec_pop(&fx->closures).captures;
	r->closure.body = before.len ? fx_block(fx, body->span, before, body) : body;
	if (before.len && body->type == TY_NEVER)
		r->closure.body->type = TY_NEVER;
	r->type = x.wrong ? TY_ERROR : types_fn(c, params, n, cx.ret);
	vec_push(c->arena, &fx->calls, r);
	return r;
}

/* ---- go ---- */

static TastFnId
spawn_fn(Fx *fx)
{
	Def d = fx->c->std == IR_NONE ? (Def){DEF_NONE, 0, 0} :
	    names_lookup(fx->c, (Scope){fx->c->std, NULL}, intern_cstr(fx->c->names, "spawn"), NS_VALUE);

	return d.kind == DEF_FN ? d.index : IR_NONE;
}

/* `go f(x)` is `spawn(|| f(x))` with the handle dropped. */
TastExpr *
closure_go(Fx *fx, const AstExpr *e)
{
	AstExpr closure = {.kind = AST_EXPR_CLOSURE, .span = e->span};
	TastFnId spawn = spawn_fn(fx);
	TastExprList args = {0};
	TastStmtList stmts = {0};
	TastExpr *f, *call;
	TypeId ret, handle;

	if (spawn == IR_NONE) {
		report_unsupported(fx->c, e->span, "`go` without the standard library");
		return fx_error(fx, e->span);
	}
	closure.closure.body = e->go.body;
	fx->spawning = true;
	f = closure_check(fx, &closure, IR_NONE);
	ret = types_get(fx->c, f->type)->fn.ret;
	handle = fx_lang(fx, LANG_JOIN_HANDLE, &ret, 1, e->span);
	vec_push(fx->c->arena, &args, f);
	call = fx_call(fx, e->span, handle, fx_ref_item(fx, spawn, &ret, 1), args);
	vec_push(fx->c->arena, &stmts, fx_stmt(fx, call));
	return fx_block(fx, e->span, stmts, NULL);
}
