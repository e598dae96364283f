# Damaged streams and streams that contradict themselves, into every stage that reads one.
case $BIN in
*/asan/* | */tsan/* | */atomic/* | */ubsan/*)
	GOS_SLOW=5
	export GOS_SLOW
	;;
esac
exec python3 "$ROOT/tests/hostile.py" "$BIN" --count 40
