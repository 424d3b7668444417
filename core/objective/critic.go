package objective

import (
	"github.com/posttrain/posttrain/core/param"
)

// TokenRewards returns the reward of a rollout at each of its tokens (T): −β times the k1
// estimate of the KL to the reference model at every token, plus the verifier's reward at the
// last.
func TokenRewards(c *Completion, beta float64) []float64 {
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

// GAE returns generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438, eq. 16).
// The advantage of a token (T) is the sum of the temporal-difference errors r + γ·V(next) − V
// from that token on, each discounted by γλ per token. V is the critic's value when the rollout
// was sampled, and 0 after the last token.
func GAE(gamma, lambda, beta float64) func(*Completion) []float64 {
	return func(c *Completion) []float64 {
		out := TokenRewards(c, beta)
		next, carried := 0.0, 0.0
		for t := len(out) - 1; t >= 0; t-- {
			surprise := out[t] + float64(gamma*next) - c.OldValue[t]
			carried = surprise + float64(gamma*float64(lambda*carried))
			next, out[t] = c.OldValue[t], carried
		}
		return out
	}
}

// ValueLoss trains the critic. It maximises −½·max((V−R)², (V_old + clip(V−V_old, −Clip, Clip) −
// R)²), averaged over the tokens of all rollouts. R is Advantage plus V_old, held fixed.
type ValueLoss struct {
	Advantage func(*Completion) []float64 // (T) not whitened
	Clip      float64                     // in units of the reward
	// what Advantage reads besides Source, Reward and OldValue
	Requires Needs
}

// Needs returns rollouts, the critic's values and what Advantage reads.
func (l ValueLoss) Needs() Needs { return Rollouts | Value | l.Requires }

// Add adds to the value channel.
func (l ValueLoss) Add(dst Coeffs, batch []Group) {
	norm := TokenMean.Share(batch, Rollout)
	for g, group := range batch {
		for i, c := range group {
			if c.Source != Rollout || c.Len() == 0 {
				continue
			}
			for t, a := range l.Advantage(c) {
				dst[g][i].Value[t] += float64(l.Slope(c.Value[t], c.OldValue[t],
					a+c.OldValue[t]) * norm(c))
			}
		}
	}
}

// Slope returns the slope of −½·max(...) in v.
func (l ValueLoss) Slope(v, old, target float64) float64 {
	bounded := old + max(-l.Clip, min(l.Clip, v-old))
	if free, held := v-target, bounded-target; bounded != v && held*held > free*free {
		return 0
	}
	return target - v
}

// ActorCritic returns PPO's objective at the settings of [knob.Proximal] and [knob.Critic]: the
// clipped objective on whitened advantages, the KL penalty, the entropy bonus and the critic's
// loss.
func ActorCritic(v param.Values) Objective {
	needs := Value | rewardK1Needs(v)
	advantage := GAE(v.Float("gamma"), v.Float("lambda"), RewardK1Weight(v))
	policy := Proximal(v, Row{Advantage: Whitened(advantage), Reduce: TokenMean, Requires: needs})
	return append(policy, Weighted{v.Float("vf_coef"),
		ValueLoss{advantage, v.Float("value_clip"), needs}})
}
