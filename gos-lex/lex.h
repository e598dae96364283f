/*
 * The lexer: a file's bytes to tokens, line by line.
 *
 * Invariant: the lengths of all tokens of a file add up to its size, whatever is in it.
 * What is wrong is reported once, here; the bytes become a token of kind Error, or of the
 * kind that was meant.
 */
#ifndef GOS_LEX_LEX_H
#define GOS_LEX_LEX_H

#include "gen/tokens.h"
#include "lib/diag.h"

/* One interpolated string whose `{` is open. */
typedef struct Interpolation {
	uint32_t braces, brackets;	/* open inside it */
	Span start;			/* the token that began the string */
} Interpolation;

typedef struct Lexer {
	Arena *arena;
	Diags *diags;
	const char *text, *at, *end;
	uint32_t base;			/* position of text[0] */
	TokensKind last;		/* last token that is not white space or comment */
	VEC(Interpolation) open;	/* innermost last */
	Span long_string;		/* first string over several lines; len 0: none */
	TokensLine line;		/* being filled; reused */
} Lexer;

void lexer_init(Lexer *lx, Arena *a, Diags *diags, const SourceFile *file);
/* The next line's tokens, valid until the next call; NULL at the end of the file. */
const TokensLine *lex_line(Lexer *lx);

/* ---- literal.c: each is called with `at` behind the first byte or prefix, returns the kind -- */

TokensKind lex_number(Lexer *lx, const char *start);
/* At the quote. */
TokensKind lex_string(Lexer *lx, const char *start, TokensKind kind);
/* `r"` or `r#…"`, behind the r. */
/* From its hashes or its quote on; `kind` is RAW_STR or BYTE_STR. */
TokensKind lex_raw_string(Lexer *lx, const char *start, TokensKind kind);
/* At the quote; also labels. */
TokensKind lex_quote(Lexer *lx, const char *start);
TokensKind lex_byte(Lexer *lx, const char *start);

/* ---- interpolation.c -------------------------------------------------------------------------- */

/* Behind `f"`. */
TokensKind lex_fstring_start(Lexer *lx, const char *start);
/* Behind the `}` or `:` that ends an interpolated expression. */
TokensKind lex_fstring_rest(Lexer *lx, const char *start);
/* Reports what is still open at the end of the file. */
void lex_fstring_check_closed(Lexer *lx);

/* ---- stray.c ------------------------------------------------------------------------------------ */

/* Bytes that no token begins with. */
TokensKind lex_stray(Lexer *lx, const char *start);
/* Reports bytes that are not UTF-8, and zero bytes, for the whole file. */
void lex_check_bytes(Lexer *lx);

/* ---- helpers ------------------------------------------------------------------------------------- */

Span lex_span(const Lexer *lx, const char *start, const char *end);
/* Checks the escape at `at` and moves behind it. */
void lex_escape(Lexer *lx, bool bytes);
/* Reports an unterminated string that began at `start`; its token ends with its first line. */
void lex_unterminated(Lexer *lx, const char *start, const char *closing);
bool lex_is_ident_start(const char *s, const char *end);
/* The end of the identifier characters from `s` on. */
const char *lex_ident_end(const char *s, const char *end);

#endif
