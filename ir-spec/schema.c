/* A schema to definitions, and whether they make sense.  The notation is in README.md. */
#include "ir-spec/irgen.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Tokens, with one of look-ahead ---- */

static const char *pos;
static int line_no = 1;		/* of `pos` */
static char *token;		/* text of the look-ahead: a word, one character, or "" at the end */
static int token_line;
static bool first_on_line = true;
static bool only_comment;	/* on this line */
static char *full_doc;		/* whole-line comments waiting for a definition */
static char *trailing_doc;	/* comment behind the last token taken */
static char **trailing_target;	/* what that token ended */

static void
append_doc(char **doc, const char *s)
{
	*doc = *doc ? format("%s\n%s", *doc, s) : format("%s", s);
}

static void
take_comment(void)
{
	size_t n = strcspn(pos, "\n");

	if (pos[1] == '#') {
		size_t skip = pos[2] == ' ' ? 3 : 2;
		char *s = format("%.*s", skip <= n ? (int)(n - skip) : 0, pos + skip);
		append_doc(first_on_line ? &full_doc : &trailing_doc, s);
	}
	pos += n;
	only_comment = first_on_line;
}

static void
hash_token(void)
{
	for (const char *s = token; *s; s++)
		schema.hash = (schema.hash ^ (unsigned char)*s) * 0x100000001b3u;
	schema.hash = (schema.hash ^ ' ') * 0x100000001b3u;
}

/* A comment with an empty line below it is about the whole IR. */
static void
end_paragraph(void)
{
	if (!full_doc)
		return;
	append_doc(&schema.doc, schema.doc ? format("\n%s", full_doc) : full_doc);
	full_doc = NULL;
}

static void
scan(void)
{
	for (;; ) {
		if (*pos == '\n') {
			if (first_on_line && !only_comment)
				end_paragraph();
			line_no++;
			pos++;
			first_on_line = true;
			only_comment = false;
		} else if (*pos == ' ' || *pos == '\t' || *pos == '\r') {
			pos++;
		} else if (*pos == '#') {
			take_comment();
		} else {
			break;
		}
	}
	size_t n = 0;
	while (isalnum((unsigned char)pos[n]) || pos[n] == '_')
		n++;
	if (!n && *pos)
		n = 1;
	if (n == 1 && !isalnum((unsigned char)*pos) && !strchr("=|(),?*_", *pos))
		fail(line_no, "unexpected character `%c`", *pos);
	token = format("%.*s", (int)n, pos);
	token_line = line_no;
	first_on_line = false;
	pos += n;
	hash_token();
}

/* Takes the look-ahead; a comment behind it belongs to `*target`, set by the caller after. */
static char *
advance(void)
{
	char *taken = token;

	if (trailing_doc && trailing_target)
		append_doc(trailing_target, trailing_doc);
	trailing_doc = NULL;
	scan();
	return taken;
}

static bool
at(const char *s)
{
	return strcmp(token, s) == 0;
}

static bool
take(const char *s)
{
	return at(s) && advance();
}

static void
expect(const char *s)
{
	if (!take(s))
		fail(token_line, "expected `%s` before `%s`", s, *token ? token : "end of file");
}

static char *
word(const char *what)
{
	if (!isalnum((unsigned char)*token) && *token != '_')
		fail(token_line, "expected %s before `%s`", what, *token ? token : "end of file");
	return advance();
}

static char *
take_full_doc(void)
{
	char *doc = full_doc;

	full_doc = NULL;
	return doc;
}

/* ---- Schema to definitions ---- */

static void
parse_field(Ctor *c)
{
	if (c->nfields == MAX_FIELDS)
		fail(token_line, "more than %d fields", MAX_FIELDS);
	Field *f = &c->fields[c->nfields++];
	f->doc = take_full_doc();
	f->line = token_line;
	f->type = word("a field's type");
	if (at("?") || at("*"))
		f->mode = *advance();
	f->name = word("a field's name");
	trailing_target = &f->doc;
	for (int i = 0; i < c->nfields - 1; i++)
		if (strcmp(c->fields[i].name, f->name) == 0)
			fail(f->line, "two fields `%s`", f->name);
}

/* `(type name, …)`, where a comma may end the list */
static void
parse_fields(Ctor *c)
{
	expect("(");
	while (!at(")")) {
		parse_field(c);
		if (!take(","))
			break;
	}
	expect(")");
	trailing_target = &c->doc;
}

static void
parse_ctor(Def *d)
{
	if (d->nctors == MAX_CTORS)
		fail(token_line, "more than %d constructors", MAX_CTORS);
	Ctor *c = &d->ctors[d->nctors++];
	c->doc = take_full_doc();
	c->line = token_line;
	c->name = word("a constructor");
	if (!isupper((unsigned char)*c->name))
		fail(c->line, "constructor `%s` must begin with a capital", c->name);
	trailing_target = &c->doc;
	for (Ctor *o = d->ctors; o < c; o++)
		if (strcmp(o->name, c->name) == 0)
			fail(c->line, "two constructors `%s`", c->name);
	if (at("("))
		parse_fields(c);
}

static void
parse_sum(Def *d)
{
	bool plain = true;

	d->ctors = alloc(MAX_CTORS * sizeof *d->ctors);
	take("|");
	do {
		parse_ctor(d);
		plain = plain && d->ctors[d->nctors - 1].nfields == 0;
	} while (take("|"));
	if (at("attributes")) {
		d->attributes.doc = take_full_doc();
		advance();
		trailing_target = &d->attributes.doc;
		parse_fields(&d->attributes);
		trailing_target = &d->attributes.doc;
		plain = false;
	}
	d->kind = plain ? ENUM : SUM;
}

static void
parse_product(Def *d, DefKind kind)
{
	d->kind = kind;
	d->ctors = alloc(sizeof *d->ctors);
	d->nctors = 1;
	d->ctors->name = d->name;
	d->ctors->line = d->line;
	parse_fields(d->ctors);
	trailing_target = &d->doc;
}

static Def *
new_def(void)
{
	if (schema.ndefs == MAX_DEFS)
		fail(token_line, "more than %d definitions", MAX_DEFS);
	Def *d = &schema.defs[schema.ndefs++];
	d->doc = take_full_doc();
	d->line = token_line;
	return d;
}

static void
parse_definition(void)
{
	Def *d = new_def();
	char *first = word("a definition");

	trailing_target = &d->doc;
	if (strcmp(first, "id") == 0 && !at("=")) {
		d->kind = ID;
		d->name = word("the name of an id type");
		d->prefix = word("a prefix");
		if (take("of"))
			d->counted = word("the node that the id counts");
		trailing_target = &d->doc;
	} else if (strcmp(first, "record") == 0 && !at("=")) {
		d->name = word("the name of a record");
		if (!isupper((unsigned char)*d->name))
			fail(d->line, "record `%s` must begin with a capital", d->name);
		parse_product(d, RECORD);
	} else {
		d->name = first;
		if (isupper((unsigned char)*d->name))
			fail(d->line, "type `%s` must not begin with a capital", d->name);
		expect("=");
		if (at("("))
			parse_product(d, PRODUCT);
		else
			parse_sum(d);
	}
}

void
parse_schema(const char *text)
{
	pos = text;
	scan();
	if (full_doc)
		end_paragraph();
	trailing_target = &schema.doc;
	expect("ir");
	schema.name = word("the name of the IR");
	char *number = word("a version");
	char *end;
	schema.version = (unsigned)strtoul(number, &end, 10);
	if (*end || !schema.version)
		fail(token_line, "version `%s` is not a positive number", number);
	while (*token)
		parse_definition();
	advance();
}

/* ---- Checks ---- */

static void
check_field(Field *f)
{
	f->def = find(f->type);
	if (!f->def)
		fail(f->line, "unknown type `%s` of field `%s`", f->type, f->name);
	DefKind k = f->def->kind;
	bool is_str = strcmp(f->type, "str") == 0;
	if (f->mode == '?' && k != SUM && k != PRODUCT && k != ID && !is_str)
		fail(f->line, "`%s` cannot be optional: only nodes, ids and str can", f->type);
}

static void
check_ctor(Ctor *c)
{
	for (int i = 0; i < c->nfields; i++)
		check_field(&c->fields[i]);
}

/* Attributes share the C struct with `kind` and with one member per constructor. */
static void
check_members(const Def *d)
{
	for (int a = 0; a < d->attributes.nfields; a++) {
		const Field *f = &d->attributes.fields[a];
		if (strcmp(f->name, "kind") == 0)
			fail(f->line, "an attribute cannot be called `kind`");
		for (int i = 0; i < d->nctors; i++)
			if (d->ctors[i].nfields && !strcmp(member(d->ctors[i].name), member(f->name)))
				fail(f->line, "attribute `%s` clashes with constructor `%s`", f->name,
				    d->ctors[i].name);
	}
}

static void
check_unique(const Def *d)
{
	for (const Def *o = schema.defs; o < d; o++) {
		if (strcmp(o->name, d->name) == 0 && (o->kind == RECORD) == (d->kind == RECORD))
			fail(d->line, "`%s` is defined twice", d->name);
		if (strcmp(c_name(o), c_name(d)) == 0)
			fail(d->line, "`%s` and `%s` have the same name in C", o->name, d->name);
	}
}

/* Every attribute becomes a field of every constructor. */
static void
prepend_attributes(Def *d, Ctor *c)
{
	int n = d->attributes.nfields;

	if (n + c->nfields > MAX_FIELDS)
		fail(c->line, "more than %d fields with the attributes", MAX_FIELDS);
	for (int i = 0; i < c->nfields; i++)
		for (int a = 0; a < n; a++)
			if (strcmp(c->fields[i].name, d->attributes.fields[a].name) == 0)
				fail(c->fields[i].line, "field `%s` is an attribute already",
				    c->fields[i].name);
	memmove(c->fields + n, c->fields, (size_t)c->nfields * sizeof *c->fields);
	memcpy(c->fields, d->attributes.fields, (size_t)n * sizeof *c->fields);
	c->nfields += n;
}

/* `id bb bb of block`: dumps say which block is bb0. */
static void
number_nodes(const Def *id)
{
	Def *d = find(id->counted);

	if (!d || (d->kind != SUM && d->kind != PRODUCT))
		fail(id->line, "`%s` is no node", id->counted);
	d->prefix = id->prefix;
}

void
check_schema(void)
{
	int ntypes = 0, nrecords = 0;

	for (Def *d = schema.defs + NBUILTINS; d < schema.defs + schema.ndefs; d++) {
		check_unique(d);
		check_ctor(&d->attributes);
		for (int i = 0; i < d->nctors; i++)
			check_ctor(&d->ctors[i]);
		if (d->kind == SUM)
			check_members(d);
		if (d->kind == ID && isupper((unsigned char)*d->name) && !find_record(d->name))
			fail(d->line, "id `%s` needs a record of that name (or a small initial)", d->name);
		if (d->counted)
			number_nodes(d);
		for (int i = 0; d->kind == SUM && i < d->nctors; i++)
			prepend_attributes(d, &d->ctors[i]);
		d->index = d->kind == RECORD ? nrecords++ : -1;
	}
	for (Def *d = schema.defs + NBUILTINS; d < schema.defs + schema.ndefs; d++)
		if (d->kind == RECORD || d->kind == PRODUCT || d->kind == SUM || d->kind == ENUM
		    || d->kind == ID)
			d->index = d->kind == RECORD ? d->index : ntypes++;
	if (!nrecords)
		fail(line_no, "a schema needs at least one record");
}
