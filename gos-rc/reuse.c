/*
 * Where a cell that has become free is used again.  See rc.h.
 *
 * From the start of a block on, each way is followed up to the first Box whose cell has the size; that Box
 * takes the token.  Ways on which there is none free it where they part from the others, and so do panics.
 * A Box in a loop that the token does not come round in is left alone: it is passed more than once; and
 * so is one behind another that took the token.
 */
#include "gos-rc/rc.h"

#include "lib/mir_cfg.h"

typedef struct Reuse {
	Pass *p;
	Cfg cfg;
	MirBbId from;
	MirLocalId token;
	MirTypeId box;		/* the token's type */
	uint64_t size;		/* of its payload */
	bool *seen;		/* by block: the token can get here */
	uint32_t *box_at;	/* by block: index of the Box that takes it, or IR_NONE */
	bool *banned;		/* by block: its Box must not */
	bool *needed;		/* by block: a Box at or behind it takes the token */
	MirBbId *cleanup;	/* by block: frees the token and goes on there; the last: resumes */
	MirBbId block;		/* at hand */
	uint32_t n;		/* blocks there were */
} Reuse;

/* ---- Who takes it ---- */

static bool
fits(Reuse *r, const MirInst *i)
{
	if (i->kind != MIR_INST_BOX)
		return false;
	const MirRepr *repr = mir_type(r->p->m, mir_place_type(r->p->m, r->p->fn, i->box.dest))->repr;
	return repr->kind == MIR_REPR_BOX && mir_type(r->p->m, repr->box.payload)->size == r->size;
}

static bool
is_in_inner_loop(Reuse *r, MirBbId b)
{
	return b != r->from && cfg_reaching(&r->cfg, b, r->from)[b];
}

static void see_block(Reuse *r, MirBbId b);

static void
see_target(void *ctx, MirBbId *bb)
{
	Reuse *r = ctx;

	if (*bb != r->from && !r->seen[*bb] && cfg_dominates(&r->cfg, r->from, *bb))
		see_block(r, *bb);
}

static void
see_block(Reuse *r, MirBbId b)
{
	MirBlock *block = r->p->fn->blocks.at[b];

	r->seen[b] = true;
	for (uint32_t i = 0; i < block->insts.len && !r->banned[b]; i++)
		if (fits(r, block->insts.at[i]) && !is_in_inner_loop(r, b)) {
			r->box_at[b] = i;
			return;
		}
	mir_term_targets(block->term, see_target, r);
}

/* Bans a Box that can be reached from another that takes the token; says whether there was one. */
static bool
ban_one(Reuse *r)
{
	for (uint32_t b = 0; b < r->n; b++) {
		if (r->box_at[b] == IR_NONE)
			continue;
		bool *reaching = cfg_reaching(&r->cfg, b, r->from);
		for (uint32_t a = 0; a < r->n; a++)
			if (a != b && r->box_at[a] != IR_NONE && reaching[a]) {
				r->banned[b] = true;
				return true;
			}
	}
	return false;
}

static void
find_takers(Reuse *r)
{
	do {
		for (uint32_t b = 0; b < r->n; b++) {
			r->seen[b] = false;
			r->box_at[b] = IR_NONE;
		}
		see_block(r, r->from);
	} while (ban_one(r));
}

typedef struct Need {
	Reuse *r;
	bool any;
} Need;

static void
need_target(void *ctx, MirBbId *bb)
{
	Need *n = ctx;

	n->any |= *bb != n->r->from && n->r->needed[*bb];
}

static void
find_needed(Reuse *r)
{
	for (bool changed = true; changed; ) {
		changed = false;
		for (uint32_t b = 0; b < r->n; b++) {
			if (!r->seen[b] || r->needed[b])
				continue;
			Need n = {.r = r, .any = r->box_at[b] != IR_NONE};
			mir_term_targets(r->p->fn->blocks.at[b]->term, need_target, &n);
			r->needed[b] = n.any;
			changed |= n.any;
		}
	}
}

/* ---- Rewriting ---- */

static MirOperand *
token_operand(Reuse *r)
{
	return mir_mk_operand_move(r->p->arena, new_place(r->p, r->token));
}

static MirInst *
runtime_call(Reuse *r, Span span, MirPlace *dest, const char *name, MirOperandList args)
{
	Arena *a = r->p->arena;

	return mir_mk_inst_call(a, span, dest,
	    mir_mk_callee_runtime(a, intern_cstr(r->p->m->names, name)), args, IR_NONE);
}

/* A block that frees the token; its end is the caller's to write. */
static MirBbId
freeing_block(Reuse *r, bool cleanup, Span span)
{
	Pass *p = r->p;
	MirBbId bb = new_block(p, cleanup);
	MirOperandList args = {0};
	MirLocalId nothing = new_local(p, find_bool(p->m));

	vec_push(p->arena, &args, token_operand(r));
	vec_push(p->arena, &p->fn->blocks.at[bb]->insts, runtime_call(r, span, new_place(p, nothing),
	    "cell_free", args));
	return bb;
}

/* Box → the token's cell, and a store to it; an aggregate that is only boxed is built in place. */
static void
rewrite_box(Reuse *r, MirBlock *block, uint32_t at)
{
	Arena *a = r->p->arena;
	MirInst *box = block->insts.at[at];
	MirOperandList args = {0};
	MirInstList insts = {0};
	MirPlace *payload = new_place(r->p, box->box.dest->local);
	MirTypeId type = mir_type(r->p->m, mir_place_type(r->p->m, r->p->fn, box->box.dest))
	    ->repr->box.payload;

	for (uint32_t i = 0; i < box->box.dest->projs.len; i++)
		vec_push(a, &payload->projs, box->box.dest->projs.at[i]);
	vec_push(a, &payload->projs, mir_mk_proj_deref(a));
	vec_push(a, &args, token_operand(r));
	vec_push(a, &args, mir_mk_operand_desc(a, type));
	for (uint32_t i = 0; i < at; i++)
		vec_push(a, &insts, block->insts.at[i]);
	vec_push(a, &insts, runtime_call(r, box->span, box->box.dest, "cell_reuse", args));
	vec_push(a, &insts, mir_mk_inst_assign(a, box->span, payload, box->box.value));
	for (uint32_t i = at + 1; i < block->insts.len; i++)
		vec_push(a, &insts, block->insts.at[i]);
	block->insts = insts;
}

static void
redirect_unwind(Reuse *r, MirBbId *unwind, Span span)
{
	MirBbId old = *unwind == IR_NONE ? r->n : *unwind;

	if (r->cleanup[old] == IR_NONE) {
		MirBbId bb = freeing_block(r, true, span);
		r->p->fn->blocks.at[bb]->term = old == r->n ? mir_mk_term_resume(r->p->arena, span)
		    : mir_mk_term_goto(r->p->arena, span, old);
		r->cleanup[old] = bb;
	}
	*unwind = r->cleanup[old];
}

/* An edge on which nobody will take the token any more. */
static void
redirect_edge(void *ctx, MirBbId *bb)
{
	Reuse *r = ctx;

	if (*bb != r->from && *bb < r->n && r->needed[*bb])
		return;
	Span span = r->p->fn->blocks.at[r->block]->term->span;
	MirBbId freeing = freeing_block(r, false, span);
	r->p->fn->blocks.at[freeing]->term = mir_mk_term_goto(r->p->arena, span, *bb);
	*bb = freeing;
}

static void
rewrite_block(Reuse *r, MirBbId b)
{
	MirBlock *block = r->p->fn->blocks.at[b];
	uint32_t end = r->box_at[b] == IR_NONE ? block->insts.len : r->box_at[b];

	r->block = b;
	for (uint32_t i = 0; i < end; i++) {
		MirBbId *unwind = mir_inst_unwind(block->insts.at[i]);
		if (unwind && (*unwind != IR_NONE || inst_can_panic(r->p->m, r->p->fn, block, block->insts.at[i])))
			redirect_unwind(r, unwind, block->insts.at[i]->span);
	}
	if (r->box_at[b] != IR_NONE)
		rewrite_box(r, block, end);
	else
		mir_term_targets(block->term, redirect_edge, r);
}

bool
reuse_cell(Pass *p, MirBbId from, MirLocalId token)
{
	uint32_t n = p->fn->blocks.len;
	Arena *a = p->scratch;
	MirTypeId box = mir_local_type(p->fn, token);
	Reuse r = {.p = p, .from = from, .token = token, .box = box, .n = n,
	    .size = mir_type(p->m, mir_type(p->m, box)->repr->box.payload)->size,
	    .seen = arena_array(a, bool, n), .box_at = arena_array(a, uint32_t, n),
	    .banned = arena_array(a, bool, n), .needed = arena_array(a, bool, n),
	    .cleanup = arena_array(a, MirBbId, n + 1)};

	for (uint32_t i = 0; i <= n; i++)
		r.cleanup[i] = IR_NONE;
	cfg_build(&r.cfg, p->fn, a);
	find_takers(&r);
	find_needed(&r);
	if (!r.needed[from])
		return false;
	for (uint32_t b = 0; b < n; b++)
		if (r.needed[b])
			rewrite_block(&r, b);
	return true;
}
