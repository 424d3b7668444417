package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// rowArgs are the registers that mulRow keeps between groups of panels; strides are in bytes.
type rowArgs struct {
	c, a, colA, b, stride, stride3, n Register
}

// mulRow multiplies one row of A with all panels, four at a time: one panel alone would wait for
// the additions of its two accumulators.
func mulRow() {
	r := rowArgs{
		c: loadPtr("c"), a: loadPtr("a"), colA: loadBytes("colA"),
		b: loadPtr("b"), stride: loadBytes("stride"), stride3: GP64(), n: loadPtr("n"),
	}
	LEAQ(Mem{Base: r.stride, Index: r.stride, Scale: 2}, r.stride3)
	Label("next")
	for p := 4; p >= 1; p-- {
		CMPQ(r.n, U8(16*(p-1)))
		JG(LabelRef(fmt.Sprintf("group%d", p)))
	}
	done()
	for p := 4; p >= 1; p-- {
		r.group(p)
	}
}

// panel addresses half a row of panel i.
func (r *rowArgs) panel(pb Register, i, half int) Mem {
	at := Mem{Base: pb, Disp: 32 * half}
	switch i {
	case 1, 2:
		at.Index, at.Scale = r.stride, uint8(i)
	case 3:
		at.Index, at.Scale = r.stride3, 1
	}
	return at
}

// group emits p panels: start the accumulators, run over k, store, go to the next group.
func (r *rowArgs) group(p int) {
	l := func(s string) string { return fmt.Sprintf("%s%d", s, p) }
	Label(l("group"))
	Comment("A full last panel has no mask.")
	mask, cols := GP64(), GP64()
	MOVQ(r.n, cols)
	XORQ(mask, mask)
	SUBQ(U8(16*(p-1)), cols)
	CMPQ(cols, Imm(16))
	JGE(LabelRef(l("whole")))
	maskPointer(mask, cols)
	Label(l("whole"))
	acc := make([]VecVirtual, 2*p)
	for i := range acc {
		acc[i] = YMM()
		VXORPS(acc[i], acc[i], acc[i])
	}
	CMPB(paramMem("add"), Imm(0))
	JE(LabelRef(l("start")))
	r.eachHalf(l("load"), p, mask, func(i int, at Mem, m Register) {
		if m == nil {
			VMOVUPS(at, acc[i])
		} else {
			VMASKMOVPS(at, m, acc[i])
		}
	})

	Label(l("start"))
	pa, pb, k := GP64(), GP64(), loadPtr("k")
	MOVQ(r.a, pa)
	MOVQ(r.b, pb)
	Label(l("loop"))
	x := YMM()
	VBROADCASTSS(Mem{Base: pa}, x)
	for i := range acc {
		t := YMM()
		VMULPS(r.panel(pb, i/2, i%2), x, t)
		VADDPS(t, acc[i], acc[i])
	}
	ADDQ(r.colA, pa)
	ADDQ(Imm(64), pb)
	DECQ(k)
	JNE(LabelRef(l("loop")))

	r.eachHalf(l("put"), p, mask, func(i int, at Mem, m Register) {
		if m == nil {
			VMOVUPS(acc[i], at)
		} else {
			VMASKMOVPS(acc[i], m, at)
		}
	})
	if p < 4 {
		done()
		return
	}
	ADDQ(U32(64*p), r.c)
	LEAQ(Mem{Base: r.b, Index: r.stride, Scale: 4}, r.b)
	SUBQ(U8(16*p), r.n)
	JMP(LabelRef("next"))
}

// eachHalf visits the halves of p panels of the row of C, the last two with masks when the last
// panel is not full.
func (r *rowArgs) eachHalf(label string, p int, mask Register,
	visit func(i int, at Mem, m Register)) {
	for i := range 2*p - 2 {
		visit(i, Mem{Base: r.c, Disp: 32 * i}, nil)
	}
	TESTQ(mask, mask)
	JNE(LabelRef(label + "_masked"))
	for i := 2*p - 2; i < 2*p; i++ {
		visit(i, Mem{Base: r.c, Disp: 32 * i}, nil)
	}
	JMP(LabelRef(label + "_end"))
	Label(label + "_masked")
	for half := range 2 {
		m := YMM()
		VMOVUPS(Mem{Base: mask, Disp: 32 * half}, m)
		visit(2*p-2+half, Mem{Base: r.c, Disp: 32 * (2*p - 2 + half)}, m)
	}
	Label(label + "_end")
}
