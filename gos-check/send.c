/*
 * Which values may go to another goroutine.
 *
 * A Cell, a RefCell and what guards one belong to a single goroutine, as does a Weak; whatever may hold one
 * does too.  What a spawned closure captures, what it returns, and the type arguments of the primitives below
 * cross.  In a generic function these types mention its parameters: such a parameter must be sendable, which
 * its callers' arguments are checked for, and so on up the calls to where the type is known (a fixpoint over
 * the calls that the program writes).
 *
 * A closure may hold what any closure of its type captures, a `dyn` what any value that became one holds.
 */
#include "gos-check/send.h"

#include "gos-check/infer.h"

#include <string.h>

/* Primitives of std whose type arguments cross. */
static const char *const crossing[] = {"spawn", "chan.new", "mutex.new"};

enum { MAX_STEPS = 8 };

/* A field on the way to what cannot cross. */
typedef struct Step {
	TypeId holder, part;
	Sym field;
} Step;

typedef struct Search {
	Check *c;
	Map seen;		/* types */
	bool *params;		/* of the function: those that the type mentions; may be NULL */
	uint32_t n_params;
	Step steps[MAX_STEPS];
	uint32_t n_steps;
	TypeId found;		/* what cannot cross, or IR_NONE */
	Span where;		/* Fn and dyn: the closure or value; len 0: none */
} Search;

static bool search(Search *s, TypeId t);

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
	uint32_t at = s->n_steps;

	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t f = 0; f < adt->variants.at[v]->fields.len; f++) {
			TypeId part = types_field(c, t, v, f);

			if (at < MAX_STEPS)
				s->steps[at] = (Step){t, part, adt->variants.at[v]->fields.at[f]->name};
			s->n_steps = at + 1;
			if (search(s, part))
				return true;
		}
	s->n_steps = at;
	return false;
}

static bool
search_closures(Search *s, TypeId t)
{
	Check *c = s->c;

	for (uint32_t i = 0; i < c->held.len; i++) {
		const Held *h = &c->held.at[i];

		if (h->in != t)
			continue;
		if (h->changes) {
			s->found = t;
			s->where = h->span;
			return true;
		}
		if (search(s, h->type)) {
			s->where = h->span;
			return true;
		}
	}
	return false;
}

static bool
search_adt(Search *s, TypeId t)
{
	Check *c = s->c;
	TastAdtId id = types_adt_of(c, t);
	LangAdt lang = c->adt_info.at[id]->lang;
	IrU32List args = types_get(c, t)->adt.args;

	if (belongs_to_one(lang)) {
		s->found = t;
		return true;
	}
	if (lang != LANG_ADT_COUNT || c->adt_info.at[id]->is_std)
		return search_list(s, &args);
	return search_fields(s, t);
}

/* True: a value of the type may hold what cannot cross. */
static bool
search(Search *s, TypeId t)
{
	TastTy ty;

	if (type_is_var(t) || t == TY_ERROR || map_find(&s->seen, t))
		return false;
	map_set(s->c->arena, &s->seen, t, 1);
	ty = *types_get(s->c, t);
	switch (ty.kind) {
	case TAST_TY_PRIM: case TAST_TY_CONST: case TAST_TY_PTR: case TAST_TY_ASSOC:
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
		return search_closures(s, t);
	case TAST_TY_PARAM:
		if (s->params && ty.param.index < s->n_params)
			s->params[ty.param.index] = true;
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
	if (s->where.len && types_is(c, s->found, TAST_TY_FN))
		diag_label(d, s->where, "this closure of that type changes a variable that it shares");
	else if (s->where.len)
		diag_label(d, s->where, "this may be in it, and holds a `%s`", types_show(c, s->found));
	if (types_is(c, s->found, TAST_TY_FN))
		diag_help(d, "return the new value from the closure and take it from `join()`");
	else
		diag_help(d, "a `%s` belongs to one goroutine: hand over the value that is in it, or share it by a "
		    "`Mutex` or a channel", check_str(c, c->adts.at[types_adt_of(c, s->found)]->name));
}

static void
report(Check *c, const Crossing *x, const Search *s)
{
	Diag *d;

	if (c->fn_info.at[x->fn]->is_std)
		return;
	d = diag_error(c->diags, G0351, x->span, types_show(c, x->type));
	if (x->name)
		diag_primary(d, "the goroutine captures `%s`", check_str(c, x->name));
	else
		diag_primary(d, "this goes to another goroutine, or comes from one");
	explain(c, d, s);
}

/* ---- Collecting ---- */

void
send_note_call(Fx *fx, TastFnId callee, const IrU32List *args, Span span)
{
	const TastFn *f = fx->c->fns.at[callee];
	const char *name = f->intrinsic ? check_str(fx->c, f->intrinsic) : "";

	for (uint32_t q = 0; q < args->len; q++) {
		bool base = false;

		for (size_t i = 0; i < sizeof crossing / sizeof *crossing; i++)
			base |= !strcmp(name, crossing[i]);
		vec_push(fx->c->arena, &fx->c->crossings,
		    (Crossing){fx->id, args->at[q], span, 0, base ? IR_NONE : callee, q, false});
	}
}

/* What a spawned function holds: its captures, or whatever its type may. */
static void
note_spawned(Fx *fx, const TastExpr *f)
{
	const IrU32List *l = &f->closure.captures;

	if (f->kind != TAST_EXPR_CLOSURE) {
		vec_push(fx->c->arena, &fx->c->crossings,
		    (Crossing){fx->id, f->type, f->span, 0, IR_NONE, 0, false});
		return;
	}
	for (uint32_t i = 0; i < l->len; i++) {
		const TastVariable *v = fx->fn->locals.at[l->at[i]];

		vec_push(fx->c->arena, &fx->c->crossings,
		    (Crossing){fx->id, v->type, f->span, v->name, IR_NONE, 0, false});
	}
}

static void
note_closure(Fx *fx, const TastExpr *e)
{
	const IrU32List *l = &e->closure.captures;

	for (uint32_t i = 0; i < l->len; i++) {
		const TastVariable *v = fx->fn->locals.at[l->at[i]];

		vec_push(fx->c->arena, &fx->c->held, (Held){e->type, v->type, e->span, v->shared});
	}
}

static TastFnId
callee_of(const Fx *fx, const TastExpr *e)
{
	const TastFnRef *r = e->call.fn;

	return r->kind == TAST_FN_REF_ITEM ? r->item.fn :
	    fx->c->traits.at[r->method.trait]->methods.at[r->method.method];
}

static bool
is_spawn(const Fx *fx, TastFnId f)
{
	Sym name = fx->c->fns.at[f]->intrinsic;

	return name && !strcmp(check_str(fx->c, name), "spawn");
}

/* Closures that are arguments of the library's functions do not get about: those only call them. */
static void
note_tame(Fx *fx, const TastExpr *e, Map *tame)
{
	if (e->kind != TAST_EXPR_CALL || !fx->c->fn_info.at[callee_of(fx, e)]->is_std)
		return;
	for (uint32_t i = 0; i < e->call.args.len; i++)
		if (e->call.args.at[i]->kind == TAST_EXPR_CLOSURE)
			map_set(fx->c->arena, tame, e->call.args.at[i]->span.start, 1);
}

static void
note_one(Fx *fx, const TastExpr *e, const Map *tame)
{
	if (e->kind == TAST_EXPR_CLOSURE && !fx->info->is_std && !map_find(tame, e->span.start))
		note_closure(fx, e);
	else if (e->kind == TAST_EXPR_DYN)
		vec_push(fx->c->arena, &fx->c->held, (Held){types_strip_ref(fx->c, e->type),
		    types_strip_ref(fx->c, e->dyn.operand->type), e->span, false});
	if (e->kind != TAST_EXPR_CALL || e->call.fn->kind != TAST_FN_REF_ITEM)
		return;
	send_note_call(fx, e->call.fn->item.fn, &e->call.fn->item.args, e->span);
	if (is_spawn(fx, e->call.fn->item.fn) && e->call.args.len == 1)
		note_spawned(fx, e->call.args.at[0]);
}

void
send_note(Fx *fx)
{
	Map tame = {0};

	for (uint32_t i = 0; i < fx->calls.len; i++)
		note_tame(fx, fx->calls.at[i], &tame);
	for (uint32_t i = 0; i < fx->calls.len; i++)
		note_one(fx, fx->calls.at[i], &tame);
}

/* ---- Checking ---- */

typedef struct Sending {
	Check *c;
	bool **must;		/* by function, by parameter: must be sendable; NULL: none */
	bool again;
} Sending;

static void
check_crossing(Sending *w, Crossing *x)
{
	Check *c = w->c;
	uint32_t n = c->fns.at[x->fn]->generics.len;
	Search s = {.c = c, .n_params = n, .params = arena_array(c->arena, bool, n + 1), .found = IR_NONE};

	x->done = true;
	if (search(&s, x->type)) {
		report(c, x, &s);
		return;
	}
	for (uint32_t p = 0; p < n; p++) {
		if (!s.params[p])
			continue;
		if (!w->must[x->fn])
			w->must[x->fn] = arena_array(c->arena, bool, n);
		w->again |= !w->must[x->fn][p];
		w->must[x->fn][p] = true;
	}
}

void
send_check(Check *c)
{
	Sending w = {c, arena_array(c->arena, bool *, c->fns.len + 1), true};

	if (c->diags->errors)
		return;
	while (w.again) {
		w.again = false;
		for (uint32_t i = 0; i < c->crossings.len; i++) {
			Crossing *x = &c->crossings.at[i];

			if (!x->done && (x->callee == IR_NONE || (w.must[x->callee] && w.must[x->callee][x->param])))
				check_crossing(&w, x);
		}
	}
}
