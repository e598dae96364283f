/*
 * The scanner: one switch over the first byte of a token.  Literals, interpolated strings
 * and bytes without meaning are in files of their own.
 */
#include "gos-lex/lex.h"

#include "lib/utf8.h"

#include <string.h>

#define K(name) TOKENS_KIND_##name

typedef struct Keyword {
	const char *text;
	uint8_t len;
	TokensKind kind;
} Keyword;

#define KEYWORD(text, kind) {text, sizeof text - 1, K(kind)},
static const Keyword keywords[] = {
#include "lib/keywords.def"
};
#undef KEYWORD

enum { KEYWORDS = sizeof keywords / sizeof *keywords };

/* ---- names ------------------------------------------------------------------------------------ */

static inline bool
is_ascii_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
lex_is_ident_start(const char *s, const char *end)
{
	uint32_t scalar;

	if (s < end && is_ascii_letter(*s))
		return true;
	return s < end && (*s & 0x80) && utf8_decode(s, (size_t)(end - s), &scalar) &&
	    utf8_is_letter(scalar);
}

const char *
lex_ident_end(const char *s, const char *end)
{
	while (s < end) {
		uint32_t scalar, len;
		if (is_ascii_letter(*s) || is_digit(*s)) {
			s++;
			continue;
		}
		if (!(*s & 0x80) || !(len = utf8_decode(s, (size_t)(end - s), &scalar)) ||
		    (!utf8_is_letter(scalar) && !utf8_is_digit(scalar)))
			break;
		s += len;
	}
	return s;
}

/* A short scan from the first keyword with the same letter: at most four comparisons. */
static TokensKind
keyword_or_ident(const char *s, size_t n)
{
	static uint8_t first[128];	/* by first letter: 1 + index of its first keyword */

	if (!first['a'])
		for (uint8_t i = KEYWORDS; i-- > 0;)
			first[(unsigned char)keywords[i].text[0]] = (uint8_t)(i + 1);
	if (*s & 0x80 || !first[(unsigned char)*s])
		return K(IDENT);
	for (uint32_t i = first[(unsigned char)*s] - 1u; i < KEYWORDS; i++) {
		const Keyword *k = &keywords[i];
		if (k->text[0] != *s)
			break;
		if (k->len == n && memcmp(k->text, s, n) == 0)
			return k->kind;
	}
	return K(IDENT);
}

static TokensKind
lex_word(Lexer *lx, const char *start)
{
	lx->at = lex_ident_end(start, lx->end);
	size_t n = (size_t)(lx->at - start);

	if (n == 1 && *start == '_')
		return K(UNDERSCORE);
	return keyword_or_ident(start, n);
}

/* `r"…"` or `r##"…"##` from `p` on? */
static bool
is_raw(const Lexer *lx, const char *p)
{
	if (p == lx->end || *p++ != 'r')
		return false;
	while (p < lx->end && *p == '#')
		p++;
	return p < lx->end && *p == '"';
}

/* `b'…'`, `b"…"`, `br"…"`, `r"…"`, `r#"…"#`, `f"…"`, or a name. */
static TokensKind
lex_prefixed(Lexer *lx, const char *start)
{
	char next = lx->at < lx->end ? *lx->at : 0;

	if (*start == 'b' && next == '\'')
		return lex_byte(lx, start);
	if (*start == 'b' && next == '"')
		return lex_string(lx, start, K(BYTE_STR));
	if (*start == 'f' && next == '"') {
		lx->at++;
		return lex_fstring_start(lx, start);
	}
	if (*start == 'b' && is_raw(lx, lx->at)) {
		lx->at++;
		return lex_raw_string(lx, start, K(BYTE_STR));
	}
	if (is_raw(lx, start))
		return lex_raw_string(lx, start, K(RAW_STR));
	return lex_word(lx, start);
}

/* ---- between tokens ----------------------------------------------------------------------------- */

static TokensKind
lex_space(Lexer *lx)
{
	while (lx->at < lx->end) {
		char c = *lx->at;
		bool blank = c == ' ' || c == '\t' || c == '\v' || c == '\f' ||
		    (c == '\r' && !(lx->at + 1 < lx->end && lx->at[1] == '\n'));
		if (!blank)
			break;
		lx->at++;
	}
	return K(SPACE);
}

static TokensKind
lex_line_comment(Lexer *lx)
{
	const char *nl = memchr(lx->at, '\n', (size_t)(lx->end - lx->at));

	lx->at = nl ? nl : lx->end;
	if (nl && nl[-1] == '\r')
		lx->at--;
	return K(COMMENT);
}

static TokensKind
lex_block_comment(Lexer *lx, const char *start)
{
	for (const char *p = start + 2; p < lx->end; p++) {
		p = memchr(p, '*', (size_t)(lx->end - p));
		if (!p)
			break;
		if (p + 1 < lx->end && p[1] == '/') {
			lx->at = p + 2;
			return K(BLOCK_COMMENT);
		}
	}
	lx->at = lx->end;
	Diag *d = diag_error(lx->diags, G0102, lex_span(lx, start, start + 2));
	diag_primary(d, "the comment begins here");
	diag_fix(d, DIAG_REVIEW, lex_span(lx, lx->end, lx->end), "close it at the end of the file", " */");
	return K(BLOCK_COMMENT);
}

static TokensKind
lex_slash(Lexer *lx, const char *start)
{
	char next = lx->at < lx->end ? *lx->at : 0;

	if (next == '/')
		return lex_line_comment(lx);
	if (next == '*')
		return lex_block_comment(lx, start);
	if (next == '=') {
		lx->at++;
		return K(SLASH_EQ);
	}
	return K(SLASH);
}

/* ---- operators ---------------------------------------------------------------------------------- */

typedef struct Operator {
	char text[4];
	TokensKind kind;
} Operator;

/* Longer ones first among those with the same start. */
static const Operator operators[] = {
	{"..=", K(DOT_DOT_EQ)}, {"..", K(DOT_DOT)}, {".", K(DOT)},
	{"::", K(COLON_COLON)}, {":=", K(COLON_EQ)}, {":", K(COLON)},
	{"===", K(EQ_EQ_EQ)}, {"==", K(EQ_EQ)}, {"=>", K(FAT_ARROW)}, {"=", K(EQ)},
	{"!==", K(NOT_EQ_EQ)}, {"!=", K(NE)}, {"!", K(BANG)},
	{"<<=", K(SHL_EQ)}, {"<<", K(SHL)}, {"<=", K(LE)}, {"<", K(LT)},
	{">>=", K(SHR_EQ)}, {">>", K(SHR)}, {">=", K(GE)}, {">", K(GT)},
	{"+%=", K(PLUS_WRAP_EQ)}, {"+%", K(PLUS_WRAP)}, {"+=", K(PLUS_EQ)}, {"++", K(PLUS_PLUS)},
	{"+", K(PLUS)},
	{"-%=", K(MINUS_WRAP_EQ)}, {"-%", K(MINUS_WRAP)}, {"-=", K(MINUS_EQ)}, {"->", K(ARROW)},
	{"-", K(MINUS)},
	{"*%=", K(STAR_WRAP_EQ)}, {"*%", K(STAR_WRAP)}, {"*=", K(STAR_EQ)}, {"*", K(STAR)},
	{"%=", K(PERCENT_EQ)}, {"%", K(PERCENT)},
	{"&&", K(AMP_AMP)}, {"&=", K(AMP_EQ)}, {"&", K(AMP)},
	{"||", K(BAR_BAR)}, {"|>", K(PIPE_GT)}, {"|=", K(BAR_EQ)}, {"|", K(BAR)},
	{"^=", K(CARET_EQ)}, {"^", K(CARET)},
	{"(", K(OPEN_PAREN)}, {")", K(CLOSE_PAREN)}, {"[", K(OPEN_BRACKET)},
	{"]", K(CLOSE_BRACKET)}, {"{", K(OPEN_BRACE)}, {"}", K(CLOSE_BRACE)},
	{",", K(COMMA)}, {";", K(SEMI)}, {"?", K(QUESTION)}, {"@", K(AT)}, {"#", K(HASH)},
	{"~", K(TILDE)},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

static uint8_t operator_first[128];	/* 1 + index of the first with that byte */

static void
index_operators(void)
{
	for (uint8_t i = OPERATORS; i-- > 0;)
		operator_first[(unsigned char)operators[i].text[0]] = (uint8_t)(i + 1);
}

static TokensKind
lex_operator(Lexer *lx, const char *start)
{
	size_t left = (size_t)(lx->end - start);

	for (uint32_t i = operator_first[(unsigned char)*start] - 1u; i < OPERATORS; i++) {
		const char *text = operators[i].text;
		size_t n = text[1] ? text[2] ? 3 : 2 : 1;
		if (n <= left && memcmp(start, text, n) == 0) {
			lx->at = start + n;
			return operators[i].kind;
		}
	}
	return K(ERROR);
}

/* Counts brackets inside an interpolated string, and ends its expression. */
static TokensKind
lex_interpolated(Lexer *lx, const char *start, TokensKind kind)
{
	Interpolation *in = &vec_last(&lx->open);

	if (kind == K(OPEN_BRACE))
		in->braces++;
	else if (kind == K(OPEN_PAREN) || kind == K(OPEN_BRACKET))
		in->brackets++;
	else if ((kind == K(CLOSE_PAREN) || kind == K(CLOSE_BRACKET)) && in->brackets)
		in->brackets--;
	else if (kind == K(CLOSE_BRACE) && in->braces)
		in->braces--;
	else if (kind == K(CLOSE_BRACE))
		return lex_fstring_rest(lx, start);
	else if (kind == K(COLON) && !in->braces && !in->brackets)
		return lex_fstring_rest(lx, start);
	return kind;
}

/* ---- tokens ------------------------------------------------------------------------------------- */

/* The token at `at`, which is not the end; moves `at` behind it. */
static TokensKind
lex_token(Lexer *lx)
{
	const char *start = lx->at++;

	switch (*start) {
	case ' ': case '\t': case '\v': case '\f':
		return lex_space(lx);
	case '\r':
		if (lx->at < lx->end && *lx->at == '\n') {
			lx->at++;
			return K(NEWLINE);
		}
		return lex_space(lx);
	case '\n':
		return K(NEWLINE);
	case '/':
		return lex_slash(lx, start);
	case '"':
		lx->at = start;
		return lex_string(lx, start, K(STR));
	case '\'':
		return lex_quote(lx, start);
	case 'b': case 'f': case 'r':
		return lex_prefixed(lx, start);
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return lex_number(lx, start);
	}
	if (lex_is_ident_start(start, lx->end))
		return lex_word(lx, start);
	if (!(*start & 0x80) && operator_first[(unsigned char)*start]) {
		TokensKind kind = lex_operator(lx, start);
		return lx->open.len ? lex_interpolated(lx, start, kind) : kind;
	}
	return lex_stray(lx, start);
}

static bool
is_trivia(TokensKind kind)
{
	return kind == K(SPACE) || kind == K(NEWLINE) || kind == K(COMMENT) ||
	    kind == K(BLOCK_COMMENT) || kind == K(BOM) || kind == K(SHEBANG);
}

static void
put_token(Lexer *lx, TokensKind kind, const char *start)
{
	vec_push(lx->arena, &lx->line.kinds, kind);
	vec_push(lx->arena, &lx->line.lengths, (uint32_t)(lx->at - start));
	if (!is_trivia(kind))
		lx->last = kind;
}

/* A byte-order mark and `#!/usr/bin/env …`, which only a file's start may have. */
static void
lex_preamble(Lexer *lx)
{
	if (lx->end - lx->at >= 3 && memcmp(lx->at, "\xef\xbb\xbf", 3) == 0) {
		lx->at += 3;
		put_token(lx, K(BOM), lx->text);
	}
	if (lx->end - lx->at >= 2 && lx->at[0] == '#' && lx->at[1] == '!' &&
	    !(lx->end - lx->at > 2 && lx->at[2] == '[')) {
		const char *start = lx->at;
		lex_line_comment(lx);
		put_token(lx, K(SHEBANG), start);
	}
}

void
lexer_init(Lexer *lx, Arena *a, Diags *diags, const SourceFile *file)
{
	if (!operator_first['.'])
		index_operators();
	*lx = (Lexer){.arena = a, .diags = diags, .text = file->text, .at = file->text,
	    .end = file->text + file->len, .base = file->base};
	lex_check_bytes(lx);
}

const TokensLine *
lex_line(Lexer *lx)
{
	TokensKind kind = K(SPACE);

	lx->line.kinds.len = lx->line.lengths.len = 0;
	if (lx->at == lx->text)
		lex_preamble(lx);
	while (lx->at < lx->end && kind != K(NEWLINE)) {
		const char *start = lx->at;
		kind = lex_token(lx);
		put_token(lx, kind, start);
	}
	if (lx->at == lx->end)
		lex_fstring_check_closed(lx);
	return lx->line.kinds.len ? &lx->line : NULL;
}

Span
lex_span(const Lexer *lx, const char *start, const char *end)
{
	return (Span){lx->base + (uint32_t)(start - lx->text), (uint32_t)(end - start)};
}
