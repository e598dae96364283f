/*
 * UTF-8: strict decoding, validation, display width and the two letter classes that
 * identifiers are made of.  Classification comes from libutf8proc.
 */
#ifndef GOS_LIB_UTF8_H
#define GOS_LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes the scalar value at `s`, of which `n` bytes are there.  Returns its length, 1 to 4,
 * or 0 for anything that is not well-formed UTF-8 (overlong forms and surrogates included).
 */
uint32_t utf8_decode(const char *s, size_t n, uint32_t *scalar);
/* Writes 1 to 4 bytes; the scalar must be valid. */
uint32_t utf8_encode(uint32_t scalar, char out[4]);
bool utf8_is_scalar(uint32_t value);
/* Length of the longest valid prefix: `n` when all of it is well-formed. */
size_t utf8_valid_prefix(const char *s, size_t n);
/* How many scalar values; each byte that is not part of a valid one counts as one. */
size_t utf8_count(const char *s, size_t n);
/* Terminal columns: 0 for marks and controls, 2 for wide characters, else 1. */
uint32_t utf8_width(uint32_t scalar);
/* General category L*. */
bool utf8_is_letter(uint32_t scalar);
/* General category Nd. */
bool utf8_is_digit(uint32_t scalar);

#endif
