/* Number functions that are one instruction once inlined. */
#include "librt/gos_rt.h"

#include <math.h>

double
gos_rt_f64_sqrt(G *g, double x)
{
	(void)g;
	return __builtin_sqrt(x);
}

int64_t
gos_rt_f64_to_bits(G *g, double x)
{
	(void)g;
	union { double d; int64_t i; } u = {.d = x};

	return u.i;
}

double
gos_rt_f64_from_bits(G *g, int64_t bits)
{
	(void)g;
	union { int64_t i; double d; } u = {.i = bits};

	return u.d;
}

int64_t
gos_rt_f32_to_bits(G *g, double x)
{
	(void)g;
	union { float f; uint32_t i; } u = {.f = (float)x};

	return u.i;
}

double
gos_rt_f32_from_bits(G *g, int64_t bits)
{
	(void)g;
	union { uint32_t i; float f; } u = {.i = (uint32_t)bits};

	return u.f;
}
