/* Any text as counted mir: what the verifier accepts, gos-llvm writes code for. */
#include "tests/fuzz/mir_program.h"

#include "gos-llvm/llvm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0}, scratch = {0};
	Interner names;
	MirModule m;
	char *ir = NULL;
	size_t n;

	if (size > 1 << 18)
		return 0;
	intern_init(&names, &arena);
	Text text = {(const char *)data, (uint32_t)size};
	if (!read_program(&m, &arena, &names, text, MIR_COUNTED)) {
		FILE *to = open_memstream(&ir, &n);
		module_write(&m, to, &arena, &scratch);
		fclose(to);
		free(ir);
	}
	arena_free(&scratch);
	arena_free(&arena);
	return 0;
}
