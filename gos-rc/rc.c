/* The list of passes, and its application to a program.  See rc.h. */
#include "gos-rc/linear.h"

#include "lib/fatal.h"

#include <stdio.h>
#include <string.h>

static const struct {
	char letter;		/* of -d */
	bool optional;		/* left out by -O0 */
	bool counted;		/* what it leaves has counts */
	PassRun *run;
	const char *name;
} passes[] = {
	/* Before infer.c. */
	{'p', false, false, pass_positions, "positions"},
	{'i', true, false, pass_positions, "inlining"},
	{'g', true, false, pass_refs, "references"},
	{'x', true, false, pass_split, "split"},
	{'k', true, false, pass_known, "known closures"},
	{'n', true, false, pass_compact, "compaction"},
	/* Behind it. */
	{'l', false, false, pass_last_use, "last use"},
	{'b', true, false, pass_cursors, "cursors"},
	{'w', true, false, pass_early, "early drops"},
	{'d', false, false, pass_drops, "drops"},
	{'c', false, true, pass_count, "count"},
	{'a', true, true, pass_forget, "forget"},
	{'f', true, true, pass_fuse, "fuse"},
	{'s', true, true, pass_specialise, "specialise"},
	{'r', true, true, pass_trmc, "tail recursion"},
	{'u', true, true, pass_hoist, "hoist"},
	{'t', false, true, pass_tidy, "tidy"},
	{'v', false, true, pass_leave, "leave arenas"},
	/* Behind unbox.c. */
	{'h', true, true, pass_phases, "phases"},
	{'t', true, true, pass_tidy, "tidy"},
};

/* Where those for functions that have grown begin and end, and again at the end. */
enum { INLINED = 1, BEHIND = 6, AT_END = 18, N_PASSES = sizeof passes / sizeof *passes };

/*
 * Development builds do not trust a pass: what it left must consume each value exactly once.  Right
 * behind the first one that is the input's fault.
 */
static const char *
check(Pass *p, size_t pass)
{
	const char *wrong = NULL;
#ifdef GOS_DEBUG
	ArenaMark mark = arena_mark(p->scratch);

	if (!p->forgets)
		wrong = linear_check(p, passes[pass].counted);
	if (wrong && pass > 0)
		bug("after %s: %s", passes[pass].name, wrong);
	arena_reset(p->scratch, mark);
#else
	(void)p, (void)pass;
#endif
	return wrong;
}

static const char *
run_pass(Pass *p, size_t pass, const char *dumps)
{
	passes[pass].run(p);
	if (strchr(dumps, passes[pass].letter)) {
		fprintf(stderr, "; after %s\n", passes[pass].name);
		ir_dump_record(stderr, p->m->names, &mir_schema, MIR_REC_FN, &(MirFnRecord){p->fn}, p->id);
	}
	return check(p, pass);
}

/* Functions become what they are with the calls of std in them expanded. */
static void
expand_calls(MirModule *m, Arena *scratch, const bool *grown, const char *dumps)
{
	for (uint32_t i = 0; i < m->fns.len; i++)
		for (size_t k = INLINED; k < BEHIND && grown[i]; k++)
			run_pass(&(Pass){.m = m, .arena = m->arena, .scratch = scratch, .fn = m->fns.at[i], .id = i},
			    k, dumps);
}

/* The first pass over all functions; then parameters get their modes.  `grown`: which functions are longer now. */
static const char *
prepare(const Pass *start, const char *dumps, const bool **grown)
{
	MirModule *m = (MirModule *)(uintptr_t)start->m;
	Arena *scratch = start->scratch;
	ArenaMark mark = arena_mark(scratch);
	const char *wrong = NULL;

	for (uint32_t i = 0; i < m->fns.len && !wrong; i++)
		if (!mir_is_foreign(m->fns.at[i]))
			wrong = run_pass(&(Pass){.m = m, .arena = m->arena, .scratch = scratch,
			    .fn = m->fns.at[i], .id = i}, 0, dumps);
	if (start->optimize && !wrong) {
		*grown = inline_calls(m, start->unit);
		expand_calls(m, scratch, *grown, dumps);
		*grown = copy_given(m, scratch, *grown);
		infer_modes(m, scratch);
	}
	arena_reset(scratch, mark);
	return wrong;
}

/* `p` has what is the same for all functions, and then what is known about this one. */
static void
rewrite_fn(Pass *p, MirFnId id, const char *dumps)
{
	ArenaMark mark = arena_mark(p->scratch);

	p->fn = p->m->fns.at[id];
	p->id = id;
	if (p->optimize)
		pass_positions(p);
	for (size_t i = BEHIND; i < AT_END; i++)
		if (p->optimize || !passes[i].optional)
			run_pass(p, i, dumps);
	arena_reset(p->scratch, mark);
}

/* `done`: by function, what its passes left. */
static void
unbox(MirModule *m, Arena *scratch, Pass *done, uint32_t n)
{
	const bool *changed = unbox_closures(m, scratch, done);

#ifdef GOS_DEBUG
	for (uint32_t i = 0; i < n; i++) {
		const char *wrong = changed[i] && !done[i].forgets ? linear_check(&done[i], true) : NULL;
		if (wrong)
			bug("after unboxing: %s", wrong);
	}
#else
	(void)changed, (void)done, (void)n;
#endif
}

/* `done` as above. */
static void
split_phases(Pass *done, const bool *grown, uint32_t n, const char *dumps)
{
	for (uint32_t i = 0; i < n; i++) {
		ArenaMark mark = arena_mark(done[i].scratch);
		for (size_t k = AT_END; k < N_PASSES && grown[i]; k++)
			run_pass(&done[i], k, dumps);
		arena_reset(done[i].scratch, mark);
	}
}

/* A type of this kind; a program that has none gets one at the end. */
static MirTypeId
ensure_type(MirModule *m, const char *name, uint64_t size, MirRepr *repr)
{
	for (uint32_t i = 0; i < m->types.len; i++)
		if (mir_repr(m, i) == repr->kind)
			return i;
	MirTypeRecord *record = arena_new(m->arena, MirTypeRecord);
	record->type = mir_mk_type(m->arena, intern_cstr(m->names, name), size, 1, false, false, repr);
	vec_push(m->arena, &m->types, record->type);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_TYPE, .type = record});
	return m->types.len - 1;
}

const char *
rc_rewrite(MirModule *m, Arena *scratch, bool optimize, const char *dumps)
{
	Pass start = {.m = m, .arena = m->arena, .scratch = scratch, .optimize = optimize};

	ensure_type(m, "bool", 1, mir_mk_repr_bool(m->arena));	/* for flags */
	if (m->ends.len > 0)
		start.unit = ensure_type(m, "()", 0, mir_mk_repr_unit(m->arena));
	if (optimize)
		trmc_types(m);
	m->end_of = mir_ends(m, m->arena);	/* all types are there */
	const bool *grown = NULL;
	const char *wrong = prepare(&start, dumps, &grown);
	uint32_t n = m->fns.len;
	Pass *done = arena_array(m->arena, Pass, n + 1);
	for (uint32_t i = 0; i < n && !wrong; i++) {
		done[i] = start;
		if (!mir_is_foreign(m->fns.at[i]))
			rewrite_fn(&done[i], i, dumps);
	}
	if (optimize && !wrong)
		unbox(m, scratch, done, n);
	if (optimize && !wrong)
		split_phases(done, grown, n, dumps);
	return wrong;
}
