/*
 * What gos-fix knows of diagnostics: fixes, each of one or more edits of files.
 */
#ifndef GOS_FIX_FIX_H
#define GOS_FIX_FIX_H

#include "lib/arena.h"
#include "lib/vec.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct Edit {
	const char *file;
	uint32_t start, end;	/* bytes of the file as it was checked */
	const char *text;	/* what stands there afterwards */
	uint32_t text_len;
} Edit;

typedef struct Fix {
	const char *code, *title;
	uint32_t line;		/* of the diagnostic, from 1 */
	VEC(Edit) edits;	/* at least one */
	bool taken;
} Fix;

typedef VEC(Fix) Fixes;

typedef struct File {
	const char *path;
	const char *text;
	uint32_t len;
	VEC(Edit) edits;	/* of the fixes that are taken; disjoint, ascending once sorted */
} File;

typedef VEC(File) Files;

/* Reads diagnostics until the end of `in`; those without a fix of the wanted kind are left out. */
Fixes fix_read(Arena *a, FILE *in, bool review);

/* Marks the fixes that do not overlap earlier ones and gives their edits to their files. */
Files fix_choose(Arena *a, Fixes *fixes);
/* The text of a file with its edits; not zero-terminated. */
const char *fix_apply(Arena *a, File *f, uint32_t *len);
/* Puts the text in the place of the file, which is one or the other at every moment. */
void fix_write(Arena *a, const char *path, const char *text, uint32_t len);
/* The lines that differ, as `diff -u` shows them, without the lines around. */
void fix_show(Arena *a, File *f, FILE *out);

#endif
