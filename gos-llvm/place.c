/* Addresses of places, values of operands, loads and stores.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Addresses ---- */

/* An address as a base and a constant distance, so that field offsets add up to one instruction. */
typedef struct Address {
	const char *base;
	uint64_t offset;
	const char *value;	/* instead of both: the pointer that is stored there */
} Address;

static const char *
address_of(Fn *f, Address a)
{
	if (a.offset == 0)
		return a.base;
	return emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %llu", a.base,
	    (unsigned long long)a.offset);
}

static Address
follow(Fn *f, Address a, uint64_t skip)
{
	if (a.value)
		return (Address){a.value, skip, NULL};
	const char *at = address_of(f, a);
	return (Address){emit_value(f, "load ptr, ptr %s, align 8%s", at, llvm_tbaa_ptr), skip, NULL};
}

static Address
index_address(Fn *f, Address a, MirTypeId elem, const MirOperand *index)
{
	const char *n = operand_scalar(f, index);
	const char *base = address_of(f, a);

	return (Address){emit_value(f, "getelementptr inbounds [%llu x i8], ptr %s, i64 %s",
	    (unsigned long long)mir_type(f->m, elem)->size, base, n), 0, NULL};
}

enum { CELL_PAYLOAD = 8, VEC_DATA = 24 };

/* Of the vector whose field with the address of the elements lies at `a`. */
static Address
elements(Fn *f, Address a)
{
	return (Address){emit_value(f, "load ptr, ptr %s, align 8%s", address_of(f, a), llvm_tbaa_data), 0,
	    NULL};
}

static Address
project(Fn *f, Address a, MirTypeId t, const MirProj *p)
{
	const MirRepr *r = mir_type(f->m, t)->repr;

	switch (p->kind) {
	case MIR_PROJ_FIELD:
		a.offset += r->struct_.fields.at[p->field.index]->offset;
		return a;
	case MIR_PROJ_VARIANT:
		a.offset += r->enum_.variants.at[p->variant.variant]->fields.at[p->variant.index]->offset;
		return a;
	case MIR_PROJ_DEREF:
		return follow(f, a, r->kind == MIR_REPR_BOX ? CELL_PAYLOAD : 0);
	case MIR_PROJ_INDEX:
		if (r->kind == MIR_REPR_VEC)
			a = elements(f, follow(f, a, VEC_DATA));
		return index_address(f, a, mir_proj_type(f->m, t, p), p->index.index);
	}
	bug("projection kind %d", (int)p->kind);
}

const char *
place_address(Fn *f, const MirPlace *p)
{
	MirTypeId t = mir_local_type(f->fn, p->local);
	Address a = {emit_format(f, "%%_%u", p->local), 0, NULL};

	if (f->data_of[p->local] != IR_NONE)
		a.base = llvm_constant(f->g, f->data_of[p->local]);
	if (f->ssa[p->local])
		a.value = emit_format(f, "%%p%u", p->local);
	for (uint32_t i = 0; i < p->projs.len; i++) {
		a = project(f, a, t, p->projs.at[i]);
		t = mir_proj_type(f->m, t, p->projs.at[i]);
	}
	return address_of(f, a);
}

bool
place_is_whole(const MirPlace *p)
{
	return p->projs.len == 0;
}

bool
place_in_variant(const MirPlace *p)
{
	for (uint32_t i = 0; i < p->projs.len; i++)
		if (p->projs.at[i]->kind == MIR_PROJ_VARIANT)
			return true;
	return false;
}

const char *
place_tbaa(Fn *f, const MirPlace *p)
{
	if (place_in_variant(p))
		return "";
	return llvm_tbaa(f->m, mir_place_type(f->m, f->fn, p));
}

/* ---- Scalars in memory ---- */

const char *
load_scalar(Fn *f, MirTypeId type, const char *address, const char *tbaa)
{
	MirClass c = mir_class(f->m, type);
	/* The header of a vector may be looked into before it is known that somebody will: in front of a loop. */
	const char *known = mir_repr(f->m, type) == MIR_REPR_VEC
	    ? emit_format(f, ", !nonnull !%d, !dereferenceable !%d", META_EMPTY, META_VEC_SIZE) : "";
	const char *v = emit_value(f, "load %s, ptr %s, align %u%s%s", llvm_stored(c), address,
	    llvm_align(f->m, type), tbaa, known);

	return c.kind == MIR_CLASS_BOOL ? emit_value(f, "trunc i8 %s to i1", v) : v;
}

void
store_scalar(Fn *f, MirTypeId type, const char *value, const char *address, const char *tbaa)
{
	MirClass c = mir_class(f->m, type);

	if (c.kind == MIR_CLASS_BOOL)
		value = emit_value(f, "zext i1 %s to i8", value);
	emit(f, "store %s %s, ptr %s, align %u%s", llvm_stored(c), value, address,
	    llvm_align(f->m, type), tbaa);
}

void
place_store(Fn *f, const MirPlace *p, const char *value)
{
	const char *tbaa = place_tbaa(f, p);

	store_scalar(f, mir_place_type(f->m, f->fn, p), value, place_address(f, p), tbaa);
}

void
copy_memory(Fn *f, const char *to, const char *from, uint64_t size, uint32_t align)
{
	if (size && strcmp(to, from) != 0)
		emit(f, "call void @llvm.memcpy.p0.p0.i64(ptr align %u %s, ptr align %u %s, i64 %llu, "
		    "i1 false)", align, to, align, from, (unsigned long long)size);
}

/* ---- Operands ---- */

static const char *
place_value(Fn *f, const MirPlace *p)
{
	if (place_is_whole(p) && f->ssa[p->local])
		return emit_format(f, "%%p%u", p->local);
	const char *tbaa = place_tbaa(f, p);
	return load_scalar(f, mir_place_type(f->m, f->fn, p), place_address(f, p), tbaa);
}

const char *
llvm_int(Gen *g, const MirOperand *op)
{
	MirClass c = mir_class(g->m, op->int_.type);
	IrU128 v = op->int_.value;

	if (c.kind == MIR_CLASS_BOOL)
		return v ? "true" : "false";
	if (c.bits < 128)
		v &= ((IrU128)1 << c.bits) - 1;
	return llvm_u128(g->scratch, v);
}

/* Hexadecimal, as LLVM wants what has no exact decimal form; floats are written as doubles. */
const char *
llvm_float(Gen *g, const MirOperand *op)
{
	double d = op->float_.value;
	uint64_t bits;

	if (mir_class(g->m, op->float_.type).bits == 32)
		d = (double)(float)d;
	memcpy(&bits, &d, sizeof bits);
	return arena_printf(g->scratch, "0x%016llX", (unsigned long long)bits);
}

const char *
llvm_shim(Gen *g, MirFnId id)
{
	if (!map_find(&g->shims, id)) {
		map_set(g->arena, &g->shims, id, 1);
		vec_push(g->arena, &g->shim_list, id);
	}
	return llvm_symbol(g, "gos.shim.", g->m->fns.at[id]->symbol);
}

const char *
operand_scalar(Fn *f, const MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_COPY:
	case MIR_OPERAND_MOVE:
	case MIR_OPERAND_BORROW:
		return place_value(f, mir_operand_place(op));
	case MIR_OPERAND_ADDR:
		return place_address(f, op->addr.place);
	case MIR_OPERAND_INT:
		return llvm_int(f->g, op);
	case MIR_OPERAND_FLOAT:
		return llvm_float(f->g, op);
	case MIR_OPERAND_FN:
		return llvm_fn_name(f->g, op->fn.fn);
	case MIR_OPERAND_SHIM:
		return llvm_shim(f->g, op->shim.fn);
	case MIR_OPERAND_CODE:
		return llvm_symbol(f->g, "", f->m->fns.at[op->code.fn]->symbol);
	case MIR_OPERAND_CLOSURE:
		return llvm_closure(f->g, op->closure.fn);
	case MIR_OPERAND_TABLE:
		return llvm_table(f->g, op->table.table);
	case MIR_OPERAND_STATIC:
		return arena_printf(f->g->arena, "@gos.static.%u", op->static_.static_);
	case MIR_OPERAND_DESC:
		return llvm_desc(f->g, op->desc.type);
	case MIR_OPERAND_STR:
	case MIR_OPERAND_UNIT:
		break;
	}
	bug("operand kind %d is no scalar", (int)op->kind);
}

const char *
operand_address(Fn *f, const MirOperand *op)
{
	if (op->kind == MIR_OPERAND_STR)
		return llvm_literal(f->g, op->str.value);
	return place_address(f, mir_operand_place(op));
}

MirTypeId
operand_type(Fn *f, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (p && op->kind != MIR_OPERAND_ADDR)
		return mir_place_type(f->m, f->fn, p);
	if (op->kind == MIR_OPERAND_INT)
		return op->int_.type;
	return op->kind == MIR_OPERAND_FLOAT ? op->float_.type : IR_NONE;
}

MirClass
operand_class(Fn *f, const MirOperand *op)
{
	return mir_operand_class(f->m, f->fn, op);
}

/* ---- Overlap ---- */

static bool
is_indirect(Fn *f, const MirPlace *p)
{
	MirTypeId t = mir_local_type(f->fn, p->local);

	for (uint32_t i = 0; i < p->projs.len; i++) {
		MirProjKind k = p->projs.at[i]->kind;
		if (k == MIR_PROJ_DEREF || (k == MIR_PROJ_INDEX && mir_repr(f->m, t) == MIR_REPR_VEC))
			return true;
		t = mir_proj_type(f->m, t, p->projs.at[i]);
	}
	return f->exposed[p->local] || f->by_pointer[p->local];
}

bool
may_overlap(Fn *f, const MirPlace *dest, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (!p || op->kind == MIR_OPERAND_ADDR)
		return false;
	return p->local == dest->local || (is_indirect(f, p) && is_indirect(f, dest));
}
