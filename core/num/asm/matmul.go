package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func matmulKernels() {
	kernel("mulPanelsSIMD", "func(c *float32, ldc int, a *float32, rowA, colA int, b *float32, "+
		"stride, m, n, k int, add bool)",
		"mulPanelsSIMD is mulPanelsGo; element (i,k) of A is a[i*rowA + k*colA].",
		func(v isa) {
			if v.lanes == 16 {
				mulPanels512()
			} else {
				mulPanels()
			}
		})
	kernel("mulRowSIMD", "func(c, a *float32, colA int, b *float32, stride, n, k int, add bool)",
		"mulRowSIMD is mulPanelsGo for one row.", func(v isa) {
			if v.lanes == 16 {
				mulRow512()
			} else {
				mulRow()
			}
		})
}

// mulPanels multiplies m rows of A with one panel after another, in tiles of up to 6 rows: 12
// accumulators, two registers of B and two for a product fill the 16 there are. 7 and 8 last rows
// are split evenly, because a tile of one or two rows waits for its additions.
func mulPanels() {
	Label("panel")
	p := panelArgs{
		c: loadPtr("c"), ldc: loadBytes("ldc"),
		a: loadPtr("a"), rowA: loadBytes("rowA"), colA: loadBytes("colA"),
		m: loadPtr("m"), row3: GP64(), row5: GP64(), mask: GP64(),
	}
	LEAQ(Mem{Base: p.rowA, Index: p.rowA, Scale: 2}, p.row3)
	LEAQ(Mem{Base: p.rowA, Index: p.rowA, Scale: 4}, p.row5)
	Comment("A full panel has no mask.")
	n := loadPtr("n")
	XORQ(p.mask, p.mask)
	CMPQ(n, Imm(16))
	JGE(LabelRef("rows"))
	maskPointer(p.mask, n)

	Label("rows")
	CMPQ(p.m, Imm(8))
	JG(LabelRef("tile6"))
	JE(LabelRef("tile4"))
	CMPQ(p.m, Imm(7))
	JE(LabelRef("tile4"))
	for r := 6; r >= 1; r-- {
		CMPQ(p.m, U8(r))
		JE(LabelRef(fmt.Sprintf("tile%d", r)))
	}
	nextPanels(1, LabelRef("panel"))
	for r := 6; r >= 1; r-- {
		p.tile(r)
	}
}

// nextPanels moves the parameters c, b and n on by some panels and goes to a label, or returns if
// these were the last.
func nextPanels(panels int, to LabelRef) {
	Comment("The next panels")
	stride := loadBytes("stride")
	if panels == 2 {
		ADDQ(stride, stride)
	}
	ADDQ(stride, paramMem("b"))
	ADDQ(U32(64*panels), paramMem("c"))
	n := loadPtr("n")
	SUBQ(U8(16*panels), n)
	MOVQ(n, paramMem("n"))
	JG(to)
	done()
}

// panelArgs are the registers that mulPanels keeps between tiles; strides are in bytes.
type panelArgs struct {
	c, ldc, a, rowA, colA, m, row3, row5 Register
	// where the masks of the last panel's columns are, or 0
	mask Register
}

// row addresses the next element of row i of A.
func (p *panelArgs) row(pa Register, i int) Mem {
	switch i {
	case 0:
		return Mem{Base: pa}
	case 3:
		return Mem{Base: pa, Index: p.row3, Scale: 1}
	case 5:
		return Mem{Base: pa, Index: p.row5, Scale: 1}
	}
	return Mem{Base: pa, Index: p.rowA, Scale: uint8(i)}
}

// tile emits the tile of r rows: start the accumulators, run over k, store, go to the next tile.
func (p *panelArgs) tile(r int) {
	l := func(s string) string { return fmt.Sprintf("%s%d", s, r) }
	Label(l("tile"))
	var acc [6][2]VecVirtual
	for i := range r {
		acc[i] = [2]VecVirtual{YMM(), YMM()}
		VXORPS(acc[i][0], acc[i][0], acc[i][0])
		VXORPS(acc[i][1], acc[i][1], acc[i][1])
	}
	CMPB(paramMem("add"), Imm(0))
	JE(LabelRef(l("start")))
	p.eachRow(l("load"), r, func(i, half int, at Mem, mask Register) {
		if mask == nil {
			VMOVUPS(at, acc[i][half])
		} else {
			VMASKMOVPS(at, mask, acc[i][half])
		}
	})

	Label(l("start"))
	pa, pb, k := GP64(), loadPtr("b"), loadPtr("k")
	MOVQ(p.a, pa)
	SUBQ(Imm(4), k)
	JL(LabelRef(l("rest")))
	Label(l("by4"))
	for s := range 4 {
		p.step(acc[:r], pa, Mem{Base: pb, Disp: 64 * s})
	}
	ADDQ(U32(256), pb)
	SUBQ(Imm(4), k)
	JGE(LabelRef(l("by4")))
	Label(l("rest"))
	ADDQ(Imm(4), k)
	JE(LabelRef(l("store")))
	Label(l("by1"))
	p.step(acc[:r], pa, Mem{Base: pb})
	ADDQ(Imm(64), pb)
	DECQ(k)
	JNE(LabelRef(l("by1")))

	Label(l("store"))
	p.eachRow(l("put"), r, func(i, half int, at Mem, mask Register) {
		if mask == nil {
			VMOVUPS(acc[i][half], at)
		} else {
			VMASKMOVPS(acc[i][half], mask, at)
		}
	})
	for range r {
		ADDQ(p.rowA, p.a)
		ADDQ(p.ldc, p.c)
	}
	SUBQ(U8(r), p.m)
	JMP(LabelRef("rows"))
}

// step multiplies one row of the panel, at b, with one column of A and moves on to A's next column.
func (p *panelArgs) step(acc [][2]VecVirtual, pa Register, b Mem) {
	b0, b1 := YMM(), YMM()
	VMOVUPS(b, b0)
	VMOVUPS(b.Offset(32), b1)
	for i := range acc {
		x, t := YMM(), YMM()
		VBROADCASTSS(p.row(pa, i), x)
		VMULPS(b0, x, t)
		VADDPS(t, acc[i][0], acc[i][0])
		VMULPS(b1, x, x)
		VADDPS(x, acc[i][1], acc[i][1])
	}
	ADDQ(p.colA, pa)
}

// eachRow visits both halves of r rows of C, with masks when the panel is not full.
func (p *panelArgs) eachRow(label string, r int, visit func(i, half int, at Mem, mask Register)) {
	pc := GP64()
	MOVQ(p.c, pc)
	TESTQ(p.mask, p.mask)
	JNE(LabelRef(label + "_masked"))
	for i := range r {
		visit(i, 0, Mem{Base: pc}, nil)
		visit(i, 1, Mem{Base: pc, Disp: 32}, nil)
		if i < r-1 {
			ADDQ(p.ldc, pc)
		}
	}
	JMP(LabelRef(label + "_end"))
	Label(label + "_masked")
	m0, m1 := YMM(), YMM()
	VMOVUPS(Mem{Base: p.mask}, m0)
	VMOVUPS(Mem{Base: p.mask, Disp: 32}, m1)
	for i := range r {
		visit(i, 0, Mem{Base: pc}, m0)
		visit(i, 1, Mem{Base: pc, Disp: 32}, m1)
		if i < r-1 {
			ADDQ(p.ldc, pc)
		}
	}
	Label(label + "_end")
}
