/*
 * "Did you mean": the nearest of several names.
 *
 *	Suggest best = suggest_for(word, n);
 *	for each candidate: suggest_offer(&best, name, name_n, id);
 *	if (best.found) … best.name …
 */
#ifndef GOS_LIB_SUGGEST_H
#define GOS_LIB_SUGGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Suggest {
	const char *word;
	size_t n;
	uint32_t distance;	/* best so far; candidates must be nearer */
	bool found;
	const char *name;	/* the best candidate, not copied */
	size_t name_n;
	uint32_t id;		/* whatever the caller offered with it */
} Suggest;

Suggest suggest_for(const char *word, size_t n);
/* Of names that are not near, the first that goes on after the word: `catch_unwind` for `catch`. */
void suggest_offer(Suggest *s, const char *name, size_t n, uint32_t id);
/* Insertions, deletions, changes and swaps of neighbours, case costing half; at most `limit`. */
uint32_t suggest_distance(const char *a, size_t an, const char *b, size_t bn, uint32_t limit);

#endif
