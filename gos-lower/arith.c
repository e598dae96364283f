/* Operators on primitive types, comparison of any type, casts. */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

#include "lib/fatal.h"

static bool
is_float(const Lower *lo, Ty t)
{
	return ty_is_prim(lo, t, TAST_PRIM_F32) || ty_is_prim(lo, t, TAST_PRIM_F64);
}

void
lower_unary(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Ty t = build_ty(b, e->type);
	bool neg = e->unary.op == TAST_UNARY_OP_NEG;
	MirOperand *value = lower_operand(b, e->unary.operand);
	bool checked = neg && ty_is_integer(b->lo, t);

	if (!dest)
		dest = build_temp(b, mir_type_of(b->lo, t));
	emit_unary(b, dest, neg ? MIR_UNOP_NEG : MIR_UNOP_NOT, value,
	    checked ? MIR_CHECK_CHECKED : MIR_CHECK_WRAP);
}

/* ---- Binary ---- */

typedef struct Operation {
	MirBinop op;
	bool check;
} Operation;

static Operation
operation(TastBinaryOp op)
{
	switch (op) {
	case TAST_BINARY_OP_ADD: return (Operation){MIR_BINOP_ADD, true};
	case TAST_BINARY_OP_SUB: return (Operation){MIR_BINOP_SUB, true};
	case TAST_BINARY_OP_MUL: return (Operation){MIR_BINOP_MUL, true};
	case TAST_BINARY_OP_DIV: return (Operation){MIR_BINOP_DIV, true};
	case TAST_BINARY_OP_REM: return (Operation){MIR_BINOP_REM, true};
	case TAST_BINARY_OP_ADD_WRAP: return (Operation){MIR_BINOP_ADD, false};
	case TAST_BINARY_OP_SUB_WRAP: return (Operation){MIR_BINOP_SUB, false};
	case TAST_BINARY_OP_MUL_WRAP: return (Operation){MIR_BINOP_MUL, false};
	case TAST_BINARY_OP_BIT_AND: return (Operation){MIR_BINOP_BIT_AND, false};
	case TAST_BINARY_OP_BIT_OR: return (Operation){MIR_BINOP_BIT_OR, false};
	case TAST_BINARY_OP_BIT_XOR: return (Operation){MIR_BINOP_BIT_XOR, false};
	case TAST_BINARY_OP_SHL: return (Operation){MIR_BINOP_SHL, true};
	case TAST_BINARY_OP_SHR: return (Operation){MIR_BINOP_SHR, true};
	case TAST_BINARY_OP_EQ: return (Operation){MIR_BINOP_EQ, false};
	case TAST_BINARY_OP_NE: return (Operation){MIR_BINOP_NE, false};
	case TAST_BINARY_OP_LT: return (Operation){MIR_BINOP_LT, false};
	case TAST_BINARY_OP_LE: return (Operation){MIR_BINOP_LE, false};
	case TAST_BINARY_OP_GT: return (Operation){MIR_BINOP_GT, false};
	case TAST_BINARY_OP_GE: return (Operation){MIR_BINOP_GE, false};
	case TAST_BINARY_OP_AND: return (Operation){MIR_BINOP_BIT_AND, false};
	case TAST_BINARY_OP_OR: return (Operation){MIR_BINOP_BIT_OR, false};
	}
	bug("operator %d", op);
}

void
lower_arith(Build *b, TastBinaryOp op, Ty type, MirOperand *left, MirOperand *right,
    const MirPlace *dest)
{
	Operation o = operation(op);
	bool checked = o.check && !is_float(b->lo, type);

	emit_binary(b, dest, o.op, left, right, checked ? MIR_CHECK_CHECKED : MIR_CHECK_WRAP);
}

/* The right side is evaluated only where the left one does not decide. */
static void
lower_logic(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirBbId yes = build_block(b), no = build_block(b), done = build_block(b);
	ScopeMark mark = scope_push(b);

	lower_cond(b, e, yes, no);
	build_start(b, yes);
	scope_exit_to(b, mark, false);
	if (dest)
		emit_assign(b, dest, op_bool(b, true));
	term_goto(b, done);
	build_start(b, no);
	scope_exit_to(b, mark, false);
	if (dest)
		emit_assign(b, dest, op_bool(b, false));
	term_goto(b, done);
	scope_forget(b, mark);
	build_start(b, done);
}

/* Pointers are compared as the numbers they are. */
static MirOperand *
pointer_number(Build *b, MirOperand *p)
{
	MirPlace *n = build_temp(b, b->lo->common.u64);

	emit_cast(b, n, p);
	return op_copy(b, n);
}

static void
lower_comparison(Build *b, const TastExpr *e, Ty operands, const MirPlace *dest)
{
	TastExprList both = {0};

	vec_push(b->arena, &both, e->binary.left);
	vec_push(b->arena, &both, e->binary.right);
	MirOperandList ops = lower_operands(b, &both, NULL);
	if (ty_at(b->lo, operands)->kind == TAST_TY_PTR)
		emit_binary(b, dest, operation(e->binary.op).op, pointer_number(b, ops.at[0]),
		    pointer_number(b, ops.at[1]), MIR_CHECK_WRAP);
	else if (ty_is_scalar(b->lo, operands))
		emit_binary(b, dest, operation(e->binary.op).op, ops.at[0], ops.at[1], MIR_CHECK_WRAP);
	else if (!build_is_dead(b))
		lower_compare(b, e->binary.op, operands, ops.at[0], ops.at[1], dest);
}

static bool
is_comparison(TastBinaryOp op)
{
	return op >= TAST_BINARY_OP_EQ && op <= TAST_BINARY_OP_GE;
}

/* A comparison looks through `&mut`. */
static Ty
compared_type(Build *b, const TastExpr *e)
{
	return build_ty(b, e->binary.left->type);
}

void
lower_binary(Build *b, const TastExpr *e, const MirPlace *dest)
{
	if (!dest)
		dest = build_temp(b, build_mir_type(b, e->type));
	if (e->binary.op == TAST_BINARY_OP_AND || e->binary.op == TAST_BINARY_OP_OR) {
		lower_logic(b, e, dest);
		return;
	}
	Ty operands = compared_type(b, e);
	if (is_comparison(e->binary.op)) {
		lower_comparison(b, e, operands, dest);
		return;
	}
	TastExprList both = {0};
	vec_push(b->arena, &both, e->binary.left);
	vec_push(b->arena, &both, e->binary.right);
	MirOperandList ops = lower_operands(b, &both, NULL);
	if (ty_is_prim(b->lo, operands, TAST_PRIM_STRING))
		emit_rt(b, dest, "str_concat", 2, ops.at[0], ops.at[1]);
	else
		lower_arith(b, e->binary.op, operands, ops.at[0], ops.at[1], dest);
}

/* ---- Casts ---- */

/* A unit enum's discriminants, where they differ from its tags, by a table. */
static void
cast_enum(Build *b, const TastAdt *adt, const MirPlace *from, const MirPlace *dest)
{
	MirTypeId to = place_type(b, dest);
	MirOperand *tag = value_tag(b, from);
	MirCaseList cases = {0};
	MirBbId done = build_block(b);
	bool same = true;

	for (uint32_t i = 0; i < adt->variants.len; i++)
		same &= adt->variants.at[i]->discriminant == (int64_t)i;
	if (same) {
		emit_cast(b, dest, tag);
		term_goto(b, done);
		build_start(b, done);
		return;
	}
	for (uint32_t i = 0; i < adt->variants.len; i++)
		vec_push(b->arena, &cases, mir_mk_case(b->arena,
		    mir_enum_tag(b->lo, place_type(b, from), i), build_block(b)));
	MirBbId never = build_block(b);
	term_switch(b, tag, cases, never);
	build_start(b, never);
	term_unreachable(b);
	MirPlace *wide = build_temp(b, b->lo->common.i64);
	for (uint32_t i = 0; i < adt->variants.len; i++) {
		build_start(b, cases.at[i]->target);
		emit_assign(b, wide, op_i64(b, adt->variants.at[i]->discriminant));
		term_goto(b, done);
	}
	build_start(b, done);
	if (to == b->lo->common.i64)
		emit_assign(b, dest, op_copy(b, wide));
	else
		emit_cast(b, dest, op_copy(b, wide));
}

void
lower_cast(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Ty from = build_ty(b, e->cast.operand->type), to = build_ty(b, e->type);
	const TastTy *ty = ty_at(b->lo, from);

	if (!dest)
		dest = build_temp(b, mir_type_of(b->lo, to));
	if (ty->kind == TAST_TY_ADT) {
		MirPlace *p = lower_readable(b, e->cast.operand);
		if (!build_is_dead(b))
			cast_enum(b, b->lo->adts.at[ty->adt.adt], p, dest);
		return;
	}
	MirOperand *value = lower_operand(b, e->cast.operand);
	if (mir_type_of(b->lo, from) == mir_type_of(b->lo, to))
		emit_assign(b, dest, value);
	else
		emit_cast(b, dest, value);
}

/* ---- Addresses ---- */

void
lower_addr_of(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirPlace *p = lower_readable(b, e->addr_of.place);
	MirPlace *r = build_temp(b, mir_type_ref(b->lo, place_type(b, p)));

	emit_assign(b, r, op_addr(b, p));
	if (dest)
		emit_cast(b, dest, op_copy(b, r));
}

void
lower_code(Build *b, const TastExpr *e, const MirPlace *dest)
{
	Resolved r = resolve_ref(b, e->code.fn);

	if (r.kind != RESOLVED_FN)
		lower_broken(b->lo, "the code of a function that is not known");
	if (dest)
		emit_assign(b, dest, mir_mk_operand_code(b->arena, instance_fn(b->lo, r.fn, &r.args)));
}
