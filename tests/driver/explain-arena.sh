# gos build --explain=arena: what is allocated in arenas, what is copied out, what allocates outside.
cp "$ROOT/tests/driver/explain-arena/program.gos" program.gos || exit 1
"$GOS" build --explain=arena program.gos >got 2>message || exit 1
[ ! -s message ] || exit 1
diff -u "$ROOT/tests/driver/explain-arena/program.arena" got || exit 1
"$GOS" check --explain=arena program.gos | cmp - got || exit 1

# Without an arena there is nothing to tell.
printf 'fn main() { println!("{}", [1, 2]) }\n' >plain.gos
[ "$("$GOS" build --explain=arena plain.gos)" = "nothing is allocated in an arena" ] || exit 1
