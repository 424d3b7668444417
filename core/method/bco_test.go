package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// bcoObjective returns the objective of BCO after updates whose labelled answers had these mean
// log-ratios.
func bcoObjective(before ...float64) func(param.Values, []objective.Group) func() float64 {
	return func(v param.Values, b []objective.Group) func() float64 {
		sum, n := 0.0, 0.0
		for _, source := range []objective.Source{objective.Chosen, objective.Rejected} {
			lab.Each(b, source,
				func(_, _ int, c *objective.Completion) { sum, n = sum+moved(c), n+1 })
		}
		mean := lab.Over(sum, n)
		for _, x := range before {
			mean += x
		}
		delta := v.Float("beta") * mean / float64(len(before)+1)
		return func() float64 {
			s := 0.0
			lab.Each(b, objective.Chosen, func(_, _ int, c *objective.Completion) {
				s += logSigmoid(v.Float("beta")*moved(c) - delta)
			})
			lab.Each(b, objective.Rejected, func(_, _ int, c *objective.Completion) {
				s += logSigmoid(delta - v.Float("beta")*moved(c))
			})
			return lab.Over(s, n)
		}
	}
}

var _ = enter("bco", entry{
	bits:      "0073dcf72912dc15",
	objective: bcoObjective(), // of the first update
	mutants: mutants{
		"sign":  scaled(-1),
		"twice": scaled(2),
		"other beta": func(v param.Values, _ objective.Objective) objective.Objective {
			return classifier{2 * v.Float("beta"), nil}
		},
		"a shift from elsewhere": func(v param.Values, _ objective.Objective) objective.Objective {
			return classifier{v.Float("beta"), []float64{9}}
		},
		"KTO's value": func(v param.Values, _ objective.Objective) objective.Objective {
			return prospect{v.Float("beta")}
		},
		"in pairs": func(v param.Values, _ objective.Objective) objective.Objective {
			return objective.Pairwise{Score: objective.ImplicitReward(v.Float("beta")),
				Slope: objective.PreferenceSlope(0), Requires: objective.Logp | objective.RefLogp}
		},
	},
})

// The shift is the mean over all updates so far, the current one among them.
func TestTheShiftIsARunningMean(t *testing.T) {
	for _, before := range [][]float64{{1}, {-3, 0.5}, {2, 2, 2, 2}} {
		build := func(v param.Values) objective.Objective {
			return BCO.Build(v).(objective.Scheduled).At(objective.Progress{Shifts: before})
		}
		if err := lab.Disagree(build, bcoObjective(before...), lab.Always(BCO.Defaults()),
			12); err != nil {
			t.Errorf("after %v: %v", before, err)
		}
	}
}
