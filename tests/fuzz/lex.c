/*
 * Any bytes as a source file.  The tokens must cover every byte, and every diagnostic must
 * render in each format.
 */
#include "gos-lex/lex.h"
#include "lib/diag_render.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
render_all(const Diags *ds)
{
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	for (uint32_t i = 0; i < ds->list.len && i < 40; i++) {
		diag_render_text(ds, ds->list.at[i], f);
		diag_render_short(ds, ds->list.at[i], f);
		diag_render_json(ds, ds->list.at[i], f);
	}
	fclose(f);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char path[] = "fuzz.gos";
	Arena arena = {0};
	Sources sources;
	Diags diags;
	Lexer lx;
	uint64_t covered = 0;

	if (size > 1 << 16)
		return 0;
	char *text = malloc(size ? size : 1);	/* of its own, for the sanitizer to see its end */
	memcpy(text, data, size);
	sources_init(&sources, &arena);
	diag_init(&diags, &arena, &sources);
	uint32_t file = source_add(&sources, path, text, size);
	lexer_init(&lx, &arena, &diags, &sources.files.at[file]);
	for (const TokensLine *line; (line = lex_line(&lx));)
		for (uint32_t i = 0; i < line->lengths.len; i++) {
			if (line->lengths.at[i] == 0)
				abort();
			covered += line->lengths.at[i];
		}
	if (covered != size)
		abort();
	render_all(&diags);
	arena_free(&arena);
	free(text);
	return 0;
}
