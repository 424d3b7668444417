package method

import (
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("length_dpo", entry{
	bits: "6c6b9269a47f002c",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		return lab.PerPair(b, func(w, l *objective.Completion) float64 {
			longer := float64(len(w.Logp)) - float64(len(l.Logp))
			return logSigmoid(v.Float("beta")*(moved(w)-moved(l)) + v.Float("alpha")*longer)
		})
	},
	mutants: with(pairMutants, mutants{
		"blind to length": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Score = objective.ImplicitReward(v.Float("beta"))
		}),
		"likes the short": pairwise(func(v param.Values, p *objective.Pairwise) {
			p.Score = func(c *objective.Completion) (float64, float64) {
				s, slope := objective.ImplicitReward(v.Float("beta"))(c)
				return s - v.Float("alpha")*float64(c.Len()), slope
			}
		}),
	}),
})

// A longer answer that was preferred is pushed up less than by DPO, a shorter one more.
func TestLengthExplainsAPreference(t *testing.T) {
	push := func(name string, chosen, rejected int) float64 {
		pair := objective.Group{
			{Source: objective.Chosen, Logp: make([]float64, chosen),
				RefLogp: make([]float64, chosen)},
			{Source: objective.Rejected, Logp: make([]float64, rejected),
				RefLogp: make([]float64, rejected)},
		}
		return lab.Add(built(t, name), []objective.Group{pair})[0][0].Logp[0]
	}
	if long, dpo := push("length_dpo", 9, 2), push("dpo", 9, 2); long >= dpo {
		t.Errorf("a longer chosen answer is pushed by %v, by dpo %v: want less", long, dpo)
	}
	if short, dpo := push("length_dpo", 2, 9), push("dpo", 2, 9); short <= dpo {
		t.Errorf("a shorter chosen answer is pushed by %v, by dpo %v: want more", short, dpo)
	}
}
