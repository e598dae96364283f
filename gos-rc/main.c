/* gos-rc: scheduled mir on standard input to counted mir on standard output.  See rc.h. */
#include "gos-rc/cycles.h"
#include "gos-rc/explain.h"
#include "gos-rc/rc.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *dumps = "";
static const char *level = "1";
static const char *const explanations[] = {"nothing", "rc", "copies", "arena", "cycles", NULL};
static int what = EXPLAIN_NOTHING;

static const Opt options[] = {
	OPT_TEXT('d', "dump", "LETTERS", &dumps,
	    "print each function after passes on stderr: p i g x k n l b w d c a f s r u t v h"),
	OPT_TEXT('O', "optimize", "LEVEL", &level, "0 leaves out what only saves counting"),
	OPT_CHOICE(0, "explain", "WHAT", &what, explanations,
	    "instead of the result: the source with what is left of counting (rc), of copies on write (copies), or "
	    "what is in arenas (arena); or which types may form cycles (cycles)"),
	OPT_END,
};
static const OptTool tool = {"gos-rc", "", "Makes the ownership of mir explicit: counts references.",
	options, 0, 0};

static void
stop_if(const char *wrong)
{
	if (!wrong)
		return;
	fprintf(stderr, "gos-rc: %s\n", wrong);
	exit(EXIT_BROKEN_INPUT);
}

int
main(int argc, char **argv)
{
	static Arena arena, scratch;
	static MirModule m;
	Interner names;

	opt_parse(&tool, argc, argv);
	intern_init(&names, &arena);
	IrReader *in = ir_open(&arena, &names, STDIN_FILENO, &mir_schema);
	IrWriter *out = what != EXPLAIN_NOTHING ? NULL
	    : ir_create(&arena, &names, STDOUT_FILENO, &mir_schema, "gos-rc " GOS_VERSION, in);
	stop_if(mir_load(&m, &arena, &names, in, MIR_SCHEDULED));
	stop_if(mir_verify(&m, MIR_SCHEDULED));
	cycle_mark(&m, &arena);
	stop_if(rc_rewrite(&m, &scratch, strcmp(level, "0") != 0, dumps));
	const char *wrong = mir_verify(&m, MIR_COUNTED);
	if (wrong)
		bug("the result is not counted mir: %s", wrong);
	if (!out) {
		if (what == EXPLAIN_ARENA)
			explain_arenas(&m, &arena, stdout);
		else if (what == EXPLAIN_CYCLES)
			explain_cycles(&m, &arena, stdout);
		else
			explain(&m, &arena, (ExplainWhat)what, stdout);
		return EXIT_OK;
	}
	ir_set_option(out, "ownership", "counted");
	for (uint32_t i = 0; i < m.records.len; i++)
		mir_write(out, &m.records.at[i]);
	return ir_finish(out, EXIT_OK, 0);
}
