/* Reports of what does not parse, and getting back on track. */
#include "gos-parse/parse.h"

#include <string.h>

static const char *const names[] = {
	[T(ERROR)] = "text that is no token", [T(SPACE)] = "white space",
	[T(NEWLINE)] = "a line break", [T(COMMENT)] = "a comment",
	[T(BLOCK_COMMENT)] = "a comment", [T(BOM)] = "a byte-order mark",
	[T(SHEBANG)] = "a `#!` line", [T(IDENT)] = "a name", [T(UNDERSCORE)] = "`_`",
	[T(LABEL)] = "a label", [T(INT)] = "an integer", [T(FLOAT)] = "a float",
	[T(CHAR)] = "a character", [T(BYTE)] = "a byte", [T(STR)] = "a string",
	[T(BYTE_STR)] = "a byte string", [T(RAW_STR)] = "a raw string",
	[T(F_STR)] = "an interpolated string", [T(F_STR_START)] = "an interpolated string",
	[T(F_STR_MID)] = "the `}` of an interpolation", [T(F_STR_END)] = "the `}` of an interpolation",
	[T(KW_AS)] = "`as`", [T(KW_ASYNC)] = "`async`", [T(KW_AWAIT)] = "`await`",
	[T(KW_BREAK)] = "`break`", [T(KW_CONST)] = "`const`", [T(KW_CONTINUE)] = "`continue`",
	[T(KW_CRATE)] = "`crate`", [T(KW_DYN)] = "`dyn`", [T(KW_ELSE)] = "`else`",
	[T(KW_ENUM)] = "`enum`", [T(KW_EXTERN)] = "`extern`", [T(KW_FALSE)] = "`false`",
	[T(KW_FN)] = "`fn`", [T(KW_FOR)] = "`for`", [T(KW_GO)] = "`go`", [T(KW_IF)] = "`if`",
	[T(KW_IMPL)] = "`impl`", [T(KW_IN)] = "`in`", [T(KW_LET)] = "`let`", [T(KW_LOOP)] = "`loop`",
	[T(KW_MATCH)] = "`match`", [T(KW_MOD)] = "`mod`", [T(KW_MUT)] = "`mut`", [T(KW_PUB)] = "`pub`",
	[T(KW_RETURN)] = "`return`", [T(KW_SELECT)] = "`select`", [T(KW_SELF)] = "`self`",
	[T(KW_SELF_TYPE)] = "`Self`", [T(KW_STATIC)] = "`static`", [T(KW_STRUCT)] = "`struct`",
	[T(KW_SUPER)] = "`super`", [T(KW_TRAIT)] = "`trait`", [T(KW_TRUE)] = "`true`",
	[T(KW_TYPE)] = "`type`", [T(KW_UNSAFE)] = "`unsafe`", [T(KW_USE)] = "`use`",
	[T(KW_WHERE)] = "`where`", [T(KW_WHILE)] = "`while`", [T(KW_YIELD)] = "`yield`",
	[T(OPEN_PAREN)] = "`(`", [T(CLOSE_PAREN)] = "`)`", [T(OPEN_BRACKET)] = "`[`",
	[T(CLOSE_BRACKET)] = "`]`", [T(OPEN_BRACE)] = "`{`", [T(CLOSE_BRACE)] = "`}`",
	[T(COMMA)] = "`,`", [T(SEMI)] = "`;`", [T(COLON)] = "`:`", [T(COLON_COLON)] = "`::`",
	[T(DOT)] = "`.`", [T(DOT_DOT)] = "`..`", [T(DOT_DOT_EQ)] = "`..=`", [T(ARROW)] = "`->`",
	[T(FAT_ARROW)] = "`=>`", [T(QUESTION)] = "`?`", [T(AT)] = "`@`", [T(HASH)] = "`#`",
	[T(EQ)] = "`=`", [T(EQ_EQ)] = "`==`", [T(NE)] = "`!=`", [T(LT)] = "`<`", [T(LE)] = "`<=`",
	[T(GT)] = "`>`", [T(GE)] = "`>=`", [T(PLUS)] = "`+`", [T(MINUS)] = "`-`", [T(STAR)] = "`*`",
	[T(SLASH)] = "`/`", [T(PERCENT)] = "`%`", [T(PLUS_WRAP)] = "`+%`", [T(MINUS_WRAP)] = "`-%`",
	[T(STAR_WRAP)] = "`*%`", [T(AMP)] = "`&`", [T(AMP_AMP)] = "`&&`", [T(BAR)] = "`|`",
	[T(BAR_BAR)] = "`||`", [T(CARET)] = "`^`", [T(SHL)] = "`<<`", [T(SHR)] = "`>>`",
	[T(BANG)] = "`!`", [T(PIPE_GT)] = "`|>`", [T(PLUS_EQ)] = "`+=`", [T(MINUS_EQ)] = "`-=`",
	[T(STAR_EQ)] = "`*=`", [T(SLASH_EQ)] = "`/=`", [T(PERCENT_EQ)] = "`%=`", [T(AMP_EQ)] = "`&=`",
	[T(BAR_EQ)] = "`|=`", [T(CARET_EQ)] = "`^=`", [T(SHL_EQ)] = "`<<=`", [T(SHR_EQ)] = "`>>=`",
	[T(PLUS_WRAP_EQ)] = "`+%=`", [T(MINUS_WRAP_EQ)] = "`-%=`", [T(STAR_WRAP_EQ)] = "`*%=`",
	[T(PLUS_PLUS)] = "`++`", [T(COLON_EQ)] = "`:=`", [T(EQ_EQ_EQ)] = "`===`",
	[T(NOT_EQ_EQ)] = "`!==`", [T(TILDE)] = "`~`",
};

const char *
token_name(TokensKind kind)
{
	return kind == TOKEN_END ? "the end of the file" : names[kind];
}

Diag *
parse_error(Parser *p, DiagCode code, Span span)
{
	if (p->panic)
		return NULL;
	p->panic = true;
	/* gos-lex has already reported this one. */
	if (peek(p) == T(ERROR) && span.start == here(p))
		return NULL;
	return diag_report_plain(p->diags, code, span);
}

static const char *
found_name(Parser *p, const Token *t)
{
	if (t->kind == T(IDENT) || t->kind == T(LABEL) || t->kind == T(INT) || t->kind == T(FLOAT))
		return arena_printf(p->diags->arena, "`%.*s`", (int)(t->len > 60 ? 60 : t->len),
		    token_text(p, t).s);
	return token_name((TokensKind)t->kind);
}

/* A closing bracket or a separator that is missing can be written where it should be. */
static void
fix_missing_token(Diag *d, Span span, const char *what)
{
	static const char *const tokens[] = {")", "]", "}", ",", ":", "=>", "="};

	for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
		size_t n = strlen(tokens[i]);

		if (strlen(what) == n + 2 && !memcmp(what + 1, tokens[i], n))
			diag_fix(d, DIAG_REVIEW, (Span){span.start, 0}, "add it", tokens[i]);
	}
}

/*
 * At a line break the mistake is at the end of the line before, where something is missing,
 * not at the token that happens to come next.
 */
Diag *
expected(Parser *p, const char *what)
{
	const Token *t = peek_token(p);
	bool missing = t->newline && p->at > p->stmt_start;
	Span span = missing ? (Span){p->last_end, 0} : token_span(t);

	if (p->panic)
		return NULL;
	p->panic = true;
	if (t->kind == T(ERROR) || (t->kind == TOKEN_END && p->end_reported))
		return NULL;
	p->end_reported = t->kind == TOKEN_END;
	const char *found = t->kind != TOKEN_END && missing ? "the end of the line" : found_name(p, t);
	Diag *d = diag_error(p->diags, G0201, span, what, found);
	diag_primary(d, "expected %s", what);
	fix_missing_token(d, span, what);
	return d;
}

/* How far the line of a position is indented. */
static uint32_t
indentation(const Parser *p, uint32_t pos)
{
	uint32_t at = pos - p->base, blanks = 0;

	while (at && p->text[at - 1] != '\n')
		at--;
	while (p->text[at + blanks] == ' ' || p->text[at + blanks] == '\t')
		blanks++;
	return blanks;
}

/*
 * The first `{` that is closed by a `}` at the start of a line, indented less than its own line:
 * its own `}` is probably the missing one.  Returns its index, or NO_PARTNER.
 */
static uint32_t
find_misindented(const Parser *p)
{
	for (uint32_t i = 0; i < p->in->tokens.len; i++) {
		uint32_t close = p->in->partner.at[i];
		if (p->tokens[i].kind != T(OPEN_BRACE) || close == NO_PARTNER ||
		    !p->tokens[close].newline)
			continue;
		if (indentation(p, p->tokens[close].start) < indentation(p, p->tokens[i].start))
			return i;
	}
	return NO_PARTNER;
}

void
report_unclosed(Parser *p, uint32_t open)
{
	Diag *d = expected(p, "`}`");

	p->panic = false;
	if (!d)
		return;
	uint32_t suspect = find_misindented(p);
	if (suspect == NO_PARTNER) {
		diag_label(d, token_span(&p->tokens[open]), "this block is still open");
		return;
	}
	diag_label(d, token_span(&p->tokens[suspect]), "is the end of this block missing?");
	diag_label(d, token_span(&p->tokens[p->in->partner.at[suspect]]),
	    "this closes it, but is indented less");
}

/* ---- recovery --------------------------------------------------------------------------------- */

void
sync_brackets(Parser *p, uint32_t open)
{
	uint32_t close = p->in->partner.at[open];

	/* Without a partner the statement around it is skipped instead. */
	if (close == NO_PARTNER || close < p->at)
		return;
	p->at = close;
	take(p);
	p->panic = false;
}

static bool
is_opening(TokensKind kind)
{
	return kind == T(OPEN_PAREN) || kind == T(OPEN_BRACKET) || kind == T(OPEN_BRACE);
}

/* Behind the next token, or behind the whole group if it opens one. */
static void
skip_group(Parser *p)
{
	uint32_t close = is_opening(peek(p)) ? partner_at(p, 0) : NO_PARTNER;

	if (close != NO_PARTNER && close > p->at)
		p->at = close;
	take(p);
}

/* Tokens that go on with the line before: what is wrong there is not over. */
static bool
continues_line(TokensKind kind)
{
	switch (kind) {
	case T(DOT): case T(QUESTION): case T(PIPE_GT): case T(KW_ELSE): case T(KW_AS): case T(PLUS):
	case T(SLASH): case T(PERCENT): case T(EQ_EQ): case T(NE): case T(LE): case T(GT): case T(GE):
	case T(AMP_AMP): case T(CARET): case T(SHL): case T(SHR): case T(PLUS_EQ):
	case T(MINUS_EQ): case T(STAR_EQ): case T(SLASH_EQ): case T(COMMA): case T(CLOSE_PAREN):
	case T(CLOSE_BRACKET): case T(FAT_ARROW): case T(EQ): case T(COLON):
		return true;
	default:	/* tokens, not nodes */
		return false;
	}
}

/* Does a line begin here, behind at least one token of what is wrong? */
static bool
at_fresh_line(const Parser *p)
{
	return peek_token(p)->newline && p->at > p->stmt_start && !continues_line(peek(p));
}

/* To the next line or `;` outside of brackets, or to the `}` of the block. */
void
sync_statement(Parser *p)
{
	while (peek(p) != TOKEN_END && peek(p) != T(CLOSE_BRACE)) {
		if (at_fresh_line(p))
			break;
		if (peek(p) == T(SEMI)) {
			take(p);
			break;
		}
		skip_group(p);
	}
	p->panic = false;
	p->placeholders.len = 0;
}

/* To a line that begins an item, or to the `}` around. */
void
sync_item(Parser *p)
{
	while (peek(p) != TOKEN_END && peek(p) != T(CLOSE_BRACE)) {
		if (at_fresh_line(p))
			break;
		skip_group(p);
	}
	p->panic = false;
	p->placeholders.len = 0;
}
