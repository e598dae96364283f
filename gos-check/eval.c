/*
 * An evaluation as a whole: its budget, what it reports, its beginning and end.
 */
#include "gos-check/eval.h"

#include "gos-check/traits.h"

#include <stdarg.h>
#include <stdio.h>

enum { EVAL_STEPS = 20000000, EVAL_MEMORY = 512 << 20, CHAIN_CALLS = 4 };

/* ---- Budget ---- */

static const char *
what(const Ev *ev)
{
	return ev->name ? arena_printf(ev->c->arena, "the constant `%s`", check_str(ev->c, ev->name)) :
	    "this constant";
}

static void
too_long(Ev *ev, Span span, const char *resource)
{
	Diag *d = diag_error(ev->c->diags, G0708, ev_place(ev, span), what(ev));

	diag_primary(d, "given up here, after %s", resource);
	diag_help(d, "let the program compute it when it runs, or find a shorter way");
	ev_chain(ev, d);
}

bool
ev_step(Ev *ev, Span span, uint32_t cost)
{
	uint32_t before = ev->steps;

	if (before > EVAL_STEPS)
		return false;
	ev->steps += cost < EVAL_STEPS ? cost : EVAL_STEPS;
	if (ev->steps > EVAL_STEPS) {
		too_long(ev, span, "20 million steps");
		return false;
	}
	if (before >> 10 != ev->steps >> 10 && ev->heap.total + ev->stack.total > EVAL_MEMORY) {
		ev->steps = UINT32_MAX;
		too_long(ev, span, "512 MB of memory");
		return false;
	}
	return true;
}

/* ---- Types ---- */

TypeId
ev_type(Ev *ev, TypeId t)
{
	Check *c = ev->c;

	if (!(types_flags(c, t) & (TYPE_HAS_PARAM | TYPE_HAS_ASSOC)))
		return t;
	t = types_subst(c, t, ev->frame->args, ev->frame->n_args);
	if (types_flags(c, t) & TYPE_HAS_ASSOC)
		t = infer_deep(c, trait_normalize(c, t, ev->span));
	if (types_flags(c, t) & (TYPE_HAS_PARAM | TYPE_HAS_ASSOC)) {
		ev->generic = true;
		return IR_NONE;
	}
	return t;
}

/* ---- Reports ---- */

Span
ev_place(const Ev *ev, Span span)
{
	for (const EvFrame *f = ev->frame; f && f->up; f = f->up) {
		if (!ev->c->fn_info.at[f->fn]->is_std)
			break;
		span = f->call;
	}
	return span;
}

void
ev_chain(Ev *ev, Diag *d)
{
	Check *c = ev->c;
	char text[600];
	size_t n = 0;
	uint32_t calls = 0;

	for (const EvFrame *f = ev->frame; f && f->up; f = f->up) {
		SourcePlace p = source_place(c->sources, f->call.start);

		if (c->fn_info.at[f->fn]->is_std || !p.file)
			continue;
		if (calls++ < CHAIN_CALLS)
			n += (size_t)snprintf(text + n, sizeof text - n, "%s`%.80s` called at line %u",
			    n ? ", " : "in ", check_str(c, c->fns.at[f->fn]->name), p.line);
	}
	if (calls > CHAIN_CALLS)
		n += (size_t)snprintf(text + n, sizeof text - n, ", and %u more calls", calls - CHAIN_CALLS);
	if (calls)
		diag_note(d, "%s, for %s", text, what(ev));
	if (calls && ev->span.len)
		diag_label(d, ev->span, "while computing this");
}

EvFlow
ev_panic(Ev *ev, Span span, const char *fmt, ...)
{
	char text[500];
	va_list ap;
	Diag *d;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	d = diag_error(ev->c->diags, G0705, ev_place(ev, span), what(ev));
	diag_primary(d, "%s", text);
	ev_chain(ev, d);
	return EV_FAIL;
}

EvFlow
ev_impossible(Ev *ev, Span span, const char *thing)
{
	Diag *d = diag_error(ev->c->diags, G0707, ev_place(ev, span), thing);

	diag_primary(d, "only possible when the program runs");
	ev_chain(ev, d);
	return EV_FAIL;
}

EvFlow
ev_broken(Ev *ev, Span span)
{
	if (ev->generic || ev->c->diags->errors)
		return EV_FAIL;
	return ev_impossible(ev, span, "this");
}

/* ---- Beginning and end ---- */

typedef struct Outer {
	struct Fx *fx;
	struct Infer *infer;
	const Generics *env;
	Span here;
} Outer;

static TastExpr *
run(Ev *ev, const TastExpr *e)
{
	TypeId t = ev_type(ev, e->type);
	uint32_t errors = ev->c->diags->errors;
	Cv value = {0};
	EvFlow r;

	if (t == IR_NONE || t == TY_ERROR)
		return NULL;
	r = ev_expr(ev, e, &value);
	if (r == EV_RETURN || r == EV_BREAK || r == EV_CONTINUE)
		r = ev_impossible(ev, e->span, "leaving the function");
	if (r != EV_NEXT) {
		/* a failure without a message: something else is wrong there */
		if (!ev->generic && ev->c->diags->errors == errors)
			ev_broken(ev, e->span);
		return NULL;
	}
	return tree_expr(ev, t, &value, e->span);
}

TastExpr *
eval_expr(Check *c, TastFnId f, const TastExpr *e, Sym name, bool *generic)
{
	Outer o = {c->fx, c->infer, c->env, c->here};
	Infer temporary = {0};
	EvFrame frame = {.fn = f};
	Ev ev = {.c = c, .frame = &frame, .name = name, .span = e->span};
	TastExpr *r;

	frame.locals = arena_array(&ev.stack, Cv *, c->fns.at[f]->locals.len + 1);
	c->fx = NULL;
	c->infer = &temporary;
	c->env = NULL;
	r = run(&ev, e);
	*generic = ev.generic;
	c->fx = o.fx;
	c->infer = o.infer;
	c->env = o.env;
	c->here = o.here;
	arena_free(&ev.heap);
	arena_free(&ev.stack);
	return r;
}
