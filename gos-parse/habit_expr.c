/* Expressions, branches and patterns as other languages have them.  See habit.h. */
#include "gos-parse/habit.h"

#include <string.h>

static Arena *
texts(Parser *p)
{
	return p->diags->arena;
}

static bool
same_line_at(const Parser *p, uint32_t n)
{
	return peek_at(p, n) != TOKEN_END && !p->tokens[p->at + n].newline;
}

/* ---- operators -------------------------------------------------------------------------------- */

static TokensKind
replace_operator(Parser *p, TokensKind kind, const char *text, const char *title)
{
	Token *t = &p->tokens[p->at];
	Diag *d = foreign(p, G0223, token_span(t), title);

	diag_fix(d, DIAG_SAFE, token_span(t), arena_printf(texts(p), "write `%s`", text), text);
	t->kind = (uint8_t)kind;
	return kind;
}

static TokensKind
word_operator(Parser *p)
{
	if (at_newline(p) || !starts_expr(peek_at(p, 1)))
		return T(ERROR);
	if (at_word(p, "and"))
		return replace_operator(p, T(AMP_AMP), "&&", "`and` is written `&&`");
	if (at_word(p, "or"))
		return replace_operator(p, T(BAR_BAR), "||", "`or` is written `||`");
	if (at_word(p, "div"))
		return replace_operator(p, T(SLASH), "/", "`div` is written `/`");
	if (at_word(p, "xor"))
		return replace_operator(p, T(CARET), "^", "`xor` is written `^`");
	return T(ERROR);
}

TokensKind
habit_operator(Parser *p)
{
	switch (peek(p)) {
	case T(IDENT):
		return word_operator(p);
	case T(EQ_EQ_EQ):
		return replace_operator(p, T(EQ_EQ), "==", "equality is written `==`");
	case T(NOT_EQ_EQ):
		return replace_operator(p, T(NE), "!=", "inequality is written `!=`");
	default:	/* tokens, not nodes */
		return T(ERROR);
	}
}

static Span
both_halves(const Parser *p)
{
	return (Span){peek_token(p)->start - 1, 2};
}

/* `tx <- v` to the end of the line. */
static void
fix_send(Parser *p, Diag *d)
{
	Span arrow = both_halves(p);
	uint32_t end = span_end(arrow);

	while (p->text[end - p->base] && p->text[end - p->base] != '\n')
		end++;
	while (p->text[arrow.start - 1 - p->base] == ' ') {
		arrow.start--;
		arrow.len++;
	}
	while (p->text[span_end(arrow) - p->base] == ' ')
		arrow.len++;
	diag_fix(d, DIAG_REVIEW, arrow, "send it", ".send(");
	diag_edit(d, (Span){end, 0}, ")");
}

TokensKind
habit_double_operator(Parser *p, TokensKind op)
{
	TokensKind next = peek(p);
	bool loose = !is_adjacent(p, 1) || !(peek_token(p) - 1)->space;

	if (!is_adjacent(p, 0) || p->panic)
		return op;
	if (op == T(STAR) && next == T(STAR) && loose) {
		foreign(p, G0223, both_halves(p), "a power is `x.pow(n)`, or `x.powf(y)` of floats");
		take(p);
	} else if (op == T(LT) && next == T(GT)) {
		Diag *d = foreign(p, G0223, both_halves(p), "inequality is written `!=`");
		diag_fix(d, DIAG_SAFE, both_halves(p), "write `!=`", "!=");
		take(p);
		return T(NE);
	} else if (op == T(LT) && next == T(MINUS) && !is_adjacent(p, 1)) {
		fix_send(p, foreign(p, G0235, both_halves(p), "a value is sent by `tx.send(v)`"));
		take(p);
	}
	return op;
}

bool
habit_dots(Parser *p)
{
	if (peek(p) != T(DOT) || peek_token(p)->space)
		return false;
	Token t = take(p);
	Span span = {t.start - 2, 3};
	Diag *d = foreign(p, G0223, span, "a range that includes its end is written `..=`");
	diag_fix(d, DIAG_SAFE, span, "write `..=`", "..=");
	return true;
}

void
habit_discard(Parser *p, const AstExpr *place)
{
	Diag *d = foreign(p, G0220, place->span, "a value is discarded by `let _ = …`");

	diag_fix(d, DIAG_SAFE, (Span){place->span.start, 0}, "write `let`", "let ");
	p->placeholders.len = 0;
}

/* ---- postfix ---------------------------------------------------------------------------------- */

static AstExpr *
increment(Parser *p, AstExpr *e, const char *op, uint32_t tokens)
{
	Token t = take(p);

	if (tokens == 2)
		take(p);
	Span span = span_from(p, e->span.start);
	Diag *d = foreign(p, G0221, span, arena_printf(texts(p), "`%s` is written `%s %c= 1`",
	    shown(p, span), shown(p, e->span), *op));
	diag_fix(d, DIAG_SAFE, (Span){span_end(e->span), p->last_end - span_end(e->span)},
	    "write it as an assignment", arena_printf(texts(p), " %c= 1", *op));
	AstExpr *one = ast_mk_expr_int(p->arena, token_span(&t), 1, 0);
	return ast_mk_expr_assign_op(p->arena, span,
	    *op == '+' ? AST_BINARY_OP_ADD : AST_BINARY_OP_SUB, token_span(&t), e, one);
}

static bool
ends_stmt(const Parser *p, uint32_t n)
{
	TokensKind kind = peek_at(p, n);

	return kind == TOKEN_END || kind == T(SEMI) || kind == T(CLOSE_BRACE) ||
	    kind == T(CLOSE_PAREN) || p->tokens[p->at + n].newline;
}

/* `p->x` */
static AstExpr *
arrow_field(Parser *p, AstExpr *e)
{
	Token *t = &p->tokens[p->at];
	Diag *d = foreign(p, G0234, token_span(t), "a field is reached by `.`, through references too");

	diag_fix(d, DIAG_SAFE, token_span(t), "write `.`", ".");
	take(p);
	AstIdent *name = parse_ident(p, "a field");
	return ast_mk_expr_field(p->arena, span_from(p, e->span.start), e, name);
}

/* `1.` */
static AstExpr *
bare_point(Parser *p, AstExpr *e)
{
	Token t = take(p);
	Diag *d = foreign(p, G0236, span_from(p, e->span.start), "a float has a digit behind its point");

	diag_fix(d, DIAG_SAFE, (Span){t.start + 1, 0}, "write the digit", "0");
	return ast_mk_expr_float(p->arena, span_from(p, e->span.start),
	    intern_cstr(p->names, "0.0"), 0);
}

/* `f().await`: goes on behind it. */
static void
skip_await(Parser *p)
{
	Token dot = take(p), word = take(p);
	Span span = {dot.start, word.start + word.len - dot.start};
	Diag *d = foreign(p, G0225, span, "`.await` does not exist: a call waits for its result");

	diag_primary(d, "nothing is needed here");
	diag_fix(d, DIAG_SAFE, span, "remove it", "");
}

AstExpr *
habit_postfix(Parser *p, AstExpr *e)
{
	if (p->panic || peek_token(p)->newline)
		return e;
	if (peek(p) == T(DOT) && peek_at(p, 1) == T(KW_AWAIT))
		skip_await(p);
	if (e->kind == AST_EXPR_INT && peek(p) == T(DOT) && is_adjacent(p, 0) &&
	    peek_at(p, 1) != T(IDENT) && peek_at(p, 1) != T(KW_AWAIT))
		return bare_point(p, e);
	if (peek(p) == T(PLUS_PLUS) && ends_stmt(p, 1))
		return increment(p, e, "++", 1);
	if (peek(p) == T(MINUS) && peek_at(p, 1) == T(MINUS) && is_adjacent(p, 1) && ends_stmt(p, 2))
		return increment(p, e, "--", 2);
	if (peek(p) == T(ARROW) && peek_at(p, 1) == T(IDENT) && is_adjacent(p, 0) && is_adjacent(p, 1))
		return arrow_field(p, e);
	return e;
}

/* The `:` of `c ? a : b` on this line, as an index, or 0. */
static uint32_t
ternary_colon(const Parser *p)
{
	enum { LOOK_AHEAD = 100 };

	for (uint32_t i = p->at + 1; i < p->at + LOOK_AHEAD && !p->tokens[i].newline; i++) {
		uint32_t close = p->in->partner.at[i];
		uint8_t kind = p->tokens[i].kind;
		if (kind == T(COLON))
			return i;
		if (kind == T(COMMA) || kind == T(CLOSE_PAREN) || kind == T(SEMI) || kind == T(BAR) ||
		    kind == T(CLOSE_BRACE) || kind == T(CLOSE_BRACKET))
			return 0;
		if (close != NO_PARTNER && close > i)
			i = close;
	}
	return 0;
}

static AstExpr *
parse_branch(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *e = nest(p) ? parse_operators(p, PREC_RANGE) :
	    ast_mk_expr_error(p->arena, (Span){start, 0});

	unnest(p);
	return e;
}

/* Where the condition of `a > b ? c : d` begins: behind what cannot be part of an operand. */
static uint32_t
ternary_start(const Parser *p)
{
	uint32_t i = p->at;

	while (i > 0 && !p->tokens[i].newline) {
		uint8_t kind = p->tokens[i - 1].kind;
		uint32_t open = p->in->partner.at[i - 1];
		if (kind == T(EQ) || kind == T(COMMA) || kind == T(SEMI) || kind == T(COLON) ||
		    kind == T(FAT_ARROW) || kind == T(KW_RETURN) || kind == T(OPEN_PAREN) ||
		    kind == T(OPEN_BRACKET) || kind == T(OPEN_BRACE))
			break;
		i = open != NO_PARTNER && open < i ? open : i - 1;
	}
	return p->tokens[i].start;
}

bool
habit_ternary(Parser *p, AstExpr **e)
{
	if (!peek_token(p)->space || peek_token(p)->newline || !same_line_at(p, 1) ||
	    !starts_expr(peek_at(p, 1)) || !ternary_colon(p))
		return false;
	uint32_t start = (*e)->span.start, from = ternary_start(p);
	Span cond = {from, span_end((*e)->span) - from};
	take(p);
	AstExpr *then = parse_branch(p);
	if (!expect(p, T(COLON)))
		return true;
	AstExpr *otherwise = parse_branch(p);
	Span span = span_from(p, start);
	Diag *d = foreign(p, G0229, span, "a choice between two values is `if c { a } else { b }`");
	diag_fix(d, DIAG_SAFE, span_join(cond, span), "write `if`",
	    arena_printf(texts(p), "if %s { %s } else { %s }", shown(p, cond), shown(p, then->span),
	    shown(p, otherwise->span)));
	*e = ast_mk_expr_error(p->arena, span);
	return true;
}

/* ---- arguments and fields --------------------------------------------------------------------- */

bool
habit_named_arg(Parser *p)
{
	if (peek_at(p, 1) != T(EQ))
		return false;
	Span span = token_span(peek_token(p) + 1);
	Diag *d = foreign(p, G0236, span, "an argument is named with a colon: `name: value`");
	diag_fix(d, DIAG_SAFE, span, "write a colon", ":");
	return true;
}

bool
habit_field_eq(Parser *p)
{
	if (peek(p) != T(EQ) || p->panic)
		return false;
	Token t = take(p);
	Diag *d = foreign(p, G0236, token_span(&t), "a field's value follows a colon: `name: value`");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write a colon", ":");
	return true;
}

bool
habit_map_arrow(Parser *p)
{
	if (p->panic || (peek(p) != T(FAT_ARROW) && peek(p) != T(ARROW) && peek(p) != T(EQ)))
		return false;
	Token t = take(p);
	Diag *d = foreign(p, G0236, token_span(&t), "a key and its value are joined by a colon");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write a colon", ":");
	return true;
}

/* ---- expressions ------------------------------------------------------------------------------ */

/* `go func() { … }()` */
void
habit_go(Parser *p)
{
	uint32_t close = at_word(p, "func") ? partner_at(p, 1) : NO_PARTNER;

	if (close == NO_PARTNER || p->tokens[close + 1].kind != T(OPEN_BRACE))
		return;
	Diag *d = parse_error(p, G0239, token_span(peek_token(p)));
	diag_primary(d, "`go { … }` runs a block");
}

bool
habit_receive(Parser *p)
{
	if (peek_at(p, 1) != T(MINUS) || !is_adjacent(p, 1))
		return false;
	uint32_t start = here(p);
	take(p);
	take(p);
	Diag *d = foreign(p, G0235, span_from(p, start), "a value is received by `rx.recv()`");
	diag_primary(d, "`tx.send(v)` sends one");
	return true;
}

/* `not x` */
static AstExpr *
not_word(Parser *p)
{
	TokensKind next = peek_at(p, 1);

	if (!at_word(p, "not") || !same_line_at(p, 1) ||
	    (next != T(IDENT) && next != T(KW_TRUE) && next != T(KW_FALSE) && next != T(KW_SELF)))
		return NULL;
	Token t = take(p);
	Diag *d = foreign(p, G0223, token_span(&t), "`not` is written `!`");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "write `!`", "!");
	AstExpr *operand = parse_prefixed(p);
	return ast_mk_expr_unary(p->arena, span_from(p, t.start), AST_UNARY_OP_NOT, operand);
}

/* `new Foo(…)` */
static AstExpr *
new_word(Parser *p)
{
	if (!at_word(p, "new") || peek_at(p, 1) != T(IDENT) || !same_line_at(p, 1))
		return NULL;
	Token t = take(p);
	Diag *d = foreign(p, G0230, token_span(&t), "a value is made without `new`");
	diag_primary(d, "`Type { field: value }`, or a function such as `Type::new(…)`");
	diag_fix(d, DIAG_REVIEW, (Span){t.start, here(p) - t.start}, "remove it", "");
	return parse_prefixed(p);
}

/* `lambda x: …`, `function(x) { … }`, `func(x T) { … }` */
static AstExpr *
closure_word(Parser *p)
{
	bool word = at_word(p, "func") || at_word(p, "function") || at_word(p, "fun");
	uint32_t start = here(p), close = word ? partner_at(p, 1) : NO_PARTNER;
	bool lambda = at_word(p, "lambda") && (peek_at(p, 1) == T(IDENT) || peek_at(p, 1) == T(COLON));

	if (!lambda && (close == NO_PARTNER || p->tokens[close + 1].kind != T(OPEN_BRACE)))
		return NULL;
	Diag *d = parse_error(p, G0239, token_span(peek_token(p)));
	diag_primary(d, "a closure is `|x| …`");
	return ast_mk_expr_error(p->arena, (Span){start, 0});
}

static AstExpr *
tilde(Parser *p)
{
	Token t = take(p);
	Diag *d = foreign(p, G0223, token_span(&t), "the bits of an integer are inverted by `!`");

	diag_fix(d, DIAG_SAFE, token_span(&t), "write `!`", "!");
	AstExpr *operand = parse_prefixed(p);
	return ast_mk_expr_unary(p->arena, span_from(p, t.start), AST_UNARY_OP_NOT, operand);
}

/* `++x` */
static AstExpr *
prefix_increment(Parser *p)
{
	Token t = take(p);
	AstExpr *operand = parse_prefixed(p);
	Span span = span_from(p, t.start);
	Diag *d = foreign(p, G0221, span, arena_printf(texts(p), "`%s` is written `%s += 1`",
	    shown(p, span), shown(p, operand->span)));

	diag_fix(d, DIAG_SAFE, span, "write it as an assignment",
	    arena_printf(texts(p), "%s += 1", shown(p, operand->span)));
	return ast_mk_expr_assign_op(p->arena, span, AST_BINARY_OP_ADD, token_span(&t), operand,
	    ast_mk_expr_int(p->arena, token_span(&t), 1, 0));
}

/* `async`, `await`, `yield` */
static AstExpr *
async_word(Parser *p)
{
	Token t = take(p);
	Diag *d = foreign(p, G0225, token_span(&t), arena_printf(texts(p),
	    "%s does not exist: functions have no colour", token_name((TokensKind)t.kind)));

	if (t.kind == T(KW_YIELD)) {
		diag_help(d, "implement `Iterator`, or send the values into a channel from a goroutine");
	} else {
		diag_help(d, "a call waits for its result; run it at the same time with `spawn(|| …)`");
		diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
	}
	return at_expr(p) && !peek_token(p)->newline ? parse_prefixed(p) :
	    ast_mk_expr_error(p->arena, token_span(&t));
}

AstExpr *
habit_primary(Parser *p)
{
	AstExpr *e;

	switch (peek(p)) {
	case T(IDENT):
		if ((e = not_word(p)) || (e = new_word(p)))
			return e;
		return closure_word(p);
	case T(TILDE):
		return tilde(p);
	case T(PLUS_PLUS):
		return prefix_increment(p);
	case T(KW_ASYNC):
	case T(KW_AWAIT):
	case T(KW_YIELD):
		return async_word(p);
	default:	/* tokens, not nodes */
		return NULL;
	}
}

/* ---- conditions, branches, loops -------------------------------------------------------------- */

AstExpr *
habit_condition(Parser *p, AstExpr *cond)
{
	if (p->panic || peek(p) != T(EQ))
		return cond;
	Token t = take(p);
	Diag *d = foreign(p, G0227, token_span(&t), "a condition compares with `==`");
	diag_primary(d, "this assigns");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write `==`", "==");
	AstExpr *right = parse_operators(p, PREC_LOWEST);
	return ast_mk_expr_binary(p->arena, span_from(p, cond->span.start), AST_BINARY_OP_EQ,
	    token_span(&t), cond, right);
}

bool
habit_else(Parser *p)
{
	bool elif = at_word(p, "elif") || at_word(p, "elsif") || at_word(p, "elseif");

	if (!elif || peek_at(p, 1) == T(EQ) || peek_at(p, 1) == T(DOT))
		return false;
	Token *t = &p->tokens[p->at];
	Diag *d = foreign(p, G0229, token_span(t), arena_printf(texts(p),
	    "`%s` is written `else if`", shown(p, token_span(t))));
	diag_fix(d, DIAG_SAFE, token_span(t), "write `else if`", "else if");
	t->kind = T(KW_IF);
	return true;
}

bool
habit_arrow(Parser *p)
{
	if (p->panic || (peek(p) != T(ARROW) && peek(p) != T(COLON)))
		return false;
	Token t = take(p);
	Diag *d = foreign(p, G0236, token_span(&t), "an arm's value follows `=>`");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write `=>`", t.space ? "=>" : " =>");
	return true;
}

void
habit_case(Parser *p)
{
	TokensKind next = peek_at(p, 1);

	if (!at_word(p, "case") || next == T(FAT_ARROW) || next == T(OPEN_PAREN) ||
	    next == T(OPEN_BRACE) || next == T(EQ) || next == T(DOT) || next == T(KW_IF) ||
	    next == T(BAR) || next == T(AT) || next == T(COLON_COLON))
		return;
	Token t = take(p);
	Diag *d = foreign(p, G0229, token_span(&t), "an arm begins with its pattern");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove `case`", "");
}

/* `for (i = 0; i < n; i++)`, `for i := 0; …` */
bool
habit_for(Parser *p)
{
	enum { LOOK_AHEAD = 200 };
	uint32_t i = p->at;

	while (p->tokens[i].kind != TOKEN_END && p->tokens[i].kind != T(OPEN_BRACE) &&
	    i < p->at + LOOK_AHEAD &&
	    p->tokens[i].kind != T(SEMI) && p->tokens[i].kind != T(COLON_EQ) &&
	    p->tokens[i].kind != T(KW_IN))
		i++;
	if (p->tokens[i].kind == T(OPEN_BRACE) && i == p->at) {
		Diag *d = foreign(p, G0229, token_span(peek_token(p) - 1), "an endless loop is `loop`");
		diag_fix(d, DIAG_SAFE, token_span(peek_token(p) - 1), "write `loop`", "loop");
		return true;
	}
	if (p->tokens[i].kind != T(SEMI) && p->tokens[i].kind != T(COLON_EQ))
		return false;
	while (p->tokens[i].kind != TOKEN_END && p->tokens[i].kind != T(OPEN_BRACE))
		i++;
	uint32_t start = here(p);
	p->at = i;
	p->last_end = p->tokens[i - 1].start + p->tokens[i - 1].len;
	Diag *d = foreign(p, G0229, span_from(p, start), "a loop goes over a range or a collection");
	diag_primary(d, "write `for i in 0..n`");
	diag_help(d, "steps: `(0..n).step_by(2)`, downwards: `(0..n).rev()`; anything else: `while`");
	return true;
}

static AstPat *
tuple_of_names(Parser *p, AstPat *first, const char *title, Diag **told)
{
	AstPatList elems = {0};

	vec_push(p->arena, &elems, first);
	while (!p->panic && take_if(p, T(COMMA)))
		vec_push(p->arena, &elems, parse_pat_no_or(p));
	Span span = span_from(p, first->span.start);
	Diag *d = foreign(p, G0237, span, title);
	diag_fix(d, DIAG_SAFE, span, "add parentheses",
	    arena_printf(texts(p), "(%s)", shown(p, span)));
	if (told)
		*told = d;
	return ast_mk_pat_tuple(p->arena, span, elems);
}

AstPat *
habit_for_pattern(Parser *p, AstPat *pat)
{
	if (p->panic || peek(p) != T(COMMA))
		return pat;
	return tuple_of_names(p, pat, "several names are a tuple pattern", NULL);
}

bool
habit_in(Parser *p)
{
	const Token *t = peek_token(p);

	if (p->panic || (!at_word(p, "of") && peek(p) != T(COLON) && peek(p) != T(EQ)))
		return false;
	Diag *d = foreign(p, G0229, token_span(t), "a loop is `for x in xs`");
	diag_fix(d, DIAG_SAFE, token_span(t), "write `in`", t->space ? "in" : " in");
	take(p);
	return true;
}

AstPat *
habit_let_pattern(Parser *p, AstPat *pat, Diag **told)
{
	if (p->panic || !at_same_line(p, T(COMMA)))
		return pat;
	return tuple_of_names(p, pat, "several names are a tuple pattern", told);
}

AstExpr *
habit_let_values(Parser *p, AstExpr *value, Diag *told)
{
	AstExprList values = {0};
	Diag *d = told;
	Span span;

	if (p->panic || !at_same_line(p, T(COMMA)))
		return value;
	vec_push(p->arena, &values, value);
	while (!p->panic && take_if(p, T(COMMA)))
		vec_push(p->arena, &values, parse_expr(p));
	span = span_from(p, value->span.start);
	if (!d) {
		d = foreign(p, G0237, span, "several values are a tuple");
		diag_fix(d, DIAG_SAFE, (Span){span.start, 0}, "add parentheses", "(");
	} else {
		diag_edit(d, (Span){span.start, 0}, "(");
	}
	diag_edit(d, (Span){span_end(span), 0}, ")");
	return ast_mk_expr_tuple(p->arena, span, values);
}

bool
habit_let(Parser *p)
{
	if (p->panic || peek(p) != T(COLON_EQ))
		return false;
	Token t = take(p);
	Diag *d = foreign(p, G0220, token_span(&t), "behind `let` and `const` stands `=`");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write `=`", "=");
	return true;
}

bool
habit_block(Parser *p)
{
	const Token *t = peek_token(p);
	bool colon = peek(p) == T(COLON), then = at_word(p, "then") || at_word(p, "do");

	if (p->panic || (!colon && !then))
		return false;
	foreign_panic(p, G0229, token_span(t), "a block stands in braces: `{ … }`");
	return false;
}

void
habit_ref_pat(Parser *p)
{
	TokensKind next = peek_at(p, 1);

	if (!at_word(p, "ref") || (next != T(IDENT) && next != T(KW_MUT)) || !same_line_at(p, 1))
		return;
	Token t = take(p);
	Diag *d = foreign(p, G0237, token_span(&t), "patterns need no `ref`");
	diag_primary(d, "a binding only looks at the value, unless it is `mut`");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
}

void
habit_slice_colon(Parser *p)
{
	const Token *t = peek_token(p);

	if (p->panic || t->kind != T(COLON))
		return;
	Diag *d = foreign(p, G0236, token_span(t), "a part of a sequence is `s[a..b]`");
	diag_fix(d, DIAG_SAFE, token_span(t), "write a range", "..");
	take(p);
	if (peek(p) != T(CLOSE_BRACKET))
		parse_expr(p);
}

void
habit_plus(Parser *p)
{
	const Token *t = peek_token(p), *before = p->at ? &p->tokens[p->at - 1] : NULL;
	Diag *d = foreign(p, G0236, token_span(t), "no `+` stands before a value");

	if (before && before->kind == T(EQ) && before->start + before->len == t->start) {
		diag_help(d, "to add to a variable is `+=`");
		diag_fix(d, DIAG_REVIEW, (Span){before->start, 2}, "add", "+=");
	} else {
		diag_fix(d, DIAG_SAFE, token_span(t), "leave it out", "");
	}
	take(p);
}
