/* Opening a stream of any known IR.  See tool.h. */
#include "gos-ir/tool.h"
#include "lib/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if __has_include("gen/tokens.h")
#include "gen/tokens.h"
#endif
#if __has_include("gen/ast.h")
#include "gen/ast.h"
#endif
#if __has_include("gen/tast.h")
#include "gen/tast.h"
#endif
#if __has_include("gen/mir.h")
#include "gen/mir.h"
#endif

static const IrSchema *const schemas[] = {
#ifdef GOS_GEN_TOKENS_H
	&tokens_schema,
#endif
#ifdef GOS_GEN_AST_H
	&ast_schema,
#endif
#ifdef GOS_GEN_TAST_H
	&tast_schema,
#endif
#ifdef GOS_GEN_MIR_H
	&mir_schema,
#endif
	NULL,
};

const IrSchema *
schema_find(const char *name)
{
	for (size_t i = 0; schemas[i]; i++)
		if (strcmp(schemas[i]->name, name) == 0)
			return schemas[i];
	return NULL;
}

static noreturn void
stop(const Input *in, const char *message)
{
	if (message && *message)
		fprintf(stderr, "%s: %s: %s\n", tool_name, in->path, message);
	exit(EXIT_BROKEN_INPUT);
}

void
input_open(Input *in, Arena *arena, Interner *names, const char *path)
{
	bool is_stdin = !path || strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fatal("cannot open `%s`: %s", path, strerror(errno));
	*in = (Input){.path = is_stdin ? "standard input" : path, .arena = arena, .names = names};
	in->reader = ir_try_open(arena, names, fd, NULL);
	if (ir_error(in->reader))
		stop(in, ir_error(in->reader));
	in->schema = schema_find(ir_name(in->reader));
	if (!in->schema)
		stop(in, arena_printf(arena, "unknown IR `%s`", ir_name(in->reader)));
	if (!ir_set_schema(in->reader, in->schema))
		stop(in, ir_error(in->reader));
	ir_use_arena(in->reader, &in->nodes);
	vec_reserve(arena, &in->counts, in->schema->nrecords);
}

bool
input_next(Input *in)
{
	arena_reset(&in->nodes, (ArenaMark){0});
	in->status = ir_try_read(in->reader, &in->kind, &in->payload);
	switch (in->status) {
	case IR_RECORD:
		in->number = in->counts.at[in->kind]++;
		return true;
	case IR_FOREIGN:
		return true;
	case IR_END:
		return false;
	case IR_BROKEN:
		break;
	}
	fflush(stdout);
	stop(in, *ir_error(in->reader) ? ir_error(in->reader)
	    : arena_printf(in->arena, "cut at byte %llu", (unsigned long long)ir_offset(in->reader)));
}

int
input_status(const Input *in)
{
	return ir_end_status(in->reader) == EXIT_OK ? EXIT_OK : EXIT_BROKEN_INPUT;
}
