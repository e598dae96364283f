/*
 * Values of the evaluator: making, copying, splitting and comparing them.
 */
#include "gos-check/eval.h"

#include <string.h>

Cv
cv_int(IrU128 i)
{
	return (Cv){.kind = CV_INT, .i = i};
}

Cv
cv_float(double f)
{
	return (Cv){.kind = CV_FLOAT, .f = f};
}

Cv
cv_text(const char *at, uint32_t len)
{
	return (Cv){.kind = CV_TEXT, .text = {NULL, at, len}};
}

Cv
cv_unit(void)
{
	static CvAgg none;

	return (Cv){.kind = CV_AGG, .agg = &none};
}

Cv
cv_agg(Ev *ev, uint32_t variant, uint32_t len)
{
	Cv v = {.kind = CV_AGG, .variant = variant, .agg = arena_new(&ev->heap, CvAgg)};

	v.agg->at = arena_array(&ev->heap, Cv, len ? len : 1);
	v.agg->len = v.agg->cap = len;
	return v;
}

/* None is the first variant, Some the second: gos-check's own std says so. */
Cv
cv_none(void)
{
	return cv_unit();
}

Cv
cv_some(Ev *ev, Cv value)
{
	Cv v = cv_agg(ev, 1, 1);

	v.agg->at[0] = value;
	return v;
}

Cv
cv_copy(const Cv *v)
{
	if (v->kind == CV_AGG && v->agg->cap)
		v->agg->shared = true;
	return *v;
}

void
cv_own(Ev *ev, Cv *place)
{
	Cv fresh;

	if (place->kind != CV_AGG || (!place->agg->shared && place->agg->cap))
		return;
	fresh = cv_agg(ev, place->variant, place->agg->len);
	for (uint32_t i = 0; i < place->agg->len; i++)
		fresh.agg->at[i] = cv_copy(&place->agg->at[i]);
	*place = fresh;
}

void
cv_push(Ev *ev, Cv *vec, Cv value)
{
	CvAgg *a;

	cv_own(ev, vec);
	a = vec->agg;
	if (a->len == a->cap) {
		uint32_t cap = a->cap < 4 ? 8 : a->cap * 2;
		Cv *at = arena_array(&ev->heap, Cv, cap);

		memcpy(at, a->at, a->len * sizeof *at);
		a->at = at;
		a->cap = cap;
	}
	a->at[a->len++] = value;
}

uint32_t
cv_next_char(const CvText *t, uint32_t *at)
{
	unsigned char first = (unsigned char)t->at[(*at)++];
	uint32_t more = first < 0x80 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
	uint32_t c = more ? first & (0x3Fu >> more) : first;

	for (; more && *at < t->len; more--)
		c = c << 6 | ((unsigned char)t->at[(*at)++] & 0x3F);
	return c;
}

void
cv_append(Ev *ev, Cv *text, const char *at, uint32_t len)
{
	CvText *t = &text->text;
	CvBuffer *b = t->buffer;

	if (!b || b->used != t->len || b->cap - b->used < len) {
		b = arena_new(&ev->heap, CvBuffer);
		b->cap = (t->len + len) * 2 + 16;
		b->at = arena_alloc(&ev->heap, b->cap, 1);
		if (t->len)
			memcpy(b->at, t->at, t->len);
		b->used = t->len;
	}
	if (len)
		memcpy(b->at + b->used, at, len);
	b->used += len;
	*t = (CvText){b, b->at, b->used};
}

bool
cv_identical(const Cv *a, const Cv *b)
{
	if (a->kind != b->kind || a->variant != b->variant)
		return false;
	switch (a->kind) {
	case CV_INT:
		return a->i == b->i;
	case CV_FLOAT:
		return !memcmp(&a->f, &b->f, sizeof a->f);
	case CV_TEXT:
		return a->text.len == b->text.len && (!a->text.len || !memcmp(a->text.at, b->text.at, a->text.len));
	case CV_AGG:
		if (a->agg->len != b->agg->len)
			return false;
		for (uint32_t i = 0; a->agg != b->agg && i < a->agg->len; i++)
			if (!cv_identical(&a->agg->at[i], &b->agg->at[i]))
				return false;
		return true;
	case CV_UNSET:
	case CV_FN:
	case CV_REF:
		return false;
	}
	return false;
}

/* ---- Comparing ---- */

/* The type of part i of an aggregate. */
static TypeId
part_type(Ev *ev, TypeId t, const Cv *v, uint32_t i)
{
	const TastTy *ty = types_get(ev->c, t);

	switch (ty->kind) {
	case TAST_TY_TUPLE:
		return ty->tuple.elems.at[i];
	case TAST_TY_ARRAY:
		return ty->array.elem;
	case TAST_TY_ADT:
		if (types_is_lang(ev->c, t, "Vec"))
			return types_arg(ev->c, t, 0);
		return ev_type(ev, types_field(ev->c, t, v->variant, i));
	case TAST_TY_PRIM:
	case TAST_TY_ARRAY_N:
	case TAST_TY_CONST:
	case TAST_TY_FN:
	case TAST_TY_REF_MUT:
	case TAST_TY_PARAM:
	case TAST_TY_ASSOC:
	case TAST_TY_DYN:
	case TAST_TY_PTR:
		break;
	}
	return TY_ERROR;
}

static int
text_order(const CvText *a, const CvText *b)
{
	uint32_t n = a->len < b->len ? a->len : b->len;
	int d = n ? memcmp(a->at, b->at, n) : 0;

	return d ? (d > 0) - (d < 0) : (a->len > b->len) - (a->len < b->len);
}

/* Through the impl of the type if it has one. */
static EvFlow
ask_impl(Ev *ev, LangTrait which, TypeId t, const Cv *a, const Cv *b, Span span, bool *asked, Cv *out)
{
	Cv args[2] = {cv_copy(a), cv_copy(b)};
	TypeId *targs;
	TastFnId f;
	uint32_t n;
	EvFlow r = ev_lang_method(ev, which, t, span, &f, &targs, &n);

	*asked = r == EV_NEXT && f != IR_NONE;
	return *asked ? ev_call_item(ev, f, targs, n, args, 2, span, out) : r;
}

EvFlow
cv_equal(Ev *ev, TypeId t, const Cv *a, const Cv *b, Span span, bool *equal)
{
	bool asked;
	EvFlow r;
	Cv v;

	if (t == TY_ERROR || a->kind != b->kind)
		return ev_broken(ev, span);
	if (a->kind != CV_AGG) {
		*equal = a->kind == CV_FLOAT ? a->f == b->f : cv_identical(a, b);
		return a->kind == CV_FN || a->kind == CV_REF ? ev_impossible(ev, span, "this comparison") : EV_NEXT;
	}
	r = ask_impl(ev, LANG_PARTIAL_EQ, t, a, b, span, &asked, &v);
	if (r != EV_NEXT || asked) {
		*equal = r == EV_NEXT && v.i;
		return r;
	}
	*equal = a->variant == b->variant && a->agg->len == b->agg->len;
	for (uint32_t i = 0; *equal && i < a->agg->len && r == EV_NEXT; i++)
		r = ev_step(ev, span, 1) ? cv_equal(ev, part_type(ev, t, a, i), &a->agg->at[i], &b->agg->at[i],
		    span, equal) : EV_FAIL;
	return r;
}

/* The order that `partial_cmp` or `cmp` gave. */
static int
order_of(const Cv *v, bool partial)
{
	if (!partial)
		return (int)v->variant - 1;
	return v->agg->len ? (int)v->agg->at[0].variant - 1 : 2;
}

static EvFlow
compare_parts(Ev *ev, TypeId t, const Cv *a, const Cv *b, Span span, int *order)
{
	uint32_t n = a->agg->len < b->agg->len ? a->agg->len : b->agg->len;
	EvFlow r = EV_NEXT;

	if (a->variant != b->variant) {
		*order = a->variant < b->variant ? -1 : 1;
		return EV_NEXT;
	}
	*order = 0;
	for (uint32_t i = 0; !*order && i < n && r == EV_NEXT; i++)
		r = ev_step(ev, span, 1) ? cv_compare(ev, part_type(ev, t, a, i), &a->agg->at[i],
		    &b->agg->at[i], span, order) : EV_FAIL;
	if (!*order)
		*order = (a->agg->len > b->agg->len) - (a->agg->len < b->agg->len);
	return r;
}

EvFlow
cv_compare(Ev *ev, TypeId t, const Cv *a, const Cv *b, Span span, int *order)
{
	bool asked;
	EvFlow r;
	Cv v;

	if (t == TY_ERROR || a->kind != b->kind)
		return ev_broken(ev, span);
	if (a->kind == CV_INT || a->kind == CV_FLOAT) {
		*order = num_order(t, a, b);
		return EV_NEXT;
	}
	if (a->kind == CV_TEXT) {
		*order = text_order(&a->text, &b->text);
		return EV_NEXT;
	}
	if (a->kind != CV_AGG)
		return ev_impossible(ev, span, "this comparison");
	r = ask_impl(ev, LANG_PARTIAL_ORD, t, a, b, span, &asked, &v);
	if (r == EV_NEXT && asked) {
		*order = order_of(&v, true);
		return r;
	}
	if (r == EV_NEXT)
		r = ask_impl(ev, LANG_ORD, t, a, b, span, &asked, &v);
	if (r == EV_NEXT && asked) {
		*order = order_of(&v, false);
		return r;
	}
	return r == EV_NEXT ? compare_parts(ev, t, a, b, span, order) : r;
}
