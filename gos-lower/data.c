/*
 * Tuples, arrays, vectors, structs.  All parts are evaluated first; then one instruction, or a
 * run of instructions that cannot panic, puts the value together.
 */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

enum { UNROLLED = 16 };

uint32_t
variant_named(Lower *lo, Ty t, const char *name)
{
	const TastTy *ty = ty_at(lo, t);

	if (ty->kind == TAST_TY_ADT) {
		const TastAdt *adt = lo->adts.at[ty->adt.adt];
		for (uint32_t i = 0; i < adt->variants.len; i++)
			if (sym_is(lo, adt->variants.at[i]->name, name))
				return i;
	}
	lower_broken(lo, "%s has no variant %s", ty_name(lo, t), name);
}

static bool *
none_borrowed(Build *b, uint32_t n)
{
	return arena_array(b->arena, bool, n + 1);
}

static MirOperandList
owned_operands(Build *b, const TastExprList *es)
{
	return lower_operands(b, es, none_borrowed(b, es->len));
}

static const MirPlace *
or_temp(Build *b, const MirPlace *dest, const TastExpr *e)
{
	return dest ? dest : build_temp(b, build_mir_type(b, e->type));
}

void
lower_tuple(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirOperandList ops = owned_operands(b, &e->tuple.elems);

	if (ops.len == 0) {
		if (dest)
			emit_assign(b, dest, op_unit(b));
		return;
	}
	emit_aggregate(b, or_temp(b, dest, e), 0, ops);
}

/* ---- Vectors ---- */

MirTypeId
vec_elem(Build *b, const MirPlace *vec)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, vec))->repr;

	if (r->kind != MIR_REPR_VEC)
		lower_broken(b->lo, "a list that is neither Vec nor array");
	return r->vec.elem;
}

static void
build_vec(Build *b, const MirPlace *dest, MirOperandList ops)
{
	emit_rt(b, dest, "vec_new", 2, op_desc(b, vec_elem(b, dest)), op_i64(b, ops.len));
	for (uint32_t i = 0; i < ops.len; i++)
		emit_assign(b, place_index(b, dest, op_i64(b, i)), ops.at[i]);
}

static bool
is_array(Build *b, const TastExpr *e)
{
	return ty_at(b->lo, build_ty(b, e->type))->kind == TAST_TY_ARRAY;
}

void
lower_array(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirOperandList ops = owned_operands(b, &e->array.elems);

	dest = or_temp(b, dest, e);
	if (is_array(b, e))
		emit_aggregate(b, dest, 0, ops);
	else
		build_vec(b, dest, ops);
}

void
lower_byte_str(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirOperandList ops = {0};

	for (uint32_t i = 0; i < e->byte_str.value.n; i++)
		vec_push(b->arena, &ops,
		    op_int(b, b->lo->common.u8, (uint8_t)e->byte_str.value.s[i]));
	dest = or_temp(b, dest, e);
	if (is_array(b, e))
		emit_aggregate(b, dest, 0, ops);
	else
		build_vec(b, dest, ops);
}

/* The count of `[v; n]`: negative ones panic. */
static MirOperand *
repeat_count(Build *b, const TastExpr *e)
{
	MirOperand *n = lower_index(b, e);
	MirBbId bad = build_block(b), good = build_block(b);
	const CommonTypes *c = &b->lo->common;

	if (n->kind == MIR_OPERAND_INT && (int64_t)n->int_.value >= 0)
		return n;
	MirPlace *count = build_temp(b, c->i64);
	emit_cast(b, count, n);
	term_if(b, value_binary(b, MIR_BINOP_LT, c->boolean, op_copy(b, count), op_i64(b, 0),
	    MIR_CHECK_WRAP), bad, good);
	build_start(b, bad);
	term_panic(b, MIR_PANIC_MESSAGE, op_list(b, 1, op_text(b, "the number of elements is negative")));
	build_start(b, good);
	return op_copy(b, count);
}

/* `for i in 0..n`, n known. */
typedef struct Counting {
	MirPlace *i;
	MirBbId head, done;
} Counting;

static Counting
count_to(Build *b, uint64_t n)
{
	const CommonTypes *c = &b->lo->common;
	Counting k = {build_temp(b, c->i64), build_block(b), IR_NONE};
	MirBbId body = build_block(b);

	k.done = build_block(b);
	emit_assign(b, k.i, op_i64(b, 0));
	term_goto(b, k.head);
	build_start(b, k.head);
	term_if(b, value_binary(b, MIR_BINOP_LT, c->boolean, op_copy(b, k.i), op_i64(b, (int64_t)n),
	    MIR_CHECK_WRAP), body, k.done);
	build_start(b, body);
	return k;
}

static void
count_end(Build *b, const Counting *k)
{
	emit_binary(b, k->i, MIR_BINOP_ADD, op_copy(b, k->i), op_i64(b, 1), MIR_CHECK_WRAP);
	term_goto(b, k->head);
	build_start(b, k->done);
}

/* dest[0..n] = value. */
static void
fill_plain(Build *b, const MirPlace *dest, const MirPlace *value, uint64_t n)
{
	Counting k = count_to(b, n);

	emit_assign(b, place_index(b, dest, op_copy(b, k.i)), op_copy(b, value));
	count_end(b, &k);
}

/* The same for values with references.  Storing to parts would not make the array full, so the runtime does it. */
static void
fill_counted(Build *b, const MirPlace *dest, const MirPlace *value, uint64_t n)
{
	MirPlace *all = place_local(b, build_local(b, 0, place_type(b, dest), false));

	emit_rt(b, NULL, "array_fill", 4, op_addr(b, all), op_desc(b, place_type(b, value)), op_addr(b, value),
	    op_i64(b, (int64_t)n));
	emit_assign(b, dest, op_take(b, all));
}

static void
repeat_array(Build *b, const TastExpr *e, const MirPlace *dest, const MirPlace *value)
{
	uint64_t n = ty_at(b->lo, build_ty(b, e->type))->array.len;
	MirOperandList ops = {0};

	if (n > UNROLLED) {
		if (mir_type_is_counted(b->lo, place_type(b, value)))
			fill_counted(b, dest, value, n);
		else
			fill_plain(b, dest, value, n);
		return;
	}
	for (uint64_t i = 0; i < n; i++)
		vec_push(b->arena, &ops, op_copy(b, value));
	emit_aggregate(b, dest, 0, ops);
}

void
lower_repeat(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirPlace *value = build_temp(b, build_mir_type(b, e->repeat.value->type));

	dest = or_temp(b, dest, e);
	lower_into(b, e->repeat.value, value);
	if (is_array(b, e)) {
		repeat_array(b, e, dest, value);
		return;
	}
	MirOperand *n = repeat_count(b, e->repeat.count);
	emit_rt(b, dest, "vec_fill", 3, op_desc(b, vec_elem(b, dest)), op_addr(b, value), n);
}

/* ---- Structs and variants ---- */

static bool
is_enum(Build *b, const TastExpr *e)
{
	const TastTy *t = ty_at(b->lo, build_ty(b, e->type));

	return t->kind == TAST_TY_ADT &&
	    b->lo->adts.at[t->adt.adt]->kind == TAST_ADT_KIND_ENUM;
}

/* What `..base` gives for the fields that were not written. */
static void
fill_from_base(Build *b, const TastExpr *base, MirOperandList *ops)
{
	MirPlace *p = lower_readable(b, base);

	for (uint32_t i = 0; i < ops->len; i++)
		if (!ops->at[i])
			ops->at[i] = op_copy(b, place_field(b, p, i));
}

void
lower_struct(Build *b, const TastExpr *e, const MirPlace *dest)
{
	const TastFieldValueList *given = &e->struct_.fields;
	uint32_t n = ty_field_count(b->lo, build_ty(b, e->type), e->struct_.variant);
	TastExprList values = {0};
	MirOperandList ops = {0};

	for (uint32_t i = 0; i < given->len; i++)
		vec_push(b->arena, &values, given->at[i]->value);
	MirOperandList in_order = owned_operands(b, &values);
	vec_reserve(b->arena, &ops, n);
	ops.len = n;
	for (uint32_t i = 0; i < given->len; i++) {
		if (given->at[i]->field >= n || ops.at[given->at[i]->field])
			lower_broken(b->lo, "field %u of a struct literal", given->at[i]->field);
		ops.at[given->at[i]->field] = in_order.at[i];
	}
	if (e->struct_.base)
		fill_from_base(b, e->struct_.base, &ops);
	for (uint32_t i = 0; i < n; i++)
		if (!ops.at[i])
			lower_broken(b->lo, "field %u of a struct literal is missing", i);
	dest = or_temp(b, dest, e);
	if (is_enum(b, e))
		emit_variant(b, dest, e->struct_.variant, ops);
	else
		emit_aggregate(b, dest, 0, ops);
}

/* ---- Sequences ---- */

/* The elements of an Array as a Vec. */
MirPlace *
array_to_vec(Build *b, const MirPlace *array, MirTypeId vec_type)
{
	MirPlace *vec = build_temp(b, vec_type);
	uint64_t n = mir_type_at(b->lo, place_type(b, array))->repr->array.len;
	MirOperandList ops = {0};

	if (n <= UNROLLED) {
		for (uint64_t i = 0; i < n; i++)
			vec_push(b->arena, &ops, op_copy(b, place_index(b, array, op_i64(b, (int64_t)i))));
		build_vec(b, vec, ops);
		return vec;
	}
	emit_rt(b, vec, "vec_new", 2, op_desc(b, vec_elem(b, vec)), op_i64(b, (int64_t)n));
	Counting k = count_to(b, n);
	emit_assign(b, place_index(b, vec, op_copy(b, k.i)), op_copy(b, place_index(b, array, op_copy(b, k.i))));
	count_end(b, &k);
	return vec;
}

void
lower_str_index(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirPlace *s = lower_readable(b, e->index.operand);
	MirOperand *i = lower_index(b, e->index.index);
	MirPlace *byte = build_temp(b, b->lo->common.i64);

	emit_bounds(b, i, value_len(b, s));
	emit_rt(b, byte, "str_byte", 2, op_borrow(b, s), i);
	if (dest)
		emit_cast(b, dest, op_copy(b, byte));
}
