/* gos-diff: does a program do the same in every form?  See README.md. */
#include "lib/fatal.h"
#include "lib/file.h"
#include "lib/opt.h"
#include "lib/vec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* One form of the program, and what it did. */
typedef struct Form {
	const char *name, *command;
	int status;		/* of wait */
	bool late;		/* it was killed because it took too long */
	Text out, err;
} Form;

static Arena arena;
static const char *program_name = "program";
static uint64_t timeout = 60;
static VEC(Form) forms;
static volatile pid_t running;

static const Opt options[] = {
	OPT_TEXT(0, "name", "NAME", &program_name, "what the program sees as its own name"),
	OPT_NUMBER(0, "timeout", "SECONDS", &timeout, "how long a form may take; 0: as long as it likes"),
	OPT_END,
};
static const OptTool tool = {
	"gos-diff", "FORM=COMMAND... [-- ARGUMENT...]", "Runs the forms of a program and compares what they do.",
	options, 0, OPT_ANY,
};

/* ---- Running ---- */

/* A file without a name. */
static int
nameless(void)
{
	int fd = memfd_create("gos-diff", MFD_CLOEXEC);

	if (fd < 0)
		fatal("no memory for what programs print: %s", strerror(errno));
	return fd;
}

/* What the program is to read, from its beginning each time. */
static int
read_stdin(void)
{
	int fd = nameless();
	char buffer[65536];
	ssize_t n;

	if (isatty(STDIN_FILENO))
		return fd;
	while ((n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
		if (write(fd, buffer, (size_t)n) != n)
			fatal("cannot keep standard input: %s", strerror(errno));
	return fd;
}

static _Noreturn void
become(const Form *f, char **args, int n, int in, int out, int err)
{
	VEC(char *) argv = {0};
	char *save = NULL;

	for (char *w = strtok_r(arena_strndup(&arena, f->command, strlen(f->command)), " ", &save); w;
	    w = strtok_r(NULL, " ", &save))
		vec_push(&arena, &argv, w);
	const char *path = argv.len ? argv.at[0] : "";
	/* One that has no arguments is the program itself. */
	if (argv.len == 1)
		argv.at[0] = (char *)program_name;
	for (int i = 0; i < n; i++)
		vec_push(&arena, &argv, args[i]);
	vec_push(&arena, &argv, NULL);
	setpgid(0, 0);
	setenv("GOS_RT_LEAKS", "1", 1);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		_exit(EXIT_IO);
	execv(path, argv.at);
	dprintf(STDERR_FILENO, "gos-diff: cannot run `%s`: %s\n", path, strerror(errno));
	_exit(EXIT_IO);
}

static void
on_alarm(int signal)
{
	(void)signal;
	kill(-running, SIGKILL);
}

static void
on_end(int signal)
{
	if (running)
		kill(-running, SIGKILL);
	_exit(128 + signal);
}

static Text
contents(int fd)
{
	Text t;

	lseek(fd, 0, SEEK_SET);
	if (file_read_fd(&arena, fd, &t) != FILE_OK)
		fatal("a form printed more than can be compared");
	close(fd);
	return t;
}

static void
run_form(Form *f, char **args, int n, int in)
{
	int out = nameless(), err = nameless();

	lseek(in, 0, SEEK_SET);
	fflush(stdout);
	pid_t child = fork();
	if (child < 0)
		fatal("cannot start a process: %s", strerror(errno));
	if (child == 0)
		become(f, args, n, in, out, err);
	setpgid(child, child);
	running = child;
	alarm((unsigned)timeout);
	while (waitpid(child, &f->status, 0) < 0 && errno == EINTR)
		;
	f->late = timeout && !alarm(0) && WIFSIGNALED(f->status) && WTERMSIG(f->status) == SIGKILL;
	running = 0;
	f->out = contents(out);
	f->err = contents(err);
}

/* ---- Comparing ---- */

static const char *
end_of(const Form *f)
{
	if (f->late)
		return arena_printf(&arena, "no end after %u s", (unsigned)timeout);
	if (WIFSIGNALED(f->status))
		return arena_printf(&arena, "signal %d (%s)", WTERMSIG(f->status), strsignal(WTERMSIG(f->status)));
	return arena_printf(&arena, "status %d", WEXITSTATUS(f->status));
}

/* The line that begins at `at`, fit to be shown. */
static const char *
show_line(Text t, uint32_t at)
{
	VEC(char) out = {0};
	uint32_t n = at;

	if (at >= t.n)
		return "(ends here)";
	while (n < t.n && t.s[n] != '\n')
		n++;
	bool cut = n - at > 160, whole = n < t.n;
	n = cut ? at + 160 : n;
	for (; at < n; at++) {
		unsigned char c = (unsigned char)t.s[at];
		bool plain = c >= ' ' && c != 127;
		const char *s = arena_printf(&arena, plain ? "%c" : "\\x%02x", c);
		for (; *s; s++)
			vec_push(&arena, &out, *s);
	}
	vec_push(&arena, &out, 0);
	return arena_printf(&arena, "%s%s", out.at, cut ? "…" : whole ? "" : " (without a newline)");
}

static void
show_both(const Form *a, const Form *b, const char *x, const char *y)
{
	int width = (int)(strlen(a->name) > strlen(b->name) ? strlen(a->name) : strlen(b->name)) + 1;

	printf("  %-*s %s\n", width, arena_printf(&arena, "%s:", a->name), x);
	printf("  %-*s %s\n", width, arena_printf(&arena, "%s:", b->name), y);
}

/* Says where two texts differ first; false: they do not. */
static bool
compare_texts(const Form *a, const Form *b, Text x, Text y, const char *what)
{
	uint32_t line = 1, start = 0, i = 0;

	for (; i < x.n && i < y.n && x.s[i] == y.s[i]; i++)
		if (x.s[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (i == x.n && i == y.n)
		return false;
	printf("%s and %s differ in %s, line %u:\n", a->name, b->name, what, line);
	show_both(a, b, show_line(x, start), show_line(y, start));
	return true;
}

static bool
compare_forms(const Form *a, const Form *b)
{
	const char *x = end_of(a), *y = end_of(b);

	if (strcmp(x, y) != 0) {
		printf("%s and %s end differently:\n", a->name, b->name);
		show_both(a, b, x, y);
		/* Where they part is what tells why. */
		if (!compare_texts(a, b, a->out, b->out, "standard output"))
			compare_texts(a, b, a->err, b->err, "standard error");
		return true;
	}
	return compare_texts(a, b, a->out, b->out, "standard output") ||
	    compare_texts(a, b, a->err, b->err, "standard error");
}

static uint32_t
count_lines(Text t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t.n; i++)
		n += t.s[i] == '\n' || i + 1 == t.n;
	return n;
}

static void
say_equal(void)
{
	const Form *f = &forms.at[0];
	uint32_t out = count_lines(f->out), err = count_lines(f->err);

	for (uint32_t i = 0; i < forms.len; i++)
		printf("%s%s", i == 0 ? "" : i + 1 < forms.len ? ", " : " and ", forms.at[i].name);
	printf(" agree: %s, %u line%s of output", end_of(f), out, out == 1 ? "" : "s");
	if (err)
		printf(", %u of messages", err);
	putchar('\n');
}

static _Noreturn void
usage_error(void)
{
	fputs("gos-diff: it needs two forms of a program or more, FORM=COMMAND\n", stderr);
	exit(EXIT_USAGE);
}

static void
take_forms(const OptArgs *args)
{
	for (int i = 0; i < args->len; i++) {
		const char *equals = strchr(args->at[i], '=');
		if (!equals)
			usage_error();
		vec_push(&arena, &forms, (Form){.command = equals + 1,
		    .name = arena_strndup(&arena, args->at[i], (size_t)(equals - args->at[i]))});
	}
	if (forms.len < 2)
		usage_error();
}

int
main(int argc, char **argv)
{
	int own = 1, first;
	bool different = false;

	/* What follows `--` is the program's. */
	while (own < argc && strcmp(argv[own], "--") != 0)
		own++;
	OptArgs args = opt_parse(&tool, own, argv);
	take_forms(&args);
	first = own + (own < argc);
	signal(SIGALRM, on_alarm);
	signal(SIGINT, on_end);
	signal(SIGTERM, on_end);
	int in = read_stdin();
	for (uint32_t i = 0; i < forms.len; i++)
		run_form(&forms.at[i], argv + first, argc - first, in);
	for (uint32_t i = 1; i < forms.len; i++)
		different |= compare_forms(&forms.at[0], &forms.at[i]);
	if (!different)
		say_equal();
	if (fflush(stdout) == EOF)
		fatal("cannot write standard output: %s", strerror(errno));
	return different ? EXIT_PROGRAM : EXIT_OK;
}
