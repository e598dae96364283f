/*
 * The end of objects.
 *
 * An object dies when its last reference goes.  Its contents are then released by the descriptor's
 * visit, which may find further objects that die.  Types that cannot contain themselves nest, up to
 * NEST_MAX visits deep; everything else goes to the goroutine's worklist, a stack, and is taken from
 * there by the outermost visit.  So neither a list of ten million cells nor a chain of closures
 * needs more C stack than NEST_MAX visits.
 *
 * If nobody can notice when an object ends (all of it is memory), it may be put off: what a large value
 * leaves behind goes to the goroutine's `later` list, and SLICE objects of it are worked off at once, and
 * at each further drop, each time the allocator needs a page, and whenever the goroutine yields; before it
 * waits or ends, all of it, others running between the slices.  So no drop takes longer than a slice.
 * The list is the goroutine's own because the objects' local counts are.
 *
 * Most such objects are cells whose descriptor has `words` (GOS_WORDED): the loop over `later` then needs no call
 * for each of them, and where one dies by itself its parts are released at once.
 *
 * Where code of the program runs (GOS_RUNS), order matters: an object's own Drop, then its fields from
 * the first.  There no visit nests: each object's visit collects what dies with it, and that is
 * dropped, the first first, before anything that was collected earlier.  (Reversing pointers in the dying objects would need no
 * memory at all, but each descriptor would have to name its fields.)
 */
#include "librt/alloc/heap.h"
#include "librt/alloc/raw.h"
#include "librt/coll/vec.h"
#include "librt/panic/fatal.h"
#include "librt/rc/builtin.h"
#include "librt/rc/handle.h"
#include "librt/rc/rc.h"
#include "librt/rc/weak.h"
#include "librt/rc/worklist.h"
#include "librt/str/str.h"

enum { NEST_MAX = 8, SLICE = 512 };

static void object_dead(G *g, GosHeader *o);

static inline bool
is_worded_cell(const GosHeader *o)
{
	return (o->meta & (GOS_WORDED | GOS_KIND_MASK)) == (GOS_WORDED | GOS_CELL);
}

/* One reference of what is being dropped. */
static inline void
let_go(G *g, GosHeader *o)
{
	int32_t r = rc_load(o);

	COUNT(releases);
	if (r != 1) {
		if (LIKELY((uint32_t)(r - 2) < GOS_STICKY - 2))
			rc_store(o, r - 1);
		else if (r != 0)
			gos_in_release_slow(g, o);
		return;
	}
	COUNT(ends);
	if (o->meta & GOS_PLAIN) {
		block_free(g, o);
	} else if (is_worded_cell(o)) {
		gos_in_worklist_push(&g->later, o);
	} else {
		object_dead(g, o);
	}
}

/* While something is being dropped. */
static inline void
release_words(G *g, uint64_t *at, uint32_t words)
{
	for (uint32_t left = words & ((1u << GOS_MAP_WORDS) - 1); left; left &= left - 1) {
		uint64_t word = at[__builtin_ctz(left)];
		if (word > GOS_NO_OBJECT)
			let_go(g, (GosHeader *)word);
	}
	for (uint32_t left = words >> GOS_MAP_WORDS; left; left &= left - 1) {
		GosString *s = (GosString *)(at + __builtin_ctz(left));
		if (((uint8_t)s->bytes[15] & ~1) == GOS_HEAP_TAG)
			let_go(g, &s->text->header);
	}
}

static inline void
release_value(G *g, void *at, const GosDesc *desc)
{
	if (desc->words)
		release_words(g, at, desc->words);
	else
		desc->visit(g, at, desc, GOS_RELEASE);
}

static void
release_contents(G *g, GosHeader *o, const GosDesc *desc)
{
	bool counted = desc->flags & GOS_COUNTED;

	if ((o->meta & GOS_KIND_MASK) == GOS_CELL) {
		if (counted)
			release_value(g, ((GosCell *)o)->payload, desc);
		return;
	}
	GosVec *v = (GosVec *)o;
	if (!vec_is_own(v)) {
		object_release(g, (void *)v->room[0]);
		return;
	}
	if (!counted)
		return;
	char *p = (char *)v->data;
	for (int64_t i = 0; i < v->len; i++, p += desc->size)
		release_value(g, p, desc);
}

/* ---- With code of the program ---- */

/*
 * Calls the Drop of a dead resource.  It may do anything: drop other things, wait, panic, even keep a
 * copy of its object; then that lives on, but its Drop has been.
 */
static bool
run_drop(G *g, GosHeader *o, const GosDesc *desc)
{
	Worklist outer = g->drop;
	bool pending = g->drop_panicked;

	if (o->meta & GOS_DROPPED)
		return true;
	o->meta |= GOS_DROPPED;
	rc_store(o, RC_ONE);
	g->drop.depth = 0;
	g->drop.in_order = false;
	g->drop.base = g->drop.len;
	g->drop_panicked = false;
	bool panicked = desc->drop(g, &o);
	g->drop_panicked = pending || panicked;
	g->drop.depth = outer.depth;
	g->drop.in_order = outer.in_order;
	g->drop.base = outer.base;
	if (object_is_unique(o))
		return true;
	object_release(g, o);
	return false;
}

static void
reverse(GosHeader **at, uint64_t n)
{
	for (uint64_t i = 0; i < n / 2; i++) {
		GosHeader *o = at[i];
		at[i] = at[n - 1 - i];
		at[n - 1 - i] = o;
	}
}

static void
finish_in_order(G *g, GosHeader *o)
{
	const GosDesc *desc = gos_in_object_desc(o);
	Worklist *w = &g->drop;

	if (desc->drop && (o->meta & GOS_KIND_MASK) == GOS_CELL && !run_drop(g, o, desc))
		return;
	uint64_t mark = w->len;
	release_contents(g, o, desc);
	reverse(w->at + mark, w->len - mark);
	block_free(g, o);
}

static void
drop_in_order(G *g, GosHeader *o)
{
	Worklist *w = &g->drop;
	uint64_t end = w->len;

	w->in_order = true;
	finish_in_order(g, o);
	while (w->len > end)
		finish_in_order(g, w->at[--w->len]);
	w->in_order = false;
	if (w->len == 0)
		gos_in_worklist_trim(w);
}

GosBool
gos_in_drop_panicked(G *g, const GosPlace *at)
{
	g->drop_panicked = false;
	gos_rt_trace(g, at);
	return true;
}

GosBool
gos_in_resource_shared(G *g, const GosString *name, const GosPlace *at)
{
	char buffer[256];
	Text t = string_text(name);

	gos_in_panic_format(g, at, buffer, sizeof buffer,
		"`%.*s` is a resource that is in use elsewhere: changing it needs the only reference",
		t.len < 100 ? (int)t.len : 100, t.at);
	return true;
}

/* ---- Without ---- */

static bool
may_wait(const GosDesc *desc)
{
	return !(desc->flags & (GOS_NOTICED | GOS_RUNS));
}

static bool
is_long(const GosHeader *o)
{
	const GosVec *v = (const GosVec *)o;

	return (o->meta & GOS_KIND_MASK) == GOS_VEC && v->len > SLICE && vec_is_own(v);
}

/* Takes from the budget; a long vector is released from its end.  True if nothing is left of the object. */
static bool
release_some(G *g, GosHeader *o, int64_t *budget)
{
	const GosDesc *desc = gos_in_object_desc(o);
	GosVec *v = (GosVec *)o;

	if (LIKELY(!is_long(o))) {
		release_contents(g, o, desc);
		--*budget;
		return true;
	}
	for (; v->len > 0 && *budget > 0; --*budget)
		release_value(g, (char *)v->data + (size_t)--v->len * desc->size, desc);
	return v->len == 0;
}

void
gos_in_drop_some(G *g)
{
	Worklist *w = &g->later;
	int64_t budget = SLICE;
	uint32_t id = UINT32_MAX, words = 0;

	if (w->len == 0 || g->drop.depth > 0 || g->drop.in_order)
		return;
	g->drop.depth++;
	while (w->len > 0 && budget > 0) {
		GosHeader *o = w->at[--w->len];
		if (LIKELY(is_worded_cell(o))) {
			if (o->meta >> GOS_ID_SHIFT != id) {
				id = o->meta >> GOS_ID_SHIFT;
				words = gos_in_desc_by_id(id)->words;
			}
			release_words(g, ((GosCell *)o)->payload, words);
			block_free(g, o);
			budget--;
		} else if (release_some(g, o, &budget)) {
			block_free(g, o);
		} else {
			gos_in_worklist_push(w, o);
		}
	}
	g->drop.depth--;
	if (w->len == 0)
		gos_in_worklist_trim(w);
}

void
gos_in_drop_rest(G *g)
{
	while (g->later.len > 0 && g->drop.depth == 0 && !g->drop.in_order)
		gos_in_drop_some(g);
}

static void
drop_now(G *g, GosHeader *o, const GosDesc *desc)
{
	Worklist *w = &g->drop;

	w->depth++;
	release_contents(g, o, desc);
	block_free(g, o);
	while (w->depth == 1 && w->len > w->base) {
		o = w->at[--w->len];
		release_contents(g, o, gos_in_object_desc(o));
		block_free(g, o);
	}
	if (--w->depth == 0 && w->len == 0)
		gos_in_worklist_trim(w);
}

static void
drop_contents(G *g, GosHeader *o, const GosDesc *desc)
{
	Worklist *w = &g->drop;
	bool is_deep = w->depth >= ((desc->flags & GOS_RECURSIVE) ? 1 : NEST_MAX) || is_long(o);

	if (desc->flags & GOS_LINKED)
		gos_in_weak_clear(g, o);
	if ((is_deep || w->in_order) && may_wait(desc)) {
		gos_in_worklist_push(&g->later, o);
		if (w->depth > 0 || w->in_order)
			return;
	} else if (w->in_order) {
		gos_in_worklist_push(w, o);
		return;
	} else if (desc->flags & GOS_RUNS) {
		drop_in_order(g, o);
	} else if (is_deep && w->depth > 0) {
		gos_in_worklist_push(w, o);
		return;
	} else {
		drop_now(g, o, desc);
	}
	if (g->later.len > 0)
		gos_in_drop_some(g);
}

static void
drop_worded(G *g, GosHeader *o)
{
	Worklist *w = &g->drop;

	if (w->depth > 0 || w->in_order) {
		gos_in_worklist_push(&g->later, o);
		return;
	}
	w->depth++;
	release_words(g, ((GosCell *)o)->payload, gos_in_object_desc(o)->words);
	block_free(g, o);
	w->depth--;
	if (g->later.len > 0)
		gos_in_drop_some(g);
}

static void
object_dead(G *g, GosHeader *o)
{
	if (LIKELY(o->meta & GOS_PLAIN))
		block_free(g, o);
	else if (is_worded_cell(o))
		drop_worded(g, o);
	else if ((o->meta & GOS_KIND_MASK) == GOS_HANDLE)
		gos_in_handle_finalize(g, (Handle *)o);
	else
		drop_contents(g, o, gos_in_object_desc(o));
}

void
gos_in_retain_slow(GosHeader *o)
{
	int32_t r = rc_load(o);

	if (r >= 0 || r <= -GOS_STICKY)
		return;
	COUNT(atomics);
	__atomic_fetch_sub(&o->rc, 1, __ATOMIC_RELAXED);
}

void
gos_in_release_slow(G *g, GosHeader *o)
{
	int32_t r = rc_load(o);

	if (r == 1) {
		COUNT(ends);
		object_dead(g, o);
	} else if (r < 0 && r > -GOS_STICKY) {
		COUNT(atomics);
		/* Whoever takes the last reference sees what the others did to the object. */
		if (__atomic_fetch_add(&o->rc, 1, __ATOMIC_ACQ_REL) == -1) {
			COUNT(ends);
			object_dead(g, o);
		}
	}
}

bool
gos_in_object_is_unique_slow(GosHeader *o)
{
	/* The only reference is ours: nobody can take another meanwhile. */
	if (__atomic_load_n(&o->rc, __ATOMIC_ACQUIRE) != -1)
		return false;
	rc_store(o, RC_ONE);
	return true;
}

const GosDesc *
gos_in_object_desc(const GosHeader *o)
{
	return gos_in_desc_by_id(o->meta >> GOS_ID_SHIFT);
}
