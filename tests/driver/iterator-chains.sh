# A chain of iterators in a release build is one loop: no closure and no adapter is left to call, and no cell is made.
set -eu
cat >x.gos <<'END'
fn over_range(n: i64, k: i64) -> i64 { (0..n).filter(|x| x % k == 0).map(|x| x * k % 7).sum() }
fn over_vec(v: &Vec<i64>, k: i64) -> i64 { v.iter().map(|x| x * k).filter(|x| x > 3).fold(0, |a, x| a + x) }
fn searched(v: &Vec<i64>, k: i64) -> bool { v.iter().any(|x| x == k) && v.iter().rev().all(|x| x != k + 1) }
fn in_pairs(v: &Vec<i64>, k: i64) -> i64 { v.iter().enumerate().zip(v.iter().skip(k)).map(|((i, x), y)| i * x + y * k).sum() }
fn main() {
	let v = [3, 1, 4, 1, 5]
	println!("{} {} {} {}", over_range(20, 3), over_vec(&v, 2), searched(&v, 4), in_pairs(&v, 1))
}
END
test "$("$GOS" run x.gos)" = '21 24 false 23'
"$GOS" build --release --stop=opt -o opt x.gos
grep -q '^define.*@gos_main' opt
if grep -E '^define .*(_closure_|@(")?std\.(Map|Filter|Zip|Skip|Enumerate|Rev|VecIter|Range|Iterator)\.)' opt; then
	echo 'these functions are left'
	exit 1
fi
if grep -E 'call fastcc [^@]* %[a-z0-9.]+\(|call .*@gos_rt_alloc\(ptr' opt; then
	echo 'these calls are left'
	exit 1
fi
# The same in the virtual machine: no closure is made, and none called through its cell.
"$GOS" build --dump=rc x.gos >rc
if sed -n '/"main::over_range"/,/^  \]))/p; /"main::over_vec"/,/^  \]))/p' rc | grep -E '\((Box|Call [^ ]* \(_[0-9]+ \[\]\) \(Value)'; then
	echo 'a closure is made or called through its cell'
	exit 1
fi
