/*
 * The layout of HashMap, which std/core/hash_map.gos declares and gos-lower checks.
 *
 * `entries` holds the slots in the order of insertion.  A slot of all zeros is dead: what was there was
 * removed.  `index` is empty for small maps, which are searched from end to end and have no dead slots;
 * else it has INDEX_HEAD words of its own, then a table of 2^bits words, open addressing, linear probing:
 *
 *	INDEX_FREE, INDEX_GONE (a removed entry's), or the upper bits of the hash above the position
 *
 * Invariants: a live slot's hash is not 0, and one word leads to it; positions below `head` are dead; the
 * last slot is live; the table always has a free word.
 */
#ifndef GOS_RT_COLL_MAP_H
#define GOS_RT_COLL_MAP_H

#include "librt/coll/vec.h"
#include "librt/str/str.h"

#include <string.h>

typedef struct GosMap {
	GosVec *entries; /* slots */
	GosVec *index;   /* uint32_t */
	uint32_t live, head;
} GosMap;

enum { INDEX_USED, INDEX_BITS, INDEX_HEAD }; /* used: words that are not free */
enum { SMALL_MAP = 8 };
#define INDEX_FREE 0xffffffffu
#define INDEX_GONE 0xfffffffeu

/* Chosen once per process; GOS_HASH_SEED fixes it. */
extern uint64_t gos_in_hash_seed;
void gos_in_hash_init(void);

/* What gos-lower tells of a slot: offset of the hash, offset of the key, size of the key. */
static inline uint32_t
shape_hash(int64_t shape)
{
	return (uint32_t)(shape & 0xffff);
}

static inline uint32_t
shape_key(int64_t shape)
{
	return (uint32_t)(shape >> 16);
}

static inline uint32_t
shape_key_size(int64_t shape)
{
	return (uint32_t)(shape >> 48);
}

static inline char *
map_slot(const GosVec *entries, const GosDesc *slot, int64_t i)
{
	return (char *)(uintptr_t)entries->data + (uint64_t)i * slot->size;
}

static inline uint32_t *
slot_hash(char *slot, int64_t shape)
{
	return (uint32_t *)(void *)(slot + shape_hash(shape));
}

static inline uint32_t *
index_words(const GosVec *index)
{
	return (uint32_t *)(uintptr_t)index->data;
}

static inline uint32_t
index_mask(const uint32_t *words)
{
	return (uint32_t)(((uint64_t)1 << words[INDEX_BITS]) - 1);
}

/* How many words may be used, and how many slots there may be. */
static inline uint32_t
index_limit(const uint32_t *words)
{
	uint32_t mask = index_mask(words);

	return mask - mask / 4;
}

/* ---- Hashes ---- */

#define HASH_A 0xa0761d6478bd642full
#define HASH_B 0xe7037ed1a0b428dbull

static inline uint64_t
hash_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 p = (unsigned __int128)a * b;

	return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t
hash_word(uint64_t state, uint64_t x)
{
	return hash_mix(x ^ state, HASH_A);
}

/* What the table works with: 32 bits that are not 0. */
static inline uint32_t
hash_short(uint64_t h)
{
	uint32_t s = (uint32_t)(h ^ h >> 32);

	return s ? s : 1;
}

/* Unique, with room for n > 0 more slots and words. */
void gos_in_map_make_room(G *g, GosMap *m, const GosDesc *slot, int64_t shape, int64_t n);

/* Puts a position into the first word that is free; the table has one. */
static inline void
index_add(uint32_t *words, uint32_t hash, uint32_t position)
{
	uint32_t mask = index_mask(words), *table = words + INDEX_HEAD, i = hash & mask;

	while (table[i] < INDEX_GONE)
		i = (i + 1) & mask;
	words[INDEX_USED] += table[i] == INDEX_FREE;
	table[i] = (hash & ~mask) | position;
}

#endif
