/*
 * Tail recursion modulo constructor: a function whose last act is to put the result of calling itself into a
 * cell becomes a loop.  See rc.h.
 *
 *	d = f(args); cell = Box { x, d }; _0 = Cons cell; return
 * becomes
 *	cell = Box { x, nothing }; *to = Cons cell; to = &cell.1; parameters = args; from the start again
 *
 * so a list is mapped in constant stack, and with reuse in place.  `to` is where the result goes: first
 * to _0, then to the hole in the last cell.  A hole holds a variant without fields until it is filled, so
 * that a panic finds a whole value to release.  After Leijen and Lorenzen, "Tail Recursion Modulo Context"
 * (2023).
 *
 * It is a pass on counted mir, where everything that must happen after the call is in sight: only building
 * the value may.  Other calls of the function, and its callers, are as before.
 */
#include "gos-rc/rc.h"

#include <string.h>

typedef struct Site {
	MirBlock *block;
	uint32_t call, part, result;	/* indexes: the call, the struct around its result, the result */
	uint32_t field;		/* of the struct */
	bool plain;		/* the call is the result itself */
} Site;

typedef struct Trmc {
	Pass *p;
	MirFnId self;
	MirTypeId type;		/* of the result */
	uint32_t nothing;	/* a variant without fields */
	VEC(Site) sites;
	MirLocalId to;
	MirBbId start;
	MirInstList out;
} Trmc;

/* ---- Which functions ---- */

/* Index of a variant without fields, IR_NONE if there is none. */
static uint32_t
empty_variant(const MirModule *m, MirTypeId type)
{
	const MirRepr *r = mir_type(m, type)->repr;

	for (uint32_t i = 0; r->kind == MIR_REPR_ENUM && i < r->enum_.variants.len; i++)
		if (r->enum_.variants.at[i]->fields.len == 0)
			return i;
	return IR_NONE;
}

static MirTypeId
find_ref(const MirModule *m, MirTypeId target)
{
	for (uint32_t i = 0; i < m->types.len; i++)
		if (mir_repr(m, i) == MIR_REPR_REF && mir_type(m, i)->repr->ref.target == target)
			return i;
	return IR_NONE;
}

static bool
is_self_call(const MirInst *i, MirFnId self)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_FN
	    && i->call.callee->fn.fn == self;
}

static bool
calls_itself(const MirFn *fn, MirFnId self)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			if (is_self_call(fn->blocks.at[b]->insts.at[i], self))
				return true;
	return false;
}

void
trmc_types(MirModule *m)
{
	for (uint32_t i = 0; i < m->fns.len; i++) {
		const MirFn *fn = m->fns.at[i];
		MirTypeId type = mir_local_type(fn, 0);
		if (!mir_type(m, type)->recursive || empty_variant(m, type) == IR_NONE
		    || !calls_itself(fn, i) || find_ref(m, type) != IR_NONE)
			continue;
		MirTypeRecord *record = arena_new(m->arena, MirTypeRecord);
		const char *name = arena_printf(m->arena, "&mut %s",
		    intern_str(m->names, mir_type(m, type)->name));
		record->type = mir_mk_type(m->arena, intern_cstr(m->names, name), 8, 8, false, false,
		    mir_mk_repr_ref(m->arena, type));
		vec_push(m->arena, &m->types, record->type);
		vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_TYPE, .type = record});
	}
}

/* ---- Which calls ---- */

static bool
is_move_of(const MirOperand *op, MirLocalId local)
{
	return op->kind == MIR_OPERAND_MOVE && place_is_whole(op->move.place)
	    && op->move.place->local == local;
}

typedef struct Mention {
	MirLocalId local;
	bool found;
} Mention;

static void
find_operand(void *ctx, MirOperand **op)
{
	Mention *m = ctx;
	const MirPlace *p = mir_operand_place(*op);

	m->found |= p && p->local == m->local;
}

static void
find_place(void *ctx, MirPlace *place, bool is_dest)
{
	Mention *m = ctx;

	(void)is_dest;
	m->found |= place->local == m->local;
}

static bool
mentions(MirInst *i, MirLocalId local)
{
	Mention m = {local, false};

	mir_inst_operands(i, find_operand, &m);
	mir_inst_places(i, find_place, &m);
	return m.found;
}

/* Builds, and neither panics nor looks at who else has a reference. */
static bool
only_builds(const Trmc *t, const MirInst *i)
{
	if (i->kind == MIR_INST_CALL) {
		if (i->call.callee->kind != MIR_CALLEE_RUNTIME)
			return false;
		const char *name = intern_str(t->p->m->names, i->call.callee->runtime.symbol);
		return strcmp(name, "cell_reuse") == 0 || strcmp(name, "cell_free") == 0
		    || strcmp(name, "no_cell") == 0;
	}
	return i->kind == MIR_INST_ASSIGN || i->kind == MIR_INST_AGGREGATE || i->kind == MIR_INST_BOX;
}

/* Nothing but clearing flags comes between here and Return. */
static bool
leads_to_return(const Trmc *t, const MirBlock *b, uint32_t from)
{
	for (uint32_t steps = 0; steps < 16; steps++) {
		for (uint32_t i = from; i < b->insts.len; i++)
			if (b->insts.at[i]->kind != MIR_INST_ASSIGN
			    || b->insts.at[i]->assign.value->kind != MIR_OPERAND_INT)
				return false;
		if (b->term->kind != MIR_TERM_GOTO)
			return b->term->kind == MIR_TERM_RETURN;
		b = t->p->fn->blocks.at[b->term->goto_.target];
		from = 0;
	}
	return false;
}

/* The cell that the value of `local` goes into: a Box of it, or a store to a cell that is used again. */
static MirLocalId
cell_of(const MirInst *i, MirLocalId local)
{
	if (i->kind == MIR_INST_BOX && is_move_of(i->box.value, local) && place_is_whole(i->box.dest))
		return i->box.dest->local;
	if (i->kind == MIR_INST_ASSIGN && is_move_of(i->assign.value, local)
	    && i->assign.dest->projs.len == 1 && i->assign.dest->projs.at[0]->kind == MIR_PROJ_DEREF)
		return i->assign.dest->local;
	return IR_NONE;
}

/* Field of the struct that is built with what the local holds, IR_NONE if it is none of that. */
static uint32_t
field_with(const Trmc *t, const MirInst *i, MirLocalId local)
{
	uint32_t field = IR_NONE;

	if (i->kind != MIR_INST_AGGREGATE || !place_is_whole(i->aggregate.dest)
	    || mir_repr(t->p->m, mir_local_type(t->p->fn, i->aggregate.dest->local)) != MIR_REPR_STRUCT)
		return IR_NONE;
	for (uint32_t k = 0; k < i->aggregate.fields.len; k++)
		if (is_move_of(i->aggregate.fields.at[k], local))
			field = field == IR_NONE ? k : field;
	return field;
}

static bool
is_result(const MirInst *i, MirLocalId cell)
{
	return i->kind == MIR_INST_AGGREGATE && place_is_whole(i->aggregate.dest)
	    && i->aggregate.dest->local == 0 && i->aggregate.fields.len == 1
	    && is_move_of(i->aggregate.fields.at[0], cell);
}

/* Does the call at index `at` have the form?  Fills the site. */
static bool
match_site(const Trmc *t, MirBlock *b, uint32_t at, Site *site)
{
	const MirPlace *dest = b->insts.at[at]->call.dest;
	MirLocalId whole = IR_NONE, cell = IR_NONE;

	*site = (Site){.block = b, .call = at};
	site->plain = place_is_whole(dest) && dest->local == 0;
	if (site->plain)
		return leads_to_return(t, b, at + 1);
	if (!place_is_whole(dest) || mir_local_type(t->p->fn, dest->local) != t->type)
		return false;
	for (uint32_t i = at + 1; i < b->insts.len; i++) {
		MirInst *inst = b->insts.at[i];
		if (cell != IR_NONE && is_result(inst, cell)) {
			site->result = i;
			return leads_to_return(t, b, i + 1);
		}
		if (!only_builds(t, inst) || mentions(inst, 0))
			return false;
		uint32_t field = field_with(t, inst, dest->local);
		if (whole == IR_NONE && field != IR_NONE) {
			whole = inst->aggregate.dest->local;
			site->part = i;
			site->field = field;
		} else if (whole != IR_NONE && cell == IR_NONE && cell_of(inst, whole) != IR_NONE) {
			cell = cell_of(inst, whole);
		} else if (mentions(inst, dest->local) || (whole != IR_NONE && mentions(inst, whole))
		    || (cell != IR_NONE && mentions(inst, cell))) {
			return false;
		}
	}
	return false;
}

/* Plain tail calls become jumps too, but only they do not make a function a loop. */
static bool
find_sites(Trmc *t)
{
	MirFn *fn = t->p->fn;
	bool any = false;

	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		Site site;
		for (uint32_t i = 0; i < block->insts.len; i++)
			if (!block->cleanup && is_self_call(block->insts.at[i], t->self)
			    && match_site(t, block, i, &site)) {
				vec_push(t->p->scratch, &t->sites, site);
				any |= !site.plain;
				break;
			}
	}
	return any;
}

/* ---- The result goes where `to` points ---- */

static MirPlace *
at_to(Trmc *t, const MirPlace *rest)
{
	Arena *a = t->p->arena;
	MirPlace *q = new_place(t->p, t->to);

	vec_push(a, &q->projs, mir_mk_proj_deref(a));
	for (uint32_t i = 0; rest && i < rest->projs.len; i++)
		vec_push(a, &q->projs, rest->projs.at[i]);
	return q;
}

/* Places are shared and never changed: each mention gets a new one. */
static void
redirect(Trmc *t, MirPlace **place)
{
	if ((*place)->local == 0)
		*place = at_to(t, *place);
}

static void
redirect_operand(void *ctx, MirOperand **op)
{
	Trmc *t = ctx;
	MirPlace *place = mir_operand_place(*op);

	if (!place || place->local != 0)
		return;
	place = at_to(t, place);
	Arena *a = t->p->arena;
	switch ((*op)->kind) {
	case MIR_OPERAND_COPY:
		*op = mir_mk_operand_copy(a, place);
		break;
	case MIR_OPERAND_MOVE:
		*op = mir_mk_operand_move(a, place);
		break;
	case MIR_OPERAND_BORROW:
		*op = mir_mk_operand_borrow(a, place);
		break;
	case MIR_OPERAND_ADDR:
		*op = mir_mk_operand_addr(a, place);
		break;
	case MIR_OPERAND_INT: case MIR_OPERAND_FLOAT: case MIR_OPERAND_STR: case MIR_OPERAND_UNIT:
	case MIR_OPERAND_FN: case MIR_OPERAND_SHIM: case MIR_OPERAND_CODE: case MIR_OPERAND_DESC:
	case MIR_OPERAND_TABLE: case MIR_OPERAND_CLOSURE: case MIR_OPERAND_STATIC:
		break;
	}
}

/* The address of an instruction's own place, of whichever kind it is. */
static MirPlace **
own_place(MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN: return &i->assign.dest;
	case MIR_INST_UNARY: return &i->unary.dest;
	case MIR_INST_BINARY: return &i->binary.dest;
	case MIR_INST_CAST: return &i->cast.dest;
	case MIR_INST_AGGREGATE: return &i->aggregate.dest;
	case MIR_INST_BOX: return &i->box.dest;
	case MIR_INST_TAG: return &i->tag.dest;
	case MIR_INST_CALL: return &i->call.dest;
	case MIR_INST_UNIQUE: return &i->unique.place;
	case MIR_INST_DROP: return &i->drop.place;
	case MIR_INST_RETAIN: return &i->retain.place;
	case MIR_INST_RELEASE: return &i->release.place;
	case MIR_INST_BOUNDS:
	case MIR_INST_LIVE:
		return NULL;
	}
	return NULL;
}

static MirInst *
empty(Trmc *t, MirPlace *place, Span span)
{
	return mir_mk_inst_aggregate(t->p->arena, span, place, t->nothing, (MirOperandList){0});
}

/* A result that is released before a panic goes on leaves an empty one behind. */
static void
redirect_block(Trmc *t, MirBlock *b)
{
	Arena *a = t->p->arena;
	MirInstList out = {0};

	for (uint32_t k = 0; k < b->insts.len; k++) {
		MirInst *i = b->insts.at[k];
		bool ends = i->kind == MIR_INST_RELEASE && i->release.place->local == 0
		    && place_is_whole(i->release.place);
		mir_inst_operands(i, redirect_operand, t);
		if (own_place(i))
			redirect(t, own_place(i));
		if (i->kind == MIR_INST_TAG)
			redirect(t, &i->tag.value);
		vec_push(a, &out, i);
		if (ends)
			vec_push(a, &out, empty(t, at_to(t, NULL), i->span));
	}
	if (b->term->kind == MIR_TERM_RESUME)
		vec_push(a, &out, mir_mk_inst_release(a, b->term->span, new_place(t->p, 0), IR_NONE));
	b->insts = out;
	mir_term_operands(b->term, redirect_operand, t);
}

/* What leaves the function by a panic passes a block that releases what there is. */
static void
catch_panics(Trmc *t)
{
	MirFn *fn = t->p->fn;
	MirBbId cleanup = IR_NONE;
	uint32_t n = fn->blocks.len;

	for (uint32_t b = 0; b < n; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i <= block->insts.len; i++) {
			bool end = i == block->insts.len;
			MirBbId *unwind = end ? mir_term_unwind(block->term)
			    : mir_inst_unwind(block->insts.at[i]);
			if (!unwind || *unwind != IR_NONE
			    || (!end && !inst_can_panic(t->p->m, fn, block, block->insts.at[i])))
				continue;
			if (cleanup == IR_NONE) {
				cleanup = new_block(t->p, true);
				fn->blocks.at[cleanup]->term = mir_mk_term_resume(t->p->arena, fn->span);
			}
			*unwind = cleanup;
		}
	}
}

/* ---- The loop ---- */

static void
put(Trmc *t, MirInst *i)
{
	vec_push(t->p->arena, &t->out, i);
}

/* The operand again, now of a local that holds its value. */
static MirOperand *
taken(Trmc *t, MirTypeId type, const MirOperand *was, MirLocalId local)
{
	Arena *a = t->p->arena;
	MirPlace *p = new_place(t->p, local);

	if (!mir_type(t->p->m, type)->counted)
		return mir_mk_operand_copy(a, p);
	return was->kind == MIR_OPERAND_BORROW ? mir_mk_operand_borrow(a, p) : mir_mk_operand_move(a, p);
}

/* parameters = arguments, all read before any is written */
static void
put_arguments(Trmc *t, const MirInst *call)
{
	Arena *a = t->p->arena;
	uint32_t n = call->call.args.len;
	MirLocalId *held = arena_array(t->p->scratch, MirLocalId, n);

	for (uint32_t i = 0; i < n; i++) {
		held[i] = new_local(t->p, mir_local_type(t->p->fn, i + 1));
		put(t, mir_mk_inst_assign(a, call->span, new_place(t->p, held[i]), call->call.args.at[i]));
	}
	for (uint32_t i = 0; i < n; i++) {
		MirTypeId type = mir_local_type(t->p->fn, i + 1);
		put(t, mir_mk_inst_assign(a, call->span, new_place(t->p, i + 1),
		    taken(t, type, call->call.args.at[i], held[i])));
	}
}

/* The cell, finished but for its hole, and `to` at the hole. */
static void
put_cell(Trmc *t, const Site *site)
{
	Arena *a = t->p->arena;
	MirBlock *b = site->block;
	MirInst *call = b->insts.at[site->call], *part = b->insts.at[site->part];
	MirLocalId hole = new_local(t->p, t->type);
	MirPlace *next = at_to(t, NULL);

	put(t, empty(t, new_place(t->p, hole), call->span));
	part->aggregate.fields.at[site->field] = mir_mk_operand_move(a, new_place(t->p, hole));
	for (uint32_t i = site->call + 1; i <= site->result; i++)
		put(t, b->insts.at[i]);
	vec_push(a, &next->projs, mir_mk_proj_variant(a, b->insts.at[site->result]->aggregate.variant, 0));
	vec_push(a, &next->projs, mir_mk_proj_deref(a));
	vec_push(a, &next->projs, mir_mk_proj_field(a, site->field));
	put(t, mir_mk_inst_assign(a, call->span, new_place(t->p, t->to), mir_mk_operand_addr(a, next)));
}

static void
rewrite_site(Trmc *t, const Site *site)
{
	Arena *a = t->p->arena;
	MirBlock *b = site->block;
	MirInst *call = b->insts.at[site->call];

	t->out = (MirInstList){0};
	for (uint32_t i = 0; i < site->call; i++)
		put(t, b->insts.at[i]);
	if (!site->plain)
		put_cell(t, site);
	put_arguments(t, call);
	b->insts = t->out;
	b->term = mir_mk_term_goto(a, b->term->span, t->start);
}

typedef struct Enter {
	MirBbId start;
} Enter;

static void
enter_at(void *ctx, MirBbId *bb)
{
	const Enter *e = ctx;

	if (*bb == 0)
		*bb = e->start;
}

/* The function's code moves to a block that can be gone back to; bb0 makes _0 and `to`. */
static void
make_start(Trmc *t)
{
	Arena *a = t->p->arena;
	MirFn *fn = t->p->fn;
	MirBlock *entry = arena_new(a, MirBlock);
	Enter e = {fn->blocks.len};

	vec_push(a, &fn->blocks, fn->blocks.at[0]);
	fn->blocks.at[0] = entry;
	t->start = e.start;
	for (uint32_t b = 1; b < fn->blocks.len; b++)
		mir_block_edges(fn->blocks.at[b], enter_at, &e);
	vec_push(a, &entry->insts, empty(t, new_place(t->p, 0), fn->span));
	vec_push(a, &entry->insts, mir_mk_inst_assign(a, fn->span, new_place(t->p, t->to),
	    mir_mk_operand_addr(a, new_place(t->p, 0))));
	entry->term = mir_mk_term_goto(a, fn->span, t->start);
}

void
pass_trmc(Pass *p)
{
	Trmc t = {.p = p, .self = p->id, .type = mir_local_type(p->fn, 0)};
	MirTypeId ref = find_ref(p->m, t.type);

	t.nothing = empty_variant(p->m, t.type);
	if (t.nothing == IR_NONE || ref == IR_NONE || !mir_type(p->m, t.type)->recursive
	    || mir_notice(p->m->end_of[t.type]) != MIR_UNNOTICED)
		return;
	if (!find_sites(&t))
		return;
	t.to = new_local(p, ref);
	make_start(&t);
	for (uint32_t i = 0; i < t.sites.len; i++)
		rewrite_site(&t, &t.sites.at[i]);
	catch_panics(&t);
	for (uint32_t b = 1; b < p->fn->blocks.len; b++)
		redirect_block(&t, p->fn->blocks.at[b]);
}
