/*
 * Foreign functions: C that the program calls, and functions of the program that C calls.  See vm.h.
 *
 * Only numbers, bools and addresses cross.  Symbols are those of the process and of the libraries that the
 * program names, which are opened before it starts.
 */
#include "gos-vm/vm.h"

#include "lib/fatal.h"

#include <dlfcn.h>
#include <ffi.h>
#include <stdlib.h>
#include <string.h>

enum { FOREIGN_PARAMS = 32 };

typedef struct Foreign {
	void *address;
	ffi_cif cif;
} Foreign;

/* ---- Types ---- */

static ffi_type *
int_type(uint32_t bits, bool is_signed)
{
	switch (bits) {
	case 8:
		return is_signed ? &ffi_type_sint8 : &ffi_type_uint8;
	case 16:
		return is_signed ? &ffi_type_sint16 : &ffi_type_uint16;
	case 32:
		return is_signed ? &ffi_type_sint32 : &ffi_type_uint32;
	case 64:
		return is_signed ? &ffi_type_sint64 : &ffi_type_uint64;
	default:
		return NULL;
	}
}

/* NULL: it cannot cross. */
static ffi_type *
type_of(const MirModule *m, MirTypeId t)
{
	MirClass c = mir_class(m, t);

	switch (c.kind) {
	case MIR_CLASS_BOOL:
		return &ffi_type_uint8;
	case MIR_CLASS_INT:
		return int_type(c.bits, mir_is_signed(m, t));
	case MIR_CLASS_FLOAT:
		return c.bits == 32 ? &ffi_type_float : &ffi_type_double;
	case MIR_CLASS_PTR:
		return &ffi_type_pointer;
	case MIR_CLASS_NONE:
		return &ffi_type_void;
	case MIR_CLASS_MEM:
		return NULL;
	}
	bug("class %d", (int)c.kind);
}

/* False: something cannot cross. */
static bool
prepare(const VmFn *fn, ffi_cif *cif)
{
	const MirFn *mir = fn->mir;
	uint32_t n = mir->params.len;
	ffi_type **types = arena_array(vm.arena, ffi_type *, n + 1);
	ffi_type *result = type_of(fn->module->m, mir_local_type(mir, 0));

	for (uint32_t i = 0; i < n; i++) {
		types[i] = type_of(fn->module->m, mir_local_type(mir, i + 1));
		if (!types[i] || types[i] == &ffi_type_void)
			return false;
	}
	return result && n <= FOREIGN_PARAMS && ffi_prep_cif(cif, FFI_DEFAULT_ABI, n, result, types) == FFI_OK;
}

/* ---- A function calls C ---- */

static const char *
link_one(VmFn *fn)
{
	const char *symbol = intern_str(vm.names, fn->mir->symbol);
	Foreign *f = arena_new(vm.arena, Foreign);

	f->address = dlsym(RTLD_DEFAULT, symbol);
	if (!f->address)
		return arena_printf(vm.arena, "the foreign function `%s` was not found: is its library named "
		    "by `#[link(name = \"…\")]`, and is there a shared form of it?", symbol);
	if (!prepare(fn, &f->cif))
		return arena_printf(vm.arena, "the foreign function `%s` cannot be called", symbol);
	fn->foreign = f;
	return NULL;
}

static bool
opens(const char *path)
{
	return dlopen(path, RTLD_NOW | RTLD_GLOBAL);
}

static bool
opens_in(const char *folders, const char *file)
{
	while (folders && *folders) {
		size_t n = strcspn(folders, ":");

		if (n && opens(arena_printf(vm.arena, "%.*s/%s", (int)n, folders, file)))
			return true;
		folders += n + (folders[n] == ':');
	}
	return false;
}

/*
 * Its shared form, in the folders of LIBRARY_PATH or where the system looks: under its plain name, or
 * with the number of a version, as it is there without the packages that developers have.
 */
static const char *
open_library(const char *name)
{
	static const char *const ends[] = {"", ".6", ".1", ".2", ".3", ".0", ".5", ".4"};
	const char *file;

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		file = arena_printf(vm.arena, "lib%s.so%s", name, ends[i]);
		if (opens_in(getenv("LIBRARY_PATH"), file) || opens(file))
			return NULL;
	}
	return arena_printf(vm.arena, "the library `%s` cannot be opened: there is no lib%s.so in the folders of "
	    "LIBRARY_PATH and LD_LIBRARY_PATH, or where the system has its libraries", name, name);
}

const char *
vm_link_foreign(const VmModule *module)
{
	const char *wrong = NULL;

	for (uint32_t i = 0; i < module->m->libraries.len && !wrong; i++)
		wrong = open_library(intern_str(vm.names, module->m->libraries.at[i]));
	for (uint32_t i = 0; i < module->m->fns.len && !wrong; i++)
		if (mir_is_foreign(module->m->fns.at[i]))
			wrong = link_one(&module->fns[i]);
	return wrong;
}

void
vm_call_foreign(VmFn *fn, char *fp)
{
	const MirFn *mir = fn->mir;
	void *args[FOREIGN_PARAMS];
	union {
		ffi_arg word;
		double number;
	} result = {0};

	for (uint32_t i = 0; i < mir->params.len; i++)
		args[i] = fp + (uint64_t)i * 8;
	ffi_call(&fn->foreign->cif, FFI_FN(fn->foreign->address), &result, args);
	memcpy(fp, &result, fn->result_size);
}

/* ---- C calls a function ---- */

static void
called_by_c(ffi_cif *cif, void *result, void **args, void *user)
{
	VmFn *fn = user;
	const void *values[FOREIGN_PARAMS];
	uint64_t word = 0;
	VmCall call = {.fn = fn, .args = values, .result = &word};
	G *g = gos_rt_foreign_goroutine();

	for (uint32_t i = 0; i < fn->mir->params.len; i++)
		values[i] = args[i];
	if (vm_call(g, &call))
		gos_rt_foreign_panicked(g);
	gos_rt_foreign_enter(g);
	if (cif->rtype == &ffi_type_sint8)
		*(ffi_sarg *)result = (int8_t)word;
	else if (cif->rtype == &ffi_type_sint16)
		*(ffi_sarg *)result = (int16_t)word;
	else if (cif->rtype == &ffi_type_sint32)
		*(ffi_sarg *)result = (int32_t)word;
	else if (cif->rtype != &ffi_type_void)
		memcpy(result, &word, sizeof word);
}

void *
vm_code(VmFn *fn)
{
	void *code;

	if (fn->c_code)
		return fn->c_code;
	ffi_cif *cif = arena_new(vm.arena, ffi_cif);
	ffi_closure *closure = ffi_closure_alloc(sizeof *closure, &code);
	if (!closure || !prepare(fn, cif) ||
	    ffi_prep_closure_loc(closure, cif, called_by_c, fn, code) != FFI_OK)
		fatal("cannot make `%s` a function for C to call", intern_str(vm.names, fn->mir->path));
	fn->c_code = code;
	return code;
}
