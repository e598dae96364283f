# The examples of `gos explain`: the wrong one is reported with its code, the right one passes.
exec python3 "$ROOT/tests/explain.py" "$BIN"
