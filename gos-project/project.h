/*
 * Projects: folders with `project.toml` and sources in `src`, and the projects they depend on.
 *
 *	projects_init(&all);
 *	const char *folder = project_find(&all, ".");
 *	if (folder && project_load(&all, folder)) project_print(&all);
 *
 * What is wrong is reported to `diags`.
 *
 * A dependency is in a folder (`path`) or from elsewhere.  resolve.c chooses one version of each that
 * is from elsewhere, and has it brought into the cache if it is not there; then load.c goes through
 * all that is needed, as if all were folders.
 */
#ifndef GOS_PROJECT_PROJECT_H
#define GOS_PROJECT_PROJECT_H

#include "lib/diag.h"
#include "lib/opt.h"
#include "lib/source.h"
#include "lib/toml.h"

#include <stdbool.h>

typedef struct Project Project;

typedef struct Module {
	const char *path;	/* a::b */
	const char *file;	/* src/a/b.gos */
} Module;

typedef enum SourceKind {
	SOURCE_PATH,		/* a folder */
	SOURCE_REGISTRY,	/* the repository that the id names */
	SOURCE_GIT,
	SOURCE_URL,		/* an archive */
} SourceKind;

/* Where a dependency is from, and which one of what is there. */
typedef struct Source {
	SourceKind kind;
	const char *path;	/* as written: from the project's folder */
	const char *url;	/* of the repository or archive, as written; NULL for the registry */
	const char *version;	/* this or a later one of the same major version; or one of the next: */
	const char *tag, *rev, *sha256;
	const char *text;	/* all but the version in one text, equal for equal sources */
} Source;

typedef struct Dependency {
	const char *id;
	const char *name;	/* what the project calls it */
	Source source;
	Span span;		/* of its key in the manifest */
	Project *project;	/* NULL if it cannot be used */
} Dependency;

/* An entry of project.lock: which version of a dependency is used. */
typedef struct Pin {
	const char *id, *version;
	const char *source;	/* as Source.text */
	const char *rev;	/* the commit, or NULL */
	const char *sha256;	/* of its files; NULL for a folder */
} Pin;
typedef VEC(Pin) Pins;

/* One version of a project from elsewhere, in the cache. */
typedef struct Version {
	Pin pin;
	const Pin *was;		/* what project.lock had, or NULL */
	Project *project;
} Version;

/* A project from elsewhere: the versions that somebody asks for. */
typedef struct Choice {
	const char *id;
	const Dependency *first;	/* who asked first */
	VEC(Version *) versions;
	Version *best;		/* the highest; NULL: none is there */
	const char *newest;	/* found in its repository when updating, or NULL */
	bool failed;		/* reported */
} Choice;

typedef struct ProjectOptions {
	bool locked;		/* project.lock must not change */
	bool offline;		/* nothing is fetched */
	bool verify;		/* what is in the cache is compared with project.lock */
	bool update;		/* move to newer versions: of all, or those in `only` */
	OptList only;
} ProjectOptions;

/* Everything that one run looks at. */
typedef struct Projects {
	Arena arena;
	Sources sources;
	Diags diags;
	ProjectOptions options;
	bool io_failed;		/* one of the errors is about input, not about a project */
	bool absolute;		/* paths are shown from the root of the file system, as the user asked */
	const char *cache;	/* the folder of fetched projects, when it was needed, or NULL */
	Pins lock;		/* what project.lock says */
	bool has_lock;
	VEC(Choice *) choices;
	VEC(Project *) known;	/* their manifests are read */
	VEC(Project *) list;	/* those that others need come first; the one that was asked for is the last */
	VEC(Project *) loading;	/* the chain of dependencies that is followed */
} Projects;

struct Project {
	Projects *all;
	const char *root;	/* the folder, as shown to the user; paths of modules are relative to it */
	const char *real;	/* the folder without links */
	const char *tree;	/* of a fetched project: the folder that its own paths may not leave; else NULL */
	const Version *fetched;	/* what was fetched, if this is the top of it */
	const Dependency *asked;	/* who asked first, or NULL */
	const char *id, *version;
	Span id_span;
	const char *name;	/* what programs call it: the last part of `id`, with `_` for `-` */
	VEC(Dependency) dependencies;	/* in the order of the file */
	bool has_program, has_library;	/* src/main.gos, src/lib.gos */
	VEC(Module) modules;	/* sorted by path; one file each */
	bool loaded;		/* it is in `list` */
	bool printed;		/* what it depends on has been shown */
	uint32_t library;	/* the number of its package when printed */
};

enum { PROJECT_FOLDERS_MAX = 64 };	/* how deep folders in src may be nested */

#define PROJECT_FILE "project.toml"
#define LOCK_FILE "project.lock"

/* `all` is zero but for its options. */
void projects_init(Projects *all);
/* The folder of the project that `from` belongs to, without links; or NULL, reported. */
const char *project_find(Projects *all, const char *from);
/* The project in the folder, and before it all that it depends on. */
Project *project_load(Projects *all, const char *real);
/* How the user is told of a path without links. */
const char *project_shown(Projects *all, const char *real);
/* How one leads from one folder to another, both without links; or `to` if they have nothing in common. */
const char *project_relative(Projects *all, const char *from, const char *to);
/* The project in the folder, of which the manifest is read; each is read once. */
Project *project_at(Projects *all, const char *real, const char *tree);
/* The folder of a dependency in one, without links; NULL: errno says why. */
const char *project_path(const Project *p, const Dependency *d);
void project_read_manifest(Project *p);
/* Where the dependency with this key is from; false, reported, if that cannot be. */
bool project_read_source(Project *p, const Toml *doc, const TomlEntry *e, Source *source);
/* Chooses and fetches what the project needs from elsewhere. */
void project_resolve(Project *root);
/* What was chosen for a dependency from elsewhere, or NULL, reported. */
Project *project_chosen(const Projects *all, const Dependency *d);
/* Fetches the version of a dependency, with the pin if there is one; false, reported. */
bool project_fetch(Projects *all, const Dependency *d, const Pin *pin, Version *v);
/* The newest released version in the repository that is not before `version`, of its major; or `version`. */
const char *project_newest(Projects *all, const Dependency *d, const char *version);
/* Reports that one project is wanted from two sources. */
void project_two_sources(Projects *all, const Dependency *d, const Dependency *first);
/* The entry of the id from this source, or NULL. */
const Pin *lock_find(const Projects *all, const char *id, const char *source);
void lock_read(Project *root);
/* Writes project.lock if what is used is not what it says. */
void lock_write(Project *root);
void project_find_modules(Project *p);
/* NULL, or why this cannot be a name in paths. */
const char *project_bad_name(const char *s, size_t n);
/* Reports that the file or folder cannot be read; `why` as of errno. */
void project_cannot_read(Projects *all, const char *path, int why);
/* `folder`/`path`, without a leading `./`. */
const char *project_join(Projects *all, const char *folder, const char *path);
/* Looking things up in TOML, reported if they are not as they should be. */
bool manifest_expect_kind(Projects *all, const TomlEntry *e, TomlKind kind);
void manifest_warn_unknown(Projects *all, const TomlValue *table, const char *what, const char *const *known);
/* The document in `path`; false, reported, if it cannot be read or is not TOML. */
bool manifest_read_document(Projects *all, const char *path, Toml *doc);

/* example.com/widget: no part is empty or begins with a point; the last is a name. */
bool manifest_is_id(Text id);

/* To standard output, see README.md. */
void project_print(Projects *all);
/* Who depends on whom. */
void project_print_tree(Projects *all);
/* What an update changed. */
void project_print_update(Projects *all);

#endif
