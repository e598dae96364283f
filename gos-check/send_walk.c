/*
 * What bodies do that may let values get to another goroutine: what is spawned, which functions are used
 * with which types, what closures and `dyn`s hold, and where closures get to.  See send.h.
 *
 * A closure that only goes where it is called (the argument of a function that calls it and does not keep
 * it) is known to be with one goroutine.  One that gets about is taken to be in every value of its type.
 */
#include "gos-check/send.h"

#include "gos-check/flow_graph.h"
#include "gos-check/infer.h"
#include "gos-check/session.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

#include <string.h>

/* Primitives of std whose type arguments cross. */
static const char *const crossing[] = {"spawn", "chan.new", "mutex.new"};

typedef struct SendWalk {
	Sends *s;
	Check *c;
	TastFnId id;
	const TastFn *fn;
} SendWalk;

static void visit(void *ctx, const TastExpr *e);

static void
add_edge(SendWalk *w, uint32_t from, uint32_t to)
{
	vec_push(w->c->arena, &w->s->edges, (SendEdge){from, to});
}

static void
add_crossing(SendWalk *w, TypeId t, Span span)
{
	vec_push(w->c->arena, &w->s->crossings, (Crossing){w->id, t, span, 0, {0, 0}});
}

static uint32_t
local_node(const SendWalk *w, uint32_t local)
{
	return w->s->first_node[w->id] + local;
}

static bool
is_fn(const SendWalk *w, TypeId t)
{
	return types_is(w->c, t, TAST_TY_FN);
}

/* ---- Uses of functions ---- */

bool
send_crosses(const Check *c, TastFnId f)
{
	const char *name = c->fns.at[f]->intrinsic ? check_str(c, c->fns.at[f]->intrinsic) : "";

	for (size_t i = 0; i < sizeof crossing / sizeof *crossing; i++)
		if (!strcmp(name, crossing[i]))
			return true;
	return false;
}

static bool
is_spawn(const Check *c, TastFnId f)
{
	Sym name = c->fns.at[f]->intrinsic;

	return name && !strcmp(check_str(c, name), "spawn");
}

/* The method of an impl for these arguments of the trait and the method's own: false if it is not known. */
static bool
find_impl_method(SendWalk *w, const Selection *s, uint32_t method, const IrU32List *args, SendUse *use)
{
	Check *c = w->c;
	const ImplInfo *im = c->impls.at[s->impl];
	const TastImplMethod *m = method < im->tast->methods.len ? im->tast->methods.at[method] : NULL;
	uint32_t n = c->trait_info.at[im->trait]->generics->n;

	if (!m || m->kind != TAST_IMPL_METHOD_GIVEN)
		return false;
	use->callee = m->given.fn;
	use->args = (IrU32List){0};
	for (uint32_t i = 0; i < im->generics->n; i++)
		vec_push(c->arena, &use->args, infer_deep(c, s->args[i]));
	for (uint32_t i = n; i < args->len; i++)
		vec_push(c->arena, &use->args, args->at[i]);
	return true;
}

/* What runs; callee is IR_NONE for what a type can do without an impl. */
static SendUse
resolve_method(SendWalk *w, TastTraitId trait, uint32_t method, const IrU32List *args, Span span)
{
	Check *c = w->c;
	SendUse use = {w->id, c->traits.at[trait]->methods.at[method], *args, span, false, 0};
	Selection s;

	if (types_is(c, args->at[0], TAST_TY_DYN))
		return use;	/* visit_dyn has seen what is behind it */
	s = trait_select(c, trait, args->at, c->trait_info.at[trait]->generics->n);
	if (s.kind == SELECT_STRUCTURAL)
		use.callee = IR_NONE;
	else if (s.kind != SELECT_IMPL)
		use.open = true;
	else
		find_impl_method(w, &s, method, args, &use);
	return use;
}

static SendUse
resolve(SendWalk *w, const TastFnRef *r, Span span)
{
	if (r->kind == TAST_FN_REF_ITEM)
		return (SendUse){w->id, r->item.fn, r->item.args, span, false, 0};
	return resolve_method(w, r->method.trait, r->method.method, &r->method.args, span);
}

static void
add_use(SendWalk *w, SendUse use)
{
	if (use.callee == IR_NONE || !use.args.len)
		return;
	if (send_crosses(w->c, use.callee))
		for (uint32_t i = 0; i < use.args.len; i++)
			add_crossing(w, use.args.at[i], use.span);
	else
		vec_push(w->c->arena, &w->s->uses, use);
}

/* Any method may be called behind the `dyn`, those of supertraits too. */
static void
use_dyn(SendWalk *w, TastTraitId trait, TypeId *args, uint32_t n, Span span, uint32_t depth)
{
	const TastTrait *t = w->c->traits.at[trait];
	IrU32List l = {args, n, n};

	for (uint32_t m = 0; m < t->methods.len; m++)
		if (w->c->fns.at[t->methods.at[m]]->generics.len == n)
			add_use(w, resolve_method(w, trait, m, &l, span));
	for (uint32_t i = 0; depth && i < t->supers.len; i++) {
		const TastBound *b = bound_subst(w->c, t->supers.at[i], args, n);

		use_dyn(w, b->trait, b->args.at, b->args.len, span, depth - 1);
	}
}

/* ---- Where closures get to ---- */

/* The node of a closure.  `held`: values of its type may be it. */
static uint32_t
note_closure(SendWalk *w, const TastExpr *e, bool held)
{
	const IrU32List *l = &e->closure.captures;
	uint32_t node = w->s->n_nodes++;

	for (uint32_t i = 0; i < l->len; i++) {
		const TastVariable *v = w->fn->locals.at[l->at[i]];

		if (is_fn(w, v->type) || w->c->session)
			add_edge(w, local_node(w, l->at[i]), node);
		if (held)
			vec_push(w->c->arena, &w->s->held,
			    (Held){w->id, e->type, v->type, e->span, node, v->shared});
	}
	visit(w, e->closure.body);
	return node;
}

/* A value of a Fn type gets to a node. */
static void
flows_to(SendWalk *w, const TastExpr *e, uint32_t to)
{
	if (e->kind == TAST_EXPR_CLOSURE)
		add_edge(w, note_closure(w, e, true), to);
	else if (e->kind == TAST_EXPR_LOCAL && is_fn(w, e->type))
		add_edge(w, local_node(w, e->local.local), to);
	else
		visit(w, e);
}

/* Where the argument gets to in a function: what is not given as a Fn is given away. */
static uint32_t
parameter_node(const SendWalk *w, const SendUse *use, uint32_t arg)
{
	const FnInfo *f;

	if (use->callee == IR_NONE || use->open)
		return 0;
	f = w->c->fn_info.at[use->callee];
	if (arg >= f->params.len || !is_fn(w, f->params.at[arg]))
		return 0;
	return w->s->first_node[use->callee] + arg;
}

static void
visit_call(SendWalk *w, const TastExpr *e)
{
	const SendUse use = resolve(w, e->call.fn, e->span);
	bool spawns = use.callee != IR_NONE && is_spawn(w->c, use.callee);

	add_use(w, use);
	for (uint32_t i = 0; i < e->call.args.len; i++) {
		const TastExpr *a = e->call.args.at[i];

		if (!spawns) {
			flows_to(w, a, parameter_node(w, &use, i));
		} else if (a->kind == TAST_EXPR_CLOSURE) {
			for (uint32_t k = 0; k < a->closure.captures.len; k++) {
				const TastVariable *v = w->fn->locals.at[a->closure.captures.at[k]];

				vec_push(w->c->arena, &w->s->crossings, (Crossing){w->id, v->type, a->span,
				    v->name, v->shared ? v->span : (Span){0, 0}});
			}
			add_edge(w, note_closure(w, a, false), 0);
		} else {
			add_crossing(w, a->type, a->span);
			flows_to(w, a, 0);
		}
	}
}

/* A variable of a session that has something in it that cannot cross: see send.c. */
static void
visit_session(SendWalk *w, uint32_t local, const TastExpr *value)
{
	const TastExpr *call = session_call(w->c, value, "session.get");
	const char *name;

	if (!call)
		return;
	name = check_str(w->c, call->call.args.at[0]->str.value);
	if (name[strlen(name) - 1] == SESSION_MARK)
		vec_push(w->c->arena, &w->s->held, (Held){w->id, IR_NONE, IR_NONE, call->span,
		    local_node(w, local), true});
}

static void
visit_let(SendWalk *w, const TastStmt *s)
{
	if (s->let.value && s->let.pat->kind == TAST_PAT_BIND && !s->let.pat->bind.sub) {
		visit_session(w, s->let.pat->bind.local, s->let.value);
		flows_to(w, s->let.value, local_node(w, s->let.pat->bind.local));
	} else if (s->let.value)
		visit(w, s->let.value);
	if (s->let.otherwise)
		visit(w, s->let.otherwise);
}

static void
visit_block(SendWalk *w, const TastExpr *e)
{
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];

		switch (s->kind) {
		case TAST_STMT_LET:
			visit_let(w, s);
			break;
		case TAST_STMT_EXPR:
			visit(w, s->expr.expr);
			break;
		case TAST_STMT_DEFER:
			visit(w, s->defer.body);
			break;
		}
	}
	if (e->block.value)
		visit(w, e->block.value);
}

static void
visit_dyn(SendWalk *w, const TastExpr *e)
{
	TypeId in = types_strip_ref(w->c, e->type), from = types_strip_ref(w->c, e->dyn.operand->type);
	TastTy t = *types_get(w->c, in);
	IrU32List args = {0};

	visit(w, e->dyn.operand);
	vec_push(w->c->arena, &w->s->held, (Held){w->id, in, from, e->span, IR_NONE, false});
	if (t.kind != TAST_TY_DYN)
		return;
	vec_push(w->c->arena, &args, from);
	for (uint32_t i = 0; i < t.dyn.args.len; i++)
		vec_push(w->c->arena, &args, t.dyn.args.at[i]);
	use_dyn(w, t.dyn.trait, args.at, args.len, e->span, 8);
}

static void
visit(void *ctx, const TastExpr *e)
{
	SendWalk *w = ctx;

	if (e->kind == TAST_EXPR_CLOSURE)
		add_edge(w, note_closure(w, e, true), 0);
	else if (e->kind == TAST_EXPR_LOCAL && (is_fn(w, e->type) || w->c->session))
		add_edge(w, local_node(w, e->local.local), 0);
	else if (e->kind == TAST_EXPR_CALL)
		visit_call(w, e);
	else if (e->kind == TAST_EXPR_BLOCK)
		visit_block(w, e);
	else if (e->kind == TAST_EXPR_DYN)
		visit_dyn(w, e);
	else if (e->kind != TAST_EXPR_CALL_VALUE || e->call_value.callee->kind != TAST_EXPR_LOCAL)
		expr_each_child(e, visit, w);
	else
		for (uint32_t i = 0; i < e->call_value.args.len; i++)
			visit(w, e->call_value.args.at[i]);
	if (e->kind == TAST_EXPR_FN) {
		add_use(w, resolve(w, e->fn.fn, e->span));
		if (e->fn.fn->kind == TAST_FN_REF_ITEM && is_spawn(w->c, e->fn.fn->item.fn))
			add_crossing(w, types_get(w->c, e->type)->fn.params.at[0], e->span);
	} else if (e->kind == TAST_EXPR_FOR && e->for_.how->kind == TAST_ITERATION_NEXT) {
		add_use(w, resolve(w, e->for_.how->next.next, e->span));
	} else if (e->kind == TAST_EXPR_TRY && e->try.convert) {
		add_use(w, resolve(w, e->try.convert, e->span));
	}
}

void
send_walk(Sends *s)
{
	Check *c = s->c;

	s->first_node = arena_array(c->arena, uint32_t, c->fns.len + 1);
	s->n_nodes = 1;
	for (TastFnId f = 0; f < c->fns.len; f++) {
		s->first_node[f] = s->n_nodes;
		s->n_nodes += c->fns.at[f]->body ? c->fns.at[f]->locals.len : c->fn_info.at[f]->params.len;
	}
	for (TastFnId f = 0; f < c->fns.len; f++) {
		if (!c->fns.at[f]->body)
			continue;
		c->env = c->fn_info.at[f]->generics;
		visit(&(SendWalk){s, c, f, c->fns.at[f]}, c->fns.at[f]->body);
	}
	c->env = NULL;
}

/* ---- The graph ---- */

bool *
send_escapes(const Sends *s)
{
	Arena *a = s->c->arena;
	uint32_t *next = arena_array(a, uint32_t, s->edges.len + 1);	/* with the same `to`, + 1 */
	uint32_t *head = arena_array(a, uint32_t, s->n_nodes + 1);
	bool *escapes = arena_array(a, bool, s->n_nodes + 1);
	IrU32List todo = {0};

	for (uint32_t i = 0; i < s->edges.len; i++) {
		next[i] = head[s->edges.at[i].to];
		head[s->edges.at[i].to] = i + 1;
	}
	vec_push(a, &todo, 0);
	while (todo.len) {
		uint32_t node = vec_pop(&todo);

		if (escapes[node])
			continue;
		escapes[node] = true;
		for (uint32_t i = head[node]; i; i = next[i - 1])
			vec_push(a, &todo, s->edges.at[i - 1].from);
	}
	return escapes;
}
