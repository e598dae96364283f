/*
 * Standard output and error.
 *
 * Standard output is buffered: whole lines on a terminal, OUTPUT_BUFFER bytes otherwise.  It is
 * flushed before anything is written to standard error, before standard input is read, and on every
 * way out of the program.  One lock is held for the whole of one write, so that the text of one
 * print call is never mixed with another's.  It may be held while the system blocks the worker;
 * nothing else happens under it.
 *
 * A reader that has gone away ends the program as SIGPIPE does, silently (status 141 where the
 * signal is ignored); any other failure is reported and ends it with STATUS_OUTPUT.
 */
#ifndef GOS_RT_IO_OUTPUT_H
#define GOS_RT_IO_OUTPUT_H

#include "librt/panic/fatal.h"
#include "librt/str/str.h"

enum { OUTPUT_BUFFER = 32 << 10 };

void gos_in_output_write(Text t);
/* To standard error, unbuffered; its failures are ignored. */
void gos_in_output_error(Text t);
void gos_in_output_flush(void);
/* Flushes and ends the process at once. */
_Noreturn void gos_in_output_die(int status);

#endif
