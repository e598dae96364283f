/* Hash and Default of types without an impl. */
#include "gos-lower/structural.h"

#include "lib/fatal.h"

/* ---- Hash: multiply and fold, a step for each word ---- */

static void
hash_word(Build *b, const MirPlace *h, MirOperand *word)
{
	MirTypeId u64 = b->lo->common.u64;
	MirOperand *x = value_binary(b, MIR_BINOP_BIT_XOR, u64, op_copy(b, h), word, MIR_CHECK_WRAP);

	x = value_binary(b, MIR_BINOP_MUL, u64, x, op_int(b, u64, 0x9e3779b97f4a7c15u), MIR_CHECK_WRAP);
	MirPlace *y = operand_place(b, x);
	x = value_binary(b, MIR_BINOP_SHR, u64, op_copy(b, y), op_int(b, u64, 32), MIR_CHECK_WRAP);
	emit_binary(b, h, MIR_BINOP_BIT_XOR, op_copy(b, y), x, MIR_CHECK_WRAP);
}

static void
hash_as_word(Build *b, const MirPlace *h, const MirPlace *x)
{
	MirPlace *word = build_temp(b, b->lo->common.u64);

	emit_cast(b, word, op_copy(b, x));
	hash_word(b, h, op_copy(b, word));
}

static void
hash_string(Build *b, const MirPlace *h, const MirPlace *s)
{
	MirPlace *len = build_temp(b, b->lo->common.i64), *byte = build_temp(b, b->lo->common.i64);

	emit_rt(b, len, "str_len", 1, op_borrow(b, s));
	hash_as_word(b, h, len);
	Loop l = loop_begin(b, op_copy(b, len));
	emit_rt(b, byte, "str_byte", 2, op_borrow(b, s), op_copy(b, l.i));
	hash_as_word(b, h, byte);
	loop_end(b, &l);
}

static void
hash_part(Build *b, Ty t, const MirPlace *x, const MirPlace *h)
{
	if (ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		hash_string(b, h, x);
	} else if (ty_is_scalar(b->lo, t)) {
		hash_as_word(b, h, x);
	} else {
		Resolved r = resolve_lang(b->lo, "Hash", "hash_value", t);
		lower_call_resolved(b, &r, op_list(b, 2, op_borrow(b, x), op_copy(b, h)), h);
	}
}

static void
hash_fields(Build *b, Ty t, uint32_t variant, const MirPlace *x, const MirPlace *h)
{
	uint32_t n = ty_field_count(b->lo, t, variant);

	for (uint32_t i = 0; i < n; i++)
		hash_part(b, ty_field(b->lo, t, variant, i), part_place(b, x, variant, i), h);
}

static void
hash_variants(Build *b, Ty t, uint32_t n, const MirPlace *x, const MirPlace *h)
{
	MirBbId done = build_block(b);
	MirBbId *blocks = switch_variants(b, x, n);

	for (uint32_t v = 0; v < n; v++) {
		build_start(b, blocks[v]);
		hash_word(b, h, op_int(b, b->lo->common.u64, v));
		hash_fields(b, t, v, x, h);
		term_goto(b, done);
	}
	build_start(b, done);
}

void
build_hash(Build *b, uint32_t self, uint32_t unused)
{
	Ty t = self, elem = element_type(b->lo, t);

	(void)unused;
	build_ret(b, b->lo->common.u64);
	MirPlace *x = build_param(b, "self", mir_type_of(b->lo, t), MIR_MODE_BORROW);
	MirPlace *seed = build_param(b, "seed", b->lo->common.u64, MIR_MODE_BORROW);
	MirPlace *h = build_temp(b, b->lo->common.u64);
	emit_assign(b, h, op_copy(b, seed));
	if (elem != IR_NONE) {
		Loop l = loop_begin(b, value_len(b, x));
		hash_part(b, elem, place_index(b, x, op_copy(b, l.i)), h);
		loop_end(b, &l);
	} else if (variant_count(b->lo, t) > 1) {
		hash_variants(b, t, variant_count(b->lo, t), x, h);
	} else if (ty_is_scalar(b->lo, t) || ty_is_prim(b->lo, t, TAST_PRIM_STRING)) {
		hash_part(b, t, x, h);
	} else {
		hash_fields(b, t, 0, x, h);
	}
	emit_assign(b, place_local(b, 0), op_copy(b, h));
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
