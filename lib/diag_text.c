/*
 * Diagnostics for people: the frame of source lines with labels under them.
 *
 * A label on one line is one Mark; a label over several lines is two, one on its first
 * line and one, with the text, on its last.  Columns are terminal columns (lib/show.h).
 */
#include "lib/diag_render.h"
#include "lib/show.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MARKS_MAX = 6, LONG_LINE = 400, BEFORE = 80, SHOWN = 200 };

typedef struct Mark {
	const SourceFile *file;
	uint32_t line;
	uint32_t from, to;	/* bytes within the line */
	uint32_t column, end;	/* terminal columns, from 0; set when the line is drawn */
	const char *text;
	bool primary;
} Mark;

typedef struct Frame {
	FILE *f;
	const Sources *sources;
	DiagLevel level;
	bool color;
	int gutter;		/* width of the widest line number */
	Mark marks[MARKS_MAX];
	uint32_t n;
} Frame;

/* The part of a line that is shown. */
typedef struct Window {
	const char *s;
	uint32_t n;
	uint32_t offset;	/* bytes of the line that were cut before it */
} Window;

static const char RESET[] = "\033[0m", BOLD[] = "\033[1m", RED[] = "\033[1;31m";
static const char YELLOW[] = "\033[1;33m", BLUE[] = "\033[1;34m", GREEN[] = "\033[1;32m";

static void
paint(const Frame *fr, const char *color)
{
	if (fr->color)
		fputs(color, fr->f);
}

static const char *
level_color(const Frame *fr)
{
	return fr->level == DIAG_ERROR ? RED : YELLOW;
}

static void
put_colored(const Frame *fr, const char *color, const char *text)
{
	paint(fr, color);
	fputs(text, fr->f);
	paint(fr, RESET);
}

static bool
use_color(FILE *f)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	switch (diag_color) {
	case DIAG_COLOR_ALWAYS:
		return true;
	case DIAG_COLOR_NEVER:
		return false;
	case DIAG_COLOR_AUTO:
		break;
	}
	return !(no && *no) && !(term && strcmp(term, "dumb") == 0) && isatty(fileno(f));
}

/* ---- marks --------------------------------------------------------------------------------- */

static void
add_mark(Frame *fr, const SourceFile *file, uint32_t line, uint32_t from, uint32_t to,
    const DiagLabel *l, bool primary, bool with_text)
{
	fr->marks[fr->n++] = (Mark){.file = file, .line = line, .from = from, .to = to,
	    .text = with_text ? l->text : "", .primary = primary};
}

static uint32_t
leading_blanks(Text line)
{
	uint32_t i = 0;

	while (i < line.n && (line.s[i] == ' ' || line.s[i] == '\t'))
		i++;
	return i;
}

static void
add_label(Frame *fr, const DiagLabel *l, bool primary)
{
	SourceFile *file = source_find(fr->sources, l->span.start);

	if (!file)
		return;
	uint32_t limit = file->base + file->len;
	uint32_t stop = l->span.len > limit - l->span.start ? limit : span_end(l->span);
	uint32_t first = source_line_of(fr->sources, file, l->span.start);
	uint32_t last = source_line_of(fr->sources, file, stop);
	uint32_t start = source_line_start(fr->sources, file, first);
	/* A span that ends with its newline ends on that line. */
	if (last > first && stop == source_line_start(fr->sources, file, last))
		stop = source_line_start(fr->sources, file, last--) - 1;
	if (first == last) {
		add_mark(fr, file, first, l->span.start - start, stop - start, l, primary, true);
		return;
	}
	Text a = source_line_text(fr->sources, file, first);
	Text b = source_line_text(fr->sources, file, last);
	uint32_t from = l->span.start - start;
	add_mark(fr, file, first, from, a.n > from ? a.n : from, l, primary, false);
	add_mark(fr, file, last, leading_blanks(b),
	    stop - source_line_start(fr->sources, file, last), l, primary, true);
}

static void
measure_gutter(Frame *fr)
{
	fr->gutter = 1;
	for (uint32_t i = 0; i < fr->n; i++)
		if (show_digits(fr->marks[i].line) > fr->gutter)
			fr->gutter = show_digits(fr->marks[i].line);
}

/* ---- one line ------------------------------------------------------------------------------ */

static void
put_gutter(const Frame *fr, const char *after)
{
	fprintf(fr->f, "%*s ", fr->gutter, "");
	put_colored(fr, BLUE, "|");
	fputs(after, fr->f);
}

static uint32_t
char_start(const char *s, uint32_t at)
{
	while (at && (s[at] & 0xc0) == 0x80)
		at--;
	return at;
}

static Window
window_of(Text line, Mark **marks, uint32_t n)
{
	uint32_t first = line.n;

	if (line.n <= LONG_LINE)
		return (Window){line.s, line.n, 0};
	for (uint32_t i = 0; i < n; i++)
		if (marks[i]->from < first)
			first = marks[i]->from;
	uint32_t from = n && first > BEFORE ? char_start(line.s, first - BEFORE) : 0;
	uint32_t to = line.n - from > SHOWN ? char_start(line.s, from + SHOWN) : line.n;
	return (Window){line.s + from, to - from, from};
}

static void
place_mark(Mark *m, Window w)
{
	uint32_t from = m->from > w.offset ? m->from - w.offset : 0;
	uint32_t to = m->to > w.offset ? m->to - w.offset : 0;

	if (from > w.n)
		from = w.n;
	if (to > w.n)
		to = w.n;
	uint32_t cut = w.offset ? 1 : 0;	/* the ellipsis */
	m->column = show_columns(w.s, from) + cut;
	m->end = show_columns(w.s, to) + cut;
	if (m->end <= m->column)
		m->end = m->column + 1;
}

static void
put_line(const Frame *fr, uint32_t number, Window w, bool cut_after)
{
	char text[16];

	snprintf(text, sizeof text, "%*u |", fr->gutter, number);
	put_colored(fr, BLUE, text);
	if (w.n) {
		fputs(w.offset ? " …" : " ", fr->f);
		show_text(fr->f, w.s, w.n);
	}
	fputs(cut_after ? "…\n" : "\n", fr->f);
}

/* Descending by column; the primary one first among equals. */
static void
sort_marks(Mark **marks, uint32_t n)
{
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t j = i; j; j--) {
			Mark *a = marks[j - 1], *b = marks[j];
			if (a->column > b->column || (a->column == b->column && a->primary))
				break;
			marks[j - 1] = b;
			marks[j] = a;
		}
}

static const Mark *
mark_over(Mark **marks, uint32_t n, uint32_t column)
{
	const Mark *found = NULL;

	for (uint32_t i = 0; i < n; i++)
		if (column >= marks[i]->column && column < marks[i]->end &&
		    (!found || marks[i]->primary))
			found = marks[i];
	return found;
}

static void
put_underlines(const Frame *fr, Mark **marks, uint32_t n)
{
	uint32_t end = 0;

	for (uint32_t i = 0; i < n; i++)
		if (marks[i]->end > end)
			end = marks[i]->end;
	put_gutter(fr, " ");
	for (uint32_t c = 0; c < end; c++) {
		const Mark *m = mark_over(marks, n, c);
		if (m)
			put_colored(fr, m->primary ? level_color(fr) : BLUE, m->primary ? "^" : "-");
		else
			fputc(' ', fr->f);
	}
}

/* A row with a bar for each mark from `from` on that stands left of column `limit`. */
static uint32_t
put_bars(const Frame *fr, Mark **marks, uint32_t from, uint32_t n, uint32_t limit)
{
	uint32_t at = 0;

	put_gutter(fr, " ");
	for (uint32_t i = n; i-- > from;) {
		if (!*marks[i]->text || marks[i]->column < at || marks[i]->column >= limit)
			continue;
		fprintf(fr->f, "%*s", (int)(marks[i]->column - at), "");
		put_colored(fr, marks[i]->primary ? level_color(fr) : BLUE, "|");
		at = marks[i]->column + 1;
	}
	return at;
}

/* The text of a mark; further lines of it are indented alike. */
static void
put_mark_text(const Frame *fr, const Mark *m, uint32_t column)
{
	const char *color = m->primary ? level_color(fr) : BLUE;

	for (const char *s = m->text; s;) {
		const char *nl = strchr(s, '\n');
		paint(fr, color);
		fwrite(s, 1, nl ? (size_t)(nl - s) : strlen(s), fr->f);
		paint(fr, RESET);
		fputc('\n', fr->f);
		s = nl ? nl + 1 : NULL;
		if (s) {
			put_gutter(fr, " ");
			fprintf(fr->f, "%*s", (int)column, "");
		}
	}
}

static void
put_marks(const Frame *fr, Mark **marks, uint32_t n)
{
	uint32_t next = 0;

	sort_marks(marks, n);
	put_underlines(fr, marks, n);
	/* The rightmost text stands beside its underline unless another one reaches past it. */
	bool beside = n == 1 || marks[1]->end <= marks[0]->column || !*marks[1]->text;
	if (beside && *marks[0]->text) {
		fputc(' ', fr->f);
		put_mark_text(fr, marks[0], marks[0]->end + 1);
		next = 1;
	} else {
		fputc('\n', fr->f);
	}
	bool more = false;
	for (uint32_t i = next; i < n; i++)
		more |= *marks[i]->text != 0;
	if (!more)
		return;
	put_bars(fr, marks, next, n, UINT32_MAX);
	fputc('\n', fr->f);
	for (; next < n; next++) {
		if (!*marks[next]->text)
			continue;
		uint32_t at = put_bars(fr, marks, next + 1, n, marks[next]->column);
		fprintf(fr->f, "%*s", (int)(marks[next]->column - at), "");
		put_mark_text(fr, marks[next], marks[next]->column);
	}
}

static void
draw_line(Frame *fr, SourceFile *file, uint32_t line)
{
	Mark *here[MARKS_MAX];
	uint32_t n = 0;

	for (uint32_t i = 0; i < fr->n; i++)
		if (fr->marks[i].file == file && fr->marks[i].line == line)
			here[n++] = &fr->marks[i];
	Text text = source_line_text(fr->sources, file, line);
	Window w = window_of(text, here, n);
	for (uint32_t i = 0; i < n; i++)
		place_mark(here[i], w);
	put_line(fr, line, w, w.offset + w.n < text.n);
	if (n)
		put_marks(fr, here, n);
}

/* ---- one file ------------------------------------------------------------------------------ */

/* The nearest marked line after `line`, or 0. */
static uint32_t
next_line(const Frame *fr, const SourceFile *file, uint32_t line)
{
	uint32_t best = 0;

	for (uint32_t i = 0; i < fr->n; i++) {
		uint32_t l = fr->marks[i].line;
		if (fr->marks[i].file == file && l > line && (best == 0 || l < best))
			best = l;
	}
	return best;
}

static void
draw_file(Frame *fr, SourceFile *file, uint32_t pos, bool first)
{
	SourcePlace at = source_place(fr->sources, pos);

	fprintf(fr->f, "%*s", fr->gutter, "");
	put_colored(fr, BLUE, first ? "-->" : ":::");
	fprintf(fr->f, " %s:%u:%u\n", file->path, at.line, at.column);
	put_gutter(fr, "\n");
	uint32_t line = next_line(fr, file, 0);
	while (line) {
		draw_line(fr, file, line);
		uint32_t next = next_line(fr, file, line);
		if (next == line + 2)
			draw_line(fr, file, line + 1);
		else if (next > line + 2)
			put_colored(fr, BLUE, "...\n");
		line = next;
	}
}

static void
draw_frame(Frame *fr, const Diag *d)
{
	SourceFile *file = source_find(fr->sources, d->primary.span.start);

	if (!file)
		return;
	draw_file(fr, file, d->primary.span.start, true);
	for (uint32_t i = 0; i < d->label_count; i++) {
		SourceFile *other = source_find(fr->sources, d->labels[i].span.start);
		bool seen = !other || other == file;
		for (uint32_t j = 0; j < i; j++)
			seen |= source_find(fr->sources, d->labels[j].span.start) == other;
		if (!seen)
			draw_file(fr, other, d->labels[i].span.start, false);
	}
}

/* ---- fixes --------------------------------------------------------------------------------- */

/* The line as it will read, when the fix stays within one line and leaves something there. */
static const char *
fixed_line(const Diags *ds, const DiagFix *fix)
{
	SourceFile *f = source_find(ds->sources, fix->edits.at[0].span.start);
	const DiagEdit *e = &fix->edits.at[0];

	if (!f || fix->edits.len > 1 || span_end(e->span) > f->base + f->len || strchr(e->text, '\n'))
		return NULL;
	uint32_t line = source_line_of(ds->sources, f, e->span.start);
	Text text = source_line_text(ds->sources, f, line);
	uint32_t start = source_line_start(ds->sources, f, line);
	uint32_t from = e->span.start - start, to = span_end(e->span) - start;
	if (to > text.n || text.n > LONG_LINE)
		return NULL;
	const char *s = arena_printf(ds->arena, "%.*s%s%.*s", (int)from, text.s, e->text,
	    (int)(text.n - to), text.s + to);
	s += strspn(s, " \t");
	return *s ? s : NULL;
}

static void
put_fix(const Frame *fr, const Diags *ds, const DiagFix *fix)
{
	const char *line = fixed_line(ds, fix);

	put_colored(fr, GREEN, fix->safety == DIAG_SAFE ? "fix (safe)" : "fix (review)");
	fputs(": ", fr->f);
	if (line)
		show_text(fr->f, line, (uint32_t)strlen(line));
	else
		fputs(fix->title, fr->f);
	fputc('\n', fr->f);
}

static void
put_remark(const Frame *fr, const char *kind, const char *text)
{
	if (!text)
		return;
	put_colored(fr, BOLD, kind);
	fprintf(fr->f, ": %s\n", text);
}

static void
put_title(const Frame *fr, const Diag *d)
{
	const DiagInfo *info = diag_info(d->code);

	paint(fr, level_color(fr));
	fprintf(fr->f, "%s[%s %s]", diag_level_name(d->level), info->code, info->slug);
	paint(fr, RESET);
	paint(fr, BOLD);
	fprintf(fr->f, ": %s\n", d->title);
	paint(fr, RESET);
}

void
diag_render_text(const Diags *ds, const Diag *d, FILE *f)
{
	Frame fr = {.f = f, .sources = ds->sources, .level = d->level, .color = use_color(f)};

	put_title(&fr, d);
	add_label(&fr, &d->primary, true);
	for (uint32_t i = 0; i < d->label_count; i++)
		add_label(&fr, &d->labels[i], false);
	measure_gutter(&fr);
	draw_frame(&fr, d);
	put_remark(&fr, "note", d->note);
	put_remark(&fr, "help", d->help);
	for (uint32_t i = 0; i < d->fixes.len; i++)
		put_fix(&fr, ds, &d->fixes.at[i]);
	put_remark(&fr, "learn", arena_printf(ds->arena, "gos explain %s", diag_info(d->code)->code));
	fputc('\n', f);
}
