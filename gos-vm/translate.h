/*
 * From mir to code: what the files of the translator share.
 *
 * Operands of instructions are frame offsets of 16 bits.  Values that lie elsewhere (behind a
 * pointer, or in a frame beyond 64 KiB) are loaded to temporaries first.  Temporaries live for one
 * mir instruction.
 */
#ifndef GOS_VM_TRANSLATE_H
#define GOS_VM_TRANSLATE_H

#include "gos-vm/simplify.h"
#include "gos-vm/vm.h"

typedef uint16_t Slot;

typedef enum LocKind {
	LOC_FRAME,	/* offset from fp */
	LOC_MEM,	/* offset from a pointer in the frame */
	LOC_ELEM,	/* element of an array behind a pointer in the frame, `offset` bytes on */
	LOC_VEC,	/* the same of a vector */
} LocKind;

/* Where a value is. */
typedef struct Loc {
	LocKind kind;
	Slot base, index;
	uint64_t offset;
	uint64_t elem;	/* size */
} Loc;

/* A jump whose target has no code yet. */
typedef enum FixKind { FIX_NEAR, FIX_WIDE, FIX_TABLE } FixKind;
typedef struct Fix {
	FixKind kind;
	uint32_t at;	/* the instruction; the half word of a table counted from `from` */
	uint32_t from;	/* what the distance counts from */
	MirBbId bb;
} Fix;

/* A pointer that has been loaded: from where. */
typedef struct Known {
	Slot base;
	uint64_t offset;
} Known;
enum { KNOWN_MAX = 4 };

typedef struct Trans {
	VmFn *vf;
	const MirModule *m;
	MirFn *fn;
	Arena *arena;		/* for this function */
	VEC(Insn) code;
	uint32_t last;		/* index of the last instruction, whose words may follow */
	uint32_t block_start;	/* index of the first of the block */
	VEC(VmSite) sites;
	VEC(Fix) fixes;
	uint64_t *at;		/* by local: its frame offset, or that of its slot */
	bool *is_large;		/* by local: a parameter whose slot has a pointer to it */
	Uses uses;
	bool *placed;		/* by local: lies where a callee will have its parameter */
	uint64_t call_base;	/* where the frames of such calls begin */
	uint32_t placed_live;	/* how many such locals are set, and not passed yet */
	bool in_call;		/* arguments are being written: temporaries lie beyond them */
	bool plain_args;	/* that has been tried: it did not work */
	bool misplaced;		/* it does not work */
	uint32_t *pc_of;	/* by block: index of its code, IR_NONE: none yet */
	IrU32List pending;	/* blocks that something jumps to */
	uint64_t near, far;	/* end of what is in use in the first 64 KiB, and beyond */
	uint64_t locals_near, locals_far;
	uint64_t top, frame;	/* ends of what was ever in use, without and with arguments of calls */
	Known known[KNOWN_MAX];
	uint64_t known_at[KNOWN_MAX];	/* where they are kept: the last of the locals */
	uint32_t n_known, max_known;
	bool has_far;		/* are there locals beyond */
	bool wide_jumps;	/* jumps of 16 bits turned out too short */
	bool jump_too_far;
	Span span;		/* of the mir instruction */
} Trans;

/* ---- code.c: words, temporaries ---- */

void emit(Trans *t, Op op, Slot a, Slot b, Slot c);
void emit_word(Trans *t, uint64_t word);
/* A call: b and c hold the distance. */
void emit_call(Trans *t, Op op, Slot a, uint64_t distance, uint64_t word);
/* The next instruction can panic, or call what can. */
void site(Trans *t, MirBbId unwind);
/* A jump to a block; `op` has its target in c, or for jump, jt and jf in b and c. */
void emit_jump(Trans *t, Op op, Slot a, Slot b, MirBbId bb);
/* Where an evaluation may be interrupted; nothing that the function holds is released then. */
void emit_poll(Trans *t);
void emit_goto(Trans *t, MirBbId bb);
/* A temporary of at most 64 bytes. */
Slot temp(Trans *t, uint64_t size);
/* Of any size. */
Loc temp_loc(Trans *t, uint64_t size);

/* The instruction for 8, 16, 32, 64 or 128 bits, given that for 8; the same for ints. */
#define OP_BITS(name, bytes) ((Op)(OP_##name##_8 + op_bits(bytes) * (OP_set_16 - OP_set_8)))
#define OP_ELEM(name, bytes) ((Op)(OP_##name##_8 + op_bits(bytes) * (OP_ldx_16 - OP_ldx_8)))
#define OP_INT(name, kind) ((Op)(OP_##name##_i8 + (kind) * (OP_add_i16 - OP_add_i8)))
#define OP_CONST(name, kind) ((Op)(OP_##name##_i8 + (kind) * (OP_addk_i16 - OP_addk_i8)))
#define OP_FLOAT(name, bits) ((Op)((bits) == 32 ? OP_##name##_f32 : OP_##name##_f64))
int op_bits(uint64_t bytes);
/* 0 … 9 for i8, i16, i32, i64, i128, u8 …; 10 and 11 for floats. */
int op_kind(MirClass c, bool is_signed);
Op op_cast(int from, int to);

/* ---- place.c ---- */

Loc place_loc(Trans *t, const MirPlace *p);
Loc loc_frame(uint64_t offset);
Loc loc_at(Loc l, uint64_t offset);
/* The frame offset of a value, which is loaded if need be. */
Slot loc_slot(Trans *t, Loc l, uint64_t size);
/* The address of a place as a pointer in the frame. */
Slot loc_pointer(Trans *t, Loc l);
/* The same as an operand `p` of an instruction. */
Slot loc_address(Trans *t, Loc l);
/* Is it directly usable as an operand? */
/* ---- layout.c ---- */

/* Decides where locals are. */
void lay_out(Trans *t);
/* How many arguments of the call are where they belong. */
uint32_t placed_args(Trans *t, const MirInst *i);
/* Is the instruction's result such an argument? */
bool sets_placed(Trans *t, const MirInst *i);

/* Nothing is known any more; nothing that the instruction changes. */
void forget_pointers(Trans *t);
void forget_changed(Trans *t, const MirInst *i);
uint64_t local_size(Trans *t, MirLocalId l);
bool loc_is_near(Loc l, uint64_t size);
void loc_move(Trans *t, Loc to, Loc from, uint64_t size);

uint64_t class_bytes(MirClass c);
MirClass place_class(Trans *t, const MirPlace *p);
MirTypeId place_type(Trans *t, const MirPlace *p);
MirClass operand_class(Trans *t, const MirOperand *op);
bool operand_is_signed(Trans *t, const MirOperand *op);
/* A scalar as an operand. */
Slot operand_slot(Trans *t, const MirOperand *op);
/* Where an operand of class MEM is. */
Loc operand_loc(Trans *t, const MirOperand *op);
/* The type of an operand, IR_NONE if it has none of its own. */
MirTypeId operand_type(Trans *t, const MirOperand *op);
/* Stores an operand of any class. */
void operand_put(Trans *t, Loc to, const MirOperand *op);
void constant(Trans *t, Slot to, uint64_t bytes, IrU128 value);
void constant_pointer(Trans *t, Slot to, const void *p);
/* A constant that fits 16 bits. */
bool is_small(Trans *t, const MirOperand *op, Slot *k);
/* May writing to `dest` change what `op` reads? */
bool may_overlap(Trans *t, const MirPlace *dest, const MirOperand *op);

/* Where an instruction writes a scalar: the place itself, or a temporary that dest_end stores. */
typedef struct Dest {
	const MirPlace *place;
	Slot slot;
	bool is_temp;
	uint64_t bytes;
} Dest;
Dest dest_begin(Trans *t, const MirPlace *p);
void dest_end(Trans *t, const Dest *d);
/* Is the place at a fixed offset of the frame? */
bool place_is_fixed(Trans *t, const MirPlace *p, uint64_t *offset);

/* ---- inst.c, arith.c, call.c, count.c, flow.c ---- */

void trans_inst(Trans *t, const MirInst *i);
void trans_unary(Trans *t, const MirInst *i);
void trans_binary(Trans *t, const MirInst *i);
void trans_cast(Trans *t, const MirInst *i);
void trans_call(Trans *t, const MirInst *i);
void trans_panic(Trans *t, const MirTerm *term);
/* Compares and jumps: to `bb` if the outcome is `when`. */
void trans_compare_jump(Trans *t, const MirInst *i, bool when, MirBbId bb);
void trans_count(Trans *t, const MirPlace *p, GosOp op);
/* Index of a function of the runtime. */
uint16_t runtime_index(const char *name);
/* All blocks that can be reached. */
void trans_blocks(Trans *t);
/* Instruction k of the block, and what follows if it can be done at once; how many were done. */
uint32_t trans_fused(Trans *t, const MirBlock *b, uint32_t k);

#endif
