/* gos-parse: a stream of tokens in, a stream of syntax trees out.  See README.md. */
#include "gos-parse/parse.h"

#include "lib/fatal.h"
#include "lib/opt.h"
#include "lib/version.h"

#include <stdlib.h>
#include <unistd.h>

static const OptTool tool = {
	"gos-parse", "", "Reads a `tokens` stream, parses it, and writes an `ast` stream.", NULL, 0, 0,
};

typedef struct Run {
	Arena arena, tree;	/* tree: of one item, then reused */
	Interner names;
	Sources sources;
	Diags diags;
	IrReader *in;
	IrWriter *out;
	Input input;
	uint32_t pos;		/* where the next line's tokens begin */
	bool open;		/* a file is being read */
	bool dependency;	/* it is another project's */
} Run;

/* The stream was well-formed, but its records do not fit together. */
static noreturn void
reject(const char *why)
{
	fprintf(stderr, "%s: the `tokens` stream is damaged: %s\n", tool_name, why);
	exit(EXIT_BROKEN_INPUT);
}

static void
parse_file(Run *r)
{
	Parser p;

	if (!r->open)
		return;
	if (r->pos != r->input.file->base + r->input.file->len)
		reject("the tokens do not cover the source");
	input_finish(&r->input, &r->arena);
	parser_init(&p, &r->tree, &r->names, &r->diags, &r->input);
	ArenaMark mark = arena_mark(&r->tree);
	while (peek(&p) != TOKEN_END) {
		Top top = parse_top(&p);
		if (top.item)
			ast_write_item(r->out, &(AstItemRecord){top.item});
		else if (top.stmt)
			ast_write_top_stmt(r->out, &(AstTopStmt){top.stmt});
		arena_reset(&r->tree, mark);
	}
	r->open = false;
}

static void
begin_file(Run *r, const TokensSource *s)
{
	const char *path = intern_str(&r->names, s->path);

	parse_file(r);
	if (!source_add_at(&r->sources, path, s->base, s->text.s, s->text.n))
		reject("a source file overlaps the one before");
	ast_write_source(r->out, &(AstSource){s->path, s->module, s->base, s->text});
	vec_last(&r->sources.files).quiet = r->dependency;
	input_init(&r->input, &vec_last(&r->sources.files));
	r->pos = s->base;
	r->open = true;
}

static void
begin_package(Run *r, const TokensPackage *p)
{
	AstPackage out = {(AstPackageKind)p->kind, p->id, p->name, {0}};

	parse_file(r);
	for (uint32_t i = 0; i < p->uses.len; i++)
		vec_push(&r->arena, &out.uses,
		    ast_mk_dependency(&r->arena, p->uses.at[i]->name, p->uses.at[i]->package));
	ast_write_package(r->out, &out);
	r->dependency = p->kind == TOKENS_PACKAGE_KIND_DEPENDENCY;
}

static void
add_line(Run *r, const TokensLine *line)
{
	if (!r->open || !input_add_line(&r->input, &r->arena, line, &r->pos))
		reject("a token does not fit the source");
}

int
main(int argc, char **argv)
{
	opt_parse(&tool, argc, argv);
	static Run r;
	TokensRecord rec;

	intern_init(&r.names, &r.arena);
	sources_init(&r.sources, &r.arena);
	diag_init(&r.diags, &r.arena, &r.sources);
	r.in = ir_open(&r.arena, &r.names, STDIN_FILENO, &tokens_schema);
	r.out = ir_create(&r.arena, &r.names, STDOUT_FILENO, &ast_schema, "gos-parse " GOS_VERSION,
	    r.in);
	while (tokens_read(r.in, &rec))
		switch (rec.kind) {
		case TOKENS_REC_PACKAGE:
			begin_package(&r, rec.package);
			break;
		case TOKENS_REC_SOURCE:
			begin_file(&r, rec.source);
			break;
		case TOKENS_REC_LINE:
			add_line(&r, rec.line);
			break;
		}
	parse_file(&r);
	uint32_t errors = diag_flush(&r.diags);
	return ir_finish(r.out, errors ? EXIT_PROGRAM : EXIT_OK, errors);
}
