package method

import "posttrain/core/param"

// blended is (1−mu)·GRPO + mu·imitation, the imitation's function given.
func blended(imitation func(param.Values, []Group) func() float64) func(param.Values, []Group) func() float64 {
	return func(v param.Values, b []Group) func() float64 {
		a, imitate := zscores(charged(v, b)), imitation(v, b)
		reinforce := perRollout(b, func(g, i int, c *Completion) float64 { return clipped(v, c, a(g, i)) / float64(len(c.Logp)) })
		if v.Has("average") && v.Choice("average") == "tokens" {
			reinforce = overTokens(b, func(g, i int, c *Completion) float64 { return clipped(v, c, a(g, i)) })
		}
		return func() float64 { return (1-v.Float("mu"))*reinforce() + v.Float("mu")*imitate() }
	}
}

// summand changes the k-th summand's row.
func summand(k int, change func(*Row)) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective {
		s := append(Sum(nil), o.(Sum)...)
		r := s[k].Objective.(Row)
		change(&r)
		s[k].Objective = r
		return s
	}
}

// weight changes the k-th summand's weight.
func weight(k int, to float64) func(param.Values, Objective) Objective {
	return func(_ param.Values, o Objective) Objective {
		s := append(Sum(nil), o.(Sum)...)
		s[k].Weight = to
		return s
	}
}

// chordMutants are mistakes in what averages over the tokens of all rollouts besides.
var chordMutants = with(without(blendMutants, "mean over tokens"), mutants{
	"mean over sequences": row(func(r *Row) { r.Reduce = SeqMean }),
})

// blendMutants are mistakes in GRPO beside imitation.
var blendMutants = with(without(clippedMutants, "no entropy bonus"), mutants{
	"reward only":           only(0),
	"imitation only":        only(1),
	"bonus in full":         weight(2, 0.1),
	"as much of either":     weight(0, 0.1),
	"imitation in full":     weight(1, 1),
	"sum over tokens":       row(func(r *Row) { r.Reduce = SeqSum }),
	"no standard deviation": advantage(InGroup(Rollout, Reward, Centred)),
	"demonstration judged":  advantage(InUnion(union, Reward, ZScore)),
	"imitates sequences":    summand(1, func(r *Row) { r.Reduce = SeqMean }),
	"imitates rollouts":     summand(1, func(r *Row) { r.From = Rollout }),
})
