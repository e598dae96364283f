/* The list of passes and what they share.  See flow.h. */
#include "gos-check/flow.h"

#include <string.h>

typedef struct FlowEntry {
	const char *name;
	FlowPass *run;
	bool whole;		/* wants a function without errors: what is missing would mislead it */
} FlowEntry;

/* In this order: init decides which writes need `mut`, and unused reports what no pass missed. */
static const FlowEntry passes[] = {
	{"match", flow_match, false},
	{"init", flow_init, true},
	{"mut", flow_mut, false},
	{"ref", flow_ref, false},
	{"outlive", flow_outlive, true},
	{"exclusive", flow_exclusive, false},
	{"arguments", flow_arguments, false},
	{"arena", flow_arena, true},
	{"discard", flow_discard, false},
	{"defer", flow_defer, false},
	{"live", flow_live, true},
	{"unused", flow_unused, true},
	{"recursion", flow_recursion, true},
};

/* ---- where locals come from ---- */

typedef struct OriginContext {
	Flow *f;
	Origin origin;
} OriginContext;

static void
set_origin(void *ctx, const TastPat *p)
{
	OriginContext *o = ctx;

	o->f->origin[p->bind.local] = o->origin;
}

static void
note_pattern(Flow *f, const TastPat *p, Origin origin)
{
	OriginContext ctx = {f, origin};

	pat_each_binding(p, set_origin, &ctx);
}

static void
note_closure(Flow *f, TastLocalId local, const TastExpr *value)
{
	if (value && value->kind == TAST_EXPR_CLOSURE && !flow_local(f, local)->mutable)
		f->closure_of[local] = value;
}

static void
note_origins(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;

	if (e->kind == TAST_EXPR_BLOCK)
		for (uint32_t i = 0; i < e->block.stmts.len; i++) {
			const TastStmt *s = e->block.stmts.at[i];
			if (s->kind != TAST_STMT_LET)
				continue;
			if (s->let.pat->kind != TAST_PAT_BIND)
				note_pattern(f, s->let.pat, ORIGIN_PATTERN);
			else
				note_closure(f, s->let.pat->bind.local, s->let.value);
		}
	if (e->kind == TAST_EXPR_MATCH)
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			note_pattern(f, e->match.arms.at[i]->pat, ORIGIN_PATTERN);
	if (e->kind == TAST_EXPR_LET)
		note_pattern(f, e->let.pat, ORIGIN_PATTERN);
	if (e->kind == TAST_EXPR_FOR)
		note_pattern(f, e->for_.pat, ORIGIN_FOR);
	if (e->kind == TAST_EXPR_CLOSURE)
		for (uint32_t i = 0; i < e->closure.params.len; i++)
			f->origin[e->closure.params.at[i]] = ORIGIN_CLOSURE;
	expr_each_child(e, note_origins, f);
}

/* ---- running ---- */

static void
flow_fn(Check *c, TastFnId id, Arena *scratch)
{
	Flow f = {.c = c, .id = id, .fn = c->fns.at[id], .scratch = scratch};
	uint32_t n = f.fn->locals.len, errors = c->diags->errors;

	f.needs_mut = arena_array(scratch, bool, n + 1);
	f.is_read = arena_array(scratch, bool, n + 1);
	f.origin = arena_array(scratch, Origin, n + 1);
	f.closure_of = arena_array(scratch, const TastExpr *, n + 1);
	note_origins(&f, f.fn->body);
	for (uint32_t i = 0; i < f.fn->n_params; i++)
		f.origin[i] = ORIGIN_PARAM;
	f.declared_in = arena_array(scratch, uint32_t, n + 1);
	f.failed = c->fn_info.at[id]->has_errors;
	graph_build(&f);
	for (uint32_t i = 0; i < sizeof passes / sizeof *passes; i++) {
		if (!passes[i].whole || !c->fn_info.at[id]->has_errors)
			passes[i].run(&f);
		f.failed |= c->diags->errors > errors;
	}
}

void
flow_check(Check *c)
{
	Arena scratch = {0};

	for (TastFnId i = 0; i < c->fns.len; i++) {
		const FnInfo *info = c->fn_info.at[i];
		if (info->is_std || info->broken || info->state != FN_DONE || !c->fns.at[i]->body)
			continue;
		ArenaMark mark = arena_mark(&scratch);
		flow_fn(c, i, &scratch);
		arena_reset(&scratch, mark);
	}
	flow_items(c);
	arena_free(&scratch);
}

/* ---- shared by the passes ---- */

const char *
flow_name(const Flow *f, TastLocalId id)
{
	return check_str(f->c, flow_local(f, id)->name);
}

bool
flow_is_named(const Flow *f, TastLocalId id)
{
	const char *name = flow_name(f, id);

	return *name && *name != '_' && *name != '<' && *name != '{' && flow_local(f, id)->span.len;
}

TastFnId
flow_callee(const TastExpr *e)
{
	if (e->kind != TAST_EXPR_CALL || e->call.fn->kind != TAST_FN_REF_ITEM)
		return IR_NONE;
	return e->call.fn->item.fn;
}

bool
flow_is_std_call(const Flow *f, const TastExpr *e, const char *path)
{
	TastFnId callee = flow_callee(e);

	return callee != IR_NONE && f->c->fns.at[callee]->is_std
	    && strcmp(check_str(f->c, f->c->fns.at[callee]->path), path) == 0;
}

Text
flow_text(const Check *c, Span span)
{
	return source_span_text(c->sources, span);
}

Span
flow_before(Span span, uint32_t back)
{
	return (Span){span.start >= back ? span.start - back : 0, 0};
}

Span
flow_after(Span span)
{
	return (Span){span_end(span), 0};
}
