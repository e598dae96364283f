/* Walking typed trees, and what a value stands for.  See flow_graph.h. */
#include "gos-check/flow_graph.h"

typedef struct Visitor {
	ExprVisit *visit;
	void *ctx;
} Visitor;

static void
visit_one(const Visitor *v, const TastExpr *e)
{
	if (e)
		v->visit(v->ctx, e);
}

static void
visit_list(const Visitor *v, const TastExprList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		visit_one(v, l->at[i]);
}

static void
visit_stmts(const Visitor *v, const TastStmtList *l)
{
	for (uint32_t i = 0; i < l->len; i++) {
		const TastStmt *s = l->at[i];
		switch (s->kind) {
		case TAST_STMT_LET:
			visit_one(v, s->let.value);
			visit_one(v, s->let.otherwise);
			break;
		case TAST_STMT_EXPR:
			visit_one(v, s->expr.expr);
			break;
		case TAST_STMT_DEFER:
			visit_one(v, s->defer.body);
			break;
		}
	}
}

static void
visit_arms(const Visitor *v, const TastArmList *l)
{
	for (uint32_t i = 0; i < l->len; i++) {
		visit_one(v, l->at[i]->guard);
		visit_one(v, l->at[i]->body);
	}
}

static void
visit_fields(const Visitor *v, const TastFieldValueList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		visit_one(v, l->at[i]->value);
}

void
expr_each_child(const TastExpr *e, ExprVisit *visit, void *ctx)
{
	const Visitor both = {visit, ctx}, *v = &both;

	switch (e->kind) {
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE:
	case TAST_EXPR_LOCAL: case TAST_EXPR_FN:
	case TAST_EXPR_CONTINUE:
		break;
	case TAST_EXPR_TUPLE:
		visit_list(v, &e->tuple.elems);
		break;
	case TAST_EXPR_ARRAY:
		visit_list(v, &e->array.elems);
		break;
	case TAST_EXPR_REPEAT:
		visit_one(v, e->repeat.value);
		visit_one(v, e->repeat.count);
		break;
	case TAST_EXPR_STRUCT:
		visit_fields(v, &e->struct_.fields);
		visit_one(v, e->struct_.base);
		break;
	case TAST_EXPR_FIELD:
		visit_one(v, e->field.operand);
		break;
	case TAST_EXPR_INDEX:
		visit_one(v, e->index.operand);
		visit_one(v, e->index.index);
		break;
	case TAST_EXPR_SLICE:
		visit_one(v, e->slice.operand);
		visit_one(v, e->slice.range);
		break;
	case TAST_EXPR_DEREF:
		visit_one(v, e->deref.operand);
		break;
	case TAST_EXPR_REF_MUT:
		visit_one(v, e->ref_mut.place);
		break;
	case TAST_EXPR_UNARY:
		visit_one(v, e->unary.operand);
		break;
	case TAST_EXPR_BINARY:
		visit_one(v, e->binary.left);
		visit_one(v, e->binary.right);
		break;
	case TAST_EXPR_CAST:
		visit_one(v, e->cast.operand);
		break;
	case TAST_EXPR_ADDR_OF:
		visit_one(v, e->addr_of.place);
		break;
	case TAST_EXPR_DYN:
		visit_one(v, e->dyn.operand);
		break;
	case TAST_EXPR_ASSIGN:
		visit_one(v, e->assign.value);
		visit_one(v, e->assign.place);
		break;
	case TAST_EXPR_ASSIGN_OP:
		visit_one(v, e->assign_op.value);
		visit_one(v, e->assign_op.place);
		break;
	case TAST_EXPR_ASSIGN_PAR:
		visit_list(v, &e->assign_par.values);
		visit_list(v, &e->assign_par.places);
		break;
	case TAST_EXPR_CALL:
		visit_list(v, &e->call.args);
		break;
	case TAST_EXPR_CALL_VALUE:
		visit_one(v, e->call_value.callee);
		visit_list(v, &e->call_value.args);
		break;
	case TAST_EXPR_BLOCK:
		visit_stmts(v, &e->block.stmts);
		visit_one(v, e->block.value);
		break;
	case TAST_EXPR_IF:
		visit_one(v, e->if_.cond);
		visit_one(v, e->if_.then);
		visit_one(v, e->if_.otherwise);
		break;
	case TAST_EXPR_LET:
		visit_one(v, e->let.value);
		break;
	case TAST_EXPR_MATCH:
		visit_one(v, e->match.value);
		visit_arms(v, &e->match.arms);
		break;
	case TAST_EXPR_LOOP:
		visit_one(v, e->loop.body);
		break;
	case TAST_EXPR_WHILE:
		visit_one(v, e->while_.cond);
		visit_one(v, e->while_.body);
		break;
	case TAST_EXPR_FOR:
		visit_one(v, e->for_.iter);
		visit_one(v, e->for_.body);
		break;
	case TAST_EXPR_BREAK:
		visit_one(v, e->break_.value);
		break;
	case TAST_EXPR_RETURN:
		visit_one(v, e->return_.value);
		break;
	case TAST_EXPR_TRY:
		visit_one(v, e->try.operand);
		break;
	case TAST_EXPR_CLOSURE:
		visit_one(v, e->closure.body);
		break;
	case TAST_EXPR_ARENA:
		visit_one(v, e->arena.body);
		break;
	case TAST_EXPR_FORMAT:
		visit_one(v, e->format.target);
		visit_list(v, &e->format.args);
		break;
	}
}

static void
bindings_of_list(const TastPatList *l, PatVisit *visit, void *ctx)
{
	for (uint32_t i = 0; i < l->len; i++)
		pat_each_binding(l->at[i], visit, ctx);
}

void
pat_each_binding(const TastPat *p, PatVisit *visit, void *ctx)
{
	switch (p->kind) {
	case TAST_PAT_WILD: case TAST_PAT_INT: case TAST_PAT_FLOAT: case TAST_PAT_BOOL:
	case TAST_PAT_STR: case TAST_PAT_RANGE:
		break;
	case TAST_PAT_BIND:
		visit(ctx, p);
		if (p->bind.sub)
			pat_each_binding(p->bind.sub, visit, ctx);
		break;
	case TAST_PAT_TUPLE:
		bindings_of_list(&p->tuple.elems, visit, ctx);
		break;
	case TAST_PAT_VARIANT:
		for (uint32_t i = 0; i < p->variant.fields.len; i++)
			pat_each_binding(p->variant.fields.at[i]->pat, visit, ctx);
		break;
	case TAST_PAT_SLICE:
		bindings_of_list(&p->slice.before, visit, ctx);
		if (p->slice.rest)
			pat_each_binding(p->slice.rest, visit, ctx);
		bindings_of_list(&p->slice.after, visit, ctx);
		break;
	case TAST_PAT_OR:
		/* All alternatives bind the same locals. */
		if (p->or.alts.len)
			pat_each_binding(p->or.alts.at[0], visit, ctx);
		break;
	}
}

/* ---- what a value stands for ---- */

typedef struct LoanSearch {
	const Check *c;
	const TastFn *fn;
	Arena *arena;
	LoanVisit *found;
	ExprVisit *temporary;	/* or NULL */
	void *ctx;
} LoanSearch;

static void search(const LoanSearch *s, const TastExpr *e);

static bool
holds_ref(const LoanSearch *s, const TastExpr *e)
{
	return types_flags(s->c, e->type) & TYPE_HAS_REF || types_is(s->c, e->type, TAST_TY_FN);
}

static void
search_list(const LoanSearch *s, const TastExprList *l)
{
	for (uint32_t i = 0; i < l->len; i++)
		search(s, l->at[i]);
}

/* A local that is a `&mut` stands for the place behind it; other holders stand for themselves. */
static void
found_local(const LoanSearch *s, TastLocalId local)
{
	Place p = place_local(local);

	if (types_is(s->c, s->fn->locals.at[local]->type, TAST_TY_REF_MUT))
		p = place_push(s->arena, p, PROJ_DEREF, 0);
	s->found(s->ctx, &p);
}

static void
search_place(const LoanSearch *s, const TastExpr *e)
{
	Place p = place_of(s->arena, e);

	if (p.root != IR_NONE) {
		s->found(s->ctx, &p);
		return;
	}
	while (place_operand(e))
		e = place_operand(e);
	if (s->temporary && !holds_ref(s, e))
		s->temporary(s->ctx, e);
	search(s, e);
}

static void
search_closure(const LoanSearch *s, const TastExpr *e)
{
	for (uint32_t i = 0; i < e->closure.captures.len; i++) {
		TastLocalId local = e->closure.captures.at[i];
		if (types_flags(s->c, s->fn->locals.at[local]->type) & TYPE_HAS_REF)
			found_local(s, local);
	}
}

static void
search(const LoanSearch *s, const TastExpr *e)
{
	if (!e || !holds_ref(s, e))
		return;
	switch (e->kind) {
	case TAST_EXPR_REF_MUT:
		search_place(s, e->ref_mut.place);
		break;
	case TAST_EXPR_LOCAL:
		if (types_flags(s->c, e->type) & TYPE_HAS_REF)
			found_local(s, e->local.local);
		break;
	case TAST_EXPR_FIELD: case TAST_EXPR_INDEX: case TAST_EXPR_SLICE: case TAST_EXPR_DEREF:
		search_place(s, e);
		break;
	case TAST_EXPR_CLOSURE:
		search_closure(s, e);
		break;
	case TAST_EXPR_IF:
		search(s, e->if_.then);
		search(s, e->if_.otherwise);
		break;
	case TAST_EXPR_BLOCK:
		search(s, e->block.value);
		break;
	case TAST_EXPR_MATCH:
		for (uint32_t i = 0; i < e->match.arms.len; i++)
			search(s, e->match.arms.at[i]->body);
		break;
	case TAST_EXPR_CALL:
		search_list(s, &e->call.args);
		break;
	case TAST_EXPR_CALL_VALUE:
		search_list(s, &e->call_value.args);
		break;
	case TAST_EXPR_TUPLE:
		search_list(s, &e->tuple.elems);
		break;
	case TAST_EXPR_ARRAY:
		search_list(s, &e->array.elems);
		break;
	case TAST_EXPR_STRUCT:
		for (uint32_t i = 0; i < e->struct_.fields.len; i++)
			search(s, e->struct_.fields.at[i]->value);
		break;
	case TAST_EXPR_TRY:
		search(s, e->try.operand);
		break;
	case TAST_EXPR_ADDR_OF:
		search(s, e->addr_of.place);
		break;
	case TAST_EXPR_DYN:
		search(s, e->dyn.operand);
		break;
	case TAST_EXPR_ARENA:
		search(s, e->arena.body);
		break;
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE:
	case TAST_EXPR_FN: case TAST_EXPR_REPEAT:
	case TAST_EXPR_UNARY: case TAST_EXPR_BINARY: case TAST_EXPR_CAST: case TAST_EXPR_ASSIGN:
	case TAST_EXPR_ASSIGN_OP: case TAST_EXPR_ASSIGN_PAR: case TAST_EXPR_LET: case TAST_EXPR_LOOP:
	case TAST_EXPR_WHILE: case TAST_EXPR_FOR: case TAST_EXPR_BREAK: case TAST_EXPR_CONTINUE:
	case TAST_EXPR_RETURN: case TAST_EXPR_FORMAT:
		break;
	}
}

void
loans_of(const Check *c, const TastFn *fn, Arena *a, const TastExpr *e, LoanVisit *found, void *ctx)
{
	const LoanSearch s = {c, fn, a, found, NULL, ctx};

	search(&s, e);
}

void
loans_and_temporaries_of(const Check *c, const TastFn *fn, Arena *a, const TastExpr *e, LoanVisit *found,
    ExprVisit *temporary, void *ctx)
{
	const LoanSearch s = {c, fn, a, found, temporary, ctx};

	search(&s, e);
}
