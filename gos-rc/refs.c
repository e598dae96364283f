/*
 * A local that only holds the address of a place in another local stands for that place.  See rc.h.
 *
 *	r = &s.state; f(r); … (*r).n	→	f(&s.state); … s.state.n
 *
 * Functions that are inlined bring such locals along.  They would keep the other local whole, and where it is.
 */
#include "gos-rc/rc.h"

enum { ROUNDS_MAX = 8 };

typedef struct Refs {
	Pass *p;
	uint32_t *stores;	/* by local */
	MirPlace **target;	/* by local: what it is the address of, or NULL */
	const IrType *block_type, *operand_type, *place_type;
} Refs;

/* Is the place's address the same whenever it is taken? */
static bool
is_fixed(const MirPlace *place)
{
	for (uint32_t i = 0; i < place->projs.len; i++)
		if (place->projs.at[i]->kind != MIR_PROJ_FIELD && place->projs.at[i]->kind != MIR_PROJ_VARIANT)
			return false;
	return true;
}

static void
forget_address(void *ctx, MirOperand **op)
{
	Refs *r = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR && place_is_whole((*op)->addr.place))
		r->target[(*op)->addr.place->local] = NULL;
}

static void
note_store(Refs *r, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (!dest)
		return;
	r->stores[dest->local] += place_is_whole(dest);
	if (i->kind == MIR_INST_ASSIGN && place_is_whole(dest) && dest->local > r->p->fn->params.len
	    && mir_repr(r->p->m, mir_local_type(r->p->fn, dest->local)) == MIR_REPR_REF
	    && i->assign.value->kind == MIR_OPERAND_ADDR && is_fixed(i->assign.value->addr.place))
		r->target[dest->local] = i->assign.value->addr.place;
}

/* True if there is one. */
static bool
find(Refs *r)
{
	MirFn *fn = r->p->fn;
	bool any = false;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			note_store(r, fn->blocks.at[b]->insts.at[i]);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			mir_inst_operands(fn->blocks.at[b]->insts.at[i], forget_address, r);
	for (MirLocalId l = 0; l < fn->locals.len; l++) {
		if (r->stores[l] != 1)
			r->target[l] = NULL;
		any |= r->target[l] != NULL;
	}
	return any;
}

static void
replace_place(Refs *r, MirPlace *place)
{
	const MirPlace *to = r->target[place->local];
	MirProjList all = {0};

	if (!to || place_is_whole(place) || place->projs.at[0]->kind != MIR_PROJ_DEREF)
		return;
	for (uint32_t i = 0; i < to->projs.len; i++)
		vec_push(r->p->arena, &all, to->projs.at[i]);
	for (uint32_t i = 1; i < place->projs.len; i++)
		vec_push(r->p->arena, &all, place->projs.at[i]);
	place->local = to->local;
	place->projs = all;
}

static bool
replace(void *ctx, const IrType *t, void *node)
{
	Refs *r = ctx;

	if (t == r->operand_type) {
		MirOperand *op = node;
		MirPlace *place = mir_operand_place(op);
		if (place && op->kind != MIR_OPERAND_ADDR && place_is_whole(place) && r->target[place->local])
			*op = *mir_mk_operand_addr(r->p->arena, r->target[place->local]);
	} else if (t == r->place_type) {
		replace_place(r, node);
	}
	return true;
}

/* What is about the local itself. */
static bool
is_obsolete(const Refs *r, const MirInst *i)
{
	const MirPlace *dest = i->kind == MIR_INST_DROP ? i->drop.place : mir_inst_dest(i);
	MirLocalId local = i->kind == MIR_INST_LIVE ? i->live.local
	    : dest && place_is_whole(dest) ? dest->local : 0;

	return r->target[local] != NULL;
}

void
pass_refs(Pass *p)
{
	Refs r = {.p = p, .block_type = ir_type(&mir_schema, "block"),
	    .operand_type = ir_type(&mir_schema, "operand"), .place_type = ir_type(&mir_schema, "place")};

	for (uint32_t round = 0; round < ROUNDS_MAX; round++) {
		r.stores = arena_array(p->scratch, uint32_t, p->fn->locals.len);
		r.target = arena_array(p->scratch, MirPlace *, p->fn->locals.len);
		if (!find(&r))
			return;
		for (uint32_t b = 0; b < p->fn->blocks.len; b++) {
			MirBlock *block = p->fn->blocks.at[b];
			uint32_t n = 0;
			for (uint32_t i = 0; i < block->insts.len; i++)
				if (!is_obsolete(&r, block->insts.at[i]))
					block->insts.at[n++] = block->insts.at[i];
			block->insts.len = n;
			ir_walk(r.block_type, block, replace, &r);
		}
	}
}
