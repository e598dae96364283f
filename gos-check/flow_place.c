/* Places.  See flow_place.h. */
#include "gos-check/flow_place.h"

#include <string.h>

const TastExpr *
place_operand(const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_FIELD:
		return e->field.operand;
	case TAST_EXPR_INDEX:
		return e->index.operand;
	case TAST_EXPR_SLICE:
		return e->slice.operand;
	case TAST_EXPR_DEREF:
		return e->deref.operand;
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE:
	case TAST_EXPR_LOCAL: case TAST_EXPR_FN:
	case TAST_EXPR_TUPLE: case TAST_EXPR_ARRAY: case TAST_EXPR_REPEAT: case TAST_EXPR_STRUCT:
	case TAST_EXPR_REF_MUT: case TAST_EXPR_UNARY: case TAST_EXPR_BINARY: case TAST_EXPR_CAST:
	case TAST_EXPR_ASSIGN: case TAST_EXPR_ASSIGN_OP: case TAST_EXPR_ASSIGN_PAR:
	case TAST_EXPR_CALL: case TAST_EXPR_CALL_VALUE: case TAST_EXPR_BLOCK: case TAST_EXPR_IF:
	case TAST_EXPR_LET: case TAST_EXPR_MATCH: case TAST_EXPR_LOOP: case TAST_EXPR_WHILE:
	case TAST_EXPR_FOR: case TAST_EXPR_BREAK: case TAST_EXPR_CONTINUE: case TAST_EXPR_RETURN:
	case TAST_EXPR_TRY: case TAST_EXPR_CLOSURE: case TAST_EXPR_FORMAT: case TAST_EXPR_DYN:
	case TAST_EXPR_ARENA:
	case TAST_EXPR_ADDR_OF:
		return NULL;
	}
	return NULL;
}

bool
flow_is_place(const TastExpr *e)
{
	return e->kind == TAST_EXPR_LOCAL || place_operand(e);
}

Place
place_local(TastLocalId local)
{
	return (Place){.root = local};
}

Place
place_push(Arena *a, Place p, ProjKind kind, uint32_t field)
{
	Proj *at = arena_array(a, Proj, p.n + 1);

	if (p.n)
		memcpy(at, p.at, p.n * sizeof *at);
	at[p.n] = (Proj){kind, field};
	return (Place){p.root, p.n + 1, at, NULL};
}

static Proj
proj_of(const TastExpr *e)
{
	if (e->kind == TAST_EXPR_FIELD)
		return (Proj){PROJ_FIELD, e->field.index};
	if (e->kind == TAST_EXPR_SLICE && e->slice.half)
		return (Proj){PROJ_INDEX, UINT32_MAX << PROJ_ELEMENT_BITS | e->slice.half};
	return (Proj){e->kind == TAST_EXPR_DEREF ? PROJ_DEREF : PROJ_INDEX, 0};
}

Place
place_of(Arena *a, const TastExpr *e)
{
	uint32_t n = 0;
	const TastExpr *at = e;

	for (const TastExpr *o; (o = place_operand(at)); at = o)
		n++;
	if (at->kind != TAST_EXPR_LOCAL)
		return (Place){.root = IR_NONE};
	Place p = {at->local.local, n, arena_array(a, Proj, n + 1), e->kind == TAST_EXPR_SLICE ? e : NULL};
	for (at = e; n; at = place_operand(at))
		p.at[--n] = proj_of(at);
	return p;
}

bool
place_overlaps(const Place *p, const Place *q)
{
	if (p->root != q->root || p->root == IR_NONE)
		return false;
	for (uint32_t i = 0; i < p->n && i < q->n; i++) {
		if (p->at[i].kind != q->at[i].kind)
			return true;
		if (p->at[i].kind == PROJ_FIELD && p->at[i].field != q->at[i].field)
			return false;
		if (p->at[i].kind == PROJ_INDEX && p->at[i].field != q->at[i].field
		    && p->at[i].field >> PROJ_ELEMENT_BITS == q->at[i].field >> PROJ_ELEMENT_BITS)
			return false;
	}
	return true;
}

bool
place_contains(const Place *p, const Place *q)
{
	return p->n <= q->n && place_overlaps(p, q);
}

bool
place_is_behind_ref(const Place *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->at[i].kind == PROJ_DEREF)
			return true;
	return false;
}
