/* gos-lex: source files in, a stream of tokens out.  See README.md. */
#include "gos-lex/lex.h"

#include "lib/fatal.h"
#include "lib/file.h"
#include "lib/opt.h"
#include "lib/utf8.h"
#include "lib/version.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *target, *called;
static const char *project;
static OptList settings;

static const Opt options[] = {
	OPT_TEXT('t', "target", "TRIPLE", &target, "what the program will run on"),
	OPT_TEXT('p', "project", "LIST", &project, "the packages and files that gos-project lists"),
	OPT_TEXT('n', "name", "NAME", &called, "what one source is called, in place of its path"),
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

/* NULL: standard input.  `module`: which one of its package the file is. */
static void
lex_one(Run *r, const char *path, const char *module)
{
	const char *shown = called ? called : path ? path : "<stdin>";
	Text text;
	FileStatus status = read_source(r, path, &text);

	report_file(r, shown, status);
	if (status != FILE_OK)
		return;
	uint32_t index = source_add(&r->sources, shown, text.s, text.n);
	const SourceFile *file = &r->sources.files.at[index];
	TokensSource record = {intern_path(r, shown), intern_cstr(&r->names, module), file->base, text};
	tokens_write_source(r->out, &record);
	Lexer lx;
	lexer_init(&lx, &r->arena, &r->diags, file);
	for (const TokensLine *line; (line = lex_line(&lx));)
		tokens_write_line(r->out, line);
}

/* ---- Projects ---- */

typedef struct ProjectReader {
	Run *run;
	TokensPackage package;	/* written when its first file comes */
	bool open;
	uint32_t line;
} ProjectReader;

static void
bad_list(const ProjectReader *p)
{
	fatal("`%s`, line %u: this is not a list that gos-project writes", project, p->line);
}

/* The text up to the next tab, which becomes its end; NULL if there is none left. */
static char *
next_word(char **line)
{
	char *word = *line, *tab = word ? strchr(word, '\t') : NULL;

	if (tab)
		*tab = '\0';
	*line = tab ? tab + 1 : NULL;
	return word;
}

static TokensPackageKind
package_kind(const ProjectReader *p, const char *word)
{
	if (strcmp(word, "program") == 0)
		return TOKENS_PACKAGE_KIND_PROGRAM;
	if (strcmp(word, "library") == 0)
		return TOKENS_PACKAGE_KIND_LIBRARY;
	if (strcmp(word, "dependency") != 0)
		bad_list(p);
	return TOKENS_PACKAGE_KIND_DEPENDENCY;
}

static void
read_line(ProjectReader *p, char *line)
{
	Run *r = p->run;
	const char *what = next_word(&line), *a = next_word(&line), *b = next_word(&line);
	const char *c = next_word(&line);

	if (strcmp(what, "package") == 0 && c) {
		p->package = (TokensPackage){package_kind(p, a), intern_cstr(&r->names, b),
		    intern_cstr(&r->names, c), {0}};
		p->open = true;
	} else if (strcmp(what, "uses") == 0 && b && p->open) {
		vec_push(&r->arena, &p->package.uses, tokens_mk_dependency(&r->arena,
		    intern_cstr(&r->names, a), (uint32_t)strtoul(b, NULL, 10)));
	} else if (strcmp(what, "file") == 0 && b) {
		if (p->open)
			tokens_write_package(r->out, &p->package);
		p->open = false;
		lex_one(r, b, a);
	} else if (strcmp(what, "package") == 0 || strcmp(what, "uses") == 0 || strcmp(what, "file") == 0) {
		bad_list(p);
	}
}

static void
lex_project(Run *r)
{
	ProjectReader p = {.run = r};
	Text text;

	if (file_read(&r->arena, project, &text) != FILE_OK)
		fatal("cannot read `%s`", project);
	char *s = arena_strndup(&r->arena, text.s, text.n);
	while (s && *s) {
		char *end = strchr(s, '\n');

		if (end)
			*end = '\0';
		p.line++;
		read_line(&p, s);
		s = end ? end + 1 : NULL;
	}
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
		lex_one(&r, args.at[i], "");
	if (project)
		lex_project(&r);
	else if (args.len == 0)
		lex_one(&r, NULL, "");
	uint32_t errors = diag_flush(&r.diags);
	return ir_finish(r.out, r.io_failed ? EXIT_IO : errors ? EXIT_PROGRAM : EXIT_OK, errors);
}
