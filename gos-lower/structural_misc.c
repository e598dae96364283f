/* Hash and Default of types without an impl. */
#include "gos-lower/structural.h"

#include "lib/fatal.h"

/* ---- Hash ---- */

/*
 * Where a hash is gathered.  std's own hasher is one word that the runtime's functions work on; others
 * get what there is to hash through their trait.
 */
typedef struct Hashing {
	Ty hasher;
	MirPlace *state;	/* the hasher's value */
	bool plain;
} Hashing;

static void
tell_hasher(Build *b, const Hashing *h, const char *method, MirOperand *value)
{
	TastTraitId trait = lang_trait(b->lo, "Hasher");
	IrU32List args = {0};

	vec_push(b->arena, &args, h->hasher);
	if (trait == IR_NONE || trait_method(b->lo, trait, method) == IR_NONE)
		lower_broken(b->lo, "there is no Hasher::%s", method);
	Resolved r = resolve_method(b->lo, trait, trait_method(b->lo, trait, method), &args);
	lower_call_resolved(b, &r, op_list(b, 2, op_addr(b, h->state), value), NULL);
}

static void
hash_word(Build *b, const Hashing *h, MirOperand *word)
{
	if (!h->plain) {
		tell_hasher(b, h, "write_u64", word);
		return;
	}
	MirPlace *state = place_field(b, h->state, 0);
	emit_rt(b, state, "hash_word", 2, op_copy(b, state), word);
}

static void
hash_as_word(Build *b, const Hashing *h, const MirPlace *x)
{
	MirPlace *word = build_temp(b, b->lo->common.u64);

	emit_cast(b, word, op_copy(b, x));
	hash_word(b, h, op_copy(b, word));
}

/* Both halves of what is wider than a word. */
static void
hash_wide(Build *b, const Hashing *h, const MirPlace *x)
{
	MirTypeId u128 = b->lo->common.u128;
	MirPlace *wide = build_temp(b, u128);

	hash_as_word(b, h, x);
	emit_cast(b, wide, op_copy(b, x));
	emit_binary(b, wide, MIR_BINOP_SHR, op_copy(b, wide), op_int(b, u128, 64), MIR_CHECK_WRAP);
	hash_as_word(b, h, wide);
}

static void
hash_string(Build *b, const Hashing *h, const MirPlace *s)
{
	if (!h->plain) {
		tell_hasher(b, h, "write_str", op_borrow(b, s));
		return;
	}
	MirPlace *state = place_field(b, h->state, 0);
	emit_rt(b, state, "hash_str", 2, op_copy(b, state), op_borrow(b, s));
}

static void
hash_part(Build *b, const Hashing *h, Ty t, const MirPlace *x)
{
	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		hash_string(b, h, x);
	} else if (ty_is_scalar(b->lo, t)) {
		if (mir_type_at(b->lo, place_type(b, x))->size > 8)
			hash_wide(b, h, x);
		else
			hash_as_word(b, h, x);
	} else {
		TastTraitId trait = lang_trait(b->lo, "Hash");
		IrU32List args = {0};
		vec_push(b->arena, &args, t);
		vec_push(b->arena, &args, h->hasher);
		Resolved r = resolve_method(b->lo, trait, trait_method(b->lo, trait, "hash"), &args);
		lower_call_resolved(b, &r, op_list(b, 2, op_borrow(b, x), op_addr(b, h->state)), NULL);
	}
}

static void
hash_fields(Build *b, const Hashing *h, Ty t, uint32_t variant, const MirPlace *x)
{
	uint32_t n = ty_field_count(b->lo, t, variant);

	for (uint32_t i = 0; i < n; i++)
		hash_part(b, h, ty_field(b->lo, t, variant, i), part_place(b, x, variant, i));
}

static void
hash_variants(Build *b, const Hashing *h, Ty t, uint32_t n, const MirPlace *x)
{
	MirBbId done = build_block(b);
	MirBbId *blocks = switch_variants(b, x, n);

	for (uint32_t v = 0; v < n; v++) {
		build_start(b, blocks[v]);
		hash_word(b, h, op_int(b, b->lo->common.u64, v));
		hash_fields(b, h, t, v, x);
		term_goto(b, done);
	}
	build_start(b, done);
}

/* The length too, or [[1], []] and [[], [1]] had one hash. */
static void
hash_elements(Build *b, const Hashing *h, Ty elem, const MirPlace *x)
{
	MirPlace *len = build_temp(b, b->lo->common.i64);

	emit_assign(b, len, value_len(b, x));
	hash_as_word(b, h, len);
	Loop l = loop_begin(b, op_copy(b, len));
	hash_part(b, h, elem, place_index(b, x, op_copy(b, l.i)));
	loop_end(b, &l);
}

void
build_hash(Build *b, uint32_t self, uint32_t hasher)
{
	Ty t = self, elem = element_type(b->lo, t);
	MirTypeId state = mir_type_ref(b->lo, mir_type_of(b->lo, hasher));

	build_ret(b, b->lo->common.unit);
	MirPlace *x = build_param(b, "self", mir_type_of(b->lo, t), MIR_MODE_BORROW);
	MirPlace *s = build_param(b, "state", state, MIR_MODE_BORROW);
	Hashing h = {hasher, place_deref(b, s), ty_is_lang(b->lo, hasher, "DefaultHasher", NULL)};
	if (elem != IR_NONE)
		hash_elements(b, &h, elem, x);
	else if (variant_count(b->lo, t) > 1)
		hash_variants(b, &h, t, variant_count(b->lo, t), x);
	else if (ty_is_scalar(b->lo, t) || ty_is_prim(b->lo, t, TAST_PRIM_STRING))
		hash_part(b, &h, t, x);
	else
		hash_fields(b, &h, t, 0, x);
	build_return(b);
}

/* ---- Default ---- */

static MirOperand *
default_part(Build *b, Ty t)
{
	Resolved r = resolve_lang(b->lo, "Default", "default", t);
	MirPlace *value = build_temp(b, mir_type_of(b->lo, t));

	lower_call_resolved(b, &r, (MirOperandList){0}, value);
	return op_take(b, value);
}

static void
default_scalar(Build *b, Ty t, const MirPlace *dest)
{
	MirTypeId type = mir_type_of(b->lo, t);

	if (mir_type_at(b->lo, type)->repr->kind == MIR_REPR_FLOAT)
		emit_assign(b, dest, op_float(b, type, 0));
	else
		emit_assign(b, dest, op_int(b, type, 0));
}

static void
default_array(Build *b, Ty elem, const MirPlace *dest)
{
	uint64_t n = mir_type_at(b->lo, place_type(b, dest))->repr->array.len;
	MirOperandList values = {0};

	for (uint64_t i = 0; i < n; i++)
		vec_push(b->arena, &values, default_part(b, elem));
	emit_aggregate(b, dest, 0, values);
}

static void
default_fields(Build *b, Ty t, const MirPlace *dest)
{
	MirOperandList values = {0};
	uint32_t n = ty_field_count(b->lo, t, 0);

	for (uint32_t i = 0; i < n; i++)
		vec_push(b->arena, &values, default_part(b, ty_field(b->lo, t, 0, i)));
	emit_variant(b, dest, 0, values);
}

void
build_default(Build *b, uint32_t self, uint32_t unused)
{
	Ty t = self, elem = element_type(b->lo, t);
	MirPlace *dest = place_local(b, 0);

	(void)unused;
	build_ret(b, mir_type_of(b->lo, t));
	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING))
		emit_assign(b, dest, op_text(b, ""));
	else if (ty_is_scalar(b->lo, t))
		default_scalar(b, t, dest);
	else if (ty_is_lang(b->lo, t, "Option", NULL))
		emit_variant(b, dest, OPTION_NONE, (MirOperandList){0});
	else if (ty_is_lang(b->lo, t, "Vec", NULL))
		emit_rt(b, dest, "vec_new", 2, op_desc(b, mir_type_of(b->lo, elem)), op_i64(b, 0));
	else if (elem != IR_NONE)
		default_array(b, elem, dest);
	else
		default_fields(b, t, dest);
	build_return(b);
}
