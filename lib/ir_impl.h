/*
 * What the parts of the stream engine share; stages include lib/ir.h only.
 *
 * Decoder: bytes of one MessagePack object to a record (ir_decode.c).
 * Reader: header, sequence of objects, end (ir_read.c).  Writer: ir_write.c.
 */
#ifndef GOS_LIB_IR_IMPL_H
#define GOS_LIB_IR_IMPL_H

#include "lib/ir.h"

/* Generated structs are reached through these, hence may_alias. */
typedef VEC(void) __attribute__((may_alias)) IrList;
typedef void *__attribute__((may_alias)) IrPointer;
typedef uint32_t __attribute__((may_alias)) IrWord;

/* What is at `at`, a field of a node. */
static inline void *
ir_pointer_at(const void *at)
{
	return *(const IrPointer *)at;
}

static inline uint32_t
ir_word_at(const void *at)
{
	return *(const IrWord *)at;
}

static inline bool
ir_is_node(const IrType *t)
{
	return t->kind == IR_SUM || t->kind == IR_PRODUCT;
}

/* Bytes of one element of a list. */
static inline size_t
ir_element_size(const IrType *t)
{
	return ir_is_node(t) ? sizeof(void *) : t->size;
}

/* Elements of an array that one value takes. */
static inline uint32_t
ir_slots(const IrType *t)
{
	return t->kind == IR_SPAN || t->kind == IR_U128 ? 2 : 1;
}

typedef enum IrFound {
	IR_FOUND_RECORD,
	IR_FOUND_STRINGS,
	IR_FOUND_FOREIGN,
	IR_FOUND_MAP,
} IrFound;

typedef struct IrReference {
	uint32_t limit;		/* all ids seen are below */
	uint64_t offset;	/* of the record with the largest */
} IrReference;

typedef struct IrDecoder IrDecoder;

IrDecoder *ir_decoder_new(Arena *arena, Interner *names);
void ir_decoder_set_schema(IrDecoder *d, const IrSchema *schema);
/* Starts on a new object at `offset` of the stream, with its nodes in `nodes`. */
void ir_decoder_start(IrDecoder *d, Arena *nodes, uint64_t offset);
/*
 * Continues with data[*at..n).  1: the object ended before *at; 0: more bytes needed,
 * data from *at on must be shown again; -1: `ir_decoder_error`.
 */
int ir_decoder_feed(IrDecoder *d, const char *data, size_t n, size_t *at);
IrFound ir_decoder_found(const IrDecoder *d);
uint32_t ir_decoder_kind(const IrDecoder *d);
void *ir_decoder_payload(const IrDecoder *d);
const char *ir_decoder_error(const IrDecoder *d);
/* What was referred to so far, by record kind. */
const IrReference *ir_decoder_references(const IrDecoder *d);
/* Makes `s` the next string of the stream, for a writer that checks itself. */
void ir_decoder_add_string(IrDecoder *d, Sym s);

#endif
