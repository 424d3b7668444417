package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// dot sums x*y into sixteen lanes; the pointers and n are lost.
func dot(x, y, n Register) [2]VecVirtual {
	acc := zeroLanes()
	loop("dot", 2, n, []Register{x, y}, func(b block) {
		for i := range 2 {
			t := b.load(x, i)
			VMULPS(b.load(y, i), t, t)
			VADDPS(t, acc[i], acc[i])
		}
	})
	return acc
}

func softmaxKernels() {
	kernel("softmaxSIMD", "func(x *float32, n int, scale float32)", "softmaxSIMD is softmaxGo.")
	x, n := loadPtr("x"), loadPtr("n")
	m := rowMax(x, n)
	scale, acc := splat("scale"), zeroLanes()
	c := copies(x, n)
	loop("exp", 2, c[1], c[:1], func(b block) {
		for i := range 2 {
			e := b.load(c[0], i)
			VSUBPS(m, e, e)
			VMULPS(scale, e, e)
			exp(e)
			b.keep(e, i)
			VADDPS(e, acc[i], acc[i])
			b.store(e, c[0], i)
		}
	})
	inv := inverse(fold(acc, addOp))
	loop("scale", 2, n, []Register{x}, func(b block) {
		for i := range 2 {
			v := b.load(x, i)
			VMULPS(inv, v, v)
			b.store(v, x, i)
		}
	})
	done()

	kernel("softmaxBackwardSIMD", "func(dp, p *float32, n int, scale float32)",
		"softmaxBackwardSIMD is softmaxBackwardGo.")
	dp, p, n := loadPtr("dp"), loadPtr("p"), loadPtr("n")
	c = copies(p, dp, n)
	d := fold(dot(c[0], c[1], c[2]), addOp)
	spread(d)
	scale = splat("scale")
	loop("grad", 2, n, []Register{dp, p}, func(b block) {
		for i := range 2 {
			v := b.load(dp, i)
			VSUBPS(d, v, v)
			VMULPS(v, b.load(p, i), v)
			VMULPS(v, scale, v)
			b.store(v, dp, i)
		}
	})
	done()

	kernel("expShiftSIMD", "func(d, e, x *float32, n int) float32", "expShiftSIMD is expShiftGo.")
	dd, e, x, n := loadPtr("d"), loadPtr("e"), loadPtr("x"), loadPtr("n")
	m = rowMax(x, n)
	acc = zeroLanes()
	loop("exp", 2, n, []Register{dd, e, x}, func(b block) {
		for i := range 2 {
			v := b.load(x, i)
			VSUBPS(m, v, v)
			b.store(v, dd, i)
			exp(v)
			b.store(v, e, i)
			b.keep(v, i)
			VADDPS(v, acc[i], acc[i])
		}
	})
	Store(fold(acc, addOp).AsX(), ReturnIndex(0))
	done()

	kernel("finishLogSIMD", "func(d, e *float32, n int, logSum, invSum float32)",
		"finishLogSIMD is finishLogGo.")
	dd, e, n = loadPtr("d"), loadPtr("e"), loadPtr("n")
	logSum, invSum := splat("logSum"), splat("invSum")
	loop("loop", 1, n, []Register{dd, e}, func(b block) {
		v := b.load(dd, 0)
		VSUBPS(logSum, v, v)
		b.store(v, dd, 0)
		w := b.load(e, 0)
		VMULPS(invSum, w, w)
		b.store(w, e, 0)
	})
	done()
}

// rowMax is maxGo in all lanes; it leaves x and n as they are. The accumulator is what a comparison
// with NaN returns.
func rowMax(x, n Register) VecVirtual {
	acc := [2]VecVirtual{YMM(), YMM()}
	least := constBits("negInf", math.Float32bits(float32(math.Inf(-1))))
	VMOVUPS(least, acc[0])
	VMOVUPS(least, acc[1])
	c := copies(x, n)
	loop("max", 2, c[1], c[:1], func(b block) {
		for i := range 2 {
			v := b.load(c[0], i)
			if b.mask != nil {
				t := YMM()
				VMOVUPS(least, t)
				VBLENDVPS(b.mask[i], v, t, v)
			}
			VMAXPS(acc[i], v, acc[i])
		}
	})
	m := fold(acc, func(x, y, dst Op) { VMAXPS(x, y, dst) })
	spread(m)
	zero := YMM()
	VXORPS(zero, zero, zero)
	VADDPS(zero, m, m)
	return m
}

// inverse is 1/v of the lowest lane, in all lanes.
func inverse(v VecVirtual) VecVirtual {
	one := YMM()
	VMOVUPS(constant("one", 1), one)
	VDIVSS(v.AsX(), one.AsX(), v.AsX())
	spread(v)
	return v
}

func normKernels() {
	kernel("normSIMD", "func(y, x, w *float32, n int, size, eps float32) float32",
		"normSIMD is normGo.")
	y, x, w, n := loadPtr("y"), loadPtr("x"), loadPtr("w"), loadPtr("n")
	c := copies(x, n)
	acc := zeroLanes()
	loop("square", 2, c[1], c[:1], func(b block) {
		for i := range 2 {
			v := b.load(c[0], i)
			VMULPS(v, v, v)
			VADDPS(v, acc[i], acc[i])
		}
	})
	r := fold(acc, addOp)
	VDIVSS(paramMem("size"), r.AsX(), r.AsX())
	VADDSS(paramMem("eps"), r.AsX(), r.AsX())
	VSQRTSS(r.AsX(), r.AsX(), r.AsX())
	r = inverse(r)
	loop("scale", 2, n, []Register{y, x, w}, func(b block) {
		for i := range 2 {
			v := b.load(x, i)
			VMULPS(r, v, v)
			VMULPS(b.load(w, i), v, v)
			b.store(v, y, i)
		}
	})
	Store(r.AsX(), ReturnIndex(0))
	done()

	kernel("normBackwardSIMD", "func(dx, dw, dy, x, w *float32, n int, size, rstd float32)",
		"normBackwardSIMD is normBackwardGo.")
	dx, dw, dy, x, w := loadPtr("dx"), loadPtr("dw"), loadPtr("dy"), loadPtr("x"), loadPtr("w")
	n = loadPtr("n")
	c = copies(dy, x, w, n)
	acc = zeroLanes()
	loop("dot", 2, c[3], c[:3], func(b block) {
		for i := range 2 {
			t := b.load(c[0], i)
			VMULPS(b.load(c[2], i), t, t)
			VMULPS(b.load(c[1], i), t, t)
			VADDPS(t, acc[i], acc[i])
		}
	})
	k, rstd := fold(acc, addOp), splat("rstd")
	for range 3 {
		VMULSS(rstd.AsX(), k.AsX(), k.AsX())
	}
	VDIVSS(paramMem("size"), k.AsX(), k.AsX())
	spread(k)
	loop("grad", 1, n, []Register{dx, dw, dy, x, w}, func(b block) {
		d, v := b.load(dy, 0), b.load(x, 0)
		g, t := b.load(w, 0), YMM()
		VMULPS(d, g, g)
		VMULPS(rstd, g, g)
		VMULPS(k, v, t)
		VSUBPS(t, g, g)
		VADDPS(b.load(dx, 0), g, g)
		b.store(g, dx, 0)
		VMULPS(rstd, v, v)
		VMULPS(v, d, d)
		VADDPS(b.load(dw, 0), d, d)
		b.store(d, dw, 0)
	})
	done()
}
