/*
 * TOML 1.0: a whole document to a tree of values.
 *
 *	Toml doc;
 *	if (toml_parse(&doc, &arena, &diags, file)) … toml_find(&doc, &doc.root, "project") …
 *
 * Errors go to `diags` (G0010 to G0020).  A mistake of syntax ends the reading, as what follows
 * could mean anything; a key or table that is defined twice does not.  Entries keep the order of
 * the document.  Tables and arrays nest at most TOML_DEPTH_MAX deep, so that whoever walks the
 * tree may recurse.  Reading takes time in proportion to the length of the document.
 */
#ifndef GOS_LIB_TOML_H
#define GOS_LIB_TOML_H

#include "lib/diag.h"
#include "lib/intern.h"
#include "lib/map.h"
#include "lib/source.h"

#include <stdbool.h>
#include <stdint.h>

enum { TOML_DEPTH_MAX = 100 };

typedef enum TomlKind {
	TOML_STRING,
	TOML_INTEGER,
	TOML_FLOAT,
	TOML_BOOL,
	TOML_OFFSET_DATE_TIME,	/* 1979-05-27T07:32:00Z */
	TOML_LOCAL_DATE_TIME,	/* 1979-05-27T07:32:00 */
	TOML_LOCAL_DATE,	/* 1979-05-27 */
	TOML_LOCAL_TIME,	/* 07:32:00 */
	TOML_ARRAY,
	TOML_TABLE,
} TomlKind;

/* How a table came to be, which decides whether more may be added to it. */
typedef enum TomlOrigin {
	TOML_IMPLIED,	/* by the header of a table inside it */
	TOML_HEADER,	/* by its own header */
	TOML_DOTTED,	/* by a dotted key */
	TOML_INLINE,	/* { … }: complete */
} TomlOrigin;

typedef struct TomlValue TomlValue;

typedef struct TomlEntry {
	Text key;
	Span key_span;
	TomlValue *value;
} TomlEntry;

typedef struct TomlTable {
	VEC(TomlEntry) entries;
	uint32_t id;		/* in the document's index */
	TomlOrigin origin;
} TomlTable;

typedef struct TomlArray {
	VEC(TomlValue *) items;
	bool of_tables;		/* made by [[…]] */
} TomlArray;

struct TomlValue {
	TomlKind kind;
	uint32_t depth;		/* tables and arrays around it */
	Span span;		/* of a table with a header: the header */
	union {
		Text text;	/* TOML_STRING unescaped; dates as written */
		int64_t integer;
		double number;
		bool truth;
		TomlArray array;
		TomlTable table;
	} as;
};

typedef struct Toml {
	TomlValue root;		/* a table */
	Interner names;
	Map index;		/* table id, name → entry */
	uint32_t tables;
} Toml;

/*
 * Reads `file`; false if there were errors, and then `doc` has what could be read.  Keys and
 * texts are copied to the arena.
 */
bool toml_parse(Toml *doc, Arena *a, Diags *diags, const SourceFile *file);
/* The entry of a table value, or NULL: also if `table` is NULL or no table. */
const TomlEntry *toml_find(const Toml *doc, const TomlValue *table, const char *key);
/* "a string", "an array", … */
const char *toml_kind_name(TomlKind kind);

#endif
