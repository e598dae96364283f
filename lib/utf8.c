/* UTF-8 decoding and classification.  See utf8.h. */
#include "lib/utf8.h"

#include <string.h>
#include <utf8proc.h>

bool
utf8_is_scalar(uint32_t value)
{
	return value <= 0x10ffff && (value < 0xd800 || value > 0xdfff);
}

uint32_t
utf8_decode(const char *s, size_t n, uint32_t *scalar)
{
	const unsigned char *b = (const unsigned char *)s;

	if (n == 0)
		return 0;
	if (b[0] < 0x80) {
		*scalar = b[0];
		return 1;
	}
	utf8proc_int32_t cp;
	utf8proc_ssize_t len = utf8proc_iterate(b, n > 4 ? 4 : (utf8proc_ssize_t)n, &cp);
	if (len <= 0)
		return 0;
	*scalar = (uint32_t)cp;
	return (uint32_t)len;
}

uint32_t
utf8_encode(uint32_t scalar, char out[4])
{
	return (uint32_t)utf8proc_encode_char((utf8proc_int32_t)scalar, (utf8proc_uint8_t *)out);
}

static bool
is_ascii_word(const char *s)
{
	uint64_t w;

	memcpy(&w, s, 8);
	return (w & 0x8080808080808080u) == 0;
}

size_t
utf8_valid_prefix(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n) {
		uint32_t scalar;
		if (n - i >= 8 && is_ascii_word(s + i)) {
			i += 8;
			continue;
		}
		uint32_t len = utf8_decode(s + i, n - i, &scalar);
		if (len == 0)
			break;
		i += len;
	}
	return i;
}

size_t
utf8_count(const char *s, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; count++) {
		uint32_t scalar;
		uint32_t len = utf8_decode(s + i, n - i, &scalar);
		i += len ? len : 1;
	}
	return count;
}

uint32_t
utf8_width(uint32_t scalar)
{
	if (scalar >= 0x20 && scalar < 0x7f)
		return 1;
	int w = utf8proc_charwidth((utf8proc_int32_t)scalar);
	return w < 0 ? 0 : (uint32_t)w;
}

bool
utf8_is_letter(uint32_t scalar)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)scalar);

	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_LO;
}

bool
utf8_is_digit(uint32_t scalar)
{
	return utf8proc_category((utf8proc_int32_t)scalar) == UTF8PROC_CATEGORY_ND;
}
