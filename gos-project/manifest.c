/* project.toml: what must be in it, what may be, and what it means. */
#include "gos-project/project.h"

#include "lib/file.h"
#include "lib/semver.h"
#include "lib/suggest.h"
#include "lib/toml.h"

#include <errno.h>
#include <string.h>

/* --- looking things up -------------------------------------------------------------------- */

bool
manifest_read_document(Projects *all, const char *path, Toml *doc)
{
	Text text;

	errno = 0;
	FileStatus status = file_read(&all->arena, path, &text);
	if (status != FILE_OK) {
		project_cannot_read(all, path,
		    status == FILE_FAILED ? errno : status == FILE_TOO_LARGE ? EFBIG : EISDIR);
		return false;
	}
	uint32_t file = source_add(&all->sources, path, text.s, text.n);
	return toml_parse(doc, &all->arena, &all->diags, &all->sources.files.at[file]);
}

/* `known` ends with NULL. */
void
manifest_warn_unknown(Projects *all, const TomlValue *table, const char *what, const char *const *known)
{
	for (uint32_t i = 0; i < table->as.table.entries.len; i++) {
		const TomlEntry *e = &table->as.table.entries.at[i];
		Suggest best = suggest_for(e->key.s, e->key.n);
		bool found = false;
		for (const char *const *k = known; *k && !found; k++) {
			found = strlen(*k) == e->key.n && memcmp(*k, e->key.s, e->key.n) == 0;
			suggest_offer(&best, *k, strlen(*k), 0);
		}
		if (found)
			continue;
		Diag *d = diag_warn(&all->diags, G0031, e->key_span, what, e->key.s);
		diag_primary(d, "this is ignored");
		if (best.found)
			diag_fix(d, DIAG_REVIEW, e->key_span,
			    arena_printf(&all->arena, "write `%s`", best.name), best.name);
	}
}

bool
manifest_expect_kind(Projects *all, const TomlEntry *e, TomlKind kind)
{
	if (e->value->kind == kind)
		return true;
	Diag *d = diag_error(&all->diags, G0033, e->value->span, e->key.s, toml_kind_name(kind),
	    toml_kind_name(e->value->kind));
	diag_primary(d, "expected %s", toml_kind_name(kind));
	return false;
}

/* The text at `key`, or NULL: reported if it is missing or no text. */
static const TomlEntry *
need_text(Project *p, const Toml *doc, const TomlValue *table, const char *what, const char *key,
    const char *example)
{
	const TomlEntry *e = toml_find(doc, table, key);

	if (!e) {
		Diag *d = diag_error(&p->all->diags, G0032, table->span, key, what);
		diag_help(d, "add a line such as %s = \"%s\"", key, example);
		return NULL;
	}
	return manifest_expect_kind(p->all, e, TOML_STRING) ? e : NULL;
}

/* --- what values must look like ----------------------------------------------------------- */

static bool
is_id_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("._-", c));
}

bool
manifest_is_id(Text id)
{
	const char *part = id.s;

	for (uint32_t i = 0; i <= id.n; i++) {
		const char *at = id.s + i;
		if (i < id.n && *at != '/' && !is_id_char(*at))
			return false;
		if ((i == id.n || *at == '/') && (at == part || *part == '.'))
			return false;
		if (i < id.n && *at == '/')
			part = at + 1;
	}
	return *part >= 'a' && *part <= 'z' && !strchr(part, '.');
}

static void
bad_value(Project *p, const TomlEntry *e, const char *what, const char *example)
{
	Diag *d = diag_error(&p->all->diags, G0034, e->value->span, e->value->as.text.s, what);

	diag_help(d, "%s looks like \"%s\"", what, example);
}

static const char *
name_of(Project *p, const char *id)
{
	const char *slash = strrchr(id, '/');
	const char *last = slash ? slash + 1 : id;
	char *name = arena_strndup(&p->all->arena, last, strlen(last));

	for (char *c = name; *c; c++)
		if (*c == '-')
			*c = '_';
	return name;
}

/* --- the tables --------------------------------------------------------------------------- */

static void
read_project(Project *p, const Toml *doc)
{
	static const char *const known[] = {"id", "version", NULL};
	const TomlEntry *table = toml_find(doc, &doc->root, "project");

	if (!table) {
		diag_error(&p->all->diags, G0032, doc->root.span, "[project]", "`" PROJECT_FILE "`");
		return;
	}
	if (!manifest_expect_kind(p->all, table, TOML_TABLE))
		return;
	manifest_warn_unknown(p->all, table->value, "`[project]`", known);
	const TomlEntry *id = need_text(p, doc, table->value, "`[project]`", "id", "example.com/widget");
	const TomlEntry *version = need_text(p, doc, table->value, "`[project]`", "version", "0.1.0");
	if (id && !manifest_is_id(id->value->as.text))
		bad_value(p, id, "an id", "example.com/widget");
	else if (id) {
		p->id = id->value->as.text.s;
		p->id_span = id->value->span;
	}
	if (version && !semver_valid(version->value->as.text))
		bad_value(p, version, "a version", "0.1.0");
	else if (version)
		p->version = version->value->as.text.s;
	if (p->id)
		p->name = name_of(p, p->id);
}

static void
bad_dependency(Project *p, const TomlEntry *e, const char *why)
{
	diag_error(&p->all->diags, G0035, e->key_span, e->key.s, why);
}

/* The name in paths: none that means something else, and not that of another dependency. */
static bool
is_good_name(Project *p, const TomlEntry *e, const TomlEntry *as, const Dependency *d)
{
	const char *why = as && strlen(d->name) != as->value->as.text.n ? "a name has only letters, digits and `_`"
	    : project_bad_name(d->name, strlen(d->name));

	if (why) {
		Diag *diag = diag_error(&p->all->diags, G0041, as ? as->value->span : e->key_span, d->name, why);
		diag_help(diag, "give it another name: `as = \"…\"`");
		return false;
	}
	if (p->name && strcmp(p->name, d->name) == 0) {
		bad_dependency(p, e, "it has the name of this project; give it another one: `as = \"…\"`");
		return false;
	}
	for (uint32_t i = 0; i < p->dependencies.len; i++)
		if (strcmp(p->dependencies.at[i].name, d->name) == 0) {
			bad_dependency(p, e, arena_printf(&p->all->arena, "`%s` has the name `%s` too; give one of "
			    "them another: `as = \"…\"`", p->dependencies.at[i].id, d->name));
			return false;
		}
	return true;
}

static void
read_dependency(Project *p, const Toml *doc, const TomlEntry *e)
{
	Dependency d = {.id = e->key.s, .span = e->key_span};

	if (strlen(e->key.s) != e->key.n || !manifest_is_id(e->key)) {
		diag_error(&p->all->diags, G0034, e->key_span, e->key.s, "an id");
		return;
	}
	if (!project_read_source(p, doc, e, &d.source))
		return;
	d.name = name_of(p, d.id);
	const TomlEntry *as = toml_find(doc, e->value, "as");
	if (as && manifest_expect_kind(p->all, as, TOML_STRING))
		d.name = as->value->as.text.s;
	if (p->id && strcmp(p->id, e->key.s) == 0)
		bad_dependency(p, e, "it is this project itself");
	else if (is_good_name(p, e, as, &d))
		vec_push(&p->all->arena, &p->dependencies, d);
}

void
project_read_manifest(Project *p)
{
	static const char *const known[] = {"project", "dependencies", NULL};
	Toml doc;

	if (!manifest_read_document(p->all, project_join(p->all, p->root, PROJECT_FILE), &doc))
		return;
	vec_last(&p->all->sources.files).quiet = p->tree != NULL;
	manifest_warn_unknown(p->all, &doc.root, "`" PROJECT_FILE "`", known);
	read_project(p, &doc);
	const TomlEntry *dependencies = toml_find(&doc, &doc.root, "dependencies");
	if (!dependencies || !manifest_expect_kind(p->all, dependencies, TOML_TABLE))
		return;
	for (uint32_t i = 0; i < dependencies->value->as.table.entries.len; i++)
		read_dependency(p, &doc, &dependencies->value->as.table.entries.at[i]);
}
