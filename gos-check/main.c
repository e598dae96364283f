/* gos-check: a stream of syntax trees in, a stream of typed trees out.  See README.md. */
#include "gos-check/body.h"
#include "gos-check/collect.h"
#include "gos-check/entry.h"
#include "gos-check/flow.h"
#include "gos-check/grow.h"
#include "gos-check/load.h"
#include "gos-check/names.h"
#include "gos-check/reach.h"
#include "gos-check/shape.h"
#include "gos-check/write.h"

#include "lib/fatal.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <unistd.h>

static const char *std_dir;
static bool no_std;

static const Opt options[] = {
	OPT_TEXT(0, "std", "DIR", &std_dir, "folder of the standard library's stream, core.ast"),
	OPT_FLAG(0, "no-std", &no_std, "a program that declares the language's own items itself"),
	OPT_END,
};

static const OptTool tool = {
	"gos-check", "", "Reads an `ast` stream, checks it, and writes a `tast` stream.", options, 0, 0,
};

static void
check_init(Check *c, Arena *a, Interner *names, Sources *sources, Diags *diags)
{
	c->arena = a;
	c->names = names;
	c->sources = sources;
	c->diags = diags;
	c->std = c->entry = IR_NONE;
	for (uint32_t i = 0; i < LANG_ADT_COUNT; i++)
		c->lang_adt[i] = IR_NONE;
	for (uint32_t i = 0; i < LANG_TRAIT_COUNT; i++)
		c->lang_trait[i] = IR_NONE;
	types_init(c);
}

/* requires: nothing.  ensures: all items of the unit are declared in module m. */
static void
declare(Check *c, const Unit *u, ModuleId m)
{
	collect_items(c, m, u->items.at, u->items.len);
}

/* The passes, in order.  Each says in its file what it requires and ensures. */
static void
check_program(Check *c, const Unit *user, const Unit *std)
{
	Marks start = collect_marks(c);

	c->std = names_module_new(c, IR_NONE, intern_cstr(c->names, no_std ? "main" : "std"), true, false);
	names_define_builtin(c, c->std);
	c->root = no_std ? c->std :
	    names_module_new(c, IR_NONE, intern_cstr(c->names, "main"), false, false);
	declare(c, std, c->std);
	declare(c, user, c->root);
	collect_resolve(c, start);
	entry_find(c, user->stmts.at, user->stmts.len);
	reach_bodies(c, no_std);
	entry_check(c);
	grow_check(c);
	names_report_unused(c);
	flow_check(c);
}

int
main(int argc, char **argv)
{
	static Arena arena;
	static Interner names;
	static Sources sources;
	static Diags diags;
	static Check c;
	Unit user = {0}, std = {0};

	opt_parse(&tool, argc, argv);
	intern_init(&names, &arena);
	sources_init(&sources, &arena);
	diag_init(&diags, &arena, &sources);
	check_init(&c, &arena, &names, &sources, &diags);

	IrReader *in = ir_open(&arena, &names, STDIN_FILENO, &ast_schema);
	IrWriter *out = ir_create(&arena, &names, STDOUT_FILENO, &tast_schema, "gos-check " GOS_VERSION, in);
	load_stream(in, &arena, &user);
	uint32_t base = load_sources(&c, &user);
	shape_verify(&c, &user);
	if (!no_std) {
		load_std(&c, std_dir, base, &std);
		load_sources(&c, &std);
	}
	check_program(&c, &user, &std);
	uint32_t errors = diag_flush(&diags);
	if (!errors)
		write_program(&c, &user, &std, out);
	return ir_finish(out, errors ? EXIT_PROGRAM : EXIT_OK, errors);
}
