package stats

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Superiority returns the probability that a random element of x is greater than one of y, where a
// tie counts as half (the "probability of superiority", or Mann's and Whitney's U divided by the
// number of pairs).
func Superiority(x, y []float64) float64 {
	wins := 0.0
	for _, a := range x {
		for _, b := range y {
			switch {
			case a > b:
				wins++
			case a == b:
				wins += 0.5
			}
		}
	}
	return wins / float64(len(x)*len(y))
}

// CliffsDelta returns by how much it is more probable that a random element of x is greater than
// one of y than that it is less: -1 to 1, with 0 for no difference (Cliff, "Dominance statistics",
// 1993).
func CliffsDelta(x, y []float64) float64 { return 2*Superiority(x, y) - 1 }

// Effect is a difference in units of its standard deviation over bases.
type Effect struct {
	Value     float64 // Hedges' g, which is unbiased for normal differences
	Low, High float64 // interval of the true standardised difference
	Bases     int
}

// Effect estimates the standardised difference of two lanes: the mean over bases of their paired
// differences divided by its standard deviation (Cohen's d of paired differences), with Hedges'
// correction for few bases. The interval assumes normal differences (Hedges and Olkin, "Statistical
// methods for meta-analysis", 1985).
func (p Pair) Effect(o Options) (Effect, error) {
	o = o.withDefaults()
	differences := p.Differences().BaseMeans()
	mean, sd := stat.Mean(differences, nil), math.Sqrt(spreadOf(differences))
	n := float64(len(p.First.bases))
	switch {
	case n < 3:
		return Effect{}, fmt.Errorf("%w: bases: %d, want at least 3", ErrTooLittle,
			len(p.First.bases))
	case sd == 0:
		return Effect{}, fmt.Errorf("%w: the difference is the same on all bases", ErrTooLittle)
	}
	d, tail := mean/sd, (1-o.Level)/2
	return Effect{Value: hedges(n-1) * d,
		Low:   noncentrality(d*math.Sqrt(n), n-1, 1-tail) / math.Sqrt(n),
		High:  noncentrality(d*math.Sqrt(n), n-1, tail) / math.Sqrt(n),
		Bases: len(p.First.bases)}, nil
}

// hedges returns the factor by which a standardised difference is too large on average, inverted,
// for the degrees of freedom of its standard deviation.
func hedges(df float64) float64 {
	top, _ := math.Lgamma(df / 2)
	bottom, _ := math.Lgamma((df - 1) / 2)
	return math.Exp(top-bottom) / math.Sqrt(df/2)
}

// noncentrality returns the parameter of the noncentral t-distribution that has probability p below
// t.
func noncentrality(t, df, p float64) float64 {
	low, high := t-10-math.Abs(t), t+10+math.Abs(t)
	for range 60 {
		middle := (low + high) / 2
		if (distuv.NoncentralT{Nu: df, Mu: middle}).CDF(t) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return (low + high) / 2
}
