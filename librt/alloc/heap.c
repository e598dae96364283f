/* Pages and segments: the slow half of the allocator.  See heap.h. */
#include "librt/alloc/heap.h"
#include "librt/alloc/raw.h"
#include "librt/panic/fatal.h"
#include "librt/rc/rc.h"

#include <string.h>
#include <sys/mman.h>

/* Spare pages that are always kept, and how long others must have been of no use (ns). */
enum { SPARE_KEEP = 16, SPARE_TIME = 50000000, CARVE_BYTES = 4096 };

Page gos_in_no_page;

void
gos_in_heap_init(Heap *h)
{
	for (int i = 0; i < N_CLASSES; i++)
		h->page[i] = &gos_in_no_page;
}

void
gos_in_heap_reset(Heap *h, uint32_t segments)
{
	Segment *unused = NULL;
	uint32_t n = 0;

	for (Segment *s = h->segments, *next; s; s = next) {
		next = s->next;
		memset(s->pages + 1, 0, (s->n_used - 1) * sizeof *s->pages);
		s->next = h->unused;
		h->unused = s;
	}
	for (Segment *s = h->unused, *next; s; s = next) {
		next = s->next;
		if (n++ >= segments) {
			munmap(s, SEGMENT_SIZE);
			continue;
		}
		s->next = unused;
		unused = s;
	}
	gos_in_foreign_free_list(h->foreign);
	*h = (Heap){.unused = unused, .foreign = h->foreign};
	gos_in_heap_init(h);
}

static uint32_t
class_to_size(uint32_t class)
{
	if (class < 16)
		return (class + 1) * 8;
	uint32_t log = (class - 16) / 4 + 7;
	return (1u << log) + ((class - 16) % 4 + 1) * (1u << (log - 2));
}

uint64_t
gos_in_good_size(uint64_t size)
{
	return size <= SMALL_MAX ? class_to_size(size_to_class(size)) : (size + 63) & ~63ull;
}

/* --- pages ------------------------------------------------------------------------------------- */

static void
list_push(Page **list, Page *p)
{
	p->next = *list;
	p->prev = list;
	if (p->next)
		p->next->prev = &p->next;
	*list = p;
}

static void
list_remove(Page *p)
{
	*p->prev = p->next;
	if (p->next)
		p->next->prev = p->prev;
}

static Segment *
segment_map(const Heap *h)
{
	size_t want = 2 * (size_t)SEGMENT_SIZE;
	char *raw = mmap(NULL, want, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (raw == MAP_FAILED)
		gos_in_fatal("out of memory");
	char *start = (char *)(((uintptr_t)raw + SEGMENT_SIZE - 1) & ~(uintptr_t)(SEGMENT_SIZE - 1));
	if (start > raw)
		munmap(raw, (size_t)(start - raw));
	munmap(start + SEGMENT_SIZE, (size_t)(raw + want - (start + SEGMENT_SIZE)));
	/* A program with little data stays small; one with much takes far fewer page faults. */
	if (h->n_segments > 0)
		madvise(start, SEGMENT_SIZE, MADV_HUGEPAGE);
	return (Segment *)start;
}

static Segment *
segment_new(Heap *h)
{
	Segment *s = h->unused;

	if (s)
		h->unused = s->next;
	else
		s = segment_map(h);
	s->n_used = 1;
	s->next = h->segments;
	h->segments = s;
	h->n_segments++;
	return s;
}

static void
spare_release(Heap *h, uint32_t n)
{
	for (; n > 0; n--) {
		Page *p = h->spare;
		list_remove(p);
		h->n_spare--;
		madvise(p->start, PAGE_SIZE, MADV_DONTNEED);
		list_push(&h->bare, p);
	}
}

/*
 * Called when a page has become spare.  As many as lay there all the time since the last look were not
 * needed: half of them go, so that a program that frees and allocates in turns rarely asks the system.
 */
static void
spare_age(Heap *h)
{
	if (h->n_spare <= SPARE_KEEP)
		return;
	int64_t now = gos_rt_now(NULL);
	if (now - h->spare_since < SPARE_TIME)
		return;
	uint32_t idle = h->spare_low > SPARE_KEEP ? h->spare_low - SPARE_KEEP : 0;
	spare_release(h, (idle + 1) / 2);
	h->spare_since = now;
	h->spare_low = h->n_spare;
}

bool
gos_in_heap_has_surplus(const Heap *h)
{
	return h->n_spare > SPARE_KEEP;
}

void
gos_in_heap_trim(Heap *h)
{
	if (gos_in_heap_has_surplus(h))
		spare_release(h, h->n_spare - SPARE_KEEP);
	h->spare_low = h->n_spare;
}

/* A page without blocks. */
static Page *
page_take(Heap *h)
{
	Page *p = h->spare;

	if (++h->n_pages > h->peak_pages)
		h->peak_pages = h->n_pages;
	if (p) {
		list_remove(p);
		if (--h->n_spare < h->spare_low)
			h->spare_low = h->n_spare;
		return p;
	}
	if (h->bare) {
		p = h->bare;
		list_remove(p);
		return p;
	}
	Segment *s = h->segments;
	if (!s || s->n_used == SEGMENT_PAGES)
		s = segment_new(h);
	p = &s->pages[s->n_used];
	p->start = (char *)s + (size_t)s->n_used * PAGE_SIZE;
	s->n_used++;
	return p;
}

static void
page_setup(Heap *h, Page *p, uint32_t class)
{
	p->free = NULL;
	p->heap = h;
	p->class = class;
	p->size = class_to_size(class);
	p->n = PAGE_SIZE / p->size;
	p->carved = 0;
	p->used = 0;
	p->listed = false;
}

/* Puts the next few blocks of the page into its free list: memory is touched as it is needed. */
static bool
page_carve(Page *p)
{
	uint32_t n = CARVE_BYTES / p->size;

	if (n < 1)
		n = 1;
	if (n > p->n - p->carved)
		n = p->n - p->carved;
	for (uint32_t i = n; i-- > 0;) {
		Block *b = (Block *)(p->start + (size_t)(p->carved + i) * p->size);
		b->next = p->free;
		p->free = b;
	}
	p->carved += n;
	return n > 0;
}

static void
page_give_back(Heap *h, Page *p)
{
	if (p->listed) {
		list_remove(p);
		p->listed = false;
	}
	p->carved = 0;
	p->free = NULL;
	h->n_pages--;
	list_push(&h->spare, p);
	h->n_spare++;
	spare_age(h);
}

void
gos_in_page_changed(Heap *h, Page *p)
{
	if (p->used == 0) {
		page_give_back(h, p);
	} else if (!p->current && !p->listed) {
		list_push(&h->some[p->class], p);
		p->listed = true;
	}
}

static void
page_set_current(Heap *h, Page *p)
{
	if (p->listed) {
		list_remove(p);
		p->listed = false;
	}
	p->current = true;
	p->used++;
	h->page[p->class] = p;
}

/* The current page is full: it leaves the heap's sight until a block of it is freed. */
static void
page_unset_current(Heap *h, Page *p)
{
	if (p == &gos_in_no_page)
		return;
	p->current = false;
	p->used--;
	if (p->used == 0)
		page_give_back(h, p);
}

static void
heap_refill(Heap *h, uint32_t class)
{
	Page *p = h->page[class];

	if (__atomic_load_n(&h->remote, __ATOMIC_RELAXED))
		gos_in_heap_collect(h);
	if (p->free || (p != &gos_in_no_page && page_carve(p)))
		return;
	page_unset_current(h, p);
	p = h->some[class];
	if (!p) {
		p = page_take(h);
		page_setup(h, p, class);
		page_carve(p);
	}
	page_set_current(h, p);
}

/* --- entry points ------------------------------------------------------------------------------ */

void *
gos_in_alloc_slow(G *g, uint64_t size, uint32_t meta)
{
	Heap *h = g->heap;

	h->allocs++;
	if (g->later.len > 0)
		gos_in_drop_some(g); /* so at least as much is freed as is allocated */
	if (size > SMALL_MAX || gos_in_raw_system) {
		GosHeader *o = gos_in_foreign_alloc(size, h->foreign);
		*o = (GosHeader){RC_ONE, meta | GOS_FOREIGN};
		return o;
	}
	uint32_t class = size_to_class(size);
	heap_refill(h, class);
	Page *p = h->page[class];
	GosHeader *o = (GosHeader *)p->free;
	p->free = p->free->next;
	p->used++;
	*o = (GosHeader){RC_ONE, meta};
	return o;
}

static void
free_local(Heap *h, Block *b)
{
	Page *p = page_of(b);
	Block *old = p->free;

	b->next = old;
	p->free = b;
	if (!--p->used || !old)
		gos_in_page_changed(h, p);
}

void
gos_in_free_slow(G *g, GosHeader *object)
{
	if (object->meta & GOS_FOREIGN) {
		gos_in_foreign_free(object);
		return;
	}
	Heap *owner = page_of(object)->heap;
	Block *b = (Block *)object;
	(void)g;
	Block *head = __atomic_load_n(&owner->remote, __ATOMIC_RELAXED);
	do
		b->next = head;
	while (!__atomic_compare_exchange_n(&owner->remote, &head, b, true, __ATOMIC_RELEASE,
		__ATOMIC_RELAXED));
}

void
gos_in_heap_collect(Heap *h)
{
	Block *b = __atomic_exchange_n(&h->remote, NULL, __ATOMIC_ACQUIRE);

	while (b) {
		Block *next = b->next;
		free_local(h, b);
		b = next;
	}
}
