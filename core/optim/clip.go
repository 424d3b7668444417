package optim

import "math"

// Norm returns the Euclidean norm of a gradient, summed in order in float64.
func Norm(gradient []float32) float64 {
	sum := 0.0
	for _, g := range gradient {
		sum += float64(float64(g) * float64(g))
	}
	return math.Sqrt(sum)
}

// ClipScale returns the factor that shortens a gradient of this norm to at most limit. A limit of
// zero means no clipping.
func ClipScale(norm, limit float64) float64 {
	if limit <= 0 || norm <= limit {
		return 1
	}
	return limit / norm
}
