/*
 * gos-ir: looks into the streams between the stages.  Works on every IR; which one it is, the
 * stream or the text says.
 */
#include "gos-ir/tool.h"
#include "lib/fatal.h"
#include "lib/opt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *kind;

static const Opt options[] = {
	OPT_TEXT('k', "kind", "KIND", &kind, "dump: only records of this kind"),
	OPT_END,
};

static const OptTool tool = {
	"gos-ir", "COMMAND [FILE]...",
	"looks into the streams between the stages.  A FILE left out, or -, is standard input.\n"
	"\n"
	"  dump [FILE]    prints a stream as text\n"
	"  parse [FILE]   turns that text back into the stream\n"
	"  check [FILE]   verifies a stream; silent if all is well\n"
	"  diff A B       prints the records in which two streams differ, status 1 if there are any\n"
	"  stat [FILE]    counts records, nodes and bytes\n"
	"  code [FILE]    prints what gos-vm makes of counted mir (ir-spec/bytecode.md)\n",
	options, 1, 3,
};

static noreturn void
usage(const char *problem, const char *word)
{
	fprintf(stderr, "%s: %s `%s`; see %s --help\n", tool_name, problem, word, tool_name);
	exit(EXIT_USAGE);
}

/* The bytecode is no stream: only gos-vm, which stands beside us, knows it. */
static noreturn void
run_code(Arena *arena, const char *path)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

	self[n < 0 ? 0 : n] = 0;
	char *slash = strrchr(self, '/');
	const char *machine = arena_printf(arena, "%.*sgos-vm", slash ? (int)(slash - self) + 1 : 0, self);
	execl(machine, "gos-vm", "--dump", "--", path ? path : "-", (char *)NULL);
	fatal("cannot start `%s`: %s", machine, strerror(errno));
}

static int
run(Arena *arena, Interner *names, OptArgs args)
{
	static Input in, other;
	const char *command = args.at[0];
	const char *path = args.len > 1 ? args.at[1] : NULL;
	bool diff = strcmp(command, "diff") == 0;

	if (diff ? args.len != 3 : args.len > 2)
		usage(diff ? "two files are wanted behind" : "one file at most is wanted behind", command);
	if (strcmp(command, "code") == 0)
		run_code(arena, path);
	if (strcmp(command, "parse") == 0)
		return command_parse(arena, names, path);
	static const char *const known[] = {"dump", "check", "diff", "stat"};
	size_t i = 0;
	while (i < 4 && strcmp(command, known[i]) != 0)
		i++;
	if (i == 4)
		usage("unknown command", command);
	input_open(&in, arena, names, path);
	if (diff) {
		input_open(&other, arena, names, args.at[2]);
		return command_diff(&in, &other);
	}
	return i == 0 ? command_dump(&in, kind) : i == 1 ? command_check(&in) : command_stat(&in);
}

int
main(int argc, char **argv)
{
	static Arena arena;
	Interner names;
	OptArgs args = opt_parse(&tool, argc, argv);

	intern_init(&names, &arena);
	int status = run(&arena, &names, args);
	if (fflush(stdout) || ferror(stdout)) {
		if (errno == EPIPE)
			return EXIT_BROKEN_INPUT;
		fatal("cannot write the output: %s", strerror(errno));
	}
	return status;
}
