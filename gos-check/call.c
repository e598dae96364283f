/*
 * Calls: arguments to parameters, by position, by name, by default, through a pipe.
 *
 * Arguments are evaluated as written.  Where parameter order would change that, they go to
 * temporaries first.  Closures are checked after the other arguments, which may tell their types.
 */
#include "gos-check/expr.h"

#include "gos-check/foreign.h"

#include "gos-check/const.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* ---- Signatures ---- */

TypeId
call_param_type(Fx *fx, TastFnId f, uint32_t i, const TypeId *args, uint32_t n, Span span)
{
	return trait_normalize(fx->c, types_subst(fx->c, fx->c->fn_info.at[f]->params.at[i], args, n), span);
}

TypeId
call_ret_type(Fx *fx, TastFnId f, const TypeId *args, uint32_t n, Span span)
{
	return trait_normalize(fx->c, types_subst(fx->c, fx->c->fns.at[f]->ret, args, n), span);
}

/* ---- Which argument goes where ---- */

typedef struct Slot {
	const AstExpr *ast;	/* or */
	TastExpr *node;		/* given (piped), or checked */
	uint32_t written;	/* position in the source; IR_NONE: a default */
} Slot;

typedef struct Placing {
	Fx *fx;
	const Target *t;
	const AstArgList *written;
	Slot *slots;
	Span span;
	uint32_t given;
	bool ok;
} Placing;

/* Values for what is missing, or without what is too much. */
static void
fix_arity(const Placing *p, Diag *d, uint32_t given, uint32_t least)
{
	Check *c = p->fx->c;
	const char *text = "";

	for (uint32_t i = given; i < least; i++)
		text = arena_printf(c->arena, "%s%s%s", text, i > given ? ", " : "",
		    fix_value_of(c, infer_deep(c, p->t->params[i])));
	if (given < least)
		fix_append(c, d, p->span, "give a value to begin with", text);
	else if (p->written->len && given == p->t->n + 1)
		fix_remove_element(c, d, vec_last(p->written)->span, "leave the last one out");
}

static void
report_arity(Placing *p, uint32_t given)
{
	Check *c = p->fx->c;
	const Target *t = p->t;
	uint32_t least = t->n;
	const char *takes;
	Diag *d;

	if (!p->ok)
		return;
	p->ok = false;
	if (t->fn != IR_NONE)
		while (least && c->fn_info.at[t->fn]->ast->params.len >= least &&
		    c->fn_info.at[t->fn]->ast->params.at[least - 1]->default_)
			least--;
	takes = least == t->n ? report_count(c, t->n, "argument") : arena_printf(c->arena,
	    "%u to %s", least, report_count(c, t->n, "argument"));
	d = diag_error(c->diags, G0311, p->span, t->what, takes,
	    given == 1 ? "1 is" : arena_printf(c->arena, "%u are", given));
	if (given < least && t->names && t->names[given])
		diag_primary(d, "`%s` is missing", check_str(c, t->names[given]));
	else
		diag_primary(d, given < least ? "too few arguments" : "too many arguments");
	if (t->fn != IR_NONE)
		diag_label(d, c->fns.at[t->fn]->span, "`%s` is declared here", check_str(c, c->fns.at[t->fn]->name));
	fix_arity(p, d, given, least);
}

static void
place_named(Placing *p, const AstArg *a, uint32_t written)
{
	Check *c = p->fx->c;
	Text text = intern_text(c->names, a->name->name);
	Suggest best = suggest_for(text.s, text.n);
	Diag *d;

	for (uint32_t i = 0; p->t->names && i < p->t->n; i++) {
		Text name = intern_text(c->names, p->t->names[i]);

		suggest_offer(&best, name.s, name.n, i);
		if (p->t->names[i] != a->name->name)
			continue;
		if (p->slots[i].ast || p->slots[i].node) {
			p->ok = false;
			diag_primary(diag_error(c->diags, G0317, a->name->span, text.s), "a second value for it");
			return;
		}
		p->slots[i] = (Slot){a->value, NULL, written};
		return;
	}
	p->ok = false;
	d = diag_error(c->diags, G0312, a->name->span, p->t->what, text.s);
	diag_primary(d, "no parameter of this name");
	if (best.found && best.name_n) {
		diag_help(d, "there is a parameter `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, a->name->span, "write the similar name", best.name);
	}
}

static void
place_all(Placing *p, const AstArgList *args, TastExpr *piped)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < args->len; i++) {
		const AstArg *a = args->at[i];

		if (a->name) {
			place_named(p, a, i + 1);
		} else if (next >= p->t->n) {
			next++;
		} else if (piped && expr_bare(a->value)->kind == AST_EXPR_PLACEHOLDER) {
			p->slots[next++] = (Slot){NULL, piped, 0};
			piped = NULL;
		} else {
			p->slots[next++] = (Slot){a->value, NULL, i + 1};
		}
	}
	if (piped) {
		if (next < p->t->n && !p->slots[next].ast)
			p->slots[next] = (Slot){NULL, piped, 0};
		next++;
	}
	p->given = next;
	if (next > p->t->n)
		report_arity(p, next);
}

/* ---- Checking them ---- */

static Why
param_why(const Placing *p, uint32_t i)
{
	const Check *c = p->fx->c;
	const Target *t = p->t;
	Why why = {WHY_PARAM, t->names ? t->names[i] : 0, {0, 0}, t->fn};

	if (t->fn != IR_NONE && !c->fn_info.at[t->fn]->is_std)
		why.span = c->fns.at[t->fn]->locals.at[i + t->skip]->span;
	return why;
}

static bool
is_spawn(const Fx *fx, const Target *t)
{
	return t->fn != IR_NONE && !strcmp(check_str(fx->c, fx->c->fns.at[t->fn]->intrinsic), "spawn");
}

/* A piped value that does not fit is reported alone: its neighbours are likely in the wrong place too. */
static bool
check_piped(Placing *p)
{
	Check *c = p->fx->c;
	uint32_t errors = c->diags->errors;
	bool fits = true;

	for (uint32_t i = 0; i < p->t->n; i++) {
		Slot *s = &p->slots[i];

		if (!s->node || s->ast)
			continue;
		s->node = coerce(p->fx, s->node, p->t->params[i], param_why(p, i));
		if (c->diags->errors == errors)
			continue;
		diag_help(vec_last(&c->diags->list), "the piped value becomes the last argument; `_` among "
		    "the arguments takes it to another place");
		p->ok = fits = false;
	}
	return fits;
}

/* Does parameter i take any iterator? */
static bool
takes_iterator(const Placing *p, uint32_t i)
{
	const Check *c = p->fx->c;
	const FnInfo *info = p->t->fn != IR_NONE ? c->fn_info.at[p->t->fn] : NULL;
	TypeId param = info ? info->params.at[i + p->t->skip] : TY_ERROR;

	for (uint32_t k = 0; types_is(c, param, TAST_TY_PARAM) && k < info->generics->bounds.len; k++) {
		const TastBound *b = info->generics->bounds.at[k];

		if (b->args.at[0] == param &&
		    (b->trait == lang_trait(c, LANG_ITERATOR) || b->trait == lang_trait(c, LANG_INTO_ITERATOR)))
			return true;
	}
	return false;
}

/* A `&mut` of an iterator for a parameter that takes one by value: the callee goes on with it, and not with a copy. */
static TastExpr *
check_arg(Placing *p, uint32_t i)
{
	Fx *fx = p->fx;
	TastExpr *e = expr_infer(fx, p->slots[i].ast, p->t->params[i]);

	if (takes_iterator(p, i))
		e = method_by_ref(fx, e);
	return coerce(fx, e, p->t->params[i], param_why(p, i));
}

static void
check_slots(Placing *p, bool closures)
{
	Fx *fx = p->fx;

	if (!closures && !check_piped(p))
		return;

	for (uint32_t i = 0; i < p->t->n; i++) {
		Slot *s = &p->slots[i];
		bool is_closure = s->ast && expr_bare(s->ast)->kind == AST_EXPR_CLOSURE;

		if (!s->ast || s->node || is_closure != closures)
			continue;
		fx->spawning = is_closure && is_spawn(fx, p->t);
		fx->closure_spelled = is_closure && p->t->fn != IR_NONE ?
		    callable_spelled(fx->c->fn_info.at[p->t->fn]->ast, i) : NULL;
		s->node = check_arg(p, i);
		fx->spawning = false;
		fx->closure_spelled = NULL;
	}
}

/* Evaluating it earlier or later makes no difference. */
static bool
is_simple(const Fx *fx, const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_INT:
	case TAST_EXPR_FLOAT:
	case TAST_EXPR_BOOL:
	case TAST_EXPR_CHAR:
	case TAST_EXPR_STR:
	case TAST_EXPR_BYTE_STR:
	case TAST_EXPR_PARAM:
	case TAST_EXPR_CODE:
	case TAST_EXPR_FN:
	case TAST_EXPR_CLOSURE:
		return true;
	case TAST_EXPR_LOCAL:
		return !fx->fn->locals.at[e->local.local]->mutable;
	case TAST_EXPR_REF_MUT:
		return e->ref_mut.place->kind == TAST_EXPR_LOCAL;
	case TAST_EXPR_TUPLE:
		return !e->tuple.elems.len;
	case TAST_EXPR_ARRAY:
	case TAST_EXPR_REPEAT:
	case TAST_EXPR_STRUCT:
	case TAST_EXPR_FIELD:
	case TAST_EXPR_INDEX:
	case TAST_EXPR_SLICE:
	case TAST_EXPR_DEREF:
	case TAST_EXPR_ADDR_OF:
	case TAST_EXPR_UNARY:
	case TAST_EXPR_BINARY:
	case TAST_EXPR_CAST:
	case TAST_EXPR_ASSIGN:
	case TAST_EXPR_ASSIGN_OP:
	case TAST_EXPR_ASSIGN_PAR:
	case TAST_EXPR_CALL:
	case TAST_EXPR_CALL_VALUE:
	case TAST_EXPR_BLOCK:
	case TAST_EXPR_IF:
	case TAST_EXPR_LET:
	case TAST_EXPR_MATCH:
	case TAST_EXPR_LOOP:
	case TAST_EXPR_WHILE:
	case TAST_EXPR_FOR:
	case TAST_EXPR_BREAK:
	case TAST_EXPR_CONTINUE:
	case TAST_EXPR_RETURN:
	case TAST_EXPR_TRY:
	case TAST_EXPR_FORMAT:
	case TAST_EXPR_ARENA:
		return false;
	case TAST_EXPR_DYN:
		return is_simple(fx, e->dyn.operand);
	}
	return false;
}

static void
to_temporary(Fx *fx, TastExpr **e, TastStmtList *before)
{
	uint32_t local;

	if (is_simple(fx, *e) || (*e)->type == TY_ERROR)
		return;
	local = fx_local(fx, 0, (*e)->span, (*e)->type, false);
	vec_push(fx->c->arena, before, fx_let(fx, local, *e));
	*e = fx_use(fx, (*e)->span, local);
}

static bool
out_of_order(const Placing *p)
{
	uint32_t last = 0;

	for (uint32_t i = 0; i < p->t->n; i++) {
		if (p->slots[i].written == IR_NONE)
			continue;
		if (p->slots[i].written < last)
			return true;
		last = p->slots[i].written;
	}
	return false;
}

/* Temporaries in written order. */
static void
keep_order(Placing *p, TastExprList *receiver, TastStmtList *before)
{
	bool defaults = false;
	uint32_t next = 0;

	for (uint32_t i = 0; i < p->t->n; i++)
		defaults |= p->slots[i].written == IR_NONE;
	if (!out_of_order(p) && !defaults)
		return;
	if (receiver && receiver->len && receiver->at[0]->kind != TAST_EXPR_REF_MUT)
		to_temporary(p->fx, &receiver->at[0], before);
	for (bool any = true; any; next++) {
		any = false;
		for (uint32_t i = 0; i < p->t->n; i++) {
			any |= p->slots[i].written != IR_NONE && p->slots[i].written >= next;
			if (p->slots[i].written == next && p->slots[i].node)
				to_temporary(p->fx, &p->slots[i].node, before);
		}
	}
}

/* ---- Defaults ---- */

static TastExpr *
default_arg(Placing *p, uint32_t i, const TastExprList *receiver)
{
	Fx *fx = p->fx;
	const Target *t = p->t;
	TastFnId f = body_default(fx->c, t->fn, i);
	TastExprList args = {0};

	for (uint32_t k = 0; k < t->skip && receiver; k++)
		vec_push(fx->c->arena, &args, receiver->at[k]);
	for (uint32_t k = 0; k < i; k++)
		vec_push(fx->c->arena, &args, p->slots[k].node);
	if (!fx->c->fns.at[f]->n_params)
		args.len = 0;
	return fx_call(fx, p->span, t->params[i], fx_ref_item(fx, f, t->args, t->n_args), args);
}

static bool
has_default(const Placing *p, uint32_t i)
{
	const Target *t = p->t;

	return t->fn != IR_NONE && i < p->fx->c->fn_info.at[t->fn]->ast->params.len &&
	    p->fx->c->fn_info.at[t->fn]->ast->params.at[i]->default_;
}

/* After an error: the arguments may still have errors of their own. */
static TastExpr *
give_up(Fx *fx, const AstArgList *args, Span span)
{
	for (uint32_t i = 0; i < args->len; i++)
		if (expr_bare(args->at[i]->value)->kind != AST_EXPR_PLACEHOLDER &&
		    expr_bare(args->at[i]->value)->kind != AST_EXPR_CLOSURE)
			expr_infer(fx, args->at[i]->value, IR_NONE);
	return fx_error(fx, span);
}

void
call_expect(Fx *fx, TypeId ret, TypeId hint)
{
	if (hint != IR_NONE && ret != IR_NONE && (types_flags(fx->c, infer_deep(fx->c, ret)) &
	    TYPE_HAS_VAR) && infer_shallow(fx->c, hint) != TY_UNIT &&
	    !types_is(fx->c, infer_shallow(fx->c, hint), TAST_TY_REF_MUT))
		infer_try(fx->c, ret, hint);
}

/* ---- Positions and counts, of any integer type ---- */

static bool
is_position(const Fx *fx, const Target *t, uint32_t i)
{
	const FnInfo *info = t->fn == IR_NONE ? NULL : fx->c->fn_info.at[t->fn];

	return info && info->positions && info->params.at[i + t->skip] == TY_I64;
}

static const TypeId *
with_positions(Fx *fx, const Target *t, Span span)
{
	TypeId *params = arena_array(fx->c->arena, TypeId, t->n + 1);

	for (uint32_t i = 0; i < t->n; i++)
		params[i] = is_position(fx, t, i) ? infer_var(fx->c, VAR_INT, span) : t->params[i];
	return params;
}

static TastExpr *
as_position(Fx *fx, TastExpr *e)
{
	TastExpr *cast;

	if (e->kind == TAST_EXPR_INT)
		infer_default(fx->c, e->type);
	if (infer_shallow(fx->c, e->type) == TY_I64 || e->type == TY_ERROR)
		return e;
	cast = fx_expr(fx, TAST_EXPR_CAST, e->span, TY_I64);
	cast->cast.operand = e;
	return cast;
}

/* A part of a sequence for a parameter that may change the length, or a function that does. */
static void
check_length(Fx *fx, TastFnId f, uint32_t i, const TastExpr *arg)
{
	TypeId t = fx_known(fx, arg->type);

	if (types_is(fx->c, t, TAST_TY_REF_MUT))
		length_check_arg(fx, f, i, arg);
	else if (types_is(fx->c, t, TAST_TY_FN))
		callable_check_arg(fx, f, i, arg);
}

/* `I: IntoIterator<Item = V>`: what the arguments so far say of V, before closures that take one are looked at. */
static void
bind_assocs(Fx *fx, const Target *t, Span span)
{
	Check *c = fx->c;
	const TastBoundList *l = &c->fn_info.at[t->fn]->generics->declared;

	for (uint32_t i = 0; i < l->len; i++) {
		TastBound *b = l->at[i]->assocs.len ? bound_subst(c, l->at[i], t->args, t->n_args) : NULL;

		if (!b || type_is_var(fx_known(fx, b->args.at[0])) ||
		    !trait_may_hold(c, b->trait, b->args.at, b->args.len))
			continue;
		for (uint32_t k = 0; k < b->assocs.len; k++)
			infer_try(c, trait_normalize(c, b->assocs.at[k]->type, span), trait_normalize(c,
			    types_assoc(c, b->trait, b->args.at, b->args.len, b->assocs.at[k]->index), span));
	}
}

bool
call_args(Fx *fx, const Target *target, const AstArgList *args, TastExpr *piped, Span span, TypeId hint,
    TastExprList *receiver, TastExprList *out, TastStmtList *before)
{
	Target positions = *target;
	const Target *t = &positions;
	Slot *slots = arena_array(fx->c->arena, Slot, t->n + 1);
	Placing p = {fx, t, args, slots, span, 0, true};

	positions.params = with_positions(fx, target, span);
	for (uint32_t i = 0; i < t->n; i++)
		slots[i].written = IR_NONE;
	call_expect(fx, t->ret, hint);
	place_all(&p, args, piped);
	for (uint32_t i = 0; i < t->n; i++)
		if (!slots[i].ast && !slots[i].node && !has_default(&p, i))
			report_arity(&p, p.given);
	if (!p.ok) {
		give_up(fx, args, span);
		return false;
	}
	check_slots(&p, false);
	if (t->fn != IR_NONE && t->n_args)
		bind_assocs(fx, t, span);
	check_slots(&p, true);
	if (!p.ok)
		return false;
	for (uint32_t i = 0; t->fn != IR_NONE && i < t->n; i++)
		if (slots[i].node)
			check_length(fx, t->fn, i, slots[i].node);
	keep_order(&p, receiver, before);
	for (uint32_t i = 0; i < t->n; i++) {
		if (!slots[i].node)
			slots[i].node = default_arg(&p, i, receiver);
		if (is_position(fx, t, i))
			slots[i].node = as_position(fx, slots[i].node);
		vec_push(fx->c->arena, out, slots[i].node);
	}
	return true;
}

static TastExpr *
with_before(Fx *fx, TastStmtList before, TastExpr *e)
{
	return before.len ? fx_open_block(fx, e->span, before, e) : e;
}

/* ---- What is called ---- */

static TastExpr *
call_fn(Fx *fx, const PathValue *v, const AstArgList *args, TastExpr *piped, Span span, TypeId hint)
{
	Check *c = fx->c;
	TastFnId f = path_fn(fx, v);
	const FnInfo *info = c->fn_info.at[f];
	uint32_t n = info->params.len;
	TypeId *params = arena_array(c->arena, TypeId, n ? n : 1);
	Target t = {f, params, info->param_names.at, n, IR_NONE, check_str(c, c->fns.at[f]->name), 0,
	    v->args, v->n_args};
	TastExprList out = {0};
	TastStmtList before = {0};

	body_opaque(c, f);
	foreign_check_call(fx, f, span);
	if (v->kind == PATH_METHOD)
		fx_require(fx, v->trait, v->args, c->trait_info.at[v->trait]->generics->n, span, IR_NONE);
	for (uint32_t i = 0; i < n; i++)
		params[i] = call_param_type(fx, f, i, v->args, v->n_args, span);
	t.ret = call_ret_type(fx, f, v->args, v->n_args, span);
	if (info->self != AST_SELF_KIND_NONE && info->ast->params.len)
		t.fn = IR_NONE;		/* positions of defaults differ; they cannot be left out here */
	if (!call_args(fx, &t, args, piped, span, hint, NULL, &out, &before)) {
		TastExpr *e = fx_error(fx, span);

		if (!(types_flags(c, infer_deep(c, t.ret)) & TYPE_HAS_VAR))
			e->type = t.ret;
		return e;
	}
	if (info->self != AST_SELF_KIND_NONE && out.len)
		length_check_receiver(fx, v, out.at[0], out.at[0]->span);
	for (uint32_t i = 1; t.fn == IR_NONE && i < out.len; i++)
		check_length(fx, f, i - 1, out.at[i]);
	fx_require_bounds(fx, &info->generics->declared, v->args, v->n_args, span, f);
	return with_before(fx, before, fx_call(fx, span, t.ret, path_ref(fx, v), out));
}

static bool
ctor_fields_visible(Fx *fx, TypeId t, Span span)
{
	const AdtInfo *info = fx->c->adt_info.at[types_get(fx->c, t)->adt.adt];
	const AstFieldList *l;

	if (!info->is_tuple)
		return true;
	l = &info->ast->struct_.body->tuple.fields;
	for (uint32_t i = 0; i < l->len; i++)
		if (!names_visible(fx->c, l->at[i]->vis, names_real(fx->c, info->module), fx->module)) {
			Diag *d = diag_error(fx->c->diags, G0303, span, "the constructor",
			    types_show(fx->c, t));

			diag_primary(d, "it has private fields");
			return false;
		}
	return true;
}

/* `P(1, 2)` as `P { x: 1, y: 2 }`. */
static void
fix_named(Check *c, Diag *d, const TastVariant *v, const AstArgList *args, Span span)
{
	if (args->len != v->fields.len || !args->len || args->at[0]->name)
		return;
	for (uint32_t i = 0; i < args->len; i++) {
		Span at = {args->at[i]->span.start - !i, !i};
		const char *text = arena_printf(c->arena, "%s%s: ", i ? "" : " { ",
		    check_str(c, v->fields.at[i]->name));

		if (i)
			diag_edit(d, at, text);
		else
			diag_fix(d, DIAG_REVIEW, at, "name the fields", text);
	}
	diag_edit(d, (Span){span_end(span) - 1, 1}, " }");
}

static TastExpr *
call_ctor(Fx *fx, const PathValue *v, const AstArgList *args, TastExpr *piped, Span span, TypeId hint)
{
	Check *c = fx->c;
	const TastVariant *var = c->adts.at[types_get(c, v->type)->adt.adt]->variants.at[v->variant];
	uint32_t n = var->fields.len;
	TypeId *params = arena_array(c->arena, TypeId, n ? n : 1);
	Target t = {IR_NONE, params, NULL, n, v->type, check_str(c, var->name), 0, NULL, 0};
	TastExprList out = {0};
	TastStmtList before = {0};
	TastExpr *e;
	Diag *d;

	if (var->named) {
		d = diag_error(c->diags, G0355, span, check_str(c, var->name));
		diag_primary(d, "its fields have names");
		diag_help(d, "write `%s { … }`", check_str(c, var->name));
		fix_named(c, d, var, args, span);
		return give_up(fx, args, span);
	}
	if (!ctor_fields_visible(fx, v->type, span))
		return give_up(fx, args, span);
	for (uint32_t i = 0; i < n; i++)
		params[i] = trait_normalize(c, types_field(c, v->type, v->variant, i), span);
	if (!call_args(fx, &t, args, piped, span, hint, NULL, &out, &before))
		return fx_error(fx, span);
	e = fx_expr(fx, TAST_EXPR_STRUCT, span, v->type);
	e->struct_.variant = v->variant;
	for (uint32_t i = 0; i < n; i++)
		vec_push(c->arena, &e->struct_.fields, tast_mk_field_value(c->arena, i, out.at[i]));
	return with_before(fx, before, e);
}

TastExpr *
call_value(Fx *fx, TastExpr *callee, const AstArgList *args, TastExpr *piped, Span span, TypeId hint)
{
	Check *c = fx->c;
	TypeId type = fx_value_type(fx, callee);
	TastTy ty;
	Target t = {IR_NONE, NULL, NULL, 0, IR_NONE, "this function", 0, NULL, 0};
	TastExprList out = {0};
	TastStmtList before = {0};
	TastExpr *e;
	Diag *d;

	if (type == TY_ERROR)
		return give_up(fx, args, span);
	if (type_is_var(type) && infer_kind(c, type) == VAR_ANY) {
		TypeId *params = trait_fresh(c, args->len + (piped ? 1 : 0), span);

		infer_unify(c, type, types_fn(c, params, args->len + (piped ? 1 : 0), fx_var(fx, span)));
		type = infer_shallow(c, type);
	}
	if (!types_is(c, type, TAST_TY_FN)) {
		d = diag_error(c->diags, G0313, callee->span, report_a_type(c, type));
		diag_primary(d, "only functions and closures can be called");
		diag_fix(d, DIAG_REVIEW, fix_brackets(c, span, callee->span), "leave the brackets out", "");
		return give_up(fx, args, span);
	}
	ty = *types_get(c, type);
	t.params = ty.fn.params.at;
	t.n = ty.fn.params.len;
	t.ret = ty.fn.ret;
	if (callee->kind == TAST_EXPR_LOCAL)
		t.what = check_str(c, fx->fn->locals.at[callee->local.local]->name);
	if (!call_args(fx, &t, args, piped, span, hint, NULL, &out, &before))
		return fx_error(fx, span);
	e = fx_expr(fx, TAST_EXPR_CALL_VALUE, span, t.ret);
	e->call_value.callee = fx_deref(fx, callee);
	e->call_value.args = out;
	return with_before(fx, before, callable_guard(fx, e));
}

static TastExpr *
call_box(Fx *fx, const AstArgList *args, TastExpr *piped, Span span, TypeId hint)
{
	if (args->len + (piped ? 1 : 0) != 1) {
		diag_primary(diag_error(fx->c->diags, G0311, span, "Box::new", "1 argument",
		    arena_printf(fx->c->arena, "%u are", args->len)), "wrong number of arguments");
		return give_up(fx, args, span);
	}
	return piped ? piped : expr_infer(fx, args->at[0]->value, hint);
}

TastExpr *
call_resolved(Fx *fx, PathValue v, Span name, const AstArgList *args, TastExpr *piped, Span span,
    TypeId hint)
{
	switch (v.kind) {
	case PATH_ERROR:
		return give_up(fx, args, span);
	case PATH_LOCAL:
		return call_value(fx, fx_use(fx, name, v.index), args, piped, span, hint);
	case PATH_FN:
	case PATH_METHOD:
		return call_fn(fx, &v, args, piped, span, hint);
	case PATH_CTOR:
		return call_ctor(fx, &v, args, piped, span, hint);
	case PATH_CONST:
	case PATH_PARAM:
		return call_value(fx, path_use(fx, v, name), args, piped, span, hint);
	case PATH_BOX:
		return call_box(fx, args, piped, span, hint);
	}
	return fx_error(fx, span);
}

TastExpr *
call_path(Fx *fx, const AstPath *path, const AstArgList *args, TastExpr *piped, Span span, TypeId hint)
{
	return call_resolved(fx, path_value(fx, path), path->span, args, piped, span, hint);
}

TastExpr *
call_check(Fx *fx, const AstExpr *e, TypeId hint)
{
	const AstExpr *callee = expr_bare(e->call.callee);

	if (callee->kind == AST_EXPR_PATH)
		return call_path(fx, callee->path.path, &e->call.args, NULL, e->span, hint);
	if (callee->kind == AST_EXPR_QUALIFIED)
		return call_resolved(fx, path_qualified(fx, callee), callee->span, &e->call.args, NULL, e->span,
		    hint);
	return call_value(fx, expr_infer(fx, callee, IR_NONE), &e->call.args, NULL, e->span, hint);
}
