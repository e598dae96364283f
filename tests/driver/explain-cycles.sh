# gos build --explain=cycles: which types may form cycles, and on which way.
cp "$ROOT/tests/driver/explain-cycles/program.gos" program.gos || exit 1
"$GOS" build --explain=cycles program.gos >got 2>/dev/null || exit 1
diff -u "$ROOT/tests/driver/explain-cycles/program.cycles" got || exit 1

# A Weak holds nothing, an Rc of what cannot be written closes nothing, a `dyn` is only what became one.
cat >plain.gos <<'END'
struct Tree { kids: Vec<Rc<Tree>>, up: RefCell<Weak<Tree>>, n: Cell<i64> }
trait Shape { fn area(&self) -> i64 }
struct Group { parts: RefCell<Vec<Rc<dyn Shape>>> }
struct Dot { at: i64 }
impl Shape for Group { fn area(&self) -> i64 { 1 } }
impl Shape for Dot { fn area(&self) -> i64 { self.at } }
fn main() {
	let leaf = Rc::new(Tree { kids: [], up: RefCell::new(Weak::new()), n: Cell::new(1) })
	let root = Rc::new(Tree { kids: [leaf], up: RefCell::new(Weak::new()), n: Cell::new(2) })
	*leaf.up.borrow_mut() = Rc::downgrade(&root)
	let dot: dyn Shape = Dot { at: 3 }
	let group = Rc::new(Group { parts: RefCell::new([Rc::new(dot)]) })
	println!("{} {}", root.kids[0].n.get(), group.parts.borrow()[0].area() + group.area())
}
END
[ "$("$GOS" build --explain=cycles plain.gos)" = "no value of this program can be part of a cycle (types of Rc: 3)" ] || exit 1
[ "$(GOS_RT_LEAKS=1 "$GOS" run plain.gos)" = "1 4" ] || exit 1
