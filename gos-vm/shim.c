/*
 * What the runtime calls.  See vm.h.
 *
 * A Shim is `bool f(G *, arguments…)`, true if the function panicked: scalars as they are, memory by
 * address, and before the arguments the address for a result other than ().  libffi makes one for
 * a function when its address is taken.
 */
#include "gos-vm/vm.h"

#include "lib/fatal.h"

#include <ffi.h>
#include <string.h>

static ffi_type *
scalar_type(MirClass c)
{
	switch (c.kind) {
	case MIR_CLASS_BOOL:
		return &ffi_type_uint8;
	case MIR_CLASS_INT:
		return c.bits == 8 ? &ffi_type_uint8 : c.bits == 16 ? &ffi_type_uint16
		    : c.bits == 32 ? &ffi_type_uint32 : &ffi_type_uint64;
	case MIR_CLASS_FLOAT:
		return c.bits == 32 ? &ffi_type_float : &ffi_type_double;
	case MIR_CLASS_PTR:
	case MIR_CLASS_MEM:
		return &ffi_type_pointer;
	case MIR_CLASS_NONE:
		return &ffi_type_void;
	}
	bug("class %d", (int)c.kind);
}

/* 128-bit integers travel as two words. */
static uint32_t
push_type(ffi_type **to, MirClass c)
{
	if (c.kind == MIR_CLASS_NONE)
		return 0;
	to[0] = scalar_type(c);
	if (c.kind != MIR_CLASS_INT || c.bits < 128)
		return 1;
	to[1] = to[0];
	return 2;
}

/* ---- C calls a function ---- */

enum { LOCAL_PARAMS = 16 };

/* The arguments of C as addresses of values. */
static void
call_from_c(ffi_cif *cif, void *result, void **args, void *user)
{
	VmFn *fn = user;
	const MirFn *mir = fn->mir;
	const void *few[LOCAL_PARAMS];
	unsigned __int128 wide[LOCAL_PARAMS];
	uint32_t n = mir->params.len, at = 1, n_wide = 0;
	VmCall call = {.fn = fn, .args = few};

	(void)cif;
	if (fn->result_size)
		call.result = *(void **)args[at++];
	for (uint32_t i = 0; i < n; i++) {
		MirClass c = mir_class(fn->module->m, mir_local_type(mir, i + 1));
		if (c.kind == MIR_CLASS_INT && c.bits == 128) {
			memcpy(&wide[n_wide], args[at], 8);
			memcpy((char *)&wide[n_wide] + 8, args[at + 1], 8);
			few[i] = &wide[n_wide++];
			at += 2;
		} else if (c.kind != MIR_CLASS_NONE) {
			few[i] = c.kind == MIR_CLASS_MEM ? *(void **)args[at] : args[at];
			at++;
		}
	}
	*(ffi_arg *)result = vm_call(*(G **)args[0], &call);
}

void *
vm_shim(VmFn *fn)
{
	const MirFn *mir = fn->mir;
	uint32_t n = 0;
	void *code;

	if (fn->shim)
		return fn->shim;
	if (mir->params.len > LOCAL_PARAMS)
		fatal("`%s` has too many parameters to be called from C", intern_str(vm.names, mir->path));
	ffi_type **types = arena_array(vm.arena, ffi_type *, mir->params.len * 2 + 2);
	ffi_cif *cif = arena_new(vm.arena, ffi_cif);
	types[n++] = &ffi_type_pointer;
	if (mir_type(fn->module->m, mir_local_type(mir, 0))->size)
		types[n++] = &ffi_type_pointer;
	for (uint32_t i = 1; i <= mir->params.len; i++)
		n += push_type(types + n, mir_class(fn->module->m, mir_local_type(mir, i)));
	ffi_closure *closure = ffi_closure_alloc(sizeof *closure, &code);
	if (!closure || ffi_prep_cif(cif, FFI_DEFAULT_ABI, n, &ffi_type_uint8, types) != FFI_OK
	    || ffi_prep_closure_loc(closure, cif, call_from_c, fn, code) != FFI_OK)
		fatal("cannot make a function for C to call");
	fn->shim = code;
	return code;
}
