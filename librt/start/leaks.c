/*
 * Why objects are still alive at exit: the cycles that keep them, with where their Rcs were made.
 *
 * Only an Rc can be part of a cycle: everything else is built from what is there already.  A debug build notes
 * where each Rc is made, and at exit the ways from each leaked Rc back to itself are looked for.
 */
#include "librt/start/leaks.h"
#include "librt/alloc/raw.h"
#include "librt/io/output.h"
#include "librt/rc/builtin.h"
#include "librt/rc/rc.h"
#include "librt/sched/spin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 256, MAX_GROUPS = 16, MAX_OBJECTS = 1 << 20, LINE = 2048 };

/* ---- Where Rcs were made: an open hash table by address ---- */

typedef struct Birth {
	const void *object;	/* NULL: free; &gone: was in use */
	const GosPlace *at;
} Birth;

static struct {
	SpinLock lock;
	Birth *at;
	uint64_t cap, used;	/* used: not free, living or gone */
} births;
static const char gone;

static Birth *
slot_of(Birth *at, uint64_t cap, const void *object)
{
	uint64_t i = ((uint64_t)(uintptr_t)object >> 4) * 0x9E3779B97F4A7C15u >> 20;

	for (;; i++) {
		Birth *b = &at[i & (cap - 1)];
		if (!b->object || b->object == object)
			return b;
	}
}

static void
grow(void)
{
	uint64_t living = 0;

	for (uint64_t i = 0; i < births.cap; i++)
		living += births.at[i].object && births.at[i].object != &gone;
	uint64_t cap = FIRST_SLOTS;
	while (cap < living * 4)
		cap *= 2;
	Birth *at = gos_in_raw_alloc(cap * sizeof *at);
	for (uint64_t i = 0; i < births.cap; i++)
		if (births.at[i].object && births.at[i].object != &gone)
			*slot_of(at, cap, births.at[i].object) = births.at[i];
	gos_in_raw_free(births.at);
	births.at = at;
	births.cap = cap;
	births.used = living;
}

void
gos_rt_born(G *g, void *object, const GosPlace *at)
{
	(void)g;
	if (!(gos_in_program_flags() & GOS_PROGRAM_DEBUG))
		return;
	spin_lock(&births.lock);
	if (births.used * 2 >= births.cap)
		grow();
	Birth *b = slot_of(births.at, births.cap, object);
	births.used += !b->object;
	*b = (Birth){object, at};
	spin_unlock(&births.lock);
}

void
gos_in_born_forget(const void *object)
{
	if (!__atomic_load_n(&births.cap, __ATOMIC_RELAXED))
		return;
	spin_lock(&births.lock);
	Birth *b = slot_of(births.at, births.cap, object);
	if (b->object)
		b->object = &gone;
	spin_unlock(&births.lock);
}

static const GosPlace *
birth_of(const void *object)
{
	return births.cap ? slot_of(births.at, births.cap, object)->at : NULL;
}

/* ---- Ways ---- */

typedef struct Search {
	G *g;
	GosHeader **objects;	/* by address */
	uint64_t n;
	uint64_t *from;		/* by object: index + 1 of what led there, 0: not reached */
	uint64_t *queue;
} Search;

static int
by_address(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)*(GosHeader *const *)a, y = (uintptr_t)*(GosHeader *const *)b;

	return x < y ? -1 : x > y;
}

/* Index of the object, or n. */
static uint64_t
index_of(const Search *s, const GosHeader *o)
{
	GosHeader **found = bsearch(&o, s->objects, s->n, sizeof *s->objects, by_address);

	return found ? (uint64_t)(found - s->objects) : s->n;
}

static bool
is_rc(const GosHeader *o)
{
	return (o->meta & GOS_KIND_MASK) == GOS_CELL && gos_in_object_desc(o)->flags & GOS_LINKED;
}

/* Breadth first from the object until it is met again: `from` has the way back. */
static bool
find_cycle(Search *s, uint64_t start)
{
	uint64_t head = 0, tail = 0;

	memset(s->from, 0, s->n * sizeof *s->from);
	s->queue[tail++] = start;
	while (head < tail) {
		uint64_t at = s->queue[head++];
		Worklist *parts = gos_in_contents(s->g, s->objects[at]);
		for (uint64_t i = 0; i < parts->len; i++) {
			uint64_t k = index_of(s, parts->at[i]);
			if (k == s->n || s->from[k])
				continue;
			s->from[k] = at + 1;
			if (k != start)
				s->queue[tail++] = k;
		}
		parts->len = 0;
		if (s->from[start])
			return true;
	}
	return false;
}

/* ---- Text ---- */

typedef struct Line {
	char text[LINE];
	size_t len;
} Line;

static void
put(Line *l, const char *text)
{
	while (*text && l->len + 1 < LINE)
		l->text[l->len++] = *text++;
}

static void
put_number(Line *l, const char *before, uint64_t n)
{
	char digits[24];

	snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
	put(l, before);
	put(l, digits);
}

/* The name that the program has for what is in the object. */
static void
put_name(Line *l, const GosHeader *o)
{
	static const struct { const char *inside, *name; } known[] = {{"RcCell<", "Rc<"}, {"RefSlot<", "RefCell<"}};
	const char *name = gos_in_object_desc(o)->name;

	if ((o->meta & GOS_KIND_MASK) == GOS_VEC) {
		put(l, "Vec<");
		put(l, name);
		put(l, ">");
		return;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (!strncmp(name, known[i].inside, strlen(known[i].inside))) {
			put(l, known[i].name);
			name += strlen(known[i].inside);
			break;
		}
	put(l, name);
}

static void
put_way(Search *s, Line *l, uint64_t start)
{
	uint64_t n = 0;

	for (uint64_t at = s->from[start] - 1; at != start; at = s->from[at] - 1)
		s->queue[n++] = at;
	put_name(l, s->objects[start]);
	while (n > 0) {
		put(l, " -> ");
		put_name(l, s->objects[s->queue[--n]]);
	}
	put(l, " -> ");
	put_name(l, s->objects[start]);
}

/* ---- The report ---- */

/* Rcs of one type, made at one place. */
typedef struct Group {
	const GosPlace *at;
	const GosDesc *desc;
	uint64_t n, first;
} Group;

static bool
same_place(const GosPlace *a, const GosPlace *b)
{
	return a == b || (a && b && a->line == b->line && a->column == b->column && !strcmp(a->file, b->file));
}

static uint64_t
group_rcs(const Search *s, Group *groups)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < s->n; i++) {
		if (!is_rc(s->objects[i]))
			continue;
		const GosDesc *desc = gos_in_object_desc(s->objects[i]);
		const GosPlace *at = birth_of(s->objects[i]);
		uint64_t k = 0;
		while (k < n && !(groups[k].desc == desc && same_place(groups[k].at, at)))
			k++;
		if (k == MAX_GROUPS)
			continue;
		if (k == n)
			groups[n++] = (Group){at, desc, 0, i};
		groups[k].n++;
	}
	return n;
}

static int
by_place(const void *a, const void *b)
{
	const Group *x = a, *y = b;

	if (!x->at || !y->at)
		return !x->at - !y->at;
	return x->at->line != y->at->line ? (x->at->line < y->at->line ? -1 : 1)
	    : (x->at->column > y->at->column) - (x->at->column < y->at->column);
}

static void
print_group(Search *s, const Group *group)
{
	Line l = {.len = 0};

	put_number(&l, "  ", group->n);
	put(&l, " × ");
	put_name(&l, s->objects[group->first]);
	if (group->at) {
		put(&l, " made at ");
		put(&l, group->at->file);
		put_number(&l, ":", group->at->line);
		put_number(&l, ":", group->at->column);
	}
	if (find_cycle(s, group->first)) {
		put(&l, ", in a cycle: ");
		put_way(s, &l, group->first);
	} else {
		put(&l, ", held by another of these");
	}
	put(&l, "\n");
	gos_in_output_error((Text){l.text, l.len});
}

void
gos_in_leaks_explain(G *g, GosHeader **objects, uint64_t n)
{
	Search s = {.g = g, .objects = objects, .n = n};
	Group groups[MAX_GROUPS];

	if (n == 0 || n > MAX_OBJECTS)
		return;
	qsort(objects, n, sizeof *objects, by_address);
	s.from = gos_in_raw_alloc(n * sizeof *s.from);
	s.queue = gos_in_raw_alloc((n + 1) * sizeof *s.queue);
	uint64_t k = group_rcs(&s, groups);
	qsort(groups, k, sizeof *groups, by_place);
	for (uint64_t i = 0; i < k; i++)
		print_group(&s, &groups[i]);
	gos_in_raw_free(s.from);
	gos_in_raw_free(s.queue);
}
