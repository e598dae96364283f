/*
 * The dispatcher of expressions, and the kinds that need a line or two.
 */
#include "gos-check/expr.h"

#include "gos-check/op.h"
#include "gos-check/report.h"

const AstExpr *
expr_bare(const AstExpr *e)
{
	while (e->kind == AST_EXPR_PAREN)
		e = e->paren.inner;
	return e;
}

bool
expr_is_place(const TastExpr *e)
{
	return e->kind == TAST_EXPR_LOCAL || e->kind == TAST_EXPR_DEREF || e->kind == TAST_EXPR_FIELD ||
	    e->kind == TAST_EXPR_INDEX || e->kind == TAST_EXPR_SLICE;
}

static TastExpr *
arena_check(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *body = block_infer(fx, e->arena.block, hint);

	TastExpr *arena = fx_expr(fx, TAST_EXPR_ARENA, e->span, body->type);

	arena->arena.body = body;
	return arena;
}

static TastExpr *
unsupported(Fx *fx, const AstExpr *e, const char *what)
{
	report_unsupported(fx->c, e->span, what);
	return fx_error(fx, e->span);
}

static TastExpr *
bool_expr(Fx *fx, const AstExpr *e)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_BOOL, e->span, TY_BOOL);

	r->bool_.value = e->bool_.value;
	return r;
}

static TastExpr *
char_expr(Fx *fx, const AstExpr *e)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_CHAR, e->span, TY_CHAR);

	r->char_.value = e->char_.value;
	return r;
}

static TastExpr *
str_expr(Fx *fx, const AstExpr *e)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_STR, e->span, TY_STRING);

	r->str.value = e->str.value;
	return r;
}

/* A Vec, or an array where one is expected. */
static TastExpr *
byte_str_expr(Fx *fx, const AstExpr *e, TypeId hint)
{
	TypeId elem = TY_U8;
	bool array = hint != IR_NONE && types_array_elem(fx->c, infer_shallow(fx->c, hint)) != IR_NONE;
	TastExpr *r = fx_expr(fx, TAST_EXPR_BYTE_STR, e->span, array ?
	    types_array(fx->c, elem, e->byte_str.value.n) : fx_lang(fx, LANG_VEC, &elem, 1, e->span));

	r->byte_str.value = e->byte_str.value;
	return r;
}

static TastExpr *
placeholder(Fx *fx, const AstExpr *e)
{
	Diag *d = diag_error(fx->c->diags, G0353, e->span);

	diag_primary(d, "no value is piped here");
	return fx_error(fx, e->span);
}

/* Evaluated when the function is finished. */
static TastExpr *
comptime(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *r = block_infer(fx, e->comptime.block, hint);

	vec_push(fx->c->arena, &fx->comptimes, r);
	return r;
}

static TastExpr *
unsafe_block(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *r;

	fx->unsafes++;
	r = block_infer(fx, e->unsafe.block, hint);
	fx->unsafes--;
	return r;
}

TastExpr *
expr_infer(Fx *fx, const AstExpr *e, TypeId hint)
{
	fx->c->here = e->span;
	switch (e->kind) {
	case AST_EXPR_INT:
		return literal_int(fx, e, hint);
	case AST_EXPR_FLOAT:
		return literal_float(fx, e, hint);
	case AST_EXPR_BOOL:
		return bool_expr(fx, e);
	case AST_EXPR_CHAR:
		return char_expr(fx, e);
	case AST_EXPR_BYTE:
		return fx_int(fx, e->span, TY_U8, e->byte.value);
	case AST_EXPR_STR:
		return str_expr(fx, e);
	case AST_EXPR_BYTE_STR:
		return byte_str_expr(fx, e, hint);
	case AST_EXPR_PATH:
		return path_expr(fx, e->path.path, e->span);
	case AST_EXPR_QUALIFIED:
		return path_use(fx, path_qualified(fx, e), e->span);
	case AST_EXPR_TUPLE:
		return literal_tuple(fx, e, hint);
	case AST_EXPR_ARRAY:
		return literal_sequence(fx, e, hint);
	case AST_EXPR_REPEAT:
		return literal_repeat(fx, e, hint);
	case AST_EXPR_SET:
		return literal_set(fx, e, hint);
	case AST_EXPR_MAP:
		return literal_map(fx, e, hint);
	case AST_EXPR_STRUCT:
		return literal_struct(fx, e, hint);
	case AST_EXPR_UNARY:
		return op_unary(fx, e, hint);
	case AST_EXPR_BINARY:
		return op_binary(fx, e, hint);
	case AST_EXPR_REF:
		return place_ref(fx, e, hint);
	case AST_EXPR_CAST:
		return op_cast(fx, e);
	case AST_EXPR_RANGE:
		return literal_range(fx, e, hint);
	case AST_EXPR_ASSIGN:
		return place_assign(fx, e);
	case AST_EXPR_ASSIGN_OP:
		return op_assign(fx, e);
	case AST_EXPR_ASSIGN_PAR:
		return place_assign_par(fx, e);
	case AST_EXPR_CALL:
		return call_check(fx, e, hint);
	case AST_EXPR_METHOD:
		return method_check(fx, e, NULL, hint);
	case AST_EXPR_FIELD:
		return place_field(fx, e);
	case AST_EXPR_INDEX:
		return place_index(fx, e);
	case AST_EXPR_TRY:
		return control_try(fx, e, hint);
	case AST_EXPR_PIPE:
		return pipe_check(fx, e, hint);
	case AST_EXPR_PLACEHOLDER:
		return placeholder(fx, e);
	case AST_EXPR_PAREN:
		return expr_infer(fx, e->paren.inner, hint);
	case AST_EXPR_BLOCK:
		return block_labelled(fx, e, hint);
	case AST_EXPR_UNSAFE:
		return unsafe_block(fx, e, hint);
	case AST_EXPR_COMPTIME:
		return comptime(fx, e, hint);
	case AST_EXPR_ARENA:
		return arena_check(fx, e, hint);
	case AST_EXPR_COHORT:
		return unsupported(fx, e, "`cohort`");
	case AST_EXPR_IF:
		return control_if(fx, e, hint);
	case AST_EXPR_LET:
		return control_let(fx, e);
	case AST_EXPR_MATCH:
		return control_match(fx, e, hint);
	case AST_EXPR_LOOP:
		return loop_loop(fx, e, hint);
	case AST_EXPR_WHILE:
		return loop_while(fx, e);
	case AST_EXPR_FOR:
		return loop_for(fx, e);
	case AST_EXPR_BREAK:
		return loop_break(fx, e);
	case AST_EXPR_CONTINUE:
		return loop_continue(fx, e);
	case AST_EXPR_RETURN:
		return control_return(fx, e);
	case AST_EXPR_CLOSURE:
		return closure_check(fx, e, hint);
	case AST_EXPR_GO:
		return closure_go(fx, e);
	case AST_EXPR_SELECT:
		return unsupported(fx, e, "`select`");
	case AST_EXPR_FORMAT:
		return format_template(fx, e, NULL);
	case AST_EXPR_MACRO:
		return format_macro(fx, e, NULL, hint);
	case AST_EXPR_INTERP:
		return format_interp(fx, e);
	case AST_EXPR_MACRO_MATCHES:
		return control_matches(fx, e);
	case AST_EXPR_ERROR:
		return fx_error(fx, e->span);
	}
	return fx_error(fx, e->span);
}

TastExpr *
expr_check(Fx *fx, const AstExpr *e, TypeId want, Why why)
{
	return coerce(fx, expr_infer(fx, e, want), want, why);
}

TastExpr *
expr_value(Fx *fx, const AstExpr *e, TypeId hint)
{
	TastExpr *r = expr_infer(fx, e, hint);

	fx_known(fx, r->type);
	return fx_deref(fx, r);
}

TastExpr *
expr_discard(Fx *fx, const AstExpr *e)
{
	const AstExpr *bare = expr_bare(e);
	bool branches = bare->kind == AST_EXPR_IF || bare->kind == AST_EXPR_MATCH ||
	    bare->kind == AST_EXPR_BLOCK || bare->kind == AST_EXPR_UNSAFE;

	return expr_infer(fx, e, branches ? TY_UNIT : IR_NONE);
}
