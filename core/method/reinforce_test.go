package method

import "posttrain/core/param"

var _ = enter("reinforce", entry{
	baseline: true,
	bits:     "5f74d2ef95f3c15e",
	objective: func(v param.Values, b []Group) func() float64 {
		return perRollout(b, func(g, i int, c *Completion) float64 {
			m, _ := meanStd(b[g])
			return (c.Reward-m)*total(c.Logp) + v.Float("entropy")*total(c.Entropy)
		})
	},
	mutants: mutants{
		"sign":               scaled(-1),
		"no entropy bonus":   only(0),
		"no baseline":        row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, func([]float64) {}) }),
		"leave-one-out":      row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, LeaveOneOut) }),
		"standard deviation": row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, ZScore) }),
		"ratio to behaviour": row(func(r *Row) { r.Denom = OverBehaviour }),
		"mean over tokens":   row(func(r *Row) { r.Reduce = TokenMean }),
		"reward of demos":    row(func(r *Row) { r.Advantage = overUnion(Centred) }),
		"KL in the loss":     row(func(r *Row) { r.KL = 0.04 }),
		"wrong source":       row(func(r *Row) { r.From = Demo }),
		"half the tokens":    row(func(r *Row) { r.Select = func([]Group) func(g, i, t int) float64 { return odd } }),
		"bonus over tokens":  bonus(TokenMean),
	},
})
