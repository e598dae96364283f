/* Positions to files, lines and columns.  See source.h. */
#include "lib/source.h"
#include "lib/fatal.h"
#include "lib/utf8.h"

#include <string.h>

void
sources_init(Sources *s, Arena *a)
{
	*s = (Sources){.arena = a};
}

/* 64-bit so that a full position space shows instead of wrapping. */
static uint64_t
next_base(const Sources *s)
{
	if (s->files.len == 0)
		return 0;
	const SourceFile *last = &vec_last(&s->files);
	return (uint64_t)last->base + last->len + 1;
}

uint32_t
sources_next_base(const Sources *s)
{
	return (uint32_t)next_base(s);
}

bool
source_add_at(Sources *s, const char *path, uint32_t base, const char *text, size_t len)
{
	uint64_t end = (uint64_t)base + len;
	uint32_t at = s->files.len;

	while (at && s->files.at[at - 1].base > base)
		at--;
	if (end >= UINT32_MAX || (at < s->files.len && end >= s->files.at[at].base) ||
	    (at && s->files.at[at - 1].base + (uint64_t)s->files.at[at - 1].len >= base))
		return false;
	vec_push(s->arena, &s->files, (SourceFile){0});
	memmove(s->files.at + at + 1, s->files.at + at, sizeof(SourceFile) * (s->files.len - 1 - at));
	s->files.at[at] = (SourceFile){.path = path, .text = text, .base = base, .len = (uint32_t)len};
	return true;
}

uint32_t
source_add(Sources *s, const char *path, const char *text, size_t len)
{
	if (next_base(s) + len >= UINT32_MAX)
		fatal("the sources are more than 4 GiB together (at `%s`)", path);
	source_add_at(s, path, (uint32_t)next_base(s), text, len);
	return s->files.len - 1;
}

SourceFile *
source_find(const Sources *s, uint32_t pos)
{
	uint32_t lo = 0, hi = s->files.len;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		SourceFile *f = &s->files.at[mid];
		if (pos < f->base)
			hi = mid;
		else if (pos > f->base + f->len)
			lo = mid + 1;
		else
			return f;
	}
	return NULL;
}

static void
index_lines(const Sources *s, SourceFile *f)
{
	if (f->lines.len)
		return;
	vec_push(s->arena, &f->lines, 0);
	for (const char *p = f->text, *end = p + f->len; p < end;) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
		p = nl + 1;
		vec_push(s->arena, &f->lines, (uint32_t)(p - f->text));
	}
}

uint32_t
source_line_of(const Sources *s, SourceFile *f, uint32_t pos)
{
	uint32_t at = pos - f->base;

	index_lines(s, f);
	uint32_t lo = 0, hi = f->lines.len;	/* the last line that starts at or before `at` */
	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (f->lines.at[mid] <= at)
			lo = mid;
		else
			hi = mid;
	}
	return lo + 1;
}

uint32_t
source_line_count(const Sources *s, SourceFile *f)
{
	index_lines(s, f);
	return f->lines.len;
}

uint32_t
source_line_start(const Sources *s, SourceFile *f, uint32_t line)
{
	index_lines(s, f);
	return f->base + f->lines.at[line - 1];
}

Text
source_line_text(const Sources *s, SourceFile *f, uint32_t line)
{
	uint32_t start = source_line_start(s, f, line) - f->base;
	uint32_t end = line < f->lines.len ? f->lines.at[line] - 1 : f->len;

	if (end > start && f->text[end - 1] == '\r')
		end--;
	return (Text){f->text + start, end - start};
}

SourcePlace
source_place(const Sources *s, uint32_t pos)
{
	SourceFile *f = source_find(s, pos);

	if (!f)
		return (SourcePlace){0};
	uint32_t line = source_line_of(s, f, pos);
	uint32_t start = source_line_start(s, f, line);
	size_t before = utf8_count(f->text + (start - f->base), pos - start);
	return (SourcePlace){f, line, (uint32_t)before + 1};
}

Text
source_span_text(const Sources *s, Span span)
{
	SourceFile *f = source_find(s, span.start);

	if (!f || span.len > f->base + f->len - span.start)
		return (Text){"", 0};
	return (Text){f->text + (span.start - f->base), span.len};
}
