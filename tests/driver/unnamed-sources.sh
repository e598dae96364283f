# Code on the command line or on standard input has a name of its own, and includes files of the current folder.
fail() {
	echo "$1"
	cat got
	exit 1
}
echo 'from a file' >text
"$GOS" run -e 'println(include_str!("text"))' >got 2>&1 || fail "status $?"
grep -qx 'from a file' got || fail "-e does not include"
echo 'println(include_str!("text"))' | "$GOS" run - >got 2>&1 || fail "status $?"
grep -qx 'from a file' got || fail "- does not include"
mkdir elsewhere
printf 'println(include_str!("../text"))\n' | (cd elsewhere && "$GOS" repl -q) >got 2>&1 || fail "status $?"
grep -qx 'from a file' got || fail "a session does not include"

"$GOS" run -e 'println(nope)' >got 2>&1 && fail "nope"
grep -qx ' --> <command line>:1:9' got || fail "the place has another name"
echo 'panic("x")' | "$GOS" run - >got 2>&1 && fail "no panic"
grep -qx '  at <stdin>:1:1 in main' got || fail "the place of the panic has another name"
echo 'fn f() {}' | "$GOS" build - >got 2>&1 && fail "built nothing"
grep -q 'stdin>. has no .fn main()' got || fail "the message has another name"

# Options of build and check may follow the file; those of a program are its own.
echo 'println(std::env::args().len())' >p.gos
"$GOS" build p.gos -o out >got 2>&1 || fail "status $?"
[ "$(./out)" = 1 ] || fail "out"
"$GOS" check p.gos --diag=short >got 2>&1 || fail "status $?"
[ "$("$GOS" run p.gos -o x)" = 3 ] || fail "the program's arguments"
"$GOS" check p.gos -- q.gos >got 2>&1
[ $? = 2 ] || fail "two files"
