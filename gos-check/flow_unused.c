/* Names that are never read, and `mut` that nothing needs.  requires: flow_mut, flow_live. */
#include "gos-check/flow.h"
#include "gos-check/flow_lint.h"

#include <string.h>

/* The parameters of a trait's method are given by the trait. */
static bool
is_given_by_trait(const Flow *f)
{
	const FnInfo *info = f->c->fn_info.at[f->id];

	return info->trait != IR_NONE
	    || (info->impl != IR_NONE && f->c->impls.at[info->impl]->trait != IR_NONE);
}

/* In `P { x, .. }` a name is that of a field and cannot take an underscore: `x: _` is meant. */
static bool
is_field_shorthand(const Flow *f, TastLocalId local)
{
	Span span = flow_local(f, local)->span;
	uint32_t back = span.start < 256 ? span.start : 256, depth = 0;
	Text t = flow_text(f->c, (Span){span.start - back, back});
	Text after = flow_text(f->c, (Span){span_end(span), 2});
	uint32_t i = t.n;

	if (f->origin[local] != ORIGIN_PATTERN && f->origin[local] != ORIGIN_FOR)
		return false;
	if (after.n == 2 && strchr("=|@i", after.s[*after.s == ' ']))
		return false;	/* the whole pattern of an arm */
	while (i && (t.s[i - 1] == ' ' || t.s[i - 1] == '\t' || t.s[i - 1] == '\n'))
		i--;
	if (i && t.s[i - 1] == ':')
		return false;
	for (; i; i--) {
		char c = t.s[i - 1];
		depth += c == ')' || c == ']' || c == '}';
		if (c != '(' && c != '[' && c != '{')
			continue;
		if (!depth)
			return c == '{' && i >= 2 && t.s[i - 2] == ' ';
		depth--;
	}
	return false;
}

static void
report_variable(Flow *f, TastLocalId local, bool assigned)
{
	Span name = flow_local(f, local)->span;
	Diag *d = lint_fn(f->c, f->id, G0801, name, flow_name(f, local));

	if (!d)
		return;
	diag_primary(d, assigned ? "it is assigned, but nothing reads it" : "nothing reads it");
	if (assigned)
		return;
	if (is_field_shorthand(f, local))
		diag_fix(d, DIAG_SAFE, flow_after(name), "say that it is meant", ": _");
	else
		diag_fix(d, DIAG_SAFE, flow_before(name, 0), "say that it is meant", "_");
}

/* The span of `mut ` before a name, or a span of length 0. */
static Span
mut_before(const Check *c, Span name)
{
	uint32_t back = name.start < 64 ? name.start : 64;
	Text t = flow_text(c, (Span){name.start - back, back});
	uint32_t end = t.n;

	while (end && (t.s[end - 1] == ' ' || t.s[end - 1] == '\t'))
		end--;
	if (end < 3 || end == t.n || memcmp(t.s + end - 3, "mut", 3) != 0)
		return (Span){0, 0};
	return (Span){name.start - (t.n - end) - 3, t.n - end + 3};
}

static void
report_mut(Flow *f, TastLocalId local)
{
	Span name = flow_local(f, local)->span, mut = mut_before(f->c, name);
	Diag *d = mut.len ? lint_fn(f->c, f->id, G0805, span_join(mut, name), flow_name(f, local))
	    : NULL;

	if (!d)
		return;
	diag_primary(d, "nothing changes it");
	diag_fix(d, DIAG_SAFE, mut, "remove `mut`", "");
}

static bool *
assigned_locals(Flow *f)
{
	bool *assigned = arena_array(f->scratch, bool, f->fn->locals.len + 1);

	for (uint32_t i = 0; i < f->graphs.len; i++) {
		const Graph *g = &f->graphs.at[i];
		for (uint32_t b = 0; b < g->blocks.len; b++)
			for (uint32_t k = 0; k < g->blocks.at[b].events.len; k++) {
				const Event *ev = &g->blocks.at[b].events.at[k];
				if ((ev->kind == EVENT_ASSIGN || ev->kind == EVENT_UPDATE)
				    && ev->place.root < f->fn->locals.len)
					assigned[ev->place.root] = true;
			}
	}
	return assigned;
}

/* A second parameter of the same name is an error already. */
static bool
is_hidden_param(const Flow *f, TastLocalId local)
{
	for (uint32_t i = local + 1; i < f->fn->n_params; i++)
		if (flow_local(f, i)->name == flow_local(f, local)->name)
			return true;
	return false;
}

void
flow_unused(Flow *f)
{
	bool by_trait = is_given_by_trait(f);
	const bool *assigned = assigned_locals(f);

	if (f->failed)
		return;
	for (uint32_t i = 0; i < f->fn->locals.len; i++) {
		const char *name = flow_name(f, i);
		if (types_flags(f->c, flow_local(f, i)->type) & TYPE_HAS_ERROR)
			continue;
		bool exempt = (i < f->fn->n_params && (by_trait || is_hidden_param(f, i))) || strcmp(name, "self") == 0;
		if (!f->is_read[i] && !exempt && flow_is_named(f, i))
			report_variable(f, i, assigned[i]);
		else if (flow_local(f, i)->mutable && !f->needs_mut[i] && !flow_local(f, i)->shared
		    && *name && strcmp(name, "self") != 0)
			report_mut(f, i);
	}
}
