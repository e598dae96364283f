/* Vectors: allocation, growth, copy on write.  The short operations are in hot/vec.c. */
#include "librt/coll/vec.h"
#include "librt/alloc/heap.h"
#include "librt/panic/fatal.h"
#include "librt/rc/rc.h"

#include <string.h>

enum { VEC_MIN_BYTES = 64, DOUBLE_UNTIL = 64 << 10 };

GosVec gos_in_empty_vec = {{0, GOS_VEC}, 0, 0, gos_in_empty_vec.room};

static char *
vec_at(GosVec *v, const GosDesc *elem, int64_t i)
{
	return (char *)v->data + (uint64_t)i * elem->size;
}

static void
each(G *g, GosVec *v, const GosDesc *elem, int64_t from, int64_t to, GosOp op)
{
	if (!(elem->flags & GOS_COUNTED))
		return;
	for (int64_t i = from; i < to; i++)
		elem->visit(g, vec_at(v, elem, i), elem, (int32_t)op);
}

static uint64_t
vec_bytes(const GosDesc *elem, int64_t n)
{
	uint64_t bytes;

	if (__builtin_mul_overflow((uint64_t)n, elem->size, &bytes) || bytes > (uint64_t)1 << 47)
		gos_in_fatal("out of memory (a vector of %lld elements of %llu bytes)", (long long)n,
			(unsigned long long)elem->size);
	return bytes + VEC_HEADER;
}

static int64_t
room(const GosDesc *elem, uint64_t bytes)
{
	return elem->size ? (int64_t)((bytes - VEC_HEADER) / elem->size) : INT64_MAX;
}

GosVec *
gos_in_vec_alloc(G *g, const GosDesc *elem, int64_t n)
{
	uint64_t bytes = gos_in_good_size(vec_bytes(elem, n));
	GosVec *v = object_alloc(g, bytes, GOS_VEC | meta_of(elem));

	v->len = 0;
	v->cap = room(elem, bytes);
	v->data = v->room;
	return v;
}

void
gos_in_vec_copy(G *g, GosVec **slot, const GosDesc *elem, int64_t cap)
{
	GosVec *old = *slot;
	GosVec *v = gos_in_vec_alloc(g, elem, cap > old->len ? cap : old->len);

	if (old->len > 0)
		COUNT(copies);
	memcpy(v->data, old->data, (size_t)old->len * elem->size);
	v->len = old->len;
	each(g, v, elem, 0, v->len, GOS_RETAIN);
	*slot = v;
	object_release(g, old);
}

void
gos_in_box_copy(G *g, GosCell **slot, const GosDesc *desc)
{
	GosCell *old = *slot;
	GosCell *c = gos_rt_alloc(g, desc);

	COUNT(copies);
	memcpy(c->payload, old->payload, desc->size);
	if (desc->flags & GOS_COUNTED)
		desc->visit(g, c->payload, desc, GOS_RETAIN);
	*slot = c;
	object_release(g, old);
}

enum { VIEW_BYTES = 64 };

/* A vector whose elements are another object's.  Not GOS_PLAIN: its end releases the owner. */
static GosVec *
vec_into(G *g, const GosDesc *elem, GOS_OWN void *owner, const void *at, int64_t n, int64_t cap)
{
	GosVec *v = object_alloc(g, VEC_HEADER + sizeof v->room[0], (GOS_VEC | meta_of(elem)) & ~GOS_PLAIN);

	v->len = n;
	v->cap = cap;
	v->data = (uint64_t *)(uintptr_t)at;
	v->room[0] = (uint64_t)(uintptr_t)owner;
	return v;
}

/* A vector of its own with these elements. */
static GosVec *
vec_of(G *g, const GosDesc *elem, const void *at, int64_t n)
{
	GosVec *v = gos_in_vec_alloc(g, elem, n);

	memcpy(v->data, at, (size_t)n * elem->size);
	v->len = n;
	each(g, v, elem, 0, n, GOS_RETAIN);
	return v;
}

GosVec *
gos_in_vec_view(G *g, const GosDesc *elem, void *owner, const void *at, int64_t n)
{
	if ((uint64_t)n * elem->size <= VIEW_BYTES)
		return vec_of(g, elem, at, n);
	object_retain(owner);
	return vec_into(g, elem, owner, at, n, 0);
}

static void *
owner_of(const GosVec *v)
{
	return vec_is_own(v) ? (void *)(uintptr_t)v : (void *)v->room[0];
}

void *
gos_rt_vec_window(G *g, const void *vec, const void *desc, int64_t from, int64_t to)
{
	const GosDesc *elem = desc;
	const GosVec *old = vec;

	if (from >= to || elem->size == 0)
		return gos_rt_vec_slice(g, vec, desc, from, to);
	object_retain(owner_of(old));
	return vec_into(g, elem, owner_of(old), (const char *)old->data + (uint64_t)from * elem->size,
		to - from, to - from);
}

void
gos_in_vec_detach(G *g, GosVec *window, const GosDesc *elem)
{
	GosVec *v = vec_of(g, elem, window->data, window->len);
	void *owner = owner_of(window);

	window->data = v->data;
	window->cap = 0;
	window->room[0] = (uint64_t)(uintptr_t)v;
	object_release(g, owner);
}

void
gos_in_vec_split(G *g, GosVec **slot, const GosDesc *elem)
{
	GosVec *old = *slot;

	if (vec_is_own(old) || vec_is_view(old)) {
		gos_in_vec_copy(g, slot, elem, 0);
		return;
	}
	*slot = gos_rt_vec_window(g, old, elem, 0, old->len);
	gos_in_vec_detach(g, old, elem);
	object_release(g, old);
}

/* The owner of what is nobody's object: never freed. */
void *
gos_rt_vec_lend(G *g, void *array, const void *desc, int64_t from, int64_t to)
{
	const GosDesc *elem = desc;

	if (from >= to || elem->size == 0)
		return gos_rt_vec_new(g, elem, from >= to ? 0 : to - from);
	return vec_into(g, elem, &gos_in_empty_vec, (char *)array + (uint64_t)from * elem->size, to - from,
		to - from);
}

int64_t
gos_rt_vec_window_at(G *g, const void *vec)
{
	const GosVec *v = vec;

	(void)g;
	return vec_is_window(v) ? (int64_t)(uintptr_t)v->data : 0;
}

void
gos_rt_vec_settle(G *g, void *slot, const void *elem)
{
	GosVec **place = slot;

	if (!object_is_unique(*place) && vec_is_window(*place))
		gos_in_vec_split(g, place, elem);
}

void *
gos_rt_vec_to_vec(G *g, const void *vec, const void *desc)
{
	GosVec *v = (GosVec *)(uintptr_t)vec;

	object_retain(v);
	if (vec_is_window(v))
		gos_in_vec_copy(g, &v, desc, 0);
	return v;
}

/* The elements move as they are: the old memory is freed, not dropped. */
static void
vec_move(G *g, GosVec **slot, const GosDesc *elem, int64_t cap)
{
	GosVec *old = *slot;
	uint64_t bytes = gos_in_good_size(vec_bytes(elem, cap));

	if ((old->header.meta & GOS_FOREIGN) && bytes > SMALL_MAX) {
		*slot = gos_in_foreign_resize(old, bytes);
		(*slot)->cap = room(elem, bytes);
		(*slot)->data = (*slot)->room;
		return;
	}
	GosVec *v = gos_in_vec_alloc(g, elem, cap);
	memcpy(v->data, old->data, (size_t)old->len * elem->size);
	v->len = old->len;
	*slot = v;
	block_free(g, &old->header);
}

static int64_t
grown(const GosDesc *elem, int64_t cap, int64_t need)
{
	uint64_t size = elem->size ? elem->size : 1;
	int64_t least = (int64_t)(VEC_MIN_BYTES / size);
	int64_t want = (uint64_t)cap * size < DOUBLE_UNTIL ? cap * 2 : cap + cap / 2;

	if (want < least)
		want = least;
	return want < need ? need : want;
}

void
gos_in_vec_grow(G *g, GosVec **slot, const GosDesc *elem, int64_t n)
{
	GosVec *v = *slot;
	int64_t need = v->len + n;

	if (!object_is_unique(v) || !vec_is_own(v))
		gos_in_vec_copy(g, slot, elem, n > 0 ? grown(elem, v->len, need) : need);
	else if (need > v->cap)
		vec_move(g, slot, elem, grown(elem, v->cap, need));
}

void
gos_rt_vec_reserve(G *g, void *slot, const void *elem, int64_t n)
{
	if (n < 0)
		n = 0;
	if (n > INT64_MAX / 2)
		gos_in_fatal("out of memory (a vector of %lld elements)", (long long)n);
	gos_in_vec_grow(g, slot, elem, n);
}

void
gos_rt_vec_set_len(G *g, void *slot, const void *desc, int64_t n)
{
	const GosDesc *elem = desc;
	GosVec **place = slot, *v = *place;

	if (n >= v->len)
		return;
	if (!object_is_unique(v) || !vec_is_own(v)) {
		*place = gos_rt_vec_slice(g, v, elem, 0, n);
		object_release(g, v);
		return;
	}
	int64_t old = v->len;
	v->len = n;
	if (elem->flags & GOS_RUNS) {
		/* Their Drop may use this vector. */
		GosVec *rest = gos_in_vec_alloc(g, elem, old - n);
		rest->len = old - n;
		memcpy(rest->data, vec_at(v, elem, n), (size_t)(old - n) * elem->size);
		object_release(g, rest);
		return;
	}
	each(g, v, elem, n, old, GOS_RELEASE);
}

void *
gos_rt_vec_insert_slot(G *g, void *slot, const void *desc, int64_t at)
{
	const GosDesc *elem = desc;
	GosVec **place = slot;

	gos_in_vec_grow(g, place, elem, 1);
	GosVec *v = *place;
	memmove(vec_at(v, elem, at + 1), vec_at(v, elem, at), (size_t)(v->len - at) * elem->size);
	v->len++;
	return vec_at(v, elem, at);
}

void
gos_rt_vec_remove(G *g, void *slot, const void *desc, int64_t at, void *out)
{
	const GosDesc *elem = desc;
	GosVec **place = slot;

	gos_in_vec_grow(g, place, elem, 0);
	GosVec *v = *place;
	memcpy(out, vec_at(v, elem, at), elem->size);
	v->len--;
	memmove(vec_at(v, elem, at), vec_at(v, elem, at + 1), (size_t)(v->len - at) * elem->size);
}

void *
gos_rt_vec_slice(G *g, const void *vec, const void *desc, int64_t from, int64_t to)
{
	const GosDesc *elem = desc;
	const GosVec *old = vec;

	if (from >= to)
		return &gos_in_empty_vec;
	const char *at = (const char *)old->data + (uint64_t)from * elem->size;
	/* What is behind a window may be written through it. */
	if (vec_is_window(old))
		return vec_of(g, elem, at, to - from);
	return gos_in_vec_view(g, elem, owner_of(old), at, to - from);
}

void
gos_rt_vec_append(G *g, void *slot, const void *desc, const void *vec)
{
	const GosDesc *elem = desc;
	const GosVec *from = vec;
	GosVec **place = slot;
	int64_t n = from->len;

	if (n == 0)
		return;
	/* `v.append(v)` copies v first if it is the caller's only reference that grows. */
	bool self = from == *place;
	gos_in_vec_grow(g, place, elem, n);
	GosVec *v = *place;
	if (self)
		from = v;
	memcpy(vec_at(v, elem, v->len), from->data, (size_t)n * elem->size);
	v->len += n;
	each(g, v, elem, v->len - n, v->len, GOS_RETAIN);
}

void
gos_rt_vec_turn_over(G *g, void *to_slot, void *from_slot, const void *desc, int64_t n)
{
	const GosDesc *elem = desc;
	GosVec **to_place = to_slot, **from_place = from_slot;

	if (n <= 0)
		return;
	gos_in_vec_grow(g, to_place, elem, n);
	gos_rt_vec_unique(g, from_place, elem);
	GosVec *to = *to_place, *from = *from_place;
	for (int64_t i = n; i-- > 0; )
		memcpy(vec_at(to, elem, to->len++), vec_at(from, elem, i), elem->size);
	from->len -= n;
	memmove(from->data, vec_at(from, elem, n), (size_t)from->len * elem->size);
}

void
gos_rt_array_fill(G *g, void *to, const void *desc, void *value, int64_t n)
{
	const GosDesc *elem = desc;

	for (int64_t i = 0; i < n; i++) {
		memcpy((char *)to + (uint64_t)i * elem->size, value, elem->size);
		elem->visit(g, value, elem, GOS_RETAIN);
	}
}

void *
gos_rt_vec_fill(G *g, const void *desc, void *value, int64_t n)
{
	const GosDesc *elem = desc;

	if (n <= 0)
		return &gos_in_empty_vec;
	GosVec *v = gos_in_vec_alloc(g, elem, n);
	if (elem->size == 1)
		memset(v->data, *(char *)value, (size_t)n);
	else
		for (int64_t i = 0; i < n; i++)
			memcpy(vec_at(v, elem, i), value, elem->size);
	v->len = n;
	each(g, v, elem, 0, n, GOS_RETAIN);
	return v;
}
