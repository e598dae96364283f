# Dependencies from elsewhere: repositories, archives, versions, project.lock.  Nothing here needs a network.
set -eu
ROOM=$(pwd)
XDG_CACHE_HOME=$ROOM/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GOS_REGISTRY=file://$ROOM/mirror
export XDG_CACHE_HOME GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM GOS_REGISTRY
fail() {
	echo "$*"
	exit 1
}
git_in() { # FOLDER COMMAND…
	repo=$1
	shift
	git -C "$repo" -c user.name=test -c user.email=test@example.org -c init.defaultBranch=main "$@"
}
# Publishes a version of a library: its function `version` tells which.  MORE goes below [dependencies].
publish() { # ID VERSION [MORE]
	to=mirror/$1.git
	[ -d "$to" ] || { mkdir -p "$to/src" && git_in "$to" init -q; }
	printf '[project]\nid = "%s"\nversion = "%s"\n[dependencies]\n%s\n' "$1" "$2" "${3:-}" >"$to/project.toml"
	printf 'pub fn version() -> String { "%s %s".to_string() }\n' "${1##*/}" "$2" >"$to/src/lib.gos"
	git_in "$to" add . && git_in "$to" commit -q -m "$2" && git_in "$to" tag "v$2"
}
# Makes a program in ./app that prints the versions of these names.
app() { # DEPENDENCIES NAME…
	rm -rf app && mkdir -p app/src
	printf '[project]\nid = "example.com/app"\nversion = "0.1.0"\n[dependencies]\n%s\n' "$1" >app/project.toml
	shift
	for name; do printf 'println!("{}", %s::version())\n' "$name"; done >app/src/main.gos
}
says() { # TEXT COMMAND…
	wanted=$1
	shift
	got=$("$@") || fail "$*: status $?"
	[ "$got" = "$wanted" ] || fail "$*: says $got instead of $wanted"
}
refused() { # CODE TEXT COMMAND…
	code=$1 text=$2 status=0
	shift 2
	"$@" >out 2>err || status=$?
	[ "$status" = 1 ] || fail "$*: status $status: $(cat err)"
	grep -qF "[$code " err || fail "$*: not $code: $(cat err)"
	grep -qF -- "$text" err || fail "$*: no \`$text\` in $(cat err)"
}
pinned() { # ID VERSION: in project.lock
	grep -A1 -F "id = \"$1\"" app/project.lock | grep -qF "version = \"$2\"" || fail "no $1 $2 in $(cat app/project.lock)"
}

for version in 1.0.0 1.1.0 1.2.0 1.3.0 1.4.0-beta.1 1.4.0 1.5.0 1.10.0-beta.1 2.0.0; do
	publish example.org/linalg $version
done
url=file://$ROOM/mirror/example.org/linalg.git
commit=$(git_in mirror/example.org/linalg.git rev-parse v1.2.0)

# a tag, the hash of a commit, its beginning, a version; in all tiers
for which in 'tag = "v1.2.0"' "rev = \"$commit\"" "rev = \"$(printf %.9s "$commit")\"" 'version = "1.2.0"'; do
	app "\"example.org/linalg\" = { git = \"$url\", $which }" linalg
	says 'linalg 1.2.0' "$GOS" run app
	pinned example.org/linalg 1.2.0
	grep -qF "rev = \"$commit\"" app/project.lock
done
says 'linalg 1.2.0' "$GOS" run --native app
says 'linalg 1.2.0' "$GOS" run --release app

# an annotated tag, an early version
git_in mirror/example.org/linalg.git tag -a -m note noted v1.2.0
app "\"example.org/linalg\" = { git = \"$url\", tag = \"noted\" }" linalg
says 'linalg 1.2.0' "$GOS" run app
app '"example.org/linalg" = "1.4.0-beta.1"' linalg
says 'linalg 1.4.0-beta.1' "$GOS" run app

# a plain version: from where the id or the registry says
app '"example.org/linalg" = "1.0.0"' linalg
says 'linalg 1.0.0' "$GOS" run app
grep -qF 'source = "registry"' app/project.lock
app '"example.org/linalg" = { version = "1.0.0", as = "algebra" }' algebra
says 'linalg 1.0.0' "$GOS" run app

# the checksum is that of `sha256sum`, of names and contents alone
tree=$(cd cache/gossamer/src/example.org/linalg@1.0.0-* && pwd)
sum=$(cd "$tree" && find . -type f | sed 's#^\./##' | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1)
grep -qF "sha256 = \"$sum\"" app/project.lock
test -z "$(find "$tree" -type f -perm /222)"
test -z "$(ls cache/gossamer/src/.new)"

# the highest of the versions that are asked for, no later one; the order does not matter
publish example.org/left 1.0.0 '"example.org/linalg" = "1.1.0"'
publish example.org/right 1.0.0 '"example.org/linalg" = "1.3.0"'
both='"example.org/left" = "1.0.0"
"example.org/right" = "1.0.0"'
for order in "$both
\"example.org/linalg\" = \"1.0.0\"" "\"example.org/linalg\" = \"1.0.0\"
$both"; do
	app "$order" linalg
	says 'linalg 1.3.0' "$GOS" run app
	pinned example.org/linalg 1.3.0
	grep ^id app/project.lock | LC_ALL=C sort -c
	test "$(grep -c '^\[\[package\]\]$' app/project.lock)" = 3
done
"$GOS" tree app >out
cat >want <<END
example.com/app 0.1.0
  example.org/linalg 1.3.0 (registry)
  example.org/left 1.0.0 (registry)
    example.org/linalg 1.3.0 (registry)
  example.org/right 1.0.0 (registry)
    example.org/linalg 1.3.0 (registry)
END
diff want out

# what is pinned stays as long as it suits; `gos update` moves it, to no early and no other major version
says 'example.org/linalg 1.3.0 → 1.5.0' sh -c 'cd app && "$1" update example.org/linalg' sh "$GOS"
says 'linalg 1.5.0' "$GOS" run app
cp app/project.lock before
says 'linalg 1.5.0' "$GOS" run --locked app
says 'all versions are as before' sh -c 'cd app && "$1" update' sh "$GOS"
diff before app/project.lock
sed -i 's/linalg" = "1.0.0"/linalg" = "1.4.0"/' app/project.toml
says 'linalg 1.5.0' "$GOS" run --locked app
rm app/project.lock
refused G0047 'nothing that suits' "$GOS" check --locked app
test ! -e app/project.lock
says 'linalg 1.4.0' "$GOS" run app
status=0
(cd app && "$GOS" update nobody) 2>err || status=$?
test "$status" = 1
grep -qF 'needs no `nobody`' err

# --locked: no more and no less than what is there
cp app/project.lock before
sed -i 's/"1.4.0"/"1.5.0"/' app/project.toml
refused G0047 'example.org/linalg' "$GOS" check --locked app
sed -i '/linalg/d' app/project.toml
echo 'println!("none")' >app/src/main.gos
cp app/project.lock app/kept
sed -i '/right/d' app/project.toml
refused G0047 'which nobody needs' "$GOS" check --locked app
diff before app/project.lock
"$GOS" fetch app
pinned example.org/linalg 1.4.0
if grep -q right app/project.lock; then fail "right is still pinned"; fi

# --offline: only the cache
app '"example.org/linalg" = "1.4.0"' linalg
says 'linalg 1.4.0' "$GOS" run --offline app
mv mirror away
says 'linalg 1.4.0' "$GOS" run app
says 'linalg 1.4.0' "$GOS" run --locked --offline app
rm -rf cache
refused G0044 'not in the cache' "$GOS" run --offline app
refused G0044 'does not appear to be a git repository' "$GOS" run app
mv away mirror
says 'linalg 1.4.0' "$GOS" run --locked app

# project.lock decides even where a tag has moved; a checksum that differs is an error with both
pin=$(sed -n 's/^sha256 = "\(.*\)"/\1/p' app/project.lock)
echo 'pub fn version() -> String { "moved".to_string() }' >mirror/example.org/linalg.git/src/lib.gos
git_in mirror/example.org/linalg.git commit -qam moved
git_in mirror/example.org/linalg.git tag -f v1.4.0 >/dev/null
rm -rf cache
says 'linalg 1.4.0' "$GOS" run app
zeros=$(printf '%064d' 0)
sed -i "s/$pin/$zeros/" app/project.lock
refused G0045 "$zeros" "$GOS" run app
grep -qF "$pin" err
grep -qF 'gos update example.org/linalg' err
sed -i "s/$zeros/$pin/; s/^rev.*/rev = \"$commit\"/" app/project.lock
rm -rf cache
refused G0045 "$pin" "$GOS" run app
(cd app && "$GOS" update >/dev/null)
says 'linalg 1.5.0' "$GOS" run app
says moved sh -c 'cd "$1" && rm project.lock && "$2" run' sh app "$GOS"

# `gos update` goes where a tag is now
app "\"example.org/linalg\" = { git = \"$url\", tag = \"latest\" }" linalg
git_in mirror/example.org/linalg.git tag latest v1.2.0
says 'linalg 1.2.0' "$GOS" run app
git_in mirror/example.org/linalg.git tag -f latest v1.3.0 >/dev/null
says 'linalg 1.2.0' "$GOS" run app
says 'example.org/linalg 1.2.0 → 1.3.0' sh -c 'cd app && "$1" update' sh "$GOS"
says 'linalg 1.3.0' "$GOS" run --locked app
git_in mirror/example.org/linalg.git tag -d latest >/dev/null
refused G0044 'no tag `latest`' sh -c 'cd app && "$1" update' sh "$GOS"
says 'linalg 1.3.0' "$GOS" run --locked app

# what does not go together, with both places
publish example.org/new 1.0.0 '"example.org/linalg" = "2.0.0"'
app '"example.org/linalg" = "1.0.0"
"example.org/new" = "1.0.0"' linalg
refused G0043 'version 2.0.0 is asked for here' "$GOS" check app
grep -qF 'and version 1.0.0 here' err
grep -qF 'app/project.toml:5' err
app "\"example.org/linalg\" = { git = \"$url\", tag = \"v1.3.0\" }
\"example.org/left\" = \"1.0.0\"" linalg
refused G0042 '#tag=v1.3.0`' "$GOS" check app
grep -qF 'from `registry`' err
mkdir -p here/src && printf '[project]\nid = "example.org/linalg"\nversion = "1.0.0"\n' >here/project.toml
echo 'pub fn version() -> String { "here".to_string() }' >here/src/lib.gos
app '"example.org/linalg" = { path = "../here" }
"example.org/left" = "1.0.0"' linalg
refused G0042 'path+../here' "$GOS" check app
app '"example.org/linalg" = { path = "../here" }' linalg
says here "$GOS" run app
test ! -e app/project.lock
echo '"example.org/other" = "1.0.0"' >>app/project.toml
publish example.org/other 1.0.0
says here "$GOS" run app
grep -qF 'source = "path+../here"' app/project.lock
echo '// edited' >>here/src/lib.gos
says here "$GOS" run --locked app

# a folder may need something from elsewhere; the lock is that of the project that is built
mkdir -p middle/src
printf '[project]\nid = "middle"\nversion = "1.0.0"\n[dependencies]\n"example.org/linalg" = "1.2.0"\n' >middle/project.toml
echo 'pub fn version() -> String { linalg::version() }' >middle/src/lib.gos
app '"middle" = { path = "../middle" }
"example.org/linalg" = "1.1.0"' middle
says 'linalg 1.2.0' "$GOS" run app
pinned middle 1.0.0
pinned example.org/linalg 1.2.0
test ! -e middle/project.lock
sed -i 's/$/\r/' app/project.lock app/project.toml
says 'linalg 1.2.0' "$GOS" run --locked app

# what is not there
app '"example.org/linalg" = "1.9.0"' linalg
refused G0044 'no tag `v1.9.0`' "$GOS" check app
grep -qF '`v1.5.0`, `v1.10.0-beta.1`, `v2.0.0`' err
grep -qF 'app/project.toml:5' err
app '"example.org/missing" = "1.0.0"'
refused G0044 'does not appear to be a git repository' "$GOS" check app
app "\"example.org/linalg\" = { git = \"$url\", rev = \"0123456789\" }"
refused G0044 'no revision `0123456789`' "$GOS" check app
app "\"example.org/another\" = { git = \"$url\", tag = \"v1.0.0\" }"
refused G0035 '` is `example.org/linalg`' "$GOS" check app
mkdir -p mirror/example.org/empty.git
git_in mirror/example.org/empty.git init -q
app '"example.org/empty" = "1.0.0"'
refused G0044 'no tags at all' "$GOS" check app
touch mirror/example.org/empty.git/file
git_in mirror/example.org/empty.git add . && git_in mirror/example.org/empty.git commit -qm x && git_in mirror/example.org/empty.git tag v1.0.0
refused G0044 'no `project.toml`' "$GOS" check app

# a project inside of what was fetched, but none outside; links are left out
publish example.org/parts 1.0.0 '"example.org/parts/inner" = { path = "inner" }'
mkdir -p mirror/example.org/parts.git/inner/src
printf '[project]\nid = "example.org/parts/inner"\nversion = "1.0.0"\n' >mirror/example.org/parts.git/inner/project.toml
echo 'pub fn version() -> String { "inner".to_string() }' >mirror/example.org/parts.git/inner/src/lib.gos
echo 'pub fn version() -> String { inner::version() }' >mirror/example.org/parts.git/src/lib.gos
ln -s /etc/passwd mirror/example.org/parts.git/src/secret.gos
git_in mirror/example.org/parts.git add . && git_in mirror/example.org/parts.git commit -qm parts
git_in mirror/example.org/parts.git tag v1.1.0
app '"example.org/parts" = "1.1.0"' parts
says inner "$GOS" run app
test -z "$(find cache -name secret.gos)"
publish example.org/out 1.0.0 "\"example.org/linalg\" = { path = \"$ROOM/here\" }"
app '"example.org/out" = "1.0.0"' out
refused G0035 'leads out' "$GOS" check app

# archives
(cd here && tar -cf - project.toml src) >plain.tar
(mkdir -p around && cp -r here around/here-1.0 && cd around && tar -czf ../around.tar.gz here-1.0)
for archive in plain.tar around.tar.gz; do
	sum=$(sha256sum $archive | cut -d' ' -f1)
	app "\"example.org/linalg\" = { url = \"file://$ROOM/$archive\", sha256 = \"$sum\" }" linalg
	says here "$GOS" run app
	says here "$GOS" run --locked --offline app
done
app "\"example.org/linalg\" = { url = \"file://$ROOM/plain.tar\", sha256 = \"$zeros\" }"
refused G0044 "$(sha256sum plain.tar | cut -d' ' -f1), not $zeros" "$GOS" check app
ln -s /etc/passwd here/link
(cd here && tar -cf ../bad.tar project.toml src link)
(cd here/src && tar -cPf ../../out.tar ../project.toml lib.gos)
echo nothing >no.tar
for archive in bad:link out:outside no:tar; do
	sum=$(sha256sum ${archive%:*}.tar | cut -d' ' -f1)
	app "\"example.org/linalg\" = { url = \"file://$ROOM/${archive%:*}.tar\", sha256 = \"$sum\" }"
	refused G0044 "${archive#*:}" "$GOS" check app
done
test -z "$(ls cache/gossamer/src/.new)"

# keys that do not go together, and values that cannot be; nothing is started for them
while IFS= read -r line; do
	app "\"example.org/linalg\" = $line"
	status=0
	PATH=/nowhere "$BIN/gos-project" app >out 2>err || status=$?
	[ "$status" = 1 ] || fail "$line: status $status"
	grep -q 'G003[2345]' err || fail "$line: $(cat err)"
	if grep -q G0044 err; then fail "$line: $(cat err)"; fi
done <<'END'
"1.0"
"^1.0.0"
"1.0.0+build"
{ git = "https://example.org/x.git" }
{ git = "ext::sh -c true", tag = "v1" }
{ git = "--upload-pack=true", tag = "v1" }
{ git = "https://example.org/a b", tag = "v1" }
{ git = "https://example.org/x.git", tag = "-v1" }
{ git = "https://example.org/x.git", tag = "a:b" }
{ git = "https://example.org/x.git", tag = "a..b" }
{ git = "https://example.org/x.git", tag = "" }
{ git = "https://example.org/x.git", rev = "HEAD" }
{ git = "https://example.org/x.git", rev = "abc" }
{ git = "https://example.org/x.git", rev = "abcd", tag = "v1" }
{ git = "https://example.org/x.git", path = "x" }
{ url = "https://example.org/x.tar.gz" }
{ url = "https://example.org/x.tar.gz", sha256 = "12" }
{ url = "ftp://example.org/x.tar.gz", sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" }
{ path = "x", version = "1.0.0" }
{ tag = "v1.0.0" }
{ sha256 = "x", version = "1.0.0" }
{ version = 1 }
{ git = ["x"], tag = "v1" }
END

# an id is an address; what git is started with: no shell, no question, no protocol that runs programs
mkdir -p spy
cat >spy/git <<END
#!/bin/sh
{ printf '<%s>' "\$@"; printf ' %s %s %s\n' "\$GIT_TERMINAL_PROMPT" "\$GIT_ALLOW_PROTOCOL" "\${GIT_DIR-none}"; } >>"$ROOM/spied"
case " \$* " in *' init '*) exit 0 ;; esac
echo 'remote: sorry' >&2
echo 'fatal: nothing here' >&2
exit 128
END
chmod +x spy/git
spied() { # TEXT
	grep -qF -- "$1" spied || fail "no \`$1\` in $(cat spied)"
}
app '"example.org/linalg" = "1.9.0"'
export GIT_DIR=/nowhere
(unset GOS_REGISTRY && PATH=$ROOM/spy:$PATH && refused G0044 'nothing here' "$GOS" check app)
spied '<--><https://example.org/linalg><refs/tags/v1.9.0>'
spied ' 0 https:http:ssh:file none'
grep -qF 'from `https://example.org/linalg`' err || fail "no address: $(cat err)"
(GOS_REGISTRY=https://mirror.example.com/gos/ && PATH=$ROOM/spy:$PATH && refused G0044 'nothing here' "$GOS" check app)
spied '<--><https://mirror.example.com/gos/example.org/linalg.git><refs/tags/v1.9.0>'
for base in example.org=/a example.org/linalg=/a example=/b,example.or=/b,/a /a,example.org=/b example.org/linalg/x=/b,,/a; do
	rm spied
	(GOS_REGISTRY=$base && PATH=$ROOM/spy:$PATH && refused G0044 'nothing here' "$GOS" check app)
	spied '<--></a/example.org/linalg.git>'
done
(GOS_REGISTRY=example.org=,/b && PATH=$ROOM/spy:$PATH && refused G0044 'nothing here' "$GOS" check app)
spied '<--><https://example.org/linalg>'
rm spied
(GOS_REGISTRY=example.com=/b && PATH=$ROOM/spy:$PATH && refused G0044 'nothing here' "$GOS" check app)
spied '<--><https://example.org/linalg>'
unset GIT_DIR

# programs that are missing
app '"example.org/left" = "1.0.0"' left
rm -rf cache
status=0
PATH=/nowhere "$BIN/gos-project" app >out 2>err || status=$?
test "$status" = 1
grep -qF 'cannot start `git`' err
grep -qF 'apt-get install git' err

# project.lock may be anything
app '"example.org/left" = "1.0.0"' left
"$GOS" fetch app
cp app/project.lock good
size=$(wc -c <good)
for n in $(seq 1 37 "$size"); do
	head -c "$n" good >app/project.lock
	status=0
	"$GOS" fetch --offline app 2>err || status=$?
	[ "$status" -le 1 ] || fail "project.lock of $n bytes: status $status: $(cat err)"
done
while IFS= read -r line; do
	printf '%b' "$line" >app/project.lock
	status=0
	"$GOS" check app 2>err || status=$?
	[ "$status" = 1 ] || fail "$line: status $status: $(cat err)"
	grep -q 'project.lock' err || fail "$line: $(cat err)"
done <<'END'
package = 1
package = [1]
[package]\nid = "x"
[[package]]
[[package]]\nid = 1
[[package]]\nid = "../../x"\nversion = "1.0.0"\nsource = "registry"\nsha256 = "00"
[[package]]\nid = "x"\nversion = "../.."\nsource = "registry"
[[package]]\nid = "x"\nversion = "1.0.0"\nsource = "registry"
[[package]]\nid = "x"\nversion = "1.0.0"\nsource = "path+x"\n[[package]]\nid = "x"\nversion = "1.0.0"\nsource = "path+x"
[[package]]\nid = "x"\nversion = "1.0.0"\nsource = "registry"\nrev = "--all"
\\0000
END

# several at once
app '"example.org/left" = "1.0.0"
"example.org/right" = "1.0.0"' left
rm -rf cache
for n in 1 2 3 4; do
	mkdir -p "app$n" && cp -r app/. "app$n"
	"$GOS" run "app$n" >"said$n" &
done
wait
for n in 1 2 3 4; do
	test "$(cat "said$n")" = 'left 1.0.0'
	diff app1/project.lock "app$n/project.lock"
done
test -z "$(ls cache/gossamer/src/.new)"
