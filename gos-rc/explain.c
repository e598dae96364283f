/* Remarks about counted mir, in the words of the program.  See explain.h. */
#include "gos-rc/explain.h"

#include "gos-rc/rc.h"
#include "lib/mir_cfg.h"
#include "lib/remark.h"

#include <string.h>

/* Which side of a test for the only reference a block is on. */
typedef enum Side { SIDE_NONE, SIDE_UNIQUE, SIDE_SHARED } Side;

typedef struct Tally {
	uint32_t retains, releases, tests, reuses, frees, copies, allocations;
} Tally;

typedef struct Explain {
	const MirModule *m;
	Arena *arena;
	ExplainWhat what;
	Facts facts;
	Remarks remarks;
	Tally tally;
	/* of the function at hand */
	const MirFn *fn;
	MirFnId id;
	LocalFacts local;
	Cfg cfg;
	Side *side;		/* by block */
	bool *in_loop;		/* by block */
	MirBbId block;
	uint32_t at;
} Explain;

/* ---- Names ---- */

static const char *
fn_name(const Explain *e, MirFnId id)
{
	const char *path = intern_str(e->m->names, e->m->fns.at[id]->path);

	if (strncmp(path, "std::", 5) == 0)
		return path + 5;
	return strncmp(path, "main::", 6) == 0 ? path + 6 : path;
}

static const char *
type_name(const Explain *e, MirTypeId type)
{
	return intern_str(e->m->names, mir_type(e->m, type)->name);
}

/* The only place that is moved to a local which has no name, or NULL. */
static const MirPlace *
source_of(const Explain *e, MirLocalId local)
{
	const MirPlace *found = NULL;

	for (uint32_t b = 0; b < e->fn->blocks.len; b++)
		for (uint32_t k = 0; k < e->fn->blocks.at[b]->insts.len; k++) {
			const MirInst *i = e->fn->blocks.at[b]->insts.at[k];
			const MirPlace *dest = mir_inst_dest(i);
			if (i->kind != MIR_INST_ASSIGN || dest->local != local || dest->projs.len)
				continue;
			const MirPlace *from = mir_operand_place(i->assign.value);
			if (found || !from || from->local == local)
				return NULL;
			found = from;
		}
	return found;
}

/* NULL for what a closure has captured. */
static const char *
step_name(const Explain *e, MirTypeId type, const MirProj *proj)
{
	const MirRepr *r = mir_type(e->m, type)->repr;

	if (proj->kind == MIR_PROJ_INDEX)
		return "[…]";
	if (proj->kind != MIR_PROJ_FIELD || r->kind != MIR_REPR_STRUCT)
		return "";
	const char *name = intern_str(e->m->names, r->struct_.fields.at[proj->field.index]->name);
	return *name ? arena_printf(e->arena, ".%s", name) : NULL;
}

static const char *place_path(const Explain *e, const MirPlace *place, uint32_t depth);

static const char *
local_path(const Explain *e, MirLocalId local, uint32_t depth)
{
	const char *name = intern_str(e->m->names, e->fn->locals.at[local]->name);

	if (*name)
		return name;
	const MirPlace *from = depth < 8 ? source_of(e, local) : NULL;
	return from ? place_path(e, from, depth + 1) : NULL;
}

/* `v[…].name`, or NULL for a value without a name.  Steps into enums and boxes are not shown. */
static const char *
place_path(const Explain *e, const MirPlace *place, uint32_t depth)
{
	const char *path = local_path(e, place->local, depth);
	MirTypeId t = mir_local_type(e->fn, place->local);

	for (uint32_t i = 0; path && i < place->projs.len; i++) {
		const char *step = step_name(e, t, place->projs.at[i]);
		path = step ? arena_printf(e->arena, "%s%s", path, step) : NULL;
		t = mir_proj_type(e->m, t, place->projs.at[i]);
	}
	return path;
}

static const char *
place_name(const Explain *e, const MirPlace *place)
{
	const char *path = place_path(e, place, 0);

	if (path)
		return arena_printf(e->arena, "`%s`", path);
	return arena_printf(e->arena, "a value of type `%s`", type_name(e, mir_place_type(e->m, e->fn, place)));
}

static uint32_t
line_of(const Explain *e, Span span)
{
	return source_place(&e->m->sources, span.start).line;
}

/* ---- Where it happens ---- */

static void
put(Explain *e, Span span, uint32_t *tally, const char *text)
{
	const char *loop = e->in_loop[e->block] ? " (in a loop)" : "";

	if (e->what == EXPLAIN_COPIES && tally != &e->tally.copies)
		return;
	++*tally;
	remarks_add(&e->remarks, span, arena_printf(e->arena, "%s%s", text, loop));
}

static void
mark_sides(Explain *e, MirBbId top, Side side)
{
	for (uint32_t b = 0; b < e->fn->blocks.len; b++)
		if (cfg_is_reachable(&e->cfg, b) && cfg_dominates(&e->cfg, top, b))
			e->side[b] = side;
}

static bool
is_runtime(const Explain *e, const MirInst *i, const char *name)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_RUNTIME
	    && strcmp(intern_str(e->m->names, i->call.callee->runtime.symbol), name) == 0;
}

/* A block that ends in a test for the only reference: what depends on it is told so. */
static void
find_sides(Explain *e)
{
	e->side = arena_array(e->arena, Side, e->fn->blocks.len);
	for (uint32_t k = 0; k < e->cfg.order.len; k++) {
		const MirBlock *b = e->fn->blocks.at[e->cfg.order.at[k]];
		if (b->insts.len == 0 || b->term->kind != MIR_TERM_IF
		    || !is_runtime(e, b->insts.at[b->insts.len - 1], "is_unique"))
			continue;
		mark_sides(e, b->term->if_.then, SIDE_UNIQUE);
		mark_sides(e, b->term->if_.otherwise, SIDE_SHARED);
	}
}

static void
find_loops(Explain *e)
{
	e->in_loop = arena_array(e->arena, bool, e->fn->blocks.len);
	for (uint32_t b = 0; b < e->fn->blocks.len; b++)
		e->in_loop[b] = cfg_is_reachable(&e->cfg, b) && cfg_reaching(&e->cfg, b, IR_NONE)[b];
}

/* ---- What comes later ---- */

typedef struct Use {
	MirLocalId local;
	bool found;
} Use;

static void
use_operand(void *ctx, MirOperand **op)
{
	Use *u = ctx;
	const MirPlace *place = mir_operand_place(*op);

	u->found |= place && place->local == u->local;
}

static bool
uses(MirInst *i, MirLocalId local)
{
	Use u = {local, false};

	if (i->kind == MIR_INST_RELEASE || i->kind == MIR_INST_RETAIN)
		return false;
	mir_inst_operands(i, use_operand, &u);
	u.found |= (i->kind == MIR_INST_TAG && i->tag.value->local == local)
	    || (i->kind == MIR_INST_UNIQUE && i->unique.place->local == local);
	return u.found;
}

typedef struct Ahead {
	MirBbId *blocks;
	uint32_t n;
	bool *seen;
} Ahead;

static void
look_ahead(void *ctx, MirBbId *bb)
{
	Ahead *a = ctx;

	if (!a->seen[*bb]) {
		a->seen[*bb] = true;
		a->blocks[a->n++] = *bb;
	}
}

/* The next instruction that uses the local, nearest block first; NULL if there is none. */
static const MirInst *
next_use(Explain *e, uint32_t from, MirLocalId local)
{
	uint32_t n = e->fn->blocks.len;
	Ahead a = {arena_array(e->arena, MirBbId, n + 1), 1, arena_array(e->arena, bool, n)};

	a.blocks[0] = e->block;
	for (uint32_t k = 0; k < a.n; k++) {
		MirBlock *b = e->fn->blocks.at[a.blocks[k]];
		for (uint32_t i = k ? 0 : from; i < b->insts.len; i++)
			if (uses(b->insts.at[i], local))
				return b->insts.at[i];
		mir_term_targets(b->term, look_ahead, &a);
	}
	return NULL;
}

/* ---- Why ---- */

/* What becomes of the copy that a Retain is for. */
static const MirInst *
taker(const Explain *e, const MirPlace *place)
{
	const MirBlock *b = e->fn->blocks.at[e->block];

	for (uint32_t i = e->at + 1; i < b->insts.len && i < e->at + 12; i++)
		if (uses(b->insts.at[i], place->local))
			return b->insts.at[i];
	return NULL;
}

static const char *
taker_name(const Explain *e, const MirInst *i)
{
	if (!i)
		return "";
	if (i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_FN)
		return arena_printf(e->arena, " for `%s`", fn_name(e, i->call.callee->fn.fn));
	if (i->kind == MIR_INST_AGGREGATE || i->kind == MIR_INST_BOX)
		return arena_printf(e->arena, " for a new `%s`",
		    type_name(e, mir_place_type(e->m, e->fn, mir_inst_dest(i))));
	if (i->kind != MIR_INST_ASSIGN)
		return "";
	if (i->assign.dest->local == 0)
		return " for the result";
	const char *name = intern_str(e->m->names, e->fn->locals.at[i->assign.dest->local]->name);
	return *name ? arena_printf(e->arena, " for `%s`", name) : "";
}

static bool
is_param(const Explain *e, MirLocalId local)
{
	return local > 0 && local <= e->fn->params.len;
}

static const char *
why_retain(Explain *e, const MirPlace *place)
{
	MirLocalId root = facts_root(&e->local, place->local);
	const MirPlace whole = {.local = root};
	const MirInst *take = taker(e, place);

	if (e->side[e->block] == SIDE_SHARED)
		return "only where the cell is shared: the other reference keeps it too";
	if (is_param(e, root) && e->fn->params.at[root - 1] == MIR_MODE_BORROW)
		return arena_printf(e->arena, "%s belongs to the caller", place_name(e, &whole));
	for (uint32_t i = 0; i < place->projs.len; i++)
		if (place->projs.at[i]->kind == MIR_PROJ_INDEX)
			return "the element stays where it is";
	uint32_t after = e->at + 1;
	const MirBlock *b = e->fn->blocks.at[e->block];
	while (take && after < b->insts.len && b->insts.at[after - 1] != take)
		after++;
	const MirInst *use = next_use(e, after, root);
	if (use)
		return arena_printf(e->arena, "%s is used again on line %u", place_name(e, &whole),
		    line_of(e, use->span));
	return place->projs.len ? arena_printf(e->arena, "%s keeps it", place_name(e, &whole))
	    : "its first owner ends later";
}

static const char *
why_shared(Explain *e, const MirPlace *place)
{
	Cause c = facts_cause(&e->facts, &e->local, e->fn, place);

	switch (c.kind) {
	case CAUSE_NONE:
		return NULL;
	case CAUSE_PARAM:
		return "it came from the caller, who may have another reference";
	case CAUSE_RETAIN:
		return arena_printf(e->arena, "another reference is made on line %u", line_of(e, c.at));
	case CAUSE_KEPT:
		return arena_printf(e->arena, "`%s` on line %u may keep a reference", fn_name(e, c.fn),
		    line_of(e, c.at));
	case CAUSE_RESULT:
		return arena_printf(e->arena, "`%s` on line %u may have kept a reference", fn_name(e, c.fn),
		    line_of(e, c.at));
	case CAUSE_PART:
		return "what lies in a collection may be elsewhere too";
	case CAUSE_UNKNOWN:
		return arena_printf(e->arena, "the closure or method called on line %u may have a reference",
		    line_of(e, c.at));
	}
	return NULL;
}

/* ---- The remarks ---- */

static void
put_copy(Explain *e, Span span, const MirPlace *place, const char *by)
{
	const char *why = why_shared(e, place);

	if (why)
		put(e, span, &e->tally.copies, arena_printf(e->arena, "copy of %s if it is shared%s: %s",
		    place_name(e, place), by, why));
}

static void
put_retain(Explain *e, const MirInst *i)
{
	const MirPlace *place = i->retain.place;

	put(e, i->span, &e->tally.retains, arena_printf(e->arena, "retain of %s%s: %s",
	    place_name(e, place), taker_name(e, taker(e, place)), why_retain(e, place)));
}

/* The variant that a block is only reached with, IR_NONE if it is not told there. */
static uint32_t
known_variant(const Explain *e, const MirPlace *place)
{
	if (e->cfg.preds[e->block].len != 1)
		return IR_NONE;
	const MirBlock *before = e->fn->blocks.at[e->cfg.preds[e->block].at[0]];
	const MirInst *tag = before->insts.len ? vec_last(&before->insts) : NULL;
	if (!tag || tag->kind != MIR_INST_TAG || before->term->kind != MIR_TERM_SWITCH
	    || !place_equal(tag->tag.value, place))
		return IR_NONE;
	const MirRepr *r = mir_type(e->m, mir_place_type(e->m, e->fn, place))->repr;
	for (uint32_t i = 0; i < before->term->switch_.cases.len; i++)
		for (uint32_t v = 0; v < r->enum_.variants.len; v++)
			if (before->term->switch_.cases.at[i]->target == e->block
			    && before->term->switch_.cases.at[i]->value == r->enum_.variants.at[v]->tag)
				return v;
	return IR_NONE;
}

/* A variant without counted parts has nothing to release: LLVM sees that, too. */
static bool
is_plain_variant(const Explain *e, const MirPlace *place)
{
	uint32_t v = known_variant(e, place);

	if (v == IR_NONE)
		return false;
	const MirRepr *r = mir_type(e->m, mir_place_type(e->m, e->fn, place))->repr;
	const MirFieldList *fields = &r->enum_.variants.at[v]->fields;
	for (uint32_t i = 0; i < fields->len; i++)
		if (mir_type(e->m, fields->at[i]->type)->counted)
			return false;
	return true;
}

/* A block's end is at its closing brace. */
static Span
end_of(const Explain *e, Span span)
{
	if (span.len < 2 || line_of(e, span) == line_of(e, (Span){span.start + span.len - 1, 1}))
		return span;
	return (Span){span.start + span.len - 1, 1};
}

static void
put_release(Explain *e, const MirInst *i)
{
	const MirPlace *place = i->release.place;
	const char *why = "this is the end of it";

	if (is_plain_variant(e, place))
		return;
	if (e->side[e->block] == SIDE_SHARED)
		why = "only where the cell is shared: it stays with the others";
	else if (place->projs.len)
		why = "something else takes its place";
	else if (is_param(e, place->local))
		why = "the function owns it, and it ends here";
	put(e, end_of(e, i->span), &e->tally.releases, arena_printf(e->arena, "release of %s: %s",
	    place_name(e, place), why));
}

static void
put_box(Explain *e, const MirInst *i)
{
	const MirType *box = mir_type(e->m, mir_place_type(e->m, e->fn, i->box.dest));
	MirTypeId payload = box->repr->box.payload;

	put(e, i->span, &e->tally.allocations, arena_printf(e->arena,
	    "allocation of %llu bytes for `%s`: no cell of this size becomes free on the way here",
	    (unsigned long long)mir_type(e->m, payload)->size + 8, type_name(e, payload)));
}

static void
put_runtime(Explain *e, const MirInst *i)
{
	const char *name = intern_str(e->m->names, i->call.callee->runtime.symbol);
	const MirPlace *first = i->call.args.len ? mir_operand_place(i->call.args.at[0]) : NULL;

	if (strcmp(name, "is_unique") == 0) {
		put(e, i->span, &e->tally.tests, arena_printf(e->arena,
		    "test: if this is the only reference to the cell of %s, its parts are moved, not copied",
		    place_name(e, first)));
	} else if (strcmp(name, "cell_reuse") == 0) {
		put(e, i->span, &e->tally.reuses, arena_printf(e->arena,
		    "reuse of the cell of %s, or an allocation if that was shared", place_name(e, first)));
	} else if (strcmp(name, "cell_free") == 0) {
		put(e, i->span, &e->tally.frees, arena_printf(e->arena,
		    "the cell of %s is free, if it was not shared: nothing on this way takes it",
		    place_name(e, first)));
	} else {
		uint32_t effect = runtime_effect(e->m, e->fn, i);
		if (effect & EFFECT_WRITES)
			put_copy(e, i->span, first, "");
		if (effect & EFFECT_ALLOCATES)
			put(e, i->span, &e->tally.allocations, arena_printf(e->arena,
			    "`%s` of the runtime may allocate", name));
	}
}

/* Functions of the library have no remarks of their own. */
static void
put_call(Explain *e, const MirInst *i)
{
	MirFnId callee = i->call.callee->fn.fn;
	const FnFacts *facts = &e->facts.fns[callee];

	if (!e->m->fns.at[callee]->hidden)
		return;
	for (uint32_t k = 0; k < i->call.args.len; k++) {
		const MirPlace *place = mir_operand_place(i->call.args.at[k]);
		if (place && facts->writes[k])
			put_copy(e, i->span, place, arena_printf(e->arena, ", by `%s`", fn_name(e, callee)));
	}
	if (facts->allocates)
		put(e, i->span, &e->tally.allocations, arena_printf(e->arena, "`%s` may allocate",
		    fn_name(e, callee)));
}

static void
explain_inst(Explain *e, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_RETAIN:
		put_retain(e, i);
		return;
	case MIR_INST_RELEASE:
		put_release(e, i);
		return;
	case MIR_INST_BOX:
		put_box(e, i);
		return;
	case MIR_INST_UNIQUE:
		put_copy(e, i->span, i->unique.place, "");
		return;
	case MIR_INST_CALL:
		if (i->call.callee->kind == MIR_CALLEE_RUNTIME)
			put_runtime(e, i);
		else if (i->call.callee->kind == MIR_CALLEE_FN)
			put_call(e, i);
		return;
	case MIR_INST_ASSIGN:
	case MIR_INST_UNARY:
	case MIR_INST_BINARY:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_TAG:
	case MIR_INST_BOUNDS:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
		return;
	}
}

static void
explain_fn(Explain *e, MirFnId id)
{
	e->fn = e->m->fns.at[id];
	e->id = id;
	cfg_build(&e->cfg, e->m->fns.at[id], e->arena);
	e->local = facts_of_fn(&e->facts, id, e->arena);
	find_sides(e);
	find_loops(e);
	for (uint32_t b = 0; b < e->fn->blocks.len; b++) {
		const MirBlock *block = e->fn->blocks.at[b];
		e->block = b;
		/* What a panic does on its way is no cost of the program. */
		if (block->cleanup || !cfg_is_reachable(&e->cfg, b))
			continue;
		for (e->at = 0; e->at < block->insts.len; e->at++)
			explain_inst(e, block->insts.at[e->at]);
	}
}

static void
put_tally(const Tally *t, FILE *f)
{
	fprintf(f, "in the source: %u retains, %u releases, %u tests, %u reuses, %u cells freed, "
	    "%u copies that may happen, %u allocations\n", t->retains, t->releases, t->tests, t->reuses,
	    t->frees, t->copies, t->allocations);
}

void
explain(const MirModule *m, Arena *arena, ExplainWhat what, FILE *f)
{
	Explain e = {.m = m, .arena = arena, .what = what, .remarks = {arena, &m->sources, {0}}};

	facts_build(&e.facts, m, arena);
	for (uint32_t i = 0; i < m->fns.len; i++)
		if (!m->fns.at[i]->hidden && !mir_is_foreign(m->fns.at[i]))
			explain_fn(&e, i);
	uint32_t n = remarks_print(&e.remarks, what == EXPLAIN_RC, f);
	if (n == 0)
		fputs(what == EXPLAIN_RC ? "nothing is counted, copied or allocated\n"
		    : "no copy on write can happen\n", f);
	else if (what == EXPLAIN_RC)
		put_tally(&e.tally, f);
}
