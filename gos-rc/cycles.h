/* Which types may form cycles: the graph "a value of this type may hold one of that", and ways in it. */
#ifndef GOS_RC_CYCLES_H
#define GOS_RC_CYCLES_H

#include "lib/mir.h"

#include <string.h>

typedef VEC(MirTypeId) TypeList;

typedef struct Graph {
	const MirModule *m;
	Arena *arena;
	TypeList closures, dyns;	/* what lies behind a Closure, behind a Dyn */
	TypeList *to;			/* by type */
} Graph;

/* A step of a way: a type, and whether a cell that can be written was passed: 2 * type, and 1 more then. */
typedef uint32_t Node;

/* Ways from one type. */
typedef struct Way {
	Node *from;		/* by node: the step before, plus 1; 0: not reached */
	VEC(Node) queue;
} Way;

static inline Node
cycle_node(MirTypeId t, bool written)
{
	return t * 2 + written;
}

/* As gos-lower calls the type. */
static inline const char *
cycle_name(const Graph *g, MirTypeId t)
{
	return intern_str(g->m->names, mir_type(g->m, t)->name);
}

static inline bool
cycle_begins(const char *name, const char *with)
{
	return strncmp(name, with, strlen(with)) == 0;
}

void cycle_graph(Graph *g, const MirModule *m, Arena *arena);
/* Is it the cell of a Cell or RefCell, or of a variable that closures change? */
bool cycle_is_written(const Graph *g, MirTypeId t);
/* The shortest way from the type through a cell that can be written back to it; false: there is none. */
bool cycle_way(Graph *g, MirTypeId start, Way *w);
/* Says in the End of each type of cells of Rcs whether the runtime is to look for cycles of them. */
void cycle_mark(MirModule *m, Arena *arena);

#endif
