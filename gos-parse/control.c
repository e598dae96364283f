/* if, match, select, loops, cohort. */
#include "gos-parse/habit.h"

/* otherwise = 'else' (if | block) */
static AstExpr *
parse_else(Parser *p)
{
	if (!habit_else(p) && !take_if(p, T(KW_ELSE)))
		return NULL;
	if (peek(p) != T(KW_IF))
		return parse_block_expr(p);
	/* A long chain of `else if` is a loop to the reader, but a tall tree. */
	if (!grow(p))
		return NULL;
	return parse_if(p);
}

/* if = 'if' condition block otherwise? */
AstExpr *
parse_if(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	AstExpr *cond = parse_condition(p);
	AstExpr *then = parse_block_expr(p);
	AstExpr *otherwise = p->panic ? NULL : parse_else(p);
	return ast_mk_expr_if(p->arena, span_from(p, start), cond, then, otherwise);
}

/* ---- match ------------------------------------------------------------------------------------ */

/* guard = 'if' condition */
AstExpr *
parse_guard(Parser *p)
{
	if (!take_if(p, T(KW_IF)))
		return NULL;
	Context saved = p->ctx;
	p->ctx = (Context){.join_lines = true, .let_ok = true};
	AstExpr *guard = parse_operators(p, PREC_LOWEST);
	p->ctx = saved;
	return guard;
}

static void
expect_arrow(Parser *p)
{
	if (!take_if(p, T(FAT_ARROW)) && !habit_arrow(p))
		expected(p, "`=>`");
}

/* Behind an arm that is a block, the comma may be left out on the same line too. */
static void
after_arm(Parser *p, List *l, const AstExpr *body)
{
	if (is_block_like(body) && peek(p) != T(COMMA))
		l->any = false;
}

/* arm = attrs '|'? pat guard? '=>' stmt_expr */
static AstArm *
parse_arm(Parser *p)
{
	uint32_t start = here(p);
	AstAttrList attrs = parse_attrs(p);

	habit_case(p);
	AstPat *pat = parse_pat(p);
	AstExpr *guard = parse_guard(p);
	expect_arrow(p);
	AstExpr *body = parse_stmt_expr(p);
	return ast_mk_arm(p->arena, span_from(p, start), attrs, pat, guard, body);
}

/* An error inside an arm costs that arm only. */
static void
recover_arm(Parser *p, uint32_t open)
{
	if (!p->panic || p->in->partner.at[open] == NO_PARTNER)
		return;
	sync_statement(p);
}

/* match = 'match' header_value '{' (arm sep)* '}' */
AstExpr *
parse_match(Parser *p)
{
	uint32_t start = here(p);
	AstArmList arms = {0};

	take(p);
	AstExpr *value = parse_header_value(p);
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);
	while (list_next(p, &l)) {
		AstArm *arm = parse_arm(p);
		vec_push(p->arena, &arms, arm);
		recover_arm(p, l.open);
		after_arm(p, &l, arm->body);
	}
	list_end(p, &l);
	return ast_mk_expr_match(p->arena, span_from(p, start), value, arms);
}

/* ---- select ----------------------------------------------------------------------------------- */

/* Is there an `=` before the arm's `=>`? */
static bool
binds_value(const Parser *p)
{
	/* Groups count as one: no arm is longer, and a broken file does not make this quadratic. */
	enum { LOOK_AHEAD = 1000 };
	uint32_t left = LOOK_AHEAD;

	for (uint32_t i = p->at; p->tokens[i].kind != TOKEN_END && left; i++, left--) {
		uint8_t kind = p->tokens[i].kind;
		if (kind == T(EQ))
			return true;
		if (kind == T(FAT_ARROW) || kind == T(CLOSE_BRACE) || kind == T(SEMI))
			return false;
		uint32_t close = p->in->partner.at[i];
		if (close != NO_PARTNER && close > i)
			i = close;
	}
	return false;
}

static AstExpr *
parse_channel(Parser *p)
{
	Context saved = p->ctx;

	p->ctx = (Context){.join_lines = true};
	AstExpr *e = parse_operators(p, PREC_LOWEST);
	p->ctx = saved;
	return e;
}

/* select_arm = ('default' | (pat '=')? operators) '=>' stmt_expr */
static AstSelectArm *
parse_select_arm(Parser *p)
{
	uint32_t start = here(p);
	AstPat *pat = NULL;
	AstExpr *channel = NULL;

	habit_case(p);
	bool otherwise = at_word(p, "default") && peek_at(p, 1) == T(FAT_ARROW);
	if (otherwise) {
		take(p);
	} else {
		if (binds_value(p)) {
			take_if(p, T(KW_LET));
			pat = parse_pat(p);
			expect(p, T(EQ));
		}
		channel = parse_channel(p);
	}
	expect_arrow(p);
	AstExpr *body = parse_stmt_expr(p);
	Span span = span_from(p, start);
	if (otherwise)
		return ast_mk_select_arm_default(p->arena, span, body);
	return pat ? ast_mk_select_arm_recv(p->arena, span, pat, channel, body) :
		     ast_mk_select_arm_send(p->arena, span, channel, body);
}

static AstExpr *
select_body(const AstSelectArm *arm)
{
	switch (arm->kind) {
	case AST_SELECT_ARM_RECV:
		return arm->recv.body;
	case AST_SELECT_ARM_SEND:
		return arm->send.body;
	case AST_SELECT_ARM_DEFAULT:
		return arm->default_.body;
	}
	return NULL;
}

/* select = 'select' '{' (select_arm sep)* '}' */
AstExpr *
parse_select(Parser *p)
{
	uint32_t start = here(p);
	AstSelectArmList arms = {0};

	take(p);
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);
	while (list_next(p, &l)) {
		AstSelectArm *arm = parse_select_arm(p);
		vec_push(p->arena, &arms, arm);
		recover_arm(p, l.open);
		after_arm(p, &l, select_body(arm));
	}
	list_end(p, &l);
	return ast_mk_expr_select(p->arena, span_from(p, start), arms);
}

/* cohort = 'cohort' args? block */
AstExpr *
parse_cohort(Parser *p)
{
	uint32_t start = here(p);
	AstArgList args = {0};

	take(p);
	if (peek(p) == T(OPEN_PAREN))
		args = parse_args(p);
	AstBlock *block = parse_block(p);
	return ast_mk_expr_cohort(p->arena, span_from(p, start), args, block);
}

/* ---- loops ------------------------------------------------------------------------------------ */

/* loop = 'loop' block */
static AstExpr *
parse_loop(Parser *p, uint32_t start, Sym label)
{
	take(p);
	AstBlock *body = parse_block(p);
	return ast_mk_expr_loop(p->arena, span_from(p, start), label, body);
}

static void
lint_while_true(Parser *p, const Token *word, const AstExpr *cond)
{
	if (cond->kind != AST_EXPR_BOOL || !cond->bool_.value)
		return;
	Span span = {word->start, span_end(cond->span) - word->start};
	Diag *d = diag_warn(p->diags, G0280, span);
	diag_primary(d, "`loop` says it, and may `break` with a value");
	diag_fix(d, DIAG_SAFE, span, "write `loop`", "loop");
}

/* while = 'while' condition block */
static AstExpr *
parse_while(Parser *p, uint32_t start, Sym label)
{
	Token word = take(p);
	AstExpr *cond = parse_condition(p);

	lint_while_true(p, &word, cond);
	AstBlock *body = parse_block(p);
	return ast_mk_expr_while(p->arena, span_from(p, start), label, cond, body);
}

/* for = 'for' pat 'in' header_value block */
static AstExpr *
parse_for(Parser *p, uint32_t start, Sym label)
{
	take(p);
	if (habit_for(p)) {
		AstBlock *body = parse_block(p);
		AstExpr *iter = ast_mk_expr_error(p->arena, body->span);
		return ast_mk_expr_for(p->arena, span_from(p, start), label,
		    ast_mk_pat_wild(p->arena, body->span), iter, body);
	}
	AstPat *pat = parse_pat(p);
	pat = habit_for_pattern(p, pat);
	if (!habit_in(p))
		expect(p, T(KW_IN));
	AstExpr *iter = parse_header_value(p);
	AstBlock *body = parse_block(p);
	return ast_mk_expr_for(p->arena, span_from(p, start), label, pat, iter, body);
}

/* labelled = (label ':')? (loop | while | for | block) */
AstExpr *
parse_labelled(Parser *p)
{
	uint32_t start = here(p);
	Sym label = 0;

	if (peek(p) == T(LABEL)) {
		Token t = take(p);
		label = label_sym(p, &t);
		expect(p, T(COLON));
	}
	switch (peek(p)) {
	case T(KW_LOOP):
		return parse_loop(p, start, label);
	case T(KW_WHILE):
		return parse_while(p, start, label);
	case T(KW_FOR):
		return parse_for(p, start, label);
	case T(OPEN_BRACE):
		break;
	default:	/* tokens, not nodes */
		expected(p, "a loop or a block");
		return ast_mk_expr_error(p->arena, span_from(p, start));
	}
	AstBlock *block = parse_block(p);
	return ast_mk_expr_block(p->arena, span_from(p, start), label, block);
}
