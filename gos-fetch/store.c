/*
 * Trees in the cache: src/ID@VERSION-SUM, and notes of what was found where in src/.found.  All is
 * made in a temporary folder and renamed, so that what has its final name is whole.
 */
#include "gos-fetch/fetch.h"

#include "lib/cachedir.h"
#include "lib/diag.h"
#include "lib/file.h"
#include "lib/semver.h"
#include "lib/sha256.h"
#include "lib/toml.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { OLD = 24 * 60 * 60, WALK_FILES = 16 };

/* ---- Folders ---- */

static void
make_folders(Fetch *f, const char *path)
{
	char *part = arena_strndup(&f->arena, path, strlen(path));

	for (char *at = part + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		mkdir(part, 0755);
		*at = '/';
	}
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st, (void)kind, (void)where;
	remove(path);
	return 0;
}

static void
remove_all(const char *folder)
{
	nftw(folder, remove_one, WALK_FILES, FTW_DEPTH | FTW_PHYS);
}

/* What processes left that were killed. */
static void
remove_old(Fetch *f, const char *folder)
{
	DIR *dir = opendir(folder);
	struct stat st;

	for (struct dirent *e; dir && (e = readdir(dir));) {
		const char *path = arena_printf(&f->arena, "%s/%s", folder, e->d_name);
		if (*e->d_name != '.' && lstat(path, &st) == 0 && st.st_mtime < time(NULL) - OLD)
			remove_all(path);
	}
	if (dir)
		closedir(dir);
}

const char *
store_room(Fetch *f)
{
	char *room;

	if (f->room)
		return f->room;
	room = arena_printf(&f->arena, "%s/src/.new/XXXXXX", f->cache);
	make_folders(f, room);
	remove_old(f, arena_printf(&f->arena, "%s/src/.new", f->cache));
	if (!mkdtemp(room))
		fail(f, NULL, "cannot make a folder in `%s/src`: %s", f->cache, strerror(errno));
	return f->room = room;
}

void
store_clean(Fetch *f)
{
	if (f->room)
		remove_all(f->room);
	f->room = NULL;
}

/* ---- Files ---- */

static void
write_file(Fetch *f, const char *path, Text text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0444);

	check_stopped(f);
	if (fd < 0 || !file_write_fd(fd, text.s, text.n) || close(fd) < 0)
		fail(f, NULL, "cannot write `%s`: %s", path, strerror(errno));
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const TreeFile *)a)->path, ((const TreeFile *)b)->path);
}

/* What `sha256sum` prints for all files, in the order of their names, summed again. */
const char *
tree_sum(Fetch *f, Tree *tree)
{
	char sum[SHA256_HEX + 1];
	Sha256 all;

	if (tree->files.len)
		qsort(tree->files.at, tree->files.len, sizeof *tree->files.at, by_path);
	sha256_init(&all);
	for (uint32_t i = 0; i < tree->files.len; i++) {
		const TreeFile *file = &tree->files.at[i];
		Sha256 one;
		sha256_init(&one);
		sha256_add(&one, file->text.s, file->text.n);
		sha256_end(&one, sum);
		const char *line = arena_printf(&f->arena, "%s  %s\n", sum, file->path);
		sha256_add(&all, line, strlen(line));
	}
	sha256_end(&all, sum);
	return arena_strndup(&f->arena, sum, SHA256_HEX);
}

bool
tree_takes(const char *path)
{
	const char *name = strrchr(path, '/');
	size_t n = strlen(path);

	name = name ? name + 1 : path;
	if (strcmp(name, "project.toml") != 0 && !(n > 4 && strcmp(path + n - 4, ".gos") == 0))
		return false;
	for (const char *at = path; *at; at++)
		if ((unsigned char)*at < ' ' || (*at == '.' && (at == path || at[-1] == '/')))
			return false;
	return *path != '/';
}

/* What its project.toml says, if that is sound; whoever reads the project will tell if it is not. */
static const char *
version_of(Fetch *f, const Tree *tree)
{
	Sources sources;
	Diags diags;
	Toml doc;

	for (uint32_t i = 0; i < tree->files.len; i++) {
		const TreeFile *file = &tree->files.at[i];
		if (strcmp(file->path, "project.toml") != 0)
			continue;
		sources_init(&sources, &f->arena);
		diag_init(&diags, &f->arena, &sources);
		source_add(&sources, file->path, file->text.s, file->text.n);
		toml_parse(&doc, &f->arena, &diags, &sources.files.at[0]);
		const TomlEntry *project = toml_find(&doc, &doc.root, "project");
		const TomlEntry *version = project ? toml_find(&doc, project->value, "version") : NULL;
		if (version && version->value->kind == TOML_STRING && semver_valid(version->value->as.text))
			return version->value->as.text.s;
		return "0.0.0";
	}
	fail(f, "the project must be at the top of it", "it has no `project.toml`");
}

/* ---- Notes ---- */

static const char *
note_path(Fetch *f, const Want *want, const char *kind, const char *name)
{
	char key[SHA256_HEX + 1];
	Sha256 h;
	const char *text = arena_printf(&f->arena, "%s\n%s\n%s\n%s\n%s\n", want->id, want->version ? want->version : "",
	    want->git ? want->git : want->url, kind, name);

	sha256_init(&h);
	sha256_add(&h, text, strlen(text));
	sha256_end(&h, key);
	return arena_printf(&f->arena, "%s/src/.found/%s", f->cache, key);
}

/* VERSION, REVISION or `-`, SUM. */
static bool
read_note(Fetch *f, const char *path, const char *id, Found *found)
{
	Text text;
	char version[128], rev[SHA256_HEX + 2], sum[SHA256_HEX + 2];

	if (file_read(&f->arena, path, &text) != FILE_OK ||
	    sscanf(text.s, "%127s %65s %65s", version, rev, sum) != 3)
		return false;
	if (!semver_valid((Text){version, (uint32_t)strlen(version)}) || !sha256_is_hex(sum, SHA256_HEX, SHA256_HEX) ||
	    (strcmp(rev, "-") != 0 && !sha256_is_hex(rev, 40, SHA256_HEX)))
		return false;
	found->version = arena_strndup(&f->arena, version, strlen(version));
	found->rev = *rev == '-' ? NULL : arena_strndup(&f->arena, rev, strlen(rev));
	found->sha256 = arena_strndup(&f->arena, sum, SHA256_HEX);
	found->path = cachedir_tree(&f->arena, f->cache, id, found->version, found->sha256);
	return access(arena_printf(&f->arena, "%s/project.toml", found->path), R_OK) == 0;
}

bool
store_recall(Fetch *f, const Want *want, Found *found)
{
	const char *kind = want->rev ? "rev" : want->tag ? "tag" : "url";
	const char *name = want->rev ? want->rev : want->tag ? want->tag : want->sha256;

	return read_note(f, note_path(f, want, kind, name), want->id, found);
}

/* Not being able to is no error: then it is fetched again. */
static void
write_note(Fetch *f, const char *path, const Found *found)
{
	const char *temporary = arena_printf(&f->arena, "%s/note", store_room(f));
	const char *text = arena_printf(&f->arena, "%s %s %s\n", found->version, found->rev ? found->rev : "-",
	    found->sha256);

	write_file(f, temporary, (Text){text, (uint32_t)strlen(text)});
	make_folders(f, path);
	if (rename(temporary, path) < 0)
		unlink(temporary);
}

/* ---- Putting ---- */

Found
store_put(Fetch *f, const Want *want, Tree *tree)
{
	const char *made = arena_printf(&f->arena, "%s/tree", store_room(f));
	Found found = {.rev = tree->rev};

	const char *own = version_of(f, tree);
	found.version = want->version ? want->version : own;
	found.sha256 = tree_sum(f, tree);
	found.path = cachedir_tree(&f->arena, f->cache, want->id, found.version, found.sha256);
	for (uint32_t i = 0; i < tree->files.len; i++) {
		const char *path = arena_printf(&f->arena, "%s/%s", made, tree->files.at[i].path);
		make_folders(f, path);
		write_file(f, path, tree->files.at[i].text);
	}
	make_folders(f, found.path);
	/* Another process may have been faster, or the tree there is damaged: ours takes its place. */
	if (rename(made, found.path) < 0 && !((errno == ENOTEMPTY || errno == EEXIST) &&
	    renameat2(AT_FDCWD, made, AT_FDCWD, found.path, RENAME_EXCHANGE) == 0))
		fail(f, NULL, "cannot make `%s`: %s", found.path, strerror(errno));
	/* With a revision, the tag is only where it was once. */
	if (want->tag && !want->rev)
		write_note(f, note_path(f, want, "tag", want->tag), &found);
	if (found.rev)
		write_note(f, note_path(f, want, "rev", found.rev), &found);
	if (want->rev)
		write_note(f, note_path(f, want, "rev", want->rev), &found);
	if (want->url)
		write_note(f, note_path(f, want, "url", want->sha256), &found);
	return found;
}
