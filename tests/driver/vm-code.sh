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
main::push: frame 136, next 136
     0  ld_64 40, 0, #0
     1  boundsv 8, 40
     2  ld_64 80, 40, #24
     3  index 88, 80, 8, #16, #0
     6  ld_64 72, 88, #0
     7  ld_64 104, 40, #24
     8  index 112, 104, 8, #16, #8
    11  ld_64 96, 112, #0
    12  mul_f64 16, 72, 96
    13  sqrt_f64 32, 16
    14  unique_vec [0], Body
    16  ld_64 40, 0, #0
    17  ld_64 88, 40, #24
    18  index 96, 88, 8, #16, #8
    21  ld_64 80, 96, #0
    22  add_f64 72, 80, 32
    23  ld_64 104, 40, #24
    24  index 112, 104, 8, #16, #8
    27  st_64 72, 112, #0
    28  ret
END
diff -u wanted got
