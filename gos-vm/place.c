/* Places, operands, moves.  See translate.h. */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

enum { NEAR = 0x10000, CHAIN_TEMPS = 512 };

/* ---- Where things are ---- */

Loc
loc_frame(uint64_t offset)
{
	return (Loc){.kind = LOC_FRAME, .offset = offset};
}

static Loc
loc_mem(Slot base, uint64_t offset)
{
	return (Loc){.kind = LOC_MEM, .base = base, .offset = offset};
}

bool
loc_is_near(Loc l, uint64_t size)
{
	return l.kind == LOC_FRAME && l.offset + size <= NEAR;
}

/* A pointer to the elements of a vector. */
static Slot
elements(Trans *t, Slot vec)
{
	Slot p = temp(t, 8);

	emit(t, OP_ld_64, p, vec, VEC_DATA);
	return p;
}

/* A pointer to a place, and a distance from it that fits an operand. */
static Loc
to_mem(Trans *t, Loc l)
{
	Slot p;

	switch (l.kind) {
	case LOC_FRAME:
		p = temp(t, 8);
		emit(t, OP_addr, p, 0, 0);
		emit_word(t, l.offset);
		return loc_mem(p, 0);
	case LOC_MEM:
		if (l.offset < NEAR)
			return l;
		p = temp(t, 8);
		emit(t, OP_offset, p, l.base, 0);
		emit_word(t, l.offset);
		return loc_mem(p, 0);
	case LOC_VEC:
		l.base = elements(t, l.base);
		/* fallthrough */
	case LOC_ELEM:
		p = temp(t, 8);
		emit(t, OP_index, p, l.base, l.index);
		emit_word(t, l.elem);
		emit_word(t, l.offset);
		return loc_mem(p, 0);
	}
	bug("location kind %d", (int)l.kind);
}

Loc
loc_at(Loc l, uint64_t offset)
{
	l.offset += offset;
	return l;
}

Slot
loc_pointer(Trans *t, Loc l)
{
	l = to_mem(t, l);
	if (l.offset == 0)
		return l.base;
	Slot p = temp(t, 8);
	emit(t, OP_offset, p, l.base, 0);
	emit_word(t, l.offset);
	return p;
}

Slot
loc_address(Trans *t, Loc l)
{
	if (loc_is_near(l, 0) && l.offset < NEAR && l.offset % 2 == 0)
		return (Slot)l.offset;
	return loc_pointer(t, l) | 1;
}

/* ---- Moving ---- */

static bool
is_unit(uint64_t size)
{
	return size == 1 || size == 2 || size == 4 || size == 8 || size == 16;
}

static void
emit_sized(Trans *t, Op op, Slot a, Slot b, Slot c, uint64_t size)
{
	emit(t, op, a, b, c);
	emit_word(t, size);
}

/* An element of exactly this size, for which there is an instruction. */
static bool
is_element(Loc l, uint64_t size)
{
	return (l.kind == LOC_ELEM || l.kind == LOC_VEC) && l.elem == size && is_unit(size) && size < 16
	    && l.offset == 0;
}

/* Was the last instruction, of this block, the check of exactly that element? */
static bool
joins_bounds(const Trans *t, Loc l)
{
	const Insn *last = t->code.len ? &t->code.at[t->code.len - 1] : NULL;

	return l.kind == LOC_VEC && last && t->last == t->code.len - 1 && t->block_start <= t->last
	    && last->op == OP_boundsv && last->a == l.index && last->b == l.base;
}

/* A part of an element, for which there is an instruction. */
static bool
is_inner(Loc l, uint64_t size)
{
	return (l.kind == LOC_ELEM || l.kind == LOC_VEC) && is_unit(size) && size < 16 && l.elem <= UINT32_MAX
	    && l.offset <= UINT32_MAX;
}

static void
emit_inner(Trans *t, Op op, Slot value, Loc l)
{
	emit(t, op, value, l.base, l.index);
	emit_word(t, l.elem | l.offset << 32);
}

static void
load(Trans *t, Slot to, Loc from, uint64_t size)
{
	if (is_element(from, size) && joins_bounds(t, from)) {
		t->code.at[t->code.len - 1] = (Insn){(uint16_t)OP_ELEM(getv, size), to, from.base, from.index};
		return;
	}
	if (is_element(from, size)) {
		emit(t, from.kind == LOC_VEC ? OP_ELEM(ldv, size) : OP_ELEM(ldx, size), to, from.base, from.index);
		return;
	}
	if (is_inner(from, size)) {
		emit_inner(t, from.kind == LOC_VEC ? OP_ELEM(ldvi, size) : OP_ELEM(ldi, size), to, from);
		return;
	}
	from = to_mem(t, from);
	if (is_unit(size))
		emit(t, OP_BITS(ld, size), to, from.base, (Slot)from.offset);
	else
		emit_sized(t, OP_ld_n, to, from.base, (Slot)from.offset, size);
}

static void
store(Trans *t, Loc to, Slot from, uint64_t size)
{
	if (is_element(to, size) && joins_bounds(t, to)) {
		t->code.at[t->code.len - 1] = (Insn){(uint16_t)OP_ELEM(putv, size), from, to.base, to.index};
		return;
	}
	if (is_element(to, size)) {
		emit(t, to.kind == LOC_VEC ? OP_ELEM(stv, size) : OP_ELEM(stx, size), from, to.base, to.index);
		return;
	}
	if (is_inner(to, size)) {
		emit_inner(t, to.kind == LOC_VEC ? OP_ELEM(stvi, size) : OP_ELEM(sti, size), from, to);
		return;
	}
	to = to_mem(t, to);
	if (is_unit(size))
		emit(t, OP_BITS(st, size), from, to.base, (Slot)to.offset);
	else
		emit_sized(t, OP_st_n, from, to.base, (Slot)to.offset, size);
}

void
loc_move(Trans *t, Loc to, Loc from, uint64_t size)
{
	if (size == 0)
		return;
	if (loc_is_near(to, size) && loc_is_near(from, size)) {
		if (to.offset == from.offset)
			return;
		if (is_unit(size))
			emit(t, OP_BITS(mov, size), (Slot)to.offset, (Slot)from.offset, 0);
		else
			emit_sized(t, OP_mov_n, (Slot)to.offset, (Slot)from.offset, 0, size);
	} else if (loc_is_near(to, size)) {
		load(t, (Slot)to.offset, from, size);
	} else if (loc_is_near(from, size)) {
		store(t, to, (Slot)from.offset, size);
	} else if (is_unit(size)) {
		Slot value = temp(t, size);
		load(t, value, from, size);
		store(t, to, value, size);
	} else {
		Slot source = loc_pointer(t, from);
		emit_sized(t, OP_copy_n, loc_pointer(t, to), source, 0, size);
	}
}

Slot
loc_slot(Trans *t, Loc l, uint64_t size)
{
	if (loc_is_near(l, size))
		return (Slot)l.offset;
	Slot to = temp(t, size);
	load(t, to, l, size);
	return to;
}

/* ---- Pointers that were loaded before ---- */

static bool
is_of_local(Trans *t, Slot slot)
{
	return slot < t->locals_near - t->max_known * sizeof *t->known_at;
}

/* As loc_slot, for a pointer to a vector or box; stays in the frame until something may change it. */
static Slot
pointer_slot(Trans *t, Loc l)
{
	if (l.kind != LOC_MEM || !is_of_local(t, l.base))
		return loc_slot(t, l, 8);
	for (uint32_t i = 0; i < t->n_known; i++)
		if (t->known[i].base == l.base && t->known[i].offset == l.offset)
			return (Slot)t->known_at[i];
	if (t->n_known == t->max_known)
		return loc_slot(t, l, 8);
	Slot to = (Slot)t->known_at[t->n_known];
	load(t, to, l, 8);
	t->known[t->n_known++] = (Known){l.base, l.offset};
	return to;
}

void
forget_pointers(Trans *t)
{
	t->n_known = 0;
}

static void
forget_based_on(Trans *t, MirLocalId local)
{
	uint64_t start = t->at[local], end = start + local_size(t, local);

	for (uint32_t i = 0; i < t->n_known; i++)
		if (t->known[i].base >= start && t->known[i].base < end)
			t->n_known = 0;
}

/* What an instruction stores may be, or lie on the way to, a pointer that was loaded. */
void
forget_changed(Trans *t, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (i->kind == MIR_INST_UNIQUE || i->kind == MIR_INST_RELEASE)
		t->n_known = 0;
	if (!dest || !t->n_known)
		return;
	MirClassKind k = place_class(t, dest).kind;
	if (!place_is_direct(t->m, t->fn, dest) || t->uses.exposed[dest->local]) {
		if (k == MIR_CLASS_PTR || k == MIR_CLASS_MEM)
			t->n_known = 0;
	} else {
		forget_based_on(t, dest->local);
	}
}

/* ---- Places ---- */

MirTypeId
place_type(Trans *t, const MirPlace *p)
{
	return mir_place_type(t->m, t->fn, p);
}

MirClass
place_class(Trans *t, const MirPlace *p)
{
	return mir_class(t->m, place_type(t, p));
}

static bool
constant_index(const MirOperand *index, uint64_t *n)
{
	if (index->kind != MIR_OPERAND_INT || index->int_.value >> 32)
		return false;
	*n = (uint64_t)index->int_.value;
	return true;
}

static Loc
index_vec(Trans *t, Loc l, uint64_t elem, const MirOperand *index)
{
	Slot base = pointer_slot(t, l);
	uint64_t n;

	if (constant_index(index, &n) && n * elem < NEAR)
		return loc_mem(elements(t, base), n * elem);
	return (Loc){.kind = LOC_VEC, .base = base, .index = operand_slot(t, index), .elem = elem};
}

static Loc
index_array(Trans *t, Loc l, uint64_t elem, const MirOperand *index)
{
	uint64_t n;

	if (constant_index(index, &n) && l.kind != LOC_ELEM && l.kind != LOC_VEC && n * elem < NEAR)
		return loc_at(l, n * elem);
	Slot base = loc_pointer(t, l);
	return (Loc){.kind = LOC_ELEM, .base = base, .index = operand_slot(t, index), .elem = elem};
}

static Loc
project(Trans *t, Loc l, MirTypeId type, const MirProj *p)
{
	const MirRepr *r = mir_type(t->m, type)->repr;

	switch (p->kind) {
	case MIR_PROJ_FIELD:
		return loc_at(l, r->struct_.fields.at[p->field.index]->offset);
	case MIR_PROJ_VARIANT:
		return loc_at(l,
		    r->enum_.variants.at[p->variant.variant]->fields.at[p->variant.index]->offset);
	case MIR_PROJ_DEREF:
		return loc_mem(pointer_slot(t, l), r->kind == MIR_REPR_BOX ? CELL_PAYLOAD : 0);
	case MIR_PROJ_INDEX: {
		uint64_t elem = mir_type(t->m, mir_proj_type(t->m, type, p))->size;
		return r->kind == MIR_REPR_VEC ? index_vec(t, l, elem, p->index.index)
		    : index_array(t, l, elem, p->index.index);
	}
	}
	bug("projection kind %d", (int)p->kind);
}

Loc
place_loc(Trans *t, const MirPlace *p)
{
	Slot slot = (Slot)t->at[p->local];
	Loc l = t->is_large[p->local] ? loc_mem(slot, 0) : loc_frame(t->at[p->local]);
	MirTypeId type = mir_local_type(t->fn, p->local);
	uint64_t start = t->near;

	for (uint32_t i = 0; i < p->projs.len; i++) {
		if (t->near - start > CHAIN_TEMPS && l.kind == LOC_MEM) {
			/* A long chain gives back what the links before needed. */
			Slot base = l.base;
			t->near = start;
			l.base = temp(t, 8);
			emit(t, OP_mov_64, l.base, base, 0);
		}
		l = project(t, l, type, p->projs.at[i]);
		type = mir_proj_type(t->m, type, p->projs.at[i]);
	}
	return l;
}

bool
place_is_fixed(Trans *t, const MirPlace *p, uint64_t *offset)
{
	MirTypeId type = mir_local_type(t->fn, p->local);

	*offset = t->at[p->local];
	if (t->is_large[p->local])
		return false;
	for (uint32_t i = 0; i < p->projs.len; i++) {
		const MirProj *proj = p->projs.at[i];
		if (proj->kind != MIR_PROJ_FIELD && proj->kind != MIR_PROJ_VARIANT)
			return false;
		*offset = project(t, loc_frame(*offset), type, proj).offset;
		type = mir_proj_type(t->m, type, proj);
	}
	return true;
}

/* ---- Operands ---- */

uint64_t
class_bytes(MirClass c)
{
	switch (c.kind) {
	case MIR_CLASS_NONE:
		return 0;
	case MIR_CLASS_BOOL:
		return 1;
	case MIR_CLASS_INT:
	case MIR_CLASS_FLOAT:
		return c.bits / 8;
	case MIR_CLASS_PTR:
		return 8;
	case MIR_CLASS_MEM:
		return c.size;
	}
	bug("class %d", (int)c.kind);
}

MirClass
operand_class(Trans *t, const MirOperand *op)
{
	return mir_operand_class(t->m, t->fn, op);
}

MirTypeId
operand_type(Trans *t, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (p && op->kind != MIR_OPERAND_ADDR)
		return place_type(t, p);
	if (op->kind == MIR_OPERAND_INT)
		return op->int_.type;
	return op->kind == MIR_OPERAND_FLOAT ? op->float_.type : IR_NONE;
}

bool
operand_is_signed(Trans *t, const MirOperand *op)
{
	MirTypeId type = operand_type(t, op);

	return type != IR_NONE && mir_is_signed(t->m, type);
}

static IrU128
int_value(Trans *t, const MirOperand *op)
{
	uint64_t bytes = class_bytes(mir_class(t->m, op->int_.type));

	return bytes == 16 ? op->int_.value : op->int_.value & (((IrU128)1 << bytes * 8) - 1);
}

static uint64_t
float_bits(Trans *t, const MirOperand *op)
{
	uint64_t bits = 0;

	if (mir_class(t->m, op->float_.type).bits == 32) {
		float f = (float)op->float_.value;
		memcpy(&bits, &f, sizeof f);
	} else {
		memcpy(&bits, &op->float_.value, sizeof bits);
	}
	return bits;
}

/* Is the number of so many bytes the extension of its low 16 bits? */
static bool
fits_small(IrU128 value, uint64_t bytes)
{
	IrU128 extended = (IrU128)(__int128)(int16_t)value;

	if (bytes < 16)
		extended &= ((IrU128)1 << bytes * 8) - 1;
	return extended == value;
}

bool
is_small(Trans *t, const MirOperand *op, Slot *k)
{
	if (op->kind != MIR_OPERAND_INT
	    || !fits_small(int_value(t, op), class_bytes(mir_class(t->m, op->int_.type))))
		return false;
	*k = (Slot)op->int_.value;
	return true;
}

void
constant(Trans *t, Slot to, uint64_t bytes, IrU128 value)
{
	uint64_t low = (uint64_t)value;

	if (fits_small(value, bytes)) {
		emit(t, OP_BITS(set, bytes), to, (Slot)low, 0);
	} else if (bytes == 4) {
		emit(t, OP_const_i32, to, (Slot)low, (Slot)(low >> 16));
	} else if (bytes == 8 && (int64_t)low == (int32_t)low) {
		emit(t, OP_const_i64, to, (Slot)low, (Slot)(low >> 16));
	} else if (bytes == 8) {
		emit(t, OP_const_64, to, 0, 0);
		emit_word(t, low);
	} else {
		emit(t, OP_const_128, to, 0, 0);
		emit_word(t, low);
		emit_word(t, (uint64_t)(value >> 64));
	}
}

void
constant_pointer(Trans *t, Slot to, const void *p)
{
	emit(t, OP_const_ptr, to, 0, 0);
	emit_word(t, (uint64_t)(uintptr_t)p);
}

/* A scalar that is no place, into a near slot. */
static void
put_constant(Trans *t, Slot to, const MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_INT:
		constant(t, to, class_bytes(mir_class(t->m, op->int_.type)), int_value(t, op));
		return;
	case MIR_OPERAND_FLOAT:
		constant(t, to, class_bytes(mir_class(t->m, op->float_.type)), float_bits(t, op));
		return;
	case MIR_OPERAND_FN:
		constant_pointer(t, to, &t->vf->module->fns[op->fn.fn]);
		return;
	case MIR_OPERAND_CLOSURE:
		constant_pointer(t, to, vm_closure(&t->vf->module->fns[op->closure.fn]));
		return;
	case MIR_OPERAND_SHIM:
		constant_pointer(t, to, vm_shim(&t->vf->module->fns[op->shim.fn]));
		return;
	case MIR_OPERAND_CODE:
		constant_pointer(t, to, vm_code(&t->vf->module->fns[op->code.fn]));
		return;
	case MIR_OPERAND_TABLE:
		constant_pointer(t, to, t->vf->module->tables[op->table.table]);
		return;
	case MIR_OPERAND_STATIC:
		constant_pointer(t, to, t->vf->module->statics[op->static_.static_]);
		return;
	case MIR_OPERAND_DESC:
		constant_pointer(t, to, vm_desc(t->vf->module, op->desc.type));
		return;
	case MIR_OPERAND_COPY:
	case MIR_OPERAND_MOVE:
	case MIR_OPERAND_BORROW:
	case MIR_OPERAND_ADDR:
	case MIR_OPERAND_STR:
	case MIR_OPERAND_UNIT:
		break;
	}
	bug("operand kind %d is no constant", (int)op->kind);
}

Slot
operand_slot(Trans *t, const MirOperand *op)
{
	uint64_t bytes = class_bytes(operand_class(t, op));
	const MirPlace *p = mir_operand_place(op);

	if (op->kind == MIR_OPERAND_ADDR)
		return loc_pointer(t, place_loc(t, p));
	if (p && mir_repr(t->m, place_type(t, p)) == MIR_REPR_VEC)
		return pointer_slot(t, place_loc(t, p));
	if (p)
		return loc_slot(t, place_loc(t, p), bytes);
	Slot to = temp(t, bytes);
	put_constant(t, to, op);
	return to;
}

Loc
operand_loc(Trans *t, const MirOperand *op)
{
	if (op->kind != MIR_OPERAND_STR)
		return place_loc(t, mir_operand_place(op));
	Slot p = temp(t, 8);
	constant_pointer(t, p, vm_literal(op->str.value));
	return loc_mem(p, 0);
}

static void
put_address(Trans *t, Slot to, Loc l)
{
	if (l.kind == LOC_FRAME) {
		emit(t, OP_addr, to, 0, 0);
		emit_word(t, l.offset);
	} else {
		loc_move(t, loc_frame(to), loc_frame(loc_pointer(t, l)), 8);
	}
}

void
operand_put(Trans *t, Loc to, const MirOperand *op)
{
	uint64_t bytes = class_bytes(operand_class(t, op));
	const MirPlace *p = mir_operand_place(op);
	bool near = loc_is_near(to, bytes);

	if (bytes == 0)
		return;
	if (op->kind == MIR_OPERAND_STR && near) {
		emit(t, OP_const_str, (Slot)to.offset, 0, 0);
		emit_word(t, (uint64_t)(uintptr_t)vm_literal(op->str.value));
	} else if (op->kind == MIR_OPERAND_STR || (p && op->kind != MIR_OPERAND_ADDR)) {
		loc_move(t, to, operand_loc(t, op), bytes);
	} else if (op->kind == MIR_OPERAND_ADDR && near) {
		put_address(t, (Slot)to.offset, place_loc(t, p));
	} else if (!p && near) {
		put_constant(t, (Slot)to.offset, op);
	} else {
		loc_move(t, to, loc_frame(operand_slot(t, op)), bytes);
	}
}

/* ---- Overlap ---- */

static bool
is_indirect(Trans *t, const MirPlace *p)
{
	return t->uses.exposed[p->local] || !place_is_direct(t->m, t->fn, p);
}

bool
may_overlap(Trans *t, const MirPlace *dest, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (!p || op->kind == MIR_OPERAND_ADDR)
		return false;
	return p->local == dest->local || (is_indirect(t, p) && is_indirect(t, dest));
}

/* ---- Destinations ---- */

Dest
dest_begin(Trans *t, const MirPlace *p)
{
	Dest d = {.place = p, .bytes = class_bytes(place_class(t, p))};
	uint64_t offset;

	if (place_is_fixed(t, p, &offset) && offset + d.bytes <= NEAR) {
		d.slot = (Slot)offset;
	} else {
		d.slot = temp(t, d.bytes);
		d.is_temp = true;
	}
	return d;
}

void
dest_end(Trans *t, const Dest *d)
{
	if (d->is_temp)
		loc_move(t, place_loc(t, d->place), loc_frame(d->slot), d->bytes);
}
