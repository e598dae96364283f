/*
 * Primitives on text in the evaluator.  Positions and lengths count bytes.
 */
#include "gos-check/eval.h"

#include <string.h>

typedef struct Str {
	Ev *ev;
	Cv *self;	/* the text itself, for writing */
	CvText t;
	Cv *args;
	TypeId ret;
	Span span;
	Cv *out;
} Str;

typedef EvFlow StrRun(Str *s);

static int64_t
find(const CvText *hay, const CvText *needle, int64_t from)
{
	for (int64_t i = from < 0 ? 0 : from; i + needle->len <= hay->len; i++)
		if (!needle->len || !memcmp(hay->at + i, needle->at, needle->len))
			return i;
	return -1;
}

static Cv
part(const CvText *t, int64_t from, int64_t to)
{
	return cv_text(t->at + from, (uint32_t)(to - from));
}

static EvFlow
done(Str *s, Cv v)
{
	*s->out = v;
	return ev_step(s->ev, s->span, 1 + s->t.len / 16) ? EV_NEXT : EV_FAIL;
}

static EvFlow
str_len(Str *s)
{
	*s->out = cv_int(s->t.len);
	return EV_NEXT;
}

static EvFlow
str_push_str(Str *s)
{
	CvText add = s->args[1].text;

	cv_append(s->ev, s->self, add.at, add.len);
	*s->out = cv_unit();
	return ev_step(s->ev, s->span, 1 + add.len / 16) ? EV_NEXT : EV_FAIL;
}

static uint32_t
encode(uint32_t c, char *at)
{
	if (c < 0x80) {
		at[0] = (char)c;
		return 1;
	}
	uint32_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (uint32_t i = n - 1; i; i--, c >>= 6)
		at[i] = (char)(0x80 | (c & 0x3F));
	at[0] = (char)((0xF00 >> n & 0xFF) | c);
	return n;
}

static EvFlow
str_push_char(Str *s)
{
	char bytes[4];
	uint32_t n = encode((uint32_t)s->args[1].i, bytes);

	cv_append(s->ev, s->self, bytes, n);
	*s->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
str_concat(Str *s)
{
	Cv v = {.kind = CV_TEXT, .text = s->t};

	cv_append(s->ev, &v, s->args[1].text.at, s->args[1].text.len);
	return done(s, v);
}

static EvFlow
str_find(Str *s)
{
	return done(s, cv_int(num_cut(TY_I64, (IrU128)(__int128)find(&s->t, &s->args[1].text,
	    (int64_t)s->args[2].i))));
}

static EvFlow
str_rfind(Str *s)
{
	const CvText *needle = &s->args[1].text;
	int64_t at = -1;

	for (int64_t i = (int64_t)s->t.len - needle->len; i >= 0 && at < 0; i--)
		if (!needle->len || !memcmp(s->t.at + i, needle->at, needle->len))
			at = i;
	return done(s, cv_int(num_cut(TY_I64, (IrU128)(__int128)at)));
}

static EvFlow
str_starts_with(Str *s)
{
	const CvText *x = &s->args[1].text;

	return done(s, cv_int(x->len <= s->t.len && (!x->len || !memcmp(s->t.at, x->at, x->len))));
}

static EvFlow
str_ends_with(Str *s)
{
	const CvText *x = &s->args[1].text;

	return done(s, cv_int(x->len <= s->t.len &&
	    (!x->len || !memcmp(s->t.at + s->t.len - x->len, x->at, x->len))));
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool
is_ascii(const CvText *t)
{
	for (uint32_t i = 0; i < t->len; i++)
		if ((unsigned char)t->at[i] >= 0x80)
			return false;
	return true;
}

static EvFlow
only_ascii(Str *s)
{
	return ev_impossible(s->ev, s->span, "this on text that is not ASCII");
}

static EvFlow
str_trim(Str *s)
{
	int64_t sides = (int64_t)s->args[1].i, from = 0, to = s->t.len;

	if (!is_ascii(&s->t))
		return only_ascii(s);
	while (sides & 1 && from < to && is_space(s->t.at[from]))
		from++;
	while (sides & 2 && from < to && is_space(s->t.at[to - 1]))
		to--;
	return done(s, part(&s->t, from, to));
}

static EvFlow
str_replace(Str *s)
{
	const CvText *from = &s->args[1].text, *to = &s->args[2].text;
	Cv v = cv_text("", 0);
	int64_t at = 0, hit;

	if (!from->len)
		return ev_impossible(s->ev, s->span, "replacing an empty text");
	while ((hit = find(&s->t, from, at)) >= 0) {
		cv_append(s->ev, &v, s->t.at + at, (uint32_t)(hit - at));
		cv_append(s->ev, &v, to->at, to->len);
		at = hit + from->len;
	}
	cv_append(s->ev, &v, s->t.at + at, s->t.len - (uint32_t)at);
	return done(s, v);
}

static EvFlow
str_repeat(Str *s)
{
	int64_t n = (int64_t)s->args[1].i;
	Cv v = cv_text("", 0);

	if (n > 0 && s->t.len && n > INT32_MAX / s->t.len)
		return ev_panic(s->ev, s->span, "capacity overflow");
	for (int64_t i = 0; i < n; i++) {
		if (!ev_step(s->ev, s->span, 1 + s->t.len / 16))
			return EV_FAIL;
		cv_append(s->ev, &v, s->t.at, s->t.len);
	}
	return done(s, v);
}

static EvFlow
str_case(Str *s)
{
	bool upper = s->args[1].i;
	Cv v = cv_text("", 0);

	if (!is_ascii(&s->t))
		return only_ascii(s);
	for (uint32_t i = 0; i < s->t.len; i++) {
		char c = s->t.at[i];

		c = (char)(upper && c >= 'a' && c <= 'z' ? c - 32 : !upper && c >= 'A' && c <= 'Z' ? c + 32 : c);
		cv_append(s->ev, &v, &c, 1);
	}
	return done(s, v);
}

static EvFlow
str_bytes(Str *s)
{
	Cv v = cv_agg(s->ev, 0, s->t.len);

	for (uint32_t i = 0; i < s->t.len; i++)
		v.agg->at[i] = cv_int((unsigned char)s->t.at[i]);
	return done(s, v);
}

static bool
is_first(char c)
{
	return ((unsigned char)c & 0xC0) != 0x80;
}

static EvFlow
str_char_at(Str *s)
{
	uint32_t at = (uint32_t)s->args[1].i;

	*s->out = cv_int(cv_next_char(&s->t, &at));
	return EV_NEXT;
}

static EvFlow
str_char_before(Str *s)
{
	uint32_t at = (uint32_t)s->args[1].i;

	do
		at--;
	while (at && !is_first(s->t.at[at]));
	*s->out = cv_int(cv_next_char(&s->t, &at));
	return EV_NEXT;
}

static EvFlow
str_char_count(Str *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->t.len; i++)
		n += is_first(s->t.at[i]);
	return done(s, cv_int(n));
}

static EvFlow
str_is_boundary(Str *s)
{
	int64_t at = (int64_t)s->args[1].i;

	*s->out = cv_int(at == s->t.len || (at >= 0 && at < s->t.len && is_first(s->t.at[at])));
	return EV_NEXT;
}

static EvFlow
str_find_char(Str *s)
{
	char bytes[4];
	CvText needle = {.at = bytes, .len = encode((uint32_t)s->args[1].i, bytes)};

	return done(s, cv_int(num_cut(TY_I64, (IrU128)(__int128)find(&s->t, &needle,
	    (int64_t)s->args[2].i))));
}

static EvFlow
str_part(Str *s)
{
	*s->out = part(&s->t, (int64_t)s->args[1].i, (int64_t)s->args[2].i);
	return EV_NEXT;
}

static EvFlow
str_truncate(Str *s)
{
	*s->self = part(&s->t, 0, (int64_t)s->args[1].i);
	*s->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
str_reserve(Str *s)
{
	*s->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
str_join(Str *s)
{
	const CvAgg *all = s->self->agg;
	const CvText *by = &s->args[1].text;
	Cv v = cv_text("", 0);

	for (uint32_t i = 0; i < all->len; i++) {
		if (i)
			cv_append(s->ev, &v, by->at, by->len);
		cv_append(s->ev, &v, all->at[i].text.at, all->at[i].text.len);
	}
	*s->out = v;
	return ev_step(s->ev, s->span, 1 + v.text.len / 16) ? EV_NEXT : EV_FAIL;
}

static EvFlow
str_from_utf8(Str *s)
{
	const CvAgg *bytes = s->self->agg;
	Cv v = cv_text("", 0);

	for (uint32_t i = 0; i < bytes->len; i++) {
		char c = (char)bytes->at[i].i;

		if ((unsigned char)c >= 0x80)
			return ev_impossible(s->ev, s->span, "this on bytes that are not ASCII");
		cv_append(s->ev, &v, &c, 1);
	}
	*s->out = cv_some(s->ev, v);
	return ev_step(s->ev, s->span, bytes->len) ? EV_NEXT : EV_FAIL;
}

/* (value, problem): 0 fine, 1 empty, 2 invalid, 3 out of range. */
static EvFlow
str_parse_int(Str *s)
{
	TypeId t = types_get(s->ev->c, s->ret)->tuple.elems.at[0];
	bool negative = s->t.len && s->t.at[0] == '-', over = false;
	uint32_t i = s->t.len && (s->t.at[0] == '+' || (negative && types_is_signed(t)));
	uint32_t problem = !s->t.len ? 1 : i == s->t.len ? 2 : 0;
	IrU128 v = 0, limit = types_is_signed(t) ? ((IrU128)1 << (types_bits(t) - 1)) - !negative :
	    num_cut(t, ~(IrU128)0);

	for (; i < s->t.len && !problem; i++) {
		unsigned digit = (unsigned char)s->t.at[i] - '0';

		if (digit > 9)
			problem = 2;
		over |= __builtin_mul_overflow(v, 10, &v) || __builtin_add_overflow(v, digit, &v) || v > limit;
	}
	if (!problem && over)
		problem = 3;
	*s->out = cv_agg(s->ev, 0, 2);
	s->out->agg->at[0] = cv_int(problem ? 0 : num_cut(t, negative ? -v : v));
	s->out->agg->at[1] = cv_int(problem);
	return EV_NEXT;
}

static const struct {
	const char *name;
	StrRun *run;
} table[] = {
	{"str.len", str_len}, {"str.push_str", str_push_str}, {"str.push_char", str_push_char},
	{"str.concat", str_concat}, {"str.find", str_find}, {"str.rfind", str_rfind},
	{"str.starts_with", str_starts_with}, {"str.ends_with", str_ends_with}, {"str.trim", str_trim},
	{"str.replace", str_replace}, {"str.repeat", str_repeat}, {"str.case", str_case},
	{"str.bytes", str_bytes}, {"str.part", str_part}, {"str.char_at", str_char_at},
	{"str.char_before", str_char_before}, {"str.char_count", str_char_count},
	{"str.is_boundary", str_is_boundary}, {"str.find_char", str_find_char},
	{"str.truncate", str_truncate}, {"str.reserve", str_reserve}, {"str.join", str_join},
	{"str.from_utf8", str_from_utf8}, {"str.parse_int", str_parse_int},
};

bool
ev_text_intrinsic(Ev *ev, const char *name, TypeId ret, Cv *args, Span span, Cv *out, EvFlow *flow)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		Str s = {.ev = ev, .self = &args[0], .args = args, .ret = ret, .span = span, .out = out};

		if (strcmp(name, table[i].name))
			continue;
		while (s.self->kind == CV_REF)
			s.self = s.self->ref;
		if (s.self->kind == CV_TEXT)
			s.t = s.self->text;
		*flow = table[i].run(&s);
		return true;
	}
	return false;
}
