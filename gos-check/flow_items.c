/*
 * Rules and lints about items: `&mut` in declarations, functions that nothing uses and labels that
 * nothing names.  Part of flow_check; see flow.h.
 */
#include "gos-check/flow.h"
#include "gos-check/fix.h"
#include "gos-check/flow_lint.h"

#include <string.h>

/* ---- `&mut` in declarations ---- */

static Span
field_span(const AstItem *item, uint32_t variant, uint32_t field)
{
	const AstVariantBody *body = item->kind == AST_ITEM_ENUM
	    ? item->enum_.variants.at[variant]->body : item->struct_.body;
	const AstFieldList *fields = body->kind == AST_VARIANT_BODY_TUPLE ? &body->tuple.fields
	    : &body->named.fields;

	return fields->at[field]->type->span;
}

static void
check_fields(Check *c, TastAdtId id)
{
	const TastAdt *adt = c->adts.at[id];
	const AstItem *item = c->adt_info.at[id]->ast;

	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t i = 0; i < adt->variants.at[v]->fields.len; i++) {
			TypeId t = adt->variants.at[v]->fields.at[i]->type;
			if (!(types_flags(c, t) & TYPE_HAS_REF) || types_is(c, t, TAST_TY_FN))
				continue;
			Diag *d = diag_error(c->diags, G0508, field_span(item, v, i),
			    adt->kind == TAST_ADT_KIND_ENUM ? "an enum" : "a struct");
			diag_primary(d, "a field may not be a `&mut`");
			diag_help(d, "store the value itself; to share it, use `Rc<RefCell<T>>`");
			fix_remove_ref(c, d, field_span(item, v, i), "store the value itself");
		}
}

static bool
takes_ref(const Check *c, const FnInfo *info)
{
	for (uint32_t i = 0; i < info->params.len; i++)
		if (types_flags(c, info->params.at[i]) & TYPE_HAS_REF)
			return true;
	return false;
}

static void
check_return_type(Check *c, TastFnId id)
{
	const TastFn *fn = c->fns.at[id];
	const FnInfo *info = c->fn_info.at[id];

	if (!(types_flags(c, fn->ret) & TYPE_HAS_REF) || types_is(c, fn->ret, TAST_TY_FN)
	    || takes_ref(c, info) || !info->ast || !info->ast->ret)
		return;
	Diag *d = diag_error(c->diags, G0510, info->ast->ret->span, check_str(c, fn->name));
	diag_primary(d, "a `&mut` to what?");
	diag_help(d, "return the value itself, or take the place as a `&mut` parameter");
	fix_remove_ref(c, d, info->ast->ret->span, "return the value itself");
}

/* ---- functions that nothing uses ---- */

typedef struct Reach {
	Check *c;
	Arena *arena;
	bool *reached;
	VEC(TastFnId) todo;
} Reach;

static void
reach_fn(Reach *r, TastFnId id)
{
	if (id == IR_NONE || r->reached[id])
		return;
	r->reached[id] = true;
	vec_push(r->arena, &r->todo, id);
}

static void
reach_ref(Reach *r, const TastFnRef *ref)
{
	if (ref && ref->kind == TAST_FN_REF_ITEM)
		reach_fn(r, ref->item.fn);
}

static void
visit_calls(void *ctx, const TastExpr *e)
{
	Reach *r = ctx;

	if (e->kind == TAST_EXPR_CALL)
		reach_ref(r, e->call.fn);
	else if (e->kind == TAST_EXPR_FN)
		reach_ref(r, e->fn.fn);
	else if (e->kind == TAST_EXPR_TRY)
		reach_ref(r, e->try.convert);
	else if (e->kind == TAST_EXPR_FOR && e->for_.how->kind == TAST_ITERATION_NEXT)
		reach_ref(r, e->for_.how->next.next);
	expr_each_child(e, visit_calls, r);
}

/* Functions that others may call: exported, required by a trait, tests, compile-time ones. */
static bool
is_root(const Check *c, TastFnId id)
{
	const FnInfo *info = c->fn_info.at[id];
	const char *name = check_str(c, c->fns.at[id]->name);

	if (info->is_std || info->is_test || info->vis != AST_VIS_PRIVATE || info->trait != IR_NONE)
		return true;
	if (info->impl != IR_NONE && c->impls.at[info->impl]->trait != IR_NONE)
		return true;
	if (!info->item || !info->ast || info->ast->is_const || info->ast->is_extern)
		return true;
	return id == c->entry || c->fns.at[id]->symbol || *name == '_' || strcmp(name, "main") == 0;
}

static void
lint_dead_functions(Check *c)
{
	Arena scratch = {0};
	Reach r = {.c = c, .arena = &scratch,
	    .reached = arena_array(&scratch, bool, c->fns.len + 1)};

	for (TastFnId i = 0; i < c->fns.len; i++)
		if (is_root(c, i))
			reach_fn(&r, i);
	while (r.todo.len) {
		TastFnId id = vec_pop(&r.todo);
		const FnInfo *info = c->fn_info.at[id];
		for (uint32_t i = 0; i < info->defaults.len; i++)
			reach_fn(&r, info->defaults.at[i]);
		if (c->fns.at[id]->body && !info->is_std)
			visit_calls(&r, c->fns.at[id]->body);
	}
	for (TastFnId i = 0; i < c->fns.len; i++) {
		const FnInfo *info = c->fn_info.at[i];
		if (r.reached[i])
			continue;
		Diag *d = lint_fn(c, i, G0807, info->ast->name->span,
		    info->impl == IR_NONE ? "the function" : "the method",
		    check_str(c, c->fns.at[i]->name));
		if (d) {
			diag_primary(d, "nothing calls it");
			fix_before(d, DIAG_REVIEW, info->ast->name->span, "say that it is meant", "_");
		}
	}
	arena_free(&scratch);
}

/* ---- labels, as written ---- */

typedef struct Label {
	Sym name;
	Span span;
	bool used;
} Label;

typedef struct Written {
	Check *c;
	TastFnId fn;
	VEC(Label) labels;	/* of the loops around */
	const IrType *expr, *item;
} Written;

static void walk_written(void *ctx, const IrType *type, void *node);

static Sym
label_of(const AstExpr *e)
{
	if (e->kind == AST_EXPR_LOOP)
		return e->loop.label;
	if (e->kind == AST_EXPR_WHILE)
		return e->while_.label;
	if (e->kind == AST_EXPR_FOR)
		return e->for_.label;
	return e->kind == AST_EXPR_BLOCK ? e->block.label : 0;
}

static void
use_label(Written *w, Sym name)
{
	for (uint32_t i = w->labels.len; name && i-- > 0;)
		if (w->labels.at[i].name == name) {
			w->labels.at[i].used = true;
			return;
		}
}

/* `'name:` at the begin of a loop, with the space after it. */
static Span
label_span(const Check *c, const AstExpr *e, Sym name)
{
	uint32_t n = (uint32_t)strlen(check_str(c, name));
	Text t = flow_text(c, e->span);
	uint32_t i = 0;

	if (i < t.n && t.s[i] == '\'')
		i++;
	i += check_str(c, name)[0] == '\'' ? n - 1 : n;
	return (Span){e->span.start, i < t.n ? i : 0};
}

static void
report_label(Written *w, const AstExpr *e, const Label *l)
{
	Span at = label_span(w->c, e, l->name);
	Text t = flow_text(w->c, e->span);
	uint32_t n = at.len;
	Diag *d = at.len ? lint_fn(w->c, w->fn, G0809, at, check_str(w->c, l->name)) : NULL;

	if (!d)
		return;
	diag_primary(d, "no `break` or `continue` names it");
	while (n < t.n && (t.s[n] == ':' || t.s[n] == ' '))
		n++;
	diag_fix(d, DIAG_SAFE, (Span){at.start, n}, "remove it", "");
}

static bool
visit_written(void *ctx, const IrType *type, void *node)
{
	Written *w = ctx;

	if (type == w->item)
		return false;
	if (type != w->expr)
		return true;
	const AstExpr *e = node;
	Sym name = label_of(e);
	if (e->kind == AST_EXPR_BREAK)
		use_label(w, e->break_.label);
	if (e->kind == AST_EXPR_CONTINUE)
		use_label(w, e->continue_.label);
	if (!name)
		return true;
	vec_push(w->c->arena, &w->labels, (Label){name, e->span, false});
	walk_written(w, type, node);
	Label l = vec_pop(&w->labels);
	if (!l.used)
		report_label(w, e, &l);
	return false;
}

static bool
visit_child(void *ctx, const IrType *type, void *node)
{
	ir_walk(type, node, visit_written, ctx);
	return true;
}

static void
walk_written(void *ctx, const IrType *type, void *node)
{
	ir_each_child(type, node, visit_child, ctx);
}

static void
lint_written(Check *c, TastFnId id)
{
	const FnInfo *info = c->fn_info.at[id];
	Written w = {.c = c, .fn = id};

	if (!info->ast || !info->ast->body)
		return;
	w.expr = ir_type(&ast_schema, "expr");
	w.item = ir_type(&ast_schema, "item");
	ir_walk(w.expr, info->ast->body, visit_written, &w);
}

void
flow_items(Check *c)
{
	for (TastAdtId i = 0; i < c->adts.len; i++)
		if (!c->adt_info.at[i]->is_std && c->adt_info.at[i]->resolved)
			check_fields(c, i);
	for (TastFnId i = 0; i < c->fns.len; i++) {
		if (c->fn_info.at[i]->is_std)
			continue;
		check_return_type(c, i);
		lint_written(c, i);
	}
	if (!diag_error_count(c->diags))
		lint_dead_functions(c);
}
