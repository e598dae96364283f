/*
 * Values, places, calls and patterns as events.  See flow_graph.h.
 *
 * The exclusive access of a `&mut` argument begins after all arguments are evaluated, so its
 * EVENT_BORROW comes after their events: `v.push(v.len())` is fine.
 */
#include "gos-check/flow_build.h"

void
emit_event(Build *b, Event ev)
{
	ev.in_defer = b->defers > 0;
	vec_push(b->arena, &b->g->blocks.at[b->cur].events, ev);
}

static void
emit_list(Build *b, const TastExprList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		emit_expr(b, l->at[i]);
}

/* What has to be evaluated to reach a place: indices, and a root that is no local. */
static void
emit_way(Build *b, const TastExpr *e)
{
	const TastExpr *operand = place_operand(e);

	if (!operand) {
		if (e->kind != TAST_EXPR_LOCAL)
			emit_expr(b, e);
		return;
	}
	emit_way(b, operand);
	if (e->kind == TAST_EXPR_INDEX)
		emit_expr(b, e->index.index);
	if (e->kind == TAST_EXPR_SLICE)
		emit_expr(b, e->slice.range);
}

static void
emit_at(Build *b, EventKind kind, const TastExpr *place, Span span)
{
	Place p = place_of(b->arena, place);

	if (p.root != IR_NONE)
		emit_event(b, (Event){.kind = kind, .span = span, .place = p, .expr = place});
}

/* ---- holders ---- */

typedef struct HoldContext {
	Build *b;
	TastLocalId holder;
	Span span;
} HoldContext;

static void
hold_one(void *ctx, const Place *place)
{
	HoldContext *h = ctx;

	emit_event(h->b, (Event){.kind = EVENT_HOLD, .span = h->span, .place = *place,
	    .holder = h->holder});
}

void
emit_hold(Build *b, TastLocalId holder, const TastExpr *value, Span span)
{
	HoldContext ctx = {b, holder, span};

	loans_of(b->f->c, b->f->fn, b->arena, value, hold_one, &ctx);
}

/* ---- patterns ---- */

typedef struct Source {
	const TastExpr *value;	/* or NULL */
	Place place;		/* of the matched value; root IR_NONE if it is in no local */
} Source;

static bool
may_hold(const Build *b, TastLocalId local)
{
	TypeId t = flow_local(b->f, local)->type;

	return types_flags(b->f->c, t) & TYPE_HAS_REF || types_is(b->f->c, t, TAST_TY_FN);
}

static void
bind_local(Build *b, const TastPat *pat, const Source *from)
{
	TastLocalId local = pat->bind.local;

	emit_event(b, (Event){.kind = EVENT_BIND, .span = pat->span, .place = place_local(local)});
	if (!may_hold(b, local))
		return;
	/* A part of a known place; what the place's own root stands for follows from it. */
	if (pat->bind.by_ref && from->place.root != IR_NONE) {
		emit_event(b, (Event){.kind = EVENT_BORROW, .span = pat->span,
		    .place = from->place});
		hold_one(&(HoldContext){b, local, pat->span}, &from->place);
	} else if (from->value) {
		emit_hold(b, local, from->value, pat->span);
	}
}

static void bind_parts(Build *b, const TastPat *pat, const Source *from);

static Source
source_part(Build *b, const Source *from, ProjKind kind, uint32_t field)
{
	Source s = *from;

	if (s.place.root != IR_NONE)
		s.place = place_push(b->arena, s.place, kind, field);
	return s;
}

static void
bind_tuple(Build *b, const TastPat *pat, const Source *from)
{
	for (uint32_t i = 0; i < pat->tuple.elems.len; i++) {
		Source part = source_part(b, from, PROJ_FIELD, i);
		/* `let (a, b) = (&mut x, &mut y)`: each holds its own. */
		if (from->value && from->value->kind == TAST_EXPR_TUPLE
		    && i < from->value->tuple.elems.len)
			part.value = from->value->tuple.elems.at[i];
		bind_parts(b, pat->tuple.elems.at[i], &part);
	}
}

/* `rest @ ..` behind a `&mut` is a slice that is there as long as its name. */
static void
hold_rest(Build *b, const TastPat *rest)
{
	TastExpr *slice;
	Place place;

	if (rest->kind != TAST_PAT_BIND || !rest->bind.by_ref)
		return;
	slice = arena_new(b->arena, TastExpr);
	slice->kind = TAST_EXPR_SLICE;
	slice->span = rest->span;
	slice->type = types_strip_ref(b->f->c, flow_local(b->f, rest->bind.local)->type);
	place = place_local(rest->bind.local);
	place.part = slice;
	hold_one(&(HoldContext){b, rest->bind.local, rest->span}, &place);
}

/* Elements of one pattern, and its rest, are different elements: the numbers say so. */
static void
bind_slice(Build *b, const TastPat *pat, const Source *from)
{
	const TastPatList *lists[] = {&pat->slice.before, &pat->slice.after};
	uint32_t at = ++b->patterns << PROJ_ELEMENT_BITS;
	Source part;

	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
		for (uint32_t i = 0; i < lists[k]->len; i++) {
			part = source_part(b, from, PROJ_INDEX, at++);
			bind_parts(b, lists[k]->at[i], &part);
		}
	if (pat->slice.rest) {
		part = source_part(b, from, PROJ_INDEX, at);
		bind_parts(b, pat->slice.rest, &part);
		hold_rest(b, pat->slice.rest);
	}
}

static void
bind_parts(Build *b, const TastPat *pat, const Source *from)
{
	switch (pat->kind) {
	case TAST_PAT_WILD: case TAST_PAT_INT: case TAST_PAT_FLOAT: case TAST_PAT_BOOL:
	case TAST_PAT_STR: case TAST_PAT_RANGE:
		break;
	case TAST_PAT_BIND:
		bind_local(b, pat, from);
		if (pat->bind.sub)
			bind_parts(b, pat->bind.sub, from);
		break;
	case TAST_PAT_TUPLE:
		bind_tuple(b, pat, from);
		break;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < pat->variant.fields.len; i++) {
			const TastFieldPat *fp = pat->variant.fields.at[i];
			Source part = source_part(b, from, PROJ_FIELD,
			    pat->variant.variant << 16 | fp->field);
			bind_parts(b, fp->pat, &part);
		}
		break;
	case TAST_PAT_SLICE:
		bind_slice(b, pat, from);
		break;
	case TAST_PAT_OR:
		if (pat->or.alts.len)
			bind_parts(b, pat->or.alts.at[0], from);
		break;
	}
}

void
emit_pattern(Build *b, const TastPat *pat, const TastExpr *value)
{
	Source from = {.value = value, .place = {.root = IR_NONE}};

	if (value && flow_is_place(value)) {
		from.place = place_of(b->arena, value);
		if (types_is(b->f->c, value->type, TAST_TY_REF_MUT) && from.place.root != IR_NONE)
			from.place = place_push(b->arena, from.place, PROJ_DEREF, 0);
	}
	bind_parts(b, pat, &from);
}

typedef struct ItemContext {
	Build *b;
	const TastExpr *sequence;
} ItemContext;

static void
hold_item(void *ctx, const TastPat *pat)
{
	const ItemContext *c = ctx;
	Place p = flow_is_place(c->sequence) ? place_of(c->b->arena, c->sequence)
	    : (Place){.root = IR_NONE};

	if (!may_hold(c->b, pat->bind.local))
		return;
	emit_hold(c->b, pat->bind.local, c->sequence, pat->span);
	if (p.root != IR_NONE)
		hold_one(&(HoldContext){c->b, pat->bind.local, pat->span}, &p);
}

void
emit_items(Build *b, const TastPat *pat, const TastExpr *sequence)
{
	ItemContext ctx = {b, sequence};

	emit_pattern(b, pat, NULL);
	pat_each_binding(pat, hold_item, &ctx);
}

/* ---- calls ---- */

/* A `&mut` argument: its way now, its access after the other arguments. */
static const TastExpr *
delayed_place(const TastExpr *arg)
{
	if (arg->kind == TAST_EXPR_DYN)
		arg = arg->dyn.operand;
	return arg->kind == TAST_EXPR_REF_MUT ? arg->ref_mut.place : NULL;
}

static void
emit_args(Build *b, const TastExprList *args)
{
	for (uint32_t i = 0; i < args->len; i++) {
		const TastExpr *place = delayed_place(args->at[i]);
		if (place)
			emit_way(b, place);
		else
			emit_expr(b, args->at[i]);
	}
	for (uint32_t i = 0; i < args->len; i++) {
		const TastExpr *place = delayed_place(args->at[i]);
		if (place)
			emit_at(b, EVENT_BORROW, place, args->at[i]->span);
	}
}

static void
emit_touch(Build *b, TastLocalId local, Span span)
{
	emit_event(b, (Event){.kind = EVENT_TOUCH, .span = span, .place = {.root = local}});
}

/* What a closure with a name shares with this function, through the closures it names too. */
static void
touch_captures(Build *b, const TastExpr *closure, Span span, uint32_t depth)
{
	for (uint32_t i = 0; i < closure->closure.captures.len; i++) {
		TastLocalId local = closure->closure.captures.at[i];
		const TastExpr *inner = b->f->closure_of[local];
		if (flow_local(b->f, local)->shared)
			emit_touch(b, local, span);
		if (inner && depth < 8)
			touch_captures(b, inner, span, depth + 1);
	}
}

/*
 * A callable is called or handed to a call.  One written here used its captures when it was made;
 * one that came as a parameter cannot know the function's locals.
 */
static void
touch_callable(Build *b, const TastExpr *e, Span span)
{
	if (!types_is(b->f->c, e->type, TAST_TY_FN) || e->kind == TAST_EXPR_CLOSURE
	    || e->kind == TAST_EXPR_FN)
		return;
	const TastExpr *known = e->kind == TAST_EXPR_LOCAL ? b->f->closure_of[e->local.local] : NULL;
	if (known)
		touch_captures(b, known, span, 0);
	else if (e->kind != TAST_EXPR_LOCAL || (b->f->origin[e->local.local] != ORIGIN_PARAM
	    && b->f->origin[e->local.local] != ORIGIN_CLOSURE))
		emit_touch(b, IR_NONE, span);
}

static void
touch_args(Build *b, const TastExprList *args, Span span)
{
	for (uint32_t i = 0; i < args->len; i++)
		touch_callable(b, args->at[i], span);
}

static void
emit_call(Build *b, const TastExpr *e)
{
	if (flow_is_std_call(b->f, e, "std::drop") && e->call.args.len == 1
	    && e->call.args.at[0]->kind == TAST_EXPR_LOCAL) {
		emit_at(b, EVENT_DROP, e->call.args.at[0], e->span);
		return;
	}
	emit_args(b, &e->call.args);
	touch_args(b, &e->call.args, e->span);
	if (flow_callee(e) == b->f->id && !b->g->closure)
		emit_event(b, (Event){.kind = EVENT_SELF_CALL, .span = e->span,
		    .place = {.root = IR_NONE}});
}

static void
emit_call_value(Build *b, const TastExpr *e)
{
	emit_expr(b, e->call_value.callee);
	emit_args(b, &e->call_value.args);
	touch_callable(b, e->call_value.callee, e->span);
	touch_args(b, &e->call_value.args, e->span);
}

static void
emit_closure(Build *b, const TastExpr *e)
{
	for (uint32_t i = 0; i < e->closure.captures.len; i++)
		emit_event(b, (Event){.kind = EVENT_USE, .span = e->span,
		    .place = place_local(e->closure.captures.at[i]), .expr = e});
	vec_push(b->arena, &b->closures, e);
}

/* ---- assignments ---- */

/* Writing to a place: an EVENT_HOLD too if the local now stands for other places. */
static void
emit_write(Build *b, EventKind kind, const TastExpr *place, const TastExpr *value, Span span)
{
	emit_way(b, place);
	GraphBlock *block = &b->g->blocks.at[b->cur];
	uint32_t write = block->events.len;
	emit_at(b, kind, place, span);
	if (!value || place->kind != TAST_EXPR_LOCAL || !may_hold(b, place->local.local))
		return;
	emit_hold(b, place->local.local, value, span);
	for (uint32_t i = write + 1; i < block->events.len; i++)
		block->events.at[write].keeps |= block->events.at[i].place.root == place->local.local;
}

static void
emit_assign_par(Build *b, const TastExpr *e)
{
	emit_list(b, &e->assign_par.values);
	for (uint32_t i = 0; i < e->assign_par.places.len; i++)
		emit_write(b, EVENT_ASSIGN, e->assign_par.places.at[i], NULL, e->span);
}

static void
emit_place_use(Build *b, const TastExpr *e)
{
	emit_way(b, e);
	emit_at(b, EVENT_USE, e, e->span);
}

void
emit_expr(Build *b, const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE: case TAST_EXPR_FN:
		break;
	case TAST_EXPR_LOCAL: case TAST_EXPR_FIELD: case TAST_EXPR_INDEX: case TAST_EXPR_SLICE:
	case TAST_EXPR_DEREF:
		emit_place_use(b, e);
		break;
	case TAST_EXPR_TUPLE:
		emit_args(b, &e->tuple.elems);
		break;
	case TAST_EXPR_ARRAY:
		emit_args(b, &e->array.elems);
		break;
	case TAST_EXPR_REPEAT:
		emit_expr(b, e->repeat.value);
		emit_expr(b, e->repeat.count);
		break;
	case TAST_EXPR_STRUCT:
		for (uint32_t i = 0; i < e->struct_.fields.len; i++)
			emit_expr(b, e->struct_.fields.at[i]->value);
		if (e->struct_.base)
			emit_expr(b, e->struct_.base);
		break;
	case TAST_EXPR_REF_MUT:
		emit_way(b, e->ref_mut.place);
		emit_at(b, EVENT_BORROW, e->ref_mut.place, e->span);
		break;
	case TAST_EXPR_UNARY:
		emit_expr(b, e->unary.operand);
		break;
	case TAST_EXPR_CAST:
		emit_expr(b, e->cast.operand);
		break;
	case TAST_EXPR_ADDR_OF:
		emit_expr(b, e->addr_of.place);
		break;
	case TAST_EXPR_DYN:
		emit_expr(b, e->dyn.operand);
		break;
	case TAST_EXPR_ASSIGN:
		emit_expr(b, e->assign.value);
		emit_write(b, EVENT_ASSIGN, e->assign.place, e->assign.value, e->span);
		break;
	case TAST_EXPR_ASSIGN_OP:
		emit_expr(b, e->assign_op.value);
		emit_write(b, EVENT_UPDATE, e->assign_op.place, NULL, e->span);
		break;
	case TAST_EXPR_ASSIGN_PAR:
		emit_assign_par(b, e);
		break;
	case TAST_EXPR_CALL:
		emit_call(b, e);
		break;
	case TAST_EXPR_CALL_VALUE:
		emit_call_value(b, e);
		break;
	case TAST_EXPR_CLOSURE:
		emit_closure(b, e);
		break;
	case TAST_EXPR_FORMAT:
		emit_list(b, &e->format.args);
		if (e->format.target && flow_is_place(e->format.target)) {
			emit_way(b, e->format.target);
			emit_at(b, EVENT_BORROW, e->format.target, e->format.target->span);
		} else if (e->format.target) {
			emit_expr(b, e->format.target);
		}
		break;
	case TAST_EXPR_BINARY: case TAST_EXPR_BLOCK: case TAST_EXPR_IF: case TAST_EXPR_LET:
	case TAST_EXPR_MATCH: case TAST_EXPR_LOOP: case TAST_EXPR_WHILE: case TAST_EXPR_FOR:
	case TAST_EXPR_BREAK: case TAST_EXPR_CONTINUE: case TAST_EXPR_RETURN: case TAST_EXPR_TRY:
	case TAST_EXPR_ARENA:
		build_control(b, e);
		break;
	}
	if (e->type == TY_NEVER)
		build_diverge(b, e->span);
}
