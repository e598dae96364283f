# An installation works from any folder, without the checkout, and can be removed again.
set -eu
unset GOS_BUILD
"$ROOT/tools/install.sh" "${BIN%/bin}" "$PWD/stage" /opt/gossamer >/dev/null
mv stage/opt/gossamer moved
printf 'fn main() {\n\tprintln!("hello")\n}\n' >hello.gos
test "$(moved/bin/gos run hello.gos)" = hello
test "$(moved/bin/gos run --release hello.gos)" = hello
moved/bin/gos version | grep -q '^gos [0-9]'
test "$(PATH="$PWD/moved/bin:$PATH" sh -c 'gos-lex hello.gos | gos-parse | gos-check | gos-lower | gos-rc | gos-llvm' |
	grep -c '^define')" -gt 0
mkdir -p stage/opt
mv moved stage/opt/gossamer
"$ROOT/tools/install.sh" --remove "$PWD/stage" /opt/gossamer >/dev/null
test -z "$(find stage -type f)"
