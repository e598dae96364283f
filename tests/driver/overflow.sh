# --overflow=wrap opts a build out of panics on overflow, in each form of the program, and the program says so.
set -eu
cat >a.gos <<'END'
fn add(a: i32, b: i32) -> i32 { a + b }
fn main() {
	let mut small: u8 = 250
	for _ in 0..10 { small += 1 }
	let least = i64::MIN
	let bits = 70
	println!("{small} {} {}", add(i32::MAX, 1), [i64::MAX, 1].iter().sum::<i64>())
	println!("{} {} {} {:?}", -least, least * 2, 1i64 << bits, 255u8.checked_add(1))
	println!("{}", bits / (bits - 70))
}
END
cat >want <<'END'
4 -2147483648 -9223372036854775808
-9223372036854775808 0 64 None
END
for form in '' --native '--native --release'; do
	status=0
	"$GOS" run --overflow=wrap $form a.gos >got 2>err || status=$?
	test "$status" = 101
	diff want got
	grep -q 'divide by zero' err
	status=0
	"$GOS" run $form a.gos >got 2>err || status=$?
	test "$status" = 101
	grep -q 'overflow' err
	test ! -s got
done
status=0
"$GOS" run --overflow=never a.gos 2>err || status=$?
test "$status" = 2
grep -q 'one of panic, wrap' err

"$GOS" build --overflow wrap -o wraps a.gos
"$GOS" build --release --strip -o panics a.gos
"$GOS" version wraps panics >got
grep -q '^wraps: gos [0-9.]*, debug build, integer overflow wraps$' got
grep -q '^panics: gos [0-9.]*, release build, integer overflow panics$' got
# No program of ours, or nothing at all: cut anywhere, it gets a line.
for n in 0 3 20 64 100 200; do
	head -c "$n" wraps >cut
	! "$GOS" version cut 2>err
	test "$(wc -l <err)" = 1
done
! "$GOS" version /bin/sh 2>err
grep -q 'not a program that gos built' err
! "$GOS" version nothing 2>err
grep -q 'cannot read nothing' err
