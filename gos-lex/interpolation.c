/*
 * Interpolated strings.  `f"a {x + 1} b {y:>5} c"` becomes
 *
 *	FStrStart `f"a {`   x + 1   FStrMid `} b {`   y   FStrEnd `:>5} c"`
 *
 * with ordinary tokens between, so the parser needs no scanner of its own.  A colon outside
 * of all brackets ends the expression; `::` does not.
 */
#include "gos-lex/lex.h"

#include <string.h>

#define K(name) TOKENS_KIND_##name

/* Deeper nesting than this is no program; it also bounds what is remembered. */
enum { NESTING_MAX = 64 };

static void
report(Lexer *lx, const char *start, const char *end, const char *title, const char *label)
{
	diag_primary(diag_error(lx->diags, G0111, lex_span(lx, start, end), title), "%s", label);
}

static void
lone_brace(Lexer *lx)
{
	Span span = lex_span(lx, lx->at, lx->at + 1);
	Diag *d = diag_error(lx->diags, G0111, span, "this `}` closes nothing");

	diag_primary(d, "a brace in text is doubled");
	diag_fix(d, DIAG_SAFE, span, "double it", "}}");
}

/* Text up to the closing quote or the next `{`; true if it was a `{`. */
static bool
lex_text(Lexer *lx, const char *start)
{
	while (lx->at < lx->end) {
		char c = *lx->at;
		bool twice = lx->at + 1 < lx->end && lx->at[1] == c;
		if (c == '\\') {
			lex_escape(lx, false);
			continue;
		}
		if ((c == '{' || c == '}') && twice) {
			lx->at += 2;
			continue;
		}
		if (c == '}')
			lone_brace(lx);
		lx->at++;
		if (c == '"' || c == '{')
			return c == '{';
	}
	lex_unterminated(lx, start, "\"");
	return false;
}

TokensKind
lex_fstring_start(Lexer *lx, const char *start)
{
	if (!lex_text(lx, start))
		return lx->at[-1] == '"' && lx->at - start > 2 ? K(F_STR) : K(ERROR);
	Interpolation in = {.start = lex_span(lx, start, lx->at)};
	if (lx->open.len == NESTING_MAX)
		report(lx, start, lx->at, "interpolated strings are nested too deeply", "");
	else
		vec_push(lx->arena, &lx->open, in);
	return K(F_STR_START);
}

/* Moves behind the `}` that ends a format specification; false if it has none. */
static bool
skip_spec(Lexer *lx, const char *start)
{
	while (lx->at < lx->end && *lx->at != '}' && *lx->at != '"' && *lx->at != '\n')
		lx->at++;
	if (lx->at < lx->end && *lx->at == '}') {
		lx->at++;
		return true;
	}
	report(lx, start, lx->at, "this format specification has no closing `}`", "");
	return false;
}

TokensKind
lex_fstring_rest(Lexer *lx, const char *start)
{
	if (*start == ':' && !skip_spec(lx, start) && (lx->at == lx->end || *lx->at != '"')) {
		lx->open.len--;
		return K(ERROR);
	}
	if (lex_text(lx, start))
		return K(F_STR_MID);
	lx->open.len--;
	return lx->at[-1] == '"' ? K(F_STR_END) : K(ERROR);
}

void
lex_fstring_check_closed(Lexer *lx)
{
	for (uint32_t i = 0; i < lx->open.len; i++) {
		Diag *d = diag_error(lx->diags, G0111, lx->open.at[i].start,
		    "an interpolation in this string has no closing `}`");
		diag_primary(d, "the string begins here");
		diag_help(d, "a brace in text is doubled: `{{`");
	}
	lx->open.len = 0;
}
