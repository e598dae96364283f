/* What programs call to print and read. */
#include "librt/io/output.h"
#include "librt/sched/sched.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

enum { STDERR = 2, INPUT_BUFFER = 64 << 10 };

/* Standard input.  The lock is held while the system waits for input; who else wants to read waits
 * for it, and its worker with it. */
static pthread_mutex_t input_lock = PTHREAD_MUTEX_INITIALIZER;
static char input[INPUT_BUFFER];
static size_t input_at, input_end;

void
gos_rt_print(G *g, int64_t stream, const GosString *s)
{
	(void)g;
	if (stream == STDERR)
		gos_in_output_error(string_text(s));
	else
		gos_in_output_write(string_text(s));
}

void
gos_rt_show_error(G *g, const GosString *s)
{
	GosString line;

	gos_in_str_make(g, &line, "error: ", 7);
	gos_in_str_append(g, &line, string_at(s), string_len(s));
	gos_in_str_append(g, &line, "\n", 1);
	gos_in_output_error(string_text(&line));
	string_release(g, &line);
}

/* False at the end of input; an error counts as the end. */
static bool
input_fill(void)
{
	ssize_t n;

	do
		n = read(STDIN_FILENO, input, sizeof input);
	while (n < 0 && errno == EINTR);
	input_at = 0;
	input_end = n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* Reads through the next newline; false if there was nothing. */
static bool
input_line(G *g, GosString *line)
{
	bool any = false;

	while (input_at < input_end || input_fill()) {
		char *start = input + input_at;
		char *newline = memchr(start, '\n', input_end - input_at);
		size_t n = newline ? (size_t)(newline + 1 - start) : input_end - input_at;
		gos_in_str_append(g, line, start, n);
		input_at += n;
		any = true;
		if (newline)
			break;
	}
	return any;
}

GosBool
gos_rt_read_line(G *g, void *out)
{
	GosString *line = out;

	gos_in_str_make(g, line, "", 0);
	gos_in_output_flush();
	/* From here to the end of the block this goroutine does not leave its worker. */
	gos_in_block_begin(g);
	pthread_mutex_lock(&input_lock);
	bool any = input_line(g, line);
	pthread_mutex_unlock(&input_lock);
	gos_in_block_end(g);
	gos_in_str_repair(g, line);
	return any;
}
