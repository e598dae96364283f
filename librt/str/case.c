/* Upper and lower case, and classes of characters, for programs. */
#include "librt/str/str.h"
#include "librt/str/unicode.h"

enum { SIGMA = 0x3a3, FINAL_SIGMA = 0x3c2 };

/* The one mapping that depends on context: a capital sigma ends a word when a letter comes before
 * it and none after. */
static bool
is_final_sigma(Text t, uint64_t at, uint32_t n)
{
	uint32_t len;

	if (at == 0 || !gos_in_char_in(gos_in_utf8_get(gos_in_utf8_before(t.at, t.at + at), &len),
		&gos_in_unicode_alphabetic))
		return false;
	return at + n == t.len ||
		!gos_in_char_in(gos_in_utf8_get(t.at + at + n, &len), &gos_in_unicode_alphabetic);
}

static void
append_mapped(G *g, GosString *out, uint32_t c, const CaseMap *map)
{
	uint32_t to[3], n = gos_in_char_map(c, map, to);

	for (uint32_t i = 0; i < n; i++)
		gos_rt_str_push_char(g, out, to[i]);
}

void
gos_rt_str_case(G *g, GosString *out, const GosString *s, GosBool upper)
{
	Text t = string_text(s);
	uint32_t n;

	gos_in_str_make(g, out, "", 0);
	for (uint64_t i = 0; i < t.len; i += n) {
		uint32_t c = gos_in_utf8_get(t.at + i, &n);
		if (upper)
			append_mapped(g, out, c, &gos_in_unicode_upper);
		else if (c == SIGMA && is_final_sigma(t, i, n))
			gos_rt_str_push_char(g, out, FINAL_SIGMA);
		else
			append_mapped(g, out, c, &gos_in_unicode_lower);
	}
}

/* A character whose mapping has several stays itself. */
uint32_t
gos_rt_char_case(G *g, uint32_t c, GosBool upper)
{
	uint32_t to[3];

	(void)g;
	if (gos_in_char_map(c, upper ? &gos_in_unicode_upper : &gos_in_unicode_lower, to) > 1)
		return c;
	return to[0];
}

static bool
is_punctuation(uint32_t c)
{
	return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
		(c >= '{' && c <= '~');
}

GosBool
gos_rt_char_class(G *g, uint32_t c, int64_t class_)
{
	(void)g;
	switch (class_) {
	case 0:
		return gos_in_char_in(c, &gos_in_unicode_alphabetic);
	case 1:
		return gos_in_char_in(c, &gos_in_unicode_numeric);
	case 2:
		return gos_in_char_in(c, &gos_in_unicode_alphabetic) ||
			gos_in_char_in(c, &gos_in_unicode_numeric);
	case 3:
		return gos_in_char_is_space(c);
	case 4:
		return gos_in_char_in(c, &gos_in_unicode_uppercase);
	case 5:
		return gos_in_char_in(c, &gos_in_unicode_lowercase);
	case 6:
		return c < ' ' || (c >= 0x7f && c < 0xa0);
	default:
		return is_punctuation(c);
	}
}
