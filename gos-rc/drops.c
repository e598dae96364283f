/*
 * Decides each Drop of a whole local: gone where the local is surely empty, plain where it is
 * surely full, under a flag where that depends on the path.  See rc.h.
 *
 * Forward analysis with two bits for each counted local, "may be full" and "may be empty".  An
 * instruction first empties what it moves or drops; that is the state its unwind edge sees, since
 * a callee owns its arguments even if it panics.  Then it fills its destination.  Storing to a
 * part of a local changes nothing: lowering builds values as wholes.
 *
 * A flag is a Bool local, true while its local is full: set behind what fills it, cleared before
 * what empties it, and cleared where the function or the local's scope begins.
 */
#include "gos-rc/rc.h"

#include "lib/fatal.h"

typedef struct State {
	Bits full, empty;	/* may be */
} State;

typedef struct Drops {
	Pass *p;
	State *in;		/* by block */
	State now;
	bool *reached;		/* by block */
	IrU32List work;
	bool *queued;		/* by block */
	MirLocalId *flag;	/* by local: its flag, IR_NONE: none */
	MirTypeId bool_type;
	MirBlock *out;		/* block that rewritten instructions go to */
} Drops;

/* ---- Effects ---- */

/* The local that a Drop of a whole counted local empties, else IR_NONE. */
static MirLocalId
dropped_local(Drops *d, const MirInst *i)
{
	if (i->kind != MIR_INST_DROP || !place_is_whole(i->drop.place)
	    || !local_is_counted(d->p, i->drop.place->local))
		return IR_NONE;
	return i->drop.place->local;
}

static MirLocalId
filled_local(Drops *d, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (!dest || !place_is_whole(dest) || !local_is_counted(d->p, dest->local))
		return IR_NONE;
	return dest->local;
}

static void
set_state(Drops *d, MirLocalId local, bool full)
{
	if (local == IR_NONE)
		return;
	bits_put(d->now.full, local, full);
	bits_put(d->now.empty, local, !full);
}

static void
move_out(void *ctx, MirOperand *op, bool owned)
{
	(void)owned;
	if (op->kind == MIR_OPERAND_MOVE && place_is_whole(op->move.place))
		set_state(ctx, op->move.place->local, false);
}

/* What happens before a panic could. */
static void
apply_first(Drops *d, MirInst *i)
{
	inst_counted_operands(d->p, i, move_out, d);
	set_state(d, dropped_local(d, i), false);
	if (i->kind == MIR_INST_LIVE && local_is_counted(d->p, i->live.local))
		set_state(d, i->live.local, false);
}

/* ---- The analysis ---- */

static void
flow_to(void *ctx, MirBbId *bb)
{
	Drops *d = ctx;
	bool grew = !d->reached[*bb];

	d->reached[*bb] = true;
	grew |= bits_join(d->in[*bb].full, d->now.full);
	grew |= bits_join(d->in[*bb].empty, d->now.empty);
	if (grew && !d->queued[*bb]) {
		d->queued[*bb] = true;
		vec_push(d->p->scratch, &d->work, *bb);
	}
}

static void
flow_unwind(Drops *d, MirBbId *unwind)
{
	if (unwind && *unwind != IR_NONE)
		flow_to(d, unwind);
}

static void
load_state(Drops *d, MirBbId b)
{
	bits_copy(d->now.full, d->in[b].full);
	bits_copy(d->now.empty, d->in[b].empty);
}

static void
flow_block(Drops *d, MirBbId b)
{
	MirBlock *block = d->p->fn->blocks.at[b];

	load_state(d, b);
	for (uint32_t i = 0; i < block->insts.len; i++) {
		apply_first(d, block->insts.at[i]);
		flow_unwind(d, mir_inst_unwind(block->insts.at[i]));
		set_state(d, filled_local(d, block->insts.at[i]), true);
	}
	term_counted_operands(d->p, block->term, move_out, d);
	mir_term_targets(block->term, flow_to, d);
	flow_unwind(d, mir_term_unwind(block->term));
}

static void
find_states(Drops *d)
{
	MirFn *fn = d->p->fn;
	MirBbId entry = 0;

	for (uint32_t l = 0; l < fn->locals.len; l++)
		if (local_is_counted(d->p, l))
			set_state(d, l, l >= 1 && l <= fn->params.len);
	flow_to(d, &entry);
	while (d->work.len) {
		MirBbId b = vec_pop(&d->work);
		d->queued[b] = false;
		flow_block(d, b);
	}
}

/* ---- Flags ---- */

static bool
needs_flag(Drops *d, MirLocalId local)
{
	return bits_has(d->now.full, local) && bits_has(d->now.empty, local);
}

/* Walks like flow_block over final states, and gives a flag to each local that needs one. */
static void
find_flags(Drops *d, MirBbId b)
{
	MirBlock *block = d->p->fn->blocks.at[b];

	load_state(d, b);
	for (uint32_t i = 0; i < block->insts.len; i++) {
		MirLocalId local = dropped_local(d, block->insts.at[i]);
		if (local != IR_NONE && needs_flag(d, local) && d->flag[local] == IR_NONE)
			d->flag[local] = new_local(d->p, d->bool_type);
		apply_first(d, block->insts.at[i]);
		set_state(d, filled_local(d, block->insts.at[i]), true);
	}
}

static void
put(Drops *d, MirInst *i)
{
	vec_push(d->p->arena, &d->out->insts, i);
}

static void
put_flag(Drops *d, MirLocalId local, bool full, Span span)
{
	Arena *a = d->p->arena;

	if (local == IR_NONE || d->flag[local] == IR_NONE)
		return;
	put(d, mir_mk_inst_assign(a, span, new_place(d->p, d->flag[local]),
	    mir_mk_operand_int(a, d->bool_type, full)));
}

/* ---- Rewriting ---- */

/* if flag { flag = false; drop }, and on in a new block: a Drop that panics has emptied its local */
static void
put_flagged_drop(Drops *d, MirInst *i, MirLocalId local)
{
	Arena *a = d->p->arena;
	MirBlock *before = d->out;
	MirBbId drop = new_block(d->p, before->cleanup), rest = new_block(d->p, before->cleanup);
	MirOperand *flag = mir_mk_operand_copy(a, new_place(d->p, d->flag[local]));

	before->term = mir_mk_term_if(a, i->span, flag, drop, rest);
	d->out = d->p->fn->blocks.at[drop];
	put_flag(d, local, false, i->span);
	put(d, i);
	d->out->term = mir_mk_term_goto(a, i->span, rest);
	d->out = d->p->fn->blocks.at[rest];
}

static void
put_drop(Drops *d, MirInst *i, MirLocalId local)
{
	bool full = bits_has(d->now.full, local), empty = bits_has(d->now.empty, local);

	if (!full)
		return;
	if (empty) {
		put_flagged_drop(d, i, local);
	} else {
		put_flag(d, local, false, i->span);
		put(d, i);
	}
}

typedef struct ClearMoved {
	Drops *d;
	Span span;
} ClearMoved;

static void
clear_moved(void *ctx, MirOperand *op, bool owned)
{
	ClearMoved *c = ctx;

	(void)owned;
	if (op->kind == MIR_OPERAND_MOVE && place_is_whole(op->move.place))
		put_flag(c->d, op->move.place->local, false, c->span);
}

static void
rewrite_inst(Drops *d, MirInst *i)
{
	MirLocalId dropped = dropped_local(d, i), filled = filled_local(d, i);

	if (dropped != IR_NONE) {
		put_drop(d, i, dropped);
	} else if (i->kind == MIR_INST_LIVE) {
		put_flag(d, i->live.local, false, i->span);
		put(d, i);
	} else {
		inst_counted_operands(d->p, i, clear_moved, &(ClearMoved){d, i->span});
		put(d, i);
		put_flag(d, filled, true, i->span);
	}
	apply_first(d, i);
	set_state(d, filled, true);
}

static void
rewrite_block(Drops *d, MirBbId b)
{
	MirBlock *block = d->p->fn->blocks.at[b];
	MirInstList insts = block->insts;
	MirTerm *term = block->term;

	load_state(d, b);
	block->insts = (MirInstList){0};
	d->out = block;
	for (uint32_t i = 0; i < insts.len; i++)
		rewrite_inst(d, insts.at[i]);
	term_counted_operands(d->p, term, clear_moved, &(ClearMoved){d, term->span});
	d->out->term = term;
}

/* ---- Where flags begin ---- */

typedef struct Entry {
	MirBbId moved;
	bool is_target;
} Entry;

static void
find_entry(void *ctx, MirBbId *bb)
{
	Entry *e = ctx;

	e->is_target = e->is_target || *bb == 0;
}

static void
leave_entry(void *ctx, MirBbId *bb)
{
	Entry *e = ctx;

	if (*bb == 0)
		*bb = e->moved;
}

/* Where bb0 is the head of a loop its contents move to a new block, so that bb0 runs once. */
static void
split_entry(Drops *d)
{
	MirFn *fn = d->p->fn;
	Entry e = {0};

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		mir_block_edges(fn->blocks.at[b], find_entry, &e);
	if (!e.is_target)
		return;
	e.moved = new_block(d->p, false);
	*fn->blocks.at[e.moved] = *fn->blocks.at[0];
	*fn->blocks.at[0] = (MirBlock){
		.term = mir_mk_term_goto(d->p->arena, fn->span, e.moved),
	};
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		mir_block_edges(fn->blocks.at[b], leave_entry, &e);
	fn->blocks.at[0]->term->goto_.target = e.moved;
}

static void
init_flags(Drops *d, uint32_t nlocals)
{
	MirFn *fn = d->p->fn;
	bool any = false;

	for (uint32_t l = 0; l < nlocals; l++)
		any = any || d->flag[l] != IR_NONE;
	if (!any)
		return;
	split_entry(d);
	MirInstList rest = fn->blocks.at[0]->insts;
	fn->blocks.at[0]->insts = (MirInstList){0};
	d->out = fn->blocks.at[0];
	for (uint32_t l = 0; l < nlocals; l++)
		put_flag(d, l, l >= 1 && l <= fn->params.len, fn->span);
	for (uint32_t i = 0; i < rest.len; i++)
		put(d, rest.at[i]);
}

/* ---- The pass ---- */

static Drops
begin(Pass *p)
{
	uint32_t nlocals = p->fn->locals.len, nblocks = p->fn->blocks.len;
	Arena *a = p->scratch;
	Drops d = {.p = p, .in = arena_array(a, State, nblocks),
	    .now = {bits_new(a, nlocals), bits_new(a, nlocals)},
	    .reached = arena_array(a, bool, nblocks), .queued = arena_array(a, bool, nblocks),
	    .flag = arena_array(a, MirLocalId, nlocals), .bool_type = find_bool(p->m)};

	for (uint32_t b = 0; b < nblocks; b++)
		d.in[b] = (State){bits_new(a, nlocals), bits_new(a, nlocals)};
	for (uint32_t l = 0; l < nlocals; l++)
		d.flag[l] = IR_NONE;
	return d;
}

void
pass_drops(Pass *p)
{
	uint32_t nlocals = p->fn->locals.len, nblocks = p->fn->blocks.len;
	Drops d = begin(p);

	find_states(&d);
	for (uint32_t b = 0; b < nblocks; b++)
		find_flags(&d, b);
	for (uint32_t b = 0; b < nblocks; b++)
		rewrite_block(&d, b);
	init_flags(&d, nlocals);
	p->dropped = true;
	for (uint32_t l = 0; l < nlocals; l++)
		vec_push(p->arena, &p->flag_of, d.flag[l]);
}
