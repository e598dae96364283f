/*
 * Makes operands say what the instruction does with them.  See rc.h.
 *
 * Where ownership is taken, a Borrow would leave two owners of one reference: it becomes a Copy, and
 * so does a Move of a parameter that the caller keeps.
 * Where it is not, a Copy would be a reference that nobody releases, and a Move would lose one:
 * both become Borrow, and the local's own Drop releases it.
 */
#include "gos-rc/rc.h"

static void
settle(void *ctx, MirOperand *op, bool owned)
{
	MirPlace *place = mir_operand_place(op);

	Pass *p = ctx;
	bool kept = op->kind == MIR_OPERAND_BORROW
	    || (op->kind == MIR_OPERAND_MOVE && local_is_borrowed(p, place->local));

	if (owned && kept) {
		op->kind = MIR_OPERAND_COPY;
		op->copy.place = place;
	} else if (!owned) {
		op->kind = MIR_OPERAND_BORROW;
		op->borrow.place = place;
	}
}

void
pass_positions(Pass *p)
{
	for (uint32_t b = 0; b < p->fn->blocks.len; b++) {
		MirBlock *block = p->fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++)
			inst_counted_operands(p, block->insts.at[i], settle, p);
		term_counted_operands(p, block->term, settle, p);
	}
}
