# gos build --explain: what is printed for each program in explain/; a red-black tree that nobody shares
# is changed without a count.  What --stats counts.
for program in "$ROOT"/tests/driver/explain/*.gos; do
	name=${program##*/}
	cp "$program" "$name" || exit 1
	for what in rc copies; do
		"$GOS" build "--explain=$what" "$name" >got 2>message || exit 1
		diff -u "${program%.gos}.$what" got || exit 1
		[ ! -s message ] || exit 1
	done
done

# What is left of counting in the tree's functions happens only where a cell is shared, or where the wrong
# variant is given away.
"$GOS" check --explain=rc "$ROOT/bench/rbtree.gos" >got || exit 1
grep -E '\^~* (retain|release)' got | grep -v 'only where the cell is shared' | sed 's/.*~* \(re[lt]\)/\1/' >left
cat >expected <<'END'
release of `r`: the function owns it, and it ends here
release of `l`: the function owns it, and it ends here
release of a value of type `String`: this is the end of it
release of `t`: this is the end of it
END
diff -u expected left || exit 1
[ "$(grep -c 'reuse of the cell' got)" = 17 ] || exit 1

# A file instead of standard output; what is not known.
"$GOS" build --explain=copies -o out copies.gos && diff -u "$ROOT/tests/driver/explain/copies.copies" out || exit 1
"$GOS" build --explain=cop copies.gos 2>message
[ $? = 2 ] && grep -q 'did you mean `rc`\|did you mean `copies`\|is one of rc, copies' message || exit 1
printf 'fn main() { let x: i64 = true }\n' >wrong.gos
"$GOS" build --explain=rc wrong.gos >got 2>message
[ $? = 1 ] && [ ! -s got ] && grep -q G0308 message || exit 1

# The counts of a run are the same in the virtual machine and in a native program.  Builds with a sanitizer have
# no machine that counts.
[ -x "$BIN/gos-vm-stats" ] || exit 0
for how in --vm --native; do
	GOS_RT_STATS=1 "$GOS" run --stats $how list.gos 2>counts$how >/dev/null || exit 1
done
grep -q '^retains [0-9]*, releases [1-9][0-9]*, ends [1-9][0-9]*, atomic 0, copies on write 0, cells reused 10$' counts--vm || exit 1
diff counts--vm counts--native || exit 1
