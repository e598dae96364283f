/* Which folder is the project. */
#include "gos-project/project.h"

#include "lib/fatal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void
project_init(Project *p)
{
	*p = (Project){0};
	sources_init(&p->sources, &p->arena);
	diag_init(&p->diags, &p->arena, &p->sources);
}

void
project_cannot_read(Project *p, const char *path, int why)
{
	diag_error(&p->diags, G0001, DIAG_NOWHERE, path, strerror(why));
	p->io_failed = true;
}

const char *
project_join(Project *p, const char *folder, const char *path)
{
	size_t n = strlen(folder);

	if (strcmp(folder, ".") == 0)
		return path;
	return arena_printf(&p->arena, "%s%s%s", folder, n && folder[n - 1] == '/' ? "" : "/", path);
}

static bool
is_project(Project *p, const char *folder)
{
	struct stat st;

	return stat(project_join(p, folder, PROJECT_FILE), &st) == 0 && S_ISREG(st.st_mode);
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

static const char *
folder_of(Project *p, const char *file)
{
	const char *slash = strrchr(file, '/');

	if (!slash)
		return ".";
	return arena_strndup(&p->arena, file, slash == file ? 1 : (size_t)(slash - file));
}

static bool
find(Project *p, const char *from)
{
	static char path[PATH_MAX];
	struct stat st;

	if (stat(from, &st) != 0) {
		project_cannot_read(p, from, errno);
		return false;
	}
	if (!S_ISDIR(st.st_mode))
		from = folder_of(p, from);
	p->root = from;
	if (is_project(p, from))
		return true;
	if (!realpath(from, path)) {
		project_cannot_read(p, from, errno);
		return false;
	}
	p->root = path;
	while (go_up(path))
		if (is_project(p, path))
			return true;
	diag_error(&p->diags, G0030, DIAG_NOWHERE, from);
	return false;
}

bool
project_find(Project *p, const char *from)
{
	if (!find(p, from))
		return false;
	if (strpbrk(p->root, "\n\t"))
		fatal("the path of the project has a tab or a newline in it");
	return true;
}
