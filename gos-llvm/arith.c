/* Arithmetic, comparisons, conversions and bounds, with their checks.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

/* What gos_rt_panic_overflow and gos_rt_panic_div_zero call the operations. */
enum { OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_REM, OP_NEG, OP_SHL, OP_SHR };

const char *
gen_panic_block(Fn *f, const char *function, const char *args, MirBbId unwind)
{
	const char *label = emit_label_new(f, "panic");
	const char *place = llvm_place(f->g, f->fn, f->span);
	Out *before = emit_go_cold(f);

	emit_label(f, label);
	emit(f, "call void @gos_rt_panic_%s(ptr %%g, %s, ptr %s)", function, args, place);
	emit(f, "br label %%%s", emit_unwind_label(f, unwind));
	emit_warm(f, before);
	return label;
}

/* Goes on only if `bad` is false. */
static void
guard(Fn *f, const char *bad, const char *function, const char *args, MirBbId unwind)
{
	const char *ok = emit_label_new(f, "ok");

	emit_branch_cold(f, bad, gen_panic_block(f, function, args, unwind), ok);
	emit_label(f, ok);
}

static const char *
operation_arg(Fn *f, int operation)
{
	return emit_format(f, "i64 %d", operation);
}

/* ---- Integers ---- */

typedef struct IntOp {
	const MirInst *inst;
	const char *type, *left, *right;
	uint32_t bits;
	bool is_signed, check;
	MirBbId unwind;
} IntOp;

/* add, sub, mul */
static const char *
gen_wrapping(Fn *f, const IntOp *o, int operation, const char *name, bool proven)
{
	if (!o->check)
		return emit_value(f, "%s%s %s %s, %s", name,
		    !proven ? "" : o->is_signed ? " nsw" : " nuw", o->type, o->left, o->right);
	const char *pair = emit_value(f, "call { %s, i1 } @llvm.%c%s.with.overflow.%s(%s %s, %s %s)",
	    o->type, o->is_signed ? 's' : 'u', name, o->type, o->type, o->left, o->type, o->right);
	const char *bad = emit_value(f, "extractvalue { %s, i1 } %s, 1", o->type, pair);
	guard(f, bad, "overflow", operation_arg(f, operation), o->unwind);
	return emit_value(f, "extractvalue { %s, i1 } %s, 0", o->type, pair);
}

/* The smallest value of a signed type, as LLVM reads it. */
static const char *
int_min(Fn *f, uint32_t bits)
{
	return llvm_u128(f->g->scratch, (IrU128)1 << (bits - 1));
}

static const char *
is_min_by_minus_one(Fn *f, const IntOp *o)
{
	const char *min = emit_value(f, "icmp eq %s %s, %s", o->type, o->left, int_min(f, o->bits));
	const char *one = emit_value(f, "icmp eq %s %s, -1", o->type, o->right);

	return emit_value(f, "and i1 %s, %s", min, one);
}

/* div, rem; without check division by zero gives 0 and MIN / -1 gives MIN. */
static const char *
gen_division(Fn *f, IntOp o, int operation, bool proven)
{
	bool rem = operation == OP_REM;
	const char *zero = NULL;
	const char *divisor = o.right;

	if (!proven) {
		zero = emit_value(f, "icmp eq %s %s, 0", o.type, o.right);
		if (o.check)
			guard(f, zero, "div_zero", operation_arg(f, rem), o.unwind);
		else
			divisor = emit_value(f, "select i1 %s, %s 1, %s %s", zero, o.type, o.type,
			    o.right);
	}
	const char *special = NULL;
	if (o.is_signed && !proven) {
		special = is_min_by_minus_one(f, &o);
		if (o.check)
			guard(f, special, "overflow", operation_arg(f, operation), o.unwind);
		else
			divisor = emit_value(f, "select i1 %s, %s 1, %s %s", special, o.type, o.type,
			    divisor);
	}
	const char *v = emit_value(f, "%c%s %s %s, %s", o.is_signed ? 's' : 'u', rem ? "rem" : "div",
	    o.type, o.left, divisor);
	if (o.check || proven)
		return v;
	return emit_value(f, "select i1 %s, %s 0, %s %s", zero, o.type, o.type, v);
}

/* The shift count in the type of the left operand. */
static const char *
shift_count(Fn *f, const IntOp *o, MirClass count)
{
	const char *type = llvm_scalar(count);

	if (count.bits == o->bits)
		return o->right;
	return emit_value(f, "%s %s %s to %s", count.bits < o->bits ? "zext" : "trunc", type, o->right,
	    o->type);
}

static const char *
gen_shift(Fn *f, const IntOp *o, int operation, bool proven)
{
	MirClass count = operand_class(f, o->inst->binary.right);
	const char *type = llvm_scalar(count);

	if (o->check && !proven) {
		const char *bad = emit_value(f, "icmp uge %s %s, %u", type, o->right, o->bits);
		guard(f, bad, "overflow", operation_arg(f, operation), o->unwind);
	}
	const char *by = shift_count(f, o, count);
	if (!o->check && !proven)
		by = emit_value(f, "and %s %s, %u", o->type, by, o->bits - 1);
	return emit_value(f, "%s %s %s, %s", operation == OP_SHL ? "shl" : o->is_signed ? "ashr"
	    : "lshr", o->type, o->left, by);
}

static const char *
gen_compare(Fn *f, const IntOp *o, MirBinop op)
{
	static const char *const is_signed[] = {"eq", "ne", "slt", "sle", "sgt", "sge"};
	static const char *const is_unsigned[] = {"eq", "ne", "ult", "ule", "ugt", "uge"};
	int i = (int)op - MIR_BINOP_EQ;

	return emit_value(f, "icmp %s %s %s, %s", o->is_signed ? is_signed[i] : is_unsigned[i],
	    o->type, o->left, o->right);
}

static const char *
gen_int_binary(Fn *f, IntOp o, MirBinop op, bool proven)
{
	switch (op) {
	case MIR_BINOP_ADD:
		o.check = o.check && !proven;
		return gen_wrapping(f, &o, OP_ADD, "add", proven);
	case MIR_BINOP_SUB:
		o.check = o.check && !proven;
		return gen_wrapping(f, &o, OP_SUB, "sub", proven);
	case MIR_BINOP_MUL:
		o.check = o.check && !proven;
		return gen_wrapping(f, &o, OP_MUL, "mul", proven);
	case MIR_BINOP_DIV:
		return gen_division(f, o, OP_DIV, proven);
	case MIR_BINOP_REM:
		return gen_division(f, o, OP_REM, proven);
	case MIR_BINOP_BIT_AND:
		return emit_value(f, "and %s %s, %s", o.type, o.left, o.right);
	case MIR_BINOP_BIT_OR:
		return emit_value(f, "or %s %s, %s", o.type, o.left, o.right);
	case MIR_BINOP_BIT_XOR:
		return emit_value(f, "xor %s %s, %s", o.type, o.left, o.right);
	case MIR_BINOP_SHL:
		return gen_shift(f, &o, OP_SHL, proven);
	case MIR_BINOP_SHR:
		return gen_shift(f, &o, OP_SHR, proven);
	case MIR_BINOP_EQ:
	case MIR_BINOP_NE:
	case MIR_BINOP_LT:
	case MIR_BINOP_LE:
	case MIR_BINOP_GT:
	case MIR_BINOP_GE:
		return gen_compare(f, &o, op);
	}
	bug("operator %d", (int)op);
}

/* ---- Floats ---- */

static const char *
gen_float_binary(Fn *f, const IntOp *o, MirBinop op)
{
	static const char *const names[] = {
		[MIR_BINOP_ADD] = "fadd", [MIR_BINOP_SUB] = "fsub", [MIR_BINOP_MUL] = "fmul",
		[MIR_BINOP_DIV] = "fdiv", [MIR_BINOP_REM] = "frem", [MIR_BINOP_EQ] = "fcmp oeq",
		[MIR_BINOP_NE] = "fcmp une", [MIR_BINOP_LT] = "fcmp olt", [MIR_BINOP_LE] = "fcmp ole",
		[MIR_BINOP_GT] = "fcmp ogt", [MIR_BINOP_GE] = "fcmp oge",
	};

	if (!names[op])
		bug("operator %d on floats", (int)op);
	return emit_value(f, "%s %s %s, %s", names[op], o->type, o->left, o->right);
}

void
gen_binary(Fn *f, const MirInst *i, bool proven)
{
	MirClass c = operand_class(f, i->binary.left);
	MirTypeId t = operand_type(f, i->binary.left);
	IntOp o = {.inst = i, .type = llvm_scalar(c), .bits = c.bits, .unwind = i->binary.unwind};

	o.left = operand_scalar(f, i->binary.left);
	o.right = operand_scalar(f, i->binary.right);
	o.is_signed = t != IR_NONE && mir_is_signed(f->m, t);
	o.check = i->binary.check == MIR_CHECK_CHECKED;
	const char *v = c.kind == MIR_CLASS_FLOAT ? gen_float_binary(f, &o, i->binary.op)
	    : gen_int_binary(f, o, i->binary.op, proven);
	place_store(f, i->binary.dest, v);
}

void
gen_unary(Fn *f, const MirInst *i, bool proven)
{
	MirClass c = operand_class(f, i->unary.value);
	MirTypeId t = operand_type(f, i->unary.value);
	const char *type = llvm_scalar(c);
	const char *v = operand_scalar(f, i->unary.value);

	if (i->unary.op == MIR_UNOP_NOT) {
		v = emit_value(f, "xor %s %s, %s", type, v, c.kind == MIR_CLASS_BOOL ? "true" : "-1");
	} else if (c.kind == MIR_CLASS_FLOAT) {
		v = emit_value(f, "fneg %s %s", type, v);
	} else {
		IntOp o = {.inst = i, .type = type, .left = "0", .right = v, .bits = c.bits,
		    .unwind = i->unary.unwind};
		o.is_signed = t != IR_NONE && mir_is_signed(f->m, t);
		o.check = i->unary.check == MIR_CHECK_CHECKED && !proven;
		v = gen_wrapping(f, &o, OP_NEG, "sub", proven);
	}
	place_store(f, i->unary.dest, v);
}

/* ---- Conversions ---- */

static const char *
cast_int(Fn *f, const char *v, MirClass from, MirClass to, bool is_signed)
{
	const char *how = to.bits < from.bits ? "trunc" : is_signed ? "sext" : "zext";

	if (from.bits == to.bits)
		return v;
	return emit_value(f, "%s %s %s to %s", how, llvm_scalar(from), v, llvm_scalar(to));
}

static const char *
cast_float(Fn *f, const char *v, MirClass from, MirClass to)
{
	if (from.bits == to.bits)
		return v;
	return emit_value(f, "%s %s %s to %s", to.bits < from.bits ? "fptrunc" : "fpext",
	    llvm_scalar(from), v, llvm_scalar(to));
}

static const char *
cast_float_to_int(Fn *f, const char *v, MirClass from, MirClass to, bool is_signed)
{
	const char *t = llvm_scalar(to);

	return emit_value(f, "call %s @llvm.fpto%ci.sat.%s.f%u(%s %s)", t, is_signed ? 's' : 'u', t,
	    from.bits, llvm_scalar(from), v);
}

void
gen_cast(Fn *f, const MirInst *i)
{
	MirClass from = operand_class(f, i->cast.value);
	MirTypeId from_type = operand_type(f, i->cast.value);
	MirTypeId to_type = mir_place_type(f->m, f->fn, i->cast.dest);
	MirClass to = mir_class(f->m, to_type);
	const char *v = operand_scalar(f, i->cast.value);
	bool is_signed = from_type != IR_NONE && mir_is_signed(f->m, from_type);

	if (from.kind == MIR_CLASS_PTR && to.kind == MIR_CLASS_INT)
		v = emit_value(f, "ptrtoint ptr %s to i64", v);
	else if (from.kind == MIR_CLASS_INT && to.kind == MIR_CLASS_PTR)
		v = emit_value(f, "inttoptr i64 %s to ptr", v);
	else if (from.kind == MIR_CLASS_BOOL)
		v = emit_value(f, "zext i1 %s to %s", v, llvm_scalar(to));
	else if (from.kind == MIR_CLASS_INT && to.kind == MIR_CLASS_INT)
		v = cast_int(f, v, from, to, is_signed);
	else if (from.kind == MIR_CLASS_FLOAT && to.kind == MIR_CLASS_FLOAT)
		v = cast_float(f, v, from, to);
	else if (from.kind == MIR_CLASS_FLOAT)
		v = cast_float_to_int(f, v, from, to, mir_is_signed(f->m, to_type));
	else if (from.kind == MIR_CLASS_INT)
		v = emit_value(f, "%citofp %s %s to %s", is_signed ? 's' : 'u', llvm_scalar(from), v,
		    llvm_scalar(to));
	place_store(f, i->cast.dest, v);
}

/* ---- Bounds ---- */

void
gen_bounds(Fn *f, const MirInst *i, bool proven)
{
	if (proven)
		return;
	const char *index = operand_scalar(f, i->bounds.index);
	const char *len = operand_scalar(f, i->bounds.len);
	const char *bad = emit_value(f, "icmp uge i64 %s, %s", index, len);

	guard(f, bad, "bounds", emit_format(f, "i64 %s, i64 %s", index, len), i->bounds.unwind);
}
