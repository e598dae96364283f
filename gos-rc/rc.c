/* The list of passes, and its application to a program.  See rc.h. */
#include "gos-rc/rc.h"

#include <stdio.h>
#include <string.h>

static const struct {
	char letter;		/* of -d */
	bool optional;		/* left out by -O0 */
	PassRun *run;
	const char *name;
} passes[] = {
	{'p', false, pass_positions, "positions"},
	{'l', true, pass_last_use, "last use"},
	{'b', true, pass_cursors, "cursors"},
	{'d', false, pass_drops, "drops"},
	{'c', false, pass_count, "count"},
	{'f', true, pass_fuse, "fuse"},
	{'u', true, pass_hoist, "hoist"},
	{'t', false, pass_tidy, "tidy"},
};

static void
rewrite_fn(const MirModule *m, MirFnId id, Arena *scratch, bool optimize, const char *dumps)
{
	MirFn *fn = m->fns.at[id];
	ArenaMark mark = arena_mark(scratch);
	Pass p = {.m = m, .arena = m->arena, .scratch = scratch, .fn = fn};

	for (size_t i = 0; i < sizeof passes / sizeof *passes; i++) {
		if (passes[i].optional && !optimize)
			continue;
		passes[i].run(&p);
		if (strchr(dumps, passes[i].letter)) {
			fprintf(stderr, "; after %s\n", passes[i].name);
			ir_dump_record(stderr, m->names, &mir_schema, MIR_REC_FN, &(MirFnRecord){fn}, id);
		}
	}
	arena_reset(scratch, mark);
}

/* Flags need a type; a program that has none gets one at the end. */
static void
ensure_bool(MirModule *m)
{
	for (uint32_t i = 0; i < m->types.len; i++)
		if (mir_repr(m, i) == MIR_REPR_BOOL)
			return;
	MirTypeRecord *record = arena_new(m->arena, MirTypeRecord);
	record->type = mir_mk_type(m->arena, intern_cstr(m->names, "bool"), 1, 1, false, false,
	    mir_mk_repr_bool(m->arena));
	vec_push(m->arena, &m->types, record->type);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_TYPE, .type = record});
}

void
rc_rewrite(MirModule *m, Arena *scratch, bool optimize, const char *dumps)
{
	ensure_bool(m);
	for (uint32_t i = 0; i < m->fns.len; i++)
		if (!mir_is_foreign(m->fns.at[i]))
			rewrite_fn(m, i, scratch, optimize, dumps);
}
