/* Formatters, padding, and what needs no conversion: text, characters, booleans. */
#include "librt/fmt/fmt.h"

#include <string.h>

static const GosFormatter plain = {.flags = ' ', .width = -1, .precision = -1};

void
gos_rt_fmt_init(G *g, void *f, void *out)
{
	GosFormatter *to = f;

	(void)g;
	*to = plain;
	to->out = out;
}

void
gos_rt_fmt_sub(G *g, const void *f, void *sub, void *out)
{
	GosFormatter *to = sub;

	(void)g;
	*to = *(const GosFormatter *)f;
	to->width = -1;
	to->indent = 0;
	to->out = out;
}

void
gos_rt_fmt_nested(G *g, const void *f, void *nested)
{
	const GosFormatter *from = f;
	GosFormatter *to = nested;
	GosString *out = from->out;
	uint64_t indent = from->indent;

	(void)g;
	*to = plain;
	to->out = out;
	to->indent = indent;
}

void
gos_rt_fmt_spec(G *g, void *f, int64_t flags, int64_t width, int64_t precision)
{
	GosFormatter *to = f;

	(void)g;
	to->flags = (uint64_t)flags;
	if (!(uint32_t)flags)
		to->flags |= ' ';
	to->width = width;
	to->precision = precision;
}

GosBool
gos_rt_fmt_alternate(G *g, const void *f)
{
	(void)g;
	return fmt_has(f, GOS_SPEC_ALTERNATE);
}

int64_t
gos_rt_fmt_width(G *g, const void *f)
{
	(void)g;
	return ((const GosFormatter *)f)->width;
}

int64_t
gos_rt_fmt_precision(G *g, const void *f)
{
	(void)g;
	return ((const GosFormatter *)f)->precision;
}

/* --- writing --------------------------------------------------------------------------------------- */

static void
repeat(G *g, GosFormatter *f, Text t, uint64_t n)
{
	while (n-- > 0)
		gos_in_str_append(g, f->out, t.at, t.len);
}

static bool
at_line_start(const GosString *s)
{
	uint64_t n = string_len(s);

	return n > 0 && string_at(s)[n - 1] == '\n';
}

void
gos_in_fmt_emit(G *g, GosFormatter *f, Text t)
{
	if (f->indent == 0) {
		gos_in_str_append(g, f->out, t.at, t.len);
		return;
	}
	while (t.len > 0) {
		const char *newline = memchr(t.at, '\n', t.len);
		uint64_t n = newline ? (uint64_t)(newline + 1 - t.at) : t.len;
		if (at_line_start(f->out))
			repeat(g, f, TEXT("    "), f->indent);
		gos_in_str_append(g, f->out, t.at, n);
		t.at += n;
		t.len -= n;
	}
}

static void
emit_fill(G *g, GosFormatter *f, uint64_t n)
{
	char fill[4];
	uint32_t len = gos_in_utf8_put(fill, (uint32_t)f->flags);

	while (n-- > 0)
		gos_in_fmt_emit(g, f, (Text){fill, len});
}

void
gos_in_fmt_padded(G *g, GosFormatter *f, Text t, uint32_t align)
{
	uint64_t n = f->width > 0 ? gos_in_utf8_count(t.at, t.len) : 0;
	uint64_t missing = f->width > 0 && (uint64_t)f->width > n ? (uint64_t)f->width - n : 0;
	uint32_t given = f->flags >> GOS_SPEC_ALIGN & 3;
	uint64_t before = 0;

	if (given != GOS_ALIGN_DEFAULT)
		align = given;
	if (align == GOS_ALIGN_RIGHT)
		before = missing;
	else if (align == GOS_ALIGN_CENTER)
		before = missing / 2;
	emit_fill(g, f, before);
	gos_in_fmt_emit(g, f, t);
	emit_fill(g, f, missing - before);
}

static void
padded_with_zeros(G *g, GosFormatter *f, Text sign, Text prefix, Text digits)
{
	uint64_t n = sign.len + prefix.len + digits.len;

	gos_in_fmt_emit(g, f, sign);
	gos_in_fmt_emit(g, f, prefix);
	for (; f->width > 0 && n < (uint64_t)f->width; n++)
		gos_in_fmt_emit(g, f, TEXT("0"));
	gos_in_fmt_emit(g, f, digits);
}

void
gos_in_fmt_number(G *g, GosFormatter *f, Text sign, Text prefix, Text digits)
{
	GosString all;
	char *to;

	if (fmt_has(f, GOS_SPEC_ZERO)) {
		padded_with_zeros(g, f, sign, prefix, digits);
		return;
	}
	if (sign.len + prefix.len == 0) {
		gos_in_fmt_padded(g, f, digits, GOS_ALIGN_RIGHT);
		return;
	}
	to = gos_in_str_make_space(g, &all, sign.len + prefix.len + digits.len);
	memcpy(to, sign.at, sign.len);
	memcpy(to + sign.len, prefix.at, prefix.len);
	memcpy(to + sign.len + prefix.len, digits.at, digits.len);
	gos_in_fmt_padded(g, f, string_text(&all), GOS_ALIGN_RIGHT);
	string_release(g, &all);
}

/* --- text ------------------------------------------------------------------------------------------ */

void
gos_rt_fmt_lit(G *g, void *f, const GosString *s)
{
	gos_in_fmt_emit(g, f, string_text(s));
}

void
gos_rt_fmt_pad(G *g, void *f, const GosString *s)
{
	gos_in_fmt_padded(g, f, string_text(s), GOS_ALIGN_LEFT);
}

/* The first n characters. */
static Text
truncated(Text t, uint64_t n)
{
	uint64_t at = 0;
	uint32_t len;

	for (; n > 0 && at < t.len; n--, at += len)
		gos_in_utf8_get(t.at + at, &len);
	return (Text){t.at, at};
}

static void
quoted(G *g, GosFormatter *f, Text t)
{
	GosString s;
	uint32_t n;

	gos_in_str_make(g, &s, "\"", 1);
	for (uint64_t i = 0; i < t.len; i += n)
		gos_in_fmt_escape(g, &s, gos_in_utf8_get(t.at + i, &n), '"');
	gos_in_str_append(g, &s, "\"", 1);
	gos_in_fmt_padded(g, f, string_text(&s), GOS_ALIGN_LEFT);
	string_release(g, &s);
}

void
gos_rt_fmt_str(G *g, void *f, const GosString *s)
{
	GosFormatter *to = f;
	Text t = string_text(s);

	if (fmt_is_debug(to)) {
		quoted(g, to, t);
		return;
	}
	if (to->precision >= 0)
		t = truncated(t, (uint64_t)to->precision);
	gos_in_fmt_padded(g, to, t, GOS_ALIGN_LEFT);
}

void
gos_rt_fmt_bool(G *g, void *f, GosBool value)
{
	GosFormatter *to = f;
	Text t = value ? TEXT("true") : TEXT("false");

	if (to->precision >= 0)
		t = truncated(t, (uint64_t)to->precision);
	gos_in_fmt_padded(g, to, t, GOS_ALIGN_LEFT);
}

void
gos_rt_fmt_char(G *g, void *f, uint32_t c)
{
	GosFormatter *to = f;
	GosString s;

	if (fmt_is_debug(to)) {
		gos_in_str_make(g, &s, "'", 1);
		gos_in_fmt_escape(g, &s, c, '\'');
		gos_in_str_append(g, &s, "'", 1);
	} else {
		gos_rt_str_from_char(g, &s, c);
	}
	gos_in_fmt_padded(g, to, string_text(&s), GOS_ALIGN_LEFT);
	string_release(g, &s);
}
