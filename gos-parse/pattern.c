/* Patterns. */
#include "gos-parse/habit.h"

/* tuple_pat = '(' (pat sep)* ')'     one pattern without a comma is that pattern */
static AstPat *
parse_tuple_pat(Parser *p)
{
	AstPatList elems = {0};
	uint32_t start = here(p);
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), true);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_pat(p));
	bool grouped = elems.len == 1 && !l.comma && elems.at[0]->kind != AST_PAT_REST;
	list_end(p, &l);
	return grouped ? elems.at[0] : ast_mk_pat_tuple(p->arena, span_from(p, start), elems);
}

/* slice_pat = '[' (pat sep)* ']' */
static AstPat *
parse_slice_pat(Parser *p)
{
	AstPatList elems = {0};
	uint32_t start = here(p);
	List l = list_begin(p, T(OPEN_BRACKET), T(CLOSE_BRACKET), true);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_pat(p));
	list_end(p, &l);
	return ast_mk_pat_slice(p->arena, span_from(p, start), elems);
}

/* ref_pat = '&' 'mut'? pat_no_or */
static AstPat *
parse_ref_pat(Parser *p)
{
	uint32_t start = here(p);

	if (peek(p) == T(AMP_AMP))
		split_token(p);
	else
		take(p);
	bool mut = take_if(p, T(KW_MUT));
	AstPat *inner = parse_pat_no_or(p);
	return ast_mk_pat_ref(p->arena, span_from(p, start), mut, inner);
}

/* ---- values ----------------------------------------------------------------------------------- */

/* Can a range's bound begin here? */
static bool
at_bound_value(const Parser *p)
{
	return at_literal(p) || peek(p) == T(MINUS) || at_path(p);
}

/* bound_value = '-'? literal | path */
static AstExpr *
parse_bound_value(Parser *p)
{
	uint32_t start = here(p);

	if (at_path(p)) {
		AstPath *path = parse_expr_path(p);
		return ast_mk_expr_path(p->arena, span_from(p, start), path);
	}
	bool negative = take_if(p, T(MINUS));
	AstExpr *value = parse_literal(p);
	if (!negative)
		return value;
	return ast_mk_expr_unary(p->arena, span_from(p, start), AST_UNARY_OP_NEG, value);
}

static bool
at_range(const Parser *p)
{
	return peek(p) == T(DOT_DOT) || peek(p) == T(DOT_DOT_EQ);
}

/* Behind the low bound, if there is one. */
static AstPat *
finish_range(Parser *p, uint32_t start, AstExpr *low)
{
	bool inclusive = take(p).kind == T(DOT_DOT_EQ);

	inclusive |= habit_dots(p);
	AstExpr *high = at_bound_value(p) && !peek_token(p)->newline ? parse_bound_value(p) : NULL;
	if (inclusive && !high)
		expected(p, "the last value of the range");
	return ast_mk_pat_range(p->arena, span_from(p, start), low, high, inclusive);
}

/* value_pat = '-'? literal range_end?     range_end = ('..' | '..=') bound_value? */
static AstPat *
parse_value_pat(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *value = parse_bound_value(p);

	if (at_range(p))
		return finish_range(p, start, value);
	return ast_mk_pat_lit(p->arena, span_from(p, start), value);
}

/* rest_pat = '..'     low_range = ('..' | '..=') bound_value */
static AstPat *
parse_rest_pat(Parser *p)
{
	uint32_t start = here(p);

	if (peek(p) == T(DOT_DOT_EQ))
		return finish_range(p, start, NULL);
	take(p);
	if (!at_bound_value(p) || peek_token(p)->newline)
		return ast_mk_pat_rest(p->arena, span_from(p, start));
	AstExpr *high = parse_bound_value(p);
	return ast_mk_pat_range(p->arena, span_from(p, start), NULL, high, false);
}

/* ---- names ------------------------------------------------------------------------------------ */

/* field_pat = (ident | int) ':' pat | 'mut'? ident */
static AstFieldPat *
parse_field_pat(Parser *p)
{
	uint32_t start = here(p);

	habit_ref_pat(p);
	if (peek(p) == T(INT) || peek_at(p, 1) == T(COLON)) {
		Token t = take(p);
		AstIdent *name = mk_ident(p, &t);
		expect(p, T(COLON));
		AstPat *pat = parse_pat(p);
		return ast_mk_field_pat(p->arena, span_from(p, start), name, pat);
	}
	bool mut = take_if(p, T(KW_MUT));
	AstIdent *name = parse_ident(p, "a field");
	AstPat *sub = take_if(p, T(AT)) ? parse_pat_no_or(p) : NULL;
	Span span = span_from(p, start);
	return ast_mk_field_pat(p->arena, span, name,
	    ast_mk_pat_bind(p->arena, span, mut, name, sub));
}

/* struct_pat = path '{' (field_pat sep)* '..'? '}' */
static AstPat *
parse_struct_pat(Parser *p, AstPath *path, uint32_t start)
{
	AstFieldPatList fields = {0};
	bool rest = false;
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), true);

	while (!rest && list_next(p, &l)) {
		rest = take_if(p, T(DOT_DOT));
		if (!rest)
			vec_push(p->arena, &fields, parse_field_pat(p));
	}
	if (rest)
		take_if(p, T(COMMA));
	list_end(p, &l);
	return ast_mk_pat_struct(p->arena, span_from(p, start), path, fields, rest);
}

/* variant_pat = path '(' (pat sep)* ')' */
static AstPat *
parse_variant_pat(Parser *p, AstPath *path, uint32_t start)
{
	AstPatList elems = {0};
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), true);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_pat(p));
	list_end(p, &l);
	return ast_mk_pat_tuple_variant(p->arena, span_from(p, start), path, elems);
}

/* bind_pat = 'mut'? ident ('@' pat_no_or)? */
static AstPat *
parse_bind_pat(Parser *p, AstPath *path, uint32_t start, bool mut)
{
	AstSegment *s = path->segments.at[0];
	AstIdent *name = ast_mk_ident(p->arena, s->span, s->name);
	AstPat *sub = take_if(p, T(AT)) ? parse_pat_no_or(p) : NULL;

	return ast_mk_pat_bind(p->arena, span_from(p, start), mut, name, sub);
}

/* path_pat = struct_pat | variant_pat | path range_end? | bind_pat */
static AstPat *
parse_path_pat(Parser *p)
{
	uint32_t start = here(p);
	bool single = peek(p) == T(IDENT);
	AstPath *path = parse_expr_path(p);

	if (peek(p) == T(OPEN_PAREN))
		return parse_variant_pat(p, path, start);
	if (peek(p) == T(OPEN_BRACE))
		return parse_struct_pat(p, path, start);
	if (at_range(p) && !p->panic)
		return finish_range(p, start, ast_mk_expr_path(p->arena, path->span, path));
	if (single && path_single_name(path))
		return parse_bind_pat(p, path, start, false);
	return ast_mk_pat_path(p->arena, span_from(p, start), path);
}

static AstPat *
parse_mut_pat(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	AstIdent *name = parse_ident(p, "a name");
	AstPat *sub = take_if(p, T(AT)) ? parse_pat_no_or(p) : NULL;
	return ast_mk_pat_bind(p->arena, span_from(p, start), true, name, sub);
}

/* ---- all -------------------------------------------------------------------------------------- */

static AstPat *
parse_bare_pat(Parser *p)
{
	uint32_t start = here(p);

	habit_ref_pat(p);
	if (at_literal(p))
		return parse_value_pat(p);
	switch (peek(p)) {
	case T(MINUS):
		return parse_value_pat(p);
	case T(UNDERSCORE):
		take(p);
		return ast_mk_pat_wild(p->arena, span_from(p, start));
	case T(DOT_DOT):
	case T(DOT_DOT_EQ):
		return parse_rest_pat(p);
	case T(KW_MUT):
		return parse_mut_pat(p);
	case T(OPEN_PAREN):
		return parse_tuple_pat(p);
	case T(OPEN_BRACKET):
		return parse_slice_pat(p);
	case T(AMP):
	case T(AMP_AMP):
		return parse_ref_pat(p);
	default:	/* tokens, not nodes */
		break;
	}
	if (at_path(p))
		return parse_path_pat(p);
	habit_name(p, "a pattern");
	return ast_mk_pat_error(p->arena, (Span){start, 0});
}

/* pat_no_or = '_' | rest_pat | low_range | value_pat | path_pat | 'mut' bind_pat | tuple_pat
 *           | slice_pat | ref_pat */
AstPat *
parse_pat_no_or(Parser *p)
{
	uint32_t start = here(p);
	AstPat *pat = NULL;

	if (nest(p))
		pat = parse_bare_pat(p);
	unnest(p);
	return pat ? pat : ast_mk_pat_error(p->arena, (Span){start, 0});
}

/* pat = '|'? pat_no_or ('|' pat_no_or)* */
AstPat *
parse_pat(Parser *p)
{
	uint32_t start = here(p);
	AstPatList alts = {0};

	take_if(p, T(BAR));
	AstPat *first = parse_pat_no_or(p);
	if (p->panic || peek(p) != T(BAR))
		return first;
	vec_push(p->arena, &alts, first);
	while (!p->panic && take_if(p, T(BAR)))
		vec_push(p->arena, &alts, parse_pat_no_or(p));
	return ast_mk_pat_or(p->arena, span_from(p, start), alts);
}
