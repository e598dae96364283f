/*
 * Formatted output: templates, the forms without one, assertions, dbg.
 *
 * A template's arguments are evaluated once each, in written order, inline ones after them.
 */
#include "gos-check/expr.h"

#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"
#include "lib/fatal.h"

#include <string.h>

typedef struct Named {
	Sym name;
	uint32_t index;
} Named;

/* A Format node in the making. */
typedef struct Build {
	Fx *fx;
	Span span;
	TastExprList args;
	VEC(bool) used;
	VEC(Named) named;
	uint32_t positional;
	TastFormatPartList parts;
	bool ok;
} Build;

/* ---- Parts ---- */

static void
add_text(Build *b, const char *text)
{
	Check *c = b->fx->c;
	TastFormatPart *last = b->parts.len ? vec_last(&b->parts) : NULL;

	if (!*text)
		return;
	if (last && last->kind == TAST_FORMAT_PART_LIT) {
		last->lit.text = intern_cstr(c->names, arena_printf(c->arena, "%s%s",
		    check_str(c, last->lit.text), text));
		return;
	}
	vec_push(c->arena, &b->parts, tast_mk_format_part_lit(c->arena, intern_cstr(c->names, text)));
}

static TastSpec *
plain_spec(Build *b, TastRadix radix, bool alternate)
{
	Arena *a = b->fx->c->arena;

	return tast_mk_spec(a, ' ', TAST_ALIGN_DEFAULT, false, alternate, false, tast_mk_count_none(a),
	    tast_mk_count_none(a), radix);
}

static bool
is_number(Fx *fx, TypeId t, bool floats)
{
	t = types_strip_ref(fx->c, fx_known(fx, t));
	if (type_is_var(t))
		return infer_kind(fx->c, t) == VAR_INT || (floats && infer_kind(fx->c, t) == VAR_FLOAT);
	return types_is_int(t) || (floats && types_is_float(t)) || t == TY_ERROR;
}

static void
report_radix(Build *b, const TastExpr *x, const char *what)
{
	Diag *d = diag_error(b->fx->c->diags, G0365, x->span, what,
	    report_a_type(b->fx->c, infer_deep(b->fx->c, x->type)));

	diag_primary(d, "this is %s", report_quoted(b->fx->c, x->type));
	b->ok = false;
}

static void
require_shown(Build *b, const TastExpr *x, TastRadix radix)
{
	Fx *fx = b->fx;
	TypeId t = fx_value_type(fx, x);
	LangTrait trait = radix == TAST_RADIX_DISPLAY ? LANG_DISPLAY : LANG_DEBUG;

	switch (radix) {
	case TAST_RADIX_DISPLAY:
	case TAST_RADIX_DEBUG:
	case TAST_RADIX_DEBUG_HEX:
	case TAST_RADIX_DEBUG_HEX_UPPER:
		if (lang_trait(fx->c, trait) != IR_NONE && !types_is_scalar(t) && t != TY_STRING)
			fx_require(fx, lang_trait(fx->c, trait), &t, 1, x->span, IR_NONE);
		break;
	case TAST_RADIX_HEX:
	case TAST_RADIX_HEX_UPPER:
	case TAST_RADIX_OCTAL:
	case TAST_RADIX_BINARY:
		if (!is_number(fx, x->type, false))
			report_radix(b, x, "an integer");
		break;
	case TAST_RADIX_EXP:
	case TAST_RADIX_EXP_UPPER:
		if (!is_number(fx, x->type, true))
			report_radix(b, x, "a number");
		break;
	}
}

static void
add_arg(Build *b, uint32_t index, TastSpec *spec)
{
	if (index == IR_NONE)
		return;
	b->used.at[index] = true;
	require_shown(b, b->args.at[index], spec->radix);
	vec_push(b->fx->c->arena, &b->parts, tast_mk_format_part_arg(b->fx->c->arena, index, spec));
}

/* ---- Arguments ---- */

static uint32_t
push_arg(Build *b, TastExpr *x)
{
	vec_push(b->fx->c->arena, &b->args, fx_deref(b->fx, x));
	vec_push(b->fx->c->arena, &b->used, false);
	if (x->type == TY_ERROR)
		b->ok = false;
	return b->args.len - 1;
}

static void
add_args(Build *b, const AstArgList *args, TastExpr *piped)
{
	for (uint32_t i = 0; i < args->len; i++) {
		const AstArg *a = args->at[i];
		bool here = piped && expr_bare(a->value)->kind == AST_EXPR_PLACEHOLDER;
		uint32_t k = push_arg(b, here ? piped : expr_value(b->fx, a->value, IR_NONE));

		if (here)
			piped = NULL;
		if (a->name)
			vec_push(b->fx->c->arena, &b->named, (Named){a->name->name, k});
	}
	if (piped)
		push_arg(b, piped);
	b->positional = b->args.len;
}

static uint32_t
arg_named(Build *b, Sym name)
{
	AstSegment seg = {b->span, name, false, {0}, {0}};
	AstSegment *segs = &seg;
	AstPath path = {b->span, {&segs, 1, 1}};

	for (uint32_t i = 0; i < b->named.len; i++)
		if (b->named.at[i].name == name)
			return b->named.at[i].index;
	return push_arg(b, path_expr(b->fx, &path, b->span));
}

static uint32_t
arg_index(Build *b, const AstFormatArg *a, Span span)
{
	Diag *d;

	switch (a->kind) {
	case AST_FORMAT_ARG_POS:
		if (a->pos.index < b->positional)
			return a->pos.index;
		if (b->ok) {
			d = diag_error(b->fx->c->diags, G0364, span, a->pos.index + 1,
			    report_count(b->fx->c, b->positional, "argument"));
			diag_primary(d, "this placeholder has no argument");
			diag_fix(d, DIAG_REVIEW, span, "remove the placeholder", "");
		}
		b->ok = false;
		return IR_NONE;
	case AST_FORMAT_ARG_NAME:
		return arg_named(b, a->name.name);
	case AST_FORMAT_ARG_EXPR:
		return push_arg(b, expr_value(b->fx, a->expr.value, IR_NONE));
	}
	return IR_NONE;
}

static TastCount *
count(Build *b, const AstCount *c)
{
	Arena *a = b->fx->c->arena;
	uint32_t i;
	TypeId t;

	switch (c->kind) {
	case AST_COUNT_NONE:
		return tast_mk_count_none(a);
	case AST_COUNT_VALUE:
		return tast_mk_count_value(a, c->value.value);
	case AST_COUNT_ARG:
		i = arg_index(b, c->arg.arg, c->span);
		if (i == IR_NONE)
			return tast_mk_count_none(a);
		b->used.at[i] = true;
		t = fx_value_type(b->fx, b->args.at[i]);
		if (!is_number(b->fx, t, false))
			report_radix(b, b->args.at[i], "an integer, as a width or precision,");
		return tast_mk_count_arg(a, i);
	}
	return tast_mk_count_none(a);
}

static TastSpec *
spec_of(Build *b, const AstSpec *s)
{
	static const TastAlign aligns[] = {TAST_ALIGN_DEFAULT, TAST_ALIGN_LEFT, TAST_ALIGN_CENTER,
	    TAST_ALIGN_RIGHT};
	static const TastRadix radixes[] = {TAST_RADIX_DISPLAY, TAST_RADIX_DEBUG, TAST_RADIX_HEX,
	    TAST_RADIX_HEX_UPPER, TAST_RADIX_OCTAL, TAST_RADIX_BINARY, TAST_RADIX_EXP, TAST_RADIX_EXP_UPPER,
	    TAST_RADIX_DEBUG_HEX, TAST_RADIX_DEBUG_HEX_UPPER};
	TastCount *width = count(b, s->width), *precision = count(b, s->precision);

	return tast_mk_spec(b->fx->c->arena, s->fill ? s->fill : ' ', aligns[s->align],
	    s->sign == AST_SIGN_PLUS, s->alternate, s->zero, width, precision, radixes[s->radix]);
}

static void
report_unused(Build *b, const AstArgList *args)
{
	for (uint32_t i = 0; i < b->positional; i++) {
		Diag *d;

		if (b->used.at[i] || !b->ok)
			continue;
		d = diag_error(b->fx->c->diags, G0363, i < args->len ? args->at[i]->span : b->span);
		diag_primary(d, "no placeholder shows it");
		diag_help(d, "add a `{}` to the template, or remove the argument");
		if (i < args->len)
			fix_remove_element(b->fx->c, d, args->at[i]->span, "remove the argument");
		b->ok = false;
	}
}

static void
template(Build *b, const AstFormatPartList *parts, const AstArgList *args, TastExpr *piped)
{
	add_args(b, args, piped);
	for (uint32_t i = 0; i < parts->len; i++) {
		const AstFormatPart *p = parts->at[i];

		if (p->kind == AST_FORMAT_PART_LIT) {
			vec_push(b->fx->c->arena, &b->parts,
			    tast_mk_format_part_lit(b->fx->c->arena, p->lit.text));
		} else {
			uint32_t index = arg_index(b, p->arg.arg, p->span);
			TastSpec *spec = spec_of(b, p->arg.spec);

			add_arg(b, index, spec);
		}
	}
	report_unused(b, args);
}

/* All arguments with `{}`, a space between. */
static void
plain(Build *b, const AstArgList *args, uint32_t from, TastExpr *piped)
{
	AstArgList rest = {args->at + from, args->len > from ? args->len - from : 0, 0};

	add_args(b, &rest, piped);
	for (uint32_t i = 0; i < b->args.len; i++) {
		if (i)
			add_text(b, " ");
		add_arg(b, i, plain_spec(b, TAST_RADIX_DISPLAY, false));
	}
}

/* ---- Nodes ---- */

static TastExpr *
node(Build *b, TastSink sink, TastExpr *target, TypeId type)
{
	TastExpr *e;

	if (!b->ok && type == TY_STRING)
		return fx_error(b->fx, b->span);
	e = fx_expr(b->fx, TAST_EXPR_FORMAT, b->span, type);
	e->format.sink = sink;
	e->format.target = target;
	e->format.args = b->args;
	e->format.parts = b->parts;
	return e;
}

TastExpr *
format_panic(Fx *fx, Span span, const char *text)
{
	Build b = {.fx = fx, .span = span, .ok = true};

	add_text(&b, text);
	return node(&b, TAST_SINK_PANIC, NULL, TY_NEVER);
}

static TypeId
write_result(Fx *fx, Span span)
{
	TypeId args[2] = {TY_UNIT, fx_lang(fx, LANG_FMT_ERROR, NULL, 0, span)};

	return fx_lang(fx, LANG_RESULT, args, 2, span);
}

static bool
takes_text(Fx *fx, TypeId t)
{
	return t == TY_STRING || types_is_lang(fx->c, t, "Formatter");
}

static bool
has_write(Fx *fx, TypeId t)
{
	return lang_trait(fx->c, LANG_WRITE) != IR_NONE && trait_holds(fx->c, lang_trait(fx->c, LANG_WRITE), t);
}

static TastExpr *
write_target(Fx *fx, const AstArgList *leading, Span span)
{
	TastExpr *t;
	TypeId type;

	if (!leading->len) {
		diag_primary(diag_error(fx->c->diags, G0366, span), "the first argument is missing");
		return NULL;
	}
	t = expr_infer(fx, leading->at[0]->value, IR_NONE);
	type = fx_value_type(fx, t);
	if (type == TY_ERROR)
		return NULL;
	if (!takes_text(fx, type) && has_write(fx, type))
		return t;
	t = fx_deref(fx, t);
	if (!takes_text(fx, type) || !expr_is_place(t)) {
		diag_primary(diag_error(fx->c->diags, G0366, t->span), "this is %s", report_quoted(fx->c, type));
		return NULL;
	}
	fx_mutate(fx, t);
	return t;
}

/* What is no String or Formatter gets the whole text by a call of its `write_str`. */
static TastExpr *
write_node(Build *b, TastExpr *target)
{
	if (!target)
		return fx_error(b->fx, b->span);
	if (takes_text(b->fx, fx_value_type(b->fx, target)))
		return node(b, TAST_SINK_WRITE, target, write_result(b->fx, b->span));
	return method_call_lang(b->fx, target, LANG_WRITE, 0, node(b, TAST_SINK_FORMAT, NULL, TY_STRING), b->span);
}

static TastExpr *
if_not(Fx *fx, Span span, TastExpr *cond, TastExpr *panic)
{
	TastExpr *no = fx_expr(fx, TAST_EXPR_UNARY, span, TY_BOOL);
	TastExpr *e = fx_expr(fx, TAST_EXPR_IF, span, TY_UNIT);

	no->unary.op = TAST_UNARY_OP_NOT;
	no->unary.operand = cond;
	e->if_.cond = no;
	e->if_.then = panic;
	return e;
}

/* ---- Assertions ---- */

static const char *
source_of(Fx *fx, Span s)
{
	Text t = source_span_text(fx->c->sources, s);

	return arena_strndup(fx->c->arena, t.s ? t.s : "", t.n);
}

/* The message that the user gave, if any, goes between. */
static TastExpr *
finish_assert(Build *b, TastExpr *cond)
{
	return if_not(b->fx, b->span, cond, node(b, TAST_SINK_PANIC, NULL, TY_NEVER));
}

static TastExpr *
assert_plain(Fx *fx, const AstExpr *e, const AstArgList *args)
{
	Build b = {.fx = fx, .span = e->span, .ok = true};
	TastExpr *cond;

	if (!args->len) {
		diag_primary(diag_error(fx->c->diags, G0311, e->span, "assert", "1 argument", "none is"),
		    "the condition is missing");
		return fx_error(fx, e->span);
	}
	cond = expr_check(fx, args->at[0]->value, TY_BOOL, (Why){WHY_CONDITION, 0, {0, 0}, IR_NONE});
	if (args->len > 1)
		plain(&b, args, 1, NULL);
	else
		add_text(&b, arena_printf(fx->c->arena, "assertion failed: %s",
		    source_of(fx, args->at[0]->value->span)));
	return finish_assert(&b, cond);
}

typedef struct Sides {
	TastStmtList stmts;
	uint32_t left, right;
	TastExpr *cond;
} Sides;

static bool
assert_sides(Fx *fx, const AstExpr *e, const AstArgList *args, bool equal, Sides *s)
{
	TastExpr *l, *r;
	TypeId t;

	if (args->len < 2) {
		diag_primary(diag_error(fx->c->diags, G0311, e->span, equal ? "assert_eq" : "assert_ne",
		    "2 arguments", args->len ? "1 is" : "none is"), "too few arguments");
		return false;
	}
	l = expr_value(fx, args->at[0]->value, IR_NONE);
	r = expr_check(fx, args->at[1]->value, fx_known(fx, l->type), (Why){WHY_OPERAND, 0,
	    args->at[0]->value->span, IR_NONE});
	t = l->type;
	if (lang_trait(fx->c, LANG_PARTIAL_EQ) != IR_NONE) {
		fx_require(fx, lang_trait(fx->c, LANG_PARTIAL_EQ), &t, 1, e->span, IR_NONE);
	}
	s->left = fx_local(fx, 0, l->span, t, false);
	s->right = fx_local(fx, 0, r->span, t, false);
	vec_push(fx->c->arena, &s->stmts, fx_let(fx, s->left, l));
	vec_push(fx->c->arena, &s->stmts, fx_let(fx, s->right, fx_deref(fx, r)));
	s->cond = fx_expr(fx, TAST_EXPR_BINARY, e->span, TY_BOOL);
	s->cond->binary.op = equal ? TAST_BINARY_OP_EQ : TAST_BINARY_OP_NE;
	s->cond->binary.left = fx_use(fx, l->span, s->left);
	s->cond->binary.right = fx_use(fx, r->span, s->right);
	return true;
}

static TastExpr *
assert_two(Fx *fx, const AstExpr *e, const AstArgList *args, bool equal, const AstFormatPartList *parts,
    const AstArgList *rest)
{
	Build b = {.fx = fx, .span = e->span, .ok = true};
	Sides s = {0};
	uint32_t l, r;

	if (!assert_sides(fx, e, args, equal, &s))
		return fx_error(fx, e->span);
	add_text(&b, equal ? "assertion `left == right` failed" : "assertion `left != right` failed");
	if (parts || args->len > 2)
		add_text(&b, ": ");
	if (parts)
		template(&b, parts, rest, NULL);
	else if (args->len > 2)
		plain(&b, args, 2, NULL);
	l = push_arg(&b, fx_use(fx, e->span, s.left));
	r = push_arg(&b, fx_use(fx, e->span, s.right));
	add_text(&b, "\n  left: ");
	add_arg(&b, l, plain_spec(&b, TAST_RADIX_DEBUG, false));
	add_text(&b, "\n right: ");
	add_arg(&b, r, plain_spec(&b, TAST_RADIX_DEBUG, false));
	vec_push(fx->c->arena, &s.stmts, fx_stmt(fx, finish_assert(&b, s.cond)));
	return fx_block(fx, e->span, s.stmts, NULL);
}

/* ---- With a template ---- */

static TastExpr *
sink_node(Build *b, AstMacro macro, TastExpr *target)
{
	switch (macro) {
	case AST_MACRO_PRINT:
	case AST_MACRO_PRINTLN:
		return node(b, TAST_SINK_PRINT, NULL, TY_UNIT);
	case AST_MACRO_EPRINT:
	case AST_MACRO_EPRINTLN:
		return node(b, TAST_SINK_EPRINT, NULL, TY_UNIT);
	case AST_MACRO_FORMAT:
		return node(b, TAST_SINK_FORMAT, NULL, TY_STRING);
	case AST_MACRO_WRITE:
	case AST_MACRO_WRITELN:
		return write_node(b, target);
	case AST_MACRO_PANIC:
	case AST_MACRO_TODO:
	case AST_MACRO_UNIMPLEMENTED:
	case AST_MACRO_UNREACHABLE:
		return node(b, TAST_SINK_PANIC, NULL, TY_NEVER);
	case AST_MACRO_ASSERT:
	case AST_MACRO_ASSERT_EQ:
	case AST_MACRO_ASSERT_NE:
	case AST_MACRO_DEBUG_ASSERT:
	case AST_MACRO_DBG:
	case AST_MACRO_INCLUDE_STR:
	case AST_MACRO_INCLUDE_BYTES:
	case AST_MACRO_ENV:
		break;
	}
	bug("a template in macro %d, which takes none", (int)macro);
}

static const char *
prefix(AstMacro m)
{
	return m == AST_MACRO_TODO ? "not yet implemented" : m == AST_MACRO_UNIMPLEMENTED ?
	    "not implemented" : m == AST_MACRO_UNREACHABLE ? "internal error: entered unreachable code" : NULL;
}

static bool
ends_line(AstMacro m)
{
	return m == AST_MACRO_PRINTLN || m == AST_MACRO_EPRINTLN || m == AST_MACRO_WRITELN;
}

TastExpr *
format_template(Fx *fx, const AstExpr *e, TastExpr *piped)
{
	Build b = {.fx = fx, .span = e->span, .ok = true};
	AstMacro m = e->format.macro;
	TastExpr *target = NULL, *cond;

	if (m == AST_MACRO_ASSERT_EQ || m == AST_MACRO_ASSERT_NE)
		return assert_two(fx, e, &e->format.leading, m == AST_MACRO_ASSERT_EQ, &e->format.parts,
		    &e->format.args);
	if (m == AST_MACRO_ASSERT || m == AST_MACRO_DEBUG_ASSERT) {
		if (!e->format.leading.len)
			return assert_plain(fx, e, &e->format.leading);
		cond = expr_check(fx, e->format.leading.at[0]->value, TY_BOOL,
		    (Why){WHY_CONDITION, 0, {0, 0}, IR_NONE});
		template(&b, &e->format.parts, &e->format.args, piped);
		return finish_assert(&b, cond);
	}
	if (m == AST_MACRO_WRITE || m == AST_MACRO_WRITELN)
		target = write_target(fx, &e->format.leading, e->span);
	if (prefix(m))
		add_text(&b, arena_printf(fx->c->arena, "%s: ", prefix(m)));
	template(&b, &e->format.parts, &e->format.args, piped);
	if (ends_line(m))
		add_text(&b, "\n");
	return sink_node(&b, m, target);
}

TastExpr *
format_interp(Fx *fx, const AstExpr *e)
{
	Build b = {.fx = fx, .span = e->span, .ok = true};

	template(&b, &e->interp.parts, &(AstArgList){0}, NULL);
	return node(&b, TAST_SINK_FORMAT, NULL, TY_STRING);
}

/* ---- Without ---- */

static TastExpr *
dbg_one(Fx *fx, TastExpr *v, Span written, Span span)
{
	Build b = {.fx = fx, .span = span, .ok = true};
	uint32_t local = fx_local(fx, 0, written, v->type, false);
	SourcePlace p = source_place(fx->c->sources, span.start);
	TastStmtList stmts = {0};
	uint32_t i;

	vec_push(fx->c->arena, &stmts, fx_let(fx, local, v));
	add_text(&b, arena_printf(fx->c->arena, "[%s:%u:%u] %s = ", p.file ? p.file->path : "?", p.line,
	    p.column, source_of(fx, written)));
	i = push_arg(&b, fx_use(fx, written, local));
	add_arg(&b, i, plain_spec(&b, TAST_RADIX_DEBUG, true));
	add_text(&b, "\n");
	vec_push(fx->c->arena, &stmts, fx_stmt(fx, node(&b, TAST_SINK_EPRINT, NULL, TY_UNIT)));
	return fx_block(fx, span, stmts, fx_use(fx, written, local));
}

static TastExpr *
dbg(Fx *fx, const AstExpr *e, TastExpr *piped)
{
	const AstArgList *args = &e->macro.args;
	TypeId *types = arena_array(fx->c->arena, TypeId, args->len + 1);
	TastExprList elems = {0};
	TastExpr *r;

	if (args->len == 1 && !piped)
		return dbg_one(fx, expr_value(fx, args->at[0]->value, IR_NONE), args->at[0]->value->span, e->span);
	if (piped && !args->len)
		return dbg_one(fx, fx_deref(fx, piped), piped->span, e->span);
	for (uint32_t i = 0; i < args->len; i++)
		vec_push(fx->c->arena, &elems, dbg_one(fx, expr_value(fx, args->at[i]->value, IR_NONE),
		    args->at[i]->value->span, e->span));
	if (piped)
		vec_push(fx->c->arena, &elems, dbg_one(fx, fx_deref(fx, piped), piped->span, e->span));
	for (uint32_t i = 0; i < elems.len; i++)
		types[i] = elems.at[i]->type;
	r = fx_expr(fx, TAST_EXPR_TUPLE, e->span, types_tuple(fx->c, types, elems.len));
	r->tuple.elems = elems;
	return r;
}

TastExpr *
format_macro(Fx *fx, const AstExpr *e, TastExpr *piped, TypeId hint)
{
	Build b = {.fx = fx, .span = e->span, .ok = true};
	AstMacro m = e->macro.macro;
	const AstArgList *args = &e->macro.args;
	TastExpr *target = NULL;

	switch (m) {
	case AST_MACRO_ASSERT:
	case AST_MACRO_DEBUG_ASSERT:
		return assert_plain(fx, e, args);
	case AST_MACRO_ASSERT_EQ:
	case AST_MACRO_ASSERT_NE:
		return assert_two(fx, e, args, m == AST_MACRO_ASSERT_EQ, NULL, NULL);
	case AST_MACRO_DBG:
		return dbg(fx, e, piped);
	case AST_MACRO_INCLUDE_STR:
	case AST_MACRO_INCLUDE_BYTES:
	case AST_MACRO_ENV:
		return include_macro(fx, e, piped, hint);
	case AST_MACRO_WRITE:
	case AST_MACRO_WRITELN:
		target = write_target(fx, args, e->span);
		break;
	case AST_MACRO_PANIC:
		if (!args->len && !piped)
			return format_panic(fx, e->span, "explicit panic");
		break;
	case AST_MACRO_TODO:
	case AST_MACRO_UNIMPLEMENTED:
	case AST_MACRO_UNREACHABLE:
		if (!args->len && !piped)
			return format_panic(fx, e->span, prefix(m));
		add_text(&b, arena_printf(fx->c->arena, "%s: ", prefix(m)));
		break;
	case AST_MACRO_PRINT:
	case AST_MACRO_PRINTLN:
	case AST_MACRO_EPRINT:
	case AST_MACRO_EPRINTLN:
	case AST_MACRO_FORMAT:
		break;
	}
	plain(&b, args, m == AST_MACRO_WRITE || m == AST_MACRO_WRITELN ? 1 : 0, piped);
	if (ends_line(m))
		add_text(&b, "\n");
	return sink_node(&b, m, target);
}
