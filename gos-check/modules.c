/*
 * Packages and modules.  A package's files say by their Source records which modules they are, so no
 * `mod a` is needed; where there is one, it gives the module its visibility and its attributes.
 *
 * A module between two others may have no file: `src/a/b.gos` alone makes `a` too.
 */
#include "gos-check/modules.h"

#include "gos-check/cfg.h"
#include "gos-check/collect.h"
#include "gos-check/names.h"

#include <string.h>

uint32_t
modules_package(Check *c, Sym id, Sym name, bool is_own)
{
	Package *p = arena_new(c->arena, Package);

	p->id = id;
	p->name = name;
	p->is_own = is_own;
	p->root = IR_NONE;
	vec_push(c->arena, &c->packages, p);
	return c->packages.len - 1;
}

/* ---- The tree ---- */

static ModuleId
child(Check *c, ModuleId m, Sym name, Span span)
{
	const NameEntry *e = names_entry(c, m, NS_TYPE, name);
	ModuleId inner;

	if (e && e->def.kind == DEF_MODULE)
		return e->def.index;
	inner = names_module_new(c, m, name, false, false);
	c->modules.at[inner]->from_layout = true;
	names_define(c, m, NS_TYPE, name, (Def){DEF_MODULE, inner, 0}, AST_VIS_PUBLIC, span);
	return inner;
}

/* The module `a::b` of a package; those on the way are made. */
static ModuleId
module_at(Check *c, ModuleId root, Sym path, Span span)
{
	const char *s = check_str(c, path);
	ModuleId m = root;

	while (*s) {
		const char *end = strstr(s, "::");
		size_t n = end ? (size_t)(end - s) : strlen(s);

		m = child(c, m, intern(c->names, s, n), span);
		s += end ? n + 2 : n;
	}
	return m;
}

/* A module that is left out by `#[cfg(…)]` before its `mod` takes everything below it along. */
static void
leave_out(Check *c, const UnitFile *f)
{
	for (uint32_t i = 0; i < f->items.len; i++) {
		const AstItem *item = f->items.at[i];
		const NameEntry *e;

		if (item->kind != AST_ITEM_MOD || item->mod.inline_ || !cfg_left_out(c, &item->attrs))
			continue;
		e = names_entry(c, f->module, NS_TYPE, item->mod.name->name);
		if (e && e->def.kind == DEF_MODULE)
			c->modules.at[e->def.index]->left_out = true;
	}
}

static bool
is_left_out(const Check *c, ModuleId m)
{
	for (; m != IR_NONE; m = c->modules.at[m]->parent)
		if (c->modules.at[m]->left_out)
			return true;
	return false;
}

/* ---- Files ---- */

static void
report_statements(Check *c, const UnitFile *f)
{
	Diag *d = diag_error(c->diags, G0382, f->stmts.at[0]->span);

	diag_primary(d, "nothing would run this");
	diag_help(d, "move it into a function; only the file where the program begins has statements of its own");
}

static void
declare_file(Check *c, const UnitFile *f)
{
	if (is_left_out(c, f->module))
		return;
	collect_items(c, f->module, f->items.at, f->items.len);
	for (uint32_t i = 0; i < f->stmts.len; i++)
		names_note_start(c, f->module, f->stmts.at[i]->span, false);
	if (f->stmts.len && f->module != c->program)
		report_statements(c, f);
}

static void
make_package(Check *c, const AstPackage *ast)
{
	bool runs = ast->kind == AST_PACKAGE_KIND_PROGRAM;
	/* A statement of its own: it may move the vector. */
	uint32_t id = modules_package(c, ast->id, ast->name, ast->kind != AST_PACKAGE_KIND_DEPENDENCY);
	Package *p = c->packages.at[id];

	for (uint32_t i = 0; i < ast->uses.len; i++)
		map_set(c->arena, &p->uses, ast->uses.at[i]->name, ast->uses.at[i]->package + c->first_package);
	p->root = names_module_new(c, IR_NONE, runs ? intern_cstr(c->names, "main") : ast->name, false, false);
	if (p->is_own)
		c->root = p->root;
	if (runs)
		c->program = p->root;
}

static void
make_packages(Check *c, const Unit *u)
{
	AstPackage alone = {.kind = AST_PACKAGE_KIND_PROGRAM};

	c->first_package = c->packages.len;
	c->in_project = u->packages.len;
	for (uint32_t i = 0; i < u->packages.len; i++)
		make_package(c, u->packages.at[i]);
	if (!u->packages.len)
		make_package(c, &alone);
}

void
modules_declare(Check *c, const Unit *u)
{
	make_packages(c, u);
	for (uint32_t i = 0; i < u->files.len; i++) {
		UnitFile *f = &u->files.at[i];

		f->module = module_at(c, c->packages.at[c->first_package + f->package]->root, f->source->module,
		    (Span){f->source->base, 0});
		c->modules.at[f->module]->has_file = true;
	}
	for (uint32_t i = 0; i < u->files.len; i++)
		leave_out(c, &u->files.at[i]);
	for (uint32_t i = 0; i < u->files.len; i++)
		declare_file(c, &u->files.at[i]);
}

void
modules_statements(const Check *c, const Unit *u, AstStmt *const **stmts, uint32_t *n)
{
	VEC(AstStmt *) all = {0};

	for (uint32_t i = 0; i < u->files.len; i++)
		for (uint32_t k = 0; u->files.at[i].module == c->program && k < u->files.at[i].stmts.len; k++)
			vec_push(c->arena, &all, u->files.at[i].stmts.at[k]);
	*stmts = all.at;
	*n = all.len;
}

/* ---- `mod a` ---- */

static void
report_missing(Check *c, ModuleId m, const AstIdent *name)
{
	const char *s = check_str(c, name->name);
	const Module *mod = c->modules.at[m];
	const char *path = mod->path ? strstr(check_str(c, mod->path), "::") : NULL, *dir = "src/";
	Diag *d = diag_error(c->diags, G0381, name->span, s);

	diag_primary(d, "there is no file for it");
	if (!c->in_project) {
		diag_help(d, "a file that is run alone is the whole program; `gos init` makes a project of its folder, "
		    "or write the module here: `mod %s { … }`", s);
		return;
	}
	for (; path && *path; path = strstr(path + 2, "::")) {
		const char *end = strstr(path + 2, "::");

		size_t n = end ? (size_t)(end - path) - 2 : strlen(path + 2);

		dir = arena_printf(c->arena, "%s%.*s/", dir, (int)n, path + 2);
	}
	diag_help(d, "it belongs into `%s%s.gos` or `%s%s/mod.gos`", dir, s, dir, s);
}

void
modules_attach(Check *c, ModuleId m, const AstItem *item)
{
	const AstIdent *name = item->mod.name;
	NameEntry *e = names_entry(c, m, NS_TYPE, name->name);
	Module *inner = e && e->def.kind == DEF_MODULE ? c->modules.at[e->def.index] : NULL;

	if (!inner || !inner->from_layout) {
		if (e)	/* something else has the name */
			names_define(c, m, NS_TYPE, name->name, (Def){DEF_ERROR, 0, 0}, item->vis, name->span);
		else
			report_missing(c, m, name);
		return;
	}
	inner->from_layout = false;
	e->vis = item->vis;
	e->span = name->span;
}

ModuleId
modules_reopen(Check *c, ModuleId m, const AstItem *item)
{
	NameEntry *e = names_entry(c, m, NS_TYPE, item->mod.name->name);
	Module *inner = e && e->def.kind == DEF_MODULE ? c->modules.at[e->def.index] : NULL;

	if (!inner)
		return IR_NONE;
	if (inner->is_std)	/* the files of std may add to the same module */
		return e->def.index;
	if (!inner->from_layout || inner->has_file)
		return IR_NONE;
	inner->from_layout = false;
	e->vis = item->vis;
	e->span = item->mod.name->span;
	return e->def.index;
}
