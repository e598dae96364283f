/*
 * `for chunk in v.chunks_mut(n) { … }`: each chunk is a window, which exists in the function that makes it, so no
 * iterator can give it.  The loop walks the ranges of the chunks, and its body begins with the window:
 *
 *	{ let size = n; let all = &mut v; for at in all.chunk_ranges(size) { let chunk = &mut all[at]; … } }
 *
 * What is called on the iterator (`.enumerate()`, `.rev()`, …) is called on the ranges, if the pattern tells the
 * chunk from the rest.
 */
#include "gos-check/expr.h"
#include "gos-check/hidden.h"

#include <string.h>

static const char SIZE[] = "<size>", ALL[] = "<chunks>", AT[] = "<range>";

typedef struct Shape {
	const char *name, *ranges;
} Shape;

static const Shape shapes[] = {
	{"chunks_mut", "chunk_ranges"}, {"chunks_exact_mut", "chunk_exact_ranges"},
	{"rchunks_mut", "rchunk_ranges"},
};

static const Shape *
shape_of(const Fx *fx, const AstExpr *m)
{
	if (m->method.args.len != 1 || m->method.args.at[0]->name)
		return NULL;
	for (uint32_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
		if (!strcmp(check_str(fx->c, m->method.name->name), shapes[i].name))
			return &shapes[i];
	return NULL;
}

/* Which part of the pair that the adapter gives is what it is given; -1: gives it as it is; -2: anything else. */
static int
adapter(const Fx *fx, const AstExpr *m)
{
	const char *name = check_str(fx->c, m->method.name->name);

	if (!strcmp(name, "enumerate"))
		return 1;
	if (!strcmp(name, "zip"))
		return 0;
	return !strcmp(name, "rev") || !strcmp(name, "skip") || !strcmp(name, "take") || !strcmp(name, "step_by")
	    ? -1 : -2;
}

static const AstExpr *
root(const Fx *fx, const AstExpr *e)
{
	for (e = expr_bare(e); e->kind == AST_EXPR_METHOD; e = expr_bare(e->method.receiver)) {
		if (shape_of(fx, e))
			return e;
		if (adapter(fx, e) == -2)
			break;
	}
	return NULL;
}

/* The pattern with `at` in place of what gets the chunk, which is left in *chunk; NULL if it gets more than that. */
static AstPat *
split_pattern(Fx *fx, AstPat *pat, const AstExpr *e, const AstExpr *end, AstPat **chunk)
{
	Arena *mem = fx->c->arena;
	AstPatList parts = {0};
	AstPat *inner;
	int which;

	e = expr_bare(e);
	if (e == end) {
		*chunk = pat;
		return ast_mk_pat_bind(mem, pat->span, false,
		    ast_mk_ident(mem, pat->span, intern_cstr(fx->c->names, AT)), NULL);
	}
	which = adapter(fx, e);
	if (which < 0)
		return split_pattern(fx, pat, e->method.receiver, end, chunk);
	if (pat->kind != AST_PAT_TUPLE || pat->tuple.elems.len != 2)
		return NULL;
	inner = split_pattern(fx, pat->tuple.elems.at[which], e->method.receiver, end, chunk);
	if (!inner)
		return NULL;
	vec_push(mem, &parts, which ? pat->tuple.elems.at[0] : inner);
	vec_push(mem, &parts, which ? inner : pat->tuple.elems.at[1]);
	return ast_mk_pat_tuple(mem, pat->span, parts);
}

/* The iterator of the loop, with `ranges(size)` of the sequence as what it begins with. */
static AstExpr *
over_ranges(Fx *fx, const AstExpr *e, const AstExpr *end, const char *ranges)
{
	Arena *mem = fx->c->arena;
	AstArgList args = {0};
	AstExpr *copy;

	e = expr_bare(e);
	if (e == end) {
		vec_push(mem, &args, ast_mk_arg(mem, e->method.args.at[0]->span, NULL,
		    hidden_name(fx, e->method.args.at[0]->span, SIZE)));
		return ast_mk_expr_method(mem, e->span, hidden_name(fx, e->span, ALL),
		    ast_mk_ident(mem, e->method.name->span, intern_cstr(fx->c->names, ranges)), false,
		    (AstGenericArgList){0}, args);
	}
	copy = arena_new(mem, AstExpr);
	*copy = *e;
	copy->method.receiver = over_ranges(fx, e->method.receiver, end, ranges);
	return copy;
}

/* The loop's body after `let chunk = &mut all[at]`. */
static AstBlock *
body_with(Fx *fx, AstPat *chunk, const AstBlock *body)
{
	Arena *mem = fx->c->arena;
	Span at = chunk->span;
	AstBlock *b = arena_new(mem, AstBlock);
	AstExpr *window = ast_mk_expr_ref(mem, at, true,
	    ast_mk_expr_index(mem, at, hidden_name(fx, at, ALL), hidden_name(fx, at, AT)));

	*b = *body;
	b->stmts = (AstStmtList){0};
	vec_push(mem, &b->stmts, ast_mk_stmt_let(mem, at, (AstAttrList){0}, chunk, NULL, window, NULL));
	for (uint32_t i = 0; i < body->stmts.len; i++)
		vec_push(mem, &b->stmts, body->stmts.at[i]);
	return b;
}

/* What the methods give when the sequence is something else, which has such a method of its own. */
static TastExpr *
as_written(Fx *fx, TastExpr *seq, const AstExpr *e, const AstExpr *end)
{
	e = expr_bare(e);
	return method_on(fx, e == end ? seq : as_written(fx, seq, e->method.receiver, end), e, NULL, IR_NONE);
}

TastExpr *
loop_chunks(Fx *fx, const AstExpr *e, TastExpr **iter)
{
	const AstExpr *end = root(fx, e->for_.iter);
	AstPat *chunk = NULL, *pat = end ? split_pattern(fx, e->for_.pat, e->for_.iter, end, &chunk) : NULL;
	TastExpr *seq, *size;
	TastStmtList before = {0};
	AstExpr loop = *e;
	TypeId t;

	if (!pat)
		return NULL;
	seq = expr_infer(fx, end->method.receiver, IR_NONE);
	t = fx_value_type(fx, seq);
	if (!types_is_lang(fx->c, t, "Vec") && types_array_elem(fx->c, t) == IR_NONE) {
		*iter = as_written(fx, seq, e->for_.iter, end);
		return NULL;
	}
	seq = fx_deref(fx, seq);
	fx_mutate(fx, seq);
	size = expr_infer(fx, end->method.args.at[0]->value, TY_I64);
	/* `v.chunks_mut(v.len() / 2)`: the size is known before v is in use */
	if (expr_is_place(seq)) {
		vec_push(fx->c->arena, &before, hidden_let(fx, SIZE, size, false));
		vec_push(fx->c->arena, &before, hidden_let(fx, ALL, fx_ref_mut(fx, seq, seq->span), false));
	} else {
		vec_push(fx->c->arena, &before, hidden_let(fx, ALL, seq, true));
		vec_push(fx->c->arena, &before, hidden_let(fx, SIZE, size, false));
	}
	loop.for_.pat = pat;
	loop.for_.iter = over_ranges(fx, e->for_.iter, end, shape_of(fx, end)->ranges);
	loop.for_.body = body_with(fx, chunk, e->for_.body);
	return fx_block(fx, e->span, before, loop_for(fx, &loop));
}
