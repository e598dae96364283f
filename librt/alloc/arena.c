/* See arena.h. */
#include "librt/alloc/arena.h"
#include "librt/panic/panic.h"
#include "librt/rc/promote.h"
#include "librt/rc/rc.h"
#include "librt/sched/worker.h"

/*
 * What a worker keeps of arenas that ended, until it is idle: 64 MiB of the last one, 4 MiB of each of a few
 * more, for those that are nested.
 */
enum { FIRST_KEEPS = 16, OTHERS_KEEP = 1, SPARE_MAX = 8 };

/* The heap is the first member, so a page's heap leads to its arena. */
_Static_assert(offsetof(struct Arena, heap) == 0, "an arena begins with its heap");

void
gos_in_arena_set(G *g, Arena *a)
{
	g->arena = a;
	g->heap = a ? &a->heap : &g->worker->heap;
}

/* `foreign` of a heap is that of its arena; the heaps of workers have none. */
Arena *
gos_in_arena_of(const GosHeader *o)
{
	if (o->meta & GOS_FOREIGN) {
		char *at = (char *)gos_in_foreign_list(o);
		return at ? (Arena *)(void *)(at - offsetof(Arena, foreign)) : NULL;
	}
	Heap *h = page_of(o)->heap;
	return h->foreign ? (Arena *)(void *)h : NULL;
}

uint32_t
gos_in_arena_depth(const GosHeader *o)
{
	const Arena *a = gos_in_arena_of(o);

	return a ? a->depth : 0;
}

static Arena *
spare_take(Worker *w)
{
	Arena *a = w->spare_arenas;

	if (a) {
		w->spare_arenas = a->parent;
		w->n_spare_arenas--;
		return a;
	}
	a = gos_in_raw_alloc(sizeof *a);
	gos_in_heap_init(&a->heap);
	return a;
}

static void
spare_put(Worker *w, Arena *a)
{
	bool full = w->n_spare_arenas == SPARE_MAX;

	gos_in_heap_reset(&a->heap, full ? 0 : w->n_spare_arenas ? OTHERS_KEEP : FIRST_KEEPS);
	if (full) {
		gos_in_raw_free(a);
		return;
	}
	a->parent = w->spare_arenas;
	w->spare_arenas = a;
	w->n_spare_arenas++;
}

void
gos_in_arena_trim(Worker *w)
{
	while (w->spare_arenas) {
		Arena *a = spare_take(w);
		gos_in_heap_reset(&a->heap, 0);
		gos_in_raw_free(a);
	}
}

void *
gos_rt_arena_begin(G *g)
{
	Arena *a = spare_take(g->worker);

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
	spare_put(w, a);
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
