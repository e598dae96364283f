# `gos check --fix`: safe fixes in rounds, what is left is reported, and files are never half written.
fail() { echo "$*"; exit 1; }
cat >a.gos <<'END'
fn main() {
	let n = 1
	n += 1
	let words: Vec<String> = ["a"]
	while true {
		if n = 2 { break }
	}
	println(n, words)
}
END
cp a.gos before.gos
"$GOS" check --dry-run a.gos >out 2>err && fail "a dry run found nothing"
grep -q '^+	loop {' out || { cat out err; fail "no diff"; }
cmp -s a.gos before.gos || fail "a dry run changed the file"
chmod 640 a.gos
ln -s a.gos link.gos
"$GOS" check --fix link.gos >out 2>err
status=$?
grep -q 'let mut n = 1' a.gos || { cat a.gos out err; fail "not fixed"; }
grep -q 'loop {' a.gos || fail "a syntax error and a later one take two rounds"
[ -L link.gos ] || fail "the symbolic link is gone"
[ "$(stat -c %a a.gos)" = 640 ] || fail "the permissions changed"
[ "$status" = 0 ] || [ -s err ] || fail "errors are left, and nothing is said"
"$GOS" check --fix a.gos >out 2>err
[ ! -s out ] || fail "a second time changes something"
"$GOS" check --dry-run a.gos || fail "nothing is left to do, yet the status says so"
# Wrong use, files that cannot be written, input that is none.
"$GOS" check --fix - </dev/null 2>err && fail "standard input cannot be fixed"
"$GOS" run --fix a.gos 2>err
[ $? = 2 ] || fail "--fix of run"
cp before.gos b.gos
mkdir sealed
mv b.gos sealed
chmod 500 sealed
if [ "$(id -u)" != 0 ]; then
	"$GOS" check --fix sealed/b.gos >out 2>err
	[ $? = 74 ] || fail "a folder that cannot be written"
	cmp -s before.gos sealed/b.gos || fail "the file suffered"
fi
chmod 700 sealed
printf 'no json\n{"code":1}\n[]\n{"fixes":[{"safety":"safe","edits":[{"file":"a.gos"}]}]}\n' | "$BIN/gos-fix"
[ $? = 1 ] || fail "input without fixes"
printf '%s\n' '{"code":"G0001","primary":{"start":{"line":1}},"fixes":[{"safety":"safe","title":"t","edits":[{"file":"a.gos","start":{"byte":9999},"end":{"byte":9999},"text":"x"}]}]}' |
	"$BIN/gos-fix" 2>err
[ $? = 74 ] || fail "an edit outside of the file"
