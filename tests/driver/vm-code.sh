# What the virtual machine's code is like: no copies of copies, no check twice, pointers loaded once, no tiny calls.
set -eu
cat >x.gos <<'END'
struct Body { x: f64, v: f64 }

fn exchange(w: &mut Vec<i64>, low: i64, high: i64) {
	let t = w[low]
	w[low] = w[high]
	w[high] = t
}

fn push(b: &mut Vec<Body>, i: i64) {
	let d = b[i].x * b[i].v
	b[i].v += d.sqrt()
}

fn main() {
	let mut w = [1, 2, 3]
	exchange(&mut w, 0, 2)
	let mut b = [Body { x: 2.0, v: 8.0 }]
	push(&mut b, 0)
	println!("{:?} {}", w, b[0].v)
}
END
test "$("$GOS" run x.gos)" = '[3, 2, 1] 12'
"$GOS" build --dump=vm x.gos | awk '/^main::(exchange|push):/ { on = 1 } /^$/ { on = 0 } on' | sed '/panic at/d' >got
cat >wanted <<'END'
main::exchange: frame 104, next 104
     0  ld_64 48, 0, #0
     1  getv_64 24, 48, 8
     2  boundsv 16, 48
     3  unique_vec [0], i64
     5  ld_64 48, 0, #0
     6  ldv_64 80, 48, 16
     7  stv_64 80, 48, 8
     8  unique_vec [0], i64
    10  ld_64 48, 0, #0
    11  stv_64 24, 48, 16
    12  ret
main::push: frame 104, next 104
     0  ld_64 40, 0, #0
     1  boundsv 8, 40
     2  ldvi_64 72, 40, 8, #16, #0
     4  ldvi_64 80, 40, 8, #16, #8
     6  mul_f64 16, 72, 80
     7  sqrt_f64 32, 16
     8  unique_vec [0], Body
    10  ld_64 40, 0, #0
    11  ldvi_64 80, 40, 8, #16, #8
    13  add_f64 72, 80, 32
    14  stvi_64 72, 40, 8, #16, #8
    16  ret
END
diff -u wanted got
