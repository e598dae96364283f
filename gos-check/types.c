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

static uint64_t
mix_list(uint64_t h, const IrU32List *l)
{
	h = mix(h, l->len);
	for (uint32_t i = 0; i < l->len; i++)
		h = mix(h, l->at[i]);
	return h;
}

static uint64_t
hash_of(const TastTy *t)
{
	uint64_t h = mix(0x51ED270B, t->kind);

	switch (t->kind) {
	case TAST_TY_PRIM:
		return mix(h, t->prim.prim);
	case TAST_TY_TUPLE:
		return mix_list(h, &t->tuple.elems);
	case TAST_TY_ADT:
		return mix_list(mix(h, t->adt.adt), &t->adt.args);
	case TAST_TY_ARRAY:
		return mix(mix(h, t->array.elem), t->array.len);
	case TAST_TY_ARRAY_N:
		return mix(mix(h, t->array_n.elem), t->array_n.len);
	case TAST_TY_CONST:
		return mix(h, t->const_.value);
	case TAST_TY_FN:
		return mix_list(mix(h, t->fn.ret), &t->fn.params);
	case TAST_TY_REF_MUT:
		return mix(h, t->ref_mut.target);
	case TAST_TY_PARAM:
		return mix(mix(h, t->param.index), t->param.name);
	case TAST_TY_ASSOC:
		return mix_list(mix(mix(h, t->assoc.trait), t->assoc.index), &t->assoc.args);
	case TAST_TY_DYN:
		return mix_list(mix(h, t->dyn.trait), &t->dyn.args);
	case TAST_TY_PTR:
		return mix(mix(h, t->ptr.mut), t->ptr.target);
	}
	bug("type of kind %d", t->kind);
}

static bool
list_equal(const IrU32List *a, const IrU32List *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->at, b->at, a->len * sizeof *a->at));
}

static bool
same(const TastTy *a, const TastTy *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case TAST_TY_PRIM:
		return a->prim.prim == b->prim.prim;
	case TAST_TY_TUPLE:
		return list_equal(&a->tuple.elems, &b->tuple.elems);
	case TAST_TY_ADT:
		return a->adt.adt == b->adt.adt && list_equal(&a->adt.args, &b->adt.args);
	case TAST_TY_ARRAY:
		return a->array.elem == b->array.elem && a->array.len == b->array.len;
	case TAST_TY_ARRAY_N:
		return a->array_n.elem == b->array_n.elem && a->array_n.len == b->array_n.len;
	case TAST_TY_CONST:
		return a->const_.value == b->const_.value;
	case TAST_TY_FN:
		return a->fn.ret == b->fn.ret && list_equal(&a->fn.params, &b->fn.params);
	case TAST_TY_REF_MUT:
		return a->ref_mut.target == b->ref_mut.target;
	case TAST_TY_PARAM:
		return a->param.index == b->param.index && a->param.name == b->param.name;
	case TAST_TY_ASSOC:
		return a->assoc.trait == b->assoc.trait && a->assoc.index == b->assoc.index &&
		    list_equal(&a->assoc.args, &b->assoc.args);
	case TAST_TY_DYN:
		return a->dyn.trait == b->dyn.trait && list_equal(&a->dyn.args, &b->dyn.args);
	case TAST_TY_PTR:
		return a->ptr.mut == b->ptr.mut && a->ptr.target == b->ptr.target;
	}
	return false;
}

static uint8_t
list_flags(const Check *c, const IrU32List *l)
{
	uint8_t flags = 0;

	for (uint32_t i = 0; i < l->len; i++)
		flags |= types_flags(c, l->at[i]);
	return flags;
}

static uint8_t
flags_of(const Check *c, const TastTy *t)
{
	switch (t->kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
		return 0;
	case TAST_TY_TUPLE:
		return list_flags(c, &t->tuple.elems);
	case TAST_TY_ADT:
		return list_flags(c, &t->adt.args) |
		    (c->adt_info.at[t->adt.adt]->holds_ref ? TYPE_HAS_REF : 0);
	case TAST_TY_ARRAY:
		return types_flags(c, t->array.elem);
	case TAST_TY_ARRAY_N:
		return types_flags(c, t->array_n.elem) | types_flags(c, t->array_n.len);
	case TAST_TY_FN:
		return list_flags(c, &t->fn.params) | types_flags(c, t->fn.ret);
	case TAST_TY_REF_MUT:
		return types_flags(c, t->ref_mut.target) | TYPE_HAS_REF;
	case TAST_TY_PARAM:
		return TYPE_HAS_PARAM;
	case TAST_TY_ASSOC:
		return list_flags(c, &t->assoc.args) | TYPE_HAS_ASSOC;
	case TAST_TY_DYN:
		return list_flags(c, &t->dyn.args);
	case TAST_TY_PTR:
		return types_flags(c, t->ptr.target);
	}
	bug("type of kind %d", t->kind);
}

static uint32_t
part_size(const Check *c, TypeId t)
{
	return type_is_var(t) ? 1 : c->types.at.at[t].size;
}

static uint32_t
size_of(const Check *c, const TastTy *t, const IrU32List *l)
{
	uint32_t n = 1;

	/* the parts are below the limit, so the sum does not wrap */
	for (uint32_t i = 0; l && i < l->len && n <= TYPE_MAX_SIZE; i++)
		n += part_size(c, l->at[i]);
	if (t->kind == TAST_TY_FN)
		n += part_size(c, t->fn.ret);
	if (t->kind == TAST_TY_ARRAY || t->kind == TAST_TY_ARRAY_N)
		n += part_size(c, t->kind == TAST_TY_ARRAY ? t->array.elem : t->array_n.elem);
	if (t->kind == TAST_TY_REF_MUT)
		n += part_size(c, t->ref_mut.target);
	return n;
}

/* The list of a type that has one, to be copied when the type is new. */
static IrU32List *
list_of(TastTy *t)
{
	switch (t->kind) {
	case TAST_TY_TUPLE:
		return &t->tuple.elems;
	case TAST_TY_ADT:
		return &t->adt.args;
	case TAST_TY_FN:
		return &t->fn.params;
	case TAST_TY_ASSOC:
		return &t->assoc.args;
	case TAST_TY_DYN:
		return &t->dyn.args;
	case TAST_TY_PRIM:
	case TAST_TY_ARRAY:
	case TAST_TY_ARRAY_N:
	case TAST_TY_CONST:
	case TAST_TY_REF_MUT:
	case TAST_TY_PARAM:
	case TAST_TY_PTR:
		return NULL;
	}
	return NULL;
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
add(Check *c, TastTy t, uint64_t hash)
{
	Types *ts = &c->types;
	TypeId id = ts->at.len;
	IrU32List *l = list_of(&t);
	uint32_t size = size_of(c, &t, l);

	if (size > TYPE_MAX_SIZE)
		return too_large(c);
	if (l && l->len) {
		TypeId *copy = arena_array(c->arena, TypeId, l->len);

		memcpy(copy, l->at, l->len * sizeof *copy);
		*l = (IrU32List){copy, l->len, l->len};
	}
	vec_push(c->arena, &ts->at, (TypeInfo){t, flags_of(c, &t), size,
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
		if (same(&c->types.at.at[id].ty, &t))
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
types_dyn(Check *c, TastTraitId trait, const TypeId *args, uint32_t n)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_DYN, .dyn = {trait, borrow(args, n)}});
}

TypeId
types_ptr(Check *c, bool mut, TypeId target)
{
	return intern_type(c, (TastTy){.kind = TAST_TY_PTR, .ptr = {mut, target}});
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

bool
types_is_lang(const Check *c, TypeId t, const char *lang)
{
	TastAdtId adt = types_adt_of(c, t);

	return adt != IR_NONE && !strcmp(check_str(c, c->adts.at[adt]->lang), lang);
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

TypeId
types_field(Check *c, TypeId t, uint32_t variant, uint32_t field)
{
	IrU32List args = types_get(c, t)->adt.args;
	const TastVariant *v = c->adts.at[types_get(c, t)->adt.adt]->variants.at[variant];

	return types_subst(c, v->fields.at[field]->type, args.at, args.len);
}

/* ---- Substitution ---- */

static IrU32List
subst_list(Check *c, IrU32List l, const TypeId *args, uint32_t n)
{
	TypeId *at = arena_array(c->arena, TypeId, l.len ? l.len : 1);

	for (uint32_t i = 0; i < l.len; i++)
		at[i] = types_subst(c, l.at[i], args, n);
	return (IrU32List){at, l.len, l.len};
}

static TypeId
subst_inside(Check *c, TastTy t, const TypeId *args, uint32_t n)
{
	switch (t.kind) {
	case TAST_TY_PRIM:
	case TAST_TY_CONST:
		return intern_type(c, t);
	case TAST_TY_PARAM:
		return t.param.index < n ? args[t.param.index] : intern_type(c, t);
	case TAST_TY_TUPLE:
		t.tuple.elems = subst_list(c, t.tuple.elems, args, n);
		return intern_type(c, t);
	case TAST_TY_ADT:
		t.adt.args = subst_list(c, t.adt.args, args, n);
		return intern_type(c, t);
	case TAST_TY_ARRAY:
		return types_array(c, types_subst(c, t.array.elem, args, n), t.array.len);
	case TAST_TY_ARRAY_N:
		return types_array_n(c, types_subst(c, t.array_n.elem, args, n),
		    types_subst(c, t.array_n.len, args, n));
	case TAST_TY_FN:
		t.fn.params = subst_list(c, t.fn.params, args, n);
		t.fn.ret = types_subst(c, t.fn.ret, args, n);
		return intern_type(c, t);
	case TAST_TY_REF_MUT:
		return types_ref_mut(c, types_subst(c, t.ref_mut.target, args, n));
	case TAST_TY_ASSOC:
		t.assoc.args = subst_list(c, t.assoc.args, args, n);
		return intern_type(c, t);
	case TAST_TY_DYN:
		t.dyn.args = subst_list(c, t.dyn.args, args, n);
		return intern_type(c, t);
	case TAST_TY_PTR:
		return types_ptr(c, t.ptr.mut, types_subst(c, t.ptr.target, args, n));
	}
	bug("type of kind %d", t.kind);
}

TypeId
types_subst(Check *c, TypeId t, const TypeId *args, uint32_t n)
{
	if (!(types_flags(c, t) & TYPE_HAS_PARAM) || type_is_var(t))
		return t;
	return subst_inside(c, *types_get(c, t), args, n);
}

const char *
check_str(const Check *c, Sym name)
{
	return intern_str(c->names, name);
}
