package num

// RoPE rotates x in place. x is (rows, heads*hd) with row stride ld. In each head, element j < hd/2
// and element j+hd/2 are a pair, which is rotated by the angle whose cosine and sine are at (row,
// j) of cos and sin, both (rows, hd/2): x1' = x1*cos - x2*sin and x2' = x2*cos + x1*sin. inverse
// rotates back, which is also the gradient.
func RoPE(x []float32, ld, rows, heads, hd int, cos, sin []float32, inverse bool) {
	if hd < 0 || hd%2 != 0 || heads < 0 {
		panic("num: RoPE needs an even head size")
	}
	half := hd / 2
	needMat(len(x), ld, rows, heads*hd)
	needMat(len(cos), half, rows, half)
	needMat(len(sin), half, rows, half)
	if half == 0 || heads == 0 || rows == 0 {
		return
	}
	if useSIMD {
		ropeSIMD(&x[0], ld, rows, heads, half, &cos[0], &sin[0], inverse)
		return
	}
	for i := range rows {
		ropeGo(x[i*ld:i*ld+heads*hd], heads, half, cos[i*half:i*half+half],
			sin[i*half:i*half+half], inverse)
	}
}

// ropeGo is RoPE for one row. Rotating back negates the sine, which is exact.
func ropeGo(x []float32, heads, half int, cos, sin []float32, inverse bool) {
	for h := range heads {
		a := x[2*h*half : (2*h+1)*half]
		b := x[(2*h+1)*half : (2*h+2)*half]
		for j, x1 := range a {
			x2, c, s := b[j], cos[j], sin[j]
			if inverse {
				s = -s
			}
			a[j] = float32(x1*c) - float32(x2*s)
			b[j] = float32(x2*c) + float32(x1*s)
		}
	}
}
