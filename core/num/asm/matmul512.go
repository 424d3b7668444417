package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// tileRows512 is the largest number of rows of a tile: with two panels it has 16 accumulators,
// twice what hides the time that an addition takes on two units.
const tileRows512 = 8

// panelArgs512 are the registers that mulPanels512 keeps between tiles; strides are in bytes.
type panelArgs512 struct {
	c, ldc, a, rowA, colA, m, row3, row5, row7 Register
	mask                                       [2]Register // of the columns of both panels
}

// mulPanels512 multiplies m rows of A with two panels at a time, or with the last one, in tiles of
// up to 8 rows. A row of a panel fills a register.
func mulPanels512() {
	Label("panels_512")
	p := panelArgs512{
		c: loadPtr("c"), ldc: loadBytes("ldc"),
		a: loadPtr("a"), rowA: loadBytes("rowA"), colA: loadBytes("colA"),
		m: loadPtr("m"), row3: GP64(), row5: GP64(), row7: GP64(),
	}
	LEAQ(Mem{Base: p.rowA, Index: p.rowA, Scale: 2}, p.row3)
	LEAQ(Mem{Base: p.rowA, Index: p.rowA, Scale: 4}, p.row5)
	LEAQ(Mem{Base: p.row3, Index: p.rowA, Scale: 4}, p.row7)
	n := loadPtr("n")
	p.mask[0] = lowLanes(atMost16(n))
	SUBQ(Imm(16), n)
	JLE(LabelRef("rows1_512"))
	p.mask[1] = lowLanes(atMost16(n))
	p.rows(2)
	p.rows(1)
}

// atMost16 returns the smaller of n and 16.
func atMost16(n Register) Register {
	low := GP64()
	MOVQ(U32(16), low)
	CMPQ(n, low)
	CMOVQLT(n, low)
	return low
}

// rows emits the tiles for a number of panels.
func (p *panelArgs512) rows(panels int) {
	rows := fmt.Sprintf("rows%d_512", panels)
	tile := func(r int) string { return fmt.Sprintf("tile%dx%d_512", r, panels) }
	Label(rows)
	CMPQ(p.m, U8(tileRows512))
	JGE(LabelRef(tile(tileRows512)))
	for r := tileRows512 - 1; r >= 1; r-- {
		CMPQ(p.m, U8(r))
		JE(LabelRef(tile(r)))
	}
	nextPanels(panels, LabelRef("panels_512"))
	for r := tileRows512; r >= 1; r-- {
		Label(tile(r))
		p.tile(r, panels, tile(r))
		JMP(LabelRef(rows))
	}
}

// row addresses the next element of row i of A.
func (p *panelArgs512) row(pa Register, i int) Mem {
	at := Mem{Base: pa, Index: p.rowA, Scale: uint8(i)}
	switch i {
	case 0:
		at = Mem{Base: pa}
	case 3, 6:
		at.Index, at.Scale = p.row3, uint8(i/3)
	case 5:
		at.Index, at.Scale = p.row5, 1
	case 7:
		at.Index, at.Scale = p.row7, 1
	}
	return at
}

// tile emits the tile of r rows: start the accumulators, run over k, store, move on to the next
// rows.
func (p *panelArgs512) tile(r, panels int, name string) {
	acc := make([][]VecVirtual, r)
	for i := range acc {
		for range panels {
			acc[i] = append(acc[i], avx512().zeros())
		}
	}
	CMPB(paramMem("add"), Imm(0))
	JE(LabelRef(name + "_start"))
	p.each(acc, func(acc VecVirtual, at Mem, mask Register) { VMOVUPS_Z(at, mask, acc) })

	Label(name + "_start")
	pa, k := copies(p.a)[0], loadPtr("k")
	pb := []Register{loadPtr("b")}
	if panels == 2 {
		pb = append(pb, loadBytes("stride"))
		ADDQ(pb[0], pb[1])
	}
	turn := func(steps int) {
		for s := range steps {
			p.step(acc, pa, pb, 64*s)
		}
		for _, b := range pb {
			ADDQ(U32(64*steps), b)
		}
	}
	SUBQ(Imm(2), k)
	JL(LabelRef(name + "_rest"))
	Label(name + "_by2")
	turn(2)
	SUBQ(Imm(2), k)
	JGE(LabelRef(name + "_by2"))
	Label(name + "_rest")
	ADDQ(Imm(2), k)
	JE(LabelRef(name + "_store"))
	turn(1)

	Label(name + "_store")
	p.each(acc, func(acc VecVirtual, at Mem, mask Register) { VMOVUPS(acc, mask, at) })
	for range r {
		ADDQ(p.rowA, p.a)
		ADDQ(p.ldc, p.c)
	}
	SUBQ(U8(r), p.m)
}

// step multiplies one row of each panel with one column of A and moves on to A's next column.
func (p *panelArgs512) step(acc [][]VecVirtual, pa Register, pb []Register, at int) {
	b := avx512().vecs(len(pb))
	for j := range b {
		VMOVUPS(Mem{Base: pb[j], Disp: at}, b[j])
	}
	for i, row := range acc {
		x := ZMM()
		VBROADCASTSS(p.row(pa, i), x)
		for j := range row {
			t := ZMM()
			VMULPS(b[j], x, t)
			VADDPS(t, row[j], row[j])
		}
	}
	ADDQ(p.colA, pa)
}

// each visits the rows of C that belong to the accumulators.
func (p *panelArgs512) each(acc [][]VecVirtual, visit func(acc VecVirtual, at Mem, mask Register)) {
	pc := copies(p.c)[0]
	for i, row := range acc {
		for j := range row {
			visit(row[j], Mem{Base: pc, Disp: 64 * j}, p.mask[j])
		}
		if i < len(acc)-1 {
			ADDQ(p.ldc, pc)
		}
	}
}

// rowPanels512 is how many panels mulRow512 takes at a time: their accumulators hide the time that
// an addition takes.
const rowPanels512 = 8

// mulRow512 multiplies one row of A with all panels.
func mulRow512() {
	c, a, colA, b, n := loadPtr("c"), loadPtr("a"), loadBytes("colA"), loadPtr("b"), loadPtr("n")
	stride, stride3, stride5, stride7 := loadBytes("stride"), GP64(), GP64(), GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, stride3)
	LEAQ(Mem{Base: stride, Index: stride, Scale: 4}, stride5)
	LEAQ(Mem{Base: stride3, Index: stride, Scale: 4}, stride7)
	strides := panelArgs512{rowA: stride, row3: stride3, row5: stride5, row7: stride7}
	label := func(p int) string { return fmt.Sprintf("group%d_512", p) }
	Label("next_512")
	for p := rowPanels512; p >= 1; p-- {
		CMPQ(n, U8(16*(p-1)))
		JG(LabelRef(label(p)))
	}
	done()
	for p := rowPanels512; p >= 1; p-- {
		Label(label(p))
		last := copies(n)[0]
		SUBQ(U8(16*(p-1)), last)
		mask := lowLanes(atMost16(last))
		acc := make([]VecVirtual, p)
		for i := range acc {
			acc[i] = avx512().zeros()
		}
		each := func(visit func(acc VecVirtual, at Mem, last bool)) {
			for i := range acc {
				visit(acc[i], Mem{Base: c, Disp: 64 * i}, i == p-1)
			}
		}
		CMPB(paramMem("add"), Imm(0))
		JE(LabelRef(label(p) + "_start"))
		each(func(acc VecVirtual, at Mem, last bool) {
			if last {
				VMOVUPS_Z(at, mask, acc)
			} else {
				VMOVUPS(at, acc)
			}
		})
		Label(label(p) + "_start")
		pa, pb, k := copies(a)[0], copies(b)[0], loadPtr("k")
		Label(label(p) + "_loop")
		x := ZMM()
		VBROADCASTSS(Mem{Base: pa}, x)
		for i := range acc {
			t := ZMM()
			VMULPS(strides.row(pb, i), x, t)
			VADDPS(t, acc[i], acc[i])
		}
		ADDQ(colA, pa)
		ADDQ(Imm(64), pb)
		DECQ(k)
		JNE(LabelRef(label(p) + "_loop"))
		each(func(acc VecVirtual, at Mem, last bool) {
			if last {
				VMOVUPS(acc, mask, at)
			} else {
				VMOVUPS(acc, at)
			}
		})
		if p < rowPanels512 {
			done()
			continue
		}
		ADDQ(U32(64*p), c)
		LEAQ(Mem{Base: b, Index: stride, Scale: 8}, b)
		SUBQ(U8(16*p), n)
		JMP(LabelRef("next_512"))
	}
}
