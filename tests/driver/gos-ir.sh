# gos-ir on streams of gos-lex: text and back, differences, counts, mistakes.
set -eu
printf 'fn main() {\n}\n' >a.gos
printf 'fn main() {\n\tx\n}\n' >b.gos
"$BIN/gos-lex" a.gos >a.tokens
"$BIN/gos-lex" b.gos >b.tokens

expect() { # STATUS TEXT COMMAND…
	want=$1 text=$2
	shift 2
	"$@" >out 2>&1 && got=0 || got=$?
	[ "$got" = "$want" ] || { echo "$* gave $got, not $want"; cat out; exit 1; }
	grep -qF -- "$text" out || { echo "$*: no '$text' in"; cat out; exit 1; }
}

# dump, parse, check
"$BIN/gos-ir" dump a.tokens >a.text
"$BIN/gos-ir" parse a.text | cmp - a.tokens
"$BIN/gos-ir" dump <a.tokens | cmp - a.text
"$BIN/gos-ir" check a.tokens >out 2>&1
[ ! -s out ]
expect 0 '(Line [CloseBrace Newline] [1 1])' "$BIN/gos-ir" dump -k Line a.tokens
! grep -q Source out

# diff
cp a.tokens same.tokens
"$BIN/gos-ir" diff a.tokens same.tokens >out
[ ! -s out ]
expect 1 '+(Line [Space Ident Newline] [1 1 1])' "$BIN/gos-ir" diff a.tokens b.tokens
grep -qF -- '-(Line [CloseBrace Newline] [1 1])' out
grep -qF 'b.tokens has 1 more record after 3 than a.tokens' out

# stat
expect 0 'Line                    2' "$BIN/gos-ir" stat a.tokens

# An annotation passes through, in its place.
sed 's/^(Line \[CloseBrace/(x-note 7 [nil "why"])\n&/' a.text | "$BIN/gos-ir" parse >noted.tokens
expect 0 '(x-note 7 [nil "why"])' "$BIN/gos-ir" dump noted.tokens

# The code of the virtual machine, of a file and of a pipe.
"$GOS" build --stop=rc -o b.mir "$ROOT/bench/vm/fib.gos"
"$BIN/gos-ir" code b.mir >b.code
grep -qx 'main::fib: frame [0-9]*, next [0-9]*' b.code
grep -q 'jgek_i64 0, #2, @2' b.code
"$BIN/gos-ir" code <b.mir | cmp - b.code
"$GOS" build --dump=vm "$ROOT/bench/vm/fib.gos" | cmp - b.code
expect 3 'gos-vm: ' "$BIN/gos-ir" code a.tokens

# What is wrong is said in one line.
sed 's/CloseBrace/CloseBrass/' a.text >bad.text
expect 1 'bad.text:10:8: expected a constructor of kind, found `CloseBrass`' \
	"$BIN/gos-ir" parse bad.text
head -c 100 a.tokens >cut.tokens
expect 3 'cut at byte 100' "$BIN/gos-ir" check cut.tokens
expect 3 'the input is not a stream: no header at byte 0' "$BIN/gos-ir" dump a.text
expect 3 'the input is empty' "$BIN/gos-ir" dump /dev/null
# A stream whose writer failed is shown, and stays failed.
sed 's/^end 0 0/end 1 3/' a.text | "$BIN/gos-ir" parse >failed.tokens
expect 3 'end 1 3' "$BIN/gos-ir" dump failed.tokens
expect 74 'cannot open `missing`' "$BIN/gos-ir" dump missing
expect 2 'unknown command `melt`' "$BIN/gos-ir" melt
expect 2 'two files are wanted' "$BIN/gos-ir" diff a.tokens
