package num_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/num"
)

// Random numbers follow from an address, not from what was drawn before: the same address gives the
// same numbers, and another index gives others.
func ExampleNewRand() {
	roll := func(index uint64) []int {
		r := num.NewRand(7, "example", "dice", index)
		return []int{1 + r.IntN(6), 1 + r.IntN(6), 1 + r.IntN(6)}
	}
	fmt.Println(roll(0), roll(1), roll(0))
	// Output: [6 5 4] [1 3 2] [6 5 4]
}

// A product of a (1,2) and a (2,3) matrix. The right operand is packed first.
func ExampleMatMul() {
	a := []float32{1, 2}
	b := []float32{
		1, 0, 3,
		0, 1, 4,
	}
	c := make([]float32, 3)
	packed := num.Pack(make([]float32, num.PackedLen(2, 3)), b, 3, 2, 3)
	num.MatMul(c, 3, a, 2, packed, 1, 3, 2, false)
	fmt.Println(c)
	// Output: [1 2 11]
}
