/*
 * Paths as values: variables, functions, constructors, constants, associated items.
 */
#include "gos-check/expr.h"

#include "gos-check/const.h"
#include "gos-check/const_arg.h"
#include "gos-check/dyn.h"
#include "gos-check/foreign.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

static const PathValue path_error;

TastFnId
path_fn(const Fx *fx, const PathValue *v)
{
	if (v->kind == PATH_METHOD)
		return fx->c->traits.at[v->trait]->methods.at[v->method];
	return v->kind == PATH_FN ? v->index : IR_NONE;
}

TastFnRef *
path_ref(Fx *fx, const PathValue *v)
{
	if (v->kind == PATH_METHOD)
		return fx_ref_method(fx, v->trait, v->method, v->args, v->n_args);
	return fx_ref_item(fx, v->index, v->args, v->n_args);
}

/* Arguments of a function's own generics, from a segment or fresh. */
static bool
own_args(Fx *fx, TastFnId f, const AstSegment *seg, TypeId *args)
{
	const Generics *g = fx->c->fn_info.at[f]->generics;
	Generics written = *g;
	TypeCx cx = fx_cx(fx);
	uint32_t base = g->outer ? g->outer->n : 0;

	fx_fresh_args(fx, g, base, args, seg->span, !seg->args.len);
	if (!seg->args.len)
		return true;
	/* `impl Trait` parameters cannot be named */
	while (written.decls.len && !vec_last(&written.decls).ast)
		written.decls.len--;
	return type_args(fx->c, &cx, &written, seg, check_str(fx->c, fx->c->fns.at[f]->name), false, args);
}

static PathValue
fn_value(Fx *fx, TastFnId f, const AstSegment *seg, const TypeId *outer, uint32_t n_outer)
{
	const FnInfo *info = fx->c->fn_info.at[f];
	PathValue v = {.kind = PATH_FN, .index = f, .n_args = info->generics->n};

	v.args = arena_array(fx->c->arena, TypeId, v.n_args ? v.n_args : 1);
	if (n_outer)
		memcpy(v.args, outer, n_outer * sizeof *outer);
	if (info->broken || !own_args(fx, f, seg, v.args))
		return path_error;
	return v;
}

static PathValue
method_value(Fx *fx, TastTraitId trait, uint32_t method, const AstSegment *seg, const TypeId *outer,
    uint32_t n_outer)
{
	PathValue v = fn_value(fx, fx->c->traits.at[trait]->methods.at[method], seg, outer, n_outer);

	if (v.kind == PATH_ERROR)
		return v;
	v.kind = PATH_METHOD;
	v.trait = trait;
	v.method = method;
	return v;
}

/* ---- Associated items ---- */

static PathValue
inherent_value(Fx *fx, TypeId self, const AstSegment *seg)
{
	Check *c = fx->c;
	uint32_t at = trait_inherent(c, self, seg->name);

	for (; at != IR_NONE; at = c->links.at[at].next) {
		TastFnId f = c->links.at[at].a;
		const ImplInfo *im = c->impls.at[c->fn_info.at[f]->impl];
		TypeId *args = trait_fresh(c, im->generics->n, seg->span);
		PathValue v;

		if (!infer_try(c, types_subst(c, im->self_type, args, im->generics->n), self))
			continue;
		if (!names_visible(c, c->fn_info.at[f]->vis, names_real(c, im->module), fx->module)) {
			diag_primary(diag_error(c->diags, G0303, seg->span, "the function",
			    check_str(c, seg->name)), "private to its module");
			return path_error;
		}
		v = fn_value(fx, f, seg, args, im->generics->n);
		return v;
	}
	return (PathValue){.kind = PATH_ERROR, .index = 1};
}

static PathValue
assoc_const(Fx *fx, TypeId self, Sym name)
{
	Check *c = fx->c;
	uint32_t at = map_get(&c->assoc_consts, (uint64_t)trait_head(c, self) << 32 | name, IR_NONE);

	for (; at != IR_NONE; at = c->links.at[at].next) {
		const ImplInfo *im = c->impls.at[c->links.at[at].b];
		TypeId *args = trait_fresh(c, im->generics->n, (Span){0, 0});

		if (infer_try(c, types_subst(c, im->self_type, args, im->generics->n), self))
			return (PathValue){.kind = PATH_CONST, .index = c->links.at[at].a, .args = args,
			    .n_args = im->generics->n};
	}
	return (PathValue){.kind = PATH_ERROR, .index = 1};
}

/* A trait's function through the bounds in force or through any trait that has it. */
static PathValue
trait_value(Fx *fx, TypeId self, const AstSegment *seg)
{
	Check *c = fx->c;
	uint32_t at;

	for (uint32_t i = 0; fx->generics && i < fx->generics->bounds.len; i++) {
		const TastBound *b = fx->generics->bounds.at[i];
		uint32_t m = trait_method_index(c, b->trait, seg->name);

		if (m != IR_NONE && b->args.at[0] == self)
			return method_value(fx, b->trait, m, seg, b->args.at, b->args.len);
	}
	for (uint32_t group = 0; group < CANDIDATE_GROUPS; group++)
		for (at = trait_candidates(c, self, seg->name, group); at != IR_NONE; at = c->links.at[at].next) {
			TastTraitId t = c->links.at[at].a;
			uint32_t n = c->trait_info.at[t]->generics->n;
			TypeId *args = trait_fresh(c, n, seg->span);

			args[0] = self;
			if (trait_may_hold(c, t, args, n))
				return method_value(fx, t, c->links.at[at].b, seg, args, n);
		}
	return (PathValue){.kind = PATH_ERROR, .index = 1};
}

static PathValue
ctor_value(TypeId t, uint32_t variant)
{
	return (PathValue){.kind = PATH_CTOR, .type = t, .variant = variant};
}

static void
unknown_assoc(Fx *fx, TypeId self, const AstSegment *seg)
{
	Check *c = fx->c;
	Text t = intern_text(c->names, seg->name);
	Suggest best = suggest_for(t.s, t.n);
	TastAdtId adt = types_adt_of(c, self);
	Diag *d;

	for (uint32_t v = 0; adt != IR_NONE && v < c->adts.at[adt]->variants.len; v++) {
		Text name = intern_text(c->names, c->adts.at[adt]->variants.at[v]->name);

		if (c->adts.at[adt]->kind == TAST_ADT_KIND_ENUM)
			suggest_offer(&best, name.s, name.n, 0);
	}
	for (uint32_t i = 0; i < c->impls.len; i++)
		for (uint32_t k = 0; !c->impls.at[i]->tast && k < c->impls.at[i]->fns.len; k++) {
			Text name = intern_text(c->names, c->fns.at[c->impls.at[i]->fns.at[k]]->name);

			if (trait_head(c, c->impls.at[i]->self_type) == trait_head(c, self))
				suggest_offer(&best, name.s, name.n, 0);
		}
	d = diag_error(c->diags, G0314, seg->span, adt != IR_NONE &&
	    c->adts.at[adt]->kind == TAST_ADT_KIND_ENUM ? "variant or function" : "function", t.s,
	    types_show(c, self));
	diag_primary(d, "not found in `%s`", types_show(c, self));
	if (best.found) {
		diag_help(d, "there is `%s`", best.name);
		diag_fix(d, DIAG_REVIEW, seg->span, "write the similar name", best.name);
	}
}

static PathValue
assoc_value(Fx *fx, TypeId self, const AstSegment *seg)
{
	TastAdtId adt;
	PathValue v;
	uint32_t variant;

	self = fx_known(fx, self);
	adt = types_adt_of(fx->c, self);
	if (self == TY_ERROR)
		return path_error;
	if (adt != IR_NONE) {
		variant = names_variant(fx->c, adt, seg->name);
		if (variant != IR_NONE)
			return ctor_value(self, variant);
	}
	v = inherent_value(fx, self, seg);
	if (v.kind == PATH_ERROR && v.index)
		v = assoc_const(fx, self, seg->name);
	if (v.kind == PATH_ERROR && v.index)
		v = trait_value(fx, self, seg);
	if (v.kind == PATH_ERROR && v.index)
		unknown_assoc(fx, self, seg);
	return v;
}

/* ---- Resolving ---- */

static PathValue
trait_path(Fx *fx, TastTraitId t, const AstPath *path, uint32_t at)
{
	const AstSegment *seg = path->segments.at[at], *trait_seg = path->segments.at[at - 1];
	const Generics *g = fx->c->trait_info.at[t]->generics;
	TypeId *args = trait_fresh(fx->c, g->n, trait_seg->span);
	uint32_t m = trait_method_index(fx->c, t, seg->name);
	TypeCx cx = fx_cx(fx);
	Diag *d;

	if (m == IR_NONE && at + 1 == path->segments.len && fx->c->trait_info.at[t]->lang == LANG_ERROR)
		return assoc_value(fx, dyn_error(fx->c), seg);
	if (m == IR_NONE || at + 1 != path->segments.len) {
		d = diag_error(fx->c->diags, G0314, seg->span, "function", check_str(fx->c, seg->name),
		    check_str(fx->c, fx->c->traits.at[t]->name));
		diag_primary(d, "not found in the trait");
		return path_error;
	}
	if (trait_seg->args.len && !type_args(fx->c, &cx, g, trait_seg,
	    check_str(fx->c, fx->c->traits.at[t]->name), true, args))
		return path_error;
	return method_value(fx, t, m, seg, args, g->n);
}

static PathValue
type_path(Fx *fx, Def def, const AstPath *path, uint32_t at)
{
	TypeCx cx = fx_cx(fx);
	TypeId t = type_of_def(fx->c, &cx, def, path->segments.at[at - 1], true);

	for (; at + 1 < path->segments.len && t != TY_ERROR; at++) {
		TypeId next = type_assoc_named(fx->c, &cx, t, path->segments.at[at]->name);

		if (next == IR_NONE) {
			unknown_assoc(fx, t, path->segments.at[at]);
			return path_error;
		}
		t = trait_normalize(fx->c, next, path->span);
	}
	return assoc_value(fx, t, path->segments.at[at]);
}

static PathValue
box_path(const AstPath *path, uint32_t at, Check *c)
{
	const AstSegment *seg = path->segments.at[at];
	Diag *d;

	if (at + 1 == path->segments.len && !strcmp(check_str(c, seg->name), "new"))
		return (PathValue){.kind = PATH_BOX};
	d = diag_error(c->diags, G0314, seg->span, "function", check_str(c, seg->name), "Box");
	diag_primary(d, "`Box` has only `new`");
	diag_help(d, "a box is its content: functions of `T` are `T::name`");
	return path_error;
}

static PathValue
not_a_value(Fx *fx, const AstPath *path, Def def)
{
	const AstSegment *seg = vec_last(&path->segments);
	Diag *d;

	if (def.kind == DEF_ERROR)
		return path_error;
	d = diag_error(fx->c->diags, G0305, path->span, check_str(fx->c, seg->name),
	    names_kind(fx->c, def), "a value");
	diag_primary(d, "a value is needed here");
	if (def.kind == DEF_ADT)
		diag_help(d, "make one with `%s { … }`", check_str(fx->c, seg->name));
	return path_error;
}

/* Type arguments of a variant stand on its enum or on itself. */
static PathValue
variant_value(Fx *fx, Def def, const AstPath *path, uint32_t at)
{
	const AstSegment *own = path->segments.at[at - 1];
	const AstSegment *adt = at > 1 ? path->segments.at[at - 2] : own;
	TypeCx cx = fx_cx(fx);
	TypeId t = type_of_def(fx->c, &cx, def, own->args.len ? own :
	    adt->args.len ? adt : &(AstSegment){.span = own->span}, true);

	return t == TY_ERROR ? path_error : ctor_value(t, def.extra);
}

static PathValue
param_value(Fx *fx, Def def)
{
	Generics *g = fx->generics;
	PathValue v = {.kind = PATH_PARAM, .args = arena_new(fx->c->arena, TypeId), .n_args = 1};

	while (def.extra--)
		g = g->outer;
	v.type = g->decls.at[def.index].type;
	v.args[0] = const_param_type(fx->c, g, def.index);
	return v.args[0] == TY_ERROR ? path_error : v;
}

static PathValue
resolved_value(Fx *fx, Resolved r, const AstPath *path)
{
	bool whole = r.at == path->segments.len;
	TypeCx cx = fx_cx(fx);
	TypeId t;

	if (!whole && r.def.kind == DEF_TRAIT)
		return trait_path(fx, r.def.index, path, r.at);
	if (!whole && r.def.kind == DEF_TRANSPARENT)
		return box_path(path, r.at, fx->c);
	if (!whole && (r.def.kind == DEF_ADT || r.def.kind == DEF_ALIAS || r.def.kind == DEF_PRIM ||
	    r.def.kind == DEF_SELF || r.def.kind == DEF_PARAM))
		return type_path(fx, r.def, path, r.at);
	if (whole && r.def.kind == DEF_FN)
		return fn_value(fx, r.def.index, vec_last(&path->segments), NULL, 0);
	if (whole && r.def.kind == DEF_CONST)
		return (PathValue){.kind = PATH_CONST, .index = r.def.index};
	if (whole && r.def.kind == DEF_CONST_PARAM)
		return param_value(fx, r.def);
	if (whole && r.def.kind == DEF_VARIANT)
		return variant_value(fx, r.def, path, r.at);
	if (whole && (r.def.kind == DEF_ADT || r.def.kind == DEF_SELF)) {
		t = type_of_def(fx->c, &cx, r.def, vec_last(&path->segments), true);
		if (types_adt_of(fx->c, t) != IR_NONE &&
		    fx->c->adts.at[types_adt_of(fx->c, t)]->kind == TAST_ADT_KIND_STRUCT)
			return ctor_value(t, 0);
	}
	return not_a_value(fx, path, r.def);
}

/* In a function of an impl or a trait, `self` is one word away. */
static void
report_no_self(Fx *fx, Span span)
{
	const FnInfo *info = fx->c->fn_info.at[fx->id];
	Diag *d = diag_error(fx->c->diags, G0354, span);

	diag_primary(d, "there is no `self` here");
	if (info->impl == IR_NONE && info->trait == IR_NONE)
		return;
	fix_first(fx->c, d, info->ast->name->span, "take `&self`", info->ast->params.len ? "&self, " : "&self");
}

/* A field of the method's receiver, which is not named without it. */
static bool
is_own_field(Fx *fx, Sym name)
{
	Check *c = fx->c;
	const TastVariant *v;
	uint32_t self;

	if (!fx_find(fx, intern_cstr(c->names, "self"), &self) || self == IR_NONE)
		return false;
	v = types_struct(c, types_strip_ref(c, infer_shallow(c, fx->fn->locals.at[self]->type)));
	return v && variant_field(v, name) != IR_NONE;
}

static void
report_own_field(Fx *fx, Sym name, Span span)
{
	const char *text = check_str(fx->c, name);
	Diag *d = diag_error(fx->c->diags, G0301, span, "value", text);

	diag_primary(d, "not found here");
	diag_help(d, "the field of the receiver is `self.%s`", text);
	diag_fix(d, DIAG_SAFE, (Span){span.start, 0}, "read the field", "self.");
}

PathValue
path_value(Fx *fx, const AstPath *path)
{
	Sym single = names_single(path);
	uint32_t local;
	Resolved r;

	if (single && fx_find(fx, single, &local))
		return local == IR_NONE ? path_error : (PathValue){.kind = PATH_LOCAL, .index = local};
	if (single && !strcmp(check_str(fx->c, single), "self")) {
		report_no_self(fx, path->span);
		return path_error;
	}
	if (single && !strcmp(check_str(fx->c, single), "Self"))
		r = names_resolve(fx->c, fx_scope(fx), path, NS_TYPE);
	else
		r = names_try(fx->c, fx_scope(fx), path, NS_VALUE);
	if (r.def.kind == DEF_NONE) {	/* a struct with named fields is no value, but almost */
		r = names_try(fx->c, fx_scope(fx), path, NS_TYPE);
		if ((r.def.kind == DEF_NONE || r.at < path->segments.len) && single && is_own_field(fx, single)) {
			report_own_field(fx, single, path->span);
			return path_error;
		}
		if (r.def.kind == DEF_NONE || r.at < path->segments.len)
			r = names_resolve(fx->c, fx_scope(fx), path, NS_VALUE);
	}
	return resolved_value(fx, r, path);
}

/* `<T as Trait>::name` */
PathValue
path_qualified(Fx *fx, const AstExpr *e)
{
	TypeId self = fx_lower(fx, e->qualified.self);
	const AstSegment *seg = e->qualified.name;
	TypeCx cx = fx_cx(fx);
	TastBound *b;
	uint32_t m;

	if (self == TY_ERROR)
		return path_error;
	if (!e->qualified.trait)
		return assoc_value(fx, self, seg);
	b = type_bound(fx->c, &cx, self, e->qualified.trait);
	if (!b)
		return path_error;
	m = trait_method_index(fx->c, b->trait, seg->name);
	if (m != IR_NONE)
		return method_value(fx, b->trait, m, seg, b->args.at, b->args.len);
	diag_primary(diag_error(fx->c->diags, G0314, seg->span, "function", check_str(fx->c, seg->name),
	    check_str(fx->c, fx->c->traits.at[b->trait]->name)), "not found in the trait");
	return path_error;
}

/* ---- As expressions ---- */

static TastExpr *
fn_expr(Fx *fx, const PathValue *v, Span span)
{
	Check *c = fx->c;
	TastFnId f = path_fn(fx, v);
	const FnInfo *info = c->fn_info.at[f];
	uint32_t n = info->params.len;
	TypeId *params = arena_array(c->arena, TypeId, n ? n : 1);
	TastExpr *e;

	if (!foreign_check_value(fx, f, span))
		return fx_error(fx, span);
	body_opaque(c, f);
	for (uint32_t i = 0; i < n; i++)
		params[i] = call_param_type(fx, f, i, v->args, v->n_args, span);
	e = fx_expr(fx, TAST_EXPR_FN, span,
	    types_fn(c, params, n, call_ret_type(fx, f, v->args, v->n_args, span)));
	e->fn.fn = path_ref(fx, v);
	if (v->kind == PATH_METHOD)
		fx_require(fx, v->trait, v->args, c->trait_info.at[v->trait]->generics->n, span, IR_NONE);
	fx_require_bounds(fx, &info->generics->declared, v->args, v->n_args, span, f);
	return e;
}

/* `Box::new` as a function: `|x| x`. */
static TastExpr *
box_closure(Fx *fx, Span span)
{
	TypeId t = fx_var(fx, span);
	IrU32List params = {0};
	TastExpr *e = fx_expr(fx, TAST_EXPR_CLOSURE, span, types_fn(fx->c, &t, 1, t));

	vec_push(fx->c->arena, &fx->closures, (ClosureCx){0});
	vec_push(fx->c->arena, &params, fx_local(fx, intern_cstr(fx->c->names, "x"), span, t, false));
	e->closure.body = fx_use(fx, span, params.at[0]);
	e->closure.params = params;
	fx->closures.len--;
	return e;
}

/* A constructor as a function: `|a, b| Variant(a, b)`. */
static TastExpr *
ctor_closure(Fx *fx, const PathValue *v, Span span, const TastVariant *var)
{
	Check *c = fx->c;
	uint32_t n = var->fields.len;
	TypeId *params = arena_array(c->arena, TypeId, n);
	TastExpr *body = fx_expr(fx, TAST_EXPR_STRUCT, span, v->type);
	TastExpr *e;
	IrU32List locals = {0};

	vec_push(c->arena, &fx->closures, (ClosureCx){0});
	body->struct_.variant = v->variant;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t local;

		params[i] = trait_normalize(c, types_field(c, v->type, v->variant, i), span);
		local = fx_local(fx, var->fields.at[i]->name, span, params[i], false);
		vec_push(c->arena, &locals, local);
		vec_push(c->arena, &body->struct_.fields,
		    tast_mk_field_value(c->arena, i, fx_use(fx, span, local)));
	}
	fx->closures.len--;
	e = fx_expr(fx, TAST_EXPR_CLOSURE, span, types_fn(c, params, n, v->type));
	e->closure.params = locals;
	e->closure.body = body;
	return e;
}

static TastExpr *
ctor_expr(Fx *fx, const PathValue *v, Span span)
{
	const TastAdt *adt = fx->c->adts.at[types_get(fx->c, v->type)->adt.adt];
	const TastVariant *var = adt->variants.at[v->variant];
	TastExpr *e;
	Diag *d;

	if (var->named && var->fields.len) {
		d = diag_error(fx->c->diags, G0355, span, check_str(fx->c, var->name));
		diag_primary(d, "its fields are missing");
		diag_help(d, "write `%s { … }`", check_str(fx->c, var->name));
		return fx_error(fx, span);
	}
	if (var->fields.len)
		return ctor_closure(fx, v, span, var);
	e = fx_expr(fx, TAST_EXPR_STRUCT, span, v->type);
	e->struct_.variant = v->variant;
	return e;
}

/* The value of a constant parameter; its index counts from where it is declared. */
static TastExpr *
param_expr(Fx *fx, const PathValue *v, Span span)
{
	TastExpr *e = fx_expr(fx, TAST_EXPR_PARAM, span, v->args[0]);

	e->param.param = v->type;
	return e;
}

TastExpr *
path_use(Fx *fx, PathValue v, Span span)
{
	switch (v.kind) {
	case PATH_ERROR:
		return fx_error(fx, span);
	case PATH_LOCAL:
		return fx_use(fx, span, v.index);
	case PATH_FN:
	case PATH_METHOD:
		if (fx->c->fn_info.at[path_fn(fx, &v)]->is_const_item)
			return call_resolved(fx, v, span, &(AstArgList){0}, NULL, span, IR_NONE);
		return fn_expr(fx, &v, span);
	case PATH_CTOR:
		return ctor_expr(fx, &v, span);
	case PATH_CONST:
		return const_use(fx, v.index, v.args, v.n_args, span);
	case PATH_PARAM:
		return param_expr(fx, &v, span);
	case PATH_BOX:
		return box_closure(fx, span);
	}
	return fx_error(fx, span);
}

TastExpr *
path_expr(Fx *fx, const AstPath *path, Span span)
{
	return path_use(fx, path_value(fx, path), span);
}

/* ---- Struct literals and patterns ---- */

/* A struct or a variant; an enum may hide the name of a variant (`enum Err`), but never stands for one itself. */
static Resolved
resolve_variant(Fx *fx, const AstPath *path)
{
	Resolved r = names_try(fx->c, fx_scope(fx), path, NS_TYPE), hidden;

	if (r.def.kind == DEF_ADT && r.at == path->segments.len &&
	    fx->c->adts.at[r.def.index]->kind == TAST_ADT_KIND_ENUM) {
		hidden = names_try(fx->c, fx_scope(fx), path, NS_VALUE);
		if (hidden.def.kind == DEF_VARIANT)
			return hidden;
	}
	return names_resolve(fx->c, fx_scope(fx), path, NS_TYPE);
}

bool
path_variant(Fx *fx, const AstPath *path, TypeId *type, uint32_t *variant)
{
	Resolved r = resolve_variant(fx, path);
	TypeCx cx = fx_cx(fx);
	PathValue v;
	Diag *d;

	*variant = 0;
	if (r.def.kind == DEF_VARIANT && r.at == path->segments.len) {
		v = variant_value(fx, r.def, path, r.at);
		*type = v.type;
		*variant = v.variant;
		return v.kind == PATH_CTOR;
	}
	if (r.def.kind == DEF_ERROR || r.def.kind == DEF_NONE)
		return false;
	*type = type_of_def(fx->c, &cx, r.def, path->segments.at[r.at - 1], true);
	if (*type == TY_ERROR && r.def.kind != DEF_TRAIT && r.def.kind != DEF_MODULE && r.def.kind != DEF_FN)
		return false;
	if (r.at + 1 == path->segments.len && types_adt_of(fx->c, *type) != IR_NONE) {
		*variant = names_variant(fx->c, types_adt_of(fx->c, *type), path->segments.at[r.at]->name);
		if (*variant != IR_NONE)
			return true;
		unknown_assoc(fx, *type, path->segments.at[r.at]);
		return false;
	}
	if (types_adt_of(fx->c, *type) != IR_NONE && r.at == path->segments.len &&
	    fx->c->adts.at[types_adt_of(fx->c, *type)]->kind == TAST_ADT_KIND_STRUCT)
		return true;
	d = diag_error(fx->c->diags, G0305, path->span,
	    check_str(fx->c, vec_last(&path->segments)->name), names_kind(fx->c, r.def),
	    "a struct or a variant");
	diag_primary(d, "a struct or a variant is needed here");
	return false;
}
