// Command simd128 generates the WebAssembly kernels of core/num. Each equals its plain Go twin,
// whose name ends in Go, to the last bit: it multiplies and adds apart, keeps the order of sums,
// and treats NaN as the twin's comparisons do. None of the relaxed instructions is used: their
// results depend on the machine.
//
//	encode.go    the binary format: integers, sections, the two modules
//	function.go  a function: values, statements, control
//	ops.go       the instructions
//	vec.go       loops over rows with their tails, the sixteen lanes, exp
//	matmul.go, pack.go, rows.go, element.go   the kernels
package main

import (
	"flag"
	"log"
	"os"
)

func main() {
	out := flag.String("out", "kernels.wasm", "file to write")
	flag.Parse()
	if err := os.WriteFile(*out, kernels(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// kernels is the binary with all of them.
func kernels() []byte {
	m := new(module)
	m.parts()
	mulPanels(m)
	mulRow(m)
	packPanel(m)
	transpose8(m)
	softmax(m)
	softmaxBackward(m)
	expShift(m)
	finishLog(m)
	norm(m)
	normBackward(m)
	add(m)
	swiglu(m)
	swigluBackward(m)
	rope(m)
	adamw(m)
	return m.encode()
}
