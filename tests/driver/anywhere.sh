# The driver works through a symbolic link, from another folder, and with odd file names.
set -eu
unset GOS_BUILD
mkdir 'a folder' links
printf 'fn main() {\n\tprintln!("hello")\n}\n' >'a folder/odd $name;.gos'
ln -s "$GOS" links/first
ln -s first links/gos
if [ -x "$ROOT/build/rel/bin/gos-llvm" ] || [ -x "$ROOT/build/dev/bin/gos-llvm" ]; then
	test "$(links/gos run 'a folder/odd $name;.gos')" = hello
fi
export GOS_BUILD="${BIN%/bin}"
test "$(links/gos run 'a folder/odd $name;.gos')" = hello
"$GOS" build 'a folder/odd $name;.gos'
test "$('./odd $name;')" = hello
test "$("$GOS" build -o 'a folder/out' - <'a folder/odd $name;.gos' && 'a folder/out')" = hello
