/* Shared by the files that synthesise what types can do without an impl. */
#ifndef GOS_LOWER_STRUCTURAL_H
#define GOS_LOWER_STRUCTURAL_H

#include "gos-lower/lower.h"

/* Variants in the order of std. */
enum { OPTION_NONE, OPTION_SOME };
enum { RESULT_OK, RESULT_ERR };

/* Place of a field of a struct, tuple or enum variant. */
MirPlace *part_place(Build *b, const MirPlace *p, uint32_t variant, uint32_t field);
uint32_t variant_count(const Lower *lo, Ty t);
/* Element type of a Vec or array; IR_NONE for other types. */
Ty element_type(const Lower *lo, Ty t);
/* Ends the block with a switch on the tag: the blocks of n variants, by index. */
MirBbId *switch_variants(Build *b, const MirPlace *p, uint32_t n);
/* A place that holds the operand's value. */
MirPlace *operand_place(Build *b, MirOperand *op);

/* `for i in 0 .. n`. */
typedef struct Loop {
	MirPlace *i;
	MirBbId head, done;
} Loop;
Loop loop_begin(Build *b, MirOperand *n);
void loop_end(Build *b, const Loop *l);

/* Bodies for synth_fn; x is the type. */
SynthBuild build_copy, build_hash, build_default, build_debug, build_display;

/* Writes a borrowed value to the Formatter that the Ref operand points to; the spec is set.  A user's `fmt`
 * that fails goes to `fail` (IR_NONE: failures are ignored). */
void format_value(Build *b, Ty t, MirOperand *value, MirOperand *formatter, bool debug, MirBbId fail);

/* dest = Ok(()) or Err(fmt::Error). */
void emit_fmt_result(Build *b, const MirPlace *dest, bool ok);
/* The flags of fmt_spec; NULL is the default spec.  debug: radix Debug whatever the spec says. */
int64_t format_flags(const TastSpec *spec, bool debug);

#endif
