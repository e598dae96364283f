/*
 * Numbers in the evaluator: the arithmetic of the run time, with its panics and their texts.
 */
#include "gos-check/eval.h"

#include <math.h>

typedef __int128 Int;

IrU128
num_cut(TypeId t, IrU128 v)
{
	uint32_t bits = t == TY_BOOL ? 1 : t == TY_CHAR ? 32 : types_bits(t);

	return bits && bits < 128 ? v & (((IrU128)1 << bits) - 1) : v;
}

Int
num_signed(TypeId t, IrU128 v)
{
	uint32_t bits = types_bits(t);

	if (types_is_int(t) && types_is_signed(t) && bits < 128 && v >> (bits - 1) & 1)
		return (Int)(v | ~(IrU128)0 << bits);
	return (Int)v;
}

int
num_order(TypeId t, const Cv *a, const Cv *b)
{
	if (a->kind == CV_FLOAT)
		return a->f < b->f ? -1 : a->f > b->f ? 1 : a->f == b->f ? 0 : 2;
	if (types_is_int(t) && types_is_signed(t)) {
		Int x = num_signed(t, a->i), y = num_signed(t, b->i);

		return (x > y) - (x < y);
	}
	return (a->i > b->i) - (a->i < b->i);
}

/* ---- Integers ---- */

/* The result of + - * in the width of the type; true if it does not fit. */
static bool
overflows(TastBinaryOp op, TypeId t, IrU128 a, IrU128 b, IrU128 *r)
{
	Int x = num_signed(t, a), y = num_signed(t, b), s;
	bool over;

	if (types_is_signed(t)) {
		over = op == TAST_BINARY_OP_ADD ? __builtin_add_overflow(x, y, &s) :
		    op == TAST_BINARY_OP_SUB ? __builtin_sub_overflow(x, y, &s) : __builtin_mul_overflow(x, y, &s);
		*r = num_cut(t, (IrU128)s);
		return over || num_signed(t, *r) != s;
	}
	over = op == TAST_BINARY_OP_ADD ? __builtin_add_overflow(a, b, r) :
	    op == TAST_BINARY_OP_SUB ? __builtin_sub_overflow(a, b, r) : __builtin_mul_overflow(a, b, r);
	over |= num_cut(t, *r) != *r;
	*r = num_cut(t, *r);
	return over;
}

static const char *
verb(TastBinaryOp op)
{
	return op == TAST_BINARY_OP_ADD ? "add" : op == TAST_BINARY_OP_SUB ? "subtract" : "multiply";
}

static EvFlow
int_divide(Ev *ev, TastBinaryOp op, TypeId t, IrU128 a, IrU128 b, Span span, Cv *out)
{
	bool rem = op == TAST_BINARY_OP_REM, sign = types_is_signed(t);
	Int x = num_signed(t, a), y = num_signed(t, b);

	if (!b)
		return ev_panic(ev, span, rem ?
		    "attempt to calculate the remainder with a divisor of zero" : "attempt to divide by zero");
	if (sign && y == -1 && a == num_cut(t, (IrU128)1 << (types_bits(t) - 1)))
		return ev_panic(ev, span, rem ?
		    "attempt to calculate the remainder with overflow" : "attempt to divide with overflow");
	if (sign)
		*out = cv_int(num_cut(t, (IrU128)(rem ? x % y : x / y)));
	else
		*out = cv_int(rem ? a % b : a / b);
	return EV_NEXT;
}

static EvFlow
int_shift(Ev *ev, TastBinaryOp op, TypeId t, IrU128 a, IrU128 b, Span span, Cv *out)
{
	bool left = op == TAST_BINARY_OP_SHL;

	/* a negative distance is a large one */
	if (b >= types_bits(t))
		return ev_panic(ev, span, "attempt to shift %s with overflow", left ? "left" : "right");
	if (left)
		*out = cv_int(num_cut(t, a << (uint32_t)b));
	else if (types_is_signed(t))
		*out = cv_int(num_cut(t, (IrU128)(num_signed(t, a) >> (uint32_t)b)));
	else
		*out = cv_int(a >> (uint32_t)b);
	return EV_NEXT;
}

static EvFlow
int_binary(Ev *ev, TastBinaryOp op, TypeId t, IrU128 a, IrU128 b, Span span, Cv *out)
{
	IrU128 r;

	switch (op) {
	case TAST_BINARY_OP_ADD:
	case TAST_BINARY_OP_SUB:
	case TAST_BINARY_OP_MUL:
		if (overflows(op, t, a, b, &r))
			return ev_panic(ev, span, "attempt to %s with overflow", verb(op));
		*out = cv_int(r);
		return EV_NEXT;
	case TAST_BINARY_OP_ADD_WRAP:
		*out = cv_int(num_cut(t, a + b));
		return EV_NEXT;
	case TAST_BINARY_OP_SUB_WRAP:
		*out = cv_int(num_cut(t, a - b));
		return EV_NEXT;
	case TAST_BINARY_OP_MUL_WRAP:
		*out = cv_int(num_cut(t, a * b));
		return EV_NEXT;
	case TAST_BINARY_OP_DIV:
	case TAST_BINARY_OP_REM:
		return int_divide(ev, op, t, a, b, span, out);
	case TAST_BINARY_OP_SHL:
	case TAST_BINARY_OP_SHR:
		return int_shift(ev, op, t, a, b, span, out);
	case TAST_BINARY_OP_BIT_AND:
		*out = cv_int(a & b);
		return EV_NEXT;
	case TAST_BINARY_OP_BIT_OR:
		*out = cv_int(a | b);
		return EV_NEXT;
	case TAST_BINARY_OP_BIT_XOR:
		*out = cv_int(a ^ b);
		return EV_NEXT;
	case TAST_BINARY_OP_EQ:
	case TAST_BINARY_OP_NE:
	case TAST_BINARY_OP_LT:
	case TAST_BINARY_OP_LE:
	case TAST_BINARY_OP_GT:
	case TAST_BINARY_OP_GE:
	case TAST_BINARY_OP_AND:
	case TAST_BINARY_OP_OR:
		break;
	}
	return ev_broken(ev, span);
}

/* ---- Floats ---- */

static double
rounded(TypeId t, double f)
{
	return t == TY_F32 ? (double)(float)f : f;
}

static double
float_binary(TastBinaryOp op, TypeId t, double a, double b)
{
	switch (op) {
	case TAST_BINARY_OP_ADD:
		return t == TY_F32 ? (float)a + (float)b : a + b;
	case TAST_BINARY_OP_SUB:
		return t == TY_F32 ? (float)a - (float)b : a - b;
	case TAST_BINARY_OP_MUL:
		return t == TY_F32 ? (float)a * (float)b : a * b;
	case TAST_BINARY_OP_DIV:
		return t == TY_F32 ? (float)a / (float)b : a / b;
	case TAST_BINARY_OP_REM:
		return t == TY_F32 ? fmodf((float)a, (float)b) : fmod(a, b);
	case TAST_BINARY_OP_ADD_WRAP:
	case TAST_BINARY_OP_SUB_WRAP:
	case TAST_BINARY_OP_MUL_WRAP:
	case TAST_BINARY_OP_BIT_AND:
	case TAST_BINARY_OP_BIT_OR:
	case TAST_BINARY_OP_BIT_XOR:
	case TAST_BINARY_OP_SHL:
	case TAST_BINARY_OP_SHR:
	case TAST_BINARY_OP_EQ:
	case TAST_BINARY_OP_NE:
	case TAST_BINARY_OP_LT:
	case TAST_BINARY_OP_LE:
	case TAST_BINARY_OP_GT:
	case TAST_BINARY_OP_GE:
	case TAST_BINARY_OP_AND:
	case TAST_BINARY_OP_OR:
		break;
	}
	return 0;
}

EvFlow
num_binary(Ev *ev, TastBinaryOp op, TypeId t, const Cv *a, const Cv *b, Span span, Cv *out)
{
	if (a->kind == CV_FLOAT && b->kind == CV_FLOAT) {
		*out = cv_float(rounded(t, float_binary(op, t, a->f, b->f)));
		return EV_NEXT;
	}
	if (a->kind != CV_INT || b->kind != CV_INT)
		return ev_broken(ev, span);
	return int_binary(ev, op, t, a->i, b->i, span, out);
}

EvFlow
num_negate(Ev *ev, TypeId t, const Cv *a, Span span, Cv *out)
{
	if (a->kind == CV_FLOAT) {
		*out = cv_float(-a->f);
		return EV_NEXT;
	}
	if (a->i == num_cut(t, (IrU128)1 << (types_bits(t) - 1)))
		return ev_panic(ev, span, "attempt to negate with overflow");
	*out = cv_int(num_cut(t, -a->i));
	return EV_NEXT;
}

/* ---- Casts ---- */

/* Saturates; NaN is 0. */
static Cv
float_to_int(TypeId to, double f)
{
	uint32_t bits = types_bits(to);
	bool sign = types_is_signed(to);
	double high = ldexp(1, (int)(sign ? bits - 1 : bits)), low = sign ? -high : 0;
	IrU128 top = (IrU128)1 << (bits - 1);

	if (isnan(f))
		return cv_int(0);
	if (f >= high)
		return cv_int(sign ? top - 1 : num_cut(to, ~(IrU128)0));
	if (f <= low)
		return cv_int(sign ? top : 0);
	return cv_int(num_cut(to, sign ? (IrU128)(Int)f : (IrU128)f));
}

Cv
num_cast(TypeId from, TypeId to, const Cv *v)
{
	bool sign = types_is_int(from) && types_is_signed(from);

	if (v->kind == CV_FLOAT)
		return types_is_float(to) ? cv_float(rounded(to, v->f)) : float_to_int(to, v->f);
	if (to == TY_F32)
		return cv_float(sign ? (double)(float)num_signed(from, v->i) : (double)(float)v->i);
	if (to == TY_F64)
		return cv_float(sign ? (double)num_signed(from, v->i) : (double)v->i);
	return cv_int(num_cut(to, sign ? (IrU128)num_signed(from, v->i) : v->i));
}
