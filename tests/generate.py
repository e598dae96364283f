#!/usr/bin/env python3
"""Writes random well-typed programs and runs them: every one must be accepted, and do the same in each tier:
the virtual machine, the same without the passes of gos-rc that only save counting, a debug and a release build.
What a program does is what it prints, its status and how it panics; types with `impl Drop` tell when values end,
and no object may be alive at the end.

usage: generate.py GOS [--count N] [--batch N] [--seed S] [--tiers vm,plain,debug,release] [--keep DIR] [--print]
The same seed gives the same programs.  Many of them are modules of one program, because starting the tools takes
longer than what they do here; when such a batch fails, each of its programs is tried alone.
--print writes the first program to standard output.
"""

import argparse
import concurrent.futures
import os
import random
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
INTS = ["i64", "i32", "u8", "u64", "i8", "i128", "u128", "u16"]
TIERS = ("vm", "plain", "debug", "release")
SCALARS = INTS + ["bool", "char", "String"]


class Struct:
    def __init__(self, name, fields):
        self.name, self.fields = name, fields


class Enum:
    def __init__(self, name, variants):
        self.name, self.variants = name, variants


class Program:
    """Items first, then `main`.  Functions call only those before them, so every program ends."""

    def __init__(self, rng):
        self.rng, self.structs, self.enums, self.functions, self.lines = rng, [], [], [], []
        self.places = []
        self.next, self.depth = 0, 0

    # --- types

    def type(self, depth=2):
        choices = [lambda: self.rng.choice(SCALARS)] * 3
        if depth:
            choices += [lambda: f"Option<{self.type(depth - 1)}>", lambda: f"Vec<{self.type(depth - 1)}>",
                        lambda: f"({self.type(depth - 1)}, {self.type(depth - 1)})"]
            choices += [lambda: self.rng.choice(self.structs).name] * bool(self.structs)
            choices += [lambda: self.rng.choice(self.enums).name] * bool(self.enums)
        return self.rng.choice(choices)()

    def named(self, name):
        return next((t for t in self.structs + self.enums if t.name == name), None)

    def parts(self, type):
        """The arguments of `(A, B)`, `Option<A>`."""
        inner, depth, parts, start = type[type.index("(" if type[0] == "(" else "<") + 1:-1], 0, [], 0
        for at, c in enumerate(inner):
            depth += (c in "(<") - (c in ")>")
            if c == "," and not depth:
                parts.append(inner[start:at].strip())
                start = at + 1
        return parts + [inner[start:].strip()]

    def fresh(self, stem="v"):
        self.next += 1
        return f"{stem}{self.next}"

    # --- expressions

    def literal(self, type):
        rng = self.rng
        if type in INTS:
            return str(rng.randrange(0, 100))
        if type == "bool":
            return rng.choice(["true", "false"])
        if type == "char":
            return rng.choice(["'a'", "'z'", "'\u00e9'", "'\\n'"])
        return rng.choice(['"a"', '"hello"', '""', '"\u00fcber"'])

    def make(self, type, scope, depth):
        """A value of a type with parts, built from its parts."""
        if type[0] == "(":
            return f"({', '.join(self.expr(t, scope, depth) for t in self.parts(type))})"
        if type.startswith("Option<"):
            if self.rng.random() < 0.3:
                return "None"
            return f"Some({self.expr(self.parts(type)[0], scope, depth)})"
        if type.startswith("Vec<"):
            n = self.rng.randrange(1, 4)
            return f"[{', '.join(self.expr(self.parts(type)[0], scope, depth) for _ in range(n))}]"
        named = self.named(type)
        if isinstance(named, Struct):
            known = [name for name, t, _ in scope if t == type]
            given = named.fields
            if known and self.rng.random() < 0.4:
                given = [f for f in given if self.rng.random() < 0.5]
            fields = [f"{n}: {self.expr(t, scope, depth)}" for n, t in given]
            if len(given) < len(named.fields):
                fields.append(f"..{self.rng.choice(known)}")
            return f"{type} {{ {', '.join(fields)} }}"
        if isinstance(named, Enum):
            name, payload = self.rng.choice(named.variants)
            args = ", ".join(self.expr(t, scope, depth) for t in payload)
            return f"{type}::{name}({args})" if payload else f"{type}::{name}"
        return self.literal(type)

    def expr(self, type, scope, depth):
        rng = self.rng
        known = [name for name, t, _ in scope if t == type]
        if known and rng.random() < 0.5:
            return rng.choice(known)
        if depth <= 0:
            return self.make(type, scope, 0)
        choices = [self.make, self.if_expr, self.block_expr, self.labelled]
        choices += [self.call] * (2 * any(f[2] == type for f in self.functions))
        choices += [self.match_expr] * 2
        choices += [self.arithmetic] * (3 * (type in INTS))
        choices += [self.condition] * (3 * (type == "bool"))
        choices += [self.text] * (3 * (type == "String"))
        choices += [self.length] * (type == "i64") + [self.closure]
        choices += [self.element] * (rng.random() < 0.1)
        return rng.choice(choices)(type, scope, depth - 1)

    def arithmetic(self, type, scope, depth):
        a, b = self.expr(type, scope, depth), self.expr(type, scope, depth)
        op = self.rng.choice(["+%", "-%", "*%", "/", "%", "&", "|", "^"])
        if self.rng.random() < 0.02:    # what may panic is rare, so most programs come to their end
            return f"({a} {self.rng.choice('+-*/%')} {b})"
        if op in "/%":
            return f"({a} {op} {self.rng.randrange(1, 50)})"
        return f"({a} {op} {b})"

    def condition(self, _, scope, depth):
        kind = self.rng.randrange(4)
        if kind == 0:
            return f"!{self.expr('bool', scope, depth)}" if depth > 0 else "true"
        if kind == 1:
            return f"({self.expr('bool', scope, depth)} {self.rng.choice(['&&', '||'])} {self.expr('bool', scope, depth)})"
        type = self.type(1)
        return f"({self.typed(type, scope, depth)} {self.rng.choice(['==', '!=', '<', '<=', '>', '>='])} {self.typed(type, scope, depth)})"

    def typed(self, type, scope, depth):
        """An expression whose type needs no hint."""
        return f"({{ let t: {type} = {self.expr(type, scope, depth)}; t }})"

    def text(self, _, scope, depth):
        type = self.type(1)
        return f'format!("{{:?}}", {self.typed(type, scope, depth)})'

    def length(self, _, scope, depth):
        return f"{self.typed(f'Vec<{self.type(0)}>', scope, depth)}.len()"

    def element(self, type, scope, depth):
        """Mostly within bounds."""
        return f"{self.typed(f'Vec<{type}>', scope, depth)}[{self.rng.choice([0, 0, 0, 0, 1, 7])}]"

    def if_expr(self, type, scope, depth):
        return (f"if {self.expr('bool', scope, depth)} {{ {self.expr(type, scope, depth)} }} "
                f"else {{ {self.expr(type, scope, depth)} }}").join("()")

    def block_expr(self, type, scope, depth):
        name, t = self.fresh("_b"), self.type(1)
        return f"({{ let {name}: {t} = {self.expr(t, scope, depth)}; {self.expr(type, scope + [(name, t, False)], depth)} }})"

    def labelled(self, type, scope, depth):
        """A block that is left early with a value."""
        label = self.fresh("'l")
        return (f"({{ let t: {type} = {label}: {{ if {self.expr('bool', scope, depth)} "
                f"{{ break {label} {self.expr(type, scope, depth)} }}; {self.expr(type, scope, depth)} }}; t }})")

    def closure(self, type, scope, depth):
        name, t = self.fresh("_c"), self.type(0)
        body = self.expr(type, scope + [(name, t, False)], depth)
        return f"(|{name}: {t}| -> {type} {{ {body} }})({self.expr(t, scope, depth)})"

    def call(self, type, scope, depth):
        name, params, _ = self.rng.choice([f for f in self.functions if f[2] == type])
        args = [self.expr(t, scope, depth) for t in params]
        if args and self.rng.random() < 0.3:
            return f"({args[-1]} |> {name}({', '.join(args[:-1])}))" if len(args) > 1 else f"({args[0]} |> {name})"
        return f"{name}({', '.join(args)})"

    def match_expr(self, type, scope, depth):
        on = self.rng.choice([t.name for t in self.enums] + [f"Option<{self.type(0)}>", "u8", "bool"])
        arms = []
        for pattern, bound in self.patterns(on):
            arms.append(f"{pattern} => {self.expr(type, scope + bound, depth)}")
        return f"match {self.typed(on, scope, depth)} {{ {', '.join(arms)} }}".join("()")

    def patterns(self, type):
        """Patterns that cover the type, and the variables that they bind."""
        if type == "bool":
            return [("true", []), ("false", [])]
        if type == "u8":
            cut = self.rng.randrange(1, 255)
            return [(f"0..{cut}", []), (f"{cut}..=255", [])]
        if type.startswith("Option<"):
            name = self.fresh("_p")
            return [("None", []), (f"Some({name})", [(name, self.parts(type)[0], False)])]
        found = []
        for variant, payload in self.named(type).variants:
            names = [self.fresh("_p") for _ in payload]
            shape = f"({', '.join(names)})" if names else ""
            found.append((f"{type}::{variant}{shape}", [(n, t, False) for n, t in zip(names, payload)]))
        if len(found) > 2 and self.rng.random() < 0.3:
            return found[:1] + [("_", [])]
        return found

    # --- statements

    def emit(self, text):
        self.lines.append("\t" * self.depth + text)

    def statements(self, scope, n, depth):
        scope = list(scope)
        for _ in range(n):
            self.statement(scope, depth)

    def statement(self, scope, depth):
        rng = self.rng
        kind = rng.randrange(16)
        changeable = [(n, t) for n, t, m in scope if m]
        if kind <= 2 or not scope:
            name, type = self.fresh(), self.type()
            mutable = rng.random() < 0.4
            self.emit(f"let {'mut ' * mutable}{name}: {type} = {self.expr(type, scope, depth)}")
            scope.append((name, type, mutable))
        elif kind == 3 and changeable:
            name, type = rng.choice(changeable)
            self.emit(f"{name} = {self.expr(type, scope, depth)}")
        elif kind == 4 and depth:
            self.emit(f"if {self.expr('bool', scope, depth)} {{")
            self.nest(scope, depth)
            self.emit("}")
        elif kind == 5 and depth:
            name = self.fresh("i")
            self.emit(f"for {name} in 0..{rng.randrange(4)} {{")
            self.nest(scope + [(name, "i64", False)], depth)
            self.emit("}")
        elif kind == 6 and depth:
            vecs = [n for n, t, m in scope if m and t == "Vec<i64>"]
            if vecs:
                self.emit(f"{rng.choice(vecs)}.push({self.expr('i64', scope, depth)})")
            else:
                name, type = self.fresh("x"), self.type(0)
                self.emit(f"for {name} in {self.typed(f'Vec<{type}>', scope, 1)} {{")
                self.nest(scope + [(name, type, False)], depth)
                self.emit("}")
        elif kind == 7 and depth:
            name = self.fresh("w")
            self.emit(f"let mut {name} = 0")
            self.emit(f"while {name} < {rng.randrange(4)} {{")
            self.depth += 1
            self.emit(f"{name} += 1")
            self.depth -= 1
            self.nest(scope + [(name, "i64", False)], depth)
            self.emit("}")
        elif kind == 9 and changeable:
            through = rng.choice([self.through_reference, self.through_function, self.through_function])
            through(scope, depth, *rng.choice(changeable))
        elif kind == 10 and changeable and depth:
            self.changing_closure(scope, depth, *rng.choice(changeable))
        elif kind == 11 and depth:
            self.chain(scope, depth)
        elif kind == 12 and depth:
            self.early_exit(scope, depth)
        elif kind == 13 and depth:
            self.array(scope, depth)
        elif kind == 14 and depth:
            self.late(scope, depth)
        elif kind == 15 and depth and any(t.startswith("Vec<") for _, t in changeable):
            self.ends(scope, depth, *rng.choice([v for v in changeable if v[1].startswith("Vec<")]))
        else:
            name, type, _ = rng.choice(scope)
            self.emit(f'println!("{name} {{:?}}", {name})')

    def through_reference(self, scope, depth, name, type):
        """`&mut` to a variable, or to each element; the variable is not named meanwhile."""
        others, ref = [v for v in scope if v[0] != name], self.fresh("r")
        if type.startswith("Vec<"):
            self.emit(f"for {ref} in {name}.iter_mut() {{ *{ref} = {self.expr(self.parts(type)[0], others, depth)} }}")
        else:
            self.emit(f"let {ref} = &mut {name}")
            self.emit(f"*{ref} = {self.expr(type, others, depth)}")

    def inside(self, name, type):
        """An expression for a `&mut` to a part of the variable, wrapped in something; how it is taken apart; its type."""
        rng = self.rng
        if type.startswith("Vec<"):
            way = rng.choice([".last_mut()", ".first_mut()", ".get_mut(1)", ".iter_mut().find(|_| true)"])
            return f"{name}{way}", "if let Some({}) = {} {{", self.parts(type)[0]
        if type.startswith("Option<"):
            return f"{name}.as_mut()", "if let Some({}) = {} {{", self.parts(type)[0]
        found = [p for p in self.places if p[1] == type]
        if not found:
            return None
        function, _, part, wrapped = rng.choice(found)
        return f"{function}(&mut {name})", "if let Some({}) = {} {{" if wrapped else "if let ({}, true) = {} {{", part

    def through_function(self, scope, depth, name, type):
        """What a function gives leads into the variable, which nothing may name afterwards."""
        place = self.inside(name, type)
        if not place:
            self.through_reference(scope, depth, name, type)
            return
        others, ref, (call, shape, part) = [v for v in scope if v[0] != name], self.fresh("r"), place
        self.emit(shape.format(ref, call))
        self.depth += 1
        self.emit(f"*{ref} = {self.expr(part, others, depth)}")
        self.emit(f'println!("{ref} {{:?}}", {ref})')
        self.depth -= 1
        self.emit("}")

    def changing_closure(self, scope, depth, name, type):
        """A closure that assigns a variable of the function around it."""
        change, argument, t = self.fresh("c"), self.fresh("_k"), self.type(1)
        self.emit(f"let {change} = |{argument}: {t}| {{ {name} = {self.expr(type, scope + [(argument, t, False)], depth)} }}")
        for _ in range(self.rng.randrange(1, 3)):
            self.emit(f"{change}({self.expr(t, scope, depth - 1)})")

    def chain(self, scope, depth):
        name, item, t, to = self.fresh(), self.fresh("_x"), self.type(0), self.type(1)
        keep = self.expr("bool", scope + [(item, t, False)], depth - 1)
        give = self.expr(to, scope + [(item, t, False)], depth - 1)
        self.emit(f"let {name}: Vec<{to}> = {self.typed(f'Vec<{t}>', scope, depth - 1)}.iter()"
                  f".filter(|{item}| {keep}).map(|{item}| {give}).collect()")
        scope.append((name, f"Vec<{to}>", False))

    def early_exit(self, scope, depth):
        """A closure that leaves by `?`."""
        name, t = self.fresh(), self.type(1)
        self.emit(f"let {name}: Option<{t}> = (|| -> Option<{t}> {{")
        self.depth += 1
        inner, u = self.fresh("_q"), self.type(1)
        self.emit(f"let {inner} = {self.typed(f'Option<{u}>', scope, depth - 1)}?")
        self.emit(f"Some({self.expr(t, scope + [(inner, u, False)], depth - 1)})")
        self.depth -= 1
        self.emit("})()")
        scope.append((name, f"Option<{t}>", False))

    def array(self, scope, depth):
        """An array that is changed as a slice, and the values of slices taken meanwhile."""
        rng, name, type, n = self.rng, self.fresh(), self.type(1), self.rng.randrange(1, 5)
        give = lambda: self.expr(type, scope, depth - 1)
        self.emit(f"let mut {name}: [{type}; {n}] = " +
                  (f"[{give()}; {n}]" if rng.random() < 0.3 else f"[{', '.join(give() for _ in range(n))}]"))
        for _ in range(rng.randrange(1, 5)):
            a = rng.randrange(n)
            kind = rng.randrange(8)
            if kind == 0:
                self.emit(f"{name}.swap({a}, {rng.randrange(n)})")
            elif kind == 1:
                self.emit(f"{name}[{a}..].reverse()")
            elif kind == 2:
                self.emit(f"{name}[{a}..][0] = {give()}")
            elif kind == 3:
                self.emit(f"{name}[..{a}].fill({give()})")
            elif kind == 4:
                self.emit(f"for x in {name}.iter_mut() {{ *x = {give()} }}")
            elif kind == 5:
                kept, ref = self.fresh(), self.fresh("r")
                self.emit(f"let {ref} = &mut {name}[{a}..]")
                self.emit(f"{ref}[0] = {give()}")
                self.emit(f"let {kept}: Vec<{type}> = *{ref}")
                self.emit(f"{ref}[{n - a - 1}] = {give()}")
                scope.append((kept, f"Vec<{type}>", False))
            elif kind == 6:
                self.emit(f"{name}[{a}] = {give()}")
            else:
                self.emit(f'println!("{name} {{:?}}", {name})')
        first, rest = self.fresh("_p"), self.fresh()
        self.emit(f"let [{first}, {rest} @ ..] = {name}")
        self.emit(f'println!("{rest} {{:?}} {{:?}}", {rest}, {name}.len())')
        scope.append((first, type, False))

    def ends(self, scope, depth, name, type):
        """The ends and the rest of a vector, as places."""
        others, part = [v for v in scope if v[0] != name], self.parts(type)[0]
        first, rest = self.fresh("p"), self.fresh("p")
        self.emit(f"if let [{first}, {rest} @ ..] = &mut {name} {{")
        self.depth += 1
        self.emit(f"*{first} = {self.expr(part, others, depth)}")
        self.emit(f"{rest}.reverse()")
        self.emit(f"for x in {rest}.iter_mut() {{ *x = {self.expr(part, others, depth)} }}")
        self.depth -= 1
        self.emit("}")

    def late(self, scope, depth):
        """A variable that gets its value later, on two paths, and is then changed by a closure."""
        name, change, argument, type = self.fresh(), self.fresh("c"), self.fresh("_k"), self.type(1)
        self.emit(f"let mut {name}: {type}")
        self.emit(f"if {self.expr('bool', scope, depth)} {{ {name} = {self.expr(type, scope, depth)} }} "
                  f"else {{ {name} = {self.expr(type, scope, depth)} }}")
        self.emit(f"let {change} = |{argument}: {type}| {{ {name} = "
                  f"{self.expr(type, scope + [(argument, type, False)], depth)} }}")
        self.emit(f"{change}({self.expr(type, scope, depth - 1)})")
        scope.append((name, type, True))

    def nest(self, scope, depth):
        self.depth += 1
        self.statements(scope, self.rng.randrange(1, 4), depth - 1)
        self.depth -= 1

    # --- items

    def resource(self):
        """A struct that tells when a value of it ends."""
        struct = Struct(self.fresh("R"), [(self.fresh("m"), "i64")])
        self.emit(f"struct {struct.name} {{ {struct.fields[0][0]}: i64 }}")
        self.emit(f"impl Drop for {struct.name} {{ fn drop(&mut self) {{"
                  f" println!(\"drop {struct.name} {{}}\", self.{struct.fields[0][0]}) }} }}")
        self.structs.append(struct)

    def place(self, struct):
        """A function that gives a `&mut` to a field, in an Option or a tuple."""
        name, (field, type), wrapped = self.fresh("g"), self.rng.choice(struct.fields), self.rng.random() < 0.5
        if wrapped:
            self.emit(f"fn {name}(a: &mut {struct.name}) -> Option<&mut {type}> {{ Some(&mut a.{field}) }}")
        else:
            self.emit(f"fn {name}(a: &mut {struct.name}) -> (&mut {type}, bool) {{ (&mut a.{field}, true) }}")
        self.places.append((name, struct.name, type, wrapped))

    def trait(self):
        """A trait that all types so far have, called through a parameter and through a `dyn`."""
        trait, method, items = self.fresh("T"), self.fresh("t"), self.fresh("t")
        argument, item, ret = self.type(1), self.type(0), self.type(1)
        self.emit(f"trait {trait} {{ fn {method}(&self, _a: {argument}) -> {ret}")
        self.emit(f"\tfn {items}(&self) -> impl Iterator<Item = {item}> where Self: Sized "
                  f"{{ Some({self.expr(item, [], 1)}).into_iter() }} }}")
        for named in self.structs + self.enums:
            fields = [(f"self.{n}", t, False) for n, t in named.fields] if isinstance(named, Struct) else []
            body = self.expr(ret, [("_a", argument, False)] + fields, 2)
            own = f" fn {items}(&self) -> impl Iterator<Item = {item}> {{ {self.typed(f'Vec<{item}>', fields, 1)}.into_iter() }}"
            self.emit(f"impl {trait} for {named.name} {{ fn {method}(&self, _a: {argument}) -> {ret} {{ {body} }}"
                      f"{own * (self.rng.random() < 0.5)} }}")
        one, other, all = self.fresh("f"), self.fresh("f"), self.fresh("f")
        self.emit(f"fn {one}<G: {trait}>(x: G, a: {argument}) -> {ret} {{ x.{method}(a) }}")
        self.emit(f"fn {other}(x: &dyn {trait}, a: {argument}) -> {ret} {{ x.{method}(a) }}")
        self.emit(f"fn {all}<G: {trait}>(x: G) -> Vec<{item}> {{ x.{items}().collect() }}")
        for named in self.structs + self.enums:
            self.functions += [(one, [named.name, argument], ret), (other, [named.name, argument], ret),
                               (all, [named.name], f"Vec<{item}>")]

    def function(self):
        name = self.fresh("f")
        params = [(self.fresh("_a"), self.type(1)) for _ in range(self.rng.randrange(4))]
        ret = self.type(1)
        self.emit(f"fn {name}({', '.join(f'{n}: {t}' for n, t in params)}) -> {ret} {{")
        self.depth += 1
        scope = [(n, t, False) for n, t in params]
        self.statements(scope, self.rng.randrange(3), 2)
        self.emit(self.typed(ret, scope, 2))
        self.depth -= 1
        self.emit("}")
        self.functions.append((name, [t for _, t in params], ret))

    def text_of(self):
        rng = self.rng
        for _ in range(rng.randrange(3)):
            self.resource()
        for _ in range(rng.randrange(1, 3)):
            fields = [(self.fresh("m"), self.type(1)) for _ in range(rng.randrange(1, 4))]
            struct = Struct(self.fresh("S"), fields)
            self.emit(f"struct {struct.name} {{ {', '.join(f'{n}: {t}' for n, t in fields)} }}")
            self.structs.append(struct)
            self.place(struct)
        for _ in range(rng.randrange(1, 3)):
            variants = [(self.fresh("K"), [self.type(1) for _ in range(rng.randrange(3))])
                        for _ in range(rng.randrange(1, 5))]
            enum = Enum(self.fresh("E"), variants)
            shown = ", ".join(f"{n}({', '.join(p)})" if p else n for n, p in variants)
            self.emit(f"enum {enum.name} {{ {shown} }}")
            self.enums.append(enum)
        if rng.random() < 0.5:
            self.trait()
        for _ in range(rng.randrange(1, 5)):
            self.function()
        self.emit("fn main() {")
        self.depth += 1
        self.statements([], 12, 3)
        self.depth -= 1
        self.emit("}")
        return "\n".join(self.lines) + "\n"


def run(command, limit=60, environment=None):
    try:
        result = subprocess.run(command, capture_output=True, timeout=limit, env=environment, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None, b"", b"no end"
    return result.returncode, result.stdout, result.stderr


def batch_of(programs):
    """One program out of many: each runs in a goroutine, so a panic ends only that one.  One stays as it is."""
    if len(programs) == 1:
        return next(iter(programs.values()))
    parts = [f"mod p{n} {{\n{text.replace('fn main()', 'pub fn main()')}}}\n" for n, text in programs.items()]
    parts.append("fn main() {\n")
    for n in programs:
        parts.append(f'\tprintln!("program {n}")\n'
                     f'\tif let Err(e) = spawn(|| p{n}::main()).join() {{ println!("panic: {{}}", e) }}\n')
    return "".join(parts) + "}\n"


def messages_of(text):
    """Without warnings, and what stands below them."""
    return [line for line in text.decode(errors="replace").splitlines() if "warning[" not in line]


def run_tier(gos, tier, path):
    """(what is wrong or None, (status, output, the panic))"""
    environment = dict(os.environ, GOS_RT_LEAKS="1")
    if tier in ("vm", "plain"):
        plain = ["--with", f"rc={ROOT}/tests/plain-rc"] if tier == "plain" else []
        command = [gos, "run", "--no-cache", "--vm", "--diag=short", *plain, path]
    else:
        program = path + "." + tier
        status, _, errors = run([gos, "build", "--diag=short", *["--release"] * (tier == "release"), "-o", program,
                                 path], 600)
        if status:
            return f"build for {tier} ends with {status}: " + " / ".join(messages_of(errors)[:3]), None
        command = [program]
    status, output, errors = run(command, 300, environment)
    said = [line for line in messages_of(errors) if not line.startswith("learn: ")]
    if status not in (0, 101):
        return f"{tier} ends with {status}: " + " / ".join(said[-3:]), None
    return None, (status, output, said)


def judge(gos, programs, tiers):
    """What is wrong with the programs together, or None."""
    with tempfile.TemporaryDirectory(prefix="gos-generate.") as folder:
        path = os.path.join(folder, "p.gos")
        with open(path, "w") as file:
            file.write(batch_of(programs))
        first = None
        for tier in tiers:
            problem, outcome = run_tier(gos, tier, path)
            if problem:
                return problem
            first = first or outcome
            if outcome != first:
                return difference(tiers[0], first, tier, outcome)
    return None


def difference(tier, first, other, outcome):
    if outcome[0] != first[0]:
        return f"{tier} ends with {first[0]}, {other} with {outcome[0]}"
    one, two = ([*o[1].decode(errors="replace").splitlines(), *o[2]] for o in (first, outcome))
    at = next((i for i, (a, b) in enumerate(zip(one, two)) if a != b), min(len(one), len(two)))
    lines = [(text[at] if at < len(text) else "nothing") for text in (one, two)]
    return f"in line {at + 1} {tier} prints `{lines[0]}`, {other} `{lines[1]}`"


def judge_all(gos, programs, tiers):
    """(number, problem) of each program that is to blame."""
    problem = judge(gos, programs, tiers)
    if not problem:
        return []
    if len(programs) == 1:
        return [(next(iter(programs)), problem)]
    alone = [(n, p) for n, p in ((n, judge(gos, {n: text}, tiers)) for n, text in programs.items()) if p]
    # A goroutine's stack is smaller than that of main, and frames differ: where it ends, each form may say.
    if alone or "stack overflow" in problem:
        return alone
    return [(next(iter(programs)), "together with those after it: " + problem)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gos")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--batch", type=int, default=25)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tiers", default=",".join(TIERS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep")
    parser.add_argument("--print", action="store_true")
    options = parser.parse_args()
    os.environ.setdefault("GOS_BUILD", os.path.join(ROOT, "build", "dev"))

    def program(number):
        return Program(random.Random(options.seed * 1000003 + number)).text_of()

    def judge_batch(start):
        numbers = range(start, min(start + options.batch, options.count))
        return judge_all(options.gos, {n: program(n) for n in numbers}, options.tiers.split(","))

    if options.print:
        sys.stdout.write(program(0))
        return 0
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for found in pool.map(judge_batch, range(0, options.count, options.batch)):
            for number, problem in found:
                failures += 1
                print(f"program {number} of seed {options.seed}: {problem}", flush=True)
                if options.keep:
                    os.makedirs(options.keep, exist_ok=True)
                    with open(f"{options.keep}/{options.seed}-{number}.gos", "w") as file:
                        file.write(program(number))
    print(f"{options.count} programs, {failures} failures")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
