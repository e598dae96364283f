/*
 * Generic parameters, bounds and associated types by name.
 *
 * A parameter with a callable bound (`F: Fn(A) -> B`) is not generic: it is that Fn type.
 */
#include "gos-check/type.h"

#include "gos-check/const_arg.h"
#include "gos-check/report.h"

#include <string.h>

Generics *
generics_new(Check *c, Generics *outer, ModuleId module)
{
	Generics *g = arena_new(c->arena, Generics);

	g->outer = outer;
	g->module = module;
	g->self_type = IR_NONE;
	g->self_trait = outer ? outer->self_trait : IR_NONE;
	g->impl = outer ? outer->impl : IR_NONE;
	g->n = outer ? outer->n : 0;
	for (uint32_t i = 0; outer && i < outer->tast.len; i++)
		vec_push(c->arena, &g->tast, outer->tast.at[i]);
	return g;
}

const AstType *
callable_in(const AstBoundList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->kind == AST_BOUND_CALLABLE)
			return l->at[i]->callable.type;
	return NULL;
}

const AstType *
callable_of(const AstGenerics *ast, const AstGeneric *p)
{
	const AstType *t = callable_in(&p->type.bounds);

	for (uint32_t i = 0; !t && i < ast->wheres.len; i++) {
		const AstWhereClause *w = ast->wheres.at[i];

		if (w->type->kind == AST_TYPE_PATH && names_single(w->type->path.path) == p->name)
			t = callable_in(&w->bounds);
	}
	return t;
}

static uint32_t
add_index(Check *c, Generics *g, Sym name, bool is_const)
{
	vec_push(c->arena, &g->tast, tast_mk_generic(c->arena, name, is_const, (TastBoundList){0}));
	return g->n++;
}

TypeId
generics_add(Check *c, Generics *g, Sym name, Span span)
{
	uint32_t i = add_index(c, g, name, false);
	TypeId t = types_param(c, i, name);

	vec_push(c->arena, &g->decls, (GenericDecl){name, span, i, NULL, NULL, t, false, false, IR_NONE});
	return t;
}

static void
check_duplicate(Check *c, const Generics *g, const AstGeneric *p)
{
	for (const Generics *o = g; o; o = o->outer)
		for (uint32_t i = 0; i < o->decls.len; i++)
			if (o->decls.at[i].name == p->name) {
				Diag *d = diag_error(c->diags, G0302, p->span, check_str(c, p->name));

				diag_primary(d, "a second `%s`", check_str(c, p->name));
				diag_label(d, o->decls.at[i].span, "the first one is here");
				return;
			}
}

void
generics_declare(Check *c, Generics *g, const AstGenerics *ast)
{
	g->ast = ast;
	for (uint32_t i = 0; i < ast->params.len; i++) {
		const AstGeneric *p = ast->params.at[i];
		GenericDecl d = {p->name, p->span, IR_NONE, p, NULL, IR_NONE, false, false, IR_NONE};

		check_duplicate(c, g, p);
		d.is_const = p->kind == AST_GENERIC_CONST;
		d.callable = d.is_const ? NULL : callable_of(ast, p);
		if (!d.callable) {
			d.index = add_index(c, g, p->name, d.is_const);
			d.type = types_param(c, d.index, p->name);
		}
		vec_push(c->arena, &g->decls, d);
	}
}

TypeId
generics_type(Check *c, const Generics *g, uint32_t i)
{
	GenericDecl *d = &g->decls.at[i];
	TypeCx cx = {{g->module, g}, NULL, false, NULL, NULL};

	if (d->type != IR_NONE)
		return d->type;
	if (d->resolving)
		return TY_ERROR;
	d->resolving = true;
	d->type = type_lower(c, &cx, d->callable);
	return d->type;
}

TypeId *
generics_identity(Check *c, const Generics *g)
{
	TypeId *args = arena_array(c->arena, TypeId, g->n ? g->n : 1);

	for (uint32_t i = 0; i < g->n; i++)
		args[i] = types_param(c, i, g->tast.at[i]->name);
	return args;
}

/* ---- Bounds ---- */

uint32_t
trait_assoc_index(const Check *c, TastTraitId trait, Sym name)
{
	const TastTrait *t = c->traits.at[trait];

	for (uint32_t i = 0; i < t->assoc_types.len; i++)
		if (t->assoc_types.at[i] == name)
			return i;
	return IR_NONE;
}

TastBound *
bound_subst(Check *c, const TastBound *b, const TypeId *args, uint32_t n)
{
	TastBound *r = arena_new(c->arena, TastBound);

	r->trait = b->trait;
	for (uint32_t i = 0; i < b->args.len; i++)
		vec_push(c->arena, &r->args, types_subst(c, b->args.at[i], args, n));
	for (uint32_t i = 0; i < b->assocs.len; i++)
		vec_push(c->arena, &r->assocs, tast_mk_assoc_bound(c->arena, b->assocs.at[i]->index,
		    types_subst(c, b->assocs.at[i]->type, args, n)));
	return r;
}

static bool
bound_same(const TastBound *a, const TastBound *b)
{
	if (a->trait != b->trait || a->args.len != b->args.len || a->assocs.len != b->assocs.len)
		return false;
	return !memcmp(a->args.at, b->args.at, a->args.len * sizeof *a->args.at) && !a->assocs.len;
}

void
generics_assume(Check *c, Generics *g, TastBound *b)
{
	const TastTrait *t = c->traits.at[b->trait];

	for (uint32_t i = 0; i < g->bounds.len; i++)
		if (bound_same(g->bounds.at[i], b))
			return;
	if (g->bounds.len > 1000)	/* a trait that is above itself; reported with the trait */
		return;
	vec_push(c->arena, &g->bounds, b);
	for (uint32_t i = 0; i < t->supers.len; i++)
		generics_assume(c, g, bound_subst(c, t->supers.at[i], b->args.at, b->args.len));
}

static bool
is_marker(const Check *c, const AstPath *path)
{
	static const char *const markers[] = {"Send", "Sync", "Sized", "Unpin"};
	Sym name = names_single(path);

	for (size_t i = 0; name && i < sizeof markers / sizeof *markers; i++)
		if (!strcmp(check_str(c, name), markers[i]))
			return true;
	return false;
}

static void
lower_assoc_args(Check *c, const TypeCx *cx, TastBound *b, const AstSegment *seg)
{
	for (uint32_t i = 0; i < seg->assocs.len; i++) {
		const AstAssocArg *a = seg->assocs.at[i];
		uint32_t index = trait_assoc_index(c, b->trait, a->name);

		if (index == IR_NONE) {
			Diag *d = diag_error(c->diags, G0306, a->span,
			    check_str(c, c->traits.at[b->trait]->name), check_str(c, a->name));

			diag_primary(d, "not a type of this trait");
			continue;
		}
		vec_push(c->arena, &b->assocs, tast_mk_assoc_bound(c->arena, index,
		    type_lower(c, cx, a->type)));
	}
}

TastBound *
type_bound(Check *c, const TypeCx *cx, TypeId self, const AstPath *path)
{
	const AstSegment *seg = path->segments.at[path->segments.len - 1];
	Resolved r = names_try(c, cx->scope, path, NS_TYPE);
	TypeCx in_args = *cx;
	const Generics *g;
	TypeId *args;
	TastBound *b;
	Diag *d;

	if (r.def.kind == DEF_NONE && is_marker(c, path))
		return NULL;
	if (r.def.kind == DEF_NONE)
		r = names_resolve(c, cx->scope, path, NS_TYPE);
	if (r.def.kind == DEF_ERROR)
		return NULL;
	if (r.def.kind != DEF_TRAIT || r.at != path->segments.len) {
		d = diag_error(c->diags, G0305, path->span, check_str(c, seg->name), names_kind(c, r.def),
		    "a trait");
		diag_primary(d, "a trait is needed here");
		return NULL;
	}
	g = c->trait_info.at[r.def.index]->generics;
	args = arena_array(c->arena, TypeId, g->n);
	args[0] = self;
	in_args.anons = NULL;	/* what a trait has for them does not tell what they are */
	if (!type_args(c, &in_args, g, seg, check_str(c, seg->name), false, args))
		return NULL;
	b = tast_mk_bound(c->arena, r.def.index, (IrU32List){args, g->n, g->n}, (TastAssocBoundList){0});
	lower_assoc_args(c, cx, b, seg);
	return b;
}

static void
add_bound(Check *c, Generics *g, TypeId self, const AstBound *ast, uint32_t decl, bool anonymous)
{
	TypeCx cx = {{g->module, g}, anonymous ? g : NULL, false, NULL, NULL};
	TastBound *b;

	if (ast->kind == AST_BOUND_CALLABLE)
		return;
	b = type_bound(c, &cx, self, ast->trait.path);
	if (!b || self == TY_ERROR)
		return;
	vec_push(c->arena, &g->declared, b);
	if (decl != IR_NONE)
		vec_push(c->arena, &g->tast.at[decl]->bounds, b);
	generics_assume(c, g, b);
}

void
generics_add_bounds(Check *c, Generics *g, TypeId self, const AstBoundList *bounds, uint32_t decl, bool anonymous)
{
	for (uint32_t i = 0; i < bounds->len; i++)
		add_bound(c, g, self, bounds->at[i], decl, anonymous);
}

/* A bound `Fn(A) -> B` says which type something is: for an associated type, `T: Iterator<Item = Fn(A) -> B>`. */
static void
callable_where(Check *c, Generics *g, const AstWhereClause *w, TypeId self)
{
	TypeCx cx = {{g->module, g}, NULL, false, NULL, NULL};
	const AstType *callable = callable_in(&w->bounds);
	TastBound *b;
	TastTy t;
	Diag *d;

	if (!callable || types_is(c, self, TAST_TY_FN) || self == TY_ERROR)
		return;
	t = *types_get(c, self);
	if (t.kind != TAST_TY_ASSOC) {
		d = diag_error(c->diags, G0601, w->span, types_show(c, self), "Fn");
		diag_primary(d, "%s is never callable", report_a_type(c, self));
		return;
	}
	b = tast_mk_bound(c->arena, t.assoc.trait, t.assoc.args, (TastAssocBoundList){0});
	vec_push(c->arena, &b->assocs, tast_mk_assoc_bound(c->arena, t.assoc.index, type_lower(c, &cx, callable)));
	vec_push(c->arena, &g->declared, b);
	generics_assume(c, g, b);
}

void
generics_bounds(Check *c, Generics *g, const AstGenerics *ast)
{
	TypeCx cx = {{g->module, g}, NULL, false, NULL, NULL};

	for (uint32_t i = 0; g->outer && i < g->outer->bounds.len; i++)
		vec_push(c->arena, &g->bounds, g->outer->bounds.at[i]);
	for (uint32_t i = 0; g->outer && i < g->outer->declared.len; i++)
		vec_push(c->arena, &g->declared, g->outer->declared.at[i]);
	for (uint32_t i = 0; i < ast->params.len; i++) {
		const GenericDecl *d = &g->decls.at[g->decls.len - ast->params.len + i];

		if (d->is_const)
			const_param_type(c, g, g->decls.len - ast->params.len + i);
		else if (d->index != IR_NONE)
			generics_add_bounds(c, g, d->type, &ast->params.at[i]->type.bounds, d->index, false);
	}
	for (uint32_t i = 0; i < ast->wheres.len; i++) {
		const AstWhereClause *w = ast->wheres.at[i];
		TypeId self = type_lower(c, &cx, w->type);

		callable_where(c, g, w, self);
		generics_add_bounds(c, g, self, &w->bounds, IR_NONE, false);
	}
}

/* ---- Associated types by name ---- */

static TypeId
assoc_in_bounds(Check *c, const Generics *g, TypeId base, Sym name)
{
	for (; g; g = g->outer)
		for (uint32_t i = 0; i < g->bounds.len; i++) {
			const TastBound *b = g->bounds.at[i];
			uint32_t k = trait_assoc_index(c, b->trait, name);

			if (b->args.at[0] == base && k != IR_NONE)
				return types_assoc(c, b->trait, b->args.at, b->args.len, k);
		}
	return IR_NONE;
}

/* In the bounds that a trait puts on its own associated type: `J::IntoIter::Item`. */
static TypeId
assoc_of_projection(Check *c, TypeId base, Sym name)
{
	TastTy t = *types_get(c, base);
	const TraitInfo *info = c->trait_info.at[t.assoc.trait];
	const TastBoundList *l;

	if (t.assoc.index >= info->assoc_bounds.len)
		return IR_NONE;
	l = &info->assoc_bounds.at[t.assoc.index];
	for (uint32_t i = 0; i < l->len; i++) {
		uint32_t k = trait_assoc_index(c, l->at[i]->trait, name);
		TastBound *b;

		if (k == IR_NONE)
			continue;
		b = bound_subst(c, l->at[i], t.assoc.args.at, t.assoc.args.len);
		return types_assoc(c, b->trait, b->args.at, b->args.len, k);
	}
	return IR_NONE;
}

static TypeId
assoc_in_impl(Check *c, const Generics *g, TypeId base, Sym name)
{
	const ImplInfo *im;
	uint32_t k;

	if (!g || g->impl == IR_NONE)
		return IR_NONE;
	im = c->impls.at[g->impl];
	if (im->trait == IR_NONE || im->self_type != base)
		return IR_NONE;
	k = trait_assoc_index(c, im->trait, name);
	return k == IR_NONE ? IR_NONE :
	    types_assoc(c, im->trait, im->tast->args.at, im->tast->args.len, k);
}

TypeId
type_assoc_named(Check *c, const TypeCx *cx, TypeId base, Sym name)
{
	TypeId t = assoc_in_bounds(c, cx->scope.generics, base, name);

	if (t == IR_NONE)
		t = assoc_in_impl(c, cx->scope.generics, base, name);
	if (t == IR_NONE && types_is(c, base, TAST_TY_ASSOC))
		t = assoc_of_projection(c, base, name);
	for (TastTraitId i = 0; t == IR_NONE && i < c->traits.len; i++) {
		uint32_t k = trait_assoc_index(c, i, name);

		if (k != IR_NONE && c->trait_info.at[i]->generics->n == 1 && c->trait_info.at[i]->impls.len &&
		    !types_is(c, base, TAST_TY_PARAM))
			t = types_assoc(c, i, &base, 1, k);
	}
	return t;
}
