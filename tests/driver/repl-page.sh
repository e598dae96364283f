# Each session in docs/repl.md prints what stands there.
awk '/^```session$/ { on = 1; n++; next } /^```$/ { on = 0 } on { print > ("page-" n) }' "$ROOT/docs/repl.md"
[ -f page-5 ] || { echo "where are the sessions?"; exit 1; }
for page in page-*; do
	sed -n 's/^[0-9]*[>|] //p' "$page" >in
	"$GOS" repl --history= <in >got 2>&1
	diff "$page" got || { echo "in $page"; exit 1; }
done
