#!/usr/bin/env python3
"""Runs what the documentation shows: each ```gos block that a ```out block follows must print that block, in the
virtual machine, a debug and a release build, without a leak; each examples/X.gos with tests/examples/X.out likewise.

With --pages it runs the right example of each page of `gos explain` instead, where that is a whole program: there
is no output to compare with, but output, status, panics and leaks must be the same in all three.

usage: documents.py GOS ROOT [--pages]
"""

import glob
import os
import re
import subprocess
import sys
import tempfile

import explain

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


def tiers(gos, path):
    """(name, command that builds or None, command that runs) of each way to run a program."""
    program = path[:-len(".gos")]
    build = [gos, "build", "--diag=short", "-o", program, path]
    yield "vm", None, [gos, "run", "--no-cache", "--vm", "--diag=short", path]
    yield "debug", build, [program]
    yield "release", build[:2] + ["--release"] + build[2:], [program]


def outcome(build, run, stdin):
    """(status, output, messages) of a tier; what is wrong with its build as a text."""
    if build:
        result = subprocess.run(build, capture_output=True, text=True, timeout=120)
        if result.returncode:
            return f"`{' '.join(build[:3])}` ends with {result.returncode}\n{result.stderr}"
    result = subprocess.run(run, input=stdin, capture_output=True, text=True, timeout=60,
                            env=dict(os.environ, GOS_RT_LEAKS="1"))
    said = [line for line in result.stderr.splitlines() if "warning[" not in line and not line.startswith("learn: ")]
    return result.returncode, result.stdout, said


def problem_of(gos, source, wanted, stdin=""):
    """What is wrong, or None.  Without a wanted output the first tier says what the others must do."""
    with tempfile.TemporaryDirectory(prefix="gos-documents.") as folder:
        path, first = os.path.join(folder, "program.gos"), None
        with open(path, "w", encoding="utf-8") as file:
            file.write(source)
        for name, build, run in tiers(gos, path):
            found = outcome(build, run, stdin)
            if isinstance(found, str):
                return found
            if wanted is not None and found[0]:
                return f"{name}: status {found[0]}\n" + "\n".join(found[2])
            if wanted is not None and found[1] != wanted:
                return f"{name} prints\n{found[1]}instead of\n{wanted}"
            first = first or found
            if found != first:
                return f"vm and {name} differ: {first} and {found}"
    return None


def pages_of(gos):
    """(name, program) of each page whose right example is a program that builds."""
    bin = os.environ["GOS_BUILD"] + "/bin"
    for code, _, _, right in explain.pages(bin):
        if not right or not re.search(r"(?m)^fn main\(|^println", right):
            continue
        if not [c for c, level in explain.diagnostics(bin, right) if level == "error"]:
            yield f"the right example of {code}", right


def main():
    gos, root, *pages = sys.argv[1:]
    if pages:
        return report(gos, [(name, right, None, "") for name, right in pages_of(gos)])
    programs = [(f"docs/tour.md:{line}", source, out, "")
                for line, source, out in blocks_of(os.path.join(root, "docs/tour.md"))]
    for path, source, out, stdin in examples_of(root):
        name = os.path.relpath(path, root)
        if out is None:
            sys.exit(f"{name}: tests/examples has no output for it")
        programs.append((name, source, out, stdin or ""))
    return report(gos, programs)


def report(gos, programs):
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
