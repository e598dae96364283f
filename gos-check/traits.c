/*
 * Trait selection.
 *
 * Candidates come in this order: bounds in force, impls by the head of the self type, blanket
 * impls, structural abilities.  An impl is a candidate only if its own bounds may hold; one
 * candidate is taken, several wait for more types.
 */
#include "gos-check/traits.h"

#include "gos-check/anon.h"

#include "gos-check/dyn.h"
#include "gos-check/fx.h"
#include "gos-check/infer.h"
#include "lib/fatal.h"

#include <string.h>

enum { SELECT_DEPTH = 48, HEAD_STRUCTURAL = 63 };

/* ---- Tables ---- */

uint32_t
trait_head(const Check *c, TypeId t)
{
	const TastTy *ty;

	if (type_is_var(t) || t == TY_ERROR)
		return 0;
	ty = types_get(c, t);
	switch (ty->kind) {
	case TAST_TY_PRIM:
		return 1 + ty->prim.prim;
	case TAST_TY_TUPLE:
		return 64 + (ty->tuple.elems.len < 64 ? ty->tuple.elems.len : 63);
	case TAST_TY_ARRAY:
	case TAST_TY_ARRAY_N:
		return 40;
	case TAST_TY_FN:
		return 41;
	case TAST_TY_REF_MUT:
		return 42;
	case TAST_TY_PTR:
		return 43;
	case TAST_TY_CONST:
		return 44;
	case TAST_TY_DYN:
		return 45;
	case TAST_TY_ADT:
		return 128 + ty->adt.adt;
	case TAST_TY_PARAM:
	case TAST_TY_ASSOC:
		return 0;
	}
	return 0;
}

static void
add_link(Check *c, Map *map, uint64_t key, uint32_t a, uint32_t b)
{
	uint32_t link = c->links.len, at = map_get(map, key, IR_NONE);

	vec_push(c->arena, &c->links, (Link){a, b, IR_NONE, link});
	if (at == IR_NONE) {
		map_set(c->arena, map, key, link);
		return;
	}
	c->links.at[c->links.at[at].last].next = link;
	c->links.at[at].last = link;
}

static uint64_t
impl_key(TastTraitId trait, uint32_t head)
{
	return (uint64_t)trait << 32 | head;
}

static uint64_t
method_key(const Check *c, uint32_t head, TastTraitId trait, uint32_t method)
{
	return (uint64_t)head << 32 | c->fns.at[c->traits.at[trait]->methods.at[method]]->name;
}

void
trait_add_impl(Check *c, uint32_t impl)
{
	const ImplInfo *im = c->impls.at[impl];
	TraitInfo *t = c->trait_info.at[im->trait];
	uint32_t head = trait_head(c, im->self_type);

	vec_push(c->arena, &t->impls, impl);
	if (map_get(&c->trait_impls, impl_key(im->trait, head), IR_NONE) == IR_NONE)
		for (uint32_t m = 0; m < c->traits.at[im->trait]->methods.len; m++)
			add_link(c, &c->impl_methods, method_key(c, head, im->trait, m), im->trait, m);
	add_link(c, &c->trait_impls, impl_key(im->trait, head), impl, 0);
	if (!head)
		vec_push(c->arena, &t->blanket, impl);
}

void
trait_add_method(Check *c, TastTraitId trait, uint32_t method)
{
	Sym name = c->fns.at[c->traits.at[trait]->methods.at[method]]->name;

	add_link(c, &c->methods, name, trait, method);
	/* Anything can be an error, but not everything should have the methods of one. */
	if (c->trait_info.at[trait]->structural && c->trait_info.at[trait]->lang != LANG_ERROR)
		add_link(c, &c->impl_methods, method_key(c, HEAD_STRUCTURAL, trait, method), trait, method);
}

uint32_t
trait_candidates(const Check *c, TypeId self, Sym name, uint32_t group)
{
	uint32_t head = group == 0 ? trait_head(c, self) : group == 1 ? 0 : HEAD_STRUCTURAL;

	if (group == 0 && !head)	/* the bounds of an associated type may be of any trait */
		return types_is(c, self, TAST_TY_ASSOC) ? map_get(&c->methods, name, IR_NONE) : IR_NONE;
	return map_get(&c->impl_methods, (uint64_t)head << 32 | name, IR_NONE);
}

void
trait_add_inherent(Check *c, TypeId self, Sym name, TastFnId f)
{
	add_link(c, &c->inherent, (uint64_t)trait_head(c, self) << 32 | name, f, 0);
}

void
trait_add_const(Check *c, TypeId self, Sym name, uint32_t konst, uint32_t impl)
{
	add_link(c, &c->assoc_consts, (uint64_t)trait_head(c, self) << 32 | name, konst, impl);
}

uint32_t
trait_inherent(const Check *c, TypeId self, Sym name)
{
	return map_get(&c->inherent, (uint64_t)trait_head(c, self) << 32 | name, IR_NONE);
}

uint32_t
trait_method_index(const Check *c, TastTraitId trait, Sym name)
{
	const TastTrait *t = c->traits.at[trait];

	for (uint32_t i = 0; i < t->methods.len; i++)
		if (c->fns.at[t->methods.at[i]]->name == name)
			return i;
	return IR_NONE;
}

/* ---- Matching one impl ---- */

TypeId *
trait_fresh(Check *c, uint32_t n, Span span)
{
	TypeId *args = arena_array(c->arena, TypeId, n ? n : 1);

	for (uint32_t i = 0; i < n; i++)
		args[i] = infer_var(c, VAR_ANY, span);
	return args;
}

static bool
unify_args(Check *c, const IrU32List *pattern, const TypeId *impl_args, uint32_t n_impl,
    const TypeId *args, uint32_t n)
{
	for (uint32_t i = 0; i < n && i < pattern->len; i++)
		if (!infer_unify(c, types_subst(c, pattern->at[i], impl_args, n_impl), args[i]))
			return false;
	return true;
}

static bool
bound_may_hold(Check *c, const TastBound *b, const TypeId *impl_args, uint32_t n)
{
	TypeId *args = arena_array(c->arena, TypeId, b->args.len);

	for (uint32_t i = 0; i < b->args.len; i++)
		args[i] = trait_normalize(c, types_subst(c, b->args.at[i], impl_args, n), (Span){0, 0});
	return trait_may_hold(c, b->trait, args, b->args.len);
}

/* Does the impl fit?  Leaves its variables solved; the caller holds a snapshot. */
static bool
impl_fits(Check *c, const ImplInfo *im, const TypeId *impl_args, const TypeId *args, uint32_t n)
{
	const TastBoundList *bounds = &im->generics->declared;

	if (!unify_args(c, &im->tast->args, impl_args, im->generics->n, args, n))
		return false;
	for (uint32_t i = 0; i < bounds->len; i++)
		if (!bound_may_hold(c, bounds->at[i], impl_args, im->generics->n))
			return false;
	return true;
}

typedef struct Candidates {
	TastTraitId trait;
	const TypeId *args;
	uint32_t n;
	uint32_t count, first;
} Candidates;

static void
try_impl(Check *c, Candidates *k, uint32_t impl)
{
	const ImplInfo *im = c->impls.at[impl];
	Snapshot s = infer_snapshot(c);

	if (impl_fits(c, im, trait_fresh(c, im->generics->n, (Span){0, 0}), k->args, k->n)) {
		if (!k->count++)
			k->first = impl;
	}
	infer_rollback(c, s);
}

static void
try_head(Check *c, Candidates *k, uint32_t head)
{
	uint32_t at = map_get(&c->trait_impls, impl_key(k->trait, head), IR_NONE);

	for (; at != IR_NONE; at = c->links.at[at].next)
		try_impl(c, k, c->links.at[at].a);
}

static void
try_number_heads(Check *c, Candidates *k, VarKind kind)
{
	for (TypeId t = TY_I8; t <= TY_F64; t++)
		if (kind == VAR_INT ? types_is_int(t) : types_is_float(t))
			try_head(c, k, trait_head(c, t));
}

/* ---- Structural abilities ---- */

static bool parts_hold(Check *c, TastTraitId trait, TypeId t, TypeId *lacking);

static bool
list_holds(Check *c, TastTraitId trait, IrU32List l, TypeId *lacking)
{
	for (uint32_t i = 0; i < l.len; i++)
		if (!parts_hold(c, trait, l.at[i], lacking))
			return false;
	return true;
}

static bool
lang_adt_holds(LangTrait trait, LangAdt adt)
{
	bool showing = trait == LANG_DEBUG || trait == LANG_DISPLAY || trait == LANG_CLONE ||
	    trait == LANG_PARTIAL_EQ;

	switch (adt) {
	case LANG_JOIN_HANDLE:
		return trait == LANG_CLONE || trait == LANG_COPY;
	/* What these can do, impls in std say. */
	case LANG_SHARED:
	case LANG_RC_CELL:
	case LANG_RC:
	case LANG_WEAK:
	case LANG_WEAK_LINK:
	case LANG_CELL:
	case LANG_REF_CELL:
	case LANG_REF:
	case LANG_REF_MUT:
	case LANG_FORMATTER:
		return false;
	case LANG_RANGE:
	case LANG_RANGE_INCLUSIVE:
	case LANG_RANGE_FROM:
	case LANG_RANGE_TO:
	case LANG_RANGE_TO_INCLUSIVE:
	case LANG_RANGE_FULL:
		return showing || trait == LANG_EQ || trait == LANG_HASH || trait == LANG_COPY;
	/* Their parts are not what they are: what they can do besides, impls in std say. */
	case LANG_HASH_MAP:
	case LANG_HASH_SET:
	case LANG_BTREE_MAP:
	case LANG_BTREE_SET:
	case LANG_VEC_DEQUE:
		return showing || trait == LANG_EQ || trait == LANG_COPY;
	case LANG_BINARY_HEAP:
		return trait == LANG_CLONE || trait == LANG_DEBUG || trait == LANG_DISPLAY || trait == LANG_COPY;
	case LANG_OPTION:
	case LANG_RESULT:
	case LANG_VEC:
	case LANG_PANIC_ERROR:
	case LANG_FMT_ERROR:
	case LANG_ORDERING:
	case LANG_ADT_COUNT:
		return true;
	}
	return true;
}

static bool
adt_parts_hold(Check *c, TastTraitId trait, TypeId t, TypeId *lacking)
{
	TastAdtId id = types_get(c, t)->adt.adt;
	const TastAdt *adt = c->adts.at[id];
	LangTrait lang = c->trait_info.at[trait]->lang;
	LangAdt which = c->adt_info.at[id]->lang;

	if (!lang_adt_holds(lang, which))
		return false;
	if (lang == LANG_DEFAULT && adt->kind == TAST_ADT_KIND_ENUM)
		return which == LANG_OPTION;
	if (which == LANG_VEC)
		return lang == LANG_DEFAULT || parts_hold(c, trait, types_arg(c, t, 0), lacking);
	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t f = 0; f < adt->variants.at[v]->fields.len; f++) {
			TypeId part = trait_normalize(c, types_field(c, t, v, f), adt->span);

			if (!parts_hold(c, trait, part, lacking))
				return false;
		}
	return true;
}

static bool
structural_holds(Check *c, TastTraitId trait, TypeId t, TypeId *lacking)
{
	TastTy ty;
	LangTrait lang = c->trait_info.at[trait]->lang;

	if (type_is_var(t) || t == TY_ERROR || t == TY_NEVER)
		return true;
	if (lang == LANG_ERROR)
		return parts_hold(c, lang_trait(c, LANG_DISPLAY), t, lacking);
	ty = *types_get(c, t);
	switch (ty.kind) {
	case TAST_TY_PRIM:
		return (lang != LANG_HASH && lang != LANG_EQ) || !types_is_float(t);
	case TAST_TY_CONST:
		return true;
	case TAST_TY_TUPLE:
		return list_holds(c, trait, ty.tuple.elems, lacking);
	case TAST_TY_ARRAY:
		return parts_hold(c, trait, ty.array.elem, lacking);
	case TAST_TY_ARRAY_N:
		return parts_hold(c, trait, ty.array_n.elem, lacking);
	case TAST_TY_ADT:
		return adt_parts_hold(c, trait, t, lacking);
	case TAST_TY_REF_MUT:
		return parts_hold(c, trait, ty.ref_mut.target, lacking);
	case TAST_TY_FN:
	case TAST_TY_DYN:
		return lang == LANG_CLONE || lang == LANG_COPY;
	case TAST_TY_PTR:
		return lang == LANG_CLONE || lang == LANG_COPY || lang == LANG_PARTIAL_EQ || lang == LANG_EQ;
	case TAST_TY_PARAM:
	case TAST_TY_ASSOC:
		return false;
	}
	return false;
}

/* A question only: no variable is solved by it, not even one that an impl brings in. */
static Selection
select_part(Check *c, TastTraitId trait, TypeId t)
{
	Snapshot before;
	Selection s;

	if (!c->infer)
		return trait_select(c, trait, &t, 1);
	before = infer_snapshot(c);
	s = trait_select(c, trait, &t, 1);
	infer_rollback(c, before);
	return s;
}

/*
 * Holds for a part of a type.  A type met again inside itself, or beside, holds if the rest of
 * the question does: the first answer of no ends it.
 */
static bool
parts_hold(Check *c, TastTraitId trait, TypeId t, TypeId *lacking)
{
	uint64_t key;
	Selection s;

	t = infer_shallow(c, t);
	key = (uint64_t)trait << 32 | t;
	if (map_find(&c->structural_seen, key))
		return true;
	map_set(c->arena, &c->structural_seen, key, 1);
	c->structural_depth++;
	s = select_part(c, trait, t);
	c->structural_depth--;
	if (s.kind != SELECT_NONE)
		return true;
	if (lacking && *lacking == TY_ERROR)
		*lacking = t;
	return false;
}

/* The question as a whole; what was found for types without variables and parameters stays. */
static bool
structural(Check *c, TastTraitId trait, TypeId t, TypeId *lacking)
{
	uint64_t key = (uint64_t)trait << 32 | t;
	bool closed = !(types_flags(c, t) & (TYPE_HAS_VAR | TYPE_HAS_PARAM | TYPE_HAS_ASSOC)), yes;

	if (closed && !lacking && map_find(&c->structural_yes, key))
		return true;
	if (!c->structural_depth)
		c->structural_seen = (Map){0};
	map_set(c->arena, &c->structural_seen, key, 1);
	yes = structural_holds(c, trait, t, lacking);
	if (yes && closed && !c->structural_depth)
		map_set(c->arena, &c->structural_yes, key, 1);
	return yes;
}

TypeId
trait_lacking(Check *c, TastTraitId trait, TypeId t)
{
	TypeId lacking = TY_ERROR;

	if (structural(c, trait, infer_shallow(c, t), &lacking))
		return TY_ERROR;
	return lacking;
}

/* ---- Operators of primitive types ---- */

static bool
is_operator(LangTrait t, bool *shift, bool *bits)
{
	*shift = t == LANG_SHL || t == LANG_SHR || t == LANG_SHL_ASSIGN || t == LANG_SHR_ASSIGN;
	*bits = t == LANG_BIT_AND || t == LANG_BIT_OR || t == LANG_BIT_XOR || t == LANG_NOT ||
	    t == LANG_BIT_AND_ASSIGN || t == LANG_BIT_OR_ASSIGN || t == LANG_BIT_XOR_ASSIGN;
	return t <= LANG_NOT;
}

/* Arithmetic on numbers needs no impl; its Output is the type itself. */
static bool
builtin_operator(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	TypeId self = infer_shallow(c, args[0]), rhs = n > 1 ? infer_shallow(c, args[1]) : self;
	bool shift, bits;

	if (!is_operator(c->trait_info.at[trait]->lang, &shift, &bits))
		return false;
	if (type_is_var(self) || !(types_is_int(self) || types_is_float(self) || self == TY_BOOL))
		return false;
	if (self == TY_BOOL && !bits)
		return false;
	if (types_is_float(self) && (shift || bits))
		return false;
	if (c->trait_info.at[trait]->lang == LANG_NEG && !types_is_float(self) && !types_is_signed(self))
		return false;
	if (shift && !type_is_var(rhs))
		return types_is_int(rhs);
	return infer_try(c, self, rhs);
}

/* ---- Selection ---- */

static bool
match_bound(Check *c, const TastBound *b, const TypeId *args, uint32_t n)
{
	Snapshot s = infer_snapshot(c);

	for (uint32_t i = 0; i < n && i < b->args.len; i++)
		if (!infer_unify(c, b->args.at[i], args[i])) {
			infer_rollback(c, s);
			return false;
		}
	infer_commit(c, s);
	return true;
}

static bool
select_bound(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, Selection *out)
{
	const TastBound *found = NULL;
	const TastBoundList *l;

	if (!c->env)
		return false;
	l = &c->env->bounds;
	for (uint32_t i = 0; i < l->len; i++) {
		const TastBound *b = l->at[i];

		if (b->trait != trait || (found && !b->assocs.len))
			continue;
		if (infer_shallow(c, args[0]) != b->args.at[0] && !types_is(c, b->args.at[0], TAST_TY_ADT))
			continue;
		if (match_bound(c, b, args, n))
			found = b;
	}
	*out = (Selection){SELECT_BOUND, found, IR_NONE, NULL};
	return found;
}

/* Bounds that a trait puts on its associated type. */
static bool
select_assoc_bound(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, Selection *out)
{
	TypeId self = infer_shallow(c, args[0]);
	const TraitInfo *info;
	const TastBoundList *l;
	TastTy t;

	if (!types_is(c, self, TAST_TY_ASSOC))
		return false;
	t = *types_get(c, self);
	info = c->trait_info.at[t.assoc.trait];
	if (t.assoc.index >= info->assoc_bounds.len)
		return false;
	l = &info->assoc_bounds.at[t.assoc.index];
	for (uint32_t i = 0; i < l->len; i++) {
		TastBound *b = bound_subst(c, l->at[i], t.assoc.args.at, t.assoc.args.len);
		Generics above = {0};

		generics_assume(c, &above, b);
		for (uint32_t k = 0; k < above.bounds.len; k++)
			if (above.bounds.at[k]->trait == trait && match_bound(c, above.bounds.at[k], args, n)) {
				*out = (Selection){SELECT_BOUND, above.bounds.at[k], IR_NONE, NULL};
				return true;
			}
	}
	return false;
}

/* What is written for the type, unless the bounds of the trait it comes from say more about the trait's types. */
static bool
select_assumed(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, Selection *out)
{
	Selection inner;

	if (!select_bound(c, trait, args, n, out))
		return select_assoc_bound(c, trait, args, n, out);
	if (!out->bound->assocs.len && select_assoc_bound(c, trait, args, n, &inner))
		*out = inner;
	return true;
}

/* What a `dyn` has by itself. */
static bool
select_dyn(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, Selection *out)
{
	TypeId self = infer_shallow(c, args[0]);
	const TastBoundList *l;

	if (!types_is(c, self, TAST_TY_DYN))
		return false;
	l = dyn_bounds(c, infer_deep(c, self));
	for (uint32_t i = 0; i < l->len; i++)
		if (l->at[i]->trait == trait && match_bound(c, l->at[i], args, n)) {
			*out = (Selection){SELECT_BOUND, l->at[i], IR_NONE, NULL};
			return true;
		}
	return false;
}

static Selection
take_impl(Check *c, uint32_t impl, const TypeId *args, uint32_t n)
{
	const ImplInfo *im = c->impls.at[impl];
	TypeId *impl_args = trait_fresh(c, im->generics->n, (Span){0, 0});

	unify_args(c, &im->tast->args, impl_args, im->generics->n, args, n);
	return (Selection){SELECT_IMPL, NULL, impl, impl_args};
}

static Selection
select_impl(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	Candidates k = {trait, args, n, 0, IR_NONE};
	TypeId self = infer_shallow(c, args[0]);
	const TraitInfo *info = c->trait_info.at[trait];
	bool open = false;

	if (type_is_var(self))
		try_number_heads(c, &k, infer_kind(c, self));
	else
		try_head(c, &k, trait_head(c, self));
	for (uint32_t i = 0; i < info->blanket.len; i++)
		try_impl(c, &k, info->blanket.at[i]);
	for (uint32_t i = 0; i < n; i++)
		open |= types_flags(c, infer_deep(c, args[i])) & TYPE_HAS_VAR;
	if (k.count == 1 || (k.count > 1 && !open))
		return take_impl(c, k.first, args, n);
	return (Selection){k.count ? SELECT_AMBIGUOUS : SELECT_NONE, NULL, IR_NONE, NULL};
}

static Selection
select_open(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	Selection s;

	if (c->trait_info.at[trait]->structural)
		return (Selection){SELECT_STRUCTURAL, NULL, IR_NONE, NULL};
	s = select_impl(c, trait, args, n);
	if (s.kind == SELECT_NONE) {	/* operators of numbers */
		bool shift, bits;

		if (is_operator(c->trait_info.at[trait]->lang, &shift, &bits))
			s.kind = SELECT_AMBIGUOUS;
	}
	return s;
}

static Selection
select_known(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	const TraitInfo *info = c->trait_info.at[trait];
	TypeId self = infer_shallow(c, args[0]);
	Selection s;

	if (select_assumed(c, trait, args, n, &s) || select_dyn(c, trait, args, n, &s))
		return s;
	if (builtin_operator(c, trait, args, n) || self == TY_NEVER)
		return (Selection){SELECT_STRUCTURAL, NULL, IR_NONE, NULL};
	s = select_impl(c, trait, args, n);
	if (s.kind == SELECT_NONE && info->structural && structural(c, trait, self, NULL))
		s.kind = SELECT_STRUCTURAL;
	if (s.kind == SELECT_NONE && info->lang == LANG_DISPLAY)	/* `{}` prints what `{:?}` prints */
		s = trait_select(c, lang_trait(c, LANG_DEBUG), args, 1);
	/* what a program's own trait does with a `T` that is a `&mut` is for nobody to say */
	if (s.kind == SELECT_NONE && info->is_std && types_is(c, self, TAST_TY_REF_MUT)) {
		TypeId *target = arena_array(c->arena, TypeId, n);

		memcpy(target, args, n * sizeof *target);
		target[0] = types_strip_ref(c, self);
		return trait_select(c, trait, target, n);
	}
	return s;
}

Selection
trait_select(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	static uint32_t depth;
	Selection s = {SELECT_ERROR, NULL, IR_NONE, NULL};
	TypeId self = infer_shallow(c, args[0]);

	if (trait == IR_NONE)
		return s;
	for (uint32_t i = 0; i < n; i++)
		if (types_flags(c, infer_deep(c, args[i])) & TYPE_HAS_ERROR)
			return s;
	s.kind = SELECT_AMBIGUOUS;
	if (depth >= SELECT_DEPTH || (type_is_var(self) && infer_kind(c, self) == VAR_ANY))
		return s;
	depth++;
	s = type_is_var(self) ? select_open(c, trait, args, n) : select_known(c, trait, args, n);
	depth--;
	return s;
}

/*
 * Answers about types without variables and parameters are the same everywhere once all impls are known.  They are
 * kept, so that a type which grows by one layer at a time, as a chain of iterators does, is looked through only once.
 */
static bool
may_keep(const Check *c, TypeId t)
{
	return c->fx && !c->too_early &&
	    !(types_flags(c, t) & (TYPE_HAS_VAR | TYPE_HAS_PARAM | TYPE_HAS_ERROR));
}

bool
trait_may_hold(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	TypeId self = infer_deep(c, args[0]);
	bool keep = n == 1 && may_keep(c, self);
	uint64_t key = (uint64_t)trait << 32 | self;
	Snapshot s;
	Selection r;

	if (keep && map_get(&c->held, key, 0))
		return map_get(&c->held, key, 0) == 1;
	s = infer_snapshot(c);
	r = trait_select(c, trait, args, n);
	infer_rollback(c, s);
	if (keep && r.kind != SELECT_AMBIGUOUS && r.kind != SELECT_ERROR && r.kind != SELECT_BOUND)
		map_set(c->arena, &c->held, key, r.kind != SELECT_NONE ? 1 : 2);
	return r.kind != SELECT_NONE;
}

bool
trait_holds(Check *c, TastTraitId trait, TypeId self)
{
	return trait != IR_NONE && trait_may_hold(c, trait, &self, 1);
}

/* ---- Projections ---- */

static TypeId normalize(Check *c, TypeId t, Span span, uint32_t depth);

static IrU32List
normalize_list(Check *c, IrU32List l, Span span, uint32_t depth)
{
	TypeId *at = arena_array(c->arena, TypeId, l.len ? l.len : 1);

	for (uint32_t i = 0; i < l.len; i++)
		at[i] = normalize(c, l.at[i], span, depth);
	return (IrU32List){at, l.len, l.len};
}

static TypeId
open_projection(Check *c, const TastTy *t, const IrU32List *args, Span span)
{
	TypeId var;

	if (!c->fx)
		return types_assoc(c, t->assoc.trait, args->at, args->len, t->assoc.index);
	var = infer_var(c, VAR_ANY, span);
	fx_require_assoc(c->fx, t->assoc.trait, args->at, args->len, t->assoc.index, var, span);
	return var;
}

static TypeId
bound_assoc(const TastBound *b, uint32_t index)
{
	for (uint32_t i = 0; i < b->assocs.len; i++)
		if (b->assocs.at[i]->index == index)
			return b->assocs.at[i]->type;
	return IR_NONE;
}

static TypeId
project_impl(Check *c, const Selection *s, const TastTy *p, Span span, uint32_t depth)
{
	const ImplInfo *im = c->impls.at[s->impl];
	uint32_t n_trait = c->trait_info.at[p->assoc.trait]->generics->n, n = im->generics->n;
	TypeId t = p->assoc.index < im->tast->assocs.len ? anon_value(c, s->impl, p->assoc.index) : TY_ERROR;
	TypeId *args = arena_array(c->arena, TypeId, n + p->assoc.args.len + 1);

	if (t == TY_ERROR)
		return TY_ERROR;
	if (t == IR_NONE)
		return types_assoc(c, p->assoc.trait, p->assoc.args.at, p->assoc.args.len, p->assoc.index);
	if (c->fx)
		fx_require_bounds(c->fx, &im->generics->declared, s->args, n, span, IR_NONE);
	for (uint32_t i = 0; i < n; i++)
		args[i] = s->args[i];
	/* of a generic method's result: its own arguments */
	for (uint32_t i = n_trait; i < p->assoc.args.len; i++)
		args[n++] = p->assoc.args.at[i];
	return normalize(c, types_subst(c, t, args, n), span, depth + 1);
}

static TypeId
project(Check *c, const TastTy *t, Span span, uint32_t depth)
{
	IrU32List args = normalize_list(c, t->assoc.args, span, depth);
	uint32_t n = c->trait_info.at[t->assoc.trait]->generics->n;
	Selection s = trait_select(c, t->assoc.trait, args.at, n);
	TypeId r, fn;

	switch (s.kind) {
	case SELECT_BOUND:
		r = bound_assoc(s.bound, t->assoc.index);
		fn = c->trait_info.at[t->assoc.trait]->assoc_fns.at[t->assoc.index];
		if (r == IR_NONE && fn != IR_NONE)
			r = types_subst(c, fn, args.at, args.len);
		if (r != IR_NONE)
			return normalize(c, r, span, depth + 1);
		return types_assoc(c, t->assoc.trait, args.at, args.len, t->assoc.index);
	case SELECT_IMPL:
		return project_impl(c, &s, &(TastTy){.kind = TAST_TY_ASSOC,
		    .assoc = {t->assoc.trait, args, t->assoc.index}}, span, depth);
	case SELECT_STRUCTURAL:
		return infer_shallow(c, args.at[0]);	/* Output of an operator of numbers */
	case SELECT_AMBIGUOUS:
		return open_projection(c, t, &args, span);
	case SELECT_NONE:
		if (c->fx)
			fx_require(c->fx, t->assoc.trait, args.at, n, span, IR_NONE);
		return TY_ERROR;
	case SELECT_ERROR:
		return TY_ERROR;
	}
	return TY_ERROR;
}

typedef struct Normalizing {
	Check *c;
	Span span;
	uint32_t depth;
} Normalizing;

static TypeId
normalize_part(void *ctx, TypeId part)
{
	const Normalizing *n = ctx;

	return normalize(n->c, part, n->span, n->depth);
}

static TypeId
normalize(Check *c, TypeId id, Span span, uint32_t depth)
{
	id = infer_shallow(c, id);
	if (type_is_var(id) || !(types_flags(c, id) & TYPE_HAS_ASSOC) || depth > SELECT_DEPTH)
		return id;
	if (types_is(c, id, TAST_TY_ASSOC)) {
		TypeId deep = infer_deep(c, id);
		TastTy t = *types_get(c, deep);
		bool keep = may_keep(c, deep);
		TypeId r;

		id = deep;
		r = keep ? map_get(&c->projected, id, IR_NONE) : IR_NONE;

		if (r != IR_NONE)
			return r;
		r = project(c, &t, span, depth);
		if (keep && may_keep(c, r) && !(types_flags(c, r) & TYPE_HAS_ASSOC))
			map_set(c->arena, &c->projected, id, r);
		return r;
	}
	return types_map(c, id, normalize_part, &(Normalizing){c, span, depth});
}

TypeId
trait_normalize(Check *c, TypeId t, Span span)
{
	return infer_deep(c, normalize(c, t, span, 0));
}
