/*
 * Drop specialisation: a value whose parts were copied out before it is released gives the parts away
 * instead, if nobody else has it.  See rc.h.
 *
 *	Retain t.0.left; l = t.0.left; Retain t.0.right; r = t.0.right; Release t
 * becomes
 *	box = t.0
 *	if is_unique(box) { l = Move box.left; r = Move box.right; the cell is free }
 *	else { Retain box.left; l = box.left; Retain box.right; r = box.right; Release box }
 *
 * which is Perceus (Reinking, Xie, de Moura, Leijen: "Perceus: Garbage Free Reference Counting with Reuse",
 * 2021).  Parts that lie in the value itself need no test.  The free cell goes to a later Box of its size
 * (reuse.c; drop-guided as in Lorenzen and Leijen, "Reference Counting with Frame-Limited Reuse", 2022), or
 * is freed without a look at its contents.  Boxes in boxes are taken apart in the same way.
 *
 * Only what happens in one block is seen, and nothing between the copies and the Release may panic, store to
 * the value or use up the copies: until then the value keeps its parts alive.
 */
#include "gos-rc/rc.h"

/* Code grows by each part. */
enum { PAIRS_MAX = 16, OPENS_MAX = 4, LOCALS_MAX = 4096, BLOCKS_MAX = 4000 };

/* Retain part; to = Copy part. */
typedef struct Pair {
	MirInst *retain, *assign;
	MirPlace *part;
	MirLocalId to;
	bool looked_at;		/* used before the Release */
	bool off;
} Pair;

typedef struct Special {
	Pass *p;
	MirBbId bb;		/* at hand */
	MirLocalId local;	/* that is released */
	VEC(Pair) pairs;
	VEC(MirPlace *) hints;	/* places that tell which variants there are */
	Bits spoiled, mentioned;	/* between the copy and the Release */
	MirBbId rest;		/* what comes behind the Release */
	IrU32List tokens;	/* cells that something there takes */
	MirTypeId bool_type;
	MirLocalId nothing;	/* takes results that are none */
	MirBlock *out;
	Span span;
} Special;

/* ---- What is between ---- */

static void
spoil_operand(void *ctx, MirOperand *op, bool owned)
{
	Special *s = ctx;

	if (owned)
		bits_put(s->spoiled, mir_operand_place(op)->local, true);
}

static void
note_operand(void *ctx, MirOperand **op)
{
	Special *s = ctx;
	MirPlace *place = mir_operand_place(*op);

	if (!place)
		return;
	bits_put(s->mentioned, place->local, true);
	if ((*op)->kind == MIR_OPERAND_ADDR)
		bits_put(s->spoiled, place->local, true);
	if (place->local == s->local && !place_is_whole(place))
		vec_push(s->p->scratch, &s->hints, place);
}

static void
note_place(void *ctx, MirPlace *place, bool is_dest)
{
	Special *s = ctx;

	(void)is_dest;
	bits_put(s->mentioned, place->local, true);
	if (place->local == s->local && !place_is_whole(place))
		vec_push(s->p->scratch, &s->hints, place);
}

static void
spoil_place(void *ctx, MirPlace *place, bool is_dest)
{
	Special *s = ctx;

	(void)is_dest;
	bits_put(s->spoiled, place->local, true);
}

static bool
mentions_change(Special *s, MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	return (dest && dest->local == s->local)
	    || (i->kind == MIR_INST_UNIQUE && i->unique.place->local == s->local)
	    || (i->kind == MIR_INST_RELEASE && i->release.place->local == s->local)
	    || (i->kind == MIR_INST_RETAIN && place_is_whole(i->retain.place)
	    && i->retain.place->local == s->local);
}

/* May the look for copies go on before this instruction? */
static bool
note_between(Special *s, MirInst *i)
{
	MirBbId *unwind = mir_inst_unwind(i);
	const MirBlock *block = s->p->fn->blocks.at[s->bb];

	if (mentions_change(s, i) || inst_can_panic(s->p->m, s->p->fn, block, i)
	    || (unwind && *unwind != IR_NONE))
		return false;
	inst_counted_operands(s->p, i, spoil_operand, s);
	mir_inst_operands(i, note_operand, s);
	/* A Retain beside its copy belongs to that. */
	if (i->kind != MIR_INST_RETAIN)
		mir_inst_places(i, i->kind == MIR_INST_TAG ? note_place : spoil_place, s);
	else
		bits_put(s->spoiled, i->retain.place->local, true);
	return !bits_has(s->spoiled, s->local);
}

/* ---- Copies ---- */

/* Only fields, variants and what Boxes hold: nobody else can change these while the value is shared. */
static bool
is_steady(Special *s, const MirPlace *place)
{
	MirTypeId t = mir_local_type(s->p->fn, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++) {
		if (place->projs.at[i]->kind == MIR_PROJ_INDEX
		    || (place->projs.at[i]->kind == MIR_PROJ_DEREF && mir_repr(s->p->m, t) != MIR_REPR_BOX))
			return false;
		t = mir_proj_type(s->p->m, t, place->projs.at[i]);
	}
	return true;
}

static bool
is_pair(Special *s, const MirInst *retain, const MirInst *i)
{
	if (i->kind != MIR_INST_ASSIGN || i->assign.value->kind != MIR_OPERAND_COPY || !retain
	    || retain->kind != MIR_INST_RETAIN || !place_is_whole(i->assign.dest))
		return false;
	const MirPlace *part = i->assign.value->copy.place;
	return part->local == s->local && !place_is_whole(part) && i->assign.dest->local != 0
	    && place_equal(retain->retain.place, part) && is_steady(s, part)
	    && !bits_has(s->spoiled, i->assign.dest->local);
}

/* One part lies in another, or is the same: the later copy, first in the list, keeps its Retain. */
static bool
overlaps(const Special *s, const MirPlace *part)
{
	for (uint32_t i = 0; i < s->pairs.len; i++)
		if (place_has_prefix(part, s->pairs.at[i].part)
		    || place_has_prefix(s->pairs.at[i].part, part))
			return true;
	return false;
}

static void
find_pairs(Special *s, const MirBlock *block, uint32_t at)
{
	Arena *a = s->p->scratch;

	s->pairs.len = 0;
	s->hints.len = 0;
	s->spoiled = bits_new(a, s->p->fn->locals.len);
	s->mentioned = bits_new(a, s->p->fn->locals.len);
	while (at-- > 0) {
		MirInst *i = block->insts.at[at], *before = at > 0 ? block->insts.at[at - 1] : NULL;
		if (is_pair(s, before, i) && s->pairs.len < PAIRS_MAX && !overlaps(s, i->assign.value->copy.place)) {
			MirLocalId to = i->assign.dest->local;
			vec_push(a, &s->pairs, (Pair){before, i, i->assign.value->copy.place, to,
			    bits_has(s->mentioned, to), false});
			bits_put(s->spoiled, to, true);
			vec_push(a, &s->hints, i->assign.value->copy.place);
			at--;
		} else if (!note_between(s, i)) {
			return;
		}
	}
}

/* ---- Emission ---- */

static void
put(Special *s, MirInst *i)
{
	vec_push(s->p->arena, &s->out->insts, i);
}

static void
put_call(Special *s, MirLocalId dest, const char *name, uint32_t n, MirOperand **args)
{
	Arena *a = s->p->arena;
	MirOperandList list = {0};

	for (uint32_t i = 0; i < n; i++)
		vec_push(a, &list, args[i]);
	put(s, mir_mk_inst_call(a, s->span, new_place(s->p, dest),
	    mir_mk_callee_runtime(a, intern_cstr(s->p->m->names, name)), list, IR_NONE));
}

static void
put_assign(Special *s, MirLocalId to, MirOperand *value)
{
	put(s, mir_mk_inst_assign(s->p->arena, s->span, new_place(s->p, to), value));
}

static MirPlace *
extend(Special *s, const MirPlace *place, MirProj *proj)
{
	MirPlace *q = new_place(s->p, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++)
		vec_push(s->p->arena, &q->projs, place->projs.at[i]);
	vec_push(s->p->arena, &q->projs, proj);
	return q;
}

/* The same part, seen from the local that `whole` was moved to. */
static MirPlace *
from_here(Special *s, const MirPlace *part, const MirPlace *whole, MirLocalId local)
{
	MirPlace *q = new_place(s->p, local);

	for (uint32_t i = whole->projs.len; i < part->projs.len; i++)
		vec_push(s->p->arena, &q->projs, part->projs.at[i]);
	return q;
}

static bool
has_pairs(const Special *s, const MirPlace *place)
{
	for (uint32_t i = 0; i < s->pairs.len; i++)
		if (!s->pairs.at[i].off && place_has_prefix(s->pairs.at[i].part, place))
			return true;
	return false;
}

static Pair *
pair_of(Special *s, const MirPlace *place)
{
	for (uint32_t i = 0; i < s->pairs.len; i++)
		if (!s->pairs.at[i].off && s->pairs.at[i].part->projs.len == place->projs.len
		    && place_has_prefix(s->pairs.at[i].part, place))
			return &s->pairs.at[i];
	return NULL;
}

/* The variant an enum is known to hold, or IR_NONE. */
static uint32_t
known_variant(const Special *s, const MirPlace *place)
{
	uint32_t n = place->projs.len;

	for (uint32_t i = 0; i < s->hints.len; i++)
		if (s->hints.at[i]->projs.len > n && place_has_prefix(s->hints.at[i], place)
		    && s->hints.at[i]->projs.at[n]->kind == MIR_PROJ_VARIANT)
			return s->hints.at[i]->projs.at[n]->variant.variant;
	return IR_NONE;
}

/*
 * Where the value is: `from` is its place when the copies were made, and names the pairs; `at` is its place
 * now.
 */
static void consume(Special *s, const MirPlace *from, MirPlace *at);

/* First what the copies take, which takes the value apart; then the rest. */
static void
consume_fields(Special *s, const MirFieldList *fields, uint32_t variant, const MirPlace *from,
    MirPlace *at)
{
	Arena *a = s->p->arena;

	for (uint32_t i = 0; i < 2 * fields->len; i++) {
		uint32_t k = i % fields->len;
		MirProj *proj = variant == IR_NONE ? mir_mk_proj_field(a, k)
		    : mir_mk_proj_variant(a, variant, k);
		MirPlace *field = extend(s, from, proj);
		bool taken = i < fields->len;
		if (mir_type(s->p->m, fields->at[k]->type)->counted && has_pairs(s, field) == taken)
			consume(s, field, extend(s, at, proj));
	}
}

/* Every pair behind the Box gets a reference of its own. */
static void
share_parts(Special *s, const MirPlace *box, MirLocalId token)
{
	Arena *a = s->p->arena;

	for (uint32_t i = s->pairs.len; i-- > 0; ) {
		const Pair *pair = &s->pairs.at[i];
		if (pair->off || !place_has_prefix(pair->part, box))
			continue;
		MirPlace *part = from_here(s, pair->part, box, token);
		put(s, mir_mk_inst_retain(a, s->span, part));
		put_assign(s, pair->to, mir_mk_operand_copy(a, part));
	}
}

/* The tokens of this box and of those behind it. */
static void
put_no_cells(Special *s, uint32_t from)
{
	for (uint32_t i = from; i < s->tokens.len; i++)
		put_call(s, s->tokens.at[i], "no_cell", 0, NULL);
}

/* A block that for now goes on behind the Release. */
static MirBbId
new_way(Special *s)
{
	MirBbId bb = new_block(s->p, false);

	s->p->fn->blocks.at[bb]->term = mir_mk_term_goto(s->p->arena, s->span, s->rest);
	return bb;
}

/*
 * The cell is opened where it is the only reference's: see the head of the file.  The block that both ways
 * lead to becomes the one that is written.
 */
static void
open_box(Special *s, const MirPlace *from, MirPlace *at)
{
	Pass *p = s->p;
	Arena *a = p->arena;
	MirLocalId token = new_local(p, mir_place_type(p->m, p->fn, at));
	MirLocalId unique = new_local(p, s->bool_type);
	MirBbId u = new_way(s), shared = new_way(s), join = new_way(s);
	MirProj *deref = mir_mk_proj_deref(a);

	bool wanted = reuse_cell(p, s->rest, token);
	put_assign(s, token, mir_mk_operand_move(a, at));
	put_call(s, unique, "is_unique", 1, (MirOperand *[]){
	    mir_mk_operand_borrow(a, new_place(p, token))});
	s->out->term = mir_mk_term_if(a, s->span, mir_mk_operand_copy(a, new_place(p, unique)), u, shared);
	uint32_t tokens = s->tokens.len;
	if (wanted)
		vec_push(p->scratch, &s->tokens, token);
	s->out = p->fn->blocks.at[u];
	consume(s, extend(s, from, deref), extend(s, new_place(p, token), deref));
	if (!wanted)
		put_call(s, s->nothing, "cell_free", 1, (MirOperand *[]){
		    mir_mk_operand_move(a, new_place(p, token))});
	s->out->term = mir_mk_term_goto(a, s->span, join);
	s->out = p->fn->blocks.at[shared];
	share_parts(s, from, token);
	put(s, mir_mk_inst_release(a, s->span, new_place(p, token), IR_NONE));
	put_no_cells(s, tokens);
	s->out->term = mir_mk_term_goto(a, s->span, join);
	s->out = p->fn->blocks.at[join];
}

/* The value's parts go to the copies; what nobody copied is released. */
static void
consume(Special *s, const MirPlace *from, MirPlace *at)
{
	Arena *a = s->p->arena;
	const MirRepr *r = mir_type(s->p->m, mir_place_type(s->p->m, s->p->fn, at))->repr;
	Pair *pair = pair_of(s, from);

	if (pair) {
		put_assign(s, pair->to, mir_mk_operand_move(a, at));
		return;
	}
	if (has_pairs(s, from) && r->kind == MIR_REPR_STRUCT) {
		consume_fields(s, &r->struct_.fields, IR_NONE, from, at);
		return;
	}
	if (has_pairs(s, from) && r->kind == MIR_REPR_ENUM) {
		uint32_t v = known_variant(s, from);
		consume_fields(s, &r->enum_.variants.at[v]->fields, v, from, at);
		return;
	}
	if (has_pairs(s, from) && r->kind == MIR_REPR_BOX) {
		open_box(s, from, at);
		return;
	}
	put(s, mir_mk_inst_release(a, s->span, at, IR_NONE));
}

/* ---- The pass ---- */

/* Copies become looks, where they are used before the Release; else they go. */
static void
remove_copies(Special *s, MirBlock *block)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->pairs.len; i++)
		s->pairs.at[i].assign->assign.value = mir_mk_operand_borrow(s->p->arena,
		    s->pairs.at[i].part);
	for (uint32_t i = 0; i < block->insts.len; i++) {
		bool gone = false;
		for (uint32_t k = 0; k < s->pairs.len; k++) {
			const Pair *pair = &s->pairs.at[k];
			gone |= block->insts.at[i] == pair->retain
			    || (block->insts.at[i] == pair->assign && !pair->looked_at);
		}
		if (!gone)
			block->insts.at[n++] = block->insts.at[i];
	}
	block->insts.len = n;
}

/* Number of Boxes that taking the parts out opens. */
static uint32_t
count_opens(const Special *s)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < s->pairs.len; i++)
		for (uint32_t k = 0; k < s->pairs.at[i].part->projs.len; k++) {
			MirPlace q = *s->pairs.at[i].part;
			q.projs.len = k + 1;
			bool seen = q.projs.at[k]->kind != MIR_PROJ_DEREF;
			for (uint32_t j = 0; j < i && !seen; j++)
				seen = place_has_prefix(s->pairs.at[j].part, &q);
			n += !seen;
		}
	return n;
}

/* Replaces the Release at `at`; what is behind it moves to a block of its own. */
static void
specialise(Special *s, uint32_t at)
{
	Pass *p = s->p;
	MirBlock *block = p->fn->blocks.at[s->bb];
	MirBbId rest = new_block(p, false);
	MirBlock *after = p->fn->blocks.at[rest];

	s->span = block->insts.at[at]->span;
	for (uint32_t i = at + 1; i < block->insts.len; i++)
		vec_push(p->arena, &after->insts, block->insts.at[i]);
	after->term = block->term;
	block->insts.len = at;
	block->term = mir_mk_term_goto(p->arena, s->span, rest);
	remove_copies(s, block);
	s->rest = rest;
	s->tokens.len = 0;
	s->out = block;
	MirPlace *whole = new_place(p, s->local);
	consume(s, whole, whole);
	s->out->term = mir_mk_term_goto(p->arena, s->span, rest);
}

static void
specialise_block(Special *s, MirBbId b)
{
	MirBlock *block = s->p->fn->blocks.at[b];

	s->bb = b;
	for (uint32_t i = block->insts.len; i-- > 0; ) {
		if (i >= block->insts.len)
			continue;
		const MirInst *inst = block->insts.at[i];
		if (inst->kind != MIR_INST_RELEASE || !place_is_whole(inst->release.place))
			continue;
		s->local = inst->release.place->local;
		if (local_is_noticed(s->p, s->local))
			continue;
		find_pairs(s, block, i);
		if (s->pairs.len && count_opens(s) <= OPENS_MAX)
			specialise(s, i);
	}
}

void
pass_specialise(Pass *p)
{
	Special s = {.p = p, .bool_type = find_bool(p->m)};
	uint32_t n = p->fn->blocks.len;

	if (p->fn->locals.len > LOCALS_MAX || n > BLOCKS_MAX)
		return;
	s.nothing = new_local(p, s.bool_type);
	for (uint32_t b = 0; b < n; b++)
		if (!p->fn->blocks.at[b]->cleanup)
			specialise_block(&s, b);
	if (p->fn->blocks.len == n)
		p->fn->locals.len--;
}
