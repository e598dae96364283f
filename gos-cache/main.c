/* gos-cache: has this been built before?  See README.md. */
#include "gos-cache/cache.h"

#include "gen/mir.h"
#include "lib/cachedir.h"
#include "lib/fatal.h"
#include "lib/file.h"
#include "lib/opt.h"
#include "lib/sha256.h"
#include "lib/version.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static OptList build_options;
static bool why;

static const Opt options[] = {
	OPT_LIST(0, "option", "TEXT", &build_options, "something that the result depends on"),
	OPT_FLAG(0, "why", &why, "say on standard error whether it is there, or what has changed"),
	OPT_END,
};
static const OptTool tool = {"gos-cache", "find SOURCE... | put ENTRY SOURCE...",
	"Finds and keeps what has been built.", options, 2, OPT_ANY};

/* What an entry depends on, each as a hash. */
typedef struct Inputs {
	char toolchain[SHA256_HEX + 1], options[SHA256_HEX + 1], sources[SHA256_HEX + 1];
	char names[SHA256_HEX + 1];	/* of the sources, where they are; for --why */
	bool complete;
} Inputs;

static void
add_text(Sha256 *h, const char *s, size_t n)
{
	uint64_t len = n;

	sha256_add(h, &len, sizeof len);
	sha256_add(h, s, n);
}

/* ---- The toolchain: the programs beside this one and the library, by size and time ---- */

static void
add_file(Arena *a, Sha256 *h, const char *folder, const char *name)
{
	struct stat st = {0};
	int64_t about[4] = {-1};

	if (stat(arena_printf(a, "%s/%s", folder, name), &st) == 0) {
		about[0] = st.st_size;
		about[1] = st.st_mtim.tv_sec;
		about[2] = st.st_mtim.tv_nsec;
		about[3] = (int64_t)st.st_ino;
	}
	sha256_add(h, about, sizeof about);
}

static void
hash_toolchain(Arena *a, char hex[SHA256_HEX + 1])
{
	static const char *const files[] = {"gos-lex", "gos-parse", "gos-check", "gos-lower", "gos-rc",
	    "gos-vm", "../lib/gossamer/std/core.ast", "../lib/gossamer/std/core.img"};
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	Sha256 h;

	self[n < 0 ? 0 : n] = 0;
	char *slash = strrchr(self, '/');
	if (slash)
		*slash = 0;
	sha256_init(&h);
	add_text(&h, GOS_VERSION, strlen(GOS_VERSION));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		add_file(a, &h, self, files[i]);
	sha256_end(&h, hex);
}

/* ---- Options and sources ---- */

static void
hash_options(char hex[SHA256_HEX + 1])
{
	Sha256 h;

	sha256_init(&h);
	for (uint32_t i = 0; i < build_options.len; i++)
		add_text(&h, build_options.at[i], strlen(build_options.at[i]));
	sha256_end(&h, hex);
}

static void
hash_sources(Arena *a, char *const *paths, int n, Inputs *in)
{
	Sha256 h, names;

	sha256_init(&h);
	sha256_init(&names);
	in->complete = true;
	for (int i = 0; i < n; i++) {
		char real[4096];
		Text t = {"", 0};
		if (file_read(a, paths[i], &t) != FILE_OK)
			in->complete = false;
		add_text(&h, paths[i], strlen(paths[i]));
		add_text(&h, t.s, t.n);
		if (realpath(paths[i], real))
			add_text(&names, real, strlen(real));
	}
	sha256_end(&h, in->sources);
	sha256_end(&names, in->names);
}

static Inputs
inputs_of(Arena *a, char *const *sources, int n)
{
	Inputs in;

	hash_toolchain(a, in.toolchain);
	hash_options(in.options);
	hash_sources(a, sources, n, &in);
	return in;
}

static const char *
entry_path(Arena *a, const char *folder, const Inputs *in)
{
	char key[SHA256_HEX + 1];
	Sha256 h;

	sha256_init(&h);
	sha256_add(&h, in->toolchain, SHA256_HEX);
	sha256_add(&h, in->options, SHA256_HEX);
	sha256_add(&h, in->sources, SHA256_HEX);
	sha256_end(&h, key);
	return arena_printf(a, "%s/%s", folder, key);
}

/* ---- Why ---- */

static const char *
note_path(Arena *a, const char *folder, const Inputs *in)
{
	return arena_printf(a, "%s/%.32s.last", folder, in->names);
}

static const char *
note_text(Arena *a, const Inputs *in)
{
	return arena_printf(a, "%s\n%s\n%s\n", in->toolchain, in->options, in->sources);
}

static const char *
reason(Arena *a, const char *folder, const Inputs *in)
{
	static const char *const changed[] = {"the toolchain has changed", "the options have changed",
	    "the source has changed"};
	const char *now = note_text(a, in);
	Text last;

	if (file_read(a, note_path(a, folder, in), &last) != FILE_OK || last.n != strlen(now))
		return "it has not been built before";
	for (uint32_t i = 0; i < 3; i++)
		if (memcmp(now + i * (SHA256_HEX + 1), last.s + i * (SHA256_HEX + 1), SHA256_HEX) != 0)
			return changed[i];
	return "its entry is gone or damaged";
}

static void
say(const char *source, const char *what, const char *because)
{
	if (why)
		fprintf(stderr, "gos: `%s` is %s: %s\n", source, what, because);
}

/* ---- Commands ---- */

static int
find(Arena *a, char *const *sources, int n)
{
	const char *folder = cachedir_find(a), *entry;
	Inputs in;

	if (!folder) {
		say(sources[0], "built", "there is no folder for a cache; set XDG_CACHE_HOME");
		return EXIT_PROGRAM;
	}
	in = inputs_of(a, sources, n);
	if (!in.complete)
		return EXIT_PROGRAM;
	entry = entry_path(a, folder, &in);
	puts(entry);
	if (store_has(a, entry)) {
		say(sources[0], "taken from the cache", "nothing has changed");
		return EXIT_OK;
	}
	say(sources[0], "built", reason(a, folder, &in));
	return EXIT_PROGRAM;
}

/* A whole stream without warnings, made of its sources alone. */
static bool
is_worth_keeping(Arena *a, Text stream)
{
	Interner names;
	uint32_t kind;
	void *payload;
	IrStatus status;

	intern_init(&names, a);
	IrReader *in = ir_try_open_text(a, &names, stream, &mir_schema);
	if (ir_error(in) || ir_option(in, "warnings") || ir_option(in, "outside"))
		return false;
	do
		status = ir_try_read(in, &kind, &payload);
	while (status == IR_RECORD || status == IR_FOREIGN);
	return status == IR_END && ir_end_status(in) == EXIT_OK;
}

static int
put(Arena *a, const char *entry, char *const *sources, int n)
{
	const char *folder = cachedir_find(a);
	Inputs in;
	Text stream;

	if (!folder || file_read_fd(a, STDIN_FILENO, &stream) != FILE_OK || !is_worth_keeping(a, stream))
		return EXIT_OK;
	/* The sources may have been changed while they were built. */
	in = inputs_of(a, sources, n);
	if (!in.complete || strcmp(entry_path(a, folder, &in), entry) != 0)
		return EXIT_OK;
	store_put(a, entry, stream, true);
	const char *note = note_text(a, &in);
	store_put(a, note_path(a, folder, &in), (Text){note, (uint32_t)strlen(note)}, false);
	store_make_room(a, folder);
	return EXIT_OK;
}

int
main(int argc, char **argv)
{
	static Arena arena;
	OptArgs args = opt_parse(&tool, argc, argv);

	if (strcmp(args.at[0], "find") == 0)
		return find(&arena, args.at + 1, args.len - 1);
	if (strcmp(args.at[0], "put") == 0 && args.len >= 3)
		return put(&arena, args.at[1], args.at + 2, args.len - 2);
	fprintf(stderr, "gos-cache: it is `find SOURCE...` or `put ENTRY SOURCE...`\n");
	return EXIT_USAGE;
}
