package analysis

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/posttrain/posttrain/core/eval"
	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study/design"
)

// Compared is what a comparison rests on.
type Compared struct {
	Higher, Lower Side
	// ByBase has the difference, or the ratio, of the means on each base (or seed, if there are no
	// bases), in the order of the file.
	ByBase []BaseValue
	// Effect is the difference in units of its standard deviation over bases; nil if the data do
	// not support it.
	Effect *stats.Effect
	// Better is how probable it is that a run of Higher has a higher value than one of Lower; nil
	// if the data do not support it.
	Better *stats.Estimate
	Spread Spread
}

// Spread says where the variance of paired differences comes from. nil means that the runs cannot
// tell.
type Spread struct {
	Bases *stats.Component // from base to base
	Seeds *stats.Component // from seed to seed, alike on all bases
	Rest  *stats.Component // from run to run
}

// Side is one side of a comparison.
type Side struct {
	design.Side
	Config string  // the config that counts; "" if the side is not an arm
	Tuned  []Tuned // all configs on the tuning part; nil if there is only one
	Runs   []Run   // the judged runs, or the base before them; nil for a number
	Mean   Mean
	Early  int         // runs that ended before the point
	Modes  stats.Modes // whether the runs fall into two groups
}

// BaseValue is a value on one base.
type BaseValue struct {
	Base  uint64 // or the seed, if there are no bases
	Value float64
}

// compare estimates the difference or the ratio of a comparison.
func (f *Findings) compare(v *Verdict) error {
	c := v.Comparison
	v.Compared = &Compared{Higher: Side{Side: c.Higher}, Lower: Side{Side: c.Lower}}
	high, low := &v.Compared.Higher, &v.Compared.Lower
	for _, s := range []*Side{high, low} {
		if err := f.lookAt(s, c); err != nil {
			return err
		}
	}
	if err := cmp.Or(high.fill(f, low, c), low.fill(f, high, c)); err != nil {
		return err
	}
	v.Bases, v.Seeds = counts(high.Runs)
	for _, s := range []*Side{high, low} {
		if err := f.summarise(s, c.Metric); err != nil {
			return err
		}
	}
	v.Compared.ByBase = byBase(high.Runs, valuesOf(high.Runs), valuesOf(low.Runs), c.Ratio)
	v.Value = contrast(mean(high.Runs), mean(low.Runs), c.Ratio)
	if err := f.describe(v); err != nil {
		return err
	}
	return f.estimate(v)
}

// lookAt chooses the config of a side that is an arm, and looks at its judged runs.
func (f *Findings) lookAt(s *Side, c *design.Comparison) (err error) {
	if s.Arm == nil {
		return nil
	}
	if s.Config, s.Tuned, err = f.choose(*s.Arm, c); err != nil {
		return err
	}
	s.Runs, err = f.look(f.Runs(*s.Arm, s.Config, design.Judge), c.At, c.Metric)
	s.Early = early(s.Runs)
	return err
}

// fill gives a side that is no arm the values that it has beside each run of the other side.
func (s *Side) fill(f *Findings, other *Side, c *design.Comparison) error {
	if s.Arm != nil {
		return nil
	}
	for _, r := range f.Runs(*other.Arm, other.Config, design.Judge) {
		one := f.run(r)
		one.Value = s.Value
		if s.Base {
			v, ok := r.Before[c.Metric]
			if !ok {
				return fmt.Errorf("%s: %s was not measured on the base", r.Link, c.Metric)
			}
			one.Value = v
		}
		s.Runs = append(s.Runs, one)
	}
	return nil
}

// summarise sets the mean of a side and whether its runs fall into groups.
func (f *Findings) summarise(s *Side, metric string) (err error) {
	if s.isNumber() {
		s.Mean = Mean{Value: mean(s.Runs), Runs: len(s.Runs)}
		return nil
	}
	if s.Mean, err = f.meanOf(s.Runs, metric); err != nil {
		return err
	}
	runs, err := runSample(s.Runs, valuesOf(s.Runs))
	if err == nil {
		s.Modes = runs.Modes(f.options(metric))
	}
	return err
}

// isNumber reports whether the side is a number.
func (s *Side) isNumber() bool { return s.Arm == nil && !s.Base }

// counts returns the numbers of bases and of seeds on each. Without bases, the first is 0.
func counts(runs []Run) (bases, seeds int) {
	b, s := map[uint64]bool{}, map[uint64]bool{}
	for _, r := range runs {
		s[r.Seed] = true
		if !r.seedsOnly {
			b[r.Base] = true
		}
	}
	return len(b), len(s)
}

// contrast returns the difference of two values, or their ratio.
func contrast(high, low float64, ratio bool) float64 {
	if ratio {
		return high / low
	}
	return high - low
}

// byBase returns the contrast of the means on each base.
func byBase(runs []Run, high, low []float64, ratio bool) (all []BaseValue) {
	var order []uint64
	sums := map[uint64][2]float64{}
	n := map[uint64]float64{}
	for i, r := range runs {
		if n[r.Unit] == 0 {
			order = append(order, r.Unit)
		}
		sum := sums[r.Unit]
		sums[r.Unit] = [2]float64{sum[0] + high[i], sum[1] + low[i]}
		n[r.Unit]++
	}
	for _, unit := range order {
		all = append(all, BaseValue{unit,
			contrast(sums[unit][0]/n[unit], sums[unit][1]/n[unit], ratio)})
	}
	return all
}

// describe sets what is said about a difference beside its estimate.
func (f *Findings) describe(v *Verdict) error {
	high, low := valuesOf(v.Compared.Higher.Runs), valuesOf(v.Compared.Lower.Runs)
	crossed, err := v.Compared.pair(high, low, sample)
	if err != nil {
		return err
	}
	runs, err := v.Compared.pair(high, low, runSample)
	if err != nil {
		return err
	}
	o := f.options(v.Comparison.Metric)
	if e, err := runs.Effect(o); err == nil {
		v.Compared.Effect = &e
	}
	if e, err := runs.Improvement(o); err == nil {
		v.Compared.Better = &e
	}
	c := crossed.Differences().Components(o)
	v.Compared.Spread = Spread{c.Bases, c.Prompts, c.BasesPrompts}
	return nil
}

// pair returns values of the runs of both sides as a pair of samples.
func (c *Compared) pair(high, low []float64,
	as func([]Run, []float64) (stats.Sample, error)) (stats.Pair, error) {
	first, err := as(c.Higher.Runs, high)
	if err != nil {
		return stats.Pair{}, err
	}
	second, err := as(c.Lower.Runs, low)
	if err != nil {
		return stats.Pair{}, err
	}
	return stats.NewPair(first, second)
}

// estimate sets the interval of a comparison and its p-values.
func (f *Findings) estimate(v *Verdict) error {
	c, of := v.Comparison, v.Compared
	high, low := valuesOf(of.Higher.Runs), valuesOf(of.Lower.Runs)
	e, err := f.contrast(v, high, low)
	if err != nil {
		v.NoInterval = reason(err)
		return nil
	}
	v.Interval = intervalOf(e)
	v.above, v.below = e.PAbove, e.PBelow
	if c.At.Where != design.Reach || of.Higher.Early+of.Lower.Early == 0 {
		return nil
	}
	least := func(s Side) []float64 { return bounds(s.Runs, c.Metric, false) }
	most := func(s Side) []float64 { return bounds(s.Runs, c.Metric, true) }
	v.above, v.below = 1, 1
	if e, err := f.contrast(v, least(of.Higher), most(of.Lower)); err == nil {
		v.above = e.PAbove
	}
	if e, err := f.contrast(v, most(of.Higher), least(of.Lower)); err == nil {
		v.below = e.PBelow
	}
	return nil
}

// reason returns an error as the end of a sentence.
func reason(err error) string {
	if errors.Is(err, stats.ErrTooLittle) {
		return "there is " + err.Error()
	}
	return err.Error()
}

// bounds returns the least values that a metric of runs may have at their target, or the greatest.
func bounds(runs []Run, metric string, greatest bool) []float64 {
	d, _ := eval.Define(metric)
	values := valuesOf(runs)
	for i, r := range runs {
		switch {
		case !r.Early:
		case d.Unit == eval.Share && greatest:
			values[i] = 1
		case d.Unit == eval.Share:
			values[i] = 0
		case greatest:
			values[i] = math.Inf(1)
		case !isCost(metric): // a cost is at least that of the whole run
			values[i] = math.Inf(-1)
		}
	}
	return values
}

// contrast estimates the difference or ratio of values of the runs of both sides.
func (f *Findings) contrast(v *Verdict, high, low []float64) (stats.Estimate, error) {
	c, of := v.Comparison, v.Compared
	infinite := func(x float64) bool { return math.IsInf(x, 0) }
	if slices.ContainsFunc(high, infinite) || slices.ContainsFunc(low, infinite) {
		return stats.Estimate{}, fmt.Errorf("a value has no bound")
	}
	o := f.options(c.Metric)
	o.Against = c.By
	pair, err := of.pair(high, low, sample)
	switch {
	case err != nil:
		return stats.Estimate{}, err
	case c.Ratio:
		return pair.Ratio(o)
	case of.Lower.isNumber():
		o.Against = of.Lower.Value + c.By
		e, err := pair.First.Mean(o)
		return shifted(e, of.Lower.Value), err
	case of.Higher.isNumber():
		o.Against = of.Higher.Value - c.By
		e, err := pair.Second.Mean(o)
		return mirrored(shifted(e, of.Higher.Value)), err
	}
	return pair.Difference(o)
}

// shifted returns the estimate of a value less a number.
func shifted(e stats.Estimate, by float64) stats.Estimate {
	e.Value, e.Low, e.High = e.Value-by, e.Low-by, e.High-by
	return e
}

// mirrored returns the estimate of the negative of a value.
func mirrored(e stats.Estimate) stats.Estimate {
	e.Value, e.Low, e.High = -e.Value, -e.High, -e.Low
	e.PAbove, e.PBelow = e.PBelow, e.PAbove
	return e
}
