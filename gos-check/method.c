/*
 * Method calls: inherent methods of the receiver's type first, then those of traits.
 *
 * The receiver adjusts itself: `&mut T` is read for a method that takes `self` or `&self`, a
 * place is lent for one that takes `&mut self`, any other value goes to a temporary for that.
 */
#include "gos-check/expr.h"

#include "gos-check/foreign.h"

#include "gos-check/dyn.h"
#include "gos-check/fix.h"
#include "gos-check/report.h"
#include "gos-check/traits.h"

#include <string.h>

typedef struct Found {
	PathValue value;	/* PATH_FN or PATH_METHOD; PATH_ERROR: none, index 1 if not reported */
} Found;

static PathValue
none(bool reported)
{
	return (PathValue){.kind = PATH_ERROR, .index = !reported};
}

/* Room for the outer arguments and fresh or written ones for the method's own generics. */
static bool
method_args(Fx *fx, PathValue *v, TastFnId f, const AstExpr *e, const TypeId *outer, uint32_t n_outer)
{
	Generics own = *fx->c->fn_info.at[f]->generics;
	AstSegment seg = {e->method.name->span, e->method.name->name, e->method.has_args,
	    e->method.generics, {0}};
	TypeCx cx = fx_cx(fx);

	v->n_args = own.n;
	v->args = arena_array(fx->c->arena, TypeId, own.n + 1);
	memcpy(v->args, outer, n_outer * sizeof *outer);
	v->defaults = !seg.args.len;
	fx_fresh_args(fx, &own, n_outer, v->args, seg.span, false);
	if (!seg.args.len)
		return true;
	while (own.decls.len && !vec_last(&own.decls).ast)
		own.decls.len--;
	return type_args(fx->c, &cx, &own, &seg, check_str(fx->c, seg.name), false, v->args);
}

/* ---- Lookup ---- */

static bool
method_visible(Fx *fx, TastFnId f, const AstExpr *e)
{
	const FnInfo *info = fx->c->fn_info.at[f];
	Diag *d;

	if (names_visible(fx->c, info->vis, names_real(fx->c, info->module), fx->module))
		return true;
	d = diag_error(fx->c->diags, G0303, e->method.name->span, "the method",
	    check_str(fx->c, e->method.name->name));
	diag_primary(d, "private to its module");
	if (!info->is_std)
		diag_label(d, fx->c->fns.at[f]->span, "defined here without `pub`");
	return false;
}

static PathValue
find_inherent(Fx *fx, TypeId self, const AstExpr *e)
{
	Check *c = fx->c;
	uint32_t at = trait_inherent(c, self, e->method.name->name);

	for (; at != IR_NONE; at = c->links.at[at].next) {
		TastFnId f = c->links.at[at].a;
		const ImplInfo *im = c->impls.at[c->fn_info.at[f]->impl];
		TypeId *args = trait_fresh(c, im->generics->n, e->span);
		PathValue v = {.kind = PATH_FN, .index = f};

		if (!infer_try(c, types_subst(c, im->self_type, args, im->generics->n), self))
			continue;
		if (!method_visible(fx, f, e) || c->fn_info.at[f]->broken)
			return none(true);
		if (!method_args(fx, &v, f, e, args, im->generics->n))
			return none(true);
		return v;
	}
	return none(false);
}

static PathValue
trait_method(Fx *fx, TastTraitId t, uint32_t m, const AstExpr *e, const TypeId *args, uint32_t n)
{
	PathValue v = {.kind = PATH_METHOD, .trait = t, .method = m};

	return method_args(fx, &v, fx->c->traits.at[t]->methods.at[m], e, args, n) ? v : none(true);
}

static PathValue
find_in_bounds(Fx *fx, TypeId self, const AstExpr *e)
{
	Check *c = fx->c;
	const TastBoundList *l = fx->generics ? &fx->generics->bounds : NULL;

	if (types_is(c, self, TAST_TY_DYN))
		l = dyn_bounds(c, infer_deep(c, self));
	for (uint32_t i = 0; l && i < l->len; i++) {
		const TastBound *b = l->at[i];
		const TastTrait *t = c->traits.at[b->trait];

		if (b->args.at[0] != self && !types_is(c, self, TAST_TY_DYN))
			continue;
		for (uint32_t m = 0; m < t->methods.len; m++)
			if (c->fns.at[t->methods.at[m]]->name == e->method.name->name)
				return trait_method(fx, b->trait, m, e, b->args.at, b->args.len);
	}
	return none(false);
}

/* `x.f(a)` as `Trait::f(x, a)`. */
static void
fix_name_trait(Fx *fx, Diag *d, const AstExpr *e, const char *trait)
{
	Check *c = fx->c;
	Span name = e->method.name->span, receiver = e->method.receiver->span;
	Span brackets = fix_brackets(c, e->span, name);
	Text text = source_span_text(c->sources, receiver);

	if (!brackets.len)
		return;
	diag_fix(d, DIAG_REVIEW, (Span){receiver.start, name.start - receiver.start}, "name the trait",
	    arena_printf(c->arena, "%s::", trait));
	diag_edit(d, (Span){brackets.start + 1, 0}, arena_printf(c->arena, "%.*s%s", (int)text.n, text.s,
	    e->method.args.len ? ", " : ""));
}

static void
report_ambiguous(Fx *fx, const AstExpr *e, TastTraitId a, TastTraitId b)
{
	Check *c = fx->c;
	const char *name = check_str(c, e->method.name->name);
	Diag *d = diag_error(c->diags, G0606, e->method.name->span, name,
	    check_str(c, c->traits.at[a]->name), check_str(c, c->traits.at[b]->name));

	diag_primary(d, "which one is meant?");
	diag_help(d, "name the trait: `%s::%s(…)`", check_str(c, c->traits.at[a]->name), name);
	fix_name_trait(fx, d, e, check_str(c, c->traits.at[a]->name));
}

/* The trait that a call means, so far. */
typedef struct Choice {
	TypeId *args;
	TastTraitId trait;
	uint32_t method;
	bool reported;
} Choice;

/* What a type can do without an impl (`cmp` of Ord) gives way to what was written for it (`cmp` of Iterator). */
static bool
is_by_nature(Fx *fx, TypeId self, TastTraitId t)
{
	return fx->c->trait_info.at[t]->structural && trait_select(fx->c, t, &self, 1).kind == SELECT_STRUCTURAL;
}

static void
consider(Fx *fx, TypeId self, const AstExpr *e, const Link *l, Choice *best)
{
	Check *c = fx->c;
	TastTraitId t = l->a;
	uint32_t n = c->trait_info.at[t]->generics->n;
	TypeId *args;

	if (best->args && (best->trait == t || is_by_nature(fx, self, t)))
		return;
	args = trait_fresh(c, n, e->span);
	args[0] = self;
	if (!trait_may_hold(c, t, args, n))
		return;
	if (best->args && is_by_nature(fx, self, best->trait))
		best->args = NULL;
	if (best->args && c->trait_info.at[t]->is_std == c->trait_info.at[best->trait]->is_std) {
		if (!best->reported)
			report_ambiguous(fx, e, best->trait, t);
		best->reported = true;
		return;
	}
	if (best->args && c->trait_info.at[t]->is_std)
		return;		/* the user's own trait goes first */
	*best = (Choice){args, t, l->b, best->reported};
}

static PathValue
find_in_traits(Fx *fx, TypeId self, const AstExpr *e)
{
	Check *c = fx->c;
	Choice best = {0};

	for (uint32_t group = 0; group < CANDIDATE_GROUPS; group++) {
		uint32_t at = trait_candidates(c, self, e->method.name->name, group);

		for (; at != IR_NONE; at = c->links.at[at].next)
			consider(fx, self, e, &(Link){c->links.at[at].a, c->links.at[at].b, 0, 0}, &best);
	}
	if (best.reported)
		return none(true);
	return best.args ? trait_method(fx, best.trait, best.method, e, best.args,
	    c->trait_info.at[best.trait]->generics->n) : none(false);
}

static PathValue
find(Fx *fx, TypeId self, const AstExpr *e)
{
	PathValue v = find_inherent(fx, self, e);

	if (v.kind == PATH_ERROR && v.index)
		v = find_in_bounds(fx, self, e);
	if (v.kind == PATH_ERROR && v.index)
		v = find_in_traits(fx, self, e);
	if (v.kind == PATH_ERROR && v.index && type_is_var(infer_shallow(fx->c, self)) &&
	    !type_is_var(infer_default(fx->c, self)))
		return find(fx, infer_shallow(fx->c, self), e);
	return v;
}

/* ---- The receiver ---- */

TastExpr *
method_ref_mut(Fx *fx, TastExpr *receiver, TastStmtList *before)
{
	uint32_t local;

	if (types_is(fx->c, fx_known(fx, receiver->type), TAST_TY_REF_MUT))
		return receiver;
	if (expr_is_place(receiver) || receiver->type == TY_ERROR)
		return fx_ref_mut(fx, receiver, receiver->span);
	if (receiver->kind == TAST_EXPR_CALL && receiver->call.fn->kind == TAST_FN_REF_METHOD &&
	    receiver->call.fn->method.trait == lang_trait(fx->c, LANG_INDEX))
		return fx_ref_mut(fx, receiver, receiver->span);
	local = fx_local(fx, 0, receiver->span, receiver->type, true);
	vec_push(fx->c->arena, before, fx_let(fx, local, receiver));
	return fx_ref_mut(fx, fx_use(fx, receiver->span, local), receiver->span);
}

static TastExpr *
adjust(Fx *fx, TastExpr *receiver, AstSelfKind self, TastStmtList *before)
{
	switch (self) {
	case AST_SELF_KIND_REF_MUT:
		return method_ref_mut(fx, receiver, before);
	case AST_SELF_KIND_NONE:
	case AST_SELF_KIND_VALUE:
	case AST_SELF_KIND_MUT_VALUE:
	case AST_SELF_KIND_REF:
		return fx_deref(fx, receiver);
	}
	return receiver;
}

static TastExpr *
infer_args(Fx *fx, const AstArgList *args, Span span)
{
	for (uint32_t i = 0; i < args->len; i++)
		if (expr_bare(args->at[i]->value)->kind != AST_EXPR_CLOSURE &&
		    expr_bare(args->at[i]->value)->kind != AST_EXPR_PLACEHOLDER)
			expr_infer(fx, args->at[i]->value, IR_NONE);
	return fx_error(fx, span);
}

/* `Type.new()`: true after reporting. */
static bool
is_type_name(Fx *fx, const AstExpr *e)
{
	const AstExpr *r = e->method.receiver;
	Resolved t;
	Diag *d;
	Span dot;
	uint32_t local;

	if (r->kind != AST_EXPR_PATH || (names_single(r->path.path) &&
	    fx_find(fx, names_single(r->path.path), &local)))
		return false;
	t = names_try(fx->c, fx_scope(fx), r->path.path, NS_TYPE);
	if (t.def.kind != DEF_ADT && t.def.kind != DEF_PRIM && t.def.kind != DEF_MODULE &&
	    t.def.kind != DEF_TRAIT && t.def.kind != DEF_ALIAS)
		return false;
	if (t.at != r->path.path->segments.len ||
	    names_try(fx->c, fx_scope(fx), r->path.path, NS_VALUE).def.kind != DEF_NONE)
		return false;
	dot = (Span){span_end(r->span), e->method.name->span.start - span_end(r->span)};
	d = diag_error(fx->c->diags, G0356, dot, check_str(fx->c, vec_last(&r->path.path->segments)->name),
	    names_kind(fx->c, t.def));
	diag_primary(d, "`::` is needed here");
	diag_fix(d, DIAG_SAFE, dot, "write `::`", "::");
	return true;
}

/* ---- The call ---- */

/* A method with `self: Rc<Self>` is called on a value that is not in one. */
static TastExpr *
not_in_rc(Fx *fx, TypeId self, const AstExpr *e)
{
	const char *type = types_show(fx->c, self);
	Diag *d = diag_error(fx->c->diags, G0373, e->method.receiver->span, check_str(fx->c, e->method.name->name),
	    type);

	diag_primary(d, "this is a `%s`", type);
	fix_wrap(fx->c, d, e->method.receiver->span, "Rc::new");
	return infer_args(fx, &e->method.args, e->span);
}

static TastExpr *
not_a_method(Fx *fx, TypeId self, const AstExpr *e)
{
	Diag *d = diag_error(fx->c->diags, G0357, e->method.name->span,
	    check_str(fx->c, e->method.name->name));

	diag_primary(d, "it takes no `self`");
	diag_help(d, "call it on the type: `%s::%s(…)`", types_show(fx->c, self),
	    check_str(fx->c, e->method.name->name));
	diag_fix(d, DIAG_REVIEW, (Span){e->span.start, e->method.name->span.start - e->span.start},
	    "call it on the type", arena_printf(fx->c->arena, "%s::", types_show(fx->c, self)));
	return infer_args(fx, &e->method.args, e->span);
}

/* A receiver of its own, which the method may change, ends with the call, unless the result may refer to it. */
static TastExpr *
with_receiver(Fx *fx, bool own, TastStmtList before, TastExpr *call)
{
	if (!before.len)
		return call;
	if (own && !(types_flags(fx->c, infer_deep(fx->c, call->type)) & (TYPE_HAS_REF | TYPE_HAS_VAR)))
		return fx_block(fx, call->span, before, call);
	return fx_open_block(fx, call->span, before, call);
}

static TastExpr *
call_found(Fx *fx, const PathValue *v, TastExpr *receiver, TypeId self, const AstExpr *e,
    TastExpr *piped, TypeId hint)
{
	Check *c = fx->c;
	TastFnId f = path_fn(fx, v);
	const FnInfo *info = c->fn_info.at[f];
	uint32_t n = info->params.len ? info->params.len - 1 : 0;
	TypeId *params = arena_array(c->arena, TypeId, n + 1);
	Target t = {f, params, info->param_names.at + 1, n, IR_NONE, check_str(c, c->fns.at[f]->name), 1,
	    v->args, v->n_args};
	TastExprList out = {0}, args = {0};
	TastStmtList before = {0};
	TastExpr *call;

	if (info->self == AST_SELF_KIND_NONE)
		return not_a_method(fx, self, e);
	if (info->self_rc && !types_is_lang(c, fx_value_type(fx, receiver), "Rc"))
		return not_in_rc(fx, self, e);
	if (v->kind == PATH_METHOD && !dyn_can_call(fx, self, v->trait, v->method, e->method.name->span))
		return infer_args(fx, &e->method.args, e->span);
	length_check_receiver(fx, v, receiver, e->method.name->span);
	body_opaque(c, f);
	if (v->defaults) {
		call_expect(fx, call_ret_type(fx, f, v->args, v->n_args, e->span), hint);
		fx_default_args(fx, info->generics, v->args, e->span);
	}
	for (uint32_t i = 0; i < n; i++)
		params[i] = call_param_type(fx, f, i + 1, v->args, v->n_args, e->span);
	t.ret = call_ret_type(fx, f, v->args, v->n_args, e->span);
	vec_push(c->arena, &out, adjust(fx, receiver, info->self, &before));
	bool own = before.len > 0;
	if (!call_args(fx, &t, &e->method.args, piped, e->span, hint, &out, &args, &before)) {
		call = fx_error(fx, e->span);
		if (!(types_flags(c, infer_deep(c, t.ret)) & TYPE_HAS_VAR))
			call->type = t.ret;
		return call;
	}
	for (uint32_t i = 0; i < args.len; i++)
		vec_push(c->arena, &out, args.at[i]);
	foreign_check_call(fx, f, e->span);
	if (v->kind == PATH_METHOD)
		fx_require(fx, v->trait, v->args, c->trait_info.at[v->trait]->generics->n, e->span, IR_NONE);
	fx_require_bounds(fx, &info->generics->declared, v->args, v->n_args, e->span, f);
	call = fx_call(fx, e->span, t.ret, path_ref(fx, v), out);
	return with_receiver(fx, own, before, call);
}

TastExpr *
method_call_lang(Fx *fx, TastExpr *receiver, LangTrait trait, uint32_t method, TastExpr *arg, Span span)
{
	Check *c = fx->c;
	TastTraitId t = lang_trait(c, trait);
	TypeId self = fx_value_type(fx, receiver);
	const FnInfo *info;
	TastExprList args = {0};
	TastStmtList before = {0};
	TastFnId f;
	TastExpr *call;

	if (t == IR_NONE)
		return fx_error(fx, span);
	f = c->traits.at[t]->methods.at[method];
	info = c->fn_info.at[f];
	vec_push(c->arena, &args, adjust(fx, receiver, info->self, &before));
	if (arg)
		vec_push(c->arena, &args, arg);
	fx_require(fx, t, &self, 1, span, IR_NONE);
	call = fx_call(fx, span, call_ret_type(fx, f, &self, 1, span), fx_ref_method(fx, t, method, &self, 1),
	    args);
	return with_receiver(fx, before.len > 0, before, call);
}

/* `(1..=3).map(…)`: an inclusive range is walked through its iterator. */
static TastExpr *
as_iterator(Fx *fx, TastExpr *receiver, TypeId self, const AstExpr *e, PathValue *v)
{
	TastExpr *iter;

	if (!types_is_lang(fx->c, self, "RangeInclusive") ||
	    map_get(&fx->c->methods, e->method.name->name, IR_NONE) == IR_NONE)
		return NULL;
	iter = method_call_lang(fx, receiver, LANG_INTO_ITERATOR, 0, NULL, receiver->span);
	*v = find(fx, fx_value_type(fx, iter), e);
	return v->kind == PATH_ERROR ? NULL : iter;
}

/* Methods of sequences work on arrays too, through a view, or a window if they change elements. */
static TastExpr *
as_view(Fx *fx, TastExpr *receiver, TypeId self, const AstExpr *e, PathValue *v)
{
	TypeId elem, vec;

	while ((elem = types_array_elem(fx->c, self)) == IR_NONE) {
		receiver = fx_follow(fx, receiver);
		if (!receiver)
			return NULL;
		self = fx_known(fx, fx_value_type(fx, receiver));
	}
	vec = fx_lang(fx, LANG_VEC, &elem, 1, e->span);
	*v = find(fx, vec, e);
	if (v->kind == PATH_ERROR)
		return NULL;
	return place_view(fx, fx_deref(fx, receiver), vec);
}

/* Of the type that a literal has for lack of another; what traits give leaves it open. */
static bool
is_own_method(Fx *fx, TypeId literal, const AstExpr *e)
{
	TypeId t = infer_kind(fx->c, literal) == VAR_INT ? TY_I64 : TY_F64;

	return trait_inherent(fx->c, t, e->method.name->name) != IR_NONE;
}

/* What a long chain walks is settled: types that are open all the way down are looked through at each step. */
static TypeId
settle_chain(Fx *fx, TypeId self)
{
	enum { LONG = 16 };
	TypeId t = self;
	uint32_t n = 0;

	for (; types_adt_of(fx->c, t) != IR_NONE && types_get(fx->c, t)->adt.args.len; n++)
		t = infer_shallow(fx->c, types_arg(fx->c, t, 0));
	if (n < LONG || !type_is_var(t) || infer_kind(fx->c, t) == VAR_ANY)
		return self;
	infer_default(fx->c, t);
	return infer_deep(fx->c, self);
}

static TypeId
receiver_type(Fx *fx, TastExpr *receiver, const AstExpr *e)
{
	TypeId self = fx_value_type(fx, receiver);
	Diag *d;

	if (type_is_var(self) && infer_kind(fx->c, self) != VAR_ANY)
		return is_own_method(fx, self, e) ? infer_default(fx->c, self) : self;
	if (type_is_var(self)) {
		d = diag_error(fx->c->diags, G0309, receiver->span, "this value");
		diag_primary(d, "its type must be known before `.%s`", check_str(fx->c, e->method.name->name));
		diag_help(d, "write the type where the value is introduced");
		infer_unify(fx->c, self, TY_ERROR);
		return TY_ERROR;
	}
	return settle_chain(fx, self);
}

static bool
is_range_type(Fx *fx, TypeId t)
{
	TastAdtId adt = types_adt_of(fx->c, infer_shallow(fx->c, t));

	for (LangAdt k = LANG_RANGE; adt != IR_NONE && k <= LANG_RANGE_FULL; k++)
		if (lang_adt(fx->c, k) == adt)
			return true;
	return false;
}

/* Is it a range, as far as that is seen without checking it? */
static bool
is_range(Fx *fx, const AstExpr *e)
{
	const AstExpr *bare = expr_bare(e);
	uint32_t local;

	if (bare->kind == AST_EXPR_RANGE)
		return true;
	return bare->kind == AST_EXPR_PATH && names_single(bare->path.path) &&
	    fx_find(fx, names_single(bare->path.path), &local) &&
	    is_range_type(fx, fx_known(fx, fx->fn->locals.at[local]->type));
}

/* A slice to change cannot be in an Option. */
static void
report_get_mut(Fx *fx, TypeId self, const AstExpr *e)
{
	Diag *d = diag_error(fx->c->diags, G0314, e->method.name->span, "method", "get_mut(range)",
	    types_show(fx->c, self));

	diag_primary(d, "it takes a position");
	diag_help(d, "compare the range with `len()`, then take the slice: `let part = &mut v[a..b]`");
}

/* `v.get(a..b)`: the method for ranges, beside that for positions.  NULL after reporting. */
static const AstExpr *
for_range(Fx *fx, TypeId self, const AstExpr *e)
{
	const char *name = check_str(fx->c, e->method.name->name);
	TypeId elem = types_array_elem(fx->c, self);
	AstExpr *r;

	if (strncmp(name, "get", 3) || (name[3] && strcmp(name, "get_mut")) || e->method.args.len != 1 ||
	    (elem == IR_NONE && !types_is_lang(fx->c, self, "Vec")) || !is_range(fx, e->method.args.at[0]->value))
		return e;
	if (name[3]) {
		report_get_mut(fx, self, e);
		return NULL;
	}
	r = arena_new(fx->c->arena, AstExpr);
	*r = *e;
	r->method.name = arena_new(fx->c->arena, AstIdent);
	*r->method.name = (AstIdent){e->method.name->span, intern_cstr(fx->c->names, "get_range")};
	return r;
}

/* The method of the receiver, or of what that leads to: then that becomes the receiver. */
static PathValue
find_behind(Fx *fx, TastExpr **receiver, TypeId *self, const AstExpr *e)
{
	PathValue v = find(fx, *self, e), w;
	TastExpr *behind = *receiver;

	while (v.kind == PATH_ERROR ? v.index : fx->c->fn_info.at[path_fn(fx, &v)]->self == AST_SELF_KIND_NONE) {
		TastExpr *owner = behind;

		behind = fx_follow(fx, behind);
		if (!behind)
			break;
		w = find(fx, infer_deep(fx->c, fx_value_type(fx, behind)), e);
		if (w.kind == PATH_ERROR && w.index)
			continue;
		v = w;
		*receiver = v.kind != PATH_ERROR && fx->c->fn_info.at[path_fn(fx, &v)]->self_rc ? owner : behind;
		*self = receiver_type(fx, behind, e);
	}
	return v;
}

TastExpr *
method_by_ref(Fx *fx, TastExpr *e)
{
	Check *c = fx->c;
	TastTraitId iterator = lang_trait(c, LANG_ITERATOR);
	uint32_t m;

	if (iterator == IR_NONE || !types_is(c, fx_known(fx, e->type), TAST_TY_REF_MUT) ||
	    !trait_holds(c, iterator, fx_value_type(fx, e)))
		return e;
	m = trait_method_index(c, iterator, intern_cstr(c->names, "by_ref"));
	return m == IR_NONE ? e : method_call_lang(fx, e, LANG_ITERATOR, m, NULL, e->span);
}

/* A method that takes an iterator by value goes on with the one behind a `&mut`, and not with a copy. */
static TastExpr *
by_ref(Fx *fx, TastExpr *receiver, const AstExpr *e, PathValue *v)
{
	AstSelfKind kind = v->kind == PATH_METHOD ? fx->c->fn_info.at[path_fn(fx, v)]->self : AST_SELF_KIND_NONE;
	PathValue w;
	TastExpr *iter;

	if (kind != AST_SELF_KIND_VALUE && kind != AST_SELF_KIND_MUT_VALUE)
		return receiver;
	iter = method_by_ref(fx, receiver);
	if (iter == receiver)
		return receiver;
	w = find(fx, fx_value_type(fx, iter), e);
	if (w.kind == PATH_ERROR)
		return receiver;
	*v = w;
	return iter;
}

TastExpr *
method_on(Fx *fx, TastExpr *receiver, const AstExpr *e, TastExpr *piped, TypeId hint)
{
	TypeId self = receiver_type(fx, receiver, e);
	const AstExpr *ranged = self == TY_ERROR ? NULL : for_range(fx, self, e);
	TastExpr *iter;
	PathValue v;

	if (!ranged)
		return infer_args(fx, &e->method.args, e->span);
	e = ranged;
	v = find_behind(fx, &receiver, &self, e);
	if (v.kind == PATH_ERROR && v.index) {
		iter = as_iterator(fx, receiver, self, e, &v);
		if (iter)
			return call_found(fx, &v, iter, fx_value_type(fx, iter), e, piped, hint);
	}
	if (v.kind == PATH_ERROR && v.index) {
		iter = as_view(fx, receiver, self, e, &v);
		if (iter)
			return call_found(fx, &v, iter, iter->type, e, piped, hint);
	}
	if (v.kind == PATH_ERROR && v.index) {
		method_report_unknown(fx, receiver, infer_deep(fx->c, self), e);
	}
	if (v.kind == PATH_ERROR)
		return infer_args(fx, &e->method.args, e->span);
	receiver = by_ref(fx, receiver, e, &v);
	return call_found(fx, &v, receiver, fx_value_type(fx, receiver), e, piped, hint);
}

TastExpr *
method_check(Fx *fx, const AstExpr *e, TastExpr *piped, TypeId hint)
{
	if (is_type_name(fx, e))
		return infer_args(fx, &e->method.args, e->span);
	return method_on(fx, expr_infer(fx, e->method.receiver, IR_NONE), e, piped, hint);
}
