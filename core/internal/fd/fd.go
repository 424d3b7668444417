// Package fd takes finite differences: the independent check on every derivative that was written
// by hand.
package fd

// Slope returns the central difference (f(x+h) − f(x−h)) / 2h of f in the variable at x, which f
// reads. It leaves *x as it found it, to the bit.
//
// Choosing h: the truncation error is about h²/6 times the third derivative, the rounding error
// about ε·|f|/h, where ε is 1e-16 when f computes in float64 and 6e-8 in float32. The sum is least
// near h = ε^(1/3): 1e-5 for float64 throughout, with some ten correct digits, and 1e-2 when f
// passes through float32, with four or so. When f is much larger than its slope, as a loss summed
// over a batch is, take a larger h. Slope divides by the step that was really taken, which in
// float32 differs from 2h. A function with a kink, such as a clip, must be tested at least h away
// from it.
func Slope[F ~float32 | ~float64](f func() float64, x *F, h F) float64 {
	at := *x
	above, below := at+h, at-h
	*x = above
	up := f()
	*x = below
	down := f()
	*x = at
	return (up - down) / (float64(above) - float64(below))
}
