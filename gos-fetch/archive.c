/*
 * Projects in archives.  The checksum is compared before anything is unpacked; names that lead out
 * of the archive and links are refused all the same.
 */
#include "gos-fetch/fetch.h"

#include "lib/child.h"
#include "lib/file.h"
#include "lib/sha256.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDERS_MAX = 64 };

/* ---- The file ---- */

static const char *
download(Fetch *f, const char *url)
{
	const char *file = arena_printf(&f->arena, "%s/archive", store_room(f));

	if (strncmp(url, "file://", 7) == 0)
		return url + 7;
	ChildResult r = fetch_run(f, (const char *const[]){"curl", "--fail", "--silent", "--show-error", "--location",
	    "--proto", "=https,http", "--output", file, "--", url, NULL}, (Text){"", 0});
	if (r.status != 0)
		fail(f, NULL, "%s", child_last_line(&f->arena, r.err));
	return file;
}

static void
check_sum(Fetch *f, const char *file, const char *wanted)
{
	char sum[SHA256_HEX + 1];
	Sha256 h;
	Text text;

	errno = EFBIG;
	if (file_read(&f->arena, file, &text) != FILE_OK)
		fail(f, NULL, "cannot read `%s`: %s", file, strerror(errno));
	sha256_init(&h);
	sha256_add(&h, text.s, text.n);
	sha256_end(&h, sum);
	if (strcmp(sum, wanted) != 0)
		fail(f, "if you trust what is there now, write its checksum into `project.toml`",
		    "the archive has the sha256 %s, not %s", sum, wanted);
}

/* ---- What is in it ---- */

static bool
leads_out(const char *name)
{
	if (*name == '/')
		return true;
	for (const char *at = name; at; at = strchr(at, '/'), at = at ? at + 1 : NULL)
		if (strncmp(at, "..", 2) == 0 && (!at[2] || at[2] == '/'))
			return true;
	return false;
}

static void
unpack(Fetch *f, const char *file, const char *folder)
{
	ChildResult r = fetch_run(f, (const char *const[]){"tar", "-tf", file, NULL}, (Text){"", 0});

	if (r.status != 0)
		fail(f, "it should be a tar archive, compressed or not", "tar cannot read it: %s",
		    child_last_line(&f->arena, r.err));
	for (const char *at = r.out.s; *at;) {
		size_t n = strcspn(at, "\n");
		const char *name = arena_strndup(&f->arena, at, n);
		if (leads_out(name))
			fail(f, NULL, "the archive has a file `%s`, outside of itself", name);
		at += n + (at[n] == '\n');
	}
	if (mkdir(folder, 0700) < 0)
		fail(f, NULL, "cannot make `%s`: %s", folder, strerror(errno));
	r = fetch_run(f, (const char *const[]){"tar", "-xf", file, "-C", folder, "--no-same-owner",
	    "--no-same-permissions", NULL}, (Text){"", 0});
	if (r.status != 0)
		fail(f, NULL, "tar cannot unpack it: %s", child_last_line(&f->arena, r.err));
}

/* ---- Reading its files ---- */

static void collect(Fetch *f, Tree *tree, const char *root, const char *folder, int depth);

static void
collect_file(Fetch *f, Tree *tree, const char *root, const char *path, int depth)
{
	const char *full = arena_printf(&f->arena, "%s/%s", root, path);
	struct stat st;
	Text text;

	if (lstat(full, &st) < 0)
		fail(f, NULL, "cannot read `%s`: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		collect(f, tree, root, path, depth + 1);
		return;
	}
	if (!S_ISREG(st.st_mode) || st.st_nlink != 1)
		fail(f, NULL, "there is a link or device in it: `%s`", path);
	if (!tree_takes(path))
		return;
	if (file_read(&f->arena, full, &text) != FILE_OK)
		fail(f, NULL, "cannot read `%s`", path);
	vec_push(&f->arena, &tree->files, (TreeFile){path, text});
}

static void
collect(Fetch *f, Tree *tree, const char *root, const char *folder, int depth)
{
	DIR *dir = opendir(*folder ? arena_printf(&f->arena, "%s/%s", root, folder) : root);

	if (!dir)
		fail(f, NULL, "cannot read the folder `%s`: %s", folder, strerror(errno));
	if (depth > FOLDERS_MAX)
		fail(f, NULL, "it has folders that are too deep");
	for (struct dirent *e; (e = readdir(dir));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			collect_file(f, tree, root,
			    arena_printf(&f->arena, "%s%s%s", folder, *folder ? "/" : "", e->d_name), depth);
	closedir(dir);
}

/* An archive often has one folder around all; then that is the project's. */
static const char *
root_of(Fetch *f, const char *folder)
{
	DIR *dir = opendir(folder);
	const char *only = NULL;
	int count = 0;
	struct stat st;

	if (!dir)
		fail(f, NULL, "cannot read `%s`: %s", folder, strerror(errno));
	for (struct dirent *e; (e = readdir(dir));)
		if (*e->d_name != '.') {
			count++;
			only = arena_printf(&f->arena, "%s/%s", folder, e->d_name);
		}
	closedir(dir);
	return count == 1 && lstat(only, &st) == 0 && S_ISDIR(st.st_mode) ? only : folder;
}

Tree
folder_read(Fetch *f, const char *folder)
{
	Tree tree = {0};

	collect(f, &tree, folder, "", 0);
	return tree;
}

Tree
archive_fetch(Fetch *f, const Want *want)
{
	const char *folder = arena_printf(&f->arena, "%s/unpacked", store_room(f));
	const char *file = download(f, want->url);

	check_sum(f, file, want->sha256);
	unpack(f, file, folder);
	return folder_read(f, root_of(f, folder));
}
