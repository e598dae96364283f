/*
 * The files in src, and the modules they are: src/a/b.gos is a::b, src/a/mod.gos is a.  Names that
 * begin with a point are left alone, and links to folders are not followed, so no walk is endless.
 */
#include "gos-project/project.h"

#include "lib/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

const char *
project_bad_name(const char *s, size_t n)
{
	static const char *const taken[] = {"_", "std"};
#define KEYWORD(text, kind) text,
	static const char *const keywords[] = {
#include "lib/keywords.def"
	};
#undef KEYWORD

	for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
		if (strlen(taken[i]) == n && memcmp(s, taken[i], n) == 0)
			return "the name has another meaning in paths";
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (strlen(keywords[i]) == n && memcmp(s, keywords[i], n) == 0)
			return "the name is a reserved word";
	for (size_t i = 0; i < n;) {
		uint32_t c, len = utf8_decode(s + i, n - i, &c);
		bool letter = len && (c == '_' || utf8_is_letter(c));
		if (!letter && i == 0)
			return "a name begins with a letter or `_`";
		if (!letter && !(len && utf8_is_digit(c)))
			return "a name has only letters, digits and `_`";
		i += len;
	}
	return NULL;
}

static void
bad_module(Project *p, const char *file, const char *why)
{
	diag_error(&p->all->diags, G0038, DIAG_NOWHERE, file, why);
}

/* `file` is src/a/b.gos. */
static void
add_module(Project *p, const char *file)
{
	const char *at = file + strlen("src/");
	const char *path = "";

	for (;;) {
		size_t n = strcspn(at, "/");
		bool last = !at[n];
		size_t name_n = last ? n - strlen(".gos") : n;
		if (last && name_n == 3 && memcmp(at, "mod", 3) == 0)
			break;
		const char *why = project_bad_name(at, name_n);
		if (why) {
			bad_module(p, file, why);
			return;
		}
		path = arena_printf(&p->all->arena, "%s%s%.*s", path, *path ? "::" : "", (int)name_n, at);
		if (last)
			break;
		at += n + 1;
	}
	if (!*path)
		bad_module(p, file, "the folder `src` is the project itself, whose files are `main.gos` and `lib.gos`");
	else
		vec_push(&p->all->arena, &p->modules, (Module){path, file});
}

static void walk(Project *p, const char *folder, int depth);

/* `file` is relative to the project. */
static void
visit(Project *p, const char *file, int depth)
{
	const char *full = project_join(p->all, p->root, file);
	struct stat st;

	if (lstat(full, &st) == 0 && S_ISDIR(st.st_mode)) {
		walk(p, file, depth + 1);
		return;
	}
	if (!ends_with(file, ".gos"))
		return;
	if (stat(full, &st) != 0)
		project_cannot_read(p->all, full, errno);
	else if (!S_ISREG(st.st_mode))
		return;
	else if (strcmp(file, "src/main.gos") == 0)
		p->has_program = true;
	else if (strcmp(file, "src/lib.gos") == 0)
		p->has_library = true;
	else
		add_module(p, file);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of names, so that messages have an order. */
static void
walk(Project *p, const char *folder, int depth)
{
	const char *full = project_join(p->all, p->root, folder);

	if (depth > PROJECT_FOLDERS_MAX) {
		bad_module(p, folder, "its folder is too deep");
		return;
	}
	DIR *dir = opendir(full);
	if (!dir) {
		project_cannot_read(p->all, full, errno);
		return;
	}
	VEC(const char *) files = {0};
	for (struct dirent *e; (e = readdir(dir));)
		if (e->d_name[0] != '.')
			vec_push(&p->all->arena, &files, arena_printf(&p->all->arena, "%s/%s", folder, e->d_name));
	closedir(dir);
	if (files.len)
		qsort(files.at, files.len, sizeof *files.at, by_name);
	for (uint32_t i = 0; i < files.len; i++)
		visit(p, files.at[i], depth);
}

static int
by_path(const void *a, const void *b)
{
	const Module *x = a, *y = b;
	int order = strcmp(x->path, y->path);

	return order ? order : strcmp(x->file, y->file);
}

void
project_find_modules(Project *p)
{
	struct stat st;

	if (stat(project_join(p->all, p->root, "src"), &st) == 0 && S_ISDIR(st.st_mode))
		walk(p, "src", 0);
	if (p->modules.len)
		qsort(p->modules.at, p->modules.len, sizeof *p->modules.at, by_path);
	for (uint32_t i = 1; i < p->modules.len; i++) {
		const Module *m = &p->modules.at[i];
		if (strcmp(m->path, m[-1].path) == 0)
			diag_error(&p->all->diags, G0037, DIAG_NOWHERE, m->path, m[-1].file, m->file);
	}
}
