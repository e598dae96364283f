/* Counts and cells: what release builds inline. */
#include "librt/alloc/heap.h"
#include "librt/coll/vec.h"
#include "librt/rc/rc.h"

void *
gos_rt_alloc(G *g, const void *desc)
{
	const GosDesc *d = desc;

	return object_alloc(g, sizeof(GosHeader) + d->size, GOS_CELL | meta_of(d));
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

void
gos_rt_box_unique(G *g, void *slot, const void *desc)
{
	GosCell *const *place = slot;

	if (!object_is_unique(*place))
		gos_in_box_copy(g, slot, desc);
}
