/* A program in the text form of mir, for fuzz targets and unit tests: read without exiting, and verified. */
#ifndef GOS_FUZZ_MIR_PROGRAM_H
#define GOS_FUZZ_MIR_PROGRAM_H

#include "lib/mir_verify.h"

#include <string.h>

static const IrSchema *
find_mir(const char *name)
{
	return strcmp(name, "mir") == 0 ? &mir_schema : NULL;
}

/* NULL, or why it is no valid program of this ownership. */
static const char *
read_program(MirModule *m, Arena *arena, Interner *names, Text text, MirOwnership ownership)
{
	IrWriter *stream = NULL;
	MirRecord rec;
	uint32_t kind;
	IrStatus status;

	const char *wrong = ir_parse_text(arena, names, text, find_mir, -1, &stream);
	if (wrong)
		return wrong;
	IrReader *in = ir_try_open_text(arena, names, ir_written(stream), &mir_schema);
	wrong = ir_error(in) ? ir_error(in) : mir_begin(m, arena, names, in, ownership);
	if (wrong)
		return wrong;
	while ((status = ir_try_read(in, &kind, &rec.payload)) == IR_RECORD || status == IR_FOREIGN) {
		rec.kind = (MirRecordKind)kind;
		wrong = status == IR_RECORD ? mir_add(m, rec) : NULL;
		if (wrong)
			return wrong;
	}
	return status == IR_BROKEN ? ir_error(in) : mir_verify(m, ownership);
}

#endif
