/* The virtual machine of the session: see gos-vm/session.c. */
#include "gos-repl/repl.h"

#include "lib/fatal.h"
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>


static bool
start(Repl *r)
{
	int to[2], from[2], input = -1;

	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(from, O_CLOEXEC) < 0)
		fatal("no pipe: %s", strerror(errno));
	/* What is no terminal has the inputs themselves. */
	if (!line_is_terminal())
		input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int theirs[2] = {fcntl(to[0], F_DUPFD, 10), fcntl(from[1], F_DUPFD, 10)};
	const char *const args[] = {arena_printf(&r->scratch, "--session=%d", theirs[0]),
	    arena_printf(&r->scratch, "--replies=%d", theirs[1]), NULL};
	const int fds[3] = {input, -1, -1};
	bool ok = proc_start(r, r->vm, args, NULL, fds, &r->machine.pid);
	close(to[0]);
	close(from[1]);
	close(theirs[0]);
	close(theirs[1]);
	if (input >= 0)
		close(input);
	r->machine.to = to[1];
	r->machine.from = from[0];
	if (!ok) {
		r->machine.pid = 0;
		note("cannot run `%s`", r->vm);
	}
	return ok;
}

static bool
send_all(const Machine *m, const char *s, size_t n)
{
	return file_write_fd(m->to, s, n);
}

/* An answer's line; false: the machine is gone.  An interrupt is passed on. */
static bool
receive(const Machine *m, char *line, size_t size)
{
	size_t n = 0;

	for (;;) {
		char c;
		ssize_t k = read(m->from, &c, 1);
		if (k < 0 && errno == EINTR) {
			if (interrupted)
				kill(m->pid, SIGINT);
			interrupted = 0;
			continue;
		}
		if (k <= 0)
			return false;
		if (c == '\n')
			break;
		if (n + 1 < size)
			line[n++] = c;
	}
	line[n] = 0;
	return true;
}

static void
bury(Repl *r)
{
	close(r->machine.to);
	close(r->machine.from);
	int status = proc_wait(r->machine.pid);
	r->machine.pid = 0;
	r->variables.len = 0;
	if (status > 128)
		note("the program was ended by signal %d (%s)", status - 128, strsignal(status - 128));
	else
		note("the program has ended with status %d", status);
	note("note: its variables are gone; declarations are still there");
}

static Reply
reply_of(const char *line)
{
	static const char *const words[] = {"ok", "error", "panic", "interrupted", "abandoned"};

	for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
		if (strcmp(line, words[i]) == 0)
			return (Reply)i;
	note("the virtual machine: %s", line);
	return REPLY_ERROR;
}

static Reply
request(Repl *r, char letter, Text t)
{
	char head[5] = {letter, (char)t.n, (char)(t.n >> 8), (char)(t.n >> 16), (char)(t.n >> 24)}, line[256];

	if (!r->machine.pid && !start(r))
		return REPLY_ERROR;
	fflush(stdout);
	if (!send_all(&r->machine, head, sizeof head) || !send_all(&r->machine, t.s, t.n) ||
	    !receive(&r->machine, line, sizeof line)) {
		bury(r);
		return REPLY_GONE;
	}
	return reply_of(line);
}

Reply
machine_run(Repl *r, Text mir)
{
	return request(r, 'M', mir);
}

void
machine_drop(Repl *r, const char *slot)
{
	Reply reply = r->machine.pid ? request(r, 'D', (Text){slot, (uint32_t)strlen(slot)}) : REPLY_OK;

	if (reply != REPLY_OK)
		r->failed = true;
}

void
machine_end(Repl *r)
{
	if (!r->machine.pid)
		return;
	close(r->machine.to);
	char rest[64];
	while (receive(&r->machine, rest, sizeof rest))
		;
	close(r->machine.from);
	proc_wait(r->machine.pid);
	r->machine.pid = 0;
	r->variables.len = 0;
}
