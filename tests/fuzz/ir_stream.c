/*
 * Any bytes as a stream.  The first byte chooses the IR and whether a good header is put before
 * the rest, which lets the fuzzer reach the records without guessing a hash.  What the reader
 * lets through must verify, and must come back the same from a writer and from its text form.
 */
#include "tests/fuzz/ir_schemas.h"
#include "gen/toy.c"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static Text
with_header(Arena *arena, Interner *names, const IrSchema *schema, Text body)
{
	IrWriter *w = ir_create_text(arena, names, schema, "fuzz");

	ir_write_foreign(w, body);
	return ir_written(w);
}

/* The text of a whole stream, or NULL if the stream is broken; `copy` gets its records. */
static char *
dump(IrReader *in, const Interner *names, const IrSchema *schema, IrWriter *copy, Arena *arena)
{
	char *text = NULL;
	size_t n;
	uint32_t kind = 0, number = 0;
	void *payload;
	FILE *f = open_memstream(&text, &n);
	IrStatus status;

	ir_dump_header(f, in, schema->version);
	while ((status = ir_try_read(in, &kind, &payload)) != IR_END && status != IR_BROKEN) {
		if (status == IR_FOREIGN) {
			ir_dump_foreign(f, ir_foreign(in));
			ir_write_foreign(copy, ir_foreign(in));
			continue;
		}
		if (ir_verify(arena, names, schema->records[kind], payload))
			abort();
		ir_dump_record(f, names, schema, kind, payload, number++);
		ir_write(copy, kind, payload);
	}
	ir_dump_end(f, ir_end_status(in), ir_end_errors(in));
	fclose(f);
	if (status == IR_BROKEN) {
		free(text);
		return NULL;
	}
	ir_finish(copy, ir_end_status(in), ir_end_errors(in));
	return text;
}

/* The options of a header, which may name one twice, are left to ir_text. */
static Text
behind_header(Text stream)
{
	const char *options = memmem(stream.s, stream.n, "options", 7);

	if (!options)
		abort();
	return (Text){options, stream.n - (uint32_t)(options - stream.s)};
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0};
	Interner names;

	if (size < 1 || size > 1 << 20)
		return 0;
	intern_init(&names, &arena);
	const IrSchema *schema = schemas[(data[0] & 0x7f) % NSCHEMAS];
	bool header = data[0] & 0x80;
	Text bytes = {(const char *)data + 1, (uint32_t)size - 1};
	if (header)
		bytes = with_header(&arena, &names, schema, bytes);
	IrReader *in = ir_try_open_text(&arena, &names, bytes, schema);
	IrWriter *copy = ir_create_text(&arena, &names, schema, "fuzz");
	char *text = ir_error(in) ? NULL : dump(in, &names, schema, copy, &arena);
	if (text && header) {
		Text source = {text, (uint32_t)strlen(text)};
		IrWriter *again = NULL;
		if (ir_parse_text(&arena, &names, source, find_schema, -1, &again))
			abort();
		Text a = behind_header(ir_written(copy)), b = behind_header(ir_written(again));
		if (a.n != b.n || memcmp(a.s, b.s, a.n) != 0)
			abort();
	}
	free(text);
	arena_free(&arena);
	return 0;
}
