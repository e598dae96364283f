/* What several passes ask.  See rc.h. */
#include "gos-rc/rc.h"

#include <string.h>

/* ---- Sets ---- */

Bits
bits_new(Arena *arena, uint32_t n)
{
	Bits b = {.nwords = n / 64 + 1};

	b.words = arena_array(arena, uint64_t, b.nwords);
	return b;
}

void
bits_copy(Bits to, Bits from)
{
	memcpy(to.words, from.words, from.nwords * sizeof *from.words);
}

bool
bits_join(Bits to, Bits from)
{
	bool grew = false;

	for (uint32_t i = 0; i < to.nwords; i++) {
		uint64_t all = to.words[i] | from.words[i];
		grew = grew || all != to.words[i];
		to.words[i] = all;
	}
	return grew;
}

/* ---- Locals and places ---- */

bool
local_is_counted(const Pass *p, MirLocalId local)
{
	return mir_type(p->m, mir_local_type(p->fn, local))->counted;
}

bool
local_is_noticed(const Pass *p, MirLocalId local)
{
	return mir_notice(p->m->end_of[mir_local_type(p->fn, local)]) != MIR_UNNOTICED;
}

bool
local_is_borrowed(const Pass *p, MirLocalId local)
{
	return local >= 1 && local <= p->fn->params.len
	    && p->fn->params.at[local - 1] == MIR_MODE_BORROW;
}

bool
inst_is_cursor(const Pass *p, const MirInst *i)
{
	return i->kind == MIR_INST_ASSIGN && i->assign.value->kind == MIR_OPERAND_BORROW
	    && place_is_whole(i->assign.dest) && local_is_counted(p, i->assign.dest->local);
}

static bool
fields_may_point(const MirModule *m, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (type_may_point(m, fields->at[i]->type))
			return true;
	return false;
}

bool
type_may_point(const MirModule *m, MirTypeId t)
{
	const MirRepr *r = mir_type(m, t)->repr;

	switch (r->kind) {
	case MIR_REPR_REF: case MIR_REPR_RAW:
		return true;
	case MIR_REPR_STRUCT:
		return fields_may_point(m, &r->struct_.fields);
	case MIR_REPR_ARRAY:
		return type_may_point(m, r->array.elem);
	case MIR_REPR_ENUM:
		for (uint32_t i = 0; i < r->enum_.variants.len; i++)
			if (fields_may_point(m, &r->enum_.variants.at[i]->fields))
				return true;
		return false;
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR: case MIR_REPR_UNIT:
	case MIR_REPR_NEVER: case MIR_REPR_STRING: case MIR_REPR_BOX: case MIR_REPR_VEC: case MIR_REPR_CLOSURE:
	case MIR_REPR_DYN: case MIR_REPR_HANDLE: case MIR_REPR_OPAQUE:
		return false;
	}
	return false;
}

bool
place_is_direct(const Pass *p, const MirPlace *place)
{
	MirTypeId t = mir_local_type(p->fn, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++) {
		MirProjKind k = place->projs.at[i]->kind;
		if (k == MIR_PROJ_DEREF || (k == MIR_PROJ_INDEX && mir_repr(p->m, t) == MIR_REPR_VEC))
			return false;
		t = mir_proj_type(p->m, t, place->projs.at[i]);
	}
	return true;
}

bool
place_equal(const MirPlace *a, const MirPlace *b)
{
	static const IrType *type;

	if (!type)
		type = ir_type(&mir_schema, "place");
	return a == b || (a->local == b->local && ir_equal(type, a, b));
}

/* ---- New things ---- */

MirTypeId
find_bool(const MirModule *m)
{
	for (uint32_t i = 0; i < m->types.len; i++)
		if (mir_repr(m, i) == MIR_REPR_BOOL)
			return i;
	return IR_NONE;
}

MirLocalId
new_local(Pass *p, MirTypeId type)
{
	vec_push(p->arena, &p->fn->locals, mir_mk_variable(p->arena, 0, type, p->fn->span));
	return p->fn->locals.len - 1;
}

MirBbId
new_block(Pass *p, bool cleanup)
{
	MirBlock *b = arena_new(p->arena, MirBlock);

	b->cleanup = cleanup;
	vec_push(p->arena, &p->fn->blocks, b);
	return p->fn->blocks.len - 1;
}

MirPlace *
new_place(Pass *p, MirLocalId local)
{
	return mir_mk_place(p->arena, local, (MirProjList){0});
}

/* ---- Panics ---- */

bool
inst_can_panic(const MirModule *m, const MirFn *fn, const MirBlock *block, const MirInst *i)
{
	if (i->kind == MIR_INST_DROP)
		return !block->cleanup && mir_notice(m->end_of[mir_place_type(m, fn, i->drop.place)]) == MIR_RUNS;
	if (i->kind == MIR_INST_UNARY)
		return i->unary.check == MIR_CHECK_CHECKED;
	if (i->kind == MIR_INST_BINARY)
		return i->binary.check == MIR_CHECK_CHECKED && i->binary.op < MIR_BINOP_EQ;
	if (i->kind != MIR_INST_CALL)
		return i->kind == MIR_INST_BOUNDS;
	const MirCallee *callee = i->call.callee;
	if (callee->kind == MIR_CALLEE_FN)
		return m->fns.at[callee->fn.fn]->may_panic;
	if (callee->kind != MIR_CALLEE_RUNTIME)	/* code behind a pointer */
		return true;
	return mir_runtime(intern_str(m->names, callee->runtime.symbol))->flags & MIR_RT_PANICS;
}

static bool
proj_equal(const MirProj *a, const MirProj *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MIR_PROJ_FIELD:
		return a->field.index == b->field.index;
	case MIR_PROJ_VARIANT:
		return a->variant.variant == b->variant.variant && a->variant.index == b->variant.index;
	case MIR_PROJ_DEREF:
		return true;
	case MIR_PROJ_INDEX:
		return false;
	}
	return false;
}

bool
place_has_prefix(const MirPlace *place, const MirPlace *prefix)
{
	if (place->local != prefix->local || place->projs.len < prefix->projs.len)
		return false;
	for (uint32_t i = 0; i < prefix->projs.len; i++)
		if (!proj_equal(place->projs.at[i], prefix->projs.at[i]))
			return false;
	return true;
}

/* ---- Who owns an operand ---- */

static void
visit_operand(Pass *p, MirOperand *op, bool owned, OwnedVisit *visit, void *ctx)
{
	const MirPlace *place = mir_operand_place(op);

	if (place && op->kind != MIR_OPERAND_ADDR
	    && mir_type(p->m, mir_place_type(p->m, p->fn, place))->counted)
		visit(ctx, op, owned);
}

static void
visit_list(Pass *p, MirOperandList *list, OwnedVisit *visit, void *ctx)
{
	for (uint32_t i = 0; i < list->len; i++)
		visit_operand(p, list->at[i], true, visit, ctx);
}

static void
visit_call(Pass *p, MirInst *i, OwnedVisit *visit, void *ctx)
{
	const MirCallee *callee = i->call.callee;

	if (callee->kind == MIR_CALLEE_VALUE)
		visit_operand(p, callee->value.closure, false, visit, ctx);
	if (callee->kind == MIR_CALLEE_SLOT)
		visit_operand(p, callee->slot.object, false, visit, ctx);
	for (uint32_t k = 0; k < i->call.args.len; k++)
		visit_operand(p, i->call.args.at[k], mir_callee_owns(p->m, callee, k), visit, ctx);
}

void
inst_counted_operands(Pass *p, MirInst *i, OwnedVisit *visit, void *ctx)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		visit_operand(p, i->assign.value, true, visit, ctx);
		break;
	case MIR_INST_AGGREGATE:
		visit_list(p, &i->aggregate.fields, visit, ctx);
		break;
	case MIR_INST_BOX:
		visit_operand(p, i->box.value, true, visit, ctx);
		break;
	case MIR_INST_CALL:
		visit_call(p, i, visit, ctx);
		break;
	case MIR_INST_BINARY:
		visit_operand(p, i->binary.left, false, visit, ctx);
		visit_operand(p, i->binary.right, false, visit, ctx);
		break;
	case MIR_INST_CAST:
		visit_operand(p, i->cast.value, !inst_is_keep(p, i), visit, ctx);
		break;
	case MIR_INST_UNARY:
	case MIR_INST_TAG:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		break;
	}
}

void
term_counted_operands(Pass *p, MirTerm *t, OwnedVisit *visit, void *ctx)
{
	if (t->kind == MIR_TERM_PANIC)
		for (uint32_t i = 0; i < t->panic.args.len; i++)
			visit_operand(p, t->panic.args.at[i], t->panic.kind == MIR_PANIC_MESSAGE, visit,
			    ctx);
}
