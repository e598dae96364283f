/*
 * Makes ownership explicit: a Copy of a counted value is a Retain and a bitwise copy, a Drop is a
 * Release, Live and keeps go.  See rc.h.
 */
#include "gos-rc/rc.h"

typedef struct Count {
	Pass *p;
	MirInstList out;
	Span span;
	bool cleanup;
	MirLocalId unit;	/* where calls without result store to, IR_NONE: not made yet */
} Count;

static void
retain_copy(void *ctx, MirOperand *op, bool owned)
{
	Count *c = ctx;

	if (owned && op->kind == MIR_OPERAND_COPY)
		vec_push(c->p->arena, &c->out, mir_mk_inst_retain(c->p->arena, c->span, op->copy.place));
}

/* What ran may have panicked.  In a cleanup it cannot: a second panic ends the program. */
static void
check_drop(Count *c, const MirInst *drop)
{
	Pass *p = c->p;
	Arena *a = p->arena;

	if (c->unit == IR_NONE) {
		vec_push(a, &p->fn->locals, mir_mk_variable(a, 0, p->unit, p->fn->span));
		c->unit = p->fn->locals.len - 1;
	}
	vec_push(a, &c->out, mir_mk_inst_call(a, drop->span, mir_mk_place(a, c->unit, (MirProjList){0}),
	    mir_mk_callee_runtime(a, intern_cstr(p->m->names, "drop_check")), (MirOperandList){0},
	    drop->drop.unwind));
}

static void
count_inst(Count *c, MirInst *i)
{
	Arena *a = c->p->arena;

	c->span = i->span;
	if (i->kind == MIR_INST_LIVE || inst_is_keep(c->p, i))
		return;
	if (i->kind == MIR_INST_DROP) {
		MirTypeId t = mir_place_type(c->p->m, c->p->fn, i->drop.place);
		if (mir_type(c->p->m, t)->counted)
			vec_push(a, &c->out, mir_mk_inst_release(a, i->span, i->drop.place, IR_NONE));
		if (mir_notice(c->p->m->end_of[t]) == MIR_RUNS && !c->cleanup)
			check_drop(c, i);
		return;
	}
	inst_counted_operands(c->p, i, retain_copy, c);
	vec_push(a, &c->out, i);
}

void
pass_count(Pass *p)
{
	MirLocalId unit = IR_NONE;

	for (uint32_t b = 0; b < p->fn->blocks.len; b++) {
		MirBlock *block = p->fn->blocks.at[b];
		Count c = {.p = p, .cleanup = block->cleanup, .unit = unit};
		for (uint32_t i = 0; i < block->insts.len; i++)
			count_inst(&c, block->insts.at[i]);
		c.span = block->term->span;
		term_counted_operands(p, block->term, retain_copy, &c);
		block->insts = c.out;
		unit = c.unit;
	}
}
