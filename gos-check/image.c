/*
 * Writing and mapping images.  See image.h.
 *
 * An image is the head, the World, and the memory of its arena, which was filled at a fixed address
 * and is mapped there again: pages come in when they are touched, and changes stay private.
 * Pointers to constants of the executable hold because it is linked to a fixed address, and because
 * the head names the build that wrote it.
 */
#include "gos-check/image.h"

#include "lib/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Far from where the system puts anything by itself. */
#define IMAGE_BASE ((char *)0x200000000000)
enum { IMAGE_MAX = 1 << 28, BUILD_ID = 20 };

typedef struct Head {
	char magic[8];
	unsigned char build[BUILD_ID];
	uint32_t world_size;
	const World *world;	/* where it must be */
	uint64_t used;		/* bytes from IMAGE_BASE on, this head included */
	int64_t std_size;	/* of core.ast */
} Head;

static const char magic[8] = "gosimg1";

/* ---- Which build this is ---- */

extern const ElfW(Ehdr) __ehdr_start __attribute__((weak, visibility("hidden")));

/* The note that the linker leaves; false if there is none. */
static bool
build_id(unsigned char id[BUILD_ID])
{
	const char *start = (const char *)&__ehdr_start;

	if (!start)
		return false;
	const ElfW(Phdr) *ph = (const void *)(start + __ehdr_start.e_phoff);
	for (int i = 0; i < __ehdr_start.e_phnum; i++) {
		const char *at = (const char *)(uintptr_t)ph[i].p_vaddr, *end = at + ph[i].p_memsz;
		while (ph[i].p_type == PT_NOTE && at + sizeof(ElfW(Nhdr)) <= end) {
			const ElfW(Nhdr) *n = (const void *)at;
			const char *name = at + sizeof *n, *text = name + ((n->n_namesz + 3) & ~3u);
			if (n->n_type == NT_GNU_BUILD_ID && n->n_descsz == BUILD_ID && !memcmp(name, "GNU", 4)) {
				memcpy(id, text, BUILD_ID);
				return true;
			}
			at = text + ((n->n_descsz + 3) & ~3u);
		}
	}
	return false;
}

static bool
make_head(Head *h, const World *w, const char *dir)
{
	struct stat st;

	*h = (Head){.world_size = sizeof *w, .world = w};
	memcpy(h->magic, magic, sizeof magic);
	if (stat(arena_printf((Arena *)&w->arena, "%s/core.ast", dir), &st) < 0)
		return false;
	h->std_size = st.st_size;
	return build_id(h->build);
}

/* ---- Writing ---- */

static char *
contents(void)
{
	return IMAGE_BASE + ((sizeof(Head) + sizeof(World) + 15) & ~(size_t)15);
}

void
image_begin(World *w)
{
	char *p = mmap(IMAGE_BASE, IMAGE_MAX, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

	if (p != IMAGE_BASE)
		fatal("cannot reserve memory for an image: %s", strerror(errno));
	arena_use(&w->arena, contents(), IMAGE_MAX - (size_t)(contents() - IMAGE_BASE));
}

void
image_save(World *w, const char *dir)
{
	char *path = arena_printf(&w->arena, "%s/core.img", dir);
	Head h;

	if (!make_head(&h, w, dir))
		fatal("this build of gos-check cannot make an image: it has no build id");
	if ((char *)w->arena.chunk != contents())
		bug("the standard library does not fit an image of %d bytes", (int)IMAGE_MAX);
	h.used = (uint64_t)(w->arena.at - IMAGE_BASE);
	arena_close(&w->arena);
	memcpy(IMAGE_BASE, &h, sizeof h);
	memcpy(IMAGE_BASE + sizeof h, w, sizeof *w);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(IMAGE_BASE, 1, h.used, f) != h.used || fclose(f) != 0)
		fatal("cannot write `%s`: %s", path, strerror(errno));
}

/* ---- Mapping ---- */

/* Does the file begin as one that this process would write? */
static bool
head_fits(const World *w, const char *dir, int fd, uint64_t *used)
{
	Head want, head;
	struct stat st;

	if (!make_head(&want, w, dir) || read(fd, &head, sizeof head) != sizeof head || fstat(fd, &st) < 0)
		return false;
	*used = want.used = head.used;
	return memcmp(&want, &head, sizeof head) == 0 && (uint64_t)st.st_size == head.used;
}

bool
image_load(World *w, const char *dir)
{
	int fd = open(arena_printf(&w->arena, "%s/core.img", dir), O_RDONLY | O_CLOEXEC);
	uint64_t used;

	if (fd < 0)
		return false;
	char *p = !head_fits(w, dir, fd, &used) ? MAP_FAILED
	    : mmap(IMAGE_BASE, used, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED_NOREPLACE, fd, 0);
	close(fd);
	if (p != IMAGE_BASE)
		return false;
	memcpy(w, IMAGE_BASE + sizeof(Head), sizeof *w);
	return true;
}
