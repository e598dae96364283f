/*
 * One function: header, slots, blocks, stack check, the exit for panics.  See llvm.h.
 *
 * Locals are slots in the entry block, which LLVM turns into registers.  Two kinds of parameters
 * need none: scalars that are never written or addressed (%pN), and large values under the same
 * condition, which stay where the caller has them (%_N).
 */
#include "gos-llvm/llvm.h"

/*
 * Frames above LARGE_FRAME get a thin entry that checks for all of it before the frame exists.  An
 * unoptimised build also spills temporaries, about SPILL_PER_INST bytes for each instruction.
 */
enum { LARGE_FRAME = 4096, SPILL_PER_INST = 32 };

/* LLVM counts what only panics do as well: a function of so few instructions of mir is worth inlining. */
enum { SMALL_FN = 20 };

/* ---- What happens to locals ---- */

typedef struct Uses {
	Fn *f;
	bool *written;
	const MirInst *inst;	/* at hand; NULL in a terminator */
} Uses;

/* Is the place in the local's own memory, not behind a pointer that the local holds? */
static bool
is_direct(Fn *f, const MirPlace *p)
{
	MirTypeId t = mir_local_type(f->fn, p->local);

	for (uint32_t i = 0; i < p->projs.len; i++) {
		MirProjKind k = p->projs.at[i]->kind;
		if (k == MIR_PROJ_DEREF || (k == MIR_PROJ_INDEX && mir_repr(f->m, t) == MIR_REPR_VEC))
			return false;
		t = mir_proj_type(f->m, t, p->projs.at[i]);
	}
	return true;
}

static bool
is_lent(const Uses *u, const MirOperand *op)
{
	if (!u->inst || u->inst->kind != MIR_INST_CALL)
		return false;
	for (uint32_t k = 0; k < u->inst->call.args.len; k++)
		if (u->inst->call.args.at[k] == op)
			return lent_local(u->f->m, u->f->fn, u->inst, k) != IR_NONE;
	return false;
}

static void
note_operand(void *ctx, MirOperand **op)
{
	Uses *u = ctx;

	if ((*op)->kind == MIR_OPERAND_ADDR && is_direct(u->f, (*op)->addr.place)
	    && !is_lent(u, *op))
		u->f->exposed[(*op)->addr.place->local] = true;
}

static void
note_inst(Uses *u, MirInst *i)
{
	const MirPlace *dest = i->kind == MIR_INST_UNIQUE ? i->unique.place : mir_inst_dest(i);

	if (dest && is_direct(u->f, dest))
		u->written[dest->local] = true;
	/* What is only lent to the runtime counts as written. */
	if (i->kind == MIR_INST_CALL)
		for (uint32_t k = 0; k < i->call.args.len; k++) {
			MirLocalId lent = lent_local(u->f->m, u->f->fn, i, k);
			if (lent != IR_NONE)
				u->written[lent] = true;
		}
	u->inst = i;
	mir_inst_operands(i, note_operand, u);
}

static void
find_uses(Fn *f, bool *written)
{
	Uses u = {f, written, NULL};

	for (uint32_t b = 0; b < f->fn->blocks.len; b++) {
		MirBlock *block = f->fn->blocks.at[b];
		for (uint32_t i = 0; i < block->insts.len; i++)
			note_inst(&u, block->insts.at[i]);
		u.inst = NULL;
		mir_term_operands(block->term, note_operand, &u);
	}
}

static bool
is_scalar(MirClass c)
{
	return c.kind != MIR_CLASS_NONE && c.kind != MIR_CLASS_MEM;
}

static void
classify_params(Fn *f, const bool *written)
{
	for (uint32_t l = 1; l <= f->fn->params.len; l++) {
		MirTypeId t = mir_local_type(f->fn, l);
		bool fixed = !written[l] && !f->exposed[l];
		f->ssa[l] = fixed && is_scalar(mir_class(f->m, t));
		f->by_pointer[l] = fixed && llvm_by_pointer(f->m, t);
	}
}

/* ---- Header and slots ---- */

/* Parameters as `define` wants them and as a call passes them on. */
typedef struct Header {
	Out params, pass;
} Header;

static void
add_param(Header *h, const char *type, const char *attributes, const char *name)
{
	out_printf(&h->params, ", %s%s %s", type, attributes, name);
	out_printf(&h->pass, ", %s %s", type, name);
}

static void
add_pointer_param(Fn *f, Header *h, MirLocalId l)
{
	const MirType *t = mir_type(f->m, mir_local_type(f->fn, l));
	const char *attributes = emit_format(f,
	    " noundef nocapture readonly align %u dereferenceable(%llu)", t->align,
	    (unsigned long long)t->size);

	add_param(h, "ptr", attributes, emit_format(f, f->by_pointer[l] ? "%%_%u" : "%%p%u", l));
}

static void
add_local_param(Fn *f, Header *h, MirLocalId l)
{
	MirTypeId t = mir_local_type(f->fn, l);
	MirClass c = mir_class(f->m, t);
	const char *words[2];

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (llvm_by_pointer(f->m, t)) {
		add_pointer_param(f, h, l);
	} else if (c.kind == MIR_CLASS_MEM) {
		uint32_t n = llvm_words(f->m, t, words);
		for (uint32_t i = 0; i < n; i++)
			add_param(h, words[i], "", emit_format(f, "%%p%u.%u", l, i));
	} else if (mir_repr(f->m, t) == MIR_REPR_VEC) {
		add_param(h, "ptr", emit_format(f, " noundef nonnull dereferenceable(%d)", VEC_HEADER),
		    emit_format(f, "%%p%u", l));
	} else {
		add_param(h, llvm_scalar(c), " noundef", emit_format(f, "%%p%u", l));
	}
}

static Header
make_header(Fn *f)
{
	Header h = {.params = {.arena = f->g->scratch}, .pass = {.arena = f->g->scratch}};

	if (llvm_by_pointer(f->m, mir_local_type(f->fn, 0)))
		add_param(&h, "ptr", " noalias nocapture noundef", "%_0");
	for (uint32_t l = 1; l <= f->fn->params.len; l++)
		add_local_param(f, &h, l);
	out_text(&h.params, "", 1);
	out_text(&h.pass, "", 1);
	return h;
}

static bool
needs_slot(Fn *f, MirLocalId l)
{
	return !f->ssa[l] && !f->by_pointer[l] && f->data_of[l] == IR_NONE
	    && !(l == 0 && llvm_by_pointer(f->m, mir_local_type(f->fn, 0)));
}

static void
make_slot(Fn *f, MirLocalId l)
{
	const MirType *t = mir_type(f->m, mir_local_type(f->fn, l));
	MirClass c = mir_class(f->m, mir_local_type(f->fn, l));

	if (is_scalar(c))
		out_printf(&f->entry, "\t%%_%u = alloca %s, align %u\n", l, llvm_stored(c), t->align);
	else
		out_printf(&f->entry, "\t%%_%u = alloca [%llu x i8], align 8\n", l,
		    (unsigned long long)t->size);
	f->slot_bytes += t->size;
}

/* A parameter's registers into its slot. */
static void
fill_slot(Fn *f, MirLocalId l)
{
	MirTypeId t = mir_local_type(f->fn, l);
	MirClass c = mir_class(f->m, t);
	const char *words[2];

	if (is_scalar(c)) {
		store_scalar(f, t, emit_format(f, "%%p%u", l), emit_format(f, "%%_%u", l),
		    llvm_tbaa(f->m, t));
	} else if (llvm_by_pointer(f->m, t)) {
		copy_memory(f, emit_format(f, "%%_%u", l), emit_format(f, "%%p%u", l), c.size,
		    llvm_align(f->m, t));
	} else if (c.kind == MIR_CLASS_MEM) {
		uint32_t n = llvm_words(f->m, t, words);
		for (uint32_t i = 0; i < n; i++) {
			const char *at = i == 0 ? emit_format(f, "%%_%u", l)
			    : emit_value(f, "getelementptr inbounds i8, ptr %%_%u, i64 8", l);
			emit(f, "store %s %%p%u.%u, ptr %s, align 8", words[i], l, i, at);
		}
	}
}

static void
make_slots(Fn *f, uint32_t nlocals)
{
	for (uint32_t l = 0; l < nlocals; l++)
		if (needs_slot(f, l))
			make_slot(f, l);
	for (uint32_t l = 1; l <= f->fn->params.len; l++)
		if (needs_slot(f, l))
			fill_slot(f, l);
}

/* ---- Stack check ---- */

/* Nothing has run yet that changed ownership, so the parameters it owns are all there is. */
static void
release_params(Fn *f)
{
	for (uint32_t l = 1; l <= f->fn->params.len; l++) {
		MirPlace p = {.local = l};
		if (f->fn->params.at[l - 1] == MIR_MODE_OWN && mir_type(f->m,
		    mir_local_type(f->fn, l))->counted)
			gen_release(f, &p);
	}
}

static void
stack_check(Fn *f, uint64_t below)
{
	const char *full = emit_label_new(f, "overflow"), *ok = emit_label_new(f, "ok");
	const char *sp = emit_value(f, "call i64 @llvm.read_register.i64(metadata !%d)",
	    META_STACK_POINTER);
	const char *limit = emit_value(f, "load atomic i64, ptr %%g monotonic, align 8");

	if (below)
		limit = emit_value(f, "add i64 %s, %llu", limit, (unsigned long long)below);
	emit_branch_cold(f, emit_value(f, "icmp ule i64 %s, %s", sp, limit), full, ok);
	Out *before = emit_go_cold(f);
	emit_label(f, full);
	release_params(f);
	emit(f, "call void @gos_rt_stack_overflow(ptr %%g, ptr %s)",
	    llvm_place(f->g, f->fn, f->fn->span));
	emit(f, "br label %%%s", emit_unwind_label(f, IR_NONE));
	emit_warm(f, before);
	emit_label(f, ok);
}

/* ---- Blocks ---- */

static void
gen_block(Fn *f, MirBbId id)
{
	MirBlock *b = f->fn->blocks.at[id];

	f->to = b->cleanup ? &f->cold : &f->body;
	emit_label(f, emit_format(f, "bb%u", id));
	f->span = f->fn->span;
	debug_location(f, f->fn->span);
	if (f->facts->checks_stack && f->facts->check_at == id)
		stack_check(f, 0);
	for (uint32_t i = 0; i < b->insts.len; i++) {
		f->span = b->insts.at[i]->span;
		debug_location(f, f->span);
		gen_inst(f, b->insts.at[i], f->proven[f->next_inst++]);
	}
	f->span = b->term->span;
	debug_location(f, f->span);
	gen_term(f, b->term);
}

/*
 * In a release build all ways out of a function that returns several words meet in one block.  Inlined, the flag and
 * an enum's tag are phis of constants there, which LLVM threads through the caller's test; of two rets it makes a
 * phi of pairs instead, and a panic seems to come back into the caller's loop.
 */
static bool
wants_one_exit(const Fn *f)
{
	const char *words[2];

	return !f->m->debug
	    && llvm_result_words(f->m, mir_local_type(f->fn, 0), words) + f->facts->flagged >= 2;
}

static void
gen_exit(Fn *f)
{
	const char *flag = NULL;

	if (!f->one_exit)
		return;
	f->to = &f->body;
	emit_label(f, "exit");
	if (f->facts->flagged) {
		out_printf(&f->entry, "\t%%panicked = alloca i1, align 1\n");
		flag = emit_value(f, "load i1, ptr %%panicked, align 1");
	}
	emit_return(f, flag);
}

static void
leave_to_exit(Fn *f)
{
	MirTypeId t = mir_local_type(f->fn, 0);
	MirClass c = mir_class(f->m, t);
	const char *words[2];
	uint32_t n = llvm_result_words(f->m, t, words);

	for (uint32_t i = 0; i < n; i++)
		emit(f, "store %s undef, ptr %s, align %u", c.kind == MIR_CLASS_MEM ? words[i] : llvm_stored(c),
		    offset_address(f, "%_0", i * 8), llvm_align(f->m, t));
	emit(f, "store i1 true, ptr %%panicked, align 1");
	emit(f, "br label %%exit");
}

/* Where a panic leaves the function: everything undefined but the flag. */
static void
gen_leave(Fn *f)
{
	const char *type = llvm_result(f->g, mir_local_type(f->fn, 0), f->facts->flagged);
	const char *words[2];
	uint32_t n = llvm_result_words(f->m, mir_local_type(f->fn, 0), words);

	if (!f->leave_used)
		return;
	f->to = &f->cold;
	emit_label(f, "leave");
	if (!f->facts->flagged)
		emit(f, "unreachable");
	else if (f->one_exit)
		leave_to_exit(f);
	else if (n == 0)
		emit(f, "ret i1 true");
	else if (n == 1)
		emit(f, "ret %s { %s undef, i1 true }", type, words[0]);
	else
		emit(f, "ret %s { %s undef, %s undef, i1 true }", type, words[0], words[1]);
}

/* ---- Putting it together ---- */

static Fn
fn_begin(Gen *g, MirFnId id)
{
	MirFn *fn = g->m->fns.at[id];
	uint32_t n = fn->locals.len;
	Arena *a = g->scratch;
	Fn f = {.g = g, .m = g->m, .fn = fn, .id = id, .facts = &g->facts[id], .entry = {.arena = a},
	    .body = {.arena = a}, .cold = {.arena = a}, .meta = {.arena = a},
	    .by_pointer = arena_array(a, bool, n), .ssa = arena_array(a, bool, n),
	    .exposed = arena_array(a, bool, n), .data_of = arena_array(a, MirFnId, n), .span = fn->span};

	for (uint32_t i = 0; i < n; i++)
		f.data_of[i] = IR_NONE;
	return f;
}

static void
write_text(Fn *f, const char *name, const char *linkage, const Header *h, int attributes)
{
	Out *o = &f->g->out;

	out_printf(o, "define %s fastcc %s %s(ptr swiftself noundef nonnull %%g%s)%s #%d", linkage,
	    llvm_result(f->g, mir_local_type(f->fn, 0), f->facts->flagged), name, h->params.text.at,
	    f->fn->exported ? "" : " unnamed_addr", attributes);
	if (f->subprogram)
		out_printf(o, " !dbg !%u", f->subprogram);
	out_text(o, " {\nentry:\n", 10);
	out_text(o, f->entry.text.at, f->entry.text.len);
	out_text(o, f->body.text.at, f->body.text.len);
	out_text(o, f->cold.text.at, f->cold.text.len);
	out_text(o, "}\n\n", 3);
	out_text(o, f->meta.text.at, f->meta.text.len);
	out_flush(o);
}

static const char *
linkage_of(const MirFn *fn)
{
	(void)fn;
	return "internal";
}

/* `name` checks that the large frame fits, then goes on in `body`. */
static void
write_thin_entry(Gen *g, MirFnId id, const char *body, uint64_t frame)
{
	Fn f = fn_begin(g, id);
	const char *type = llvm_result(g, mir_local_type(f.fn, 0), f.facts->flagged);
	bool *written = arena_array(g->scratch, bool, f.fn->locals.len);

	classify_params(&f, written);
	Header h = make_header(&f);
	f.to = &f.body;
	for (uint32_t l = 1; l <= f.fn->params.len; l++) {
		if (!needs_slot(&f, l))
			continue;
		make_slot(&f, l);
		fill_slot(&f, l);
	}
	stack_check(&f, frame);
	emit(&f, "ret %s %s", type, emit_value(&f, "tail call fastcc %s %s(ptr swiftself %%g%s)", type,
	    body, h.pass.text.at));
	gen_leave(&f);
	write_text(&f, llvm_fn_name(g, id), linkage_of(f.fn), &h, ATTR_PLAIN);
}

const char *
function_name(Gen *g, MirFnId id, uint32_t level)
{
	Sym symbol = g->m->fns.at[id]->symbol;

	return level == 0 ? llvm_fn_name(g, id)
	    : llvm_symbol(g, level == 1 ? "gos.again." : "gos.again2.", symbol);
}

/* The function, or a copy of it that LLVM always inlines into the level before. */
static void
write_level(Gen *g, MirFnId id, uint32_t level)
{
	ArenaMark mark = arena_mark(g->scratch);
	Fn f = fn_begin(g, id);
	bool *written = arena_array(g->scratch, bool, f.fn->locals.len);

	f.level = level;
	f.one_exit = wants_one_exit(&f);
	f.proven = range_analyse(g->m, f.fn, g->scratch);
	find_uses(&f, written);
	constants_find_locals(&f);
	classify_params(&f, written);
	debug_function(&f);
	Header h = make_header(&f);
	f.to = &f.body;
	debug_location(&f, f.fn->span);
	make_slots(&f, f.fn->locals.len);
	emit(&f, "br label %%bb0");
	for (uint32_t b = 0; b < f.fn->blocks.len; b++)
		gen_block(&f, b);
	gen_leave(&f);
	gen_exit(&f);
	uint64_t frame = f.slot_bytes + (uint64_t)f.facts->insts * SPILL_PER_INST;
	if (level > 0) {
		write_text(&f, function_name(g, id, level), "internal", &h, ATTR_ALWAYS_INLINE);
	} else if (frame > LARGE_FRAME && f.facts->checks_stack) {
		const char *body = llvm_symbol(g, "gos.body.", f.fn->symbol);
		write_text(&f, body, "internal", &h, ATTR_NOINLINE);
		write_thin_entry(g, id, body, frame);
	} else {
		write_text(&f, llvm_fn_name(g, id), linkage_of(f.fn), &h,
		    f.fn->inline_ || f.facts->insts <= SMALL_FN ? ATTR_INLINE : ATTR_PLAIN);
	}
	arena_reset(g->scratch, mark);
}

void
function_write(Gen *g, MirFnId id)
{
	for (uint32_t level = 0; level <= g->facts[id].levels; level++)
		write_level(g, id, level);
}
