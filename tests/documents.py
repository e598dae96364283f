#!/usr/bin/env python3
"""Runs what the documentation shows: each ```gos block that a ```out block follows is built and run, and must
print that block, in a debug and in a release build, without a leak; each examples/X.gos with tests/examples/X.out likewise.

usage: documents.py GOS ROOT
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks_of(path):
    """(line, program, output) of each program in the document that has an output."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    found = list(BLOCK.finditer(text))
    for program, output in zip(found, found[1:]):
        if (program.group(1), output.group(1)) == ("gos", "out"):
            yield text.count("\n", 0, program.start()) + 1, program.group(2), output.group(2)


def examples_of(root):
    """(path, program, output, input) of each example."""
    for path in sorted(glob.glob(os.path.join(root, "examples", "*.gos"))):
        base = os.path.join(root, "tests/examples", os.path.basename(path)[:-len(".gos")])
        text = [open(path, encoding="utf-8").read()]
        text += [open(base + end, encoding="utf-8").read() if os.path.exists(base + end) else None
                 for end in (".out", ".in")]
        yield path, *text


def problem_of(gos, source, wanted, stdin=""):
    """What is wrong, or None."""
    environment = dict(os.environ, GOS_RT_LEAKS="1")
    with tempfile.TemporaryDirectory(prefix="gos-documents.") as folder:
        path, program = os.path.join(folder, "program.gos"), os.path.join(folder, "program")
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        for flags in ([], ["--release"]):
            build = subprocess.run([gos, "build", "--diag=short", *flags, "-o", program, path],
                                   capture_output=True, text=True, timeout=60)
            if build.returncode:
                return f"build {' '.join(flags)} ends with {build.returncode}\n{build.stderr}"
            result = subprocess.run([program], input=stdin, capture_output=True, text=True, timeout=20,
                                    env=environment)
            if result.returncode:
                return f"status {result.returncode}\n{result.stderr}"
            if result.stdout != wanted:
                return f"it prints\n{result.stdout}instead of\n{wanted}"
    return None


def main():
    gos, root = sys.argv[1:]
    programs = [(f"docs/tour.md:{line}", source, out, "")
                for line, source, out in blocks_of(os.path.join(root, "docs/tour.md"))]
    for path, source, out, stdin in examples_of(root):
        name = os.path.relpath(path, root)
        if out is None:
            sys.exit(f"{name}: tests/examples has no output for it")
        programs.append((name, source, out, stdin or ""))
    if len(programs) < 10:
        sys.exit(f"only {len(programs)} programs found")
    failures = 0
    for name, source, out, stdin in programs:
        problem = problem_of(gos, source, out, stdin)
        if problem:
            failures += 1
            print(f"{name}: {problem}")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
