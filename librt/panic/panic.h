/*
 * Panics.
 *
 * gos_rt_panic_* stores a Panic in g->panic; every frame that it leaves adds itself with
 * gos_rt_trace; it ends in gos_rt_catch, which keeps it in g->caught, or at the goroutine's entry.
 * A panic while another one unwinds the same goroutine ends the program.
 */
#ifndef GOS_RT_PANIC_PANIC_H
#define GOS_RT_PANIC_PANIC_H

#include "librt/panic/fatal.h"
#include "librt/sched/g.h"

/* A backtrace keeps its first and its last frames. */
enum { TRACE_FIRST = 20, TRACE_LAST = 5 };

struct Panic {
	GosString message;
	uint64_t n; /* frames seen */
	const GosPlace *first[TRACE_FIRST];
	const GosPlace *last[TRACE_LAST]; /* frame i >= TRACE_FIRST is at i % TRACE_LAST */
};

typedef enum PanicText { PANIC_MESSAGE, PANIC_LOCATION, PANIC_BACKTRACE } PanicText;

/* Takes the panic out of the goroutine, whose stack limit is whole again. */
GOS_OWN Panic *gos_in_panic_take(G *g);
void gos_in_panic_free(G *g, GOS_OWN Panic *p);
/* A new String in out; p may be NULL. */
void gos_in_panic_text(G *g, GosString *out, const Panic *p, PanicText what);
/* Prints the report on standard error, after flushing standard output. */
void gos_in_panic_report(G *g, const Panic *p, const GosPlace *spawned_at);

#endif
