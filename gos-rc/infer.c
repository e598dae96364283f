/*
 * Borrow inference: which parameters a function takes over and which it only looks at.  See rc.h.
 *
 * The rule is that of Ullrich and de Moura, "Counting Immutable Beans" (2019): all counted parameters
 * begin as Borrow, and one becomes Own where the function gains by owning it, up to the least fixpoint over
 * the call graph.  The function gains if, where the parameter dies,
 *
 *	- its value is stored, returned, given to a parameter that is Own, or changed in place: a retain less;
 *	- it was looked at behind a Box, and a cell of that Box's size is made later: the cell can be reused, and
 *	  what was copied out of it is moved without counting.
 *
 * A parameter that is only read stays Borrow, so neither side counts.  Unlike there a use that leaves the
 * parameter alive does not count: an owner would have to retain as well.  Parameters that the source makes
 * Own (`mut`) become Borrow if nothing is ever done to them.
 *
 * Parameters whose end can be noticed keep their modes: there the mode is what the program means.
 * Functions whose address is taken, that C calls or that are exported keep their modes: all of a kind are
 * called alike.  What calls them through a closure's code goes through a function of its own, whose calls
 * are ordinary ones.
 */
#include "gos-rc/live.h"

#include "lib/mir_cfg.h"

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

/* A cell of a parameter that a block looks into. */
typedef struct Seen {
	MirLocalId param;
	MirBbId bb;
	uint64_t size;		/* of its payload */
} Seen;

/* One look at one function. */
typedef struct Look {
	Pass p;
	Live live;
	MirLocalId *whole;	/* by local: the parameter whose value it copies, or IR_NONE */
	VEC(Seen) seen;
	Cfg cfg;
	bool *gains;		/* by local: parameters that are to be Own */
	MirBbId bb;		/* at hand */
	MirInst *inst;
	bool changed;
} Look;

/* ---- Functions that cannot change ---- */

static void
fix_address(void *ctx, MirOperand **op)
{
	Infer *in = ctx;

	if ((*op)->kind == MIR_OPERAND_FN)
		in->fixed[(*op)->fn.fn] = true;
	else if ((*op)->kind == MIR_OPERAND_CODE)
		in->fixed[(*op)->code.fn] = true;
	else if ((*op)->kind == MIR_OPERAND_SHIM)
		in->fixed[(*op)->shim.fn] = true;
	else if ((*op)->kind == MIR_OPERAND_CLOSURE)
		in->fixed[(*op)->closure.fn] = true;
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
	return local_is_borrowed(&k->p, local) && local_is_counted(&k->p, local)
	    && !local_is_noticed(&k->p, local);
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

/* `local = param`, both counted. */
static void
note_copy(Look *k, const MirInst *i)
{
	const MirPlace *from = i->kind == MIR_INST_ASSIGN ? mir_operand_place(i->assign.value) : NULL;

	if (from && i->assign.value->kind != MIR_OPERAND_ADDR && place_is_whole(i->assign.dest)
	    && i->assign.dest->local != 0 && place_is_whole(from) && is_candidate(k, from->local))
		k->whole[i->assign.dest->local] = from->local;
}

static void
see_place(Look *k, const MirPlace *place)
{
	uint64_t size = is_candidate(k, place->local) ? box_size(k, place) : 0;
	Seen s = {place->local, k->bb, size};

	for (uint32_t i = 0; i < k->seen.len; i++)
		if (k->seen.at[i].param == s.param && k->seen.at[i].bb == s.bb && k->seen.at[i].size == size)
			return;
	if (size > 0)
		vec_push(k->p.scratch, &k->seen, s);
}

static void
see_operand(void *ctx, MirOperand **op)
{
	const MirPlace *place = mir_operand_place(*op);

	if (place)
		see_place(ctx, place);
}

static void
look_for_copies(Look *k, MirBbId b)
{
	MirBlock *block = k->p.fn->blocks.at[b];

	k->bb = b;
	for (uint32_t i = 0; i < block->insts.len; i++) {
		note_copy(k, block->insts.at[i]);
		mir_inst_operands(block->insts.at[i], see_operand, k);
		if (block->insts.at[i]->kind == MIR_INST_TAG)
			see_place(k, block->insts.at[i]->tag.value);
	}
}

/* ---- Gains ---- */

static void
gain(Look *k, MirLocalId param)
{
	k->changed |= !k->gains[param];
	k->gains[param] = true;
}

/* The Box may become the cell of a parameter that is dead there and was looked into on the way. */
static void
box_gains(Look *k, MirBbId b, const MirInst *i)
{
	const MirRepr *r = mir_type(k->p.m, mir_place_type(k->p.m, k->p.fn, i->box.dest))->repr;
	bool *reaching = NULL;

	for (uint32_t n = 0; r->kind == MIR_REPR_BOX && n < k->seen.len; n++) {
		const Seen *s = &k->seen.at[n];
		if (s->size != mir_type(k->p.m, r->box.payload)->size || k->gains[s->param]
		    || bits_has(k->live.now, s->param))
			continue;
		if (!reaching)
			reaching = cfg_reaching(&k->cfg, b, IR_NONE);
		if (s->bb == b || reaching[s->bb])
			gain(k, s->param);
	}
}

/* A value that the local holds is given away or changed. */
static void
consume(Look *k, MirLocalId local, bool dies)
{
	if (is_candidate(k, local) && dies)
		gain(k, local);
	if (k->whole[local] != IR_NONE)
		gain(k, k->whole[local]);
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
look_at_block(Look *k, MirBbId b, bool only_copies)
{
	MirBlock *block = k->p.fn->blocks.at[b];

	k->bb = b;
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
			if (k->inst->kind == MIR_INST_BOX)
				box_gains(k, k->bb, k->inst);
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
		look_for_copies(k, b);
	if (k->seen.len)
		cfg_build(&k->cfg, fn, k->p.scratch);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		look_at_block(k, b, true);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		look_at_block(k, b, false);
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
	k.gains = arena_array(in->scratch, bool, n);
	for (MirLocalId l = 0; l < n; l++)
		k.whole[l] = IR_NONE;
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

void
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

bool *
touched_locals(Pass *p)
{
	MirFn *fn = p->fn;
	Touched t = {.p = p, .touched = arena_array(p->scratch, bool, fn->locals.len)};

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			t.inst = fn->blocks.at[b]->insts.at[i];
			mir_inst_places(fn->blocks.at[b]->insts.at[i], touch_place, &t);
			mir_inst_operands(fn->blocks.at[b]->insts.at[i], touch_address, &t);
			inst_counted_operands(p, fn->blocks.at[b]->insts.at[i], touch_owned, &t);
		}
		term_counted_operands(p, fn->blocks.at[b]->term, touch_owned, &t);
	}
	return t.touched;
}

/* An Own parameter that is only looked at is the caller's. */
static void
lend_untouched(Infer *in, MirFn *fn)
{
	Pass p = {.m = in->m, .arena = in->m->arena, .scratch = in->scratch, .fn = fn};
	const bool *touched = touched_locals(&p);

	for (MirLocalId l = 1; l <= fn->params.len; l++)
		if (fn->params.at[l - 1] == MIR_MODE_OWN && local_is_counted(&p, l) && !touched[l]
		    && !local_is_noticed(&p, l)) {
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
			if (unwind && *unwind == IR_NONE && inst_can_panic(d->m, d->fn, block, block->insts.at[i]))
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
