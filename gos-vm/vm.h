/*
 * gos-vm: counted mir, run at once on the runtime library of compiled programs.
 *
 * A function is translated when it is first called (translate.c) into typed register code, which
 * one loop interprets (run.c).  ir-spec/bytecode.md describes the code.
 *
 * Frames.  `fp` points to a frame; below it lies a FrameHead.  Locals keep their native layout, each
 * at an offset divisible by 8: the parameters from 0 on (see ArgSlot), then the result, the others
 * and temporaries.  A call writes the arguments where the callee's frame will be, at a distance from
 * fp that the call instruction holds, so a return knows how far to go back.  Frames live in chunks
 * of a stack that each goroutine has beside its C stack (stack.c); they never move, because Refs
 * point into them.
 *
 * Invariants
 *   - The loop recurses only through C: a Shim that the runtime calls.
 *   - Translation, and whatever it fills (places, literals, code), happens under vm.lock.
 *     `VmFn.code` is published last; everything else in a VmFn is complete before.
 *   - Nothing here is thread-local: a goroutine may go on in another thread after a runtime call.
 */
#ifndef GOS_VM_VM_H
#define GOS_VM_VM_H

#include "lib/mir.h"
#include "librt/gos_rt.h"

#include <pthread.h>

/* One word of code; some instructions have more words of data after it. */
typedef struct Insn {
	uint16_t op, a, b, c;
} Insn;
_Static_assert(sizeof(Insn) == 8, "a word");

typedef enum Op {
#define OP(name, format, text) OP_##name,
#include "gos-vm/ops.def"
#undef OP
	OP_COUNT,
} Op;

/* How the operands of an instruction read, for the dump; see ops.def. */
typedef struct OpInfo {
	const char *name, *format, *text;
} OpInfo;
extern const OpInfo op_info[OP_COUNT];

/* An instruction that can panic or call. */
typedef struct VmSite {
	uint32_t pc;		/* index of its first word in the code */
	uint32_t unwind;	/* where a panic goes, IR_NONE: it leaves the function */
	Span span;
	GosPlace *place;	/* made when it is needed */
} VmSite;

/* One mir program; in a session there is one for each input, and what earlier ones left refers to them. */
typedef struct VmModule {
	MirModule *m;
	struct VmFn *fns;	/* by MirFnId */
	struct VmDesc *descs;	/* by MirTypeId */
	struct VmFn ***tables;	/* by MirTableId: code by slot */
	void **statics;		/* by MirStaticId: their storage */
} VmModule;

/* The runtime knows the descriptors of all modules by their ids. */
typedef struct VmDesc {
	GosDesc desc;		/* first */
	const VmModule *module;
	MirTypeId type;
} VmDesc;

typedef struct VmFn {
	const Insn *code;	/* of the stub that translates, until that has been done */
	uint64_t frame;		/* bytes from fp that must be free when it is entered */
	uint64_t next;		/* bytes from fp to the frame of what it calls */
	uint64_t slots, args;	/* bytes from fp of the slots of parameters, and of all that is passed */
	uint64_t result_size;
	MirFnId id;
	const MirFn *mir;
	const VmModule *module;
	const VmSite *sites;	/* by pc */
	uint32_t n_sites, n_code;
	GosPlace *place;	/* of the function itself, made when it is needed */
	GosCell *closure;	/* the closure without captures that it is the code of, made when it is needed */
	void *shim;		/* the C function around it for the runtime, made when it is needed */
	void *c_code;		/* the one for foreign code */
	struct Foreign *foreign;	/* of a function without a body */
} VmFn;

typedef struct Vm {
	Arena *arena;
	Interner *names;	/* of all modules */
	pthread_mutex_t lock;
	VEC(const GosDesc *) descs;	/* by id */
	Map literal_of;		/* Sym -> index of literals */
	VEC(GosString *) literals;
	Map runtime_of;		/* Sym -> index of the runtime's function */
	bool polls;		/* loops look whether they are to end: in a session */
	bool interrupted;	/* atomic; what `evaluating` runs is to end */
	G *evaluating;		/* atomic */
} Vm;

/* There is one program, or one session. */
extern Vm vm;

/* What lies below fp. */
typedef struct FrameHead {
	const Insn *back;	/* where the caller goes on; its call is CALL_WORDS before */
	VmFn *fn;
} FrameHead;

enum { CALL_WORDS = 2, CELL_PAYLOAD = 8, VEC_LEN = 8, VEC_DATA = 24 };
/* Operand a of a call: the result, of any size, stays at the beginning of the callee's frame. */
enum { RESULT_STAYS = 0xffff };

static inline FrameHead *
frame_head(char *fp)
{
	return (FrameHead *)(void *)fp - 1;
}

/* Of a call instruction: bytes from the caller's fp to the callee's. */
static inline uint64_t
call_distance(const Insn *call)
{
	return ((uint64_t)call->b | (uint64_t)call->c << 16) * 8;
}

static inline uint64_t
round_up_8(uint64_t n)
{
	return (n + 7) & ~(uint64_t)7;
}

/*
 * Arguments in a frame: each has a slot, one after the other from 0 on.  A large one has a pointer
 * in its slot, and lies beyond LARGE_START; so all slots, and the callee's own locals, stay in reach
 * of operands.
 */
enum { ARG_LARGE = 8192, SLOTS_MAX = 16384, LARGE_START = 0x10000 };

typedef struct ArgSlot {
	uint64_t at;
	bool large;
} ArgSlot;

/* The slot of the next argument; *end, 0 at first, is where slots end. */
static inline ArgSlot
arg_slot(uint64_t *end, uint64_t size)
{
	ArgSlot slot = {*end, size > ARG_LARGE || *end + size > SLOTS_MAX - 8};

	*end += slot.large ? 8 : round_up_8(size);
	return slot;
}

/* ---- load.c: the program ---- */

/* Makes a module of a verified program, and its types known to the runtime; NULL, or what is wrong.
 * The caller holds vm.lock, or is alone. */
const char *vm_load(VmModule *module, MirModule *m);
/* Runs the entry of the module, leaves the status; true: it panicked. */
bool vm_run_entry(G *g, const VmModule *module, int32_t *status);

/* ---- session.c ---- */

/* Runs what comes on a descriptor, in the runtime; returns the status. */
int vm_session(int in, int out);

/* ---- data.c: what code points to.  Callers hold vm.lock ---- */

/* The immortal cell of a closure without captures. */
GosCell *vm_closure(VmFn *code);
GosString *vm_literal(Sym text);
/* NULL functions in hidden places keep them out of reports, as in compiled code. */
GosPlace *vm_place(const VmFn *fn, Span span);
const GosDesc *vm_desc(const VmModule *module, MirTypeId type);
void vm_make_descs(VmModule *module);
void vm_make_tables(VmModule *module);
void vm_make_statics(VmModule *module);
/* Applies a GosOp to each counted leaf of a value.  Needs no lock. */
void vm_visit(G *g, void *place, const VmModule *module, MirTypeId type, int32_t op);

/* ---- translate.c ---- */

/* Fills fn and publishes its code.  The caller holds vm.lock. */
void vm_translate(VmFn *fn);
/* The same if that has not been done. */
void vm_ready(VmFn *fn);

/* ---- run.c ---- */

/* The code of functions that have not been translated. */
extern const Insn vm_stub[];
bool vm_is_translated(const VmFn *fn);

typedef struct Stack Stack;
/* Runs from pc to the end of the frame that C entered; true: it panicked. */
bool vm_run(G *g, Stack *stack, char *fp, const Insn *pc);

/* ---- stack.c: the frames of a goroutine ---- */

typedef struct Chunk Chunk;
struct Stack {
	char *limit;		/* of the chunk: no frame reaches beyond */
	char *fp;		/* of the frame that called the runtime */
	Chunk *chunk;
	uint64_t older;		/* bytes of the chunks below */
	uint64_t max;		/* of all chunks */
	uint64_t full_limit;	/* of the goroutine's C stack, when nothing is wrong */
	uint32_t entries;	/* of C, nested */
};

/*
 * A frame that does not fit: moves what the caller wrote of it (the head, the arguments) to a new
 * chunk, whose code for returning brings the result back.  NULL: the stack overflows.
 */
char *stack_grow(G *g, Stack *s, char *fp, uint64_t size);
/* Undoes that when the frame at fp returns or is left: the code where its caller goes on.  *fp
 * becomes the caller's frame. */
const Insn *stack_shrink(Stack *s, char **fp);
/* What stands at FrameHead.back of such a frame, and of one that C entered. */
extern const Insn vm_back_to_chunk[], vm_back_to_c[];

/* The next call from C is that of the main goroutine. */
void stack_begin_main(G *g);

/* The parameters as addresses of the values. */
typedef struct VmCall {
	VmFn *fn;
	const void *const *args;
	void *result;		/* or NULL */
} VmCall;
/* Calls a function from C; true: it panicked. */
bool vm_call(G *g, const VmCall *call);
/* Gives back what the parameters in a frame own, and panics. */
void vm_overflow(G *g, VmFn *fn, char *fp);

/* ---- panic.c ---- */

/* Records the panic that ends an interrupted evaluation. */
void vm_interrupt(G *g, VmFn *fn, const Insn *pc);

/* The site of the instruction; NULL if it has none. */
const VmSite *vm_site(const VmFn *fn, const Insn *pc);
/* Its place, made on first use. */
const GosPlace *vm_site_place(VmFn *fn, const Insn *pc);
const GosPlace *vm_fn_place(VmFn *fn);

/* ---- shim.c: the runtime calls us ---- */

/* The C function for the runtime around fn.  The caller holds vm.lock. */
void *vm_shim(VmFn *fn);

/* ---- foreign.c: C calls us, and we call C ---- */

/* The C function that an exported function is to C.  The caller holds vm.lock. */
void *vm_code(VmFn *fn);
/* Opens the module's libraries and finds its foreign functions; NULL, or what is missing. */
const char *vm_link_foreign(const VmModule *module);
/* Arguments at fp as a frame has them; the result goes to fp too. */
void vm_call_foreign(VmFn *fn, char *fp);

/* ---- runtime.c ---- */

/* Calls a function of the runtime with operands from pc->b on; the next instruction, NULL: it
 * panicked. */
typedef const Insn *VmRuntime(G *g, char *fp, const Insn *pc);
extern VmRuntime *const vm_runtime[];

/* ---- dump.c ---- */

void vm_dump(const VmModule *module);

#endif
