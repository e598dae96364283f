/* Names, types and items as other languages have them.  See habit.h. */
#include "gos-parse/habit.h"

#include <string.h>

Diag *
foreign(Parser *p, DiagCode code, Span span, const char *title)
{
	return p->panic ? NULL : diag_report(p->diags, code, span, "%s", title);
}

Diag *
foreign_panic(Parser *p, DiagCode code, Span span, const char *title)
{
	Diag *d = foreign(p, code, span, title);

	p->panic = true;
	return d;
}

const char *
shown(const Parser *p, Span span)
{
	uint32_t n = span.len > 80 ? 80 : span.len;

	return arena_strndup(p->diags->arena, p->text + (span.start - p->base), n);
}

static bool
is_keyword(TokensKind kind)
{
	return kind >= T(KW_AS) && kind <= T(KW_YIELD);
}

void
habit_name(Parser *p, const char *what)
{
	const Token *t = peek_token(p);

	if (!is_keyword(peek(p)) || p->panic || t->newline) {
		expected(p, what);
		return;
	}
	Diag *d = parse_error(p, G0212, token_span(t));
	diag_primary(d, "%s is a reserved word", token_name(peek(p)));
	diag_fix(d, DIAG_REVIEW, token_span(t), "choose another name",
	    arena_printf(p->diags->arena, "%s_", shown(p, token_span(t))));
}

/* ---- lifetimes -------------------------------------------------------------------------------- */

static void
report_lifetime(Parser *p, Span span, Span remove)
{
	Diag *d = foreign(p, G0224, span, "Gossamer has no lifetimes");

	diag_primary(d, "references need no lifetime");
	diag_fix(d, DIAG_SAFE, remove, "remove it", "");
}

/* A list's entry with the comma beside it; with the brackets, and `::` before them, if it is the only one. */
static Span
lifetime_entry(const Parser *p, uint32_t at, Span entry)
{
	const Token *before = at ? &p->tokens[at - 1] : NULL, *next = peek_token(p);
	uint32_t start = entry.start, end = entry.start + entry.len;

	if (before && before->kind == T(LT) && token_text(p, next).n && *token_text(p, next).s == '>') {
		if (at > 1 && p->tokens[at - 2].kind == T(COLON_COLON))
			before--;
		start = before->start;
		end = next->start + 1;
	} else if (next->kind == T(COMMA) && !p->tokens[p->at + 1].newline) {
		end = p->tokens[p->at + 1].start;
	} else if (before && before->kind == T(COMMA) && !p->tokens[at].newline) {
		start = before->start;
	}
	return (Span){start, end - start};
}

void
habit_lifetime(Parser *p)
{
	if (peek(p) != T(LABEL))
		return;
	Token t = take(p);
	report_lifetime(p, (Span){t.start, here(p) - t.start}, (Span){t.start, here(p) - t.start});
}

bool
habit_lifetime_arg(Parser *p)
{
	uint32_t at = p->at;

	if (peek(p) != T(LABEL))
		return false;
	Token t = take(p);
	if (take_if(p, T(COLON)))
		while (take_if(p, T(LABEL)) || take_if(p, T(PLUS)))
			;
	while (peek(p) == T(COMMA) && peek_at(p, 1) == T(LABEL) && peek_at(p, 2) != T(COLON)) {
		take(p);
		take(p);
	}
	report_lifetime(p, span_from(p, t.start), lifetime_entry(p, at, span_from(p, t.start)));
	return true;
}

/* A bound with the `+` beside it, or the `:` before it. */
static Span
lifetime_bound(const Parser *p, uint32_t at, Span bound)
{
	const Token *before = at ? &p->tokens[at - 1] : NULL;
	uint32_t start = bound.start, end = bound.start + bound.len;

	if (peek(p) == T(PLUS))
		end = p->tokens[p->at + 1].start;
	else if (before && (before->kind == T(PLUS) || before->kind == T(COLON)))
		start = at > 1 ? p->tokens[at - 2].start + p->tokens[at - 2].len : before->start;
	return (Span){start, end - start};
}

bool
habit_bound(Parser *p)
{
	if (peek(p) == T(LABEL)) {
		uint32_t at = p->at;
		Token t = take(p);
		report_lifetime(p, token_span(&t), lifetime_bound(p, at, token_span(&t)));
		return true;
	}
	if (peek(p) != T(QUESTION))
		return false;
	Token t = take(p);
	take_if(p, T(IDENT));
	Diag *d = foreign(p, G0238, span_from(p, t.start), "bounds cannot be relaxed");
	diag_primary(d, "every type has a size here");
	return true;
}

/* ---- generic arguments ------------------------------------------------------------------------ */

static bool
is_type_token(TokensKind kind)
{
	switch (kind) {
	case T(IDENT): case T(COLON_COLON): case T(AMP): case T(OPEN_PAREN): case T(CLOSE_PAREN):
	case T(OPEN_BRACKET): case T(CLOSE_BRACKET): case T(KW_MUT): case T(KW_FN): case T(ARROW):
	case T(KW_DYN): case T(LABEL): case T(UNDERSCORE): case T(INT): case T(SEMI):
	case T(KW_SELF_TYPE): case T(COMMA):
		return true;
	default:	/* tokens, not nodes */
		return false;
	}
}

/* The token behind the `>` that closes the `<` at `n`, or 0 if this is no list of types. */
static uint32_t
behind_angles(const Parser *p, uint32_t n, bool *comma)
{
	enum { LOOK_AHEAD = 64 };
	int depth = 0;

	for (uint32_t i = n; i < n + LOOK_AHEAD; i++) {
		TokensKind kind = peek_at(p, i);
		if (kind == T(LT))
			depth++;
		else if (kind == T(GT))
			depth--;
		else if (kind == T(SHR))
			depth -= 2;
		else if (!is_type_token(kind))
			return 0;
		*comma |= kind == T(COMMA) && depth == 1;
		if (depth <= 0)
			return depth == 0 ? i + 1 : 0;
	}
	return 0;
}

bool
habit_turbofish(Parser *p, bool in_type)
{
	bool comma = false;

	if (in_type || peek(p) != T(LT) || peek_token(p)->space || p->panic)
		return false;
	uint32_t n = behind_angles(p, 0, &comma);
	if (n == 0 || !is_adjacent(p, n))
		return false;
	/* `f(a<b, c>(d))` is two comparisons. */
	if (peek_at(p, n) != T(COLON_COLON) && (peek_at(p, n) != T(OPEN_PAREN) || comma))
		return false;
	Span span = token_span(peek_token(p));
	Diag *d = foreign(p, G0228, span, "generic arguments in an expression follow `::`");
	diag_primary(d, "here `<` compares");
	diag_fix(d, DIAG_SAFE, span, "write `::<`", "::<");
	return true;
}

void
habit_path_dot(Parser *p)
{
	if (peek(p) != T(DOT) || peek_at(p, 1) != T(IDENT) || peek_token(p)->newline)
		return;
	Token *t = &p->tokens[p->at];
	Diag *d = foreign(p, G0231, token_span(t), "the parts of a path are joined by `::`");
	diag_fix(d, DIAG_SAFE, token_span(t), "write `::`", "::");
	t->kind = T(COLON_COLON);
}

/* ---- types ------------------------------------------------------------------------------------ */

bool
habit_slice_prefix(Parser *p)
{
	if (peek(p) != T(CLOSE_BRACKET))
		return false;
	uint32_t start = here(p) - 1;
	take(p);
	Diag *d = foreign(p, G0238, span_from(p, start), "the element type stands inside the brackets");
	diag_primary(d, "a vector of `T` is `[T]` or `Vec<T>`");
	return true;
}

void
habit_pointer(Parser *p, uint32_t start)
{
	Diag *d = foreign(p, G0238, (Span){start, 1}, "a raw pointer is `*const T` or `*mut T`");

	diag_primary(d, "`&T` only looks at a value, `&mut T` may change it");
	diag_fix(d, DIAG_REVIEW, (Span){start, 1}, "take a reference", "&mut ");
}

bool
habit_type(Parser *p)
{
	const Token *t = peek_token(p);

	if (peek(p) == T(QUESTION)) {
		foreign_panic(p, G0238, token_span(t), "a value that may be missing is an `Option<T>`");
		return true;
	}
	if (peek(p) == T(KW_STRUCT) || peek(p) == T(KW_ENUM)) {
		foreign_panic(p, G0238, token_span(t), "a type is declared by an item of its own");
		return true;
	}
	return false;
}

static AstType *
optional_type(Parser *p, AstType *type)
{
	Token t = take(p);
	Span span = span_from(p, type->span.start);
	Diag *d = foreign(p, G0238, span, "a value that may be missing is an `Option`");
	const char *inner = shown(p, type->span);

	(void)t;
	diag_fix(d, DIAG_SAFE, span, "write `Option`",
	    arena_printf(p->diags->arena, "Option<%s>", inner));
	return type;
}

static AstType *
array_suffix(Parser *p, AstType *type)
{
	take(p);
	take(p);
	Span span = span_from(p, type->span.start);
	Diag *d = foreign(p, G0238, span, "a vector's type is written around its elements'");

	diag_fix(d, DIAG_SAFE, span, "write `[T]`",
	    arena_printf(p->diags->arena, "[%s]", shown(p, type->span)));
	return ast_mk_type_slice(p->arena, span, type);
}

AstType *
habit_type_suffix(Parser *p, AstType *type)
{
	if (p->panic || type->kind != AST_TYPE_PATH || peek_token(p)->newline)
		return type;
	if (peek(p) == T(QUESTION) && !peek_token(p)->space)
		return optional_type(p, type);
	if (peek(p) == T(OPEN_BRACKET) && peek_at(p, 1) == T(CLOSE_BRACKET))
		return array_suffix(p, type);
	return type;
}

/* ---- lists ------------------------------------------------------------------------------------ */

bool
habit_separator(Parser *p, List *l)
{
	const Token *t = peek_token(p);

	if (peek(p) == T(SEMI) && (l->close == T(CLOSE_BRACE) || l->close == T(CLOSE_PAREN))) {
		Diag *d = foreign(p, G0236, token_span(t), "entries are separated by commas or line breaks");
		diag_fix(d, DIAG_SAFE, token_span(t), "write a comma", ",");
		take(p);
		return true;
	}
	if (peek(p) == T(FAT_ARROW) || peek(p) == T(ARROW)) {
		Diag *d = parse_error(p, G0239, token_span(t));
		diag_primary(d, "a closure is `|x| …`");
	}
	return false;
}

/* ---- functions -------------------------------------------------------------------------------- */

bool
habit_result_type(Parser *p)
{
	const Token *t = peek_token(p);

	if (peek_token(p)->newline || p->panic)
		return false;
	if (peek(p) == T(COLON)) {
		Diag *d = foreign(p, G0226, token_span(t), "the result type follows `->`");
		diag_fix(d, DIAG_SAFE, token_span(t), "write `->`", " ->");
		take(p);
		return true;
	}
	if (at_word(p, "void")) {
		Diag *d = foreign(p, G0226, token_span(t), "a function without a result has no result type");
		diag_fix(d, DIAG_SAFE, token_span(t), "remove it", "");
		take(p);
		return false;
	}
	if (peek(p) != T(IDENT) && peek(p) != T(OPEN_PAREN) && peek(p) != T(OPEN_BRACKET))
		return false;
	Diag *d = foreign(p, G0226, token_span(t), "the result type follows `->`");
	diag_fix(d, DIAG_SAFE, (Span){t->start, 0}, "write `->`", "-> ");
	return true;
}

bool
habit_fn_body(Parser *p)
{
	const Token *t = peek_token(p);

	if ((peek(p) == T(EQ) || peek(p) == T(FAT_ARROW)) && !t->newline) {
		foreign_panic(p, G0226, token_span(t), "a function's body is a block: `{ … }`");
	} else if (peek(p) == T(COLON)) {
		return habit_block(p);
	}
	return false;
}

/* Names of types that stand before the name in other languages. */
static bool
is_type_word(const Parser *p, const AstPat *pat)
{
	static const char *const words[] = {"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32",
	    "f64", "bool", "char", "int", "float", "double", "string", "String", "long", "byte", "str"};
	Span s = pat->span;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i]) == s.len &&
		    memcmp(words[i], p->text + (s.start - p->base), s.len) == 0)
			return true;
	return false;
}

AstType *
habit_param(Parser *p, AstPat **pat)
{
	Arena *a = p->diags->arena;
	TokensKind next = peek(p);

	if (p->panic || (*pat)->kind != AST_PAT_BIND || next == T(COLON))
		return NULL;
	if (next == T(IDENT) && is_type_word(p, *pat)) {
		Token name = take(p);
		Span span = span_from(p, (*pat)->span.start);
		Diag *d = foreign(p, G0232, span, "a parameter's name comes before its type");
		diag_fix(d, DIAG_SAFE, span, "write the name first", arena_printf(a, "%s: %s",
		    shown(p, token_span(&name)), shown(p, (*pat)->span)));
		*pat = ast_mk_pat_bind(p->arena, token_span(&name), false, mk_ident(p, &name), NULL);
		return ast_mk_type_error(p->arena, span);
	}
	if (!peek_token(p)->newline && at_type(p)) {
		Span gap = {span_end((*pat)->span), 0};
		Diag *d = foreign(p, G0232, gap, "a colon stands between a parameter and its type");
		diag_fix(d, DIAG_SAFE, gap, "write the colon", ":");
		return parse_type(p);
	}
	Diag *d = foreign(p, G0232, (*pat)->span, "a parameter needs a type");
	diag_primary(d, "write `%s: T`", shown(p, (*pat)->span));
	return ast_mk_type_error(p->arena, (*pat)->span);
}

/* ---- items ------------------------------------------------------------------------------------ */

void
habit_vis(Parser *p)
{
	uint32_t start = here(p), open = p->at;
	bool path = peek_at(p, 1) == T(KW_SUPER) || peek_at(p, 1) == T(KW_IN) ||
	    peek_at(p, 1) == T(KW_SELF);

	if (peek(p) != T(OPEN_PAREN) || !path || p->in->partner.at[open] == NO_PARTNER)
		return;
	p->at = p->in->partner.at[open];
	take(p);
	Span span = span_from(p, start);
	Diag *d = foreign(p, G0240, span, "visibility is `pub` or `pub(package)`");
	diag_fix(d, DIAG_REVIEW, span, "make it visible in the project", "(package)");
}

void
habit_field(Parser *p)
{
	if (peek(p) != T(KW_LET) && peek(p) != T(KW_MUT))
		return;
	Token t = take(p);
	Diag *d = foreign(p, G0236, token_span(&t), "a field has only a name and a type");
	diag_primary(d, "the variable that holds the struct is `mut`, not its fields");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
}

bool
habit_field_type(Parser *p)
{
	const Token *t = peek_token(p);

	if (p->panic || t->newline || !(peek(p) == T(EQ) || at_type(p)))
		return false;
	bool eq = peek(p) == T(EQ);
	Span span = eq ? token_span(t) : (Span){p->last_end, 0};
	Diag *d = foreign(p, G0236, span, "a colon stands between a field and its type");
	diag_fix(d, DIAG_SAFE, span, "write the colon", ":");
	if (eq)
		take(p);
	return true;
}

void
habit_inner_attr(Parser *p)
{
	uint32_t start = here(p);

	while (peek(p) == T(HASH) && peek_at(p, 1) == T(BANG) && peek_at(p, 2) == T(OPEN_BRACKET)) {
		uint32_t close = partner_at(p, 2);
		take(p);
		p->at = close == NO_PARTNER ? p->at : close;
		take(p);
		Diag *d = foreign(p, G0240, span_from(p, start), "attributes stand in front of one item");
		diag_primary(d, "a file has none");
	}
}

void
habit_static_mut(Parser *p)
{
	if (peek(p) != T(KW_MUT))
		return;
	Token t = take(p);
	Diag *d = foreign(p, G0240, token_span(&t), "there are no global mutable variables");
	diag_primary(d, "a `static` holds one value for good");
	diag_help(d, "use a `Mutex`, an `RwLock` or an atomic: they can be changed through a `static`");
}

void
habit_async(Parser *p)
{
	if (peek(p) != T(KW_ASYNC))
		return;
	Token t = take(p);
	Diag *d = foreign(p, G0225, token_span(&t), "`async` does not exist: functions have no colour");
	diag_primary(d, "every function may wait, and only its goroutine waits");
	diag_help(d, "run something at the same time with `spawn(|| …)` or `go …`");
	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
}

void
habit_unsafe_item(Parser *p)
{
	Token t = take(p);
	Diag *d = foreign(p, G0240, token_span(&t), "traits and impls are never `unsafe`");

	diag_fix(d, DIAG_SAFE, (Span){t.start, here(p) - t.start}, "remove it", "");
}

/* ---- items by another name -------------------------------------------------------------------- */

/* Skips to the end of the line, or of a group that begins on it. */
static void
skip_line(Parser *p)
{
	do {
		uint32_t close = partner_at(p, 0);
		if (close != NO_PARTNER && close > p->at)
			p->at = close;
		take(p);
	} while (!peek_token(p)->newline && peek(p) != TOKEN_END && peek(p) != T(CLOSE_BRACE));
}

static bool
function_word(Parser *p, AstItem **item)
{
	static const char *const words[] = {"func", "def", "function", "fun", "proc", "sub", "fna"};
	Token t = *peek_token(p);
	bool found = false;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		found |= at_word(p, words[i]);
	/* `fun` may be a variable: a function's name and its `(` must follow. */
	if (!found || peek_at(p, 1) != T(IDENT) || p->tokens[p->at + 1].newline ||
	    (peek_at(p, 2) != T(OPEN_PAREN) && peek_at(p, 2) != T(LT)))
		return false;
	Diag *d = foreign(p, G0222, token_span(&t), "functions begin with `fn`");
	diag_fix(d, DIAG_SAFE, token_span(&t), "write `fn`", "fn");
	p->tokens[p->at].kind = T(KW_FN);
	*item = parse_item(p);
	return true;
}

/* `name(…) {`, `name(…) -> T {` */
static bool
missing_fn(Parser *p, AstItem **item)
{
	uint32_t close = partner_at(p, 1);

	if (peek(p) != T(IDENT) || peek_at(p, 1) != T(OPEN_PAREN) || close == NO_PARTNER ||
	    at_word(p, "cohort"))
		return false;
	uint8_t next = p->tokens[close + 1].kind;
	if (p->tokens[close + 1].newline || (next != T(OPEN_BRACE) && next != T(ARROW)))
		return false;
	Span span = {here(p), 0};
	Diag *d = foreign(p, G0222, token_span(peek_token(p)), "a function begins with `fn`");
	diag_primary(d, "this looks like a function");
	diag_fix(d, DIAG_SAFE, span, "write `fn`", "fn ");
	*item = parse_fn_without_word(p);
	return true;
}

typedef struct ForeignItem {
	const char *word;
	DiagCode code;
	const char *title, *label;
} ForeignItem;

static const ForeignItem items[] = {
	{"class", G0230, "there are no classes", "a `struct` holds the data, `impl` its methods"},
	{"interface", G0230, "an interface is a `trait`", "write `trait`"},
	{"protocol", G0230, "a protocol is a `trait`", "write `trait`"},
	{"record", G0230, "a record is a `struct`", "write `struct`"},
	{"union", G0230, "there are no unions", "an `enum` with payloads is the safe form"},
	{"typedef", G0230, "another name for a type is `type Name = T`", "write `type`"},
	{"namespace", G0231, "a namespace is a `mod`", "write `mod name { … }`"},
	{"package", G0231, "a file needs no package clause", "its path is its module"},
	{"import", G0231, "names of other modules come in by `use`", "write `use a::b`"},
	{"include", G0231, "names of other modules come in by `use`", "write `use a::b`"},
	{"using", G0231, "names of other modules come in by `use`", "write `use a::b`"},
	{"from", G0231, "names of other modules come in by `use`", "write `use a::{b, c}`"},
	{"require", G0231, "names of other modules come in by `use`", "write `use a::b`"},
	{"macro_rules", G0240, "there are no user-defined macros", "generic functions do most of it"},
};

static bool
other_item(Parser *p)
{
	TokensKind next = peek_at(p, 1);
	bool named = next == T(IDENT) || next == T(STR) || next == T(BANG) || next == T(OPEN_BRACE) ||
	    next == T(LT);

	if (peek(p) != T(IDENT) || !named || p->tokens[p->at + 1].newline)
		return false;
	for (size_t i = 0; i < sizeof items / sizeof *items; i++) {
		if (!at_word(p, items[i].word))
			continue;
		/* `include {`, `record < 5`: a variable. */
		if (next != T(IDENT) && next != T(STR) && items[i].code != G0240)
			return false;
		Diag *d = foreign(p, items[i].code, token_span(peek_token(p)), items[i].title);
		diag_primary(d, "%s", items[i].label);
		skip_line(p);
		return true;
	}
	return false;
}

/* `#include <x>` */
static bool
hash_include(Parser *p)
{
	if (peek(p) != T(HASH) || peek_at(p, 1) != T(IDENT))
		return false;
	Diag *d = foreign(p, G0231, token_span(peek_token(p) + 1), "there is no preprocessor");
	diag_primary(d, "names of other modules come in by `use`, constants are `const`");
	skip_line(p);
	return true;
}

/* `@decorator` */
static bool
decorator(Parser *p)
{
	if (peek(p) != T(AT) || peek_at(p, 1) != T(IDENT))
		return false;
	Diag *d = foreign(p, G0240, token_span(peek_token(p)), "attributes are written `#[name]`");
	diag_primary(d, "write `#[…]`");
	skip_line(p);
	return true;
}

bool
habit_item(Parser *p, AstItem **item)
{
	return function_word(p, item) || missing_fn(p, item) || other_item(p) || hash_include(p) ||
	    decorator(p);
}
