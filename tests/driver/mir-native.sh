# Programs written in mir: each tests/llvm/X.mir-text is counted, compiled and run, with and
# without the passes of gos-rc and of LLVM that are optional; all print X.out, end with X.code (0)
# and leak nothing.
newest() {
	for tool in "$1-19" "$1-18" "$1-17" "$1-16" "$1"; do
		command -v "$tool" && return
	done
}
opt=$(newest opt) llc=$(newest llc)
GOS_RT_LEAKS=1
export GOS_RT_LEAKS

check_run() { # TEST VARIANT
	"$BIN/gos-link" -o program code.o || exit 1
	./program >out 2>err
	status=$?
	wanted=$(cat "$1.code" 2>/dev/null || echo 0)
	[ "$status" = "$wanted" ] || { echo "$1 ($2): status $status"; cat err; exit 1; }
	diff -u "$1.out" out || { echo "$1 ($2)"; exit 1; }
	if grep -i leak err; then exit 1; fi
}

for text in "$ROOT"/tests/llvm/*.mir-text; do
	test=${text%.mir-text}
	for level in 0 1; do
		"$BIN/gos-ir" parse "$text" | "$BIN/gos-rc" -O$level | "$BIN/gos-llvm" >code.ll || exit 1
		"$opt" -passes=verify -disable-output code.ll || exit 1
		"$llc" -O0 -filetype=obj -o code.o code.ll || exit 1
		check_run "$test" "-O$level, llc -O0"
	done
	"$opt" -O2 code.ll | "$llc" -O2 -filetype=obj -o code.o || exit 1
	check_run "$test" "opt -O2"
done
