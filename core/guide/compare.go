package guide

import (
	"math"
	"slices"
	"strconv"

	"github.com/posttrain/posttrain/core/stats"
)

// Margin is the smallest difference that changes advice: 0.05 of a share, and a twentieth of
// anything else. By so much a row has to be better than one that it puts behind it, and by no more
// may it be worse in anything else.
const Margin = 0.05

// level is the confidence level of all intervals. The probability of a false "behind" in a setting
// is at most 1-level.
const level = 0.95

// fewest is the number of bases below which nothing is shown: four bases that differ by chance
// alone all agree in one study of eight.
const fewest = 5

// summarise sets the mean of a value, its interval and the means of its bases, from its runs.
func (v view) summarise(value Value, c column) Value {
	seeds := len(v.Seeds)
	for i := range v.Bases {
		sum := 0.0
		for _, x := range value.runs[i*seeds:][:seeds] {
			sum += x
		}
		value.ByBase = append(value.ByBase, sum/float64(seeds))
	}
	for _, x := range value.ByBase {
		value.Mean += x
	}
	value.Known, value.Mean = true, value.Mean/float64(len(v.Bases))
	if e, err := v.sample(value.runs).Mean(options(c)); err == nil {
		if c.index == ofCost { // cannot be negative
			e.Low = max(e.Low, 0)
		}
		value.Interval = &Interval{e.Low, e.High}
	}
	return value
}

func options(c column) stats.Options {
	o := stats.Options{Level: level}
	if c.Share {
		o.Range = &stats.Range{Low: 0, High: 1}
	}
	return o
}

// sample returns values of runs as a sample in which bases and seeds are crossed, as the reports of
// studies have it: a seed draws the same prompts on all bases, so it has the place that prompts
// have in package stats.
func (v view) sample(runs []float64) stats.Sample {
	var scores []stats.Score
	for b, base := range v.Bases {
		for s, seed := range v.Seeds {
			scores = append(scores, stats.Score{Base: strconv.FormatUint(base, 10),
				Prompt: strconv.FormatUint(seed, 10), Value: runs[b*len(v.Seeds)+s]})
		}
	}
	sample, err := stats.NewSample(scores)
	if err != nil {
		panic("guide: " + err.Error()) // evidence has a finite number for each base and seed
	}
	return sample
}

// contrast is how much better one side of a comparison is than the other, in a column.
type contrast struct {
	difference float64   // above 0 if the first side is better
	ratio      float64   // of costs, above 1 if the first side is better; 0 for shares
	interval   *Interval // of the ratio, or else of the difference; nil if there is none
	p          float64   // two-sided, about no difference
	corrected  float64   // p after the correction for all comparisons
}

// mirrored returns how much better the second side is than the first.
func (c contrast) mirrored() contrast {
	c.difference = -c.difference
	i := c.interval
	switch {
	case c.ratio != 0:
		c.ratio = 1 / c.ratio
		if i != nil {
			c.interval = &Interval{1 / i.High, 1 / i.Low}
		}
	case i != nil:
		c.interval = &Interval{-i.High, -i.Low}
	}
	return c
}

// better reports whether the first side is shown to be better.
func (c contrast) better() bool {
	const rounding = 1e-12
	return c.difference > 0 && c.corrected <= 1-level+rounding
}

// maybe reports whether the first side would be shown to be better if there were no other
// comparisons.
func (c contrast) maybe() bool {
	c.corrected = c.p
	return c.better()
}

// against compares two values of a column, costs by their ratio and all else by the difference. ok
// is false if they are the same in every run, or if one of them is not known. Where runs are too
// few to show anything, p is 1.
func (v view) against(a, b Value, c column) (contrast, bool) {
	if !a.Known || !b.Known || slices.Equal(a.runs, b.runs) {
		return contrast{}, false
	}
	d := contrast{difference: c.oriented(a.Mean) - c.oriented(b.Mean), p: 1}
	if c.index == ofCost && (spendsNothing(a, b) || spendsNothing(b, a)) {
		d.p = 0 // a method that takes no demonstrations never will, so that this is no sample
		return d, true
	}
	if len(v.Bases) < fewest {
		return d, true
	}
	pair, err := stats.NewPair(v.sample(a.runs), v.sample(b.runs))
	if err != nil {
		panic("guide: " + err.Error()) // they have the same bases and seeds
	}
	if c.index == ofCost {
		if e, err := pair.Ratio(options(c)); err == nil { // what b costs less is what is better
			d.p, d.ratio, d.interval = e.P, b.Mean/a.Mean, &Interval{1 / e.High, 1 / e.Low}
		}
		return d, true
	}
	if e, err := pair.Difference(options(c)); err == nil {
		d.p, d.interval = e.P, &Interval{e.Low, e.High}
		if c.Lower {
			d.interval = &Interval{-e.High, -e.Low}
		}
	}
	return d, true
}

// spendsNothing reports whether no run of a value has spent anything and every run of another one
// has.
func spendsNothing(value, other Value) bool {
	spent := func(x float64) bool { return x > 0 }
	return !slices.ContainsFunc(value.runs, spent) &&
		!slices.ContainsFunc(other.runs, func(x float64) bool { return !spent(x) })
}

// compare tells which rows are behind which, and how they compare with the base.
func (f *Found) compare(v view) {
	m := f.contrasts(v)
	for i := range f.Rows {
		for j := range f.Rows {
			f.Rows[i].Behind = append(f.Rows[i].Behind, m.behind(f.Rows, i, j, v)...)
		}
	}
	first := func(r Row) bool { return r.Behind == nil }
	if !slices.ContainsFunc(f.Rows, first) { // in a circle, which only small differences can be
		for i := range f.Rows {
			f.Rows[i].Behind = nil
		}
	}
	for i := range f.Rows {
		f.Rows[i].First = first(f.Rows[i])
		for k := range v.columns {
			f.Rows[i].Values[k].Best = f.Rows[i].Values[k].Known && m.unbeaten(len(f.Rows), i, k)
		}
	}
	f.compareWithBase(v)
}

// matrix has the comparisons of rows: i with j in a column.
type matrix map[[3]int]contrast

// contrasts compares all pairs of rows in all columns, with corrected p-values.
func (f *Found) contrasts(v view) matrix {
	m := matrix{}
	var order [][3]int
	for i := range f.Rows {
		for j := range i {
			for k, c := range v.columns {
				d, ok := v.against(f.Rows[i].Values[k], f.Rows[j].Values[k], c)
				if ok && !c.Held {
					order = append(order, [3]int{i, j, k})
					m[[3]int{i, j, k}] = d
				}
			}
		}
	}
	f.Comparisons = len(order)
	var p []float64
	for _, at := range order {
		p = append(p, m[at].p)
	}
	for n, p := range stats.Holm(p) {
		at := order[n]
		d := m[at]
		d.corrected = p
		m[at] = d
		m[[3]int{at[1], at[0], at[2]}] = d.mirrored()
	}
	return m
}

// behind returns what shows that row i is behind row j by a margin, and nil if it is not. What
// speaks for row i counts without the correction, so that it is not overlooked because there is
// much to compare.
func (m matrix) behind(rows []Row, i, j int, v view) (why []Behind) {
	if i == j {
		return nil
	}
	for k, c := range v.columns {
		mine, other := rows[i].Values[k], rows[j].Values[k]
		d, compared := m[[3]int{j, i, k}]
		switch {
		case c.Held:
		case mine.Known && !other.Known:
			return nil
		case !compared:
		case m[[3]int{i, j, k}].maybe() || -d.difference > margin(c, mine.Mean, other.Mean):
			return nil
		case d.better() && d.difference >= margin(c, mine.Mean, other.Mean):
			why = append(why, Behind{j, k, d.difference, d.ratio, d.interval})
		}
	}
	return why
}

// margin returns how much worse one of two means may be.
func margin(c column, a, b float64) float64 {
	if c.Share {
		return Margin
	}
	return Margin * max(math.Abs(a), math.Abs(b))
}

// unbeaten reports whether no row is shown to be better than row i in a column.
func (m matrix) unbeaten(rows, i, column int) bool {
	for j := range rows {
		if m[[3]int{j, i, column}].better() {
			return false
		}
	}
	return true
}

// compareWithBase tells which values are shown to be better or worse than the base's. These
// comparisons are a family of their own.
func (f *Found) compareWithBase(v view) {
	var of []*Value
	var all []contrast
	var p []float64
	for i := range f.Rows {
		for k, c := range v.columns {
			d, ok := v.against(f.Rows[i].Values[k], f.Rows[i].start[k], c)
			if ok && !c.Held {
				of, all, p = append(of, &f.Rows[i].Values[k]), append(all, d), append(p, d.p)
			}
		}
	}
	for n, p := range stats.Holm(p) {
		d := all[n]
		d.corrected = p
		if d.better() {
			of[n].AgainstBase = 1
		}
		if d.mirrored().better() {
			of[n].AgainstBase = -1
		}
	}
}
