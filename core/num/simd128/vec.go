package main

import "math"

// parts defines the two functions that read and write up to four elements, for the tails of rows: n
// at or above 4 means all four, at or below 0 none. Elements that are not read are 0.
func (m *module) parts() {
	m.load = m.function(v128)
	f := m.load
	p, n := f.param(i32), f.param(i32)
	v := f.let(v128, constant(0))
	f.either(geI(n, num(4)), func() { f.set(v, load(p, 0)) }, func() {
		f.either(geI(n, num(2)), func() {
			f.set(v, loadZero2(p))
			f.when(eqI(n, num(3)), func() { f.set(v, loadThird(p, v)) })
		}, func() {
			f.when(eqI(n, num(1)), func() { f.set(v, loadZero1(p)) })
		})
	})
	f.returns(v)

	m.store = m.function()
	f = m.store
	p, n, v = f.param(i32), f.param(i32), f.param(v128)
	f.either(geI(n, num(4)), func() { f.store(p, 0, v) }, func() {
		f.either(geI(n, num(2)), func() {
			f.storeTwo(p, v)
			f.when(eqI(n, num(3)), func() { f.storeThird(p, v) })
		}, func() {
			f.when(eqI(n, num(1)), func() { f.storeOne(p, v) })
		})
	})
}

// vecs are as many new variables.
func (f *function) vecs(n int) []local {
	vs := make([]local, n)
	for i := range vs {
		vs[i] = f.local(v128)
	}
	return vs
}

// A block is how the body of a loop sees vector i of a group: all four lanes or, in the tail, those
// that are left.
type block struct {
	f    *function
	i    int
	left value // how many elements are left from this vector on; nil for all four lanes
}

// load reads the vector at p; lanes that are not left are 0.
func (b block) load(p local) local {
	if b.left == nil {
		return b.f.let(v128, load(p, 16*b.i))
	}
	return b.f.let(v128, call(b.f.module.load, addI(p, num(16*b.i)), b.left))
}

// store writes the vector at p; lanes that are not left are left alone.
func (b block) store(p local, v value) {
	if b.left == nil {
		b.f.store(p, 16*b.i, v)
		return
	}
	b.f.do(call(b.f.module.store, addI(p, num(16*b.i)), b.left, v))
}

// or puts other into the lanes that are not left.
func (b block) or(v, other value) value {
	if b.left == nil {
		return v
	}
	return choose(v, other, gtInt(splatInt(b.left), bits(0, 1, 2, 3)))
}

// each runs body over n elements, width vectors in one turn, then over those that are left. It
// works on copies of n and of the pointers, which it hands to body.
func (f *function) each(n local, width int, pointers []local, body func(b block, p []local)) {
	left, moved := f.let(i32, n), make([]local, len(pointers))
	for i, p := range pointers {
		moved[i] = f.let(i32, p)
	}
	f.while(geI(left, num(4*width)), func() {
		for i := range width {
			body(block{f: f, i: i}, moved)
		}
		for _, p := range moved {
			f.inc(p, num(16*width))
		}
		f.inc(left, num(-4*width))
	})
	for i := range width {
		f.when(gtI(left, num(4*i)), func() {
			body(block{f: f, i: i, left: subI(left, num(4*i))}, moved)
		})
	}
}

// rows runs body for as many rows as there are, and after each moves pointers on by some bytes.
func (f *function) rows(rows local, body func(), moves ...move) {
	f.while(gtI(rows, num(0)), func() {
		body()
		for _, m := range moves {
			f.inc(m.pointer, m.bytes)
		}
		f.inc(rows, num(-1))
	})
}

// A move is how far a pointer moves from row to row.
type move struct {
	pointer local
	bytes   value
}

// fold combines the sixteen lanes as the tree of lanes.fold. The result is in lane 0.
func (f *function) fold(a []local, op func(x, y value) expr) local {
	f.set(a[0], op(a[0], a[2]))
	f.set(a[1], op(a[1], a[3]))
	f.set(a[0], op(a[0], a[1]))
	f.set(a[0], op(a[0], shuffle(a[0], a[0], 2, 3, 2, 3)))
	f.set(a[0], op(a[0], shuffle(a[0], a[0], 1, 1, 1, 1)))
	return a[0]
}

// sum adds up to sixteen lanes what term makes of each vector, in lane 0 of the result. Lanes that
// are not left must be 0.
func (f *function) sum(n local, pointers []local, term func(b block, p []local) value) local {
	acc := f.vecs(4)
	for _, a := range acc {
		f.set(a, constant(0))
	}
	f.each(n, 4, pointers, func(b block, p []local) {
		f.set(acc[b.i], plus(acc[b.i], term(b, p)))
	})
	return f.fold(acc, plus)
}

// rowMax is maxGo in all lanes. The accumulator is what a comparison with NaN leaves.
func (f *function) rowMax(x, n local) local {
	least := f.let(v128, constant(math.Inf(-1)))
	acc := f.vecs(4)
	for _, a := range acc {
		f.set(a, least)
	}
	f.each(n, 4, []local{x}, func(b block, p []local) {
		f.set(acc[b.i], pmax(acc[b.i], b.or(b.load(p[0]), least)))
	})
	return f.let(v128, plus(splat(lane0(f.fold(acc, pmax))), constant(0)))
}

// exp is Exp32 with its constants in variables.
type exp struct {
	f                                             *function
	hi, lo, log2e, magic, ln2Hi, ln2Lo, one, bias local
	c                                             [6]local
}

func (f *function) exp() *exp {
	v := func(x float64) local { return f.let(v128, constant(x)) }
	return &exp{
		f: f, hi: v(89), lo: v(-104), log2e: v(1.44269504088896341), magic: v(3 << 22),
		ln2Hi: v(0.693359375), ln2Lo: v(-2.12194440e-4), one: v(1), bias: f.let(v128, bits(127)),
		c: [6]local{v(1.9875691500e-4), v(1.3981999507e-3), v(8.3334519073e-3), v(4.1665795894e-2),
			v(1.6666665459e-1), v(5.0000001201e-1)},
	}
}

// of is Exp32(x).
func (e *exp) of(v value) value {
	f := e.f
	x := f.let(v128, pmax(pmin(v, e.hi), e.lo))
	t := f.let(v128, plus(times(x, e.log2e), e.magic))
	n := f.let(v128, minus(t, e.magic))
	f.set(x, minus(x, times(n, e.ln2Hi)))
	f.set(x, minus(x, times(n, e.ln2Lo)))
	p := f.let(v128, times(x, e.c[0]))
	for _, c := range e.c[1:5] {
		f.set(p, times(plus(p, c), x))
	}
	f.set(p, plus(p, e.c[5]))
	f.set(p, plus(times(p, times(x, x)), x))
	f.set(p, plus(p, e.one))
	// The integer is what the bits of t are above those of the magic number; it is halved as in
	// Exp32.
	f.set(t, minusInt(t, e.magic))
	h := f.let(v128, shrInt(t, 1))
	f.set(p, times(p, shlInt(plusInt(h, e.bias), 23)))
	return times(p, shlInt(plusInt(minusInt(t, h), e.bias), 23))
}

// sigmoid is 1/(1+exp(-g)).
func (e *exp) sigmoid(g value) value {
	return over(e.one, plus(e.one, e.of(neg(g))))
}
