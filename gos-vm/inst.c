/* Instructions that move and build values.  See translate.h. */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Aggregates: all parts are read before any is written ---- */

static void
put_tag(Trans *t, Loc to, const MirRepr *r, uint32_t variant)
{
	uint64_t bytes = mir_type(t->m, mir_enum_word(r))->size, tag;
	Loc at = loc_at(to, r->enum_.tag_offset);

	if (!mir_enum_stored(r, variant, &tag))
		return;

	if (loc_is_near(at, bytes)) {
		constant(t, (Slot)at.offset, bytes, tag);
		return;
	}
	Slot value = temp(t, bytes);
	constant(t, value, bytes, tag);
	loc_move(t, at, loc_frame(value), bytes);
}

static const MirFieldList *
aggregate_fields(const MirRepr *r, const MirInst *i)
{
	if (r->kind == MIR_REPR_STRUCT)
		return &r->struct_.fields;
	return r->kind == MIR_REPR_ENUM ? &r->enum_.variants.at[i->aggregate.variant]->fields : NULL;
}

static void
put_parts(Trans *t, Loc to, const MirInst *i, const MirRepr *r)
{
	const MirFieldList *fields = aggregate_fields(r, i);
	uint64_t near = t->near, far = t->far;

	if (r->kind == MIR_REPR_ENUM)
		put_tag(t, to, r, i->aggregate.variant);
	for (uint32_t k = 0; k < i->aggregate.fields.len; k++) {
		uint64_t offset = fields ? fields->at[k]->offset
		    : k * mir_type(t->m, r->array.elem)->size;
		operand_put(t, loc_at(to, offset), i->aggregate.fields.at[k]);
		t->near = near;
		if (t->has_far)
			t->far = far ? far : t->locals_far;
	}
}

static void
trans_aggregate(Trans *t, const MirInst *i)
{
	const MirPlace *dest = i->aggregate.dest;
	const MirType *type = mir_type(t->m, place_type(t, dest));
	bool overlap = false;

	for (uint32_t k = 0; k < i->aggregate.fields.len; k++)
		overlap = overlap || may_overlap(t, dest, i->aggregate.fields.at[k]);
	if (overlap) {
		Loc whole = temp_loc(t, type->size);
		put_parts(t, whole, i, type->repr);
		loc_move(t, place_loc(t, dest), whole, type->size);
		return;
	}
	Loc to = place_loc(t, dest);
	if (to.kind == LOC_ELEM || to.kind == LOC_VEC)
		to = (Loc){.kind = LOC_MEM, .base = loc_pointer(t, to)};
	put_parts(t, to, i, type->repr);
}

/* ---- The others ---- */

static void
trans_box(Trans *t, const MirInst *i)
{
	const MirRepr *r = mir_type(t->m, place_type(t, i->box.dest))->repr;
	MirTypeId payload = r->kind == MIR_REPR_BOX ? r->box.payload : operand_type(t, i->box.value);
	Slot cell = temp(t, 8), desc = temp(t, 8);

	constant_pointer(t, desc, vm_desc(t->vf->module, payload));
	emit(t, OP_runtime, runtime_index("alloc"), cell, desc);
	operand_put(t, (Loc){.kind = LOC_MEM, .base = cell, .offset = CELL_PAYLOAD}, i->box.value);
	loc_move(t, place_loc(t, i->box.dest), loc_frame(cell), 8);
}

/* The number of a variant from the word of a niche: a slot of 8 bytes. */
static Slot
variant_from_niche(Trans *t, Loc word, const MirRepr *r)
{
	const MirNiche *n = r->enum_.niche;
	Slot wide = temp(t, 8);

	constant(t, wide, 8, 0);
	loc_move(t, loc_frame(wide), word, mir_type(t->m, n->word)->size);
	emit(t, OP_niche, wide, wide, 0);
	emit_word(t, n->first);
	emit_word(t, r->enum_.variants.len - 1);
	emit_word(t, n->untagged);
	return wide;
}

static void
trans_tag(Trans *t, const MirInst *i)
{
	const MirRepr *r = mir_type(t->m, place_type(t, i->tag.value))->repr;
	Loc tag = loc_at(place_loc(t, i->tag.value), r->enum_.tag_offset);
	Loc to = place_loc(t, i->tag.dest);

	if (r->enum_.niche)
		tag = loc_frame(variant_from_niche(t, tag, r));
	loc_move(t, to, tag, mir_type(t->m, r->enum_.tag)->size);
}

static void
trans_unique(Trans *t, const MirInst *i)
{
	const MirRepr *r = mir_type(t->m, place_type(t, i->unique.place))->repr;
	Slot at = loc_address(t, place_loc(t, i->unique.place));
	bool box = r->kind == MIR_REPR_BOX;

	emit(t, box ? OP_unique_box : OP_unique_vec, at, 0, 0);
	emit_word(t, (uint64_t)(uintptr_t)vm_desc(t->vf->module, box ? r->box.payload : r->vec.elem));
}

static void
trans_bounds(Trans *t, const MirInst *i)
{
	const MirOperand *index = i->bounds.index;
	Slot k;

	if (is_small(t, index, &k) && k < 0x8000) {
		Slot len = operand_slot(t, i->bounds.len);
		site(t, i->bounds.unwind);
		emit(t, OP_boundsk, k, len, 0);
		return;
	}
	Slot at = operand_slot(t, index), len = operand_slot(t, i->bounds.len);
	site(t, i->bounds.unwind);
	emit(t, OP_bounds, at, len, 0);
}

void
trans_inst(Trans *t, const MirInst *i)
{
	t->span = i->span;
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		operand_put(t, place_loc(t, i->assign.dest), i->assign.value);
		break;
	case MIR_INST_UNARY:
		trans_unary(t, i);
		break;
	case MIR_INST_BINARY:
		trans_binary(t, i);
		break;
	case MIR_INST_CAST:
		trans_cast(t, i);
		break;
	case MIR_INST_AGGREGATE:
		trans_aggregate(t, i);
		break;
	case MIR_INST_BOX:
		trans_box(t, i);
		break;
	case MIR_INST_TAG:
		trans_tag(t, i);
		break;
	case MIR_INST_BOUNDS:
		trans_bounds(t, i);
		break;
	case MIR_INST_UNIQUE:
		trans_unique(t, i);
		break;
	case MIR_INST_CALL:
		trans_call(t, i);
		break;
	case MIR_INST_RETAIN:
		trans_count(t, i->retain.place, GOS_RETAIN);
		break;
	case MIR_INST_RELEASE:
		trans_count(t, i->release.place, GOS_RELEASE);
		break;
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
		bug("scheduled instruction in counted mir");
	}
	t->near = t->locals_near;
	t->far = t->locals_far;
}

/* ---- Several at once ---- */

static uint32_t
trans_checked_element(Trans *t, const MirBlock *b, uint32_t k)
{
	const MirInst *call = b->insts.at[k], *bounds = b->insts.at[k + 1];
	const MirOperand *vec = call->call.args.at[0], *index = bounds->bounds.index;
	Slot v = operand_slot(t, vec), small;

	t->span = bounds->span;
	if (is_small(t, index, &small) && small < 0x8000) {
		site(t, bounds->bounds.unwind);
		emit(t, OP_boundsvk, small, v, 0);
		return 2;
	}
	Slot i = operand_slot(t, index);
	site(t, bounds->bounds.unwind);
	emit(t, OP_boundsv, i, v, 0);
	return 2;
}

uint32_t
trans_fused(Trans *t, const MirBlock *b, uint32_t k)
{
	uint32_t n = 1;

	t->placed_live += sets_placed(t, b->insts.at[k]);
	if (k + 1 < b->insts.len && is_len_for_bounds(t->m, &t->uses, b->insts.at[k], b->insts.at[k + 1]))
		n = trans_checked_element(t, b, k);
	else
		trans_inst(t, b->insts.at[k]);
	for (uint32_t i = 1; i < n; i++)
		t->placed_live += sets_placed(t, b->insts.at[k + i]);
	for (uint32_t i = 0; i < n; i++)
		forget_changed(t, b->insts.at[k + i]);
	t->near = t->locals_near;
	t->far = t->locals_far;
	return n;
}
