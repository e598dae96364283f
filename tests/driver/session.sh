# Inputs that continue one another: gos-check --session and gos-vm --session.
cat >script <<'END'
let x = 5
= ok
. let x: i64 = "1.x"
x + 1
= ok
. value i64
fn f(a: i64) -> i64 { a * 2 }
= ok
. item 3 0 29 fn f
f(x)
fn f(a: i64) -> i64 { a * 3 }
. gone 3 0 29
. changed fn f
f(x)
let v = vec![1, 2, 3]
. let v: std::Vec<i64> = "7.v"
v[7]
= panic
v
y
= errors
struct P { x: i64 }
fn later(v: Vec<i64>) -> i64 { defer println!("deferred"); v[9] }
later(v)
= panic
let p = P { x: 4 }
struct R(i64)\nimpl Drop for R { fn drop(&mut self) { println!("drop {}", self.0) } }
let r = R(1)
let r = R(2)
let d = p
let d = d.x
p
struct P { y: i64 }
. changed struct P
. forget p
trait S { fn s(&self) -> i64 }\nimpl S for i64 { fn s(&self) -> i64 { *self } }
let s: Box<dyn S> = Box::new(5i64)
. let s: Box<dyn crate::S> = "23.s"
s.s()
let c = |a: i64| a + x
c(3)
END
python3 "$ROOT/tests/session.py" "$BIN" script >got 2>errors || { cat got errors; exit 1; }
cat >wanted <<'END'
> let x = 5
> x + 1
6: i64
> fn f(a: i64) -> i64 { a * 2 }
> f(x)
10: i64
> fn f(a: i64) -> i64 { a * 3 }
> f(x)
15: i64
END
head -n 9 got | diff wanted - && grep -qx 'deferred' got && grep -qx '8: i64' got &&
	grep -qx 'panic: index out of bounds: the len is 3 but the index is 7' errors &&
	grep -qx '  at 8:1:1 in main' errors || { cat got errors; exit 1; }
