/* Blocks, statements, conditions, and leaving them. */
#include "gos-lower/expr.h"
#include "gos-lower/lower.h"

void
lower_scoped(Build *b, const TastExpr *e, const MirPlace *dest)
{
	ScopeMark mark = scope_push(b);

	lower_into(b, e, dest);
	scope_pop(b, mark);
}

/* ---- Statements ---- */

/* `let pat = value`: the variables outlive the statement, its temporaries do not, unless `open`. */
static void
let_binding(Build *b, const TastStmt *s, bool open)
{
	const TastPat *pat = s->let.pat;

	pattern_declare(b, pat);
	ScopeMark mark = scope_push(b);
	if (pat->kind == TAST_PAT_BIND && !pat->bind.by_ref && !pat->bind.sub) {
		MirPlace *p = build_local_place(b, pat->bind.local);
		if (place_is_local(p))
			lower_into(b, s->let.value, p);
		else
			build_init_local(b, pat->bind.local, lower_operand(b, s->let.value));
	} else {
		MirPlace *rest, *p = pattern_hands_over(b, pat) ? lower_apart(b, s->let.value, &rest)
		    : lower_readable(b, s->let.value);
		if (!build_is_dead(b))
			pattern_bind(b, pat, p);
	}
	/* What a reference leads to may be a temporary: it lives as long as the variable. */
	if (!open && !ty_has_ref(b->lo, build_ty(b, s->let.value->type)))
		scope_pop(b, mark);
}

/*
 * `let pat = value else { … }`: the other branch drops the temporaries first and never comes back.  Those that a
 * reference may lead to live as long as the variables, and end with the other branch.
 */
static void
let_else(Build *b, const TastStmt *s)
{
	MirBbId fail = build_block(b), done = build_block(b);

	pattern_declare(b, s->let.pat);
	ScopeMark mark = scope_push(b);
	MirPlace *rest, *p = pattern_hands_over(b, s->let.pat) ?
	    lower_apart(b, s->let.value, &rest) : lower_readable(b, s->let.value);
	if (!build_is_dead(b)) {
		pattern_test(b, s->let.pat, p, fail);
		pattern_bind(b, s->let.pat, p);
	}
	bool open = ty_has_ref(b->lo, build_ty(b, s->let.value->type));
	if (!open)
		scope_exit_to(b, mark, false);
	term_goto(b, done);
	build_start(b, fail);
	if (!open)
		scope_pop(b, mark);
	lower_scoped(b, s->let.otherwise, NULL);
	term_unreachable(b);
	build_start(b, done);
}

static void
lower_let(Build *b, const TastStmt *s)
{
	const TastPat *pat = s->let.pat;

	if (!s->let.value) {
		pattern_declare(b, pat);
		if (pat->kind == TAST_PAT_BIND && cell_is_late(b, pat->bind.local))
			cell_start_empty(b, pat->bind.local);
	} else if (s->let.otherwise)
		let_else(b, s);
	else
		let_binding(b, s, false);
}

static void
lower_stmt(Build *b, const TastStmt *s)
{
	Span outer = b->span;

	b->span = s->span;
	switch (s->kind) {
	case TAST_STMT_LET:
		if (!session_let(b, s))
			lower_let(b, s);
		break;
	case TAST_STMT_EXPR:
		if (!session_keep(b, s->expr.expr))
			lower_scoped(b, s->expr.expr, NULL);
		break;
	case TAST_STMT_DEFER: scope_defer(b, s->defer.body, s->defer.on_error); break;
	}
	b->span = outer;
}

/* ---- Blocks ---- */

static bool
is_result(Build *b, Ty t)
{
	return ty_is_lang(b->lo, t, "Result", NULL);
}

static bool
has_errdefer(const Build *b, ScopeMark mark)
{
	for (uint32_t i = mark; i < b->scopes.len; i++)
		if (b->scopes.at[i].kind == SCOPE_ERRDEFER)
			return true;
	return false;
}

/* Runs the exits of the scopes above the mark in two versions, by whether `p` holds an Err. */
static void
exit_by_result(Build *b, ScopeMark mark, Ty t, const MirPlace *p)
{
	MirBbId failed = build_block(b), fine = build_block(b), done = build_block(b);
	MirTypeId type = place_type(b, p);
	MirOperand *err = op_int(b, mir_enum_tag_type(b->lo, type),
	    mir_enum_tag(b->lo, type, variant_named(b->lo, t, "Err")));

	term_if(b, value_binary(b, MIR_BINOP_EQ, b->lo->common.boolean, value_tag(b, p), err,
	    MIR_CHECK_WRAP), failed, fine);
	build_start(b, failed);
	scope_exit_to(b, mark, true);
	term_goto(b, done);
	build_start(b, fine);
	scope_exit_to(b, mark, false);
	term_goto(b, done);
	build_start(b, done);
}

void
lower_leave(Build *b, Leaving how)
{
	MirPlace *slot = place_local(b, 0);

	if (how == LEAVING_ASK && has_errdefer(b, 0) && is_result(b, b->ret) && !build_is_dead(b))
		exit_by_result(b, 0, b->ret, slot);
	else
		scope_exit_to(b, 0, how == LEAVING_FAILED);
	build_return(b);
}

/* The block whose value is the function's: leaving it with an Err is a failure. */
static bool
is_body(const Build *b, const TastExpr *e)
{
	return b->tast && e == (b->closure ? b->closure->closure.body : b->tast->body);
}

static void
end_block(Build *b, const TastExpr *e, ScopeMark mark, const MirPlace *dest)
{
	if (dest && !build_is_dead(b) && has_errdefer(b, mark) && is_body(b, e) &&
	    is_result(b, b->ret)) {
		exit_by_result(b, mark, b->ret, dest);
		scope_forget(b, mark);
	} else
		scope_pop(b, mark);
}

/*
 * What the block declares lives to the end of the statement around it.  So it must in `{ let v = value; &mut v }`,
 * which is how a reference to a value comes.
 */
static bool
is_open(Build *b, const TastExpr *e)
{
	if (!e->block.value || e->block.label != IR_NONE)
		return false;
	if (e->block.open)
		return true;
	if (ty_at(b->lo, build_ty(b, e->type))->kind != TAST_TY_REF_MUT)
		return false;
	for (uint32_t i = 0; i < e->block.stmts.len; i++)
		if (e->block.stmts.at[i]->kind == TAST_STMT_DEFER)
			return false;
	return true;
}

static void
open_block(Build *b, const TastExpr *e, const MirPlace *dest)
{
	for (uint32_t i = 0; i < e->block.stmts.len; i++) {
		const TastStmt *s = e->block.stmts.at[i];
		if (s->kind == TAST_STMT_LET && s->let.value && !s->let.otherwise)
			let_binding(b, s, true);
		else
			lower_stmt(b, s);
	}
	lower_into(b, e->block.value, dest);
}

void
lower_block(Build *b, const TastExpr *e, const MirPlace *dest)
{
	if (is_open(b, e)) {
		open_block(b, e, dest);
		return;
	}
	bool labelled = e->block.label != IR_NONE;
	MirBbId done = labelled ? build_block(b) : IR_NONE;
	ScopeMark mark = scope_push(b);

	if (labelled)
		loop_target(b, e->block.label, done, IR_NONE, mark, (MirPlace *)(uintptr_t)dest);
	for (uint32_t i = 0; i < e->block.stmts.len; i++)
		lower_stmt(b, e->block.stmts.at[i]);
	if (e->block.value)
		lower_scoped(b, e->block.value, dest);
	else if (dest && place_type(b, dest) == b->lo->common.unit)
		emit_assign(b, dest, op_unit(b));
	end_block(b, e, mark, dest);
	if (labelled) {
		term_goto(b, done);
		build_start(b, done);
	}
}

/* ---- Conditions ---- */

/* `let pat = value` as a condition. */
static void
cond_let(Build *b, const TastExpr *e, MirBbId then, MirBbId otherwise)
{
	bool hands_over = pattern_hands_over(b, e->let.pat);
	MirPlace *rest = NULL;

	pattern_declare(b, e->let.pat);
	MirPlace *p = hands_over ? lower_apart(b, e->let.value, &rest)
	    : lower_readable(b, e->let.value);
	if (build_is_dead(b))
		return;
	pattern_test(b, e->let.pat, p, otherwise);
	pattern_bind(b, e->let.pat, p);
	if (rest)
		emit_drop(b, rest);
	term_goto(b, then);
}

static bool
holds_let(const TastExpr *e)
{
	if (e->kind == TAST_EXPR_LET)
		return true;
	if (e->kind == TAST_EXPR_BINARY && e->binary.op == TAST_BINARY_OP_AND)
		return holds_let(e->binary.left) || holds_let(e->binary.right);
	return false;
}

/* A bool without bindings: its temporaries go before the branch. */
static void
cond_value(Build *b, const TastExpr *e, MirBbId then, MirBbId otherwise)
{
	ScopeMark mark = scope_push(b);
	MirOperand *value = lower_operand(b, e);

	/* What the temporaries' end could change must be read before. */
	if (b->scopes.len > mark && e->kind != TAST_EXPR_LOCAL) {
		MirPlace *t = build_temp(b, b->lo->common.boolean);
		emit_assign(b, t, value);
		value = op_copy(b, t);
	}
	scope_pop(b, mark);
	term_if(b, value, then, otherwise);
}

/* A block that is only a condition: what that binds ends with it, on both ways. */
static void
cond_block(Build *b, const TastExpr *e, MirBbId then, MirBbId otherwise)
{
	MirBbId yes = build_block(b), no = build_block(b);
	ScopeMark mark = scope_push(b);

	lower_cond(b, e->block.value, yes, no);
	build_start(b, yes);
	scope_exit_to(b, mark, false);
	term_goto(b, then);
	build_start(b, no);
	scope_exit_to(b, mark, false);
	term_goto(b, otherwise);
	scope_forget(b, mark);
}

static bool
is_condition_only(const TastExpr *e)
{
	return e->kind == TAST_EXPR_BLOCK && e->block.label == IR_NONE && e->block.stmts.len == 0 &&
	    e->block.value;
}

void
lower_cond(Build *b, const TastExpr *e, MirBbId then, MirBbId otherwise)
{
	Span outer = b->span;

	b->span = e->span;
	if (e->kind == TAST_EXPR_BINARY && e->binary.op == TAST_BINARY_OP_AND) {
		MirBbId right = build_block(b);
		lower_cond(b, e->binary.left, right, otherwise);
		build_start(b, right);
		lower_cond(b, e->binary.right, then, otherwise);
	} else if (e->kind == TAST_EXPR_BINARY && e->binary.op == TAST_BINARY_OP_OR) {
		MirBbId right = build_block(b);
		lower_cond(b, e->binary.left, then, right);
		build_start(b, right);
		lower_cond(b, e->binary.right, then, otherwise);
	} else if (e->kind == TAST_EXPR_UNARY && e->unary.op == TAST_UNARY_OP_NOT &&
	    ty_is_prim(b->lo, build_ty(b, e->type), TAST_PRIM_BOOL))
		lower_cond(b, e->unary.operand, otherwise, then);
	else if (e->kind == TAST_EXPR_LET)
		cond_let(b, e, then, otherwise);
	else if (is_condition_only(e))
		cond_block(b, e, then, otherwise);
	else
		cond_value(b, e, then, otherwise);
	b->span = outer;
}

void
lower_let_value(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirBbId yes = build_block(b), no = build_block(b), done = build_block(b);
	ScopeMark mark = scope_push(b);

	lower_cond(b, e, yes, no);
	for (int i = 0; i < 2; i++) {
		build_start(b, i ? yes : no);
		if (dest)
			emit_assign(b, dest, op_bool(b, i));
		scope_exit_to(b, mark, false);
		term_goto(b, done);
	}
	scope_forget(b, mark);
	build_start(b, done);
}

void
lower_if(Build *b, const TastExpr *e, const MirPlace *dest)
{
	MirBbId then = build_block(b), otherwise = build_block(b), done = build_block(b);
	ScopeMark mark = scope_push(b);

	lower_cond(b, e->if_.cond, then, otherwise);
	build_start(b, then);
	lower_scoped(b, e->if_.then, dest);
	scope_exit_to(b, mark, false);
	term_goto(b, done);
	build_start(b, otherwise);
	if (holds_let(e->if_.cond))
		scope_exit_to(b, mark, false);
	scope_forget(b, mark);
	if (e->if_.otherwise)
		lower_scoped(b, e->if_.otherwise, dest);
	else if (dest && place_type(b, dest) == b->lo->common.unit)
		emit_assign(b, dest, op_unit(b));
	term_goto(b, done);
	build_start(b, done);
}

/* ---- Jumps ---- */

void
loop_target(Build *b, TastLabelId label, MirBbId on_break, MirBbId on_continue, ScopeMark mark,
    MirPlace *dest)
{
	vec_push(b->arena, &b->targets, (Target){on_break, on_continue, mark, dest});
	map_set(b->arena, &b->labels, label, b->targets.len - 1);
}

static const Target *
target_of(Build *b, TastLabelId label)
{
	uint32_t i = map_get(&b->labels, label, IR_NONE);

	if (i == IR_NONE || b->targets.at[i].scopes > b->scopes.len)
		lower_broken(b->lo, "a jump to label %u from outside", label);
	return &b->targets.at[i];
}

void
lower_break(Build *b, const TastExpr *e)
{
	Target t = *target_of(b, e->break_.label);

	if (e->break_.value)
		lower_into(b, e->break_.value, t.dest);
	else if (t.dest && place_type(b, t.dest) == b->lo->common.unit)
		emit_assign(b, t.dest, op_unit(b));
	scope_exit_to(b, t.scopes, false);
	term_goto(b, t.on_break);
}

void
lower_continue(Build *b, const TastExpr *e)
{
	Target t = *target_of(b, e->continue_.label);

	if (t.on_continue == IR_NONE)
		lower_broken(b->lo, "`continue` of a block");
	scope_exit_to(b, t.scopes, false);
	term_goto(b, t.on_continue);
}

void
lower_return(Build *b, const TastExpr *e)
{
	MirPlace *slot = place_local(b, 0);

	if (e->return_.value)
		lower_into(b, e->return_.value, slot);
	else if (place_type(b, slot) == b->lo->common.unit)
		emit_assign(b, slot, op_unit(b));
	lower_leave(b, LEAVING_ASK);
}
