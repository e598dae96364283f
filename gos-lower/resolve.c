/*
 * Which function a trait's method is, once the types are concrete.
 *
 * An impl serves if its arguments unify with the wanted ones and its bounds hold; where several do, the
 * one with the fewest type parameters is the most specific.  gos-check has made sure that one is enough.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

#include <string.h>

enum { MAX_BOUND_DEPTH = 128, KEY_IMPL = 48 };

static const char *const structural_traits[] = {
	"Clone", "Copy", "PartialEq", "Eq", "PartialOrd", "Ord", "Hash", "Debug", "Display", "Default", "Error",
	"Add", "Sub", "Mul", "Div", "Rem", "BitAnd", "BitOr", "BitXor", "Shl", "Shr", "Neg", "Not",
	"AddAssign", "SubAssign", "MulAssign", "DivAssign", "RemAssign", "BitAndAssign", "BitOrAssign",
	"BitXorAssign", "ShlAssign", "ShrAssign",
};
enum { N_ABILITIES = 11, N_STRUCTURAL = sizeof structural_traits / sizeof *structural_traits };

static bool
is_one_of(const Lower *lo, TastTraitId trait, uint32_t from, uint32_t to)
{
	Sym lang = lo->traits.at[trait]->lang;

	if (lang)
		for (uint32_t i = from; i < to; i++)
			if (sym_is(lo, lang, structural_traits[i]))
				return true;
	return false;
}

/* Abilities hold for every type, operators for primitive ones. */
static bool
is_structural(const Lower *lo, TastTraitId trait, Ty self)
{
	if (is_one_of(lo, trait, 0, N_ABILITIES))
		return true;
	return ty_at(lo, self)->kind == TAST_TY_PRIM &&
	    is_one_of(lo, trait, N_ABILITIES, N_STRUCTURAL);
}

/* ---- Unification of an impl's arguments with concrete types ---- */

static bool unify(Lower *lo, TastTypeId pattern, Ty t, IrU32List *found);

static bool
unify_lists(Lower *lo, const IrU32List *patterns, const IrU32List *types, IrU32List *found)
{
	if (patterns->len != types->len)
		return false;
	for (uint32_t i = 0; i < patterns->len; i++)
		if (!unify(lo, patterns->at[i], types->at[i], found))
			return false;
	return true;
}

static bool
bind_param(uint32_t index, Ty t, IrU32List *found)
{
	if (index >= found->len)
		return false;
	if (found->at[index] == IR_NONE)
		found->at[index] = t;
	return found->at[index] == t;
}

static bool
unify_array_n(Lower *lo, const TastTy *p, const TastTy *t, IrU32List *found)
{
	const TastTy *len = ty_at(lo, p->array_n.len);

	if (t->kind != TAST_TY_ARRAY || !unify(lo, p->array_n.elem, t->array.elem, found))
		return false;
	if (len->kind == TAST_TY_CONST)
		return len->const_.value == t->array.len;
	return len->kind == TAST_TY_PARAM &&
	    bind_param(len->param.index, ty_const(lo, t->array.len), found);
}

static bool
unify(Lower *lo, TastTypeId pattern, Ty type, IrU32List *found)
{
	const TastTy *p = ty_at(lo, pattern), *t = ty_at(lo, type);

	if (p->kind == TAST_TY_PARAM)
		return bind_param(p->param.index, type, found);
	if (p->kind == TAST_TY_ARRAY_N)
		return unify_array_n(lo, p, t, found);
	if (pattern == type || p->kind == TAST_TY_ASSOC)
		return true;
	if (p->kind != t->kind)
		return false;
	switch (p->kind) {
	case TAST_TY_TUPLE:
		return unify_lists(lo, &p->tuple.elems, &t->tuple.elems, found);
	case TAST_TY_ADT:
		return p->adt.adt == t->adt.adt && unify_lists(lo, &p->adt.args, &t->adt.args, found);
	case TAST_TY_ARRAY:
		return p->array.len == t->array.len &&
		    unify(lo, p->array.elem, t->array.elem, found);
	case TAST_TY_FN:
		return unify_lists(lo, &p->fn.params, &t->fn.params, found) &&
		    unify(lo, p->fn.ret, t->fn.ret, found);
	case TAST_TY_REF_MUT:
		return unify(lo, p->ref_mut.target, t->ref_mut.target, found);
	case TAST_TY_DYN:
		return p->dyn.trait == t->dyn.trait &&
		    unify_lists(lo, &p->dyn.args, &t->dyn.args, found) &&
		    unify_lists(lo, &p->dyn.assocs, &t->dyn.assocs, found);
	case TAST_TY_PTR:
		return p->ptr.mut == t->ptr.mut && unify(lo, p->ptr.target, t->ptr.target, found);
	case TAST_TY_PRIM: case TAST_TY_CONST:	/* equal ones have equal ids */
	case TAST_TY_ARRAY_N: case TAST_TY_PARAM: case TAST_TY_ASSOC:
		break;
	}
	return false;
}

/* ---- Finding the impl ---- */

typedef struct FoundImpl {
	const TastImpl *impl;	/* NULL: none */
	IrU32List args;		/* of its type parameters */
} FoundImpl;

struct Resolve {
	Map found_by_key;
	VEC(FoundImpl) found;
};

void
resolve_init(Lower *lo)
{
	lo->resolve = arena_new(lo->arena, struct Resolve);
}

static FoundImpl find_impl(Lower *lo, TastTraitId trait, const IrU32List *args, uint32_t depth);

static bool
bound_holds(Lower *lo, const TastBound *bound, const IrU32List *impl_args, uint32_t depth)
{
	IrU32List args = {0};

	for (uint32_t i = 0; i < bound->args.len; i++)
		vec_push(lo->arena, &args, ty_subst(lo, bound->args.at[i], impl_args));
	if (args.len == 0 || is_structural(lo, bound->trait, args.at[0]) ||
	    dyn_has(lo, bound->trait, &args))
		return true;
	return find_impl(lo, bound->trait, &args, depth + 1).impl != NULL;
}

static bool
bounds_hold(Lower *lo, const TastImpl *impl, const IrU32List *args, uint32_t depth)
{
	for (uint32_t i = 0; i < impl->bounds.len; i++)
		if (!bound_holds(lo, impl->bounds.at[i], args, depth))
			return false;
	for (uint32_t g = 0; g < impl->generics.len; g++) {
		const TastBoundList *bounds = &impl->generics.at[g]->bounds;
		for (uint32_t i = 0; i < bounds->len; i++)
			if (!bound_holds(lo, bounds->at[i], args, depth))
				return false;
	}
	return true;
}

static bool
impl_serves(Lower *lo, const TastImpl *impl, const IrU32List *wanted, IrU32List *args, uint32_t depth)
{
	*args = (IrU32List){0};
	for (uint32_t i = 0; i < impl->generics.len; i++)
		vec_push(lo->arena, args, IR_NONE);
	if (!unify_lists(lo, &impl->args, wanted, args))
		return false;
	for (uint32_t i = 0; i < args->len; i++)
		if (args->at[i] == IR_NONE)
			return false;
	return bounds_hold(lo, impl, args, depth);
}

static FoundImpl
search_impl(Lower *lo, TastTraitId trait, const IrU32List *wanted, uint32_t depth)
{
	FoundImpl best = {0};
	IrU32List args;

	if (depth > MAX_BOUND_DEPTH) {
		diag_error(&lo->diags, G0902, lo->here);
		lower_stop(lo);
	}
	for (uint32_t i = map_get(&lo->trait_impls, trait, IR_NONE); i != IR_NONE;
	    i = lo->impl_next.at[i]) {
		const TastImpl *impl = lo->impls.at[i];
		if (best.impl && best.impl->generics.len <= impl->generics.len)
			continue;
		if (impl_serves(lo, impl, wanted, &args, depth))
			best = (FoundImpl){impl, args};
	}
	return best;
}

/* The same question is asked for every call of every instance. */
static FoundImpl
find_impl(Lower *lo, TastTraitId trait, const IrU32List *wanted, uint32_t depth)
{
	IrU32List words = {0};

	vec_push(lo->arena, &words, trait);
	for (uint32_t i = 0; i < wanted->len; i++)
		vec_push(lo->arena, &words, wanted->at[i]);
	uint32_t key = mono_key(lo, KEY_IMPL, words.at, words.len);
	uint32_t *known = map_find(&lo->resolve->found_by_key, key);
	if (known)
		return lo->resolve->found.at[*known];
	FoundImpl found = search_impl(lo, trait, wanted, depth);
	vec_push(lo->arena, &lo->resolve->found, found);
	map_set(lo->arena, &lo->resolve->found_by_key, key, lo->resolve->found.len - 1);
	return found;
}

/* ---- Methods ---- */

/* The impl's own method: its arguments, then those of the call beyond the trait's. */
static Resolved
impl_method(Lower *lo, FoundImpl found, TastFnId fn, const TastTrait *trait, const IrU32List *args)
{
	IrU32List all = {0};

	for (uint32_t i = 0; i < found.args.len; i++)
		vec_push(lo->arena, &all, found.args.at[i]);
	for (uint32_t i = trait->generics.len; i < args->len; i++)
		vec_push(lo->arena, &all, args->at[i]);
	return (Resolved){.kind = RESOLVED_FN, .fn = fn, .args = all};
}

Resolved
resolve_method(Lower *lo, TastTraitId trait_id, uint32_t method, const IrU32List *args)
{
	const TastTrait *trait = lo->traits.at[trait_id];
	IrU32List trait_args = *args;

	if (method >= trait->methods.len || args->len < trait->generics.len || args->len == 0)
		lower_broken(lo, "trait %s has no such method", intern_str(lo->names, trait->path));
	trait_args.len = trait->generics.len;
	if (dyn_has(lo, trait_id, &trait_args))
		return dyn_method(lo, trait_id, method, args);
	FoundImpl found = find_impl(lo, trait_id, &trait_args, 0);
	if (found.impl) {
		const TastImplMethod *m = found.impl->methods.at[method];
		if (m->kind == TAST_IMPL_METHOD_GIVEN)
			return impl_method(lo, found, m->given.fn, trait, args);
	}
	TastFnId fn = trait->methods.at[method];
	bool has_code = lo->fns.at[fn]->body || lo->fns.at[fn]->intrinsic;
	bool structural = is_structural(lo, trait_id, args->at[0]);
	if (has_code && (found.impl || structural))
		return (Resolved){.kind = RESOLVED_FN, .fn = fn, .args = *args};
	if (structural && !found.impl)
		return (Resolved){.kind = RESOLVED_STRUCTURAL, .trait = trait_id, .method = method,
		    .args = *args};
	return (Resolved){.kind = RESOLVED_NONE};
}

static void
self_args(Lower *lo, TastTraitId trait, Ty self, IrU32List *args)
{
	for (uint32_t i = 0; i < lo->traits.at[trait]->generics.len; i++)
		vec_push(lo->arena, args, self);
}

Resolved
resolve_lang(Lower *lo, const char *trait_lang, const char *method, Ty self)
{
	TastTraitId trait = lang_trait(lo, trait_lang);
	IrU32List args = {0};

	if (trait == IR_NONE)
		return (Resolved){.kind = RESOLVED_NONE};
	uint32_t index = trait_method(lo, trait, method);
	if (index == IR_NONE)
		return (Resolved){.kind = RESOLVED_NONE};
	self_args(lo, trait, self, &args);
	return resolve_method(lo, trait, index, &args);
}

bool
has_explicit_impl(Lower *lo, const char *trait_lang, Ty self)
{
	TastTraitId trait = lang_trait(lo, trait_lang);
	IrU32List args = {0};

	if (trait == IR_NONE)
		return false;
	self_args(lo, trait, self, &args);
	return dyn_has(lo, trait, &args) || find_impl(lo, trait, &args, 0).impl != NULL;
}

Resolved
resolve_ref(Build *b, const TastFnRef *ref)
{
	Lower *lo = b->lo;
	const IrU32List *from = ref->kind == TAST_FN_REF_ITEM ? &ref->item.args : &ref->method.args;
	IrU32List args = {0};

	for (uint32_t i = 0; i < from->len; i++)
		vec_push(lo->arena, &args, build_ty(b, from->at[i]));
	if (ref->kind == TAST_FN_REF_ITEM)
		return (Resolved){.kind = RESOLVED_FN, .fn = ref->item.fn, .args = args};
	Resolved r = resolve_method(lo, ref->method.trait, ref->method.method, &args);
	if (r.kind == RESOLVED_NONE)
		lower_broken(lo, "%s does not implement %s", ty_name(lo, args.at[0]),
		    intern_str(lo->names, lo->traits.at[ref->method.trait]->path));
	return r;
}

Ty
resolve_assoc(Lower *lo, TastTraitId trait_id, const IrU32List *args, uint32_t index)
{
	const TastTrait *trait = lo->traits.at[trait_id];
	Ty given = dyn_assoc(lo, trait_id, args, index);

	if (given != IR_NONE)
		return given;
	/* The result of a generic method has the method's own arguments after those of the trait. */
	IrU32List own = *args;
	own.len = own.len < trait->generics.len ? own.len : trait->generics.len;
	FoundImpl found = find_impl(lo, trait_id, &own, 0);
	for (uint32_t i = own.len; found.impl && i < args->len; i++)
		vec_push(lo->arena, &found.args, args->at[i]);
	if (found.impl && index < found.impl->assocs.len)
		return ty_subst(lo, found.impl->assocs.at[index], &found.args);
	/* The Output of an operator on a primitive type. */
	if (args->len > 0 && is_structural(lo, trait_id, args->at[0]))
		return args->at[0];
	lower_broken(lo, "%s has no associated type of %s",
	    args->len ? ty_name(lo, args->at[0]) : "()", intern_str(lo->names, trait->path));
}
