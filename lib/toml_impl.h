/* Between toml.c, which reads keys, tables and arrays, and toml_scalar.c, which reads the rest. */
#ifndef GOS_LIB_TOML_IMPL_H
#define GOS_LIB_TOML_IMPL_H

#include "lib/toml.h"

typedef struct TomlParser {
	Toml *doc;
	Arena *arena;
	Diags *diags;
	const char *start, *at, *end;
	uint32_t base;		/* position of `start` */
	bool failed;		/* a mistake of syntax: nothing more is read */
	TomlValue *current;	/* table of the last header */
} TomlParser;

/* From `from` to where the parser is. */
Span toml_span(const TomlParser *p, const char *from);
/* What stands at the parser's place, for messages. */
const char *toml_found(const TomlParser *p);
/* Reports G0010 at the parser's place and ends the reading. */
Diag *toml_expected(TomlParser *p, const char *what);
/* At a quote.  Multi-line strings only if `multi`.  False after an error of syntax. */
bool toml_string(TomlParser *p, bool multi, Text *out);
/* Numbers, booleans and dates; `v` gets kind, span and value. */
void toml_word(TomlParser *p, TomlValue *v);
/* A character that may stand neither in a comment nor in a string. */
bool toml_is_control(char c);
/* Reports G0016 at the parser's place and ends the reading. */
void toml_control(TomlParser *p);
/* At \n or \r\n: its length, else 0. */
uint32_t toml_newline(const TomlParser *p);

#endif
