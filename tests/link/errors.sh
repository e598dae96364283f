# What is wrong with the input or the place is said in one clear line.
expect() { # STATUS TEXT ARGUMENT…
	want=$1 text=$2
	shift 2
	"$BIN/gos-link" "$@" 2>err
	got=$?
	[ "$got" = "$want" ] || { echo "gos-link $* gave $got, not $want"; cat err; exit 1; }
	grep -q -- "$text" err || { echo "gos-link $*: no '$text'"; cat err; exit 1; }
}
printf 'int main(void) { return 0; }\n' >m.c
cc -c -o m.o m.c || exit 1
: >empty.o
expect 74 'cannot read none.o' none.o
expect 74 'm.c is not an object' m.c
expect 74 'empty.o is empty' empty.o
expect 74 'it is a folder' -o . m.o
expect 74 'cannot write none/x' -o none/x m.o
expect 2 'unknown target' --target pdp11-linux m.o
expect 2 'exclude each other' --static --dynamic m.o
expect 2 'usage' -o x
export GOS_RT=$PWD/none
expect 74 'runtime library' -o x m.o
unset GOS_RT
other=aarch64-linux-gnu
[ "$(uname -m)" = x86_64 ] || other=x86_64-linux-gnu
expect 74 'another machine' --target "$other" -o x m.o
export LLD=/bin/false
expect 1 'x was not made' -o x m.o
[ ! -e x ] || { echo "x exists"; exit 1; }
