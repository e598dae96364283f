/*
 * Values thrown away: an ignored Result is an error, `#[must_use]` and pure computations warn.
 * Also what deferred code may not contain.
 */
#include "gos-check/flow.h"
#include "gos-check/flow_lint.h"

#include <string.h>

/* The expressions whose values become that of `e`: the branches of an if, the tail of a block. */
static void
each_result(const TastExpr *e, ExprVisit *visit, void *ctx)
{
	if (e->kind == TAST_EXPR_BLOCK && e->block.value) {
		each_result(e->block.value, visit, ctx);
	} else if (e->kind == TAST_EXPR_IF && e->if_.otherwise) {
		each_result(e->if_.then, visit, ctx);
		each_result(e->if_.otherwise, visit, ctx);
	} else if (e->kind == TAST_EXPR_MATCH) {
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			each_result(e->match.arms.at[i]->body, visit, ctx);
	} else {
		visit(ctx, e);
	}
}

static const char *
callee_name(const Check *c, const TastExpr *e)
{
	if (e->kind != TAST_EXPR_CALL)
		return NULL;
	if (e->call.fn->kind == TAST_FN_REF_ITEM)
		return check_str(c, c->fns.at[e->call.fn->item.fn]->name);
	const TastTrait *t = c->traits.at[e->call.fn->method.trait];
	return check_str(c, c->fns.at[t->methods.at[e->call.fn->method.method]]->name);
}

/* The one Result that may be ignored. */
static bool
is_channel_send(const Flow *f, const TastExpr *e)
{
	TastFnId callee = flow_callee(e);

	if (callee == IR_NONE || !f->c->fns.at[callee]->is_std)
		return false;
	const char *path = check_str(f->c, f->c->fns.at[callee]->path);
	return strcmp(check_str(f->c, f->c->fns.at[callee]->name), "send") == 0
	    && strstr(path, "Sender");
}

static bool
returns_result(const Flow *f)
{
	return types_is_lang(f->c, f->fn->ret, "Result");
}

static void
report_result(Flow *f, const TastExpr *e)
{
	const char *name = callee_name(f->c, e);
	Diag *d = diag_error(f->c->diags, G0513, e->span);

	if (name)
		diag_primary(d, "`%s` gives a `%s`, which says whether it worked", name,
		    types_show(f->c, e->type));
	else
		diag_primary(d, "this is a `%s`", types_show(f->c, e->type));
	if (returns_result(f) && e->span.len > 4 && !strncmp(flow_text(f->c, e->span).s, "Err(", 4)) {
		diag_help(d, "`return Err(…)` leaves the function with it");
		diag_fix(d, DIAG_REVIEW, flow_before(e->span, 0), "leave the function", "return ");
		return;
	}
	diag_help(d, returns_result(f) ? "hand a failure on with `?`, or deal with it here"
	    : "deal with a failure with `match` or `if let Err(e) = …`, or stop with `.unwrap()`");
	if (returns_result(f))
		diag_fix(d, DIAG_REVIEW, flow_after(e->span), "hand a failure on", "?");
	diag_fix(d, DIAG_REVIEW, flow_before(e->span, 0), "say that it does not matter", "let _ = ");
}

/* ---- must_use ---- */

static bool
fn_must_be_used(const Check *c, const TastExpr *e)
{
	TastFnId callee = flow_callee(e);

	return callee != IR_NONE && c->fn_info.at[callee]->must_use;
}

static bool
type_must_be_used(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt != IR_NONE && c->adt_info.at[adt]->must_use;
}

static void
report_must_use(Flow *f, const TastExpr *e)
{
	const char *name = callee_name(f->c, e);
	bool by_fn = fn_must_be_used(f->c, e);
	Diag *d = lint_fn(f->c, f->id, G0806, e->span, name ? name : types_show(f->c, e->type));

	if (!d)
		return;
	diag_primary(d, by_fn ? "marked `#[must_use]`" : "its type `%s` is marked `#[must_use]`",
	    types_show(f->c, e->type));
	diag_fix(d, DIAG_SAFE, flow_before(e->span, 0), "say that it is meant", "let _ = ");
}

/* ---- pure computations ---- */

static const char *
pure_kind(const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_BINARY:
		if (e->binary.op == TAST_BINARY_OP_EQ)
			return "a comparison";
		if (e->binary.op == TAST_BINARY_OP_AND || e->binary.op == TAST_BINARY_OP_OR)
			return NULL;
		return "an operation";
	case TAST_EXPR_UNARY: case TAST_EXPR_CAST:
		return "an operation";
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR:
		return "a literal";
	case TAST_EXPR_LOCAL: case TAST_EXPR_PARAM: case TAST_EXPR_FIELD: case TAST_EXPR_ADDR_OF: case TAST_EXPR_CODE:
		return "a value";
	case TAST_EXPR_FN:
		return "a function that is not called";
	case TAST_EXPR_CLOSURE:
		return "a closure that is not called";
	case TAST_EXPR_DYN: case TAST_EXPR_TUPLE: case TAST_EXPR_ARRAY: case TAST_EXPR_REPEAT: case TAST_EXPR_STRUCT:
	case TAST_EXPR_INDEX: case TAST_EXPR_SLICE: case TAST_EXPR_DEREF: case TAST_EXPR_REF_MUT:
	case TAST_EXPR_ASSIGN: case TAST_EXPR_ASSIGN_OP: case TAST_EXPR_ASSIGN_PAR:
	case TAST_EXPR_CALL: case TAST_EXPR_CALL_VALUE: case TAST_EXPR_BLOCK: case TAST_EXPR_IF:
	case TAST_EXPR_LET: case TAST_EXPR_MATCH: case TAST_EXPR_LOOP: case TAST_EXPR_WHILE:
	case TAST_EXPR_FOR: case TAST_EXPR_BREAK: case TAST_EXPR_CONTINUE: case TAST_EXPR_RETURN:
	case TAST_EXPR_TRY: case TAST_EXPR_FORMAT: case TAST_EXPR_ARENA:
		return NULL;
	}
	return NULL;
}

static void
report_pure(Flow *f, const TastExpr *e, const char *kind)
{
	Diag *d = e->span.len ? lint_fn(f->c, f->id, G0812, e->span, kind) : NULL;

	if (!d)
		return;
	diag_primary(d, "nothing uses this");
	if (e->kind == TAST_EXPR_BINARY && e->binary.op == TAST_BINARY_OP_EQ
	    && flow_is_place(e->binary.left)) {
		Span between = {span_end(e->binary.left->span),
		    e->binary.right->span.start - span_end(e->binary.left->span)};
		diag_help(d, "`=` assigns, `==` compares");
		diag_fix(d, DIAG_REVIEW, between, "assign", " = ");
	} else if (e->kind == TAST_EXPR_FN) {
		diag_fix(d, DIAG_REVIEW, flow_after(e->span), "call it", "()");
	}
}

static void
check_discarded(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;
	const char *kind = pure_kind(e);

	if (types_is_lang(f->c, e->type, "Result")) {
		if (!is_channel_send(f, e))
			report_result(f, e);
	} else if (fn_must_be_used(f->c, e) || type_must_be_used(f->c, e->type)) {
		report_must_use(f, e);
	} else if (kind && !f->failed && e->type != TY_NEVER && e->type != TY_ERROR && e->type != TY_UNIT) {
		report_pure(f, e, kind);
	}
}

static void
visit_blocks(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;

	expr_each_child(e, visit_blocks, f);
	if (e->kind != TAST_EXPR_BLOCK)
		return;
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];
		if (s->kind == TAST_STMT_EXPR)
			each_result(s->expr.expr, check_discarded, f);
	}
}

void
flow_discard(Flow *f)
{
	visit_blocks(f, f->fn->body);
}

/* ---- defer ---- */

typedef struct Deferred {
	Flow *f;
	VEC(TastLabelId) inside;	/* loops that the deferred code itself opens */
} Deferred;

static void
report_leaving(Deferred *d, const TastExpr *e, const char *what)
{
	Diag *diag = diag_error(d->f->c->diags, G0512, e->span, what);

	diag_primary(diag, "the block is already being left");
	if (e->kind == TAST_EXPR_TRY)
		diag_help(diag, "deal with a failure here: `if let Err(e) = …`");
}

static bool
is_inside(const Deferred *d, TastLabelId label)
{
	for (uint32_t i = 0; i < d->inside.len; i++)
		if (d->inside.at[i] == label)
			return true;
	return false;
}

static TastLabelId
label_of(const TastExpr *e)
{
	if (e->kind == TAST_EXPR_LOOP)
		return e->loop.label;
	if (e->kind == TAST_EXPR_WHILE)
		return e->while_.label;
	if (e->kind == TAST_EXPR_FOR)
		return e->for_.label;
	return e->kind == TAST_EXPR_BLOCK ? e->block.label : IR_NONE;
}

static void
visit_deferred(void *ctx, const TastExpr *e)
{
	Deferred *d = ctx;
	TastLabelId label = label_of(e);

	if (e->kind == TAST_EXPR_CLOSURE)
		return;
	if (label != IR_NONE)
		vec_push(d->f->scratch, &d->inside, label);
	expr_each_child(e, visit_deferred, d);
	if (label != IR_NONE)
		d->inside.len--;
	if (e->kind == TAST_EXPR_RETURN)
		report_leaving(d, e, "`return`");
	else if (e->kind == TAST_EXPR_TRY)
		report_leaving(d, e, "`?`");
	else if (e->kind == TAST_EXPR_BREAK && !is_inside(d, e->break_.label))
		report_leaving(d, e, "`break`");
	else if (e->kind == TAST_EXPR_CONTINUE && !is_inside(d, e->continue_.label))
		report_leaving(d, e, "`continue`");
}

static void
visit_defers(void *ctx, const TastExpr *e)
{
	Flow *f = ctx;

	expr_each_child(e, visit_defers, f);
	if (e->kind != TAST_EXPR_BLOCK)
		return;
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];
		Deferred d = {.f = f};
		if (s->kind == TAST_STMT_DEFER)
			visit_deferred(&d, s->defer.body);
	}
}

void
flow_defer(Flow *f)
{
	visit_defers(f, f->fn->body);
}
