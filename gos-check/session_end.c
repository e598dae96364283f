/* The end of a session's input: its variables and its value.  See session.h. */
#include "gos-check/session.h"

#include "gos-check/infer.h"
#include "gos-check/traits.h"

#include <string.h>

const TastExpr *
session_call(const Check *c, const TastExpr *e, const char *intrinsic)
{
	if (!e || e->kind != TAST_EXPR_CALL || e->call.fn->kind != TAST_FN_REF_ITEM)
		return NULL;
	Sym name = c->fns.at[e->call.fn->item.fn]->intrinsic;

	return name && strcmp(check_str(c, name), intrinsic) == 0 ? e : NULL;
}

static bool
is_in_block(const Check *c, TastAdtId adt)
{
	return adt != IR_NONE && c->modules.at[c->adt_info.at[adt]->module]->is_block;
}

/* Can a later input name the type?  `&mut` would point into what may have gone. */
static bool
can_keep(const Check *c, TypeId t)
{
	return !(types_flags(c, t) & (TYPE_HAS_REF | TYPE_HAS_ERROR)) && !is_in_block(c, types_adt_of(c, t));
}

/* False: the statement is to go. */
static bool
keep(Check *c, TastFn *fn, const TastExpr *call, FILE *report)
{
	const TastExpr *x = call->call.args.at[1];
	TastVariable *v;

	if (x->kind != TAST_EXPR_LOCAL)
		return false;
	v = fn->locals.at[x->local.local];
	if (!can_keep(c, v->type))
		return false;
	v->shared = true;
	fprintf(report, "let %s%s: %s = \"%s\"\n", v->mutable ? "mut " : "", check_str(c, v->name),
	    types_write(c, v->type), check_str(c, call->call.args.at[0]->str.value));
	return true;
}

/* ---- The value ---- */

static bool
has_debug(Check *c, TypeId t)
{
	Infer temporary = {0};
	bool holds;

	c->infer = &temporary;
	holds = trait_holds(c, c->lang_trait[LANG_DEBUG], t);
	c->infer = NULL;
	return holds;
}

static TastFormatPart *
debug_part(Arena *a)
{
	TastSpec *spec = tast_mk_spec(a, ' ', TAST_ALIGN_DEFAULT, false, false, false,
	    tast_mk_count_none(a), tast_mk_count_none(a), TAST_RADIX_DEBUG);

	return tast_mk_format_part_arg(a, 0, spec);
}

/* `println!("{:?}: T", value)`, or the type alone for what cannot be shown. */
static TastStmt *
show_value(Check *c, Span span, TastLocalId local, TypeId t)
{
	bool debug = has_debug(c, t);
	TastFormatPartList parts = {0};
	TastExprList args = {0};
	const char *text = arena_printf(c->arena, debug ? ": %s\n" : "<%s>\n", types_show(c, t));

	if (debug) {
		vec_push(c->arena, &args, tast_mk_expr_local(c->arena, span, t, local, true));
		vec_push(c->arena, &parts, debug_part(c->arena));
	}
	vec_push(c->arena, &parts, tast_mk_format_part_lit(c->arena, intern_cstr(c->names, text)));
	return tast_mk_stmt_expr(c->arena, span, tast_mk_expr_format(c->arena, span, TY_UNIT,
	    TAST_SINK_PRINT, NULL, args, parts));
}

static bool
is_value(const Check *c, const TastFn *fn, const TastStmt *s)
{
	return s->kind == TAST_STMT_LET && s->let.pat->kind == TAST_PAT_BIND &&
	    strcmp(check_str(c, fn->locals.at[s->let.pat->bind.local]->name), "{value}") == 0;
}

/* The type of the value, if that is what the statement gives, else IR_NONE. */
static TypeId
finish_stmt(Check *c, TastFn *fn, TastStmt *s, TastStmtList *out, FILE *report)
{
	const TastExpr *call;

	if (s->kind == TAST_STMT_EXPR && (call = session_call(c, s->expr.expr, "session.keep"))) {
		if (keep(c, fn, call, report))
			vec_push(c->arena, out, s);
		return IR_NONE;
	}
	vec_push(c->arena, out, s);
	if (s->kind != TAST_STMT_LET || s->let.pat->kind != TAST_PAT_BIND)
		return IR_NONE;
	TastLocalId local = s->let.pat->bind.local;
	if (session_call(c, s->let.value, "session.get"))
		fn->locals.at[local]->shared = true;
	if (!is_value(c, fn, s))
		return IR_NONE;
	TypeId t = types_strip_ref(c, fn->locals.at[local]->type);
	fprintf(report, "value %s\n", types_show(c, t));
	if (t == TY_UNIT || t == TY_NEVER || t == TY_ERROR)
		return t;
	if (t == fn->locals.at[local]->type)
		vec_push(c->arena, out, show_value(c, s->span, local, t));
	return t;
}

TypeId
session_end(Check *c, FILE *report)
{
	TypeId value = IR_NONE;
	TastFn *fn;
	TastStmtList out = {0};

	if (c->entry == IR_NONE)
		return value;
	fn = c->fns.at[c->entry];
	if (!fn->body || fn->body->kind != TAST_EXPR_BLOCK)
		return value;
	for (uint32_t i = 0; i < fn->body->block.stmts.len; i++)
		value = finish_stmt(c, fn, fn->body->block.stmts.at[i], &out, report);
	fn->body->block.stmts = out;
	return value;
}
