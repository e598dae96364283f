/* Which folder is the project, and how paths are shown. */
#include "gos-project/project.h"

#include "lib/fatal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void
projects_init(Projects *all)
{
	sources_init(&all->sources, &all->arena);
	diag_init(&all->diags, &all->arena, &all->sources);
}

void
project_cannot_read(Projects *all, const char *path, int why)
{
	diag_error(&all->diags, G0001, DIAG_NOWHERE, path, strerror(why));
	all->io_failed = true;
}

const char *
project_join(Projects *all, const char *folder, const char *path)
{
	size_t n = strlen(folder);

	if (strcmp(folder, ".") == 0)
		return path;
	return arena_printf(&all->arena, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", path);
}

/* ---- Paths from where the user stands ---- */

/* How many bytes two paths have in common, up to the end of a name. */
static size_t
common(const char *a, const char *b)
{
	size_t end = 0, i = 0;

	for (; a[i] && a[i] == b[i]; i++)
		if (a[i] == '/')
			end = i;
	if ((!a[i] || a[i] == '/') && (!b[i] || b[i] == '/'))
		end = i;
	return end;
}

const char *
project_relative(Projects *all, const char *from, const char *to)
{
	const char *up = "", *rest;
	size_t n = common(from, to);

	if (n <= 1)	/* nothing but the root of the file system */
		return to;
	for (const char *s = from + n; *s; s++)
		if (*s == '/')
			up = arena_printf(&all->arena, "%s../", up);
	rest = to[n] ? to + n + 1 : "";
	if (!*rest && *up)
		return arena_strndup(&all->arena, up, strlen(up) - 1);
	return *up || *rest ? arena_printf(&all->arena, "%s%s", up, rest) : ".";
}

const char *
project_shown(Projects *all, const char *real)
{
	static char here[PATH_MAX];

	if (all->absolute || !realpath(".", here))
		return real;
	return project_relative(all, here, real);
}

/* ---- Finding ---- */

static bool
is_project(Projects *all, const char *folder)
{
	struct stat st;

	return stat(project_join(all, folder, PROJECT_FILE), &st) == 0 && S_ISREG(st.st_mode);
}

/* The folder around `path`, in place; false at the top. */
static bool
go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || strcmp(path, "/") == 0)
		return false;
	slash[slash == path] = '\0';
	return true;
}

const char *
project_find(Projects *all, const char *from)
{
	char *path = realpath(from, NULL);
	struct stat st;

	if (!path || stat(path, &st) != 0) {
		project_cannot_read(all, from, errno);
		return NULL;
	}
	if (strpbrk(path, "\n\t"))
		fatal("the path of the project has a tab or a newline in it");
	all->absolute = *from == '/';
	if (!S_ISDIR(st.st_mode))
		go_up(path);
	const char *start = arena_strndup(&all->arena, path, strlen(path));
	do
		if (is_project(all, path))
			return path;
	while (go_up(path));
	diag_error(&all->diags, G0030, DIAG_NOWHERE, project_shown(all, start));
	return NULL;
}
