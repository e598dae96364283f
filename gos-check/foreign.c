/*
 * Foreign code.  An `extern` block declares functions without bodies; their symbol is what C calls them.
 * An `extern "C" fn` has a body and a symbol: it is a function like others, and C may call it too.
 *
 * A C function pointer is a raw pointer to a Fn type.
 */
#include "gos-check/foreign.h"

#include "gos-check/collect.h"
#include "gos-check/expr.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* ---- Declarations ---- */

static bool
check_abi(Check *c, Sym abi, Span span)
{
	if (!abi || !*check_str(c, abi) || !strcmp(check_str(c, abi), "C"))
		return true;
	Diag *d = diag_error(c->diags, G1003, span, check_str(c, abi));

	diag_primary(d, "`extern \"C\"` is what there is");
	return false;
}

static Sym
text_of(const AstAttr *a, Sym name)
{
	for (uint32_t i = 0; a && i < a->args.len; i++) {
		const AstAttrArg *arg = a->args.at[i];

		if (arg->kind == AST_ATTR_ARG_VALUE && arg->value.name == name &&
		    arg->value.value->kind == AST_EXPR_STR)
			return arg->value.value->str.value;
	}
	return 0;
}

/* `#[link(name = "m")]` */
static void
note_library(Check *c, const AstItem *item)
{
	Sym name = text_of(collect_attr(c, item, "link"), intern_cstr(c->names, "name"));

	for (uint32_t i = 0; i < c->libraries.len; i++)
		if (c->libraries.at[i] == name)
			return;
	if (name)
		vec_push(c->arena, &c->libraries, name);
}

static void
report_item(Check *c, Span span, const char *what)
{
	diag_primary(diag_error(c->diags, G1004, span, what), "only declarations of functions stand here");
}

static void
declare_foreign_fn(Check *c, ModuleId m, const AstItem *item)
{
	const AstFn *ast = item->fn.fn;
	TastFnId f = collect_fn(c, m, item, ast, NULL, 0);
	FnInfo *info = c->fn_info.at[f];
	Sym symbol = text_of(collect_attr(c, item, "link_name"), 0);

	info->foreign = true;
	info->is_unsafe = !item->is_safe;
	c->fns.at[f]->symbol = symbol ? symbol : ast->name->name;
	names_define(c, m, NS_VALUE, ast->name->name, (Def){DEF_FN, f, 0}, item->vis, ast->name->span);
	if (ast->body)
		report_item(c, ast->name->span, "a function with a body");
	else if (ast->generics->params.len)
		report_item(c, ast->generics->span, "a generic function");
	else if (ast->self != AST_SELF_KIND_NONE)
		report_item(c, ast->self_span, "a method");
	else
		return;
	info->broken = true;
}

void
foreign_declare(Check *c, ModuleId m, const AstItem *item)
{
	const AstItemList *l = &item->extern_.items;

	if (!check_abi(c, item->extern_.abi, item->span))
		return;
	note_library(c, item);
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->kind == AST_ITEM_FN)
			declare_foreign_fn(c, m, l->at[i]);
		else if (l->at[i]->kind != AST_ITEM_ERROR)
			report_item(c, l->at[i]->span, "this");
}

void
foreign_export(Check *c, TastFnId f)
{
	FnInfo *info = c->fn_info.at[f];
	TastFn *fn = c->fns.at[f];
	Diag *d;

	if (!info->ast->is_extern || !check_abi(c, info->ast->abi, fn->span))
		return;
	fn->symbol = collect_attr(c, info->item, "no_mangle") ? fn->name : fn->path;
	if (info->ast->generics->params.len || map_find(&c->exported, fn->symbol)) {
		d = diag_error(c->diags, G1008, fn->span, check_str(c, fn->name));
		diag_primary(d, info->ast->generics->params.len ? "it has type parameters" :
		    "a second function that C would see under this name");
		info->broken = true;
		return;
	}
	map_set(c->arena, &c->exported, fn->symbol, f);
}

void
foreign_refuse_method(Check *c, TastFnId f)
{
	if (c->fn_info.at[f]->ast->is_extern)
		diag_primary(diag_error(c->diags, G1008, c->fns.at[f]->span, check_str(c, c->fns.at[f]->name)),
		    "a method");
}

/* ---- What crosses ---- */

static bool
crosses(const Check *c, TypeId t)
{
	return t == TY_ERROR || t == TY_BOOL || types_is_float(t) || (types_is_int(t) && types_bits(t) <= 64) ||
	    types_is(c, t, TAST_TY_PTR);
}

static void
report_type(Check *c, TypeId t, Span span)
{
	Diag *d = diag_error(c->diags, G1002, span, types_show(c, t));

	diag_primary(d, "not a type of C");
	if (t == TY_STRING)
		diag_help(d, "text crosses as `*const u8`: `s.to_c()` makes the bytes, `as_ptr()` points to them");
	else if (types_is_lang(c, t, "Vec"))
		diag_help(d, "elements cross as a pointer and a count: `v.as_ptr()`, `v.len()`");
	else if (types_is(c, t, TAST_TY_REF_MUT))
		diag_help(d, "declare it as `*mut %s`; at the call, `&mut place` fits",
		    types_show(c, types_strip_ref(c, t)));
	else if (types_adt_of(c, t) != IR_NONE)
		diag_help(d, "pass its address: `*const %s`", types_show(c, t));
	else if (t == TY_CHAR)
		diag_help(d, "a `char` crosses as `u32`");
}

void
foreign_check_signature(Check *c, TastFnId f)
{
	const FnInfo *info = c->fn_info.at[f];
	const TastFn *fn = c->fns.at[f];

	if (!info->foreign && !info->ast->is_extern)
		return;
	for (uint32_t i = 0; i < info->params.len; i++)
		if (!crosses(c, info->params.at[i]) && i < info->ast->params.len)
			report_type(c, info->params.at[i], info->ast->params.at[i]->type->span);
	if (!crosses(c, fn->ret) && fn->ret != TY_UNIT && fn->ret != TY_NEVER && info->ast->ret)
		report_type(c, fn->ret, info->ast->ret->span);
}

/* ---- unsafe ---- */

void
foreign_need_unsafe(Fx *fx, Span span, const char *what)
{
	Text text;
	Diag *d;

	if (fx->unsafes)
		return;
	d = diag_error(fx->c->diags, G1001, span, what);
	diag_primary(d, "stands outside of `unsafe`");
	text = source_span_text(fx->c->sources, span);
	diag_fix(d, DIAG_REVIEW, span, "say that it has been checked",
	    arena_printf(fx->c->arena, "unsafe { %.*s }", (int)text.n, text.s));
}

void
foreign_check_call(Fx *fx, TastFnId f, Span span)
{
	const FnInfo *info = fx->c->fn_info.at[f];

	if (info->is_unsafe)
		foreign_need_unsafe(fx, span, info->foreign ? "the call of a foreign function" :
		    "the call of an `unsafe fn`");
}

bool
foreign_check_value(Fx *fx, TastFnId f, Span span)
{
	const FnInfo *info = fx->c->fn_info.at[f];
	const char *name = check_str(fx->c, fx->c->fns.at[f]->name);
	Diag *d;

	if (!info->foreign && !info->is_unsafe)
		return true;
	d = diag_error(fx->c->diags, G1005, span, name);
	diag_primary(d, info->foreign ? "a foreign function" : "an `unsafe fn`");
	diag_help(d, info->is_unsafe ? "write a closure: `|x| unsafe { %s(x) }`" :
	    "write a closure: `|x| %s(x)`", name);
	return false;
}

/* ---- Raw pointers ---- */

enum { TARGET_DEPTH = 20 };

typedef struct Plain {
	Check *c;
	uint32_t depth;
	bool yes;
} Plain;

static void
look_at(void *ctx, TypeId t)
{
	Plain *at = ctx;
	Check *c = at->c;
	TastTy ty;

	t = infer_shallow(c, t);
	if (!at->yes || type_is_var(t) || t == TY_ERROR || t == TY_UNIT || types_is_scalar(t) ||
	    types_is(c, t, TAST_TY_PTR) || types_is(c, t, TAST_TY_CONST))
		return;
	ty = *types_get(c, t);
	at->yes = ++at->depth < TARGET_DEPTH && (ty.kind == TAST_TY_TUPLE || ty.kind == TAST_TY_ARRAY ||
	    (ty.kind == TAST_TY_ADT && c->adt_info.at[ty.adt.adt]->lang == LANG_ADT_COUNT &&
	    c->adts.at[ty.adt.adt]->kind == TAST_ADT_KIND_STRUCT));
	if (at->yes && ty.kind == TAST_TY_ADT)
		for (uint32_t i = 0; i < c->adts.at[ty.adt.adt]->variants.at[0]->fields.len; i++)
			look_at(at, trait_normalize(c, types_field(c, t, 0, i), (Span){0, 0}));
	else if (at->yes)
		types_each_part(&ty, look_at, at);
	at->depth--;
}

TastExpr *
foreign_deref(Fx *fx, TastExpr *p, Span span)
{
	Check *c = fx->c;
	TypeId target = infer_deep(c, types_get(c, fx_known(fx, p->type))->ptr.target);
	Plain at = {c, 0, true};
	TastExpr *e;

	foreign_need_unsafe(fx, span, "looking behind a raw pointer");
	look_at(&at, target);
	if (!at.yes) {
		diag_primary(diag_error(c->diags, G1007, span, types_show(c, target)), "it may hold counted storage");
		return fx_error(fx, span);
	}
	e = fx_expr(fx, TAST_EXPR_DEREF, span, target);
	e->deref.operand = p;
	return e;
}

void
foreign_check_write(Fx *fx, const TastExpr *place)
{
	Check *c = fx->c;
	TypeId t = infer_shallow(c, place->deref.operand->type);
	Diag *d;

	if (!types_is(c, t, TAST_TY_PTR) || types_get(c, t)->ptr.mut)
		return;
	d = diag_error(c->diags, G1006, place->span);
	diag_primary(d, "this pointer is a `%s`", types_show(c, t));
}

static TastExpr *
cast_to(Fx *fx, TastExpr *e, TypeId to)
{
	TastExpr *r = fx_expr(fx, TAST_EXPR_CAST, e->span, to);

	r->cast.operand = e;
	return r;
}

TastExpr *
foreign_address(Fx *fx, TastExpr *place, TypeId to, Span span)
{
	TastStmtList before = {0};
	TastExpr *e;
	uint32_t local;

	place = fx_deref(fx, place);
	if (!expr_is_place(place)) {
		local = fx_local(fx, 0, place->span, place->type, false);
		vec_push(fx->c->arena, &before, fx_let(fx, local, place));
		place = fx_use(fx, place->span, local);
	}
	if (place->kind == TAST_EXPR_LOCAL)
		place->local.view = true;
	e = fx_expr(fx, TAST_EXPR_ADDR_OF, span, types_ptr(fx->c, false, place->type));
	e->addr_of.place = place;
	if (!infer_try(fx->c, e->type, to))
		e = cast_to(fx, e, to);
	return before.len ? fx_block(fx, span, before, e) : e;
}

static bool
is_extern(const Check *c, const TastFnRef *ref)
{
	return ref->kind == TAST_FN_REF_ITEM && c->fn_info.at[ref->item.fn]->ast->is_extern;
}

/* Where C is to call it back. */
static TastExpr *
code_of(Fx *fx, const TastExpr *fn, TypeId to)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_CODE, fn->span, to);

	e->code.fn = fn->fn.fn;
	return e;
}

TastExpr *
foreign_coerce(Fx *fx, TastExpr *e, TypeId want)
{
	Check *c = fx->c;
	TypeId have = fx_known(fx, e->type);
	TastTy to, from;

	if (!types_is(c, want, TAST_TY_PTR) || type_is_var(have) || have == want)
		return NULL;
	to = *types_get(c, want);
	from = *types_get(c, have);
	if (from.kind == TAST_TY_REF_MUT && infer_try(c, from.ref_mut.target, to.ptr.target))
		return cast_to(fx, e, want);
	if (e->kind == TAST_EXPR_FN && is_extern(c, e->fn.fn) && infer_try(c, have, to.ptr.target))
		return code_of(fx, e, want);
	if (from.kind == TAST_TY_PTR && from.ptr.mut && !to.ptr.mut && infer_try(c, from.ptr.target, to.ptr.target))
		return cast_to(fx, e, want);
	return NULL;
}

static bool
is_word(const Check *c, TypeId t)
{
	return types_is(c, t, TAST_TY_PTR) || (types_is_int(t) && types_bits(t) == 64);
}

bool
foreign_cast_allowed(const Check *c, TypeId from, TypeId to)
{
	if (types_is(c, from, TAST_TY_REF_MUT))
		return types_is(c, to, TAST_TY_PTR) &&
		    types_get(c, from)->ref_mut.target == types_get(c, to)->ptr.target;
	return is_word(c, from) && is_word(c, to);
}
