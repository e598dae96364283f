/*
 * Nothing outside of an arena may refer into it.
 *
 * Every value gets a depth by its type and place: scalars and literals are outside; a place has the depth of
 * its variable; what a call, a closure or a literal makes lies in the arena around.  A variable that never
 * changes has the depth of its value, one that may change that of its declaration.  A `&mut` has two: of what
 * is found behind it, and of the outermost place that it may stand for.
 *
 * An error is a value that goes further out than its depth: by assignment, with a call that could store it, by
 * return, `?`, break, or in a goroutine.  A closure's parameters have the depth where the closure is made;
 * what it puts outside is an error in its body, and what is put into it from deeper inside one at the call.
 *
 * The depths of variables depend on each other around loops and through closures: the walk is repeated
 * until they stay, and then once more for the reports.
 */
#include "gos-check/flow_arena.h"

#include <string.h>

static ArenaDepth visit(ArenaCheck *a, const TastExpr *e);

static const ArenaDepth OUTSIDE = {0, ARENA_NO_REACH};

/* ---- depths ---- */

static uint32_t
now(const ArenaCheck *a)
{
	return a->arenas.len;
}

static ArenaDepth
both(ArenaDepth x, ArenaDepth y)
{
	return (ArenaDepth){x.in > y.in ? x.in : y.in, x.out < y.out ? x.out : y.out};
}

/* What the type cannot do, its values do not. */
static ArenaDepth
of_type(ArenaCheck *a, TypeId t, ArenaDepth d)
{
	if (d.in > 0 && !arena_type_has_heap(a->f->c, t))
		d.in = 0;
	if (d.out != ARENA_NO_REACH && !arena_type_reaches(a->f->c, t))
		d.out = ARENA_NO_REACH;
	return d;
}

static ArenaDepth
made_here(const ArenaCheck *a)
{
	return (ArenaDepth){now(a), ARENA_NO_REACH};
}

static void
add_depth(ArenaCheck *a, TastLocalId local, ArenaDepth d)
{
	ArenaDepth sum = both(a->value[local], d);

	a->changed |= sum.in != a->value[local].in || sum.out != a->value[local].out;
	a->value[local] = sum;
}

TastLocalId
arena_root(const TastExpr *e)
{
	for (const TastExpr *o; (o = place_operand(e)); )
		e = o;
	return e->kind == TAST_EXPR_LOCAL ? e->local.local : IR_NONE;
}

/* Visits a place, once; `*target` is how far out a write to it goes. */
static ArenaDepth
visit_place(ArenaCheck *a, const TastExpr *e, uint32_t *target)
{
	ArenaDepth d;

	if (e->kind == TAST_EXPR_LOCAL) {
		*target = a->declared[e->local.local];
		return a->value[e->local.local];
	}
	if (e->kind == TAST_EXPR_FIELD || e->kind == TAST_EXPR_INDEX || e->kind == TAST_EXPR_SLICE) {
		if (e->kind != TAST_EXPR_FIELD)
			visit(a, e->kind == TAST_EXPR_INDEX ? e->index.index : e->slice.range);
		d = visit_place(a, place_operand(e), target);
	} else if (e->kind == TAST_EXPR_DEREF) {
		d = visit(a, e->deref.operand);
		*target = d.out < now(a) ? d.out : now(a);
	} else {
		*target = now(a);
		d = visit(a, e);
	}
	return of_type(a, e->type, d);
}

ArenaDepth
arena_look(ArenaCheck *a, const TastExpr *e)
{
	bool report = a->report;

	a->report = false;
	ArenaDepth d = visit(a, e);
	a->report = report;
	return d;
}

/* ---- ways out ---- */

static void
leaves(ArenaCheck *a, ArenaWay way, const TastExpr *value, ArenaDepth d, uint32_t limit,
    const TastExpr *target)
{
	if (d.in > limit && a->report)
		arena_report(a, way, value, limit, target);
}

static void
note_held(ArenaCheck *a, const TastExpr *place, const TastExpr *value, ArenaDepth d)
{
	TastLocalId local = arena_root(place);

	if (local == IR_NONE)
		return;
	if (d.in > 0 && !a->holds[local] && value->kind != TAST_EXPR_CLOSURE)
		a->holds[local] = value;
	add_depth(a, local, of_type(a, flow_local(a->f, local)->type, (ArenaDepth){0, d.out}));
}

static void
assign(ArenaCheck *a, const TastExpr *place, const TastExpr *value)
{
	ArenaDepth d = visit(a, value);
	uint32_t target;

	visit_place(a, place, &target);
	/* a `&mut` variable that gets another place */
	if (place->kind == TAST_EXPR_LOCAL && types_is(a->f->c, place->type, TAST_TY_REF_MUT))
		add_depth(a, place->local.local, d);
	note_held(a, place, value, d);
	leaves(a, WAY_ASSIGN, value, d, target, place);
}

/* ---- patterns ---- */

typedef struct Binding {
	ArenaCheck *a;
	const TastExpr *from;	/* or NULL */
	ArenaDepth d;
	uint32_t target;	/* of by-reference bindings */
} Binding;

static void
bind(void *ctx, const TastPat *p)
{
	Binding *b = ctx;
	ArenaCheck *a = b->a;
	TastLocalId local = p->bind.local;
	const TastVariable *v = flow_local(a->f, local);
	ArenaDepth d = b->d;

	a->declared[local] = now(a);
	a->init[local] = b->from;
	bool is_ref = types_is(a->f->c, v->type, TAST_TY_REF_MUT);
	if ((p->bind.by_ref || is_ref) && b->target < d.out)
		d.out = b->target;
	else if (v->mutable && !is_ref)
		d.in = now(a);
	add_depth(a, local, of_type(a, v->type, d));
}

/* What a pattern is matched with: a place or a value. */
static Binding
visit_matched(ArenaCheck *a, const TastExpr *e)
{
	Binding b = {.a = a, .from = e};

	b.d = visit_place(a, e, &b.target);
	if (b.d.out < b.target)
		b.target = b.d.out;
	return b;
}

/* ---- calls ---- */

static bool
is_std_call(const Flow *f, const TastExpr *call)
{
	TastFnId callee = flow_callee(call);

	return callee != IR_NONE && f->c->fn_info.at[callee]->is_std;
}

/* Vectors, strings and maps of std that hold nothing from the heap, or copy the bytes of what they get. */
static bool
copies_bytes(ArenaCheck *a, const TastExpr *call, TypeId place)
{
	Check *c = a->f->c;

	if (!is_std_call(a->f, call))
		return false;
	const char *path = check_str(c, c->fns.at[flow_callee(call)]->path);
	TypeId t = types_strip_ref(c, place);
	if (t == TY_STRING)
		return strncmp(path, "std::String::", 13) == 0;
	return strncmp(path, "std::Vec::", 10) == 0 && types_is_lang(c, t, "Vec")
	    && !arena_type_has_heap(c, types_arg(c, t, 0));
}

/* Functions of std that call a closure for an answer and keep nothing. */
static bool
only_asks(ArenaCheck *a, const TastExpr *call, const TastExpr *arg)
{
	static const char *const names[] = {"sort", "dedup", "retain", "binary_search", "partition_point"};
	Check *c = a->f->c;

	if (!is_std_call(a->f, call) || !types_is(c, arg->type, TAST_TY_FN))
		return false;
	const char *name = check_str(c, c->fns.at[flow_callee(call)]->name);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static bool
is_collection(const Check *c, TypeId t)
{
	static const LangAdt all[] = {LANG_VEC, LANG_HASH_MAP, LANG_HASH_SET, LANG_BTREE_MAP, LANG_BTREE_SET,
	    LANG_VEC_DEQUE, LANG_BINARY_HEAP, LANG_OPTION};
	TastAdtId adt = types_adt_of(c, t);

	for (size_t i = 0; adt != IR_NONE && i < sizeof all / sizeof *all; i++)
		if (c->adt_info.at[adt]->lang == all[i])
			return true;
	return false;
}

/*
 * How far out the call may store something through the argument.  Functions of std that get a collection
 * change it at most, and not what its elements reach.
 */
static uint32_t
reach_of(ArenaCheck *a, const TastExpr *call, const TastExpr *arg, uint32_t out)
{
	Check *c = a->f->c;

	if (!is_std_call(a->f, call))
		return out;
	if (types_is(c, arg->type, TAST_TY_PARAM) || is_collection(c, arg->type))
		return ARENA_NO_REACH;
	if (arg->kind != TAST_EXPR_REF_MUT || !is_collection(c, arg->ref_mut.place->type))
		return out;
	const TastExpr *at = arg->ref_mut.place;
	while (at->kind == TAST_EXPR_FIELD || at->kind == TAST_EXPR_INDEX || at->kind == TAST_EXPR_SLICE)
		at = place_operand(at);
	return at->kind == TAST_EXPR_LOCAL ? a->declared[at->local.local] : out;
}

typedef struct Args {
	const TastExpr **at;
	ArenaDepth *d;
	uint32_t n;
} Args;

/* The closure's body has been looked at: what it puts behind its `&mut` parameters is known. */
static bool
is_known_closure(const ArenaCheck *a, const TastExpr *e)
{
	return e->kind == TAST_EXPR_CLOSURE || (e->kind == TAST_EXPR_LOCAL && a->f->closure_of[e->local.local]);
}

/* What argument `i` reaches may be made to hold the others. */
static void
check_stores(ArenaCheck *a, const TastExpr *call, const Args *args, uint32_t i)
{
	Check *c = a->f->c;
	TypeId place = args->at[i]->type;
	uint32_t out = reach_of(a, call, args->at[i], args->d[i].out);

	if (out == ARENA_NO_REACH || copies_bytes(a, call, place))
		return;
	const TastExpr *target = args->at[i]->kind == TAST_EXPR_REF_MUT ? args->at[i]->ref_mut.place : args->at[i];
	for (uint32_t k = 0; k < args->n; k++) {
		const TastExpr *value = args->at[k];
		if (k == i || only_asks(a, call, value))
			continue;
		note_held(a, target, value, args->d[k]);
		if (args->d[k].in > out && (is_known_closure(a, value)
		    ? arena_type_takes_closure(c, place, value->type) : arena_type_takes(c, place, value->type)))
			leaves(a, WAY_CALL, value, args->d[k], out, target);
	}
}

static ArenaDepth
result_of_call(ArenaCheck *a, const TastExpr *call, const Args *args)
{
	ArenaDepth d = made_here(a), refs = {0, now(a)};
	bool is_ref = types_is(a->f->c, call->type, TAST_TY_REF_MUT);

	for (uint32_t i = 0; i < args->n; i++)
		if (args->d[i].out != ARENA_NO_REACH)
			refs = both(refs, args->d[i]);
	/* A `&mut` result is a place of an argument. */
	if (is_ref)
		d.in = refs.in;
	d.out = refs.out;
	return of_type(a, call->type, d);
}

static void
add_arg(ArenaCheck *a, Args *args, const TastExpr *e)
{
	args->at[args->n] = e;
	args->d[args->n++] = visit(a, e);
}

/* Closures last: what their `&mut` parameters stand for comes from the other arguments. */
static Args
visit_args(ArenaCheck *a, const TastExpr *callee, const TastExprList *list)
{
	uint32_t n = list->len + 1, outer = a->param_out;
	Args args = {arena_array(a->f->scratch, const TastExpr *, n), arena_array(a->f->scratch, ArenaDepth, n), 0};
	uint32_t out = now(a);

	if (callee)
		add_arg(a, &args, callee);
	for (uint32_t i = 0; i < list->len; i++)
		if (list->at[i]->kind != TAST_EXPR_CLOSURE)
			add_arg(a, &args, list->at[i]);
	for (uint32_t i = 0; i < args.n; i++)
		if (args.d[i].out < out)
			out = args.d[i].out;
	for (uint32_t i = 0; i < list->len; i++)
		if (list->at[i]->kind == TAST_EXPR_CLOSURE) {
			a->param_out = out;
			add_arg(a, &args, list->at[i]);
		}
	a->param_out = outer;
	return args;
}

/* A goroutine may live on: nothing that it captures may be in an arena. */
static void
check_spawn(ArenaCheck *a, const TastExpr *f, ArenaDepth d)
{
	if (f->kind != TAST_EXPR_CLOSURE) {
		leaves(a, WAY_SPAWN, f, d, 0, NULL);
		return;
	}
	for (uint32_t i = 0; i < f->closure.captures.len; i++) {
		TastLocalId local = f->closure.captures.at[i];
		if (a->value[local].in > 0 && a->report) {
			TastExpr *e = arena_new(a->f->scratch, TastExpr);
			*e = (TastExpr){.kind = TAST_EXPR_LOCAL, .type = flow_local(a->f, local)->type,
			    .span = f->span, .local = {.local = local}};
			arena_report(a, WAY_SPAWN, e, 0, NULL);
			return;
		}
	}
}

static ArenaDepth
visit_call(ArenaCheck *a, const TastExpr *e)
{
	bool direct = e->kind == TAST_EXPR_CALL;
	Args args = direct ? visit_args(a, NULL, &e->call.args)
	    : visit_args(a, e->call_value.callee, &e->call_value.args);

	if (direct && flow_is_std_call(a->f, e, "std::promote")) {
		ArenaDepth d = args.d[0];
		d.in = d.in < a->base ? d.in : a->base;
		return d;
	}
	if (direct && flow_is_std_call(a->f, e, "std::spawn"))
		check_spawn(a, args.at[0], args.d[0]);
	else
		for (uint32_t i = 0; i < args.n; i++)
			check_stores(a, e, &args, i);
	return result_of_call(a, e, &args);
}

/* ---- expressions ---- */

static ArenaDepth
visit_list(ArenaCheck *a, const TastExprList *l)
{
	ArenaDepth d = OUTSIDE;

	for (uint32_t i = 0; i < l->len; i++)
		d = both(d, visit(a, l->at[i]));
	return d;
}

static ArenaDepth
visit_struct(ArenaCheck *a, const TastExpr *e)
{
	ArenaDepth d = OUTSIDE;

	for (uint32_t i = 0; i < e->struct_.fields.len; i++)
		d = both(d, visit(a, e->struct_.fields.at[i]->value));
	if (e->struct_.base)
		d = both(d, visit(a, e->struct_.base));
	bool boxed = now(a) && arena_type_is_boxed(a->f->c, e->type);
	return boxed ? both(d, made_here(a)) : d;
}

static void
visit_par(ArenaCheck *a, const TastExpr *e)
{
	for (uint32_t i = 0; i < e->assign_par.values.len && i < e->assign_par.places.len; i++)
		assign(a, e->assign_par.places.at[i], e->assign_par.values.at[i]);
}

static void
visit_stmt(ArenaCheck *a, const TastStmt *s)
{
	Binding b = {a, NULL, made_here(a), ARENA_NO_REACH};

	switch (s->kind) {
	case TAST_STMT_LET:
		if (s->let.value)
			b = visit_matched(a, s->let.value);
		pat_each_binding(s->let.pat, bind, &b);
		if (s->let.otherwise)
			visit(a, s->let.otherwise);
		return;
	case TAST_STMT_EXPR:
		visit(a, s->expr.expr);
		return;
	case TAST_STMT_DEFER:
		visit(a, s->defer.body);
		return;
	}
}

static void
push_label(ArenaCheck *a, TastLabelId label)
{
	vec_push(a->f->scratch, &a->labels, (ArenaLabel){label, now(a), OUTSIDE});
}

static ArenaDepth
visit_block(ArenaCheck *a, const TastExpr *e)
{
	bool labelled = e->block.label != IR_NONE;

	if (labelled)
		push_label(a, e->block.label);
	for (uint32_t i = 0; i < e->block.stmts.len; i++)
		visit_stmt(a, e->block.stmts.at[i]);
	ArenaDepth d = e->block.value ? visit(a, e->block.value) : OUTSIDE;
	return labelled ? both(d, vec_pop(&a->labels).value) : d;
}

static ArenaDepth
visit_match(ArenaCheck *a, const TastExpr *e)
{
	Binding b = visit_matched(a, e->match.value);
	ArenaDepth d = OUTSIDE;

	for (uint32_t i = 0; i < e->match.arms.len; i++) {
		const TastArm *arm = e->match.arms.at[i];
		pat_each_binding(arm->pat, bind, &b);
		if (arm->guard)
			visit(a, arm->guard);
		d = both(d, visit(a, arm->body));
	}
	return d;
}

static void
visit_let(ArenaCheck *a, const TastExpr *e)
{
	Binding b = visit_matched(a, e->let.value);

	pat_each_binding(e->let.pat, bind, &b);
}

static void
visit_for(ArenaCheck *a, const TastExpr *e)
{
	Binding b = visit_matched(a, e->for_.iter);

	/* What `next` gives may be new; a `&mut` from it stands for what the iterator stands for. */
	if (e->for_.how->kind == TAST_ITERATION_NEXT)
		b.d.in = now(a);
	push_label(a, e->for_.label);
	pat_each_binding(e->for_.pat, bind, &b);
	visit(a, e->for_.body);
	(void)vec_pop(&a->labels);
}

static void
visit_break(ArenaCheck *a, const TastExpr *e)
{
	if (!e->break_.value)
		return;
	ArenaDepth d = visit(a, e->break_.value);
	for (uint32_t i = a->labels.len; i-- > 0; ) {
		ArenaLabel *l = &a->labels.at[i];
		if (l->label != e->break_.label)
			continue;
		l->value = both(l->value, d);
		leaves(a, WAY_BREAK, e->break_.value, d, l->depth, NULL);
		return;
	}
}

static ArenaDepth
visit_try(ArenaCheck *a, const TastExpr *e)
{
	Check *c = a->f->c;
	ArenaDepth d = visit(a, e->try.operand), error = e->try.convert ? made_here(a) : d;

	if (types_is_lang(c, e->try.operand->type, "Result")
	    && arena_type_has_heap(c, types_arg(c, e->try.operand->type, 1)))
		leaves(a, WAY_TRY, e->try.operand, error, a->base, NULL);
	return of_type(a, e->type, d);
}

static ArenaDepth
visit_closure(ArenaCheck *a, const TastExpr *e)
{
	uint32_t base = a->base, param_out = a->param_out;

	for (uint32_t i = 0; i < e->closure.params.len; i++) {
		TastLocalId local = e->closure.params.at[i];
		a->declared[local] = now(a);
		add_depth(a, local, of_type(a, flow_local(a->f, local)->type,
		    (ArenaDepth){now(a), param_out}));
	}
	a->base = now(a);
	a->param_out = 0;
	visit(a, e->closure.body);
	a->base = base;
	a->param_out = param_out;
	return (ArenaDepth){now(a), now(a)};
}

static ArenaDepth
visit_arena(ArenaCheck *a, const TastExpr *e)
{
	vec_push(a->f->scratch, &a->arenas, e);
	ArenaDepth d = visit(a, e->arena.body);
	const TastExpr *value = e->arena.body->kind == TAST_EXPR_BLOCK && e->arena.body->block.value
	    ? e->arena.body->block.value : e->arena.body;
	uint32_t limit = now(a) - 1;
	/* A copy of a `&mut` still stands for the place inside. */
	if (types_flags(a->f->c, e->type) & TYPE_HAS_REF)
		leaves(a, WAY_VALUE, value, d, limit, NULL);
	(void)vec_pop(&a->arenas);
	return (ArenaDepth){d.in < limit ? d.in : limit, d.out < limit ? d.out : limit};
}

static ArenaDepth
visit_ref(ArenaCheck *a, const TastExpr *e)
{
	uint32_t out;
	ArenaDepth d = visit_place(a, e->ref_mut.place, &out);

	return (ArenaDepth){d.in, d.out < out ? d.out : out};
}

static ArenaDepth
visit_if(ArenaCheck *a, const TastExpr *e)
{
	visit(a, e->if_.cond);
	ArenaDepth d = visit(a, e->if_.then);
	return e->if_.otherwise ? both(d, visit(a, e->if_.otherwise)) : d;
}

static ArenaDepth
visit_loop(ArenaCheck *a, TastLabelId label, const TastExpr *cond, const TastExpr *body)
{
	push_label(a, label);
	if (cond)
		visit(a, cond);
	visit(a, body);
	return vec_pop(&a->labels).value;
}

/* Visits all parts; the value is made here, as far as its type may hold something. */
static void
visit_part(void *ctx, const TastExpr *e)
{
	visit(ctx, e);
}

static ArenaDepth
visit_any(ArenaCheck *a, const TastExpr *e)
{
	expr_each_child(e, visit_part, a);
	return made_here(a);
}

static ArenaDepth
visit_kind(ArenaCheck *a, const TastExpr *e)
{
	uint32_t target;

	switch (e->kind) {
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE: case TAST_EXPR_CONTINUE:
		return OUTSIDE;
	case TAST_EXPR_LOCAL: case TAST_EXPR_FIELD: case TAST_EXPR_INDEX: case TAST_EXPR_DEREF:
		return visit_place(a, e, &target);
	case TAST_EXPR_BYTE_STR: case TAST_EXPR_REPEAT: case TAST_EXPR_UNARY: case TAST_EXPR_BINARY:
	case TAST_EXPR_CAST: case TAST_EXPR_FORMAT: case TAST_EXPR_FN:
		return visit_any(a, e);
	case TAST_EXPR_SLICE: return both(visit_place(a, e, &target), made_here(a));
	case TAST_EXPR_ADDR_OF: return visit(a, e->addr_of.place);
	case TAST_EXPR_DYN:
		return both(visit(a, e->dyn.operand),
		    types_is(a->f->c, e->type, TAST_TY_REF_MUT) ? OUTSIDE : made_here(a));
	case TAST_EXPR_ASSIGN_OP:
		visit(a, e->assign_op.value);
		visit(a, e->assign_op.place);
		return OUTSIDE;
	case TAST_EXPR_ASSIGN:
		assign(a, e->assign.place, e->assign.value);
		return OUTSIDE;
	case TAST_EXPR_ASSIGN_PAR:
		visit_par(a, e);
		return OUTSIDE;
	case TAST_EXPR_TUPLE: return visit_list(a, &e->tuple.elems);
	case TAST_EXPR_ARRAY: {
		ArenaDepth d = visit_list(a, &e->array.elems);
		return types_is(a->f->c, e->type, TAST_TY_ARRAY) ? d : both(d, made_here(a));
	}
	case TAST_EXPR_STRUCT: return visit_struct(a, e);
	case TAST_EXPR_REF_MUT: return visit_ref(a, e);
	case TAST_EXPR_CALL: case TAST_EXPR_CALL_VALUE: return visit_call(a, e);
	case TAST_EXPR_BLOCK: return visit_block(a, e);
	case TAST_EXPR_IF: return visit_if(a, e);
	case TAST_EXPR_LET:
		visit_let(a, e);
		return OUTSIDE;
	case TAST_EXPR_MATCH: return visit_match(a, e);
	case TAST_EXPR_LOOP: return visit_loop(a, e->loop.label, NULL, e->loop.body);
	case TAST_EXPR_WHILE: return visit_loop(a, e->while_.label, e->while_.cond, e->while_.body);
	case TAST_EXPR_FOR:
		visit_for(a, e);
		return OUTSIDE;
	case TAST_EXPR_BREAK:
		visit_break(a, e);
		return OUTSIDE;
	case TAST_EXPR_RETURN:
		if (e->return_.value)
			leaves(a, WAY_RETURN, e->return_.value, visit(a, e->return_.value), a->base, NULL);
		return OUTSIDE;
	case TAST_EXPR_TRY: return visit_try(a, e);
	case TAST_EXPR_CLOSURE: return visit_closure(a, e);
	case TAST_EXPR_ARENA: return visit_arena(a, e);
	}
	return OUTSIDE;
}

static ArenaDepth
visit(ArenaCheck *a, const TastExpr *e)
{
	return of_type(a, e->type, visit_kind(a, e));
}

/* ---- all of it ---- */

static void
look_for_arena(void *ctx, const TastExpr *e)
{
	bool *found = ctx;

	*found |= e->kind == TAST_EXPR_ARENA;
	if (!*found)
		expr_each_child(e, look_for_arena, found);
}

void
flow_arena(Flow *f)
{
	uint32_t n = f->fn->locals.len + 1;
	ArenaCheck a = {.f = f};
	bool found = false;

	look_for_arena(&found, f->fn->body);
	if (!found)
		return;
	a.declared = arena_array(f->scratch, uint32_t, n);
	a.value = arena_array(f->scratch, ArenaDepth, n);
	a.init = arena_array(f->scratch, const TastExpr *, n);
	a.holds = arena_array(f->scratch, const TastExpr *, n);
	for (uint32_t i = 0; i < n; i++)
		a.value[i] = OUTSIDE;
	for (uint32_t i = 0; i < f->fn->n_params; i++)
		a.value[i] = of_type(&a, flow_local(f, i)->type, (ArenaDepth){0, 0});
	do {
		a.changed = false;
		visit(&a, f->fn->body);
	} while (a.changed);
	a.report = true;
	visit(&a, f->fn->body);
}
