/*
 * Functions of std without a body, by name: most are one runtime function with the operands in some
 * order; the rest build an Option, move values in or out, or need a shim.
 */
#include "gos-lower/intrinsic.h"

#include "gos-lower/expr.h"
#include "gos-lower/structural.h"

#include "lib/fatal.h"

#include <string.h>

/*
 * Operands of the runtime function, a character each: `0` … `9` that operand of the intrinsic, `@0` its
 * address, `D` the descriptor of the first type argument, `Z` zero.
 */
typedef struct RuntimeCall {
	const char *name, *symbol, *operands;
} RuntimeCall;

static const RuntimeCall runtime_calls[] = {
	{"vec.new", "vec_new", "DZ"},
	{"vec.with_capacity", "vec_with_capacity", "D0"},
	{"vec.len", "vec_len", "0"},
	{"vec.capacity", "vec_capacity", "0"},
	{"vec.window", "vec_window_at", "0"},
	{"vec.reserve", "vec_reserve", "0D1"},
	{"vec.swap", "vec_swap", "0D12"},
	{"vec.slice", "vec_slice", "0D12"},
	{"vec.append", "vec_append", "0D1"},
	{"vec.turn_over", "vec_turn_over", "01D2"},
	{"vec.to_vec", "vec_to_vec", "0D"},
	{"str.len", "str_len", "0"},
	{"str.push_str", "str_push_str", "01"},
	{"str.push_char", "str_push_char", "01"},
	{"str.concat", "str_concat", "01"},
	{"str.find", "str_find", "012"},
	{"str.rfind", "str_rfind", "01"},
	{"str.starts_with", "str_starts_with", "01"},
	{"str.ends_with", "str_ends_with", "01"},
	{"str.trim", "str_trim", "01"},
	{"str.part", "str_part", "012"},
	{"str.char_at", "str_char_at", "01"},
	{"str.char_before", "str_char_before", "01"},
	{"str.is_boundary", "str_is_boundary", "01"},
	{"str.char_count", "str_char_count", "0"},
	{"str.reserve", "str_reserve", "01"},
	{"str.truncate", "str_truncate", "01"},
	{"str.capacity", "str_capacity", "0"},
	{"str.find_char", "str_find_char", "012"},
	{"str.from_utf8_lossy", "str_from_utf8_lossy", "0"},
	{"str.replace", "str_replace", "012"},
	{"str.repeat", "str_repeat", "01"},
	{"str.case", "str_case", "01"},
	{"str.bytes", "str_bytes", "0"},
	{"str.join", "str_join", "01"},
	{"char.class", "char_class", "01"},
	{"f64.sqrt", "f64_sqrt", "0"},
	{"f64.unary", "f64_unary", "01"},
	{"f64.binary", "f64_binary", "012"},
	{"f64.mul_add", "f64_mul_add", "012"},
	{"f64.to_bits", "f64_to_bits", "0"},
	{"f64.from_bits", "f64_from_bits", "0"},
	{"f32.to_bits", "f32_to_bits", "0"},
	{"f32.from_bits", "f32_from_bits", "0"},
	{"fmt.lit", "fmt_lit", "01"},
	{"fmt.pad", "fmt_pad", "01"},
	{"fmt.open", "fmt_open", "012"},
	{"fmt.field", "fmt_field", "012"},
	{"fmt.close", "fmt_close", "01"},
	{"fmt.alternate", "fmt_alternate", "@0"},
	{"fmt.width", "fmt_width", "@0"},
	{"fmt.precision", "fmt_precision", "@0"},
	{"join.wait", "join", "0"},
	{"join.text", "join_text", "01"},
	{"catch.text", "catch_text", "0"},
	{"arena.stat", "arena_stat", "0"},
	{"hash.seed", "hash_seed", ""},
	{"hash.word", "hash_word", "01"},
	{"hash.str", "hash_str", "01"},
	{"shared.same", "same", "01"},
	{"shared.count", "count", "0"},
	{"atomic.load", "atomic_load", "0"},
	{"atomic.store", "atomic_store", "01"},
	{"atomic.swap", "atomic_swap", "01"},
	{"atomic.add", "atomic_add", "01"},
	{"atomic.exchange", "atomic_exchange", "012"},
	{"rc.downgrade", "rc_downgrade", "@0"},
	{"rc.weak_count", "rc_weak_count", "@0"},
	{"weak.new", "weak_new", ""},
	{"weak.bind", "weak_bind", "@0"},
	{"weak.strong_count", "weak_strong_count", "@0"},
	{"weak.weak_count", "weak_weak_count", "@0"},
	{"weak.same", "weak_same", "@0@1"},
	{"yield", "yield", ""},
	{"now", "now", ""},
	{"exit", "exit", "0"},
	{"arg_count", "arg_count", ""},
	{"arg", "arg", "0"},
};

/* ---- Operands ---- */

MirOperand *
in_operand(Build *b, const Intrinsic *in, uint32_t i)
{
	if (i >= in->operands->len)
		lower_broken(b->lo, "intrinsic %s has too few arguments",
		    intern_str(b->lo->names, in->fn->intrinsic));
	return in->operands->at[i];
}

MirOperand *
in_owned(Build *b, MirOperand *op)
{
	return op->kind == MIR_OPERAND_BORROW ? op_copy(b, op->borrow.place) : op;
}

static MirTypeId
element(Build *b, const Intrinsic *in)
{
	if (in->args->len == 0)
		lower_broken(b->lo, "intrinsic %s has no type argument",
		    intern_str(b->lo->names, in->fn->intrinsic));
	return mir_type_of(b->lo, in->args->at[0]);
}

MirPlace *
in_storage(Build *b, MirTypeId type)
{
	return place_local(b, build_local(b, 0, type, false));
}

static void
some_if(Build *b, const Intrinsic *in, const MirPlace *ok, MirOperand *value)
{
	MirBbId some = build_block(b), none = build_block(b), done = build_block(b);

	term_if(b, op_copy(b, ok), some, none);
	build_start(b, some);
	emit_variant(b, in->dest, OPTION_SOME, op_list(b, 1, value));
	term_goto(b, done);
	build_start(b, none);
	emit_variant(b, in->dest, OPTION_NONE, (MirOperandList){0});
	term_goto(b, done);
	build_start(b, done);
}

/* ---- Runtime functions ---- */

static MirOperandList
runtime_operands(Build *b, const Intrinsic *in, const char *form)
{
	MirOperandList ops = {0};

	for (const char *c = form; *c; c++) {
		if (*c == 'D')
			vec_push(b->arena, &ops, op_desc(b, element(b, in)));
		else if (*c == 'Z')
			vec_push(b->arena, &ops, op_i64(b, 0));
		else if (*c == '@')
			vec_push(b->arena, &ops,
			    op_addr(b, operand_place(b, in_operand(b, in, (uint32_t)(*++c - '0')))));
		else
			vec_push(b->arena, &ops, in_operand(b, in, (uint32_t)(*c - '0')));
	}
	return ops;
}

static bool
is_valueless(const MirType *t)
{
	return t->repr->kind == MIR_REPR_UNIT || t->repr->kind == MIR_REPR_NEVER;
}

static void
call_runtime(Build *b, const Intrinsic *in, const RuntimeCall *call)
{
	const MirPlace *dest = in->dest;
	MirTypeId ret = mir_type_of(b->lo, ty_subst(b->lo, in->fn->ret, in->args));

	if (is_valueless(mir_type_at(b->lo, ret)))
		dest = NULL;
	emit_rt_list(b, dest, call->symbol, runtime_operands(b, in, call->operands));
	if (mir_type_at(b->lo, ret)->repr->kind == MIR_REPR_NEVER)
		term_unreachable(b);
}

/* ---- Vectors ---- */

static void
store_in_slot(Build *b, MirPlace *slot, MirOperand *value)
{
	emit_assign(b, place_deref(b, slot), in_owned(b, value));
}

static void
vec_push_value(Build *b, const Intrinsic *in)
{
	MirTypeId elem = element(b, in);
	MirPlace *slot = build_temp(b, mir_type_ref(b->lo, elem));

	emit_rt(b, slot, "vec_push_slot", 2, in_operand(b, in, 0), op_desc(b, elem));
	store_in_slot(b, slot, in_operand(b, in, 1));
}

static void
vec_insert_value(Build *b, const Intrinsic *in)
{
	MirTypeId elem = element(b, in);
	MirPlace *slot = build_temp(b, mir_type_ref(b->lo, elem));

	emit_rt(b, slot, "vec_insert_slot", 3, in_operand(b, in, 0), op_desc(b, elem), in_operand(b, in, 1));
	store_in_slot(b, slot, in_operand(b, in, 2));
}

static void
vec_pop_value(Build *b, const Intrinsic *in)
{
	MirTypeId elem = element(b, in);
	MirPlace *out = in_storage(b, elem), *ok = build_temp(b, b->lo->common.boolean);

	emit_rt(b, ok, "vec_pop", 3, in_operand(b, in, 0), op_desc(b, elem), op_addr(b, out));
	some_if(b, in, ok, op_take(b, out));
}

/* The elements behind it end, and may panic at that. */
static void
vec_set_len(Build *b, const Intrinsic *in)
{
	MirTypeId elem = element(b, in);

	emit_rt(b, NULL, "vec_set_len", 3, in_operand(b, in, 0), op_desc(b, elem), in_operand(b, in, 1));
	if (mir_type_notice(b->lo, elem) == RUNS)
		emit_rt(b, NULL, "drop_check", 0);
}

static void
vec_remove_value(Build *b, const Intrinsic *in)
{
	MirTypeId elem = element(b, in);
	MirPlace *out = in_storage(b, elem);

	emit_rt(b, NULL, "vec_remove", 4, in_operand(b, in, 0), op_desc(b, elem), in_operand(b, in, 1),
	    op_addr(b, out));
	emit_assign(b, in->dest, op_take(b, out));
}

/* A copy of the element, without a check. */
static void
vec_element(Build *b, const Intrinsic *in)
{
	const MirPlace *v = operand_place(b, in_operand(b, in, 0));

	emit_assign(b, in->dest, op_copy(b, place_index(b, v, in_operand(b, in, 1))));
}

/* The address of the first element.  Through a place, so that the vector stays while the address may be used. */
static void
pointer_to_elements(Build *b, const Intrinsic *in, const MirPlace *v)
{
	MirPlace *r = build_temp(b, mir_type_ref(b->lo, element(b, in)));

	emit_assign(b, r, op_addr(b, place_index(b, v, op_i64(b, 0))));
	emit_cast(b, in->dest, op_copy(b, r));
}

static void
vec_ptr(Build *b, const Intrinsic *in)
{
	pointer_to_elements(b, in, operand_place(b, in_operand(b, in, 0)));
}

static void
vec_mut_ptr(Build *b, const Intrinsic *in)
{
	MirPlace *v = place_deref(b, operand_place(b, in_operand(b, in, 0)));

	emit_unique(b, v);
	pointer_to_elements(b, in, v);
}

/* ---- Strings ---- */

/* A String that the runtime replaces if it succeeds; inline before, so nothing is lost. */
static MirPlace *
string_storage(Build *b)
{
	MirPlace *text = build_temp(b, b->lo->common.string);

	emit_assign(b, text, op_text(b, ""));
	return text;
}

static void
str_from_utf8(Build *b, const Intrinsic *in)
{
	MirPlace *text = string_storage(b), *ok = build_temp(b, b->lo->common.boolean);

	emit_rt(b, ok, "str_from_utf8", 2, op_addr(b, text), in_operand(b, in, 0));
	some_if(b, in, ok, op_move(b, text));
}

static void
read_line(Build *b, const Intrinsic *in)
{
	MirPlace *text = string_storage(b), *ok = build_temp(b, b->lo->common.boolean);

	emit_rt(b, ok, "read_line", 1, op_addr(b, text));
	some_if(b, in, ok, op_move(b, text));
}

/* (value, problem) */
static void
env_var(Build *b, const Intrinsic *in)
{
	MirPlace *text = string_storage(b), *problem = build_temp(b, b->lo->common.i64);

	emit_rt(b, problem, "env_var", 2, op_addr(b, text), in_operand(b, in, 0));
	emit_aggregate(b, in->dest, 0, op_list(b, 2, op_move(b, text), op_copy(b, problem)));
}

/* (value, problem), the type being that of the tuple's first part. */
static void
str_parse_int(Build *b, const Intrinsic *in)
{
	const CommonTypes *c = &b->lo->common;
	MirTypeId type = mir_type_at(b->lo, place_type(b, in->dest))->repr->struct_.fields.at[0]->type;
	const MirRepr *r = mir_type_at(b->lo, type)->repr;
	MirPlace *wide = build_temp(b, c->u128), *problem = build_temp(b, c->i64);
	MirPlace *ok = build_temp(b, c->boolean), *value = build_temp(b, type);

	emit_assign(b, wide, op_int(b, c->u128, 0));
	emit_assign(b, problem, op_i64(b, 0));
	emit_rt(b, ok, "str_parse_int", 5, in_operand(b, in, 0), op_i64(b, r->int_.bits),
	    op_bool(b, r->int_.signed_), op_addr(b, wide), op_addr(b, problem));
	emit_cast(b, value, op_copy(b, wide));
	emit_aggregate(b, in->dest, 0, op_list(b, 2, op_copy(b, value), op_copy(b, problem)));
}

static void
str_parse_float(Build *b, const Intrinsic *in)
{
	MirPlace *value = build_temp(b, b->lo->common.f64), *ok = build_temp(b, b->lo->common.boolean);

	emit_assign(b, value, op_float(b, b->lo->common.f64, 0));
	emit_rt(b, ok, "str_parse_float", 2, in_operand(b, in, 0), op_addr(b, value));
	some_if(b, in, ok, op_copy(b, value));
}

static void
char_from_u32(Build *b, const Intrinsic *in)
{
	emit_cast(b, in->dest, in_operand(b, in, 0));
}

/* ---- The neighbours of an integer ---- */

static void
step_by_one(Build *b, const Intrinsic *in, MirBinop op)
{
	emit_binary(b, in->dest, op, in_operand(b, in, 0), op_int(b, place_type(b, in->dest), 1), MIR_CHECK_WRAP);
}

static void
step_after(Build *b, const Intrinsic *in)
{
	step_by_one(b, in, MIR_BINOP_ADD);
}

static void
step_before(Build *b, const Intrinsic *in)
{
	step_by_one(b, in, MIR_BINOP_SUB);
}

/* ---- Types ---- */

static void
size_of(Build *b, const Intrinsic *in)
{
	emit_assign(b, in->dest, op_i64(b, (int64_t)mir_type_at(b->lo, element(b, in))->size));
}

static void
align_of(Build *b, const Intrinsic *in)
{
	emit_assign(b, in->dest, op_i64(b, mir_type_at(b->lo, element(b, in))->align));
}

/* The array of no elements; of any other length it is not asked for. */
static void
array_none(Build *b, const Intrinsic *in)
{
	if (in->args->len < 2)
		lower_broken(b->lo, "array.none has no length");
	if (ty_at(b->lo, in->args->at[1])->const_.value)
		term_unreachable(b);
	else
		emit_aggregate(b, in->dest, 0, (MirOperandList){0});
}

/* ---- Goroutines and panics ---- */

/* fn(result: &mut T, closure: Fn() -> T): what a new goroutine runs; it owns the closure. */
static void
build_spawn_shim(Build *b, uint32_t result, uint32_t unused)
{
	(void)unused;
	build_ret(b, b->lo->common.unit);
	MirPlace *out = build_param(b, "result", mir_type_ref(b->lo, result), MIR_MODE_BORROW);
	MirPlace *f = build_param(b, "f", b->lo->common.closure, MIR_MODE_OWN);
	/* What f holds ends before the result is there: that may panic. */
	ScopeMark all = 0;
	MirPlace *value = build_outcome(b, result);
	if (mir_type_is_counted(b->lo, result))
		scope_sink(b);
	emit_call_value(b, value, op_borrow(b, f), (MirOperandList){0});
	scope_exit_to(b, all, false);
	scope_forget(b, all);
	emit_assign(b, place_deref(b, out), op_take(b, value));
	build_return(b);
}

static void
spawn(Build *b, const Intrinsic *in)
{
	MirTypeId result = element(b, in);
	MirFnId shim = synth_fn(b->lo, build_spawn_shim, result, 0, "std::spawn", "std.spawn.shim");

	emit_rt(b, in->dest, "spawn", 3, op_shim(b, shim), in_owned(b, in_operand(b, in, 0)),
	    op_desc(b, result));
}

/* fn(result: &mut T, closure: &mut Fn() -> T): what catch runs; the caller keeps the closure. */
static void
build_catch_shim(Build *b, uint32_t result, uint32_t unused)
{
	(void)unused;
	build_ret(b, b->lo->common.unit);
	MirPlace *out = build_param(b, "result", mir_type_ref(b->lo, result), MIR_MODE_BORROW);
	MirPlace *f = build_param(b, "f", mir_type_ref(b->lo, b->lo->common.closure), MIR_MODE_BORROW);
	emit_call_value(b, place_deref(b, out), op_borrow(b, place_deref(b, f)), (MirOperandList){0});
	build_return(b);
}

static void
catch_panic(Build *b, const Intrinsic *in)
{
	MirTypeId result = element(b, in);
	MirFnId shim = synth_fn(b->lo, build_catch_shim, result, 0, "std::catch", "std.catch.shim");
	MirPlace *out = in_storage(b, result), *panicked = build_temp(b, b->lo->common.boolean);
	MirPlace *ok = build_temp(b, b->lo->common.boolean);

	emit_rt(b, panicked, "catch", 3, op_shim(b, shim), op_addr(b, out),
	    op_addr(b, operand_place(b, in_operand(b, in, 0))));
	emit_unary(b, ok, MIR_UNOP_NOT, op_copy(b, panicked), MIR_CHECK_WRAP);
	some_if(b, in, ok, op_take(b, out));
}

/* A value of its own, outside of the arenas around. */
static void
promote(Build *b, const Intrinsic *in)
{
	emit_assign(b, in->dest, in_owned(b, in_operand(b, in, 0)));
	lower_promote(b, in->dest, element(b, in));
}

static void
join_result(Build *b, const Intrinsic *in)
{
	MirPlace *at = build_temp(b, mir_type_ref(b->lo, element(b, in)));

	emit_rt(b, at, "join_result", 1, in_operand(b, in, 0));
	emit_assign(b, in->dest, op_copy(b, place_deref(b, at)));
	if (mir_type_is_counted(b->lo, element(b, in)))
		emit_rt(b, NULL, "adopt_value", 2, op_addr(b, in->dest), op_desc(b, element(b, in)));
}

/* ---- Cells with identity ---- */

static void
shared_new(Build *b, const Intrinsic *in)
{
	emit_box(b, in->dest, in_owned(b, in_operand(b, in, 0)));
}

static void
weak_upgrade(Build *b, const Intrinsic *in)
{
	MirTypeId option = place_type(b, in->dest);
	MirTypeId rc = mir_type_at(b->lo, option)->repr->enum_.variants.at[OPTION_SOME]->fields.at[0]->type;
	MirPlace *out = in_storage(b, rc), *ok = build_temp(b, b->lo->common.boolean);

	emit_rt(b, ok, "weak_upgrade", 2, op_addr(b, operand_place(b, in_operand(b, in, 0))), op_addr(b, out));
	some_if(b, in, ok, op_take(b, out));
}

/* ---- The table ---- */

static const struct {
	const char *name;
	void (*lower)(Build *b, const Intrinsic *in);
} special[] = {
	{"vec.push", vec_push_value},
	{"vec.element", vec_element},
	{"vec.ptr", vec_ptr},
	{"vec.mut_ptr", vec_mut_ptr},
	{"vec.insert", vec_insert_value},
	{"vec.pop", vec_pop_value},
	{"vec.set_len", vec_set_len},
	{"vec.remove", vec_remove_value},
	{"str.from_utf8", str_from_utf8},
	{"str.parse_int", str_parse_int},
	{"str.parse_float", str_parse_float},
	{"char.from_u32", char_from_u32},
	{"step.after", step_after},
	{"step.before", step_before},
	{"array.none", array_none},
	{"mem.size_of", size_of},
	{"mem.align_of", align_of},
	{"read_line", read_line},
	{"env_var", env_var},
	{"spawn", spawn},
	{"catch", catch_panic},
	{"join.result", join_result},
	{"shared.new", shared_new},
	{"weak.upgrade", weak_upgrade},
	{"map.is_quick", hashmap_is_quick},
	{"map.hash", hashmap_hash},
	{"map.find", hashmap_find},
	{"map.find_hashed", hashmap_find_hashed},
	{"map.probe", hashmap_probe},
	{"map.add", hashmap_add},
	{"map.reserve", hashmap_reserve},
	{"map.remove", hashmap_remove},
	{"map.is_live", hashmap_is_live},
	{"map.key", hashmap_key},
	{"map.value", hashmap_value},
	{"map.value_mut", hashmap_value_mut},
	{"arena.promote", promote},
};

void
lower_intrinsic(Build *b, const TastFn *fn, const IrU32List *args, MirOperandList operands,
    const MirPlace *dest)
{
	const char *name = intern_str(b->lo->names, fn->intrinsic);
	Intrinsic in = {fn, args, &operands, dest};

	if (!dest)
		in.dest = build_temp(b, mir_type_of(b->lo, ty_subst(b->lo, fn->ret, args)));
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (strcmp(name, special[i].name) == 0) {
			special[i].lower(b, &in);
			return;
		}
	for (size_t i = 0; i < sizeof runtime_calls / sizeof *runtime_calls; i++)
		if (strcmp(name, runtime_calls[i].name) == 0) {
			call_runtime(b, &in, &runtime_calls[i]);
			return;
		}
	lower_broken(b->lo, "there is no intrinsic %s", name);
}
