# gos-rc alone: each tests/rc/X.mir-text becomes X.mir-expected; each dump letter prints; what is
# counted is refused.
for text in "$ROOT"/tests/rc/*.mir-text; do
	expected=${text%.mir-text}.mir-expected
	"$BIN/gos-ir" parse "$text" >scheduled || exit 1
	"$BIN/gos-rc" <scheduled >counted || exit 1
	"$BIN/gos-ir" dump --kind=Fn counted >got || exit 1
	diff -u "$expected" got || exit 1
	"$BIN/gos-rc" -O0 -d pldcft <scheduled >plain 2>log || exit 1
	[ "$(grep -c '^; after' log)" = $((5 * $(grep -c '^(Fn' "$text"))) ] || exit 1
	"$BIN/gos-ir" check plain || exit 1
	"$BIN/gos-rc" <counted >again 2>message
	[ $? = 3 ] && grep -q 'counted already' message && [ ! -s again ] || exit 1
	"$BIN/gos-llvm" <scheduled >code 2>message
	[ $? = 3 ] && grep -q 'put gos-rc in front' message && [ ! -s code ] || exit 1
done
