/*
 * Turns the last Copy of a local into a Move.  See rc.h.
 *
 * Liveness of counted locals, backwards over blocks.  A use is any mention but Drop, Live and being
 * stored to as a whole; what only cleanup would drop is not used.  Left alone are parameters that
 * the caller keeps, the result, and locals whose address or whose content's address may outlive
 * the instruction that takes it.
 *
 * Blocks are extended: a use in a cleanup block counts at each instruction that may go there.
 */
#include "gos-rc/rc.h"

#include <string.h>

typedef struct LastUse {
	Pass *p;
	bool *pinned;		/* by local: never moved by this pass */
	Bits *live_in;		/* by block */
	Bits live;		/* at the point the walk has reached */
	/* of the instruction at hand */
	MirLocalId local;
	uint32_t mentions, copies;
	MirOperand *last_copy;
} LastUse;

/* ---- Pinned locals ---- */

/* An address that the runtime function keeps in what it makes. */
static bool
callee_keeps(LastUse *u, const MirCallee *callee)
{
	if (callee->kind != MIR_CALLEE_RUNTIME)
		return false;
	const char *name = intern_str(u->p->m->names, callee->runtime.symbol);
	return strncmp(name, "fmt_", 4) == 0 || strcmp(name, "catch") == 0;
}

static void
pin_address(void *ctx, MirOperand **op)
{
	LastUse *u = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		u->pinned[(*op)->addr.place->local] = true;
}

static void
find_pinned(LastUse *u)
{
	MirFn *fn = u->p->fn;

	for (uint32_t l = 0; l < fn->locals.len; l++)
		u->pinned[l] = l == 0 || local_is_borrowed(u->p, l) || !local_is_counted(u->p, l);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[b]->insts.at[i];
			MirPlace *dest = mir_inst_dest(inst);
			bool keeps = inst->kind != MIR_INST_CALL || callee_keeps(u, inst->call.callee)
			    || mir_repr(u->p->m, mir_place_type(u->p->m, fn, dest)) == MIR_REPR_REF;
			if (keeps)
				mir_inst_operands(inst, pin_address, u);
		}
}

/* ---- Liveness ---- */

static void
use_place(void *ctx, MirPlace *place, bool is_dest)
{
	LastUse *u = ctx;

	if (!is_dest || !place_is_whole(place))
		bits_put(u->live, place->local, true);
}

static void
use_operand(void *ctx, MirOperand **op)
{
	LastUse *u = ctx;
	MirPlace *place = mir_operand_place(*op);

	if (place)
		bits_put(u->live, place->local, true);
}

static void
join_successor(void *ctx, MirBbId *bb)
{
	LastUse *u = ctx;

	bits_join(u->live, u->live_in[*bb]);
}

/* `live` from after the terminator to before it. */
static void
before_term(LastUse *u, MirTerm *t)
{
	MirBbId *unwind = mir_term_unwind(t);

	mir_term_targets(t, join_successor, u);
	if (unwind && *unwind != IR_NONE)
		join_successor(u, unwind);
	if (t->kind == MIR_TERM_RETURN)
		bits_put(u->live, 0, true);
}

/* What the instruction overwrites or empties is dead before it, and used parts are live. */
static void
before_inst(LastUse *u, MirInst *i)
{
	MirPlace *dest = mir_inst_dest(i);
	MirBbId *unwind = mir_inst_unwind(i);

	if (dest && place_is_whole(dest))
		bits_put(u->live, dest->local, false);
	if (unwind && *unwind != IR_NONE)
		join_successor(u, unwind);
	if (i->kind == MIR_INST_LIVE) {
		bits_put(u->live, i->live.local, false);
	} else if (i->kind == MIR_INST_DROP && place_is_whole(i->drop.place)) {
		bits_put(u->live, i->drop.place->local, false);
	} else {
		mir_inst_places(i, use_place, u);
		mir_inst_operands(i, use_operand, u);
	}
}

static bool
update_block(LastUse *u, MirBbId b)
{
	MirBlock *block = u->p->fn->blocks.at[b];

	memset(u->live.words, 0, u->live.nwords * sizeof *u->live.words);
	before_term(u, block->term);
	mir_term_operands(block->term, use_operand, u);
	for (uint32_t i = block->insts.len; i-- > 0; )
		before_inst(u, block->insts.at[i]);
	return bits_join(u->live_in[b], u->live);
}

static void
find_liveness(LastUse *u)
{
	for (bool changed = true; changed; ) {
		changed = false;
		for (uint32_t b = u->p->fn->blocks.len; b-- > 0; )
			changed |= update_block(u, b);
	}
}

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
	    || bits_has(u->live, u->local))
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
	MirPlace *dest = mir_inst_dest(i);
	MirBbId *unwind = mir_inst_unwind(i);

	if (dest && place_is_whole(dest))
		bits_put(u->live, dest->local, false);
	if (unwind && *unwind != IR_NONE)
		join_successor(u, unwind);
	inst_counted_operands(u->p, i, consider_operand, &(Candidate){u, i, NULL});
	before_inst(u, i);
}

static void
rewrite_block(LastUse *u, MirBlock *block)
{
	memset(u->live.words, 0, u->live.nwords * sizeof *u->live.words);
	before_term(u, block->term);
	term_counted_operands(u->p, block->term, consider_operand, &(Candidate){u, NULL, block->term});
	mir_term_operands(block->term, use_operand, u);
	for (uint32_t i = block->insts.len; i-- > 0; )
		rewrite_inst(u, block->insts.at[i]);
}

void
pass_last_use(Pass *p)
{
	uint32_t nlocals = p->fn->locals.len, nblocks = p->fn->blocks.len;
	LastUse u = {.p = p, .pinned = arena_array(p->scratch, bool, nlocals),
	    .live_in = arena_array(p->scratch, Bits, nblocks), .live = bits_new(p->scratch, nlocals)};

	find_pinned(&u);
	for (uint32_t b = 0; b < nblocks; b++)
		u.live_in[b] = bits_new(p->scratch, nlocals);
	find_liveness(&u);
	for (uint32_t b = 0; b < nblocks; b++)
		rewrite_block(&u, p->fn->blocks.at[b]);
}
