/*
 * `impl Trait` in the result of a trait's method; and the constants of a trait, as far as these stand in types.
 */
#include "gos-check/anon.h"

#include "gos-check/collect.h"
#include "gos-check/const_assoc.h"
#include "gos-check/fx.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

/* ---- Where ---- */

typedef VEC(const AstType *) AstTypes;

typedef struct Places {
	Arena *arena;
	AstTypes *all;		/* NULL: any will do */
	bool found;
} Places;

static bool visit_impl(void *ctx, const IrType *type, void *node);

/* Those in its bounds, as the associated types there: `impl Iterator<Item = impl Display>`. */
static void
visit_bounds(Places *p, const AstBoundList *bounds)
{
	for (uint32_t i = 0; i < bounds->len; i++) {
		const AstSegment *seg = bounds->at[i]->kind == AST_BOUND_TRAIT ?
		    vec_last(&bounds->at[i]->trait.path->segments) : NULL;

		for (uint32_t k = 0; seg && k < seg->assocs.len; k++)
			ir_walk(ir_type(&ast_schema, "type"), seg->assocs.at[k]->type, visit_impl, p);
	}
}

/* The outer ones come first. */
static bool
visit_impl(void *ctx, const IrType *type, void *node)
{
	Places *p = ctx;
	const AstType *t = node;

	if (!strcmp(type->name, "expr"))
		return false;
	if (strcmp(type->name, "type") || t->kind != AST_TYPE_IMPL ||
	    (t->impl.bounds.len == 1 && t->impl.bounds.at[0]->kind == AST_BOUND_CALLABLE))
		return !p->found || p->all;
	p->found = true;
	if (p->all) {
		vec_push(p->arena, p->all, t);
		visit_bounds(p, &t->impl.bounds);
	}
	return false;
}

bool
anon_in(const AstType *t)
{
	Places p = {0};

	ir_walk(ir_type(&ast_schema, "type"), (void *)(uintptr_t)t, visit_impl, &p);
	return p.found;
}

/* ---- Declaration ---- */

static TypeId
anon_type(Check *c, TastFnId method, uint32_t index)
{
	const Generics *g = c->fn_info.at[method]->generics;

	return types_assoc(c, c->fn_info.at[method]->trait, generics_identity(c, g), g->n, index);
}

static void
declare_one(Check *c, TastFnId method)
{
	TraitInfo *info = c->trait_info.at[c->fn_info.at[method]->trait];

	vec_push(c->arena, &c->traits.at[c->fn_info.at[method]->trait]->assoc_types,
	    intern_cstr(c->names, arena_printf(c->arena, c->fn_info.at[method]->is_const_item ? "const %s" : "%s()",
	    check_str(c, c->fns.at[method]->name))));
	vec_push(c->arena, &info->assoc_bounds, (TastBoundList){0});
	vec_push(c->arena, &info->assoc_fns, IR_NONE);
	vec_push(c->arena, &info->anons, method);
}

void
anon_declare(Check *c, TastTraitId id)
{
	const TastTrait *trait = c->traits.at[id];

	for (uint32_t i = 0; i < trait->methods.len; i++) {
		const FnInfo *fn = c->fn_info.at[trait->methods.at[i]];
		AstTypes all = {0};
		Places p = {c->arena, &all, false};

		if (const_assoc_possible(c, trait->methods.at[i]))
			declare_one(c, trait->methods.at[i]);
		if (fn->is_const_item || !fn->ast->ret)
			continue;
		ir_walk(ir_type(&ast_schema, "type"), fn->ast->ret, visit_impl, &p);
		for (uint32_t k = 0; k < all.len; k++)
			declare_one(c, trait->methods.at[i]);
	}
}

static uint32_t
named_count(const Check *c, TastTraitId trait)
{
	return c->traits.at[trait]->assoc_types.len - c->trait_info.at[trait]->anons.len;
}

uint32_t
anon_first(const Check *c, TastTraitId trait, TastFnId method)
{
	const TraitInfo *info = c->trait_info.at[trait];

	for (uint32_t i = 0; i < info->anons.len; i++)
		if (info->anons.at[i] == method)
			return named_count(c, trait) + i;
	return IR_NONE;
}

TypeId
anon_result(Check *c, TastFnId method)
{
	FnInfo *info = c->fn_info.at[method];
	Anons anons = {method, anon_first(c, info->trait, method)};
	TypeCx cx = {.scope = {info->module, info->generics}, .anons = &anons};

	info->anon_ret = true;
	return type_lower(c, &cx, info->ast->ret);
}

TypeId
anon_next(Check *c, const TypeCx *cx, const AstType *t)
{
	FnInfo *info = c->fn_info.at[cx->anons->method];
	TypeCx inner = {.scope = cx->scope, .anons = cx->anons};
	uint32_t index = cx->anons->next++;
	TypeId self = anon_type(c, cx->anons->method, index);
	TastBoundList *bounds = &c->trait_info.at[info->trait]->assoc_bounds.at[index];

	for (uint32_t i = 0; i < t->impl.bounds.len; i++) {
		const AstBound *ast = t->impl.bounds.at[i];
		TastBound *b = ast->kind == AST_BOUND_TRAIT ? type_bound(c, &inner, self, ast->trait.path) : NULL;

		if (b)
			vec_push(c->arena, bounds, b);
	}
	return self;
}

/* ---- What it is ---- */

typedef struct Match {
	Check *c;
	TastTraitId trait;
	uint32_t index;
	TypeId found;
} Match;

static bool
match(void *ctx, TypeId declared, TypeId given)
{
	Match *m = ctx;
	TastTy a = *types_get(m->c, declared), b;

	if (a.kind == TAST_TY_ASSOC && a.assoc.trait == m->trait && a.assoc.index == m->index) {
		m->found = given;
		return false;
	}
	if (a.kind == TAST_TY_ASSOC || !(types_flags(m->c, declared) & TYPE_HAS_ASSOC) || type_is_var(given))
		return true;
	b = *types_get(m->c, given);
	return types_pair_parts(&a, &b, match, m);
}

/* What the parameters of a trait's method are in the impl. */
static TypeId *
args_in_impl(Check *c, const ImplInfo *im, TastFnId of)
{
	uint32_t n = c->fn_info.at[of]->generics->n, n_trait = c->trait_info.at[im->trait]->generics->n;
	TypeId *args = arena_array(c->arena, TypeId, n + 1);

	for (uint32_t i = 0; i < n; i++)
		args[i] = i < n_trait ? im->tast->args.at[i] : types_param(c, im->generics->n + i - n_trait,
		    c->fn_info.at[of]->generics->tast.at[i]->name);
	return args;
}

/* The method of the impl, or the trait's own; and its result, both as seen in the impl. */
static TypeId
result_in_impl(Check *c, ImplInfo *im, TastFnId of)
{
	const IrU32List *methods = &c->traits.at[im->trait]->methods;
	const TastImplMethod *m;
	uint32_t i = 0;

	while (methods->at[i] != of)
		i++;
	m = im->tast->methods.at[i];
	if (m->kind == TAST_IMPL_METHOD_GIVEN) {
		body_opaque(c, m->given.fn);
		return c->fns.at[m->given.fn]->ret;
	}
	body_opaque_own(c, of);
	return types_subst(c, c->fn_info.at[of]->own_ret, args_in_impl(c, im, of), c->fn_info.at[of]->generics->n);
}

/* What holds in the impl for the method: the bounds of the impl, and the method's own. */
static const Generics *
bounds_in_impl(Check *c, const ImplInfo *im, TastFnId of)
{
	const Generics *g = c->fn_info.at[of]->generics;
	Generics *r = arena_new(c->arena, Generics);

	*r = *im->generics;
	r->bounds = (TastBoundList){0};
	for (uint32_t i = 0; i < im->generics->bounds.len; i++)
		vec_push(c->arena, &r->bounds, im->generics->bounds.at[i]);
	for (uint32_t i = g->outer ? g->outer->bounds.len : 0; i < g->bounds.len; i++)
		vec_push(c->arena, &r->bounds, bound_subst(c, g->bounds.at[i], args_in_impl(c, im, of), g->n));
	return r;
}

/* One in the bounds of others: what the traits of these have for it. */
static void
match_in_bounds(Match *m, ImplInfo *im, TastFnId of)
{
	Check *c = m->c;
	uint32_t n = c->fn_info.at[of]->generics->n;

	c->env = bounds_in_impl(c, im, of);
	for (uint32_t k = anon_first(c, im->trait, of); k < m->index; k++) {
		const TastBoundList *l = &c->trait_info.at[im->trait]->assoc_bounds.at[k];

		for (uint32_t i = 0; i < l->len && m->found == IR_NONE; i++) {
			TastBound *b = bound_subst(c, l->at[i], args_in_impl(c, im, of), n);

			for (uint32_t a = 0; a < b->assocs.len && m->found == IR_NONE; a++)
				match(m, l->at[i]->assocs.at[a]->type, trait_normalize(c,
				    types_assoc(c, b->trait, b->args.at, b->args.len, b->assocs.at[a]->index),
				    im->ast->span));
		}
	}
}

static void
report_shape(Check *c, const ImplInfo *im, TastFnId of)
{
	Diag *d = diag_error(c->diags, G0604, im->ast->impl.self->span, check_str(c, c->fns.at[of]->name),
	    check_str(c, c->traits.at[im->trait]->name));

	diag_primary(d, "the result of `%s` is of another form here", check_str(c, c->fns.at[of]->name));
	diag_label(d, c->fn_info.at[of]->ast->ret->span, "the trait has this");
}

/* A constant of the trait; while it is looked for it is poison, so that one which is made of itself is found out. */
static TypeId
constant_value(Check *c, ImplInfo *im, TastFnId of, uint32_t index)
{
	uint32_t errors;
	TypeId t;

	im->tast->assocs.at[index] = TY_ERROR;
	t = const_assoc_value(c, im, of);
	errors = c->diags->errors;
	if (t != TY_ERROR && t != IR_NONE) {
		t = trait_normalize(c, t, im->ast->span);
		if (t == TY_ERROR && c->diags->errors == errors)
			diag_primary(diag_error(c->diags, G0704, im->ast->impl.self->span,
			    check_str(c, c->fns.at[of]->name)), "its value depends on itself in this `impl`");
	}
	im->tast->assocs.at[index] = t;
	return t;
}

static TypeId
opaque_value(Check *c, ImplInfo *im, TastFnId of, uint32_t index)
{
	Match m = {c, im->trait, index, IR_NONE};
	TypeId ret;

	if (c->too_early)
		return TY_ERROR;
	ret = result_in_impl(c, im, of);
	if (ret == TY_ERROR || ret == IR_NONE) {
		m.found = TY_ERROR;
	} else {
		match(&m, c->fns.at[of]->ret, ret);
		if (m.found == IR_NONE)
			match_in_bounds(&m, im, of);
		if (m.found == IR_NONE)
			report_shape(c, im, of);
	}
	im->tast->assocs.at[index] = m.found == IR_NONE ? TY_ERROR : m.found;
	return im->tast->assocs.at[index];
}

TypeId
anon_value(Check *c, uint32_t impl, uint32_t index)
{
	ImplInfo *im = c->impls.at[impl];
	uint32_t named = named_count(c, im->trait);
	Infer temporary = {0}, *infer = c->infer;
	const Generics *env = c->env;
	Fx *fx = c->fx;
	TastFnId of;
	TypeId t;

	if (im->tast->assocs.at[index] != IR_NONE || index < named)
		return im->tast->assocs.at[index] != IR_NONE ? im->tast->assocs.at[index] : TY_ERROR;
	of = c->trait_info.at[im->trait]->anons.at[index - named];
	/* whoever asks is in the middle of something else */
	c->infer = &temporary;
	c->env = im->generics;
	c->fx = NULL;
	t = c->fn_info.at[of]->is_const_item ? constant_value(c, im, of, index) : opaque_value(c, im, of, index);
	c->infer = infer;
	c->env = env;
	c->fx = fx;
	return t;
}

/* What the impl's method gives has what the trait promises of the result; its own signature may say less. */
static void
check_given(Check *c, ImplInfo *im, uint32_t index)
{
	TastFnId of = c->trait_info.at[im->trait]->anons.at[index - named_count(c, im->trait)];
	uint32_t n = c->fn_info.at[of]->generics->n, n_trait = c->trait_info.at[im->trait]->generics->n;
	TypeId *args = arena_array(c->arena, TypeId, n + 1);
	const Generics *env = c->env;

	for (uint32_t i = 0; i < im->tast->methods.len; i++) {
		const TastImplMethod *m = im->tast->methods.at[i];
		const FnInfo *fn;

		if (c->traits.at[im->trait]->methods.at[i] != of || m->kind != TAST_IMPL_METHOD_GIVEN)
			continue;
		fn = c->fn_info.at[m->given.fn];
		if (fn->has_errors || fn->generics->n != im->generics->n + n - n_trait)
			return;
		for (uint32_t k = 0; k < n; k++)
			args[k] = k < n_trait ? im->tast->args.at[k] : types_param(c, im->generics->n + k - n_trait,
			    fn->generics->tast.at[im->generics->n + k - n_trait]->name);
		c->env = fn->generics;
		impl_check_assoc(c, im, index, args, n,
		    fn->ast->ret ? fn->ast->ret->span : c->fns.at[m->given.fn]->span);
		c->env = env;
	}
}

void
anon_finish(Check *c)
{
	Infer temporary = {0}, *infer = c->infer;

	for (uint32_t i = 0; i < c->impls.len; i++) {
		ImplInfo *im = c->impls.at[i];
		uint32_t named;

		if (!im->tast || im->broken || im->is_std || !c->trait_info.at[im->trait]->anons.len)
			continue;
		named = named_count(c, im->trait);
		for (uint32_t k = named; k < im->tast->assocs.len; k++) {
			if (c->fn_info.at[c->trait_info.at[im->trait]->anons.at[k - named]]->is_const_item)
				continue;
			anon_value(c, i, k);
			c->infer = &temporary;
			check_given(c, im, k);
			c->infer = infer;
		}
	}
}
