package stats

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/posttrain/posttrain/core/num"
)

// Modes describes the two groups into which runs can be divided best. If P is small, the mean
// describes no run: the two groups should be quoted instead. If it is not, there may be groups all
// the same: five bases show them in fewer than half of all studies, so always draw the points too.
// Scores close to a bound are so skewed that they look like groups, with a mean of 0.96 in half of
// all studies.
type Modes struct {
	Explained    float64 // share of the variance between runs that is between the two groups
	P            float64 // probability of such a share, or a larger one, if effects are normal
	Split        float64 // the middle between the two groups
	Lower, Upper Group   // the groups; all runs are in Lower if they have the same mean
}

// Group is a part of the runs.
type Group struct {
	Runs int
	Mean float64
}

// Modes divides runs into the two groups that explain most of the variance of their means (Engelman
// and Hartigan, "Percentage points of a test for clusters", 1969).
//
// The p-value is by simulation of normal values with the sample's own variances between bases and
// between seeds, because runs on few bases form groups anyway. If o has a Range, it is computed on
// the scale of the arcsine of the root, since shares near 1 are skewed.
func (s Sample) Modes(o Options) Modes {
	o = o.withDefaults()
	m := Modes{P: 1}
	runs := slices.Sorted(slices.Values(slices.Concat(s.RunMeans()...)))
	after, explained := bestSplit(runs)
	m.Explained, m.Split = explained, runs[len(runs)-1]
	m.Lower = Group{after, stat.Mean(runs[:after], nil)}
	if after == len(runs) {
		return m
	}
	m.Split = (runs[after-1] + runs[after]) / 2
	m.Upper = Group{len(runs) - after, stat.Mean(runs[after:], nil)}
	m.P = s.overPrompts().arcsine(o.Range).chanceOfSplit(o)
	return m
}

// arcsine returns a sample of shares on a scale where their variance does not depend on their mean.
func (s Sample) arcsine(r *Range) Sample {
	if r == nil {
		return s
	}
	s.values = slices.Clone(s.values)
	for i, v := range s.values {
		share := (v - r.Low) / (r.High - r.Low)
		s.values[i] = math.Asin(math.Sqrt(min(max(share, 0), 1)))
	}
	return s
}

// chanceOfSplit returns the share of samples with normal effects and the variances of s in which
// the best split explains at least as much as in s.
func (s Sample) chanceOfSplit(o Options) float64 {
	a := newAnova(s)
	v := a.components(a.ms)
	_, explained := bestSplit(slices.Sorted(slices.Values(s.values)))
	asMuch := 1
	draw := make([]float64, len(s.values))
	for i := range o.Resamples {
		r := num.NewRand(o.Seed, "stats/modes", "", uint64(i))
		base := 0.0
		for k := range draw {
			if k%len(s.seeds) == 0 {
				base = math.Sqrt(v[byBase]) * r.Norm()
			}
			draw[k] = base + math.Sqrt(v[bySeed])*r.Norm()
		}
		slices.Sort(draw)
		if _, e := bestSplit(draw); e >= explained {
			asMuch++
		}
	}
	return float64(asMuch) / float64(o.Resamples+1)
}

// bestSplit returns how many of the sorted values are in the lower of the two groups between which
// most of the sum of squares is, and the share of the sum of squares that is between them. The best
// groups do not interleave. If all values are equal they are one group.
func bestSplit(sorted []float64) (after int, explained float64) {
	n := float64(len(sorted))
	mean := stat.Mean(sorted, nil)
	total, below, best := 0.0, 0.0, 0.0
	after = len(sorted)
	for i, v := range sorted {
		total += square(v - mean)
		below += v - mean // n·(mean of the lower group - mean of all), for the group up to here
		k := float64(i + 1)
		if k == n {
			break
		}
		if between := square(below) * n / (k * (n - k)); between > best {
			after, best = i+1, between
		}
	}
	if total == 0 || best == 0 {
		return len(sorted), 0
	}
	return after, best / total
}
