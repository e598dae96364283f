/*
 * From the text form to a stream.  See ir.h; the grammar is in ir-spec/README.md.
 *
 * Recursive descent along the descriptors, bounded by IR_MAX_DEPTH.  A function returns false
 * after the first error, which is then in `error`.
 */
#include "lib/ir_impl.h"
#include "lib/ir_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct TextReference {
	uint32_t limit, line, column;
} TextReference;

typedef struct Parser {
	Arena *arena;		/* messages, header */
	Arena nodes;		/* of the record being parsed */
	Interner *names;
	IrScanner scan;
	const IrSchema *schema;
	IrWriter *out;
	uint32_t *counts;	/* records, by kind */
	TextReference *references;
	const char *error;
} Parser;

/* ---- Errors and single tokens ---- */

__attribute__((format(printf, 4, 5))) static bool
fail_at(Parser *p, uint32_t line, uint32_t column, const char *fmt, ...)
{
	char what[300];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	p->error = arena_printf(p->arena, "%u:%u: %s", line, column, what);
	return false;
}

/* "expected WHAT, found the token" */
static bool
expected(Parser *p, const char *what)
{
	const IrToken *t = &p->scan.token;
	int n = 0;

	/* A message is one line. */
	while (n < 40 && n < (int)t->text.n && (unsigned char)t->text.s[n] >= ' ')
		n++;
	if (t->kind == IR_TOKEN_BAD)
		return fail_at(p, t->line, t->column, "%s", t->text.s);
	const char *quote = t->kind == IR_TOKEN_STRING ? "\"" : t->kind == IR_TOKEN_END ? "" : "`";
	return fail_at(p, t->line, t->column, "expected %s, found %s%.*s%s", what, quote, n, t->text.s,
	    quote);
}

static bool
take(Parser *p, const char *text)
{
	if (!ir_scan_is(&p->scan, text))
		return false;
	ir_scan(&p->scan);
	return true;
}

static bool
expect(Parser *p, const char *text)
{
	return take(p, text) || expected(p, arena_printf(p->arena, "`%s`", text));
}

static bool
is_word(const Parser *p)
{
	return p->scan.token.kind == IR_TOKEN_WORD;
}

/* Decimal digits, at most `max`. */
static bool
digits(Text t, IrU128 max, IrU128 *to)
{
	IrU128 v = 0;

	for (uint32_t i = 0; i < t.n; i++) {
		uint32_t digit = (uint32_t)(unsigned char)t.s[i] - '0';
		if (digit > 9 || digit > max || v > (max - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*to = v;
	return t.n > 0;
}

static Text
behind(Text t, uint32_t n)
{
	return (Text){t.s + n, t.n - n};
}

static bool
number(Parser *p, const char *what, IrU128 max, IrU128 *to)
{
	if (!is_word(p) || !digits(p->scan.token.text, max, to))
		return expected(p, what);
	ir_scan(&p->scan);
	return true;
}

static bool
small_number(Parser *p, const char *what, uint32_t *to)
{
	IrU128 v;

	if (!number(p, what, UINT32_MAX, &v))
		return false;
	*to = (uint32_t)v;
	return true;
}

/* ---- Scalars ---- */

static bool
parse_signed(Parser *p, int64_t *to)
{
	Text t = p->scan.token.text;
	bool minus = is_word(p) && t.n && t.s[0] == '-';
	IrU128 v;

	if (!is_word(p) || !digits(behind(t, minus), (IrU128)INT64_MAX + minus, &v))
		return expected(p, "an i64");
	*to = minus ? (int64_t)(0 - (uint64_t)v) : (int64_t)v;
	ir_scan(&p->scan);
	return true;
}

bool
ir_parse_real(Text t, double *to)
{
	char s[64], *end;

	if (!t.n || t.n >= sizeof s)
		return false;
	memcpy(s, t.s, t.n);
	s[t.n] = 0;
	if (strncmp(s, "nan:", 4) == 0 && t.n == 20) {
		uint64_t bits = strtoull(s + 4, &end, 16);
		memcpy(to, &bits, sizeof bits);
		return !*end && isnan(*to);
	}
	*to = strtod(s, &end);
	if (isnan(*to)) {
		uint64_t bits = 0x7ff8000000000000u;
		memcpy(to, &bits, sizeof bits);
		return strcmp(s, "nan") == 0;
	}
	return !*end;
}

static bool
parse_real(Parser *p, double *to)
{
	if (!is_word(p) || !ir_parse_real(p->scan.token.text, to))
		return expected(p, "an f64");
	ir_scan(&p->scan);
	return true;
}

/* "text", or `{ "line\n" "line\n" }` for long ones */
static bool
parse_text(Parser *p, Text *to)
{
	VEC(char) all = {0};

	if (p->scan.token.kind == IR_TOKEN_STRING) {
		*to = p->scan.token.text;
		ir_scan(&p->scan);
		return true;
	}
	if (!take(p, "{"))
		return expected(p, "a string");
	while (p->scan.token.kind == IR_TOKEN_STRING) {
		Text t = p->scan.token.text;
		vec_reserve(&p->nodes, &all, all.len + t.n);
		if (t.n)
			memcpy(all.at + all.len, t.s, t.n);
		all.len += t.n;
		ir_scan(&p->scan);
	}
	*to = (Text){all.at, all.len};
	return expect(p, "}");
}

static bool
parse_str(Parser *p, bool optional, Sym *to)
{
	Text t;

	if (optional && take(p, "-")) {
		*to = 0;
		return true;
	}
	if (!parse_text(p, &t))
		return false;
	*to = intern(p->names, t.n ? t.s : "", t.n);
	return true;
}

/* @start+length */
static bool
parse_span(Parser *p, Span *to)
{
	Text t = p->scan.token.text;
	const char *plus = is_word(p) ? memchr(t.s, '+', t.n) : NULL;
	IrU128 start, len;

	if (!plus || t.s[0] != '@'
	    || !digits((Text){t.s + 1, (uint32_t)(plus - t.s - 1)}, UINT32_MAX, &start)
	    || !digits(behind(t, (uint32_t)(plus - t.s) + 1), UINT32_MAX - start, &len))
		return expected(p, "a span like @12+3");
	*to = (Span){(uint32_t)start, (uint32_t)len};
	ir_scan(&p->scan);
	return true;
}

static bool
parse_id(Parser *p, const IrType *t, bool optional, uint32_t *to)
{
	const IrToken *token = &p->scan.token;
	size_t n = strlen(t->prefix);
	IrU128 v;

	if (optional && take(p, "-")) {
		*to = IR_NONE;
		return true;
	}
	if (!is_word(p) || token->text.n <= n || memcmp(token->text.s, t->prefix, n) != 0
	    || !digits(behind(token->text, (uint32_t)n), IR_NONE - 1, &v))
		return expected(p, arena_printf(p->arena, "an id like %s0", t->prefix));
	*to = (uint32_t)v;
	if (t->record != IR_NONE && v >= p->references[t->record].limit)
		p->references[t->record] = (TextReference){(uint32_t)v + 1, token->line,
		    token->column};
	ir_scan(&p->scan);
	return true;
}

static const IrCtor *
find_ctor(const IrType *t, Text name)
{
	for (uint32_t i = 0; i < t->nctors; i++)
		if (strlen(t->ctors[i].name) == name.n && !memcmp(t->ctors[i].name, name.s, name.n))
			return &t->ctors[i];
	return NULL;
}

static bool
parse_ctor(Parser *p, const IrType *t, const IrCtor **to)
{
	*to = is_word(p) ? find_ctor(t, p->scan.token.text) : NULL;
	if (!*to)
		return expected(p, arena_printf(p->arena, "a constructor of %s", t->name));
	ir_scan(&p->scan);
	return true;
}

/* ---- Nodes ---- */

static bool parse_node(Parser *p, const IrType *t, void **to, uint32_t depth);

static bool
parse_value(Parser *p, const IrType *t, char *at, bool optional, uint32_t depth)
{
	IrU128 v;

	switch (t->kind) {
	case IR_BOOL:
		*at = ir_scan_is(&p->scan, "true");
		return take(p, "true") || take(p, "false") || expected(p, "true or false");
	case IR_U8:
		if (!number(p, "a u8", UINT8_MAX, &v))
			return false;
		*(uint8_t *)at = (uint8_t)v;
		return true;
	case IR_U32:
		return small_number(p, "a u32", (uint32_t *)at);
	case IR_U64:
		if (!number(p, "a u64", UINT64_MAX, &v))
			return false;
		*(uint64_t *)at = (uint64_t)v;
		return true;
	case IR_U128:
		return number(p, "a u128", ~(IrU128)0, (IrU128 *)at);
	case IR_I64:
		return parse_signed(p, (int64_t *)at);
	case IR_F64:
		return parse_real(p, (double *)at);
	case IR_STR:
		return parse_str(p, optional, (Sym *)at);
	case IR_BYTES:
		return parse_text(p, (Text *)at);
	case IR_SPAN:
		return parse_span(p, (Span *)at);
	case IR_ENUM: {
		const IrCtor *c;
		if (!parse_ctor(p, t, &c))
			return false;
		*(IrWord *)at = (uint32_t)(c - t->ctors);
		return true;
	}
	case IR_ID:
		return parse_id(p, t, optional, (uint32_t *)at);
	case IR_SUM:
	case IR_PRODUCT:
		break;
	}
	if (optional && take(p, "-"))
		return true;
	void *node;
	if (!parse_node(p, t, &node, depth))
		return false;
	*(IrPointer *)at = node;
	return true;
}

static bool
parse_list(Parser *p, const IrType *t, IrList *list, uint32_t depth)
{
	size_t size = ir_element_size(t);

	if (!expect(p, "["))
		return false;
	while (!ir_scan_is(&p->scan, "]")) {
		if (list->len == list->cap)
			list->at = vec_grow(&p->nodes, list->at, &list->cap, list->len + 1, size, 16);
		if (!parse_value(p, t, (char *)list->at + size * list->len++, false, depth))
			return false;
	}
	ir_scan(&p->scan);
	return true;
}

static bool
parse_fields(Parser *p, const IrCtor *c, char *node, uint32_t depth)
{
	for (uint32_t i = 0; i < c->nfields; i++) {
		const IrField *f = &c->fields[i];
		char *at = node + f->offset;
		if (ir_scan_is(&p->scan, ")"))
			return expected(p, arena_printf(p->arena, "`%s` of %s", f->name, c->name));
		if (f->mode == IR_LIST ? !parse_list(p, f->type, (IrList *)at, depth + 1)
		    : !parse_value(p, f->type, at, f->mode == IR_OPTIONAL, depth + 1))
			return false;
	}
	return true;
}

/* (Constructor field…), (field…) for a product, or a bare Constructor without fields */
static bool
parse_node(Parser *p, const IrType *t, void **to, uint32_t depth)
{
	const IrToken first = p->scan.token;
	const IrCtor *c = t->ctors;
	char *node = arena_alloc(&p->nodes, t->size, 16);
	bool bare = t->kind == IR_SUM && is_word(p);

	*to = node;
	if (depth >= IR_MAX_DEPTH)
		return fail_at(p, first.line, first.column, "nested too deeply");
	if (!bare && !take(p, "("))
		return expected(p, arena_printf(p->arena, "a %s", t->name));
	if (t->kind == IR_SUM) {
		if (!parse_ctor(p, t, &c))
			return false;
		*(IrWord *)node = (uint32_t)(c - t->ctors);
		if (bare && c->nfields)
			return fail_at(p, first.line, first.column, "%s has fields: write (%s …)", c->name,
			    c->name);
	}
	return parse_fields(p, c, node, depth) && (bare || expect(p, ")"));
}

/* ---- Records ---- */

static bool
parse_our_record(Parser *p)
{
	for (uint32_t k = 0; k < p->schema->nrecords; k++) {
		const IrType *t = p->schema->records[k];
		if (!ir_scan_is(&p->scan, t->name))
			continue;
		ir_scan(&p->scan);
		char *payload = arena_alloc(&p->nodes, t->size, 16);
		if (!parse_fields(p, t->ctors, payload, 1) || !expect(p, ")"))
			return false;
		p->counts[k]++;
		ir_write(p->out, k, payload);
		return true;
	}
	return expected(p, arena_printf(p->arena, "a record of %s", p->schema->name));
}

static bool
parse_record(Parser *p)
{
	Text record;

	if (!expect(p, "("))
		return false;
	Text t = p->scan.token.text;
	if (!is_word(p) || t.n < 2 || memcmp(t.s, "x-", 2) != 0)
		return parse_our_record(p);
	const char *message = ir_parse_foreign(&p->scan, &p->nodes, &record);
	if (message)
		return expected(p, message);
	ir_write_foreign(p->out, record);
	return true;
}

static bool
check_references(Parser *p)
{
	for (uint32_t k = 0; k < p->schema->nrecords; k++)
		if (p->references[k].limit > p->counts[k])
			return fail_at(p, p->references[k].line, p->references[k].column,
			    "%s %u is used, but there are %u", p->schema->records[k]->name,
			    p->references[k].limit - 1, p->counts[k]);
	return true;
}

/* end STATUS ERRORS */
static bool
parse_end(Parser *p)
{
	uint32_t status, errors;
	IrU128 v;

	if (!number(p, "an exit status", 255, &v) || !small_number(p, "a number of errors", &errors))
		return false;
	status = (uint32_t)v;
	if (p->scan.token.kind != IR_TOKEN_END)
		return expected(p, "end of file");
	if (!check_references(p))
		return false;
	ir_finish(p->out, (int)status, errors);
	return true;
}

static char *
header_text(Parser *p, const char *what)
{
	Text t = p->scan.token.text;

	if (p->scan.token.kind != IR_TOKEN_STRING || memchr(t.s, 0, t.n)) {
		expected(p, what);
		return NULL;
	}
	ir_scan(&p->scan);
	return arena_strndup(p->arena, t.s, t.n);
}

/* ir NAME VERSION, then: producer "text", target "text", option "name" "value" */
static bool
parse_header(Parser *p, IrFind *find, int fd)
{
	uint32_t version;

	if (!expect(p, "ir"))
		return false;
	Text t = p->scan.token.text;
	p->schema = is_word(p) ? find(arena_strndup(p->arena, t.s, t.n)) : NULL;
	if (!p->schema)
		return expected(p, "the name of an IR");
	ir_scan(&p->scan);
	if (!small_number(p, "a version", &version))
		return false;
	if (version != p->schema->version)
		return fail_at(p, 1, 1, "this is version %u of %s, expected %u", version,
		    p->schema->name, p->schema->version);
	p->counts = arena_array(p->arena, uint32_t, p->schema->nrecords);
	p->references = arena_array(p->arena, TextReference, p->schema->nrecords);
	const char *producer = take(p, "producer") ? header_text(p, "a producer") : "";
	if (!producer)
		return false;
	p->out = fd < 0 ? ir_create_text(p->arena, p->names, p->schema, producer)
	    : ir_create(p->arena, p->names, fd, p->schema, producer, NULL);
	const char *target = take(p, "target") ? header_text(p, "a target") : "";
	if (!target)
		return false;
	ir_set_target(p->out, target);
	while (take(p, "option")) {
		char *name = header_text(p, "the name of an option");
		char *value = name ? header_text(p, "the value of an option") : NULL;
		if (!value)
			return false;
		ir_set_option(p->out, name, value);
	}
	return true;
}

const char *
ir_parse_text(Arena *arena, Interner *names, Text text, IrFind *find, int fd, IrWriter **out)
{
	Parser p = {.arena = arena, .names = names};

	ir_scan_start(&p.scan, arena, text);
	if (!parse_header(&p, find, fd))
		return p.error;
	if (out)
		*out = p.out;
	p.scan.arena = &p.nodes;
	while (!p.error && !take(&p, "end")) {
		/* A look-ahead string is in `nodes` and is wanted for the message. */
		if (parse_record(&p) && p.scan.token.kind != IR_TOKEN_STRING)
			arena_reset(&p.nodes, (ArenaMark){0});
	}
	if (!p.error)
		parse_end(&p);
	arena_free(&p.nodes);
	return p.error;
}
