/* The runtime's functions as librt/abi.def lists them, for passes over mir.  See mir.h. */
#include "lib/mir.h"

#include <string.h>

enum {
	PANICS = MIR_RT_PANICS, PARKS = MIR_RT_PARKS, COLD = MIR_RT_COLD, HOT = MIR_RT_HOT,
	NORETURN = MIR_RT_NORETURN,
};

#define RT(name, result, args, flags, text) {#name, #result[0], args, flags},
static const MirRuntime table[] = {
#include "librt/abi.def"
};
#undef RT

const MirRuntime *
mir_runtime(const char *name)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}

const MirRuntime *
mir_runtime_at(uint32_t i)
{
	return i < sizeof table / sizeof *table ? &table[i] : NULL;
}

uint32_t
mir_runtime_arity(const MirRuntime *rt)
{
	uint32_t n = 0;

	for (const char *c = rt->args; *c; c++)
		n += *c != 'L';
	return n;
}

char
mir_runtime_letter(const MirRuntime *rt, uint32_t i)
{
	for (const char *c = rt->args; *c; c++)
		if (*c != 'L' && i-- == 0)
			return *c;
	return 0;
}

bool
mir_callee_owns(const MirModule *m, const MirCallee *callee, uint32_t i)
{
	switch (callee->kind) {
	case MIR_CALLEE_FN:
		return m->fns.at[callee->fn.fn]->params.at[i] == MIR_MODE_OWN;
	case MIR_CALLEE_RUNTIME: {
		const MirRuntime *rt = mir_runtime(intern_str(m->names, callee->runtime.symbol));
		char c = mir_runtime_letter(rt, i);
		return c == 'P' || c == 'S';
	}
	case MIR_CALLEE_VALUE:
		return true;
	case MIR_CALLEE_SLOT:
		return false;
	}
	return true;
}
