#!/usr/bin/env python3
"""A session in a real terminal: terminal.py GOS.  The current folder is empty and stays the caller's."""
import os
import pty
import re
import select
import signal
import sys
import time

GOS = sys.argv[1]
SLOW = int(os.environ.get("GOS_SLOW", "1"))


class Terminal:
    """`gos` in a pseudo terminal, as someone at the keyboard sees it."""

    def __init__(self, **environment):
        self.seen, self.log = b"", b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(environment, TERM="xterm", COLUMNS="80")
            os.execvp(GOS, [GOS])

    def fill(self, seconds):
        if select.select([self.fd], [], [], seconds)[0]:
            try:
                more = os.read(self.fd, 65536)
            except OSError:
                more = b""
            self.seen += more
            self.log += more
            return bool(more)
        return False

    def expect(self, pattern):
        """Waits for it, and forgets what came up to its end; what matched."""
        end = time.time() + 15 * SLOW
        while True:
            found = re.search(pattern, self.seen)
            if found:
                self.seen = self.seen[found.end():]
                return found
            if time.time() > end:
                sys.exit(f"no {pattern!r} in {self.seen!r}\nall of it:\n{self.log.decode(errors='replace')}")
            self.fill(0.2)

    def prompt(self, text):
        """The prompt, after which nothing comes any more."""
        self.expect(re.escape(text.encode()))
        while self.fill(0.1 * SLOW):
            pass

    def keys(self, text):
        os.write(self.fd, text.encode())

    def enter(self, text, *answers, then):
        self.keys(text + "\n")
        for answer in answers:
            self.expect(answer)
        self.prompt(then)

    def end(self, wanted=0):
        end = time.time() + 15 * SLOW
        while time.time() < end:
            if not self.fill(0.05):
                time.sleep(0.02)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                if os.waitstatus_to_exitcode(status) != wanted:
                    sys.exit(f"status {status}\n{self.log.decode(errors='replace')}")
                return
        os.kill(self.pid, signal.SIGKILL)
        sys.exit(f"it does not end\n{self.log.decode(errors='replace')}")


def inputs(t):
    t.expect(rb"Gossamer .*help")
    t.prompt("1> ")
    t.enter("let number = 5", then="2> ")
    t.enter("number + 1", rb"6: i64\r\n", then="3> ")
    # Several lines.
    t.enter("fn twice(a: i64) -> i64 {", then="3| ")
    t.enter("a * 2", then="3| ")
    t.enter("}", then="4> ")
    t.enter("twice(number)", rb"10: i64\r\n", then="5> ")
    # A mistake is underlined, in colour.
    t.enter("numbre", rb"\x1b\[[0-9;]*merror", rb"did you mean|number|not found", then="6> ")
    # A program that reads has the keyboard.
    t.enter("let mut line = String::new()", then="7> ")


def history(t):
    t.keys("\x1b[A\x1b[A")
    t.expect(rb"numbre")
    t.keys("\x1b[A")
    t.expect(rb"twice\(number\)")
    t.enter("", rb"10: i64\r\n", then="8> ")
    # Back and forth in the line.
    t.keys("22\x01 1 + \x05 * 2")
    t.enter("", rb"45: i64\r\n", then="9> ")
    # Search.
    t.keys("\x12twice(num")
    t.expect(rb"twice\(number\)")
    t.enter("", rb"10: i64\r\n", then="10> ")


def completion(t):
    t.keys("numb\t")
    t.expect(rb"numb.*er")
    t.enter(" + 100", rb"105: i64\r\n", then="11> ")
    t.keys("std::e\t\t")
    t.expect(rb"env\b")
    t.keys("\x15")
    t.keys("number.is_pos\t")
    t.expect(rb"itive")
    t.enter("()", rb"true: bool\r\n", then="12> ")
    t.keys("[1, 2].is_em\t")
    t.enter("()", rb"false: bool\r\n", then="13> ")
    t.keys("Vec::with_c\t")
    t.expect(rb"apacity")
    t.keys("\x15")
    t.keys(":bin\t")
    t.enter("", rb"let number: i64", then="13> ")


def interrupts(t):
    # At the prompt, in the middle of an input, while it runs.
    t.keys("something\x03")
    t.prompt("13> ")
    t.enter("fn open() {", then="13| ")
    t.keys("\x03")
    t.prompt("13> ")
    t.keys("loop {}\n")
    time.sleep(0.5)
    t.keys("\x03")
    t.expect(rb"interrupted\r\n")
    t.prompt("14> ")
    t.enter("fn fib(n: i64) -> i64 { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }", then="15> ")
    t.keys("fib(70)\n")
    time.sleep(0.5)
    t.keys("\x03")
    t.expect(rb"interrupted\r\n")
    t.prompt("16> ")
    t.enter("number", rb"5: i64\r\n", then="17> ")


def goroutines(t):
    """They go on between inputs."""
    t.enter("let count = 40000000", then="18> ")
    t.enter('go { let mut i = 0; while i < count { i += 1 }; println!("counted {i}") }', then="19> ")
    t.enter("number", rb"5: i64\r\n", rb"counted 40000000\r\n", then="")
    t.enter("number", rb"5: i64\r\n", then="21> ")
    t.enter('panic!("no")', rb"panic: no\r\n", then="22> ")
    t.enter('go panic!("alone")', rb"panic: alone\r\n", then="")
    t.enter("number", rb"5: i64\r\n", then="24> ")
    t.enter("std::process::exit(3)", rb"ended with status 3\r\n", then="25> ")
    t.enter("twice(4)", rb"8: i64\r\n", then="26> ")


def main():
    os.mkdir("tmp")
    t = Terminal(XDG_STATE_HOME=os.path.abspath("state"), TMPDIR=os.path.abspath("tmp"))
    inputs(t)
    history(t)
    completion(t)
    interrupts(t)
    goroutines(t)
    # Ctrl-D in the middle of an input, then at its beginning.
    t.enter("let s = [1,", then="26| ")
    t.keys("\x04")
    t.expect(rb"error")
    t.prompt("27> ")
    t.keys("\x04")
    t.end()
    if os.listdir("tmp"):
        sys.exit(f"left behind: {os.listdir('tmp')}")

    lines = open("state/gossamer/history").read().splitlines()
    if lines[0] != "let number = 5" or "twice(number)" not in lines:
        sys.exit(f"the history is {lines}")
    # The next session has it; one that cannot write it does not mind.
    t = Terminal(XDG_STATE_HOME=os.path.abspath("state"))
    t.prompt("1> ")
    t.keys("\x1b[A")
    t.expect(rb"let s = \[1,")
    t.keys("\x15:quit\n")
    t.end()
    open("file", "w").close()
    t = Terminal(XDG_STATE_HOME=os.path.abspath("file"), HOME="/nonexistent")
    t.prompt("1> ")
    t.enter("1", rb"1: i64\r\n", then="2> ")
    t.keys("\x04")
    t.end()


main()
