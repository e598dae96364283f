/*
 * Reading `ast` streams.  The standard library was read as a program of its own, so its
 * positions begin at 0 too; they move behind those that a program may have.
 */
#include "gos-check/load.h"

#include "lib/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
load_stream(IrReader *in, Arena *a, Unit *u)
{
	AstRecord rec;

	while (ast_read(in, &rec))
		switch (rec.kind) {
		case AST_REC_SOURCE:
			vec_push(a, &u->sources, rec.source);
			break;
		case AST_REC_ITEM:
			vec_push(a, &u->items, rec.item->item);
			break;
		case AST_REC_TOP_STMT:
			vec_push(a, &u->stmts, rec.top_stmt->stmt);
			break;
		}
}

void
load_sources(Check *c, const Unit *u)
{
	for (uint32_t i = 0; i < u->sources.len; i++) {
		const AstSource *s = u->sources.at[i];

		if (!source_add_at(c->sources, check_str(c, s->path), s->base, s->text.s, s->text.n)) {
			fprintf(stderr, "%s: the `ast` stream is damaged: source files overlap\n", tool_name);
			exit(EXIT_BROKEN_INPUT);
		}
	}
}

/* ---- Moving positions ---- */

/* Of the standard library: three quarters of the space are for the program. */
static const uint32_t STD_BASE = 0xc0000000;

static bool
move_spans(void *ctx, const IrType *type, void *node)
{
	const uint32_t *by = ctx;
	const IrCtor *ctor = ir_ctor(type, node);

	for (uint32_t i = 0; i < ctor->nfields; i++) {
		const IrField *f = &ctor->fields[i];

		if (f->type->kind == IR_SPAN && f->mode == IR_ONE)
			((Span *)(void *)((char *)node + f->offset))->start += *by;
	}
	return true;
}

static void
move_unit(Unit *u, uint32_t by)
{
	const IrType *item = ir_type(&ast_schema, "item"), *stmt = ir_type(&ast_schema, "stmt");

	for (uint32_t i = 0; i < u->sources.len; i++)
		u->sources.at[i]->base += by;
	for (uint32_t i = 0; i < u->items.len; i++)
		ir_walk(item, u->items.at[i], move_spans, &by);
	for (uint32_t i = 0; i < u->stmts.len; i++)
		ir_walk(stmt, u->stmts.at[i], move_spans, &by);
}

/* ---- Finding it ---- */

static const char *
default_dir(Arena *a)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
	char *slash;

	if (n < 0)
		fatal("cannot find the folder of this program: %s", strerror(errno));
	path[n] = 0;
	slash = strrchr(path, '/');
	if (slash)
		*slash = 0;
	return arena_printf(a, "%s/../lib/gossamer/std", path);
}

const char *
load_std_dir(Arena *a, const char *dir)
{
	const char *env = getenv("GOS_STD");

	return dir ? dir : env && *env ? env : default_dir(a);
}

void
load_std(Check *c, const char *dir, Unit *u)
{
	const char *path = arena_printf(c->arena, "%s/core.ast", dir);
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fatal("cannot open the standard library `%s`: %s", path, strerror(errno));
	load_stream(ir_open(c->arena, c->names, fd, &ast_schema), c->arena, u);
	close(fd);
	move_unit(u, STD_BASE);
}
