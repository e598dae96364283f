/*
 * What can be noticed of the end of values.
 *
 * A type with `impl Drop` is a resource: its values are Boxes that copies share, and its Drop runs when the
 * last reference goes.  Whatever holds one runs code too when it ends, and so do closures and `dyn`, which
 * may hold anything, in a program that has such a type.
 */
#include "gos-lower/lower.h"
#include "gos-lower/passes.h"

#include "lib/fatal.h"

struct Ending {
	Map has_drop;		/* Ty -> bool */
	Map notice;		/* MirTypeId -> Notice, for types that were asked about */
	bool asked, closures_run;
	TastAdtId rc_cell, weak_link;	/* of std; IR_NONE in a program without Rcs */
};

void
ending_init(Lower *lo)
{
	lo->ending = arena_new(lo->arena, struct Ending);
	lo->ending->rc_cell = lang_adt(lo, "RcCell");
	lo->ending->weak_link = lang_adt(lo, "WeakLink");
}

bool
ty_has_drop(Lower *lo, Ty t)
{
	struct Ending *e = lo->ending;
	uint32_t *known = map_find(&e->has_drop, t);

	if (known)
		return *known;
	bool has = ty_at(lo, t)->kind == TAST_TY_ADT && has_explicit_impl(lo, "Drop", t);
	map_set(lo->arena, &e->has_drop, t, has);
	return has;
}

MirFnId
ty_drop_fn(Lower *lo, Ty t)
{
	Resolved r = resolve_lang(lo, "Drop", "drop", t);

	return resolved_fn(lo, &r);
}

/* Is there a Drop of the program's own? */
static bool
closures_run(Lower *lo)
{
	struct Ending *e = lo->ending;

	if (e->asked)
		return e->closures_run;
	e->asked = true;
	for (uint32_t i = 0; i < lo->impls.len; i++)
		if (sym_is(lo, lo->traits.at[lo->impls.at[i]->trait]->lang, "Drop"))
			e->closures_run = true;
	return e->closures_run;
}

static bool
is_adt(const Lower *lo, MirTypeId t, TastAdtId adt)
{
	Ty ty = mir_type_info(lo, t)->ty;

	return adt != IR_NONE && ty != IR_NONE && ty_at(lo, ty)->kind == TAST_TY_ADT && ty_at(lo, ty)->adt.adt == adt;
}

/* Can the program ask how many references there are?  Of Rcs and Weaks. */
static bool
is_counted_by_name(const Lower *lo, MirTypeId t)
{
	const TypeInfo *info = mir_type_info(lo, t);

	if (info->cell)
		return is_adt(lo, info->mir->repr->box.payload, lo->ending->rc_cell);
	return is_adt(lo, t, lo->ending->weak_link);
}

/* Of the type alone, whatever it holds. */
static Notice
own_notice(Lower *lo, MirTypeId t)
{
	const TypeInfo *info = mir_type_info(lo, t);

	if (info->resource || info->drop != IR_NONE)
		return RUNS;
	MirReprKind kind = info->mir->repr->kind;
	bool holds_any = kind == MIR_REPR_CLOSURE || kind == MIR_REPR_DYN;
	if (holds_any && closures_run(lo))
		return RUNS;
	return is_counted_by_name(lo, t) || (holds_any && lo->ending->rc_cell != IR_NONE) ? NOTICED : UNNOTICED;
}

/* ---- Everything that a type holds ---- */

typedef struct Search {
	Lower *lo;
	uint8_t *seen;
	VEC(MirTypeId) work;
	Notice found;
} Search;

static void
add_part(Search *s, MirTypeId t)
{
	if (s->seen[t])
		return;
	s->seen[t] = 1;
	vec_push(s->lo->arena, &s->work, t);
}

static void
add_fields(Search *s, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		add_part(s, fields->at[i]->type);
}

static void
look_into(Search *s, MirTypeId t)
{
	const MirRepr *r = mir_type_at(s->lo, t)->repr;
	Notice own = own_notice(s->lo, t);

	if (own > s->found)
		s->found = own;
	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR:
	case MIR_REPR_UNIT: case MIR_REPR_NEVER: case MIR_REPR_STRING: case MIR_REPR_RAW:
	case MIR_REPR_REF: case MIR_REPR_OPAQUE: case MIR_REPR_CLOSURE: case MIR_REPR_DYN:
		break;
	case MIR_REPR_HANDLE:
		if (mir_type_info(s->lo, t)->held != IR_NONE)
			add_part(s, mir_type_info(s->lo, t)->held);
		break;
	case MIR_REPR_BOX: add_part(s, r->box.payload); break;
	case MIR_REPR_VEC: add_part(s, r->vec.elem); break;
	case MIR_REPR_ARRAY: add_part(s, r->array.elem); break;
	case MIR_REPR_STRUCT: add_fields(s, &r->struct_.fields); break;
	case MIR_REPR_ENUM:
		for (uint32_t v = 0; v < r->enum_.variants.len; v++)
			add_fields(s, &r->enum_.variants.at[v]->fields);
		break;
	}
}

Notice
mir_type_notice(Lower *lo, MirTypeId t)
{
	uint32_t *known = map_find(&lo->ending->notice, t);

	if (known)
		return (Notice)*known;
	if (!mir_type_is_counted(lo, t))
		return UNNOTICED;
	ArenaMark mark = arena_mark(lo->arena);
	Search s = {.lo = lo, .seen = arena_array(lo->arena, uint8_t, lo->mir_types.len)};
	add_part(&s, t);
	while (s.work.len > 0 && s.found != RUNS)
		look_into(&s, vec_pop(&s.work));
	arena_reset(lo->arena, mark);
	map_set(lo->arena, &lo->ending->notice, t, s.found);
	return s.found;
}

/* ---- Records ---- */

void
endings_find(Lower *lo, MirEndList *ends)
{
	for (MirTypeId t = 0; t < lo->mir_types.len; t++) {
		const TypeInfo *info = mir_type_info(lo, t);
		Notice notice = info->drop != IR_NONE ? RUNS : mir_type_notice(lo, t);
		bool linked = is_adt(lo, t, lo->ending->rc_cell);
		if (notice == UNNOTICED && !linked)
			continue;
		if (linked && info->mir->repr->struct_.fields.at[0]->offset != 0)
			lower_broken(lo, "the cell of an Rc does not begin with its link");
		MirEnd *e = arena_new(lo->arena, MirEnd);
		*e = (MirEnd){t, notice == RUNS ? MIR_ENDING_RUNS : MIR_ENDING_SEEN, info->drop, linked, false};
		vec_push(lo->arena, ends, e);
	}
}
