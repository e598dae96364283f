/*
 * Tidies the blocks of a finished function: a block that only one Goto leads to joins the block before it,
 * and what nothing reaches goes.
 */
#include "gos-lower/passes.h"

#include "lib/fatal.h"
#include "lib/mir.h"

typedef struct Prune {
	Arena *arena;
	MirFn *fn;
	uint32_t *preds;	/* edges into each block from reached ones, the entry counting one */
	MirBbId *to;		/* new number */
	VEC(MirBbId) work;
} Prune;

static void
reach(void *ctx, MirBbId *bb)
{
	Prune *p = ctx;

	if (p->preds[*bb]++ == 0)
		vec_push(p->arena, &p->work, *bb);
}

static void
find_reached(Prune *p)
{
	MirBbId entry = 0;

	reach(p, &entry);
	while (p->work.len > 0) {
		MirBlock *block = p->fn->blocks.at[vec_pop(&p->work)];
		if (!block->term)
			bug("a block without end");
		mir_block_edges(block, reach, p);
	}
}

/* Takes in the block behind a Goto as long as nobody else leads there. */
static void
join(Prune *p, MirBbId at)
{
	MirBlock *block = p->fn->blocks.at[at];

	while (block->term->kind == MIR_TERM_GOTO) {
		MirBbId next = block->term->goto_.target;
		MirBlock *tail = p->fn->blocks.at[next];
		if (next == at || p->preds[next] != 1)
			return;
		for (uint32_t i = 0; i < tail->insts.len; i++)
			vec_push(p->arena, &block->insts, tail->insts.at[i]);
		block->term = tail->term;
		p->preds[next] = 0;
	}
}

static void
renumber(void *ctx, MirBbId *bb)
{
	Prune *p = ctx;

	*bb = p->to[*bb];
}

void
fn_prune(Arena *arena, MirFn *fn)
{
	uint32_t n = fn->blocks.len, kept = 0;
	Prune p = {.arena = arena, .fn = fn, .preds = arena_array(arena, uint32_t, n),
	    .to = arena_array(arena, MirBbId, n)};

	find_reached(&p);
	for (uint32_t i = 0; i < n; i++)
		if (p.preds[i])
			join(&p, i);
	for (uint32_t i = 0; i < n; i++)
		if (p.preds[i]) {
			p.to[i] = kept;
			fn->blocks.at[kept++] = fn->blocks.at[i];
		}
	fn->blocks.len = kept;
	for (uint32_t i = 0; i < kept; i++)
		mir_block_edges(fn->blocks.at[i], renumber, &p);
}
