/* Items: everything that can stand at the top of a file, in a module, trait or impl. */
#include "gos-parse/habit.h"

#include <string.h>

/* What stands before an item's own words. */
typedef struct Prefix {
	uint32_t start;
	AstAttrList attrs;
	AstVis vis;
	Sym doc;
	bool is_safe;
} Prefix;

/* ---- documentation ---------------------------------------------------------------------------- */

/* The comment that ends last before `pos`, as an index + 1. */
static uint32_t
comments_before(const Parser *p, uint32_t pos)
{
	uint32_t lo = 0, hi = p->in->comments.len;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (p->in->comments.at[mid].start < pos)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Only blanks and one line break between two positions? */
static bool
is_next_line(const Parser *p, uint32_t from, uint32_t to)
{
	uint32_t breaks = 0;

	for (const char *s = p->text + (from - p->base); from < to; from++, s++) {
		breaks += *s == '\n';
		if (!strchr(" \t\r\n", *s) || *s == 0)
			return false;
	}
	return breaks == 1;
}

/* Without the slashes, the `!` of `//!`, and one space. */
static Text
comment_text(const Parser *p, const Comment *c)
{
	const char *s = p->text + (c->start - p->base), *end = s + c->len;

	for (s += 2; s < end && *s == '/';)
		s++;
	if (s < end && *s == '!')
		s++;
	if (s < end && *s == ' ')
		s++;
	return (Text){s, (uint32_t)(end - s)};
}

/* doc = the run of comment lines directly above `pos` */
static Sym
doc_above(Parser *p, uint32_t pos)
{
	uint32_t last = comments_before(p, pos), first = last, below = pos, size = 0;

	while (first > 0) {
		const Comment *c = &p->in->comments.at[first - 1];
		if (!is_next_line(p, c->start + c->len, below))
			break;
		below = c->start;
		size += c->len + 1;
		first--;
	}
	if (first == last)
		return 0;
	char *out = arena_alloc(p->arena, size + 1, 1);
	uint32_t n = 0;
	for (uint32_t i = first; i < last; i++) {
		Text line = comment_text(p, &p->in->comments.at[i]);
		if (i > first)
			out[n++] = '\n';
		memcpy(out + n, line.s, line.n);
		n += line.n;
	}
	return intern(p->names, out, n);
}

/* ---- attributes ------------------------------------------------------------------------------- */

static AstAttrArgList parse_attr_args(Parser *p);

/* attr_name = name ('::' name)* */
static Sym
parse_attr_name(Parser *p)
{
	uint32_t start = here(p);

	parse_plain_path(p);
	Span span = span_from(p, start);
	return intern(p->names, p->text + (start - p->base), span.len);
}

/* attr_arg = literal | attr_name (attr_args | '=' literal)? */
static AstAttrArg *
parse_attr_arg(Parser *p)
{
	uint32_t start = here(p);

	if (at_literal(p)) {
		AstExpr *value = parse_literal(p);
		return ast_mk_attr_arg_value(p->arena, value->span, 0, value);
	}
	Sym name = parse_attr_name(p);
	if (take_if(p, T(EQ))) {
		AstExpr *value = parse_literal(p);
		return ast_mk_attr_arg_value(p->arena, span_from(p, start), name, value);
	}
	AstAttrArgList args = {0};
	if (peek(p) == T(OPEN_PAREN))
		args = parse_attr_args(p);
	return ast_mk_attr_arg_name(p->arena, span_from(p, start), name, args);
}

/* attr_args = '(' (attr_arg sep)* ')' */
static AstAttrArgList
parse_attr_args(Parser *p)
{
	AstAttrArgList args = {0};

	if (nest(p)) {
		List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), true);
		while (list_next(p, &l))
			vec_push(p->arena, &args, parse_attr_arg(p));
		list_end(p, &l);
	}
	unnest(p);
	return args;
}

/* attr = '#' '[' attr_name (attr_args | '=' literal)? ']'     `= x` is one argument without a name */
static AstAttr *
parse_attr(Parser *p)
{
	uint32_t start = here(p);
	AstAttrArgList args = {0};

	take(p);
	uint32_t open = p->at;
	take(p);
	Sym name = parse_attr_name(p);
	if (peek(p) == T(OPEN_PAREN)) {
		args = parse_attr_args(p);
	} else if (take_if(p, T(EQ))) {
		AstExpr *value = parse_literal(p);
		vec_push(p->arena, &args, ast_mk_attr_arg_value(p->arena, value->span, 0, value));
	}
	if (p->panic || !expect(p, T(CLOSE_BRACKET)))
		sync_brackets(p, open);
	return ast_mk_attr(p->arena, span_from(p, start), name, args);
}

/* attrs = attr* */
AstAttrList
parse_attrs(Parser *p)
{
	AstAttrList attrs = {0};

	while (!p->panic && peek(p) == T(HASH) && peek_at(p, 1) == T(OPEN_BRACKET))
		vec_push(p->arena, &attrs, parse_attr(p));
	return attrs;
}

/* vis = ('pub' ('(' ('package' | 'crate') ')')?)? */
static AstVis
parse_vis(Parser *p)
{
	if (!take_if(p, T(KW_PUB)))
		return AST_VIS_PRIVATE;
	/* A tuple field `pub (A, B)` has something else in its parentheses. */
	bool package = token_is_word(p, peek_token(p) + 1, "package") || peek_at(p, 1) == T(KW_CRATE);
	if (peek(p) != T(OPEN_PAREN) || !package || peek_at(p, 2) != T(CLOSE_PAREN)) {
		habit_vis(p);
		return AST_VIS_PUBLIC;
	}
	take(p);
	take(p);
	take(p);
	return AST_VIS_PACKAGE;
}

/* ---- struct and enum -------------------------------------------------------------------------- */

/* named_field = attrs vis ident ':' type */
static AstField *
parse_named_field(Parser *p)
{
	AstAttrList attrs = parse_attrs(p);
	uint32_t start = here(p);
	AstVis vis = parse_vis(p);

	habit_field(p);
	AstIdent *name = parse_ident(p, "a field");
	AstType *type = NULL;
	if (habit_field_type(p) || expect(p, T(COLON)))
		type = parse_type(p);
	if (!type)
		type = ast_mk_type_error(p->arena, (Span){here(p), 0});
	return ast_mk_field(p->arena, span_from(p, start), attrs, vis, name, type);
}

/* tuple_field = attrs vis type     named 0, 1, … */
static AstField *
parse_tuple_field(Parser *p, uint32_t index)
{
	char digits[12];
	AstAttrList attrs = parse_attrs(p);
	uint32_t start = here(p);
	AstVis vis = parse_vis(p);
	AstType *type = parse_type(p);

	int n = snprintf(digits, sizeof digits, "%u", index);
	AstIdent *name = ast_mk_ident(p->arena, (Span){type->span.start, 0},
	    intern(p->names, digits, (size_t)n));
	return ast_mk_field(p->arena, span_from(p, start), attrs, vis, name, type);
}

/* named_fields = '{' (named_field sep)* '}' */
static AstVariantBody *
parse_named_fields(Parser *p)
{
	AstFieldList fields = {0};
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);

	while (list_next(p, &l))
		vec_push(p->arena, &fields, parse_named_field(p));
	list_end(p, &l);
	return ast_mk_variant_body_named(p->arena, fields);
}

/* tuple_fields = '(' (tuple_field sep)* ')' */
static AstVariantBody *
parse_tuple_fields(Parser *p)
{
	AstFieldList fields = {0};
	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), false);

	for (uint32_t i = 0; list_next(p, &l); i++)
		vec_push(p->arena, &fields, parse_tuple_field(p, i));
	list_end(p, &l);
	return ast_mk_variant_body_tuple(p->arena, fields);
}

/* On a line of its own, `{` belongs to a struct only if fields follow. */
static bool
at_fields(const Parser *p)
{
	if (peek(p) != T(OPEN_BRACE))
		return false;
	if (!peek_token(p)->newline)
		return true;
	TokensKind next = peek_at(p, 1);
	return next == T(HASH) || next == T(KW_PUB) || (next == T(IDENT) && peek_at(p, 2) == T(COLON));
}

/* struct = 'struct' ident generics (where named_fields | tuple_fields where | where) ';'? */
static AstItem *
parse_struct(Parser *p, const Prefix *x)
{
	AstVariantBody *body;

	take(p);
	AstIdent *name = parse_ident(p, "the struct's name");
	AstGenerics *g = parse_generics(p);
	parse_where(p, g);
	if (at_fields(p)) {
		body = parse_named_fields(p);
	} else if (peek(p) == T(OPEN_PAREN) && !peek_token(p)->newline) {
		body = parse_tuple_fields(p);
		parse_where(p, g);
	} else {
		body = ast_mk_variant_body_unit(p->arena);
	}
	return ast_mk_item_struct(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, g, body);
}

/* variant = attrs ident (tuple_fields | named_fields)? ('=' expr)? */
static AstVariant *
parse_variant(Parser *p)
{
	AstAttrList attrs = parse_attrs(p);
	uint32_t start = here(p);
	AstIdent *name = parse_ident(p, "a variant");
	AstVariantBody *body;

	if (peek(p) == T(OPEN_PAREN))
		body = parse_tuple_fields(p);
	else if (peek(p) == T(OPEN_BRACE))
		body = parse_named_fields(p);
	else
		body = ast_mk_variant_body_unit(p->arena);
	AstExpr *discriminant = !p->panic && take_if(p, T(EQ)) ? parse_expr(p) : NULL;
	return ast_mk_variant(p->arena, span_from(p, start), attrs, name, body, discriminant);
}

/* enum = 'enum' ident generics where '{' (variant sep)* '}' */
static AstItem *
parse_enum(Parser *p, const Prefix *x)
{
	AstVariantList variants = {0};

	take(p);
	AstIdent *name = parse_ident(p, "the enum's name");
	AstGenerics *g = parse_generics(p);
	parse_where(p, g);
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), false);
	while (list_next(p, &l))
		vec_push(p->arena, &variants, parse_variant(p));
	list_end(p, &l);
	return ast_mk_item_enum(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, g, variants);
}

/* ---- items with items inside ------------------------------------------------------------------ */

/* items = '{' (item | ';')* '}' */
static AstItemList
parse_items(Parser *p)
{
	AstItemList items = {0};
	uint32_t open = p->at;

	if (!take_if(p, T(OPEN_BRACE))) {
		expected(p, "`{`");
		return items;
	}
	Context saved = enter_block(p);
	p->panic = false;
	while (peek(p) != T(CLOSE_BRACE) && peek(p) != TOKEN_END)
		if (!take_if(p, T(SEMI)))
			vec_push(p->arena, &items, parse_item(p));
	p->ctx = saved;
	if (!take_if(p, T(CLOSE_BRACE)))
		report_unclosed(p, open);
	return items;
}

/* trait = 'trait' ident generics (':' bounds)? where items */
static AstItem *
parse_trait(Parser *p, const Prefix *x)
{
	AstBoundList supers = {0};

	take(p);
	AstIdent *name = parse_ident(p, "the trait's name");
	AstGenerics *g = parse_generics(p);
	if (take_if(p, T(COLON)))
		supers = parse_bounds(p);
	parse_where(p, g);
	AstItemList items = parse_items(p);
	return ast_mk_item_trait(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, g, supers, items);
}

/* Does `<` behind `impl` begin generics, not a qualified path? */
static bool
at_impl_generics(const Parser *p)
{
	TokensKind next = peek_at(p, 1), after = peek_at(p, 2);

	if (peek(p) != T(LT))
		return false;
	return next == T(GT) || next == T(KW_CONST) || next == T(LABEL) ||
	    (next == T(IDENT) && (after == T(COMMA) || after == T(COLON) || after == T(GT) ||
	    after == T(EQ)));
}

/* impl = 'impl' generics (type_path 'for')? type where items */
static AstItem *
parse_impl(Parser *p, const Prefix *x)
{
	AstPath *trait = NULL;
	AstGenerics *g;

	take(p);
	if (at_impl_generics(p))
		g = parse_generics(p);
	else
		g = ast_mk_generics(p->arena, (Span){here(p), 0}, (AstGenericList){0},
		    (AstWhereClauseList){0});
	AstType *self = parse_type(p);
	if (take_if(p, T(KW_FOR))) {
		if (self->kind == AST_TYPE_PATH)
			trait = self->path.path;
		else
			diag_primary(diag_error(p->diags, G0210, self->span), "not a trait");
		self = parse_type(p);
	}
	parse_where(p, g);
	AstItemList items = parse_items(p);
	return ast_mk_item_impl(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false, g,
	    trait, self, items);
}

/* mod = 'mod' ident (items | ';')? */
static AstItem *
parse_mod(Parser *p, const Prefix *x)
{
	AstItemList items = {0};

	take(p);
	AstIdent *name = parse_ident(p, "the module's name");
	bool is_inline = peek(p) == T(OPEN_BRACE);
	if (is_inline)
		items = parse_items(p);
	return ast_mk_item_mod(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, is_inline, items);
}

/* extern_block = 'unsafe'? 'extern' string? items */
static AstItem *
parse_extern_block(Parser *p, const Prefix *x, Sym abi, bool is_unsafe)
{
	AstItemList items = parse_items(p);

	return ast_mk_item_extern(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    abi, is_unsafe, items);
}

/* ---- use -------------------------------------------------------------------------------------- */

static AstUseTree *parse_use_tree(Parser *p);

static AstUseTree *
parse_use_group(Parser *p, uint32_t start, AstPath *path)
{
	AstUseTreeList trees = {0};
	List l = list_begin(p, T(OPEN_BRACE), T(CLOSE_BRACE), true);

	while (list_next(p, &l))
		vec_push(p->arena, &trees, parse_use_tree(p));
	list_end(p, &l);
	return ast_mk_use_tree_group(p->arena, span_from(p, start), path, trees);
}

static AstUseTree *
parse_bare_use_tree(Parser *p)
{
	uint32_t start = here(p);
	AstPath *path = peek(p) == T(OPEN_BRACE) ?
	    ast_mk_path(p->arena, (Span){start, 0}, (AstSegmentList){0}) : parse_plain_path(p);

	if (peek(p) == T(OPEN_BRACE))
		return parse_use_group(p, start, path);
	if (take_if(p, T(COLON_COLON))) {
		if (peek(p) == T(OPEN_BRACE))
			return parse_use_group(p, start, path);
		expect(p, T(STAR));
		return ast_mk_use_tree_glob(p->arena, span_from(p, start), path);
	}
	AstIdent *alias = NULL;
	if (take_if(p, T(KW_AS))) {
		if (peek(p) == T(UNDERSCORE)) {
			Token t = take(p);
			alias = mk_ident(p, &t);
		} else {
			alias = parse_ident(p, "another name");
		}
	}
	return ast_mk_use_tree_leaf(p->arena, span_from(p, start), path, alias);
}

/* use_tree = plain_path ('as' (ident | '_'))? | (plain_path '::')? '{' (use_tree sep)* '}'
 *          | plain_path '::' '*' */
static AstUseTree *
parse_use_tree(Parser *p)
{
	AstUseTree *tree = NULL;
	uint32_t start = here(p);

	if (nest(p))
		tree = parse_bare_use_tree(p);
	unnest(p);
	if (tree)
		return tree;
	return ast_mk_use_tree_group(p->arena, (Span){start, 0},
	    ast_mk_path(p->arena, (Span){start, 0}, (AstSegmentList){0}), (AstUseTreeList){0});
}

/* use = 'use' use_tree */
static AstItem *
parse_use(Parser *p, const Prefix *x)
{
	take(p);
	AstUseTree *tree = parse_use_tree(p);
	return ast_mk_item_use(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false, tree);
}

/* ---- const, static, type ---------------------------------------------------------------------- */

/* const = 'const' (ident | '_') (':' type)? ('=' expr)? */
static AstItem *
parse_const(Parser *p, const Prefix *x)
{
	AstIdent *name;

	take(p);
	if (peek(p) == T(UNDERSCORE)) {
		Token t = take(p);
		name = mk_ident(p, &t);
	} else {
		name = parse_ident(p, "the constant's name");
	}
	AstType *type = take_if(p, T(COLON)) ? parse_type(p) : NULL;
	AstExpr *value = !p->panic && (take_if(p, T(EQ)) || habit_let(p)) ? parse_expr(p) : NULL;
	return ast_mk_item_const(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, type, value);
}

/* static = 'static' ident ':' type '=' expr */
static AstItem *
parse_static(Parser *p, const Prefix *x)
{
	take(p);
	habit_static_mut(p);
	AstIdent *name = parse_ident(p, "the static's name");
	AstType *type = !p->panic && expect(p, T(COLON)) ? parse_type(p) :
	    ast_mk_type_error(p->arena, (Span){here(p), 0});
	AstExpr *value = !p->panic && expect(p, T(EQ)) ? parse_expr(p) :
	    ast_mk_expr_error(p->arena, (Span){here(p), 0});
	return ast_mk_item_static(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false,
	    name, type, value);
}

/* type_alias = 'type' ident generics (':' bounds)? where ('=' type)? where */
static AstItem *
parse_type_alias(Parser *p, const Prefix *x)
{
	AstBoundList bounds = {0};

	take(p);
	AstIdent *name = parse_ident(p, "the type's name");
	AstGenerics *g = parse_generics(p);
	if (take_if(p, T(COLON)))
		bounds = parse_bounds(p);
	parse_where(p, g);
	AstType *type = take_if(p, T(EQ)) ? parse_type(p) : NULL;
	parse_where(p, g);
	return ast_mk_item_type_alias(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc,
	    false, name, g, bounds, type);
}

/* ---- functions with their modifiers ----------------------------------------------------------- */

Sym
parse_abi(Parser *p)
{
	take(p);
	if (peek(p) != T(STR) && peek(p) != T(RAW_STR))
		return intern_cstr(p->names, "C");
	Token t = take(p);
	Text abi = string_value(p, &t);
	return intern(p->names, abi.s, abi.n);
}

/* fn_item = 'const'? 'unsafe'? ('extern' string?)? fn | extern_block */
static AstItem *
parse_fn_item(Parser *p, const Prefix *x)
{
	bool is_const = take_if(p, T(KW_CONST));
	bool is_unsafe = take_if(p, T(KW_UNSAFE));
	bool is_extern = peek(p) == T(KW_EXTERN);
	Sym abi = is_extern ? parse_abi(p) : 0;

	if (is_extern && peek(p) == T(OPEN_BRACE))
		return parse_extern_block(p, x, abi, is_unsafe);
	AstFn *fn = parse_fn(p, is_const, is_unsafe, is_extern, abi);
	return ast_mk_item_fn(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, x->is_safe,
	    fn);
}

AstItem *
parse_fn_without_word(Parser *p)
{
	Prefix x = {.start = here(p)};

	p->fn_implied = true;
	AstFn *fn = parse_fn(p, false, false, false, 0);
	return ast_mk_item_fn(p->arena, span_from(p, x.start), x.attrs, x.vis, x.doc, false, fn);
}

/* ---- all -------------------------------------------------------------------------------------- */

static bool
at_safe_fn(const Parser *p)
{
	return at_word(p, "safe") && peek_at(p, 1) == T(KW_FN);
}

bool
at_item(const Parser *p)
{
	switch (peek(p)) {
	case T(KW_FN): case T(KW_STRUCT): case T(KW_ENUM): case T(KW_TRAIT): case T(KW_IMPL):
	case T(KW_CONST): case T(KW_STATIC): case T(KW_TYPE): case T(KW_MOD): case T(KW_USE):
	case T(KW_EXTERN): case T(KW_PUB):
		return true;
	case T(KW_ASYNC):
		return peek_at(p, 1) == T(KW_FN) || peek_at(p, 1) == T(KW_UNSAFE);
	case T(KW_UNSAFE):
		return peek_at(p, 1) == T(KW_FN) || peek_at(p, 1) == T(KW_EXTERN) ||
		    peek_at(p, 1) == T(KW_IMPL) || peek_at(p, 1) == T(KW_TRAIT);
	case T(HASH):
		return peek_at(p, 1) == T(OPEN_BRACKET) || peek_at(p, 1) == T(BANG);
	case T(IDENT):
		return at_safe_fn(p);
	default:	/* tokens, not nodes */
		return false;
	}
}

static AstItem *
mk_error_item(Parser *p, const Prefix *x)
{
	return ast_mk_item_error(p->arena, span_from(p, x->start), x->attrs, x->vis, x->doc, false);
}

static AstItem *
unexpected_item(Parser *p, const Prefix *x)
{
	AstItem *item = NULL;

	if (habit_item(p, &item))
		return item ? item : mk_error_item(p, x);
	if (x->attrs.len && peek(p) != TOKEN_END) {
		Diag *d = diag_error(p->diags, G0211, x->attrs.at[0]->span);

		diag_primary(d, "no item follows");
		diag_fix(d, DIAG_REVIEW, x->attrs.at[0]->span, "remove it", "");
	} else {
		expected(p, "an item");
	}
	p->panic = true;
	return mk_error_item(p, x);
}

static AstItem *
parse_item_body(Parser *p, const Prefix *x)
{
	switch (peek(p)) {
	case T(KW_STRUCT):
		return parse_struct(p, x);
	case T(KW_ENUM):
		return parse_enum(p, x);
	case T(KW_TRAIT):
		return parse_trait(p, x);
	case T(KW_IMPL):
		return parse_impl(p, x);
	case T(KW_CONST):
		if (peek_at(p, 1) == T(KW_FN) || peek_at(p, 1) == T(KW_UNSAFE) ||
		    peek_at(p, 1) == T(KW_EXTERN))
			return parse_fn_item(p, x);
		return parse_const(p, x);
	case T(KW_STATIC):
		return parse_static(p, x);
	case T(KW_TYPE):
		return parse_type_alias(p, x);
	case T(KW_MOD):
		return parse_mod(p, x);
	case T(KW_USE):
		return parse_use(p, x);
	case T(KW_FN):
	case T(KW_UNSAFE):
	case T(KW_EXTERN):
		return parse_fn_item(p, x);
	default:	/* tokens, not nodes */
		return unexpected_item(p, x);
	}
}

static AstItem *
parse_whole_item(Parser *p)
{
	Prefix x = {.start = here(p), .doc = doc_above(p, here(p))};

	habit_inner_attr(p);
	x.attrs = parse_attrs(p);
	x.vis = parse_vis(p);
	habit_async(p);
	x.is_safe = at_safe_fn(p);
	if (x.is_safe)
		take(p);
	if (peek(p) == T(KW_UNSAFE) && (peek_at(p, 1) == T(KW_IMPL) || peek_at(p, 1) == T(KW_TRAIT)))
		habit_unsafe_item(p);
	return parse_item_body(p, &x);
}

/* A word that begins an item ends the one before, on the same line too. */
static void
end_item(Parser *p)
{
	if (!p->panic && !take_if(p, T(SEMI)) && !peek_token(p)->newline &&
	    peek(p) != T(CLOSE_BRACE) && !at_item(p) && p->tokens[p->at - 1].kind != T(CLOSE_BRACE))
		expected(p, "a line break or `;` behind the item");
	if (p->panic)
		sync_item(p);
	check_placeholders(p);
}

/*
 * item = doc attrs vis 'safe'? (fn_item | struct | enum | trait | impl | const | static
 *      | type_alias | mod | use | extern_block) ';'?
 */
AstItem *
parse_item(Parser *p)
{
	uint32_t start = p->stmt_start = p->at;
	AstItem *item = NULL;

	if (nest(p))
		item = parse_whole_item(p);
	unnest(p);
	if (!item)
		item = ast_mk_item_error(p->arena, (Span){here(p), 0}, (AstAttrList){0},
		    AST_VIS_PRIVATE, 0, false);
	end_item(p);
	if (p->at == start)
		take(p);
	return item;
}
