/* Any text as the text form of a stream.  What is accepted must be a stream that reads. */
#include "tests/fuzz/ir_schemas.h"
#include "gen/toy.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0};
	Interner names;
	IrWriter *w = NULL;
	uint32_t kind;
	void *payload;
	IrStatus status;

	if (size > 1 << 20)
		return 0;
	intern_init(&names, &arena);
	Text text = {(const char *)data, (uint32_t)size};
	if (!ir_parse_text(&arena, &names, text, find_schema, -1, &w)) {
		IrReader *in = ir_try_open_text(&arena, &names, ir_written(w), NULL);
		if (ir_error(in) || !ir_set_schema(in, find_schema(ir_name(in))))
			abort();
		while ((status = ir_try_read(in, &kind, &payload)) != IR_END)
			if (status == IR_BROKEN)
				abort();
	}
	arena_free(&arena);
	return 0;
}
