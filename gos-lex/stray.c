/* Bytes that begin no token: look-alikes from other alphabets, damage, foreign operators. */
#include "gos-lex/lex.h"

#include "lib/utf8.h"

#include <string.h>

#define K(name) TOKENS_KIND_##name

typedef struct LookAlike {
	uint32_t scalar;
	const char *ascii;
} LookAlike;

static const LookAlike look_alikes[] = {
	{0x00a0, " "}, {0x2000, " "}, {0x2001, " "}, {0x2002, " "}, {0x2003, " "}, {0x2004, " "},
	{0x2005, " "}, {0x2006, " "}, {0x2007, " "}, {0x2008, " "}, {0x2009, " "}, {0x200a, " "},
	{0x202f, " "}, {0x205f, " "}, {0x3000, " "}, {0x200b, ""}, {0x2060, ""}, {0xfeff, ""},
	{0x2028, "\n"}, {0x2029, "\n"}, {0x0085, "\n"},
	{0x2018, "'"}, {0x2019, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x00ab, "\""}, {0x00bb, "\""},
	{0x201e, "\""}, {0x2010, "-"}, {0x2011, "-"}, {0x2012, "-"}, {0x2013, "-"}, {0x2014, "-"},
	{0x2212, "-"}, {0x00d7, "*"}, {0x22c5, "*"}, {0x00f7, "/"}, {0x2215, "/"}, {0x2264, "<="},
	{0x2265, ">="}, {0x2260, "!="}, {0x2192, "->"}, {0x21d2, "=>"}, {0x2026, ".."},
	{0x00ac, "!"}, {0x2227, "&&"}, {0x2228, "||"}, {0x037e, ";"}, {0x2236, ":"}, {0x00b2, ".pow(2)"},
	{0x00b3, ".pow(3)"},
};

static const char *
look_alike(Lexer *lx, uint32_t scalar)
{
	for (size_t i = 0; i < sizeof look_alikes / sizeof *look_alikes; i++)
		if (look_alikes[i].scalar == scalar)
			return look_alikes[i].ascii;
	if (scalar > 0xff00 && scalar <= 0xff5e)	/* full-width forms */
		return arena_printf(lx->arena, "%c", (char)(scalar - 0xfee0));
	return NULL;
}

/* The closing typographic quote on this line, so that quoted text is one mistake. */
static const char *
closing_quote(const Lexer *lx, const char *start)
{
	for (const char *s = start + 3; s + 3 <= lx->end && *s != '\n'; s++)
		if (memcmp(s, "\xe2\x80\x9d", 3) == 0 || memcmp(s, "\xe2\x80\x9c", 3) == 0)
			return s;
	return NULL;
}

static TokensKind
smart_string(Lexer *lx, const char *start, const char *closing)
{
	lx->at = closing + 3;
	Diag *d = diag_error(lx->diags, G0106, lex_span(lx, start, start + 3),
	    arena_strndup(lx->arena, start, 3));

	diag_primary(d, "strings take plain quotes, `\"`");
	diag_fix(d, DIAG_SAFE, lex_span(lx, start, start + 3), "use plain quotes", "\"");
	diag_edit(d, lex_span(lx, closing, lx->at), "\"");
	return K(ERROR);
}

static void
explain_ascii(Diag *d, char c)
{
	switch (c) {
	case '$':
		diag_help(d, "values are put into text by `f\"… {name} …\"`; there are no user-defined macros");
		break;
	case '`':
		diag_help(d, "raw text is `r\"…\"`, text with values in it is `f\"… {name} …\"`");
		break;
	case '\\':
		diag_help(d, "an expression goes on where a line ends in an operator or an open bracket; "
		    "a closure is `|x| …`");
		break;
	}
}

static TokensKind
stray_char(Lexer *lx, const char *start, uint32_t scalar, uint32_t len)
{
	const char *ascii = look_alike(lx, scalar);
	const char *text = arena_strndup(lx->arena, start, len);

	/* A run of the same character is one mistake. */
	for (lx->at = start + len; (size_t)(lx->end - lx->at) >= len; lx->at += len)
		if (memcmp(lx->at, start, len) != 0)
			break;
	Span span = lex_span(lx, start, lx->at);
	if (!ascii && utf8_width(scalar) == 0)
		text = arena_printf(lx->arena, "U+%04X", scalar);
	Diag *d = diag_error(lx->diags, G0106, span, text);
	if (ascii && *ascii > ' ')
		diag_primary(d, "this looks like `%s`, but it is U+%04X", ascii, scalar);
	else if (ascii)
		diag_primary(d, "this is U+%04X", scalar);
	if (ascii)
		diag_fix(d, DIAG_SAFE, span, "use the plain character", ascii);
	explain_ascii(d, *start);
	return K(ERROR);
}

TokensKind
lex_stray(Lexer *lx, const char *start)
{
	uint32_t scalar, len = utf8_decode(start, (size_t)(lx->end - start), &scalar);

	if (len == 0 || scalar == 0) {	/* reported by lex_check_bytes */
		while (lx->at < lx->end && (*lx->at == 0 || !utf8_decode(lx->at,
		    (size_t)(lx->end - lx->at), &scalar)))
			lx->at++;
		return K(ERROR);
	}
	if (scalar == 0x201c) {
		const char *closing = closing_quote(lx, start);
		if (closing)
			return smart_string(lx, start, closing);
	}
	return stray_char(lx, start, scalar, len);
}

static void
check_nul(Lexer *lx)
{
	const char *nul = memchr(lx->text, 0, (size_t)(lx->end - lx->text));

	if (!nul)
		return;
	Diag *d = diag_error(lx->diags, G0109, lex_span(lx, nul, nul + 1));
	diag_primary(d, "here");
	diag_fix(d, DIAG_REVIEW, lex_span(lx, nul, nul + 1), "remove it", "");
}

/* One report per run of bad bytes. */
void
lex_check_bytes(Lexer *lx)
{
	const char *s = lx->text;

	check_nul(lx);
	for (;;) {
		s += utf8_valid_prefix(s, (size_t)(lx->end - s));
		if (s == lx->end)
			break;
		const char *start = s;
		uint32_t scalar;
		while (s < lx->end && !utf8_decode(s, (size_t)(lx->end - s), &scalar))
			s++;
		Diag *d = diag_error(lx->diags, G0105, lex_span(lx, start, s), (unsigned char)*start);
		diag_primary(d, "source files are UTF-8");
		diag_fix(d, DIAG_REVIEW, lex_span(lx, start, s), "mark that something is lost here", "\xEF\xBF\xBD");
	}
}
