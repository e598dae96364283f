/* What types say about arenas.  See flow_arena.h. */
#include "gos-check/flow_arena.h"

#include <string.h>

/* Types of std whose contents change, or are shared, behind every copy. */
static const char *const cells[] = {
	"Shared", "WeakLink", "OnceCell", "Mutex", "RwLock", "Once", "Sender", "Receiver",
};

/* A walk over all that a value is made of. */
typedef struct Parts {
	Check *c;
	Arena scratch;
	Map seen;
	VEC(TypeId) list;	/* heap types only */
	bool heap, reaches, open;	/* open: it may have parts that the type does not tell */
} Parts;

static bool
has_drop(const Check *c, TastAdtId id)
{
	TastTraitId drop = lang_trait(c, LANG_DROP);

	for (uint32_t i = 0; drop != IR_NONE && i < c->impls.len; i++)
		if (c->impls.at[i]->trait == drop && types_adt_of(c, c->impls.at[i]->self_type) == id)
			return true;
	return false;
}

static void add_part(Parts *p, TypeId t);

static void
add_fields(Parts *p, TypeId t, const TastAdt *adt)
{
	for (uint32_t v = 0; v < adt->variants.len; v++)
		for (uint32_t i = 0; i < adt->variants.at[v]->fields.len; i++)
			add_part(p, types_field(p->c, t, v, i));
}

static bool
has_fields(const TastAdt *adt)
{
	for (uint32_t v = 0; v < adt->variants.len; v++)
		if (adt->variants.at[v]->fields.len)
			return true;
	return false;
}

static void
add_adt(Parts *p, TypeId t)
{
	Check *c = p->c;
	TastAdtId id = types_adt_of(c, t);
	const TastAdt *adt = c->adts.at[id];
	const AdtInfo *info = c->adt_info.at[id];
	bool opaque = info->is_std && !has_fields(adt) && adt->kind == TAST_ADT_KIND_STRUCT
	    && (adt->generics.len || info->lang == LANG_FORMATTER);

	for (size_t i = 0; info->is_std && i < sizeof cells / sizeof *cells; i++)
		p->reaches |= strcmp(check_str(c, adt->name), cells[i]) == 0;
	if (opaque || has_drop(c, id)) {
		p->heap = true;
		vec_push(&p->scratch, &p->list, t);
	}
	for (uint32_t i = 0; opaque && i < adt->generics.len; i++)
		add_part(p, types_arg(c, t, i));
	add_fields(p, t, adt);
}

static void
add_fn(Parts *p, const TastTy *ty)
{
	p->reaches = true;
	add_part(p, ty->fn.ret);
	for (uint32_t i = 0; i < ty->fn.params.len; i++)
		if (types_is(p->c, ty->fn.params.at[i], TAST_TY_REF_MUT))
			add_part(p, ty->fn.params.at[i]);
}

static void
add_new_part(Parts *p, TypeId t)
{
	TastTy ty = *types_get(p->c, t);

	switch (ty.kind) {
	case TAST_TY_PRIM:
		if (t == TY_STRING)
			break;
		return;
	case TAST_TY_TUPLE:
		for (uint32_t i = 0; i < ty.tuple.elems.len; i++)
			add_part(p, ty.tuple.elems.at[i]);
		return;
	case TAST_TY_ADT:
		add_adt(p, t);
		return;
	case TAST_TY_ARRAY:
		add_part(p, ty.array.elem);
		return;
	case TAST_TY_ARRAY_N:
		add_part(p, ty.array_n.elem);
		return;
	case TAST_TY_REF_MUT:
		p->reaches = true;
		add_part(p, ty.ref_mut.target);
		return;
	case TAST_TY_FN:
		add_fn(p, &ty);
		break;
	case TAST_TY_PARAM: case TAST_TY_ASSOC: case TAST_TY_DYN:
		p->reaches = p->open = true;
		break;
	case TAST_TY_CONST: case TAST_TY_PTR:
		return;
	}
	p->heap = true;
	vec_push(&p->scratch, &p->list, t);
}

/* A type that meets itself again is in the heap: nothing else can be that large. */
static void
add_part(Parts *p, TypeId t)
{
	if (type_is_var(t) || t == TY_ERROR || p->seen.len > TYPE_MAX_SIZE)
		return;
	const uint32_t *state = map_find(&p->seen, t);
	if (state) {
		if (*state == 1 && !types_is(p->c, t, TAST_TY_PRIM)) {
			p->heap = true;
			vec_push(&p->scratch, &p->list, t);
		}
		return;
	}
	map_set(&p->scratch, &p->seen, t, 1);
	add_new_part(p, t);
	map_set(&p->scratch, &p->seen, t, 2);
}

static Parts
parts_of(Check *c, TypeId t)
{
	Parts p = {.c = c};

	add_part(&p, t);
	return p;
}

bool
arena_type_has_heap(Check *c, TypeId t)
{
	if (types_is_scalar(t) || t == TY_UNIT || t == TY_NEVER)
		return false;
	Parts p = parts_of(c, t);
	arena_free(&p.scratch);
	return p.heap;
}

bool
arena_type_reaches(Check *c, TypeId t)
{
	if (types_flags(c, t) & TYPE_HAS_REF)
		return true;
	Parts p = parts_of(c, t);
	arena_free(&p.scratch);
	return p.reaches;
}

static bool
lists(const Parts *p, TypeId t)
{
	for (uint32_t i = 0; i < p->list.len; i++)
		if (p->list.at[i] == t)
			return true;
	return false;
}

bool
arena_type_is_boxed(Check *c, TypeId t)
{
	Parts p = parts_of(c, t);
	bool boxed = lists(&p, t);

	arena_free(&p.scratch);
	return boxed;
}

/* Something that is called may keep what it gets. */
static bool
has_callable(const Parts *p)
{
	bool has = p->open;

	for (uint32_t i = 0; !has && i < p->list.len; i++)
		has = types_is(p->c, p->list.at[i], TAST_TY_FN) || types_is(p->c, p->list.at[i], TAST_TY_DYN);
	return has;
}

bool
arena_type_takes(Check *c, TypeId place, TypeId value)
{
	Parts p = parts_of(c, types_strip_ref(c, place)), v = parts_of(c, value);
	bool takes = v.heap && (has_callable(&p) || (v.open && p.heap));

	for (uint32_t i = 0; !takes && i < v.list.len; i++)
		takes = lists(&p, v.list.at[i]);
	arena_free(&p.scratch);
	arena_free(&v.scratch);
	return takes;
}

bool
arena_type_takes_closure(Check *c, TypeId place, TypeId closure)
{
	Parts p = parts_of(c, types_strip_ref(c, place));
	bool takes = has_callable(&p);

	arena_free(&p.scratch);
	return takes || arena_type_takes(c, place, types_get(c, closure)->fn.ret);
}
