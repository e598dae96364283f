/*
 * Reclaiming cycles: trial deletion, as Bacon and Rajan describe it ("Concurrent Cycle Collection in Reference
 * Counted Systems", 2001), on a list of all cells that could be part of one, as CPython keeps of its containers.
 *
 * A cycle leads through the cell of an Rc, of a type whose values can come to refer to themselves and hold
 * nothing with a Drop (GOS_CYCLIC, decided by gos-rc).  Each goroutine remembers its living cells of such
 * types in a table; they hold Cells or RefCells, so no other goroutine knows them.  When there are twice as
 * many as the last search left, it is searched for those that are only referred to from each other:
 *
 *   COUNT     each cell starts with its count of references
 *   SUBTRACT  … less those that other cells of the table hold
 *   RESCUE    what has some left is in use, and so is all that it refers to
 *   GATHER    the rest is suspect
 *
 * A search goes on for a slice at each further cell that is made; the program changes the graph meanwhile, so
 * what it finds is a guess.  Then the same is done with the suspects alone, at once: that is a proof, because
 * counts are exact whenever the goroutine allocates.  What both find is taken apart.
 *
 * Objects between cells (vectors, boxes, RefCells) are looked through where their only reference is known;
 * where one has several, all that it holds counts as in use, which may keep a cycle but never frees too much.
 */
#include "librt/rc/cycles.h"
#include "librt/alloc/heap.h"
#include "librt/alloc/raw.h"
#include "librt/rc/rc.h"
#include "librt/rc/weak.h"
#include "librt/rc/worklist.h"

enum { TABLE_MIN = 256, LIMIT_MIN = 512, SLICE = 256, LOOK = 16 /* what looking through a cell costs */ };

typedef enum Phase { IDLE, COUNT_REFERENCES, SUBTRACT, RESCUE, GATHER } Phase;
typedef enum State { NEW, SUSPECT, IN_USE } State;

typedef struct Tracked {
	GosHeader *cell;	/* NULL: free; &gone: was in use */
	uint32_t references;	/* that no cell of the table is known to hold */
	State state;
} Tracked;

typedef struct Indices {
	uint64_t *at;
	uint64_t len, cap;
} Indices;

struct Cycles {
	Tracked *at;		/* open addressing */
	uint64_t cap, used, living;	/* used: not free, living or gone */
	uint64_t limit;		/* so many living ones start a search */
	Phase phase;
	uint64_t cursor;
	bool subtracts;		/* what an edge does: else it rescues */
	Indices todo;		/* RESCUE: in use, to be looked through.  GATHER: the suspects */
	Worklist between;	/* objects between cells, to be looked through */
};

static GosHeader gone;
uint64_t gos_in_cycles_reclaimed;

/* ---- The table ---- */

static Tracked *
slot_of(Tracked *at, uint64_t cap, const GosHeader *cell)
{
	uint64_t i = (uint64_t)(uintptr_t)cell * 0x9E3779B97F4A7C15u >> 20;

	for (;; i++) {
		Tracked *t = &at[i & (cap - 1)];
		if (!t->cell || t->cell == cell)
			return t;
	}
}

static bool
is_living(const Tracked *t)
{
	return t->cell && t->cell != &gone;
}

/* Room for as many again, and for those that come while they are searched.  Indices change. */
static void
make_room(Cycles *c)
{
	Tracked *old = c->at;
	uint64_t n = c->cap, cap = TABLE_MIN;

	while (cap < c->living * 4)
		cap *= 2;
	c->at = gos_in_raw_alloc(cap * sizeof *c->at);
	c->cap = cap;
	c->used = c->living;
	c->phase = IDLE;
	for (uint64_t i = 0; i < n; i++)
		if (is_living(&old[i]))
			*slot_of(c->at, cap, old[i].cell) = old[i];
	gos_in_raw_free(old);
}

static void
index_push(Indices *x, uint64_t i)
{
	if (x->len == x->cap) {
		x->cap = x->cap ? x->cap * 2 : WORKLIST_MIN;
		x->at = gos_in_raw_resize(x->at, x->cap * sizeof *x->at);
	}
	x->at[x->len++] = i;
}

/* ---- Looking through cells ---- */

/* How many references there are to an object of the goroutine's own; not above 0: it is not. */
static int32_t
references(const GosHeader *o)
{
	return rc_load(o) * RC_ONE;
}

static void
use(Cycles *c, Tracked *t)
{
	t->state = IN_USE;
	index_push(&c->todo, (uint64_t)(t - c->at));
}

static void
meet(Cycles *c, GosHeader *cell)
{
	Tracked *t = slot_of(c->at, c->cap, cell);

	if (!t->cell || t->state != SUSPECT)
		return;
	if (!c->subtracts)
		use(c, t);
	else if (t->references > 0)
		t->references--;
}

void
gos_in_cycles_edge(G *g, GosHeader *o)
{
	if (references(o) <= 0 || o->meta & GOS_PLAIN || (o->meta & GOS_KIND_MASK) == GOS_HANDLE)
		return;
	if (o->meta & GOS_TRACKED)
		meet(g->cycles, o);
	else if (references(o) == 1)
		gos_in_worklist_push(&g->cycles->between, o);
}

static void
look_through(G *g, GosHeader *cell)
{
	Cycles *c = g->cycles;

	g->tells_edges = true;
	gos_in_each_content(g, cell, GOS_SHARE);
	while (c->between.len > 0)
		gos_in_each_content(g, c->between.at[--c->between.len], GOS_SHARE);
	g->tells_edges = false;
}

/* ---- One phase after the other, for one entry of the table ---- */

static void
count(Tracked *t)
{
	t->references = (uint32_t)references(t->cell);
	t->state = SUSPECT;
}

static void
subtract(G *g, const Tracked *t)
{
	g->cycles->subtracts = true;
	look_through(g, t->cell);
}

static void
rescue_rest(G *g, int64_t *budget)
{
	Cycles *c = g->cycles;

	c->subtracts = false;
	for (; c->todo.len > 0 && *budget > 0; *budget -= LOOK) {
		const Tracked *t = &c->at[c->todo.at[--c->todo.len]];
		if (is_living(t))
			look_through(g, t->cell);
	}
}

/* ---- The proof, and what follows ---- */

static void
prove(G *g, const Indices *suspects)
{
	Cycles *c = g->cycles;
	int64_t all = INT64_MAX;

	c->todo.len = 0;
	for (uint64_t i = 0; i < suspects->len; i++)
		if (is_living(&c->at[suspects->at[i]]))
			count(&c->at[suspects->at[i]]);
	for (uint64_t i = 0; i < suspects->len; i++)
		if (is_living(&c->at[suspects->at[i]]))
			subtract(g, &c->at[suspects->at[i]]);
	for (uint64_t i = 0; i < suspects->len; i++) {
		Tracked *t = &c->at[suspects->at[i]];
		if (is_living(t) && t->state == SUSPECT && t->references > 0)
			use(c, t);
	}
	rescue_rest(g, &all);
}

/* The cells hold each other: one reference more keeps each until all have let go. */
static void
take_apart(G *g, const Worklist *dead)
{
	for (uint64_t i = 0; i < dead->len; i++) {
		rc_store(dead->at[i], rc_load(dead->at[i]) + RC_ONE);
		gos_in_weak_clear(g, dead->at[i]);
	}
	for (uint64_t i = 0; i < dead->len; i++)
		gos_in_each_content(g, dead->at[i], GOS_RELEASE);
	for (uint64_t i = 0; i < dead->len; i++) {
		dead->at[i]->meta |= GOS_PLAIN;
		object_release(g, dead->at[i]);
	}
}

static void
reclaim(G *g, const Indices *suspects)
{
	Cycles *c = g->cycles;
	Worklist dead = {0};

	prove(g, suspects);
	for (uint64_t i = 0; i < suspects->len; i++) {
		Tracked *t = &c->at[suspects->at[i]];
		if (is_living(t) && t->state == SUSPECT)
			gos_in_worklist_push(&dead, t->cell);
	}
	take_apart(g, &dead);
	__atomic_fetch_add(&gos_in_cycles_reclaimed, dead.len, __ATOMIC_RELAXED);
	gos_in_worklist_free(&dead);
}

static void
finish(G *g)
{
	Cycles *c = g->cycles;
	Indices suspects = c->todo;

	c->todo = (Indices){0};
	c->phase = IDLE;
	reclaim(g, &suspects);
	gos_in_raw_free(suspects.at);
	gos_in_raw_free(c->todo.at);
	c->todo = (Indices){0};
	gos_in_worklist_trim(&c->between);
	c->limit = c->living * 2 > LIMIT_MIN ? c->living * 2 : LIMIT_MIN;
}

/* ---- Slices ---- */

static void
visit_entry(G *g, Tracked *t, int64_t *budget)
{
	Cycles *c = g->cycles;

	switch (c->phase) {
	case IDLE:
		break;
	case COUNT_REFERENCES:
		count(t);
		break;
	case SUBTRACT:
		if (t->state == SUSPECT) {
			subtract(g, t);
			*budget -= LOOK;
		}
		break;
	case RESCUE:
		if (t->state == SUSPECT && t->references > 0)
			use(c, t);
		rescue_rest(g, budget);
		break;
	case GATHER:
		if (t->state == SUSPECT)
			index_push(&c->todo, c->cursor);
		break;
	}
}

/* A cell that came while the search was on its way is not part of it: nobody asks what it holds, and
 * whatever it refers to has one reference more than is found. */
static void
next_phase(G *g)
{
	Cycles *c = g->cycles;

	c->cursor = 0;
	if (c->phase == GATHER)
		finish(g);
	else
		c->phase++;
}

static void
search_some(G *g)
{
	Cycles *c = g->cycles;
	int64_t budget = SLICE;

	while (budget > 0 && c->phase != IDLE) {
		if (c->phase == RESCUE && c->todo.len > 0) {
			rescue_rest(g, &budget);
		} else if (c->cursor == c->cap) {
			next_phase(g);
		} else {
			if (is_living(&c->at[c->cursor]))
				visit_entry(g, &c->at[c->cursor], &budget);
			c->cursor++;
			budget--;
		}
	}
}

static void
start(Cycles *c)
{
	make_room(c);
	c->todo.len = 0;
	c->phase = COUNT_REFERENCES;
	c->cursor = 0;
}

/* ---- What others call ---- */

static Cycles *
cycles_of(G *g)
{
	if (!g->cycles) {
		g->cycles = gos_in_raw_alloc(sizeof *g->cycles);
		*g->cycles = (Cycles){.limit = LIMIT_MIN};
	}
	return g->cycles;
}

void
gos_in_cycles_track(G *g, GosHeader *cell)
{
	if (g->arena)
		return;
	Cycles *c = cycles_of(g);
	/* Not in the middle of a drop or a copy, where counts are not what they say. */
	if (g->drop.depth == 0 && !g->drop.in_order && !g->promotion) {
		if (c->phase == IDLE && c->living >= c->limit)
			start(c);
		search_some(g);
	}
	if (c->used * 2 >= c->cap)
		make_room(c);
	Tracked *t = slot_of(c->at, c->cap, cell);
	*t = (Tracked){cell, 0, NEW};
	c->used++;
	c->living++;
	cell->meta |= GOS_TRACKED;
}

void
gos_in_cycles_forget(G *g, GosHeader *cell)
{
	Cycles *c = g->cycles;

	cell->meta &= ~(uint32_t)GOS_TRACKED;
	Tracked *t = c && c->cap > 0 ? slot_of(c->at, c->cap, cell) : NULL;
	if (!t || !t->cell)
		return;
	/* Nobody looks past a last one. */
	bool is_last = !c->at[(uint64_t)(t + 1 - c->at) & (c->cap - 1)].cell;
	t->cell = is_last ? NULL : &gone;
	c->used -= is_last;
	c->living--;
}

void
gos_in_cycles_free(G *g)
{
	Cycles *c = g->cycles;

	if (!c)
		return;
	gos_in_raw_free(c->at);
	gos_in_raw_free(c->todo.at);
	gos_in_worklist_free(&c->between);
	gos_in_raw_free(c);
	g->cycles = NULL;
}

void
gos_in_cycles_end(G *g)
{
	Cycles *c = g->cycles;

	if (!c)
		return;
	c->phase = IDLE;
	c->todo.len = 0;
	for (uint64_t i = 0; i < c->cap; i++)
		if (is_living(&c->at[i]))
			index_push(&c->todo, i);
	finish(g);
	gos_in_cycles_free(g);
}
