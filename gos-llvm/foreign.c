/*
 * Foreign functions: declarations of what C defines, and C functions around what the program exports.
 * See llvm.h.  Only numbers, bools and addresses cross.
 */
#include "gos-llvm/llvm.h"

/* "zeroext " or the like: narrow integers are widened by whoever passes them. */
static const char *
extension(Gen *g, MirTypeId type)
{
	MirClass c = mir_class(g->m, type);

	if (c.kind == MIR_CLASS_BOOL)
		return "zeroext";
	if (c.kind != MIR_CLASS_INT || c.bits >= 32)
		return "";
	return mir_is_signed(g->m, type) ? "signext" : "zeroext";
}

const char *
llvm_c_type(Gen *g, MirTypeId type)
{
	MirClass c = mir_class(g->m, type);
	const char *more = extension(g, type);

	if (c.kind == MIR_CLASS_NONE)
		return NULL;
	return arena_printf(g->scratch, "%s%s%s", llvm_scalar(c), *more ? " " : "", more);
}

const char *
llvm_c_result(Gen *g, MirTypeId type)
{
	MirClass c = mir_class(g->m, type);
	const char *more = extension(g, type);

	if (c.kind == MIR_CLASS_NONE)
		return "void";
	return arena_printf(g->scratch, "%s%s%s", more, *more ? " " : "", llvm_scalar(c));
}

static void
declare(Gen *g, MirFnId id)
{
	const MirFn *fn = g->m->fns.at[id];
	const char *comma = "";

	out_printf(&g->out, "declare %s %s(", llvm_c_result(g, mir_local_type(fn, 0)), llvm_fn_name(g, id));
	for (uint32_t i = 1; i <= fn->params.len; i++) {
		const char *t = llvm_c_type(g, mir_local_type(fn, i));
		if (t)
			out_printf(&g->out, "%s%s", comma, t);
		comma = t ? ", " : comma;
	}
	out_printf(&g->out, ") nounwind\n");
}

/* What C calls: it is on the stack of a goroutine that called C. */
static void
export(Gen *g, MirFnId id)
{
	const MirFn *fn = g->m->fns.at[id];
	MirTypeId result = mir_local_type(fn, 0);
	const char *words[2], *type = llvm_result(g, result, g->facts[id].flagged);
	uint32_t n = llvm_result_words(g->m, result, words);
	Out params = {.arena = g->scratch}, pass = {.arena = g->scratch};

	for (uint32_t i = 1; i <= fn->params.len; i++) {
		const char *t = llvm_c_type(g, mir_local_type(fn, i));
		if (t)
			out_printf(&params, "%s%s %%a%u", params.text.len ? ", " : "", t, i);
		if (t)
			out_printf(&pass, ", %s %%a%u", llvm_scalar(mir_class(g->m, mir_local_type(fn, i))), i);
	}
	out_text(&params, "", 1);
	out_text(&pass, "", 1);
	out_printf(&g->out, "define dso_local %s %s(%s) #%d {\n\t%%g = call ptr @gos_rt_foreign_goroutine()\n",
	    llvm_c_result(g, result), llvm_symbol(g, "", fn->symbol), params.text.at, ATTR_C);
	shim_call(g, id, pass.text.at);
	out_printf(&g->out, "\tbr i1 %%flag, label %%panicked, label %%done\npanicked:\n"
	    "\tcall void @gos_rt_foreign_panicked(ptr %%g)\n\tunreachable\ndone:\n"
	    "\tcall void @gos_rt_foreign_enter(ptr %%g)\n");
	if (!n)
		out_printf(&g->out, "\tret void\n}\n\n");
	else if (g->facts[id].flagged)
		out_printf(&g->out, "\t%%r0 = extractvalue %s %%r, 0\n\tret %s %%r0\n}\n\n", type, words[0]);
	else
		out_printf(&g->out, "\tret %s %%r\n}\n\n", words[0]);
}

/* The linker finds them in the object file. */
static void
name_libraries(Gen *g)
{
	const MirModule *m = g->m;

	if (!m->libraries.len)
		return;
	uint32_t first = g->next_meta;
	for (uint32_t i = 0; i < m->libraries.len; i++) {
		out_printf(&g->out, "!%u = !{!\"", g->next_meta++);
		Text name = intern_text(m->names, m->libraries.at[i]);
		llvm_escape(&g->out, name.s, name.n);
		out_printf(&g->out, "\"}\n");
	}
	out_printf(&g->out, "!llvm.dependent-libraries = !{");
	for (uint32_t i = first; i < g->next_meta; i++)
		out_printf(&g->out, "%s!%u", i > first ? ", " : "", i);
	out_printf(&g->out, "}\n");
}

void
foreign_write(Gen *g)
{
	bool any = false;

	for (uint32_t id = 0; id < g->m->fns.len; id++) {
		const MirFn *fn = g->m->fns.at[id];

		if (fn->exported && !mir_is_foreign(fn)) {
			export(g, id);
			any = true;
		} else if (map_find(&g->foreign_used, id)) {
			declare(g, id);
		}
	}
	if (any)
		out_printf(&g->out, "declare ptr @gos_rt_foreign_goroutine() nounwind\n"
		    "declare void @gos_rt_foreign_panicked(ptr) noreturn nounwind\n");
	name_libraries(g);
}
