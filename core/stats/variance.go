package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// variance is the variance of an estimate in two parts, with their degrees of freedom: what differs
// from base to base, and what prompts have in common on all bases.
type variance struct {
	bases, prompts     float64
	ofBases, ofPrompts float64 // degrees of freedom
}

func (v variance) sqrt() float64 { return math.Sqrt(v.bases + v.prompts) }

// half returns half the width of the interval that leaves the share tail on either side. Each part
// is multiplied by the squared quantile of its own degrees of freedom. For independent variances of
// normal values that is never too narrow (Banerjee, "Approximate confidence interval for linear
// functions of means of k populations when the population variances are not equal", 1960).
func (v variance) half(tail float64) float64 {
	sum := v.bases * square(studentsT(v.ofBases).Quantile(tail))
	if v.prompts > 0 {
		sum += v.prompts * square(studentsT(v.ofPrompts).Quantile(tail))
	}
	return math.Sqrt(sum)
}

// tail returns the p-value of a value that lies so far above the tested one: the tail whose half is
// the distance.
func (v variance) tail(distance float64) float64 {
	switch {
	case distance < 0:
		return 1 - v.tail(-distance)
	case math.IsInf(distance, 1):
		return 0
	case v.prompts == 0:
		return studentsT(v.ofBases).Survival(distance / math.Sqrt(v.bases))
	}
	return math.Exp(v.logTail(distance))
}

// logTail solves half for the logarithm of the tail. It lies between those that follow if the
// degrees of freedom of either part hold for the sum.
func (v variance) logTail(distance float64) float64 {
	x := distance / v.sqrt()
	const least = 1e-300 // what is less is not told apart from it
	a := math.Log(max(least, studentsT(v.ofBases).Survival(x)))
	b := math.Log(max(least, studentsT(v.ofPrompts).Survival(x)))
	// On logarithmic scales half is almost a straight line far out.
	over := func(log float64) float64 {
		return math.Log(max(least, v.half(math.Exp(log))/distance))
	}
	overA, overB := over(a), over(b)
	// The line through two points, of which the one that stays counts half (Illinois algorithm).
	for range 100 {
		if math.Abs(a-b) < 1e-12 || overA == overB {
			break
		}
		c := b - overB*(b-a)/(overB-overA)
		overC := over(c)
		if overC*overB < 0 {
			a, overA = b, overB
		} else {
			overA /= 2
		}
		b, overB = c, overC
		if overC == 0 {
			break
		}
	}
	return b
}

func studentsT(df float64) distuv.StudentsT { return distuv.StudentsT{Sigma: 1, Nu: df} }

func square(x float64) float64 { return x * x }

// link is a scale on which an interval is symmetric.
type link struct {
	to, from, slope func(float64) float64
}

func identity() link {
	same := func(x float64) float64 { return x }
	return link{same, same, func(float64) float64 { return 1 }}
}

// logarithm is for positive values.
func logarithm() link {
	return link{math.Log, math.Exp, func(x float64) float64 { return 1 / x }}
}

// logOdds is for values inside a range. Bounds are infinitely far away.
func logOdds(r Range) link {
	width := r.High - r.Low
	return link{
		to: func(x float64) float64 {
			x = min(max(x, r.Low), r.High)
			return math.Log((x - r.Low) / (r.High - x))
		},
		from: func(y float64) float64 { return r.Low + width/(1+math.Exp(-y)) },
		slope: func(x float64) float64 {
			return width / ((x - r.Low) * (r.High - x))
		},
	}
}

// cut has the identity, with intervals that end at the bounds of a range.
func cut(r Range) link {
	l := identity()
	l.from = func(y float64) float64 { return min(max(y, r.Low), r.High) }
	return l
}

// linkFor returns the scale for a value whose range is r.
func linkFor(value float64, r *Range) link {
	switch {
	case r == nil:
		return identity()
	case r.inside(value):
		return logOdds(*r)
	}
	return cut(*r)
}
