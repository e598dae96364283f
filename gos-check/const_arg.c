/*
 * Constant parameters: what may be one, and what is given for it.
 *
 * While signatures are resolved no function can run, so then an argument is a literal, a constant, or
 * arithmetic on these (konst.h); later it is whatever the evaluator can compute.
 */
#include "gos-check/const_arg.h"

#include "gos-check/const_assoc.h"
#include "gos-check/eval.h"
#include "gos-check/konst.h"
#include "gos-check/report.h"

#include <string.h>

/* ---- Types of values ---- */

bool
const_may_be_parameter(TypeId t)
{
	return t == TY_BOOL || t == TY_CHAR || (types_is_int(t) && types_bits(t) <= 64);
}

TypeId
const_param_type(Check *c, Generics *g, uint32_t i)
{
	GenericDecl *d = &g->decls.at[i];
	TypeCx cx = {{g->module, g}, NULL, false, NULL, NULL};
	Diag *diag;
	TypeId t;

	if (d->const_type != IR_NONE)
		return d->const_type;
	d->const_type = TY_ERROR;
	t = type_lower(c, &cx, d->ast->const_.type);
	if (t == TY_ERROR || const_may_be_parameter(t)) {
		g->decls.at[i].const_type = t;
		return t;
	}
	diag = diag_error(c->diags, G0712, d->ast->const_.type->span, check_str(c, d->name), types_show(c, t));
	diag_primary(diag, "an integer of at most 64 bits, `bool` or `char` is needed");
	if (t == TY_STRING || types_is_float(t))
		diag_help(diag, "pass it as an ordinary parameter instead");
	return TY_ERROR;
}

TypeId
generics_value_type(const Generics *g, uint32_t index)
{
	for (uint32_t i = 0; i < g->decls.len; i++)
		if (g->decls.at[i].index == index && g->decls.at[i].is_const)
			return g->decls.at[i].const_type;
	return IR_NONE;
}

/* The generics around that declare it. */
static Generics *
declared_in(const Generics *g, Def d)
{
	while (d.extra--)
		g = g->outer;
	return (Generics *)(uintptr_t)g;
}

/* ---- Messages ---- */

static TypeId
not_a_constant(Check *c, Span span, const char *what)
{
	diag_primary(diag_error(c->diags, G0713, span, "a constant", what), "a value stands here");
	return TY_ERROR;
}

static TypeId
wrong_type(Check *c, Span span, TypeId want, TypeId have)
{
	Diag *d = diag_error(c->diags, G0308, span, "the constant parameter", report_a_type(c, want),
	    report_quoted(c, have));

	diag_primary(d, "this is %s", report_quoted(c, have));
	return TY_ERROR;
}

bool
const_fits(TypeId t, __int128 v)
{
	uint32_t bits = types_bits(t);

	if (!types_is_int(t))
		return v >= 0;
	if (types_is_signed(t))
		return v >= -((KonstInt)1 << (bits - 1)) && v < (KonstInt)1 << (bits - 1);
	return v >= 0 && v < (KonstInt)1 << bits;
}

static TypeId
value_type(Check *c, Span span, TypeId want, KonstInt v)
{
	Text text = source_span_text(c->sources, span);

	if (const_fits(want, v))
		return types_const(c, (uint64_t)v);
	diag_primary(diag_error(c->diags, G0318, span, (int)text.n, text.s, report_a_type(c, want)),
	    "too large, or too small");
	return TY_ERROR;
}

/* ---- Values ---- */

/* The type that an expression has for sure, as far as one can see without checking it; IR_NONE if not. */
static TypeId
plain_type(Check *c, Scope s, const AstExpr *e)
{
	if (e->kind == AST_EXPR_UNARY && e->unary.op == AST_UNARY_OP_NEG)
		e = konst_bare(e->unary.operand);
	if (e->kind == AST_EXPR_BOOL)
		return TY_BOOL;
	if (e->kind == AST_EXPR_CHAR)
		return TY_CHAR;
	if (e->kind == AST_EXPR_STR)
		return TY_STRING;
	if (e->kind == AST_EXPR_FLOAT)
		return TY_F64;
	return e->kind == AST_EXPR_PATH ? konst_path_type(c, s, e->path.path) : IR_NONE;
}

static bool
is_plain_int(const AstExpr *e)
{
	if (e->kind == AST_EXPR_UNARY && e->unary.op == AST_UNARY_OP_NEG)
		e = konst_bare(e->unary.operand);
	return e->kind == AST_EXPR_INT && !e->int_.suffix;
}

static TypeId
param_as_argument(Check *c, Scope s, const AstExpr *e, TypeId want)
{
	Def d = names_lookup(c, s, names_single(e->path.path), NS_TYPE);
	Generics *g = declared_in(s.generics, d);
	TypeId have = const_param_type(c, g, d.index);

	if (have == TY_ERROR || want == TY_ERROR)
		return TY_ERROR;
	return have == want ? g->decls.at[d.index].type : wrong_type(c, e->span, want, have);
}

/* The value of an expression for a parameter of this type. */
static TypeId
const_of(Check *c, Scope s, AstExpr *written, TypeId want)
{
	const AstExpr *e = konst_bare(written);
	TypeId plain, projected;
	KonstInt v;

	if (e->kind == AST_EXPR_ERROR || want == TY_ERROR)
		return TY_ERROR;
	if (konst_is_param(c, s, e))
		return param_as_argument(c, s, e, want);
	projected = const_assoc(c, s, e, &plain);
	if (projected != IR_NONE)
		return plain == want ? projected : wrong_type(c, e->span, want, plain);
	plain = plain_type(c, s, e);
	if (plain == TY_ERROR || (plain != IR_NONE && plain != want))
		return plain == TY_ERROR ? TY_ERROR : wrong_type(c, e->span, want, plain);
	if (e->kind == AST_EXPR_BOOL)
		return types_const(c, e->bool_.value);
	if (is_plain_int(e) && !types_is_int(want))
		return wrong_type(c, e->span, want, TY_I64);
	if ((is_plain_int(e) || plain != IR_NONE || c->too_early) && konst_int(c, s, e, &v))
		return value_type(c, e->span, want, v);
	return konst_value(c, s, written, want, &v) ? value_type(c, e->span, want, v) : TY_ERROR;
}

/* A path between `<` and `>` looks like a type. */
static AstExpr *
path_as_value(Check *c, Scope s, const AstType *t)
{
	Resolved r = names_try(c, s, t->path.path, NS_TYPE);
	bool is_type = r.at == t->path.path->segments.len && r.def.kind != DEF_NONE &&
	    r.def.kind != DEF_CONST_PARAM;

	if (is_type && names_try(c, s, t->path.path, NS_VALUE).def.kind == DEF_NONE) {
		not_a_constant(c, t->span, names_kind(c, r.def));
		return NULL;
	}
	return ast_mk_expr_path(c->arena, t->span, t->path.path);
}

TypeId
const_arg(Check *c, const TypeCx *cx, const Generics *g, uint32_t i, const AstGenericArg *a)
{
	TypeId want = const_param_type(c, (Generics *)(uintptr_t)g, i);
	AstExpr *value;

	if (a->kind == AST_GENERIC_ARG_CONST)
		return const_of(c, cx->scope, a->const_.value, want);
	if (a->type.type->kind == AST_TYPE_INFER && cx->infer)
		return infer_var(c, VAR_ANY, a->span);
	if (a->type.type->kind == AST_TYPE_ERROR)
		return TY_ERROR;
	if (a->type.type->kind != AST_TYPE_PATH)
		return not_a_constant(c, a->span, "a type");
	value = path_as_value(c, cx->scope, a->type.type);
	return value ? const_of(c, cx->scope, value, want) : TY_ERROR;
}

TypeId
const_default(Check *c, const Generics *g, const GenericDecl *d, const TypeId *args, uint32_t n)
{
	Generics *own = (Generics *)(uintptr_t)g;

	if (!d->ast->const_.default_)
		return IR_NONE;
	return types_subst(c, const_of(c, (Scope){g->module, g}, d->ast->const_.default_,
	    const_param_type(c, own, (uint32_t)(d - g->decls.at))), args, n);
}

/* ---- Lengths ---- */

/* `length` itself if its values, whose type `t` is written there, are unsigned. */
static TypeId
unsigned_length(Check *c, TypeId length, TypeId t, const AstType *written, Span span, const char *what)
{
	Diag *diag;

	if (t == TY_ERROR || (types_is_int(t) && !types_is_signed(t)))
		return t == TY_ERROR ? TY_ERROR : length;
	diag = diag_error(c->diags, G0702, span);
	diag_primary(diag, "a %s that is a length has an unsigned type", what);
	diag_label(diag, written->span, "this is %s", report_quoted(c, t));
	if (types_is_int(t))
		diag_fix(diag, DIAG_REVIEW, written->span, "make it a `usize`", "usize");
	return TY_ERROR;
}

static TypeId
param_as_length(Check *c, Scope s, const AstExpr *e)
{
	Def d = names_lookup(c, s, names_single(e->path.path), NS_TYPE);
	Generics *g = declared_in(s.generics, d);

	return unsigned_length(c, g->decls.at[d.index].type, const_param_type(c, g, d.index),
	    g->decls.at[d.index].ast->const_.type, e->span, "parameter");
}

static bool
is_wild(const Check *c, const AstExpr *e)
{
	return e->kind == AST_EXPR_PLACEHOLDER || (e->kind == AST_EXPR_PATH && names_single(e->path.path) &&
	    !strcmp(check_str(c, names_single(e->path.path)), "_"));
}

TypeId
const_length(Check *c, const TypeCx *cx, AstExpr *len)
{
	const AstExpr *e = konst_bare(len);
	TypeId t, projected;
	uint64_t n;

	if (cx->infer && is_wild(c, e))
		return infer_var(c, VAR_ANY, len->span);
	if (konst_is_param(c, cx->scope, e))
		return param_as_length(c, cx->scope, e);
	projected = const_assoc(c, cx->scope, e, &t);
	if (projected != IR_NONE)
		return unsigned_length(c, projected, t,
		    const_assoc_written(c, projected), e->span, "constant of a trait");
	return konst_array_len(c, cx->scope, len, &n) ? types_const(c, n) : TY_ERROR;
}
