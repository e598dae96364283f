# A file that begins with `#!`, code on the command line, arguments for both.
set -eu
printf '#!%s\nuse std::env\nprintln!("{}", env::args().nth(1).unwrap())\n' "/usr/bin/env gos" >script
chmod +x script
mkdir path && ln -s "$GOS" path/gos
test "$(PATH=$PWD/path:$PATH ./script argument)" = argument
test "$("$GOS" -e 'println!("{}", 6 * 7)')" = 42
test "$("$GOS" -e 'use std::env
let a = env::args().nth(1).unwrap()
println!("{}", a)' word)" = word
test "$(echo in | "$GOS" -e 'println!("{:?}", std::io::read_line())')" = 'Some("in")'
status=0
"$GOS" -e 'let x: i64 = "no"' 2>err || status=$?
test "$status" = 1
grep -q G03 err
