#!/usr/bin/env python3
"""Checks that docs/conformance.md names tests, and existing ones, for each sentence it holds.

A row of a table there is `| sentence | tests |`, tests as names below tests/ without their ending.  With
`--missing docs/language.md` the sentences of sections 1 to 4 that have no row are printed.
"""

import argparse
import os
import re
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SECTIONS = ("1", "2", "3", "4")
LEAST = 150     # so that a table that is not understood any more does not pass


def blocks(text):
    """(clause, is it a paragraph, text) of each paragraph, list entry, table row and line of code."""
    clause, wanted, code, lines = "", False, False, []
    for line in text.split("\n") + ["## end"]:
        title = re.match(r"#+ (\d[\d.]*)\.? ", line + " ")
        starts = not line.strip() or line.startswith(("#", "- ", "|", "```"))
        if (starts or code) and lines:
            yield clause, not code, " ".join(lines)
            lines = []
        if line.startswith("```"):
            code = not code
        elif line.startswith("#"):
            clause = title.group(1).rstrip(".") if title else ""
            wanted = clause.split(".")[0] in SECTIONS
        elif wanted and line.strip() and not re.match(r"\|[-| ]+\|$", line):
            lines.append(re.sub(r"^- |\s+//.*$" if code else r"^- ", "", line.strip()).strip())


def sentences(text):
    """(clause, sentence) of all that is wanted; sentences of a paragraph are split at full stops."""
    for clause, is_text, block in blocks(text):
        if block.startswith("| group"):
            continue
        if block.startswith("|"):
            yield clause, " — ".join(cell.strip() for cell in block.strip("|").split("|"))
        elif is_text:
            for part in re.split(r"(?<=[\w`)*]\.)\s+(?=[A-Z`*])(?![^(]*\))", block):
                yield clause, part.strip()
        else:
            yield clause, block


def key(sentence):
    return re.sub(r"\W+", " ", sentence).strip()


def rows(text):
    """(sentence, [test]) of each row of the tables."""
    for line in text.split("\n"):
        cells = re.match(r"\| (.*) \| ([^|]*) \|$", line)
        if cells and not cells.group(1).startswith(("---", "sentence")):
            yield cells.group(1).replace("\\|", "|"), re.findall(r"`([^`]+)`", cells.group(2))


def exists(test):
    """A file of this name with some ending: `e2e/4-match` is tests/e2e/4-match.gos."""
    return any(os.path.isfile(os.path.join(ROOT, "tests", test + ending)) for ending in (".gos", ".sh", ".c")) or os.path.isdir(
        os.path.join(ROOT, "tests", test))


def missing(table, path):
    """Sentences of a text of the reference that have no row."""
    with open(path) as f:
        return [(clause, s) for clause, s in sentences(f.read()) if key(s) not in table]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--missing", metavar="FILE", help="print what FILE says and no row holds")
    options = arguments.parse_args()
    with open(os.path.join(ROOT, "docs/conformance.md")) as f:
        table = {key(s): (s, tests) for s, tests in rows(f.read())}
    if options.missing:
        for clause, s in missing(table, options.missing):
            print(clause + "\t" + s)
        return 0
    wrong = []
    for s, tests in table.values():
        wrong += ["no test is named for: " + s] if not tests else []
        wrong += [f"there is no test {t}, named for: {s}" for t in tests if not exists(t)]
    if len(table) < LEAST:
        wrong.append(f"only {len(table)} sentences are left of at least {LEAST}")
    print("\n".join(wrong) or f"{len(table)} sentences have tests")
    return 1 if wrong else 0


sys.exit(main())
