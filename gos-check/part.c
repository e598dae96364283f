/*
 * Which expressions stand for a part of a sequence, or for an array lent as one: the types do not tell `[T]` from a
 * Vec.  A variable does when it is declared as `&mut [T]`, or when what it is bound to does; a call by its signature,
 * or, where that is generic, when an argument does.
 */
#include "gos-check/expr.h"

#include "gos-check/flow.h"

/* ---- Variables ---- */

static void
note(Fx *fx, uint32_t local, TypeId part)
{
	map_set(fx->c->arena, &fx->parts, local, part);
}

void
part_note(Fx *fx, uint32_t local)
{
	note(fx, local, types_strip_ref(fx->c, infer_shallow(fx->c, fx->fn->locals.at[local]->type)));
}

static void note_bindings(Fx *fx, const TastPat *p, TypeId part);

static void
note_list(Fx *fx, const TastPatList *l, TypeId part)
{
	for (uint32_t i = 0; i < l->len; i++)
		note_bindings(fx, l->at[i], part);
}

/* The variables of the pattern that hold a `&mut` to a sequence of the part's type. */
static void
note_bindings(Fx *fx, const TastPat *p, TypeId part)
{
	switch (p->kind) {
	case TAST_PAT_BIND:
		if (types_may_hold_ref(fx->c, infer_deep(fx->c, fx->fn->locals.at[p->bind.local]->type), part))
			note(fx, p->bind.local, part);
		if (p->bind.sub)
			note_bindings(fx, p->bind.sub, part);
		return;
	case TAST_PAT_TUPLE:
		note_list(fx, &p->tuple.elems, part);
		return;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			note_bindings(fx, p->variant.fields.at[i]->pat, part);
		return;
	case TAST_PAT_OR:
		note_list(fx, &p->or.alts, part);
		return;
	case TAST_PAT_WILD: case TAST_PAT_INT: case TAST_PAT_FLOAT: case TAST_PAT_BOOL: case TAST_PAT_STR:
	case TAST_PAT_RANGE: case TAST_PAT_SLICE:
		return;
	}
}

void
part_bind(Fx *fx, const TastPat *p, const TastExpr *value)
{
	TypeId part;

	if (value && value->kind == TAST_EXPR_TUPLE && p->kind == TAST_PAT_TUPLE) {
		for (uint32_t i = 0; i < p->tuple.elems.len && i < value->tuple.elems.len; i++)
			part_bind(fx, p->tuple.elems.at[i], value->tuple.elems.at[i]);
		return;
	}
	part = value ? part_in(fx, value) : IR_NONE;
	if (part != IR_NONE)
		note_bindings(fx, p, part);
}

/* ---- Calls ---- */

bool
part_is_spelled(const AstType *t)
{
	return t->kind == AST_TYPE_REF && t->ref.mut && t->ref.inner->kind == AST_TYPE_SLICE;
}

bool
part_whole_is_spelled(const AstType *t)
{
	return t->kind == AST_TYPE_REF && t->ref.mut && t->ref.inner->kind == AST_TYPE_PATH;
}

const AstType *
part_find_spelled(const AstType *t, bool is(const AstType *))
{
	const AstType *found = NULL;

	if (is(t))
		return t;
	if (t->kind == AST_TYPE_TUPLE) {
		for (uint32_t i = 0; i < t->tuple.elems.len && !found; i++)
			found = part_find_spelled(t->tuple.elems.at[i], is);
	} else if (t->kind == AST_TYPE_PATH && t->path.path->segments.len) {
		const AstGenericArgList *args = &t->path.path->segments.at[t->path.path->segments.len - 1]->args;

		for (uint32_t i = 0; i < args->len && !found; i++)
			if (args->at[i]->kind == AST_GENERIC_ARG_TYPE)
				found = part_find_spelled(args->at[i]->type.type, is);
	}
	return found;
}

/* The sequence that a value of the type has a `&mut` to. */
static TypeId
target_in(const Check *c, TypeId t)
{
	const TastTy *ty = types_get(c, t);
	const IrU32List *parts = ty->kind == TAST_TY_ADT ? &ty->adt.args :
	    ty->kind == TAST_TY_TUPLE ? &ty->tuple.elems : NULL;
	TypeId found = IR_NONE;

	if (ty->kind == TAST_TY_REF_MUT)
		return ty->ref_mut.target;
	for (uint32_t i = 0; parts && i < parts->len && found == IR_NONE; i++)
		found = target_in(c, parts->at[i]);
	return found;
}

static bool
has_ref(Fx *fx, const TastExpr *e)
{
	return types_flags(fx->c, infer_deep(fx->c, e->type)) & TYPE_HAS_REF;
}

static TypeId
part_in_any(Fx *fx, const TastExprList *l)
{
	TypeId part = IR_NONE;

	for (uint32_t i = 0; i < l->len && part == IR_NONE; i++)
		if (has_ref(fx, l->at[i]))
			part = part_in(fx, l->at[i]);
	return part;
}

static TypeId
part_of_call(Fx *fx, const TastExpr *e)
{
	const TastFnRef *ref = e->call.fn;
	TastFnId f = ref->kind == TAST_FN_REF_ITEM ? ref->item.fn :
	    fx->c->traits.at[ref->method.trait]->methods.at[ref->method.method];
	const AstType *ret = fx->c->fn_info.at[f]->ast->ret;

	if (ret && part_find_spelled(ret, part_is_spelled))
		return target_in(fx->c, infer_deep(fx->c, e->type));
	if (types_flags(fx->c, fx->c->fns.at[f]->ret) & TYPE_HAS_REF)
		return IR_NONE;
	return part_in_any(fx, &e->call.args);
}

/* ---- Expressions ---- */

typedef struct Breaks {
	Fx *fx;
	uint32_t label;
	TypeId part;
} Breaks;

static void
visit_breaks(void *ctx, const TastExpr *e)
{
	Breaks *b = ctx;

	if (e->kind == TAST_EXPR_BREAK && e->break_.label == b->label && e->break_.value && b->part == IR_NONE)
		b->part = part_in(b->fx, e->break_.value);
	if (e->kind != TAST_EXPR_CLOSURE)
		expr_each_child(e, visit_breaks, b);
}

static TypeId
part_of_breaks(Fx *fx, uint32_t label, const TastExpr *e)
{
	Breaks b = {fx, label, IR_NONE};

	if (label != IR_NONE)
		expr_each_child(e, visit_breaks, &b);
	return b.part;
}

static TypeId
part_of_arms(Fx *fx, const TastArmList *arms)
{
	TypeId part = IR_NONE;

	for (uint32_t i = 0; i < arms->len && part == IR_NONE; i++)
		part = part_in(fx, arms->at[i]->body);
	return part;
}

static TypeId
part_of_fields(Fx *fx, const TastFieldValueList *l)
{
	TypeId part = IR_NONE;

	for (uint32_t i = 0; i < l->len && part == IR_NONE; i++)
		part = part_in(fx, l->at[i]->value);
	return part;
}

static TypeId
part_of_if(Fx *fx, const TastExpr *e)
{
	TypeId part = part_in(fx, e->if_.then);

	return part == IR_NONE && e->if_.otherwise ? part_in(fx, e->if_.otherwise) : part;
}

static TypeId
part_of_block(Fx *fx, const TastExpr *e)
{
	TypeId part = e->block.value ? part_in(fx, e->block.value) : IR_NONE;

	return part == IR_NONE ? part_of_breaks(fx, e->block.label, e) : part;
}

/* Before the question whether the type of `e` can hold it. */
static TypeId
look(Fx *fx, const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_LOCAL:
		return map_get(&fx->parts, e->local.local, IR_NONE);
	case TAST_EXPR_SLICE:
		return infer_shallow(fx->c, e->type) == TY_STRING ? IR_NONE : e->type;
	case TAST_EXPR_DEREF:
		return part_in(fx, e->deref.operand);
	case TAST_EXPR_REF_MUT:
		return part_in(fx, e->ref_mut.place);
	case TAST_EXPR_FIELD:
		return part_in(fx, e->field.operand);
	case TAST_EXPR_TRY:
		return part_in(fx, e->try.operand);
	case TAST_EXPR_TUPLE:
		return part_in_any(fx, &e->tuple.elems);
	case TAST_EXPR_STRUCT:
		return part_of_fields(fx, &e->struct_.fields);
	case TAST_EXPR_CALL:
		return part_of_call(fx, e);
	case TAST_EXPR_CALL_VALUE:
		return part_in_any(fx, &e->call_value.args);
	case TAST_EXPR_IF:
		return part_of_if(fx, e);
	case TAST_EXPR_MATCH:
		return part_of_arms(fx, &e->match.arms);
	case TAST_EXPR_BLOCK:
		return part_of_block(fx, e);
	case TAST_EXPR_LOOP:
		return part_of_breaks(fx, e->loop.label, e);
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR: case TAST_EXPR_STR:
	case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_FN: case TAST_EXPR_ARRAY: case TAST_EXPR_REPEAT:
	case TAST_EXPR_INDEX: case TAST_EXPR_ADDR_OF: case TAST_EXPR_CODE: case TAST_EXPR_UNARY: case TAST_EXPR_BINARY:
	case TAST_EXPR_CAST: case TAST_EXPR_ASSIGN: case TAST_EXPR_ASSIGN_OP: case TAST_EXPR_ASSIGN_PAR:
	case TAST_EXPR_LET: case TAST_EXPR_WHILE: case TAST_EXPR_FOR: case TAST_EXPR_BREAK: case TAST_EXPR_CONTINUE:
	case TAST_EXPR_RETURN: case TAST_EXPR_CLOSURE: case TAST_EXPR_DYN: case TAST_EXPR_ARENA: case TAST_EXPR_FORMAT:
		return IR_NONE;
	}
	return IR_NONE;
}

TypeId
part_in(Fx *fx, const TastExpr *e)
{
	TypeId t = infer_deep(fx->c, e->type), part;

	/* a value of type Vec is a copy; only these two are places */
	if (!(types_flags(fx->c, t) & TYPE_HAS_REF) && e->kind != TAST_EXPR_SLICE && e->kind != TAST_EXPR_DEREF)
		return IR_NONE;
	part = look(fx, e);
	if (part != IR_NONE)
		part = infer_deep(fx->c, part);
	return part == t || (part != IR_NONE && types_may_hold_ref(fx->c, t, part)) ? part : IR_NONE;
}

bool
part_is(Fx *fx, const TastExpr *e)
{
	TypeId part = part_in(fx, e);

	return part != IR_NONE && part == types_strip_ref(fx->c, infer_deep(fx->c, e->type));
}
