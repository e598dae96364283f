/* Properties of characters.  The tables are in unicode_*.c, each linked only where it is used. */
#ifndef GOS_RT_STR_UNICODE_H
#define GOS_RT_STR_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct CharSet {
	const uint32_t *bounds;
	size_t n;
} CharSet;

/* Every `stride`-th character from first to last maps to itself plus delta. */
typedef struct CaseRange {
	uint32_t first, last;
	uint32_t stride;
	int32_t delta;
} CaseRange;

/* A character that maps to several; unused places are 0. */
typedef struct CaseLong {
	uint32_t c;
	uint32_t to[3];
} CaseLong;

typedef struct CaseMap {
	const CaseRange *ranges;
	size_t n;
	const CaseLong *longs;
	size_t n_longs;
} CaseMap;

extern const CharSet gos_in_unicode_alphabetic, gos_in_unicode_numeric;
extern const CharSet gos_in_unicode_uppercase, gos_in_unicode_lowercase, gos_in_unicode_escaped;
extern const CaseMap gos_in_unicode_upper, gos_in_unicode_lower;

bool gos_in_char_in(uint32_t c, const CharSet *set);
/* The mapping of c, 1 to 3 characters; their number. */
uint32_t gos_in_char_map(uint32_t c, const CaseMap *map, uint32_t to[3]);

#endif
