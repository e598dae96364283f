/*
 * A stretch of source text: a global start position and a length in bytes.  Positions of
 * all files of a program live in one number space; lib/source.h maps them back.
 */
#ifndef GOS_LIB_SPAN_H
#define GOS_LIB_SPAN_H

#include <stdint.h>

typedef struct Span {
	uint32_t start, len;
} Span;

/* The smallest span that covers both. */
static inline Span
span_join(Span a, Span b)
{
	uint32_t start = a.start < b.start ? a.start : b.start;
	uint32_t a_end = a.start + a.len, b_end = b.start + b.len;
	uint32_t end = a_end > b_end ? a_end : b_end;

	return (Span){start, end - start};
}

static inline uint32_t
span_end(Span s)
{
	return s.start + s.len;
}

#endif
