/*
 * What types can do without an impl: one synthesised function per type and method.
 *
 * Order is calculated as a byte: 0 less, 1 equal, 2 greater, 3 not comparable (a NaN inside).  Parts with an
 * impl of their own are asked through it, so an override counts at every depth.  Debug and Display
 * are in debug.c, Hash and Default in structural_misc.c.
 */
#include "gos-lower/structural.h"

#include "lib/fatal.h"

#include <string.h>

enum { ORDER_LESS, ORDER_EQUAL, ORDER_GREATER, ORDER_NONE };

/* ---- Parts of a value ---- */

/* The MIR place of a field of a struct, tuple or variant. */
MirPlace *
part_place(Build *b, const MirPlace *p, uint32_t variant, uint32_t field)
{
	return mir_type_is_enum(b->lo, place_type(b, p)) ?
	    place_variant(b, p, variant, field) : place_field(b, p, field);
}

uint32_t
variant_count(const Lower *lo, Ty t)
{
	const TastTy *ty = ty_at(lo, t);

	return ty->kind == TAST_TY_ADT ? lo->adts.at[ty->adt.adt]->variants.len : 1;
}

/* Elements of a Vec or array type, IR_NONE for others. */
Ty
element_type(const Lower *lo, Ty t)
{
	const IrU32List *args;
	const TastTy *ty = ty_at(lo, t);

	if (ty->kind == TAST_TY_ARRAY)
		return ty->array.elem;
	return ty_is_lang(lo, t, "Vec", &args) && args->len == 1 ? args->at[0] : IR_NONE;
}

/* A block for each variant, switched to by the tag; one variant: none is needed. */
MirBbId *
switch_variants(Build *b, const MirPlace *p, uint32_t n)
{
	MirTypeId type = place_type(b, p);
	MirBbId *blocks = arena_array(b->arena, MirBbId, n);
	MirCaseList cases = {0};

	for (uint32_t v = 0; v < n; v++) {
		blocks[v] = build_block(b);
		vec_push(b->arena, &cases, mir_mk_case(b->arena, mir_enum_tag(b->lo, type, v), blocks[v]));
	}
	MirOperand *tag = value_tag(b, p);
	MirBbId otherwise = build_block(b);
	term_switch(b, tag, cases, otherwise);
	build_start(b, otherwise);
	term_unreachable(b);
	return blocks;
}

/* `for i in 0 .. n`: body is what is emitted between loop_begin and loop_end, which may leave it. */
Loop
loop_begin(Build *b, MirOperand *n)
{
	MirTypeId i64 = b->lo->common.i64;
	Loop l = {.i = build_temp(b, i64), .head = build_block(b), .done = build_block(b)};
	MirPlace *end = build_temp(b, i64);
	MirBbId body = build_block(b);

	emit_assign(b, end, n);
	emit_assign(b, l.i, op_i64(b, 0));
	term_goto(b, l.head);
	build_start(b, l.head);
	term_if(b, value_binary(b, MIR_BINOP_LT, b->lo->common.boolean, op_copy(b, l.i),
	    op_copy(b, end), MIR_CHECK_WRAP), body, l.done);
	build_start(b, body);
	return l;
}

void
loop_end(Build *b, const Loop *l)
{
	emit_binary(b, l->i, MIR_BINOP_ADD, op_copy(b, l->i), op_i64(b, 1), MIR_CHECK_WRAP);
	term_goto(b, l->head);
	build_start(b, l->done);
}

static void
return_value(Build *b, MirOperand *value)
{
	emit_assign(b, place_local(b, 0), value);
	build_return(b);
}

/* ---- Equality ---- */

/* Leaves the function with false unless the parts are equal. */
static void
require_equal(Build *b, Ty t, const MirPlace *x, const MirPlace *y)
{
	MirPlace *equal = build_temp(b, b->lo->common.boolean);
	MirBbId same = build_block(b), differ = build_block(b);

	if (ty_is_scalar(b->lo, t))
		emit_binary(b, equal, MIR_BINOP_EQ, op_copy(b, x), op_copy(b, y), MIR_CHECK_WRAP);
	else
		lower_compare(b, TAST_BINARY_OP_EQ, t, op_borrow(b, x), op_borrow(b, y), equal);
	term_if(b, op_copy(b, equal), same, differ);
	build_start(b, differ);
	return_value(b, op_bool(b, false));
	build_start(b, same);
}

static void
require_equal_fields(Build *b, Ty t, uint32_t variant, const MirPlace *x, const MirPlace *y)
{
	uint32_t n = ty_field_count(b->lo, t, variant);

	for (uint32_t i = 0; i < n; i++)
		require_equal(b, ty_field(b->lo, t, variant, i), part_place(b, x, variant, i),
		    part_place(b, y, variant, i));
}

static void
require_equal_tags(Build *b, const MirPlace *x, const MirPlace *y)
{
	MirBbId same = build_block(b), differ = build_block(b);

	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_tag(b, x),
	    value_tag(b, y), MIR_CHECK_WRAP), same, differ);
	build_start(b, differ);
	return_value(b, op_bool(b, false));
	build_start(b, same);
}

static void
equal_elements(Build *b, Ty elem, const MirPlace *x, const MirPlace *y)
{
	MirBbId same = build_block(b), differ = build_block(b);

	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_len(b, x),
	    value_len(b, y), MIR_CHECK_WRAP), same, differ);
	build_start(b, differ);
	return_value(b, op_bool(b, false));
	build_start(b, same);
	Loop l = loop_begin(b, value_len(b, x));
	require_equal(b, elem, place_index(b, x, op_copy(b, l.i)), place_index(b, y, op_copy(b, l.i)));
	loop_end(b, &l);
	return_value(b, op_bool(b, true));
}

static void
equal_variants(Build *b, Ty t, uint32_t n, const MirPlace *x, const MirPlace *y)
{
	require_equal_tags(b, x, y);
	MirBbId *blocks = switch_variants(b, x, n);
	for (uint32_t v = 0; v < n; v++) {
		build_start(b, blocks[v]);
		require_equal_fields(b, t, v, x, y);
		return_value(b, op_bool(b, true));
	}
}

static void
build_eq(Build *b, uint32_t self, uint32_t unused)
{
	Ty t = self, elem = element_type(b->lo, t);
	MirTypeId type = mir_type_of(b->lo, t);

	(void)unused;
	build_ret(b, b->lo->common.boolean);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	MirPlace *y = build_param(b, "other", type, MIR_MODE_BORROW);
	bool is_enum = mir_type_is_enum(b->lo, type);
	if (elem != IR_NONE) {
		equal_elements(b, elem, x, y);
	} else if (is_enum && variant_count(b->lo, t) > 1) {
		equal_variants(b, t, variant_count(b->lo, t), x, y);
	} else if (ty_is_scalar(b->lo, t) || ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		require_equal(b, t, x, y);
		return_value(b, op_bool(b, true));
	} else {
		require_equal_fields(b, t, 0, x, y);
		return_value(b, op_bool(b, true));
	}
}

/* ---- Order ---- */

static MirFnId order_fn(Lower *lo, Ty t);

static MirOperand *
op_order(Build *b, uint32_t order)
{
	return op_int(b, b->lo->common.u8, order);
}

/* The byte of a comparison of two scalars. */
static void
order_scalars(Build *b, const MirPlace *x, const MirPlace *y, const MirPlace *dest)
{
	static const MirBinop tests[] = {MIR_BINOP_LT, MIR_BINOP_EQ, MIR_BINOP_GT};
	MirBbId done = build_block(b);

	for (uint32_t i = 0; i < 3; i++) {
		MirBbId yes = build_block(b), no = build_block(b);
		term_if(b, value_binary(b, tests[i], b->lo->common.boolean, op_copy(b, x),
		    op_copy(b, y), MIR_CHECK_WRAP), yes, no);
		build_start(b, yes);
		emit_assign(b, dest, op_order(b, i));
		term_goto(b, done);
		build_start(b, no);
	}
	emit_assign(b, dest, op_order(b, ORDER_NONE));
	term_goto(b, done);
	build_start(b, done);
}

static void
order_strings(Build *b, const MirPlace *x, const MirPlace *y, const MirPlace *dest)
{
	MirTypeId i64 = b->lo->common.i64;
	MirPlace *sign = build_temp(b, i64);

	emit_rt(b, sign, "str_cmp", 2, op_borrow(b, x), op_borrow(b, y));
	emit_cast(b, dest, value_binary(b, MIR_BINOP_ADD, i64, op_copy(b, sign), op_i64(b, 1),
	    MIR_CHECK_WRAP));
}

static void
order_parts(Build *b, Ty t, const MirPlace *x, const MirPlace *y, const MirPlace *dest)
{
	if (ty_is_scalar(b->lo, t))
		order_scalars(b, x, y, dest);
	else if (ty_is_prim(b->lo, t, TAST_PRIM_STRING))
		order_strings(b, x, y, dest);
	else
		emit_call(b, dest, order_fn(b->lo, t), op_list(b, 2, op_borrow(b, x), op_borrow(b, y)));
}

/* Leaves the function with the order of the parts unless they are equal. */
static void
require_same_order(Build *b, Ty t, const MirPlace *x, const MirPlace *y)
{
	MirPlace *order = build_temp(b, b->lo->common.u8);
	MirBbId same = build_block(b), differ = build_block(b);

	order_parts(b, t, x, y, order);
	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, op_copy(b, order),
	    op_order(b, ORDER_EQUAL), MIR_CHECK_WRAP), same, differ);
	build_start(b, differ);
	return_value(b, op_copy(b, order));
	build_start(b, same);
}

static void
order_fields(Build *b, Ty t, uint32_t variant, const MirPlace *x, const MirPlace *y)
{
	uint32_t n = ty_field_count(b->lo, t, variant);

	for (uint32_t i = 0; i < n; i++)
		require_same_order(b, ty_field(b->lo, t, variant, i), part_place(b, x, variant, i),
		    part_place(b, y, variant, i));
	return_value(b, op_order(b, ORDER_EQUAL));
}

static void
order_elements(Build *b, Ty elem, const MirPlace *x, const MirPlace *y)
{
	MirTypeId i64 = b->lo->common.i64;
	MirPlace *nx = build_temp(b, i64), *ny = build_temp(b, i64), *n = build_temp(b, i64);
	MirPlace *order = build_temp(b, b->lo->common.u8);
	MirBbId shorter = build_block(b), start = build_block(b);

	emit_assign(b, nx, value_len(b, x));
	emit_assign(b, ny, value_len(b, y));
	emit_assign(b, n, op_copy(b, nx));
	term_if(b, value_binary(b, MIR_BINOP_LT, b->lo->common.boolean, op_copy(b, ny),
	    op_copy(b, nx), MIR_CHECK_WRAP), shorter, start);
	build_start(b, shorter);
	emit_assign(b, n, op_copy(b, ny));
	term_goto(b, start);
	build_start(b, start);
	Loop l = loop_begin(b, op_copy(b, n));
	require_same_order(b, elem, place_index(b, x, op_copy(b, l.i)),
	    place_index(b, y, op_copy(b, l.i)));
	loop_end(b, &l);
	order_scalars(b, nx, ny, order);
	return_value(b, op_copy(b, order));
}

static void
order_variants(Build *b, Ty t, uint32_t n, const MirPlace *x, const MirPlace *y)
{
	MirTypeId tag_type = mir_enum_tag_type(b->lo, place_type(b, x));
	MirPlace *tx = build_temp(b, tag_type), *ty = build_temp(b, tag_type);
	MirPlace *order = build_temp(b, b->lo->common.u8);
	MirBbId same = build_block(b), differ = build_block(b);

	emit_tag(b, tx, x);
	emit_tag(b, ty, y);
	order_scalars(b, tx, ty, order);
	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, op_copy(b, order),
	    op_order(b, ORDER_EQUAL), MIR_CHECK_WRAP), same, differ);
	build_start(b, differ);
	return_value(b, op_copy(b, order));
	build_start(b, same);
	MirBbId *blocks = switch_variants(b, x, n);
	for (uint32_t v = 0; v < n; v++) {
		build_start(b, blocks[v]);
		order_fields(b, t, v, x, y);
	}
}

/* Sets dest to the byte of a value of enum Ordering. */
static void
order_of_ordering(Build *b, const MirPlace *ordering)
{
	MirBbId *blocks = switch_variants(b, ordering, 3);

	for (uint32_t v = 0; v < 3; v++) {
		build_start(b, blocks[v]);
		return_value(b, op_order(b, v));
	}
}

/* The order that an impl of PartialOrd or Ord gives. */
static void
order_by_impl(Build *b, const Resolved *r, bool partial, const MirPlace *x, const MirPlace *y)
{
	IrU32List args = {0};
	Ty ordering = ty_adt(b->lo, lang_adt(b->lo, "Ordering"), &args);
	Ty result = ordering;

	if (partial) {
		vec_push(b->arena, &args, ordering);
		result = ty_adt(b->lo, lang_adt(b->lo, "Option"), &args);
	}
	MirPlace *out = build_temp(b, mir_type_of(b->lo, result));
	lower_call_resolved(b, r, op_list(b, 2, op_borrow(b, x), op_borrow(b, y)), out);
	if (!partial) {
		order_of_ordering(b, out);
		return;
	}
	MirBbId *blocks = switch_variants(b, out, 2);
	build_start(b, blocks[OPTION_NONE]);
	return_value(b, op_order(b, ORDER_NONE));
	build_start(b, blocks[OPTION_SOME]);
	order_of_ordering(b, place_variant(b, out, OPTION_SOME, 0));
}

static void
build_order(Build *b, uint32_t self, uint32_t unused)
{
	Ty t = self, elem = element_type(b->lo, t);
	MirTypeId type = mir_type_of(b->lo, t);

	(void)unused;
	build_ret(b, b->lo->common.u8);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	MirPlace *y = build_param(b, "other", type, MIR_MODE_BORROW);
	Resolved partial = resolve_lang(b->lo, "PartialOrd", "partial_cmp", t);
	Resolved total = resolve_lang(b->lo, "Ord", "cmp", t);
	if (partial.kind == RESOLVED_FN)
		order_by_impl(b, &partial, true, x, y);
	else if (total.kind == RESOLVED_FN)
		order_by_impl(b, &total, false, x, y);
	else if (elem != IR_NONE)
		order_elements(b, elem, x, y);
	else if (variant_count(b->lo, t) > 1)
		order_variants(b, t, variant_count(b->lo, t), x, y);
	else if (ty_is_scalar(b->lo, t) || ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		require_same_order(b, t, x, y);
		return_value(b, op_order(b, ORDER_EQUAL));
	} else
		order_fields(b, t, 0, x, y);
}

static MirFnId
order_fn(Lower *lo, Ty t)
{
	return synth_fn(lo, build_order, t, 0, arena_printf(lo->arena, "%s::order", ty_name(lo, t)),
	    arena_printf(lo->arena, "%s.order", ty_name(lo, t)));
}

/* The Ordering variants stand in the order of the bytes; None is the fourth for partial_cmp. */
static void
return_ordering(Build *b, const MirPlace *order, MirTypeId ordering, bool partial)
{
	MirCaseList cases = {0};
	MirBbId blocks[4];

	for (uint32_t i = 0; i < 4; i++) {
		blocks[i] = build_block(b);
		if (i < 3)
			vec_push(b->arena, &cases, mir_mk_case(b->arena, i, blocks[i]));
	}
	term_switch(b, op_copy(b, order), cases, blocks[3]);
	for (uint32_t i = 0; i < 4; i++) {
		build_start(b, blocks[i]);
		if (partial && i == ORDER_NONE) {
			emit_variant(b, place_local(b, 0), OPTION_NONE, (MirOperandList){0});
		} else if (partial) {
			MirPlace *value = build_temp(b, ordering);
			emit_variant(b, value, i, (MirOperandList){0});
			emit_variant(b, place_local(b, 0), OPTION_SOME, op_list(b, 1, op_copy(b, value)));
		} else {
			emit_variant(b, place_local(b, 0), i == ORDER_NONE ? ORDER_EQUAL : i,
			    (MirOperandList){0});
		}
		build_return(b);
	}
}

static void
build_cmp(Build *b, uint32_t self, uint32_t partial)
{
	MirTypeId type = mir_type_of(b->lo, self);
	IrU32List args = {0};
	Ty ordering = ty_adt(b->lo, lang_adt(b->lo, "Ordering"), &args), ret = ordering;

	if (partial) {
		vec_push(b->arena, &args, ordering);
		ret = ty_adt(b->lo, lang_adt(b->lo, "Option"), &args);
	}
	build_ret(b, mir_type_of(b->lo, ret));
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	MirPlace *y = build_param(b, "other", type, MIR_MODE_BORROW);
	MirPlace *order = build_temp(b, b->lo->common.u8);
	order_parts(b, self, x, y, order);
	return_ordering(b, order, mir_type_of(b->lo, ordering), partial);
}

/* ---- Comparison operators ---- */

static void
compare_equal(Build *b, bool negate, Ty t, MirOperand *left, MirOperand *right, const MirPlace *dest)
{
	MirPlace *equal = build_temp(b, b->lo->common.boolean);

	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		emit_rt(b, equal, "str_eq", 2, left, right);
	} else {
		Resolved r = resolve_lang(b->lo, "PartialEq", "eq", t);
		lower_call_resolved(b, &r, op_list(b, 2, left, right), equal);
	}
	if (negate)
		emit_unary(b, dest, MIR_UNOP_NOT, op_copy(b, equal), MIR_CHECK_WRAP);
	else
		emit_assign(b, dest, op_copy(b, equal));
}

/* Whether the order byte satisfies the operator; not comparable satisfies none. */
static void
test_order(Build *b, TastBinaryOp op, const MirPlace *order, const MirPlace *dest)
{
	MirTypeId u8 = b->lo->common.u8;
	MirOperand *value = op_copy(b, order);

	if (op == TAST_BINARY_OP_LT)
		emit_binary(b, dest, MIR_BINOP_EQ, value, op_order(b, ORDER_LESS), MIR_CHECK_WRAP);
	else if (op == TAST_BINARY_OP_LE)
		emit_binary(b, dest, MIR_BINOP_LE, value, op_order(b, ORDER_EQUAL), MIR_CHECK_WRAP);
	else if (op == TAST_BINARY_OP_GT)
		emit_binary(b, dest, MIR_BINOP_EQ, value, op_order(b, ORDER_GREATER), MIR_CHECK_WRAP);
	else {
		/* equal or greater: 1 or 2 */
		value = value_binary(b, MIR_BINOP_SUB, u8, value, op_order(b, ORDER_EQUAL), MIR_CHECK_WRAP);
		emit_binary(b, dest, MIR_BINOP_LE, value, op_order(b, 1), MIR_CHECK_WRAP);
	}
}

/* A place for an operand; constants are stored in a temporary. */
MirPlace *
operand_place(Build *b, MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_BORROW:
		return op->borrow.place;
	case MIR_OPERAND_COPY:
		return op->copy.place;
	case MIR_OPERAND_MOVE:
		return op->move.place;
	case MIR_OPERAND_ADDR:
	case MIR_OPERAND_INT:
	case MIR_OPERAND_FLOAT:
	case MIR_OPERAND_STR:
	case MIR_OPERAND_UNIT:
	case MIR_OPERAND_FN:
	case MIR_OPERAND_SHIM:
	case MIR_OPERAND_CODE:
	case MIR_OPERAND_TABLE:
	case MIR_OPERAND_STATIC:
	case MIR_OPERAND_CLOSURE:
	case MIR_OPERAND_DESC:
		break;
	}
	MirPlace *p = build_temp(b, op_type(b, op));
	emit_assign(b, p, op);
	return p;
}

/* What two references lead to. */
static void
compare_behind(Build *b, TastBinaryOp op, Ty target, const MirPlace *x, const MirPlace *y,
    const MirPlace *dest)
{
	bool eq = op == TAST_BINARY_OP_EQ || op == TAST_BINARY_OP_NE;

	if (!ty_is_scalar(b->lo, target)) {
		lower_compare(b, op, target, op_borrow(b, x), op_borrow(b, y), dest);
		return;
	}
	if (eq) {
		emit_binary(b, dest, op == TAST_BINARY_OP_EQ ? MIR_BINOP_EQ : MIR_BINOP_NE, op_copy(b, x),
		    op_copy(b, y), MIR_CHECK_WRAP);
		return;
	}
	MirPlace *order = build_temp(b, b->lo->common.u8);
	order_scalars(b, x, y, order);
	test_order(b, op, order, dest);
}

void
lower_compare(Build *b, TastBinaryOp op, Ty t, MirOperand *left, MirOperand *right,
    const MirPlace *dest)
{
	if (ty_at(b->lo, t)->kind == TAST_TY_REF_MUT) {
		compare_behind(b, op, ty_at(b->lo, t)->ref_mut.target, place_deref(b, operand_place(b, left)),
		    place_deref(b, operand_place(b, right)), dest);
		return;
	}
	if (op == TAST_BINARY_OP_EQ || op == TAST_BINARY_OP_NE) {
		compare_equal(b, op == TAST_BINARY_OP_NE, t, left, right, dest);
		return;
	}
	MirPlace *order = build_temp(b, b->lo->common.u8);
	order_parts(b, t, operand_place(b, left), operand_place(b, right), order);
	test_order(b, op, order, dest);
}

/* ---- Clone and the operators of primitive types ---- */

static void
build_clone(Build *b, uint32_t self, uint32_t unused)
{
	MirTypeId type = mir_type_of(b->lo, self);

	(void)unused;
	if (copy_is_deep(b->lo, self, COPY_CLONE)) {
		build_copy(b, self, COPY_CLONE);
		return;
	}
	build_ret(b, type);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	return_value(b, op_copy(b, x));
}

typedef struct Operator {
	const char *trait, *method;
	MirBinop op;
} Operator;

static const Operator operators[] = {
	{"Add", "add", MIR_BINOP_ADD}, {"Sub", "sub", MIR_BINOP_SUB}, {"Mul", "mul", MIR_BINOP_MUL},
	{"Div", "div", MIR_BINOP_DIV}, {"Rem", "rem", MIR_BINOP_REM}, {"Shl", "shl", MIR_BINOP_SHL},
	{"Shr", "shr", MIR_BINOP_SHR}, {"BitAnd", "bitand", MIR_BINOP_BIT_AND},
	{"BitOr", "bitor", MIR_BINOP_BIT_OR}, {"BitXor", "bitxor", MIR_BINOP_BIT_XOR},
};

static void
build_binary_operator(Build *b, uint32_t self, uint32_t op)
{
	MirTypeId type = mir_type_of(b->lo, self);

	build_ret(b, type);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	MirPlace *y = build_param(b, "rhs", type, MIR_MODE_BORROW);
	return_value(b, value_binary(b, (MirBinop)op, type, op_copy(b, x), op_copy(b, y),
	    MIR_CHECK_CHECKED));
}

static void
build_unary_operator(Build *b, uint32_t self, uint32_t op)
{
	MirTypeId type = mir_type_of(b->lo, self);

	build_ret(b, type);
	MirPlace *x = build_param(b, "self", type, MIR_MODE_BORROW);
	emit_unary(b, place_local(b, 0), (MirUnop)op, op_copy(b, x), MIR_CHECK_CHECKED);
	build_return(b);
}

/* `a += b` where the operator trait of an assignment is asked of a primitive type. */
static void
build_assign_operator(Build *b, uint32_t self, uint32_t op)
{
	MirTypeId type = mir_type_of(b->lo, self);

	build_ret(b, b->lo->common.unit);
	MirPlace *x = place_deref(b, build_param(b, "self", mir_type_ref(b->lo, type), MIR_MODE_BORROW));
	MirPlace *y = build_param(b, "rhs", type, MIR_MODE_BORROW);
	emit_assign(b, x, value_binary(b, (MirBinop)op, type, op_copy(b, x), op_copy(b, y),
	    MIR_CHECK_CHECKED));
	build_return(b);
}

static SynthBuild *
operator_build(const char *trait, uint32_t *op)
{
	size_t n = strlen(trait);
	bool assign = n > 6 && strcmp(trait + n - 6, "Assign") == 0;

	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
		if (strncmp(trait, operators[i].trait, assign ? n - 6 : n) == 0 &&
		    strlen(operators[i].trait) == (assign ? n - 6 : n)) {
			*op = operators[i].op;
			return assign ? build_assign_operator : build_binary_operator;
		}
	*op = strcmp(trait, "Neg") == 0 ? MIR_UNOP_NEG : MIR_UNOP_NOT;
	return strcmp(trait, "Neg") == 0 || strcmp(trait, "Not") == 0 ? build_unary_operator : NULL;
}

/* ---- The table ---- */

static SynthBuild *
find_build(const char *trait, uint32_t *y)
{
	*y = 0;
	if (strcmp(trait, "PartialEq") == 0)
		return build_eq;
	if (strcmp(trait, "PartialOrd") == 0) {
		*y = 1;
		return build_cmp;
	}
	if (strcmp(trait, "Ord") == 0)
		return build_cmp;
	if (strcmp(trait, "Clone") == 0)
		return build_clone;
	if (strcmp(trait, "Hash") == 0)
		return build_hash;
	if (strcmp(trait, "Default") == 0)
		return build_default;
	if (strcmp(trait, "Debug") == 0)
		return build_debug;
	if (strcmp(trait, "Display") == 0)
		return build_display;
	return operator_build(trait, y);
}

MirFnId
structural_fn(Lower *lo, const char *trait_lang, const char *method, const IrU32List *args)
{
	uint32_t y;
	SynthBuild *build = find_build(trait_lang, &y);
	Ty self = args->at[0];

	if (build == build_hash && args->len > 1)
		y = args->at[1];

	if (!build)
		lower_broken(lo, "type %s has no %s::%s", ty_name(lo, self), trait_lang, method);
	const char *name = ty_name(lo, self);
	return synth_fn(lo, build, self, y,
	    arena_printf(lo->arena, "<%s as %s>::%s", name, trait_lang, method),
	    arena_printf(lo->arena, "%s.%s.%s", name, trait_lang, method));
}
