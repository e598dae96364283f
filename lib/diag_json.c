/* Diagnostics for programs: JSON lines and the one-line form.  See diag_render.h. */
#include "lib/diag_render.h"
#include "lib/utf8.h"

#include <string.h>

const char *
diag_level_name(DiagLevel level)
{
	return level == DIAG_ERROR ? "error" : "warning";
}

void
diag_render_short(const Diags *ds, const Diag *d, FILE *f)
{
	SourcePlace at = source_place(ds->sources, d->primary.span.start);

	if (at.file)
		fprintf(f, "%s:%u:%u: ", at.file->path, at.line, at.column);
	fprintf(f, "%s[%s]: %s\n", diag_level_name(d->level), diag_info(d->code)->code, d->title);
}

static void
put_char(FILE *f, const char *s, uint32_t len)
{
	unsigned char c = (unsigned char)*s;

	if (c == '"' || c == '\\')
		fprintf(f, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", f);
	else if (c < 0x20 || c == 0x7f)
		fprintf(f, "\\u%04x", c);
	else
		fwrite(s, 1, len, f);
}

static void
put_string(FILE *f, const char *s)
{
	size_t n = strlen(s);

	fputc('"', f);
	while (n) {
		uint32_t scalar, len = utf8_decode(s, n, &scalar);
		if (len)
			put_char(f, s, len);
		else
			fputs("\\ufffd", f);
		s += len ? len : 1;
		n -= len ? len : 1;
	}
	fputc('"', f);
}

static void
put_field(FILE *f, const char *name, const char *value)
{
	fprintf(f, ",\"%s\":", name);
	put_string(f, value);
}

/* The fields of a place, without braces; bytes count from the start of the file. */
static void
put_span(const Diags *ds, Span span, FILE *f)
{
	SourcePlace a = source_place(ds->sources, span.start);
	SourcePlace b = source_place(ds->sources, span_end(span));

	if (!a.file || b.file != a.file) {
		fputs("\"file\":null", f);
		return;
	}
	fputs("\"file\":", f);
	put_string(f, a.file->path);
	fprintf(f, ",\"start\":{\"line\":%u,\"column\":%u,\"byte\":%u}", a.line, a.column,
	    span.start - a.file->base);
	fprintf(f, ",\"end\":{\"line\":%u,\"column\":%u,\"byte\":%u}", b.line, b.column,
	    span_end(span) - a.file->base);
}

static void
put_label(const Diags *ds, const DiagLabel *l, FILE *f)
{
	fputc('{', f);
	put_span(ds, l->span, f);
	put_field(f, "text", l->text);
	fputc('}', f);
}

static void
put_fix(const Diags *ds, const DiagFix *fix, FILE *f)
{
	fprintf(f, "{\"safety\":\"%s\"", fix->safety == DIAG_SAFE ? "safe" : "review");
	put_field(f, "title", fix->title);
	fputs(",\"edits\":[", f);
	for (uint32_t i = 0; i < fix->edits.len; i++) {
		fputs(i ? ",{" : "{", f);
		put_span(ds, fix->edits.at[i].span, f);
		put_field(f, "text", fix->edits.at[i].text);
		fputc('}', f);
	}
	fputs("]}", f);
}

void
diag_render_json(const Diags *ds, const Diag *d, FILE *f)
{
	const DiagInfo *info = diag_info(d->code);

	fprintf(f, "{\"code\":\"%s\"", info->code);
	put_field(f, "slug", info->slug);
	put_field(f, "level", diag_level_name(d->level));
	put_field(f, "title", d->title);
	fputs(",\"primary\":", f);
	if (source_find(ds->sources, d->primary.span.start))
		put_label(ds, &d->primary, f);
	else
		fputs("null", f);
	fputs(",\"labels\":[", f);
	for (uint32_t i = 0; i < d->label_count; i++) {
		fputs(i ? "," : "", f);
		put_label(ds, &d->labels[i], f);
	}
	fputs("]", f);
	if (d->note)
		put_field(f, "note", d->note);
	if (d->help)
		put_field(f, "help", d->help);
	fputs(",\"fixes\":[", f);
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		fputs(i ? "," : "", f);
		put_fix(ds, &d->fixes.at[i], f);
	}
	fputs("]}\n", f);
}
