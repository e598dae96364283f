/*
 * Programs that a tool starts, one at a time, and waits for.
 *
 *	child_pass_signals();
 *	ChildResult r = child_run(&arena, (const char *[]){"git", "--version", NULL}, NULL);
 *	if (child_stopped()) { clean up; child_end(); }
 *
 * No shell is involved.  A signal that ends us goes to the child too, and then to us when we have
 * cleaned up.
 */
#ifndef GOS_LIB_CHILD_H
#define GOS_LIB_CHILD_H

#include "lib/intern.h"

#include <stdbool.h>

typedef struct ChildResult {
	int error;	/* it could not be started: as errno; else 0 */
	int status;	/* exit status, or 128 + signal */
	Text out, err;	/* standard output and error */
} ChildResult;

typedef struct ChildInput {
	Text in;		/* standard input */
	bool show_errors;	/* standard error is ours, and `err` is empty */
} ChildInput;

/* Runs argv[0], looked for in PATH, to its end.  `input` may be NULL: no input. */
ChildResult child_run(Arena *a, const char *const *argv, const ChildInput *input);
/* From here on SIGHUP, SIGINT and SIGTERM end the child first, and us when `child_end` is called. */
void child_pass_signals(void);
/* Has such a signal come? */
bool child_stopped(void);
/* Ends the process as that signal would have. */
void child_end(void);
/* The last line of a text that is not empty. */
const char *child_last_line(Arena *a, Text text);

#endif
