/*
 * Variables without a value: declared by `let x: T` and read before every path has assigned
 * them, given a value twice, or let go by `drop`.
 */
#include "gos-check/flow.h"
#include "gos-check/fix.h"
#include "gos-check/flow_bits.h"

enum { MAY_LACK, MAY_HAVE, MAY_BE_DROPPED, BITS_PER_LOCAL };

typedef struct Init {
	Flow *f;
	uint32_t graph;		/* 1 + the number of the graph at hand */
	Map tracked;		/* local to its number */
	Span *dropped_at;	/* by local: the first drop */
	bool *told;		/* by local */
} Init;

static bool
is_whole(const Event *ev)
{
	return ev->place.n == 0;
}

static void
step(void *ctx, const Event *ev, Bits *set)
{
	const Init *in = ctx;
	const uint32_t *slot = ev->place.root == IR_NONE ? NULL
	    : map_find(&in->tracked, ev->place.root);

	if (!slot || ev->kind == EVENT_HOLD)
		return;
	uint32_t at = *slot * BITS_PER_LOCAL;
	bool gives = ev->kind == EVENT_BIND || (ev->kind == EVENT_ASSIGN && is_whole(ev));
	if (ev->kind == EVENT_DECLARE || gives) {
		bits_set(set, at + MAY_LACK, !gives);
		bits_set(set, at + MAY_HAVE, gives);
		bits_set(set, at + MAY_BE_DROPPED, false);
	}
	if (ev->kind == EVENT_DROP)
		bits_set(set, at + MAY_BE_DROPPED, true);
}

static void
report_lacking(Init *in, const Event *ev)
{
	TastLocalId local = ev->place.root;
	Diag *d = diag_error(in->f->c->diags, G0503, ev->span, flow_name(in->f, local));

	diag_primary(d, "used here, but some path leaves it without a value");
	diag_label(d, flow_local(in->f, local)->span, "declared here, without a value");
	diag_help(d, "assign it on every path before, or give it a value where it is declared");
}

static void
report_dropped(Init *in, const Event *ev)
{
	TastLocalId local = ev->place.root;
	Diag *d = diag_error(in->f->c->diags, G0505, ev->span, flow_name(in->f, local));

	diag_primary(d, ev->kind == EVENT_DROP ? "dropped again" : "used after it was dropped");
	diag_label(d, in->dropped_at[local], "dropped here");
	diag_help(d, "use it before the `drop`, or leave the `drop` out: it goes at its last use");
	fix_remove_lines(in->f->c, d, in->dropped_at[local], "leave the `drop` out");
}

static void
report_twice(Init *in, const Event *ev)
{
	TastLocalId local = ev->place.root;
	Span name = flow_local(in->f, local)->span;
	Diag *d = diag_error(in->f->c->diags, G0504, ev->span, flow_name(in->f, local));

	diag_primary(d, "it may have a value already");
	diag_label(d, name, "declared without `mut`");
	diag_fix(d, DIAG_SAFE, flow_before(name, 0), "declare it `mut`", "mut ");
}

static void
check_event(Init *in, const Event *ev, const Bits *set)
{
	TastLocalId local = ev->place.root;
	const uint32_t *slot = local == IR_NONE ? NULL : map_find(&in->tracked, local);

	if (!slot || in->told[local])
		return;
	uint32_t at = *slot * BITS_PER_LOCAL;
	if (ev->kind == EVENT_ASSIGN && is_whole(ev)) {
		if (in->f->declared_in[local] != in->graph || !bits_has(set, at + MAY_HAVE))
			return;
		in->f->needs_mut[local] = true;
		if (flow_local(in->f, local)->mutable)
			return;
		report_twice(in, ev);
	} else if (ev->kind == EVENT_DECLARE || ev->kind == EVENT_BIND || ev->kind == EVENT_HOLD) {
		return;
	} else if (bits_has(set, at + MAY_LACK)) {
		report_lacking(in, ev);
	} else if (bits_has(set, at + MAY_BE_DROPPED)) {
		report_dropped(in, ev);
	} else {
		return;
	}
	in->told[local] = true;
}

static void
track(Init *in, const Graph *g)
{
	in->tracked = (Map){0};
	for (uint32_t i = 0; i < g->blocks.len; i++)
		for (uint32_t k = 0; k < g->blocks.at[i].events.len; k++) {
			const Event *ev = &g->blocks.at[i].events.at[k];
			if (ev->kind != EVENT_DECLARE && ev->kind != EVENT_DROP)
				continue;
			if (ev->kind == EVENT_DROP && !in->dropped_at[ev->place.root].len)
				in->dropped_at[ev->place.root] = ev->span;
			if (!map_find(&in->tracked, ev->place.root))
				map_set(in->f->scratch, &in->tracked, ev->place.root, in->tracked.len);
		}
}

static void
check_graph(Init *in, const Graph *g)
{
	track(in, g);
	if (!in->tracked.len)
		return;
	Dataflow d = bits_solve(in->f->scratch, g, in->tracked.len * BITS_PER_LOCAL, true, step, in);
	for (uint32_t i = 0; i < g->blocks.len; i++) {
		const GraphBlock *b = &g->blocks.at[i];
		bits_load(&d, i);
		for (uint32_t k = 0; b->reached && k < b->events.len; k++) {
			check_event(in, &b->events.at[k], d.now);
			step(in, &b->events.at[k], d.now);
		}
	}
}

void
flow_init(Flow *f)
{
	Init in = {.f = f};

	in.dropped_at = arena_array(f->scratch, Span, f->fn->locals.len + 1);
	in.told = arena_array(f->scratch, bool, f->fn->locals.len + 1);
	for (uint32_t i = 0; i < f->graphs.len; i++) {
		in.graph = i + 1;
		check_graph(&in, &f->graphs.at[i]);
	}
}
