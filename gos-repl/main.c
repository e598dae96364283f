/* gos-repl: a session.  See README.md. */
#include "gos-repl/repl.h"

#include "lib/diag.h"
#include "lib/fatal.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <errno.h>
#include <ftw.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 1 << 28 };

volatile sig_atomic_t interrupted;

static Repl repl;
static OptList stages;
static const char *history;

static const Opt options[] = {
	OPT_LIST(0, "stage", "NAME,STREAM=COMMAND", &stages, "the next stage; all before the machine, in order"),
	OPT_TEXT(0, "vm", "COMMAND", &repl.vm, "the virtual machine"),
	OPT_TEXT(0, "ir", "COMMAND", &repl.ir, "the program that prints streams"),
	OPT_TEXT(0, "history", "FILE", &history, "where the lines go that were entered; empty: nowhere"),
	OPT_FLAG('q', "quiet", &repl.quiet, "no greeting; inputs that come from no terminal are not repeated"),
	OPT_END,
};
static const OptTool tool = {
	"gos-repl", "[FILE]...", "A session: what is declared stays, what is entered is run at once.\n"
	"`gos` starts it with the right stages.  Each FILE is an input of its own at the beginning.",
	options, 0, OPT_ANY,
};

void
note(const char *format, ...)
{
	va_list args;

	fflush(stdout);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* ---- Beginning and end ---- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static void
remove_folder(void)
{
	if (repl.folder)
		nftw(repl.folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	repl.folder = NULL;
}

static void
on_interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static void
on_end(int signal)
{
	remove_folder();
	_exit(128 + signal);
}

static void
set_signals(void)
{
	struct sigaction interrupt = {.sa_handler = on_interrupt}, end = {.sa_handler = on_end};

	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGTERM, &end, NULL);
	sigaction(SIGHUP, &end, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void
make_folder(Repl *r)
{
	const char *tmp = getenv("TMPDIR");

	if (!tmp || !*tmp)
		tmp = "/tmp";
	char *folder = arena_printf(&r->arena, "%s/gos.XXXXXX", tmp);
	if (!mkdtemp(folder))
		fatal("no folder for temporary files in `%s`: %s; set TMPDIR", tmp, strerror(errno));
	r->folder = folder;
	atexit(remove_folder);
}

/* `check,tast=/usr/lib/…/gos-check` */
static void
add_stage(Repl *r, const char *text)
{
	size_t name = strcspn(text, ",="), stream = strcspn(text, "=");

	if (r->n_stages == STAGES_MAX || text[name] != ',' || !text[stream]) {
		fprintf(stderr, "gos-repl: not a stage: `%s`\n", text);
		exit(EXIT_USAGE);
	}
	r->stages[r->n_stages++] = (Stage){arena_strndup(&r->arena, text, name),
	    arena_strndup(&r->arena, text + name + 1, stream - name - 1), text + stream + 1};
}

static void
set_up(Repl *r)
{
	intern_init(&r->names, &r->arena);
	for (uint32_t i = 0; i < stages.len; i++)
		add_stage(r, stages.at[i]);
	if (!r->n_stages || !r->vm || !r->ir) {
		fputs("gos-repl: it needs --stage, --vm and --ir; `gos repl` gives them\n", stderr);
		exit(EXIT_USAGE);
	}
	r->color = diag_color == DIAG_COLOR_ALWAYS || (diag_color == DIAG_COLOR_AUTO && isatty(STDERR_FILENO));
	make_folder(r);
	set_signals();
	line_begin(r, history);
}

/* ---- The loop ---- */

static bool
is_blank(Text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if (!strchr(" \t\r\n", t.s[i]))
			return false;
	return true;
}

static bool
is_command(Text t)
{
	uint32_t i = 0;

	while (i < t.n && strchr(" \t", t.s[i]))
		i++;
	/* `::` begins a path. */
	return i < t.n && t.s[i] == ':' && !(i + 1 < t.n && t.s[i + 1] == ':');
}

/* Lines up to the one that ends an input; false: there are no more. */
static bool
read_input(Repl *r, Text *input)
{
	VEC(char) out = {0};
	const char *first = arena_printf(&r->scratch, "%u> ", r->number + 1);
	const char *more = arena_printf(&r->scratch, "%u| ", r->number + 1);

	*input = (Text){"", 0};
	for (;;) {
		Line l = line_read(r, out.len ? more : first);
		if (l.cancelled)
			*input = (Text){"", 0};
		if (l.cancelled)
			return true;
		if (l.end)
			return out.len > 0;
		vec_reserve(&r->scratch, &out, out.len + l.text.n + 2);
		memcpy(out.at + out.len, l.text.s, l.text.n);
		out.len += l.text.n;
		out.at[out.len++] = '\n';
		out.at[out.len] = 0;
		*input = (Text){out.at, out.len};
		if (is_blank(*input) || is_command(*input) || out.len > INPUT_MAX || !input_is_open(r, *input))
			return true;
	}
}

static void
take_input(Repl *r, Text t)
{
	if (is_blank(t))
		return;
	if (is_command(t)) {
		command_run(r, t);
		return;
	}
	r->number++;
	Text *last = arena_new(&r->arena, Text);
	*last = (Text){arena_strndup(&r->arena, t.s, t.n), t.n};
	r->last = last;
	eval_input(r, t, NULL);
}

int
main(int argc, char **argv)
{
	Repl *r = &repl;
	Text t;

	setlocale(LC_CTYPE, "C.UTF-8");
	OptArgs files = opt_parse(&tool, argc, argv);
	set_up(r);
	if (line_is_terminal() && !r->quiet)
		printf("Gossamer %s. `:help` tells more, Ctrl-D ends.\n", GOS_VERSION);
	for (int i = 0; i < files.len; i++)
		command_load(r, files.at[i]);
	for (;;) {
		ArenaMark mark = arena_mark(&r->scratch);
		if (r->over || !read_input(r, &t))
			break;
		take_input(r, t);
		arena_reset(&r->scratch, mark);
		if (fflush(stdout) == EOF || ferror(stdout))
			fatal("cannot write standard output: %s", strerror(errno));
	}
	machine_end(r);
	line_end();
	return r->failed && !line_is_terminal() ? EXIT_PROGRAM : EXIT_OK;
}
