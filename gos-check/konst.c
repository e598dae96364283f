/*
 * Folding of integer constants over the syntax tree, for what is needed before functions have types; the
 * evaluator does the rest.  Overflow and division by zero make an expression no constant, so the usual
 * check of its value reports them.
 */
#include "gos-check/konst.h"

#include "gos-check/const.h"
#include "gos-check/const_assoc.h"
#include "gos-check/eval.h"
#include "gos-check/fx.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

#include <string.h>

enum { KONST_DEPTH = 400, KONST_STEPS = 20000 };

static uint32_t steps;	/* of this evaluation: constants may name each other often */

static bool eval(Check *c, Scope s, const AstExpr *e, KonstInt *v, int depth);

static bool
eval_binary(AstBinaryOp op, KonstInt a, KonstInt b, KonstInt *v)
{
	switch (op) {
	case AST_BINARY_OP_ADD:
		return !__builtin_add_overflow(a, b, v);
	case AST_BINARY_OP_SUB:
		return !__builtin_sub_overflow(a, b, v);
	case AST_BINARY_OP_MUL:
		return !__builtin_mul_overflow(a, b, v);
	case AST_BINARY_OP_DIV:
		*v = b ? a / b : 0;
		return b > 0 || b < -1;
	case AST_BINARY_OP_REM:
		*v = b ? a % b : 0;
		return b > 0 || b < -1;
	case AST_BINARY_OP_SHL:
		*v = b >= 0 && b < 64 && a >= 0 && a <= INT32_MAX ? a << b : 0;
		return b >= 0 && b < 64 && a >= 0 && a <= INT32_MAX;
	case AST_BINARY_OP_SHR:
		*v = b >= 0 && b < 127 ? a >> b : 0;
		return b >= 0 && b < 127;
	case AST_BINARY_OP_BIT_AND:
		*v = a & b;
		return true;
	case AST_BINARY_OP_BIT_OR:
		*v = a | b;
		return true;
	case AST_BINARY_OP_BIT_XOR:
		*v = a ^ b;
		return true;
	case AST_BINARY_OP_ADD_WRAP:
	case AST_BINARY_OP_SUB_WRAP:
	case AST_BINARY_OP_MUL_WRAP:
	case AST_BINARY_OP_AND:
	case AST_BINARY_OP_OR:
	case AST_BINARY_OP_EQ:
	case AST_BINARY_OP_NE:
	case AST_BINARY_OP_LT:
	case AST_BINARY_OP_LE:
	case AST_BINARY_OP_GT:
	case AST_BINARY_OP_GE:
		return false;
	}
	return false;
}

/* `i64::MAX`: a constant of a type that needs no arguments, or IR_NONE. */
static uint32_t
assoc_const(const Check *c, Def def, Sym name)
{
	TypeId t = def.kind == DEF_PRIM || def.kind == DEF_SELF ? def.index :
	    def.kind == DEF_ADT ? c->adt_info.at[def.index]->generics->self_type : TY_ERROR;
	uint32_t at = map_get(&c->assoc_consts, (uint64_t)trait_head(c, t) << 32 | name, IR_NONE);

	return t == TY_ERROR || at == IR_NONE ? IR_NONE : c->links.at[at].a;
}

/* The constant that a path names, or NULL. */
static const ConstInfo *
konst_named(Check *c, Scope s, const AstPath *path)
{
	Resolved r = names_try(c, s, path, NS_VALUE);
	uint32_t index = r.def.index;

	if (r.at + 1 == path->segments.len && r.def.kind != DEF_CONST)
		index = assoc_const(c, r.def, vec_last(&path->segments)->name);
	else if (r.def.kind != DEF_CONST || r.at != path->segments.len)
		return NULL;
	return index == IR_NONE ? NULL : c->consts.at[index];
}

const AstExpr *
konst_path(Check *c, Scope *s, const AstPath *path)
{
	const ConstInfo *k = konst_named(c, *s, path);

	if (!k)
		return NULL;
	*s = (Scope){k->module, k->generics};
	return k->value;
}

TypeId
konst_path_type(Check *c, Scope s, const AstPath *path)
{
	const ConstInfo *k = konst_named(c, s, path);
	const AstType *t = !k ? NULL : k->is_static ? k->ast->static_.type : k->ast->const_.type;
	TypeCx cx;

	if (!t || t->kind != AST_TYPE_PATH)
		return IR_NONE;
	cx = (TypeCx){{k->module, k->generics}, NULL, false, NULL, NULL};
	return type_lower(c, &cx, t);
}

static bool
eval_path(Check *c, Scope s, const AstPath *path, KonstInt *v, int depth)
{
	const AstExpr *e = konst_path(c, &s, path);

	return e && eval(c, s, e, v, depth);
}

/* A cast to it keeps every small number. */
static bool
is_wide(const Check *c, const AstType *t)
{
	const char *name = t->kind == AST_TYPE_PATH && names_single(t->path.path) ?
	    check_str(c, names_single(t->path.path)) : "";

	return !strcmp(name, "usize") || !strcmp(name, "i64") || !strcmp(name, "u64") ||
	    !strcmp(name, "i32") || !strcmp(name, "u32") || !strcmp(name, "isize");
}

static bool
eval(Check *c, Scope s, const AstExpr *e, KonstInt *v, int depth)
{
	KonstInt a, b;

	if (depth >= KONST_DEPTH || ++steps > KONST_STEPS)
		return false;
	e = konst_bare(e);
	if (e->kind == AST_EXPR_INT) {
		*v = (KonstInt)e->int_.value;
		return *v >= 0;
	}
	if (e->kind == AST_EXPR_CHAR || e->kind == AST_EXPR_BYTE) {
		*v = e->kind == AST_EXPR_CHAR ? e->char_.value : e->byte.value;
		return true;
	}
	if (e->kind == AST_EXPR_CAST)
		return is_wide(c, e->cast.type) && eval(c, s, e->cast.operand, v, depth + 1) && *v >= 0 &&
		    *v <= INT32_MAX;
	if (e->kind == AST_EXPR_UNARY && e->unary.op == AST_UNARY_OP_NEG)
		return eval(c, s, e->unary.operand, &a, depth + 1) && !__builtin_sub_overflow(0, a, v);
	if (e->kind == AST_EXPR_BINARY)
		return eval(c, s, e->binary.left, &a, depth + 1) &&
		    eval(c, s, e->binary.right, &b, depth + 1) && eval_binary(e->binary.op, a, b, v);
	if (e->kind == AST_EXPR_PATH)
		return eval_path(c, s, e->path.path, v, depth + 1);
	return false;
}

/* Without parentheses and blocks of nothing else. */
const AstExpr *
konst_bare(const AstExpr *e)
{
	for (;;) {
		const AstStmtList *l = e->kind == AST_EXPR_BLOCK && !e->block.label ? &e->block.block->stmts : NULL;

		if (l && l->len == 1 && l->at[0]->kind == AST_STMT_EXPR && !l->at[0]->expr.semicolon)
			e = l->at[0]->expr.expr;
		else if (e->kind == AST_EXPR_PAREN)
			e = e->paren.inner;
		else
			return e;
	}
}

bool
konst_int(Check *c, Scope s, const AstExpr *e, KonstInt *value)
{
	steps = 0;
	return eval(c, s, e, value, 0);
}

bool
konst_is_param(Check *c, Scope s, const AstExpr *e)
{
	e = konst_bare(e);
	return e->kind == AST_EXPR_PATH && names_single(e->path.path) &&
	    names_lookup(c, s, names_single(e->path.path), NS_TYPE).kind == DEF_CONST_PARAM;
}

bool
konst_is_known(Check *c, Scope s, const AstExpr *e)
{
	TypeId type;
	KonstInt v;

	return e->kind == AST_EXPR_ERROR || e->kind == AST_EXPR_BOOL || konst_is_param(c, s, e) ||
	    const_assoc(c, s, konst_bare(e), &type) != IR_NONE || konst_int(c, s, e, &v);
}

typedef struct LocalSearch {
	const Fx *fx;
	Span found;
} LocalSearch;

static bool
visit_local(void *ctx, const IrType *type, void *node)
{
	LocalSearch *s = ctx;
	const AstPath *p = node;
	uint32_t local;

	if (!strcmp(type->name, "block") || s->found.len)
		return false;
	if (!strcmp(type->name, "path") && names_single(p) && fx_find(s->fx, names_single(p), &local))
		s->found = p->span;
	return true;
}

/* Does it name a variable of the function around it? */
static bool
names_local(const Check *c, AstExpr *e, Span *at)
{
	LocalSearch s = {c->fx, {0, 0}};

	if (c->fx)
		ir_walk(ir_type(&ast_schema, "expr"), e, visit_local, &s);
	*at = s.found;
	return s.found.len;
}

bool
konst_value(Check *c, Scope s, AstExpr *e, TypeId t, KonstInt *v)
{
	TastExpr *value;
	Span at;

	if (c->too_early) {
		diag_primary(diag_error(c->diags, G0711, e->span), "computed later than this type");
		return false;
	}
	if (names_local(c, e, &at)) {
		Diag *d = diag_error(c->diags, G0701, at);

		diag_primary(d, "not known when the program is compiled");
		if (t == IR_NONE)
			diag_help(d, "a sequence whose length is known only later is a `Vec`, written `[T]`");
		return false;
	}
	value = const_value(c, s, e, t);
	if (value && value->kind == TAST_EXPR_CHAR)
		*v = value->char_.value;
	else if (value && value->kind == TAST_EXPR_BOOL)
		*v = value->bool_.value;
	else if (value && value->kind == TAST_EXPR_INT)
		*v = num_signed(value->type, value->int_.value);
	else
		return false;
	return true;
}

bool
konst_array_len(Check *c, Scope s, AstExpr *e, uint64_t *len)
{
	KonstInt v;

	if (e->kind == AST_EXPR_ERROR)
		return false;
	if (!konst_int(c, s, e, &v) && !konst_value(c, s, e, IR_NONE, &v))
		return false;
	if (v < 0 || v > INT64_MAX) {
		diag_primary(diag_error(c->diags, G0702, e->span), "not a possible length");
		return false;
	}
	*len = (uint64_t)v;
	return true;
}
