/* Tokens of the text form.  See ir_text.h; the grammar is in ir-spec/README.md. */
#include "lib/ir_text.h"

#include <string.h>

static IrToken
bad(IrToken t, const char *message)
{
	t.kind = IR_TOKEN_BAD;
	t.text = (Text){message, (uint32_t)strlen(message)};
	return t;
}

/* Blanks and `;` comments. */
static void
skip_blanks(IrScanner *s)
{
	for (; s->at < s->end; s->at++) {
		if (*s->at == '\n') {
			s->line++;
			s->line_start = s->at + 1;
		} else if (*s->at == ';') {
			while (s->at + 1 < s->end && s->at[1] != '\n')
				s->at++;
		} else if (*s->at != ' ' && *s->at != '\t' && *s->at != '\r') {
			return;
		}
	}
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
	    : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The byte of the escape behind a backslash, or -1. */
static int
escape(IrScanner *s)
{
	static const char escapes[] = "n\nt\tr\r\"\"\\\\";

	if (s->at == s->end)
		return -1;
	char c = *s->at++;
	for (const char *e = escapes; *e; e += 2)
		if (*e == c)
			return (unsigned char)e[1];
	if (c != 'x' || s->end - s->at < 2 || hex_digit(s->at[0]) < 0 || hex_digit(s->at[1]) < 0)
		return -1;
	s->at += 2;
	return hex_digit(s->at[-2]) * 16 + hex_digit(s->at[-1]);
}

static IrToken
scan_string(IrScanner *s, IrToken t)
{
	const char *close = ++s->at;

	while (close < s->end && *close != '"' && *close != '\n')
		close += *close == '\\' && close + 1 < s->end ? 2 : 1;
	if (close >= s->end || *close != '"')
		return bad(t, "a string without its closing quote");
	char *to = arena_array(s->arena, char, close - s->at + 1);
	t.kind = IR_TOKEN_STRING;
	t.text = (Text){to, 0};
	while (s->at < close) {
		int c = (unsigned char)*s->at++;
		if (c == '\\' && (c = escape(s)) < 0)
			return bad(t, "unknown escape in a string");
		*to++ = (char)c;
	}
	t.text.n = (uint32_t)(to - t.text.s);
	s->at = close + 1;
	return t;
}

static IrToken
scan_word(IrScanner *s, IrToken t)
{
	const char *from = s->at;

	while (s->at < s->end && !memchr("()[]{}\"; \t\r\n", *s->at, 12))
		s->at++;
	t.kind = IR_TOKEN_WORD;
	t.text = (Text){from, (uint32_t)(s->at - from)};
	return t;
}

void
ir_scan(IrScanner *s)
{
	skip_blanks(s);
	IrToken t = {.line = s->line, .column = (uint32_t)(s->at - s->line_start) + 1};

	if (s->at == s->end) {
		t.text = (Text){"end of file", 11};
	} else if (*s->at == '"') {
		t = scan_string(s, t);
	} else if (memchr("()[]{}", *s->at, 6)) {
		t.kind = IR_TOKEN_MARK;
		t.text = (Text){s->at++, 1};
	} else {
		t = scan_word(s, t);
	}
	s->token = t;
}

void
ir_scan_start(IrScanner *s, Arena *arena, Text text)
{
	*s = (IrScanner){.arena = arena, .at = text.s, .end = text.s + text.n, .line = 1,
	    .line_start = text.s};
	ir_scan(s);
}

bool
ir_scan_is(const IrScanner *s, const char *text)
{
	return (s->token.kind == IR_TOKEN_WORD || s->token.kind == IR_TOKEN_MARK)
	    && s->token.text.n == strlen(text) && memcmp(s->token.text.s, text, s->token.text.n) == 0;
}
