# The programs of the documentation and the examples print what is said.
GOS_BUILD="${BIN%/bin}" exec python3 "$ROOT/tests/documents.py" "$GOS" "$ROOT"
