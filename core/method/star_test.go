package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

var _ = enter("star", entry{
	bits:      "0d5b648e9801530a",
	objective: rightOrShown,
	mutants:   rightOrShownMutants,
})

// rightOrShown returns the sum of the log-probabilities of right answers and demonstrations,
// divided by the number of tokens of all answers.
func rightOrShown(_ param.Values, b []objective.Group) func() float64 {
	return func() float64 {
		s, n := 0.0, 0.0
		for _, group := range b {
			for _, c := range group {
				if c.Source == objective.Demo || c.Source == objective.Rollout {
					n += float64(len(c.Logp))
				}
				if c.Source == objective.Demo || c.Source == objective.Rollout && c.Reward >= 1 {
					s += lab.Total(c.Logp)
				}
			}
		}
		return lab.Over(s, n)
	}
}

var rightOrShownMutants = mutants{
	"sign":                scaled(-1),
	"own answers only":    only(0),
	"demonstrations only": only(1),
	"wrong answers too":   advantage(nil),
	"partial credit":      advantage(objective.PerCompletion(objective.Reward)),
	"judged demonstrations": summand(1,
		func(r *objective.Row) { r.Advantage = objective.IfCorrect }),
	"own average":         row(func(r *objective.Row) { r.Among = nil }),
	"demonstrations' own": summand(1, func(r *objective.Row) { r.Among = nil }),
	"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	"ratio to behaviour":  row(func(r *objective.Row) { r.Denom = objective.OverBehaviour }),
	"half as much shown":  weight(1, 0.5),
}
