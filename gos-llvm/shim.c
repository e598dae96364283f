/*
 * What C calls: Shims around functions of the program, and gos_main.  See llvm.h.
 *
 * A Shim is `bool f(G *, arguments…)`; true: it panicked.  Scalars are passed as they are, memory
 * by address; a result other than () goes to an address given before the arguments.
 */
#include "gos-llvm/llvm.h"

/* A C function that calls one function of the program: text and counters. */
typedef struct Shim {
	Gen *g;
	Out *o;
	uint32_t next;
} Shim;

static void
shim_param(Shim *s, Out *params, MirTypeId type, uint32_t i)
{
	MirClass c = mir_class(s->g->m, type);

	if (c.kind == MIR_CLASS_NONE)
		return;
	const char *t = c.kind == MIR_CLASS_MEM ? "ptr" : c.kind == MIR_CLASS_BOOL ? "i8 zeroext"
	    : llvm_scalar(c);
	out_printf(params, ", %s %%a%u", t, i);
}

/* The parameter as the function wants it. */
static void
shim_pass(Shim *s, Out *pass, MirTypeId type, uint32_t i)
{
	const MirModule *m = s->g->m;
	MirClass c = mir_class(m, type);
	const char *words[2];

	if (c.kind == MIR_CLASS_NONE)
		return;
	if (c.kind == MIR_CLASS_BOOL) {
		out_printf(s->o, "\t%%b%u = trunc i8 %%a%u to i1\n", i, i);
		out_printf(pass, ", i1 %%b%u", i);
	} else if (c.kind != MIR_CLASS_MEM || llvm_by_pointer(m, type)) {
		out_printf(pass, ", %s %%a%u", c.kind == MIR_CLASS_MEM ? "ptr" : llvm_scalar(c), i);
	} else {
		uint32_t n = llvm_words(m, type, words);
		for (uint32_t w = 0; w < n; w++) {
			out_printf(s->o, "\t%%p%u.%u = getelementptr inbounds i8, ptr %%a%u, i64 %u\n"
			    "\t%%w%u.%u = load %s, ptr %%p%u.%u, align %u\n", i, w, i, w * 8, i, w,
			    words[w], i, w, llvm_align(m, type));
			out_printf(pass, ", %s %%w%u.%u", words[w], i, w);
		}
	}
}

/* `%flag` and the stores of a result of registers to %out, from the aggregate %r. */
static void
store_result(Gen *g, MirTypeId type, bool flagged)
{
	const char *words[2];
	uint32_t n = llvm_result_words(g->m, type, words);
	const char *all = llvm_result(g, type, flagged);
	uint32_t registers = n + flagged;

	for (uint32_t w = 0; w < n; w++) {
		const char *v = "%r";
		if (registers > 1) {
			out_printf(&g->out, "\t%%r%u = extractvalue %s %%r, %u\n", w, all, w);
			v = arena_printf(g->scratch, "%%r%u", w);
		}
		if (mir_class(g->m, type).kind == MIR_CLASS_BOOL) {
			out_printf(&g->out, "\t%%rb = zext i1 %s to i8\n", v);
			out_printf(&g->out, "\tstore i8 %%rb, ptr %%out, align 1\n");
			return;
		}
		out_printf(&g->out, "\t%%o%u = getelementptr inbounds i8, ptr %%out, i64 %u\n"
		    "\tstore %s %s, ptr %%o%u, align %u\n", w, w * 8, words[w], v, w,
		    llvm_align(g->m, type));
	}
}

/* The call into %r, and `%flag`. */
void
shim_call(Gen *g, MirFnId id, const char *pass)
{
	MirTypeId result = mir_local_type(g->m->fns.at[id], 0);
	bool flagged = g->facts[id].flagged;
	const char *words[2], *type = llvm_result(g, result, flagged);
	uint32_t n = llvm_result_words(g->m, result, words);
	const char *out = llvm_by_pointer(g->m, result) ? ", ptr %out" : "";

	out_printf(&g->out, "\t%scall fastcc %s %s(ptr swiftself %%g%s%s)\n",
	    n || flagged ? "%r = " : "", type, llvm_fn_name(g, id), out, pass);
	if (!flagged)
		out_printf(&g->out, "\t%%flag = or i1 false, false\n");
	else if (n)
		out_printf(&g->out, "\t%%flag = extractvalue %s %%r, %u\n", type, n);
	else
		out_printf(&g->out, "\t%%flag = or i1 %%r, false\n");
}

static void
write_shim(Gen *g, MirFnId id)
{
	const MirFn *fn = g->m->fns.at[id];
	MirTypeId result = mir_local_type(fn, 0);
	Shim s = {.g = g, .o = &g->out};
	Out params = {.arena = g->scratch}, pass = {.arena = g->scratch};

	if (mir_class(g->m, result).kind != MIR_CLASS_NONE)
		out_printf(&params, ", ptr %%out");
	for (uint32_t i = 1; i <= fn->params.len; i++)
		shim_param(&s, &params, mir_local_type(fn, i), i);
	out_text(&params, "", 1);
	out_printf(&g->out, "define internal zeroext i8 %s(ptr %%g%s) #%d {\n",
	    llvm_symbol(g, "gos.shim.", fn->symbol), params.text.at, ATTR_C);
	for (uint32_t i = 1; i <= fn->params.len; i++)
		shim_pass(&s, &pass, mir_local_type(fn, i), i);
	out_text(&pass, "", 1);
	shim_call(g, id, pass.text.at);
	out_printf(&g->out, "\tbr i1 %%flag, label %%done, label %%store\nstore:\n");
	store_result(g, result, g->facts[id].flagged);
	out_printf(&g->out, "\tbr label %%done\ndone:\n\t%%status = zext i1 %%flag to i8\n"
	    "\tret i8 %%status\n}\n\n");
}

void
shims_write(Gen *g)
{
	for (uint32_t i = 0; i < g->shim_list.len; i++)
		write_shim(g, g->shim_list.at[i]);
}

/* ---- gos_main ---- */

/* Err: prints what `show` makes of the error, releases both, status 1. */
static void
write_error_path(Gen *g, MirTypeId result, MirFnId show)
{
	const MirModule *m = g->m;
	const MirRepr *r = mir_type(m, result)->repr;
	const MirField *error = r->enum_.variants.at[1]->fields.at[0];
	uint32_t bits = (uint32_t)mir_type(m, mir_enum_word(r))->size * 8;
	bool stored_err = !r->enum_.niche || r->enum_.niche->untagged == 0;
	uint64_t word;
	Shim s = {.g = g, .o = &g->out};
	Out pass = {.arena = g->scratch};
	bool flagged = g->facts[show].flagged;
	const char *type = llvm_result(g, mir_local_type(m->fns.at[show], 0), flagged);

	mir_enum_stored(r, stored_err ? 1 : 0, &word);
	out_printf(&g->out, "\t%%tag.at = getelementptr inbounds i8, ptr %%out, i64 %llu\n"
	    "\t%%tag = load i%u, ptr %%tag.at, align %u\n\t%%is.err = icmp %s i%u %%tag, %llu\n"
	    "\tbr i1 %%is.err, label %%err, label %%fine\n"
	    "fine:\n\tstore i32 0, ptr %%status, align 4\n",
	    (unsigned long long)r->enum_.tag_offset, bits, llvm_align(m, mir_enum_word(r)),
	    stored_err ? "eq" : "ne", bits, (unsigned long long)word);
	if (mir_type(m, result)->counted)
		out_printf(&g->out, "\tcall void @gos.visit.%u(ptr %%g, ptr %%out, ptr @gos.desc.%u, i32 1)\n",
		    result, result);
	out_printf(&g->out, "\tret i8 0\nerr:\n\t%%e = getelementptr inbounds i8, ptr %%out, i64 %llu\n",
	    (unsigned long long)error->offset);
	MirClass c = mir_class(m, error->type);
	if (c.kind == MIR_CLASS_MEM)
		out_printf(&g->out, "\t%%a1 = getelementptr inbounds i8, ptr %%e, i64 0\n");
	else if (c.kind != MIR_CLASS_NONE)
		out_printf(&g->out, "\t%%a1 = load %s, ptr %%e, align %u\n", llvm_stored(c),
		    llvm_align(m, error->type));
	shim_pass(&s, &pass, error->type, 1);
	out_text(&pass, "", 1);
	out_printf(&g->out, "\t%%shown = call fastcc %s %s(ptr swiftself %%g%s)\n", type,
	    llvm_fn_name(g, show), pass.text.at);
	if (flagged)
		out_printf(&g->out, "\t%%failed = extractvalue %s %%shown, 2\n"
		    "\tbr i1 %%failed, label %%panicked, label %%print\nprint:\n", type);
	out_printf(&g->out, "\t%%s0 = extractvalue %s %%shown, 0\n\t%%s1 = extractvalue %s %%shown, 1\n"
	    "\tstore i64 %%s0, ptr %%text, align 8\n"
	    "\t%%text.1 = getelementptr inbounds i8, ptr %%text, i64 8\n"
	    "\tstore i64 %%s1, ptr %%text.1, align 8\n"
	    "\tcall void @gos_rt_show_error(ptr %%g, ptr %%text)\n"
	    "\tcall void @gos_rt_str_release(ptr %%g, ptr %%text)\n", type, type);
	if (mir_type(m, result)->counted)
		out_printf(&g->out, "\tcall void @gos.visit.%u(ptr %%g, ptr %%out, ptr @gos.desc.%u, i32 1)\n",
		    result, result);
	out_printf(&g->out, "\tstore i32 1, ptr %%status, align 4\n\tret i8 0\n");
}

void
entry_write(Gen *g)
{
	const MirEntry *e = g->m->entry;

	if (!e)
		return;
	MirTypeId result = mir_local_type(g->m->fns.at[e->fn], 0);
	uint64_t size = mir_type(g->m, result)->size;
	out_printf(&g->out, "define dso_local zeroext i8 @gos_main(ptr %%g, ptr %%status) #%d {\n"
	    "\t%%out = alloca [%llu x i8], align 8\n\t%%text = alloca [16 x i8], align 8\n", ATTR_C,
	    (unsigned long long)size);
	shim_call(g, e->fn, "");
	out_printf(&g->out, "\tbr i1 %%flag, label %%panicked, label %%returned\n"
	    "panicked:\n\tret i8 1\nreturned:\n");
	switch (e->kind->kind) {
	case MIR_ENTRY_KIND_UNIT:
		out_printf(&g->out, "\tstore i32 0, ptr %%status, align 4\n\tret i8 0\n");
		break;
	case MIR_ENTRY_KIND_STATUS:
		store_result(g, result, g->facts[e->fn].flagged);
		out_printf(&g->out, "\t%%code = load i32, ptr %%out, align 4\n"
		    "\tstore i32 %%code, ptr %%status, align 4\n\tret i8 0\n");
		break;
	case MIR_ENTRY_KIND_RESULT:
		store_result(g, result, g->facts[e->fn].flagged);
		write_error_path(g, result, e->kind->result.show);
		break;
	}
	out_printf(&g->out, "}\n\n");
}
