/* Missing patterns as Gossamer source.  See exhaust_ctor.h. */
#include "gos-check/exhaust_ctor.h"

#include <stdio.h>
#include <string.h>

typedef struct Out {
	Arena *arena;
	const PatTypes *types;
	VEC(char) text;
} Out;

static void
put(Out *o, const char *s)
{
	for (; *s; s++)
		vec_push(o->arena, &o->text, *s);
}

static void put_pat(Out *o, const DPat *p);

static bool
all_wild(const DPat *p)
{
	for (uint32_t i = 0; i < p->args.len; i++)
		if (p->args.at[i]->ctor.kind != CTOR_WILD)
			return false;
	return true;
}

/* ---- integers and chars ---- */

static const char *
decimal(Arena *a, IrU128 v, bool negative)
{
	char buf[48];
	int at = sizeof buf - 1;

	buf[at] = 0;
	do
		buf[--at] = (char)('0' + (int)(v % 10));
	while (v /= 10);
	if (negative)
		buf[--at] = '-';
	return arena_printf(a, "%s", buf + at);
}

static const char *
char_text(Arena *a, uint32_t c)
{
	if (c == '\'' || c == '\\')
		return arena_printf(a, "'\\%c'", (char)c);
	if (c >= ' ' && c < 0x7F)
		return arena_printf(a, "'%c'", (char)c);
	return arena_printf(a, "'\\u{%X}'", c);
}

typedef struct IntName {
	const char *name;
	uint32_t bits;
	bool is_signed;
} IntName;

static const IntName int_names[] = {
	[TAST_PRIM_I8] = {"i8", 8, true},
	[TAST_PRIM_I16] = {"i16", 16, true},
	[TAST_PRIM_I32] = {"i32", 32, true},
	[TAST_PRIM_I64] = {"i64", 64, true},
	[TAST_PRIM_I128] = {"i128", 128, true},
	[TAST_PRIM_ISIZE] = {"isize", 64, true},
	[TAST_PRIM_U8] = {"u8", 8, false},
	[TAST_PRIM_U16] = {"u16", 16, false},
	[TAST_PRIM_U32] = {"u32", 32, false},
	[TAST_PRIM_U64] = {"u64", 64, false},
	[TAST_PRIM_U128] = {"u128", 128, false},
	[TAST_PRIM_USIZE] = {"usize", 64, false},
};

/* From the order-preserving encoding of exhaust_ctor.c. */
static const char *
int_text(Arena *a, const IntName *t, IrU128 v)
{
	IrU128 sign = t->is_signed ? (IrU128)1 << (t->bits - 1) : 0;

	return v < sign ? decimal(a, sign - v, true) : decimal(a, v - sign, false);
}

/* `4_u8..=255`; the ends of wide types stay open: `..=-1`, `11..`. */
static void
put_int_range(Out *o, const IntName *t, IrU128 low, IrU128 high)
{
	IrU128 max = t->bits == 128 ? ~(IrU128)0 : ((IrU128)1 << t->bits) - 1;
	const char *suffix = strcmp(t->name, "i64") == 0 ? "" : arena_printf(o->arena, "_%s", t->name);
	bool wide = t->bits > 16;
	const char *low_text = int_text(o->arena, t, low), *high_text = int_text(o->arena, t, high);

	if (low == 0 && high == max)
		put(o, "_");
	else if (low == high)
		put(o, arena_printf(o->arena, "%s%s", low_text, suffix));
	else if (wide && low == 0 && t->is_signed)
		put(o, arena_printf(o->arena, "..=%s%s", high_text, suffix));
	else if (wide && high == max)
		put(o, arena_printf(o->arena, "%s%s..", low_text, suffix));
	else
		put(o, arena_printf(o->arena, "%s%s..=%s", low_text, suffix, high_text));
}

static void
put_range(Out *o, const DPat *p)
{
	const TastTy *ty = o->types->type(o->types->ctx, p->type);
	IrU128 low = p->ctor.low, high = p->ctor.high;

	if (ty->prim.prim == TAST_PRIM_BOOL) {
		put(o, low != high ? "_" : low ? "true" : "false");
	} else if (ty->prim.prim == TAST_PRIM_CHAR) {
		put(o, char_text(o->arena, (uint32_t)low));
		if (low != high) {
			put(o, "..=");
			put(o, char_text(o->arena, (uint32_t)high));
		}
	} else {
		put_int_range(o, &int_names[ty->prim.prim], low, high);
	}
}

/* ---- the others ---- */

static void
put_list(Out *o, const DPat *p, const char *open, const char *close)
{
	put(o, open);
	for (uint32_t i = 0; i < p->args.len; i++) {
		put(o, i ? ", " : "");
		put_pat(o, p->args.at[i]);
	}
	put(o, close);
}

static void
put_named_fields(Out *o, const DPat *p, const TastVariant *v)
{
	bool first = true, left_out = false;

	put(o, " { ");
	for (uint32_t i = 0; i < p->args.len; i++) {
		if (p->args.at[i]->ctor.kind == CTOR_WILD) {
			left_out = true;
			continue;
		}
		put(o, first ? "" : ", ");
		put(o, intern_str(o->types->names, v->fields.at[i]->name));
		put(o, ": ");
		put_pat(o, p->args.at[i]);
		first = false;
	}
	put(o, left_out ? first ? ".." : ", .." : "");
	put(o, " }");
}

static void
put_adt(Out *o, const DPat *p, const TastAdt *adt)
{
	const TastVariant *v = adt->variants.at[p->ctor.kind == CTOR_VARIANT ? p->ctor.variant : 0];
	const char *lang = intern_str(o->types->names, adt->lang);

	if (adt->kind == TAST_ADT_KIND_STRUCT && all_wild(p)) {
		put(o, "_");
		return;
	}
	bool bare = strcmp(lang, "Option") == 0 || strcmp(lang, "Result") == 0;
	if (!bare)
		put(o, intern_str(o->types->names, adt->name));
	if (adt->kind == TAST_ADT_KIND_ENUM) {
		put(o, bare ? "" : "::");
		put(o, intern_str(o->types->names, v->name));
	}
	if (v->named)
		put_named_fields(o, p, v);
	else if (v->fields.len)
		put_list(o, p, "(", ")");
}

static void
put_slice(Out *o, const DPat *p)
{
	put(o, "[");
	for (uint32_t i = 0; i < p->args.len; i++) {
		if (i == p->ctor.before && p->ctor.rest)
			put(o, i ? ", .." : "..");
		put(o, i || (p->ctor.rest && !p->ctor.before) ? ", " : "");
		put_pat(o, p->args.at[i]);
	}
	if (p->ctor.rest && p->ctor.before == p->args.len)
		put(o, p->args.len ? ", .." : "..");
	put(o, "]");
}

static void
put_single(Out *o, const DPat *p)
{
	const TastTy *ty = o->types->type(o->types->ctx, p->type);

	if (ty->kind == TAST_TY_ADT)
		put_adt(o, p, o->types->adt(o->types->ctx, ty->adt.adt));
	else if (p->args.len == 0)
		put(o, "()");
	else
		put_list(o, p, "(", p->args.len == 1 ? ",)" : ")");
}

static void
put_pat(Out *o, const DPat *p)
{
	switch (p->ctor.kind) {
	case CTOR_WILD: case CTOR_OR: case CTOR_OPAQUE:
		put(o, "_");
		break;
	case CTOR_SINGLE: case CTOR_VARIANT:
		put_single(o, p);
		break;
	case CTOR_RANGE:
		put_range(o, p);
		break;
	case CTOR_SLICE:
		put_slice(o, p);
		break;
	}
}

const char *
dpat_text(Arena *a, const PatTypes *types, const DPat *p)
{
	Out o = {.arena = a, .types = types};

	put_pat(&o, p);
	vec_push(a, &o.text, 0);
	return o.text.at;
}
