/* See output.h. */
#include "librt/io/output.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_SIGPIPE = 128 + SIGPIPE };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* protects all below */
static char buffer[OUTPUT_BUFFER];
static size_t used;
static enum { UNKNOWN, LINES, BLOCKS } buffering;

static bool
write_all(int fd, const char *at, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, at, n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return false;
		at += done;
		n -= (size_t)done;
	}
	return true;
}

static _Noreturn void
output_failed(int error)
{
	char message[128];

	if (error == EPIPE)
		_exit(STATUS_SIGPIPE);
	int n = snprintf(message, sizeof message, "fatal: cannot write to standard output: %s\n",
		strerror(error));
	write_all(STDERR_FILENO, message, (size_t)n);
	_exit(STATUS_OUTPUT);
}

static void
put(const char *at, size_t n)
{
	if (!write_all(STDOUT_FILENO, at, n))
		output_failed(errno);
}

static void
flush_locked(void)
{
	size_t n = used;

	used = 0;
	put(buffer, n);
}

static bool
wants_flush(Text t)
{
	if (buffering == UNKNOWN)
		buffering = isatty(STDOUT_FILENO) ? LINES : BLOCKS;
	return buffering == LINES && memrchr(t.at, '\n', t.len);
}

void
gos_in_output_write(Text t)
{
	pthread_mutex_lock(&lock);
	if (t.len > sizeof buffer - used)
		flush_locked();
	if (t.len > sizeof buffer) {
		put(t.at, t.len);
	} else {
		memcpy(buffer + used, t.at, t.len);
		used += t.len;
		if (wants_flush(t))
			flush_locked();
	}
	pthread_mutex_unlock(&lock);
}

void
gos_in_output_error(Text t)
{
	pthread_mutex_lock(&lock);
	flush_locked();
	write_all(STDERR_FILENO, t.at, t.len);
	pthread_mutex_unlock(&lock);
}

void
gos_in_output_flush(void)
{
	pthread_mutex_lock(&lock);
	flush_locked();
	pthread_mutex_unlock(&lock);
}

void
gos_in_output_die(int status)
{
	gos_in_output_flush();
	_exit(status);
}

void
gos_in_fatal(const char *format, ...)
{
	char message[256] = "fatal: ";
	size_t start = strlen(message), room = sizeof message - start - 1;
	va_list args;

	va_start(args, format);
	int n = vsnprintf(message + start, room, format, args);
	va_end(args);
	size_t len = start + ((size_t)n < room ? (size_t)n : room - 1);
	message[len++] = '\n';
	gos_in_output_error((Text){message, len});
	gos_in_output_die(STATUS_RUNTIME);
}
