/*
 * Primitives in the evaluator: what std leaves to the compiler (`#[intrinsic]`), as far as it is a
 * matter of values.  What has to do with the world outside is not possible in a constant.
 */
#include "gos-check/eval.h"

#include <math.h>
#include <string.h>

typedef struct Prim {
	Ev *ev;
	const TypeId *targs;
	TypeId ret;
	Cv *args;
	uint32_t n;
	Span span;
	Cv *out;
} Prim;

typedef EvFlow PrimRun(Prim *p);

/* The place or value of argument i. */
static Cv *
arg(Prim *p, uint32_t i)
{
	Cv *v = &p->args[i];

	while (v->kind == CV_REF)
		v = v->ref;
	return v;
}

static int64_t
int_arg(Prim *p, uint32_t i)
{
	return (int64_t)arg(p, i)->i;
}

/* The Vec of argument 0, for writing. */
static Cv *
own_vec(Prim *p)
{
	Cv *v = arg(p, 0);

	cv_own(p->ev, v);
	return v;
}

/* ---- Vec ---- */

static EvFlow
seq_new(Prim *p)
{
	*p->out = cv_agg(p->ev, 0, 0);
	return EV_NEXT;
}

static EvFlow
seq_len(Prim *p)
{
	*p->out = cv_int(arg(p, 0)->agg->len);
	return EV_NEXT;
}

/* Where a constant's elements are is nobody's business; their number is compared. */
static EvFlow
seq_window(Prim *p)
{
	*p->out = cv_int(0);
	return EV_NEXT;
}

static EvFlow
seq_reserve(Prim *p)
{
	*p->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
seq_push(Prim *p)
{
	cv_push(p->ev, arg(p, 0), p->args[1]);
	*p->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
seq_pop(Prim *p)
{
	Cv *v = own_vec(p);

	*p->out = v->agg->len ? cv_some(p->ev, v->agg->at[--v->agg->len]) : cv_none();
	return EV_NEXT;
}

static EvFlow
seq_set_len(Prim *p)
{
	Cv *v = own_vec(p);

	v->agg->len = (uint32_t)int_arg(p, 1);
	*p->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
seq_insert(Prim *p)
{
	Cv *v = arg(p, 0);
	uint32_t at = (uint32_t)int_arg(p, 1);

	cv_push(p->ev, v, cv_unit());
	memmove(&v->agg->at[at + 1], &v->agg->at[at], (v->agg->len - 1 - at) * sizeof *v->agg->at);
	v->agg->at[at] = p->args[2];
	*p->out = cv_unit();
	return ev_step(p->ev, p->span, (v->agg->len - at) / 8) ? EV_NEXT : EV_FAIL;
}

static EvFlow
seq_remove(Prim *p)
{
	Cv *v = own_vec(p);
	uint32_t at = (uint32_t)int_arg(p, 1);

	*p->out = v->agg->at[at];
	v->agg->len--;
	memmove(&v->agg->at[at], &v->agg->at[at + 1], (v->agg->len - at) * sizeof *v->agg->at);
	return ev_step(p->ev, p->span, (v->agg->len - at) / 8) ? EV_NEXT : EV_FAIL;
}

static EvFlow
seq_swap(Prim *p)
{
	CvAgg *a = own_vec(p)->agg;
	int64_t i = int_arg(p, 1), j = int_arg(p, 2);
	Cv v = a->at[i];

	a->at[i] = a->at[j];
	a->at[j] = v;
	*p->out = cv_unit();
	return EV_NEXT;
}

static EvFlow
seq_slice(Prim *p)
{
	const CvAgg *a = arg(p, 0)->agg;
	int64_t from = int_arg(p, 1), to = int_arg(p, 2);

	if (from < 0 || to < from || to > a->len)
		return ev_panic(p->ev, p->span, "range %lld..%lld is out of bounds: the len is %u",
		    (long long)from, (long long)to, a->len);
	*p->out = cv_agg(p->ev, 0, (uint32_t)(to - from));
	for (uint32_t i = 0; i < p->out->agg->len; i++)
		p->out->agg->at[i] = cv_copy(&a->at[from + i]);
	return ev_step(p->ev, p->span, p->out->agg->len) ? EV_NEXT : EV_FAIL;
}

static EvFlow
seq_element(Prim *p)
{
	*p->out = cv_copy(&arg(p, 0)->agg->at[int_arg(p, 1)]);
	return EV_NEXT;
}

static EvFlow
seq_append(Prim *p)
{
	Cv *v = arg(p, 0);
	Cv other = cv_copy(arg(p, 1));

	for (uint32_t i = 0; i < other.agg->len; i++)
		cv_push(p->ev, v, cv_copy(&other.agg->at[i]));
	*p->out = cv_unit();
	return ev_step(p->ev, p->span, other.agg->len) ? EV_NEXT : EV_FAIL;
}

static EvFlow
seq_to_vec(Prim *p)
{
	*p->out = cv_copy(arg(p, 0));
	return EV_NEXT;
}

/* Moves the first elements of one Vec to the end of another, the last one first. */
static EvFlow
seq_turn_over(Prim *p)
{
	Cv *to = arg(p, 0), *from = arg(p, 1);
	uint32_t n = (uint32_t)int_arg(p, 2);

	cv_own(p->ev, from);
	for (uint32_t i = n; i-- > 0; )
		cv_push(p->ev, to, from->agg->at[i]);
	from->agg->len -= n;
	memmove(from->agg->at, from->agg->at + n, from->agg->len * sizeof *from->agg->at);
	*p->out = cv_unit();
	return ev_step(p->ev, p->span, n) ? EV_NEXT : EV_FAIL;
}

/* ---- char, f64 ---- */

static EvFlow
char_from_u32(Prim *p)
{
	*p->out = cv_int(arg(p, 0)->i);
	return EV_NEXT;
}

static EvFlow
f64_sqrt(Prim *p)
{
	*p->out = cv_float(sqrt(arg(p, 0)->f));
	return EV_NEXT;
}

/* The numbers are those of librt's gos_rt_f64_unary. */
static EvFlow
f64_unary(Prim *p)
{
	static double (*const functions[])(double) = {
		floor, ceil, round, trunc, exp, log, log2, log10, sin, cos, tan, asin, acos, atan, cbrt, fabs,
	};
	int64_t op = int_arg(p, 0);

	if (op < 0 || op >= (int64_t)(sizeof functions / sizeof *functions))
		return ev_impossible(p->ev, p->span, "this function");
	*p->out = cv_float(functions[op](arg(p, 1)->f));
	return EV_NEXT;
}

static EvFlow
f64_binary(Prim *p)
{
	static double (*const functions[])(double, double) = {pow, atan2, hypot};
	int64_t op = int_arg(p, 0);

	if (op < 0 || op >= (int64_t)(sizeof functions / sizeof *functions))
		return ev_impossible(p->ev, p->span, "this function");
	*p->out = cv_float(functions[op](arg(p, 1)->f, arg(p, 2)->f));
	return EV_NEXT;
}

/* ---- The Formatter: a text, fill, alignment, width, precision, alternate ---- */

static EvFlow
fmt_lit(Prim *p)
{
	Cv *f = own_vec(p);
	const CvText *t = &arg(p, 1)->text;

	cv_append(p->ev, &f->agg->at[0], t->at, t->len);
	*p->out = cv_unit();
	return ev_step(p->ev, p->span, 1 + t->len / 16) ? EV_NEXT : EV_FAIL;
}

static EvFlow
fmt_pad(Prim *p)
{
	Cv *f = own_vec(p);

	if ((__int128)f->agg->at[3].i >= 0 || (__int128)f->agg->at[4].i >= 0)
		return ev_impossible(p->ev, p->span, "padding by a `Display` of the program");
	return fmt_lit(p);
}

static EvFlow
fmt_flag(Prim *p, uint32_t i)
{
	*p->out = cv_int(num_cut(TY_I64, arg(p, 0)->agg->at[i].i));
	return EV_NEXT;
}

static EvFlow
fmt_width(Prim *p)
{
	return fmt_flag(p, 3);
}

static EvFlow
fmt_precision(Prim *p)
{
	return fmt_flag(p, 4);
}

static EvFlow
fmt_alternate(Prim *p)
{
	return fmt_flag(p, 5);
}

/* ---- Cells and statics ---- */

/* A cell with identity: tree_expr makes a new one for each place where the value is put. */
static EvFlow
shared_new(Prim *p)
{
	*p->out = cv_agg(p->ev, 0, 0);
	cv_push(p->ev, p->out, *arg(p, 0));
	return EV_NEXT;
}

/* A static is what the function gives. */
static EvFlow
static_place(Prim *p)
{
	return ev_call_value(p->ev, arg(p, 0), NULL, 0, p->span, p->out);
}

/* ---- The table ---- */

static const struct {
	const char *name;
	PrimRun *run;
	uint32_t n;	/* arguments */
} prims[] = {
	{"vec.new", seq_new, 0}, {"vec.with_capacity", seq_new, 1}, {"vec.len", seq_len, 1},
	{"vec.window", seq_window, 1},
	{"vec.reserve", seq_reserve, 2}, {"vec.push", seq_push, 2},
	{"vec.pop", seq_pop, 1}, {"vec.set_len", seq_set_len, 2}, {"vec.insert", seq_insert, 3},
	{"vec.remove", seq_remove, 2}, {"vec.swap", seq_swap, 3}, {"vec.slice", seq_slice, 3},
	{"vec.element", seq_element, 2},
	{"vec.to_vec", seq_to_vec, 1}, {"vec.turn_over", seq_turn_over, 3},
	{"vec.append", seq_append, 2}, {"char.from_u32", char_from_u32, 1}, {"f64.sqrt", f64_sqrt, 1},
	{"f64.unary", f64_unary, 2}, {"f64.binary", f64_binary, 3}, {"fmt.lit", fmt_lit, 2},
	{"fmt.pad", fmt_pad, 2}, {"fmt.width", fmt_width, 1}, {"fmt.precision", fmt_precision, 1},
	{"fmt.alternate", fmt_alternate, 1}, {"shared.new", shared_new, 1}, {"static.place", static_place, 1},
};

EvFlow
ev_intrinsic(Ev *ev, const TastFn *fn, const TypeId *targs, Cv *args, uint32_t n, Span span, Cv *out)
{
	const char *name = check_str(ev->c, fn->intrinsic);
	Prim p = {ev, targs, fn->ret, args, n, span, out};
	EvFlow flow = EV_NEXT;

	for (size_t i = 0; i < sizeof prims / sizeof *prims; i++)
		if (!strcmp(name, prims[i].name) && n == prims[i].n)
			return prims[i].run(&p);
	for (uint32_t i = 0; i < n; i++)
		args[i] = i ? *arg(&p, i) : args[i];
	if (ev_text_intrinsic(ev, name, fn->ret, args, span, out, &flow))
		return flow;
	return ev_impossible(ev, span, arena_printf(ev->c->arena, "a call of `%s`", check_str(ev->c, fn->path)));
}
