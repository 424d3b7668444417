package main

// dot is dotGo in lane 0.
func (f *function) dot(n, x, y local) local {
	return f.sum(n, []local{x, y},
		func(b block, p []local) value { return times(b.load(p[0]), b.load(p[1])) })
}

func softmax(m *module) {
	f, l := m.kernel("softmax", "func(x *float32, n int, scale float32)")
	x, n, scale := l[0], l[1], l[2]
	most := f.rowMax(x, n)
	by, e := f.let(v128, splat(scale)), f.exp()
	sum := f.sum(n, []local{x}, func(b block, p []local) value {
		v := f.let(v128, e.of(times(minus(b.load(p[0]), most), by)))
		b.store(p[0], v)
		return b.or(v, constant(0))
	})
	inverse := f.let(v128, splat(divF(oneF(), lane0(sum))))
	f.each(n, 2, []local{x}, func(b block, p []local) {
		b.store(p[0], times(b.load(p[0]), inverse))
	})
}

func softmaxBackward(m *module) {
	f, l := m.kernel("softmaxBackward", "func(dp, p *float32, n int, scale float32)")
	dp, p, n, scale := l[0], l[1], l[2], l[3]
	dot := f.let(v128, splat(lane0(f.dot(n, p, dp))))
	by := f.let(v128, splat(scale))
	f.each(n, 2, []local{dp, p}, func(b block, q []local) {
		b.store(q[0], times(by, times(b.load(q[1]), minus(b.load(q[0]), dot))))
	})
}

func expShift(m *module) {
	f, l := m.kernel("expShift", "func(d, e, x *float32, n int) float32")
	d, ex, x, n := l[0], l[1], l[2], l[3]
	most := f.rowMax(x, n)
	e := f.exp()
	f.returns(lane0(f.sum(n, []local{d, ex, x}, func(b block, p []local) value {
		v := f.let(v128, minus(b.load(p[2]), most))
		b.store(p[0], v)
		f.set(v, e.of(v))
		b.store(p[1], v)
		return b.or(v, constant(0))
	})))
}

func finishLog(m *module) {
	f, l := m.kernel("finishLog", "func(d, e *float32, n int, logSum, invSum float32)")
	d, e, n := l[0], l[1], l[2]
	logSum, invSum := l[3], l[4]
	less, by := f.let(v128, splat(logSum)), f.let(v128, splat(invSum))
	f.each(n, 1, []local{d, e}, func(b block, p []local) {
		b.store(p[0], minus(b.load(p[0]), less))
		b.store(p[1], times(b.load(p[1]), by))
	})
}

func norm(m *module) {
	f, l := m.kernel("norm", "func(y, x, w *float32, n int, size, eps float32) float32")
	y, x, w, n := l[0], l[1], l[2], l[3]
	size, eps := l[4], l[5]
	sum := lane0(f.dot(n, x, x))
	rstd := f.let(f32, divF(oneF(), sqrtF(addF(divF(sum, size), eps))))
	by := f.let(v128, splat(rstd))
	f.each(n, 2, []local{y, x, w}, func(b block, p []local) {
		b.store(p[0], times(times(b.load(p[1]), by), b.load(p[2])))
	})
	f.returns(rstd)
}

func normBackward(m *module) {
	f, l := m.kernel("normBackward", "func(dx, dw, dy, x, w *float32, n int, size, rstd float32)")
	dx, dw, dy, x, w, n := l[0], l[1], l[2], l[3], l[4], l[5]
	size, rstd := l[6], l[7]
	c := lane0(f.sum(n, []local{dy, x, w}, func(b block, p []local) value {
		return times(times(b.load(p[0]), b.load(p[2])), b.load(p[1]))
	}))
	for range 3 {
		c = mulF(c, rstd)
	}
	shrink, r := f.let(v128, splat(divF(c, size))), f.let(v128, splat(rstd))
	f.each(n, 1, []local{dx, dw, dy, x, w}, func(b block, p []local) {
		d, v := b.load(p[2]), b.load(p[3])
		g := minus(times(times(d, b.load(p[4])), r), times(v, shrink))
		b.store(p[0], plus(b.load(p[0]), g))
		b.store(p[1], plus(b.load(p[1]), times(d, times(v, r))))
	})
}
