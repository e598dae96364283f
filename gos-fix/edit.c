/* Edits on the text of files, and the files on the disk. */
#include "gos-fix/fix.h"

#include "lib/fatal.h"
#include "lib/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- which edits -------------------------------------------------------------------------------- */

static File *
file_of(Arena *a, Files *files, const char *path)
{
	File f = {.path = path};
	Text text;

	for (uint32_t i = 0; i < files->len; i++)
		if (!strcmp(files->at[i].path, path))
			return &files->at[i];
	if (file_read(a, path, &text) != FILE_OK)
		fatal("cannot read `%s`: %s", path, strerror(errno));
	f.text = text.s;
	f.len = (uint32_t)text.n;
	vec_push(a, files, f);
	return &files->at[files->len - 1];
}

static bool
same_edit(const Edit *a, const Edit *b)
{
	return a->start == b->start && a->end == b->end && a->text_len == b->text_len
	    && !memcmp(a->text, b->text, a->text_len);
}

/* Two insertions at one place would come in an order that nobody has asked for. */
static bool
overlaps(const Edit *a, const Edit *b)
{
	if (a->start == a->end || b->start == b->end)
		return a->start <= b->end && b->start <= a->end;
	return a->start < b->end && b->start < a->end;
}

static bool
fits(Arena *a, Files *files, const Fix *fix)
{
	for (uint32_t i = 0; i < fix->edits.len; i++) {
		const Edit *e = &fix->edits.at[i];
		const File *f = file_of(a, files, e->file);

		if (e->end > f->len)
			fatal("the fix of %s does not fit `%s`, which has changed since", fix->code, e->file);
		for (uint32_t k = 0; k < f->edits.len; k++)
			if (overlaps(e, &f->edits.at[k]) && !same_edit(e, &f->edits.at[k]))
				return false;
	}
	return true;
}

/* An edit that two fixes share, such as a `use`, is made once. */
static void
take_edit(Arena *a, File *f, Edit e)
{
	for (uint32_t k = 0; k < f->edits.len; k++)
		if (same_edit(&e, &f->edits.at[k]))
			return;
	vec_push(a, &f->edits, e);
}

static int
by_place(const void *a, const void *b)
{
	const Edit *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

Files
fix_choose(Arena *a, Fixes *fixes)
{
	Files files = {0};

	for (uint32_t i = 0; i < fixes->len; i++) {
		Fix *fix = &fixes->at[i];

		fix->taken = fits(a, &files, fix);
		for (uint32_t k = 0; fix->taken && k < fix->edits.len; k++)
			take_edit(a, file_of(a, &files, fix->edits.at[k].file), fix->edits.at[k]);
	}
	for (uint32_t i = 0; i < files.len; i++)
		if (files.at[i].edits.len)
			qsort(files.at[i].edits.at, files.at[i].edits.len, sizeof(Edit), by_place);
	return files;
}

const char *
fix_apply(Arena *a, File *f, uint32_t *len)
{
	uint32_t room = f->len + 1, at = 0, n = 0;
	char *text;

	for (uint32_t i = 0; i < f->edits.len; i++)
		room += f->edits.at[i].text_len;
	text = arena_array(a, char, room);
	for (uint32_t i = 0; i < f->edits.len; i++) {
		const Edit *e = &f->edits.at[i];

		memcpy(text + n, f->text + at, e->start - at);
		n += e->start - at;
		memcpy(text + n, e->text, e->text_len);
		n += e->text_len;
		at = e->end;
	}
	memcpy(text + n, f->text + at, f->len - at);
	*len = n + f->len - at;
	return text;
}

/* ---- the disk ----------------------------------------------------------------------------------- */

void
fix_write(Arena *a, const char *path, const char *text, uint32_t len)
{
	char *real = realpath(path, NULL);
	struct stat st;

	if (!real || stat(real, &st) < 0)
		fatal("cannot find `%s`: %s", path, strerror(errno));
	if (access(real, W_OK) < 0 || !file_replace(a, real, (Text){text, len}, st.st_mode & 07777))
		fatal("cannot write `%s`: %s", path, strerror(errno));
	free(real);
}

/* ---- the difference ----------------------------------------------------------------------------- */

static void
put_lines(FILE *out, char sign, const char *text, size_t n)
{
	const char *end = text + n;

	while (text < end) {
		const char *nl = memchr(text, '\n', (size_t)(end - text));
		size_t len = nl ? (size_t)(nl - text) : (size_t)(end - text);

		fprintf(out, "%c%.*s\n", sign, (int)len, text);
		text += len + (nl != NULL);
	}
}

/* The lines that a run of edits touches, before and after. */
static void
show_run(Arena *a, const File *f, uint32_t from, uint32_t to, uint32_t line, FILE *out)
{
	uint32_t start = f->edits.at[from].start, end = f->edits.at[to - 1].end, len;
	File part = {.path = f->path};
	const char *text;

	while (start && f->text[start - 1] != '\n')
		start--;
	while (end < f->len && f->text[end] != '\n')
		end++;
	end += end < f->len;
	part.text = f->text + start;
	part.len = end - start;
	for (uint32_t i = from; i < to; i++) {
		Edit e = f->edits.at[i];
		e.start -= start;
		e.end -= start;
		vec_push(a, &part.edits, e);
	}
	fprintf(out, "@@ line %u @@\n", line);
	put_lines(out, '-', part.text, part.len);
	text = fix_apply(a, &part, &len);
	put_lines(out, '+', text, len);
}

void
fix_show(Arena *a, File *f, FILE *out)
{
	uint32_t line = 1, at = 0;

	fprintf(out, "--- %s\n+++ %s\n", f->path, f->path);
	for (uint32_t i = 0, k; i < f->edits.len; i = k) {
		for (; at < f->edits.at[i].start; at++)
			line += f->text[at] == '\n';
		/* Edits of one line, or of lines that touch, are shown together. */
		for (k = i + 1; k < f->edits.len; k++)
			if (memchr(f->text + f->edits.at[k - 1].end, '\n',
			    f->edits.at[k].start - f->edits.at[k - 1].end))
				break;
		show_run(a, f, i, k, line, out);
	}
}
