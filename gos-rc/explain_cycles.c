/* The text of `gos build --explain=cycles`: the types that may form cycles, and on which way.  See explain.h. */
#include "gos-rc/cycles.h"
#include "gos-rc/explain.h"

/* What a reader knows of the types on a way; NULL: a part of how the one before it is made. */
static const char *
shown(const Graph *g, MirTypeId t)
{
	static const char *const inner[] = {
		"cell<", "RcCell<", "RefSlot<", "Box<", "environment", "dyn cell", "Option<", "Vec<", "(", "[",
	};
	const char *name = cycle_name(g, t);

	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
		if (cycle_begins(name, inner[i]))
			return NULL;
	return name;
}

static void
put_way(Graph *g, const Way *w, MirTypeId start, FILE *f)
{
	Node goal = cycle_node(start, true);
	VEC(MirTypeId) types = {0};

	for (Node at = w->from[goal] - 1; at != cycle_node(start, cycle_is_written(g, start)); at = w->from[at] - 1)
		vec_push(g->arena, &types, at / 2);
	const char *first = shown(g, start);
	if (!first)
		first = arena_printf(g->arena, "a variable that closures change, %s",
		    cycle_name(g, g->to[start].at[0]));
	fprintf(f, "  %s", first);
	for (uint32_t i = types.len; i-- > 0; ) {
		const char *name = shown(g, types.at[i]);
		if (name)
			fprintf(f, " -> %s", name);
	}
	fprintf(f, " -> %s\n", shown(g, start) ? first : "that variable");
}

/* Ways begin at what people make: an Rc, else the variable that closures change. */
static bool
passes_rc(const Graph *g, const Way *w, MirTypeId start)
{
	Node begin = cycle_node(start, cycle_is_written(g, start));

	for (Node at = w->from[cycle_node(start, true)] - 1; at != begin; at = w->from[at] - 1)
		if (cycle_begins(cycle_name(g, at / 2), "Rc<"))
			return true;
	return false;
}

void
explain_cycles(const MirModule *m, Arena *arena, FILE *f)
{
	Graph g;
	uint32_t found = 0, rcs = 0;

	cycle_graph(&g, m, arena);
	for (MirTypeId t = 0; t < m->types.len; t++) {
		bool is_rc = cycle_begins(cycle_name(&g, t), "Rc<") && mir_repr(m, t) == MIR_REPR_STRUCT;
		Way w;

		rcs += is_rc;
		if (!(is_rc || cycle_is_written(&g, t)) || !cycle_way(&g, t, &w))
			continue;
		if (!is_rc && passes_rc(&g, &w, t))
			continue;
		if (found++ == 0)
			fprintf(f, "these may form cycles; a Weak on the way breaks them:\n");
		put_way(&g, &w, t, f);
	}
	if (found == 0)
		fprintf(f, "no value of this program can be part of a cycle (types of Rc: %u)\n", rcs);
}
