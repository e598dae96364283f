/*
 * Writing values to a Formatter: primitive types by runtime functions, others by their Display or Debug,
 * and the Debug form of types without an impl, as Rust prints it.
 */
#include "gos-lower/structural.h"

#include "lib/fatal.h"

#include <string.h>

/* Kinds of fmt_open. */
enum { OPEN_STRUCT, OPEN_TUPLE, OPEN_LIST, OPEN_MAP };

/* ---- One value ---- */

static void
format_int(Build *b, const MirPlace *x, MirOperand *f)
{
	const CommonTypes *c = &b->lo->common;
	const MirRepr *r = mir_type_at(b->lo, place_type(b, x))->repr;
	MirPlace *wide = build_temp(b, r->int_.signed_ ? c->i128 : c->u128);

	emit_cast(b, wide, op_copy(b, x));
	emit_rt(b, NULL, "fmt_int", 4, f, op_addr(b, wide), op_i64(b, r->int_.bits),
	    op_i64(b, r->int_.signed_));
}

static void
format_float(Build *b, const MirPlace *x, MirOperand *f)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, x))->repr;
	MirPlace *wide = build_temp(b, b->lo->common.f64);

	emit_cast(b, wide, op_copy(b, x));
	emit_rt(b, NULL, "fmt_float", 3, f, op_copy(b, wide), op_bool(b, r->float_.bits == 32));
}

static void
format_prim(Build *b, TastPrim prim, MirOperand *value, MirOperand *f)
{
	switch (prim) {
	case TAST_PRIM_I8: case TAST_PRIM_I16: case TAST_PRIM_I32: case TAST_PRIM_I64:
	case TAST_PRIM_I128: case TAST_PRIM_ISIZE: case TAST_PRIM_U8: case TAST_PRIM_U16:
	case TAST_PRIM_U32: case TAST_PRIM_U64: case TAST_PRIM_U128: case TAST_PRIM_USIZE:
		format_int(b, operand_place(b, value), f);
		break;
	case TAST_PRIM_F32: case TAST_PRIM_F64:
		format_float(b, operand_place(b, value), f);
		break;
	case TAST_PRIM_BOOL:
		emit_rt(b, NULL, "fmt_bool", 2, f, value);
		break;
	case TAST_PRIM_CHAR:
		emit_rt(b, NULL, "fmt_char", 2, f, value);
		break;
	case TAST_PRIM_STRING:
		emit_rt(b, NULL, "fmt_str", 2, f, value);
		break;
	case TAST_PRIM_NEVER:
		term_unreachable(b);
		break;
	}
}

/* Calls a `fmt` method and goes to `fail` if it says Err. */
static void
call_fmt(Build *b, const Resolved *r, MirOperand *value, MirOperand *f, MirBbId fail)
{
	IrU32List args = {0}, none = {0};

	vec_push(b->arena, &args, ty_unit(b->lo));
	vec_push(b->arena, &args, ty_adt(b->lo, lang_adt(b->lo, "FmtError"), &none));
	MirPlace *result = build_temp(b,
	    mir_type_of(b->lo, ty_adt(b->lo, lang_adt(b->lo, "Result"), &args)));
	lower_call_resolved(b, r, op_list(b, 2, value, f), result);
	if (fail == IR_NONE)
		return;
	MirBbId fine = build_block(b);
	MirTypeId type = place_type(b, result);
	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_tag(b, result),
	    op_int(b, mir_enum_tag_type(b->lo, type), mir_enum_tag(b->lo, type, RESULT_OK)),
	    MIR_CHECK_WRAP), fine, fail);
	build_start(b, fine);
}

void
format_value(Build *b, Ty t, MirOperand *value, MirOperand *formatter, bool debug, MirBbId fail)
{
	const TastTy *ty = ty_at(b->lo, t);

	if (ty->kind == TAST_TY_REF_MUT) {	/* shows what it refers to */
		format_value(b, ty->ref_mut.target,
		    op_borrow(b, place_deref(b, operand_place(b, value))), formatter, debug, fail);
		return;
	}
	if (ty->kind == TAST_TY_PRIM && !has_explicit_impl(b->lo, debug ? "Debug" : "Display", t)) {
		format_prim(b, ty->prim.prim, value, formatter);
		return;
	}
	Resolved r = resolve_lang(b->lo, debug ? "Debug" : "Display", "fmt", t);
	call_fmt(b, &r, value, formatter, fail);
}

/* ---- Debug form of a type without an impl ---- */

typedef struct Debug {
	MirOperand *f;
	MirPlace *state;	/* of fmt_open */
	MirBbId fail;
} Debug;

static void
debug_open(Build *b, const Debug *d, const char *name, int kind)
{
	emit_rt(b, d->state, "fmt_open", 3, d->f, op_text(b, name), op_i64(b, kind));
}

static void
debug_part(Build *b, const Debug *d, const char *name, Ty t, const MirPlace *x)
{
	emit_rt(b, d->state, "fmt_field", 3, d->f, op_copy(b, d->state), op_text(b, name));
	format_value(b, t, ty_is_scalar(b->lo, t) ? op_copy(b, x) : op_borrow(b, x), d->f, true, d->fail);
}

static void
debug_close(Build *b, const Debug *d)
{
	emit_rt(b, NULL, "fmt_close", 2, d->f, op_copy(b, d->state));
}

static void
debug_variant(Build *b, const Debug *d, Ty t, const TastVariant *v, uint32_t index, const MirPlace *x)
{
	const char *name = intern_str(b->lo->names, v->name);

	if (v->fields.len == 0) {
		emit_rt(b, NULL, "fmt_lit", 2, d->f, op_text(b, name));
		return;
	}
	debug_open(b, d, name, v->named ? OPEN_STRUCT : OPEN_TUPLE);
	for (uint32_t i = 0; i < v->fields.len; i++)
		debug_part(b, d, v->named ? intern_str(b->lo->names, v->fields.at[i]->name) : "",
		    ty_field(b->lo, t, index, i), part_place(b, x, index, i));
	debug_close(b, d);
}

static void
debug_variants(Build *b, const Debug *d, Ty t, const TastAdt *adt, const MirPlace *x)
{
	MirBbId done = build_block(b);
	MirBbId *blocks = switch_variants(b, x, adt->variants.len);

	for (uint32_t v = 0; v < adt->variants.len; v++) {
		build_start(b, blocks[v]);
		debug_variant(b, d, t, adt->variants.at[v], v, x);
		term_goto(b, done);
	}
	build_start(b, done);
}

static void
debug_tuple(Build *b, const Debug *d, Ty t, const MirPlace *x)
{
	uint32_t n = ty_field_count(b->lo, t, 0);

	if (n == 0) {
		emit_rt(b, NULL, "fmt_lit", 2, d->f, op_text(b, "()"));
		return;
	}
	debug_open(b, d, "", OPEN_TUPLE);
	for (uint32_t i = 0; i < n; i++)
		debug_part(b, d, "", ty_field(b->lo, t, 0, i), place_field(b, x, i));
	debug_close(b, d);
}

static void
debug_elements(Build *b, const Debug *d, Ty elem, const MirPlace *x)
{
	debug_open(b, d, "", OPEN_LIST);
	Loop l = loop_begin(b, value_len(b, x));
	debug_part(b, d, "", elem, place_index(b, x, op_copy(b, l.i)));
	loop_end(b, &l);
	debug_close(b, d);
}

/* Ranges print as they are written.  Returns false for other types. */
static bool
debug_range(Build *b, const Debug *d, Ty t, const MirPlace *x)
{
	static const struct {
		const char *lang, *text;
		bool low, high;
	} forms[] = {
		{"Range", "..", true, true}, {"RangeInclusive", "..=", true, true},
		{"RangeFrom", "..", true, false}, {"RangeTo", "..", false, true},
		{"RangeToInclusive", "..=", false, true}, {"RangeFull", "..", false, false},
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const IrU32List *args;
		if (!ty_is_lang(b->lo, t, forms[i].lang, &args))
			continue;
		uint32_t at = 0;
		if (forms[i].low)
			format_value(b, args->at[0], op_borrow(b, place_field(b, x, at++)), d->f, true, d->fail);
		emit_rt(b, NULL, "fmt_lit", 2, d->f, op_text(b, forms[i].text));
		if (forms[i].high)
			format_value(b, args->at[0], op_borrow(b, place_field(b, x, at)), d->f, true, d->fail);
		return true;
	}
	return false;
}

static void
debug_body(Build *b, const Debug *d, Ty t, const MirPlace *x)
{
	const TastTy *ty = ty_at(b->lo, t);
	Ty elem = element_type(b->lo, t);

	if (elem != IR_NONE) {
		debug_elements(b, d, elem, x);
	} else if (ty->kind == TAST_TY_TUPLE) {
		debug_tuple(b, d, t, x);
	} else if (ty->kind == TAST_TY_PRIM) {
		format_value(b, t, op_borrow(b, x), d->f, true, d->fail);
	} else if (ty->kind != TAST_TY_ADT) {
		lower_broken(b->lo, "type %s has no Debug form", ty_name(b->lo, t));
	} else if (!debug_range(b, d, t, x)) {
		const TastAdt *adt = b->lo->adts.at[ty->adt.adt];
		if (adt->variants.len == 0)
			emit_rt(b, NULL, "fmt_lit", 2, d->f, op_str(b, adt->name));
		else if (adt->kind == TAST_ADT_KIND_STRUCT)
			debug_variant(b, d, t, adt->variants.at[0], 0, x);
		else
			debug_variants(b, d, t, adt, x);
	}
}

/* `fn fmt(&self, f: &mut Formatter) -> fmt::Result`: the signature and both ends. */
static MirPlace *
fmt_params(Build *b, Ty self, MirPlace **formatter)
{
	IrU32List none = {0}, args = {0};
	MirTypeId f = mir_type_of(b->lo, ty_adt(b->lo, lang_adt(b->lo, "Formatter"), &none));

	vec_push(b->arena, &args, ty_unit(b->lo));
	vec_push(b->arena, &args, ty_adt(b->lo, lang_adt(b->lo, "FmtError"), &none));
	build_ret(b, mir_type_of(b->lo, ty_adt(b->lo, lang_adt(b->lo, "Result"), &args)));
	MirPlace *x = build_param(b, "self", mir_type_of(b->lo, self), MIR_MODE_BORROW);
	*formatter = build_param(b, "f", mir_type_ref(b->lo, f), MIR_MODE_BORROW);
	return x;
}

/* A value of fmt::Error, a struct without fields. */
static MirOperand *
fmt_error(Build *b, const MirPlace *result)
{
	const MirRepr *r = mir_type_at(b->lo, place_type(b, result))->repr;

	if (r->kind != MIR_REPR_ENUM || r->enum_.variants.len <= RESULT_ERR
	    || !r->enum_.variants.at[RESULT_ERR]->fields.len)
		lower_broken(b->lo, "the result of fmt has no error");
	const MirVariant *err = r->enum_.variants.at[RESULT_ERR];
	MirPlace *error = build_temp(b, err->fields.at[0]->type);

	emit_aggregate(b, error, 0, (MirOperandList){0});
	return op_copy(b, error);
}

void
emit_fmt_result(Build *b, const MirPlace *dest, bool ok)
{
	emit_variant(b, dest, ok ? RESULT_OK : RESULT_ERR,
	    op_list(b, 1, ok ? op_unit(b) : fmt_error(b, dest)));
}

static void
fmt_return(Build *b, MirBbId fail)
{
	emit_fmt_result(b, place_local(b, 0), true);
	build_return(b);
	build_start(b, fail);
	emit_fmt_result(b, place_local(b, 0), false);
	build_return(b);
}

void
build_debug(Build *b, uint32_t self, uint32_t unused)
{
	MirPlace *f, *x = fmt_params(b, self, &f);
	Debug d = {op_copy(b, f), build_temp(b, b->lo->common.i64), build_block(b)};

	(void)unused;
	debug_body(b, &d, self, x);
	fmt_return(b, d.fail);
}

/* Display without an impl is Debug: of an aggregate under `{}` the parts are shown as `{:?}` shows them. */
void
build_display(Build *b, uint32_t self, uint32_t unused)
{
	MirPlace *f, *x = fmt_params(b, self, &f);
	MirBbId fail = build_block(b);

	(void)unused;
	if (ty_at(b->lo, self)->kind == TAST_TY_PRIM) {
		format_value(b, self, op_borrow(b, x), op_copy(b, f), false, fail);
	} else {
		MirPlace *inner = build_temp(b, place_type(b, place_deref(b, f)));
		emit_rt(b, NULL, "fmt_nested", 2, op_copy(b, f), op_addr(b, inner));
		emit_rt(b, NULL, "fmt_spec", 4, op_addr(b, inner), op_i64(b, format_flags(NULL, true)),
		    op_i64(b, -1), op_i64(b, -1));
		format_value(b, self, op_borrow(b, x), op_addr(b, inner), true, fail);
	}
	fmt_return(b, fail);
}
