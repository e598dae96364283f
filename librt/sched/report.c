/* The list of goroutines that wait for good. */
#include "librt/io/output.h"
#include "librt/sched/stack.h"
#include "librt/sched/worker.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_MAX = 100 };

typedef struct Listing {
	G *g;
	GosString text;
	uint64_t n;
} Listing;

static void
append(Listing *l, const char *text)
{
	gos_in_str_append(l->g, &l->text, text, strlen(text));
}

static void
append_place(Listing *l, const char *before, const GosPlace *at)
{
	char numbers[32];

	if (!at || !at->file)
		return;
	append(l, before);
	append(l, at->file);
	snprintf(numbers, sizeof numbers, ":%u:%u", at->line, at->column);
	append(l, numbers);
	if (at->function) {
		append(l, " in ");
		append(l, at->function);
	}
}

static void
list(void *context, G *g)
{
	Listing *l = context;

	if (g->state != G_PARKED || !g->waits_for || ++l->n > LISTED_MAX)
		return;
	append(l, g->join ? "  goroutine" : "  main");
	append_place(l, " started at ", g->spawned_at);
	append(l, ": waits in ");
	append(l, g->waits_for);
	append_place(l, " at ", g->waits_at);
	append(l, "\n");
}

void
gos_in_report_parked(G *g, const char *headline)
{
	Listing l = {.g = g};
	char more[64];

	append(&l, headline);
	gos_in_stack_each(list, &l);
	if (l.n > LISTED_MAX) {
		snprintf(more, sizeof more, "  … %llu more …\n", (unsigned long long)l.n - LISTED_MAX);
		append(&l, more);
	}
	gos_in_output_error(string_text(&l.text));
	string_release(g, &l.text);
}
