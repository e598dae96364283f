/* Functions: generics, where clauses, parameters, `self`, result. */
#include "gos-parse/habit.h"

/* ---- generics --------------------------------------------------------------------------------- */

/* type_generic = ident (':' bounds)? ('=' type)? */
static AstGeneric *
parse_type_generic(Parser *p)
{
	uint32_t start = here(p);
	AstIdent *name = parse_ident(p, "a type parameter");
	AstBoundList bounds = {0};

	if (take_if(p, T(COLON)) && (at_type(p) || peek(p) == T(LABEL) || peek(p) == T(QUESTION)))
		bounds = parse_bounds(p);
	AstType *otherwise = take_if(p, T(EQ)) ? parse_type(p) : NULL;
	return ast_mk_generic_type(p->arena, span_from(p, start), name->name, bounds, otherwise);
}

/* const_generic = 'const' ident ':' type ('=' const_arg)? */
static AstGeneric *
parse_const_generic(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	AstIdent *name = parse_ident(p, "a constant parameter");
	expect(p, T(COLON));
	AstType *type = parse_type(p);
	AstExpr *otherwise = NULL;
	if (take_if(p, T(EQ)))
		otherwise = parse_const_value(p);
	return ast_mk_generic_const(p->arena, span_from(p, start), name->name, type, otherwise);
}

static void
parse_generic(Parser *p, AstGenericList *params)
{
	if (habit_lifetime_arg(p))
		return;
	vec_push(p->arena, params,
	    peek(p) == T(KW_CONST) ? parse_const_generic(p) : parse_type_generic(p));
}

static void
close_generics(Parser *p, uint32_t open)
{
	if (peek(p) == T(SHR) || peek(p) == T(GE)) {
		split_token(p);
		return;
	}
	if (take_if(p, T(GT)))
		return;
	Diag *d = expected(p, "`,` or `>`");
	if (d)
		diag_label(d, token_span(&p->tokens[open]), "opened here");
}

/* generics = ('<' ((type_generic | const_generic) sep)* '>')? */
AstGenerics *
parse_generics(Parser *p)
{
	uint32_t start = here(p), open = p->at;
	AstGenericList params = {0};

	if (!take_if(p, T(LT)))
		return ast_mk_generics(p->arena, (Span){start, 0}, params, (AstWhereClauseList){0});
	while (!p->panic && peek(p) != T(GT) && peek(p) != TOKEN_END) {
		parse_generic(p, &params);
		if (!take_if(p, T(COMMA)) && !peek_token(p)->newline)
			break;
	}
	close_generics(p, open);
	return ast_mk_generics(p->arena, span_from(p, start), params, (AstWhereClauseList){0});
}

/* where_clause = type ':' bounds */
static void
parse_where_clause(Parser *p, AstGenerics *g)
{
	uint32_t start = here(p);
	AstBoundList bounds = {0};

	if (habit_lifetime_arg(p))
		return;
	AstType *type = parse_type(p);
	if (expect(p, T(COLON)) && (at_type(p) || peek(p) == T(LABEL) || peek(p) == T(QUESTION)))
		bounds = parse_bounds(p);
	vec_push(p->arena, &g->wheres,
	    ast_mk_where_clause(p->arena, span_from(p, start), type, bounds));
}

/* where = ('where' (where_clause sep)*)? */
void
parse_where(Parser *p, AstGenerics *g)
{
	if (!take_if(p, T(KW_WHERE)))
		return;
	/* a `fn` here is the next item, not a callable type */
	while (!p->panic && (at_type(p) || peek(p) == T(LABEL)) && peek(p) != T(OPEN_BRACE) &&
	    peek(p) != T(KW_FN)) {
		parse_where_clause(p, g);
		if (!take_if(p, T(COMMA)) && !peek_token(p)->newline)
			break;
	}
}

/* ---- self ------------------------------------------------------------------------------------- */

/* Is the next parameter `self` in any of its forms? */
static bool
at_self_param(const Parser *p)
{
	uint32_t n = 0;

	if (peek(p) == T(AMP)) {
		n = 1;
		if (peek_at(p, n) == T(LABEL))
			n++;
	}
	if (peek_at(p, n) == T(KW_MUT))
		n++;
	return peek_at(p, n) == T(KW_SELF) && peek_at(p, n + 1) != T(COLON_COLON);
}

/* `self: &mut Self` takes it as `&mut self` does. */
static AstSelfKind
self_kind_of(const AstType *type, bool mut)
{
	if (type->kind == AST_TYPE_REF)
		return type->ref.mut ? AST_SELF_KIND_REF_MUT : AST_SELF_KIND_REF;
	return mut ? AST_SELF_KIND_MUT_VALUE : AST_SELF_KIND_VALUE;
}

/* self_param = ('&' 'mut'? | 'mut')? 'self' (':' type)? */
static void
parse_self_param(Parser *p, AstFn *fn)
{
	uint32_t start = here(p);
	bool ref = take_if(p, T(AMP));

	if (ref)
		habit_lifetime(p);
	bool mut = take_if(p, T(KW_MUT));
	take(p);
	if (ref)
		fn->self = mut ? AST_SELF_KIND_REF_MUT : AST_SELF_KIND_REF;
	else if (take_if(p, T(COLON))) {
		fn->self_type = parse_type(p);
		fn->self = self_kind_of(fn->self_type, mut);
	} else
		fn->self = mut ? AST_SELF_KIND_MUT_VALUE : AST_SELF_KIND_VALUE;
	fn->self_span = span_from(p, start);
}

/* ---- parameters ------------------------------------------------------------------------------- */

/* param = pat ':' type ('=' expr)? */
static AstParam *
parse_param(Parser *p)
{
	uint32_t start = here(p);
	AstPat *pat = parse_pat_no_or(p);
	AstType *type = habit_param(p, &pat);

	if (!type && expect(p, T(COLON)))
		type = parse_type(p);
	if (!type)
		type = ast_mk_type_error(p->arena, (Span){here(p), 0});
	AstExpr *otherwise = take_if(p, T(EQ)) ? parse_expr(p) : NULL;
	return ast_mk_param(p->arena, span_from(p, start), pat, type, otherwise);
}

static void
misplaced_self(Parser *p)
{
	Diag *d = diag_error(p->diags, G0209, token_span(peek_token(p)));

	diag_primary(d, "`self` comes before the other parameters");
}

/* params = '(' ((self_param | param) sep)* ')' */
static void
parse_params(Parser *p, AstFn *fn)
{
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), false);

	while (list_next(p, &l)) {
		if (!at_self_param(p)) {
			vec_push(p->arena, &fn->params, parse_param(p));
			continue;
		}
		if (fn->params.len || fn->self != AST_SELF_KIND_NONE)
			misplaced_self(p);
		parse_self_param(p, fn);
	}
	list_end(p, &l);
}

/* ---- functions -------------------------------------------------------------------------------- */

/* A body, or none before the end of the line: traits and foreign functions. */
static void
parse_fn_body(Parser *p, AstFn *fn)
{
	if (peek(p) == T(OPEN_BRACE) || habit_fn_body(p))
		fn->body = parse_block_expr(p);
	else if (!take_if(p, T(SEMI)) && !peek_token(p)->newline && peek(p) != T(CLOSE_BRACE) &&
	    !at_item(p))
		expected(p, "`{`");
}

/* fn = 'fn' ident generics params ('->' type)? where (block | ';')? */
AstFn *
parse_fn(Parser *p, bool is_const, bool is_unsafe, bool is_extern, Sym abi)
{
	AstFn *fn = arena_new(p->arena, AstFn);

	*fn = (AstFn){.is_const = is_const, .is_unsafe = is_unsafe, .is_extern = is_extern, .abi = abi};
	if (!p->fn_implied)
		expect(p, T(KW_FN));
	p->fn_implied = false;
	fn->name = parse_ident(p, "the function's name");
	fn->generics = parse_generics(p);
	parse_params(p, fn);
	if (!p->panic && (take_if(p, T(ARROW)) || habit_result_type(p)))
		fn->ret = parse_type(p);
	parse_where(p, fn->generics);
	if (!p->panic)
		parse_fn_body(p, fn);
	return fn;
}
