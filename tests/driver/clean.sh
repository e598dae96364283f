# Nothing is left in the folder for temporary files, whichever way a command ends.
mkdir t
export TMPDIR=$PWD/t
printf 'fn main() {\n\tprintln!("hello")\n}\n' >hello.gos
printf 'fn main() {\n\tlet x: i64 = "text"\n}\n' >wrong.gos
printf 'fn main() {\n\tpanic!("on purpose")\n}\n' >panic.gos
for command in "run hello.gos" "run wrong.gos" "run panic.gos" "build -o h hello.gos" "check hello.gos" \
	"build --dump=mir hello.gos" "run --with check=/bin/false hello.gos" "run --timings hello.gos" "run none"; do
	"$GOS" $command >/dev/null 2>&1
	[ -z "$(ls -A t)" ] || { echo "gos $command left:"; ls -AR t; exit 1; }
done
