/*
 * Writing what is reached.  Types get new numbers in the order of their first use, parts before
 * wholes, so that the output does not depend on what inference tried; other records keep their
 * order.
 *
 * Nodes may be shared between records (generics, bounds), so renumbering must not happen
 * twice: a new number is marked with NEW until all are done, then the marks go.
 */
#include "gos-check/write.h"

#include "gos-check/dyn.h"

#include "lib/fatal.h"

#define NEW 0x80000000u

typedef struct Writer {
	Check *c;
	VEC(TypeId) order;	/* old ids by new number */
	uint32_t *number;	/* new number + 1 by old id */
	uint32_t *moved[TAST_REC_LIBRARY + 1];	/* of other records: new number by old id */
} Writer;

static uint32_t number_of(Writer *w, TypeId t);

static TypeId
number_part(void *ctx, TypeId part)
{
	return number_of(ctx, part);
}

/* A type as it is written: a `dyn` with the associated types of its supertraits too. */
static TastTy
whole(Check *c, TypeId t)
{
	TastTy ty = *types_get(c, t);

	if (ty.kind == TAST_TY_DYN)
		ty.dyn.assocs = *dyn_assocs(c, t);
	return ty;
}

static uint32_t
number_of(Writer *w, TypeId t)
{
	if (t >= w->c->types.at.len || t == TY_ERROR)
		bug("type %u in a program without errors", t);
	if (!w->number[t]) {
		TastTy parts = whole(w->c, t);

		types_renumber(w->c->arena, &parts, number_part, w);
		vec_push(w->c->arena, &w->order, t);
		w->number[t] = w->order.len;
	}
	return w->number[t] - 1;
}

/* ---- Renumbering of nodes ---- */

static void
renumber_id(Writer *w, uint32_t record, uint32_t *id)
{
	if (*id == IR_NONE || *id & NEW)
		return;
	if (record == TAST_REC_TYPE)
		*id = number_of(w, *id) | NEW;
	else if (w->moved[record])
		*id = w->moved[record][*id] | NEW;
}

static void
unmark_id(Writer *w, uint32_t record, uint32_t *id)
{
	(void)w;
	(void)record;
	if (*id != IR_NONE)
		*id &= ~NEW;
}

typedef struct Renumber {
	Writer *w;
	void (*id)(Writer *w, uint32_t record, uint32_t *id);
} Renumber;

static bool
visit(void *ctx, const IrType *type, void *node)
{
	Renumber *r = ctx;
	const IrCtor *ctor = ir_ctor(type, node);

	for (uint32_t i = 0; i < ctor->nfields; i++) {
		const IrField *f = &ctor->fields[i];
		void *at = (char *)node + f->offset;

		if (f->type->kind != IR_ID || f->type->record == IR_NONE)
			continue;
		if (f->mode == IR_LIST)
			for (uint32_t k = 0; k < ((IrU32List *)at)->len; k++)
				r->id(r->w, f->type->record, &((IrU32List *)at)->at[k]);
		else
			r->id(r->w, f->type->record, at);
	}
	return true;
}

static void
renumber_all(Writer *w, void (*id)(Writer *w, uint32_t record, uint32_t *id))
{
	Check *c = w->c;
	Renumber r = {w, id};
	const IrType *adt = ir_type(&tast_schema, "adt"), *trait = ir_type(&tast_schema, "trait"),
	    *impl = ir_type(&tast_schema, "impl"), *fn = ir_type(&tast_schema, "fn");

	for (uint32_t i = 0; i < c->adts.len; i++)
		if (c->adt_info.at[i]->reached)
			ir_walk(adt, c->adts.at[i], visit, &r);
	for (uint32_t i = 0; i < c->traits.len; i++)
		if (c->trait_info.at[i]->reached)
			ir_walk(trait, c->traits.at[i], visit, &r);
	for (uint32_t i = 0; i < c->impls.len; i++)
		if (c->impls.at[i]->reached)
			ir_walk(impl, c->impls.at[i]->tast, visit, &r);
	for (uint32_t i = 0; i < c->fns.len; i++)
		if (c->fn_info.at[i]->named)
			ir_walk(fn, c->fns.at[i], visit, &r);
}

/* ---- Which records there are ---- */

/* A method that a reached trait or impl has, and nobody calls: its name only. */
static void
make_stubs(Writer *w)
{
	Check *c = w->c;

	for (uint32_t i = 0; i < c->fns.len; i++) {
		const TastFn *f = c->fns.at[i];

		if (!c->fn_info.at[i]->named || c->fn_info.at[i]->reached)
			continue;
		TastFn *stub = arena_new(c->arena, TastFn);
		*stub = (TastFn){.name = f->name, .path = f->path, .span = f->span, .ret = TY_UNIT,
		    .intrinsic = f->intrinsic, .is_std = f->is_std};
		c->fns.at[i] = stub;
	}
}

static void
number_records(Writer *w)
{
	Check *c = w->c;
	uint32_t n;

#define NUMBER(record, table, keep) \
	do { \
		w->moved[record] = arena_array(c->arena, uint32_t, (table).len + 1); \
		n = 0; \
		for (uint32_t i = 0; i < (table).len; i++) \
			w->moved[record][i] = (keep) ? n++ : 0; \
	} while (0)
	NUMBER(TAST_REC_ADT, c->adts, c->adt_info.at[i]->reached);
	NUMBER(TAST_REC_TRAIT, c->traits, c->trait_info.at[i]->reached);
	NUMBER(TAST_REC_FN, c->fns, c->fn_info.at[i]->named);
#undef NUMBER
}

/* ---- Types ---- */

/* Items that are written have moved; see above. */
static void
move_items(const Writer *w, TastTy *t)
{
	if (t->kind == TAST_TY_ADT)
		t->adt.adt = w->moved[TAST_REC_ADT][t->adt.adt];
	if (t->kind == TAST_TY_ASSOC)
		t->assoc.trait = w->moved[TAST_REC_TRAIT][t->assoc.trait];
	if (t->kind == TAST_TY_DYN)
		t->dyn.trait = w->moved[TAST_REC_TRAIT][t->dyn.trait];
}

static void
write_types(Writer *w, IrWriter *out)
{
	for (uint32_t i = 0; i < w->order.len; i++) {
		TastTy t = whole(w->c, w->order.at[i]);

		types_renumber(w->c->arena, &t, number_part, w);
		move_items(w, &t);
		tast_write_type(out, &(TastType){&t});
	}
}

/* ---- Sources ---- */

typedef struct Used {
	const Unit *unit;
	bool *file;		/* by index of the unit's sources */
} Used;

static void
use_source(Used *u, Span at)
{
	uint32_t lo = 0, hi = u->unit->files.len;

	while (hi - lo > 1) {
		uint32_t middle = lo + (hi - lo) / 2;
		if (u->unit->files.at[middle].source->base <= at.start)
			lo = middle;
		else
			hi = middle;
	}
	if (hi > lo && u->unit->files.at[lo].source->base <= at.start)
		u->file[lo] = true;
}

/* Of the library those files in which something is reached; an item is in one file. */
static bool *
used_sources(const Check *c, const Unit *std)
{
	Used u = {std, arena_array(c->arena, bool, std->files.len + 1)};

	for (uint32_t i = 0; i < c->adts.len; i++)
		if (c->adt_info.at[i]->reached)
			use_source(&u, c->adts.at[i]->span);
	for (uint32_t i = 0; i < c->traits.len; i++)
		if (c->trait_info.at[i]->reached)
			use_source(&u, c->traits.at[i]->span);
	for (uint32_t i = 0; i < c->impls.len; i++)
		if (c->impls.at[i]->reached)
			use_source(&u, c->impls.at[i]->tast->span);
	for (uint32_t i = 0; i < c->fns.len; i++)
		if (c->fn_info.at[i]->named)
			use_source(&u, c->fns.at[i]->span);
	return u.file;
}

static void
write_sources(const Unit *u, const bool *used, IrWriter *out)
{
	for (uint32_t i = 0; i < u->files.len; i++) {
		const AstSource *s = u->files.at[i].source;

		if (!used || used[i])
			tast_write_source(out, &(TastSource){s->path, s->base, s->text});
	}
}

/* ---- All of it ---- */

void
write_program(Check *c, const Unit *user, const Unit *std, IrWriter *out)
{
	Writer w = {.c = c, .number = arena_array(c->arena, uint32_t, c->types.at.len)};

	make_stubs(&w);
	number_records(&w);
	write_sources(user, NULL, out);
	write_sources(std, used_sources(c, std), out);
	renumber_all(&w, renumber_id);
	renumber_all(&w, unmark_id);
	write_types(&w, out);
	for (uint32_t i = 0; i < c->adts.len; i++)
		if (c->adt_info.at[i]->reached)
			tast_write_adt(out, &(TastAdtRecord){c->adts.at[i]});
	for (uint32_t i = 0; i < c->traits.len; i++)
		if (c->trait_info.at[i]->reached)
			tast_write_trait(out, &(TastTraitRecord){c->traits.at[i]});
	for (uint32_t i = 0; i < c->impls.len; i++)
		if (c->impls.at[i]->reached)
			tast_write_impl(out, &(TastImplRecord){c->impls.at[i]->tast});
	for (uint32_t i = 0; i < c->fns.len; i++)
		if (c->fn_info.at[i]->named)
			tast_write_fn(out, &(TastFnRecord){c->fns.at[i]});
	for (uint32_t i = 0; i < c->libraries.len; i++)
		tast_write_library(out, &(TastLibrary){c->libraries.at[i]});
	if (c->entry != IR_NONE)
		tast_write_entry(out, &(TastEntry){w.moved[TAST_REC_FN][c->entry]});
}
