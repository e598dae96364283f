# What no user should do and some will: odd names, closed descriptors, full disks, no permission.
fail() {
	echo "$*" >&2
	exit 1
}
# status STATUS COMMAND…: the status, no more than three lines on stderr, no folder left behind
status() {
	wanted=$1
	shift
	got=0
	"$@" >out 2>err || got=$?
	[ "$got" = "$wanted" ] || fail "$* : status $got instead of $wanted: $(cat err)"
	[ "$(wc -l <err)" -le 3 ] || fail "$* : too many words: $(cat err)"
	[ -z "$(ls "$TMPDIR")" ] || fail "$* : leaves $(ls "$TMPDIR")"
}
says_hi() {
	status 0 "$@"
	[ "$(cat out)" = hi ] || fail "$* : says $(cat out)"
}
mkdir tmp
TMPDIR=$PWD/tmp
export TMPDIR
echo 'println!("hi")' >ok.gos

# Names.
newline='new
line.gos'
for name in "a b'c\"d\$e.gos" -dash.gos --release "$newline" '*.gos' 'a;b&c.gos'; do
	cp ok.gos "./$name"
	says_hi "$GOS" run --native -- "$name"
	says_hi "$GOS" run --vm -- "$name"
	status 0 "$GOS" build -o ./program -- "$name"
	rm "./$name"
done

# What is no program.
: >empty.gos
status 0 "$GOS" check empty.gos
status 1 "$GOS" run .
status 74 "$GOS" run missing.gos
head -c 50000000 /dev/zero | tr '\0' ' ' >long.gos
status 0 "$GOS" check long.gos
printf '\357\273\277println!("hi")\r\n' >bom.gos
says_hi "$GOS" run bom.gos
if [ "$(id -u)" != 0 ]; then
	cp ok.gos secret.gos
	chmod 0 secret.gos
	status 74 "$GOS" check secret.gos
fi

# Descriptors.
says_hi sh -c '"$0" run --native ok.gos <&-' "$GOS"
says_hi sh -c '"$0" run --vm ok.gos <&-' "$GOS"
status 0 sh -c '"$0" build -o closed ok.gos <&- >&- 2>&-' "$GOS"
says_hi ./closed
for words in 'run --native ok.gos' 'run --vm ok.gos' 'run --dump=lower ok.gos' help version 'run --help' 'explain G0308'; do
	status 74 sh -c 'gos=$0; exec "$gos" '"$words"' >/dev/full' "$GOS"
done
for tool in lex parse check lower rc llvm link vm ir; do
	status 74 sh -c 'exec "$0" --help >/dev/full' "$BIN/gos-$tool"
	[ -s err ] || fail "gos-$tool --help >/dev/full: not a word"
done

# Places.
status 74 "$GOS" build -o missing/program ok.gos
status 74 "$GOS" build --stop=lex -o missing/stream ok.gos
status 74 env TMPDIR="$PWD/missing" "$GOS" run --no-cache ok.gos
ln -s "$GOS" other
mkdir folder
cd folder
says_hi ../other run ../ok.gos
