/* gos-rc: scheduled mir on standard input to counted mir on standard output.  See rc.h. */
#include "gos-rc/rc.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	char letter;		/* of -d */
	bool optional;		/* left out by -O0 */
	PassRun *run;
	const char *name;
} passes[] = {
	{'p', false, pass_positions, "positions"},
	{'l', true, pass_last_use, "last use"},
	{'d', false, pass_drops, "drops"},
	{'c', false, pass_count, "count"},
	{'f', true, pass_fuse, "fuse"},
	{'t', false, pass_tidy, "tidy"},
};

static const char *dumps = "";
static const char *level = "1";

static const Opt options[] = {
	OPT_TEXT('d', "dump", "LETTERS", &dumps,
	    "print each function after passes on stderr: p l d c f t"),
	OPT_TEXT('O', "optimize", "LEVEL", &level, "0 leaves out what only saves counting"),
	OPT_END,
};
static const OptTool tool = {"gos-rc", "", "Makes the ownership of mir explicit: counts references.",
	options, 0, 0};

static void
rewrite_fn(const MirModule *m, MirFnId id, Arena *scratch)
{
	MirFn *fn = m->fns.at[id];
	ArenaMark mark = arena_mark(scratch);
	Pass p = {.m = m, .arena = m->arena, .scratch = scratch, .fn = fn};

	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
		if (passes[i].optional && strcmp(level, "0") == 0)
			continue;
		passes[i].run(&p);
		if (strchr(dumps, passes[i].letter)) {
			fprintf(stderr, "; after %s\n", passes[i].name);
			ir_dump_record(stderr, m->names, &mir_schema, MIR_REC_FN, &(MirFnRecord){fn}, id);
		}
	}
	arena_reset(scratch, mark);
}

/* Flags need a type; a program that has none gets one at the end. */
static void
ensure_bool(MirModule *m)
{
	for (uint32_t i = 0; i < m->types.len; i++)
		if (mir_repr(m, i) == MIR_REPR_BOOL)
			return;
	MirTypeRecord *record = arena_new(m->arena, MirTypeRecord);
	record->type = mir_mk_type(m->arena, intern_cstr(m->names, "bool"), 1, 1, false, false,
	    mir_mk_repr_bool(m->arena));
	vec_push(m->arena, &m->types, record->type);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_TYPE, .type = record});
}

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
	IrWriter *out = ir_create(&arena, &names, STDOUT_FILENO, &mir_schema, "gos-rc " GOS_VERSION, in);
	stop_if(mir_load(&m, &arena, &names, in, MIR_SCHEDULED));
	stop_if(mir_verify(&m, MIR_SCHEDULED));
	ensure_bool(&m);
	for (uint32_t i = 0; i < m.fns.len; i++)
		if (!mir_is_foreign(m.fns.at[i]))
			rewrite_fn(&m, i, &scratch);
	const char *wrong = mir_verify(&m, MIR_COUNTED);
	if (wrong)
		bug("the result is not counted mir: %s", wrong);
	ir_set_option(out, "ownership", "counted");
	for (uint32_t i = 0; i < m.records.len; i++)
		mir_write(out, &m.records.at[i]);
	return ir_finish(out, EXIT_OK, 0);
}
