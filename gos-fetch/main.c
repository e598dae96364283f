/* gos-fetch: brings the sources of a project into the cache.  See README.md. */
#include "gos-fetch/fetch.h"

#include "lib/cachedir.h"
#include "lib/child.h"
#include "lib/fatal.h"
#include "lib/opt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static Want want;
static bool offline, refresh;

static const Opt options[] = {
	OPT_TEXT(0, "id", "ID", &want.id, "the project that is wanted"),
	OPT_TEXT(0, "version", "VERSION", &want.version, "its version; without it, what its project.toml says"),
	OPT_TEXT(0, "git", "URL", &want.git, "a repository; with --tag or --rev"),
	OPT_TEXT(0, "tag", "TAG", &want.tag, "a tag of it"),
	OPT_TEXT(0, "rev", "REVISION", &want.rev, "a commit of it: the whole hash or its beginning"),
	OPT_TEXT(0, "url", "URL", &want.url, "an archive; with --sha256"),
	OPT_TEXT(0, "sha256", "SUM", &want.sha256, "the checksum of the archive, or of the tree"),
	OPT_FLAG(0, "offline", &offline, "only look into the cache"),
	OPT_FLAG(0, "refresh", &refresh, "do not look into the cache"),
	OPT_END,
};
static const OptTool tool = {"gos-fetch", "tree | tags | verify FOLDER",
	"Brings a project into the cache and tells where it is, lists the tags of a repository, or compares\n"
	"a tree with its checksum.", options, 1, 2};

static void
answer(const char *key, const char *value)
{
	if (value)
		printf("%s\t%s\n", key, value);
}

void
fail(Fetch *f, const char *help, const char *fmt, ...)
{
	va_list args;

	store_clean(f);
	fputs("error\t", stdout);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
	answer("help", help);
	exit(fflush(stdout) == 0 ? EXIT_PROGRAM : EXIT_IO);
}

void
check_stopped(Fetch *f)
{
	if (!child_stopped())
		return;
	store_clean(f);
	child_end();
}

ChildResult
fetch_run(Fetch *f, const char *const *argv, Text input)
{
	ChildResult r = child_run(&f->arena, argv, &(ChildInput){.in = input});

	check_stopped(f);
	if (r.error)
		fail(f, arena_printf(&f->arena, "install it (Debian: apt-get install %s)", argv[0]),
		    "cannot start `%s`: %s", argv[0], strerror(r.error));
	return r;
}

static void
say_progress(void)
{
	const char *what = want.version ? want.version : want.tag ? want.tag : want.rev ? want.rev : want.url;

	if (isatty(STDERR_FILENO))
		fprintf(stderr, "fetching %s %s%s\n", want.id, want.version ? "v" : "", what);
}

static void
fetch_tree(Fetch *f)
{
	Found found;

	if (refresh || !store_recall(f, &want, &found)) {
		if (offline)
			fail(f, "fetch it without `--offline` first: `gos fetch`",
			    refresh ? "what is in the cache is damaged" : "it is not in the cache");
		say_progress();
		Tree tree = want.git ? git_fetch(f, &want) : archive_fetch(f, &want);
		check_stopped(f);
		found = store_put(f, &want, &tree);
	}
	answer("version", found.version);
	answer("rev", found.rev);
	answer("sha256", found.sha256);
	answer("path", found.path);
}

static void
list_tags(Fetch *f)
{
	Text tags;

	if (offline)
		fail(f, "do this without `--offline`", "its newest version is not known");
	tags = git_tags(f, want.git);
	for (const char *at = tags.s; *at;) {
		size_t n = strcspn(at, "\n");
		printf("tag\t%.*s\n", (int)n, at);
		at += n + (at[n] == '\n');
	}
}

/* Is the tree still what its checksum says? */
static void
verify(Fetch *f, const char *folder, const char *sum)
{
	Tree tree = folder_read(f, folder);
	const char *now = tree_sum(f, &tree);

	if (strcmp(now, sum) != 0)
		fail(f, NULL, "it has the sha256 %s, not %s", now, sum);
}

static int
usage(const char *what)
{
	fprintf(stderr, "gos-fetch: %s\n", what);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	static Fetch f;
	OptArgs args = opt_parse(&tool, argc, argv);
	bool tags = strcmp(args.at[0], "tags") == 0;

	if (strcmp(args.at[0], "verify") == 0 && args.len == 2 && want.sha256) {
		verify(&f, args.at[1], want.sha256);
		return EXIT_OK;
	}
	if (args.len != 1)
		return usage("only `verify` has an operand");
	if (tags ? !want.git : strcmp(args.at[0], "tree") != 0 || !want.id)
		return usage("it is `tree --id=ID …`, `tags --git=URL` or `verify --sha256=SUM FOLDER`");
	if (!tags && !(want.git && (want.tag || want.rev)) && !(want.url && want.sha256))
		return usage("it needs --git and --tag or --rev, or --url and --sha256");
	f.cache = cachedir_find(&f.arena);
	if (!f.cache)
		fail(&f, "set XDG_CACHE_HOME to a folder of your own", "there is no folder for a cache");
	child_pass_signals();
	git_set_up();
	if (tags)
		list_tags(&f);
	else
		fetch_tree(&f);
	store_clean(&f);
	if (fflush(stdout) != 0)
		fatal("cannot write");
	return EXIT_OK;
}
