# Sessions from no terminal: statuses, options, files, and what may come in.
fail() {
	echo "$1"
	exit 1
}
session() { "$GOS" repl --history= -q "$@" 2>&1; }
export TMPDIR="$PWD/t"
mkdir t

# `gos` alone is a session.  Without -q the inputs are repeated; 0 as long as all goes well.
printf 'let x = 2\nx + 1\n' >in
"$GOS" <in >got 2>&1 || fail "status $?"
printf '1> let x = 2\n2> x + 1\n3: i64\n' | diff - got || exit 1
[ "$(session <in)" = '3: i64' ] || fail "-q repeats the inputs"
echo 'nothing' | session >/dev/null && fail "an input failed, status 0"
echo 'panic!("x")' | session >/dev/null && fail "a panic, status 0"
echo ':nonsense' | session >/dev/null && fail "an unknown command, status 0"
session </dev/null || fail "nothing at all: status $?"

"$GOS" repl --help | grep -q 'usage: gos repl' || fail "--help"
"$GOS" repl --nonsense </dev/null 2>/dev/null
[ $? = 2 ] || fail "an unknown option"
"$BIN/gos-repl" </dev/null 2>/dev/null
[ $? = 2 ] || fail "gos-repl without its stages"
"$BIN/gos-repl" --version | grep -q '^gos-repl ' || fail "--version"
TMPDIR="$PWD/nowhere" session </dev/null >/dev/null
[ $? = 74 ] || fail "no folder for temporary files"

# A file is an input; a session is saved as a program, and that program does the same.
cat >shapes.gos <<'END'
#!/usr/bin/env gos
// Says hello.
fn hello() -> String { "hello" }
struct P { x: i64 }
let p = P { x: 3 }
END
cat >in <<'END'
hello()
p.x
fn hello() -> String { "good day" }
let p = P { x: 4 }
println!("{} {}", hello(), p.x)
fn none() -> i64 { [1][2] }
none()
:save saved.gos
:reset
:load saved.gos
hello()
END
session shapes.gos <in >got
cat >wanted <<'END'
"hello": String
3: i64
good day 4
panic: index out of bounds: the len is 1 but the index is 2
  at 7:1:20 in main::none
  at 8:1:1 in main
good day 4
"good day": String
END
diff wanted got || exit 1
[ "$("$GOS" run saved.gos)" = 'good day 4' ] || fail "what :save wrote does not run"
printf 'fn broken( {\n' >wrong.gos
session wrong.gos </dev/null >got && fail "a wrong file, status 0"
grep -q '1-wrong.gos:1:12' got || fail "its mistake is elsewhere"

# The program ends, or is killed: the session goes on.
printf 'fn f() -> i64 { 7 }\nlet x = 1\nstd::process::exit(3)\nf()\nx\n' | session >got
grep -qx 'the program has ended with status 3' got && grep -qx '7: i64' got &&
	grep -q 'cannot find the value `x`' got || { cat got; exit 1; }
printf 'let v: Vec<i64> = Vec::with_capacity(1000000000000)\n1\n' | session >got
grep -qx '1: i64' got || { cat got; exit 1; }
printf 'fn f(n: i64) -> i64 { 1 + f(n + 1) }\nlet x = 5\nf(0)\nx\n' | session >got
grep -qx 'panic: stack overflow' got && grep -qx '5: i64' got || { cat got; exit 1; }

# Anything at all.
head -c 3000 "$BIN/gos-lex" | session >/dev/null
[ $? = 1 ] || fail "junk: status $?"
printf 'let s = "never closed\nand more' | session >got
grep -q 'this string has no closing' got || { cat got; exit 1; }
printf 'fn f() {\n\n1\n\n\n2\n' | session >got
grep -qx '2: i64' got || { echo "two empty lines end an input"; cat got; exit 1; }
{ printf 'let s = "'; head -c 1000000 /dev/zero | tr '\0' 'x'; printf '"\ns.len()\n'; } | session >got
grep -qx '1000000: i64' got || { head -c 300 got; exit 1; }
printf '1 + \0\n2\n' | session >got
grep -qx '2: i64' got || { cat got; exit 1; }

# What the library has, which grows.
printf ':doc std\n:doc std::env\n:doc i64\n:doc Option\n' | session >got || fail "status $?"
grep -q '^mod:.* env' got && grep -q '^fn: args' got && grep -q '^fn:.* pow' got &&
	grep -qx 'variant: None Some' got && ! grep -q ' session' got || { cat got; exit 1; }

# A signal.
(sleep 1; echo 'x') | "$GOS" repl -q >got 2>&1 &
sleep 0.3
[ "$(ls t | wc -l)" = 1 ] || fail "no folder while it runs"
wait
# Compilation and evaluation are both interrupted, and the session goes on.
mkfifo pipe
"$BIN/../bin/gos-lex" --version >/dev/null
"$GOS" repl -q --history= <pipe >got 2>&1 &
pid=$!
exec 7>pipe
echo 'loop {}' >&7
sleep 0.7
kill -INT $pid
echo '1 + 1' >&7
exec 7>&-
wait $pid
[ $? = 1 ] || fail "interrupted: status $?"
printf 'interrupted\n2: i64\n' | diff - got || exit 1
ls t | grep -q . && fail "something is left behind"
exit 0
