/* The built-in macros, with `!` and, for those that may, without. */
#include "gos-parse/habit.h"

#include "lib/suggest.h"

#include <string.h>

typedef enum Shape {
	SHAPE_FORMAT,	/* a template and its arguments, behind `leading` others */
	SHAPE_PLAIN,	/* arguments only */
	SHAPE_VEC, SHAPE_SET, SHAPE_MAP, SHAPE_MATCHES,
} Shape;

typedef struct Macro {
	const char *name;
	Shape shape;
	AstMacro kind;
	uint8_t leading;
	bool bare;	/* works without `!` */
} Macro;

#define M(name) AST_MACRO_##name

static const Macro macros[] = {
	{"print", SHAPE_FORMAT, M(PRINT), 0, true}, {"println", SHAPE_FORMAT, M(PRINTLN), 0, true},
	{"eprint", SHAPE_FORMAT, M(EPRINT), 0, true}, {"eprintln", SHAPE_FORMAT, M(EPRINTLN), 0, true},
	{"format", SHAPE_FORMAT, M(FORMAT), 0, true}, {"panic", SHAPE_FORMAT, M(PANIC), 0, true},
	{"write", SHAPE_FORMAT, M(WRITE), 1, false}, {"writeln", SHAPE_FORMAT, M(WRITELN), 1, false},
	{"todo", SHAPE_FORMAT, M(TODO), 0, false},
	{"unimplemented", SHAPE_FORMAT, M(UNIMPLEMENTED), 0, false},
	{"unreachable", SHAPE_FORMAT, M(UNREACHABLE), 0, false},
	{"assert", SHAPE_FORMAT, M(ASSERT), 1, true},
	{"assert_eq", SHAPE_FORMAT, M(ASSERT_EQ), 2, true},
	{"assert_ne", SHAPE_FORMAT, M(ASSERT_NE), 2, true},
	{"debug_assert", SHAPE_FORMAT, M(DEBUG_ASSERT), 1, false},
	{"dbg", SHAPE_PLAIN, M(DBG), 0, false},
	{"include_str", SHAPE_PLAIN, M(INCLUDE_STR), 0, false},
	{"include_bytes", SHAPE_PLAIN, M(INCLUDE_BYTES), 0, false},
	{"env", SHAPE_PLAIN, M(ENV), 0, false}, {"vec", SHAPE_VEC, M(DBG), 0, false},
	{"set", SHAPE_SET, M(DBG), 0, false}, {"map", SHAPE_MAP, M(DBG), 0, false},
	{"matches", SHAPE_MATCHES, M(DBG), 0, false},
};

enum { MACROS = sizeof macros / sizeof *macros };

static const Macro *
find_macro(const Parser *p, const Token *t)
{
	for (uint32_t i = 0; i < MACROS; i++)
		if (token_is_word(p, t, macros[i].name))
			return &macros[i];
	return NULL;
}

static bool
is_opening(TokensKind kind)
{
	return kind == T(OPEN_PAREN) || kind == T(OPEN_BRACKET) || kind == T(OPEN_BRACE);
}

bool
at_macro(const Parser *p)
{
	if (peek_at(p, 1) == T(BANG))
		return is_opening(peek_at(p, 2)) && is_adjacent(p, 1);
	if (peek_at(p, 1) != T(OPEN_PAREN) || p->tokens[p->at + 1].newline)
		return false;
	const Macro *m = find_macro(p, peek_token(p));
	return m && m->bare;
}

static TokensKind
closing_of(TokensKind open)
{
	return open == T(OPEN_PAREN) ? T(CLOSE_PAREN) :
	    open == T(OPEN_BRACKET) ? T(CLOSE_BRACKET) : T(CLOSE_BRACE);
}

static List
macro_list(Parser *p)
{
	TokensKind open = peek(p);

	return list_begin(p, open, closing_of(open), false);
}

/* ---- arguments -------------------------------------------------------------------------------- */

/* macro_arg = (ident ('=' | ':'))? expr */
static AstArg *
parse_macro_arg(Parser *p)
{
	uint32_t start = here(p);
	AstIdent *name = NULL;

	if (peek(p) == T(IDENT) && (peek_at(p, 1) == T(EQ) || peek_at(p, 1) == T(COLON))) {
		Token t = take(p);
		name = mk_ident(p, &t);
		take(p);
	}
	AstExpr *value = parse_expr(p);
	return ast_mk_arg(p->arena, span_from(p, start), name, value);
}

/* Is the next argument a string literal and nothing more? */
static bool
at_template(const Parser *p)
{
	TokensKind next = peek_at(p, 1);

	if (peek(p) != T(STR) && peek(p) != T(RAW_STR))
		return false;
	return next == T(COMMA) || next == T(CLOSE_PAREN) || next == T(CLOSE_BRACKET) ||
	    next == T(CLOSE_BRACE) || p->tokens[p->at + 1].newline;
}

typedef struct MacroArgs {
	AstArgList args;
	const Token *template;	/* or NULL */
} MacroArgs;

/* macro_args = bracket (macro_arg sep)* bracket */
static MacroArgs
parse_macro_args(Parser *p, const Macro *m)
{
	MacroArgs a = {0};
	List l = macro_list(p);

	while (list_next(p, &l)) {
		if (a.args.len == m->leading && m->shape == SHAPE_FORMAT && at_template(p))
			a.template = peek_token(p);
		vec_push(p->arena, &a.args, parse_macro_arg(p));
	}
	list_end(p, &l);
	return a;
}

static AstArgList
slice_args(Parser *p, const AstArgList *args, uint32_t from, uint32_t to)
{
	AstArgList part = {0};

	for (uint32_t i = from; i < to && i < args->len; i++)
		vec_push(p->arena, &part, args->at[i]);
	return part;
}

/* `println!(x)` */
static void
check_template(Parser *p, const Macro *m, const AstArgList *args)
{
	const AstExpr *e = args->at[m->leading]->value;

	if (e->kind == AST_EXPR_INTERP || e->kind == AST_EXPR_ERROR || e->kind == AST_EXPR_PLACEHOLDER)
		return;
	Diag *d = diag_error(p->diags, G0207, e->span, m->name);
	const char *template = "{}";

	diag_primary(d, "not a string literal");
	if (e->kind == AST_EXPR_STR)
		return;
	for (uint32_t i = m->leading + 1; i < args->len; i++)
		template = arena_printf(p->diags->arena, "%s {}", template);
	diag_fix(d, DIAG_SAFE, (Span){e->span.start, 0}, "show the value with `{}`",
	    arena_printf(p->diags->arena, "\"%s\", ", template));
}

/* A template is one behind `!`, or if it has a placeholder. */
static AstExpr *
parse_format_macro(Parser *p, const Macro *m, uint32_t start, bool bang)
{
	MacroArgs a = parse_macro_args(p, m);
	Span span = span_from(p, start);

	if (!a.template && bang && a.args.len > m->leading && !p->panic)
		check_template(p, m, &a.args);
	if (!a.template || (!bang && !has_placeholder(p, a.template)))
		return ast_mk_expr_macro(p->arena, span, m->kind, a.args);
	AstArgList leading = slice_args(p, &a.args, 0, m->leading);
	AstArgList rest = slice_args(p, &a.args, m->leading + 1u, a.args.len);
	AstFormatPartList parts = parse_template(p, a.template, &rest);
	return ast_mk_expr_format(p->arena, span, m->kind, leading, parts, rest);
}

/* ---- collections ------------------------------------------------------------------------------ */

static AstExpr *
parse_vec_macro(Parser *p, uint32_t start)
{
	TokensKind open = peek(p);
	AstExpr *e = parse_array(p, open, closing_of(open));

	e->span = span_from(p, start);
	return e;
}

static AstExpr *
parse_set_macro(Parser *p, uint32_t start)
{
	AstExprList elems = {0};
	List l = macro_list(p);

	while (list_next(p, &l))
		vec_push(p->arena, &elems, parse_expr(p));
	list_end(p, &l);
	return ast_mk_expr_set(p->arena, span_from(p, start), elems);
}

/* map_entry = expr ':' expr */
static AstMapEntry *
parse_map_entry(Parser *p)
{
	uint32_t start = here(p);
	AstExpr *key = parse_expr(p);

	if (!habit_map_arrow(p))
		expect(p, T(COLON));
	AstExpr *value = parse_expr(p);
	return ast_mk_map_entry(p->arena, span_from(p, start), key, value);
}

static AstExpr *
parse_map_macro(Parser *p, uint32_t start)
{
	AstMapEntryList entries = {0};
	List l = macro_list(p);

	while (list_next(p, &l))
		vec_push(p->arena, &entries, parse_map_entry(p));
	list_end(p, &l);
	return ast_mk_expr_map(p->arena, span_from(p, start), entries);
}

/* matches = 'matches' '!' '(' expr ',' pat guard? ')' */
static AstExpr *
parse_matches(Parser *p, uint32_t start)
{
	uint32_t open = p->at;
	TokensKind close = closing_of(peek(p));
	Context saved = enter_brackets(p, true);

	take(p);
	AstExpr *value = parse_expr(p);
	expect(p, T(COMMA));
	AstPat *pat = parse_pat(p);
	AstExpr *guard = p->panic ? NULL : parse_guard(p);
	take_if(p, T(COMMA));
	p->ctx = saved;
	if (p->panic || !expect(p, close))
		sync_brackets(p, open);
	return ast_mk_expr_macro_matches(p->arena, span_from(p, start), value, pat, guard);
}

/* ---- all -------------------------------------------------------------------------------------- */

/* Macros of other languages and what is written here; `instead` is set if that is another name for the same call. */
static const struct Abroad {
	const char *name, *help, *instead;
} abroad[] = {
	{"concat", "strings are joined by `+`, by `f\"{a}{b}\"` or by `[a, b].concat()`", NULL},
	{"stringify", "write the text itself, as a literal", NULL},
	{"line", "panics, failed assertions and `dbg!` tell their place by themselves", NULL},
	{"file", "panics, failed assertions and `dbg!` tell their place by themselves", NULL},
	{"column", "panics, failed assertions and `dbg!` tell their place by themselves", NULL},
	{"module_path", "write the name itself, as a literal", NULL},
	{"cfg", "conditions stand on items: `#[cfg(…)]` before a function or a constant", NULL},
	{"option_env", "a variable of the environment is read when the program runs: `std::env::var`", NULL},
	{"include", "code of another file is a module: `mod name` and `use name::item`", NULL},
	{"compile_error", "a failed `assert!` in a `const` is an error of the compiler", NULL},
	{"thread_local", "pass the value on, or share it: `static X: Mutex<T> = Mutex::new(…)`", NULL},
	{"lazy_static", "a `static` may be given by any expression that can be evaluated at compile time", NULL},
	{"format_args", "a text is made by `format!`", "format"},
	{"sprintf", "`format!` takes `{}` for every value: `format!(\"{} {:.2}\", a, b)`", NULL},
	{"printf", "`print!` takes `{}` for every value: `print!(\"{} {:.2}\", a, b)`", NULL},
	{"fprintf", "`write!(f, …)` writes to a place", "write"},
	{"array", "an array is written `[a, b, c]`", NULL},
	{"hashmap", "`map!{key: value}` makes a map", NULL},
	{"btreemap", "a map is written `map!{key: value}`", "map"},
	{"hashset", "`#{a, b}` makes a set", NULL},
	{"btreeset", "a set is written `set!{a, b}` or `#{a, b}`", "set"},
	{"debug_assert_eq", "`assert_eq!` compares in every build", "assert_eq"},
	{"debug_assert_ne", "`assert_ne!` compares in every build", "assert_ne"},
	{"assert_matches", "write `assert!(matches!(value, Pattern))`", NULL},
	{"static_assert", "an `assert!` in a `const` is checked by the compiler", NULL},
	{"log", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"trace", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"debug", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"info", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"warn", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"error", "messages for people go to standard error: `eprintln!`", "eprintln"},
	{"bail", "write `return Err(errors::new(f\"…\"))`, with `use std::errors`", NULL},
	{"ensure", "write `if !condition { return Err(errors::new(f\"…\")) }`, with `use std::errors`", NULL},
	{"try", "`?` behind the expression hands a failure on", NULL},
	{"anyhow", "write `errors::new(f\"…\")`, with `use std::errors`", NULL},
	{"join", "`spawn` gives a handle for each, and `join()` waits for it", NULL},
	{"select", "`select { … }` is a construct of the language, without `!`", NULL},
};

enum { ABROAD = sizeof abroad / sizeof *abroad };

static bool
foreign_macro(Parser *p, Diag *d, const Token *name)
{
	for (uint32_t i = 0; i < ABROAD; i++) {
		if (!token_is_word(p, name, abroad[i].name))
			continue;
		diag_help(d, "%s", abroad[i].help);
		if (abroad[i].instead)
			diag_fix(d, DIAG_REVIEW, token_span(name), "use this one", abroad[i].instead);
		return true;
	}
	return false;
}

static AstExpr *
unknown_macro(Parser *p, const Token *name)
{
	Text text = token_text(p, name);
	Suggest s = suggest_for(text.s, text.n);
	Diag *d = diag_error(p->diags, G0206, token_span(name),
	    arena_strndup(p->diags->arena, text.s, text.n));

	for (uint32_t i = 0; i < MACROS; i++)
		suggest_offer(&s, macros[i].name, strlen(macros[i].name), i);
	diag_primary(d, "macros are built in, and this is none of them");
	if (!foreign_macro(p, d, name) && s.found)
		diag_fix(d, DIAG_REVIEW, token_span(name), "use the macro with a similar name", s.name);
	uint32_t close = partner_at(p, 0);
	p->at = close == NO_PARTNER ? p->at : close;
	take(p);
	return ast_mk_expr_error(p->arena, span_from(p, name->start));
}

/* macro = name '!' macro_args | bare_name macro_args | vec | set | map | matches */
AstExpr *
parse_macro(Parser *p)
{
	Token name = take(p);
	bool bang = take_if(p, T(BANG));
	const Macro *m = find_macro(p, &name);

	if (!m)
		return unknown_macro(p, &name);
	switch (m->shape) {
	case SHAPE_FORMAT:
		return parse_format_macro(p, m, name.start, bang);
	case SHAPE_PLAIN: {
		MacroArgs a = parse_macro_args(p, m);
		return ast_mk_expr_macro(p->arena, span_from(p, name.start), m->kind, a.args);
	}
	case SHAPE_VEC:
		return parse_vec_macro(p, name.start);
	case SHAPE_SET:
		return parse_set_macro(p, name.start);
	case SHAPE_MAP:
		return parse_map_macro(p, name.start);
	case SHAPE_MATCHES:
		return parse_matches(p, name.start);
	}
	return unknown_macro(p, &name);
}
