/* See live.h. */
#include "gos-rc/live.h"

#include <string.h>

static void
use_local(Live *l, MirLocalId local)
{
	bits_put(l->now, local, true);
	for (uint32_t i = 0; l->into && i < l->into[local].len; i++)
		bits_put(l->now, l->into[local].at[i], true);
}

static void
use_place(void *ctx, MirPlace *place, bool is_dest)
{
	Live *l = ctx;

	if (!is_dest || !place_is_whole(place))
		use_local(l, place->local);
}

static void
use_operand(void *ctx, MirOperand **op)
{
	Live *l = ctx;
	MirPlace *place = mir_operand_place(*op);

	if (place)
		use_local(l, place->local);
}

static void
join_successor(void *ctx, MirBbId *bb)
{
	Live *l = ctx;

	bits_join(l->now, l->in[*bb]);
}

static void
join_unwind(Live *l, MirBbId *unwind)
{
	if (unwind && *unwind != IR_NONE)
		join_successor(l, unwind);
}

void
live_at_end(Live *l, MirBlock *block)
{
	memset(l->now.words, 0, l->now.nwords * sizeof *l->now.words);
	mir_term_targets(block->term, join_successor, l);
	join_unwind(l, mir_term_unwind(block->term));
	if (block->term->kind == MIR_TERM_RETURN)
		use_local(l, 0);
}

void
live_before_term(Live *l, MirBlock *block)
{
	mir_term_operands(block->term, use_operand, l);
}

void
live_after(Live *l, MirInst *i)
{
	MirPlace *dest = mir_inst_dest(i);

	if (dest && place_is_whole(dest))
		bits_put(l->now, dest->local, false);
	join_unwind(l, mir_inst_unwind(i));
}

void
live_before(Live *l, MirInst *i)
{
	live_after(l, i);
	if (i->kind == MIR_INST_LIVE) {
		bits_put(l->now, i->live.local, false);
	} else if (i->kind == MIR_INST_DROP && place_is_whole(i->drop.place)) {
		bits_put(l->now, i->drop.place->local, false);
	} else {
		mir_inst_places(i, use_place, l);
		mir_inst_operands(i, use_operand, l);
	}
}

static bool
update_block(Live *l, MirBbId b)
{
	MirBlock *block = l->p->fn->blocks.at[b];

	live_at_end(l, block);
	live_before_term(l, block);
	for (uint32_t i = block->insts.len; i-- > 0; )
		live_before(l, block->insts.at[i]);
	return bits_join(l->in[b], l->now);
}

void
live_find(Live *l, Pass *p)
{
	live_find_held(l, p, NULL);
}

void
live_find_held(Live *l, Pass *p, const IrU32List *into)
{
	uint32_t nlocals = p->fn->locals.len, nblocks = p->fn->blocks.len;

	*l = (Live){.p = p, .into = into, .in = arena_array(p->scratch, Bits, nblocks),
	    .now = bits_new(p->scratch, nlocals)};
	for (uint32_t b = 0; b < nblocks; b++)
		l->in[b] = bits_new(p->scratch, nlocals);
	for (bool changed = true; changed; ) {
		changed = false;
		for (uint32_t b = nblocks; b-- > 0; )
			changed |= update_block(l, b);
	}
}
