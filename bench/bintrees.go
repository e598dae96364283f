package main

import "fmt"

type Node struct{ l, r *Node }

func make_(d int) *Node {
	if d == 0 {
		return &Node{}
	}
	return &Node{make_(d - 1), make_(d - 1)}
}

func (n *Node) check() int {
	if n.l == nil {
		return 1
	}
	return 1 + n.l.check() + n.r.check()
}

func main() {
	const max = 18
	fmt.Printf("stretch tree of depth %d\t check: %d\n", max+1, make_(max+1).check())
	lived := make_(max)
	for d := 4; d <= max; d += 2 {
		it := 1 << (max - d + 4)
		c := 0
		for i := 0; i < it; i++ {
			c += make_(d).check()
		}
		fmt.Printf("%d\t trees of depth %d\t check: %d\n", it, d, c)
	}
	fmt.Printf("long lived tree of depth %d\t check: %d\n", max, lived.check())
}
