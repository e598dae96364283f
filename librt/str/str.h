/*
 * Strings inside the runtime.
 *
 * Invariants
 *   - A String holds UTF-8, always; a function that takes bytes from outside checks them.
 *   - Byte 15 is the length (inline), GOS_HEAP_TAG or GOS_VIEW_TAG; see gos_rt.h.  Inline text is
 *     followed by zeros.  A buffer may hold a short text too: forms are compared by bytes.
 *   - A buffer is written only while its String is the only one that refers to it, and only by one
 *     that begins where the buffer does: views are copied first.
 */
#ifndef GOS_RT_STR_STR_H
#define GOS_RT_STR_STR_H

#include "librt/rc/rc.h"

typedef struct Text {
	const char *at;
	uint64_t len;
} Text;

enum { VIEW_MASK = (1 << GOS_VIEW_BITS) - 1 };

static inline uint64_t
string_len(const GosString *s)
{
	uint8_t form = (uint8_t)s->bytes[15];

	if (form < GOS_HEAP_TAG)
		return form;
	return form == GOS_HEAP_TAG ? s->len & GOS_LEN_MASK : s->len & VIEW_MASK;
}

static inline const char *
string_at(const GosString *s)
{
	uint8_t form = (uint8_t)s->bytes[15];

	if (form < GOS_HEAP_TAG)
		return s->bytes;
	return s->text->bytes + (form == GOS_HEAP_TAG ? 0 : s->len >> GOS_VIEW_BITS & VIEW_MASK);
}

static inline Text
string_text(const GosString *s)
{
	return (Text){string_at(s), string_len(s)};
}

#define TEXT(literal) ((Text){literal, sizeof(literal) - 1})

/* A new String in `out`, which holds nothing before. */
void gos_in_str_make(G *g, GosString *out, const char *at, uint64_t n);
/* A part of a String; it shares the text when that is longer than what is kept inline. */
void gos_in_str_part(G *g, GosString *out, const GosString *s, uint64_t from, uint64_t n);
/* n bytes to be written at once; the String has that length already. */
/* Bytes that are not UTF-8 become U+FFFD, one for each; false: there were none. */
bool gos_in_str_repair(G *g, GosString *s);
char *gos_in_str_make_space(G *g, GosString *out, uint64_t n);
/* Appends; `at` may lie in the String itself. */
void gos_in_str_append(G *g, GosString *s, const char *at, uint64_t n);
void gos_in_str_push_char(G *g, GosString *s, uint32_t c);
/* n more bytes at the end, to be written at once. */
char *gos_in_str_append_space(G *g, GosString *s, uint64_t n);
/* A String for a Vec<String>: appended to the vector in the slot. */
void gos_in_strings_push(G *g, GosVec **slot, const char *at, uint64_t n);

/* Encodes; returns the number of bytes, 1 to 4. */
uint32_t gos_in_utf8_put(char *out, uint32_t c);
/* The character at a valid position; *n becomes its length. */
uint32_t gos_in_utf8_get(const char *at, uint32_t *n);
/* Start of the last character before `end`. */
const char *gos_in_utf8_before(const char *start, const char *end);
uint64_t gos_in_utf8_count(const char *at, uint64_t n);
/* Length of the valid character that any bytes begin with, or 0; left > 0. */
uint32_t gos_in_utf8_valid_char(const char *at, uint64_t left);
/* Where none begins: the bytes that look like the beginning of one, at least 1. */
uint32_t gos_in_utf8_bad_run(const char *at, uint64_t left);
bool gos_in_utf8_is_valid(const char *at, uint64_t n);

bool gos_in_char_is_space(uint32_t c);

#endif
