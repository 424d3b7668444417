package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// dot sums x*y into sixteen lanes; the pointers and n are lost.
func (v isa) dot(x, y, n Register) []VecVirtual {
	acc := v.zeroLanes()
	v.loop("dot", 16, n, []Register{x, y}, func(b block) {
		for i := range b.width {
			t := b.load(x, i)
			VMULPS(b.load(y, i), t, t)
			VADDPS(t, acc[i], acc[i])
		}
	})
	return acc
}

func softmaxKernels() {
	kernel("softmaxSIMD", "func(x *float32, ld, rows, first, n int, scale float32)",
		"softmaxSIMD is SoftmaxCausal.", softmax)
	kernel("softmaxBackwardSIMD", "func(dp, p *float32, ld, rows, n int, scale float32)",
		"softmaxBackwardSIMD is SoftmaxBackward.", softmaxBackward)
	kernel("expShiftSIMD", "func(d, e, x *float32, n int) float32", "expShiftSIMD is expShiftGo.",
		expShift)
	kernel("finishLogSIMD", "func(d, e *float32, n int, logSum, invSum float32)",
		"finishLogSIMD is finishLogGo.", finishLog)
}

func softmax(v isa) {
	Label(v.label("row"))
	x, n := loadPtr("x"), loadPtr("first")
	CMPQ(n, paramMem("n"))
	CMOVQGT(paramMem("n"), n)
	m := v.rowMax(x, n)
	scale, acc := v.splat("scale"), v.zeroLanes()
	c := copies(x, n)
	v.loop("exp", 16, c[1], c[:1], func(b block) {
		for i := range b.width {
			e := b.load(c[0], i)
			VSUBPS(m, e, e)
			VMULPS(scale, e, e)
			v.exp(e)
			b.keep(e, i)
			VADDPS(e, acc[i], acc[i])
			b.store(e, c[0], i)
		}
	})
	inv := v.inverse(fold(acc, addOp))
	beyond, left := GP64(), loadPtr("n")
	LEAQ(Mem{Base: x, Index: n, Scale: 4}, beyond)
	SUBQ(n, left)
	v.loop("scale", 16, n, []Register{x}, func(b block) {
		for i := range b.width {
			r := b.load(x, i)
			VMULPS(inv, r, r)
			b.store(r, x, i)
		}
	})
	zero := v.zeros()
	v.loop("clear", 16, left, []Register{beyond}, func(b block) {
		for i := range b.width {
			b.store(zero, beyond, i)
		}
	})
	INCQ(paramMem("first"))
	v.nextRow(step{"x", loadBytes("ld")})
}

func softmaxBackward(v isa) {
	Label(v.label("row"))
	dp, p, n := loadPtr("dp"), loadPtr("p"), loadPtr("n")
	c := copies(p, dp, n)
	d := fold(v.dot(c[0], c[1], c[2]), addOp)
	spread(d)
	scale := v.splat("scale")
	v.loop("grad", 16, n, []Register{dp, p}, func(b block) {
		for i := range b.width {
			r := b.load(dp, i)
			VSUBPS(d, r, r)
			VMULPS(r, b.load(p, i), r)
			VMULPS(r, scale, r)
			b.store(r, dp, i)
		}
	})
	ld := loadBytes("ld")
	v.nextRow(step{"dp", ld}, step{"p", ld})
}

func expShift(v isa) {
	d, e, x, n := loadPtr("d"), loadPtr("e"), loadPtr("x"), loadPtr("n")
	m := v.rowMax(x, n)
	acc := v.zeroLanes()
	v.loop("exp", 16, n, []Register{d, e, x}, func(b block) {
		for i := range b.width {
			r := b.load(x, i)
			VSUBPS(m, r, r)
			b.store(r, d, i)
			v.exp(r)
			b.store(r, e, i)
			b.keep(r, i)
			VADDPS(r, acc[i], acc[i])
		}
	})
	Store(fold(acc, addOp).AsX(), ReturnIndex(0))
	done()
}

func finishLog(v isa) {
	d, e, n := loadPtr("d"), loadPtr("e"), loadPtr("n")
	logSum, invSum := v.splat("logSum"), v.splat("invSum")
	v.loop("loop", 8, n, []Register{d, e}, func(b block) {
		r := b.load(d, 0)
		VSUBPS(logSum, r, r)
		b.store(r, d, 0)
		w := b.load(e, 0)
		VMULPS(invSum, w, w)
		b.store(w, e, 0)
	})
	done()
}

// rowMax is maxGo in all lanes; it leaves x and n as they are. The accumulator is what a comparison
// with NaN returns.
func (v isa) rowMax(x, n Register) VecVirtual {
	acc := v.vecs(16 / v.lanes)
	least := constBits("negInf", math.Float32bits(float32(math.Inf(-1))))
	for _, a := range acc {
		VMOVUPS(least, a)
	}
	c := copies(x, n)
	v.loop("max", 16, c[1], c[:1], func(b block) {
		for i := range b.width {
			r := b.load(c[0], i)
			b.orElse(r, least, i)
			VMAXPS(acc[i], r, acc[i])
		}
	})
	m := fold(acc, func(x, y, dst Op) { VMAXPS(x, y, dst) })
	spread(m)
	VADDPS(v.zeros(), m, m)
	return m
}

// inverse is 1/r of the lowest lane, in all lanes.
func (v isa) inverse(r VecVirtual) VecVirtual {
	one := v.vec()
	VMOVUPS(constant("one", 1), one)
	VDIVSS(r.AsX(), one.AsX(), r.AsX())
	spread(r)
	return r
}

func normKernels() {
	kernel("normSIMD", "func(y, rstd, x, w *float32, rows, n int, size, eps float32)",
		"normSIMD is RMSNorm with rows of length size.", norm)
	kernel("normBackwardSIMD",
		"func(dx, dw, dy, x, w, rstd *float32, rows, n int, size float32)",
		"normBackwardSIMD is RMSNormBackward with rows of length size.", normBackward)
}

func norm(v isa) {
	Label(v.label("row"))
	y, x, w, n := loadPtr("y"), loadPtr("x"), loadPtr("w"), loadPtr("n")
	c := copies(x, n)
	acc := v.zeroLanes()
	v.loop("square", 16, c[1], c[:1], func(b block) {
		for i := range b.width {
			r := b.load(c[0], i)
			VMULPS(r, r, r)
			VADDPS(r, acc[i], acc[i])
		}
	})
	r := fold(acc, addOp)
	VDIVSS(paramMem("size"), r.AsX(), r.AsX())
	VADDSS(paramMem("eps"), r.AsX(), r.AsX())
	VSQRTSS(r.AsX(), r.AsX(), r.AsX())
	r = v.inverse(r)
	VMOVSS(r.AsX(), Mem{Base: loadPtr("rstd")})
	v.loop("scale", 16, n, []Register{y, x, w}, func(b block) {
		for i := range b.width {
			t := b.load(x, i)
			VMULPS(r, t, t)
			VMULPS(b.load(w, i), t, t)
			b.store(t, y, i)
		}
	})
	width := loadBytes("n")
	v.nextRow(step{"y", width}, step{"x", width}, step{"rstd", Imm(4)})
}

func normBackward(v isa) {
	Label(v.label("row"))
	dx, dw, dy, x, w := loadPtr("dx"), loadPtr("dw"), loadPtr("dy"), loadPtr("x"), loadPtr("w")
	n := loadPtr("n")
	c := copies(dy, x, w, n)
	acc := v.zeroLanes()
	v.loop("dot", 16, c[3], c[:3], func(b block) {
		for i := range b.width {
			t := b.load(c[0], i)
			VMULPS(b.load(c[2], i), t, t)
			VMULPS(b.load(c[1], i), t, t)
			VADDPS(t, acc[i], acc[i])
		}
	})
	k, rstd := fold(acc, addOp), v.vec()
	VBROADCASTSS(Mem{Base: loadPtr("rstd")}, rstd)
	for range 3 {
		VMULSS(rstd.AsX(), k.AsX(), k.AsX())
	}
	VDIVSS(paramMem("size"), k.AsX(), k.AsX())
	spread(k)
	v.loop("grad", 8, n, []Register{dx, dw, dy, x, w}, func(b block) {
		d, r := b.load(dy, 0), b.load(x, 0)
		g, t := b.load(w, 0), v.vec()
		VMULPS(d, g, g)
		VMULPS(rstd, g, g)
		VMULPS(k, r, t)
		VSUBPS(t, g, g)
		VADDPS(b.load(dx, 0), g, g)
		b.store(g, dx, 0)
		VMULPS(rstd, r, r)
		VMULPS(r, d, d)
		VADDPS(b.load(dw, 0), d, d)
		b.store(d, dw, 0)
	})
	width := loadBytes("n")
	v.nextRow(step{"dx", width}, step{"dy", width}, step{"x", width}, step{"rstd", Imm(4)})
}
