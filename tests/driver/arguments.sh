# What follows the file is for the program, options included; so is what follows `--`.
set -eu
cat >hello.gos <<'END'
fn main() {
	println!("hello")
}
END
test "$("$GOS" hello.gos --release)" = hello
test "$("$GOS" run hello.gos -- --help)" = hello
test "$("$GOS" run --release hello.gos --dump=mir)" = hello
