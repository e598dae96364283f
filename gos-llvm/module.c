/* The output as a whole: target, declarations, functions, constants.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include <string.h>

/* A machine as LLVM names it.  CPU and features are those of the runtime's bitcode, which clang
 * writes: LLVM inlines only between functions that agree on them. */
typedef struct Target {
	const char *name;	/* as stream headers have it */
	const char *triple, *layout, *stack_pointer, *cpu;
} Target;

static const Target targets[] = {
	{
		"x86_64-linux-gnu", "x86_64-pc-linux-gnu",
		"e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128",
		"rsp",
		"\"target-cpu\"=\"x86-64\" "
		"\"target-features\"=\"+cmov,+cx8,+fxsr,+mmx,+sse,+sse2,+x87\" "
		"\"tune-cpu\"=\"generic\"",
	}, {
		"aarch64-linux-gnu", "aarch64-unknown-linux-gnu",
		"e-m:e-i8:8:32-i16:16:32-i64:64-i128:128-n32:64-S128-Fn32",
		"sp",
		"\"target-cpu\"=\"generic\" "
		"\"target-features\"=\"+fp-armv8,+neon,+outline-atomics,+v8a\"",
	},
};

static const Target *
find_target(const char *name)
{
	for (size_t i = 0; i < sizeof targets / sizeof *targets; i++)
		if (strcmp(targets[i].name, name) == 0)
			return &targets[i];
	return NULL;
}

static void
write_attributes(Gen *g, const Target *t)
{
	static const char *const extra[] = {
		[ATTR_PLAIN] = "", [ATTR_INLINE] = " inlinehint", [ATTR_NOINLINE] = " noinline",
		[ATTR_ALWAYS_INLINE] = " alwaysinline", [ATTR_C] = "",
	};

	for (int i = ATTR_PLAIN; i <= ATTR_C; i++)
		out_printf(&g->out, "attributes #%d = { nounwind%s \"frame-pointer\"=\"non-leaf\" %s }\n", i,
		    extra[i], t->cpu);
	out_text(&g->out, "\n", 1);
}

static void
write_head(Gen *g, const Target *t)
{
	out_printf(&g->out, "target datalayout = \"%s\"\ntarget triple = \"%s\"\n\n", t->layout,
	    t->triple);
	runtime_declare(&g->out);
	write_attributes(g, t);
	llvm_write_fixed_metadata(&g->out);
	out_printf(&g->out, "!%d = !{!\"%s\"}\n", META_STACK_POINTER, t->stack_pointer);
	debug_begin(g);
	out_flush(&g->out);
}

const char *
module_write(const MirModule *m, FILE *to, Arena *arena, Arena *scratch)
{
	const char *name = *m->target ? m->target : GOS_TARGET;
	const Target *target = find_target(name);
	Gen g = {.arena = arena, .scratch = scratch, .m = m, .out = {.arena = arena, .file = to}};

	if (!target)
		return arena_printf(arena, "no code for target `%.60s`", name);
	intern_init(&g.place_names, arena);
	constants_find(&g);
	analyse(&g);
	write_head(&g, target);
	for (uint32_t id = 0; id < m->fns.len; id++)
		if (!mir_is_foreign(m->fns.at[id]))
			function_write(&g, id);
	glue_write(&g);	/* may ask for shims */
	shims_write(&g);
	entry_write(&g);
	foreign_write(&g);
	llvm_write_constants(&g);
	out_flush(&g.out);
	return NULL;
}
