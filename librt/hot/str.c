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

/* Is the buffer the String's own, with room for n more bytes? */
static inline bool
has_room(const GosString *s, uint64_t n)
{
	return (uint8_t)s->bytes[15] == GOS_HEAP_TAG && rc_load(&s->text->header) == 1
	    && (s->len & GOS_LEN_MASK) + n <= (uint64_t)s->text->cap;
}

void
gos_rt_str_push_str(G *g, void *slot, const GosString *s)
{
	GosString *to = slot, from = *s;
	uint64_t n = string_len(&from);

	if (LIKELY(has_room(to, n < sizeof from ? sizeof from : n))) {
		char *end = to->text->bytes + (to->len & GOS_LEN_MASK);
		/* What is inline is copied with its tag, and cut off. */
		if (string_is_heap(&from))
			memcpy(end, string_at(&from), n);
		else
			memcpy(end, &from, sizeof from);
		to->len += n;
		return;
	}
	gos_in_str_append(g, to, string_at(&from), n);
}

void
gos_rt_str_push_char(G *g, void *slot, uint32_t c)
{
	GosString *to = slot;

	if (UNLIKELY(c >= 0x80 || !has_room(to, 1))) {
		gos_in_str_push_char(g, to, c);
		return;
	}
	to->text->bytes[to->len & GOS_LEN_MASK] = (char)c;
	to->len++;
}
