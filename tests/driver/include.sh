# What a program includes is read again whenever it is built: nothing of it comes from the cache.
set -eu
export XDG_CACHE_HOME=$PWD/cache
mkdir src
printf 'fn main() { println!("{} {}", include_str!("part.txt"), env!("WORD")) }\n' >src/main.gos
for word in one two; do
	printf '%s' "$word" >src/part.txt
	test "$(WORD=$word "$GOS" run src/main.gos)" = "$word $word"
	test "$(WORD=x "$GOS" run --native src/main.gos)" = "$word x"
done
printf '\377' >src/part.txt
! WORD=x "$GOS" check --diag=short src/main.gos 2>err
grep -q 'G0716.*part.txt' err
rm src/part.txt
! WORD=x "$GOS" run src/main.gos 2>err
grep -q 'No such file' err
