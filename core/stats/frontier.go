package stats

import (
	"cmp"
	"fmt"
	"slices"
)

// Outcome is what one setting of a method leads to. Both are better when higher, so a cost is given
// as its negative.
type Outcome struct {
	New  float64 // skill that was trained
	Kept float64 // skill that was there before, or another good
}

// Frontier returns the outcomes than which no other is better in one respect and at least as good
// in the other, in increasing order of New. Kept falls from one to the next.
func Frontier(outcomes []Outcome) []Outcome {
	all := slices.Clone(outcomes)
	slices.SortFunc(all, func(a, b Outcome) int {
		return cmp.Or(cmp.Compare(b.New, a.New), cmp.Compare(b.Kept, a.Kept))
	})
	var frontier []Outcome
	for _, one := range all {
		if len(frontier) == 0 || one.Kept > frontier[len(frontier)-1].Kept {
			frontier = append(frontier, one)
		}
	}
	slices.Reverse(frontier)
	return frontier
}

// KeptAt returns the best kept skill at a given new skill, on straight lines between the outcomes
// of a frontier. reached is false if no outcome has that much new skill.
func KeptAt(frontier []Outcome, skill float64) (kept float64, reached bool) {
	for i, one := range frontier {
		if one.New < skill {
			continue
		}
		if i == 0 {
			return one.Kept, true
		}
		before := frontier[i-1]
		part := (skill - before.New) / (one.New - before.New)
		return before.Kept + part*(one.Kept-before.Kept), true
	}
	return 0, false
}

// MeanKept returns the mean of KeptAt over new skills between two, where what is not reached counts
// as floor. It is the area under the frontier divided by its width.
func MeanKept(frontier []Outcome, from, to, floor float64) float64 {
	ends := []float64{from, to}
	for _, one := range frontier {
		if from < one.New && one.New < to {
			ends = append(ends, one.New)
		}
	}
	slices.Sort(ends)
	area := 0.0
	for i := range ends[1:] {
		// The line between two ends is straight, so its middle is its mean.
		kept, reached := KeptAt(frontier, (ends[i]+ends[i+1])/2)
		if !reached {
			kept = floor
		}
		area += kept * (ends[i+1] - ends[i])
	}
	return area / (to - from)
}

// Setting has the scores of one setting of a method.
type Setting struct {
	Name      string
	New, Kept Sample
}

// Sweep has the settings of one method, run on the same bases and seeds. Floor is the kept skill
// that counts where no setting reaches a new skill.
//
// Settings that were chosen for their results on the same bases look better than they are. Settings
// are tuned on some bases and compared on others.
type Sweep struct {
	settings []Setting
	Floor    float64
}

// NewSweep returns the sweep of settings. The two metrics may have different prompts; their means
// over prompts count, and prompts are taken as they are. It returns an error if there is no
// setting, or if one was run on other bases or seeds than the first.
func NewSweep(settings []Setting) (Sweep, error) {
	var s Sweep
	if len(settings) == 0 {
		return s, fmt.Errorf("a sweep needs at least one setting")
	}
	first := settings[0].New
	for _, one := range settings {
		for _, sample := range []Sample{one.New, one.Kept} {
			if !slices.Equal(sample.bases, first.bases) ||
				!slices.Equal(sample.seeds, first.seeds) {
				return s, fmt.Errorf("setting %q was run on other bases or seeds than %q",
					one.Name, settings[0].Name)
			}
		}
		s.settings = append(s.settings,
			Setting{one.Name, one.New.overPrompts(), one.Kept.overPrompts()})
	}
	return s, nil
}

// Frontier returns the frontier of the mean outcomes of all settings.
func (s Sweep) Frontier() []Outcome { return s.frontier(s.design().whole()) }

func (s Sweep) design() Design { return s.settings[0].New.Design() }

func (s Sweep) frontier(d Draw) []Outcome {
	outcomes := make([]Outcome, len(s.settings))
	for i, one := range s.settings {
		outcomes[i] = Outcome{d.Mean(one.New), d.Mean(one.Kept)}
	}
	return Frontier(outcomes)
}

// KeptAt estimates the best kept skill at a given new skill; see [Design.Bootstrap]. It returns an
// error if no setting reaches the new skill on average.
func (s Sweep) KeptAt(skill float64, o Options) (Estimate, error) {
	if err := s.reaches(skill); err != nil {
		return Estimate{}, err
	}
	return s.design().Bootstrap(o, s.keptAt(skill))
}

// KeptAbove estimates by how much more the sweep keeps than another one on the same bases, at a
// given new skill, which both must reach on average. o.Range has the bounds of the kept skill.
func (s Sweep) KeptAbove(other Sweep, skill float64, o Options) (Estimate, error) {
	if err := cmp.Or(s.reaches(skill), other.reaches(skill)); err != nil {
		return Estimate{}, err
	}
	return s.above(other, o, s.keptAt(skill), other.keptAt(skill))
}

// MeanKept estimates the mean of the best kept skill over new skills between two.
func (s Sweep) MeanKept(from, to float64, o Options) (Estimate, error) {
	return s.design().Bootstrap(o, s.meanKept(from, to))
}

// MeanKeptAbove estimates by how much MeanKept is more than that of another sweep on the same
// bases. o.Range has the bounds of the kept skill.
func (s Sweep) MeanKeptAbove(other Sweep, from, to float64, o Options) (Estimate, error) {
	return s.above(other, o, s.meanKept(from, to), other.meanKept(from, to))
}

// reaches returns an error if no setting has a new skill on average.
func (s Sweep) reaches(skill float64) error {
	frontier := s.Frontier()
	if most := frontier[len(frontier)-1].New; most < skill {
		return fmt.Errorf("no setting reaches a new skill of %v: the most is %v", skill, most)
	}
	return nil
}

func (s Sweep) keptAt(skill float64) func(Draw) float64 {
	return func(d Draw) float64 {
		kept, reached := KeptAt(s.frontier(d), skill)
		if !reached {
			return s.Floor
		}
		return kept
	}
}

func (s Sweep) meanKept(from, to float64) func(Draw) float64 {
	return func(d Draw) float64 { return MeanKept(s.frontier(d), from, to, s.Floor) }
}

// above estimates the difference of a statistic between two sweeps, resampled together.
func (s Sweep) above(other Sweep, o Options, ours, theirs func(Draw) float64) (Estimate, error) {
	if !slices.Equal(s.settings[0].New.bases, other.settings[0].New.bases) {
		return Estimate{}, fmt.Errorf("the two sweeps were run on different bases")
	}
	o.Range = o.Range.difference()
	return s.design().Bootstrap(o, func(d Draw) float64 { return ours(d) - theirs(d) })
}
