/*
 * Statics: storage for the time of the program, filled before main runs.
 *
 * gos-check writes a static, or a constant that is worth keeping, as `*std::static_place(f)`, where f gives its
 * value and depends on nothing.  Each f has one Static; the call is its address.  The entry function becomes one
 * that fills them all and then calls the program's own.
 */
#include "gos-lower/expr.h"
#include "gos-lower/passes.h"

bool
is_static_place(Build *b, const TastExpr *e)
{
	const TastFnRef *r = e->call.fn;

	return r->kind == TAST_FN_REF_ITEM && r->item.fn < b->lo->fns.len &&
	    sym_is(b->lo, b->lo->fns.at[r->item.fn]->intrinsic, "static.place");
}

/* What tells it from all others, in other inputs of a session too: where it is declared. */
static const char *
static_name(Lower *lo, const TastFn *f)
{
	for (uint32_t i = 0; i < lo->source_records.len; i++) {
		const TastSource *s = lo->source_records.at[i];

		if (f->span.start >= s->base && f->span.start - s->base <= s->text.n)
			return arena_printf(lo->arena, "%s:%u", intern_str(lo->names, s->path),
			    f->span.start - s->base);
	}
	return intern_str(lo->names, f->path);
}

static MirStaticId
static_of(Lower *lo, const Resolved *init)
{
	MirFnId fn = resolved_fn(lo, init);
	uint32_t *known = map_find(&lo->static_of, fn);
	const TastFn *f = lo->fns.at[init->fn];

	if (known)
		return *known;
	MirStatic *s = arena_new(lo->arena, MirStatic);
	s->path = intern_cstr(lo->names, static_name(lo, f));
	s->type = mir_type_of(lo, resolved_ret(lo, init));
	map_set(lo->arena, &lo->static_of, fn, lo->statics.len);
	vec_push(lo->arena, &lo->static_inits, fn);
	vec_push(lo->arena, &lo->statics, s);
	return lo->statics.len - 1;
}

static void
emit_address(Build *b, MirStaticId id, const MirPlace *dest)
{
	emit_cast(b, dest, mir_mk_operand_static(b->arena, id));
}

void
lower_static_place(Build *b, const TastExpr *e, const MirPlace *dest)
{
	if (e->call.args.len != 1 || e->call.args.at[0]->kind != TAST_EXPR_FN)
		lower_broken(b->lo, "a static without the function that gives its value");
	Resolved init = resolve_ref(b, e->call.args.at[0]->fn.fn);
	if (init.kind != RESOLVED_FN || b->lo->fns.at[init.fn]->n_params)
		lower_broken(b->lo, "the value of a static comes from something else than a function");
	if (dest)
		emit_address(b, static_of(b->lo, &init), dest);
}

/* ---- The start ---- */

static void
fill(Build *b, MirStaticId id)
{
	const MirStatic *s = b->lo->statics.at[id];
	MirPlace *at = build_temp(b, mir_type_ref(b->lo, s->type)), *value = build_temp(b, s->type);

	emit_call(b, value, b->lo->static_inits.at[id], (MirOperandList){0});
	emit_address(b, id, at);
	emit_assign(b, place_deref(b, at), op_take(b, value));
	emit_rt(b, NULL, "static_ready", 3, op_text(b, intern_str(b->lo->names, s->path)), op_copy(b, at),
	    op_desc(b, s->type));
}

/* `x`: the entry function. */
static void
build_entry(Build *b, uint32_t x, uint32_t y)
{
	MirTypeId ret = b->lo->instances.at[x].mir->locals.at[0]->type;

	(void)y;
	build_ret(b, ret);
	for (MirStaticId i = 0; i < b->lo->statics.len; i++)
		fill(b, i);
	emit_call(b, place_local(b, 0), x, (MirOperandList){0});
	build_return(b);
}

MirFnId
statics_start(Lower *lo, MirFnId entry)
{
	return lo->statics.len ? synth_fn(lo, build_entry, entry, 0, "{start}", "main.start") : entry;
}
