/* Collecting diagnostics.  See diag.h; the renderers are diag_text.c and diag_json.c. */
#include "lib/diag.h"
#include "lib/diag_render.h"
#include "lib/fatal.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { STORED_MAX = 2000, ERRORS_PER_FILE = 20 };

DiagFormat diag_format = DIAG_FORMAT_TEXT;
DiagColor diag_color = DIAG_COLOR_AUTO;

#define DIAG(code, level, slug, title, text, wrong, right) \
	{#code, slug, DIAG_##level, title, text, wrong, right},
static const DiagInfo infos[] = {
#include "lib/diag.def"
};
#undef DIAG

const DiagInfo *
diag_info(DiagCode code)
{
	return &infos[code];
}

static bool
code_is(const DiagInfo *info, const char *name)
{
	const char *digits = tolower((unsigned char)name[0]) == 'g' ? name + 1 : name;

	return strlen(digits) >= 3 && atoi(digits) == atoi(info->code + 1) &&
	    strspn(digits, "0123456789") == strlen(digits);
}

const DiagInfo *
diag_info_find(const char *name)
{
	for (int i = 0; i < DIAG_CODE_COUNT; i++)
		if (strcmp(infos[i].slug, name) == 0 || code_is(&infos[i], name))
			return &infos[i];
	return NULL;
}

void
diag_init(Diags *ds, Arena *a, const Sources *sources)
{
	*ds = (Diags){.arena = a, .sources = sources};
}

static const char *
format_text(Arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	char *s = arena_array(a, char, n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

static bool
is_quiet(const Diags *ds, Span span)
{
	const SourceFile *f = span.start == DIAG_NOWHERE.start ? NULL : source_find(ds->sources, span.start);

	return f && f->quiet;
}

/* What comes after STORED_MAX is counted but not kept: a file of garbage is not worth its memory. */
static Diag *
add(Diags *ds, DiagCode code, Span span)
{
	Diag *d = &ds->overflow;

	bool quiet = infos[code].level == DIAG_WARNING && is_quiet(ds, span);

	if (infos[code].level == DIAG_ERROR)
		ds->errors++;
	else if (!quiet)
		ds->warnings++;
	if (!quiet && ds->list.len < STORED_MAX) {
		d = arena_new(ds->arena, Diag);
		vec_push(ds->arena, &ds->list, d);
	}
	*d = (Diag){.owner = ds, .code = code, .level = infos[code].level};
	d->primary = (DiagLabel){span, ""};
	return d;
}

/* Nothing is to be added: no diagnostic, or the one that is not kept. */
static bool
is_overflow(const Diag *d)
{
	return !d || d == &d->owner->overflow;
}

Diag *
diag_report(Diags *ds, DiagCode code, Span span, const char *title, ...)
{
	Diag *d = add(ds, code, span);
	va_list ap;

	if (is_overflow(d))
		return d;
	va_start(ap, title);
	d->title = format_text(ds->arena, title, ap);
	va_end(ap);
	return d;
}

Diag *
diag_report_plain(Diags *ds, DiagCode code, Span span)
{
	Diag *d = add(ds, code, span);

	/* Through printf for the sake of `%%`. */
	d->title = is_overflow(d) ? "" : arena_printf(ds->arena, infos[code].title, "");
	return d;
}

#define FORMAT_INTO(target) \
	do { \
		va_list ap_; \
		if (is_overflow(d)) \
			return; \
		va_start(ap_, fmt); \
		(target) = format_text(d->owner->arena, fmt, ap_); \
		va_end(ap_); \
	} while (0)

void
diag_primary(Diag *d, const char *fmt, ...)
{
	FORMAT_INTO(d->primary.text);
}

void
diag_label(Diag *d, Span span, const char *fmt, ...)
{
	if (is_overflow(d) || d->label_count == sizeof d->labels / sizeof *d->labels)
		return;
	DiagLabel *l = &d->labels[d->label_count];
	FORMAT_INTO(l->text);
	l->span = span;
	d->label_count++;
}

void
diag_note(Diag *d, const char *fmt, ...)
{
	FORMAT_INTO(d->note);
}

void
diag_help(Diag *d, const char *fmt, ...)
{
	FORMAT_INTO(d->help);
}

void
diag_edit(Diag *d, Span span, const char *replacement)
{
	if (is_overflow(d))
		return;
	Arena *a = d->owner->arena;
	const char *text = arena_strndup(a, replacement, strlen(replacement));
	vec_push(a, &vec_last(&d->fixes).edits, (DiagEdit){span, text});
}

void
diag_fix(Diag *d, DiagSafety safety, Span span, const char *title, const char *replacement)
{
	if (is_overflow(d))
		return;
	Arena *a = d->owner->arena;
	title = arena_strndup(a, title, strlen(title));
	vec_push(a, &d->fixes, (DiagFix){.safety = safety, .title = title});
	diag_edit(d, span, replacement);
}

uint32_t
diag_error_count(const Diags *ds)
{
	return ds->errors;
}

/* Those without a place come first. */
static uint64_t
sort_key(const Diag *d)
{
	return (uint64_t)(d->primary.span.start + 1u) << 32 | d->primary.span.len;
}

static void
merge(Diag **to, Diag **a, size_t an, Diag **b, size_t bn)
{
	while (an && bn) {
		if (sort_key(*b) < sort_key(*a)) {
			*to++ = *b++;
			bn--;
		} else {
			*to++ = *a++;
			an--;
		}
	}
	memcpy(to, a, an * sizeof *a);
	memcpy(to + an, b, bn * sizeof *b);
}

/* Merge sort, because it must be stable and qsort is not. */
static void
sort(Diag **at, Diag **tmp, size_t n)
{
	if (n < 2)
		return;
	size_t half = n / 2;
	sort(at, tmp, half);
	sort(at + half, tmp, n - half);
	merge(tmp, at, half, at + half, n - half);
	memcpy(at, tmp, n * sizeof *at);
}

static bool
same_report(const Diag *a, const Diag *b)
{
	return a->code == b->code && a->primary.span.start == b->primary.span.start &&
	    a->primary.span.len == b->primary.span.len && strcmp(a->title, b->title) == 0;
}

static void
render(const Diags *ds, const Diag *d)
{
	switch (diag_format) {
	case DIAG_FORMAT_TEXT:
		diag_render_text(ds, d, stderr);
		break;
	case DIAG_FORMAT_SHORT:
		diag_render_short(ds, d, stderr);
		break;
	case DIAG_FORMAT_JSON:
		diag_render_json(ds, d, stderr);
		break;
	}
}

/* Editors want all of them; people do not. */
static bool
too_many(const Diag *d, const SourceFile *file, uint32_t errors_here)
{
	if (diag_format == DIAG_FORMAT_JSON || d->level != DIAG_ERROR || !file)
		return false;
	return errors_here > ERRORS_PER_FILE;
}

void
diag_drop_warnings(Diags *ds)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ds->list.len; i++)
		if (ds->list.at[i]->level != DIAG_WARNING)
			ds->list.at[kept++] = ds->list.at[i];
	ds->list.len = kept;
	ds->warnings = 0;
}

uint32_t
diag_flush(Diags *ds)
{
	const SourceFile *file = NULL;
	uint32_t errors_here = 0;
	bool said = false;

	sort(ds->list.at, arena_array(ds->arena, Diag *, ds->list.len), ds->list.len);
	for (uint32_t i = 0; i < ds->list.len; i++) {
		Diag *d = ds->list.at[i];
		if (i && same_report(d, ds->list.at[i - 1]))
			continue;
		const SourceFile *f = source_find(ds->sources, d->primary.span.start);
		if (f != file) {
			file = f;
			errors_here = 0;
			said = false;
		}
		errors_here += d->level == DIAG_ERROR;
		if (!too_many(d, file, errors_here)) {
			render(ds, d);
		} else if (!said) {
			fprintf(stderr, "%s: too many errors in %s; the rest is not shown\n",
			    tool_name, file->path);
			said = true;
		}
	}
	ds->list.len = 0;
	fflush(stderr);
	return ds->errors;
}
