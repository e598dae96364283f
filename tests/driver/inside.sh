# Looking inside: streams, text, kept files, commands, times.
set -eu
cat >hello.gos <<'END'
fn main() {
	println!("hello")
}
END
for stage in lex parse check lower rc; do
	"$GOS" build "--stop=$stage" hello.gos >"$stage.stream"
	"$GOS" build "--dump=$stage" hello.gos >"$stage.text"
	"$BIN/gos-ir" dump "$stage.stream" | cmp - "$stage.text"
	"$GOS" build "--stop=$stage" -o again hello.gos
	cmp again "$stage.stream"
done
"$GOS" build --dump=mir hello.gos | cmp - lower.text
"$GOS" build --stop=llvm hello.gos | grep -q define
"$GOS" build --dump=llc hello.gos | grep -q '\.text'
"$GOS" build --keep=kept hello.gos
test "$(ls kept | wc -l)" = 7
cmp kept/4-lower.mir lower.stream
test "$("$GOS" run --timings hello.gos 2>times)" = hello
grep -q 'gos-check .* ms' times
"$GOS" build -x hello.gos 2>&1 | grep -q 'gos-lex .*hello.gos | .*gos-parse | '
# The text of an IR, edited by hand or not, goes on through the rest of the pipe.
"$BIN/gos-ir" parse <lower.text | "$BIN/gos-rc" | "$BIN/gos-llvm" >again.ll
"$GOS" build --stop=llvm hello.gos | cmp - again.ll
# A reader that has seen enough is no error.
for last in check rc llvm opt llc; do
	"$GOS" build "--dump=$last" "$ROOT/examples/shapes.gos" 2>err | head -n 1 >/dev/null
	test ! -s err || { cat err; exit 1; }
done
