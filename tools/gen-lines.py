#!/usr/bin/env python3
"""gen-lines.py LINES: a Gossamer program of about that many lines, on standard output.

It is what `make bench` gives to `gos check`: structs, enums, methods, matches, loops, calls between
functions, vectors and formatted output, with different names in each block."""

import sys

BLOCK = """
// Block {n}: a shape, what can be asked of it, and some arithmetic.
struct Item{n} {{
	id: i64,
	weight: f64,
	name: String,
}}

enum Event{n} {{
	Created(Item{n}),
	Moved {{ from: i64, to: i64 }},
	Gone,
}}

impl Item{n} {{
	fn new(id: i64) -> Item{n} {{
		Item{n} {{ id, weight: id as f64 * 1.5, name: format!("item {{}} of {n}", id) }}
	}}

	fn heavier(&self, limit: f64) -> bool {{
		self.weight > limit && self.id != {n}
	}}
}}

fn score{n}(event: Event{n}) -> i64 {{
	match event {{
		Event{n}::Created(item) => item.id + 1,
		Event{n}::Moved {{ from, to }} if to > from => to - from,
		Event{n}::Moved {{ from, .. }} => from,
		Event{n}::Gone => 0,
	}}
}}

fn sum{n}(limit: i64) -> i64 {{
	let mut total = 0
	for i in 0..limit {{
		let item = Item{n}::new(i)
		if item.heavier(10.0) {{
			total += score{n}(Event{n}::Created(item))
		}} else if i % 3 == 0 {{
			total += score{n}(Event{n}::Moved {{ from: i, to: limit }})
		}} else {{
			total -= {previous}
		}}
	}}
	total
}}

fn report{n}(values: Vec<i64>) -> String {{
	let mut text = String::new()
	for v in values {{
		let next = v * {n} + 7
		text = format!("{{}} {{}}", text, next)
	}}
	text
}}
"""


def main():
    wanted = int(sys.argv[1])
    lines_of_block = BLOCK.count("\n")
    blocks = max(1, (wanted - 8) // lines_of_block)
    out = [f"// {wanted} lines made by tools/gen-lines.py\n"]
    for n in range(blocks):
        previous = "1" if n == 0 else f"sum{n - 1}(2) + report{n - 1}([i, 2, 3]).len() as i64"
        out.append(BLOCK.format(n=n, previous=previous))
    out.append(f"\nfn main() {{\n\tprintln!(\"{{}}{{}}\", sum{blocks - 1}(1), report{blocks - 1}([1]))\n}}\n")
    sys.stdout.write("".join(out))


main()
