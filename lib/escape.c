/* Decoding of escapes.  See escape.h. */
#include "lib/escape.h"
#include "lib/utf8.h"

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static Escape
decode_hex(const char *s, size_t n, EscapeMode mode)
{
	if (n < 4 || hex_value(s[2]) < 0 || hex_value(s[3]) < 0)
		return (Escape){ESCAPE_HEX, 2, 0};
	uint32_t value = (uint32_t)(hex_value(s[2]) * 16 + hex_value(s[3]));
	if (mode == ESCAPE_TEXT && value > 0x7f)
		return (Escape){ESCAPE_HEX_RANGE, 4, 0};
	return (Escape){ESCAPE_OK, 4, value};
}

static Escape
decode_unicode(const char *s, size_t n, EscapeMode mode)
{
	uint32_t value = 0, i = 3;

	if (n < 4 || s[2] != '{')
		return (Escape){ESCAPE_UNICODE, 2, 0};
	for (; i < n && i < 9 && hex_value(s[i]) >= 0; i++)
		value = value * 16 + (uint32_t)hex_value(s[i]);
	if (i == 3 || i >= n || s[i] != '}')
		return (Escape){ESCAPE_UNICODE, i, 0};
	i++;
	if (mode == ESCAPE_BYTES)
		return (Escape){ESCAPE_UNICODE_IN_BYTES, i, 0};
	if (!utf8_is_scalar(value))
		return (Escape){ESCAPE_SCALAR, i, 0};
	return (Escape){ESCAPE_OK, i, value};
}

/* The newline and the white space that begins the next line. */
static Escape
skip_newline(const char *s, size_t n)
{
	uint32_t i = 1;

	while (i < n && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r'))
		i++;
	return (Escape){ESCAPE_SKIP, i, 0};
}

Escape
escape_decode(const char *s, size_t n, EscapeMode mode)
{
	if (n < 2)
		return (Escape){ESCAPE_UNKNOWN, 1, 0};
	switch (s[1]) {
	case 'n':
		return (Escape){ESCAPE_OK, 2, '\n'};
	case 'r':
		return (Escape){ESCAPE_OK, 2, '\r'};
	case 't':
		return (Escape){ESCAPE_OK, 2, '\t'};
	case '0':
		return (Escape){ESCAPE_OK, 2, 0};
	case '\\':
	case '\'':
	case '"':
		return (Escape){ESCAPE_OK, 2, (unsigned char)s[1]};
	case 'x':
		return decode_hex(s, n, mode);
	case 'u':
		return decode_unicode(s, n, mode);
	case '\r':
	case '\n':
		if (s[1] == '\n' || (n > 2 && s[2] == '\n'))
			return skip_newline(s, n);
		break;
	}
	uint32_t scalar, len = utf8_decode(s + 1, n - 1, &scalar);
	return (Escape){ESCAPE_UNKNOWN, 1 + len, 0};
}
