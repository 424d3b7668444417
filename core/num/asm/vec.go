package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// An isa is a set of vector instructions: AVX2 with eight lanes, or AVX-512 with sixteen.
type isa struct {
	lanes  int
	suffix string // of its labels
}

func avx2() isa   { return isa{lanes: 8} }
func avx512() isa { return isa{lanes: 16, suffix: "_512"} }

// kernel emits a function with a body for each isa, and a branch on useAVX512 that chooses. Its
// pointers do not escape, so that callers may pass the address of a local.
func kernel(name, signature, doc string, body func(v isa)) {
	start(name, signature, doc)
	CMPB(NewDataAddr(Symbol{Name: "·useAVX512"}, 0), Imm(0))
	JNE(LabelRef("avx512"))
	body(avx2())
	Label("avx512")
	body(avx512())
}

// start begins a function.
func start(name, signature, doc string) {
	TEXT(name, NOSPLIT, signature)
	Doc(doc)
	Pragma("noescape")
}

// vec returns a new vector register.
func (v isa) vec() VecVirtual {
	if v.lanes == 16 {
		return ZMM()
	}
	return YMM()
}

// vecs returns n new vector registers.
func (v isa) vecs(n int) []VecVirtual {
	rs := make([]VecVirtual, n)
	for i := range rs {
		rs[i] = v.vec()
	}
	return rs
}

// bytes is the size of a vector.
func (v isa) bytes() int { return 4 * v.lanes }

func (v isa) label(name string) string      { return name + v.suffix }
func (v isa) labelRef(name string) LabelRef { return LabelRef(v.label(name)) }

// zeros returns a new register that holds zeros.
func (v isa) zeros() VecVirtual {
	r := v.vec()
	VXORPS(r, r, r)
	return r
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
func (v isa) splat(name string) VecVirtual {
	r := v.vec()
	VBROADCASTSS(paramMem(name), r)
	return r
}

func done() {
	VZEROUPPER()
	RET()
}

// A step is how far a pointer among the parameters moves from row to row.
type step struct {
	pointer string
	bytes   Op
}

// nextRow moves the parameters on to the next row and goes to the label row, or returns after the
// last one. A body that ends with it reads its parameters again in each row.
func (v isa) nextRow(steps ...step) {
	Comment("The next row")
	for _, s := range steps {
		ADDQ(s.bytes, paramMem(s.pointer))
	}
	DECQ(paramMem("rows"))
	JNE(v.labelRef("row"))
	done()
}

var consts = map[uint32]Mem{}

// constBits is a vector of sixteen copies of a 32-bit pattern in read-only memory. AVX2 reads eight
// of them.
func constBits(name string, bits uint32) Mem {
	if m, ok := consts[bits]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 16 {
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

var tailMasks *Mem

// lowLanes returns a mask of the n lowest lanes, for n from 0 to 16.
func lowLanes(n Register) Register {
	if tailMasks == nil {
		m := GLOBL("tailMasks", RODATA|NOPTR)
		for i := range 17 {
			DATA(2*i, U16(1<<i-1))
		}
		tailMasks = &m
	}
	at, k := GP64(), K()
	LEAQ(*tailMasks, at)
	KMOVW(Mem{Base: at, Index: n, Scale: 2}, k)
	return k
}

// block is how a loop body sees its elements: vectors at byte offset off from each pointer, all of
// their lanes or, in the tail, those under a mask.
type block struct {
	isa
	width int        // vectors
	mask  []Register // nil for all lanes; opmask registers in AVX-512
}

// load reads vector i of the block at p; lanes outside the mask are 0.
func (b block) load(p Register, i int) VecVirtual {
	r, at := b.vec(), Mem{Base: p, Disp: b.bytes() * i}
	switch {
	case b.mask == nil:
		VMOVUPS(at, r)
	case b.lanes == 16:
		VMOVUPS_Z(at, b.mask[i], r)
	default:
		VMASKMOVPS(at, b.mask[i], r)
	}
	return r
}

// store writes vector i of the block at p; lanes outside the mask are left alone.
func (b block) store(r VecVirtual, p Register, i int) {
	at := Mem{Base: p, Disp: b.bytes() * i}
	switch {
	case b.mask == nil:
		VMOVUPS(r, at)
	case b.lanes == 16:
		VMOVUPS(r, b.mask[i], at)
	default:
		VMASKMOVPS(r, b.mask[i], at)
	}
}

// keep clears the lanes of r outside the mask.
func (b block) keep(r VecVirtual, i int) {
	switch {
	case b.mask == nil:
	case b.lanes == 16:
		VMOVAPS_Z(r, b.mask[i], r)
	default:
		VANDPS(b.mask[i], r, r)
	}
}

// orElse replaces the lanes of r outside the mask by those of other, which is in memory.
func (b block) orElse(r VecVirtual, other Mem, i int) {
	if b.mask == nil {
		return
	}
	t := b.vec()
	VMOVUPS(other, t)
	if b.lanes == 16 {
		VBLENDMPS(r, t, b.mask[i], r)
	} else {
		VBLENDVPS(b.mask[i], r, t, r)
	}
}

// loop runs body over n elements in blocks of size, 8 or 16, then once more under a mask for what
// is left. A block is at least a vector. loop moves the pointers along; the pointers and n are
// lost.
func (v isa) loop(label string, size int, n Register, pointers []Register, body func(b block)) {
	size = max(size, v.lanes)
	whole := block{isa: v, width: size / v.lanes}
	SUBQ(U8(size), n)
	JL(v.labelRef(label + "_tail"))
	Label(v.label(label))
	body(whole)
	for _, p := range pointers {
		ADDQ(U8(4*size), p)
	}
	SUBQ(U8(size), n)
	JGE(v.labelRef(label))
	Label(v.label(label + "_tail"))
	ADDQ(U8(size), n)
	JE(v.labelRef(label + "_end"))
	part := whole
	if v.lanes == 16 {
		part.mask = []Register{lowLanes(n)}
	} else {
		mp := GP64()
		maskPointer(mp, n)
		for i := range part.width {
			m := YMM()
			VMOVUPS(Mem{Base: mp, Disp: 32 * i}, m)
			part.mask = append(part.mask, m)
		}
	}
	body(part)
	Label(v.label(label + "_end"))
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

// zeroLanes is the sixteen lanes of a sum at +0, in as many vectors as they fill.
func (v isa) zeroLanes() []VecVirtual {
	acc := make([]VecVirtual, 16/v.lanes)
	for i := range acc {
		acc[i] = v.zeros()
	}
	return acc
}

// fold combines sixteen lanes as the tree of lanes.fold and returns the result in the lowest lane.
func fold(a []VecVirtual, op func(x, y, dst Op)) VecVirtual {
	low := a[0].AsY()
	if len(a) == 1 {
		high := YMM()
		VEXTRACTF64X4(Imm(1), a[0], high)
		op(high, low, low)
	} else {
		op(a[1], low, low)
	}
	x, y := a[0].AsX(), XMM()
	VEXTRACTF128(Imm(1), low, y)
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
func (v isa) exp(x VecVirtual) {
	t, n, p := v.vec(), v.vec(), v.vec()
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
