/*
 * What a `&mut` leads to lives as long as whoever holds the `&mut`.
 *
 *	let mut it = v.iter_mut()
 *	{ let mut w = [1, 2]; it = w.iter_mut() }	it would lead to what is gone
 *
 * Each variable and each temporary that a `&mut` is taken of belongs to a scope: a block, an arm, a statement.
 * A `&mut` goes to variables, through `let`, patterns and assignments, and out of blocks as their value; what it may
 * lead to must be in a scope around those.  When it is used does not matter.  gos-lower keeps the temporaries of a
 * `let` whose variables may hold a `&mut` as long as these, and those of an open block as long as the statement around.
 */
#include "gos-check/flow.h"

/* A value that may hold a `&mut` goes to a place that is there as long as the scope `limit`. */
typedef struct Flowing {
	const TastExpr *value;
	uint32_t limit;
	TastLocalId to;		/* the variable, or IR_NONE: the value leaves a block */
	Span span;
} Flowing;

typedef struct Outlive {
	Flow *f;
	VEC(uint32_t) parent;	/* of each scope; 0 is the function */
	uint32_t now;
	uint32_t function;	/* the scope of the parameters; what leaves it is flow_ref's business */
	uint32_t *local_scope;	/* by local */
	Map value_scope;	/* expression -> scope of the temporary that it is */
	Map label_scope;	/* label -> scope around what it names */
	VEC(Flowing) flowing;
	/* of the value at hand */
	const Flowing *at;
	bool *seen;		/* locals that are looked through */
	bool told;		/* nothing more is said of it */
	Map told_of;		/* where what has its error begins */
} Outlive;

/* ---- Scopes ---- */

static uint32_t
open_scope(Outlive *o)
{
	uint32_t outer = o->now;

	vec_push(o->f->scratch, &o->parent, outer);
	o->now = o->parent.len - 1;
	return outer;
}

static bool
is_around(const Outlive *o, uint32_t scope, uint32_t inner)
{
	while (inner > scope)
		inner = o->parent.at[inner];
	return inner == scope;
}

static void
note_value(Outlive *o, const TastExpr *value)
{
	map_set(o->f->scratch, &o->value_scope, (uintptr_t)value, o->now);
}

/* ---- What goes where ---- */

static bool
may_hold(const Outlive *o, TypeId t)
{
	return types_flags(o->f->c, t) & TYPE_HAS_REF || types_is(o->f->c, t, TAST_TY_FN);
}

static void
note_flow(Outlive *o, const TastExpr *value, uint32_t limit, TastLocalId to, Span span)
{
	if (value)
		vec_push(o->f->scratch, &o->flowing, (Flowing){value, limit, to, span});
}

static void
note_leaving(Outlive *o, const TastExpr *value)
{
	if (value && o->now != o->function && may_hold(o, value->type))
		note_flow(o, value, o->now, IR_NONE, value->span);
}

typedef struct BindingOf {
	Outlive *o;
	const TastExpr *value;
} BindingOf;

static void
note_binding(void *ctx, const TastPat *p)
{
	const BindingOf *b = ctx;
	TastLocalId local = p->bind.local;

	b->o->local_scope[local] = b->o->now;
	if (may_hold(b->o, flow_local(b->o->f, local)->type))
		note_flow(b->o, b->value, b->o->now, local, p->span);
}

static void
note_pattern(Outlive *o, const TastPat *p, const TastExpr *value)
{
	BindingOf b = {o, value};

	pat_each_binding(p, note_binding, &b);
}

static void
note_assigned(Outlive *o, const TastExpr *place, const TastExpr *value)
{
	Place p = place_of(o->f->scratch, place);

	if (p.root != IR_NONE && may_hold(o, value->type))
		note_flow(o, value, o->local_scope[p.root], p.root, value->span);
}

/* ---- The walk ---- */

static void walk(void *ctx, const TastExpr *e);

static void
walk_inside(Outlive *o, const TastExpr *e)
{
	uint32_t outer = open_scope(o);

	if (e)
		walk(o, e);
	o->now = outer;
}

/* As gos-lower does: the temporaries of an open block's lets, and what a `&mut` may lead to, go on living. */
static void
walk_let(Outlive *o, const TastStmt *s, bool open)
{
	const TastExpr *value = s->let.value;

	if (value && (open || types_flags(o->f->c, value->type) & TYPE_HAS_REF)) {
		note_value(o, value);
		walk(o, value);
	} else {
		walk_inside(o, value);
	}
	walk_inside(o, s->let.otherwise);
	note_pattern(o, s->let.pat, value);
}

static bool
is_open(const Outlive *o, const TastExpr *e)
{
	if (!e->block.value || e->block.label != IR_NONE)
		return false;
	if (e->block.open)
		return true;
	for (uint32_t i = 0; i < e->block.stmts.len; i++)
		if (e->block.stmts.at[i]->kind == TAST_STMT_DEFER)
			return false;
	return types_is(o->f->c, e->type, TAST_TY_REF_MUT);
}

static void
walk_block(Outlive *o, const TastExpr *e)
{
	bool open = is_open(o, e);
	uint32_t outer = open ? o->now : open_scope(o);

	map_set(o->f->scratch, &o->label_scope, e->block.label, outer);
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];

		if (s->kind == TAST_STMT_LET)
			walk_let(o, s, open);
		else
			walk_inside(o, s->kind == TAST_STMT_EXPR ? s->expr.expr : s->defer.body);
	}
	if (e->block.value)
		walk(o, e->block.value);
	o->now = outer;
	if (!open)
		note_leaving(o, e->block.value);
}

static void
walk_if(Outlive *o, const TastExpr *e)
{
	uint32_t outer = open_scope(o);

	walk(o, e->if_.cond);
	walk_inside(o, e->if_.then);
	o->now = outer;
	walk_inside(o, e->if_.otherwise);
	note_leaving(o, e->if_.then);
	note_leaving(o, e->if_.otherwise);
}

static void
walk_match(Outlive *o, const TastExpr *e)
{
	note_value(o, e->match.value);
	walk(o, e->match.value);
	for (uint32_t i = 0; i < e->match.arms.len; i++) {
		const TastArm *arm = e->match.arms.at[i];
		uint32_t outer = open_scope(o);

		note_pattern(o, arm->pat, e->match.value);
		if (arm->guard)
			walk(o, arm->guard);
		walk(o, arm->body);
		o->now = outer;
		note_leaving(o, arm->body);
	}
}

static void
walk_for(Outlive *o, const TastExpr *e)
{
	uint32_t outer = open_scope(o);

	note_value(o, e->for_.iter);
	walk(o, e->for_.iter);
	note_pattern(o, e->for_.pat, e->for_.iter);
	walk_inside(o, e->for_.body);
	o->now = outer;
}

static void
walk_loop(Outlive *o, TastLabelId label, const TastExpr *cond, const TastExpr *body)
{
	uint32_t outer = open_scope(o);

	map_set(o->f->scratch, &o->label_scope, label, outer);
	if (cond)
		walk(o, cond);
	walk_inside(o, body);
	o->now = outer;
}

static void
walk_closure(Outlive *o, const TastExpr *e)
{
	uint32_t outer = open_scope(o), function = o->function;

	o->function = o->now;
	for (uint32_t i = 0; i < e->closure.params.len; i++)
		o->local_scope[e->closure.params.at[i]] = o->now;
	walk(o, e->closure.body);
	o->function = function;
	o->now = outer;
}

static void
walk_break(Outlive *o, const TastExpr *e)
{
	if (!e->break_.value)
		return;
	walk(o, e->break_.value);
	if (may_hold(o, e->break_.value->type))
		note_flow(o, e->break_.value, map_get(&o->label_scope, e->break_.label, 0), IR_NONE,
		    e->break_.value->span);
}

/* A value that a `&mut` is taken of, or of a part of which: gos-lower makes a temporary here. */
static void
note_temporary(Outlive *o, const TastExpr *place)
{
	while (place_operand(place))
		place = place_operand(place);
	if (place->kind != TAST_EXPR_LOCAL)
		note_value(o, place);
}

static void
walk(void *ctx, const TastExpr *e)
{
	Outlive *o = ctx;

	if (e->kind == TAST_EXPR_BLOCK)
		walk_block(o, e);
	else if (e->kind == TAST_EXPR_IF)
		walk_if(o, e);
	else if (e->kind == TAST_EXPR_MATCH)
		walk_match(o, e);
	else if (e->kind == TAST_EXPR_FOR)
		walk_for(o, e);
	else if (e->kind == TAST_EXPR_WHILE)
		walk_loop(o, e->while_.label, e->while_.cond, e->while_.body);
	else if (e->kind == TAST_EXPR_LOOP)
		walk_loop(o, e->loop.label, NULL, e->loop.body);
	else if (e->kind == TAST_EXPR_CLOSURE)
		walk_closure(o, e);
	else if (e->kind == TAST_EXPR_BREAK)
		walk_break(o, e);
	else
		expr_each_child(e, walk, o);
	if (e->kind == TAST_EXPR_REF_MUT)
		note_temporary(o, e->ref_mut.place);
	else if (e->kind == TAST_EXPR_ASSIGN)
		note_assigned(o, e->assign.place, e->assign.value);
	else if (e->kind == TAST_EXPR_LET) {
		note_value(o, e->let.value);
		note_pattern(o, e->let.pat, e->let.value);
	}
	for (uint32_t i = 0; e->kind == TAST_EXPR_ASSIGN_PAR && i < e->assign_par.places.len; i++)
		note_assigned(o, e->assign_par.places.at[i], e->assign_par.values.at[i]);
}

/* ---- The check ---- */

static void
label_holder(const Outlive *o, Diag *d)
{
	TastLocalId to = o->at->to;

	if (to != IR_NONE && flow_is_named(o->f, to))
		diag_label(d, flow_local(o->f, to)->span, "`%s` would hold the `&mut`", flow_name(o->f, to));
}

/* The way of a reference out of several blocks gets one message, at the innermost. */
static bool
is_told(Outlive *o, Span what)
{
	o->told = true;
	if (map_find(&o->told_of, what.start))
		return true;
	map_set(o->f->scratch, &o->told_of, what.start, 1);
	return false;
}

static void
report_local(Outlive *o, TastLocalId local)
{
	Diag *d;

	if (is_told(o, flow_local(o->f, local)->span))
		return;
	d = diag_error(o->f->c->diags, G0509, o->at->span, flow_name(o->f, local));
	diag_primary(d, o->at->to == IR_NONE ? "the `&mut` leaves the block here" : "the `&mut` is kept longer here");
	diag_label(d, flow_local(o->f, local)->span, "`%s` goes with the block that it is in", flow_name(o->f, local));
	label_holder(o, d);
	diag_help(d, "declare `%s` before, outside of the block", flow_name(o->f, local));
}

static void
report_temporary(Outlive *o, Span span)
{
	Diag *d;

	if (is_told(o, span))
		return;
	d = diag_error(o->f->c->diags, G0521, span);
	diag_primary(d, "nothing keeps this value longer than here");
	label_holder(o, d);
	diag_help(d, "give it a name first: `let mut value = …`");
}

static void look_at(Outlive *o, const TastExpr *value);

static void
look_through(Outlive *o, TastLocalId holder)
{
	if (o->seen[holder])
		return;
	o->seen[holder] = true;
	for (uint32_t i = 0; i < o->flowing.len && !o->told; i++)
		if (o->flowing.at[i].to == holder)
			look_at(o, o->flowing.at[i].value);
}

static void
found_place(void *ctx, const Place *place)
{
	Outlive *o = ctx;
	TastLocalId root = place->root;

	if (o->told || root >= o->f->fn->locals.len)
		return;
	if (may_hold(o, flow_local(o->f, root)->type)) {
		look_through(o, root);
		return;
	}
	if (is_around(o, o->local_scope[root], o->at->limit))
		return;
	if (flow_local(o->f, root)->name && flow_local(o->f, root)->span.len)
		report_local(o, root);
	else
		report_temporary(o, flow_local(o->f, root)->span);
}

static void
found_temporary(void *ctx, const TastExpr *e)
{
	Outlive *o = ctx;
	uint32_t scope = map_get(&o->value_scope, (uintptr_t)e, 0);

	if (!o->told && !is_around(o, scope, o->at->limit))
		report_temporary(o, e->span);
}

static void
look_at(Outlive *o, const TastExpr *value)
{
	Place p = flow_is_place(value) ? place_of(o->f->scratch, value) : (Place){.root = IR_NONE};

	/* A pattern takes references to parts of a place. */
	if (p.root != IR_NONE && !may_hold(o, value->type))
		found_place(o, &p);
	else
		loans_and_temporaries_of(o->f->c, o->f->fn, o->f->scratch, value, found_place, found_temporary, o);
}

void
flow_outlive(Flow *f)
{
	Outlive o = {.f = f, .local_scope = arena_array(f->scratch, uint32_t, f->fn->locals.len + 1)};

	vec_push(f->scratch, &o.parent, 0);
	walk(&o, f->fn->body);
	for (uint32_t i = 0; i < o.flowing.len; i++) {
		o.at = &o.flowing.at[i];
		o.told = false;
		o.seen = arena_array(f->scratch, bool, f->fn->locals.len + 1);
		if (o.at->to != IR_NONE)
			o.seen[o.at->to] = true;
		look_at(&o, o.at->value);
	}
}
