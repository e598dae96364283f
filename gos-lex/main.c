/* gos-lex: source files in, a stream of tokens out.  See README.md. */
#include "gos-lex/lex.h"

#include "lib/fatal.h"
#include "lib/file.h"
#include "lib/opt.h"
#include "lib/utf8.h"
#include "lib/version.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const char *target;
static OptList settings;

static const Opt options[] = {
	OPT_TEXT('t', "target", "TRIPLE", &target, "what the program will run on"),
	OPT_LIST('s', "set", "NAME=VALUE", &settings, "an option for the stages that follow"),
	OPT_END,
};

static const OptTool tool = {
	"gos-lex", "[FILE]...",
	"Splits source files, or standard input, into tokens and writes a `tokens` stream.",
	options, 0, OPT_ANY,
};

typedef struct Run {
	Arena arena;
	Interner names;
	Sources sources;
	Diags diags;
	IrWriter *out;
	bool io_failed;
} Run;

static FileStatus
read_source(Run *r, const char *path, Text *text)
{
	if (path)
		return file_read(&r->arena, path, text);
	return file_read_fd(&r->arena, STDIN_FILENO, text);
}

static void
report_file(Run *r, const char *path, FileStatus status)
{
	switch (status) {
	case FILE_OK:
		return;
	case FILE_FAILED:
		diag_error(&r->diags, G0001, DIAG_NOWHERE, path, strerror(errno));
		break;
	case FILE_IS_DIRECTORY:
		diag_error(&r->diags, G0002, DIAG_NOWHERE, path);
		break;
	case FILE_TOO_LARGE:
		diag_error(&r->diags, G0003, DIAG_NOWHERE, path);
		break;
	}
	r->io_failed = true;
}

/* Names in streams are UTF-8; a file's need not be. */
static Sym
intern_path(Run *r, const char *path)
{
	size_t n = strlen(path);
	char *s = arena_strndup(&r->arena, path, n);

	for (size_t i = utf8_valid_prefix(s, n); i < n; i += utf8_valid_prefix(s + i, n - i))
		s[i] = '?';
	return intern(&r->names, s, n);
}

/* NULL: standard input. */
static void
lex_one(Run *r, const char *path)
{
	const char *shown = path ? path : "<stdin>";
	Text text;
	FileStatus status = read_source(r, path, &text);

	report_file(r, shown, status);
	if (status != FILE_OK)
		return;
	uint32_t index = source_add(&r->sources, shown, text.s, text.n);
	const SourceFile *file = &r->sources.files.at[index];
	TokensSource record = {intern_path(r, shown), file->base, text};
	tokens_write_source(r->out, &record);
	Lexer lx;
	lexer_init(&lx, &r->arena, &r->diags, file);
	for (const TokensLine *line; (line = lex_line(&lx));)
		tokens_write_line(r->out, line);
}

static void
apply_settings(Run *r)
{
	if (target)
		ir_set_target(r->out, target);
	for (uint32_t i = 0; i < settings.len; i++) {
		const char *s = settings.at[i], *eq = strchr(s, '=');
		char *name = arena_strndup(&r->arena, s, eq ? (size_t)(eq - s) : strlen(s));
		ir_set_option(r->out, name, eq ? eq + 1 : "");
	}
}

int
main(int argc, char **argv)
{
	OptArgs args = opt_parse(&tool, argc, argv);
	static Run r;

	intern_init(&r.names, &r.arena);
	sources_init(&r.sources, &r.arena);
	diag_init(&r.diags, &r.arena, &r.sources);
	r.out = ir_create(&r.arena, &r.names, STDOUT_FILENO, &tokens_schema, "gos-lex " GOS_VERSION,
	    NULL);
	apply_settings(&r);
	for (int i = 0; i < args.len; i++)
		lex_one(&r, args.at[i]);
	if (args.len == 0)
		lex_one(&r, NULL);
	uint32_t errors = diag_flush(&r.diags);
	return ir_finish(r.out, r.io_failed ? EXIT_IO : errors ? EXIT_PROGRAM : EXIT_OK, errors);
}
