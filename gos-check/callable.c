/*
 * Functions as values, and the length of what they are given: an `Fn(&mut [T])` and an `Fn(&mut Vec<T>)` are one type,
 * so what is known to be spelled `&mut Vec<T>` is refused where it gets a slice, and a call of what is not known
 * looks afterwards whether the slice is what it was.
 */
#include "gos-check/expr.h"

#include "gos-check/report.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

/* ---- Spellings ---- */

/* What `F: Fn(…)` stands for. */
static const AstType *
callable_named(const AstGenerics *g, const AstPath *path)
{
	Sym name = names_single(path);

	for (uint32_t i = 0; name && g && i < g->params.len; i++)
		if (g->params.at[i]->kind == AST_GENERIC_TYPE && g->params.at[i]->name == name)
			return callable_of(g, g->params.at[i]);
	return NULL;
}

const AstType *
callable_spelled(const AstFn *fn, uint32_t i)
{
	const AstType *t = i < fn->params.len ? fn->params.at[i]->type : NULL;

	while (t && t->kind == AST_TYPE_REF)
		t = t->ref.inner;
	if (!t || t->kind == AST_TYPE_FN)
		return t;
	if (t->kind == AST_TYPE_IMPL)
		return callable_in(&t->impl.bounds);
	if (t->kind == AST_TYPE_DYN)
		return callable_in(&t->dyn.bounds);
	return t->kind == AST_TYPE_PATH ? callable_named(fn->generics, t->path.path) : NULL;
}

void
callable_note(Fx *fx, uint32_t local, Callable known)
{
	if (!known.closure && !known.fn)
		return;
	vec_push(fx->c->arena, &fx->spellings, known);
	map_set(fx->c->arena, &fx->callables, local, fx->spellings.len);
}

/* The type of parameter `i` as it is written, or NULL. */
static const AstType *
param_of(Callable k, uint32_t i)
{
	if (k.closure)
		return i < k.closure->len ? k.closure->at[i]->type : NULL;
	return k.fn && i < k.fn->fn.params.len ? k.fn->fn.params.at[i] : NULL;
}

static bool
is_whole(const AstType *t)
{
	return t && part_whole_is_spelled(t);
}

static Callable
known_callable(const Fx *fx, const TastExpr *e)
{
	uint32_t at = e->kind == TAST_EXPR_LOCAL ? map_get(&fx->callables, e->local.local, 0) : 0;

	return at ? fx->spellings.at[at - 1] : (Callable){NULL, NULL};
}

/* ---- A function given to a function ---- */

/* The parameter of a function item, `self` of one that changes the length included. */
static bool
item_resizes(const Fx *fx, const TastExpr *e, uint32_t i)
{
	const FnInfo *info;
	bool method;

	if (e->kind != TAST_EXPR_FN || e->fn.fn->kind != TAST_FN_REF_ITEM)
		return false;
	info = fx->c->fn_info.at[e->fn.fn->item.fn];
	method = info->self != AST_SELF_KIND_NONE;
	if (method && i == 0)
		return info->resizes;
	i -= method;
	return i < info->ast->params.len && is_whole(info->ast->params.at[i]->type);
}

static Diag *
report_whole(Fx *fx, Span span, const char *name, const char *what)
{
	return diag_error(fx->c->diags, G0519, span, name, "Vec<T>", what);
}

void
callable_check_arg(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg)
{
	const AstType *wanted = callable_spelled(fx->c->fn_info.at[f]->ast, i);
	Callable known = known_callable(fx, arg);
	Diag *d;

	for (uint32_t k = 0; wanted && k < wanted->fn.params.len; k++) {
		if (!part_is_spelled(wanted->fn.params.at[k]))
			continue;
		if (!is_whole(param_of(known, k)) && !item_resizes(fx, arg, k))
			continue;
		d = report_whole(fx, arg->span, "this function", "a slice");
		diag_primary(d, "it may change how many elements there are");
		diag_label(d, wanted->fn.params.at[k]->span, "`%s` gives it a slice, which keeps its length",
		    check_str(fx->c, fx->c->fns.at[f]->name));
		diag_help(d, "spell its parameter `&mut [T]`");
		return;
	}
}

void
callable_check_param(Fx *fx, const AstType *given, const AstType *wanted)
{
	Diag *d;

	if (!is_whole(given) || !part_is_spelled(wanted))
		return;
	d = report_whole(fx, given->span, "this closure", "a slice");
	diag_primary(d, "a `&mut` to a `Vec` may change how many elements it has");
	diag_label(d, wanted->span, "it gets a slice, which keeps its length");
	diag_help(d, "spell the parameter `&mut [T]`");
}

/* ---- Calls ---- */

/* What is called is one closure, which says what it does with parameter `i`, or has no such parameter spelled. */
static bool
is_settled(const Fx *fx, const TastExpr *callee, uint32_t i)
{
	if (callee->kind == TAST_EXPR_CLOSURE)
		return map_find(&fx->parts, callee->closure.params.at[i]);
	if (callee->kind != TAST_EXPR_LOCAL || fx->fn->locals.at[callee->local.local]->mutable)
		return false;
	return known_callable(fx, callee).closure && param_of(known_callable(fx, callee), i);
}

static bool
reported(Fx *fx, const TastExpr *callee, uint32_t i, const TastExpr *arg)
{
	const AstType *t = param_of(known_callable(fx, callee), i);
	Diag *d;

	if (!is_whole(t))
		return false;
	d = report_whole(fx, arg->span, arena_printf(fx->c->arena, "`%s`",
	    check_str(fx->c, fx->fn->locals.at[callee->local.local]->name)), length_kind(fx, arg));
	diag_primary(d, "this keeps its length");
	diag_label(d, t->span, "a `&mut` to a `Vec` may change how many elements it has");
	diag_help(d, "spell the parameter `&mut [T]` if only elements change, or give it a `Vec`");
	return true;
}

/* A method of Vec that std has for this. */
static TastFnId
vec_method(const Fx *fx, TypeId vec, const char *name)
{
	uint32_t at = trait_inherent(fx->c, vec, intern_cstr(fx->c->names, name));

	return at == IR_NONE ? IR_NONE : fx->c->links.at[at].a;
}

static TastExpr *
call_method(Fx *fx, TastFnId f, uint32_t part, TastExpr *arg)
{
	TastExpr *self = fx_use(fx, fx->fn->locals.at[part]->span, part);
	TypeId elem = types_arg(fx->c, fx_value_type(fx, self), 0);
	TastExprList args = {0};

	self = fx_deref(fx, self);
	vec_push(fx->c->arena, &args, self);
	if (arg)
		vec_push(fx->c->arena, &args, arg);
	fx_reach(fx->c, f);
	return fx_call(fx, self->span, call_ret_type(fx, f, &elem, 1, self->span), fx_ref_item(fx, f, &elem, 1), args);
}

static uint32_t
bind_value(Fx *fx, Sym name, TastExpr **e, TastStmtList *stmts)
{
	uint32_t local = fx_local(fx, name, (*e)->span, (*e)->type, false);

	vec_push(fx->c->arena, stmts, fx_let(fx, local, *e));
	*e = fx_use(fx, (*e)->span, local);
	return local;
}

typedef struct Guard {
	Fx *fx;
	TastExpr *call;
	const bool *guarded;	/* which arguments */
	TastFnId mark, check;
	TastStmtList before, after;
} Guard;

/* The slice that is looked at before and after the call. */
static void
guard_arg(Guard *g, TastExpr **arg)
{
	Fx *fx = g->fx;
	uint32_t part = bind_value(fx, intern_cstr(fx->c->names, "<slice>"), arg, &g->before);
	TastExpr *mark = call_method(fx, g->mark, part, NULL);

	bind_value(fx, 0, &mark, &g->before);
	vec_push(fx->c->arena, &g->after, fx_stmt(fx, call_method(fx, g->check, part, mark)));
}

static TastExpr *
guarded_call(Guard *g)
{
	TastExprList *args = &g->call->call_value.args;
	TastExpr *result = g->call;
	Fx *fx = g->fx;

	/* values are evaluated before access to a place begins */
	for (uint32_t i = 0; i < args->len; i++)
		if (!g->guarded[i] && args->at[i]->kind != TAST_EXPR_CLOSURE && args->at[i]->kind != TAST_EXPR_REF_MUT)
			bind_value(fx, 0, &args->at[i], &g->before);
	for (uint32_t i = 0; i < args->len; i++)
		if (g->guarded[i])
			guard_arg(g, &args->at[i]);
	if (fx_known(fx, result->type) == TY_UNIT) {
		vec_push(fx->c->arena, &g->before, fx_stmt(fx, result));
		result = NULL;
	} else {
		bind_value(fx, 0, &result, &g->before);
	}
	for (uint32_t i = 0; i < g->after.len; i++)
		vec_push(fx->c->arena, &g->before, g->after.at[i]);
	return fx_block(fx, g->call->span, g->before, result);
}

TastExpr *
callable_guard(Fx *fx, TastExpr *call)
{
	const TastExprList *args = &call->call_value.args;
	const TastExpr *callee = call->call_value.callee;
	bool *guarded = arena_array(fx->c->arena, bool, args->len + 1), any = false;
	Guard g = {fx, call, guarded, IR_NONE, IR_NONE, {0}, {0}};

	for (uint32_t i = 0; i < args->len; i++) {
		if (!types_is(fx->c, fx_known(fx, args->at[i]->type), TAST_TY_REF_MUT) || !part_is(fx, args->at[i]))
			continue;
		if (reported(fx, callee, i, args->at[i]))
			return call;
		guarded[i] = !is_settled(fx, callee, i);
		any |= guarded[i];
		g.mark = vec_method(fx, fx_value_type(fx, args->at[i]), "slice_mark");
		g.check = vec_method(fx, fx_value_type(fx, args->at[i]), "slice_kept");
	}
	if (!any || g.check == IR_NONE || g.mark == IR_NONE ||
	    types_flags(fx->c, infer_deep(fx->c, call->type)) & TYPE_HAS_REF)
		return call;
	return guarded_call(&g);
}
