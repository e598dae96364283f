/* Expressions that begin with their own token: names, brackets, blocks, closures, jumps. */
#include "gos-parse/habit.h"

/* paren = '(' expr ')'     tuple = '(' (expr sep)* ')' with a comma, or empty */
static AstExpr *
parse_paren(Parser *p)
{
	uint32_t start = here(p);
	AstExprList elems = {0};
	/* A single value in parentheses goes on over line breaks; entries of a tuple do not. */
	bool grouping = !peek_token(p)->comma;
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), grouping);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_expr(p));
	list_end(p, &l);
	Span span = span_from(p, start);
	if (elems.len == 1 && !l.comma)
		return ast_mk_expr_paren(p->arena, span, elems.at[0]);
	return ast_mk_expr_tuple(p->arena, span, elems);
}

/* array = '[' (expr sep)* ']'     repeat = '[' expr ';' expr ']' */
AstExpr *
parse_array(Parser *p, TokensKind open, TokensKind close)
{
	uint32_t start = here(p);
	AstExprList elems = {0};
	AstExpr *count = NULL;
	List l = list_begin(p, open, close, false);

	while (list_next(p, &l)) {
		vec_push(p->arena, &elems, parse_expr(p));
		if (elems.len == 1 && take_if(p, T(SEMI))) {
			count = parse_expr(p);
			break;
		}
	}
	list_end(p, &l);
	Span span = span_from(p, start);
	return count ? ast_mk_expr_repeat(p->arena, span, elems.at[0], count) :
		       ast_mk_expr_array(p->arena, span, elems);
}

/* set = '#' '{' (expr sep)* '}' */
static AstExpr *
parse_set(Parser *p)
{
	uint32_t start = here(p);
	AstExprList elems = {0};

	take(p);
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);
	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_expr(p));
	list_end(p, &l);
	return ast_mk_expr_set(p->arena, span_from(p, start), elems);
}

/* field_init = (ident | int) (':' expr)? */
static AstFieldInit *
parse_field_init(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *value = NULL;
	AstIdent *name;

	if (peek(p) == T(INT)) {
		Token t = take(p);
		name = mk_ident(p, &t);
	} else {
		name = parse_ident(p, "a field");
	}
	if (take_if(p, T(COLON)) || habit_field_eq(p))
		value = parse_expr(p);
	return ast_mk_field_init(p->arena, span_from(p, start), name, value);
}

/* struct_expr = path '{' (field_init sep)* ('..' expr)? '}' */
static AstExpr *
parse_struct_expr(Parser *p, AstPath *path, uint32_t start)
{
	AstFieldInitList fields = {0};
	AstExpr *base = NULL;
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);

	while (!base && list_next(p, &l)) {
		if (take_if(p, T(DOT_DOT)))
			base = parse_expr(p);
		else
			vec_push(p->arena, &fields, parse_field_init(p));
	}
	if (base)
		take_if(p, T(COMMA));
	list_end(p, &l);
	return ast_mk_expr_struct(p->arena, span_from(p, start), path, fields, base);
}

/* Does `{` behind a path begin a struct literal? */
static bool
at_struct_body(const Parser *p)
{
	return peek(p) == T(OPEN_BRACE) && !p->ctx.no_struct && !peek_token(p)->newline;
}

/* path_expr = path | struct_expr | qself '::' segment */
static AstExpr *
parse_path_expr(Parser *p)
{
	uint32_t start = here(p);
	AstPath *path = parse_expr_path(p);

	if (at_struct_body(p))
		return parse_struct_expr(p, path, start);
	return ast_mk_expr_path(p->arena, span_from(p, start), path);
}

static AstExpr *
parse_qualified(Parser *p)
{
	uint32_t start = here(p);
	AstType *self;
	AstPath *trait;

	parse_qself(p, &self, &trait);
	expect(p, T(COLON_COLON));
	AstSegment *name = parse_qualified_segment(p);
	return ast_mk_expr_qualified(p->arena, span_from(p, start), self, trait, name);
}

static AstExpr *
parse_placeholder(Parser *p)
{
	Token t = take(p);

	vec_push(p->diags->arena, &p->placeholders, token_span(&t));
	return ast_mk_expr_placeholder(p->arena, token_span(&t));
}

/* unsafe_expr = 'unsafe' block */
static AstExpr *
parse_unsafe(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	AstBlock *block = parse_block(p);
	return ast_mk_expr_unsafe(p->arena, span_from(p, start), block);
}

/* go_expr = 'go' (block | expr) */
static AstExpr *
parse_go(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	habit_go(p);
	AstExpr *body = peek(p) == T(OPEN_BRACE) ? parse_block_expr(p) : parse_expr(p);
	return ast_mk_expr_go(p->arena, span_from(p, start), body);
}

/* ---- closures --------------------------------------------------------------------------------- */

/* closure_param = pat (':' type)? */
static AstClosureParam *
parse_closure_param(Parser *p)
{
	uint32_t start = here(p);
	AstPat *pat = parse_pat_no_or(p);
	AstType *type = take_if(p, T(COLON)) ? parse_type(p) : NULL;

	return ast_mk_closure_param(p->arena, span_from(p, start), pat, type);
}

static AstClosureParamList
parse_closure_params(Parser *p)
{
	AstClosureParamList params = {0};
	Context saved = enter_brackets(p, true);

	if (!take_if(p, T(BAR_BAR))) {
		take(p);
		while (!p->panic && peek(p) != T(BAR)) {
			vec_push(p->arena, &params, parse_closure_param(p));
			if (!take_if(p, T(COMMA)))
				break;
		}
		expect(p, T(BAR));
	}
	p->ctx = saved;
	return params;
}

/* closure = '|' (closure_param (',' closure_param)*)? '|' (expr | '->' type block) */
AstExpr *
parse_closure(Parser *p)
{
	uint32_t start = here(p);
	AstClosureParamList params = parse_closure_params(p);

	if (take_if(p, T(ARROW))) {
		AstType *ret = parse_type(p);
		AstExpr *body = parse_block_expr(p);
		return ast_mk_expr_closure(p->arena, span_from(p, start), params, ret, body);
	}
	AstExpr *body = parse_expr(p);
	return ast_mk_expr_closure(p->arena, span_from(p, start), params, NULL, body);
}

/* `move |x| …`: accepted, for captures are values anyway. */
static bool
at_move(const Parser *p)
{
	return at_word(p, "move") && (peek_at(p, 1) == T(BAR) || peek_at(p, 1) == T(BAR_BAR));
}

static AstExpr *
parse_move(Parser *p)
{
	Token t = take(p);
	Diag *d = diag_warn(p->diags, G0281, token_span(&t));

	diag_primary(d, "closures capture values anyway");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
	return parse_closure(p);
}

/* ---- jumps ------------------------------------------------------------------------------------ */

Sym
label_sym(const Parser *p, const Token *t)
{
	return intern(p->names, p->text + (t->start - p->base) + 1, t->len - 1);
}

static Sym
parse_label_use(Parser *p)
{
	if (peek(p) != T(LABEL) || peek_token(p)->newline)
		return 0;
	Token t = take(p);
	return label_sym(p, &t);
}

/* A value on the same line, even where line breaks count for nothing. */
static AstExpr *
parse_jump_value(Parser *p)
{
	return at_expr(p) && !peek_token(p)->newline ? parse_expr(p) : NULL;
}

/* jump = 'return' expr? | 'break' label? expr? | 'continue' label? */
AstExpr *
parse_jump(Parser *p)
{
	Token word = take(p);
	Sym label = word.kind == T(KW_RETURN) ? 0 : parse_label_use(p);
	AstExpr *value = word.kind == T(KW_CONTINUE) ? NULL : parse_jump_value(p);
	Span span = span_from(p, word.start);

	if (word.kind == T(KW_RETURN))
		return ast_mk_expr_return(p->arena, span, value);
	if (word.kind == T(KW_BREAK))
		return ast_mk_expr_break(p->arena, span, label, value);
	return ast_mk_expr_continue(p->arena, span, label);
}

/* ---- words that are keywords only here -------------------------------------------------------- */

static bool
block_follows(const Parser *p)
{
	return peek_at(p, 1) == T(OPEN_BRACE) && !p->ctx.no_struct && !p->tokens[p->at + 1].newline;
}

/* `cohort {` and `cohort(…) {` */
static bool
at_cohort(const Parser *p)
{
	if (!at_word(p, "cohort") || p->ctx.no_struct)
		return false;
	if (peek_at(p, 1) == T(OPEN_PAREN)) {
		uint32_t close = partner_at(p, 1);
		return close != NO_PARTNER && p->tokens[close + 1].kind == T(OPEN_BRACE) &&
		    !p->tokens[close + 1].newline;
	}
	return block_follows(p);
}

static AstExpr *
parse_word_block(Parser *p, bool arena)
{
	uint32_t start = here(p);

	take(p);
	AstBlock *block = parse_block(p);
	Span span = span_from(p, start);
	return arena ? ast_mk_expr_arena(p->arena, span, block) :
		       ast_mk_expr_comptime(p->arena, span, block);
}

static AstExpr *
parse_name(Parser *p)
{
	if (at_macro(p))
		return parse_macro(p);
	if (at_move(p))
		return parse_move(p);
	if (at_cohort(p))
		return parse_cohort(p);
	if (block_follows(p) && at_word(p, "arena"))
		return parse_word_block(p, true);
	if (block_follows(p) && at_word(p, "comptime"))
		return parse_word_block(p, false);
	AstExpr *e = habit_primary(p);
	return e ? e : parse_path_expr(p);
}

static AstExpr *
parse_unexpected(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *e = habit_primary(p);

	if (e)
		return e;
	expected(p, "an expression");
	return ast_mk_expr_error(p->arena, (Span){start, 0});
}

/* Keyword expressions; NULL if the token is none of them. */
static AstExpr *
parse_bare_keyword(Parser *p)
{
	switch (peek(p)) {
	case T(KW_IF):
		return parse_if(p);
	case T(KW_MATCH):
		return parse_match(p);
	case T(KW_SELECT):
		return parse_select(p);
	case T(LABEL):
	case T(KW_LOOP):
	case T(KW_WHILE):
	case T(KW_FOR):
		return parse_labelled(p);
	case T(KW_UNSAFE):
		return parse_unsafe(p);
	case T(KW_GO):
		return parse_go(p);
	case T(KW_RETURN):
	case T(KW_BREAK):
	case T(KW_CONTINUE):
		return parse_jump(p);
	default:	/* tokens, not nodes */
		return NULL;
	}
}

static AstExpr *
parse_keyword(Parser *p)
{
	AstExpr *e = nest(p) ? parse_bare_keyword(p) : NULL;

	unnest(p);
	return e;
}

/*
 * primary = literal | path_expr | macro | paren | tuple | array | repeat | set | block | closure
 *         | if | match | select | loop | while | for | unsafe_expr | go_expr | jump
 *         | ('arena' | 'comptime') block | cohort | '_'
 */
AstExpr *
parse_primary(Parser *p)
{
	if (p->ready) {
		AstExpr *ready = p->ready;
		p->ready = NULL;
		return ready;
	}
	if (at_literal(p))
		return parse_literal(p);
	switch (peek(p)) {
	case T(IDENT):
		return parse_name(p);
	case T(KW_SELF):
	case T(KW_SELF_TYPE):
	case T(KW_CRATE):
	case T(KW_SUPER):
		return parse_path_expr(p);
	case T(F_STR):
	case T(F_STR_START):
		return parse_interpolated(p);
	case T(OPEN_PAREN):
		return parse_paren(p);
	case T(OPEN_BRACKET):
		return parse_array(p, T(OPEN_BRACKET), T(CLOSE_BRACKET));
	case T(OPEN_BRACE):
		return parse_block_expr(p);
	case T(HASH):
		return peek_at(p, 1) == T(OPEN_BRACE) ? parse_set(p) : parse_unexpected(p);
	case T(BAR):
	case T(BAR_BAR):
		return parse_closure(p);
	case T(LT):
		return habit_receive(p) ? parse_prefixed(p) : parse_qualified(p);
	case T(UNDERSCORE):
		return parse_placeholder(p);
	default:	/* tokens, not nodes */
		break;
	}
	AstExpr *e = parse_keyword(p);
	return e ? e : parse_unexpected(p);
}
