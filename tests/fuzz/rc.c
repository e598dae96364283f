/* Any text as scheduled mir: what the verifier accepts, all passes of gos-rc turn into counted mir. */
#include "tests/fuzz/mir_program.h"

#include "gos-rc/rc.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0}, scratch = {0};
	Interner names;
	MirModule m;

	if (size < 1 || size > 1 << 18)
		return 0;
	intern_init(&names, &arena);
	Text text = {(const char *)data + 1, (uint32_t)size - 1};
	if (!read_program(&m, &arena, &names, text, MIR_SCHEDULED)) {
		if (!rc_rewrite(&m, &scratch, data[0] & 1, "") && mir_verify(&m, MIR_COUNTED))
			abort();
	}
	arena_free(&scratch);
	arena_free(&arena);
	return 0;
}
