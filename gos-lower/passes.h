/* What main.c calls, in this order, and what only a few files of the stage share. */
#ifndef GOS_LOWER_PASSES_H
#define GOS_LOWER_PASSES_H

#include "gos-lower/lower.h"

/* tables.c: fills the tables from the stream; chains impls and lang items. */
void tables_read(Lower *lo, IrReader *in);
void tables_index(Lower *lo);

/* statics.c: the function to start with, which fills the statics first. */
MirFnId statics_start(Lower *lo, MirFnId entry);
/* verify.c: what the tables promise each other and the reader cannot know. */
void tables_verify(Lower *lo);

/* mono.c, layout.c, resolve.c: before any type is asked for. */
void mono_init(Lower *lo);
void layout_init(Lower *lo);
void resolve_init(Lower *lo);
void dyn_init(Lower *lo);
typedef VEC(MirEnd *) MirEndList;
void ending_init(Lower *lo);
/* The function `Drop::drop` of such a type. */
MirFnId ty_drop_fn(Lower *lo, Ty t);
/* A record for each type whose end can be noticed, when all types are there. */
void endings_find(Lower *lo, MirEndList *ends);
/* Sets `recursive` of every type, when all are there. */
void layout_finish(Lower *lo);

/* instance.c: lowers everything that can be reached from what has been requested. */
void instances_lower(Lower *lo);
/* fn.c: one instance; fills `mir`. */
void fn_lower(Lower *lo, MirFnId id);
/* entry.c: the Entry record, NULL in a library. */
MirEntry *entry_lower(Lower *lo);
/* prune.c: removes blocks that nothing reaches. */
void fn_prune(Arena *arena, MirFn *fn);

/* resolve.c: the concrete type of an associated type. */
Ty resolve_assoc(Lower *lo, TastTraitId trait, const IrU32List *args, uint32_t index);

/* instance.c: an instance of its own for a closure expression in the function being built. */
MirFnId closure_instance(Build *b, const TastExpr *e);
/* Key bytes to a small id, equal for equal bytes; `what` keeps the uses apart. */
uint32_t mono_key(Lower *lo, uint32_t what, const uint32_t *words, uint32_t n);
/* Linker symbol from a path, unique. */
Sym instance_symbol(Lower *lo, const char *path);

#endif
