# Damaged programs: no stage crashes, and what gos-check accepts compiles.
exec python3 "$ROOT/tests/mutate.py" "$BIN" --count 300
