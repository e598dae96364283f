# A stage that crashes: the driver says so, asks for a report and keeps what is needed for it.
mkdir t
export TMPDIR=$PWD/t
printf 'fn main() {\n\tprintln!("hello")\n}\n' >hello.gos
mkdir -p build/bin
cp "$BIN"/gos-* build/bin
cp -R "$BIN/../lib" build/lib
printf '#!/bin/sh\nkill -SEGV $$\n' >build/bin/gos-lower
GOS_BUILD=$PWD/build "$GOS" build hello.gos 2>err
status=$?
[ "$status" = 70 ] || { echo "status $status, not 70"; exit 1; }
grep -q 'stage `lower` was ended by signal 11' err && grep -q 'report this bug' err || { cat err; exit 1; }
for kept in hello.gos 1-lex.tokens 2-parse.ast 3-check.tast; do
	[ -s t/gos-bug.*/$kept ] || { echo "$kept is not kept"; ls -R t; exit 1; }
done
