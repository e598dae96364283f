/*
 * `&mut` is exclusive.  A place may not be used while a holder of a `&mut` to it is live, that is, up to the holder's
 * last use.  Which holder stands for which place is computed along the paths (an assignment to
 * a holder ends what it stood for); a holder made from another holder stands for the same
 * places and for what is behind the other.
 */
#include "gos-check/flow.h"
#include "gos-check/flow_bits.h"

#include <string.h>

/* From `span` on, `holder` stands for `place`. */
typedef struct Loan {
	TastLocalId holder;
	Place place;
	Span span;
	bool derived;		/* what another holder, which this one was given, stands for */
	uint32_t same;		/* the first loan of this place */
} Loan;

typedef struct Exclusive {
	Flow *f;
	const Graph *g;
	VEC(Loan) loans;
	Map told;		/* spans that have their error */
} Exclusive;

/* Beyond this many the function is not one that a person wrote; the check stays quiet. */
enum { MAX_LOANS = 4096 };

/* ---- collecting ---- */

static bool
knows(const Exclusive *x, TastLocalId holder, const Place *place, Span span)
{
	for (uint32_t i = 0; i < x->loans.len; i++) {
		const Loan *l = &x->loans.at[i];
		if (l->holder == holder && l->span.start == span.start && place_contains(&l->place, place)
		    && place_contains(place, &l->place))
			return true;
	}
	return false;
}

static void
add_loan(Exclusive *x, TastLocalId holder, Place place, Span span, bool derived)
{
	uint32_t same = 0;

	if (holder == place.root || x->loans.len >= MAX_LOANS || knows(x, holder, &place, span))
		return;
	while (same < x->loans.len && !(place_contains(&x->loans.at[same].place, &place)
	    && place_contains(&place, &x->loans.at[same].place)))
		same++;
	vec_push(x->f->scratch, &x->loans, (Loan){holder, place, span, derived, same});
}

static void
collect_loans(Exclusive *x)
{
	const Graph *g = x->g;

	for (uint32_t b = 0; b < g->blocks.len; b++)
		for (uint32_t k = 0; k < g->blocks.at[b].events.len; k++) {
			const Event *ev = &g->blocks.at[b].events.at[k];
			if (ev->kind == EVENT_HOLD && g->blocks.at[b].reached)
				add_loan(x, ev->holder, ev->place, ev->span, false);
		}
	/* What is behind another holder: its loans too. */
	for (uint32_t i = 0; i < x->loans.len; i++)
		for (uint32_t k = 0; k < x->loans.len; k++)
			if (x->loans.at[k].holder == x->loans.at[i].place.root)
				add_loan(x, x->loans.at[i].holder, x->loans.at[k].place,
				    x->loans.at[i].span, true);
}

/* ---- dataflow ---- */

static bool
ends_loans(const Event *ev)
{
	return ev->kind == EVENT_BIND || ev->kind == EVENT_DECLARE
	    || (ev->kind == EVENT_ASSIGN && !ev->place.n);
}

static bool
is_ref(const Exclusive *x, TastLocalId local)
{
	return local < x->f->fn->locals.len && types_is(x->f->c, flow_local(x->f, local)->type, TAST_TY_REF_MUT);
}

/*
 * The place of the loan is named by a variable that stands for another one from here, as an item of a loop does in each
 * round.  What the variable stood for before is lent by itself: see collect_loans.
 */
static bool
renames(const Exclusive *x, const Event *ev, const Loan *l)
{
	if (!ends_loans(ev) || ev->place.root != l->place.root)
		return false;
	return ev->kind == EVENT_BIND || is_ref(x, l->place.root);
}

/* Does any holder stand for the place at this time? */
static bool
is_lent(const Exclusive *x, const Loan *l, const Bits *set)
{
	for (uint32_t i = l->same; i < x->loans.len; i++)
		if (x->loans.at[i].same == l->same && bits_has(set, i))
			return true;
	return false;
}

/* Forward: the loans that a holder may have. */
static void
step_loans(void *ctx, const Event *ev, Bits *set)
{
	const Exclusive *x = ctx;

	for (uint32_t i = 0; i < x->loans.len; i++) {
		const Loan *l = &x->loans.at[i];
		if ((ends_loans(ev) && !ev->keeps && ev->place.root == l->holder) || renames(x, ev, l))
			bits_set(set, i, false);
		if (ev->kind == EVENT_HOLD && ev->holder == l->holder && ev->span.start == l->span.start
		    && (!l->derived || is_lent(x, l, set)))
			bits_set(set, i, true);
	}
}

/* Backward: the holders that are used later. */
static void
step_live(void *ctx, const Event *ev, Bits *set)
{
	(void)ctx;
	if (ev->place.root == IR_NONE || ev->kind == EVENT_HOLD)
		return;
	bits_set(set, ev->place.root, !ends_loans(ev));
}

/* ---- conflicts ---- */

/* A slice given to a function value: callable.c. */
static bool
is_argument(const Exclusive *x, TastLocalId holder)
{
	return holder < x->f->fn->locals.len && !strcmp(flow_name(x->f, holder), "<slice>");
}

static Diag *
report_in_use(Exclusive *x, const Event *ev, const Loan *l, TastLocalId local)
{
	Diag *d = diag_error(x->f->c->diags, G0507, ev->span, flow_name(x->f, local));
	bool unnamed = l->holder >= x->f->fn->locals.len || *flow_name(x->f, l->holder) == '<';

	diag_primary(d, ev->kind == EVENT_USE ? "used here" : ev->kind == EVENT_TOUCH
	    ? "a closure that changes it runs here" : "changed here");
	bool loop = unnamed && !is_argument(x, l->holder);

	diag_label(d, l->span, loop ? "the loop walks over places of `%s`"
	    : "the `&mut` to `%s` begins here", flow_name(x->f, local));
	if (loop)
		diag_help(d, "loop over a copy, or collect the changes and make them after the loop");
	else if (unnamed)
		diag_help(d, "pass different places, or make two calls; `let (a, b) = %s.split_at_mut(i)` gives two "
		    "parts", flow_name(x->f, local));
	else if (*flow_name(x->f, l->holder))
		diag_help(d, "`%s` is used again later: use `%s` after that, or go through `%s`",
		    flow_name(x->f, l->holder), flow_name(x->f, local), flow_name(x->f, l->holder));
	return d;
}

static bool
tell_once(Exclusive *x, Span span)
{
	uint64_t key = (uint64_t)span.start << 32 | span.len;

	if (map_find(&x->told, key))
		return false;
	map_set(x->f->scratch, &x->told, key, 1);
	return true;
}

static bool
loan_conflicts(const Exclusive *x, const Event *ev, const Loan *l, TastLocalId *which)
{
	if (ev->kind == EVENT_TOUCH && ev->place.root == IR_NONE) {
		if (is_argument(x, l->holder))
			return false;	/* of this very call */
		*which = l->place.root;
		return l->place.root < x->f->fn->locals.len && flow_local(x->f, l->place.root)->shared;
	}
	if (ev->place.root == IR_NONE || ev->place.root == l->holder)
		return false;
	*which = ev->place.root;
	return place_overlaps(&ev->place, &l->place);
}

static bool
is_access(const Event *ev)
{
	return ev->kind == EVENT_USE || ev->kind == EVENT_ASSIGN || ev->kind == EVENT_UPDATE
	    || ev->kind == EVENT_BORROW || ev->kind == EVENT_DROP || ev->kind == EVENT_TOUCH;
}

/* Giving a holder a new `&mut` is not a use of the place that the old one stood for. */
static bool
is_holder_rebind(const Event *ev)
{
	return ev->kind == EVENT_ASSIGN && !ev->place.n;
}

/* `live` holds after the event, `loans` before it. */
static void
check_event(Exclusive *x, const Event *ev, const Bits *loans, const Bits *live)
{
	for (uint32_t i = 0; i < x->loans.len; i++) {
		const Loan *l = &x->loans.at[i];
		TastLocalId which;
		if (!bits_has(loans, i) || !bits_has(live, l->holder)
		    || !loan_conflicts(x, ev, l, &which))
			continue;
		if (is_holder_rebind(ev) && is_ref(x, ev->place.root))
			continue;
		if (tell_once(x, ev->span))
			report_in_use(x, ev, l, which);
		return;
	}
}

static void
check_block(Exclusive *x, uint32_t b, Dataflow *loans, Dataflow *live)
{
	const GraphBlock *block = &x->g->blocks.at[b];
	uint32_t n = block->events.len;
	Bits *after = arena_array(x->f->scratch, Bits, (size_t)(n + 1) * live->words);

	bits_load(live, b);
	for (uint32_t k = n; k-- > 0;) {
		memcpy(after + (size_t)k * live->words, live->now, live->words * sizeof(Bits));
		step_live(x, &block->events.at[k], live->now);
	}
	bits_load(loans, b);
	for (uint32_t k = 0; k < n; k++) {
		const Event *ev = &block->events.at[k];
		if (is_access(ev))
			check_event(x, ev, loans->now, after + (size_t)k * live->words);
		step_loans(x, ev, loans->now);
	}
}

static void
check_graph(Exclusive *x)
{
	collect_loans(x);
	if (!x->loans.len || x->loans.len >= MAX_LOANS)
		return;
	Dataflow loans = bits_solve(x->f->scratch, x->g, x->loans.len, true, step_loans, x);
	Dataflow live = bits_solve(x->f->scratch, x->g, x->g->n_locals, false, step_live, x);
	for (uint32_t b = 0; b < x->g->blocks.len; b++) {
		ArenaMark mark = arena_mark(x->f->scratch);
		if (x->g->blocks.at[b].reached)
			check_block(x, b, &loans, &live);
		/* The set of reported spans may have grown; it stays. */
		if (!x->told.len)
			arena_reset(x->f->scratch, mark);
	}
}

void
flow_exclusive(Flow *f)
{
	for (uint32_t i = 0; i < f->graphs.len; i++) {
		Exclusive x = {.f = f, .g = &f->graphs.at[i]};
		check_graph(&x);
	}
}
