/* The folder of entries.  See cache.h. */
#include "gos-cache/cache.h"

#include "lib/file.h"
#include "lib/sha256.h"
#include "lib/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ROOM = 128 << 20 };

static const char magic[] = "goscach\n";	/* ENTRY_HEAD - SHA256_HEX bytes */

/* ---- Entries ---- */

static void
hash_text(const char *s, size_t n, char hex[SHA256_HEX + 1])
{
	Sha256 h;

	sha256_init(&h);
	sha256_add(&h, s, n);
	sha256_end(&h, hex);
}

bool
store_has(Arena *a, const char *path)
{
	char hex[SHA256_HEX + 1];
	Text t;

	if (file_read(a, path, &t) != FILE_OK || t.n < ENTRY_HEAD || memcmp(t.s, magic, sizeof magic - 1) != 0)
		return false;
	hash_text(t.s + ENTRY_HEAD, t.n - ENTRY_HEAD, hex);
	if (memcmp(t.s + sizeof magic - 1, hex, SHA256_HEX) != 0)
		return false;
	utimensat(AT_FDCWD, path, NULL, 0);
	return true;
}

void
store_put(Arena *a, const char *path, Text contents, bool with_hash)
{
	char *temporary = arena_printf(a, "%s.XXXXXX", path);
	char hex[SHA256_HEX + 1];
	int fd = mkstemp(temporary);

	if (fd < 0)
		return;
	hash_text(contents.s, contents.n, hex);
	bool ok = !with_hash || (file_write_fd(fd, magic, sizeof magic - 1) && file_write_fd(fd, hex, SHA256_HEX));
	ok = ok && file_write_fd(fd, contents.s, contents.n);
	if (close(fd) < 0 || !ok || rename(temporary, path) < 0)
		unlink(temporary);
}

/* ---- Making room ---- */

typedef struct Kept {
	const char *path;
	int64_t used;
	int64_t size;
} Kept;

static int
by_age(const void *x, const void *y)
{
	const Kept *a = x, *b = y;

	return a->used < b->used ? -1 : a->used > b->used ? 1 : strcmp(a->path, b->path);
}

void
store_make_room(Arena *a, const char *folder)
{
	DIR *dir = opendir(folder);
	VEC(Kept) all = {0};
	int64_t total = 0;
	struct stat st;

	if (!dir)
		return;
	for (struct dirent *e; (e = readdir(dir));) {
		const char *path = arena_printf(a, "%s/%s", folder, e->d_name);
		if (*e->d_name == '.' || lstat(path, &st) < 0 || !S_ISREG(st.st_mode))
			continue;
		vec_push(a, &all, (Kept){path, st.st_mtime, st.st_size});
		total += st.st_size;
	}
	closedir(dir);
	if (total <= ROOM)
		return;
	/* Well below, so that this does not happen at every build. */
	qsort(all.at, all.len, sizeof *all.at, by_age);
	for (uint32_t i = 0; i < all.len && total > ROOM / 2; i++) {
		unlink(all.at[i].path);
		total -= all.at[i].size;
	}
}
