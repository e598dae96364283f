#!/usr/bin/env python3
"""Damages programs at random and runs the compiler on them: no stage may crash or hang, and what
`gos-check` accepts the stages after it must compile.

usage: mutate.py BIN [--count N] [--seed S] [--keep DIR] [--front]
The same seed gives the same programs.  --keep stores those that fail; --front stops after gos-check.
"""

import argparse
import concurrent.futures
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOKEN = re.compile(r'//[^\n]*|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])\'|\w+|\s+|[-+*/%=<>!&|.:]{2,3}|.', re.S)
LIMIT = 20 * int(os.environ.get("GOS_SLOW", "1"))     # seconds for a stage
STAGES = ["lex", "parse", "check", "lower", "rc", "llvm"]
WORDS = ["mut", "&", "&mut", "fn", "let", "match", "return", "?", "*", "(", ")", "{", "}", "[", "]", ";",
         ",", "..", "=>", "->", "::", "|>", "_", "self", "Self", "0", "1", "-1", "1.5", "true", "\"x\"",
         "String", "i64", "u8", "f64", "Vec<i64>", "Option", "None", "Some(1)", "Ok(1)", "Err(1)", "|x|",
         "as", "if", "else", "for", "in", "while", "loop", "break", "continue", "impl", "trait", "enum",
         "struct", "dyn", "defer", "x", "T", "<T>", "'a", "@", "#", "..=", "spawn(|| 1)", "panic!()",
         "99999999999999999999", "\u00e9", "\\", "\"", "'"]


def programs():
    found = sorted(glob.glob(f"{ROOT}/tests/e2e/*.gos") + glob.glob(f"{ROOT}/examples/**/*.gos", recursive=True)
                   + glob.glob(f"{ROOT}/tests/compile-fail/*.gos"))
    return [open(path, encoding="utf-8", errors="replace").read() for path in found]


def change_tokens(rng, tokens, donor):
    """One change to a list of tokens."""
    at = rng.randrange(len(tokens))
    kind = rng.randrange(7)
    if kind == 0:
        del tokens[at]
    elif kind == 1:
        tokens.insert(at, tokens[at])
    elif kind == 2:
        other = rng.randrange(len(tokens))
        tokens[at], tokens[other] = tokens[other], tokens[at]
    elif kind == 3:
        tokens[at] = rng.choice(donor)
    elif kind == 4:
        tokens.insert(at, f" {rng.choice(WORDS)} ")
    elif kind == 5:
        tokens[at] = f" {rng.choice(WORDS)} "
    else:
        # A name for another name: the mutants that get furthest.
        names = [i for i, t in enumerate(tokens) if t[0].isalpha()]
        if len(names) > 1:
            tokens[rng.choice(names)] = tokens[rng.choice(names)]


def change_lines(rng, text):
    lines = text.split("\n")
    at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    kind = rng.randrange(4)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(other, lines[at])
    elif kind == 2:
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines = lines[:at]
    return "\n".join(lines)


def mutant(rng, sources):
    text = rng.choice(sources)
    donor = TOKEN.findall(rng.choice(sources)) or ["x"]
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        if rng.random() < 0.25:
            text = change_lines(rng, text)
            continue
        tokens = TOKEN.findall(text)
        if tokens:
            change_tokens(rng, tokens, donor)
        text = "".join(tokens)
    return text


def run_stage(command, stream):
    """(status, output, messages); a status of None is a hang."""
    try:
        result = subprocess.run(command, input=stream, capture_output=True, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return None, b"", b""
    return result.returncode, result.stdout, result.stderr


def judge(bin, text, stages):
    """What is wrong with how the compiler took the program, or None."""
    with tempfile.NamedTemporaryFile(suffix=".gos") as file:
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        stream, accepted = b"", False
        for stage in stages:
            words = [file.name] if stage == "lex" else []
            status, stream, messages = run_stage([f"{bin}/gos-{stage}", "--diag=short", *words], stream)
            if status is None:
                return f"gos-{stage} does not end"
            if status not in (0, 1):
                return f"gos-{stage} ends with status {status}: {messages[-300:].decode(errors='replace')}"
            if status and accepted:
                return f"gos-check accepts it, gos-{stage} does not: {messages[-300:].decode(errors='replace')}"
            if status and not messages:
                return f"gos-{stage} fails without a word"
            if status:
                return None
            accepted = stage == "check"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep")
    parser.add_argument("--front", action="store_true")
    options = parser.parse_args()
    stages = [s for s in STAGES[:3 if options.front else 6] if os.path.exists(f"{options.bin}/gos-{s}")]
    sources, failures = programs(), 0

    def one(number):
        text = mutant(random.Random(options.seed * 1000003 + number), sources)
        return number, text, judge(options.bin, text, stages)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, text, problem in pool.map(one, range(options.count)):
            if not problem:
                continue
            failures += 1
            print(f"mutant {number} of seed {options.seed}: {problem}", flush=True)
            if options.keep:
                os.makedirs(options.keep, exist_ok=True)
                with open(f"{options.keep}/{options.seed}-{number}.gos", "w") as file:
                    file.write(text)
    print(f"{options.count} programs, {failures} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
