/* Values that a type's memory never has, by which an enum around it can tell its other variants.  See layout.c. */
#ifndef GOS_LOWER_NICHE_H
#define GOS_LOWER_NICHE_H

#include "gos-lower/lower.h"

typedef struct Niche {
	MirTypeId word;		/* an unsigned Int, or Raw */
	uint64_t offset;	/* of the word */
	uint64_t first, count;	/* the values first … first + count - 1; count 0: there is no niche */
} Niche;

/* The largest niche of fields that have their offsets; the first of several.  `n` begins as no niche. */
void niche_of_fields(const Lower *lo, const MirFieldList *fields, Niche *n);

#endif
