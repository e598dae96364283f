# Fetching that is interrupted, or whose results are damaged later, leaves nothing half; progress is for terminals.
set -eu
ROOM=$(pwd)
XDG_CACHE_HOME=$ROOM/cache GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export ROOM XDG_CACHE_HOME GIT_CONFIG_GLOBAL GIT_CONFIG_NOSYSTEM
fail() {
	echo "$*"
	exit 1
}
git_in() {
	git -C linalg -c user.name=test -c user.email=test@example.org "$@"
}
mkdir -p linalg/src app/src tools
printf '[project]\nid = "example.org/linalg"\nversion = "1.0.0"\n' >linalg/project.toml
echo 'pub fn one() -> i64 { 1 }' >linalg/src/lib.gos
git_in -c init.defaultBranch=main init -q
git_in add . && git_in commit -qm 1 && git_in tag v1.0.0
printf '[project]\nid = "example.com/app"\nversion = "0.1.0"\n[dependencies]\n' >app/project.toml
printf '"example.org/linalg" = { git = "%s/linalg", tag = "v1.0.0" }\n' "$ROOM" >>app/project.toml
echo 'println!("{}", linalg::one())' >app/src/main.gos

# A git that takes long to fetch, and tells when it begins and when it is ended.
real=$(command -v git)
cat >tools/git <<END
#!/bin/sh
case " \$* " in
*" fetch "*)
	trap 'kill \$!; touch "$ROOM/ended"; exit 1' HUP INT TERM
	sleep 60 &
	touch "$ROOM/started"
	wait
	;;
esac
exec $real "\$@"
END
chmod +x tools/git
cat >stop.py <<'END'
import os, signal, subprocess, sys, time
number, to_all = getattr(signal, sys.argv[1]), sys.argv[2] == "all"
program = subprocess.Popen(sys.argv[3:], start_new_session=True, stdout=subprocess.DEVNULL,
    preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
while not os.path.exists("started") and program.poll() is None:
    time.sleep(0.02)
(os.killpg if to_all else os.kill)(program.pid, number)
status = program.wait(timeout=30)
sys.exit(0 if status == -number else f"status {status}, not {-number}")
END
for case in 'SIGINT all' 'SIGTERM one' 'SIGHUP all' 'SIGTERM all'; do
	for command in run fetch; do
		rm -f started ended
		PATH=$ROOM/tools:$PATH python3 stop.py $case "$GOS" $command app || fail "$case $command"
		test -e ended || fail "$case $command: git still runs"
		test -z "$(ls cache/gossamer/src/.new)" || fail "$case $command leaves $(ls cache/gossamer/src/.new)"
		test "$(ls cache/gossamer/src)" = '' || fail "$case $command leaves $(ls cache/gossamer/src)"
		test ! -e app/project.lock
	done
done
test "$("$GOS" run app)" = 1

# A tree that has lost a file is made again.
tree=$(cd cache/gossamer/src/example.org/linalg@1.0.0-* && pwd)
rm "$tree/project.toml"
touch "$tree/stray"
test "$("$GOS" run --no-cache app)" = 1
test -e "$tree/project.toml"
test ! -e "$tree/stray"
test -z "$(ls cache/gossamer/src/.new)"

# `gos fetch` looks closer; what has been changed is not compiled any more.
for damage in 'rm src/lib.gos' 'rm src/lib.gos && echo "pub fn one() -> i64 { 2 }" >src/lib.gos' 'touch src/more.gos' \
	'rm src/lib.gos && ln -s ../project.toml src/lib.gos'; do
	(cd "$tree" && sh -c "$damage")
	code=0
	"$GOS" fetch --offline app 2>err || code=$?
	test "$code" = 1
	grep -qF G0044 err
	"$GOS" fetch app
	test "$("$GOS" run --no-cache app)" = 1
	test "$(cd "$tree" && find . -type f | wc -l)" = 2
done
"$GOS" fetch --offline app

# Nowhere to write.
rm -rf cache && touch cache
code=0
"$GOS" check app 2>err || code=$?
test "$code" = 1
grep -qF 'XDG_CACHE_HOME' err
rm cache

# Progress on a terminal alone; nothing when nothing is fetched.
"$GOS" fetch app >out 2>&1
test ! -s out
rm -r cache
python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$GOS" fetch app >out </dev/null
grep -q 'fetching example.org/linalg v\{0,1\}1.0.0' out || fail "no progress: $(cat out)"
python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$GOS" fetch app >out </dev/null
test ! -s out || fail "it says $(cat out)"

# A circle over what is fetched, one that comes back to the project itself among them.
git_in tag -d v1.0.0 >/dev/null
printf '[dependencies]\n"example.com/app" = { git = "/nowhere", tag = "v1" }\n' >>linalg/project.toml
git_in add . && git_in commit -qm 2 && git_in tag v1.0.0
rm -rf cache app/project.lock
code=0
"$GOS" check app 2>err || code=$?
test "$code" = 1
grep -qF 'G0039' err || fail "no circle: $(cat err)"
test "$(grep -c '^error' err)" = 1
