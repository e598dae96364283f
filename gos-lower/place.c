/*
 * Places of expressions.
 *
 * A place is made first, with its index operands evaluated, and opened later, just before it is used:
 * opening checks bounds and, for writing, makes every shared storage on the way this place's own.  Between
 * the two other operands may be evaluated, which is what `v.push(v.len())` needs.
 */
#include "gos-lower/lower.h"
#include "gos-lower/expr.h"

static bool
index_is_place(Build *b, const TastExpr *e)
{
	Ty t = build_ty(b, e->index.operand->type);

	return !ty_is_prim(b->lo, t, TAST_PRIM_STRING);
}

/* ---- Index operands ---- */

/* Of a 128-bit integer the low half, or all ones where the value does not fit: never a valid index. */
static MirOperand *
index_of_128(Build *b, MirOperand *value, MirTypeId type)
{
	const CommonTypes *c = &b->lo->common;
	MirPlace *wide = build_temp(b, type), *low = build_temp(b, c->u64), *back = build_temp(b, type);
	MirBbId bad = build_block(b), good = build_block(b);

	emit_assign(b, wide, value);
	emit_cast(b, low, op_copy(b, wide));
	emit_cast(b, back, op_copy(b, low));
	MirOperand *same = value_binary(b, MIR_BINOP_EQ, c->boolean, op_copy(b, wide), op_copy(b, back),
	    MIR_CHECK_WRAP);
	term_if(b, same, good, bad);
	build_start(b, bad);
	emit_assign(b, low, op_int(b, c->u64, UINT64_MAX));
	term_goto(b, good);
	build_start(b, good);
	return op_copy(b, low);
}

/* The value of an integer expression as a constant or a 64-bit temporary that keeps it. */
MirOperand *
lower_index(Build *b, const TastExpr *e)
{
	Ty ty = build_ty(b, e->type);
	MirOperand *value = lower_operand(b, e);

	if (!ty_is_integer(b->lo, ty)) {
		if (build_is_dead(b))
			return op_i64(b, 0);
		lower_broken(b->lo, "an index of type %s", ty_name(b->lo, ty));
	}
	MirTypeId type = mir_type_of(b->lo, ty);
	const MirType *mir = mir_type_at(b->lo, type);
	if (mir->size == 16)
		return index_of_128(b, value, type);
	if (mir->size == 8 && value->kind == MIR_OPERAND_INT)
		return value;
	MirPlace *t = build_temp(b, mir->size == 8 ? type : b->lo->common.i64);
	if (mir->size == 8)
		emit_assign(b, t, value);
	else
		emit_cast(b, t, value);
	return op_copy(b, t);
}

/* ---- Making ---- */

static MirPlace *
value_place(Build *b, const TastExpr *e)
{
	MirPlace *t = build_temp(b, build_mir_type(b, e->type));

	lower_into(b, e, t);
	return t;
}

static MirPlace *
lower_index_place(Build *b, const TastExpr *e)
{
	if (!index_is_place(b, e))
		return value_place(b, e);
	MirPlace *base = lower_place(b, e->index.operand);
	return place_index(b, base, lower_index(b, e->index.index));
}

static MirPlace *
lower_deref_place(Build *b, const TastExpr *e)
{
	MirPlace *p = lower_place(b, e->deref.operand);

	if (ty_at(b->lo, build_ty(b, e->deref.operand->type))->kind == TAST_TY_PTR) {
		MirPlace *r = build_temp(b, mir_type_ref(b->lo, build_mir_type(b, e->type)));

		emit_cast(b, r, op_copy(b, p));
		return place_deref(b, r);
	}
	Ty t = build_ty(b, e->deref.operand->type);
	return ty_at(b->lo, t)->kind == TAST_TY_REF_MUT || ty_is_lang(b->lo, t, "Shared", NULL) ?
	    place_deref(b, p) : p;
}

MirPlace *
lower_place(Build *b, const TastExpr *e)
{
	Span outer = b->span;
	MirPlace *p;

	b->span = e->span;
	if (e->kind == TAST_EXPR_LOCAL) {
		if (b->windows)
			windows_end_at(b, e->local.local);
		p = build_local_place(b, e->local.local);
	} else if (e->kind == TAST_EXPR_FIELD)
		p = place_field(b, lower_place(b, e->field.operand), e->field.index);
	else if (e->kind == TAST_EXPR_INDEX)
		p = lower_index_place(b, e);
	else if (e->kind == TAST_EXPR_DEREF)
		p = lower_deref_place(b, e);
	else
		p = value_place(b, e);
	b->span = outer;
	return p;
}

/* ---- Opening ---- */

MirPlace *
place_prefix(Build *b, const MirPlace *p, uint32_t n)
{
	MirPlace *q = arena_new(b->arena, MirPlace);

	q->local = p->local;
	q->projs = p->projs;
	q->projs.len = q->projs.cap = n;
	return q;
}

/* Number of projections up to the last Deref of a Ref or cell. */
static uint32_t
own_from(Build *b, const MirPlace *p)
{
	uint32_t from = 0;

	for (uint32_t i = 0; i < p->projs.len; i++) {
		if (p->projs.at[i]->kind != MIR_PROJ_DEREF)
			continue;
		MirTypeId t = place_type(b, place_prefix(b, p, i));
		if (mir_type_info(b->lo, t)->cell || mir_type_at(b->lo, t)->repr->kind == MIR_REPR_REF)
			from = i + 1;
	}
	return from;
}

bool
place_is_indirect(Build *b, const MirPlace *p)
{
	return own_from(b, p) > 0;
}

static void
check_index(Build *b, const MirPlace *base, MirOperand *index)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, base))->repr;

	if (r->kind == MIR_REPR_ARRAY && index->kind == MIR_OPERAND_INT &&
	    index->int_.value < r->array.len)
		return;
	emit_bounds(b, index, value_len(b, base));
}

static void
open_place(Build *b, const MirPlace *p, bool write, bool check)
{
	uint32_t own = own_from(b, p);

	for (uint32_t i = 0; i < p->projs.len; i++) {
		const MirProj *proj = p->projs.at[i];
		if (proj->kind != MIR_PROJ_DEREF && proj->kind != MIR_PROJ_INDEX)
			continue;
		MirPlace *base = place_prefix(b, p, i);
		MirReprKind repr = mir_type_at(b->lo, place_type(b, base))->repr->kind;
		if (write && i >= own && mir_type_info(b->lo, place_type(b, base))->resource)
			emit_resource_unique(b, base);
		else if (write && i >= own && (repr == MIR_REPR_BOX || repr == MIR_REPR_VEC))
			emit_unique(b, base);
		if (check && proj->kind == MIR_PROJ_INDEX)
			check_index(b, base, proj->index.index);
	}
}

void
place_open(Build *b, const MirPlace *p, Access access)
{
	open_place(b, p, access == ACCESS_WRITE, true);
}

void
place_open_at(Build *b, const MirPlace *p, Access access, Span span)
{
	Span outer = b->span;

	b->span = span;
	place_open(b, p, access);
	b->span = outer;
}

void
place_unique(Build *b, const MirPlace *p)
{
	open_place(b, p, true, false);
}
