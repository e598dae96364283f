/*
 * Formatting inside the runtime: what {} {:?} {:x} … mean, as Rust has it.
 *
 * A Formatter appends to a String.  Under {:#?} it indents: whatever is written while its depth is
 * above 0 gets four spaces for each level at the beginning of each line; that a line begins is seen
 * from the last byte of the String, so that several Formatters can write to it by turns.
 */
#ifndef GOS_RT_FMT_FMT_H
#define GOS_RT_FMT_FMT_H

#include "librt/str/str.h"

typedef struct Digits {
	char at[20]; /* no zeros at either end, or a lone 0 */
	int n;
	int point; /* the value is 0.DIGITS times ten to this */
} Digits;

static inline uint32_t
fmt_radix(const GosFormatter *f)
{
	return f->flags >> GOS_SPEC_RADIX & 0xff;
}

static inline bool
fmt_is_debug(const GosFormatter *f)
{
	return fmt_radix(f) == GOS_RADIX_DEBUG || fmt_radix(f) >= GOS_RADIX_DEBUG_HEX;
}

static inline bool
fmt_has(const GosFormatter *f, int bit)
{
	return f->flags >> bit & 1;
}

/* As it is, but for indentation. */
void gos_in_fmt_emit(G *g, GosFormatter *f, Text t);
/* Padded to the width; `align` is for a spec without one. */
void gos_in_fmt_padded(G *g, GosFormatter *f, Text t, uint32_t align);
/* Sign and prefix come before the zeros of {:08}. */
void gos_in_fmt_number(G *g, GosFormatter *f, Text sign, Text prefix, Text digits);
/* `1.25e3` from digits that stand for d.ddd times ten to `exponent`; the length. */
int gos_in_fmt_scientific(char *out, const char *digits, int n, int exponent, bool upper);

/* The fewest digits that read back as the same number; v is finite and not negative. */
Digits gos_in_float_shortest(double v, bool is_f32);

/* A character as {:?} has it, quoted with `quote`: appended to s. */
void gos_in_fmt_escape(G *g, GosString *s, uint32_t c, char quote);

#endif
