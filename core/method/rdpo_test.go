package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("rdpo", entry{
	bits: "a3314ab7a6354921",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		wrong := v.Float("epsilon")
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			m := v.Float("beta") * (moved(w) - moved(l))
			return ((1-wrong)*logSigmoid(m) - wrong*logSigmoid(-m)) / (1 - 2*wrong)
		})
	},
	mutants: with(pairMutants, mutants{
		"believes every label": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slope = objective.PreferenceSlope(0)
		}),
		"conservative": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Slope = objective.PreferenceSlope(v.Float("epsilon"))
		}),
		"not divided": scaled(0.8),
	}),
})

// With a share ε of the labels wrong, rDPO's push on a pair is on average that of DPO with correct
// labels.
func TestRobustDPOIsUnbiased(t *testing.T) {
	right := objective.PreferenceSlope(0)
	for _, wrong := range []float64{0, 0.1, 0.3, 0.45} {
		slope := unbiasedSlope(wrong)
		for m := -3.0; m <= 3; m += 0.5 {
			// A wrong label swaps the halves: the margin changes its sign, and so does its slope.
			got := (1-wrong)*slope(m) - wrong*slope(-m)
			if math.Abs(got-right(m)) > 1e-12 {
				t.Errorf("epsilon %v, margin %v: mean slope %v, DPO has %v", wrong, m, got,
					right(m))
			}
		}
	}
}
