/*
 * Turns the last Copy of a local into a Move.  See rc.h.
 *
 * Left alone are parameters that the caller keeps, the result, and locals whose address may be somewhere that
 * nobody follows it to.  While another local holds it (holders.c), the local is in use.
 */
#include "gos-rc/live.h"

typedef struct LastUse {
	Pass *p;
	bool *pinned;		/* by local: never moved by this pass */
	Live live;
	/* of the instruction at hand */
	MirLocalId local;
	uint32_t mentions, copies;
	MirOperand *last_copy;
} LastUse;

/* ---- Rewriting ---- */

static void
count_operand(void *ctx, MirOperand **op)
{
	LastUse *u = ctx;
	MirPlace *place = mir_operand_place(*op);

	if (!place || place->local != u->local)
		return;
	u->mentions++;
	if ((*op)->kind == MIR_OPERAND_COPY && place_is_whole(place)) {
		u->copies++;
		u->last_copy = *op;
	}
}

static void
count_place(void *ctx, MirPlace *place, bool is_dest)
{
	LastUse *u = ctx;

	if (place->local == u->local && (!is_dest || !place_is_whole(place)))
		u->mentions++;
}

/* `live` holds what is used after; the Copy is the local's last use if nothing else here uses it. */
static void
consider(LastUse *u, MirInst *inst, MirTerm *term, MirOperand *op)
{
	MirPlace *place = mir_operand_place(op);

	u->local = place->local;
	if (op->kind != MIR_OPERAND_COPY || !place_is_whole(place) || u->pinned[u->local]
	    || bits_has(u->live.now, u->local))
		return;
	u->mentions = u->copies = 0;
	if (inst) {
		mir_inst_operands(inst, count_operand, u);
		mir_inst_places(inst, count_place, u);
	} else {
		mir_term_operands(term, count_operand, u);
	}
	if (u->mentions != u->copies || u->last_copy != op)
		return;
	op->kind = MIR_OPERAND_MOVE;
	op->move.place = place;
}

typedef struct Candidate {
	LastUse *u;
	MirInst *inst;
	MirTerm *term;
} Candidate;

static void
consider_operand(void *ctx, MirOperand *op, bool owned)
{
	Candidate *c = ctx;

	if (owned)
		consider(c->u, c->inst, c->term, op);
}

static void
rewrite_inst(LastUse *u, MirInst *i)
{
	live_after(&u->live, i);
	inst_counted_operands(u->p, i, consider_operand, &(Candidate){u, i, NULL});
	live_before(&u->live, i);
}

static void
rewrite_block(LastUse *u, MirBlock *block)
{
	live_at_end(&u->live, block);
	term_counted_operands(u->p, block->term, consider_operand, &(Candidate){u, NULL, block->term});
	live_before_term(&u->live, block);
	for (uint32_t i = block->insts.len; i-- > 0; )
		rewrite_inst(u, block->insts.at[i]);
}

void
pass_last_use(Pass *p)
{
	Holders h = holders_find(p);
	LastUse u = {.p = p, .pinned = h.pinned};

	for (uint32_t l = 0; l < p->fn->locals.len; l++)
		u.pinned[l] |= !p->optimize && !local_is_noticed(p, l);
	live_find_held(&u.live, p, h.into);
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		rewrite_block(&u, p->fn->blocks.at[b]);
}
