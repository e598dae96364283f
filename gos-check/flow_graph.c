/* Control flow: blocks, branches, loops, and code that is never reached.  See flow_graph.h. */
#include "gos-check/flow_build.h"
#include "gos-check/fix.h"
#include "gos-check/flow_lint.h"
#include "lib/fatal.h"

uint32_t
build_block(Build *b)
{
	vec_push(b->arena, &b->g->blocks, (GraphBlock){0});
	return b->g->blocks.len - 1;
}

static void
edge_from(Build *b, uint32_t from, uint32_t to)
{
	vec_push(b->arena, &b->g->blocks.at[from].succs, to);
	if (b->g->blocks.at[from].reached)
		b->g->blocks.at[to].reached = true;
}

void
build_edge(Build *b, uint32_t to)
{
	if (!b->dead)
		edge_from(b, b->cur, to);
}

void
build_enter(Build *b, uint32_t block)
{
	b->cur = block;
	b->dead = !b->g->blocks.at[block].reached;
	if (!b->dead)
		b->told = false;
}

void
build_diverge(Build *b, Span at)
{
	if (b->dead)
		return;
	b->left_at = at;
	b->cur = build_block(b);
	b->dead = true;
	b->told = false;
}

/* ---- unreachable code ---- */

static void
report_unreachable(Build *b, Span span)
{
	if (!b->dead || b->told || !span.len || b->f->failed)
		return;
	b->told = true;
	Diag *d = lint_fn(b->f->c, b->f->id, G0803, span);
	if (!d)
		return;
	diag_primary(d, "nothing gets here");
	if (b->left_at.len)
		diag_label(d, b->left_at, "every path leaves here");
	diag_help(d, "remove it, or put the exit under a condition");
	fix_remove_lines(b->f->c, d, span, "remove it");
}

static void
build_let(Build *b, const TastStmt *s)
{
	const TastPat *pat = s->let.pat;

	if (s->let.value) {
		emit_expr(b, s->let.value);
		if (s->let.otherwise && !b->dead) {
			uint32_t match = build_block(b), other = build_block(b);
			build_edge(b, match);
			build_edge(b, other);
			build_enter(b, other);
			emit_expr(b, s->let.otherwise);
			build_enter(b, match);
		}
		emit_pattern(b, pat, s->let.value);
	} else if (pat->kind == TAST_PAT_BIND) {
		b->f->declared_in[pat->bind.local] = b->f->graphs.len;
		emit_event(b, (Event){.kind = EVENT_DECLARE, .span = pat->span,
		    .place = place_local(pat->bind.local)});
	}
}

/* Deferred code runs some time later or not at all; what it names must have its value here. */
static void
build_defer(Build *b, const TastExpr *body)
{
	uint32_t run = build_block(b), after = build_block(b);

	build_edge(b, run);
	build_edge(b, after);
	build_enter(b, run);
	b->defers++;
	emit_expr(b, body);
	b->defers--;
	build_edge(b, after);
	build_enter(b, after);
}

static void
build_stmt(Build *b, const TastStmt *s)
{
	report_unreachable(b, s->span);
	switch (s->kind) {
	case TAST_STMT_LET:
		build_let(b, s);
		break;
	case TAST_STMT_EXPR:
		emit_expr(b, s->expr.expr);
		break;
	case TAST_STMT_DEFER:
		build_defer(b, s->defer.body);
		break;
	}
}

/* ---- blocks and branches ---- */

static void
build_block_expr(Build *b, const TastExpr *e)
{
	bool labelled = e->block.label != IR_NONE;
	uint32_t after = labelled ? build_block(b) : 0;

	if (labelled)
		vec_push(b->arena, &b->loops, (LoopScope){e->block.label, after, after});
	for (uint32_t i = 0; i < e->block.stmts.len; i++)
		build_stmt(b, e->block.stmts.at[i]);
	if (e->block.value) {
		report_unreachable(b, e->block.value->span);
		emit_expr(b, e->block.value);
	}
	if (labelled) {
		b->loops.len--;
		build_edge(b, after);
		build_enter(b, after);
	}
}

void
build_cond(Build *b, const TastExpr *e, uint32_t yes, uint32_t no)
{
	if (e->kind == TAST_EXPR_BINARY && e->binary.op == TAST_BINARY_OP_AND) {
		uint32_t mid = build_block(b);
		build_cond(b, e->binary.left, mid, no);
		build_enter(b, mid);
		build_cond(b, e->binary.right, yes, no);
		return;
	}
	if (e->kind == TAST_EXPR_LET) {
		uint32_t bind = build_block(b);
		emit_expr(b, e->let.value);
		build_edge(b, bind);
		build_edge(b, no);
		build_enter(b, bind);
		emit_pattern(b, e->let.pat, e->let.value);
		build_edge(b, yes);
		return;
	}
	emit_expr(b, e);
	build_edge(b, yes);
	build_edge(b, no);
}

static void
build_if(Build *b, const TastExpr *e)
{
	uint32_t yes = build_block(b), no = build_block(b), after = build_block(b);

	build_cond(b, e->if_.cond, yes, no);
	build_enter(b, yes);
	emit_expr(b, e->if_.then);
	build_edge(b, after);
	build_enter(b, no);
	if (e->if_.otherwise)
		emit_expr(b, e->if_.otherwise);
	build_edge(b, after);
	build_enter(b, after);
}

static void
build_match(Build *b, const TastExpr *e)
{
	uint32_t after = build_block(b);

	emit_expr(b, e->match.value);
	for (uint32_t i = 0; i < e->match.arms.len; i++) {
		const TastArm *arm = e->match.arms.at[i];
		uint32_t body = build_block(b), next = build_block(b);
		build_edge(b, body);
		build_edge(b, next);
		build_enter(b, body);
		emit_pattern(b, arm->pat, e->match.value);
		if (arm->guard) {
			uint32_t pass = build_block(b);
			build_cond(b, arm->guard, pass, next);
			build_enter(b, pass);
		}
		emit_expr(b, arm->body);
		build_edge(b, after);
		build_enter(b, next);
	}
	build_enter(b, after);
}

/* And, Or: the right side may be skipped.  An And may bind, so it is a condition. */
static void
build_short_circuit(Build *b, const TastExpr *e)
{
	uint32_t after = build_block(b);

	if (e->binary.op == TAST_BINARY_OP_AND) {
		build_cond(b, e, after, after);
	} else {
		uint32_t right = build_block(b);
		emit_expr(b, e->binary.left);
		build_edge(b, after);
		build_edge(b, right);
		build_enter(b, right);
		emit_expr(b, e->binary.right);
		build_edge(b, after);
	}
	build_enter(b, after);
}

/* ---- loops ---- */

static void
push_loop(Build *b, TastLabelId label, uint32_t break_to, uint32_t continue_to)
{
	vec_push(b->arena, &b->loops, (LoopScope){label, break_to, continue_to});
}

static void
build_loop(Build *b, const TastExpr *e)
{
	uint32_t head = build_block(b), after = build_block(b);

	build_edge(b, head);
	build_enter(b, head);
	push_loop(b, e->loop.label, after, head);
	emit_expr(b, e->loop.body);
	b->loops.len--;
	build_edge(b, head);
	bool ends = b->g->blocks.at[after].reached;
	build_enter(b, after);
	if (!ends)
		b->left_at = e->span;
}

static void
build_while(Build *b, const TastExpr *e)
{
	uint32_t head = build_block(b), body = build_block(b), after = build_block(b);

	build_edge(b, head);
	build_enter(b, head);
	build_cond(b, e->while_.cond, body, after);
	build_enter(b, body);
	push_loop(b, e->while_.label, after, head);
	emit_expr(b, e->while_.body);
	b->loops.len--;
	build_edge(b, head);
	build_enter(b, after);
}

/*
 * A `for` over places holds what its iterator stands for until it ends: a local without name,
 * in use at the head of each round.
 */
static void
build_for(Build *b, const TastExpr *e)
{
	uint32_t head = build_block(b), body = build_block(b), after = build_block(b);
	TastLocalId walker = b->g->n_locals++;
	bool by_ref = e->for_.how->kind == TAST_ITERATION_ELEMENTS && e->for_.how->elements.by_ref;

	emit_expr(b, e->for_.iter);
	emit_event(b, (Event){.kind = EVENT_BIND, .span = e->for_.iter->span,
	    .place = place_local(walker)});
	emit_hold(b, walker, e->for_.iter, e->for_.iter->span);
	if (by_ref && flow_is_place(e->for_.iter)) {
		Place p = place_of(b->arena, e->for_.iter);
		emit_event(b, (Event){.kind = EVENT_BORROW, .span = e->for_.iter->span, .place = p,
		    .expr = e->for_.iter});
		if (p.root != IR_NONE)
			emit_event(b, (Event){.kind = EVENT_HOLD, .span = e->for_.iter->span,
			    .place = p, .holder = walker});
	}
	build_edge(b, head);
	build_enter(b, head);
	emit_event(b, (Event){.kind = EVENT_USE, .span = e->for_.iter->span,
	    .place = place_local(walker)});
	build_edge(b, body);
	build_edge(b, after);
	build_enter(b, body);
	if (by_ref)
		emit_items(b, e->for_.pat, e->for_.iter);
	else
		emit_pattern(b, e->for_.pat, e->for_.iter);
	push_loop(b, e->for_.label, after, head);
	emit_expr(b, e->for_.body);
	b->loops.len--;
	build_edge(b, head);
	build_enter(b, after);
}

/* ---- ways out ---- */

static void
build_jump(Build *b, TastLabelId label, bool is_break, Span span)
{
	for (uint32_t i = b->loops.len; i-- > 0;) {
		const LoopScope *l = &b->loops.at[i];
		if (l->label != label)
			continue;
		build_edge(b, is_break ? l->break_to : l->continue_to);
		break;
	}
	build_diverge(b, span);
}

static void
build_return(Build *b, const TastExpr *e)
{
	if (e->return_.value)
		emit_expr(b, e->return_.value);
	build_edge(b, b->g->exit);
	build_diverge(b, e->span);
}

static void
build_try(Build *b, const TastExpr *e)
{
	uint32_t after = build_block(b);

	emit_expr(b, e->try.operand);
	build_edge(b, b->g->exit);
	build_edge(b, after);
	build_enter(b, after);
}

static void
build_let_expr(Build *b, const TastExpr *e)
{
	uint32_t after = build_block(b);

	build_cond(b, e, after, after);
	build_enter(b, after);
}

void
build_control(Build *b, const TastExpr *e)
{
	switch (e->kind) {
	case TAST_EXPR_BINARY:
		if (e->binary.op == TAST_BINARY_OP_AND || e->binary.op == TAST_BINARY_OP_OR) {
			build_short_circuit(b, e);
			break;
		}
		emit_expr(b, e->binary.left);
		emit_expr(b, e->binary.right);
		break;
	case TAST_EXPR_BLOCK:
		build_block_expr(b, e);
		break;
	case TAST_EXPR_IF:
		build_if(b, e);
		break;
	case TAST_EXPR_LET:
		build_let_expr(b, e);
		break;
	case TAST_EXPR_MATCH:
		build_match(b, e);
		break;
	case TAST_EXPR_LOOP:
		build_loop(b, e);
		break;
	case TAST_EXPR_WHILE:
		build_while(b, e);
		break;
	case TAST_EXPR_FOR:
		build_for(b, e);
		break;
	case TAST_EXPR_BREAK:
		if (e->break_.value)
			emit_expr(b, e->break_.value);
		build_jump(b, e->break_.label, true, e->span);
		break;
	case TAST_EXPR_CONTINUE:
		build_jump(b, e->continue_.label, false, e->span);
		break;
	case TAST_EXPR_RETURN:
		build_return(b, e);
		break;
	case TAST_EXPR_TRY:
		build_try(b, e);
		break;
	case TAST_EXPR_ARENA:
		emit_expr(b, e->arena.body);
		break;
	case TAST_EXPR_INT: case TAST_EXPR_FLOAT: case TAST_EXPR_BOOL: case TAST_EXPR_CHAR:
	case TAST_EXPR_STR: case TAST_EXPR_BYTE_STR: case TAST_EXPR_PARAM: case TAST_EXPR_CODE:
	case TAST_EXPR_LOCAL: case TAST_EXPR_FN:
	case TAST_EXPR_TUPLE: case TAST_EXPR_ARRAY: case TAST_EXPR_REPEAT: case TAST_EXPR_STRUCT:
	case TAST_EXPR_FIELD: case TAST_EXPR_INDEX: case TAST_EXPR_SLICE: case TAST_EXPR_DEREF:
	case TAST_EXPR_REF_MUT: case TAST_EXPR_UNARY: case TAST_EXPR_CAST: case TAST_EXPR_ASSIGN:
	case TAST_EXPR_ASSIGN_OP: case TAST_EXPR_ASSIGN_PAR: case TAST_EXPR_CALL:
	case TAST_EXPR_CALL_VALUE: case TAST_EXPR_CLOSURE: case TAST_EXPR_FORMAT:
	case TAST_EXPR_DYN: case TAST_EXPR_ADDR_OF:
		bug("expression %d has no control flow", (int)e->kind);
	}
}

/* ---- bodies ---- */

static void
build_body(Build *b, const TastExpr *body, const TastExpr *closure)
{
	vec_push(b->arena, &b->f->graphs, (Graph){.closure = closure});
	b->g = &vec_last(&b->f->graphs);
	b->g->n_locals = b->f->fn->locals.len;
	b->loops.len = 0;
	b->defers = 0;
	b->told = false;
	uint32_t entry = build_block(b);
	b->g->exit = build_block(b);
	b->g->blocks.at[entry].reached = true;
	build_enter(b, entry);
	if (closure)
		for (uint32_t i = 0; i < closure->closure.params.len; i++)
			emit_event(b, (Event){.kind = EVENT_BIND, .span = closure->span,
			    .place = place_local(closure->closure.params.at[i])});
	emit_expr(b, body);
	build_edge(b, b->g->exit);
}

void
graph_build(Flow *f)
{
	Build b = {.f = f, .arena = f->scratch};

	build_body(&b, f->fn->body, NULL);
	for (uint32_t i = 0; i < b.closures.len; i++)
		build_body(&b, b.closures.at[i]->closure.body, b.closures.at[i]);
}
