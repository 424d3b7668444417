package main

// packPanel copies k rows of up to 16 elements; the missing ones are read as zeros.
func packPanel(m *module) {
	f, l := m.kernel("packPanel", "func(panel, b *float32, ldb, k, cols int)")
	panel, b, ldb, k, cols := l[0], l[1], l[2], l[3], l[4]
	f.toBytes(ldb)
	rows := func(read func(v int) value) {
		f.while(gtI(k, num(0)), func() {
			for v := range 4 {
				f.store(panel, 16*v, read(v))
			}
			f.inc(b, ldb)
			f.inc(panel, num(64))
			f.inc(k, num(-1))
		})
	}
	f.either(eqI(cols, num(16)),
		func() { rows(func(v int) value { return load(b, 16*v) }) },
		func() {
			rows(func(v int) value {
				return call(m.load, addI(b, num(16*v)), subI(cols, num(4*v)))
			})
		})
}

// transpose8 turns eight rows of k elements into eight columns of a panel, in blocks of four by
// four.
func transpose8(m *module) {
	f, l := m.kernel("transpose8", "func(panel, b *float32, ldb, k int)")
	panel, b, ldb, k := l[0], l[1], l[2], l[3]
	f.toBytes(ldb)
	rows := []local{b}
	for len(rows) < 8 {
		rows = append(rows, f.let(i32, addI(rows[len(rows)-1], ldb)))
	}
	next := func(n int) {
		for _, r := range rows {
			f.inc(r, num(4*n))
		}
		f.inc(panel, num(64*n))
		f.inc(k, num(-n))
	}
	f.while(geI(k, num(4)), func() {
		for half := range 2 {
			r := f.vecs(4)
			for i := range r {
				f.set(r[i], load(rows[4*half+i], 0))
			}
			for i, column := range f.transposed(r) {
				f.store(panel, 64*i+16*half, column)
			}
		}
		next(4)
	})
	f.while(gtI(k, num(0)), func() {
		for i, r := range rows {
			f.storeF(panel, 4*i, loadF(r, 0))
		}
		next(1)
	})
}

// transposed is the transpose of a block of four by four.
func (f *function) transposed(r []local) []value {
	lo, hi := []int{0, 4, 1, 5}, []int{2, 6, 3, 7}
	a, b := f.let(v128, shuffle(r[0], r[1], lo...)), f.let(v128, shuffle(r[2], r[3], lo...))
	c, d := f.let(v128, shuffle(r[0], r[1], hi...)), f.let(v128, shuffle(r[2], r[3], hi...))
	first, second := []int{0, 1, 4, 5}, []int{2, 3, 6, 7}
	return []value{shuffle(a, b, first...), shuffle(a, b, second...), shuffle(c, d, first...),
		shuffle(c, d, second...)}
}
