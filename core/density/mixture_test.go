package density

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/num"
)

// random returns a mixture of one or two components, about as wide and as far apart as those of
// Target.
func random(r *num.Rand) Mixture {
	component := func(weight float64) Component {
		return Component{weight, 6*r.Float64() - 3, 0.5 + r.Float64()}
	}
	if r.IntN(2) == 0 {
		return Mixture{component(1)}
	}
	w := 0.05 + 0.9*r.Float64()
	return Mixture{component(w), component(1 - w)}
}

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if !(math.Abs(got-want) <= within) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// What follows from the definitions. The rule of integration is exact to some 1e-12 for densities
// that fit its bounds.
func TestMeasuresOfMixtures(t *testing.T) {
	const within = 1e-9
	for i := range uint64(200) {
		r := num.NewRand(i, "test", "mixture")
		p, q := random(&r), random(&r)
		near(t, "all of a density", integrate(q.At), 1, within)
		near(t, "KL(q‖q)", KL(q, q), 0, within)
		if KL(p, q) < -within {
			t.Errorf("KL(%v‖%v) is %v", p, q, KL(p, q))
		}
		if x := 8*r.Float64() - 4; q.At(x) > 0 {
			near(t, "the logarithm", q.log(x), math.Log(q.At(x)), within)
		}
		for mode := range target {
			if share := Overlap(q, mode); share < 0 || share > 1+within {
				t.Errorf("%v covers %v of mode %d", q, share, mode)
			}
			near(t, "how much of its own mode the target covers", Overlap(target, mode), 1, within)
		}
	}
	// Two normal densities, by the textbook.
	a, b := Component{1, 0.3, 0.8}, Component{1, -0.4, 1.3}
	near(t, "KL of two normal densities", KL(Mixture{a}, Mixture{b}),
		math.Log(b.Std/a.Std)+(a.Std*a.Std+0.7*0.7)/(2*b.Std*b.Std)-0.5, within)
}

// Draws have the mixture's mean and variance, within five standard errors.
func TestDraws(t *testing.T) {
	const n = 20_000
	for i := range uint64(20) {
		r := num.NewRand(i, "test", "draws")
		q := random(&r)
		mean, square := 0.0, 0.0
		for _, c := range q {
			mean += c.Weight * c.Mean
			square += c.Weight * (c.Std*c.Std + c.Mean*c.Mean)
		}
		variance, sum := square-mean*mean, 0.0
		for range n {
			sum += q.draw(&r)
		}
		near(t, "the mean of draws", sum/n, mean, 5*math.Sqrt(variance/n))
	}
}
