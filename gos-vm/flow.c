/*
 * Blocks and what is between them.  See translate.h.
 *
 * A block follows the one that goes on to it wherever that can be done, so that most jumps vanish.
 * The head of a loop is written once more where the loop goes round: a round then costs one
 * jump.  Cleanup blocks come last.
 */
#include "gos-vm/translate.h"

#include "lib/fatal.h"

#include <string.h>

/* Instructions of a loop's head that are written twice. */
enum { HEAD_MAX = 3, TABLE_MAX = 4096, CHAIN_MAX = 3 };

static MirBlock *
block_at(Trans *t, MirBbId bb)
{
	return t->fn->blocks.at[bb];
}

static bool
is_placed(Trans *t, MirBbId bb)
{
	return t->pc_of[bb] != IR_NONE;
}

static void
later(Trans *t, MirBbId bb)
{
	vec_push(t->arena, &t->pending, bb);
}

static bool
never_reached(Trans *t, MirBbId bb)
{
	MirBlock *b = block_at(t, bb);

	return b->insts.len == 0 && b->term->kind == MIR_TERM_UNREACHABLE;
}

/* ---- Conditions ---- */

static bool
is_compare(const MirInst *i)
{
	return i->kind == MIR_INST_BINARY && i->binary.op >= MIR_BINOP_EQ
	    && i->binary.dest->projs.len == 0;
}

/* The comparison at the end of the block that only the If looks at. */
static const MirInst *
compare_for_if(Trans *t, const MirBlock *b)
{
	const MirPlace *cond;

	if (b->term->kind != MIR_TERM_IF || b->insts.len == 0)
		return NULL;
	const MirInst *last = b->insts.at[b->insts.len - 1];
	cond = mir_operand_place(b->term->if_.cond);
	if (!is_compare(last) || !cond || cond->projs.len || cond->local != last->binary.dest->local
	    || t->uses.reads[cond->local] != 1
	    || class_bytes(operand_class(t, last->binary.left)) == 0)
		return NULL;
	return last;
}

/* To `bb` if the condition is `when`. */
static void
jump_when(Trans *t, const MirBlock *b, const MirInst *compare, bool when, MirBbId bb)
{
	if (compare) {
		trans_compare_jump(t, compare, when, bb);
		return;
	}
	Slot cond = operand_slot(t, b->term->if_.cond);
	emit_jump(t, when ? OP_jt : OP_jf, cond, 0, bb);
}

/* The block to go on with, IR_NONE if there is none. */
static MirBbId
trans_if(Trans *t, const MirBlock *b)
{
	const MirInst *compare = compare_for_if(t, b);
	MirBbId then = b->term->if_.then, otherwise = b->term->if_.otherwise;

	if (!is_placed(t, then)) {
		jump_when(t, b, compare, false, otherwise);
		later(t, otherwise);
		return then;
	}
	jump_when(t, b, compare, true, then);
	return otherwise;
}

/* ---- Switches ---- */

/* The Tag at the end of the block that only the Switch looks at. */
static const MirInst *
tag_for_switch(Trans *t, const MirBlock *b)
{
	if (b->term->kind != MIR_TERM_SWITCH || b->insts.len == 0)
		return NULL;
	const MirInst *last = b->insts.at[b->insts.len - 1];
	const MirPlace *value = mir_operand_place(b->term->switch_.value);
	if (last->kind != MIR_INST_TAG || last->tag.dest->projs.len || !value || value->projs.len
	    || value->local != last->tag.dest->local || t->uses.reads[value->local] != 1)
		return NULL;
	return last;
}

static Slot
switch_value(Trans *t, const MirBlock *b, uint64_t *bytes)
{
	const MirInst *tag = tag_for_switch(t, b);

	if (!tag) {
		*bytes = class_bytes(operand_class(t, b->term->switch_.value));
		return operand_slot(t, b->term->switch_.value);
	}
	const MirRepr *r = mir_type(t->m, place_type(t, tag->tag.value))->repr;
	*bytes = mir_type(t->m, mir_enum_word(r))->size;
	return loc_slot(t, loc_at(place_loc(t, tag->tag.value), r->enum_.tag_offset), *bytes);
}

static void
jump_case(Trans *t, Slot value, uint64_t bytes, const MirCase *c)
{
	IrU128 extended = (IrU128)(__int128)(int16_t)c->value;
	uint64_t near = t->near;

	if (bytes < 16)
		extended &= ((IrU128)1 << bytes * 8) - 1;
	if (extended == c->value) {
		emit_jump(t, OP_BITS(jeqk, bytes), value, (Slot)c->value, c->target);
		return;
	}
	Slot other = temp(t, bytes);
	constant(t, other, bytes, c->value);
	emit_jump(t, OP_BITS(jeq, bytes), value, other, c->target);
	t->near = near;
}

static MirBbId
switch_chain(Trans *t, const MirTerm *term, Slot value, uint64_t bytes, MirBbId otherwise)
{
	uint32_t n = term->switch_.cases.len;

	/* One of them it must be. */
	if (never_reached(t, otherwise) && n)
		otherwise = term->switch_.cases.at[--n]->target;
	for (uint32_t i = 0; i < n; i++) {
		jump_case(t, value, bytes, term->switch_.cases.at[i]);
		later(t, term->switch_.cases.at[i]->target);
	}
	return otherwise;
}

/* Are the cases dense enough, and in reach of the operands, for a table? */
static bool
table_fits(const MirTerm *term, uint64_t bytes, uint64_t *low, uint64_t *span)
{
	IrU128 least = ~(IrU128)0, most = 0;

	if (bytes == 16 || term->switch_.cases.len <= CHAIN_MAX)
		return false;
	for (uint32_t i = 0; i < term->switch_.cases.len; i++) {
		IrU128 v = term->switch_.cases.at[i]->value;
		least = v < least ? v : least;
		most = v > most ? v : most;
	}
	*low = (uint64_t)least;
	*span = (uint64_t)(most - least) + 1;
	return least <= UINT16_MAX && most - least < TABLE_MAX
	    && *span <= (uint64_t)term->switch_.cases.len * 4 + 8;
}

/* The instruction, then a half word with the distance for each value and one for all others. */
static void
switch_table(Trans *t, const MirTerm *term, Op op, Slot value, uint64_t low, uint64_t span)
{
	uint32_t start = t->code.len;
	MirBbId *targets = arena_array(t->arena, MirBbId, span + 1);

	for (uint64_t i = 0; i <= span; i++)
		targets[i] = term->switch_.otherwise;
	for (uint32_t i = 0; i < term->switch_.cases.len; i++) {
		const MirCase *c = term->switch_.cases.at[i];
		targets[(uint64_t)c->value - low] = c->target;
		later(t, c->target);
	}
	emit(t, op, value, (Slot)low, (Slot)span);
	for (uint64_t i = 0; i < (span + 2) / 2; i++)
		emit_word(t, 0);
	for (uint64_t i = 0; i <= span; i++) {
		Fix f = {.kind = FIX_TABLE, .at = (uint32_t)i, .from = start, .bb = targets[i]};
		vec_push(t->arena, &t->fixes, f);
	}
	later(t, term->switch_.otherwise);
}

static MirBbId
target_of(const MirTerm *term, uint64_t tag)
{
	for (uint32_t i = 0; i < term->switch_.cases.len; i++)
		if (term->switch_.cases.at[i]->value == tag)
			return term->switch_.cases.at[i]->target;
	return term->switch_.otherwise;
}

/* The Switch over the tags of an enum, or the same over the words of its niche. */
static const MirTerm *
switch_on_words(Trans *t, const MirBlock *b)
{
	const MirInst *tag = tag_for_switch(t, b);
	const MirTerm *term = b->term;
	MirCaseList cases = {0};
	uint64_t word;

	const MirRepr *r = tag ? mir_type(t->m, place_type(t, tag->tag.value))->repr : NULL;
	if (!r || !r->enum_.niche)
		return term;
	for (uint32_t v = 0; v < r->enum_.variants.len; v++)
		if (mir_enum_stored(r, v, &word))
			vec_push(t->arena, &cases, mir_mk_case(t->arena, word, target_of(term, v)));
	return mir_mk_term_switch(t->arena, term->span, term->switch_.value, cases,
	    target_of(term, r->enum_.niche->untagged));
}

static MirBbId
trans_switch(Trans *t, const MirBlock *b)
{
	const MirTerm *term = switch_on_words(t, b);
	uint64_t bytes, low, span;
	Slot value = switch_value(t, b, &bytes);

	if (!table_fits(term, bytes, &low, &span))
		return switch_chain(t, term, value, bytes, term->switch_.otherwise);
	switch_table(t, term, OP_ELEM(switch, bytes), value, low, span);
	return IR_NONE;
}

/* ---- Return ---- */

/* The last Assign if it sets the result from a fixed place: that can be returned instead. */
static const MirInst *
assign_for_return(Trans *t, const MirBlock *b, const MirTerm *term, uint64_t *offset)
{
	if (term->kind != MIR_TERM_RETURN || b->insts.len == 0)
		return NULL;
	const MirInst *last = b->insts.at[b->insts.len - 1];
	if (last->kind != MIR_INST_ASSIGN || last->assign.dest->local != 0
	    || last->assign.dest->projs.len)
		return NULL;
	const MirPlace *from = mir_operand_place(last->assign.value);
	uint64_t at;
	if (!from || last->assign.value->kind == MIR_OPERAND_ADDR || !place_is_fixed(t, from, &at))
		return NULL;
	*offset = at;
	return last;
}

static void
trans_return(Trans *t, uint64_t from)
{
	uint64_t bytes = mir_type(t->m, mir_local_type(t->fn, 0))->size;

	if (bytes == 0) {
		emit(t, OP_ret, 0, 0, 0);
	} else if (bytes <= 16 && (bytes & (bytes - 1)) == 0 && from < 0xff00) {
		emit(t, OP_BITS(ret, bytes), (Slot)from, 0, 0);
	} else {
		emit(t, OP_ret_n, 0, 0, 0);
		emit_word(t, bytes);
		emit_word(t, from);
	}
}

/* ---- Blocks ---- */

/* A jump to a block that does nothing but return is a return. */
static const MirTerm *
real_term(Trans *t, const MirBlock *b)
{
	if (b->term->kind != MIR_TERM_GOTO)
		return b->term;
	MirBlock *target = block_at(t, b->term->goto_.target);
	return target->insts.len == 0 && target->term->kind == MIR_TERM_RETURN ? target->term : b->term;
}

/* Instructions that the end of the block does itself. */
static uint32_t
taken_by_term(Trans *t, const MirBlock *b, uint64_t *result_at)
{
	*result_at = t->at[0];
	if (compare_for_if(t, b) || tag_for_switch(t, b))
		return 1;
	return assign_for_return(t, b, real_term(t, b), result_at) ? 1 : 0;
}

/* The whole block; the one that should follow, IR_NONE if none. */
static MirBbId
trans_block(Trans *t, const MirBlock *b)
{
	uint64_t result_at;
	uint32_t n = b->insts.len - taken_by_term(t, b, &result_at);
	const MirTerm *term = real_term(t, b);
	MirBbId next = IR_NONE;

	forget_pointers(t);
	for (uint32_t k = 0; k < n;)
		k += trans_fused(t, b, k);
	t->span = b->term->span;
	switch (term->kind) {
	case MIR_TERM_GOTO:
		next = term->goto_.target;
		break;
	case MIR_TERM_IF:
		next = trans_if(t, b);
		break;
	case MIR_TERM_SWITCH:
		next = trans_switch(t, b);
		break;
	case MIR_TERM_RETURN:
		trans_return(t, result_at);
		break;
	case MIR_TERM_PANIC:
		trans_panic(t, term);
		break;
	case MIR_TERM_RESUME:
		emit(t, OP_resume, 0, 0, 0);
		break;
	case MIR_TERM_UNREACHABLE:
		emit(t, OP_unreachable, 0, 0, 0);
		break;
	}
	t->near = t->locals_near;
	t->far = t->locals_far;
	return next;
}

/* The head of a loop, worth a copy where the loop goes round. */
static bool
is_head(Trans *t, MirBbId bb)
{
	MirBlock *b = block_at(t, bb);

	return b->term->kind == MIR_TERM_IF && b->insts.len <= HEAD_MAX;
}

/* From bb on, as long as a block follows that has no code yet. */
static void
trans_chain(Trans *t, MirBbId bb)
{
	while (!is_placed(t, bb)) {
		t->pc_of[bb] = t->block_start = t->code.len;
		MirBbId next = trans_block(t, block_at(t, bb));
		if (next == IR_NONE)
			return;
		if (is_placed(t, next) && is_head(t, next))
			next = trans_block(t, block_at(t, next));
		bb = next;
	}
	emit_goto(t, bb);
}

static void
trans_pending(Trans *t)
{
	while (t->pending.len) {
		MirBbId bb = vec_pop(&t->pending);
		if (!is_placed(t, bb))
			trans_chain(t, bb);
	}
}

void
trans_blocks(Trans *t)
{
	trans_chain(t, 0);
	trans_pending(t);
	for (uint32_t i = 0; i < t->sites.len; i++) {
		MirBbId bb = t->sites.at[i].unwind;
		if (bb != IR_NONE && !is_placed(t, bb)) {
			later(t, bb);
			trans_pending(t);
		}
	}
}
