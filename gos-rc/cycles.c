/*
 * Which types may form cycles.
 *
 * Values are built from what is there already, so a cycle must be closed by writing into a cell that others know: that
 * of a Cell or RefCell, or of a variable that closures change.  The types of a program are a graph (a value of this
 * type may hold one of that); a type may form a cycle if a way through such a cell leads back to it.  A Weak holds
 * nothing.  A closure may hold what any closure of the program captures, a `dyn` what any value that became one holds.
 *
 * The runtime looks for cycles of the cells of Rcs, where no Drop of the program's can be among what they hold: nothing
 * tells in which order the Drops of a cycle should run.
 */
#include "gos-rc/cycles.h"

#include <string.h>

/* gos-lower names the cells of values with identity so; an Rc's is written only while it is new. */
bool
cycle_is_written(const Graph *g, MirTypeId t)
{
	const char *name = cycle_name(g, t);

	return mir_repr(g->m, t) == MIR_REPR_BOX && cycle_begins(name, "cell<") && !cycle_begins(name, "cell<RcCell<");
}

/* ---- The graph ---- */

static void
add_fields(Graph *g, MirTypeId t, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (mir_type(g->m, fields->at[i]->type)->counted)
			vec_push(g->arena, &g->to[t], fields->at[i]->type);
}

static void
add_type(Graph *g, MirTypeId t)
{
	const MirRepr *r = mir_type(g->m, t)->repr;

	switch (r->kind) {
	case MIR_REPR_STRUCT:
		add_fields(g, t, &r->struct_.fields);
		break;
	case MIR_REPR_ENUM:
		for (uint32_t i = 0; i < r->enum_.variants.len; i++)
			add_fields(g, t, &r->enum_.variants.at[i]->fields);
		break;
	case MIR_REPR_BOX:
		vec_push(g->arena, &g->to[t], r->box.payload);
		break;
	case MIR_REPR_VEC:
		vec_push(g->arena, &g->to[t], r->vec.elem);
		break;
	case MIR_REPR_ARRAY:
		vec_push(g->arena, &g->to[t], r->array.elem);
		break;
	case MIR_REPR_CLOSURE:
		g->to[t] = g->closures;
		break;
	case MIR_REPR_DYN:
		g->to[t] = g->dyns;
		break;
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR: case MIR_REPR_UNIT:
	case MIR_REPR_NEVER: case MIR_REPR_STRING: case MIR_REPR_REF: case MIR_REPR_RAW: case MIR_REPR_HANDLE:
	case MIR_REPR_OPAQUE:
		break;
	}
}

void
cycle_graph(Graph *g, const MirModule *m, Arena *arena)
{
	uint32_t n = m->types.len;

	*g = (Graph){.m = m, .arena = arena, .to = arena_array(arena, TypeList, n)};
	for (MirTypeId t = 0; t < n; t++) {
		if (strcmp(cycle_name(g, t), "environment") == 0)
			vec_push(arena, &g->closures, t);
		else if (strcmp(cycle_name(g, t), "dyn cell") == 0)
			vec_push(arena, &g->dyns, t);
	}
	for (MirTypeId t = 0; t < n; t++)
		add_type(g, t);
}

/* ---- Ways ---- */

static void
step(Graph *g, Way *w, Node at, MirTypeId to)
{
	Node next = cycle_node(to, at % 2 || cycle_is_written(g, to));

	if (w->from[next])
		return;
	w->from[next] = at + 1;
	vec_push(g->arena, &w->queue, next);
}

bool
cycle_way(Graph *g, MirTypeId start, Way *w)
{
	Node goal = cycle_node(start, true);

	*w = (Way){.from = arena_array(g->arena, Node, g->m->types.len * 2)};
	vec_push(g->arena, &w->queue, cycle_node(start, cycle_is_written(g, start)));
	for (uint32_t i = 0; i < w->queue.len && !w->from[goal]; i++) {
		Node at = w->queue.at[i];
		for (uint32_t k = 0; k < g->to[at / 2].len; k++)
			step(g, w, at, g->to[at / 2].at[k]);
	}
	return w->from[goal] != 0;
}

/* ---- What the runtime looks at ---- */

/* By type: does a Drop of the program's run for what is in the cells of these? */
static bool *
types_with_drop(const MirModule *m, Arena *arena)
{
	bool *runs = arena_array(arena, bool, m->types.len);

	for (uint32_t i = 0; i < m->ends.len; i++)
		runs[m->ends.at[i]->type] = m->ends.at[i]->drop != IR_NONE;
	return runs;
}

/* Everything that it can hold is on some way from it. */
static bool
holds_drop(Graph *g, MirTypeId start, const bool *runs)
{
	Way w = {.from = arena_array(g->arena, Node, g->m->types.len * 2)};

	step(g, &w, cycle_node(start, false), start);
	for (uint32_t i = 0; i < w.queue.len; i++) {
		Node at = w.queue.at[i];
		if (runs[at / 2])
			return true;
		for (uint32_t k = 0; k < g->to[at / 2].len; k++)
			step(g, &w, at, g->to[at / 2].at[k]);
	}
	return false;
}

void
cycle_mark(MirModule *m, Arena *arena)
{
	Graph g = {0};
	Way w;

	const bool *runs = NULL;
	for (uint32_t i = 0; i < m->ends.len; i++) {
		MirEnd *e = m->ends.at[i];
		if (!e->linked)
			continue;
		if (!runs) {
			runs = types_with_drop(m, arena);
			cycle_graph(&g, m, arena);
		}
		e->cyclic = cycle_way(&g, e->type, &w) && !holds_drop(&g, e->type, runs);
	}
}
