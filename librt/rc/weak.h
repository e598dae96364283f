/* The end of an Rc, as its Weaks see it. */
#ifndef GOS_RT_RC_WEAK_H
#define GOS_RT_RC_WEAK_H

#include "librt/gos_rt.h"

/* The cell, of a type with GOS_LINKED, is dead: its Weaks find nothing from now on. */
void gos_in_weak_clear(G *g, GosHeader *cell);
/* When Weaks are copied out of an arena: a link for them, without a cell until that is copied, too. */
GOS_OWN GosHeader *gos_in_weak_copy(G *g);
void gos_in_weak_follow(GosHeader *cell);

#endif
