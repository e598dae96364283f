# gos-project: the parts of a project, and each thing that may be wrong with one.
set -eu
tab=$(printf '\t')
number=0
# Makes an empty project in ./N and goes there.
fresh() {
	number=$((number + 1))
	mkdir -p "$ROOM/$number/src"
	cd "$ROOM/$number"
	printf '[project]\nid = "example.com/widget"\nversion = "0.1.0"\n' >project.toml
	echo 'fn main() {}' >src/main.gos
}
# gos-project ends with STATUS and reports just these: each a code, or a code and its place.
reports() { # STATUS REPORT…
	want=$1
	shift
	code=0
	"$BIN/gos-project" --diag=short >out 2>err || code=$?
	test "$code" = "$want" || { echo "$number: status $code, not $want"; cat err; exit 1; }
	test "$want" = 0 || test ! -s out
	test "$(wc -l <err)" = $# || { echo "$number: not $# messages"; cat err; exit 1; }
	for report; do
		grep -qF -- "$report" err || { echo "$number: no $report in"; cat err; exit 1; }
	done
}
ROOM=$(pwd)

fresh # what there is, sorted
mkdir -p src/net/deep src/.hidden src/empty
touch src/zoo.gos src/net/mod.gos src/net/http.gos src/net/deep/x.gos src/lib.gos src/notes.txt \
	src/.hidden/y.gos src/.z.gos src/net/main.gos
mkdir -p ../linalg/src
touch ../linalg/src/lib.gos
printf '[project]\nid = "example.org/linalg"\nversion = "2.0.0-beta.1+b7"\n' >../linalg/project.toml
printf '[dependencies]\n"example.org/linalg" = { path = "../linalg" }\n' >>project.toml
"$BIN/gos-project" >out
cat >want <<END
root${tab}.
id${tab}example.com/widget
name${tab}widget
version${tab}0.1.0
program${tab}src/main.gos
library${tab}src/lib.gos
package${tab}dependency${tab}example.org/linalg${tab}linalg
file${tab}${tab}../linalg/src/lib.gos
package${tab}library${tab}example.com/widget${tab}widget
uses${tab}linalg${tab}0
file${tab}${tab}src/lib.gos
file${tab}net${tab}src/net/mod.gos
file${tab}net::deep::x${tab}src/net/deep/x.gos
file${tab}net::http${tab}src/net/http.gos
file${tab}net::main${tab}src/net/main.gos
file${tab}zoo${tab}src/zoo.gos
package${tab}program${tab}example.com/widget${tab}widget
uses${tab}widget${tab}1
uses${tab}linalg${tab}0
file${tab}${tab}src/main.gos
END
diff want out

fresh # two files for one module
mkdir src/a
touch src/a.gos src/a/mod.gos
reports 1 'G0037'
grep -qF 'src/a.gos' err && grep -qF 'src/a/mod.gos' err

fresh # names that cannot be modules; the messages have an order
mkdir -p src/bad-folder
touch src/9.gos src/a-b.gos src/bad-folder/x.gos src/crate.gos src/match.gos src/mod.gos
reports 1 'src/9.gos' 'src/a-b.gos' 'src/bad-folder/x.gos' 'src/crate.gos' 'src/match.gos' 'src/mod.gos'
sort err | diff - err

fresh # neither program nor library
rm src/main.gos
reports 1 G0036

fresh # links: a file is read, a folder is not followed, one that leads nowhere is told
ln -s main.gos src/same.gos
ln -s . src/round
reports 0
grep -q "file${tab}same${tab}" out
ln -s nowhere src/gone.gos
reports 74 G0001

fresh # the file itself
printf '[project]\nid = \n' >project.toml
reports 1 'project.toml:2:6'
printf '' >project.toml
reports 1 G0032
printf 'project = 1\n' >project.toml
reports 1 'project.toml:1:11'
printf '[project]\n' >project.toml
reports 1 '`id` is missing' '`version` is missing'
printf '[project]\nid = "x"\nversion = 1.0\n' >project.toml
reports 1 G0033
for version in 1 1.0 1.0.0.0 01.0.0 1.0.0- 1.0.0-a..b v1.0.0 '1.0.0 ' ''; do
	printf '[project]\nid = "x"\nversion = "%s"\n' "$version" >project.toml
	reports 1 'project.toml:3:11'
done
for id in '' / a/ /a a//b A a/9 a/b.c ../x 'a b' .a/b; do
	printf '[project]\nid = "%s"\nversion = "1.0.0"\n' "$id" >project.toml
	reports 1 'project.toml:2:6'
done

fresh # keys that nobody knows
printf 'verison = "1"\n[dependency]\n' >>project.toml
reports 0 'project.toml:4:1' 'project.toml:5:2'
"$BIN/gos-project" 2>&1 >out | grep -qF 'fix (review): version = '

fresh # dependencies
mkdir -p ../other ../broken
printf '[project]\nid = "other"\nversion = "1.0.0"\n' >../other/project.toml
echo '[project' >../broken/project.toml
cat >>project.toml <<'END'
[dependencies]
"missing" = { path = "../missing" }
"wrong" = { path = "../other" }
"broken" = { path = "../broken" }
"example.com/widget" = { path = "." }
"later" = "1.0"
"git" = { git = "x", tag = "y" }
"number" = 1
"none" = {}
"UPPER" = { path = "../other" }
END
reports 1 'project.toml:5:1' 'project.toml:6:1' 'broken/project.toml:1:9' 'project.toml:8:1' \
	'project.toml:9:1' 'project.toml:10:1' 'project.toml:11:12' 'project.toml:12:10' 'project.toml:13:1'

fresh # dependencies of dependencies: each once, before what needs it; the same name for two; circles
dependency() { # NAME DEPENDENCY…
	mkdir -p "../$1/src"
	touch "../$1/src/lib.gos"
	printf '[project]\nid = "x/%s"\nversion = "1.0.0"\n[dependencies]\n' "$1" >"../$1/project.toml"
	to=$1
	shift
	for other; do printf '"x/%s" = { path = "../%s" }\n' "$other" "$other" >>"../$to/project.toml"; done
}
dependency left base
dependency right base
dependency base
cat >>project.toml <<'END'
[dependencies]
"x/left" = { path = "../left" }
"x/right" = { path = "../right", as = "other" }
END
reports 0
cat >want <<END
package${tab}dependency${tab}x/base${tab}base
file${tab}${tab}../base/src/lib.gos
package${tab}dependency${tab}x/left${tab}left
uses${tab}base${tab}0
file${tab}${tab}../left/src/lib.gos
package${tab}dependency${tab}x/right${tab}right
uses${tab}base${tab}0
file${tab}${tab}../right/src/lib.gos
package${tab}program${tab}example.com/widget${tab}widget
uses${tab}left${tab}1
uses${tab}other${tab}2
file${tab}${tab}src/main.gos
END
sed '1,5d' out | diff want -
cp -r ../left ../copy
sed -i 's/as = "other"/as = "left"/' project.toml
echo '"x/base" = { path = "../copy" }' >>project.toml
echo '"x/match" = { path = "../match" }' >>project.toml
reports 1 'project.toml:6:1' 'project.toml:7:1' 'project.toml:8:1'
dependency base right
reports 1 'project.toml:6:1' '../right/project.toml:5:1: error[G0039]' 'project.toml:7:1' 'project.toml:8:1'
rm ../left/src/lib.gos
sed -i '6,$d' project.toml
dependency base
reports 1 'no library'
sed -i '5s#.*#"x/left" = { path = "../copy" }#; 4a "x/left" = { path = "../left" }' project.toml
reports 1 G0011

fresh # a program must be able to name its library
sed -i 's#example.com/widget#example.com/match#' project.toml
reports 0
touch src/lib.gos
reports 1 'project.toml:2:6: error[G0048]'
rm src/main.gos
reports 0

# no project at all
mkdir "$ROOM/plain"
cd "$ROOM/plain"
reports 1 G0030
code=0
"$BIN/gos-project" nowhere 2>err || code=$?
test "$code" = 74
