// Command asm generates the kernels of core/num for amd64, with AVX2 and with AVX-512. Each equals
// its plain Go twin, whose name ends in Go, to the last bit: it multiplies and adds apart, keeps
// the order of sums, and treats NaN as the twin's comparisons do. A function has a body for each of
// the two and chooses by the variable useAVX512; a few have one body for both.
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
