/*
 * The runtime library as compiled programs, gos-vm and C code see it: layouts that generated code
 * relies on, and every function of abi.def.  tests/unit/rt_abi.c proves that both agree.
 *
 * Conventions.  Every function takes the running goroutine, G *.  GosBool is one byte, 0 or 1
 * (LLVM: `zeroext i8`).  A String result is written to `out`, which holds nothing before.  What is
 * marked GOS_OWN changes hands: an argument is the callee's to release, a result the caller's.
 * GOS_BORROW (and no mark) leaves it where it was.  Out of memory ends the program.
 *
 * A function that returns "panicked" has recorded the panic in G and given no result when true.
 */
#ifndef GOS_RT_H
#define GOS_RT_H

#include <stddef.h>
#include <stdint.h>

#define GOS_OWN
#define GOS_BORROW
#define GOS_RT __attribute__((visibility("default")))

typedef uint8_t GosBool;

/* A goroutine.  Generated code knows the first word only: the stack limit that prologues check. */
typedef struct G G;
struct GosGHead {
	uint64_t limit;
};

/*
 * rc > 0: that many references, all of one goroutine.  0: immortal.  < 0: -rc references, shared
 * between goroutines, changed atomically.  Counts beyond GOS_STICKY stay where they are for good.
 *
 * meta: bits 0-2 GosKind, bits 3 to 7 flags (GOS_FOREIGN and so on), bits 8-31 the id of the descriptor:
 * of the payload (cell), of the elements (vec); unused otherwise.
 */
typedef struct GosHeader {
	int32_t rc;
	uint32_t meta;
} GosHeader;

enum { GOS_STICKY = 0x40000000 };

/* A closure is a cell: its descriptor is that of the environment, which begins with a code pointer. */
typedef enum GosKind { GOS_CELL, GOS_VEC, GOS_TEXT, GOS_HANDLE } GosKind;

enum {
	GOS_KIND_MASK = 7,
	GOS_FOREIGN = 8, /* not in a page of the allocator: large, or from malloc */
	GOS_PLAIN = 16,  /* contents hold nothing counted: freed without a look at the descriptor */
	GOS_DROPPED = 32, /* a resource whose Drop has been called */
	GOS_WORDED = 64, /* the descriptor has `words` */
	GOS_TRACKED = 128, /* a cell that its goroutine knows as a possible part of a cycle */
	GOS_ID_SHIFT = 8,
};

typedef struct GosCell {
	GosHeader header;
	uint64_t payload[];
} GosCell;

/*
 * Never null; the empty vector without room is one immortal object.  The elements are in `room`, or in
 * another object that room[0] refers to.  Such a vector is never empty.  With a `cap` of 0 it is a view,
 * never written; with a `cap` of `len` it is a window, what `&mut v[a..b]` refers to: its elements are
 * written in place while it is the only reference, and v is not looked at meanwhile.
 */
typedef struct GosVec {
	GosHeader header;
	int64_t len, cap;
	uint64_t *data; /* at offset 24 */
	uint64_t room[];
} GosVec;

typedef struct GosText {
	GosHeader header;
	int64_t cap;
	char bytes[]; /* at offset 16 */
} GosText;

/*
 * Byte 15 tells the form: 0 … 15, that many bytes of text are inline in bytes 0 … 14; 0x80, `text`
 * points to a buffer and the low 56 bits of `len` are the length; 0x81, a view that begins inside the
 * buffer: bits 0-27 of `len` are the length, bits 28-55 where it begins.  No other value occurs in a String;
 * those from GOS_STRING_NICHE on stand for other variants of an enum around one.  An inline text has zeros
 * after its end, so equal inline texts are equal words.
 */
typedef union GosString {
	struct {
		GosText *text;
		uint64_t len;
	};
	char bytes[16];
} GosString;

enum { GOS_INLINE_MAX = 15, GOS_HEAP_TAG = 0x80, GOS_VIEW_TAG = 0x81, GOS_VIEW_BITS = 28, GOS_STRING_NICHE = 0xC0 };
#define GOS_LEN_MASK 0x00ffffffffffffffu

/* What a descriptor's visit does with each counted place of a value. */
typedef enum GosOp { GOS_RETAIN, GOS_RELEASE, GOS_SHARE, GOS_PROMOTE } GosOp;

enum {
	GOS_COUNTED = 1,   /* visit does something */
	GOS_RECURSIVE = 2, /* a value may reach another of its type: never dropped by recursion */
	GOS_NOTICED = 4,   /* when a value ends can be noticed: it is never put off */
	GOS_RUNS = 8,      /* code of the program runs when a value ends: in order, one after the other */
	GOS_LINKED = 16,   /* what an Rc's cell holds: begins with the link of its Weaks */
	GOS_CYCLIC = 32, /* … and could come to refer to itself */
};

/*
 * A type.  `visit` calls gos_rt_retain/release/share/promote or the str_ forms on each counted leaf of the
 * value at `place`, or the visit of a part; it runs on the stack reserve, so it has no stack check,
 * and neither panics nor suspends.  `id` is the index in the program's table.
 *
 * `words` tells what visit would find, so that memory is freed without calls: bit i for a word that is the address
 * of an object, or GOS_NO_OBJECT at most; bit GOS_MAP_WORDS + i for one where a String begins, or another variant
 * with a niche in its tag.  It is 0 where words cannot tell, and where more than memory ends with a value.
 */
typedef struct GosDesc GosDesc;
struct GosDesc {
	uint64_t size;
	uint32_t align;
	uint32_t flags;
	void (*visit)(G *g, void *place, const GosDesc *desc, int32_t op);
	const char *name;
	uint32_t id;
	uint32_t words;
	/* Of what the cells of a resource hold: a Shim, called with the address of a place that holds the
	 * last reference to the cell, before the contents are released.  Else NULL. */
	GosBool (*drop)(G *g, void *place);
};

enum { GOS_MAP_WORDS = 16, GOS_NO_OBJECT = 4095 };

/* A place in the program.  A place without a function is left out of reports. */
typedef struct GosPlace {
	const char *file;
	const char *function;
	uint32_t line, column;
} GosPlace;

/* fmt_spec: the order of `align` and `radix` in tast.ir. */
enum { GOS_ALIGN_DEFAULT, GOS_ALIGN_LEFT, GOS_ALIGN_CENTER, GOS_ALIGN_RIGHT };
enum {
	GOS_RADIX_DISPLAY,
	GOS_RADIX_DEBUG,
	GOS_RADIX_HEX,
	GOS_RADIX_HEX_UPPER,
	GOS_RADIX_OCTAL,
	GOS_RADIX_BINARY,
	GOS_RADIX_EXP,
	GOS_RADIX_EXP_UPPER,
	GOS_RADIX_DEBUG_HEX,
	GOS_RADIX_DEBUG_HEX_UPPER,
};
enum {
	GOS_SPEC_ALIGN = 32,
	GOS_SPEC_PLUS = 34,
	GOS_SPEC_ALTERNATE = 35,
	GOS_SPEC_ZERO = 36,
	GOS_SPEC_RADIX = 40,
};
enum { GOS_OPEN_STRUCT, GOS_OPEN_TUPLE, GOS_OPEN_LIST, GOS_OPEN_MAP };

typedef struct GosFormatter {
	GosString *out;
	uint64_t flags; /* as fmt_spec takes them */
	int64_t width, precision; /* -1: none */
	uint64_t indent; /* depth of {:#?} */
	uint64_t spare[3];
} GosFormatter;

/* A C function around a function of the program; true when it panicked. */
typedef GosBool GosShim1(G *g, void *a);
typedef GosBool GosShim2(G *g, void *a, void *b);

/* --- programs --------------------------------------------------------------------------------- */

/*
 * What a compiled program exports.  `gos_main` leaves the exit status in *status; true: it panicked.
 * librt's start.o has the C main that runs it; a program with a main of its own (gos-vm) calls
 * gos_rt_set_program and gos_rt_run instead, and start.o stays out of the link.
 */
extern const GosDesc *const gos_descs[];
extern const uint32_t gos_n_descs;
GosBool gos_main(G *g, int32_t *status);

enum {
	GOS_PROGRAM_DEBUG = 1, /* report leaked objects and goroutines at exit */
	GOS_PROGRAM_SESSION = 2, /* a panic that nobody waits for is reported, and the others go on */
};
/* Optional: absent means 0. */
extern const uint32_t gos_program_flags __attribute__((weak));

/* The descriptors by id; the table must stay.  May be called again when it has grown. */
GOS_RT void gos_rt_set_program(const GosDesc *const *descs, uint32_t n, uint32_t flags);
/* Around a system call that may take long: others may run meanwhile, this goroutine stays where it is. */
GOS_RT void gos_rt_block_begin(G *g);
GOS_RT void gos_rt_block_end(G *g);
/* Gives back the variable of a session, the newest when `name` is NULL; true: its end panicked. */
GOS_RT GosBool gos_rt_session_drop(G *g, const char *name);
GOS_RT GosBool gos_rt_session_any(G *g);
/* The goroutine that called C on this thread; C calls the program, which calls gos_rt_foreign_enter when it is done. */
GOS_RT G *gos_rt_foreign_goroutine(void);
/* A function that C called has panicked: reports, and ends the program. */
GOS_RT _Noreturn void gos_rt_foreign_panicked(G *g);
/* The program's arguments, its name first; they must stay. */
GOS_RT void gos_rt_set_args(int n, char **args);
/* Runs `entry` as the main goroutine until the program ends, and returns the exit status; reports
 * are printed and output is flushed.  Once per process. */
GOS_RT int gos_rt_run(GosBool (*entry)(G *g, int32_t *status));
/* A pointer in the goroutine for whoever runs the program (gos-vm): NULL in a new one, and to be
 * NULL again when it ends. */
GOS_RT void **gos_rt_user(G *g);

/* --- memory: rc/, alloc/ ----------------------------------------------------------------------- */

GOS_RT GOS_OWN void *gos_rt_alloc(G *g, const void *desc);
GOS_RT void gos_rt_retain(G *g, void *object);
GOS_RT void gos_rt_release(G *g, void *object);
GOS_RT void gos_rt_share(G *g, void *object);
GOS_RT void gos_rt_box_unique(G *g, void *slot, const void *desc);
GOS_RT GosBool gos_rt_is_unique(G *g, void *object);
GOS_RT void gos_rt_born(G *g, void *object, const GosPlace *at);
GOS_RT int64_t gos_rt_atomic_load(G *g, void *cell);
GOS_RT void gos_rt_atomic_store(G *g, void *cell, int64_t value);
GOS_RT int64_t gos_rt_atomic_swap(G *g, void *cell, int64_t value);
GOS_RT int64_t gos_rt_atomic_add(G *g, void *cell, int64_t value);
GOS_RT int64_t gos_rt_atomic_exchange(G *g, void *cell, int64_t old, int64_t value);
GOS_RT GosBool gos_rt_same(G *g, void *a, void *b);
GOS_RT int64_t gos_rt_count(G *g, void *object);
GOS_RT GOS_OWN void *gos_rt_rc_downgrade(G *g, void *rc);
GOS_RT int64_t gos_rt_rc_weak_count(G *g, void *rc);
GOS_RT GOS_OWN void *gos_rt_weak_new(G *g);
GOS_RT void gos_rt_weak_bind(G *g, void *rc);
GOS_RT GosBool gos_rt_weak_upgrade(G *g, void *weak, void *out);
GOS_RT int64_t gos_rt_weak_strong_count(G *g, void *weak);
GOS_RT int64_t gos_rt_weak_weak_count(G *g, void *weak);
GOS_RT GosBool gos_rt_weak_same(G *g, void *a, void *b);
GOS_RT GOS_OWN void *gos_rt_no_cell(G *g);
GOS_RT GOS_OWN void *gos_rt_cell_reuse(G *g, GOS_OWN void *cell, const void *desc);
GOS_RT void gos_rt_cell_free(G *g, GOS_OWN void *cell);
GOS_RT GosBool gos_rt_drop_check(G *g, const GosPlace *at);
GOS_RT GosBool gos_rt_resource_unique(G *g, void *object, const GosString *name, const GosPlace *at);
GOS_RT void gos_rt_str_retain(G *g, void *string);
GOS_RT void gos_rt_str_release(G *g, void *string);
GOS_RT void gos_rt_str_share(G *g, void *string);
GOS_RT void gos_rt_promote(G *g, void *slot);
GOS_RT void gos_rt_str_promote(G *g, void *string);
GOS_RT void gos_rt_promote_value(G *g, void *place, const void *desc, void *arena);
GOS_RT void gos_rt_adopt_value(G *g, void *place, const void *desc);
GOS_RT void *gos_rt_arena_begin(G *g);
GOS_RT int64_t gos_rt_arena_stat(G *g, int64_t which);
GOS_RT void gos_rt_arena_end(G *g, void *arena);
GOS_RT void gos_rt_arena_leave(G *g, void *arena);
GOS_RT void gos_rt_arena_enter(G *g, void *arena);

/* --- vectors: coll/ ------------------------------------------------------------------------------ */

GOS_RT GOS_OWN void *gos_rt_vec_new(G *g, const void *elem, int64_t n);
GOS_RT GOS_OWN void *gos_rt_vec_with_capacity(G *g, const void *elem, int64_t n);
GOS_RT int64_t gos_rt_vec_len(G *g, const void *vec);
GOS_RT int64_t gos_rt_vec_capacity(G *g, const void *vec);
GOS_RT void gos_rt_vec_unique(G *g, void *slot, const void *elem);
GOS_RT void *gos_rt_vec_push_slot(G *g, void *slot, const void *elem);
GOS_RT void gos_rt_vec_reserve(G *g, void *slot, const void *elem, int64_t n);
GOS_RT GosBool gos_rt_vec_pop(G *g, void *slot, const void *elem, void *out);
GOS_RT void gos_rt_vec_set_len(G *g, void *slot, const void *elem, int64_t n);
GOS_RT void *gos_rt_vec_insert_slot(G *g, void *slot, const void *elem, int64_t at);
GOS_RT void gos_rt_vec_remove(G *g, void *slot, const void *elem, int64_t at, void *out);
GOS_RT void gos_rt_vec_swap(G *g, void *slot, const void *elem, int64_t i, int64_t j);
GOS_RT GOS_OWN void *gos_rt_vec_slice(G *g, GOS_BORROW const void *vec, const void *elem,
	int64_t from, int64_t to);
GOS_RT GOS_OWN void *gos_rt_vec_window(G *g, const void *vec, const void *elem, int64_t from,
	int64_t to);
GOS_RT GOS_OWN void *gos_rt_vec_lend(G *g, void *array, const void *elem, int64_t from, int64_t to);
GOS_RT int64_t gos_rt_vec_window_at(G *g, const void *vec);
GOS_RT void gos_rt_vec_settle(G *g, void *slot, const void *elem);
GOS_RT GOS_OWN void *gos_rt_vec_to_vec(G *g, const void *vec, const void *elem);
GOS_RT void gos_rt_vec_append(G *g, void *slot, const void *elem, GOS_BORROW const void *vec);
GOS_RT void gos_rt_vec_turn_over(G *g, void *to_slot, void *from_slot, const void *elem, int64_t n);
GOS_RT void gos_rt_array_fill(G *g, void *to, const void *elem, GOS_BORROW void *value, int64_t n);
GOS_RT GOS_OWN void *gos_rt_vec_fill(G *g, const void *elem, GOS_BORROW void *value, int64_t n);

/* --- hash maps: coll/ ------------------------------------------------------------------------------ */

GOS_RT int64_t gos_rt_hash_seed(G *g);
GOS_RT int64_t gos_rt_hash_word(G *g, int64_t state, int64_t x);
GOS_RT int64_t gos_rt_hash_str(G *g, int64_t state, const GosString *s);
GOS_RT int64_t gos_rt_map_find_word(G *g, const void *entries, const void *index, const void *slot,
	int64_t shape, int64_t key);
GOS_RT int64_t gos_rt_map_find_str(G *g, const void *entries, const void *index, const void *slot,
	int64_t shape, int64_t hash, const GosString *key);
GOS_RT int64_t gos_rt_map_probe(G *g, const void *entries, const void *index, const void *slot,
	int64_t shape, int64_t hash, int64_t from);
GOS_RT int64_t gos_rt_map_add(G *g, void *map, const void *slot, int64_t shape, int64_t hash);
GOS_RT void gos_rt_map_reserve(G *g, void *map, const void *slot, int64_t shape, int64_t n);
GOS_RT void gos_rt_map_remove(G *g, void *map, const void *slot, int64_t shape, int64_t at, void *out);

/* --- strings: str/ ------------------------------------------------------------------------------- */

GOS_RT int64_t gos_rt_str_len(G *g, const GosString *s);
GOS_RT int64_t gos_rt_str_byte(G *g, const GosString *s, int64_t at);
GOS_RT GosBool gos_rt_str_eq(G *g, const GosString *a, const GosString *b);
GOS_RT int64_t gos_rt_str_cmp(G *g, const GosString *a, const GosString *b);
GOS_RT void gos_rt_str_concat(G *g, GosString *out, const GosString *a, const GosString *b);
GOS_RT void gos_rt_str_push_str(G *g, void *slot, const GosString *s);
GOS_RT void gos_rt_str_push_char(G *g, void *slot, uint32_t c);
GOS_RT int64_t gos_rt_str_next_char(G *g, const GosString *s, int64_t at, void *out);
GOS_RT void gos_rt_str_part(G *g, GosString *out, const GosString *s, int64_t from, int64_t to);
GOS_RT uint32_t gos_rt_str_char_at(G *g, const GosString *s, int64_t at);
GOS_RT uint32_t gos_rt_str_char_before(G *g, const GosString *s, int64_t at);
GOS_RT int64_t gos_rt_str_find_char(G *g, const GosString *s, uint32_t c, int64_t from);
GOS_RT GosBool gos_rt_str_is_boundary(G *g, const GosString *s, int64_t at);
GOS_RT int64_t gos_rt_str_char_count(G *g, const GosString *s);
GOS_RT void gos_rt_str_reserve(G *g, void *slot, int64_t n);
GOS_RT void gos_rt_str_truncate(G *g, void *slot, int64_t n);
GOS_RT int64_t gos_rt_str_capacity(G *g, const GosString *s);
GOS_RT void gos_rt_str_from_utf8_lossy(G *g, GosString *out, GOS_BORROW const void *bytes);
GOS_RT GosBool gos_rt_str_slice(G *g, GosString *out, const GosString *s, int64_t from, int64_t to,
	const GosPlace *at);
GOS_RT int64_t gos_rt_str_find(G *g, const GosString *s, const GosString *what, int64_t from);
GOS_RT int64_t gos_rt_str_rfind(G *g, const GosString *s, const GosString *what);
GOS_RT GosBool gos_rt_str_starts_with(G *g, const GosString *s, const GosString *prefix);
GOS_RT GosBool gos_rt_str_ends_with(G *g, const GosString *s, const GosString *suffix);
GOS_RT void gos_rt_str_trim(G *g, GosString *out, const GosString *s, int64_t sides);
GOS_RT void gos_rt_str_replace(G *g, GosString *out, const GosString *s, const GosString *what,
	const GosString *by);
GOS_RT void gos_rt_str_repeat(G *g, GosString *out, const GosString *s, int64_t n);
GOS_RT void gos_rt_str_case(G *g, GosString *out, const GosString *s, GosBool upper);
GOS_RT GOS_OWN void *gos_rt_str_chars(G *g, const GosString *s);
GOS_RT GOS_OWN void *gos_rt_str_bytes(G *g, const GosString *s);
GOS_RT GOS_OWN void *gos_rt_str_split(G *g, const GosString *s, const GosString *separator);
GOS_RT GOS_OWN void *gos_rt_str_split_whitespace(G *g, const GosString *s);
GOS_RT GOS_OWN void *gos_rt_str_lines(G *g, const GosString *s);
GOS_RT void gos_rt_str_from_char(G *g, GosString *out, uint32_t c);
GOS_RT GosBool gos_rt_str_from_utf8(G *g, void *out, GOS_BORROW const void *bytes);
GOS_RT void gos_rt_str_join(G *g, GosString *out, GOS_BORROW const void *strings,
	const GosString *separator);
GOS_RT GosBool gos_rt_str_parse_int(G *g, const GosString *s, int64_t bits, GosBool is_signed,
	void *value, void *error);
GOS_RT GosBool gos_rt_str_parse_float(G *g, const GosString *s, void *value);
GOS_RT GosBool gos_rt_char_class(G *g, uint32_t c, int64_t class_);
GOS_RT uint32_t gos_rt_char_case(G *g, uint32_t c, GosBool upper);

/* --- numbers: num/ ------------------------------------------------------------------------------- */

GOS_RT double gos_rt_f64_sqrt(G *g, double x);
GOS_RT double gos_rt_f64_unary(G *g, int64_t op, double x);
GOS_RT double gos_rt_f64_binary(G *g, int64_t op, double x, double y);
GOS_RT double gos_rt_f64_mul_add(G *g, double x, double y, double z);
GOS_RT int64_t gos_rt_f64_to_bits(G *g, double x);
GOS_RT double gos_rt_f64_from_bits(G *g, int64_t bits);
GOS_RT int64_t gos_rt_f32_to_bits(G *g, double x);
GOS_RT double gos_rt_f32_from_bits(G *g, int64_t bits);

/* --- formatting: fmt/ ---------------------------------------------------------------------------- */

GOS_RT void gos_rt_fmt_init(G *g, void *f, void *out);
GOS_RT void gos_rt_fmt_sub(G *g, const void *f, void *sub, void *out);
GOS_RT void gos_rt_fmt_nested(G *g, const void *f, void *nested);
GOS_RT void gos_rt_fmt_spec(G *g, void *f, int64_t flags, int64_t width, int64_t precision);
GOS_RT void gos_rt_fmt_lit(G *g, void *f, const GosString *s);
GOS_RT void gos_rt_fmt_str(G *g, void *f, const GosString *s);
GOS_RT void gos_rt_fmt_pad(G *g, void *f, const GosString *s);
GOS_RT void gos_rt_fmt_int(G *g, void *f, const void *value, int64_t bits, int64_t is_signed);
GOS_RT void gos_rt_fmt_i64(G *g, void *f, int64_t value);
GOS_RT void gos_rt_fmt_float(G *g, void *f, double value, GosBool is_f32);
GOS_RT void gos_rt_fmt_bool(G *g, void *f, GosBool value);
GOS_RT void gos_rt_fmt_char(G *g, void *f, uint32_t c);
GOS_RT int64_t gos_rt_fmt_open(G *g, void *f, const GosString *name, int64_t kind);
GOS_RT int64_t gos_rt_fmt_field(G *g, void *f, int64_t state, const GosString *name);
GOS_RT void gos_rt_fmt_close(G *g, void *f, int64_t state);
GOS_RT GosBool gos_rt_fmt_alternate(G *g, const void *f);
GOS_RT int64_t gos_rt_fmt_width(G *g, const void *f);
GOS_RT int64_t gos_rt_fmt_precision(G *g, const void *f);

/* --- input and output: io/ ----------------------------------------------------------------------- */

GOS_RT void gos_rt_print(G *g, int64_t stream, const GosString *s);
GOS_RT GosBool gos_rt_read_line(G *g, void *out);
GOS_RT GOS_OWN void *gos_rt_session_get(G *g, const GosString *name);
GOS_RT void gos_rt_static_ready(G *g, const GosString *name, void *at, void *desc);
GOS_RT void gos_rt_session_keep(G *g, const GosString *name, GOS_OWN void *cell);
GOS_RT int64_t gos_rt_arg_count(G *g);
GOS_RT void gos_rt_arg(G *g, GosString *out, int64_t n);
GOS_RT int64_t gos_rt_env_var(G *g, void *out, const GosString *name);
GOS_RT _Noreturn void gos_rt_exit(G *g, int64_t status);
GOS_RT void gos_rt_show_error(G *g, const GosString *s);

/* --- panics: panic/ ------------------------------------------------------------------------------ */

GOS_RT void gos_rt_panic_message(G *g, GOS_OWN GosString *message, const GosPlace *at);
GOS_RT void gos_rt_panic_static(G *g, const GosString *message, const GosPlace *at);
GOS_RT void gos_rt_panic_bounds(G *g, int64_t index, int64_t len, const GosPlace *at);
GOS_RT void gos_rt_panic_overflow(G *g, int64_t operation, const GosPlace *at);
GOS_RT void gos_rt_panic_div_zero(G *g, int64_t operation, const GosPlace *at);
GOS_RT void gos_rt_panic_unreachable(G *g, const GosPlace *at);
GOS_RT void gos_rt_stack_overflow(G *g, const GosPlace *at);
GOS_RT void gos_rt_trace(G *g, const GosPlace *at);
GOS_RT GosBool gos_rt_catch(G *g, void *shim, void *a, void *b);
GOS_RT void gos_rt_catch_text(G *g, GosString *out, int64_t what);

/* --- goroutines: sched/ -------------------------------------------------------------------------- */

GOS_RT GOS_OWN void *gos_rt_spawn(G *g, void *shim, GOS_OWN void *closure, const void *result,
	const GosPlace *at);
GOS_RT GosBool gos_rt_join(G *g, void *handle, const GosPlace *at);
GOS_RT void *gos_rt_join_result(G *g, void *handle);
GOS_RT void gos_rt_join_text(G *g, GosString *out, void *handle, int64_t what);
GOS_RT void gos_rt_detach(G *g, GOS_BORROW void *handle, const GosPlace *at);
/* Around a foreign function: others may run meanwhile, and C may call the program. */
GOS_RT void gos_rt_foreign_enter(G *g);
GOS_RT void gos_rt_foreign_leave(G *g);
GOS_RT void gos_rt_yield(G *g);
GOS_RT void gos_rt_sleep(G *g, int64_t nanoseconds);
GOS_RT int64_t gos_rt_now(G *g);

_Static_assert(sizeof(GosHeader) == 8, "header");
_Static_assert(offsetof(GosVec, data) == 24 && offsetof(GosVec, room) == 32, "vector");
_Static_assert(offsetof(GosText, bytes) == 16, "text");
_Static_assert(sizeof(GosString) == 16, "string");
_Static_assert(sizeof(GosFormatter) == 64, "formatter");
_Static_assert(sizeof(GosDesc) == 48 && offsetof(GosDesc, drop) == 40, "descriptor");
_Static_assert(sizeof(GosPlace) == 24, "place");

#endif
