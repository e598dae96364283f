/*
 * Removes control flow that does nothing: jumps to blocks that only jump on, unwinding to blocks
 * that only resume, blocks that cannot be reached.  See rc.h.
 */
#include "gos-rc/rc.h"

typedef struct Tidy {
	Pass *p;
	MirBbId *to;		/* by block: where entering it leads without doing anything */
	bool *reached;		/* by block */
	IrU32List work;
	MirBbId *number;	/* by block: its new id */
} Tidy;

/* ---- Short cuts ---- */

/* The target if the block only jumps, else IR_NONE. */
static MirBbId
jump_target(const MirBlock *b)
{
	return b->insts.len == 0 && b->term->kind == MIR_TERM_GOTO ? b->term->goto_.target : IR_NONE;
}

/* Follows jumps; a circle of them ends where it began. */
static void
find_target(Tidy *t, MirBbId b)
{
	MirFn *fn = t->p->fn;
	MirBbId end = b;
	uint32_t steps = 0;

	for (MirBbId next; (next = jump_target(fn->blocks.at[end])) != IR_NONE; end = next) {
		if (t->to[end] != IR_NONE) {
			end = t->to[end];
			break;
		}
		if (++steps > fn->blocks.len)
			break;
	}
	/* Everything on the way leads there too, so that long chains are walked once. */
	for (MirBbId at = b; at != end && t->to[at] == IR_NONE; ) {
		MirBbId next = jump_target(fn->blocks.at[at]);
		t->to[at] = end;
		at = next;
	}
	if (t->to[b] == IR_NONE)
		t->to[b] = end;
}

static void
redirect(void *ctx, MirBbId *bb)
{
	Tidy *t = ctx;

	*bb = t->to[*bb];
}

static void
cut_unwind(Tidy *t, MirBbId *unwind)
{
	MirFn *fn = t->p->fn;

	if (!unwind || *unwind == IR_NONE)
		return;
	const MirBlock *b = fn->blocks.at[*unwind];
	if (b->insts.len == 0 && b->term->kind == MIR_TERM_RESUME)
		*unwind = IR_NONE;
}

static void
cut_block(Tidy *t, MirBlock *b)
{
	mir_block_edges(b, redirect, t);
	for (uint32_t i = 0; i < b->insts.len; i++)
		cut_unwind(t, mir_inst_unwind(b->insts.at[i]));
	cut_unwind(t, mir_term_unwind(b->term));
	if (b->term->kind == MIR_TERM_IF && b->term->if_.then == b->term->if_.otherwise)
		b->term = mir_mk_term_goto(t->p->arena, b->term->span, b->term->if_.then);
}

/* ---- What can be reached ---- */

static void
reach(void *ctx, MirBbId *bb)
{
	Tidy *t = ctx;

	if (t->reached[*bb])
		return;
	t->reached[*bb] = true;
	vec_push(t->p->scratch, &t->work, *bb);
}

static void
renumber(void *ctx, MirBbId *bb)
{
	Tidy *t = ctx;

	*bb = t->number[*bb];
}

static void
remove_unreached(Tidy *t)
{
	MirFn *fn = t->p->fn;
	MirBbId entry = 0;
	uint32_t n = 0;

	reach(t, &entry);
	while (t->work.len)
		mir_block_edges(fn->blocks.at[vec_pop(&t->work)], reach, t);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		if (t->reached[b])
			t->number[b] = n++;
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		if (!t->reached[b])
			continue;
		mir_block_edges(fn->blocks.at[b], renumber, t);
		fn->blocks.at[t->number[b]] = fn->blocks.at[b];
	}
	fn->blocks.len = n;
}

void
pass_tidy(Pass *p)
{
	uint32_t n = p->fn->blocks.len;
	Tidy t = {.p = p, .to = arena_array(p->scratch, MirBbId, n),
	    .reached = arena_array(p->scratch, bool, n), .number = arena_array(p->scratch, MirBbId, n)};

	for (uint32_t b = 0; b < n; b++)
		t.to[b] = IR_NONE;
	for (uint32_t b = 0; b < n; b++)
		find_target(&t, b);
	for (uint32_t b = 0; b < n; b++)
		cut_block(&t, p->fn->blocks.at[b]);
	remove_unreached(&t);
}
