package main

// attendStep is made of other kernels, which it calls.
func attendStep(m *module) {
	f, l := m.kernel("attendStep", "func(out, q, k, v, keys, values, scores, cos, sin *float32, "+
		"heads, hd, context, t int, scale float32)")
	out, q, k, v, keys, values, scores, cos, sin := l[0], l[1], l[2], l[3], l[4], l[5], l[6], l[7],
		l[8]
	heads, hd, context, t, scale := l[9], l[10], l[11], l[12], l[13]
	half, seen := f.let(i32, shrI(hd, num(1))), f.let(i32, addI(t, num(1)))
	for _, x := range []local{q, k} {
		f.do(call(m.named("rope"), x, num(0), num(1), heads, half, cos, sin, num(0)))
	}

	// What follows is in floats, then in bytes.
	whole := func(n value) value { // panels, times 16
		return shlI(shrI(addI(n, num(15)), num(4)), num(4))
	}
	keyStride, valueStride := f.let(i32, shlI(hd, num(4))), f.let(i32, shlI(context, num(4)))
	keyLen, valueLen := f.let(i32, mulI(whole(context), hd)), f.let(i32, mulI(whole(hd), context))
	column := f.let(i32, addI(mulI(shrI(t, num(4)), keyStride), andI(t, num(15))))
	row := f.let(i32, shlI(t, num(4)))
	f.toBytes(keyLen, valueLen, column, row)
	size, valueBytes := f.let(i32, shlI(hd, num(2))), f.let(i32, shlI(valueStride, num(2)))

	f.rows(heads, func() {
		from, to, left := f.let(i32, k), f.let(i32, addI(keys, column)), f.let(i32, hd)
		f.while(gtI(left, num(0)), func() {
			f.storeF(to, 0, loadF(from, 0))
			f.inc(from, num(4))
			f.inc(to, num(64))
			f.inc(left, num(-1))
		})
		f.set(from, v)
		f.set(to, addI(values, row))
		f.set(left, hd)
		f.while(gtI(left, num(0)), func() {
			part := f.let(i32, num(16))
			f.when(gtI(part, left), func() { f.set(part, left) })
			f.each(part, 4, []local{from, to}, func(b block, p []local) {
				b.store(p[1], b.load(p[0]))
			})
			f.inc(from, num(64))
			f.inc(to, valueBytes)
			f.inc(left, num(-16))
		})
		mulRow := m.named("mulRow")
		f.do(call(mulRow, scores, q, num(1), keys, keyStride, seen, hd, num(0)))
		f.do(call(m.named("softmax"), scores, num(0), num(1), seen, seen, scale))
		f.do(call(mulRow, out, scores, num(1), values, valueStride, hd, seen, num(0)))
	}, move{q, size}, move{k, size}, move{v, size}, move{out, size}, move{keys, keyLen},
		move{values, valueLen})
}
