package optim

// Anchor adds to ascent the pull of every weight back to its start: the gradient of
// −strength·|θ−θ0|² (L2-SP, Li et al. 2018, arXiv:1802.01483, eq. 2).
func Anchor(ascent, weights, start []float32, strength float64) {
	k := float32(2 * strength)
	for i, w := range weights {
		ascent[i] -= float32(k * (w - start[i]))
	}
}

// Consolidate is [Anchor] with the pull on every weight multiplied by its importance: the gradient
// of −strength·Σ importance·(θ−θ0)² (elastic weight consolidation, Kirkpatrick et al. 2017,
// arXiv:1612.00796, eq. 3, with strength in place of λ/2).
func Consolidate(ascent, weights, start, importance []float32, strength float64) {
	k := float32(2 * strength)
	for i, w := range weights {
		ascent[i] -= float32(float32(k*importance[i]) * (w - start[i]))
	}
}

// Blend moves weights towards their start: θ becomes (1−share)·θ + share·θ0 (WiSE-FT, Wortsman et
// al. 2022, arXiv:2109.01903, eq. 1). With a share of 1 they equal the start, bit for bit.
func Blend(weights, start []float32, share float64) {
	if share == 1 {
		copy(weights, start)
		return
	}
	k := float32(share)
	for i, w := range weights {
		weights[i] = w + float32(k*(start[i]-w))
	}
}
