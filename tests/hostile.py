#!/usr/bin/env python3
"""Feeds damaged streams to the stages: bytes cut, flipped, moved and blown up, and well-formed streams
that contradict themselves, made by changing the text form.  A stage may finish, report errors
or refuse the stream: never crash, hang, take much memory, or refuse it in more than one line.

usage: hostile.py BIN [--count N] [--seed S] [--stage NAME]... [--keep DIR] [PROGRAM]...
N streams of each kind for each stage, made from the streams of programs taken from tests/e2e in turn,
or of those named.  The same seed gives the same streams.  --keep stores those that fail.
"""

import argparse
import concurrent.futures
import glob
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import threading

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PIPE = ["lex", "parse", "check", "lower", "rc"]
# The stage, its arguments, and the one whose stream it reads.  What a wrong program does when it
# runs is its own affair, so gos-vm only translates.
READERS = {"parse": ([], "lex"), "check": ([], "parse"), "lower": ([], "check"), "rc": ([], "lower"),
           "llvm": ([], "rc"), "vm": (["--dump"], "rc"), "ir": (["check"], None)}
SECONDS = 5 * int(os.environ.get("GOS_SLOW", "1"))
MEGABYTES = 64
NUMBERS = ["0", "1", "2", "3", "7", "8", "16", "63", "64", "65", "127", "255", "256", "1000", "65535", "65536",
           "1000000", "2147483647", "2147483648", "4294967294", "4294967295", "9223372036854775807",
           "18446744073709551615", "-1", "-128", "-9223372036854775808",
           "340282366920938463463374607431768211455", "1e308", "nan", "inf"]
TOKEN = re.compile(rb'"(?:\\.|[^"\\])*"|[A-Za-z_][A-Za-z_0-9]*|-?\d[\w.]*|\s+|.', re.S)
# MessagePack: lengths and numbers that promise more than there is, and bytes that mean nothing.
PROMISES = [b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff", b"\xdb\xff\xff\xff\xff", b"\xc6\x7f\xff\xff\xff",
            b"\xc9\xff\xff\xff\xff\x00", b"\xdc\xff\xff", b"\xcf\xff\xff\xff\xff\xff\xff\xff\xff", b"\xc1",
            b"\xd3\x80\x00\x00\x00\x00\x00\x00\x00", b"\xcb\x7f\xf8\x00\x00\x00\x00\x00\x01", b"\x91" * 5000,
            b"\x81\xc0" * 3000, b"\xc0", b"\xdd\x00\x10\x00\x00", b"\xa0", b"\x90", b"\xce\xff\xff\xff\xff"]


class Seed:
    """The stream of one stage for one program, and its text."""

    def __init__(self, bin, stage, stream):
        self.stage, self.stream = stage, stream
        self.text = None
        self.bin = bin

    def records(self):
        if self.text is None:
            self.text = run([f"{self.bin}/gos-ir", "dump"], self.stream)[1]
        return self.text


def run(command, stdin):
    result = subprocess.run(command, input=stdin, capture_output=True)
    return result.returncode, result.stdout, result.stderr


# --- bytes --------------------------------------------------------------------------------------


def cut(rng, s):
    return s[:rng.randrange(len(s))]


def flip(rng, s):
    s = bytearray(s)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        s[rng.randrange(len(s))] ^= 1 << rng.randrange(8)
    return bytes(s)


def set_byte(rng, s):
    at = rng.randrange(len(s))
    return s[:at] + bytes([rng.randrange(256)]) + s[at + 1:]


def promise(rng, s):
    at = rng.randrange(len(s))
    return s[:at] + rng.choice(PROMISES) + s[at + rng.choice([0, 1, 1, 5]):]


def move(rng, s):
    a, b, n = rng.randrange(len(s)), rng.randrange(len(s)), rng.choice([1, 2, 8, 100])
    return s[:a] + s[b:b + n] + s[a + rng.choice([0, n]):]


def drop(rng, s):
    at = rng.randrange(len(s))
    return s[:at] + s[at + rng.choice([1, 1, 2, 9, 300]):]


BYTES = [cut, flip, flip, flip, set_byte, promise, move, drop]


# --- text ---------------------------------------------------------------------------------------


def tokens_of(rng, text):
    """A window of the text as tokens, so that a large stream costs no more than a small one."""
    # The header stays, and nearly always the source too: damage there teaches nothing new.
    lines = text.split(b"\n")
    first = next((i for i, l in enumerate(lines) if l.startswith((b"(Item", b"(Fn", b"(Type"))), 4)
    at = rng.randrange(min(first, len(lines) - 1), len(lines)) if rng.random() < 0.95 else 0
    before, window, after = lines[:at], lines[at:at + 40], lines[at + 40:]
    return b"\n".join(before + [b""]), TOKEN.findall(b"\n".join(window)), b"\n".join([b""] + after)


def numbers(tokens):
    return [i for i, t in enumerate(tokens) if re.fullmatch(rb"[a-z]*\d+", t)]


def names(tokens):
    return [i for i, t in enumerate(tokens) if t[:1].isalpha()]


def group_at(tokens, at):
    """The end of the bracketed group that starts at or behind a token, as a range."""
    while at < len(tokens) and tokens[at] not in (b"(", b"[", b"{"):
        at += 1
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i] in (b"(", b"[", b"{")) - (tokens[i] in (b")", b"]", b"}"))
        if depth == 0:
            return at, i + 1
    return at, at


def change_number(rng, tokens):
    found = numbers(tokens)
    if found:
        at = rng.choice(found)
        prefix, digits = re.fullmatch(rb"([a-z]*)(\d+)", tokens[at]).groups()
        other = rng.choice(NUMBERS).encode() if rng.random() < 0.4 else b"%d" % max(
            0, min(int(digits), 1 << 127) + rng.choice([-2, -1, 1, 2, 3]))
        tokens[at] = prefix + other


def copy_number(rng, tokens):
    """An id, a size or an offset of somewhere else."""
    found = numbers(tokens)
    if found:
        at = rng.choice(found)
        prefix = re.match(rb"[a-z]*", tokens[at]).group()
        same = [i for i in found if re.fullmatch(prefix + rb"\d+", tokens[i])]
        tokens[at] = tokens[rng.choice(same)]


def copy_name(rng, tokens):
    found = names(tokens)
    if found:
        tokens[rng.choice(found)] = tokens[rng.choice(found)]


def copy_group(rng, tokens):
    """Trees where others were: nested in themselves, or twice, or in the place of a leaf."""
    if not tokens:
        return
    a, b = group_at(tokens, rng.randrange(len(tokens)))
    c, d = group_at(tokens, rng.randrange(len(tokens)))
    group = tokens[a:b]
    tokens[c:c if rng.random() < 0.3 else d] = group


def drop_group(rng, tokens):
    if tokens:
        a, b = group_at(tokens, rng.randrange(len(tokens)))
        del tokens[a:b]


def empty_list(rng, tokens):
    found = [i for i, t in enumerate(tokens) if t == b"["]
    if found:
        a, b = group_at(tokens, rng.choice(found))
        tokens[a:b] = [b"[", b"]"]


def deepen(rng, tokens):
    """A group nested in copies of what is around it, many times."""
    found = [i for i, t in enumerate(tokens) if t == b"("]
    if len(found) < 2:
        return
    at = rng.randrange(len(found) - 1)
    a, b = group_at(tokens, found[at])
    c, d = group_at(tokens, found[at + 1])
    if a < c and d < b:
        n = rng.choice([2, 30, 300, 3000])
        tokens[c:d] = tokens[a:c] * n + tokens[c:d] + tokens[d:b] * n


def many(rng, tokens):
    """A list with one of its elements ten thousand times."""
    found = [i for i, t in enumerate(tokens) if t == b"["]
    if found:
        at = rng.choice(found)
        a, b = group_at(tokens, at + 1)
        if b - a in range(1, 30):
            tokens[at + 1:at + 1] = (tokens[a:b] + [b"\n"]) * rng.choice([3, 300, 5000])


def change_line(rng, text):
    lines = text.split(b"\n")
    a, b = rng.randrange(1, len(lines)), rng.randrange(1, len(lines))
    kind = rng.randrange(3)
    if kind == 0:
        del lines[a]
    elif kind == 1:
        lines.insert(a, lines[b])
    else:
        lines[a], lines[b] = lines[b], lines[a]
    return b"\n".join(lines)


CHANGES = [change_number, change_number, copy_number, copy_number, copy_number, copy_name, copy_name,
           copy_group, copy_group, drop_group, empty_list, deepen, many]


def change_text(rng, text):
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        if rng.random() < 0.1:
            text = change_line(rng, text)
            continue
        before, tokens, after = tokens_of(rng, text)
        rng.choice(CHANGES)(rng, tokens)
        text = before + b"".join(tokens) + after
    return text


# --- feeding ------------------------------------------------------------------------------------


def feed(command, stream):
    """What is wrong with how the command took the stream, or None; and the status."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as messages:
        source.write(stream)
        source.seek(0)
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.DEVNULL, stderr=messages)
        timer = threading.Timer(SECONDS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        late = not timer.is_alive()
        timer.cancel()
        status = process.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(0)
        text = messages.read()
    return wrong(status, late, text, usage.ru_maxrss // 1024), status


def is_too_deep(status, text):
    """Is it the limit on nesting that no stream may pass, in one line?"""
    return status == 74 and b"nested too deeply" in text and text.count(b"\n") == 1


def wrong(status, late, text, megabytes):
    if late:
        return f"no end after {SECONDS} s"
    if is_too_deep(status, text):
        return None
    if status not in (0, 1, 3):
        return f"status {status}: {text[-600:].decode(errors='replace')}"
    if status == 3 and text.count(b"\n") > 1:
        return f"status 3 in {text.count(10)} lines: {text[:300].decode(errors='replace')}"
    if status == 1 and not text:
        return "status 1 without a word"
    # A process begins with the peak of the one that started it, which is this.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if megabytes > max(MEGABYTES, own + 1) and "GOS_SLOW" not in os.environ:
        return f"{megabytes} MB of memory, status {status}"
    return None


def streams_of(bin, path):
    """By stage, the stream it writes for a program."""
    stream, found = b"", {}
    for stage in PIPE:
        words = [path] if stage == "lex" else []
        status, stream, messages = run([f"{bin}/gos-{stage}", *words], stream)
        if status:
            break
        found[stage] = stream
    return found


def damage(rng, seed, kind):
    """A damaged stream, or None: the changed text is none of a stream."""
    if kind == "bytes":
        return rng.choice(BYTES)(rng, seed.stream)
    status, stream, messages = run([f"{seed.bin}/gos-ir", "parse"], change_text(rng, seed.records()))
    if is_too_deep(status, messages):
        return None
    if status not in (0, 1, 3) or status == 1 and messages.count(b"\n") != 1:
        raise RuntimeError(f"gos-ir parse: status {status}: {messages[-300:].decode(errors='replace')}")
    return stream if status == 0 else None


def one(options, seeds, name, kind, number):
    """(what is wrong or None, status or None)"""
    rng = random.Random(f"{options.seed} {name} {kind} {number}")
    words, before = READERS[name]
    stream = None
    try:
        for _ in range(20):
            stages = seeds[rng.choice(sorted(seeds))]
            stage = before or rng.choice(sorted(stages))
            stream = damage(rng, stages[stage], kind) if stage in stages else None
            if stream is not None:
                break
        else:
            return None, None
        problem, status = feed([f"{options.bin}/gos-{name}", *words], stream)
    except RuntimeError as error:
        problem, status = str(error), None
    if problem and options.keep:
        keep(options.keep, name, kind, number, stream or b"")
    return problem, status


def keep(folder, name, kind, number, stream):
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/{name}-{kind}-{number}", "wb") as file:
        file.write(stream)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("programs", nargs="*")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="number of the first stream")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--stage", action="append", choices=READERS)
    parser.add_argument("--kind", action="append", choices=["bytes", "text"])
    parser.add_argument("--keep")
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def main():
    options = parse_options()
    programs = options.programs
    if not programs:
        programs = sorted(glob.glob(f"{ROOT}/tests/e2e/*.gos"))
        random.Random(options.seed).shuffle(programs)
        programs = programs[:8]
    seeds = {path: {stage: Seed(options.bin, stage, stream)
                    for stage, stream in streams_of(options.bin, path).items()} for path in programs}
    failures = fed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name in options.stage or READERS:
            if not os.path.exists(f"{options.bin}/gos-{name}"):
                continue
            for kind in options.kind or ["bytes", "text"]:
                counts = {}
                jobs = range(options.first, options.first + options.count)
                for number, (problem, status) in zip(jobs, pool.map(
                        lambda n: one(options, seeds, name, kind, n), jobs)):
                    counts[status] = counts.get(status, 0) + 1
                    fed += status is not None
                    if not problem:
                        continue
                    failures += 1
                    print(f"gos-{name}, {kind} {number} of seed {options.seed}: {problem}", flush=True)
                print(f"gos-{name} {kind}: statuses {counts}", flush=True)
    print(f"{fed} streams, {failures} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
