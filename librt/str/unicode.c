/* Looking up characters.  See unicode.h. */
#include "librt/str/unicode.h"

bool
gos_in_char_in(uint32_t c, const CharSet *set)
{
	size_t low = 0, high = set->n; /* bounds below low are <= c, those from high on are above */

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (set->bounds[middle] <= c)
			low = middle + 1;
		else
			high = middle;
	}
	return low % 2 == 1;
}

static const CaseLong *
find_long(uint32_t c, const CaseMap *map)
{
	size_t low = 0, high = map->n_longs;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (map->longs[middle].c == c)
			return &map->longs[middle];
		if (map->longs[middle].c < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static uint32_t
map_single(uint32_t c, const CaseMap *map)
{
	size_t low = 0, high = map->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const CaseRange *r = &map->ranges[middle];
		if (c < r->first)
			high = middle;
		else if (c > r->last)
			low = middle + 1;
		else
			return (c - r->first) % r->stride ? c : c + (uint32_t)r->delta;
	}
	return c;
}

uint32_t
gos_in_char_map(uint32_t c, const CaseMap *map, uint32_t to[3])
{
	const CaseLong *l = c >= 0x80 ? find_long(c, map) : NULL;
	uint32_t n = 0;

	if (!l) {
		to[0] = map_single(c, map);
		return 1;
	}
	while (n < 3 && l->to[n]) {
		to[n] = l->to[n];
		n++;
	}
	return n;
}
