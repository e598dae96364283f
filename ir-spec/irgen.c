/*
 * irgen: from a schema `NAME.ir` to C declarations, a descriptor table and a reference.
 *
 *	irgen --header NAME.ir | --source NAME.ir | --docs NAME.ir
 *
 * Runs at build time and depends on libc only.  The notation is described in README.md here.
 * Memory is never freed: the process lives for one schema.
 *
 * The descriptor table is interpreted by lib/ir_*.c, so nothing but types, inline
 * constructors and one-line wrappers is generated per node.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEFS = 512, MAX_CTORS = 256, MAX_FIELDS = 64, MAX_SCHEMA = 1 << 20 };

typedef enum { BUILTIN, ID, ENUM, SUM, PRODUCT, RECORD } DefKind;

typedef struct Field {
	char *type, *name, *doc;
	char mode;	/* 0, '?' or '*' */
	int line;
	const struct Def *def;
} Field;

typedef struct Ctor {
	char *name, *doc;
	Field fields[MAX_FIELDS];
	int nfields, line;
} Ctor;

typedef struct Def {
	DefKind kind;
	char *name, *doc, *prefix;
	char *counted;	/* of an id: the node or record whose lists or records it numbers */
	Ctor *ctors;	/* products and records: one */
	int nctors, line;
	Ctor attributes;
	int index;	/* among the types, or among the records */
} Def;

static const char *path;
static char *text;
static char *ir_name, *ir_doc;
static unsigned version;
static uint64_t schema_hash = 0xcbf29ce484222325u;
static Def defs[MAX_DEFS];
static int ndefs;

static const struct { const char *name, *c, *list; bool wide; } builtins[] = {
	{"bool", "bool", "IrBoolList", false}, {"u8", "uint8_t", "IrU8List", false},
	{"u32", "uint32_t", "IrU32List", false}, {"u64", "uint64_t", "IrU64List", false},
	{"i64", "int64_t", "IrI64List", false}, {"u128", "IrU128", "IrU128List", true},
	{"f64", "double", "IrF64List", false}, {"str", "Sym", "IrSymList", false},
	{"bytes", "Text", "IrTextList", false}, {"span", "Span", "IrSpanList", true},
};
static const char *const builtin_kinds[] = {
	"IR_BOOL", "IR_U8", "IR_U32", "IR_U64", "IR_I64", "IR_U128", "IR_F64", "IR_STR",
	"IR_BYTES", "IR_SPAN",
};
enum { NBUILTINS = sizeof builtins / sizeof *builtins };

__attribute__((noreturn, format(printf, 2, 3))) static void
fail(int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", path, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* Zeroed memory for the life of the process, chained so that leak checkers find it. */
static void *
alloc(size_t n)
{
	static void **chain;
	void **p = calloc(1, n + 16);

	if (!p) {
		fprintf(stderr, "irgen: out of memory\n");
		exit(74);
	}
	p[0] = chain;
	chain = p;
	return p + 16 / sizeof *p;
}

__attribute__((format(printf, 1, 2))) static char *
format(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = alloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

/* ---- Tokens, with one of look-ahead ---- */

static char *pos;
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
		schema_hash = (schema_hash ^ (unsigned char)*s) * 0x100000001b3u;
	schema_hash = (schema_hash ^ ' ') * 0x100000001b3u;
}

/* A comment with an empty line below it is about the whole IR. */
static void
end_paragraph(void)
{
	if (!full_doc)
		return;
	append_doc(&ir_doc, ir_doc ? format("\n%s", full_doc) : full_doc);
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

/* ---- Names ---- */

/* IfLet and if_let to if_let; `upper` for IF_LET. */
static char *
snake(const char *s, bool upper)
{
	char *out = alloc(strlen(s) * 2 + 1), *p = out;

	for (const char *c = s; *c; c++) {
		bool break_here = c != s && isupper((unsigned char)*c) && c[-1] != '_'
		    && (!isupper((unsigned char)c[-1]) || islower((unsigned char)c[1]));
		if (break_here)
			*p++ = '_';
		*p++ = (char)(upper ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
	}
	return out;
}

static char *
camel(const char *s)
{
	char *out = alloc(strlen(s) + 1), *p = out;

	for (const char *c = s; *c; c++)
		if (*c != '_')
			*p++ = (char)(c == s || c[-1] == '_' ? toupper((unsigned char)*c) : *c);
	return out;
}

static bool
is_c_word(const char *s)
{
	static const char *const words[] = {
		"auto", "bool", "break", "case", "char", "const", "continue", "default", "do",
		"double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "true", "typedef", "union", "unsigned",
		"void", "volatile", "while", "asm", "typeof", "noreturn", "errno", "stdin",
		"stdout", "stderr", "unix", "linux", "assert", "bug", "at_",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

/* Name of a struct member or parameter. */
static char *
member(const char *s)
{
	char *m = snake(s, false);

	return is_c_word(m) ? format("%s_", m) : m;
}

static Def *
find(const char *name)
{
	for (int i = 0; i < ndefs; i++)
		if (defs[i].kind != RECORD && strcmp(defs[i].name, name) == 0)
			return &defs[i];
	return NULL;
}

static Def *
find_record(const char *name)
{
	for (int i = 0; i < ndefs; i++)
		if (defs[i].kind == RECORD && strcmp(defs[i].name, name) == 0)
			return &defs[i];
	return NULL;
}

/* The C type of a definition: AstExpr; records give way to nodes of the same name. */
static char *
c_name(const Def *d)
{
	if (d->kind == BUILTIN)
		return format("%s", builtins[d->index].c);
	char *s = format("%s%s", camel(ir_name), camel(d->name));
	if (d->kind == ID)
		return format("%sId", s);
	if (d->kind != RECORD)
		return s;
	for (int i = 0; i < ndefs; i++)
		if (defs[i].kind >= ENUM && defs[i].kind < RECORD
		    && strcmp(camel(defs[i].name), camel(d->name)) == 0)
			return format("%sRecord", s);
	return s;
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
	if (ndefs == MAX_DEFS)
		fail(token_line, "more than %d definitions", MAX_DEFS);
	Def *d = &defs[ndefs++];
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

static void
parse_schema(void)
{
	pos = text;
	scan();
	if (full_doc)
		end_paragraph();
	trailing_target = &ir_doc;
	expect("ir");
	ir_name = word("the name of the IR");
	char *number = word("a version");
	char *end;
	version = (unsigned)strtoul(number, &end, 10);
	if (*end || !version)
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
	for (const Def *o = defs; o < d; o++) {
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

static void
check_schema(void)
{
	int ntypes = 0, nrecords = 0;

	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++) {
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
	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++)
		if (d->kind == RECORD || d->kind == PRODUCT || d->kind == SUM || d->kind == ENUM
		    || d->kind == ID)
			d->index = d->kind == RECORD ? d->index : ntypes++;
	if (!nrecords)
		fail(line_no, "a schema needs at least one record");
}

/* ---- Header ---- */

static char *
field_c_type(const Field *f)
{
	const Def *d = f->def;

	if (f->mode == '*') {
		if (d->kind == BUILTIN)
			return format("%s ", builtins[d->index].list);
		return d->kind == ID ? format("IrU32List ") : format("%sList ", c_name(d));
	}
	if (d->kind == SUM || d->kind == PRODUCT)
		return format("%s *", c_name(d));
	return format("%s ", c_name(d));
}

static void
put_doc(const char *doc, const char *indent)
{
	if (!doc)
		return;
	printf("%s/* ", indent);
	for (const char *s = doc; *s; s++) {
		if (*s == '\n')
			printf("\n%s * ", indent);
		else if (!(s[0] == '*' && s[1] == '/'))
			putchar(*s);
	}
	printf(" */\n");
}

static void
put_members(const Ctor *c, int from, const char *indent)
{
	for (int i = from; i < c->nfields; i++) {
		const Field *f = &c->fields[i];
		put_doc(f->doc, indent);
		printf("%s%s%s;%s\n", indent, field_c_type(f), member(f->name),
		    f->mode == '?' ? "\t/* or none */" : "");
	}
}

static void
put_enum(const char *type, const char *prefix, const Def *d)
{
	printf("typedef enum %s {\n", type);
	for (int i = 0; i < d->nctors; i++)
		printf("\t%s_%s,\n", prefix, snake(d->ctors[i].name, true));
	printf("} %s;\n", type);
}

static char *
enum_prefix(const Def *d)
{
	return format("%s_%s", snake(ir_name, true), snake(d->name, true));
}

static void
put_sum(const Def *d)
{
	int from = d->attributes.nfields;
	bool any = false;

	put_doc(d->doc, "");
	put_enum(format("%sKind", c_name(d)), enum_prefix(d), d);
	printf("\nstruct %s {\n\t%sKind kind;\n", c_name(d), c_name(d));
	put_members(&d->attributes, 0, "\t");
	for (int i = 0; i < d->nctors; i++)
		any = any || d->ctors[i].nfields > from;
	if (any)
		printf("\tunion {\n");
	for (int i = 0; i < d->nctors; i++) {
		const Ctor *c = &d->ctors[i];
		if (c->nfields == from)
			continue;
		put_doc(c->doc, "\t\t");
		printf("\t\tstruct {\n");
		put_members(c, from, "\t\t\t");
		printf("\t\t} %s;\n", member(c->name));
	}
	printf("%s};\n\n", any ? "\t};\n" : "");
}

static void
put_product(const Def *d)
{
	put_doc(d->doc, "");
	printf("struct %s {\n", c_name(d));
	put_members(d->ctors, 0, "\t");
	printf("%s};\n\n", d->ctors->nfields ? "" : "\tchar empty;\n");
}

/* `T *ast_mk_sum_ctor(Arena *, fields…)` */
static void
put_maker(const Def *d, const Ctor *c)
{
	char *name = snake(d->name, false);
	bool sum = d->kind == SUM;

	if (sum)
		name = format("%s_%s", name, snake(c->name, false));
	printf("static inline %s *\n%s_mk_%s(Arena *mem_", c_name(d), snake(ir_name, false), name);
	for (int i = 0; i < c->nfields; i++)
		printf(", %s%s", field_c_type(&c->fields[i]), member(c->fields[i].name));
	printf(")\n{\n\t%s *node_ = arena_new(mem_, %s);\n\n", c_name(d), c_name(d));
	if (sum)
		printf("\tnode_->kind = %s_%s;\n", enum_prefix(d), snake(c->name, true));
	for (int i = 0; i < c->nfields; i++) {
		char *m = member(c->fields[i].name);
		if (sum && i >= d->attributes.nfields)
			printf("\tnode_->%s.%s = %s;\n", member(c->name), m, m);
		else
			printf("\tnode_->%s = %s;\n", m, m);
	}
	printf("\treturn node_;\n}\n\n");
}

static void
put_record_union(void)
{
	char *ir = camel(ir_name), *up = snake(ir_name, true);

	printf("typedef enum %sRecordKind {\n", ir);
	for (Def *d = defs; d < defs + ndefs; d++)
		if (d->kind == RECORD)
			printf("\t%s_REC_%s,\n", up, snake(d->name, true));
	printf("} %sRecordKind;\n\ntypedef struct %sRecord {\n\t%sRecordKind kind;\n\tunion {\n",
	    ir, ir, ir);
	for (Def *d = defs; d < defs + ndefs; d++)
		if (d->kind == RECORD)
			printf("\t\t%s *%s;\n", c_name(d), member(d->name));
	printf("\t\tvoid *payload;\n\t};\n} %sRecord;\n\n", ir);
}

static void
put_wrappers(void)
{
	char *ir = camel(ir_name), *low = snake(ir_name, false), *up = snake(ir_name, true);

	printf("/* The next record; false after the last. */\n"
	    "static inline bool\n%s_read(IrReader *in, %sRecord *rec)\n{\n"
	    "\tuint32_t kind;\n\n\tif (!ir_read(in, &kind, &rec->payload))\n\t\treturn false;\n"
	    "\trec->kind = (%sRecordKind)kind;\n\treturn true;\n}\n\n", low, ir, ir);
	printf("static inline void\n%s_write(IrWriter *out, const %sRecord *rec)\n{\n"
	    "\tir_write(out, (uint32_t)rec->kind, rec->payload);\n}\n\n", low, ir);
	for (Def *d = defs; d < defs + ndefs; d++)
		if (d->kind == RECORD)
			printf("static inline void\n%s_write_%s(IrWriter *out, const %s *rec)\n{\n"
			    "\tir_write(out, %s_REC_%s, rec);\n}\n\n", low, snake(d->name, false),
			    c_name(d), up, snake(d->name, true));
}

static void
put_header(void)
{
	char *up = snake(ir_name, true);

	printf("/* Generated by irgen from %s.ir: do not edit. */\n", ir_name);
	printf("#ifndef GOS_GEN_%s_H\n#define GOS_GEN_%s_H\n\n#include \"lib/ir.h\"\n\n", up, up);
	printf("extern const IrSchema %s_schema;\n\n", snake(ir_name, false));
	for (Def *d = defs; d < defs + ndefs; d++) {
		if (d->kind == ID)
			printf("typedef uint32_t %s;\n", c_name(d));
		if (d->kind == ENUM) {
			put_doc(d->doc, "");
			put_enum(c_name(d), enum_prefix(d), d);
		}
		if (d->kind >= SUM)
			printf("typedef struct %s %s;\n", c_name(d), c_name(d));
		if (d->kind == SUM || d->kind == PRODUCT)
			printf("typedef VEC(%s *) %sList;\n", c_name(d), c_name(d));
		if (d->kind == ENUM)
			printf("typedef VEC(%s) %sList;\n", c_name(d), c_name(d));
	}
	printf("\n");
	for (Def *d = defs; d < defs + ndefs; d++)
		if (d->kind == SUM)
			put_sum(d);
		else if (d->kind > SUM)
			put_product(d);
	put_record_union();
	for (Def *d = defs; d < defs + ndefs; d++)
		for (int i = 0; (d->kind == SUM || d->kind == PRODUCT) && i < d->nctors; i++)
			put_maker(d, &d->ctors[i]);
	put_wrappers();
	printf("#endif\n");
}

/* ---- Descriptor table ---- */

static char *
type_ref(const Def *d)
{
	if (d->kind == BUILTIN)
		return format("&ir_builtin[%s]", builtin_kinds[d->index]);
	return format("&types[%d]", d->index);
}

static void
put_field_table(const Def *d, const Ctor *c, int n)
{
	if (!c->nfields)
		return;
	printf("static const IrField fields_%d_%d[] = {\n", (int)(d - defs), n);
	for (int i = 0; i < c->nfields; i++) {
		const Field *f = &c->fields[i];
		char *m = member(f->name);
		if (d->kind == SUM && i >= d->attributes.nfields)
			m = format("%s.%s", member(c->name), m);
		printf("\t{\"%s\", %s, offsetof(%s, %s), %s},\n", f->name, type_ref(f->def), c_name(d),
		    m, f->mode == '*' ? "IR_LIST" : f->mode == '?' ? "IR_OPTIONAL" : "IR_ONE");
	}
	printf("};\n");
}

static void
put_ctor_table(const Def *d)
{
	for (int i = 0; i < d->nctors; i++)
		put_field_table(d, &d->ctors[i], i);
	printf("static const IrCtor ctors_%d[] = {\n", (int)(d - defs));
	for (int i = 0; i < d->nctors; i++) {
		const Ctor *c = &d->ctors[i];
		int slots = 0;
		for (int k = 0; k < c->nfields; k++)
			slots += c->fields[k].def->kind == BUILTIN && c->fields[k].mode != '*'
			    && builtins[c->fields[k].def->index].wide ? 2 : 1;
		printf("\t{\"%s\", %s, %d, %d},\n", c->name,
		    c->nfields ? format("fields_%d_%d", (int)(d - defs), i) : "NULL", c->nfields, slots);
	}
	printf("};\n\n");
}

static void
put_type(const Def *d)
{
	static const char *const kinds[] = {"", "IR_ID", "IR_ENUM", "IR_SUM", "IR_PRODUCT",
		"IR_PRODUCT"};
	const Def *rec = d->kind == ID ? find_record(d->name) : NULL;
	const Def *id = d->kind == RECORD ? find(d->name) : d;

	printf("{\n\t\t.kind = %s, .name = \"%s\", .size = sizeof(%s),\n", kinds[d->kind], d->name,
	    c_name(d));
	if (d->kind == ID)
		printf("\t\t.prefix = \"%s\", .record = %s,\n\t}", d->prefix,
		    rec ? format("%d", rec->index) : "IR_NONE");
	else
		printf("\t\t.ctors = ctors_%d, .nctors = %d, .prefix = %s,\n\t}", (int)(d - defs),
		    d->nctors, id && id->prefix ? format("\"%s\"", id->prefix) : "NULL");
}

static void
put_source(void)
{
	int n = 0, nrecords = 0;

	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++)
		d->kind == RECORD ? nrecords++ : n++;
	printf("/* Generated by irgen from %s.ir: do not edit. */\n#include \"gen/%s.h\"\n\n",
	    ir_name, ir_name);
	printf("static const IrType types[%d];\n\n", n ? n : 1);
	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++)
		if (d->kind != ID)
			put_ctor_table(d);
	printf("static const IrType types[%d] = {\n", n ? n : 1);
	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++)
		if (d->kind != RECORD) {
			printf("\t");
			put_type(d);
			printf(",\n");
		}
	printf("%s};\n\n", n ? "" : "\t{.kind = IR_PRODUCT},\n");
	for (Def *d = defs + NBUILTINS; d < defs + ndefs; d++)
		if (d->kind == RECORD) {
			printf("static const IrType record_%d = ", d->index);
			put_type(d);
			printf(";\n");
		}
	printf("static const IrType *const records[] = {");
	for (int i = 0; i < nrecords; i++)
		printf("%s&record_%d", i ? ", " : "", i);
	printf("};\n\nconst IrSchema %s_schema = {\n\t\"%s\", %u, 0x%016llxu,\n"
	    "\ttypes, %d, records, %d,\n};\n", snake(ir_name, false), ir_name, version,
	    (unsigned long long)schema_hash, n, nrecords);
}

/* ---- Reference ---- */

static char *
doc_line(const char *doc)
{
	char *s = format("%s", doc ? doc : "");

	for (char *c = s; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return s;
}

static void
put_signature(const Ctor *c, int from)
{
	printf("`%s", c->name);
	for (int i = from; i < c->nfields; i++) {
		const Field *f = &c->fields[i];
		printf("%s%s%.1s %s", i > from ? ", " : "(", f->type, f->mode ? &f->mode : "", f->name);
	}
	printf("%s`", c->nfields > from ? ")" : "");
}

static void
put_field_docs(const Ctor *c, int from, const char *indent)
{
	for (int i = from; i < c->nfields; i++)
		if (c->fields[i].doc)
			printf("%s- `%s`: %s\n", indent, c->fields[i].name, doc_line(c->fields[i].doc));
}

static void
put_def_docs(const Def *d)
{
	static const char *const what[] = {"", "id", "choice", "node", "node", "record"};
	int from = d->attributes.nfields;

	printf("\n### %s\n\n", d->name);
	printf("*%s.*%s%s\n\n", what[d->kind], d->doc ? " " : "", d->doc ? d->doc : "");
	if (d->kind == ID)
		printf("Printed as `%s0`, `%s1`…\n", d->prefix, d->prefix);
	if (from) {
		printf("All have first:%s%s\n\n", d->attributes.doc ? " " : "",
		    doc_line(d->attributes.doc));
		for (int i = 0; i < from; i++)
			printf("- `%s%.1s %s` %s\n", d->attributes.fields[i].type,
			    d->attributes.fields[i].mode ? &d->attributes.fields[i].mode : "",
			    d->attributes.fields[i].name, doc_line(d->attributes.fields[i].doc));
		printf("\n");
	}
	for (int i = 0; i < d->nctors; i++) {
		bool item = d->kind == SUM || d->kind == ENUM;
		printf("%s", item ? "- " : "");
		put_signature(&d->ctors[i], from);
		if (item && d->ctors[i].doc)
			printf(" — %s", doc_line(d->ctors[i].doc));
		printf("%s", item ? "\n" : "\n\n");
		put_field_docs(&d->ctors[i], from, item ? "  " : "");
	}
}

static void
put_docs(void)
{
	static const struct { DefKind kind; const char *title; } parts[] = {
		{RECORD, "Records"}, {SUM, "Nodes"}, {PRODUCT, "Parts"}, {ENUM, "Choices"}, {ID, "Ids"},
	};

	printf("# Reference: `%s`, version %u\n\nGenerated from `%s.ir`.\n", ir_name, version, ir_name);
	if (ir_doc)
		printf("\n%s\n", ir_doc);
	for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
		bool titled = false;
		for (Def *d = defs; d < defs + ndefs; d++) {
			if (d->kind != parts[p].kind)
				continue;
			if (!titled)
				printf("\n## %s\n", parts[p].title);
			titled = true;
			put_def_docs(d);
		}
	}
}

static void
read_schema(void)
{
	FILE *in = fopen(path, "rb");

	if (!in) {
		perror(path);
		exit(74);
	}
	text = alloc(MAX_SCHEMA + 1);
	size_t n = fread(text, 1, MAX_SCHEMA, in);
	if (n == MAX_SCHEMA)
		fail(1, "a schema has at most %d bytes", MAX_SCHEMA);
	fclose(in);
	if (strlen(text) != n)
		fail(1, "the schema has a zero byte");
}

int
main(int argc, char **argv)
{
	if (argc != 3 || (strcmp(argv[1], "--header") && strcmp(argv[1], "--source")
	    && strcmp(argv[1], "--docs"))) {
		fprintf(stderr, "usage: irgen --header | --source | --docs NAME.ir\n");
		return 2;
	}
	path = argv[2];
	for (ndefs = 0; ndefs < NBUILTINS; ndefs++)
		defs[ndefs] = (Def){.kind = BUILTIN, .name = (char *)builtins[ndefs].name, .index = ndefs};
	read_schema();
	parse_schema();
	check_schema();
	if (argv[1][2] == 'h')
		put_header();
	else if (argv[1][2] == 's')
		put_source();
	else
		put_docs();
	if (fflush(stdout) || ferror(stdout)) {
		perror("irgen");
		return 74;
	}
	return 0;
}
