/*
 * A look at the object files.  A linker would notice most of this too, but in words that mean
 * nothing to somebody who has not asked for a linker.
 */
#include "gos-link/link.h"
#include "lib/fatal.h"

#include <ar.h>
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* e_ident, e_type and e_machine stand at the same place in every ELF file. */
typedef struct ElfStart {
	unsigned char ident[EI_NIDENT];
	uint16_t type, machine;
} ElfStart;

static bool
is_archive(const ElfStart *start)
{
	return memcmp(start->ident, ARMAG, SARMAG) == 0;
}

static void
check_elf(const Link *link, const char *path, const ElfStart *start)
{
	if (memcmp(start->ident, ELFMAG, SELFMAG) != 0)
		fatal("%s is not an object file", path);
	if (start->machine != link->target->machine)
		fatal("%s is an object file for another machine than %s", path, link->target->triple);
	if (start->type != ET_REL)
		fatal("%s is already linked: an object file is needed", path);
}

static void
check_object(const Link *link, const char *path)
{
	ElfStart start;
	struct stat st;
	FILE *f = fopen(path, "rb");

	if (!f)
		fatal("cannot read %s: %s", path, strerror(errno));
	if (fstat(fileno(f), &st) == 0 && !S_ISREG(st.st_mode))
		fatal("%s is not an object file", path);
	size_t n = fread(&start, 1, sizeof start, f);
	fclose(f);
	if (n == 0)
		fatal("%s is empty", path);
	if (n < sizeof start)
		fatal("%s is not an object file", path);
	if (!is_archive(&start))
		check_elf(link, path, &start);
}

void
objects_check(const Link *link)
{
	for (int i = 0; i < link->object_count; i++)
		check_object(link, link->objects[i]);
}
