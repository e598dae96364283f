# `gos check`, `build` and `run` of project folders: where they are started, what they say.
set -eu
"$GOS" new demo >/dev/null
mkdir -p demo/src/net
echo 'pub fn port() -> i64 { inner() + http::PLUS }
fn inner() -> i64 { 8000 }' >demo/src/net/mod.gos
echo 'pub const PLUS: i64 = 80' >demo/src/net/http.gos
echo 'fn main() { println!("{} {}", net::port(), net::http::PLUS) }' >demo/src/main.gos
want='8080 80'

# from outside, from inside, by folder and by file; interpreter and both builds
"$GOS" check demo
(cd demo && "$GOS" check && "$GOS" check src)
test "$("$GOS" run demo)" = "$want"
test "$(cd demo/src/net && "$GOS" run)" = "$want"
test "$("$GOS" run --native demo)" = "$want"
"$GOS" build -o plain demo
"$GOS" build --release -o fast demo
test "$(./plain)" = "$want"
test "$(./fast)" = "$want"
test "$("$GOS" run demo/src/main.gos)" = "$want"

# the errors of several files come in a stable order, that of their paths; the status tells
echo 'pub fn port() -> i64 { "no" }' >demo/src/net/mod.gos
echo 'pub const PLUS: i64 = nothing' >demo/src/net/http.gos
code=0
"$GOS" check --diag=short demo 2>first || code=$?
test "$code" = 1
"$GOS" check --diag=short demo 2>second || true
diff first second
grep -q 'src/net/mod.gos:1:24: error\[G0308\]' first
grep -q 'src/net/http.gos:1:' first
test "$(grep -c 'error\[' first)" -ge 2

# what is not there
code=0
"$GOS" check nowhere 2>err || code=$?
test "$code" != 0
test -s err
mkdir empty
code=0
"$GOS" check empty 2>err || code=$?
test "$code" = 1
grep -q G0030 err
