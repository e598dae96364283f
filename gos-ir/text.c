/* `dump` and `parse`: a stream to text and back; `check`: a stream to nothing but a verdict. */
#include "gos-ir/tool.h"
#include "lib/fatal.h"
#include "lib/file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int
command_dump(Input *in, const char *kind)
{
	if (!kind)
		ir_dump_header(stdout, in->reader, in->schema->version);
	while (input_next(in)) {
		if (in->status == IR_FOREIGN) {
			if (!kind)
				ir_dump_foreign(stdout, ir_foreign(in->reader));
			continue;
		}
		if (!kind || strcmp(in->schema->records[in->kind]->name, kind) == 0)
			ir_dump_record(stdout, in->names, in->schema, in->kind, in->payload, in->number);
	}
	if (!kind)
		ir_dump_end(stdout, ir_end_status(in->reader), ir_end_errors(in->reader));
	return input_status(in);
}

int
command_check(Input *in)
{
	while (input_next(in)) {
		if (in->status == IR_FOREIGN)
			continue;
		const char *wrong = ir_verify(in->arena, in->names, in->schema->records[in->kind],
		    in->payload);
		if (!wrong)
			continue;
		fprintf(stderr, "%s: %s: byte %llu: %s\n", tool_name, in->path,
		    (unsigned long long)ir_record_offset(in->reader), wrong);
		return EXIT_BROKEN_INPUT;
	}
	return input_status(in);
}

static void
read_all(Arena *arena, const char *path, Text *text)
{
	bool is_stdin = !path || strcmp(path, "-") == 0;
	FileStatus status = is_stdin ? file_read_fd(arena, STDIN_FILENO, text)
	    : file_read(arena, path, text);

	switch (status) {
	case FILE_OK:
		return;
	case FILE_FAILED:
		fatal("cannot read `%s`: %s", is_stdin ? "standard input" : path, strerror(errno));
	case FILE_IS_DIRECTORY:
		fatal("cannot read `%s`: it is a directory", path);
	case FILE_TOO_LARGE:
		fatal("cannot read `%s`: it is too large", is_stdin ? "standard input" : path);
	}
}

int
command_parse(Arena *arena, Interner *names, const char *path)
{
	Text text;

	read_all(arena, path, &text);
	const char *error = ir_parse_text(arena, names, text, schema_find, STDOUT_FILENO, NULL);
	if (!error)
		return EXIT_OK;
	fprintf(stderr, "%s:%s\n", path && strcmp(path, "-") ? path : "<stdin>", error);
	return EXIT_PROGRAM;
}
