/*
 * Projects: folders with `project.toml` and sources in `src`, and the projects they depend on.
 *
 *	projects_init(&all);
 *	const char *folder = project_find(&all, ".");
 *	if (folder && project_load(&all, folder)) project_print(&all);
 *
 * What is wrong is reported to `diags`.
 */
#ifndef GOS_PROJECT_PROJECT_H
#define GOS_PROJECT_PROJECT_H

#include "lib/diag.h"
#include "lib/source.h"

#include <stdbool.h>

typedef struct Project Project;

typedef struct Module {
	const char *path;	/* a::b */
	const char *file;	/* src/a/b.gos */
} Module;

typedef struct Dependency {
	const char *id;
	const char *name;	/* what the project calls it */
	const char *path;	/* as written: from the project's folder */
	Span span;		/* of its key in the manifest */
	Project *project;	/* NULL if it cannot be used */
} Dependency;

/* Everything that one run looks at. */
typedef struct Projects {
	Arena arena;
	Sources sources;
	Diags diags;
	bool io_failed;		/* one of the errors is about input, not about a project */
	bool absolute;		/* paths are shown from the root of the file system, as the user asked */
	VEC(Project *) list;	/* those that others need come first; the one that was asked for is the last */
	VEC(Project *) loading;	/* the chain of dependencies that is followed */
} Projects;

struct Project {
	Projects *all;
	const char *root;	/* the folder, as shown to the user; paths of modules are relative to it */
	const char *real;	/* the folder without links */
	const char *id, *version;
	const char *name;	/* what programs call it: the last part of `id`, with `_` for `-` */
	VEC(Dependency) dependencies;	/* in the order of the file */
	bool has_program, has_library;	/* src/main.gos, src/lib.gos */
	VEC(Module) modules;	/* sorted by path; one file each */
	uint32_t library;	/* the number of its package when printed */
};

enum { PROJECT_FOLDERS_MAX = 64 };	/* how deep folders in src may be nested */

#define PROJECT_FILE "project.toml"

void projects_init(Projects *all);
/* The folder of the project that `from` belongs to, without links; or NULL, reported. */
const char *project_find(Projects *all, const char *from);
/* The project in the folder, and before it all that it depends on. */
Project *project_load(Projects *all, const char *real);
/* How the user is told of a path without links. */
const char *project_shown(Projects *all, const char *real);
void project_read_manifest(Project *p);
void project_find_modules(Project *p);
/* NULL, or why this cannot be a name in paths. */
const char *project_bad_name(const char *s, size_t n);
/* Reports that the file or folder cannot be read; `why` as of errno. */
void project_cannot_read(Projects *all, const char *path, int why);
/* `folder`/`path`, without a leading `./`. */
const char *project_join(Projects *all, const char *folder, const char *path);
/* To standard output, see README.md. */
void project_print(Projects *all);

#endif
