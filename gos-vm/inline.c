/*
 * Calls of tiny functions of the library, replaced by what they do.  See simplify.h.
 *
 * Only functions that no trace shows, of one block, whose instructions neither panic nor call
 * anything but the runtime: so nothing can tell the difference but time.
 */
#include "gos-vm/simplify.h"

#include "lib/fatal.h"

enum { INLINE_MAX = 6 };

typedef struct Inliner {
	MirModule *m;
	MirFn *fn;
	Arena *arena;
	uint32_t base;		/* number in fn of the callee's local 0 */
	MirInstList out;
} Inliner;

/* ---- Which functions ---- */

static bool
may_inline_inst(const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
	case MIR_INST_CAST:
	case MIR_INST_TAG:
	case MIR_INST_AGGREGATE:
		return true;
	case MIR_INST_UNARY:
		return i->unary.check == MIR_CHECK_WRAP;
	case MIR_INST_BINARY:
		return i->binary.check == MIR_CHECK_WRAP || i->binary.op >= MIR_BINOP_EQ;
	case MIR_INST_CALL:
		return i->call.callee->kind == MIR_CALLEE_RUNTIME;
	case MIR_INST_BOX:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		return false;
	}
	bug("instruction kind %d", (int)i->kind);
}

static bool
may_inline_call(const MirModule *m, const MirInst *i)
{
	const MirRuntime *rt = i->kind == MIR_INST_CALL
	    ? mir_runtime(intern_str(m->names, i->call.callee->runtime.symbol)) : NULL;

	return !rt || !(rt->flags & (MIR_RT_PANICS | MIR_RT_PARKS | MIR_RT_NORETURN));
}

static bool
may_inline(const MirModule *m, const MirFn *fn)
{
	if (!fn->hidden || fn->blocks.len != 1)
		return false;
	const MirBlock *b = fn->blocks.at[0];
	if (b->term->kind != MIR_TERM_RETURN || b->insts.len > INLINE_MAX)
		return false;
	for (uint32_t i = 0; i < b->insts.len; i++)
		if (!may_inline_inst(b->insts.at[i]) || !may_inline_call(m, b->insts.at[i]))
			return false;
	return true;
}

/* ---- Copies of nodes, with other locals ---- */

static MirOperand *copy_operand(Inliner *in, const MirOperand *op);

static MirPlace *
copy_place(Inliner *in, const MirPlace *p)
{
	MirProjList projs = {0};

	for (uint32_t i = 0; i < p->projs.len; i++) {
		MirProj *proj = p->projs.at[i];
		if (proj->kind == MIR_PROJ_INDEX)
			proj = mir_mk_proj_index(in->arena, copy_operand(in, proj->index.index));
		vec_push(in->arena, &projs, proj);
	}
	return mir_mk_place(in->arena, in->base + p->local, projs);
}

static MirOperand *
copy_operand(Inliner *in, const MirOperand *op)
{
	MirOperand *copy = arena_new(in->arena, MirOperand);

	*copy = *op;
	switch (op->kind) {
	case MIR_OPERAND_COPY:
		copy->copy.place = copy_place(in, op->copy.place);
		break;
	case MIR_OPERAND_MOVE:
		copy->move.place = copy_place(in, op->move.place);
		break;
	case MIR_OPERAND_BORROW:
		copy->borrow.place = copy_place(in, op->borrow.place);
		break;
	case MIR_OPERAND_ADDR:
		copy->addr.place = copy_place(in, op->addr.place);
		break;
	case MIR_OPERAND_INT:
	case MIR_OPERAND_FLOAT:
	case MIR_OPERAND_STR:
	case MIR_OPERAND_UNIT:
	case MIR_OPERAND_FN:
	case MIR_OPERAND_SHIM:
	case MIR_OPERAND_CODE:
	case MIR_OPERAND_TABLE:
	case MIR_OPERAND_STATIC:
	case MIR_OPERAND_CLOSURE:
	case MIR_OPERAND_DESC:
		break;
	}
	return copy;
}

static MirOperandList
copy_operands(Inliner *in, const MirOperandList *ops)
{
	MirOperandList copy = {0};

	for (uint32_t i = 0; i < ops->len; i++)
		vec_push(in->arena, &copy, copy_operand(in, ops->at[i]));
	return copy;
}

static MirInst *
copy_inst(Inliner *in, const MirInst *i)
{
	MirInst *copy = arena_new(in->arena, MirInst);

	*copy = *i;
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		copy->assign.dest = copy_place(in, i->assign.dest);
		copy->assign.value = copy_operand(in, i->assign.value);
		return copy;
	case MIR_INST_CAST:
		copy->cast.dest = copy_place(in, i->cast.dest);
		copy->cast.value = copy_operand(in, i->cast.value);
		return copy;
	case MIR_INST_TAG:
		copy->tag.dest = copy_place(in, i->tag.dest);
		copy->tag.value = copy_place(in, i->tag.value);
		return copy;
	case MIR_INST_AGGREGATE:
		copy->aggregate.dest = copy_place(in, i->aggregate.dest);
		copy->aggregate.fields = copy_operands(in, &i->aggregate.fields);
		return copy;
	case MIR_INST_UNARY:
		copy->unary.dest = copy_place(in, i->unary.dest);
		copy->unary.value = copy_operand(in, i->unary.value);
		return copy;
	case MIR_INST_BINARY:
		copy->binary.dest = copy_place(in, i->binary.dest);
		copy->binary.left = copy_operand(in, i->binary.left);
		copy->binary.right = copy_operand(in, i->binary.right);
		return copy;
	case MIR_INST_CALL:
		copy->call.dest = copy_place(in, i->call.dest);
		copy->call.args = copy_operands(in, &i->call.args);
		return copy;
	case MIR_INST_BOX:
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		break;
	}
	bug("instruction kind %d is not inlined", (int)i->kind);
}

/* ---- Calls ---- */

static void
put_assign(Inliner *in, Span span, MirPlace *dest, MirOperand *value)
{
	vec_push(in->arena, &in->out, mir_mk_inst_assign(in->arena, span, dest, value));
}

static MirPlace *
whole(Inliner *in, uint32_t local)
{
	return mir_mk_place(in->arena, local, (MirProjList){0});
}

/* Arguments to new locals, the callee's instructions, the result to where it goes. */
static void
inline_call(Inliner *in, const MirInst *call, const MirFn *callee)
{
	const MirBlock *b = callee->blocks.at[0];

	in->base = in->fn->locals.len;
	for (uint32_t i = 0; i < callee->locals.len; i++)
		vec_push(in->arena, &in->fn->locals, callee->locals.at[i]);
	for (uint32_t i = 0; i < call->call.args.len; i++)
		put_assign(in, call->span, whole(in, in->base + 1 + i), call->call.args.at[i]);
	for (uint32_t i = 0; i < b->insts.len; i++)
		vec_push(in->arena, &in->out, copy_inst(in, b->insts.at[i]));
	if (mir_type(in->m, mir_local_type(callee, 0))->size)
		put_assign(in, call->span, call->call.dest,
		    mir_mk_operand_move(in->arena, whole(in, in->base)));
}

static const MirFn *
inlined_callee(const MirModule *m, const MirInst *i)
{
	if (i->kind != MIR_INST_CALL || i->call.callee->kind != MIR_CALLEE_FN)
		return NULL;
	const MirFn *callee = m->fns.at[i->call.callee->fn.fn];
	return may_inline(m, callee) ? callee : NULL;
}

void
inline_calls(MirModule *m, MirFn *fn, Arena *arena)
{
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		MirBlock *block = fn->blocks.at[b];
		Inliner in = {.m = m, .fn = fn, .arena = arena};
		bool found = false;
		for (uint32_t i = 0; i < block->insts.len && !found; i++)
			found = inlined_callee(m, block->insts.at[i]);
		if (!found)
			continue;
		for (uint32_t i = 0; i < block->insts.len; i++) {
			const MirFn *callee = inlined_callee(m, block->insts.at[i]);
			if (callee)
				inline_call(&in, block->insts.at[i], callee);
			else
				vec_push(arena, &in.out, block->insts.at[i]);
		}
		block->insts = in.out;
	}
}
