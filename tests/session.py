#!/usr/bin/env python3
"""Inputs through the stages and into `gos-vm --session`: session.py BIN SCRIPT

A line of the script is an input, `\\n` in it a line end; `= TEXT` is what the input before it must answer,
`. TEXT` a line of the report that it must have.  Other requests follow at the end.
"""
import os
import struct
import subprocess
import sys

STAGES = "gos-lex {} | gos-parse | gos-check --diag=short --session=report | gos-lower | gos-rc"


class Session:
    def __init__(self):
        self.items, self.variables, self.number, self.report = [], {}, 0, []
        reply, to = os.pipe()
        come, self.to = os.pipe()
        self.reply = os.fdopen(reply)
        self.vm = subprocess.Popen(["gos-vm", f"--session={come}", f"--replies={to}"], pass_fds=[come, to])
        os.close(to)
        os.close(come)

    def request(self, letter, data):
        os.write(self.to, letter + struct.pack("<I", len(data)))
        while data:
            data = data[os.write(self.to, data):]
        return self.reply.readline().rstrip("\n")

    def blank(self, name, offset, length):
        data = bytearray(open(name, "rb").read())
        for i in range(int(offset), int(offset) + int(length)):
            if data[i] != 10:
                data[i] = 32
        open(name, "wb").write(data)

    def input(self, text):
        self.number += 1
        name = str(self.number)
        open(name, "w").write(text)
        open("bindings", "w").write("\n".join(self.variables.values()) + "\n")
        files = " ".join(self.items + ["bindings", name])
        run = subprocess.run(STAGES.format(files), shell=True, stdout=subprocess.PIPE)
        if run.returncode:
            return "errors"
        self.report = open("report").read().splitlines()
        for line in self.report:
            word, _, rest = line.partition(" ")
            if word == "item" and name not in self.items:
                self.items.append(name)
            elif word == "gone":
                self.blank(*rest.split())
            elif word == "let":
                self.variables[line.split(":")[0].split()[-1]] = line
            elif word == "forget":
                del self.variables[rest]
        return self.request(b"M", run.stdout) if "run" in self.report else "ok"


def check(what, wanted):
    if what != wanted:
        sys.exit(f"wanted {wanted!r}, got {what!r}")


def main():
    os.environ["PATH"] = sys.argv[1] + ":" + os.environ["PATH"]
    session, answer = Session(), None
    for line in open(sys.argv[2]).read().splitlines():
        if line.startswith("= "):
            check(answer, line[2:])
        elif line.startswith(". "):
            if line[2:] not in session.report:
                sys.exit(f"no line {line[2:]!r} in {session.report}")
        elif line:
            print(">", line, flush=True)
            answer = session.input(line.replace("\\n", "\n"))
    check(session.request(b"M", b"junk")[:7], "broken ")
    check(session.request(b"M", b"")[:7], "broken ")
    check(session.request(b"?", b"x")[:7], "broken ")
    check(session.request(b"D", b"1.x"), "ok")
    check(session.request(b"D", b"nothing"), "ok")
    os.close(session.to)
    check(session.vm.wait(), 0)


main()
