/*
 * A project: a folder with `project.toml` and sources in `src`.  The three steps in order, each of
 * which reports what is wrong to `diags`:
 *
 *	if (project_find(&p, ".")) { project_read_manifest(&p); project_find_modules(&p); }
 */
#ifndef GOS_PROJECT_PROJECT_H
#define GOS_PROJECT_PROJECT_H

#include "lib/diag.h"
#include "lib/source.h"

#include <stdbool.h>

typedef struct Module {
	const char *path;	/* a::b */
	const char *file;	/* src/a/b.gos */
} Module;

typedef struct Dependency {
	const char *id;
	const char *path;	/* as written: from the project's folder */
} Dependency;

typedef struct Project {
	Arena arena;
	Sources sources;
	Diags diags;
	bool io_failed;		/* one of the errors is about input, not about the project */
	const char *root;	/* the folder; all paths of sources are relative to it */
	const char *id, *version;
	const char *name;	/* what programs call it: the last part of `id`, with `_` for `-` */
	VEC(Dependency) dependencies;	/* in the order of the file */
	bool has_program, has_library;	/* src/main.gos, src/lib.gos */
	VEC(Module) modules;	/* sorted by path; one file each */
} Project;

enum { PROJECT_FOLDERS_MAX = 64 };	/* how deep folders in src may be nested */

#define PROJECT_FILE "project.toml"

void project_init(Project *p);
/* Sets `root`: the folder `from`, or that of the file `from`, or the nearest above it. */
bool project_find(Project *p, const char *from);
void project_read_manifest(Project *p);
void project_find_modules(Project *p);
/* Reports that the file or folder cannot be read; `why` as of errno. */
void project_cannot_read(Project *p, const char *path, int why);
/* `folder`/`path`, without a leading `./`. */
const char *project_join(Project *p, const char *folder, const char *path);

#endif
