/*
 * The allocator of objects.  Each worker has a Heap; a Heap owns segments of 4 MiB, aligned to their
 * size, which are divided into pages of 64 KiB; a page holds blocks of one size class.
 *
 * Invariants
 *   - Only the worker of a heap touches it and its pages, but for `remote`, where other workers push
 *     blocks that they free.  Code between two suspension points runs on one worker, so the fast
 *     paths need neither locks nor atomics.
 *   - A page with free blocks is either heap->page[class] (the current one) or in heap->some[class].
 *     A full page is in no list; freeing its first block puts it back.
 *   - page->used counts blocks handed out, and one more while the page is current; so it reaches
 *     0 only for a page that may be given back.
 *   - Empty pages keep their memory while the program is likely to need it again: what was not needed
 *     for a while goes back to the system by halves, and all but a little when the worker is idle.
 *   - Every block begins with a GosHeader while in use, and with a link to the next while free.
 *   - Objects above SMALL_MAX bytes, and all objects under GOS_ALLOC=system or a sanitizer, come from
 *     malloc, are marked GOS_FOREIGN in their meta, and are in one list for the census.
 */
#ifndef GOS_RT_ALLOC_HEAP_H
#define GOS_RT_ALLOC_HEAP_H

#include "librt/alloc/raw.h"
#include "librt/sched/g.h"

enum {
	SEGMENT_SIZE = 4 << 20,
	PAGE_SIZE = 64 << 10,
	SEGMENT_PAGES = SEGMENT_SIZE / PAGE_SIZE,
	SMALL_MAX = 32 << 10,
	N_CLASSES = 48,
};

typedef struct Block Block;
struct Block {
	Block *next;
};

typedef struct Page Page;
struct Page {
	Block *free;
	Heap *heap;
	uint32_t used;
	uint32_t class;
	uint32_t size;   /* of a block */
	uint32_t carved; /* blocks that were ever in the free list */
	uint32_t n;      /* blocks that fit */
	bool listed;     /* in heap->some[class] */
	bool current;    /* is heap->page[class] */
	char *start;
	Page *next, **prev; /* in heap->some[class], heap->spare or heap->bare */
};

typedef struct Segment Segment;
struct Segment {
	Segment *next;
	uint32_t n_used; /* pages that were ever taken */
	Page pages[SEGMENT_PAGES]; /* the first holds this struct */
};

struct Heap {
	Page *page[N_CLASSES];
	ForeignList *foreign; /* where its large objects are; NULL: in the program's list */
	uint64_t allocs; /* objects ever allocated here */
	Block *remote; /* freed by others; atomic */
	Page *some[N_CLASSES];
	Page *spare, *bare; /* empty pages: with memory of the system, and those that gave it back */
	uint32_t n_spare;
	uint32_t spare_low; /* fewest since `spare_since` */
	int64_t spare_since;
	uint32_t n_segments;
	Segment *segments;
	Segment *unused; /* kept by a reset, not counted in n_segments */
	uint64_t n_pages, peak_pages; /* in use */
};

/* 8-byte steps up to 128, then four classes to each power of two. */
static inline uint32_t
size_to_class(uint64_t n)
{
	if (n <= 128)
		return n <= 16 ? 1 : (uint32_t)((n + 7) / 8 - 1);
	uint32_t log = 63 - (uint32_t)__builtin_clzll(n - 1);
	return 16 + (log - 7) * 4 + (uint32_t)((n - 1) >> (log - 2) & 3);
}

static inline Page *
page_of(const void *p)
{
	uintptr_t at = (uintptr_t)p;
	Segment *s = (Segment *)(at & ~(uintptr_t)(SEGMENT_SIZE - 1));

	return &s->pages[(at & (SEGMENT_SIZE - 1)) / PAGE_SIZE];
}

/* What every heap has as its current page before the first one. */
extern Page gos_in_no_page;

void gos_in_heap_init(Heap *h);
/* Forgets all objects, large ones too; keeps the memory of up to `segments` segments for later ones. */
void gos_in_heap_reset(Heap *h, uint32_t segments);
/* `size` counts the header, which is written: count 1, and `meta` with GOS_FOREIGN if that holds. */
GOS_OWN void *gos_in_alloc_slow(G *g, uint64_t size, uint32_t meta);
/* After a free left the page with its first free block, or with no used one. */
void gos_in_page_changed(Heap *h, Page *p);
void gos_in_free_slow(G *g, GosHeader *object);
/* Frees what other workers pushed. */
void gos_in_heap_collect(Heap *h);
/* Has it more empty pages than an idle worker should keep?  Gives their memory to the system. */
bool gos_in_heap_has_surplus(const Heap *h);
void gos_in_heap_trim(Heap *h);
/* The capacity in bytes of a block of at least `size`, so that buffers can use it all. */
uint64_t gos_in_good_size(uint64_t size);
/* Resizes a FOREIGN object that nobody else refers to. */
GOS_OWN void *gos_in_foreign_resize(GOS_OWN void *object, uint64_t size);

static inline void
block_free(G *g, GosHeader *object)
{
	if (__builtin_expect(!(object->meta & GOS_FOREIGN), 1)) {
		Page *p = page_of(object);
		if (__builtin_expect(p->heap == g->heap, 1)) {
			Block *b = (Block *)object;
			Block *old = p->free;
			b->next = old;
			p->free = b;
			if (__builtin_expect(!--p->used || !old, 0))
				gos_in_page_changed(p->heap, p);
			return;
		}
	}
	gos_in_free_slow(g, object);
}

static inline uint32_t
meta_of(const GosDesc *d)
{
	return d->id << GOS_ID_SHIFT | (d->flags & (GOS_COUNTED | GOS_RUNS) ? 0 : GOS_PLAIN)
	    | (d->words ? GOS_WORDED : 0);
}

/*
 * The count of a new object.  With GOS_ATOMIC_ALL (the build `atomic`, for ThreadSanitizer) objects are shared
 * from birth and stay so: each count is atomic, and what races is something else.
 */
#ifdef GOS_ATOMIC_ALL
enum { RC_ONE = -1 };
#else
enum { RC_ONE = 1 };
#endif

/* An object with one reference.  `meta`: kind, id, GOS_PLAIN and GOS_WORDED. */
static inline GOS_OWN void *
object_alloc(G *g, uint64_t size, uint32_t meta)
{
	if (__builtin_expect(size <= SMALL_MAX, 1)) {
		Heap *h = g->heap;
		Page *p = h->page[size_to_class(size)];
		Block *b = p->free;
		if (__builtin_expect(b != NULL, 1)) {
			p->free = b->next;
			p->used++;
			h->allocs++;
			GosHeader *o = (GosHeader *)b;
			*o = (GosHeader){RC_ONE, meta};
			return o;
		}
	}
	return gos_in_alloc_slow(g, size, meta);
}

#endif
