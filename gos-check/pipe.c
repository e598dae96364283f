/*
 * Pipes: `x |> f(a)` is `f(a, x)`; `_` marks another place; a trailing `?` belongs to the call.
 */
#include "gos-check/expr.h"

#include "gos-check/report.h"

static TastExpr *
report_target(Fx *fx, const AstExpr *right, Span op)
{
	Diag *d = diag_error(fx->c->diags, G0333, right->span);

	diag_primary(d, "this cannot be called");
	diag_label(d, op, "the value is piped into it");
	diag_help(d, "pipe into a function, a call, a method call, a closure or a macro");
	return fx_error(fx, right->span);
}

/* `Fn(&mut [_])` */
static const AstType *
spelled_slice(Fx *fx, Span span)
{
	Arena *mem = fx->c->arena;
	AstTypeList params = {0};

	vec_push(mem, &params, ast_mk_type_ref(mem, span, true,
	    ast_mk_type_slice(mem, span, ast_mk_type_infer(mem, span))));
	return ast_mk_type_fn(mem, span, intern_cstr(fx->c->names, "Fn"), params, NULL);
}

static TastExpr *
into(Fx *fx, TastExpr *x, const AstExpr *right, const AstExpr *pipe, TypeId hint)
{
	AstArgList none = {0};
	const AstExpr *callee;
	Span span = pipe->span;

	switch (right->kind) {
	case AST_EXPR_PATH:
		return call_path(fx, right->path.path, &none, x, span, hint);
	case AST_EXPR_QUALIFIED:
		return call_resolved(fx, path_qualified(fx, right), right->span, &none, x, span, hint);
	case AST_EXPR_CALL:
		callee = expr_bare(right->call.callee);
		if (callee->kind == AST_EXPR_PATH)
			return call_path(fx, callee->path.path, &right->call.args, x, span, hint);
		if (callee->kind == AST_EXPR_QUALIFIED)
			return call_resolved(fx, path_qualified(fx, callee), callee->span, &right->call.args, x,
			    span, hint);
		return call_value(fx, expr_infer(fx, callee, IR_NONE), &right->call.args, x, span, hint);
	case AST_EXPR_METHOD:
		return method_check(fx, right, x, hint);
	case AST_EXPR_TRY:
		return control_try_value(fx, into(fx, x, expr_bare(right->try.operand), pipe, IR_NONE),
		    right->span);
	case AST_EXPR_FORMAT:
		return format_template(fx, right, x);
	case AST_EXPR_MACRO:
		return format_macro(fx, right, x, hint);
	case AST_EXPR_CLOSURE: {
		TypeId param = x->type;
		TypeId want = types_fn(fx->c, &param, 1, hint == IR_NONE ? fx_var(fx, span) : hint);

		if (part_is(fx, x))
			fx->closure_spelled = spelled_slice(fx, span);
		return call_value(fx, expr_infer(fx, right, want), &none, x, span, hint);
	}
	case AST_EXPR_FIELD:
	case AST_EXPR_INDEX:
	case AST_EXPR_BLOCK:
		return call_value(fx, expr_infer(fx, right, IR_NONE), &none, x, span, hint);
	case AST_EXPR_PAREN:
		return into(fx, x, right->paren.inner, pipe, hint);
	case AST_EXPR_INT:
	case AST_EXPR_FLOAT:
	case AST_EXPR_BOOL:
	case AST_EXPR_CHAR:
	case AST_EXPR_BYTE:
	case AST_EXPR_STR:
	case AST_EXPR_BYTE_STR:
	case AST_EXPR_TUPLE:
	case AST_EXPR_ARRAY:
	case AST_EXPR_REPEAT:
	case AST_EXPR_SET:
	case AST_EXPR_MAP:
	case AST_EXPR_STRUCT:
	case AST_EXPR_UNARY:
	case AST_EXPR_BINARY:
	case AST_EXPR_REF:
	case AST_EXPR_CAST:
	case AST_EXPR_RANGE:
	case AST_EXPR_ASSIGN:
	case AST_EXPR_ASSIGN_OP:
	case AST_EXPR_ASSIGN_PAR:
	case AST_EXPR_PIPE:
	case AST_EXPR_PLACEHOLDER:
	case AST_EXPR_UNSAFE:
	case AST_EXPR_COMPTIME:
	case AST_EXPR_ARENA:
	case AST_EXPR_COHORT:
	case AST_EXPR_IF:
	case AST_EXPR_LET:
	case AST_EXPR_MATCH:
	case AST_EXPR_LOOP:
	case AST_EXPR_WHILE:
	case AST_EXPR_FOR:
	case AST_EXPR_BREAK:
	case AST_EXPR_CONTINUE:
	case AST_EXPR_RETURN:
	case AST_EXPR_GO:
	case AST_EXPR_SELECT:
	case AST_EXPR_INTERP:
	case AST_EXPR_MACRO_MATCHES:
		return report_target(fx, right, pipe->pipe.op_span);
	case AST_EXPR_ERROR:
		return fx_error(fx, span);
	}
	return fx_error(fx, span);
}

/* The left side is evaluated first, whatever else the call evaluates. */
static bool
needs_temporary(const Fx *fx, const TastExpr *x)
{
	if (x->kind == TAST_EXPR_LOCAL)
		return fx->fn->locals.at[x->local.local]->mutable;
	return x->kind != TAST_EXPR_INT && x->kind != TAST_EXPR_FLOAT && x->kind != TAST_EXPR_STR &&
	    x->kind != TAST_EXPR_CHAR && x->kind != TAST_EXPR_BOOL && x->kind != TAST_EXPR_FN &&
	    x->kind != TAST_EXPR_REF_MUT;
}

static bool
has_arguments(const AstExpr *right)
{
	right = expr_bare(right);
	if (right->kind == AST_EXPR_TRY)
		return has_arguments(right->try.operand);
	return right->kind == AST_EXPR_METHOD || (right->kind == AST_EXPR_CALL && right->call.args.len) ||
	    right->kind == AST_EXPR_FORMAT || right->kind == AST_EXPR_MACRO;
}

TastExpr *
pipe_check(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *x = expr_infer(fx, e->pipe.left, IR_NONE), *r;
	TastStmtList before = {0};
	uint32_t local;

	fx_known(fx, x->type);
	if (x->type == TY_ERROR)
		return fx_error(fx, e->span);
	if (needs_temporary(fx, x) && has_arguments(e->pipe.right)) {
		local = fx_local(fx, 0, x->span, x->type, false);
		vec_push(fx->c->arena, &before, fx_let(fx, local, x));
		if (part_is(fx, x))
			part_note(fx, local);
		x = fx_use(fx, x->span, local);
	}
	r = into(fx, x, expr_bare(e->pipe.right), e, hint);
	if (!before.len || r->type == TY_ERROR)
		return r;
	return fx_open_block(fx, e->span, before, r);
}
