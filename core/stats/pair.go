package stats

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// Pair has the scores of two lanes, matched as far as both have the same bases, seeds and prompts.
type Pair struct {
	First, Second Sample // of one design, with the same bases, seeds and prompts
}

// NewPair matches two lanes. It keeps the bases, seeds and prompts that both have. If they have no
// prompt in common it matches the means of runs, and if they have no seed in common the means of
// bases. It returns an error if they have no base in common.
func NewPair(first, second Sample) (Pair, error) {
	bases := shared(first.bases, second.bases)
	if len(bases) == 0 {
		return Pair{}, fmt.Errorf("no base in common: one lane has %s, the other %s",
			strings.Join(first.bases, ", "), strings.Join(second.bases, ", "))
	}
	if len(shared(first.prompts, second.prompts)) == 0 {
		first, second = first.overPrompts(), second.overPrompts()
	}
	if len(shared(first.seeds, second.seeds)) == 0 {
		first, second = first.overSeeds(), second.overSeeds()
	}
	seeds := shared(first.seeds, second.seeds)
	prompts := shared(first.prompts, second.prompts)
	return Pair{first.restricted(bases, seeds, prompts),
		second.restricted(bases, seeds, prompts)}, nil
}

// shared returns the elements that two sorted slices have in common.
func shared[T string | uint64](a, b []T) (both []T) {
	for _, one := range a {
		if _, ok := slices.BinarySearch(b, one); ok {
			both = append(both, one)
		}
	}
	return both
}

// Differences returns the scores of First less those of Second.
func (p Pair) Differences() Sample {
	d := p.First
	d.values = slices.Clone(d.values)
	for i, v := range p.Second.values {
		d.values[i] = less(d.values[i], v)
	}
	return d
}

// less returns a-b, and 0 if that may be due to rounding.
func less(a, b float64) float64 {
	if rounding(square(a-b), []float64{a, b}) {
		return 0
	}
	return a - b
}

// Difference estimates the mean of First less that of Second. o.Range is the range of the scores,
// not that of differences.
func (p Pair) Difference(o Options) (Estimate, error) {
	o.Range = o.Range.difference()
	return p.Differences().Mean(o)
}

// Ratio estimates the mean of First divided by that of Second. Both means must be positive. The
// p-values are about the ratio o.Against, where 0 means 1.
//
// The interval is computed for the logarithm of the ratio, so it never contains 0, with the
// variance of its linear part (the delta method). Too few bases are an error, since no bounds of a
// ratio are known.
func (p Pair) Ratio(o Options) (Estimate, error) {
	o = o.withDefaults()
	first, second := stat.Mean(p.First.values, nil), stat.Mean(p.Second.values, nil)
	if first <= 0 || second <= 0 {
		return Estimate{}, fmt.Errorf("the means are %v and %v: a ratio needs positive ones",
			first, second)
	}
	if o.Against == 0 {
		o.Against = 1
	}
	if o.Against < 0 {
		return Estimate{}, fmt.Errorf("a ratio of positive means is tested against %v: want a "+
			"positive one", o.Against)
	}
	ratio := first / second
	linear := p.First
	linear.values = make([]float64, len(p.First.values))
	for i := range linear.values {
		linear.values[i] = less(p.First.values[i], ratio*p.Second.values[i]) / second
	}
	v := newAnova(linear).varianceOfMean()
	if err := o.distrust(linear.Design(), v); err != nil {
		return Estimate{}, err
	}
	e := o.student(ratio, v, logarithm())
	e.Design = linear.Design()
	return e, nil
}

// Improvement estimates the probability that a run of First scores higher than one of Second on the
// same base, where a tie counts as half. The p-values are about the probability o.Against, where 0
// means 0.5, as for lanes that are equally good. o.Range is ignored: a probability is between 0
// and 1.
//
// [Design.Bootstrap] gives the interval. With too few bases for it, or if First is better or worse
// in all runs, [Sample.BoundedMean] does.
func (p Pair) Improvement(o Options) (Estimate, error) {
	o = o.ofProbability()
	design := p.First.Design()
	e, err := design.Bootstrap(o, func(d Draw) float64 {
		return stat.Mean(p.superiorities(d), nil)
	})
	if errors.Is(err, ErrTooLittle) {
		each := Sample{p.First.bases, []string{""}, []uint64{0}, p.superiorities(design.whole())}
		e, err = each.BoundedMean(o)
		e.Design = design
	}
	return e, err
}

// superiorities returns the superiority of First on each drawn base.
func (p Pair) superiorities(d Draw) []float64 {
	first, second := d.RunMeans(p.First), d.RunMeans(p.Second)
	seeds := len(p.First.seeds)
	better := make([]float64, len(d.Bases))
	for i := range better {
		better[i] = Superiority(first[i*seeds:][:seeds], second[i*seeds:][:seeds])
	}
	return better
}
