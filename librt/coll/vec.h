/* Vectors, and copying what is about to be written.  The slot is the variable that holds the
 * vector or cell. */
#ifndef GOS_RT_COLL_VEC_H
#define GOS_RT_COLL_VEC_H

#include "librt/sched/g.h"

enum { VEC_HEADER = offsetof(GosVec, room) };

extern GosVec gos_in_empty_vec;

/* Has it its elements in itself? */
static inline bool
vec_is_own(const GosVec *v)
{
	return v->data == v->room;
}

/* Are the elements another object's, and not to be written? */
static inline bool
vec_is_view(const GosVec *v)
{
	return v->cap < v->len;
}

/* Are they another's, and to be written there? */
static inline bool
vec_is_window(const GosVec *v)
{
	return !vec_is_own(v) && !vec_is_view(v);
}

/* n > 0 elements from `at` on, which lie in the object; a view, or a copy if that is as short. */
GOS_OWN GosVec *gos_in_vec_view(G *g, const GosDesc *elem, void *owner, const void *at, int64_t n);
/* Turns a window into a view of a copy, in place: for those who took its value. */
void gos_in_vec_detach(G *g, GosVec *window, const GosDesc *elem);
/* Replaces what the slot holds by a copy that nobody else has. */
void gos_in_box_copy(G *g, GosCell **slot, const GosDesc *desc);
void gos_in_vec_copy(G *g, GosVec **slot, const GosDesc *elem, int64_t cap);
/* What vec_unique does to one that is shared or a view. */
void gos_in_vec_split(G *g, GosVec **slot, const GosDesc *elem);
/* Unique, and room for at least one more. */
void gos_in_vec_grow(G *g, GosVec **slot, const GosDesc *elem, int64_t n);
/* Room for exactly n at least; n > 0. */
GOS_OWN GosVec *gos_in_vec_alloc(G *g, const GosDesc *elem, int64_t n);

#endif
