/*
 * Which types may form cycles, and on which way: `gos build --explain=cycles`.  See explain.h.
 *
 * Values are built from what is there already, so a cycle must be closed by writing into a cell that others know: that
 * of a Cell or RefCell, or of a variable that closures change.  The types of a program are a graph (a value of this
 * type may hold one of that); a type may form a cycle if a way through such a cell leads back to it.  A Weak holds
 * nothing.  A closure may hold what any closure of the program captures, a `dyn` what any value that became one holds.
 */
#include "gos-rc/explain.h"

#include <string.h>

typedef VEC(MirTypeId) TypeList;

typedef struct Graph {
	const MirModule *m;
	Arena *arena;
	TypeList closures, dyns;	/* what lies behind a Closure, behind a Dyn */
	TypeList *to;			/* by type */
} Graph;

/* A step of a way: a type, and whether a cell that can be written was passed. */
typedef uint32_t Node;

static Node
node(MirTypeId t, bool written)
{
	return t * 2 + written;
}

static const char *
name_of(const Graph *g, MirTypeId t)
{
	return intern_str(g->m->names, mir_type(g->m, t)->name);
}

static bool
begins(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* gos-lower names the cells of values with identity so; an Rc's is written only while it is new. */
static bool
is_written_cell(const Graph *g, MirTypeId t)
{
	const char *name = name_of(g, t);

	return mir_repr(g->m, t) == MIR_REPR_BOX && begins(name, "cell<") && !begins(name, "cell<RcCell<");
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

static void
graph_build(Graph *g, const MirModule *m, Arena *arena)
{
	uint32_t n = m->types.len;

	*g = (Graph){.m = m, .arena = arena, .to = arena_array(arena, TypeList, n)};
	for (MirTypeId t = 0; t < n; t++) {
		if (strcmp(name_of(g, t), "environment") == 0)
			vec_push(arena, &g->closures, t);
		else if (strcmp(name_of(g, t), "dyn cell") == 0)
			vec_push(arena, &g->dyns, t);
	}
	for (MirTypeId t = 0; t < n; t++)
		add_type(g, t);
}

/* ---- Ways ---- */

typedef struct Way {
	Node *from;		/* by node: the step before, plus 1; 0: not reached */
	VEC(Node) queue;
} Way;

static void
step(Graph *g, Way *w, Node at, MirTypeId to)
{
	Node next = node(to, at % 2 || is_written_cell(g, to));

	if (w->from[next])
		return;
	w->from[next] = at + 1;
	vec_push(g->arena, &w->queue, next);
}

/* The shortest way from the type through a cell that can be written back to it; false: there is none. */
static bool
find_way(Graph *g, MirTypeId start, Way *w)
{
	Node goal = node(start, true);

	*w = (Way){.from = arena_array(g->arena, Node, g->m->types.len * 2)};
	vec_push(g->arena, &w->queue, node(start, is_written_cell(g, start)));
	for (uint32_t i = 0; i < w->queue.len && !w->from[goal]; i++) {
		Node at = w->queue.at[i];
		for (uint32_t k = 0; k < g->to[at / 2].len; k++)
			step(g, w, at, g->to[at / 2].at[k]);
	}
	return w->from[goal] != 0;
}

/* ---- The text ---- */

/* What a reader knows of the types on a way; NULL: a part of how the one before it is made. */
static const char *
shown(const Graph *g, MirTypeId t)
{
	static const char *const inner[] = {
		"cell<", "RcCell<", "RefSlot<", "Box<", "environment", "dyn cell", "Option<", "Vec<", "(", "[",
	};
	const char *name = name_of(g, t);

	for (size_t i = 0; i < sizeof inner / sizeof *inner; i++)
		if (begins(name, inner[i]))
			return NULL;
	return name;
}

static void
put_way(Graph *g, const Way *w, MirTypeId start, FILE *f)
{
	Node goal = node(start, true);
	VEC(MirTypeId) types = {0};

	for (Node at = w->from[goal] - 1; at != node(start, is_written_cell(g, start)); at = w->from[at] - 1)
		vec_push(g->arena, &types, at / 2);
	const char *first = shown(g, start);
	if (!first)
		first = arena_printf(g->arena, "a variable that closures change, %s", name_of(g, g->to[start].at[0]));
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
	Node begin = node(start, is_written_cell(g, start));

	for (Node at = w->from[node(start, true)] - 1; at != begin; at = w->from[at] - 1)
		if (begins(name_of(g, at / 2), "Rc<"))
			return true;
	return false;
}

void
explain_cycles(const MirModule *m, Arena *arena, FILE *f)
{
	Graph g;
	uint32_t found = 0, rcs = 0;

	graph_build(&g, m, arena);
	for (MirTypeId t = 0; t < m->types.len; t++) {
		bool is_rc = begins(name_of(&g, t), "Rc<") && mir_repr(m, t) == MIR_REPR_STRUCT;
		Way w;

		rcs += is_rc;
		if (!(is_rc || is_written_cell(&g, t)) || !find_way(&g, t, &w))
			continue;
		if (!is_rc && passes_rc(&g, &w, t))
			continue;
		if (found++ == 0)
			fprintf(f, "these may form cycles, which nothing gives back; a Weak on the way breaks them:\n");
		put_way(&g, &w, t, f);
	}
	if (found == 0)
		fprintf(f, "no value of this program can be part of a cycle (types of Rc: %u)\n", rcs);
}
