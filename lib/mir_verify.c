/*
 * The functions of a mir program.  See mir_verify.h.
 *
 * One VerifyFn walks one function; the first complaint wins and everything returns false from
 * then on.  Nothing here may assume what it has not checked: the input can be hostile.
 */
#include "lib/mir_verify.h"

#include <string.h>

enum { MAX_INDEX_NESTING = 16, MAX_PROJECTIONS = 4096, MAX_SLOTS = 1 << 20 };

typedef struct VerifyFn {
	const MirModule *m;
	const MirFn *fn;
	MirOwnership ownership;
	uint32_t block, inst;		/* where we are; IR_NONE: before the first */
	uint32_t nesting;		/* of index operands */
	const char *wrong;
} VerifyFn;

static bool
complain(VerifyFn *v, const char *what)
{
	const char *path = intern_str(v->m->names, v->fn->path);
	Arena *a = v->m->arena;

	if (v->wrong)
		return false;
	if (v->block == IR_NONE)
		v->wrong = arena_printf(a, "%s: %s", path, what);
	else if (v->inst == v->fn->blocks.at[v->block]->insts.len)
		v->wrong = arena_printf(a, "%s, bb%u, end: %s", path, v->block, what);
	else
		v->wrong = arena_printf(a, "%s, bb%u, instruction %u: %s", path, v->block, v->inst,
		    what);
	return false;
}

/* ---- Places ---- */

static bool check_operand(VerifyFn *v, const MirOperand *op);
static bool check_move(VerifyFn *v, const MirOperand *op);

static const MirClass WORD = {.kind = MIR_CLASS_INT, .bits = 64};

static bool
check_index(VerifyFn *v, const MirOperand *index)
{
	if (v->nesting == MAX_INDEX_NESTING)
		return complain(v, "index operands nest too deeply");
	v->nesting++;
	bool ok = check_operand(v, index);
	v->nesting--;
	if (!ok)
		return false;
	return mir_class_fits(mir_operand_class(v->m, v->fn, index), WORD)
	    || complain(v, "an index must be a 64-bit integer");
}

static bool
check_variant(VerifyFn *v, const MirRepr *r, uint32_t variant, uint32_t index)
{
	if (r->kind != MIR_REPR_ENUM || variant >= r->enum_.variants.len
	    || index >= r->enum_.variants.at[variant]->fields.len)
		return complain(v, "no such field of a variant");
	return true;
}

static bool
check_proj(VerifyFn *v, const MirRepr *r, const MirProj *p)
{
	switch (p->kind) {
	case MIR_PROJ_FIELD:
		return (r->kind == MIR_REPR_STRUCT && p->field.index < r->struct_.fields.len)
		    || complain(v, "no such field");
	case MIR_PROJ_VARIANT:
		return check_variant(v, r, p->variant.variant, p->variant.index);
	case MIR_PROJ_DEREF:
		return r->kind == MIR_REPR_REF || r->kind == MIR_REPR_BOX
		    || complain(v, "only a Ref or a Box can be followed");
	case MIR_PROJ_INDEX:
		if (r->kind != MIR_REPR_VEC && r->kind != MIR_REPR_ARRAY)
			return complain(v, "only a Vec or an Array can be indexed");
		return check_index(v, p->index.index);
	}
	return complain(v, "unknown projection");
}

static bool
check_place(VerifyFn *v, const MirPlace *place)
{
	if (place->local >= v->fn->locals.len)
		return complain(v, "no such local");
	if (place->projs.len > MAX_PROJECTIONS)
		return complain(v, "too many projections");
	MirTypeId t = mir_local_type(v->fn, place->local);
	for (uint32_t i = 0; i < place->projs.len; i++) {
		if (!check_proj(v, mir_type(v->m, t)->repr, place->projs.at[i]))
			return false;
		t = mir_proj_type(v->m, t, place->projs.at[i]);
	}
	return true;
}

/* ---- Operands ---- */

static bool
check_type_id(VerifyFn *v, MirTypeId t)
{
	return t < v->m->types.len || complain(v, "no such type");
}

static bool
check_fn_id(VerifyFn *v, MirFnId f)
{
	return f < v->m->fns.len || complain(v, "no such function");
}

static bool
check_int_operand(VerifyFn *v, const MirOperand *op)
{
	if (!check_type_id(v, op->int_.type))
		return false;
	MirClass c = mir_class(v->m, op->int_.type);
	if (c.kind == MIR_CLASS_BOOL)
		return op->int_.value <= 1 || complain(v, "a Bool is 0 or 1");
	return c.kind == MIR_CLASS_INT || complain(v, "an Int constant of another type");
}

static bool
check_operand(VerifyFn *v, const MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_COPY:
	case MIR_OPERAND_MOVE:
	case MIR_OPERAND_BORROW:
	case MIR_OPERAND_ADDR:
		return check_place(v, mir_operand_place(op)) && check_move(v, op);
	case MIR_OPERAND_INT:
		return check_int_operand(v, op);
	case MIR_OPERAND_FLOAT:
		return check_type_id(v, op->float_.type)
		    && (mir_class(v->m, op->float_.type).kind == MIR_CLASS_FLOAT
		    || complain(v, "a Float constant of another type"));
	case MIR_OPERAND_FN:
	case MIR_OPERAND_SHIM:
	case MIR_OPERAND_CLOSURE:
		return check_fn_id(v, op->fn.fn)
		    && (!mir_is_foreign(v->m->fns.at[op->fn.fn])
		    || complain(v, "the address of a foreign function"));
	case MIR_OPERAND_CODE:
		return check_fn_id(v, op->code.fn) && ((v->m->fns.at[op->code.fn]->exported
		    && !mir_is_foreign(v->m->fns.at[op->code.fn]))
		    || complain(v, "the address for C of a function that is not exported"));
	case MIR_OPERAND_TABLE:
		return op->table.table < v->m->tables.len || complain(v, "no such table");
	case MIR_OPERAND_STATIC:
		return op->static_.static_ < v->m->statics.len || complain(v, "no such static");
	case MIR_OPERAND_DESC:
		return check_type_id(v, op->desc.type);
	case MIR_OPERAND_STR:
	case MIR_OPERAND_UNIT:
		return true;
	}
	return complain(v, "unknown operand");
}

static bool
check_class(VerifyFn *v, MirClass value, MirClass place)
{
	return mir_class_fits(value, place) || complain(v, "the value does not fit the place");
}

static MirClass
place_class(VerifyFn *v, const MirPlace *p)
{
	return mir_class(v->m, mir_place_type(v->m, v->fn, p));
}

static MirClass
operand_class(VerifyFn *v, const MirOperand *op)
{
	return mir_operand_class(v->m, v->fn, op);
}

/* ---- Instructions ---- */

static bool
check_assign(VerifyFn *v, const MirInst *i)
{
	return check_place(v, i->assign.dest) && check_operand(v, i->assign.value)
	    && check_class(v, operand_class(v, i->assign.value), place_class(v, i->assign.dest));
}

static bool
check_unary(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->unary.dest) || !check_operand(v, i->unary.value))
		return false;
	MirClass c = operand_class(v, i->unary.value);
	bool ok = c.kind == MIR_CLASS_INT
	    || (c.kind == MIR_CLASS_FLOAT && i->unary.op == MIR_UNOP_NEG)
	    || (c.kind == MIR_CLASS_BOOL && i->unary.op == MIR_UNOP_NOT);
	if (!ok)
		return complain(v, "this operator does not apply to this type");
	return check_class(v, c, place_class(v, i->unary.dest));
}

/* Does the operator apply to values of this class? */
static bool
binop_applies(MirBinop op, MirClassKind kind)
{
	switch (op) {
	case MIR_BINOP_ADD:
	case MIR_BINOP_SUB:
	case MIR_BINOP_MUL:
	case MIR_BINOP_DIV:
	case MIR_BINOP_REM:
		return kind == MIR_CLASS_INT || kind == MIR_CLASS_FLOAT;
	case MIR_BINOP_BIT_AND:
	case MIR_BINOP_BIT_OR:
	case MIR_BINOP_BIT_XOR:
		return kind == MIR_CLASS_INT || kind == MIR_CLASS_BOOL;
	case MIR_BINOP_SHL:
	case MIR_BINOP_SHR:
		return kind == MIR_CLASS_INT;
	case MIR_BINOP_EQ:
	case MIR_BINOP_NE:
	case MIR_BINOP_LT:
	case MIR_BINOP_LE:
	case MIR_BINOP_GT:
	case MIR_BINOP_GE:
		return kind == MIR_CLASS_INT || kind == MIR_CLASS_FLOAT || kind == MIR_CLASS_BOOL
		    || kind == MIR_CLASS_PTR;
	}
	return false;
}

static bool
check_binary(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->binary.dest) || !check_operand(v, i->binary.left)
	    || !check_operand(v, i->binary.right))
		return false;
	MirClass left = operand_class(v, i->binary.left), right = operand_class(v, i->binary.right);
	MirClass dest = place_class(v, i->binary.dest);
	if (!binop_applies(i->binary.op, left.kind))
		return complain(v, "this operator does not apply to this type");
	bool shift = i->binary.op == MIR_BINOP_SHL || i->binary.op == MIR_BINOP_SHR;
	if (shift ? right.kind != MIR_CLASS_INT : !mir_class_fits(left, right))
		return complain(v, "the operands have different types");
	if (i->binary.op >= MIR_BINOP_EQ)
		return dest.kind == MIR_CLASS_BOOL || complain(v, "a comparison gives a Bool");
	return check_class(v, left, dest);
}

static bool
check_cast(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->cast.dest) || !check_operand(v, i->cast.value))
		return false;
	MirClassKind from = operand_class(v, i->cast.value).kind;
	MirClassKind to = place_class(v, i->cast.dest).kind;
	bool number = to == MIR_CLASS_INT || to == MIR_CLASS_FLOAT;
	bool word = (from == MIR_CLASS_PTR && mir_class_fits(place_class(v, i->cast.dest), WORD))
	    || (to == MIR_CLASS_PTR && mir_class_fits(operand_class(v, i->cast.value), WORD));
	bool ok = (number && (from == MIR_CLASS_INT || from == MIR_CLASS_FLOAT))
	    || (from == MIR_CLASS_BOOL && to == MIR_CLASS_INT)
	    || (from == MIR_CLASS_PTR && to == MIR_CLASS_PTR) || word;
	return ok || complain(v, "no such cast");
}

static bool
check_parts(VerifyFn *v, const MirInst *i, const MirFieldList *fields)
{
	if (i->aggregate.fields.len != fields->len)
		return complain(v, "wrong number of fields");
	for (uint32_t k = 0; k < fields->len; k++)
		if (!check_operand(v, i->aggregate.fields.at[k])
		    || !check_class(v, operand_class(v, i->aggregate.fields.at[k]),
		    mir_class(v->m, fields->at[k]->type)))
			return false;
	return true;
}

static bool
check_elements(VerifyFn *v, const MirInst *i, const MirRepr *r)
{
	if (i->aggregate.fields.len != r->array.len)
		return complain(v, "wrong number of elements");
	for (uint32_t k = 0; k < i->aggregate.fields.len; k++)
		if (!check_operand(v, i->aggregate.fields.at[k])
		    || !check_class(v, operand_class(v, i->aggregate.fields.at[k]),
		    mir_class(v->m, r->array.elem)))
			return false;
	return true;
}

static bool
check_aggregate(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->aggregate.dest))
		return false;
	const MirRepr *r = mir_type(v->m, mir_place_type(v->m, v->fn, i->aggregate.dest))->repr;
	if (r->kind == MIR_REPR_ARRAY)
		return check_elements(v, i, r);
	if (r->kind == MIR_REPR_STRUCT)
		return check_parts(v, i, &r->struct_.fields);
	if (r->kind != MIR_REPR_ENUM)
		return complain(v, "an Aggregate makes a Struct, an Array or an Enum");
	if (i->aggregate.variant >= r->enum_.variants.len)
		return complain(v, "no such variant");
	return check_parts(v, i, &r->enum_.variants.at[i->aggregate.variant]->fields);
}

/* A value's own type; constants without a type of their own have none. */
static bool
has_type(const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	return (p && op->kind != MIR_OPERAND_ADDR) || op->kind == MIR_OPERAND_INT
	    || op->kind == MIR_OPERAND_FLOAT;
}

static bool
check_box(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->box.dest) || !check_operand(v, i->box.value))
		return false;
	const MirRepr *r = mir_type(v->m, mir_place_type(v->m, v->fn, i->box.dest))->repr;
	if (r->kind == MIR_REPR_BOX)
		return check_class(v, operand_class(v, i->box.value), mir_class(v->m, r->box.payload));
	if (r->kind != MIR_REPR_CLOSURE && r->kind != MIR_REPR_DYN)
		return complain(v, "a Box makes a Box, a Closure or a Dyn");
	return has_type(i->box.value) || complain(v, "the cell of a Closure or a Dyn needs a value with a type");
}

static bool
check_tag(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->tag.dest) || !check_place(v, i->tag.value))
		return false;
	const MirRepr *r = mir_type(v->m, mir_place_type(v->m, v->fn, i->tag.value))->repr;
	if (r->kind != MIR_REPR_ENUM)
		return complain(v, "only an Enum has a tag");
	return check_class(v, mir_class(v->m, r->enum_.tag), place_class(v, i->tag.dest));
}

static bool
check_bounds(VerifyFn *v, const MirInst *i)
{
	return check_operand(v, i->bounds.index) && check_operand(v, i->bounds.len)
	    && ((mir_class_fits(operand_class(v, i->bounds.index), WORD)
	    && mir_class_fits(operand_class(v, i->bounds.len), WORD))
	    || complain(v, "index and length are 64-bit integers"));
}

static bool
check_unique(VerifyFn *v, const MirInst *i)
{
	if (!check_place(v, i->unique.place))
		return false;
	MirReprKind k = mir_repr(v->m, mir_place_type(v->m, v->fn, i->unique.place));
	return k == MIR_REPR_BOX || k == MIR_REPR_VEC || complain(v, "only a Box or a Vec is made unique");
}

/* ---- Calls ---- */

static bool
check_call_fn(VerifyFn *v, const MirInst *i)
{
	MirFnId id = i->call.callee->fn.fn;

	if (!check_fn_id(v, id))
		return false;
	const MirFn *callee = v->m->fns.at[id];
	if (i->call.args.len != callee->params.len)
		return complain(v, "wrong number of arguments");
	for (uint32_t k = 0; k < callee->params.len; k++)
		if (!check_class(v, operand_class(v, i->call.args.at[k]),
		    mir_class(v->m, mir_local_type(callee, k + 1))))
			return false;
	MirClass result = mir_class(v->m, mir_local_type(callee, 0));
	if (mir_repr(v->m, mir_local_type(callee, 0)) == MIR_REPR_NEVER)
		return true;
	return check_class(v, result, place_class(v, i->call.dest));
}

/* Does a value of this class travel under this letter of abi.def? */
static bool
letter_fits(char letter, MirClass c, bool is_string)
{
	switch (letter) {
	case 'v':
		return true;
	case 'b':
		return c.kind == MIR_CLASS_BOOL;
	case 'w':
		return c.kind == MIR_CLASS_INT && c.bits == 32;
	case 'i':
		return (c.kind == MIR_CLASS_INT && c.bits <= 64) || c.kind == MIR_CLASS_BOOL;
	case 'd':
		return c.kind == MIR_CLASS_FLOAT;
	case 'p':
	case 'P':
	case 'a':
		return c.kind == MIR_CLASS_PTR;
	case 's':
	case 'S':
		return is_string;
	}
	return false;
}

static bool
operand_is_string(VerifyFn *v, const MirOperand *op)
{
	const MirPlace *p = mir_operand_place(op);

	if (!p || op->kind == MIR_OPERAND_ADDR)
		return op->kind == MIR_OPERAND_STR;
	return mir_repr(v->m, mir_place_type(v->m, v->fn, p)) == MIR_REPR_STRING;
}

static bool
check_call_runtime(VerifyFn *v, const MirInst *i)
{
	const char *name = intern_str(v->m->names, i->call.callee->runtime.symbol);
	const MirRuntime *rt = mir_runtime(name);

	if (!rt)
		return complain(v, arena_printf(v->m->arena, "the runtime has no `%.60s`", name));
	if (i->call.args.len != mir_runtime_arity(rt))
		return complain(v, arena_printf(v->m->arena, "wrong number of arguments for `%s`", name));
	for (uint32_t k = 0; k < i->call.args.len; k++)
		if (!letter_fits(mir_runtime_letter(rt, k), operand_class(v, i->call.args.at[k]),
		    operand_is_string(v, i->call.args.at[k])))
			return complain(v, arena_printf(v->m->arena, "argument %u of `%s` has the wrong type",
			    k, name));
	MirTypeId dest = mir_place_type(v->m, v->fn, i->call.dest);
	bool ok = (rt->flags & MIR_RT_NORETURN)
	    || letter_fits(rt->result, mir_class(v->m, dest), mir_repr(v->m, dest) == MIR_REPR_STRING);
	return ok || complain(v, arena_printf(v->m->arena, "the result of `%s` does not fit", name));
}

/* What the slots hold is the business of who made the tables, as with closures. */
static bool
check_call_slot(VerifyFn *v, const MirCallee *callee)
{
	const MirOperand *op = callee->slot.object;

	return check_operand(v, op)
	    && ((has_type(op) && operand_class(v, op).kind == MIR_CLASS_PTR)
	    || complain(v, "only a Dyn has slots"))
	    && (callee->slot.slot < MAX_SLOTS || complain(v, "no table has so many slots"));
}

static bool
check_call(VerifyFn *v, const MirInst *i)
{
	const MirCallee *callee = i->call.callee;

	if (!check_place(v, i->call.dest))
		return false;
	for (uint32_t k = 0; k < i->call.args.len; k++)
		if (!check_operand(v, i->call.args.at[k]))
			return false;
	switch (callee->kind) {
	case MIR_CALLEE_FN:
		return check_call_fn(v, i);
	case MIR_CALLEE_RUNTIME:
		return check_call_runtime(v, i);
	case MIR_CALLEE_VALUE:
		return check_operand(v, callee->value.closure)
		    && (operand_class(v, callee->value.closure).kind == MIR_CLASS_PTR
		    || complain(v, "only a Closure can be called"));
	case MIR_CALLEE_SLOT:
		return check_call_slot(v, callee);
	}
	return complain(v, "unknown callee");
}

/* ---- Ownership ---- */

static bool
of_ownership(VerifyFn *v, MirOwnership wanted)
{
	if (v->ownership == wanted)
		return true;
	return complain(v, wanted == MIR_COUNTED ? "Retain and Release belong to counted mir"
	    : "Drop and Live belong to scheduled mir");
}

static bool
check_live(VerifyFn *v, const MirInst *i)
{
	return of_ownership(v, MIR_SCHEDULED)
	    && (i->live.local < v->fn->locals.len || complain(v, "no such local"));
}

/* Half a value cannot be given away: nobody would release the rest. */
static bool
check_move(VerifyFn *v, const MirOperand *op)
{
	if (op->kind != MIR_OPERAND_MOVE || op->move.place->projs.len == 0
	    || v->ownership == MIR_COUNTED)
		return true;
	return !mir_type(v->m, mir_place_type(v->m, v->fn, op->move.place))->counted
	    || complain(v, "a part is moved out of a value");
}

static bool
check_inst(VerifyFn *v, const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		return check_assign(v, i);
	case MIR_INST_UNARY:
		return check_unary(v, i);
	case MIR_INST_BINARY:
		return check_binary(v, i);
	case MIR_INST_CAST:
		return check_cast(v, i);
	case MIR_INST_AGGREGATE:
		return check_aggregate(v, i);
	case MIR_INST_BOX:
		return check_box(v, i);
	case MIR_INST_TAG:
		return check_tag(v, i);
	case MIR_INST_BOUNDS:
		return check_bounds(v, i);
	case MIR_INST_UNIQUE:
		return check_unique(v, i);
	case MIR_INST_CALL:
		return check_call(v, i);
	case MIR_INST_DROP:
		return of_ownership(v, MIR_SCHEDULED) && check_place(v, i->drop.place);
	case MIR_INST_LIVE:
		return check_live(v, i);
	case MIR_INST_RETAIN:
		return of_ownership(v, MIR_COUNTED) && check_place(v, i->retain.place);
	case MIR_INST_RELEASE:
		return of_ownership(v, MIR_COUNTED) && check_place(v, i->release.place);
	}
	return complain(v, "unknown instruction");
}

/* ---- Blocks ---- */

static bool
check_switch(VerifyFn *v, const MirTerm *t)
{
	if (!check_operand(v, t->switch_.value))
		return false;
	MirClass c = operand_class(v, t->switch_.value);
	if (c.kind != MIR_CLASS_INT && c.kind != MIR_CLASS_BOOL)
		return complain(v, "a Switch is on an integer");
	uint32_t bits = c.kind == MIR_CLASS_BOOL ? 1 : c.bits;
	Map seen = {0};
	for (uint32_t i = 0; i < t->switch_.cases.len; i++) {
		IrU128 value = t->switch_.cases.at[i]->value;
		uint64_t low = (uint64_t)value, high = (uint64_t)(value >> 64);
		if (bits < 128 && value >> bits)
			return complain(v, "a case is out of range");
		uint64_t key = low ^ high * 0x9e3779b97f4a7c15u;
		uint32_t *same = map_find(&seen, key);
		if (same && t->switch_.cases.at[*same]->value == value)
			return complain(v, "two cases are equal");
		map_set(v->m->arena, &seen, key, i);
	}
	return true;
}

static bool
check_panic(VerifyFn *v, const MirTerm *t)
{
	if (t->panic.kind == MIR_PANIC_UNREACHABLE)
		return t->panic.args.len == 0 || complain(v, "this panic has no arguments");
	if (t->panic.args.len != 1)
		return complain(v, "this panic has one argument");
	const MirOperand *arg = t->panic.args.at[0];
	if (!check_operand(v, arg))
		return false;
	if (!operand_is_string(v, arg))
		return complain(v, "a panic's argument is a String");
	return true;
}

static bool
check_term(VerifyFn *v, const MirTerm *t, bool cleanup)
{
	switch (t->kind) {
	case MIR_TERM_IF:
		return check_operand(v, t->if_.cond)
		    && (operand_class(v, t->if_.cond).kind == MIR_CLASS_BOOL
		    || complain(v, "an If is on a Bool"));
	case MIR_TERM_SWITCH:
		return check_switch(v, t);
	case MIR_TERM_PANIC:
		return check_panic(v, t);
	case MIR_TERM_RETURN:
		return !cleanup || complain(v, "Return in a cleanup block");
	case MIR_TERM_RESUME:
		return cleanup || complain(v, "Resume outside a cleanup block");
	case MIR_TERM_GOTO:
	case MIR_TERM_UNREACHABLE:
		return true;
	}
	return complain(v, "unknown terminator");
}

typedef struct EdgeCheck {
	VerifyFn *v;
	bool cleanup;	/* what the target must be */
} EdgeCheck;

static void
check_edge(void *ctx, MirBbId *bb)
{
	EdgeCheck *e = ctx;

	if (*bb >= e->v->fn->blocks.len)
		complain(e->v, "no such block");
	else if (e->v->fn->blocks.at[*bb]->cleanup != e->cleanup)
		complain(e->v, e->cleanup ? "a panic must go to a cleanup block"
		    : "only a panic goes to a cleanup block");
}

static void
check_unwind(VerifyFn *v, MirBbId *unwind)
{
	EdgeCheck e = {v, true};

	if (unwind && *unwind != IR_NONE)
		check_edge(&e, unwind);
}

static bool
check_block(VerifyFn *v, MirBlock *b)
{
	EdgeCheck e = {v, b->cleanup};

	for (v->inst = 0; v->inst < b->insts.len; v->inst++) {
		if (!check_inst(v, b->insts.at[v->inst]))
			return false;
		check_unwind(v, mir_inst_unwind(b->insts.at[v->inst]));
	}
	if (!check_term(v, b->term, b->cleanup))
		return false;
	mir_term_targets(b->term, check_edge, &e);
	check_unwind(v, mir_term_unwind(b->term));
	return !v->wrong;
}

/* ---- Functions ---- */

static bool
check_foreign(VerifyFn *v)
{
	for (uint32_t i = 0; i <= v->fn->params.len; i++)
		if (mir_class(v->m, mir_local_type(v->fn, i)).kind == MIR_CLASS_MEM)
			return complain(v, "a foreign function takes and gives scalars");
	return true;
}

static bool
check_fn(VerifyFn *v)
{
	const MirFn *fn = v->fn;

	if (fn->locals.len < 1 || fn->params.len > fn->locals.len - 1)
		return complain(v, "fewer locals than the result and the parameters");
	for (uint32_t i = 0; i < fn->locals.len; i++)
		if (!check_type_id(v, fn->locals.at[i]->type))
			return false;
	return true;
}

static bool
check_body(VerifyFn *v)
{
	const MirFn *fn = v->fn;

	if (mir_is_foreign(fn))
		return check_foreign(v);
	if (fn->blocks.at[0]->cleanup)
		return complain(v, "the entry is a cleanup block");
	for (v->block = 0; v->block < fn->blocks.len; v->block++)
		if (!check_block(v, fn->blocks.at[v->block]))
			return false;
	return true;
}

/* ---- The whole ---- */

/* What the code generator and the runtime define. */
static bool
is_reserved(const char *s)
{
	return strncmp(s, "llvm.", 5) == 0 || strncmp(s, "gos_rt_", 7) == 0
	    || strncmp(s, "gos.", 4) == 0 || strcmp(s, "gos_main") == 0
	    || strcmp(s, "gos_descs") == 0 || strcmp(s, "gos_n_descs") == 0;
}

static const char *
check_symbol(const MirModule *m, Map *seen, MirFnId id)
{
	Text s = intern_text(m->names, m->fns.at[id]->symbol);

	if (s.n == 0 || memchr(s.s, 0, s.n))
		return arena_printf(m->arena, "f%u: a symbol is empty or has a zero byte", id);
	if (is_reserved(s.s))
		return arena_printf(m->arena, "f%u: the symbol `%.60s` is reserved", id, s.s);
	if (map_find(seen, m->fns.at[id]->symbol))
		return arena_printf(m->arena, "f%u: the symbol `%.60s` is not unique", id, s.s);
	map_set(m->arena, seen, m->fns.at[id]->symbol, id);
	return NULL;
}

static const char *
check_show(const MirModule *m, MirFnId id, const MirFn *main_fn)
{
	if (id >= m->fns.len)
		return "entry: no such function";
	const MirFn *show = m->fns.at[id];
	if (show->params.len != 1 || mir_repr(m, mir_local_type(show, 0)) != MIR_REPR_STRING)
		return "entry: `show` turns an error into a String";
	const MirRepr *r = mir_type(m, mir_local_type(main_fn, 0))->repr;
	if (r->kind != MIR_REPR_ENUM || r->enum_.variants.len != 2
	    || r->enum_.variants.at[1]->fields.len != 1)
		return "entry: the result is not a Result";
	if (r->enum_.variants.at[1]->fields.at[0]->type != mir_local_type(show, 1))
		return "entry: `show` takes another error";
	return NULL;
}

/* The function takes a reference to a place that holds a cell of the type, and gives nothing. */
static bool
drops(const MirModule *m, MirFnId id, MirTypeId type)
{
	if (id >= m->fns.len)
		return false;
	const MirFn *fn = m->fns.at[id];
	if (mir_is_foreign(fn) || fn->params.len != 1
	    || mir_class(m, mir_local_type(fn, 0)).kind != MIR_CLASS_NONE)
		return false;
	const MirRepr *self = mir_type(m, mir_local_type(fn, 1))->repr;
	if (self->kind != MIR_REPR_REF)
		return false;
	const MirRepr *cell = mir_type(m, self->ref.target)->repr;
	return cell->kind == MIR_REPR_BOX && cell->box.payload == type;
}

static const char *
check_ends(const MirModule *m)
{
	bool *seen = arena_array(m->arena, bool, m->types.len + 1);

	for (uint32_t i = 0; i < m->ends.len; i++) {
		const MirEnd *e = m->ends.at[i];
		if (e->type >= m->types.len)
			return "the end of a type that does not exist";
		if (seen[e->type])
			return arena_printf(m->arena, "t%u: two ends", e->type);
		seen[e->type] = true;
		if (e->drop != IR_NONE
		    && (e->ending != MIR_ENDING_RUNS || !drops(m, e->drop, e->type)))
			return arena_printf(m->arena, "t%u: f%u cannot be its Drop", e->type, e->drop);
		if (e->cyclic && !e->linked)
			return arena_printf(m->arena, "t%u: only the cells of Rcs are looked at for cycles", e->type);
	}
	return NULL;
}

static const char *
check_entry(const MirModule *m, const MirEntry *e)
{
	if (e->fn >= m->fns.len)
		return "entry: no such function";
	const MirFn *fn = m->fns.at[e->fn];
	if (fn->params.len || mir_is_foreign(fn))
		return "entry: the function has parameters or no body";
	MirClass c = mir_class(m, mir_local_type(fn, 0));
	switch (e->kind->kind) {
	case MIR_ENTRY_KIND_UNIT:
		return NULL;
	case MIR_ENTRY_KIND_STATUS:
		return c.kind == MIR_CLASS_INT && c.bits == 32 ? NULL : "entry: the status is no i32";
	case MIR_ENTRY_KIND_RESULT:
		return check_show(m, e->kind->result.show, fn);
	}
	return "entry: unknown kind";
}

static const char *
check_fns(const MirModule *m, MirOwnership ownership, bool (*check)(VerifyFn *))
{
	for (uint32_t i = 0; i < m->fns.len; i++) {
		VerifyFn v = {.m = m, .fn = m->fns.at[i], .ownership = ownership, .block = IR_NONE};
		check(&v);
		if (v.wrong)
			return v.wrong;
	}
	return NULL;
}

/* Each slot holds code of the program. */
static const char *
check_table(const MirModule *m, uint32_t id)
{
	const MirTable *t = m->tables.at[id];

	for (uint32_t i = 0; i < t->slots.len; i++)
		if (t->slots.at[i] >= m->fns.len || mir_is_foreign(m->fns.at[t->slots.at[i]]))
			return arena_printf(m->arena, "v%u: slot %u holds no function", id, i);
	return NULL;
}

const char *
mir_verify(const MirModule *m, MirOwnership ownership)
{
	Map symbols = {0};
	const char *wrong = mir_verify_types(m);

	for (uint32_t i = 0; i < m->fns.len && !wrong; i++)
		wrong = check_symbol(m, &symbols, i);
	for (uint32_t i = 0; i < m->tables.len && !wrong; i++)
		wrong = check_table(m, i);
	for (uint32_t i = 0; i < m->statics.len && !wrong; i++)
		if (m->statics.at[i]->type >= m->types.len)
			wrong = arena_printf(m->arena, "s%u: no such type", i);
	if (!wrong)
		wrong = check_fns(m, ownership, check_fn);
	if (!wrong)
		wrong = check_fns(m, ownership, check_body);
	if (!wrong)
		wrong = check_ends(m);
	if (!wrong && m->entry)
		wrong = check_entry(m, m->entry);
	return wrong;
}
