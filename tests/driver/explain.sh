# Every code that a diagnostic may have is explained.
set -eu
codes=$("$GOS" explain --list | cut -d" " -f1)
test "$(printf '%s\n' $codes | wc -l)" -gt 20
for code in $codes; do
	"$GOS" explain "$code" >page
	grep -q "$code" page
	test "$(wc -l <page)" -ge 3
done
"$GOS" explain G9999 >out 2>err && exit 1
test -s err
