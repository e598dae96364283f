/*
 * Any bytes as a TOML document.  Spans lie in the document, nesting is bounded, every key is found
 * by its name, and every diagnostic renders.
 */
#include "lib/diag_render.h"
#include "lib/toml.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_value(const Toml *doc, const TomlValue *v, size_t size)
{
	if (v->depth > TOML_DEPTH_MAX || (uint64_t)v->span.start + v->span.len > size)
		abort();
	if (v->kind == TOML_ARRAY)
		for (uint32_t i = 0; i < v->as.array.items.len; i++)
			check_value(doc, v->as.array.items.at[i], size);
	if (v->kind != TOML_TABLE)
		return;
	for (uint32_t i = 0; i < v->as.table.entries.len; i++) {
		const TomlEntry *e = &v->as.table.entries.at[i];
		if (strlen(e->key.s) == e->key.n && toml_find(doc, v, e->key.s) != e)
			abort();
		check_value(doc, e->value, size);
	}
}

static void
render_all(const Diags *ds)
{
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	for (uint32_t i = 0; i < ds->list.len && i < 20; i++) {
		diag_render_text(ds, ds->list.at[i], f);
		diag_render_json(ds, ds->list.at[i], f);
	}
	fclose(f);
	free(out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena arena = {0};
	Sources sources;
	Diags diags;
	Toml doc;

	if (size > 1 << 16)
		return 0;
	char *text = malloc(size ? size : 1);	/* of its own, for the sanitizer to see its end */
	memcpy(text, data, size);
	sources_init(&sources, &arena);
	diag_init(&diags, &arena, &sources);
	uint32_t file = source_add(&sources, "fuzz.toml", text, size);
	bool fine = toml_parse(&doc, &arena, &diags, &sources.files.at[file]);
	if (fine != (diag_error_count(&diags) == 0))
		abort();
	if (fine)
		check_value(&doc, &doc.root, size);
	render_all(&diags);
	free(text);
	arena_free(&arena);
	return 0;
}
