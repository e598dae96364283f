/*
 * What an Rc and its Weaks have in common: a link, made with the first Weak, that knows the Rc's cell while
 * there is one.  The cell holds a reference to it, at the start of its payload, and so does each Weak.
 *
 * The cell dies in the goroutine that has its last reference, and clears the link before anything else
 * happens to it.  Another may ask for it at that moment, so both hold the link's lock: whoever sees a cell in
 * the link may look at its count, and takes a reference only where there is one left.
 */
#include "librt/alloc/arena.h"
#include "librt/rc/cycles.h"
#include "librt/rc/handle.h"
#include "librt/rc/rc.h"
#include "librt/rc/weak.h"
#include "librt/sched/spin.h"
#include "librt/start/leaks.h"

typedef struct Link {
	Handle handle;
	SpinLock lock;
	GosCell *cell;		/* NULL: there is none yet, or no longer */
} Link;

static void
finalize(G *g, Handle *h)
{
	block_free(g, &h->header);
}

static const HandleOps ops = {"Weak", finalize};

/* With one reference.  It lies where the cell does. */
static Link *
link_new(G *g, GosCell *cell)
{
	Arena *now = g->arena;

	if (cell)
		gos_in_arena_set(g, gos_in_arena_of(&cell->header));
	Link *l = object_alloc(g, sizeof *l, GOS_HANDLE);

	l->handle.header.rc = -1;
	l->handle.ops = &ops;
	l->lock = (SpinLock){0};
	l->cell = cell;
	gos_in_arena_set(g, now);
	return l;
}

GosHeader *
gos_in_weak_copy(G *g)
{
	Link *l = link_new(g, NULL);

	return &l->handle.header;
}

void
gos_in_weak_follow(GosHeader *cell)
{
	Link *l = *(Link **)(void *)((GosCell *)cell)->payload;

	if (l && !l->cell)
		l->cell = (GosCell *)cell;
}

static Link **
link_of(GosCell *cell)
{
	return (Link **)(void *)cell->payload;
}

/* The references to the link. */
static int64_t
references(Link *l)
{
	return -(int64_t)__atomic_load_n(&l->handle.header.rc, __ATOMIC_RELAXED);
}

void
gos_in_weak_clear(G *g, GosHeader *cell)
{
	Link *l = __atomic_load_n(link_of((GosCell *)cell), __ATOMIC_ACQUIRE);

	if (cell->meta & GOS_TRACKED)
		gos_in_cycles_forget(g, cell);
	gos_in_born_forget(cell);
	if (!l)
		return;
	spin_lock(&l->lock);
	l->cell = NULL;
	spin_unlock(&l->lock);
}

/* ---- Asked of an Rc: `rc` is the address of its pointer to the cell ---- */

void *
gos_rt_rc_downgrade(G *g, void *rc)
{
	GosCell *cell = *(GosCell **)rc;
	Link *l = __atomic_load_n(link_of(cell), __ATOMIC_ACQUIRE), *made;

	if (!l) {
		made = link_new(g, cell);
		if (__atomic_compare_exchange_n(link_of(cell), &l, made, false, __ATOMIC_ACQ_REL,
		    __ATOMIC_ACQUIRE))
			l = made;
		else
			object_release(g, made);
	}
	object_retain(l);
	return l;
}

int64_t
gos_rt_rc_weak_count(G *g, void *rc)
{
	Link *l = __atomic_load_n(link_of(*(GosCell **)rc), __ATOMIC_ACQUIRE);

	(void)g;
	return l ? references(l) - 1 : 0;
}

void *
gos_rt_weak_new(G *g)
{
	return link_new(g, NULL);
}

/* The cell has the link already, and now the link the cell. */
void
gos_rt_weak_bind(G *g, void *rc)
{
	GosCell *cell = *(GosCell **)rc;
	Link *l = *link_of(cell);

	(void)g;
	spin_lock(&l->lock);
	l->cell = cell;
	spin_unlock(&l->lock);
}

/* ---- Asked of a Weak: `weak` is the address of its pointer to the link, which may be NULL ---- */

/* One more reference, unless the last one is gone. */
static bool
retain_living(GosHeader *o)
{
	int32_t r = rc_load(o);

	if (r > 0) {
		object_retain(o);
		return true;
	}
	while (r != 0)
		if (__atomic_compare_exchange_n(&o->rc, &r, r - 1, false, __ATOMIC_RELAXED,
		    __ATOMIC_RELAXED))
			return true;
	return false;
}

GosBool
gos_rt_weak_upgrade(G *g, void *weak, void *out)
{
	Link *l = *(Link **)weak;

	(void)g;
	if (!l)
		return false;
	spin_lock(&l->lock);
	GosCell *cell = l->cell;
	bool alive = cell && retain_living(&cell->header);
	spin_unlock(&l->lock);
	if (alive)
		*(GosCell **)out = cell;
	return alive;
}

int64_t
gos_rt_weak_strong_count(G *g, void *weak)
{
	Link *l = *(Link **)weak;
	int64_t n = 0;

	if (!l)
		return 0;
	spin_lock(&l->lock);
	if (l->cell)
		n = gos_rt_count(g, l->cell);
	spin_unlock(&l->lock);
	return n;
}

int64_t
gos_rt_weak_weak_count(G *g, void *weak)
{
	return gos_rt_weak_strong_count(g, weak) > 0 ? references(*(Link **)weak) - 1 : 0;
}

GosBool
gos_rt_weak_same(G *g, void *a, void *b)
{
	(void)g;
	return *(Link **)a == *(Link **)b;
}

/* ---- Of any object ---- */

GosBool
gos_rt_same(G *g, void *a, void *b)
{
	(void)g;
	return a == b;
}

int64_t
gos_rt_count(G *g, void *object)
{
	int64_t r = rc_load(object);

	(void)g;
	return r < 0 ? -r : r;
}
