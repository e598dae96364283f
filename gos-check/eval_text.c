/*
 * Formatting in the evaluator: texts of panics, `format!`, what `Display` and `Debug` show.
 */
#include "gos-check/eval_flow.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMATTER_PARTS = 6 };	/* text, fill, alignment, width, precision, alternate: see eval_prim.c */

typedef struct Shown {
	Ev *ev;
	Span span;
	bool debug, alternate;
	const TastSpec *spec;	/* of a number, or NULL */
	int64_t precision;	/* -1: none */
} Shown;

static EvFlow show(const Shown *s, TypeId t, const Cv *v, Cv *text);

static void
append(const Shown *s, Cv *text, const char *at)
{
	cv_append(s->ev, text, at, (uint32_t)strlen(at));
}

/* ---- Numbers ---- */

static void
show_int(const Shown *s, TypeId t, IrU128 v, Cv *text)
{
	TastRadix radix = s->spec ? s->spec->radix : TAST_RADIX_DISPLAY;
	bool upper = radix == TAST_RADIX_HEX_UPPER || radix == TAST_RADIX_DEBUG_HEX_UPPER;
	uint32_t base = upper || radix == TAST_RADIX_HEX || radix == TAST_RADIX_DEBUG_HEX ? 16 :
	    radix == TAST_RADIX_OCTAL ? 8 : radix == TAST_RADIX_BINARY ? 2 : 10;
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	bool negative = base == 10 && num_signed(t, v) < 0 && types_is_signed(t);
	char out[140], *p = out + sizeof out;

	*--p = 0;
	if (negative)
		v = -(IrU128)num_signed(t, v);
	do
		*--p = digits[v % base];
	while (v /= base);
	if (s->alternate && base != 10) {
		*--p = base == 16 ? 'x' : base == 8 ? 'o' : 'b';
		*--p = '0';
	}
	if (negative)
		*--p = '-';
	else if (s->spec && s->spec->plus)
		*--p = '+';
	append(s, text, p);
}

/* The shortest digits that read back, without an exponent. */
static void
shortest(double f, bool is_f32, char *out, size_t size)
{
	char e[40], digits[40];
	int n = 0, exponent;

	for (int p = 0; p < 17; p++) {
		snprintf(e, sizeof e, "%.*e", p, f);
		if (is_f32 ? strtof(e, NULL) == (float)f : strtod(e, NULL) == f)
			break;
	}
	exponent = atoi(strchr(e, 'e') + 1);
	for (const char *c = e; *c != 'e'; c++)
		if (*c != '.')
			digits[n++] = *c;
	digits[n] = 0;
	if (exponent < 0)
		snprintf(out, size, "0.%0*d%s", -exponent - 1, 0, digits);
	if (exponent == -1)
		snprintf(out, size, "0.%s", digits);
	if (exponent >= 0 && n <= exponent + 1)
		snprintf(out, size, "%s%0*d", digits, exponent + 1 - n, 0);
	if (exponent >= 0 && n == exponent + 1)
		snprintf(out, size, "%s", digits);
	if (exponent >= 0 && n > exponent + 1)
		snprintf(out, size, "%.*s.%s", exponent + 1, digits, digits + exponent + 1);
}

static EvFlow
show_float(const Shown *s, TypeId t, double f, Cv *text)
{
	TastRadix radix = s->spec ? s->spec->radix : TAST_RADIX_DISPLAY;
	char out[400];

	if (radix == TAST_RADIX_EXP || radix == TAST_RADIX_EXP_UPPER)
		return ev_impossible(s->ev, s->span, "this format");
	if (signbit(f) && !isnan(f))
		append(s, text, "-");
	else if (s->spec && s->spec->plus && !isnan(f))
		append(s, text, "+");
	f = fabs(f);
	if (isnan(f) || isinf(f)) {
		append(s, text, isnan(f) ? "NaN" : "inf");
		return EV_NEXT;
	}
	if (s->debug && s->precision < 0 && f != 0 && (f >= 1e16 || f < 1e-5))
		return ev_impossible(s->ev, s->span, "this format");
	if (s->precision >= 0)
		snprintf(out, sizeof out, "%.*f", s->precision > 50 ? 50 : (int)s->precision, f);
	else
		shortest(f, t == TY_F32, out, sizeof out);
	append(s, text, out);
	if (s->debug && !strchr(out, '.'))
		append(s, text, ".0");
	return EV_NEXT;
}

/* ---- Text ---- */

static uint32_t
encode(IrU128 c, char *at)
{
	uint32_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1)
		at[0] = (char)c;
	for (uint32_t i = n - 1; i; i--, c >>= 6)
		at[i] = (char)(0x80 | (c & 0x3F));
	if (n > 1)
		at[0] = (char)((0xF00 >> n & 0xFF) | c);
	return n;
}

static void
show_quoted(const Shown *s, const CvText *t, char quote, Cv *text)
{
	cv_append(s->ev, text, &quote, 1);
	for (uint32_t i = 0; i < t->len; i++) {
		char c = t->at[i];
		const char *escape = c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : c == '\\' ? "\\\\" :
		    c == 0 ? "\\0" : c == quote ? (quote == '"' ? "\\\"" : "\\'") : NULL;

		if (escape)
			append(s, text, escape);
		else
			cv_append(s->ev, text, &c, 1);
	}
	cv_append(s->ev, text, &quote, 1);
}

/* ---- Aggregates ---- */

static EvFlow
show_parts(const Shown *s, const TypeId *types, const TastFieldList *names, const Cv *v, const char *open,
    const char *close, Cv *text)
{
	EvFlow r = EV_NEXT;

	append(s, text, open);
	for (uint32_t i = 0; i < v->agg->len && r == EV_NEXT; i++) {
		if (i)
			append(s, text, ", ");
		if (names) {
			append(s, text, check_str(s->ev->c, names->at[i]->name));
			append(s, text, ": ");
		}
		r = show(s, types[i], &v->agg->at[i], text);
	}
	append(s, text, close);
	return r;
}

static EvFlow
show_adt(const Shown *s, TypeId t, const Cv *v, Cv *text)
{
	Check *c = s->ev->c;
	const TastAdt *adt = c->adts.at[types_adt_of(c, t)];
	const TastVariant *var = adt->variants.at[v->variant];
	TypeId *types = arena_array(&s->ev->heap, TypeId, var->fields.len + 1);

	for (uint32_t i = 0; i < var->fields.len; i++)
		types[i] = ev_type(s->ev, types_field(c, t, v->variant, i));
	append(s, text, check_str(c, var->name));
	if (!var->fields.len)
		return EV_NEXT;
	return var->named ? show_parts(s, types, &var->fields, v, " { ", " }", text) :
	    show_parts(s, types, NULL, v, "(", ")", text);
}

static EvFlow
show_list(const Shown *s, TypeId elem, const Cv *v, Cv *text)
{
	TypeId *types = arena_array(&s->ev->heap, TypeId, v->agg->len + 1);

	for (uint32_t i = 0; i < v->agg->len; i++)
		types[i] = elem;
	return show_parts(s, types, NULL, v, "[", "]", text);
}

/* ---- By an impl ---- */

static Cv
new_formatter(const Shown *s)
{
	Cv f = cv_agg(s->ev, 0, FORMATTER_PARTS);

	f.agg->at[0] = cv_text("", 0);
	f.agg->at[1] = cv_int(' ');
	f.agg->at[2] = cv_int(0);
	f.agg->at[3] = cv_int((IrU128)(__int128)-1);
	f.agg->at[4] = cv_int((IrU128)(__int128)s->precision);
	f.agg->at[5] = cv_int(s->alternate);
	return f;
}

static EvFlow
show_by_impl(const Shown *s, TypeId t, const Cv *v, Cv *text, bool *asked)
{
	Cv *f = arena_new(&s->ev->heap, Cv), args[2], result;
	TypeId *targs;
	TastFnId fn;
	uint32_t n;
	EvFlow r = ev_lang_method(s->ev, s->debug ? LANG_DEBUG : LANG_DISPLAY, t, s->span, &fn, &targs, &n);

	*asked = r == EV_NEXT && fn != IR_NONE;
	if (!*asked)
		return r;
	*f = new_formatter(s);
	args[0] = cv_copy(v);
	args[1] = (Cv){.kind = CV_REF, .ref = f};
	r = ev_call_item(s->ev, fn, targs, n, args, 2, s->span, &result);
	if (r == EV_NEXT)
		cv_append(s->ev, text, f->agg->at[0].text.at, f->agg->at[0].text.len);
	return r;
}

static EvFlow
show_scalar(const Shown *s, TypeId t, const Cv *v, Cv *text)
{
	char bytes[5] = {0};

	if (t == TY_BOOL)
		append(s, text, v->i ? "true" : "false");
	else if (types_is_float(t))
		return show_float(s, t, v->f, text);
	else if (t != TY_CHAR)
		show_int(s, t, v->i, text);
	else if (s->debug)
		show_quoted(s, &(CvText){NULL, bytes, encode(v->i, bytes)}, '\'', text);
	else
		cv_append(s->ev, text, bytes, encode(v->i, bytes));
	return EV_NEXT;
}

static EvFlow
show(const Shown *s, TypeId t, const Cv *v, Cv *text)
{
	Shown inner = *s;
	bool asked = false;
	EvFlow r;
	TastTy ty;

	if (!ev_step(s->ev, s->span, 1) || t == IR_NONE)
		return EV_FAIL;
	while (v->kind == CV_REF)
		v = v->ref;
	t = types_strip_ref(s->ev->c, t);
	if (types_is_scalar(t))
		return show_scalar(s, t, v, text);
	if (v->kind == CV_TEXT) {
		if (s->debug)
			show_quoted(s, &v->text, '"', text);
		else
			cv_append(s->ev, text, v->text.at, v->text.len);
		return EV_NEXT;
	}
	if (v->kind != CV_AGG)
		return ev_impossible(s->ev, s->span, "showing this value");
	r = show_by_impl(s, t, v, text, &asked);
	if (r != EV_NEXT || asked)
		return r;
	inner.debug = true;
	if (s->alternate)
		return ev_impossible(s->ev, s->span, "the format `{:#?}`");
	ty = *types_get(s->ev->c, t);
	if (ty.kind == TAST_TY_TUPLE)
		return show_parts(&inner, ty.tuple.elems.at, NULL, v, "(", v->agg->len == 1 ? ",)" : ")", text);
	if (ty.kind == TAST_TY_ARRAY)
		return show_list(&inner, ty.array.elem, v, text);
	if (types_is_lang(s->ev->c, t, "Vec"))
		return show_list(&inner, types_arg(s->ev->c, t, 0), v, text);
	return ty.kind == TAST_TY_ADT ? show_adt(&inner, t, v, text) : ev_broken(s->ev, s->span);
}

EvFlow
ev_show(Ev *ev, TypeId t, const Cv *v, bool debug, Span span, Cv *text)
{
	return show(&(Shown){ev, span, debug, false, NULL, -1}, t, v, text);
}

/* ---- Placeholders ---- */

static uint32_t
width_of(const CvText *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->len; i++)
		n += (t->at[i] & 0xC0) != 0x80;
	return n;
}

static void
pad(Ev *ev, const TastSpec *spec, int64_t width, bool number, const CvText *t, Cv *text)
{
	int64_t missing = width - width_of(t), left;
	TastAlign align = spec->align;
	char bytes[4];
	uint32_t n = encode(spec->fill ? spec->fill : ' ', bytes), sign;

	if (missing < 0)
		missing = 0;
	if (spec->zero && number) {
		sign = t->len && (t->at[0] == '-' || t->at[0] == '+');
		sign += t->len > sign + 1 && t->at[sign] == '0' && strchr("xob", t->at[sign + 1]) ? 2 : 0;
		cv_append(ev, text, t->at, sign);
		while (missing--)
			cv_append(ev, text, "0", 1);
		cv_append(ev, text, t->at + sign, t->len - sign);
		return;
	}
	if (align == TAST_ALIGN_DEFAULT)
		align = number ? TAST_ALIGN_RIGHT : TAST_ALIGN_LEFT;
	left = align == TAST_ALIGN_RIGHT ? missing : align == TAST_ALIGN_CENTER ? missing / 2 : 0;
	for (int64_t i = 0; i < left; i++)
		cv_append(ev, text, bytes, n);
	cv_append(ev, text, t->at, t->len);
	for (int64_t i = left; i < missing; i++)
		cv_append(ev, text, bytes, n);
}

static int64_t
count(const TastCount *c, const Cv *args)
{
	switch (c->kind) {
	case TAST_COUNT_NONE:
		return -1;
	case TAST_COUNT_VALUE:
		return c->value.value;
	case TAST_COUNT_ARG:
		return (int64_t)args[c->arg.index].i;
	}
	return -1;
}

static EvFlow
placeholder(Ev *ev, const TastExpr *e, const TastFormatPart *part, const Cv *args, Cv *text)
{
	const TastSpec *spec = part->arg.spec;
	const TastExpr *a = e->format.args.at[part->arg.index];
	TypeId t = ev_type(ev, types_strip_ref(ev->c, a->type));
	bool hex = spec->radix == TAST_RADIX_DEBUG_HEX || spec->radix == TAST_RADIX_DEBUG_HEX_UPPER;
	Shown s = {ev, e->span, hex || spec->radix == TAST_RADIX_DEBUG, spec->alternate, spec,
	    count(spec->precision, args)};
	int64_t width = count(spec->width, args);
	Cv shown = cv_text("", 0);
	EvFlow r = t == IR_NONE ? EV_FAIL : show(&s, t, &args[part->arg.index], &shown);

	if (r != EV_NEXT)
		return r;
	if (s.precision >= 0 && !types_is_float(t))
		return ev_impossible(ev, e->span, "a precision for this type");
	if (hex && width >= 0 && !types_is_int(t))
		return ev_impossible(ev, e->span, "a width for each number");
	if (width > 100000)
		return ev_impossible(ev, e->span, "a width this large");
	pad(ev, spec, width, types_is_int(t) || types_is_float(t), &shown.text, text);
	return EV_NEXT;
}

static EvFlow
write_to(Ev *ev, const TastExpr *e, const Cv *text, Cv *out)
{
	Cv *place = NULL;
	EvFlow r = ev_place_of(ev, e->format.target, true, &place);

	while (r == EV_NEXT && place->kind == CV_REF) {
		place = place->ref;
		cv_own(ev, place);
	}
	if (r != EV_NEXT)
		return r;
	if (place->kind == CV_AGG)
		place = &place->agg->at[0];
	cv_append(ev, place, text->text.at, text->text.len);
	*out = cv_agg(ev, 0, 1);
	out->agg->at[0] = cv_unit();
	return EV_NEXT;
}

EvFlow
ev_format(Ev *ev, const TastExpr *e, Cv *out)
{
	Cv text = cv_text("", 0), *args = arena_array(&ev->heap, Cv, e->format.args.len + 1);
	EvFlow r = EV_NEXT;

	if (e->format.sink == TAST_SINK_PRINT || e->format.sink == TAST_SINK_EPRINT)
		return ev_impossible(ev, e->span, "printing");
	for (uint32_t i = 0; i < e->format.args.len && r == EV_NEXT; i++)
		r = ev_operand(ev, e->format.args.at[i], &args[i]);
	for (uint32_t i = 0; i < e->format.parts.len && r == EV_NEXT; i++) {
		const TastFormatPart *p = e->format.parts.at[i];

		if (p->kind == TAST_FORMAT_PART_ARG) {
			r = placeholder(ev, e, p, args, &text);
		} else {
			Text lit = intern_text(ev->c->names, p->lit.text);

			cv_append(ev, &text, lit.s, (uint32_t)lit.n);
		}
	}
	if (r != EV_NEXT)
		return r;
	if (e->format.sink == TAST_SINK_PANIC)
		return ev_panic(ev, e->span, "%.*s", (int)text.text.len, text.text.at);
	if (e->format.sink == TAST_SINK_WRITE)
		return write_to(ev, e, &text, out);
	*out = text;
	return EV_NEXT;
}
