/*
 * A call may not be handed overlapping places one of which is exclusive.  An argument that is a value, or a part of the
 * exclusive place, was copied before the access began.  A closure that changes a variable when it runs is as a `&mut`
 * to it:
 *
 *	v.iter_mut().for_each(|x| v.push(*x))		x would lead to what `push` gives up
 *
 * Such variables live in cells that closures share: the tast says so (`shared`).  Which closures a variable may hold,
 * by itself or in an iterator, is asked of all that it is ever given.
 */
#include "gos-check/flow.h"

typedef VEC(Place) Places;

typedef struct Args {
	Flow *f;
	Places *kept;		/* by local: what closures that it may hold change */
	Map *may_keep;		/* type -> see may_keep */
} Args;

/* ---- what closures change ---- */

typedef struct Search {
	const Args *a;
	Places *found;
	TastLocalId root;	/* whose places are looked for in a closure */
} Search;

static void
add_kept(const Search *s, TastLocalId local)
{
	enum { MANY = 64 };
	const Places *kept = &s->a->kept[local];

	for (uint32_t i = 0; kept != s->found && i < kept->len && s->found->len < MANY; i++)
		vec_push(s->a->f->scratch, s->found, kept->at[i]);
}

static bool may_keep(const Args *a, TypeId t);

static bool
any_may_keep(const Args *a, const IrU32List *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (may_keep(a, l->at[i]))
			return true;
	return false;
}

static bool
adt_may_keep(const Args *a, TypeId t)
{
	Check *c = a->f->c;
	const TastAdt *adt = c->adts.at[types_adt_of(c, t)];

	if (any_may_keep(a, &types_get(c, t)->adt.args))
		return true;
	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t i = 0; i < adt->variants.at[v]->fields.len; i++)
			if (may_keep(a, types_field(c, t, v, i)))
				return true;
	return false;
}

/* May there be a closure in a value of the type?  Those of other values have done their work. */
static bool
may_keep(const Args *a, TypeId t)
{
	const Check *c = a->f->c;
	bool may;

	if (types_is(c, t, TAST_TY_FN) || types_is(c, t, TAST_TY_DYN))
		return true;
	if (types_is(c, t, TAST_TY_TUPLE))
		return any_may_keep(a, &types_get(c, t)->tuple.elems);
	if (types_array_elem(c, t) != IR_NONE)
		return may_keep(a, types_array_elem(c, t));
	if (!types_is(c, t, TAST_TY_ADT))
		return false;
	if (map_find(a->may_keep, t))
		return map_get(a->may_keep, t, 0);
	map_set(a->f->scratch, a->may_keep, t, false);	/* a type that is inside itself is asked once */
	may = adt_may_keep(a, t);
	map_set(a->f->scratch, a->may_keep, t, may);
	return may;
}

/* The parts of `root` that the closure's body names. */
static void
find_places(void *ctx, const TastExpr *e)
{
	const Search *s = ctx;

	if (flow_is_place(e)) {
		Place p = place_of(s->a->f->scratch, e);

		if (p.root == s->root)
			vec_push(s->a->f->scratch, s->found, p);
		for (; place_operand(e); e = place_operand(e))
			if (e->kind == TAST_EXPR_INDEX)
				find_places(ctx, e->index.index);
			else if (e->kind == TAST_EXPR_SLICE)
				find_places(ctx, e->slice.range);
		if (e->kind == TAST_EXPR_LOCAL)
			return;
	}
	expr_each_child(e, find_places, ctx);
}

static void
find_captured(void *ctx, const TastExpr *e)
{
	const Search *s = ctx;

	if (e->kind == TAST_EXPR_LOCAL)
		add_kept(s, e->local.local);
	if (e->kind != TAST_EXPR_CLOSURE) {
		expr_each_child(e, find_captured, ctx);
		return;
	}
	for (uint32_t i = 0; i < e->closure.captures.len; i++) {
		TastLocalId local = e->closure.captures.at[i];
		const TastVariable *v = flow_local(s->a->f, local);

		if (v->shared || types_flags(s->a->f->c, v->type) & TYPE_HAS_REF)
			find_places(&(Search){s->a, s->found, local}, e->closure.body);
		add_kept(s, local);
	}
}

typedef struct Keeper {
	const Args *a;
	const TastExpr *value;
} Keeper;

static void
keep_in(const Args *a, TastLocalId local, const TastExpr *value)
{
	if (value && may_keep(a, flow_local(a->f, local)->type))
		find_captured(&(Search){a, &a->kept[local], IR_NONE}, value);
}

static void
keep_binding(void *ctx, const TastPat *p)
{
	const Keeper *k = ctx;

	keep_in(k->a, p->bind.local, k->value);
}

static void
visit_keepers(void *ctx, const TastExpr *e)
{
	const Args *a = ctx;

	expr_each_child(e, visit_keepers, ctx);
	if (e->kind == TAST_EXPR_ASSIGN && e->assign.place->kind == TAST_EXPR_LOCAL)
		keep_in(a, e->assign.place->local.local, e->assign.value);
	for (uint32_t i = 0; e->kind == TAST_EXPR_BLOCK && i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];

		if (s->kind == TAST_STMT_LET)
			pat_each_binding(s->let.pat, keep_binding, &(Keeper){a, s->let.value});
	}
}

/* ---- arguments ---- */

typedef struct ArgPlace {
	const TastExpr *arg;
	Place place;
	bool exclusive;
	bool captured;		/* a closure in the argument changes it when it runs */
} ArgPlace;
typedef VEC(ArgPlace) ArgPlaces;

typedef struct ArgContext {
	const Args *a;
	ArgPlaces *out;
	const TastExpr *arg;
} ArgContext;

static void
add_exclusive(void *ctx, const Place *place)
{
	ArgContext *a = ctx;

	/* The references in the argument's closures are there already. */
	for (uint32_t i = 0; i < a->out->len; i++)
		if (a->out->at[i].arg == a->arg && place_contains(&a->out->at[i].place, place))
			return;
	vec_push(a->a->f->scratch, a->out, (ArgPlace){a->arg, *place, true, false});
}

/* What the closures in the argument change. */
static void
add_captured(const Args *a, const TastExpr *arg, ArgPlaces *out)
{
	Places found = {0};

	find_captured(&(Search){a, &found, IR_NONE}, arg);
	for (uint32_t i = 0; i < found.len; i++)
		vec_push(a->f->scratch, out, (ArgPlace){arg, found.at[i], may_keep(a, arg->type), true});
}

static void
add_arg(const Args *a, const TastExpr *arg, ArgPlaces *out)
{
	Flow *f = a->f;
	ArgContext ctx = {a, out, arg};

	add_captured(a, arg, out);
	if (types_is(f->c, arg->type, TAST_TY_FN))
		return;
	if (types_flags(f->c, arg->type) & TYPE_HAS_REF)
		loans_of(f->c, f->fn, f->scratch, arg, add_exclusive, &ctx);
	else if (flow_is_place(arg) && !types_is_scalar(arg->type))
		vec_push(f->scratch, out, (ArgPlace){arg, place_of(f->scratch, arg), false, false});
}

/* The argument was written as a view, `&a`. */
static bool
is_written_view(const Check *c, const TastExpr *arg)
{
	Text at = flow_text(c, (Span){arg->span.start, 1});
	Text before = arg->span.start ? flow_text(c, (Span){arg->span.start - 1, 1}) : (Text){0};

	return (at.n && at.s[0] == '&') || (before.n && before.s[0] == '&');
}

static bool
args_conflict(const Check *c, const ArgPlace *p, const ArgPlace *q)
{
	if (!(p->exclusive || q->exclusive) || p->arg == q->arg
	    || !place_overlaps(&p->place, &q->place))
		return false;
	if (p->captured || q->captured)
		return p->exclusive && q->exclusive && p->captured != q->captured;
	if (p->exclusive && q->exclusive)
		return true;
	const ArgPlace *view = p->exclusive ? q : p, *own = p->exclusive ? p : q;
	return is_written_view(c, view->arg) || place_contains(&view->place, &own->place);
}

static bool
ends_in_index(const Place *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->at[i].kind == PROJ_INDEX)
			return true;
	return false;
}

static const char *
role(const ArgPlace *p)
{
	return p->captured ? "a closure that uses it while it runs" : p->exclusive ? "a `&mut` to it" : "a view of it";
}

static void
report_overlap(Flow *f, const ArgPlace *p, const ArgPlace *q)
{
	const char *name = flow_name(f, q->place.root);
	Diag *d = diag_error(f->c->diags, G0506, q->arg->span);

	diag_primary(d, "and this is %s%s", role(q), p->exclusive && q->exclusive && !q->captured ? " too" : "");
	diag_label(d, p->arg->span, "`%s`: this is %s", name, role(p));
	if (p->captured || q->captured)
		diag_help(d, "collect the changes of `%s`, and make them after the call", name);
	else if (p->exclusive && q->exclusive && ends_in_index(&p->place) && ends_in_index(&q->place))
		diag_help(d, "the indices may be equal: `%s.swap(i, j)` exchanges two elements, "
		    "`let (a, b) = %s.split_at_mut(i)` gives two parts", name, name);
	else if (p->exclusive && q->exclusive)
		diag_help(d, "pass different places, or make two calls");
	else
		diag_help(d, "copy it first: `let copy = %s`, which costs little", name);
}

static void
check_args(const Args *a, const TastExpr *callee, const TastExprList *args)
{
	ArgPlaces places = {0};

	if (args->len + (callee != NULL) < 2)
		return;
	if (callee)
		add_captured(a, callee, &places);
	for (uint32_t i = 0; i < args->len; i++)
		add_arg(a, args->at[i], &places);
	for (uint32_t i = 0; i < places.len; i++)
		for (uint32_t k = i + 1; k < places.len; k++)
			if (args_conflict(a->f->c, &places.at[i], &places.at[k])) {
				report_overlap(a->f, &places.at[i], &places.at[k]);
				return;
			}
}

static void
visit_calls(void *ctx, const TastExpr *e)
{
	const Args *a = ctx;

	expr_each_child(e, visit_calls, ctx);
	if (e->kind == TAST_EXPR_CALL)
		check_args(a, NULL, &e->call.args);
	else if (e->kind == TAST_EXPR_CALL_VALUE)
		check_args(a, e->call_value.callee, &e->call_value.args);
	else if (e->kind == TAST_EXPR_TUPLE)
		check_args(a, NULL, &e->tuple.elems);
}

void
flow_arguments(Flow *f)
{
	Map known = {0};
	Args a = {f, arena_array(f->scratch, Places, f->fn->locals.len + 1), &known};

	/* Twice: a closure may be kept by a variable that is named before it gets it, in a loop. */
	for (int i = 0; i < 2 && f->graphs.len > 1; i++)
		visit_keepers(&a, f->fn->body);
	visit_calls(&a, f->fn->body);
}
