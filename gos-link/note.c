/* The note in a program that says how it was built; gos-llvm writes it. */
#include "gos-link/link.h"
#include "lib/fatal.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { NOTES_MAX = 1 << 16, PADDING = 4 };

static const char owner[] = "Gossamer";

static bool
read_at(FILE *f, uint64_t at, void *to, size_t n)
{
	return at <= INT64_MAX && fseeko(f, (off_t)at, SEEK_SET) == 0 && fread(to, 1, n, f) == n;
}

static uint64_t
padded(uint64_t n)
{
	return (n + PADDING - 1) & ~(uint64_t)(PADDING - 1);
}

/* Among the notes of a segment: what ours says, or NULL. */
static const char *
find_note(Arena *a, const char *at, uint64_t size)
{
	Elf64_Nhdr note;

	while (size >= sizeof note) {
		memcpy(&note, at, sizeof note);
		const char *name = at + sizeof note;
		uint64_t left = size - sizeof note, text = padded(note.n_namesz);
		uint64_t all = text + padded(note.n_descsz);
		if (text > left || note.n_descsz > left - text)
			return NULL;
		if (note.n_namesz == sizeof owner && memcmp(name, owner, sizeof owner) == 0)
			return arena_strndup(a, name + text, note.n_descsz);
		if (all > left)
			return NULL;
		at = name + all;
		size = left - all;
	}
	return NULL;
}

static const char *
look_into(Arena *a, FILE *f, const Elf64_Phdr *segment)
{
	uint64_t size = segment->p_filesz < NOTES_MAX ? segment->p_filesz : NOTES_MAX;
	char *notes = arena_array(a, char, size + 1);

	if (segment->p_type != PT_NOTE || !read_at(f, segment->p_offset, notes, size))
		return NULL;
	return find_note(a, notes, size);
}

static const char *
note_of(Arena *a, FILE *f)
{
	Elf64_Ehdr head;
	Elf64_Phdr segment;
	const char *text = NULL;

	if (!read_at(f, 0, &head, sizeof head) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB ||
	    head.e_phentsize != sizeof segment)
		return NULL;
	for (uint32_t i = 0; i < head.e_phnum && !text; i++)
		if (read_at(f, head.e_phoff + i * sizeof segment, &segment, sizeof segment))
			text = look_into(a, f, &segment);
	return text;
}

void
note_print(Arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");

	if (!f)
		fatal("cannot read %s: %s", path, strerror(errno));
	const char *text = note_of(a, f);
	fclose(f);
	if (!text)
		fatal("%s is not a program that gos built", path);
	printf("%s: %s\n", path, text);
	if (fflush(stdout) != 0)
		fatal("cannot write: %s", strerror(errno));
}
