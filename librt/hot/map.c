/* Hash maps: what release builds inline.  Layout and invariants: librt/coll/map.h. */
#include "librt/coll/map.h"
#include "librt/rc/rc.h"

int64_t
gos_rt_hash_seed(G *g)
{
	(void)g;
	return (int64_t)gos_in_hash_seed;
}

int64_t
gos_rt_hash_word(G *g, int64_t state, int64_t x)
{
	(void)g;
	return (int64_t)hash_word((uint64_t)state, (uint64_t)x);
}

static inline bool
same_word(const char *key, uint32_t size, int64_t x)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)key == (uint8_t)x;
	case 2:
		return *(const uint16_t *)(const void *)key == (uint16_t)x;
	case 4:
		return *(const uint32_t *)(const void *)key == (uint32_t)x;
	default:
		return *(const int64_t *)(const void *)key == x;
	}
}

int64_t
gos_rt_map_find_word(G *g, const void *entries, const void *index, const void *desc, int64_t shape,
	int64_t key)
{
	const GosVec *e = entries, *x = index;
	uint32_t at = shape_key(shape), size = shape_key_size(shape);

	(void)g;
	if (x->len == 0) {
		for (int64_t i = 0; i < e->len; i++)
			if (same_word(map_slot(e, desc, i) + at, size, key))
				return i;
		return -1;
	}
	const uint32_t *words = index_words(x), *table = words + INDEX_HEAD;
	uint32_t mask = index_mask(words);
	uint32_t hash = hash_short(hash_word(gos_in_hash_seed, (uint64_t)key));
	for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
		uint32_t w = table[i];
		if (((w ^ hash) & ~mask) == 0 && w < INDEX_GONE) {
			if (same_word(map_slot(e, desc, w & mask) + at, size, key))
				return w & mask;
		} else if (w == INDEX_FREE) {
			return -1;
		}
	}
}

/* The next entry with this hash behind the one that `from` (-1: none yet) stands for: the word's index
 * in the upper half, the position in the lower; -1 if there is none. */
int64_t
gos_rt_map_probe(G *g, const void *entries, const void *index, const void *desc, int64_t shape,
	int64_t hash, int64_t from)
{
	const GosVec *e = entries, *x = index;
	uint32_t h = hash_short((uint64_t)hash);

	(void)g;
	if (x->len == 0) {
		for (int64_t i = from + 1; i < e->len; i++)
			if (*slot_hash(map_slot(e, desc, i), shape) == h)
				return i;
		return -1;
	}
	const uint32_t *words = index_words(x), *table = words + INDEX_HEAD;
	uint32_t mask = index_mask(words);
	uint32_t i = (from < 0 ? h : (uint32_t)(from >> 32) + 1) & mask;
	for (;; i = (i + 1) & mask) {
		uint32_t w = table[i];
		if (((w ^ h) & ~mask) == 0 && w < INDEX_GONE) {
			if (*slot_hash(map_slot(e, desc, w & mask), shape) == h)
				return (int64_t)i << 32 | (w & mask);
		} else if (w == INDEX_FREE) {
			return -1;
		}
	}
}

int64_t
gos_rt_map_add(G *g, void *map, const void *desc, int64_t shape, int64_t hash)
{
	GosMap *m = map;
	GosVec *e = m->entries, *x = m->index;
	uint32_t h = hash_short((uint64_t)hash);

	if (UNLIKELY(rc_load(&e->header) != 1 || e->len >= e->cap
		|| (x->len == 0 ? e->len >= SMALL_MAP
			: rc_load(&x->header) != 1 || e->len >= index_limit(index_words(x))
				|| index_words(x)[INDEX_USED] >= index_limit(index_words(x))))) {
		gos_in_map_make_room(g, m, desc, shape, 1);
		e = m->entries;
		x = m->index;
	}
	m->live++;
	if (x->len > 0)
		index_add(index_words(x), h, (uint32_t)e->len);
	*slot_hash(map_slot(e, desc, e->len), shape) = h;
	return e->len++;
}
