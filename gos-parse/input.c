/*
 * Tokens as the parser wants them: without white space and comments, in one array, with
 * brackets paired.  The pairs serve recovery (an error inside brackets never leaks out) and
 * the few questions that need a look ahead.
 */
#include "gos-parse/parse.h"

void
input_init(Input *in, const SourceFile *file)
{
	in->file = file;
	in->tokens.len = in->partner.len = in->comments.len = 0;
}

static bool
is_trivia(TokensKind kind)
{
	return kind <= T(SHEBANG) && kind != T(ERROR);
}

/* What stands between two tokens. */
typedef struct Gap {
	bool newline, space;
} Gap;

static void
add_comment(Input *in, Arena *a, uint32_t start, uint32_t len, bool alone)
{
	if (alone)
		vec_push(a, &in->comments, (Comment){start, len});
}

bool
input_add_line(Input *in, Arena *a, const TokensLine *line, uint32_t *pos)
{
	uint32_t n = line->kinds.len, end = in->file->base + in->file->len;
	/* A line begins behind a newline, or at the start of the file, or behind a multi-line token. */
	Gap gap = {true, true};
	bool alone = true;

	if (line->lengths.len != n)
		return false;
	for (uint32_t i = 0; i < n; i++) {
		TokensKind kind = line->kinds.at[i];
		uint32_t len = line->lengths.at[i], start = *pos;
		if (len == 0 || len > end - start)
			return false;
		*pos += len;
		if (kind == T(COMMENT))
			add_comment(in, a, start, len, alone);
		if (kind != T(SPACE))
			alone = false;
		gap.space = true;
		if (is_trivia(kind))
			continue;
		bool first = i == 0 || gap.newline;
		bool space = i == 0 || is_trivia(line->kinds.at[i - 1]);
		gap.newline = false;
		vec_push(a, &in->tokens, (Token){.start = start, .len = len, .kind = (uint8_t)kind,
		    .newline = first, .space = space});
	}
	return true;
}

static bool
is_open(uint8_t kind)
{
	return kind == T(OPEN_PAREN) || kind == T(OPEN_BRACKET) || kind == T(OPEN_BRACE);
}

static uint8_t
closing_of(uint8_t kind)
{
	return kind == T(OPEN_PAREN) ? T(CLOSE_PAREN) :
	    kind == T(OPEN_BRACKET) ? T(CLOSE_BRACKET) : T(CLOSE_BRACE);
}

static bool
is_close(uint8_t kind)
{
	return kind == T(CLOSE_PAREN) || kind == T(CLOSE_BRACKET) || kind == T(CLOSE_BRACE);
}

typedef VEC(uint32_t) Stack;

/* The innermost open bracket that this one closes; a `)` never closes over a `{`. */
static uint32_t
find_opening(const Input *in, const Stack *open, uint8_t close)
{
	for (uint32_t i = open->len; i-- > 0;) {
		uint8_t kind = in->tokens.at[open->at[i]].kind;
		if (closing_of(kind) == close)
			return i;
		if (kind == T(OPEN_BRACE) && close != T(CLOSE_BRACE))
			break;
	}
	return NO_PARTNER;
}

static void
close_bracket(Input *in, Stack *open, uint32_t at)
{
	uint32_t i = find_opening(in, open, in->tokens.at[at].kind);

	if (i == NO_PARTNER)
		return;
	in->partner.at[open->at[i]] = at;
	in->partner.at[at] = open->at[i];
	open->len = i;
}

/* Does a `|` behind this token begin a closure's parameters? */
static bool
closure_may_follow(const Token *t)
{
	switch ((TokensKind)t->kind) {
	case T(OPEN_PAREN): case T(OPEN_BRACKET): case T(OPEN_BRACE): case T(COMMA): case T(EQ):
	case T(COLON): case T(FAT_ARROW): case T(PIPE_GT): case T(KW_RETURN): case T(SEMI):
		return true;
	default:	/* any other token: no node kind is at stake here */
		return false;
	}
}

static void
pair_brackets(Input *in, Arena *a)
{
	Stack open = {0};
	bool in_params = false;		/* between the bars of a closure */

	for (uint32_t i = 0; i < in->tokens.len; i++) {
		Token *t = &in->tokens.at[i];
		vec_push(a, &in->partner, NO_PARTNER);
		if (is_open(t->kind)) {
			vec_push(a, &open, i);
		} else if (is_close(t->kind)) {
			close_bracket(in, &open, i);
			in_params = false;
		} else if (t->kind == T(BAR)) {
			in_params = !in_params && i && closure_may_follow(t - 1);
		} else if (t->kind == T(COMMA) && open.len && !in_params) {
			in->tokens.at[vec_last(&open)].comma = true;
		}
	}
}

void
input_finish(Input *in, Arena *a)
{
	uint32_t end = in->file->base + in->file->len;

	vec_push(a, &in->tokens,
	    (Token){.start = end, .kind = TOKEN_END, .newline = true, .space = true});
	pair_brackets(in, a);
}
