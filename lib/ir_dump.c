/*
 * The text form of streams, for people, sed and diff.  See ir.h; the grammar is in
 * ir-spec/README.md and lib/ir_parse.c reads it back.
 *
 * Layout: a value that fits on the rest of the line, or on a line of its own, is printed flat.
 * Otherwise a node breaks between its fields and a list between its elements.  Whether a value
 * fits is found by printing it flat into `flat`, which gives up at the line's width, so the
 * work per node is bounded.
 */
#include "lib/ir_impl.h"
#include "lib/ir_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, INDENT = 2, MAX_INDENT = 60, FLAT_BYTES = 8 * WIDTH };

typedef struct Flat {
	char s[FLAT_BYTES];
	uint32_t n, width, limit;
	FILE *out;	/* where it goes at once, without limit; NULL: kept in `s` */
} Flat;

typedef struct Dumper {
	FILE *out;
	const Interner *names;
	uint32_t column;
	bool glue;		/* no space before the next value: behind a bracket */
	bool must_break;	/* the value before took several lines */
	Flat flat;		/* for attempts */
	Flat plain;		/* for what is printed however long it is */
} Dumper;

/* ---- Flat ---- */

static bool
add_bytes(Flat *f, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->width += ((unsigned char)s[i] & 0xc0) != 0x80;
	if (f->out) {
		fwrite(s, 1, n, f->out);
		return true;
	}
	if (f->width > f->limit || n > FLAT_BYTES - f->n)
		return false;
	memcpy(f->s + f->n, s, n);
	f->n += (uint32_t)n;
	return true;
}

static bool
add(Flat *f, const char *s)
{
	return add_bytes(f, s, strlen(s));
}

static bool
add_number(Flat *f, const char *before, IrU128 v)
{
	char digits[48], *p = digits + sizeof digits;

	*--p = 0;
	do
		*--p = (char)('0' + (int)(v % 10));
	while (v /= 10);
	return add(f, before) && add(f, p);
}

/* The shortest decimal that reads back as the same number. */
void
ir_format_real(char *to, size_t n, double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof bits);
	if (isnan(v)) {
		if (bits == 0x7ff8000000000000u)
			snprintf(to, n, "nan");
		else
			snprintf(to, n, "nan:%016" PRIx64, bits);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(to, n, "%.*g", digits, v);
		if (strtod(to, NULL) == v)
			break;
	}
	if (!strpbrk(to, ".einf"))
		snprintf(to + strlen(to), n - strlen(to), ".0");
}

static bool
add_real(Flat *f, double v)
{
	char s[64];

	ir_format_real(s, sizeof s, v);
	return add(f, s);
}

/* Length of a whole UTF-8 sequence of more than one byte at `s`, else 0. */
static size_t
utf8_sequence(const unsigned char *s, size_t n)
{
	size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

	if (s[0] < 0xc2 || s[0] > 0xf4 || len > n)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

static bool
add_escaped(Flat *f, const char *s, size_t n, size_t *at)
{
	static const char escapes[] = "\nn\tt\rr\"\"\\\\";
	unsigned char c = (unsigned char)s[*at];
	char hex[8] = {'\\'};
	size_t len = c >= 0x80 ? utf8_sequence((const unsigned char *)s + *at, n - *at) : 0;

	if (len) {
		bool ok = add_bytes(f, s + *at, len);
		*at += len;
		return ok;
	}
	++*at;
	for (const char *e = escapes; *e; e += 2)
		if ((unsigned char)*e == c) {
			hex[1] = e[1];
			return add(f, hex);
		}
	if (c >= 0x20 && c < 0x7f)
		return add_bytes(f, (char *)&c, 1);
	snprintf(hex, sizeof hex, "\\x%02x", c);
	return add(f, hex);
}

static bool
add_quoted(Flat *f, const char *s, size_t n)
{
	if (!add(f, "\""))
		return false;
	for (size_t i = 0; i < n; )
		if (!add_escaped(f, s, n, &i))
			return false;
	return add(f, "\"");
}

/* Bytes of several lines are printed line by line even if they would fit. */
static bool
is_one_line(const Text *t)
{
	const char *newline = t->n ? memchr(t->s, '\n', t->n) : NULL;

	return !newline || newline == t->s + t->n - 1;
}

static bool add_node(Flat *f, const Interner *names, const IrType *t, const void *node);

static bool
add_scalar(Flat *f, const Interner *names, const IrType *t, const char *at, bool optional)
{
	switch (t->kind) {
	case IR_BOOL:
		return add(f, *(const bool *)at ? "true" : "false");
	case IR_U8:
		return add_number(f, "", *(const uint8_t *)at);
	case IR_U32:
		return add_number(f, "", ir_word_at(at));
	case IR_U64:
		return add_number(f, "", *(const uint64_t *)at);
	case IR_I64: {
		int64_t v = *(const int64_t *)at;
		return v < 0 ? add_number(f, "-", 0 - (uint64_t)v) : add_number(f, "", (uint64_t)v);
	}
	case IR_U128:
		return add_number(f, "", *(const IrU128 *)at);
	case IR_F64:
		return add_real(f, *(const double *)at);
	case IR_STR: {
		Text s = intern_text(names, ir_word_at(at));
		return optional && !s.n ? add(f, "-") : add_quoted(f, s.s, s.n);
	}
	case IR_BYTES:
		return (f->out || is_one_line((const Text *)at))
		    && add_quoted(f, ((const Text *)at)->s, ((const Text *)at)->n);
	case IR_SPAN:
		return add_number(f, "@", ((const Span *)at)->start)
		    && add_number(f, "+", ((const Span *)at)->len);
	case IR_ENUM:
		return add(f, t->ctors[ir_word_at(at)].name);
	case IR_ID:
		if (ir_word_at(at) == IR_NONE)
			return add(f, "-");
		return add_number(f, t->prefix, ir_word_at(at));
	case IR_SUM:
	case IR_PRODUCT:
		break;
	}
	return ir_pointer_at(at) ? add_node(f, names, t, ir_pointer_at(at)) : add(f, "-");
}

static bool
add_field(Flat *f, const Interner *names, const IrField *field, const char *at)
{
	if (field->mode != IR_LIST)
		return add_scalar(f, names, field->type, at, field->mode == IR_OPTIONAL);
	const IrList *list = (const IrList *)at;
	size_t size = ir_element_size(field->type);
	if (!add(f, "["))
		return false;
	for (uint32_t i = 0; i < list->len; i++)
		if ((i && !add(f, " "))
		    || !add_scalar(f, names, field->type, (const char *)list->at + i * size, false))
			return false;
	return add(f, "]");
}

static bool
add_node(Flat *f, const Interner *names, const IrType *t, const void *node)
{
	const IrCtor *c = ir_ctor(t, node);
	bool named = t->kind == IR_SUM;

	if (named && !c->nfields)
		return add(f, c->name);
	if (!add(f, "(") || (named && !add(f, c->name)))
		return false;
	for (uint32_t i = 0; i < c->nfields; i++)
		if (((named || i) && !add(f, " "))
		    || !add_field(f, names, &c->fields[i], (const char *)node + c->fields[i].offset))
			return false;
	return add(f, ")");
}

/* ---- Broken over lines ---- */

static uint32_t
deeper(uint32_t indent)
{
	return indent < MAX_INDENT ? indent + INDENT : indent;
}

static void
new_line(Dumper *d, uint32_t indent)
{
	fprintf(d->out, "\n%*s", (int)indent, "");
	d->column = indent;
	d->glue = true;
	d->must_break = false;
}

static void
text(Dumper *d, const char *s)
{
	fputs(s, d->out);
	d->column += (uint32_t)strlen(s);
}

/* Does the value fit on a line of which `used` columns are taken?  Leaves it in `flat`. */
static bool
fits(Dumper *d, const IrField *f, const char *at, uint32_t used)
{
	d->flat.n = d->flat.width = 0;
	d->flat.limit = used < WIDTH ? WIDTH - used : 0;
	return add_field(&d->flat, d->names, f, at);
}

static void
put_flat(Dumper *d)
{
	if (!d->glue)
		fputc(' ', d->out);
	fwrite(d->flat.s, 1, d->flat.n, d->out);
	d->column += d->flat.width + !d->glue;
	d->glue = false;
}

/* The value, if it is a text of several lines; else empty. */
static Text
text_of(const Dumper *d, const IrField *f, const char *at)
{
	Text s = {"", 0};

	if (f->mode == IR_LIST)
		return s;
	if (f->type->kind == IR_BYTES)
		s = *(const Text *)at;
	else if (f->type->kind == IR_STR)
		s = intern_text(d->names, ir_word_at(at));
	return is_one_line(&s) ? (Text){"", 0} : s;
}

/* `{`, one string per line, `}` */
static void
put_lines(Dumper *d, Text s, uint32_t indent)
{
	text(d, "{");
	for (size_t from = 0, n; from < s.n; from += n) {
		const char *end = memchr(s.s + from, '\n', s.n - from);
		n = end ? (size_t)(end - (s.s + from)) + 1 : s.n - from;
		new_line(d, deeper(indent));
		add_quoted(&d->plain, s.s + from, n);
	}
	new_line(d, indent);
	text(d, "}");
}

static void put_fields(Dumper *d, const IrCtor *c, const char *node, uint32_t indent,
    uint32_t after);
static void put_field(Dumper *d, const IrField *f, const char *at, uint32_t indent, uint32_t after);

static void
put_node(Dumper *d, const IrType *t, const void *node, uint32_t indent, uint32_t after)
{
	const IrCtor *c = ir_ctor(t, node);

	text(d, "(");
	d->glue = true;
	if (t->kind == IR_SUM) {
		text(d, c->name);
		d->glue = false;
	}
	put_fields(d, c, node, indent, after);
}

/* A value that did not fit, at the current column. */
static void
put_broken(Dumper *d, const IrField *f, const char *at, uint32_t indent, uint32_t after)
{
	const IrType *t = f->type;

	if (ir_is_node(t)) {
		put_node(d, t, ir_pointer_at(at), indent, after);
		return;
	}
	text(d, d->glue ? "" : " ");
	d->plain.width = 0;
	add_scalar(&d->plain, d->names, t, at, false);
	d->column += d->plain.width;
}

/* A list of nodes: one to a line, with the number that ids use behind or above it. */
static void
put_node_list(Dumper *d, const IrField *f, const IrList *list, uint32_t indent)
{
	const IrField one = {f->name, f->type, 0, IR_ONE};
	uint32_t inner = deeper(indent);

	text(d, "[");
	for (uint32_t i = 0; i < list->len; i++) {
		const char *at = (const char *)list->at + i * sizeof(void *);
		char number[32] = "";
		if (f->type->prefix)
			snprintf(number, sizeof number, "; %.16s%u", f->type->prefix, i);
		new_line(d, inner);
		if (fits(d, &one, at, inner)) {
			put_flat(d);
			fprintf(d->out, "%s%s", *number ? " " : "", number);
			continue;
		}
		if (*number) {
			text(d, number);
			new_line(d, inner);
		}
		put_broken(d, &one, at, inner, 0);
	}
	new_line(d, indent);
	text(d, "]");
}

/* Filled like a paragraph: the brackets stay with the first and the last element. */
static void
put_scalar_list(Dumper *d, const IrField *f, const IrList *list, uint32_t indent, uint32_t after)
{
	const IrField one = {f->name, f->type, 0, IR_ONE};
	size_t size = ir_element_size(f->type);

	text(d, d->glue ? "[" : " [");
	d->glue = true;
	for (uint32_t i = 0; i < list->len; i++)
		put_field(d, &one, (const char *)list->at + i * size, deeper(indent),
		    i + 1 == list->len ? after + 1 : 0);
	text(d, "]");
}

/* Where there is only one part, it begins behind its parent instead of one level deeper. */
static bool
hugs(const IrCtor *c)
{
	return c->nfields == 1 && c->fields[0].mode != IR_LIST && ir_is_node(c->fields[0].type);
}

/* Some values begin behind the one before them even if they take several lines. */
static bool
runs_on(const Dumper *d, const IrField *f, const char *at)
{
	return f->mode == IR_LIST ? !ir_is_node(f->type) : text_of(d, f, at).n > 0;
}

static void
put_several_lines(Dumper *d, const IrField *f, const char *at, uint32_t indent, uint32_t after)
{
	Text s = text_of(d, f, at);

	if (s.n) {
		text(d, d->glue ? "" : " ");
		put_lines(d, s, indent - INDENT);
	} else if (f->mode == IR_LIST && ir_is_node(f->type)) {
		put_node_list(d, f, (const IrList *)at, indent);
	} else if (f->mode == IR_LIST) {
		put_scalar_list(d, f, (const IrList *)at, indent, after);
	} else {
		put_broken(d, f, at, indent, after);
	}
	d->glue = false;
	d->must_break = true;
}

static void
put_field(Dumper *d, const IrField *f, const char *at, uint32_t indent, uint32_t after)
{
	if (!d->must_break && fits(d, f, at, d->column + !d->glue + after)) {
		put_flat(d);
		return;
	}
	if (fits(d, f, at, indent + after)) {
		new_line(d, indent);
		put_flat(d);
		return;
	}
	if (d->column > indent && (d->must_break || !runs_on(d, f, at)))
		new_line(d, indent);
	put_several_lines(d, f, at, indent, after);
}

static void
put_fields(Dumper *d, const IrCtor *c, const char *node, uint32_t indent, uint32_t after)
{
	if (hugs(c) && ir_pointer_at(node + c->fields[0].offset)) {
		text(d, d->glue ? "" : " ");
		put_node(d, c->fields[0].type, ir_pointer_at(node + c->fields[0].offset), indent,
		    after + 1);
	} else {
		for (uint32_t i = 0; i < c->nfields; i++)
			put_field(d, &c->fields[i], node + c->fields[i].offset, deeper(indent),
			    i + 1 == c->nfields ? after + 1 : 0);
	}
	text(d, ")");
	d->glue = false;
}

/* ---- Interface ---- */

void
ir_dump_node(FILE *out, const Interner *names, const IrType *t, const void *node)
{
	Dumper d = {.out = out, .names = names, .glue = true, .plain.out = out};
	const IrField one = {t->name, t, 0, IR_ONE};
	const IrPointer at = (void *)node;

	if (fits(&d, &one, (const char *)&at, 0))
		put_flat(&d);
	else
		put_node(&d, t, node, 0, 0);
	fputc('\n', out);
}

static bool
flat_record(Dumper *d, const IrType *t, const char *payload)
{
	Flat *f = &d->flat;

	f->n = f->width = 0;
	f->limit = WIDTH;
	bool ok = add(f, "(") && add(f, t->name);
	for (uint32_t i = 0; ok && i < t->ctors->nfields; i++) {
		const IrField *field = &t->ctors->fields[i];
		ok = add(f, " ") && add_field(f, d->names, field, payload + field->offset);
	}
	return ok && add(f, ")");
}

void
ir_dump_record(FILE *out, const Interner *names, const IrSchema *schema, uint32_t kind,
    const void *payload, uint32_t number)
{
	const IrType *t = schema->records[kind];
	Dumper d = {.out = out, .names = names, .glue = true, .plain.out = out};

	if (flat_record(&d, t, payload)) {
		put_flat(&d);
		if (t->prefix)
			fprintf(out, " ; %s%u", t->prefix, number);
		fputc('\n', out);
		return;
	}
	fputc('\n', out);
	if (t->prefix)
		fprintf(out, "; %s%u\n", t->prefix, number);
	text(&d, "(");
	text(&d, t->name);
	d.glue = false;
	put_fields(&d, t->ctors, payload, 0, 0);
	fputc('\n', out);
}

void
ir_dump_quoted(FILE *out, const char *s, size_t n)
{
	Flat line = {.out = out};

	add_quoted(&line, s, n);
}

void
ir_dump_header(FILE *out, const IrReader *in, uint32_t version)
{
	const char *name, *value;

	fprintf(out, "ir %s %u\nproducer ", ir_name(in), version);
	ir_dump_quoted(out, ir_producer(in), strlen(ir_producer(in)));
	fprintf(out, "\ntarget ");
	ir_dump_quoted(out, ir_target(in), strlen(ir_target(in)));
	fputc('\n', out);
	for (uint32_t i = 0; ir_option_at(in, i, &name, &value); i++) {
		fprintf(out, "option ");
		ir_dump_quoted(out, name, strlen(name));
		fputc(' ', out);
		ir_dump_quoted(out, value, strlen(value));
		fputc('\n', out);
	}
}

void
ir_dump_end(FILE *out, int status, uint32_t errors)
{
	fprintf(out, "\nend %d %u\n", status, errors);
}
