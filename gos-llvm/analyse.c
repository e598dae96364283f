/*
 * What must be known about all functions before the first is written: which can panic, which
 * check the stack, and where.
 *
 * Stack: a function may do without a check if its frame, with those of the unchecked functions
 * it calls, is small, and if it is in no cycle of the call graph; what it calls that checks the
 * stack looks after itself.  Runtime functions run on the reserve below the limit, which is made
 * for them.  Where a check is needed it stands at the start of the last block that comes before
 * all deep calls, so that a recursive function's base case does not pay; but not in a loop, and
 * not after anything that changed who owns what, because an overflow there releases the owned
 * parameters and nothing else.
 *
 * Recursion: small functions that call themselves get copies of themselves to call, which LLVM
 * inlines; it never inlines a function into itself.  A call then does the work of several.
 *
 * Panics: by what a function does itself and by what it calls, to a fixed point.
 */
#include "gos-llvm/llvm.h"

#include "lib/mir_cfg.h"

enum {
	UNCHECKED_MAX = 512,	/* bytes of frames without a check */
	FRAME_BASE = 64,	/* return address, saved registers */
	FRAME_PER_INST = 8,	/* temporaries that an unoptimised build spills */
};

typedef struct Analysis {
	Gen *g;
	const MirModule *m;
	IrU32List *callers;	/* by function; once per call */
	uint32_t *pending;	/* by function: callees whose need is not known yet */
	uint64_t *need;		/* by function: unchecked frames below and with it, 0 if it checks */
	bool *indirect;		/* by function: calls a closure */
} Analysis;

/* ---- What one function does ---- */

/* Whose code is called is known at run time only. */
static bool
is_indirect(const MirCallee *c)
{
	return c->kind == MIR_CALLEE_VALUE || c->kind == MIR_CALLEE_SLOT;
}

static bool
inst_panics(const MirModule *m, const MirInst *i, bool proven)
{
	switch (i->kind) {
	case MIR_INST_UNARY:
		return !proven && i->unary.check == MIR_CHECK_CHECKED && i->unary.op == MIR_UNOP_NEG;
	case MIR_INST_BINARY:
		return !proven && i->binary.check == MIR_CHECK_CHECKED && i->binary.op <= MIR_BINOP_SHR
		    && i->binary.op != MIR_BINOP_BIT_AND && i->binary.op != MIR_BINOP_BIT_OR
		    && i->binary.op != MIR_BINOP_BIT_XOR;
	case MIR_INST_BOUNDS:
		return !proven;
	case MIR_INST_CALL:
		if (i->call.callee->kind == MIR_CALLEE_RUNTIME)
			return mir_runtime(intern_str(m->names, i->call.callee->runtime.symbol))->flags
			    & MIR_RT_PANICS;
		return is_indirect(i->call.callee);
	case MIR_INST_ASSIGN:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_BOX:
	case MIR_INST_TAG:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		return false;
	}
	return true;
}

/* Code in tables is called with the flag, as closures are. */
static void
note_tables(Gen *g)
{
	for (uint32_t i = 0; i < g->m->tables.len; i++)
		for (uint32_t k = 0; k < g->m->tables.at[i]->slots.len; k++)
			g->facts[g->m->tables.at[i]->slots.at[k]].flagged = true;
}

/* The function called, IR_NONE for anything but a function of the program. */
static MirFnId
callee_of(const MirModule *m, const MirInst *i)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_FN)
		return IR_NONE;
	MirFnId id = i->call.callee->fn.fn;
	return mir_is_foreign(m->fns.at[id]) ? IR_NONE : id;
}

static void
note_address(void *ctx, MirOperand **op)
{
	Analysis *a = ctx;

	if ((*op)->kind == MIR_OPERAND_FN)
		a->g->facts[(*op)->fn.fn].flagged = true;
	else if ((*op)->kind == MIR_OPERAND_CLOSURE)
		a->g->facts[(*op)->closure.fn].flagged = true;
}

static void
scan_inst(Analysis *a, MirFnId id, MirInst *i, bool proven)
{
	FnFacts *facts = &a->g->facts[id];
	MirFnId callee = callee_of(a->m, i);

	facts->frame += FRAME_PER_INST;
	facts->insts++;
	facts->self_calls += callee == id;
	if (inst_panics(a->m, i, proven))
		facts->can_panic = true;
	if (i->kind == MIR_INST_CALL && is_indirect(i->call.callee))
		a->indirect[id] = true;
	if (callee != IR_NONE) {
		vec_push(a->g->arena, &a->callers[callee], id);
		a->pending[id]++;
	}
	mir_inst_operands(i, note_address, a);
}

static void
scan_fn(Analysis *a, MirFnId id)
{
	MirFn *fn = a->m->fns.at[id];
	FnFacts *facts = &a->g->facts[id];
	ArenaMark mark = arena_mark(a->g->scratch);
	bool *proven = range_analyse(a->m, fn, a->g->scratch);
	uint32_t n = 0;

	facts->frame = FRAME_BASE;
	for (uint32_t l = 0; l < fn->locals.len; l++)
		facts->frame += mir_type(a->m, mir_local_type(fn, l))->size;
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++)
			scan_inst(a, id, block->insts.at[i], proven[n++]);
		mir_term_operands(block->term, note_address, a);
		if (block->term->kind == MIR_TERM_PANIC)
			facts->can_panic = true;
	}
	arena_reset(a->g->scratch, mark);
}

/* ---- Which functions check the stack ---- */

static void
decide(Analysis *a, MirFnId id, bool in_cycle)
{
	FnFacts *facts = &a->g->facts[id];
	uint64_t need = facts->frame + a->need[id];

	facts->checks_stack = in_cycle || need > UNCHECKED_MAX || a->indirect[id];
	a->need[id] = facts->checks_stack ? 0 : need;
	if (facts->checks_stack)
		facts->can_panic = true;
}

/* From the functions that call none upwards; what stays pending is in a cycle or above one. */
static void
decide_all(Analysis *a)
{
	IrU32List ready = {0};
	uint32_t n = a->m->fns.len, next_cycle = 0;
	bool *done = arena_array(a->g->arena, bool, n);

	for (uint32_t i = 0; i < n; i++)
		if (!a->pending[i])
			vec_push(a->g->arena, &ready, i);
	for (;;) {
		bool in_cycle = ready.len == 0;
		if (in_cycle) {
			while (next_cycle < n && done[next_cycle])
				next_cycle++;
			if (next_cycle == n)
				return;
			vec_push(a->g->arena, &ready, next_cycle);
		}
		MirFnId id = vec_pop(&ready);
		if (done[id])
			continue;
		done[id] = true;
		decide(a, id, in_cycle);
		for (uint32_t k = 0; k < a->callers[id].len; k++) {
			MirFnId caller = a->callers[id].at[k];
			if (a->need[caller] < a->need[id] && !done[caller])
				a->need[caller] = a->need[id];
			if (--a->pending[caller] == 0)
				vec_push(a->g->arena, &ready, caller);
		}
	}
}

/* ---- Which functions can panic ---- */

static void
spread_panics(Analysis *a)
{
	IrU32List work = {0};

	for (uint32_t i = 0; i < a->m->fns.len; i++)
		if (a->g->facts[i].can_panic)
			vec_push(a->g->arena, &work, i);
	while (work.len) {
		MirFnId id = vec_pop(&work);
		for (uint32_t k = 0; k < a->callers[id].len; k++) {
			FnFacts *caller = &a->g->facts[a->callers[id].at[k]];
			if (!caller->can_panic) {
				caller->can_panic = true;
				vec_push(a->g->arena, &work, a->callers[id].at[k]);
			}
		}
	}
}

/* ---- Where the check stands ---- */

static bool
has_deep_call(const MirModule *m, const MirBlock *b)
{
	for (uint32_t i = 0; i < b->insts.len; i++) {
		const MirInst *inst = b->insts.at[i];
		if (inst->kind == MIR_INST_CALL && (callee_of(m, inst) != IR_NONE
		    || is_indirect(inst->call.callee)))
			return true;
	}
	return false;
}

/* Does the block leave alone who owns what? */
static bool
is_pure(const MirModule *m, const MirFn *fn, const MirBlock *b)
{
	for (uint32_t i = 0; i < b->insts.len; i++) {
		const MirInst *inst = b->insts.at[i];
		const MirPlace *dest = mir_inst_dest(inst);
		if (inst->kind == MIR_INST_RETAIN || inst->kind == MIR_INST_RELEASE
		    || inst->kind == MIR_INST_UNIQUE || inst->kind == MIR_INST_BOX)
			return false;
		if (inst->kind == MIR_INST_CALL
		    && (inst->call.callee->kind != MIR_CALLEE_RUNTIME || inst->call.args.len != 1))
			return false;
		if (dest && mir_type(m, mir_place_type(m, fn, dest))->counted)
			return false;
	}
	return true;
}

static bool
can_check_at(const MirModule *m, const Cfg *c, MirBbId at)
{
	bool *before = cfg_reaching(c, at, IR_NONE);

	if (before[at])
		return false;
	for (uint32_t b = 0; b < c->fn->blocks.len; b++)
		if (before[b] && !is_pure(m, c->fn, c->fn->blocks.at[b]))
			return false;
	return true;
}

/* Blocks to try on the way up; beyond that the entry will do. */
enum { CLIMB_MAX = 16 };

static void
place_check(Analysis *a, MirFnId id)
{
	FnFacts *facts = &a->g->facts[id];
	MirFn *fn = a->m->fns.at[id];
	ArenaMark mark = arena_mark(a->g->scratch);
	Cfg c;

	facts->check_at = 0;
	if (!facts->checks_stack)
		return;
	cfg_build(&c, fn, a->g->scratch);
	MirBbId at = IR_NONE;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		if (cfg_is_reachable(&c, b) && has_deep_call(a->m, fn->blocks.at[b]))
			at = at == IR_NONE ? b : cfg_common_dominator(&c, at, b);
	for (int tries = 0; at != IR_NONE && at != 0 && !can_check_at(a->m, &c, at); at = c.idom[at])
		if (++tries == CLIMB_MAX)
			at = 0;
	if (at != IR_NONE)
		facts->check_at = at;
	arena_reset(a->g->scratch, mark);
}

/* ---- Recursion that is written out ---- */

enum { LEVELS_MAX = 2, UNROLLED_INSTS_MAX = 200 };

/* As many levels as keep the whole small: each call of itself becomes one more body. */
static void
choose_levels(FnFacts *facts)
{
	uint32_t bodies = 1, last = 1;

	facts->levels = 0;
	if (facts->self_calls == 0)
		return;
	while (facts->levels < LEVELS_MAX) {
		last *= facts->self_calls;
		bodies += last;
		if ((uint64_t)bodies * facts->insts > UNROLLED_INSTS_MAX)
			return;
		facts->levels++;
	}
}

void
analyse(Gen *g)
{
	uint32_t n = g->m->fns.len;
	Analysis a = {.g = g, .m = g->m, .callers = arena_array(g->arena, IrU32List, n),
	    .pending = arena_array(g->arena, uint32_t, n), .need = arena_array(g->arena, uint64_t, n),
	    .indirect = arena_array(g->arena, bool, n)};

	g->facts = arena_array(g->arena, FnFacts, n);
	for (uint32_t i = 0; i < n; i++)
		scan_fn(&a, i);
	note_tables(g);
	decide_all(&a);
	spread_panics(&a);
	for (uint32_t i = 0; i < n; i++) {
		g->facts[i].flagged |= g->facts[i].can_panic;
		place_check(&a, i);
		choose_levels(&g->facts[i]);
	}
}
