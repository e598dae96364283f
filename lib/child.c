/* See child.h.  Output goes to files in memory, so that no pipe can fill up and nobody has to poll. */
#include "lib/child.h"

#include "lib/fatal.h"
#include "lib/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static volatile sig_atomic_t stopped_by;
static volatile sig_atomic_t child;	/* its process id, or 0 */

static const int passed[] = {SIGHUP, SIGINT, SIGTERM};
enum { PASSED = sizeof passed / sizeof *passed };

/* ---- Signals ---- */

static void
pass(int sig)
{
	int before = errno;

	stopped_by = sig;
	if (child > 0)
		kill(child, sig == SIGINT ? SIGTERM : sig);
	errno = before;
}

void
child_pass_signals(void)
{
	struct sigaction action = {.sa_handler = pass}, now;

	sigemptyset(&action.sa_mask);
	for (int i = 0; i < PASSED; i++)
		if (sigaction(passed[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaction(passed[i], &action, NULL);
}

bool
child_stopped(void)
{
	return stopped_by != 0;
}

void
child_end(void)
{
	signal(stopped_by, SIG_DFL);
	raise(stopped_by);
	_exit(128 + stopped_by);
}

/* ---- Running ---- */

static int
memory_file(const char *name)
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		fatal("cannot make a file in memory: %s", strerror(errno));
	return fd;
}

static int
input_file(const ChildInput *input)
{
	if (!input || !input->in.n)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fd = memory_file("input");
	if (!file_write_fd(fd, input->in.s, input->in.n))
		fatal("cannot write to a file in memory: %s", strerror(errno));
	lseek(fd, 0, SEEK_SET);
	return fd;
}

/* With the signals held back until the child is known, so that none passes it by. */
static int
start(const char *const *argv, const int fds[3])
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t held, before;
	pid_t pid = 0;

	sigemptyset(&held);
	for (int i = 0; i < PASSED; i++)
		sigaddset(&held, passed[i]);
	sigprocmask(SIG_BLOCK, &held, &before);
	posix_spawn_file_actions_init(&files);
	for (int i = 0; i < 3; i++)
		posix_spawn_file_actions_adddup2(&files, fds[i], i);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &before);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	int error = stopped_by ? EINTR
	    : posix_spawnp(&pid, argv[0], &files, &attributes, (char *const *)argv, environ);
	child = error ? 0 : pid;
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return error;
}

static int
wait_for_child(void)
{
	int status = 0;

	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	child = 0;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static Text
read_back(Arena *a, int fd)
{
	Text text = {"", 0};

	if (fd == STDERR_FILENO)
		return text;
	lseek(fd, 0, SEEK_SET);
	if (file_read_fd(a, fd, &text) != FILE_OK)
		text = (Text){"", 0};
	close(fd);
	return text;
}

ChildResult
child_run(Arena *a, const char *const *argv, const ChildInput *input)
{
	int fds[3] = {input_file(input), memory_file("output"),
	    input && input->show_errors ? STDERR_FILENO : memory_file("errors")};
	ChildResult r = {.error = start(argv, fds)};

	if (!r.error)
		r.status = wait_for_child();
	close(fds[0]);
	r.out = read_back(a, fds[1]);
	r.err = read_back(a, fds[2]);
	return r;
}

const char *
child_last_line(Arena *a, Text text)
{
	uint32_t end = text.n, from;

	while (end && strchr("\r\n \t", text.s[end - 1]))
		end--;
	for (from = end; from && text.s[from - 1] != '\n' && text.s[from - 1] != '\r'; from--)
		;
	return arena_strndup(a, text.s + from, end - from);
}
