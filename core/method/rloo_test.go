package method

import "posttrain/core/param"

var _ = enter("rloo", entry{
	baseline: true,
	bits:     "a51619248cae3840",
	objective: func(v param.Values, b []Group) func() float64 {
		paid := charged(v, b)
		return perRollout(b, func(g, i int, c *Completion) float64 {
			others, n := 0.0, 0.0
			for j, o := range paid[g] {
				if o.Source == Rollout && j != i {
					others, n = others+o.Reward, n+1
				}
			}
			bonus := bonusLessKL(v, c)
			if n == 0 {
				return bonus
			}
			return (paid[g][i].Reward-others/n)*total(c.Logp) + bonus
		})
	},
	mutants: mutants{
		"sign":               scaled(-1),
		"no entropy bonus":   only(0),
		"mean of all":        row(func(r *Row) { r.Advantage = InGroup(Rollout, lessKL(0.2, Reward), Centred) }),
		"no KL":              row(func(r *Row) { r.Advantage = InGroup(Rollout, Reward, LeaveOneOut) }),
		"KL sign":            row(func(r *Row) { r.Advantage = InGroup(Rollout, lessKL(-0.2, Reward), LeaveOneOut) }),
		"KL in the loss too": row(func(r *Row) { r.KL = 0.2 }),
		"ratio to behaviour": row(func(r *Row) { r.Denom = OverBehaviour }),
		"mean over tokens":   row(func(r *Row) { r.Reduce = SeqMean }),
	},
})
