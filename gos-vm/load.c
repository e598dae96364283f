/* A program as the VM keeps it, and its start.  See vm.h. */
#include "gos-vm/vm.h"

#include <string.h>

Vm vm = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
make_fn(VmFn *fn, MirFnId id)
{
	const MirFn *mir = vm.m->fns.at[id];
	uint64_t large = 0;

	*fn = (VmFn){.code = vm_stub, .id = id, .mir = mir};
	for (uint32_t i = 1; i <= mir->params.len; i++) {
		uint64_t size = mir_type(vm.m, mir_local_type(mir, i))->size;
		if (arg_slot(&fn->slots, size).large)
			large += round_up_8(size);
	}
	fn->args = large ? LARGE_START + large : fn->slots;
	fn->result_size = mir_type(vm.m, mir_local_type(mir, 0))->size;
}

const char *
vm_load(MirModule *m, Arena *arena)
{
	vm.m = m;
	vm.arena = arena;
	vm.fns = arena_array(arena, VmFn, m->fns.len);
	for (uint32_t i = 0; i < m->fns.len; i++)
		make_fn(&vm.fns[i], i);
	vm_make_descs();
	vm_make_tables();
	return vm_link_foreign();
}

/* ---- The start ---- */

/* Err: prints what `show` makes of the error.  True: that panicked. */
static bool
show_error(G *g, const char *error, MirFnId show)
{
	const void *args[] = {error};
	GosString text;

	if (vm_call(g, &(VmCall){&vm.fns[show], args, &text}))
		return true;
	gos_rt_show_error(g, &text);
	gos_rt_str_release(g, &text);
	return false;
}

/* What main returned, at `result`, as an exit status. */
static GosBool
finish_result(G *g, char *result, MirTypeId type, int32_t *status)
{
	const MirRepr *r = mir_type(vm.m, type)->repr;
	const MirVariant *err = r->enum_.variants.at[1];

	if (mir_enum_variant(vm.m, r, result) == 1) {
		if (show_error(g, result + err->fields.at[0]->offset, vm.m->entry->kind->result.show))
			return true;
		*status = 1;
	}
	vm_visit(g, result, type, GOS_RELEASE);
	return false;
}

GosBool
vm_main(G *g, int32_t *status)
{
	const MirEntry *e = vm.m->entry;
	VmFn *fn = &vm.fns[e->fn];
	char *result = NULL;

	if (fn->result_size) {
		pthread_mutex_lock(&vm.lock);
		result = arena_alloc(vm.arena, fn->result_size, 8);
		pthread_mutex_unlock(&vm.lock);
	}
	stack_begin_main(g);
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
		return finish_result(g, result, mir_local_type(fn->mir, 0), status);
	}
	return false;
}
