# Exit statuses: of the program, of errors, of wrong usage, of a missing file.
expect() { # STATUS COMMAND…
	want=$1
	shift
	"$@" >out 2>err
	got=$?
	[ "$got" = "$want" ] || { echo "$* gave $got, not $want"; cat err; exit 1; }
}
printf 'fn main() {\n\tpanic!("on purpose")\n}\n' >panic.gos
printf 'fn main() {\n\tlet x: i64 = "text"\n}\n' >wrong.gos
expect 101 "$GOS" run panic.gos
grep -q 'on purpose' err || exit 1
expect 1 "$GOS" run wrong.gos
grep -q 'wrong.gos:2' err || { cat err; exit 1; }
expect 1 "$GOS" build wrong.gos
expect 1 "$GOS" check wrong.gos
[ ! -e wrong ] || { echo "a program was made in spite of errors"; exit 1; }
expect 0 "$GOS" check panic.gos
expect 2 "$GOS" rnu panic.gos
grep -q 'did you mean `run`' err || exit 1
expect 2 "$GOS" build --relaese panic.gos
grep -q 'did you mean `--release`' err || exit 1
expect 2 "$GOS" build
expect 2 "$GOS" build panic.gos wrong.gos
expect 2 "$GOS" build -o panic.gos panic.gos
expect 2 "$GOS" build --target nowhere panic.gos
expect 74 "$GOS" run missing.gos
expect 1 "$GOS" run .
