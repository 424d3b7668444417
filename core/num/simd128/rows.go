package main

// dot is dotGo in lane 0.
func (f *function) dot(n, x, y local) local {
	return f.sum(n, []local{x, y},
		func(b block, p []local) value { return times(b.load(p[0]), b.load(p[1])) })
}

func softmax(m *module) {
	f, l := m.kernel("softmax", "func(x *float32, ld, rows, first, n int, scale float32)")
	x, ld, rows, first, n, scale := l[0], l[1], l[2], l[3], l[4], l[5]
	f.toBytes(ld)
	by, e := f.let(v128, splat(scale)), f.exp()
	f.rows(rows, func() {
		valid := f.let(i32, n)
		f.when(gtI(n, first), func() { f.set(valid, first) })
		most := f.rowMax(x, valid)
		sum := f.sum(valid, []local{x}, func(b block, p []local) value {
			v := f.let(v128, e.of(times(minus(b.load(p[0]), most), by)))
			b.store(p[0], v)
			return b.or(v, constant(0))
		})
		inverse := f.let(v128, splat(divF(oneF(), lane0(sum))))
		f.each(valid, 2, []local{x}, func(b block, p []local) {
			b.store(p[0], times(b.load(p[0]), inverse))
		})
		f.when(gtI(n, first), func() {
			zero, left := f.let(v128, constant(0)), f.let(i32, subI(n, valid))
			beyond := f.let(i32, addI(x, shlI(valid, num(2))))
			f.each(left, 2, []local{beyond}, func(b block, p []local) { b.store(p[0], zero) })
		})
		f.inc(first, num(1))
	}, move{x, ld})
}

func softmaxBackward(m *module) {
	f, l := m.kernel("softmaxBackward", "func(dp, p *float32, ld, rows, n int, scale float32)")
	dp, p, ld, rows, n, scale := l[0], l[1], l[2], l[3], l[4], l[5]
	f.toBytes(ld)
	by := f.let(v128, splat(scale))
	f.rows(rows, func() {
		dot := f.let(v128, splat(lane0(f.dot(n, p, dp))))
		f.each(n, 2, []local{dp, p}, func(b block, q []local) {
			b.store(q[0], times(by, times(b.load(q[1]), minus(b.load(q[0]), dot))))
		})
	}, move{dp, ld}, move{p, ld})
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
	f, l := m.kernel("norm", "func(y, rstd, x, w *float32, rows, n int, size, eps float32)")
	y, rstd, x, w, rows, n, size, eps := l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]
	width := f.let(i32, shlI(n, num(2)))
	f.rows(rows, func() {
		sum := lane0(f.dot(n, x, x))
		r := f.let(f32, divF(oneF(), sqrtF(addF(divF(sum, size), eps))))
		f.storeF(rstd, 0, r)
		by := f.let(v128, splat(r))
		f.each(n, 2, []local{y, x, w}, func(b block, p []local) {
			b.store(p[0], times(times(b.load(p[1]), by), b.load(p[2])))
		})
	}, move{y, width}, move{x, width}, move{rstd, num(4)})
}

func normBackward(m *module) {
	f, l := m.kernel("normBackward",
		"func(dx, dw, dy, x, w, rstd *float32, rows, n int, size float32)")
	dx, dw, dy, x, w, rstd, rows, n, size := l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7], l[8]
	width := f.let(i32, shlI(n, num(2)))
	f.rows(rows, func() {
		one := f.let(f32, loadF(rstd, 0))
		c := lane0(f.sum(n, []local{dy, x, w}, func(b block, p []local) value {
			return times(times(b.load(p[0]), b.load(p[2])), b.load(p[1]))
		}))
		for range 3 {
			c = mulF(c, one)
		}
		shrink, r := f.let(v128, splat(divF(c, size))), f.let(v128, splat(one))
		f.each(n, 1, []local{dx, dw, dy, x, w}, func(b block, p []local) {
			d, v := b.load(p[2]), b.load(p[3])
			g := minus(times(times(d, b.load(p[4])), r), times(v, shrink))
			b.store(p[0], plus(b.load(p[0]), g))
			b.store(p[1], plus(b.load(p[1]), times(d, times(v, r))))
		})
	}, move{dx, width}, move{dy, width}, move{x, width}, move{rstd, num(4)})
}
