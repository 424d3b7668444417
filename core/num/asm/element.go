package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func elementKernels() {
	kernel("addSIMD", "func(dst, x *float32, n int)", "addSIMD is addGo.", func(v isa) {
		dst, x, n := loadPtr("dst"), loadPtr("x"), loadPtr("n")
		v.loop("loop", 16, n, []Register{dst, x}, func(b block) {
			for i := range b.width {
				r := b.load(x, i)
				VADDPS(b.load(dst, i), r, r)
				b.store(r, dst, i)
			}
		})
		done()
	})

	kernel("swigluSIMD", "func(y, gate, up *float32, n int)", "swigluSIMD is swigluGo.",
		func(v isa) {
			y, gate, up, n := loadPtr("y"), loadPtr("gate"), loadPtr("up"), loadPtr("n")
			v.loop("loop", 16, n, []Register{y, gate, up}, func(b block) {
				for i := range b.width {
					g := b.load(gate, i)
					s := v.sigmoid(g)
					VMULPS(s, g, g)
					VMULPS(b.load(up, i), g, g)
					b.store(g, y, i)
				}
			})
			done()
		})

	kernel("swigluBackwardSIMD", "func(dgate, dup, dy, gate, up *float32, n int)",
		"swigluBackwardSIMD is swigluBackwardGo.", swigluBackward)
	kernel("adamwSIMD", "func(p, grad, m, v *float32, n int, step *float32)",
		"adamwSIMD is adamwGo; step points at the ten numbers of an AdamWStep.", adamw)
}

// sigmoid is 1/(1+exp(-g)).
func (v isa) sigmoid(g VecVirtual) VecVirtual {
	s, one := v.vec(), v.vec()
	VXORPS(constBits("signBit", 1<<31), g, s)
	v.exp(s)
	VMOVUPS(constant("one", 1), one)
	VADDPS(one, s, s)
	VDIVPS(s, one, s)
	return s
}

func swigluBackward(v isa) {
	dgate, dup, dy := loadPtr("dgate"), loadPtr("dup"), loadPtr("dy")
	gate, up, n := loadPtr("gate"), loadPtr("up"), loadPtr("n")
	v.loop("loop", 8, n, []Register{dgate, dup, dy, gate, up}, func(b block) {
		g, d, t, one := b.load(gate, 0), b.load(dy, 0), v.vec(), v.vec()
		s := v.sigmoid(g)
		VMULPS(s, g, t)
		VMULPS(t, d, t)
		b.store(t, dup, 0)
		VMOVUPS(constant("one", 1), one)
		VSUBPS(s, one, t)
		VMULPS(g, t, t)
		VADDPS(one, t, t)
		VMULPS(t, s, s)
		VMULPS(b.load(up, 0), d, d)
		VMULPS(s, d, d)
		b.store(d, dgate, 0)
	})
	done()
}

// adamw keeps the numbers of the step in registers, in the order of AdamWStep.
func adamw(isa isa) {
	p, g, m, v, n, step := loadPtr("p"), loadPtr("grad"), loadPtr("m"), loadPtr("v"), loadPtr("n"),
		loadPtr("step")
	k := isa.vecs(10)
	for i := range k {
		VBROADCASTSS(Mem{Base: step, Disp: 4 * i}, k[i])
	}
	gradScale, b1, rest1, b2, rest2, c1, c2, rate, decay, eps := k[0], k[1], k[2], k[3], k[4], k[5],
		k[6], k[7], k[8], k[9]
	isa.loop("loop", 8, n, []Register{p, g, m, v}, func(b block) {
		gj, mj, t := b.load(g, 0), b.load(m, 0), isa.vec()
		VMULPS(gradScale, gj, gj)
		VMULPS(b1, mj, mj)
		VMULPS(rest1, gj, t)
		VADDPS(t, mj, mj)
		b.store(mj, m, 0)
		VMULPS(gj, gj, gj)
		VMULPS(rest2, gj, gj)
		vj := b.load(v, 0)
		VMULPS(b2, vj, vj)
		VADDPS(gj, vj, vj)
		b.store(vj, v, 0)
		VMULPS(c1, mj, mj)
		VMULPS(c2, vj, vj)
		VSQRTPS(vj, vj)
		VADDPS(eps, vj, vj)
		VDIVPS(vj, mj, mj)
		VMULPS(rate, mj, mj)
		pj := b.load(p, 0)
		VMULPS(decay, pj, t)
		VSUBPS(t, pj, pj)
		VADDPS(mj, pj, pj)
		b.store(pj, p, 0)
	})
	done()
}

// ropeKernel turns the heads of each row. The sine of the inverse has its sign flipped. Half a head
// seldom fills a vector of AVX-512, so there is one body for both.
func ropeKernel() {
	start("ropeSIMD",
		"func(x *float32, ld, rows, heads, half int, cos, sin *float32, inverse bool)",
		"ropeSIMD is RoPE for heads of 2*half numbers.")
	v := avx2()
	flip := v.zeros()
	CMPB(paramMem("inverse"), Imm(0))
	JE(LabelRef("row"))
	VMOVUPS(constBits("signBit", 1<<31), flip)
	Label("row")
	lo, heads, cos, sin := loadPtr("x"), loadPtr("heads"), loadPtr("cos"), loadPtr("sin")
	size := loadBytes("half")
	Label("head")
	hi, n := GP64(), loadPtr("half")
	LEAQ(Mem{Base: lo, Index: size, Scale: 1}, hi)
	p := copies(lo, hi, cos, sin)
	v.loop("pair", 8, n, p, func(b block) {
		x1, x2, c, s := b.load(p[0], 0), b.load(p[1], 0), b.load(p[2], 0), b.load(p[3], 0)
		t, u := v.vec(), v.vec()
		VXORPS(flip, s, s)
		VMULPS(s, x2, t)
		VMULPS(c, x1, u)
		VSUBPS(t, u, u)
		b.store(u, p[0], 0)
		VMULPS(s, x1, t)
		VMULPS(c, x2, u)
		VADDPS(t, u, u)
		b.store(u, p[1], 0)
	})
	LEAQ(Mem{Base: lo, Index: size, Scale: 2}, lo)
	DECQ(heads)
	JNE(LabelRef("head"))
	v.nextRow(step{"x", loadBytes("ld")}, step{"cos", size}, step{"sin", size})
}
