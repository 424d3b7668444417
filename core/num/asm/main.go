// Command asm generates the AVX2 kernels of core/num. Each equals its plain Go twin, whose name
// ends in Go, to the last bit: it multiplies and adds apart, keeps the order of sums, and treats
// NaN as the twin's comparisons do.
package main

import "github.com/mmcloughlin/avo/build"

func main() {
	build.ConstraintExpr("amd64,!purego")
	matmulKernels()
	packKernels()
	softmaxKernels()
	normKernels()
	elementKernels()
	ropeKernel()
	build.Generate()
}
