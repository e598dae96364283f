/*
 * Templates: `"a {x:>5}"` of the output macros, and interpolated strings.  Both are read as they
 * stand in the source, escapes and all, so that every part has the span of its own text.
 *
 *	template    = (text | '{{' | '}}' | placeholder)*
 *	placeholder = '{' (name | index)? (':' spec)? '}'
 *	spec        = (fill? ('<' | '^' | '>'))? ('+' | '-')? '#'? '0'? count? ('.' precision)? kind?
 *	count       = digits | (name | digits) '$'
 *	precision   = count | '*'
 *	kind        = '?' | 'x' | 'X' | 'o' | 'b' | 'e' | 'E'
 */
#include "gos-parse/parse.h"

#include "lib/utf8.h"

#include <string.h>

typedef struct Template {
	Parser *p;
	const char *s, *end;		/* what is left */
	bool raw;			/* no escapes */
	const AstArgList *args;		/* NULL in an interpolated string */
	uint32_t next;			/* the next positional argument */
	VEC(char) text;			/* of the part being read */
	const char *text_start;
	AstFormatPartList parts;
	bool failed;			/* reported once */
} Template;

static uint32_t
pos_of(const Template *t, const char *s)
{
	return t->p->base + (uint32_t)(s - t->p->text);
}

static Span
span_of(const Template *t, const char *from, const char *to)
{
	return (Span){pos_of(t, from), (uint32_t)(to - from)};
}

static Diag *
report(Template *t, const char *from, const char *to, const char *title)
{
	t->failed = true;
	return diag_error(t->p->diags, G0208, span_of(t, from, to), title);
}

/* ---- text ------------------------------------------------------------------------------------- */

static void
end_text(Template *t)
{
	if (!t->text.len)
		return;
	Sym text = intern(t->p->names, t->text.at, t->text.len);
	vec_push(t->p->arena, &t->parts,
	    ast_mk_format_part_lit(t->p->arena, span_of(t, t->text_start, t->s), text));
	t->text.len = 0;
}

static void
put_char(Template *t, char c)
{
	if (!t->text.len)
		t->text_start = t->s;
	vec_push(t->p->arena, &t->text, c);
}

static void
read_escape(Template *t)
{
	char out[4];
	Escape e = escape_decode(t->s, (size_t)(t->end - t->s), ESCAPE_TEXT);
	uint32_t n = put_escape(out, e, ESCAPE_TEXT);

	for (uint32_t i = 0; i < n; i++)
		put_char(t, out[i]);
	t->s += e.len;
}

static void
lone_brace(Template *t)
{
	Diag *d = report(t, t->s, t->s + 1, "this `}` closes no placeholder");

	diag_primary(d, "a brace in text is doubled");
	diag_fix(d, DIAG_SAFE, span_of(t, t->s, t->s + 1), "double it", "}}");
}

/* Up to a `{` that begins a placeholder, or the end. */
static void
read_text(Template *t)
{
	while (t->s < t->end) {
		bool twice = t->end - t->s > 1 && t->s[1] == *t->s;
		if (*t->s == '\\' && !t->raw) {
			read_escape(t);
			continue;
		}
		if (*t->s == '{' && !twice)
			break;
		if (*t->s == '}' && !twice)
			lone_brace(t);
		if (*t->s == '\r' && t->end - t->s > 1 && t->s[1] == '\n') {
			t->s++;		/* as in other strings */
			continue;
		}
		put_char(t, *t->s);
		t->s += (*t->s == '{' || *t->s == '}') && twice ? 2 : 1;
	}
	end_text(t);
}

/* ---- arguments -------------------------------------------------------------------------------- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name_char(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

static const char *
name_end(const char *s, const char *end)
{
	while (s < end && is_name_char(*s))
		s++;
	return s;
}

/* False if it has no place in 32 bits. */
static bool
read_number(const char *s, const char *end, uint32_t *value)
{
	uint64_t n = 0;

	for (; s < end; s++) {
		n = n * 10 + (uint64_t)(*s - '0');
		if (n >= UINT32_MAX)
			return false;
	}
	*value = (uint32_t)n;
	return true;
}

static bool
all_digits(const char *s, const char *end)
{
	while (s < end && is_digit(*s))
		s++;
	return s == end;
}

/* A name that stands among the arguments, or else a variable. */
static AstFormatArg *
named_arg(Template *t, const char *s, const char *end)
{
	Parser *p = t->p;
	Sym name = intern(p->names, s, (size_t)(end - s));
	Span span = span_of(t, s, end);

	for (uint32_t i = 0; t->args && i < t->args->len; i++)
		if (t->args->at[i]->name && t->args->at[i]->name->name == name)
			return ast_mk_format_arg_name(p->arena, span, name);
	AstSegmentList segments = {0};
	vec_push(p->arena, &segments, ast_mk_segment(p->arena, span, name, false,
	    (AstGenericArgList){0}, (AstAssocArgList){0}));
	AstPath *path = ast_mk_path(p->arena, span, segments);
	return ast_mk_format_arg_expr(p->arena, span, ast_mk_expr_path(p->arena, span, path));
}

/* A name or a number between `s` and `end`. */
static AstFormatArg *
explicit_arg(Template *t, const char *s, const char *end)
{
	uint32_t index = 0;

	if (!is_digit(*s))
		return named_arg(t, s, end);
	if (!all_digits(s, end) || !read_number(s, end, &index))
		report(t, s, end, "this is no argument of the template");
	return ast_mk_format_arg_pos(t->p->arena, span_of(t, s, end), index);
}

static AstFormatArg *
next_arg(Template *t, const char *at)
{
	return ast_mk_format_arg_pos(t->p->arena, span_of(t, at, at), t->next++);
}

/* ---- specifications --------------------------------------------------------------------------- */

typedef struct SpecReader {
	Template *t;
	const char *s, *end;
	AstSpec *spec;
} SpecReader;

static bool
align_of(char c, AstAlign *align)
{
	switch (c) {
	case '<':
		*align = AST_ALIGN_LEFT;
		return true;
	case '^':
		*align = AST_ALIGN_CENTER;
		return true;
	case '>':
		*align = AST_ALIGN_RIGHT;
		return true;
	}
	return false;
}

static void
read_align(SpecReader *r)
{
	uint32_t scalar, len = utf8_decode(r->s, (size_t)(r->end - r->s), &scalar);

	if (len && r->s + len < r->end && align_of(r->s[len], &r->spec->align)) {
		r->spec->fill = scalar;
		r->s += len + 1;
	} else if (r->s < r->end && align_of(*r->s, &r->spec->align)) {
		r->s++;
	}
}

static bool
take_char(SpecReader *r, char c)
{
	if (r->s == r->end || *r->s != c)
		return false;
	r->s++;
	return true;
}

static void
read_flags(SpecReader *r)
{
	if (take_char(r, '+'))
		r->spec->sign = AST_SIGN_PLUS;
	else
		take_char(r, '-');
	r->spec->alternate = take_char(r, '#');
	/* `0$` is a width taken from argument 0. */
	if (!(r->end - r->s > 1 && r->s[1] == '$'))
		r->spec->zero = take_char(r, '0');
}

static AstCount *
no_count(Template *t, const char *at)
{
	return ast_mk_count_none(t->p->arena, span_of(t, at, at));
}

/* A count, or none if what follows is the kind. */
static AstCount *
read_count(SpecReader *r)
{
	Template *t = r->t;
	Arena *a = t->p->arena;
	const char *start = r->s, *end = name_end(r->s, r->end);
	uint32_t value = 0;

	if (end < r->end && *end == '$' && end > start) {
		r->s = end + 1;
		return ast_mk_count_arg(a, span_of(t, start, r->s), explicit_arg(t, start, end));
	}
	while (r->s < r->end && is_digit(*r->s))
		r->s++;
	if (r->s == start)
		return no_count(t, start);
	/* The runtime pads with so many characters: a wild number is a mistake. */
	if (!read_number(start, r->s, &value) || value > UINT16_MAX)
		report(t, start, r->s, "a width or precision is at most 65535");
	return ast_mk_count_value(a, span_of(t, start, r->s), value);
}

static void
read_precision(SpecReader *r)
{
	const char *dot = r->s;
	Template *t = r->t;

	if (!take_char(r, '.'))
		return;
	if (t->args && take_char(r, '*')) {
		r->spec->precision =
		    ast_mk_count_arg(t->p->arena, span_of(t, dot, r->s), next_arg(t, dot + 1));
		return;
	}
	r->spec->precision = read_count(r);
	if (r->spec->precision->kind == AST_COUNT_NONE)
		report(t, dot, r->s, "a precision follows the point");
}

static bool
radix_of(char c, AstRadix *radix)
{
	static const struct { char c; AstRadix radix; } kinds[] = {
		{'?', AST_RADIX_DEBUG}, {'x', AST_RADIX_HEX}, {'X', AST_RADIX_HEX_UPPER},
		{'o', AST_RADIX_OCTAL}, {'b', AST_RADIX_BINARY}, {'e', AST_RADIX_EXP},
		{'E', AST_RADIX_EXP_UPPER},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (kinds[i].c == c) {
			*radix = kinds[i].radix;
			return true;
		}
	return false;
}

static void
read_kind(SpecReader *r)
{
	if (r->end - r->s >= 2 && r->s[1] == '?' && (*r->s == 'x' || *r->s == 'X')) {
		r->spec->radix = *r->s == 'x' ? AST_RADIX_DEBUG_HEX : AST_RADIX_DEBUG_HEX_UPPER;
		r->s += 2;
	} else if (r->s < r->end && radix_of(*r->s, &r->spec->radix)) {
		r->s++;
	}
	while (r->s < r->end && *r->s == ' ')
		r->s++;
	if (r->s == r->end || r->t->failed)
		return;
	Diag *d = report(r->t, r->s, r->end, arena_printf(r->t->p->diags->arena,
	    "`%.*s` is no format kind", (int)(r->end - r->s), r->s));
	diag_primary(d, "the kinds are ?, x, X, o, b, e, E, x?, X?");
	if (strchr("dsifgv", *r->s) && r->end - r->s == 1) {
		diag_help(d, "integers, floats and text need no kind");
		diag_fix(d, DIAG_SAFE, span_of(r->t, r->s, r->end), "remove it", "");
	}
}

static AstSpec *
read_spec(Template *t, const char *s, const char *end)
{
	AstSpec *spec = ast_mk_spec(t->p->arena, ' ', AST_ALIGN_DEFAULT, AST_SIGN_DEFAULT, false,
	    false, no_count(t, s), no_count(t, s), AST_RADIX_DISPLAY);
	SpecReader r = {t, s, end, spec};

	read_align(&r);
	read_flags(&r);
	spec->width = read_count(&r);
	read_precision(&r);
	read_kind(&r);
	return spec;
}

/* ---- placeholders ----------------------------------------------------------------------------- */

static const char *
trim_end(const char *s, const char *end)
{
	while (end > s && end[-1] == ' ')
		end--;
	return end;
}

static void
not_a_name(Template *t, const char *s, const char *end)
{
	Diag *d = report(t, s, end, arena_printf(t->p->diags->arena,
	    "a placeholder holds a name or a number, not `%.*s`", (int)(end - s), s));

	diag_primary(d, "an expression");
	diag_help(d, "give the value as an argument, or write an interpolated string, `f\"… {%.*s} …\"`",
	    (int)(end - s), s);
}

/* The argument in front of the `:`; implicit ones are numbered after a `.*` has taken its own. */
static AstFormatArg *
placeholder_arg(Template *t, const char *s, const char *end)
{
	while (s < end && *s == ' ')
		s++;
	end = trim_end(s, end);
	if (s == end)
		return next_arg(t, s);
	if (name_end(s, end) != end) {
		not_a_name(t, s, end);
		return ast_mk_format_arg_pos(t->p->arena, span_of(t, s, end), 0);
	}
	return explicit_arg(t, s, end);
}

/* At `{`. */
static void
read_placeholder(Template *t)
{
	const char *open = t->s;
	const char *close = memchr(open, '}', (size_t)(t->end - open));

	if (!close) {
		Diag *d = report(t, open, open + 1, "this `{` has no closing `}`");
		diag_primary(d, "a brace in text is doubled: `{{`");
		t->s = t->end;
		return;
	}
	const char *colon = memchr(open, ':', (size_t)(close - open));
	const char *spec_start = colon ? colon + 1 : close;
	/* `}` as the fill character. */
	if (colon && close == spec_start && t->end - close > 2 && strchr("<^>", close[1]))
		close = memchr(close + 1, '}', (size_t)(t->end - close - 1));
	if (!close)
		close = spec_start;
	AstSpec *spec = read_spec(t, spec_start, close);
	AstFormatArg *arg = placeholder_arg(t, open + 1, colon ? colon : close);
	t->s = close + 1;
	vec_push(t->p->arena, &t->parts,
	    ast_mk_format_part_arg(t->p->arena, span_of(t, open, t->s), arg, spec));
}

/* The text between the quotes of a string token. */
static Template
template_of(Parser *p, const Token *tok)
{
	Text s = token_text(p, tok);
	Template t = {.p = p, .raw = tok->kind == T(RAW_STR)};
	uint32_t open = t.raw ? 1 : 0;

	while (open < s.n && s.s[open] == '#')
		open++;
	uint32_t tail = (t.raw ? open - 1 : 0) + 1;
	t.s = t.end = s.s + s.n;
	if (open + 1 + tail <= s.n) {
		t.s = s.s + open + 1;
		t.end = s.s + s.n - tail;
	}
	return t;
}

AstFormatPartList
parse_template(Parser *p, const Token *tok, const AstArgList *args)
{
	Template t = template_of(p, tok);

	t.args = args;
	while (t.s < t.end) {
		read_text(&t);
		if (t.s < t.end)
			read_placeholder(&t);
	}
	return t.parts;
}

bool
has_placeholder(const Parser *p, const Token *tok)
{
	Text s = token_text(p, tok);

	for (uint32_t i = 0; i + 1 < s.n; i++) {
		if (s.s[i] == '\\' && tok->kind != T(RAW_STR)) {
			i += escape_decode(s.s + i, s.n - i, ESCAPE_TEXT).len - 1;
			continue;
		}
		if (s.s[i] != '{')
			continue;
		if (s.s[i + 1] != '{')
			return true;
		i++;
	}
	return false;
}

/* ---- interpolated strings --------------------------------------------------------------------- */

static void
read_piece(Template *t, const char *s, const char *end)
{
	t->s = s;
	t->end = end > s ? end : s;
	read_text(t);
}

/* What follows an expression: `:spec}text{` or `}text"`.  Returns the specification. */
static AstSpec *
read_rest(Template *t, const Token *tok)
{
	Text s = token_text(t->p, tok);
	const char *end = s.s + s.n, *close = s.s;

	if (*s.s == ':') {
		close = memchr(s.s, '}', s.n);
		/* `}` as the fill character */
		if (close == s.s + 1 && s.n > 3 && strchr("<^>", close[1]))
			close = memchr(close + 1, '}', s.n - 2);
		if (!close)
			close = end - 1;
	}
	const char *from = *s.s == ':' ? s.s + 1 : close;
	if (close < from)
		close = from;
	AstSpec *spec = read_spec(t, from, close);
	t->s = close < end ? close + 1 : end;
	t->end = end - 1 > t->s ? end - 1 : t->s;
	return spec;
}

static bool
is_rest(TokensKind kind)
{
	return kind == T(F_STR_MID) || kind == T(F_STR_END);
}

/* One `{expr:spec}` and the text behind it; false at the end of the string. */
static bool
parse_part(Template *t)
{
	Parser *p = t->p;
	Context saved = enter_brackets(p, true);
	uint32_t start = here(p);
	AstExpr *value = parse_expr(p);

	p->ctx = saved;
	if (!is_rest(peek(p))) {
		expected(p, "`}` or `:`");
		return false;
	}
	Token rest = take(p);
	AstFormatArg *arg = ast_mk_format_arg_expr(p->arena, value->span, value);
	AstSpec *spec = read_rest(t, &rest);
	vec_push(p->arena, &t->parts,
	    ast_mk_format_part_arg(p->arena, (Span){start, pos_of(t, t->s) - start}, arg, spec));
	read_text(t);
	return rest.kind == T(F_STR_MID);
}

/* Behind an error: to the end of this string, if it has one. */
static void
skip_interpolated(Parser *p)
{
	enum { LOOK_AHEAD = 2000 };
	uint32_t depth = 1, i = p->at;

	for (; p->tokens[i].kind != TOKEN_END && depth && i < p->at + LOOK_AHEAD; i++)
		depth += (p->tokens[i].kind == T(F_STR_START)) - (p->tokens[i].kind == T(F_STR_END));
	if (depth)
		return;
	p->at = i;
	p->last_end = p->tokens[i - 1].start + p->tokens[i - 1].len;
	p->panic = false;
}

/* interpolated = FStr | FStrStart expr (FStrMid expr)* FStrEnd */
AstExpr *
parse_interpolated(Parser *p)
{
	Token tok = take(p);
	Text s = token_text(p, &tok);
	Template t = {.p = p};

	read_piece(&t, s.s + 2, s.s + s.n - 1);
	if (tok.kind == T(F_STR_START)) {
		while (!p->panic && parse_part(&t))
			;
		if (p->panic)
			skip_interpolated(p);
	}
	return ast_mk_expr_interp(p->arena, span_from(p, tok.start), t.parts);
}
