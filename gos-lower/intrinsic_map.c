/*
 * The primitives of HashMap.  std declares
 *
 *	enum Slot<K, V> { Dead(u32), Live(u32, K, V) }
 *	struct HashMap<K, V> { entries: Vec<Slot<K, V>>, index: Vec<u32>, live: u32, head: u32 }
 *
 * and librt/coll/map.h relies on: the fields lie in this order, Dead(0) is all zeros, the hash lies at one
 * offset in both variants.  Positions are those of live slots; nothing is checked.
 */
#include "gos-lower/intrinsic.h"

#include "gos-lower/structural.h"

enum { ENTRIES, INDEX, LIVE_COUNT, HEAD };	/* fields of HashMap */
enum { SLOT_DEAD, SLOT_LIVE };
enum { SLOT_HASH, SLOT_KEY, SLOT_VALUE };	/* fields of Live */
enum { MAX_QUICK = 8 };

/* The map that the first operand is or refers to. */
static MirPlace *
map_place(Build *b, const Intrinsic *in)
{
	MirOperand *op = in_operand(b, in, 0);

	if (op->kind == MIR_OPERAND_ADDR)
		return op->addr.place;
	MirPlace *p = operand_place(b, op);
	return mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_REF ? place_deref(b, p) : p;
}

static MirOperand *
map_address(Build *b, const Intrinsic *in)
{
	MirOperand *op = in_operand(b, in, 0);

	return op->kind == MIR_OPERAND_ADDR ? op : op_copy(b, operand_place(b, op));
}

/* Has it the variants and fields of Slot? */
static bool
is_slot(const MirRepr *r)
{
	return r->kind == MIR_REPR_ENUM && r->enum_.variants.len == SLOT_LIVE + 1
	    && r->enum_.variants.at[SLOT_DEAD]->fields.len == SLOT_HASH + 1
	    && r->enum_.variants.at[SLOT_LIVE]->fields.len == SLOT_VALUE + 1;
}

/* Type of the slots of a map with the primitive's type arguments. */
static MirTypeId
slot_type(Build *b, const Intrinsic *in)
{
	MirTypeId slot = mir_type_of(b->lo, ty_adt(b->lo, lang_adt(b->lo, "MapSlot"), in->args));

	if (!is_slot(mir_type_at(b->lo, slot)->repr))
		lower_broken(b->lo, "MapSlot is not what the primitives of HashMap know");
	return slot;
}

static const MirField *
slot_field(Build *b, MirTypeId slot, uint32_t variant, uint32_t field)
{
	return mir_type_at(b->lo, slot)->repr->enum_.variants.at[variant]->fields.at[field];
}

/* What the runtime needs to know of the slot: see librt/coll/map.h. */
static MirOperand *
slot_shape(Build *b, MirTypeId slot)
{
	const MirField *hash = slot_field(b, slot, SLOT_LIVE, SLOT_HASH);
	const MirField *key = slot_field(b, slot, SLOT_LIVE, SLOT_KEY);
	uint64_t size = mir_type_at(b->lo, key->type)->size;

	if (hash->offset != slot_field(b, slot, SLOT_DEAD, SLOT_HASH)->offset ||
	    mir_enum_tag(b->lo, slot, SLOT_DEAD) != 0 || hash->offset > UINT16_MAX ||
	    key->offset > UINT32_MAX)
		lower_broken(b->lo, "the slots of a map are laid out as the runtime does not know them");
	return op_i64(b, (int64_t)(hash->offset | key->offset << 16 |
	    (size > MAX_QUICK ? 0 : size) << 48));
}

static MirPlace *
slot_place(Build *b, const Intrinsic *in, const MirPlace *map)
{
	MirPlace *at = build_temp(b, b->lo->common.i64);

	emit_assign(b, at, in_operand(b, in, 1));
	return place_index(b, place_field(b, map, ENTRIES), op_copy(b, at));
}

/* ---- Keys that the runtime compares by itself ---- */

static bool
is_word(Build *b, Ty key)
{
	return ty_is_scalar(b->lo, key) && mir_type_at(b->lo, mir_type_of(b->lo, key))->size <= MAX_QUICK &&
	    ty_at(b->lo, key)->kind == TAST_TY_PRIM;
}

static bool
is_text(Build *b, Ty key)
{
	return ty_is_prim(b->lo, key, TAST_PRIM_STRING);
}

void
hashmap_is_quick(Build *b, const Intrinsic *in)
{
	Ty key = in->args->at[0];

	emit_assign(b, in->dest, op_bool(b, is_word(b, key) || is_text(b, key)));
}

/* The key as 64 bits. */
static MirOperand *
key_word(Build *b, MirOperand *key)
{
	MirPlace *word = build_temp(b, b->lo->common.i64);

	emit_cast(b, word, key);
	return op_copy(b, word);
}

void
hashmap_hash(Build *b, const Intrinsic *in)
{
	Ty key = in->args->at[0];
	MirPlace *seed = build_temp(b, b->lo->common.i64);
	MirOperand *value = in_operand(b, in, 0);

	emit_rt(b, seed, "hash_seed", 0);
	if (is_word(b, key))
		emit_rt(b, in->dest, "hash_word", 2, op_copy(b, seed), key_word(b, value));
	else if (is_text(b, key))
		emit_rt(b, in->dest, "hash_str", 2, op_copy(b, seed), value);
	else
		emit_cast(b, in->dest, op_copy(b, seed));	/* never reached: see is_quick */
}

static void
find(Build *b, const Intrinsic *in, MirOperand *hash)
{
	Ty key = in->args->at[0];
	MirPlace *map = map_place(b, in);
	MirTypeId slot = slot_type(b, in);
	MirOperand *entries = op_borrow(b, place_field(b, map, ENTRIES));
	MirOperand *index = op_borrow(b, place_field(b, map, INDEX));
	MirOperand *value = in_operand(b, in, 1);

	if (is_word(b, key))
		emit_rt(b, in->dest, "map_find_word", 5, entries, index, op_desc(b, slot),
		    slot_shape(b, slot), key_word(b, value));
	else if (is_text(b, key))
		emit_rt(b, in->dest, "map_find_str", 6, entries, index, op_desc(b, slot),
		    slot_shape(b, slot), hash, value);
	else
		emit_assign(b, in->dest, op_i64(b, -1));	/* never reached: see is_quick */
}

void
hashmap_find(Build *b, const Intrinsic *in)
{
	find(b, in, op_i64(b, 0));
}

void
hashmap_find_hashed(Build *b, const Intrinsic *in)
{
	find(b, in, in_operand(b, in, 2));
}

/* ---- Slots ---- */

void
hashmap_probe(Build *b, const Intrinsic *in)
{
	MirPlace *map = map_place(b, in);
	MirTypeId slot = slot_type(b, in);

	emit_rt(b, in->dest, "map_probe", 6, op_borrow(b, place_field(b, map, ENTRIES)),
	    op_borrow(b, place_field(b, map, INDEX)), op_desc(b, slot), slot_shape(b, slot),
	    in_operand(b, in, 1), in_operand(b, in, 2));
}

/* The runtime has put the hash into the new slot. */
void
hashmap_add(Build *b, const Intrinsic *in)
{
	MirTypeId slot = slot_type(b, in);
	MirPlace *at = build_temp(b, b->lo->common.i64), *hash = build_temp(b, b->lo->common.u32);

	emit_rt(b, at, "map_add", 4, map_address(b, in), op_desc(b, slot), slot_shape(b, slot),
	    in_operand(b, in, 1));
	MirPlace *p = place_index(b, place_field(b, map_place(b, in), ENTRIES), op_copy(b, at));
	emit_assign(b, hash, op_copy(b, place_variant(b, p, SLOT_LIVE, SLOT_HASH)));
	emit_variant(b, p, SLOT_LIVE, op_list(b, 3, op_copy(b, hash),
	    in_owned(b, in_operand(b, in, 2)),
	    in_owned(b, in_operand(b, in, 3))));
	emit_assign(b, in->dest, op_copy(b, at));
}

void
hashmap_reserve(Build *b, const Intrinsic *in)
{
	MirTypeId slot = slot_type(b, in);

	emit_rt(b, NULL, "map_reserve", 4, map_address(b, in), op_desc(b, slot), slot_shape(b, slot),
	    in_operand(b, in, 1));
}

void
hashmap_remove(Build *b, const Intrinsic *in)
{
	MirTypeId slot = slot_type(b, in);
	MirPlace *out = in_storage(b, slot);

	emit_rt(b, NULL, "map_remove", 5, map_address(b, in), op_desc(b, slot), slot_shape(b, slot),
	    in_operand(b, in, 1), op_addr(b, out));
	emit_assign(b, in->dest, op_take(b, out));
}

void
hashmap_is_live(Build *b, const Intrinsic *in)
{
	MirPlace *slot = slot_place(b, in, map_place(b, in));
	MirTypeId type = place_type(b, slot);

	emit_binary(b, in->dest, MIR_BINOP_EQ, value_tag(b, slot), op_int(b, mir_enum_tag_type(b->lo, type),
	    mir_enum_tag(b->lo, type, SLOT_LIVE)), MIR_CHECK_WRAP);
}

void
hashmap_key(Build *b, const Intrinsic *in)
{
	emit_assign(b, in->dest,
	    op_copy(b, place_variant(b, slot_place(b, in, map_place(b, in)), SLOT_LIVE, SLOT_KEY)));
}

void
hashmap_value(Build *b, const Intrinsic *in)
{
	emit_assign(b, in->dest,
	    op_copy(b, place_variant(b, slot_place(b, in, map_place(b, in)), SLOT_LIVE, SLOT_VALUE)));
}

void
hashmap_value_mut(Build *b, const Intrinsic *in)
{
	MirPlace *map = map_place(b, in);

	emit_unique(b, place_field(b, map, ENTRIES));
	emit_assign(b, in->dest,
	    op_addr(b, place_variant(b, slot_place(b, in, map), SLOT_LIVE, SLOT_VALUE)));
}
