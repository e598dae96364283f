# --insert passes a stream through a program; --with replaces a stage; both are named when they fail.
set -eu
cat >n.gos <<'END'
fn main() {
	println!("{}", 1)
}
END
cat >filter.sh <<END
#!/bin/sh
# Every integer literal 1 becomes 2.
"$BIN/gos-ir" dump | sed 's/(Int \(@[0-9+]*\) 1 "")/(Int \1 2 "")/' | "$BIN/gos-ir" parse
END
chmod +x filter.sh
test "$("$GOS" run n.gos)" = 1
test "$("$GOS" run --insert parse=./filter.sh n.gos)" = 2
test "$("$GOS" run --insert parse=cat --insert parse=./filter.sh --insert=rc=cat n.gos)" = 2
test "$("$GOS" run --with "check=$BIN/gos-check --color=never" n.gos)" = 1
test "$(GOS_STAGE_CHECK="$BIN/gos-check" "$GOS" run n.gos)" = 1

fails() { # STATUS TEXT COMMAND…
	want=$1 text=$2
	shift 2
	"$@" >out 2>err && got=0 || got=$?
	[ "$got" = "$want" ] || { echo "$* gave $got, not $want"; cat err; exit 1; }
	grep -q -- "$text" err || { echo "$*: no '$text'"; cat err; exit 1; }
	[ ! -s out ]
}
fails 1 'stage `check` failed' "$GOS" run --with check=/bin/false n.gos
fails 1 'inserted `/bin/false` failed' "$GOS" run --insert lower=/bin/false n.gos
fails 2 'cannot run `./missing`' "$GOS" run --with rc=./missing n.gos
fails 2 'did you mean `parse`' "$GOS" run --with parsee=cat n.gos
printf '#!/bin/sh\nprintf garbage\n' >garbage
chmod +x garbage
fails 3 './garbage' "$GOS" run --insert parse=./garbage n.gos
