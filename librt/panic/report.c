/* Panics as text. */
#include "librt/io/output.h"
#include "librt/panic/panic.h"
#include "librt/str/str.h"

#include <stdio.h>

static void
append_text(G *g, GosString *s, const char *text)
{
	uint64_t n = 0;

	while (text[n])
		n++;
	gos_in_str_append(g, s, text, n);
}

static void
append_number(G *g, GosString *s, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);

	gos_in_str_append(g, s, digits, (uint64_t)len);
}

static void
append_place(G *g, GosString *s, const GosPlace *at)
{
	append_text(g, s, at->file);
	append_text(g, s, ":");
	append_number(g, s, at->line);
	append_text(g, s, ":");
	append_number(g, s, at->column);
}

static void
append_frame(G *g, GosString *s, const GosPlace *at)
{
	append_text(g, s, "  at ");
	append_place(g, s, at);
	append_text(g, s, " in ");
	append_text(g, s, at->function);
	append_text(g, s, "\n");
}

static void
append_backtrace(G *g, GosString *s, const Panic *p)
{
	uint64_t n_last = p->n > TRACE_FIRST ? p->n - TRACE_FIRST : 0;

	for (uint64_t i = 0; i < p->n && i < TRACE_FIRST; i++)
		append_frame(g, s, p->first[i]);
	if (n_last > TRACE_LAST) {
		append_text(g, s, "  … ");
		append_number(g, s, n_last - TRACE_LAST);
		append_text(g, s, " more …\n");
		n_last = TRACE_LAST;
	}
	for (uint64_t i = p->n - n_last; i < p->n; i++)
		append_frame(g, s, p->last[i % TRACE_LAST]);
}

void
gos_in_panic_text(G *g, GosString *out, const Panic *p, PanicText what)
{
	gos_in_str_make(g, out, "", 0);
	if (!p)
		return;
	switch (what) {
	case PANIC_MESSAGE:
		/* A copy: who asks may be in an arena, which takes all that is made there with it. */
		gos_in_str_make(g, out, string_at(&p->message), string_len(&p->message));
		return;
	case PANIC_LOCATION:
		if (p->n > 0)
			append_place(g, out, p->first[0]);
		return;
	case PANIC_BACKTRACE:
		append_backtrace(g, out, p);
		return;
	}
}

void
gos_in_panic_report(G *g, const Panic *p, const GosPlace *spawned_at)
{
	GosString s;

	gos_in_str_make(g, &s, "", 0);
	append_text(g, &s, "panic: ");
	gos_in_str_append(g, &s, string_at(&p->message), string_len(&p->message));
	append_text(g, &s, "\n");
	append_backtrace(g, &s, p);
	if (spawned_at && spawned_at->file) {
		append_text(g, &s, "  in a goroutine started at ");
		append_place(g, &s, spawned_at);
		append_text(g, &s, "\n");
	}
	gos_in_output_error(string_text(&s));
	string_release(g, &s);
}
