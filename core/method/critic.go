package method

import "posttrain/core/param"

// criticKnobs are the settings of a method with a critic, which the trainer makes for whoever needs Value.
var criticKnobs = []param.Knob{
	param.Number("lr_value", "", 1e-3, 1e-6, 1e-1, "Learning rate of the critic, which has an optimiser of its own; it follows the same schedule as lr.").Logarithmic(),
	param.Number("gamma", "", 1, 0.5, 1, "Discount: how much a reward counts for the token before, and so on backwards. At 1 a token of an answer counts on its whole reward."),
	param.Number("lambda", "", 0.95, 0, 1, "How far a token's advantage looks ahead before it trusts the critic: at 0 one token, at 1 to the end of the answer."),
	param.Number("vf_coef", "", 0.1, 0, 10, "Weight of the critic's loss. The critic has an optimiser of its own that rescales what it is given, so this matters where its gradient would be clipped. 0 stops the critic, which then says 0.").Logarithmic(),
	param.Number("value_clip", "reward", 0.2, 0, 10, "How far the critic may move from what it said of a token when that was sampled before the token stops teaching it.").Logarithmic(),
}

// tokenRewards are what a rollout earns at each of its tokens (T): the reward at the last, and at every one the k1 estimate
// of the KL to the reference model, times −β.
func tokenRewards(c *Completion, beta float64) []float64 {
	out := make([]float64, c.Len())
	for t := range out {
		if beta != 0 {
			out[t] = -float64(beta * (c.OldLogp[t] - c.RefLogp[t]))
		}
	}
	if len(out) > 0 {
		out[len(out)-1] += c.Reward
	}
	return out
}

// gae is generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438, eq. 16): at every token (T) the sum of
// the critic's surprises from there on, r + γ·V(next) − V, each discounted by γλ per token. V is what the critic said when the
// rollout was sampled, and 0 after the last token.
func gae(gamma, lambda, beta float64) func(*Completion) []float64 {
	return func(c *Completion) []float64 {
		out := tokenRewards(c, beta)
		next, carried := 0.0, 0.0
		for t := len(out) - 1; t >= 0; t-- {
			surprise := out[t] + float64(gamma*next) - c.OldValue[t]
			carried = surprise + float64(gamma*float64(lambda*carried))
			next, out[t] = c.OldValue[t], carried
		}
		return out
	}
}

// ValueLoss is what a critic learns: minus ½·max((V−R)², (V_old + clip(V−V_old, −Clip, Clip) − R)²), averaged over the tokens of
// all rollouts. R is Advantage plus V_old, held fixed.
type ValueLoss struct {
	Advantage func(*Completion) []float64 // (T) not whitened
	Clip      float64                     // in units of the reward
	Requires  Needs                       // what Advantage reads besides Source, Reward and OldValue
}

// Needs is rollouts, the critic and what Advantage reads.
func (l ValueLoss) Needs() Needs { return Rollouts | Value | l.Requires }

// Add writes the value channel.
func (l ValueLoss) Add(dst Coeffs, batch []Group) {
	norm := TokenMean.over(batch, Rollout)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != Rollout || c.Len() == 0 {
				continue
			}
			for t, a := range l.Advantage(c) {
				dst[g][i].Value[t] += float64(l.slope(c.Value[t], c.OldValue[t], a+c.OldValue[t]) * norm(c))
			}
		}
	}
}

// slope is that of −½·max(...) in v.
func (l ValueLoss) slope(v, old, target float64) float64 {
	bounded := old + max(-l.Clip, min(l.Clip, v-old))
	if free, held := v-target, bounded-target; bounded != v && held*held > free*free {
		return 0
	}
	return target - v
}

// actorCritic is PPO's objective at the settings of proximalKnobs and criticKnobs: the clipped policy objective on whitened
// advantages, the KL, the entropy bonus and the critic's loss.
func actorCritic(v param.Values) Objective {
	needs := Value | paying(v)
	advantage := gae(v.Float("gamma"), v.Float("lambda"), inReward(v))
	policy := proximal(v, Row{Advantage: whitened(advantage), Reduce: TokenMean, Requires: needs})
	return append(policy, Weighted{v.Float("vf_coef"), ValueLoss{advantage, v.Float("value_clip"), needs}})
}
