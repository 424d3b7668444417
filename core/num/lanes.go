package num

// lanes are the sixteen partial sums of the package's fixed summation order (see the package
// comment).
type lanes [16]float32

// fold returns the sum of the lanes, added as a tree.
func (a *lanes) fold() float32 {
	for l := range 8 {
		a[l] += a[l+8]
	}
	for l := range 4 {
		a[l] += a[l+4]
	}
	return (a[0] + a[2]) + (a[1] + a[3])
}

func dotGo(x, y []float32) float32 {
	var acc lanes
	for ; len(x) >= 16; x, y = x[16:], y[16:] {
		q := (*[16]float32)(y)
		for l, v := range (*[16]float32)(x) {
			acc[l] += float32(v * q[l])
		}
	}
	for l, v := range x {
		acc[l&15] += float32(v * y[l])
	}
	return acc.fold()
}

// maxGo returns the largest element that is not NaN, or -Inf if there is none. Adding +0 turns -0
// into +0, so that the order of zeros of both signs does not show.
func maxGo(x []float32) float32 {
	m := negInf32
	for _, v := range x {
		if v > m {
			m = v
		}
	}
	return m + 0
}
