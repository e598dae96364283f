/* Numbers from text, by Rust's rules: no white space, no `_`, an optional sign. */
#include "librt/alloc/raw.h"
#include "librt/str/str.h"

#include <stdlib.h>
#include <string.h>

typedef unsigned __int128 U128;
typedef enum ParseError { PARSE_OK, PARSE_EMPTY, PARSE_INVALID, PARSE_RANGE } ParseError;

/* Digits alone, at most `limit`. */
static ParseError
parse_digits(Text t, U128 limit, U128 *value)
{
	U128 v = 0;
	bool over = false;

	if (t.len == 0)
		return PARSE_INVALID;
	for (uint64_t i = 0; i < t.len; i++) {
		if (t.at[i] < '0' || t.at[i] > '9')
			return PARSE_INVALID;
		uint32_t digit = (uint32_t)(t.at[i] - '0');
		if (over || v > (limit - digit) / 10)
			over = true;
		else
			v = v * 10 + digit;
	}
	*value = v;
	return over ? PARSE_RANGE : PARSE_OK;
}

static ParseError
parse_int(Text t, int64_t bits, bool is_signed, U128 *value)
{
	bool minus = t.len > 0 && t.at[0] == '-' && is_signed;
	bool sign = minus || (t.len > 0 && t.at[0] == '+');
	U128 limit = bits < 128 || is_signed ? ((U128)1 << (bits - is_signed)) - 1 : ~(U128)0;

	if (t.len == 0)
		return PARSE_EMPTY;
	t.at += sign;
	t.len -= sign;
	ParseError e = parse_digits(t, limit + minus, value);
	if (minus)
		*value = -*value;
	return e;
}

GosBool
gos_rt_str_parse_int(G *g, const GosString *s, int64_t bits, GosBool is_signed, void *value,
	void *error)
{
	U128 v = 0;
	ParseError e = parse_int(string_text(s), bits, is_signed, &v);

	(void)g;
	if (e != PARSE_OK) {
		*(int64_t *)error = e;
		return 0;
	}
	memcpy(value, &v, sizeof v);
	return 1;
}

static bool
equals_ignoring_case(Text t, const char *word)
{
	for (uint64_t i = 0; i < t.len; i++)
		if (!word[i] || (t.at[i] | 0x20) != word[i])
			return false;
	return !word[t.len];
}

static uint64_t
skip_digits(Text t, uint64_t i)
{
	while (i < t.len && t.at[i] >= '0' && t.at[i] <= '9')
		i++;
	return i;
}

/* digits [. digits] [e [sign] digits], with a digit on one side of the point at least */
static bool
is_decimal(Text t)
{
	uint64_t whole = skip_digits(t, 0), i = whole, fraction = 0;

	if (i < t.len && t.at[i] == '.') {
		i = skip_digits(t, i + 1);
		fraction = i - whole - 1;
	}
	if (whole + fraction == 0)
		return false;
	if (i < t.len && (t.at[i] | 0x20) == 'e') {
		i++;
		if (i < t.len && (t.at[i] == '+' || t.at[i] == '-'))
			i++;
		uint64_t start = i;
		i = skip_digits(t, i);
		if (i == start)
			return false;
	}
	return i == t.len;
}

GosBool
gos_rt_str_parse_float(G *g, const GosString *s, void *value)
{
	Text t = string_text(s), rest = t;
	char small[64], *copy = small;

	(void)g;
	if (t.len > 0 && (t.at[0] == '-' || t.at[0] == '+')) {
		rest.at++;
		rest.len--;
	}
	if (!is_decimal(rest) && !equals_ignoring_case(rest, "inf") &&
		!equals_ignoring_case(rest, "infinity") && !equals_ignoring_case(rest, "nan"))
		return 0;
	if (rest.len == 0)
		return 0;
	if (t.len >= sizeof small)
		copy = gos_in_raw_alloc(t.len + 1);
	memcpy(copy, t.at, t.len);
	copy[t.len] = 0;
	*(double *)value = strtod(copy, NULL);
	if (copy != small)
		gos_in_raw_free(copy);
	return 1;
}
