/*
 * A project and those it depends on.  Each is loaded once, however many need it; a chain of
 * dependencies that comes back to where it began is an error.
 */
#include "gos-project/project.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void load(Project *p);

static void
bad_dependency(Project *p, const Dependency *d, const char *why)
{
	Diag *diag = diag_error(&p->all->diags, G0035, d->span, d->id, why);

	diag_primary(diag, "named here");
}

/* `a → b → a` */
static void
report_cycle(Project *p, const Dependency *d, uint32_t from)
{
	Projects *all = p->all;
	const char *chain = "";
	Diag *diag;

	for (uint32_t i = from; i < all->loading.len; i++)
		chain = arena_printf(&all->arena, "%s`%s` → ", chain, all->loading.at[i]->id);
	diag = diag_error(&all->diags, G0039, d->span, d->id);
	diag_primary(diag, "this closes the circle");
	diag_note(diag, "%s`%s`", chain, d->id);
	diag_help(diag, "move what both need into a third project");
}

/* Is the project one whose dependencies are being followed, in whatever version? Then its index, else UINT32_MAX. */
static uint32_t
loading_index(const Projects *all, const char *real, const char *id)
{
	for (uint32_t i = 0; i < all->loading.len; i++) {
		const Project *p = all->loading.at[i];
		if ((real && strcmp(p->real, real) == 0) || (p->id && strcmp(p->id, id) == 0))
			return i;
	}
	return UINT32_MAX;
}

static Project *
find_by_id(const Projects *all, const char *id)
{
	for (uint32_t i = 0; i < all->list.len; i++)
		if (all->list.at[i]->id && strcmp(all->list.at[i]->id, id) == 0)
			return all->list.at[i];
	return NULL;
}

/* What a message calls the place. */
static const char *
where(const Dependency *d)
{
	return d->source.kind == SOURCE_PATH ? d->source.path : d->source.text;
}

/* What is there must be the project that is named, and have a library. */
static bool
is_usable(Project *p, const Dependency *d, const Project *found)
{
	Arena *a = &p->all->arena;

	if (!found->id)	/* reported */
		return false;
	if (strcmp(found->id, d->id) != 0) {
		bad_dependency(p, d, arena_printf(a, "the project in `%s` is `%s`", where(d), found->id));
		return false;
	}
	if (!found->has_library) {
		bad_dependency(p, d, arena_printf(a, "it is no library: `%s` has no `src/lib.gos`", where(d)));
		return false;
	}
	return true;
}

const char *
project_path(const Project *p, const Dependency *d)
{
	Projects *all = p->all;
	const char *folder = *d->source.path == '/' ? d->source.path : project_join(all, p->real, d->source.path);
	char *real = realpath(folder, NULL);

	return real && access(project_join(all, real, PROJECT_FILE), R_OK) == 0 ? real : NULL;
}

static Project *
find_in_folder(Project *p, Dependency *d)
{
	Projects *all = p->all;
	const char *real = project_path(p, d);
	size_t n = p->tree ? strlen(p->tree) : 0;

	if (!real)
		bad_dependency(p, d, arena_printf(&all->arena, "cannot read `%s`: %s",
		    project_join(all, d->source.path, PROJECT_FILE), strerror(errno)));
	else if (p->tree && (strncmp(real, p->tree, n) != 0 || real[n] != '/'))
		bad_dependency(p, d, "the path leads out of what was fetched");
	else
		return project_at(all, real, p->tree);
	return NULL;
}

static void
load_dependency(Project *p, Dependency *d)
{
	Projects *all = p->all;
	Project *found = d->source.kind == SOURCE_PATH ? find_in_folder(p, d) : project_chosen(all, d), *other;
	uint32_t at;

	at = loading_index(all, found ? found->real : NULL, d->id);
	if (at != UINT32_MAX) {
		report_cycle(p, d, at);
		return;
	}
	if (!found)
		return;
	other = find_by_id(all, d->id);
	if (!found->loaded && other) {
		project_two_sources(all, d, other->asked);
		return;
	}
	if (!found->asked)
		found->asked = d;
	load(found);
	if (is_usable(p, d, found))
		d->project = found;
}

Project *
project_at(Projects *all, const char *real, const char *tree)
{
	Project *p;

	for (uint32_t i = 0; i < all->known.len; i++)
		if (strcmp(all->known.at[i]->real, real) == 0)
			return all->known.at[i];
	p = arena_new(&all->arena, Project);
	p->all = all;
	p->real = real;
	p->tree = tree;
	p->root = project_shown(all, real);
	vec_push(&all->arena, &all->known, p);
	project_read_manifest(p);
	return p;
}

/* The project behind all that it needs. */
static void
load(Project *p)
{
	Projects *all = p->all;

	if (p->loaded)
		return;
	vec_push(&all->arena, &all->loading, p);
	for (uint32_t i = 0; i < p->dependencies.len; i++)
		load_dependency(p, &p->dependencies.at[i]);
	if (p->id)
		project_find_modules(p);
	all->loading.len--;
	p->loaded = true;
	vec_push(&all->arena, &all->list, p);
}

/* The program of a project calls its library by the project's name. */
static void
check_own_name(Project *p)
{
	const char *why = project_bad_name(p->name, strlen(p->name));
	Diag *d;

	if (!p->has_program || !p->has_library || !why)
		return;
	d = diag_error(&p->all->diags, G0048, p->id_span, p->name, why);
	diag_primary(d, "the last part is what the program calls the library");
	diag_help(d, "give the project another id, or have only one of `src/main.gos` and `src/lib.gos`");
}

Project *
project_load(Projects *all, const char *real)
{
	Project *p = project_at(all, real, NULL);

	lock_read(p);
	if (!diag_error_count(&all->diags))
		project_resolve(p);
	load(p);
	if (p->id && !p->has_program && !p->has_library && !all->io_failed)
		diag_error(&all->diags, G0036, DIAG_NOWHERE, p->root);
	if (p->id)
		check_own_name(p);
	return p;
}
