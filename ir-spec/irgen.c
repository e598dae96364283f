/* irgen: main, memory and names.  See irgen.h. */
#include "ir-spec/irgen.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Schema schema = {.hash = 0xcbf29ce484222325u, .ndefs = NBUILTINS};

const Builtin builtins[NBUILTINS] = {
	{"bool", "bool", "IrBoolList", "IR_BOOL", false},
	{"u8", "uint8_t", "IrU8List", "IR_U8", false},
	{"u32", "uint32_t", "IrU32List", "IR_U32", false},
	{"u64", "uint64_t", "IrU64List", "IR_U64", false},
	{"i64", "int64_t", "IrI64List", "IR_I64", false},
	{"u128", "IrU128", "IrU128List", "IR_U128", true},
	{"f64", "double", "IrF64List", "IR_F64", false},
	{"str", "Sym", "IrSymList", "IR_STR", false},
	{"bytes", "Text", "IrTextList", "IR_BYTES", false},
	{"span", "Span", "IrSpanList", "IR_SPAN", true},
};

noreturn void
fail(int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s:%d: ", schema.path, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* Zeroed memory for the life of the process, chained so that leak checkers find it. */
void *
alloc(size_t n)
{
	static void **chain;
	void **p = calloc(1, n + 16);

	if (!p) {
		fprintf(stderr, "irgen: out of memory\n");
		exit(74);
	}
	p[0] = chain;
	chain = p;
	return p + 16 / sizeof *p;
}

char *
format(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *s = alloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return s;
}

/* ---- Names ---- */

/* IfLet and if_let to if_let; `upper` for IF_LET. */
char *
snake(const char *s, bool upper)
{
	char *out = alloc(strlen(s) * 2 + 1), *p = out;

	for (const char *c = s; *c; c++) {
		bool break_here = c != s && isupper((unsigned char)*c) && c[-1] != '_'
		    && (!isupper((unsigned char)c[-1]) || islower((unsigned char)c[1]));
		if (break_here)
			*p++ = '_';
		*p++ = (char)(upper ? toupper((unsigned char)*c) : tolower((unsigned char)*c));
	}
	return out;
}

char *
camel(const char *s)
{
	char *out = alloc(strlen(s) + 1), *p = out;

	for (const char *c = s; *c; c++)
		if (*c != '_')
			*p++ = (char)(c == s || c[-1] == '_' ? toupper((unsigned char)*c) : *c);
	return out;
}

static bool
is_c_word(const char *s)
{
	static const char *const words[] = {
		"auto", "bool", "break", "case", "char", "const", "continue", "default", "do",
		"double", "else", "enum", "extern", "false", "float", "for", "goto", "if",
		"inline", "int", "long", "register", "restrict", "return", "short", "signed",
		"sizeof", "static", "struct", "switch", "true", "typedef", "union", "unsigned",
		"void", "volatile", "while", "asm", "typeof", "noreturn", "errno", "stdin",
		"stdout", "stderr", "unix", "linux", "assert", "bug", "at_",
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(s, words[i]) == 0)
			return true;
	return false;
}

/* Name of a struct member or parameter. */
char *
member(const char *s)
{
	char *m = snake(s, false);

	return is_c_word(m) ? format("%s_", m) : m;
}

Def *
find(const char *name)
{
	for (int i = 0; i < schema.ndefs; i++)
		if (schema.defs[i].kind != RECORD && strcmp(schema.defs[i].name, name) == 0)
			return &schema.defs[i];
	return NULL;
}

Def *
find_record(const char *name)
{
	for (int i = 0; i < schema.ndefs; i++)
		if (schema.defs[i].kind == RECORD && strcmp(schema.defs[i].name, name) == 0)
			return &schema.defs[i];
	return NULL;
}

/* The C type of a definition: AstExpr; records give way to nodes of the same name. */
char *
c_name(const Def *d)
{
	if (d->kind == BUILTIN)
		return format("%s", builtins[d->index].c);
	char *s = format("%s%s", camel(schema.name), camel(d->name));
	if (d->kind == ID)
		return format("%sId", s);
	if (d->kind != RECORD)
		return s;
	for (int i = 0; i < schema.ndefs; i++)
		if (schema.defs[i].kind >= ENUM && schema.defs[i].kind < RECORD
		    && strcmp(camel(schema.defs[i].name), camel(d->name)) == 0)
			return format("%sRecord", s);
	return s;
}

static char *
read_text(const char *path)
{
	FILE *in = fopen(path, "rb");

	if (!in) {
		perror(path);
		exit(74);
	}
	char *text = alloc(MAX_SCHEMA + 1);
	size_t n = fread(text, 1, MAX_SCHEMA, in);
	if (n == MAX_SCHEMA)
		fail(1, "a schema has at most %d bytes", MAX_SCHEMA);
	fclose(in);
	if (strlen(text) != n)
		fail(1, "the schema has a zero byte");
	return text;
}

int
main(int argc, char **argv)
{
	static const struct { const char *option; void (*put)(void); } modes[] = {
		{"--header", put_header}, {"--source", put_source}, {"--docs", put_docs},
	};
	size_t mode = 0;

	while (argc == 3 && mode < 3 && strcmp(argv[1], modes[mode].option) != 0)
		mode++;
	if (argc != 3 || mode == 3) {
		fprintf(stderr, "usage: irgen --header | --source | --docs NAME.ir\n");
		return 2;
	}
	schema.path = argv[2];
	for (int i = 0; i < NBUILTINS; i++)
		schema.defs[i] = (Def){.kind = BUILTIN, .name = (char *)builtins[i].name, .index = i};
	parse_schema(read_text(argv[2]));
	check_schema();
	modes[mode].put();
	if (fflush(stdout) || ferror(stdout)) {
		perror("irgen");
		return 74;
	}
	return 0;
}
