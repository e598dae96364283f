/*
 * Locals that only look at a part of something that stays alive anyway need no reference of their
 * own.  See rc.h.
 *
 *	l = Copy t.left; check(Borrow l); Drop l	→	l = t.left, uncounted; check(Borrow l)
 *
 * Such a local is a cursor into its owner.  It is stored to once, by copying a place of the owner,
 * and is never written through, made unique or addressed; where its value is given away that
 * becomes a Copy.  While it is live nothing happens to the owner: no store to it or into it, no
 * Move, no Drop, no Unique; and its address is never taken.  What is given away stays an owner of its own
 * where its owner ends in this function: then it can be moved out.  A parameter that the caller keeps is
 * the best owner.  A cursor into a cursor belongs to the first one's owner.
 *
 * What lies behind a Ref, or in a cell shared with closures, can be changed by others.  The boxes
 * that are safe to look through are those that layout puts around a variant's field, and a
 * closure's environment.
 */
#include "gos-rc/live.h"

/* Beyond this the table of conflicts is not worth its memory. */
enum { LOCALS_MAX = 4096 };

typedef struct Cursors {
	Pass *p;
	Live live;
	MirInst **def;		/* by local: the Assign that makes it a candidate, or NULL */
	MirLocalId *owner;	/* by local: of an accepted cursor, else IR_NONE */
	uint32_t *stores;	/* by local */
	bool *unfit;		/* by local: cannot be a cursor */
	bool *exposed;		/* by local: its address is taken, cannot be an owner */
	bool *given;		/* by local: its value is given away somewhere */
	Bits *conflicts;	/* by local: what is live while something happens to it */
	MirInst *inst;		/* at hand */
} Cursors;

/* ---- What can be a cursor ---- */

/* Can nobody change what the place leads to but through its local? */
static bool
is_steady(Cursors *c, const MirPlace *place)
{
	MirTypeId t = mir_local_type(c->p->fn, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++) {
		const MirProj *proj = place->projs.at[i];
		bool environment = i == 0 && local_is_borrowed(c->p, place->local)
		    && mir_repr(c->p->m, t) == MIR_REPR_BOX;
		bool boxed = i > 0 && place->projs.at[i - 1]->kind == MIR_PROJ_VARIANT
		    && mir_repr(c->p->m, t) == MIR_REPR_BOX;
		if (proj->kind == MIR_PROJ_DEREF && !environment && !boxed)
			return false;
		t = mir_proj_type(c->p->m, t, proj);
	}
	return true;
}

static void
note_place(void *ctx, MirPlace *place, bool is_dest)
{
	Cursors *c = ctx;

	if (is_dest && place_is_whole(place))
		c->stores[place->local]++;
	else if (is_dest || c->inst->kind == MIR_INST_UNIQUE
	    || (c->inst->kind == MIR_INST_DROP && !place_is_whole(place)))
		c->unfit[place->local] = true;
}

static void
note_operand(void *ctx, MirOperand **op)
{
	Cursors *c = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		c->unfit[(*op)->addr.place->local] = c->exposed[(*op)->addr.place->local] = true;
	else if ((*op)->kind == MIR_OPERAND_MOVE)
		c->given[(*op)->move.place->local] = true;
}

static void
note_definition(Cursors *c, MirInst *i)
{
	if (i->kind != MIR_INST_ASSIGN || !place_is_whole(i->assign.dest)
	    || i->assign.value->kind != MIR_OPERAND_COPY)
		return;
	const MirPlace *from = i->assign.value->copy.place;
	MirLocalId local = i->assign.dest->local;
	if (local_is_counted(c->p, local) && local_is_counted(c->p, from->local)
	    && from->local != local && from->local != 0 && is_steady(c, from))
		c->def[local] = i;
}

static void
find_candidates(Cursors *c)
{
	MirFn *fn = c->p->fn;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			c->inst = fn->blocks.at[b]->insts.at[i];
			mir_inst_places(c->inst, note_place, c);
			mir_inst_operands(c->inst, note_operand, c);
			note_definition(c, c->inst);
		}
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		mir_term_operands(fn->blocks.at[b]->term, note_operand, c);
	for (uint32_t l = 0; l < fn->locals.len; l++)
		if (l <= fn->params.len || c->stores[l] != 1 || c->unfit[l]
		    || local_is_noticed(c->p, l))
			c->def[l] = NULL;
}

/* ---- Conflicts ---- */

/* Something happens to the owner here: everything live behind, or used here, is in its way. */
static void
conflict(Cursors *c, MirLocalId owner)
{
	if (!c->conflicts[owner].words)
		c->conflicts[owner] = bits_new(c->p->scratch, c->p->fn->locals.len);
	bits_join(c->conflicts[owner], c->live.now);
}

static void
happen_to_place(void *ctx, MirPlace *place, bool is_dest)
{
	Cursors *c = ctx;

	if (is_dest || c->inst->kind == MIR_INST_UNIQUE || c->inst->kind == MIR_INST_DROP)
		conflict(c, place->local);
}

static void
happen_to_operand(void *ctx, MirOperand **op)
{
	if ((*op)->kind == MIR_OPERAND_MOVE)
		conflict(ctx, (*op)->move.place->local);
}

static void
happen(Cursors *c, MirInst *i)
{
	c->inst = i;
	mir_inst_places(i, happen_to_place, c);
	mir_inst_operands(i, happen_to_operand, c);
	if (i->kind == MIR_INST_LIVE)
		conflict(c, i->live.local);
}

static void
find_conflicts(Cursors *c)
{
	for (uint32_t b = 0; b < c->p->fn->blocks.len; b++) {
		MirBlock *block = c->p->fn->blocks.at[b];
		live_at_end(&c->live, block);
		mir_term_operands(block->term, happen_to_operand, c);
		live_before_term(&c->live, block);
		mir_term_operands(block->term, happen_to_operand, c);
		for (uint32_t i = block->insts.len; i-- > 0; ) {
			live_after(&c->live, block->insts.at[i]);
			happen(c, block->insts.at[i]);
			live_before(&c->live, block->insts.at[i]);
			/* Before a Drop or a definition the owner's own parts do not count as uses. */
			if (block->insts.at[i]->kind == MIR_INST_CALL)
				happen(c, block->insts.at[i]);
		}
	}
}

/* ---- Decision ---- */

static MirLocalId
owner_of(const Cursors *c, MirLocalId local)
{
	const MirPlace *from = mir_operand_place(c->def[local]->assign.value);

	return c->owner[from->local] != IR_NONE ? c->owner[from->local] : from->local;
}

static bool
accept(Cursors *c, MirLocalId local)
{
	MirLocalId owner = owner_of(c, local);

	/* What is given away can be moved out of an owner that ends here: see specialise.c. */
	if (owner == local || c->exposed[owner] || (c->given[local] && !local_is_borrowed(c->p, owner))
	    || (c->conflicts[owner].words && bits_has(c->conflicts[owner], local)))
		return false;
	c->owner[local] = owner;
	return true;
}

/* Owners come first: a candidate waits until its own source is decided. */
static bool
decide_some(Cursors *c, bool *decided)
{
	bool any = false;

	for (uint32_t l = 0; l < c->p->fn->locals.len; l++) {
		if (decided[l] || !c->def[l])
			continue;
		MirLocalId from = mir_operand_place(c->def[l]->assign.value)->local;
		if (c->def[from] && !decided[from])
			continue;
		decided[l] = any = true;
		if (!accept(c, l))
			c->def[l] = NULL;
	}
	return any;
}

/* ---- Rewriting ---- */

static void
keep_value(void *ctx, MirOperand *op, bool owned)
{
	Cursors *c = ctx;
	MirPlace *place = mir_operand_place(op);

	(void)owned;
	if (op->kind == MIR_OPERAND_MOVE && c->owner[place->local] != IR_NONE) {
		op->kind = MIR_OPERAND_COPY;
		op->copy.place = place;
	}
}

/* Its scope and its Drop mean nothing for a local that owns nothing. */
static bool
is_obsolete(const Cursors *c, const MirInst *i)
{
	if (i->kind == MIR_INST_LIVE)
		return c->owner[i->live.local] != IR_NONE;
	return i->kind == MIR_INST_DROP && c->owner[i->drop.place->local] != IR_NONE;
}

static void
rewrite_block(Cursors *c, MirBlock *block)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < block->insts.len; i++) {
		MirInst *inst = block->insts.at[i];
		if (is_obsolete(c, inst))
			continue;
		inst_counted_operands(c->p, inst, keep_value, c);
		block->insts.at[n++] = inst;
	}
	block->insts.len = n;
	term_counted_operands(c->p, block->term, keep_value, c);
}

static void
rewrite(Cursors *c)
{
	MirFn *fn = c->p->fn;

	for (uint32_t l = 0; l < fn->locals.len; l++) {
		if (c->owner[l] == IR_NONE)
			continue;
		MirPlace *from = mir_operand_place(c->def[l]->assign.value);
		c->def[l]->assign.value = mir_mk_operand_borrow(c->p->arena, from);
	}
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		rewrite_block(c, fn->blocks.at[b]);
}

void
pass_cursors(Pass *p)
{
	uint32_t n = p->fn->locals.len;
	Arena *a = p->scratch;
	Cursors c = {.p = p, .def = arena_array(a, MirInst *, n), .owner = arena_array(a, MirLocalId, n),
	    .stores = arena_array(a, uint32_t, n), .unfit = arena_array(a, bool, n),
	    .exposed = arena_array(a, bool, n),
	    .given = arena_array(a, bool, n), .conflicts = arena_array(a, Bits, n)};
	bool *decided = arena_array(a, bool, n), any = false;

	if (n > LOCALS_MAX)
		return;
	find_candidates(&c);
	for (uint32_t l = 0; l < n; l++) {
		c.owner[l] = IR_NONE;
		any = any || c.def[l];
	}
	if (!any)
		return;
	live_find(&c.live, p);
	find_conflicts(&c);
	while (decide_some(&c, decided))
		;
	rewrite(&c);
}
