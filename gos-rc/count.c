/*
 * Makes ownership explicit: a Copy of a counted value is a Retain and a bitwise copy, a Drop is a
 * Release, Live goes.  See rc.h.
 */
#include "gos-rc/rc.h"

typedef struct Count {
	Pass *p;
	MirInstList out;
	Span span;
} Count;

static void
retain_copy(void *ctx, MirOperand *op, bool owned)
{
	Count *c = ctx;

	if (owned && op->kind == MIR_OPERAND_COPY)
		vec_push(c->p->arena, &c->out, mir_mk_inst_retain(c->p->arena, c->span, op->copy.place));
}

static void
count_inst(Count *c, MirInst *i)
{
	Arena *a = c->p->arena;

	c->span = i->span;
	if (i->kind == MIR_INST_LIVE)
		return;
	if (i->kind == MIR_INST_DROP) {
		MirTypeId t = mir_place_type(c->p->m, c->p->fn, i->drop.place);
		if (mir_type(c->p->m, t)->counted)
			vec_push(a, &c->out, mir_mk_inst_release(a, i->span, i->drop.place, IR_NONE));
		return;
	}
	inst_counted_operands(c->p, i, retain_copy, c);
	vec_push(a, &c->out, i);
}

void
pass_count(Pass *p)
{
	for (uint32_t b = 0; b < p->fn->blocks.len; b++) {
		MirBlock *block = p->fn->blocks.at[b];
		Count c = {.p = p};
		for (uint32_t i = 0; i < block->insts.len; i++)
			count_inst(&c, block->insts.at[i]);
		c.span = block->term->span;
		term_counted_operands(p, block->term, retain_copy, &c);
		block->insts = c.out;
	}
}
