/*
 * gos-vm: runs the counted mir in a file, or on standard input.  See vm.h.
 *
 * The program has our arguments after the file, our standard output and error, and our exit
 * status.  When the mir comes on standard input, the program's own is the descriptor --stdin.
 */
#include "gos-vm/vm.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"
#include "lib/opt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool dump;
static const char *program_name;
static uint64_t stdin_fd = STDIN_FILENO, skip, session_in, session_out;
static VmModule program;

static void
use_stdin(void)
{
	if (stdin_fd != STDIN_FILENO && dup2((int)stdin_fd, STDIN_FILENO) < 0)
		fatal("--stdin=%llu: %s", (unsigned long long)stdin_fd, strerror(errno));
	if (stdin_fd != STDIN_FILENO)
		close((int)stdin_fd);
}

/* How many of the words are ours: up to FILE.  What follows belongs to the program. */
static int
own_words(int argc, char **argv)
{
	int n = 1;

	while (n < argc && argv[n][0] == '-' && argv[n][1] != 0 && strcmp(argv[n], "--") != 0)
		n++;
	if (n < argc && strcmp(argv[n], "--") == 0)
		n++;
	return n < argc ? n + 1 : argc;
}

/* The program's: FILE, or the name that --name gives it, and what follows FILE. */
static void
set_args(Arena *arena, const char *file, char **argv, int n)
{
	char **args = arena_array(arena, char *, n + 2);

	args[0] = (char *)(uintptr_t)(program_name ? program_name : file);
	memcpy(args + 1, argv, sizeof *args * (size_t)n);
	gos_rt_set_args(n + 1, args);
}

static GosBool
run_main(G *g, int32_t *status)
{
	stack_begin_main(g);
	return vm_run_entry(g, &program, status);
}

int
main(int argc, char **argv)
{
	static const Opt options[] = {
		OPT_FLAG(0, "dump", &dump, "print the code of all functions instead of running them"),
		OPT_NUMBER(0, "stdin", "FD", &stdin_fd, "what the program has as standard input"),
		OPT_NUMBER(0, "skip", "BYTES", &skip, "where the mir begins in the file on standard input"),
		OPT_NUMBER(0, "session", "FD", &session_in, "run what comes there: see session.c"),
		OPT_NUMBER(0, "replies", "FD", &session_out, "where the answers of a session go"),
		OPT_TEXT(0, "name", "NAME", &program_name, "what the program sees as its own name, instead of FILE"),
		OPT_END,
	};
	static const OptTool tool = {"gos-vm", "[FILE [ARGUMENT]...]", "Runs mir.", options, 0, OPT_ANY};
	static Arena arena;
	static MirModule module;
	static Interner names;

	int own = own_words(argc, argv);
	OptArgs args = opt_parse(&tool, own, argv);
	intern_init(&names, &arena);
	vm.arena = &arena;
	vm.names = &names;
	if (session_in)
		return vm_session((int)session_in, (int)session_out);
	bool from_stdin = args.len == 0 || strcmp(args.at[0], "-") == 0;
	if (skip && (!from_stdin || lseek(STDIN_FILENO, (off_t)skip, SEEK_SET) < 0))
		fatal("--skip needs a file on standard input");
	IrReader *in = from_stdin ? ir_open(&arena, &names, STDIN_FILENO, &mir_schema)
	    : ir_open_file(&arena, &names, args.at[0], &mir_schema);
	const char *wrong = mir_load(&module, &arena, &names, in, MIR_COUNTED);
	if (!wrong)
		wrong = mir_verify(&module, MIR_COUNTED);
	if (!wrong && !module.entry && !dump) {
		fprintf(stderr, "gos-vm: there is no `fn main()` and no statement at the top: nothing to run\n");
		exit(EXIT_PROGRAM);
	}
	if (!wrong)
		wrong = vm_load(&program, &module);
	if (wrong) {
		fprintf(stderr, "gos-vm: %s\n", wrong);
		exit(EXIT_BROKEN_INPUT);
	}
	if (dump) {
		vm_dump(&program);
		return fflush(stdout) == 0 ? EXIT_OK : EXIT_IO;
	}
	use_stdin();
	set_args(&arena, from_stdin ? "-" : args.at[0], argv + own, argc - own);
	/* Workers may still be asleep in their threads: no destructors, no atexit. */
	_exit(gos_rt_run(run_main));
}
