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

static Project *load(Projects *all, const char *real);

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

/* Is the project one whose dependencies are being followed? Then its index, else IR_NONE. */
static uint32_t
loading_index(const Projects *all, const char *real)
{
	for (uint32_t i = 0; i < all->loading.len; i++)
		if (strcmp(all->loading.at[i]->real, real) == 0)
			return i;
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

static Project *
find_by_folder(const Projects *all, const char *real)
{
	for (uint32_t i = 0; i < all->list.len; i++)
		if (strcmp(all->list.at[i]->real, real) == 0)
			return all->list.at[i];
	return NULL;
}

/* The folder that is named must be the project that is named, and have a library. */
static bool
is_usable(Project *p, const Dependency *d, const Project *found)
{
	if (!found->id)	/* reported */
		return false;
	if (strcmp(found->id, d->id) != 0) {
		bad_dependency(p, d, arena_printf(&p->all->arena, "the project in `%s` is `%s`", d->path, found->id));
		return false;
	}
	if (!found->has_library) {
		bad_dependency(p, d,
		    arena_printf(&p->all->arena, "it is no library: `%s` has no `src/lib.gos`", d->path));
		return false;
	}
	return true;
}

static void
load_dependency(Project *p, Dependency *d)
{
	Projects *all = p->all;
	const char *folder = *d->path == '/' ? d->path : project_join(all, p->real, d->path);
	const char *file = project_join(all, folder, PROJECT_FILE);
	char *real = realpath(folder, NULL);
	Project *found;
	uint32_t at;

	if (!real || access(file, R_OK) != 0) {
		bad_dependency(p, d, arena_printf(&all->arena, "cannot read `%s`: %s",
		    project_join(all, d->path, PROJECT_FILE), strerror(errno)));
		return;
	}
	at = loading_index(all, real);
	if (at != UINT32_MAX) {
		report_cycle(p, d, at);
		return;
	}
	found = find_by_folder(all, real);
	if (!found && find_by_id(all, d->id)) {
		bad_dependency(p, d, arena_printf(&all->arena, "it is in `%s` too",
		    find_by_id(all, d->id)->root));
		return;
	}
	if (!found)
		found = load(all, real);
	if (is_usable(p, d, found))
		d->project = found;
}

static Project *
load(Projects *all, const char *real)
{
	Project *p = arena_new(&all->arena, Project);

	p->all = all;
	p->real = real;
	p->root = project_shown(all, real);
	vec_push(&all->arena, &all->loading, p);
	project_read_manifest(p);
	for (uint32_t i = 0; i < p->dependencies.len; i++)
		load_dependency(p, &p->dependencies.at[i]);
	if (p->id)
		project_find_modules(p);
	all->loading.len--;
	vec_push(&all->arena, &all->list, p);
	return p;
}

Project *
project_load(Projects *all, const char *real)
{
	Project *p = load(all, real);

	if (p->id && !p->has_program && !p->has_library && !all->io_failed)
		diag_error(&all->diags, G0036, DIAG_NOWHERE, p->root);
	return p;
}
