# Random well-typed programs: accepted, built both ways, and both builds do the same.
GOS_BUILD="${BIN%/bin}" exec python3 "$ROOT/tests/generate.py" "$GOS" --count 24
