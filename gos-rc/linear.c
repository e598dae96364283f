/*
 * The linear checker: every owned value is consumed exactly once on every path.  See linear.h.
 *
 * Abstract interpretation.  For each counted local, and for each part of one that is retained or moved
 * by itself, the state says how many references the function owns through it.
 *
 *	Copy into an owned position	scheduled: makes its own; counted: takes one that a Retain made
 *	Move, Drop, Release		take one
 *	Retain				makes one
 *	storing to a whole local	gives it one (none if the value is a Borrow), and must find none
 *
 * Moving a part out of a local (counted mir only) takes the local apart: its other parts, down the same
 * path, are from then on owned each by themselves; what a Deref led through stays as a shell.
 *
 * A number may differ between the paths into a block only where the local has a drop flag that tells
 * which it is, or, before the drops are decided, where a Drop will.
 */
#include "gos-rc/linear.h"

#include "lib/mir_cfg.h"

#include <string.h>

/* States beyond numbers. */
enum {
	MAX_COUNT = 65000,	/* an array may take that many of one local */
	ANY,		/* filled through an address by somebody who says so elsewhere: not followed */
	MAYBE,		/* scheduled: one or none; a Drop finds out */
	FLAGGED,	/* one if the flag is true, else none */
};
/* Functions beyond this are not looked at: the table would not fit. */
static const uint64_t cells_max = 1 << 26;

typedef struct State {
	uint16_t *n;		/* by item */
	uint8_t *flag;		/* by local: 0 or 1 where a drop flag is known, else 2 */
	bool reached;
} State;

typedef struct Linear {
	Pass *p;
	bool counted;		/* behind the pass that inserts counts */
	bool no_cursors;	/* nor is there a local yet that only looks into another one */
	VEC(const MirPlace *) parts;	/* items from fn->locals.len on */
	uint32_t n_items;
	State *in;		/* by block */
	State now;
	IrU32List work;
	bool *queued;		/* by block */
	bool *is_flag;		/* by local */
	MirBbId block;
	uint32_t inst;
	const char *wrong;
} Linear;

/* ---- Items ---- */

static uint32_t
find_item(Linear *l, const MirPlace *place)
{
	if (place_is_whole(place))
		return place->local;
	for (uint32_t i = 0; i < l->parts.len; i++)
		if (place_equal(l->parts.at[i], place))
			return l->p->fn->locals.len + i;
	return IR_NONE;
}

static void
add_part(Linear *l, const MirPlace *place)
{
	if (!place_is_whole(place) && find_item(l, place) == IR_NONE)
		vec_push(l->p->scratch, &l->parts, place);
}

static MirPlace *
prefix(Linear *l, const MirPlace *place, uint32_t n)
{
	MirPlace *q = arena_new(l->p->scratch, MirPlace);

	q->local = place->local;
	q->projs = place->projs;
	q->projs.len = q->projs.cap = n;
	return q;
}

/* The same place with the last field's index replaced. */
static MirPlace *
sibling(Linear *l, const MirPlace *place, uint32_t index)
{
	Arena *a = l->p->scratch;
	MirPlace *q = arena_new(a, MirPlace);
	const MirProj *last = place->projs.at[place->projs.len - 1];

	q->local = place->local;
	for (uint32_t i = 0; i + 1 < place->projs.len; i++)
		vec_push(a, &q->projs, place->projs.at[i]);
	vec_push(a, &q->projs, last->kind == MIR_PROJ_FIELD ? mir_mk_proj_field(a, index)
	    : mir_mk_proj_variant(a, last->variant.variant, index));
	return q;
}

typedef void PartVisit(Linear *l, const MirPlace *part);

/* Each counted field beside the last projection of the place. */
static void
visit_siblings(Linear *l, const MirPlace *place, PartVisit *visit)
{
	const MirProj *last = place->projs.at[place->projs.len - 1];
	const MirRepr *r = mir_type(l->p->m, mir_place_type(l->p->m, l->p->fn,
	    prefix(l, place, place->projs.len - 1)))->repr;
	const MirFieldList *fields;
	uint32_t self;

	if (last->kind == MIR_PROJ_FIELD) {
		fields = &r->struct_.fields;
		self = last->field.index;
	} else if (last->kind == MIR_PROJ_VARIANT) {
		fields = &r->enum_.variants.at[last->variant.variant]->fields;
		self = last->variant.index;
	} else {
		return;
	}
	for (uint32_t i = 0; i < fields->len; i++)
		if (i != self && mir_type(l->p->m, fields->at[i]->type)->counted)
			visit(l, sibling(l, place, i));
}

/* All items that taking the local apart down to the place may make. */
static void
add_path(Linear *l, const MirPlace *place)
{
	for (uint32_t n = 1; n <= place->projs.len; n++) {
		MirPlace *q = prefix(l, place, n);
		add_part(l, q);
		visit_siblings(l, q, add_part);
	}
}

static void
find_part(void *ctx, MirOperand *op, bool owned)
{
	const MirPlace *place = mir_operand_place(op);

	if (place_is_whole(place) || !owned)
		return;
	if (op->kind == MIR_OPERAND_COPY)
		add_part(ctx, place);
	else if (op->kind == MIR_OPERAND_MOVE)
		add_path(ctx, place);
}

static void
find_items(Linear *l)
{
	MirFn *fn = l->p->fn;

	for (uint32_t b = 0; l->counted && b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			MirInst *inst = fn->blocks.at[b]->insts.at[i];
			inst_counted_operands(l->p, inst, find_part, l);
			if (inst->kind == MIR_INST_RETAIN)
				add_part(l, inst->retain.place);
		}
	l->n_items = fn->locals.len + l->parts.len;
}

/* ---- What is wrong ---- */

static void
complain(Linear *l, uint32_t item, const char *what)
{
	uint32_t n = l->p->fn->locals.len;
	MirLocalId local = item < n ? item : l->parts.at[item - n]->local;
	const char *at = l->inst == IR_NONE ? "end"
	    : arena_printf(l->p->scratch, "instruction %u", l->inst);

	if (!l->wrong)
		l->wrong = arena_printf(l->p->arena, "%s, bb%u, %s: %s_%u %s",
		    intern_str(l->p->m->names, l->p->fn->path), l->block, at,
		    item < n ? "" : "a part of ", local, what);
}

/* ---- Numbers ---- */

static bool
is_tracked(Linear *l, uint32_t item)
{
	return item >= l->p->fn->locals.len || local_is_counted(l->p, item);
}

/* The number with what the flag says; ANY and MAYBE stay. */
static uint16_t
number(Linear *l, uint32_t item)
{
	uint16_t n = l->now.n[item];

	if (n == FLAGGED && l->now.flag[local_flag(l->p, item)] != 2)
		n = l->now.flag[local_flag(l->p, item)];
	return n;
}

static void
give(Linear *l, uint32_t item)
{
	uint16_t n = number(l, item);

	if (n == MAYBE || n == FLAGGED)
		complain(l, item, "gets a reference where it may have one already");
	else if (n < MAX_COUNT)
		l->now.n[item] = n + 1;
}

static void
take(Linear *l, uint32_t item)
{
	uint16_t n = number(l, item);

	if (n == 0)
		complain(l, item, "gives a reference away that it has not");
	else if (n == MAYBE || n == FLAGGED)
		complain(l, item, "gives a reference away that it has on some paths only");
	else
		l->now.n[item] = n == ANY ? 0 : n - 1;
}

static void
must_be_empty(Linear *l, uint32_t item, const char *what)
{
	uint16_t n = number(l, item);

	if (n != 0 && n != ANY)
		complain(l, item, what);
	l->now.n[item] = 0;
}

/* ---- Taking apart ---- */

static void
give_part(Linear *l, const MirPlace *place)
{
	give(l, find_item(l, place));
}

/* Makes the parts down to the place owned by themselves. */
static void
take_apart(Linear *l, const MirPlace *place)
{
	uint32_t from = place->projs.len;

	while (from > 0 && number(l, find_item(l, prefix(l, place, from))) == 0)
		from--;
	if (from == place->projs.len)
		return;
	for (uint32_t n = from; n < place->projs.len; n++) {
		MirPlace *part = prefix(l, place, n + 1);
		if (place->projs.at[n]->kind != MIR_PROJ_DEREF)
			take(l, find_item(l, prefix(l, place, n)));
		give_part(l, part);
		visit_siblings(l, part, give_part);
	}
}

/* ---- Instructions ---- */

static void
use_operand(void *ctx, MirOperand *op, bool owned)
{
	Linear *l = ctx;
	const MirPlace *place = mir_operand_place(op);
	uint32_t item = find_item(l, place);

	if (op->kind == MIR_OPERAND_MOVE) {
		if (!place_is_whole(place))
			take_apart(l, place);
		take(l, item);
	} else if (op->kind == MIR_OPERAND_COPY && owned && l->counted) {
		take(l, item);
	} else if (place_is_whole(place) && !l->counted && number(l, item) == MAYBE) {
		complain(l, item, "is used where it may be empty");
	} else if (place_is_whole(place) && owned && l->no_cursors && !local_is_borrowed(l->p, place->local)
	    && number(l, item) == 0) {
		complain(l, item, "is copied where it is empty");
	}
}

static void
use_address(void *ctx, MirOperand **op)
{
	Linear *l = ctx;

	if ((*op)->kind != MIR_OPERAND_ADDR || !place_is_whole((*op)->addr.place))
		return;
	MirLocalId local = (*op)->addr.place->local;
	if (l->now.n[local] == 0)
		l->now.n[local] = ANY;
}

static void
store(Linear *l, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);
	bool looks = i->kind == MIR_INST_ASSIGN && i->assign.value->kind == MIR_OPERAND_BORROW;

	if (!dest || !place_is_whole(dest) || !is_tracked(l, dest->local))
		return;
	must_be_empty(l, dest->local, "is stored to while it owns a reference");
	if (!looks)
		give(l, dest->local);
}

static void
set_flag(Linear *l, const MirInst *i)
{
	if (i->kind != MIR_INST_ASSIGN || !place_is_whole(i->assign.dest))
		return;
	const MirOperand *v = i->assign.value;
	MirLocalId flag = i->assign.dest->local;
	if (!l->is_flag[flag])
		return;
	/* What the flag was about is now known without it, or never. */
	for (uint32_t item = 0; item < l->p->fn->locals.len; item++)
		if (l->now.n[item] == FLAGGED && local_flag(l->p, item) == flag)
			l->now.n[item] = number(l, item);
	l->now.flag[flag] = v->kind == MIR_OPERAND_INT ? (uint8_t)v->int_.value : 2;
}

static void
release(Linear *l, const MirPlace *place)
{
	uint32_t item = find_item(l, place);

	/* A part that nobody gave a number belongs to whoever owns the whole. */
	if (item == IR_NONE || (!place_is_whole(place) && number(l, item) == 0))
		return;
	if (is_tracked(l, item))
		take(l, item);
}

static void
drop(Linear *l, const MirPlace *place)
{
	if (!place_is_whole(place) || !is_tracked(l, place->local))
		return;
	if (l->p->dropped && number(l, place->local) != 1 && number(l, place->local) != ANY)
		complain(l, place->local, "is dropped where it may be empty");
	l->now.n[place->local] = 0;
}

/* What happens before a panic could. */
static void
apply_first(Linear *l, MirInst *i)
{
	mir_inst_operands(i, use_address, l);
	inst_counted_operands(l->p, i, use_operand, l);
	if (i->kind == MIR_INST_DROP)
		drop(l, i->drop.place);
	else if (i->kind == MIR_INST_RELEASE)
		release(l, i->release.place);
	else if (i->kind == MIR_INST_RETAIN && is_tracked(l, find_item(l, i->retain.place)))
		give(l, find_item(l, i->retain.place));
	else if (i->kind == MIR_INST_LIVE && is_tracked(l, i->live.local))
		must_be_empty(l, i->live.local, "begins while it owns a reference");
}

/* ---- Flow ---- */

/* The number where two paths meet. */
static uint16_t
join_number(Linear *l, uint32_t item, const State *a, const State *b)
{
	uint16_t x = a->n[item], y = b->n[item];

	if (x == y)
		return x;
	if (x == ANY || y == ANY)
		return ANY;
	MirLocalId flag = local_flag(l->p, item);
	if (flag != IR_NONE && (x == FLAGGED || x == a->flag[flag]) && (y == FLAGGED || y == b->flag[flag]))
		return FLAGGED;
	if (!l->p->dropped && (x <= 1 || x == MAYBE) && (y <= 1 || y == MAYBE))
		return MAYBE;
	complain(l, item, "owns a reference on one path to here and not on another");
	return ANY;
}

static void
copy_state(Linear *l, State *to, const State *from)
{
	memcpy(to->n, from->n, l->n_items * sizeof *to->n);
	memcpy(to->flag, from->flag, l->p->fn->locals.len);
}

/* Adds the paths that lead here to those that led to the block before; has it changed? */
static bool
join_state(Linear *l, State *in)
{
	bool changed = false;

	for (uint32_t i = 0; i < l->n_items; i++) {
		uint16_t n = join_number(l, i, in, &l->now);
		changed |= n != in->n[i];
		in->n[i] = n;
	}
	for (uint32_t i = 0; i < l->p->fn->locals.len; i++) {
		if (in->flag[i] == l->now.flag[i] || in->flag[i] == 2)
			continue;
		in->flag[i] = 2;
		changed = true;
	}
	return changed;
}

static void
flow_to(void *ctx, MirBbId *bb)
{
	Linear *l = ctx;
	State *in = &l->in[*bb];
	bool changed = !in->reached;

	if (in->reached) {
		changed = join_state(l, in);
	} else {
		in->n = arena_array(l->p->scratch, uint16_t, l->n_items);
		in->flag = arena_array(l->p->scratch, uint8_t, l->p->fn->locals.len);
		copy_state(l, in, &l->now);
		in->reached = true;
	}
	if (changed && !l->queued[*bb]) {
		l->queued[*bb] = true;
		vec_push(l->p->scratch, &l->work, *bb);
	}
}

static void
check_left(Linear *l, bool returns)
{
	State kept = l->now;

	l->now.n = memcpy(arena_array(l->p->scratch, uint16_t, l->n_items), kept.n,
	    l->n_items * sizeof *kept.n);
	if (returns && is_tracked(l, 0))
		take(l, 0);
	for (uint32_t i = 0; i < l->n_items && !l->wrong; i++)
		if (is_tracked(l, i))
			must_be_empty(l, i, "owns a reference when the function is left");
	l->now = kept;
}

static void
flow_unwind(Linear *l, MirBbId *unwind, bool leaves)
{
	if (!unwind)
		return;
	if (*unwind != IR_NONE)
		flow_to(l, unwind);
	else if (leaves)
		check_left(l, false);
}

/* The branch on a drop flag tells what it is. */
static bool
flow_flag(Linear *l, const MirTerm *t)
{
	const MirPlace *place = t->kind == MIR_TERM_IF ? mir_operand_place(t->if_.cond) : NULL;

	if (!place || !place_is_whole(place) || !l->is_flag[place->local])
		return false;
	uint8_t was = l->now.flag[place->local];
	MirBbId then = t->if_.then, otherwise = t->if_.otherwise;
	l->now.flag[place->local] = 1;
	if (was != 0)
		flow_to(l, &then);
	l->now.flag[place->local] = 0;
	if (was != 1)
		flow_to(l, &otherwise);
	return true;
}

static void
flow_end(Linear *l, MirTerm *t)
{
	l->inst = IR_NONE;
	term_counted_operands(l->p, t, use_operand, l);
	if (t->kind == MIR_TERM_RETURN || t->kind == MIR_TERM_RESUME)
		check_left(l, t->kind == MIR_TERM_RETURN);
	else if (!flow_flag(l, t))
		mir_term_targets(t, flow_to, l);
	flow_unwind(l, mir_term_unwind(t), true);
}

static void
flow_block(Linear *l, MirBbId b)
{
	MirBlock *block = l->p->fn->blocks.at[b];

	copy_state(l, &l->now, &l->in[b]);
	l->block = b;
	for (l->inst = 0; l->inst < block->insts.len && !l->wrong; l->inst++) {
		MirInst *i = block->insts.at[l->inst];
		apply_first(l, i);
		flow_unwind(l, mir_inst_unwind(i), inst_can_panic(l->p->m, l->p->fn, block, i));
		store(l, i);
		set_flag(l, i);
	}
	if (!l->wrong)
		flow_end(l, block->term);
}

static void
begin(Linear *l)
{
	Pass *p = l->p;
	MirBbId entry = 0;

	l->in = arena_array(p->scratch, State, p->fn->blocks.len);
	l->queued = arena_array(p->scratch, bool, p->fn->blocks.len);
	l->is_flag = arena_array(p->scratch, bool, p->fn->locals.len);
	for (uint32_t i = 0; i < p->flag_of.len; i++)
		if (p->flag_of.at[i] != IR_NONE)
			l->is_flag[p->flag_of.at[i]] = true;
	l->now.n = arena_array(p->scratch, uint16_t, l->n_items);
	l->now.flag = arena_array(p->scratch, uint8_t, p->fn->locals.len);
	memset(l->now.flag, 2, p->fn->locals.len);
	for (uint32_t i = 1; i <= p->fn->params.len; i++)
		l->now.n[i] = local_is_counted(p, i) && !local_is_borrowed(p, i);
	flow_to(l, &entry);
}

static bool
has_cursors(const MirFn *fn)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t i = 0; i < fn->blocks.at[b]->insts.len; i++) {
			const MirInst *inst = fn->blocks.at[b]->insts.at[i];
			if (inst->kind == MIR_INST_ASSIGN && inst->assign.value->kind == MIR_OPERAND_BORROW)
				return true;
		}
	return false;
}

const char *
linear_check(Pass *p, bool counted)
{
	Linear l = {.p = p, .counted = counted, .no_cursors = !counted && !has_cursors(p->fn)};

	find_items(&l);
	if ((uint64_t)(l.n_items + p->fn->locals.len) * p->fn->blocks.len > cells_max)
		return NULL;
	begin(&l);
	while (l.work.len && !l.wrong) {
		MirBbId b = vec_pop(&l.work);
		l.queued[b] = false;
		flow_block(&l, b);
	}
	return l.wrong;
}
