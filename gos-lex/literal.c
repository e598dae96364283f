/*
 * Numbers, characters, strings and labels.  Values are not kept: the token's text is enough
 * for gos-parse, which may rely on every check made here.
 */
#include "gos-lex/lex.h"

#include "lib/escape.h"
#include "lib/utf8.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define K(name) TOKENS_KIND_##name

/* A copy of source text for a message, cut where it gets long. */
static const char *
shown(Lexer *lx, const char *start, const char *end)
{
	size_t n = (size_t)(end - start);

	return n > 60 ? arena_printf(lx->arena, "%.*s…", 57, start) : arena_strndup(lx->arena, start, n);
}

/* ---- numbers ------------------------------------------------------------------------------------ */

typedef struct IntType {
	const char *name;
	uint32_t bits;		/* of the largest literal: a signed one may stand behind `-` */
	bool is_signed;
} IntType;

/* isize and usize count as 64 bits; a target with less is the checker's matter. */
static const IntType int_types[] = {
	{"i8", 8, true}, {"i16", 16, true}, {"i32", 32, true}, {"i64", 64, true},
	{"i128", 128, true}, {"isize", 64, true}, {"u8", 8, false}, {"u16", 16, false},
	{"u32", 32, false}, {"u64", 64, false}, {"u128", 128, false}, {"usize", 64, false},
};

static const IntType *
find_int_type(const char *s, size_t n)
{
	for (size_t i = 0; i < sizeof int_types / sizeof *int_types; i++)
		if (strlen(int_types[i].name) == n && memcmp(int_types[i].name, s, n) == 0)
			return &int_types[i];
	return NULL;
}

static bool
is_float_type(const char *s, size_t n)
{
	return n == 3 && s[0] == 'f' && (memcmp(s, "f32", 3) == 0 || memcmp(s, "f64", 3) == 0);
}

static unsigned
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return 99;
}

/* False if the digits need more than 128 bits. */
static bool
read_digits(const char *s, const char *end, unsigned base, IrU128 *value)
{
	const IrU128 max = ~(IrU128)0;

	*value = 0;
	for (; s < end; s++) {
		if (*s == '_')
			continue;
		unsigned digit = digit_value(*s);
		if (*value > (max - digit) / base)
			return false;
		*value = *value * base + digit;
	}
	return true;
}

/* The first integer type with more room, of the same kind; the value is checked again in it. */
static void
fix_wider(Lexer *lx, Diag *d, const char *start, const char *type)
{
	static const char *const wider[] = {"i8", "i16", "i32", "i64", "i128", NULL, "u8", "u16", "u32",
	    "u64", "u128", NULL};
	size_t n = strlen(type), len = (size_t)(lx->at - start);

	for (size_t i = 0; i + 1 < sizeof wider / sizeof *wider; i++)
		if (wider[i] && wider[i + 1] && !strcmp(wider[i], type) && len > n && !memcmp(lx->at - n, type, n))
			diag_fix(d, DIAG_REVIEW, lex_span(lx, lx->at - n, lx->at), "take the next wider type",
			    wider[i + 1]);
}

static void
report_range(Lexer *lx, const char *start, const char *type)
{
	Diag *d = diag_error(lx->diags, G0107, lex_span(lx, start, lx->at), shown(lx, start, lx->at),
	    type);
	diag_primary(d, "out of range");
	fix_wider(lx, d, start, type);
}

static void
check_int_range(Lexer *lx, const char *start, const char *digits, const char *end, unsigned base,
    const IntType *type)
{
	IrU128 value;

	if (!read_digits(digits, end, base, &value))
		report_range(lx, start, type ? type->name : "128 bits, the widest there is");
	else if (type && type->is_signed && value > (IrU128)1 << (type->bits - 1))
		report_range(lx, start, type->name);
	else if (type && !type->is_signed && type->bits < 128 && value >> type->bits)
		report_range(lx, start, type->name);
}

static void
check_float_range(Lexer *lx, const char *start, const char *end, bool single)
{
	char buf[128];
	size_t n = 0;

	for (const char *s = start; s < end && n < sizeof buf - 1; s++)
		if (*s != '_')
			buf[n++] = *s;
	buf[n] = 0;
	double value = strtod(buf, NULL);
	/* The largest f32 and half a unit in its last place. */
	if (isinf(value) || (single && value >= 0x1.ffffffp127))
		report_range(lx, start, single ? "f32" : "f64");
}

static void
report_suffix(Lexer *lx, const char *suffix)
{
	const char *text = shown(lx, suffix, lx->at);
	Span span = lex_span(lx, suffix, lx->at);
	Diag *d = diag_error(lx->diags, G0108, span,
	    arena_printf(lx->arena, "`%s` is not a number type", text));

	diag_primary(d, "suffixes are i8 … i128, u8 … u128, isize, usize, f32, f64");
	if (strcmp(text, "f") == 0)
		diag_fix(d, DIAG_SAFE, span, "write `f32`", "f32");
	else if (strchr("uUlL", *text) && strspn(text, "uUlL") == strlen(text))
		diag_fix(d, DIAG_SAFE, span, "write the type", strpbrk(text, "uU") ? "u64" : "i64");
}

static const char *
skip_digits(const char *s, const char *end)
{
	while (s < end && ((*s >= '0' && *s <= '9') || *s == '_'))
		s++;
	return s;
}

/* The suffix at `at`, empty if there is none; moves behind it. */
static const char *
take_suffix(Lexer *lx)
{
	const char *suffix = lx->at;

	if (lex_is_ident_start(lx->at, lx->end))
		lx->at = lex_ident_end(lx->at, lx->end);
	return suffix;
}

static void
report_number(Lexer *lx, const char *start, const char *end, const char *what)
{
	diag_primary(diag_error(lx->diags, G0108, lex_span(lx, start, end), what), "in this number");
}

/* The end of digits and underscores in the base, reporting digits that are too large. */
static const char *
based_digits(Lexer *lx, const char *start, const char *s, unsigned base)
{
	bool any = false, bad = false;

	for (; s < lx->end && (*s == '_' || digit_value(*s) < (base == 16 ? 16 : 10)); s++) {
		any |= *s != '_';
		if (*s == '_' || digit_value(*s) < base || bad)
			continue;
		report_number(lx, s, s + 1,
		    arena_printf(lx->arena, "`%c` is not a digit in base %u", *s, base));
		bad = true;
	}
	if (!any)
		report_number(lx, start, s,
		    arena_printf(lx->arena, "no digits follow `%.2s`", start));
	return any && !bad ? s : NULL;
}

/* `0x`, `0o`, `0b` and the digits. */
static TokensKind
lex_based(Lexer *lx, const char *start, unsigned base)
{
	const char *s = start + 2;
	const char *end = based_digits(lx, start, s, base);

	while (s < lx->end && (*s == '_' || digit_value(*s) < (base == 16 ? 16 : 10)))
		s++;
	lx->at = s;
	const char *suffix = take_suffix(lx);
	const IntType *type = find_int_type(suffix, (size_t)(lx->at - suffix));
	if (suffix < lx->at && !type && end)
		report_suffix(lx, suffix);
	else if (end)
		check_int_range(lx, start, start + 2, end, base, type);
	if (start[1] < 'a') {
		Span span = lex_span(lx, start + 1, start + 2);
		Diag *d = diag_error(lx->diags, G0108, span, "the base is written in lower case");
		const char lower[2] = {(char)(start[1] | 0x20), 0};
		diag_fix(d, DIAG_SAFE, span, "write it in lower case", lower);
	}
	return K(INT);
}

/* `e` with digits behind it; an `e` without is reported. */
static bool
take_exponent(Lexer *lx, const char *start)
{
	const char *s = lx->at;

	if (s == lx->end || (*s != 'e' && *s != 'E'))
		return false;
	s++;
	bool sign = s < lx->end && (*s == '+' || *s == '-');
	const char *digits = s + sign, *end = skip_digits(digits, lx->end);
	const char *first = digits;
	while (first < end && *first == '_')
		first++;
	if (first == end) {
		/* `1em` is a bad suffix, not a bad exponent. */
		if (!sign && lex_is_ident_start(s, lx->end))
			return false;
		lx->at = digits;
		report_number(lx, start, lx->at, "the exponent has no digits");
		return true;
	}
	lx->at = end;
	return true;
}

static TokensKind
finish_number(Lexer *lx, const char *start, bool is_float)
{
	const char *end = lx->at, *suffix = take_suffix(lx);
	size_t n = (size_t)(lx->at - suffix);
	const IntType *type = find_int_type(suffix, n);

	if (n && !is_float_type(suffix, n) && (!type || is_float)) {
		report_suffix(lx, suffix);
		return is_float ? K(FLOAT) : K(INT);
	}
	if (!is_float && !is_float_type(suffix, n)) {
		check_int_range(lx, start, start, end, 10, type);
		return K(INT);
	}
	check_float_range(lx, start, end, n && suffix[1] == '3');
	return K(FLOAT);
}

TokensKind
lex_number(Lexer *lx, const char *start)
{
	char next = lx->at < lx->end ? (char)(*lx->at | 0x20) : 0;

	/* `t.0.1`: what follows a dot is an index, not a fraction. */
	if (lx->last == K(DOT)) {
		lx->at = skip_digits(start, lx->end);
		return K(INT);
	}
	if (*start == '0' && (next == 'x' || next == 'o' || next == 'b'))
		return lex_based(lx, start, next == 'x' ? 16 : next == 'o' ? 8 : 2);
	lx->at = skip_digits(start, lx->end);
	bool is_float = lx->end - lx->at > 1 && *lx->at == '.' && lx->at[1] >= '0' && lx->at[1] <= '9';
	if (is_float)
		lx->at = skip_digits(lx->at + 1, lx->end);
	is_float |= take_exponent(lx, start);
	return finish_number(lx, start, is_float);
}

/* ---- escapes ------------------------------------------------------------------------------------ */

static const char *
escape_message(Lexer *lx, Escape e, const char *text)
{
	switch (e.status) {
	case ESCAPE_OK:
	case ESCAPE_SKIP:
		break;
	case ESCAPE_UNKNOWN:
		return arena_printf(lx->arena, "`%s` is not an escape", text);
	case ESCAPE_HEX:
		return "`\\x` needs two hexadecimal digits";
	case ESCAPE_HEX_RANGE:
		return arena_printf(lx->arena, "`%s` is above `\\x7F`, so it is no character", text);
	case ESCAPE_UNICODE:
		return "`\\u` needs one to six hexadecimal digits in braces: `\\u{1F600}`";
	case ESCAPE_SCALAR:
		return arena_printf(lx->arena, "`%s` is not a Unicode scalar value", text);
	case ESCAPE_UNICODE_IN_BYTES:
		return "`\\u` has no place among bytes";
	}
	return "";
}

void
lex_escape(Lexer *lx, bool bytes)
{
	const char *start = lx->at;
	Escape e = escape_decode(start, (size_t)(lx->end - start), bytes ? ESCAPE_BYTES : ESCAPE_TEXT);

	lx->at += e.len;
	if (e.status == ESCAPE_OK || e.status == ESCAPE_SKIP)
		return;
	const char *text = arena_strndup(lx->arena, start, e.len);
	Span span = lex_span(lx, start, lx->at);
	Diag *d = diag_error(lx->diags, G0104, span, escape_message(lx, e, text));
	if (e.status == ESCAPE_UNKNOWN && e.len > 1) {
		diag_primary(d, "a backslash itself is written `\\\\`");
		diag_fix(d, DIAG_REVIEW, span, "double the backslash",
		    arena_printf(lx->arena, "\\%s", text));
	} else if (e.status == ESCAPE_HEX_RANGE) {
		diag_fix(d, DIAG_REVIEW, span, "write the scalar value",
		    arena_printf(lx->arena, "\\u{%.2s}", text + 2));
	}
}

/* ---- strings ------------------------------------------------------------------------------------ */

void
lex_unterminated(Lexer *lx, const char *start, const char *closing)
{
	const char *nl = memchr(start, '\n', (size_t)(lx->end - start));

	lx->at = nl ? nl : lx->end;
	Diag *d = diag_error(lx->diags, G0101, lex_span(lx, start, lx->at), closing);
	diag_primary(d, "the string begins here, and the file ends inside it");
	if (lx->long_string.len)
		diag_label(d, lx->long_string,
		    "this string goes on over several lines: is its closing quote missing?");
	lx->long_string.len = 0;
	if (nl)
		diag_fix(d, DIAG_REVIEW, lex_span(lx, nl, nl), "close it at the end of the line", "\"");
}

static void
check_byte_ascii(Lexer *lx, const char *start)
{
	uint32_t scalar, len = utf8_decode(start, (size_t)(lx->end - start), &scalar);

	lx->at += len ? len : 1;
	if (len == 0)
		return;		/* reported as bad UTF-8 */
	Diag *d = diag_error(lx->diags, G0110, lex_span(lx, start, lx->at),
	    arena_strndup(lx->arena, start, len));
	diag_primary(d, "not an ASCII character");
	if (scalar < 256 && len == 2)
		diag_fix(d, DIAG_REVIEW, lex_span(lx, start, lx->at), "write the byte of this value",
		    arena_printf(lx->arena, "\\x%02X", scalar));
}

static void
note_long_string(Lexer *lx, const char *start)
{
	const char *nl = memchr(start, '\n', (size_t)(lx->at - start));

	if (nl && !lx->long_string.len)
		lx->long_string = lex_span(lx, start, nl);
}

TokensKind
lex_string(Lexer *lx, const char *start, TokensKind kind)
{
	bool bytes = kind == K(BYTE_STR);

	for (lx->at++; lx->at < lx->end;) {
		char c = *lx->at;
		if (c == '"') {
			lx->at++;
			note_long_string(lx, start);
			return kind;
		}
		if (c == '\\')
			lex_escape(lx, bytes);
		else if (bytes && (c & 0x80))
			check_byte_ascii(lx, lx->at);
		else
			lx->at++;
	}
	lex_unterminated(lx, start, "\"");
	return K(ERROR);
}

/* Bytes are written as ASCII where there are no escapes. */
static void
check_raw_bytes(Lexer *lx, const char *from)
{
	const char *to = lx->at;

	for (lx->at = from; lx->at < to;) {
		if (*lx->at & 0x80)
			check_byte_ascii(lx, lx->at);
		else
			lx->at++;
	}
	lx->at = to;
}

TokensKind
lex_raw_string(Lexer *lx, const char *start, TokensKind kind)
{
	size_t hashes = 0;

	while (*lx->at == '#') {
		hashes++;
		lx->at++;
	}
	for (const char *p = lx->at + 1; p < lx->end; p++) {
		p = memchr(p, '"', (size_t)(lx->end - p));
		if (!p)
			break;
		size_t n = 0;
		while (n < hashes && p + 1 + n < lx->end && p[1 + n] == '#')
			n++;
		if (n == hashes) {
			lx->at = p + 1 + n;
			if (kind == K(BYTE_STR))
				check_raw_bytes(lx, start);
			return kind;
		}
	}
	char *closing = arena_alloc(lx->arena, hashes + 2, 1);
	closing[0] = '"';
	memset(closing + 1, '#', hashes);
	lex_unterminated(lx, start, closing);
	return K(ERROR);
}

/* ---- characters and labels ---------------------------------------------------------------------- */

static const char *
line_end(const char *s, const char *end)
{
	const char *nl = memchr(s, '\n', (size_t)(end - s));

	return nl ? nl : end;
}

/* May a value begin behind this token?  Then `'…` is more likely text than a label. */
static bool
value_follows(TokensKind last)
{
	return last == K(OPEN_PAREN) || last == K(OPEN_BRACKET) || last == K(EQ) ||
	    last == K(EQ_EQ) || last == K(NE) || last == K(COMMA) || last == K(PLUS) ||
	    last == K(PLUS_EQ) || last == K(FAT_ARROW) || last == K(KW_RETURN);
}

/* The closing quote of text in single quotes, or NULL if it does not look like that. */
static const char *
find_closing_quote(const Lexer *lx, const char *start)
{
	const char *end = line_end(start, lx->end);

	for (const char *s = start + 1; s < end; s++) {
		if (*s == '\\' && s + 1 < end) {
			s++;
			continue;
		}
		if (*s != '\'')
			continue;
		char next = s + 1 < end ? s[1] : '\n';
		bool closes = strchr(",;)]}.+ \r\n", next) && !strchr("&<, ([=|", s[-1]);
		return closes || s == start + 1 ? s : NULL;
	}
	return NULL;
}

static bool
has_double_quote(const char *s, const char *end)
{
	return memchr(s, '"', (size_t)(end - s)) != NULL;
}

/* `'text'`: a string with the wrong quotes. */
static TokensKind
single_quoted(Lexer *lx, const char *start, const char *closing)
{
	lx->at = closing + 1;
	Span span = lex_span(lx, start, lx->at);
	Diag *d = diag_error(lx->diags, G0103, span, "a character literal holds exactly one character");

	diag_primary(d, "strings take double quotes");
	if (!has_double_quote(start, closing))
		diag_fix(d, DIAG_SAFE, span, "use double quotes",
		    arena_printf(lx->arena, "\"%.*s\"", (int)(closing - start - 1), start + 1));
	return K(ERROR);
}

static TokensKind
bad_char(Lexer *lx, const char *start, const char *end, const char *title, const char *label)
{
	lx->at = end;
	diag_primary(diag_error(lx->diags, G0103, lex_span(lx, start, end), title), "%s", label);
	return K(ERROR);
}

/* Behind the first character or escape of a character literal. */
static TokensKind
close_char(Lexer *lx, const char *start, TokensKind kind)
{
	if (lx->at < lx->end && *lx->at == '\'') {
		lx->at++;
		return kind;
	}
	const char *closing = find_closing_quote(lx, start);
	if (closing && kind == K(CHAR))
		return single_quoted(lx, start, closing);
	return bad_char(lx, start, lx->at, "this character literal has no closing `'`",
	    "the literal begins here");
}

static TokensKind
lex_label(Lexer *lx, const char *start)
{
	const char *name_end = lex_ident_end(start + 1, lx->end);
	bool quoted = name_end < lx->end && *name_end == '\'';

	if (name_end < lx->end && *name_end == ':') {
		lx->at = name_end;
		return K(LABEL);
	}
	const char *closing = find_closing_quote(lx, start);

	if (closing && (quoted || value_follows(lx->last)))
		return single_quoted(lx, start, closing);
	if (quoted)
		return single_quoted(lx, start, name_end);
	lx->at = name_end;
	return K(LABEL);
}

TokensKind
lex_quote(Lexer *lx, const char *start)
{
	uint32_t scalar, len = utf8_decode(lx->at, (size_t)(lx->end - lx->at), &scalar);
	bool closed = len && lx->at + len < lx->end && lx->at[len] == '\'';

	if (len == 0 || scalar == '\n')
		return bad_char(lx, start, start + 1, "this character literal has no closing `'`", "");
	if (scalar == '\'') {
		if (closed)
			return bad_char(lx, start, lx->at + 2, "a single quote is written `'\\''`", "");
		return bad_char(lx, start, lx->at + 1, "this character literal is empty",
		    "an empty string is `\"\"`");
	}
	if (scalar == '\\') {
		lex_escape(lx, false);
		return close_char(lx, start, K(CHAR));
	}
	if (!closed && lex_is_ident_start(lx->at, lx->end))
		return lex_label(lx, start);
	lx->at += len;
	return close_char(lx, start, K(CHAR));
}

TokensKind
lex_byte(Lexer *lx, const char *start)
{
	char c = lx->at + 1 < lx->end ? lx->at[1] : '\n';

	lx->at++;
	if (c == '\'')
		return bad_char(lx, start, lx->at + 1, "this byte literal is empty", "");
	if (c == '\n')
		return bad_char(lx, start, lx->at, "this byte literal has no closing `'`", "");
	if (c == '\\')
		lex_escape(lx, true);
	else if (c & 0x80)
		check_byte_ascii(lx, lx->at);
	else
		lx->at++;
	return close_char(lx, start, K(BYTE));
}
