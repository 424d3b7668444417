package main

import "math"

func add(m *module) {
	f, l := m.kernel("add", "func(dst, x *float32, n int)")
	dst, x, n := l[0], l[1], l[2]
	f.each(n, 4, []local{dst, x}, func(b block, p []local) {
		b.store(p[0], plus(b.load(p[0]), b.load(p[1])))
	})
}

func swiglu(m *module) {
	f, l := m.kernel("swiglu", "func(y, gate, up *float32, n int)")
	y, gate, up, n := l[0], l[1], l[2], l[3]
	e := f.exp()
	f.each(n, 2, []local{y, gate, up}, func(b block, p []local) {
		g := b.load(p[1])
		b.store(p[0], times(times(g, e.sigmoid(g)), b.load(p[2])))
	})
}

func swigluBackward(m *module) {
	f, l := m.kernel("swigluBackward", "func(dgate, dup, dy, gate, up *float32, n int)")
	dgate, dup, dy := l[0], l[1], l[2]
	gate, up, n := l[3], l[4], l[5]
	e := f.exp()
	f.each(n, 2, []local{dgate, dup, dy, gate, up}, func(b block, p []local) {
		d, g := b.load(p[2]), b.load(p[3])
		s := f.let(v128, e.sigmoid(g))
		b.store(p[1], times(d, times(g, s)))
		slope := times(s, plus(e.one, times(g, minus(e.one, s))))
		b.store(p[0], times(times(d, b.load(p[4])), slope))
	})
}

// rope turns the heads of each row. The sine of the inverse has its sign flipped.
func rope(m *module) {
	f, l := m.kernel("rope",
		"func(x *float32, ld, rows, heads, half int, cos, sin *float32, inverse bool)")
	x, ld, rows, heads, half, cos, sin, inverse := l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]
	f.toBytes(ld)
	size := f.let(i32, shlI(half, num(2)))
	flip := f.let(v128, constant(0))
	f.when(inverse, func() { f.set(flip, constant(math.Copysign(0, -1))) })
	f.rows(rows, func() {
		lo, left := f.let(i32, x), f.let(i32, heads)
		f.while(gtI(left, num(0)), func() {
			hi := f.let(i32, addI(lo, size))
			f.each(half, 1, []local{lo, hi, cos, sin}, func(b block, p []local) {
				x1, x2, c := b.load(p[0]), b.load(p[1]), b.load(p[2])
				s := f.let(v128, xor(b.load(p[3]), flip))
				b.store(p[0], minus(times(x1, c), times(x2, s)))
				b.store(p[1], plus(times(x2, c), times(x1, s)))
			})
			f.set(lo, addI(hi, size))
			f.inc(left, num(-1))
		})
	}, move{x, ld}, move{cos, size}, move{sin, size})
}

// adamw has the numbers of the step in the order of AdamWStep.
func adamw(m *module) {
	f, l := m.kernel("adamw", "func(p, grad, m, v *float32, n int, step *float32)")
	n, step := l[4], l[5]
	k := f.vecs(10)
	for i := range k {
		f.set(k[i], loadSplat(step, 4*i))
	}
	gradScale, b1, rest1, b2, rest2, c1, c2, rate, decay, eps := k[0], k[1], k[2], k[3], k[4], k[5],
		k[6], k[7], k[8], k[9]
	f.each(n, 1, l[:4], func(b block, q []local) {
		g := f.let(v128, times(b.load(q[1]), gradScale))
		mean := f.let(v128, plus(times(b1, b.load(q[2])), times(rest1, g)))
		square := f.let(v128, plus(times(b2, b.load(q[3])), times(rest2, times(g, g))))
		b.store(q[2], mean)
		b.store(q[3], square)
		p := b.load(q[0])
		move := over(times(mean, c1), plus(sqrt(times(square, c2)), eps))
		b.store(q[0], plus(minus(p, times(p, decay)), times(rate, move)))
	})
}
