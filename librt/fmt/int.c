/* Integers of up to 128 bits. */
#include "librt/fmt/fmt.h"

#include <string.h>

typedef unsigned __int128 U128;

/* Room for 128 binary digits. */
typedef struct Buffer {
	char at[136];
} Buffer;

static Text
to_decimal(Buffer *b, U128 v)
{
	char *end = b->at + sizeof b->at, *p = end;

	/* Most fit 64 bits, where division is one instruction. */
	while (v > UINT64_MAX) {
		*--p = (char)('0' + (int)(v % 10));
		v /= 10;
	}
	uint64_t low = (uint64_t)v;
	do
		*--p = (char)('0' + low % 10);
	while (low /= 10);
	return (Text){p, (uint64_t)(end - p)};
}

static Text
to_power_of_two(Buffer *b, U128 v, int shift, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char *end = b->at + sizeof b->at, *p = end;

	do
		*--p = digits[(int)v & ((1 << shift) - 1)];
	while (v >>= shift);
	return (Text){p, (uint64_t)(end - p)};
}

int
gos_in_fmt_scientific(char *out, const char *digits, int n, int exponent, bool upper)
{
	char *p = out;

	*p++ = digits[0];
	if (n > 1) {
		*p++ = '.';
		memcpy(p, digits + 1, (size_t)n - 1);
		p += n - 1;
	}
	*p++ = upper ? 'E' : 'e';
	if (exponent < 0) {
		*p++ = '-';
		exponent = -exponent;
	}
	if (exponent >= 100)
		*p++ = (char)('0' + exponent / 100);
	if (exponent >= 10)
		*p++ = (char)('0' + exponent / 10 % 10);
	*p++ = (char)('0' + exponent % 10);
	return (int)(p - out);
}

/* Keeps `keep` of n digits, half to even; the new number of digits before the point grows by the
 * result (0 or 1). */
static int
round_digits(char *d, int n, int keep)
{
	bool up = d[keep] > '5';

	if (d[keep] == '5') {
		for (int i = keep + 1; i < n && !up; i++)
			up = d[i] != '0';
		if (!up)
			up = (d[keep - 1] - '0') & 1;
	}
	for (int i = keep; up && i-- > 0;) {
		if (d[i]++ < '9')
			return 0;
		d[i] = '0';
	}
	if (!up)
		return 0;
	d[0] = '1'; /* it was all nines */
	return 1;
}

static void
format_exp(G *g, GosFormatter *f, Text sign, Text decimal)
{
	char digits[64], out[128];
	int n = (int)decimal.len, exponent = n - 1;
	GosString big;

	memcpy(digits, decimal.at, decimal.len);
	if (f->precision >= 0 && f->precision + 1 < n) {
		int keep = (int)f->precision + 1;
		exponent += round_digits(digits, n, keep);
		n = keep;
	} else if (f->precision < 0) {
		while (n > 1 && digits[n - 1] == '0')
			n--;
	}
	int len = gos_in_fmt_scientific(out, digits, n, exponent,
		fmt_radix(f) == GOS_RADIX_EXP_UPPER);
	int64_t zeros = f->precision + 1 - n;
	if (f->precision < 0 || zeros <= 0) {
		gos_in_fmt_number(g, f, sign, TEXT(""), (Text){out, (uint64_t)len});
		return;
	}
	int mantissa = n > 1 ? n + 1 : n;
	gos_in_str_make(g, &big, out, (uint64_t)mantissa);
	if (n == 1)
		gos_in_str_append(g, &big, ".", 1);
	while (zeros-- > 0)
		gos_in_str_append(g, &big, "0", 1);
	gos_in_str_append(g, &big, out + mantissa, (uint64_t)(len - mantissa));
	gos_in_fmt_number(g, f, sign, TEXT(""), string_text(&big));
	string_release(g, &big);
}

static void
format_bits(G *g, GosFormatter *f, U128 v, int shift, Text prefix, Text sign)
{
	Buffer b;
	bool upper = fmt_radix(f) == GOS_RADIX_HEX_UPPER || fmt_radix(f) == GOS_RADIX_DEBUG_HEX_UPPER;

	if (!fmt_has(f, GOS_SPEC_ALTERNATE))
		prefix.len = 0;
	gos_in_fmt_number(g, f, sign, prefix, to_power_of_two(&b, v, shift, upper));
}

static void
format(G *g, GosFormatter *f, U128 v, int64_t bits, bool negative)
{
	Buffer b;
	U128 magnitude = negative ? -v : v;
	U128 masked = bits < 128 ? v & (((U128)1 << bits) - 1) : v;
	Text plus = fmt_has(f, GOS_SPEC_PLUS) ? TEXT("+") : TEXT("");
	Text sign = negative ? TEXT("-") : plus;

	switch (fmt_radix(f)) {
	case GOS_RADIX_HEX:
	case GOS_RADIX_HEX_UPPER:
	case GOS_RADIX_DEBUG_HEX:
	case GOS_RADIX_DEBUG_HEX_UPPER:
		format_bits(g, f, masked, 4, TEXT("0x"), plus);
		return;
	case GOS_RADIX_OCTAL:
		format_bits(g, f, masked, 3, TEXT("0o"), plus);
		return;
	case GOS_RADIX_BINARY:
		format_bits(g, f, masked, 1, TEXT("0b"), plus);
		return;
	case GOS_RADIX_EXP:
	case GOS_RADIX_EXP_UPPER:
		format_exp(g, f, sign, to_decimal(&b, magnitude));
		return;
	default:
		gos_in_fmt_number(g, f, sign, TEXT(""), to_decimal(&b, magnitude));
		return;
	}
}

void
gos_rt_fmt_int(G *g, void *f, const void *value, int64_t bits, int64_t is_signed)
{
	U128 v;

	memcpy(&v, value, sizeof v);
	format(g, f, v, bits, is_signed && (__int128)v < 0);
}

void
gos_rt_fmt_i64(G *g, void *f, int64_t value)
{
	format(g, f, (U128)(__int128)value, 64, value < 0);
}
