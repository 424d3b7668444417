package eval

import "math"

// z95 is the 97.5 % point of the normal distribution.
const z95 = 1.959963984540054

// Wilson returns the 95 % score interval of a share seen in n independent trials (Wilson 1927).
func Wilson(share float64, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	size := float64(n)
	z2 := float64(z95*z95) / size
	centre := (share + float64(z2/2)) / (1 + z2)
	half := z95 * math.Sqrt(float64(share*(1-share))/size+z2/(4*size)) / (1 + z2)
	return max(0, centre-half), min(1, centre+half)
}

// ShareInterval returns an interval for a share that was measured on n prompts. n is 0 if the
// measurement is exact; then the interval extends by half a percentage point on each side, so that
// smaller changes do not count.
func ShareInterval(share float64, n int) (low, high float64) {
	if n == 0 {
		return share - 0.005, share + 0.005
	}
	return Wilson(share, n)
}

// Difference returns the 95 % interval of a share less another one, seen in n and m independent
// trials (Newcombe 1998, method 10).
func Difference(share float64, n int, less float64, m int) (low, high float64) {
	l, u := Wilson(share, n)
	lessL, lessU := Wilson(less, m)
	d := share - less
	return d - length(share-l, lessU-less), d + length(u-share, less-lessL)
}

// length returns the length of a vector.
func length(x, y float64) float64 { return math.Sqrt(float64(x*x) + float64(y*y)) }
