/* Dataflow to a fixed point with a worklist.  See flow_bits.h. */
#include "gos-check/flow_bits.h"

#include <string.h>

typedef VEC(uint32_t) BlockList;

static BlockList *
predecessors(Arena *a, const Graph *g)
{
	BlockList *preds = arena_array(a, BlockList, g->blocks.len);

	for (uint32_t i = 0; i < g->blocks.len; i++)
		for (uint32_t k = 0; k < g->blocks.at[i].succs.len; k++)
			vec_push(a, &preds[g->blocks.at[i].succs.at[k]], i);
	return preds;
}

static void
run_block(const GraphBlock *b, bool forward, BitsStep *step, void *ctx, Bits *set)
{
	for (uint32_t i = 0; i < b->events.len; i++)
		step(ctx, &b->events.at[forward ? i : b->events.len - 1 - i], set);
}

static bool
join(Bits *into, const Bits *from, uint32_t words)
{
	bool changed = false;

	for (uint32_t i = 0; i < words; i++) {
		changed |= (from[i] & ~into[i]) != 0;
		into[i] |= from[i];
	}
	return changed;
}

void
bits_load(Dataflow *d, uint32_t block)
{
	memcpy(d->now, d->at + (size_t)block * d->words, d->words * sizeof(Bits));
}

Dataflow
bits_solve(Arena *a, const Graph *g, uint32_t n_bits, bool forward, BitsStep *step, void *ctx)
{
	uint32_t n = g->blocks.len;
	Dataflow d = {.words = n_bits / 64 + 1};
	BlockList *preds = forward ? NULL : predecessors(a, g), todo = {0};
	bool *queued = arena_array(a, bool, n);

	d.at = arena_array(a, Bits, (size_t)n * d.words);
	d.now = arena_array(a, Bits, d.words);
	for (uint32_t i = 0; i < n; i++) {
		vec_push(a, &todo, forward ? n - 1 - i : i);
		queued[i] = true;
	}
	while (todo.len) {
		uint32_t b = vec_pop(&todo);
		queued[b] = false;
		bits_load(&d, b);
		run_block(&g->blocks.at[b], forward, step, ctx, d.now);
		uint32_t n_next = forward ? g->blocks.at[b].succs.len : preds[b].len;
		const uint32_t *next = forward ? g->blocks.at[b].succs.at : preds[b].at;
		for (uint32_t k = 0; k < n_next; k++)
			if (join(d.at + (size_t)next[k] * d.words, d.now, d.words) && !queued[next[k]]) {
				vec_push(a, &todo, next[k]);
				queued[next[k]] = true;
			}
	}
	return d;
}
