/*
 * Arenas: a heap of its own for what is allocated while a block runs, given back as a whole.
 *
 * Invariants
 *   - g->heap is the heap of g->arena, or of the worker without one; so the fast path of allocation
 *     does not know about arenas.
 *   - The compiler lets nothing outside of an arena refer into it: what leaves is promoted (rc/promote.c).
 *     Objects inside are counted like others, because a write must know whether it is the only one to see;
 *     but nobody has to release them.
 *   - An object of a heap outside that the arena refers to is released before the arena ends.  The compiler
 *     knows those that come from outside of the block; what comes from other goroutines is adopted.
 *   - An arena belongs to its goroutine and moves between workers with it.
 */
#ifndef GOS_RT_ALLOC_ARENA_H
#define GOS_RT_ALLOC_ARENA_H

#include "librt/alloc/heap.h"

struct Arena {
	Heap heap;
	ForeignList foreign;
	Arena *parent;
	uint32_t depth; /* 1 for an outermost one */
};

/* Allocations of g go to `a`, or for NULL to its worker's heap. */
void gos_in_arena_set(G *g, Arena *a);
/* Frees the memory that the worker keeps of arenas that ended. */
void gos_in_arena_trim(Worker *w);
/* The arena that an object (not an immortal one) lies in, or NULL. */
Arena *gos_in_arena_of(const GosHeader *o);
/* The depth of the arena that an object (not an immortal one) lies in, 0 for none. */
uint32_t gos_in_arena_depth(const GosHeader *o);

#endif
