/*
 * Writes to what is not `mut`: assignments, `&mut`, and calls of `&mut self` methods.  Notes
 * in needs_mut what is written at all.
 *
 * A first value of `let x: T` is flow_init's.  Writing through a `&mut` needs no `mut`.
 */
#include "gos-check/flow.h"

#include <string.h>

typedef struct Writes {
	Flow *f;
	uint32_t graph;		/* 1 + the number of the graph at hand */
	bool *told;		/* per local */
} Writes;

static bool
text_is(Text t, const char *s)
{
	return t.n == strlen(s) && memcmp(t.s, s, t.n) == 0;
}

/* ---- where to add `mut` ---- */

static void
fix_self(Flow *f, Diag *d, Span span)
{
	if (text_is(flow_text(f->c, span), "&self"))
		diag_fix(d, DIAG_REVIEW, span, "take `&mut self`", "&mut self");
	else if (text_is(flow_text(f->c, (Span){flow_before(span, 1).start, 1}), "&"))
		diag_fix(d, DIAG_REVIEW, flow_before(span, 0), "take `&mut self`", "mut ");
	else
		diag_fix(d, DIAG_SAFE, flow_before(span, 0), "make it `mut`", "mut ");
}

/* Position of `&` in `name: &T`, or 0. */
static uint32_t
view_type_at(const Check *c, Span name)
{
	Text rest = flow_text(c, (Span){span_end(name), 8});
	uint32_t i = 0;

	while (i < rest.n && (rest.s[i] == ' ' || rest.s[i] == ':'))
		i++;
	return i && i < rest.n && rest.s[i] == '&' ? span_end(name) + i : 0;
}

static void
fix_param(Flow *f, Diag *d, Span name)
{
	uint32_t amp = view_type_at(f->c, name);

	if (amp) {
		diag_help(d, "to change the caller's value, take a `&mut` and write `&mut` at the call");
		diag_fix(d, DIAG_REVIEW, (Span){amp + 1, 0}, "take a `&mut`", "mut ");
	} else {
		diag_help(d, "`mut` makes the function's own copy writable; a `&mut` parameter changes "
		    "the caller's value");
		diag_fix(d, DIAG_SAFE, flow_before(name, 0), "make it `mut`", "mut ");
	}
}

static void
explain_binding(Flow *f, Diag *d, TastLocalId local)
{
	Span name = flow_local(f, local)->span;

	if (strcmp(flow_name(f, local), "self") == 0) {
		diag_label(d, name, "`self` is not `mut` here");
		fix_self(f, d, name);
		return;
	}
	switch (f->origin[local]) {
	case ORIGIN_PARAM:
		diag_label(d, name, "this parameter is not `mut`");
		fix_param(f, d, name);
		return;
	case ORIGIN_FOR:
		diag_label(d, name, "each round has a new `%s`", flow_name(f, local));
		diag_help(d, "`mut %s` changes a copy; to change the elements, loop over `.iter_mut()`",
		    flow_name(f, local));
		diag_fix(d, DIAG_REVIEW, flow_before(name, 0), "make it `mut`", "mut ");
		return;
	case ORIGIN_LET: case ORIGIN_PATTERN: case ORIGIN_CLOSURE:
		diag_label(d, name, "declared here without `mut`");
		diag_fix(d, DIAG_SAFE, flow_before(name, 0), "make it `mut`", "mut ");
		return;
	}
}

/* ---- events ---- */

static void
report(Writes *w, const Event *ev)
{
	TastLocalId local = ev->place.root;
	bool assign = ev->kind != EVENT_BORROW;
	Diag *d;

	if (assign)
		d = diag_error(w->f->c->diags, G0501, ev->span, flow_name(w->f, local));
	else
		d = diag_error(w->f->c->diags, G0502, ev->span, flow_name(w->f, local));
	if (ev->place.n)
		diag_primary(d, "this changes a part of `%s`", flow_name(w->f, local));
	else
		diag_primary(d, assign ? "this gives `%s` another value"
		    : "this asks for `%s` to be changed", flow_name(w->f, local));
	if (assign && !ev->place.n && types_is(w->f->c, flow_local(w->f, local)->type, TAST_TY_REF_MUT)) {
		diag_help(d, "`*%s` is what it refers to", flow_name(w->f, local));
		diag_fix(d, DIAG_REVIEW, flow_before(ev->span, 0), "write to what it refers to", "*");
		return;
	}
	explain_binding(w->f, d, local);
}

static void
check_event(Writes *w, const Event *ev)
{
	Flow *f = w->f;
	TastLocalId local = ev->place.root;

	if (ev->kind != EVENT_ASSIGN && ev->kind != EVENT_UPDATE && ev->kind != EVENT_BORROW)
		return;
	if (local == IR_NONE || local >= f->fn->locals.len)
		return;
	if (place_is_behind_ref(&ev->place)) {
		/* A guard may be `mut`, as in Rust. */
		f->needs_mut[local] |= !(types_flags(f->c, flow_local(f, local)->type) & TYPE_HAS_REF);
		return;
	}
	if (ev->kind == EVENT_ASSIGN && !ev->place.n && f->declared_in[local] == w->graph)
		return;
	/* Handing on a `&mut` by name does not change the name. */
	if (ev->kind == EVENT_BORROW && types_flags(f->c, flow_local(f, local)->type) & TYPE_HAS_REF) {
		/* What holds one, an iterator, may change by itself. */
		f->needs_mut[local] |= !types_is(f->c, flow_local(f, local)->type, TAST_TY_REF_MUT);
		return;
	}
	f->needs_mut[local] = true;
	if (flow_local(f, local)->mutable || w->told[local])
		return;
	if (types_flags(f->c, flow_local(f, local)->type) & TYPE_HAS_ERROR)
		return;
	w->told[local] = true;
	report(w, ev);
}

void
flow_mut(Flow *f)
{
	Writes w = {.f = f, .told = arena_array(f->scratch, bool, f->fn->locals.len + 1)};

	for (uint32_t i = 0; i < f->graphs.len; i++) {
		const Graph *g = &f->graphs.at[i];
		w.graph = i + 1;
		for (uint32_t b = 0; b < g->blocks.len; b++)
			for (uint32_t k = 0; k < g->blocks.at[b].events.len; k++)
				check_event(&w, &g->blocks.at[b].events.at[k]);
	}
}
