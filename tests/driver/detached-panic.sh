# A panic in a goroutine whose handle was let go ends the program with a report.
set -eu
cat >detached.gos <<'END'
fn main() {
	let words = ["a", "b"]
	let h = spawn(|| {
		if words.len() == 2 {
			panic!("nobody waits")
		}
		1
	})
	drop(h)
	loop {
		spawn(|| 1).join().unwrap()
	}
}
END
for how in --vm --native --release; do
	status=0
	"$GOS" run "$how" detached.gos 2>report || status=$?
	test "$status" = 101
	grep -q '^panic: nobody waits' report
done
