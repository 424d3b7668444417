package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// kernel starts a function. Its pointers do not escape, so that callers may pass the address of a
// local.
func kernel(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Doc(doc)
	Pragma("noescape")
}

// loadPtr loads a 64-bit parameter.
func loadPtr(name string) Register {
	return Load(Param(name), GP64())
}

// loadBytes loads a count of elements as a count of bytes.
func loadBytes(name string) Register {
	r := Load(Param(name), GP64())
	SHLQ(Imm(2), r)
	return r
}

// paramMem is where a parameter lies, for parameters that are read too rarely to hold a register.
func paramMem(name string) Mem {
	b, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return b.Addr
}

// splat loads a float32 parameter into all lanes.
func splat(name string) VecVirtual {
	v := YMM()
	VBROADCASTSS(paramMem(name), v)
	return v
}

func done() {
	VZEROUPPER()
	RET()
}

var consts = map[uint32]Mem{}

// constant is a vector of eight copies of a 32-bit pattern in read-only memory.
func constBits(name string, bits uint32) Mem {
	if m, ok := consts[bits]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 8 {
		DATA(4*i, U32(bits))
	}
	consts[bits] = m
	return m
}

func constant(name string, v float64) Mem {
	return constBits(name, math.Float32bits(float32(v)))
}

var maskTable *Mem

// maskPointer points p at the masks of n lanes of 16: 32 bytes for the first eight lanes, then 32
// for the others. It slides along a table of 16 set and 16 clear words; n is lost.
func maskPointer(p, n Register) {
	if maskTable == nil {
		m := GLOBL("laneMasks", RODATA|NOPTR)
		for i := range 32 {
			w := uint32(0)
			if i < 16 {
				w = 0xffffffff
			}
			DATA(4*i, U32(w))
		}
		maskTable = &m
	}
	LEAQ(*maskTable, p)
	NEGQ(n)
	LEAQ(Mem{Base: p, Index: n, Scale: 4, Disp: 64}, p)
}

// block is how a loop body sees its elements: vectors of lanes at byte offset off from each
// pointer, all of them or, in the tail, those under a mask.
type block struct {
	width int // vectors
	mask  []VecVirtual
}

// load reads vector i of the block at p; lanes outside the mask are 0.
func (b block) load(p Register, i int) VecVirtual {
	v := YMM()
	at := Mem{Base: p, Disp: 32 * i}
	if b.mask == nil {
		VMOVUPS(at, v)
	} else {
		VMASKMOVPS(at, b.mask[i], v)
	}
	return v
}

// store writes vector i of the block at p; lanes outside the mask are left alone.
func (b block) store(v VecVirtual, p Register, i int) {
	at := Mem{Base: p, Disp: 32 * i}
	if b.mask == nil {
		VMOVUPS(v, at)
	} else {
		VMASKMOVPS(v, b.mask[i], at)
	}
}

// keep clears the lanes of v outside the mask.
func (b block) keep(v VecVirtual, i int) {
	if b.mask != nil {
		VANDPS(b.mask[i], v, v)
	}
}

// loop runs body over n elements in blocks of width vectors, then once more under a mask for what
// is left. It moves the pointers along; the pointers and n are lost.
func loop(label string, width int, n Register, pointers []Register, body func(b block)) {
	lanes := 8 * width
	SUBQ(U8(lanes), n)
	JL(LabelRef(label + "_tail"))
	Label(label)
	body(block{width: width})
	for _, p := range pointers {
		ADDQ(U8(4*lanes), p)
	}
	SUBQ(U8(lanes), n)
	JGE(LabelRef(label))
	Label(label + "_tail")
	ADDQ(U8(lanes), n)
	JE(LabelRef(label + "_end"))
	mp := GP64()
	maskPointer(mp, n)
	masks := make([]VecVirtual, width)
	for i := range masks {
		masks[i] = YMM()
		VMOVUPS(Mem{Base: mp, Disp: 32 * i}, masks[i])
	}
	body(block{width: width, mask: masks})
	Label(label + "_end")
}

// copies makes registers that a loop may move along.
func copies(rs ...Register) []Register {
	out := make([]Register, len(rs))
	for i, r := range rs {
		c := GP64()
		MOVQ(r, c)
		out[i] = c
	}
	return out
}

// zeroLanes is the sixteen lanes of a sum at +0.
func zeroLanes() [2]VecVirtual {
	a := [2]VecVirtual{YMM(), YMM()}
	VXORPS(a[0], a[0], a[0])
	VXORPS(a[1], a[1], a[1])
	return a
}

// fold combines sixteen lanes as the tree of lanes.fold and returns the result in the lowest lane.
func fold(a [2]VecVirtual, op func(x, y, dst Op)) VecVirtual {
	op(a[1], a[0], a[0])
	x, y := a[0].AsX(), XMM()
	VEXTRACTF128(Imm(1), a[0], y)
	op(y, x, x)
	VMOVHLPS(x, x, y)
	op(y, x, x)
	VMOVSHDUP(x, y)
	op(y, x, x)
	return a[0]
}

func addOp(x, y, dst Op) { VADDPS(x, y, dst) }

// spread copies the lowest lane to all lanes.
func spread(v VecVirtual) {
	VBROADCASTSS(v.AsX(), v)
}

// exp replaces x by Exp32(x).
func exp(x VecVirtual) {
	t, n, p := YMM(), YMM(), YMM()
	// The operand that is returned when one is NaN is x.
	VMOVUPS(constant("expHi", 89), t)
	VMINPS(x, t, x)
	VMOVUPS(constant("expLo", -104), t)
	VMAXPS(x, t, x)
	VMULPS(constant("expLog2e", 1.44269504088896341), x, t)
	magic := constant("expMagic", 3<<22)
	VADDPS(magic, t, t)
	VSUBPS(magic, t, n)
	VMULPS(constant("expLn2Hi", 0.693359375), n, p)
	VSUBPS(p, x, x)
	VMULPS(constant("expLn2Lo", -2.12194440e-4), n, p)
	VSUBPS(p, x, x)
	VMULPS(constant("expC0", 1.9875691500e-4), x, p)
	VADDPS(constant("expC1", 1.3981999507e-3), p, p)
	VMULPS(x, p, p)
	VADDPS(constant("expC2", 8.3334519073e-3), p, p)
	VMULPS(x, p, p)
	VADDPS(constant("expC3", 4.1665795894e-2), p, p)
	VMULPS(x, p, p)
	VADDPS(constant("expC4", 1.6666665459e-1), p, p)
	VMULPS(x, p, p)
	VADDPS(constant("expC5", 5.0000001201e-1), p, p)
	VMULPS(x, x, n)
	VMULPS(n, p, p)
	VADDPS(x, p, p)
	VADDPS(constant("one", 1), p, p)
	VPSUBD(constBits("expMagic", math.Float32bits(3<<22)), t, t)
	VPSRAD(Imm(1), t, n)
	VPSUBD(n, t, t)
	bias := constBits("expBias", 127)
	VPADDD(bias, n, n)
	VPADDD(bias, t, t)
	VPSLLD(Imm(23), n, n)
	VPSLLD(Imm(23), t, t)
	VMULPS(n, p, p)
	VMULPS(t, p, x)
}
