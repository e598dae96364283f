# gos diff-run: the same program on the virtual machine, as debug and as release build.
fail() {
	echo "$1"
	cat got
	exit 1
}
export TMPDIR="$PWD/t"
mkdir t
cat >same.gos <<'END'
use std::env
use std::io
let mut line = String::new()
for a in env::args() { println!("{a}") }
io::stdin().read_line(&mut line)
println!("read {line}")
println!("{}", [1, 2][env::args().len()])
END
cat >same.gos <<'END'
use std::env
for a in env::args() { println!("{a}") }
println!("{}", [1, 2][env::args().len()])
END
"$GOS" diff-run same.gos -- --x y >got 2>&1 || fail "status $?"
echo 'vm, debug and release agree: status 101, 3 lines of output, 2 of messages' | diff - got || exit 1
echo '2 * 3' | "$GOS" diff-run "$ROOT/examples/calculator.gos" >got 2>&1 || fail "status $?"
grep -q 'agree: status 0, 1 line of output$' got || fail "the input is not there"

# What the compiler says is said once.
printf 'fn main() {\n\tlet x = 1\n}\n' >warns.gos
"$GOS" diff-run warns.gos >got 2>&1 || fail "status $?"
[ "$(grep -c '^warning' got)" = 1 ] || fail "not one warning"
printf 'extern { fn nowhere() }\nfn main() { unsafe { nowhere() } }\n' >links.gos
"$GOS" diff-run links.gos >got 2>&1 && fail "links"
grep -q 'undefined symbol: nowhere' got || fail "the linker's message is lost"

# How deep recursion may go differs by design, and the trace tells it.
printf 'fn f(n: i64) -> i64 { 1 + f(n + 1) }\nprintln!("before")\nprintln!("{}", f(0))\n' >deep.gos
"$GOS" diff-run deep.gos >got 2>&1
[ $? = 1 ] || fail "status $? instead of 1"
grep -qx 'vm and debug differ in standard error, line 22:' got && grep -qE '^  vm: +  … [0-9]+ more …$' got ||
	fail "the difference is elsewhere"

# The program that compares, by itself.
printf '#!/bin/sh\nprintf "a\\nb\\n"; cat\n' >one
printf '#!/bin/sh\nprintf "a\\nB\\n"; cat\n' >two
printf '#!/bin/sh\nprintf "a\\nb"; exit 3\n' >three
printf '#!/bin/sh\nkill -SEGV $$\n' >four
printf '#!/bin/sh\nprintf "a\\nb\\n"; sleep 30\n' >five
chmod +x one two three four five
echo c | "$BIN/gos-diff" A=./one B=./one >got || fail "status $?"
echo 'A and B agree: status 0, 3 lines of output' | diff - got || exit 1
"$BIN/gos-diff" --timeout=1 A=./one B=./two C=./three D=./four longer=./five </dev/null >got
[ $? = 1 ] || fail "status $?"
cat >wanted <<'END'
A and B differ in standard output, line 2:
  A: b
  B: B
A and C end differently:
  A: status 0
  C: status 3
A and C differ in standard output, line 2:
  A: b
  C: b (without a newline)
A and D end differently:
  A: status 0
  D: signal 11 (Segmentation fault)
A and D differ in standard output, line 1:
  A: a
  D: (ends here)
A and longer end differently:
  A:      status 0
  longer: no end after 1 s
END
diff wanted got || exit 1

# Mistakes.
for words in "" "nowhere.gos" "--release same.gos" "--timeout=x same.gos"; do
	"$GOS" diff-run $words >got 2>&1
	case $? in
	2 | 74) ;;
	*) fail "\`$words\`: status $?" ;;
	esac
done
"$BIN/gos-diff" A=./one >got 2>&1
[ $? = 2 ] || fail "one form alone"
printf 'let x: i64 = "a"\n' >wrong.gos
"$GOS" diff-run wrong.gos >got 2>&1
[ $? = 1 ] && grep -q G0308 got || fail "a program with errors"
ls t | grep -q . && fail "something is left behind"
exit 0
