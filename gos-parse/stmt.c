/* Statements and blocks; where a statement ends. */
#include "gos-parse/habit.h"

static const AstAttrList no_attrs;

bool
is_block_like(const AstExpr *e)
{
	switch (e->kind) {
	case AST_EXPR_BLOCK: case AST_EXPR_UNSAFE: case AST_EXPR_COMPTIME: case AST_EXPR_ARENA:
	case AST_EXPR_COHORT: case AST_EXPR_IF: case AST_EXPR_MATCH: case AST_EXPR_LOOP:
	case AST_EXPR_WHILE: case AST_EXPR_FOR: case AST_EXPR_SELECT:
		return true;
	case AST_EXPR_GO:
		return is_block_like(e->go.body);
	case AST_EXPR_INT: case AST_EXPR_FLOAT: case AST_EXPR_BOOL: case AST_EXPR_CHAR:
	case AST_EXPR_BYTE: case AST_EXPR_STR: case AST_EXPR_BYTE_STR: case AST_EXPR_PATH:
	case AST_EXPR_QUALIFIED: case AST_EXPR_TUPLE: case AST_EXPR_ARRAY: case AST_EXPR_REPEAT:
	case AST_EXPR_SET: case AST_EXPR_MAP: case AST_EXPR_STRUCT: case AST_EXPR_UNARY:
	case AST_EXPR_BINARY: case AST_EXPR_REF: case AST_EXPR_CAST: case AST_EXPR_RANGE:
	case AST_EXPR_ASSIGN: case AST_EXPR_ASSIGN_OP: case AST_EXPR_ASSIGN_PAR:
	case AST_EXPR_CALL: case AST_EXPR_METHOD: case AST_EXPR_FIELD: case AST_EXPR_INDEX:
	case AST_EXPR_TRY: case AST_EXPR_PIPE: case AST_EXPR_PLACEHOLDER: case AST_EXPR_PAREN:
	case AST_EXPR_LET: case AST_EXPR_BREAK: case AST_EXPR_CONTINUE: case AST_EXPR_RETURN:
	case AST_EXPR_CLOSURE: case AST_EXPR_FORMAT: case AST_EXPR_MACRO: case AST_EXPR_INTERP:
	case AST_EXPR_MACRO_MATCHES: case AST_EXPR_ERROR:
		return false;
	}
	return false;
}

/* Does the next token begin an expression that ends with its brace as a statement? */
static bool
at_block_like(const Parser *p)
{
	switch (peek(p)) {
	case T(OPEN_BRACE): case T(KW_IF): case T(KW_MATCH): case T(KW_LOOP): case T(KW_WHILE):
	case T(KW_FOR): case T(KW_SELECT): case T(KW_UNSAFE): case T(LABEL): case T(KW_GO):
		return true;
	case T(IDENT):
		return at_word(p, "arena") || at_word(p, "cohort") || at_word(p, "comptime");
	default:	/* tokens, not nodes */
		return false;
	}
}

/* What may follow the brace, for no statement begins with it. */
static bool
continues_block(const Parser *p)
{
	return peek(p) == T(DOT) || peek(p) == T(QUESTION) || peek(p) == T(PIPE_GT);
}

/*
 * stmt_expr = block_like | expr
 *
 * The block-like form is parsed by itself; if it goes on with `.`, `?` or `|>`, it becomes the
 * `ready` first operand of an ordinary expression, so that those bind as usual.
 */
AstExpr *
parse_stmt_expr(Parser *p)
{
	if (!at_block_like(p))
		return parse_expr(p);
	AstExpr *e = parse_primary(p);
	if (p->panic || e->kind == AST_EXPR_GO || (is_block_like(e) && !continues_block(p)))
		return e;
	p->ready = e;
	return parse_expr(p);
}

/* ---- let -------------------------------------------------------------------------------------- */

/* let = 'let' pat (':' type)? ('=' expr ('else' block)?)? */
static AstStmt *
parse_let(Parser *p)
{
	Token let = take(p);
	AstType *type = NULL;
	AstExpr *value = NULL, *otherwise = NULL;
	Diag *told = NULL;

	AstPat *pat = parse_pat(p);
	pat = habit_let_pattern(p, pat, &told);
	if (take_if(p, T(COLON)))
		type = parse_type(p);
	if (!p->panic && (take_if(p, T(EQ)) || habit_let(p))) {
		value = parse_expr(p);
		value = habit_let_values(p, value, told);
	}
	if (value && !p->panic && take_if(p, T(KW_ELSE)))
		otherwise = parse_block_expr(p);
	return ast_mk_stmt_let(p->arena, span_from(p, let.start), no_attrs, pat, type, value, otherwise);
}

/* ---- expression statements -------------------------------------------------------------------- */

static AstExprList
parse_expr_list(Parser *p, AstExpr *first)
{
	AstExprList list = {0};

	vec_push(p->arena, &list, first);
	while (!p->panic && take_if(p, T(COMMA)))
		vec_push(p->arena, &list, parse_operators(p, PREC_LOWEST));
	return list;
}

/* parallel = operators (',' operators)+ '=' operators (',' operators)* */
static AstExpr *
parse_parallel(Parser *p, AstExpr *first)
{
	uint32_t start = first->span.start;
	AstExprList places = parse_expr_list(p, first), values = {0};

	if (expect(p, T(EQ)))
		values = parse_expr_list(p, parse_operators(p, PREC_LOWEST));
	else
		vec_push(p->arena, &values, ast_mk_expr_error(p->arena, (Span){here(p), 0}));
	return ast_mk_expr_assign_par(p->arena, span_from(p, start), places, values);
}

static AstStmt *
parse_expr_stmt(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *e = parse_stmt_expr(p);

	if (!p->panic && !is_block_like(e) && at_same_line(p, T(COMMA)))
		e = parse_parallel(p, e);
	return ast_mk_stmt_expr(p->arena, span_from(p, start), no_attrs, e, false);
}

/* ---- statements ------------------------------------------------------------------------------- */

/* `defer` and `errdefer` are keywords where something to run follows on the line. */
static bool
at_defer(const Parser *p)
{
	const Token *next = peek_token(p) + 1;

	if (peek(p) != T(IDENT) || (!at_word(p, "defer") && !at_word(p, "errdefer")))
		return false;
	return !next->newline && next->space && starts_expr((TokensKind)next->kind);
}

/* defer = ('defer' | 'errdefer') stmt_expr */
static AstStmt *
parse_defer(Parser *p)
{
	bool on_error = at_word(p, "errdefer");
	Token word = take(p);
	AstExpr *body = parse_stmt_expr(p);

	return ast_mk_stmt_defer(p->arena, span_from(p, word.start), no_attrs, body, on_error);
}

/* Is what follows the attributes here a statement that is no item? */
static bool
at_attrs_of_stmt(Parser *p)
{
	uint32_t at = p->at;
	bool found;

	while (peek(p) == T(HASH) && peek_at(p, 1) == T(OPEN_BRACKET) && partner_at(p, 1) != NO_PARTNER)
		p->at = partner_at(p, 1) + 1;
	found = p->at != at && !at_item(p) && peek(p) != T(CLOSE_BRACE) && peek(p) != TOKEN_END;
	p->at = at;
	return found;
}

static AstStmt *parse_bare_stmt(Parser *p);

static AstStmt *
parse_stmt_with_attrs(Parser *p)
{
	uint32_t start = here(p);
	AstAttrList attrs = parse_attrs(p);
	AstStmt *s = parse_bare_stmt(p);

	s->attrs = attrs;
	s->span = span_from(p, start);
	return s;
}

static AstStmt *
parse_bare_stmt(Parser *p)
{
	uint32_t start = here(p);
	AstStmt *habit;

	if (at_attrs_of_stmt(p))
		return parse_stmt_with_attrs(p);
	if (peek(p) == T(KW_LET))
		return parse_let(p);
	if (at_item(p)) {
		AstItem *item = parse_item(p);
		return ast_mk_stmt_item(p->arena, span_from(p, start), no_attrs, item);
	}
	if (at_defer(p))
		return parse_defer(p);
	if (habit_stmt(p, &habit))
		return habit;
	return parse_expr_stmt(p);
}

static bool
ends_by_itself(const AstStmt *s)
{
	switch (s->kind) {
	case AST_STMT_ITEM:
	case AST_STMT_ERROR:
		return true;
	case AST_STMT_EXPR:
		return is_block_like(s->expr.expr);
	case AST_STMT_DEFER:
		return is_block_like(s->defer.body);
	case AST_STMT_LET:
		return s->let.otherwise != NULL;
	}
	return false;
}

void
check_placeholders(Parser *p)
{
	for (uint32_t i = 0; i < p->placeholders.len && !p->panic; i++) {
		Diag *d = diag_error(p->diags, G0205, p->placeholders.at[i]);
		diag_primary(d, "not an argument of a call behind `|>`");
	}
	p->placeholders.len = 0;
}

/* The line break, `;` or `}` that ends a statement. */
static void
end_stmt(Parser *p, AstStmt *s)
{
	if (take_if(p, T(SEMI))) {
		if (s->kind == AST_STMT_EXPR)
			s->expr.semicolon = true;
		return;
	}
	if (ends_by_itself(s) || peek_token(p)->newline || peek(p) == T(CLOSE_BRACE))
		return;
	if (!habit_after_stmt(p, s))
		expected(p, "a line break or `;` behind the statement");
}

/* stmt = attrs (let | item | defer | expr_stmt) end     expr_stmt = stmt_expr | parallel */
AstStmt *
parse_stmt(Parser *p)
{
	uint32_t start = p->stmt_start = p->at;
	AstStmt *s = parse_bare_stmt(p);

	check_placeholders(p);
	if (!p->panic)
		end_stmt(p, s);
	if (p->panic)
		sync_statement(p);
	else if (p->at == start)
		take(p);
	return s;
}

/* ---- blocks ----------------------------------------------------------------------------------- */

/* block = '{' (stmt | ';')* '}' */
AstBlock *
parse_block(Parser *p)
{
	uint32_t start = here(p), open = p->at;
	AstStmtList stmts = {0};

	if (peek(p) != T(OPEN_BRACE) && !habit_block(p)) {
		expected(p, "`{`");
		return ast_mk_block(p->arena, (Span){start, 0}, stmts);
	}
	Context saved = enter_block(p);
	take(p);
	p->panic = false;	/* a new start, whatever was wrong before the brace */
	nest(p);
	while (peek(p) != T(CLOSE_BRACE) && peek(p) != TOKEN_END)
		if (!take_if(p, T(SEMI)))
			vec_push(p->arena, &stmts, parse_stmt(p));
	unnest(p);
	p->ctx = saved;
	if (!take_if(p, T(CLOSE_BRACE)))
		report_unclosed(p, open);
	return ast_mk_block(p->arena, span_from(p, start), stmts);
}

AstExpr *
parse_block_expr(Parser *p)
{
	AstBlock *block = parse_block(p);

	return ast_mk_expr_block(p->arena, block->span, 0, block);
}

/* file = (item | stmt)* */
Top
parse_top(Parser *p)
{
	p->height = 0;
	if (take_if(p, T(SEMI)))
		return (Top){0};
	if (peek(p) == T(CLOSE_BRACE)) {
		Diag *d = diag_error(p->diags, G0213, token_span(peek_token(p)));
		diag_primary(d, "no `{` is open here");
		diag_fix(d, DIAG_REVIEW, token_span(peek_token(p)), "remove it", "");
		take(p);
		return (Top){0};
	}
	AstStmt *s = parse_stmt(p);
	if (s->kind == AST_STMT_ITEM)
		return (Top){.item = s->item.item};
	return (Top){.stmt = s};
}
