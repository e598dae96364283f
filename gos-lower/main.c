/* gos-lower: reads tast from standard input, writes mir (ownership scheduled) to standard output. */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"
#include "lib/mir_verify.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <unistd.h>

static const OptTool tool = {
	"gos-lower", "", "turns the typed tree on standard input into the middle IR on standard output",
	NULL, 0, 0,
};

static void
write_sources(const Lower *lo)
{
	for (uint32_t i = 0; i < lo->source_records.len; i++) {
		const TastSource *s = lo->source_records.at[i];
		MirSource out = {s->path, s->base, s->text};
		mir_write_source(lo->out, &out);
	}
}

static void
write_program(const Lower *lo, const MirEntry *entry, const MirEndList *ends)
{
	write_sources(lo);
	for (uint32_t i = 0; i < lo->mir_types.len; i++) {
		MirTypeRecord t = {lo->mir_types.at[i].mir};
		mir_write_type(lo->out, &t);
	}
	for (uint32_t i = 0; i < lo->instances.len; i++) {
		MirFnRecord f = {lo->instances.at[i].mir};
		mir_write_fn(lo->out, &f);
	}
	for (uint32_t i = 0; i < lo->tables.len; i++)
		mir_write_table(lo->out, lo->tables.at[i]);
	for (uint32_t i = 0; i < lo->statics.len; i++)
		mir_write_static(lo->out, lo->statics.at[i]);
	for (uint32_t i = 0; i < ends->len; i++)
		mir_write_end(lo->out, ends->at[i]);
	for (uint32_t i = 0; i < lo->libraries.len; i++)
		mir_write_library(lo->out, &(MirLibrary){lo->libraries.at[i]});
	if (entry)
		mir_write_entry(lo->out, entry);
}

/* Types that fit nowhere in the input end up as ill-typed output: say so here, not in the next stage. */
static void
verify_program(const Lower *lo, MirEntry *entry, const MirEndList *ends)
{
	MirModule m = {.arena = lo->arena, .names = lo->names, .entry = entry, .target = ""};

	for (uint32_t i = 0; i < lo->mir_types.len; i++)
		vec_push(lo->arena, &m.types, lo->mir_types.at[i].mir);
	for (uint32_t i = 0; i < lo->instances.len; i++)
		vec_push(lo->arena, &m.fns, lo->instances.at[i].mir);
	for (uint32_t i = 0; i < lo->tables.len; i++)
		vec_push(lo->arena, &m.tables, lo->tables.at[i]);
	for (uint32_t i = 0; i < lo->statics.len; i++)
		vec_push(lo->arena, &m.statics, lo->statics.at[i]);
	for (uint32_t i = 0; i < ends->len; i++)
		vec_push(lo->arena, &m.ends, ends->at[i]);
	const char *wrong = mir_verify(&m, MIR_SCHEDULED);
	if (wrong)
		lower_broken(lo, "%s", wrong);
}

int
main(int argc, char **argv)
{
	static Arena arena;
	static Interner names;
	static Lower lower;
	Lower *lo = &lower;
	MirEndList ends = {0};

	opt_parse(&tool, argc, argv);
	intern_init(&names, &arena);
	lo->arena = &arena;
	lo->names = &names;
	sources_init(&lo->sources, &arena);
	diag_init(&lo->diags, &arena, &lo->sources);
	IrReader *in = ir_open(&arena, &names, STDIN_FILENO, &tast_schema);
	lo->out = ir_create(&arena, &names, STDOUT_FILENO, &mir_schema, "gos-lower " GOS_VERSION, in);
	ir_set_option(lo->out, "ownership", "scheduled");
	lo->wraps = ir_option_is(in, "overflow", "wrap");
	tables_read(lo, in);
	tables_verify(lo);
	tables_index(lo);
	mono_init(lo);
	layout_init(lo);
	resolve_init(lo);
	dyn_init(lo);
	ending_init(lo);
	MirEntry *entry = entry_lower(lo);
	instances_lower(lo);
	if (entry)
		entry->fn = statics_start(lo, entry->fn);
	instances_lower(lo);
	if (diag_error_count(&lo->diags) > 0)
		lower_stop(lo);
	layout_finish(lo);
	endings_find(lo, &ends);
	verify_program(lo, entry, &ends);
	write_program(lo, entry, &ends);
	return ir_finish(lo->out, EXIT_OK, 0);
}
