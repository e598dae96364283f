/*
 * Any bytes as a program.  If the first byte is even, the rest is source text and goes through
 * the lexer; if it is odd, the rest is pairs of a token kind and a length over a text of its own,
 * as a stream may hold that no lexer wrote.  Every tree must verify and fit into a stream.
 */
#include "gos-lex/lex.h"
#include "gos-parse/parse.h"
#include "lib/diag_render.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct Fuzz {
	Arena arena;
	Interner names;
	Sources sources;
	Diags diags;
	Input input;
} Fuzz;

static void
feed_source(Fuzz *z, const SourceFile *file)
{
	Lexer lx;
	uint32_t pos = file->base;

	lexer_init(&lx, &z->arena, &z->diags, file);
	for (const TokensLine *line; (line = lex_line(&lx));)
		if (!input_add_line(&z->input, &z->arena, line, &pos))
			abort();
}

static void
feed_tokens(Fuzz *z, const SourceFile *file, const uint8_t *data, size_t size)
{
	uint32_t pos = file->base;
	TokensLine line = {0};

	for (size_t i = 0; i + 1 < size; i += 2) {
		vec_push(&z->arena, &line.kinds, (TokensKind)(data[i] % (T(TILDE) + 1)));
		vec_push(&z->arena, &line.lengths, data[i + 1] & 15);
	}
	input_add_line(&z->input, &z->arena, &line, &pos);
}

static void
check_record(Fuzz *z, IrWriter *out, uint32_t kind, const void *payload)
{
	if (ir_verify(&z->arena, &z->names, ast_schema.records[kind], payload))
		abort();
	ir_write(out, kind, payload);
}

static void
parse_all(Fuzz *z)
{
	Parser p;
	IrWriter *out = ir_create_text(&z->arena, &z->names, &ast_schema, "fuzz");

	input_finish(&z->input, &z->arena);
	parser_init(&p, &z->arena, &z->names, &z->diags, &z->input);
	while (peek(&p) != TOKEN_END) {
		uint32_t at = p.at;
		Top top = parse_top(&p);
		if (p.at == at || p.panic || p.nesting)
			abort();
		if (top.item)
			check_record(z, out, AST_REC_ITEM, &(AstItemRecord){top.item});
		else if (top.stmt)
			check_record(z, out, AST_REC_TOP_STMT, &(AstTopStmt){top.stmt});
	}
}

static void
render_all(const Diags *ds)
{
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	for (uint32_t i = 0; i < ds->list.len && i < 40; i++) {
		diag_render_text(ds, ds->list.at[i], f);
		diag_render_json(ds, ds->list.at[i], f);
	}
	fclose(f);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char path[] = "fuzz.gos";
	Fuzz z = {0};

	if (size < 1 || size > 1 << 16)
		return 0;
	bool raw = data[0] & 1;
	char *text = malloc(size);	/* of its own, for the sanitizer to see its end */
	memcpy(text, data + 1, size - 1);
	intern_init(&z.names, &z.arena);
	sources_init(&z.sources, &z.arena);
	diag_init(&z.diags, &z.arena, &z.sources);
	uint32_t file = source_add(&z.sources, path, text, size - 1);
	input_init(&z.input, &z.sources.files.at[file]);
	if (raw)
		feed_tokens(&z, z.input.file, data + 1, size - 1);
	else
		feed_source(&z, z.input.file);
	parse_all(&z);
	render_all(&z.diags);
	arena_free(&z.arena);
	free(text);
	return 0;
}
