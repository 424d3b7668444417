package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("vespo", entry{
	baseline: true,
	bits:     "6e802793f9d124bb",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		a, weight := zscores(charged(v, b)), map[*objective.Completion]float64{}
		lab.Each(b, objective.Rollout, func(g, i int, c *objective.Completion) {
			k, lambda := v.Float("k_pos"), v.Float("lambda_pos")
			if a(g, i) < 0 {
				k, lambda = v.Float("k_neg"), v.Float("lambda_neg")
			}
			w := math.Exp(lab.Total(c.Logp) - lab.Total(c.OldLogp))
			weight[c] = math.Pow(w, k) * math.Exp(lambda*(1-w)) * a(g, i)
		})
		return lab.OverTokens(b, func(_, _ int, c *objective.Completion) float64 {
			return weight[c]*lab.Total(c.Logp) + bonusLessKL(v, c)
		})
	},
	mutants: mutants{
		"sign":             scaled(-1),
		"no entropy bonus": only(0),
		"no KL":            row(func(r *objective.Row) { r.K3Weight = 0 }),
		"no curve":         row(func(r *objective.Row) { r.Ratio = nil }),
		"no weight": row(func(r *objective.Row) {
			r.Ratio = func(float64, float64) float64 { return 1 }
		}),
		"curves swapped": row(func(r *objective.Row) {
			curve := r.Ratio
			r.Ratio = func(x, a float64) float64 { return curve(x, -a) }
		}),
		"not 1 at 1": row(func(r *objective.Row) {
			curve := r.Ratio
			r.Ratio = func(x, a float64) float64 { return curve(x, a) * math.Exp(-3) }
		}),
		"differentiated": row(func(r *objective.Row) {
			curve := r.Ratio
			r.Ratio = func(x, a float64) float64 { return curve(x, a) * (3 - 2*x) }
		}),
		"ratio of the mean":  row(func(r *objective.Row) { r.Span = objective.OfMean }),
		"token ratio":        row(func(r *objective.Row) { r.Span = objective.OfToken }),
		"ratio to reference": row(func(r *objective.Row) { r.Denom = objective.OverReference }),
		"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"sum over tokens":     row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
		"wrong source":        row(func(r *objective.Row) { r.From = objective.Demo }),
	},
})

// The curve is 1 where nothing has moved and highest at k/λ, and no ratio is too large for it.
func TestCurve(t *testing.T) {
	curve := curveAt(VESPO.Defaults())
	for _, c := range []struct{ ratio, advantage, want float64 }{
		{1, 1, 1}, {1, 0, 1}, {1, -1, 1},
		{0.5, 1, 0.25 * math.Exp(1.5)}, {2, 1, 4 * math.Exp(-3)},
		{0.5, -1, 0.125 * math.E}, {2, -1, 8 * math.Exp(-2)},
		{5e8, 1, 0}, {5e8, -1, 0},
	} {
		if got := curve(c.ratio, c.advantage); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("ratio %v, advantage %v: %v, want %v", c.ratio, c.advantage, got, c.want)
		}
	}
	for _, best := range []struct{ ratio, advantage float64 }{{2. / 3, 1}, {1.5, -1}} {
		at := curve(best.ratio, best.advantage)
		if curve(best.ratio*1.01, best.advantage) >= at ||
			curve(best.ratio/1.01, best.advantage) >= at {
			t.Errorf("the curve is not highest at %v", best.ratio)
		}
	}
}
