/*
 * Which types can hold a value of their own type behind boxes and vectors: dropping those must not
 * recurse.  They are the nontrivial components of the graph of all parts, boxed or not.
 */
#include "gos-lower/passes.h"

#include "lib/fatal.h"

typedef struct Search {
	Lower *lo;
	uint32_t *number;	/* order of first visit, from 1; 0: not visited */
	uint32_t *low;
	bool *on_stack;
	VEC(MirTypeId) stack;
	uint32_t visits;
} Search;

static void visit(Search *s, MirTypeId t);

static void
visit_part(Search *s, MirTypeId from, MirTypeId t)
{
	if (t == from)
		s->lo->mir_types.at[t].mir->recursive = true;
	if (!s->number[t])
		visit(s, t);
	if (s->on_stack[t] && s->low[t] < s->low[from])
		s->low[from] = s->low[t];
}

static void
visit_fields(Search *s, MirTypeId from, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		visit_part(s, from, fields->at[i]->type);
}

static void
visit_parts(Search *s, MirTypeId t)
{
	const MirRepr *r = mir_type_at(s->lo, t)->repr;

	switch (r->kind) {
	case MIR_REPR_INT: case MIR_REPR_FLOAT: case MIR_REPR_BOOL: case MIR_REPR_CHAR:
	case MIR_REPR_UNIT: case MIR_REPR_NEVER: case MIR_REPR_STRING: case MIR_REPR_REF:
	case MIR_REPR_RAW: case MIR_REPR_CLOSURE: case MIR_REPR_HANDLE: case MIR_REPR_OPAQUE:
		break;
	case MIR_REPR_DYN:	/* what it holds may be any of these */
		for (uint32_t i = 0; i < s->lo->dyn_cells.len; i++)
			visit_part(s, t, s->lo->dyn_cells.at[i]);
		break;
	case MIR_REPR_BOX: visit_part(s, t, r->box.payload); break;
	case MIR_REPR_VEC: visit_part(s, t, r->vec.elem); break;
	case MIR_REPR_ARRAY: visit_part(s, t, r->array.elem); break;
	case MIR_REPR_STRUCT: visit_fields(s, t, &r->struct_.fields); break;
	case MIR_REPR_ENUM:
		for (uint32_t i = 0; i < r->enum_.variants.len; i++)
			visit_fields(s, t, &r->enum_.variants.at[i]->fields);
		break;
	}
}

static void
visit(Search *s, MirTypeId t)
{
	s->number[t] = s->low[t] = ++s->visits;
	s->on_stack[t] = true;
	vec_push(s->lo->arena, &s->stack, t);
	visit_parts(s, t);
	if (s->low[t] != s->number[t])
		return;
	bool several = vec_last(&s->stack) != t;
	MirTypeId at;
	do {
		at = vec_pop(&s->stack);
		s->on_stack[at] = false;
		if (several)
			s->lo->mir_types.at[at].mir->recursive = true;
	} while (at != t);
}

void
layout_finish(Lower *lo)
{
	uint32_t n = lo->mir_types.len;
	Search s = {.lo = lo, .number = arena_array(lo->arena, uint32_t, n),
	    .low = arena_array(lo->arena, uint32_t, n), .on_stack = arena_array(lo->arena, bool, n)};

	for (MirTypeId t = 0; t < n; t++)
		if (!s.number[t])
			visit(&s, t);
}
