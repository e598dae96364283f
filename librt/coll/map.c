/* Hash maps: growth, compaction, removal, hashes of texts.  The short operations are in hot/map.c. */
#include "librt/coll/map.h"
#include "librt/alloc/heap.h"
#include "librt/panic/fatal.h"
#include "librt/rc/builtin.h"
#include "librt/rc/rc.h"

#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

uint64_t gos_in_hash_seed = HASH_B;

void
gos_in_hash_init(void)
{
	const char *fixed = getenv("GOS_HASH_SEED");

	if (fixed)
		gos_in_hash_seed = strtoull(fixed, NULL, 0);
	else if (getrandom(&gos_in_hash_seed, sizeof gos_in_hash_seed, GRND_NONBLOCK) < 0)
		gos_in_hash_seed ^= (uint64_t)time(NULL) * HASH_A;
}

/* ---- Hashes of texts: blocks of 16 bytes, multiplied and folded ---- */

static uint64_t
load8(const char *p)
{
	uint64_t x;

	memcpy(&x, p, 8);
	return x;
}

static uint64_t
hash_short_text(uint64_t state, const char *p, uint64_t n)
{
	char block[16] = {0};

	memcpy(block, p, n);
	return hash_mix(load8(block) ^ HASH_A, load8(block + 8) ^ n << 56 ^ state);
}

static uint64_t
hash_long_text(uint64_t state, const char *p, uint64_t n)
{
	const char *last = p + n - 16;
	uint64_t h = state;

	for (; p < last; p += 16)
		h = hash_mix(load8(p) ^ HASH_A, load8(p + 8) ^ h);
	h = hash_mix(load8(last) ^ HASH_A, load8(last + 8) ^ h);
	return hash_mix(h ^ HASH_B, n ^ HASH_A);
}

int64_t
gos_rt_hash_str(G *g, int64_t state, const GosString *s)
{
	uint64_t seed = (uint64_t)state ^ HASH_B, n = string_len(s);

	(void)g;
	if (!string_is_heap(s))
		return (int64_t)hash_mix(load8(s->bytes) ^ HASH_A, load8(s->bytes + 8) ^ seed);
	return (int64_t)(n <= GOS_INLINE_MAX ? hash_short_text(seed, string_at(s), n)
		: hash_long_text(seed, string_at(s), n));
}

static bool
same_text(const GosString *a, const GosString *b)
{
	if (!string_is_heap(a) && !string_is_heap(b))
		return load8(a->bytes) == load8(b->bytes) && load8(a->bytes + 8) == load8(b->bytes + 8);
	uint64_t n = string_len(a);
	return n == string_len(b) && memcmp(string_at(a), string_at(b), n) == 0;
}

int64_t
gos_rt_map_find_str(G *g, const void *entries, const void *index, const void *desc, int64_t shape,
	int64_t hash, const GosString *key)
{
	const GosVec *e = entries;
	uint64_t h = hash ? (uint64_t)hash : (uint64_t)gos_rt_hash_str(g, (int64_t)gos_in_hash_seed, key);

	for (int64_t at = -1;;) {
		at = gos_rt_map_probe(g, entries, index, desc, shape, (int64_t)h, at);
		if (at < 0)
			return -1;
		const char *slot = map_slot(e, desc, (uint32_t)at);
		if (same_text((const GosString *)(const void *)(slot + shape_key(shape)), key))
			return (uint32_t)at;
	}
}

/* ---- Growth ---- */

static uint32_t
bits_for(int64_t slots)
{
	uint32_t bits = 4;

	while (bits < 32 && slots > (int64_t)(((uint64_t)1 << bits) / 4 * 3 - 1))
		bits++;
	return bits;
}

static GosVec *
index_new(G *g, uint32_t bits)
{
	int64_t n = ((int64_t)1 << bits) + INDEX_HEAD;
	GosVec *x = gos_in_vec_alloc(g, &gos_in_desc_u32, n);
	uint32_t *words = index_words(x);

	x->len = n;
	words[INDEX_USED] = 0;
	words[INDEX_BITS] = bits;
	memset(words + INDEX_HEAD, 0xff, (size_t)(n - INDEX_HEAD) * sizeof *words);
	return x;
}

/* A new index of all live slots; the entries are this map's own. */
static void
index_rebuild(G *g, GosMap *m, const GosDesc *slot, int64_t shape, uint32_t bits)
{
	GosVec *old = m->index;

	if (m->entries->len > 0xfffffff0u)
		gos_in_fatal("out of memory (a map of %lld entries)", (long long)m->entries->len);
	m->index = index_new(g, bits);
	object_release(g, old);
	for (int64_t i = m->head; i < m->entries->len; i++) {
		uint32_t h = *slot_hash(map_slot(m->entries, slot, i), shape);
		if (h)
			index_add(index_words(m->index), h, (uint32_t)i);
	}
}

/* Closes the gaps that removed entries left. */
static void
compact(GosMap *m, const GosDesc *slot, int64_t shape)
{
	int64_t to = 0;

	for (int64_t i = m->head; i < m->entries->len; i++) {
		char *from = map_slot(m->entries, slot, i);
		if (!*slot_hash(from, shape))
			continue;
		if (i != to)
			memcpy(map_slot(m->entries, slot, to), from, slot->size);
		to++;
	}
	m->entries->len = to;
	m->head = 0;
}

void
gos_in_map_make_room(G *g, GosMap *m, const GosDesc *slot, int64_t shape, int64_t n)
{
	int64_t dead = m->entries->len - m->live;
	bool compacted = false;

	if (!object_is_unique(m->entries))
		gos_in_vec_copy(g, &m->entries, slot, m->entries->len + n);
	if (dead > m->live / 2) {
		compact(m, slot, shape);
		compacted = true;
	}
	gos_in_vec_grow(g, &m->entries, slot, n);
	int64_t need = m->entries->len + n;
	if (need <= SMALL_MAP && m->index->len == 0)
		return;
	uint32_t *words = index_words(m->index);
	if (!compacted && m->index->len > 0 && need <= index_limit(words)
		&& words[INDEX_USED] + n <= index_limit(words)) {
		gos_rt_vec_unique(g, &m->index, &gos_in_desc_u32);
		return;
	}
	int64_t room = m->entries->cap < need * 2 ? m->entries->cap : need * 2;
	index_rebuild(g, m, slot, shape, bits_for(room));
}

void
gos_rt_map_reserve(G *g, void *map, const void *desc, int64_t shape, int64_t n)
{
	if (n > 0)
		gos_in_map_make_room(g, map, desc, shape, n);
}

/* ---- Removal ---- */

static void
index_remove(GosMap *m, uint32_t hash, uint32_t position)
{
	uint32_t *words = index_words(m->index), *table = words + INDEX_HEAD;
	uint32_t mask = index_mask(words), i = hash & mask;

	while (table[i] != ((hash & ~mask) | position))
		i = (i + 1) & mask;
	if (table[(i + 1) & mask] != INDEX_FREE) {
		table[i] = INDEX_GONE;
		return;
	}
	table[i] = INDEX_FREE;
	words[INDEX_USED]--;
}

static void
close_slot(GosMap *m, const GosDesc *slot, int64_t shape, int64_t at)
{
	GosVec *e = m->entries;

	memset(map_slot(e, slot, at), 0, slot->size);
	while (e->len > 0 && !*slot_hash(map_slot(e, slot, e->len - 1), shape))
		e->len--;
	while (m->head < e->len && !*slot_hash(map_slot(e, slot, m->head), shape))
		m->head++;
	if (e->len == 0)
		m->head = 0;
}

void
gos_rt_map_remove(G *g, void *map, const void *desc, int64_t shape, int64_t at, void *out)
{
	const GosDesc *slot = desc;
	GosMap *m = map;

	gos_rt_vec_unique(g, &m->entries, slot);
	char *p = map_slot(m->entries, slot, at);
	memcpy(out, p, slot->size);
	m->live--;
	if (m->index->len == 0) {
		m->entries->len--;
		memmove(p, p + slot->size, (size_t)(m->entries->len - at) * slot->size);
		return;
	}
	gos_rt_vec_unique(g, &m->index, &gos_in_desc_u32);
	index_remove(m, *slot_hash(p, shape), (uint32_t)at);
	close_slot(m, slot, shape, at);
}
