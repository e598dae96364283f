/*
 * Closures that are only called directly need no cell.  See rc.h.
 *
 *	c = Box e; m = c; … f(x, m) … Release m	→	… f'(x, &e) … Release e
 *
 * The cell of a closure that was made here, and never left, is known by a few locals: they are stored to once,
 * from one another.  If they are only passed to the closure's own code, and released, then there is one reference,
 * which each way out gives away once; so the environment may as well stay where it was put together, and whoever
 * released the cell releases what is in it.  f' is f with a reference to the environment instead of its cell.
 * A function may be between that only hands the closure on to its code (given.c): it has a copy that hands on the
 * reference.
 */
#include "gos-rc/rc.h"

/* A closure that is made, and the locals that know its cell. */
typedef struct Group {
	MirLocalId env;
	MirFnId code;
	bool fits;
	MirLocalId flag;	/* the drop flag of the local that has one, or IR_NONE */
} Group;

typedef VEC(Group) GroupList;

/* A function, and a parameter of it that is the closure with this code. */
typedef struct Forward {
	MirFnId fn;
	uint32_t param;		/* from 0 */
	MirFnId code;
	bool fits;		/* it is only handed on to the code */
	MirFnId open;		/* the copy that takes a reference, or IR_NONE */
} Forward;

typedef struct Unbox {
	MirModule *m;
	Arena *scratch;
	MirFn *fn;
	Pass *done;		/* what the passes over fn left */
	MirFnId *open;		/* by function: the copy that takes a reference, or IR_NONE */
	MirTypeId *ref_to;	/* by type: the Ref to it, or IR_NONE */
	VEC(Forward) forwards;	/* what was asked about */
	uint32_t *stores;	/* by local */
	uint32_t *group_of;	/* by local: whose cell it knows, an index into groups, or IR_NONE */
	uint32_t *env_of;	/* by local: whose environment it is, or IR_NONE */
	GroupList groups;
} Unbox;

static MirPlace *
whole_place(Arena *a, MirLocalId local)
{
	return mir_mk_place(a, local, (MirProjList){0});
}

/* ---- Types ---- */

static MirTypeId
ref_type(Unbox *u, MirTypeId target)
{
	MirModule *m = u->m;

	if (u->ref_to[target] != IR_NONE)
		return u->ref_to[target];
	const char *name = arena_printf(m->arena, "&mut %s", intern_str(m->names, mir_type(m, target)->name));
	MirTypeRecord *record = arena_new(m->arena, MirTypeRecord);
	record->type = mir_mk_type(m->arena, intern_cstr(m->names, name), 8, 8, false, false,
	    mir_mk_repr_ref(m->arena, target));
	vec_push(m->arena, &m->types, record->type);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_TYPE, .type = record});
	return u->ref_to[target] = m->types.len - 1;
}

/* ---- Code that takes a reference ---- */

typedef struct EnvUse {
	MirLocalId env;
	bool other;		/* than looking into it */
} EnvUse;

static bool
look_at_env(void *ctx, const IrType *t, void *node)
{
	static const IrType *place_type;
	const MirPlace *place = node;
	EnvUse *use = ctx;

	if (!place_type)
		place_type = ir_type(&mir_schema, "place");
	if (t == place_type && place->local == use->env
	    && (place->projs.len == 0 || place->projs.at[0]->kind != MIR_PROJ_DEREF))
		use->other = true;
	return true;
}

/* Does the code only look into its environment, which is the cell of this struct? */
static bool
can_open(const Unbox *u, MirFnId code, MirTypeId env)
{
	const MirFn *fn = u->m->fns.at[code];
	EnvUse use = {.env = fn->params.len};

	if (mir_is_foreign(fn) || fn->exported || fn->params.len == 0
	    || fn->params.at[fn->params.len - 1] != MIR_MODE_BORROW)
		return false;
	const MirRepr *r = mir_type(u->m, mir_local_type(fn, use.env))->repr;
	if (r->kind != MIR_REPR_BOX || r->box.payload != env)
		return false;
	for (uint32_t b = 0; b < fn->blocks.len && !use.other; b++)
		ir_walk(ir_type(&mir_schema, "block"), fn->blocks.at[b], look_at_env, &use);
	return !use.other;
}

static MirFnId
open_code(Unbox *u, MirFnId code, MirTypeId env)
{
	MirModule *m = u->m;

	if (u->open[code] != IR_NONE)
		return u->open[code];
	MirFnRecord *record = arena_new(m->arena, MirFnRecord);
	MirFn *fn = record->fn = ir_clone(m->arena, ir_type(&mir_schema, "fn"), m->fns.at[code]);
	fn->symbol = intern_cstr(m->names, arena_printf(m->arena, "%s$open", intern_str(m->names, fn->symbol)));
	fn->locals.at[fn->params.len]->type = ref_type(u, env);
	vec_push(m->arena, &m->fns, fn);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_FN, .fn = record});
	return u->open[code] = m->fns.len - 1;
}

/* ---- Functions between ---- */

static const MirPlace *
whole_operand(const MirOperand *op)
{
	const MirPlace *place = op->kind == MIR_OPERAND_ADDR ? NULL : mir_operand_place(op);

	return place && place_is_whole(place) ? place : NULL;
}

static uint32_t forward_of(Unbox *u, MirFnId fn, uint32_t param, MirFnId code);

/* Does the function that is called only hand argument `k`, a closure with this code, on to the code? */
static bool
hands_on(Unbox *u, const MirInst *call, uint32_t k, MirFnId code)
{
	MirFnId f = call->call.callee->fn.fn;

	if (f == code && k + 1 == call->call.args.len)
		return true;
	uint32_t at = forward_of(u, f, k, code);
	return u->forwards.at[at].fits;
}

typedef struct Mentions {
	MirLocalId local;
	uint32_t n;
} Mentions;

static bool
count_mention(void *ctx, const IrType *t, void *node)
{
	static const IrType *place_type;
	Mentions *m = ctx;

	if (!place_type)
		place_type = ir_type(&mir_schema, "place");
	m->n += t == place_type && ((MirPlace *)node)->local == m->local;
	return true;
}

static bool
is_direct(const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_FN;
}

/* Is the argument this local, as it is? */
static bool
is_local(const MirInst *call, uint32_t k, MirLocalId local)
{
	const MirPlace *place = whole_operand(call->call.args.at[k]);

	return place && place->local == local;
}

/* Are all mentions in the block arguments of such calls? */
static bool
block_hands_on(Unbox *u, MirBlock *block, MirLocalId local, MirFnId code)
{
	Mentions all = {.local = local};
	uint32_t handed = 0;

	ir_walk(ir_type(&mir_schema, "block"), block, count_mention, &all);
	for (uint32_t i = 0; i < block->insts.len && all.n > handed; i++) {
		const MirInst *inst = block->insts.at[i];
		for (uint32_t k = 0; is_direct(inst) && k < inst->call.args.len; k++)
			handed += is_local(inst, k, local) && hands_on(u, inst, k, code);
	}
	return all.n == handed;
}

/* The answer, an index into forwards.  While it is looked for, yes: of a function that calls itself. */
static uint32_t
forward_of(Unbox *u, MirFnId f, uint32_t param, MirFnId code)
{
	const MirFn *fn = u->m->fns.at[f];
	uint32_t at = u->forwards.len;

	for (uint32_t i = 0; i < at; i++)
		if (u->forwards.at[i].fn == f && u->forwards.at[i].param == param && u->forwards.at[i].code == code)
			return i;
	bool fits = !mir_is_foreign(fn) && !fn->exported && param < fn->params.len
	    && fn->params.at[param] == MIR_MODE_BORROW
	    && mir_repr(u->m, mir_local_type(fn, param + 1)) == MIR_REPR_CLOSURE;
	vec_push(u->m->arena, &u->forwards, (Forward){f, param, code, fits, IR_NONE});
	for (uint32_t b = 0; b < fn->blocks.len && fits; b++)
		fits = block_hands_on(u, fn->blocks.at[b], param + 1, code);
	if (!fits)
		u->forwards.len = at + 1;	/* what was answered meanwhile may have relied on it */
	u->forwards.at[at].fits = fits;
	return at;
}

/* The callee of a call that gives the reference as argument `k`. */
static MirFnId
open_callee(Unbox *u, const MirInst *call, uint32_t k, MirFnId code, MirTypeId env)
{
	MirFnId f = call->call.callee->fn.fn;

	if (f == code && k + 1 == call->call.args.len)
		return open_code(u, code, env);
	uint32_t at = forward_of(u, f, k, code);
	if (u->forwards.at[at].open != IR_NONE)
		return u->forwards.at[at].open;
	MirModule *m = u->m;
	MirFnRecord *record = arena_new(m->arena, MirFnRecord);
	MirFn *fn = record->fn = ir_clone(m->arena, ir_type(&mir_schema, "fn"), m->fns.at[f]);
	fn->symbol = intern_cstr(m->names, arena_printf(m->arena, "%s$open%u.%u", intern_str(m->names, fn->symbol),
	    (unsigned)k, (unsigned)at));
	fn->locals.at[k + 1]->type = ref_type(u, env);
	vec_push(m->arena, &m->fns, fn);
	vec_push(m->arena, &m->records, (MirRecord){.kind = MIR_REC_FN, .fn = record});
	MirFnId open = u->forwards.at[at].open = m->fns.len - 1;
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[b]->insts.at[i];
			for (uint32_t n = 0; is_direct(inst) && n < inst->call.args.len; n++) {
				if (!is_local(inst, n, k + 1))
					continue;
				inst->call.args.at[n] = mir_mk_operand_copy(m->arena, whole_place(m->arena, k + 1));
				inst->call.callee = mir_mk_callee_fn(m->arena, open_callee(u, inst, n, code, env));
			}
		}
	return open;
}

/* ---- Groups ---- */

/* The environment that the Box before instruction `at` was built from just before; NULL if it is not that. */
static const MirInst *
made_before(const MirBlock *block, uint32_t at, MirLocalId env)
{
	for (uint32_t i = at; i-- > 0; ) {
		const MirInst *inst = block->insts.at[i];
		const MirPlace *dest = mir_inst_dest(inst);
		if (dest && dest->local == env)
			return inst->kind == MIR_INST_AGGREGATE && place_is_whole(dest) ? inst : NULL;
	}
	return NULL;
}

static void
consider_box(Unbox *u, const MirBlock *block, uint32_t at)
{
	const MirInst *i = block->insts.at[at];
	const MirPlace *env = i->kind == MIR_INST_BOX ? whole_operand(i->box.value) : NULL;

	if (!env || !place_is_whole(i->box.dest) || u->stores[i->box.dest->local] != 1 || u->stores[env->local] != 1
	    || i->box.dest->local <= u->fn->params.len || env->local <= u->fn->params.len)
		return;
	const MirInst *made = made_before(block, at, env->local);
	if (!made || made->aggregate.fields.len < 2 || made->aggregate.fields.at[0]->kind != MIR_OPERAND_FN)
		return;
	MirFnId code = made->aggregate.fields.at[0]->fn.fn;
	if (!can_open(u, code, mir_local_type(u->fn, env->local)))
		return;
	u->group_of[i->box.dest->local] = u->env_of[env->local] = u->groups.len;
	vec_push(u->scratch, &u->groups, (Group){env->local, code, true, IR_NONE});
}

/* True if one more local belongs to a group. */
static bool
follow(Unbox *u)
{
	bool any = false;

	for (uint32_t b = 0; b < u->fn->blocks.len; b++)
		for (uint32_t k = 0; k < u->fn->blocks.at[b]->insts.len; k++) {
			const MirInst *i = u->fn->blocks.at[b]->insts.at[k];
			const MirPlace *from = i->kind == MIR_INST_ASSIGN ? whole_operand(i->assign.value) : NULL;
			if (!from || u->group_of[from->local] == IR_NONE || !place_is_whole(i->assign.dest)
			    || u->stores[i->assign.dest->local] != 1 || i->assign.dest->local <= u->fn->params.len
			    || u->group_of[i->assign.dest->local] != IR_NONE)
				continue;
			u->group_of[i->assign.dest->local] = u->group_of[from->local];
			any = true;
		}
	return any;
}

/* ---- What each use means ---- */

static void
refuse(Unbox *u, MirLocalId local)
{
	if (u->group_of[local] != IR_NONE)
		u->groups.at[u->group_of[local]].fits = false;
	if (u->env_of[local] != IR_NONE)
		u->groups.at[u->env_of[local]].fits = false;
}

static void refuse_operand(void *ctx, MirOperand **op);

/* The place's local, and those that it is found by. */
static void
refuse_in(Unbox *u, const MirPlace *place)
{
	refuse(u, place->local);
	for (uint32_t i = 0; i < place->projs.len; i++)
		if (place->projs.at[i]->kind == MIR_PROJ_INDEX)
			refuse_operand(u, &place->projs.at[i]->index.index);
}

static void
refuse_operand(void *ctx, MirOperand **op)
{
	const MirPlace *place = mir_operand_place(*op);

	if (place)
		refuse(ctx, place->local);
}

static void
refuse_place(void *ctx, MirPlace *place, bool is_dest)
{
	(void)is_dest;
	refuse(ctx, place->local);
}

/* The group whose closure the call gives its code as argument `k`, or IR_NONE. */
static uint32_t
group_given(Unbox *u, const MirInst *i, uint32_t k)
{
	const MirPlace *place = whole_operand(i->call.args.at[k]);
	uint32_t g = place ? u->group_of[place->local] : IR_NONE;

	return g != IR_NONE && hands_on(u, i, k, u->groups.at[g].code) ? g : IR_NONE;
}

/* The group that the instruction makes, hands on or releases, or IR_NONE. */
static uint32_t
group_kept(const Unbox *u, const MirInst *i)
{
	const MirPlace *dest = i->kind == MIR_INST_RELEASE ? i->release.place : mir_inst_dest(i);
	uint32_t g = dest && place_is_whole(dest) ? u->group_of[dest->local] : IR_NONE;

	if (i->kind == MIR_INST_RELEASE || i->kind == MIR_INST_BOX)
		return g;
	const MirPlace *from = i->kind == MIR_INST_ASSIGN ? whole_operand(i->assign.value) : NULL;
	return from && u->group_of[from->local] == g ? g : IR_NONE;
}

static void
judge(Unbox *u, MirInst *i)
{
	if (group_kept(u, i) != IR_NONE)
		return;
	if (i->kind != MIR_INST_AGGREGATE || !place_is_whole(i->aggregate.dest)
	    || u->env_of[i->aggregate.dest->local] == IR_NONE)
		mir_inst_places(i, refuse_place, u);
	if (!is_direct(i)) {
		mir_inst_operands(i, refuse_operand, u);
		return;
	}
	for (uint32_t k = 0; k < i->call.args.len; k++)
		if (group_given(u, i, k) == IR_NONE && mir_operand_place(i->call.args.at[k]))
			refuse_in(u, mir_operand_place(i->call.args.at[k]));
}

/* ---- Rewriting ---- */

static bool
fits(const Unbox *u, uint32_t group)
{
	return group != IR_NONE && u->groups.at[group].fits;
}

/* False: the instruction goes. */
static bool
rewrite_inst(Unbox *u, MirInst *i)
{
	uint32_t kept = group_kept(u, i);
	Arena *a = u->m->arena;

	if (fits(u, kept) && i->kind == MIR_INST_RELEASE) {
		i->release.place = whole_place(a, u->groups.at[kept].env);
		return mir_type(u->m, mir_local_type(u->fn, u->groups.at[kept].env))->counted;
	}
	for (uint32_t k = 0; is_direct(i) && k < i->call.args.len; k++) {
		uint32_t given = group_given(u, i, k);
		if (!fits(u, given))
			continue;
		const Group *g = &u->groups.at[given];
		i->call.callee = mir_mk_callee_fn(a, open_callee(u, i, k, g->code, mir_local_type(u->fn, g->env)));
		i->call.args.at[k] = mir_mk_operand_addr(a, whole_place(a, g->env));
	}
	return !fits(u, kept);
}

static void
rewrite(Unbox *u)
{
	for (uint32_t b = 0; b < u->fn->blocks.len; b++) {
		MirInstList *insts = &u->fn->blocks.at[b]->insts;
		uint32_t n = 0;
		for (uint32_t i = 0; i < insts->len; i++)
			if (rewrite_inst(u, insts->at[i]))
				insts->at[n++] = insts->at[i];
		insts->len = n;
	}
}

/* ---- The program ---- */

static bool
has_box(const MirFn *fn)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			if (fn->blocks.at[b]->insts.at[i]->kind == MIR_INST_BOX)
				return true;
	return false;
}

static void
find_groups(Unbox *u)
{
	uint32_t n = u->fn->locals.len;

	u->groups.len = 0;
	u->stores = arena_array(u->scratch, uint32_t, n);
	u->group_of = arena_array(u->scratch, uint32_t, n);
	u->env_of = arena_array(u->scratch, uint32_t, n);
	for (MirLocalId l = 0; l < n; l++)
		u->group_of[l] = u->env_of[l] = IR_NONE;
	for (uint32_t b = 0; b < u->fn->blocks.len; b++)
		for (uint32_t i = 0; i < u->fn->blocks.at[b]->insts.len; i++) {
			const MirPlace *dest = mir_inst_dest(u->fn->blocks.at[b]->insts.at[i]);
			if (dest)
				u->stores[dest->local]++;
		}
	for (uint32_t b = 0; b < u->fn->blocks.len; b++)
		for (uint32_t i = 0; i < u->fn->blocks.at[b]->insts.len; i++)
			consider_box(u, u->fn->blocks.at[b], i);
	while (u->groups.len > 0 && follow(u))
		;
}

/* Where a drop flag says whether the cell is still there, it says so of the environment. */
static void
take_flags(Unbox *u)
{
	IrU32List *flags = &u->done->flag_of;

	for (MirLocalId l = 0; l < flags->len; l++) {
		if (flags->at[l] == IR_NONE || u->group_of[l] == IR_NONE)
			continue;
		Group *g = &u->groups.at[u->group_of[l]];
		g->fits &= g->env < flags->len && g->flag == IR_NONE;
		g->flag = flags->at[l];
	}
	for (uint32_t g = 0; g < u->groups.len; g++)
		if (u->groups.at[g].fits && u->groups.at[g].flag != IR_NONE)
			flags->at[u->groups.at[g].env] = u->groups.at[g].flag;
}

static bool
unbox_in(Unbox *u)
{
	MirFn *fn = u->fn;
	bool any = false;

	u->groups = (GroupList){0};
	find_groups(u);
	for (uint32_t b = 0; b < fn->blocks.len && u->groups.len > 0; b++) {
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++)
			judge(u, fn->blocks.at[b]->insts.at[i]);
		mir_term_operands(fn->blocks.at[b]->term, refuse_operand, u);
	}
	if (u->groups.len > 0)
		take_flags(u);
	for (uint32_t g = 0; g < u->groups.len; g++)
		any |= u->groups.at[g].fits;
	if (any)
		rewrite(u);
	return any;
}

static uint32_t *
all_none(Arena *arena, uint32_t n)
{
	uint32_t *all = arena_array(arena, uint32_t, n + 1);

	for (uint32_t i = 0; i < n; i++)
		all[i] = IR_NONE;
	return all;
}

const bool *
unbox_closures(MirModule *m, Arena *scratch, Pass *done)
{
	ArenaMark mark = arena_mark(scratch);
	bool *changed = arena_array(m->arena, bool, m->fns.len + 1);
	uint32_t n_fns = m->fns.len, n_types = m->types.len;
	Unbox u = {.m = m, .scratch = scratch, .open = all_none(scratch, n_fns), .ref_to = all_none(scratch, n_types)};

	for (MirFnId f = 0; f < n_fns; f++) {
		u.fn = m->fns.at[f];
		u.done = &done[f];
		changed[f] = has_box(u.fn) && unbox_in(&u);
	}
	if (m->types.len > n_types)
		m->end_of = mir_ends(m, m->arena);
	arena_reset(scratch, mark);
	return changed;
}
