/* What the writer and the reader of the text form share. */
#ifndef GOS_LIB_IR_TEXT_H
#define GOS_LIB_IR_TEXT_H

#include "lib/ir.h"

/* The shortest text that reads back as the same number, with a mark that it is no integer. */
void ir_format_real(char *to, size_t n, double v);
/* Reads that, or any decimal number. */
bool ir_parse_real(Text t, double *to);
/* A string with quotes and escapes. */
void ir_dump_quoted(FILE *out, const char *s, size_t n);

/* ---- Tokens of the text form ---- */

typedef enum IrTokenKind {
	IR_TOKEN_END,
	IR_TOKEN_WORD,		/* a name, number, span or id */
	IR_TOKEN_STRING,	/* contents without quotes and escapes */
	IR_TOKEN_MARK,		/* one of ( ) [ ] { } */
	IR_TOKEN_BAD,		/* `text` says what */
} IrTokenKind;

typedef struct IrToken {
	IrTokenKind kind;
	Text text;
	uint32_t line, column;
} IrToken;

typedef struct IrScanner {
	Arena *arena;
	const char *at, *end;
	uint32_t line;
	const char *line_start;
	IrToken token;	/* the look-ahead */
} IrScanner;

void ir_scan_start(IrScanner *s, Arena *arena, Text text);
/* To the next token. */
void ir_scan(IrScanner *s);
bool ir_scan_is(const IrScanner *s, const char *text);

/* The text of an x- record behind `(x-NAME` up to `)`, as MessagePack; NULL or a message. */
const char *ir_parse_foreign(IrScanner *s, Arena *arena, Text *record);

#endif
