package main

// A product is what the two kernels of products keep in variables; strides are in bytes.
type product struct {
	f                                 *function
	c, ldc, a, rowA, colA, b, m, n, k local
	add                               local
}

// tileRows is how many rows are multiplied with eight columns at a time: their eight accumulators
// hide the time that an addition takes, and with two vectors of B, a number of A and a product they
// fit the fifteen registers that V8 has to give on amd64. Six rows, or three with sixteen columns,
// do not, and cost a third of the speed. A wide target has room for all sixteen columns.
const tileRows = 4

// mulPanels multiplies m rows of A with all panels, stride elements apart.
func mulPanels(m *module) {
	f, l := m.kernel("mulPanels",
		"func(c *float32, ldc int, a *float32, rowA, colA int, b *float32, "+
			"stride, m, n, k int, add bool)")
	c, a, b, stride, rows := l[0], l[2], l[5], l[6], l[7]
	p := &product{f: f, ldc: l[1], rowA: l[3], colA: l[4], b: b, n: l[8], k: l[9], add: l[10]}
	f.toBytes(p.ldc, p.rowA, p.colA, stride)
	f.while(gtI(p.n, num(0)), func() {
		p.c, p.a, p.m = f.let(i32, c), f.let(i32, a), f.let(i32, rows)
		f.while(geI(p.m, num(tileRows)), func() { p.rows(tileRows) })
		for r := tileRows - 1; r > 0; r-- {
			f.when(eqI(p.m, num(r)), func() { p.rows(r) })
		}
		f.inc(c, num(64))
		f.inc(b, stride)
		f.inc(p.n, num(-16))
	})
}

// rows multiplies r rows with the panel, all its columns at once if they are few, and goes on to
// the next.
func (p *product) rows(r int) {
	width := 2
	if r <= 2 || p.f.module.wide {
		width = 4
	}
	for v := 0; v < 4; v += width {
		p.f.when(gtI(p.n, num(4*v)), func() { p.tile(r, v, width) })
	}
	p.f.inc(p.a, mulI(p.rowA, num(r)))
	p.f.inc(p.c, mulI(p.ldc, num(r)))
	p.f.inc(p.m, num(-r))
}

// A tile is a block of C in registers: rows by vectors of columns, from vector first of the panel
// on.
type tile struct {
	*product
	acc    [][]local
	pa, pc []local
	pb, k  local
	first  int
}

func (p *product) tile(rows, first, width int) {
	f := p.f
	t := &tile{product: p, first: first}
	for i := range rows {
		t.acc = append(t.acc, f.vecs(width))
		if i == 0 {
			t.pa, t.pc = append(t.pa, f.let(i32, p.a)), append(t.pc, f.let(i32, p.c))
		} else {
			t.pa = append(t.pa, f.let(i32, addI(t.pa[i-1], p.rowA)))
			t.pc = append(t.pc, f.let(i32, addI(t.pc[i-1], p.ldc)))
		}
	}
	f.either(p.add, func() {
		t.each(
			func(acc, pc local, at int) { f.set(acc, load(pc, at)) },
			func(acc, pc local, at int, left value) {
				f.set(acc, call(f.module.load, addI(pc, num(at)), left))
			})
	}, func() {
		for _, row := range t.acc {
			for _, acc := range row {
				f.set(acc, constant(0))
			}
		}
	})
	t.pb, t.k = f.let(i32, addI(p.b, num(16*first))), f.let(i32, p.k)
	f.either(eqI(p.colA, num(4)), func() { t.run(4, true) }, func() { t.run(4, false) })
	t.run(1, false)
	t.each(
		func(acc, pc local, at int) { f.store(pc, at, acc) },
		func(acc, pc local, at int, left value) {
			f.do(call(f.module.store, addI(pc, num(at)), left, acc))
		})
}

// run goes through k, steps at a time. When A lies along k, one pointer serves all steps of a turn.
func (t *tile) run(steps int, along bool) {
	f := t.f
	f.while(geI(t.k, num(steps)), func() {
		read := t.column(along)
		for s := range steps {
			t.step(s, read)
		}
		if along {
			for _, pa := range t.pa {
				f.inc(pa, num(4*steps))
			}
		}
		f.inc(t.pb, num(64*steps))
		f.inc(t.k, num(-steps))
	})
}

// column returns the function that multiplies a vector of B with the number of A in row i at step s
// of a turn.
func (t *tile) column(along bool) func(i, s int, b []local) []value {
	f := t.f
	if along && f.module.wide { // four steps of a row fill a vector
		a := f.vecs(len(t.acc))
		for i := range a {
			f.set(a[i], load(t.pa[i], 0))
		}
		return func(i, s int, b []local) (products []value) {
			for _, v := range b {
				products = append(products, timesLane(v, a[i], s))
			}
			return products
		}
	}
	return func(i, s int, b []local) (products []value) {
		at := 0
		if along {
			at = 4 * s
		}
		x := f.let(v128, loadSplat(t.pa[i], at))
		if !along {
			f.inc(t.pa[i], t.colA)
		}
		for _, v := range b {
			products = append(products, times(v, x))
		}
		return products
	}
}

// step multiplies a row of the panel with a column of A.
func (t *tile) step(s int, read func(i, s int, b []local) []value) {
	f := t.f
	b := f.vecs(len(t.acc[0]))
	for j := range b {
		f.set(b[j], load(t.pb, 64*s+16*j))
	}
	for i, row := range t.acc {
		for j, product := range read(i, s, b) {
			f.set(row[j], plus(row[j], product))
		}
	}
}

// each visits the vectors of the block: whole ones when the panel is full, else with how many of
// their columns there are.
func (t *tile) each(whole func(acc, pc local, at int),
	part func(acc, pc local, at int, left value)) {
	visit := func(do func(acc, pc local, v int)) {
		for i, row := range t.acc {
			for j, acc := range row {
				do(acc, t.pc[i], t.first+j)
			}
		}
	}
	t.f.either(geI(t.n, num(16)),
		func() { visit(func(acc, pc local, v int) { whole(acc, pc, 16*v) }) },
		func() { visit(func(acc, pc local, v int) { part(acc, pc, 16*v, subI(t.n, num(4*v))) }) })
}

// mulRow multiplies one row of A with all panels, stride elements apart, two at a time.
func mulRow(m *module) {
	f, l := m.kernel("mulRow",
		"func(c, a *float32, colA int, b *float32, stride, n, k int, add bool)")
	c, a, colA, b, stride, n, k, add := l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7]
	f.toBytes(colA, stride)
	group := func(panels int) {
		acc, pb := f.vecs(4*panels), []local{f.let(i32, b), f.let(i32, addI(b, stride))}
		each := func(do func(acc local, j int)) {
			for j, v := range acc {
				do(v, j)
			}
		}
		whole := geI(n, num(16*panels))
		left := func(j int) value { return subI(n, num(4*j)) }
		f.either(add, func() {
			f.either(whole,
				func() { each(func(v local, j int) { f.set(v, load(c, 16*j)) }) },
				func() {
					each(func(v local, j int) {
						f.set(v, call(m.load, addI(c, num(16*j)), left(j)))
					})
				})
		}, func() { each(func(v local, _ int) { f.set(v, constant(0)) }) })
		pa, left4 := f.let(i32, a), f.let(i32, k)
		turn := func(steps int) {
			f.while(geI(left4, num(steps)), func() {
				for s := range steps {
					x := f.let(v128, loadSplat(pa, 0))
					each(func(v local, j int) {
						f.set(v, plus(v, times(load(pb[j/4], 64*s+16*(j%4)), x)))
					})
					f.inc(pa, colA)
				}
				for _, q := range pb[:panels] {
					f.inc(q, num(64*steps))
				}
				f.inc(left4, num(-steps))
			})
		}
		turn(4)
		turn(1)
		f.either(whole,
			func() { each(func(v local, j int) { f.store(c, 16*j, v) }) },
			func() {
				each(func(v local, j int) {
					f.do(call(m.store, addI(c, num(16*j)), left(j), v))
				})
			})
		f.inc(c, num(64*panels))
		f.inc(b, mulI(stride, num(panels)))
		f.inc(n, num(-16*panels))
	}
	f.while(gtI(n, num(16)), func() { group(2) })
	f.when(gtI(n, num(0)), func() { group(1) })
}
