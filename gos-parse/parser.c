/* Moving over tokens, contexts, bounds.  See parse.h. */
#include "gos-parse/habit.h"

#include <string.h>

void
parser_init(Parser *p, Arena *a, Interner *names, Diags *diags, const Input *in)
{
	*p = (Parser){.arena = a, .names = names, .diags = diags, .in = in,
	    .tokens = in->tokens.at, .text = in->file->text, .base = in->file->base,
	    .last_end = in->file->base};
}

TokensKind
peek_at(const Parser *p, uint32_t n)
{
	return n < p->in->tokens.len - p->at ? (TokensKind)p->tokens[p->at + n].kind : TOKEN_END;
}

bool
at_newline(const Parser *p)
{
	return peek_token(p)->newline && !p->ctx.join_lines;
}

bool
at_same_line(const Parser *p, TokensKind kind)
{
	return peek(p) == kind && !at_newline(p);
}

Span
token_span(const Token *t)
{
	return (Span){t->start, t->len};
}

Token
take(Parser *p)
{
	Token t = p->tokens[p->at];

	if (t.kind == TOKEN_END)
		return t;
	p->at++;
	p->last_end = t.start + t.len;
	return t;
}

bool
take_if(Parser *p, TokensKind kind)
{
	if (peek(p) != kind)
		return false;
	take(p);
	return true;
}

bool
expect(Parser *p, TokensKind kind)
{
	if (take_if(p, kind))
		return true;
	expected(p, token_name(kind));
	return false;
}

Span
span_from(const Parser *p, uint32_t start)
{
	return (Span){start, p->last_end > start ? p->last_end - start : 0};
}

uint32_t
here(const Parser *p)
{
	return peek_token(p)->start;
}

Text
token_text(const Parser *p, const Token *t)
{
	return (Text){p->text + (t->start - p->base), t->len};
}

Sym
token_sym(const Parser *p, const Token *t)
{
	return intern(p->names, p->text + (t->start - p->base), t->len);
}

bool
token_is_word(const Parser *p, const Token *t, const char *word)
{
	return t->kind == T(IDENT) && t->len == strlen(word) &&
	    memcmp(token_text(p, t).s, word, t->len) == 0;
}

bool
at_word(const Parser *p, const char *word)
{
	return token_is_word(p, peek_token(p), word);
}

bool
is_adjacent(const Parser *p, uint32_t n)
{
	return peek_at(p, n) != TOKEN_END && !p->tokens[p->at + n].space;
}

static TokensKind
rest_of(TokensKind kind)
{
	if (kind == T(SHR))
		return T(GT);
	if (kind == T(SHR_EQ))
		return T(GE);
	if (kind == T(AMP_AMP))
		return T(AMP);
	if (kind == T(SHL))
		return T(LT);
	if (kind == T(BAR_BAR))
		return T(BAR);
	return T(EQ);		/* `>=` */
}

void
split_token(Parser *p)
{
	Token *t = &p->tokens[p->at];

	t->kind = (uint8_t)rest_of((TokensKind)t->kind);
	t->start++;
	t->len--;
	t->newline = t->space = false;
	p->last_end = t->start;
}

uint32_t
partner_at(const Parser *p, uint32_t n)
{
	return n < p->in->tokens.len - p->at ? p->in->partner.at[p->at + n] : NO_PARTNER;
}

Context
enter_brackets(Parser *p, bool join_lines)
{
	Context saved = p->ctx;

	p->ctx = (Context){.join_lines = join_lines};
	return saved;
}

Context
enter_block(Parser *p)
{
	return enter_brackets(p, false);
}

Context
enter_header(Parser *p)
{
	Context saved = p->ctx;

	p->ctx = (Context){.join_lines = true, .no_struct = true};
	return saved;
}

/* There is no sensible place to go on from, so the rest of the file is skipped. */
static void
give_up(Parser *p)
{
	p->at = p->in->tokens.len - 1;
	p->end_reported = p->gave_up = true;
}

static void
report_depth(Parser *p)
{
	if (!p->gave_up) {
		Diag *d = parse_error(p, G0202, token_span(peek_token(p)));
		diag_primary(d, "give a part of what is around this a name of its own");
	}
	p->panic = true;
	give_up(p);
}

bool
nest(Parser *p)
{
	bool ok = p->nesting < NESTING_MAX;

	if (ok)
		p->heights[p->nesting] = p->height;
	else
		report_depth(p);
	p->nesting++;
	p->height = 0;
	return ok;
}

void
unnest(Parser *p)
{
	p->nesting--;
	grow(p);
	if (p->nesting < NESTING_MAX)
		frame_close(p, p->heights[p->nesting]);
}

uint32_t
frame_open(Parser *p)
{
	uint32_t saved = p->height;

	p->height = 0;
	return saved;
}

void
frame_close(Parser *p, uint32_t saved)
{
	if (p->height < saved)
		p->height = saved;
}

bool
grow(Parser *p)
{
	if (p->height < HEIGHT_MAX) {
		p->height++;
		return true;
	}
	report_depth(p);
	return false;
}

/* ---- lists ------------------------------------------------------------------------------------ */

List
list_begin(Parser *p, TokensKind open, TokensKind close, bool join_lines)
{
	List l = {.open = p->at, .close = close, .progress = UINT32_MAX};

	if (peek(p) != open) {
		expected(p, token_name(open));
		l.open = NO_PARTNER;
	} else {
		take(p);
	}
	l.saved = enter_brackets(p, join_lines);
	return l;
}

/* Between two entries: a comma, a line break, or the end. */
static bool
separator(Parser *p, List *l)
{
	if (take_if(p, T(COMMA))) {
		l->comma = true;
		return true;
	}
	l->comma = false;
	if (peek(p) == l->close)
		return true;
	/* A `(` that nothing closes was meant to be closed on this line. */
	if (peek_token(p)->newline)
		return l->close == T(CLOSE_BRACE) || p->in->partner.at[l->open] != NO_PARTNER;
	return habit_separator(p, l);
}

bool
list_next(Parser *p, List *l)
{
	if (p->panic || l->open == NO_PARTNER)
		return false;
	if (l->any && !separator(p, l))
		return false;
	/* An entry that took nothing would be asked for again and again. */
	if (peek(p) == l->close || peek(p) == TOKEN_END || p->at == l->progress)
		return false;
	l->any = true;
	l->progress = p->at;
	return true;
}

void
list_end(Parser *p, List *l)
{
	p->ctx = l->saved;
	if (l->open == NO_PARTNER)
		return;
	if (!p->panic && take_if(p, l->close))
		return;
	Diag *d = expected(p, l->any ? arena_printf(p->diags->arena, "`,` or %s",
	    token_name(l->close)) : token_name(l->close));
	if (d)
		diag_label(d, token_span(&p->tokens[l->open]), "opened here");
	sync_brackets(p, l->open);
}
