/*
 * The type table: hash-consing of TastTy.
 *
 * Invariant: two entries of the table are never structurally equal, so `==` on ids is type
 * equality.  Lists inside an entry are owned by the table.
 */
#include "gos-check/types.h"

#include "gos-check/check.h"
#include "lib/fatal.h"

#include <string.h>

static uint64_t
mix(uint64_t h, uint64_t x)
{
	h = (h ^ x) * 0x9E3779B97F4A7C15u;
	return h ^ h >> 29;
}

/* ---- Parts ---- */

/* The types that a type is made of: lists first, then single ones; NULL ends each. */
typedef struct Parts {
	IrU32List *lists[3];
	TypeId *singles[3];
} Parts;

static Parts
parts_of(TastTy *t)
{
	switch (t->kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
	case TAST_TY_PARAM:
		return (Parts){0};
	case TAST_TY_TUPLE:
		return (Parts){.lists = {&t->tuple.elems}};
	case TAST_TY_ADT:
		return (Parts){.lists = {&t->adt.args}};
	case TAST_TY_ARRAY:
		return (Parts){.singles = {&t->array.elem}};
	case TAST_TY_ARRAY_N:
		return (Parts){.singles = {&t->array_n.elem, &t->array_n.len}};
	case TAST_TY_FN:
		return (Parts){.lists = {&t->fn.params}, .singles = {&t->fn.ret}};
	case TAST_TY_REF_MUT:
		return (Parts){.singles = {&t->ref_mut.target}};
	case TAST_TY_ASSOC:
		return (Parts){.lists = {&t->assoc.args}};
	case TAST_TY_DYN:
		return (Parts){.lists = {&t->dyn.args, &t->dyn.assocs}};
	case TAST_TY_PTR:
		return (Parts){.singles = {&t->ptr.target}};
	}
	bug("type of kind %d", t->kind);
}

void
types_each_part(const TastTy *t, TypeVisit *visit, void *ctx)
{
	TastTy copy = *t;
	Parts p = parts_of(&copy);

	for (IrU32List **l = p.lists; *l; l++)
		for (uint32_t i = 0; i < (*l)->len; i++)
			visit(ctx, (*l)->at[i]);
	for (TypeId **s = p.singles; *s; s++)
		visit(ctx, **s);
}

void
types_renumber(Arena *a, TastTy *t, TypeMap *f, void *ctx)
{
	Parts p = parts_of(t);

	for (IrU32List **l = p.lists; *l; l++) {
		TypeId *at = arena_array(a, TypeId, (*l)->len ? (*l)->len : 1);

		for (uint32_t i = 0; i < (*l)->len; i++)
			at[i] = f(ctx, (*l)->at[i]);
		**l = (IrU32List){at, (*l)->len, (*l)->len};
	}
	for (TypeId **s = p.singles; *s; s++)
		**s = f(ctx, **s);
}

/* What a type is apart from its parts. */
static uint64_t
head_of(const TastTy *t)
{
	switch (t->kind) {
	case TAST_TY_PRIM:
		return t->prim.prim;
	case TAST_TY_ADT:
		return t->adt.adt;
	case TAST_TY_ARRAY:
		return t->array.len;
	case TAST_TY_CONST:
		return t->const_.value;
	case TAST_TY_PARAM:
		return (uint64_t)t->param.index << 32 | t->param.name;
	case TAST_TY_ASSOC:
		return (uint64_t)t->assoc.trait << 32 | t->assoc.index;
	case TAST_TY_DYN:
		return t->dyn.trait;
	case TAST_TY_PTR:
		return t->ptr.mut;
	case TAST_TY_TUPLE:
	case TAST_TY_ARRAY_N:
	case TAST_TY_FN:
	case TAST_TY_REF_MUT:
		return 0;
	}
	bug("type of kind %d", t->kind);
}

bool
types_pair_parts(const TastTy *a, const TastTy *b, TypePair *f, void *ctx)
{
	TastTy x = *a, y = *b;

	if (a->kind != b->kind || head_of(a) != head_of(b))
		return false;
	Parts p = parts_of(&x), q = parts_of(&y);
	for (uint32_t i = 0; p.lists[i]; i++)
		if (p.lists[i]->len != q.lists[i]->len)
			return false;
	for (uint32_t i = 0; p.lists[i]; i++)
		for (uint32_t k = 0; k < p.lists[i]->len; k++)
			if (!f(ctx, p.lists[i]->at[k], q.lists[i]->at[k]))
				return false;
	for (uint32_t i = 0; p.singles[i]; i++)
		if (!f(ctx, *p.singles[i], *q.singles[i]))
			return false;
	return true;
}

/* ---- The table ---- */

static void
mix_part(void *ctx, TypeId part)
{
	uint64_t *h = ctx;

	*h = mix(*h, part);
}

static uint64_t
hash_of(const TastTy *t)
{
	uint64_t h = mix(mix(0x51ED270B, t->kind), head_of(t));

	types_each_part(t, mix_part, &h);
	return h;
}

static bool
equal_part(void *ctx, TypeId a, TypeId b)
{
	(void)ctx;
	return a == b;
}

/* Facts about a type from those about its parts. */
typedef struct Sum {
	const Check *c;
	uint8_t flags;
	uint32_t size;
} Sum;

static void
sum_part(void *ctx, TypeId part)
{
	Sum *s = ctx;

	s->flags |= types_flags(s->c, part);
	/* the parts are below the limit, so the sum does not wrap */
	if (s->size <= TYPE_MAX_SIZE)
		s->size += type_is_var(part) ? 1 : s->c->types.at.at[part].size;
}

static Sum
sum_of(const Check *c, const TastTy *t)
{
	Sum s = {c, 0, 1};

	types_each_part(t, sum_part, &s);
	if (t->kind == TAST_TY_REF_MUT ||
	    (t->kind == TAST_TY_ADT && c->adt_info.at[t->adt.adt]->holds_ref))
		s.flags |= TYPE_HAS_REF;
	if (t->kind == TAST_TY_PARAM)
		s.flags |= TYPE_HAS_PARAM;
	if (t->kind == TAST_TY_ASSOC)
		s.flags |= TYPE_HAS_ASSOC;
	return s;
}

static TypeId
too_large(Check *c)
{
	if (c->diags && c->large != c->here.start + 1) {
		diag_primary(diag_error(c->diags, G0371, c->here),
		    "it has more than %u parts", TYPE_MAX_SIZE);
		c->large = c->here.start + 1;
	}
	return TY_ERROR;
}

static TypeId
same_part(void *ctx, TypeId part)
{
	(void)ctx;
	return part;
}

static TypeId
add(Check *c, TastTy t, uint64_t hash)
{
	Types *ts = &c->types;
	TypeId id = ts->at.len;
	Sum s = sum_of(c, &t);

	if (s.size > TYPE_MAX_SIZE)
		return too_large(c);
	types_renumber(c->arena, &t, same_part, NULL);	/* lists of its own */
	vec_push(c->arena, &ts->at, (TypeInfo){t, s.flags, s.size,
	    map_get(&ts->by_hash, hash, IR_NONE)});
	map_set(c->arena, &ts->by_hash, hash, id);
	return id;
}

static TypeId
intern_type(Check *c, TastTy t)
{
	uint64_t hash = hash_of(&t);

	for (TypeId id = map_get(&c->types.by_hash, hash, IR_NONE); id != IR_NONE;
	    id = c->types.at.at[id].next)
		if (types_pair_parts(&c->types.at.at[id].ty, &t, equal_part, NULL))
			return id;
	return add(c, t, hash);
}

void
types_init(Check *c)
{
	for (TastPrim p = TAST_PRIM_I8; p <= TAST_PRIM_NEVER; p++)
		intern_type(c, (TastTy){.kind = TAST_TY_PRIM, .prim.prim = p});
	types_tuple(c, NULL, 0);
	/* The poison looks like `!` to whoever does not ask, and is not interned. */
	vec_push(c->arena, &c->types.at,
	    (TypeInfo){{.kind = TAST_TY_PRIM, .prim.prim = TAST_PRIM_NEVER}, TYPE_HAS_ERROR, 1, IR_NONE});
	if (c->types.at.len != TY_FIRST)
		bug("%u fixed types", c->types.at.len);
}

/* Lists are only read until `add` copies them. */
static IrU32List
borrow(const TypeId *at, uint32_t n)
{
	return (IrU32List){(TypeId *)(uintptr_t)at, n, n};
}

TypeId
types_tuple(Check *c, const TypeId *elems, uint32_t n)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_TUPLE, .tuple.elems = borrow(elems, n)});
}

TypeId
types_adt(Check *c, TastAdtId adt, const TypeId *args, uint32_t n)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_ADT, .adt = {adt, borrow(args, n)}});
}

TypeId
types_array(Check *c, TypeId elem, uint64_t len)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_ARRAY, .array = {elem, len}});
}

TypeId
types_array_n(Check *c, TypeId elem, TypeId len)
{
	if (!type_is_var(len) && types_is(c, len, TAST_TY_CONST))
		return types_array(c, elem, types_get(c, len)->const_.value);
	return intern_type(c, (TastTy){.kind = TAST_TY_ARRAY_N, .array_n = {elem, len}});
}

TypeId
types_const(Check *c, uint64_t value)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_CONST, .const_.value = value});
}

TypeId
types_fn(Check *c, const TypeId *params, uint32_t n, TypeId ret)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_FN, .fn = {borrow(params, n), ret}});
}

TypeId
types_ref_mut(Check *c, TypeId target)
{
	if (target == TY_ERROR)
		return TY_ERROR;
	return intern_type(c, (TastTy){.kind = TAST_TY_REF_MUT, .ref_mut.target = target});
}

TypeId
types_param(Check *c, uint32_t index, Sym name)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_PARAM, .param = {index, name}});
}

TypeId
types_assoc(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, uint32_t index)
{
	return intern_type(c,
	    (TastTy){.kind = TAST_TY_ASSOC, .assoc = {trait, borrow(args, n), index}});
}

TypeId
types_dyn(Check *c, TastTraitId trait, const TypeId *args, uint32_t n, const TypeId *assocs,
    uint32_t n_assocs)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_DYN, .dyn = {trait, borrow(args, n),
	    borrow(assocs, n_assocs)}});
}

TypeId
types_ptr(Check *c, bool mut, TypeId target)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_PTR, .ptr = {mut, target}});
}

TypeId
types_map(Check *c, TypeId id, TypeMap *f, void *ctx)
{
	TastTy t = *types_get(c, id);

	types_renumber(c->arena, &t, f, ctx);
	if (t.kind == TAST_TY_ARRAY_N)
		return types_array_n(c, t.array_n.elem, t.array_n.len);
	return t.kind == TAST_TY_REF_MUT ? types_ref_mut(c, t.ref_mut.target) : intern_type(c, t);
}

/* ---- Queries ---- */

const TastTy *
types_get(const Check *c, TypeId t)
{
	if (t >= c->types.at.len)
		bug("type %u of %u", t, c->types.at.len);
	return &c->types.at.at[t].ty;
}

uint8_t
types_flags(const Check *c, TypeId t)
{
	return type_is_var(t) ? TYPE_HAS_VAR : c->types.at.at[t].flags;
}

bool
types_is(const Check *c, TypeId t, TastTyKind kind)
{
	return !type_is_var(t) && t != TY_ERROR && types_get(c, t)->kind == kind;
}

bool
types_is_int(TypeId t)
{
	return t <= TAST_PRIM_USIZE;
}

bool
types_is_signed(TypeId t)
{
	return t <= TAST_PRIM_ISIZE;
}

bool
types_is_float(TypeId t)
{
	return t == TY_F32 || t == TY_F64;
}

bool
types_is_scalar(TypeId t)
{
	return t <= TAST_PRIM_CHAR;
}

uint32_t
types_bits(TypeId t)
{
	static const uint8_t bits[] = {8, 16, 32, 64, 128, 64, 8, 16, 32, 64, 128, 64, 32, 64};

	return t < sizeof bits ? bits[t] : 0;
}

TastAdtId
types_adt_of(const Check *c, TypeId t)
{
	return types_is(c, t, TAST_TY_ADT) ? types_get(c, t)->adt.adt : IR_NONE;
}

const TastVariant *
types_struct(const Check *c, TypeId t)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt != IR_NONE && c->adts.at[adt]->kind == TAST_ADT_KIND_STRUCT ? c->adts.at[adt]->variants.at[0]
	    : NULL;
}

uint32_t
variant_field(const TastVariant *v, Sym name)
{
	for (uint32_t i = 0; i < v->fields.len; i++)
		if (v->fields.at[i]->name == name)
			return i;
	return IR_NONE;
}

bool
types_is_lang(const Check *c, TypeId t, const char *lang)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt != IR_NONE && !strcmp(check_str(c, c->adts.at[adt]->lang), lang);
}

TypeId
types_array_elem(const Check *c, TypeId t)
{
	if (types_is(c, t, TAST_TY_ARRAY))
		return types_get(c, t)->array.elem;
	return types_is(c, t, TAST_TY_ARRAY_N) ? types_get(c, t)->array_n.elem : IR_NONE;
}

TypeId
types_arg(const Check *c, TypeId t, uint32_t i)
{
	const TastTy *ty = types_get(c, t);

	return ty->kind == TAST_TY_ADT && i < ty->adt.args.len ? ty->adt.args.at[i] : TY_ERROR;
}

TypeId
types_strip_ref(const Check *c, TypeId t)
{
	return types_is(c, t, TAST_TY_REF_MUT) ? types_get(c, t)->ref_mut.target : t;
}

bool
types_may_hold_ref(const Check *c, TypeId t, TypeId target)
{
	const TastTy *ty;
	const IrU32List *parts = NULL;

	if (!(types_flags(c, t) & TYPE_HAS_REF))
		return false;
	ty = types_get(c, t);
	if (ty->kind == TAST_TY_REF_MUT)
		return ty->ref_mut.target == target || types_may_hold_ref(c, ty->ref_mut.target, target);
	if (ty->kind == TAST_TY_ADT && c->adt_info.at[ty->adt.adt]->holds_ref)
		return true;
	if (ty->kind == TAST_TY_ADT)
		parts = &ty->adt.args;
	else if (ty->kind == TAST_TY_TUPLE)
		parts = &ty->tuple.elems;
	for (uint32_t i = 0; parts && i < parts->len; i++)
		if (types_may_hold_ref(c, parts->at[i], target))
			return true;
	return false;
}

TypeId
types_field(Check *c, TypeId t, uint32_t variant, uint32_t field)
{
	IrU32List args = types_get(c, t)->adt.args;
	const TastVariant *v = c->adts.at[types_get(c, t)->adt.adt]->variants.at[variant];

	return types_subst(c, v->fields.at[field]->type, args.at, args.len);
}

/* ---- Substitution ---- */

typedef struct Subst {
	Check *c;
	const TypeId *args;
	uint32_t n;
} Subst;

static TypeId
subst_part(void *ctx, TypeId part)
{
	const Subst *s = ctx;

	return types_subst(s->c, part, s->args, s->n);
}

TypeId
types_subst(Check *c, TypeId t, const TypeId *args, uint32_t n)
{
	if (!(types_flags(c, t) & TYPE_HAS_PARAM) || type_is_var(t))
		return t;
	if (types_is(c, t, TAST_TY_PARAM))
		return types_get(c, t)->param.index < n ? args[types_get(c, t)->param.index] : t;
	return types_map(c, t, subst_part, &(Subst){c, args, n});
}

const char *
check_str(const Check *c, Sym name)
{
	return intern_str(c->names, name);
}
