/*
 * Types as a person would write them, for messages.  Unsolved variables print as `_`,
 * or as what is known about them.
 */
#include "gos-check/const_arg.h"
#include "gos-check/infer.h"

#include <stdio.h>
#include <string.h>

typedef struct Out {
	Check *c;
	char *at;
	size_t len, cap;
	bool whole;		/* paths, and nothing left out: text that can be read again */
} Out;

enum { SHOW_MAX = 160 };	/* bytes, about */

static void show(Out *o, TypeId t);

static void
put(Out *o, const char *s)
{
	size_t n = strlen(s);

	if (o->len + n + 1 > o->cap) {
		size_t cap = (o->len + n + 1) * 2;

		o->at = arena_grow(o->c->arena, o->at, o->cap, cap, 1);
		o->cap = cap;
	}
	memcpy(o->at + o->len, s, n + 1);
	o->len += n;
}

static void
put_list(Out *o, const TypeId *at, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			put(o, ", ");
		show(o, at[i]);
		if (o->len > SHOW_MAX && !o->whole)
			break;
	}
}

static void
put_number(Out *o, uint64_t n)
{
	char buf[24];

	snprintf(buf, sizeof buf, "%llu", (unsigned long long)n);
	put(o, buf);
}

static void
put_name(Out *o, Sym name, Sym path)
{
	const char *text = check_str(o->c, path);
	bool own = strncmp(text, "main::", 6) == 0;

	if (o->whole && own)
		put(o, "crate::");
	put(o, !o->whole ? check_str(o->c, name) : own ? text + 6 : text);
}

/* The value of a constant argument as its type writes it. */
static void
put_const(Out *o, uint64_t value, TypeId type)
{
	if (type == TY_BOOL)
		put(o, value ? "true" : "false");
	else if (type == TY_CHAR || (types_is_int(type) && types_is_signed(type)))
		put(o, arena_printf(o->c->arena, type == TY_CHAR ? "'\\u{%llx}'" : "%lld", (long long)value));
	else
		put_number(o, value);
}

static void
put_adt(Out *o, const TastTy *t)
{
	const Generics *g = o->c->adt_info.at[t->adt.adt]->generics;

	put_name(o, o->c->adts.at[t->adt.adt]->name, o->c->adts.at[t->adt.adt]->path);
	for (uint32_t i = 0; i < t->adt.args.len; i++) {
		TypeId arg = infer_shallow(o->c, t->adt.args.at[i]);

		put(o, i ? ", " : "<");
		if (types_is(o->c, arg, TAST_TY_CONST))
			put_const(o, types_get(o->c, arg)->const_.value, generics_value_type(g, i));
		else
			show(o, arg);
	}
	put(o, t->adt.args.len ? ">" : "");
}

/* `<A, Item = T>` */
static void
put_dyn_args(Out *o, const TastTy *t)
{
	const TastTrait *trait = o->c->traits.at[t->dyn.trait];

	if (!t->dyn.args.len && !t->dyn.assocs.len)
		return;
	put(o, "<");
	put_list(o, t->dyn.args.at, t->dyn.args.len);
	for (uint32_t i = 0; i < t->dyn.assocs.len; i++) {
		put(o, i || t->dyn.args.len ? ", " : "");
		put(o, check_str(o->c, trait->assoc_types.at[i]));
		put(o, " = ");
		show(o, t->dyn.assocs.at[i]);
	}
	put(o, ">");
}

static void
put_prim(Out *o, TastPrim p)
{
	static const char *const name[] = {"i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16",
	    "u32", "u64", "u128", "usize", "f32", "f64", "bool", "char", "String", "!"};

	put(o, name[p]);
}

static void
put_fn(Out *o, const TastTy *t)
{
	put(o, "fn(");
	put_list(o, t->fn.params.at, t->fn.params.len);
	put(o, ")");
	if (t->fn.ret != TY_UNIT) {
		put(o, " -> ");
		show(o, t->fn.ret);
	}
}

static void
put_assoc(Out *o, const TastTy *t)
{
	const TastTrait *trait = o->c->traits.at[t->assoc.trait];
	const char *name = check_str(o->c, trait->assoc_types.at[t->assoc.index]);

	show(o, t->assoc.args.at[0]);
	put(o, "::");
	put(o, strncmp(name, "const ", 6) ? name : name + 6);	/* a constant of the trait: const_assoc.h */
}

static void
put_tuple(Out *o, const TastTy *t)
{
	put(o, "(");
	put_list(o, t->tuple.elems.at, t->tuple.elems.len);
	put(o, t->tuple.elems.len == 1 ? ",)" : ")");
}

static void
show_known(Out *o, TastTy t)
{
	switch (t.kind) {
	case TAST_TY_PRIM:
		put_prim(o, t.prim.prim);
		break;
	case TAST_TY_TUPLE:
		put_tuple(o, &t);
		break;
	case TAST_TY_ADT:
		put_adt(o, &t);
		break;
	case TAST_TY_ARRAY:
	case TAST_TY_ARRAY_N:
		put(o, "[");
		show(o, t.kind == TAST_TY_ARRAY ? t.array.elem : t.array_n.elem);
		put(o, "; ");
		if (t.kind == TAST_TY_ARRAY)
			put_number(o, t.array.len);
		else
			show(o, t.array_n.len);
		put(o, "]");
		break;
	case TAST_TY_CONST:
		put_number(o, t.const_.value);
		break;
	case TAST_TY_FN:
		put_fn(o, &t);
		break;
	case TAST_TY_REF_MUT:
		put(o, "&mut ");
		show(o, t.ref_mut.target);
		break;
	case TAST_TY_PARAM:
		put(o, check_str(o->c, t.param.name));
		break;
	case TAST_TY_ASSOC:
		put_assoc(o, &t);
		break;
	case TAST_TY_DYN:
		put(o, o->whole ? "Box<dyn " : "dyn ");
		put_name(o, o->c->traits.at[t.dyn.trait]->name, o->c->traits.at[t.dyn.trait]->path);
		put_dyn_args(o, &t);
		put(o, o->whole ? ">" : "");
		break;
	case TAST_TY_PTR:
		if (types_is(o->c, t.ptr.target, TAST_TY_FN)) {
			put(o, "extern \"C\" ");
			show(o, t.ptr.target);
			break;
		}
		put(o, t.ptr.mut ? "*mut " : "*const ");
		show(o, t.ptr.target);
		break;
	}
}

static void
show(Out *o, TypeId t)
{
	if (o->len > SHOW_MAX && !o->whole) {
		put(o, "…");
		return;
	}
	t = infer_shallow(o->c, t);
	if (type_is_var(t))
		put(o, infer_var_text(o->c, t));
	else if (t == TY_ERROR)
		put(o, "_");
	else
		show_known(o, *types_get(o->c, t));
}

const char *
types_show(Check *c, TypeId t)
{
	Out o = {.c = c};

	put(&o, "");
	show(&o, t);
	return o.at;
}

const char *
types_write(Check *c, TypeId t)
{
	Out o = {.c = c, .whole = true};

	put(&o, "");
	show(&o, t);
	return o.at;
}
