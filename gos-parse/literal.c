/*
 * Values of literals.  gos-lex has checked them; a stream that it did not write may hold
 * anything, so what cannot be decoded becomes some value rather than a crash.
 */
#include "gos-parse/parse.h"

#include "lib/utf8.h"

#include <string.h>

bool
at_literal(const Parser *p)
{
	switch (peek(p)) {
	case T(INT): case T(FLOAT): case T(CHAR): case T(BYTE): case T(STR): case T(BYTE_STR):
	case T(RAW_STR): case T(KW_TRUE): case T(KW_FALSE):
		return true;
	default:	/* tokens, not nodes */
		return false;
	}
}

/* ---- numbers ---------------------------------------------------------------------------------- */

static unsigned
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	return (unsigned)((c | 0x20) - 'a') + 10;
}

static unsigned
int_base(Text s)
{
	if (s.n < 2 || s.s[0] != '0')
		return 10;
	char c = (char)(s.s[1] | 0x20);
	return c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
}

/* Length of the digits; a suffix follows. */
static uint32_t
digits_end(Text s, uint32_t from, unsigned base)
{
	uint32_t i = from;

	while (i < s.n && (s.s[i] == '_' || digit_value(s.s[i]) < base))
		i++;
	return i;
}

/* int = digits suffix? */
static AstExpr *
parse_int(Parser *p)
{
	Token t = take(p);
	Text s = token_text(p, &t);
	unsigned base = int_base(s);
	uint32_t from = base == 10 ? 0 : 2, end = digits_end(s, from, base);
	IrU128 value = 0;

	for (uint32_t i = from; i < end; i++)
		if (s.s[i] != '_')
			value = value * base + digit_value(s.s[i]);
	Sym suffix = intern(p->names, s.s + end, s.n - end);
	return ast_mk_expr_int(p->arena, token_span(&t), value, suffix);
}

/* float = digits ('.' digits)? exponent? suffix?     its text goes on without `_` */
static AstExpr *
parse_float(Parser *p)
{
	Token t = take(p);
	Text s = token_text(p, &t);
	const char *f = memchr(s.s, 'f', s.n);
	uint32_t end = f ? (uint32_t)(f - s.s) : s.n, n = 0;
	char *digits = arena_alloc(p->arena, end + 1, 1);

	for (uint32_t i = 0; i < end; i++)
		if (s.s[i] != '_')
			digits[n++] = s.s[i];
	return ast_mk_expr_float(p->arena, token_span(&t), intern(p->names, digits, n),
	    intern(p->names, s.s + end, s.n - end));
}

/* ---- characters and strings ------------------------------------------------------------------- */

/* The only character between the quotes, which begin at `from`. */
static uint32_t
char_value(Text s, uint32_t from, EscapeMode mode)
{
	uint32_t value = 0;

	if (from >= s.n)
		return 0;
	if (s.s[from] == '\\') {
		Escape e = escape_decode(s.s + from, s.n - from, mode);
		return e.status == ESCAPE_OK ? e.value : 0;
	}
	utf8_decode(s.s + from, s.n - from, &value);
	return mode == ESCAPE_BYTES ? value & 0xff : value;
}

static AstExpr *
parse_char(Parser *p)
{
	Token t = take(p);
	uint32_t value = char_value(token_text(p, &t), 1, ESCAPE_TEXT);

	return ast_mk_expr_char(p->arena, token_span(&t), value);
}

static AstExpr *
parse_byte(Parser *p)
{
	Token t = take(p);
	uint32_t value = char_value(token_text(p, &t), 2, ESCAPE_BYTES);

	return ast_mk_expr_byte(p->arena, token_span(&t), value);
}

uint32_t
put_escape(char *out, Escape e, EscapeMode mode)
{
	if (e.status != ESCAPE_OK)
		return 0;
	if (mode == ESCAPE_TEXT)
		return utf8_encode(e.value, out);
	*out = (char)e.value;
	return 1;
}

/* A line break in a literal is one line feed, however the file's lines end. */
static bool
is_crlf(const char *s, uint32_t n)
{
	return n > 1 && s[0] == '\r' && s[1] == '\n';
}

static Text
unescape(Parser *p, const char *s, uint32_t n, EscapeMode mode)
{
	/* No escape is shorter than what it stands for. */
	char *out = arena_alloc(p->arena, n + 1, 1);
	uint32_t len = 0;

	for (uint32_t i = 0; i < n;) {
		if (mode == ESCAPE_NONE || s[i] != '\\') {
			i += is_crlf(s + i, n - i);
			out[len++] = s[i++];
			continue;
		}
		Escape e = escape_decode(s + i, n - i, mode);
		len += put_escape(out + len, e, mode);
		i += e.len;
	}
	return (Text){out, len};
}

/* Between `r##"` and `"##`. */
static Text
raw_value(Text s)
{
	uint32_t open = 1;

	while (open < s.n && s.s[open] == '#')
		open++;
	uint32_t hashes = open - 1, quotes = 2 * hashes + 3;
	return s.n < quotes ? (Text){"", 0} : (Text){s.s + open + 1, s.n - quotes};
}

Text
string_value(Parser *p, const Token *t)
{
	Text s = token_text(p, t);
	uint32_t prefix = t->kind == T(BYTE_STR) ? 2 : 1;

	if (t->kind == T(BYTE_STR) && s.n > 1 && s.s[1] == 'r')
		s = (Text){s.s + 1, s.n - 1};
	if (*s.s == 'r') {
		s = raw_value(s);
		return memchr(s.s, '\r', s.n) ? unescape(p, s.s, s.n, ESCAPE_NONE) : s;
	}
	if (s.n < prefix + 1)
		return (Text){"", 0};
	s = (Text){s.s + prefix, s.n - prefix - 1};
	if (!memchr(s.s, '\\', s.n) && !memchr(s.s, '\r', s.n))
		return s;
	return unescape(p, s.s, s.n, t->kind == T(BYTE_STR) ? ESCAPE_BYTES : ESCAPE_TEXT);
}

static AstExpr *
parse_string(Parser *p)
{
	Token t = take(p);
	Text value = string_value(p, &t);

	if (t.kind == T(BYTE_STR))
		return ast_mk_expr_byte_str(p->arena, token_span(&t), value);
	return ast_mk_expr_str(p->arena, token_span(&t), intern(p->names, value.s, value.n));
}

/* literal = int | float | char | byte | string | byte_string | raw_string | 'true' | 'false' */
AstExpr *
parse_literal(Parser *p)
{
	uint32_t start = here(p);

	switch (peek(p)) {
	case T(INT):
		return parse_int(p);
	case T(FLOAT):
		return parse_float(p);
	case T(CHAR):
		return parse_char(p);
	case T(BYTE):
		return parse_byte(p);
	case T(STR):
	case T(RAW_STR):
	case T(BYTE_STR):
		return parse_string(p);
	case T(KW_TRUE):
	case T(KW_FALSE): {
		Token t = take(p);
		return ast_mk_expr_bool(p->arena, token_span(&t), t.kind == T(KW_TRUE));
	}
	default:	/* tokens, not nodes */
		break;
	}
	expected(p, "a literal");
	return ast_mk_expr_error(p->arena, (Span){start, 0});
}
