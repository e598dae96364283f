/*
 * Dataflow over a Graph with sets of bits, joined by union.
 */
#ifndef GOS_CHECK_FLOW_BITS_H
#define GOS_CHECK_FLOW_BITS_H

#include "gos-check/flow_graph.h"

typedef uint64_t Bits;

static inline bool
bits_has(const Bits *s, uint32_t i)
{
	return s[i / 64] >> (i % 64) & 1;
}

static inline void
bits_set(Bits *s, uint32_t i, bool on)
{
	if (on)
		s[i / 64] |= (Bits)1 << (i % 64);
	else
		s[i / 64] &= ~((Bits)1 << (i % 64));
}

/* What one event does to the set that holds before it (forward) or after it (backward). */
typedef void BitsStep(void *ctx, const Event *ev, Bits *set);

typedef struct Dataflow {
	uint32_t words;		/* per set */
	Bits *at;		/* per block: at its begin (forward) or end (backward) */
	Bits *now;		/* one set, for walking a block */
} Dataflow;

/* Empty sets at the entry (forward) or the exits (backward). */
Dataflow bits_solve(Arena *a, const Graph *g, uint32_t n_bits, bool forward, BitsStep *step,
    void *ctx);
/* `now` becomes the set at the begin or end of a block. */
void bits_load(Dataflow *d, uint32_t block);

#endif
