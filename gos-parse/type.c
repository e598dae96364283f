/* Types and bounds. */
#include "gos-parse/habit.h"

#include <string.h>

bool
at_type(const Parser *p)
{
	switch (peek(p)) {
	case T(OPEN_PAREN): case T(OPEN_BRACKET): case T(AMP): case T(AMP_AMP): case T(STAR):
	case T(KW_FN): case T(KW_DYN): case T(KW_IMPL): case T(LT): case T(BANG):
	case T(UNDERSCORE): case T(KW_EXTERN):
		return true;
	default:	/* tokens, not nodes */
		return at_path(p);
	}
}

/* tuple_type = '(' (type sep)* ')'     one type without a comma is that type */
static AstType *
parse_tuple_type(Parser *p)
{
	AstTypeList elems = {0};
	uint32_t start = here(p);
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), true);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_type(p));
	bool grouped = elems.len == 1 && !l.comma;
	list_end(p, &l);
	return grouped ? elems.at[0] : ast_mk_type_tuple(p->arena, span_from(p, start), elems);
}

/* length = '_' | expr */
static AstExpr *
parse_length(Parser *p)
{
	if (peek(p) != T(UNDERSCORE) || peek_at(p, 1) != T(CLOSE_BRACKET))
		return parse_expr(p);
	Token wild = take(p);
	return ast_mk_expr_placeholder(p->arena, span_from(p, wild.start));
}

/* slice_type = '[' type ']'     array_type = '[' type ';' expr ']' */
static AstType *
parse_slice_type(Parser *p)
{
	uint32_t start = here(p), open = p->at;
	Context saved = enter_brackets(p, true);

	take(p);
	if (habit_slice_prefix(p)) {
		p->ctx = saved;
		AstType *inner = parse_type(p);
		return ast_mk_type_slice(p->arena, span_from(p, start), inner);
	}
	AstType *elem = parse_type(p);
	AstExpr *len = take_if(p, T(SEMI)) ? parse_length(p) : NULL;
	p->ctx = saved;
	if (!expect(p, T(CLOSE_BRACKET)))
		sync_brackets(p, open);
	Span span = span_from(p, start);
	return len ? ast_mk_type_array(p->arena, span, elem, len) :
		     ast_mk_type_slice(p->arena, span, elem);
}

/* ref_type = '&' 'mut'? type */
static AstType *
parse_ref_type(Parser *p)
{
	uint32_t start = here(p);

	if (peek(p) == T(AMP_AMP))
		split_token(p);
	else
		take(p);
	habit_lifetime(p);
	bool mut = take_if(p, T(KW_MUT));
	AstType *inner = parse_type(p);
	return ast_mk_type_ref(p->arena, span_from(p, start), mut, inner);
}

/* ptr_type = '*' ('const' | 'mut') type */
static AstType *
parse_ptr_type(Parser *p)
{
	uint32_t start = here(p);

	take(p);
	bool mut = take_if(p, T(KW_MUT));
	if (!mut && !take_if(p, T(KW_CONST)))
		habit_pointer(p, start);
	AstType *inner = parse_type(p);
	return ast_mk_type_ptr(p->arena, span_from(p, start), mut, inner);
}

/* fn_type = ('extern' string?)? 'fn' callable     callable = '(' (type sep)* ')' ('->' type)? */
static AstType *
parse_callable(Parser *p, uint32_t start, Sym name)
{
	AstTypeList params = {0};
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), true);

	while (list_next(p, &l)) {
		if (peek(p) == T(IDENT) && peek_at(p, 1) == T(COLON)) {	/* a name for documentation */
			take(p);
			take(p);
		}
		vec_push(p->arena, &params, parse_type(p));
	}
	list_end(p, &l);
	AstType *ret = take_if(p, T(ARROW)) ? parse_type(p) : NULL;
	return ast_mk_type_fn(p->arena, span_from(p, start), name, params, ret);
}

static AstType *
parse_fn_type(Parser *p)
{
	uint32_t start = here(p);
	Sym name = intern_cstr(p->names, peek(p) == T(KW_EXTERN) ? "extern fn" : "fn");

	if (peek(p) == T(KW_EXTERN))
		parse_abi(p);
	expect(p, T(KW_FN));
	return parse_callable(p, start, name);
}

static bool
at_callable_trait(const Parser *p)
{
	return peek_at(p, 1) == T(OPEN_PAREN) &&
	    (at_word(p, "Fn") || at_word(p, "FnMut") || at_word(p, "FnOnce"));
}

static AstType *
parse_callable_trait(Parser *p)
{
	Token name = take(p);

	return parse_callable(p, name.start, token_sym(p, &name));
}

/* bound = callable_trait | type_path | '(' bound ')' */
static void
parse_bound(Parser *p, AstBoundList *bounds)
{
	uint32_t start = here(p);

	if (habit_bound(p))
		return;
	if (take_if(p, T(OPEN_PAREN))) {
		if (nest(p))
			parse_bound(p, bounds);
		unnest(p);
		expect(p, T(CLOSE_PAREN));
		return;
	}
	if (at_callable_trait(p)) {
		AstType *type = parse_callable_trait(p);
		vec_push(p->arena, bounds,
		    ast_mk_bound_callable(p->arena, span_from(p, start), type));
		return;
	}
	AstPath *path = parse_type_path(p);
	vec_push(p->arena, bounds, ast_mk_bound_trait(p->arena, span_from(p, start), path));
}

/* bounds = bound ('+' bound)* */
AstBoundList
parse_bounds(Parser *p)
{
	AstBoundList bounds = {0};

	if (!nest(p)) {
		unnest(p);
		return bounds;
	}
	do
		parse_bound(p, &bounds);
	while (!p->panic && take_if(p, T(PLUS)) && (at_type(p) || peek(p) == T(LABEL) ||
	    peek(p) == T(QUESTION)));
	unnest(p);
	return bounds;
}

/* dyn_type = 'dyn' bounds     impl_type = 'impl' bounds */
static AstType *
parse_bound_type(Parser *p)
{
	Token word = take(p);
	AstBoundList bounds = parse_bounds(p);
	Span span = span_from(p, word.start);

	return word.kind == T(KW_DYN) ? ast_mk_type_dyn(p->arena, span, bounds) :
					ast_mk_type_impl(p->arena, span, bounds);
}

/* qself = '<' type ('as' type_path)? '>' */
void
parse_qself(Parser *p, AstType **self, AstPath **trait)
{
	expect(p, T(LT));
	*self = parse_type(p);
	*trait = take_if(p, T(KW_AS)) ? parse_type_path(p) : NULL;
	if (peek(p) == T(SHR) || peek(p) == T(GE))
		split_token(p);
	else
		expect(p, T(GT));
}

/* assoc_type = qself '::' ident */
static AstType *
parse_assoc_type(Parser *p)
{
	uint32_t start = here(p);
	AstType *self;
	AstPath *trait;

	parse_qself(p, &self, &trait);
	expect(p, T(COLON_COLON));
	AstIdent *name = parse_ident(p, "the name of an associated type");
	return ast_mk_type_assoc(p->arena, span_from(p, start), self, trait, name);
}

static AstType *
parse_path_type(Parser *p)
{
	uint32_t start = here(p);

	if (at_callable_trait(p))
		return parse_callable_trait(p);
	AstPath *path = parse_type_path(p);
	return ast_mk_type_path(p->arena, span_from(p, start), path);
}

static AstType *
parse_bare_type(Parser *p)
{
	uint32_t start = here(p);

	switch (peek(p)) {
	case T(OPEN_PAREN):
		return parse_tuple_type(p);
	case T(OPEN_BRACKET):
		return parse_slice_type(p);
	case T(AMP):
	case T(AMP_AMP):
		return parse_ref_type(p);
	case T(STAR):
		return parse_ptr_type(p);
	case T(KW_FN):
	case T(KW_EXTERN):
		return parse_fn_type(p);
	case T(KW_DYN):
	case T(KW_IMPL):
		return parse_bound_type(p);
	case T(LT):
		return parse_assoc_type(p);
	case T(BANG):
		take(p);
		return ast_mk_type_never(p->arena, span_from(p, start));
	case T(UNDERSCORE):
		take(p);
		return ast_mk_type_infer(p->arena, span_from(p, start));
	default:	/* tokens, not nodes */
		break;
	}
	if (at_path(p))
		return parse_path_type(p);
	if (!habit_type(p))
		expected(p, "a type");
	return ast_mk_type_error(p->arena, (Span){start, 0});
}

/*
 * type = tuple_type | slice_type | array_type | ref_type | ptr_type | fn_type | dyn_type
 *      | impl_type | assoc_type | '!' | '_' | callable_trait | type_path
 */
AstType *
parse_type(Parser *p)
{
	uint32_t start = here(p);
	AstType *type = NULL;

	if (nest(p))
		type = parse_bare_type(p);
	unnest(p);
	if (!type)
		return ast_mk_type_error(p->arena, (Span){start, 0});
	return habit_type_suffix(p, type);
}
