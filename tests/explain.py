#!/usr/bin/env python3
"""Checks the pages of `gos explain`: each code has a text; the wrong example of a page is reported
with that code, and the right example passes.  usage: explain.py BIN [CODE]..."""

import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

LIMIT = 20 * int(os.environ.get("GOS_SLOW", "1"))     # seconds for a stage


def pages(bin):
    """(code, text, wrong, right) of each diagnostic; examples may be None."""
    whole = subprocess.run([f"{bin}/gos-explain", "--all"], capture_output=True, check=True)
    for page in re.split(r"(?m)^## (?=G\d{4} )", whole.stdout.decode())[1:]:
        text, *rest = re.split(r"(?m)^(Wrong|Right):\n\n", page)
        examples = {rest[i]: unindent(rest[i + 1]) for i in range(0, len(rest), 2)}
        yield page[:5], text.split("\n", 2)[-1], examples.get("Wrong"), examples.get("Right")


def unindent(text):
    return "\n".join(line[4:] for line in text.rstrip("\n").split("\n")) + "\n"


def diagnostics(bin, program):
    """Codes and levels reported by the three stages of the front end, and the last status."""
    with tempfile.TemporaryDirectory(prefix="gos-explain.") as folder:
        path = os.path.join(folder, "example.gos")
        with open(path, "w") as file:
            file.write(program)
        stream, found = b"", []
        for stage in ("lex", "parse", "check"):
            words = [path] if stage == "lex" else []
            result = subprocess.run([f"{bin}/gos-{stage}", "--diag=json", *words], input=stream,
                                    capture_output=True, timeout=LIMIT)
            if result.returncode not in (0, 1):
                return [(f"status {result.returncode} of gos-{stage}", "error")]
            found += [json.loads(line) for line in result.stderr.decode().splitlines()]
            stream = result.stdout
            if result.returncode:
                break
    return [(d["code"], d["level"]) for d in found]


def problems(bin, page):
    code, text, wrong, right = page
    if not text.strip():
        yield f"{code}: the page has no text"
    if wrong:
        found = [c for c, _ in diagnostics(bin, wrong)]
        if code not in found:
            yield f"{code}: its wrong example gives {', '.join(found) or 'nothing'}"
    if right:
        found = diagnostics(bin, right)
        # What the toolchain does not have yet may still be the right thing to write.
        bad = [c for c, level in found if level == "error" and c != "G0901" or c == code]
        if bad:
            yield f"{code}: its right example gives {', '.join(bad)}"
    if wrong and not right:
        yield f"{code}: a wrong example and no right one"


def main():
    bin, codes = sys.argv[1], sys.argv[2:]
    chosen = [p for p in pages(bin) if not codes or p[0] in codes]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = [line for lines in pool.map(lambda p: list(problems(bin, p)), chosen) for line in lines]
    print("\n".join(found + [f"{len(chosen)} pages, {sum(bool(p[2]) for p in chosen)} with examples"]))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
