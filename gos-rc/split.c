/*
 * Structs that are held in locals become locals of their own, one for each field.  See rc.h.
 *
 *	m = {it, Move f}; … m.0 … Drop m	→	m0 = it; m1 = Move f; … m0 … Drop m0; Drop m1
 *
 * Behind inlined adapters (inline.c) this is what is left of an iterator: its source, and each closure, in a
 * local that is stored to once.  Variables of the program come apart if they are counted.
 * Left alone is what is used as a whole: passed to a call, or by its address,
 * put into something else, or received from elsewhere.  Structs in structs come apart from outside in.
 */
#include "gos-rc/rc.h"

enum { ROUNDS_MAX = 12, FIELDS_MAX = 16 };


typedef struct Split {
	Pass *p;
	bool *whole;		/* by local: stays as it is */
	MirLocalId *first;	/* by local: the local of field 0, IR_NONE where it stays */
	uint32_t n;		/* locals at the start of the round */
	MirInst *inst;		/* at hand */
	bool changed;
	MirInstList out;		/* of the block */
	const IrType *inst_type, *term_type, *place_type;
} Split;

static const MirFieldList *
fields_of(const Split *s, MirLocalId local)
{
	return &mir_type(s->p->m, mir_local_type(s->p->fn, local))->repr->struct_.fields;
}

static bool
is_struct(const Split *s, MirLocalId local)
{
	return mir_repr(s->p->m, mir_local_type(s->p->fn, local)) == MIR_REPR_STRUCT;
}

/* ---- What stays whole ---- */

static void
stay(Split *s, MirLocalId local)
{
	s->changed |= !s->whole[local];
	s->whole[local] = true;
}

/* The value of an Assign, where that is a local or a part of one; else NULL. */
static const MirPlace *
copied_place(const MirInst *i)
{
	const MirOperand *v = i->kind == MIR_INST_ASSIGN ? i->assign.value : NULL;

	return v && v->kind != MIR_OPERAND_ADDR ? mir_operand_place(v) : NULL;
}

/* Of an operand: only an Assign can take a struct field by field. */
static void
look_at_operand(void *ctx, MirOperand **op)
{
	Split *s = ctx;
	const MirPlace *place = mir_operand_place(*op);

	if (place && place_is_whole(place) && copied_place(s->inst) != place && !inst_is_keep(s->p, s->inst))
		stay(s, place->local);
}

static void
look_at_place(void *ctx, MirPlace *place, bool is_dest)
{
	Split *s = ctx;
	MirInstKind k = s->inst->kind;

	if (!place_is_whole(place) || k == MIR_INST_DROP)
		return;
	if (!is_dest || (k != MIR_INST_ASSIGN && k != MIR_INST_AGGREGATE))
		stay(s, place->local);
}

typedef struct Mention {
	MirLocalId local;
	bool found;
} Mention;

static void
mention(void *ctx, MirOperand **op)
{
	const MirPlace *place = mir_operand_place(*op);
	Mention *m = ctx;

	m->found |= place && place->local == m->local;
}

/* A struct that is made of its own parts must not lose one before the other is read. */
static void
look_at_store(Split *s, MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i), *from = copied_place(i);
	Mention m = {.local = dest ? dest->local : IR_NONE};

	if (!dest || !place_is_whole(dest) || s->whole[dest->local])
		return;
	mir_inst_operands(i, mention, &m);
	bool constant = i->kind == MIR_INST_ASSIGN && !from;
	/* A part is never moved out, not even by its last use. */
	bool moved = from && (!place_is_whole(from) ? i->assign.value->kind != MIR_OPERAND_COPY
	    : s->whole[from->local] && !local_is_borrowed(s->p, from->local));
	if (m.found || constant || moved)
		stay(s, dest->local);
}

static void
consider(Split *s, const MirPlace *dest)
{
	if (dest && place_is_whole(dest) && dest->local > s->p->fn->params.len && is_struct(s, dest->local)
	    && (local_is_counted(s->p, dest->local) || !s->p->fn->locals.at[dest->local]->name))
		s->whole[dest->local] = fields_of(s, dest->local)->len > FIELDS_MAX;
}

/* True if some local comes apart. */
static bool
decide(Split *s)
{
	MirFn *fn = s->p->fn;
	bool any = false;

	for (MirLocalId l = 0; l < s->n; l++)
		s->whole[l] = true;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			consider(s, mir_inst_dest(fn->blocks.at[b]->insts.at[i]));
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			s->inst = fn->blocks.at[b]->insts.at[i];
			mir_inst_operands(s->inst, look_at_operand, s);
			mir_inst_places(s->inst, look_at_place, s);
		}
		s->inst = &(MirInst){.kind = MIR_INST_LIVE};
		mir_term_operands(fn->blocks.at[b]->term, look_at_operand, s);
	}
	do {
		s->changed = false;
		for (uint32_t b = 0; b < fn->blocks.len; b++)
			for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
				look_at_store(s, fn->blocks.at[b]->insts.at[i]);
	} while (s->changed);
	for (MirLocalId l = 0; l < s->n; l++)
		any |= !s->whole[l];
	return any;
}

/* ---- Taking apart ---- */

static bool
is_apart(const Split *s, const MirPlace *place)
{
	return place && place_is_whole(place) && place->local < s->n && s->first[place->local] != IR_NONE;
}

/* Field `k` of the place. */
static MirPlace *
field_place(Split *s, const MirPlace *place, uint32_t k)
{
	Arena *a = s->p->arena;
	MirPlace *q;

	if (is_apart(s, place))
		return new_place(s->p, s->first[place->local] + k);
	q = ir_clone(a, s->place_type, place);
	vec_push(a, &q->projs, mir_mk_proj_field(a, k));
	return q;
}

static MirOperand *
field_operand(Split *s, const MirOperand *op, uint32_t k, MirTypeId type)
{
	MirPlace *place = field_place(s, mir_operand_place(op), k);

	return op->kind == MIR_OPERAND_MOVE && mir_type(s->p->m, type)->counted
	    ? mir_mk_operand_move(s->p->arena, place) : mir_mk_operand_copy(s->p->arena, place);
}

static void
push(Split *s, MirInst *i)
{
	vec_push(s->p->arena, &s->out, i);
}

static void
push_store(Split *s, Span span, MirLocalId local, uint32_t k, MirOperand *value)
{
	if (mir_class(s->p->m, fields_of(s, local)->at[k]->type).kind != MIR_CLASS_NONE)
		push(s, mir_mk_inst_assign(s->p->arena, span, new_place(s->p, s->first[local] + k), value));
}

static void
split_store(Split *s, MirInst *i, MirLocalId local)
{
	const MirFieldList *fields = fields_of(s, local);

	for (uint32_t k = 0; k < fields->len; k++)
		push_store(s, i->span, local, k, i->kind == MIR_INST_AGGREGATE ? i->aggregate.fields.at[k]
		    : field_operand(s, i->assign.value, k, fields->at[k]->type));
}

/* `place = Move l`, where only l comes apart. */
static void
join(Split *s, MirInst *i)
{
	const MirPlace *from = copied_place(i);
	const MirFieldList *fields = fields_of(s, from->local);
	MirOperandList parts = {0};

	for (uint32_t k = 0; k < fields->len; k++)
		vec_push(s->p->arena, &parts, mir_class(s->p->m, fields->at[k]->type).kind == MIR_CLASS_NONE
		    ? mir_mk_operand_unit(s->p->arena) : field_operand(s, i->assign.value, k, fields->at[k]->type));
	push(s, mir_mk_inst_aggregate(s->p->arena, i->span, i->assign.dest, 0, parts));
}

/* Where a panic in the end of a field goes: the fields behind it end, then on. */
static MirBbId
rest_of_drop(Split *s, const MirInst *i, MirLocalId local, uint32_t from)
{
	const MirFieldList *fields = fields_of(s, local);
	MirBbId bb = IR_NONE;
	MirBlock *block = NULL;

	for (uint32_t k = from; k < fields->len; k++) {
		if (!mir_type(s->p->m, fields->at[k]->type)->counted)
			continue;
		if (bb == IR_NONE) {
			bb = new_block(s->p, true);
			block = s->p->fn->blocks.at[bb];
		}
		vec_push(s->p->arena, &block->insts, mir_mk_inst_drop(s->p->arena, i->span,
		    new_place(s->p, s->first[local] + k), IR_NONE));
	}
	if (bb == IR_NONE)
		return i->drop.unwind;
	block->term = i->drop.unwind != IR_NONE ? mir_mk_term_goto(s->p->arena, i->span, i->drop.unwind)
	    : mir_mk_term_resume(s->p->arena, i->span);
	return bb;
}

static void
split_drop(Split *s, const MirBlock *block, const MirInst *i)
{
	MirLocalId local = i->drop.place->local;
	const MirFieldList *fields = fields_of(s, local);

	for (uint32_t k = 0; k < fields->len; k++) {
		MirTypeId type = fields->at[k]->type;
		if (!mir_type(s->p->m, type)->counted)
			continue;
		bool runs = !block->cleanup && mir_notice(s->p->m->end_of[type]) == MIR_RUNS;
		push(s, mir_mk_inst_drop(s->p->arena, i->span, new_place(s->p, s->first[local] + k),
		    runs ? rest_of_drop(s, i, local, k + 1) : IR_NONE));
	}
}

static void
split_keep(Split *s, MirInst *i)
{
	MirLocalId local = mir_operand_place(i->cast.value)->local;

	for (uint32_t k = 0; k < fields_of(s, local)->len; k++)
		if (mir_type(s->p->m, fields_of(s, local)->at[k]->type)->counted)
			push(s, mir_mk_inst_cast(s->p->arena, i->span, i->cast.dest,
			    mir_mk_operand_borrow(s->p->arena, new_place(s->p, s->first[local] + k))));
}

static bool
rename_place(void *ctx, const IrType *t, void *node)
{
	Split *s = ctx;
	MirPlace *place = node;

	if (t != s->place_type || place->local >= s->n || s->first[place->local] == IR_NONE
	    || place_is_whole(place))
		return true;
	place->local = s->first[place->local] + place->projs.at[0]->field.index;
	place->projs.at++;
	place->projs.len--;
	place->projs.cap--;
	return true;
}

static void
split_inst(Split *s, const MirBlock *block, MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	ir_walk(s->inst_type, i, rename_place, s);
	if (is_apart(s, dest)) {
		split_store(s, i, dest->local);
	} else if (is_apart(s, copied_place(i))) {
		join(s, i);
	} else if (i->kind == MIR_INST_DROP && is_apart(s, i->drop.place)) {
		split_drop(s, block, i);
	} else if (inst_is_keep(s->p, i) && is_apart(s, mir_operand_place(i->cast.value))) {
		split_keep(s, i);
	} else if (i->kind == MIR_INST_LIVE && i->live.local < s->n && s->first[i->live.local] != IR_NONE) {
		for (uint32_t k = 0; k < fields_of(s, i->live.local)->len; k++)
			push(s, mir_mk_inst_live(s->p->arena, i->span, s->first[i->live.local] + k));
	} else {
		push(s, i);
	}
}

static void
rewrite(Split *s)
{
	MirFn *fn = s->p->fn;
	uint32_t n_blocks = fn->blocks.len;

	for (MirLocalId l = 0; l < s->n; l++) {
		s->first[l] = IR_NONE;
		for (uint32_t k = 0; !s->whole[l] && k < fields_of(s, l)->len; k++) {
			MirLocalId part = new_local(s->p, fields_of(s, l)->at[k]->type);
			s->first[l] = k == 0 ? part : s->first[l];
		}
	}
	for (uint32_t b = 0; b < n_blocks; b++) {
		MirBlock *block = fn->blocks.at[b];
		s->out = (MirInstList){0};
		for (uint32_t i = 0; i < block->insts.len; i++)
			split_inst(s, block, block->insts.at[i]);
		ir_walk(s->term_type, block->term, rename_place, s);
		block->insts.at = s->out.at;
		block->insts.len = s->out.len;
		block->insts.cap = s->out.cap;
	}
}

void
pass_split(Pass *p)
{
	Split s = {.p = p, .inst_type = ir_type(&mir_schema, "inst"), .term_type = ir_type(&mir_schema, "term"),
	    .place_type = ir_type(&mir_schema, "place")};
	bool any = true;

	for (uint32_t round = 0; round < ROUNDS_MAX && any; round++) {
		s.n = p->fn->locals.len;
		s.whole = arena_array(p->scratch, bool, s.n);
		s.first = arena_array(p->scratch, MirLocalId, s.n);
		any = decide(&s);
		if (any)
			rewrite(&s);
	}
}
