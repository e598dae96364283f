/* Floats: the fewest digits that read back, or exactly as many as asked for. */
#include "librt/fmt/fmt.h"
#include "librt/alloc/raw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMAL_MAX = 360 };

/* --- the fewest digits ----------------------------------------------------------------------------- */

/* "d.ddde±x" as digits. */
static Digits
from_scientific(const char *s)
{
	Digits d = {.n = 0};

	d.at[d.n++] = *s++;
	if (*s == '.')
		for (s++; *s >= '0' && *s <= '9'; s++)
			d.at[d.n++] = *s;
	d.point = (int)strtol(s + 1, NULL, 10) + 1;
	while (d.n > 1 && d.at[d.n - 1] == '0')
		d.n--;
	return d;
}

static bool
reads_back(const char *s, double v, bool is_f32)
{
	return is_f32 ? strtof(s, NULL) == (float)v : strtod(s, NULL) == v;
}

/* The next decimal of as many digits; false where that would carry through. */
static bool
step_up(char *s)
{
	char *p = strchr(s, 'e');

	while (p-- > s) {
		if (*p == '.')
			continue;
		if ((*p)++ < '9')
			return true;
		*p = '0';
	}
	return false;
}

/*
 * A decimal of 15 digits (f32: 6) survives the way through a float, so when fewer digits are enough,
 * the shortest is that one without its zeros; below the normal numbers that does not hold.  Of n
 * digits the nearest to v is tried; at a power of two, where the floats above lie twice as far
 * apart as those below, the one above may read back when the nearest does not.
 */
Digits
gos_in_float_shortest(double v, bool is_f32)
{
	char s[40];
	int exponent, first = is_f32 ? 6 : 15, last = is_f32 ? 9 : 17;
	bool power_of_two = frexp(v, &exponent) == 0.5;

	if (v == 0)
		return (Digits){{'0'}, 1, 1};
	if (v < (is_f32 ? 0x1p-126 : 0x1p-1022))
		first = 1;
	for (int n = first; n < last; n++) {
		snprintf(s, sizeof s, "%.*e", n - 1, v);
		if (reads_back(s, v, is_f32))
			return from_scientific(s);
		if (power_of_two && step_up(s) && reads_back(s, v, is_f32))
			return from_scientific(s);
	}
	snprintf(s, sizeof s, "%.*e", last - 1, v);
	return from_scientific(s);
}

/* Whole numbers below 2^53 need all their digits, and are common. */
static Digits
shortest(double v, bool is_f32)
{
	if (is_f32 || v >= 0x1p53 || v != (double)(uint64_t)v || v == 0)
		return gos_in_float_shortest(v, is_f32);
	Digits d;
	char s[20];
	int n = 0;
	uint64_t whole = (uint64_t)v;
	for (; whole; whole /= 10)
		s[n++] = (char)('0' + whole % 10);
	d.point = d.n = n;
	for (int i = 0; i < n; i++)
		d.at[i] = s[n - 1 - i];
	while (d.at[d.n - 1] == '0')
		d.n--;
	return d;
}

/* Without an exponent; at least `fraction` digits after the point. */
static int
to_decimal(char *out, const Digits *d, int fraction)
{
	char *p = out;
	int after = d->n > d->point ? d->n - d->point : 0;

	if (d->point <= 0)
		*p++ = '0';
	for (int i = 0; i < d->point; i++)
		*p++ = i < d->n ? d->at[i] : '0';
	if (after > 0 || fraction > 0)
		*p++ = '.';
	for (int i = 0; i < after; i++) {
		int at = d->n - after + i;
		*p++ = at >= 0 ? d->at[at] : '0';
	}
	for (int i = after; i < fraction; i++)
		*p++ = '0';
	return (int)(p - out);
}

/* --- as many digits as asked for ------------------------------------------------------------------- */

/* C writes e+05 and e-05 where we write e5 and e-5. */
static int
trim_exponent(char *s, int n, bool upper)
{
	char *e = memchr(s, 'e', (size_t)n), *from, *to;

	if (!e)
		return n;
	*e = upper ? 'E' : 'e';
	from = to = e + 1;
	if (*from == '-')
		*to++ = '-';
	from++;
	while (*from == '0' && from[1])
		from++;
	while (*from)
		*to++ = *from++;
	*to = 0;
	return (int)(to - s);
}

static void
format_exact(G *g, GosFormatter *f, Text sign, double v, bool exp)
{
	char small[DECIMAL_MAX], *s = small;
	const char *format = exp ? "%.*e" : "%.*f";
	int precision = f->precision < 1000000 ? (int)f->precision : 1000000;
	int n = snprintf(small, sizeof small, format, precision, v);

	if ((size_t)n >= sizeof small) {
		s = gos_in_raw_alloc((size_t)n + 1);
		snprintf(s, (size_t)n + 1, format, precision, v);
	}
	if (exp)
		n = trim_exponent(s, n, fmt_radix(f) == GOS_RADIX_EXP_UPPER);
	gos_in_fmt_number(g, f, sign, TEXT(""), (Text){s, (uint64_t)n});
	if (s != small)
		gos_in_raw_free(s);
}

/* --- all forms ------------------------------------------------------------------------------------- */

static bool
debug_wants_exponent(double v, bool is_f32)
{
	double low = is_f32 ? (double)1e-4f : 1e-4, high = is_f32 ? (double)1e16f : 1e16;

	return v != 0 && (v < low || v >= high);
}

static void
format_finite(G *g, GosFormatter *f, Text sign, double v, bool is_f32)
{
	uint32_t radix = fmt_radix(f);
	bool exp = radix == GOS_RADIX_EXP || radix == GOS_RADIX_EXP_UPPER;
	char out[DECIMAL_MAX];

	if (f->precision >= 0) {
		format_exact(g, f, sign, v, exp);
		return;
	}
	Digits d = shortest(v, is_f32);
	bool debug = fmt_is_debug(f);
	int n = exp || (debug && debug_wants_exponent(v, is_f32))
		? gos_in_fmt_scientific(out, d.at, d.n, d.point - 1, radix == GOS_RADIX_EXP_UPPER)
		: to_decimal(out, &d, debug);
	gos_in_fmt_number(g, f, sign, TEXT(""), (Text){out, (uint64_t)n});
}

void
gos_rt_fmt_float(G *g, void *f, double value, GosBool is_f32)
{
	Text plus = fmt_has(f, GOS_SPEC_PLUS) ? TEXT("+") : TEXT("");
	Text sign = signbit(value) ? TEXT("-") : plus;

	if (isnan(value))
		gos_in_fmt_number(g, f, TEXT(""), TEXT(""), TEXT("NaN"));
	else if (isinf(value))
		gos_in_fmt_number(g, f, sign, TEXT(""), TEXT("inf"));
	else
		format_finite(g, f, sign, fabs(value), is_f32);
}
