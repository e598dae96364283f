/* The folder of the user where the tools keep what they can make or fetch again. */
#ifndef GOS_LIB_CACHEDIR_H
#define GOS_LIB_CACHEDIR_H

#include "lib/arena.h"

/* `$XDG_CACHE_HOME/gossamer` or `~/.cache/gossamer`, made if it can be; NULL if there is none. */
const char *cachedir_find(Arena *a);
/* Where the sources of a fetched project are, if they are there; all three are valid, so no path leads out. */
const char *cachedir_tree(Arena *a, const char *cache, const char *id, const char *version, const char *sha256);

#endif
