/*
 * Formatted output: `println!`, `format!`, `panic!`, `write!`.
 *
 * The arguments are evaluated first and only looked at.  The text is built in a String through a Formatter on
 * the frame, then printed, returned or thrown; `write!` to a Formatter writes through a nested one.
 */
#include "gos-lower/structural.h"

#include "lib/fatal.h"

typedef struct Format {
	const TastExpr *e;
	MirOperandList args;
	MirPlace *f;		/* the Formatter */
	bool spec_is_default;	/* what the Formatter holds now */
	MirBbId fail;		/* where an Err of a `fmt` goes; IR_NONE: nowhere */
} Format;

/* ---- Specs ---- */

/* `{:x?}` */
static bool
is_hex(const TastSpec *s)
{
	return s->radix == TAST_RADIX_DEBUG_HEX || s->radix == TAST_RADIX_DEBUG_HEX_UPPER;
}

int64_t
format_flags(const TastSpec *s, bool debug)
{
	if (!s)
		return (int64_t)' ' | (debug ? (int64_t)TAST_RADIX_DEBUG << 40 : 0);
	return (int64_t)s->fill | (int64_t)s->align << 32 | (int64_t)s->plus << 34 |
	    (int64_t)s->alternate << 35 | (int64_t)s->zero << 36 |
	    (int64_t)(debug && !is_hex(s) ? TAST_RADIX_DEBUG : s->radix) << 40;
}

static bool
is_default(const TastSpec *s, bool debug)
{
	return !debug && s->radix == TAST_RADIX_DISPLAY && s->width->kind == TAST_COUNT_NONE &&
	    s->precision->kind == TAST_COUNT_NONE && !s->plus && !s->alternate && !s->zero;
}

static MirOperand *
count_operand(Build *b, const Format *fm, const TastCount *c)
{
	switch (c->kind) {
	case TAST_COUNT_NONE:
		return op_i64(b, -1);
	case TAST_COUNT_VALUE:
		return op_i64(b, c->value.value);
	case TAST_COUNT_ARG:
		break;
	}
	if (c->arg.index >= fm->args.len)
		lower_broken(b->lo, "format argument %u does not exist", c->arg.index);
	MirPlace *n = build_temp(b, b->lo->common.i64);
	MirPlace *given = operand_place(b, fm->args.at[c->arg.index]);
	if (mir_type_at(b->lo, place_type(b, given))->repr->kind == MIR_REPR_REF)
		given = place_deref(b, given);
	emit_cast(b, n, op_copy(b, given));
	return op_copy(b, n);
}

static void
set_spec(Build *b, Format *fm, const TastSpec *s, bool debug)
{
	bool plain = is_default(s, debug);

	if (plain && fm->spec_is_default)
		return;
	MirOperand *width = count_operand(b, fm, s->width);
	MirOperand *precision = count_operand(b, fm, s->precision);
	emit_rt(b, NULL, "fmt_spec", 4, op_addr(b, fm->f), op_i64(b, format_flags(s, debug)), width,
	    precision);
	fm->spec_is_default = plain;
}

/* ---- Parts ---- */

static MirTypeId
formatter_type(Lower *lo)
{
	IrU32List none = {0};

	return mir_type_of(lo, ty_adt(lo, lang_adt(lo, "Formatter"), &none));
}

static MirPlace *
new_string(Build *b)
{
	MirPlace *s = build_temp(b, b->lo->common.string);

	emit_assign(b, s, op_text(b, ""));
	return s;
}

/*
 * A width applies to the whole text of an aggregate (but to each number of `{:x?}`): it is written
 * without one, then padded.
 */
static void
format_padded(Build *b, Format *fm, Ty t, MirOperand *value, bool debug)
{
	MirPlace *text = new_string(b);
	MirPlace *sub = build_temp(b, formatter_type(b->lo));

	emit_rt(b, NULL, "fmt_sub", 3, op_addr(b, fm->f), op_addr(b, sub), op_addr(b, text));
	format_value(b, t, value, op_addr(b, sub), debug, fm->fail);
	emit_rt(b, NULL, "fmt_pad", 2, op_addr(b, fm->f), op_borrow(b, text));
}

/* The type that is shown: behind references. */
static Ty
shown_type(Build *b, Ty t)
{
	while (ty_at(b->lo, t)->kind == TAST_TY_REF_MUT)
		t = ty_at(b->lo, t)->ref_mut.target;
	return t;
}

static void
format_arg(Build *b, Format *fm, uint32_t index, const TastSpec *spec)
{
	if (index >= fm->args.len)
		lower_broken(b->lo, "format argument %u does not exist", index);
	Ty t = build_ty(b, fm->e->format.args.at[index]->type), shown = shown_type(b, t);
	bool prim = ty_at(b->lo, shown)->kind == TAST_TY_PRIM;
	bool debug = spec->radix == TAST_RADIX_DEBUG || is_hex(spec) ||
	    (!prim && !has_explicit_impl(b->lo, "Display", shown));

	b->span = fm->e->format.args.at[index]->span;
	set_spec(b, fm, spec, debug);
	if (!prim && !is_hex(spec) && spec->width->kind != TAST_COUNT_NONE)
		format_padded(b, fm, t, fm->args.at[index], debug);
	else
		format_value(b, t, fm->args.at[index], op_addr(b, fm->f), debug, fm->fail);
	b->span = fm->e->span;
}

static void
format_parts(Build *b, Format *fm)
{
	const TastFormatPartList *parts = &fm->e->format.parts;

	for (uint32_t i = 0; i < parts->len; i++) {
		const TastFormatPart *p = parts->at[i];
		switch (p->kind) {
		case TAST_FORMAT_PART_LIT:
			emit_rt(b, NULL, "fmt_lit", 2, op_addr(b, fm->f), op_str(b, p->lit.text));
			break;
		case TAST_FORMAT_PART_ARG:
			format_arg(b, fm, p->arg.index, p->arg.spec);
			break;
		}
	}
}

/* ---- Sinks ---- */

static bool
has_args(const TastExpr *e)
{
	for (uint32_t i = 0; i < e->format.parts.len; i++)
		if (e->format.parts.at[i]->kind == TAST_FORMAT_PART_ARG)
			return true;
	return false;
}

/* The text as an owned operand: a constant if nothing is inserted. */
static MirOperand *
format_text(Build *b, const TastExpr *e, MirBbId fail)
{
	Format fm = {.e = e, .args = lower_operands(b, &e->format.args, NULL),
	    .spec_is_default = true, .fail = fail};

	if (e->format.parts.len == 0)
		return op_text(b, "");
	if (e->format.parts.len == 1 && !has_args(e))
		return op_str(b, e->format.parts.at[0]->lit.text);
	MirPlace *text = new_string(b);
	fm.f = build_temp(b, formatter_type(b->lo));
	emit_rt(b, NULL, "fmt_init", 2, op_addr(b, fm.f), op_addr(b, text));
	format_parts(b, &fm);
	return op_move(b, text);
}

static MirOperand *
looked_at(Build *b, MirOperand *text)
{
	return text->kind == MIR_OPERAND_MOVE ? op_borrow(b, text->move.place) : text;
}

/* The place of write!'s target, behind its reference. */
static MirPlace *
write_target(Build *b, const TastExpr *target)
{
	MirPlace *p = lower_place(b, target);

	while (mir_type_at(b->lo, place_type(b, p))->repr->kind == MIR_REPR_REF)
		p = place_deref(b, p);
	return p;
}

static void
write_to_string(Build *b, const TastExpr *e, MirPlace *target, MirBbId fail)
{
	MirOperand *text = format_text(b, e, fail);

	place_open(b, target, ACCESS_WRITE);
	emit_rt(b, NULL, "str_push_str", 2, op_addr(b, target), looked_at(b, text));
}

static void
write_to_formatter(Build *b, const TastExpr *e, MirPlace *target, MirBbId fail)
{
	Format fm = {.e = e, .args = lower_operands(b, &e->format.args, NULL),
	    .spec_is_default = true, .fail = fail};

	place_open(b, target, ACCESS_WRITE);
	fm.f = build_temp(b, formatter_type(b->lo));
	emit_rt(b, NULL, "fmt_nested", 2, op_addr(b, target), op_addr(b, fm.f));
	format_parts(b, &fm);
}

static void
format_write(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirBbId fail = build_block(b), done = build_block(b);
	MirPlace *target = write_target(b, e->format.target);

	if (!dest)
		dest = build_temp(b, build_mir_type(b, e->type));
	if (mir_type_at(b->lo, place_type(b, target))->repr->kind == MIR_REPR_STRING)
		write_to_string(b, e, target, fail);
	else
		write_to_formatter(b, e, target, fail);
	emit_fmt_result(b, dest, true);
	term_goto(b, done);
	build_start(b, fail);
	emit_fmt_result(b, dest, false);
	term_goto(b, done);
	build_start(b, done);
}

void
lower_format(Build *b, const TastExpr *e, const MirPlace *dest)
{
	switch (e->format.sink) {
	case TAST_SINK_PRINT:
	case TAST_SINK_EPRINT: {
		MirOperand *text = format_text(b, e, IR_NONE);
		emit_rt(b, NULL, "print", 2, op_i64(b, e->format.sink == TAST_SINK_PRINT ? 1 : 2),
		    looked_at(b, text));
		break;
	}
	case TAST_SINK_FORMAT: {
		MirOperand *text = format_text(b, e, IR_NONE);
		if (dest)
			emit_assign(b, dest, text);
		break;
	}
	case TAST_SINK_PANIC: {
		MirOperand *text = format_text(b, e, IR_NONE);
		term_panic(b, MIR_PANIC_MESSAGE, op_list(b, 1, text));
		break;
	}
	case TAST_SINK_WRITE:
		format_write(b, e, dest);
		break;
	}
}

void
lower_display(Build *b, Ty t, MirOperand *value, const MirPlace *dest)
{
	MirPlace *text = new_string(b);
	MirPlace *f = build_temp(b, formatter_type(b->lo));
	bool debug = ty_at(b->lo, t)->kind != TAST_TY_PRIM && !has_explicit_impl(b->lo, "Display", t);

	emit_rt(b, NULL, "fmt_init", 2, op_addr(b, f), op_addr(b, text));
	if (debug)
		emit_rt(b, NULL, "fmt_spec", 4, op_addr(b, f), op_i64(b, format_flags(NULL, true)),
		    op_i64(b, -1), op_i64(b, -1));
	format_value(b, t, value, op_addr(b, f), debug, IR_NONE);
	emit_assign(b, dest, op_move(b, text));
}
