/* Copies of values out of arenas.  See alloc/arena.h. */
#ifndef GOS_RT_RC_PROMOTE_H
#define GOS_RT_RC_PROMOTE_H

#include "librt/sched/g.h"

/* What the value at `place` refers to in arenas deeper than `depth` is replaced by copies in g's current
 * heap; what is shared inside the value is shared inside the copy. */
void gos_in_promote(G *g, void *place, const GosDesc *desc, uint32_t depth);
/* The same for one object. */
GOS_OWN void *gos_in_promote_object(G *g, GOS_OWN void *object, uint32_t depth);
/* The messages of the goroutine's panics. */
void gos_in_promote_panics(G *g, uint32_t depth);

#endif
