package method

import "posttrain/core/param"

// anchorMutants are mistakes in the exact KL beside an imitation.
var anchorMutants = with(imitationMutants, mutants{
	"no KL":    only(0),
	"KL alone": only(1),
	"KL to itself": second(func(d *Dense) {
		d.Weights = func(c *Completion, t int) []float64 { return probabilities(at(c.Dist, c, t), 1) }
	}),
	"sharpened reference": second(func(d *Dense) {
		d.Weights = func(c *Completion, t int) []float64 { return probabilities(at(c.RefDist, c, t), 0.9) }
	}),
	"KL over sequences":      second(func(d *Dense) { d.Reduce = SeqMean }),
	"KL on rollouts":         second(func(d *Dense) { d.From = Rollout }),
	"the other way round":    reverseKL,
	"KL of the sampled word": row(func(r *Row) { r.KL = 0.2 }),
})

// reverseKL uses KL(π‖π_ref) instead.
func reverseKL(v param.Values, o Objective) Objective {
	return Sum{o.(Sum)[0], {v.Float("beta"), Dense{From: Demo, Weights: func(c *Completion, t int) []float64 {
		p := probabilities(at(c.Dist, c, t), 1)
		for k := range p {
			p[k] *= at(c.RefDist, c, t)[k] - at(c.Dist, c, t)[k]
		}
		return p
	}}}}
}

var _ = enter("sft_kl", entry{
	bits: "2dd6c26a46e7a3e3",
	objective: overDemos(func(v param.Values, c *Completion, t int) func() float64 {
		return func() float64 { return c.Logp[t] - v.Float("beta")*klRefExact(c, t) }
	}),
	mutants: with(anchorMutants, mutants{"weighed by itself": row(func(r *Row) { r.Denom = OverOne })}),
})
