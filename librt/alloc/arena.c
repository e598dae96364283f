/* See arena.h. */
#include "librt/alloc/arena.h"
#include "librt/panic/panic.h"
#include "librt/rc/promote.h"
#include "librt/rc/rc.h"
#include "librt/sched/worker.h"

/* 64 MiB of an arena that ended stay for the next one of the same worker. */
enum { SEGMENTS_KEPT = 16 };

/* The heap is the first member, so a page's heap leads to its arena. */
_Static_assert(offsetof(struct Arena, heap) == 0, "an arena begins with its heap");

void
gos_in_arena_set(G *g, Arena *a)
{
	g->arena = a;
	g->heap = a ? &a->heap : &g->worker->heap;
}

/* `foreign` of a heap is that of its arena; the heaps of workers have none. */
uint32_t
gos_in_arena_depth(const GosHeader *o)
{
	if (o->meta & GOS_FOREIGN) {
		const ForeignList *list = gos_in_foreign_list(o);
		const char *at = (const char *)list;
		return list ? ((const Arena *)(const void *)(at - offsetof(Arena, foreign)))->depth : 0;
	}
	const Heap *h = page_of(o)->heap;
	return h->foreign ? ((const Arena *)(const void *)h)->depth : 0;
}

void *
gos_rt_arena_begin(G *g)
{
	Worker *w = g->worker;
	Arena *a = w->spare_arena;

	w->spare_arena = NULL;
	if (!a) {
		a = gos_in_raw_alloc(sizeof *a);
		gos_in_heap_init(&a->heap);
	}
	a->heap.foreign = &a->foreign;
	a->parent = g->arena;
	a->depth = a->parent ? a->parent->depth + 1 : 1;
	gos_in_arena_set(g, a);
	return a;
}

void
gos_rt_arena_end(G *g, void *arena)
{
	Worker *w = g->worker;
	Arena *a = arena;

	gos_in_drop_rest(g); /* it may lie here, or refer to what does */
	gos_in_arena_set(g, a->parent);
	gos_in_promote_panics(g, a->depth);
	w->heap.allocs += a->heap.allocs;
	gos_in_heap_reset(&a->heap, w->spare_arena ? 0 : SEGMENTS_KEPT);
	if (w->spare_arena)
		gos_in_raw_free(a);
	else
		w->spare_arena = a;
}

int64_t
gos_rt_arena_stat(G *g, int64_t which)
{
	const Arena *a = g->arena;

	if (!a)
		return 0;
	if (which == 0)
		return a->depth;
	return (int64_t)(which == 1 ? a->heap.n_pages * PAGE_SIZE + gos_in_foreign_bytes(&a->foreign)
	    : a->heap.allocs);
}

void
gos_rt_arena_leave(G *g, void *arena)
{
	gos_in_arena_set(g, ((Arena *)arena)->parent);
}

void
gos_rt_arena_enter(G *g, void *arena)
{
	gos_in_arena_set(g, arena);
}
