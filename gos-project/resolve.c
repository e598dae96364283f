/*
 * Which version of each project from elsewhere is used.  Selection is minimal: of all the versions
 * that anybody asks for, each of which means "this or a later one of its major version", the
 * highest.  So nothing changes because somebody has published something.
 *
 * Asking begins with the root; every version that is asked for is read, and what it asks for counts,
 * even if a higher one is taken in the end.  The result depends on no order.  A version that is
 * pinned in project.lock and suits stands in for those below it, so with a lock only what is used is
 * looked at.
 */
#include "gos-project/project.h"

#include "lib/semver.h"

#include <stdlib.h>
#include <string.h>

typedef VEC(Project *) Queue;

static Choice *
find_choice(const Projects *all, const char *id)
{
	for (uint32_t i = 0; i < all->choices.len; i++)
		if (strcmp(all->choices.at[i]->id, id) == 0)
			return all->choices.at[i];
	return NULL;
}

static Choice *
choice_of(Projects *all, const Dependency *d)
{
	Choice *c = find_choice(all, d->id);

	if (c)
		return c;
	c = arena_new(&all->arena, Choice);
	c->id = d->id;
	c->first = d;
	vec_push(&all->arena, &all->choices, c);
	return c;
}

Project *
project_chosen(const Projects *all, const Dependency *d)
{
	const Choice *c = find_choice(all, d->id);

	return c && !c->failed && c->best ? c->best->project : NULL;
}

/* ---- What does not go together ---- */

void
project_two_sources(Projects *all, const Dependency *d, const Dependency *first)
{
	Diag *diag = diag_error(&all->diags, G0042, d->span, d->id);

	diag_primary(diag, "from `%s`", d->source.text);
	if (first)
		diag_label(diag, first->span, "from `%s`", first->source.text);
	diag_help(diag, "ask for it in the same way in both places");
}

static bool
suits(Projects *all, Choice *c, const Dependency *d)
{
	const Dependency *first = c->first;

	if (strcmp(first->source.text, d->source.text) != 0) {
		project_two_sources(all, d, first);
		return false;
	}
	if (!d->source.version || semver_major(first->source.version) == semver_major(d->source.version))
		return true;
	Diag *diag = diag_error(&all->diags, G0043, d->span, d->id);
	diag_primary(diag, "version %s is asked for here", d->source.version);
	diag_label(diag, first->span, "and version %s here", first->source.version);
	diag_help(diag, "a new major version may do everything differently; have both ask for the same one");
	return false;
}

/* ---- Which version a wish leads to ---- */

static bool
is_updated(const Projects *all, const char *id)
{
	if (!all->options.update)
		return false;
	for (uint32_t i = 0; i < all->options.only.len; i++)
		if (strcmp(all->options.only.at[i], id) == 0)
			return true;
	return all->options.only.len == 0;
}

/* What project.lock has for the wish, if that suits. */
static const Pin *
pin_for(const Projects *all, const Dependency *d)
{
	const Pin *pin = is_updated(all, d->id) ? NULL : lock_find(all, d->id, d->source.text);

	if (!pin || !pin->sha256 || !d->source.version)
		return pin && pin->sha256 ? pin : NULL;
	return semver_major(pin->version) == semver_major(d->source.version) &&
	    semver_compare(pin->version, d->source.version) >= 0 ? pin : NULL;
}

static Version *
version_of(const Choice *c, const char *version)
{
	for (uint32_t i = 0; i < c->versions.len; i++)
		if (!version || semver_compare(c->versions.at[i]->pin.version, version) == 0)
			return c->versions.at[i];
	return NULL;
}

/* The version to read for the wish; NULL: the one there is. */
static const char *
wanted_version(Projects *all, Choice *c, const Dependency *d, const Pin *pin)
{
	const char *version = d->source.version;

	if (!version || pin)
		return version ? pin->version : NULL;
	if (!is_updated(all, d->id))
		return version;
	if (!c->newest || semver_compare(c->newest, version) < 0)
		c->newest = project_newest(all, d, version);
	return c->newest;
}

static void
add_version(Projects *all, Choice *c, Version *v, Queue *queue)
{
	v->was = lock_find(all, c->id, c->first->source.text);
	vec_push(&all->arena, &c->versions, v);
	if (!c->best || semver_compare(v->pin.version, c->best->pin.version) > 0)
		c->best = v;
	vec_push(&all->arena, queue, v->project);
}

static void
ask(Projects *all, const Dependency *d, Queue *queue)
{
	Choice *c = choice_of(all, d);
	const Pin *pin = pin_for(all, d);
	Version *v;

	if (c->failed || !suits(all, c, d)) {
		c->failed = true;
		return;
	}
	const char *version = wanted_version(all, c, d, pin);
	if (version_of(c, version))
		return;
	v = arena_new(&all->arena, Version);
	v->pin = (Pin){.id = d->id, .version = version, .source = d->source.text};
	if (!project_fetch(all, d, pin, v))
		c->failed = true;
	else
		add_version(all, c, v, queue);
}

static void
ask_in_folder(Project *p, const Dependency *d, Queue *queue)
{
	const char *real = project_path(p, d);
	uint32_t known = p->all->known.len;

	if (!real)	/* reported when it is loaded */
		return;
	Project *found = project_at(p->all, real, p->tree);
	if (p->all->known.len > known)
		vec_push(&p->all->arena, queue, found);
}

void
project_resolve(Project *root)
{
	Projects *all = root->all;
	Queue queue = {0};

	vec_push(&all->arena, &queue, root);
	for (uint32_t i = 0; i < queue.len; i++) {
		Project *p = queue.at[i];
		for (uint32_t j = 0; j < p->dependencies.len; j++) {
			const Dependency *d = &p->dependencies.at[j];
			if (root->id && strcmp(d->id, root->id) == 0)
				continue;	/* a circle, reported when it is loaded */
			if (d->source.kind == SOURCE_PATH)
				ask_in_folder(p, d, &queue);
			else
				ask(all, d, &queue);
		}
	}
}
