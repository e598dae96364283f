# A cycle of Rcs: at exit a debug build and the VM tell what is alive, where its Rcs were made and what keeps them.
cat >ring.gos <<'END'
struct Node { name: String, next: RefCell<Option<Rc<Node>>> }
fn ring() {
	let a = Rc::new(Node { name: "a", next: RefCell::new(None) })
	let b = Rc::new(Node { name: "b", next: RefCell::new(Some(a.clone())) })
	*a.next.borrow_mut() = Some(b)
}
fn main() {
	ring()
	ring()
	let fine = Rc::new(3)
	println!("{}", fine)
}
END
cat >expected <<'END'
leak: 8 objects alive: RcCell<Node> ×4, RefSlot<Option<Rc<Node>>> ×4
  2 × Rc<Node> made at ring.gos:3:10, in a cycle: Rc<Node> -> RefCell<Option<Rc<Node>>> -> Rc<Node> -> RefCell<Option<Rc<Node>>> -> Rc<Node>
  2 × Rc<Node> made at ring.gos:4:10, in a cycle: Rc<Node> -> RefCell<Option<Rc<Node>>> -> Rc<Node> -> RefCell<Option<Rc<Node>>> -> Rc<Node>
END
"$GOS" run ring.gos >out 2>report || exit 1
diff -u expected report || exit 1
"$GOS" build -o ring ring.gos 2>err || exit 1
./ring >out 2>report || exit 1
diff -u expected report || exit 1

# A Weak breaks it.
sed 's/Option<Rc<Node>>/Weak<Node>/; s/RefCell::new(None)/RefCell::new(Weak::new())/; s/Some(a.clone())/Rc::downgrade(\&a)/; s/Some(b)/Rc::downgrade(\&b)/' \
	ring.gos >broken.gos
"$GOS" run broken.gos >out 2>report || exit 1
[ ! -s report ] || { cat report; exit 1; }

# Where a program ends at once nothing is counted: its frames still hold what they held.
printf 'fn main() {\n\tlet v = [1, 2, 3]\n\tif v.len() == 3 { std::process::exit(5) }\n\tprintln!("{:?}", v)\n}\n' >exits.gos
GOS_RT_LEAKS=1 "$GOS" run exits.gos >out 2>report
[ $? = 5 ] && [ ! -s report ] || { cat report; exit 1; }
