/*
 * TOML: keys, tables, arrays, and the rules about what may be defined twice.  See toml.h.
 *
 * Every lookup goes through one index over (table, name), so that a document with many keys,
 * or many headers with a common beginning, takes linear time.
 */
#include "lib/toml.h"
#include "lib/toml_impl.h"
#include "lib/utf8.h"

#include <stdio.h>
#include <string.h>

typedef struct Key {
	Sym name;
	Span span;
} Key;

typedef struct Path {
	VEC(Key) keys;
	Span span;
} Path;

static void read_value(TomlParser *p, TomlValue *v);

const char *
toml_kind_name(TomlKind kind)
{
	switch (kind) {
	case TOML_STRING:
		return "a string";
	case TOML_INTEGER:
		return "an integer";
	case TOML_FLOAT:
		return "a float";
	case TOML_BOOL:
		return "a boolean";
	case TOML_OFFSET_DATE_TIME:
	case TOML_LOCAL_DATE_TIME:
	case TOML_LOCAL_DATE:
		return "a date";
	case TOML_LOCAL_TIME:
		return "a time";
	case TOML_ARRAY:
		return "an array";
	case TOML_TABLE:
		return "a table";
	}
	return "a value";
}

/* --- places and messages ------------------------------------------------------------------ */

Span
toml_span(const TomlParser *p, const char *from)
{
	return (Span){p->base + (uint32_t)(from - p->start), (uint32_t)(p->at - from)};
}

static bool
is_bare(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
	    c == '-';
}

/* How much of the text at the parser's place a message names: a word, or one character. */
static uint32_t
found_length(const TomlParser *p)
{
	enum { LONGEST = 30 };
	uint32_t n = 0, scalar;

	while (p->at + n < p->end && n < LONGEST && is_bare(p->at[n]))
		n++;
	if (n == 0 && p->at < p->end && !toml_newline(p))
		n = utf8_decode(p->at, (size_t)(p->end - p->at), &scalar);
	return n;
}

const char *
toml_found(const TomlParser *p)
{
	if (p->at == p->end)
		return "the end of the file";
	if (toml_newline(p))
		return "the end of the line";
	if (toml_is_control(*p->at))
		return arena_printf(p->arena, "the character U+%04X", (unsigned char)*p->at);
	return arena_printf(p->arena, "`%.*s`", (int)found_length(p), p->at);
}

Diag *
toml_expected(TomlParser *p, const char *what)
{
	Span span = {p->base + (uint32_t)(p->at - p->start), found_length(p)};
	Diag *d = diag_error(p->diags, G0010, span, what, toml_found(p));

	diag_primary(d, "expected %s", what);
	p->failed = true;
	return d;
}

uint32_t
toml_newline(const TomlParser *p)
{
	if (p->at < p->end && *p->at == '\n')
		return 1;
	return p->end - p->at >= 2 && p->at[0] == '\r' && p->at[1] == '\n' ? 2 : 0;
}

static bool
take(TomlParser *p, char c)
{
	if (p->failed || p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

static void
skip_blanks(TomlParser *p)
{
	while (p->at < p->end && (*p->at == ' ' || *p->at == '\t'))
		p->at++;
}

static void
skip_comment(TomlParser *p)
{
	if (!take(p, '#'))
		return;
	while (p->at < p->end && !toml_newline(p)) {
		if (toml_is_control(*p->at)) {
			toml_control(p);
			return;
		}
		p->at++;
	}
}

/* Between the items of an array. */
static void
skip_lines(TomlParser *p)
{
	uint32_t n = 1;

	while (n && !p->failed) {
		skip_blanks(p);
		skip_comment(p);
		n = toml_newline(p);
		p->at += n;
	}
}

/* --- tables ------------------------------------------------------------------------------- */

static void
make_table(TomlParser *p, TomlValue *v, TomlOrigin origin, Span span)
{
	v->kind = TOML_TABLE;
	v->span = span;
	v->as.table.origin = origin;
	v->as.table.id = p->doc->tables++;
}

static TomlEntry *
lookup(const Toml *doc, const TomlValue *table, Sym name)
{
	uint32_t *at = map_find(&doc->index, (uint64_t)table->as.table.id << 32 | name);

	return at ? &table->as.table.entries.at[*at] : NULL;
}

static void
add(TomlParser *p, TomlValue *table, Key key, TomlValue *value)
{
	TomlTable *t = &table->as.table;

	map_set(p->arena, &p->doc->index, (uint64_t)t->id << 32 | key.name, t->entries.len);
	vec_push(p->arena, &t->entries,
	    (TomlEntry){intern_text(&p->doc->names, key.name), key.span, value});
}

/* NULL if the table would be nested too deep. */
static TomlValue *
new_child(TomlParser *p, const TomlValue *parent, Span span)
{
	TomlValue *v = arena_new(p->arena, TomlValue);

	v->depth = parent->depth + 1;
	if (v->depth <= TOML_DEPTH_MAX)
		return v;
	diag_error(p->diags, G0019, span, TOML_DEPTH_MAX);
	p->failed = true;
	return NULL;
}

static TomlValue *
add_table(TomlParser *p, TomlValue *parent, Key key, TomlOrigin origin)
{
	TomlValue *v = new_child(p, parent, key.span);

	if (!v)
		return NULL;
	make_table(p, v, origin, key.span);
	add(p, parent, key, v);
	return v;
}

static void
defined_twice(TomlParser *p, Key key, const TomlEntry *first)
{
	Diag *d = diag_error(p->diags, G0011, key.span, intern_str(&p->doc->names, key.name));

	diag_primary(d, "again here");
	diag_label(d, first->key_span, "first defined here");
}

static void
cannot_extend(TomlParser *p, Key key, const TomlEntry *first, const char *why)
{
	Diag *d = diag_error(p->diags, G0013, key.span, intern_str(&p->doc->names, key.name), why);

	diag_label(d, first->key_span, "defined here");
}

static TomlValue *
last_item(const TomlValue *v)
{
	return vec_last(&v->as.array.items);
}

/* One step of a header towards its last key; NULL after an error. */
static TomlValue *
step_header(TomlParser *p, TomlValue *table, Key key)
{
	const TomlEntry *e = lookup(p->doc, table, key.name);

	if (!e)
		return add_table(p, table, key, TOML_IMPLIED);
	TomlValue *v = e->value;
	if (v->kind == TOML_TABLE && v->as.table.origin != TOML_INLINE)
		return v;
	if (v->kind == TOML_ARRAY && v->as.array.of_tables)
		return last_item(v);
	if (v->kind == TOML_TABLE)
		cannot_extend(p, key, e, "is an inline table, which is complete");
	else
		cannot_extend(p, key, e, arena_printf(p->arena, "is %s, not a table", toml_kind_name(v->kind)));
	return NULL;
}

/* One step of a dotted key. */
static TomlValue *
step_dotted(TomlParser *p, TomlValue *table, Key key)
{
	const TomlEntry *e = lookup(p->doc, table, key.name);

	if (!e)
		return add_table(p, table, key, TOML_DOTTED);
	TomlValue *v = e->value;
	if (v->kind != TOML_TABLE) {
		cannot_extend(p, key, e, arena_printf(p->arena, "is %s, not a table", toml_kind_name(v->kind)));
		return NULL;
	}
	switch (v->as.table.origin) {
	case TOML_IMPLIED:
		v->as.table.origin = TOML_DOTTED;
		return v;
	case TOML_DOTTED:
		return v;
	case TOML_HEADER:
		cannot_extend(p, key, e, "has a header of its own, where its keys belong");
		return NULL;
	case TOML_INLINE:
		cannot_extend(p, key, e, "is an inline table, which is complete");
		return NULL;
	}
	return NULL;
}

/* [a.b]: the table that the following keys go to; NULL after an error. */
static TomlValue *
open_table(TomlParser *p, TomlValue *parent, Key key)
{
	TomlEntry *e = lookup(p->doc, parent, key.name);

	if (!e)
		return add_table(p, parent, key, TOML_HEADER);
	TomlValue *v = e->value;
	if (v->kind != TOML_TABLE || v->as.table.origin != TOML_IMPLIED) {
		defined_twice(p, key, e);
		return NULL;
	}
	v->as.table.origin = TOML_HEADER;
	e->key_span = key.span;
	return v;
}

/* [[a.b]]: a new last item. */
static TomlValue *
open_item(TomlParser *p, TomlValue *parent, Key key)
{
	const TomlEntry *e = lookup(p->doc, parent, key.name);
	TomlValue *array = e ? e->value : new_child(p, parent, key.span);

	if (e && (array->kind != TOML_ARRAY || !array->as.array.of_tables)) {
		defined_twice(p, key, e);
		return NULL;
	}
	TomlValue *item = array ? new_child(p, array, key.span) : NULL;
	if (!item)
		return NULL;
	if (!e) {
		array->kind = TOML_ARRAY;
		array->span = key.span;
		array->as.array.of_tables = true;
		add(p, parent, key, array);
	}
	make_table(p, item, TOML_HEADER, key.span);
	vec_push(p->arena, &array->as.array.items, item);
	return item;
}

/* --- keys --------------------------------------------------------------------------------- */

static bool
read_simple_key(TomlParser *p, Key *key)
{
	const char *from = p->at;
	Text text = {from, 0};

	if (p->at < p->end && (*p->at == '"' || *p->at == '\'')) {
		if (!toml_string(p, false, &text))
			return false;
	} else {
		while (p->at < p->end && is_bare(*p->at))
			p->at++;
		text.n = (uint32_t)(p->at - from);
		if (text.n == 0) {
			toml_expected(p, "a key");
			return false;
		}
	}
	*key = (Key){intern(&p->doc->names, text.s, text.n), toml_span(p, from)};
	return true;
}

/* a."b".c with blanks around the dots and after the last part. */
static bool
read_path(TomlParser *p, Path *path)
{
	do {
		Key key;
		skip_blanks(p);
		if (!read_simple_key(p, &key))
			return false;
		vec_push(p->arena, &path->keys, key);
		skip_blanks(p);
	} while (take(p, '.'));
	path->span = span_join(path->keys.at[0].span, vec_last(&path->keys).span);
	return true;
}

static TomlValue *
walk(TomlParser *p, TomlValue *table, const Path *path,
    TomlValue *(*step)(TomlParser *, TomlValue *, Key))
{
	for (uint32_t i = 0; table && i + 1 < path->keys.len; i++)
		table = step(p, table, path->keys.at[i]);
	return table;
}

/* path = value, into `table`. */
static void
read_pair(TomlParser *p, TomlValue *table)
{
	Path path = {0};

	if (!read_path(p, &path))
		return;
	if (!take(p, '=')) {
		toml_expected(p, path.keys.len == 1 ? "`=` after the key" : "`=` after the dotted key");
		return;
	}
	skip_blanks(p);
	TomlValue *target = walk(p, table, &path, step_dotted);
	Key key = vec_last(&path.keys);
	TomlValue *value = p->failed ? NULL : new_child(p, target ? target : table, key.span);
	if (!value)
		return;
	read_value(p, value);
	if (p->failed || !target)
		return;
	const TomlEntry *first = lookup(p->doc, target, key.name);
	if (first)
		defined_twice(p, key, first);
	else
		add(p, target, key, value);
}

/* What follows a header that is wrong goes to a table nobody sees. */
static TomlValue *
nowhere(TomlParser *p)
{
	TomlValue *v = arena_new(p->arena, TomlValue);

	make_table(p, v, TOML_HEADER, (Span){0, 0});
	return v;
}

static void
read_header(TomlParser *p)
{
	const char *from = p->at;
	Path path = {0};

	p->at++;
	bool item = take(p, '[');
	if (!read_path(p, &path))
		return;
	if (!take(p, ']') || (item && !take(p, ']'))) {
		toml_expected(p, item ? "`]]`" : "`]`");
		return;
	}
	TomlValue *parent = walk(p, &p->doc->root, &path, step_header);
	TomlValue *table = NULL;
	if (parent && !p->failed)
		table = (item ? open_item : open_table)(p, parent, vec_last(&path.keys));
	if (table)
		table->span = toml_span(p, from);
	p->current = table ? table : nowhere(p);
}

/* --- values ------------------------------------------------------------------------------- */

static void
read_array(TomlParser *p, TomlValue *v)
{
	const char *from = p->at++;

	v->kind = TOML_ARRAY;
	for (skip_lines(p); !p->failed && !take(p, ']'); skip_lines(p)) {
		TomlValue *item = new_child(p, v, toml_span(p, from));
		if (!item)
			return;
		read_value(p, item);
		vec_push(p->arena, &v->as.array.items, item);
		skip_lines(p);
		if (p->failed || take(p, ','))
			continue;
		if (p->at < p->end && *p->at == ']')
			continue;
		diag_label(toml_expected(p, "`,` or `]`"), (Span){p->base + (uint32_t)(from - p->start), 1},
		    "the array begins here");
	}
	v->span = toml_span(p, from);
}

static void
read_inline_table(TomlParser *p, TomlValue *v)
{
	const char *from = p->at++;

	make_table(p, v, TOML_INLINE, (Span){0, 0});
	skip_blanks(p);
	bool more = !take(p, '}');
	while (more && !p->failed) {
		read_pair(p, v);
		skip_blanks(p);
		if (p->failed || take(p, '}'))
			break;
		if (!take(p, ',')) {
			Diag *d = toml_expected(p, "`,` or `}`");
			if (toml_newline(p))
				diag_help(d, "an inline table stands on one line; write a `[table]` instead");
		}
	}
	v->span = toml_span(p, from);
}

static void
read_value(TomlParser *p, TomlValue *v)
{
	const char *from = p->at;

	switch (p->at < p->end ? *p->at : 0) {
	case '"':
	case '\'':
		v->kind = TOML_STRING;
		toml_string(p, true, &v->as.text);
		v->span = toml_span(p, from);
		break;
	case '[':
		read_array(p, v);
		break;
	case '{':
		read_inline_table(p, v);
		break;
	default:
		toml_word(p, v);
		break;
	}
}

/* --- the document ------------------------------------------------------------------------- */

static void
read_line(TomlParser *p)
{
	skip_blanks(p);
	if (p->at < p->end && *p->at == '[')
		read_header(p);
	else if (p->at < p->end && *p->at != '#' && !toml_newline(p))
		read_pair(p, p->current);
	if (p->failed)
		return;
	skip_blanks(p);
	skip_comment(p);
	uint32_t n = toml_newline(p);
	if (!n && !p->failed && p->at < p->end) {
		if (toml_is_control(*p->at))
			toml_control(p);
		else
			toml_expected(p, "the end of the line");
	}
	p->at += n;
}

static void
check_utf8(TomlParser *p)
{
	size_t n = (size_t)(p->end - p->start), valid = utf8_valid_prefix(p->start, n);

	if (valid == n)
		return;
	diag_error(p->diags, G0020, ((Span){p->base + (uint32_t)valid, 1}), (unsigned char)p->start[valid]);
	p->failed = true;
}

bool
toml_parse(Toml *doc, Arena *a, Diags *diags, const SourceFile *file)
{
	uint32_t before = diag_error_count(diags);
	TomlParser p = {
		.doc = doc, .arena = a, .diags = diags, .base = file->base,
		.start = file->text, .at = file->text, .end = file->text + file->len,
	};

	*doc = (Toml){0};
	intern_init(&doc->names, a);
	make_table(&p, &doc->root, TOML_HEADER, (Span){file->base, 0});
	p.current = &doc->root;
	check_utf8(&p);
	if (file->len >= 3 && memcmp(p.at, "\xef\xbb\xbf", 3) == 0)
		p.at += 3;
	while (!p.failed && p.at < p.end)
		read_line(&p);
	return diag_error_count(diags) == before;
}

const TomlEntry *
toml_find(const Toml *doc, const TomlValue *table, const char *key)
{
	Sym name = intern_find(&doc->names, key, strlen(key));

	if (!table || table->kind != TOML_TABLE || (name == 0 && *key))
		return NULL;
	return lookup(doc, table, name);
}
