/*
 * Functions of real numbers, by number of the operation: the tables that `std` names them by.
 * All are the C library's; none allocates, parks or panics.
 */
#include "librt/gos_rt.h"

#include <math.h>

double
gos_rt_f64_unary(G *g, int64_t op, double x)
{
	static double (*const table[])(double) = {
		floor, ceil, round, trunc, exp, log, log2, log10,
		sin, cos, tan, asin, acos, atan, cbrt, fabs,
		exp2, expm1, log1p, sinh, cosh, tanh, asinh, acosh, atanh, nearbyint,
	};

	(void)g;
	return (uint64_t)op < sizeof table / sizeof *table ? table[op](x) : x;
}

double
gos_rt_f64_binary(G *g, int64_t op, double x, double y)
{
	(void)g;
	switch (op) {
	case 0:
		return pow(x, y);
	case 1:
		return atan2(x, y);
	default:
		return hypot(x, y);
	}
}

double
gos_rt_f64_mul_add(G *g, double x, double y, double z)
{
	(void)g;
	return fma(x, y, z);
}
