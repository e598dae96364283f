#!/usr/bin/env python3
"""Applies the fixes of the programs in tests/compile-fail and of the wrong examples of `gos explain`.

Safe fixes, all at once: what they fix must be gone, nothing new may appear, and a program whose every
error has a safe fix must then pass.  Every other fix, alone: the program must not lose its syntax.  Three
fifths of the codes that the programs show must come with a fix.  usage: fixes.py BIN [FILE]..."""

import collections
import concurrent.futures
import glob
import json
import os
import subprocess
import sys
import tempfile

import explain

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def diagnostics(bin, path):
    stream, found = b"", []
    for stage in ("lex", "parse", "check"):
        words = [path] if stage == "lex" else []
        result = subprocess.run([f"{bin}/gos-{stage}", "--diag=json", *words], input=stream,
                                capture_output=True, timeout=explain.LIMIT)
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


def alone(bin, path):
    """What is wrong with the fixes for review of a program, or None; codes seen, codes with a fix."""
    before = diagnostics(bin, path)
    known = {(d["code"], d["title"]) for d in before}
    seen = {d["code"] for d in before}, {d["code"] for d in before if d["fixes"]}
    with open(path, "rb") as file:
        text = file.read()
    for d in before:
        for fix in d["fixes"]:
            if fix["safety"] == "safe" or d["code"] < "G0300":
                continue
            with tempfile.NamedTemporaryFile(suffix=".gos") as file:
                file.write(apply(text, [fix]))
                file.flush()
                after = diagnostics(bin, file.name)
            new = [a for a in after if a["code"] < "G0300" and (a["code"], a["title"]) not in known]
            if new:
                return f"{path}: {fix['title']!r} breaks it: {new[0]['code']} {new[0]['title']}", seen
            key = d["code"], d["title"]
            if count(after)[key] >= count(before)[key] and d["code"] not in HINTS:
                return f"{path}: {fix['title']!r} leaves {d['code']} {d['title']}", seen
    return None, seen


# Fixes of these show where something is to be written; what, only the user knows.
HINTS = {"G0309", "G0320", "G0601", "G0608"}


def each(pool, work, bin, paths, nothing):
    """The results of `work` for all programs; that a stage does not end is a problem like others."""
    def one(path):
        try:
            return work(bin, path)
        except subprocess.TimeoutExpired as end:
            return f"{path}: {os.path.basename(end.cmd[0])} has not ended after {end.timeout:.0f} s", nothing
    return list(pool.map(one, paths))


def examples(bin, folder):
    """The wrong examples of the explanation pages, as files."""
    for code, _, wrong, _ in explain.pages(bin):
        if wrong:
            path = os.path.join(folder, f"{code}.gos")
            with open(path, "w") as file:
                file.write(wrong)
            yield path


def main():
    bin = sys.argv[1]
    paths = sys.argv[2:] or sorted(glob.glob(f"{ROOT}/tests/compile-fail/**/*.gos", recursive=True))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = each(pool, problem, bin, paths, 0)
        with tempfile.TemporaryDirectory(prefix="gos-fixes.") as folder:
            more = paths if sys.argv[2:] else paths + list(examples(bin, folder))
            single = each(pool, alone, bin, more, (set(), set()))
    problems = [text for text, _ in results + single if text]
    seen, fixed = (set().union(*(both[i] for _, both in single)) for i in (0, 1))
    if not sys.argv[2:] and len(fixed) * 5 < len(seen) * 3:
        problems.append(f"only {len(fixed)} of {len(seen)} codes have a fix")
    print("\n".join(problems + [f"{len(paths)} programs, {sum(n for _, n in results)} safe fixes; "
                                f"{len(fixed)} of {len(seen)} codes have a fix"]))
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
