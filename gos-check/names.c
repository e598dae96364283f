/*
 * Names: modules hold entries by name and name space; block modules (items inside functions)
 * look outward, real ones do not; the names of std's prelude are everywhere.
 *
 * Paths resolve only as far as modules and enum variants go.  Associated items need types and
 * are the business of type.c and expr_path.c.
 */
#include "gos-check/names.h"

#include "gos-check/absent.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "lib/suggest.h"

#include <string.h>

static uint64_t
key_of(Sym name, NameSpace ns)
{
	return (uint64_t)name << 1 | (uint64_t)ns;
}

ModuleId
names_module_new(Check *c, ModuleId parent, Sym name, bool is_std, bool is_block)
{
	Module *m = arena_new(c->arena, Module);

	m->name = name;
	m->parent = parent;
	m->is_std = is_std;
	m->is_block = is_block;
	m->package = parent == IR_NONE ? c->packages.len - 1 : c->modules.at[parent]->package;
	m->path = parent == IR_NONE || !name ? name : names_path(c, parent, name);
	if (is_block)
		m->path = c->modules.at[parent]->path;
	vec_push(c->arena, &c->modules, m);
	return c->modules.len - 1;
}

Sym
names_path(Check *c, ModuleId m, Sym name)
{
	Sym path = c->modules.at[m]->path;
	const char *s;

	if (!path)
		return name;
	s = arena_printf(c->arena, "%s::%s", check_str(c, path), check_str(c, name));
	return intern_cstr(c->names, s);
}

bool
check_is_own(const Check *c, ModuleId m)
{
	return c->packages.at[c->modules.at[m]->package]->is_own;
}

bool
check_same_project(const Check *c, ModuleId a, ModuleId b)
{
	uint32_t p = c->modules.at[a]->package, q = c->modules.at[b]->package;

	return p == q || (c->packages.at[p]->id && c->packages.at[p]->id == c->packages.at[q]->id);
}

ModuleId
names_real(const Check *c, ModuleId m)
{
	while (c->modules.at[m]->is_block)
		m = c->modules.at[m]->parent;
	return m;
}

bool
names_visible(const Check *c, AstVis vis, ModuleId home, ModuleId from)
{
	if (vis == AST_VIS_PUBLIC)
		return true;
	if (vis == AST_VIS_PACKAGE)
		return check_same_project(c, home, from);
	for (; from != IR_NONE; from = c->modules.at[from]->parent)
		if (from == home)
			return true;
	return false;
}

Sym
names_single(const AstPath *path)
{
	const AstSegment *s = path->segments.len == 1 ? path->segments.at[0] : NULL;

	return s && !s->has_args ? s->name : 0;
}

/* ---- Entries ---- */

NameEntry *
names_entry(const Check *c, ModuleId m, NameSpace ns, Sym name)
{
	Module *mod = c->modules.at[m];
	uint32_t i = map_get(&mod->names, key_of(name, ns), IR_NONE);

	return i == IR_NONE ? NULL : &mod->entries.at[i];
}

static void
entry_add(Check *c, ModuleId m, NameSpace ns, NameEntry e)
{
	Module *mod = c->modules.at[m];

	vec_push(c->arena, &mod->entries, e);
	map_set(c->arena, &mod->names, key_of(e.name, ns), mod->entries.len - 1);
}

void
names_define(Check *c, ModuleId m, NameSpace ns, Sym name, Def def, AstVis vis, Span span)
{
	NameEntry *old = names_entry(c, m, ns, name);

	if (old && !old->glob) {
		Diag *d = diag_error(c->diags, G0302, span, check_str(c, name));

		diag_primary(d, "a second `%s`", check_str(c, name));
		diag_label(d, old->span, "the first one is here");
		diag_help(d, "give one of them another name, or remove it");
		return;
	}
	entry_add(c, m, ns, (NameEntry){name, def, span, vis, m, false, false, false});
}

static void
define_builtin(Check *c, const char *name, Def def)
{
	entry_add(c, c->builtin, NS_TYPE, (NameEntry){intern_cstr(c->names, name), def, {0, 0},
	    AST_VIS_PUBLIC, c->builtin, false, false, false});
}

void
names_define_builtin(Check *c)
{
	static const char *const prims[] = {"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
	    "u32", "u64", "u128", "usize", "f32", "f64", "bool", "char", "String"};

	c->builtin = names_module_new(c, IR_NONE, 0, true, false);
	for (TypeId t = 0; t < sizeof prims / sizeof *prims; t++)
		define_builtin(c, prims[t], (Def){DEF_PRIM, t, 0});
	define_builtin(c, "str", (Def){DEF_PRIM, TY_STRING, 0});
	define_builtin(c, "Box", (Def){DEF_TRANSPARENT, 0, 0});
}

uint32_t
names_variant(const Check *c, TastAdtId adt, Sym name)
{
	return map_get(&c->adt_info.at[adt]->variants, name, IR_NONE);
}

/* ---- Looking up ---- */

/* `extra` counts the steps outward.  Only constant parameters are values. */
static Def
lookup_generic(const Generics *g, Sym name, NameSpace ns)
{
	for (uint32_t depth = 0; g; g = g->outer, depth++) {
		for (uint32_t i = 0; i < g->decls.len; i++)
			if (g->decls.at[i].name == name && (ns == NS_TYPE || g->decls.at[i].is_const))
				return (Def){g->decls.at[i].is_const ? DEF_CONST_PARAM : DEF_PARAM, i, depth};
		for (uint32_t i = 0; i < g->undeclared.len; i++)
			if (g->undeclared.at[i] == name)
				return (Def){DEF_ERROR, 0, 0};
	}
	return (Def){DEF_NONE, 0, 0};
}

void
names_find_prelude(Check *c)
{
	const NameEntry *e = names_entry(c, c->std, NS_TYPE, intern_cstr(c->names, "prelude"));

	c->prelude = e && e->def.kind == DEF_MODULE ? e->def.index : IR_NONE;
}

/* In std everything at its root; elsewhere its prelude; and the types that no item declares. */
const NameEntry *
names_everywhere(const Check *c, ModuleId from, NameSpace ns, Sym name)
{
	const NameEntry *e = names_entry(c, c->builtin, ns, name);

	if (e || c->std == IR_NONE)
		return e;
	if (c->modules.at[from]->is_std)
		return names_entry(c, c->std, ns, name);
	return c->prelude == IR_NONE ? NULL : names_entry(c, c->prelude, ns, name);
}

static Def
lookup_modules(const Check *c, ModuleId m, Sym name, NameSpace ns)
{
	const NameEntry *every;
	NameEntry *e;

	for (;;) {
		e = names_entry(c, m, ns, name);
		if (e) {
			e->used = true;
			return e->def;
		}
		if (!c->modules.at[m]->is_block)
			break;
		m = c->modules.at[m]->parent;
	}
	every = names_everywhere(c, m, ns, name);
	return every ? every->def : (Def){DEF_NONE, 0, 0};
}

static bool
is_word(const Check *c, Sym name, const char *word)
{
	return !strcmp(check_str(c, name), word);
}

static Def
lookup_keyword(const Check *c, Scope s, Sym name)
{
	ModuleId m = names_real(c, s.module);
	uint32_t package;

	if (is_word(c, name, "crate"))
		return (Def){DEF_MODULE, c->packages.at[c->modules.at[m]->package]->root, 0};
	if (is_word(c, name, "self"))
		return (Def){DEF_MODULE, m, 0};
	if (is_word(c, name, "super") && c->modules.at[m]->parent != IR_NONE)
		return (Def){DEF_MODULE, names_real(c, c->modules.at[m]->parent), 0};
	if (is_word(c, name, "std") && c->std != IR_NONE)
		return (Def){DEF_MODULE, c->std, 0};
	if (is_word(c, name, "Self") && s.generics)
		for (const Generics *g = s.generics; g; g = g->outer)
			if (g->self_type != IR_NONE)
				return (Def){DEF_SELF, g->self_type, 0};
	package = map_get(&c->packages.at[c->modules.at[m]->package]->uses, name, IR_NONE);
	if (package != IR_NONE)
		return (Def){DEF_MODULE, c->packages.at[package]->root, 0};
	return (Def){DEF_NONE, 0, 0};
}

Def
names_lookup(Check *c, Scope s, Sym name, NameSpace ns)
{
	Def d = lookup_generic(s.generics, name, ns);

	if (d.kind == DEF_NONE)
		d = lookup_modules(c, s.module, name, ns);
	if (d.kind == DEF_NONE && ns == NS_TYPE)
		d = lookup_keyword(c, s, name);
	return d;
}

/* ---- Paths ---- */

typedef struct Walk {
	Check *c;
	Scope s;
	NameSpace ns;
	bool report;
	bool import;
} Walk;

static void offer_module(const Check *c, ModuleId m, NameSpace ns, bool only_public, Suggest *best);
static void unknown_name(Check *c, Scope s, ModuleId from, Sym name, Span span, NameSpace ns);

/* `super` where there is nothing above, or in the middle of a path. */
static bool
report_super(Check *c, const AstSegment *seg)
{
	Diag *d;

	if (!is_word(c, seg->name, "super"))
		return false;
	d = diag_error(c->diags, G0383, seg->span);
	diag_primary(d, "this is the outermost module already");
	return true;
}

/* What a path may begin with beside the names of its module. */
static void
offer_roots(const Check *c, ModuleId m, Suggest *best)
{
	const Package *p = c->packages.at[c->modules.at[m]->package];

	suggest_offer(best, "std", 3, 0);
	suggest_offer(best, "crate", 5, 0);
	for (uint32_t i = 0; i < c->packages.len; i++) {
		Text name = intern_text(c->names, c->packages.at[i]->name);

		if (map_get(&p->uses, c->packages.at[i]->name, IR_NONE) == i)
			suggest_offer(best, name.s, name.n, 0);
	}
	offer_module(c, names_real(c, m), NS_TYPE, false, best);
}

static void
unknown_import(Check *c, const AstSegment *seg, ModuleId m, ModuleId inside)
{
	Text t = intern_text(c->names, seg->name);
	Suggest best = suggest_for(t.s, t.n);
	Diag *d = diag_error(c->diags, G0304, seg->span, t.s);

	diag_primary(d, "not found here");
	if (inside == IR_NONE && names_std_path(c, seg->name)) {
		diag_help(d, "it is `%s`", names_std_path(c, seg->name));
		diag_fix(d, DIAG_SAFE, seg->span, "write its whole path", names_std_path(c, seg->name));
		return;
	}
	for (NameSpace ns = NS_TYPE; inside != IR_NONE && ns <= NS_VALUE; ns++)
		offer_module(c, inside, ns, true, &best);
	if (inside == IR_NONE)
		offer_roots(c, m, &best);
	if (best.found) {
		diag_help(d, "there is `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, seg->span, "write the similar name", best.name);
	} else if (inside == IR_NONE && c->in_project) {
		diag_help(d, "a path begins with a module, `crate`, `std` or a dependency, which `project.toml` lists");
	}
}

/* A name after `std::` that is not there, but in one of its modules. */
static bool
report_std_path(Check *c, const AstSegment *seg, bool import)
{
	const char *path = names_std_path(c, seg->name);
	Diag *d;

	if (!path)
		return false;
	if (import)
		d = diag_error(c->diags, G0304, seg->span, check_str(c, seg->name));
	else
		d = diag_error(c->diags, G0301, seg->span, "item", check_str(c, seg->name));
	diag_primary(d, "not found here");
	diag_help(d, "it is `%s`", path);
	diag_fix(d, DIAG_SAFE, (Span){seg->span.start, 0}, "write its whole path", arena_printf(c->arena,
	    "%.*s", (int)(strlen(path) - strlen("std::") - strlen(check_str(c, seg->name))), path + strlen("std::")));
	return true;
}

/* The name alone, without type arguments. */
static Span
name_span(const Check *c, const AstSegment *seg)
{
	return (Span){seg->span.start, intern_text(c->names, seg->name).n};
}

static Resolved
walk_fail(Walk *w, const AstSegment *seg, NameSpace ns, ModuleId inside)
{
	Scope s = w->s;

	if (!w->report)
		return (Resolved){{DEF_NONE, 0, 0}, 0};
	if (inside != IR_NONE)
		s = (Scope){inside, NULL};
	if (report_super(w->c, seg))
		return (Resolved){{DEF_ERROR, 0, 0}, 0};
	if (inside != IR_NONE && w->c->modules.at[inside]->is_std &&
	    (absent_report(w->c, seg->name, name_span(w->c, seg), check_str(w->c, w->c->modules.at[inside]->name)) ||
	    (inside == w->c->std && report_std_path(w->c, seg, w->import)) ||
	    report_unsupported_std(w->c, seg->name, seg->span)))
		return (Resolved){{DEF_ERROR, 0, 0}, 0};
	if (inside == IR_NONE && w->import && absent_report_root(w->c, seg->name, seg->span))
		return (Resolved){{DEF_ERROR, 0, 0}, 0};
	if (w->import)
		unknown_import(w->c, seg, w->s.module, inside);
	else
		unknown_name(w->c, s, inside == IR_NONE ? IR_NONE : w->s.module, seg->name, name_span(w->c, seg), ns);
	return (Resolved){{DEF_ERROR, 0, 0}, 0};
}

static void
report_private(Check *c, const NameEntry *e, const AstSegment *seg)
{
	const char *kind = strchr(names_kind(c, e->def), ' ');	/* "a function" */
	Diag *d = diag_error(c->diags, G0303, seg->span, kind ? arena_printf(c->arena, "the%s", kind) :
	    names_kind(c, e->def), check_str(c, seg->name));

	diag_primary(d, "private to its module");
	if (e->span.len)
		diag_label(d, e->span, "`%s` is defined here without `pub`", check_str(c, seg->name));
	if (check_is_own(c, e->home))
		report_add_pub(c, d, e->span);
	else
		diag_help(d, "it is not meant to be used by other projects");
}

/* The items at the root of std have their places in its modules; from outside only those are seen. */
static bool
is_inside_std(const Check *c, ModuleId m, const NameEntry *e, ModuleId from)
{
	/* The types of a session's variables are written down by their paths. */
	return !c->session && m == c->std && e->def.kind != DEF_MODULE && !c->modules.at[from]->is_std;
}

/* The meaning of `seg` inside the module. */
static Resolved
walk_module(Walk *w, ModuleId m, const AstSegment *seg, bool last)
{
	Check *c = w->c;
	NameSpace ns = last ? w->ns : NS_TYPE;
	NameEntry *e = names_entry(c, m, ns, seg->name);

	if (is_word(c, seg->name, "super") && c->modules.at[m]->parent != IR_NONE)
		return (Resolved){{DEF_MODULE, c->modules.at[m]->parent, 0}, 0};
	if (!e || e->def.kind == DEF_NONE || is_inside_std(c, m, e, w->s.module))
		return walk_fail(w, seg, ns, m);
	if (!names_visible(c, e->vis, e->home, w->s.module)) {
		if (!w->report)
			return (Resolved){{DEF_NONE, 0, 0}, 0};
		report_private(c, e, seg);
		return (Resolved){{DEF_ERROR, 0, 0}, 0};
	}
	e->used = true;
	return (Resolved){e->def, 0};
}

static Resolved
walk_first(Walk *w, const AstPath *path)
{
	const AstSegment *seg = path->segments.at[0];
	NameSpace ns = path->segments.len == 1 ? w->ns : NS_TYPE;
	Def d = names_lookup(w->c, w->s, seg->name, ns);

	if (d.kind == DEF_NONE) {
		Resolved failed = walk_fail(w, seg, ns, IR_NONE);

		/* A type or module that only lacks its import is what it says, once that was reported. */
		d = w->report && !w->import ? names_lookup(w->c, w->s, seg->name, ns) : failed.def;
		if (d.kind == DEF_NONE || d.kind == DEF_ERROR || d.kind == DEF_FN)
			return failed;
	}
	/* `use std::str` leaves the type `str` what it is. */
	if (d.kind == DEF_MODULE && path->segments.len == 1 && names_entry(w->c, w->c->builtin, ns, seg->name))
		d = names_entry(w->c, w->c->builtin, ns, seg->name)->def;
	return (Resolved){d, 1};
}

static Resolved
walk_path(Walk *w, const AstPath *path, Resolved r, uint32_t i)
{
	for (; i < path->segments.len; i++) {
		const AstSegment *seg = path->segments.at[i];
		uint32_t v;

		if (r.def.kind == DEF_MODULE) {
			r = walk_module(w, r.def.index, seg, i + 1 == path->segments.len);
		} else if (r.def.kind == DEF_ADT) {
			v = names_variant(w->c, r.def.index, seg->name);
			if (v == IR_NONE)
				break;
			r.def = (Def){DEF_VARIANT, r.def.index, v};
		} else {
			break;
		}
		if (r.def.kind == DEF_NONE || r.def.kind == DEF_ERROR)
			return r;
	}
	r.at = i;
	return r;
}

/* `f64::sqrt` is of the type, `f64::consts` of the module that has its name. */
static void
prefer_primitive(const Walk *w, const AstPath *path, Resolved *r)
{
	const Check *c = w->c;
	const NameEntry *type = names_entry(c, c->builtin, NS_TYPE, path->segments.at[0]->name);

	if (r->def.kind != DEF_MODULE || path->segments.len < 2 || !type)
		return;
	for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++)
		if (names_entry(c, r->def.index, ns, path->segments.at[1]->name))
			return;
	r->def = type->def;
}

static Resolved
resolve(Walk *w, const AstPath *path)
{
	Resolved r = walk_first(w, path);

	if (r.def.kind == DEF_NONE || r.def.kind == DEF_ERROR)
		return r;
	prefer_primitive(w, path, &r);
	return walk_path(w, path, r, 1);
}

Resolved
names_resolve(Check *c, Scope s, const AstPath *path, NameSpace ns)
{
	return resolve(&(Walk){c, s, ns, true, false}, path);
}

Resolved
names_try(Check *c, Scope s, const AstPath *path, NameSpace ns)
{
	return resolve(&(Walk){c, s, ns, false, false}, path);
}

Resolved
names_resolve_import(Check *c, ModuleId m, const AstPath *path)
{
	return resolve(&(Walk){c, {m, NULL}, NS_TYPE, true, true}, path);
}

/* ---- Messages ---- */

const char *
names_kind(const Check *c, Def def)
{
	switch (def.kind) {
	case DEF_NONE:
	case DEF_ERROR:
		return "nothing";
	case DEF_MODULE:
		return "a module";
	case DEF_ADT:
		return c->adts.at[def.index]->kind == TAST_ADT_KIND_ENUM ? "an enum" : "a struct";
	case DEF_TRAIT:
		return "a trait";
	case DEF_ALIAS:
		return "a type alias";
	case DEF_PRIM:
	case DEF_TRANSPARENT:
		return "a type";
	case DEF_FN:
		return "a function";
	case DEF_CONST:
		return "a constant";
	case DEF_VARIANT:
		return "a variant";
	case DEF_PARAM:
		return "a type parameter";
	case DEF_CONST_PARAM:
		return "a constant parameter";
	case DEF_SELF:
		return "the type `Self`";
	case DEF_UNSUPPORTED:
		return "not supported yet";
	}
	return "?";
}

static void
offer_module(const Check *c, ModuleId m, NameSpace ns, bool only_public, Suggest *best)
{
	const Module *mod = c->modules.at[m];

	for (uint32_t i = 0; i < mod->entries.len; i++) {
		const NameEntry *e = &mod->entries.at[i];
		Text t = intern_text(c->names, e->name);

		if (map_get(&mod->names, key_of(e->name, ns), IR_NONE) != i)
			continue;
		if (!only_public || e->vis == AST_VIS_PUBLIC)
			suggest_offer(best, t.s, t.n, e->name);
	}
}

static void
offer_scope(Check *c, Scope s, NameSpace ns, Suggest *best)
{
	ModuleId m = s.module;

	if (ns == NS_TYPE)
		for (const Generics *g = s.generics; g; g = g->outer)
			for (uint32_t i = 0; i < g->decls.len; i++) {
				Text t = intern_text(c->names, g->decls.at[i].name);

				suggest_offer(best, t.s, t.n, g->decls.at[i].name);
			}
	else
		report_offer_locals(c, best);
	for (;; m = c->modules.at[m]->parent) {
		offer_module(c, m, ns, false, best);
		if (!c->modules.at[m]->is_block)
			break;
	}
	if (c->prelude != IR_NONE && !c->modules.at[m]->is_std)
		offer_module(c, c->prelude, ns, true, best);
}

/* `T`, which the item does not declare: its other uses are not reported. */
static bool
undeclared_parameter(Check *c, const Generics *g, Diag *d, Sym name)
{
	Text t = intern_text(c->names, name);

	if (!t.n || t.n > 2 || *t.s < 'A' || *t.s > 'Z' || (t.n == 2 && (t.s[1] < '0' || t.s[1] > '9')))
		return false;
	diag_help(d, "a type parameter is declared where the item begins: `fn f<%s>(…)`, `impl<%s> …`", t.s, t.s);
	if (!g || !g->ast)
		return true;
	fix_add_parameter(c, d, g->ast, t.s);
	vec_push(c->arena, &((Generics *)(uintptr_t)g)->undeclared, name);
	return true;
}

/* What a path that leads from `from` into the module may name. */
static void
offer_inside(const Check *c, ModuleId m, ModuleId from, NameSpace ns, Suggest *best)
{
	const Module *mod = c->modules.at[m];

	for (uint32_t i = 0; i < mod->entries.len; i++) {
		const NameEntry *e = &mod->entries.at[i];
		Text t = intern_text(c->names, e->name);

		if (map_get(&mod->names, key_of(e->name, ns), IR_NONE) == i && names_visible(c, e->vis, e->home, from))
			suggest_offer(best, t.s, t.n, e->name);
	}
}

/* `from`: where the path begins that leads to `s`, or IR_NONE if the name stands alone. */
static void
unknown_name(Check *c, Scope s, ModuleId from, Sym name, Span span, NameSpace ns)
{
	Text t = intern_text(c->names, name);
	Suggest best = suggest_for(t.s, t.n);
	const char *what = ns == NS_TYPE ? "type or module" : "value";
	Def other;
	Diag *d;

	if (report_habit(c, name, span, ns) || names_report_importable(c, s.module, name, span, ns) ||
	    report_unsupported_name(c, name, span) || absent_report(c, name, span, NULL))
		return;
	other = names_lookup(c, s, name, ns == NS_TYPE ? NS_VALUE : NS_TYPE);
	if (other.kind == DEF_ERROR)
		return;
	if (other.kind != DEF_NONE) {
		d = diag_error(c->diags, G0305, span, t.s, names_kind(c, other),
		    ns == NS_TYPE ? "a type" : "a value");
		diag_primary(d, ns == NS_TYPE ? "a type is needed here" : "a value is needed here");
		return;
	}
	if (from == IR_NONE)
		offer_scope(c, s, ns, &best);
	else
		offer_inside(c, s.module, from, ns, &best);
	d = diag_error(c->diags, G0301, span, what, t.s);
	diag_primary(d, "not found here");
	if ((ns == NS_TYPE && undeclared_parameter(c, s.generics, d, name)) || !best.found)
		return;
	diag_help(d, "there is `%s`, which is spelled similarly", best.name);
	diag_fix(d, DIAG_REVIEW, span, "write the similar name", best.name);
}

void
names_unknown(Check *c, Scope s, Sym name, Span span, NameSpace ns)
{
	unknown_name(c, s, IR_NONE, name, span, ns);
}
