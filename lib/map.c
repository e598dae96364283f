/* Linear-probing hash map.  See map.h. */
#include "lib/map.h"

/* The finaliser of splitmix64 (Steele, Lea, Flood 2014): spreads small ids over all bits. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static MapSlot *
probe(MapSlot *slots, uint32_t cap, uint64_t key)
{
	uint32_t i = (uint32_t)mix(key) & (cap - 1);

	while (slots[i].used && slots[i].key != key)
		i = (i + 1) & (cap - 1);
	return &slots[i];
}

static void
rehash(Arena *a, Map *m)
{
	uint32_t cap = m->cap ? m->cap * 2 : 16;
	MapSlot *slots = arena_array(a, MapSlot, cap);

	for (uint32_t i = 0; i < m->cap; i++)
		if (m->slots[i].used)
			*probe(slots, cap, m->slots[i].key) = m->slots[i];
	m->slots = slots;
	m->cap = cap;
}

void
map_set(Arena *a, Map *m, uint64_t key, uint32_t value)
{
	if ((uint64_t)m->len * 4 >= (uint64_t)m->cap * 3)
		rehash(a, m);
	MapSlot *s = probe(m->slots, m->cap, key);
	if (!s->used)
		m->len++;
	*s = (MapSlot){key, value, true};
}

uint32_t *
map_find(const Map *m, uint64_t key)
{
	if (!m->cap)
		return NULL;
	MapSlot *s = probe(m->slots, m->cap, key);
	return s->used ? &s->value : NULL;
}

uint32_t
map_get(const Map *m, uint64_t key, uint32_t otherwise)
{
	uint32_t *v = map_find(m, key);

	return v ? *v : otherwise;
}
