# The example in ir-spec/bytecode.md is what gos-vm makes of it.
fences() { awk -v want="$1" '/^## An example/ { on = 1 } on && /^```/ { n++; next } on && n == want' "$ROOT/ir-spec/bytecode.md"; }
fences 1 >x.gos
fences 3 >wanted
"$GOS" build --stop=rc -o x.mir x.gos || exit 1
"$BIN/gos-vm" --dump x.mir | sed '$d' >got
diff -u wanted got || exit 1
[ "$("$BIN/gos-vm" x.mir)" = 24 ]
