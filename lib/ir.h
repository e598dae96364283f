/*
 * Streams of the intermediate representations: what every stage reads and writes.
 *
 * The schema `ir-spec/NAME.ir` becomes "gen/NAME.h": node types, constructor helpers
 * (`ast_mk_expr_call`), and the typed calls `ast_read`, `ast_write`, `ast_write_item`.
 * They all rest on one engine, declared here, that interprets the descriptor `ast_schema`.
 *
 *	#include "gen/ast.h"
 *	#include "gen/tast.h"
 *
 *	int
 *	main(void)
 *	{
 *		static Arena arena;
 *		Interner names;
 *		AstRecord rec;
 *
 *		intern_init(&names, &arena);
 *		IrReader *in = ir_open(&arena, &names, STDIN_FILENO, &ast_schema);
 *		IrWriter *out = ir_create(&arena, &names, STDOUT_FILENO, &tast_schema,
 *		    "gos-check 0.1.0", in);
 *		while (ast_read(in, &rec))
 *			switch (rec.kind) {
 *			case AST_REC_SOURCE:
 *				note_source(rec.source->path, rec.source->base);
 *				break;
 *			case AST_REC_ITEM:
 *				tast_write_item(out, check_item(rec.item));
 *				break;
 *			}
 *		return ir_finish(out, errors ? EXIT_PROGRAM : EXIT_OK, errors);
 *	}
 *
 * Errors never come back to the stage.  Input that is cut or marked as failed ends the process
 * with EXIT_BROKEN_INPUT in silence, since whoever broke it has spoken, and so does a pipe through
 * which nothing comes; a file that is empty, and input that is
 * corrupt, of another IR or of another build, do so with one line.  A reader of the output that
 * has gone away ends the process the same way; a full disk is `fatal`.  Code that must survive
 * bad input (gos-ir, fuzzers, tests) uses `ir_try_*`.
 *
 * Nodes live in the arena given to `ir_open`, or the last one given to `ir_use_arena`; strings
 * in the Interner, so that a Sym means the same in the input, the stage and the output.
 */
#ifndef GOS_LIB_IR_H
#define GOS_LIB_IR_H

#include "lib/intern.h"
#include "lib/span.h"
#include "lib/span.h"

#include <stdio.h>

/* An absent id. */
#define IR_NONE UINT32_MAX
/* Nesting of arrays in a stream.  A parser that bounds its own recursion stays far below. */
enum { IR_MAX_DEPTH = 4096 };

typedef unsigned __int128 IrU128;
typedef VEC(bool) IrBoolList;
typedef VEC(uint8_t) IrU8List;
typedef VEC(uint32_t) IrU32List;	/* also for lists of ids */
typedef VEC(uint64_t) IrU64List;
typedef VEC(int64_t) IrI64List;
typedef VEC(IrU128) IrU128List;
typedef VEC(double) IrF64List;
typedef VEC(Sym) IrSymList;
typedef VEC(Text) IrTextList;
typedef VEC(Span) IrSpanList;

/* ---- Descriptors: what irgen makes of a schema. ---- */

typedef enum IrKind {
	IR_BOOL, IR_U8, IR_U32, IR_U64, IR_I64, IR_U128, IR_F64, IR_STR, IR_BYTES, IR_SPAN,
	IR_ENUM, IR_ID, IR_SUM, IR_PRODUCT,
} IrKind;

typedef enum IrMode {
	IR_ONE,
	IR_OPTIONAL,
	IR_LIST,
} IrMode;

typedef struct IrType IrType;

typedef struct IrField {
	const char *name;
	const IrType *type;
	uint32_t offset;	/* in the struct of the node */
	IrMode mode;
} IrField;

typedef struct IrCtor {
	const char *name;	/* as in the schema: IfLet */
	const IrField *fields;	/* the attributes of the sum come first */
	uint32_t nfields;
	uint32_t slots;		/* elements in a stream: a span and a u128 take two */
} IrCtor;

struct IrType {
	IrKind kind;
	const char *name;	/* as in the schema: type_ref */
	uint32_t size;		/* bytes of one in C: of the struct for sums and products */
	const IrCtor *ctors;	/* sums, enums; products have exactly one, with the same name */
	uint32_t nctors;
	/* Ids: what is printed before the number; others: the same for the id that counts them. */
	const char *prefix;
	uint32_t record;	/* ids: the record kind referred to, or IR_NONE */
};

typedef struct IrSchema {
	const char *name;
	uint32_t version;
	uint64_t hash;		/* of the schema's text without comments */
	const IrType *types;
	uint32_t ntypes;
	const IrType *const *records;	/* payloads, by kind: products named as the record */
	uint32_t nrecords;
} IrSchema;

/* The types that need no schema, by kind up to IR_SPAN. */
extern const IrType ir_builtin[];

/* ---- Reading ---- */

typedef struct IrReader IrReader;
typedef struct IrWriter IrWriter;

/* Reads the header.  `fd` stays open. */
IrReader *ir_open(Arena *arena, Interner *names, int fd, const IrSchema *schema);
/*
 * A file beside the stage's input, whose path must stay: messages name it, and nothing that is
 * wrong with it is passed over in silence.  The descriptor stays open until the process ends.
 */
IrReader *ir_open_file(Arena *arena, Interner *names, const char *path, const IrSchema *schema);
/* From memory, which must stay. */
IrReader *ir_open_text(Arena *arena, Interner *names, Text bytes, const IrSchema *schema);
/* The next record, or false after the last.  The typed form is `NAME_read`. */
bool ir_read(IrReader *in, uint32_t *kind, void **payload);
/* Where the nodes of the following records go. */
void ir_use_arena(IrReader *in, Arena *arena);
/* Records whose tag begins with `x-` go to `out` unchanged, in order; otherwise they are dropped. */
void ir_pass_through(IrReader *in, IrWriter *out);
/* An option of the header, or NULL. */
const char *ir_option(const IrReader *in, const char *name);
bool ir_option_is(const IrReader *in, const char *name, const char *value);
/* The target triple of the header, or "". */
const char *ir_target(const IrReader *in);
const char *ir_producer(const IrReader *in);

/* ---- Writing ---- */

/*
 * Nothing is written before the first record, so target and options can be set until then;
 * they are copied from `from`, which may be NULL, and `from` passes its x- records through.
 */
IrWriter *ir_create(Arena *arena, Interner *names, int fd, const IrSchema *schema,
    const char *producer, IrReader *from);
/* Into memory: see `ir_written`. */
IrWriter *ir_create_text(Arena *arena, Interner *names, const IrSchema *schema,
    const char *producer);
void ir_set_target(IrWriter *out, const char *target);
void ir_set_option(IrWriter *out, const char *name, const char *value);
/* One record.  The typed form is `NAME_write_KIND`. */
void ir_write(IrWriter *out, uint32_t kind, const void *payload);
/* Passes on what is buffered, for a reader that waits. */
void ir_flush(IrWriter *out);
/* Writes the end record and flushes; returns `status` for `return` in main. */
int ir_finish(IrWriter *out, int status, uint32_t errors);
/* The bytes of a writer into memory so far. */
Text ir_written(const IrWriter *out);

/* ---- Reading without exiting: for tools and tests ---- */

typedef enum IrStatus {
	IR_RECORD,	/* a record was read */
	IR_FOREIGN,	/* an x- record: `ir_foreign` has its bytes */
	IR_END,		/* the end record: `ir_end_status`, `ir_end_errors` */
	IR_BROKEN,	/* `ir_error` has the message; it is empty where silence is due */
} IrStatus;

/* With `schema` NULL the header is not compared: set it with `ir_set_schema` before reading on. */
IrReader *ir_try_open(Arena *arena, Interner *names, int fd, const IrSchema *schema);
IrReader *ir_try_open_text(Arena *arena, Interner *names, Text bytes, const IrSchema *schema);
IrStatus ir_try_read(IrReader *in, uint32_t *kind, void **payload);
/* False, with an error, when the header names another IR or another hash. */
bool ir_set_schema(IrReader *in, const IrSchema *schema);
/* NULL while all is well. */
const char *ir_error(const IrReader *in);
/* Name of the IR as in the header. */
const char *ir_name(const IrReader *in);
/* The i-th option; false past the last. */
bool ir_option_at(const IrReader *in, uint32_t i, const char **name, const char **value);
int ir_end_status(const IrReader *in);
uint32_t ir_end_errors(const IrReader *in);
/* Bytes of the last x- record, valid until the next read. */
Text ir_foreign(const IrReader *in);
/* Position in the stream after, and before, the last record read. */
uint64_t ir_offset(const IrReader *in);
uint64_t ir_record_offset(const IrReader *in);
/* An x- record as it is. */
void ir_write_foreign(IrWriter *out, Text record);

/* ---- Any node, through its descriptor ---- */

/* The descriptor of a node type by its schema name; `bug` if there is none. */
const IrType *ir_type(const IrSchema *schema, const char *name);
/* Same shape and contents.  NULL equals only NULL. */
bool ir_equal(const IrType *type, const void *a, const void *b);
/* A copy of `node` and all below that shares nothing with it but texts. */
void *ir_clone(Arena *arena, const IrType *type, const void *node);
/* Calls `visit` for `node` and all below, parents first; it says whether to descend. */
typedef bool IrVisit(void *ctx, const IrType *type, void *node);
void ir_walk(const IrType *type, void *node, IrVisit *visit, void *ctx);
/* Calls `visit` for the children of `node` only; its answer does not matter. */
void ir_each_child(const IrType *type, void *node, IrVisit *visit, void *ctx);
/* NULL, or what is wrong: missing parts, numbers out of range, depth. */
const char *ir_verify(Arena *arena, const Interner *names, const IrType *type, const void *node);
/* The constructor of a sum's or a product's node. */
const IrCtor *ir_ctor(const IrType *type, const void *node);

/* ---- Text form ---- */

/*
 * One record, or one node, in the text form, ending in a newline.  `number` is the record's index
 * among those of its kind, for a comment.
 */
void ir_dump_record(FILE *out, const Interner *names, const IrSchema *schema, uint32_t kind,
    const void *payload, uint32_t number);
void ir_dump_node(FILE *out, const Interner *names, const IrType *type, const void *node);
/* Everything before the first record; an x- record; the line after the last record. */
void ir_dump_header(FILE *out, const IrReader *in, uint32_t version);
void ir_dump_foreign(FILE *out, Text record);
void ir_dump_end(FILE *out, int status, uint32_t errors);

/*
 * A stream in text form to a writer.  `find` gives the schema of an IR by name, NULL if unknown.
 * Returns NULL on success, else a message "LINE:COLUMN: what" in the arena.
 */
typedef const IrSchema *IrFind(const char *name);
const char *ir_parse_text(Arena *arena, Interner *names, Text text, IrFind *find, int fd,
    IrWriter **out);

#endif
