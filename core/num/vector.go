package num

// Add adds x to dst element by element: dst += x. dst may be x. The slices have the same length.
func Add(dst, x []float32) {
	n := len(dst)
	needVec(len(x), n)
	if useSIMD && n > 0 {
		addSIMD(&dst[0], &x[0], n)
		return
	}
	addGo(dst, x)
}

func addGo(dst, x []float32) {
	x = x[:len(dst)]
	for i, v := range x {
		dst[i] += v
	}
}
