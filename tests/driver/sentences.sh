# Each sentence of the language's design has a test that exists.
exec python3 "$ROOT/tests/sentences.py"
