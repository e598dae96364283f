/* Questions about mir that need no pass of their own.  See mir.h. */
#include "lib/mir.h"
#include "lib/fatal.h"

#include <string.h>

/* ---- Loading ---- */

static const char *
add_source(MirModule *m, const MirSource *s)
{
	const char *path = intern_str(m->names, s->path);

	if (!source_add_at(&m->sources, path, s->base, s->text.s, s->text.n))
		return arena_printf(m->arena, "source `%s` overlaps another", path);
	return NULL;
}

const char *
mir_add(MirModule *m, MirRecord rec)
{
	vec_push(m->arena, &m->records, rec);
	switch (rec.kind) {
	case MIR_REC_SOURCE:
		return add_source(m, rec.source);
	case MIR_REC_TYPE:
		vec_push(m->arena, &m->types, rec.type->type);
		return NULL;
	case MIR_REC_FN:
		vec_push(m->arena, &m->fns, rec.fn->fn);
		return NULL;
	case MIR_REC_TABLE:
		vec_push(m->arena, &m->tables, rec.table);
		return NULL;
	case MIR_REC_STATIC:
		vec_push(m->arena, &m->statics, rec.static_);
		return NULL;
	case MIR_REC_END:
		vec_push(m->arena, &m->ends, rec.end);
		return NULL;
	case MIR_REC_LIBRARY:
		vec_push(m->arena, &m->libraries, rec.library->name);
		return NULL;
	case MIR_REC_ENTRY:
		if (m->entry)
			return "two entries";
		m->entry = rec.entry;
		return NULL;
	}
	bug("record kind %d", (int)rec.kind);
}

static const char *
check_ownership(MirModule *m, const char *given, MirOwnership wanted)
{
	m->counted = given && strcmp(given, "counted") == 0;
	if (!given || (!m->counted && strcmp(given, "scheduled") != 0))
		return "the header must have the option ownership=scheduled or ownership=counted";
	if (m->counted && wanted == MIR_SCHEDULED)
		return "ownership is counted already: this stream has been through gos-rc";
	if (!m->counted && wanted == MIR_COUNTED)
		return "ownership is not counted yet: put gos-rc in front";
	return NULL;
}

const char *
mir_begin(MirModule *m, Arena *arena, Interner *names, const IrReader *in, MirOwnership wanted)
{
	*m = (MirModule){.arena = arena, .names = names, .target = ir_target(in)};
	sources_init(&m->sources, arena);
	m->debug = ir_option_is(in, "build", "debug");
	m->wraps = ir_option_is(in, "overflow", "wrap");
	return check_ownership(m, ir_option(in, "ownership"), wanted);
}

const char *
mir_load(MirModule *m, Arena *arena, Interner *names, IrReader *in, MirOwnership wanted)
{
	const char *wrong = mir_begin(m, arena, names, in, wanted);
	MirRecord rec;

	while (!wrong && mir_read(in, &rec))
		wrong = mir_add(m, rec);
	return wrong;
}

/* ---- Ends ---- */

const MirEnd **
mir_ends(const MirModule *m, Arena *arena)
{
	const MirEnd **of = arena_array(arena, const MirEnd *, m->types.len + 1);

	for (uint32_t i = 0; i < m->ends.len; i++)
		of[m->ends.at[i]->type] = m->ends.at[i];
	return of;
}

/* ---- Classes ---- */

static MirClass
class_of_size(MirClassKind kind, uint64_t size)
{
	return size ? (MirClass){.kind = kind, .size = size} : (MirClass){.kind = MIR_CLASS_NONE};
}

MirClass
mir_class(const MirModule *m, MirTypeId id)
{
	const MirType *t = mir_type(m, id);

	switch (t->repr->kind) {
	case MIR_REPR_INT:
		return (MirClass){.kind = MIR_CLASS_INT, .bits = t->repr->int_.bits};
	case MIR_REPR_FLOAT:
		return (MirClass){.kind = MIR_CLASS_FLOAT, .bits = t->repr->float_.bits};
	case MIR_REPR_BOOL:
		return (MirClass){.kind = MIR_CLASS_BOOL};
	case MIR_REPR_CHAR:
		return (MirClass){.kind = MIR_CLASS_INT, .bits = 32};
	case MIR_REPR_UNIT:
	case MIR_REPR_NEVER:
		return (MirClass){.kind = MIR_CLASS_NONE};
	case MIR_REPR_REF:
	case MIR_REPR_RAW:
	case MIR_REPR_BOX:
	case MIR_REPR_VEC:
	case MIR_REPR_CLOSURE:
	case MIR_REPR_DYN:
	case MIR_REPR_HANDLE:
		return (MirClass){.kind = MIR_CLASS_PTR};
	case MIR_REPR_STRING:
	case MIR_REPR_STRUCT:
	case MIR_REPR_ARRAY:
	case MIR_REPR_ENUM:
	case MIR_REPR_OPAQUE:
		return class_of_size(MIR_CLASS_MEM, t->size);
	}
	bug("repr kind %d", (int)t->repr->kind);
}

bool
mir_class_fits(MirClass value, MirClass place)
{
	return value.kind == place.kind && value.bits == place.bits && value.size == place.size;
}

MirClass
mir_operand_class(const MirModule *m, const MirFn *fn, const MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_COPY:
	case MIR_OPERAND_MOVE:
	case MIR_OPERAND_BORROW:
		return mir_class(m, mir_place_type(m, fn, op->copy.place));
	case MIR_OPERAND_INT:
		return mir_class(m, op->int_.type);
	case MIR_OPERAND_FLOAT:
		return mir_class(m, op->float_.type);
	case MIR_OPERAND_STR:
		return (MirClass){.kind = MIR_CLASS_MEM, .size = 16};
	case MIR_OPERAND_UNIT:
		return (MirClass){.kind = MIR_CLASS_NONE};
	case MIR_OPERAND_ADDR:
	case MIR_OPERAND_FN:
	case MIR_OPERAND_SHIM:
	case MIR_OPERAND_CODE:
	case MIR_OPERAND_TABLE:
	case MIR_OPERAND_STATIC:
	case MIR_OPERAND_CLOSURE:
	case MIR_OPERAND_DESC:
		return (MirClass){.kind = MIR_CLASS_PTR};
	}
	bug("operand kind %d", (int)op->kind);
}

/* ---- Types ---- */

MirTypeId
mir_proj_type(const MirModule *m, MirTypeId base, const MirProj *proj)
{
	const MirRepr *r = mir_type(m, base)->repr;

	switch (proj->kind) {
	case MIR_PROJ_FIELD:
		return r->struct_.fields.at[proj->field.index]->type;
	case MIR_PROJ_VARIANT:
		return r->enum_.variants.at[proj->variant.variant]->fields.at[proj->variant.index]->type;
	case MIR_PROJ_DEREF:
		return r->kind == MIR_REPR_REF ? r->ref.target : r->box.payload;
	case MIR_PROJ_INDEX:
		return r->kind == MIR_REPR_VEC ? r->vec.elem : r->array.elem;
	}
	bug("projection kind %d", (int)proj->kind);
}

MirTypeId
mir_place_type(const MirModule *m, const MirFn *fn, const MirPlace *place)
{
	MirTypeId t = mir_local_type(fn, place->local);

	for (uint32_t i = 0; i < place->projs.len; i++)
		t = mir_proj_type(m, t, place->projs.at[i]);
	return t;
}

MirPlace *
mir_operand_place(const MirOperand *op)
{
	switch (op->kind) {
	case MIR_OPERAND_COPY:
		return op->copy.place;
	case MIR_OPERAND_MOVE:
		return op->move.place;
	case MIR_OPERAND_BORROW:
		return op->borrow.place;
	case MIR_OPERAND_ADDR:
		return op->addr.place;
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
		return NULL;
	}
	bug("operand kind %d", (int)op->kind);
}

bool
mir_is_signed(const MirModule *m, MirTypeId type)
{
	const MirRepr *r = mir_type(m, type)->repr;

	return r->kind == MIR_REPR_INT && r->int_.signed_;
}

/* ---- Shape ---- */

MirBbId *
mir_inst_unwind(MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_UNARY:
		return &i->unary.unwind;
	case MIR_INST_BINARY:
		return &i->binary.unwind;
	case MIR_INST_BOUNDS:
		return &i->bounds.unwind;
	case MIR_INST_CALL:
		return &i->call.unwind;
	case MIR_INST_DROP:
		return &i->drop.unwind;
	case MIR_INST_RELEASE:
		return &i->release.unwind;
	case MIR_INST_ASSIGN:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_BOX:
	case MIR_INST_TAG:
	case MIR_INST_UNIQUE:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
		return NULL;
	}
	bug("instruction kind %d", (int)i->kind);
}

MirBbId *
mir_term_unwind(MirTerm *t)
{
	return t->kind == MIR_TERM_PANIC ? &t->panic.unwind : NULL;
}

MirPlace *
mir_inst_dest(const MirInst *i)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		return i->assign.dest;
	case MIR_INST_UNARY:
		return i->unary.dest;
	case MIR_INST_BINARY:
		return i->binary.dest;
	case MIR_INST_CAST:
		return i->cast.dest;
	case MIR_INST_AGGREGATE:
		return i->aggregate.dest;
	case MIR_INST_BOX:
		return i->box.dest;
	case MIR_INST_TAG:
		return i->tag.dest;
	case MIR_INST_CALL:
		return i->call.dest;
	case MIR_INST_BOUNDS:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		return NULL;
	}
	bug("instruction kind %d", (int)i->kind);
}

/* Operands nest: the place of one may have index operands. */
static void
visit_operand(MirOperand **op, MirOperandVisit *visit, void *ctx)
{
	MirPlace *p = mir_operand_place(*op);

	for (uint32_t i = 0; p && i < p->projs.len; i++)
		if (p->projs.at[i]->kind == MIR_PROJ_INDEX)
			visit_operand(&p->projs.at[i]->index.index, visit, ctx);
	visit(ctx, op);
}

static void
place_operands(MirPlace *p, MirOperandVisit *visit, void *ctx)
{
	for (uint32_t i = 0; i < p->projs.len; i++)
		if (p->projs.at[i]->kind == MIR_PROJ_INDEX)
			visit_operand(&p->projs.at[i]->index.index, visit, ctx);
}

static void
list_operands(MirOperandList *list, MirOperandVisit *visit, void *ctx)
{
	for (uint32_t i = 0; i < list->len; i++)
		visit_operand(&list->at[i], visit, ctx);
}

static void
call_operands(MirInst *i, MirOperandVisit *visit, void *ctx)
{
	list_operands(&i->call.args, visit, ctx);
	if (i->call.callee->kind == MIR_CALLEE_VALUE)
		visit_operand(&i->call.callee->value.closure, visit, ctx);
	if (i->call.callee->kind == MIR_CALLEE_SLOT)
		visit_operand(&i->call.callee->slot.object, visit, ctx);
}

typedef struct PlaceOperands {
	MirOperandVisit *visit;
	void *ctx;
} PlaceOperands;

static void
visit_place_operands(void *ctx, MirPlace *place, bool is_dest)
{
	PlaceOperands *p = ctx;

	(void)is_dest;
	place_operands(place, p->visit, p->ctx);
}

void
mir_inst_operands(MirInst *i, MirOperandVisit *visit, void *ctx)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		visit_operand(&i->assign.value, visit, ctx);
		break;
	case MIR_INST_UNARY:
		visit_operand(&i->unary.value, visit, ctx);
		break;
	case MIR_INST_BINARY:
		visit_operand(&i->binary.left, visit, ctx);
		visit_operand(&i->binary.right, visit, ctx);
		break;
	case MIR_INST_CAST:
		visit_operand(&i->cast.value, visit, ctx);
		break;
	case MIR_INST_AGGREGATE:
		list_operands(&i->aggregate.fields, visit, ctx);
		break;
	case MIR_INST_BOX:
		visit_operand(&i->box.value, visit, ctx);
		break;
	case MIR_INST_BOUNDS:
		visit_operand(&i->bounds.index, visit, ctx);
		visit_operand(&i->bounds.len, visit, ctx);
		break;
	case MIR_INST_CALL:
		call_operands(i, visit, ctx);
		break;
	case MIR_INST_TAG:
	case MIR_INST_UNIQUE:
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
	case MIR_INST_RETAIN:
	case MIR_INST_RELEASE:
		break;
	}
	mir_inst_places(i, visit_place_operands, &(PlaceOperands){visit, ctx});
}

void
mir_term_operands(MirTerm *t, MirOperandVisit *visit, void *ctx)
{
	switch (t->kind) {
	case MIR_TERM_IF:
		visit_operand(&t->if_.cond, visit, ctx);
		break;
	case MIR_TERM_SWITCH:
		visit_operand(&t->switch_.value, visit, ctx);
		break;
	case MIR_TERM_PANIC:
		list_operands(&t->panic.args, visit, ctx);
		break;
	case MIR_TERM_GOTO:
	case MIR_TERM_RETURN:
	case MIR_TERM_RESUME:
	case MIR_TERM_UNREACHABLE:
		break;
	}
}

void
mir_inst_places(MirInst *i, MirPlaceVisit *visit, void *ctx)
{
	MirPlace *dest = mir_inst_dest(i);

	switch (i->kind) {
	case MIR_INST_TAG:
		visit(ctx, i->tag.value, false);
		break;
	case MIR_INST_UNIQUE:
		visit(ctx, i->unique.place, false);
		break;
	case MIR_INST_DROP:
		visit(ctx, i->drop.place, false);
		break;
	case MIR_INST_RETAIN:
		visit(ctx, i->retain.place, false);
		break;
	case MIR_INST_RELEASE:
		visit(ctx, i->release.place, false);
		break;
	case MIR_INST_ASSIGN:
	case MIR_INST_UNARY:
	case MIR_INST_BINARY:
	case MIR_INST_CAST:
	case MIR_INST_AGGREGATE:
	case MIR_INST_BOX:
	case MIR_INST_BOUNDS:
	case MIR_INST_CALL:
	case MIR_INST_LIVE:
		break;
	}
	if (dest)
		visit(ctx, dest, true);
}

void
mir_term_targets(MirTerm *t, MirBbVisit *visit, void *ctx)
{
	switch (t->kind) {
	case MIR_TERM_GOTO:
		visit(ctx, &t->goto_.target);
		break;
	case MIR_TERM_IF:
		visit(ctx, &t->if_.then);
		visit(ctx, &t->if_.otherwise);
		break;
	case MIR_TERM_SWITCH:
		for (uint32_t i = 0; i < t->switch_.cases.len; i++)
			visit(ctx, &t->switch_.cases.at[i]->target);
		visit(ctx, &t->switch_.otherwise);
		break;
	case MIR_TERM_RETURN:
	case MIR_TERM_PANIC:
	case MIR_TERM_RESUME:
	case MIR_TERM_UNREACHABLE:
		break;
	}
}

void
mir_block_edges(MirBlock *b, MirBbVisit *visit, void *ctx)
{
	for (uint32_t i = 0; i < b->insts.len; i++) {
		MirBbId *unwind = mir_inst_unwind(b->insts.at[i]);
		if (unwind && *unwind != IR_NONE)
			visit(ctx, unwind);
	}
	mir_term_targets(b->term, visit, ctx);
	MirBbId *unwind = mir_term_unwind(b->term);
	if (unwind && *unwind != IR_NONE)
		visit(ctx, unwind);
}

uint32_t
mir_simple_leaves(const MirModule *m, MirTypeId type, uint32_t most)
{
	const MirType *t = mir_type(m, type);
	uint32_t n = 0;

	if (!t->counted)
		return 0;
	if (mir_is_object(t->repr->kind) || t->repr->kind == MIR_REPR_STRING)
		return 1;
	if (t->repr->kind != MIR_REPR_STRUCT)
		return most + 1;
	for (uint32_t i = 0; i < t->repr->struct_.fields.len && n <= most; i++)
		n += mir_simple_leaves(m, t->repr->struct_.fields.at[i]->type, most);
	return n;
}
