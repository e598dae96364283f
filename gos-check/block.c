/*
 * Blocks and statements.  A block's value is its last expression; where `()` is expected that
 * value is discarded.  Items inside a block belong to a module of their own.
 */
#include "gos-check/collect.h"
#include "gos-check/expr.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

static Why
let_why(const AstStmt *s)
{
	const AstPat *p = s->let.pat;

	return (Why){WHY_LET, p->kind == AST_PAT_BIND ? p->bind.name->name : 0,
	    s->let.type ? s->let.type->span : (Span){0, 0}, IR_NONE};
}

static bool
diverges(Fx *fx, const TastExpr *e)
{
	return infer_shallow(fx->c, e->type) == TY_NEVER;
}

static TastExpr *
let_otherwise(Fx *fx, const AstStmt *s)
{
	TastExpr *e;
	Diag *d;

	if (!s->let.otherwise)
		return NULL;
	e = expr_infer(fx, s->let.otherwise, IR_NONE);
	if (diverges(fx, e) || e->type == TY_ERROR)
		return e;
	d = diag_error(fx->c->diags, G0346, s->let.otherwise->span);
	diag_primary(d, "this block can reach its end");
	diag_help(d, "leave it with `return`, `break`, `continue` or `panic!`");
	diag_fix(d, DIAG_REVIEW, (Span){span_end(s->let.otherwise->span) - 1, 0}, "leave the function",
	    "; return ");
	return e;
}

/* `let [a, b] = [1, 2]`: a pattern that must match asks for an array. */
static TypeId
pattern_hint(Fx *fx, const AstPat *p, const AstExpr *value)
{
	TypeId elem = IR_NONE;

	value = expr_bare(value);
	if (p->kind != AST_PAT_SLICE || value->kind != AST_EXPR_ARRAY)
		return IR_NONE;
	if (p->slice.elems.len && value->array.elems.len)
		elem = pattern_hint(fx, p->slice.elems.at[0], value->array.elems.at[0]);
	return types_array(fx->c, elem == IR_NONE ? fx_var(fx, value->span) : elem, value->array.elems.len);
}

/* What a variable's declaration says of the length of a sequence, or of the parameters of a function. */
static void
note_declared(Fx *fx, const AstStmt *s, uint32_t local)
{
	const AstExpr *value = s->let.value ? expr_bare(s->let.value) : NULL;

	if (s->let.type && part_is_spelled(s->let.type))
		part_note(fx, local);
	if (s->let.type && s->let.type->kind == AST_TYPE_FN)
		callable_note(fx, local, (Callable){NULL, s->let.type});
	else if (value && value->kind == AST_EXPR_CLOSURE)
		callable_note(fx, local, (Callable){&value->closure.params, NULL});
}

/* `value`: what was checked already, or NULL. */
static TastStmt *
check_let(Fx *fx, const AstStmt *s, TastExpr *value)
{
	TypeId type = s->let.type ? fx_lower(fx, s->let.type) : IR_NONE;
	AstPat *written = s->let.pat;
	TastExpr *otherwise;
	TastPat *pat;

	if (!value && s->let.value && s->let.otherwise && type == IR_NONE)
		value = halves_value(fx, s->let.value, &written);
	if (value) {
		type = fx_known(fx, value->type);
	} else if (s->let.value) {
		value = type == IR_NONE ? expr_infer(fx, s->let.value,
		    s->let.otherwise ? IR_NONE : pattern_hint(fx, s->let.pat, s->let.value)) :
		    expr_check(fx, s->let.value, type, let_why(s));
		if (type == IR_NONE)
			type = fx_known(fx, value->type);
	} else if (type == IR_NONE) {
		type = fx_var(fx, s->let.pat->span);
	}
	otherwise = let_otherwise(fx, s);
	pat = pattern_check(fx, written, type);
	part_bind(fx, pat, value);
	if (pat->kind == TAST_PAT_BIND)
		note_declared(fx, s, pat->bind.local);
	return tast_mk_stmt_let(fx->c->arena, s->span, pat, value, otherwise);
}

/*
 * `(|| body)()`.  A `defer` is there twice, for the ways out and for a panic, and each one inside doubles that
 * again; a closure's code is there once.
 */
static AstExpr *
called_at_once(Fx *fx, AstExpr *body)
{
	AstExpr *closure = ast_mk_expr_closure(fx->c->arena, body->span, (AstClosureParamList){0}, NULL, body);

	return ast_mk_expr_call(fx->c->arena, body->span, closure, (AstArgList){0});
}

static TastStmt *
check_defer(Fx *fx, const AstStmt *s)
{
	uint32_t around = fx->defers;
	bool direct = around + 1 < MAX_DEFERS;
	TastExpr *body;

	fx->defers = direct ? around + 1 : 0;
	body = expr_discard(fx, direct ? s->defer.body : called_at_once(fx, s->defer.body));
	fx->defers = around;
	return tast_mk_stmt_defer(fx->c->arena, s->span, body, s->defer.on_error);
}

/* ---- Items inside a block ---- */

static void
declare_items(Fx *fx, const AstBlock *b)
{
	VEC(AstItem *) items = {0};
	Check *c = fx->c;
	Marks marks;
	Fx *saved = c->fx;
	Infer *infer = c->infer;
	const Generics *env = c->env;

	for (uint32_t i = 0; i < b->stmts.len; i++)
		if (b->stmts.at[i]->kind == AST_STMT_ITEM)
			vec_push(c->arena, &items, b->stmts.at[i]->item.item);
	if (!items.len)
		return;
	marks = collect_marks(c);
	fx->module = names_module_new(c, fx->module, 0, c->modules.at[fx->module]->is_std, true);
	collect_items(c, fx->module, items.at, items.len);
	c->fx = NULL;
	c->infer = NULL;
	c->env = NULL;
	collect_resolve(c, marks);
	c->fx = saved;
	c->infer = infer;
	c->env = env;
	for (uint32_t f = marks.fns; f < c->fns.len; f++)
		fx_reach(c, f);
}

/* ---- Blocks ---- */

typedef struct Builder {
	TastStmtList stmts;
	TastExpr *value;
	bool diverged;
} Builder;

static void
add_expr(Fx *fx, Builder *b, const AstStmt *s)
{
	TastExpr *e = expr_discard(fx, s->expr.expr);

	b->diverged |= diverges(fx, e);
	vec_push(fx->c->arena, &b->stmts, tast_mk_stmt_expr(fx->c->arena, s->span, e));
}

static void
add_let(Fx *fx, Builder *b, const AstStmt *s)
{
	TastExpr *value = NULL;
	TastStmt *t;

	if (halves_let(fx, s, &b->stmts, &value))
		return;
	t = check_let(fx, s, value);
	b->diverged |= t->let.value && diverges(fx, t->let.value);
	vec_push(fx->c->arena, &b->stmts, t);
}

static void
add_stmt(Fx *fx, Builder *b, const AstStmt *s)
{

	switch (s->kind) {
	case AST_STMT_LET:
		add_let(fx, b, s);
		break;
	case AST_STMT_EXPR:
		add_expr(fx, b, s);
		break;
	case AST_STMT_DEFER:
		vec_push(fx->c->arena, &b->stmts, check_defer(fx, s));
		break;
	case AST_STMT_ITEM:
	case AST_STMT_ERROR:
		break;
	}
}

static bool
is_tail(const AstBlock *b, uint32_t i)
{
	return i + 1 == b->stmts.len && b->stmts.at[i]->kind == AST_STMT_EXPR &&
	    !b->stmts.at[i]->expr.semicolon;
}

/* The last expression; with `()` expected, a statement unless it is `()` itself. */
static void
add_tail(Fx *fx, Builder *b, const AstStmt *s, TypeId hint, const TypeId *want, Why why)
{
	TastExpr *e;
	TypeId t;

	if (want && *want != TY_UNIT) {
		b->value = expr_check(fx, s->expr.expr, *want, why);
		return;
	}
	if (hint != TY_UNIT && !(want && *want == TY_UNIT)) {
		b->value = expr_infer(fx, s->expr.expr, hint);
		return;
	}
	e = expr_discard(fx, s->expr.expr);
	t = fx_known(fx, e->type);
	b->diverged |= t == TY_NEVER;
	if (t == TY_UNIT)
		b->value = e;
	else
		vec_push(fx->c->arena, &b->stmts, tast_mk_stmt_expr(fx->c->arena, s->span, e));
}

static TastExpr *
check_block(Fx *fx, const AstBlock *b, TypeId hint, const TypeId *want, Why why)
{
	uint32_t mark = fx_scope_enter(fx);
	ModuleId module = fx->module;
	Builder build = {0};
	TastExpr *e;

	declare_items(fx, b);
	for (uint32_t i = 0; i < b->stmts.len; i++) {
		collect_inner_attrs(fx->c, b->stmts.at[i]->span, &b->stmts.at[i]->attrs);
		if (is_tail(b, i) && !build.diverged)
			add_tail(fx, &build, b->stmts.at[i], hint, want, why);
		else
			add_stmt(fx, &build, b->stmts.at[i]);
	}
	fx_scope_leave(fx, mark);
	fx->module = module;
	e = fx_block(fx, b->span, build.stmts, build.value);
	if (build.diverged || (build.value && diverges(fx, build.value)))
		e->type = TY_NEVER;
	return e;
}

TastExpr *
block_infer(Fx *fx, const AstBlock *b, TypeId hint)
{
	return check_block(fx, b, hint, NULL, NO_WHY);
}

TastExpr *
block_check(Fx *fx, const AstBlock *b, TypeId want, Why why)
{
	TastExpr *e;

	want = infer_shallow(fx->c, want);
	e = check_block(fx, b, want, &want, why);
	if (e->block.value && e->type != TY_NEVER) {
		e->type = e->block.value->type;
		return e;
	}
	return coerce(fx, e, want, why);
}

TastExpr *
block_labelled(Fx *fx, const AstExpr *e, TypeId hint)
{
	LoopCx loop = {e->block.label, fx->labels, true, true, false, IR_NONE, false,
	    fx->closures.len, {0, 0}};
	TastExpr *b;
	TypeId type;

	if (!e->block.label)
		return block_infer(fx, e->block.block, hint);
	fx->labels++;
	loop.type = hint == IR_NONE ? fx_var(fx, e->span) : hint;
	vec_push(fx->c->arena, &fx->loops, loop);
	type = loop.type;
	b = block_infer(fx, e->block.block, type);
	loop = vec_pop(&fx->loops);
	if (b->block.value)
		b->block.value = coerce(fx, b->block.value, type, NO_WHY);
	else if (infer_shallow(fx->c, b->type) != TY_NEVER)
		b = coerce(fx, b, type, NO_WHY);
	b->block.label = loop.id;
	if (loop.any_break || b->type != TY_NEVER)
		b->type = type;
	return b;
}
