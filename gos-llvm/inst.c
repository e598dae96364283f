/* Instructions that move and build values, and the ends of blocks.  See llvm.h. */
#include "gos-llvm/llvm.h"

#include "lib/fatal.h"

static uint32_t
least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t
operand_align(Fn *f, const MirOperand *op)
{
	MirTypeId t = operand_type(f, op);

	return t == IR_NONE ? 8 : llvm_align(f->m, t);
}

static void
gen_assign(Fn *f, const MirInst *i)
{
	MirTypeId t = mir_place_type(f->m, f->fn, i->assign.dest);
	MirClass c = mir_class(f->m, t);

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (c.kind != MIR_CLASS_MEM) {
		place_store(f, i->assign.dest, operand_scalar(f, i->assign.value));
		return;
	}
	const char *from = operand_address(f, i->assign.value);
	copy_memory(f, place_address(f, i->assign.dest), from, c.size,
	    least(llvm_align(f->m, t), operand_align(f, i->assign.value)));
}

/* ---- Aggregates: all parts are read before any is written ---- */

typedef struct Part {
	MirTypeId type;
	uint64_t offset;
	const MirOperand *op;
	const char *value;	/* scalar in registers, or address */
} Part;

static void
read_part(Fn *f, Part *p, const MirPlace *dest)
{
	MirClass c = mir_class(f->m, p->type);

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (c.kind != MIR_CLASS_MEM) {
		p->value = operand_scalar(f, p->op);
		return;
	}
	p->value = operand_address(f, p->op);
	if (dest && may_overlap(f, dest, p->op)) {
		const char *copy = emit_slot(f, c.size, 8);
		copy_memory(f, copy, p->value, c.size, operand_align(f, p->op));
		p->value = copy;
	}
}

const char *
offset_address(Fn *f, const char *base, uint64_t offset)
{
	if (!offset)
		return base;
	return emit_value(f, "getelementptr inbounds i8, ptr %s, i64 %llu", base,
	    (unsigned long long)offset);
}

static void
write_part(Fn *f, const Part *p, const char *base, bool tbaa)
{
	MirClass c = mir_class(f->m, p->type);

	if (c.kind == MIR_CLASS_NONE)
		return;
	const char *at = offset_address(f, base, p->offset);
	if (c.kind == MIR_CLASS_MEM)
		copy_memory(f, at, p->value, c.size,
		    least(llvm_align(f->m, p->type), operand_align(f, p->op)));
	else
		store_scalar(f, p->type, p->value, at, tbaa ? llvm_tbaa(f->m, p->type) : "");
}

const MirFieldList *
llvm_aggregate_fields(const MirRepr *r, const MirInst *i)
{
	if (r->kind == MIR_REPR_STRUCT)
		return &r->struct_.fields;
	return r->kind == MIR_REPR_ENUM ? &r->enum_.variants.at[i->aggregate.variant]->fields : NULL;
}

static Part *
aggregate_parts(Fn *f, const MirInst *i, const MirRepr *r)
{
	const MirFieldList *fields = llvm_aggregate_fields(r, i);
	uint32_t n = i->aggregate.fields.len;
	Part *parts = arena_array(f->g->scratch, Part, n);

	for (uint32_t k = 0; k < n; k++) {
		parts[k].op = i->aggregate.fields.at[k];
		parts[k].type = fields ? fields->at[k]->type : r->array.elem;
		parts[k].offset = fields ? fields->at[k]->offset
		    : k * mir_type(f->m, r->array.elem)->size;
	}
	return parts;
}

static void
write_tag(Fn *f, const MirRepr *r, uint32_t variant, const char *base)
{
	uint64_t word;

	if (!mir_enum_stored(r, variant, &word))
		return;
	const char *at = offset_address(f, base, r->enum_.tag_offset);
	const char *text = llvm_u128(f->g->scratch, word);
	if (mir_repr(f->m, mir_enum_word(r)) == MIR_REPR_RAW)
		text = word ? emit_format(f, "inttoptr (i64 %s to ptr)", text) : "null";
	store_scalar(f, mir_enum_word(r), text, at, "");
}

static void
gen_aggregate(Fn *f, const MirInst *i)
{
	const MirPlace *dest = i->aggregate.dest;
	const MirRepr *r = mir_type(f->m, mir_place_type(f->m, f->fn, dest))->repr;
	Part *parts = aggregate_parts(f, i, r);
	uint32_t n = i->aggregate.fields.len;

	for (uint32_t k = 0; k < n; k++)
		read_part(f, &parts[k], dest);
	const char *base = place_address(f, dest);
	if (r->kind == MIR_REPR_ENUM)
		write_tag(f, r, i->aggregate.variant, base);
	for (uint32_t k = 0; k < n; k++)
		write_part(f, &parts[k], base, r->kind != MIR_REPR_ENUM && !place_in_variant(dest));
}

static void
gen_box(Fn *f, const MirInst *i)
{
	const MirRepr *r = mir_type(f->m, mir_place_type(f->m, f->fn, i->box.dest))->repr;
	Part part = {.op = i->box.value, .offset = 8};

	part.type = r->kind == MIR_REPR_BOX ? r->box.payload : operand_type(f, i->box.value);
	read_part(f, &part, NULL);
	const char *cell = emit_value(f, "call ptr @gos_rt_alloc(ptr %%g, ptr %s)",
	    llvm_desc(f->g, part.type));
	write_part(f, &part, cell, true);
	place_store(f, i->box.dest, cell);
}

/* Is it variant `other`, of two?  The other way round for the first variant. */
static const char *
variant_of_two(Fn *f, const MirRepr *r, const char *type, const char *word)
{
	const char *tag = llvm_scalar(mir_class(f->m, r->enum_.tag));
	bool pointer = mir_repr(f->m, mir_enum_word(r)) == MIR_REPR_RAW;
	uint64_t first = r->enum_.niche->first;
	const char *stored = llvm_u128(f->g->scratch, first);

	if (pointer)
		stored = first ? emit_format(f, "inttoptr (i64 %s to ptr)", stored) : "null";
	const char *second = emit_value(f, "icmp %s %s %s, %s", r->enum_.niche->untagged ? "ne" : "eq",
	    type, word, stored);
	return emit_value(f, "zext i1 %s to %s", second, tag);
}

/* The number of the variant that the word of a niche stands for. */
static const char *
variant_from_niche(Fn *f, const MirRepr *r, const char *word)
{
	const MirNiche *n = r->enum_.niche;
	const char *tag = llvm_scalar(mir_class(f->m, r->enum_.tag));
	const char *type = llvm_scalar(mir_class(f->m, n->word));

	if (r->enum_.variants.len == 2)
		return variant_of_two(f, r, type, word);
	if (mir_repr(f->m, n->word) == MIR_REPR_RAW) {
		word = emit_value(f, "ptrtoint ptr %s to i64", word);
		type = "i64";
	}
	const char *nth = emit_value(f, "sub %s %s, %llu", type, word, (unsigned long long)n->first);
	const char *tagged = emit_value(f, "icmp ult %s %s, %u", type, nth, r->enum_.variants.len - 1);
	const char *above = emit_value(f, "icmp uge %s %s, %u", type, nth, n->untagged);
	const char *one = emit_value(f, "zext i1 %s to %s", above, type);
	const char *number = emit_value(f, "add %s %s, %s", type, nth, one);
	const char *chosen = emit_value(f, "select i1 %s, %s %s, %s %u", tagged, type, number, type,
	    n->untagged);
	MirClass from = mir_class(f->m, n->word), to = mir_class(f->m, r->enum_.tag);
	uint32_t bits = from.kind == MIR_CLASS_PTR ? 64 : from.bits;
	if (bits == to.bits)
		return chosen;
	return emit_value(f, "%s %s %s to %s", bits < to.bits ? "zext" : "trunc", type, chosen, tag);
}

static void
gen_tag(Fn *f, const MirInst *i)
{
	const MirRepr *r = mir_type(f->m, mir_place_type(f->m, f->fn, i->tag.value))->repr;
	const char *at = offset_address(f, place_address(f, i->tag.value), r->enum_.tag_offset);
	const char *word = load_scalar(f, mir_enum_word(r), at, "");

	place_store(f, i->tag.dest, r->enum_.niche ? variant_from_niche(f, r, word) : word);
}

/*
 * Tests the count here and calls the runtime only for what is shared, through a slot of its own,
 * so that the variable itself can stay in a register.  The load is atomic because another
 * goroutine may change a shared count; a count of 1 is ours alone.
 */
static void
gen_unique(Fn *f, const MirInst *i)
{
	const MirPlace *p = i->unique.place;
	const MirRepr *r = mir_type(f->m, mir_place_type(f->m, f->fn, p))->repr;
	bool box = r->kind == MIR_REPR_BOX;
	const char *desc = llvm_desc(f->g, box ? r->box.payload : r->vec.elem);
	const char *shared = emit_label_new(f, "shared"), *ok = emit_label_new(f, "ok");
	const char *at = place_address(f, p);
	const char *object = emit_value(f, "load ptr, ptr %s, align 8%s", at, llvm_tbaa_ptr);
	const char *count = emit_value(f, "load atomic i32, ptr %s unordered, align 4%s", object,
	    llvm_tbaa_count);

	emit_branch_cold(f, emit_value(f, "icmp ne i32 %s, 1", count), shared, ok);
	Out *before = emit_go_cold(f);
	const char *slot = emit_slot(f, 8, 8);
	emit_label(f, shared);
	emit(f, "store ptr %s, ptr %s, align 8", object, slot);
	emit(f, "call void @gos_rt_%s_unique(ptr %%g, ptr %s, ptr %s)", box ? "box" : "vec", slot, desc);
	emit(f, "store ptr %s, ptr %s, align 8%s", emit_value(f, "load ptr, ptr %s, align 8", slot), at,
	    llvm_tbaa_ptr);
	emit(f, "br label %%%s", ok);
	emit_warm(f, before);
	emit_label(f, ok);
}

void
gen_inst(Fn *f, MirInst *i, bool proven)
{
	switch (i->kind) {
	case MIR_INST_ASSIGN:
		gen_assign(f, i);
		break;
	case MIR_INST_UNARY:
		gen_unary(f, i, proven);
		break;
	case MIR_INST_BINARY:
		gen_binary(f, i, proven);
		break;
	case MIR_INST_CAST:
		gen_cast(f, i);
		break;
	case MIR_INST_AGGREGATE:
		gen_aggregate(f, i);
		break;
	case MIR_INST_BOX:
		gen_box(f, i);
		break;
	case MIR_INST_TAG:
		gen_tag(f, i);
		break;
	case MIR_INST_BOUNDS:
		gen_bounds(f, i, proven);
		break;
	case MIR_INST_UNIQUE:
		gen_unique(f, i);
		break;
	case MIR_INST_CALL:
		gen_call(f, i);
		break;
	case MIR_INST_RETAIN:
		gen_retain(f, i->retain.place);
		break;
	case MIR_INST_RELEASE:
		gen_release(f, i->release.place);
		break;
	case MIR_INST_DROP:
	case MIR_INST_LIVE:
		bug("scheduled instruction in counted mir");
	}
}

/* ---- Ends of blocks ---- */

void
emit_return(Fn *f, const char *flag)
{
	MirTypeId t = mir_local_type(f->fn, 0);
	const char *type = llvm_result(f->g, t, f->facts->flagged);
	const char *words[2], *values[3];
	uint32_t n = llvm_result_words(f->m, t, words);

	if (n == 1 && mir_class(f->m, t).kind != MIR_CLASS_MEM)
		values[0] = load_scalar(f, t, "%_0", llvm_tbaa(f->m, t));
	else
		for (uint32_t i = 0; i < n; i++)
			values[i] = emit_value(f, "load %s, ptr %s, align %u", words[i],
			    offset_address(f, "%_0", i * 8), llvm_align(f->m, t));
	if (f->facts->flagged)
		values[n++] = flag;
	if (n == 0) {
		emit(f, "ret void");
	} else if (n == 1) {
		emit(f, "ret %s %s", type, values[0]);
	} else {
		const char *all = "undef";
		for (uint32_t i = 0; i < n; i++)
			all = emit_value(f, "insertvalue %s %s, %s %s, %u", type, all,
			    f->facts->flagged && i == n - 1 ? "i1" : words[i], values[i], i);
		emit(f, "ret %s %s", type, all);
	}
}

static void
gen_return(Fn *f)
{
	if (!f->one_exit) {
		emit_return(f, "false");
		return;
	}
	if (f->facts->flagged)
		emit(f, "store i1 false, ptr %%panicked, align 1");
	emit(f, "br label %%exit");
}

static void
gen_switch(Fn *f, const MirTerm *t)
{
	MirClass c = operand_class(f, t->switch_.value);
	const char *type = llvm_scalar(c);
	const char *value = operand_scalar(f, t->switch_.value);
	Out cases = {.arena = f->g->scratch};

	for (uint32_t i = 0; i < t->switch_.cases.len; i++) {
		const MirCase *k = t->switch_.cases.at[i];
		out_printf(&cases, " %s %s, label %%bb%u", type, llvm_u128(f->g->scratch, k->value),
		    k->target);
	}
	out_text(&cases, "", 1);
	emit(f, "switch %s %s, label %%bb%u [%s ]", type, value, t->switch_.otherwise,
	    cases.text.at);
}

static void
gen_panic(Fn *f, const MirTerm *t)
{
	const char *place = llvm_place(f->g, f->fn, t->span);

	switch (t->panic.kind) {
	case MIR_PANIC_MESSAGE: {
		const char *slot = emit_slot(f, 16, 8);
		copy_memory(f, slot, operand_address(f, t->panic.args.at[0]), 16, 8);
		emit(f, "call void @gos_rt_panic_message(ptr %%g, ptr %s, ptr %s)", slot, place);
		break;
	}
	case MIR_PANIC_UNWRAP:
		emit(f, "call void @gos_rt_panic_static(ptr %%g, ptr %s, ptr %s)",
		    operand_address(f, t->panic.args.at[0]), place);
		break;
	case MIR_PANIC_UNREACHABLE:
		emit(f, "call void @gos_rt_panic_unreachable(ptr %%g, ptr %s)", place);
		break;
	}
	emit(f, "br label %%%s", emit_unwind_label(f, t->panic.unwind));
}

void
gen_term(Fn *f, MirTerm *t)
{
	switch (t->kind) {
	case MIR_TERM_GOTO:
		emit(f, "br label %%bb%u", t->goto_.target);
		break;
	case MIR_TERM_IF: {
		const char *cond = operand_scalar(f, t->if_.cond);
		emit(f, "br i1 %s, label %%bb%u, label %%bb%u", cond, t->if_.then, t->if_.otherwise);
		break;
	}
	case MIR_TERM_SWITCH:
		gen_switch(f, t);
		break;
	case MIR_TERM_RETURN:
		gen_return(f);
		break;
	case MIR_TERM_PANIC:
		gen_panic(f, t);
		break;
	case MIR_TERM_RESUME:
		emit(f, "br label %%%s", emit_unwind_label(f, IR_NONE));
		break;
	case MIR_TERM_UNREACHABLE:
		emit(f, "unreachable");
		break;
	}
}
