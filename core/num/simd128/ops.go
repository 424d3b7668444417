package main

import (
	"encoding/binary"
	"math"
	"slices"
)

const (
	opLoop, opIf, opElse, opEnd, opBranchIf = 0x03, 0x04, 0x05, 0x0b, 0x0d
	opCall, opCallIndirect                  = 0x10, 0x11
	opLocalGet, opLocalSet                  = 0x20, 0x21
	opConstI32                              = 0x41
	opVector                                = 0xfd // followed by one of those below

	opLoad, opLoadSplat, opStore, opConst, opShuffle      = 0, 9, 11, 12, 13
	opLoadLane32, opStoreLane32, opStoreLane64            = 86, 90, 91
	opLoadZero32, opLoadZero64, opExtractF32, opBitSelect = 92, 93, 31, 82

	noResult = 0x40
)

// op applies a one-byte instruction, vec one on vectors.
func op(code byte, args ...value) expr {
	return append(concat(args), code)
}

func vec(code int, args ...value) expr {
	return slices.Concat(concat(args), []byte{opVector}, unsigned(code))
}

func concat(args []value) (e expr) {
	for _, a := range args {
		e = append(e, a.code()...)
	}
	return e
}

// access is the tail of an instruction on memory; align is the logarithm of what addresses are
// multiples of.
func access(code, align, offset int) expr {
	return slices.Concat([]byte{opVector}, unsigned(code), unsigned(align), unsigned(offset))
}

// Integers: addresses and counts.
func num(n int) expr       { return append(expr{opConstI32}, signed(n)...) }
func addI(x, y value) expr { return op(0x6a, x, y) }
func subI(x, y value) expr { return op(0x6b, x, y) }
func mulI(x, y value) expr { return op(0x6c, x, y) }
func shlI(x, y value) expr { return op(0x74, x, y) }
func eqI(x, y value) expr  { return op(0x46, x, y) }
func gtI(x, y value) expr  { return op(0x4a, x, y) }
func geI(x, y value) expr  { return op(0x4e, x, y) }

// Single numbers.
func loadF(p value, offset int) expr {
	return slices.Concat(p.code(), []byte{0x2a, 2}, unsigned(offset))
}
func oneF() expr {
	return binary.LittleEndian.AppendUint32(expr{0x43}, math.Float32bits(1))
}
func sqrtF(x value) expr   { return op(0x91, x) }
func addF(x, y value) expr { return op(0x92, x, y) }
func mulF(x, y value) expr { return op(0x94, x, y) }
func divF(x, y value) expr { return op(0x95, x, y) }

func (f *function) storeF(p value, offset int, v value) {
	f.emit(p, v, expr(append([]byte{0x38, 2}, unsigned(offset)...)))
}

// Vectors of four numbers.
func load(p value, offset int) expr {
	return append(concat([]value{p}), access(opLoad, 2, offset)...)
}

// loadSplat reads one number into all lanes.
func loadSplat(p value, offset int) expr {
	return append(concat([]value{p}), access(opLoadSplat, 2, offset)...)
}
func splat(x value) expr    { return vec(19, x) }
func lane0(x value) expr    { return append(vec(opExtractF32, x), 0) }
func neg(x value) expr      { return vec(225, x) }
func sqrt(x value) expr     { return vec(227, x) }
func plus(x, y value) expr  { return vec(228, x, y) }
func minus(x, y value) expr { return vec(229, x, y) }
func times(x, y value) expr { return vec(230, x, y) }
func over(x, y value) expr  { return vec(231, x, y) }

// pmin is y where y < x, else x; pmax is y where x < y, else x. So x is the result when one is NaN.
func pmin(x, y value) expr { return vec(234, x, y) }
func pmax(x, y value) expr { return vec(235, x, y) }

// Vectors as bits and as integers.
func xor(x, y value) expr          { return vec(81, x, y) }
func choose(x, y, mask value) expr { return vec(opBitSelect, x, y, mask) }
func gtInt(x, y value) expr        { return vec(59, x, y) }
func plusInt(x, y value) expr      { return vec(174, x, y) }
func minusInt(x, y value) expr     { return vec(177, x, y) }
func splatInt(x value) expr        { return vec(17, x) }
func shlInt(x value, n int) expr   { return vec(171, x, num(n)) }
func shrInt(x value, n int) expr   { return vec(172, x, num(n)) }

// shuffle picks four of the eight lanes of x and y.
func shuffle(x, y value, lanes ...int) expr {
	e := vec(opShuffle, x, y)
	for _, l := range lanes {
		for b := range 4 {
			e = append(e, byte(4*l+b))
		}
	}
	return e
}

// bits is a vector of four constants.
func bits(w ...uint32) expr {
	e := vec(opConst)
	for i := range 4 {
		e = binary.LittleEndian.AppendUint32(e, w[i%len(w)])
	}
	return e
}

func constant(v float64) expr { return bits(math.Float32bits(float32(v))) }
