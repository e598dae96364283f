/*
 * Makes a Vec or Box unique once before a loop instead of in each round.  See rc.h.
 *
 *	loop { …; Unique v; v[i] = x; … }	→	Unique v; loop { …; v[i] = x; … }
 *
 * What is unique stays so while nobody adds a reference: in the loop v is mentioned only to reach
 * its elements, for its length, and in Unique itself.  v is a local, or what a Ref parameter or
 * local that the loop does not change points to; a Ref has its target for itself.  Only a Unique
 * that every round passes is moved, so that at most a loop without rounds copies in vain.
 *
 * One move at a time, on a fresh control-flow graph; inner loops come first, so that what left them
 * may go on to leave the outer ones.
 */
#include "gos-rc/rc.h"

#include "lib/mir_cfg.h"

#include <string.h>

enum { MOVES_MAX = 64, BLOCKS_MAX = 1000 };

typedef struct Hoist {
	Pass *p;
	Cfg cfg;
	MirBbId head;
	bool *in_loop;		/* by block */
	const MirPlace *place;	/* the candidate */
	bool spoiled;
} Hoist;

/* ---- Mentions ---- */

static bool
begins_with(const MirPlace *place, const MirPlace *prefix)
{
	if (place->projs.len <= prefix->projs.len)
		return false;
	for (uint32_t i = 0; i < prefix->projs.len; i++)
		if (place->projs.at[i]->kind != prefix->projs.at[i]->kind)
			return false;
	return true;
}

/* The place lies behind the candidate: an element, or part of the payload. */
static bool
is_behind(const Hoist *h, const MirPlace *place)
{
	return place->local == h->place->local && begins_with(place, h->place);
}

static void
check_place(void *ctx, MirPlace *place, bool is_dest)
{
	Hoist *h = ctx;

	(void)is_dest;
	if (place->local == h->place->local && !is_behind(h, place))
		h->spoiled = true;
}

static void
check_operand(void *ctx, MirOperand **op)
{
	MirPlace *place = mir_operand_place(*op);

	if (place)
		check_place(ctx, place, false);
}

static bool
is_unique_of(const Hoist *h, const MirInst *i)
{
	return i->kind == MIR_INST_UNIQUE && i->unique.place->projs.len == h->place->projs.len
	    && i->unique.place->local == h->place->local;
}

static bool
is_length(const Hoist *h, const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_RUNTIME
	    && i->call.dest->local != h->place->local
	    && strcmp(intern_str(h->p->m->names, i->call.callee->runtime.symbol), "vec_len") == 0;
}

static bool
loop_allows(Hoist *h)
{
	MirFn *fn = h->p->fn;

	h->spoiled = false;
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		if (!h->in_loop[b])
			continue;
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len && !h->spoiled; i++) {
			MirInst *inst = block->insts.at[i];
			if (is_unique_of(h, inst) || is_length(h, inst))
				continue;
			mir_inst_places(inst, check_place, h);
			mir_inst_operands(inst, check_operand, h);
		}
		mir_term_operands(block->term, check_operand, h);
	}
	return !h->spoiled;
}

/* ---- Candidates ---- */

static void
note_address(void *ctx, MirOperand **op)
{
	Hoist *h = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR && (*op)->addr.place->local == h->place->local
	    && place_is_direct(h->p, (*op)->addr.place))
		h->spoiled = true;
}

/* Somebody may hold the local's address and copy or store through it. */
static bool
is_exposed(Hoist *h)
{
	MirFn *fn = h->p->fn;

	h->spoiled = false;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			const MirInst *inst = fn->blocks.at[b]->insts.at[i];
			if (inst->kind != MIR_INST_CALL)
				mir_inst_operands(fn->blocks.at[b]->insts.at[i], note_address, h);
		}
	return h->spoiled;
}

/* A local, or the target of a Ref. */
static bool
is_simple(const Hoist *h, const MirPlace *place)
{
	if (place->projs.len == 0)
		return true;
	return place->projs.len == 1 && place->projs.at[0]->kind == MIR_PROJ_DEREF
	    && mir_repr(h->p->m, mir_local_type(h->p->fn, place->local)) == MIR_REPR_REF;
}

/* Does every way round the loop pass the block? */
static bool
is_in_every_round(const Hoist *h, MirBbId b)
{
	const IrU32List *preds = &h->cfg.preds[h->head];

	for (uint32_t i = 0; i < preds->len; i++)
		if (h->in_loop[preds->at[i]] && !cfg_dominates(&h->cfg, b, preds->at[i]))
			return false;
	return true;
}

static bool
find_candidate(Hoist *h)
{
	MirFn *fn = h->p->fn;

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		if (!h->in_loop[b] || !is_in_every_round(h, b))
			continue;
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			const MirInst *inst = fn->blocks.at[b]->insts.at[i];
			if (inst->kind != MIR_INST_UNIQUE || !is_simple(h, inst->unique.place))
				continue;
			h->place = inst->unique.place;
			if (!is_exposed(h) && loop_allows(h))
				return true;
		}
	}
	return false;
}

/* ---- The loop ---- */

/* The natural loop of a head; false if the block is none, or is entered by unwinding. */
static bool
find_loop(Hoist *h, MirBbId head)
{
	Arena *a = h->p->scratch;
	const IrU32List *preds = &h->cfg.preds[head];
	bool any = false;

	h->head = head;
	h->in_loop = arena_array(a, bool, h->p->fn->blocks.len);
	if (h->p->fn->blocks.at[head]->cleanup || head == 0)
		return false;
	for (uint32_t i = 0; i < preds->len; i++) {
		MirBbId latch = preds->at[i];
		if (!cfg_dominates(&h->cfg, head, latch))
			continue;
		any = true;
		h->in_loop[latch] = true;
		bool *reaching = cfg_reaching(&h->cfg, latch, head);
		for (uint32_t b = 0; latch != head && b < h->p->fn->blocks.len; b++)
			h->in_loop[b] |= reaching[b];
	}
	h->in_loop[head] = any;
	return any;
}

typedef struct Redirect {
	MirBbId from, to;
} Redirect;

static void
redirect(void *ctx, MirBbId *bb)
{
	Redirect *r = ctx;

	if (*bb == r->from)
		*bb = r->to;
}

static void
remove_uniques(Hoist *h)
{
	MirFn *fn = h->p->fn;

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirInstList *insts = &fn->blocks.at[b]->insts;
		uint32_t n = 0;
		for (uint32_t i = 0; h->in_loop[b] && i < insts->len; i++)
			if (!is_unique_of(h, insts->at[i]))
				insts->at[n++] = insts->at[i];
		if (h->in_loop[b])
			insts->len = n;
	}
}

/* A new block before the head that all ways into the loop pass. */
static void
move_before(Hoist *h)
{
	Arena *a = h->p->arena;
	MirFn *fn = h->p->fn;
	uint32_t n = fn->blocks.len;
	Span span = fn->blocks.at[h->head]->term->span;
	MirBlock *before = arena_new(a, MirBlock);

	remove_uniques(h);
	before->term = mir_mk_term_goto(a, span, h->head);
	vec_push(a, &before->insts, mir_mk_inst_unique(a, span, (MirPlace *)(uintptr_t)h->place));
	vec_push(a, &fn->blocks, before);
	for (uint32_t b = 0; b < n; b++)
		if (!h->in_loop[b])
			mir_block_edges(fn->blocks.at[b], redirect, &(Redirect){h->head, n});
}

static bool
move_one(Pass *p)
{
	Hoist h = {.p = p};

	cfg_build(&h.cfg, p->fn, p->scratch);
	for (uint32_t i = h.cfg.order.len; i-- > 0; )
		if (find_loop(&h, h.cfg.order.at[i]) && find_candidate(&h)) {
			move_before(&h);
			return true;
		}
	return false;
}

static bool
has_unique(const MirFn *fn)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			if (fn->blocks.at[b]->insts.at[i]->kind == MIR_INST_UNIQUE)
				return true;
	return false;
}

void
pass_hoist(Pass *p)
{
	if (!has_unique(p->fn))
		return;
	for (int moves = 0; moves < MOVES_MAX && p->fn->blocks.len <= BLOCKS_MAX; moves++)
		if (!move_one(p))
			return;
}
