# irgen: what it makes of good schemas compiles; what is wrong with a schema is placed.
set -eu
cat >good.ir <<'END'
## About the whole.

ir good 3
id Thing t
id local _ of thing
record Thing(thing thing)
record Pair(Thing left, Thing? right, local* locals)
thing = If(str then, thing? else) | Int(i64 value) | Plain
      attributes(span span)
colour = Red | Green    ## what it looks like
part = (colour colour, colour* more, bytes text, thing* things)
END
"$BIN/irgen" --header good.ir >good.h
"$BIN/irgen" --source good.ir >good.c
mkdir gen
mv good.h good.c gen
${CC:-cc} -std=c11 -Wall -Wextra -Werror -I"$ROOT" -I. -c gen/good.c
"$BIN/irgen" --docs good.ir >good.md
grep -q '^- `If(str then, thing? else)`$' good.md
grep -q 'what it looks like' good.md
grep -q '^About the whole.$' good.md

# Comments and blanks do not change the hash, names do.
hash() {
	"$BIN/irgen" --source "$1" | sed -n 's/.* 3, \(0x[0-9a-f]*\)u,/\1/p'
}
{ cat good.ir; printf '\n# more\n\n'; } | sed 's/ | / |  /' >same.ir
sed 's/Green/Blue/' good.ir >other.ir
[ -n "$(hash good.ir)" ]
[ "$(hash good.ir)" = "$(hash same.ir)" ]
[ "$(hash good.ir)" != "$(hash other.ir)" ]

refuses() { # MESSAGE, with the schema behind `ir bad 1` on stdin
	{ echo 'ir bad 1'; cat; } >bad.ir
	"$BIN/irgen" --header bad.ir >out 2>err && { echo "accepted: $1"; exit 1; }
	grep -qxF -- "bad.ir:$1" err || { echo "no '$1' in"; cat err; exit 1; }
}
refuses '2: unknown type `num` of field `a`' <<'END'
record A(num a)
END
refuses '3: `n` is defined twice' <<'END'
n = (u32 a)
n = (u32 b)
record A(n a)
END
refuses '2: two fields `a`' <<'END'
record A(u32 a, u8 a)
END
refuses '3: two constructors `X`' <<'END'
n = X
  | X
record A(n a)
END
refuses '2: `u32` cannot be optional: only nodes, ids and str can' <<'END'
record A(u32? a)
END
refuses '3: field `at` is an attribute already' <<'END'
record A(n n)
n = X(u32 at)
  attributes(span at)
END
refuses '4: attribute `type` clashes with constructor `Type`' <<'END'
record A(n n)
n = Type(u32 of)
  attributes(span type)
END
refuses '3: an attribute cannot be called `kind`' <<'END'
record A(n n)
n = X attributes(u32 kind)
END
refuses '2: id `Thing` needs a record of that name (or a small initial)' <<'END'
id Thing t
record A(Thing t)
END
refuses '2: `missing` is no node' <<'END'
id local _ of missing
record A(local a)
END
refuses '2: type `Big` must not begin with a capital' <<'END'
Big = (u32 a)
END
refuses '2: constructor `small` must begin with a capital' <<'END'
n = small
END
refuses '2: unexpected character `;`' <<'END'
record A(u32 a);
END
refuses '3: expected `)` before `end of file`' <<'END'
record A(u32 a
END
refuses '3: a schema needs at least one record' <<'END'
n = (u32 a)
END
refuses '3: `a_b` and `aB` have the same name in C' <<'END'
a_b = (u32 a)
aB = (u32 a)
record A(u32 a)
END
