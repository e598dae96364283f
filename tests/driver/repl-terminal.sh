# A session in a real terminal: editing, history, completion, Ctrl-C, Ctrl-D.
case $BIN in
*/asan/* | */tsan/* | */atomic/* | */ubsan/*)
	GOS_SLOW=5
	export GOS_SLOW
	;;
esac
exec python3 "$ROOT/tests/terminal.py" "$GOS"
