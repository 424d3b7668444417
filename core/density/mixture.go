// Package density is post-training without a network. The policy q is one normal density or the sum
// of two, and the target p has an old and a new mode. It is small enough to be drawn whole, and its
// lanes report the same events as those of a network. Start with [Target], [Start] and
// [NewSession].
package density

import (
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/num"
)

// Component is a normal density with its weight in a mixture.
type Component struct{ Weight, Mean, Std float64 }

// Mixture is a weighted sum of components. The weights add up to 1.
type Mixture []Component

// The modes of Target.
const (
	Old = iota // what the policy can do already
	New        // what it practises
)

// target is what Target returns a copy of.
var target = Mixture{{0.75, -3, 1}, {0.25, 3.5, 0.7}}

// Target returns p.
func Target() Mixture { return slices.Clone(target) }

// Start returns q before the first update, with one mode or two. With two, one of them lies far
// from the old mode of p.
func Start(modes string) Mixture {
	if modes == "one" {
		return Mixture{{1, -3.5, 1}}
	}
	return Mixture{{0.75, -3.5, 1}, {0.25, 0.5, 0.7}}
}

var halfLog2Pi = num.Log(2*math.Pi) / 2

// Log returns the logarithm of the component's density at x, without its weight.
func (c Component) Log(x float64) float64 {
	z := (x - c.Mean) / c.Std
	return float64(-z*z/2) - num.Log(c.Std) - halfLog2Pi
}

// At returns the component's part of the mixture's density at x.
func (c Component) At(x float64) float64 { return c.Weight * num.Exp(c.Log(x)) }

// At returns the density at x.
func (m Mixture) At(x float64) float64 {
	sum := 0.0
	for _, c := range m {
		sum += c.At(x)
	}
	return sum
}

// draw returns a random number from the component.
func (c Component) draw(r *num.Rand) float64 { return c.Mean + float64(c.Std*r.Norm()) }

// draw returns a random number from the mixture.
func (m Mixture) draw(r *num.Rand) float64 {
	u, last := r.Float64(), len(m)-1
	for _, c := range m[:last] {
		if u < c.Weight {
			return c.draw(r)
		}
		u -= c.Weight
	}
	return m[last].draw(r)
}

// From and To bound the numbers that matter: less than a millionth of any density here lies
// outside.
const (
	From = -12.0
	To   = 12.0
)

// integrate returns the integral of f by the trapezoidal rule, which for normal densities wider
// than a few cells is exact to the last digits.
func integrate(f func(x float64) float64) float64 {
	const cells = 1024
	const width = (To - From) / cells
	sum := (f(From) + f(To)) / 2
	for i := 1; i < cells; i++ {
		sum += f(From + float64(width*float64(i)))
	}
	return float64(width * sum)
}

// Overlap returns the share, by area, of a mode of Target that lies under q as well.
func Overlap(q Mixture, mode int) float64 {
	p := target[mode]
	return integrate(func(x float64) float64 { return min(p.At(x), q.At(x)) }) / p.Weight
}

// KL returns the exact KL(from‖to) in nats.
func KL(from, to Mixture) float64 {
	return integrate(func(x float64) float64 {
		f := from.At(x)
		if f == 0 {
			return 0
		}
		return f * (num.Log(f) - to.log(x))
	})
}

// log returns the logarithm of the density at x, even if the density is too small for a float64.
func (m Mixture) log(x float64) float64 {
	top := math.Inf(-1)
	for _, c := range m {
		top = max(top, num.Log(c.Weight)+c.Log(x))
	}
	sum := 0.0
	for _, c := range m {
		sum += num.Exp(num.Log(c.Weight) + c.Log(x) - top)
	}
	return top + num.Log(sum)
}
