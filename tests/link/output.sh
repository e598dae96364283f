# The output is in place whole or not at all.
fail() { echo "$*"; exit 1; }
printf 'fn main() {\n\tprintln!("hello")\n}\n' >hello.gos
"$GOS" build --stop=llc -o hello.o hello.gos || fail "no object"
"$BIN/gos-link" -o hello hello.o || fail "no program"
[ "$(./hello)" = hello ] || fail "wrong output"
[ "$("$BIN/gos-link" --dynamic -o dynamic hello.o && ./dynamic)" = hello ] || fail "dynamic"
cp hello before

printf 'int missing(void); int main(void) { return missing(); }\n' | cc -x c -c -o undefined.o - || exit 1
"$BIN/gos-link" -o hello undefined.o 2>err && fail "linked with an undefined symbol"
grep -q 'missing' err || fail "no word about the symbol"
cmp -s hello before || fail "the old program is gone"

printf '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\necho part >"$2"\necho $$ >pid\nexec sleep 60\n' >slow
chmod +x slow
LLD=$PWD/slow "$BIN/gos-link" -o hello hello.o &
link=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	[ -s pid ] && break
	sleep 0.2
done
kill -TERM "$link"
wait "$link"
[ $? = 143 ] || fail "not ended by the signal"
cmp -s hello before || fail "the old program is gone after a signal"
! kill -0 "$(cat pid)" 2>/dev/null || fail "the linker is still there"
[ -z "$(ls -A | grep gos-link)" ] || fail "a folder is left: $(ls -A)"
