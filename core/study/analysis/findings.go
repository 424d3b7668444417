package analysis

import (
	"fmt"
	"slices"

	"github.com/posttrain/posttrain/core/stats"
	"github.com/posttrain/posttrain/core/study"
	"github.com/posttrain/posttrain/core/study/cells"
	"github.com/posttrain/posttrain/core/study/design"
)

// Findings are what the results of a study show.
type Findings struct {
	Study    *design.Study
	Standing design.Standing
	// Missing are the cells without a result, in the order of the plan. If there are any, nothing
	// is judged.
	Missing  []design.Cell
	Verdicts []Verdict // one for each hypothesis, in the order of the file

	runs map[group][]*cells.Result // in the order of the plan; nil if cells are missing
}

// group has what the runs have in common that differ in base and seed alone.
type group struct {
	arm    design.ArmName
	config string
	part   design.Part
}

// Verdict is what became of a hypothesis.
type Verdict struct {
	design.Hypothesis
	State   design.State // whether it was registered before there were results
	Outcome study.Outcome
	Why     string // why it is study.Inconclusive; "" for the other outcomes

	// Value is the estimated difference, ratio or mean correlation. Interval is its interval; nil
	// means that the data support none, for the reason in NoInterval.
	Value      float64
	Interval   *Interval
	NoInterval string
	// P is the two-sided p-value about the threshold, and Corrected that after the correction for
	// the Family hypotheses that are judged together.
	P, Corrected float64
	Family       int
	Bases, Seeds int // seeds on each base; Bases is 0 if there is no base

	Compared   *Compared // nil for a law
	Correlated *Correlated

	above, below float64 // one-sided p-values
}

// Interval is an interval with the method that gave it.
type Interval struct {
	Low, High float64
	Method    stats.Method
}

func intervalOf(e stats.Estimate) *Interval { return &Interval{e.Low, e.High, e.Method} }

// Exploratory reports whether the hypothesis was not registered, as it stands, before there were
// results, or is known to have been registered too late.
func (v Verdict) Exploratory() bool {
	return v.State != design.Registered && v.State != design.Unproved
}

// Judge returns what results show of a study. standing is what was registered before. It returns an
// error if a result is not one of the study or is there twice.
func Judge(s *design.Study, standing design.Standing, results []cells.Result) (*Findings, error) {
	f := &Findings{Study: s, Standing: standing}
	found, err := cells.ByCell(s, results)
	if err != nil {
		return nil, err
	}
	runs := map[group][]*cells.Result{}
	for _, c := range s.Cells() {
		if found[c] == nil {
			f.Missing = append(f.Missing, c)
			continue
		}
		g := group{design.ArmName{Experiment: c.Experiment, Arm: c.Arm}, c.Config, c.Part}
		runs[g] = append(runs[g], found[c])
	}
	if len(f.Missing) > 0 {
		return f, nil
	}
	f.runs = runs
	for _, h := range s.Hypotheses {
		v, err := f.test(h)
		if err != nil {
			return nil, fmt.Errorf("hypothesis %s: %w", h.Name, err)
		}
		f.Verdicts = append(f.Verdicts, v)
	}
	f.correct()
	for i := range f.Verdicts {
		f.decide(&f.Verdicts[i])
	}
	return f, nil
}

// test estimates what a hypothesis is about.
func (f *Findings) test(h design.Hypothesis) (v Verdict, err error) {
	v = Verdict{Hypothesis: h, State: f.Standing.Hypotheses[h.Name], above: 1, below: 1}
	if h.Law != nil {
		err = f.correlate(&v)
	} else {
		err = f.compare(&v)
	}
	v.P = min(1, 2*min(v.above, v.below))
	return v, err
}

// correct corrects the p-values of all hypotheses for their number.
func (f *Findings) correct() {
	var registered, all []int // indices of Verdicts
	lost := len(f.Standing.Dropped)
	for i, v := range f.Verdicts {
		all = append(all, i)
		switch {
		case !v.Exploratory():
			registered = append(registered, i)
		case v.State == design.Changed:
			lost++
		}
	}
	f.correctFamily(all, len(f.Standing.Dropped))
	f.correctFamily(registered, lost)
}

// correctFamily corrects the p-values of some verdicts, together with lost hypotheses whose p-value
// counts as 1.
func (f *Findings) correctFamily(members []int, lost int) {
	var p []float64
	for _, i := range members {
		p = append(p, f.Verdicts[i].P)
	}
	p = append(p, slices.Repeat([]float64{1}, lost)...)
	corrected := p
	if f.Study.Analysis.Correction != design.NoCorrection {
		corrected = stats.Holm(p)
	}
	for k, i := range members {
		f.Verdicts[i].Corrected, f.Verdicts[i].Family = corrected[k], len(p)
	}
}

// decide sets the outcome of a verdict whose p-value is corrected.
func (f *Findings) decide(v *Verdict) {
	const rounding = 1e-12
	most := 1 - f.Study.Analysis.Level + rounding
	above := v.above < v.below
	claimsBelow := v.Law != nil && v.Law.Below
	switch {
	case v.Corrected <= most && above != claimsBelow:
		v.Outcome = study.Reproduced
	case v.Corrected <= most:
		v.Outcome = study.NotReproduced
	default:
		v.Outcome = study.Inconclusive
		v.Why = v.whyNot(most)
	}
}

// whyNot returns why a hypothesis is not decided, as a sentence.
func (v *Verdict) whyNot(most float64) string {
	switch unreached := v.unreached(); {
	case v.NoInterval != "":
		return "There is no interval, because " + v.NoInterval + "."
	case v.P > most && unreached > 0:
		return "Some runs did not reach the target. For the p-value they are given the values " +
			"that suit the claim least; with these nothing is decided."
	case v.P > most:
		return "The interval contains the threshold."
	}
	return fmt.Sprintf("The interval alone would decide it, but not after the correction for %d "+
		"hypotheses.", v.Family)
}

// unreached returns how many runs did not reach the target of a comparison.
func (v *Verdict) unreached() (n int) {
	if v.Compared == nil || v.Comparison.At.Where != design.Reach {
		return 0
	}
	for _, s := range []Side{v.Compared.Higher, v.Compared.Lower} {
		n += s.Early
	}
	return n
}
