/* Counts and cells: what release builds inline. */
#include "librt/alloc/heap.h"
#include "librt/coll/vec.h"
#include "librt/rc/cycles.h"
#include "librt/rc/rc.h"

void *
gos_rt_alloc(G *g, const void *desc)
{
	const GosDesc *d = desc;

	void *o = object_alloc(g, sizeof(GosHeader) + d->size, GOS_CELL | meta_of(d));

	if (UNLIKELY(d->flags & GOS_CYCLIC))
		gos_in_cycles_track(g, o);
	return o;
}

void
gos_rt_retain(G *g, void *object)
{
	(void)g;
	object_retain(object);
}

void
gos_rt_release(G *g, void *object)
{
	object_release(g, object);
}

void
gos_rt_str_retain(G *g, void *string)
{
	(void)g;
	string_retain(string);
}

void
gos_rt_str_release(G *g, void *string)
{
	string_release(g, string);
}

GosBool
gos_rt_drop_check(G *g, const GosPlace *at)
{
	return UNLIKELY(g->drop_panicked) && gos_in_drop_panicked(g, at);
}

GosBool
gos_rt_resource_unique(G *g, void *object, const GosString *name, const GosPlace *at)
{
	return UNLIKELY(!object_is_unique(object)) && gos_in_resource_shared(g, name, at);
}

void
gos_rt_box_unique(G *g, void *slot, const void *desc)
{
	GosCell *const *place = slot;

	if (!object_is_unique(*place))
		gos_in_box_copy(g, slot, desc);
}

GosBool
gos_rt_is_unique(G *g, void *object)
{
	(void)g;
	return object_is_unique(object);
}

void *
gos_rt_no_cell(G *g)
{
	(void)g;
	return NULL;
}

/* The cells have one size: the compiler sees to that.  The count is 1 already. */
void *
gos_rt_cell_reuse(G *g, void *cell, const void *desc)
{
	const GosDesc *d = desc;
	GosHeader *o = cell;

	if (UNLIKELY(!o))
		return gos_rt_alloc(g, desc);
	COUNT(reused);
	o->meta = GOS_CELL | meta_of(d) | (o->meta & GOS_FOREIGN);
	return o;
}

void
gos_rt_cell_free(G *g, void *cell)
{
	if (cell)
		block_free(g, cell);
}
