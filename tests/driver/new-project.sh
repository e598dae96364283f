# `gos new` and `gos init` make projects that compile and that gos-project reads; they overwrite nothing.
set -eu
tab=$(printf '\t')
refused() { # STATUS TEXT COMMAND…
	want=$1 text=$2
	shift 2
	code=0
	"$@" >out 2>err || code=$?
	test "$code" = "$want" || { echo "$*: status $code, not $want"; exit 1; }
	grep -qF -- "$text" err || { echo "$*: no \`$text\` in"; cat err; exit 1; }
}

"$GOS" new my-app >said
grep -q 'gos run my-app$' said
test "$("$GOS" run my-app)" = 'Hello, world!'
test "$("$GOS" run my-app/src/main.gos)" = 'Hello, world!'
test "$(cat my-app/.gitignore)" = /build/
"$BIN/gos-project" my-app >lines 2>messages
test ! -s messages
cat >want <<END
root${tab}my-app
id${tab}my-app
name${tab}my_app
version${tab}0.1.0
program${tab}src/main.gos
package${tab}program${tab}my-app${tab}my_app
file${tab}${tab}my-app/src/main.gos
END
diff want lines
test "$("$BIN/gos-project" my-app/src/main.gos | head -n 1)" = "root${tab}my-app"

echo mine >my-app/mine
refused 2 'exists already' "$GOS" new my-app
refused 2 'cannot be the name' "$GOS" new 9lives
refused 2 'perhaps `--id myapp`?' "$GOS" new MyApp
refused 2 'needs a name' "$GOS" new
refused 2 'takes one name' "$GOS" new a b
refused 2 'did you mean `--lib`' "$GOS" new --lob
for id in / a/ /a a//b A a/9 a/b.c ../x 'a b' .a/b; do
	refused 2 '' "$GOS" new --id "$id" x
done
test ! -e x
refused 2 'is a project already' "$GOS" init my-app
refused 74 'there is no folder' "$GOS" init nowhere
test "$(cat my-app/mine)" = mine
test ! -e MyApp
test ! -e a

mkdir -p here/src
echo 'println!("kept")' >here/src/main.gos
echo '*.log' >here/.gitignore
(cd here && "$GOS" init) >said
grep -q 'kept' said
test "$("$GOS" run here/src/main.gos)" = kept
test "$(cat here/.gitignore)" = '*.log'
test "$(cd here/src && "$BIN/gos-project" | sed -n 2p)" = "id${tab}here"

mkdir -p lib/src
echo 'pub fn one() -> i32 { 1 }' >lib/src/lib.gos
"$GOS" init lib >said
test ! -e lib/src/main.gos
"$BIN/gos-project" lib | grep -q "^library${tab}src/lib.gos\$"

# libraries, ids, and folders that cannot give a name
"$GOS" new --lib --id example.org/linalg algebra >said
grep -q 'gos check algebra$' said
"$GOS" check algebra
"$BIN/gos-project" algebra | grep -q "^id${tab}example.org/linalg\$"
test ! -e algebra/src/main.gos
mkdir 'My App'
refused 2 'perhaps `--id my_app`?' "$GOS" init 'My App'
"$GOS" init --id my_app 'My App' >said
test "$("$GOS" run 'My App')" = 'Hello, world!'
