/* Vectors: what release builds inline. */
#include "librt/coll/vec.h"
#include "librt/rc/rc.h"

#include <string.h>

void *
gos_rt_vec_new(G *g, const void *elem, int64_t n)
{
	if (n == 0)
		return &gos_in_empty_vec;
	GosVec *v = gos_in_vec_alloc(g, elem, n);
	v->len = n;
	return v;
}

void *
gos_rt_vec_with_capacity(G *g, const void *elem, int64_t n)
{
	return n > 0 ? gos_in_vec_alloc(g, elem, n) : &gos_in_empty_vec;
}

int64_t
gos_rt_vec_len(G *g, const void *vec)
{
	(void)g;
	return ((const GosVec *)vec)->len;
}

int64_t
gos_rt_vec_capacity(G *g, const void *vec)
{
	(void)g;
	return ((const GosVec *)vec)->cap;
}

void
gos_rt_vec_unique(G *g, void *slot, const void *elem)
{
	GosVec **place = slot, *v = *place;

	/* The empty vector is never unique, and has nothing that could be written. */
	if (UNLIKELY(!object_is_unique(v) || vec_is_view(v)) && v->len > 0)
		gos_in_vec_split(g, place, elem);
}

void *
gos_rt_vec_push_slot(G *g, void *slot, const void *elem)
{
	const GosDesc *d = elem;
	GosVec **place = slot, *v = *place;

	if (UNLIKELY(rc_load(&v->header) != 1 || v->len >= v->cap)) {
		gos_in_vec_grow(g, place, d, 1);
		v = *place;
	}
	return (char *)v->data + (uint64_t)v->len++ * d->size;
}

GosBool
gos_rt_vec_pop(G *g, void *slot, const void *elem, void *out)
{
	const GosDesc *d = elem;
	GosVec **place = slot;

	if ((*place)->len == 0)
		return 0;
	if (UNLIKELY(!object_is_unique(*place) || !vec_is_own(*place)))
		gos_in_vec_copy(g, place, elem, 0);
	GosVec *v = *place;
	v->len--;
	memcpy(out, (char *)v->data + (uint64_t)v->len * d->size, d->size);
	return 1;
}

void
gos_rt_vec_swap(G *g, void *slot, const void *elem, int64_t i, int64_t j)
{
	const GosDesc *d = elem;
	GosVec **place = slot;

	gos_rt_vec_unique(g, slot, elem);
	char *a = (char *)(*place)->data + (uint64_t)i * d->size;
	char *b = (char *)(*place)->data + (uint64_t)j * d->size;
	for (uint64_t at = 0; at < d->size;) {
		char part[32];
		uint64_t n = d->size - at < sizeof part ? d->size - at : sizeof part;
		memcpy(part, a + at, n);
		memcpy(a + at, b + at, n);
		memcpy(b + at, part, n);
		at += n;
	}
}
