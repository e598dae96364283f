/*
 * The shape of the user's trees: what gos-parse promises beyond the schema.  The passes behind
 * this one look at the first segment of a path, take the body of a function for a block, and
 * cut the source at spans, without asking.
 *
 * A stream whose end record tells of errors never gets here, so no Error node may be left.
 */
#include "gos-check/shape.h"

#include "lib/fatal.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Shape {
	const Sources *sources;
	const SourceFile *file;		/* where the last span was */
	const IrType *path, *segment, *type, *item, *pat, *stmt, *expr;
} Shape;

static bool
wrong(const char *what)
{
	fprintf(stderr, "%s: the `ast` stream is damaged: %s\n", tool_name, what);
	exit(EXIT_BROKEN_INPUT);
}

static bool
within(const SourceFile *f, Span s)
{
	return f && s.start >= f->base && s.start - f->base <= f->len &&
	    s.len <= f->len - (s.start - f->base);
}

static void
verify_span(Shape *v, Span s)
{
	if (within(v->file, s))
		return;
	v->file = source_find(v->sources, s.start);
	if (!within(v->file, s))
		wrong("a span lies outside of the sources");
}

static void
verify_spans(Shape *v, const IrType *t, const void *node)
{
	const IrCtor *ctor = ir_ctor(t, node);

	for (uint32_t i = 0; i < ctor->nfields; i++) {
		const IrField *f = &ctor->fields[i];

		if (f->type->kind == IR_SPAN && f->mode == IR_ONE)
			verify_span(v, *(const Span *)(const void *)((const char *)node + f->offset));
	}
}

static bool
is_scalar(uint32_t c)
{
	return c < 0xd800 || (c > 0xdfff && c <= 0x10ffff);
}

/* Do its arguments begin with a template where that is written? */
static bool
takes_template(AstMacro m)
{
	return m != AST_MACRO_DBG && m != AST_MACRO_INCLUDE_STR && m != AST_MACRO_INCLUDE_BYTES && m != AST_MACRO_ENV;
}

static bool
verify_expr(const AstExpr *e)
{
	/* Few kinds promise anything: this asks for those. */
	if (e->kind == AST_EXPR_ERROR)
		return wrong("an expression is in error, and nothing was reported");
	if (e->kind == AST_EXPR_CHAR && !is_scalar(e->char_.value))
		return wrong("a character is no scalar value");
	if (e->kind == AST_EXPR_BYTE && e->byte.value > 255)
		return wrong("a byte is greater than 255");
	if (e->kind == AST_EXPR_IF && e->if_.then->kind != AST_EXPR_BLOCK)
		return wrong("a branch of an `if` is no block");
	if (e->kind == AST_EXPR_IF && e->if_.otherwise && e->if_.otherwise->kind != AST_EXPR_BLOCK &&
			e->if_.otherwise->kind != AST_EXPR_IF)
		return wrong("an `else` is neither a block nor an `if`");
	if (e->kind == AST_EXPR_FORMAT && !takes_template(e->format.macro))
		return wrong("a macro without a template has one");
	if (e->kind == AST_EXPR_ASSIGN_PAR &&
			(e->assign_par.places.len == 0 || e->assign_par.values.len == 0))
		return wrong("a parallel assignment has an empty side");
	return true;
}

static bool
verify_type(const AstType *t)
{
	if (t->kind == AST_TYPE_ERROR)
		return wrong("a type is in error, and nothing was reported");
	if (t->kind == AST_TYPE_DYN && t->dyn.bounds.len == 0)
		return wrong("a `dyn` has no bounds");
	if (t->kind == AST_TYPE_IMPL && t->impl.bounds.len == 0)
		return wrong("an `impl` has no bounds");
	return true;
}

static bool
verify_pat(const AstPat *p)
{
	if (p->kind == AST_PAT_ERROR)
		return wrong("a pattern is in error, and nothing was reported");
	if (p->kind == AST_PAT_OR && p->or.alts.len == 0)
		return wrong("a pattern has no alternatives");
	return true;
}

static bool
verify_item(const AstItem *i)
{
	if (i->kind == AST_ITEM_ERROR)
		return wrong("an item is in error, and nothing was reported");
	return true;
}

static bool
verify_node(void *ctx, const IrType *t, void *node)
{
	Shape *v = ctx;

	verify_spans(v, t, node);
	if (t == v->expr)
		return verify_expr(node);
	if (t == v->path)
		return ((const AstPath *)node)->segments.len > 0 || wrong("a path has no segments");
	if (t == v->segment)
		return ((const AstSegment *)node)->name || wrong("a segment of a path has no name");
	if (t == v->type)
		return verify_type(node);
	if (t == v->pat)
		return verify_pat(node);
	if (t == v->item)
		return verify_item(node);
	if (t == v->stmt)
		return ((const AstStmt *)node)->kind != AST_STMT_ERROR ||
		    wrong("a statement is in error, and nothing was reported");
	return true;
}

void
shape_verify(const Check *c, const Unit *u)
{
	Shape v = {
		.sources = c->sources,
		.path = ir_type(&ast_schema, "path"), .segment = ir_type(&ast_schema, "segment"),
		.type = ir_type(&ast_schema, "type"), .item = ir_type(&ast_schema, "item"),
		.pat = ir_type(&ast_schema, "pat"), .stmt = ir_type(&ast_schema, "stmt"),
		.expr = ir_type(&ast_schema, "expr"),
	};

	for (uint32_t i = 0; i < u->files.len; i++) {
		const UnitFile *f = &u->files.at[i];

		for (uint32_t k = 0; k < f->items.len; k++)
			ir_walk(v.item, f->items.at[k], verify_node, &v);
		for (uint32_t k = 0; k < f->stmts.len; k++)
			ir_walk(v.stmt, f->stmts.at[k], verify_node, &v);
	}
}
