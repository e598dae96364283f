# A second run of an unchanged file starts from the cache; nothing that may be wrong with the cache matters.
set -eu
export XDG_CACHE_HOME=$PWD/cache
kept=$XDG_CACHE_HOME/gossamer
fail() {
	echo "$1" >&2
	exit 1
}
why() { # FILE EXPECTED
	"$GOS" run --why "$1" </dev/null 2>err >out
	grep -q "$2" err || fail "expected \`$2\`, got: $(cat err)"
}
entries() { find "$kept" -name '*.last' -prune -o -type f -print | wc -l; }

echo 'println!("one")' >a.gos
why a.gos 'is built: it has not been built before'
why a.gos 'taken from the cache'
grep -qx one out
echo 'println!("two")' >a.gos
why a.gos 'is built: the source has changed'
grep -qx two out
why a.gos 'taken from the cache'
test "$("$GOS" run --no-cache --why a.gos 2>&1)" = two

# Arguments, standard input and the status are the program's, cached or not.
cat >b.gos <<'END2'
use std::{env, io, process}
println!("{:?} {:?}", env::args().skip(1).collect::<Vec<String>>(), io::read_line())
process::exit(7)
END2
for _ in 1 2; do
	status=0
	echo line | "$GOS" b.gos x --y >out || status=$?
	test "$status" = 7
	grep -qxF '["x", "--y"] Some("line")' out || fail "$(cat out)"
done

# What is broken is not in the cache: cut, damaged, empty.
for how in 'head -c 900' 'tr e f' 'head -c 0'; do
	for f in "$kept"/*; do
		case $f in
		*.last) ;;
		*) $how <"$f" >tmp && cat tmp >"$f" ;;
		esac
	done
	why a.gos 'is built: its entry is gone or damaged'
	grep -qx two out
	why a.gos 'taken from the cache'
done

# Warnings are seen each time.
printf 'fn main() {\n\tlet unused = 1\n}\n' >c.gos
for _ in 1 2; do
	"$GOS" run c.gos 2>err
	grep -q unused err
done

# Many at once.
before=$(entries)
echo 'println!("many")' >d.gos
for _ in 1 2 3 4 5 6; do
	"$GOS" run d.gos >>many &
done
wait
test "$(grep -cx many many)" = 6
test "$(entries)" = $((before + 1)) || fail "$before entries, then $(entries)"

# No home, a folder that cannot be written or is open to all, a full disk: then there is no cache.
(unset XDG_CACHE_HOME HOME && test "$("$GOS" run a.gos)" = two)
(unset XDG_CACHE_HOME && HOME=/nowhere/at/all && export HOME && test "$("$GOS" run a.gos)" = two)
echo file >not-a-folder
XDG_CACHE_HOME=$PWD/not-a-folder why a.gos 'there is no folder for a cache'
mkdir -p open/gossamer && chmod 777 open/gossamer
XDG_CACHE_HOME=$PWD/open why a.gos 'there is no folder for a cache'
(ulimit -f 1 && trap '' XFSZ && echo 'println!("small")' >e.gos && test "$("$GOS" run e.gos 2>/dev/null || true)" != wrong)

# Room is made by removing what was not used for longest.
touch -d '2 days ago' "$kept"/*
truncate -s 200M "$kept/large" && touch -d '3 days ago' "$kept/large"
echo 'println!("new")' >f.gos
why f.gos 'is built'
test ! -e "$kept/large"
why f.gos 'taken from the cache'
