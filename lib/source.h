/*
 * The source map.  Every file of a program has a base in one space of 32-bit positions:
 * the first at 0, each next one at the previous base + length + 1, so that a file's end
 * is a position of its own.  A Span (lib/span.h) needs no file number.
 */
#ifndef GOS_LIB_SOURCE_H
#define GOS_LIB_SOURCE_H

#include "lib/intern.h"
#include "lib/span.h"
#include "lib/vec.h"

#include <stdbool.h>

typedef struct SourceFile {
	const char *path;	/* as the user wrote it */
	const char *text;	/* not zero-terminated */
	uint32_t base, len;
	bool quiet;		/* not the user's: nobody wants warnings about it */
	VEC(uint32_t) lines;	/* start of each line, relative to base; made on first use */
} SourceFile;

typedef struct Sources {
	Arena *arena;
	VEC(SourceFile) files;	/* ascending by base */
} Sources;

/* A place as people count: line and column from 1, the column in Unicode scalar values. */
typedef struct SourcePlace {
	const SourceFile *file;	/* NULL if no file has the position */
	uint32_t line, column;
} SourcePlace;

void sources_init(Sources *s, Arena *a);
/* Base that the next file will get. */
uint32_t sources_next_base(const Sources *s);
/*
 * Adds a file and returns its index.  `path` and `text` are kept, not copied.  More than
 * 4 GiB in all is fatal.
 */
uint32_t source_add(Sources *s, const char *path, const char *text, size_t len);
/* The same at a base that a stream gave; false if it overlaps another file. */
bool source_add_at(Sources *s, const char *path, uint32_t base, const char *text, size_t len);
/* The file that contains the position (its end included), or NULL. */
SourceFile *source_find(const Sources *s, uint32_t pos);
SourcePlace source_place(const Sources *s, uint32_t pos);
/* The line (from 1) of a position in this file. */
uint32_t source_line_of(const Sources *s, SourceFile *f, uint32_t pos);
uint32_t source_line_count(const Sources *s, SourceFile *f);
/* Text of a line without its newline. */
Text source_line_text(const Sources *s, SourceFile *f, uint32_t line);
/* Global position of the line's first byte. */
uint32_t source_line_start(const Sources *s, SourceFile *f, uint32_t line);
/* The text of a span, or an empty text if it is not inside one file. */
Text source_span_text(const Sources *s, Span span);

#endif
