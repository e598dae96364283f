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
#include <stdnoreturn.h>
#include <string.h>
#include <unistd.h>

static noreturn void
damaged(const char *why)
{
	fprintf(stderr, "%s: the `ast` stream is damaged: %s\n", tool_name, why);
	exit(EXIT_BROKEN_INPUT);
}

/* The packages that it uses come before it, so there are no circles. */
static void
add_package(Arena *a, Unit *u, AstPackage *p)
{
	if (u->files.len && !u->packages.len)
		damaged("a package follows files that belong to none");
	for (uint32_t i = 0; i < p->uses.len; i++)
		if (p->uses.at[i]->package >= u->packages.len)
			damaged("a package uses one that is not before it");
	vec_push(a, &u->packages, p);
}

static UnitFile *
last_file(Unit *u)
{
	if (!u->files.len)
		damaged("an item belongs to no file");
	return &vec_last(&u->files);
}

void
load_stream(IrReader *in, Arena *a, Unit *u)
{
	AstRecord rec;

	while (ast_read(in, &rec))
		switch (rec.kind) {
		case AST_REC_PACKAGE:
			add_package(a, u, rec.package);
			break;
		case AST_REC_SOURCE:
			vec_push(a, &u->files, (UnitFile){.source = rec.source,
			    .package = u->packages.len ? u->packages.len - 1 : 0});
			break;
		case AST_REC_ITEM:
			vec_push(a, &last_file(u)->items, rec.item->item);
			break;
		case AST_REC_TOP_STMT:
			vec_push(a, &last_file(u)->stmts, rec.top_stmt->stmt);
			break;
		}
}

static bool
is_dependency(const Unit *u, const UnitFile *f)
{
	return u->packages.len && u->packages.at[f->package]->kind == AST_PACKAGE_KIND_DEPENDENCY;
}

void
load_sources(Check *c, const Unit *u)
{
	for (uint32_t i = 0; i < u->files.len; i++) {
		const AstSource *s = u->files.at[i].source;

		if (!source_add_at(c->sources, check_str(c, s->path), s->base, s->text.s, s->text.n))
			damaged("source files overlap");
		source_find(c->sources, s->base)->quiet = is_dependency(u, &u->files.at[i]);
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

	for (uint32_t i = 0; i < u->files.len; i++) {
		UnitFile *f = &u->files.at[i];

		f->source->base += by;
		for (uint32_t k = 0; k < f->items.len; k++)
			ir_walk(item, f->items.at[k], move_spans, &by);
		for (uint32_t k = 0; k < f->stmts.len; k++)
			ir_walk(stmt, f->stmts.at[k], move_spans, &by);
	}
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
