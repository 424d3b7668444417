package method

import (
	"math"
	"testing"

	"github.com/posttrain/posttrain/core/internal/lab"
	"github.com/posttrain/posttrain/core/objective"
	"github.com/posttrain/posttrain/core/param"
)

// withReplayed returns the mean reward of a group's rollouts and replayed answers.
func withReplayed(g objective.Group) float64 {
	s, n := 0.0, 0.0
	for _, c := range g {
		if c.Source == objective.Rollout || c.Source == objective.Replayed {
			s, n = s+c.Reward, n+1
		}
	}
	return s / n
}

var _ = enter("exgrpo", entry{
	baseline: true,
	bits:     "a45b4def946b2b76",
	objective: func(v param.Values, b []objective.Group) func() float64 {
		n, own := 0.0, 0.0
		lab.Each(b, objective.Rollout,
			func(_, _ int, _ *objective.Completion) { n, own = n+1, own+1 })
		lab.Each(b, objective.Replayed, func(_, _ int, _ *objective.Completion) { n++ })
		return func() float64 {
			s, bonus := 0.0, 0.0
			lab.Each(b, objective.Rollout, func(g, _ int, c *objective.Completion) {
				a := c.Reward - withReplayed(b[g])
				for t, lp := range c.Logp {
					ratio := math.Exp(lp - c.OldLogp[t])
					s += dual(v, min(ratio*a,
						max(1-v.Float("eps_low"), min(1+v.Float("eps_high"), ratio))*a), a)
				}
				bonus += v.Float("entropy") * lab.Total(c.Entropy)
			})
			lab.Each(b, objective.Replayed, func(g, _ int, c *objective.Completion) {
				a := c.Reward - withReplayed(b[g])
				for t, lp := range c.Logp {
					ratio := math.Exp(lp - c.OldLogp[t])
					s += ratio / (ratio + v.Float("gamma")) * a
				}
			})
			return lab.Over(s, n) + lab.Over(bonus, own)
		}
	},
	mutants: mutants{
		"sign":          scaled(-1),
		"rollouts only": only(0),
		"replayed only": only(1),
		"no bonus":      weight(2, 0),
		"judged apart": advantage(objective.InGroup(objective.Rollout, objective.Reward,
			objective.Centred)),
		"demonstrations too": advantage(objective.InUnion([]objective.Source{objective.Rollout,
			objective.Replayed, objective.Demo}, objective.Reward, objective.Centred)),
		"with a deviation": advantage(objective.InUnion(rolloutsAndReplays, objective.Reward,
			objective.ZScore)),
		"never clipped":     row(func(r *objective.Row) { r.Mask = nil }),
		"own average":       row(func(r *objective.Row) { r.Among = nil }),
		"their own average": summand(1, func(r *objective.Row) { r.Among = nil }),
		"not shaped":        summand(1, func(r *objective.Row) { r.Ratio = nil }),
		"clipped instead": summand(1,
			func(r *objective.Row) { r.Ratio, r.Mask = nil, objective.Clip(0.2, 0.2) }),
		"by probability": summand(1, func(r *objective.Row) { r.Denom = objective.OverOne }),
		"on top of reference": summand(1,
			func(r *objective.Row) { r.Denom = objective.OverReference }),
		"replayed always 1":   summand(1, func(r *objective.Row) { r.Advantage = nil }),
		"mean over sequences": row(func(r *objective.Row) { r.Reduce = objective.SeqMean }),
		"wrong source":        summand(1, func(r *objective.Row) { r.From = objective.Demo }),
	},
})

// Half solved is likeliest to be seen again, and the two sides of it alike.
func TestPoolPrefersWhatIsHalfSolved(t *testing.T) {
	const group = 8
	for k := 1; k < group; k++ {
		w, mirrored, want := objective.Pool{}.Weight(k, group), objective.Pool{}.Weight(group-k,
			group), math.Exp(-math.Pow(float64(k-4), 2)/2)
		if w != mirrored || math.Abs(w-want) > 1e-15 {
			t.Errorf("%d of %d right: weight %v, its mirror image %v, want %v", k, group, w,
				mirrored, want)
		}
	}
}
