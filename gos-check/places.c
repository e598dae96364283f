/*
 * Where the names of the standard library live: std's modules are searched for a name that a program
 * uses without import, and the `use` that it lacks is offered.
 */
#include "gos-check/names.h"

#include <string.h>

enum { PLACES_MAX = 4 };

typedef struct Place {
	ModuleId module;
	Def def;
} Place;

typedef struct Places {
	Place at[PLACES_MAX];
	uint32_t len;
} Places;

/* ---- Searching ---- */

static bool
is_listed(const Places *p, Def def)
{
	for (uint32_t i = 0; i < p->len; i++)
		if (p->at[i].def.kind == def.kind && p->at[i].def.index == def.index)
			return true;
	return false;
}

static void
search(const Check *c, ModuleId m, Sym name, NameSpace ns, Places *found)
{
	const Module *mod = c->modules.at[m];
	const NameEntry *e = names_entry(c, m, ns, name);
	bool seen = m != c->std || (e && e->def.kind == DEF_MODULE);

	if (e && seen && e->vis == AST_VIS_PUBLIC && found->len < PLACES_MAX && !is_listed(found, e->def))
		found->at[found->len++] = (Place){m, e->def};
	for (uint32_t i = 0; i < mod->entries.len; i++) {
		const NameEntry *inner = &mod->entries.at[i];

		if (inner->def.kind == DEF_MODULE && inner->vis == AST_VIS_PUBLIC && !inner->imported)
			search(c, inner->def.index, name, ns, found);
	}
}

static Places
find_places(const Check *c, Sym name, NameSpace ns)
{
	Places found = {0};

	if (c->std != IR_NONE)
		search(c, c->std, name, ns, &found);
	return found;
}

static const char *
path_of(Check *c, const Place *p, Sym name)
{
	return check_str(c, names_path(c, p->module, name));
}

const char *
names_std_path(Check *c, Sym name)
{
	for (NameSpace ns = NS_TYPE; ns <= NS_VALUE; ns++) {
		Places found = find_places(c, name, ns);

		if (found.len)
			return path_of(c, &found.at[0], name);
	}
	return NULL;
}

/* ---- Where a `use` can be added ---- */

void
names_note_start(Check *c, ModuleId m, Span span, bool is_use)
{
	Module *mod = c->modules.at[m];
	bool better = is_use && !mod->starts_with_use;

	if (mod->start.len && !better && (mod->starts_with_use || mod->start.start <= span.start))
		return;
	mod->start = span;
	mod->starts_with_use |= is_use;
}

static bool
begins(Text line, const char *what)
{
	uint32_t i = 0;

	while (i < line.n && (line.s[i] == ' ' || line.s[i] == '\t'))
		i++;
	return line.n - i >= strlen(what) && !memcmp(line.s + i, what, strlen(what));
}

/* Comments and attributes directly above belong to what follows them. */
static uint32_t
above_comments(const Check *c, SourceFile *f, uint32_t line)
{
	while (line > 1) {
		Text above = source_line_text(c->sources, f, line - 1);

		if (!begins(above, "//") && !begins(above, "#["))
			break;
		line--;
	}
	return line;
}

static void
add_use(Check *c, Diag *d, ModuleId m, const char *path, DiagSafety safety)
{
	Span at = c->modules.at[m]->start;
	SourceFile *f = at.len ? source_find(c->sources, at.start) : NULL;
	const char *title = arena_printf(c->arena, "add `use %s`", path);
	uint32_t line, start, indent;
	Text text;

	if (!f)
		return;
	line = source_line_of(c->sources, f, at.start);
	text = source_line_text(c->sources, f, line);
	start = source_line_start(c->sources, f, line);
	for (indent = 0; indent < text.n && (text.s[indent] == ' ' || text.s[indent] == '\t'); indent++)
		;
	if (start + indent != at.start) {	/* `mod a { fn f() {} }` */
		diag_fix(d, safety, (Span){at.start, 0}, title, arena_printf(c->arena, "use %s; ", path));
		return;
	}
	if (!c->modules.at[m]->starts_with_use)
		line = above_comments(c, f, line);
	diag_fix(d, safety, (Span){source_line_start(c->sources, f, line), 0}, title,
	    arena_printf(c->arena, "%.*suse %s\n", (int)indent, text.s, path));
}

/* ---- Reporting ---- */

bool
names_report_importable(Check *c, ModuleId m, Sym name, Span span, NameSpace ns)
{
	Places found = find_places(c, name, ns);
	const UseDecl none = {.span = {0, 0}, .vis = AST_VIS_PRIVATE};
	DiagSafety safety;
	Diag *d;

	if (!found.len || c->modules.at[m]->is_std)
		return false;
	m = names_real(c, m);
	safety = found.len == 1 && found.at[0].def.kind != DEF_FN ? DIAG_SAFE : DIAG_REVIEW;
	d = diag_error(c->diags, G0380, span, check_str(c, name));
	diag_primary(d, "it is `%s`", path_of(c, &found.at[0], name));
	if (found.len > 1)
		diag_note(d, "there is `%s` too", path_of(c, &found.at[1], name));
	for (uint32_t i = 0; i < found.len; i++)
		add_use(c, d, m, path_of(c, &found.at[i], name), safety);
	names_import(c, m, ns, name, found.at[0].def, &none, false);
	names_entry(c, m, ns, name)->used = true;
	return true;
}
