/*
 * Polymorphic recursion.  A node is a type parameter of a function; calling g with an argument
 * for its parameter q that mentions the caller's parameter p is an edge p -> q, and a growing one
 * if the argument is more than p itself.  The instances are endless exactly if a growing edge
 * lies on a cycle, that is, inside a strongly connected component (Kosaraju's two walks).
 *
 * Of calls through traits those are followed whose impl is known where they are written.
 */
#include "gos-check/grow.h"

#include <string.h>

/* ---- Collecting ---- */

typedef struct Marking {
	const Check *c;
	bool *inside;
} Marking;

static void
mark(void *ctx, TypeId t)
{
	const Marking *m = ctx;

	if (types_is(m->c, t, TAST_TY_PARAM))
		m->inside[types_get(m->c, t)->param.index] = true;
	else if (!type_is_var(t) && (types_flags(m->c, t) & TYPE_HAS_PARAM))
		types_each_part(types_get(m->c, t), mark, ctx);
}

void
grow_note(Check *c, TastFnId from, TastFnId callee, const IrU32List *args, Span span)
{
	uint32_t n = c->fns.at[from]->generics.len;
	bool *inside;

	for (uint32_t q = 0; n && q < args->len; q++) {
		TypeId t = args->at[q];

		if (!(types_flags(c, t) & TYPE_HAS_PARAM))
			continue;
		inside = arena_array(c->arena, bool, n);
		mark(&(Marking){c, inside}, t);
		/* what a projection gives is a part of the type, not more than it */
		for (uint32_t p = 0; p < n; p++)
			if (inside[p])
				vec_push(c->arena, &c->growth, (Growth){from, p, callee, q,
				    !types_is(c, t, TAST_TY_PARAM) && !types_is(c, t, TAST_TY_ASSOC), span});
	}
}

/* ---- The graph ---- */

typedef struct Graph {
	Check *c;
	uint32_t *first;	/* node of parameter 0 by function */
	uint32_t nodes;
	uint32_t *head[2], *next[2];	/* edges by node, forward and backward */
	uint32_t *component;
	VEC(uint32_t) order;
} Graph;

static uint32_t
edge_node(const Graph *g, uint32_t edge, bool target)
{
	const Growth *e = &g->c->growth.at[edge];

	return target ? g->first[e->callee] + e->callee_param : g->first[e->fn] + e->param;
}

static void
build(Graph *g, Arena *a)
{
	uint32_t n = g->c->growth.len;

	g->first = arena_array(a, uint32_t, g->c->fns.len + 1);
	for (uint32_t f = 0; f < g->c->fns.len; f++) {
		g->first[f] = g->nodes;
		g->nodes += g->c->fns.at[f]->generics.len;
	}
	g->component = arena_array(a, uint32_t, g->nodes + 1);
	for (int back = 0; back < 2; back++) {
		g->head[back] = arena_array(a, uint32_t, g->nodes + 1);
		g->next[back] = arena_array(a, uint32_t, n + 1);
		memset(g->head[back], 0xFF, (g->nodes + 1) * sizeof(uint32_t));
		for (uint32_t e = n; e--;) {
			uint32_t from = edge_node(g, e, back);

			g->next[back][e] = g->head[back][from];
			g->head[back][from] = e;
		}
	}
}

/* Depth first from `start` over nodes without a mark; appends to `order` when done with a node. */
static void
walk(Graph *g, Arena *a, uint32_t start, bool back, uint32_t *marks, uint32_t value, uint32_t *cursor)
{
	VEC(uint32_t) stack = {0};

	marks[start] = value;
	vec_push(a, &stack, start);
	while (stack.len) {
		uint32_t node = vec_last(&stack), edge = cursor[node];

		if (edge == IR_NONE) {
			if (!back)
				vec_push(a, &g->order, node);
			stack.len--;
			continue;
		}
		cursor[node] = g->next[back][edge];
		node = edge_node(g, edge, !back);
		if (!marks[node]) {
			marks[node] = value;
			vec_push(a, &stack, node);
		}
	}
}

static void
components(Graph *g, Arena *a)
{
	uint32_t *seen = arena_array(a, uint32_t, g->nodes + 1), count = 0;
	uint32_t *cursor = arena_array(a, uint32_t, g->nodes + 1);

	memcpy(cursor, g->head[0], g->nodes * sizeof *cursor);
	for (uint32_t i = 0; i < g->nodes; i++)
		if (!seen[i])
			walk(g, a, i, false, seen, 1, cursor);
	memcpy(cursor, g->head[1], g->nodes * sizeof *cursor);
	for (uint32_t i = g->order.len; i--;)
		if (!g->component[g->order.at[i]])
			walk(g, a, g->order.at[i], true, g->component, ++count, cursor);
}

void
grow_check(Check *c)
{
	Graph g = {.c = c};
	TastFnId last = IR_NONE;

	if (!c->growth.len)
		return;
	build(&g, c->arena);
	components(&g, c->arena);
	for (uint32_t i = 0; i < c->growth.len; i++) {
		const Growth *e = &c->growth.at[i];
		Diag *d;

		if (!e->grows || e->fn == last ||
		    g.component[edge_node(&g, i, false)] != g.component[edge_node(&g, i, true)])
			continue;
		last = e->fn;
		d = diag_error(c->diags, G0615, e->span, check_str(c, c->fns.at[e->callee]->name));
		diag_primary(d, "each call here is for a larger type than the one before");
		diag_label(d, c->fns.at[e->fn]->span, "inside this generic function");
	}
}
