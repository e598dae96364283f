/* Raising and catching.  See panic.h. */
#include "librt/panic/panic.h"
#include "librt/alloc/arena.h"
#include "librt/io/output.h"
#include "librt/sched/stack.h"
#include "librt/str/str.h"

#include <stdarg.h>
#include <stdio.h>

static void
record(G *g, GOS_OWN GosString *message, const GosPlace *at)
{
	Panic *p = gos_in_raw_alloc(sizeof *p);

	p->message = *message;
	if (g->panic) {
		gos_in_panic_report(g, g->panic, g->spawned_at);
		gos_in_output_error(TEXT("while it unwound: "));
		g->panic = p;
		gos_rt_trace(g, at);
		gos_in_panic_report(g, p, NULL);
		gos_in_output_die(STATUS_PANIC);
	}
	g->panic = p;
	gos_rt_trace(g, at);
}

void
gos_rt_trace(G *g, const GosPlace *at)
{
	Panic *p = g->panic;

	if (!p || !at || !at->file || !at->function)
		return;
	if (p->n < TRACE_FIRST)
		p->first[p->n] = at;
	else
		p->last[p->n % TRACE_LAST] = at;
	p->n++;
}

Panic *
gos_in_panic_take(G *g)
{
	Panic *p = g->panic;

	g->panic = NULL;
	g->limit = g->full_limit;
	return p;
}

void
gos_in_panic_free(G *g, Panic *p)
{
	if (!p)
		return;
	string_release(g, &p->message);
	gos_in_raw_free(p);
}

/* --- raising --------------------------------------------------------------------------------------- */

void
gos_rt_panic_message(G *g, GosString *message, const GosPlace *at)
{
	record(g, message, at);
}

void
gos_rt_panic_static(G *g, const GosString *message, const GosPlace *at)
{
	GosString copy = *message;

	string_retain(&copy);
	record(g, &copy, at);
}

static void
raise_text(G *g, const GosPlace *at, const char *text, size_t n)
{
	GosString message;

	gos_in_str_make(g, &message, text, n);
	record(g, &message, at);
}

void
gos_in_panic_format(G *g, const GosPlace *at, char *buffer, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	int n = vsnprintf(buffer, size, format, args);
	va_end(args);
	raise_text(g, at, buffer, (size_t)n < size ? (size_t)n : size - 1);
}

void
gos_rt_panic_bounds(G *g, int64_t index, int64_t len, const GosPlace *at)
{
	char buffer[128];

	gos_in_panic_format(g, at, buffer, sizeof buffer,
		"index out of bounds: the len is %lld but the index is %lld", (long long)len,
		(long long)index);
}

void
gos_rt_panic_overflow(G *g, int64_t operation, const GosPlace *at)
{
	static const Text text[] = {
		TEXT("attempt to add with overflow"),
		TEXT("attempt to subtract with overflow"),
		TEXT("attempt to multiply with overflow"),
		TEXT("attempt to divide with overflow"),
		TEXT("attempt to calculate the remainder with overflow"),
		TEXT("attempt to negate with overflow"),
		TEXT("attempt to shift left with overflow"),
		TEXT("attempt to shift right with overflow"),
	};
	uint64_t n = sizeof text / sizeof *text;
	Text t = (uint64_t)operation < n ? text[operation] : TEXT("arithmetic overflow");

	raise_text(g, at, t.at, t.len);
}

void
gos_rt_panic_div_zero(G *g, int64_t operation, const GosPlace *at)
{
	Text t = operation == 0 ? TEXT("attempt to divide by zero")
		: TEXT("attempt to calculate the remainder with a divisor of zero");

	raise_text(g, at, t.at, t.len);
}

void
gos_rt_panic_unreachable(G *g, const GosPlace *at)
{
	Text t = TEXT("internal error: entered unreachable code");

	raise_text(g, at, t.at, t.len);
}

/* What unwinding runs may need stack too: until the panic is taken, part of the reserve is lent. */
void
gos_rt_stack_overflow(G *g, const GosPlace *at)
{
	Text t = TEXT("stack overflow");

	if (g->limit == g->full_limit)
		g->limit -= STACK_UNWIND;
	raise_text(g, at, t.at, t.len);
}

/* --- catching -------------------------------------------------------------------------------------- */

GosBool
gos_rt_catch(G *g, void *shim, void *a, void *b)
{
	Panic *outer = g->panic;
	GosShim2 *call = (GosShim2 *)shim;
	uint64_t limit = g->limit;
	Arena *arena = g->arena;

	g->panic = NULL;
	GosBool panicked = call(g, a, b);
	if (panicked) {
		gos_in_panic_free(g, g->caught);
		g->caught = gos_in_panic_take(g);
	}
	g->panic = outer;
	g->limit = limit;
	gos_in_arena_set(g, arena);
	return panicked;
}

void
gos_rt_catch_text(G *g, GosString *out, int64_t what)
{
	gos_in_panic_text(g, out, g->caught, (PanicText)what);
}
