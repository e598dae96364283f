# Safe fixes are safe: applied, they remove what they fix and break nothing.
exec python3 "$ROOT/tests/fixes.py" "$BIN"
