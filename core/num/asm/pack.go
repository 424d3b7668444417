package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func packKernels() {
	kernel("packPanelSIMD", "func(panel, b *float32, ldb, k, cols int)",
		"packPanelSIMD is packPanelGo.", func(v isa) {
			if v.lanes == 16 {
				packPanel512()
			} else {
				packPanel()
			}
		})
	transpose8()
}

// packPanel copies rows of up to 16 elements; the mask reads the missing ones as zeros.
func packPanel() {
	panel, b, ldb, k, cols := loadPtr("panel"), loadPtr("b"), loadBytes("ldb"), loadPtr("k"),
		loadPtr("cols")
	x0, x1 := YMM(), YMM()
	CMPQ(cols, Imm(16))
	JE(LabelRef("full"))
	mp := GP64()
	maskPointer(mp, cols)
	m0, m1 := YMM(), YMM()
	VMOVUPS(Mem{Base: mp}, m0)
	VMOVUPS(Mem{Base: mp, Disp: 32}, m1)
	Label("part")
	VMASKMOVPS(Mem{Base: b}, m0, x0)
	VMASKMOVPS(Mem{Base: b, Disp: 32}, m1, x1)
	VMOVUPS(x0, Mem{Base: panel})
	VMOVUPS(x1, Mem{Base: panel, Disp: 32})
	ADDQ(ldb, b)
	ADDQ(Imm(64), panel)
	DECQ(k)
	JNE(LabelRef("part"))
	done()
	Label("full")
	VMOVUPS(Mem{Base: b}, x0)
	VMOVUPS(Mem{Base: b, Disp: 32}, x1)
	VMOVUPS(x0, Mem{Base: panel})
	VMOVUPS(x1, Mem{Base: panel, Disp: 32})
	ADDQ(ldb, b)
	ADDQ(Imm(64), panel)
	DECQ(k)
	JNE(LabelRef("full"))
	done()
}

// packPanel512 is packPanel with a row in one register.
func packPanel512() {
	panel, b, ldb, k := loadPtr("panel"), loadPtr("b"), loadBytes("ldb"), loadPtr("k")
	row, mask := ZMM(), lowLanes(loadPtr("cols"))
	Label("loop_512")
	VMOVUPS_Z(Mem{Base: b}, mask, row)
	VMOVUPS(row, Mem{Base: panel})
	ADDQ(ldb, b)
	ADDQ(Imm(64), panel)
	DECQ(k)
	JNE(LabelRef("loop_512"))
	done()
}

// transpose8 turns eight rows of k elements into eight columns of a panel, eight by eight.
func transpose8() {
	start("transpose8SIMD", "func(panel, b *float32, ldb, k int)",
		"transpose8SIMD is packPanelTGo for eight of the columns of a panel.")
	panel, b, ldb, k := loadPtr("panel"), loadPtr("b"), loadBytes("ldb"), loadPtr("k")
	b3, b5, b7 := GP64(), GP64(), GP64()
	LEAQ(Mem{Base: ldb, Index: ldb, Scale: 2}, b3)
	LEAQ(Mem{Base: ldb, Index: ldb, Scale: 4}, b5)
	LEAQ(Mem{Base: b3, Index: ldb, Scale: 4}, b7)
	at := func(i int) Mem {
		switch i {
		case 0:
			return Mem{Base: b}
		case 3:
			return Mem{Base: b, Index: b3, Scale: 1}
		case 5:
			return Mem{Base: b, Index: b5, Scale: 1}
		case 6:
			return Mem{Base: b, Index: b3, Scale: 2}
		case 7:
			return Mem{Base: b, Index: b7, Scale: 1}
		}
		return Mem{Base: b, Index: ldb, Scale: uint8(i)}
	}
	var row [8]VecVirtual
	for i := range row {
		row[i] = YMM()
	}
	SUBQ(Imm(8), k)
	JL(LabelRef("rest"))
	Label("loop")
	for i := range row {
		VMOVUPS(at(i), row[i])
	}
	for i, col := range transposed(row) {
		VMOVUPS(col, Mem{Base: panel, Disp: 64 * i})
	}
	ADDQ(Imm(32), b)
	ADDQ(U32(512), panel)
	SUBQ(Imm(8), k)
	JGE(LabelRef("loop"))

	Label("rest")
	ADDQ(Imm(8), k)
	JE(LabelRef("end"))
	left := copies(k)[0]
	mp := GP64()
	maskPointer(mp, k)
	m := YMM()
	VMOVUPS(Mem{Base: mp}, m)
	for i := range row {
		VMASKMOVPS(at(i), m, row[i])
	}
	for i, col := range transposed(row) {
		VMOVUPS(col, Mem{Base: panel, Disp: 64 * i})
		if i < 7 {
			DECQ(left)
			JE(LabelRef("end"))
		}
	}
	Label("end")
	done()
}

// transposed emits the transpose of an 8x8 block.
func transposed(r [8]VecVirtual) [8]VecVirtual {
	var a, c [8]VecVirtual
	for i := 0; i < 8; i += 2 {
		a[i], a[i+1] = YMM(), YMM()
		VUNPCKLPS(r[i+1], r[i], a[i])
		VUNPCKHPS(r[i+1], r[i], a[i+1])
	}
	var s [8]VecVirtual
	for g := 0; g < 8; g += 4 {
		for i := range 2 {
			s[g+2*i], s[g+2*i+1] = YMM(), YMM()
			VSHUFPS(Imm(0x44), a[g+2+i], a[g+i], s[g+2*i])
			VSHUFPS(Imm(0xee), a[g+2+i], a[g+i], s[g+2*i+1])
		}
	}
	for i := range 4 {
		c[i], c[i+4] = YMM(), YMM()
		VPERM2F128(Imm(0x20), s[i+4], s[i], c[i])
		VPERM2F128(Imm(0x31), s[i+4], s[i], c[i+4])
	}
	return c
}
