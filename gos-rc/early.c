/*
 * Drops where a value was used for the last time, instead of where its scope ends.  See rc.h.
 *
 *	l = t.left; f(l); …; Drop t	→	l = t.left; Drop t; f(l); …
 *
 * Memory goes the moment it is not needed, and a cell that dies before another of its size is made can
 * become that one.  A Drop is put behind the last use, and at the start of each block on whose way in the
 * local stops being live, if that holds for all ways in; pass_drops removes those that find the local
 * empty, the scope's own ones among them.  Cleanup blocks have their Drops at their beginning anyway.
 *
 * A local that another one holds the address of, also as a slot or a view that the runtime returned, is used as
 * long as that one is (holders.c).  Left alone: locals whose address may be anywhere, and types with an end that
 * the program can see.
 */
#include "gos-rc/live.h"

#include <string.h>

typedef struct Early {
	Pass *p;
	Live live;
	const IrU32List *into;	/* see Holders */
	bool *kept;		/* by local: ends where its scope does */
	Bits mentioned;		/* by the instruction at hand */
	MirInstList out;	/* of the block, last first */
} Early;

/* ---- Who may end early ---- */

static void
find_kept(Early *e)
{
	MirFn *fn = e->p->fn;

	for (uint32_t l = 0; l < fn->locals.len; l++)
		e->kept[l] |= local_is_noticed(e->p, l);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			if (inst_is_cursor(e->p, fn->blocks.at[b]->insts.at[i]))
				e->kept[mir_inst_dest(fn->blocks.at[b]->insts.at[i])->local] = true;
}

/* ---- Behind the last use ---- */

static void
mention(Early *e, MirLocalId local)
{
	bits_put(e->mentioned, local, true);
	for (uint32_t i = 0; i < e->into[local].len; i++)
		bits_put(e->mentioned, e->into[local].at[i], true);
}

static void
mention_operand(void *ctx, MirOperand **op)
{
	const MirPlace *place = mir_operand_place(*op);

	if (place && (*op)->kind != MIR_OPERAND_MOVE)
		mention(ctx, place->local);
}

static void
mention_place(void *ctx, MirPlace *place, bool is_dest)
{
	(void)is_dest;
	mention(ctx, place->local);
}

static void
put_drop(Early *e, MirInstList *to, MirLocalId local, Span span)
{
	Arena *a = e->p->arena;

	vec_push(a, to, mir_mk_inst_drop(a, span, mir_mk_place(a, local, (MirProjList){0}), IR_NONE));
}

/* Drops of locals in `dying` that may end. */
static void
put_drops(Early *e, MirInstList *to, Bits dying, Span span)
{
	for (uint32_t w = 0; w < dying.nwords; w++)
		for (uint64_t left = dying.words[w]; left; left &= left - 1) {
			MirLocalId local = w * 64 + (uint32_t)__builtin_ctzll(left);
			if (!e->kept[local])
				put_drop(e, to, local, span);
		}
}

/* Mentioned here, not needed behind. */
static void
drop_behind(Early *e, MirInst *i)
{
	memset(e->mentioned.words, 0, e->mentioned.nwords * sizeof *e->mentioned.words);
	mir_inst_operands(i, mention_operand, e);
	mir_inst_places(i, mention_place, e);
	for (uint32_t w = 0; w < e->mentioned.nwords; w++)
		e->mentioned.words[w] &= ~e->live.now.words[w];
	put_drops(e, &e->out, e->mentioned, i->span);
}

static void
walk_block(Early *e, MirBlock *block)
{
	e->out = (MirInstList){0};
	live_at_end(&e->live, block);
	live_before_term(&e->live, block);
	for (uint32_t i = block->insts.len; i-- > 0; ) {
		MirInst *inst = block->insts.at[i];
		if (inst->kind != MIR_INST_DROP && inst->kind != MIR_INST_LIVE)
			drop_behind(e, inst);
		vec_push(e->p->arena, &e->out, inst);
		live_before(&e->live, inst);
	}
	for (uint32_t i = 0, n = e->out.len; i < n / 2; i++) {
		MirInst *other = e->out.at[i];
		e->out.at[i] = e->out.at[n - 1 - i];
		e->out.at[n - 1 - i] = other;
	}
	block->insts = e->out;
}

/* ---- Where ways part ---- */

typedef struct Ways {
	Early *e;
	Bits *all;		/* by block: live at the end of each block before it */
	Bits now;		/* at the end of the block at hand */
} Ways;

static void
meet(void *ctx, MirBbId *bb)
{
	Ways *w = ctx;

	if (!w->all[*bb].words) {
		w->all[*bb] = bits_new(w->e->p->scratch, w->e->p->fn->locals.len);
		bits_copy(w->all[*bb], w->now);
		return;
	}
	for (uint32_t i = 0; i < w->now.nwords; i++)
		w->all[*bb].words[i] &= w->now.words[i];
}

static void
drop_at_start(Early *e, MirBbId b, Bits dying)
{
	MirBlock *block = e->p->fn->blocks.at[b];
	MirInstList insts = {0};

	for (uint32_t w = 0; w < dying.nwords; w++)
		dying.words[w] &= ~e->live.in[b].words[w];
	put_drops(e, &insts, dying, block->insts.len ? block->insts.at[0]->span : block->term->span);
	if (!insts.len)
		return;
	for (uint32_t i = 0; i < block->insts.len; i++)
		vec_push(e->p->arena, &insts, block->insts.at[i]);
	block->insts = insts;
}

/* Parameters that nobody needs end where the function begins. */
static void
drop_parameters(Early *e)
{
	Bits params = bits_new(e->p->scratch, e->p->fn->locals.len);

	for (MirLocalId l = 1; l <= e->p->fn->params.len; l++)
		bits_put(params, l, true);
	drop_at_start(e, 0, params);
}

static void
drop_on_ways(Early *e)
{
	MirFn *fn = e->p->fn;
	Ways w = {.e = e, .all = arena_array(e->p->scratch, Bits, fn->blocks.len)};

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		live_at_end(&e->live, fn->blocks.at[b]);
		live_before_term(&e->live, fn->blocks.at[b]);
		w.now = e->live.now;
		mir_term_targets(fn->blocks.at[b]->term, meet, &w);
	}
	for (uint32_t b = 1; b < fn->blocks.len; b++)
		if (w.all[b].words && !fn->blocks.at[b]->cleanup
		    && fn->blocks.at[b]->term->kind != MIR_TERM_UNREACHABLE)
			drop_at_start(e, b, w.all[b]);
	if (!w.all[0].words)
		drop_parameters(e);
}

void
pass_early(Pass *p)
{
	uint32_t n = p->fn->locals.len;
	Holders h = holders_find(p);
	Early e = {.p = p, .into = h.into, .kept = h.pinned, .mentioned = bits_new(p->scratch, n)};

	find_kept(&e);
	live_find_held(&e.live, p, h.into);
	drop_on_ways(&e);
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		if (!p->fn->blocks.at[b]->cleanup)
			walk_block(&e, p->fn->blocks.at[b]);
}
