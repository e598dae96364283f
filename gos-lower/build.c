/*
 * The function under construction: blocks, locals, places and operands.  Instructions are in emit.c.
 *
 * Code goes to `b->cur`.  After a terminator nothing is current and emitting does nothing, so callers
 * need not ask whether their code can be reached; blocks that only dead code leads to are removed
 * when the function is finished (prune.c).
 */
#include "gos-lower/lower.h"

#include "lib/fatal.h"

#include <stdarg.h>
#include <string.h>

/* ---- Signature ---- */

MirPlace *
build_outcome(Build *b, MirTypeId type)
{
	MirLocalId slot = build_local(b, 0, type, false);

	if (mir_type_is_counted(b->lo, type))
		vec_push(b->arena, &b->scopes,
		    (ScopeEntry){SCOPE_UNWIND_DROP, slot, NULL, b->span, IR_NONE, IR_NONE});
	return place_local(b, slot);
}

void
build_ret(Build *b, MirTypeId type)
{
	(void)build_outcome(b, type);
}

MirPlace *
build_param(Build *b, const char *name, MirTypeId type, MirMode mode)
{
	Lower *lo = b->lo;
	bool counted = mir_type_is_counted(lo, type);
	bool own = mode == MIR_MODE_OWN && counted;
	MirLocalId local = build_local(b, intern_cstr(lo->names, name), type, own);

	vec_push(b->arena, &b->fn->params, own ? MIR_MODE_OWN : MIR_MODE_BORROW);
	return place_local(b, local);
}

/* ---- Blocks ---- */

MirBbId
build_block(Build *b)
{
	MirBlock *block = arena_new(b->arena, MirBlock);

	block->cleanup = b->in_cleanup;
	vec_push(b->arena, &b->fn->blocks, block);
	return b->fn->blocks.len - 1;
}

void
build_start(Build *b, MirBbId bb)
{
	b->cur = bb;
}

bool
build_is_dead(const Build *b)
{
	return b->cur == IR_NONE;
}

/* ---- Locals ---- */

MirLocalId
build_local(Build *b, Sym name, MirTypeId type, bool schedule)
{
	vec_push(b->arena, &b->fn->locals, mir_mk_variable(b->arena, name, type, b->span));
	MirLocalId local = b->fn->locals.len - 1;
	if (schedule)
		scope_schedule(b, local);
	return local;
}

MirPlace *
build_temp(Build *b, MirTypeId type)
{
	/* Nothing is ever in a (), so one place does for all. */
	if (type == b->lo->common.unit) {
		if (!b->unit)
			b->unit = place_local(b, build_local(b, 0, type, false));
		return b->unit;
	}
	return place_local(b, build_local(b, 0, type, true));
}

static Slot *
slot_at(Build *b, TastLocalId local)
{
	if (!b->tast || local >= b->slots.len)
		lower_broken(b->lo, "local _%u does not exist", local);
	return &b->slots.at[local];
}

void
build_declare(Build *b, TastLocalId local)
{
	Slot *slot = slot_at(b, local);
	const TastVariable *v = b->tast->locals.at[local];
	MirTypeId type = v->shared ? cell_var_type(b, local) : build_mir_type(b, v->type);
	Span outer = b->span;

	b->span = v->span;
	MirLocalId id = build_local(b, v->name, type, false);
	emit_live(b, id);
	scope_schedule(b, id);
	slot->cell = v->shared;
	slot->place = place_local(b, id);
	if (v->shared)
		slot->place = cell_value(b, slot->place, local);
	b->span = outer;
}

void
build_init_local(Build *b, TastLocalId local, MirOperand *value)
{
	Slot *slot = slot_at(b, local);

	if (!slot->place)
		lower_broken(b->lo, "local _%u is used before its declaration", local);
	if (slot->cell)
		emit_box(b, place_local(b, slot->place->local), value);
	else
		emit_assign(b, slot->place, value);
}

MirPlace *
build_local_place(Build *b, TastLocalId local)
{
	Slot *slot = slot_at(b, local);

	if (!slot->place)
		lower_broken(b->lo, "local _%u is used before its declaration", local);
	return slot->place;
}

MirPlace *
build_cell_place(Build *b, TastLocalId local)
{
	MirPlace *p = build_local_place(b, local);

	return place_prefix(b, p, p->projs.len - (cell_is_late(b, local) ? 2 : 1));
}

/* ---- Places ---- */

MirPlace *
place_local(Build *b, MirLocalId local)
{
	return mir_mk_place(b->arena, local, (MirProjList){0});
}

static MirPlace *
place_with(Build *b, const MirPlace *p, MirProj *proj)
{
	MirPlace *q = arena_new(b->arena, MirPlace);

	q->local = p->local;
	vec_reserve(b->arena, &q->projs, p->projs.len + 1);
	for (uint32_t i = 0; i < p->projs.len; i++)
		q->projs.at[i] = p->projs.at[i];
	q->projs.at[p->projs.len] = proj;
	q->projs.len = p->projs.len + 1;
	return q;
}

const MirPlace *
place_content(Build *b, const MirPlace *p)
{
	return mir_type_info(b->lo, place_type(b, p))->resource ? place_deref(b, p) : p;
}

MirPlace *
place_field(Build *b, const MirPlace *p, uint32_t field)
{
	p = place_content(b, p);
	return place_with(b, p, mir_mk_proj_field(b->arena, field));
}

/* A payload that layout put into a Box is looked through. */
MirPlace *
place_variant(Build *b, const MirPlace *p, uint32_t variant, uint32_t field)
{
	p = place_content(b, p);
	MirTypeId box = mir_variant_box(b->lo, place_type(b, p), variant);
	if (box == IR_NONE)
		return place_with(b, p, mir_mk_proj_variant(b->arena, variant, field));
	MirPlace *payload = place_deref(b, place_with(b, p, mir_mk_proj_variant(b->arena, variant, 0)));
	return mir_variant_has_struct(b->lo, box) ? place_field(b, payload, field) : payload;
}

MirPlace *
place_deref(Build *b, const MirPlace *p)
{
	return place_with(b, p, mir_mk_proj_deref(b->arena));
}

MirPlace *
place_index(Build *b, const MirPlace *p, MirOperand *index)
{
	return place_with(b, p, mir_mk_proj_index(b->arena, index));
}

static MirTypeId
field_type(Build *b, const MirFieldList *fields, uint32_t index)
{
	if (index >= fields->len)
		lower_broken(b->lo, "field %u does not exist", index);
	return fields->at[index]->type;
}

static MirTypeId
variant_field_type(Build *b, const MirRepr *r, const MirProj *proj)
{
	if (r->kind != MIR_REPR_ENUM || proj->variant.variant >= r->enum_.variants.len)
		lower_broken(b->lo, "variant %u does not exist", proj->variant.variant);
	return field_type(b, &r->enum_.variants.at[proj->variant.variant]->fields,
	    proj->variant.index);
}

/* The type of what one projection leads to from a place of type `t`. */
static MirTypeId
proj_type(Build *b, MirTypeId t, const MirProj *proj)
{
	const MirRepr *r = mir_type_at(b->lo, t)->repr;

	switch (proj->kind) {
	case MIR_PROJ_FIELD:
		if (r->kind == MIR_REPR_STRUCT)
			return field_type(b, &r->struct_.fields, proj->field.index);
		break;
	case MIR_PROJ_VARIANT:
		return variant_field_type(b, r, proj);
	case MIR_PROJ_DEREF:
		if (r->kind == MIR_REPR_REF)
			return r->ref.target;
		if (r->kind == MIR_REPR_BOX)
			return r->box.payload;
		break;
	case MIR_PROJ_INDEX:
		if (r->kind == MIR_REPR_VEC)
			return r->vec.elem;
		if (r->kind == MIR_REPR_ARRAY)
			return r->array.elem;
		break;
	}
	lower_broken(b->lo, "a value of type %s has no such part",
	    intern_str(b->lo->names, mir_type_at(b->lo, t)->name));
}

MirTypeId
place_type(Build *b, const MirPlace *p)
{
	MirTypeId t = b->fn->locals.at[p->local]->type;

	for (uint32_t i = 0; i < p->projs.len; i++)
		t = proj_type(b, t, p->projs.at[i]);
	return t;
}

bool
place_is_local(const MirPlace *p)
{
	return p->projs.len == 0;
}

/* ---- Operands ---- */

/* Operands keep their place; it is never changed afterwards, so sharing is fine. */
static MirPlace *
shared(const MirPlace *p)
{
	return (MirPlace *)(uintptr_t)p;
}

MirOperand *
op_copy(Build *b, const MirPlace *p)
{
	return mir_mk_operand_copy(b->arena, shared(p));
}

MirOperand *
op_move(Build *b, const MirPlace *p)
{
	if (!place_is_local(p))
		bug("move out of a part of a value");
	return mir_mk_operand_move(b->arena, shared(p));
}

MirOperand *
op_borrow(Build *b, const MirPlace *p)
{
	return mir_mk_operand_borrow(b->arena, shared(p));
}

MirOperand *
op_addr(Build *b, const MirPlace *p)
{
	return mir_mk_operand_addr(b->arena, shared(p));
}

MirOperand *
op_take(Build *b, const MirPlace *p)
{
	return mir_type_is_counted(b->lo, place_type(b, p)) ? op_move(b, p) : op_copy(b, p);
}

MirOperand *
op_int(Build *b, MirTypeId type, IrU128 value)
{
	return mir_mk_operand_int(b->arena, type, value);
}

MirOperand *
op_i64(Build *b, int64_t value)
{
	return op_int(b, b->lo->common.i64, (IrU128)(uint64_t)value);
}

MirOperand *
op_bool(Build *b, bool value)
{
	return op_int(b, b->lo->common.boolean, value);
}

MirOperand *
op_float(Build *b, MirTypeId type, double value)
{
	return mir_mk_operand_float(b->arena, type, value);
}

MirOperand *
op_str(Build *b, Sym value)
{
	return mir_mk_operand_str(b->arena, value);
}

MirOperand *
op_text(Build *b, const char *text)
{
	return op_str(b, intern_cstr(b->lo->names, text));
}

MirOperand *
op_unit(Build *b)
{
	return mir_mk_operand_unit(b->arena);
}

MirOperand *
op_fn(Build *b, MirFnId fn)
{
	return mir_mk_operand_fn(b->arena, fn);
}

MirOperand *
op_closure(Build *b, MirFnId code)
{
	return mir_mk_operand_closure(b->arena, code);
}

MirOperand *
op_shim(Build *b, MirFnId fn)
{
	return mir_mk_operand_shim(b->arena, fn);
}

MirOperand *
op_desc(Build *b, MirTypeId type)
{
	return mir_mk_operand_desc(b->arena, type);
}

MirTypeId
op_type(Build *b, const MirOperand *op)
{
	const CommonTypes *c = &b->lo->common;

	switch (op->kind) {
	case MIR_OPERAND_COPY: return place_type(b, op->copy.place);
	case MIR_OPERAND_MOVE: return place_type(b, op->move.place);
	case MIR_OPERAND_BORROW: return place_type(b, op->borrow.place);
	case MIR_OPERAND_ADDR: return mir_type_ref(b->lo, place_type(b, op->addr.place));
	case MIR_OPERAND_INT: return op->int_.type;
	case MIR_OPERAND_FLOAT: return op->float_.type;
	case MIR_OPERAND_STR: return c->string;
	case MIR_OPERAND_UNIT: return c->unit;
	case MIR_OPERAND_CLOSURE: return c->closure;
	case MIR_OPERAND_FN:
	case MIR_OPERAND_SHIM:
	case MIR_OPERAND_CODE:
	case MIR_OPERAND_TABLE:
	case MIR_OPERAND_STATIC:
	case MIR_OPERAND_DESC: return c->raw;
	}
	bug("operand kind %d", op->kind);
}

MirOperandList
op_list(Build *b, uint32_t n, ...)
{
	MirOperandList list = {0};
	va_list ap;

	vec_reserve(b->arena, &list, n);
	va_start(ap, n);
	for (uint32_t i = 0; i < n; i++)
		list.at[list.len++] = va_arg(ap, MirOperand *);
	va_end(ap);
	return list;
}
