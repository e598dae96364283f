/* See stack.h. */
#include "librt/sched/stack.h"
#include "librt/alloc/raw.h"
#include "librt/panic/fatal.h"
#include "librt/sched/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { REGION_SIZE = 64 << 20, MIN_SLOT = STACK_RESERVE + STACK_UNWIND + (16 << 10) };

typedef struct Region Region;
struct Region {
	Region *next;
	char *start;
	size_t n, used; /* slots */
};

static size_t slot_size = STACK_DEFAULT, main_size = STACK_MAIN;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* protects all below */
static Region *regions;
static G *free_list;
static G *main_g;

/* A size with an optional K, M or G; `otherwise` when it is none. */
static size_t
parse_size(const char *text, size_t otherwise, size_t least, size_t most)
{
	char *end;

	if (!text || *text < '0' || *text > '9')
		return otherwise;
	unsigned long long n = strtoull(text, &end, 10);
	int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
	if (end[shift > 0])
		return otherwise;
	if (n > most >> shift)
		return most;
	n <<= shift;
	return n < least ? least : (size_t)(n + 4095) & ~(size_t)4095;
}

void
gos_in_stack_init(void)
{
	slot_size = parse_size(getenv("GOS_STACK"), slot_size, MIN_SLOT, REGION_SIZE);
	main_size = parse_size(getenv("GOS_MAIN_STACK"), main_size, MIN_SLOT, (size_t)64 << 30);
}

static char *
map(size_t n)
{
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	/* A huge page would give each of 32 goroutines a stack of its own to hold. */
	madvise(p, n, MADV_NOHUGEPAGE);
	return p;
}

static G *
slot_g(char *start, size_t size)
{
	return (G *)((uintptr_t)(start + size - sizeof(G)) & ~(uintptr_t)63);
}

static G *
slot_init(char *start, size_t size)
{
	G *g = slot_g(start, size);

	g->base = (uint64_t)start;
	g->full_limit = g->limit = g->base + STACK_RESERVE + STACK_UNWIND;
	return g;
}

static Region *
region_new(void)
{
	Region *r = gos_in_raw_alloc(sizeof *r);

	r->n = REGION_SIZE / slot_size;
	r->start = map(r->n * slot_size);
	if (!r->start)
		gos_in_fatal("out of memory (no room for stacks of %zu bytes)", slot_size);
	r->next = regions;
	regions = r;
	return r;
}

static G *
carve(void)
{
	Region *r = regions;

	if (!r || r->used == r->n)
		r = region_new();
	return slot_init(r->start + r->used++ * slot_size, slot_size);
}

/* Half a cache of slots at a time, so that the lock is rare. */
static void
refill(Worker *w)
{
	pthread_mutex_lock(&lock);
	while (w->n_slots < STACK_CACHE / 2) {
		G *g = free_list;
		if (g)
			free_list = g->next;
		else if (w->n_slots > 0)
			break;
		else
			g = carve();
		g->next = w->slots;
		w->slots = g;
		w->n_slots++;
	}
	pthread_mutex_unlock(&lock);
}

/* The pages below STACK_KEPT, if the first of them was touched. */
static void
give_back(const G *g)
{
	uintptr_t end = ((uintptr_t)g - STACK_KEPT) & ~(uintptr_t)4095;
	unsigned char resident;

	if (end > g->base && mincore((void *)(end - 4096), 4096, &resident) == 0 && resident & 1)
		madvise((void *)g->base, end - g->base, MADV_DONTNEED);
}

static void
spill(Worker *w)
{
	G *first = w->slots, *last = first;

	give_back(last);
	while (--w->n_slots > STACK_CACHE / 2) {
		last = last->next;
		give_back(last);
	}
	w->slots = last->next;
	pthread_mutex_lock(&lock);
	last->next = free_list;
	free_list = first;
	pthread_mutex_unlock(&lock);
}

G *
gos_in_stack_new(Worker *w)
{
	if (!w->slots)
		refill(w);
	G *g = w->slots;
	w->slots = g->next;
	w->n_slots--;
	return g;
}

void
gos_in_stack_free(Worker *w, G *g)
{
	g->state = G_FREE;
	g->next = w->slots;
	w->slots = g;
	if (++w->n_slots > STACK_CACHE)
		spill(w);
}

/* Where address space is limited, a smaller main stack is better than none. */
G *
gos_in_stack_new_main(void)
{
	char *p = map(main_size);

	while (!p && main_size > MIN_SLOT) {
		main_size /= 2;
		p = map(main_size);
	}
	if (!p)
		gos_in_fatal("out of memory (no room for the main stack)");
	main_g = slot_init(p, main_size);
	return main_g;
}

void
gos_in_stack_each(void (*visit)(void *context, G *g), void *context)
{
	if (main_g)
		visit(context, main_g);
	for (Region *r = regions; r; r = r->next)
		for (size_t i = 0; i < r->used; i++)
			visit(context, slot_g(r->start + i * slot_size, slot_size));
}
