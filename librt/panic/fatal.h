/* Ends of the program that no handler sees, and panics that the runtime itself raises. */
#ifndef GOS_RT_PANIC_FATAL_H
#define GOS_RT_PANIC_FATAL_H

#include "librt/gos_rt.h"

enum {
	STATUS_DEADLOCK = 2,
	STATUS_RUNTIME = 70, /* out of memory, a broken invariant */
	STATUS_OUTPUT = 74,  /* standard output cannot be written */
	STATUS_LEAK = 99,
	STATUS_PANIC = 101,
};

/* `fatal: …` on standard error; flushes standard output; status STATUS_RUNTIME. */
_Noreturn void gos_in_fatal(const char *format, ...) __attribute__((format(printf, 1, 2), cold));

/* Records a panic whose message is printed into the buffer. */
void gos_in_panic_format(G *g, const GosPlace *at, char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 5, 6), cold));

#endif
