/*
 * Expressions: operators by precedence climbing, postfix forms, arguments, pipes.
 *
 * An operator at the start of a line goes on with the expression only if no statement can begin
 * with it; where line breaks count for nothing (`join_lines`) every operator does.
 */
#include "gos-parse/habit.h"

typedef struct Operator {
	uint8_t precedence;	/* 0: not a binary operator */
	uint8_t op;		/* AstBinaryOp */
	bool starts_stmt;	/* at the start of a line it begins a new statement */
} Operator;

enum {
	PREC_BIT_OR = PREC_COMPARE + 1, PREC_BIT_XOR, PREC_BIT_AND, PREC_SHIFT, PREC_ADD, PREC_MUL,
};

#define OP(name) AST_BINARY_OP_##name

static AstExpr *parse_binary(Parser *p, int min);

static const Operator operators[256] = {
	[T(BAR_BAR)] = {PREC_OR, OP(OR), false}, [T(AMP_AMP)] = {PREC_AND, OP(AND), false},
	[T(EQ_EQ)] = {PREC_COMPARE, OP(EQ), false}, [T(NE)] = {PREC_COMPARE, OP(NE), false},
	[T(LT)] = {PREC_COMPARE, OP(LT), false}, [T(LE)] = {PREC_COMPARE, OP(LE), false},
	[T(GT)] = {PREC_COMPARE, OP(GT), false}, [T(GE)] = {PREC_COMPARE, OP(GE), false},
	[T(BAR)] = {PREC_BIT_OR, OP(BIT_OR), true}, [T(CARET)] = {PREC_BIT_XOR, OP(BIT_XOR), false},
	[T(AMP)] = {PREC_BIT_AND, OP(BIT_AND), true}, [T(SHL)] = {PREC_SHIFT, OP(SHL), false},
	[T(SHR)] = {PREC_SHIFT, OP(SHR), false}, [T(PLUS)] = {PREC_ADD, OP(ADD), false},
	[T(MINUS)] = {PREC_ADD, OP(SUB), true}, [T(PLUS_WRAP)] = {PREC_ADD, OP(ADD_WRAP), false},
	[T(MINUS_WRAP)] = {PREC_ADD, OP(SUB_WRAP), false}, [T(STAR)] = {PREC_MUL, OP(MUL), true},
	[T(SLASH)] = {PREC_MUL, OP(DIV), false}, [T(PERCENT)] = {PREC_MUL, OP(REM), false},
	[T(STAR_WRAP)] = {PREC_MUL, OP(MUL_WRAP), false},
};

/* The operator of `op=`, or -1. */
static int
compound_op(TokensKind kind)
{
	switch (kind) {
	case T(PLUS_EQ): return OP(ADD);
	case T(MINUS_EQ): return OP(SUB);
	case T(STAR_EQ): return OP(MUL);
	case T(SLASH_EQ): return OP(DIV);
	case T(PERCENT_EQ): return OP(REM);
	case T(AMP_EQ): return OP(BIT_AND);
	case T(BAR_EQ): return OP(BIT_OR);
	case T(CARET_EQ): return OP(BIT_XOR);
	case T(SHL_EQ): return OP(SHL);
	case T(SHR_EQ): return OP(SHR);
	case T(PLUS_WRAP_EQ): return OP(ADD_WRAP);
	case T(MINUS_WRAP_EQ): return OP(SUB_WRAP);
	case T(STAR_WRAP_EQ): return OP(MUL_WRAP);
	default: return -1;	/* tokens, not nodes */
	}
}

bool
starts_expr(TokensKind kind)
{
	switch (kind) {
	case T(ERROR): case T(IDENT): case T(UNDERSCORE): case T(LABEL): case T(INT): case T(FLOAT):
	case T(CHAR): case T(BYTE): case T(STR): case T(BYTE_STR): case T(RAW_STR): case T(F_STR):
	case T(F_STR_START): case T(KW_BREAK): case T(KW_CONTINUE): case T(KW_CRATE):
	case T(KW_FALSE): case T(KW_FOR): case T(KW_GO): case T(KW_IF): case T(KW_LOOP):
	case T(KW_MATCH): case T(KW_RETURN): case T(KW_SELECT): case T(KW_SELF):
	case T(KW_SELF_TYPE): case T(KW_SUPER): case T(KW_TRUE): case T(KW_UNSAFE):
	case T(KW_WHILE): case T(OPEN_PAREN): case T(OPEN_BRACKET): case T(OPEN_BRACE): case T(HASH):
	case T(LT): case T(MINUS): case T(STAR): case T(BANG): case T(AMP): case T(AMP_AMP):
	case T(BAR): case T(BAR_BAR): case T(DOT_DOT): case T(DOT_DOT_EQ): case T(TILDE):
	case T(PLUS_PLUS): case T(KW_ASYNC): case T(KW_AWAIT): case T(KW_YIELD): case T(KW_LET):
		return true;
	default:	/* tokens, not nodes */
		return false;
	}
}

bool
at_expr(const Parser *p)
{
	if (peek(p) == T(OPEN_BRACE))
		return !p->ctx.no_struct;
	return starts_expr(peek(p));
}

/* Where the next expression begins. */
static uint32_t
expr_start(const Parser *p)
{
	return p->ready ? p->ready->span.start : here(p);
}

/* ---- prefix operators ------------------------------------------------------------------------- */

/* The operand of a prefix operator; long rows of them count as nesting. */
AstExpr *
parse_prefixed(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *e = nest(p) ? parse_unary(p) : ast_mk_expr_error(p->arena, (Span){start, 0});

	unnest(p);
	return e;
}

/* ref_expr = '&' 'mut'? unary */
static AstExpr *
parse_ref(Parser *p, uint32_t start)
{
	if (peek(p) == T(AMP_AMP))
		split_token(p);
	else
		take(p);
	habit_lifetime(p);
	bool mut = take_if(p, T(KW_MUT));
	AstExpr *operand = parse_prefixed(p);
	return ast_mk_expr_ref(p->arena, span_from(p, start), mut, operand);
}

static AstExpr *
parse_prefix(Parser *p, uint32_t start, AstUnaryOp op)
{
	take(p);
	AstExpr *operand = parse_prefixed(p);
	return ast_mk_expr_unary(p->arena, span_from(p, start), op, operand);
}

/* unary = ('-' | '!' | '*' | '&' 'mut'?)* postfix */
AstExpr *
parse_unary(Parser *p)
{
	uint32_t start = here(p);

	if (p->ready)
		return parse_postfix(p, parse_primary(p));
	switch (peek(p)) {
	case T(MINUS):
		return parse_prefix(p, start, AST_UNARY_OP_NEG);
	case T(BANG):
		return parse_prefix(p, start, AST_UNARY_OP_NOT);
	case T(STAR):
		return parse_prefix(p, start, AST_UNARY_OP_DEREF);
	case T(AMP):
	case T(AMP_AMP):
		return parse_ref(p, start);
	case T(PLUS):
		habit_plus(p);
		return parse_prefixed(p);
	default:	/* tokens, not nodes */
		break;
	}
	return parse_postfix(p, parse_primary(p));
}

/* ---- binary operators ------------------------------------------------------------------------- */

static const Operator *
binary_operator(Parser *p)
{
	const Operator *op = &operators[peek(p)];

	if (op->precedence == 0)
		return &operators[habit_operator(p)];
	if (op->starts_stmt && at_newline(p))
		return &operators[0];
	return op;
}

/* cast = unary ('as' type)* */
static AstExpr *
parse_cast(Parser *p)
{
	uint32_t start = expr_start(p);
	uint32_t saved = frame_open(p);
	AstExpr *e = parse_unary(p);

	while (!p->panic && peek(p) == T(KW_AS) && grow(p)) {
		take(p);
		bool in_cast = p->ctx.in_cast;
		p->ctx.in_cast = true;
		AstType *type = parse_type(p);
		p->ctx.in_cast = in_cast;
		e = ast_mk_expr_cast(p->arena, span_from(p, start), e, type);
	}
	frame_close(p, saved);
	return e;
}

static bool
is_comparison(const AstExpr *e)
{
	return e->kind == AST_EXPR_BINARY && e->binary.op >= OP(EQ);
}

/* `a < b < c` */
static void
check_chain(Parser *p, const AstExpr *left, const Token *op)
{
	if (!is_comparison(left))
		return;
	Diag *d = parse_error(p, G0203, token_span(op));
	if (!d)
		return;
	p->panic = false;
	diag_primary(d, "a second comparison of the same value");
	diag_label(d, left->binary.op_span, "the first one");
	Text middle = {p->text + (left->binary.right->span.start - p->base),
	    left->binary.right->span.len};
	diag_fix(d, DIAG_REVIEW, (Span){span_end(left->span), 0}, "compare twice",
	    arena_printf(p->arena, " && %.*s", (int)middle.n, middle.s));
}

/* `let p = e || x`: the names would have no value when only `x` holds. */
static void
check_let_or(Parser *p, const AstExpr *left)
{
	while (left->kind == AST_EXPR_BINARY && left->binary.op == OP(AND) &&
	    left->binary.right->kind != AST_EXPR_LET)
		left = left->binary.left;
	if (left->kind == AST_EXPR_BINARY && left->binary.op == OP(AND))
		left = left->binary.right;
	if (left->kind != AST_EXPR_LET)
		return;
	Diag *d = parse_error(p, G0204, left->span);
	diag_primary(d, "joined with something else by `||`");
	p->panic = false;
}

/* let_condition = 'let' pat '=' operand */
static AstExpr *
parse_let_condition(Parser *p)
{
	Token let = take(p);

	nest(p);
	if (!p->ctx.let_ok) {
		Diag *d = parse_error(p, G0204, token_span(&let));
		if (d)
			diag_primary(d, "only the condition of `if`, `while` or a guard may have it, "
			    "by itself or joined by `&&`");
		p->panic = false;
	}
	AstPat *pat = parse_pat(p);
	expect(p, T(EQ));
	bool let_ok = p->ctx.let_ok;
	p->ctx.let_ok = false;
	AstExpr *value = parse_operators(p, PREC_COMPARE);
	p->ctx.let_ok = let_ok;
	unnest(p);
	return ast_mk_expr_let(p->arena, span_from(p, let.start), pat, value);
}

static AstExpr *
parse_operand(Parser *p)
{
	return peek(p) == T(KW_LET) ? parse_let_condition(p) : parse_cast(p);
}

static AstExpr *
parse_right(Parser *p, const Operator *op)
{
	bool let_ok = p->ctx.let_ok;

	p->ctx.let_ok = let_ok && op->op == OP(AND);
	AstExpr *right = parse_binary(p, op->precedence + 1);
	p->ctx.let_ok = let_ok;
	return right;
}

/* binary = cast (operator cast)*, operators of higher precedence binding tighter, all to the left */
static AstExpr *
parse_binary(Parser *p, int min)
{
	uint32_t start = expr_start(p);
	uint32_t saved = frame_open(p);
	AstExpr *left = parse_operand(p);

	while (!p->panic) {
		const Operator *op = binary_operator(p);
		if (op->precedence == 0 || op->precedence < min || !grow(p))
			break;
		Token t = take(p);
		op = &operators[habit_double_operator(p, (TokensKind)t.kind)];
		if (op->precedence == PREC_COMPARE)
			check_chain(p, left, &t);
		if (op->op == OP(OR))
			check_let_or(p, left);
		AstExpr *right = parse_right(p, op);
		left = ast_mk_expr_binary(p->arena, span_from(p, start), (AstBinaryOp)op->op,
		    token_span(&t), left, right);
	}
	frame_close(p, saved);
	return left;
}

/* Is there a right operand behind `..`? */
static bool
range_goes_on(const Parser *p)
{
	return !at_newline(p) && at_expr(p);
}

/* range = binary (('..' | '..=') binary?)? | ('..' | '..=') binary? */
static AstExpr *
parse_range(Parser *p)
{
	uint32_t start = expr_start(p);
	bool prefix = !p->ready && (peek(p) == T(DOT_DOT) || peek(p) == T(DOT_DOT_EQ));
	AstExpr *low = prefix ? NULL : parse_binary(p, PREC_OR);

	if (p->panic && prefix)
		return ast_mk_expr_error(p->arena, (Span){start, 0});
	if (p->panic || (!at_same_line(p, T(DOT_DOT)) && !at_same_line(p, T(DOT_DOT_EQ)) && !prefix))
		return low;
	bool inclusive = take(p).kind == T(DOT_DOT_EQ);
	inclusive |= habit_dots(p);
	AstExpr *high = range_goes_on(p) ? parse_binary(p, PREC_OR) : NULL;
	if (inclusive && !high)
		expected(p, "the last value of the range");
	return ast_mk_expr_range(p->arena, span_from(p, start), low, high, inclusive);
}

AstExpr *
parse_operators(Parser *p, int min_precedence)
{
	return min_precedence <= PREC_RANGE ? parse_range(p) : parse_binary(p, min_precedence);
}

/* ---- pipes ------------------------------------------------------------------------------------ */

/* Takes the placeholder among the arguments off the list of those without a place. */
static void
claim_in(Parser *p, const AstArgList *args, uint32_t mark)
{
	for (uint32_t i = 0; i < args->len && p->placeholders.len > mark; i++) {
		const AstExpr *e = args->at[i]->value;
		if (e->kind != AST_EXPR_PLACEHOLDER)
			continue;
		for (uint32_t j = mark; j < p->placeholders.len; j++)
			if (p->placeholders.at[j].start == e->span.start) {
				p->placeholders.at[j] = vec_last(&p->placeholders);
				p->placeholders.len--;
				return;
			}
	}
}

/* The call that a piped value goes into: below `?` and parentheses. */
static void
claim_placeholder(Parser *p, const AstExpr *right, uint32_t mark)
{
	while (right->kind == AST_EXPR_TRY || right->kind == AST_EXPR_PAREN)
		right = right->kind == AST_EXPR_TRY ? right->try.operand : right->paren.inner;
	if (right->kind == AST_EXPR_CALL)
		claim_in(p, &right->call.args, mark);
	else if (right->kind == AST_EXPR_METHOD)
		claim_in(p, &right->method.args, mark);
	else if (right->kind == AST_EXPR_FORMAT)
		claim_in(p, &right->format.args, mark);
	else if (right->kind == AST_EXPR_MACRO)
		claim_in(p, &right->macro.args, mark);
}

static AstExpr *
parse_pipe_right(Parser *p)
{
	bool saved = p->ctx.no_pipe;

	p->ctx.no_pipe = true;
	AstExpr *right = parse_range(p);
	p->ctx.no_pipe = saved;
	return right;
}

/* pipe = range ('|>' (range | closure))* */
static AstExpr *
parse_pipe(Parser *p)
{
	uint32_t start = expr_start(p);
	uint32_t saved = frame_open(p);
	AstExpr *left = parse_range(p);

	while (!p->panic && peek(p) == T(PIPE_GT) && !p->ctx.no_pipe && grow(p)) {
		Token op = take(p);
		uint32_t mark = p->placeholders.len;
		AstExpr *right = parse_pipe_right(p);
		claim_placeholder(p, right, mark);
		left = ast_mk_expr_pipe(p->arena, span_from(p, start), token_span(&op), left, right);
	}
	frame_close(p, saved);
	return left;
}

/* ---- assignment ------------------------------------------------------------------------------- */

/* `(a, b) = (b, a)` is `a, b = b, a`. */
static AstExpr *
assign_tuple(Parser *p, Span span, AstExpr *places, AstExpr *value)
{
	AstExprList values = {0};

	if (value->kind == AST_EXPR_TUPLE && value->tuple.elems.len == places->tuple.elems.len)
		values = value->tuple.elems;
	else
		vec_push(p->arena, &values, value);
	return ast_mk_expr_assign_par(p->arena, span, places->tuple.elems, values);
}

static AstExpr *
parse_assign(Parser *p)
{
	uint32_t start = expr_start(p);
	AstExpr *place = parse_pipe(p);
	int op = compound_op(peek(p));

	if (p->panic || (op < 0 && !at_same_line(p, T(EQ))))
		return place;
	if (place->kind == AST_EXPR_PLACEHOLDER)
		habit_discard(p, place);
	Token t = take(p);
	AstExpr *value = parse_expr(p);
	Span span = span_from(p, start);
	if (op < 0)
		return place->kind == AST_EXPR_TUPLE && place->tuple.elems.len > 1 ?
		    assign_tuple(p, span, place, value) : ast_mk_expr_assign(p->arena, span, place, value);
	return ast_mk_expr_assign_op(p->arena, span, (AstBinaryOp)op, token_span(&t), place, value);
}

/* expr = pipe (('=' | '+=' | …) expr)? */
AstExpr *
parse_expr(Parser *p)
{
	uint32_t start = expr_start(p);
	AstExpr *e = NULL;

	if (nest(p))
		e = parse_assign(p);
	unnest(p);
	return e ? e : ast_mk_expr_error(p->arena, (Span){start, 0});
}

/* Nothing stands before the `{`. */
static AstExpr *
missing_value(Parser *p, const char *what)
{
	uint32_t start = here(p);

	expected(p, what);
	p->panic = false;
	return ast_mk_expr_error(p->arena, (Span){start, 0});
}

/* condition = pipe, in which `let` may stand between `&&` */
AstExpr *
parse_condition(Parser *p)
{
	Context saved = enter_header(p);

	if (peek(p) == T(OPEN_BRACE) && !p->panic) {
		p->ctx = saved;
		return missing_value(p, "a condition");
	}
	p->ctx.let_ok = true;
	AstExpr *cond = parse_pipe(p);
	cond = habit_condition(p, cond);
	p->ctx = saved;
	return cond;
}

/* The value behind `match`, `in`, …: up to the `{`. */
AstExpr *
parse_header_value(Parser *p)
{
	if (peek(p) == T(OPEN_BRACE) && !p->panic && partner_at(p, 0) != NO_PARTNER &&
	    p->tokens[partner_at(p, 0) + 1].kind != T(OPEN_BRACE))
		return missing_value(p, "a value");
	Context saved = enter_header(p);
	AstExpr *e = parse_pipe(p);

	p->ctx = saved;
	return e;
}

/* ---- postfix ---------------------------------------------------------------------------------- */

/* arg = (ident ':')? expr */
static AstArg *
parse_arg(Parser *p)
{
	uint32_t start = here(p);
	AstIdent *name = NULL;

	if (peek(p) == T(IDENT) && (peek_at(p, 1) == T(COLON) || habit_named_arg(p))) {
		Token t = take(p);
		name = mk_ident(p, &t);
		take(p);
	}
	AstExpr *value = parse_expr(p);
	return ast_mk_arg(p->arena, span_from(p, start), name, value);
}

/* args = '(' (arg sep)* ')' */
AstArgList
parse_args(Parser *p)
{
	AstArgList args = {0};
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), false);

	while (list_next(p, &l))
		vec_push(p->arena, &args, parse_arg(p));
	list_end(p, &l);
	return args;
}

/* method = '.' ident ('::' generic_args)? args     field = '.' (ident | int) */
static AstExpr *
parse_dot(Parser *p, AstExpr *e, uint32_t start)
{
	AstGenericArgList generics = {0};

	take(p);
	if (peek(p) == T(INT)) {
		Token t = take(p);
		return ast_mk_expr_field(p->arena, span_from(p, start), e, mk_ident(p, &t));
	}
	AstIdent *name = parse_ident(p, "a field or method");
	bool has_args = peek(p) == T(COLON_COLON) && peek_at(p, 1) == T(LT);
	if (has_args)
		take(p);
	else
		has_args = habit_turbofish(p, false);
	if (has_args)
		parse_generic_args(p, &generics, NULL);
	if (!at_same_line(p, T(OPEN_PAREN)) && !has_args)
		return ast_mk_expr_field(p->arena, span_from(p, start), e, name);
	AstArgList args = parse_args(p);
	return ast_mk_expr_method(p->arena, span_from(p, start), e, name, has_args, generics, args);
}

/* index = '[' expr ']' */
static AstExpr *
parse_index(Parser *p, AstExpr *e, uint32_t start)
{
	uint32_t open = p->at;
	Context saved = enter_brackets(p, true);

	take(p);
	AstExpr *index = parse_expr(p);
	habit_slice_colon(p);
	p->ctx = saved;
	if (p->panic || !expect(p, T(CLOSE_BRACKET)))
		sync_brackets(p, open);
	return ast_mk_expr_index(p->arena, span_from(p, start), e, index);
}

static AstExpr *
parse_call(Parser *p, AstExpr *callee, uint32_t start)
{
	AstArgList args = parse_args(p);

	return ast_mk_expr_call(p->arena, span_from(p, start), callee, args);
}

static AstExpr *
parse_try(Parser *p, AstExpr *e, uint32_t start)
{
	take(p);
	return ast_mk_expr_try(p->arena, span_from(p, start), e);
}

/* One postfix form, or `e` itself if none follows. */
static AstExpr *
postfix_step(Parser *p, AstExpr *e)
{
	uint32_t start = e->span.start;
	AstExpr *habit = peek(p) == T(DOT) ? habit_postfix(p, e) : e;

	if (habit != e)
		return habit;
	switch (peek(p)) {
	case T(DOT):
		return parse_dot(p, e, start);
	case T(QUESTION):
		if (habit_ternary(p, &e))
			return e;
		return parse_try(p, e, start);
	case T(OPEN_PAREN):
		return at_newline(p) ? e : parse_call(p, e, start);
	case T(OPEN_BRACKET):
		return at_newline(p) ? e : parse_index(p, e, start);
	default:	/* tokens, not nodes */
		return habit_postfix(p, e);
	}
}

/* postfix = primary (args | index | method | field | '?')* */
AstExpr *
parse_postfix(Parser *p, AstExpr *e)
{
	uint32_t saved = frame_open(p);

	while (!p->panic) {
		AstExpr *next = postfix_step(p, e);
		if (next == e || !grow(p))
			break;
		e = next;
	}
	frame_close(p, saved);
	return e;
}
