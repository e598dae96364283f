/*
 * Which values may go to another goroutine.
 *
 * A Cell, a RefCell and what guards one belong to a single goroutine, as does a Weak, and a closure with a
 * variable that closures change; whatever may hold one does too.  What a spawned closure captures, what it
 * returns, the type arguments of some primitives, and what is in a static cross.  In a generic function such
 * a type may mention its parameters: these parts are what the function *needs* to be sendable, and what its
 * users put there is looked at in the same way, and so on up to where the type is known (a fixpoint over the
 * uses that send_walk.c finds).  Where any impl of a trait may run, all that the call is made with is needed
 * if one of them needs anything.
 *
 * A closure that gets about may be in any value of its type, what became a `dyn` in any `dyn` of that type.
 */
#include "gos-check/send.h"

#include "gos-check/infer.h"
#include "gos-check/session.h"
#include "gos-check/traits.h"

enum { MAX_STEPS = 8 };

/* A field on the way to what cannot cross. */
typedef struct Step {
	TypeId holder, part;
	Sym field;
} Step;

/* A part of a generic function's types that must be sendable. */
typedef struct Need {
	TypeId type;
	Span span;		/* why: where it crosses */
} Need;

typedef struct Needs {
	VEC(Need) list;
	Map seen;		/* types */
	bool any_impl;		/* of a trait's method: some impl needs something */
	bool all;		/* of a function that uses one of those: its arguments are needs */
} Needs;

typedef struct Sending {
	Check *c;
	Sends sends;
	bool *escapes;
	Needs *needs;		/* by function */
	bool again;
} Sending;

typedef struct Search {
	Sending *w;
	Check *c;
	TastFnId fn;		/* in whose parameters types are, or IR_NONE */
	Map seen;		/* fn << 32 | type */
	Step steps[MAX_STEPS];
	uint32_t n_steps;
	TypeId found;		/* what cannot cross, or IR_NONE */
	Span where;		/* Fn and dyn: the closure or value; len 0: none */
	Span why;		/* of the crossing, for needs */
	bool unknown;		/* `where` is a variable of a session, which holds something of the kind */
	bool any;		/* whatever is a Fn or `dyn` is taken to be one that cannot */
} Search;

static bool search(Search *s, TypeId t);

/* ---- Needs ---- */

static void
report_unwritten(Sending *w, TastFnId f, const Need *n)
{
	Diag *d;

	if (w->c->fn_info.at[f]->is_std)
		return;
	d = diag_error(w->c->diags, G0351, n->span, types_show(w->c, n->type));
	diag_primary(d, "this goes to another goroutine");
	diag_label(d, w->c->fns.at[f]->span, "`%s` may be called without being written, for any `%s`",
	    check_str(w->c, w->c->fns.at[f]->name), types_show(w->c, n->type));
	diag_help(d, "do this in a method that is called by its name");
}

/* Operators, `==`, printing, dropping and the like run without a call that tells the types. */
static void
need_in_impl(Sending *w, TastFnId f, const Need *n)
{
	const FnInfo *info = w->c->fn_info.at[f];
	const ImplInfo *im = info->impl == IR_NONE ? NULL : w->c->impls.at[info->impl];
	const TastTrait *t;

	if (!im || im->trait == IR_NONE || im->broken)
		return;
	if (w->c->trait_info.at[im->trait]->lang != LANG_TRAIT_COUNT) {
		report_unwritten(w, f, n);
		return;
	}
	t = w->c->traits.at[im->trait];
	for (uint32_t m = 0; m < t->methods.len; m++) {
		TastFnId of = t->methods.at[m];

		if (w->c->fns.at[of]->name != w->c->fns.at[f]->name || w->needs[of].any_impl)
			continue;
		w->needs[of].any_impl = true;
		w->again = true;
	}
}

static void
add_need(Sending *w, TastFnId f, TypeId t, Span span)
{
	Need n = {t, span};

	if (f == IR_NONE || map_find(&w->needs[f].seen, t))
		return;
	map_set(w->c->arena, &w->needs[f].seen, t, 1);
	vec_push(w->c->arena, &w->needs[f].list, n);
	w->again = true;
	need_in_impl(w, f, &n);
}

/* ---- Looking into a type ---- */

static bool
belongs_to_one(LangAdt lang)
{
	return lang == LANG_CELL || lang == LANG_REF_CELL || lang == LANG_REF || lang == LANG_REF_MUT ||
	    lang == LANG_WEAK;
}

static bool
search_list(Search *s, const IrU32List *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (search(s, l->at[i]))
			return true;
	return false;
}

static bool
search_fields(Search *s, TypeId t)
{
	Check *c = s->c;
	const TastAdt *adt = c->adts.at[types_adt_of(c, t)];
	bool is_std = c->adt_info.at[types_adt_of(c, t)]->is_std;
	uint32_t at = s->n_steps;

	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t f = 0; f < adt->variants.at[v]->fields.len; f++) {
			TypeId part = trait_normalize(c, types_field(c, t, v, f), s->why);

			if (at < MAX_STEPS)
				s->steps[at] = (Step){t, part, adt->variants.at[v]->fields.at[f]->name};
			s->n_steps = at + !is_std;
			if (search(s, part))
				return true;
		}
	s->n_steps = at;
	return false;
}

/* Whatever a parameter may stand for. */
static bool
may_be(void *ctx, TypeId a, TypeId b)
{
	Check *c = ctx;

	if (a == b || type_is_var(a) || type_is_var(b))
		return true;
	if (!((types_flags(c, a) | types_flags(c, b)) & (TYPE_HAS_PARAM | TYPE_HAS_ASSOC)))
		return false;
	if (types_is(c, a, TAST_TY_PARAM) || types_is(c, a, TAST_TY_ASSOC) || types_is(c, b, TAST_TY_PARAM) ||
	    types_is(c, b, TAST_TY_ASSOC))
		return true;
	return types_pair_parts(types_get(c, a), types_get(c, b), may_be, c);
}

static bool
search_one_held(Search *s, TypeId t, const Held *h)
{
	TastFnId fn = s->fn;
	bool found;

	if (h->node != IR_NONE && !s->w->escapes[h->node])
		return false;
	if (h->in != IR_NONE && !may_be(s->c, t, h->in))
		return false;
	s->fn = h->fn;
	s->c->env = s->c->fn_info.at[h->fn]->generics;
	found = h->changes || search(s, h->type);
	if (found) {
		s->where = h->span;
		s->unknown = h->in == IR_NONE;
	}
	if (h->changes)
		s->found = t;
	s->fn = fn;
	s->c->env = fn == IR_NONE ? NULL : s->c->fn_info.at[fn]->generics;
	return found;
}

/* What this function puts into such values first: it is told about in the message. */
static bool
search_held(Search *s, TypeId t)
{
	const Sends *sends = &s->w->sends;

	if (s->any)
		return true;
	for (uint32_t here = 0; here < 2; here++)
		for (uint32_t i = 0; i < sends->held.len; i++)
			if ((sends->held.at[i].fn == s->fn) == !here && search_one_held(s, t, &sends->held.at[i]))
				return true;
	return false;
}

static bool
search_adt(Search *s, TypeId t)
{
	LangAdt lang = s->c->adt_info.at[types_adt_of(s->c, t)]->lang;
	IrU32List args = types_get(s->c, t)->adt.args;

	if (belongs_to_one(lang)) {
		s->found = t;
		return true;
	}
	return search_fields(s, t) || search_list(s, &args);
}

/* True: a value of the type may hold what cannot cross. */
static bool
search(Search *s, TypeId t)
{
	uint64_t key = (uint64_t)s->fn << 32 | t;
	TastTy ty;

	if (type_is_var(t) || t == TY_ERROR || map_find(&s->seen, key))
		return false;
	map_set(s->c->arena, &s->seen, key, 1);
	ty = *types_get(s->c, t);
	switch (ty.kind) {
	case TAST_TY_PRIM: case TAST_TY_CONST: case TAST_TY_PTR:
		return false;
	case TAST_TY_TUPLE:
		return search_list(s, &ty.tuple.elems);
	case TAST_TY_ADT:
		return search_adt(s, t);
	case TAST_TY_ARRAY:
		return search(s, ty.array.elem);
	case TAST_TY_ARRAY_N:
		return search(s, ty.array_n.elem);
	case TAST_TY_REF_MUT:
		return search(s, ty.ref_mut.target);
	case TAST_TY_FN: case TAST_TY_DYN:
		return search_held(s, t);
	case TAST_TY_PARAM: case TAST_TY_ASSOC:
		add_need(s->w, s->fn, t, s->why);
		return false;
	}
	return false;
}

/* ---- Messages ---- */

static void
explain(Check *c, Diag *d, const Search *s)
{
	const char *way = "";

	for (uint32_t i = 0; i < s->n_steps && i < MAX_STEPS; i++)
		way = arena_printf(c->arena, "%s%s`%s.%s: %s`", way, i ? ", there " : "",
		    types_show(c, s->steps[i].holder), check_str(c, s->steps[i].field),
		    types_show(c, s->steps[i].part));
	if (*way)
		diag_note(d, "%s", way);
	if (s->unknown)
		diag_note(d, "an earlier input made a closure of this kind that changes a variable, or holds "
		    "a `Cell` or the like");
	else if (s->where.len && types_is(c, s->found, TAST_TY_FN))
		diag_label(d, s->where, "this closure of that type changes a variable that it shares");
	else if (s->where.len)
		diag_label(d, s->where, "this may be in it, and holds a `%s`", types_show(c, s->found));
	if (types_is(c, s->found, TAST_TY_FN) || types_is(c, s->found, TAST_TY_DYN))
		diag_help(d, "return the new value from the closure and take it from `join()`");
	else
		diag_help(d, "a `%s` belongs to one goroutine: hand over the value that is in it, or share it by a "
		    "`Mutex` or a channel", check_str(c, c->adts.at[types_adt_of(c, s->found)]->name));
}

/* `why`: where a generic function lets it cross. */
static void
report(Check *c, const Crossing *x, const Search *s, Span why)
{
	Diag *d;

	if (x->fn != IR_NONE && c->fn_info.at[x->fn]->is_std)
		return;
	d = diag_error(c->diags, G0351, x->span, types_show(c, x->type));
	if (x->fn == IR_NONE)
		diag_primary(d, "all goroutines see a `static`");
	else if (x->name)
		diag_primary(d, "the goroutine captures `%s`", check_str(c, x->name));
	else
		diag_primary(d, "this goes to another goroutine, or comes from one");
	if (why.start != x->span.start)
		diag_label(d, why, "it crosses here");
	explain(c, d, s);
}

/* The variable of a closure that changes it, as another goroutine would see it. */
static void
report_shared(Check *c, const Crossing *x)
{
	Diag *d = diag_error(c->diags, G0352, x->span, check_str(c, x->name));

	diag_primary(d, "the goroutine would read it while it changes");
	diag_label(d, x->changed, "declared here; a closure changes it, so all closures that name it share it");
	diag_help(d, "give the goroutine the value that it has now: `let now = %s` before it, and use that",
	    check_str(c, x->name));
}

/* ---- Checking ---- */

static Search
search_begin(Sending *w, TastFnId fn, Span why)
{
	w->c->env = fn == IR_NONE ? NULL : w->c->fn_info.at[fn]->generics;
	return (Search){.w = w, .c = w->c, .fn = fn, .found = IR_NONE, .why = why};
}

static void
check_crossing(Sending *w, const Crossing *x)
{
	Search s = search_begin(w, x->fn, x->span);

	if (x->changed.len)
		report_shared(w->c, x);
	else if (search(&s, x->type))
		report(w->c, x, &s, x->span);
}

/* A type that a use puts where it must be sendable; false: reported. */
static bool
check_put(Sending *w, const SendUse *u, TypeId t, Span why)
{
	Search s = search_begin(w, u->fn, w->c->fn_info.at[u->fn]->is_std ? why : u->span);

	if (!search(&s, t))
		return true;
	report(w->c, &(Crossing){u->fn, t, u->span, 0, {0, 0}}, &s, why);
	return false;
}

static void
check_use(Sending *w, SendUse *u)
{
	Needs *n = &w->needs[u->callee];

	if (u->open && n->any_impl) {
		u->open = false;
		for (uint32_t i = 0; i < u->args.len; i++)
			if (!check_put(w, u, u->args.at[i], u->span))
				break;
	}
	while (u->done < n->list.len) {
		const Need need = n->list.at[u->done++];

		w->c->env = w->c->fn_info.at[u->fn]->generics;
		if (!check_put(w, u, trait_normalize(w->c, types_subst(w->c, need.type, u->args.at, u->args.len),
		    u->span), need.span))
			u->done = UINT32_MAX;
	}
}

/* All goroutines see a static. */
static void
add_statics(Sending *w)
{
	Check *c = w->c;

	for (uint32_t i = 0; i < c->consts.len; i++) {
		const ConstInfo *k = c->consts.at[i];

		if (k->is_static && k->type != TY_ERROR && k->ast)
			vec_push(c->arena, &w->sends.crossings,
			    (Crossing){IR_NONE, k->type, k->ast->static_.name->span, 0, {0, 0}});
	}
}

/*
 * What closures of a session hold is known to the input that makes them only.  It says of each variable
 * whether there is something in it that cannot cross, by a mark at the end of the name of its cell.
 */
static void
mark_variables(Sending *w)
{
	Check *c = w->c;
	const TastExpr *body = c->entry == IR_NONE ? NULL : c->fns.at[c->entry]->body;

	for (uint32_t i = 0; body && body->kind == TAST_EXPR_BLOCK && i < body->block.stmts.len; i++) {
		const TastStmt *st = body->block.stmts.at[i];
		const TastExpr *call = st->kind != TAST_STMT_EXPR ? NULL :
		    session_call(c, st->expr.expr, "session.keep");
		Search s;

		if (!call || call->call.args.at[1]->kind != TAST_EXPR_LOCAL)
			continue;
		const TastVariable *v = c->fns.at[c->entry]->locals.at[call->call.args.at[1]->local.local];
		TastExpr *name = call->call.args.at[0];
		s = search_begin(w, c->entry, st->span);
		s.any = v->mutable;
		if (search(&s, v->type))
			name->str.value = intern_cstr(c->names, arena_printf(c->arena, "%s%c",
			    check_str(c, name->str.value), SESSION_MARK));
	}
}

static bool
is_needed(const Check *c)
{
	if (c->session)
		return true;
	for (uint32_t i = 0; i < c->consts.len; i++)
		if (c->consts.at[i]->is_static)
			return true;
	for (TastFnId f = 0; f < c->fns.len; f++)
		if (send_crosses(c, f) && c->fn_info.at[f]->named)
			return true;
	return false;
}

void
send_check(Check *c)
{
	Sending w = {.c = c, .sends = {.c = c}, .again = true};
	Infer temporary = {0};

	if (c->diags->errors || !is_needed(c))
		return;
	c->infer = &temporary;
	w.needs = arena_array(c->arena, Needs, c->fns.len + 1);
	send_walk(&w.sends);
	w.escapes = send_escapes(&w.sends);
	add_statics(&w);
	for (uint32_t i = 0; i < w.sends.crossings.len; i++)
		check_crossing(&w, &w.sends.crossings.at[i]);
	while (w.again) {
		w.again = false;
		for (uint32_t i = 0; i < w.sends.uses.len; i++)
			check_use(&w, &w.sends.uses.at[i]);
	}
	if (c->session)
		mark_variables(&w);
	c->env = NULL;
	c->infer = NULL;
}
