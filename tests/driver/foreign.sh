# A C library: linked into a program, opened by the virtual machine; what happens where it is missing.
set -eu
unset LIBRARY_PATH
mkdir lib other
cat >scale.c <<'END'
#include <stdlib.h>
#include <stdint.h>

struct point { int8_t tag; double x; int32_t y; };
struct counter { int64_t n; };

double scale_length(const struct point *p) { return p->x * p->y + p->tag; }
void scale_move(struct point *p, int32_t by) { p->x += by; p->y -= by; }
int8_t scale_narrow(int8_t a, uint16_t b) { return (int8_t)(a - (int8_t)b); }
_Bool scale_both(_Bool a, _Bool b) { return a && b; }
struct counter *counter_new(void) { return calloc(1, sizeof(struct counter)); }
int64_t counter_next(struct counter *c) { return ++c->n; }
void counter_free(struct counter *c) { c->n = -1; free(c); }
int64_t scale_apply(int64_t (*f)(int64_t, _Bool), int64_t x) { return f(x, 1) + f(x, 0); }
END
cc -O1 -fPIC -c scale.c
ar rcs lib/libscale.a scale.o
cc -shared -o lib/libscale.so scale.o
cat >use.gos <<'END'
#[repr(C)]
struct Point { tag: i8, x: f64, y: i32 }
struct RawCounter

#[link(name = "scale")]
unsafe extern "C" {
	fn scale_length(p: *const Point) -> f64
	fn scale_move(p: *mut Point, by: i32)
	safe fn scale_narrow(a: i8, b: u16) -> i8
	safe fn scale_both(a: bool, b: bool) -> bool
	fn counter_new() -> *mut RawCounter
	fn counter_next(c: *mut RawCounter) -> i64
	fn counter_free(c: *mut RawCounter)
	safe fn scale_apply(f: extern "C" fn(i64, bool) -> i64, x: i64) -> i64
}
struct Counter { raw: *mut RawCounter }
impl Counter {
	fn new() -> Counter { Counter { raw: unsafe { counter_new() } } }
	fn next(&self) -> i64 { unsafe { counter_next(self.raw) } }
}
impl Drop for Counter {
	fn drop(&mut self) {
		println("freed after", self.next())
		unsafe { counter_free(self.raw) }
	}
}
extern "C" fn twice(x: i64, negative: bool) -> i64 {
	let words = ["a", "b"]
	if negative { -x } else { x * words.len() }
}

fn main() {
	let mut p = Point { tag: 1, x: 2.5, y: 4 }
	println(unsafe { scale_length(&p) })
	unsafe { scale_move(&mut p, 2) }
	println(p.x, p.y)
	println(scale_narrow(-100, 20), scale_both(true, true), scale_both(true, false))
	let c = Counter::new()
	println(c.next() + c.next())
	println(scale_apply(twice, 5))
	let h = spawn(|| scale_apply(twice, 7))
	println(h.join())
}
END
cat >want <<'END'
11
4.5 2
-120 true false
3
5
Ok(7)
freed after 3
END
run() { # OPTION…
	code=0
	"$GOS" run "$@" use.gos >out 2>err || code=$?
	test "$code" = 0 && cmp out want || { echo "run $*: status $code"; cat out err; exit 1; }
}
export LIBRARY_PATH="$PWD/other:$PWD/lib"
run
run --native
run --release
"$GOS" build -o use use.gos
env -u LIBRARY_PATH ./use | cmp - want

# Without the library, and with one that lacks a function.
export LIBRARY_PATH="$PWD/other"
code=0
"$GOS" run use.gos >out 2>err || code=$?
test "$code" != 0
grep -q 'the library `scale` cannot be opened' err || { cat err; exit 1; }
code=0
"$GOS" build -o use use.gos >out 2>err || code=$?
test "$code" = 1
grep -q scale err || { cat err; exit 1; }
echo 'int scale_other(void) { return 0; }' | cc -shared -fPIC -x c -o other/libscale.so -
code=0
"$GOS" run use.gos >out 2>err || code=$?
test "$code" != 0
grep -q 'the foreign function `[a-z_]*` was not found' err || { cat err; exit 1; }

# C that knows an exported function by its name.
export LIBRARY_PATH="$PWD/lib"
cat >back.c <<'END'
#include <stdint.h>
int32_t gos_add(int32_t a, int32_t b);
int32_t back_sum(int32_t n) { int32_t s = 0; for (int32_t i = 1; i <= n; i++) s = gos_add(s, i); return s; }
END
cc -O1 -c back.c && ar rcs lib/libback.a back.o
cat >back.gos <<'END'
#[link(name = "back")]
extern "C" {
	safe fn back_sum(n: i32) -> i32
}
#[no_mangle]
pub extern "C" fn gos_add(a: i32, b: i32) -> i32 { a + b }
fn main() { println(back_sum(10)) }
END
for how in --native --release; do
	test "$("$GOS" run $how back.gos)" = 55 || { echo "back $how"; exit 1; }
done
