/*
 * Text under construction.  A function's entry block, body and cold code grow side by side and
 * are joined when it is complete, so that cold code ends up last.
 */
#ifndef GOS_LLVM_OUT_H
#define GOS_LLVM_OUT_H

#include "lib/vec.h"

#include <stdio.h>

typedef struct Out {
	Arena *arena;
	FILE *file;		/* for out_flush */
	VEC(char) text;
} Out;

void out_printf(Out *o, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void out_text(Out *o, const char *s, size_t n);
/* Writes to the file and empties. */
void out_flush(Out *o);

#endif
