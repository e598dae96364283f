/* Diagnostics from JSON, a line each; the form is that of lib/diag_json.c. */
#include "gos-fix/fix.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *
text_of(Arena *a, const json_t *object, const char *key, uint32_t *len)
{
	const json_t *s = json_object_get(object, key);

	if (!json_is_string(s))
		return NULL;
	*len = (uint32_t)json_string_length(s);
	return arena_strndup(a, json_string_value(s), *len);
}

/* False if the number is not there or not one that a file can have. */
static bool
number_of(const json_t *object, const char *key, uint32_t *n)
{
	const json_t *i = json_object_get(object, key);
	json_int_t value = json_integer_value(i);

	*n = (uint32_t)value;
	return json_is_integer(i) && value >= 0 && value < UINT32_MAX;
}

static bool
read_edit(Arena *a, const json_t *object, Edit *e)
{
	uint32_t ignored;

	e->file = text_of(a, object, "file", &ignored);
	e->text = text_of(a, object, "text", &e->text_len);
	return e->file && e->text && number_of(json_object_get(object, "start"), "byte", &e->start)
	    && number_of(json_object_get(object, "end"), "byte", &e->end) && e->start <= e->end;
}

static bool
read_fix(Arena *a, const json_t *diag, const json_t *object, bool review, Fix *fix)
{
	const char *safety = json_string_value(json_object_get(object, "safety"));
	const json_t *edits = json_object_get(object, "edits"), *primary = json_object_get(diag, "primary");
	uint32_t ignored;

	*fix = (Fix){0};
	if (!safety || (strcmp(safety, "safe") && !review))
		return false;
	fix->code = text_of(a, diag, "code", &ignored);
	fix->title = text_of(a, object, "title", &ignored);
	if (!number_of(json_object_get(primary, "start"), "line", &fix->line))
		fix->line = 0;
	for (size_t i = 0; i < json_array_size(edits); i++) {
		Edit e;

		if (!read_edit(a, json_array_get(edits, i), &e))
			return false;
		vec_push(a, &fix->edits, e);
	}
	return fix->code && fix->title && fix->edits.len;
}

/* The first fix of the wanted kind: others say other things, of which one is meant. */
static void
read_diag(Arena *a, const json_t *diag, bool review, Fixes *fixes)
{
	const json_t *list = json_object_get(diag, "fixes");

	for (size_t i = 0; i < json_array_size(list); i++) {
		Fix fix;

		if (read_fix(a, diag, json_array_get(list, i), review, &fix)) {
			vec_push(a, fixes, fix);
			return;
		}
	}
}

Fixes
fix_read(Arena *a, FILE *in, bool review)
{
	Fixes fixes = {0};
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, in)) >= 0) {
		json_t *diag = json_loadb(line, (size_t)n, 0, NULL);

		read_diag(a, diag, review, &fixes);
		json_decref(diag);
	}
	free(line);
	return fixes;
}
