/* Where an input ends: with the line that closes its last bracket, or with two empty ones. */
#include "gos-repl/repl.h"

#include "gen/tokens.h"
#include "lib/ir.h"

#include <string.h>

typedef struct Shape {
	int32_t depth;		/* brackets, interpolations */
	TokensKind last;	/* what is no blank */
	bool any;		/* … there is */
	bool comment;
	bool in_attribute, other;	/* other: there is more than attributes */
} Shape;

static int
nesting(TokensKind k)
{
	if (k == TOKENS_KIND_OPEN_PAREN || k == TOKENS_KIND_OPEN_BRACKET || k == TOKENS_KIND_OPEN_BRACE ||
	    k == TOKENS_KIND_F_STR_START)
		return 1;
	return k == TOKENS_KIND_CLOSE_PAREN || k == TOKENS_KIND_CLOSE_BRACKET || k == TOKENS_KIND_CLOSE_BRACE ||
	    k == TOKENS_KIND_F_STR_END ? -1 : 0;
}

static bool
is_blank(TokensKind k)
{
	return k >= TOKENS_KIND_SPACE && k <= TOKENS_KIND_SHEBANG;
}

/* Something must follow.  `>` and `>>` are not among them: they end types. */
static bool
goes_on(TokensKind k)
{
	if (k >= TOKENS_KIND_PLUS && k <= TOKENS_KIND_STAR_WRAP_EQ)
		return k != TOKENS_KIND_SHR && k != TOKENS_KIND_BANG;
	return k == TOKENS_KIND_COMMA || k == TOKENS_KIND_ARROW || k == TOKENS_KIND_FAT_ARROW ||
	    (k >= TOKENS_KIND_COLON && k <= TOKENS_KIND_DOT) ||
	    (k >= TOKENS_KIND_EQ && k <= TOKENS_KIND_LT) || k == TOKENS_KIND_LE || k == TOKENS_KIND_GE ||
	    k == TOKENS_KIND_KW_ELSE || k == TOKENS_KIND_KW_IN || k == TOKENS_KIND_KW_AS || k == TOKENS_KIND_KW_LET;
}

static void
add_token(Shape *s, TokensKind k)
{
	s->comment |= k == TOKENS_KIND_COMMENT;
	if (is_blank(k))
		return;
	if (k == TOKENS_KIND_HASH && s->depth == 0) {
		s->in_attribute = true;
	} else if (!s->in_attribute) {
		s->other = true;
	} else if (s->depth == 1 && nesting(k) < 0) {
		s->in_attribute = false;
	}
	s->depth += nesting(k);
	s->last = k;
	s->any = true;
}

static Shape
shape_of(Repl *r, Text stream)
{
	Shape s = {0};
	uint32_t kind;
	void *payload;
	IrReader *in = ir_try_open_text(&r->scratch, &r->names, stream, &tokens_schema);

	if (ir_error(in))
		return s;
	while (ir_try_read(in, &kind, &payload) == IR_RECORD)
		if (kind == TOKENS_REC_LINE) {
			const TokensLine *line = payload;
			for (uint32_t i = 0; i < line->kinds.len; i++)
				add_token(&s, line->kinds.at[i]);
		}
	return s;
}

bool
input_is_open(Repl *r, Text t)
{
	static const char *const files[] = {"input", NULL};
	bool blank_line = t.n > 1 && t.s[t.n - 1] == '\n' && t.s[t.n - 2] == '\n';

	if (blank_line && t.n > 2 && t.s[t.n - 3] == '\n')
		return false;
	store_write(r, "input", t.s, t.n);
	Outcome o = proc_run(r, &(Run){.stages = 1, .files = files});
	if (o.interrupted)
		return false;
	/* Of a string, a comment, an interpolation. */
	if (strstr(o.messages.s, "has no closing"))
		return true;
	Shape s = shape_of(r, o.stream);
	if (s.depth != 0)
		return s.depth > 0;
	/* A comment belongs to the declaration below it, and so does an attribute. */
	return !blank_line && (s.any ? !s.other || goes_on(s.last) : s.comment);
}
