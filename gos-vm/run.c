/*
 * The loop.  See vm.h, and ops.def for what each instruction does.
 *
 * Requires code as translate.c makes it.  `pc` stays at an instruction until it is complete, so
 * that a panic finds its site.  What is rare leaves the straight path: the ends of the checks
 * gather at a few labels below the instructions.
 */
#include "gos-vm/vm.h"

#include <math.h>
#include <string.h>

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Frames hold values of all types at the same places. */
#define ALIAS __attribute__((may_alias))
typedef int8_t ALIAS i8;
typedef int16_t ALIAS i16;
typedef int32_t ALIAS i32;
typedef int64_t ALIAS i64;
typedef uint8_t ALIAS u8;
typedef uint16_t ALIAS u16;
typedef uint32_t ALIAS u32;
typedef uint64_t ALIAS u64;
typedef float ALIAS f32;
typedef double ALIAS f64;
typedef char *ALIAS ptr;
typedef __int128 i128 __attribute__((may_alias, aligned(8)));
typedef unsigned __int128 u128 __attribute__((may_alias, aligned(8)));
typedef struct Pair {
	u64 low, high;
} ALIAS Pair;

/* The same number of bits without a sign. */
typedef u8 bits_i8, bits_u8, bits_8;
typedef u16 bits_i16, bits_u16, bits_16;
typedef u32 bits_i32, bits_u32, bits_32;
typedef u64 bits_i64, bits_u64, bits_64;
typedef u128 bits_i128, bits_u128, bits_128;

enum { IS_SIGNED_i8 = 1, IS_SIGNED_i16 = 1, IS_SIGNED_i32 = 1, IS_SIGNED_i64 = 1,
	IS_SIGNED_i128 = 1, IS_SIGNED_u8 = 0, IS_SIGNED_u16 = 0, IS_SIGNED_u32 = 0, IS_SIGNED_u64 = 0,
	IS_SIGNED_u128 = 0 };

#define U128_MAX (~(u128)0)
#define I128_MAX ((i128)(U128_MAX >> 1))
#define I128_MIN (-I128_MAX - 1)

/* What the runtime calls the operations. */
enum { DO_ADD, DO_SUB, DO_MUL, DO_DIV, DO_REM, DO_NEG, DO_SHL, DO_SHR };

const Insn vm_stub[] = {{.op = OP_translate}};
const Insn vm_back_to_chunk[] = {{.op = OP_unreachable}, {0}, {.op = OP_back_to_chunk}};
const Insn vm_back_to_c[] = {{.op = OP_unreachable}, {0}, {.op = OP_back_to_c}};

bool
vm_is_translated(const VmFn *fn)
{
	return __atomic_load_n(&fn->code, __ATOMIC_ACQUIRE) != vm_stub;
}

/* ---- Data in the code ---- */

static inline uint64_t
word(const Insn *at)
{
	uint64_t n;

	memcpy(&n, at, sizeof n);
	return n;
}

static inline void *
word_pointer(const Insn *at)
{
	return (void *)(uintptr_t)word(at);
}

static inline int64_t
wide_operand(const Insn *at)
{
	return (int32_t)((uint32_t)at->b | (uint32_t)at->c << 16);
}

/* See op_niche in ops.def. */
static inline uint64_t
variant_from_niche(uint64_t stored, const Insn *pc)
{
	uint64_t nth = stored - word(pc + 1), untagged = word(pc + 3);

	return nth >= word(pc + 2) ? untagged : nth + (nth >= untagged);
}

/* ---- Counts: the fast paths of librt, as gos_rt.h describes headers ---- */

/* With --stats each count is the library's: it keeps the tally.  Under ThreadSanitizer too: see librt/rc/rc.h. */
#if defined(GOS_COUNT) || defined(__SANITIZE_THREAD__)
enum { HERE = false };
#else
enum { HERE = true };
#endif

static inline void
retain(G *g, GosHeader *o)
{
	int32_t rc = __atomic_load_n(&o->rc, __ATOMIC_RELAXED);

	if (HERE && LIKELY((uint32_t)(rc - 1) < GOS_STICKY - 1))
		__atomic_store_n(&o->rc, rc + 1, __ATOMIC_RELAXED);
	else if (rc != 0 || !HERE)
		gos_rt_retain(g, o);
}

/* The end of a resource runs code of the program, on top of the frame. */
static inline void
release(G *g, Stack *stack, char *fp, GosHeader *o)
{
	int32_t rc = __atomic_load_n(&o->rc, __ATOMIC_RELAXED);

	if (HERE && LIKELY((uint32_t)(rc - 2) < GOS_STICKY - 2))
		__atomic_store_n(&o->rc, rc - 1, __ATOMIC_RELAXED);
	else if (rc != 0 || !HERE) {
		stack->fp = fp;
		gos_rt_release(g, o);
	}
}

static inline char *
vec_data(char *vec)
{
	return (char *)((GosVec *)(void *)vec)->data;
}

static inline bool
is_heap(const GosString *s)
{
	return (uint8_t)s->bytes[15] & GOS_HEAP_TAG;
}

/* ---- Where a panic goes ---- */

/*
 * The frame at *fp is left: where its caller goes on after the panic has been noted there, NULL
 * when C called it.
 */
static const Insn *
leave_frame(G *g, Stack *stack, char **fp)
{
	const Insn *back = frame_head(*fp)->back;

	if (back->op == OP_back_to_c)
		return NULL;
	if (back->op == OP_back_to_chunk)
		back = stack_shrink(stack, fp);
	else
		*fp -= call_distance(back - CALL_WORDS);
	const Insn *call = back - CALL_WORDS;
	VmFn *fn = frame_head(*fp)->fn;
	if (!fn->mir->hidden)
		gos_rt_trace(g, vm_site_place(fn, call));
	return call;
}

/* Finds the code that cleans up after the instruction at pc panicked, in this frame or below. */
static const Insn *
unwind(G *g, Stack *stack, char **fp, const Insn *pc)
{
	while (pc) {
		VmFn *fn = frame_head(*fp)->fn;
		const VmSite *site = vm_site(fn, pc);
		if (site && site->unwind != IR_NONE)
			return fn->code + site->unwind;
		pc = leave_frame(g, stack, fp);
	}
	return NULL;
}

static const Insn *
resume(G *g, Stack *stack, char **fp)
{
	return unwind(g, stack, fp, leave_frame(g, stack, fp));
}

/* ---- The rest of calls ---- */

/* The frame at fp, with its arguments, is larger than its chunk: another place, NULL when there is
 * none; then the panic is on its way. */
static __attribute__((noinline)) char *
enter_slow(G *g, Stack *stack, char *fp, VmFn *fn, uint64_t size)
{
	char *moved = stack_grow(g, stack, fp, size);

	if (!moved)
		vm_overflow(g, fn, fp);
	return moved;
}

/* Where the caller at fp wants the result of the frame that it called. */
static inline char *
result_place(char *fp, const Insn *call, char *frame)
{
	return call->a == RESULT_STAYS ? frame : fp + call->a;
}

/* The result goes on from the first frame of a chunk to the frame that called it. */
static const Insn *
return_to_chunk(Stack *stack, char **fp)
{
	const char *from = *fp;
	uint64_t size = frame_head(*fp)->fn->result_size;
	const Insn *back = stack_shrink(stack, fp), *call = back - CALL_WORDS;

	memmove(result_place(*fp, call, *fp + call_distance(call)), from, size);
	return back;
}

static const Insn *
switch_target(const Insn *pc, uint64_t index)
{
	int32_t distance;

	if (index > pc->c)
		index = pc->c;
	memcpy(&distance, (const char *)(pc + 1) + index * sizeof distance, sizeof distance);
	return pc + distance;
}

/* Like memmove; most values that are no scalars have three or four words. */
static inline __attribute__((always_inline)) void
move(void *to, const void *from, uint64_t size)
{
	struct {
		Pair first, second;
	} four;
	struct {
		Pair first;
		u64 third;
	} three;

	if (size == sizeof three) {
		memcpy(&three, from, sizeof three);
		memcpy(to, &three, sizeof three);
	} else if (size == sizeof four) {
		memcpy(&four, from, sizeof four);
		memcpy(to, &four, sizeof four);
	} else {
		memmove(to, from, size);
	}
}

/* ---- The loop ---- */

#define R(T, at) (*(T *)(void *)(fp + (at)))
#define ADDRESS(p) ((p) & 1 ? (void *)R(ptr, (p) - 1) : (void *)(fp + (p)))
#define NEXT(n) \
	do { \
		pc += (n); \
		goto *labels[pc->op]; \
	} while (0)
#define JUMP(distance) NEXT(distance)
#define JUMP_IF(condition) \
	do { \
		if (condition) \
			NEXT((int16_t)pc->c); \
		NEXT(1); \
	} while (0)
#define OVERFLOW(operation) \
	do { \
		kind = (operation); \
		goto overflow; \
	} while (0)
#define K(T, k) ((T)(int16_t)(k))
#define A(T) R(T, pc->a)
#define B(T) R(T, pc->b)
#define C(T) R(T, pc->c)

/* a = left OP right where the builtin says whether that overflows; then a stays as it was. */
#define CHECKED(T, builtin, left, right, operation) \
	do { \
		T result; \
		if (UNLIKELY(builtin((T)(left), (T)(right), &result))) \
			OVERFLOW(operation); \
		A(T) = result; \
		NEXT(1); \
	} while (0)

#define IS_MIN(T, x) (IS_SIGNED_##T && (bits_##T)(x) == (bits_##T)((bits_##T)1 << (sizeof(T) * 8 - 1)))
#define IS_MINUS_ONE(T, x) (IS_SIGNED_##T && (x) == (T)-1)

#define DIVIDE(T, op, operation) \
	do { \
		if (UNLIKELY(C(T) == 0)) { \
			kind = (operation) - DO_DIV; \
			goto div_zero; \
		} \
		if (UNLIKELY(IS_MINUS_ONE(T, C(T)) && IS_MIN(T, B(T)))) \
			OVERFLOW(operation); \
		A(T) = (T)(B(T) op C(T)); \
		NEXT(1); \
	} while (0)

#define CODE_INT(T) \
	op_add_##T: CHECKED(T, __builtin_add_overflow, B(T), C(T), DO_ADD); \
	op_sub_##T: CHECKED(T, __builtin_sub_overflow, B(T), C(T), DO_SUB); \
	op_mul_##T: CHECKED(T, __builtin_mul_overflow, B(T), C(T), DO_MUL); \
	op_neg_##T: CHECKED(T, __builtin_sub_overflow, 0, B(T), DO_NEG); \
	op_div_##T: DIVIDE(T, /, DO_DIV); \
	op_rem_##T: DIVIDE(T, %, DO_REM); \
	op_shl_##T: \
		if (UNLIKELY(C(u64) >= sizeof(T) * 8)) \
			OVERFLOW(DO_SHL); \
		A(T) = (T)((bits_##T)B(T) << C(u64)); \
		NEXT(1); \
	op_shr_##T: \
		if (UNLIKELY(C(u64) >= sizeof(T) * 8)) \
			OVERFLOW(DO_SHR); \
		A(T) = (T)(B(T) >> C(u64)); \
		NEXT(1); \
	op_divw_##T: \
		A(T) = C(T) == 0 ? 0 : IS_MINUS_ONE(T, C(T)) ? (T)(0 - (bits_##T)B(T)) \
			: (T)(B(T) / C(T)); \
		NEXT(1); \
	op_remw_##T: \
		A(T) = C(T) == 0 || IS_MINUS_ONE(T, C(T)) ? 0 : (T)(B(T) % C(T)); \
		NEXT(1); \
	op_shrw_##T: \
		A(T) = (T)(B(T) >> (C(u64) & (sizeof(T) * 8 - 1))); \
		NEXT(1); \
	op_lt_##T: A(u8) = B(T) < C(T); NEXT(1); \
	op_le_##T: A(u8) = B(T) <= C(T); NEXT(1); \
	op_jlt_##T: JUMP_IF(A(T) < B(T)); \
	op_jle_##T: JUMP_IF(A(T) <= B(T));

#define CODE_CONST(T) \
	op_addk_##T: CHECKED(T, __builtin_add_overflow, B(T), K(T, pc->c), DO_ADD); \
	op_subk_##T: CHECKED(T, __builtin_sub_overflow, B(T), K(T, pc->c), DO_SUB); \
	op_mulk_##T: CHECKED(T, __builtin_mul_overflow, B(T), K(T, pc->c), DO_MUL); \
	op_divk_##T: A(T) = (T)(B(T) / K(T, pc->c)); NEXT(1); \
	op_remk_##T: A(T) = (T)(B(T) % K(T, pc->c)); NEXT(1); \
	op_shrk_##T: A(T) = (T)(B(T) >> pc->c); NEXT(1); \
	op_jltk_##T: JUMP_IF(A(T) < K(T, pc->b)); \
	op_jlek_##T: JUMP_IF(A(T) <= K(T, pc->b)); \
	op_jgtk_##T: JUMP_IF(A(T) > K(T, pc->b)); \
	op_jgek_##T: JUMP_IF(A(T) >= K(T, pc->b));

#define MEMORY(T) (*(T *)(void *)(B(ptr) + pc->c))
#define CODE_BITS(N) \
	op_mov_##N: A(bits_##N) = B(bits_##N); NEXT(1); \
	op_set_##N: A(bits_##N) = K(bits_##N, pc->b); NEXT(1); \
	op_addw_##N: A(bits_##N) = (bits_##N)(B(bits_##N) + C(bits_##N)); NEXT(1); \
	op_subw_##N: A(bits_##N) = (bits_##N)(B(bits_##N) - C(bits_##N)); NEXT(1); \
	op_mulw_##N: A(bits_##N) = (bits_##N)((u128)B(bits_##N) * C(bits_##N)); NEXT(1); \
	op_negw_##N: A(bits_##N) = (bits_##N)(0 - B(bits_##N)); NEXT(1); \
	op_shlw_##N: \
		A(bits_##N) = (bits_##N)(B(bits_##N) << (C(u64) & (sizeof(bits_##N) * 8 - 1))); \
		NEXT(1); \
	op_and_##N: A(bits_##N) = B(bits_##N) & C(bits_##N); NEXT(1); \
	op_or_##N: A(bits_##N) = B(bits_##N) | C(bits_##N); NEXT(1); \
	op_xor_##N: A(bits_##N) = B(bits_##N) ^ C(bits_##N); NEXT(1); \
	op_not_##N: A(bits_##N) = (bits_##N)~B(bits_##N); NEXT(1); \
	op_eq_##N: A(u8) = B(bits_##N) == C(bits_##N); NEXT(1); \
	op_ne_##N: A(u8) = B(bits_##N) != C(bits_##N); NEXT(1); \
	op_jeq_##N: JUMP_IF(A(bits_##N) == B(bits_##N)); \
	op_jne_##N: JUMP_IF(A(bits_##N) != B(bits_##N)); \
	op_jeqk_##N: JUMP_IF(A(bits_##N) == K(bits_##N, pc->b)); \
	op_jnek_##N: JUMP_IF(A(bits_##N) != K(bits_##N, pc->b)); \
	op_addkw_##N: A(bits_##N) = (bits_##N)(B(bits_##N) + K(bits_##N, pc->c)); NEXT(1); \
	op_andk_##N: A(bits_##N) = B(bits_##N) & K(bits_##N, pc->c); NEXT(1); \
	op_shlk_##N: A(bits_##N) = (bits_##N)(B(bits_##N) << pc->c); NEXT(1); \
	op_ld_##N: A(bits_##N) = MEMORY(bits_##N); NEXT(1); \
	op_st_##N: MEMORY(bits_##N) = A(bits_##N); NEXT(1); \
	op_ret_##N: \
		RETURN(bits_##N result = A(bits_##N), R(bits_##N, call->a) = result);

/* `before` runs in the frame that returns, `after` in the other one, with `call`. */
#define RETURN(before, after) \
	do { \
		const Insn *back = frame_head(fp)->back, *call = back - CALL_WORDS; \
		before; \
		fp -= call_distance(call); \
		after; \
		pc = back; \
		NEXT(0); \
	} while (0)

/* Of ldi, sti, ldvi and stvi: where in the element, and where the element. */
static inline uint64_t
element_offset(const Insn *at, uint64_t index)
{
	return index * (uint32_t)word(at) + (word(at) >> 32);
}

#define INNER(N, base) (*(bits_##N *)(void *)((base) + element_offset(pc + 1, C(u64))))
#define ELEMENT(T, base) (((T *)(void *)((base) + 0))[C(i64)])
#define CHECK_ELEMENT \
	do { \
		if (UNLIKELY(C(u64) >= (u64)((GosVec *)(void *)B(ptr))->len)) { \
			index = C(i64); \
			len = ((GosVec *)(void *)B(ptr))->len; \
			goto out_of_bounds; \
		} \
	} while (0)
#define CODE_ELEM(N) \
	op_ldx_##N: A(bits_##N) = ELEMENT(bits_##N, B(ptr)); NEXT(1); \
	op_stx_##N: ELEMENT(bits_##N, B(ptr)) = A(bits_##N); NEXT(1); \
	op_ldv_##N: A(bits_##N) = ELEMENT(bits_##N, vec_data(B(ptr))); NEXT(1); \
	op_stv_##N: ELEMENT(bits_##N, vec_data(B(ptr))) = A(bits_##N); NEXT(1); \
	op_getv_##N: \
		CHECK_ELEMENT; \
		A(bits_##N) = ELEMENT(bits_##N, vec_data(B(ptr))); \
		NEXT(1); \
	op_putv_##N: \
		CHECK_ELEMENT; \
		ELEMENT(bits_##N, vec_data(B(ptr))) = A(bits_##N); \
		NEXT(1); \
	op_ldi_##N: A(bits_##N) = INNER(N, B(ptr)); NEXT(2); \
	op_sti_##N: INNER(N, B(ptr)) = A(bits_##N); NEXT(2); \
	op_ldvi_##N: A(bits_##N) = INNER(N, vec_data(B(ptr))); NEXT(2); \
	op_stvi_##N: INNER(N, vec_data(B(ptr))) = A(bits_##N); NEXT(2); \
	op_switch_##N: \
		pc = switch_target(pc, (bits_##N)(A(bits_##N) - pc->b)); \
		NEXT(0);

#define CODE_FLOAT(T) \
	op_add_##T: A(T) = B(T) + C(T); NEXT(1); \
	op_sub_##T: A(T) = B(T) - C(T); NEXT(1); \
	op_mul_##T: A(T) = B(T) * C(T); NEXT(1); \
	op_div_##T: A(T) = B(T) / C(T); NEXT(1); \
	op_rem_##T: A(T) = (T)fmod((double)B(T), (double)C(T)); NEXT(1); \
	op_neg_##T: A(T) = -B(T); NEXT(1); \
	op_eq_##T: A(u8) = B(T) == C(T); NEXT(1); \
	op_ne_##T: A(u8) = B(T) != C(T); NEXT(1); \
	op_lt_##T: A(u8) = B(T) < C(T); NEXT(1); \
	op_le_##T: A(u8) = B(T) <= C(T); NEXT(1); \
	op_jeq_##T: JUMP_IF(A(T) == B(T)); \
	op_jne_##T: JUMP_IF(A(T) != B(T)); \
	op_jlt_##T: JUMP_IF(A(T) < B(T)); \
	op_jle_##T: JUMP_IF(A(T) <= B(T)); \
	op_jnlt_##T: JUMP_IF(!(A(T) < B(T))); \
	op_jnle_##T: JUMP_IF(!(A(T) <= B(T)));

#define CONVERT(FROM, T) op_##FROM##_to_##T: A(T) = (T)B(FROM); NEXT(1);
/* Outside the range: the nearest number; 0 for what is none. */
#define SATURATE(FROM, T, MIN, MAX) \
	op_##FROM##_to_##T: { \
		FROM x = B(FROM); \
		A(T) = x != x ? 0 : x <= (FROM)(MIN) ? (MIN) : x >= (FROM)(MAX) ? (MAX) : (T)x; \
		NEXT(1); \
	}
#define CAST_FROM_INT(F) \
	CONVERT(F, i8) CONVERT(F, i16) CONVERT(F, i32) CONVERT(F, i64) CONVERT(F, i128) \
	CONVERT(F, u8) CONVERT(F, u16) CONVERT(F, u32) CONVERT(F, u64) CONVERT(F, u128) \
	CONVERT(F, f32) CONVERT(F, f64)
#define CAST_FROM_FLOAT(F) \
	SATURATE(F, i8, INT8_MIN, INT8_MAX) SATURATE(F, i16, INT16_MIN, INT16_MAX) \
	SATURATE(F, i32, INT32_MIN, INT32_MAX) SATURATE(F, i64, INT64_MIN, INT64_MAX) \
	SATURATE(F, i128, I128_MIN, I128_MAX) \
	SATURATE(F, u8, 0, UINT8_MAX) SATURATE(F, u16, 0, UINT16_MAX) \
	SATURATE(F, u32, 0, UINT32_MAX) SATURATE(F, u64, 0, UINT64_MAX) \
	SATURATE(F, u128, 0, U128_MAX) \
	CONVERT(F, f32) CONVERT(F, f64)

bool
vm_run(G *g, Stack *stack, char *fp, const Insn *pc)
{
	static const void *const labels[] = {
#define OP(name, format, text) &&op_##name,

#include "gos-vm/ops.def"
#undef OP
	};
	int64_t kind = 0, index = 0, len = 0;
	char *at; /* a copy of fp, whose own address is never taken */

	NEXT(0);

	/* ---- Control ---- */

op_translate: {
		VmFn *fn = frame_head(fp)->fn;
		vm_ready(fn);
		if (UNLIKELY(fp + fn->frame > stack->limit)) {
			char *moved = enter_slow(g, stack, fp, fn, fn->frame);
			if (!moved)
				goto resume;
			fp = moved;
		}
		pc = fn->code;
		NEXT(0);
	}
op_back_to_c:
	return false;
op_back_to_chunk:
	at = fp;
	pc = return_to_chunk(stack, &at);
	fp = at;
	NEXT(0);
op_unreachable:
	__builtin_trap();
op_jump:
	JUMP(wide_operand(pc));
op_jt:
	if (A(u8))
		JUMP(wide_operand(pc));
	NEXT(1);
op_jf:
	if (!A(u8))
		JUMP(wide_operand(pc));
	NEXT(1);

#define CALL(callee) \
	do { \
		VmFn *fn = (callee); \
		const Insn *code = __atomic_load_n(&fn->code, __ATOMIC_ACQUIRE); \
		uint64_t size = __atomic_load_n(&fn->frame, __ATOMIC_RELAXED); \
		FrameHead *head = frame_head(fp + call_distance(pc)); \
		head->back = pc + CALL_WORDS; \
		head->fn = fn; \
		fp += call_distance(pc); \
		if (UNLIKELY(fp + size > stack->limit)) { \
			char *moved = enter_slow(g, stack, fp, fn, size); \
			if (!moved) \
				goto resume; \
			fp = moved; \
		} \
		pc = code; \
		NEXT(0); \
	} while (0)
op_call:
	CALL(word_pointer(pc + 1));
op_call_value:
	CALL(*(VmFn **)(void *)(R(ptr, pc[1].a) + CELL_PAYLOAD));
op_call_slot: {
		VmFn **table = *(VmFn ***)(void *)(R(ptr, pc[1].a) + CELL_PAYLOAD);
		CALL(table[(uint32_t)wide_operand(pc + 1)]);
	}
op_call_foreign:
	stack->fp = fp;
	gos_rt_foreign_enter(g);
	vm_call_foreign(word_pointer(pc + 1), fp + call_distance(pc));
	gos_rt_foreign_leave(g);
	NEXT(2);
op_runtime: {
		stack->fp = fp;
		const Insn *after = vm_runtime[pc->a](g, fp, pc);
		if (UNLIKELY(!after))
			goto unwind;
		pc = after;
		NEXT(0);
	}
op_ret:
	RETURN((void)0, (void)0);
op_ret_n:
	RETURN(uint64_t size = word(pc + 1); const char *from = fp + word(pc + 2); char *frame = fp,
		move(result_place(fp, call, frame), from, size));
op_resume:
	goto resume;
op_panicked:
	goto unwind;
op_poll:
	if (UNLIKELY(__atomic_load_n(&vm.interrupted, __ATOMIC_RELAXED)) &&
	    __atomic_load_n(&vm.evaluating, __ATOMIC_RELAXED) == g) {
		vm_interrupt(g, frame_head(fp)->fn, pc);
		goto unwind;
	}
	NEXT(1);

	/* ---- Constants and copies ---- */

op_const_i32:
	A(u32) = (uint32_t)wide_operand(pc);
	NEXT(1);
op_const_i64:
	A(i64) = wide_operand(pc);
	NEXT(1);
op_const_64:
op_const_ptr:
	A(u64) = word(pc + 1);
	NEXT(2);
op_const_128:
	A(Pair) = (Pair){word(pc + 1), word(pc + 2)};
	NEXT(3);
op_const_str:
	A(Pair) = *(const Pair *)word_pointer(pc + 1);
	NEXT(2);
op_mov_n:
	move(fp + pc->a, fp + pc->b, word(pc + 1));
	NEXT(2);
op_ld_n:
	move(fp + pc->a, B(ptr) + pc->c, word(pc + 1));
	NEXT(2);
op_st_n:
	move(B(ptr) + pc->c, fp + pc->a, word(pc + 1));
	NEXT(2);
op_copy_n:
	memmove(A(ptr), B(ptr), word(pc + 1));
	NEXT(2);
op_addr:
	A(ptr) = fp + word(pc + 1);
	NEXT(2);
op_offset:
	A(ptr) = B(ptr) + word(pc + 1);
	NEXT(2);
op_niche:
	A(u64) = variant_from_niche(B(u64), pc);
	NEXT(4);
op_index:
	A(ptr) = B(ptr) + C(u64) * word(pc + 1) + word(pc + 2);
	NEXT(3);
op_len:
	A(i64) = ((GosVec *)(void *)B(ptr))->len;
	NEXT(1);
op_bounds:
	if (LIKELY(A(u64) < B(u64)))
		NEXT(1);
	index = A(i64);
	len = B(i64);
	goto out_of_bounds;
op_boundsk:
	if (LIKELY(pc->a < B(u64)))
		NEXT(1);
	index = pc->a;
	len = B(i64);
	goto out_of_bounds;
op_boundsv:
	if (LIKELY(A(u64) < (u64)((GosVec *)(void *)B(ptr))->len))
		NEXT(1);
	index = A(i64);
	len = ((GosVec *)(void *)B(ptr))->len;
	goto out_of_bounds;
op_boundsvk:
	if (LIKELY(pc->a < (u64)((GosVec *)(void *)B(ptr))->len))
		NEXT(1);
	index = pc->a;
	len = ((GosVec *)(void *)B(ptr))->len;
	goto out_of_bounds;
op_sqrt_f64:
	A(f64) = __builtin_sqrt(B(f64));
	NEXT(1);
op_not_bool:
	A(u8) = !B(u8);
	NEXT(1);

	/* ---- Counts ---- */

op_retain:
	retain(g, (GosHeader *)(void *)A(ptr));
	NEXT(1);
op_release:
	release(g, stack, fp, (GosHeader *)(void *)A(ptr));
	NEXT(1);
op_retain_str: {
		GosString *s = ADDRESS(pc->a);
		if (is_heap(s))
			retain(g, &s->text->header);
		NEXT(1);
	}
op_release_str: {
		GosString *s = ADDRESS(pc->a);
		if (is_heap(s))
			release(g, stack, fp, &s->text->header);
		NEXT(1);
	}
op_visit: {
		const GosDesc *desc = word_pointer(pc + 1);
		stack->fp = fp;
		desc->visit(g, ADDRESS(pc->a), desc, pc->b);
		NEXT(2);
	}
op_unique_box: {
		GosHeader **slot = ADDRESS(pc->a);
		if (UNLIKELY(__atomic_load_n(&(*slot)->rc, __ATOMIC_RELAXED) != 1))
			gos_rt_box_unique(g, slot, word_pointer(pc + 1));
		NEXT(2);
	}
op_unique_vec: {
		GosHeader **slot = ADDRESS(pc->a);
		if (UNLIKELY(__atomic_load_n(&(*slot)->rc, __ATOMIC_RELAXED) != 1))
			gos_rt_vec_unique(g, slot, word_pointer(pc + 1));
		NEXT(2);
	}

	/* ---- Numbers ---- */

	CODE_INT(i8) CODE_INT(i16) CODE_INT(i32) CODE_INT(i64) CODE_INT(i128)
	CODE_INT(u8) CODE_INT(u16) CODE_INT(u32) CODE_INT(u64) CODE_INT(u128)
	CODE_CONST(i8) CODE_CONST(i16) CODE_CONST(i32) CODE_CONST(i64) CODE_CONST(i128)
	CODE_CONST(u8) CODE_CONST(u16) CODE_CONST(u32) CODE_CONST(u64) CODE_CONST(u128)
	CODE_BITS(8) CODE_BITS(16) CODE_BITS(32) CODE_BITS(64) CODE_BITS(128)
	CODE_ELEM(8) CODE_ELEM(16) CODE_ELEM(32) CODE_ELEM(64)
	CODE_FLOAT(f32) CODE_FLOAT(f64)
	CAST_FROM_INT(i8) CAST_FROM_INT(i16) CAST_FROM_INT(i32) CAST_FROM_INT(i64)
	CAST_FROM_INT(i128) CAST_FROM_INT(u8) CAST_FROM_INT(u16) CAST_FROM_INT(u32)
	CAST_FROM_INT(u64) CAST_FROM_INT(u128)
	CAST_FROM_FLOAT(f32) CAST_FROM_FLOAT(f64)

	/* ---- Panics ---- */

overflow:
	gos_rt_panic_overflow(g, kind, vm_site_place(frame_head(fp)->fn, pc));
	goto unwind;
div_zero:
	gos_rt_panic_div_zero(g, kind, vm_site_place(frame_head(fp)->fn, pc));
	goto unwind;
out_of_bounds:
	gos_rt_panic_bounds(g, index, len, vm_site_place(frame_head(fp)->fn, pc));
unwind:
	at = fp;
	pc = unwind(g, stack, &at, pc);
	goto landed;
resume:
	at = fp;
	pc = resume(g, stack, &at);
landed:
	fp = at;
	if (!pc)
		return true;
	NEXT(0);
}
