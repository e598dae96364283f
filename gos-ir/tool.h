/* What the commands of gos-ir share. */
#ifndef GOS_IR_TOOL_H
#define GOS_IR_TOOL_H

#include "lib/ir.h"

/* An input stream whose IR is found from its header; its nodes are in `nodes`. */
typedef struct Input {
	IrReader *reader;
	const IrSchema *schema;
	const char *path;
	Arena *arena;
	Arena nodes;
	Interner *names;
	/* The record that input_next found. */
	IrStatus status;
	uint32_t kind;
	void *payload;
	uint32_t number;	/* among the records of its kind */
	VEC(uint32_t) counts;
} Input;

/* All IRs this build knows; NULL if the name is of none. */
const IrSchema *schema_find(const char *name);

/* `path` NULL or "-" is standard input.  Ends the process if there is no stream of a known IR. */
void input_open(Input *in, Arena *arena, Interner *names, const char *path);
/* The next record, ours or foreign; false at the end.  A broken stream ends the process. */
bool input_next(Input *in);
/* EXIT_OK, or EXIT_BROKEN_INPUT if the stream says that its writer failed. */
int input_status(const Input *in);

/* The commands; they return an exit status. */
int command_dump(Input *in, const char *kind);
int command_parse(Arena *arena, Interner *names, const char *path);
int command_check(Input *in);
int command_diff(Input *a, Input *b);
int command_stat(Input *in);

#endif
