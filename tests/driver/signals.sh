# A signal ends the stages too, leaves no folder behind, and is what the driver dies of.
mkdir t
export TMPDIR=$PWD/t
printf 'fn main() {\n\tprintln!("hello")\n}\n' >hello.gos
printf '#!/bin/sh\necho $$ >pid\nexec sleep 60\n' >hang
chmod +x hang
"$GOS" build --with lower=./hang hello.gos &
driver=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	[ -s pid ] && break
	sleep 0.2
done
kill -TERM "$driver"
wait "$driver"
status=$?
[ "$status" = 143 ] || { echo "status $status, not 143"; exit 1; }
sleep 0.1
! kill -0 "$(cat pid)" 2>/dev/null || { echo "the stage is still there"; exit 1; }
[ -z "$(ls -A t)" ] || { echo "left behind:"; ls -AR t; exit 1; }
[ ! -e hello ] || { echo "a program was made"; exit 1; }
