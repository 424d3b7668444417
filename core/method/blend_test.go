package method

import (
	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// blended returns the objective (1−mu)·GRPO + mu·imitation.
func blended(imitation func(param.Values, []objective.Group) func() float64) func(param.Values,
	[]objective.Group) func() float64 {
	return func(v param.Values, b []objective.Group) func() float64 {
		a, imitate := zscores(charged(v, b)), imitation(v, b)
		reinforce := lab.PerRollout(b, func(g, i int, c *objective.Completion) float64 {
			return clipped(v, c, a(g, i)) / float64(len(c.Logp))
		})
		if v.Has("average") && v.Choice("average") == "tokens" {
			reinforce = lab.OverTokens(b,
				func(g, i int, c *objective.Completion) float64 { return clipped(v, c, a(g, i)) })
		}
		return func() float64 { return (1-v.Float("mu"))*reinforce() + v.Float("mu")*imitate() }
	}
}

// summand changes the k-th summand's row.
func summand(k int, change func(*objective.Row)) func(param.Values,
	objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		s := append(objective.Sum(nil), o.(objective.Sum)...)
		r := s[k].Objective.(objective.Row)
		change(&r)
		s[k].Objective = r
		return s
	}
}

// weight changes the k-th summand's weight.
func weight(k int, to float64) func(param.Values, objective.Objective) objective.Objective {
	return func(_ param.Values, o objective.Objective) objective.Objective {
		s := append(objective.Sum(nil), o.(objective.Sum)...)
		s[k].Weight = to
		return s
	}
}

// chordMutants are mistakes in what averages over the tokens of all rollouts besides.
var chordMutants = with(without(blendMutants, "mean over tokens"), mutants{
	"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
})

// blendMutants are mistakes in GRPO beside imitation.
var blendMutants = with(without(clippedMutants, "no entropy bonus"), mutants{
	"reward only":       only(0),
	"imitation only":    only(1),
	"bonus in full":     weight(2, 0.1),
	"as much of either": weight(0, 0.1),
	"imitation in full": weight(1, 1),
	"sum over tokens":   row(func(r *objective.Row) { r.Reduce = objective.SeqSum }),
	"no standard deviation": advantage(objective.InGroup(objective.Rollout, objective.Reward,
		objective.Centred)),
	"demonstration judged": advantage(objective.InUnion(objective.RolloutsAndDemos(),
		objective.Reward, objective.ZScore)),
	"imitates sequences": summand(1, func(r *objective.Row) { r.Reduce = objective.SeqMean }),
	"imitates rollouts":  summand(1, func(r *objective.Row) { r.From = objective.Rollout }),
})
