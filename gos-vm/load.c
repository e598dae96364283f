/* A program as the VM keeps it, and its start.  See vm.h. */
#include "gos-vm/vm.h"

#include <string.h>

Vm vm = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
make_fn(const VmModule *module, MirFnId id)
{
	const MirModule *m = module->m;
	const MirFn *mir = m->fns.at[id];
	VmFn *fn = &module->fns[id];
	uint64_t large = 0;

	*fn = (VmFn){.code = vm_stub, .id = id, .mir = mir, .module = module};
	for (uint32_t i = 1; i <= mir->params.len; i++) {
		uint64_t size = mir_type(m, mir_local_type(mir, i))->size;
		if (arg_slot(&fn->slots, size).large)
			large += round_up_8(size);
	}
	fn->args = large ? LARGE_START + large : fn->slots;
	fn->result_size = mir_type(m, mir_local_type(mir, 0))->size;
}

const char *
vm_load(VmModule *module, MirModule *m)
{
	module->m = m;
	module->fns = arena_array(vm.arena, VmFn, m->fns.len);
	for (uint32_t i = 0; i < m->fns.len; i++)
		make_fn(module, i);
	vm_make_descs(module);
	vm_make_tables(module);
	vm_make_statics(module);
	return vm_link_foreign(module);
}

/* ---- The start ---- */

/* Err: prints what `show` makes of the error.  True: that panicked. */
static bool
show_error(G *g, const char *error, VmFn *show)
{
	const void *args[] = {error};
	GosString text;

	if (vm_call(g, &(VmCall){show, args, &text}))
		return true;
	gos_rt_show_error(g, &text);
	gos_rt_str_release(g, &text);
	return false;
}

/* What main returned, at `result`, as an exit status. */
static bool
finish_result(G *g, const VmModule *module, char *result, int32_t *status)
{
	const MirEntry *e = module->m->entry;
	MirTypeId type = mir_local_type(module->fns[e->fn].mir, 0);
	const MirRepr *r = mir_type(module->m, type)->repr;
	const MirVariant *err = r->enum_.variants.at[1];

	if (mir_enum_variant(module->m, r, result) == 1) {
		if (show_error(g, result + err->fields.at[0]->offset, &module->fns[e->kind->result.show]))
			return true;
		*status = 1;
	}
	vm_visit(g, result, module, type, GOS_RELEASE);
	return false;
}

bool
vm_run_entry(G *g, const VmModule *module, int32_t *status)
{
	const MirEntry *e = module->m->entry;
	VmFn *fn = &module->fns[e->fn];
	char *result = NULL;

	if (fn->result_size) {
		pthread_mutex_lock(&vm.lock);
		result = arena_alloc(vm.arena, fn->result_size, 8);
		pthread_mutex_unlock(&vm.lock);
	}
	*status = 0;
	if (vm_call(g, &(VmCall){fn, NULL, result}))
		return true;
	switch (e->kind->kind) {
	case MIR_ENTRY_KIND_UNIT:
		return false;
	case MIR_ENTRY_KIND_STATUS:
		memcpy(status, result, sizeof *status);
		return false;
	case MIR_ENTRY_KIND_RESULT:
		return finish_result(g, module, result, status);
	}
	return false;
}
