/*
 * `&mut` is second-class: it stays in parameters, locals and results that stand for a
 * parameter's place.  Not in structs, enums, collections; not in closures that outlive the call.
 */
#include "gos-check/flow.h"

#include <string.h>

/* ---- types that store one ---- */

static const char *const keepers[] = {
	"Vec", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "BinaryHeap", "Rc", "Weak",
	"Cell", "RefCell", "Mutex", "RwLock", "Sender", "Receiver", "JoinHandle", "OnceCell",
};

static bool
adt_keeps(const Check *c, TastAdtId id)
{
	const TastAdt *adt = c->adts.at[id];
	const char *name = check_str(c, adt->name);

	if (!c->adt_info.at[id]->is_std)
		return true;
	for (size_t i = 0; i < sizeof keepers / sizeof *keepers; i++)
		if (strcmp(name, keepers[i]) == 0)
			return true;
	return false;
}

/* The part of a type that stores a `&mut`, or IR_NONE.  Callables take them as parameters. */
static TypeId
storing_part(const Check *c, TypeId t)
{
	if (!(types_flags(c, t) & TYPE_HAS_REF))
		return IR_NONE;
	const TastTy *ty = types_get(c, t);
	const IrU32List *parts = NULL;
	switch (ty->kind) {
	case TAST_TY_ADT:
		for (uint32_t i = 0; i < ty->adt.args.len; i++)
			if (types_flags(c, ty->adt.args.at[i]) & TYPE_HAS_REF
			    && !types_is(c, ty->adt.args.at[i], TAST_TY_FN) && adt_keeps(c, ty->adt.adt))
				return t;
		parts = &ty->adt.args;
		break;
	case TAST_TY_TUPLE:
		parts = &ty->tuple.elems;
		break;
	case TAST_TY_ARRAY:
		return types_is(c, ty->array.elem, TAST_TY_FN) ? IR_NONE : t;
	case TAST_TY_ARRAY_N:
		return types_is(c, ty->array_n.elem, TAST_TY_FN) ? IR_NONE : t;
	case TAST_TY_REF_MUT:
		return storing_part(c, ty->ref_mut.target);
	case TAST_TY_PRIM: case TAST_TY_CONST: case TAST_TY_FN: case TAST_TY_PARAM:
	case TAST_TY_ASSOC: case TAST_TY_DYN: case TAST_TY_PTR:
		return IR_NONE;
	}
	for (uint32_t i = 0; i < parts->len; i++) {
		TypeId found = storing_part(c, parts->at[i]);
		if (found != IR_NONE)
			return found;
	}
	return IR_NONE;
}

typedef struct Storing {
	Flow *f;
	Map told;		/* types that have their error in this function */
} Storing;

static void
check_stored(Storing *s, TypeId type, Span span)
{
	TypeId part = storing_part(s->f->c, type);

	if (part == IR_NONE || map_find(&s->told, part))
		return;
	map_set(s->f->scratch, &s->told, part, 1);
	Diag *d = diag_error(s->f->c->diags, G0508, span, arena_printf(s->f->c->arena, "a `%s`",
	    types_show(s->f->c, part)));
	diag_primary(d, "this would keep it");
	diag_help(d, "store the value, or an index; or share it: `Rc<RefCell<T>>`");
}

static void
visit_stored(void *ctx, const TastExpr *e)
{
	Storing *s = ctx;

	expr_each_child(e, visit_stored, s);
	if (e->span.len)
		check_stored(s, e->type, e->span);
}

/* ---- results ---- */

typedef struct Roots {
	Flow *f;
	const Graph *g;
	bool *seen;		/* locals on the way */
	Span span;		/* of the result */
	TypeId type;		/* the same */
	bool told;
	bool parts_only;	/* it leaves a block, where everything else may */
	uint32_t since;		/* then: what has its scope begin before this place stays as long as what gets it */
	const uint32_t *scopes;	/* then: by local, where its scope begins */
	Map *told_parts;	/* by where they begin: slices that have their error */
} Roots;

static void check_root(void *ctx, const Place *place);

/* A part of a sequence is a vector of its own for as long as the function that names it runs. */
static void
check_part(Roots *r, const TastExpr *part)
{
	if (r->told || map_find(r->told_parts, part->span.start) || !types_may_hold_ref(r->f->c, r->type, part->type))
		return;
	r->told = true;
	map_set(r->f->scratch, r->told_parts, part->span.start, 1);
	Diag *d = diag_error(r->f->c->diags, G0517, part->span);
	diag_primary(d, r->parts_only ? "this slice is a view for the place that names it"
	    : "this slice is made in the function");
	if (span_end(r->span) != span_end(part->span))
		diag_label(d, r->span, "and leaves it here");
	diag_help(d, r->parts_only ? "name the slice by a `let` that is there as long as it is used, "
	    "or give it as an argument; what walks through a sequence counts where the rest begins: `&mut v[at..]`" :
	    "let the caller take the part: `&mut v[a..b]` there; return the bounds if they are computed here");
}

/* What a local stands for, wherever it got that. */
static void
check_holder(Roots *r, TastLocalId local)
{
	if (local >= r->f->fn->locals.len || r->seen[local])
		return;
	r->seen[local] = true;
	for (uint32_t b = 0; b < r->g->blocks.len; b++)
		for (uint32_t k = 0; k < r->g->blocks.at[b].events.len; k++) {
			const Event *ev = &r->g->blocks.at[b].events.at[k];
			if (ev->kind == EVENT_HOLD && ev->holder == local)
				check_root(r, &ev->place);
		}
}

static bool
is_bound_in(const Graph *g, TastLocalId local)
{
	for (uint32_t b = 0; b < g->blocks.len; b++)
		for (uint32_t k = 0; k < g->blocks.at[b].events.len; k++) {
			const Event *ev = &g->blocks.at[b].events.at[k];
			if ((ev->kind == EVENT_BIND || ev->kind == EVENT_DECLARE)
			    && ev->place.root == local)
				return true;
		}
	return false;
}

static void
check_root(void *ctx, const Place *place)
{
	Roots *r = ctx;
	TastLocalId local = place->root;

	if (place->part)
		check_part(r, place->part);
	if (r->parts_only && r->scopes[local] < r->since)
		return;
	if (types_flags(r->f->c, flow_local(r->f, local)->type) & TYPE_HAS_REF) {
		check_holder(r, local);
		return;
	}
	if (r->parts_only)
		return;
	bool own = r->g->closure ? is_bound_in(r->g, local) : true;
	if (r->told || !own || place_is_behind_ref(place))
		return;
	r->told = true;
	Diag *d = diag_error(r->f->c->diags, G0509, r->span, flow_name(r->f, local));
	diag_primary(d, "the `&mut` leaves the function here");
	diag_label(d, flow_local(r->f, local)->span, local < r->f->fn->n_params
	    ? "`%s` is the function's own copy" : "`%s` is gone when the function returns",
	    flow_name(r->f, local));
	diag_help(d, "return the value itself, or a `&mut` into a `&mut` parameter");
}

typedef struct Returns {
	Flow *f;
	const Graph *g;
	Map told_parts;
	uint32_t *scopes;	/* by local, where its scope begins; NULL: nobody asked */
} Returns;

typedef struct ScopeStart {
	Returns *returns;
	uint32_t at;
} ScopeStart;

static void
begin_scope(void *ctx, const TastPat *p)
{
	ScopeStart *start = ctx;

	start->returns->scopes[p->bind.local] = start->at;
}

/* A `let`'s variable has the block around it as its scope; of any other, no more than what follows is said. */
static void
visit_scopes(void *ctx, const TastExpr *e)
{
	ScopeStart start = {ctx, e->span.start};

	expr_each_child(e, visit_scopes, ctx);
	for (uint32_t i = 0; e->kind == TAST_EXPR_BLOCK && i < e->block.stmts.len; i++)
		if (e->block.stmts.at[i]->kind == TAST_STMT_LET)
			pat_each_binding(e->block.stmts.at[i]->let.pat, begin_scope, &start);
}

static const uint32_t *
scopes_of(Returns *ctx)
{
	const TastFn *fn = ctx->f->fn;

	if (ctx->scopes)
		return ctx->scopes;
	ctx->scopes = arena_array(ctx->f->scratch, uint32_t, fn->locals.len + 1);
	for (uint32_t i = 0; i < fn->locals.len; i++)
		ctx->scopes[i] = i < fn->n_params ? 0 : fn->locals.at[i]->span.start;
	visit_scopes(ctx, fn->body);
	return ctx->scopes;
}

static void
check_value(Returns *ctx, const TastExpr *e, bool parts_only, uint32_t since)
{
	Flow *f = ctx->f;
	Roots r = {f, ctx->g, arena_array(f->scratch, bool, f->fn->locals.len + 1), e->span, e->type,
	    false, parts_only, since, NULL, &ctx->told_parts};

	if (parts_only && types_flags(f->c, e->type) & TYPE_HAS_REF)
		r.scopes = scopes_of(ctx);
	if (types_flags(f->c, e->type) & TYPE_HAS_REF)
		loans_of(f->c, f->fn, f->scratch, e, check_root, &r);
}

static void
check_result(Returns *ctx, const TastExpr *e)
{
	check_value(ctx, e, false, 0);
}

/* The value leaves what begins at `since`: a block, or the scope of a variable that gets it. */
static void
check_leaving(Returns *ctx, const TastExpr *e, uint32_t since)
{
	check_value(ctx, e, true, since);
}

/* Behind where the scope of the variable begins; 0: the place is none, or in a shared cell. */
static uint32_t
target_since(Returns *ctx, const TastExpr *place)
{
	TastLocalId local = place->kind == TAST_EXPR_LOCAL ? place->local.local : IR_NONE;

	if (local == IR_NONE || flow_local(ctx->f, local)->shared || ctx->g->closure)
		return 0;
	return types_flags(ctx->f->c, place->type) & TYPE_HAS_REF ? scopes_of(ctx)[local] + 1 : 0;
}

/* A slice that leaves would outlive its view. */
static void
visit_leaving(void *ctx, const TastExpr *e)
{
	if (e->kind == TAST_EXPR_CLOSURE)
		return;
	expr_each_child(e, visit_leaving, ctx);
	if (e->kind == TAST_EXPR_BLOCK && e->block.value)
		check_leaving(ctx, e->block.value, e->span.start);
	else if (e->kind == TAST_EXPR_ASSIGN)
		check_leaving(ctx, e->assign.value, target_since(ctx, e->assign.place));
	else if (e->kind == TAST_EXPR_BREAK && e->break_.value)
		check_leaving(ctx, e->break_.value, 0);
	else if (e->kind == TAST_EXPR_ASSIGN_PAR)
		for (uint32_t i = 0; i < e->assign_par.values.len; i++)
			check_leaving(ctx, e->assign_par.values.at[i], target_since(ctx, e->assign_par.places.at[i]));
	else if (e->kind == TAST_EXPR_MATCH)
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			check_leaving(ctx, e->match.arms.at[i]->body, e->match.arms.at[i]->span.start);
}

static void
visit_returns(void *ctx, const TastExpr *e)
{
	if (e->kind == TAST_EXPR_CLOSURE)
		return;
	expr_each_child(e, visit_returns, ctx);
	if (e->kind == TAST_EXPR_RETURN && e->return_.value)
		check_result(ctx, e->return_.value);
}

static const TastExpr *
tail_of(const TastExpr *e)
{
	while (e->kind == TAST_EXPR_BLOCK && e->block.value)
		e = e->block.value;
	return e;
}

static void
check_results(Flow *f, const Graph *g, const TastExpr *body)
{
	Returns r = {.f = f, .g = g};

	check_result(&r, tail_of(body));
	visit_returns(&r, body);
	visit_leaving(&r, body);
}

/* ---- closures ---- */

typedef VEC(const TastExpr *) ExprList;

typedef struct Escapes {
	Flow *f;
	ExprList *closures;	/* per local: what `let f = |…| …` gave it */
	bool *seen;
} Escapes;

static void escape(Escapes *s, const TastExpr *e);

static void
escape_captures(Escapes *s, const TastExpr *closure)
{
	Flow *f = s->f;

	for (uint32_t i = 0; i < closure->closure.captures.len; i++) {
		TastLocalId local = closure->closure.captures.at[i];
		if (types_is(f->c, flow_local(f, local)->type, TAST_TY_FN))
			for (uint32_t k = 0; k < s->closures[local].len && !s->seen[local]; k++) {
				s->seen[local] = true;
				escape(s, s->closures[local].at[k]);
			}
		else if (types_flags(f->c, flow_local(f, local)->type) & TYPE_HAS_REF) {
			Diag *d = diag_error(f->c->diags, G0511, closure->span, flow_name(f, local));
			diag_primary(d, "this closure leaves the place where `%s` is valid",
			    flow_name(f, local));
			diag_label(d, flow_local(f, local)->span, "the `&mut` is this");
			diag_help(d, "copy the value first: `let mut own = *%s`", flow_name(f, local));
			return;
		}
	}
}

/* `e` goes somewhere that outlives the call. */
static void
escape(Escapes *s, const TastExpr *e)
{
	if (!e)
		return;
	if (e->kind == TAST_EXPR_CLOSURE) {
		escape_captures(s, e);
	} else if (e->kind == TAST_EXPR_LOCAL && !s->seen[e->local.local]) {
		s->seen[e->local.local] = true;
		for (uint32_t i = 0; i < s->closures[e->local.local].len; i++)
			escape(s, s->closures[e->local.local].at[i]);
	} else if (e->kind == TAST_EXPR_BLOCK) {
		escape(s, e->block.value);
	} else if (e->kind == TAST_EXPR_IF) {
		escape(s, e->if_.then);
		escape(s, e->if_.otherwise);
	} else if (e->kind == TAST_EXPR_MATCH) {
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			escape(s, e->match.arms.at[i]->body);
	} else if (e->kind == TAST_EXPR_TUPLE) {
		for (uint32_t i = 0; i < e->tuple.elems.len; i++)
			escape(s, e->tuple.elems.at[i]);
	}
}

static void
note_closures(void *ctx, const TastExpr *e)
{
	Escapes *s = ctx;

	expr_each_child(e, note_closures, s);
	if (e->kind != TAST_EXPR_BLOCK)
		return;
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *st = e->block.stmts.at[i];
		if (st->kind == TAST_STMT_LET && st->let.pat->kind == TAST_PAT_BIND && st->let.value
		    && st->let.value->kind == TAST_EXPR_CLOSURE)
			vec_push(s->f->scratch, &s->closures[st->let.pat->bind.local], st->let.value);
	}
}

/* A function that keeps its argument: spawn, or one that may put it behind its `&mut`. */
static bool
call_keeps(const Flow *f, const TastExpr *e)
{
	if (flow_is_std_call(f, e, "std::spawn"))
		return true;
	const TastExpr *first = e->call.args.len ? e->call.args.at[0] : NULL;
	if (!first || !types_is(f->c, first->type, TAST_TY_REF_MUT))
		return false;
	TypeId target = types_strip_ref(f->c, first->type);
	const TastTy *ty = types_get(f->c, target);
	for (uint32_t i = 0; ty->kind == TAST_TY_ADT && i < ty->adt.args.len; i++)
		if (types_is(f->c, ty->adt.args.at[i], TAST_TY_FN))
			return true;
	return false;
}

static void
visit_escapes(void *ctx, const TastExpr *e)
{
	Escapes *s = ctx;

	expr_each_child(e, visit_escapes, s);
	if (e->kind == TAST_EXPR_STRUCT)
		for (uint32_t i = 0; i < e->struct_.fields.len; i++)
			escape(s, e->struct_.fields.at[i]->value);
	else if (e->kind == TAST_EXPR_ARRAY)
		for (uint32_t i = 0; i < e->array.elems.len; i++)
			escape(s, e->array.elems.at[i]);
	else if (e->kind == TAST_EXPR_ASSIGN && e->assign.place->kind != TAST_EXPR_LOCAL)
		escape(s, e->assign.value);
	else if (e->kind == TAST_EXPR_RETURN)
		escape(s, e->return_.value);
	else if (e->kind == TAST_EXPR_CLOSURE)
		escape(s, tail_of(e->closure.body));
	else if (e->kind == TAST_EXPR_CALL && call_keeps(s->f, e))
		for (uint32_t i = 0; i < e->call.args.len; i++)
			escape(s, e->call.args.at[i]);
}

/* ---- calls of `drop` ---- */

static bool
is_drop_method(const Check *c, const TastExpr *e)
{
	TastFnId callee = flow_callee(e);
	TastTraitId drop = lang_trait(c, LANG_DROP);

	if (e->kind != TAST_EXPR_CALL || drop == IR_NONE)
		return false;
	if (callee == IR_NONE)
		return e->call.fn->method.trait == drop;
	uint32_t impl = c->fn_info.at[callee]->impl;
	return impl != IR_NONE && c->impls.at[impl]->trait == drop;
}

static void
visit_drops(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;

	expr_each_child(e, visit_drops, f);
	if (!is_drop_method(f->c, e))
		return;
	Diag *d = diag_error(f->c->diags, G0514, e->span);
	Text t = flow_text(f->c, e->span);
	diag_primary(d, "it runs by itself when the value goes");
	if (t.n > 7 && memcmp(t.s + t.n - 7, ".drop()", 7) == 0)
		diag_fix(d, DIAG_SAFE, e->span, "let go of it with `drop`",
		    arena_printf(f->c->arena, "drop(%.*s)", (int)t.n - 7, t.s));
}

/* ---- all of it ---- */

static void
check_closures(Flow *f)
{
	Escapes s = {.f = f};

	if (f->graphs.len < 2)
		return;
	s.closures = arena_array(f->scratch, ExprList, f->fn->locals.len + 1);
	s.seen = arena_array(f->scratch, bool, f->fn->locals.len + 1);
	note_closures(&s, f->fn->body);
	visit_escapes(&s, f->fn->body);
	escape(&s, tail_of(f->fn->body));
}

void
flow_ref(Flow *f)
{
	Storing s = {.f = f};

	visit_stored(&s, f->fn->body);
	for (uint32_t i = 0; i < f->fn->locals.len; i++)
		if (flow_local(f, i)->span.len)
			check_stored(&s, flow_local(f, i)->type, flow_local(f, i)->span);
	check_results(f, &f->graphs.at[0], f->fn->body);
	for (uint32_t i = 1; i < f->graphs.len; i++)
		check_results(f, &f->graphs.at[i], f->graphs.at[i].closure->closure.body);
	check_closures(f);
	visit_drops(f, f->fn->body);
}
