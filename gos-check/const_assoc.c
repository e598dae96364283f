/* Constants of traits in types: see const_assoc.h. */
#include "gos-check/const_assoc.h"

#include "gos-check/anon.h"
#include "gos-check/const_arg.h"
#include "gos-check/konst.h"
#include "gos-check/traits.h"

/* ---- Declaration ---- */

/* The type written for the constant, if it is a plain one; IR_NONE otherwise. */
static TypeId
declared_type(Check *c, TastFnId method)
{
	const FnInfo *info = c->fn_info.at[method];
	const AstType *t = info->ast->ret;
	Resolved r;

	if (!t || t->kind != AST_TYPE_PATH)
		return IR_NONE;
	r = names_try(c, (Scope){info->module, info->generics}, t->path.path, NS_TYPE);
	if (r.at != t->path.path->segments.len || (r.def.kind != DEF_PRIM && r.def.kind != DEF_ALIAS))
		return IR_NONE;
	return r.def.kind == DEF_PRIM ? r.def.index : type_alias(c, r.def.index);
}

bool
const_assoc_possible(Check *c, TastFnId method)
{
	return c->fn_info.at[method]->is_const_item && const_may_be_parameter(declared_type(c, method));
}

/* ---- Names ---- */

/* The trait's constant of this name that may stand in types, as an associated type; IR_NONE if it has none. */
static uint32_t
index_in_trait(Check *c, TastTraitId trait, Sym name)
{
	const TraitInfo *info = c->trait_info.at[trait];

	for (uint32_t i = 0; i < info->anons.len; i++)
		if (c->fn_info.at[info->anons.at[i]]->is_const_item && c->fns.at[info->anons.at[i]]->name == name)
			return anon_first(c, trait, info->anons.at[i]);
	return IR_NONE;
}

static TypeId
in_bounds(Check *c, const Generics *g, TypeId base, Sym name)
{
	for (; g; g = g->outer)
		for (uint32_t i = 0; i < g->bounds.len; i++) {
			const TastBound *b = g->bounds.at[i];
			uint32_t k = b->args.at[0] == base ? index_in_trait(c, b->trait, name) : IR_NONE;

			if (k != IR_NONE)
				return types_assoc(c, b->trait, b->args.at, b->args.len, k);
		}
	return IR_NONE;
}

/* `Self::N` inside a generic impl of the trait that has N. */
static TypeId
in_impl(Check *c, const Generics *g, TypeId base, Sym name)
{
	const ImplInfo *im = g && g->impl != IR_NONE ? c->impls.at[g->impl] : NULL;
	uint32_t k;

	if (!im || !im->tast || im->self_type != base)
		return IR_NONE;
	k = index_in_trait(c, im->trait, name);
	return k == IR_NONE ? IR_NONE : types_assoc(c, im->trait, im->tast->args.at, im->tast->args.len, k);
}

static TypeId
projection(Check *c, Scope s, TypeId base, Sym name)
{
	TypeId t;

	if (type_is_var(base) || !(types_flags(c, base) & TYPE_HAS_PARAM))
		return IR_NONE;
	t = in_bounds(c, s.generics, base, name);
	if (t == IR_NONE)
		t = in_impl(c, s.generics, base, name);
	return t != IR_NONE || !s.generics ? t : in_impl(c, s.generics->outer, base, name);
}

static TypeId
of_path(Check *c, Scope s, const AstPath *path)
{
	TypeCx cx = {s, NULL, false, NULL, NULL};
	Resolved r = names_try(c, s, path, NS_TYPE);
	TypeId base;

	if (path->segments.len < 2 || r.at >= path->segments.len ||
	    (r.def.kind != DEF_PARAM && r.def.kind != DEF_SELF))
		return IR_NONE;
	base = type_of_def(c, &cx, r.def, path->segments.at[r.at - 1], false);
	for (; base != IR_NONE && base != TY_ERROR && r.at + 1 < path->segments.len; r.at++)
		base = type_assoc_named(c, &cx, base, path->segments.at[r.at]->name);
	return base == IR_NONE || base == TY_ERROR ? IR_NONE : projection(c, s, base, vec_last(&path->segments)->name);
}

/* `<T as Trait>::N` */
static TypeId
of_qualified(Check *c, Scope s, const AstExpr *e)
{
	TypeCx cx = {s, NULL, false, NULL, NULL};
	TypeId self = type_lower(c, &cx, e->qualified.self);
	TastBound *b;
	uint32_t k;

	if (self == TY_ERROR || !(types_flags(c, self) & TYPE_HAS_PARAM))
		return IR_NONE;
	if (!e->qualified.trait)
		return projection(c, s, self, e->qualified.name->name);
	b = type_bound(c, &cx, self, e->qualified.trait);
	k = b ? index_in_trait(c, b->trait, e->qualified.name->name) : IR_NONE;
	return k == IR_NONE ? IR_NONE : types_assoc(c, b->trait, b->args.at, b->args.len, k);
}

static TastFnId
method_of(const Check *c, const TastTy *t)
{
	const TastTrait *trait = c->traits.at[t->assoc.trait];
	const TraitInfo *info = c->trait_info.at[t->assoc.trait];

	return info->anons.at[t->assoc.index - (trait->assoc_types.len - info->anons.len)];
}

TypeId
const_assoc(Check *c, Scope s, const AstExpr *e, TypeId *value_type)
{
	TypeId t = e->kind == AST_EXPR_PATH ? of_path(c, s, e->path.path) :
	    e->kind == AST_EXPR_QUALIFIED ? of_qualified(c, s, e) : IR_NONE;
	TastFnId method;

	if (t == IR_NONE)
		return IR_NONE;
	method = method_of(c, types_get(c, t));
	c->fn_info.at[method]->in_types = true;
	*value_type = declared_type(c, method);
	return t;
}

const AstType *
const_assoc_written(const Check *c, TypeId projection)
{
	return c->fn_info.at[method_of(c, types_get(c, projection))]->ast->ret;
}

/* ---- Values ---- */

/* The constant as the impl gives it, or IR_NONE. */
static TastFnId
given(const Check *c, const ImplInfo *im, Sym name)
{
	for (uint32_t i = 0; i < im->fns.len; i++)
		if (c->fns.at[im->fns.at[i]]->name == name)
			return im->fns.at[i];
	return IR_NONE;
}

/* `<Self as Trait>::N` in the impl. */
static AstExpr *
seen_from_impl(Check *c, const ImplInfo *im, Sym name, Span span)
{
	AstSegment *self = arena_new(c->arena, AstSegment), *last = arena_new(c->arena, AstSegment);
	AstPath *path = arena_new(c->arena, AstPath);

	self->span = last->span = path->span = span;
	self->name = intern_cstr(c->names, "Self");
	last->name = name;
	vec_push(c->arena, &path->segments, self);
	return ast_mk_expr_qualified(c->arena, span, ast_mk_type_path(c->arena, span, path), im->ast->impl.trait, last);
}

/* The value of an expression, which may be a parameter or another such constant; not found: only functions tell. */
static TypeId
value_of(Check *c, Scope s, const AstExpr *e, TypeId type, bool *found)
{
	TypeId ignored, t;
	KonstInt v;

	e = konst_bare(e);
	*found = true;
	if (konst_is_param(c, s, e))
		return const_length(c, &(TypeCx){s, NULL, false, NULL, NULL}, (AstExpr *)(uintptr_t)e);
	t = const_assoc(c, s, e, &ignored);
	if (t != IR_NONE)
		return t;
	*found = konst_int(c, s, e, &v);
	if (!*found)
		return IR_NONE;
	return const_fits(type, v) ? types_const(c, (uint64_t)v) : TY_ERROR;	/* reported with the constant */
}

TypeId
const_assoc_value(Check *c, ImplInfo *im, TastFnId of)
{
	Sym name = c->fns.at[of]->name;
	TastFnId f = given(c, im, name);
	const FnInfo *info = c->fn_info.at[f != IR_NONE ? f : of];
	AstExpr *body = info->ast->body;
	bool found;
	KonstInt v;
	TypeId t;

	if (!body || body->kind == AST_EXPR_ERROR)
		return TY_ERROR;
	t = value_of(c, (Scope){info->module, info->generics}, body, declared_type(c, of), &found);
	if (found)
		return f != IR_NONE || t == TY_ERROR ? t : types_subst(c, t, im->tast->args.at, im->tast->args.len);
	c->postponed |= c->too_early;
	if (c->too_early)
		return IR_NONE;
	if (!konst_value(c, (Scope){im->module, im->generics}, seen_from_impl(c, im, name, body->span),
	    declared_type(c, of), &v))
		return TY_ERROR;
	return types_const(c, (uint64_t)v);
}

bool
const_assoc_settle(Check *c, uint32_t impl)
{
	ImplInfo *im = c->impls.at[impl];
	const TraitInfo *info = im->tast && !im->broken ? c->trait_info.at[im->trait] : NULL;
	bool any = false;

	for (uint32_t i = 0; info && i < info->anons.len; i++) {
		uint32_t k = anon_first(c, im->trait, info->anons.at[i]);

		if (!c->fn_info.at[info->anons.at[i]]->in_types || im->tast->assocs.at[k] != IR_NONE)
			continue;
		anon_value(c, impl, k);
		any = true;
	}
	return any;
}

void
const_assoc_close(Check *c)
{
	for (uint32_t i = 0; i < c->impls.len; i++) {
		ImplInfo *im = c->impls.at[i];

		for (uint32_t k = 0; im->tast && !im->broken && k < c->trait_info.at[im->trait]->anons.len; k++) {
			uint32_t at = anon_first(c, im->trait, c->trait_info.at[im->trait]->anons.at[k]);

			if (c->fn_info.at[c->trait_info.at[im->trait]->anons.at[k]]->is_const_item &&
			    im->tast->assocs.at[at] == IR_NONE)
				im->tast->assocs.at[at] = TY_UNIT;
		}
	}
}
