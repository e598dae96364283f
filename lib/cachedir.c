/* See cachedir.h. */
#include "lib/cachedir.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
base_folder(Arena *a)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (cache && *cache == '/')
		return cache;
	if (!home || *home != '/')
		return NULL;
	cache = arena_printf(a, "%s/.cache", home);
	mkdir(cache, 0700);
	return cache;
}

const char *
cachedir_find(Arena *a)
{
	const char *base = base_folder(a), *folder;
	struct stat st;

	if (!base || strpbrk(base, "\n\t"))	/* lists of paths have these between */
		return NULL;
	folder = arena_printf(a, "%s/gossamer", base);
	if (mkdir(base, 0700) < 0 && errno != EEXIST)
		return NULL;
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return NULL;
	/* What others may write is not to be run. */
	if (stat(folder, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || st.st_mode & 022)
		return NULL;
	return folder;
}

const char *
cachedir_tree(Arena *a, const char *cache, const char *id, const char *version, const char *sha256)
{
	/* Half of the checksum tells trees apart, and leaves paths that can be read. */
	return arena_printf(a, "%s/src/%s@%s-%.32s", cache, id, version, sha256);
}
