/* Comparing, finding, cutting and replacing. */
#include "librt/coll/vec.h"
#include "librt/rc/builtin.h"
#include "librt/str/str.h"

#include <string.h>

int64_t
gos_rt_str_cmp(G *g, const GosString *a, const GosString *b)
{
	(void)g;
	Text x = string_text(a), y = string_text(b);
	int order = memcmp(x.at, y.at, x.len < y.len ? x.len : y.len);

	if (order == 0)
		return (x.len > y.len) - (x.len < y.len);
	return order < 0 ? -1 : 1;
}

static const char *
find(const char *at, const char *end, Text what)
{
	if (what.len == 1)
		return memchr(at, what.at[0], (size_t)(end - at));
	return memmem(at, (size_t)(end - at), what.at, what.len);
}

int64_t
gos_rt_str_find(G *g, const GosString *s, const GosString *what, int64_t from)
{
	(void)g;
	Text t = string_text(s);

	if (from < 0 || (uint64_t)from > t.len)
		return -1;
	const char *p = find(t.at + from, t.at + t.len, string_text(what));
	return p ? p - t.at : -1;
}

int64_t
gos_rt_str_find_char(G *g, const GosString *s, uint32_t c, int64_t from)
{
	(void)g;
	Text t = string_text(s);
	char bytes[4];
	const char *p = NULL;

	if ((uint64_t)from < t.len)
		p = find(t.at + from, t.at + t.len, (Text){bytes, gos_in_utf8_put(bytes, c)});
	return p ? p - t.at : -1;
}

int64_t
gos_rt_str_rfind(G *g, const GosString *s, const GosString *what)
{
	(void)g;
	Text t = string_text(s), w = string_text(what);

	if (w.len > t.len)
		return -1;
	for (int64_t i = (int64_t)(t.len - w.len); i >= 0; i--)
		if (memcmp(t.at + i, w.at, w.len) == 0)
			return i;
	return -1;
}

GosBool
gos_rt_str_starts_with(G *g, const GosString *s, const GosString *prefix)
{
	(void)g;
	Text t = string_text(s), p = string_text(prefix);

	return p.len <= t.len && memcmp(t.at, p.at, p.len) == 0;
}

GosBool
gos_rt_str_ends_with(G *g, const GosString *s, const GosString *suffix)
{
	(void)g;
	Text t = string_text(s), p = string_text(suffix);

	return p.len <= t.len && memcmp(t.at + t.len - p.len, p.at, p.len) == 0;
}

/* Unicode's White_Space. */
bool
gos_in_char_is_space(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 || c == 0x1680 ||
		(c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
		c == 0x205f || c == 0x3000;
}

static const char *
skip_space(const char *p, const char *end)
{
	uint32_t n;

	while (p < end && gos_in_char_is_space(gos_in_utf8_get(p, &n)))
		p += n;
	return p;
}

static const char *
skip_space_back(const char *start, const char *end)
{
	uint32_t n;

	while (end > start) {
		const char *p = gos_in_utf8_before(start, end);
		if (!gos_in_char_is_space(gos_in_utf8_get(p, &n)))
			break;
		end = p;
	}
	return end;
}

void
gos_rt_str_trim(G *g, GosString *out, const GosString *s, int64_t sides)
{
	Text t = string_text(s);
	const char *p = t.at, *end = p + t.len;

	if (sides & 1)
		p = skip_space(p, end);
	if (sides & 2)
		end = skip_space_back(p, end);
	gos_in_str_part(g, out, s, (uint64_t)(p - t.at), (uint64_t)(end - p));
}

/* Between all characters and at both ends. */
static void
replace_empty(G *g, GosString *out, Text t, Text by)
{
	const char *p = t.at, *end = p + t.len;
	uint32_t n;

	gos_in_str_append(g, out, by.at, by.len);
	for (; p < end; p += n) {
		gos_in_utf8_get(p, &n);
		gos_in_str_append(g, out, p, n);
		gos_in_str_append(g, out, by.at, by.len);
	}
}

void
gos_rt_str_replace(G *g, GosString *out, const GosString *s, const GosString *what,
	const GosString *by)
{
	Text t = string_text(s), w = string_text(what), b = string_text(by);
	const char *p = t.at, *end = p + t.len, *hit;

	gos_in_str_make(g, out, "", 0);
	if (w.len == 0) {
		replace_empty(g, out, t, b);
		return;
	}
	while ((hit = find(p, end, w))) {
		gos_in_str_append(g, out, p, (uint64_t)(hit - p));
		gos_in_str_append(g, out, b.at, b.len);
		p = hit + w.len;
	}
	gos_in_str_append(g, out, p, (uint64_t)(end - p));
}

/* --- to vectors ---------------------------------------------------------------------------------- */

void *
gos_rt_str_chars(G *g, const GosString *s)
{
	Text t = string_text(s);
	uint32_t n;

	if (t.len == 0)
		return &gos_in_empty_vec;
	int64_t count = (int64_t)gos_in_utf8_count(t.at, t.len);
	GosVec *v = gos_in_vec_alloc(g, &gos_in_desc_char, count);
	uint32_t *out = (uint32_t *)v->data;
	for (const char *p = t.at; p < t.at + t.len; p += n)
		*out++ = gos_in_utf8_get(p, &n);
	v->len = count;
	return v;
}

void *
gos_rt_str_bytes(G *g, const GosString *s)
{
	Text t = string_text(s);

	if (t.len == 0)
		return &gos_in_empty_vec;
	if (string_is_heap(s))
		return gos_in_vec_view(g, &gos_in_desc_u8, s->text, t.at, (int64_t)t.len);
	GosVec *v = gos_in_vec_alloc(g, &gos_in_desc_u8, (int64_t)t.len);
	memcpy(v->data, t.at, t.len);
	v->len = (int64_t)t.len;
	return v;
}

int64_t
gos_rt_str_char_count(G *g, const GosString *s)
{
	(void)g;
	Text t = string_text(s);

	return (int64_t)gos_in_utf8_count(t.at, t.len);
}

/* Each longest run of bytes that could begin a character but does not becomes one U+FFFD. */
void
gos_rt_str_from_utf8_lossy(G *g, GosString *out, const void *bytes)
{
	const GosVec *v = bytes;
	const char *p = (const char *)v->data, *end = p + v->len;

	gos_in_str_make(g, out, "", 0);
	while (p < end) {
		uint32_t n = gos_in_utf8_valid_char(p, (uint64_t)(end - p));
		if (n > 0) {
			gos_in_str_append(g, out, p, n);
			p += n;
		} else {
			gos_in_str_append(g, out, "\xef\xbf\xbd", 3);
			p += gos_in_utf8_bad_run(p, (uint64_t)(end - p));
		}
	}
}

GosBool
gos_rt_str_from_utf8(G *g, void *out, const void *bytes)
{
	const GosVec *v = bytes;

	if (!gos_in_utf8_is_valid((const char *)v->data, (uint64_t)v->len))
		return 0;
	gos_in_str_make(g, out, (const char *)v->data, (uint64_t)v->len);
	return 1;
}

/* As Rust has it: an empty text before the first character and after the last. */
static GosVec *
split_chars(G *g, Text t)
{
	GosVec *v = &gos_in_empty_vec;
	uint32_t n;

	gos_in_strings_push(g, &v, "", 0);
	for (const char *p = t.at; p < t.at + t.len; p += n) {
		gos_in_utf8_get(p, &n);
		gos_in_strings_push(g, &v, p, n);
	}
	gos_in_strings_push(g, &v, "", 0);
	return v;
}

void *
gos_rt_str_split(G *g, const GosString *s, const GosString *separator)
{
	Text t = string_text(s), w = string_text(separator);
	const char *p = t.at, *end = p + t.len, *hit;
	GosVec *v = &gos_in_empty_vec;

	if (w.len == 0)
		return split_chars(g, t);
	while ((hit = find(p, end, w))) {
		gos_in_strings_push(g, &v, p, (uint64_t)(hit - p));
		p = hit + w.len;
	}
	gos_in_strings_push(g, &v, p, (uint64_t)(end - p));
	return v;
}

void *
gos_rt_str_split_whitespace(G *g, const GosString *s)
{
	Text t = string_text(s);
	const char *end = t.at + t.len, *p = skip_space(t.at, end);
	GosVec *v = &gos_in_empty_vec;
	uint32_t n;

	while (p < end) {
		const char *word = p;
		while (p < end && !gos_in_char_is_space(gos_in_utf8_get(p, &n)))
			p += n;
		gos_in_strings_push(g, &v, word, (uint64_t)(p - word));
		p = skip_space(p, end);
	}
	return v;
}

void *
gos_rt_str_lines(G *g, const GosString *s)
{
	Text t = string_text(s);
	const char *p = t.at, *end = p + t.len;
	GosVec *v = &gos_in_empty_vec;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		const char *stop = newline ? newline : end;
		uint64_t n = (uint64_t)(stop - p);
		if (newline && n > 0 && stop[-1] == '\r')
			n--;
		gos_in_strings_push(g, &v, p, n);
		p = newline ? newline + 1 : end;
	}
	return v;
}
