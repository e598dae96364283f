/*
 * One hash map: u64 key to u32 value, open addressing, grows in an arena.
 * Names and composite keys become ids through lib/intern.h first.  Iteration order is
 * deliberately not offered: no output may depend on it.
 */
#ifndef GOS_LIB_MAP_H
#define GOS_LIB_MAP_H

#include "lib/arena.h"

#include <stdbool.h>

typedef struct MapSlot {
	uint64_t key;
	uint32_t value;
	bool used;
} MapSlot;

typedef struct Map {
	MapSlot *slots;
	uint32_t len, cap;	/* cap is 0 or a power of two */
} Map;

/* Adds or overwrites. */
void map_set(Arena *a, Map *m, uint64_t key, uint32_t value);
/* The value's address, or NULL; valid until the next `map_set`. */
uint32_t *map_find(const Map *m, uint64_t key);
/* The value, or `otherwise`. */
uint32_t map_get(const Map *m, uint64_t key, uint32_t otherwise);

#endif
