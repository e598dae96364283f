/*
 * Escapes in literals: gos-lex checks them, gos-parse turns them into values, gos-fmt and
 * the runtime's `{:?}` agree with them.
 */
#ifndef GOS_LIB_ESCAPE_H
#define GOS_LIB_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

typedef enum EscapeStatus {
	ESCAPE_OK,
	ESCAPE_SKIP,		/* backslash-newline: stands for nothing */
	ESCAPE_UNKNOWN,		/* no such escape */
	ESCAPE_HEX,		/* `\x` without two hexadecimal digits */
	ESCAPE_HEX_RANGE,	/* `\x80` and up in text */
	ESCAPE_UNICODE,		/* `\u` without `{`, digits, `}` */
	ESCAPE_SCALAR,		/* `\u{…}` that is no scalar value */
	ESCAPE_UNICODE_IN_BYTES,
} EscapeStatus;

/* ESCAPE_NONE: raw strings, which have none. */
typedef enum EscapeMode { ESCAPE_TEXT, ESCAPE_BYTES, ESCAPE_NONE } EscapeMode;

typedef struct Escape {
	EscapeStatus status;
	uint32_t len;		/* bytes, backslash included; at least 1, whatever the status */
	uint32_t value;		/* scalar value or byte, if ESCAPE_OK */
} Escape;

/* Decodes the escape at `s`, which begins with a backslash; `n` bytes are there. */
Escape escape_decode(const char *s, size_t n, EscapeMode mode);

#endif
