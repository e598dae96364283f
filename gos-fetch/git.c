/*
 * Projects in git repositories.  Files are read from the objects of the commit, never checked out:
 * so no filter, hook, link or setting of anybody has a part in what they are.
 */
#include "gos-fetch/fetch.h"

#include "lib/child.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { GIT_ARGS = 16, SHOWN_TAGS = 5 };

/* What git takes from the environment: where it works, whom it asks. */
void
git_set_up(void)
{
	static const char *const gone[] = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
	    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_NAMESPACE", "GIT_PREFIX",
	    "GIT_TEMPLATE_DIR", "GIT_DEFAULT_HASH", "GIT_SHALLOW_FILE", "GIT_TRACE"};

	for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
		unsetenv(gone[i]);
	setenv("GIT_TERMINAL_PROMPT", "0", 1);
	setenv("GIT_ALLOW_PROTOCOL", "https:http:ssh:file", 1);
	setenv("GIT_SSH_COMMAND", "ssh -o BatchMode=yes", 0);
	setenv("LC_ALL", "C", 1);
}

/* git in our repository: the words end with NULL. */
static ChildResult
git(Fetch *f, const char *const *words, Text input)
{
	const char *argv[GIT_ARGS + 10] = {"git", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0",
	    "-c", "maintenance.auto=false",
	    arena_printf(&f->arena, "--git-dir=%s/git", store_room(f))};
	int n = 8;

	for (int i = 0; words[i]; i++)
		argv[n++] = words[i];
	return fetch_run(f, argv, input);
}
#define GIT(f, ...) git((f), (const char *const[]){__VA_ARGS__, NULL}, (Text){"", 0})

/* Ours, so that no settings of a repository that the user stands in have a part. */
static void
make_repository(Fetch *f)
{
	if (access(arena_printf(&f->arena, "%s/git", store_room(f)), F_OK) == 0)
		return;
	ChildResult r = GIT(f, "init", "-q", "--bare", "--template=");
	if (r.status != 0)
		fail(f, NULL, "git cannot make a repository: %s", child_last_line(&f->arena, r.err));
}

/* The line that tells what was wrong: git's own, before advice and what the other side said. */
static const char *
reason(Fetch *f, Text err)
{
	for (const char *at = err.s; *at; at += strcspn(at, "\n"), at += *at == '\n')
		if (strncmp(at, "ssh: ", 5) == 0)
			return arena_strndup(&f->arena, at, strcspn(at, "\n"));
		else if (strncmp(at, "fatal: ", 7) == 0)
			return arena_strndup(&f->arena, at + 7, strcspn(at + 7, "\n"));
	return child_last_line(&f->arena, err);
}

/* ---- Fetching a commit ---- */

static const char *
commit_of(Fetch *f, const char *name)
{
	ChildResult r = GIT(f, "rev-parse", "--verify", "--quiet", "--end-of-options",
	    arena_printf(&f->arena, "%s^{commit}", name));

	return r.status == 0 ? child_last_line(&f->arena, r.out) : NULL;
}

Text
git_tags(Fetch *f, const char *url)
{
	make_repository(f);
	ChildResult r = GIT(f, "ls-remote", "--tags", "--refs", "--sort=version:refname", "-q", "--", url);
	char *names = arena_strndup(&f->arena, r.out.s, r.out.n), *to = names;
	static const char prefix[] = "refs/tags/";

	if (r.status != 0)
		fail(f, NULL, "%s", reason(f, r.err));
	for (const char *at = r.out.s; *at;) {
		size_t n = strcspn(at, "\n");
		const char *name = memmem(at, n, prefix, sizeof prefix - 1);
		if (name) {
			name += sizeof prefix - 1;
			memmove(to, name, n - (size_t)(name - at));
			to += n - (size_t)(name - at);
			*to++ = '\n';
		}
		at += n + (at[n] == '\n');
	}
	*to = '\0';
	return (Text){names, (uint32_t)(to - names)};
}

noreturn static void
fail_tag(Fetch *f, const Want *want, Text err)
{
	Text tags;
	const char *last = "";
	int shown = 0;

	if (!strstr(err.s, "couldn't find remote ref"))
		fail(f, NULL, "%s", reason(f, err));
	tags = git_tags(f, want->git);
	for (uint32_t end = tags.n; end && shown < SHOWN_TAGS; shown++) {
		uint32_t from = --end;
		while (from && tags.s[from - 1] != '\n')
			from--;
		last = arena_printf(&f->arena, "`%.*s`%s%s", (int)(end - from), tags.s + from, shown ? ", " : "", last);
		end = from;
	}
	fail(f, shown ? arena_printf(&f->arena, "among its tags are %s", last) : "it has no tags at all",
	    "`%s` has no tag `%s`", want->git, want->tag);
}

/* One name or hash, alone if the server can do that. */
static ChildResult
fetch_one(Fetch *f, const char *url, const char *name)
{
	ChildResult r = GIT(f, "fetch", "-q", "--depth=1", "--no-tags", "--no-recurse-submodules", "--", url, name);

	if (r.status != 0 && strstr(r.err.s, "shallow"))
		r = GIT(f, "fetch", "-q", "--no-tags", "--no-recurse-submodules", "--", url, name);
	return r;
}

static const char *
fetch_tag(Fetch *f, const Want *want)
{
	ChildResult r = fetch_one(f, want->git, arena_printf(&f->arena, "refs/tags/%s", want->tag));

	if (r.status != 0)
		fail_tag(f, want, r.err);
	return commit_of(f, "FETCH_HEAD");
}

/* Some servers give single commits, and then only for the whole hash; of others we need everything. */
static const char *
fetch_rev(Fetch *f, const Want *want)
{
	size_t n = strlen(want->rev);
	ChildResult r = {.status = 1};

	if (n == 40 || n == 64)
		r = fetch_one(f, want->git, want->rev);
	if (r.status != 0)
		r = GIT(f, "fetch", "-q", "--no-recurse-submodules", "--", want->git, "+refs/heads/*:refs/heads/*",
		    "+refs/tags/*:refs/tags/*");
	if (r.status != 0)
		fail(f, NULL, "%s", reason(f, r.err));
	const char *commit = commit_of(f, want->rev);
	if (!commit)
		fail(f, "the hash is that of no commit, or its beginning is that of several",
		    "`%s` has no revision `%s`", want->git, want->rev);
	return commit;
}

/* ---- Reading its files ---- */

typedef struct Listing {
	VEC(TreeFile) files;	/* without texts */
	VEC(char) objects;	/* the names of their objects, a line each */
} Listing;

/* `MODE blob OBJECT\tPATH`; links and submodules have other modes than files. */
static void
list_file(Fetch *f, Listing *list, const char *line)
{
	const char *path = strchr(line, '\t');
	const char *object = line + strlen("100644 blob ");

	if (strncmp(line, "100", 3) != 0 || !path || path < object || !tree_takes(path + 1))
		return;
	vec_push(&f->arena, &list->files, (TreeFile){.path = path + 1});
	for (const char *at = object; at < path; at++)
		vec_push(&f->arena, &list->objects, *at);
	vec_push(&f->arena, &list->objects, '\n');
}

static Listing
list_files(Fetch *f, const char *commit)
{
	ChildResult r = GIT(f, "ls-tree", "-r", "-z", "--full-tree", commit);
	Listing list = {0};

	if (r.status != 0)
		fail(f, NULL, "%s", reason(f, r.err));
	for (const char *at = r.out.s, *end = at + r.out.n; at < end; at += strlen(at) + 1)
		list_file(f, &list, at);
	return list;
}

/* Answers of `cat-file --batch`: `OBJECT blob SIZE`, a newline, the contents, a newline. */
static void
read_objects(Fetch *f, Listing *list)
{
	ChildResult r = git(f, (const char *const[]){"cat-file", "--batch", NULL},
	    (Text){list->objects.at, list->objects.len});
	const char *at = r.out.s, *end = at + r.out.n;

	for (uint32_t i = 0; i < list->files.len; i++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *size = newline ? memrchr(at, ' ', (size_t)(newline - at)) : NULL;
		unsigned long n = size ? strtoul(size, NULL, 10) : 0;
		if (!size || n >= (size_t)(end - newline) - 1)
			fail(f, NULL, "its objects cannot be read: %s", reason(f, r.err));
		list->files.at[i].text = (Text){arena_strndup(&f->arena, newline + 1, n), (uint32_t)n};
		at = newline + 1 + n + 1;
	}
}

Tree
git_fetch(Fetch *f, const Want *want)
{
	Tree tree = {0};

	make_repository(f);
	tree.rev = want->rev ? fetch_rev(f, want) : fetch_tag(f, want);
	if (!tree.rev)
		fail(f, NULL, "the tag `%s` is not one of a commit", want->tag);
	Listing list = list_files(f, tree.rev);
	if (list.files.len)
		read_objects(f, &list);
	tree.files.at = list.files.at;
	tree.files.len = tree.files.cap = list.files.len;
	return tree;
}
