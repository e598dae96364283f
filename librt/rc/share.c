/*
 * Marking values as shared, before another goroutine can reach them.
 *
 * Only the goroutine that owns all local references of an object marks it, so plain loads and stores
 * do; whatever publishes the value afterwards (a lock, a queue) orders them.  The walk stops at
 * objects that are shared already: all they reach is shared too.
 */
#include "librt/coll/vec.h"
#include "librt/rc/cycles.h"
#include "librt/rc/rc.h"
#include "librt/rc/worklist.h"

void
gos_in_each_content(G *g, GosHeader *o, GosOp op)
{
	const GosDesc *desc = gos_in_object_desc(o);
	bool counted = desc->flags & GOS_COUNTED;

	if ((o->meta & GOS_KIND_MASK) == GOS_CELL) {
		if (counted)
			desc->visit(g, ((GosCell *)o)->payload, desc, op);
		return;
	}
	GosVec *v = (GosVec *)o;
	if (!vec_is_own(v)) {
		if (op == GOS_RELEASE)
			object_release(g, (void *)v->room[0]);
		else
			gos_rt_share(g, (void *)v->room[0]);
		return;
	}
	if (!counted)
		return;
	char *p = (char *)v->data;
	for (int64_t i = 0; i < v->len; i++, p += desc->size)
		desc->visit(g, p, desc, op);
}

/* A window must not be written through any more. */
static void
share_contents(G *g, GosHeader *o)
{
	GosVec *v = (GosVec *)o;

	if ((o->meta & GOS_KIND_MASK) == GOS_VEC && vec_is_window(v))
		gos_in_vec_detach(g, v, gos_in_object_desc(o));
	gos_in_each_content(g, o, GOS_SHARE);
}

void
gos_rt_share(G *g, void *object)
{
	GosHeader *o = object;
	Worklist *w = &g->share;
	int32_t r = rc_load(o);

	if (UNLIKELY(g->tells_edges)) {
		gos_in_cycles_edge(g, o);
		return;
	}
	if (r <= 0)
		return;
	if (UNLIKELY(o->meta & GOS_TRACKED))
		gos_in_cycles_forget(g, o);
	rc_store(o, -r);
	if (o->meta & GOS_PLAIN || (o->meta & GOS_KIND_MASK) == GOS_HANDLE)
		return;
	if (w->depth > 0) {
		gos_in_worklist_push(w, o);
		return;
	}
	w->depth++;
	share_contents(g, o);
	while (w->len > 0)
		share_contents(g, w->at[--w->len]);
	w->depth--;
	gos_in_worklist_trim(w);
}

/* Whatever has contents and is not shared goes to the worklist; its mark is taken back. */
Worklist *
gos_in_contents(G *g, GosHeader *o)
{
	Worklist *w = &g->share;

	w->depth++;
	if (!(o->meta & GOS_PLAIN) && (o->meta & GOS_KIND_MASK) != GOS_HANDLE)
		share_contents(g, o);
	w->depth--;
	for (uint64_t i = 0; i < w->len; i++)
		rc_store(w->at[i], 1);
	return w;
}

void
gos_rt_str_share(G *g, void *string)
{
	GosString *s = string;

	if (string_is_heap(s))
		gos_rt_share(g, s->text);
}
