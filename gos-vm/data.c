/* What code points to: texts, places, descriptors; and the walk over the references of a value. */
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
	vec_push(vm.arena, &vm.literals, make_literal(intern_text(vm.m->names, text)));
	return vec_last(&vm.literals);
}

/* ---- Places ---- */

GosPlace *
vm_place(const MirFn *fn, Span span)
{
	SourcePlace at = source_place(&vm.m->sources, span.start);
	GosPlace *place = arena_new(vm.arena, GosPlace);

	place->file = at.file ? at.file->path : NULL;
	place->function = fn->hidden ? NULL : intern_str(vm.m->names, fn->path);
	place->line = at.line;
	place->column = at.column;
	return place;
}

/* ---- Descriptors ---- */

static void
visit_described(G *g, void *place, const GosDesc *desc, int32_t op)
{
	vm_visit(g, place, desc->id, op);
}

static uint32_t
desc_flags(const MirType *t, const MirEnd *end)
{
	MirNotice notice = mir_notice(end);

	return (t->counted ? GOS_COUNTED : 0u) | (t->recursive ? GOS_RECURSIVE : 0)
	    | (notice != MIR_UNNOTICED ? GOS_NOTICED : 0) | (notice == MIR_RUNS ? GOS_RUNS : 0);
}

static GosBool (*drop_shim(MirFnId fn))(G *g, void *place)
{
	return (GosBool (*)(G *, void *))vm_shim(&vm.fns[fn]);
}

void
vm_make_descs(void)
{
	MirModule *m = vm.m;
	const MirEnd **ends = mir_ends(m, vm.arena);

	vm.descs = arena_array(vm.arena, GosDesc, m->types.len);
	for (uint32_t i = 0; i < m->types.len; i++) {
		const MirType *t = mir_type(m, i);
		vm.descs[i] = (GosDesc){
			.size = t->size,
			.align = t->align,
			.flags = desc_flags(t, ends[i]),
			.visit = t->counted ? visit_described : NULL,
			.name = intern_str(m->names, t->name),
			.id = i,
			.drop = ends[i] && ends[i]->drop != IR_NONE ? drop_shim(ends[i]->drop) : NULL,
		};
	}
}

const GosDesc *
vm_desc(MirTypeId type)
{
	return &vm.descs[type];
}

/* ---- Dispatch tables ---- */

void
vm_make_tables(void)
{
	vm.tables = arena_array(vm.arena, VmFn **, vm.m->tables.len + 1);
	for (uint32_t i = 0; i < vm.m->tables.len; i++) {
		const MirTable *t = vm.m->tables.at[i];
		vm.tables[i] = arena_array(vm.arena, VmFn *, t->slots.len + 1);
		for (uint32_t k = 0; k < t->slots.len; k++)
			vm.tables[i][k] = &vm.fns[t->slots.at[k]];
	}
}

/* ---- Visiting ---- */

static void
visit_object(G *g, void *object, int32_t op)
{
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
	}
}

static void
visit_fields(G *g, char *place, const MirFieldList *fields, int32_t op)
{
	for (uint32_t i = 0; i < fields->len; i++)
		vm_visit(g, place + fields->at[i]->offset, fields->at[i]->type, op);
}

static void
visit_enum(G *g, char *place, const MirRepr *r, int32_t op)
{
	uint32_t variant = mir_enum_variant(vm.m, r, place);

	if (variant != IR_NONE)
		visit_fields(g, place, &r->enum_.variants.at[variant]->fields, op);
}

static void
visit_array(G *g, char *place, const MirRepr *r, int32_t op)
{
	uint64_t size = mir_type(vm.m, r->array.elem)->size;

	for (uint64_t i = 0; i < r->array.len; i++)
		vm_visit(g, place + i * size, r->array.elem, op);
}

void
vm_visit(G *g, void *place, MirTypeId type, int32_t op)
{
	const MirType *t = mir_type(vm.m, type);

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
		visit_object(g, *(void **)place, op);
		return;
	case MIR_REPR_STRUCT:
		visit_fields(g, place, &t->repr->struct_.fields, op);
		return;
	case MIR_REPR_ENUM:
		visit_enum(g, place, t->repr, op);
		return;
	case MIR_REPR_ARRAY:
		visit_array(g, place, t->repr, op);
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
