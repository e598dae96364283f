/* Running the stages over the files of a session. */
#include "gos-repl/repl.h"

#include "lib/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* A command may have arguments, unless it is the path of a program. */
static void
split_command(Repl *r, const char *command, const char *const *args, const char **argv, uint32_t max)
{
	uint32_t n = 0;
	char *words = arena_strndup(&r->scratch, command, strlen(command)), *save = NULL;

	if (access(command, X_OK) == 0)
		argv[n++] = command;
	else
		for (char *w = strtok_r(words, " ", &save); w && n < max / 2; w = strtok_r(NULL, " ", &save))
			argv[n++] = w;
	for (; args && *args && n < max - 1; args++)
		argv[n++] = *args;
	argv[n] = NULL;
}

bool
proc_start(Repl *r, const char *command, const char *const *args, const char *folder, const int fds[3],
	pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	uint32_t max = 16;

	for (uint32_t i = 0; args && args[i]; i++)
		max++;
	const char **argv = arena_array(&r->scratch, const char *, max);
	split_command(r, command, args, argv, max);
	posix_spawn_file_actions_init(&actions);
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, fds[i], i);
	if (folder)
		posix_spawn_file_actions_addchdir_np(&actions, folder);
	int wrong = posix_spawnp(pid, argv[0] ? argv[0] : "", &actions, NULL, (char **)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return wrong == 0;
}

bool
proc_read(Repl *r, int fd, Text *t)
{
	VEC(char) bytes = {0};
	ssize_t k;

	for (;;) {
		vec_reserve(&r->scratch, &bytes, bytes.len + 65536);
		k = read(fd, bytes.at + bytes.len, bytes.cap - bytes.len - 1);
		if (k > 0)
			bytes.len += (uint32_t)k;
		else if (k == 0 || errno != EINTR || interrupted)
			break;
	}
	bytes.at[bytes.len] = 0;
	*t = (Text){bytes.at, bytes.len};
	return k >= 0;
}

int
proc_wait(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* The arguments that a stage gets besides those of its command. */
static const char *const *
stage_args(Repl *r, const Run *run, uint32_t stage)
{
	VEC(const char *) args = {0};

	vec_push(&r->scratch, &args, r->color ? "--color=always" : "--color=never");
	if (stage == 0)
		for (const char *const *f = run->files; *f; f++)
			vec_push(&r->scratch, &args, *f);
	if (strcmp(r->stages[stage].name, "check") == 0)
		for (const char *const *w = run->check; w && *w; w++)
			vec_push(&r->scratch, &args, *w);
	vec_push(&r->scratch, &args, NULL);
	return args.at;
}

typedef struct Chain {
	pid_t pids[STAGES_MAX + 1];
	uint32_t n;
	int in, messages;
} Chain;

/* Starts the next program of the chain; the end of its pipe becomes the input of the one after it. */
static bool
extend(Repl *r, Chain *chain, const char *command, const char *const *args)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		fatal("no pipe: %s", strerror(errno));
	int fds[3] = {chain->in, ends[1], chain->messages};
	bool ok = proc_start(r, command, args, r->folder, fds, &chain->pids[chain->n]);
	chain->n += ok;
	close(ends[1]);
	close(chain->in);
	chain->in = ends[0];
	return ok;
}

static const char *
fault_of(Repl *r, const Chain *chain, const int *status)
{
	for (uint32_t i = 0; i < chain->n; i++)
		if (status[i] > EXIT_BROKEN_INPUT)
			return arena_printf(&r->scratch, "stage `%s` failed with status %d",
			    i < r->n_stages ? r->stages[i].name : "dump", status[i]);
	return NULL;
}

static void
finish(Repl *r, Chain *chain, Outcome *o)
{
	int status[STAGES_MAX + 1];
	bool whole = proc_read(r, chain->in, &o->stream);

	close(chain->in);
	for (uint32_t i = 0; i < chain->n; i++) {
		if (!whole)
			kill(chain->pids[i], SIGTERM);
		status[i] = proc_wait(chain->pids[i]);
	}
	o->interrupted = interrupted;
	o->ok = whole && !interrupted;
	for (uint32_t i = 0; i < chain->n; i++)
		o->ok = o->ok && status[i] == 0;
	if (!o->fault && !o->interrupted)
		o->fault = fault_of(r, chain, status);
}

Outcome
proc_run(Repl *r, const Run *run)
{
	static const char *const dump[] = {"dump", NULL};
	const char *messages = store_path(r, "messages");
	Chain chain = {.in = open("/dev/null", O_RDONLY | O_CLOEXEC)};
	Outcome o = {0};
	bool started = true;

	chain.messages = open(messages, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
	if (chain.in < 0 || chain.messages < 0)
		fatal("cannot write `%s`: %s", messages, strerror(errno));
	for (uint32_t i = 0; i < run->stages && started; i++) {
		started = extend(r, &chain, r->stages[i].command, stage_args(r, run, i));
		if (!started)
			o.fault = arena_printf(&r->scratch, "cannot run `%s`", r->stages[i].command);
	}
	if (started && run->dump && !extend(r, &chain, r->ir, dump))
		o.fault = arena_printf(&r->scratch, "cannot run `%s`", r->ir);
	finish(r, &chain, &o);
	o.ok = o.ok && !o.fault;
	lseek(chain.messages, 0, SEEK_SET);
	proc_read(r, chain.messages, &o.messages);
	close(chain.messages);
	return o;
}
