/*
 * The end of objects.
 *
 * An object dies when its last reference goes.  Its contents are then released by the descriptor's
 * visit, which may find further objects that die.  Types that cannot contain themselves nest, up to
 * NEST_MAX visits deep; everything else goes to the goroutine's worklist, a stack, and is taken from
 * there by the outermost visit.  So neither a list of ten million cells nor a chain of closures
 * needs more C stack than NEST_MAX visits.  (Reversing pointers in the dying objects would need no
 * memory at all, but each descriptor would have to name its fields.)
 */
#include "librt/alloc/heap.h"
#include "librt/alloc/raw.h"
#include "librt/rc/builtin.h"
#include "librt/rc/handle.h"
#include "librt/rc/rc.h"
#include "librt/rc/worklist.h"

enum { NEST_MAX = 8 };

static void
release_contents(G *g, GosHeader *o, const GosDesc *desc)
{
	if ((o->meta & GOS_KIND_MASK) == GOS_CELL) {
		desc->visit(g, ((GosCell *)o)->payload, desc, GOS_RELEASE);
		return;
	}
	GosVec *v = (GosVec *)o;
	char *p = (char *)v->data;
	for (int64_t i = 0; i < v->len; i++, p += desc->size)
		desc->visit(g, p, desc, GOS_RELEASE);
}

static void
drop_contents(G *g, GosHeader *o, const GosDesc *desc)
{
	Worklist *w = &g->drop;

	if (w->depth >= ((desc->flags & GOS_RECURSIVE) ? 1 : NEST_MAX)) {
		gos_in_worklist_push(w, o);
		return;
	}
	w->depth++;
	release_contents(g, o, desc);
	block_free(g, o);
	while (w->depth == 1 && w->len > 0) {
		o = w->at[--w->len];
		release_contents(g, o, gos_in_object_desc(o));
		block_free(g, o);
	}
	if (--w->depth == 0)
		gos_in_worklist_trim(w);
}

static void
object_dead(G *g, GosHeader *o)
{
	if (LIKELY(o->meta & GOS_PLAIN))
		block_free(g, o);
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
		object_dead(g, o);
	} else if (r < 0 && r > -GOS_STICKY) {
		COUNT(atomics);
		/* Whoever takes the last reference sees what the others did to the object. */
		if (__atomic_fetch_add(&o->rc, 1, __ATOMIC_ACQ_REL) == -1)
			object_dead(g, o);
	}
}

bool
gos_in_object_is_unique_slow(GosHeader *o)
{
	/* The only reference is ours: nobody can take another meanwhile. */
	if (__atomic_load_n(&o->rc, __ATOMIC_ACQUIRE) != -1)
		return false;
	rc_store(o, 1);
	return true;
}

const GosDesc *
gos_in_object_desc(const GosHeader *o)
{
	return gos_in_desc_by_id(o->meta >> GOS_ID_SHIFT);
}
