/*
 * Constants that are data: what a function without parameters builds from literals alone, a table say, is
 * written as memory that never changes, `@gos.const.N`.  A local that a call of such a function is the only one
 * to write is that memory: neither the call nor counts of the local are left.  See llvm.h.
 */
#include "gos-llvm/llvm.h"

#include <stdlib.h>

/* ---- Which functions ---- */

static bool
is_literal(const MirOperand *op)
{
	const MirPlace *p = op->kind == MIR_OPERAND_ADDR ? NULL : mir_operand_place(op);

	return (p && place_is_whole(p)) || op->kind == MIR_OPERAND_INT || op->kind == MIR_OPERAND_FLOAT
	    || op->kind == MIR_OPERAND_STR || op->kind == MIR_OPERAND_UNIT;
}

static bool
builds_from_literals(const MirInst *i)
{
	const MirPlace *dest = mir_inst_dest(i);

	if (!dest || !place_is_whole(dest))
		return false;
	if (i->kind == MIR_INST_ASSIGN)
		return is_literal(i->assign.value);
	if (i->kind != MIR_INST_AGGREGATE)
		return false;
	for (uint32_t k = 0; k < i->aggregate.fields.len; k++)
		if (!is_literal(i->aggregate.fields.at[k]))
			return false;
	return true;
}

static bool
is_data(const MirModule *m, const MirFn *fn)
{
	if (fn->params.len > 0 || fn->blocks.len != 1 || fn->blocks.at[0]->term->kind != MIR_TERM_RETURN
	    || !llvm_by_pointer(m, mir_local_type(fn, 0)))
		return false;
	for (uint32_t i = 0; i < fn->blocks.at[0]->insts.len; i++)
		if (!builds_from_literals(fn->blocks.at[0]->insts.at[i]))
			return false;
	return fn->blocks.at[0]->insts.len > 0;
}

void
constants_find(Gen *g)
{
	g->is_data = arena_array(g->arena, bool, g->m->fns.len);
	for (uint32_t i = 0; i < g->m->fns.len; i++)
		g->is_data[i] = is_data(g->m, g->m->fns.at[i]);
}

/* ---- Which locals ---- */

static bool
calls_data(const Gen *g, const MirInst *i)
{
	return i->kind == MIR_INST_CALL && i->call.callee->kind == MIR_CALLEE_FN
	    && g->is_data[i->call.callee->fn.fn] && place_is_whole(i->call.dest);
}

static void
forbid_dest(void *ctx, MirPlace *place, bool is_dest)
{
	Fn *f = ctx;

	if (is_dest)
		f->data_of[place->local] = IR_NONE;
}

static void
forbid_addressed(void *ctx, MirOperand **op)
{
	Fn *f = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR)
		f->data_of[(*op)->addr.place->local] = IR_NONE;
}

static void
forbid_inst(Fn *f, MirInst *i)
{
	if (i->kind == MIR_INST_UNIQUE)
		f->data_of[i->unique.place->local] = IR_NONE;
	if (!calls_data(f->g, i))
		mir_inst_places(i, forbid_dest, f);
	else if (f->data_of[i->call.dest->local] != i->call.callee->fn.fn)
		f->data_of[i->call.dest->local] = IR_NONE;
	mir_inst_operands(i, forbid_addressed, f);
}

void
constants_find_locals(Fn *f)
{
	const MirFn *fn = f->fn;

	for (uint32_t b = 0; b < fn->blocks.len; b++)
		for (uint32_t k = 0; k < fn->blocks.at[b]->insts.len; k++) {
			const MirInst *i = fn->blocks.at[b]->insts.at[k];
			if (calls_data(f->g, i) && i->call.dest->local > fn->params.len)
				f->data_of[i->call.dest->local] = i->call.callee->fn.fn;
		}
	for (uint32_t b = 0; b < fn->blocks.len; b++) {
		for (uint32_t k = 0; k < fn->blocks.at[b]->insts.len; k++)
			forbid_inst(f, fn->blocks.at[b]->insts.at[k]);
		mir_term_operands(fn->blocks.at[b]->term, forbid_addressed, f);
	}
}

/* ---- What is in them ---- */

/* `size` bytes at `offset`: an initialiser with its LLVM type before it. */
typedef struct Leaf {
	uint64_t offset, size;
	const char *type, *value;
} Leaf;

typedef VEC(Leaf) Leaves;

static void
push_leaf(Gen *g, Leaves *to, MirTypeId type, uint64_t offset, const char *value)
{
	vec_push(g->scratch, to, ((Leaf){offset, mir_type(g->m, type)->size,
		llvm_stored(mir_class(g->m, type)), value}));
}

static void
push_string(Gen *g, Leaves *to, uint64_t offset, Sym text)
{
	Leaf l = {offset, 16, NULL, NULL};

	l.value = llvm_literal_value(g, text, &l.type);
	vec_push(g->scratch, to, l);
}

static void
push_part(Gen *g, Leaves *to, const Leaves *locals, MirTypeId type, uint64_t offset, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	for (uint32_t i = 0; p && i < locals[p->local].len; i++) {
		Leaf l = locals[p->local].at[i];
		l.offset += offset;
		vec_push(g->scratch, to, l);
	}
	if (op->kind == MIR_OPERAND_INT)
		push_leaf(g, to, type, offset, mir_class(g->m, type).kind != MIR_CLASS_BOOL ? llvm_int(g, op)
		    : op->int_.value ? "1" : "0");
	else if (op->kind == MIR_OPERAND_FLOAT)
		push_leaf(g, to, type, offset, llvm_float(g, op));
	else if (op->kind == MIR_OPERAND_STR)
		push_string(g, to, offset, op->str.value);
}

static void
push_tag(Gen *g, Leaves *to, const MirRepr *r, uint32_t variant)
{
	MirTypeId type = mir_enum_word(r);
	uint64_t word;

	if (!mir_enum_stored(r, variant, &word))
		return;
	const char *value = llvm_u128(g->scratch, word);
	if (mir_repr(g->m, type) == MIR_REPR_RAW)
		value = word ? arena_printf(g->scratch, "inttoptr (i64 %s to ptr)", value) : "null";
	push_leaf(g, to, type, r->enum_.tag_offset, value);
}

static void
evaluate(Gen *g, const MirFn *fn, Leaves *locals, const MirInst *i)
{
	MirLocalId dest = mir_inst_dest(i)->local;
	MirTypeId type = mir_local_type(fn, dest);
	const MirRepr *r = mir_type(g->m, type)->repr;
	Leaves made = {0};

	if (i->kind == MIR_INST_ASSIGN)
		push_part(g, &made, locals, type, 0, i->assign.value);
	for (uint32_t k = 0; i->kind == MIR_INST_AGGREGATE && k < i->aggregate.fields.len; k++) {
		const MirFieldList *fields = llvm_aggregate_fields(r, i);
		push_part(g, &made, locals, fields ? fields->at[k]->type : r->array.elem,
		    fields ? fields->at[k]->offset : k * mir_type(g->m, r->array.elem)->size,
		    i->aggregate.fields.at[k]);
	}
	if (i->kind == MIR_INST_AGGREGATE && r->kind == MIR_REPR_ENUM)
		push_tag(g, &made, r, i->aggregate.variant);
	locals[dest] = made;
}

static int
by_offset(const void *a, const void *b)
{
	const Leaf *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

static void
gap(Gen *g, Leaves *to, uint64_t from, uint64_t end)
{
	if (end > from)
		vec_push(g->scratch, to, ((Leaf){from, end - from,
			arena_printf(g->scratch, "[%llu x i8]", (unsigned long long)(end - from)), "zeroinitializer"}));
}

static Leaves
without_gaps(Gen *g, const Leaves *leaves, uint64_t size)
{
	Leaves whole = {0};
	uint64_t at = 0;

	for (uint32_t i = 0; i < leaves->len; i++) {
		if (leaves->at[i].size == 0)
			continue;
		gap(g, &whole, at, leaves->at[i].offset);
		vec_push(g->scratch, &whole, leaves->at[i]);
		at = leaves->at[i].offset + leaves->at[i].size;
	}
	gap(g, &whole, at, size);
	return whole;
}

void
constant_write(Gen *g, MirFnId id)
{
	const MirFn *fn = g->m->fns.at[id];
	Leaves *locals = arena_array(g->scratch, Leaves, fn->locals.len);

	for (uint32_t i = 0; i < fn->blocks.at[0]->insts.len; i++)
		evaluate(g, fn, locals, fn->blocks.at[0]->insts.at[i]);
	if (locals[0].len > 0)
		qsort(locals[0].at, locals[0].len, sizeof *locals[0].at, by_offset);
	Leaves whole = without_gaps(g, &locals[0], mir_type(g->m, mir_local_type(fn, 0))->size);
	out_printf(&g->out, "@gos.const.%u = private unnamed_addr constant <{", id);
	for (uint32_t i = 0; i < whole.len; i++)
		out_printf(&g->out, "%s %s", i ? "," : "", whole.at[i].type);
	out_printf(&g->out, " }> <{");
	for (uint32_t i = 0; i < whole.len; i++)
		out_printf(&g->out, "%s %s %s", i ? "," : "", whole.at[i].type, whole.at[i].value);
	out_printf(&g->out, " }>, align 16\n");
}

const char *
llvm_constant(Gen *g, MirFnId id)
{
	if (!map_find(&g->constants, id)) {
		map_set(g->arena, &g->constants, id, 1);
		vec_push(g->arena, &g->constant_list, id);
	}
	return arena_printf(g->scratch, "@gos.const.%u", id);
}
