/* Names of other languages' libraries that have no counterpart here: what there is instead. */
#include "gos-check/absent.h"

#include "gos-check/report.h"

#include <string.h>

typedef struct Absent {
	const char *name, *why;
	bool inside_std;	/* a common word: only after `std::` does it mean this */
} Absent;

#define NO_IMPORT "it is known everywhere, without `use`"
#define NO_OWNERSHIP "values are copied when they are changed while shared: take and return `String` or `Vec`"
#define NO_LEADING "a value leads to nothing but itself: give the type methods, or make the field `pub`"
#define NO_MOVES "nothing refers to a place that could move, so nothing need be pinned"
#define NO_RAW "memory is initialised and freed by itself; foreign functions take what `std::ffi` and `std::ptr` have"
#define NO_ASYNC "functions have no colour: call what waits, and run it beside others with `spawn(|| …).join()`"
#define NO_TYPES "values do not tell their type at run time: use an enum, or a trait and `dyn Trait`"
#define NO_LAZY "the value of a `static` or `const` is computed at compile time"
#define NO_ZERO "take the number itself, and refuse zero where it comes from outside"

#define INPUT "`io::read_line()` gives the next line of standard input, `io::read_to_string()` all that is left"
#define OUTPUT "`print!` and `println!` write to standard output, through a buffer"
#define ERRORS "what can be shown is an error: `Error` of `std::errors` is the type for any of them"

/* In `std::io`, which comes first. */
static const Absent absent_io[] = {
	{"Write", OUTPUT ", `eprint!` to standard error; for text there is `std::fmt::Write`", true},
	{"prelude", INPUT "; `print!` and `println!` write", true},
	{"Error", ERRORS, true}, {"ErrorKind", ERRORS, true}, {"Result", ERRORS, true},
};

static const Absent absent[] = {
	{"stdin", INPUT, true}, {"Stdin", INPUT, true}, {"Read", INPUT, true}, {"BufRead", INPUT, true},
	{"BufReader", INPUT, true}, {"stdout", OUTPUT, true}, {"Stdout", OUTPUT, true}, {"BufWriter", OUTPUT, true},
	{"LineWriter", OUTPUT, true}, {"stderr", "`eprint!` and `eprintln!` write to standard error", true},
	{"Deref", NO_LEADING, false}, {"DerefMut", NO_LEADING, false},
	{"Fn", NO_IMPORT, true}, {"FnMut", NO_IMPORT, true}, {"FnOnce", NO_IMPORT, true},
	{"Send", NO_IMPORT, true}, {"Sync", NO_IMPORT, true}, {"Sized", NO_IMPORT, true}, {"Unpin", NO_IMPORT, true},
	{"boxed", "`Box` is known everywhere, without `use`", true},
	{"primitive", "the primitive types are known everywhere, without `use`", true},
	{"String", NO_IMPORT, true}, {"Result", NO_IMPORT, true},
	{"char", NO_IMPORT ", with `char::from_u32` and the like", true},
	{"u8", NO_IMPORT, true}, {"u16", NO_IMPORT, true}, {"u32", NO_IMPORT, true}, {"u64", NO_IMPORT, true},
	{"i8", NO_IMPORT, true}, {"i16", NO_IMPORT, true}, {"i32", NO_IMPORT, true}, {"i64", NO_IMPORT, true},
	{"usize", NO_IMPORT, true}, {"isize", NO_IMPORT, true},
	{"ascii", "`char` and `u8` have `is_ascii_digit()` and the like", true},
	{"ControlFlow", "`break` and `return` end a loop or a function early; `try_fold` ends with a `Result`", false},
	{"AsMut", "take `&mut T`", false},
	{"Infallible", "what cannot fail gives its value, without a `Result`", false},
	{"Cow", NO_OWNERSHIP, false}, {"ToOwned", NO_OWNERSHIP, false}, {"Borrow", NO_OWNERSHIP, false},
	{"borrow", NO_OWNERSHIP, true},
	{"Pin", NO_MOVES, false}, {"pin", NO_MOVES, true},
	{"Future", NO_ASYNC, false}, {"future", NO_ASYNC, true}, {"task", NO_ASYNC, true},
	{"Any", NO_TYPES, false}, {"any", NO_TYPES, true}, {"TypeId", NO_TYPES, false},
	{"discriminant", "compare with `matches!(value, Pattern)`, or give the enum a method", true},
	{"PhantomData", "a type parameter need not be used: leave the field out", false},
	{"MaybeUninit", NO_RAW, false}, {"ManuallyDrop", NO_RAW, false}, {"NonNull", NO_RAW, false},
	{"alloc", NO_RAW, true},
	{"LinkedList", "`VecDeque` is a queue with two ends", false},
	{"BuildHasher", "a map chooses its hash by itself", false},
	{"RandomState", "a map chooses its hash by itself", false},
	{"OnceLock", NO_LAZY, false}, {"LazyLock", NO_LAZY, false}, {"LazyCell", NO_LAZY, false},
	{"Wrapping", "write `a +% b`, `a -% b`, `a *% b`, or `a.wrapping_add(b)`", false},
	{"Saturating", "write `a.saturating_add(b)`", false},
	{"NonZeroU32", NO_ZERO, false}, {"NonZeroU64", NO_ZERO, false}, {"NonZeroUsize", NO_ZERO, false},
	{"NonZero", NO_ZERO, false},
};

static const Absent *
find(const Absent *at, size_t n, const char *name, bool inside_std)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(at[i].name, name) && (inside_std || !at[i].inside_std))
			return &at[i];
	return NULL;
}

bool
absent_report(Check *c, Sym name, Span span, const char *module)
{
	const char *s = check_str(c, name);
	const Absent *a = NULL;
	Diag *d;

	if (module && !strcmp(module, "io"))
		a = find(absent_io, sizeof absent_io / sizeof *absent_io, s, true);
	if (!a)
		a = find(absent, sizeof absent / sizeof *absent, s, module);
	if (!a)
		return false;
	d = diag_error(c->diags, G0385, span, s);
	diag_primary(d, "not found here");
	diag_help(d, "%s", a->why);
	return true;
}

bool
absent_report_root(Check *c, Sym name, Span span)
{
	const char *s = check_str(c, name);
	Diag *d;

	if (strcmp(s, "core") && strcmp(s, "alloc"))
		return false;
	d = diag_error(c->diags, G0385, span, s);
	diag_primary(d, "not found here");
	diag_help(d, "the standard library is one: `std`");
	diag_fix(d, DIAG_SAFE, span, "write `std`", "std");
	return true;
}
