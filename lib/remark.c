/* Source with remarks under its lines.  See remark.h. */
#include "lib/remark.h"
#include "lib/show.h"

#include <stdlib.h>
#include <string.h>

void
remarks_add(Remarks *r, Span span, const char *text)
{
	vec_push(r->arena, &r->list, (Remark){span, text, r->list.len});
}

static int
by_place(const void *a, const void *b)
{
	const Remark *x = a, *y = b;

	if (x->span.start != y->span.start)
		return x->span.start < y->span.start ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Does an earlier one about the same place say the same? */
static bool
is_repeated(const Remarks *r, uint32_t i)
{
	const Remark *x = &r->list.at[i];

	for (uint32_t k = i; k-- > 0 && r->list.at[k].span.start == x->span.start; )
		if (r->list.at[k].span.len == x->span.len && strcmp(r->list.at[k].text, x->text) == 0)
			return true;
	return false;
}

static void
sort_and_tidy(Remarks *r)
{
	uint32_t n = 0;

	if (r->list.len)
		qsort(r->list.at, r->list.len, sizeof *r->list.at, by_place);
	for (uint32_t i = 0; i < r->list.len; i++)
		if (!is_repeated(r, i))
			r->list.at[n++] = r->list.at[i];
	r->list.len = n;
}

/* ---- Printing ---- */

typedef struct Page {
	const Remarks *r;
	SourceFile *file;
	int gutter;
	FILE *f;
} Page;

static void
put_remark(Page *p, uint32_t line, Text text, const Remark *x)
{
	uint32_t from = x->span.start - source_line_start(p->r->sources, p->file, line);
	uint32_t to = x->span.len > text.n - from ? text.n : from + x->span.len;
	uint32_t column = show_columns(text.s, from), end = show_columns(text.s, to);

	fprintf(p->f, "%*s | %*s^", p->gutter, "", (int)column, "");
	while (++column < end)
		fputc('~', p->f);
	fprintf(p->f, " %s\n", x->text);
}

/* The line, and the remarks from `i` on that begin on it; the next one. */
static uint32_t
put_line(Page *p, uint32_t line, uint32_t i)
{
	Text text = source_line_text(p->r->sources, p->file, line);
	uint32_t end = source_line_start(p->r->sources, p->file, line) + text.n;

	fprintf(p->f, "%*u |%s", p->gutter, line, text.n ? " " : "");
	show_text(p->f, text.s, text.n);
	fputc('\n', p->f);
	for (; i < p->r->list.len && p->r->list.at[i].span.start <= end; i++)
		put_remark(p, line, text, &p->r->list.at[i]);
	return i;
}

static uint32_t
line_of(const Page *p, uint32_t i)
{
	if (i == p->r->list.len || source_find(p->r->sources, p->r->list.at[i].span.start) != p->file)
		return 0;
	return source_line_of(p->r->sources, p->file, p->r->list.at[i].span.start);
}

/* The file's remarks begin at `i`; where the next file's do. */
static uint32_t
put_file(Page *p, uint32_t i, bool whole)
{
	uint32_t lines = source_line_count(p->r->sources, p->file), last = 0;

	p->gutter = show_digits(lines) + 1;
	fprintf(p->f, "%s\n", p->file->path);
	if (whole) {
		for (uint32_t line = 1; line <= lines; line++)
			i = put_line(p, line, i);
		return i;
	}
	for (uint32_t line; (line = line_of(p, i)); last = line) {
		if (last && line > last + 1)
			fprintf(p->f, "%*s\n", p->gutter + 1, "...");
		i = put_line(p, line, i);
	}
	return i;
}

uint32_t
remarks_print(Remarks *r, bool whole, FILE *f)
{
	sort_and_tidy(r);
	for (uint32_t i = 0; i < r->list.len; ) {
		Page p = {r, source_find(r->sources, r->list.at[i].span.start), 0, f};
		i = p.file ? put_file(&p, i, whole) : i + 1;
	}
	return r->list.len;
}
