/* Characters in quotes. */
#include "librt/fmt/fmt.h"
#include "librt/str/unicode.h"

#include <stdio.h>

static char
letter_of(uint32_t c)
{
	switch (c) {
	case 0:
		return '0';
	case '\t':
		return 't';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\\':
		return '\\';
	default:
		return 0;
	}
}

void
gos_in_fmt_escape(G *g, GosString *s, uint32_t c, char quote)
{
	char out[16] = "\\";
	int n;

	if (letter_of(c)) {
		out[1] = letter_of(c);
		n = 2;
	} else if (c == (uint8_t)quote) {
		out[1] = quote;
		n = 2;
	} else if (c >= ' ' && c < 0x7f) {
		out[0] = (char)c;
		n = 1;
	} else if (c < ' ' || gos_in_char_in(c, &gos_in_unicode_escaped)) {
		n = snprintf(out, sizeof out, "\\u{%x}", c);
	} else {
		n = (int)gos_in_utf8_put(out, c);
	}
	gos_in_str_append(g, s, out, (uint64_t)n);
}
