package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("magic", entry{
	baseline: true,
	bits:     "52c6d0f2d9ef81ed",
	objective: func(v param.Values, b []objective.Group) func() float64 { // of the first update
		a := zscores(charged(v, b))
		return lab.OverTokens(b,
			func(g, i int, c *objective.Completion) float64 { return clipped(v, c, a(g, i)) })
	},
	mutants: atFirst(with(without(tokenMutants, "no entropy bonus", "bonus over sequences"),
		mutants{
			"no standard deviation": advantage(objective.InGroup(objective.Rollout,
				objective.Reward, objective.Centred)),
			"reward of demos": row(
				func(r *objective.Row) { r.Advantage = overUnion(objective.ZScore) }),
			"a bonus at once": func(v param.Values, o objective.Objective) objective.Objective {
				s := append(objective.Sum(nil), o.(objective.Sum)...)
				s[1].Weight = v.Float("entropy_step")
				return s
			},
		})),
})

// The weight of the bonus follows the entropies of the batches before, and the bonus is dapo's
// otherwise.
func TestTheBonusFollowsTheEntropy(t *testing.T) {
	v := MAGIC.Defaults()
	for name, text := range map[string]string{"entropy_target": "0.5", "entropy_step": "0.25",
		"entropy_most": "0.6"} {
		set(t, v, name, text)
	}
	for _, c := range []struct {
		entropies []float64
		want      float64
	}{
		{nil, 0}, {[]float64{0.1}, 0},
		{[]float64{0.1, 9}, 0.25}, {[]float64{0.1, 0.1, 0.1}, 0.5},
		{[]float64{0.1, 0.1, 0.1, 0.1}, 0.6},                   // no more than the largest
		{[]float64{0.1, 0.1, 0.9, 0.1}, 0},                     // off, and the weight falls,
		{[]float64{0.1, 0.1, 0.9, 0.1, 9}, 0.5},                // so that it begins again lower
		{[]float64{0.9, 0.9, 0.9, 0.1, 9}, 0.25},               // never below 0
		{[]float64{0.5, 0.1}, 0}, {[]float64{0.4999, 1}, 0.25}, // at the target there is none
	} {
		if got := entropyControl(v, c.entropies); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("after %v the weight is %v, want %v", c.entropies, got, c.want)
		}
		build := func(v param.Values) objective.Objective {
			return MAGIC.Build(v).(objective.Scheduled).At(objective.Progress{
				Entropies: c.entropies})
		}
		textbook := func(v param.Values, b []objective.Group) func() float64 {
			a := zscores(charged(v, b))
			return lab.OverTokens(b, func(g, i int, o *objective.Completion) float64 {
				return clipped(v, o, a(g, i)) + c.want*lab.Total(o.Entropy)
			})
		}
		if err := lab.Disagree(build, textbook, lab.Always(v), 12); err != nil {
			t.Errorf("after %v: %v", c.entropies, err)
		}
	}
}
