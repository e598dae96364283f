struct Node {
    kids: Option<(Box<Node>, Box<Node>)>,
}

fn make(d: i32) -> Box<Node> {
    Box::new(Node { kids: if d > 0 { Some((make(d - 1), make(d - 1))) } else { None } })
}

fn check(n: &Node) -> i32 {
    match &n.kids {
        Some((l, r)) => 1 + check(l) + check(r),
        None => 1,
    }
}

fn main() {
    let max = 18;
    println!("stretch tree of depth {}\t check: {}", max + 1, check(&make(max + 1)));
    let lived = make(max);
    for d in (4..=max).step_by(2) {
        let it = 1 << (max - d + 4);
        let mut c = 0;
        for _ in 0..it {
            c += check(&make(d));
        }
        println!("{it}\t trees of depth {d}\t check: {c}");
    }
    println!("long lived tree of depth {max}\t check: {}", check(&lived));
}
