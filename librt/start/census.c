/* See census.h. */
#include "librt/start/census.h"
#include "librt/alloc/raw.h"
#include "librt/io/output.h"
#include "librt/rc/builtin.h"
#include "librt/rc/handle.h"
#include "librt/rc/rc.h"
#include "librt/rc/cycles.h"
#include "librt/rc/stats.h"
#include "librt/sched/worker.h"
#include "librt/start/leaks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_KINDS = 3, LINE = 512 };

#ifdef GOS_COUNT
Stats gos_in_stats;
#endif

/* How many of one kind and name. */
typedef struct Tally {
	const char *before, *name, *after;
	uint64_t n;
} Tally;

typedef struct Census {
	Tally *at;
	uint64_t n, cap, total;
	GosHeader **objects;	/* all of them */
	uint64_t room;
} Census;

static Tally
describe(const GosHeader *o)
{
	switch ((GosKind)(o->meta & GOS_KIND_MASK)) {
	case GOS_CELL:
		return (Tally){"", gos_in_object_desc(o)->name, "", 1};
	case GOS_VEC:
		return (Tally){"Vec<", gos_in_object_desc(o)->name, ">", 1};
	case GOS_TEXT:
		return (Tally){"", "text of a String", "", 1};
	case GOS_HANDLE:
		break;
	}
	return (Tally){"", ((const Handle *)o)->ops->name, "", 1};
}

static void
count(void *context, GosHeader *o)
{
	Census *c = context;
	Tally t = describe(o);

	if (c->total == c->room) {
		c->room = c->room ? c->room * 2 : 64;
		c->objects = gos_in_raw_resize(c->objects, c->room * sizeof *c->objects);
	}
	c->objects[c->total++] = o;
	for (uint64_t i = 0; i < c->n; i++)
		if (!strcmp(c->at[i].name, t.name) && !strcmp(c->at[i].before, t.before)) {
			c->at[i].n++;
			return;
		}
	if (c->n == c->cap) {
		c->cap = c->cap ? c->cap * 2 : 16;
		c->at = gos_in_raw_resize(c->at, c->cap * sizeof *c->at);
	}
	c->at[c->n++] = t;
}

/* --- walking the heaps ------------------------------------------------------------------------- */

typedef void EachObject(void *context, GosHeader *o);

/* Blocks that were handed out at some time and are not in the free list now. */
static void
each_in_page(const Page *p, EachObject *f, void *context)
{
	uint8_t *is_free = gos_in_raw_alloc(p->carved + 1);

	for (Block *b = p->free; b; b = b->next)
		is_free[(uint64_t)((char *)b - p->start) / p->size] = 1;
	for (uint32_t i = 0; i < p->carved; i++)
		if (!is_free[i])
			f(context, (GosHeader *)(p->start + (uint64_t)i * p->size));
	gos_in_raw_free(is_free);
}

static void
each_object(EachObject *f, void *context)
{
	for (uint32_t i = 0; i < gos_in_workers_n(); i++) {
		Heap *h = &gos_in_workers_get(i)->heap;
		gos_in_drop_rest(&gos_in_workers_get(i)->self);
		gos_in_heap_collect(h);
		for (Segment *s = h->segments; s; s = s->next)
			for (uint32_t k = 1; k < s->n_used; k++)
				if (s->pages[k].carved)
					each_in_page(&s->pages[k], f, context);
	}
	gos_in_foreign_each(f, context);
}

static void
count_only(void *context, GosHeader *o)
{
	(void)o;
	++*(uint64_t *)context;
}

uint64_t
gos_in_census_count(void)
{
	uint64_t n = 0;

	each_object(count_only, &n);
	return n;
}

/* --- reports ------------------------------------------------------------------------------------- */

static int
by_number(const void *a, const void *b)
{
	const Tally *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void
print(G *g, const Census *c)
{
	GosString s;
	char part[LINE];

	int n = snprintf(part, sizeof part, "leak: %llu object%s alive:", (unsigned long long)c->total,
		c->total == 1 ? "" : "s");
	gos_in_str_make(g, &s, part, (uint64_t)n);
	for (uint64_t i = 0; i < c->n; i++) {
		const Tally *t = &c->at[i];
		n = snprintf(part, sizeof part, "%s %.400s%s%s ×%llu", i ? "," : "", t->before, t->name,
			t->after, (unsigned long long)t->n);
		gos_in_str_append(g, &s, part, (uint64_t)n);
	}
	gos_in_str_append(g, &s, "\n", 1);
	gos_in_output_error(string_text(&s));
	string_release(g, &s);
}

static void
print_stats(void)
{
	char line[LINE];
	uint64_t allocs = 0, peak = gos_in_foreign_peak(), alive = gos_in_census_count();

	for (uint32_t i = 0; i < gos_in_workers_n(); i++) {
		Heap *h = &gos_in_workers_get(i)->heap;
		allocs += h->allocs;
		peak += h->peak_pages * PAGE_SIZE;
	}
	int n = snprintf(line, sizeof line,
		"allocations %llu, frees %llu, alive %llu, peak %llu KiB, workers %u\n",
		(unsigned long long)allocs, (unsigned long long)(allocs - alive),
		(unsigned long long)alive, (unsigned long long)peak / 1024, gos_in_workers_n());
	gos_in_output_error((Text){line, (uint64_t)n});
	if (gos_in_cycles_reclaimed > 0) {
		n = snprintf(line, sizeof line, "cells of cycles reclaimed %llu\n",
			(unsigned long long)gos_in_cycles_reclaimed);
		gos_in_output_error((Text){line, (uint64_t)n});
	}
#ifdef GOS_COUNT
	const Stats *s = &gos_in_stats;
	n = snprintf(line, sizeof line,
		"retains %llu, releases %llu, ends %llu, atomic %llu, copies on write %llu, cells reused %llu\n",
		(unsigned long long)s->retains, (unsigned long long)s->releases,
		(unsigned long long)s->ends, (unsigned long long)s->atomics, (unsigned long long)s->copies,
		(unsigned long long)s->reused);
	gos_in_output_error((Text){line, (uint64_t)n});
#endif
}

static bool
asked(const char *variable)
{
	const char *s = getenv(variable);

	return s && *s && strcmp(s, "0");
}

bool
gos_in_leaks_wanted(void)
{
	return asked("GOS_RT_LEAKS") || (gos_in_program_flags() & GOS_PROGRAM_DEBUG);
}

int
gos_in_census_at_exit(G *g, int status)
{
	bool strict = asked("GOS_RT_LEAKS");
	Census c = {0};

	if (asked("GOS_RT_STATS"))
		print_stats();
	if (!gos_in_leaks_wanted())
		return status;
	each_object(count, &c);
	if (c.total == 0)
		return status;
	qsort(c.at, c.n, sizeof *c.at, by_number);
	print(g, &c);
	for (uint64_t i = 0; i < c.total; i++)
		if (rc_load(c.objects[i]) > 0)
			rc_store(c.objects[i], 1);
	gos_in_leaks_explain(g, c.objects, c.total);
	return strict ? STATUS_LEAK : status;
}
