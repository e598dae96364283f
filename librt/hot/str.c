/* Strings: what release builds inline. */
#include "librt/str/str.h"

#include <string.h>

int64_t
gos_rt_str_len(G *g, const GosString *s)
{
	(void)g;
	return (int64_t)string_len(s);
}

int64_t
gos_rt_str_byte(G *g, const GosString *s, int64_t at)
{
	(void)g;
	return (uint8_t)string_at(s)[at];
}

GosBool
gos_rt_str_eq(G *g, const GosString *a, const GosString *b)
{
	(void)g;
	uint64_t n = string_len(a);

	return n == string_len(b) && memcmp(string_at(a), string_at(b), n) == 0;
}

uint32_t
gos_rt_str_char_at(G *g, const GosString *s, int64_t at)
{
	(void)g;
	const char *p = string_at(s) + at;
	uint32_t n, c = (uint8_t)*p;

	return LIKELY(c < 0x80) ? c : gos_in_utf8_get(p, &n);
}

uint32_t
gos_rt_str_char_before(G *g, const GosString *s, int64_t at)
{
	(void)g;
	const char *start = string_at(s);
	uint32_t n, c = (uint8_t)start[at - 1];

	return LIKELY(c < 0x80) ? c : gos_in_utf8_get(gos_in_utf8_before(start, start + at), &n);
}

GosBool
gos_rt_str_is_boundary(G *g, const GosString *s, int64_t at)
{
	(void)g;
	uint64_t n = string_len(s);

	if ((uint64_t)at >= n)
		return (uint64_t)at == n;
	return ((uint8_t)string_at(s)[at] & 0xc0) != 0x80;
}

int64_t
gos_rt_str_next_char(G *g, const GosString *s, int64_t at, void *out)
{
	(void)g;
	if ((uint64_t)at >= string_len(s))
		return -1;
	const char *p = string_at(s) + at;
	uint32_t n = 1;
	uint32_t c = (uint8_t)*p;
	if (UNLIKELY(c >= 0x80))
		c = gos_in_utf8_get(p, &n);
	*(uint32_t *)out = c;
	return at + n;
}
