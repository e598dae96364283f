/* Making, growing and joining Strings.  See str.h. */
#include "librt/str/str.h"
#include "librt/alloc/heap.h"
#include "librt/panic/fatal.h"
#include "librt/rc/builtin.h"

#include <string.h>

enum { TEXT_HEADER = offsetof(GosText, bytes), TEXT_MIN = 40, DOUBLE_UNTIL = 64 << 10 };

static GosText *
text_alloc(G *g, uint64_t cap)
{
	if (cap > (uint64_t)1 << 47)
		gos_in_fatal("out of memory (a string of %llu bytes)", (unsigned long long)cap);
	uint64_t bytes = gos_in_good_size(cap + TEXT_HEADER);
	GosText *t = object_alloc(g, bytes, GOS_TEXT | GOS_PLAIN);
	t->cap = (int64_t)(bytes - TEXT_HEADER);
	return t;
}

static void
set_heap(GosString *s, GosText *t, uint64_t len)
{
	s->text = t;
	s->len = len | (uint64_t)GOS_HEAP_TAG << 56;
}

char *
gos_in_str_make_space(G *g, GosString *out, uint64_t n)
{
	if (n <= GOS_INLINE_MAX) {
		memset(out, 0, sizeof *out);
		out->bytes[15] = (char)n;
		return out->bytes;
	}
	set_heap(out, text_alloc(g, n), n);
	return out->text->bytes;
}

void
gos_in_str_make(G *g, GosString *out, const char *at, uint64_t n)
{
	memcpy(gos_in_str_make_space(g, out, n), at, n);
}

void
gos_in_str_part(G *g, GosString *out, const GosString *s, uint64_t from, uint64_t n)
{
	const char *at = string_at(s);
	uint64_t begin = string_is_heap(s) ? (uint64_t)(at - s->text->bytes) + from : 0;

	if (n <= GOS_INLINE_MAX || begin > VIEW_MASK || (begin > 0 && n > VIEW_MASK)) {
		gos_in_str_make(g, out, at + from, n);
		return;
	}
	object_retain(s->text);
	out->text = s->text;
	out->len = begin == 0 ? n | (uint64_t)GOS_HEAP_TAG << 56
		: n | begin << GOS_VIEW_BITS | (uint64_t)GOS_VIEW_TAG << 56;
}

/* --- growing ------------------------------------------------------------------------------------- */

/* Does it begin where its buffer does? */
static bool
string_is_whole(const GosString *s)
{
	return (uint8_t)s->bytes[15] == GOS_HEAP_TAG;
}

/* A buffer of the String's own with room for `need` bytes, holding what it held. */
static void
grow(G *g, GosString *s, uint64_t need)
{
	Text old = string_text(s);
	bool own = string_is_whole(s) && object_is_unique(s->text);
	uint64_t cap = old.len < DOUBLE_UNTIL ? old.len * 2 : old.len + old.len / 2;

	if (cap < need)
		cap = need;
	if (cap < TEXT_MIN)
		cap = TEXT_MIN;
	if (own && (s->text->header.meta & GOS_FOREIGN) && cap + TEXT_HEADER > SMALL_MAX) {
		s->text = gos_in_foreign_resize(s->text, cap + TEXT_HEADER);
		s->text->cap = (int64_t)cap;
		return;
	}
	GosText *t = text_alloc(g, cap);
	memcpy(t->bytes, old.at, old.len);
	if (own)
		block_free(g, &s->text->header);
	else
		string_release(g, s);
	if (!own && old.len > GOS_INLINE_MAX)
		COUNT(copies);
	set_heap(s, t, old.len);
}

char *
gos_in_str_append_space(G *g, GosString *s, uint64_t n)
{
	uint64_t len = string_len(s), need = len + n;

	if (!string_is_heap(s)) {
		if (need <= GOS_INLINE_MAX) {
			s->bytes[15] = (char)need;
			return s->bytes + len;
		}
		grow(g, s, need);
	} else if (!string_is_whole(s) || need > (uint64_t)s->text->cap || !object_is_unique(s->text)) {
		grow(g, s, need);
	}
	s->len = need | (uint64_t)GOS_HEAP_TAG << 56;
	return s->text->bytes + len;
}

void
gos_in_str_append(G *g, GosString *s, const char *at, uint64_t n)
{
	const char *start = string_at(s);
	bool inside = at >= start && at < start + string_len(s);
	uint64_t offset = inside ? (uint64_t)(at - start) : 0;

	if (n == 0)
		return;
	char *to = gos_in_str_append_space(g, s, n);
	memcpy(to, inside ? string_at(s) + offset : at, n);
}

void
gos_in_str_push_char(G *g, GosString *s, uint32_t c)
{
	char bytes[4];

	gos_in_str_append(g, s, bytes, gos_in_utf8_put(bytes, c));
}

void
gos_rt_str_reserve(G *g, void *slot, int64_t n)
{
	GosString *s = slot;
	uint64_t need = string_len(s) + (n > 0 ? (uint64_t)n : 0);
	uint64_t room = string_is_heap(s) ? (uint64_t)s->text->cap : GOS_INLINE_MAX;

	if (need > room || (string_is_heap(s) && !(string_is_whole(s) && object_is_unique(s->text))))
		grow(g, s, need);
}

int64_t
gos_rt_str_capacity(G *g, const GosString *s)
{
	(void)g;
	return string_is_heap(s) ? s->text->cap : GOS_INLINE_MAX;
}

/* Keeps a buffer of its own: what is cleared is often filled again. */
void
gos_rt_str_truncate(G *g, void *slot, int64_t n)
{
	GosString *s = slot, part;

	if (string_is_whole(s) && object_is_unique(s->text)) {
		s->len = (uint64_t)n | (uint64_t)GOS_HEAP_TAG << 56;
		return;
	}
	gos_in_str_part(g, &part, s, 0, (uint64_t)n);
	string_release(g, s);
	*s = part;
}

void
gos_rt_str_part(G *g, GosString *out, const GosString *s, int64_t from, int64_t to)
{
	gos_in_str_part(g, out, s, (uint64_t)from, (uint64_t)(to - from));
}

/* --- building ------------------------------------------------------------------------------------ */

void
gos_rt_str_concat(G *g, GosString *out, const GosString *a, const GosString *b)
{
	Text x = string_text(a), y = string_text(b);
	char *to = gos_in_str_make_space(g, out, x.len + y.len);

	memcpy(to, x.at, x.len);
	memcpy(to + x.len, y.at, y.len);
}

void
gos_rt_str_repeat(G *g, GosString *out, const GosString *s, int64_t n)
{
	Text t = string_text(s);
	uint64_t total;

	if (__builtin_mul_overflow(t.len, (uint64_t)n, &total))
		gos_in_fatal("out of memory (a string of %llu times %lld bytes)", (unsigned long long)t.len,
			(long long)n);
	char *to = gos_in_str_make_space(g, out, total);
	for (; n > 0 && t.len > 0; n--, to += t.len)
		memcpy(to, t.at, t.len);
}

void
gos_rt_str_from_char(G *g, GosString *out, uint32_t c)
{
	char bytes[4];

	gos_in_str_make(g, out, bytes, gos_in_utf8_put(bytes, c));
}

void
gos_rt_str_join(G *g, GosString *out, const void *strings, const GosString *separator)
{
	const GosVec *v = strings;
	const GosString *part = (const GosString *)v->data;
	Text sep = string_text(separator);
	uint64_t total = v->len > 0 ? sep.len * (uint64_t)(v->len - 1) : 0;

	for (int64_t i = 0; i < v->len; i++)
		total += string_len(&part[i]);
	char *to = gos_in_str_make_space(g, out, total);
	for (int64_t i = 0; i < v->len; i++) {
		Text t = string_text(&part[i]);
		if (i > 0) {
			memcpy(to, sep.at, sep.len);
			to += sep.len;
		}
		memcpy(to, t.at, t.len);
		to += t.len;
	}
}

void
gos_in_strings_push(G *g, GosVec **slot, const char *at, uint64_t n)
{
	GosString *s = gos_rt_vec_push_slot(g, slot, &gos_in_desc_string);

	/* The slot stays where it is: making the text does not touch the vector. */
	gos_in_str_make(g, s, at, n);
}

GosBool
gos_rt_str_slice(G *g, GosString *out, const GosString *s, int64_t from, int64_t to,
	const GosPlace *at)
{
	Text t = string_text(s);
	char message[128];
	const char *wrong = NULL;

	if (from < 0 || to < from || (uint64_t)to > t.len)
		wrong = "is out of range";
	else if (((uint64_t)from < t.len && (t.at[from] & 0xc0) == 0x80) ||
		((uint64_t)to < t.len && (t.at[to] & 0xc0) == 0x80))
		wrong = "is not on character boundaries";
	if (!wrong) {
		gos_in_str_part(g, out, s, (uint64_t)from, (uint64_t)(to - from));
		return 0;
	}
	gos_in_panic_format(g, at, message, sizeof message,
		"string slice %lld..%lld %s: the len is %llu", (long long)from, (long long)to, wrong,
		(unsigned long long)t.len);
	return 1;
}

bool
gos_in_str_repair(G *g, GosString *s)
{
	GosString out;
	Text t = string_text(s);

	if (gos_in_utf8_is_valid(t.at, t.len))
		return false;
	gos_in_str_make(g, &out, "", 0);
	for (uint64_t i = 0; i < t.len;) {
		uint32_t n = gos_in_utf8_valid_char(t.at + i, t.len - i);
		if (n)
			gos_in_str_append(g, &out, t.at + i, n);
		else
			gos_in_str_append(g, &out, "\xef\xbf\xbd", 3);
		i += n ? n : 1;
	}
	string_release(g, s);
	*s = out;
	return true;
}
