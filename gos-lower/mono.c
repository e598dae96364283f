/*
 * Concrete types: interning, substitution, questions.
 *
 * Types of the input come first in the table under their own ids; what substitution makes is appended.
 * A type is identified by its key: its kind and the ids of its parts as 32-bit words.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

#include <string.h>

enum {
	MAX_TYPE_DEPTH = 100,	/* of types inside types: more only comes from endless recursion */
	KEY_TYPE = 1,
};

struct Mono {
	Interner keys;
	Map ty_of_key;			/* key -> Ty */
	VEC(uint8_t) generic;		/* by id: mentions a parameter or associated type */
	VEC(uint8_t) depth;
	VEC(Sym) names;			/* by id: ty_name, or 0 */
};

uint32_t
mono_key(Lower *lo, uint32_t what, const uint32_t *words, uint32_t n)
{
	uint32_t *key = arena_array(lo->arena, uint32_t, n + 1);

	key[0] = what;
	if (n)
		memcpy(key + 1, words, n * sizeof *words);
	return intern(&lo->mono->keys, (const char *)key, (n + 1) * sizeof *key);
}

/* ---- Keys ---- */

typedef VEC(uint32_t) Words;

static void
push_list(Lower *lo, Words *w, const IrU32List *list)
{
	for (uint32_t i = 0; i < list->len; i++)
		vec_push(lo->arena, w, list->at[i]);
}

static void
push_u64(Lower *lo, Words *w, uint64_t v)
{
	vec_push(lo->arena, w, (uint32_t)v);
	vec_push(lo->arena, w, (uint32_t)(v >> 32));
}

static void
push_pair(Lower *lo, Words *w, uint32_t x, uint32_t y)
{
	vec_push(lo->arena, w, x);
	vec_push(lo->arena, w, y);
}

static uint32_t
key_of(Lower *lo, const TastTy *t)
{
	Words w = {0};

	vec_push(lo->arena, &w, t->kind);
	switch (t->kind) {
	case TAST_TY_PRIM: vec_push(lo->arena, &w, t->prim.prim); break;
	case TAST_TY_TUPLE: push_list(lo, &w, &t->tuple.elems); break;
	case TAST_TY_ADT:
		vec_push(lo->arena, &w, t->adt.adt);
		push_list(lo, &w, &t->adt.args);
		break;
	case TAST_TY_ARRAY:
		vec_push(lo->arena, &w, t->array.elem);
		push_u64(lo, &w, t->array.len);
		break;
	case TAST_TY_ARRAY_N: push_pair(lo, &w, t->array_n.elem, t->array_n.len); break;
	case TAST_TY_CONST: push_u64(lo, &w, t->const_.value); break;
	case TAST_TY_FN:
		vec_push(lo->arena, &w, t->fn.ret);
		push_list(lo, &w, &t->fn.params);
		break;
	case TAST_TY_REF_MUT: vec_push(lo->arena, &w, t->ref_mut.target); break;
	case TAST_TY_PARAM: push_pair(lo, &w, t->param.index, t->param.name); break;
	case TAST_TY_ASSOC:
		push_pair(lo, &w, t->assoc.trait, t->assoc.index);
		push_list(lo, &w, &t->assoc.args);
		break;
	case TAST_TY_DYN:
		vec_push(lo->arena, &w, t->dyn.trait);
		push_list(lo, &w, &t->dyn.args);
		push_list(lo, &w, &t->dyn.assocs);
		break;
	case TAST_TY_PTR: push_pair(lo, &w, t->ptr.mut, t->ptr.target); break;
	}
	return mono_key(lo, KEY_TYPE, w.at, w.len);
}

/* ---- Interning ---- */

typedef struct Facts {
	bool generic;
	uint32_t depth;
} Facts;

static void
add_part(const Lower *lo, Facts *f, TastTypeId part)
{
	const struct Mono *m = lo->mono;

	f->generic |= m->generic.at[part];
	if (m->depth.at[part] + 1u > f->depth)
		f->depth = m->depth.at[part] + 1u;
}

static void
add_parts(const Lower *lo, Facts *f, const IrU32List *parts)
{
	for (uint32_t i = 0; i < parts->len; i++)
		add_part(lo, f, parts->at[i]);
}

static Facts
facts_of(const Lower *lo, const TastTy *t)
{
	Facts f = {0};

	switch (t->kind) {
	case TAST_TY_PRIM: case TAST_TY_CONST: break;
	case TAST_TY_TUPLE: add_parts(lo, &f, &t->tuple.elems); break;
	case TAST_TY_ADT: add_parts(lo, &f, &t->adt.args); break;
	case TAST_TY_ARRAY: add_part(lo, &f, t->array.elem); break;
	case TAST_TY_ARRAY_N:
		add_part(lo, &f, t->array_n.elem);
		f.generic = true;
		break;
	case TAST_TY_FN:
		add_parts(lo, &f, &t->fn.params);
		add_part(lo, &f, t->fn.ret);
		break;
	case TAST_TY_REF_MUT: add_part(lo, &f, t->ref_mut.target); break;
	case TAST_TY_PARAM: f.generic = true; break;
	case TAST_TY_ASSOC:
		add_parts(lo, &f, &t->assoc.args);
		f.generic = true;
		break;
	case TAST_TY_DYN:
		add_parts(lo, &f, &t->dyn.args);
		add_parts(lo, &f, &t->dyn.assocs);
		break;
	case TAST_TY_PTR: add_part(lo, &f, t->ptr.target); break;
	}
	return f;
}

/* Records the facts of the type with this id, all of whose parts are known. */
static void
note_type(Lower *lo, Ty id)
{
	struct Mono *m = lo->mono;
	Facts f = facts_of(lo, lo->types.at[id]);

	if (f.depth > MAX_TYPE_DEPTH) {
		diag_error(&lo->diags, G0902, lo->here);
		lower_stop(lo);
	}
	vec_push(lo->arena, &m->generic, f.generic);
	vec_push(lo->arena, &m->depth, (uint8_t)f.depth);
	vec_push(lo->arena, &m->names, 0);
	uint32_t key = key_of(lo, lo->types.at[id]);
	if (!map_find(&m->ty_of_key, key))
		map_set(lo->arena, &m->ty_of_key, key, id);
}

/* `verify.c` has made sure that a type's parts come before it. */
void
mono_init(Lower *lo)
{
	lo->mono = arena_new(lo->arena, struct Mono);
	intern_init(&lo->mono->keys, lo->arena);
	for (uint32_t i = 0; i < lo->types.len; i++)
		note_type(lo, i);
}

static Ty
intern_ty(Lower *lo, TastTy t)
{
	uint32_t *found = map_find(&lo->mono->ty_of_key, key_of(lo, &t));

	if (found)
		return *found;
	TastTy *copy = arena_new(lo->arena, TastTy);
	*copy = t;
	vec_push(lo->arena, &lo->types, copy);
	note_type(lo, lo->types.len - 1);
	return lo->types.len - 1;
}

TastTy *
ty_at(const Lower *lo, Ty t)
{
	return lo->types.at[t];
}

Ty
ty_prim(Lower *lo, TastPrim prim)
{
	return intern_ty(lo, (TastTy){.kind = TAST_TY_PRIM, .prim = {prim}});
}

Ty
ty_tuple(Lower *lo, const IrU32List *elems)
{
	return intern_ty(lo, (TastTy){.kind = TAST_TY_TUPLE, .tuple = {*elems}});
}

Ty
ty_unit(Lower *lo)
{
	return ty_tuple(lo, &(IrU32List){0});
}

Ty
ty_adt(Lower *lo, TastAdtId adt, const IrU32List *args)
{
	if (adt >= lo->adts.len || lo->adts.at[adt]->generics.len != args->len)
		lower_broken(lo, "a type that the compiler needs is not there");
	return intern_ty(lo, (TastTy){.kind = TAST_TY_ADT, .adt = {adt, *args}});
}

Ty
ty_ref_mut(Lower *lo, Ty target)
{
	return intern_ty(lo, (TastTy){.kind = TAST_TY_REF_MUT, .ref_mut = {target}});
}

Ty
ty_const(Lower *lo, uint64_t value)
{
	return intern_ty(lo, (TastTy){.kind = TAST_TY_CONST, .const_ = {value}});
}

Ty
ty_fn(Lower *lo, const IrU32List *params, Ty ret)
{
	return intern_ty(lo, (TastTy){.kind = TAST_TY_FN, .fn = {*params, ret}});
}

/* ---- Substitution ---- */

static IrU32List
subst_list(Lower *lo, const IrU32List *list, const IrU32List *args)
{
	IrU32List out = {0};

	for (uint32_t i = 0; i < list->len; i++)
		vec_push(lo->arena, &out, ty_subst(lo, list->at[i], args));
	return out;
}

static Ty
subst_array_n(Lower *lo, const TastTy *t, const IrU32List *args)
{
	Ty elem = ty_subst(lo, t->array_n.elem, args);
	const TastTy *len = ty_at(lo, ty_subst(lo, t->array_n.len, args));

	if (len->kind != TAST_TY_CONST)
		lower_broken(lo, "the length of an array type is no constant");
	return intern_ty(lo, (TastTy){.kind = TAST_TY_ARRAY, .array = {elem, len->const_.value}});
}

static Ty
subst_param(const Lower *lo, const TastTy *t, const IrU32List *args)
{
	if (t->param.index >= args->len)
		lower_broken(lo, "type parameter %s has no argument",
		    intern_str(lo->names, t->param.name));
	return args->at[t->param.index];
}

static Ty
subst_adt(Lower *lo, const TastTy *t, const IrU32List *args)
{
	IrU32List list = subst_list(lo, &t->adt.args, args);

	return ty_adt(lo, t->adt.adt, &list);
}

static Ty
subst_fn(Lower *lo, const TastTy *t, const IrU32List *args)
{
	IrU32List params = subst_list(lo, &t->fn.params, args);

	return ty_fn(lo, &params, ty_subst(lo, t->fn.ret, args));
}

Ty
ty_subst(Lower *lo, TastTypeId id, const IrU32List *args)
{
	if (!lo->mono->generic.at[id])
		return id;
	const TastTy *t = lo->types.at[id];
	TastTy out = *t;
	IrU32List list;

	switch (t->kind) {
	case TAST_TY_PRIM: case TAST_TY_CONST:
		return id;
	case TAST_TY_TUPLE:
		list = subst_list(lo, &t->tuple.elems, args);
		return ty_tuple(lo, &list);
	case TAST_TY_ADT:
		return subst_adt(lo, t, args);
	case TAST_TY_ARRAY:
		out.array.elem = ty_subst(lo, t->array.elem, args);
		return intern_ty(lo, out);
	case TAST_TY_ARRAY_N:
		return subst_array_n(lo, t, args);
	case TAST_TY_FN:
		return subst_fn(lo, t, args);
	case TAST_TY_REF_MUT:
		return ty_ref_mut(lo, ty_subst(lo, t->ref_mut.target, args));
	case TAST_TY_PARAM:
		return subst_param(lo, t, args);
	case TAST_TY_ASSOC:
		list = subst_list(lo, &t->assoc.args, args);
		return resolve_assoc(lo, t->assoc.trait, &list, t->assoc.index);
	case TAST_TY_DYN:
		out.dyn.args = subst_list(lo, &t->dyn.args, args);
		out.dyn.assocs = subst_list(lo, &t->dyn.assocs, args);
		return intern_ty(lo, out);
	case TAST_TY_PTR:
		out.ptr.target = ty_subst(lo, t->ptr.target, args);
		return intern_ty(lo, out);
	}
	bug("type kind %d", t->kind);
}

Ty
build_ty(Build *b, TastTypeId t)
{
	if (!b->lo->mono->generic.at[t])
		return t;
	uint32_t *known = map_find(&b->ty_cache, t);
	if (known)
		return *known;
	Ty ty = ty_subst(b->lo, t, &b->args);
	map_set(b->arena, &b->ty_cache, t, ty);
	return ty;
}

MirTypeId
build_mir_type(Build *b, TastTypeId t)
{
	return mir_type_of(b->lo, build_ty(b, t));
}

/* ---- Questions ---- */

bool
ty_is_prim(const Lower *lo, Ty t, TastPrim prim)
{
	return ty_at(lo, t)->kind == TAST_TY_PRIM && ty_at(lo, t)->prim.prim == prim;
}

bool
ty_is_integer(const Lower *lo, Ty t)
{
	return ty_at(lo, t)->kind == TAST_TY_PRIM && ty_at(lo, t)->prim.prim <= TAST_PRIM_USIZE;
}

bool
ty_is_scalar(const Lower *lo, Ty t)
{
	return ty_at(lo, t)->kind == TAST_TY_PRIM && ty_at(lo, t)->prim.prim <= TAST_PRIM_CHAR;
}

bool
ty_is_lang(const Lower *lo, Ty t, const char *lang, const IrU32List **args)
{
	const TastTy *ty = ty_at(lo, t);

	if (ty->kind != TAST_TY_ADT || !sym_is(lo, lo->adts.at[ty->adt.adt]->lang, lang))
		return false;
	if (args)
		*args = &ty->adt.args;
	return true;
}

static const TastVariant *
variant_at(const Lower *lo, const TastTy *ty, uint32_t variant)
{
	const TastAdt *adt = lo->adts.at[ty->adt.adt];

	if (variant >= adt->variants.len)
		lower_broken(lo, "%s has no variant %u", intern_str(lo->names, adt->path), variant);
	return adt->variants.at[variant];
}

uint32_t
ty_field_count(Lower *lo, Ty t, uint32_t variant)
{
	const TastTy *ty = ty_at(lo, t);

	if (ty->kind == TAST_TY_TUPLE)
		return ty->tuple.elems.len;
	if (ty->kind == TAST_TY_ADT)
		return variant_at(lo, ty, variant)->fields.len;
	lower_broken(lo, "a value of type %s has no fields", ty_name(lo, t));
}

Ty
ty_field(Lower *lo, Ty t, uint32_t variant, uint32_t field)
{
	const TastTy *ty = ty_at(lo, t);

	if (field >= ty_field_count(lo, t, variant))
		lower_broken(lo, "%s has no field %u", ty_name(lo, t), field);
	if (ty->kind == TAST_TY_TUPLE)
		return ty->tuple.elems.at[field];
	return ty_subst(lo, variant_at(lo, ty, variant)->fields.at[field]->type, &ty->adt.args);
}

static bool has_ref(Lower *lo, Ty t, uint32_t depth);

static bool
any_has_ref(Lower *lo, const IrU32List *l, uint32_t depth)
{
	for (uint32_t i = 0; i < l->len; i++)
		if (has_ref(lo, l->at[i], depth))
			return true;
	return false;
}

/* Only types of the standard library have fields that are references, and not deep inside. */
static bool
adt_has_ref(Lower *lo, Ty t, uint32_t depth)
{
	const TastAdt *adt = lo->adts.at[ty_at(lo, t)->adt.adt];

	if (any_has_ref(lo, &ty_at(lo, t)->adt.args, depth))
		return true;
	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t i = 0; i < adt->variants.at[v]->fields.len; i++)
			if (has_ref(lo, ty_field(lo, t, v, i), depth))
				return true;
	return false;
}

static bool
has_ref(Lower *lo, Ty t, uint32_t depth)
{
	enum { DEEP = 4 };
	const TastTy *ty = ty_at(lo, t);

	switch (ty->kind) {
	case TAST_TY_REF_MUT:
		return true;
	case TAST_TY_TUPLE:
		return any_has_ref(lo, &ty->tuple.elems, depth);
	case TAST_TY_ADT:
		return depth < DEEP && adt_has_ref(lo, t, depth + 1);
	case TAST_TY_ARRAY:
		return has_ref(lo, ty->array.elem, depth);
	case TAST_TY_PRIM: case TAST_TY_ARRAY_N: case TAST_TY_CONST: case TAST_TY_FN: case TAST_TY_PARAM:
	case TAST_TY_ASSOC: case TAST_TY_DYN: case TAST_TY_PTR:
		return false;
	}
	bug("type kind %d", ty->kind);
}

bool
ty_has_ref(Lower *lo, Ty t)
{
	return has_ref(lo, t, 0);
}

/* ---- Names ---- */

static const char *const prim_names[] = {
	"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize",
	"f32", "f64", "bool", "char", "String", "!",
};

/* `before`, the names of the list with commas, `after`. */
static const char *
name_list(Lower *lo, const char *before, const IrU32List *list, const char *after)
{
	const char *s = before;

	for (uint32_t i = 0; i < list->len; i++)
		s = arena_printf(lo->arena, "%s%s%s", s, i ? ", " : "", ty_name(lo, list->at[i]));
	return arena_printf(lo->arena, "%s%s", s, after);
}

static const char *
name_applied(Lower *lo, Sym name, const IrU32List *args)
{
	const char *s = intern_str(lo->names, name);

	if (args->len == 0)
		return s;
	return name_list(lo, arena_printf(lo->arena, "%s<", s), args, ">");
}

static const char *
make_name(Lower *lo, const TastTy *t)
{
	switch (t->kind) {
	case TAST_TY_PRIM:
		return prim_names[t->prim.prim];
	case TAST_TY_TUPLE:
		return name_list(lo, "(", &t->tuple.elems, t->tuple.elems.len == 1 ? ",)" : ")");
	case TAST_TY_ADT:
		return name_applied(lo, lo->adts.at[t->adt.adt]->name, &t->adt.args);
	case TAST_TY_ARRAY:
		return arena_printf(lo->arena, "[%s; %llu]", ty_name(lo, t->array.elem),
		    (unsigned long long)t->array.len);
	case TAST_TY_ARRAY_N:
		return arena_printf(lo->arena, "[%s; %s]", ty_name(lo, t->array_n.elem),
		    ty_name(lo, t->array_n.len));
	case TAST_TY_CONST:
		return arena_printf(lo->arena, "%llu", (unsigned long long)t->const_.value);
	case TAST_TY_FN:
		return arena_printf(lo->arena, "%s%s", name_list(lo, "fn(", &t->fn.params, ") -> "),
		    ty_name(lo, t->fn.ret));
	case TAST_TY_REF_MUT:
		return arena_printf(lo->arena, "&mut %s", ty_name(lo, t->ref_mut.target));
	case TAST_TY_PARAM:
		return intern_str(lo->names, t->param.name);
	case TAST_TY_ASSOC:
		return name_applied(lo, lo->traits.at[t->assoc.trait]->name, &t->assoc.args);
	case TAST_TY_DYN:
		return arena_printf(lo->arena, "dyn %s",
		    name_applied(lo, lo->traits.at[t->dyn.trait]->name, &t->dyn.args));
	case TAST_TY_PTR:
		return arena_printf(lo->arena, "*%s %s", t->ptr.mut ? "mut" : "const",
		    ty_name(lo, t->ptr.target));
	}
	bug("type kind %d", t->kind);
}

const char *
ty_name(Lower *lo, Ty t)
{
	if (!lo->mono->names.at[t]) {
		const char *s = make_name(lo, lo->types.at[t]);
		lo->mono->names.at[t] = intern_cstr(lo->names, s);
	}
	return intern_str(lo->names, lo->mono->names.at[t]);
}
