/*
 * Cancels a Retain with a Release behind it in the same block.  See rc.h.
 *
 *	Retain x … Release x		nothing in between looks at or changes x's count
 *	Retain x; t = x … Release t	the same, and nobody else gets t: x keeps it alive
 *
 * x is a whole local that nobody can reach through an address, so in between it is enough that no
 * instruction stores to x or t, moves them, makes them unique or releases them, and that no panic
 * can leave: cleanup would release t.
 */
#include "gos-rc/rc.h"

typedef struct Fuse {
	Pass *p;
	bool *exposed;		/* by local: its address is taken */
	MirLocalId x, t;	/* the pair at hand; t is IR_NONE or x's copy */
	bool spoiled;
} Fuse;

static void
note_address(void *ctx, MirOperand **op)
{
	Fuse *f = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		f->exposed[(*op)->addr.place->local] = true;
}

static bool
is_pair_local(const Fuse *f, MirLocalId local)
{
	return local == f->x || local == f->t;
}

static void
check_place(void *ctx, MirPlace *place, bool is_dest)
{
	Fuse *f = ctx;

	if (is_dest && is_pair_local(f, place->local))
		f->spoiled = true;
}

static void
check_operand(void *ctx, MirOperand *op, bool owned)
{
	Fuse *f = ctx;

	if (owned && is_pair_local(f, mir_operand_place(op)->local))
		f->spoiled = true;
}

/* May the pair reach over this instruction? */
static bool
is_neutral(Fuse *f, MirInst *i)
{
	MirBbId *unwind = mir_inst_unwind(i);

	f->spoiled = false;
	if (unwind && *unwind != IR_NONE)
		return false;
	if (i->kind == MIR_INST_UNIQUE && is_pair_local(f, i->unique.place->local))
		return false;
	if (i->kind == MIR_INST_RELEASE && is_pair_local(f, i->release.place->local))
		return false;
	mir_inst_places(i, check_place, f);
	inst_counted_operands(f->p, i, check_operand, f);
	return !f->spoiled;
}

/* t of `t = x` with both whole, else IR_NONE. */
static MirLocalId
copy_of(const MirInst *i, MirLocalId x)
{
	if (i->kind != MIR_INST_ASSIGN || !place_is_whole(i->assign.dest)
	    || i->assign.value->kind != MIR_OPERAND_COPY)
		return IR_NONE;
	const MirPlace *from = i->assign.value->copy.place;
	return place_is_whole(from) && from->local == x ? i->assign.dest->local : IR_NONE;
}

/* Index of the Release that the Retain at `at` cancels with, or IR_NONE. */
static uint32_t
find_release(Fuse *f, const MirBlock *b, uint32_t at)
{
	const MirPlace *place = b->insts.at[at]->retain.place;

	f->x = place->local;
	f->t = IR_NONE;
	if (!place_is_whole(place) || f->exposed[f->x] || local_is_noticed(f->p, f->x))
		return IR_NONE;
	uint32_t i = at + 1;
	if (i < b->insts.len && (f->t = copy_of(b->insts.at[i], f->x)) != IR_NONE)
		i++;
	if (f->t != IR_NONE && f->exposed[f->t])
		return IR_NONE;
	MirLocalId wanted = f->t != IR_NONE ? f->t : f->x;
	for (; i < b->insts.len; i++) {
		const MirInst *inst = b->insts.at[i];
		if (inst->kind == MIR_INST_RELEASE && place_is_whole(inst->release.place)
		    && inst->release.place->local == wanted)
			return i;
		if (!is_neutral(f, b->insts.at[i]))
			return IR_NONE;
	}
	return IR_NONE;
}

static void
fuse_block(Fuse *f, MirBlock *b)
{
	bool *gone = arena_array(f->p->scratch, bool, b->insts.len);
	uint32_t n = 0;

	for (uint32_t i = 0; i < b->insts.len; i++) {
		if (b->insts.at[i]->kind != MIR_INST_RETAIN || gone[i])
			continue;
		uint32_t end = find_release(f, b, i);
		if (end == IR_NONE || gone[end])
			continue;
		gone[i] = gone[end] = true;
		if (f->t != IR_NONE)
			b->insts.at[i + 1]->assign.value = mir_mk_operand_borrow(f->p->arena,
			    mir_operand_place(b->insts.at[i + 1]->assign.value));
	}
	for (uint32_t i = 0; i < b->insts.len; i++)
		if (!gone[i])
			b->insts.at[n++] = b->insts.at[i];
	b->insts.len = n;
}

void
pass_fuse(Pass *p)
{
	Fuse f = {.p = p, .exposed = arena_array(p->scratch, bool, p->fn->locals.len)};

	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		for (uint32_t i = 0; i < p->fn->blocks.at[b]->insts.len; i++)
			mir_inst_operands(p->fn->blocks.at[b]->insts.at[i], note_address, &f);
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		fuse_block(&f, p->fn->blocks.at[b]);
}
