/*
 * Signatures: supertraits, bounds, fields, parameters and results.
 *
 * requires: everything is declared and imports are resolved.
 * ensures: every type of every item is an id; projections are normalised where they can be.
 * The order matters: bounds are needed to understand `T::Item`, supertraits to understand bounds.
 */
#include "gos-check/anon.h"
#include "gos-check/collect.h"

#include "gos-check/fix.h"
#include "gos-check/foreign.h"
#include "gos-check/infer.h"
#include "gos-check/konst.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"
#include "gos-check/type.h"

#include <string.h>

/* ---- Traits ---- */

static void
resolve_supers(Check *c, TastTraitId id)
{
	TraitInfo *info = c->trait_info.at[id];
	TypeCx cx = {{info->module, info->generics}, NULL, false, NULL, NULL};
	const AstBoundList *l = &info->ast->trait.supers;

	for (uint32_t i = 0; i < l->len; i++) {
		TastBound *b = l->at[i]->kind == AST_BOUND_TRAIT ?
		    type_bound(c, &cx, info->generics->self_type, l->at[i]->trait.path) : NULL;

		if (b)
			vec_push(c->arena, &c->traits.at[id]->supers, b);
	}
}

static bool
reaches_itself(const Check *c, TastTraitId from, TastTraitId target, int depth)
{
	const TastTrait *t = c->traits.at[from];

	for (uint32_t i = 0; i < t->supers.len && depth < 64; i++)
		if (t->supers.at[i]->trait == target ||
		    reaches_itself(c, t->supers.at[i]->trait, target, depth + 1))
			return true;
	return false;
}

static void
check_super_cycle(Check *c, TastTraitId id)
{
	TastTrait *t = c->traits.at[id];

	if (!t->supers.len || !reaches_itself(c, id, id, 0))
		return;
	diag_primary(diag_error(c->diags, G0614, t->span, check_str(c, t->name)),
	    "it is above itself");
	t->supers.len = 0;
}

static void
trait_bounds(Check *c, TastTraitId id)
{
	TraitInfo *info = c->trait_info.at[id];
	Generics *g = info->generics;
	TypeId *args = generics_identity(c, g);

	generics_assume(c, g, tast_mk_bound(c->arena, id, (IrU32List){args, g->n, g->n},
	    (TastAssocBoundList){0}));
	generics_bounds(c, g, info->ast->trait.generics);
	c->traits.at[id]->generics = g->tast;
}

static void
trait_assocs(Check *c, TastTraitId id)
{
	TraitInfo *info = c->trait_info.at[id];
	TypeCx cx = {{info->module, info->generics}, NULL, false, NULL, NULL};
	TypeId *args = generics_identity(c, info->generics);
	const AstItemList *l = &info->ast->trait.items;
	uint32_t k = 0;

	for (uint32_t i = 0; i < l->len; i++) {
		TastBoundList bounds = {0};
		const AstType *callable;
		TypeId self;

		if (l->at[i]->kind != AST_ITEM_TYPE_ALIAS)
			continue;
		self = types_assoc(c, id, args, info->generics->n, k++);
		for (uint32_t b = 0; b < l->at[i]->type_alias.bounds.len; b++) {
			const AstBound *ast = l->at[i]->type_alias.bounds.at[b];
			TastBound *bound = ast->kind == AST_BOUND_TRAIT ?
			    type_bound(c, &cx, self, ast->trait.path) : NULL;

			if (bound)
				vec_push(c->arena, &bounds, bound);
		}
		vec_push(c->arena, &info->assoc_bounds, bounds);
		callable = callable_in(&l->at[i]->type_alias.bounds);
		vec_push(c->arena, &info->assoc_fns, callable ? type_lower(c, &cx, callable) : IR_NONE);
	}
	anon_declare(c, id);
}

/* ---- Impls ---- */

static bool
inherent_allowed(Check *c, const ImplInfo *im)
{
	TypeId t = im->self_type;
	TastAdtId adt = types_adt_of(c, t);
	Diag *d;

	if (im->is_std || t == TY_ERROR || (adt != IR_NONE &&
	    check_same_project(c, c->adt_info.at[adt]->module, im->module)))
		return true;
	if (types_is(c, t, TAST_TY_DYN) && check_same_project(c,
	    c->trait_info.at[types_get(c, t)->dyn.trait]->module, im->module))
		return true;
	d = diag_error(c->diags, G0611, im->ast->impl.self->span, types_show(c, t));
	diag_primary(d, "not a type of this project");
	diag_help(d, "declare a trait with these methods, and implement it: `impl Extra for %s`",
	    types_show(c, t));
	return false;
}

static void
impl_trait_header(Check *c, ImplInfo *im, const TypeCx *cx)
{
	TastBound *b = type_bound(c, cx, im->self_type, im->ast->impl.trait);

	if (!b) {
		im->broken = true;
		return;
	}
	im->trait = b->trait;
	im->tast = tast_mk_impl(c->arena, im->generics->tast, (TastBoundList){0}, b->trait, b->args,
	    (TastImplMethodList){0}, (IrU32List){0}, im->ast->span);
}

static void
impl_header(Check *c, uint32_t id)
{
	ImplInfo *im = c->impls.at[id];
	TypeCx cx = {{im->module, im->generics}, NULL, false, NULL, NULL};

	im->self_type = type_lower(c, &cx, im->ast->impl.self);
	if (types_is(c, im->self_type, TAST_TY_REF_MUT))
		im->self_type = types_strip_ref(c, im->self_type);
	im->generics->self_type = im->self_type;
	if (im->self_type == TY_ERROR)
		im->broken = true;
	if (im->ast->impl.trait)
		impl_trait_header(c, im, &cx);
	else if (!inherent_allowed(c, im))
		im->broken = true;
}

static void
impl_bounds(Check *c, uint32_t id)
{
	ImplInfo *im = c->impls.at[id];

	generics_bounds(c, im->generics, im->ast->impl.generics);
	if (im->tast && !im->broken) {
		im->tast->bounds = im->generics->declared;
		trait_add_impl(c, id);
	}
	for (uint32_t i = 0; !im->tast && !im->broken && i < im->fns.len; i++)
		trait_add_inherent(c, im->self_type, c->fns.at[im->fns.at[i]]->name, im->fns.at[i]);
	for (uint32_t i = 0; !im->tast && !im->broken && i < im->consts.len; i++)
		trait_add_const(c, im->self_type, im->consts.at[i].name, im->consts.at[i].konst, id);
}

static void
impl_assocs(Check *c, uint32_t id)
{
	ImplInfo *im = c->impls.at[id];
	TypeCx cx = {{im->module, im->generics}, NULL, false, NULL, NULL};
	const AstItemList *l = &im->ast->impl.items;

	if (!im->tast || im->broken)
		return;
	for (uint32_t k = 0; k < c->traits.at[im->trait]->assoc_types.len; k++)
		vec_push(c->arena, &im->tast->assocs, IR_NONE);
	for (uint32_t i = 0; i < l->len; i++) {
		const AstItem *item = l->at[i];
		uint32_t k;

		if (item->kind != AST_ITEM_TYPE_ALIAS || !item->type_alias.type)
			continue;
		k = trait_assoc_index(c, im->trait, item->type_alias.name->name);
		if (k != IR_NONE)
			im->tast->assocs.at[k] = type_lower(c, &cx, item->type_alias.type);
	}
}

/* ---- Structs, enums ---- */

static const AstFieldList *
fields_of(const AstVariantBody *b)
{
	static const AstFieldList none;

	switch (b->kind) {
	case AST_VARIANT_BODY_UNIT:
		return &none;
	case AST_VARIANT_BODY_TUPLE:
		return &b->tuple.fields;
	case AST_VARIANT_BODY_NAMED:
		return &b->named.fields;
	}
	return &none;
}

static void
lower_fields(Check *c, const TypeCx *cx, TastVariant *v, const AstVariantBody *body)
{
	const AstFieldList *l = fields_of(body);

	for (uint32_t i = 0; i < l->len; i++)
		v->fields.at[i]->type = type_lower(c, cx, l->at[i]->type);
}

static void
adt_fields(Check *c, TastAdtId id)
{
	const AdtInfo *info = c->adt_info.at[id];
	TypeCx cx = {{info->module, info->generics}, NULL, false, NULL, NULL};
	TastAdt *adt = c->adts.at[id];

	adt->generics = info->generics->tast;
	c->adt_info.at[id]->resolved = true;
	if (adt->kind == TAST_ADT_KIND_STRUCT) {
		lower_fields(c, &cx, adt->variants.at[0], info->ast->struct_.body);
		return;
	}
	for (uint32_t i = 0; i < adt->variants.len; i++)
		lower_fields(c, &cx, adt->variants.at[i], info->ast->enum_.variants.at[i]->body);
}

static void
adt_bounds(Check *c, TastAdtId id)
{
	const AdtInfo *info = c->adt_info.at[id];

	generics_bounds(c, info->generics, info->ast->kind == AST_ITEM_STRUCT ?
	    info->ast->struct_.generics : info->ast->enum_.generics);
}

/* ---- Functions ---- */

static void
add_param(Check *c, TastFnId id, Sym name, Span span, TypeId t, bool mutable, bool by_ref)
{
	TastFn *fn = c->fns.at[id];
	FnInfo *info = c->fn_info.at[id];

	vec_push(c->arena, &fn->locals,
	    tast_mk_variable(c->arena, span, name, t, mutable, false, by_ref));
	vec_push(c->arena, &info->params, t);
	vec_push(c->arena, &info->param_names, name);
	vec_push(c->arena, &info->defaults, IR_NONE);
	fn->n_params++;
}

/* What is written after `self:` is Self, or an Rc of it. */
static TypeId
written_self(Check *c, FnInfo *info, TypeId self, const TypeCx *cx)
{
	TypeId t = type_lower(c, cx, info->ast->self_type), base = types_strip_ref(c, t);
	Diag *d;

	if (t == TY_ERROR || self == TY_ERROR)
		return TY_ERROR;
	info->self_rc = base != self && types_is_lang(c, base, "Rc") && types_arg(c, base, 0) == self;
	if (base == self || info->self_rc)
		return t;
	d = diag_error(c->diags, G0372, info->ast->self_type->span, types_show(c, t));
	diag_primary(d, "neither `%s` nor an `Rc` of it", types_show(c, self));
	diag_fix(d, DIAG_REVIEW, info->ast->self_span, "take the value", "&self");
	return TY_ERROR;
}

static void
self_param(Check *c, TastFnId id, const TypeCx *cx)
{
	FnInfo *info = c->fn_info.at[id];
	TypeId self = TY_ERROR;

	for (const Generics *g = info->generics; g; g = g->outer)
		if (g->self_type != IR_NONE)
			self = g->self_type;
	if (info->ast->self_type)
		self = written_self(c, info, self, cx);
	else if (info->self == AST_SELF_KIND_REF_MUT)
		self = types_ref_mut(c, self);
	add_param(c, id, intern_cstr(c->names, "self"), info->ast->self_span, self,
	    info->self == AST_SELF_KIND_MUT_VALUE, info->self == AST_SELF_KIND_REF);
}

/* Parameters with defaults come last. */
static void
check_default_order(Check *c, const AstFn *ast, uint32_t i)
{
	Diag *d;

	if (!i || ast->params.at[i]->default_ || !ast->params.at[i - 1]->default_)
		return;
	d = diag_error(c->diags, G0343, ast->params.at[i]->span);
	diag_primary(d, "this one has no default");
	diag_label(d, ast->params.at[i - 1]->span, "this one has a default");
	fix_after(d, DIAG_REVIEW, ast->params.at[i]->span, "give it a default", " = todo!()");
}

static void
report_second_param(Check *c, const AstIdent *name)
{
	Diag *d = diag_error(c->diags, G0302, name->span, check_str(c, name->name));

	diag_primary(d, "a second parameter of this name");
	fix_rename(d, name->span);
}

static void
fn_params(Check *c, TastFnId id, const TypeCx *cx)
{
	const AstFn *ast = c->fn_info.at[id]->ast;

	if (c->fn_info.at[id]->self != AST_SELF_KIND_NONE)
		self_param(c, id, cx);
	for (uint32_t i = 0; i < ast->params.len; i++) {
		const AstParam *p = ast->params.at[i];
		bool named = p->pat->kind == AST_PAT_BIND && !p->pat->bind.sub;

		add_param(c, id, named ? p->pat->bind.name->name : 0,
		    named ? p->pat->bind.name->span : p->pat->span,
		    type_lower(c, cx, p->type), named && p->pat->bind.mut,
		    p->type->kind == AST_TYPE_REF && !p->type->ref.mut);
		check_default_order(c, ast, i);
		for (uint32_t k = 0; named && k + 1 < c->fn_info.at[id]->param_names.len; k++)
			if (c->fn_info.at[id]->param_names.at[k] == p->pat->bind.name->name)
				report_second_param(c, p->pat->bind.name);
	}
}

static TypeId
fn_ret(Check *c, TastFnId id, const TypeCx *cx)
{
	FnInfo *info = c->fn_info.at[id];
	const AstType *t = info->ast->ret;

	if (!t)
		return TY_UNIT;
	if (anon_in(t)) {
		if (info->trait != IR_NONE)
			return anon_result(c, id);
		info->opaque_ret = true;
		return TY_ERROR;
	}
	return type_lower(c, cx, t);
}

static void
check_body(Check *c, TastFnId id)
{
	const FnInfo *info = c->fn_info.at[id];
	const TastFn *fn = c->fns.at[id];
	Diag *d;

	if (info->ast->body || fn->intrinsic || info->foreign || info->trait != IR_NONE)
		return;
	d = diag_error(c->diags, G0344, fn->span, check_str(c, fn->name));
	diag_primary(d, "its body is missing");
	if (info->item)
		fix_after(d, DIAG_REVIEW, info->item->span, "give it a body", " { todo!() }");
	c->fn_info.at[id]->broken = true;
}

static void
fn_signature(Check *c, TastFnId id)
{
	FnInfo *info = c->fn_info.at[id];
	TypeCx cx = {{info->module, info->generics}, info->generics, false, NULL, NULL};
	TypeCx plain = {{info->module, info->generics}, NULL, false, NULL, NULL};

	generics_bounds(c, info->generics, info->ast->generics);
	fn_params(c, id, &cx);
	c->fns.at[id]->ret = fn_ret(c, id, &plain);
	c->fns.at[id]->generics = info->generics->tast;
	c->fns.at[id]->bounds = info->generics->declared;
	info->resolved = true;
	foreign_check_signature(c, id);
	check_body(c, id);
}

/* The type that a literal has by itself, or NULL. */
static const char *
literal_type(const AstExpr *e)
{
	if (e->kind == AST_EXPR_INT && !e->int_.suffix)
		return "i64";
	if (e->kind == AST_EXPR_FLOAT && !e->float_.suffix)
		return "f64";
	if (e->kind == AST_EXPR_STR)
		return "String";
	if (e->kind == AST_EXPR_BOOL)
		return "bool";
	return e->kind == AST_EXPR_CHAR ? "char" : NULL;
}

static void
const_type(Check *c, uint32_t k)
{
	ConstInfo *info = c->consts.at[k];
	TypeCx cx = {{info->module, info->generics}, NULL, false, NULL, NULL};
	const AstType *t = info->is_static ? info->ast->static_.type : info->ast->const_.type;

	if (t) {
		info->type = type_lower(c, &cx, t);
		return;
	}
	Diag *d = diag_error(c->diags, G0345, info->ast->span, check_str(c, info->name));
	const char *type = info->value ? literal_type(info->value) : NULL;

	diag_primary(d, "write its type: `%s: …`", check_str(c, info->name));
	if (type && info->ast->kind == AST_ITEM_CONST)
		diag_fix(d, DIAG_SAFE, (Span){span_end(info->ast->const_.name->span), 0}, "write the type",
		    arena_printf(c->arena, ": %s", type));
}

/* ---- Normalising ---- */

static void
normalize_bounds(Check *c, TastBoundList *l, Span span)
{
	for (uint32_t i = 0; i < l->len; i++) {
		TastBound *b = l->at[i];

		for (uint32_t k = 0; k < b->args.len; k++)
			b->args.at[k] = trait_normalize(c, b->args.at[k], span);
		for (uint32_t k = 0; k < b->assocs.len; k++)
			b->assocs.at[k]->type = trait_normalize(c, b->assocs.at[k]->type, span);
	}
}

static void
normalize_fn(Check *c, TastFnId id)
{
	FnInfo *info = c->fn_info.at[id];
	TastFn *fn = c->fns.at[id];

	c->env = info->generics;
	normalize_bounds(c, &info->generics->declared, fn->span);
	normalize_bounds(c, &info->generics->bounds, fn->span);
	for (uint32_t i = 0; i < fn->n_params; i++)
		fn->locals.at[i]->type = info->params.at[i] =
		    trait_normalize(c, info->params.at[i], fn->locals.at[i]->span);
	fn->ret = trait_normalize(c, fn->ret, fn->span);
}

/* What was declared between the marks. */
static void
normalize_upto(Check *c, Marks from, Marks to)
{
	Infer temporary = {0}, *outer = c->infer;
	const Generics *env = c->env;

	c->infer = &temporary;
	for (uint32_t i = from.impls; i < to.impls; i++) {
		ImplInfo *im = c->impls.at[i];

		c->env = im->generics;
		normalize_bounds(c, &im->generics->declared, im->ast->span);
		for (uint32_t k = 0; im->tast && k < im->tast->assocs.len; k++)
			if (im->tast->assocs.at[k] != IR_NONE)
				im->tast->assocs.at[k] = trait_normalize(c, im->tast->assocs.at[k], im->ast->span);
	}
	for (uint32_t i = from.adts; i < to.adts; i++) {
		c->env = c->adt_info.at[i]->generics;
		for (uint32_t v = 0; v < c->adts.at[i]->variants.len; v++)
			for (uint32_t k = 0; k < c->adts.at[i]->variants.at[v]->fields.len; k++) {
				TastField *f = c->adts.at[i]->variants.at[v]->fields.at[k];

				f->type = trait_normalize(c, f->type, c->adts.at[i]->span);
			}
	}
	for (uint32_t i = from.fns; i < to.fns; i++)
		normalize_fn(c, i);
	c->infer = outer;
	c->env = env;
}

static void
normalize_all(Check *c, Marks from)
{
	normalize_upto(c, from, collect_marks(c));
}

/* ---- What needs evaluation ---- */

typedef struct Wait {
	Check *c;
	Scope scope;
	bool found;
} Wait;

static bool
visit_length(void *ctx, const IrType *type, void *node)
{
	Wait *w = ctx;
	const AstType *t = node;
	const AstGenericArg *a = node;

	if (w->found || !strcmp(type->name, "expr") || !strcmp(type->name, "block"))
		return false;
	if (!strcmp(type->name, "type") && t->kind == AST_TYPE_ARRAY)
		w->found |= !konst_is_known(w->c, w->scope, t->array.len);
	if (!strcmp(type->name, "generic_arg") && a->kind == AST_GENERIC_ARG_CONST)
		w->found |= !konst_is_known(w->c, w->scope, a->const_.value);
	return true;
}

/* Does the item's signature have a length that functions compute?  Then it comes after all others. */
static bool
waits(Check *c, Scope scope, const char *type, const void *node)
{
	Wait w = {c, scope, false};

	ir_walk(ir_type(&ast_schema, type), (void *)(uintptr_t)node, visit_length, &w);
	return w.found;
}

static bool
adt_waits(Check *c, TastAdtId i)
{
	const AdtInfo *info = c->adt_info.at[i];

	return !info->is_std && waits(c, (Scope){info->module, info->generics}, "item", info->ast);
}

static bool
fn_waits(Check *c, TastFnId i)
{
	const FnInfo *info = c->fn_info.at[i];

	return !info->is_std && waits(c, (Scope){info->module, info->generics}, "fn", info->ast);
}

static bool
const_waits(Check *c, uint32_t k)
{
	const ConstInfo *info = c->consts.at[k];

	return !info->is_std && waits(c, (Scope){info->module, info->generics}, "item", info->ast);
}

typedef struct Late {
	IrU32List adts, fns, consts;
} Late;

static void
resolve_or_wait(Check *c, Marks from, Late *late)
{
	for (uint32_t i = from.adts; i < c->adts.len; i++)
		if (adt_waits(c, i))
			vec_push(c->arena, &late->adts, i);
		else
			adt_fields(c, i);
	for (uint32_t i = from.fns; i < c->fns.len; i++)
		if (fn_waits(c, i))
			vec_push(c->arena, &late->fns, i);
		else
			fn_signature(c, i);
	for (uint32_t i = from.consts; i < c->consts.len; i++)
		if (const_waits(c, i))
			vec_push(c->arena, &late->consts, i);
		else
			const_type(c, i);
}

static void
resolve_late(Check *c, const Late *late)
{
	for (uint32_t i = 0; i < late->consts.len; i++)
		const_type(c, late->consts.at[i]);
	for (uint32_t i = 0; i < late->adts.len; i++)
		adt_fields(c, late->adts.at[i]);
	for (uint32_t i = 0; i < late->fns.len; i++)
		fn_signature(c, late->fns.at[i]);
}

void
signature_resolve(Check *c, Marks from)
{
	Late late = {0};
	bool early = c->too_early;

	c->too_early = true;
	for (uint32_t i = from.traits; i < c->traits.len; i++)
		resolve_supers(c, i);
	for (uint32_t i = from.traits; i < c->traits.len; i++)
		check_super_cycle(c, i);
	for (uint32_t i = from.traits; i < c->traits.len; i++)
		trait_bounds(c, i);
	for (uint32_t i = from.traits; i < c->traits.len; i++)
		trait_assocs(c, i);
	for (uint32_t i = from.aliases; i < c->aliases.len; i++)
		type_alias(c, i);
	for (uint32_t i = from.impls; i < c->impls.len; i++)
		impl_header(c, i);
	for (uint32_t i = from.impls; i < c->impls.len; i++)
		impl_bounds(c, i);
	for (uint32_t i = from.impls; i < c->impls.len; i++)
		impl_give_methods(c, c->impls.at[i]);
	for (uint32_t i = from.adts; i < c->adts.len; i++)
		adt_bounds(c, i);
	for (uint32_t i = from.impls; i < c->impls.len; i++)
		impl_assocs(c, i);
	resolve_or_wait(c, from, &late);
	normalize_all(c, from);
	c->too_early = early;
	collect_late_enums(c);
	if (!late.adts.len && !late.fns.len && !late.consts.len && !c->postponed)
		return;
	c->postponed = false;
	Marks last = collect_marks(c);
	resolve_late(c, &late);
	normalize_upto(c, from, last);
}
