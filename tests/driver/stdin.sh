# The program's standard input is the program's: compiling does not eat it.
set -eu
cat >count.gos <<'END'
fn main() {
	println!("ready")
}
END
printf 'left over\n' | { "$GOS" run count.gos && cat; } >out
printf 'ready\nleft over\n' | diff - out
