/*
 * Borrow inference: which parameters a function takes over and which it only looks at.  See rc.h.
 *
 * The rule is that of Ullrich and de Moura, "Counting Immutable Beans" (2019): all counted parameters
 * begin as Borrow, and one becomes Own where the function gains by owning it, up to the least fixpoint over
 * the call graph.  The function gains if, where the parameter dies,
 *
 *	- its value is stored, returned, given to a parameter that is Own, or changed in place: a retain less;
 *	- a part of it from behind a Box is, and a cell of that Box's size is made after the parameter's death:
 *	  the cell can be reused, and the parts are moved out of it without counting.
 *
 * A parameter that is only read stays Borrow, so neither side counts.  Unlike there a use that leaves the
 * parameter alive does not count: an owner would have to retain as well.  Parameters that the source makes
 * Own (`mut`) become Borrow if nothing is ever done to them.
 *
 * Functions whose address is taken, that C calls or that are exported keep their modes: all of a kind are
 * called alike.  What calls them through a closure's code goes through a function of its own, whose calls
 * are ordinary ones.
 */
#include "gos-rc/live.h"

#include "lib/fatal.h"

/* Beyond this a function keeps its modes: the table of live locals would be large. */
enum { LOCALS_MAX = 4096 };

typedef struct Infer {
	MirModule *m;
	Arena *scratch;
	bool *fixed;		/* by function: keeps its modes */
	IrU32List *callers;	/* by function */
	IrU32List work;
	bool *queued;		/* by function */
	bool **was_borrowed;	/* by function, by parameter: before the inference */
} Infer;

/* One look at one function. */
typedef struct Look {
	Pass p;
	Live live;
	MirLocalId *whole;	/* by local: the parameter whose value it copies, or IR_NONE */
	MirLocalId *part;	/* by local: the parameter from behind whose Box it copies, or IR_NONE */
	uint64_t *size;		/* by local: of that Box's cell */
	bool *gains;		/* by local: parameters that are to be Own */
	MirInst *inst;		/* at hand */
	bool changed;
} Look;

/* ---- Functions that cannot change ---- */

static void
fix_address(void *ctx, MirOperand **op)
{
	Infer *in = ctx;

	if ((*op)->kind == MIR_OPERAND_FN)
		in->fixed[(*op)->fn.fn] = true;
	else if ((*op)->kind == MIR_OPERAND_SHIM)
		in->fixed[(*op)->shim.fn] = true;
}

static void
scan_fn(Infer *in, MirFnId id)
{
	MirFn *fn = in->m->fns.at[id];

	in->fixed[id] |= mir_is_foreign(fn) || fn->exported || fn->locals.len > LOCALS_MAX;
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[b]->insts.at[i];
			mir_inst_operands(inst, fix_address, in);
			if (inst->kind == MIR_INST_CALL && inst->call.callee->kind == MIR_CALLEE_FN)
				vec_push(in->scratch, &in->callers[inst->call.callee->fn.fn], id);
		}
		mir_term_operands(fn->blocks.at[b]->term, fix_address, in);
	}
}

/* What is called through a table gets what it borrows. */
static void
fix_slots(Infer *in)
{
	for (uint32_t i = 0; i < in->m->tables.len; i++)
		for (uint32_t k = 0; k < in->m->tables.at[i]->slots.len; k++)
			in->fixed[in->m->tables.at[i]->slots.at[k]] = true;
}

/* ---- What a local holds ---- */

static bool
is_candidate(const Look *k, MirLocalId local)
{
	return local_is_borrowed(&k->p, local) && local_is_counted(&k->p, local);
}

/* Size of the cell behind the last Box on the way, 0 if there is none. */
static uint64_t
box_size(const Look *k, const MirPlace *place)
{
	MirTypeId t = mir_local_type(k->p.fn, place->local);
	uint64_t size = 0;

	for (uint32_t i = 0; i < place->projs.len; i++) {
		const MirProj *proj = place->projs.at[i];
		if (proj->kind == MIR_PROJ_INDEX || mir_repr(k->p.m, t) == MIR_REPR_REF)
			return 0;
		t = mir_proj_type(k->p.m, t, proj);
		if (proj->kind == MIR_PROJ_DEREF)
			size = mir_type(k->p.m, t)->size;
	}
	return size;
}

/* `local = place`, both counted: what of which parameter is it? */
static void
note_copy(Look *k, const MirInst *i)
{
	const MirPlace *from = i->kind == MIR_INST_ASSIGN ? mir_operand_place(i->assign.value) : NULL;

	if (!from || i->assign.value->kind == MIR_OPERAND_ADDR || !place_is_whole(i->assign.dest)
	    || i->assign.dest->local == 0 || !local_is_counted(&k->p, i->assign.dest->local))
		return;
	MirLocalId to = i->assign.dest->local;
	if (place_is_whole(from) && is_candidate(k, from->local))
		k->whole[to] = from->local;
	else if (is_candidate(k, from->local) && box_size(k, from) > 0) {
		k->part[to] = from->local;
		k->size[to] = box_size(k, from);
	}
}

/* ---- Gains ---- */

static void
gain(Look *k, MirLocalId param)
{
	k->changed |= !k->gains[param];
	k->gains[param] = true;
}

/* Is a cell of this size made where the parameter is dead? */
static bool
cell_follows(Look *k, MirLocalId param, uint64_t size)
{
	MirFn *fn = k->p.fn;

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		live_at_end(&k->live, block);
		live_before_term(&k->live, block);
		for (uint32_t i = block->insts.len; i-- > 0; ) {
			MirInst *inst = block->insts.at[i];
			if (inst->kind == MIR_INST_BOX && !bits_has(k->live.now, param)) {
				const MirRepr *r = mir_type(k->p.m, mir_place_type(k->p.m, fn,
				    inst->box.dest))->repr;
				if (r->kind == MIR_REPR_BOX && mir_type(k->p.m, r->box.payload)->size == size)
					return true;
			}
			live_before(&k->live, inst);
		}
	}
	return false;
}

/* A value that the local holds is given away or changed. */
static void
consume(Look *k, MirLocalId local, bool dies)
{
	if (is_candidate(k, local) && dies)
		gain(k, local);
	if (k->whole[local] != IR_NONE)
		gain(k, k->whole[local]);
	if (k->part[local] == IR_NONE || k->gains[k->part[local]])
		return;
	Bits now = bits_new(k->p.scratch, k->p.fn->locals.len);
	bits_copy(now, k->live.now);
	if (cell_follows(k, k->part[local], k->size[local]))
		gain(k, k->part[local]);
	bits_copy(k->live.now, now);
}

static void
consume_operand(void *ctx, MirOperand *op, bool owned)
{
	Look *k = ctx;
	const MirPlace *place = mir_operand_place(op);

	if (!owned || !place_is_whole(place))
		return;
	/* A copy into another local is followed from there. */
	if (k->inst && k->inst->kind == MIR_INST_ASSIGN && place_is_whole(k->inst->assign.dest)
	    && k->inst->assign.dest->local != 0)
		return;
	consume(k, place->local, !bits_has(k->live.now, place->local));
}

static void
change_place(void *ctx, MirPlace *place, bool is_dest)
{
	Look *k = ctx;

	if (k->inst->kind == MIR_INST_UNIQUE || (is_dest && !place_is_whole(place)))
		consume(k, place->local, true);
}

static void
change_address(void *ctx, MirOperand **op)
{
	Look *k = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		consume(k, (*op)->addr.place->local, true);
}

/* A copy pays only if the parameter is dead then: else both need a reference. */
static void
forget_live_copy(Look *k, const MirInst *i)
{
	if (i->kind != MIR_INST_ASSIGN || !place_is_whole(i->assign.dest))
		return;
	MirLocalId to = i->assign.dest->local;
	if (k->whole[to] != IR_NONE && bits_has(k->live.now, k->whole[to]))
		k->whole[to] = IR_NONE;
}

static void
look_at_block(Look *k, MirBlock *block, bool only_copies)
{
	live_at_end(&k->live, block);
	k->inst = NULL;
	if (!only_copies)
		term_counted_operands(&k->p, block->term, consume_operand, k);
	live_before_term(&k->live, block);
	for (uint32_t i = block->insts.len; i-- > 0; ) {
		k->inst = block->insts.at[i];
		live_after(&k->live, k->inst);
		if (only_copies) {
			forget_live_copy(k, k->inst);
		} else {
			inst_counted_operands(&k->p, k->inst, consume_operand, k);
			mir_inst_places(k->inst, change_place, k);
			mir_inst_operands(k->inst, change_address, k);
		}
		live_before(&k->live, k->inst);
	}
}

static void
find_gains(Look *k)
{
	MirFn *fn = k->p.fn;

	live_find(&k->live, &k->p);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			note_copy(k, fn->blocks.at[b]->insts.at[i]);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		look_at_block(k, fn->blocks.at[b], true);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		look_at_block(k, fn->blocks.at[b], false);
}

/* Makes Own what gains; says whether there was any. */
static bool
look_at_fn(Infer *in, MirFnId id)
{
	MirFn *fn = in->m->fns.at[id];
	uint32_t n = fn->locals.len;
	Look k = {.p = {.m = in->m, .arena = in->m->arena, .scratch = in->scratch, .fn = fn}};
	bool any = false;

	for (MirLocalId l = 1; l <= fn->params.len; l++)
		any = any || is_candidate(&k, l);
	if (!any)
		return false;
	k.whole = arena_array(in->scratch, MirLocalId, n);
	k.part = arena_array(in->scratch, MirLocalId, n);
	k.size = arena_array(in->scratch, uint64_t, n);
	k.gains = arena_array(in->scratch, bool, n);
	for (MirLocalId l = 0; l < n; l++)
		k.whole[l] = k.part[l] = IR_NONE;
	find_gains(&k);
	for (MirLocalId l = 1; l <= fn->params.len; l++)
		if (k.gains[l])
			fn->params.at[l - 1] = MIR_MODE_OWN;
	return k.changed;
}

/* ---- Parameters that the source made Own ---- */

typedef struct Touched {
	const MirInst *inst;
	Pass *p;
	bool *touched;		/* by local */
} Touched;

static void
touch_place(void *ctx, MirPlace *place, bool is_dest)
{
	Touched *t = ctx;

	if (is_dest || t->inst->kind == MIR_INST_UNIQUE
	    || (t->inst->kind == MIR_INST_DROP && !place_is_whole(place)))
		t->touched[place->local] = true;
}

static void
touch_owned(void *ctx, MirOperand *op, bool owned)
{
	Touched *t = ctx;

	if (owned || op->kind == MIR_OPERAND_MOVE)
		t->touched[mir_operand_place(op)->local] = true;
}

static void
touch_address(void *ctx, MirOperand **op)
{
	Touched *t = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		t->touched[(*op)->addr.place->local] = true;
}

static void
remove_drops(MirFn *fn, MirLocalId local)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirInstList *insts = &fn->blocks.at[b]->insts;
		uint32_t n = 0;
		for (uint32_t i = 0; i < insts->len; i++) {
			const MirInst *inst = insts->at[i];
			if (inst->kind != MIR_INST_DROP || inst->drop.place->local != local)
				insts->at[n++] = insts->at[i];
		}
		insts->len = n;
	}
}

/* An Own parameter that is only looked at is the caller's. */
static void
lend_untouched(Infer *in, MirFn *fn)
{
	Pass p = {.m = in->m, .arena = in->m->arena, .scratch = in->scratch, .fn = fn};
	Touched t = {.p = &p, .touched = arena_array(in->scratch, bool, fn->locals.len)};

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			t.inst = fn->blocks.at[b]->insts.at[i];
			mir_inst_places(fn->blocks.at[b]->insts.at[i], touch_place, &t);
			mir_inst_operands(fn->blocks.at[b]->insts.at[i], touch_address, &t);
			inst_counted_operands(&p, fn->blocks.at[b]->insts.at[i], touch_owned, &t);
		}
		term_counted_operands(&p, fn->blocks.at[b]->term, touch_owned, &t);
	}
	for (MirLocalId l = 1; l <= fn->params.len; l++)
		if (fn->params.at[l - 1] == MIR_MODE_OWN && local_is_counted(&p, l) && !t.touched[l]) {
			fn->params.at[l - 1] = MIR_MODE_BORROW;
			remove_drops(fn, l);
		}
}

/* ---- What owning takes ---- */

static MirInst *
drop_of(Arena *a, Span span, MirLocalId local)
{
	return mir_mk_inst_drop(a, span, mir_mk_place(a, local, (MirProjList){0}), IR_NONE);
}

typedef struct Drop {
	MirModule *m;
	MirFn *fn;
	IrU32List params;	/* that the function owns now */
	MirBbId cleanup;	/* drops them and resumes */
} Drop;

static void
put_drops(Drop *d, MirBlock *b)
{
	for (uint32_t i = 0; i < d->params.len; i++)
		vec_push(d->m->arena, &b->insts, drop_of(d->m->arena, b->term->span, d->params.at[i]));
}

static MirBbId
cleanup_block(Drop *d)
{
	if (d->cleanup != IR_NONE)
		return d->cleanup;
	MirBlock *b = arena_new(d->m->arena, MirBlock);
	b->cleanup = true;
	b->term = mir_mk_term_resume(d->m->arena, d->fn->span);
	put_drops(d, b);
	vec_push(d->m->arena, &d->fn->blocks, b);
	return d->cleanup = d->fn->blocks.len - 1;
}

/* Each way out of the function drops the parameters that it owns now. */
static void
drop_on_ways_out(Drop *d)
{
	uint32_t n = d->fn->blocks.len;

	for (uint32_t b = 0; b < n; b++) {
		MirBlock *block = d->fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++) {
			MirBbId *unwind = mir_inst_unwind(block->insts.at[i]);
			if (unwind && *unwind == IR_NONE && inst_can_panic(d->m, block->insts.at[i]))
				*unwind = cleanup_block(d);
		}
		MirBbId *unwind = mir_term_unwind(block->term);
		if (unwind && *unwind == IR_NONE)
			*unwind = cleanup_block(d);
		if (block->term->kind == MIR_TERM_RETURN || block->term->kind == MIR_TERM_RESUME)
			put_drops(d, block);
	}
}

static void
finish_fn(Infer *in, MirFnId id)
{
	MirFn *fn = in->m->fns.at[id];
	Drop d = {.m = in->m, .fn = fn, .cleanup = IR_NONE};

	for (uint32_t i = 0; i < fn->params.len; i++)
		if (in->was_borrowed[id][i] && fn->params.at[i] == MIR_MODE_OWN)
			vec_push(in->scratch, &d.params, i + 1);
	if (d.params.len)
		drop_on_ways_out(&d);
}

/* ---- The fixpoint ---- */

static void
queue(Infer *in, MirFnId id)
{
	if (in->queued[id] || in->fixed[id])
		return;
	in->queued[id] = true;
	vec_push(in->scratch, &in->work, id);
}

static void
solve(Infer *in)
{
	for (uint32_t i = in->m->fns.len; i-- > 0; )
		queue(in, i);
	while (in->work.len) {
		MirFnId id = vec_pop(&in->work);
		in->queued[id] = false;
		ArenaMark mark = arena_mark(in->scratch);
		bool changed = look_at_fn(in, id);
		arena_reset(in->scratch, mark);
		if (!changed)
			continue;
		for (uint32_t i = 0; i < in->callers[id].len; i++)
			queue(in, in->callers[id].at[i]);
	}
}

void
infer_modes(MirModule *m, Arena *scratch)
{
	uint32_t n = m->fns.len;
	Infer in = {.m = m, .scratch = scratch, .fixed = arena_array(scratch, bool, n),
	    .callers = arena_array(scratch, IrU32List, n), .queued = arena_array(scratch, bool, n),
	    .was_borrowed = arena_array(scratch, bool *, n)};

	for (uint32_t i = 0; i < n; i++)
		scan_fn(&in, i);
	fix_slots(&in);
	if (m->entry) {
		in.fixed[m->entry->fn] = true;
		if (m->entry->kind->kind == MIR_ENTRY_KIND_RESULT)
			in.fixed[m->entry->kind->result.show] = true;
	}
	for (uint32_t i = 0; i < n; i++) {
		MirFn *fn = m->fns.at[i];
		if (!in.fixed[i])
			lend_untouched(&in, fn);
		in.was_borrowed[i] = arena_array(scratch, bool, fn->params.len);
		for (uint32_t k = 0; k < fn->params.len; k++)
			in.was_borrowed[i][k] = fn->params.at[k] == MIR_MODE_BORROW;
	}
	solve(&in);
	for (uint32_t i = 0; i < n; i++)
		finish_fn(&in, i);
}
