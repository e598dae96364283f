/*
 * Layout: from a concrete type to a MIR type with sizes and offsets.
 *
 * Recursion by value is broken where an enum's payload leads back to the enum.  In the graph of
 * containment by value (fields, tuple and array elements, payloads; not Vec, not functions) a variant with
 * a field whose type is in the enum's own strongly connected component has its whole payload in one Box:
 * a node of a tree is one cell, and a leaf without payload none.  That depends on the graph alone, so the
 * layout does not depend on who asks first.
 *
 * A type's id exists before its parts are laid out, so Box and Vec may refer to what is still open.
 */
#include "gos-lower/lower.h"
#include "gos-lower/niche.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

#include <string.h>

enum {
	MAX_NESTING = 150,	/* of types by value in one another */
	MAX_GRAPH_DEPTH = 10000,
	KEY_BOX = 16, KEY_CELL, KEY_VEC, KEY_REF, KEY_STRUCT, KEY_ARRAY, KEY_PAYLOAD,
	FORMATTER_SIZE = 64,
};
static const uint64_t max_size = (uint64_t)1 << 40;

/* One node of the search for components (Tarjan 1972). */
typedef struct Node {
	Ty ty;
	uint32_t low;
	uint32_t component;	/* IR_NONE while on the stack */
} Node;

struct Layout {
	Map of_ty;		/* Ty -> MirTypeId */
	Map of_key;		/* mono_key of a made type -> MirTypeId */
	Map has_fn;		/* MirTypeId -> bool */
	Map node_of;		/* Ty -> index into nodes */
	VEC(Node) nodes;
	VEC(uint32_t) stack;
	VEC(MirTypeId) pending;	/* ids without layout; may hold some that got it since */
	uint32_t components, graph_depth, nesting;
};

static uint64_t
align_to(uint64_t n, uint64_t align)
{
	return (n + align - 1) / align * align;
}

const MirType *
mir_type_at(const Lower *lo, MirTypeId t)
{
	return lo->mir_types.at[t].mir;
}

const TypeInfo *
mir_type_info(const Lower *lo, MirTypeId t)
{
	return &lo->mir_types.at[t];
}

bool
mir_type_is_counted(const Lower *lo, MirTypeId t)
{
	return lo->mir_types.at[t].mir->counted;
}

/* ---- Types without parts by value ---- */

static MirTypeId
add_type(Lower *lo, const char *name, uint64_t size, uint32_t align, bool counted, MirRepr *repr)
{
	MirType *t = mir_mk_type(lo->arena, intern_cstr(lo->names, name), size, align, counted, false,
	    repr);
	TypeInfo info = {.mir = t, .ty = IR_NONE, .payload_of = IR_NONE, .drop = IR_NONE,
	    .held = IR_NONE};

	vec_push(lo->arena, &lo->mir_types, info);
	return lo->mir_types.len - 1;
}

static MirTypeId
add_int(Lower *lo, const char *name, uint32_t bits, bool is_signed)
{
	uint32_t bytes = bits / 8;

	return add_type(lo, name, bytes, bytes > 8 ? 8 : bytes, false,
	    mir_mk_repr_int(lo->arena, bits, is_signed));
}

void
layout_init(Lower *lo)
{
	CommonTypes *c = &lo->common;
	Arena *a = lo->arena;

	lo->layout = arena_new(a, struct Layout);
	c->unit = add_type(lo, "()", 0, 1, false, mir_mk_repr_unit(a));
	c->never = add_type(lo, "!", 0, 1, false, mir_mk_repr_never(a));
	c->boolean = add_type(lo, "bool", 1, 1, false, mir_mk_repr_bool(a));
	c->character = add_type(lo, "char", 4, 4, false, mir_mk_repr_char(a));
	c->string = add_type(lo, "String", 16, 8, true, mir_mk_repr_string(a));
	c->raw = add_type(lo, "raw", 8, 8, false, mir_mk_repr_raw(a));
	c->closure = add_type(lo, "closure", 8, 8, true, mir_mk_repr_closure(a));
	c->i8 = add_int(lo, "i8", 8, true);
	c->i16 = add_int(lo, "i16", 16, true);
	c->i32 = add_int(lo, "i32", 32, true);
	c->i64 = add_int(lo, "i64", 64, true);
	c->i128 = add_int(lo, "i128", 128, true);
	c->u8 = add_int(lo, "u8", 8, false);
	c->u16 = add_int(lo, "u16", 16, false);
	c->u32 = add_int(lo, "u32", 32, false);
	c->u64 = add_int(lo, "u64", 64, false);
	c->u128 = add_int(lo, "u128", 128, false);
	c->f32 = add_type(lo, "f32", 4, 4, false, mir_mk_repr_float(a, 32));
	c->f64 = add_type(lo, "f64", 8, 8, false, mir_mk_repr_float(a, 64));
}

static MirTypeId
prim_type(const Lower *lo, TastPrim prim)
{
	const CommonTypes *c = &lo->common;

	switch (prim) {
	case TAST_PRIM_I8: return c->i8;
	case TAST_PRIM_I16: return c->i16;
	case TAST_PRIM_I32: return c->i32;
	case TAST_PRIM_I64: case TAST_PRIM_ISIZE: return c->i64;
	case TAST_PRIM_I128: return c->i128;
	case TAST_PRIM_U8: return c->u8;
	case TAST_PRIM_U16: return c->u16;
	case TAST_PRIM_U32: return c->u32;
	case TAST_PRIM_U64: case TAST_PRIM_USIZE: return c->u64;
	case TAST_PRIM_U128: return c->u128;
	case TAST_PRIM_F32: return c->f32;
	case TAST_PRIM_F64: return c->f64;
	case TAST_PRIM_BOOL: return c->boolean;
	case TAST_PRIM_CHAR: return c->character;
	case TAST_PRIM_STRING: return c->string;
	case TAST_PRIM_NEVER: return c->never;
	}
	bug("primitive type %d", prim);
}

/* ---- Types made of other types by us ---- */

static const char *
name_of(const Lower *lo, MirTypeId t)
{
	return intern_str(lo->names, lo->mir_types.at[t].mir->name);
}

/* The type with this key, or a new one: then `*made` is set and the caller fills it. */
static MirTypeId
pointer_type(Lower *lo, uint32_t what, const char *format, MirTypeId target, MirRepr *repr)
{
	uint32_t key = mono_key(lo, what, &target, 1);
	uint32_t *known = map_find(&lo->layout->of_key, key);

	if (known)
		return *known;
	const char *name = arena_printf(lo->arena, "%s<%s>", format, name_of(lo, target));
	if (what == KEY_REF)
		name = arena_printf(lo->arena, "&mut %s", name_of(lo, target));
	MirTypeId t = add_type(lo, name, 8, 8, what != KEY_REF, repr);
	map_set(lo->arena, &lo->layout->of_key, key, t);
	return t;
}

MirTypeId
mir_type_box(Lower *lo, MirTypeId payload)
{
	MirTypeId t = pointer_type(lo, KEY_BOX, "Box", payload, mir_mk_repr_box(lo->arena, payload));

	lo->mir_types.at[t].boxed_payload = true;
	return t;
}

MirTypeId
mir_type_cell(Lower *lo, MirTypeId payload)
{
	MirTypeId t = pointer_type(lo, KEY_CELL, "cell", payload, mir_mk_repr_box(lo->arena, payload));

	lo->mir_types.at[t].cell = true;
	return t;
}

MirTypeId
mir_type_vec(Lower *lo, MirTypeId elem)
{
	return pointer_type(lo, KEY_VEC, "Vec", elem, mir_mk_repr_vec(lo->arena, elem));
}

MirTypeId
mir_type_ref(Lower *lo, MirTypeId target)
{
	return pointer_type(lo, KEY_REF, "&mut", target, mir_mk_repr_ref(lo->arena, target));
}

/* ---- Structs, arrays, enums ---- */

/*
 * Offsets from `at` on, by falling alignment for structs; enums have a small tag in front, behind which
 * rising alignment wastes less.  Returns the end; `align` and `counted` of the whole grow.
 */
static uint64_t
place_fields(const Lower *lo, MirFieldList *fields, uint64_t at, bool rising, MirType *whole)
{
	for (uint32_t k = 0; k < 4; k++) {
		uint32_t align = rising ? 1u << k : 8u >> k;
		for (uint32_t i = 0; i < fields->len; i++) {
			const MirType *t = mir_type_at(lo, fields->at[i]->type);
			if (t->align != align)
				continue;
			fields->at[i]->offset = align_to(at, align);
			at = fields->at[i]->offset + t->size;
			if (align > whole->align)
				whole->align = align;
			whole->counted |= t->counted;
			if (at > max_size)
				return at;
		}
	}
	return at;
}

static void
check_size(Lower *lo, const MirType *t)
{
	if (t->size <= max_size)
		return;
	diag_error(&lo->diags, G0903, lo->here, intern_str(lo->names, t->name));
	lower_stop(lo);
}

/* The same in the order they have: repr(C). */
static uint64_t
place_fields_as_written(const Lower *lo, MirFieldList *fields, MirType *whole)
{
	uint64_t at = 0;

	for (uint32_t i = 0; i < fields->len && at <= max_size; i++) {
		const MirType *t = mir_type_at(lo, fields->at[i]->type);
		fields->at[i]->offset = align_to(at, t->align);
		at = fields->at[i]->offset + t->size;
		if (t->align > whole->align)
			whole->align = t->align;
		whole->counted |= t->counted;
	}
	return at;
}

static void
finish_struct(Lower *lo, MirType *whole, MirFieldList fields, bool as_written)
{
	whole->align = 1;
	uint64_t end = as_written ? place_fields_as_written(lo, &fields, whole)
	    : place_fields(lo, &fields, 0, false, whole);
	whole->size = align_to(end, whole->align);
	whole->repr = mir_mk_repr_struct(lo->arena, fields);
	check_size(lo, whole);
}

static void
finish_array(Lower *lo, MirType *whole, MirTypeId elem, uint64_t len)
{
	const MirType *e = mir_type_at(lo, elem);

	whole->align = e->align;
	whole->counted = e->counted && len > 0;
	whole->repr = mir_mk_repr_array(lo->arena, elem, len);
	whole->size = e->size && len > max_size / e->size ? max_size + 1 : e->size * len;
	check_size(lo, whole);
}

static MirTypeId
tag_type(const Lower *lo, uint32_t variants)
{
	return variants <= 256 ? lo->common.u8 : variants <= 65536 ? lo->common.u16 : lo->common.u32;
}

/* One tag in front of every payload. */
static void
place_tagged(Lower *lo, MirType *whole, MirVariantList variants)
{
	MirTypeId tag = tag_type(lo, variants.len);
	uint64_t end = mir_type_at(lo, tag)->size;

	whole->align = mir_type_at(lo, tag)->align;
	for (uint32_t i = 0; i < variants.len; i++) {
		uint64_t at = place_fields(lo, &variants.at[i]->fields, mir_type_at(lo, tag)->size, true,
		    whole);
		if (at > end)
			end = at;
	}
	whole->size = align_to(end, whole->align);
	whole->repr = mir_mk_repr_enum(lo->arena, tag, 0, variants, NULL);
}

/* The largest of the payloads, the first of several; they lie at 0, each by itself. */
static uint32_t
place_payloads(const Lower *lo, MirType *whole, MirVariantList variants, uint64_t *ends)
{
	uint32_t largest = 0;

	whole->align = 1;
	for (uint32_t i = 0; i < variants.len; i++) {
		ends[i] = place_fields(lo, &variants.at[i]->fields, 0, false, whole);
		if (ends[i] > ends[largest])
			largest = i;
	}
	whole->size = align_to(ends[largest], whole->align);
	return largest;
}

static uint64_t
niche_word_size(const Lower *lo, const Niche *n)
{
	return mir_type_at(lo, n->word)->size;
}

/* Puts a payload where it does not touch the niche; false: there is no such place. */
static bool
place_beside(const Lower *lo, MirType *whole, MirFieldList *fields, uint64_t end, const Niche *n)
{
	if (end <= n->offset)
		return true;
	return place_fields(lo, fields, n->offset + niche_word_size(lo, n), true, whole) <= whole->size;
}

/*
 * If the largest payload has a word that takes on few values, and the others have a place beside it, the
 * other values of that word tell the variants apart.
 */
static bool
place_untagged(Lower *lo, MirType *whole, MirVariantList variants)
{
	Niche n = {0};

	if (variants.len < 2)
		return false;
	uint64_t *ends = arena_array(lo->arena, uint64_t, variants.len);
	uint32_t largest = place_payloads(lo, whole, variants, ends);
	niche_of_fields(lo, &variants.at[largest]->fields, &n);
	if (n.count < variants.len - 1)
		return false;
	for (uint32_t i = 0; i < variants.len; i++)
		if (i != largest && !place_beside(lo, whole, &variants.at[i]->fields, ends[i], &n))
			return false;
	whole->repr = mir_mk_repr_enum(lo->arena, tag_type(lo, variants.len), n.offset, variants,
	    mir_mk_niche(lo->arena, n.word, n.first, largest));
	return true;
}

/*
 * Slots of a map: the runtime finds the hash, their first part, at one place in all.  Keys of many bytes
 * may have pushed it behind them; then the rest goes behind it.
 */
static void
place_slots(Lower *lo, MirType *whole, MirVariantList variants)
{
	uint64_t hash = mir_type_at(lo, lo->common.u32)->size, end = 0;

	place_tagged(lo, whole, variants);
	for (uint32_t i = 1; i < variants.len; i++)
		if (variants.at[i]->fields.at[0]->offset != variants.at[0]->fields.at[0]->offset)
			end = 2 * hash;
	for (uint32_t i = 0; end && i < variants.len; i++) {
		MirFieldList *all = &variants.at[i]->fields, rest = *all;

		rest.at++;
		rest.len--;
		all->at[0]->offset = hash;
		uint64_t at = place_fields(lo, &rest, 2 * hash, false, whole);
		if (at > end)
			end = at;
	}
	if (end)
		whole->size = align_to(end, whole->align);
}

/* `slots`: the runtime knows the layout, so there is always a tag. */
static void
finish_enum(Lower *lo, MirType *whole, MirVariantList variants, bool slots)
{
	if (slots)
		place_slots(lo, whole, variants);
	else if (!place_untagged(lo, whole, variants))
		place_tagged(lo, whole, variants);
	check_size(lo, whole);
}

MirTypeId
mir_type_struct(Lower *lo, const char *name, const IrU32List *types)
{
	uint32_t key = mono_key(lo, KEY_STRUCT, types->at, types->len);
	uint32_t *known = map_find(&lo->layout->of_key, key);
	MirFieldList fields = {0};

	if (known)
		return *known;
	MirTypeId t = add_type(lo, name, 0, 1, false, NULL);
	map_set(lo->arena, &lo->layout->of_key, key, t);
	for (uint32_t i = 0; i < types->len; i++)
		vec_push(lo->arena, &fields, mir_mk_field(lo->arena, 0, types->at[i], 0));
	finish_struct(lo, lo->mir_types.at[t].mir, fields, false);
	return t;
}

MirTypeId
mir_type_array(Lower *lo, MirTypeId elem, uint64_t len)
{
	uint32_t words[] = {elem, (uint32_t)len, (uint32_t)(len >> 32)};
	uint32_t key = mono_key(lo, KEY_ARRAY, words, 3);
	uint32_t *known = map_find(&lo->layout->of_key, key);

	if (known)
		return *known;
	const char *name = arena_printf(lo->arena, "[%s; %llu]", name_of(lo, elem),
	    (unsigned long long)len);
	MirTypeId t = add_type(lo, name, 0, 1, false, NULL);
	map_set(lo->arena, &lo->layout->of_key, key, t);
	finish_array(lo, lo->mir_types.at[t].mir, elem, len);
	return t;
}

/* ---- Components of the containment graph ---- */

/* Types that the runtime knows have no parts by value. */
static bool
is_opaque(const Lower *lo, const TastTy *t)
{
	Sym lang = lo->adts.at[t->adt.adt]->lang;

	return sym_is(lo, lang, "Vec") || sym_is(lo, lang, "JoinHandle") ||
	    sym_is(lo, lang, "Shared") || sym_is(lo, lang, "WeakLink") || sym_is(lo, lang, "Formatter");
}

static uint32_t find_component(Lower *lo, Ty t);

static void
visit_part(Lower *lo, uint32_t node, Ty part)
{
	struct Layout *g = lo->layout;
	uint32_t low = find_component(lo, part);

	if (low < g->nodes.at[node].low)
		g->nodes.at[node].low = low;
}

static void
visit_parts(Lower *lo, uint32_t node, Ty t)
{
	const TastTy *ty = ty_at(lo, t);

	if (ty->kind == TAST_TY_ARRAY) {
		visit_part(lo, node, ty->array.elem);
		return;
	}
	uint32_t variants = ty->kind == TAST_TY_ADT ? lo->adts.at[ty->adt.adt]->variants.len : 1;
	for (uint32_t v = 0; v < variants; v++)
		for (uint32_t i = 0; i < ty_field_count(lo, t, v); i++)
			visit_part(lo, node, ty_field(lo, t, v, i));
}

static void
close_component(struct Layout *g, uint32_t node)
{
	uint32_t id = g->components++, at;

	do {
		at = vec_pop(&g->stack);
		g->nodes.at[at].component = id;
	} while (at != node);
}

/* Lowest open node that can be reached from `t`; IR_NONE if its component is closed. */
static uint32_t
find_component(Lower *lo, Ty t)
{
	struct Layout *g = lo->layout;
	const TastTy *ty = ty_at(lo, t);
	uint32_t *known = map_find(&g->node_of, t);

	if (known)
		return g->nodes.at[*known].component == IR_NONE ? *known : IR_NONE;
	if (ty->kind != TAST_TY_TUPLE && ty->kind != TAST_TY_ARRAY &&
	    (ty->kind != TAST_TY_ADT || is_opaque(lo, ty) || ty_has_drop(lo, t)))
		return IR_NONE;
	if (++g->graph_depth > MAX_GRAPH_DEPTH) {
		diag_error(&lo->diags, G0902, lo->here);
		lower_stop(lo);
	}
	uint32_t node = g->nodes.len;
	vec_push(lo->arena, &g->nodes, (Node){t, node, IR_NONE});
	vec_push(lo->arena, &g->stack, node);
	map_set(lo->arena, &g->node_of, t, node);
	visit_parts(lo, node, t);
	g->graph_depth--;
	if (g->nodes.at[node].low < node)
		return g->nodes.at[node].low;
	close_component(g, node);
	return IR_NONE;
}

static bool
same_component(Lower *lo, Ty a, Ty b)
{
	struct Layout *g = lo->layout;
	uint32_t *x = map_find(&g->node_of, a), *y = map_find(&g->node_of, b);

	return x && y && g->nodes.at[*x].component == g->nodes.at[*y].component;
}

/* ---- Types of the program ---- */

static MirTypeId reserve_type(Lower *lo, Ty t);
static MirTypeId part_type(Lower *lo, Ty t);

/* The fields of a struct, a tuple, or a variant's payload, laid out, without offsets. */
static MirFieldList
fields_of(Lower *lo, Ty t, uint32_t variant)
{
	const TastTy *ty = ty_at(lo, t);
	MirFieldList fields = {0};

	for (uint32_t i = 0; i < ty_field_count(lo, t, variant); i++) {
		Sym name = ty->kind == TAST_TY_ADT ?
		    lo->adts.at[ty->adt.adt]->variants.at[variant]->fields.at[i]->name : 0;
		vec_push(lo->arena, &fields,
		    mir_mk_field(lo->arena, name, part_type(lo, ty_field(lo, t, variant, i)), 0));
	}
	return fields;
}

static bool
is_recursive_variant(Lower *lo, Ty t, uint32_t variant)
{
	for (uint32_t i = 0; i < ty_field_count(lo, t, variant); i++)
		if (same_component(lo, t, ty_field(lo, t, variant, i)))
			return true;
	return false;
}

/* The struct with a variant's fields, to be laid out after the enum: it holds that by value. */
static MirTypeId
payload_struct(Lower *lo, Ty t, uint32_t variant)
{
	const TastVariant *v = lo->adts.at[ty_at(lo, t)->adt.adt]->variants.at[variant];
	MirTypeId id = add_type(lo, arena_printf(lo->arena, "%s::%s", ty_name(lo, t),
	    intern_str(lo->names, v->name)), 0, 1, false, NULL);

	lo->mir_types.at[id].payload_of = t;
	lo->mir_types.at[id].variant = variant;
	vec_push(lo->arena, &lo->layout->pending, id);
	return id;
}

/* One field, the Box: around the only field of the payload, or around a struct of them all. */
static MirFieldList
boxed_payload(Lower *lo, Ty t, uint32_t variant)
{
	const TastVariant *v = lo->adts.at[ty_at(lo, t)->adt.adt]->variants.at[variant];
	bool single = v->fields.len == 1;
	MirTypeId payload = single ? reserve_type(lo, ty_field(lo, t, variant, 0))
	    : payload_struct(lo, t, variant);
	MirFieldList fields = {0};

	vec_push(lo->arena, &fields, mir_mk_field(lo->arena, single ? v->fields.at[0]->name : 0,
	    mir_type_box(lo, payload), 0));
	return fields;
}

static MirVariantList
enum_variants(Lower *lo, Ty t)
{
	const TastAdt *adt = lo->adts.at[ty_at(lo, t)->adt.adt];
	MirVariantList variants = {0};

	for (uint32_t v = 0; v < adt->variants.len; v++) {
		MirFieldList fields = is_recursive_variant(lo, t, v) ? boxed_payload(lo, t, v)
		    : fields_of(lo, t, v);
		vec_push(lo->arena, &variants,
		    mir_mk_variant(lo->arena, adt->variants.at[v]->name, v, fields));
	}
	return variants;
}

static void
fill_parts(Lower *lo, MirTypeId id)
{
	MirType *mir = lo->mir_types.at[id].mir;
	Ty t = lo->mir_types.at[id].ty, payload_of = lo->mir_types.at[id].payload_of;
	const TastTy *ty = ty_at(lo, payload_of == IR_NONE ? t : payload_of);

	if (payload_of != IR_NONE) {
		finish_struct(lo, mir, fields_of(lo, payload_of, lo->mir_types.at[id].variant), false);
		return;
	}
	find_component(lo, t);
	if (ty->kind == TAST_TY_ARRAY)
		finish_array(lo, mir, part_type(lo, ty->array.elem), ty->array.len);
	else if (ty->kind == TAST_TY_ADT && lo->adts.at[ty->adt.adt]->kind == TAST_ADT_KIND_ENUM)
		finish_enum(lo, mir, enum_variants(lo, t), ty_is_lang(lo, t, "MapSlot", NULL));
	else
		finish_struct(lo, mir, fields_of(lo, t, 0),
		    ty->kind == TAST_TY_ADT && lo->adts.at[ty->adt.adt]->repr_c);
}

/* Lays out a type whose id exists. */
static void
fill_type(Lower *lo, MirTypeId id)
{
	struct Layout *g = lo->layout;

	if (lo->mir_types.at[id].mir->repr)
		return;
	if (lo->mir_types.at[id].open)
		lower_broken(lo, "the type %s contains itself", name_of(lo, id));
	if (++g->nesting > MAX_NESTING) {
		diag_error(&lo->diags, G0902, lo->here);
		lower_stop(lo);
	}
	lo->mir_types.at[id].open = true;
	fill_parts(lo, id);
	g->nesting--;
}

static MirTypeId
join_type(Lower *lo, Ty t)
{
	const TastTy *ty = ty_at(lo, t);
	MirTypeId id = add_type(lo, ty_name(lo, t), 8, 8, true,
	    mir_mk_repr_handle(lo->arena, intern_cstr(lo->names, "join")));

	if (ty->adt.args.len < 1)
		lower_broken(lo, "JoinHandle without the type of a result");
	MirTypeId held = reserve_type(lo, ty->adt.args.at[0]);
	lo->mir_types.at[id].held = held;
	return id;
}

static MirTypeId
opaque_type(Lower *lo, Ty t)
{
	const TastTy *ty = ty_at(lo, t);
	Sym lang = lo->adts.at[ty->adt.adt]->lang;

	if (sym_is(lo, lang, "Vec")) {
		if (ty->adt.args.len < 1)
			lower_broken(lo, "Vec without element type");
		return mir_type_vec(lo, reserve_type(lo, ty->adt.args.at[0]));
	}
	if (sym_is(lo, lang, "JoinHandle"))
		return join_type(lo, t);
	if (sym_is(lo, lang, "Shared") && ty->adt.args.len == 1)
		return mir_type_cell(lo, reserve_type(lo, ty->adt.args.at[0]));
	if (sym_is(lo, lang, "WeakLink"))
		return add_type(lo, "WeakLink", 8, 8, true,
		    mir_mk_repr_handle(lo->arena, intern_cstr(lo->names, "weak")));
	return add_type(lo, ty_name(lo, t), FORMATTER_SIZE, 8, false, mir_mk_repr_opaque(lo->arena));
}

/* A type with parts by value: its id, to be filled when a part is needed or all are done. */
static MirTypeId
open_type(Lower *lo, Ty t)
{
	MirTypeId id = add_type(lo, ty_name(lo, t), 0, 1, false, NULL);

	lo->mir_types.at[id].ty = t;
	vec_push(lo->arena, &lo->layout->pending, id);
	return id;
}

/* A type with Drop is a Box around what the type is declared to hold. */
static MirTypeId
resource_type(Lower *lo, Ty t)
{
	MirTypeId content = open_type(lo, t);
	MirTypeId id = add_type(lo, ty_name(lo, t), 8, 8, true, mir_mk_repr_box(lo->arena, content));

	lo->mir_types.at[id].resource = true;
	lo->mir_types.at[content].drop = ty_drop_fn(lo, t);
	return id;
}

static MirTypeId
make_type(Lower *lo, Ty t)
{
	const TastTy *ty = ty_at(lo, t);

	switch (ty->kind) {
	case TAST_TY_PRIM:
		return prim_type(lo, ty->prim.prim);
	case TAST_TY_TUPLE:
		return ty->tuple.elems.len ? open_type(lo, t) : lo->common.unit;
	case TAST_TY_ARRAY:
		return open_type(lo, t);
	case TAST_TY_ADT:
		if (ty_has_drop(lo, t))
			return resource_type(lo, t);
		return is_opaque(lo, ty) ? opaque_type(lo, t) : open_type(lo, t);
	case TAST_TY_FN:
		return lo->common.closure;
	case TAST_TY_REF_MUT:
		return mir_type_ref(lo, reserve_type(lo, ty->ref_mut.target));
	case TAST_TY_PTR:
		return lo->common.raw;
	case TAST_TY_DYN:
		return add_type(lo, ty_name(lo, t), 8, 8, true, mir_mk_repr_dyn(lo->arena));
	case TAST_TY_CONST: case TAST_TY_ARRAY_N: case TAST_TY_PARAM: case TAST_TY_ASSOC:
		break;
	}
	lower_broken(lo, "%s is not the type of a value", ty_name(lo, t));
}

/* The id of a type that is only pointed to. */
static MirTypeId
reserve_type(Lower *lo, Ty t)
{
	uint32_t *known = map_find(&lo->layout->of_ty, t);

	if (known)
		return *known;
	MirTypeId id = make_type(lo, t);
	map_set(lo->arena, &lo->layout->of_ty, t, id);
	if (lo->mir_types.at[id].ty == IR_NONE)
		lo->mir_types.at[id].ty = t;
	return id;
}

static MirTypeId
part_type(Lower *lo, Ty t)
{
	MirTypeId id = reserve_type(lo, t);

	fill_type(lo, id);
	return id;
}

MirTypeId
mir_type_of(Lower *lo, Ty t)
{
	struct Layout *g = lo->layout;
	MirTypeId id = reserve_type(lo, t);

	if (g->nesting == 0)
		while (g->pending.len > 0)
			fill_type(lo, vec_pop(&g->pending));
	return id;
}

/* ---- Questions ---- */

MirTypeId
mir_type_content(const Lower *lo, MirTypeId t)
{
	return mir_type_info(lo, t)->resource ? mir_type_at(lo, t)->repr->box.payload : t;
}

bool
mir_type_is_enum(const Lower *lo, MirTypeId t)
{
	return mir_type_at(lo, mir_type_content(lo, t))->repr->kind == MIR_REPR_ENUM;
}

MirTypeId
mir_enum_tag_type(const Lower *lo, MirTypeId t)
{
	const MirRepr *r = mir_type_at(lo, mir_type_content(lo, t))->repr;

	if (r->kind != MIR_REPR_ENUM)
		lower_broken(lo, "%s is no enum", name_of(lo, t));
	return r->enum_.tag;
}

uint64_t
mir_enum_tag(const Lower *lo, MirTypeId t, uint32_t variant)
{
	const MirRepr *r = mir_type_at(lo, mir_type_content(lo, t))->repr;

	if (r->kind != MIR_REPR_ENUM || variant >= r->enum_.variants.len)
		lower_broken(lo, "%s has no variant %u", name_of(lo, t), variant);
	return r->enum_.variants.at[variant]->tag;
}

MirTypeId
mir_variant_box(const Lower *lo, MirTypeId t, uint32_t variant)
{
	const MirRepr *r = mir_type_at(lo, mir_type_content(lo, t))->repr;

	if (r->kind != MIR_REPR_ENUM)
		return IR_NONE;
	if (variant >= r->enum_.variants.len)
		lower_broken(lo, "%s has no variant %u", name_of(lo, t), variant);
	const MirFieldList *fields = &r->enum_.variants.at[variant]->fields;
	return fields->len == 1 && lo->mir_types.at[fields->at[0]->type].boxed_payload ?
	    fields->at[0]->type : IR_NONE;
}

bool
mir_variant_has_struct(const Lower *lo, MirTypeId box)
{
	return lo->mir_types.at[mir_type_at(lo, box)->repr->box.payload].payload_of != IR_NONE;
}

/*
 * Depth first through everything a type holds, boxed or not.  `state` by id: 0 new, 1 seen.
 * Closures hide what they hold, and that is the question here.
 */
static bool
reaches_fn(const Lower *lo, MirTypeId t, uint8_t *seen)
{
	const MirRepr *r = mir_type_at(lo, t)->repr;

	if (seen[t])
		return false;
	seen[t] = 1;
	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR:
	case MIR_REPR_UNIT: case MIR_REPR_NEVER: case MIR_REPR_STRING: case MIR_REPR_RAW:
	case MIR_REPR_HANDLE: case MIR_REPR_OPAQUE:
		return false;
	case MIR_REPR_CLOSURE: case MIR_REPR_DYN: return true;
	case MIR_REPR_REF: return reaches_fn(lo, r->ref.target, seen);
	case MIR_REPR_BOX: return reaches_fn(lo, r->box.payload, seen);
	case MIR_REPR_VEC: return reaches_fn(lo, r->vec.elem, seen);
	case MIR_REPR_ARRAY: return reaches_fn(lo, r->array.elem, seen);
	case MIR_REPR_STRUCT:
		for (uint32_t i = 0; i < r->struct_.fields.len; i++)
			if (reaches_fn(lo, r->struct_.fields.at[i]->type, seen))
				return true;
		return false;
	case MIR_REPR_ENUM:
		for (uint32_t v = 0; v < r->enum_.variants.len; v++) {
			const MirFieldList *fields = &r->enum_.variants.at[v]->fields;
			for (uint32_t i = 0; i < fields->len; i++)
				if (reaches_fn(lo, fields->at[i]->type, seen))
					return true;
		}
		return false;
	}
	bug("representation %d", r->kind);
}

bool
mir_type_has_fn(Lower *lo, MirTypeId t)
{
	uint32_t *known = map_find(&lo->layout->has_fn, t);

	if (known)
		return *known;
	if (!mir_type_is_counted(lo, t) && mir_type_at(lo, t)->repr->kind != MIR_REPR_REF)
		return false;
	ArenaMark mark = arena_mark(lo->arena);
	bool found = reaches_fn(lo, t, arena_array(lo->arena, uint8_t, lo->mir_types.len));
	arena_reset(lo->arena, mark);
	map_set(lo->arena, &lo->layout->has_fn, t, found);
	return found;
}
