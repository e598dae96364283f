/* Definitions to the reference, in Markdown.  See irgen.h. */
#include "ir-spec/irgen.h"

#include <stdio.h>
#include <string.h>

/* ---- Reference ---- */

static char *
doc_line(const char *doc)
{
	char *s = format("%s", doc ? doc : "");

	for (char *c = s; *c; c++)
		if (*c == '\n')
			*c = ' ';
	return s;
}

static void
put_signature(const Ctor *c, int from)
{
	printf("`%s", c->name);
	for (int i = from; i < c->nfields; i++) {
		const Field *f = &c->fields[i];
		printf("%s%s%.1s %s", i > from ? ", " : "(", f->type, f->mode ? &f->mode : "", f->name);
	}
	printf("%s`", c->nfields > from ? ")" : "");
}

static void
put_field_docs(const Ctor *c, int from, const char *indent)
{
	bool blank = *indent;

	for (int i = from; i < c->nfields; i++) {
		if (!c->fields[i].doc)
			continue;
		printf("%s%s- `%s`: %s\n", blank ? "" : "\n", indent, c->fields[i].name,
		    doc_line(c->fields[i].doc));
		blank = true;
	}
}

static void
put_def_docs(const Def *d)
{
	static const char *const what[] = {"", "id", "choice", "node", "part", "record"};
	int from = d->attributes.nfields;

	printf("\n### %s\n\n", d->name);
	printf("*%s.*%s%s\n\n", what[d->kind], d->doc ? " " : "", d->doc ? d->doc : "");
	if (d->kind == ID)
		printf("Printed as `%s0`, `%s1`…\n", d->prefix, d->prefix);
	if (from) {
		printf("All have first:%s%s\n\n", d->attributes.doc ? " " : "",
		    doc_line(d->attributes.doc));
		for (int i = 0; i < from; i++)
			printf("- `%s%.1s %s` %s\n", d->attributes.fields[i].type,
			    d->attributes.fields[i].mode ? &d->attributes.fields[i].mode : "",
			    d->attributes.fields[i].name, doc_line(d->attributes.fields[i].doc));
		printf("\n");
	}
	for (int i = 0; i < d->nctors; i++) {
		bool item = d->kind == SUM || d->kind == ENUM;
		printf("%s", item ? "- " : "");
		put_signature(&d->ctors[i], from);
		if (item && d->ctors[i].doc)
			printf(" — %s", doc_line(d->ctors[i].doc));
		printf("\n");
		put_field_docs(&d->ctors[i], from, item ? "  " : "");
	}
}

/* The example is a test too: tests/ir/NAME.txt, seen from the folder of the schema. */
static void
put_example(void)
{
	const char *slash = strrchr(schema.path, '/');
	int folder = slash ? (int)(slash - schema.path) + 1 : 0;
	FILE *in = fopen(format("%.*s../tests/ir/%s.txt", folder, schema.path, schema.name), "r");
	char line[1024];

	if (!in)
		return;
	printf("\n## Example\n\n```\n");
	while (fgets(line, sizeof line, in))
		fputs(line, stdout);
	printf("```\n");
	fclose(in);
}

void
put_docs(void)
{
	static const struct { DefKind kind; const char *title; } parts[] = {
		{RECORD, "Records"}, {SUM, "Nodes"}, {PRODUCT, "Parts"}, {ENUM, "Choices"}, {ID, "Ids"},
	};

	printf("# Reference: `%s`, version %u\n\nGenerated from `%s.ir`.\n", schema.name,
	    schema.version, schema.name);
	if (schema.doc)
		printf("\n%s\n", schema.doc);
	put_example();
	for (size_t p = 0; p < sizeof parts / sizeof *parts; p++) {
		bool titled = false;
		for (Def *d = schema.defs; d < schema.defs + schema.ndefs; d++) {
			if (d->kind != parts[p].kind)
				continue;
			if (!titled)
				printf("\n## %s\n", parts[p].title);
			titled = true;
			put_def_docs(d);
		}
	}
}
