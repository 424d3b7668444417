package stats

import (
	"fmt"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/num"
)

// boundedDraws is the number of draws of BoundedMean. Their error at the end of a 95 % interval is
// about a hundredth of its width.
const boundedDraws = 10000

// BoundedMean estimates the mean over bases without any assumption about how bases differ, except
// that means of bases lie in o.Range. It is valid where Student's t is not, such as for bases of
// which some fail altogether, and it is wide: five bases that all have 1 of [0,1] leave [0.48, 1].
// The prompts are taken as they are.
//
// The interval is Gaffke's: the mean of the values and one of the bounds with random weights
// (Gaffke, "Three test statistics for a nonparametric one-sided hypothesis on the mean of a
// nonnegative variable", 2005; Learned-Miller and Thomas, "A new confidence interval for the mean
// of a bounded random variable", 2020, arXiv:1905.06208). For values of 0 and 1 it is Clopper's and
// Pearson's. That it holds for all distributions is conjectured and not proved.
func (s Sample) BoundedMean(o Options) (Estimate, error) {
	o = o.withDefaults()
	if o.Range == nil {
		return Estimate{}, fmt.Errorf("%w: the bounds of the scores are not given", ErrTooLittle)
	}
	values := s.BaseMeans()
	for i, v := range values {
		if v < o.Range.Low || v > o.Range.High {
			return Estimate{}, fmt.Errorf("the mean of base %q is %v, outside of [%v, %v]",
				s.bases[i], v, o.Range.Low, o.Range.High)
		}
	}
	tail := (1 - o.Level) / 2
	lows := weightedMeans(append(slices.Clone(values), o.Range.Low), o.Seed)
	highs := weightedMeans(append(slices.Clone(values), o.Range.High), o.Seed)
	e := Estimate{Value: stat.Mean(s.values, nil), Method: Bounded, Design: s.Design(),
		Low: lows.lower(tail), High: highs.upper(tail)}
	e.setP(lows.atMost(o.Against), highs.atLeast(o.Against))
	return e, nil
}

// weightedMeans returns means of values with weights that are uniformly distributed over all that
// sum to 1.
func weightedMeans(values []float64, seed uint64) sorted {
	draws := make(sorted, boundedDraws)
	for i := range draws {
		r := num.NewRand(seed, "stats/bounded", "", uint64(i))
		var sum, weights float64
		for _, v := range values {
			w := -num.Log(1 - r.Float64())
			sum += w * v
			weights += w
		}
		draws[i] = sum / weights
	}
	slices.Sort(draws)
	return draws
}

// sorted has draws of a statistic in increasing order.
type sorted []float64

// lower returns the draw below which at most the share tail of all draws lies.
func (d sorted) lower(tail float64) float64 { return d[d.rank(tail)-1] }

// upper returns the draw above which at most the share tail of all draws lies.
func (d sorted) upper(tail float64) float64 { return d[len(d)-d.rank(tail)] }

func (d sorted) rank(tail float64) int { return max(1, int(tail*float64(len(d)+1))) }

// atMost returns the share of draws that are at most x. The observed value counts as one more, so
// that the share is never 0 (Davison and Hinkley, "Bootstrap methods and their application", 1997,
// section 4.2).
func (d sorted) atMost(x float64) float64 {
	n, _ := slices.BinarySearchFunc(d, x, func(one, x float64) int {
		if one <= x {
			return -1
		}
		return 1
	})
	return float64(1+n) / float64(len(d)+1)
}

// atLeast is atMost from the other end.
func (d sorted) atLeast(x float64) float64 {
	n, _ := slices.BinarySearch(d, x)
	return float64(1+len(d)-n) / float64(len(d)+1)
}
