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

// Sum is the sum of x in the package's fixed order. The sum of nothing is 0.
func Sum(x []float32) float32 {
	if useSIMD && len(x) > 0 {
		return sumSIMD(&x[0], len(x))
	}
	return sumGo(x)
}

// Dot is the sum of x[j]*y[j] in the package's fixed order, each product rounded. y is at least as long as x.
func Dot(x, y []float32) float32 {
	n := len(x)
	needVec(len(y), n)
	if useSIMD && n > 0 {
		return dotSIMD(&x[0], &y[0], n)
	}
	return dotGo(x, y)
}
