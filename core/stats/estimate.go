package stats

import (
	"errors"
	"fmt"
)

// ErrTooLittle means that the data support no interval: there are too few bases, or they do not
// differ at all, and the scores have no known bounds from which a wide interval would follow.
var ErrTooLittle = errors.New("too little data for an interval")

// Range has the bounds of a score, such as 0 and 1 for a share.
type Range struct {
	Low, High float64
}

// inside reports whether x lies between the bounds and is neither of them.
func (r Range) inside(x float64) bool { return r.Low < x && x < r.High }

// difference returns the range of differences of two scores.
func (r *Range) difference() *Range {
	if r == nil {
		return nil
	}
	return &Range{r.Low - r.High, r.High - r.Low}
}

// Options are the settings of estimates. The zero value has the defaults.
type Options struct {
	Level     float64 // of intervals; 0 means 0.95
	Against   float64 // the value that p-values are about
	Range     *Range  // bounds of the scores; nil means that they have none
	Fewest    int     // fewest bases on which Student's t is relied on; 0 means 5
	Resamples int     // number of resamples; 0 means 2000
	Seed      uint64  // of resampling
}

func (o Options) withDefaults() Options {
	if o.Level == 0 {
		o.Level = 0.95
	}
	if o.Level < 0 || o.Level >= 1 {
		panic("stats: the level of an interval lies between 0 and 1")
	}
	if o.Fewest == 0 {
		o.Fewest = 5
	}
	if o.Resamples == 0 {
		o.Resamples = 2000
	}
	return o
}

// ofProbability returns the options for the probability that one score is higher than another.
func (o Options) ofProbability() Options {
	o.Range = &Range{0, 1}
	if o.Against == 0 {
		o.Against = 0.5
	}
	return o
}

// distrust returns why Student's t is not relied on, and nil if it is.
func (o Options) distrust(d Design, v variance) error {
	if d.Bases < o.Fewest || d.Bases < 2 {
		return fmt.Errorf("%w: bases: %d, want at least %d", ErrTooLittle, d.Bases,
			max(2, o.Fewest))
	}
	if v.bases == 0 {
		return fmt.Errorf("%w: all %d bases agree exactly", ErrTooLittle, d.Bases)
	}
	return nil
}

// Method says how an interval was computed.
type Method string

// The methods of intervals.
const (
	// Student is Student's t with a standard error over bases and prompts.
	Student Method = "student"
	// Bounded needs nothing but bounds of the scores; see [Sample.BoundedMean].
	Bounded Method = "bounded"
	// Bootstrap is Student's t with a standard error by resampling; see [Design.Bootstrap].
	Bootstrap Method = "bootstrap"
)

// Estimate is an estimated value with its interval and p-values. They agree: the interval lies
// above Against exactly where PAbove is at most half of 1 less the level, and below it where PBelow
// is.
type Estimate struct {
	Value     float64
	Low, High float64
	Method    Method
	SE        float64 // standard error; 0 if the method has none
	PAbove    float64 // probability of such a value or a higher one if the true one is Against
	PBelow    float64 // probability of such a value or a lower one if the true one is Against
	P         float64 // two-sided: twice the smaller one
	Design    Design  // what the estimate rests on
}

// Mean estimates the mean over all bases, seeds and prompts of the kinds that were sampled.
//
// The interval is Student's t, on the scale of log odds if o has a Range. With fewer bases than
// o.Fewest, or if all bases have the same mean, it is widened to contain the interval of
// [Sample.BoundedMean]. Without a Range, an error that wraps [ErrTooLittle] is returned then.
func (s Sample) Mean(o Options) (Estimate, error) {
	o = o.withDefaults()
	a := newAnova(s)
	v := a.varianceOfMean()
	why := o.distrust(a.design, v)
	if why == nil {
		e := o.student(a.mean, v, linkFor(a.mean, o.Range))
		e.Design = a.design
		return e, nil
	}
	if o.Range == nil {
		return Estimate{}, why
	}
	e, err := s.BoundedMean(o)
	if err == nil && v.bases > 0 {
		e.widen(o.student(a.mean, v, linkFor(a.mean, o.Range)))
	}
	return e, err
}

// student returns the estimate of a value with a variance above 0. The interval is symmetric on the
// scale of the link.
func (o Options) student(value float64, v variance, l link) Estimate {
	centre, slope := l.to(value), l.slope(value)
	half := slope * v.half((1-o.Level)/2)
	e := Estimate{Value: value, Low: l.from(centre - half), High: l.from(centre + half),
		Method: Student, SE: v.sqrt()}
	above := v.tail((centre - l.to(o.Against)) / slope)
	e.setP(above, 1-above)
	return e
}

func (e *Estimate) setP(above, below float64) {
	e.PAbove, e.PBelow, e.P = above, below, min(1, 2*min(above, below))
}

// widen lets the estimate claim no more than either of two does.
func (e *Estimate) widen(other Estimate) {
	e.Low, e.High, e.SE = min(e.Low, other.Low), max(e.High, other.High), other.SE
	e.setP(max(e.PAbove, other.PAbove), max(e.PBelow, other.PBelow))
}
