/* Copies, constants, checks and dead stores within blocks.  See simplify.h. */
#include "gos-vm/simplify.h"

#include <string.h>

enum { FACTS_MAX = 16, COALESCE_DISTANCE = 16 };

/* A local is the same as `value`: a constant, or Copy of another local. */
typedef struct Same {
	MirLocalId local;
	MirOperand *value;
} Same;

/* An index has been compared with the length of a vector. */
typedef struct Checked {
	const MirPlace *vec;
	const MirOperand *index;
} Checked;

typedef struct Simp {
	MirModule *m;
	MirFn *fn;
	Arena *arena;
	Uses uses;
	Same same[FACTS_MAX];
	Checked checked[FACTS_MAX];
	uint32_t n_same, n_checked;
} Simp;

/* ---- Looking at instructions ---- */

bool
place_is_direct(const MirModule *m, const MirFn *fn, const MirPlace *p)
{
	MirTypeId type = mir_local_type(fn, p->local);

	for (uint32_t i = 0; i < p->projs.len; i++) {
		MirProjKind k = p->projs.at[i]->kind;
		if (k == MIR_PROJ_DEREF || (k == MIR_PROJ_INDEX && mir_repr(m, type) == MIR_REPR_VEC))
			return false;
		type = mir_proj_type(m, type, p->projs.at[i]);
	}
	return true;
}

MirLocalId
operand_local(const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	return p && op->kind != MIR_OPERAND_ADDR && p->projs.len == 0 ? p->local : IR_NONE;
}

bool
inst_is_runtime(const MirModule *m, const MirInst *i, const char *name)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_RUNTIME
	    && strcmp(intern_str(m->names, i->call.callee->runtime.symbol), name) == 0;
}

bool
is_len_for_bounds(const MirModule *m, const Uses *u, const MirInst *len, const MirInst *bounds)
{
	if (bounds->kind != MIR_INST_BOUNDS || !inst_is_runtime(m, len, "vec_len")
	    || len->call.dest->projs.len)
		return false;
	MirLocalId local = len->call.dest->local;
	return u->reads[local] == 1 && operand_local(bounds->bounds.len) == local;
}

/* ---- Uses ---- */

typedef struct UseWalk {
	Uses *u;
	const MirModule *m;
	const MirFn *fn;
} UseWalk;

static void
note_deref(UseWalk *w, const MirPlace *p)
{
	w->u->derefs = w->u->derefs || (p->projs.len && !place_is_direct(w->m, w->fn, p));
}

static void
note_operand(void *ctx, MirOperand **op)
{
	UseWalk *w = ctx;
	const MirPlace *p = mir_operand_place(*op);

	if (!p)
		return;
	w->u->reads[p->local]++;
	note_deref(w, p);
	if ((*op)->kind == MIR_OPERAND_ADDR && place_is_direct(w->m, w->fn, p))
		w->u->exposed[p->local] = true;
}

static void
note_place(void *ctx, MirPlace *place, bool is_dest)
{
	UseWalk *w = ctx;

	note_deref(w, place);
	if (is_dest && place->projs.len == 0)
		w->u->writes[place->local]++;
	else
		w->u->reads[place->local]++;
}

void
uses_find(Uses *u, const MirModule *m, MirFn *fn, Arena *arena)
{
	uint32_t n = fn->locals.len;
	UseWalk w = {u, m, fn};

	*u = (Uses){arena_array(arena, uint32_t, n), arena_array(arena, uint32_t, n),
	    arena_array(arena, bool, n), false};
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++) {
			mir_inst_operands(block->insts.at[i], note_operand, &w);
			mir_inst_places(block->insts.at[i], note_place, &w);
		}
		mir_term_operands(block->term, note_operand, &w);
	}
}

/* A number or a plain pointer in the frame that only its own name reaches. */
static bool
is_simple(const Simp *s, MirLocalId local)
{
	MirTypeId type = mir_local_type(s->fn, local);
	MirClassKind k = mir_class(s->m, type).kind;

	return !s->uses.exposed[local] && k != MIR_CLASS_NONE && k != MIR_CLASS_MEM
	    && !mir_type(s->m, type)->counted;
}

/* ---- What is the same ---- */

static MirOperand *
same_as(const Simp *s, MirLocalId local)
{
	for (uint32_t i = 0; i < s->n_same; i++)
		if (s->same[i].local == local)
			return s->same[i].value;
	return NULL;
}

static void
forget_same(Simp *s, MirLocalId local)
{
	for (uint32_t i = s->n_same; i-- > 0;)
		if (s->same[i].local == local || operand_local(s->same[i].value) == local)
			s->same[i] = s->same[--s->n_same];
}

static MirTypeId
constant_type(const MirOperand *op)
{
	return op->kind == MIR_OPERAND_INT ? op->int_.type
	    : op->kind == MIR_OPERAND_FLOAT ? op->float_.type : IR_NONE;
}

/* After `to = value`. */
static void
learn_same(Simp *s, const MirPlace *to, MirOperand *value)
{
	MirLocalId from = operand_local(value);

	if (to->projs.len || !is_simple(s, to->local) || from == to->local)
		return;
	MirTypeId type = from != IR_NONE ? mir_local_type(s->fn, from) : constant_type(value);
	if (type != mir_local_type(s->fn, to->local) || (from != IR_NONE && !is_simple(s, from)))
		return;
	if (s->n_same == FACTS_MAX)
		memmove(s->same, s->same + 1, sizeof *s->same * --s->n_same);
	s->same[s->n_same++] = (Same){to->local, value};
}

static void
use_same(void *ctx, MirOperand **op)
{
	Simp *s = ctx;
	MirPlace *p = mir_operand_place(*op);

	if (!p)
		return;
	MirOperand *value = same_as(s, p->local);
	if (!value)
		return;
	if (operand_local(*op) != IR_NONE)
		*op = value;
	else if (operand_local(value) != IR_NONE)
		p->local = operand_local(value);
}

static void
use_same_in_place(void *ctx, MirPlace *p, bool is_dest)
{
	Simp *s = ctx;
	MirOperand *value = p->projs.len ? same_as(s, p->local) : NULL;

	(void)is_dest;
	if (value && operand_local(value) != IR_NONE)
		p->local = operand_local(value);
}

/* ---- What has been checked ---- */

static bool
same_operand(const MirOperand *a, const MirOperand *b)
{
	if (a->kind == MIR_OPERAND_INT && b->kind == MIR_OPERAND_INT)
		return a->int_.value == b->int_.value;
	return operand_local(a) != IR_NONE && operand_local(a) == operand_local(b);
}

static bool
same_place(const MirPlace *a, const MirPlace *b)
{
	if (a->local != b->local || a->projs.len != b->projs.len)
		return false;
	for (uint32_t i = 0; i < a->projs.len; i++) {
		const MirProj *p = a->projs.at[i], *q = b->projs.at[i];
		if (p->kind != q->kind || p->kind == MIR_PROJ_INDEX || p->kind == MIR_PROJ_VARIANT
		    || (p->kind == MIR_PROJ_FIELD && p->field.index != q->field.index))
			return false;
	}
	return true;
}

/* The two instructions at `len` check an index: was that known?  It is from now on. */
static bool
is_checked(Simp *s, const MirInst *len, const MirInst *bounds)
{
	const MirPlace *vec = mir_operand_place(len->call.args.at[0]);
	const MirOperand *index = bounds->bounds.index;
	MirLocalId local = operand_local(index);

	if (!vec || (index->kind != MIR_OPERAND_INT && (local == IR_NONE || !is_simple(s, local))))
		return false;
	for (uint32_t i = 0; i < s->n_checked; i++)
		if (same_place(s->checked[i].vec, vec) && same_operand(s->checked[i].index, index))
			return true;
	if (s->n_checked == FACTS_MAX)
		memmove(s->checked, s->checked + 1, sizeof *s->checked * --s->n_checked);
	s->checked[s->n_checked++] = (Checked){vec, index};
	return false;
}

static void
forget_checked(Simp *s, MirLocalId local)
{
	for (uint32_t i = s->n_checked; i-- > 0;)
		if (s->checked[i].vec->local == local || operand_local(s->checked[i].index) == local)
			s->checked[i] = s->checked[--s->n_checked];
}

/* May storing there change where a vector is found?  Numbers behind pointers never do. */
static bool
store_moves_vectors(const Simp *s, const MirPlace *dest)
{
	MirClassKind k = mir_class(s->m, mir_place_type(s->m, s->fn, dest)).kind;

	if (k != MIR_CLASS_PTR && k != MIR_CLASS_MEM)
		return false;
	return s->uses.exposed[dest->local] || !place_is_direct(s->m, s->fn, dest);
}

/* ---- Forgetting what an instruction changes ---- */

static bool
changes_memory(const Simp *s, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_CALL:
		return !inst_is_runtime(s->m, i, "vec_len") && !inst_is_runtime(s->m, i, "f64_sqrt");
	case MIR_INST_RELEASE:
	case MIR_INST_DROP:
		return true;
	case MIR_INST_ASSIGN:
	case MIR_INST_UNARY:
	case MIR_INST_BINARY:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_BOX:
	case MIR_INST_TAG:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
		break;
	}
	return false;
}

static void
forget(Simp *s, const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (changes_memory(s, i) || (dest && store_moves_vectors(s, dest)))
		s->n_checked = 0;
	if (!dest || !place_is_direct(s->m, s->fn, dest))
		return;
	forget_same(s, dest->local);
	forget_checked(s, dest->local);
}

/* ---- Forwards through a block ---- */

/* A constant on the right has instructions of its own. */
static void
constant_to_right(MirInst *i)
{
	if (i->kind != MIR_INST_BINARY || i->binary.left->kind != MIR_OPERAND_INT
	    || (i->binary.op != MIR_BINOP_ADD && i->binary.op != MIR_BINOP_MUL))
		return;
	MirOperand *left = i->binary.left;
	i->binary.left = i->binary.right;
	i->binary.right = left;
}

static void
fold_term(Simp *s, MirBlock *b)
{
	mir_term_operands(b->term, use_same, s);
	if (b->term->kind == MIR_TERM_IF && b->term->if_.cond->kind == MIR_OPERAND_INT)
		b->term = mir_mk_term_goto(s->arena, b->term->span, b->term->if_.cond->int_.value
		    ? b->term->if_.then : b->term->if_.otherwise);
}

static void
forwards(Simp *s, MirBlock *b)
{
	uint32_t n = 0;

	s->n_same = s->n_checked = 0;
	for (uint32_t k = 0; k < b->insts.len; k++) {
		MirInst *i = b->insts.at[k];
		mir_inst_operands(i, use_same, s);
		mir_inst_places(i, use_same_in_place, s);
		constant_to_right(i);
		if (n && is_len_for_bounds(s->m, &s->uses, b->insts.at[n - 1], i)
		    && is_checked(s, b->insts.at[n - 1], i)) {
			n--;
			continue;
		}
		forget(s, i);
		if (i->kind == MIR_INST_ASSIGN)
			learn_same(s, i->assign.dest, i->assign.value);
		b->insts.at[n++] = i;
	}
	b->insts.len = n;
	fold_term(s, b);
}

/* ---- Results straight to where they are copied ---- */

typedef struct Mention {
	MirLocalId local;
	bool found;
} Mention;

static void
find_in_operand(void *ctx, MirOperand **op)
{
	Mention *f = ctx;
	const MirPlace *p = mir_operand_place(*op);

	f->found = f->found || (p && p->local == f->local);
}

static void
find_in_place(void *ctx, MirPlace *place, bool is_dest)
{
	Mention *f = ctx;

	(void)is_dest;
	f->found = f->found || place->local == f->local;
}

static bool
mentions(MirInst *i, MirLocalId local)
{
	Mention f = {local, false};

	mir_inst_operands(i, find_in_operand, &f);
	mir_inst_places(i, find_in_place, &f);
	return f.found;
}

/* Of the instructions that only compute their dest, which comes last. */
static MirPlace **
dest_of(MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		return &i->assign.dest;
	case MIR_INST_UNARY:
		return &i->unary.dest;
	case MIR_INST_BINARY:
		return &i->binary.dest;
	case MIR_INST_CAST:
		return &i->cast.dest;
	case MIR_INST_AGGREGATE:
		return &i->aggregate.dest;
	case MIR_INST_BOX:
		return &i->box.dest;
	case MIR_INST_TAG:
		return &i->tag.dest;
	case MIR_INST_CALL:
		return &i->call.dest;
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		break;
	}
	return NULL;
}

/* `to = from`, where nothing else ever looks at `from`? */
static bool
may_coalesce(const Simp *s, const MirInst *i, MirLocalId *to, MirLocalId *from)
{
	if (i->kind != MIR_INST_ASSIGN || i->assign.dest->projs.len)
		return false;
	*to = i->assign.dest->local;
	*from = operand_local(i->assign.value);
	return *from != IR_NONE && *from != *to && *from > s->fn->params.len
	    && s->uses.reads[*from] == 1 && s->uses.writes[*from] == 1 && !s->uses.exposed[*from]
	    && !s->uses.exposed[*to] && mir_local_type(s->fn, *from) == mir_local_type(s->fn, *to);
}

/* The runtime may have written its result when it panics, and cleanup may need what `to` held. */
static bool
may_write_and_panic(const Simp *s, const MirInst *i, MirLocalId to)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_RUNTIME
	    && i->call.unwind != IR_NONE && mir_type(s->m, mir_local_type(s->fn, to))->counted;
}

static void
coalesce(Simp *s, MirBlock *b, uint32_t k)
{
	MirLocalId to, from;
	uint32_t first = k > COALESCE_DISTANCE ? k - COALESCE_DISTANCE : 0;

	if (!may_coalesce(s, b->insts.at[k], &to, &from))
		return;
	for (uint32_t j = k; j-- > first;) {
		MirInst *i = b->insts.at[j];
		MirPlace **dest = i ? dest_of(i) : NULL;
		if (!i)
			continue;
		if (dest && (*dest)->local == from && (*dest)->projs.len == 0) {
			if (may_write_and_panic(s, i, to))
				return;
			*dest = b->insts.at[k]->assign.dest;
			s->uses.reads[from] = s->uses.writes[from] = 0;
			b->insts.at[k] = NULL;
			return;
		}
		const MirBbId *unwind = mir_inst_unwind(i);
		if (mentions(i, to) || mentions(i, from) || (unwind && *unwind != IR_NONE && to != 0))
			return;
	}
}

/* ---- Dead stores ---- */

static bool
is_pure(const Simp *s, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
	case MIR_INST_CAST:
	case MIR_INST_TAG:
		return true;
	case MIR_INST_UNARY:
		return i->unary.check == MIR_CHECK_WRAP;
	case MIR_INST_BINARY:
		return i->binary.check == MIR_CHECK_WRAP || i->binary.op >= MIR_BINOP_EQ;
	case MIR_INST_CALL:
		return inst_is_runtime(s->m, i, "vec_len");
	case MIR_INST_AGGREGATE:
	case MIR_INST_BOX:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		break;
	}
	return false;
}

static void
unread(void *ctx, MirOperand **op)
{
	Simp *s = ctx;
	const MirPlace *p = mir_operand_place(*op);

	if (p)
		s->uses.reads[p->local]--;
}

static void
remove_dead(Simp *s, MirBlock *b)
{
	for (uint32_t k = b->insts.len; k-- > 0;) {
		MirInst *i = b->insts.at[k];
		const MirPlace *dest = i ? mir_inst_dest(i) : NULL;
		if (!dest || dest->projs.len || dest->local == 0 || s->uses.reads[dest->local]
		    || !is_simple(s, dest->local) || !is_pure(s, i))
			continue;
		mir_inst_operands(i, unread, s);
		if (i->kind == MIR_INST_TAG)
			s->uses.reads[i->tag.value->local]--;
		b->insts.at[k] = NULL;
	}
}

static void
close_gaps(MirBlock *b)
{
	uint32_t n = 0;

	for (uint32_t k = 0; k < b->insts.len; k++)
		if (b->insts.at[k])
			b->insts.at[n++] = b->insts.at[k];
	b->insts.len = n;
}

void
simplify(MirModule *m, MirFn *fn, Arena *arena, Arena *scratch)
{
	Simp s = {.m = m, .fn = fn, .arena = arena};

	inline_calls(m, fn, arena);
	uses_find(&s.uses, m, fn, scratch);
	for (uint32_t b = 0; b < fn->blocks.len; b++)
		forwards(&s, fn->blocks.at[b]);
	uses_find(&s.uses, m, fn, scratch);
	for (uint32_t b = fn->blocks.len; b-- > 0;) {
		MirBlock *block = fn->blocks.at[b];
		remove_dead(&s, block);
		for (uint32_t k = 0; k < block->insts.len; k++)
			if (block->insts.at[k])
				coalesce(&s, block, k);
		close_gaps(block);
	}
}
