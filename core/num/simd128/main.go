// Command simd128 generates the kernels of core/num for processors with vectors of four numbers:
// WebAssembly's simd128, and NEON on arm64. Both come from one description. Each kernel equals its
// plain Go twin, whose name ends in Go, to the last bit: it multiplies and adds apart, keeps the
// order of sums, and treats NaN as the twin's comparisons do. None of the relaxed or fused
// instructions is used: their results depend on the machine, or round once instead of twice.
//
//	value.go     the description: functions, values, statements
//	ops.go       the operations
//	vec.go       loops over rows with their tails, the sixteen lanes, exp
//	matmul.go, pack.go, rows.go, element.go, attend.go   the kernels
//	wasm.go      WebAssembly's binary format
//	neon.go, allocate.go   assembly for arm64, and its registers
package main

import (
	"flag"
	"log"
	"os"
)

func main() {
	out := flag.String("wasm", "kernels.wasm", "file to write for WebAssembly")
	asm := flag.String("asm", "kernels_arm64.s", "file to write for arm64")
	stubs := flag.String("stubs", "kernels_arm64_stubs.go", "file to write with their declarations")
	flag.Parse()
	neon, declared := kernels(true).arm64()
	for name, content := range map[string][]byte{
		*out: kernels(false).encode(), *asm: neon, *stubs: declared,
	} {
		if err := os.WriteFile(name, content, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// kernels describes all of them, for a wide target or not.
func kernels(wide bool) *module {
	m := &module{wide: wide}
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
	if !wide { // where a call costs as much as work
		attendStep(m)
	}
	return m
}
