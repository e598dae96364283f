/*
 * Written types to type ids.
 *
 * `&T`, `Box<T>` and `T` are one type here; `[T]` is Vec<T>; all callables are Fn.  An unknown
 * name is reported once and becomes TY_ERROR.
 */
#include "gos-check/type.h"

#include "gos-check/anon.h"

#include "gos-check/const_arg.h"
#include "gos-check/dyn.h"
#include "gos-check/fx.h"
#include "gos-check/fix.h"
#include "gos-check/infer.h"
#include "gos-check/report.h"

#include <string.h>

static TypeId
lower_list_tuple(Check *c, const TypeCx *cx, const AstTypeList *l)
{
	TypeId *at = arena_array(c->arena, TypeId, l->len ? l->len : 1);

	for (uint32_t i = 0; i < l->len; i++)
		at[i] = type_lower(c, cx, l->at[i]);
	return types_tuple(c, at, l->len);
}

static TypeId
lower_fn(Check *c, const TypeCx *cx, const AstType *t)
{
	const AstTypeList *l = &t->fn.params;
	TypeId *at = arena_array(c->arena, TypeId, l->len ? l->len : 1);
	TypeCx inner = *cx;

	inner.anon = NULL;
	for (uint32_t i = 0; i < l->len; i++)
		at[i] = type_lower(c, &inner, l->at[i]);
	return types_fn(c, at, l->len, t->fn.ret ? type_lower(c, &inner, t->fn.ret) : TY_UNIT);
}

static TypeId
lower_array(Check *c, const TypeCx *cx, const AstType *t)
{
	TypeId elem = type_lower(c, cx, t->array.elem);
	TypeId len = const_length(c, cx, t->array.len);

	return len == TY_ERROR ? TY_ERROR : types_array_n(c, elem, len);
}

static TypeId
lower_vec(Check *c, TypeId elem)
{
	TastAdtId vec = lang_adt(c, LANG_VEC);

	return vec == IR_NONE ? TY_ERROR : types_adt(c, vec, &elem, 1);
}

static TypeId
lower_impl(Check *c, const TypeCx *cx, const AstType *t)
{
	const AstBoundList *l = &t->impl.bounds;
	TypeId self;
	Diag *d;

	if (l->len == 1 && l->at[0]->kind == AST_BOUND_CALLABLE)
		return type_lower(c, cx, l->at[0]->callable.type);
	if (cx->opaque) {
		self = infer_var(c, VAR_ANY, t->span);
		vec_push(c->arena, &cx->opaque->opaques, (Opaque){self, l, t->span});
		return self;
	}
	if (cx->anons)
		return anon_next(c, cx, t);
	if (!cx->anon) {
		d = diag_error(c->diags, G0622, t->span);
		diag_primary(d, "not the type of a parameter or a result");
		diag_help(d, "a type parameter stands for any type: `<T: Trait>`; a value of any type with the trait "
		    "is a `dyn Trait`");
		return TY_ERROR;
	}
	self = generics_add(c, cx->anon, intern_cstr(c->names, "impl Trait"), t->span);
	generics_add_bounds(c, cx->anon, self, l, cx->anon->tast.len - 1, true);
	return self;
}

static TypeId
lower_assoc(Check *c, const TypeCx *cx, const AstType *t)
{
	TypeId self = type_lower(c, cx, t->assoc.self);
	TastBound *b;
	uint32_t i;
	Diag *d;

	if (!t->assoc.trait) {
		TypeId r = type_assoc_named(c, cx, self, t->assoc.name->name);

		if (r != IR_NONE)
			return r;
		names_unknown(c, cx->scope, t->assoc.name->name, t->assoc.name->span, NS_TYPE);
		return TY_ERROR;
	}
	b = type_bound(c, cx, self, t->assoc.trait);
	if (!b || self == TY_ERROR)
		return TY_ERROR;
	i = trait_assoc_index(c, b->trait, t->assoc.name->name);
	if (i != IR_NONE)
		return types_assoc(c, b->trait, b->args.at, b->args.len, i);
	d = diag_error(c->diags, G0306, t->assoc.name->span, check_str(c, c->traits.at[b->trait]->name),
	    check_str(c, t->assoc.name->name));
	diag_primary(d, "not a type of this trait");
	fix_assoc(c, d, t->assoc.name->span, t->assoc.name->name, &b, 1);
	return TY_ERROR;
}

/* ---- Paths ---- */

TypeId
type_default(Check *c, const Generics *g, const GenericDecl *d, const TypeId *args, uint32_t n)
{
	TypeCx cx = {{g->module, g}, NULL, false, NULL, NULL};

	if (d->ast && d->is_const)
		return const_default(c, g, d, args, n);
	if (!d->ast || !d->ast->type.default_)
		return IR_NONE;
	return types_subst(c, type_lower(c, &cx, d->ast->type.default_), args, n);
}

/* Without the arguments and their brackets. */
static void
fix_type_args(Check *c, Diag *d, const AstSegment *seg)
{
	Span name = {seg->span.start, (uint32_t)intern_text(c->names, seg->name).n};
	uint32_t end = span_end(vec_last(&seg->args)->span) + 1;

	diag_fix(d, DIAG_REVIEW, (Span){span_end(name), end - span_end(name)}, "leave them out", "");
}

static bool
any_const(const Generics *g)
{
	for (uint32_t i = 0; i < g->decls.len; i++)
		if (g->decls.at[i].is_const)
			return true;
	return false;
}

static bool
wrong_count(Check *c, const Generics *g, const AstSegment *seg, const char *name, uint32_t want)
{
	const char *noun = any_const(g) ? "argument" : "type argument";
	Diag *d = diag_error(c->diags, G0319, seg->span, name, report_count(c, want, noun),
	    report_count(c, seg->args.len, noun));

	if (seg->args.len < want)
		diag_primary(d, seg->args.len ? "too few" : "the arguments are missing");
	else
		diag_primary(d, want ? "too many" : "it takes none");
	if (seg->args.len > want && !want)
		fix_type_args(c, d, seg);
	else if (seg->args.len > want)
		fix_remove_element(c, d, vec_last(&seg->args)->span, "leave the last one out");
	if (!strcmp(name, "Result") && seg->args.len == 1) {
		diag_help(d, "the second says what an error is, such as `String`, or `errors::Error` of `std::errors`");
		fix_after(d, DIAG_REVIEW, seg->args.at[0]->span, "let errors be texts", ", String");
	}
	if (g->decls.len && g->decls.at[0].span.len)
		diag_label(d, g->decls.at[0].span, "its parameters begin here");
	return false;
}

static TypeId
lower_arg(Check *c, const TypeCx *cx, const AstGenericArg *a)
{
	if (a->kind == AST_GENERIC_ARG_TYPE)
		return type_lower(c, cx, a->type.type);
	diag_primary(diag_error(c->diags, G0713, a->span, "a type", "a constant"), "a type stands here");
	return TY_ERROR;
}

/* How many of the parameters are real ones, not names for a callable. */
static uint32_t
real_count(const Generics *g)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->decls.len; i++)
		n += g->decls.at[i].index != IR_NONE;
	return n;
}

bool
type_args(Check *c, const TypeCx *cx, const Generics *g, const AstSegment *seg, const char *name,
    bool elide, TypeId *args)
{
	uint32_t given = seg ? seg->args.len : 0, next = 0;
	bool all = given > real_count(g);	/* arguments for callable parameters too */

	if (given > g->decls.len)
		return wrong_count(c, g, seg, name, real_count(g));
	for (uint32_t i = 0; i < g->decls.len; i++) {
		const GenericDecl *d = &g->decls.at[i];
		TypeId t;

		if (d->index == IR_NONE) {
			if (all && next < given)
				lower_arg(c, cx, seg->args.at[next++]);
			continue;
		}
		if (next < given)
			t = d->is_const ? const_arg(c, cx, g, i, seg->args.at[next++]) :
			    lower_arg(c, cx, seg->args.at[next++]);
		else if (elide && cx->infer && !given)
			t = infer_var(c, VAR_ANY, seg ? seg->span : d->span);
		else
			t = type_default(c, g, d, args, d->index);
		if (t == IR_NONE)
			return wrong_count(c, g, seg, name, real_count(g));
		args[d->index] = t;
	}
	return true;
}

static TypeId
adt_type(Check *c, const TypeCx *cx, TastAdtId adt, const AstSegment *seg, bool elide)
{
	const Generics *g = c->adt_info.at[adt]->generics;
	TypeId *args = arena_array(c->arena, TypeId, g->n ? g->n : 1);

	if (!type_args(c, cx, g, seg, check_str(c, c->adts.at[adt]->name), elide, args))
		return TY_ERROR;
	return types_adt(c, adt, args, g->n);
}

TypeId
type_alias(Check *c, uint32_t alias)
{
	AliasInfo *a = c->aliases.at[alias];
	TypeCx cx = {{a->module, a->generics}, NULL, false, NULL, NULL};
	Diag *d;

	if (a->resolved)
		return a->type;
	if (a->resolving) {
		d = diag_error(c->diags, G0324, a->ast->span, check_str(c, a->ast->type_alias.name->name));
		diag_primary(d, "it is defined by itself");
		a->type = TY_ERROR;
		a->resolved = true;
		return TY_ERROR;
	}
	a->resolving = true;
	a->type = type_lower(c, &cx, a->ast->type_alias.type);
	a->resolved = true;
	return a->type;
}

static TypeId
alias_type(Check *c, const TypeCx *cx, uint32_t alias, const AstSegment *seg, bool elide)
{
	const AliasInfo *a = c->aliases.at[alias];
	TypeId *args = arena_array(c->arena, TypeId, a->generics->n ? a->generics->n : 1);
	TypeId t = type_alias(c, alias);

	if (!type_args(c, cx, a->generics, seg, check_str(c, a->ast->type_alias.name->name), elide, args))
		return TY_ERROR;
	return types_subst(c, t, args, a->generics->n);
}

static TypeId
box_type(Check *c, const TypeCx *cx, const AstSegment *seg)
{
	if (seg && seg->args.len == 1)
		return lower_arg(c, cx, seg->args.at[0]);
	if (cx->infer && seg && !seg->args.len)
		return infer_var(c, VAR_ANY, seg->span);
	return TY_ERROR;
}

static TypeId
no_args(Check *c, const AstSegment *seg, TypeId t, const char *name)
{
	if (seg && seg->args.len) {
		Diag *d = diag_error(c->diags, G0319, seg->span, name, "no type arguments",
		    report_count(c, seg->args.len, "type argument"));

		diag_primary(d, "it takes none");
		fix_type_args(c, d, seg);
		return TY_ERROR;
	}
	return t;
}

TypeId
type_of_def(Check *c, const TypeCx *cx, Def def, const AstSegment *seg, bool elide)
{
	const Generics *g = cx->scope.generics;

	switch (def.kind) {
	case DEF_ADT:
	case DEF_VARIANT:
		return adt_type(c, cx, def.index, seg, elide);
	case DEF_ALIAS:
		return alias_type(c, cx, def.index, seg, elide);
	case DEF_PRIM:
		return no_args(c, seg, def.index, types_show(c, def.index));
	case DEF_SELF:
		return def.index;
	case DEF_PARAM:
		for (uint32_t i = 0; i < def.extra; i++)
			g = g->outer;
		return no_args(c, seg, generics_type(c, g, def.index),
		    check_str(c, g->decls.at[def.index].name));
	case DEF_TRANSPARENT:
		return box_type(c, cx, seg);
	case DEF_NONE:
	case DEF_MODULE:
	case DEF_TRAIT:
	case DEF_FN:
	case DEF_CONST:
	case DEF_CONST_PARAM:
	case DEF_UNSUPPORTED:
	case DEF_ERROR:
		return TY_ERROR;
	}
	return TY_ERROR;
}

static bool
is_type_def(Def d)
{
	return d.kind == DEF_ADT || d.kind == DEF_ALIAS || d.kind == DEF_PRIM || d.kind == DEF_SELF ||
	    d.kind == DEF_PARAM || d.kind == DEF_TRANSPARENT;
}

static TypeId
not_a_type(Check *c, const AstPath *path, Def def)
{
	const AstSegment *seg = path->segments.at[path->segments.len - 1];
	Diag *d;

	if (def.kind == DEF_ERROR)
		return TY_ERROR;
	d = diag_error(c->diags, G0305, path->span, check_str(c, seg->name), names_kind(c, def), "a type");
	diag_primary(d, "a type is needed here");
	if (def.kind == DEF_TRAIT) {
		diag_help(d, "`dyn %s` is the type of any value that implements it", check_str(c, seg->name));
		diag_fix(d, DIAG_REVIEW, (Span){path->span.start, 0}, "take any such value", "dyn ");
	}
	if (def.kind == DEF_VARIANT)
		diag_help(d, "the type of its values is the enum `%s`",
		    check_str(c, c->adts.at[def.index]->name));
	return TY_ERROR;
}

static TypeId
lower_path(Check *c, const TypeCx *cx, const AstPath *path)
{
	Resolved r = names_resolve(c, cx->scope, path, NS_TYPE);
	TypeId t;

	if (r.def.kind == DEF_TRAIT && c->trait_info.at[r.def.index]->lang == LANG_ERROR)
		return dyn_of_trait(c, cx, path);
	if (!is_type_def(r.def))
		return not_a_type(c, path, r.def);
	t = type_of_def(c, cx, r.def, path->segments.at[r.at - 1], false);
	for (; r.at < path->segments.len && t != TY_ERROR; r.at++) {
		const AstSegment *seg = path->segments.at[r.at];
		TypeId next = type_assoc_named(c, cx, t, seg->name);

		if (next == IR_NONE) {
			Diag *d = diag_error(c->diags, G0306, seg->span, types_show(c, t),
			    check_str(c, seg->name));

			diag_primary(d, "no trait of `%s` has a type of this name", types_show(c, t));
			if (c->env)
				fix_assoc(c, d, seg->span, seg->name, c->env->bounds.at, c->env->bounds.len);
			next = TY_ERROR;
		}
		t = next;
	}
	return t;
}

TypeId
type_lower(Check *c, const TypeCx *cx, const AstType *t)
{
	TypeId r;

	c->here = t->span;
	switch (t->kind) {
	case AST_TYPE_PATH:
		return lower_path(c, cx, t->path.path);
	case AST_TYPE_TUPLE:
		return lower_list_tuple(c, cx, &t->tuple.elems);
	case AST_TYPE_SLICE:
		return lower_vec(c, type_lower(c, cx, t->slice.elem));
	case AST_TYPE_ARRAY:
		return lower_array(c, cx, t);
	case AST_TYPE_REF:
		r = type_lower(c, cx, t->ref.inner);
		return t->ref.mut ? types_ref_mut(c, r) : r;
	case AST_TYPE_PTR:
		r = type_lower(c, cx, t->ptr.inner);
		return r == TY_ERROR ? r : types_ptr(c, t->ptr.mut, r);
	case AST_TYPE_FN:
		r = lower_fn(c, cx, t);
		return strcmp(check_str(c, t->fn.name), "extern fn") ? r : types_ptr(c, false, r);
	case AST_TYPE_DYN:
		return dyn_lower(c, cx, t);
	case AST_TYPE_IMPL:
		return lower_impl(c, cx, t);
	case AST_TYPE_ASSOC:
		return lower_assoc(c, cx, t);
	case AST_TYPE_NEVER:
		return TY_NEVER;
	case AST_TYPE_INFER:
		if (cx->infer)
			return infer_var(c, VAR_ANY, t->span);
		diag_primary(diag_error(c->diags, G0309, t->span, "this"), "write the type out here");
		return TY_ERROR;
	case AST_TYPE_ERROR:
		return TY_ERROR;
	}
	return TY_ERROR;
}
