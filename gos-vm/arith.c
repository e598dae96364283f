/* Arithmetic, comparisons, conversions.  See translate.h. */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

/* The parts of a Binary that choose its instruction. */
typedef struct Arith {
	const MirInst *inst;
	MirClass c;
	uint64_t bytes;
	int kind;	/* op_kind */
	bool check;
	Slot k;		/* the right side, if it is small */
	bool has_k;
} Arith;

static Arith
arith_of(Trans *t, const MirInst *i)
{
	Arith a = {.inst = i, .c = operand_class(t, i->binary.left)};

	a.bytes = class_bytes(a.c);
	a.kind = op_kind(a.c, operand_is_signed(t, i->binary.left));
	a.check = i->binary.check == MIR_CHECK_CHECKED && a.c.kind == MIR_CLASS_INT;
	a.has_k = is_small(t, i->binary.right, &a.k);
	return a;
}

/* ---- With a constant on the right ---- */

static bool
is_float(const Arith *a)
{
	return a->c.kind == MIR_CLASS_FLOAT;
}

/* The instruction with a constant, OP_COUNT if there is none. */
static Op
const_op(const Arith *a)
{
	bool in_width = a->k < a->bytes * 8;

	if (!a->has_k || is_float(a))
		return OP_COUNT;
	switch (a->inst->binary.op) {
	case MIR_BINOP_ADD:
		return a->check ? OP_CONST(addk, a->kind) : OP_BITS(addkw, a->bytes);
	case MIR_BINOP_SUB:
		return a->check ? OP_CONST(subk, a->kind) : OP_COUNT;
	case MIR_BINOP_MUL:
		return a->check ? OP_CONST(mulk, a->kind) : OP_COUNT;
	case MIR_BINOP_DIV:
		return a->k && a->k != 0xffff ? OP_CONST(divk, a->kind) : OP_COUNT;
	case MIR_BINOP_REM:
		return a->k && a->k != 0xffff ? OP_CONST(remk, a->kind) : OP_COUNT;
	case MIR_BINOP_BIT_AND:
		return OP_BITS(andk, a->bytes);
	case MIR_BINOP_SHL:
		return in_width ? OP_BITS(shlk, a->bytes) : OP_COUNT;
	case MIR_BINOP_SHR:
		return in_width ? OP_CONST(shrk, a->kind) : OP_COUNT;
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
	case MIR_BINOP_EQ:
	case MIR_BINOP_NE:
	case MIR_BINOP_LT:
	case MIR_BINOP_LE:
	case MIR_BINOP_GT:
	case MIR_BINOP_GE:
		return OP_COUNT;
	}
	bug("operator %d", (int)a->inst->binary.op);
}

/* ---- With two operands in the frame ---- */

static Op
int_op(const Arith *a, bool *swap)
{
	switch (a->inst->binary.op) {
	case MIR_BINOP_ADD:
		return a->check ? OP_INT(add, a->kind) : OP_BITS(addw, a->bytes);
	case MIR_BINOP_SUB:
		return a->check ? OP_INT(sub, a->kind) : OP_BITS(subw, a->bytes);
	case MIR_BINOP_MUL:
		return a->check ? OP_INT(mul, a->kind) : OP_BITS(mulw, a->bytes);
	case MIR_BINOP_DIV:
		return a->check ? OP_INT(div, a->kind) : OP_INT(divw, a->kind);
	case MIR_BINOP_REM:
		return a->check ? OP_INT(rem, a->kind) : OP_INT(remw, a->kind);
	case MIR_BINOP_BIT_AND:
		return OP_BITS(and, a->bytes);
	case MIR_BINOP_BIT_OR:
		return OP_BITS(or, a->bytes);
	case MIR_BINOP_BIT_XOR:
		return OP_BITS(xor, a->bytes);
	case MIR_BINOP_SHL:
		return a->check ? OP_INT(shl, a->kind) : OP_BITS(shlw, a->bytes);
	case MIR_BINOP_SHR:
		return a->check ? OP_INT(shr, a->kind) : OP_INT(shrw, a->kind);
	case MIR_BINOP_EQ:
		return OP_BITS(eq, a->bytes);
	case MIR_BINOP_NE:
		return OP_BITS(ne, a->bytes);
	case MIR_BINOP_GT:
		*swap = true;
		return OP_INT(lt, a->kind);
	case MIR_BINOP_LT:
		return OP_INT(lt, a->kind);
	case MIR_BINOP_GE:
		*swap = true;
		return OP_INT(le, a->kind);
	case MIR_BINOP_LE:
		return OP_INT(le, a->kind);
	}
	bug("operator %d", (int)a->inst->binary.op);
}

static Op
float_op(const Arith *a, bool *swap)
{
	uint32_t bits = a->c.bits;

	switch (a->inst->binary.op) {
	case MIR_BINOP_ADD:
		return OP_FLOAT(add, bits);
	case MIR_BINOP_SUB:
		return OP_FLOAT(sub, bits);
	case MIR_BINOP_MUL:
		return OP_FLOAT(mul, bits);
	case MIR_BINOP_DIV:
		return OP_FLOAT(div, bits);
	case MIR_BINOP_REM:
		return OP_FLOAT(rem, bits);
	case MIR_BINOP_EQ:
		return OP_FLOAT(eq, bits);
	case MIR_BINOP_NE:
		return OP_FLOAT(ne, bits);
	case MIR_BINOP_GT:
		*swap = true;
		return OP_FLOAT(lt, bits);
	case MIR_BINOP_LT:
		return OP_FLOAT(lt, bits);
	case MIR_BINOP_GE:
		*swap = true;
		return OP_FLOAT(le, bits);
	case MIR_BINOP_LE:
		return OP_FLOAT(le, bits);
	case MIR_BINOP_BIT_AND:
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
	case MIR_BINOP_SHL:
	case MIR_BINOP_SHR:
		break;
	}
	bug("operator %d on floats", (int)a->inst->binary.op);
}

/* A shift count as a u64; one of 128 bits that is too large for that becomes 255. */
static Slot
shift_count(Trans *t, const Arith *a)
{
	const MirOperand *op = a->inst->binary.right;
	MirClass c = operand_class(t, op);
	Slot from = operand_slot(t, op);

	if (c.bits == 64)
		return from;
	Slot to = temp(t, 8);
	emit(t, op_cast(op_kind(c, false), 8), to, from, 0);
	if (c.bits == 128 && a->check) {
		emit(t, OP_jeqk_64, from + 8, 0, 2);
		emit(t, OP_set_64, to, 255, 0);
	}
	return to;
}

static bool
is_shift(MirBinop op)
{
	return op == MIR_BINOP_SHL || op == MIR_BINOP_SHR;
}

void
trans_binary(Trans *t, const MirInst *i)
{
	Arith a = arith_of(t, i);
	Dest d = dest_begin(t, i->binary.dest);
	Op op = const_op(&a);
	bool swap = false;

	if (a.bytes == 0)
		return;
	Slot left = operand_slot(t, i->binary.left);
	if (op != OP_COUNT) {
		site(t, i->binary.unwind);
		emit(t, op, d.slot, left, a.k);
	} else {
		Slot right = is_shift(i->binary.op) ? shift_count(t, &a)
		    : operand_slot(t, i->binary.right);
		op = is_float(&a) ? float_op(&a, &swap) : int_op(&a, &swap);
		site(t, i->binary.unwind);
		emit(t, op, d.slot, swap ? right : left, swap ? left : right);
	}
	dest_end(t, &d);
}

/* ---- Comparisons that jump ---- */

static MirBinop
opposite(MirBinop op)
{
	switch (op) {
	case MIR_BINOP_EQ:
		return MIR_BINOP_NE;
	case MIR_BINOP_NE:
		return MIR_BINOP_EQ;
	case MIR_BINOP_LT:
		return MIR_BINOP_GE;
	case MIR_BINOP_LE:
		return MIR_BINOP_GT;
	case MIR_BINOP_GT:
		return MIR_BINOP_LE;
	case MIR_BINOP_GE:
		return MIR_BINOP_LT;
	case MIR_BINOP_ADD:
	case MIR_BINOP_SUB:
	case MIR_BINOP_MUL:
	case MIR_BINOP_DIV:
	case MIR_BINOP_REM:
	case MIR_BINOP_BIT_AND:
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
	case MIR_BINOP_SHL:
	case MIR_BINOP_SHR:
		break;
	}
	bug("operator %d does not compare", (int)op);
}

static Op
jump_const_op(const Arith *a, MirBinop op)
{
	switch (op) {
	case MIR_BINOP_EQ:
		return OP_BITS(jeqk, a->bytes);
	case MIR_BINOP_NE:
		return OP_BITS(jnek, a->bytes);
	case MIR_BINOP_LT:
		return OP_CONST(jltk, a->kind);
	case MIR_BINOP_LE:
		return OP_CONST(jlek, a->kind);
	case MIR_BINOP_GT:
		return OP_CONST(jgtk, a->kind);
	case MIR_BINOP_GE:
		return OP_CONST(jgek, a->kind);
	case MIR_BINOP_ADD:
	case MIR_BINOP_SUB:
	case MIR_BINOP_MUL:
	case MIR_BINOP_DIV:
	case MIR_BINOP_REM:
	case MIR_BINOP_BIT_AND:
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
	case MIR_BINOP_SHL:
	case MIR_BINOP_SHR:
		break;
	}
	bug("operator %d does not compare", (int)op);
}

static Op
jump_int_op(const Arith *a, MirBinop op)
{
	if (op == MIR_BINOP_EQ)
		return OP_BITS(jeq, a->bytes);
	if (op == MIR_BINOP_NE)
		return OP_BITS(jne, a->bytes);
	return op == MIR_BINOP_LT || op == MIR_BINOP_GT ? OP_INT(jlt, a->kind) : OP_INT(jle, a->kind);
}

/* Floats: the opposite of < is not >=. */
static Op
jump_float_op(const Arith *a, MirBinop op, bool when)
{
	uint32_t bits = a->c.bits;

	if (op == MIR_BINOP_EQ || op == MIR_BINOP_NE)
		return (op == MIR_BINOP_EQ) == when ? OP_FLOAT(jeq, bits) : OP_FLOAT(jne, bits);
	if (op == MIR_BINOP_LT || op == MIR_BINOP_GT)
		return when ? OP_FLOAT(jlt, bits) : OP_FLOAT(jnlt, bits);
	return when ? OP_FLOAT(jle, bits) : OP_FLOAT(jnle, bits);
}

void
trans_compare_jump(Trans *t, const MirInst *i, bool when, MirBbId bb)
{
	Arith a = arith_of(t, i);
	MirBinop op = when || is_float(&a) ? i->binary.op : opposite(i->binary.op);
	Slot left = operand_slot(t, i->binary.left);

	if (a.has_k && !is_float(&a)) {
		emit_jump(t, jump_const_op(&a, op), left, a.k, bb);
		return;
	}
	Slot right = operand_slot(t, i->binary.right);
	bool swap = op == MIR_BINOP_GT || op == MIR_BINOP_GE;
	emit_jump(t, is_float(&a) ? jump_float_op(&a, op, when) : jump_int_op(&a, op),
	    swap ? right : left, swap ? left : right, bb);
}

/* ---- One operand ---- */

void
trans_unary(Trans *t, const MirInst *i)
{
	MirClass c = operand_class(t, i->unary.value);
	int kind = op_kind(c, operand_is_signed(t, i->unary.value));
	Slot value = operand_slot(t, i->unary.value);
	Dest d = dest_begin(t, i->unary.dest);
	Op op;

	if (c.kind == MIR_CLASS_BOOL)
		op = OP_not_bool;
	else if (c.kind == MIR_CLASS_FLOAT)
		op = OP_FLOAT(neg, c.bits);
	else if (i->unary.op == MIR_UNOP_NOT)
		op = OP_BITS(not, class_bytes(c));
	else if (i->unary.check == MIR_CHECK_CHECKED)
		op = OP_INT(neg, kind);
	else
		op = OP_BITS(negw, class_bytes(c));
	site(t, i->unary.unwind);
	emit(t, op, d.slot, value, 0);
	dest_end(t, &d);
}

void
trans_cast(Trans *t, const MirInst *i)
{
	MirClass from = operand_class(t, i->cast.value), to = place_class(t, i->cast.dest);
	int from_kind = op_kind(from, operand_is_signed(t, i->cast.value));
	int to_kind = op_kind(to, mir_is_signed(t->m, place_type(t, i->cast.dest)));
	bool is_copy = from.kind != MIR_CLASS_FLOAT && to.kind != MIR_CLASS_FLOAT
	    && class_bytes(to) <= class_bytes(from);

	if (class_bytes(from) == 0)
		return;
	Slot value = operand_slot(t, i->cast.value);
	Dest d = dest_begin(t, i->cast.dest);
	if (is_copy)
		emit(t, OP_BITS(mov, class_bytes(to)), d.slot, value, 0);
	else
		emit(t, op_cast(from_kind, to_kind), d.slot, value, 0);
	dest_end(t, &d);
}
