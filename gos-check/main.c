/* gos-check: a stream of syntax trees in, a stream of typed trees out.  See README.md. */
#include "gos-check/body.h"
#include "gos-check/cfg.h"
#include "gos-check/collect.h"
#include "gos-check/const.h"
#include "gos-check/entry.h"
#include "gos-check/flow.h"
#include "gos-check/grow.h"
#include "gos-check/send.h"
#include "gos-check/image.h"
#include "gos-check/load.h"
#include "gos-check/modules.h"
#include "gos-check/names.h"
#include "gos-check/reach.h"
#include "gos-check/session.h"
#include "gos-check/shape.h"
#include "gos-check/write.h"

#include "lib/fatal.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <stdio.h>
#include <unistd.h>

static const char *std_dir, *session, *query, *base;
static bool no_std, write_image;

static const Opt options[] = {
	OPT_TEXT(0, "std", "DIR", &std_dir, "folder of the standard library's stream, core.ast"),
	OPT_TEXT(0, "names", "QUERY", &query, "… with names that fit, or what is known about one"),
	OPT_TEXT(0, "base", "DIR", &base, "where the files are that a source without a folder includes"),
	OPT_FLAG(0, "no-std", &no_std, "a program that declares the language's own items itself"),
	OPT_TEXT(0, "session", "FILE", &session, "an input of a session; what it makes goes to FILE"),
	OPT_FLAG(0, "write-image", &write_image, "write core.img, which is core.ast ready for use"),
	OPT_END,
};

static const OptTool tool = {
	"gos-check", "", "Reads an `ast` stream, checks it, and writes a `tast` stream.", options, 0, 0,
};

static void
world_init(World *w)
{
	Check *c = &w->check;

	intern_init(&w->names, &w->arena);
	sources_init(&w->sources, &w->arena);
	diag_init(&w->diags, &w->arena, &w->sources);
	c->arena = &w->arena;
	c->names = &w->names;
	c->sources = &w->sources;
	c->diags = &w->diags;
	c->std = c->prelude = c->program = c->entry = IR_NONE;
	for (uint32_t i = 0; i < LANG_ADT_COUNT; i++)
		c->lang_adt[i] = IR_NONE;
	for (uint32_t i = 0; i < LANG_TRAIT_COUNT; i++)
		c->lang_trait[i] = IR_NONE;
	types_init(c);
}

/* The package of std, or of a program that is its own std. */
static void
std_begin(Check *c, const char *name)
{
	uint32_t p = modules_package(c, 0, intern_cstr(c->names, name), false);

	names_define_builtin(c);
	c->std = c->packages.at[p]->root = names_module_new(c, IR_NONE, intern_cstr(c->names, name), true, false);
}

/* A program that is its own std has no modules in other files. */
static void
declare_no_std(Check *c, const Unit *u)
{
	c->root = c->program = c->std;
	for (uint32_t i = 0; i < u->files.len; i++) {
		u->files.at[i].module = c->std;
		collect_items(c, c->std, u->files.at[i].items.at, u->files.at[i].items.len);
	}
}

/* The library, as far as it is the same for all programs. */
static void
check_std(World *w, const char *dir)
{
	Check *c = &w->check;
	Marks start = collect_marks(c);

	load_std(c, dir, &w->std);
	load_sources(c, &w->std);
	std_begin(c, "std");
	for (uint32_t i = 0; i < w->std.files.len; i++)
		collect_items(c, c->std, w->std.files.at[i].items.at, w->std.files.at[i].items.len);
	names_find_prelude(c);
	collect_resolve(c, start);
}

/* The passes, in order.  Each says in its file what it requires and ensures. */
static void
check_program(Check *c, Unit *user, FILE *report)
{
	Marks start = collect_marks(c);
	AstStmt *const *stmts;
	uint32_t n_stmts;
	TypeId value = IR_NONE;

	if (report)
		session_begin(c, user, report);
	if (no_std)
		declare_no_std(c, user);
	else
		modules_declare(c, user);
	collect_resolve(c, start);
	modules_statements(c, user, &stmts, &n_stmts);
	entry_find(c, stmts, n_stmts);
	reach_bodies(c, no_std);
	entry_check(c);
	grow_check(c);
	send_check(c);
	names_report_unused(c);
	flow_check(c);
	const_put_values(c);
	if (!report)
		return;
	if (c->diags->errors)
		session_errors(c, user, report);
	else
		value = session_end(c, report);
	if (query)
		session_names(c, query, value, report);
}

static int
make_image(World *w, const char *dir)
{
	image_begin(w);
	world_init(w);
	check_std(w, dir);
	if (diag_flush(&w->diags))
		return EXIT_PROGRAM;
	image_save(w, dir);
	return EXIT_OK;
}

/* Everything that a program needs of the library. */
static void
begin(World *w)
{
	const char *dir;

	if (no_std) {
		world_init(w);
		std_begin(&w->check, "main");
		return;
	}
	dir = load_std_dir(&w->arena, std_dir);
	if (image_load(w, dir))
		return;
	world_init(w);
	check_std(w, dir);
}

int
main(int argc, char **argv)
{
	static World w;
	Unit user = {0};

	opt_parse(&tool, argc, argv);
	if (write_image)
		return make_image(&w, load_std_dir(&w.arena, std_dir));
	begin(&w);
	IrReader *in = ir_open(&w.arena, &w.names, STDIN_FILENO, &ast_schema);
	IrWriter *out = ir_create(&w.arena, &w.names, STDOUT_FILENO, &tast_schema,
	    "gos-check " GOS_VERSION, in);
	load_stream(in, &w.arena, &user);
	load_sources(&w.check, &user);
	shape_verify(&w.check, &user);
	w.check.target = ir_target(in);
	w.check.base = base;
	cfg_filter(&w.check, &user);
	FILE *report = session ? fopen(session, "w") : NULL;
	if (session && !report)
		fatal("cannot write `%s`", session);
	check_program(&w.check, &user, report);
	if (report && fclose(report) != 0)
		fatal("cannot write `%s`", session);
	if (report)
		diag_drop_warnings(&w.diags);
	uint32_t errors = diag_flush(&w.diags);
	if (w.diags.warnings)
		ir_set_option(out, "warnings", arena_printf(&w.arena, "%u", w.diags.warnings));
	if (w.check.reads_outside)
		ir_set_option(out, "outside", "");
	if (!errors)
		write_program(&w.check, &user, &w.std, out);
	return ir_finish(out, errors ? EXIT_PROGRAM : EXIT_OK, errors);
}
