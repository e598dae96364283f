/*
 * The machines that programs can be built for, and where Debian and its relatives keep the C library
 * and the compiler's support library of each.
 */
#include "gos-link/link.h"
#include "lib/fatal.h"

#include <dirent.h>
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const Target targets[] = {
	{"x86_64-linux-gnu", "x86_64", "elf_x86_64", "/lib64/ld-linux-x86-64.so.2",
	    "libc6-dev-amd64-cross libgcc-12-dev-amd64-cross", EM_X86_64},
	{"aarch64-linux-gnu", "aarch64", "aarch64linux", "/lib/ld-linux-aarch64.so.1",
	    "libc6-dev-arm64-cross libgcc-12-dev-arm64-cross", EM_AARCH64},
};
enum { TARGETS = sizeof targets / sizeof *targets };

const Target *
target_find(const char *triple)
{
	for (int i = 0; i < TARGETS; i++) {
		const Target *t = &targets[i];
		size_t n = strlen(t->arch), length = strlen(triple);
		bool same_arch = strncmp(triple, t->arch, n) == 0 && triple[n] == '-';
		if (same_arch && length >= n + 10 && strcmp(triple + length - 10, "-linux-gnu") == 0)
			return t;
	}
	return NULL;
}

const char *
target_list(Arena *a)
{
	const char *list = targets[0].triple;

	for (int i = 1; i < TARGETS; i++)
		list = arena_printf(a, "%s, %s", list, targets[i].triple);
	return list;
}

const Target *
target_host(void)
{
	struct utsname u;

	if (uname(&u) == 0)
		for (int i = 0; i < TARGETS; i++)
			if (strcmp(u.machine, targets[i].arch) == 0)
				return &targets[i];
	fatal("cannot build for this machine (%s): use --target", u.machine);
}

bool
file_exists(const char *path)
{
	return access(path, R_OK) == 0;
}

/* The folder of this executable, without a slash at the end. */
static const char *
own_folder(Arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	if (n <= 0)
		fatal("cannot tell where this program is: /proc is missing");
	path[n] = 0;
	*strrchr(path, '/') = 0;
	return arena_strndup(a, path, strlen(path));
}

/* $GOS_RT is a folder, or the library itself. */
static void
find_runtime(Link *link)
{
	Arena *a = &link->arena;
	const char *given = getenv("GOS_RT");
	const char *name = link->stats ? "librt-stats.a" : "librt.a";

	if (given && *given) {
		const char *inside = arena_printf(a, "%s/%s", given, name);
		link->places.runtime = file_exists(inside) ? inside : given;
	} else {
		const char *own = own_folder(a);
		link->places.runtime = arena_printf(a, "%s/../lib/gossamer/%s/%s", own,
		    link->target->triple, name);
	}
	if (!file_exists(link->places.runtime))
		fatal("the runtime library for %s is missing: there is no %s", link->target->triple,
		    link->places.runtime);
}

static void
find_libc(Link *link)
{
	Arena *a = &link->arena;
	const char *triple = link->target->triple;
	bool native = link->target == target_host();
	const char *folders[] = {
		arena_printf(a, "/usr/lib/%s", triple),
		arena_printf(a, "/usr/%s/lib", triple),
		native ? "/usr/lib64" : NULL,
		native ? "/usr/lib" : NULL,
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (folders[i] && file_exists(arena_printf(a, "%s/crt1.o", folders[i]))) {
			link->places.libc = folders[i];
			return;
		}
	fatal("the C library for %s is missing; Debian: apt-get install %s", triple,
	    native ? "libc6-dev gcc" : link->target->packages);
}

/* The newest version in `folder` that has libgcc.a; NULL if there is none. */
static const char *
newest_gcc(Arena *a, const char *folder)
{
	DIR *dir = opendir(folder);
	const char *best = NULL;
	int best_version = -1;

	if (!dir)
		return NULL;
	for (struct dirent *entry; (entry = readdir(dir));) {
		int version = atoi(entry->d_name);
		const char *path = arena_printf(a, "%s/%s", folder, entry->d_name);
		if (version > best_version && file_exists(arena_printf(a, "%s/libgcc.a", path))) {
			best = path;
			best_version = version;
		}
	}
	closedir(dir);
	return best;
}

static void
find_gcc(Link *link)
{
	Arena *a = &link->arena;
	const Target *t = link->target;
	const char *folders[] = {
		arena_printf(a, "/usr/lib/gcc/%s", t->triple),
		arena_printf(a, "/usr/lib/gcc-cross/%s", t->triple),
		arena_printf(a, "/usr/lib/gcc/%s-redhat-linux", t->arch),
		arena_printf(a, "/usr/lib/gcc/%s-pc-linux-gnu", t->arch),
	};

	for (size_t i = 0; i < sizeof folders / sizeof *folders && !link->places.gcc; i++)
		link->places.gcc = newest_gcc(a, folders[i]);
	if (!link->places.gcc)
		fatal("libgcc.a for %s is missing; Debian: apt-get install %s", t->triple,
		    t == target_host() ? "gcc" : t->packages);
}

void
places_find(Link *link)
{
	find_runtime(link);
	find_libc(link);
	find_gcc(link);
	link->places.linker = linker_find(link);
}
