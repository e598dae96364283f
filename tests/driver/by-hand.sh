# The pipe by hand, without the driver; and gdb stops on a line of the source.
set -eu
PATH=$BIN:$PATH
newest() {
	for tool in "$1-19" "$1-18" "$1-17" "$1-16" "$1"; do
		command -v "$tool" && return
	done
}
cat >f.gos <<'END'
fn clamp(low: i64, high: i64, x: i64) -> i64 {
	if x < low { low } else if x > high { high } else { x }
}

fn double(x: i64) -> i64 { x * 2 }

fn add(a: i64, b: i64) -> i64 { a + b }

fn main() {
	let n = 3 |> double |> add(10) |> clamp(0, 100)
	println!("{}", n)
}
END
gos-lex f.gos | gos-parse | gos-check | gos-lower | gos-rc | gos-llvm | "$(newest opt)" -O2 |
	"$(newest llc)" -filetype=obj -o f.o
gos-link -o f f.o
test "$(./f)" = 16

if command -v gdb >/dev/null; then
	"$GOS" build -o debug f.gos
	gdb -nx -batch -ex 'break f.gos:2' -ex run -ex backtrace ./debug >log 2>&1 || true
	grep -q 'f.gos:2' log || { cat log; exit 1; }
fi
