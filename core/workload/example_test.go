package workload_test

import (
	"fmt"

	"github.com/posttrain/posttrain/core/workload"
)

// A step on the same rows lowers their loss.
func ExampleWork_SFT() {
	work := workload.New(workload.Small(), 1)
	before := work.SFT()
	after := work.SFT()
	fmt.Println(after < before)
	// Output: true
}
