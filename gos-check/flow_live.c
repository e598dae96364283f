/*
 * Values that are never read: backward liveness of the locals of each body.  Also whether a
 * function can return without calling itself.
 *
 * Left out are locals whose value somebody else may look at: those that closures change, those
 * named in deferred code, and those that a `&mut` to them may have been taken of.
 */
#include "gos-check/flow.h"
#include "gos-check/flow_bits.h"
#include "gos-check/flow_lint.h"

typedef struct Live {
	Flow *f;
	bool *skip;		/* per local */
} Live;

enum { TOO_BIG = 1 << 27 };	/* bits of all sets of one graph */

static void
step(void *ctx, const Event *ev, Bits *set)
{
	(void)ctx;
	TastLocalId local = ev->place.root;
	if (local == IR_NONE)
		return;
	switch (ev->kind) {
	case EVENT_BIND: case EVENT_DECLARE:
		bits_set(set, local, false);
		break;
	case EVENT_ASSIGN:
		bits_set(set, local, ev->place.n != 0);
		break;
	case EVENT_UPDATE:
		/* `x += 1` alone makes nobody read x. */
		if (ev->place.n)
			bits_set(set, local, true);
		break;
	case EVENT_USE: case EVENT_BORROW: case EVENT_DROP: case EVENT_HOLD:
		bits_set(set, local, true);
		break;
	case EVENT_TOUCH: case EVENT_SELF_CALL:
		break;
	}
}

static void
note_reads(Live *l, const Graph *g)
{
	Flow *f = l->f;

	for (uint32_t b = 0; b < g->blocks.len; b++)
		for (uint32_t k = 0; k < g->blocks.at[b].events.len; k++) {
			const Event *ev = &g->blocks.at[b].events.at[k];
			TastLocalId local = ev->place.root;
			if (local == IR_NONE || local >= f->fn->locals.len)
				continue;
			if (ev->in_defer || ev->kind == EVENT_BORROW)
				l->skip[local] = true;
			bool whole_write = !ev->place.n
			    && (ev->kind == EVENT_ASSIGN || ev->kind == EVENT_UPDATE);
			if (!whole_write && ev->kind != EVENT_BIND && ev->kind != EVENT_DECLARE)
				f->is_read[local] = true;
		}
}

static bool
is_write_of_interest(const Live *l, const Event *ev)
{
	TastLocalId local = ev->place.root;

	if (local == IR_NONE || local >= l->f->fn->locals.len || ev->place.n)
		return false;
	if (ev->kind != EVENT_ASSIGN && ev->kind != EVENT_UPDATE
	    && !(ev->kind == EVENT_BIND && l->f->origin[local] == ORIGIN_LET))
		return false;
	return l->f->is_read[local] && !l->skip[local] && flow_is_named(l->f, local)
	    && !flow_local(l->f, local)->shared;
}

static void
report(const Live *l, const Event *ev)
{
	Diag *d = lint_fn(l->f->c, l->f->id, G0802, ev->span, flow_name(l->f, ev->place.root));

	if (!d)
		return;
	diag_primary(d, "overwritten or forgotten before anything reads it");
	if (ev->kind == EVENT_BIND)
		diag_help(d, "a variable may be declared without a value and given one later");
}

static void
check_graph(Live *l, const Graph *g)
{
	if ((uint64_t)g->blocks.len * g->n_locals > TOO_BIG)
		return;
	Dataflow d = bits_solve(l->f->scratch, g, g->n_locals, false, step, l);
	for (uint32_t b = 0; b < g->blocks.len; b++) {
		const GraphBlock *block = &g->blocks.at[b];
		bits_load(&d, b);
		for (uint32_t k = block->events.len; block->reached && k-- > 0;) {
			const Event *ev = &block->events.at[k];
			if (is_write_of_interest(l, ev) && !bits_has(d.now, ev->place.root))
				report(l, ev);
			step(l, ev, d.now);
		}
	}
}

/* A closure reads its captures when it runs: the locals of the function that it names stay live. */
static void
skip_captured(Live *l)
{
	for (uint32_t i = 1; i < l->f->graphs.len; i++) {
		const IrU32List *caps = &l->f->graphs.at[i].closure->closure.captures;
		for (uint32_t k = 0; k < caps->len; k++)
			if (flow_local(l->f, caps->at[k])->shared)
				l->skip[caps->at[k]] = true;
	}
}

void
flow_live(Flow *f)
{
	Live l = {.f = f, .skip = arena_array(f->scratch, bool, f->fn->locals.len + 1)};

	for (uint32_t i = 0; i < f->graphs.len; i++)
		note_reads(&l, &f->graphs.at[i]);
	skip_captured(&l);
	for (uint32_t i = 0; i < f->graphs.len && !f->failed; i++)
		check_graph(&l, &f->graphs.at[i]);
}

/* ---- endless recursion ---- */

static const Event *
self_call_in(const GraphBlock *b)
{
	for (uint32_t k = 0; k < b->events.len; k++)
		if (b->events.at[k].kind == EVENT_SELF_CALL && !b->events.at[k].in_defer)
			return &b->events.at[k];
	return NULL;
}

void
flow_recursion(Flow *f)
{
	const Graph *g = &f->graphs.at[0];
	bool *seen = arena_array(f->scratch, bool, g->blocks.len);
	VEC(uint32_t) todo = {0};
	const Event *first = NULL;

	vec_push(f->scratch, &todo, 0);
	seen[0] = true;
	while (todo.len) {
		uint32_t b = vec_pop(&todo);
		const Event *call = self_call_in(&g->blocks.at[b]);
		if (b == g->exit)
			return;
		if (call && (!first || call->span.start < first->span.start))
			first = call;
		for (uint32_t k = 0; !call && k < g->blocks.at[b].succs.len; k++) {
			uint32_t next = g->blocks.at[b].succs.at[k];
			if (!seen[next])
				vec_push(f->scratch, &todo, next);
			seen[next] = true;
		}
	}
	if (!first)
		return;
	Diag *d = lint_fn(f->c, f->id, G0811, first->span, check_str(f->c, f->fn->name));
	if (d) {
		diag_primary(d, "every path comes here");
		diag_help(d, "put a case that needs no further call before it");
	}
}
