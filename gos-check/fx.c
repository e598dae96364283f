/*
 * Building blocks of body checking: nodes, scopes, captures.
 */
#include "gos-check/fx.h"

#include "gos-check/const.h"
#include "gos-check/foreign.h"

#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* ---- Nodes ---- */

void
fx_open(Fx *fx, TypeId *at)
{
	vec_push(fx->c->arena, &fx->open_types, at);
}

TastExpr *
fx_expr(Fx *fx, TastExprKind kind, Span span, TypeId type)
{
	TastExpr *e = arena_new(fx->c->arena, TastExpr);

	e->kind = kind;
	e->span = span;
	e->type = type;
	fx_open(fx, &e->type);
	return e;
}

TastPat *
fx_pat(Fx *fx, TastPatKind kind, Span span, TypeId type)
{
	TastPat *p = arena_new(fx->c->arena, TastPat);

	p->kind = kind;
	p->span = span;
	p->type = type;
	fx_open(fx, &p->type);
	vec_push(fx->c->arena, &fx->patterns, p);
	return p;
}

TastExpr *
fx_error(Fx *fx, Span span)
{
	fx->poisoned = true;
	return fx_expr(fx, TAST_EXPR_TUPLE, span, TY_ERROR);
}

TastExpr *
fx_unit(Fx *fx, Span span)
{
	return fx_expr(fx, TAST_EXPR_TUPLE, span, TY_UNIT);
}

TastExpr *
fx_int(Fx *fx, Span span, TypeId type, IrU128 value)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_INT, span, type);

	e->int_.value = value;
	return e;
}

TastExpr *
fx_str(Fx *fx, Span span, const char *text)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_STR, span, TY_STRING);

	e->str.value = intern_cstr(fx->c->names, text);
	return e;
}

static void
capture(Fx *fx, uint32_t closure, uint32_t local)
{
	IrU32List *l = &fx->closures.at[closure].captures;

	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i] == local)
			return;
	vec_push(fx->c->arena, l, local);
}

TastExpr *
fx_use(Fx *fx, Span span, uint32_t local)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_LOCAL, span, fx->fn->locals.at[local]->type);

	e->local.local = local;
	for (uint32_t d = fx->depth.at[local]; d < fx->closures.len; d++)
		capture(fx, d, local);
	return e;
}

TastExpr *
fx_deref(Fx *fx, TastExpr *e)
{
	TypeId t = infer_shallow(fx->c, e->type);
	TastExpr *d;

	if (!types_is(fx->c, t, TAST_TY_REF_MUT))
		return e;
	if (e->kind == TAST_EXPR_REF_MUT)
		return e->ref_mut.place;
	d = fx_expr(fx, TAST_EXPR_DEREF, e->span, types_strip_ref(fx->c, t));
	d->deref.operand = e;
	return d;
}

static TastExpr *
field_of(Fx *fx, TastExpr *operand, uint32_t index)
{
	TypeId t = fx_value_type(fx, operand);
	TastExpr *e = fx_expr(fx, TAST_EXPR_FIELD, operand->span,
	    trait_normalize(fx->c, types_field(fx->c, t, 0, index), operand->span));

	e->field.operand = fx_deref(fx, operand);
	e->field.index = index;
	return e;
}

static LangAdt
lang_of(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt == IR_NONE ? LANG_ADT_COUNT : c->adt_info.at[adt]->lang;
}

TastExpr *
fx_follow(Fx *fx, TastExpr *e)
{
	TypeId t = fx_value_type(fx, e);
	LangAdt lang = lang_of(fx->c, t);
	TastExpr *cell = fx_deref(fx, e), *d;

	if (lang == LANG_RC || lang == LANG_REF || lang == LANG_REF_MUT)
		cell = field_of(fx, e, 0);
	else if (lang != LANG_SHARED)
		return NULL;
	d = fx_expr(fx, TAST_EXPR_DEREF, e->span, types_arg(fx->c, fx_value_type(fx, cell), 0));
	d->deref.operand = cell;
	return lang == LANG_SHARED ? d : field_of(fx, d, 1);
}

TastExpr *
fx_ref_mut(Fx *fx, TastExpr *place, Span span)
{
	TastExpr *e;

	fx_mutate(fx, place);
	if (place->kind == TAST_EXPR_DEREF && place->deref.operand->kind != TAST_EXPR_CALL) {
		/* `&mut *r` is r again */
		e = fx_expr(fx, TAST_EXPR_REF_MUT, span, types_ref_mut(fx->c, place->type));
		e->ref_mut.place = place;
		return e;
	}
	e = fx_expr(fx, TAST_EXPR_REF_MUT, span, types_ref_mut(fx->c, place->type));
	e->ref_mut.place = place;
	return e;
}

TastExpr *
fx_block(Fx *fx, Span span, TastStmtList stmts, TastExpr *value)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_BLOCK, span, value ? value->type : TY_UNIT);

	e->block.label = IR_NONE;
	e->block.stmts = stmts;
	e->block.value = value;
	return e;
}

TastExpr *
fx_open_block(Fx *fx, Span span, TastStmtList stmts, TastExpr *value)
{
	TastExpr *e = fx_block(fx, span, stmts, value);

	e->block.open = true;
	return e;
}

TastStmt *
fx_let(Fx *fx, uint32_t local, TastExpr *value)
{
	const TastVariable *v = fx->fn->locals.at[local];
	TastPat *p = fx_pat(fx, TAST_PAT_BIND, v->span, v->type);

	p->bind.local = local;
	return tast_mk_stmt_let(fx->c->arena, value->span, p, value, NULL);
}

TastStmt *
fx_stmt(Fx *fx, TastExpr *e)
{
	return tast_mk_stmt_expr(fx->c->arena, e->span, e);
}

static IrU32List
open_list(Fx *fx, const TypeId *args, uint32_t n)
{
	TypeId *at = arena_array(fx->c->arena, TypeId, n ? n : 1);

	if (n)
		memcpy(at, args, n * sizeof *at);
	return (IrU32List){at, n, n};
}

TastFnRef *
fx_ref_item(Fx *fx, TastFnId f, const TypeId *args, uint32_t n)
{
	TastFnRef *r = tast_mk_fn_ref_item(fx->c->arena, f, open_list(fx, args, n));

	if (n)
		vec_push(fx->c->arena, &fx->open_lists, &r->item.args);
	fx_reach(fx->c, f);
	return r;
}

TastFnRef *
fx_ref_method(Fx *fx, TastTraitId t, uint32_t method, const TypeId *args, uint32_t n)
{
	TastFnRef *r = tast_mk_fn_ref_method(fx->c->arena, t, method, open_list(fx, args, n));

	vec_push(fx->c->arena, &fx->open_lists, &r->method.args);
	fx_reach(fx->c, fx->c->traits.at[t]->methods.at[method]);
	return r;
}

TastExpr *
fx_call(Fx *fx, Span span, TypeId type, TastFnRef *f, TastExprList args)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_CALL, span, type);

	e->call.fn = f;
	vec_push(fx->c->arena, &fx->calls, e);
	e->call.args = args;
	return e;
}

TypeId
fx_lang(Fx *fx, LangAdt which, const TypeId *args, uint32_t n, Span span)
{
	TastAdtId adt = lang_adt(fx->c, which);

	if (adt != IR_NONE)
		return types_adt(fx->c, adt, args, n);
	report_unsupported(fx->c, span, "this without the standard library");
	return TY_ERROR;
}

/* ---- Types ---- */

TypeId
fx_var(Fx *fx, Span span)
{
	return infer_var(fx->c, VAR_ANY, span);
}

void
fx_fresh_args(Fx *fx, const Generics *g, uint32_t from, TypeId *args, Span span, bool defaults)
{
	for (uint32_t i = from; i < g->n; i++)
		args[i] = fx_var(fx, span);
	if (defaults)
		fx_default_args(fx, g, args, span);
}

void
fx_default_args(Fx *fx, const Generics *g, TypeId *args, Span span)
{
	for (uint32_t i = 0; i < g->decls.len; i++) {
		const GenericDecl *d = &g->decls.at[i];
		TypeId t;

		if (d->index == IR_NONE || !type_is_var(infer_shallow(fx->c, args[d->index])))
			continue;
		t = type_default(fx->c, g, d, args, g->n);
		if (t != IR_NONE)
			infer_unify(fx->c, args[d->index], trait_normalize(fx->c, t, span));
	}
}

bool
fx_is_sound(const Fx *fx)
{
	return fx->c->diags->errors == fx->errors;
}

TypeId
fx_known(Fx *fx, TypeId t)
{
	t = infer_shallow(fx->c, t);
	if (type_is_var(t) && infer_kind(fx->c, t) == VAR_ANY && fx_solve(fx))
		t = infer_shallow(fx->c, t);
	if (!type_is_var(t) && (types_flags(fx->c, t) & TYPE_HAS_VAR) && types_is(fx->c, t, TAST_TY_ARRAY_N))
		t = infer_deep(fx->c, t);	/* its length may be known by now */
	return t;
}

TypeId
fx_value_type(Fx *fx, const TastExpr *e)
{
	return infer_shallow(fx->c, types_strip_ref(fx->c, fx_known(fx, e->type)));
}

Scope
fx_scope(const Fx *fx)
{
	return (Scope){fx->module, fx->generics};
}

TypeCx
fx_cx(Fx *fx)
{
	return (TypeCx){fx_scope(fx), NULL, true, NULL, NULL};
}

TypeId
fx_lower(Fx *fx, const AstType *t)
{
	TypeCx cx = fx_cx(fx);

	return trait_normalize(fx->c, type_lower(fx->c, &cx, t), t->span);
}

/* ---- Scopes ---- */

uint32_t
fx_local(Fx *fx, Sym name, Span span, TypeId type, bool mutable)
{
	TastVariable *v = tast_mk_variable(fx->c->arena, span, name, type, mutable, false, false);

	vec_push(fx->c->arena, &fx->fn->locals, v);
	vec_push(fx->c->arena, &fx->depth, fx->closures.len);
	fx_open(fx, &v->type);
	return fx->fn->locals.len - 1;
}

void
fx_bind(Fx *fx, Sym name, uint32_t local)
{
	uint32_t hidden = map_get(&fx->heads, name, 0);

	if (!name)
		return;
	vec_push(fx->c->arena, &fx->bindings, (Binding){name, local, hidden});
	map_set(fx->c->arena, &fx->heads, name, fx->bindings.len);
}

uint32_t
fx_scope_enter(Fx *fx)
{
	return fx->bindings.len;
}

void
fx_scope_leave(Fx *fx, uint32_t mark)
{
	while (fx->bindings.len > mark) {
		Binding b = vec_pop(&fx->bindings);

		map_set(fx->c->arena, &fx->heads, b.name, b.hidden);
	}
}

bool
fx_find(const Fx *fx, Sym name, uint32_t *local)
{
	uint32_t i = map_get(&fx->heads, name, 0);

	if (!i)
		return false;
	*local = fx->bindings.at[i - 1].local;
	return true;
}

/* ---- Places ---- */

bool
fx_is_overloaded_index(const Fx *fx, const TastExpr *e)
{
	return e->kind == TAST_EXPR_CALL && e->call.fn->kind == TAST_FN_REF_METHOD &&
	    e->call.fn->method.trait == lang_trait(fx->c, LANG_INDEX);
}

/* `index(x, i)` becomes `*index_mut(&mut x, i)`. */
static void
to_index_mut(Fx *fx, TastExpr *e)
{
	TastTraitId t = lang_trait(fx->c, LANG_INDEX_MUT);
	IrU32List args = e->call.fn->method.args;
	TastExpr *call;

	fx_require(fx, t, args.at, args.len, e->span, IR_NONE);
	call = fx_call(fx, e->span, types_ref_mut(fx->c, e->type),
	    fx_ref_method(fx, t, 0, args.at, args.len), e->call.args);
	call->call.args.at[0] = fx_ref_mut(fx, call->call.args.at[0], e->call.args.at[0]->span);
	e->kind = TAST_EXPR_DEREF;
	e->deref.operand = call;
}

static void
mutate_local(Fx *fx, const TastExpr *e)
{
	TastVariable *v = fx->fn->locals.at[e->local.local];
	uint32_t depth = fx->depth.at[e->local.local];
	Diag *d;

	if (depth >= fx->closures.len)
		return;
	for (uint32_t i = depth; i < fx->closures.len; i++) {
		if (!fx->closures.at[i].spawned)
			continue;
		d = diag_error(fx->c->diags, G0350, e->span, check_str(fx->c, v->name));
		diag_primary(d, "this changes the goroutine's own copy, which nobody else sees");
		diag_label(d, v->span, "declared here, outside the goroutine");
		diag_help(d, "return the new value from the closure and take it from `join()`");
		return;
	}
	v->shared = true;
}

/* What an Rc or a Ref leads to cannot be changed through it. */
static void
mutate_behind(Fx *fx, const TastExpr *e)
{
	const TastExpr *cell = e->deref.operand;
	LangAdt lang = cell->kind != TAST_EXPR_FIELD ? LANG_ADT_COUNT :
	    lang_of(fx->c, infer_shallow(fx->c, cell->field.operand->type));
	Diag *d;

	foreign_check_write(fx, e);
	if (const_is_place(fx->c, e) && !fx->info->is_std) {
		diag_primary(diag_error(fx->c->diags, G0518, e->span), "this would change it");
		return;
	}
	if ((lang != LANG_RC && lang != LANG_REF) || fx->info->is_std)
		return;
	d = diag_error(fx->c->diags, G0515, e->span, lang == LANG_RC ? "an `Rc`" : "a `Ref`");
	diag_primary(d, "this is %s", report_quoted(fx->c, infer_deep(fx->c, cell->field.operand->type)));
	if (lang == LANG_RC) {
		diag_help(d, "others share the value; put it in a `Cell` or `RefCell` to change it: `Rc<RefCell<T>>`");
		diag_help(d, "`Rc::get_mut` and `Rc::make_mut` give a value that nobody shares");
	} else {
		diag_help(d, "`borrow_mut()` gives access for changing");
	}
}

/* A part that something inside of will be written: the place is behind a `&mut` to the part. */
static void
mutate_part(Fx *fx, TastExpr **slice)
{
	TastExpr *e;

	if ((*slice)->kind != TAST_EXPR_SLICE || fx_known(fx, (*slice)->type) == TY_STRING) {
		fx_mutate(fx, *slice);
		return;
	}
	e = fx_expr(fx, TAST_EXPR_DEREF, (*slice)->span, (*slice)->type);
	e->deref.operand = fx_ref_mut(fx, *slice, (*slice)->span);
	*slice = e;
}

void
fx_mutate(Fx *fx, TastExpr *e)
{
	if (e->type == TY_ERROR)
		return;
	if (fx_is_overloaded_index(fx, e))
		to_index_mut(fx, e);
	else if (e->kind == TAST_EXPR_LOCAL)
		mutate_local(fx, e);
	else if (e->kind == TAST_EXPR_FIELD)
		fx_mutate(fx, e->field.operand);
	else if (e->kind == TAST_EXPR_INDEX)
		mutate_part(fx, &e->index.operand);
	else if (e->kind == TAST_EXPR_SLICE)
		mutate_part(fx, &e->slice.operand);
	else if (e->kind == TAST_EXPR_DEREF)
		mutate_behind(fx, e);
}
