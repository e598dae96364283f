/*
 * The parser: the tokens of one file to items and top-level statements.
 *
 * Recursive descent; each function has its grammar production above it.  In the grammar,
 * `sep` is a comma or a line break (language section 1.1), `?` `*` `+` repeat, and quoted
 * text is a token.
 *
 * Invariants.  A parse function never returns NULL for a part that the schema requires: after
 * an error it returns an Error node.  `panic` is set by the first error of a statement and
 * silences others until a list, statement or item has been skipped to its end (`parse_sync_*`).
 * Every loop consumes a token or ends.
 */
#ifndef GOS_PARSE_PARSE_H
#define GOS_PARSE_PARSE_H

#include "gen/ast.h"
#include "gen/tokens.h"
#include "lib/diag.h"
#include "lib/escape.h"

#define T(name) TOKENS_KIND_##name

/* The kind of the token behind the last one. */
#define TOKEN_END ((TokensKind)255)
#define NO_PARTNER UINT32_MAX

/* A pair of brackets counts one to three levels of nesting, so about 256 pairs are fine. */
enum { NESTING_MAX = 768, HEIGHT_MAX = 2000 };

typedef struct Token {
	uint32_t start, len;	/* start: global position */
	uint8_t kind;		/* TokensKind or TOKEN_END; white space and comments are left out */
	bool newline;		/* first on its line */
	bool space;		/* something stands between it and the token before */
	bool comma;		/* an opening bracket with a comma directly inside */
} Token;

typedef VEC(Token) TokenList;

/* One `// …` comment that stands alone on its line. */
typedef struct Comment {
	uint32_t start, len;
} Comment;

/* The tokens of one file, before parsing. */
typedef struct Input {
	const SourceFile *file;
	TokenList tokens;		/* ends with TOKEN_END */
	VEC(uint32_t) partner;		/* by token: the other bracket of a pair, or NO_PARTNER */
	VEC(Comment) comments;		/* ascending */
} Input;

/* How far an expression reaches; saved and restored around brackets. */
typedef struct Context {
	bool join_lines;	/* line breaks count for nothing: in `(…)`, `[…]`, headers */
	bool no_struct;		/* `{` begins a block: in headers */
	bool no_pipe;		/* `|>` ends the closure: its body in a pipe */
	bool in_cast;		/* a type behind `as`: `<` with a space before it compares */
	bool let_ok;		/* `let p = e` may stand here: in conditions */
} Context;

typedef struct Parser {
	Arena *arena;		/* for the tree; reset by the caller between items */
	Interner *names;
	Diags *diags;
	const Input *in;
	Token *tokens;
	const char *text;	/* text[pos - base] */
	uint32_t base;
	uint32_t at;		/* index of the next token */
	uint32_t last_end;	/* end of the token taken last */
	uint32_t stmt_start;	/* index of the first token of the innermost statement or item */
	Context ctx;
	bool panic;
	uint32_t nesting;	/* brackets and prefixes around this place */
	uint32_t height;	/* bound on the height of what was parsed in this frame */
	uint32_t heights[NESTING_MAX];	/* saved by `nest` */
	VEC(Span) placeholders;	/* `_` not yet claimed by a pipe */
	AstExpr *ready;		/* parsed already: what parse_primary gives next */
	bool fn_implied;	/* the next function has no `fn` */
	bool gave_up;		/* nested too deeply: the rest of the file is skipped */
	bool end_reported;	/* the file's unexpected end */
} Parser;

/* ---- input.c: from the stream to Input -------------------------------------------------------- */

void input_init(Input *in, const SourceFile *file);
/* False if the line does not fit the file. */
bool input_add_line(Input *in, Arena *a, const TokensLine *line, uint32_t *pos);
/* Adds the end token and pairs the brackets. */
void input_finish(Input *in, Arena *a);

/* ---- parser.c: moving over tokens ------------------------------------------------------------- */

void parser_init(Parser *p, Arena *a, Interner *names, Diags *diags, const Input *in);

static inline const Token *
peek_token(const Parser *p)
{
	return &p->tokens[p->at];
}

static inline TokensKind
peek(const Parser *p)
{
	return (TokensKind)p->tokens[p->at].kind;
}

/* Kind of the n-th token from here; TOKEN_END past the end. */
TokensKind peek_at(const Parser *p, uint32_t n);
/* Is the next token the first of a line that counts? */
bool at_newline(const Parser *p);
/* Is the next token this kind, on this line unless lines are joined? */
bool at_same_line(const Parser *p, TokensKind kind);
Span token_span(const Token *t);
/* Takes the next token. */
Token take(Parser *p);
/* Takes it if it has this kind. */
bool take_if(Parser *p, TokensKind kind);
/* Takes it or reports that `what` was expected. */
bool expect(Parser *p, TokensKind kind);
/* From `start` to the end of the token taken last. */
Span span_from(const Parser *p, uint32_t start);
uint32_t here(const Parser *p);
Text token_text(const Parser *p, const Token *t);
Sym token_sym(const Parser *p, const Token *t);
/* Is the next token an identifier with this text? */
bool at_word(const Parser *p, const char *word);
bool token_is_word(const Parser *p, const Token *t, const char *word);
/* Does the token follow the one before without anything between? */
bool is_adjacent(const Parser *p, uint32_t n);
/* Splits `<<`, `>>`, `>=`, `>>=`, `&&`, `||` after their first character. */
void split_token(Parser *p);
/* The closing bracket of the opening one at `n` tokens from here, as an index, or NO_PARTNER. */
uint32_t partner_at(const Parser *p, uint32_t n);

/* Sets up for what stands in brackets, and back. */
Context enter_brackets(Parser *p, bool join_lines);
Context enter_block(Parser *p);
Context enter_header(Parser *p);
/* Counts nesting; false, with an error, when there is too much.  Each `nest` has an `unnest`. */
bool nest(Parser *p);
void unnest(Parser *p);
/*
 * The tree that a loop builds, `a + b + c`, is as high as the loop is long.  `height` bounds the
 * height of what was parsed since the frame was opened; `grow` adds a level, and is false, with an
 * error, when there are too many.
 */
uint32_t frame_open(Parser *p);
void frame_close(Parser *p, uint32_t saved);
bool grow(Parser *p);

/* ---- errors.c: reports and recovery ------------------------------------------------------------ */

/* NULL while in panic; else a diagnostic, and panic begins. */
Diag *parse_error(Parser *p, DiagCode code, Span span);
/* "expected %s, found …" at the next token. */
Diag *expected(Parser *p, const char *what);
const char *token_name(TokensKind kind);
/* At the end of the file, inside the `{` at token `open`. */
void report_unclosed(Parser *p, uint32_t open);
/* Skips to the bracket that closes the one at token `open`, and takes it. */
void sync_brackets(Parser *p, uint32_t open);
void sync_statement(Parser *p);
void sync_item(Parser *p);

/*
 * Entries up to a closing bracket, separated by commas or line breaks.  Use:
 *	List l = list_begin(p, T(OPEN_PAREN), T(CLOSE_PAREN), false);
 *	while (list_next(p, &l)) …one entry…
 *	list_end(p, &l);
 */
typedef struct List {
	uint32_t open;		/* index of the opening bracket */
	TokensKind close;
	Context saved;
	bool any, comma;	/* an entry was parsed; the last one has a comma behind it */
	uint32_t progress;
} List;

List list_begin(Parser *p, TokensKind open, TokensKind close, bool join_lines);
bool list_next(Parser *p, List *l);
void list_end(Parser *p, List *l);

/* ---- names and paths: path.c --------------------------------------------------------------------- */

AstIdent *parse_ident(Parser *p, const char *what);
AstIdent *mk_ident(Parser *p, const Token *t);
/* In types `A<B>`, in expressions and patterns only `A::<B>`. */
AstPath *parse_type_path(Parser *p);
AstPath *parse_expr_path(Parser *p);
/* Without generic arguments, for `use`. */
AstPath *parse_plain_path(Parser *p);
bool at_path(const Parser *p);
void parse_generic_args(Parser *p, AstGenericArgList *args, AstAssocArgList *assocs);
/* A single-segment path without arguments: its name, else 0. */
Sym path_single_name(const AstPath *path);
AstSegment *parse_qualified_segment(Parser *p);

/* ---- type.c ------------------------------------------------------------------------------------- */

AstType *parse_type(Parser *p);
AstBoundList parse_bounds(Parser *p);
/* `<T as Trait` of a qualified path, up to and including `>`. */
void parse_qself(Parser *p, AstType **self, AstPath **trait);
bool at_type(const Parser *p);

/* ---- item.c, function.c ------------------------------------------------------------------------- */

bool at_item(const Parser *p);
AstItem *parse_item(Parser *p);
/* At the name of a function whose `fn` is missing. */
AstItem *parse_fn_without_word(Parser *p);
AstFn *parse_fn(Parser *p, bool is_const, bool is_unsafe, bool is_extern, Sym abi);
AstGenerics *parse_generics(Parser *p);
void parse_where(Parser *p, AstGenerics *g);
AstAttrList parse_attrs(Parser *p);
/* The string behind `extern`, or "C". */
Sym parse_abi(Parser *p);

/* ---- pattern.c ---------------------------------------------------------------------------------- */

AstPat *parse_pat(Parser *p);		/* with `a | b` */
AstPat *parse_pat_no_or(Parser *p);

/* ---- stmt.c ------------------------------------------------------------------------------------- */

AstBlock *parse_block(Parser *p);
AstExpr *parse_block_expr(Parser *p);
AstStmt *parse_stmt(Parser *p);
/* The next item or statement of a file; both NULL at a stray `;` or bracket. */
typedef struct Top {
	AstItem *item;
	AstStmt *stmt;
} Top;
Top parse_top(Parser *p);
/* Reports each `_` that no pipe has claimed. */
void check_placeholders(Parser *p);
/* Does the expression end with its brace as a statement? */
bool is_block_like(const AstExpr *e);
/* An expression that ends with its brace if it begins with a block-like one. */
AstExpr *parse_stmt_expr(Parser *p);

/* ---- expr.c ------------------------------------------------------------------------------------- */

AstExpr *parse_expr(Parser *p);
/* Without assignment: for headers and conditions. */
AstExpr *parse_operators(Parser *p, int min_precedence);
AstExpr *parse_unary(Parser *p);
/* The same behind a prefix: counts as nesting. */
AstExpr *parse_prefixed(Parser *p);
AstExpr *parse_condition(Parser *p);
AstExpr *parse_header_value(Parser *p);
bool at_expr(const Parser *p);
bool starts_expr(TokensKind kind);
AstExpr *parse_postfix(Parser *p, AstExpr *e);
AstArgList parse_args(Parser *p);
enum { PREC_LOWEST = 0, PREC_RANGE, PREC_OR, PREC_AND, PREC_COMPARE };

/* ---- primary.c, control.c ----------------------------------------------------------------------- */

AstExpr *parse_primary(Parser *p);
AstExpr *parse_if(Parser *p);
AstExpr *parse_match(Parser *p);
AstExpr *parse_select(Parser *p);
AstExpr *parse_cohort(Parser *p);
/* `loop`, `while`, `for` and blocks, with the label if there is one. */
AstExpr *parse_labelled(Parser *p);
AstExpr *parse_closure(Parser *p);
AstExpr *parse_jump(Parser *p);
Sym label_sym(const Parser *p, const Token *t);

/* ---- literal.c ---------------------------------------------------------------------------------- */

AstExpr *parse_literal(Parser *p);
AstExpr *parse_const_value(Parser *p);
bool at_literal(const Parser *p);
/* The value of a string token of any kind. */
Text string_value(Parser *p, const Token *t);
/* Writes what an escape stands for, at most 4 bytes; returns how many. */
uint32_t put_escape(char *out, Escape e, EscapeMode mode);

/* ---- macro.c, format.c -------------------------------------------------------------------------- */

AstExpr *parse_array(Parser *p, TokensKind open, TokensKind close);
AstExpr *parse_guard(Parser *p);
/* At an identifier that is a macro's name, with or without `!`. */
bool at_macro(const Parser *p);
AstExpr *parse_macro(Parser *p);
/* At FStr or FStrStart. */
AstExpr *parse_interpolated(Parser *p);
/* The parts of a template, a string token; names among `args` are recognised. */
AstFormatPartList parse_template(Parser *p, const Token *t, const AstArgList *args);
/* Does a string token contain a placeholder? */
bool has_placeholder(const Parser *p, const Token *t);

#endif
