package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("sapo", entry{
	baseline: true,
	bits:     "cbb323f143686ac2",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a := zscores(charged(v, b))
		return lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			tau := v.Float("tau_neg")
			if a(g, i) > 0 {
				tau = v.Float("tau_pos")
			}
			s := bonusLessKL(v, c)
			for t, lp := range c.Logp {
				ratio := math.Exp(lp - c.OldLogp[t])
				s += 4 / tau / (1 + math.Exp(-tau*(ratio-1))) * a(g, i)
			}
			return s / float64(len(c.Logp))
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no KL":            row(func(r *objective.Row) { r.K3Weight = 0 }),
		"no gate":          row(func(r *objective.Row) { r.Ratio = nil }),
		"gates swapped":    row(func(r *objective.Row) { r.Ratio = softGate(1.05, 1) }),
		"one gate":         row(func(r *objective.Row) { r.Ratio = softGate(1, 1) }),
		"no ratio behind the gate": row(func(r *objective.Row) {
			r.Ratio = func(x, a float64) float64 { return softGate(1, 1.05)(x, a) / x }
		}),
		"a clip too":         row(func(r *objective.Row) { r.Mask = objective.Clip(0.2, 0.2) }),
		"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"sequence ratio":     row(func(r *objective.Row) { r.Span = objective.OfMean }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"mean over tokens": row(func(r *objective.Row) { r.Reduce = objective.TokenMean }),
		"wrong source":     row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})

// The gate is whole where nothing has moved, and closes on either side.
func TestGate(t *testing.T) {
	for _, tau := range []float64{0.1, 1, 1.05, 10} {
		if got := softGate(tau, tau)(1, 1); got != 1 {
			t.Errorf("tau %v: %v at ratio 1", tau, got)
		}
		for _, ratio := range []float64{0, 1e-9, 1e3 / tau, 5e8} {
			if got := softGate(tau, tau)(ratio, -1); got > 1e-8 {
				t.Errorf("tau %v: %v at ratio %v", tau, got, ratio)
			}
		}
	}
}
