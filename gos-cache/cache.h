/* The folder of entries.  Nothing here reports errors: what fails is not in the cache. */
#ifndef GOS_CACHE_CACHE_H
#define GOS_CACHE_CACHE_H

#include "lib/arena.h"
#include "lib/intern.h"

#include <stdbool.h>

/* Is there a whole entry at the path?  It counts as used now. */
bool store_has(Arena *a, const char *path);
/* Writes an entry, or a note for --why. */
void store_put(Arena *a, const char *path, Text contents, bool with_hash);
/* Removes the entries that were not used for longest if all are too large together. */
void store_make_room(Arena *a, const char *folder);

/* Bytes before the stream of an entry. */
enum { ENTRY_HEAD = 72 };

#endif
