/*
 * irgen: from a schema `NAME.ir` to C declarations, a descriptor table and a reference.
 *
 *	irgen --header NAME.ir | --source NAME.ir | --docs NAME.ir
 *
 * Runs at build time and depends on libc only.  The notation is described in README.md here.
 * Memory is never freed: the process lives for one schema.
 *
 * irgen.c: main, memory, names; schema.c: a schema to definitions, checked; emit_c.c and
 * emit_docs.c: definitions to C and to the reference.
 */
#ifndef GOS_IRGEN_H
#define GOS_IRGEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>

enum { MAX_DEFS = 512, MAX_CTORS = 256, MAX_FIELDS = 64, MAX_SCHEMA = 1 << 20 };

typedef enum { BUILTIN, ID, ENUM, SUM, PRODUCT, RECORD } DefKind;

typedef struct Field {
	char *type, *name, *doc;
	char mode;	/* 0, '?' or '*' */
	int line;
	const struct Def *def;
} Field;

typedef struct Ctor {
	char *name, *doc;
	Field fields[MAX_FIELDS];
	int nfields, line;
} Ctor;

typedef struct Def {
	DefKind kind;
	char *name, *doc, *prefix;
	char *counted;	/* of an id: the node or record whose lists or records it numbers */
	Ctor *ctors;	/* products and records: one */
	int nctors, line;
	Ctor attributes;
	int index;	/* among the types, or among the records */
} Def;
typedef struct Builtin {
	const char *name, *c, *list, *kind;
	bool wide;	/* takes two elements of an array */
} Builtin;

enum { NBUILTINS = 10 };
extern const Builtin builtins[NBUILTINS];

/* The schema: the built-in types come first among the definitions. */
typedef struct Schema {
	const char *path;
	char *name, *doc;
	unsigned version;
	uint64_t hash;	/* of the tokens */
	Def defs[MAX_DEFS];
	int ndefs;
} Schema;

extern Schema schema;

/* ---- irgen.c ---- */

noreturn void fail(int line, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Zeroed memory for the life of the process. */
void *alloc(size_t n);
char *format(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* IfLet and if_let to if_let; `upper` for IF_LET. */
char *snake(const char *s, bool upper);
/* type_ref to TypeRef. */
char *camel(const char *s);
/* Name of a struct member or parameter. */
char *member(const char *s);
/* The C type of a definition: AstExpr; records give way to nodes of the same name. */
char *c_name(const Def *d);
/* The definition of a type, or of a record, by name; or NULL. */
Def *find(const char *name);
Def *find_record(const char *name);

/* ---- schema.c ---- */

/* Fills `schema`, or fails with a message. */
void parse_schema(const char *text);
void check_schema(void);

/* ---- emit_c.c, emit_docs.c: to stdout ---- */

void put_header(void);
void put_source(void);
void put_docs(void);

#endif
