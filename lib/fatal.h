/*
 * The two ways to stop at once.  `fatal`: the world is wrong (memory, files); `bug`: we are.
 * Errors in the user's program are neither: they go through lib/diag.h.
 */
#ifndef GOS_LIB_FATAL_H
#define GOS_LIB_FATAL_H

#include <stdnoreturn.h>

/* Exit statuses of every tool. */
enum ExitStatus {
	EXIT_OK = 0,
	EXIT_PROGRAM = 1,	/* the program has errors */
	EXIT_USAGE = 2,
	EXIT_BROKEN_INPUT = 3,	/* the input stream was broken upstream */
	EXIT_BUG = 70,
	EXIT_IO = 74,
};

/* Name of the running tool, for messages; set once by `opt_parse`. */
extern const char *tool_name;

/* Prints `tool: message` and exits with EXIT_IO. */
noreturn void fatal(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Prints the message with the place in our own source and exits with EXIT_BUG. */
noreturn void bug_at(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
#define bug(...) bug_at(__FILE__, __LINE__, __VA_ARGS__)

#endif
