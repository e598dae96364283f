/* Shared by the files that lower primitives of std. */
#ifndef GOS_LOWER_INTRINSIC_H
#define GOS_LOWER_INTRINSIC_H

#include "gos-lower/lower.h"

typedef struct Intrinsic {
	const TastFn *fn;
	const IrU32List *args;
	const MirOperandList *operands;
	const MirPlace *dest;	/* never NULL unless the result is () */
} Intrinsic;

MirOperand *in_operand(Build *b, const Intrinsic *in, uint32_t i);
/* The operand as a value that the next instruction may keep. */
MirOperand *in_owned(Build *b, MirOperand *op);
/* Storage that the runtime fills when it says so: moved out then, and empty otherwise. */
MirPlace *in_storage(Build *b, MirTypeId type);

/* intrinsic_map.c: those of HashMap, whose type arguments are those of the map. */
void hashmap_is_quick(Build *b, const Intrinsic *in);
void hashmap_hash(Build *b, const Intrinsic *in);
void hashmap_find(Build *b, const Intrinsic *in);
void hashmap_find_hashed(Build *b, const Intrinsic *in);
void hashmap_probe(Build *b, const Intrinsic *in);
void hashmap_add(Build *b, const Intrinsic *in);
void hashmap_reserve(Build *b, const Intrinsic *in);
void hashmap_remove(Build *b, const Intrinsic *in);
void hashmap_is_live(Build *b, const Intrinsic *in);
void hashmap_key(Build *b, const Intrinsic *in);
void hashmap_value(Build *b, const Intrinsic *in);
void hashmap_value_mut(Build *b, const Intrinsic *in);

#endif
