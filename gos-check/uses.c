/*
 * Imports.  A `use` is taken apart into single paths; they are tried in rounds until a round
 * brings nothing new, so that imports may build on each other in any order.
 */
#include "gos-check/names.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"

#include <string.h>

typedef VEC(const AstPath *) Prefixes;

static void
add_leaf(Check *c, ModuleId m, const Prefixes *p, Sym name, Span span, AstVis vis)
{
	const AstPath **paths = arena_array(c->arena, const AstPath *, p->len);

	memcpy(paths, p->at, p->len * sizeof *paths);
	vec_push(c->arena, &c->modules.at[m]->uses, (UseDecl){paths, p->len, name, span, vis, false});
}

static Sym
leaf_name(const Check *c, const Prefixes *p)
{
	for (uint32_t i = p->len; i--;) {
		const AstSegmentList *s = &p->at[i]->segments;

		for (uint32_t k = s->len; k--;)
			if (strcmp(check_str(c, s->at[k]->name), "self"))
				return s->at[k]->name;
	}
	return 0;
}

static void
add_tree(Check *c, ModuleId m, const AstUseTree *t, AstVis vis, Prefixes *p)
{
	uint32_t depth = p->len;

	switch (t->kind) {
	case AST_USE_TREE_LEAF:
		vec_push(c->arena, p, t->leaf.path);
		add_leaf(c, m, p, t->leaf.alias ? t->leaf.alias->name : leaf_name(c, p), t->span, vis);
		break;
	case AST_USE_TREE_GLOB:
		vec_push(c->arena, p, t->glob.path);
		add_leaf(c, m, p, 0, t->span, vis);
		break;
	case AST_USE_TREE_GROUP:
		vec_push(c->arena, p, t->group.path);
		for (uint32_t i = 0; i < t->group.trees.len; i++)
			add_tree(c, m, t->group.trees.at[i], vis, p);
		break;
	}
	p->len = depth;
}

void
names_add_use(Check *c, ModuleId m, const AstUseTree *tree, AstVis vis)
{
	Prefixes p = {0};

	add_tree(c, m, tree, vis, &p);
}

/* The prefixes as one path, without a final `self`. */
static AstPath *
whole_path(Check *c, const UseDecl *u)
{
	AstPath *path = arena_new(c->arena, AstPath);

	path->span = u->span;
	for (uint32_t i = 0; i < u->npaths; i++)
		for (uint32_t k = 0; k < u->paths[i]->segments.len; k++) {
			AstSegment *s = u->paths[i]->segments.at[k];

			if (path->segments.len && !strcmp(check_str(c, s->name), "self"))
				continue;
			vec_push(c->arena, &path->segments, s);
		}
	return path;
}

bool
names_import(Check *c, ModuleId m, NameSpace ns, Sym name, Def def, const UseDecl *u, bool glob)
{
	Module *mod = c->modules.at[m];
	uint64_t key = (uint64_t)name << 1 | (uint64_t)ns;
	uint32_t old = map_get(&mod->names, key, IR_NONE);

	if (old != IR_NONE) {
		const NameEntry *e = &mod->entries.at[old];

		if (glob || (e->def.kind == def.kind && e->def.index == def.index))
			return false;
		if (!e->glob) {
			names_define(c, m, ns, name, def, u->vis, u->span);
			return false;
		}
	}
	vec_push(c->arena, &mod->entries,
	    (NameEntry){name, def, u->span, u->vis, m, true, glob, false});
	map_set(c->arena, &mod->names, key, mod->entries.len - 1);
	return true;
}

static bool
import_glob_module(Check *c, ModuleId m, ModuleId from, const UseDecl *u)
{
	bool any = false;
	uint32_t n = c->modules.at[from]->entries.len;

	for (uint32_t i = 0; i < n; i++) {
		NameEntry e = c->modules.at[from]->entries.at[i];

		if (!names_visible(c, e.vis, e.home, m))
			continue;
		for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
			if (map_get(&c->modules.at[from]->names, (uint64_t)e.name << 1 | ns, IR_NONE) == i)
				any |= names_import(c, m, ns, e.name, e.def, u, true);
	}
	return any;
}

static bool
import_glob_enum(Check *c, ModuleId m, TastAdtId adt, const UseDecl *u)
{
	const TastAdt *a = c->adts.at[adt];
	bool any = false;

	for (uint32_t v = 0; v < a->variants.len; v++)
		for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
			any |= names_import(c, m, ns, a->variants.at[v]->name, (Def){DEF_VARIANT, adt, v}, u, true);
	return any;
}

static bool
import_glob(Check *c, ModuleId m, UseDecl *u, const AstPath *path)
{
	Resolved r = names_try(c, (Scope){m, NULL}, path, NS_TYPE);

	if (r.def.kind == DEF_MODULE && r.at == path->segments.len) {
		u->done = true;
		return import_glob_module(c, m, r.def.index, u);
	}
	if (r.def.kind == DEF_ADT && r.at == path->segments.len) {
		u->done = true;
		return import_glob_enum(c, m, r.def.index, u);
	}
	return false;
}

static bool
import(Check *c, ModuleId m, UseDecl *u)
{
	const AstPath *path = whole_path(c, u);
	bool any = false;

	if (!u->name)
		return import_glob(c, m, u, path);
	if (u->done)
		return false;
	for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++) {
		Resolved r = names_try(c, (Scope){m, NULL}, path, ns);

		if (r.def.kind == DEF_NONE || r.at != path->segments.len)
			continue;
		any |= names_import(c, m, ns, u->name, r.def, u, false);
		u->done = true;
	}
	return any;
}

/* ---- Imports of one another ---- */

enum { MAX_CIRCLE = 64 };

/* The unresolved import that `u` of module m takes its name from; *m becomes the module of that one. */
static UseDecl *
taken_from(Check *c, ModuleId *m, const UseDecl *u)
{
	AstPath path = *whole_path(c, u);
	Sym name = vec_last(&path.segments)->name;
	Resolved r = {{DEF_MODULE, *m, 0}, 0};
	const Module *mod;

	if (--path.segments.len)
		r = names_try(c, (Scope){*m, NULL}, &path, NS_TYPE);
	if (r.def.kind != DEF_MODULE || r.at != path.segments.len)
		return NULL;
	*m = r.def.index;
	mod = c->modules.at[*m];
	for (uint32_t i = 0; i < mod->uses.len; i++)
		if (!mod->uses.at[i].done && mod->uses.at[i].name == name)
			return &mod->uses.at[i];
	return NULL;
}

static void
poison_import(Check *c, ModuleId m, UseDecl *u)
{
	for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
		names_import(c, m, ns, u->name, (Def){DEF_ERROR, 0, 0}, u, false);
	u->done = true;
}

/* Imports that are each other's source; once for all of them. */
static void
report_circle(Check *c, ModuleId m, UseDecl *u)
{
	ModuleId at = m;
	UseDecl *next = u->name && !u->done ? taken_from(c, &at, u) : NULL;
	uint32_t n = 1;
	Diag *d;

	if (next == u && whole_path(c, u)->segments.len == 1)	/* `use fmt`, of which there is none */
		return;
	for (; next && next != u && n < MAX_CIRCLE; n++)
		next = taken_from(c, &at, next);
	if (next != u)
		return;
	d = diag_error(c->diags, G0384, u->span, check_str(c, u->name));
	diag_primary(d, "it comes from itself");
	for (next = taken_from(c, &at, u); next != u; next = taken_from(c, &at, next)) {
		diag_label(d, next->span, "by way of this import");
		poison_import(c, at, next);
	}
	poison_import(c, m, u);
	diag_help(d, "one of the modules has to define it");
}

static void
report_use(Check *c, ModuleId m, const UseDecl *u)
{
	const AstPath *path = whole_path(c, u);
	Resolved r = names_resolve_import(c, m, path);
	Def poison = {DEF_ERROR, 0, 0};

	if (r.def.kind != DEF_ERROR) {
		const AstSegment *s = path->segments.at[r.at < path->segments.len ? r.at :
		    path->segments.len - 1];
		if (r.def.kind != DEF_MODULE || !c->modules.at[r.def.index]->is_std ||
		    !report_unsupported_name(c, s->name, s->span))
			diag_primary(diag_error(c->diags, G0304, s->span, check_str(c, s->name)),
			    "%s has nothing to import by this name", names_kind(c, r.def));
	}
	if (!u->name)
		return;
	for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
		names_import(c, m, ns, u->name, poison, u, false);
}

void
names_resolve_uses(Check *c, ModuleId first)
{
	bool any = true;

	while (any) {
		any = false;
		for (ModuleId m = first; m < c->modules.len; m++)
			for (uint32_t i = 0; i < c->modules.at[m]->uses.len; i++)
				any |= import(c, m, &c->modules.at[m]->uses.at[i]);
	}
	for (ModuleId m = first; m < c->modules.len; m++)
		for (uint32_t i = 0; i < c->modules.at[m]->uses.len; i++)
			report_circle(c, m, &c->modules.at[m]->uses.at[i]);
	for (ModuleId m = first; m < c->modules.len; m++)
		for (uint32_t i = 0; i < c->modules.at[m]->uses.len; i++)
			if (!c->modules.at[m]->uses.at[i].done)
				report_use(c, m, &c->modules.at[m]->uses.at[i]);
}

/* ---- Unused ---- */

/* An import may have brought a type and a value of the same name. */
static bool
is_used(const Module *mod, const NameEntry *e)
{
	for (uint32_t i = 0; i < mod->entries.len; i++)
		if (mod->entries.at[i].name == e->name && mod->entries.at[i].used)
			return true;
	return false;
}

/* Without the entry of a list, or without the whole `use`. */
static void
fix_import(Check *c, Diag *d, Span name)
{
	SourceFile *f = source_find(c->sources, name.start);
	uint32_t line = f ? source_line_of(c->sources, f, name.start) : 0;
	Text text = f ? source_line_text(c->sources, f, line) : (Text){0};
	uint32_t start = f ? source_line_start(c->sources, f, line) : 0;

	if (!f)
		return;
	if (memchr(text.s, '{', text.n) || text.n < 4 || !memmem(text.s, text.n, "use ", 4))
		fix_remove_element(c, d, name, "remove it");
	else
		fix_remove_lines(c, d, (Span){start, (uint32_t)text.n}, "remove it");
}

void
names_report_unused(Check *c)
{
	for (ModuleId m = 0; m < c->modules.len; m++) {
		const Module *mod = c->modules.at[m];

		for (uint32_t i = 0; i < mod->entries.len && !mod->is_std; i++) {
			const NameEntry *e = &mod->entries.at[i];
			Diag *d;

			if (!e->imported || e->glob || e->vis != AST_VIS_PRIVATE || e->def.kind == DEF_TRAIT ||
			    e->def.kind == DEF_ERROR || is_used(mod, e))
				continue;
			if (i && mod->entries.at[i - 1].name == e->name && mod->entries.at[i - 1].imported)
				continue;
			d = diag_warn(c->diags, G0808, e->span, check_str(c, e->name));
			diag_primary(d, "nothing here uses it");
			fix_import(c, d, e->span);
		}
	}
}
