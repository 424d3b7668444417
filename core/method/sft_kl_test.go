package method

import (
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// anchorMutants are mistakes in the exact KL beside an imitation.
var anchorMutants = with(imitationMutants, mutants{
	"no KL":    only(0),
	"KL alone": only(1),
	"KL to itself": second(func(d *objective.Dense) {
		d.Weights = func(c *objective.Completion, t int) []float64 {
			return objective.Softmax(objective.DistAt(c.Dist, c, t), 1)
		}
	}),
	"sharpened reference": second(func(d *objective.Dense) {
		d.Weights = func(c *objective.Completion, t int) []float64 {
			return objective.Softmax(objective.DistAt(c.RefDist, c, t), 0.9)
		}
	}),
	"KL over sequences":      second(func(d *objective.Dense) { d.Reduce = objective.SeqMean }),
	"KL on rollouts":         second(func(d *objective.Dense) { d.From = objective.Rollout }),
	"the other way round":    reverseKL,
	"KL of the sampled word": row(func(r *objective.Row) { r.K3Weight = 0.2 }),
})

// reverseKL uses KL(π‖π_ref) instead.
func reverseKL(v param.Values, o objective.Objective) objective.Objective {
	return objective.Sum{o.(objective.Sum)[0], {Weight: v.Float("beta"),
		Objective: objective.Dense{From: objective.Demo,
			Weights: func(c *objective.Completion, t int) []float64 {
				p := objective.Softmax(objective.DistAt(c.Dist, c, t), 1)
				for k := range p {
					p[k] *= objective.DistAt(c.RefDist, c, t)[k] - objective.DistAt(c.Dist, c,
						t)[k]
				}
				return p
			}}}}
}

var _ = enter("sft_kl", entry{
	bits: "2dd6c26a46e7a3e3",
	objective: overDemos(func(v param.Values, c *objective.Completion, t int) func() float64 {
		return func() float64 { return c.Logp[t] - v.Float("beta")*klRefExact(c, t) }
	}),
	mutants: with(anchorMutants,
		mutants{"weighed by itself": row(func(r *objective.Row) { r.Denom = objective.OverOne })}),
})
