#!/usr/bin/env python3
"""Applies the safe fixes of each program in tests/compile-fail: what they fix must be gone, nothing new
may appear, and a program whose every error has a safe fix must then pass.  usage: fixes.py BIN [FILE]..."""

import collections
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def diagnostics(bin, path):
    stream, found = b"", []
    for stage in ("lex", "parse", "check"):
        words = [path] if stage == "lex" else []
        result = subprocess.run([f"{bin}/gos-{stage}", "--diag=json", *words], input=stream,
                                capture_output=True, timeout=20)
        found += [json.loads(line) for line in result.stderr.decode().splitlines()]
        stream = result.stdout
        if result.returncode:
            break
    return found


def safe_fix(diagnostic):
    return next((f for f in diagnostic["fixes"] if f["safety"] == "safe"), None)


def apply(text, fixes):
    """The text with the edits of all fixes; a fix that overlaps an earlier one is left out."""
    edits = []
    for fix in fixes:
        mine = [(e["start"]["byte"], e["end"]["byte"], e["text"].encode()) for e in fix["edits"]]
        if not any(a < e[1] and e[0] < b for a, b, _ in mine for e in edits):
            edits += mine
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new + text[end:]
    return text


def count(found):
    return collections.Counter((d["code"], d["title"]) for d in found)


def problem(bin, path):
    """What is wrong with the fixes of a program, or None; and how many it has."""
    before = diagnostics(bin, path)
    fixed = [d for d in before if safe_fix(d)]
    if not fixed:
        return None, 0
    with open(path, "rb") as file:
        text = apply(file.read(), [safe_fix(d) for d in fixed])
    with tempfile.NamedTemporaryFile(suffix=".gos") as file:
        file.write(text)
        file.flush()
        after = diagnostics(bin, file.name)
    left = count(after) & count(fixed)
    if left == count(fixed):
        return f"{path}: still there after its fix: {list(left)}", len(fixed)
    # A parser that stops early hides what comes after; only syntax errors are new for sure.
    new = [d for d in after if d["code"] < "G0300" and (d["code"], d["title"]) not in count(before)]
    if new:
        return f"{path}: the fix breaks it: {new[0]['code']} {new[0]['title']}", len(fixed)
    errors = [d for d in before if d["level"] == "error"]
    # What only the checker finds was hidden by a syntax error; it may have a fix of its own.
    bad = [d for d in after if d["level"] == "error" and d["code"] not in [e["code"] for e in errors]
           and d["code"] != "G0901" and not d["fixes"]]
    if bad and len([d for d in fixed if d["level"] == "error"]) == len(errors) and errors:
        return f"{path}: fixed, it has {bad[0]['code']} {bad[0]['title']}", len(fixed)
    return None, len(fixed)


def main():
    bin = sys.argv[1]
    paths = sys.argv[2:] or sorted(glob.glob(f"{ROOT}/tests/compile-fail/**/*.gos", recursive=True))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda path: problem(bin, path), paths))
    problems = [text for text, _ in results if text]
    print("\n".join(problems + [f"{len(paths)} programs, {sum(n for _, n in results)} safe fixes"]))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
