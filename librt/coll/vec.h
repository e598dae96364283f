/* Vectors, and copying what is about to be written.  The slot is the variable that holds the
 * vector or cell. */
#ifndef GOS_RT_COLL_VEC_H
#define GOS_RT_COLL_VEC_H

#include "librt/sched/g.h"

enum { VEC_HEADER = offsetof(GosVec, data) };

extern GosVec gos_in_empty_vec;

/* Replaces what the slot holds by a copy that nobody else has. */
void gos_in_box_copy(G *g, GosCell **slot, const GosDesc *desc);
void gos_in_vec_copy(G *g, GosVec **slot, const GosDesc *elem, int64_t cap);
/* Unique, and room for at least one more. */
void gos_in_vec_grow(G *g, GosVec **slot, const GosDesc *elem, int64_t n);
/* Room for exactly n at least; n > 0. */
GOS_OWN GosVec *gos_in_vec_alloc(G *g, const GosDesc *elem, int64_t n);

#endif
