/*
 * Calls of closures whose code is known become calls of that code.  See rc.h.
 *
 *	e = {Fn f, k}; c = Box e; m = Move c; … t = Copy m; (Value t)(x); Drop t	→	… f(x, m)
 *
 * What a local, or a part of it, holds is known if every store to it is, and its address is never taken.  Behind
 * inlined adapters this finds the closures of a chain.
 *
 * gos-lower copies a closure before it calls it, lest it changes the place where it is held.  Nothing does
 * that to a local whose address is never taken, so then the copy goes too.
 */
#include "gos-rc/rc.h"

/* A chain of copies that is longer is not followed. */
enum { STEPS_MAX = 64, PATH_MAX = 12 };

/* A field in a field … of a local; of an enum, the field of a variant. */
typedef struct Path {
	MirLocalId local;
	uint32_t n, at[PATH_MAX];
} Path;

enum { VARIANT_SHIFT = 16 };

typedef struct Known {
	Pass *p;
	MirInstList *stores;	/* by local: the instructions that store to it or into it */
	bool *exposed;		/* by local: its address is taken */
	uint32_t *uses;		/* by local: where it is read, but for Drops */
	bool *copy;		/* by local: a copy that nobody needs any more */
	Path seen[STEPS_MAX];	/* asked about on the way */
	uint32_t n_seen;
} Known;

/* What is known: code, nothing yet (no store), or that it is not known. */
enum { ANY = IR_NONE, UNKNOWN = IR_NONE - 1 };

/* ---- Paths ---- */

static uint32_t
variant_step(uint32_t variant, uint32_t index)
{
	return (variant + 1) << VARIANT_SHIFT | index;
}

static bool
path_of(const MirPlace *place, Path *path)
{
	*path = (Path){.local = place->local};
	for (uint32_t i = 0; i < place->projs.len; i++) {
		const MirProj *proj = place->projs.at[i];
		bool is_variant = proj->kind == MIR_PROJ_VARIANT;
		if ((!is_variant && proj->kind != MIR_PROJ_FIELD) || path->n == PATH_MAX)
			return false;
		path->at[path->n++] = is_variant ? variant_step(proj->variant.variant, proj->variant.index)
		    : proj->field.index;
	}
	return true;
}

static bool
path_extend(Path *path, const uint32_t *fields, uint32_t n)
{
	if (path->n + n > PATH_MAX)
		return false;
	for (uint32_t i = 0; i < n; i++)
		path->at[path->n++] = fields[i];
	return true;
}

/* The length of what two paths in the same local have in common. */
static uint32_t
common(const Path *a, const Path *b)
{
	uint32_t n = 0;

	while (n < a->n && n < b->n && a->at[n] == b->at[n])
		n++;
	return n;
}

static bool
was_seen(Known *k, const Path *path)
{
	for (uint32_t i = 0; i < k->n_seen; i++)
		if (k->seen[i].local == path->local && k->seen[i].n == path->n
		    && common(&k->seen[i], path) == path->n)
			return true;
	return false;
}

/* ---- What is stored ---- */

static MirFnId code_at(Known *k, const Path *path);

/* The code in field `fields[0]`, of field `fields[1]` …, of an operand's value. */
static MirFnId
code_of_operand(Known *k, const MirOperand *op, const uint32_t *fields, uint32_t n)
{
	const MirPlace *place = mir_operand_place((MirOperand *)(uintptr_t)op);
	Path path;

	if (op->kind == MIR_OPERAND_FN && n == 0)
		return op->fn.fn;
	if (op->kind == MIR_OPERAND_CLOSURE && n == 0)
		return op->closure.fn;
	if (!place || op->kind == MIR_OPERAND_ADDR || !path_of(place, &path) || !path_extend(&path, fields, n))
		return UNKNOWN;
	return code_at(k, &path);
}

/* A field of a struct, or of an enum's variant; another variant has nothing there. */
static MirFnId
code_in_aggregate(Known *k, const MirInst *i, const uint32_t *rest, uint32_t n)
{
	const MirOperandList *fields = &i->aggregate.fields;
	uint32_t index = n == 0 ? IR_NONE : rest[0];

	if (n > 0 && rest[0] >> VARIANT_SHIFT) {
		if (rest[0] >> VARIANT_SHIFT != i->aggregate.variant + 1)
			return ANY;
		index &= (1 << VARIANT_SHIFT) - 1;
	}
	return index >= fields->len ? UNKNOWN : code_of_operand(k, fields->at[index], rest + 1, n - 1);
}

/* What the instruction puts at `path`; `to` is where it stores, a beginning of `path`. */
static MirFnId
code_stored(Known *k, const MirInst *i, const Path *path, const Path *to)
{
	const uint32_t *rest = path->at + to->n, code = 0;
	uint32_t n = path->n - to->n;

	switch (i->kind) {
	case MIR_INST_ASSIGN:
		return code_of_operand(k, i->assign.value, rest, n);
	case MIR_INST_AGGREGATE:
		return code_in_aggregate(k, i, rest, n);
	case MIR_INST_BOX:	/* a closure is a box whose first field is the code */
		return n == 0 ? code_of_operand(k, i->box.value, &code, 1) : UNKNOWN;
	case MIR_INST_UNARY: case MIR_INST_BINARY: case MIR_INST_CAST: case MIR_INST_TAG:
	case MIR_INST_BOUNDS: case MIR_INST_UNIQUE: case MIR_INST_CALL: case MIR_INST_DROP:
	case MIR_INST_LIVE: case MIR_INST_RETAIN: case MIR_INST_RELEASE:
		break;
	}
	return UNKNOWN;
}

/* What a parameter is. */
static MirFnId
code_given(const Known *k, const Path *path)
{
	bool known = k->p->given && path->local > 0 && path->n == 0 && k->stores[path->local].len == 0
	    && k->p->given[path->local - 1] != IR_NONE;

	return known ? k->p->given[path->local - 1] : UNKNOWN;
}

static MirFnId
code_at(Known *k, const Path *path)
{
	MirFnId known = ANY;

	if (was_seen(k, path))
		return ANY;
	if (k->n_seen == STEPS_MAX || k->exposed[path->local])
		return UNKNOWN;
	if (path->local <= k->p->fn->params.len)
		return code_given(k, path);
	k->seen[k->n_seen++] = *path;
	for (uint32_t i = 0; i < k->stores[path->local].len && known != UNKNOWN; i++) {
		const MirInst *inst = k->stores[path->local].at[i];
		Path to;
		if (!path_of(mir_inst_dest(inst), &to))
			return UNKNOWN;
		uint32_t same = common(&to, path);
		if (same < to.n && same < path->n)
			continue;
		MirFnId code = same < to.n ? UNKNOWN : code_stored(k, inst, path, &to);
		if (code != ANY)
			known = known == ANY || known == code ? code : UNKNOWN;
	}
	return known;
}

/* ---- The copy that is called ---- */

/* Does the instruction change what the local holds? */
static bool
changes(MirInst *i, MirLocalId local)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (i->kind == MIR_INST_DROP)
		return i->drop.place->local == local;
	if (i->kind == MIR_INST_UNIQUE)
		return i->unique.place->local == local;
	return dest && dest->local == local;
}

typedef struct Move {
	MirLocalId local;
	bool found;
} Move;

static void
find_move(void *ctx, MirOperand **op)
{
	Move *m = ctx;

	m->found |= (*op)->kind == MIR_OPERAND_MOVE && (*op)->move.place->local == m->local;
}

static bool
moves(MirInst *i, MirLocalId local)
{
	Move m = {.local = local};

	mir_inst_operands(i, find_move, &m);
	return m.found;
}

/* Where the closure that instruction `at` calls was copied from, if it is still there; else NULL. */
static MirPlace *
original(Known *k, const MirBlock *block, uint32_t at, const MirPlace *copy)
{
	uint32_t from = at;
	MirInst *def = NULL;
	Path path;

	if (!place_is_whole(copy) || k->exposed[copy->local] || k->stores[copy->local].len != 1
	    || k->uses[copy->local] != 1 || copy->local <= k->p->fn->params.len)
		return NULL;
	while (from > 0 && !def) {
		from--;
		if (block->insts.at[from] == k->stores[copy->local].at[0])
			def = block->insts.at[from];
	}
	if (!def || def->kind != MIR_INST_ASSIGN || def->assign.value->kind != MIR_OPERAND_COPY)
		return NULL;
	MirPlace *place = def->assign.value->copy.place;
	if (!path_of(place, &path) || k->exposed[place->local])
		return NULL;
	for (uint32_t i = from + 1; i <= at; i++)
		if (changes(block->insts.at[i], place->local) || moves(block->insts.at[i], place->local))
			return NULL;
	return place;
}

/* ---- The function ---- */

static void
note_operand(void *ctx, MirOperand **op)
{
	const MirPlace *place = mir_operand_place(*op);
	Known *k = ctx;

	if (!place)
		return;
	k->uses[place->local]++;
	k->exposed[place->local] |= (*op)->kind == MIR_OPERAND_ADDR;
}

static void
note_place(void *ctx, MirPlace *place, bool is_dest)
{
	Known *k = ctx;

	if (!is_dest || !place_is_whole(place))
		k->uses[place->local]++;
}

static void
note_inst(Known *k, MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (dest)
		vec_push(k->p->scratch, &k->stores[dest->local], i);
	mir_inst_operands(i, note_operand, k);
	if (i->kind != MIR_INST_DROP || !place_is_whole(i->drop.place))
		mir_inst_places(i, note_place, k);
}

static bool
calls_closure(const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_VALUE;
}

/* The type of the operand is that of closures. */
static bool
is_closure(const Pass *p, const MirOperand *op)
{
	const MirPlace *place = op->kind == MIR_OPERAND_ADDR ? NULL : mir_operand_place(op);

	return op->kind == MIR_OPERAND_CLOSURE
	    || (place && mir_repr(p->m, mir_place_type(p->m, p->fn, place)) == MIR_REPR_CLOSURE);
}

static bool
gives_closure(const Pass *p, const MirInst *i)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_FN)
		return false;
	for (uint32_t k = 0; k < i->call.args.len; k++)
		if (is_closure(p, i->call.args.at[k]))
			return true;
	return false;
}

/* False if no closure is called, or given to a function. */
static bool
look_around(Known *k)
{
	const MirFn *fn = k->p->fn;
	bool any = false;

	for (uint32_t b = 0; b < fn->blocks.len && !any; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len && !any; i++) {
			const MirInst *inst = fn->blocks.at[b]->insts.at[i];
			any = calls_closure(inst) || gives_closure(k->p, inst);
		}
	for (uint32_t b = 0; b < fn->blocks.len && any; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			note_inst(k, fn->blocks.at[b]->insts.at[i]);
		mir_term_operands(fn->blocks.at[b]->term, note_operand, k);
	}
	return any;
}

static Known
known_new(Pass *p)
{
	uint32_t n = p->fn->locals.len;

	return (Known){.p = p, .stores = arena_array(p->scratch, MirInstList, n),
	    .exposed = arena_array(p->scratch, bool, n), .uses = arena_array(p->scratch, uint32_t, n),
	    .copy = arena_array(p->scratch, bool, n)};
}

/* The code takes what the call gives: as many arguments and the environment. */
static bool
fits(const Known *k, MirFnId code, const MirInst *call)
{
	const MirFn *fn = code < k->p->m->fns.len ? k->p->m->fns.at[code] : NULL;

	if (!fn || mir_is_foreign(fn) || fn->params.len != call->call.args.len + 1)
		return false;
	for (uint32_t i = 0; i < call->call.args.len; i++)
		if (!mir_class_fits(mir_operand_class(k->p->m, k->p->fn, call->call.args.at[i]),
		    mir_class(k->p->m, mir_local_type(fn, i + 1))))
			return false;
	return fn->params.at[call->call.args.len] == MIR_MODE_BORROW;
}

/* The code that the call of a closure leads to, or IR_NONE. */
static MirFnId
code_called(Known *k, const MirInst *call)
{
	k->n_seen = 0;
	MirFnId code = code_of_operand(k, call->call.callee->value.closure, NULL, 0);
	return code < UNKNOWN && fits(k, code, call) ? code : IR_NONE;
}

static void
settle_call(Known *k, const MirBlock *block, uint32_t at)
{
	MirInst *i = block->insts.at[at];
	MirOperand *closure = i->call.callee->value.closure;
	const MirPlace *copy = mir_operand_place(closure);

	MirFnId code = code_called(k, i);
	if (code == IR_NONE)
		return;
	MirPlace *place = copy ? original(k, block, at, copy) : NULL;
	if (place) {
		k->copy[copy->local] = true;
		closure = mir_mk_operand_borrow(k->p->arena, place);
	}
	MirOperandList args = {0};
	for (uint32_t n = 0; n < i->call.args.len; n++)
		vec_push(k->p->arena, &args, i->call.args.at[n]);
	vec_push(k->p->arena, &args, closure);
	i->call.args = args;
	i->call.callee = mir_mk_callee_fn(k->p->arena, code);
}

/* A copy of a closure goes with its scope and its end. */
static void
remove_copies(Known *k, MirBlock *block)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < block->insts.len; i++) {
		MirInst *inst = block->insts.at[i];
		const MirPlace *about = inst->kind == MIR_INST_DROP ? inst->drop.place : mir_inst_dest(inst);
		MirLocalId local = inst->kind == MIR_INST_LIVE ? inst->live.local : about ? about->local : 0;
		if (!k->copy[local])
			block->insts.at[n++] = inst;
	}
	block->insts.len = n;
}

void
pass_known(Pass *p)
{
	Known k = known_new(p);

	if (!look_around(&k))
		return;
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		for (uint32_t i = 0; i < p->fn->blocks.at[b]->insts.len; i++)
			if (calls_closure(p->fn->blocks.at[b]->insts.at[i]))
				settle_call(&k, p->fn->blocks.at[b], i);
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		remove_copies(&k, p->fn->blocks.at[b]);
}

bool
known_gains(Pass *p)
{
	Known k = known_new(p);

	if (!look_around(&k))
		return false;
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		for (uint32_t i = 0; i < p->fn->blocks.at[b]->insts.len; i++) {
			const MirInst *inst = p->fn->blocks.at[b]->insts.at[i];
			if (calls_closure(inst) && code_called(&k, inst) != IR_NONE)
				return true;
		}
	return false;
}

/* ---- Calls that are given closures ---- */

static void
look_at_call(Known *k, MirInst *i, GivenVisit *visit, void *ctx)
{
	MirFnId *codes = arena_array(k->p->scratch, MirFnId, i->call.args.len);
	bool any = false;

	for (uint32_t n = 0; n < i->call.args.len; n++) {
		const MirOperand *arg = i->call.args.at[n];
		k->n_seen = 0;
		MirFnId code = is_closure(k->p, arg) ? code_of_operand(k, arg, NULL, 0) : ANY;
		codes[n] = code < UNKNOWN ? code : IR_NONE;
		any |= code < UNKNOWN;
	}
	if (any)
		visit(ctx, i, codes);
}

void
known_arguments(Pass *p, GivenVisit *visit, void *ctx)
{
	Known k = known_new(p);

	if (!look_around(&k))
		return;
	for (uint32_t b = 0; b < p->fn->blocks.len; b++)
		for (uint32_t i = 0; i < p->fn->blocks.at[b]->insts.len && !p->fn->blocks.at[b]->cleanup; i++)
			if (gives_closure(p, p->fn->blocks.at[b]->insts.at[i]))
				look_at_call(&k, p->fn->blocks.at[b]->insts.at[i], visit, ctx);
}
