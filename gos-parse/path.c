/* Names, paths, generic arguments. */
#include "gos-parse/habit.h"

AstIdent *
mk_ident(Parser *p, const Token *t)
{
	return ast_mk_ident(p->arena, token_span(t), token_sym(p, t));
}

AstIdent *
parse_ident(Parser *p, const char *what)
{
	if (peek(p) == T(IDENT)) {
		Token t = take(p);
		return mk_ident(p, &t);
	}
	habit_name(p, what);
	return ast_mk_ident(p->arena, (Span){here(p), 0}, intern_cstr(p->names, "_"));
}

static bool
is_segment(TokensKind kind)
{
	return kind == T(IDENT) || kind == T(KW_SELF) || kind == T(KW_SELF_TYPE) ||
	    kind == T(KW_CRATE) || kind == T(KW_SUPER);
}

bool
at_path(const Parser *p)
{
	return is_segment(peek(p));
}

/* `>`, also as the first half of a longer token. */
static bool
close_angle(Parser *p)
{
	if (take_if(p, T(GT)))
		return true;
	if (peek(p) == T(SHR) || peek(p) == T(GE) || peek(p) == T(SHR_EQ)) {
		split_token(p);
		return true;
	}
	expected(p, "`,` or `>`");
	return false;
}

static bool
at_close_angle(const Parser *p)
{
	return peek(p) == T(GT) || peek(p) == T(SHR) || peek(p) == T(GE) || peek(p) == T(SHR_EQ);
}

/* const_arg = block | '-'? literal | path */
AstExpr *
parse_const_value(Parser *p)
{
	uint32_t start = here(p);

	if (peek(p) == T(OPEN_BRACE))
		return parse_block_expr(p);
	if (take_if(p, T(MINUS))) {
		AstExpr *operand = parse_literal(p);

		return ast_mk_expr_unary(p->arena, span_from(p, start), AST_UNARY_OP_NEG, operand);
	}
	if (at_literal(p) || !at_path(p))
		return parse_literal(p);
	AstPath *path = parse_expr_path(p);
	return ast_mk_expr_path(p->arena, span_from(p, start), path);
}

/* assoc_arg = ident '=' type */
static AstAssocArg *
parse_assoc_arg(Parser *p)
{
	Token name = take(p);

	take(p);
	AstType *type = parse_type(p);
	return ast_mk_assoc_arg(p->arena, span_from(p, name.start), token_sym(p, &name), type);
}

/* generic_arg = const_arg | assoc_arg | type */
static void
parse_generic_arg(Parser *p, AstGenericArgList *args, AstAssocArgList *assocs)
{
	uint32_t start = here(p);

	if (habit_lifetime_arg(p))
		return;
	if (at_literal(p) || peek(p) == T(OPEN_BRACE) || peek(p) == T(MINUS)) {
		AstExpr *value = parse_const_value(p);
		vec_push(p->arena, args, ast_mk_generic_arg_const(p->arena, span_from(p, start), value));
	} else if (assocs && peek(p) == T(IDENT) && peek_at(p, 1) == T(EQ)) {
		vec_push(p->arena, assocs, parse_assoc_arg(p));
	} else {
		AstType *type = parse_type(p);
		vec_push(p->arena, args,
		    ast_mk_generic_arg_type(p->arena, span_from(p, start), type));
	}
}

/* generic_args = '<' (generic_arg (',' generic_arg)* ','?)? '>' */
void
parse_generic_args(Parser *p, AstGenericArgList *args, AstAssocArgList *assocs)
{
	if (peek(p) == T(SHL))		/* `Vec<<T as Trait>::Out>` */
		split_token(p);
	else if (!expect(p, T(LT)))
		return;
	if (!nest(p)) {
		unnest(p);
		return;
	}
	while (!p->panic && !at_close_angle(p)) {
		parse_generic_arg(p, args, assocs);
		if (!take_if(p, T(COMMA)))
			break;
	}
	close_angle(p);
	unnest(p);
}

static bool
is_less(TokensKind kind)
{
	return kind == T(LT) || kind == T(SHL);
}

/* Called behind the name: `<…>` in types, `::<…>` in both. */
static AstSegment *
finish_segment(Parser *p, const Token *name, bool in_type)
{
	AstGenericArgList args = {0};
	AstAssocArgList assocs = {0};
	bool turbofish = peek(p) == T(COLON_COLON) && is_less(peek_at(p, 1));
	/* `x as u8 << n` shifts. */
	bool angle = in_type && is_less(peek(p)) && !(p->ctx.in_cast && peek_token(p)->space);
	bool has_args = turbofish || angle || habit_turbofish(p, in_type);

	if (has_args) {
		if (turbofish)
			take(p);
		parse_generic_args(p, &args, &assocs);
	}
	return ast_mk_segment(p->arena, span_from(p, name->start), token_sym(p, name), has_args, args,
	    assocs);
}

static AstSegment *
parse_segment(Parser *p, bool in_type)
{
	if (!is_segment(peek(p))) {
		AstIdent *missing = parse_ident(p, "a name");
		return ast_mk_segment(p->arena, missing->span, missing->name, false,
		    (AstGenericArgList){0}, (AstAssocArgList){0});
	}
	Token name = take(p);
	return finish_segment(p, &name, in_type);
}

static AstPath *
parse_path(Parser *p, bool in_type)
{
	AstSegmentList segments = {0};
	uint32_t start = here(p);

	vec_push(p->arena, &segments, parse_segment(p, in_type));
	while (!p->panic && peek(p) == T(COLON_COLON)) {
		take(p);
		vec_push(p->arena, &segments, parse_segment(p, in_type));
	}
	return ast_mk_path(p->arena, span_from(p, start), segments);
}

/* type_path = type_segment ('::' type_segment)*     type_segment = name ('::'? generic_args)? */
AstPath *
parse_type_path(Parser *p)
{
	return parse_path(p, true);
}

/* path = segment ('::' segment)*     segment = name ('::' generic_args)? */
AstPath *
parse_expr_path(Parser *p)
{
	return parse_path(p, false);
}

/* plain_path = name ('::' name)*, leaving a `::` that is followed by `{` or `*` */
AstPath *
parse_plain_path(Parser *p)
{
	AstSegmentList segments = {0};
	uint32_t start = here(p);

	do {
		if (!is_segment(peek(p))) {
			parse_segment(p, true);
			break;
		}
		Token t = take(p);
		habit_path_dot(p);
		vec_push(p->arena, &segments, ast_mk_segment(p->arena, token_span(&t),
		    token_sym(p, &t), false, (AstGenericArgList){0}, (AstAssocArgList){0}));
	} while (peek(p) == T(COLON_COLON) && peek_at(p, 1) != T(OPEN_BRACE) &&
	    peek_at(p, 1) != T(STAR) && take_if(p, T(COLON_COLON)));
	return ast_mk_path(p->arena, span_from(p, start), segments);
}

AstSegment *
parse_qualified_segment(Parser *p)
{
	return parse_segment(p, false);
}

Sym
path_single_name(const AstPath *path)
{
	return path->segments.len == 1 && !path->segments.at[0]->has_args ?
	    path->segments.at[0]->name : 0;
}
