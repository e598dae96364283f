/*
 * Counts and descriptors.  See llvm.h and librt/gos_rt.h.
 *
 * A retain or release of one reference is one call, inlined in release builds.  Small structs are
 * expanded field by field; everything else goes through the type's visit function, which the
 * runtime uses too: it applies an operation to each counted leaf of a value in memory.
 */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"
#include "lib/version.h"

#include <string.h>

/* The operations of visit, as gos_rt.h numbers them. */
typedef enum VisitOp { VISIT_RETAIN, VISIT_RELEASE } VisitOp;

enum { EXPAND_LEAVES = 3, CELL_ID_FLAG_COUNTED = 1, CELL_ID_FLAG_RECURSIVE = 2,
	CELL_ID_FLAG_NOTICED = 4, CELL_ID_FLAG_RUNS = 8, CELL_ID_FLAG_LINKED = 16,
	CELL_ID_FLAG_CYCLIC = 32 };

static void
expand(Fn *f, MirTypeId type, const char *base, uint64_t offset, VisitOp op)
{
	const MirType *t = mir_type(f->m, type);
	const char *what = op == VISIT_RETAIN ? "retain" : "release";

	if (!t->counted)
		return;
	if (t->repr->kind == MIR_REPR_STRUCT) {
		for (uint32_t i = 0; i < t->repr->struct_.fields.len; i++)
			expand(f, t->repr->struct_.fields.at[i]->type, base,
			    offset + t->repr->struct_.fields.at[i]->offset, op);
		return;
	}
	if (offset)
		base = emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %llu", base,
		    (unsigned long long)offset);
	if (t->repr->kind == MIR_REPR_STRING)
		emit(f, "call void @gos_rt_str_%s(ptr %%g, ptr %s)", what, base);
	else
		emit(f, "call void @gos_rt_%s(ptr %%g, ptr %s)", what,
		    emit_value(f, "load ptr, ptr %s, align 8", base));
}

static void
count(Fn *f, const MirPlace *p, VisitOp op)
{
	MirTypeId type = mir_place_type(f->m, f->fn, p);
	const char *what = op == VISIT_RETAIN ? "retain" : "release";

	if (!mir_type(f->m, type)->counted || f->data_of[p->local] != IR_NONE)
		return;
	if (mir_is_object(mir_repr(f->m, type))) {
		MirOperand value = {.kind = MIR_OPERAND_BORROW, .borrow.place = (MirPlace *)(uintptr_t)p};
		emit(f, "call void @gos_rt_%s(ptr %%g, ptr %s)", what, operand_scalar(f, &value));
	} else if (mir_simple_leaves(f->m, type, EXPAND_LEAVES) <= EXPAND_LEAVES) {
		expand(f, type, place_address(f, p), 0, op);
	} else {
		const char *at = place_address(f, p);
		emit(f, "call void @gos.visit.%u(ptr %%g, ptr %s, ptr %s, i32 %d)", type, at,
		    llvm_desc(f->g, type), (int)op);
	}
}

void
gen_retain(Fn *f, const MirPlace *p)
{
	count(f, p, VISIT_RETAIN);
}

void
gen_release(Fn *f, const MirPlace *p)
{
	count(f, p, VISIT_RELEASE);
}

/* ---- Visit functions ---- */

typedef struct Visit {
	Gen *g;
	uint32_t next;
} Visit;

static uint32_t
visit_address(Visit *v, const char *base, uint64_t offset)
{
	out_printf(&v->g->out, "\t%%v%u = getelementptr inbounds i8, ptr %s, i64 %llu\n", v->next, base,
	    (unsigned long long)offset);
	return v->next++;
}

/* The part of type `type` at a distance from %base. */
static void
visit_part(Visit *v, MirTypeId type, const char *base, uint64_t offset)
{
	const MirType *t = mir_type(v->g->m, type);

	if (!t->counted)
		return;
	uint32_t at = visit_address(v, base, offset);
	if (mir_is_object(t->repr->kind))
		out_printf(&v->g->out, "\tcall void @gos.visit.ptr(ptr %%g, ptr %%v%u, i32 %%op)\n", at);
	else if (t->repr->kind == MIR_REPR_STRING)
		out_printf(&v->g->out, "\tcall void @gos.visit.str(ptr %%g, ptr %%v%u, i32 %%op)\n", at);
	else
		out_printf(&v->g->out, "\tcall void @gos.visit.%u(ptr %%g, ptr %%v%u, ptr @gos.desc.%u, "
		    "i32 %%op)\n", type, at, type);
}

static bool
any_counted(const MirModule *m, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		if (mir_type(m, fields->at[i]->type)->counted)
			return true;
	return false;
}

static void
visit_fields(Visit *v, const MirFieldList *fields)
{
	for (uint32_t i = 0; i < fields->len; i++)
		visit_part(v, fields->at[i]->type, "%place", fields->at[i]->offset);
}

static void
visit_enum(Visit *v, const MirRepr *r)
{
	uint32_t bits = (uint32_t)mir_type(v->g->m, mir_enum_word(r))->size * 8;
	const MirNiche *n = r->enum_.niche;
	Out *o = &v->g->out;
	uint64_t word;

	out_printf(o, "\t%%tag.at = getelementptr inbounds i8, ptr %%place, i64 %llu\n"
	    "\t%%tag = load i%u, ptr %%tag.at, align %u\n\tswitch i%u %%tag, label %%",
	    (unsigned long long)r->enum_.tag_offset, bits, llvm_align(v->g->m, mir_enum_word(r)), bits);
	if (n && any_counted(v->g->m, &r->enum_.variants.at[n->untagged]->fields))
		out_printf(o, "variant.%u [", n->untagged);
	else
		out_printf(o, "done [");
	for (uint32_t i = 0; i < r->enum_.variants.len; i++)
		if (mir_enum_stored(r, i, &word)) {
			out_printf(o, " i%u %llu, label %%", bits, (unsigned long long)word);
			if (any_counted(v->g->m, &r->enum_.variants.at[i]->fields))
				out_printf(o, "variant.%u", i);
			else
				out_printf(o, "done");
		}
	out_printf(o, " ]\n");
	for (uint32_t i = 0; i < r->enum_.variants.len; i++) {
		if (!any_counted(v->g->m, &r->enum_.variants.at[i]->fields))
			continue;
		out_printf(o, "variant.%u:\n", i);
		visit_fields(v, &r->enum_.variants.at[i]->fields);
		out_printf(o, "\tbr label %%done\n");
	}
	out_printf(o, "done:\n");
}

static void
visit_array(Visit *v, const MirRepr *r)
{
	Out *o = &v->g->out;

	if (!r->array.len)
		return;
	out_printf(o, "\tbr label %%loop\nloop:\n\t%%i = phi i64 [ 0, %%entry ], [ %%i.next, %%loop ]\n"
	    "\t%%elem = getelementptr inbounds [%llu x i8], ptr %%place, i64 %%i\n",
	    (unsigned long long)mir_type(v->g->m, r->array.elem)->size);
	visit_part(v, r->array.elem, "%elem", 0);
	out_printf(o, "\t%%i.next = add nuw i64 %%i, 1\n\t%%more = icmp ult i64 %%i.next, %llu\n"
	    "\tbr i1 %%more, label %%loop, label %%done\ndone:\n", (unsigned long long)r->array.len);
}

static void
write_visit(Gen *g, MirTypeId type)
{
	const MirRepr *r = mir_type(g->m, type)->repr;
	Visit v = {g, 0};

	out_printf(&g->out, "define internal void @gos.visit.%u(ptr %%g, ptr %%place, ptr %%desc, "
	    "i32 %%op) #%d {\nentry:\n", type, ATTR_C);
	if (r->kind == MIR_REPR_STRUCT)
		visit_fields(&v, &r->struct_.fields);
	else if (r->kind == MIR_REPR_ENUM)
		visit_enum(&v, r);
	else if (r->kind == MIR_REPR_ARRAY)
		visit_array(&v, r);
	else
		visit_part(&v, type, "%place", 0);
	out_printf(&g->out, "\tret void\n}\n");
}

/* What every visit does with a leaf. */
static void
write_leaf(Gen *g, const char *name, const char *infix, const char *load, const char *value)
{
	out_printf(&g->out,
	    "define internal void @gos.visit.%s(ptr %%g, ptr %%place, i32 %%op) #%d {\n%s"
	    "\tswitch i32 %%op, label %%promote [ i32 0, label %%retain i32 1, label %%release "
	    "i32 2, label %%share ]\n"
	    "retain:\n\tcall void @gos_rt_%sretain(ptr %%g, ptr %s)\n\tret void\n"
	    "release:\n\tcall void @gos_rt_%srelease(ptr %%g, ptr %s)\n\tret void\n"
	    "share:\n\tcall void @gos_rt_%sshare(ptr %%g, ptr %s)\n\tret void\n"
	    "promote:\n\tcall void @gos_rt_%spromote(ptr %%g, ptr %%place)\n\tret void\n}\n",
	    name, ATTR_C, load, infix, value, infix, value, infix, value, infix);
}

/* ---- Descriptors ---- */

static uint32_t
desc_flags(const MirType *t, const MirEnd *end)
{
	return (t->counted ? CELL_ID_FLAG_COUNTED : 0u) | (t->recursive ? CELL_ID_FLAG_RECURSIVE : 0)
	    | (mir_notice(end) != MIR_UNNOTICED ? CELL_ID_FLAG_NOTICED : 0)
	    | (mir_notice(end) == MIR_RUNS ? CELL_ID_FLAG_RUNS : 0)
	    | (end && end->linked ? CELL_ID_FLAG_LINKED : 0) | (end && end->cyclic ? CELL_ID_FLAG_CYCLIC : 0);
}

static void
write_desc(Gen *g, MirTypeId id, const MirEnd *end)
{
	const MirType *t = mir_type(g->m, id);
	Text name = intern_text(g->m->names, t->name);
	Out *o = &g->out;

	out_printf(o, "@gos.type.%u = private unnamed_addr constant [%u x i8] c\"", id, name.n + 1);
	llvm_escape(o, name.s, name.n);
	out_printf(o, "\\00\", align 1\n@gos.desc.%u = internal constant "
	    "{ i64, i32, i32, ptr, ptr, i32, i32, ptr } { i64 %llu, i32 %u, i32 %u, ", id,
	    (unsigned long long)t->size, t->align, desc_flags(t, end));
	if (t->counted)
		out_printf(o, "ptr @gos.visit.%u", id);
	else
		out_printf(o, "ptr null");
	out_printf(o, ", ptr @gos.type.%u, i32 %u, i32 %u, ptr %s }, align 8\n", id, id,
	    end ? 0 : mir_counted_words(g->m, id),
	    end && end->drop != IR_NONE ? llvm_shim(g, end->drop) : "null");
}

/* The code that objects of a `dyn` type are called through. */
static void
write_slots(Gen *g, MirTableId id)
{
	const MirTable *t = g->m->tables.at[id];

	out_printf(&g->out, "%s = private constant [%u x ptr] [", llvm_table(g, id),
	    t->slots.len);
	for (uint32_t i = 0; i < t->slots.len; i++)
		out_printf(&g->out, "%s ptr %s", i ? "," : "", llvm_fn_name(g, t->slots.at[i]));
	out_printf(&g->out, " ], align 8\n");
}

static void
write_static(Gen *g, MirStaticId id)
{
	const MirType *t = mir_type(g->m, g->m->statics.at[id]->type);

	out_printf(&g->out, "@gos.static.%u = internal global [%llu x i8] zeroinitializer, align 16\n", id,
	    (unsigned long long)(t->size ? t->size : 1));
}

static void
write_table(Gen *g)
{
	uint32_t n = g->m->types.len;

	out_printf(&g->out, "@gos_program_flags = dso_local constant i32 %u, align 4\n",
	    g->m->debug ? 1 : 0);	/* GOS_PROGRAM_DEBUG */
	out_printf(&g->out, "@gos_n_descs = dso_local constant i32 %u, align 4\n"
	    "@gos_descs = dso_local constant [%u x ptr] [", n, n);
	for (uint32_t i = 0; i < n; i++)
		out_printf(&g->out, "%s ptr @gos.desc.%u", i ? "," : "", i);
	out_printf(&g->out, " ], align 8\n\n");
}

/* How the program was built, in a note as in every ELF file: what `gos version PROGRAM` prints. */
static void
write_note(Gen *g)
{
	const char *text = arena_printf(g->arena, "gos %s, %s build, integer overflow %s", GOS_VERSION,
	    g->m->debug ? "debug" : "release", g->m->wraps ? "wraps" : "panics");
	uint32_t n = (uint32_t)strlen(text), padded = (n + 4) & ~3u;

	out_printf(&g->out, "@gos.note = internal constant { i32, i32, i32, [12 x i8], [%u x i8] } "
	    "{ i32 9, i32 %u, i32 1, [12 x i8] c\"Gossamer\\00\\00\\00\\00\", [%u x i8] c\"%s",
	    padded, n, padded, text);
	for (uint32_t i = n; i < padded; i++)
		out_printf(&g->out, "\\00");
	out_printf(&g->out, "\" }, section \".note.gossamer\", align 4\n"
	    "@llvm.used = appending global [1 x ptr] [ptr @gos.note], section \"llvm.metadata\"\n\n");
}

void
glue_write(Gen *g)
{
	const MirEnd **ends = mir_ends(g->m, g->arena);

	write_leaf(g, "ptr", "", "\t%value = load ptr, ptr %place, align 8\n", "%value");
	write_leaf(g, "str", "str_", "", "%place");
	for (uint32_t i = 0; i < g->m->types.len; i++)
		if (mir_type(g->m, i)->counted)
			write_visit(g, i);
	for (uint32_t i = 0; i < g->m->types.len; i++)
		write_desc(g, i, ends[i]);
	for (uint32_t i = 0; i < g->m->tables.len; i++)
		write_slots(g, i);
	for (uint32_t i = 0; i < g->m->statics.len; i++)
		write_static(g, i);
	write_table(g);
	write_note(g);
	out_flush(&g->out);
}
