package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("apo", entry{
	bits: "47e2158eae8eb095",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		sigma := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			better, worse := v.Float("beta")*moved(w), v.Float("beta")*moved(l)
			if v.Choice("form") == "down" {
				return sigma(better-worse) - sigma(better)
			}
			return sigma(better) - sigma(worse)
		})
	},
	mutants: with(without(pairMutants, "swapped margin", "hinge"), mutants{
		"down for zero": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slopes = apoDown
		}),
		"the margin alone": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slopes, p.Slope = nil, objective.PreferenceSlope(0)
		}),
		"both up": pairwise(func(_ param.Values, p *objective.Pairwise) {
			slopes := p.Slopes
			p.Slopes = func(chosen, rejected float64) (float64, float64) {
				up, down := slopes(chosen, rejected)
				return up, -down
			}
		}),
		"the other half's slope": pairwise(func(_ param.Values, p *objective.Pairwise) {
			slopes := p.Slopes
			p.Slopes = func(chosen, rejected float64) (float64, float64) {
				return slopes(rejected, chosen)
			}
		}),
		"a log-sigmoid": pairwise(func(_ param.Values, p *objective.Pairwise) {
			p.Slopes = func(chosen, rejected float64) (float64, float64) {
				return objective.Sigmoid(-chosen), -objective.Sigmoid(rejected)
			}
		}),
	}),
})

// Which way each half is pushed, given how far both have moved: with zero the chosen one up and the
// rejected one down, with down both down.
func TestWhereTheAnchoredPairMoves(t *testing.T) {
	for _, at := range [][2]float64{{0, 0}, {1, -1}, {-1, 1}, {-2, -5}} {
		up, down := apoZero(at[0], at[1])
		if up <= 0 || down >= 0 {
			t.Errorf("zero, at %v: the slopes are %v and %v", at, up, down)
		}
	}
	for _, at := range [][2]float64{{0, -1}, {0.5, -1}, {-0.5, -2}} {
		chosen, rejected := apoDown(at[0], at[1])
		if chosen >= 0 || rejected >= 0 {
			t.Errorf("down, at %v: the slopes are %v and %v", at, chosen, rejected)
		}
	}
	if chosen, rejected := apoDown(0, 0); chosen != 0 || rejected != -0.25 {
		t.Errorf("down, at first: the slopes are %v and %v, want 0 and -1/4", chosen, rejected)
	}
}
