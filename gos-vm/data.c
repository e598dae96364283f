/* What code points to: texts, closures, places, descriptors; and the walk over the references of a value. */
#include "gos-vm/vm.h"

#include "lib/fatal.h"

#include <string.h>

/* ---- Texts ---- */

/* An immortal String: in itself, or in a buffer with the count 0. */
static GosString *
make_literal(Text text)
{
	GosString *s = arena_new(vm.arena, GosString);

	if (text.n <= GOS_INLINE_MAX) {
		memcpy(s->bytes, text.s, text.n);
		s->bytes[15] = (char)text.n;
		return s;
	}
	GosText *buffer = arena_alloc(vm.arena, sizeof *buffer + text.n, 8);
	buffer->header.meta = GOS_TEXT;
	buffer->cap = text.n;
	memcpy(buffer->bytes, text.s, text.n);
	s->text = buffer;
	s->len = (uint64_t)text.n | (uint64_t)GOS_HEAP_TAG << 56;
	return s;
}

GosString *
vm_literal(Sym text)
{
	uint32_t *known = map_find(&vm.literal_of, text);

	if (known)
		return vm.literals.at[*known];
	map_set(vm.arena, &vm.literal_of, text, vm.literals.len);
	vec_push(vm.arena, &vm.literals, make_literal(intern_text(vm.names, text)));
	return vec_last(&vm.literals);
}

/* ---- Closures ---- */

GosCell *
vm_closure(VmFn *code)
{
	if (!code->closure) {
		code->closure = arena_alloc(vm.arena, sizeof *code->closure + sizeof(uint64_t), 8);
		code->closure->header = (GosHeader){.meta = GOS_CELL | GOS_FOREIGN | GOS_PLAIN};
		code->closure->payload[0] = (uint64_t)(uintptr_t)code;
	}
	return code->closure;
}

/* ---- Places ---- */

GosPlace *
vm_place(const VmFn *fn, Span span)
{
	SourcePlace at = source_place(&fn->module->m->sources, span.start);
	GosPlace *place = arena_new(vm.arena, GosPlace);

	place->file = at.file ? at.file->path : NULL;
	place->function = fn->mir->hidden ? NULL : intern_str(vm.names, fn->mir->path);
	place->line = at.line;
	place->column = at.column;
	return place;
}

/* ---- Descriptors ---- */

static void
visit_described(G *g, void *place, const GosDesc *desc, int32_t op)
{
	const VmDesc *d = (const VmDesc *)desc;

	vm_visit(g, place, d->module, d->type, op);
}

static uint32_t
desc_flags(const MirType *t, const MirEnd *end)
{
	MirNotice notice = mir_notice(end);

	return (t->counted ? GOS_COUNTED : 0u) | (t->recursive ? GOS_RECURSIVE : 0)
	    | (notice != MIR_UNNOTICED ? GOS_NOTICED : 0) | (notice == MIR_RUNS ? GOS_RUNS : 0)
	    | (end && end->linked ? GOS_LINKED : 0) | (end && end->cyclic ? GOS_CYCLIC : 0);
}

static GosBool (*drop_shim(const VmModule *module, MirFnId fn))(G *g, void *place)
{
	return (GosBool (*)(G *, void *))vm_shim(&module->fns[fn]);
}

void
vm_make_descs(VmModule *module)
{
	MirModule *m = module->m;
	const MirEnd **ends = mir_ends(m, vm.arena);

	module->descs = arena_array(vm.arena, VmDesc, m->types.len);
	for (uint32_t i = 0; i < m->types.len; i++) {
		const MirType *t = mir_type(m, i);
		VmDesc *d = &module->descs[i];
		*d = (VmDesc){.module = module, .type = i, .desc = {
			.size = t->size,
			.align = t->align,
			.flags = desc_flags(t, ends[i]),
			.visit = t->counted ? visit_described : NULL,
			.name = intern_str(m->names, t->name),
			.id = vm.descs.len,
			.words = ends[i] ? 0 : mir_counted_words(m, i),
			.drop = ends[i] && ends[i]->drop != IR_NONE ? drop_shim(module, ends[i]->drop) : NULL,
		}};
		vec_push(vm.arena, &vm.descs, &d->desc);
	}
	gos_rt_set_program(vm.descs.at, vm.descs.len,
	    vm.polls ? GOS_PROGRAM_SESSION : m->debug ? GOS_PROGRAM_DEBUG : 0);
}

const GosDesc *
vm_desc(const VmModule *module, MirTypeId type)
{
	return &module->descs[type].desc;
}

/* ---- Dispatch tables ---- */

void
vm_make_tables(VmModule *module)
{
	const MirModule *m = module->m;

	module->tables = arena_array(vm.arena, VmFn **, m->tables.len + 1);
	for (uint32_t i = 0; i < m->tables.len; i++) {
		const MirTable *t = m->tables.at[i];
		module->tables[i] = arena_array(vm.arena, VmFn *, t->slots.len + 1);
		for (uint32_t k = 0; k < t->slots.len; k++)
			module->tables[i][k] = &module->fns[t->slots.at[k]];
	}
}

/* ---- Statics ---- */

void
vm_make_statics(VmModule *module)
{
	const MirModule *m = module->m;

	module->statics = arena_array(vm.arena, void *, m->statics.len + 1);
	for (uint32_t i = 0; i < m->statics.len; i++) {
		uint64_t size = mir_type(m, m->statics.at[i]->type)->size;
		module->statics[i] = arena_array(vm.arena, uint64_t, size / 8 + 1);
	}
}

/* ---- Visiting ---- */

static void
visit_object(G *g, void *slot, int32_t op)
{
	void *object = *(void **)slot;

	switch ((GosOp)op) {
	case GOS_RETAIN:
		gos_rt_retain(g, object);
		return;
	case GOS_RELEASE:
		gos_rt_release(g, object);
		return;
	case GOS_SHARE:
		gos_rt_share(g, object);
		return;
	case GOS_PROMOTE:
		gos_rt_promote(g, slot);
		return;
	}
}

static void
visit_string(G *g, void *place, int32_t op)
{
	switch ((GosOp)op) {
	case GOS_RETAIN:
		gos_rt_str_retain(g, place);
		return;
	case GOS_RELEASE:
		gos_rt_str_release(g, place);
		return;
	case GOS_SHARE:
		gos_rt_str_share(g, place);
		return;
	case GOS_PROMOTE:
		gos_rt_str_promote(g, place);
		return;
	}
}

static void
visit_fields(G *g, char *place, const VmModule *module, const MirFieldList *fields, int32_t op)
{
	for (uint32_t i = 0; i < fields->len; i++)
		vm_visit(g, place + fields->at[i]->offset, module, fields->at[i]->type, op);
}

static void
visit_enum(G *g, char *place, const VmModule *module, const MirRepr *r, int32_t op)
{
	uint32_t variant = mir_enum_variant(module->m, r, place);

	if (variant != IR_NONE)
		visit_fields(g, place, module, &r->enum_.variants.at[variant]->fields, op);
}

static void
visit_array(G *g, char *place, const VmModule *module, const MirRepr *r, int32_t op)
{
	uint64_t size = mir_type(module->m, r->array.elem)->size;

	for (uint64_t i = 0; i < r->array.len; i++)
		vm_visit(g, place + i * size, module, r->array.elem, op);
}

void
vm_visit(G *g, void *place, const VmModule *module, MirTypeId type, int32_t op)
{
	const MirType *t = mir_type(module->m, type);

	if (!t->counted)
		return;
	switch (t->repr->kind) {
	case MIR_REPR_STRING:
		visit_string(g, place, op);
		return;
	case MIR_REPR_BOX:
	case MIR_REPR_VEC:
	case MIR_REPR_CLOSURE:
	case MIR_REPR_DYN:
	case MIR_REPR_HANDLE:
		visit_object(g, place, op);
		return;
	case MIR_REPR_STRUCT:
		visit_fields(g, place, module, &t->repr->struct_.fields, op);
		return;
	case MIR_REPR_ENUM:
		visit_enum(g, place, module, t->repr, op);
		return;
	case MIR_REPR_ARRAY:
		visit_array(g, place, module, t->repr, op);
		return;
	case MIR_REPR_INT:
	case MIR_REPR_FLOAT:
	case MIR_REPR_BOOL:
	case MIR_REPR_CHAR:
	case MIR_REPR_UNIT:
	case MIR_REPR_NEVER:
	case MIR_REPR_REF:
	case MIR_REPR_RAW:
	case MIR_REPR_OPAQUE:
		return;
	}
}
