/* Statements as other languages have them.  See habit.h. */
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

/* The end of the line, as an index; groups that begin on it count as part of it. */
static uint32_t
line_end(const Parser *p, uint32_t i)
{
	while (p->tokens[i].kind != TOKEN_END && p->tokens[i].kind != T(CLOSE_BRACE)) {
		uint32_t close = p->in->partner.at[i];
		i = close != NO_PARTNER && close > i ? close + 1 : i + 1;
		if (p->tokens[i].newline)
			break;
	}
	return i;
}

static void
skip_line(Parser *p)
{
	uint32_t end = line_end(p, p->at);

	while (p->at < end)
		take(p);
}

/* ---- statements ------------------------------------------------------------------------------- */

static AstStmt *
error_stmt(Parser *p, uint32_t start)
{
	return ast_mk_stmt_error(p->arena, span_from(p, start), (AstAttrList){0});
}

/* `x := e` behind the pattern, at the `:=`. */
static AstStmt *
finish_let(Parser *p, uint32_t start, AstPat *pat)
{
	AstType *type = take_if(p, T(COLON)) ? parse_type(p) : NULL;
	AstExpr *value = take_if(p, T(EQ)) || take_if(p, T(COLON_EQ)) ? parse_expr(p) : NULL;

	return ast_mk_stmt_let(p->arena, span_from(p, start), (AstAttrList){0}, pat, type, value, NULL);
}

static AstPat *
name_pat(Parser *p)
{
	Token t = take(p);

	return ast_mk_pat_bind(p->arena, token_span(&t), true, mk_ident(p, &t), NULL);
}

/* `x := e` */
static AstStmt *
short_declaration(Parser *p)
{
	uint32_t start = here(p);
	AstPat *pat = name_pat(p);
	Span op = token_span(peek_token(p));
	Diag *d = foreign(p, G0220, (Span){start, span_end(op) - start}, arena_printf(texts(p),
	    "a variable is declared with `let %s = …`", shown(p, pat->span)));

	diag_fix(d, DIAG_SAFE, (Span){start, 0}, "write `let`", "let ");
	diag_edit(d, op, "=");
	return finish_let(p, start, pat);
}

/* How many names stand before `:=`, between commas; 0: that is not what follows. */
static uint32_t
names_declared(const Parser *p)
{
	for (uint32_t n = 1; peek_at(p, 2 * n - 2) == T(IDENT) || peek_at(p, 2 * n - 2) == T(UNDERSCORE); n++) {
		if (peek_at(p, 2 * n - 1) == T(COLON_EQ))
			return n;
		if (peek_at(p, 2 * n - 1) != T(COMMA))
			break;
	}
	return 0;
}

static AstPat *
wild_pat(Parser *p)
{
	Token t = take(p);

	return ast_mk_pat_wild(p->arena, token_span(&t));
}

/* `a, b := e` */
static AstStmt *
short_declarations(Parser *p, uint32_t n)
{
	uint32_t start = here(p);
	AstPatList names = {0};
	Span all, op;
	Diag *d;

	for (uint32_t i = 0; i < n; i++) {
		vec_push(p->arena, &names, peek(p) == T(UNDERSCORE) ? wild_pat(p) : name_pat(p));
		take_if(p, T(COMMA));
	}
	all = (Span){start, span_end(vec_last(&names)->span) - start};
	op = token_span(peek_token(p));
	d = foreign(p, G0220, (Span){start, span_end(op) - start}, arena_printf(texts(p),
	    "variables are declared with `let (%s) = …`", shown(p, all)));
	diag_fix(d, DIAG_SAFE, (Span){start, 0}, "write `let`", "let (");
	diag_edit(d, (Span){span_end(all), 0}, ")");
	diag_edit(d, op, "=");
	return finish_let(p, start, ast_mk_pat_tuple(p->arena, all, names));
}

static bool
declaration_word(const Parser *p)
{
	static const char *const words[] = {"var", "val", "auto", "local", "int", "i64", "i32", "u8",
	    "float", "double", "f64", "bool", "char", "string", "String", "long"};

	if (peek_at(p, 1) != T(IDENT) || !same_line_at(p, 1))
		return false;
	if (peek_at(p, 2) != T(EQ) && peek_at(p, 2) != T(COLON) && peek_at(p, 2) != T(COLON_EQ))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (at_word(p, words[i]))
			return true;
	return false;
}

/* `var x = e`, `int x = e` */
static AstStmt *
worded_declaration(Parser *p)
{
	Token word = take(p);
	bool immutable = token_is_word(p, &word, "val") || token_is_word(p, &word, "auto");
	const char *let = immutable ? "let" : "let mut";
	Diag *d = foreign(p, G0220, token_span(&word), "a variable is declared with `let`");

	diag_primary(d, "`let mut` if it changes");
	diag_fix(d, DIAG_SAFE, token_span(&word), "write `let`", let);
	AstPat *pat = name_pat(p);
	return finish_let(p, word.start, pat);
}

/* `mut x = e` */
static AstStmt *
mut_declaration(Parser *p)
{
	Token word = take(p);
	Diag *d = foreign(p, G0220, token_span(&word), "a variable is declared with `let mut`");

	diag_fix(d, DIAG_SAFE, token_span(&word), "write `let mut`", "let mut");
	if (peek(p) != T(IDENT)) {
		expected(p, "a name");
		return error_stmt(p, word.start);
	}
	AstPat *pat = name_pat(p);
	return finish_let(p, word.start, pat);
}

typedef struct ForeignWord {
	const char *word;
	const char *title, *label;
} ForeignWord;

static const ForeignWord controls[] = {
	{"switch", "a choice among values is a `match`", "write `match value { pattern => … }`"},
	{"unless", "there is no `unless`", "write `if !(…)`"},
	{"until", "there is no `until`", "write `while !(…)`"},
	{"do", "there is no `do … while`", "write `loop { …  if !(…) { break } }`"},
	{"repeat", "there is no `repeat`", "write `for _ in 0..n`"},
	{"foreach", "a loop over values is `for x in xs`", "write `for`"},
	{"try", "there are no exceptions", "a function that can fail returns a `Result`, `?` passes an `Err` on"},
	{"catch", "there are no exceptions", "`match` on the `Result`"},
	{"finally", "there are no exceptions", "`defer { … }` runs when the block ends, however it ends"},
	{"throw", "there are no exceptions", "return `Err(…)`"},
	{"raise", "there are no exceptions", "return `Err(…)`"},
	{"with", "there is no `with`", "resources are released when they go; `defer` runs anything else"},
	{"echo", "output is `println`", "write `println(…)`"},
	{"pass", "an empty block is `{}`", "leave it out"},
	{"fallthrough", "an arm never falls through", "join patterns by `|`"},
	{"goto", "there is no `goto`", "labelled loops and blocks have `break 'label`"},
};

/* Does something stand behind the word that no variable has behind it? */
static bool
word_is_control(const Parser *p)
{
	TokensKind next = peek_at(p, 1);

	if (at_word(p, "pass") || at_word(p, "fallthrough"))
		return !same_line_at(p, 1);
	if (!same_line_at(p, 1))
		return false;
	if (next == T(OPEN_PAREN)) {
		uint32_t close = partner_at(p, 1);
		return close != NO_PARTNER && p->tokens[close + 1].kind == T(OPEN_BRACE);
	}
	return next == T(OPEN_BRACE) || next == T(IDENT) || next == T(STR) || next == T(KW_SELF) ||
	    next == T(BANG);
}

/* Behind `try { … }` come `catch` and `finally`: one mistake, one report. */
static void
skip_followers(Parser *p)
{
	while (at_word(p, "catch") || at_word(p, "finally") || at_word(p, "except") ||
	    (peek(p) == T(KW_WHILE) && !peek_token(p)->newline))
		skip_line(p);
}

static bool
control_word(Parser *p, AstStmt **stmt)
{
	uint32_t start = here(p);

	if (!word_is_control(p))
		return false;
	for (size_t i = 0; i < sizeof controls / sizeof *controls; i++) {
		if (!at_word(p, controls[i].word))
			continue;
		Diag *d = foreign(p, G0229, token_span(peek_token(p)), controls[i].title);
		diag_primary(d, "%s", controls[i].label);
		skip_line(p);
		skip_followers(p);
		*stmt = error_stmt(p, start);
		return true;
	}
	return false;
}

static bool
item_habit(Parser *p, AstStmt **stmt)
{
	uint32_t start = here(p);
	AstItem *item = NULL;

	if (!habit_item(p, &item))
		return false;
	*stmt = item ? ast_mk_stmt_item(p->arena, item->span, (AstAttrList){0}, item) : error_stmt(p, start);
	return true;
}

/* `case x:` and `}` `else` without an `if` are reported where they stand. */
bool
habit_stmt(Parser *p, AstStmt **stmt)
{
	if (peek(p) == T(KW_MUT)) {
		*stmt = mut_declaration(p);
		return true;
	}
	if (peek(p) != T(IDENT) && peek(p) != T(AT) && peek(p) != T(HASH))
		return false;
	if (peek_at(p, 1) == T(COLON_EQ) && peek(p) == T(IDENT)) {
		*stmt = short_declaration(p);
		return true;
	}
	if (names_declared(p)) {
		*stmt = short_declarations(p, names_declared(p));
		return true;
	}
	if (declaration_word(p)) {
		*stmt = worded_declaration(p);
		return true;
	}
	return control_word(p, stmt) || item_habit(p, stmt);
}

/* ---- behind a statement ----------------------------------------------------------------------- */

/* `println "x"`: a name with its argument behind it. */
static bool
call_without_parens(Parser *p, const AstExpr *e)
{
	static const char *const words[] = {"print", "println", "eprint", "eprintln", "panic", "assert",
	    "echo", "puts", "printf", "drop", "spawn", "send", "format"};
	bool known = false;

	if (e->kind != AST_EXPR_PATH || !starts_expr(peek(p)))
		return false;
	const char *name = shown(p, e->span);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		known |= strcmp(words[i], name) == 0;
	if (!known && peek(p) != T(STR) && peek(p) != T(F_STR) && peek(p) != T(F_STR_START))
		return false;
	uint32_t end = line_end(p, p->at);
	uint32_t last = p->tokens[end - 1].start + p->tokens[end - 1].len;
	Diag *d = parse_error(p, G0233, (Span){e->span.start, last - e->span.start});
	diag_primary(d, "the arguments of a call stand in parentheses");
	diag_fix(d, DIAG_SAFE, (Span){p->last_end, here(p) - p->last_end}, "add the parentheses", "(");
	diag_edit(d, (Span){last, 0}, ")");
	return true;
}

static bool
colon_after(Parser *p)
{
	if (peek(p) != T(COLON))
		return false;
	Diag *d = foreign_panic(p, G0236, token_span(peek_token(p)), "a colon has no meaning here");
	diag_help(d, "a map is written `map!{key: value}`, a variable with its type `let x: T = …`");
	return true;
}

static bool
declaration_after(Parser *p)
{
	if (peek(p) != T(COLON_EQ))
		return false;
	Diag *d = foreign_panic(p, G0220, token_span(peek_token(p)), "`:=` declares nothing here");
	diag_primary(d, "`let (a, b) = …` declares several, `=` assigns");
	return true;
}

bool
habit_after_stmt(Parser *p, const AstStmt *s)
{
	const AstExpr *e = s->kind == AST_STMT_EXPR ? s->expr.expr : NULL;

	if (peek(p) == T(FAT_ARROW)) {
		Diag *d = parse_error(p, G0239, token_span(peek_token(p)));
		diag_primary(d, "a closure is `|x| …`");
		return true;
	}
	if (!e)
		return false;
	return declaration_after(p) || colon_after(p) || call_without_parens(p, e);
}
