/*
 * The linker's command line.  ld.lld is asked for directly: going through a C compiler's driver
 * costs a process and hides what happens.  Without lld the system's linker takes the same arguments.
 */
#include "gos-link/link.h"
#include "lib/fatal.h"

#include <stdlib.h>
#include <string.h>

static void
add(Link *link, Words *words, const char *word)
{
	vec_push(&link->arena, words, word);
}

static void
add_from(Link *link, Words *words, const char *folder, const char *name)
{
	add(link, words, arena_printf(&link->arena, "%s/%s", folder, name));
}

/* `name` in a folder of $PATH, or NULL. */
static const char *
find_in_path(Arena *a, const char *name)
{
	const char *path = getenv("PATH");

	if (strchr(name, '/'))
		return file_exists(name) ? name : NULL;
	while (path && *path) {
		size_t n = strcspn(path, ":");
		const char *full = arena_printf(a, "%.*s/%s", (int)n, path, name);
		if (file_exists(full))
			return full;
		path += n + (path[n] == ':');
	}
	return NULL;
}

static const char *
find_in_llvm(Arena *a)
{
	const char *folder = getenv("LLVM");

	if (!folder || !*folder)
		return NULL;
	const char *path = arena_printf(a, "%s/bin/ld.lld", folder);
	return file_exists(path) ? path : find_in_path(a, arena_printf(a, "%s/ld.lld", folder));
}

static const char *
cross_ld(Link *link)
{
	const char *name = arena_printf(&link->arena, "%s-ld", link->target->triple);

	return find_in_path(&link->arena, name);
}

const char *
linker_find(Link *link)
{
	static const char *const names[] = {
		"ld.lld-19", "ld.lld-18", "ld.lld-17", "ld.lld-16", "ld.lld",
	};
	Arena *a = &link->arena;
	const char *given = getenv("LLD"), *found;

	if (given && *given) {
		if (!(found = find_in_path(a, given)))
			fatal("the linker that LLD names is missing: %s", given);
		return found;
	}
	if ((found = find_in_llvm(a)))
		return found;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((found = find_in_path(a, names[i])))
			return found;
	if ((found = cross_ld(link)))
		return found;
	if (link->target == target_host() && (found = find_in_path(a, "ld")))
		return found;
	fatal("no linker found; Debian: apt-get install lld-19");
}

/* lld maps its output and dies of a signal when the disk is full; told to write, it says so. */
static void
add_lld_options(Link *link, Words *words)
{
	if (strstr(link->places.linker, "lld"))
		add(link, words, "--no-mmap-output-file");
}

static void
add_options(Link *link, Words *words, const char *out)
{
	add(link, words, "-o");
	add(link, words, out);
	add(link, words, "-m");
	add(link, words, link->target->emulation);
	add(link, words, "--gc-sections");
	add(link, words, "--eh-frame-hdr");
	add(link, words, "--build-id=none");
	add(link, words, "-znow");
	add(link, words, "-znoexecstack");
	add_lld_options(link, words);
	if (link->strip)
		add(link, words, "--strip-debug");
	if (link->dynamic) {
		add(link, words, "-dynamic-linker");
		add(link, words, link->target->loader);
	} else {
		add(link, words, "-static");
	}
}

/* Where the libraries of foreign code are: the folders of LIBRARY_PATH, as for C compilers. */
static void
add_given_paths(Link *link, Words *words)
{
	const char *p = getenv("LIBRARY_PATH");

	while (p && *p) {
		size_t n = strcspn(p, ":");

		if (n)
			add(link, words, arena_printf(&link->arena, "-L%.*s", (int)n, p));
		p += n + (p[n] == ':');
	}
}

/* libgcc and libc need each other, hence the group. */
static void
add_libraries(Link *link, Words *words)
{
	add_given_paths(link, words);
	add(link, words, arena_printf(&link->arena, "-L%s", link->places.gcc));
	add(link, words, arena_printf(&link->arena, "-L%s", link->places.libc));
	add(link, words, "-lm");
	add(link, words, "--start-group");
	add(link, words, "-lgcc");
	add(link, words, "-lgcc_eh");
	add(link, words, "-lc");
	add(link, words, "--end-group");
}

char *const *
command_make(Link *link, const char *out)
{
	static Words words;
	const Places *at = &link->places;

	words.len = 0;
	add(link, &words, link->places.linker);
	add_options(link, &words, out);
	add_from(link, &words, at->libc, "crt1.o");
	add_from(link, &words, at->libc, "crti.o");
	add_from(link, &words, at->gcc, link->dynamic ? "crtbegin.o" : "crtbeginT.o");
	for (int i = 0; i < link->object_count; i++)
		add(link, &words, link->objects[i]);
	add(link, &words, at->runtime);
	add_libraries(link, &words);
	add_from(link, &words, at->gcc, "crtend.o");
	add_from(link, &words, at->libc, "crtn.o");
	add(link, &words, NULL);
	/* exec wants pointers to non-const text that it does not change */
	return (char *const *)(uintptr_t)words.at;
}
