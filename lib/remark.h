/*
 * Source with remarks under its lines: what `gos build --explain=…` prints.
 *
 *	   12 | 	let w = v
 *	      | 	        ^ retain of `v`: it is used again on line 14
 */
#ifndef GOS_LIB_REMARK_H
#define GOS_LIB_REMARK_H

#include "lib/source.h"

#include <stdbool.h>
#include <stdio.h>

typedef struct Remark {
	Span span;
	const char *text;	/* one line */
	uint32_t order;
} Remark;

typedef struct Remarks {
	Arena *arena;
	const Sources *sources;
	VEC(Remark) list;
} Remarks;

/* `text` is kept, not copied.  The same remark about the same place counts once. */
void remarks_add(Remarks *r, Span span, const char *text);
/*
 * Each file with remarks, by position: all its lines if `whole`, else those that have remarks.  The
 * number of remarks printed.
 */
uint32_t remarks_print(Remarks *r, bool whole, FILE *f);

#endif
