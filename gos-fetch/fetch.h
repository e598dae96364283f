/*
 * Sources of projects from elsewhere, as trees in the cache.
 *
 *	Want → git_fetch or archive_fetch → Tree → store_put → Found
 *
 * What goes wrong ends the process through `fail`, after temporary files are removed.
 */
#ifndef GOS_FETCH_FETCH_H
#define GOS_FETCH_FETCH_H

#include "lib/intern.h"

#include <stdbool.h>
#include <stdnoreturn.h>

/* What is asked for. */
typedef struct Want {
	const char *id;
	const char *version;		/* or NULL: what its project.toml says */
	const char *git, *tag, *rev;	/* of a repository: a tag or a revision or both, and then the revision counts */
	const char *url, *sha256;	/* of an archive */
} Want;

/* What came of it. */
typedef struct Found {
	const char *version;
	const char *rev;	/* the whole hash of the commit, or NULL */
	const char *sha256;	/* of the tree */
	const char *path;	/* of the tree */
} Found;

typedef struct TreeFile {
	const char *path;	/* relative, with `/` */
	Text text;
} TreeFile;

/* All that the tools read of a project: `project.toml` and sources, in the order of their paths. */
typedef struct Tree {
	VEC(TreeFile) files;
	const char *rev;	/* where it is from, or NULL */
} Tree;

typedef struct Fetch {
	Arena arena;
	const char *cache;	/* the folder of the user */
	const char *room;	/* a temporary folder in it, or NULL; goes at the end */
} Fetch;

/* Writes the reason and, unless NULL, what to do for our reader, cleans up, and ends with status 1. */
noreturn void fail(Fetch *f, const char *help, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Ends the process if a signal asked for it. */
void check_stopped(Fetch *f);
/* Runs a program; its being missing or a signal ends the process.  Status 0 is for the caller to see. */
struct ChildResult fetch_run(Fetch *f, const char *const *argv, Text input);

void git_set_up(void);
Tree git_fetch(Fetch *f, const Want *want);
/* The names of all tags, one a line. */
Text git_tags(Fetch *f, const char *url);
Tree archive_fetch(Fetch *f, const Want *want);
/* The files below a folder; links and devices are an error. */
Tree folder_read(Fetch *f, const char *folder);

/* Is a file with this relative path part of a tree? */
bool tree_takes(const char *path);
/* The temporary folder; made if need be. */
const char *store_room(Fetch *f);
void store_clean(Fetch *f);
/* What an earlier fetch of the same found, if it is still there. */
bool store_recall(Fetch *f, const Want *want, Found *found);
/* Of the names and contents of the files. */
const char *tree_sum(Fetch *f, Tree *tree);
/* Makes the tree in the cache, and a note for `store_recall`. */
Found store_put(Fetch *f, const Want *want, Tree *tree);

#endif
