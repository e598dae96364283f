/* UTF-8.  Functions that say "valid" rely on it; only gos_in_utf8_is_valid takes any bytes. */
#include "librt/str/str.h"

uint32_t
gos_in_utf8_put(char *out, uint32_t c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

uint32_t
gos_in_utf8_get(const char *at, uint32_t *n)
{
	const uint8_t *p = (const uint8_t *)at;

	if (p[0] < 0x80) {
		*n = 1;
		return p[0];
	}
	if (p[0] < 0xe0) {
		*n = 2;
		return (p[0] & 0x1fu) << 6 | (p[1] & 0x3fu);
	}
	if (p[0] < 0xf0) {
		*n = 3;
		return (p[0] & 0x0fu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
	}
	*n = 4;
	return (p[0] & 0x07u) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
}

const char *
gos_in_utf8_before(const char *start, const char *end)
{
	const char *p = end - 1;

	while (p > start && (*p & 0xc0) == 0x80)
		p--;
	return p;
}

uint64_t
gos_in_utf8_count(const char *at, uint64_t n)
{
	uint64_t count = 0;

	for (uint64_t i = 0; i < n; i++)
		count += (at[i] & 0xc0) != 0x80;
	return count;
}

/*
 * How many bytes from here on could begin a character, and in *need how many it has: as many if it is one.
 * No overlong forms, no surrogates, at most U+10FFFF.
 */
static uint32_t
good_bytes(const uint8_t *p, uint64_t left, uint32_t *need)
{
	uint8_t low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	uint8_t high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	uint32_t n = 1;

	*need = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] >= 0x80 && (p[0] < 0xc2 || p[0] > 0xf4))
		return 0;
	for (; n < *need && n < left && p[n] >= low && p[n] <= high; n++) {
		low = 0x80;
		high = 0xbf;
	}
	return n;
}

uint32_t
gos_in_utf8_valid_char(const char *at, uint64_t left)
{
	uint32_t need, n = good_bytes((const uint8_t *)at, left, &need);

	return n == need ? n : 0;
}

uint32_t
gos_in_utf8_bad_run(const char *at, uint64_t left)
{
	uint32_t need, n = good_bytes((const uint8_t *)at, left, &need);

	return n ? n : 1;
}

bool
gos_in_utf8_is_valid(const char *at, uint64_t n)
{
	for (uint64_t i = 0; i < n;) {
		uint32_t len = gos_in_utf8_valid_char(at + i, n - i);
		if (!len)
			return false;
		i += len;
	}
	return true;
}
