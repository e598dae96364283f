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

# Every file of a project counts, wherever it stands.
mkdir -p project/src/far
printf '[project]\nid = "example.com/kept"\nversion = "0.1.0"\n' >project/project.toml
printf 'mod far\nfn main() { println!("{}", far::away::number()) }\n' >project/src/main.gos
echo 'pub mod away' >project/src/far/mod.gos
echo 'pub fn number() -> i64 { 1 }' >project/src/far/away.gos
why project 'is built: it has not been built before'
why project 'taken from the cache'
grep -qx 1 out
echo 'pub fn number() -> i64 { 2 }' >project/src/far/away.gos
why project 'is built: the source has changed'
grep -qx 2 out
why project 'taken from the cache'

# So does each tool.
mkdir -p tools/bin
ln -s "$BIN/../lib" tools/lib
ln -s "$BIN"/* tools/bin
rm tools/bin/gos-cache && cp "$BIN/gos-cache" tools/bin
(
	GOS_BUILD=$PWD/tools
	export GOS_BUILD
	why a.gos 'taken from the cache'
	rm tools/bin/gos-rc && cp "$BIN/gos-rc" tools/bin
	why a.gos 'is built: the toolchain has changed'
	why a.gos 'taken from the cache'
)

# A folder that can only be read gives what it has, and nothing is said (root can write there all the same).
chmod 500 "$kept"
echo 'println!("read only")' >r.gos
test "$("$GOS" run r.gos 2>&1)" = 'read only'
test "$("$GOS" run a.gos 2>&1)" = two
chmod 700 "$kept"

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
